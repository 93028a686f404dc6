//! Making one edit, and the edit that takes it back.

use super::workbench::Workbench;
use super::{ArticleDetails, Edit, EditError, ToTrash, Transaction};
use crate::core::annotation::Annotation;
use crate::core::article::{Article, Status};
use crate::core::codebook::Codebook;
use crate::core::ids::{AnnotationId, ArticleId, GroupId, LabelId};
use crate::core::long_list::{LongList, rises};
use crate::core::project::{Group, Project, TrashItem, Trashed};
use crate::core::text::segment::is_grapheme_boundary;
use crate::core::text::{ArticleText, ByteRange};
use std::collections::{HashMap, HashSet};
use std::hash::Hash;
use std::sync::Arc;

/// Makes all edits, or none. Returns the transaction that takes them back.
pub fn apply(project: &mut Project, transaction: &Transaction) -> Result<Transaction, EditError> {
    Workbench::on(project).apply(transaction)
}

impl Workbench<'_> {
    /// As [`apply()`], for one of many transactions.
    pub fn apply(&mut self, transaction: &Transaction) -> Result<Transaction, EditError> {
        let mut undo = Vec::with_capacity(transaction.edits.len());
        for edit in &transaction.edits {
            match apply_edit(self, edit) {
                Ok(inverse) => undo.push(inverse),
                Err(error) => {
                    for inverse in undo.iter().rev() {
                        // The inverse of an edit just made applies, or the edit had no effect.
                        let _restored = apply_edit(self, inverse);
                    }
                    return Err(error);
                }
            }
        }
        undo.reverse();
        Ok(Transaction::new(transaction.title.clone(), undo))
    }
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

/// Whether these are stretches of a text that rise, none of which is empty or cuts a character.
pub fn are_stretches(text: &ArticleText, stretches: &[ByteRange]) -> bool {
    let mut last_end = None;
    stretches.iter().all(|stretch| {
        let rises = last_end.is_none_or(|end| stretch.start >= end);
        last_end = Some(stretch.end);
        rises
            && !stretch.is_empty()
            && stretch.end <= text.end()
            && is_grapheme_boundary(text, stretch.start)
            && is_grapheme_boundary(text, stretch.end)
    })
}

/// Checks an annotation against the article and the codebook it is for.
fn check_annotation(
    codebook: &Codebook,
    article: &Article,
    annotation: &Annotation,
) -> Result<(), EditError> {
    if codebook.label(annotation.label.as_str()).is_none() {
        return Err(EditError::NoLabel(annotation.label.to_string()));
    }
    check_fragments(annotation, &article.text)
}

/// Checks articles that come in: annotations lie in their texts, and have labels of the codebook.
fn check_articles<'a>(
    codebook: &Codebook,
    mut articles: impl Iterator<Item = &'a Article> + Clone,
) -> Result<(), EditError> {
    check_labels(codebook, articles.clone())?;
    articles.try_for_each(check_places)
}

fn check_places(article: &Article) -> Result<(), EditError> {
    let mut nothing = article.nothing.values();
    if !nothing.all(|stretches| are_stretches(&article.text, stretches)) {
        return Err(EditError::NoStretches(article.id.clone()));
    }
    let mut all = article.annotations.iter();
    all.try_for_each(|annotation| check_fragments(annotation, &article.text))
}

fn check_labels<'a>(
    codebook: &Codebook,
    articles: impl Iterator<Item = &'a Article>,
) -> Result<(), EditError> {
    let known: HashSet<&LabelId> = codebook.labels.iter().map(|label| &label.id).collect();
    let mut used = articles.flat_map(|article| article.annotations.labels());
    match used.find(|(label, _)| !known.contains(label)) {
        Some((unknown, _)) => Err(EditError::NoLabel(unknown.to_string())),
        None => Ok(()),
    }
}

