//! Marking a stretch of text.

use super::Signed;
use super::codebook::{CodebookError, add_label, is_outdated};
use crate::core::annotation::{Annotation, AttributeValue, Fragments, Link, merge_fragments};
use crate::core::article::{Article, Status};
use crate::core::boundary::{edged, trimmed};
use crate::core::codebook::{Codebook, Label, OverlapPolicy, Part};
use crate::core::edit::Edit;
use crate::core::ids::{AnnotationId, AnnotatorId, IdMint, LabelId, PersonId};
use crate::core::project::{Person, PersonKind, Project};
use crate::core::shown::bare;
use crate::core::text::ByteRange;
use std::sync::Arc;

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
    Rules::of(codebook, label).mark(article, range.into(), signed, mint)
}

/// Marks the words of an annotation with another label as well.
pub fn mark_also(
    project: &Project,
    article: &Article,
    words_of: &Annotation,
    label: &LabelId,
    signed: Signed<'_>,
    mint: &mut IdMint,
) -> Marking {
    let codebook = project.codebook();
    let spec = codebook.label(label.as_str());
    let parts = words_of.fragments.iter().map(|part| match spec {
        Some(spec) => edged(&article.text, *part, &spec.edges),
        None => *part,
    });
    let parts = merge_fragments(parts.collect::<Vec<_>>());
    Rules::of(codebook, label).mark(article, parts, signed, mint)
}

/// Adds a label at a place of the codebook, and marks a range with it first: one step.
pub fn mark_with_new(
    project: &Project,
    article: &Article,
    range: ByteRange,
    (label, at): (Label, usize),
    signed: Signed<'_>,
    mint: &mut IdMint,
) -> Result<Marking, CodebookError> {
    let range = trimmed(&article.text, range);
    if range.is_empty() {
        return Ok(Marking::Blank);
    }
    let added = add_label(project, label.clone(), at, signed)?;
    let rules = Rules {
        label: &label.id,
        spec: Some(&label),
        revision: project.codebook().revision + 1,
    };
    let mut marking = rules.mark(article, range.into(), signed, mint);
    if let Marking::New { edits, .. } = &mut marking {
        edits.splice(0..0, added.edits);
    }
    Ok(marking)
}

/// What a mark is made by.
pub(super) struct Rules<'a> {
    label: &'a LabelId,
    spec: Option<&'a Label>,
    revision: u32,
}

impl<'a> Rules<'a> {
    pub(super) fn of(codebook: &'a Codebook, label: &'a LabelId) -> Self {
        Self {
            label,
            spec: codebook.label(label.as_str()),
            revision: codebook.revision,
        }
    }

    pub(super) fn spec(&self) -> Option<&'a Label> {
        self.spec
    }

    /// Whether the codebook does not let these fragments overlap with what somebody has there.
    pub(super) fn refuse(
        &self,
        article: &Article,
        fragments: &[ByteRange],
        by: &AnnotatorId,
    ) -> bool {
        let mut around = around(article, fragments, by);
        match self.spec.map(|label| &label.overlap) {
            None | Some(OverlapPolicy::Any | OverlapPolicy::Later(_)) => false,
            Some(OverlapPolicy::OtherLabels) => around.any(|other| other.label == *self.label),
            Some(OverlapPolicy::Never) => around.next().is_some(),
        }
    }

    /// An annotation that is so marked, with the values that its label begins with.
    pub(super) fn make(
        &self,
        fragments: Fragments,
        signed: Signed<'_>,
        id: AnnotationId,
    ) -> Annotation {
        let by = signed.by.clone();
        let first = fragments.first().copied().unwrap_or_default();
        let mut made = Annotation::new(id, by, self.label.clone(), first);
        made.fragments = fragments;
        made.made = signed.when;
        made.codebook_revision = self.revision;
        let specs = self.spec.into_iter().flat_map(|label| &label.attributes);
        for (name, value) in specs.filter_map(|spec| Some((&spec.name, spec.default.as_ref()?))) {
            made.attributes.insert(name.as_str(), value.clone());
        }
        made
    }

    /// Marks these fragments as they are, where the codebook lets them overlap with what is there.
    fn mark(
        &self,
        article: &Article,
        fragments: Fragments,
        signed: Signed<'_>,
        mint: &mut IdMint,
    ) -> Marking {
        if self.refuse(article, &fragments, signed.by) {
            return Marking::Refused;
        }
        let is_same =
            |other: &Annotation| other.fragments == fragments && other.label == *self.label;
        let same = around(article, &fragments, signed.by).find(|other| is_same(other));
        if let Some(same) = same {
            return Marking::There(same.id.clone());
        }
        let id = mint.mint();
        let made = self.make(fragments, signed, id.clone());
        let range = made.extent();
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
}

