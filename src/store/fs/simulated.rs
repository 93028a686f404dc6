//! A disk in memory that fails, fills up, or dies at a chosen operation, for tests.
//!
//! It keeps apart what a program wrote and what reached the disk itself, so that a test can look at
//! what is left after the death of the program and after the loss of power. Links, pipes and second
//! names for a file can be put on it, as other people leave them.

use super::{FileInfo, FileSystem, FlushLater, Foreign, HeldFile, Kind, OutFile};
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

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

/// What a name stands for, but for folders.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Entry {
    File(usize),
    Link(PathBuf),
    Pipe,
}

#[derive(Clone, Default)]
struct State {
    contents: Vec<Content>,
    names: BTreeMap<PathBuf, Entry>,
    flushed_names: BTreeMap<PathBuf, Entry>,
    folders: BTreeSet<PathBuf>,
    /// Files of another user, which may be read.
    of_others: BTreeSet<PathBuf>,
    /// Contents that a running program has locked.
    locked: BTreeSet<usize>,
    operations: usize,
    fault: Option<(usize, Fault)>,
    clock: u128,
    /// How long each flush takes.
    flush_time: Duration,
}

#[derive(Clone, Default)]
pub(crate) struct Simulated(Arc<Mutex<State>>);

struct SimulatedFile {
    disk: Simulated,
    content: usize,
    has_lock: bool,
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
        state.put(path, Entry::File(at));
    }

    /// Puts a symbolic link there.
    pub(crate) fn put_link(&self, path: &str, target: &str) {
        let target = PathBuf::from(target);
        self.0.lock().unwrap().put(path, Entry::Link(target));
    }

    /// From here on a file is another user's.
    pub(crate) fn give_away(&self, path: &str) {
        self.0.lock().unwrap().of_others.insert(PathBuf::from(path));
    }

    pub(crate) fn put_pipe(&self, path: &str) {
        self.0.lock().unwrap().put(path, Entry::Pipe);
    }

    pub(crate) fn put_folder(&self, path: &str) {
        self.0.lock().unwrap().folders.insert(PathBuf::from(path));
    }

    /// Gives a file a second name.
    pub(crate) fn put_name(&self, path: &str, of: &str) {
        let state = &mut *self.0.lock().unwrap();
        let entry = state.names.get(Path::new(of)).unwrap().clone();
        state.put(path, entry);
    }

    /// Everything in a folder and what it is, for comparing; times are left out.
    pub(crate) fn everything_in(&self, folder: &str) -> BTreeMap<PathBuf, String> {
        let state = self.0.lock().unwrap();
        let is_in = |path: &&PathBuf| path.starts_with(folder);
        let of = |entry: &Entry| match entry {
            Entry::File(at) => String::from_utf8_lossy(&state.contents[*at].written).into_owned(),
            other => format!("{other:?}"),
        };
        let names = state.names.iter().filter(|(path, _)| is_in(path));
        let names = names.map(|(path, entry)| (path.clone(), of(entry)));
        let folders = state.folders.iter().filter(is_in);
        let folders = folders.map(|path| (path.clone(), "folder".to_owned()));
        names.chain(folders).collect()
    }

    /// All files, as they are now.
    pub(crate) fn files(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let state = self.0.lock().unwrap();
        let names = state.names.iter();
        names
            .filter_map(|(path, entry)| match entry {
                Entry::File(at) => Some((path.clone(), state.contents[*at].written.clone())),
                _ => None,
            })
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
        state.locked.clear();
        Self(Arc::new(Mutex::new(state)))
    }

    /// From here on each flush takes so long.
    pub(crate) fn set_flush_time(&self, time: Duration) {
        self.0.lock().unwrap().flush_time = time;
    }

    fn flush(&self, content: usize) -> io::Result<()> {
        self.step(true)?;
        let (flushed, time) = {
            let state = self.0.lock().unwrap();
            (state.contents[content].written.clone(), state.flush_time)
        };
        std::thread::sleep(time);
        self.0.lock().unwrap().contents[content].flushed = flushed;
        Ok(())
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

    fn open(&self, content: usize) -> SimulatedFile {
        SimulatedFile {
            disk: self.clone(),
            content,
            has_lock: false,
        }
    }

    /// The file that a path leads to.
    fn file(&self, path: &Path) -> io::Result<usize> {
        let state = self.0.lock().unwrap();
        let path = state.follow(path, true)?;
        match state.names.get(&path) {
            Some(Entry::File(content)) => Ok(*content),
            _ if state.folders.contains(&path) => Err(io::ErrorKind::IsADirectory.into()),
            Some(_) => Err(io::Error::other("this is no file but a device or pipe")),
            None => Err(io::ErrorKind::NotFound.into()),
        }
    }

    /// The file of ours that stands at a path.
    fn own(&self, path: &Path, is_written: bool) -> io::Result<usize> {
        let state = self.0.lock().unwrap();
        let path = state.follow(path, false)?;
        Foreign::unless_file(state.kind(&path)?)?;
        let Some(Entry::File(content)) = state.names.get(&path) else {
            return Err(io::ErrorKind::NotFound.into());
        };
        let same = |entry: &&Entry| **entry == Entry::File(*content);
        if is_written && state.names.values().filter(same).count() > 1 {
            return Err(Foreign::Shared.into());
        }
        Ok(*content)
    }

    fn make(&self, path: &Path) -> io::Result<usize> {
        let state = &mut *self.0.lock().unwrap();
        let path = state.follow(path, false)?;
        if state.kind(&path).is_ok() {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
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
        let at = state.contents.len() - 1;
        state.names.insert(path, Entry::File(at));
        Ok(at)
    }

    fn own_or_new(&self, path: &Path) -> io::Result<usize> {
        match self.own(path, true) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => self.make(path),
            found => found,
        }
    }
}

