//! The one way to change a project.
//!
//! [`apply()`] either makes all edits of a transaction and returns its inverse, or changes nothing
//! and says why. Undo, redo, the journal and the dirty flag all ride on it (invariant 1). It also
//! guards invariant 4: a fragment is never empty, lies in the text and on grapheme boundaries.

mod apply;
mod history;
mod long_list;
mod workbench;

use crate::core::annotation::{Annotation, Timestamp};
use crate::core::article::{Article, Status};
use crate::core::codebook::Codebook;
use crate::core::ids::{AnnotationId, AnnotatorId, ArticleId, PersonId};
use crate::core::kept::UnknownFields;
use crate::core::project::{Annotator, ImportReport, Person, SetAside, TrashItem, Trashed};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

pub use apply::{apply, check_fragments};
pub use history::{History, Step};
pub use workbench::Workbench;

/// One change. Each has an inverse of the same kind.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Edit {
    /// Puts articles into the list, each at its place, in rising order of places.
    AddArticles(Vec<(usize, Arc<Article>)>),
    RemoveArticles(Vec<ArticleId>),
    SetDetails {
        article: ArticleId,
        details: ArticleDetails,
    },
    SetStatus {
        article: ArticleId,
        annotator: AnnotatorId,
        status: Status,
    },
    AddAnnotation {
        article: ArticleId,
        annotation: Box<Annotation>,
    },
    RemoveAnnotation {
        article: ArticleId,
        id: AnnotationId,
    },
    /// Gives the annotation with the same id another value.
    ReplaceAnnotation {
        article: ArticleId,
        annotation: Box<Annotation>,
    },
    /// Gives the annotations of one article that have these ids other values, in one pass.
    ReplaceAnnotations {
        article: ArticleId,
        annotations: Vec<Arc<Annotation>>,
    },
    /// Moves annotations of one article to the trash, in rising order of places there.
    TrashAnnotations {
        article: ArticleId,
        items: Vec<ToTrash<AnnotationId>>,
    },
    /// Moves annotations back from these places in the trash, in rising order.
    RestoreAnnotations {
        article: ArticleId,
        at: Vec<usize>,
    },
    /// Moves articles to the trash with all that is in them, in rising order of places there.
    TrashArticles(Vec<ToTrash<ArticleId>>),
    /// Moves articles back: the place in the trash, and the place in the list, the latter rising.
    RestoreArticles(Vec<(usize, usize)>),
    SetName(String),
    SetCodebook(Box<Codebook>),
    SetAnnotators(Vec<Annotator>),
    /// Puts people into the speaker ledger, each at its place, in rising order of places.
    AddPeople(Vec<(usize, Person)>),
    RemovePeople(Vec<PersonId>),
    /// Puts items into the trash, in rising order of places.
    AddToTrash(Vec<(usize, Arc<TrashItem>)>),
    /// Takes the items at these places out of the trash, in rising order.
    RemoveFromTrash(Vec<usize>),
    /// Puts items on the review list, in rising order of places.
    AddToReview(Vec<(usize, SetAside)>),
    /// Takes the items at these places off the review list, in rising order.
    RemoveFromReview(Vec<usize>),
    /// Keeps reports of imports, in rising order of places.
    AddImports(Vec<(usize, Arc<ImportReport>)>),
    /// Takes out the reports at these places, in rising order.
    RemoveImports(Vec<usize>),
}

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

    /// The article and annotation that the transaction touches first, for showing it.
    pub fn subject(&self) -> Option<(&ArticleId, Option<&AnnotationId>)> {
        self.edits.iter().find_map(|edit| match edit {
            Edit::AddAnnotation {
                article,
                annotation,
            }
            | Edit::ReplaceAnnotation {
                article,
                annotation,
            } => Some((article, Some(&annotation.id))),
            Edit::RemoveAnnotation { article, id } => Some((article, Some(id))),
            Edit::ReplaceAnnotations {
                article,
                annotations,
            } => Some((article, annotations.first().map(|a| &a.id))),
            Edit::TrashAnnotations { article, items } => {
                Some((article, items.first().map(|item| &item.id)))
            }
            Edit::RestoreAnnotations { article, .. } => Some((article, None)),
            Edit::SetDetails { article, .. } | Edit::SetStatus { article, .. } => {
                Some((article, None))
            }
            Edit::AddArticles(added) => added.first().map(|(_, article)| (&article.id, None)),
            _ => None,
        })
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
    #[error("the codebook has no label “{0}”")]
    NoLabel(String),
    #[error("this is not in the trash (any more)")]
    NotInTrash,
    #[error("this is not on the review list (any more)")]
    NotInReview,
    #[error("there is no such report of an import (any more)")]
    NoImport,
    #[error("there already is a person {0}")]
    PersonExists(PersonId),
    #[error("there is no person {0}")]
    NoPerson(PersonId),
    #[error("the same thing is named twice in one change")]
    NamedTwice,
}

#[cfg(test)]
pub(crate) mod tests;
