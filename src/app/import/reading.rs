//! Reading one chosen file, with the archives that it holds: what comes out goes to a listener, a
//! file at a time.
//!
//! Runs wherever it is called; `workers` has it run where it can be stopped. Whatever goes wrong is
//! kept to its file.

use super::gather::OnDisk;
use crate::format::readers::{reader_named, recognise};
use crate::format::reading::archive::{Archive, gunzip};
use crate::format::reading::budget::Budget;
use crate::format::reading::{Beside, ReadOptions, Reading, Refusal, Siblings, Source};
use crate::store;
use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

/// The largest file that is read.
pub const MAX_FILE_BYTES: u64 = 2 << 30;
/// What is said of a file whose reader broke.
pub const BEYOND_ITS_READER: &str =
    "the file is damaged in a way that its reader cannot cope with; it was left out";
/// Archives within archives.
const MAX_ARCHIVES_DEEP: usize = 3;

/// One file, or one member of an archive, as it was read.
#[derive(Clone, Debug)]
pub struct ReadFile {
    /// The path, with the names of members behind those of their archives.
    pub path: PathBuf,
    /// What it was taken for, or empty.
    pub kind: &'static str,
    pub result: Result<Reading, Refusal>,
}

impl ReadFile {
    pub fn refused(name: &str, reason: impl Into<String>) -> Self {
        Self {
            path: PathBuf::from(name),
            kind: "",
            result: Err(Refusal::new(reason)),
        }
    }
}

/// A member of an archive whose turn it is.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Member {
    /// Its place in its archive, behind the places of the archives around it.
    pub at: Vec<usize>,
    /// As [`ReadFile::path`].
    pub name: String,
    /// Members that come after it in the same archive.
    pub after_it: usize,
}

/// Hears what is being read.
pub trait Listener {
    fn begins(&mut self, _member: Member) {}
    /// What has begun is there, and has so many bytes.
    fn unpacked(&mut self, _len_bytes: u64) {}
    fn ends(&mut self) {}
    fn takes(&mut self, file: ReadFile);
}

impl Listener for Vec<ReadFile> {
    fn takes(&mut self, file: ReadFile) {
        self.push(file);
    }
}

/// Reads one file from the disk, with those around it. `past` is the place of the member up to
/// which the file was read before; empty for none.
pub fn read_path(
    name: &str,
    path: &Path,
    around: &OnDisk,
    options: &ReadOptions,
    past: &[usize],
    listener: &mut dyn Listener,
) {
    match store::read(path, MAX_FILE_BYTES) {
        Ok(bytes) => read_bytes(name, &bytes, around, options, past, listener),
        Err(store::StoreError::File { reason, .. }) => {
            listener.takes(ReadFile::refused(name, reason));
        }
    }
}

/// Reads bytes that are called `name`. What they unpack to is bounded by their length.
pub fn read_bytes(
    name: &str,
    bytes: &[u8],
    siblings: &dyn Siblings,
    options: &ReadOptions,
    past: &[usize],
    listener: &mut dyn Listener,
) {
    let options = ReadOptions {
        beside: Beside::by(recognise),
        budget: Budget::for_file(bytes.len() as u64),
        ..options.clone()
    };
    let mut walk = Walk {
        options: &options,
        listener,
        at: Vec::new(),
        past,
    };
    walk.bytes(Path::new(""), name, bytes, siblings);
}

/// Reads a page from the clipboard, however little of it there is.
pub fn read_page(html: &str, options: &ReadOptions) -> ReadFile {
    const NAME: &str = "clipboard.html";
    #[expect(
        clippy::disallowed_methods,
        reason = "a reader of ours must not take the window with it"
    )]
    let read = catch_unwind(AssertUnwindSafe(|| {
        let reader = reader_named("html")?;
        let source = Source::alone(NAME, html.as_bytes());
        Some((reader.title, (reader.read)(&source, options)))
    }));
    match read {
        Ok(Some((kind, result))) => ReadFile {
            path: PathBuf::from(NAME),
            kind,
            result,
        },
        _ => ReadFile::refused(NAME, BEYOND_ITS_READER),
    }
}

/// The files that were read together with others and are no articles of their own.
pub fn companions_of(files: &[ReadFile]) -> HashSet<PathBuf> {
    let readings = files.iter().filter_map(|file| file.result.as_ref().ok());
    let used = readings.flat_map(|reading| reading.used.iter().map(PathBuf::from));
    used.collect()
}

/// Leaves out what belongs to another file and is no article of its own.
pub fn without_companions(mut files: Vec<ReadFile>) -> Vec<ReadFile> {
    let used = companions_of(&files);
    files.retain(|file| !used.contains(&file.path));
    files
}

struct Walk<'a> {
    options: &'a ReadOptions,
    listener: &'a mut dyn Listener,
    at: Vec<usize>,
    past: &'a [usize],
}

