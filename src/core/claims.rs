//! Claims: who makes them, of what kind they are, whether they are worth checking, and what came of
//! that; one by one where they stand, and as the cards of a board.
//!
//! A claim that names no claimant is its speaker's where it lies in a quote, and the article's own
//! otherwise. What is said of a group is said of all of its claims. Pure; what is drawn from it is
//! not its business, and which claims say the same is told by `likeness`.

pub mod board;
pub mod order;
pub mod spread;

use crate::core::annotation::{Annotation, AttributeValue, Attributes};
use crate::core::article::Article;
use crate::core::codebook::{Codebook, Part, Thing};
use crate::core::compact::Short;
use crate::core::ids::{AnnotationId, LabelId, PersonId};
use crate::core::text::ByteRange;
use std::collections::HashMap;

/// The three questions by which a claim is found worth checking, in their order.
pub const QUESTIONS: [Part; 3] = [Part::MayBeFalse, Part::MattersToPublic, Part::CanHarm];

/// What a question was answered with: yes, no, or neither yet.
pub type Answer = Option<bool>;

/// What a group says of a question that its claims answer otherwise.
pub const UNSURE: &str = "unsure";

/// Who makes a claim.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Claimant {
    /// The article itself.
    OwnVoice,
    Person(PersonId),
    /// The speaker of the quote that the claim lies in.
    Speaker(PersonId),
}

impl Claimant {
    pub fn person(&self) -> Option<&PersonId> {
        match self {
            Self::OwnVoice => None,
            Self::Person(id) | Self::Speaker(id) => Some(id),
        }
    }
}

/// A claim where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Claim {
    pub id: AnnotationId,
    pub range: ByteRange,
    pub claimant: Claimant,
    pub kind: Short,
    pub stance: Short,
    pub verdict: Short,
    pub answers: [Answer; 3],
}

/// Which labels are claims and quotes, and which of their parts they have.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Labels(HashMap<LabelId, Is>);

#[derive(Clone, Debug, PartialEq)]
struct Is {
    thing: Thing,
    parts: Vec<Part>,
}

impl Labels {
    pub fn of(codebook: &Codebook) -> Self {
        let labels = codebook.labels.iter().filter_map(|label| {
            let thing = codebook.thing_of(&label.id);
            let has = |part: &Part| label.part(*part).is_some();
            let parts = Part::ALL.into_iter().filter(has).collect();
            let is = Is { thing, parts };
            (is.thing != Thing::Nothing).then(|| (label.id.clone(), is))
        });
        Self(labels.collect())
    }

    pub fn is(&self, label: &LabelId, thing: &Thing) -> bool {
        self.0.get(label).is_some_and(|is| is.thing == *thing)
    }

    /// Whether an article has one of them at all.
    pub fn has(&self, article: &Article, thing: &Thing) -> bool {
        let mut labels = article.annotations.labels();
        labels.any(|(label, count)| count > 0 && self.is(label, thing))
    }

    /// What an annotation says of a part.
    pub fn part<'a>(&self, annotation: &'a Annotation, part: Part) -> Option<&'a AttributeValue> {
        let is = self.0.get(&annotation.label)?;
        let has = is.parts.contains(&part);
        annotation.attributes.get(part.name()).filter(|_| has)
    }

    /// Whom a part names.
    pub fn person(&self, annotation: &Annotation, part: Part) -> Option<PersonId> {
        match self.part(annotation, part)? {
            AttributeValue::Person(id) => Some(id.clone()),
            _ => None,
        }
    }

    fn words(&self, annotation: &Annotation, part: Part) -> Short {
        let value = self.part(annotation, part);
        value.map_or_else(Short::default, |value| Short::new(value.to_text()))
    }

    fn answer(&self, annotation: &Annotation, part: Part) -> Answer {
        match self.part(annotation, part)? {
            AttributeValue::Bool(answer) => Some(*answer),
            _ => None,
        }
    }

    /// Who makes a claim of an article: as it says, or else the speaker of the innermost quote that it
    /// lies in.
    pub fn claimant(&self, article: &Article, claim: &Annotation) -> Claimant {
        if let Some(person) = self.person(claim, Part::Claimant) {
            return Claimant::Person(person);
        }
        match self.speaker_around(article, claim) {
            Some(speaker) => Claimant::Speaker(speaker),
            None => Claimant::OwnVoice,
        }
    }

    /// The speaker of the innermost quote of the same annotator that all of it lies in.
    pub fn speaker_around(&self, article: &Article, inner: &Annotation) -> Option<PersonId> {
        let whole = inner.extent();
        let around = article.annotations.overlapping(whole);
        let around = around.map(|entry| &entry.annotation).filter(|other| {
            let extent = other.extent();
            other.annotator == inner.annotator
                && other.id != inner.id
                && self.is(&other.label, &Thing::Quote)
                && extent.start <= whole.start
                && whole.end <= extent.end
        });
        let innermost = around
            .filter_map(|quote| Some((quote.extent().len(), self.person(quote, Part::Speaker)?)))
            .min_by_key(|(length, _)| *length);
        innermost.map(|(_, speaker)| speaker)
    }

    /// The claims of an article, in its order.
    pub fn claims_of(&self, article: &Article) -> Vec<Claim> {
        if !self.has(article, &Thing::Claim) {
            return Vec::new();
        }
        let all = article.annotations.in_text_order();
        let claims = all.filter(|annotation| self.is(&annotation.label, &Thing::Claim));
        let claims = claims.map(|annotation| Claim {
            id: annotation.id.clone(),
            range: annotation.extent(),
            claimant: self.claimant(article, annotation),
            kind: self.words(annotation, Part::Kind),
            stance: self.words(annotation, Part::Stance),
            verdict: self.words(annotation, Part::Verdict),
            answers: QUESTIONS.map(|question| self.answer(annotation, question)),
        });
        claims.collect()
    }
}

/// What a group says of a question; nothing where its claims say it.
pub fn answer_of_group(attributes: &Attributes, question: Part) -> Option<Answer> {
    match attributes.get(question.name())? {
        AttributeValue::Bool(answer) => Some(Some(*answer)),
        _ => Some(None),
    }
}

/// The words of an annotation on one line, its fragments joined by ellipses.
pub fn words_of(article: &Article, annotation: &Annotation) -> String {
    let parts = annotation.fragments.iter();
    let parts: Vec<String> = parts
        .map(|part| {
            let words: Vec<&str> = article.text.slice(*part).split_whitespace().collect();
            words.join(" ")
        })
        .collect();
    parts.join(" … ")
}

#[cfg(test)]
pub(crate) mod tests;
