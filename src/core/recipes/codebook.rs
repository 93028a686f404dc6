//! Changing the codebook: labels, their attributes and their order, and what that means for the
//! annotations that have them.
//!
//! Every recipe answers with its edits and with what they touch, so that it can be said before they
//! are made; the revision rises by one and the codebook's log says why. What cannot be kept as it is
//! goes along under another name, or is told.

mod taking;

pub use taking::{compare, take_in};

use super::Signed;
use crate::core::annotation::{Annotation, AttributeValue, merge_fragments};
use crate::core::boundary::edged;
use crate::core::codebook::{AttributeKind, AttributeSpec, Codebook, Edges, Label, id_for};
pub use crate::core::codebook::{MAX_NAME, folded_name};
use crate::core::edit::Edit;
use crate::core::ids::{AnnotationId, ArticleId, FreshIds, LabelId};
use crate::core::project::{Project, Trashed};
use crate::core::text::ByteRange;
use std::collections::HashMap;
use std::sync::Arc;

/// A change of the codebook that can be made.
#[derive(Debug, Default, PartialEq)]
pub struct Change {
    pub edits: Vec<Edit>,
    pub touches: Touches,
}

/// What a change touches beside the codebook.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Touches {
    pub annotations: usize,
    pub articles: usize,
}

/// Why the codebook is not changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CodebookError {
    #[error("there is no such label (any more)")]
    NoLabel,
    #[error("the label has no attribute “{0}” (any more)")]
    NoAttribute(String),
    #[error("a label needs a name")]
    NoName,
    #[error("a name has at most {MAX_NAME} characters")]
    LongName,
    #[error("there already is a label “{0}”")]
    NameTaken(String),
    #[error("there already is an attribute “{0}”")]
    AttributeTaken(String),
    #[error("the key {0} belongs to the label “{1}”")]
    KeyTaken(char, String),
    #[error("the key {0} belongs to the attribute “{1}”")]
    AttributeKeyTaken(char, String),
    #[error("“{0}” would be a kind of itself")]
    KindOfItself(String),
    #[error("{0} conflicts with the other codebook are not decided")]
    Undecided(usize),
}

/// Whether a label can be called so; `own` is its id, when it is there already.
pub fn check_name(
    codebook: &Codebook,
    own: Option<&LabelId>,
    name: &str,
) -> Result<(), CodebookError> {
    let folded = folded_name(name);
    if folded.is_empty() {
        return Err(CodebookError::NoName);
    }
    if name.chars().count() > MAX_NAME {
        return Err(CodebookError::LongName);
    }
    let mut others = codebook.labels.iter().filter(|l| Some(&l.id) != own);
    match others.find(|label| folded_name(&label.name) == folded) {
        Some(other) => Err(CodebookError::NameTaken(other.name.clone())),
        None => Ok(()),
    }
}

fn check_key(codebook: &Codebook, label: &Label) -> Result<(), CodebookError> {
    if let Some(key) = label.small_key() {
        let mut others = codebook.labels.iter().filter(|other| other.id != label.id);
        if let Some(other) = others.find(|other| other.small_key() == Some(key)) {
            return Err(CodebookError::KeyTaken(key, other.name.clone()));
        }
    }
    let specs = &label.attributes;
    for (at, spec) in specs.iter().enumerate() {
        if spec.title.chars().count() > MAX_NAME || spec.name.chars().count() > MAX_NAME {
            return Err(CodebookError::LongName);
        }
        let mut before = specs.iter().take(at);
        if before.any(|other| other.name == spec.name) {
            return Err(CodebookError::AttributeTaken(spec.name.clone()));
        }
        let same = |other: &&AttributeSpec| spec.key.is_some() && other.key == spec.key;
        if let (Some(other), Some(key)) = (specs.iter().take(at).find(same), spec.key) {
            return Err(CodebookError::AttributeKeyTaken(key, other.title.clone()));
        }
    }
    Ok(())
}

/// The codebook as the next revision, with what was done in its log.
fn revised(
    project: &Project,
    what: String,
    signed: Signed<'_>,
    change: impl FnOnce(&mut Codebook),
) -> Result<Codebook, CodebookError> {
    let mut codebook = project.codebook().clone();
    change(&mut codebook);
    if let Some(label) = codebook.in_circle() {
        return Err(CodebookError::KindOfItself(label.name.clone()));
    }
    codebook.revise(what, signed.by, signed.when);
    Ok(codebook)
}

