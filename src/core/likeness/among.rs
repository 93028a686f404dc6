//! Which quotes, or which claims, of a project may be the same, and why: what an analyst is asked.
//!
//! Likeness of words comes from `likeness`; here stands what else speaks for it or against it: who says
//! it, when, and what was decided before. Nothing is joined: that is the analyst's.

use super::index::Pair;
use super::{Likeness, Relation, Saying};
use crate::core::article::Article;
use crate::core::claims::spread::day_number;
use crate::core::claims::{Labels, words_of};
use crate::core::codebook::{Part, Thing};
use crate::core::ids::{AnnotationId, PersonId};
use crate::core::text::ByteRange;

/// What weighs less says little: only the same speaker says it twice.
const LIGHT: u32 = 9;
/// What weighs less is another utterance in the mouth of another.
const OWN: u32 = 14;
/// Claims that share a figure and little else are within so many days.
const DAYS: i64 = 7;

/// A quote or a claim where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Utterance {
    pub id: AnnotationId,
    pub range: ByteRange,
    /// Who says it; in a claim, the article's own voice is nobody.
    pub who: Option<PersonId>,
    pub day: Option<i64>,
    pub saying: Saying,
}

/// The quotes, or the claims, of an article.
pub fn utterances(article: &Article, labels: &Labels, thing: &Thing) -> Vec<Utterance> {
    if !labels.has(article, thing) {
        return Vec::new();
    }
    let published = article.meta("published").map(str::trim);
    let day = published.and_then(day_number);
    let all = article.annotations.in_text_order();
    let all = all.filter(|annotation| labels.is(&annotation.label, thing));
    let all = all.map(|annotation| Utterance {
        id: annotation.id.clone(),
        range: annotation.extent(),
        who: match thing {
            Thing::Claim => labels.claimant(article, annotation).person().cloned(),
            _ => labels.person(annotation, Part::Speaker),
        },
        day,
        saying: Saying::of(&words_of(article, annotation)),
    });
    all.collect()
}

/// Two utterances that may be the same, by their numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Alike {
    pub a: usize,
    pub b: usize,
    pub likeness: Likeness,
    /// Both are known to be said, and by others.
    pub other_speaker: bool,
}

impl Alike {
    /// Whether only nothing speaks against it.
    pub fn is_plain(&self) -> bool {
        self.likeness.is_plain() && !self.other_speaker
    }

    /// The same as the other of the two sees it.
    pub fn turned(self) -> Self {
        Self {
            a: self.b,
            b: self.a,
            likeness: self.likeness.turned(),
            ..self
        }
    }

    /// Why it is proposed, in a few words: how the second is like the first.
    pub fn reason(&self, thing: &Thing) -> String {
        let mut parts = vec![match self.likeness.relation {
            Relation::Same => "The same words".to_owned(),
            Relation::Reworded => format!("{} % of the words are the same", self.likeness.share),
            // The first is a part of the second.
            Relation::Cut => "Holds all of it, and more".to_owned(),
            Relation::Holds => "A part of it".to_owned(),
            Relation::Figure => "Shares the number, the claimant and the week".to_owned(),
        }];
        let against = [
            (self.likeness.other_number, "gives another number"),
            (self.likeness.denies, "one of them says “not”"),
            (
                self.other_speaker,
                if *thing == Thing::Claim {
                    "has another claimant"
                } else {
                    "has another speaker"
                },
            ),
        ];
        parts.extend(
            against
                .iter()
                .filter(|(is, _)| *is)
                .map(|(_, told)| (*told).to_owned()),
        );
        parts.join("; ")
    }
}

/// Whether two that are alike in words are worth asking about. `articles` says whether they stand in
/// the same one.
pub fn worth_asking(
    thing: &Thing,
    (a, b): (&Utterance, &Utterance),
    in_one_article: bool,
    pair: Pair,
) -> Option<Alike> {
    // Two annotators marked one thing, or one lies in the other.
    if in_one_article && a.range.intersects(b.range) {
        return None;
    }
    let known = a.who.is_some() && b.who.is_some();
    let same_speaker = known && a.who == b.who;
    let other_speaker = known && !same_speaker;
    let weight = a.saying.weight().min(b.saying.weight());
    let is_asked = match pair.likeness.relation {
        Relation::Figure => {
            let apart = a.day.zip(b.day).map(|(a, b)| (a - b).abs());
            *thing == Thing::Claim && same_speaker && apart.is_some_and(|days| days <= DAYS)
        }
        _ if *thing == Thing::Claim => same_speaker || weight >= LIGHT,
        _ => same_speaker || weight >= if known { OWN } else { LIGHT },
    };
    is_asked.then_some(Alike {
        a: pair.a,
        b: pair.b,
        likeness: pair.likeness,
        other_speaker,
    })
}