/// Another codebook leaves no annotation without its label.
fn set_codebook(bench: &mut Workbench<'_>, new: &Codebook) -> Result<Edit, EditError> {
    if let Some(label) = new.in_circle() {
        return Err(EditError::KindOfItself(label.name.clone()));
    }
    let kept: HashSet<&LabelId> = new.labels.iter().map(|label| &label.id).collect();
    let old = bench.project().codebook.clone();
    let labels = old.labels.iter().map(|label| &label.id);
    let gone: HashSet<&LabelId> = labels.filter(|id| !kept.contains(id)).collect();
    if !gone.is_empty() {
        bench.settle_all();
        let articles = bench.project().articles.iter();
        let mut used = articles.flat_map(|article| article.annotations.labels());
        if let Some((label, _)) = used.find(|(label, _)| gone.contains(label)) {
            return Err(EditError::LabelInUse(label.to_string()));
        }
    }
    bench.project().codebook = Arc::new(new.clone());
    Ok(Edit::SetCodebook(Box::new(Codebook::clone(&old))))
}

fn apply_edit(bench: &mut Workbench<'_>, edit: &Edit) -> Result<Edit, EditError> {
    match edit {
        Edit::AddArticles(added) => {
            let project = bench.project();
            let mut ids = HashSet::new();
            if let Some((_, taken)) = added.iter().find(|(_, article)| {
                project.article_index(&article.id).is_some() || !ids.insert(&article.id)
            }) {
                return Err(EditError::ArticleExists(taken.id.clone()));
            }
            let articles = added.iter().map(|(_, article)| &**article);
            check_articles(&project.codebook, articles)?;
            insert_articles(project, added);
            let ids = added.iter().map(|(_, article)| article.id.clone());
            Ok(Edit::RemoveArticles(ids.collect()))
        }
        Edit::RemoveArticles(ids) => {
            let mut places = Vec::with_capacity(ids.len());
            for id in ids {
                let place = bench.project().article_index(id);
                places.push(place.ok_or_else(|| EditError::NoArticle(id.clone()))?);
            }
            for id in ids {
                bench.settle(id);
            }
            places.sort_unstable();
            places.dedup();
            let removed = remove_articles(bench.project(), &places).unwrap_or_default();
            Ok(Edit::AddArticles(removed))
        }
        Edit::SetDetails { article, details } => {
            let target = bench.article_mut(article)?;
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
            let target = bench.article_mut(article)?;
            let old = target.status_for(annotator);
            match status {
                Status::New => target.status.remove(annotator),
                known
                @ (Status::InProgress | Status::Done | Status::Flagged | Status::Later(_)) => {
                    target.status.insert(annotator.clone(), known.clone())
                }
            };
            Ok(Edit::SetStatus {
                article: article.clone(),
                annotator: annotator.clone(),
                status: old,
            })
        }
        Edit::SetNothing {
            article,
            annotator,
            nothing,
        } => {
            let target = bench.article_mut(article)?;
            if !are_stretches(&target.text, nothing) {
                return Err(EditError::NoStretches(article.clone()));
            }
            let old = match nothing.as_slice() {
                [] => target.nothing.remove(annotator),
                new => target.nothing.insert(annotator.clone(), new.to_vec()),
            };
            Ok(Edit::SetNothing {
                article: article.clone(),
                annotator: annotator.clone(),
                nothing: old.unwrap_or_default(),
            })
        }
        Edit::AddAnnotation {
            article,
            annotation,
        } => {
            let target = bench.article(article)?;
            check_annotation(bench.codebook(), target, annotation)?;
            let id = annotation.id.clone();
            if bench.annotation(target, &id).is_some() {
                return Err(EditError::AnnotationExists(id));
            }
            let new = Arc::from(annotation.clone());
            bench.set_annotation(article, id.clone(), Some(new));
            Ok(Edit::RemoveAnnotation {
                article: article.clone(),
                id,
            })
        }
        Edit::RemoveAnnotation { article, id } => {
            let removed = bench.annotation(bench.article(article)?, id);
            let removed = removed.ok_or_else(|| EditError::NoAnnotation(id.clone()))?;
            bench.set_annotation(article, id.clone(), None);
            Ok(Edit::AddAnnotation {
                article: article.clone(),
                annotation: Box::new(Annotation::clone(&removed)),
            })
        }
        Edit::ReplaceAnnotation {
            article,
            annotation,
        } => {
            let target = bench.article(article)?;
            check_annotation(bench.codebook(), target, annotation)?;
            let id = annotation.id.clone();
            let old = bench.annotation(target, &id);
            let old = old.ok_or_else(|| EditError::NoAnnotation(id.clone()))?;
            let new = Arc::from(annotation.clone());
            bench.set_annotation(article, id, Some(new));
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
                check_annotation(bench.codebook(), bench.article(article)?, annotation)?;
            }
            let old = present(bench, article, annotations.iter().map(|a| &a.id))?;
            for annotation in annotations {
                let new = Some(annotation.clone());
                bench.set_annotation(article, annotation.id.clone(), new);
            }
            Ok(Edit::ReplaceAnnotations {
                article: article.clone(),
                annotations: old,
            })
        }
        Edit::TrashAnnotations { article, items } => trash_annotations(bench, article, items),
        Edit::RestoreAnnotations { article, at } => restore_annotations(bench, article, at),
        Edit::TrashArticles(items) => trash_articles(bench, items),
        Edit::RestoreArticles(places) => restore_articles(bench, places),
        Edit::SetName(name) => Ok(Edit::SetName(std::mem::replace(
            &mut bench.project().name,
            name.clone(),
        ))),
        Edit::SetCodebook(codebook) => set_codebook(bench, codebook),
        Edit::SetAnnotators(annotators) => {
            let new = annotators.clone().into();
            let old = std::mem::replace(&mut bench.project().annotators, new);
            Ok(Edit::SetAnnotators(old.to_vec()))
        }
        Edit::SetUnknown { article, fields } => {
            let kept = match article {
                Some(article) => &mut bench.article_mut(article)?.unknown,
                None => Arc::make_mut(&mut bench.project().unknown),
            };
            Ok(Edit::SetUnknown {
                article: article.clone(),
                fields: std::mem::replace(kept, fields.clone()),
            })
        }
        Edit::AddPeople(added) => {
            bench.add_people(added)?;
            let ids = added.iter().map(|(_, person)| person.id.clone());
            Ok(Edit::RemovePeople(ids.collect()))
        }
        Edit::RemovePeople(ids) => Ok(Edit::AddPeople(bench.remove_people(ids)?)),
        Edit::ReplacePeople(people) => Ok(Edit::ReplacePeople(bench.replace_people(people)?)),
        Edit::AddToTrash(added) => {
            // Labels may be in the trash as well; they are looked for when it comes back.
            let mut articles = added.iter().filter_map(|(_, item)| item.what.article());
            articles.try_for_each(|article| check_places(article))?;
            Ok(Edit::RemoveFromTrash(
                bench.project().trash.open().insert_all(added),
            ))
        }
        Edit::RemoveFromTrash(places) => {
            let removed = bench.project().trash.open().remove_all(places);
            Ok(Edit::AddToTrash(removed.ok_or(EditError::NotInTrash)?))
        }
        Edit::AddToReview(added) => {
            let places = bench.project().set_aside.open().insert_all(added);
            Ok(Edit::RemoveFromReview(places))
        }
        Edit::RemoveFromReview(places) => {
            let removed = bench.project().set_aside.open().remove_all(places);
            Ok(Edit::AddToReview(removed.ok_or(EditError::NotInReview)?))
        }
        Edit::AddImports(added) => Ok(Edit::RemoveImports(
            bench.project().imports.open().insert_all(added),
        )),
        Edit::RemoveImports(places) => {
            let removed = bench.project().imports.open().remove_all(places);
            Ok(Edit::AddImports(found(removed, "report of an import")?))
        }
        Edit::AddSets(added) => {
            let sets = bench.project().sets.open();
            let new = added.iter().map(|(_, set)| &set.id);
            if let Some(taken) = first_taken(sets.iter().map(|set| &set.id), new) {
                return Err(EditError::SetExists(taken.clone()));
            }
            Ok(Edit::RemoveSets(sets.insert_all(added)))
        }
        Edit::RemoveSets(places) => {
            let removed = bench.project().sets.open().remove_all(places);
            Ok(Edit::AddSets(found(removed, "set of articles")?))
        }
        Edit::AddRules(added) => {
            let rules = bench.project().rules.open();
            let new = added.iter().map(|(_, rule)| &rule.id);
            if let Some(taken) = first_taken(rules.iter().map(|rule| &rule.id), new) {
                return Err(EditError::RuleExists(taken.clone()));
            }
            Ok(Edit::RemoveRules(rules.insert_all(added)))
        }
        Edit::RemoveRules(places) => {
            let removed = bench.project().rules.open().remove_all(places);
            Ok(Edit::AddRules(found(removed, "kept rule")?))
        }
        Edit::SetDismissed {
            rule,
            article,
            hits,
        } => {
            let rules = bench.project().rules.open();
            let at = rules.iter().position(|known| known.id == *rule);
            let known = at.and_then(|at| rules.get_mut(at));
            let known = Arc::make_mut(found(known, "kept rule")?);
            let old = known.dismissed.set(article, hits.clone());
            Ok(Edit::SetDismissed {
                rule: rule.clone(),
                article: article.clone(),
                hits: old,
            })
        }
        Edit::AddGroups(added) => {
            let groups = bench.project().groups.open();
            let new = added.iter().map(|(_, group)| &group.id);
            if let Some(taken) = first_taken(groups.iter().map(|group| &group.id), new) {
                return Err(EditError::GroupExists(taken.clone()));
            }
            check_members(groups.iter().chain(added.iter().map(|(_, group)| group)))?;
            Ok(Edit::RemoveGroups(groups.insert_all(added)))
        }
        Edit::RemoveGroups(places) => {
            let removed = bench.project().groups.open().remove_all(places);
            Ok(Edit::AddGroups(found(removed, "group")?))
        }
        Edit::ReplaceGroups(new) => replace_groups(bench, new),
        Edit::AddApart(added) => Ok(Edit::RemoveApart(
            bench.project().apart.open().insert_all(added),
        )),
        Edit::RemoveApart(places) => {
            let removed = bench.project().apart.open().remove_all(places);
            Ok(Edit::AddApart(removed.ok_or(EditError::NotApart)?))
        }
    }
}

