//! Recipes: from a project to the edits that do what an analyst asks for.
//!
//! Pure: they change nothing, and know no window and no session. Ids come from the mint that they
//! are handed, or from `FreshIds`; who does it and when is handed in too. Whoever calls applies the
//! edits as one step and says what came of it.

pub mod codebook;
pub mod copies;
pub mod dataset;
pub mod details;
pub mod groups;
pub mod hits;
pub mod link;
pub mod mark;
pub mod people;
pub mod quote;
pub mod reading;
pub mod rules;
pub mod sets;
pub mod successor;
pub mod trash;

use crate::core::annotation::Timestamp;
use crate::core::edit::ToTrash;
use crate::core::ids::AnnotatorId;
use crate::core::project::{TrashItem, Trashed};
use std::sync::Arc;

/// Who does something, and when.
#[derive(Clone, Copy, Debug)]
pub struct Signed<'a> {
    pub by: &'a AnnotatorId,
    pub when: Option<Timestamp>,
}

impl Signed<'_> {
    /// Something that goes to this place of the trash.
    fn to_trash<Id>(self, id: Id, at: usize) -> ToTrash<Id> {
        let (by, when) = (self.by.clone(), self.when);
        ToTrash::new(id, at, by, when)
    }

    fn item(self, what: Trashed) -> Arc<TrashItem> {
        let (by, when) = (self.by.clone(), self.when);
        Arc::new(TrashItem::new(what, by, when))
    }
}

#[cfg(test)]
mod tests;
