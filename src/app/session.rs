//! The open project: its history, its journal, where it is saved, and who is annotating.
//!
//! Everything that changes the project goes through [`Session::perform`], [`Session::undo`] and
//! [`Session::redo`], and each of them writes one record into the journal (invariants 1 and 8).

use crate::app::clock;
use crate::app::desk::{Desk, Known};
use crate::app::journal::{Journal, JournalSender, Opening, Place, Status};
use crate::app::recovery::{self, Report};
use crate::core::annotation::UnknownFields;
use crate::core::check::Problem;
use crate::core::edit::{Edit, EditError, History, Transaction};
use crate::core::ids::{AnnotationId, AnnotatorId, IdMint};
use crate::core::project::{Annotator, Project};
use crate::core::shown::{shown, shown_path};
use crate::format::journal::{self as records, Record, StepRecord};
use crate::format::project_ron::Opened;
use crate::store::StoreError;
use crate::store::journal::{another_name, path_beside, path_in_state};
use crate::store::lock::{self, Holder, Lock, Locked};
use std::collections::HashSet;
use std::path::{Path, PathBuf};

mod loading;

use loading::Begin;
pub use loading::{
    Loaded, Peek, ReadAgain, load, load_unsaved, open_file, peek_journal, read_again,
};

pub struct Session {
    project: Project,
    history: History,
    path: Option<PathBuf>,
    /// What was wrong with the file when it was opened.
    problems: Vec<Problem>,
    /// The file on disk is damaged: it is kept as a copy before it is replaced.
    keep_damaged: bool,
    /// The file as it was read or saved last.
    known: Option<Known>,
    /// Who has the project open, when it was opened to read only.
    held_by: Option<Holder>,
    lock: Option<Lock>,
    journal: Option<Journal>,
    /// States of steps of which the journal holds only one half.
    half_logged: HashSet<u64>,
    /// The state that the analyst did not want to save.
    given_up: Option<u64>,
    /// Its file is being read again, so nothing is changed.
    is_paused: bool,
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
    #[error("the file is being loaded again")]
    Paused,
}

/// How a session ends: its journal, with what is still to be said in it, and its lock.
pub struct Ending {
    journal: Option<Journal>,
    lock: Option<Lock>,
    gives_up: bool,
    leaves_nothing: bool,
}

impl Ending {
    /// Ends the journal; the lock is for who comes next.
    fn close(self) -> Option<Lock> {
        if let Some(journal) = self.journal {
            if self.gives_up {
                let when = Some(clock::now());
                journal.append(Record::GivenUp { when });
            }
            if self.leaves_nothing {
                journal.remove();
            }
        }
        self.lock
    }
}

