//! Reading the chosen files: on all cores, archives unpacked, whatever goes wrong kept to its file.

use super::gather::OnDisk;
use crate::format::archive::{Archive, gunzip};
use crate::format::readers::recognise;
use crate::format::reading::{ReadOptions, Reading, Refusal, Siblings, Source};
use crate::store;
use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

/// The largest file that is read.
pub const MAX_FILE_BYTES: u64 = 2 << 30;
/// All that an archive may unpack to.
const MAX_ARCHIVE_BYTES: u64 = 4 << 30;
/// Archives within archives.
const MAX_ARCHIVES_DEEP: usize = 3;

/// One file, or one member of an archive, as it was read.
pub struct ReadFile {
    /// The path, with the names of members behind those of their archives.
    pub path: PathBuf,
    /// What it was taken for, or empty.
    pub kind: &'static str,
    pub result: Result<Reading, Refusal>,
}

/// Reads files a batch at a time, in their order. `progress` is told the share done and the file,
/// and answers whether to go on; `None` when it did not.
pub fn read_files(
    files: &[(String, PathBuf)],
    options: &ReadOptions,
    progress: &mut dyn FnMut(f32, &Path) -> bool,
) -> Option<Vec<ReadFile>> {
    /// Few enough that cancelling is quick and little is in flight.
    const BATCH: usize = 32;
    let workers = std::thread::available_parallelism()
        .map_or(1, usize::from)
        .min(8);
    let around = OnDisk::default();
    let mut read = Vec::with_capacity(files.len());
    for (i, batch) in files.chunks(BATCH).enumerate() {
        let first = batch.first().map_or(Path::new(""), |(_, path)| path);
        if !progress((i * BATCH) as f32 / files.len() as f32, first) {
            return None;
        }
        if batch.len() == 1 {
            read.extend(
                batch
                    .iter()
                    .flat_map(|(name, path)| read_path(name, path, &around, options)),
            );
            continue;
        }
        let next = std::sync::atomic::AtomicUsize::new(0);
        let mut done: Vec<(usize, Vec<ReadFile>)> = std::thread::scope(|scope| {
            let handles: Vec<_> = (0..workers)
                .map(|_| {
                    scope.spawn(|| {
                        let mut done = Vec::new();
                        loop {
                            let at = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                            let Some((name, path)) = batch.get(at) else {
                                return done;
                            };
                            done.push((at, read_path(name, path, &around, options)));
                        }
                    })
                })
                .collect();
            handles
                .into_iter()
                .filter_map(|handle| handle.join().ok())
                .flatten()
                .collect()
        });
        done.sort_by_key(|(at, _)| *at);
        read.extend(done.into_iter().flat_map(|(_, files)| files));
    }
    Some(read)
}

/// Reads one file from the disk, with those around it.
pub fn read_path(name: &str, path: &Path, around: &OnDisk, options: &ReadOptions) -> Vec<ReadFile> {
    match store::read(path, MAX_FILE_BYTES) {
        Ok(bytes) => read_bytes(name, &bytes, around, options, 0),
        Err(store::StoreError::File { reason, .. }) => vec![refused(name, reason)],
    }
}

fn refused(name: &str, reason: impl Into<String>) -> ReadFile {
    ReadFile {
        path: PathBuf::from(name),
        kind: "",
        result: Err(Refusal::new(reason)),
    }
}

/// Reads bytes that are called `name`.
pub fn read_bytes(
    name: &str,
    bytes: &[u8],
    siblings: &dyn Siblings,
    options: &ReadOptions,
    depth: usize,
) -> Vec<ReadFile> {
    // A reader that panics must not take the others with it.
    let read = catch_unwind(AssertUnwindSafe(|| {
        read_one(name, bytes, siblings, options, depth)
    }));
    read.unwrap_or_else(|_panic| {
        vec![refused(
            name,
            "reading it stopped with an error of the program; the file was left out",
        )]
    })
}

fn read_one(
    name: &str,
    bytes: &[u8],
    siblings: &dyn Siblings,
    options: &ReadOptions,
    depth: usize,
) -> Vec<ReadFile> {
    let source = Source {
        name,
        bytes,
        siblings,
    };
    if bytes.starts_with(b"\x1F\x8B") && !bytes.is_empty() && depth < MAX_ARCHIVES_DEEP {
        return match gunzip(bytes) {
            Ok(unpacked) => {
                let inner = name.strip_suffix(".gz").unwrap_or(name);
                read_bytes(inner, &unpacked, siblings, options, depth + 1)
            }
            Err(refusal) => vec![refused(name, refusal.0)],
        };
    }
    let found = recognise(source);
    let is_text = found.is_none_or(|(reader, _)| reader.name == "text");
    if is_text && bytes.starts_with(b"PK\x03\x04") {
        return read_archive(name, bytes, options, depth);
    }
    let Some((reader, _)) = found else {
        return vec![refused(name, "this is a binary file, not text")];
    };
    vec![ReadFile {
        path: PathBuf::from(name),
        kind: reader.title,
        result: (reader.read)(&source, options),
    }]
}

fn read_archive(name: &str, bytes: &[u8], options: &ReadOptions, depth: usize) -> Vec<ReadFile> {
    if depth >= MAX_ARCHIVES_DEEP {
        return vec![refused(
            name,
            format!("archives nest over {MAX_ARCHIVES_DEEP} deep here; unpack it first"),
        )];
    }
    let archive = match Archive::open(bytes, MAX_ARCHIVE_BYTES) {
        Ok(archive) => archive,
        Err(refusal) => return vec![refused(name, refusal.0)],
    };
    let left_out = archive.left_out.iter();
    let mut read: Vec<ReadFile> = left_out
        .map(|(member, reason)| refused(&format!("{name}/{member}"), reason.clone()))
        .collect();
    let endings = super::article_endings();
    let mut used: HashSet<PathBuf> = HashSet::new();
    for member in archive.names() {
        let extension = member.rsplit_once('.').map(|(_, e)| e.to_lowercase());
        let is_wanted = extension.is_some_and(|e| endings.contains(&e.as_str()));
        let is_hidden = member
            .split('/')
            .any(|part| part.starts_with('.') || part == "__MACOSX");
        let is_companion = super::gather::is_companion(member);
        if !is_wanted || is_hidden || is_companion {
            continue;
        }
        match archive.member(member) {
            Ok(bytes) => {
                let inner = read_bytes(member, &bytes, &archive, options, depth + 1);
                let readings = inner.iter().filter_map(|file| file.result.as_ref().ok());
                let names = readings.flat_map(|reading| &reading.used);
                used.extend(names.map(|member| Path::new(name).join(member)));
                read.extend(inner.into_iter().map(|file| ReadFile {
                    path: Path::new(name).join(file.path),
                    ..file
                }));
            }
            Err(refusal) => read.push(refused(&format!("{name}/{member}"), refusal.0)),
        }
    }
    // What belongs to another member is no article of its own.
    read.retain(|file| !used.contains(&file.path));
    if read.is_empty() {
        read.push(refused(name, "there are no articles in this archive"));
    }
    read
}