impl State {
    fn put(&mut self, path: &str, entry: Entry) {
        self.names.insert(PathBuf::from(path), entry.clone());
        self.flushed_names.insert(PathBuf::from(path), entry);
    }

    /// The path with links in its folders followed, and at its end when `last`.
    fn follow(&self, path: &Path, last: bool) -> io::Result<PathBuf> {
        let mut path = path.to_owned();
        for _ in 0..8 {
            let ancestors = path.ancestors().skip(usize::from(!last));
            let link = ancestors
                .filter_map(|at| match self.names.get(at) {
                    Some(Entry::Link(target)) => Some((at, target)),
                    _ => None,
                })
                .last();
            let Some((at, target)) = link else {
                return Ok(path);
            };
            let rest = path.strip_prefix(at).unwrap();
            path = if rest.as_os_str().is_empty() {
                target.clone()
            } else {
                target.join(rest)
            };
        }
        Err(io::Error::other("links go round in a circle"))
    }

    fn kind(&self, path: &Path) -> io::Result<Kind> {
        match self.names.get(path) {
            _ if self.folders.contains(path) => Ok(Kind::Folder),
            Some(Entry::File(_)) => Ok(Kind::File),
            Some(Entry::Link(_)) => Ok(Kind::Link),
            Some(Entry::Pipe) => Ok(Kind::Other),
            None => Err(io::ErrorKind::NotFound.into()),
        }
    }

    fn info(&self, path: &Path) -> io::Result<FileInfo> {
        let (len_bytes, modified_nanos) = match self.names.get(path) {
            Some(Entry::File(at)) => {
                let content = &self.contents[*at];
                (content.written.len() as u64, content.modified)
            }
            _ => (0, 0),
        };
        Ok(FileInfo {
            len_bytes,
            modified_nanos,
            kind: self.kind(path)?,
        })
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
        self.disk.flush(self.content)
    }

