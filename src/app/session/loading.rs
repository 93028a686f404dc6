//! Reading a project with its lock and its journals, and deciding what becomes of the journals that
//! are not gone on with.
//!
//! The lock comes before the reading, and nothing that holds work goes before the new journal has
//! it. Begins no journal itself.

use super::{Ending, OpenError, mint_above};
use crate::app::clock;
use crate::app::desk::{Access, Desk, Known};
use crate::app::recovery::{self, Found, Holds, Recovered, Report, Unread};
use crate::core::edit::History;
use crate::core::ids::IdMint;
use crate::core::project::Project;
use crate::core::shown::shown_path;
use crate::format::journal::{self as records, Content};
use crate::format::project_ron::{self, MAX_FILE_BYTES, Opened};
use crate::store::fs::{FileInfo, Foreign};
use crate::store::journal::path_beside;
use crate::store::lock::{self, Holder, Lock, LockError, Locked};
use crate::store::{self, StoreError};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A project as it comes from disk, with all that goes with it.
pub struct Loaded {
    pub path: Option<PathBuf>,
    pub opened: Opened,
    pub recovered: Recovered,
    pub known: Option<Known>,
    pub lock: Option<Lock>,
    pub held_by: Option<Holder>,
    /// Why there is no lock, in words, when there should be one.
    pub unlocked: Option<String>,
    /// Why the journal was not taken in, in words.
    pub journal_trouble: Option<String>,
    /// Journals that are not gone on with.
    pub(super) left: Vec<Left>,
    /// Journals that hold nothing beyond the one that is gone on with.
    pub(super) superseded: Vec<(PathBuf, Option<Lock>)>,
    pub(super) compact: bool,
    pub(super) journal_path: Option<PathBuf>,
    /// Mints ids above those that there are, when it was made already.
    pub(super) mint: Option<IdMint>,
    /// How the new journal is begun.
    pub(super) begin: Begin,
}

/// A journal that is not gone on with, and what becomes of it.
pub(super) struct Left {
    path: PathBuf,
    /// Held until it is where it will be.
    lock: Option<Lock>,
    fate: Fate,
    /// As it was when a journal was read there; none when it may be someone else's.
    ours: Option<FileInfo>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// All of it is in the new one: it goes when that is on the disk.
    Taken,
    /// It was recovered from, as far as that went: it is kept, and goes from here when the new one
    /// is on the disk.
    Damaged,
    Unfinished,
    /// It holds other edits.
    Other,
    /// Nothing in it is needed.
    Old,
}

/// How a new journal is begun.
#[derive(Default)]
pub(super) struct Begin {
    /// At once, since nothing else holds what was recovered.
    pub(super) is_urgent: bool,
    /// What the file has, with what was made since.
    pub(super) base: Option<History>,
    pub(super) made: Vec<Arc<[u8]>>,
    pub(super) then_remove: Vec<(PathBuf, Option<Lock>)>,
    /// The lock of the journal that is gone on with, when it has one of its own.
    pub(super) lock: Option<(PathBuf, Lock)>,
    /// The project has no lock, though it should.
    pub(super) is_unlocked: bool,
    /// Where the journal of a project without a file lay.
    pub(super) home: Option<PathBuf>,
    /// Journals that could not be kept elsewhere stand here.
    pub(super) blocked: Vec<PathBuf>,
}

/// Reads a project file alone, without its journal.
pub fn open_file(path: &Path, progress: &(dyn Fn(f32) + Sync)) -> Result<Opened, OpenError> {
    let read = || store::read(path, MAX_FILE_BYTES);
    read_project(path, &read, &|_| (), progress).map(|((), opened)| opened)
}

