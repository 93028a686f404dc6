//! A disk in memory that fails, fills up, or dies at a chosen operation, for tests.
//!
//! It keeps apart what a program wrote and what reached the disk itself, so that a test can look at
//! what is left after the death of the program and after the loss of power.

use super::{FileInfo, FileSystem, OutFile};
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

/// What happens at the chosen operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// This one fails; a write leaves half of itself.
    Fails,
    /// From here on nothing can be written.
    Full,
    /// From here on nothing may be written.
    Denied,
    /// The program is killed; what it wrote stays.
    Killed,
    /// The power goes; only what was flushed stays.
    PowerCut,
    /// The power goes; names are on the disk, but of contents only what was flushed.
    PowerCutAfterNames,
}

impl Fault {
    pub(crate) const ALL: [Self; 6] = [
        Self::Fails,
        Self::Full,
        Self::Denied,
        Self::Killed,
        Self::PowerCut,
        Self::PowerCutAfterNames,
    ];

    pub(crate) fn ends_the_program(self) -> bool {
        matches!(
            self,
            Self::Killed | Self::PowerCut | Self::PowerCutAfterNames
        )
    }
}

#[derive(Clone, Default)]
struct Content {
    written: Vec<u8>,
    flushed: Vec<u8>,
    modified: u128,
}

#[derive(Clone, Default)]
struct State {
    contents: Vec<Content>,
    names: BTreeMap<PathBuf, usize>,
    flushed_names: BTreeMap<PathBuf, usize>,
    folders: BTreeSet<PathBuf>,
    operations: usize,
    fault: Option<(usize, Fault)>,
    clock: u128,
}

#[derive(Clone, Default)]
pub(crate) struct Simulated(Arc<Mutex<State>>);

struct SimulatedFile {
    disk: Simulated,
    content: usize,
}

fn gone() -> io::Error {
    io::Error::other("the program is dead")
}

impl Simulated {
    pub(crate) fn with_folders(folders: &[&str]) -> Self {
        let disk = Self::default();
        disk.0.lock().unwrap().folders = folders.iter().map(PathBuf::from).collect();
        disk
    }

    /// Puts a file there, flushed.
    pub(crate) fn put(&self, path: &str, bytes: &[u8]) {
        let state = &mut *self.0.lock().unwrap();
        state.clock += 1_000_000_000;
        state.contents.push(Content {
            written: bytes.to_vec(),
            flushed: bytes.to_vec(),
            modified: state.clock,
        });
        let at = state.contents.len() - 1;
        state.names.insert(PathBuf::from(path), at);
        state.flushed_names.insert(PathBuf::from(path), at);
    }

    /// All files, as they are now.
    pub(crate) fn files(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let state = self.0.lock().unwrap();
        let names = state.names.iter();
        names
            .map(|(path, at)| (path.clone(), state.contents[*at].written.clone()))
            .collect()
    }

    /// The fault comes at the `at`-th operation from now.
    pub(crate) fn break_at(&self, at: usize, fault: Fault) {
        let mut state = self.0.lock().unwrap();
        state.fault = Some((state.operations + at, fault));
    }

    pub(crate) fn operations(&self) -> usize {
        self.0.lock().unwrap().operations
    }

    /// The disk as the next start finds it.
    pub(crate) fn survivor(&self, fault: Fault) -> Self {
        let mut state = self.0.lock().unwrap().clone();
        state.fault = None;
        if fault == Fault::PowerCut {
            state.names = state.flushed_names.clone();
        }
        if matches!(fault, Fault::PowerCut | Fault::PowerCutAfterNames) {
            for content in &mut state.contents {
                content.written = content.flushed.clone();
            }
        }
        state.flushed_names = state.names.clone();
        Self(Arc::new(Mutex::new(state)))
    }

    /// Counts an operation; the fault says what is to become of it.
    fn step(&self, writes: bool) -> io::Result<()> {
        let state = &mut *self.0.lock().unwrap();
        state.operations += 1;
        state.clock += 1_000_000;
        let Some((at, fault)) = state.fault else {
            return Ok(());
        };
        if state.operations < at {
            return Ok(());
        }
        match fault {
            Fault::Fails if state.operations == at => Err(io::Error::other("failed")),
            Fault::Fails => Ok(()),
            Fault::Full if writes => Err(io::ErrorKind::StorageFull.into()),
            Fault::Denied if writes => Err(io::ErrorKind::PermissionDenied.into()),
            Fault::Full | Fault::Denied => Ok(()),
            _ => Err(gone()),
        }
    }

    /// Half of what is written when the fault comes is there.
    fn is_torn(&self) -> bool {
        let state = self.0.lock().unwrap();
        state
            .fault
            .is_some_and(|(at, fault)| fault == Fault::Full || state.operations == at)
    }

