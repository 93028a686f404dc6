//! A dataset to the disk: written beside its place, read back and compared, and only then put there.

mod verify;

use crate::app::words::count_grouped;
use crate::core::project::Project;
use crate::core::shown::shown_path;
use crate::format::WriteError;
use crate::format::export::options::{Choice, ExportOptions};
use crate::format::export::plan::Plan;
use crate::format::export::{FillingAll, ReadSeek, Sink, Stored, WriteSeek, Written};
use crate::format::formats::{FORMATS, Format, Shape, format_named};
use crate::format::reading::archive::Archive;
use crate::format::reading::budget::Budget;
use crate::store::StoreError;
use crate::store::dataset::{Kind, OnDisk, Staged, may_be_made};
use std::path::{Path, PathBuf};

pub use verify::verify;

#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("{}: {error}", shown_path(path))]
    Write { path: PathBuf, error: WriteError },
    #[error("no article fits the choice, so there is nothing to export")]
    Nothing,
    #[error("{format} cannot {what}; formats that can: {others}")]
    NoChoice {
        format: &'static str,
        what: &'static str,
        others: String,
    },
}

impl ExportError {
    pub fn is_cancelled(&self) -> bool {
        matches!(
            self,
            Self::Write {
                error: WriteError::Cancelled,
                ..
            }
        )
    }
}

/// Whether a format has everything that was chosen: a choice that it does not have would be ignored,
/// and texts that should stay at home would leave.
fn check_choices(format: &Format, options: &ExportOptions) -> Result<(), ExportError> {
    for choice in Choice::ALL {
        if choice.is_made(options) && !format.has(choice) {
            let others = FORMATS.iter().filter(|other| other.has(choice));
            let others: Vec<&str> = others.map(|other| other.name).collect();
            return Err(ExportError::NoChoice {
                format: format.title,
                what: choice.deed,
                others: others.join(", "),
            });
        }
    }
    Ok(())
}

/// How far an export is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Stage {
    Writing(usize),
    Proving(usize),
}

/// What to do with an export that was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    pub may_replace: bool,
    /// Read it back before it is put in its place.
    pub prove: bool,
}

/// What a path stands for: a format with one file takes a folder's name as the place for it.
pub fn target_of(
    format: &Format,
    options: &ExportOptions,
    path: &Path,
    stem: &str,
) -> (PathBuf, Kind) {
    let extension = path.extension().map(|e| e.to_string_lossy().to_lowercase());
    let is_zip = extension.as_deref() == Some("zip");
    match format.shape {
        Shape::File { extension } if options.split.is_none() => {
            if path.is_dir() {
                (
                    path.join(format!("{}.{extension}", file_name(stem))),
                    Kind::File,
                )
            } else {
                (path.to_owned(), Kind::File)
            }
        }
        Shape::Folder { main } if !main.is_empty() && options.split.is_none() => {
            let ending = main.rsplit_once('.').map(|(_, e)| e);
            match (extension.as_deref() == ending, is_zip) {
                (true, _) => (path.to_owned(), Kind::Only(main.to_owned())),
                (_, true) => (path.to_owned(), Kind::Zip),
                _ => (path.to_owned(), Kind::Folder),
            }
        }
        _ if is_zip => (path.to_owned(), Kind::Zip),
        _ => (path.to_owned(), Kind::Folder),
    }
}

/// A project's name as that of a file, on any system.
pub fn file_name(project: &str) -> String {
    let is_bad = |c: char| c.is_control() || "/\\:*?\"<>|".contains(c);
    let name: String = project
        .chars()
        .map(|c| if is_bad(c) { '_' } else { c })
        .take(80)
        .collect();
    match name.trim_matches(['.', ' ']) {
        "" => "dataset".to_owned(),
        name => name.to_owned(),
    }
}

/// Whether the path is free, or may be replaced.
pub fn check_target(
    format: &Format,
    options: &ExportOptions,
    path: &Path,
    stem: &str,
    may_replace: bool,
) -> Result<(), ExportError> {
    let (target, kind) = target_of(format, options, path, stem);
    Ok(may_be_made(&target, &kind, may_replace)?)
}

