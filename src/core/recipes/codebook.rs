//! Changing the codebook: labels, their attributes and their order, and what that means for the
//! annotations that have them.
//!
//! Every recipe answers with its edits and with what they touch, so that it can be said before they
//! are made; the revision rises by one and the codebook's log says why. What cannot be kept as it is
//! goes along under another name, or is told.

mod attributes;
mod merging;
mod named;
mod outdated;
mod policy;
mod roles;
mod taking;

pub use attributes::{
    Unfit, UnfitValue, change_kind, has_unfit, remove_attribute, rename_attribute,
};
pub use merging::{Clashing, KindClash, MergeChoices, Merging, Words, merge_labels, merging};
pub(super) use named::is_made_from;
pub use named::{NEW_LABEL, label_id};
pub use outdated::{is_outdated, outdated, outdated_while};
pub use policy::{Moved, against_edges, against_policy, move_to_policy, set_edges_and_move};
pub use roles::{remove_role, touched_by_role};
pub use taking::{compare, take_in};

use super::Signed;
use super::rules::follow_label;
use crate::core::annotation::Annotation;
use crate::core::codebook::{AttributeSpec, Codebook, Label, Meant, key_text};
pub use crate::core::codebook::{MAX_NAME, folded_name};
use crate::core::edit::Edit;
use crate::core::ids::{ArticleId, LabelId};
use crate::core::project::Project;
use std::collections::HashMap;
use std::sync::Arc;

/// A change of the codebook that can be made.
#[derive(Debug, Default, PartialEq)]
pub struct Change {
    pub edits: Vec<Edit>,
    pub touches: Touches,
    /// A label that has another id from now on, and that one.
    pub renamed: Option<(LabelId, LabelId)>,
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
    #[error("the key {} belongs to the label “{}”", key_text(*.0), .1)]
    KeyTaken(char, String),
    #[error("the key {} belongs to the attribute “{}”", key_text(*.0), .1)]
    AttributeKeyTaken(char, String),
    #[error("there already is a role “{0}”")]
    RoleTaken(String),
    #[error("“{0}” would be a kind of itself")]
    KindOfItself(String),
    #[error("{0} conflicts with the other codebook are not decided")]
    Undecided(usize),
    #[error("the label has no role “{0}” (any more)")]
    NoRole(String),
    #[error(
        "both labels have an attribute “{0}”, of another kind each, and what becomes of it is not decided"
    )]
    KindsDiffer(String),
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

