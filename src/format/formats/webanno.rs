//! WebAnno TSV 3: reader and writer.

pub mod read;
pub mod write;

use crate::format::export::format::{Choice, Format, FormatGroup, Part, Shape};

pub const FORMAT: Format = Format {
    name: "webanno",
    aliases: &["webanno-tsv"],
    title: "WebAnno TSV 3.3",
    group: FormatGroup::Annotation,
    shape: Shape::Folder { main: "" },
    offset_unit: "UTF-16 code units",
    read_by: "WebAnno, INCEpTION",
    lacks: &[
        Part::Text,
        Part::Discontinuous,
        Part::Attributes,
        Part::EmptyAttributes,
        Part::Links,
        Part::Notes,
        Part::Annotators,
        Part::Times,
        Part::Ids,
    ],
    adds: "all but the exact text with the option of own layers",
    changes: "labels are named entities, or an own layer with its type system; a discontinuous annotation is one span for each fragment; a text ends with a line break, and an annotation does not; what belongs to the article and the codebook stand in the folder articles",
    choices: &[Choice::Tokens, Choice::OwnLayer],
    write: write::write,
    prove: write::prove,
    splits_itself: false,
    reader: Some(&read::READER),
};
