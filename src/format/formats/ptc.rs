//! The propaganda techniques corpus (SemEval-2020 task 11): reader and writer.

pub mod read;
pub mod write;

use crate::format::export::format::{Format, FormatGroup, Part, Shape};

pub const FORMAT: Format = Format {
    name: "ptc",
    aliases: &["semeval"],
    title: "PTC (SemEval-2020 task 11)",
    group: FormatGroup::Training,
    shape: Shape::Folder { main: "" },
    offset_unit: "Unicode code points",
    read_by: "propaganda detection tools and the task’s scorer",
    lacks: &[
        Part::Labels,
        Part::Discontinuous,
        Part::Attributes,
        Part::EmptyAttributes,
        Part::Links,
        Part::Notes,
        Part::Annotators,
        Part::Times,
        Part::Ids,
        Part::Metadata,
        Part::Status,
        Part::ArticleNotes,
        Part::Codebook,
    ],
    adds: "the ids of articles",
    changes: "a discontinuous annotation is one span for each fragment; articles are numbered, and id-map says which is which",
    choices: &[],
    write: write::write,
    prove: write::prove,
    splits_itself: false,
    reader: Some(&read::READER),
};