/// Reads a project file; `look` sees its bytes as a whole. What is damaged is read from the disk
/// once more when some of it was let go of.
fn read_project<T: Send>(
    path: &Path,
    read: &dyn Fn() -> Result<Vec<u8>, StoreError>,
    look: &(dyn Fn(&[u8]) -> T + Sync),
    progress: &(dyn Fn(f32) + Sync),
) -> Result<(T, Opened), OpenError> {
    let bytes = read()?;
    progress(0.0);
    let len = bytes.len();
    let (mut seen, opened) = project_ron::read_in_pieces(bytes, look, progress);
    let mut left = match opened {
        Ok(opened) => return Ok((seen, opened)),
        Err(left) => left,
    };
    if left.len() < len {
        left = read()?;
        seen = look(&left);
    }
    match project_ron::read(&left, progress) {
        Ok(opened) => Ok((seen, opened)),
        Err(error) => Err(OpenError::Read {
            path: path.to_owned(),
            error,
        }),
    }
}

/// Reads a project file, takes its lock, and makes again what its journal holds.
pub fn load(
    desk: &Desk,
    path: &Path,
    access: Access,
    progress: &(dyn Fn(f32) + Sync),
) -> Result<Loaded, OpenError> {
    let named = path;
    let path = &*desk.resolve(named);
    // The lock comes first, so that nobody saves between reading and locking.
    let hold = Hold::take(desk, path, access);
    let read = FileRead::new(desk, path, progress)?;
    Ok(Loaded::of(desk, path, named, access, hold, read))
}

/// The file of a session, read again. The session goes on until what comes from the disk takes its
/// place.
pub struct ReadAgain {
    path: PathBuf,
    named: PathBuf,
    access: Access,
    hold: Hold,
    read: FileRead,
}

/// Reads the file of a session again; it is locked first unless the session has the lock.
pub fn read_again(
    desk: &Desk,
    named: &Path,
    access: Access,
    is_locked: bool,
    progress: &(dyn Fn(f32) + Sync),
) -> Result<ReadAgain, OpenError> {
    let path = desk.resolve(named);
    let hold = if is_locked {
        Hold::default()
    } else {
        Hold::take(desk, &path, access)
    };
    let read = FileRead::new(desk, &path, progress)?;
    Ok(ReadAgain {
        path,
        named: named.to_owned(),
        access,
        hold,
        read,
    })
}

impl ReadAgain {
    /// Ends the session before, and takes its journal and its lock over.
    pub fn after(self, desk: &Desk, before: Ending) -> Loaded {
        let own = before.close();
        let hold = Hold {
            lock: own.or(self.hold.lock),
            ..self.hold
        };
        Loaded::of(desk, &self.path, &self.named, self.access, hold, self.read)
    }
}

/// Who has a project that is being opened.
#[derive(Default)]
struct Hold {
    lock: Option<Lock>,
    held_by: Option<Holder>,
    unlocked: Option<String>,
}

impl Hold {
    fn take(desk: &Desk, path: &Path, access: Access) -> Self {
        let mut hold = Self::default();
        if access == Access::Copy {
            return hold;
        }
        let is_forced = access == Access::Force;
        match lock::acquire(&desk.fs, path, clock::holder(), is_forced) {
            Ok(Locked::Ours(lock, _)) => hold.lock = Some(lock),
            Ok(Locked::Theirs(holder)) => hold.held_by = Some(holder),
            // A folder that cannot be written holds no lock, and needs none.
            Err(LockError::Unwritable(_)) => {}
            Err(LockError::Failed(reason)) => hold.unlocked = Some(reason.to_string()),
        }
        hold
    }
}

/// A project file, without its journal.
struct FileRead {
    known: Known,
    opened: Opened,
}

impl FileRead {
    fn new(desk: &Desk, path: &Path, progress: &(dyn Fn(f32) + Sync)) -> Result<Self, OpenError> {
        let fail = |error: std::io::Error| StoreError::new(path, &error);
        let info = desk.fs.info(path).map_err(fail)?;
        let read = || desk.fs.read(path, MAX_FILE_BYTES).map_err(fail);
        let (content, opened) = read_project(path, &read, &Content::of, progress)?;
        Ok(Self {
            known: Known { content, info },
            opened,
        })
    }
}

