//! Jobs of the model: how they are begun, and what becomes of their results.
//!
//! A job answers with an [`Outcome`]: what to do with its result, and whether that is about the
//! project that was open when it began, about the state that the project was in, or about neither.
//! Whether that still holds is asked here and nowhere else. Knows no job.

use super::Model;
use crate::app::jobs::{Job, JobContext, JobKind, NotStarted};
use crate::app::notice::Notice;

type Then = Box<dyn FnOnce(&mut Model) + Send>;

/// What to do with the result of a job.
pub struct Outcome {
    tie: Tie,
    then: Then,
}

/// What a result is about.
enum Tie {
    Nothing,
    Project,
    /// With what is told when the project was changed meanwhile.
    State(&'static str),
}

impl Outcome {
    /// Whatever is open by then.
    pub(super) fn always(then: impl FnOnce(&mut Model) + Send + 'static) -> Self {
        Self::tied(Tie::Nothing, then)
    }

    /// Only while the project is open that the job began on.
    pub(super) fn of_project(then: impl FnOnce(&mut Model) + Send + 'static) -> Self {
        Self::tied(Tie::Project, then)
    }

    /// Only while that project is as it was; `changed` is told when it is not.
    pub(super) fn of_state(
        changed: &'static str,
        then: impl FnOnce(&mut Model) + Send + 'static,
    ) -> Self {
        Self::tied(Tie::State(changed), then)
    }

    fn tied(tie: Tie, then: impl FnOnce(&mut Model) + Send + 'static) -> Self {
        let then = Box::new(then);
        Self { tie, then }
    }
}

/// An outcome, with the project and the state that its job began on.
pub struct Done {
    serial: u64,
    state: u64,
    outcome: Outcome,
}

impl Model {
    /// Begins a job on what `work` took along, and answers whether it did. One that cannot begin is
    /// told of.
    pub(super) fn start(
        &mut self,
        kind: JobKind,
        title: impl Into<String>,
        work: impl FnOnce(&JobContext) -> Outcome + Send + 'static,
    ) -> bool {
        let (serial, state) = (self.serial, self.work.session.state());
        let started = self.jobs.start(kind, title, move |context| Done {
            serial,
            state,
            outcome: work(context),
        });
        let began = started.is_ok();
        match started {
            Ok(()) => {}
            Err(NotStarted::Running(told)) => self.notify(Notice::info(told)),
            Err(NotStarted::NoThread(reason)) => self.notify(Notice::error(format!(
                "This could not be begun, since the system has no room for more work: {reason}. Nothing was changed."
            ))),
        }
        began
    }

    pub(super) fn cancel_jobs(&self, which: impl Fn(JobKind) -> bool) {
        let running = self.jobs.running().iter();
        running.filter(|job| which(job.kind)).for_each(Job::cancel);
    }

    /// Takes in what jobs have finished. Called once a frame.
    pub fn poll_jobs(&mut self) {
        for (kind, result) in self.jobs.finished() {
            match result {
                Ok(done) => self.take_in(kind, done),
                Err(panic) => {
                    let what = format!("{kind:?}").to_lowercase();
                    self.work.after_save = None;
                    if kind == JobKind::Open && self.work.session.is_paused() {
                        self.stay_with_session();
                    }
                    self.notify(Notice::error(format!(
                        "{what} stopped with an error of the program: {panic}. Nothing was changed."
                    )));
                }
            }
        }
    }

