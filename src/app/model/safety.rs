//! What keeps work from being lost: telling what was recovered, the journal's troubles, a file that
//! someone else changed, a project that someone else has open.

use super::jobs::Outcome;
use super::{Model, file_name};
use crate::app::action::{Action, SaveAnswer};
use crate::app::clock;
use crate::app::command::Command;
use crate::app::desk::{Access, Known};
use crate::app::jobs::{JobKind, Turn, jobs};
use crate::app::notice::Notice;
use crate::app::recovery::{self, Report};
use crate::app::saving::is_unchanged;
use crate::app::session::{Loaded, OpenError, load, load_unsaved, unsaved_journals};
use crate::app::words::count;
use crate::core::annotation::Timestamp;
use crate::core::edit::{Transaction, Workbench};
use crate::core::merge::{Merge, merge};
use crate::core::project::Project;
use crate::core::shown::shown_path;
use crate::store::free_name;
use crate::store::lock::{self, Locked};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

jobs! {
    Merge => Turn::OneAtATime("The changes are being merged already"),
    // At files that others may have changed.
    Look => Turn::OneAtATime("The file is being looked at already"),
}

/// A save that cannot go on by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SaveTrouble {
    /// Someone else changed the file.
    Changed(PathBuf),
    /// The file or its folder is gone.
    Gone(PathBuf),
    /// It could not be written; why, in words.
    Failed(PathBuf, String),
}

/// What is looked after between frames.
#[derive(Default)]
pub(super) struct Watch {
    journal_trouble: Option<String>,
    last_look: Option<Instant>,
    /// The state that the last timed backup holds, and when it was made.
    pub(super) backup: Option<(u64, Instant)>,
    /// The file is known to have changed, and this was said.
    said_changed: bool,
    /// Nobody has it open any more, and this was said.
    pub(super) is_free: bool,
}

impl Watch {
    /// What was said of the file led to nothing, and may be said again.
    pub(super) fn look_again(&mut self) {
        (self.said_changed, self.is_free) = (false, false);
    }
}

const LOOK_EVERY: Duration = Duration::from_secs(3);

impl Model {
    /// Called at the start when no file was named: goes on with unsaved work of a run that died.
    pub fn resume(&mut self) {
        let mut unsaved = unsaved_journals(&self.desk);
        let last = self.settings.recent.first().cloned();
        // One that is open in another window has not died.
        let is_free = |path: &Path| {
            let lock = lock::acquire(&self.desk.fs, path, clock::holder(), false);
            !matches!(lock, Ok(Locked::Theirs(_)))
        };
        let named = last.filter(|path| {
            let file = self.desk.resolve(path);
            file.is_file() && is_free(&file) && recovery::has_unsaved(&self.desk, path)
        });
        if let Some(path) = named {
            self.open_now(path);
        } else if let Some(journal) = unsaved.pop() {
            self.recovered(load_unsaved(&self.desk, &journal).map(Box::new));
        }
        for journal in unsaved {
            let when = self
                .desk
                .fs
                .info(&journal)
                .map_or(0, |info| info.modified_nanos);
            let when = clock::day_and_time(Timestamp::new((when / 1_000_000_000) as i64));
            let message = format!("There is another project that was never saved, from {when}");
            let notice = Notice::warning(message).of_the_program();
            self.notify(notice.with_offer("Open it", Action::OpenUnsaved(journal)));
        }
    }

    /// Goes on with unsaved work while the window is drawn.
    pub(super) fn recover_unsaved(&mut self, journal: PathBuf) {
        let desk = self.desk.clone();
        let title = "Recovering unsaved work";
        let began = self.start(JobKind::Open, title, move |context| {
            let result = load_unsaved(&desk, &journal).map(Box::new);
            if context.is_cancelled() {
                return Outcome::always(Self::stay_here);
            }
            Outcome::always(move |model| match result {
                Ok(loaded) if model.work.session.has_unsaved() => model.wait_with(loaded),
                result => model.recovered(result),
            })
        });
        if !began {
            self.stay_here();
        }
    }