/// What the journal of a project says, for `check`.
#[derive(Debug, Default)]
pub struct Peek {
    /// Which journal it is.
    pub path: PathBuf,
    /// Journals that cannot be read.
    pub unread: Vec<Unread>,
    /// Other journals that hold edits which are neither in the file nor in this one.
    pub others: Vec<PathBuf>,
    /// The project with what it holds beyond the file; none when there is no journal.
    pub recovered: Option<Result<(Project, Report), String>>,
}

/// Makes the journal of a project again without changing anything on disk.
pub fn peek_journal(desk: &Desk, path: &Path, project: &Project) -> Peek {
    let named = path;
    let path = &*desk.resolve(path);
    let content = desk.fs.read(path, MAX_FILE_BYTES).ok();
    let content = content.map(|bytes| Content::of(&bytes));
    let (taken, unread, _) = recovery::take(desk, path, named, content.as_ref(), Holds::None);
    let mut peek = Peek {
        unread,
        ..Peek::default()
    };
    if let Some(mut taken) = taken {
        let mut project = project.clone();
        let recovered = recovery::recover(&mut project, content.as_ref(), &taken.journal);
        let is_anothers = |recovered| is_anothers(desk, &taken.journal, recovered);
        if recovered.as_ref().is_ok_and(is_anothers) {
            let sources = std::mem::take(&mut taken.sources).into_iter();
            taken
                .others
                .extend(sources.map(|(path, lock)| (path, false, lock)));
        } else {
            peek.path = taken.stranded.unwrap_or(taken.journal.path);
            peek.recovered = Some(recovered.map(|recovered| (project, recovered.report)));
        }
        let unsaved = taken.others.into_iter();
        let unsaved = unsaved.filter(|(_, is_saved, _)| !is_saved);
        peek.others = unsaved.map(|(path, ..)| path).collect();
    }
    peek
}

/// Whether a journal in the state folder is taken for that of another project: its name is made of a
/// path only, where a new project may stand by now. Nothing of it is made on a file that it does
/// not know.
fn is_anothers(desk: &Desk, journal: &Found, recovered: &Recovered) -> bool {
    let folder = desk.state_folder.as_deref();
    folder.is_some()
        && journal.path.parent() == folder
        && recovered.report.is_changed
        && recovered.report.damage.is_empty()
        && recovery::holds_unsaved(&journal.bytes)
}

/// A project that was never saved, from its journal.
pub fn load_unsaved(desk: &Desk, journal: &Path) -> Result<Loaded, OpenError> {
    let fail = |error: std::io::Error| StoreError::new(journal, &error);
    // The lock comes first, so that nobody writes between reading and locking.
    let lock = match lock::acquire(&desk.fs, journal, clock::holder(), false) {
        Ok(Locked::Ours(lock, _)) => Some(lock),
        // Work comes first.
        Err(_) => None,
        Ok(Locked::Theirs(holder)) => {
            let error = std::io::Error::other(format!("{} has it open", clock::who(&holder)));
            return Err(fail(error).into());
        }
    };
    let bytes = desk.fs.read_own(journal, records::MAX_FILE_BYTES);
    let bytes = bytes.map_err(fail)?;
    let mut project = Project::new("");
    let found = Found {
        path: journal.to_owned(),
        bytes,
        is_in_place: true,
    };
    let recovered = recovery::recover(&mut project, None, &found)
        .map_err(|reason| fail(std::io::Error::other(reason)))?;
    let mut loaded = Loaded {
        path: None,
        opened: Opened {
            project,
            problems: Vec::new(),
        },
        recovered,
        known: None,
        lock,
        held_by: None,
        unlocked: None,
        journal_trouble: None,
        left: Vec::new(),
        superseded: Vec::new(),
        compact: false,
        journal_path: Some(journal.to_owned()),
        mint: None,
        begin: Begin::default(),
    };
    loaded.leave_sources(desk, vec![(journal.to_owned(), None)], false);
    Ok(loaded)
}

