//! brat standoff: reader and writer; its configuration as a codebook.

pub mod configuration;
pub mod read;
pub mod write;

/// Pressmark's tables of articles, and of names, with their first columns.
pub(crate) const ARTICLES: &str = "articles.tsv";
pub(crate) const FIELDS: &[&str] = &["name", "id", "title", "status", "notes"];
pub(crate) const CODEBOOK: &str = "codebook.tsv";
pub(crate) const NAMES: &[&str] = &["kind", "written", "name", "title", "color", "definition"];
/// How the file beside the first article is called that has what belongs to none.
pub(crate) const PROJECT: &str = ".project.json";
/// The kind of Pressmark's notes with what brat cannot say, as JSON: exact fragments and values,
/// links to what brat cannot show, and the label of what it cannot show.
pub(crate) const OWN: &str = "Pressmark";
/// Kinds of notes in Pressmark's files that are no attributes.
pub(crate) const NOTES: &[&str] = &[ID, "annotator", "created", "changed", "AnnotatorNotes", OWN];
pub(crate) const ID: &str = "annotation_id";