fn alone(codebook: Codebook) -> Change {
    Change {
        edits: vec![Edit::SetCodebook(Box::new(codebook))],
        touches: Touches::default(),
    }
}

fn label_of<'a>(codebook: &'a Codebook, id: &LabelId) -> Result<&'a Label, CodebookError> {
    codebook.label(id.as_str()).ok_or(CodebookError::NoLabel)
}

fn label_in<'a>(codebook: &'a mut Codebook, id: &LabelId) -> Option<&'a mut Label> {
    codebook.labels.iter_mut().find(|label| label.id == *id)
}

/// An id for a label of this name: its letters and digits, as files and datasets show it.
pub fn label_id(codebook: &Codebook, name: &str) -> LabelId {
    let mut ids = FreshIds::default();
    for label in &codebook.labels {
        ids.see(label.id.as_str());
    }
    LabelId::new(ids.take(&id_for(name)))
}

/// Adds a label at a place of the list.
pub fn add_label(
    project: &Project,
    label: Label,
    at: usize,
    signed: Signed<'_>,
) -> Result<Change, CodebookError> {
    check_name(project.codebook(), None, &label.name)?;
    check_key(project.codebook(), &label)?;
    let what = format!("add label “{}”", label.name);
    let codebook = revised(project, what, signed, |codebook| {
        let at = at.min(codebook.labels.len());
        codebook.labels.insert(at, label);
    })?;
    Ok(alone(codebook))
}

/// Gives a label other properties; its attributes are changed by the recipes for them. What changes
/// its meaning puts its annotations on the worklist. `None` when nothing changes.
pub fn change_label(
    project: &Project,
    id: &LabelId,
    what: &str,
    signed: Signed<'_>,
    change: impl FnOnce(&mut Label),
) -> Result<Option<Change>, CodebookError> {
    let old = label_of(project.codebook(), id)?;
    let mut new = old.clone();
    change(&mut new);
    new.id = old.id.clone();
    if new == *old {
        return Ok(None);
    }
    if new.name != old.name {
        check_name(project.codebook(), Some(id), &new.name)?;
    }
    if new.key != old.key || new.attributes != old.attributes {
        check_key(project.codebook(), &new)?;
    }
    let meaning = |label: &Label| {
        let (include, exclude) = (label.include.clone(), label.exclude.clone());
        (label.definition.clone(), include, exclude)
    };
    let is_redefined = meaning(&new) != meaning(old);
    let codebook = revised(project, what.to_owned(), signed, |codebook| {
        let next = codebook.revision + 1;
        if let Some(label) = label_in(codebook, id) {
            *label = new;
            if is_redefined {
                label.redefined = next;
            }
        }
    })?;
    Ok(Some(alone(codebook)))
}

/// Moves a label to another place of the list.
pub fn move_label(
    project: &Project,
    id: &LabelId,
    to: usize,
    signed: Signed<'_>,
) -> Result<Option<Change>, CodebookError> {
    let old = project.codebook();
    let label = label_of(old, id)?.clone();
    let from = old.labels.iter().position(|label| label.id == *id);
    let to = to.min(old.labels.len().saturating_sub(1));
    if from == Some(to) {
        return Ok(None);
    }
    let what = format!("move label “{}”", label.name);
    let codebook = revised(project, what, signed, |codebook| {
        codebook.labels.retain(|other| other.id != label.id);
        codebook.labels.insert(to.min(codebook.labels.len()), label);
    })?;
    Ok(Some(alone(codebook)))
}

/// Puts a label before another one of the list, or at its end, as a kind of `parent` or of none.
pub fn place_label(
    project: &Project,
    id: &LabelId,
    parent: Option<&LabelId>,
    before: Option<&LabelId>,
    signed: Signed<'_>,
) -> Result<Option<Change>, CodebookError> {
    let old = project.codebook();
    let mut label = label_of(old, id)?.clone();
    if let Some(parent) = parent {
        label_of(old, parent)?;
    }
    label.parent = parent.cloned();
    let mut labels = old.labels.clone();
    labels.retain(|other| other.id != *id);
    let at = labels.iter().position(|other| Some(&other.id) == before);
    let what = format!("move label “{}”", label.name);
    labels.insert(at.unwrap_or(labels.len()), label);
    if before == Some(id) || labels == old.labels {
        return Ok(None);
    }
    let codebook = revised(project, what, signed, |codebook| codebook.labels = labels)?;
    Ok(Some(alone(codebook)))
}

