//! Opening, saving, and the question before unsaved work is left.
//!
//! Long work runs as a job on a snapshot; what is done with its result stands beside it.

use super::jobs::Outcome;
use super::rows::{commands, row};
use super::safety::SaveTrouble;
use super::view::Page;
use super::{Model, Work, file_name};
use crate::app::action::{Action, LeaveAnswer, Pick, UiRequest};
use crate::app::clock;
use crate::app::command::{Command, Scope, Section, ctrl, ctrl_shift};
use crate::app::derived::listed::ListedArticles;
use crate::app::derived::project::{Counts, FittingArticles};
use crate::app::desk::Access;
use crate::app::jobs::{JobKind, Turn, jobs, let_go};
use crate::app::journal::Leave;
use crate::app::notice::Notice;
use crate::app::saving::{self, JournalPlan, SaveError, SavePlan, Saved};
use crate::app::session::{Loaded, OpenError, ReadAgain, Session, load, read_again};
use crate::app::words::count;
use crate::core::shown::shown_path;
use crate::format::project_ron;
use crate::format::project_ron::Opened;
use crate::store::lock::{self, Lock, LockError, Locked};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

#[rustfmt::skip]
commands! {
    NewProject => row(Section::Projects, "New project", ctrl("N"), Scope::Always, "Begin an empty project")
        .runs(|model| model.leave_for(Pending::New)),
    OpenProject => row(Section::Projects, "Open project…", ctrl("O"), Scope::Always, "Open a project file")
        // What is chosen asks whether to leave; choosing changes nothing.
        .runs(|model| model.requests.push(UiRequest::Pick(Pick::Project))),
    OpenDemo => row(Section::Projects, "Open the demo", None, Scope::Always, "A small annotated project to look around in")
        .runs(|model| model.leave_for(Pending::Demo)),
    // What was mended while opening can be saved without a change.
    Save => row(Section::Files, "Save", ctrl("S"), Scope::Always, "Save the project")
        .runs(Model::save)
        .when(|model| {
            let session = model.session();
            session.is_dirty() || session.path().is_none() || session.keeps_damaged()
        }),
    SaveAs => row(Section::Files, "Save as…", ctrl_shift("S"), Scope::Always, "Save the project to another file")
        .runs(Model::request_save_as),
    Quit => row(Section::Leaving, "Quit", ctrl("Q"), Scope::Always, "Leave Pressmark")
        .runs(|model| model.leave_for(Pending::Quit)),
}

jobs! {
    Open => Turn::OneAtATime("Another project is being opened already"),
    Save => Turn::OneAtATime("The project is being saved already"),
}

/// What was about to happen when unsaved work stood in the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pending {
    New,
    Open(PathBuf, Access),
    Unsaved(PathBuf),
    Demo,
    /// A project that has been read already and waits.
    Waiting,
    Quit,
}

/// The demo, so that it opens wherever the program is installed.
const DEMO: &str = include_str!("../../../projects/demo.ron");

impl Model {
    /// Goes on to `pending`, after asking when there is unsaved work.
    pub(super) fn leave_for(&mut self, pending: Pending) {
        if self.jobs.is_running(JobKind::Save) {
            self.work.after_save = Some(pending);
        } else if self.work.session.is_dirty() {
            self.work.question = Some(pending);
        } else {
            self.go_on(pending);
        }
    }

    pub(super) fn leave(&mut self, answer: LeaveAnswer) {
        let Some(pending) = self.work.question.take() else {
            return;
        };
        match answer {
            // What was read meanwhile goes, with its lock.
            LeaveAnswer::Stay => {
                self.work.waiting = None;
                self.stay_here();
            }
            LeaveAnswer::Discard => {
                self.work.session.give_up_unsaved();
                self.go_on(pending);
            }
            LeaveAnswer::Save => {
                self.work.after_save = Some(pending);
                self.save();
            }
        }
    }

    fn go_on(&mut self, pending: Pending) {
        match pending {
            Pending::New => {
                self.save_settings();
                let session = Session::new("", &self.settings.annotator, &self.settings.id_tag);
                self.enter_unsaved(session);
            }
            Pending::Open(path, access) => self.open(path, access),
            Pending::Unsaved(journal) => self.recover_unsaved(journal),
            Pending::Demo => self.open_demo(),
            Pending::Waiting => {
                if let Some(loaded) = self.work.waiting.take() {
                    self.loaded(*loaded);
                }
            }
            Pending::Quit => self.end(),
        }
    }

    /// Ends the program without a question: what is not saved is in the journal.
    pub fn end(&mut self) {
        /// So long jobs have to put away what they had begun.
        const PATIENCE: Duration = Duration::from_secs(2);
        self.finish_edge_move(true);
        self.cancel_jobs(|_| true);
        let began = Instant::now();
        while !self.jobs.running().is_empty() && began.elapsed() < PATIENCE {
            std::thread::sleep(Duration::from_millis(5));
            // Nobody waits for what they bring.
            drop(self.jobs.finished());
        }
        self.save_settings();
        self.work.session.close();
        self.requests.push(UiRequest::Close);
    }

