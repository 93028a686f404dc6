//! TEI P5 with annotations apart from the text: reader and writer.

pub mod read;
pub mod write;

/// What Pressmark's own files are made with.
pub(crate) const APPLICATION: &str = "Pressmark";
/// Features of its annotations that are no attributes; what has their names is escaped.
pub(crate) const FEATURES: &[&str] = &["id", "annotator", "created", "changed", "note", "links"];
/// The type of a title that stands where there is none.
pub(crate) const UNTITLED: &str = "untitled";
