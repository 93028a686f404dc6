//! UIMA CAS, as XMI and as JSON: reader and writer.

pub mod read;
pub mod write;

use crate::format::export::format::{Format, FormatGroup, Shape};

pub const XMI: Format = Format {
    name: "xmi",
    aliases: &["uima-xmi"],
    title: "UIMA CAS XMI",
    group: FormatGroup::Annotation,
    shape: Shape::Folder { main: "" },
    offset_unit: "UTF-16 code units",
    read_by: "INCEpTION, Apache UIMA, dkpro-cassis",
    lacks: &[],
    adds: "its type system",
    changes: "a discontinuous annotation is one span for each fragment; links are relations; characters that XML cannot hold are replaced; what belongs to the article and the codebook stand in structures of their own",
    choices: &[],
    write: write::write_xmi,
    prove: write::prove_xmi,
    splits_itself: false,
    reader: Some(&read::xmi::READER),
};

pub const JSON: Format = Format {
    name: "casjson",
    aliases: &["cas-json"],
    title: "UIMA CAS JSON",
    group: FormatGroup::Annotation,
    shape: Shape::Folder { main: "" },
    offset_unit: "UTF-16 code units",
    read_by: "INCEpTION, dkpro-cassis",
    lacks: &[],
    adds: "its type system",
    changes: "a discontinuous annotation is one span for each fragment; links are relations; what belongs to the article and the codebook stand in structures of their own",
    choices: &[],
    write: write::write_json,
    prove: write::prove_json,
    splits_itself: false,
    reader: Some(&read::json::READER),
};
