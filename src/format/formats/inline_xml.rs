//! Marks of XML in the text itself: reader and writer.

pub mod read;
pub mod write;

use crate::format::export::format::{Format, FormatGroup, Shape};

pub const FORMAT: Format = Format {
    name: "inlinexml",
    aliases: &["inline-xml"],
    title: "Inline XML",
    group: FormatGroup::Exchange,
    shape: Shape::Folder { main: "" },
    offset_unit: "none: marks stand in the text",
    read_by: "anything that reads XML",
    lacks: &[],
    adds: "",
    changes: "annotations are empty elements where they begin and end; control characters become U+FFFD",
    choices: &[],
    write: write::write,
    prove: write::prove,
    splits_itself: false,
    reader: Some(&read::READER),
};