impl Walk<'_> {
    /// `folder` is the path of the archive that the bytes come from.
    fn bytes(&mut self, folder: &Path, name: &str, bytes: &[u8], siblings: &dyn Siblings) {
        #[expect(
            clippy::disallowed_methods,
            reason = "a reader that panics must not take the others with it"
        )]
        let read = catch_unwind(AssertUnwindSafe(|| {
            self.one(folder, name, bytes, siblings);
        }));
        if read.is_err() {
            self.refuse(folder, name, BEYOND_ITS_READER);
        }
    }

    fn refuse(&mut self, folder: &Path, name: &str, reason: impl Into<String>) {
        let name = folder.join(name).to_string_lossy().into_owned();
        self.listener.takes(ReadFile::refused(&name, reason));
    }

    fn one(&mut self, folder: &Path, name: &str, bytes: &[u8], siblings: &dyn Siblings) {
        let source = Source {
            name,
            bytes,
            siblings,
        };
        if bytes.starts_with(b"\x1F\x8B") && self.at.len() < MAX_ARCHIVES_DEEP {
            match gunzip(bytes, &self.options.budget) {
                Ok(unpacked) => {
                    let inner = name.strip_suffix(".gz").unwrap_or(name);
                    let member = Member {
                        at: Vec::new(),
                        name: folder.join(inner).to_string_lossy().into_owned(),
                        after_it: 0,
                    };
                    self.member(0, member, |walk| {
                        walk.listener.unpacked(unpacked.len() as u64);
                        walk.bytes(folder, inner, &unpacked, siblings);
                    });
                }
                Err(refusal) => self.refuse(folder, name, refusal.0),
            }
            return;
        }
        let found = recognise(source);
        let is_text = found.is_none_or(|(reader, _)| reader.name == "text");
        if is_text && bytes.starts_with(b"PK\x03\x04") {
            return self.archive(folder, name, bytes);
        }
        let Some((reader, _)) = found else {
            return self.refuse(folder, name, "this is a binary file, not text");
        };
        let mut result = (reader.read)(&source, self.options);
        if let Ok(reading) = &mut result {
            reading.cut();
            for used in &mut reading.used {
                *used = folder.join(&*used).to_string_lossy().into_owned();
            }
        }
        self.listener.takes(ReadFile {
            path: folder.join(name),
            kind: reader.title,
            result,
        });
    }

    fn archive(&mut self, folder: &Path, name: &str, bytes: &[u8]) {
        if self.at.len() >= MAX_ARCHIVES_DEEP {
            let reason =
                format!("archives nest over {MAX_ARCHIVES_DEEP} deep here; unpack it first");
            return self.refuse(folder, name, reason);
        }
        let archive = match Archive::open(bytes, &self.options.budget) {
            Ok(archive) => archive,
            Err(refusal) => return self.refuse(folder, name, refusal.0),
        };
        let root = folder.join(name);
        let is_begun = !self.past.is_empty() && self.past.starts_with(&self.at);
        let mut taken = archive.left_out.len();
        if !is_begun {
            for (member, reason) in &archive.left_out {
                self.refuse(&root, member, reason.clone());
            }
        }
        let endings = super::article_endings();
        let is_hidden = |member: &str| {
            let mut parts = member.split('/');
            parts.any(|part| part.starts_with('.') || part == "__MACOSX")
        };
        let is_wanted = |member: &&str| {
            let extension = member.rsplit_once('.').map(|(_, e)| e.to_lowercase());
            extension.is_some_and(|e| endings.contains(&e.as_str()))
                && !is_hidden(member)
                && !super::gather::is_companion(member)
        };
        if !is_begun {
            // Whether each was read with its text is known when all were: see `companions_of`.
            for member in archive.names().filter(|member| !is_hidden(member)) {
                let path = root.join(member);
                if let Some(reason) = super::gather::lone_companion(&path.to_string_lossy()) {
                    self.refuse(&root, member, reason);
                }
            }
        }
        let wanted: Vec<&str> = archive.names().filter(is_wanted).collect();
        for (i, name) in wanted.iter().copied().enumerate() {
            taken += 1;
            let member = Member {
                at: Vec::new(),
                name: root.join(name).to_string_lossy().into_owned(),
                after_it: wanted.len() - i - 1,
            };
            self.member(i, member, |walk| match archive.member(name) {
                Ok(bytes) => {
                    walk.listener.unpacked(bytes.len() as u64);
                    walk.bytes(&root, name, &bytes, &archive);
                }
                Err(refusal) => walk.refuse(&root, name, refusal.0),
            });
        }
        if taken == 0 {
            self.refuse(folder, name, "there are no articles in this archive");
        }
    }

    /// Reads a member, unless that was done before.
    fn member(&mut self, at: usize, mut member: Member, read: impl FnOnce(&mut Self)) {
        self.at.push(at);
        let known = self.past.get(..self.at.len().min(self.past.len()));
        let is_before = known.is_some_and(|known| self.at.as_slice() < known);
        if !is_before && self.at != self.past {
            member.at.clone_from(&self.at);
            self.listener.begins(member);
            read(self);
            self.listener.ends();
        }
        self.at.pop();
    }
}
