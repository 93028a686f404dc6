//! Changing the attributes of a label, with the values that annotations have of them: no value is lost
//! without being told.

use super::{Change, CodebookError, MAX_NAME, folded_name, label_in, label_of, replaced, revised};
use crate::core::annotation::{Annotation, AttributeValue};
use crate::core::codebook::AttributeKind;
use crate::core::edit::Edit;
use crate::core::ids::{AnnotationId, ArticleId, LabelId};
use crate::core::project::Project;
use crate::core::recipes::Signed;
use std::sync::Arc;

pub(super) fn rename_value(annotation: &mut Annotation, old: &str, new: &str) -> bool {
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
    if new.chars().count() > MAX_NAME {
        return Err(CodebookError::LongName);
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
    let what = format!(
        "change the kind of “{}” of “{}”",
        spec.shown_title(),
        label.name
    );
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

/// Whether any annotation has a value that is none of another kind as it stands: it would become one, or
/// could not. Stops at the first.
pub fn has_unfit(project: &Project, id: &LabelId, name: &str, kind: &AttributeKind) -> bool {
    let is_unfit = |annotation: &Arc<Annotation>| {
        let value = annotation.attributes.get(name);
        annotation.label == *id && value.is_some_and(|value| !kind.fits(value))
    };
    let mut articles = project.articles().iter();
    articles.any(|article| {
        article.annotations.count_of(id) > 0 && article.annotations.iter().any(is_unfit)
    })
}

/// A value as one of another kind; what it was where it is none.
pub(super) fn converted(
    project: &Project,
    kind: &AttributeKind,
    value: &AttributeValue,
) -> AttributeValue {
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
    let what = format!(
        "remove attribute “{}” of “{}”",
        spec.shown_title(),
        label.name
    );
    let codebook = revised(project, what, signed, |codebook| {
        if let Some(label) = label_in(codebook, id) {
            label.attributes.retain(|spec| spec.name != name);
        }
    })?;
    change.edits.push(Edit::SetCodebook(Box::new(codebook)));
    Ok(change)
}
