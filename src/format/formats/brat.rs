//! brat standoff: reader and writer.

pub mod read;
pub mod write;

use crate::format::export::format::{Format, FormatGroup, Shape};

pub const FORMAT: Format = Format {
    name: "brat",
    aliases: &[],
    title: "brat standoff",
    group: FormatGroup::Annotation,
    shape: Shape::Folder { main: "" },
    offset_unit: "Unicode code points",
    read_by: "brat, and what reads its files",
    lacks: &[],
    adds: "its configuration",
    changes: "an annotation is cut at line breaks, and what that loses stands in a note; line breaks, tabs and backslashes of notes are escaped; names have a safe form, and codebook.tsv says what they stand for; articles.tsv has what is known of articles",
    choices: &[],
    write: write::write,
    prove: write::prove,
    splits_itself: false,
    reader: Some(&read::READER),
};