/// What an edit names, which has to be there.
fn found<T>(one: Option<T>, what: &'static str) -> Result<T, EditError> {
    one.ok_or(EditError::NoSuch(what))
}

/// The first of new ids that something has already, or that stands there twice.
fn first_taken<'a, I: Eq + Hash>(
    known: impl Iterator<Item = &'a I>,
    mut new: impl Iterator<Item = &'a I>,
) -> Option<&'a I> {
    let mut ids: HashSet<&I> = known.collect();
    new.find(|id| !ids.insert(id))
}

/// An annotation is in one group of a thing at most.
fn check_members<'a>(groups: impl Iterator<Item = &'a Arc<Group>>) -> Result<(), EditError> {
    let mut seen = HashSet::new();
    for group in groups {
        for (_, id) in &group.members {
            if !seen.insert((group.thing.code(), id)) {
                return Err(EditError::InAnotherGroup(id.clone()));
            }
        }
    }
    Ok(())
}

fn replace_groups(bench: &mut Workbench<'_>, new: &[Arc<Group>]) -> Result<Edit, EditError> {
    let groups = bench.project().groups.open();
    let mut wanted: HashMap<&GroupId, &Arc<Group>> = HashMap::with_capacity(new.len());
    for group in new {
        if wanted.insert(&group.id, group).is_some() {
            return Err(EditError::NamedTwice);
        }
    }
    check_members(
        groups
            .iter()
            .map(|old| *wanted.get(&old.id).unwrap_or(&old)),
    )?;
    let places = groups.iter().enumerate();
    let places: Vec<usize> = places
        .filter(|(_, old)| wanted.contains_key(&old.id))
        .map(|(at, _)| at)
        .collect();
    if places.len() < new.len() {
        return Err(EditError::NoSuch("group"));
    }
    let mut was = Vec::with_capacity(new.len());
    for at in places {
        if let Some(known) = groups.get_mut(at)
            && let Some(new) = wanted.get(&known.id)
        {
            was.push(std::mem::replace(known, Arc::clone(new)));
        }
    }
    Ok(Edit::ReplaceGroups(was))
}

