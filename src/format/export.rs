//! Projects to datasets that other tools read: what is chosen, how it is written, how it is proven.
//!
//! A [`plan::Plan`] says once which articles and annotations leave and under which names; a writer
//! turns it into files through a [`Sink`]; a proof reads them back from a [`Stored`] and compares
//! every span with the plan. Knows no file system: callers bring sink and store. Keeps invariant 7:
//! what a format cannot hold is changed by a stated rule and told in [`Written::remarks`].

pub mod article_rows;
pub mod format;
pub mod json;
pub(crate) mod ledger_rows;
pub mod markup;
pub mod names;
pub(crate) mod of_project;
pub mod options;
pub mod plan;
pub mod proof;
pub(crate) mod quote_rows;
pub mod record;
pub mod split;
pub mod table_rows;
#[cfg(test)]
pub(crate) mod tests;
pub mod tokens;

use crate::format::WriteError;
use std::collections::BTreeMap;
use std::io::{Read, Seek, Write};

pub trait WriteSeek: Write + Seek + Send {}
impl<T: Write + Seek + Send> WriteSeek for T {}

pub trait ReadSeek: Read + Seek {}
impl<T: Read + Seek> ReadSeek for T {}

/// Writes the content of one file.
pub type Filling<'a> = &'a mut dyn FnMut(&mut dyn WriteSeek) -> Result<(), WriteError>;

/// Writes the content of several files, which it gets in the order of their names. It may make
/// others in the sink meanwhile.
pub type FillingAll<'a> =
    &'a mut dyn FnMut(&mut [&mut dyn WriteSeek], &mut dyn Sink) -> Result<(), WriteError>;

/// Where a writer's files go: one file, a folder or an archive.
pub trait Sink {
    /// Makes files at once. Names have `/` between folders; a sink for a single file does not ask for
    /// them.
    fn files(&mut self, names: &[&str], fill: FillingAll<'_>) -> Result<(), WriteError>;

    fn file(&mut self, name: &str, fill: Filling<'_>) -> Result<(), WriteError> {
        self.files(&[name], &mut |outs, _| match outs {
            [out] => fill(*out),
            _ => Err(WriteError::of_the_program()),
        })
    }

    fn put(&mut self, name: &str, bytes: &[u8]) -> Result<(), WriteError> {
        self.file(name, &mut |out| Ok(out.write_all(bytes)?))
    }
}

/// What was written, to be read back.
pub trait Stored: Sync {
    /// Sorted, `/` between folders.
    fn names(&self) -> Vec<String>;
    fn open(&self, name: &str) -> std::io::Result<Box<dyn ReadSeek + '_>>;

    fn bytes(&self, name: &str) -> Result<Vec<u8>, WriteError> {
        let mut bytes = Vec::new();
        let mut file = self.open(name).map_err(|error| missing(name, &error))?;
        file.read_to_end(&mut bytes)?;
        Ok(bytes)
    }
}

pub(crate) fn missing(name: &str, error: &std::io::Error) -> WriteError {
    WriteError::Unreadable(format!("{name}: {error}"))
}

/// Is told how many articles are done; answers whether to go on.
pub type Progress<'a> = &'a mut dyn FnMut(usize) -> bool;

pub type WriteDataset =
    fn(&plan::Plan<'_>, &mut dyn Sink, Progress<'_>) -> Result<Written, WriteError>;
pub type ProveDataset =
    fn(&plan::Plan<'_>, &dyn Stored, Progress<'_>) -> Result<Written, WriteError>;

/// What a writer wrote, or a proof found to be right.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    pub articles: usize,
    pub annotations: usize,
    pub fragments: usize,
    pub losses: Losses,
    /// The first that a proof read back differently and that moves no annotation.
    pub difference: Option<Difference>,
}

/// Something that reads back as something else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    pub article: String,
    /// The id of the annotation; `-` for the article itself.
    pub annotation: String,
    pub detail: String,
}

impl Difference {
    pub fn error(&self) -> WriteError {
        WriteError::Mismatch {
            article: self.article.clone(),
            annotation: self.annotation.clone(),
            detail: self.detail.clone(),
        }
    }
}

impl Written {
    pub fn add(&mut self, other: &Self) {
        self.articles += other.articles;
        self.annotations += other.annotations;
        self.fragments += other.fragments;
        self.losses.add(&other.losses);
        if self.difference.is_none() {
            self.difference.clone_from(&other.difference);
        }
    }

    /// Counts an article with its spans.
    pub(crate) fn count(&mut self, record: &record::Record<'_>) {
        self.articles += 1;
        self.annotations += record.spans.len();
        self.fragments += record
            .spans
            .iter()
            .map(|s| s.fragments.len())
            .sum::<usize>();
        self.losses.add(&record.losses);
    }

    /// Formats without discontinuous annotations hold their fragments one by one.
    pub(crate) fn note_fragments(&mut self, record: &record::Record<'_>) {
        for span in record.spans.iter().filter(|span| span.fragments.len() > 1) {
            self.losses.note(
                "a discontinuous annotation stands as one span for each of its fragments",
                || format!("annotation {} of article {}", span.id, record.id),
            );
        }
    }

    pub fn remarks(&self) -> Vec<String> {
        self.losses.remarks()
    }
}

/// What a format could not hold as it was, by rule: how often, and where first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Losses(BTreeMap<&'static str, (usize, String)>);

impl Losses {
    /// `rule` is a sentence in the user's terms: what was changed, and into what.
    pub fn note(&mut self, rule: &'static str, place: impl FnOnce() -> String) {
        let entry = self.0.entry(rule).or_insert_with(|| (0, place()));
        entry.0 += 1;
    }

    pub fn add(&mut self, other: &Self) {
        for (rule, (count, place)) in &other.0 {
            let entry = self.0.entry(rule).or_insert_with(|| (0, place.clone()));
            entry.0 += count;
        }
    }

    /// What reading back told and writing did not.
    pub fn add_new(&mut self, other: &Self) {
        for (rule, told) in &other.0 {
            self.0.entry(rule).or_insert_with(|| told.clone());
        }
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn remarks(&self) -> Vec<String> {
        let lines = self.0.iter().map(|(rule, (count, place))| match count {
            1 => format!("{rule} ({place})"),
            count => format!("{rule} ({count} times, first in {place})"),
        });
        lines.collect()
    }
}
