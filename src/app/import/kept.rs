//! What was read of an import, kept while it is decided on: another choice reads again only what
//! hangs on it. Knows no reader, only what a file was taken for.

use super::gather::{Chosen, gather};
use super::reading::ReadFile;
use crate::format::articles::{html, mhtml};
use crate::format::collections::warc;
use crate::format::reading::ReadOptions;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

/// Whether a file was taken for pages, of which more or less can be taken.
pub fn is_web_page(kind: &str) -> bool {
    let pages = [html::READER.title, mhtml::READER.title, warc::READER.title];
    pages.contains(&kind) || kind == PASTED_PAGE
}

/// What a page from the clipboard is called.
pub(super) const PASTED_PAGE: &str = "HTML page";

/// Longer texts are read again rather than kept twice.
const MAX_BYTES: usize = 64 << 20;

/// The files that were read last, with what they were read by.
#[derive(Clone, Debug, Default)]
pub struct Reads {
    options: ReadOptions,
    /// What was chosen, and the files that were found there.
    chosen: Option<(Vec<PathBuf>, Arc<Chosen>)>,
    /// A file may be read together with those that were chosen with it.
    roots: Vec<PathBuf>,
    files: HashMap<PathBuf, Kept>,
}

#[derive(Clone, Debug)]
struct Kept {
    stamp: Option<Stamp>,
    read: Arc<Vec<ReadFile>>,
}

type Stamp = (u64, SystemTime);

/// `None` when the file is gone, and what was read of it is all there is.
fn stamp(path: &Path) -> Option<Stamp> {
    let metadata = path.metadata().ok()?;
    Some((metadata.len(), metadata.modified().ok()?))
}

impl Reads {
    /// The files of what was chosen, looked for once.
    pub(super) fn chosen(&mut self, paths: &[PathBuf]) -> Arc<Chosen> {
        match &self.chosen {
            Some((known, chosen)) if known == paths => chosen.clone(),
            _ => {
                let chosen = Arc::new(gather(paths));
                self.chosen = Some((paths.to_vec(), chosen.clone()));
                chosen
            }
        }
    }

    /// What a file would give again with these options; `None` when it has to be read.
    pub(super) fn of(
        &self,
        path: &Path,
        roots: &[PathBuf],
        options: &ReadOptions,
    ) -> Option<Vec<ReadFile>> {
        let kept = self.files.get(path).filter(|_| self.roots == roots)?;
        let now = stamp(path);
        let is_same = now.is_none() || now == kept.stamp;
        let hangs_on_it = |file: &ReadFile| {
            let is_page = is_web_page(file.kind);
            let is_table = file.result.as_ref().is_ok_and(|r| !r.columns.is_empty());
            // What was refused may be read another way.
            let is_refused = file.result.is_err() && *options != self.options;
            is_refused
                || (is_page && options.page_scope != self.options.page_scope)
                || (is_table && options.columns != self.options.columns)
        };
        let holds = is_same && !kept.read.iter().any(hangs_on_it);
        holds.then(|| kept.read.to_vec())
    }

    /// Keeps what was read, in the place of all before, unless it is too much.
    pub(super) fn keep<'a>(
        &mut self,
        roots: &[PathBuf],
        options: &ReadOptions,
        read: impl Iterator<Item = (&'a Path, &'a [ReadFile])>,
    ) {
        self.options = options.clone();
        self.roots = roots.to_vec();
        self.files.clear();
        let mut bytes = 0;
        for (path, files) in read {
            bytes += files.iter().map(len_bytes).sum::<usize>();
            if bytes > MAX_BYTES {
                self.files.clear();
                return;
            }
            let kept = Kept {
                stamp: stamp(path),
                read: Arc::new(files.to_vec()),
            };
            self.files.insert(path.to_owned(), kept);
        }
    }
}

fn len_bytes(file: &ReadFile) -> usize {
    let Ok(reading) = &file.result else {
        return 0;
    };
    let whole = reading.whole.iter().flat_map(|whole| &whole.parts.articles);
    let whole: usize = whole.map(|article| article.text.len_bytes()).sum();
    let found = reading.articles.iter().map(|article| article.text.len());
    found.sum::<usize>() + whole
}