    fn recovered(&mut self, result: Result<Box<Loaded>, OpenError>) {
        match result {
            Ok(loaded) => self.loaded(*loaded),
            Err(error) => {
                let told =
                    format!("Unsaved work could not be recovered. {error}. It is kept there.");
                self.notify(Notice::error(told).of_the_program());
            }
        }
    }

    /// Tells what came back, in words.
    pub(super) fn announce(&mut self, report: &Report) {
        let name = self.work.session.display_name();
        let edits = count(report.edits, "edit", "edits");
        let saved = report.saved.map(clock::day_and_time).unwrap_or_default();
        let since = if saved.is_empty() {
            String::new()
        } else {
            format!(" made after the last save at {saved}")
        };
        let were = if report.edits == 1 { "was" } else { "were" };
        let message = match (report.edits, report.is_changed) {
            (0, true) => Some(format!(
                "“{name}” was changed by another program since it was saved here, so its undo history begins anew"
            )),
            (0, false) => None,
            (_, true) => Some(format!(
                "{edits} to “{name}”{since} {were} recovered. The file was changed by another program meanwhile; they were made again on it."
            )),
            (_, false) if self.work.session.path().is_none() => Some(format!(
                "{edits} to a project that was never saved {were} recovered. Save it to give it a place."
            )),
            (_, false) => Some(format!("{edits} to “{name}”{since} {were} recovered")),
        };
        let is_told = message.is_some();
        if let Some(mut message) = message {
            if let Some(from) = &report.stranded {
                message.push_str(&format!(
                    ". They lay in {}, because the folder was renamed or moved.",
                    shown_path(from)
                ));
            }
            let mut notice = if report.edits == 0 {
                Notice::info(message)
            } else {
                Notice::warning(message)
            };
            if report.edits > 0 {
                notice = notice.with_offer("Show the history", Action::Run(Command::History));
                if let Some(done) = self.work.session.saved_step() {
                    notice = notice.with_offer("Back to the saved version", Action::JumpTo(done));
                }
            }
            self.notify(notice.with_details(report.refused.clone()).on("recovery"));
        }
        if let Some(reason) = report.torn.as_ref().filter(|_| report.damage.is_empty()) {
            let rest = if is_told {
                "Everything before it is here."
            } else {
                "Nothing else was in it."
            };
            self.notify(Notice::warning(format!(
                "The end of the journal of “{name}” was cut off when the program ended, so the last edit may be missing: {reason}. {rest}"
            )));
        }
        if !report.refused.is_empty() {
            let n = count(report.refused.len(), "edit does", "edits do");
            let what = if report.is_changed {
                "the changed file"
            } else {
                "what is left"
            };
            let message = format!("{n} not fit {what}. Look at the review list.");
            self.notify(
                Notice::warning(message)
                    .with_details(report.refused.clone())
                    .with_offer("Show the review list", Action::Run(Command::Review)),
            );
        }
        self.announce_damage(&name, report);
        if report.ahead > 0 {
            let steps = count(report.ahead, "later step", "later steps");
            let end = self.work.session.history().steps().len();
            let message = format!(
                "This is an earlier version of “{name}”{}. {steps} can be made again.",
                if saved.is_empty() {
                    String::new()
                } else {
                    format!(", saved at {saved}")
                }
            );
            self.notify(
                Notice::warning(message)
                    .with_offer("Show the history", Action::Run(Command::History))
                    .with_offer("Make them all again", Action::JumpTo(end)),
            );
        }
    }

