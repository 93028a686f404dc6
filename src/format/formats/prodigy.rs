//! Prodigy and spaCy JSON Lines: reader and writer.

pub mod read;
pub mod write;

use crate::format::export::format::{Choice, Format, FormatGroup, Shape};

pub const FORMAT: Format = Format {
    name: "prodigy",
    aliases: &["spacy"],
    title: "Prodigy and spaCy JSON Lines",
    group: FormatGroup::Training,
    shape: Shape::File { extension: "jsonl" },
    offset_unit: "Unicode code points; tokens cut at the edges of spans",
    read_by: "spaCy (span categoriser), Prodigy",
    lacks: &[],
    adds: "tokens cut at the edges of spans",
    changes: "a discontinuous annotation is one span for each fragment; attributes, links, notes and annotators are keys of their own, and the codebook is one of the first task",
    choices: &[Choice::Tokens],
    write: write::write,
    prove: write::prove,
    splits_itself: false,
    reader: Some(&read::READER),
};