/// The annotations that are given other values: `change` says whether it gave one.
fn replaced(
    project: &Project,
    signed: Signed<'_>,
    mut change: impl FnMut(&ArticleId, &mut Annotation) -> bool,
    is_meant: impl Fn(&Annotation) -> bool,
) -> Change {
    let mut done = Change::default();
    for article in project.articles() {
        let meant = article.annotations.iter().filter(|a| is_meant(a));
        let changed = meant.filter_map(|old| {
            let mut new = Annotation::clone(old);
            if !change(&article.id, &mut new) {
                return None;
            }
            new.changed = signed.when;
            Some(Arc::new(new))
        });
        let annotations: Vec<Arc<Annotation>> = changed.collect();
        if !annotations.is_empty() {
            done.touches.annotations += annotations.len();
            done.touches.articles += 1;
            done.edits.push(Edit::ReplaceAnnotations {
                article: article.id.clone(),
                annotations,
            });
        }
    }
    done
}

/// How many annotations, in how many articles, have a label.
pub fn touched_by(project: &Project, label: &LabelId) -> Touches {
    let mut touches = Touches::default();
    for article in project.articles() {
        let count = article.annotations.labels();
        let count: usize = count.filter(|(l, _)| **l == *label).map(|(_, n)| n).sum();
        touches.annotations += count;
        touches.articles += usize::from(count > 0);
    }
    touches
}

/// Makes one label of two: annotations of `from` get `into`, which takes over what it lacks. An
/// attribute that both have, with other kinds, goes over under another name. `from` goes to the trash.
pub fn merge_labels(
    project: &Project,
    from: &LabelId,
    into: &LabelId,
    signed: Signed<'_>,
) -> Result<Change, CodebookError> {
    let old = project.codebook();
    let (gone, kept) = (label_of(old, from)?.clone(), label_of(old, into)?);
    if from == into {
        return Err(CodebookError::NoLabel);
    }
    let mut kept = kept.clone();
    let mut taken = FreshIds::default();
    for spec in kept.attributes.iter().chain(&gone.attributes) {
        taken.see(&spec.name);
    }
    for article in project.articles() {
        let meant = article.annotations.iter().filter(|a| a.label == *from);
        for (name, _) in meant.flat_map(|annotation| annotation.attributes.iter()) {
            taken.see(name.as_str());
        }
    }
    // Names that an attribute of the one that goes has from now on.
    let mut renamed: Vec<(String, String)> = Vec::new();
    for spec in &gone.attributes {
        let same = kept.attributes.iter_mut().find(|own| own.name == spec.name);
        match same {
            None => kept.attributes.push(spec.clone()),
            Some(own) => match own.kind.joined(&spec.kind) {
                Some(kind) => own.kind = kind,
                None => {
                    let name = taken.take(&spec.name);
                    renamed.push((spec.name.clone(), name.clone()));
                    let title = format!("{} ({})", spec.title, gone.name);
                    kept.attributes.push(AttributeSpec {
                        name,
                        title,
                        key: None,
                        ..spec.clone()
                    });
                }
            },
        }
    }
    // Keys of attributes stay with those that had them first.
    for at in 0..kept.attributes.len() {
        let key = kept.attributes.get(at).and_then(|spec| spec.key);
        let is_taken = kept.attributes.iter().take(at).any(|s| s.key == key);
        if let Some(spec) = kept.attributes.get_mut(at).filter(|_| is_taken) {
            spec.key = None;
        }
    }
    for role in &gone.link_roles {
        let same = kept.link_roles.iter_mut().find(|own| own.name == role.name);
        match same {
            None => kept.link_roles.push(role.clone()),
            Some(own) => own.join(role),
        }
    }
    kept.shown_by.extend(gone.shown_by.iter().cloned());
    let mut change = replaced(
        project,
        signed,
        |_, annotation| {
            annotation.label = into.clone();
            for (old, new) in &renamed {
                rename_value(annotation, old, new);
            }
            true
        },
        |annotation| annotation.label == *from,
    );
    let what = format!("merge label “{}” into “{}”", gone.name, kept.name);
    let codebook = revised(project, what, signed, |codebook| {
        codebook.labels.retain(|label| label.id != *from);
        for label in &mut codebook.labels {
            if label.id == *into {
                *label = kept.clone();
            }
            if label.parent.as_ref() == Some(from) {
                // A kind of the one that goes may be the one that stays.
                label.parent = if label.id == *into {
                    gone.parent.clone().filter(|parent| parent != into)
                } else {
                    Some(into.clone())
                };
            }
            for role in &mut label.link_roles {
                if role.target.as_ref() == Some(from) {
                    role.target = Some(into.clone());
                }
                for other in &mut role.or {
                    if other == from {
                        *other = into.clone();
                    }
                }
                role.settle();
            }
        }
        codebook.break_circles();
    })?;
    change.edits.push(Edit::SetCodebook(Box::new(codebook)));
    let item = signed.item(Trashed::Label(gone));
    change
        .edits
        .push(Edit::AddToTrash(vec![(project.trash().len(), item)]));
    Ok(change)
}

