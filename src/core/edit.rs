//! The one way to change a project.
//!
//! [`apply`] either makes all edits of a transaction and returns its inverse, or changes nothing
//! and says why. Undo, redo, the journal and the dirty flag all ride on it (invariant 1). It also
//! guards invariant 4: a fragment is never empty, lies in the text and on grapheme boundaries.

mod history;

use crate::core::annotation::Annotation;
use crate::core::article::{Article, Status};
use crate::core::codebook::Codebook;
use crate::core::ids::{AnnotationId, AnnotatorId, ArticleId};
use crate::core::project::{Annotator, Person, Project, TrashItem};
use crate::core::text::ArticleText;
use crate::core::text::segment::is_grapheme_boundary;
use std::collections::BTreeMap;
use std::sync::Arc;

pub use history::{History, HistoryEntry};

/// One change. Each has an inverse of the same kind.
#[derive(Clone, Debug, PartialEq)]
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
    SetName(String),
    SetCodebook(Box<Codebook>),
    SetAnnotators(Vec<Annotator>),
    SetPeople(Vec<Person>),
    /// Puts an item at a place in the trash.
    AddToTrash {
        at: usize,
        item: Arc<TrashItem>,
    },
    RemoveFromTrash {
        at: usize,
    },
}

/// What may change about an article: everything but its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArticleDetails {
    pub title: String,
    pub metadata: BTreeMap<String, String>,
    pub notes: String,
}

/// Edits that are made, undone and redone together.
#[derive(Clone, Debug, PartialEq)]
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
    #[error("nothing is in the trash at place {0}")]
    NotInTrash(usize),
}

/// Makes all edits, or none. Returns the transaction that takes them back.
pub fn apply(project: &mut Project, transaction: &Transaction) -> Result<Transaction, EditError> {
    let mut undo = Vec::with_capacity(transaction.edits.len());
    for edit in &transaction.edits {
        match apply_edit(project, edit) {
            Ok(inverse) => undo.push(inverse),
            Err(error) => {
                for inverse in undo.iter().rev() {
                    // The inverse of an edit just made applies, or the edit had no effect.
                    let _restored = apply_edit(project, inverse);
                }
                return Err(error);
            }
        }
    }
    undo.reverse();
    Ok(Transaction::new(transaction.title.clone(), undo))
}

/// Checks the fragments of an annotation against the text (invariant 4).
pub fn check_fragments(annotation: &Annotation, text: &ArticleText) -> Result<(), EditError> {
    let id = || annotation.id.clone();
    if annotation.fragments.is_empty() {
        return Err(EditError::EmptyFragment(id()));
    }
    let mut last_end = None;
    for fragment in &annotation.fragments {
        if fragment.is_empty() {
            return Err(EditError::EmptyFragment(id()));
        }
        if fragment.end > text.end() {
            return Err(EditError::OutsideText(id()));
        }
        if !is_grapheme_boundary(text, fragment.start) || !is_grapheme_boundary(text, fragment.end)
        {
            return Err(EditError::InsideGrapheme(id()));
        }
        if last_end.is_some_and(|end| fragment.start < end) {
            return Err(EditError::UnorderedFragments(id()));
        }
        last_end = Some(fragment.end);
    }
    Ok(())
}

fn article_mut<'a>(project: &'a mut Project, id: &ArticleId) -> Result<&'a mut Article, EditError> {
    let index = project.article_index(id);
    let found = index.and_then(|i| project.articles.get_mut(i));
    found
        .map(Arc::make_mut)
        .ok_or_else(|| EditError::NoArticle(id.clone()))
}

fn check_annotation(
    project: &Project,
    article: &ArticleId,
    annotation: &Annotation,
) -> Result<(), EditError> {
    let found = project
        .article(article)
        .ok_or_else(|| EditError::NoArticle(article.clone()))?;
    if project.codebook.label(annotation.label.as_str()).is_none() {
        return Err(EditError::NoLabel(annotation.label.to_string()));
    }
    check_fragments(annotation, &found.text)
}

