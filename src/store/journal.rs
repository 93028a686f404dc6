//! The journal as a file: growing it, flushing it, cutting a torn tail, moving it elsewhere.
//!
//! Knows lines of bytes, not what they mean, and leaves alone what is no journal. Together with
//! `format::journal` it keeps invariant 8: whatever was appended is on disk in order, and a failed
//! append leaves a tail that is cut.

use super::StoreError;
use super::atomic::{write_own, write_own_unflushed};
use super::fs::{FileSystem, Foreign, Kind, OutFile, folder_of, is_free, must_be_ours};
use crate::format::journal::{MAX_FILE_BYTES, is_journal};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// `NAME.ron.journal`, beside the project.
pub fn path_beside(project: &Path) -> PathBuf {
    let mut name = project.file_name().unwrap_or_default().to_owned();
    name.push(".journal");
    project.with_file_name(name)
}

/// The project that a journal lies beside.
pub fn project_of(journal: &Path) -> PathBuf {
    journal.with_extension("")
}

/// Where the journal of a project goes whose folder cannot be written.
pub fn path_in_state(project: &Path, state_folder: &Path) -> PathBuf {
    let stem = project.file_stem().unwrap_or_default().to_string_lossy();
    let whole = std::path::absolute(project).unwrap_or_else(|_| project.to_owned());
    let hash = blake3::hash(whole.to_string_lossy().as_bytes()).to_hex();
    let short = hash.as_str().get(..8).unwrap_or_default();
    state_folder.join(format!("{stem}-{short}.ron.journal"))
}

/// Another place in the state folder for the journal that belongs at `path`.
pub fn another_name(path: &Path, unique: &str) -> PathBuf {
    let project = project_of(path);
    let stem = project.file_stem().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!("{stem}-{unique}.ron.journal"))
}

/// A journal that is open for appending.
pub struct JournalFile {
    fs: Arc<dyn FileSystem>,
    path: PathBuf,
    file: Box<dyn OutFile>,
    /// Bytes of whole lines; what stands after them is the rest of an append that failed.
    len_bytes: u64,
    is_torn: bool,
    /// Its name may not be on the disk yet.
    is_new: bool,
}

/// Flushes a file to the disk itself, in whichever thread.
pub type FlushLater = Box<dyn FnOnce() -> Result<(), StoreError> + Send>;

impl JournalFile {
    /// Opens a journal to go on after its first `whole_bytes`. A line that was torn after them is
    /// cut; when whole lines stand there, someone else wrote them, and nothing is touched.
    pub fn open(
        fs: Arc<dyn FileSystem>,
        path: &Path,
        whole_bytes: u64,
    ) -> Result<Self, StoreError> {
        let fail = |error: std::io::Error| StoreError::new(path, &error);
        // Opening would make it anew where its folder was renamed.
        let len_bytes = fs.look(path).map_err(fail)?.len_bytes;
        let mut file = match fs.append(path) {
            // A copy of the folder made of second names must not grow with it.
            Err(error) if Foreign::of(&error) == Some(Foreign::Shared) => {
                let bytes = fs.read_own(path, u64::MAX).map_err(fail)?;
                write_own(&*fs, path, |out| out.write_all(&bytes).map_err(fail))?;
                fs.append(path).map_err(fail)?
            }
            other => other.map_err(fail)?,
        };
        if len_bytes > whole_bytes {
            let bytes = fs.read_own(path, len_bytes).map_err(fail)?;
            let whole = usize::try_from(whole_bytes).unwrap_or(usize::MAX);
            if bytes.get(whole..).is_some_and(|rest| rest.contains(&b'\n')) {
                let reason = "someone else has written in it";
                return Err(fail(std::io::Error::other(reason)));
            }
            file.truncate(whole_bytes).map_err(fail)?;
        }
        Ok(Self {
            fs,
            path: path.to_owned(),
            file,
            len_bytes: whole_bytes,
            is_torn: false,
            is_new: false,
        })
    }

    /// A new journal of these lines, in the place of any other journal there. Where there was none
    /// it is not flushed yet: [`Self::sync`] does that.
    pub fn create(
        fs: Arc<dyn FileSystem>,
        path: &Path,
        lines: &[Arc<[u8]>],
    ) -> Result<Self, StoreError> {
        if let Some(folder) = path.parent().filter(|f| fs.info(f).is_err()) {
            let made = fs.create_folder(folder);
            made.map_err(|error| StoreError::new(folder, &error))?;
        }
        must_be_ours(&*fs, path, MAX_FILE_BYTES, is_journal)
            .map_err(|error| StoreError::new(path, &error))?;
        let write = |out: &mut dyn std::io::Write| {
            lines.iter().try_for_each(|line| {
                out.write_all(line)
                    .map_err(|error| StoreError::new(path, &error))
            })
        };
        let is_new = is_free(&*fs, path);
        if is_new {
            write_own_unflushed(&*fs, path, write)?;
        } else {
            write_own(&*fs, path, write)?;
        }
        let len_bytes = lines.iter().map(|line| line.len() as u64).sum();
        let journal = Self::open(fs, path, len_bytes)?;
        Ok(Self { is_new, ..journal })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    pub fn len_bytes(&self) -> u64 {
        self.len_bytes
    }

    /// Writes a line at the end; it survives the death of the program, and after [`Self::sync`]
    /// the loss of power. A failed append is cut off again by the next one.
    pub fn append(&mut self, line: &[u8]) -> Result<(), StoreError> {
        let fail = |path: &Path, error: &std::io::Error| StoreError::new(path, error);
        if self.is_torn {
            self.file
                .truncate(self.len_bytes)
                .map_err(|error| fail(&self.path, &error))?;
            self.is_torn = false;
        }
        if let Err(error) = self.file.write_all(line) {
            self.is_torn = true;
            // So that not even the next start sees half a line.
            if self.file.truncate(self.len_bytes).is_ok() {
                self.is_torn = false;
            }
            return Err(fail(&self.path, &error));
        }
        self.len_bytes += line.len() as u64;
        Ok(())
    }

    /// Until here everything is on the disk itself.
    pub fn sync(&mut self) -> Result<(), StoreError> {
        self.flush_later()?()
    }

    /// The same, to be done while the journal is written on.
    pub fn flush_later(&mut self) -> Result<FlushLater, StoreError> {
        let path = self.path.clone();
        let file = self.file.flush_later();
        let file = file.map_err(|error| StoreError::new(&path, &error))?;
        let named = std::mem::take(&mut self.is_new).then(|| self.fs.clone());
        Ok(Box::new(move || {
            file().map_err(|error| StoreError::new(&path, &error))?;
            if let Some(fs) = named {
                // Not every file system can flush a folder.
                let _best_effort = fs.sync_folder(&folder_of(&path));
                let found = fs.look(&path);
                found.map_err(|error| StoreError::new(&path, &error))?;
            }
            Ok(())
        }))
    }

    /// Whether the file is still where it was: a drive may be gone, a folder renamed.
    pub fn is_in_place(&self) -> bool {
        self.fs
            .look(&self.path)
            .is_ok_and(|info| info.kind == Kind::File && info.len_bytes >= self.len_bytes)
    }
}