impl Loaded {
    /// Looks at all ids where no window waits.
    pub fn with_mint(mut self, id_tag: &str) -> Self {
        self.mint = Some(mint_above(&self.opened.project, id_tag));
        self
    }

    fn of(
        desk: &Desk,
        path: &Path,
        named: &Path,
        access: Access,
        hold: Hold,
        read: FileRead,
    ) -> Self {
        let info = read.known.info;
        let mut loaded = Self {
            path: Some(path.to_owned()),
            opened: read.opened,
            recovered: Recovered {
                history: History::saved(),
                ..Recovered::default()
            },
            known: Some(read.known),
            lock: hold.lock,
            held_by: hold.held_by,
            unlocked: hold.unlocked,
            journal_trouble: None,
            left: Vec::new(),
            superseded: Vec::new(),
            compact: false,
            journal_path: None,
            mint: None,
            begin: Begin::default(),
        };
        // The journal belongs to whoever may change the project.
        if loaded.held_by.is_none() && access != Access::Copy {
            loaded.take_journal(desk, path, named);
        }
        if access == Access::Copy {
            loaded.path = None;
        }
        if loaded.recovered.report.saved.is_none() && info.modified_nanos > 0 {
            let secs = i64::try_from(info.modified_nanos / 1_000_000_000).unwrap_or(0);
            loaded.recovered.report.saved = Some(crate::core::annotation::Timestamp::new(secs));
        }
        loaded
    }

    /// `named` is the path by which the project was opened, and may be a link to it.
    fn take_journal(&mut self, desk: &Desk, path: &Path, named: &Path) {
        /// A journal up to this size is never worth rewriting, in bytes.
        const SMALL: usize = 4 << 20;
        let content = self.known.as_ref().map(|known| known.content.clone());
        let content = content.as_ref();
        self.begin.is_unlocked = self.unlocked.is_some();
        let holds = if self.begin.is_unlocked {
            Holds::All
        } else {
            Holds::Away
        };
        let (taken, unread, theirs) = recovery::take(desk, path, named, content, holds);
        let (foreign, unread): (Vec<_>, Vec<_>) = unread
            .into_iter()
            .partition(|unread| unread.foreign.is_some());
        // The others are told when the journal is to be written there.
        let mut foreign = foreign.into_iter();
        let place = path_beside(path);
        let foreign =
            foreign.find(|unread| unread.foreign == Some(Foreign::Content) && unread.path == place);
        let foreign = foreign.map(|unread| unread.path);
        self.recovered.report.foreign.clone_from(&foreign);
        if let Some(first) = unread.first() {
            let place = shown_path(&first.path);
            self.journal_trouble = Some(format!("{place} cannot be read: {}", first.reason));
        }
        let unread = unread.into_iter().map(|unread| (unread.path, None));
        self.leave_all(desk, unread, Fate::Other);
        if let (Some(first), None) = (theirs.first(), &self.journal_trouble) {
            let place = shown_path(first);
            self.journal_trouble = Some(format!("another program has {place} open"));
        }
        self.begin.blocked.extend(theirs);
        let Some(taken) = taken else {
            return;
        };
        self.superseded = taken.superseded;
        for (path, is_saved, lock) in taken.others {
            let fate = if is_saved { Fate::Old } else { Fate::Other };
            self.leave_all(desk, [(path, lock)], fate);
        }
        let mut project = self.opened.project.clone();
        match recovery::recover(&mut project, content, &taken.journal) {
            Ok(recovered) if is_anothers(desk, &taken.journal, &recovered) => {
                self.leave_all(desk, taken.sources, Fate::Other);
            }
            Ok(recovered) => {
                self.opened.project = project;
                self.compact = taken.journal.bytes.len() > SMALL && recovered.report.edits == 0;
                self.recovered = recovered;
                self.recovered.report.stranded = taken.stranded;
                self.recovered.report.foreign = foreign;
                self.leave_sources(desk, taken.sources, taken.is_of_another);
            }
            Err(reason) => {
                self.journal_trouble = Some(reason);
                self.leave_all(desk, taken.sources, Fate::Unfinished);
            }
        }
    }

