//! Files: reading with limits, writing atomically, finding article files.
//!
//! The only module that touches the file system for projects and datasets. Keeps invariant 8 as
//! far as saving goes: after a crash a file is the old one or the new one, whole.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

/// Folders are searched this deep.
const MAX_DEPTH: usize = 16;
/// And give at most this many files.
const MAX_FILES: usize = 100_000;

#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("{}: {reason}", path.display())]
    File { path: PathBuf, reason: String },
}

impl StoreError {
    pub fn new(path: &Path, error: &io::Error) -> Self {
        let reason = match error.kind() {
            io::ErrorKind::NotFound => "the file does not exist (any more)".to_owned(),
            io::ErrorKind::PermissionDenied => "you have no permission to do this".to_owned(),
            io::ErrorKind::StorageFull => "the disk is full".to_owned(),
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

/// The bytes of a file of at most `limit` bytes.
pub fn read(path: &Path, limit: u64) -> Result<Vec<u8>, StoreError> {
    let fail = |error: io::Error| StoreError::new(path, &error);
    // Asked before opening: opening a pipe would wait for its writer.
    let kind = fs::metadata(path).map_err(fail)?.file_type();
    if !kind.is_file() && !kind.is_dir() {
        return Err(StoreError::because(
            path,
            "this is no file but a device or pipe",
        ));
    }
    let file = File::open(path).map_err(fail)?;
    let metadata = file.metadata().map_err(fail)?;
    if metadata.is_dir() {
        return Err(StoreError::because(path, "this is a folder"));
    }
    if metadata.len() > limit {
        let (size, limit) = (metadata.len() >> 20, limit >> 20);
        let reason = format!("the file is {size} MB; the limit is {limit} MB");
        return Err(StoreError::because(path, reason));
    }
    let mut bytes = Vec::with_capacity(metadata.len() as usize + 1);
    // A pipe or a growing file has no length to trust.
    file.take(limit + 1).read_to_end(&mut bytes).map_err(fail)?;
    if bytes.len() as u64 > limit {
        let reason = format!("the file is over {} MB", limit >> 20);
        return Err(StoreError::because(path, reason));
    }
    Ok(bytes)
}

/// Replaces a file in one step: temporary file beside it, flush to disk, rename, flush the folder.
/// `write` may fail or be cancelled; the old file is then as it was.
pub fn write_atomically<E: From<StoreError>>(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> Result<(), E>,
) -> Result<(), E> {
    let fail = |error: &io::Error| StoreError::new(path, error);
    // A link is followed, so that the file it names is replaced and not the link.
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let folder = match target.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        _ => PathBuf::from("."),
    };
    let mut builder = tempfile::Builder::new();
    builder.prefix(".pressmark-").suffix(".tmp");
    #[cfg(unix)]
    {
        // What the user's mask allows, as for any new file.
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let mut temporary = builder.tempfile_in(&folder).map_err(|error| fail(&error))?;
    {
        let mut out = io::BufWriter::with_capacity(1 << 20, temporary.as_file_mut());
        write(&mut out)?;
        out.flush().map_err(|error| fail(&error))?;
    }
    set_permissions(temporary.as_file(), &target).map_err(|error| fail(&error))?;
    temporary
        .as_file()
        .sync_all()
        .map_err(|error| fail(&error))?;
    temporary
        .persist(&target)
        .map_err(|error| fail(&error.error))?;
    // Not every file system can flush a folder; the rename itself is done.
    if let Ok(folder) = File::open(&folder) {
        let _best_effort = folder.sync_all();
    }
    Ok(())
}

/// The permissions of the file that is replaced; a new file keeps its own.
#[cfg(unix)]
fn set_permissions(file: &File, target: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    match fs::metadata(target) {
        Ok(replaced) => {
            let mode = replaced.permissions().mode() & 0o777;
            file.set_permissions(fs::Permissions::from_mode(mode))
        }
        Err(_) => Ok(()),
    }
}

#[cfg(not(unix))]
fn set_permissions(_file: &File, _target: &Path) -> io::Result<()> {
    Ok(())
}

/// Copies a file beside itself under a free name that ends in `marker`, and says which.
pub fn keep_copy(path: &Path, marker: &str) -> Result<PathBuf, StoreError> {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let extension = path.extension().unwrap_or_default().to_string_lossy();
    let mut n = 1;
    loop {
        let number = if n == 1 {
            String::new()
        } else {
            format!("-{n}")
        };
        let copy = path.with_file_name(format!("{stem}.{marker}{number}.{extension}"));
        if !copy.exists() {
            fs::copy(path, &copy).map_err(|error| StoreError::new(&copy, &error))?;
            return Ok(copy);
        }
        n += 1;
    }
}

/// The files that a list of files and folders stands for, folders searched for `extensions`, in a
/// stable order. What cannot be read comes as errors.
pub fn article_files(paths: &[PathBuf], extensions: &[&str]) -> (Vec<PathBuf>, Vec<StoreError>) {
    let mut files = Vec::new();
    let mut errors = Vec::new();
    for path in paths {
        match fs::metadata(path) {
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

fn walk(
    folder: &Path,
    extensions: &[&str],
    depth: usize,
    files: &mut Vec<PathBuf>,
    errors: &mut Vec<StoreError>,
) {
    let entries = match fs::read_dir(folder) {
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
        let Ok(metadata) = fs::symlink_metadata(&path) else {
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
        assert_eq!(fs::read_to_string(&path).unwrap(), "one");
        write("three", false).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "three");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn folders_are_searched_in_order() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::create_dir(at("b")).unwrap();
        for name in ["z.txt", "a.TXT", "b/c.md", "pic.png", ".hidden.txt"] {
            fs::write(at(name), "x").unwrap();
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
        fs::write(&path, vec![b'a'; 3 << 20]).unwrap();
        let message = read(&path, 1 << 20).unwrap_err().to_string();
        assert!(
            message.contains("the file is 3 MB; the limit is 1 MB"),
            "{message}"
        );
    }
}
