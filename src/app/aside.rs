//! Journals that are not gone on with, out of the way under names that say so.
//!
//! Nothing is replaced by it: a name that is taken gets a number, but for an older journal that
//! nobody will ask for. What is no journal is not touched.

use crate::app::clock;
use crate::app::recovery::holds_unsaved;
use crate::app::session::Desk;
use crate::format::journal::{self as records, LazyRecord};
use crate::store::free_name;
use crate::store::fs::{is_free, must_be_ours};
use std::path::{Path, PathBuf};

/// Moves a journal to another name, and answers which. A file that is no journal stays.
pub fn put_aside(desk: &Desk, journal: &Path, has_work: bool) -> Option<PathBuf> {
    let fs = &*desk.fs;
    let kept = match keep_beside(desk, journal, has_work)? {
        kept if kept == journal => return Some(kept),
        kept => kept,
    };
    if has_work && !is_free(fs, journal) {
        let _both_at_worst = fs.remove(journal);
    }
    Some(kept)
}

/// The same, but a journal with work in it keeps its own name as well, where the disk has second
/// names, until a new journal takes it.
pub fn keep_beside(desk: &Desk, journal: &Path, has_work: bool) -> Option<PathBuf> {
    let fs = &*desk.fs;
    if must_be_ours(fs, journal, records::MAX_FILE_BYTES, records::is_journal).is_err() {
        // A file of someone, perhaps, which keeps its name.
        return Some(journal.to_owned());
    }
    let name = if has_work {
        format!("journal-{}", clock::stamp(clock::now()))
    } else {
        "journal-old".to_owned()
    };
    let first = journal.with_extension(&name);
    let kept = match !has_work && is_spent(desk, &first) {
        true => first,
        false => free_name(fs, |n| match n {
            1 => first.clone(),
            n => journal.with_extension(format!("{name}-{n}")),
        }),
    };
    if has_work && fs.link(journal, &kept).is_ok() {
        return Some(kept);
    }
    // What is there is a spent journal, or nothing.
    let may_be_taken = is_free(fs, &kept) || (!has_work && is_spent(desk, &kept));
    (may_be_taken && fs.rename(journal, &kept).is_ok()).then_some(kept)
}

/// Whether a file is a journal of ours without work in it.
fn is_spent(desk: &Desk, path: &Path) -> bool {
    let Ok(bytes) = desk.fs.read_own(path, records::MAX_FILE_BYTES) else {
        return false;
    };
    let lines = records::lines(&bytes);
    let first = lines.records.first();
    let first = first.and_then(|(_, payload)| records::record(payload).ok());
    matches!(first, Some(LazyRecord::Begin { .. })) && !holds_unsaved(&bytes)
}
