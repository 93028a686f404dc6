//! Label Studio tasks: reader and writer; the labelling configuration as a codebook.

pub mod configuration;
pub mod read;
pub mod write;

use crate::format::words::records::EXPORTER;

/// Controls of Pressmark's configuration that hold no attribute.
pub(crate) const CONTROLS: &[&str] = &[
    "label",
    "text",
    "note",
    "annotator",
    "created",
    "changed",
    "links",
    "fragment",
    "exact_values",
];
/// Fields of a task's data that are not the article's metadata.
pub(crate) const TASK: &[&str] = &[
    "text",
    "id",
    "article_id",
    "title",
    "annotation_id",
    "annotator",
    "created_at",
    "updated_at",
    "lead_time",
    EXPORTER,
];
