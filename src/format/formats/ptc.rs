//! The propaganda techniques corpus (SemEval-2020 task 11): reader and writer.

pub mod read;
pub mod write;

pub(crate) const COLUMNS: [&str; 3] = ["number", "id", "title"];
/// Pressmark's table of articles beside their folder, with its columns.
pub(crate) const ID_MAP: &str = "id-map";
/// Its list of labels, beside that table.
pub(crate) const TECHNIQUES: &str = "technique-names";