    /// Tells that a journal was damaged, what became of it, and of others that hold edits.
    fn announce_damage(&mut self, name: &str, report: &Report) {
        let kept = |path: &Path| format!(" It is kept as {}.", shown_path(path));
        if let Some(first) = report.damage.first() {
            let lost = usize::try_from(report.lost).unwrap_or(usize::MAX);
            let lost = match lost {
                0 => "nothing that was not saved is known to be missing".to_owned(),
                1 => "1 record that was made after the last save is missing".to_owned(),
                n => format!("{n} records that were made after the last save are missing"),
            };
            let whole = if report.kept.is_some() {
                String::new()
            } else {
                " It is left where it is, since it could not be kept under another name.".to_owned()
            };
            let message = format!(
                "The journal of “{name}” is damaged ({first}): {lost}, and all that is whole and fits is here.{}{whole}",
                report.kept.as_deref().map(kept).unwrap_or_default()
            );
            let mut notice = Notice::error(message).with_details(report.damage.clone());
            if !report.refused.is_empty() {
                let review = Action::Run(Command::Review);
                notice = notice.with_offer("Show the review list", review);
            }
            if let Some(kept) = &report.kept {
                notice = notice.with_offer("Copy its path", Action::CopyPath(kept.clone()));
            }
            self.notify(notice.on("damage"));
        } else if let Some(path) = report.kept.as_ref().filter(|_| !report.refused.is_empty()) {
            let message = format!(
                "The journal of “{name}” was not taken in whole.{}",
                kept(path)
            );
            let copy = Action::CopyPath(path.clone());
            self.notify(Notice::warning(message).with_offer("Copy its path", copy));
        }
        if let Some(path) = &report.foreign {
            self.notify(Notice::warning(format!(
                "{} stands in the place of the journal of “{name}” and is none. It stays as it is; your edits are kept elsewhere until it is moved away.",
                shown_path(path)
            )));
        }
        for path in &report.others {
            let message = format!(
                "Another journal of “{name}” holds edits that are not in it.{}",
                kept(path)
            );
            let copy = Action::CopyPath(path.clone());
            self.notify(Notice::error(message).with_offer("Copy its path", copy));
        }
    }

    /// Tells that a journal could not be taken in at all.
    pub(super) fn announce_trouble(&mut self, reason: &str, report: &Report) {
        let name = self.work.session.display_name();
        let kept = report.kept.as_ref().or(report.others.first());
        let place = match kept {
            Some(kept) => format!(" as {}", shown_path(kept)),
            None => " where it is".to_owned(),
        };
        let message = format!(
            "What was done in “{name}” after the last save could not be recovered: {reason}. The journal is kept{place}; a later Pressmark, or the computer it lies on, may be able to read it."
        );
        let mut notice = Notice::error(message);
        if let Some(kept) = kept {
            notice = notice.with_offer("Copy its path", Action::CopyPath(kept.clone()));
        }
        self.notify(notice);
    }

    /// Looks after the journal, the lock and the file. Called once a frame; answers when to come
    /// back at the latest.
    pub fn tick(&mut self) -> Option<Duration> {
        self.poll_jobs();
        self.tell_journal_trouble();
        let is_due = self
            .work
            .watch
            .last_look
            .is_none_or(|at| at.elapsed() >= LOOK_EVERY);
        if is_due {
            self.work.watch.last_look = Some(Instant::now());
            self.work.session.refresh_lock();
            self.back_up_in_time();
            self.look_at_lock();
        }
        // Only a project that waits for another program is looked at without input.
        self.work.session.is_read_only().then_some(LOOK_EVERY)
    }

    fn tell_journal_trouble(&mut self) {
        if self.work.session.is_paused() {
            return;
        }
        let status = self.work.session.journal_status();
        if status.trouble == self.work.watch.journal_trouble {
            return;
        }
        self.work.watch.journal_trouble.clone_from(&status.trouble);
        self.notices.retain(|notice| notice.topic != "journal");
        match (&status.trouble, &status.elsewhere) {
            (Some(trouble), Some(elsewhere)) => {
                let message = format!(
                    "The journal beside the project cannot be written. Your edits are kept in {} instead.",
                    shown_path(elsewhere)
                );
                self.notify(
                    Notice::warning(message)
                        .with_details(vec![trouble.clone()])
                        .on("journal"),
                );
            }
            (Some(trouble), None) => {
                let message = "Your latest edits are in memory only: the journal cannot be written. Save to another place before you leave.";
                self.notify(
                    Notice::error(message)
                        .with_details(vec![trouble.clone()])
                        .with_offer("Try again", Action::RetryJournal)
                        .with_offer("Save as…", Action::Run(Command::SaveAs))
                        .on("journal"),
                );
            }
            (None, _) => self.notify(Notice::info("The journal is written again").on("journal")),
        }
    }

