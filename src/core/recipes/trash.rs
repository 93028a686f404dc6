//! Deleting and bringing back: annotations, articles, labels and annotators.
//!
//! Nothing is deleted without a way back: what is taken away stands in the trash.

use super::Signed;
use crate::core::annotation::Annotation;
use crate::core::codebook::{Codebook, Label, MAX_NAME, folded_name};
use crate::core::edit::Edit;
use crate::core::ids::{AnnotationId, AnnotatorId, ArticleId, LabelId};
use crate::core::project::{Project, TrashItem, Trashed};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

/// What is said of an item that this version cannot bring back.
pub const LATER: &str = "of a later version of Pressmark";

/// What deleting a label or an annotator takes.
#[derive(Debug)]
pub struct Deletion {
    pub edits: Vec<Edit>,
    pub name: String,
    /// How many annotations it had.
    pub annotations: usize,
}

pub fn trash_annotation(
    project: &Project,
    article: &ArticleId,
    id: &AnnotationId,
    signed: Signed<'_>,
) -> Edit {
    Edit::TrashAnnotations {
        article: article.clone(),
        items: vec![signed.to_trash(id.clone(), project.trash().len())],
    }
}

pub fn trash_articles(project: &Project, ids: &[ArticleId], signed: Signed<'_>) -> Edit {
    let places = project.trash().len()..;
    let items = ids.iter().zip(places);
    Edit::TrashArticles(
        items
            .map(|(id, at)| signed.to_trash(id.clone(), at))
            .collect(),
    )
}

/// Takes a label out of the codebook; its annotations get another label, or go to the trash.
pub fn delete_label(
    project: &Project,
    label: &LabelId,
    move_to: Option<&LabelId>,
    signed: Signed<'_>,
) -> Option<Deletion> {
    let mut codebook = project.codebook().clone();
    let at = codebook.labels.iter().position(|l| l.id == *label)?;
    let removed = codebook.labels.remove(at);
    let what = format!("delete label “{}”", removed.name);
    codebook.revise(what, signed.by, signed.when);
    let found = annotations_of(project, |a| a.label == *label);
    let annotations = found.iter().map(|(_, all)| all.len()).sum();
    let mut in_trash = project.trash().len();
    let mut edits = match move_to {
        Some(other) => {
            let relabelled = |old: &Arc<Annotation>| {
                let mut new = Annotation::clone(old);
                new.label = other.clone();
                new.changed = signed.when;
                Arc::new(new)
            };
            let by_article = found.iter();
            by_article
                .map(|(article, annotations)| Edit::ReplaceAnnotations {
                    article: article.clone(),
                    annotations: annotations.iter().map(relabelled).collect(),
                })
                .collect()
        }
        None => {
            let edits = to_trash(&found, in_trash, signed);
            in_trash += annotations;
            edits
        }
    };
    let name = removed.name.clone();
    edits.push(Edit::SetCodebook(Box::new(codebook)));
    let item = signed.item(Trashed::Label(removed));
    edits.push(Edit::AddToTrash(vec![(in_trash, item)]));
    Some(Deletion {
        edits,
        name,
        annotations,
    })
}

/// Takes an annotator out of the project, with all their annotations.
pub fn delete_annotator(
    project: &Project,
    id: &AnnotatorId,
    signed: Signed<'_>,
) -> Option<Deletion> {
    let mut annotators = project.annotators().to_vec();
    let at = annotators.iter().position(|a| a.id == *id)?;
    let removed = annotators.remove(at);
    let found = annotations_of(project, |a| a.annotator == *id);
    let annotations = found.iter().map(|(_, all)| all.len()).sum();
    let in_trash = project.trash().len();
    let mut edits = to_trash(&found, in_trash, signed);
    let name = removed.name.clone();
    edits.push(Edit::SetAnnotators(annotators));
    let item = signed.item(Trashed::Annotator(removed));
    edits.push(Edit::AddToTrash(vec![(in_trash + annotations, item)]));
    Some(Deletion {
        edits,
        name,
        annotations,
    })
}

/// The annotations that are meant, by article, in order.
fn annotations_of(
    project: &Project,
    is_meant: impl Fn(&Annotation) -> bool,
) -> Vec<(ArticleId, Vec<Arc<Annotation>>)> {
    let articles = project.articles().iter();
    let found = articles.map(|article| {
        let all = article.annotations.iter();
        let meant = all.filter(|annotation| is_meant(annotation));
        (article.id.clone(), meant.cloned().collect::<Vec<_>>())
    });
    found.filter(|(_, meant)| !meant.is_empty()).collect()
}

