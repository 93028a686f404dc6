//! The open project: its history, its journal, where it is saved, and who is annotating.
//!
//! Everything that changes the project goes through [`Session::perform`], [`Session::undo`] and
//! [`Session::redo`], and each of them writes one record into the journal (invariants 1 and 8).

use crate::app::clock;
use crate::app::journal::{Journal, JournalSender, Opening, Place, Status};
use crate::app::recovery::{self, Found, Recovered, Report, Unread};
use crate::app::saving::Known;
use crate::core::annotation::UnknownFields;
use crate::core::check::Problem;
use crate::core::edit::{Edit, EditError, History, Transaction};
use crate::core::ids::{AnnotationId, AnnotatorId, IdMint};
use crate::core::project::{Annotator, Project, Trashed};
use crate::core::shown::{shown, shown_path};
use crate::format::journal::{self as records, Content, Record, StepRecord};
use crate::format::project_ron::{self, MAX_FILE_BYTES, Opened};
use crate::store::fs::{Disk, FileSystem, Foreign, Kind};
use crate::store::journal::{another_name, path_beside, path_in_state};
use crate::store::lock::{self, Holder, Lock, LockError, Locked};
use crate::store::{self, StoreError};
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The disk, and the folder for what belongs to no project: journals of projects without a file or
/// in folders that cannot be written.
#[derive(Clone)]
pub struct Desk {
    pub fs: Arc<dyn FileSystem>,
    pub state_folder: Option<PathBuf>,
}

impl Desk {
    /// The desk of the command line, which finds the journals that the window keeps.
    pub fn of_this_user() -> Self {
        let config = crate::app::settings::config_folder();
        Self::on_disk(config.as_deref().map(crate::app::settings::state_folder))
    }

    pub fn on_disk(state_folder: Option<PathBuf>) -> Self {
        Self {
            fs: Arc::new(Disk),
            state_folder,
        }
    }

    /// The path of a project as the program knows it. A project that is reached through a link is
    /// the file that the link names, so that lock, journal and backups are the same on every way.
    pub fn resolve(&self, project: &Path) -> PathBuf {
        self.fs.resolve(project)
    }

    pub(in crate::app) fn is_link(&self, path: &Path) -> bool {
        self.fs.look(path).is_ok_and(|info| info.kind == Kind::Link)
    }
}

pub struct Session {
    project: Project,
    history: History,
    pub path: Option<PathBuf>,
    /// What was wrong with the file when it was opened.
    pub problems: Vec<Problem>,
    /// The file on disk is damaged: it is kept as a copy before it is replaced.
    pub keep_damaged: bool,
    /// The file as it was read or saved last.
    pub known: Option<Known>,
    /// Who has the project open, when it was opened to read only.
    pub held_by: Option<Holder>,
    pub lock: Option<Lock>,
    journal: Option<Journal>,
    /// States of steps of which the journal holds only one half.
    half_logged: HashSet<u64>,
    /// The state that the analyst did not want to save.
    given_up: Option<u64>,
    mint: IdMint,
    annotator: AnnotatorId,
    /// Rises with every change, for whatever is derived from the project.
    revision: u64,
}

#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("{}: {error}", shown_path(path))]
    Read {
        path: PathBuf,
        error: crate::format::ReadError,
    },
}

/// Why something was not done.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum PerformError {
    #[error(transparent)]
    Edit(#[from] EditError),
    #[error("the project was opened to read only, because {0} has it open")]
    ReadOnly(String),
}

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
    left: Vec<Left>,
    /// Journals that hold nothing beyond the one that is gone on with.
    superseded: Vec<(PathBuf, Option<Lock>)>,
    compact: bool,
    journal_path: Option<PathBuf>,
    /// How the new journal is begun.
    begin: Begin,
}

/// A journal that is not gone on with, and what becomes of it.
struct Left {
    path: PathBuf,
    lock: Option<Lock>,
    fate: Fate,
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
struct Begin {
    /// At once, since nothing else holds what was recovered.
    is_urgent: bool,
    /// What the file has, with what was made since.
    base: Option<History>,
    made: Vec<Arc<[u8]>>,
    then_remove: Vec<(PathBuf, Option<Lock>)>,
    /// The lock of the journal that is gone on with, when it has one of its own.
    lock: Option<(PathBuf, Lock)>,
    /// Where the journal of a project without a file lay.
    home: Option<PathBuf>,
    /// Journals that could not be kept elsewhere stand here.
    blocked: Vec<PathBuf>,
}

/// How a project is to be opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Access {
    /// To change it; to read only when someone else has it open.
    #[default]
    Change,
    /// To change it, whoever has it open.
    Force,
    /// As a copy without a place: saving asks where to.
    Copy,
}