/// Writes, proves, and puts in place. `progress` is told how far it is and answers whether to go on;
/// whatever goes wrong, nothing is left behind. Answers where it stands and what was written.
pub fn export(
    project: &Project,
    format: &'static Format,
    options: &ExportOptions,
    path: &Path,
    terms: Terms,
    progress: &mut dyn FnMut(Stage) -> bool,
) -> Result<(PathBuf, Written), ExportError> {
    check_choices(format, options)?;
    let (target, kind) = target_of(format, options, path, project.name());
    let plan = Plan::new(project, options);
    if plan.articles.is_empty() {
        return Err(ExportError::Nothing);
    }
    let at = |error: WriteError| match error {
        WriteError::Io(error) => ExportError::Store(StoreError::new(&target, &error)),
        error => ExportError::Write {
            path: target.clone(),
            error,
        },
    };
    let mut staged = Staged::new(&target, kind.clone(), terms.may_replace)?;
    let written = write(format, &plan, &mut staged, progress);
    let mut written = written.map_err(at)?;
    if matches!(kind, Kind::Folder | Kind::Zip) {
        let manifest = manifest(format, &plan, &written);
        staged.seal(&manifest).map_err(at)?;
    }
    staged.finish()?;
    if !staged.left_out().is_empty() {
        let rule = "a single file holds the annotations only, and what else the format carries stands in files that were not made; export to a folder or a .zip for all of it";
        let names = staged.left_out().join(", ");
        written.losses.note(rule, || names);
    }
    if terms.prove {
        let stored = staged.stored()?;
        let found =
            prove(format, &plan, &stored, &mut |n| progress(Stage::Proving(n))).map_err(at)?;
        if (found.articles, found.annotations) != (written.articles, written.annotations) {
            let detail = format!(
                "{} articles and {} annotations were written, {} and {} read back",
                written.articles, written.annotations, found.articles, found.annotations
            );
            return Err(at(WriteError::Unreadable(detail)));
        }
        written.losses.add_new(&found.losses);
    }
    let others = staged.persist()?;
    for kept in others.kept {
        let rule = "a file that the export before did not make, or that was changed since, is kept in “kept-from-before”";
        written.losses.note(rule, || kept);
    }
    if let Some(left) = others.left {
        let rule =
            "the folder that was replaced could not be cleared, and what is left of it is kept";
        written.losses.note(rule, || shown_path(&left));
    }
    Ok((target, written))
}

/// Writes all parts.
fn write(
    format: &Format,
    plan: &Plan<'_>,
    staged: &mut Staged,
    progress: &mut dyn FnMut(Stage) -> bool,
) -> Result<Written, WriteError> {
    let mut written = Written::default();
    let mut done = 0;
    for (part, plan) in parts_for(format, plan) {
        let mut sink = Within {
            sink: staged,
            prefix: prefix_of(format, part),
        };
        let one = (format.write)(&plan, &mut sink, &mut |n| {
            progress(Stage::Writing(done + n))
        });
        written.add(&one?);
        done += plan.articles.len();
    }
    Ok(written)
}

fn prove(
    format: &Format,
    plan: &Plan<'_>,
    stored: &OnDisk,
    progress: &mut dyn FnMut(usize) -> bool,
) -> Result<Written, WriteError> {
    let mut found = Written::default();
    let mut done = 0;
    for (part, plan) in parts_for(format, plan) {
        let prefix = prefix_of(format, part);
        let part = PartOf { stored, prefix };
        found.add(&(format.prove)(&plan, &part, &mut |n| progress(done + n))?);
        done += plan.articles.len();
    }
    Ok(found)
}

/// The parts of a split; formats that split by themselves get the whole.
fn parts_for<'a>(format: &Format, plan: &Plan<'a>) -> Vec<(&'static str, Plan<'a>)> {
    if format.splits_itself {
        vec![("", plan.whole())]
    } else {
        plan.parts()
    }
}

fn prefix_of(format: &Format, part: &str) -> String {
    match (part, format.shape) {
        ("", _) => String::new(),
        (part, Shape::File { .. }) => format!("{part}."),
        (part, Shape::Folder { .. }) => format!("{part}/"),
    }
}

/// A part of a split: `train.jsonl` for files, `train/…` for folders.
struct Within<'a> {
    sink: &'a mut dyn Sink,
    prefix: String,
}

