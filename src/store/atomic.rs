//! Replacing a file in one step.
//!
//! Keeps invariant 8 as far as files go: after a crash at any instant, a file is the old one or
//! the new one, whole. Only regular files are replaced: never a link, a pipe or a folder.

use super::StoreError;
use super::fs::{FileSystem, Foreign, Kind, folder_of, is_free};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

static COUNT: AtomicU32 = AtomicU32::new(0);

/// A new file that nobody sees yet, beside the one that it will replace.
pub struct Replacement<'a> {
    fs: &'a dyn FileSystem,
    target: PathBuf,
    temporary: PathBuf,
    /// Whether the content, and then the name, is flushed to the disk.
    is_flushed: bool,
    is_done: bool,
}

impl<'a> Replacement<'a> {
    /// Writes the new file for a place that the user named, and flushes it to the disk. The old
    /// one is as it was. A link is followed, so that the file it names is replaced and not the
    /// link.
    pub fn write<E: From<StoreError>>(
        fs: &'a dyn FileSystem,
        path: &Path,
        write: impl FnOnce(&mut dyn Write) -> Result<(), E>,
    ) -> Result<Self, E> {
        let target = fs.resolve(path);
        let found = match fs.look(&target) {
            Ok(info) => Some(info.kind),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            // What cannot be looked at is not replaced.
            Err(error) => return Err(StoreError::new(path, &error).into()),
        };
        let reason = match found {
            Some(Kind::Link) => {
                "this is a link to a file that does not exist; name the file itself, or another"
            }
            Some(Kind::Folder) => "this is a folder",
            Some(Kind::Other) => "this is no file but a device or pipe",
            Some(Kind::File) | None => return Self::write_at(fs, path, target, true, write),
        };
        Err(StoreError::because(path, reason).into())
    }

    /// The same for a file of ours: a link in its place is not followed, and stays.
    pub fn write_own<E: From<StoreError>>(
        fs: &'a dyn FileSystem,
        path: &Path,
        write: impl FnOnce(&mut dyn Write) -> Result<(), E>,
    ) -> Result<Self, E> {
        must_be_file(fs, path)?;
        Self::write_at(fs, path, path.to_owned(), true, write)
    }

    /// The same without flushing it.
    fn write_own_unflushed<E: From<StoreError>>(
        fs: &'a dyn FileSystem,
        path: &Path,
        write: impl FnOnce(&mut dyn Write) -> Result<(), E>,
    ) -> Result<Self, E> {
        must_be_file(fs, path)?;
        Self::write_at(fs, path, path.to_owned(), false, write)
    }

    fn write_at<E: From<StoreError>>(
        fs: &'a dyn FileSystem,
        path: &Path,
        target: PathBuf,
        is_flushed: bool,
        write: impl FnOnce(&mut dyn Write) -> Result<(), E>,
    ) -> Result<Self, E> {
        let fail = |error: &io::Error| StoreError::new(path, error);
        let folder = folder_of(&target);
        let (temporary, file) = loop {
            let n = COUNT.fetch_add(1, Ordering::Relaxed);
            let name = format!(".pressmark-{}-{n}.tmp", std::process::id());
            let temporary = folder.join(name);
            match fs.create_new(&temporary) {
                Ok(file) => break (temporary, file),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(fail(&error).into()),
            }
        };
        let replacement = Self {
            fs,
            target,
            temporary,
            is_flushed,
            is_done: false,
        };
        let mut out = io::BufWriter::with_capacity(1 << 16, Out(file));
        write(&mut out)?;
        out.flush().map_err(|error| fail(&error))?;
        let mut file = out.into_parts().0.0;
        if fs.info(&replacement.target).is_ok() {
            // A file system without permissions is no reason not to save.
            let _best_effort = fs.copy_permissions(&replacement.target, &replacement.temporary);
        }
        if is_flushed {
            file.sync().map_err(|error| fail(&error))?;
        }
        Ok(replacement)
    }

    /// Gives the new file the permissions of another.
    pub fn as_readable_as(self, other: &Path) -> Self {
        let _best_effort = self.fs.copy_permissions(other, &self.temporary);
        self
    }

    /// Puts the new file in the place of the old one.
    pub fn persist(mut self) -> Result<(), StoreError> {
        self.fs
            .rename(&self.temporary, &self.target)
            .map_err(|error| StoreError::new(&self.target, &error))?;
        self.is_done = true;
        self.flush_name();
        Ok(())
    }

    /// Puts the new file where nothing stands; an error when something does by now.
    pub fn persist_new(self) -> Result<(), StoreError> {
        let fail = |error: &io::Error| StoreError::new(&self.target, error);
        match self.fs.link(&self.temporary, &self.target) {
            Ok(()) => {
                self.flush_name();
                Ok(())
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(fail(&error)),
            // A file system without second names.
            Err(_) if is_free(self.fs, &self.target) => self.persist(),
            Err(error) => Err(fail(&error)),
        }
    }

    fn flush_name(&self) {
        if self.is_flushed {
            // Not every file system can flush a folder; the rename itself is done.
            let _best_effort = self.fs.sync_folder(&folder_of(&self.target));
        }
    }
}

impl Drop for Replacement<'_> {
    fn drop(&mut self) {
        if !self.is_done {
            // Litter at worst.
            let _best_effort = self.fs.remove(&self.temporary);
        }
    }
}

/// Whether a file of ours may come to stand at a path.
fn must_be_file(fs: &dyn FileSystem, path: &Path) -> Result<(), StoreError> {
    let found = match fs.look(path) {
        Ok(info) => Foreign::unless_file(info.kind),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    };
    found.map_err(|error| StoreError::new(path, &error))
}

struct Out(Box<dyn super::fs::OutFile>);

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write_all(bytes).map(|()| bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Replaces a file in one step: temporary file beside it, flush to disk, rename, flush the folder.
/// `write` may fail or be cancelled; the old file is then as it was.
pub fn write_atomically<E: From<StoreError>>(
    fs: &dyn FileSystem,
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> Result<(), E>,
) -> Result<(), E> {
    Replacement::write(fs, path, write)?.persist()?;
    Ok(())
}

/// The same for a file of ours, which follows no link.
pub fn write_own<E: From<StoreError>>(
    fs: &dyn FileSystem,
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> Result<(), E>,
) -> Result<(), E> {
    Replacement::write_own(fs, path, write)?.persist()?;
    Ok(())
}

/// The same where nothing stands yet: whole when the program dies, and after a loss of power only
/// once the file is flushed.
pub fn write_own_unflushed<E: From<StoreError>>(
    fs: &dyn FileSystem,
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> Result<(), E>,
) -> Result<(), E> {
    Replacement::write_own_unflushed(fs, path, write)?.persist()?;
    Ok(())
}
