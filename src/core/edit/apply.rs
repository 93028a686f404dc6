//! Making one edit, and the edit that takes it back.

use super::{ArticleDetails, Edit, EditError, ToTrash, Transaction};
use crate::core::annotation::Annotation;
use crate::core::article::{Article, Status};
use crate::core::codebook::Codebook;
use crate::core::ids::ArticleId;
use crate::core::project::{Person, Project, SetAside, TrashItem, Trashed};
use crate::core::text::ArticleText;
use crate::core::text::segment::is_grapheme_boundary;
use std::collections::HashSet;
use std::sync::Arc;

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
            let mut ids = HashSet::new();
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
            let removed = remove_all(&mut project.articles, &places).unwrap_or_default();
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
        Edit::ReplaceAnnotations {
            article,
            annotations,
        } => {
            for annotation in annotations {
                check_annotation(project, article, annotation)?;
            }
            let set = &mut article_mut(project, article)?.annotations;
            let old = set
                .remove_many(annotations.iter().map(|a| &a.id))
                .map_err(EditError::NoAnnotation)?;
            set.insert_many(annotations.clone())
                .map_err(EditError::AnnotationExists)?;
            Ok(Edit::ReplaceAnnotations {
                article: article.clone(),
                annotations: old,
            })
        }
        Edit::TrashAnnotations { article, items } => trash_annotations(project, article, items),
        Edit::RestoreAnnotations { article, at } => restore_annotations(project, article, at),
        Edit::TrashArticles(items) => trash_articles(project, items),
        Edit::RestoreArticles(places) => restore_articles(project, places),
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
        Edit::AddPeople(added) => {
            let mut ids = HashSet::new();
            let taken = added.iter().find(|(_, person)| {
                project.person(&person.id).is_some() || !ids.insert(&person.id)
            });
            if let Some((_, person)) = taken {
                return Err(EditError::PersonExists(person.id.clone()));
            }
            insert_all(Arc::make_mut(&mut project.people), added);
            let ids = added.iter().map(|(_, person)| person.id.clone());
            Ok(Edit::RemovePeople(ids.collect()))
        }
        Edit::RemovePeople(ids) => {
            let mut places = Vec::with_capacity(ids.len());
            for id in ids {
                let place = project.people.iter().position(|person| person.id == *id);
                places.push(place.ok_or_else(|| EditError::NoPerson(id.clone()))?);
            }
            places.sort_unstable();
            let people: &mut Vec<Person> = Arc::make_mut(&mut project.people);
            Ok(Edit::AddPeople(
                remove_all(people, &places).ok_or(EditError::NamedTwice)?,
            ))
        }
        Edit::AddToTrash(added) => {
            let places = insert_all(&mut project.trash, added);
            Ok(Edit::RemoveFromTrash(places))
        }
        Edit::RemoveFromTrash(places) => Ok(Edit::AddToTrash(
            remove_all(&mut project.trash, places).ok_or(EditError::NotInTrash)?,
        )),
        Edit::AddToReview(added) => {
            let list: &mut Vec<SetAside> = Arc::make_mut(&mut project.set_aside);
            Ok(Edit::RemoveFromReview(insert_all(list, added)))
        }
        Edit::RemoveFromReview(places) => {
            let list: &mut Vec<SetAside> = Arc::make_mut(&mut project.set_aside);
            Ok(Edit::AddToReview(
                remove_all(list, places).ok_or(EditError::NotInReview)?,
            ))
        }
        Edit::AddImports(added) => {
            let places = insert_all(&mut project.imports, added);
            Ok(Edit::RemoveImports(places))
        }
        Edit::RemoveImports(places) => Ok(Edit::AddImports(
            remove_all(&mut project.imports, places).ok_or(EditError::NoImport)?,
        )),
    }
}

fn trash_annotations(
    project: &mut Project,
    article: &ArticleId,
    items: &[ToTrash<crate::core::ids::AnnotationId>],
) -> Result<Edit, EditError> {
    let removed = article_mut(project, article)?
        .annotations
        .remove_many(items.iter().map(|item| &item.id))
        .map_err(EditError::NoAnnotation)?;
    let trashed: Vec<(usize, Arc<TrashItem>)> = items
        .iter()
        .filter_map(|item| {
            let place = removed.binary_search_by(|a| a.id.cmp(&item.id)).ok()?;
            let what = Trashed::Annotation {
                article: article.clone(),
                annotation: removed.get(place)?.clone(),
            };
            let (by, when) = (item.by.clone(), item.when);
            Some((item.at, Arc::new(TrashItem { what, by, when })))
        })
        .collect();
    let at = insert_all(&mut project.trash, &trashed);
    Ok(Edit::RestoreAnnotations {
        article: article.clone(),
        at,
    })
}

