//! Bytes to core values and back. Knows no file system: callers hand in what they read.
//!
//! Keeps invariant 7: reading never panics and drops nothing in silence; writing is deterministic.

pub mod archive;
pub mod article;
pub mod collection;
pub mod dataset;
pub mod dates;
pub mod journal;
pub mod project_ron;
pub mod readers;
pub mod reading;
mod time;
pub mod xml;

use crate::core::check::Problem;
use crate::core::project::Project;
use std::io::Write;

/// Everything known about one dataset format. The dialog, the command line and `pressmark formats`
/// read this table.
pub struct Format {
    /// What `--format` takes.
    pub name: &'static str,
    pub title: &'static str,
    pub extension: &'static str,
    pub offset_unit: &'static str,
    /// What it can carry, in a sentence.
    pub carries: &'static str,
    /// What it cannot.
    pub loses: &'static str,
    pub write: Option<WriteDataset>,
    pub read: Option<ReadDataset>,
    /// Compares a written file with the project, fragment by fragment.
    pub verify: Option<VerifyDataset>,
}

pub type WriteDataset = fn(
    &Project,
    &Selection<'_>,
    &mut dyn Write,
    &mut dyn FnMut(usize) -> bool,
) -> Result<Written, WriteError>;
pub type ReadDataset = fn(&[u8]) -> Result<Dataset, ReadError>;
pub type VerifyDataset = fn(&Project, &Selection<'_>, &[u8]) -> Result<Written, WriteError>;

pub const FORMATS: &[Format] = &[
    Format {
        name: "jsonl",
        title: "JSON Lines",
        extension: "jsonl",
        offset_unit: "Unicode code points",
        carries: "articles with metadata, annotations with fragments, attributes, links, notes, annotators and status",
        loses: "the codebook, the trash and what is known of people besides their names",
        write: Some(dataset::jsonl::write),
        read: Some(dataset::jsonl::read),
        verify: Some(dataset::jsonl::verify),
    },
    Format {
        name: "csv",
        title: "CSV for spreadsheets",
        extension: "csv",
        offset_unit: "Unicode code points",
        carries: "one row per fragment, with its text, attributes, links, note and the article’s metadata",
        loses: "article texts, and articles without annotations",
        write: Some(dataset::csv::write),
        read: None,
        verify: Some(dataset::csv::verify),
    },
];

pub fn format_named(name: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|format| format.name == name)
}

/// Which annotations of a project are exported. Empty lists take all.
#[derive(Clone, Debug, Default)]
pub struct Selection<'a> {
    pub annotators: &'a [String],
    pub labels: &'a [String],
    pub statuses: &'a [String],
}

impl Selection<'_> {
    pub fn takes_annotation(&self, annotation: &crate::core::annotation::Annotation) -> bool {
        let in_list = |list: &[String], id: &str| list.is_empty() || list.iter().any(|x| x == id);
        in_list(self.annotators, annotation.annotator.as_str())
            && in_list(self.labels, annotation.label.as_str())
    }

    pub fn takes_article(&self, article: &crate::core::article::Article) -> bool {
        use crate::core::article::Status;
        let named = |status: Status| {
            let wanted = |name: &String| name.replace(['-', '_'], " ") == status.name();
            self.statuses.iter().any(wanted)
        };
        self.statuses.is_empty()
            || article.status.values().any(|&status| named(status))
            || (article.status.is_empty() && named(Status::New))
    }
}

/// What a writer wrote, or a check found to be right.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Written {
    pub articles: usize,
    pub annotations: usize,
    pub fragments: usize,
}

/// What a dataset reader found: articles as they came, and what could not be used.
#[derive(Debug, Default)]
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
    #[error("the file cannot be read back: {0}")]
    Unreadable(String),
    #[error(transparent)]
    Io(#[from] std::io::Error),
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
