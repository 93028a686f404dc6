//! What can be undone and redone: transactions with their inverses, without a limit on depth.

use super::{EditError, Transaction, apply};
use crate::core::project::Project;

#[derive(Clone, Debug)]
pub struct HistoryEntry {
    pub redo: Transaction,
    pub undo: Transaction,
}

#[derive(Clone, Debug, Default)]
pub struct History {
    entries: Vec<HistoryEntry>,
    /// How many entries are in force; those after it can be redone.
    done: usize,
    /// The value of `done` that the file on disk has; `None` when it cannot be reached again.
    saved: Option<usize>,
}

impl History {
    /// A history whose present state is what the file holds.
    pub fn saved() -> Self {
        Self {
            saved: Some(0),
            ..Self::default()
        }
    }

    /// Applies a transaction and remembers it. What could be redone before is forgotten.
    pub fn perform(
        &mut self,
        project: &mut Project,
        transaction: Transaction,
    ) -> Result<(), EditError> {
        let undo = apply(project, &transaction)?;
        self.entries.truncate(self.done);
        if self.saved.is_some_and(|saved| saved > self.done) {
            self.saved = None;
        }
        self.entries.push(HistoryEntry {
            redo: transaction,
            undo,
        });
        self.done = self.entries.len();
        Ok(())
    }

    /// Takes back the last step. `None` when there is none.
    pub fn undo(&mut self, project: &mut Project) -> Option<Result<Transaction, EditError>> {
        let entry = self.entries.get(self.done.checked_sub(1)?)?;
        let result = apply(project, &entry.undo).map(|_| entry.undo.clone());
        if result.is_ok() {
            self.done -= 1;
        }
        Some(result)
    }

    /// Makes the last undone step again. `None` when there is none.
    pub fn redo(&mut self, project: &mut Project) -> Option<Result<Transaction, EditError>> {
        let entry = self.entries.get(self.done)?;
        let result = apply(project, &entry.redo).map(|_| entry.redo.clone());
        if result.is_ok() {
            self.done += 1;
        }
        Some(result)
    }

    pub fn undo_title(&self) -> Option<&str> {
        let entry = self.entries.get(self.done.checked_sub(1)?)?;
        Some(&entry.redo.title)
    }

    pub fn redo_title(&self) -> Option<&str> {
        Some(&self.entries.get(self.done)?.redo.title)
    }

    /// Marks a state as the one on disk: the number of steps in force when it was taken.
    pub fn mark_saved(&mut self, steps: usize) {
        self.saved = Some(steps);
    }

    /// How many steps are in force.
    pub fn steps(&self) -> usize {
        self.done
    }

    pub fn is_saved(&self) -> bool {
        self.saved == Some(self.done)
    }
}
