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
    write: impl FnOnce(&mut dyn io::Write) -> Result<(), E>,
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

/// Whether a path, links followed, lies in a folder that has no links in its own path.
pub fn is_inside(path: &Path, folder: &Path) -> bool {
    std::fs::canonicalize(path).is_ok_and(|path| path.starts_with(folder))
}

/// The files that a list of files and folders stands for, folders searched for `extensions`, in a
/// stable order. What cannot be read comes as errors, and so does what is left out.
///
/// What is named itself may be a link. In a folder links are followed to files inside it, and no
/// further: whoever sends a folder does not say what else of the disk is read.
pub fn article_files(paths: &[PathBuf], extensions: &[&str]) -> (Vec<PathBuf>, Vec<StoreError>) {
    let mut files = Vec::new();
    let mut errors = Vec::new();
    for path in paths {
        match std::fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => {
                let before = (files.len(), errors.len());
                let mut walk = Walk::new(path, extensions, MAX_DEPTH, MAX_FILES);
                walk.folder(path, 0, &mut files, &mut errors);
                walk.finish(path, &mut errors);
                if (files.len(), errors.len()) == before {
                    let wanted = extensions.join(", .");
                    let reason =
                        format!("there are no articles in this folder (files ending in .{wanted})");
                    errors.push(StoreError::because(path, reason));
                }
            }
            Ok(metadata) if !metadata.is_file() => {
                errors.push(StoreError::because(path, NO_FILE));
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

/// What is called so in a folder, where a name does not say all of one that is no Unicode; `None`
/// when several are, or none.
pub fn called(folder: &Path, name: &str) -> Option<PathBuf> {
    let folder = if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    };
    let entries = std::fs::read_dir(folder).ok()?.flatten();
    let mut called = entries.filter(|entry| entry.file_name().to_string_lossy() == name);
    let found = called.next()?.path();
    called.next().is_none().then_some(found)
}

/// Reading a pipe or a device may never end.
const NO_FILE: &str = "this is no file but a device or pipe";

/// The search of a folder that was named.
struct Walk<'a> {
    extensions: &'a [&'a str],
    /// The folder without links in its path; `None` when it cannot be told.
    root: Option<PathBuf>,
    max_depth: usize,
    max_files: usize,
    /// Files with the wanted endings, and folders, beyond what is searched.
    files_left_out: usize,
    folders_left_out: Vec<PathBuf>,
}

