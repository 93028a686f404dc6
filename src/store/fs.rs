//! The seam between Pressmark and the disk: every operation that saving, journalling, backing up
//! and locking need, one by one, so that a test can make each of them fail.
//!
//! Knows no project and no journal. [`Disk`] is the real one.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

/// What is known of a file without reading it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileInfo {
    pub len_bytes: u64,
    /// Nanoseconds since 1970; 0 when the file system does not say.
    pub modified_nanos: u128,
    pub is_folder: bool,
}

/// A file that is being written.
pub trait OutFile: Send {
    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()>;
    /// Until here everything is on the disk itself.
    fn sync(&mut self) -> io::Result<()>;
    /// Cuts the file to this length; writing goes on at its end.
    fn truncate(&mut self, len_bytes: u64) -> io::Result<()>;
}

pub trait FileSystem: Send + Sync {
    /// All bytes of a file; at most `limit` of them, or an error of kind `FileTooLarge`.
    fn read(&self, path: &Path, limit: u64) -> io::Result<Vec<u8>>;
    /// The beginning of a file, at most so many bytes.
    fn read_start(&self, path: &Path, bytes: u64) -> io::Result<Vec<u8>>;
    fn info(&self, path: &Path) -> io::Result<FileInfo>;
    /// A file that must not exist yet.
    fn create_new(&self, path: &Path) -> io::Result<Box<dyn OutFile>>;
    /// A file to write on at its end; made when it is missing.
    fn append(&self, path: &Path) -> io::Result<Box<dyn OutFile>>;
    /// Replaces `to` in one step.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// A second name for the same content; `to` must not exist.
    fn link(&self, from: &Path, to: &Path) -> io::Result<()>;
    fn remove(&self, path: &Path) -> io::Result<()>;
    fn create_folder(&self, path: &Path) -> io::Result<()>;
    /// The files of a folder, without its folders.
    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>>;
    /// Until here the names in the folder are on the disk itself.
    fn sync_folder(&self, folder: &Path) -> io::Result<()>;
    /// Gives `to` the permissions of `from`; where there are none, nothing happens.
    fn copy_permissions(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// The file that a link names; the path itself when it is none or does not exist.
    fn resolve(&self, path: &Path) -> PathBuf;
}

/// The real file system.
#[derive(Clone, Copy, Debug, Default)]
pub struct Disk;

impl OutFile for File {
    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        Write::write_all(self, bytes)
    }

    fn sync(&mut self) -> io::Result<()> {
        self.sync_data()
    }

    fn truncate(&mut self, len_bytes: u64) -> io::Result<()> {
        self.set_len(len_bytes)?;
        self.seek(SeekFrom::End(0)).map(|_| ())
    }
}

impl FileSystem for Disk {
    fn read(&self, path: &Path, limit: u64) -> io::Result<Vec<u8>> {
        // Asked before opening: opening a pipe would wait for its writer.
        let kind = fs::metadata(path)?.file_type();
        if kind.is_dir() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        if !kind.is_file() {
            return Err(io::Error::other("this is no file but a device or pipe"));
        }
        let file = File::open(path)?;
        let len = file.metadata()?.len();
        let too_large = |len: u64| {
            let (size, limit) = (len >> 20, limit >> 20);
            let reason = format!("the file is {size} MB; the limit is {limit} MB");
            io::Error::new(io::ErrorKind::FileTooLarge, reason)
        };
        if len > limit {
            return Err(too_large(len));
        }
        let mut bytes = Vec::with_capacity(len as usize + 1);
        // A growing file has no length to trust.
        file.take(limit + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > limit {
            return Err(too_large(bytes.len() as u64));
        }
        Ok(bytes)
    }

    fn read_start(&self, path: &Path, bytes: u64) -> io::Result<Vec<u8>> {
        if !fs::metadata(path)?.is_file() {
            return Err(io::Error::other(
                "this is no file but a folder, device or pipe",
            ));
        }
        let mut start = Vec::new();
        File::open(path)?.take(bytes).read_to_end(&mut start)?;
        Ok(start)
    }

    fn info(&self, path: &Path) -> io::Result<FileInfo> {
        let metadata = fs::metadata(path)?;
        let modified = metadata.modified().unwrap_or(SystemTime::UNIX_EPOCH);
        Ok(FileInfo {
            len_bytes: metadata.len(),
            modified_nanos: modified
                .duration_since(UNIX_EPOCH)
                .map_or(0, |since| since.as_nanos()),
            is_folder: metadata.is_dir(),
        })
    }

    fn create_new(&self, path: &Path) -> io::Result<Box<dyn OutFile>> {
        let file = OpenOptions::new().write(true).create_new(true).open(path)?;
        Ok(Box::new(file))
    }

    fn append(&self, path: &Path) -> io::Result<Box<dyn OutFile>> {
        // Not opened for appending: such a file cannot be cut on every system.
        let mut file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)?;
        file.seek(SeekFrom::End(0))?;
        Ok(Box::new(file))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    fn link(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::hard_link(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }

    fn create_folder(&self, path: &Path) -> io::Result<()> {
        fs::create_dir_all(path)
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        let mut files: Vec<PathBuf> = fs::read_dir(folder)?
            .flatten()
            .map(|entry| entry.path())
            .filter(|path| path.is_file())
            .collect();
        files.sort();
        Ok(files)
    }

    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        // Windows has no way to do this and flushes names with the file.
        if cfg!(unix) {
            File::open(folder)?.sync_all()?;
        }
        Ok(())
    }

    #[cfg(unix)]
    fn copy_permissions(&self, from: &Path, to: &Path) -> io::Result<()> {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(from)?.permissions().mode() & 0o777;
        fs::set_permissions(to, fs::Permissions::from_mode(mode))
    }

    #[cfg(not(unix))]
    fn copy_permissions(&self, _from: &Path, _to: &Path) -> io::Result<()> {
        Ok(())
    }

    fn resolve(&self, path: &Path) -> PathBuf {
        fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
    }
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
