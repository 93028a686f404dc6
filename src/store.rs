//! Files: reading with limits, writing atomically, journals, backups, locks, finding article files.
//!
//! The only module that touches the file system for projects and datasets. Keeps invariant 8 as
//! far as files go.

pub mod atomic;
pub mod backup;
pub mod dataset;
pub mod fs;
pub mod journal;
pub mod lock;

use crate::core::shown::shown_path;
use atomic::Replacement;
use fs::{Disk, FileSystem};
use std::io;
use std::path::{Path, PathBuf};

/// Folders are searched this deep.
const MAX_DEPTH: usize = 16;
/// And give at most this many files.
const MAX_FILES: usize = 100_000;

#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("{}: {reason}", shown_path(path))]
    File { path: PathBuf, reason: String },
}

impl StoreError {
    pub fn new(path: &Path, error: &io::Error) -> Self {
        let reason = match error.kind() {
            io::ErrorKind::NotFound => "the file does not exist (any more)".to_owned(),
            io::ErrorKind::PermissionDenied => "you have no permission to do this".to_owned(),
            io::ErrorKind::StorageFull => "the disk is full".to_owned(),
            io::ErrorKind::QuotaExceeded => "your share of the disk is used up".to_owned(),
            // Of the system, and not a limit of ours, which says its size.
            io::ErrorKind::FileTooLarge if error.raw_os_error().is_some() => {
                "it would be larger than the system lets a file be (a limit for you or for this disk); save to another disk, or have the limit raised".to_owned()
            }
            io::ErrorKind::ReadOnlyFilesystem => "the disk is read-only".to_owned(),
            io::ErrorKind::IsADirectory => "this is a folder".to_owned(),
            _ => error.to_string(),
        };
        Self::File {
            path: path.to_owned(),
            reason,
        }
    }

    fn because(path: &Path, reason: impl Into<String>) -> Self {
        Self::File {
            path: path.to_owned(),
            reason: reason.into(),
        }
    }
}

/// The bytes of a file of at most `limit` bytes, from the real disk.
pub fn read(path: &Path, limit: u64) -> Result<Vec<u8>, StoreError> {
    Disk.read(path, limit)
        .map_err(|error| StoreError::new(path, &error))
}

/// Replaces a file on the real disk in one step; see [`atomic::write_atomically`].
pub fn write_atomically<E: From<StoreError>>(
    path: &Path,
    write: impl FnOnce(&mut dyn std::io::Write) -> Result<(), E>,
) -> Result<(), E> {
    atomic::write_atomically(&Disk, path, write)
}

/// The first of numbered paths, counted from 1, where nothing stands.
pub fn free_name(fs: &dyn FileSystem, path: impl Fn(usize) -> PathBuf) -> PathBuf {
    let mut n = 1;
    loop {
        let path = path(n);
        // What cannot be looked at says so when it is written.
        if fs.look(&path).is_err() {
            return path;
        }
        n += 1;
    }
}

/// Copies a file beside itself under a free name that ends in `marker`, and says which.
pub fn keep_copy(fs: &dyn FileSystem, path: &Path, marker: &str) -> Result<PathBuf, StoreError> {
    let bytes = fs
        .read(path, u64::MAX)
        .map_err(|error| StoreError::new(path, &error))?;
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let extension = path.extension().unwrap_or_default().to_string_lossy();
    let copy = free_name(fs, |n| match n {
        1 => path.with_file_name(format!("{stem}.{marker}.{extension}")),
        n => path.with_file_name(format!("{stem}.{marker}-{n}.{extension}")),
    });
    let new = Replacement::write_own(fs, &copy, |out| {
        out.write_all(&bytes)
            .map_err(|error| StoreError::new(&copy, &error))
    })?;
    new.as_readable_as(path).persist_new()?;
    Ok(copy)
}

/// The files that a list of files and folders stands for, folders searched for `extensions`, in a
/// stable order. What cannot be read comes as errors.
pub fn article_files(paths: &[PathBuf], extensions: &[&str]) -> (Vec<PathBuf>, Vec<StoreError>) {
    let mut files = Vec::new();
    let mut errors = Vec::new();
    for path in paths {
        match std::fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => {
                let before = (files.len(), errors.len());
                walk(path, extensions, 0, &mut files, &mut errors);
                if (files.len(), errors.len()) == before {
                    let wanted = extensions.join(", .");
                    let reason =
                        format!("there are no articles in this folder (files ending in .{wanted})");
                    errors.push(StoreError::because(path, reason));
                }
            }
            Ok(_) => files.push(path.clone()),
            Err(error) => errors.push(StoreError::new(path, &error)),
        }
    }
    (files, errors)
}

/// The files that stand directly in a folder, sorted, and what could not be looked at.
pub fn files_in(folder: &Path) -> (Vec<PathBuf>, Vec<StoreError>) {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) => return (Vec::new(), vec![StoreError::new(folder, &error)]),
    };
    let paths = entries.flatten().map(|entry| entry.path());
    let mut files: Vec<PathBuf> = paths.filter(|path| path.is_file()).collect();
    files.sort();
    (files, Vec::new())
}

fn walk(
    folder: &Path,
    extensions: &[&str],
    depth: usize,
    files: &mut Vec<PathBuf>,
    errors: &mut Vec<StoreError>,
) {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) => {
            errors.push(StoreError::new(folder, &error));
            return;
        }
    };
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        let hidden = path
            .file_name()
            .is_some_and(|name| name.to_string_lossy().starts_with('.'));
        let Ok(metadata) = std::fs::symlink_metadata(&path) else {
            continue;
        };
        if hidden || files.len() >= MAX_FILES {
            continue;
        }
        if metadata.is_dir() {
            if depth < MAX_DEPTH {
                walk(&path, extensions, depth + 1, files, errors);
            }
        } else {
            let extension = path.extension().map(|e| e.to_string_lossy().to_lowercase());
            if extension.is_some_and(|e| extensions.contains(&e.as_str())) {
                files.push(path);
            }
        }
    }
}

#[cfg(test)]
#[expect(
    clippy::disallowed_methods,
    reason = "tests write files as other programs would"
)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_write_leaves_the_old_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("p.ron");
        let write = |text: &'static str, fail: bool| {
            write_atomically(&path, |out| {
                out.write_all(text.as_bytes()).unwrap();
                if fail {
                    return Err(StoreError::because(Path::new("p.ron"), "stopped"));
                }
                Ok(())
            })
        };
        write("one", false).unwrap();
        assert!(write("two", true).is_err());
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "one");
        write("three", false).unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "three");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn folders_are_searched_in_order() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        std::fs::create_dir(at("b")).unwrap();
        for name in ["z.txt", "a.TXT", "b/c.md", "pic.png", ".hidden.txt"] {
            std::fs::write(at(name), "x").unwrap();
        }
        let (files, errors) =
            article_files(&[folder.path().to_owned(), at("gone.txt")], &["txt", "md"]);
        assert_eq!(files, [at("a.TXT"), at("b/c.md"), at("z.txt")]);
        assert_eq!(errors.len(), 1);
        assert!(errors[0].to_string().contains("does not exist"));
    }

    #[test]
    fn what_is_too_large_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("big.txt");
        std::fs::write(&path, vec![b'a'; 3 << 20]).unwrap();
        let message = read(&path, 1 << 20).unwrap_err().to_string();
        assert!(
            message.contains("the file is 3 MB; the limit is 1 MB"),
            "{message}"
        );
    }
}