/// Whether a label can be so beside the others. What it was before is not asked about: that is no
/// matter of this change.
fn check_parts(codebook: &Codebook, old: Option<&Label>, new: &Label) -> Result<(), CodebookError> {
    let key = new.small_key();
    if let Some(key) = key.filter(|_| old.and_then(Label::small_key) != key) {
        let mut others = codebook.labels.iter().filter(|other| other.id != new.id);
        if let Some(other) = others.find(|other| other.small_key() == Some(key)) {
            return Err(CodebookError::KeyTaken(key, other.name.clone()));
        }
    }
    let was = |spec: &AttributeSpec| old.and_then(|old| old.attribute(&spec.name));
    let has_new_key = |spec: &AttributeSpec| {
        let before = was(spec).and_then(AttributeSpec::small_key);
        spec.small_key().is_some() && before != spec.small_key()
    };
    let is_long = |text: &str| text.chars().count() > MAX_NAME;
    let specs = &new.attributes;
    for (at, spec) in specs.iter().enumerate() {
        let was = was(spec);
        let title_stays = was.is_some_and(|was| was.title == spec.title);
        if (is_long(&spec.title) && !title_stays) || (is_long(&spec.name) && was.is_none()) {
            return Err(CodebookError::LongName);
        }
        let of_name = |label: &Label| {
            let specs = label.attributes.iter();
            specs.filter(|other| other.name == spec.name).count()
        };
        if of_name(new) > old.map_or(0, of_name).max(1) {
            return Err(CodebookError::AttributeTaken(spec.name.clone()));
        }
        let Some(key) = spec.small_key().filter(|_| has_new_key(spec)) else {
            continue;
        };
        let mut others = specs.iter().enumerate();
        let other = others.find(|(place, other)| {
            let is_first = *place < at || (*place > at && !has_new_key(other));
            is_first && other.small_key() == Some(key)
        });
        if let Some((_, other)) = other {
            let title = other.shown_title().to_owned();
            return Err(CodebookError::AttributeKeyTaken(key, title));
        }
    }
    for role in &new.link_roles {
        let of_name = |label: &Label| {
            let roles = label.link_roles.iter();
            roles.filter(|other| other.name == role.name).count()
        };
        if of_name(new) > old.map_or(0, of_name).max(1) {
            return Err(CodebookError::RoleTaken(role.name.clone()));
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
    let was = meant_before(project.codebook(), &codebook);
    if let Some(change) = codebook.changes.last_mut() {
        change.was = was;
    }
    Ok(codebook)
}

/// What labels meant that mean another thing in the new codebook.
fn meant_before(old: &Codebook, new: &Codebook) -> Vec<Meant> {
    let by_id: HashMap<&LabelId, &Label> = old.labels.iter().map(|l| (&l.id, l)).collect();
    let changed = new.labels.iter().filter_map(|label| {
        let old = by_id.get(&label.id)?;
        (old.meaning() != label.meaning()).then_some(*old)
    });
    let meant = changed.map(|old| Meant {
        label: old.id.clone(),
        definition: old.definition.clone(),
        include: old.include.clone(),
        exclude: old.exclude.clone(),
        unknown: Vec::new(),
    });
    meant.collect()
}

fn alone(codebook: Codebook) -> Change {
    Change {
        edits: vec![Edit::SetCodebook(Box::new(codebook))],
        ..Change::default()
    }
}

fn label_of<'a>(codebook: &'a Codebook, id: &LabelId) -> Result<&'a Label, CodebookError> {
    codebook.label(id.as_str()).ok_or(CodebookError::NoLabel)
}

fn label_in<'a>(codebook: &'a mut Codebook, id: &LabelId) -> Option<&'a mut Label> {
    codebook.labels.iter_mut().find(|label| label.id == *id)
}

/// Adds a label at a place of the list.
pub fn add_label(
    project: &Project,
    label: Label,
    at: usize,
    signed: Signed<'_>,
) -> Result<Change, CodebookError> {
    check_name(project.codebook(), None, &label.name)?;
    check_parts(project.codebook(), None, &label)?;
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
    check_parts(project.codebook(), Some(old), &new)?;
    let mut renamed = None;
    if new.name != old.name
        && let Some(first) = named::id_of_first_name(project, id, &new.name)
    {
        new.id = first.clone();
        renamed = Some((id.clone(), first));
    }
    let is_redefined = new.meaning() != old.meaning();
    let (is_renamed, new_id) = (new.name != old.name, new.id.clone());
    let codebook = revised(project, what.to_owned(), signed, |codebook| {
        let next = codebook.revision + 1;
        if let Some(label) = label_in(codebook, id) {
            *label = new;
            if is_redefined {
                label.redefined = next;
            }
        }
    })?;
    let rules = if is_renamed {
        follow_label(project, &codebook, id, &new_id)
    } else {
        Vec::new()
    };
    let mut change = alone(codebook);
    change.renamed = renamed;
    change.edits.extend(rules);
    Ok(Some(change))
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

/// Room for a number behind a name.
const NUMBER: usize = 12;

/// The beginning of a name.
pub(super) fn cut(name: &str, most: usize) -> String {
    name.chars().take(most).collect()
}

/// The title of an attribute of a label beside another one that is called so.
pub fn title_beside(spec: &AttributeSpec, label: &str) -> String {
    let whole = format!("{} ({label})", spec.shown_title());
    cut(&whole, MAX_NAME)
}

#[cfg(test)]
mod tests;