fn rename_value(annotation: &mut Annotation, old: &str, new: &str) -> bool {
    match annotation.attributes.remove(old) {
        Some(value) => {
            annotation.attributes.insert(new, value);
            true
        }
        None => false,
    }
}

/// Gives an attribute another name in files and datasets; the values go along.
pub fn rename_attribute(
    project: &Project,
    id: &LabelId,
    old: &str,
    new: &str,
    signed: Signed<'_>,
) -> Result<Change, CodebookError> {
    let label = label_of(project.codebook(), id)?;
    let no_attribute = || CodebookError::NoAttribute(old.to_owned());
    label.attribute(old).ok_or_else(no_attribute)?;
    if new.trim().is_empty() {
        return Err(CodebookError::NoName);
    }
    let mut annotations = project.articles().iter().flat_map(|a| a.annotations.iter());
    let has_value = |a: &Arc<Annotation>| a.label == *id && a.attributes.get(new).is_some();
    if label.attribute(new).is_some() || annotations.any(has_value) {
        return Err(CodebookError::AttributeTaken(new.to_owned()));
    }
    let mut change = replaced(
        project,
        signed,
        |_, annotation| rename_value(annotation, old, new),
        |annotation| annotation.label == *id,
    );
    let what = format!("rename attribute “{old}” of “{}”", label.name);
    let codebook = revised(project, what, signed, |codebook| {
        let label = label_in(codebook, id);
        let mut specs = label.into_iter().flat_map(|label| &mut label.attributes);
        if let Some(spec) = specs.find(|spec| spec.name == old) {
            if spec.title == spec.name {
                spec.title = new.to_owned();
            }
            spec.name = new.to_owned();
        }
    })?;
    change.edits.push(Edit::SetCodebook(Box::new(codebook)));
    Ok(change)
}

/// What becomes of values that another kind cannot hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// They stay as text, and `check` tells of them.
    Keep,
    Drop,
}

/// A value that another kind cannot hold.
#[derive(Clone, Debug, PartialEq)]
pub struct UnfitValue {
    pub article: ArticleId,
    pub annotation: AnnotationId,
    pub value: AttributeValue,
}

