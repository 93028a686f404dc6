//! Marks of XML in the text itself: reader and writer.

pub mod read;
pub mod write;

/// Fields of metadata that are attributes of `article` there.
pub(crate) const FIELDS: &[&str] = &[
    "outlet",
    "author",
    "published",
    "url",
    "language",
    "section",
];
/// The attribute that says which of the others are more than text: `share:number sure:yes-no`.
pub(crate) const KINDS: &str = "kinds";
/// What `head` says in Pressmark's own files.
pub(crate) const GENERATOR: &str = "Pressmark";
/// Attributes of an empty element that are no attributes of the annotation; what has their names
/// stands there escaped.
pub(crate) const TAKEN: &[&str] = &[
    "id",
    "label",
    "annotator",
    "note",
    "created",
    "changed",
    "links",
    "lists",
    KINDS,
    "continues",
    "ref",
    "idref",
    "eID",
    "eid",
    "start",
    "sID",
    "sid",
    "xmlns",
];
