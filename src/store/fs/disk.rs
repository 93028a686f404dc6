//! The real file system.
//!
//! Files of ours are looked at twice: before they are opened, since opening a device can do
//! something, and on the open handle, since what stands at a path can change in between.

#![expect(clippy::disallowed_methods, reason = "this is the disk")]

use super::{FileInfo, FileSystem, FlushLater, Foreign, HeldFile, Kind, OutFile};
use std::fs::{self, File, FileType, Metadata, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

#[derive(Clone, Copy, Debug, Default)]
pub struct Disk;

fn kind_of(file: FileType) -> Kind {
    if file.is_file() {
        Kind::File
    } else if file.is_dir() {
        Kind::Folder
    } else if file.is_symlink() {
        Kind::Link
    } else {
        Kind::Other
    }
}

fn info_of(metadata: &Metadata) -> FileInfo {
    let modified = metadata.modified().unwrap_or(SystemTime::UNIX_EPOCH);
    FileInfo {
        len_bytes: metadata.len(),
        modified_nanos: modified
            .duration_since(UNIX_EPOCH)
            .map_or(0, |since| since.as_nanos()),
        kind: kind_of(metadata.file_type()),
    }
}

/// So that a link that was put there meanwhile is not followed, and a pipe is not waited for.
#[cfg(unix)]
fn no_follow(options: &mut OpenOptions) -> &mut OpenOptions {
    use rustix::fs::OFlags;
    use std::os::unix::fs::OpenOptionsExt;
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
    options.custom_flags(flags.bits().cast_signed())
}

#[cfg(not(unix))]
fn no_follow(options: &mut OpenOptions) -> &mut OpenOptions {
    options
}

#[cfg(unix)]
fn is_shared(metadata: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    metadata.nlink() > 1
}

#[cfg(not(unix))]
fn is_shared(_metadata: &Metadata) -> bool {
    false
}

/// Opens a regular file and nothing else.
pub(in crate::store) fn open_own(
    path: &Path,
    options: &mut OpenOptions,
) -> io::Result<(File, Metadata)> {
    Foreign::unless_file(kind_of(fs::symlink_metadata(path)?.file_type()))?;
    let file = no_follow(options).open(path)?;
    let metadata = file.metadata()?;
    Foreign::unless_file(kind_of(metadata.file_type()))?;
    Ok((file, metadata))
}

/// Opens a regular file that has one name, to write into it; makes it when it is missing.
fn open_or_make(path: &Path, options: &mut OpenOptions) -> io::Result<File> {
    for _ in 0..8 {
        match open_own(path, options.create_new(false)) {
            Ok((_, metadata)) if is_shared(&metadata) => return Err(Foreign::Shared.into()),
            Ok((file, _)) => return Ok(file),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
        match options.create_new(true).open(path) {
            // Another program was faster.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            made => return made,
        }
    }
    Err(io::Error::other("the file comes and goes"))
}

fn read_all(file: File, len: u64, limit: u64) -> io::Result<Vec<u8>> {
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
    file.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit {
        return Err(too_large(bytes.len() as u64));
    }
    Ok(bytes)
}

impl OutFile for File {
    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        Write::write_all(self, bytes)
    }

    fn sync(&mut self) -> io::Result<()> {
        self.sync_data()
    }

    fn flush_later(&self) -> io::Result<FlushLater> {
        let file = self.try_clone()?;
        Ok(Box::new(move || file.sync_data()))
    }

    fn truncate(&mut self, len_bytes: u64) -> io::Result<()> {
        self.set_len(len_bytes)?;
        self.seek(SeekFrom::End(0)).map(|_| ())
    }
}

impl HeldFile for File {
    fn read(&mut self, limit: usize) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.seek(SeekFrom::Start(0))?;
        Read::take(self, limit as u64).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.seek(SeekFrom::Start(0))?;
        Write::write_all(self, bytes)?;
        self.set_len(bytes.len() as u64)
    }

    fn try_lock(&mut self) -> io::Result<bool> {
        match Self::try_lock(self) {
            Ok(()) => Ok(true),
            Err(TryLockError::WouldBlock) => Ok(false),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    #[cfg(unix)]
    fn is_at(&self, path: &Path) -> bool {
        use std::os::unix::fs::MetadataExt;
        match (self.metadata(), fs::symlink_metadata(path)) {
            (Ok(ours), Ok(there)) => ours.ino() == there.ino() && ours.dev() == there.dev(),
            _ => false,
        }
    }

    #[cfg(not(unix))]
    fn is_at(&self, path: &Path) -> bool {
        fs::symlink_metadata(path).is_ok_and(|there| there.is_file())
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
        read_all(file, len, limit)
    }

    fn read_own(&self, path: &Path, limit: u64) -> io::Result<Vec<u8>> {
        let (file, metadata) = open_own(path, OpenOptions::new().read(true))?;
        read_all(file, metadata.len(), limit)
    }

    fn read_start(&self, path: &Path, bytes: u64) -> io::Result<Vec<u8>> {
        let (file, _) = open_own(path, OpenOptions::new().read(true))?;
        let mut start = Vec::new();
        file.take(bytes).read_to_end(&mut start)?;
        Ok(start)
    }

    fn info(&self, path: &Path) -> io::Result<FileInfo> {
        fs::metadata(path).map(|metadata| info_of(&metadata))
    }

    fn look(&self, path: &Path) -> io::Result<FileInfo> {
        fs::symlink_metadata(path).map(|metadata| info_of(&metadata))
    }

    fn create_new(&self, path: &Path) -> io::Result<Box<dyn OutFile>> {
        let file = OpenOptions::new().write(true).create_new(true).open(path)?;
        Ok(Box::new(file))
    }

    fn append(&self, path: &Path) -> io::Result<Box<dyn OutFile>> {
        // Not opened for appending: such a file cannot be cut on every system.
        let mut file = open_or_make(path, OpenOptions::new().write(true))?;
        file.seek(SeekFrom::End(0))?;
        Ok(Box::new(file))
    }

    fn hold(&self, path: &Path) -> io::Result<Box<dyn HeldFile>> {
        let file = open_or_make(path, OpenOptions::new().read(true).write(true))?;
        Ok(Box::new(file))
    }

    fn hold_to_read(&self, path: &Path) -> io::Result<Box<dyn HeldFile>> {
        let (file, _) = open_own(path, OpenOptions::new().read(true))?;
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
            .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_file()))
            .map(|entry| entry.path())
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
        let named = |path: &Path| fs::canonicalize(path).map(plain);
        let absolute = || std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        named(path).unwrap_or_else(|_| match path.file_name() {
            Some(name) => {
                named(&super::folder_of(path)).map_or_else(|_| absolute(), |f| f.join(name))
            }
            None => absolute(),
        })
    }
}

/// A path as people write it: Windows puts `\\?\` before it.
#[cfg(windows)]
fn plain(path: PathBuf) -> PathBuf {
    let text = path.to_string_lossy();
    let is_drive = |rest: &str| rest.as_bytes().get(1) == Some(&b':') && rest.len() < 240;
    match text.strip_prefix(r"\\?\").filter(|rest| is_drive(rest)) {
        Some(rest) => PathBuf::from(rest),
        None => path,
    }
}

#[cfg(not(windows))]
fn plain(path: PathBuf) -> PathBuf {
    path
}