    fn take_in(&mut self, kind: JobKind, done: Done) {
        let Outcome { tie, then } = done.outcome;
        let is_here = done.serial == self.serial;
        match tie {
            Tie::Project | Tie::State(_) if !is_here => {
                // What waits for a save was asked of the project that is open now.
                if kind == JobKind::Save
                    && let Some(next) = self.work.after_save.take()
                {
                    self.leave_for(next);
                }
            }
            Tie::State(changed) if done.state != self.work.session.state() => {
                self.work.after_save = None;
                self.notify(Notice::warning(changed));
            }
            _ => then(self),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::action::Action;
    use crate::app::command::Command;
    use crate::app::settings::Settings;
    use crate::core::edit::Edit;
    use crate::core::project::Person;
    use std::sync::Arc;
    use std::sync::mpsc::{SyncSender, sync_channel};
    use std::time::Duration;

    fn model() -> Model {
        Model::new(Settings::default(), None, Arc::new(|| ()))
    }

    /// Starts a job that ends when it is let go, and then does as it is told.
    fn begin(
        model: &mut Model,
        kind: JobKind,
        outcome: impl FnOnce() -> Outcome + Send + 'static,
    ) -> SyncSender<()> {
        let (let_go, gate) = sync_channel(1);
        model.start(kind, "Testing", move |_| {
            gate.recv().unwrap();
            outcome()
        });
        let_go
    }

    fn say(text: &'static str) -> impl FnOnce(&mut Model) + Send + 'static {
        move |model| model.notify(Notice::info(text))
    }

    /// What was told when all jobs are done.
    fn told(model: &mut Model) -> Vec<String> {
        while !model.jobs().running().is_empty() {
            model.poll_jobs();
            std::thread::sleep(Duration::from_millis(1));
        }
        let notices = model.notices().iter();
        notices.map(|notice| notice.message.clone()).collect()
    }

    #[test]
    fn a_result_is_taken_in_where_it_belongs() {
        type Meanwhile = fn(&mut Model);
        let nothing: Meanwhile = |_| ();
        let an_edit: Meanwhile = |model| {
            let person = Person::named("Ada", |_| false);
            assert!(model.apply("add", vec![Edit::AddPeople(vec![(0, person)])]));
        };
        let another: Meanwhile = |model| model.perform(Action::Run(Command::NewProject));
        type Tied = fn() -> Outcome;
        let always: Tied = || Outcome::always(say("taken in"));
        let of_project: Tied = || Outcome::of_project(say("taken in"));
        let of_state: Tied = || Outcome::of_state("changed", say("taken in"));
        for (outcome, meanwhile, expected) in [
            (always, nothing, Some("taken in")),
            (always, an_edit, Some("taken in")),
            (always, another, Some("taken in")),
            (of_project, nothing, Some("taken in")),
            (of_project, an_edit, Some("taken in")),
            (of_project, another, None),
            (of_state, nothing, Some("taken in")),
            (of_state, an_edit, Some("changed")),
            (of_state, another, None),
        ] {
            let mut model = model();
            let let_go = begin(&mut model, JobKind::Merge, outcome);
            meanwhile(&mut model);
            let_go.send(()).unwrap();
            assert_eq!(told(&mut model), Vec::from_iter(expected));
        }
    }

    #[test]
    fn what_cannot_begin_is_told() {
        for kind in [
            JobKind::Open,
            JobKind::Save,
            JobKind::Merge,
            JobKind::Export,
            JobKind::Backup,
            JobKind::Look,
        ] {
            let mut model = model();
            let first = begin(&mut model, kind, || Outcome::always(say("first")));
            let _second = begin(&mut model, kind, || Outcome::always(say("second")));
            first.send(()).unwrap();
            let told = told(&mut model);
            assert_eq!(told.len(), 2, "{told:?}");
            assert!(told[0].contains("already") || told[0].contains("running"));
            assert_eq!(told[1], "first");
        }
    }

    #[test]
    fn the_newest_wins() {
        for kind in [
            JobKind::Import,
            JobKind::Copies,
            JobKind::Count,
            JobKind::Derive,
        ] {
            let mut model = model();
            let first = begin(&mut model, kind, || Outcome::always(say("first")));
            let second = begin(&mut model, kind, || Outcome::always(say("second")));
            assert!(model.jobs().running()[0].is_cancelled());
            second.send(()).unwrap();
            first.send(()).unwrap();
            assert_eq!(told(&mut model), ["second"]);
        }
    }

    #[test]
    fn work_that_goes_on_without_a_journal_is_told_of() {
        let mut model = model();
        model.work.session.pause();
        model.start(JobKind::Open, "Testing", |_| -> Outcome {
            panic!("a fault")
        });
        let told = told(&mut model);
        assert_eq!(told.len(), 2, "{told:?}");
        assert!(told[0].contains("Save it and open it again"), "{told:?}");
        assert!(!model.session().is_paused());
    }

    /// A project was left while it was being saved; what waits in the next one is not forgotten.
    #[test]
    fn leaving_goes_on_after_the_save_of_another_project() {
        let mut model = model();
        let save = begin(&mut model, JobKind::Save, || Outcome::of_project(|_| ()));
        let next = crate::app::session::Session::new("", "me", "tag");
        model.work = super::super::Work::on(next, model.jobs.wake());
        model.serial += 1;
        model.perform(Action::Run(Command::Quit));
        assert!(!model.has_requests());
        save.send(()).unwrap();
        told(&mut model);
        assert!(model.has_requests());
    }
}
