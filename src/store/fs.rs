//! The seam between Pressmark and the disk: every operation that saving, journalling, backing up
//! and locking need, one by one, so that a test can make each of them fail.
//!
//! Knows no project and no journal. [`Disk`] is the real one. What the program makes beside a
//! project is opened by operations that follow no link and take regular files only, so that
//! nothing of others is written to: a link, a pipe or a folder in its place is [`Foreign`].

mod disk;

pub use disk::Disk;
pub(super) use disk::open_own;

use std::io;
use std::path::{Path, PathBuf};

/// What stands at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    File,
    Folder,
    /// A symbolic link, wherever it leads.
    Link,
    /// A pipe, a socket or a device.
    Other,
}

/// What is known of a file without reading it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileInfo {
    pub len_bytes: u64,
    /// Nanoseconds since 1970; 0 when the file system does not say.
    pub modified_nanos: u128,
    pub kind: Kind,
}

/// Why what stands in the place of a file of ours is left alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Foreign {
    #[error("a symbolic link stands in its place, and is not followed")]
    Link,
    #[error("a folder stands in its place")]
    Folder,
    #[error("a pipe or device stands in its place")]
    Other,
    #[error("the file there has another name elsewhere, so it is not written to")]
    Shared,
    #[error("a file stands in its place that Pressmark did not make")]
    Content,
}

impl From<Foreign> for io::Error {
    fn from(foreign: Foreign) -> Self {
        Self::other(foreign)
    }
}

impl Foreign {
    /// What an operation found in the place of a file of ours; `None` when it failed otherwise.
    pub fn of(error: &io::Error) -> Option<Self> {
        error.get_ref()?.downcast_ref().copied()
    }

    /// Whether a file of ours may stand where this does.
    pub fn unless_file(kind: Kind) -> io::Result<()> {
        match kind {
            Kind::File => Ok(()),
            Kind::Folder => Err(Self::Folder.into()),
            Kind::Link => Err(Self::Link.into()),
            Kind::Other => Err(Self::Other.into()),
        }
    }
}

pub type FlushLater = Box<dyn FnOnce() -> io::Result<()> + Send>;

/// A file that is being written.
pub trait OutFile: Send {
    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()>;
    /// Until here everything is on the disk itself.
    fn sync(&mut self) -> io::Result<()>;
    /// The same, to be done in another thread while the file is written on.
    fn flush_later(&self) -> io::Result<FlushLater>;
    /// Cuts the file to this length; writing goes on at its end.
    fn truncate(&mut self, len_bytes: u64) -> io::Result<()>;
}

/// A small file that is held open and written in place, with the system's lock on it.
pub trait HeldFile: Send {
    /// Its first bytes, at most `limit`.
    fn read(&mut self, limit: usize) -> io::Result<Vec<u8>>;
    /// Takes the place of what was in it.
    fn write(&mut self, bytes: &[u8]) -> io::Result<()>;
    /// Takes the system's lock; `false` when another program has it, an error where the file
    /// system has no locks.
    fn try_lock(&mut self) -> io::Result<bool>;
    /// Whether this is the file that stands at the path.
    fn is_at(&self, path: &Path) -> bool;
}

pub trait FileSystem: Send + Sync {
    /// All bytes of a file that the user named; at most `limit` of them, or an error of kind
    /// `FileTooLarge`.
    fn read(&self, path: &Path, limit: u64) -> io::Result<Vec<u8>>;
    /// The same of a file of ours.
    fn read_own(&self, path: &Path, limit: u64) -> io::Result<Vec<u8>>;
    /// The beginning of a file of ours, at most so many bytes.
    fn read_start(&self, path: &Path, bytes: u64) -> io::Result<Vec<u8>>;
    /// What a path leads to.
    fn info(&self, path: &Path) -> io::Result<FileInfo>;
    /// What stands at the path itself; a link is not followed.
    fn look(&self, path: &Path) -> io::Result<FileInfo>;
    /// A file that must not exist yet.
    fn create_new(&self, path: &Path) -> io::Result<Box<dyn OutFile>>;
    /// A file of ours to write on at its end; made when it is missing.
    fn append(&self, path: &Path) -> io::Result<Box<dyn OutFile>>;
    /// A file of ours to hold; made when it is missing.
    fn hold(&self, path: &Path) -> io::Result<Box<dyn HeldFile>>;
    /// The same of one that may only be read: to see whether another program has its lock.
    fn hold_to_read(&self, path: &Path) -> io::Result<Box<dyn HeldFile>>;
    /// Replaces `to` in one step.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// A second name for the same content; `to` must not exist.
    fn link(&self, from: &Path, to: &Path) -> io::Result<()>;
    fn remove(&self, path: &Path) -> io::Result<()>;
    fn create_folder(&self, path: &Path) -> io::Result<()>;
    /// The regular files of a folder, without its folders and links.
    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>>;
    /// Until here the names in the folder are on the disk itself.
    fn sync_folder(&self, folder: &Path) -> io::Result<()>;
    /// Gives `to` the permissions of `from`; where there are none, nothing happens.
    fn copy_permissions(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// The path of the file itself, whatever links lead to it; of a file that does not exist yet,
    /// that which it will have.
    fn resolve(&self, path: &Path) -> PathBuf;
}

/// Looks whether the file at a path, if there is one, is what it has to be to be written to. What
/// cannot be read is not.
pub fn must_be_ours(
    fs: &dyn FileSystem,
    path: &Path,
    limit: u64,
    is_ours: impl FnOnce(&[u8]) -> bool,
) -> io::Result<()> {
    match fs.read_own(path, limit) {
        Ok(bytes) if is_ours(&bytes) => Ok(()),
        Ok(_) => Err(Foreign::Content.into()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}

/// Whether nothing stands at a path, not even a link that leads nowhere.
pub fn is_free(fs: &dyn FileSystem, path: &Path) -> bool {
    matches!(fs.look(path), Err(error) if error.kind() == io::ErrorKind::NotFound)
}

/// The folder that holds a file.
pub fn folder_of(path: &Path) -> PathBuf {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        _ => PathBuf::from("."),
    }
}

#[cfg(test)]
pub(crate) mod simulated;
#[cfg(unix)]
#[cfg(test)]
mod tests;
