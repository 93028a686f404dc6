//! Marking a stretch of text.

use super::Signed;
use crate::core::annotation::{Annotation, AttributeValue};
use crate::core::article::{Article, Status};
use crate::core::boundary::{edged, trimmed};
use crate::core::codebook::OverlapPolicy;
use crate::core::edit::Edit;
use crate::core::ids::{AnnotationId, IdMint, LabelId};
use crate::core::project::{Person, Project};
use crate::core::text::ByteRange;

/// What came of marking.
#[derive(Debug, PartialEq)]
pub enum Marking {
    /// The id of the new annotation, and its range without white space around it.
    New {
        edits: Vec<Edit>,
        id: AnnotationId,
        range: ByteRange,
    },
    /// There is only white space.
    Blank,
    /// The codebook does not let it overlap here.
    Refused,
    /// The same is marked already.
    There(AnnotationId),
}

/// How far a mark goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// As the label's policy has its edges.
    Policy,
    /// As it was selected, without white space around it.
    Selected,
}

/// Marks a range with a label, and takes note that work on the article has begun.
pub fn mark(
    project: &Project,
    article: &Article,
    (range, extent): (ByteRange, Extent),
    label: &LabelId,
    signed: Signed<'_>,
    mint: &mut IdMint,
) -> Marking {
    let trimmed = trimmed(&article.text, range);
    if trimmed.is_empty() {
        return Marking::Blank;
    }
    let codebook = project.codebook();
    let spec = codebook.label(label.as_str());
    let range = match spec {
        Some(spec) if extent == Extent::Policy => edged(&article.text, range, &spec.edges),
        _ => trimmed,
    };
    let overlap = spec.map(|label| label.overlap.clone()).unwrap_or_default();
    let refuses = |other: &Annotation| match overlap {
        OverlapPolicy::Any | OverlapPolicy::Later(_) => false,
        OverlapPolicy::OtherLabels => other.label == *label,
        OverlapPolicy::Never => true,
    };
    let around = || {
        let entries = article.annotations.overlapping(range);
        let all = entries.map(|entry| &entry.annotation);
        all.filter(|other| other.annotator == *signed.by)
    };
    if around().any(|other| refuses(other)) {
        return Marking::Refused;
    }
    let is_same = |other: &Annotation| *other.fragments == [range] && other.label == *label;
    if let Some(same) = around().find(|other| is_same(other)) {
        return Marking::There(same.id.clone());
    }
    let id = mint.mint();
    let mut made = Annotation::new(id.clone(), signed.by.clone(), label.clone(), range);
    made.made = signed.when;
    made.codebook_revision = codebook.revision;
    let specs = spec.into_iter().flat_map(|label| &label.attributes);
    for (name, value) in specs.filter_map(|spec| Some((&spec.name, spec.default.as_ref()?))) {
        made.attributes.insert(name.as_str(), value.clone());
    }
    let mut edits = vec![Edit::AddAnnotation {
        article: article.id.clone(),
        annotation: Box::new(made),
    }];
    if article.status_for(signed.by) == Status::New {
        edits.push(Edit::SetStatus {
            article: article.id.clone(),
            annotator: signed.by.clone(),
            status: Status::InProgress,
        });
    }
    Marking::New { edits, id, range }
}

/// Gives an annotation of an article another value; nothing when it is the same.
pub fn change(
    article: &Article,
    id: &AnnotationId,
    signed: Signed<'_>,
    change: impl FnOnce(&mut Annotation),
) -> Option<Edit> {
    let old = article.annotations.get(id.as_str())?;
    let mut new = Annotation::clone(old);
    change(&mut new);
    if new == **old {
        return None;
    }
    new.changed = signed.when;
    Some(Edit::ReplaceAnnotation {
        article: article.id.clone(),
        annotation: Box::new(new),
    })
}

/// Sets an attribute to a person by their name, who enters the ledger when nobody there is called so.
pub fn set_person(
    project: &Project,
    article: &Article,
    id: &AnnotationId,
    attribute: &str,
    person: &str,
    signed: Signed<'_>,
) -> Vec<Edit> {
    if article.annotations.get(id.as_str()).is_none() {
        return Vec::new();
    }
    let people = project.people();
    let is_known = |p: &&Person| p.name == person || p.aliases.iter().any(|a| a == person);
    let known = people.iter().find(is_known);
    let new = match known {
        Some(_) => None,
        None => Some(Person::named(person, |id| {
            people.iter().any(|p| p.id.as_str() == id)
        })),
    };
    let Some(found) = known.or(new.as_ref()).map(|person| person.id.clone()) else {
        return Vec::new();
    };
    let changed = change(article, id, signed, |annotation| {
        let value = AttributeValue::Person(found);
        annotation.attributes.insert(attribute, value);
    });
    let entry = new.map(|person| Edit::AddPeople(vec![(people.len(), person)]));
    entry.into_iter().chain(changed).collect()
}