impl<'a> Walk<'a> {
    fn new(root: &Path, extensions: &'a [&'a str], max_depth: usize, max_files: usize) -> Self {
        Self {
            extensions,
            root: std::fs::canonicalize(root).ok(),
            max_depth,
            max_files,
            files_left_out: 0,
            folders_left_out: Vec::new(),
        }
    }

    fn folder(
        &mut self,
        folder: &Path,
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
        let mut paths = Vec::new();
        for entry in entries {
            match entry {
                Ok(entry) => paths.push(entry.path()),
                Err(error) => errors.push(StoreError::new(folder, &error)),
            }
        }
        paths.sort();
        for path in paths {
            let name = path.file_name().map(|name| name.to_string_lossy());
            if name.is_some_and(|name| name.starts_with('.')) {
                continue;
            }
            let extension = path.extension().map(|e| e.to_string_lossy().to_lowercase());
            let is_wanted = extension.is_some_and(|e| self.extensions.contains(&e.as_str()));
            let metadata = match std::fs::symlink_metadata(&path) {
                Ok(metadata) => metadata,
                Err(error) => {
                    errors.push(StoreError::new(&path, &error));
                    continue;
                }
            };
            if metadata.is_dir() {
                if depth < self.max_depth {
                    self.folder(&path, depth + 1, files, errors);
                } else {
                    self.folders_left_out.push(path);
                }
                continue;
            }
            if metadata.is_symlink() {
                match self.followed(&path, is_wanted) {
                    Ok(true) => {}
                    Ok(false) => continue,
                    Err(reason) => {
                        errors.push(StoreError::because(&path, reason));
                        continue;
                    }
                }
            } else if !is_wanted {
                continue;
            } else if !metadata.is_file() {
                errors.push(StoreError::because(&path, NO_FILE));
                continue;
            }
            if files.len() < self.max_files {
                files.push(path);
            } else {
                self.files_left_out += 1;
            }
        }
    }

    /// Whether a link stands for a file that is taken; why it is left out otherwise, if that is to
    /// be told.
    fn followed(&self, path: &Path, is_wanted: bool) -> Result<bool, String> {
        let Ok(target) = std::fs::metadata(path) else {
            return if is_wanted {
                Err("this link leads nowhere".to_owned())
            } else {
                Ok(false)
            };
        };
        let is_inside = self.root.as_ref().is_some_and(|root| is_inside(path, root));
        match (target.is_dir(), is_inside) {
            // What is linked inside the folder comes in where it stands.
            (true, true) => Ok(false),
            (true, false) => Err("this link leads out of the folder and was left out".to_owned()),
            (false, _) if !is_wanted => Ok(false),
            (false, false) => Err("this link leads out of the folder and was left out".to_owned()),
            (false, true) if !target.is_file() => Err(NO_FILE.to_owned()),
            (false, true) => Ok(true),
        }
    }

    fn finish(self, root: &Path, errors: &mut Vec<StoreError>) {
        if self.files_left_out > 0 {
            errors.push(StoreError::because(
                root,
                format!(
                    "{} files were left out: at most {} are taken of one import",
                    self.files_left_out, self.max_files
                ),
            ));
        }
        for path in self.folders_left_out {
            errors.push(StoreError::because(
                &path,
                format!(
                    "folders are searched {} deep; this one was left out",
                    self.max_depth
                ),
            ));
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
    fn what_a_search_leaves_out_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        std::fs::create_dir_all(at("a/b/c")).unwrap();
        for name in ["1.txt", "2.txt", "3.txt", "a/b/c/4.txt"] {
            std::fs::write(at(name), "x").unwrap();
        }
        let check = |max_depth: usize, max_files: usize, found: usize, told: &[&str]| {
            let (mut files, mut errors) = (Vec::new(), Vec::new());
            let mut walk = Walk::new(folder.path(), &["txt"], max_depth, max_files);
            walk.folder(folder.path(), 0, &mut files, &mut errors);
            walk.finish(folder.path(), &mut errors);
            let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
            assert_eq!(
                (files.len(), errors.len()),
                (found, told.len()),
                "{errors:?}"
            );
            for (error, told) in errors.iter().zip(told) {
                assert!(error.contains(told), "{error}");
            }
        };
        check(9, 9, 4, &[]);
        check(9, 2, 2, &["2 files were left out: at most 2"]);
        check(2, 9, 3, &["a/b/c: folders are searched 2 deep"]);
    }

    #[cfg(unix)]
    #[test]
    fn links_are_followed_inside_a_folder_only() {
        use std::os::unix::fs::symlink;
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        std::fs::create_dir_all(at("in/sub")).unwrap();
        std::fs::create_dir(at("out")).unwrap();
        for name in ["in/a.txt", "in/sub/b.txt", "out/secret.txt"] {
            std::fs::write(at(name), "x").unwrap();
        }
        symlink(at("out/secret.txt"), at("in/leak.txt")).unwrap();
        symlink("../out", at("in/folder")).unwrap();
        symlink("sub", at("in/again")).unwrap();
        symlink("sub/b.txt", at("in/same.txt")).unwrap();
        symlink("nothing", at("in/gone.txt")).unwrap();
        symlink("/dev/zero", at("in/zero.txt")).unwrap();
        symlink(at("out/secret.txt"), at("in/picture.png")).unwrap();
        let pipe = at("in/pipe.txt");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status();
        let has_pipe = made.is_ok_and(|status| status.success());
        let (files, errors) = article_files(&[at("in")], &["txt"]);
        assert_eq!(
            files,
            [at("in/a.txt"), at("in/same.txt"), at("in/sub/b.txt")]
        );
        let told: Vec<String> = errors.iter().map(ToString::to_string).collect();
        let expected = [
            ("folder", "leads out of the folder"),
            ("gone.txt", "leads nowhere"),
            ("leak.txt", "leads out of the folder"),
            ("pipe.txt", "no file but a device or pipe"),
            ("zero.txt", "leads out of the folder"),
        ];
        let expected = expected
            .iter()
            .filter(|(name, _)| *name != "pipe.txt" || has_pipe);
        assert_eq!(told.len(), expected.clone().count(), "{told:?}");
        for ((name, reason), told) in expected.zip(&told) {
            assert!(told.contains(name) && told.contains(reason), "{told}");
        }
        // What is named itself may be a link, and a folder may be reached by one.
        symlink(at("in"), at("link")).unwrap();
        let (files, _) = article_files(&[at("in/leak.txt"), at("link")], &["txt"]);
        assert_eq!(files.len(), 4, "{files:?}");
        if has_pipe {
            let (files, errors) = article_files(&[pipe], &["txt"]);
            assert_eq!((files.len(), errors.len()), (0, 1));
        }
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