    /// While another program has the project open: is it free by now?
    fn look_at_lock(&mut self) {
        let (Some(path), true) = (
            self.work.session.path().map(Path::to_owned),
            self.work.session.is_read_only(),
        ) else {
            return;
        };
        // Trying it would take it from a job that loads the project again.
        if !self.work.watch.is_free
            && !self.work.session.is_paused()
            && let Ok(Locked::Ours(..)) =
                lock::acquire(&self.desk.fs, &path, clock::holder(), false)
        {
            self.work.watch.is_free = true;
            self.notices.retain(|notice| notice.topic != "lock");
            let message = format!("“{}” is free now", self.work.session.display_name());
            self.notify(
                Notice::warning(message)
                    .with_offer("Open it to annotate", Action::Open(path))
                    .on("lock"),
            );
        }
    }

    /// Says that the project is open elsewhere, and what can be done.
    pub(super) fn announce_lock(&mut self) {
        let (Some(holder), Some(path)) = (self.work.session.held_by(), self.work.session.path())
        else {
            return;
        };
        let message = format!(
            "“{}” is open for {}. You can read it here; it will say when it is free.",
            self.work.session.display_name(),
            clock::who(holder)
        );
        let is_same_computer = holder.host == clock::holder().host;
        let mut notice = Notice::warning(message)
            .with_offer("Open a copy", Action::OpenAs(path.to_owned(), Access::Copy))
            .on("lock");
        // On this computer the lock is always true.
        if !is_same_computer {
            let force = Action::OpenAs(path.to_owned(), Access::Force);
            notice = notice.with_offer("Open it all the same", force);
        }
        self.notify(notice);
    }

    /// Says that nothing keeps others from changing the project at the same time.
    pub(super) fn announce_unlocked(&mut self, reason: Option<String>) {
        let Some(reason) = reason else { return };
        let message = format!(
            "“{}” could not be locked, so another window could change it at the same time. {reason}. Nothing there was touched; when it is out of the way, open the project again.",
            self.work.session.display_name()
        );
        self.notify(Notice::warning(message).on("unlocked"));
    }

    /// The window came to the front: did someone else change the file meanwhile?
    pub fn look_at_file(&mut self) {
        let (Some(path), Some(known)) = (self.work.session.path(), self.work.session.known())
        else {
            return;
        };
        let is_looked_at = self.jobs.is_running(JobKind::Look);
        if self.work.watch.said_changed || is_looked_at || self.is_writing_the_file() {
            return;
        }
        let (path, known) = (path.to_owned(), known.clone());
        let desk = self.desk.clone();
        self.start(JobKind::Look, "Looking at the file", move |_| {
            let is_changed = matches!(is_unchanged(&desk, &path, &known), Ok(false));
            Outcome::of_project(move |model| {
                if is_changed {
                    model.looked_at(&known);
                }
            })
        });
    }

    /// The project is saved or merged with its file, so that what there is to say will be said.
    fn is_writing_the_file(&self) -> bool {
        self.jobs.is_running(JobKind::Save) || self.jobs.is_running(JobKind::Merge)
    }

    fn looked_at(&mut self, known: &Known) {
        let Some(path) = self.work.session.path().map(Path::to_owned) else {
            return;
        };
        let is_busy = self.is_writing_the_file() || self.work.session.is_paused();
        // It may have been saved here while it was looked at.
        let now = self.work.session.known();
        let is_known = now.map(|now| &now.info) == Some(&known.info);
        if !is_known || self.work.watch.said_changed || is_busy {
            return;
        }
        self.work.watch.said_changed = true;
        if self.work.session.is_dirty() {
            self.work.save_trouble = Some(SaveTrouble::Changed(path));
        } else {
            let message = format!(
                "“{}” was changed by another program",
                self.work.session.display_name()
            );
            self.notify(
                Notice::warning(message)
                    .with_offer("Load the changes", Action::Open(path))
                    .on("changed"),
            );
        }
    }