impl Within<'_> {
    fn name(prefix: &str, name: &str) -> String {
        match prefix.strip_suffix('.') {
            Some(part) => match name.rsplit_once('.') {
                Some((_, extension)) => format!("{part}.{extension}"),
                None => part.to_owned(),
            },
            None => format!("{prefix}{name}"),
        }
    }
}

impl Sink for Within<'_> {
    fn files(&mut self, names: &[&str], fill: FillingAll<'_>) -> Result<(), WriteError> {
        let names = names.iter().map(|name| Self::name(&self.prefix, name));
        let names: Vec<String> = names.collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let prefix = &self.prefix;
        self.sink.files(&names, &mut |outs, sink| {
            let prefix = prefix.clone();
            fill(outs, &mut Within { sink, prefix })
        })
    }
}

struct PartOf<'a> {
    stored: &'a OnDisk,
    prefix: String,
}

impl Stored for PartOf<'_> {
    fn names(&self) -> Vec<String> {
        let names = self.stored.names().into_iter();
        names
            .filter_map(|name| {
                if self.prefix.ends_with('.') {
                    Some(name)
                } else {
                    name.strip_prefix(&self.prefix).map(str::to_owned)
                }
            })
            .collect()
    }

    fn open(&self, name: &str) -> std::io::Result<Box<dyn ReadSeek + '_>> {
        self.stored.open(&Within::name(&self.prefix, name))
    }
}

/// What an export is, for people who are handed it, and which file is which article.
fn manifest(format: &Format, plan: &Plan<'_>, written: &Written) -> String {
    let mut out = format!(
        "This is an export of the Pressmark project “{}”.\n\nFormat: {}\nOffsets: {}, half-open\nArticles: {}\nAnnotations: {}\nCarries: {}\nDoes not carry: {}\nBy rule: {}\n",
        plan.project.name(),
        format.title,
        format.offset_unit,
        written.articles,
        written.annotations,
        format.carries_with(plan.options),
        format.loses_with(plan.options),
        format.changes
    );
    for remark in written.remarks() {
        out.push_str(&format!("Note: {remark}\n"));
    }
    out.push_str("\nname\tid\ttitle\n");
    for planned in &plan.articles {
        let title = planned.article.title.replace(['\t', '\n', '\r'], " ");
        out.push_str(&format!(
            "{}\t{}\t{title}\n",
            planned.file_stem, planned.article.id
        ));
    }
    out
}

/// The text that says what is in files that are none: the same rows in another format, and how the
/// names of its files are told.
fn told_as(format: &'static Format) -> (&'static Format, fn(&str) -> String) {
    let sheet = |name: &str| format!("Sheet {}, as text", name.trim_end_matches(".csv"));
    let records = |_: &str| "The records, as text".to_owned();
    let (name, told): (&str, fn(&str) -> String) = match format.name {
        "xlsx" => ("csv", sheet),
        "parquet" => ("jsonl", records),
        _ => return (format, str::to_owned),
    };
    (format_named(name).unwrap_or(format), told)
}

/// The first lines of what an export would be: the first files, up to `limit` bytes.
pub fn preview(
    project: &Project,
    format: &'static Format,
    options: &ExportOptions,
    limit: usize,
) -> Result<Vec<(String, Sample)>, WriteError> {
    let (format, told) = told_as(format);
    let whole = Plan::new(project, options);
    let Some((_, mut plan)) = parts_for(format, &whole).into_iter().next() else {
        return Ok(Vec::new());
    };
    // The first articles with annotations say most.
    plan.articles
        .sort_by_key(|planned| planned.article.annotations.is_empty());
    plan.articles.truncate(2);
    let mut shown = Shown {
        files: Vec::new(),
        limit,
    };
    (format.write)(&plan, &mut shown, &mut |_| true)?;
    let files = shown.files.into_iter();
    Ok(files.map(|(name, text)| (told(&name), text)).collect())
}

/// What an archive says first: its longest text, of those that are no articles of their own.
fn unpacked(bytes: &[u8]) -> Option<Vec<u8>> {
    const MAX_BYTES: u64 = 8 << 20;
    if !bytes.starts_with(b"PK\x03\x04") {
        return None;
    }
    let archive = Archive::open(bytes, Budget::of_bytes(MAX_BYTES)).ok()?;
    let shallow = archive.names().filter(|name| !name.contains('/'));
    let texts = shallow.filter_map(|name| archive.member(name).ok());
    texts.filter(|text| !text.contains(&0)).max_by_key(Vec::len)
}

