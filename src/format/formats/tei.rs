//! TEI P5 with annotations apart from the text: reader and writer.

pub mod read;
pub mod write;

use crate::format::export::format::{Format, FormatGroup, Shape};

pub const FORMAT: Format = Format {
    name: "tei",
    aliases: &["tei-p5"],
    title: "TEI P5 standoff",
    group: FormatGroup::Exchange,
    shape: Shape::Folder { main: "" },
    offset_unit: "none: anchors stand in the text",
    read_by: "archives and editions",
    lacks: &[],
    adds: "",
    changes: "annotations stand apart from the text; a discontinuous one is a span for each fragment, which point to each other; metadata without an element of their own are notes in the header; control characters become U+FFFD",
    choices: &[],
    write: write::write,
    prove: write::prove,
    splits_itself: false,
    reader: Some(&read::READER),
};
