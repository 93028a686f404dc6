//! Prodigy and spaCy JSON Lines: reader and writer.

pub mod read;
pub mod write;

/// Fields of `meta` that are not the article's metadata.
pub(crate) const META: &[&str] = &["id", "title"];
/// Fields of a span that are not its attributes.
pub(crate) const SPAN: &[&str] = &[
    "start",
    "end",
    "token_start",
    "token_end",
    "label",
    "text",
    "id",
    "note",
    "annotator",
    "created",
    "changed",
    "linked",
    "linked_span",
    "links",
    "fragment",
    "fragments",
];