/// Reads a project file alone, without its journal.
pub fn open_file(path: &Path, progress: &(dyn Fn(f32) + Sync)) -> Result<Opened, OpenError> {
    let bytes = store::read(path, MAX_FILE_BYTES)?;
    progress(0.0);
    project_ron::read(&bytes, progress).map_err(|error| OpenError::Read {
        path: path.to_owned(),
        error,
    })
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

/// Reads the file of a session again. When that goes well, the session ends, and what comes from the
/// disk has its lock; else it goes on.
pub fn load_again(desk: &Desk, session: &mut Session, named: &Path) -> Result<Loaded, OpenError> {
    let path = &*desk.resolve(named);
    let own = session.lock.take();
    let hold = match own.is_some() {
        true => Hold::default(),
        false => Hold::take(desk, path, Access::Change),
    };
    match FileRead::new(desk, path, &|_| ()) {
        Ok(read) => {
            session.close();
            let hold = Hold {
                lock: own.or(hold.lock),
                ..hold
            };
            Ok(Loaded::of(desk, path, named, Access::Change, hold, read))
        }
        Err(error) => {
            session.lock = own;
            // What was given up for it is all that there is.
            session.given_up = None;
            Err(error)
        }
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
        let bytes = desk.fs.read(path, MAX_FILE_BYTES).map_err(fail)?;
        progress(0.0);
        let (content, opened) = std::thread::scope(|scope| {
            let content = scope.spawn(|| Content::of(&bytes));
            let opened = project_ron::read(&bytes, progress);
            let content = content.join().unwrap_or_else(|_| Content::of(&bytes));
            (content, opened)
        });
        let opened = opened.map_err(|error| OpenError::Read {
            path: path.to_owned(),
            error,
        })?;
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
    let (taken, unread, _) = recovery::take(desk, path, named, content.as_ref(), false);
    let mut peek = Peek {
        unread,
        ..Peek::default()
    };
    if let Some(taken) = taken {
        let mut project = project.clone();
        let recovered = recovery::recover(&mut project, content.as_ref(), &taken.journal);
        let unsaved = taken
            .others
            .into_iter()
            .filter(|(_, is_saved, _)| !is_saved);
        peek.others = unsaved.map(|(path, ..)| path).collect();
        peek.path = taken.stranded.unwrap_or(taken.journal.path);
        peek.recovered = Some(recovered.map(|recovered| (project, recovered.report)));
    }
    peek
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
        begin: Begin::default(),
    };
    loaded.leave_sources(vec![(journal.to_owned(), None)]);
    Ok(loaded)
}

/// The journals of projects that were never saved and that no program has open, newest last.
pub fn unsaved_journals(desk: &Desk) -> Vec<PathBuf> {
    let Some(folder) = &desk.state_folder else {
        return Vec::new();
    };
    /// A project that was given up is removed after so long, in days.
    const KEPT_DAYS: u128 = 30;
    let now = u128::try_from(clock::now().0).unwrap_or(0);
    let mut found: Vec<(u128, PathBuf)> = desk
        .fs
        .list(folder)
        .unwrap_or_default()
        .into_iter()
        .filter(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            // Not of a project that is called so.
            name.starts_with(UNSAVED_PREFIX)
                && name.ends_with(".journal")
                && !name.ends_with(".ron.journal")
        })
        .filter(|path| {
            let lock = lock::acquire(&desk.fs, path, clock::holder(), false);
            !matches!(lock, Ok(Locked::Theirs(_)))
        })
        .filter_map(|path| Some((desk.fs.info(&path).ok()?.modified_nanos, path)))
        .filter(|(modified, path)| {
            let bytes = desk.fs.read_own(path, records::MAX_FILE_BYTES);
            let days = now.saturating_sub(modified / 1_000_000_000) / 86_400;
            let is_disposable = bytes.as_deref().is_ok_and(recovery::is_disposable);
            if is_disposable && days > KEPT_DAYS {
                let _litter_at_worst = desk.fs.remove(path);
            }
            // One that cannot be read is offered as well, and says why.
            bytes.map_or(true, |bytes| recovery::holds_unsaved(&bytes))
        })
        .collect();
    found.sort();
    found.into_iter().map(|(_, path)| path).collect()
}