/// Gives an attribute another kind; values become those of that kind where they can. Also those that
/// cannot, of which `unfit` says what becomes.
pub fn change_kind(
    project: &Project,
    id: &LabelId,
    name: &str,
    kind: &AttributeKind,
    unfit: Unfit,
    signed: Signed<'_>,
) -> Result<(Change, Vec<UnfitValue>), CodebookError> {
    let label = label_of(project.codebook(), id)?;
    let no_attribute = || CodebookError::NoAttribute(name.to_owned());
    let spec = label.attribute(name).ok_or_else(no_attribute)?;
    let mut misfits = Vec::new();
    let mut change = replaced(
        project,
        signed,
        |article, annotation| {
            let Some(old) = annotation.attributes.get(name).cloned() else {
                return false;
            };
            let new = converted(project, kind, &old);
            if kind.fits(&new) {
                let is_other = new != old;
                annotation.attributes.insert(name, new);
                return is_other;
            }
            misfits.push(UnfitValue {
                article: article.clone(),
                annotation: annotation.id.clone(),
                value: old,
            });
            match unfit {
                Unfit::Keep => false,
                Unfit::Drop => annotation.attributes.remove(name).is_some(),
            }
        },
        |annotation| annotation.label == *id && !annotation.attributes.is_empty(),
    );
    let what = format!("change the kind of “{}” of “{}”", spec.title, label.name);
    let codebook = revised(project, what, signed, |codebook| {
        let label = label_in(codebook, id);
        let mut specs = label.into_iter().flat_map(|label| &mut label.attributes);
        if let Some(spec) = specs.find(|spec| spec.name == name) {
            spec.kind = kind.clone();
            let default = spec.default.take();
            let default = default.map(|default| converted(project, kind, &default));
            spec.default = default.filter(|default| kind.fits(default));
        }
    })?;
    change.edits.push(Edit::SetCodebook(Box::new(codebook)));
    Ok((change, misfits))
}

/// A value as one of another kind; what it was where it is none.
fn converted(project: &Project, kind: &AttributeKind, value: &AttributeValue) -> AttributeValue {
    if kind.fits(value) {
        return value.clone();
    }
    let text = match value {
        AttributeValue::Person(id) => {
            let person = project.people().iter().find(|person| person.id == *id);
            person.map_or_else(|| id.to_string(), |person| person.name.clone())
        }
        value => value.to_text(),
    };
    let typed = match kind {
        AttributeKind::OneOf(options) => {
            let same = |option: &&String| folded_name(option) == folded_name(&text);
            let option = options.iter().find(same);
            option.map_or_else(|| kind.typed(&text), |o| AttributeValue::Text(o.clone()))
        }
        AttributeKind::SeveralOf(options) if options.contains(&text) => {
            AttributeValue::Many(vec![text])
        }
        kind => kind.typed(&text),
    };
    if kind.fits(&typed) {
        typed
    } else {
        value.clone()
    }
}

/// Takes an attribute from a label, with its values.
pub fn remove_attribute(
    project: &Project,
    id: &LabelId,
    name: &str,
    signed: Signed<'_>,
) -> Result<Change, CodebookError> {
    let label = label_of(project.codebook(), id)?;
    let no_attribute = || CodebookError::NoAttribute(name.to_owned());
    let spec = label.attribute(name).ok_or_else(no_attribute)?;
    let mut change = replaced(
        project,
        signed,
        |_, annotation| annotation.attributes.remove(name).is_some(),
        |annotation| annotation.label == *id && !annotation.attributes.is_empty(),
    );
    let what = format!("remove attribute “{}” of “{}”", spec.title, label.name);
    let codebook = revised(project, what, signed, |codebook| {
        if let Some(label) = label_in(codebook, id) {
            label.attributes.retain(|spec| spec.name != name);
        }
    })?;
    change.edits.push(Edit::SetCodebook(Box::new(codebook)));
    Ok(change)
}

/// An annotation that a label's policy would have elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    pub article: ArticleId,
    pub annotation: AnnotationId,
    /// Its fragments as they are, and as they would be.
    pub old: Vec<ByteRange>,
    pub new: Vec<ByteRange>,
}

/// The annotations of a label that end otherwise than its policy says, in the order of the articles.
/// Its unit is for marking alone; what is there keeps its extent but for the edges.
pub fn against_policy(project: &Project, id: &LabelId) -> Vec<Moved> {
    let label = project.codebook().label(id.as_str());
    let moved = label.and_then(|label| against_edges(project, id, &label.edges, || true));
    moved.unwrap_or_default()
}