/// Edits that move annotations to the trash, whose present length is `at`.
fn to_trash(
    found: &[(ArticleId, Vec<Arc<Annotation>>)],
    mut at: usize,
    signed: Signed<'_>,
) -> Vec<Edit> {
    let mut edits = Vec::with_capacity(found.len());
    for (article, annotations) in found {
        let items = annotations.iter().zip(at..);
        edits.push(Edit::TrashAnnotations {
            article: article.clone(),
            items: items
                .map(|(annotation, at)| signed.to_trash(annotation.id.clone(), at))
                .collect(),
        });
        at += annotations.len();
    }
    edits
}

/// The places of the annotations that went to the trash together with a label or an annotator.
pub fn together(project: &Project, item: &TrashItem) -> Vec<usize> {
    let goes_with = |annotation: &Annotation| match &item.what {
        Trashed::Label(label) => annotation.label == label.id,
        Trashed::Annotator(annotator) => annotation.annotator == annotator.id,
        Trashed::Annotation { .. } | Trashed::Article(_) | Trashed::Later(_) => false,
    };
    let trash = project.trash().iter().enumerate();
    trash
        .filter(|(_, other)| other.by == item.by && other.when == item.when)
        .filter(|(_, other)| {
            let annotation = other.what.annotation();
            annotation.is_some_and(|(_, annotation)| goes_with(annotation))
        })
        .map(|(at, _)| at)
        .collect()
}

/// Empties the trash of these items, and of annotations of articles that are then gone for good:
/// they have no text to stand on.
pub fn purge(project: &Project, places: &[usize]) -> Vec<usize> {
    let trash = project.trash();
    let purged = places
        .iter()
        .filter_map(|at| trash.get(*at)?.what.article());
    let gone: HashSet<&ArticleId> = purged.map(|article| &article.id).collect();
    let orphans = trash.iter().enumerate().filter(|(_, item)| {
        let annotation = item.what.annotation();
        annotation.is_some_and(|(article, _)| gone.contains(article))
    });
    let all: BTreeSet<usize> = orphans
        .map(|(at, _)| at)
        .chain(places.iter().copied())
        .collect();
    all.into_iter().collect()
}

