//! W3C Web Annotations: reader and writer.

pub mod read;
pub mod write;

use crate::format::export::format::{Choice, Format, FormatGroup, Shape};

pub const FORMAT: Format = Format {
    name: "w3c",
    aliases: &["webannotation", "web-annotation"],
    title: "W3C Web Annotations",
    group: FormatGroup::Exchange,
    shape: Shape::Folder { main: "" },
    offset_unit: "Unicode code points, with quotations",
    read_by: "annotation clients and archives of the web",
    lacks: &[],
    adds: "the texts beside",
    changes: "links are annotations of motivation “linking”; labels and what is said of articles are those of motivation “describing”",
    choices: &[Choice::Texts],
    write: write::write,
    prove: write::prove,
    splits_itself: false,
    reader: Some(&read::READER),
};