/// The annotations of an article that have these ids, by id; an error when one is missing or named
/// twice.
fn present<'a>(
    bench: &Workbench<'_>,
    article: &ArticleId,
    ids: impl Iterator<Item = &'a AnnotationId>,
) -> Result<Vec<Arc<Annotation>>, EditError> {
    let article = bench.article(article)?;
    let mut found = Vec::new();
    for id in ids {
        let annotation = bench.annotation(article, id);
        found.push(annotation.ok_or_else(|| EditError::NoAnnotation(id.clone()))?);
    }
    found.sort_unstable_by(|a, b| a.id.cmp(&b.id));
    let twice = found.iter().zip(found.iter().skip(1));
    match twice.into_iter().find(|(a, b)| a.id == b.id) {
        Some((double, _)) => Err(EditError::NoAnnotation(double.id.clone())),
        None => Ok(found),
    }
}

fn trash_annotations(
    bench: &mut Workbench<'_>,
    article: &ArticleId,
    items: &[ToTrash<AnnotationId>],
) -> Result<Edit, EditError> {
    let removed = present(bench, article, items.iter().map(|item| &item.id))?;
    let trashed: Vec<(usize, Arc<TrashItem>)> = items
        .iter()
        .filter_map(|item| {
            let place = removed.binary_search_by(|a| a.id.cmp(&item.id)).ok()?;
            let what = Trashed::Annotation {
                article: article.clone(),
                annotation: removed.get(place)?.clone(),
            };
            Some((item.at, item.item(what)))
        })
        .collect();
    for annotation in removed {
        bench.set_annotation(article, annotation.id.clone(), None);
    }
    Ok(Edit::RestoreAnnotations {
        article: article.clone(),
        at: bench.project().trash.open().insert_all(&trashed),
    })
}

