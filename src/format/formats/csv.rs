//! Tables of annotations and articles as CSV: reader and writer.

pub mod read;
pub mod write;

/// Tables around those of spans and of articles.
pub(crate) const QUOTES: &str = "quotes.csv";
pub(crate) const CODEBOOK: &str = "codebook.csv";
pub(crate) const PEOPLE: &str = "people.csv";
pub(crate) const GROUPS: &str = "groups.csv";