fn restore_annotations(
    project: &mut Project,
    article: &ArticleId,
    at: &[usize],
) -> Result<Edit, EditError> {
    let mut restored = Vec::with_capacity(at.len());
    let mut items = Vec::with_capacity(at.len());
    for &at in at {
        let item = project.trash.get(at).ok_or(EditError::NotInTrash)?;
        let annotation = match &item.what {
            Trashed::Annotation {
                article: from,
                annotation,
            } if from == article => annotation,
            _ => return Err(EditError::NotInTrash),
        };
        check_annotation(project, article, annotation)?;
        restored.push(annotation.clone());
        items.push(ToTrash {
            id: annotation.id.clone(),
            at,
            by: item.by.clone(),
            when: item.when,
        });
    }
    if !rises(at) {
        return Err(EditError::NamedTwice);
    }
    article_mut(project, article)?
        .annotations
        .insert_many(restored)
        .map_err(EditError::AnnotationExists)?;
    remove_all(&mut project.trash, at).ok_or(EditError::NotInTrash)?;
    Ok(Edit::TrashAnnotations {
        article: article.clone(),
        items,
    })
}

fn trash_articles(project: &mut Project, items: &[ToTrash<ArticleId>]) -> Result<Edit, EditError> {
    let mut places = Vec::with_capacity(items.len());
    let mut trashed = Vec::with_capacity(items.len());
    for item in items {
        let missing = || EditError::NoArticle(item.id.clone());
        let place = project.article_index(&item.id).ok_or_else(missing)?;
        let article = project.articles.get(place).ok_or_else(missing)?.clone();
        places.push(place);
        let what = Trashed::Article(article);
        let (by, when) = (item.by.clone(), item.when);
        trashed.push((item.at, Arc::new(TrashItem { what, by, when })));
    }
    let mut sorted = places.clone();
    sorted.sort_unstable();
    remove_all(&mut project.articles, &sorted).ok_or(EditError::NamedTwice)?;
    project.index_articles();
    let in_trash = insert_all(&mut project.trash, &trashed);
    let mut restore: Vec<(usize, usize)> = in_trash.into_iter().zip(places).collect();
    restore.sort_unstable_by_key(|(_, place)| *place);
    Ok(Edit::RestoreArticles(restore))
}

fn restore_articles(project: &mut Project, places: &[(usize, usize)]) -> Result<Edit, EditError> {
    let mut ids = HashSet::new();
    let mut restored = Vec::with_capacity(places.len());
    let mut items = Vec::with_capacity(places.len());
    for &(at, place) in places {
        let item = project.trash.get(at).ok_or(EditError::NotInTrash)?;
        let Trashed::Article(article) = &item.what else {
            return Err(EditError::NotInTrash);
        };
        if project.article_index(&article.id).is_some() || !ids.insert(article.id.clone()) {
            return Err(EditError::ArticleExists(article.id.clone()));
        }
        items.push(ToTrash {
            id: article.id.clone(),
            at,
            by: item.by.clone(),
            when: item.when,
        });
        restored.push((place, article.clone()));
    }
    let mut from: Vec<usize> = places.iter().map(|(at, _)| *at).collect();
    from.sort_unstable();
    remove_all(&mut project.trash, &from).ok_or(EditError::NamedTwice)?;
    insert_all(&mut project.articles, &restored);
    project.index_articles();
    items.sort_unstable_by_key(|item| item.at);
    Ok(Edit::TrashArticles(items))
}

fn rises(places: &[usize]) -> bool {
    places
        .windows(2)
        .all(|pair| matches!(pair, [a, b] if a < b))
}

/// Puts items at their places; places count in the list as it is afterwards. Says where they came
/// to stand: a place beyond the end is the end.
fn insert_all<T: Clone>(list: &mut Vec<T>, added: &[(usize, T)]) -> Vec<usize> {
    let mut merged = Vec::with_capacity(list.len() + added.len());
    let mut places = Vec::with_capacity(added.len());
    let mut old = std::mem::take(list).into_iter();
    for (place, item) in added {
        while merged.len() < *place
            && let Some(next) = old.next()
        {
            merged.push(next);
        }
        places.push(merged.len());
        merged.push(item.clone());
    }
    merged.extend(old);
    *list = merged;
    places
}

/// Takes out the items at these rising places, each with its place; changes nothing and gives
/// `None` when they do not rise or lie outside the list.
fn remove_all<T>(list: &mut Vec<T>, places: &[usize]) -> Option<Vec<(usize, T)>> {
    if !rises(places) || places.last().is_some_and(|&last| last >= list.len()) {
        return None;
    }
    let mut removed = Vec::with_capacity(places.len());
    let mut kept = Vec::with_capacity(list.len() - places.len());
    let mut places = places.iter().peekable();
    for (i, item) in std::mem::take(list).into_iter().enumerate() {
        if places.next_if(|&&place| place == i).is_some() {
            removed.push((i, item));
        } else {
            kept.push(item);
        }
    }
    *list = kept;
    Some(removed)
}