/// The journals of projects that were never saved and that no program has open, newest last.
pub fn unsaved_journals(desk: &Desk) -> Vec<PathBuf> {
    let Some(folder) = &desk.state_folder else {
        return Vec::new();
    };
    /// A project that was given up is removed after so long, in days.
    const KEPT_DAYS: u128 = 30;
    let now = u128::try_from(clock::now().seconds()).unwrap_or(0);
    let mut found: Vec<(u128, PathBuf)> = desk
        .fs
        .list(folder)
        .unwrap_or_default()
        .into_iter()
        .filter(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            name.starts_with(UNSAVED_PREFIX) && name.ends_with(".journal")
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

/// Mints ids that no annotation has. Looks at all of them.
fn mint_above(project: &Project, tag: &str) -> IdMint {
    let mut mint = IdMint::new(tag);
    let articles = project.articles().iter();
    let trash = project.trash().iter();
    articles
        .flat_map(|article| article.annotations.iter())
        .chain(trash.flat_map(|item| item.what.annotations()))
        .for_each(|annotation| mint.see(annotation.id.as_str()));
    mint
}

/// What the names of journals begin with whose projects were never saved.
pub(in crate::app) const UNSAVED_PREFIX: &str = "unsaved-";

impl Session {
    pub fn new(name: &str, annotator: &str, id_tag: &str) -> Self {
        Self::of(Project::new(name), History::saved(), annotator, id_tag)
    }

    /// A session on a project that was read without a journal.
    pub fn opened(opened: Opened, annotator: &str, id_tag: &str) -> Self {
        let mint = mint_above(&opened.project, id_tag);
        Self::on(opened, annotator, mint)
    }

    fn on(opened: Opened, annotator: &str, mint: IdMint) -> Self {
        let mut session = Self::minting(opened.project, History::saved(), annotator, mint);
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
        let mint = loaded.mint.take().filter(|mint| mint.tag() == id_tag);
        let mint = mint.unwrap_or_else(|| mint_above(&loaded.opened.project, id_tag));
        let mut session = Self::on(loaded.opened, annotator, mint);
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
        let mint = mint_above(&project, id_tag);
        Self::minting(project, history, annotator, mint)
    }

    fn minting(project: Project, history: History, annotator: &str, mint: IdMint) -> Self {
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
            is_paused: false,
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
        let elsewhere = |path: PathBuf| {
            if begin.blocked.contains(&path) {
                another_name(&path, &clock::unique())
            } else {
                path
            }
        };
        fallback = fallback.map(elsewhere);
        if begin.blocked.contains(&path) {
            let free = || recovery::free_name(&*desk.fs, &path, "journal-new");
            path = fallback.clone().unwrap_or_else(free);
            fallback = fallback.map(|path| another_name(&path, &clock::unique()));
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
            is_unlocked: begin.is_unlocked,
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

    /// Where it is saved.
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// Whether the file on disk is damaged, and nobody has kept it yet.
    pub fn keeps_damaged(&self) -> bool {
        self.keep_damaged
    }

    pub fn damaged_is_kept(&mut self) {
        self.keep_damaged = false;
    }

    pub fn known(&self) -> Option<&Known> {
        self.known.as_ref()
    }

    /// The file was read or written, or is none that was.
    pub fn set_known(&mut self, known: Option<Known>) {
        self.known = known;
    }

    pub fn held_by(&self) -> Option<&Holder> {
        self.held_by.as_ref()
    }

    pub fn is_locked(&self) -> bool {
        self.lock.is_some()
    }

    /// Says that the lock is still held.
    pub fn refresh_lock(&mut self) {
        if let Some(lock) = &mut self.lock {
            lock.refresh(clock::now().seconds());
        }
    }

    /// It is saved there from now on, and nobody else has it open.
    pub fn move_to(&mut self, path: PathBuf, lock: Option<Lock>) {
        self.path = Some(path);
        self.lock = lock;
        self.held_by = None;
    }

    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// Counts on from another session, so that nothing derived from that one is taken for this.
    pub fn count_on_from(&mut self, other: &Self) {
        self.revision = other.revision + 1;
    }

    /// The project, and what gives ids to new annotations.
    pub fn with_ids(&mut self) -> (&Project, &mut IdMint) {
        (&self.project, &mut self.mint)
    }

    pub fn mint_annotation_id(&mut self) -> AnnotationId {
        self.mint.mint()
    }

    pub fn is_dirty(&self) -> bool {
        !self.history.is_saved()
    }

    /// Whether there is something to lose that the analyst has not given up.
    pub fn has_unsaved(&self) -> bool {
        self.is_dirty() && self.given_up != Some(self.history.state())
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

    /// How many steps were in force in the version on disk, when there is one and the history still
    /// has it.
    pub fn saved_step(&self) -> Option<usize> {
        self.path().and(self.history().saved_step())
    }

    /// What leads to the version on disk, back or forth; nothing when the history does not have it.
    pub fn way_to_saved(&self) -> Vec<Transaction> {
        let (steps, done) = (self.history.steps(), self.history.done());
        let target = self.saved_step().unwrap_or(done);
        let between = steps.get(target.min(done)..target.max(done));
        let way = between.unwrap_or_default().iter();
        let mut way: Vec<Transaction> = way.map(|step| step.next.clone()).collect();
        if target < done {
            way.reverse();
        }
        way
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

    /// Whether what is done is written down before it is saved.
    pub fn is_journaled(&self) -> bool {
        self.journal.is_some()
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

    /// What was given up is not, after all: the session goes on.
    pub fn keep_unsaved(&mut self) {
        self.given_up = None;
    }

    /// Ends the session. A project that was never saved and is given up leaves no journal.
    pub fn close(&mut self) {
        drop(self.ending().close());
    }

    /// What there is to end, taken out, so that no window has to wait for it.
    pub fn ending(&mut self) -> Ending {
        let is_empty = self.history.steps().is_empty();
        Ending {
            journal: self.journal.take(),
            lock: self.lock.take(),
            gives_up: self.given_up == Some(self.history.state()) && self.is_dirty(),
            leaves_nothing: is_empty || (self.path.is_none() && !self.is_dirty()),
        }
    }

    /// While its file is read again, a session changes nothing.
    pub fn pause(&mut self) {
        self.is_paused = true;
    }

    /// Goes on with what was given up for the file: it is all that there is.
    pub fn go_on(&mut self) {
        self.is_paused = false;
        self.keep_unsaved();
    }

    pub fn is_paused(&self) -> bool {
        self.is_paused
    }

    /// Makes a change. The annotator enters the project with their first annotation.
    pub fn perform(&mut self, mut transaction: Transaction) -> Result<(), PerformError> {
        self.may_change()?;
        let known = self
            .project
            .annotators()
            .iter()
            .any(|a| a.id == self.annotator);
        let mut edits = transaction.edits.iter();
        let annotates = edits.any(|edit| edit.is_work_of(&self.annotator));
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
        if self.is_paused {
            return Err(PerformError::Paused);
        }
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
