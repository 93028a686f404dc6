//! REFI-QDA projects: reader and writer; their codebooks alone.

pub mod codebook;
pub mod read;
pub mod write;

/// How the origin of Pressmark's own projects begins.
pub(crate) const ORIGIN: &str = "Pressmark";
/// Lines of a selection that are no attributes; what has their names is escaped.
pub(crate) const TAKEN: &[&str] = &["id", "fragment", KINDS];
/// The line that says which attributes are more than text: `share=number; sure=yes-no`.
pub(crate) const KINDS: &str = "kinds";
