//! What can be undone and redone: transactions with their inverses, without a limit on depth.

use super::{EditError, Transaction, apply};
use crate::core::project::Project;

#[derive(Clone, Debug)]
pub struct HistoryEntry {
    pub redo: Transaction,
    pub undo: Transaction,
    /// Names the state after this entry; never used again.
    state: u64,
}

#[derive(Clone, Debug, Default)]
pub struct History {
    entries: Vec<HistoryEntry>,
    /// How many entries are in force; those after it can be redone.
    done: usize,
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

    /// Applies a transaction and remembers it. What could be redone before is forgotten.
    pub fn perform(
        &mut self,
        project: &mut Project,
        transaction: Transaction,
    ) -> Result<(), EditError> {
        let undo = apply(project, &transaction)?;
        self.entries.truncate(self.done);
        self.last_state += 1;
        self.entries.push(HistoryEntry {
            redo: transaction,
            undo,
            state: self.last_state,
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

    /// Marks a state as the one on disk.
    pub fn mark_saved(&mut self, state: u64) {
        self.saved = Some(state);
    }

    /// The name of the present state: undoing and redoing come back to it, other edits never do.
    pub fn state(&self) -> u64 {
        let last = self.done.checked_sub(1).and_then(|i| self.entries.get(i));
        last.map_or(0, |entry| entry.state)
    }

    pub fn is_saved(&self) -> bool {
        self.saved == Some(self.state())
    }
}