    /// Decides what becomes of the journals that were recovered from, when a new one is begun.
    /// `is_of_another` says that they name a file that is called otherwise, which may come back.
    fn leave_sources(
        &mut self,
        desk: &Desk,
        sources: Vec<(PathBuf, Option<Lock>)>,
        is_of_another: bool,
    ) {
        let recovered = &self.recovered;
        if let Some((path, ..)) = &recovered.journal {
            let mut sources = sources.into_iter();
            let own = sources.find(|(source, _)| source == path);
            self.begin.lock = own.and_then(|(path, lock)| Some((path, lock?)));
            return;
        }
        let report = &recovered.report;
        let has_work = report.edits > 0 || !report.refused.is_empty();
        let fate = if !report.damage.is_empty() {
            Fate::Damaged
        } else if !report.refused.is_empty() || (report.is_changed && has_work) || is_of_another {
            Fate::Unfinished
        } else if !report.is_changed {
            Fate::Taken
        } else {
            Fate::Old
        };
        self.begin.is_urgent = has_work || !report.damage.is_empty() || report.stranded.is_some();
        self.leave_all(desk, sources, fate);
    }

    /// Reads each once more, so that it need not be read where a window waits.
    fn leave_all(
        &mut self,
        desk: &Desk,
        journals: impl IntoIterator<Item = (PathBuf, Option<Lock>)>,
        fate: Fate,
    ) {
        for (path, lock) in journals {
            let info = desk.fs.look(&path).ok();
            let ours = info.filter(|_| recovery::is_ours(&*desk.fs, &path));
            self.left.push(Left {
                path,
                lock,
                fate,
                ours,
            });
        }
    }

    /// Puts journals that are not gone on with out of the way, under names that say so and that
    /// nothing has. What was recovered from stays until the new journal has it.
    pub(super) fn keep_journals(&mut self, desk: &Desk) {
        for (path, _held_until_here) in std::mem::take(&mut self.superseded) {
            let _litter_at_worst = desk.fs.remove(&path);
        }
        for left in std::mem::take(&mut self.left) {
            let Left {
                path,
                lock,
                fate,
                ours,
            } = left;
            let ending = match fate {
                Fate::Taken => {
                    self.begin.then_remove.push((path, lock));
                    continue;
                }
                Fate::Damaged => recovery::ending("journal-damaged"),
                Fate::Unfinished | Fate::Other => recovery::ending("journal"),
                Fate::Old => "journal-old".to_owned(),
            };
            if ours.is_none() || desk.fs.look(&path).ok() != ours {
                self.begin.blocked.push(path);
                continue;
            }
            let kept = match recovery::keep(&*desk.fs, &path, &ending) {
                Ok(kept) => kept,
                // What can neither be read nor have a second name is moved; work is not.
                Err(_) if matches!(fate, Fate::Other | Fate::Old) => {
                    let moved = recovery::free_name(&*desk.fs, &path, &ending);
                    if desk.fs.rename(&path, &moved).is_err() {
                        self.begin.blocked.push(path);
                        continue;
                    }
                    moved
                }
                Err(_) => {
                    self.begin.blocked.push(path);
                    continue;
                }
            };
            let report = &mut self.recovered.report;
            match fate {
                Fate::Other => report.others.push(kept),
                Fate::Damaged | Fate::Unfinished => report.kept = Some(kept),
                Fate::Taken | Fate::Old => {}
            }
            if matches!(fate, Fate::Damaged | Fate::Unfinished) {
                self.begin.then_remove.push((path, lock));
            } else {
                // It has its other name.
                let _stays_at_worst = desk.fs.remove(&path);
            }
        }
    }
}
