//! Annotated articles as a web page: reader and writer.

pub mod read;
pub mod write;

use crate::format::export::format::{Format, FormatGroup, Shape};

pub const FORMAT: Format = Format {
    name: "html",
    aliases: &["report", "page"],
    title: "Web page to read and print",
    group: FormatGroup::Reading,
    shape: Shape::File { extension: "html" },
    offset_unit: "Unicode code points",
    read_by: "any browser, without network and scripts",
    lacks: &[],
    adds: "",
    changes: "it is for reading, and programs find the rest in its attributes; control characters become U+FFFD",
    choices: &[],
    write: write::write,
    prove: write::prove,
    splits_itself: false,
    reader: Some(&read::READER),
};