/// What the names of journals begin with whose projects were never saved.
const UNSAVED_PREFIX: &str = "unsaved-";

impl Loaded {
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
            loaded.recovered.report.saved = Some(crate::core::annotation::Timestamp(secs));
        }
        loaded
    }

    /// `named` is the path by which the project was opened, and may be a link to it.
    fn take_journal(&mut self, desk: &Desk, path: &Path, named: &Path) {
        /// A journal up to this size is never worth rewriting, in bytes.
        const SMALL: usize = 4 << 20;
        let content = self.known.as_ref().map(|known| &known.content);
        let (taken, unread, theirs) = recovery::take(desk, path, named, content, true);
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
        self.left.extend(unread.into_iter().map(|unread| Left {
            path: unread.path,
            lock: None,
            fate: Fate::Other,
        }));
        if let (Some(first), None) = (theirs.first(), &self.journal_trouble) {
            let place = shown_path(first);
            self.journal_trouble = Some(format!("another program has {place} open"));
        }
        self.begin.blocked.extend(theirs);
        let Some(taken) = taken else {
            return;
        };
        self.superseded = taken.superseded;
        let fate = |is_saved| if is_saved { Fate::Old } else { Fate::Other };
        let others = taken.others.into_iter();
        self.left.extend(others.map(|(path, is_saved, lock)| Left {
            path,
            lock,
            fate: fate(is_saved),
        }));
        let mut project = self.opened.project.clone();
        let folder = desk.state_folder.as_deref();
        let is_away = folder.is_some() && taken.journal.path.parent() == folder;
        match recovery::recover(&mut project, content, &taken.journal) {
            // Its name is made of a path only, where another project may stand by now.
            Ok(recovered)
                if is_away
                    && recovered.report.is_changed
                    && recovered.report.damage.is_empty()
                    && recovery::holds_unsaved(&taken.journal.bytes) =>
            {
                let sources = taken.sources.into_iter();
                self.left.extend(sources.map(|(path, lock)| Left {
                    path,
                    lock,
                    fate: Fate::Other,
                }));
            }
            Ok(recovered) => {
                self.opened.project = project;
                self.compact = taken.journal.bytes.len() > SMALL && recovered.report.edits == 0;
                self.recovered = recovered;
                self.recovered.report.stranded = taken.stranded;
                self.recovered.report.foreign = foreign;
                self.leave_sources(taken.sources);
            }
            Err(reason) => {
                self.journal_trouble = Some(reason);
                let sources = taken.sources.into_iter();
                self.left.extend(sources.map(|(path, lock)| Left {
                    path,
                    lock,
                    fate: Fate::Unfinished,
                }));
            }
        }
    }

    /// Decides what becomes of the journals that were recovered from, when a new one is begun.
    fn leave_sources(&mut self, sources: Vec<(PathBuf, Option<Lock>)>) {
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
        } else if !report.refused.is_empty() || (report.is_changed && has_work) {
            Fate::Unfinished
        } else if !report.is_changed {
            Fate::Taken
        } else {
            Fate::Old
        };
        self.begin.is_urgent = has_work || !report.damage.is_empty() || report.stranded.is_some();
        self.left.extend(
            sources
                .into_iter()
                .map(|(path, lock)| Left { path, lock, fate }),
        );
    }

    /// Puts journals that are not gone on with out of the way, under names that say so and that
    /// nothing has. What was recovered from stays until the new journal has it.
    fn keep_journals(&mut self, desk: &Desk) {
        for (path, _held_until_here) in std::mem::take(&mut self.superseded) {
            let _litter_at_worst = desk.fs.remove(&path);
        }
        for Left { path, lock, fate } in std::mem::take(&mut self.left) {
            let ending = match fate {
                Fate::Taken => {
                    self.begin.then_remove.push((path, lock));
                    continue;
                }
                Fate::Damaged => recovery::ending("journal-damaged"),
                Fate::Unfinished | Fate::Other => recovery::ending("journal"),
                Fate::Old => "journal-old".to_owned(),
            };
            if !recovery::is_ours(&*desk.fs, &path) {
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

impl Session {
    pub fn new(name: &str, annotator: &str, id_tag: &str) -> Self {
        Self::of(Project::new(name), History::saved(), annotator, id_tag)
    }

    /// A session on a project that was read without a journal.
    pub fn opened(opened: Opened, annotator: &str, id_tag: &str) -> Self {
        let mut session = Self::of(opened.project, History::saved(), annotator, id_tag);
        session.keep_damaged = opened
            .problems
            .iter()
            .any(|problem| problem.severity == crate::core::check::Severity::Error);
        session.problems = opened.problems;
        session
    }

    /// A session on a project from disk, with its history, going on with its journal.
    pub fn loaded(
        mut loaded: Loaded,
        desk: &Desk,
        annotator: &str,
        id_tag: &str,
        wake: crate::app::jobs::Wake,
    ) -> (Self, Report) {
        if loaded.held_by.is_none() {
            loaded.keep_journals(desk);
        }
        let mut session = Self::opened(loaded.opened, annotator, id_tag);
        session.history = loaded.recovered.history;
        session.half_logged = loaded.recovered.half_logged;
        session.path = loaded.path;
        session.known = loaded.known;
        session.lock = loaded.lock;
        session.held_by = loaded.held_by;
        let has_journal = session.path.is_some() || loaded.journal_path.is_some();
        if session.held_by.is_none() && has_journal {
            let saved = loaded.recovered.report.saved;
            let present = loaded.recovered.journal.take().filter(|_| !loaded.compact);
            let begin = Begin {
                base: loaded.recovered.base.take(),
                home: loaded.journal_path.take(),
                made: std::mem::take(&mut loaded.recovered.made),
                ..loaded.begin
            };
            session.begin_journal(desk, present, saved, wake, begin);
        }
        (session, loaded.recovered.report)
    }

    fn of(project: Project, history: History, annotator: &str, id_tag: &str) -> Self {
        let mut mint = IdMint::new(id_tag);
        for article in project.articles() {
            for annotation in article.annotations.iter() {
                mint.see(annotation.id.as_str());
            }
        }
        for item in project.trash() {
            match &item.what {
                Trashed::Annotation { annotation, .. } => mint.see(annotation.id.as_str()),
                Trashed::Article(article) => {
                    for annotation in article.annotations.iter() {
                        mint.see(annotation.id.as_str());
                    }
                }
                Trashed::Label(_) | Trashed::Annotator(_) => {}
            }
        }
        Self {
            project,
            history,
            path: None,
            problems: Vec::new(),
            keep_damaged: false,
            known: None,
            held_by: None,
            lock: None,
            journal: None,
            half_logged: HashSet::new(),
            given_up: None,
            mint,
            annotator: AnnotatorId::new(annotator),
            revision: 1,
        }
    }

    /// Begins the journal, or goes on with the one that is there: its path, its length in bytes
    /// and the number of its next record.
    pub fn start_journal(
        &mut self,
        desk: &Desk,
        present: Option<(PathBuf, u64, u64)>,
        saved: Option<crate::core::annotation::Timestamp>,
        wake: crate::app::jobs::Wake,
    ) {
        self.begin_journal(desk, present, saved, wake, Begin::default());
    }

    fn begin_journal(
        &mut self,
        desk: &Desk,
        present: Option<(PathBuf, u64, u64)>,
        saved: Option<crate::core::annotation::Timestamp>,
        wake: crate::app::jobs::Wake,
        begin: Begin,
    ) {
        let state_folder = desk.state_folder.as_deref();
        let home = begin.home.clone();
        let home = home.filter(|home| state_folder.is_none() || !begin.blocked.contains(home));
        if home.is_none() && self.path.is_none() && present.is_none() {
            // It is begun under another name, with a lock of its own.
            self.lock = None;
        }
        let (mut path, mut fallback) = match (&self.path, &present, state_folder) {
            (Some(path), _, folder) => (
                path_beside(path),
                folder.map(|folder| path_in_state(path, folder)),
            ),
            (None, Some((path, ..)), _) => (path.clone(), None),
            (None, None, _) if home.is_some() => (home.unwrap_or_default(), None),
            (None, None, Some(folder)) => {
                let name = format!("{UNSAVED_PREFIX}{}.journal", clock::unique());
                (folder.join(name), None)
            }
            (None, None, None) => return,
        };
        // What could not be kept elsewhere is not written over.
        let elsewhere = |path: PathBuf| match begin.blocked.contains(&path) {
            true => another_name(&path, &clock::unique()),
            false => path,
        };
        fallback = fallback.map(elsewhere);
        if begin.blocked.contains(&path) {
            let free = || recovery::free_name(&*desk.fs, &path, "journal-new");
            path = fallback.take().unwrap_or_else(free);
        }
        if self.path.is_none() && self.lock.is_none() {
            // So that another program does not take it for one that died.
            let _best_effort = desk.fs.create_folder(&crate::store::fs::folder_of(&path));
            if let Ok(Locked::Ours(lock, _)) =
                lock::acquire(&desk.fs, &path, clock::holder(), false)
            {
                self.lock = Some(lock);
            }
        }
        let content = self.known.as_ref().map(|known| &known.content);
        let file = self.path.as_deref();
        let is_known = present.is_some();
        let home = self.path.as_deref().map(path_beside);
        let is_unsaved = self.path.is_none() && self.lock.is_some();
        let locked = is_unsaved.then(|| path.clone());
        let place = Place {
            is_beside: home.as_ref() == Some(&path),
            path,
            fallback,
            next_sequence: present.as_ref().map_or(1, |(_, _, next)| *next),
            present: present.map(|(path, whole, _)| (path, whole)),
            state_folder: desk.state_folder.clone(),
            locked,
        };
        let name = self.project.name();
        let mut opening = Opening {
            is_urgent: begin.is_urgent,
            then_remove: begin.then_remove,
            lock: begin.lock,
            ..Opening::default()
        };
        if is_known {
            // Where the journal cannot be reached any more, it is begun anew with what the file
            // lacks.
            let first = content.zip(self.history.saved_state());
            let first = first.map(|(content, state)| (state, content));
            opening.records = recovery::opening(name, file, first, saved);
            opening.payloads = begin.made;
        } else if let Some(base) = &begin.base {
            opening.records = recovery::begun(name, base, file, content, saved);
            opening.payloads = begin.made;
        } else {
            let (project, history) = (&self.project, &self.history);
            // The new journal will hold one half of each.
            self.half_logged = history.steps().iter().map(|step| step.state).collect();
            opening.records = recovery::anew(project, history, file, content, saved);
        }
        // Without threads the work goes on, without a journal.
        self.journal = Journal::start(desk.fs.clone(), place, opening, wake).ok();
    }

    pub fn project(&self) -> &Project {
        &self.project
    }

    pub fn history(&self) -> &History {
        &self.history
    }

    pub fn annotator(&self) -> &AnnotatorId {
        &self.annotator
    }

    pub fn set_annotator(&mut self, id: &str) {
        self.annotator = AnnotatorId::new(id);
    }

    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// Counts on from another session, so that nothing derived from that one is taken for this.
    pub fn count_on_from(&mut self, other: &Self) {
        self.revision = other.revision + 1;
    }

    pub fn mint_annotation_id(&mut self) -> AnnotationId {
        self.mint.mint()
    }

    pub fn is_dirty(&self) -> bool {
        !self.history.is_saved()
    }

    pub fn is_read_only(&self) -> bool {
        self.held_by.is_some()
    }

    /// The name of the present state, for [`Session::mark_saved`].
    pub fn state(&self) -> u64 {
        self.history.state()
    }

    pub fn mark_saved(&mut self, state: u64) {
        self.history.mark_saved(state);
    }

    pub fn undo_title(&self) -> Option<&str> {
        self.history.undo_title()
    }

    pub fn redo_title(&self) -> Option<&str> {
        self.history.redo_title()
    }

    pub fn journal_sender(&self) -> Option<JournalSender> {
        self.journal.as_ref().map(Journal::sender)
    }

    pub fn journal_status(&self) -> Status {
        self.journal
            .as_ref()
            .map(Journal::status)
            .unwrap_or_default()
    }

    pub fn retry_journal(&self) {
        if let Some(journal) = &self.journal {
            journal.retry();
        }
    }

    /// What is unsaved is given up when the session ends, unless it is changed once more: it is not
    /// recovered by itself, but can be redone.
    pub fn give_up_unsaved(&mut self) {
        self.given_up = Some(self.history.state());
    }

    /// Ends the session. A project that was never saved and is given up leaves no journal.
    pub fn close(&mut self) {
        if let Some(journal) = self.journal.take() {
            if self.given_up == Some(self.history.state()) && self.is_dirty() {
                let when = Some(clock::now());
                journal.append(Record::GivenUp { when });
            }
            let is_empty = self.history.steps().is_empty();
            if is_empty || (self.path.is_none() && !self.is_dirty()) {
                journal.remove();
            }
        }
        self.lock = None;
    }

    /// Makes a change. The annotator enters the project with their first annotation.
    pub fn perform(&mut self, mut transaction: Transaction) -> Result<(), PerformError> {
        self.may_change()?;
        let known = self
            .project
            .annotators()
            .iter()
            .any(|a| a.id == self.annotator);
        let annotates = transaction.edits.iter().any(|edit| {
            matches!(edit, Edit::AddAnnotation { annotation, .. } if annotation.annotator == self.annotator)
                || matches!(edit, Edit::SetStatus { annotator, .. } if *annotator == self.annotator)
        });
        if annotates && !known {
            let mut annotators = self.project.annotators().to_vec();
            annotators.push(Annotator {
                id: self.annotator.clone(),
                name: self.annotator.to_string(),
                unknown: UnknownFields::new(),
            });
            transaction.edits.push(Edit::SetAnnotators(annotators));
        }
        let (by, when) = (Some(self.annotator.clone()), Some(clock::now()));
        let step = self
            .history
            .perform(&mut self.project, &transaction, by, when)?;
        if let Some(journal) = &self.journal {
            journal.append(Record::Step(StepRecord {
                state: step.state,
                by: step.by.clone(),
                when: step.when,
                undo: step.next.clone(),
                marked: records::marked(&self.project, &transaction),
                redo: transaction,
            }));
        }
        self.revision += 1;
        Ok(())
    }

    fn may_change(&mut self) -> Result<(), PerformError> {
        self.given_up = None;
        match &self.held_by {
            Some(holder) => Err(PerformError::ReadOnly(clock::who(holder))),
            None => Ok(()),
        }
    }

    /// Takes back the last step and says what was done to take it back.
    pub fn undo(&mut self) -> Option<Result<Transaction, PerformError>> {
        if let Err(refused) = self.may_change() {
            return Some(Err(refused));
        }
        let state = self.history.state();
        let result = self.history.undo(&mut self.project)?;
        if result.is_ok() {
            let redo = self.half_logged.remove(&state).then(|| {
                let step = self.history.steps().get(self.history.done());
                step.map(|step| step.next.clone())
            });
            self.log(|when| Record::Undo {
                when,
                redo: redo.flatten(),
            });
        }
        Some(result.map_err(PerformError::Edit))
    }

    /// Makes the last undone step again and says what was done.
    pub fn redo(&mut self) -> Option<Result<Transaction, PerformError>> {
        if let Err(refused) = self.may_change() {
            return Some(Err(refused));
        }
        let result = self.history.redo(&mut self.project)?;
        if result.is_ok() {
            let undo = self.half_logged.remove(&self.history.state()).then(|| {
                let at = self.history.done().checked_sub(1)?;
                self.history.steps().get(at).map(|step| step.next.clone())
            });
            self.log(|when| Record::Redo {
                when,
                undo: undo.flatten(),
            });
        }
        Some(result.map_err(PerformError::Edit))
    }

    /// Goes to the state in which so many steps are in force; says what was done last.
    pub fn jump_to(&mut self, done: usize) -> Result<Option<Transaction>, PerformError> {
        let mut last = None;
        while self.history.done() != done {
            let turned = if self.history.done() > done {
                self.undo()
            } else {
                self.redo()
            };
            match turned {
                Some(result) => last = Some(result?),
                None => break,
            }
        }
        Ok(last)
    }

    fn log(&mut self, record: impl FnOnce(Option<crate::core::annotation::Timestamp>) -> Record) {
        self.revision += 1;
        if let Some(journal) = &self.journal {
            journal.append(record(Some(clock::now())));
        }
    }

    /// The file's name without its ending, or the project's name.
    pub fn display_name(&self) -> String {
        let name = self.project.name().trim();
        if !name.is_empty() {
            return shown(name).into_owned();
        }
        let stem = self.path.as_deref().and_then(Path::file_stem);
        stem.map_or_else(
            || "Untitled project".to_owned(),
            |stem| shown_path(Path::new(stem)),
        )
    }
}

#[cfg(test)]
mod tests;
