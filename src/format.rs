//! Bytes to core values and back. Knows no file system: callers hand in what they read.
//!
//! [`formats`] is the table of all that can be read and written; its rooms, `articles` and
//! `collections` are the rows. Those who read share `reading`, those who write share `export`, both
//! take their names from `words`, and none of them knows the table.
//!
//! Keeps invariant 7: reading never panics and drops nothing in silence; writing is deterministic.

pub mod articles;
pub mod codebooks;
pub mod collections;
pub mod concordance;
pub mod export;
pub mod formats;
pub mod journal;
mod listing;
pub(crate) mod parallel;
pub mod project_ron;
pub mod readers;
pub mod reading;
pub mod said;
mod time;
mod words;

use crate::core::check::Problem;

/// What a dataset reader found: articles as they came, and what could not be used.
#[derive(Clone, Debug, Default, serde::Serialize, serde::Deserialize)]
pub struct Dataset {
    pub parts: crate::core::project::ProjectParts,
    pub problems: Vec<Problem>,
}

#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    #[error("line {line}, column {column}: {message}")]
    At {
        line: usize,
        column: usize,
        message: String,
    },
    #[error("this is no Pressmark project")]
    NotAProject,
    #[error(
        "this project was saved by a newer version of Pressmark (file version {found}, this one reads up to {known}); update Pressmark to open it"
    )]
    NewerVersion { found: String, known: String },
    #[error("the file is {size} MB; the limit is {limit} MB")]
    TooLarge { size: u64, limit: u64 },
    #[error("the file is not UTF-8 (byte {byte})")]
    NotUtf8 { byte: usize },
}

#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    #[error("cancelled")]
    Cancelled,
    #[error(
        "annotation {annotation} of article {article} does not read back as it stands in the project: {detail}"
    )]
    Mismatch {
        article: String,
        annotation: String,
        detail: String,
    },
    /// More than the format can hold.
    #[error("{0}")]
    TooMuch(String),
    #[error("the file cannot be read back: {0}")]
    Unreadable(String),
    #[error("it is not what the project gives now: {0}")]
    Differs(String),
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

impl WriteError {
    /// What cannot be, unless the program is wrong.
    pub(crate) fn of_the_program() -> Self {
        Self::Unreadable("an error of the program".to_owned())
    }
}

impl From<parallel::Ended> for WriteError {
    fn from(ended: parallel::Ended) -> Self {
        match ended {
            parallel::Ended::Cancelled => Self::Cancelled,
            parallel::Ended::Panicked => Self::of_the_program(),
        }
    }
}

/// The offsets of a fragment in code points and its text, proven against the article.
fn proven_fragment<'a>(
    article: &'a crate::core::article::Article,
    annotation: &crate::core::annotation::Annotation,
    fragment: crate::core::text::ByteRange,
) -> Result<(crate::core::text::CharRange, &'a str), WriteError> {
    let chars = article.text.char_range(fragment);
    let text = article.text.slice(fragment);
    let back = article.text.byte_range(chars);
    if back != Some(fragment) || text.is_empty() {
        return Err(WriteError::Mismatch {
            article: article.id.to_string(),
            annotation: annotation.id.to_string(),
            detail: format!(
                "fragment at characters {} to {}",
                chars.start.0, chars.end.0
            ),
        });
    }
    Ok((chars, text))
}