fn restore_annotations(
    bench: &mut Workbench<'_>,
    article: &ArticleId,
    at: &[usize],
) -> Result<Edit, EditError> {
    let mut restored = Vec::with_capacity(at.len());
    let mut items = Vec::with_capacity(at.len());
    for &at in at {
        let item = bench
            .project()
            .trash
            .open()
            .get(at)
            .ok_or(EditError::NotInTrash)?
            .clone();
        let found = item.what.annotation().filter(|(from, _)| *from == article);
        let (_, annotation) = found.ok_or(EditError::NotInTrash)?;
        check_annotation(bench.codebook(), bench.article(article)?, annotation)?;
        restored.push(annotation.clone());
        items.push(ToTrash {
            id: annotation.id.clone(),
            at,
            by: item.by.clone(),
            when: item.when,
            unknown: item.unknown.clone(),
        });
    }
    if !rises(at) {
        return Err(EditError::NamedTwice);
    }
    let target = bench.article(article)?;
    let mut ids = HashSet::with_capacity(restored.len());
    let taken = restored
        .iter()
        .find(|a| !ids.insert(&a.id) || bench.annotation(target, &a.id).is_some());
    if let Some(taken) = taken {
        return Err(EditError::AnnotationExists(taken.id.clone()));
    }
    for annotation in restored {
        bench.set_annotation(article, annotation.id.clone(), Some(annotation));
    }
    let removed = bench.project().trash.open().remove_all(at);
    removed.ok_or(EditError::NotInTrash)?;
    Ok(Edit::TrashAnnotations {
        article: article.clone(),
        items,
    })
}