    fn file(&self, path: &Path) -> io::Result<usize> {
        let state = self.0.lock().unwrap();
        state
            .names
            .get(path)
            .copied()
            .ok_or(io::ErrorKind::NotFound.into())
    }

    fn make(&self, path: &Path) -> io::Result<usize> {
        let state = &mut *self.0.lock().unwrap();
        if !path
            .parent()
            .is_some_and(|folder| state.folders.contains(folder))
        {
            return Err(io::ErrorKind::NotFound.into());
        }
        state.contents.push(Content {
            modified: state.clock,
            ..Content::default()
        });
        state
            .names
            .insert(path.to_owned(), state.contents.len() - 1);
        Ok(state.contents.len() - 1)
    }
}

impl OutFile for SimulatedFile {
    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        let outcome = self.disk.step(true);
        let part = match outcome {
            Ok(()) => bytes,
            Err(_) if self.disk.is_torn() => &bytes[..bytes.len() / 2],
            Err(_) => &[],
        };
        let state = &mut *self.disk.0.lock().unwrap();
        state.contents[self.content].written.extend_from_slice(part);
        state.contents[self.content].modified = state.clock;
        outcome
    }

    fn sync(&mut self) -> io::Result<()> {
        self.disk.step(true)?;
        let state = &mut *self.disk.0.lock().unwrap();
        let content = &mut state.contents[self.content];
        content.flushed.clone_from(&content.written);
        Ok(())
    }

    fn truncate(&mut self, len_bytes: u64) -> io::Result<()> {
        self.disk.step(false)?;
        let state = &mut *self.disk.0.lock().unwrap();
        state.contents[self.content]
            .written
            .resize(len_bytes as usize, 0);
        Ok(())
    }
}

impl FileSystem for Simulated {
    fn read(&self, path: &Path, _limit: u64) -> io::Result<Vec<u8>> {
        self.step(false)?;
        let content = self.file(path)?;
        Ok(self.0.lock().unwrap().contents[content].written.clone())
    }

    fn read_start(&self, path: &Path, bytes: u64) -> io::Result<Vec<u8>> {
        let mut start = self.read(path, u64::MAX)?;
        start.truncate(usize::try_from(bytes).unwrap_or(usize::MAX));
        Ok(start)
    }

    fn info(&self, path: &Path) -> io::Result<FileInfo> {
        self.step(false)?;
        let is_folder = self.0.lock().unwrap().folders.contains(path);
        if is_folder {
            return Ok(FileInfo {
                len_bytes: 0,
                modified_nanos: 0,
                is_folder,
            });
        }
        let content = self.file(path)?;
        let state = self.0.lock().unwrap();
        let content = &state.contents[content];
        Ok(FileInfo {
            len_bytes: content.written.len() as u64,
            modified_nanos: content.modified,
            is_folder,
        })
    }

    fn create_new(&self, path: &Path) -> io::Result<Box<dyn OutFile>> {
        self.step(true)?;
        if self.file(path).is_ok() {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        let content = self.make(path)?;
        Ok(Box::new(SimulatedFile {
            disk: self.clone(),
            content,
        }))
    }

    fn append(&self, path: &Path) -> io::Result<Box<dyn OutFile>> {
        self.step(true)?;
        let content = self.file(path).or_else(|_| self.make(path))?;
        Ok(Box::new(SimulatedFile {
            disk: self.clone(),
            content,
        }))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.step(true)?;
        let content = self.file(from)?;
        let state = &mut *self.0.lock().unwrap();
        state.names.remove(from);
        state.names.insert(to.to_owned(), content);
        Ok(())
    }

    fn link(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.step(true)?;
        let content = self.file(from)?;
        self.0.lock().unwrap().names.insert(to.to_owned(), content);
        Ok(())
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.step(true)?;
        let removed = self.0.lock().unwrap().names.remove(path);
        removed.map(|_| ()).ok_or(io::ErrorKind::NotFound.into())
    }

    fn create_folder(&self, path: &Path) -> io::Result<()> {
        self.step(true)?;
        self.0.lock().unwrap().folders.insert(path.to_owned());
        Ok(())
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        self.step(false)?;
        let state = self.0.lock().unwrap();
        let names = state.names.keys();
        Ok(names
            .filter(|path| path.parent() == Some(folder))
            .cloned()
            .collect())
    }

    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        self.step(true)?;
        let state = &mut *self.0.lock().unwrap();
        let here = |path: &PathBuf| path.parent() == Some(folder);
        state.flushed_names.retain(|path, _| !here(path));
        let names = state.names.iter().filter(|(path, _)| here(path));
        state
            .flushed_names
            .extend(names.map(|(path, at)| (path.clone(), *at)));
        Ok(())
    }

    fn copy_permissions(&self, _from: &Path, _to: &Path) -> io::Result<()> {
        self.step(true)
    }

    fn resolve(&self, path: &Path) -> PathBuf {
        path.to_owned()
    }
}
