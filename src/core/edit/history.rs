//! What can be undone and redone.
//!
//! A list of steps, each of which holds the one transaction that comes next for it: the inverse
//! while the step is in force, the transaction itself while it is not. Applying one gives the
//! other. Knows nothing of how the steps are kept; the journal does that.

use super::{EditError, Transaction, Workbench};
use crate::core::annotation::Timestamp;
use crate::core::ids::AnnotatorId;
use crate::core::project::Project;

/// How many steps are remembered at least. Twice as many are held before the oldest go.
pub const KEPT_STEPS: usize = 20_000;

/// One step of the history.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    pub title: String,
    pub by: Option<AnnotatorId>,
    pub when: Option<Timestamp>,
    /// Names the state after this step; never used again.
    pub state: u64,
    /// Takes the step back while it is in force, makes it again while it is not.
    pub next: Transaction,
}

#[derive(Clone, Debug, Default)]
pub struct History {
    steps: Vec<Step>,
    /// How many steps are in force; those after them can be redone.
    done: usize,
    /// The state before the first step that is remembered.
    first_state: u64,
    last_state: u64,
    /// The state that the file on disk has; it may be one that cannot be reached again.
    saved: Option<u64>,
}

impl History {
    /// A history whose present state is what the file holds.
    pub fn saved() -> Self {
        Self {
            saved: Some(0),
            ..Self::default()
        }
    }

    /// A history as it was kept. The present state is what the file holds.
    pub fn restored(steps: Vec<Step>, done: usize, first_state: u64) -> Self {
        let mut history = Self {
            done: done.min(steps.len()),
            first_state,
            last_state: steps.iter().map(|s| s.state).fold(first_state, u64::max),
            steps,
            saved: None,
        };
        history.saved = Some(history.state());
        history
    }

    /// Applies a transaction and remembers it. What could be redone before is forgotten. Gives the
    /// inverse.
    pub fn perform(
        &mut self,
        project: &mut Project,
        transaction: &Transaction,
        by: Option<AnnotatorId>,
        when: Option<Timestamp>,
    ) -> Result<&Step, EditError> {
        let next = Workbench::on(project).apply(transaction)?;
        Ok(self.push(Step {
            title: transaction.title.clone(),
            by,
            when,
            state: self.next_state(),
            next,
        }))
    }

    /// The name of a state that was never there before.
    pub fn next_state(&self) -> u64 {
        self.last_state.saturating_add(1)
    }

    /// Remembers a step that was just made. What could be redone before is forgotten.
    pub fn push(&mut self, step: Step) -> &Step {
        if self.done >= 2 * KEPT_STEPS {
            self.steps.truncate(self.done);
            let gone = self.steps.len() - KEPT_STEPS;
            self.first_state = self.steps.get(gone - 1).map_or(0, |step| step.state);
            self.steps.drain(..gone);
            self.done = self.steps.len();
        }
        self.restore(step)
    }

    /// Remembers a step that was made again from a journal; nothing is let go, since the file may
    /// lack all of it.
    pub fn restore(&mut self, step: Step) -> &Step {
        self.steps.truncate(self.done);
        self.last_state = self.last_state.max(step.state);
        self.done = self.steps.len() + 1;
        self.steps.push_mut(step)
    }

    /// Takes back the last step. `None` when there is none; else what was done for it.
    pub fn undo(&mut self, project: &mut Project) -> Option<Result<Transaction, EditError>> {
        self.undo_on(&mut Workbench::on(project))
    }

    /// As [`Self::undo`], for one of many steps.
    pub fn undo_on(&mut self, bench: &mut Workbench<'_>) -> Option<Result<Transaction, EditError>> {
        let at = self.done.checked_sub(1)?;
        let result = self.turn(bench, at);
        if matches!(result, Some(Ok(_))) {
            self.done = at;
        }
        result
    }

    /// Makes the last undone step again. `None` when there is none; else what was done for it.
    pub fn redo(&mut self, project: &mut Project) -> Option<Result<Transaction, EditError>> {
        self.redo_on(&mut Workbench::on(project))
    }

    /// As [`Self::redo`], for one of many steps.
    pub fn redo_on(&mut self, bench: &mut Workbench<'_>) -> Option<Result<Transaction, EditError>> {
        let result = self.turn(bench, self.done);
        if matches!(result, Some(Ok(_))) {
            self.done += 1;
        }
        result
    }

    fn turn(
        &mut self,
        bench: &mut Workbench<'_>,
        at: usize,
    ) -> Option<Result<Transaction, EditError>> {
        let step = self.steps.get_mut(at)?;
        Some(match bench.apply(&step.next) {
            Ok(inverse) => Ok(std::mem::replace(&mut step.next, inverse)),
            Err(error) => Err(error),
        })
    }

    /// State names up to this one were given away before.
    pub fn skip_to(&mut self, state: u64) {
        self.last_state = self.last_state.max(state);
    }

    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// How many of the steps are in force.
    pub fn done(&self) -> usize {
        self.done
    }

    pub fn first_state(&self) -> u64 {
        self.first_state
    }

    pub fn undo_title(&self) -> Option<&str> {
        let step = self.steps.get(self.done.checked_sub(1)?)?;
        Some(&step.title)
    }

    pub fn redo_title(&self) -> Option<&str> {
        Some(&self.steps.get(self.done)?.title)
    }

    /// Marks a state as the one on disk.
    pub fn mark_saved(&mut self, state: u64) {
        self.saved = Some(state);
    }

    /// Nothing on disk has the present state.
    pub fn mark_unsaved(&mut self) {
        self.saved = None;
    }

    /// How many steps are in force in the version on disk, when the history still leads there.
    pub fn saved_step(&self) -> Option<usize> {
        let saved = self.saved?;
        if saved == self.first_state {
            return Some(0);
        }
        let at = self.steps.iter().position(|step| step.state == saved);
        at.map(|at| at + 1)
    }

    /// The state that the file has, if any.
    pub fn saved_state(&self) -> Option<u64> {
        self.saved
    }

    /// The name of the present state: undoing and redoing come back to it, other edits never do.
    pub fn state(&self) -> u64 {
        let last = self.done.checked_sub(1).and_then(|i| self.steps.get(i));
        last.map_or(self.first_state, |step| step.state)
    }

    pub fn is_saved(&self) -> bool {
        self.saved == Some(self.state())
    }
}