/// The same for a policy that a label does not have yet; `None` when it was stopped.
pub fn against_edges(
    project: &Project,
    id: &LabelId,
    edges: &Edges,
    mut goes_on: impl FnMut() -> bool,
) -> Option<Vec<Moved>> {
    let mut moved = Vec::new();
    for article in project.articles() {
        if !goes_on() {
            return None;
        }
        let meant = article.annotations.iter().filter(|a| a.label == *id);
        for annotation in meant {
            let old: Vec<ByteRange> = annotation.fragments.to_vec();
            let new = old.iter().map(|part| edged(&article.text, *part, edges));
            let new = merge_fragments(new.collect::<Vec<_>>());
            if *old != *new {
                moved.push(Moved {
                    article: article.id.clone(),
                    annotation: annotation.id.clone(),
                    old,
                    new: new.to_vec(),
                });
            }
        }
    }
    Some(moved)
}

/// Gives a label another policy for its edges, and moves what is marked already to where that has it.
pub fn set_edges_and_move(
    project: &Project,
    id: &LabelId,
    edges: &Edges,
    signed: Signed<'_>,
) -> Result<Option<Change>, CodebookError> {
    let name = &label_of(project.codebook(), id)?.name;
    let what = format!("change the boundaries of “{name}”");
    let new = edges.clone();
    let changed = change_label(project, id, &what, signed, |label| label.edges = new)?;
    let moved = against_edges(project, id, edges, || true).unwrap_or_default();
    if changed.is_none() && moved.is_empty() {
        return Ok(None);
    }
    let moved: Vec<&Moved> = moved.iter().collect();
    let mut change = move_to_policy(project, &moved, signed);
    change.edits.extend(changed.unwrap_or_default().edits);
    Ok(Some(change))
}

/// Moves annotations to where a policy has them. Those that are gone or changed since stay.
pub fn move_to_policy(project: &Project, moved: &[&Moved], signed: Signed<'_>) -> Change {
    let mut by_article: Vec<(&ArticleId, Vec<Arc<Annotation>>)> = Vec::new();
    for one in moved {
        let article = project.article(&one.article);
        let found = article.and_then(|a| a.annotations.get(one.annotation.as_str()));
        let Some(found) = found.filter(|found| *found.fragments == *one.old) else {
            continue;
        };
        let mut new = Annotation::clone(found);
        new.fragments = merge_fragments(one.new.clone());
        new.changed = signed.when;
        let new = Arc::new(new);
        match by_article.last_mut().filter(|(id, _)| **id == one.article) {
            Some((_, annotations)) => annotations.push(new),
            None => by_article.push((&one.article, vec![new])),
        }
    }
    let annotations = by_article.iter().map(|(_, all)| all.len()).sum();
    Change {
        touches: Touches {
            annotations,
            articles: by_article.len(),
        },
        edits: by_article
            .into_iter()
            .map(|(article, annotations)| Edit::ReplaceAnnotations {
                article: article.clone(),
                annotations,
            })
            .collect(),
    }
}

/// Whether an annotation was made before its label meant what it means now.
pub fn is_outdated(codebook: &Codebook, annotation: &Annotation) -> bool {
    let label = codebook.label(annotation.label.as_str());
    label.is_some_and(|label| annotation.codebook_revision < label.redefined)
}

/// Annotations made before their label's definition changed, in the order of the articles.
pub fn outdated(project: &Project) -> Vec<(ArticleId, AnnotationId)> {
    outdated_while(project, || true).unwrap_or_default()
}

/// The same; `None` when it was stopped.
pub fn outdated_while(
    project: &Project,
    mut goes_on: impl FnMut() -> bool,
) -> Option<Vec<(ArticleId, AnnotationId)>> {
    let labels = project.codebook().labels.iter();
    let redefined = labels.filter(|label| label.redefined > 0);
    let redefined: HashMap<&LabelId, u32> = redefined.map(|l| (&l.id, l.redefined)).collect();
    let mut found = Vec::new();
    if redefined.is_empty() {
        return Some(found);
    }
    for article in project.articles() {
        if !goes_on() {
            return None;
        }
        let mut labels = article.annotations.labels();
        if !labels.any(|(label, _)| redefined.contains_key(label)) {
            continue;
        }
        let is_old = |annotation: &&Arc<Annotation>| {
            let since = redefined.get(&annotation.label);
            since.is_some_and(|since| annotation.codebook_revision < *since)
        };
        let old = article.annotations.in_text_order().filter(is_old);
        found.extend(old.map(|annotation| (article.id.clone(), annotation.id.clone())));
    }
    Some(found)
}

#[cfg(test)]
mod tests;