/// What is shown of a file before there is one.
#[derive(Clone, Debug, PartialEq)]
pub enum Sample {
    /// Its first lines, each whole or ending in an ellipsis.
    Lines(String),
    /// A sentence, for what is no text.
    Told(String),
}

impl Sample {
    pub fn text(&self) -> &str {
        match self {
            Self::Lines(text) | Self::Told(text) => text,
        }
    }
}

/// The first lines of a file, about so many bytes of them.
fn first_lines(bytes: &[u8], limit: usize) -> Sample {
    let start = bytes.get(..limit).unwrap_or(bytes);
    // A character may be cut at the limit, and nowhere else.
    let text = match std::str::from_utf8(start) {
        Ok(text) => Some(text),
        Err(error) if error.error_len().is_none() && start.len() < bytes.len() => {
            let whole = start.get(..error.valid_up_to());
            whole.and_then(|whole| std::str::from_utf8(whole).ok())
        }
        Err(_) => None,
    };
    let is_shown = |c: char| !c.is_control() || matches!(c, '\n' | '\r' | '\t');
    let Some(text) = text.filter(|text| text.chars().all(is_shown)) else {
        let size = count_grouped(bytes.len(), "byte", "bytes");
        return Sample::Told(format!(
            "This file is no text ({size}); it is opened with the program that it is for."
        ));
    };
    let text = text.trim_start_matches('\u{feff}');
    let is_whole = start.len() == bytes.len();
    let mut lines: Vec<String> = Vec::new();
    let ends_in_line = text.ends_with('\n');
    let mut rest = text.lines().peekable();
    while let Some(line) = rest.next() {
        let is_cut = rest.peek().is_none() && !is_whole && !ends_in_line;
        if is_cut && !lines.is_empty() {
            break;
        }
        lines.push(if is_cut {
            format!("{line}…")
        } else {
            line.to_owned()
        });
    }
    if !is_whole && !lines.last().is_some_and(|last| last.ends_with('…')) {
        lines.push("…".to_owned());
    }
    Sample::Lines(lines.join("\n"))
}

struct Shown {
    files: Vec<(String, Sample)>,
    limit: usize,
}

impl Sink for Shown {
    fn files(&mut self, names: &[&str], fill: FillingAll<'_>) -> Result<(), WriteError> {
        let mut all = vec![std::io::Cursor::new(Vec::new()); names.len()];
        let mut outs: Vec<&mut dyn WriteSeek> = Vec::with_capacity(names.len());
        for bytes in &mut all {
            outs.push(bytes);
        }
        // Before those that are made meanwhile.
        let first = self.files.len();
        let empty = names.iter();
        let empty = empty.map(|name| ((*name).to_owned(), Sample::Lines(String::new())));
        self.files.extend(empty);
        fill(&mut outs, self)?;
        for (shown, bytes) in self.files.iter_mut().skip(first).zip(all) {
            let bytes = bytes.into_inner();
            let bytes = unpacked(&bytes).unwrap_or(bytes);
            shown.1 = first_lines(&bytes, self.limit);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_lines_are_whole_or_say_that_they_are_not() {
        let lines = |text: &str| Sample::Lines(text.to_owned());
        let cases: [(&[u8], usize, Sample); 7] = [
            (b"one\ntwo\n", 100, lines("one\ntwo")),
            (b"one\ntwo\nthree\n", 8, lines("one\ntwo\n…")),
            (b"one\ntwo\nthree\n", 10, lines("one\ntwo\n…")),
            ("ééééééééé".as_bytes(), 5, lines("éé…")),
            ("a\nééé".as_bytes(), 5, lines("a\n…")),
            (b"\xef\xbb\xbfa\r\nb", 100, lines("a\nb")),
            (b"", 100, lines("")),
        ];
        for (bytes, limit, expected) in cases {
            assert_eq!(first_lines(bytes, limit), expected, "{bytes:?}");
        }
        for binary in [&b"PAR1\x00\x15"[..], b"\x89PNG\r\n", b"\xff\xfe\xff"] {
            let told = first_lines(binary, 100);
            assert!(
                matches!(&told, Sample::Told(told) if told.starts_with("This file is no text (")),
                "{told:?}"
            );
        }
    }
}
