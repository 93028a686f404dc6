//! CoNLL columns, one token a line: reader and writer.

pub mod read;
pub mod write;

use crate::format::export::format::{Choice, Format, FormatGroup, Part, Shape};

pub const FORMAT: Format = Format {
    name: "conll",
    aliases: &["iob2", "bilou"],
    title: "CoNLL columns, IOB2 and BILOU",
    group: FormatGroup::Training,
    shape: Shape::Folder { main: "" },
    offset_unit: "none: tokens in order",
    read_by: "sequence taggers, seqeval, spaCy’s converter",
    lacks: &[
        Part::Text,
        Part::Labels,
        Part::Overlaps,
        Part::Discontinuous,
        Part::Attributes,
        Part::EmptyAttributes,
        Part::Links,
        Part::Notes,
        Part::Annotators,
        Part::Times,
        Part::Ids,
        Part::Titles,
        Part::Metadata,
        Part::Status,
        Part::ArticleNotes,
        Part::Codebook,
    ],
    adds: "tokens with one tag each, in both schemes",
    changes: "a policy chooses among overlapping annotations; white space is not kept",
    choices: &[Choice::Tokens, Choice::Overlap],
    write: write::write,
    prove: write::prove,
    splits_itself: false,
    reader: Some(&read::READER),
};