    fn enter(&mut self, mut session: Session) {
        session.count_on_from(&self.work.session);
        let mut left = std::mem::replace(&mut self.work, Work::on(session, self.jobs.wake()));
        left.session.close();
        self.serial += 1;
        // What was told of the project that is left goes with it.
        self.notices.retain(|notice| notice.is_of_the_program);
        if left.import.is_some() {
            self.cancel_jobs(|kind| kind == JobKind::Import);
            self.notify(Notice::warning(
                "Another project was opened meanwhile, so nothing was added to it",
            ));
        }
        let project = left.session.project().clone();
        let counts = left.derived.take_memo::<Counts>();
        let titles = left.derived.take_memo::<FittingArticles>();
        let listed = left.derived.take_memo::<ListedArticles>();
        drop(left);
        let_go((project, counts, titles, listed));
        self.announce_keys();
        self.restore_place();
        if self.settings.shows_table && self.has_articles() {
            self.show_page(Page::Table);
        }
    }

    /// Enters a project that has no file, with a journal of its own.
    fn enter_unsaved(&mut self, mut session: Session) {
        session.start_journal(&self.desk, None, None, self.jobs.wake());
        self.enter(session);
    }

    fn open(&mut self, path: PathBuf, access: Access) {
        let file = self.desk.resolve(&path);
        if self.work.session.path() == Some(&*file) && access != Access::Copy {
            return self.reload(file, access);
        }
        let title = format!("Opening {}", file_name(&path));
        let desk = self.desk.clone();
        let tag = self.settings.id_tag.clone();
        let began = self.start(JobKind::Open, title, move |context| {
            let result = load(&desk, &path, access, &|share| {
                context.progress(share);
            });
            if context.is_cancelled() {
                // Its lock goes with it.
                return Outcome::always(Self::stay_here);
            }
            let result = result.map(|loaded| Box::new(loaded.with_mint(&tag)));
            let loaded = result.as_ref().ok();
            let counted = loaded.map(|loaded| Counts::of(&loaded.opened.project));
            let is_cancelled = context.cancelled_since();
            Outcome::always(move |model| match (result, counted) {
                _ if is_cancelled() => model.stay_here(),
                (Ok(loaded), _) if model.work.session.has_unsaved() => model.wait_with(loaded),
                (result, counted) => {
                    model.opened(path, result);
                    if let Some(counted) = counted {
                        model.work.derived.go_on_from::<Counts>(counted);
                    }
                }
            })
        });
        if !began {
            self.stay_here();
        }
    }

    /// Another project does not take the place of this one, after all.
    pub(super) fn stay_here(&mut self) {
        self.work.session.keep_unsaved();
    }

    /// Work was done while the file was read.
    pub(super) fn wait_with(&mut self, loaded: Box<Loaded>) {
        self.work.waiting = Some(loaded);
        self.work.question = Some(Pending::Waiting);
    }

    /// Opens the project's own file again. Until it is there, the project is shown as it was.
    pub(super) fn reload(&mut self, path: PathBuf, access: Access) {
        let desk = self.desk.clone();
        let is_locked = self.work.session.is_locked();
        let title = format!("Loading {} again", file_name(&path));
        let began = self.start(JobKind::Open, title, move |context| {
            let result = read_again(&desk, &path, access, is_locked, &|share| {
                context.progress(share);
            });
            if context.is_cancelled() {
                return Outcome::of_project(Self::stay_with_session);
            }
            let result = result.map(Box::new);
            let is_cancelled = context.cancelled_since();
            Outcome::of_project(move |model| {
                if is_cancelled() {
                    model.stay_with_session();
                } else {
                    model.read_again(result);
                }
            })
        });
        if began {
            self.work.session.pause();
        } else if !self.work.session.is_paused() {
            self.stay_with_session();
        }
    }

    fn read_again(&mut self, result: Result<Box<ReadAgain>, OpenError>) {
        let read = match result {
            Ok(read) => read,
            Err(error) => {
                self.stay_with_session();
                return self.notify(Notice::error(format!(
                    "The file could not be loaded again. {error}"
                )));
            }
        };
        let (desk, before) = (self.desk.clone(), self.work.session.ending());
        let title = "Recovering what was not saved";
        let began = self.start(JobKind::Open, title, move |_| {
            let loaded = read.after(&desk, before);
            Outcome::of_project(move |model| model.loaded(loaded))
        });
        if !began {
            self.stay_with_session();
        }
    }

