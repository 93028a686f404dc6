//! GATE XML: reader and writer.

pub mod read;
pub mod write;

/// What the names of Pressmark's own document features begin with: its kind and its name follow.
pub(crate) const OWN: &str = "pressmark.";
/// Features of Pressmark's annotations besides those of attributes.
pub(crate) const TAKEN: [&str; 8] = [
    "annotation_id",
    "annotator",
    "fragment",
    "note",
    "created",
    "changed",
    "links",
    "comment",
];

/// Whether a feature of a document is something else than a metadata field.
pub(crate) fn is_document_feature(name: &str) -> bool {
    matches!(name, "title" | "id" | "MimeType" | "docNewLineType")
        || name.starts_with("gate.")
        || name.starts_with(OWN)
}
