//! Parquet in the layout of Hugging Face: reader and writer.

mod proof;
mod quotes;
pub mod read;
pub mod write;

use crate::format::WriteError;
use crate::format::words::names::{Names, attributes, metadata};

/// The table of quotes, apart from the data: whoever takes all `*.parquet` of a folder has articles.
pub(crate) const QUOTES: &str = "quotes/quotes.pq";
/// Where an earlier version put it.
pub(crate) const EARLIER_QUOTES: &str = "quotes/quotes.parquet";
/// The key of Pressmark's own metadata of a file: JSON with the codebook.
pub(crate) const OWN_METADATA: &str = "pressmark";
/// The folder of articles without the field that folders are by. Not Hive's name, which pandas does
/// not read beside others.
pub(crate) const NO_VALUE: &str = "_missing";
pub(crate) const HIVE_NO_VALUE: &str = "__HIVE_DEFAULT_PARTITION__";
/// Columns of Pressmark's articles before those of their metadata.
pub(crate) const OF_ARTICLE: [&str; 6] = ["id", "title", "text", "text_hash", "notes", "status"];
/// Fields of Pressmark's spans before those of their attributes.
pub(crate) const OF_SPAN: [&str; 14] = [
    "start",
    "end",
    "fragment",
    "fragments",
    "id",
    "label",
    "text",
    "annotator",
    "note",
    "links",
    "created",
    "changed",
    "origin",
    "exact_values",
];
/// Metadata of articles.
pub(crate) const METADATA: Names<'_> = metadata(&[]).and(|name| is_taken(name, &OF_ARTICLE));
/// Attributes of spans.
pub(crate) const ATTRIBUTES: Names<'_> = attributes(&[]).and(|name| is_taken(name, &OF_SPAN));

/// Articles in a row group: what is held at once while writing.
pub(crate) const GROUP: usize = 1_000;

fn failed(error: parquet::errors::ParquetError) -> WriteError {
    match error {
        parquet::errors::ParquetError::External(inner) => {
            match inner.downcast::<std::io::Error>() {
                Ok(error) => WriteError::Io(*error),
                Err(inner) => WriteError::Unreadable(inner.to_string()),
            }
        }
        other => WriteError::Unreadable(other.to_string()),
    }
}

/// Some readers do not tell cases apart.
fn is_taken(name: &str, fixed: &[&str]) -> bool {
    let lower = name.to_lowercase();
    fixed.contains(&lower.as_str()) || lower == "spans"
}