fn apply_edit(project: &mut Project, edit: &Edit) -> Result<Edit, EditError> {
    match edit {
        Edit::AddArticles(added) => {
            let mut ids = std::collections::HashSet::new();
            if let Some((_, taken)) = added.iter().find(|(_, article)| {
                project.article_index(&article.id).is_some() || !ids.insert(&article.id)
            }) {
                return Err(EditError::ArticleExists(taken.id.clone()));
            }
            insert_all(&mut project.articles, added);
            project.index_articles();
            let ids = added.iter().map(|(_, article)| article.id.clone());
            Ok(Edit::RemoveArticles(ids.collect()))
        }
        Edit::RemoveArticles(ids) => {
            let mut places = Vec::with_capacity(ids.len());
            for id in ids {
                let place = project.article_index(id);
                places.push(place.ok_or_else(|| EditError::NoArticle(id.clone()))?);
            }
            places.sort_unstable();
            places.dedup();
            let removed = places
                .iter()
                .filter_map(|&i| project.articles.get(i).map(|article| (i, article.clone())))
                .collect();
            let mut i = 0;
            project.articles.retain(|_| {
                i += 1;
                places.binary_search(&(i - 1)).is_err()
            });
            project.index_articles();
            Ok(Edit::AddArticles(removed))
        }
        Edit::SetDetails { article, details } => {
            let target = article_mut(project, article)?;
            let old = ArticleDetails {
                title: std::mem::replace(&mut target.title, details.title.clone()),
                metadata: std::mem::replace(&mut target.metadata, details.metadata.clone()),
                notes: std::mem::replace(&mut target.notes, details.notes.clone()),
            };
            Ok(Edit::SetDetails {
                article: article.clone(),
                details: old,
            })
        }
        Edit::SetStatus {
            article,
            annotator,
            status,
        } => {
            let target = article_mut(project, article)?;
            let old = target.status_for(annotator);
            match status {
                Status::New => target.status.remove(annotator),
                other => target.status.insert(annotator.clone(), *other),
            };
            Ok(Edit::SetStatus {
                article: article.clone(),
                annotator: annotator.clone(),
                status: old,
            })
        }
        Edit::AddAnnotation {
            article,
            annotation,
        } => {
            check_annotation(project, article, annotation)?;
            article_mut(project, article)?
                .annotations
                .insert(annotation.clone())
                .map_err(|refused| EditError::AnnotationExists(refused.id))?;
            Ok(Edit::RemoveAnnotation {
                article: article.clone(),
                id: annotation.id.clone(),
            })
        }
        Edit::RemoveAnnotation { article, id } => {
            let removed = article_mut(project, article)?
                .annotations
                .remove(id.as_str())
                .ok_or_else(|| EditError::NoAnnotation(id.clone()))?;
            Ok(Edit::AddAnnotation {
                article: article.clone(),
                annotation: Box::new(Annotation::clone(&removed)),
            })
        }
        Edit::ReplaceAnnotation {
            article,
            annotation,
        } => {
            check_annotation(project, article, annotation)?;
            let old = article_mut(project, article)?
                .annotations
                .replace(Annotation::clone(annotation))
                .ok_or_else(|| EditError::NoAnnotation(annotation.id.clone()))?;
            Ok(Edit::ReplaceAnnotation {
                article: article.clone(),
                annotation: Box::new(Annotation::clone(&old)),
            })
        }
        Edit::SetName(name) => Ok(Edit::SetName(std::mem::replace(
            &mut project.name,
            name.clone(),
        ))),
        Edit::SetCodebook(codebook) => {
            let new = Arc::new(Codebook::clone(codebook));
            let old = std::mem::replace(&mut project.codebook, new);
            Ok(Edit::SetCodebook(Box::new(Codebook::clone(&old))))
        }
        Edit::SetAnnotators(annotators) => {
            let old = std::mem::replace(&mut project.annotators, Arc::new(annotators.clone()));
            Ok(Edit::SetAnnotators(Vec::clone(&old)))
        }
        Edit::SetPeople(people) => {
            let old = std::mem::replace(&mut project.people, Arc::new(people.clone()));
            Ok(Edit::SetPeople(Vec::clone(&old)))
        }
        Edit::AddToTrash { at, item } => {
            let at = (*at).min(project.trash.len());
            project.trash.insert(at, item.clone());
            Ok(Edit::RemoveFromTrash { at })
        }
        Edit::RemoveFromTrash { at } => {
            if *at >= project.trash.len() {
                return Err(EditError::NotInTrash(*at));
            }
            let item = project.trash.remove(*at);
            Ok(Edit::AddToTrash { at: *at, item })
        }
    }
}

/// Puts items at their places; places count in the list as it is afterwards.
fn insert_all(articles: &mut Vec<Arc<Article>>, added: &[(usize, Arc<Article>)]) {
    let mut merged = Vec::with_capacity(articles.len() + added.len());
    let mut old = std::mem::take(articles).into_iter();
    for (place, article) in added {
        while merged.len() < *place
            && let Some(next) = old.next()
        {
            merged.push(next);
        }
        merged.push(article.clone());
    }
    merged.extend(old);
    *articles = merged;
}

#[cfg(test)]
mod tests;