/// Links an annotation to what was just marked, in the same step; nothing where nothing new was.
pub fn part_of(
    article: &Article,
    marking: &Marking,
    whole: &AnnotationId,
    role: &str,
    signed: Signed<'_>,
) -> Option<Edit> {
    let Marking::New { id, .. } = marking else {
        return None;
    };
    let link = Link::new(role, id.clone());
    change(article, whole, signed, |annotation| {
        annotation.links.push(link);
    })
}

/// What somebody has that lies over a part of these fragments.
fn around<'a>(
    article: &'a Article,
    fragments: &'a [ByteRange],
    by: &'a AnnotatorId,
) -> impl Iterator<Item = &'a Arc<Annotation>> {
    let entries = fragments
        .iter()
        .flat_map(|part| article.annotations.overlapping(*part));
    let all = entries.map(|entry| &entry.annotation);
    all.filter(|other| other.annotator == *by)
}

/// Gives an annotation another label, or the one that it has: it is then as the codebook now means
/// it. Nothing when it was already.
pub fn relabel(
    codebook: &Codebook,
    article: &Article,
    id: &AnnotationId,
    label: &LabelId,
    signed: Signed<'_>,
) -> Option<Edit> {
    let old = article.annotations.get(id.as_str())?;
    if old.label == *label && !is_outdated(codebook, old) {
        return None;
    }
    change(article, id, signed, |annotation| {
        annotation.label = label.clone();
        annotation.codebook_revision = codebook.revision;
    })
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
    let kind = likely_kind(attribute, person, article.meta("outlet"));
    let (found, entry) = person_called(project, person, kind);
    let changed = change(article, id, signed, |annotation| {
        let value = AttributeValue::Person(found);
        annotation.attributes.insert(attribute, value);
    });
    entry.into_iter().chain(changed).collect()
}

/// What somebody most likely is who comes into the ledger as the value of an attribute: outlets and
/// those whom promotion serves are organisations.
pub fn likely_kind(attribute: &str, name: &str, outlet: Option<&str>) -> PersonKind {
    let is_outlet = outlet.is_some_and(|outlet| outlet.trim() == name.trim());
    if is_outlet || attribute == Part::Beneficiary.name() {
        PersonKind::Organisation
    } else {
        PersonKind::Person
    }
}

/// The person who is called so, with the entry in the ledger that it takes when nobody is.
pub fn person_called(
    project: &Project,
    person: &str,
    kind: PersonKind,
) -> (PersonId, Option<Edit>) {
    let people = project.people();
    let is_called = |name: &str| {
        people
            .iter()
            .find(|person| person.names().any(|n| n == name))
    };
    let bare = bare(person);
    if let Some(known) = is_called(person).or_else(|| is_called(&bare)) {
        return (known.id.clone(), None);
    }
    let mut new = Person::named(&bare, |id| people.iter().any(|p| p.id.as_str() == id));
    new.kind = kind;
    let id = new.id.clone();
    (id, Some(Edit::AddPeople(vec![(people.len(), new)])))
}
