//! The quote as one object: what it lacks of its parts, what can be proposed for them from the text and
//! the ledger, and the edits that accept a proposal as one step.
//!
//! Which labels are quotes, sources and cues, the codebook says; what it has no place for is not
//! proposed. Names stay as they stand: nobody is merged with somebody here.

mod accepting;
mod tying;
mod who;

use crate::core::annotation::{Annotation, AttributeValue};
use crate::core::article::Article;
use crate::core::codebook::{Codebook, Part, Thing};
use crate::core::ids::AnnotationId;
use crate::core::project::{PersonKind, Project};
use crate::core::quotes::{Candidate, Form, Kind, Proposal, Reason, propose};
use crate::core::text::ByteRange;
use who::{bare_name, described, named, tied_to};

pub use accepting::{Accepted, accept};
pub use tying::{emptied_by_tying, name_who_is_meant};
pub use who::Who;

/// What a quote has no value for, though its codebook has a place for it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lacks {
    pub cue: bool,
    pub source: bool,
    /// Someone of the ledger.
    pub speaker: bool,
    pub kind: bool,
}

impl Lacks {
    pub fn anything(self) -> bool {
        self.cue || self.source || self.speaker
    }
}

/// What can be proposed for a quote.
#[derive(Clone, Debug, PartialEq)]
pub struct Offer {
    pub lacks: Lacks,
    pub kind: Kind,
    pub cues: Vec<Candidate>,
    pub speakers: Vec<OfferedSpeaker>,
}

/// A speaker as the text has them, and who that is.
#[derive(Clone, Debug, PartialEq)]
pub struct OfferedSpeaker {
    pub range: ByteRange,
    pub reason: Reason,
    pub form: Form,
    pub who: Option<Who>,
}

/// What a quote lacks; none for what is no quote.
pub fn lacks(codebook: &Codebook, article: &Article, annotation: &Annotation) -> Option<Lacks> {
    if codebook.thing_of(&annotation.label) != Thing::Quote {
        return None;
    }
    let label = codebook.label(annotation.label.as_str())?;
    let is_linked = |thing: &Thing| {
        annotation.links.iter().any(|link| {
            let target = article.annotations.get(link.target.as_str());
            target.is_some_and(|target| codebook.thing_of(&target.label) == *thing)
        })
    };
    let can_link = |thing: &Thing| {
        codebook.role_to(label, thing).is_some() && codebook.label_for(thing).is_some()
    };
    let has_none = |part: Part| {
        let spec = label.part(part);
        spec.is_some_and(|spec| annotation.attributes.get(&spec.name).is_none())
    };
    Some(Lacks {
        cue: can_link(&Thing::Cue) && !is_linked(&Thing::Cue),
        source: can_link(&Thing::Source) && !is_linked(&Thing::Source),
        speaker: has_none(Part::Speaker),
        kind: has_none(Part::Kind),
    })
}

/// What can be proposed for a quote that lacks something; with a cue, the speakers are those of that
/// one.
pub fn offer(
    project: &Project,
    article: &Article,
    annotation: &Annotation,
    cue: Option<ByteRange>,
) -> Option<Offer> {
    let codebook = project.codebook();
    let lacks = lacks(codebook, article, annotation).filter(|lacks| lacks.anything())?;
    // A cue that is linked says whose words they are.
    let linked = linked_range(codebook, article, annotation, &Thing::Cue);
    let proposal = propose(&article.text, &annotation.fragments, cue.or(linked));
    let Proposal {
        kind,
        cues,
        speakers,
    } = proposal;
    let own_source = linked_range(codebook, article, annotation, &Thing::Source);
    let speakers = speakers.into_iter().filter_map(|speaker| {
        if own_source.is_some_and(|own| !own.intersects(speaker.range)) {
            return None;
        }
        let words = article.text.slice(speaker.range);
        let who = match speaker.form {
            Form::Name => Some(named(
                project,
                article,
                bare_name(&article.text, speaker.range),
            )),
            Form::Pronoun | Form::Description | Form::Unnamed => {
                let tied = tied_to(project, article, words);
                let first = || {
                    let name = *speaker
                        .names
                        .first()
                        .filter(|_| speaker.form == Form::Pronoun)?;
                    Some(named(project, article, bare_name(&article.text, name)))
                };
                let found = tied.or_else(first).map(|who| Who {
                    stands_elsewhere: true,
                    ..who
                });
                found.or_else(|| described(project, words, speaker.form))
            }
            Form::Collective => described(project, words, speaker.form),
            Form::Speaker => tied_to(project, article, words),
        };
        Some(OfferedSpeaker {
            range: speaker.range,
            reason: speaker.reason,
            form: speaker.form,
            who,
        })
    });
    Some(Offer {
        lacks,
        kind,
        cues,
        speakers: speakers.collect(),
    })
}

/// In how many other quotes a quote stands: “A said that B denied …”.
pub fn depth(codebook: &Codebook, article: &Article, annotation: &Annotation) -> usize {
    if codebook.thing_of(&annotation.label) != Thing::Quote {
        return 0;
    }
    let own = annotation.extent();
    let mut around: Vec<&AnnotationId> = article
        .annotations
        .overlapping(own)
        .map(|entry| &entry.annotation)
        .filter(|other| {
            let extent = other.extent();
            other.annotator == annotation.annotator
                && extent.covers(own)
                && extent != own
                && codebook.thing_of(&other.label) == Thing::Quote
        })
        .map(|other| &other.id)
        .collect();
    around.sort();
    around.dedup();
    around.len()
}

fn linked_range(
    codebook: &Codebook,
    article: &Article,
    annotation: &Annotation,
    thing: &Thing,
) -> Option<ByteRange> {
    annotation.links.iter().find_map(|link| {
        let target = article.annotations.get(link.target.as_str())?;
        let is_it = codebook.thing_of(&target.label) == *thing;
        is_it.then(|| target.extent())
    })
}

/// The words by which a quote names its speaker, while nobody who has a name is known as that.
pub fn source_of_nobody(
    project: &Project,
    article: &Article,
    annotation: &Annotation,
) -> Option<ByteRange> {
    let codebook = project.codebook();
    let lacks = lacks(codebook, article, annotation)?;
    let label = codebook.label(annotation.label.as_str())?;
    let spec = label.part(Part::Speaker)?;
    let is_unnamed = match annotation.attributes.get(&spec.name) {
        Some(AttributeValue::Person(id)) => {
            let person = project.person(id);
            person.is_some_and(|person| person.kind == PersonKind::Unnamed)
        }
        _ => lacks.speaker,
    };
    let source = || linked_range(codebook, article, annotation, &Thing::Source);
    is_unnamed.then(source).flatten()
}

#[cfg(test)]
mod tests;
