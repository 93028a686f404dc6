//! doccano JSON Lines: reader and writer.

pub mod read;
pub mod write;

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