    pub(super) fn answer_save_trouble(&mut self, answer: SaveAnswer) {
        let Some(trouble) = self.work.save_trouble.take() else {
            return;
        };
        let (SaveTrouble::Changed(path) | SaveTrouble::Gone(path) | SaveTrouble::Failed(path, _)) =
            trouble.clone();
        match answer {
            SaveAnswer::Later => self.work.after_save = None,
            SaveAnswer::SaveAs => self.request_save_as(),
            SaveAnswer::Retry => {
                if matches!(trouble, SaveTrouble::Gone(_)) {
                    // What was known is not there any more.
                    self.work.session.set_known(None);
                }
                self.save_to(path);
            }
            SaveAnswer::KeepBoth => self.save_to(self.free_beside(&path)),
            SaveAnswer::Reload => {
                self.work.after_save = None;
                self.work.session.give_up_unsaved();
                self.reload(path, Access::Change);
            }
            SaveAnswer::Merge => self.merge_with(path),
        }
    }

    /// `NAME-mine.ron`, or with a number where that is taken.
    fn free_beside(&self, path: &Path) -> PathBuf {
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        free_name(&*self.desk.fs, |n| match n {
            1 => path.with_file_name(format!("{stem}-mine.ron")),
            n => path.with_file_name(format!("{stem}-mine-{n}.ron")),
        })
    }

    fn merge_with(&mut self, path: PathBuf) {
        let mine = self.work.session.project().clone();
        let way = self.work.session.way_to_saved();
        let by = self.work.session.annotator().clone();
        let desk = self.desk.clone();
        let title = format!("Merging {}", file_name(&path));
        self.start(JobKind::Merge, title, move |context| {
            let result = load(&desk, &path, Access::Copy, &|share| {
                context.progress(share);
            });
            match result {
                Ok(theirs) => {
                    let when = Some(clock::now());
                    let base = gone_along(&mine, &way);
                    let merged = merge(&base, &mine, &theirs.opened.project, &by, when);
                    let changed = "The project was changed while it was being merged. Save again.";
                    Outcome::of_state(changed, move |model| model.merged(merged, theirs.known))
                }
                Err(error) => Outcome::of_project(move |model| {
                    model.work.after_save = None;
                    model.notify(Notice::error(format!(
                        "The changes could not be merged. {error}. Your work is still here."
                    )));
                }),
            }
        });
    }

    fn merged(&mut self, merge: Merge, known: Option<Known>) {
        let message = format!(
            "Merged: {} added, {} changed, {} removed by the other program",
            count(merge.added, "annotation", "annotations"),
            merge.changed,
            merge.removed
        );
        let conflicts = merge.conflicts;
        let revision = self.codebook().revision;
        let is_applied =
            merge.edits.is_empty() || self.apply("merge the changed file", merge.edits);
        if is_applied {
            // What they wrote is in this project now, so it may be replaced.
            self.work.session.set_known(known);
            self.work.watch.said_changed = false;
            self.mend_references();
            if self.codebook().revision != revision {
                self.announce_keys();
            }
            self.notify(if conflicts.is_empty() {
                Notice::info(message)
            } else {
                let both = count(conflicts.len(), "place", "places");
                let message = format!("{message}. Both changed {both}: look at the details.");
                Notice::warning(message).with_details(conflicts)
            });
            self.save();
        }
    }
}

/// The project that a way leads to, as far as it goes.
fn gone_along(project: &Project, way: &[Transaction]) -> Project {
    let mut project = project.clone();
    let mut bench = Workbench::on(&mut project);
    for transaction in way {
        if bench.apply(transaction).is_err() {
            break;
        }
    }
    drop(bench);
    project
}