    /// Goes on with the project that was to be loaded again. Where that began, its journal has
    /// ended.
    pub(super) fn stay_with_session(&mut self) {
        // What was offered for the file is gone, and can be offered again.
        self.work.watch.look_again();
        let session = &mut self.work.session;
        session.go_on();
        if session.is_read_only() || session.is_journaled() {
            return;
        }
        let message = format!(
            "What is done in “{}” from now on is kept when it is saved, not before. Save it and open it again.",
            session.display_name()
        );
        self.notify(Notice::error(message).on("journal"));
    }

    /// Opens a project at once; for the command line and for tests.
    pub fn open_now(&mut self, path: PathBuf) {
        let result = load(&self.desk, &path, Access::Change, &|_| ()).map(Box::new);
        self.opened(path, result);
    }

    /// Takes a project that was read elsewhere, with `path` as its place to save; without a
    /// journal, as measuring wants it.
    pub fn enter_opened(&mut self, opened: Opened, path: PathBuf) {
        let (annotator, tag) = (&self.settings.annotator, &self.settings.id_tag);
        let mut session = Session::opened(opened, annotator, tag);
        session.move_to(path, None);
        self.enter(session);
    }

    fn open_demo(&mut self) {
        match project_ron::read(DEMO.as_bytes(), &|_| ()) {
            Ok(opened) => {
                self.save_settings();
                let (annotator, tag) = (&self.settings.annotator, &self.settings.id_tag);
                // A copy: the first save asks where to.
                let session = Session::opened(opened, annotator, tag);
                self.enter_unsaved(session);
            }
            Err(error) => self.notify(Notice::error(format!("The demo cannot be read: {error}"))),
        }
    }

    fn opened(&mut self, path: PathBuf, result: Result<Box<Loaded>, OpenError>) {
        match result {
            Ok(loaded) => {
                // It is remembered as the file that a link leads to.
                self.settings.recent.retain(|known| *known != path);
                self.loaded(*loaded);
            }
            Err(error) => {
                self.settings
                    .recent
                    .retain(|known| *known != path || known.exists());
                self.notify(Notice::error(format!(
                    "This project could not be opened. {error}"
                )));
            }
        }
    }

    /// Enters a project from disk, and tells what there is to tell.
    pub(super) fn loaded(&mut self, mut loaded: Loaded) {
        self.save_settings();
        if let Some(path) = &loaded.path {
            self.settings.remember_project(path);
            // A start after a crash must know what was open.
            self.save_settings();
        }
        let journal_trouble = loaded.journal_trouble.take();
        let unlocked = loaded.unlocked.take();
        let (annotator, tag) = (&self.settings.annotator, &self.settings.id_tag);
        let wake = self.jobs.wake();
        let is_copy = loaded.path.is_none() && loaded.known.is_some();
        let (mut session, mut report) = Session::loaded(loaded, &self.desk, annotator, tag, wake);
        let problems: Vec<String> = session.problems().iter().map(ToString::to_string).collect();
        if is_copy {
            session.set_known(None);
            session.start_journal(&self.desk, None, None, self.jobs.wake());
        }
        self.enter(session);
        let name = self.work.session.display_name();
        if !problems.is_empty() {
            let message = format!(
                "{name} was opened, but {} in it could not be trusted. Nothing was thrown away: it is kept in the project, and the file stays as a copy when you save.",
                count(problems.len(), "thing", "things")
            );
            let mut notice = Notice::warning(message).with_details(problems);
            if !self.work.session.project().set_aside().is_empty() {
                let review = Action::Run(Command::Review);
                notice = notice.with_offer("Show the review list", review);
            }
            self.notify(notice);
        }
        if let Some(reason) = journal_trouble {
            self.announce_trouble(&reason, &report);
            // They were named.
            report.others.clear();
        }
        self.announce(&report);
        self.announce_lock();
        self.announce_unlocked(unlocked);
    }

    pub(super) fn request_save_as(&mut self) {
        let name = self.work.session.path().map(file_name);
        let name =
            name.unwrap_or_else(|| format!("{}.ron", safe_name(&self.work.session.display_name())));
        self.requests.push(UiRequest::Pick(Pick::Save { name }));
    }

    pub(super) fn save(&mut self) {
        match self.work.session.path().map(Path::to_owned) {
            Some(_) if self.work.session.is_read_only() => self.request_save_as(),
            Some(path) => self.save_to(path),
            None => self.request_save_as(),
        }
    }

