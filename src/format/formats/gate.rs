//! GATE XML: reader and writer.

pub mod read;
pub mod write;

use crate::format::export::format::{Format, FormatGroup, Shape};

pub const FORMAT: Format = Format {
    name: "gatexml",
    aliases: &["gate"],
    title: "GATE XML",
    group: FormatGroup::Annotation,
    shape: Shape::Folder { main: "" },
    offset_unit: "UTF-16 code units as node ids",
    read_by: "GATE, gatenlp",
    lacks: &[],
    adds: "",
    changes: "a discontinuous annotation is one annotation for each fragment; characters that XML cannot hold are replaced; everything else stands in features",
    choices: &[],
    write: write::write,
    prove: write::prove,
    splits_itself: false,
    reader: Some(&read::XML),
};