/// Edits that bring items of the trash back, with what they need: the article and the label of an
/// annotation, the annotations of a label. The reason in words when one cannot come back.
pub fn restore(
    project: &Project,
    wanted: &[usize],
    signed: Signed<'_>,
) -> Result<Vec<Edit>, String> {
    let trash = project.trash();
    let places = with_what_they_need(project, wanted)?;
    let mut codebook = project.codebook().clone();
    let mut annotators = project.annotators().to_vec();
    let mut plain = Vec::new();
    let mut articles = Vec::new();
    let mut annotations: BTreeMap<ArticleId, Vec<usize>> = BTreeMap::new();
    for &at in &places {
        match trash.get(at).map(|item| &item.what) {
            Some(Trashed::Label(label)) => {
                if codebook.label(label.id.as_str()).is_some() {
                    return Err(format!("the codebook has another label “{}” now", label.id));
                }
                let mut label = label.clone();
                fit_in(&codebook, &mut label);
                codebook.labels.push(label);
                plain.push(at);
            }
            Some(Trashed::Annotator(annotator)) => {
                if !annotators.iter().any(|known| known.id == annotator.id) {
                    annotators.push(annotator.clone());
                }
                plain.push(at);
            }
            Some(Trashed::Article(article)) => articles.push((at, article)),
            Some(Trashed::Annotation { article, .. }) => {
                annotations.entry(article.clone()).or_default().push(at);
            }
            Some(Trashed::Later(_)) => return Err(format!("it is {LATER}")),
            None => {}
        }
    }
    let mut edits = Vec::new();
    if codebook.labels.len() > project.codebook().labels.len() {
        let known = project.codebook().labels.len();
        let back = codebook.labels.iter().skip(known);
        let back: Vec<String> = back.map(|label| format!("“{}”", label.name)).collect();
        let what = format!("restore label {}", back.join(", "));
        codebook.revise(what, signed.by, signed.when);
        // What they were kinds of may have become kinds of them.
        codebook.break_circles();
        edits.push(Edit::SetCodebook(Box::new(codebook)));
    }
    if annotators.len() > project.annotators().len() {
        edits.push(Edit::SetAnnotators(annotators));
    }
    // Each edit takes items out of the trash, so the places of the later ones shift.
    let mut gone: Vec<usize> = Vec::new();
    let mut take = |places: &[usize]| -> Vec<usize> {
        let shifted = places
            .iter()
            .map(|at| at - gone.iter().filter(|&g| g < at).count());
        let shifted = shifted.collect();
        gone.extend(places);
        shifted
    };
    if !plain.is_empty() {
        edits.push(Edit::RemoveFromTrash(take(&plain)));
    }
    // A version that was replaced shares ids with the one that took its place.
    let live: HashSet<&AnnotationId> = if articles.is_empty() {
        HashSet::new()
    } else {
        let all = project.articles().iter();
        all.flat_map(|article| article.annotations.iter().map(|a| &a.id))
            .collect()
    };
    let (renamed, kept): (Vec<_>, Vec<_>) = articles.into_iter().partition(|(_, article)| {
        let mut all = article.annotations.iter();
        all.any(|annotation| live.contains(&annotation.id))
    });
    let mut end = project.articles().len()..;
    if !renamed.is_empty() {
        let places: Vec<usize> = renamed.iter().map(|(at, _)| *at).collect();
        edits.push(Edit::RemoveFromTrash(take(&places)));
        let back = renamed.iter().zip(end.by_ref());
        let back = back.map(|((_, article), at)| (at, Arc::new(article.with_ids_of_its_own())));
        edits.push(Edit::AddArticles(back.collect()));
    }
    if !kept.is_empty() {
        let places: Vec<usize> = kept.iter().map(|(at, _)| *at).collect();
        let places = take(&places).into_iter();
        edits.push(Edit::RestoreArticles(places.zip(end).collect()));
    }
    for (article, places) in annotations {
        let at = take(&places);
        edits.push(Edit::RestoreAnnotations { article, at });
    }
    Ok(edits)
}

/// Gives a label that comes back another name and no key where another label has its own by now.
fn fit_in(codebook: &Codebook, label: &mut Label) {
    let known: HashSet<String> = codebook
        .labels
        .iter()
        .map(|other| folded_name(&other.name))
        .collect();
    if known.contains(&folded_name(&label.name)) {
        let begin: String = label.name.chars().take(MAX_NAME - 12).collect();
        let mut names = (2..).map(|n: usize| format!("{begin} ({n})"));
        if let Some(name) = names.find(|name| !known.contains(&folded_name(name))) {
            label.name = name;
        }
    }
    let mut others = codebook.labels.iter();
    if others.any(|other| other.small_key() == label.small_key()) {
        label.key = None;
    }
}

/// These places of the trash, and those of what goes with them or is needed by them.
fn with_what_they_need(project: &Project, wanted: &[usize]) -> Result<BTreeSet<usize>, String> {
    let trash = project.trash();
    let mut places: BTreeSet<usize> = wanted.iter().copied().collect();
    // What goes together comes back together.
    for &at in wanted {
        let item = trash.get(at).ok_or("this is not in the trash any more")?;
        places.extend(together(project, item));
    }
    let find = |is_it: &dyn Fn(&Trashed) -> bool| trash.iter().rposition(|item| is_it(&item.what));
    // Articles first, then the labels that everything needs.
    for at in places.clone() {
        let annotation = trash.get(at).and_then(|item| item.what.annotation());
        if let Some((article, _)) = annotation
            && project.article(article).is_none()
        {
            let is_it = |what: &Trashed| what.article().is_some_and(|a| a.id == *article);
            let missing = "the article of this annotation is not in the project";
            places.insert(find(&is_it).ok_or(missing)?);
        }
    }
    let items = places.iter().filter_map(|at| trash.get(*at));
    let annotations = items.flat_map(|item| item.what.annotations());
    let needed: BTreeSet<LabelId> = annotations.map(|a| a.label.clone()).collect();
    for label in needed {
        if project.codebook().label(label.as_str()).is_none() {
            let is_it = |what: &Trashed| what.label().is_some_and(|l| l.id == label);
            let missing = || format!("the codebook has no label “{label}” any more");
            places.insert(find(&is_it).ok_or_else(missing)?);
        }
    }
    Ok(places)
}