    pub(super) fn save_to(&mut self, mut path: PathBuf) {
        if path.extension().is_none() {
            path.set_extension("ron");
        }
        let path = self.desk.resolve(&path);
        self.finish_edge_move(true);
        if self.work.session.is_paused() {
            self.work.after_save = None;
            return self.notify(Notice::info("The file is being loaded again"));
        }
        let is_same = self.work.session.path() == Some(&*path);
        if is_same && self.work.session.is_read_only() {
            self.work.after_save = None;
            return self.announce_lock();
        }
        let (mut lock, mut unlocked) = (None, None);
        if !is_same {
            match lock::acquire(&self.desk.fs, &path, clock::holder(), false) {
                Ok(Locked::Ours(ours, _)) => lock = Some(ours),
                Ok(Locked::Theirs(holder)) => {
                    self.work.after_save = None;
                    let message = format!(
                        "{} is open for {}. Choose another name.",
                        shown_path(&path),
                        clock::who(&holder)
                    );
                    return self.notify(Notice::error(message));
                }
                // A folder that cannot be written says so when the file is.
                Err(LockError::Unwritable(_)) => {}
                Err(LockError::Failed(reason)) => unlocked = Some(reason.to_string()),
            }
        }
        let project = self.work.session.project().clone();
        let state = self.work.session.state();
        let had_file = self.work.session.path().is_some();
        let plan = SavePlan {
            desk: self.desk.clone(),
            path: path.clone(),
            journal: self
                .work
                .session
                .journal_sender()
                .map(|sender| JournalPlan {
                    sender,
                    state,
                    switch: (!is_same).then_some(if had_file {
                        Leave::GivenUp
                    } else {
                        Leave::Remove
                    }),
                }),
            backups: self.backups(),
            known: self.work.session.known().cloned().filter(|_| is_same),
            is_new_place: !is_same,
            keeps_damaged: self.work.session.keeps_damaged() && is_same,
        };
        let total = project.articles().len().max(1);
        let title = format!("Saving {}", file_name(&path));
        self.start(JobKind::Save, title, move |context| {
            context.stand_back();
            let mut progress = |done: usize| context.progress(done as f32 / total as f32);
            let result = saving::save(&project, &plan, &mut progress);
            Outcome::of_project(move |model| model.saved(path, state, lock, result))
        });
        self.announce_unlocked(unlocked);
    }

    /// The save dialog was left without a choice.
    pub fn save_dialog_cancelled(&mut self) {
        self.work.after_save = None;
    }

    fn saved(
        &mut self,
        path: PathBuf,
        state: u64,
        lock: Option<Lock>,
        result: Result<Saved, SaveError>,
    ) {
        let next = self.work.after_save.take();
        match result {
            Ok(saved) => {
                self.work.session.mark_saved(state);
                self.work.saved_at = Some(clock::now());
                self.settings.remember_project(&path);
                if let Some(kept) = saved.kept_damaged {
                    let message = format!("The damaged file was kept as {}", shown_path(&kept));
                    // Another project may be opened next, and this is read after that.
                    self.notify(Notice::info(message).of_the_program());
                    self.work.session.damaged_is_kept();
                }
                if let Some(trouble) = saved.backup_trouble {
                    let message = "The project was saved, but its previous version could not be kept as a backup";
                    self.notify(
                        Notice::warning(message)
                            .with_details(vec![trouble])
                            .on("backup")
                            .of_the_program(),
                    );
                }
                self.work.session.set_known(Some(saved.known));
                if matches!(self.work.save_trouble, Some(SaveTrouble::Changed(_))) {
                    self.work.save_trouble = None;
                }
                let is_settled = |topic: &str| matches!(topic, "recovery" | "changed");
                self.notices.retain(|notice| !is_settled(notice.topic));
                if self.work.session.path() != Some(&*path) {
                    self.work.session.move_to(path, lock);
                    self.notices.retain(|notice| notice.topic != "lock");
                    if self.work.session.journal_sender().is_none() {
                        let wake = self.jobs.wake();
                        let now = Some(clock::now());
                        self.work.session.start_journal(&self.desk, None, now, wake);
                    }
                }
                self.save_settings();
                if let Some(next) = next {
                    self.leave_for(next);
                }
            }
            Err(SaveError::Cancelled) => {
                self.notify(Notice::info("Saving was cancelled; the file is as it was"));
            }
            Err(error) => {
                // It stays until it is answered, and leaving goes on after it.
                self.work.after_save = next;
                self.work.save_trouble = Some(match error {
                    SaveError::Changed(path) => SaveTrouble::Changed(path),
                    SaveError::Gone(path) => SaveTrouble::Gone(path),
                    SaveError::Store(error) => SaveTrouble::Failed(path, error.to_string()),
                    SaveError::Cancelled => return,
                });
            }
        }
    }
}

/// A name that every file system takes.
fn safe_name(name: &str) -> String {
    let cleaned: String = name
        .chars()
        .map(|c| {
            if c.is_alphanumeric() || matches!(c, ' ' | '-' | '_' | '.') {
                c
            } else {
                '-'
            }
        })
        .collect();
    let cleaned = cleaned.trim().trim_matches('.').to_owned();
    if cleaned.is_empty() {
        "project".to_owned()
    } else {
        cleaned
    }
}
