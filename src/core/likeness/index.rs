//! Which of many short texts are worth comparing: those that share runs of two words that few have.
//!
//! The lighter of two texts looks for the heavier one by the rarest of what it has, so one that is a
//! part of another is found as well. Texts of the same words are one to it. Time and room are linear
//! in the texts, but for runs that very many have, which lead nowhere.

use super::{Likeness, Relation, Saying};
use crate::core::word_hashes::{SEED, mix};
use std::collections::HashMap;

/// What more texts have leads to none of them.
const COMMON: usize = 240;
/// So many of what a text has, the rarest, are looked up.
const LOOKED_UP: usize = 14;
/// It is compared with so many, those that share most.
const COMPARED: usize = 40;

/// Texts made ready for finding each other.
#[derive(Debug, Default)]
pub struct Index<'a> {
    sayings: &'a [Saying],
    /// What a text has and which text, rising.
    postings: Vec<(u32, u32)>,
    /// The first text with the same words.
    first: Vec<u32>,
}

/// Two texts that are alike, the earlier one first: how it is like the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pair {
    pub a: usize,
    pub b: usize,
    pub likeness: Likeness,
}

/// What a text is looked for by, each once.
fn traits_of(saying: &Saying) -> Vec<u32> {
    let half = |hash: u64| (hash >> 32) as u32;
    let pairs = saying.tokens.windows(2).filter_map(|pair| {
        let [a, b] = pair else {
            return None;
        };
        Some(half(mix(mix(SEED, a.hash), b.hash)))
    });
    let mut traits: Vec<u32> = pairs.collect();
    traits.extend(saying.figures().map(|figure| half(mix(SEED, figure))));
    // In a few words each may be another.
    if saying.len() <= 6 {
        let heavy = saying.tokens.iter().filter(|token| token.weight > 1);
        traits.extend(heavy.map(|token| half(mix(SEED, token.hash))));
    }
    traits.sort_unstable();
    traits.dedup();
    traits
}

/// The single words by which a few words are looked for in longer texts.
fn words_of(saying: &Saying) -> impl Iterator<Item = u32> {
    let heavy = saying.tokens.iter().filter(|token| token.weight > 1);
    heavy.map(|token| (mix(SEED, token.hash) >> 32) as u32)
}

impl<'a> Index<'a> {
    pub fn of(sayings: &'a [Saying]) -> Self {
        let mut known: HashMap<u64, u32> = HashMap::with_capacity(sayings.len());
        let mut first = Vec::with_capacity(sayings.len());
        let mut postings: Vec<(u32, u32)> = Vec::new();
        for (at, saying) in sayings.iter().enumerate() {
            let number = at as u32;
            let before = *known.entry(saying.key()).or_insert(number);
            first.push(before);
            if before != number || saying.is_empty() {
                continue;
            }
            let mut traits = traits_of(saying);
            if saying.len() <= 40 {
                traits.extend(words_of(saying));
                traits.sort_unstable();
                traits.dedup();
            }
            postings.extend(traits.into_iter().map(|of| (of, number)));
        }
        postings.sort_unstable();
        Self {
            sayings,
            postings,
            first,
        }
    }

    /// The texts that have this.
    fn having(&self, wanted: u32) -> &[(u32, u32)] {
        let from = self.postings.partition_point(|(of, _)| *of < wanted);
        let rest = self.postings.get(from..).unwrap_or_default();
        let length = rest.partition_point(|(of, _)| *of == wanted);
        rest.get(..length).unwrap_or_default()
    }

    /// The texts that this one is like, among those that are as heavy or heavier; of those of the same
    /// words only the first.
    pub fn like(&self, at: usize) -> Vec<Pair> {
        let Some(own) = self.sayings.get(at).filter(|own| !own.is_empty()) else {
            return Vec::new();
        };
        let first = self.first.get(at).copied().unwrap_or_default() as usize;
        if first != at {
            return vec![Pair {
                a: first,
                b: at,
                likeness: Likeness {
                    relation: Relation::Same,
                    share: 100,
                    other_number: false,
                    denies: false,
                    part: None,
                },
            }];
        }
        let found = traits_of(own).into_iter().map(|of| self.having(of));
        let mut lists: Vec<&[(u32, u32)]> = found.filter(|list| list.len() <= COMMON).collect();
        lists.sort_by_key(|list| list.len());
        lists.truncate(LOOKED_UP);
        let mut others: Vec<u32> = lists
            .iter()
            .flat_map(|list| list.iter().map(|(_, other)| *other))
            .collect();
        others.sort_unstable();
        let likely = others.chunk_by(|a, b| a == b).filter_map(|same| {
            let other = *same.first()?;
            let is_heavier = self
                .sayings
                .get(other as usize)
                .is_some_and(|saying| (saying.weight, other as usize) > (own.weight, at));
            is_heavier.then_some((same.len(), other))
        });
        let mut likely: Vec<(usize, u32)> = likely.collect();
        likely.sort_by(|(x, a), (y, b)| y.cmp(x).then(a.cmp(b)));
        likely.truncate(COMPARED);
        let alike = likely.into_iter().filter_map(|(_, other)| {
            let other = other as usize;
            let likeness = own.likeness(self.sayings.get(other)?)?;
            Some(if at < other {
                Pair {
                    a: at,
                    b: other,
                    likeness,
                }
            } else {
                Pair {
                    a: other,
                    b: at,
                    likeness: likeness.turned(),
                }
            })
        });
        alike.collect()
    }
}