fn trash_articles(
    bench: &mut Workbench<'_>,
    items: &[ToTrash<ArticleId>],
) -> Result<Edit, EditError> {
    let mut places = Vec::with_capacity(items.len());
    let mut trashed = Vec::with_capacity(items.len());
    for item in items {
        let missing = || EditError::NoArticle(item.id.clone());
        bench.settle(&item.id);
        let project = bench.project();
        let place = project.article_index(&item.id).ok_or_else(missing)?;
        let article = project.articles.get(place).ok_or_else(missing)?.clone();
        places.push(place);
        let what = Trashed::Article(article);
        trashed.push((item.at, item.item(what)));
    }
    let mut sorted = places.clone();
    sorted.sort_unstable();
    remove_articles(bench.project(), &sorted).ok_or(EditError::NamedTwice)?;
    let in_trash = bench.project().trash.open().insert_all(&trashed);
    let mut restore: Vec<(usize, usize)> = in_trash.into_iter().zip(places).collect();
    restore.sort_unstable_by_key(|(_, place)| *place);
    Ok(Edit::RestoreArticles(restore))
}

fn restore_articles(
    bench: &mut Workbench<'_>,
    places: &[(usize, usize)],
) -> Result<Edit, EditError> {
    let mut ids = HashSet::new();
    let mut restored = Vec::with_capacity(places.len());
    let mut items = Vec::with_capacity(places.len());
    for &(at, place) in places {
        let item = bench
            .project()
            .trash
            .open()
            .get(at)
            .ok_or(EditError::NotInTrash)?
            .clone();
        let article = item.what.article().ok_or(EditError::NotInTrash)?;
        let is_there = bench.project().article_index(&article.id).is_some();
        if is_there || !ids.insert(article.id.clone()) {
            return Err(EditError::ArticleExists(article.id.clone()));
        }
        items.push(ToTrash {
            id: article.id.clone(),
            at,
            by: item.by.clone(),
            when: item.when,
            unknown: item.unknown.clone(),
        });
        restored.push((place, article.clone()));
    }
    check_labels(
        &bench.project().codebook,
        restored.iter().map(|(_, article)| &**article),
    )?;
    let mut from: Vec<usize> = places.iter().map(|(at, _)| *at).collect();
    from.sort_unstable();
    let removed = bench.project().trash.open().remove_all(&from);
    removed.ok_or(EditError::NamedTwice)?;
    insert_articles(bench.project(), &restored);
    items.sort_unstable_by_key(|item| item.at);
    Ok(Edit::TrashArticles(items))
}

fn insert_articles(project: &mut Project, added: &[(usize, Arc<Article>)]) {
    let mut list = LongList::new(std::mem::take(&mut project.articles));
    let places = list.insert_all(added);
    project.articles = list.into_vec();
    project.index_articles_from(places.first().copied().unwrap_or(usize::MAX));
}

/// `None` when the places do not rise or lie outside the list.
fn remove_articles(project: &mut Project, places: &[usize]) -> Option<Vec<(usize, Arc<Article>)>> {
    let mut list = LongList::new(std::mem::take(&mut project.articles));
    let removed = list.remove_all(places);
    project.articles = list.into_vec();
    let removed = removed?;
    project.forget_articles(removed.iter().map(|(_, article)| &article.id));
    project.index_articles_from(places.first().copied().unwrap_or(usize::MAX));
    Some(removed)
}
