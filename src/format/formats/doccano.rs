//! doccano JSON Lines: reader and writer.

pub mod read;
pub mod write;

use crate::format::export::format::{Format, FormatGroup, Shape};

pub(crate) const KNOWN: &[&str] = &[
    "text",
    "data",
    "label",
    "labels",
    "entities",
    "relations",
    "id",
    "Comments",
    "comments",
    "title",
    "meta",
    "article_id",
    "details",
];

pub const FORMAT: Format = Format {
    name: "doccano",
    aliases: &[],
    title: "doccano JSON Lines",
    group: FormatGroup::Annotation,
    shape: Shape::File { extension: "jsonl" },
    offset_unit: "Unicode code points",
    read_by: "doccano; turn on “allow overlapping spans”, or it drops all but the first",
    lacks: &[],
    adds: "",
    changes: "a discontinuous annotation is one span for each fragment; attributes, links, notes and annotators are metadata of the article, and the codebook is among those of the first",
    choices: &[],
    write: write::write,
    prove: write::prove,
    splits_itself: false,
    reader: Some(&read::READER),
};

pub const RELATIONS: Format = Format {
    name: "doccano-rel",
    aliases: &["doccano-relations"],
    title: "doccano JSON Lines with relations",
    group: FormatGroup::Annotation,
    shape: Shape::File { extension: "jsonl" },
    offset_unit: "Unicode code points",
    read_by: "doccano projects with relations; turn on “allow overlapping spans”",
    lacks: &[],
    adds: "",
    changes: "a discontinuous annotation is one span for each fragment; attributes, notes and annotators are metadata of the article, and the codebook is among those of the first",
    choices: &[],
    write: write::write_relations,
    prove: write::prove,
    splits_itself: false,
    reader: Some(&read::READER),
};