    fn flush_later(&self) -> io::Result<FlushLater> {
        let (disk, content) = (self.disk.clone(), self.content);
        Ok(Box::new(move || disk.flush(content)))
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

impl HeldFile for SimulatedFile {
    fn read(&mut self, limit: usize) -> io::Result<Vec<u8>> {
        self.disk.step(false)?;
        let state = self.disk.0.lock().unwrap();
        let written = &state.contents[self.content].written;
        Ok(written[..written.len().min(limit)].to_vec())
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        let outcome = self.disk.step(true);
        let part = match outcome {
            Ok(()) => bytes.len(),
            Err(_) if self.disk.is_torn() => bytes.len() / 2,
            Err(_) => return outcome,
        };
        let state = &mut *self.disk.0.lock().unwrap();
        let written = &mut state.contents[self.content].written;
        written.resize(written.len().max(part), 0);
        written[..part].copy_from_slice(&bytes[..part]);
        if outcome.is_ok() {
            written.truncate(part);
        }
        outcome
    }

    fn try_lock(&mut self) -> io::Result<bool> {
        self.disk.step(false)?;
        self.has_lock = self.disk.0.lock().unwrap().locked.insert(self.content);
        Ok(self.has_lock)
    }

    fn is_at(&self, path: &Path) -> bool {
        self.disk.step(false).is_ok()
            && self
                .disk
                .own(path, false)
                .is_ok_and(|there| there == self.content)
    }
}

impl Drop for SimulatedFile {
    fn drop(&mut self) {
        if self.has_lock {
            self.disk.0.lock().unwrap().locked.remove(&self.content);
        }
    }
}

impl FileSystem for Simulated {
    fn read(&self, path: &Path, _limit: u64) -> io::Result<Vec<u8>> {
        self.step(false)?;
        let content = self.file(path)?;
        Ok(self.0.lock().unwrap().contents[content].written.clone())
    }

    fn read_own(&self, path: &Path, _limit: u64) -> io::Result<Vec<u8>> {
        self.step(false)?;
        let content = self.own(path, false)?;
        Ok(self.0.lock().unwrap().contents[content].written.clone())
    }

    fn read_start(&self, path: &Path, bytes: u64) -> io::Result<Vec<u8>> {
        let mut start = self.read_own(path, u64::MAX)?;
        start.truncate(usize::try_from(bytes).unwrap_or(usize::MAX));
        Ok(start)
    }

    fn info(&self, path: &Path) -> io::Result<FileInfo> {
        self.step(false)?;
        let state = self.0.lock().unwrap();
        state.info(&state.follow(path, true)?)
    }

    fn look(&self, path: &Path) -> io::Result<FileInfo> {
        self.step(false)?;
        let state = self.0.lock().unwrap();
        state.info(&state.follow(path, false)?)
    }

    fn create_new(&self, path: &Path) -> io::Result<Box<dyn OutFile>> {
        self.step(true)?;
        Ok(Box::new(self.open(self.make(path)?)))
    }

    fn append(&self, path: &Path) -> io::Result<Box<dyn OutFile>> {
        self.step(true)?;
        Ok(Box::new(self.open(self.own_or_new(path)?)))
    }

    fn hold_to_read(&self, path: &Path) -> io::Result<Box<dyn HeldFile>> {
        self.step(false)?;
        Ok(Box::new(self.open(self.own(path, false)?)))
    }

    fn hold(&self, path: &Path) -> io::Result<Box<dyn HeldFile>> {
        self.step(true)?;
        if self.0.lock().unwrap().of_others.contains(path) {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
        Ok(Box::new(self.open(self.own_or_new(path)?)))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.step(true)?;
        let state = &mut *self.0.lock().unwrap();
        let (from, to) = (state.follow(from, false)?, state.follow(to, false)?);
        if state.folders.contains(&to) {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        let entry = state.names.remove(&from).ok_or(io::ErrorKind::NotFound)?;
        state.names.insert(to, entry);
        Ok(())
    }

    fn link(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.step(true)?;
        let state = &mut *self.0.lock().unwrap();
        let (from, to) = (state.follow(from, false)?, state.follow(to, false)?);
        if state.kind(&to).is_ok() {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        let entry = state.names.get(&from).ok_or(io::ErrorKind::NotFound)?;
        let entry = entry.clone();
        state.names.insert(to, entry);
        Ok(())
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.step(true)?;
        let state = &mut *self.0.lock().unwrap();
        let path = state.follow(path, false)?;
        let removed = state.names.remove(&path);
        state.of_others.remove(&path);
        removed.map(|_| ()).ok_or(io::ErrorKind::NotFound.into())
    }

    fn create_folder(&self, path: &Path) -> io::Result<()> {
        self.step(true)?;
        let state = &mut *self.0.lock().unwrap();
        let path = state.follow(path, true)?;
        if state.names.contains_key(&path) {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        state.folders.insert(path);
        Ok(())
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        self.step(false)?;
        let state = self.0.lock().unwrap();
        let real = state.follow(folder, true)?;
        let files = state.names.iter().filter(|(path, entry)| {
            path.parent() == Some(&real) && matches!(entry, Entry::File(_))
        });
        let names = files.filter_map(|(path, _)| path.file_name());
        Ok(names.map(|name| folder.join(name)).collect())
    }

    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        self.step(true)?;
        let state = &mut *self.0.lock().unwrap();
        let folder = state.follow(folder, true)?;
        let here = |path: &PathBuf| path.parent() == Some(&folder);
        state.flushed_names.retain(|path, _| !here(path));
        let names = state.names.iter().filter(|(path, _)| here(path));
        state
            .flushed_names
            .extend(names.map(|(path, entry)| (path.clone(), entry.clone())));
        Ok(())
    }

    fn copy_permissions(&self, _from: &Path, _to: &Path) -> io::Result<()> {
        self.step(true)
    }

    fn resolve(&self, path: &Path) -> PathBuf {
        let state = self.0.lock().unwrap();
        let real = state.follow(path, true);
        match real.ok().filter(|real| state.kind(real).is_ok()) {
            Some(real) => real,
            None => state
                .follow(path, false)
                .unwrap_or_else(|_| path.to_owned()),
        }
    }
}
