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
use std::collections::{BTreeMap, HashMap, HashSet};

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

/// What is said in the same words by the same: each list is one utterance, by the places of its parts,
/// each with the place of its article. Who is not known may be the only one who is known to say it.
/// `apart` is what was decided not to be the same, either way. Time and room are linear.
pub fn same_words(
    all: &[(usize, &Utterance)],
    apart: &HashMap<&str, Vec<&str>>,
) -> Vec<Vec<usize>> {
    let mut by_words: HashMap<u64, Vec<usize>> = HashMap::with_capacity(all.len());
    for (at, (_, utterance)) in all.iter().enumerate() {
        if !utterance.saying.is_empty() {
            let same = by_words.entry(utterance.saying.key()).or_default();
            same.push(at);
        }
    }
    let mut clusters = Vec::new();
    for same in by_words.into_values().filter(|same| same.len() > 1) {
        let of = |at: usize| all.get(at).map(|(_, utterance)| *utterance);
        let Some(first) = same.first().and_then(|at| of(*at)) else {
            continue;
        };
        // Words that only seem the same are nobody's.
        let same = same
            .into_iter()
            .filter(|at| of(*at).is_some_and(|u| u.saying == first.saying));
        let mut by_who: BTreeMap<Option<&PersonId>, Vec<usize>> = BTreeMap::new();
        for at in same {
            let who = of(at).and_then(|utterance| utterance.who.as_ref());
            by_who.entry(who).or_default().push(at);
        }
        // Little that is said by somebody unknown says nothing.
        let is_light = first.saying.weight() < LIGHT;
        let unknown = by_who.remove(&None).filter(|_| !is_light);
        match (unknown, by_who.len()) {
            (Some(unknown), 1) => {
                for own in by_who.values_mut() {
                    own.extend(unknown.iter().copied());
                    own.sort_unstable();
                }
            }
            (Some(unknown), _) => clusters.push(unknown),
            (None, _) => {}
        }
        clusters.extend(by_who.into_values());
    }
    let clusters = clusters
        .into_iter()
        .map(|cluster| joined(all, cluster, apart));
    let mut clusters: Vec<Vec<usize>> = clusters.filter(|cluster| cluster.len() > 1).collect();
    clusters.sort_by_key(|cluster| cluster.first().copied());
    clusters
}

/// Of those that say the same, the ones that can be in one group: what two annotators marked in one
/// place is there once, and nothing that was kept apart.
fn joined(
    all: &[(usize, &Utterance)],
    cluster: Vec<usize>,
    apart: &HashMap<&str, Vec<&str>>,
) -> Vec<usize> {
    let mut taken: HashSet<&str> = HashSet::with_capacity(cluster.len());
    let mut last: Option<(usize, ByteRange)> = None;
    let is_free = |at: &usize| {
        let Some((article, utterance)) = all.get(*at) else {
            return false;
        };
        let id = utterance.id.as_str();
        let range = utterance.range;
        // They stand in the order of the text.
        let is_there = last.is_some_and(|(of, last)| of == *article && last.intersects(range));
        let others = apart.get(id).map_or(&[][..], Vec::as_slice);
        if is_there || others.iter().any(|other| taken.contains(other)) {
            return false;
        }
        last = Some((*article, range));
        taken.insert(id);
        true
    };
    cluster.into_iter().filter(is_free).collect()
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

    #[test]
    fn the_same_words_of_the_same_are_one_utterance() {
        // Articles with words and who says them; which are one, by their numbers.
        let check =
            |said: &[(usize, &str, &str)], apart: &[(usize, usize)], expected: &[&[usize]]| {
                let utterances = said
                    .iter()
                    .enumerate()
                    .map(|(at, (_, words, who))| Utterance {
                        id: format!("u{at}").as_str().into(),
                        range: (at as u32 * 10, at as u32 * 10 + 5).into(),
                        ..utterance(words, who, "")
                    });
                let utterances: Vec<Utterance> = utterances.collect();
                let articles = said.iter().map(|(article, ..)| *article);
                let all: Vec<(usize, &Utterance)> = articles.zip(&utterances).collect();
                let mut kept: HashMap<&str, Vec<&str>> = HashMap::new();
                for (a, b) in apart {
                    let (a, b) = (utterances[*a].id.as_str(), utterances[*b].id.as_str());
                    kept.entry(a).or_default().push(b);
                    kept.entry(b).or_default().push(a);
                }
                assert_eq!(same_words(&all, &kept), expected, "{said:?}");
            };
        const LONG: &str = "We are not selling the port to anybody";
        const ALIKE: &str = "we are “not” selling the port, to anybody!";
        // Whoever was first: another one says it, too.
        check(
            &[
                (0, LONG, "a"),
                (1, ALIKE, "b"),
                (2, LONG, "b"),
                (3, LONG, "a"),
            ],
            &[],
            &[&[0, 3], &[1, 2]],
        );
        // Nobody is named, and one is.
        check(
            &[(0, LONG, ""), (1, LONG, "b"), (2, ALIKE, "b")],
            &[],
            &[&[0, 1, 2]],
        );
        // Two are named: it may be either.
        check(
            &[(0, LONG, ""), (1, LONG, "b"), (2, LONG, "c"), (3, LONG, "")],
            &[],
            &[&[0, 3]],
        );
        // “Yes” is said by many.
        check(&[(0, "Yes", ""), (1, "Yes", "")], &[], &[]);
        check(&[(0, "Yes", "a"), (1, "yes", "a")], &[], &[&[0, 1]]);
        check(
            &[(0, LONG, "a"), (1, LONG, "a"), (2, LONG, "a")],
            &[(2, 1)],
            &[&[0, 1]],
        );
        check(&[(0, "", "a"), (1, "", "a"), (2, LONG, "a")], &[], &[]);
    }

    #[test]
    fn what_two_marked_in_one_place_is_there_once() {
        let one = utterance("We are not selling the port to anybody", "a", "");
        let at = |range: (u32, u32), id: &str| Utterance {
            id: id.into(),
            range: range.into(),
            ..one.clone()
        };
        let all = [
            at((0, 40), "x"),
            at((0, 40), "y"),
            at((50, 90), "z"),
            at((0, 40), "v"),
        ];
        let all: Vec<(usize, &Utterance)> = [0, 0, 0, 1].into_iter().zip(&all).collect();
        assert_eq!(same_words(&all, &HashMap::new()), [[0, 2, 3]]);
    }
}