#[cfg(test)]
mod tests {
    use super::super::index::Index;
    use super::*;

    fn utterance(words: &str, who: &str, day: &str) -> Utterance {
        Utterance {
            id: "u".into(),
            range: ByteRange::default(),
            who: (!who.is_empty()).then(|| who.into()),
            day: day_number(day),
            saying: Saying::of(words),
        }
    }

    /// What is asked of two, and why; nothing where they are not proposed.
    fn asked(thing: &Thing, a: &Utterance, b: &Utterance) -> Option<String> {
        let sayings = [a.saying.clone(), b.saying.clone()];
        let index = Index::of(&sayings);
        let pair = (0..2).flat_map(|at| index.like(at)).next()?;
        let alike = worth_asking(thing, (a, b), false, pair)?;
        Some(alike.reason(thing))
    }

    #[test]
    fn who_and_when_speak_for_it_or_against_it() {
        let check =
            |thing: &Thing, a: (&str, &str, &str), b: (&str, &str, &str), expected: &str| {
                let (x, y) = (utterance(a.0, a.1, a.2), utterance(b.0, b.1, b.2));
                assert_eq!(
                    asked(thing, &x, &y).unwrap_or_default(),
                    expected,
                    "{a:?} {b:?}"
                );
            };
        let (quote, claim) = (&Thing::Quote, &Thing::Claim);
        let long = "We are not selling the port to anybody from abroad";
        check(
            quote,
            (long, "ilse", ""),
            (long, "ilse", ""),
            "The same words",
        );
        check(
            quote,
            (long, "ilse", ""),
            (long, "tomas", ""),
            "The same words; has another speaker",
        );
        check(quote, (long, "", ""), (long, "tomas", ""), "The same words");
        // What everybody says.
        check(
            quote,
            ("no comment", "ilse", ""),
            ("No comment", "ilse", ""),
            "The same words",
        );
        check(
            quote,
            ("no comment", "ilse", ""),
            ("No comment", "tomas", ""),
            "",
        );
        check(quote, ("no comment", "", ""), ("No comment", "", ""), "");
        check(
            claim,
            ("The lease brings 2,400 jobs", "c", ""),
            ("The lease brings 1,800 jobs", "d", ""),
            "85 % of the words are the same; gives another number; has another claimant",
        );
        // Only a figure: with the claimant and the week.
        let (jobs, careers) = (
            "The lease will bring 2,400 jobs by 2031",
            "2,400 careers with a view of the sea await",
        );
        check(
            claim,
            (jobs, "c", "2024-05-02"),
            (careers, "c", "2024-05-09"),
            "Shares the number, the claimant and the week",
        );
        check(
            claim,
            (jobs, "c", "2024-05-02"),
            (careers, "c", "2024-05-10"),
            "",
        );
        check(
            claim,
            (jobs, "c", "2024-05-02"),
            (careers, "d", "2024-05-02"),
            "",
        );
        check(claim, (jobs, "c", "2024-05-02"), (careers, "c", ""), "");
        check(
            quote,
            (jobs, "c", "2024-05-02"),
            (careers, "c", "2024-05-02"),
            "",
        );
    }

    #[test]
    fn what_two_annotators_marked_in_one_article_is_no_proposal() {
        let mut a = utterance("We are not selling the port to anybody", "", "");
        a.range = (0, 40).into();
        let mut b = a.clone();
        let pair = |a: &Utterance, b: &Utterance| Pair {
            a: 0,
            b: 1,
            likeness: a.saying.likeness(&b.saying).unwrap(),
        };
        let is_asked = |a: &Utterance, b: &Utterance, in_one: bool| {
            worth_asking(&Thing::Quote, (a, b), in_one, pair(a, b)).is_some()
        };
        assert!(!is_asked(&a, &b, true));
        assert!(is_asked(&a, &b, false));
        b.range = (50, 90).into();
        assert!(is_asked(&a, &b, true));
    }
}
