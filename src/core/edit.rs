//! The one way to change a project.
//!
//! [`apply()`] either makes all edits of a transaction and returns its inverse, or changes nothing
//! and says why. Undo, redo, the journal and the dirty flag all ride on it (invariant 1). It also
//! guards invariant 4: a fragment is never empty, lies in the text and on grapheme boundaries.
//! What an edit touches it says itself (`kinds`): no match names some kinds and lumps the rest.

#![deny(clippy::wildcard_enum_match_arm)]

mod apply;
mod history;
mod kinds;
mod workbench;

use crate::core::annotation::Timestamp;
use crate::core::ids::{AnnotationId, AnnotatorId, ArticleId, GroupId, PersonId, RuleId, SetId};
use crate::core::kept::UnknownFields;
use crate::core::project::{TrashItem, Trashed};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

pub use apply::{apply, are_stretches, check_fragments};
pub use history::{History, Step};
pub use kinds::{Change, ChangeLists, Edit, contents, of_lists};
pub use workbench::Workbench;

/// Something that goes to the trash: where it will stand there, who threw it away and when.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ToTrash<Id> {
    pub id: Id,
    pub at: usize,
    pub by: AnnotatorId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Timestamp>,
    /// What else the item of the trash held, when it goes back there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unknown: UnknownFields,
}

impl<Id> ToTrash<Id> {
    pub fn new(id: Id, at: usize, by: AnnotatorId, when: Option<Timestamp>) -> Self {
        Self {
            id,
            at,
            by,
            when,
            unknown: UnknownFields::new(),
        }
    }

    /// The item as it will stand in the trash.
    fn item(&self, what: Trashed) -> Arc<TrashItem> {
        Arc::new(TrashItem {
            what,
            by: self.by.clone(),
            when: self.when,
            unknown: self.unknown.clone(),
        })
    }
}

/// What may change about an article: everything but its text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArticleDetails {
    pub title: String,
    pub metadata: BTreeMap<String, String>,
    pub notes: String,
}

/// Edits that are made, undone and redone together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Transaction {
    /// What it does, as the undo menu says it: "mark quote".
    pub title: String,
    pub edits: Vec<Edit>,
}

impl Transaction {
    pub fn new(title: impl Into<String>, edits: Vec<Edit>) -> Self {
        Self {
            title: title.into(),
            edits,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    #[error("there is no article {0}")]
    NoArticle(ArticleId),
    #[error("there already is an article {0}")]
    ArticleExists(ArticleId),
    #[error("there is no annotation {0}")]
    NoAnnotation(AnnotationId),
    #[error("there already is an annotation {0}")]
    AnnotationExists(AnnotationId),
    #[error("annotation {0} has no text")]
    EmptyFragment(AnnotationId),
    #[error("a fragment of annotation {0} lies outside the text")]
    OutsideText(AnnotationId),
    #[error("a fragment of annotation {0} begins or ends inside a character")]
    InsideGrapheme(AnnotationId),
    #[error("the fragments of annotation {0} are out of order or overlap")]
    UnorderedFragments(AnnotationId),
    #[error("where nothing was found in article {0} are no stretches of its text")]
    NoStretches(ArticleId),
    #[error("the codebook has no label “{0}”")]
    NoLabel(String),
    #[error("the label “{0}” would be a kind of itself")]
    KindOfItself(String),
    #[error("annotations still have the label “{0}”")]
    LabelInUse(String),
    #[error("this is not in the trash (any more)")]
    NotInTrash,
    #[error("this is not on the review list (any more)")]
    NotInReview,
    /// An item of a list, by what it is called.
    #[error("there is no such {0} (any more)")]
    NoSuch(&'static str),
    #[error("there already is a set of articles {0}")]
    SetExists(SetId),
    #[error("there already is a kept rule {0}")]
    RuleExists(RuleId),
    #[error("there already is a group {0}")]
    GroupExists(GroupId),
    #[error("annotation {0} is in another group already")]
    InAnotherGroup(AnnotationId),
    #[error("the two are not kept apart (any more)")]
    NotApart,
    #[error("there already is a person {0}")]
    PersonExists(PersonId),
    #[error("there is no person {0}")]
    NoPerson(PersonId),
    #[error("the same thing is named twice in one change")]
    NamedTwice,
}

#[cfg(test)]
pub(crate) mod tests;
