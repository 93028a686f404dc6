//! What of one text stands in others: stretches of words that both have, some of them changed, however
//! the rest differs.
//!
//! Runs of equal words are found by shingles of the one text, and joined over a few changed words.
//! Parts that are too short to be copied are none. Knows one other text at a time; which of them came
//! first is asked by whoever knows dates.

use super::stretch;
use crate::core::text::{ArticleText, ByteRange};
use crate::core::word_hashes::{Shingler, Word, each_word, words_of};
use std::collections::HashMap;
use std::ops::Range;

/// Words in a shingle.
const SHINGLE: usize = 6;
/// So many words may be others between two runs that belong together.
const MAX_CHANGED: usize = 6;
/// A shingle that stands in the text so often leads to no place in it.
const MAX_PLACES: usize = 8;
/// The fewest equal words of a stretch.
pub const MIN_WORDS: usize = 10;

/// A stretch of the text, and where another says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shared {
    pub own: ByteRange,
    pub other: ByteRange,
    /// How many words both have.
    pub words: u32,
}

/// A text that others are compared with.
pub struct Source<'a> {
    text: &'a ArticleText,
    words: Vec<Word>,
    /// Where its shingles stand in it, by their first words.
    places: HashMap<u64, Vec<u32>>,
    /// Most of what is not in `places` is told by a bit.
    seen: Vec<u64>,
}

/// Equal words, by their places in both.
#[derive(Clone, Copy, Debug)]
struct Run {
    own: usize,
    other: usize,
    length: usize,
}

impl Run {
    /// Whether another run goes on with what this one says.
    fn leads_to(self, next: Self) -> bool {
        let gap = |end: usize, start: usize| start >= end && start - end <= MAX_CHANGED;
        gap(self.own + self.length, next.own) && gap(self.other + self.length, next.other)
    }
}

impl<'a> Source<'a> {
    pub fn new(text: &'a ArticleText) -> Self {
        let words = words_of(text.as_str());
        let bits = (words.len() * 8).next_power_of_two().max(64);
        let mut source = Self {
            text,
            words,
            places: HashMap::new(),
            seen: vec![0; bits / 64],
        };
        let mut shingler = Shingler::<SHINGLE>::default();
        for at in 0..source.words.len() {
            let word = source.words.get(at).map_or(0, |word| word.hash);
            let Some(shingle) = shingler.push(word) else {
                continue;
            };
            let (slot, bit) = source.bit(shingle);
            if let Some(bits) = source.seen.get_mut(slot) {
                *bits |= bit;
            }
            let places = source.places.entry(shingle).or_default();
            if places.len() < MAX_PLACES {
                places.push((at + 1 - SHINGLE) as u32);
            }
        }
        source
    }

    fn bit(&self, shingle: u64) -> (usize, u64) {
        let at = (shingle >> 32) as usize & (self.seen.len() * 64 - 1);
        (at / 64, 1 << (at % 64))
    }

    fn places_of(&self, shingle: u64) -> Option<&Vec<u32>> {
        let (slot, bit) = self.bit(shingle);
        if self.seen.get(slot)? & bit == 0 {
            return None;
        }
        self.places.get(&shingle)
    }

    /// How many words it has.
    pub fn word_count(&self) -> usize {
        self.words.len()
    }

    /// How many of its words lie in ranges.
    pub fn words_within(&self, ranges: &[ByteRange]) -> usize {
        let within = ranges.iter().map(|range| {
            let from = self
                .words
                .partition_point(|word| word.start < range.start.0);
            let upto = self.words.partition_point(|word| word.end <= range.end.0);
            upto.saturating_sub(from)
        });
        within.sum()
    }

    /// What another text has of it, in the order of that text. A stretch of this one can be there
    /// several times.
    pub fn shared_with(&self, other: &ArticleText) -> Vec<Shared> {
        let mut runs: Vec<Run> = Vec::new();
        let mut shingler = Shingler::<SHINGLE>::default();
        let mut at = 0;
        each_word(other.as_str(), |word| {
            at += 1;
            let Some(places) = shingler.push(word.hash).and_then(|s| self.places_of(s)) else {
                return;
            };
            let start = at - SHINGLE;
            // What goes on with the last run is part of it.
            if let Some(last) = runs.last_mut() {
                let next = last.own + last.length + 1 - SHINGLE;
                let goes_on = last.other + last.length + 1 - SHINGLE == start;
                if goes_on && places.contains(&(next as u32)) {
                    last.length += 1;
                    return;
                }
            }
            let near = runs.last().map_or(0, |last| last.own + last.length);
            let after = places.iter().find(|place| **place as usize >= near);
            if let Some(own) = after.or(places.first()) {
                runs.push(Run {
                    own: *own as usize,
                    other: start,
                    length: SHINGLE,
                });
            }
        });
        if runs.is_empty() {
            return Vec::new();
        }
        let mut joined: Vec<(Run, Run, usize)> = Vec::new();
        for run in runs {
            match joined.last_mut() {
                Some((_, last, words)) if last.leads_to(run) => {
                    *words += run.length;
                    *last = run;
                }
                _ => joined.push((run, run, run.length)),
            }
        }
        joined.retain(|(.., words)| *words >= MIN_WORDS);
        if joined.is_empty() {
            return Vec::new();
        }
        let words = words_of(other.as_str());
        let range = |text: &ArticleText, words: &[Word], place: Range<usize>| {
            let first = words.get(place.start)?;
            let last = words.get(place.end.checked_sub(1)?)?;
            Some(stretch(text, *first, *last))
        };
        let shared = joined.into_iter().filter_map(|(first, last, count)| {
            let own = first.own..last.own + last.length;
            let there = first.other..last.other + last.length;
            Some(Shared {
                own: range(self.text, &self.words, own)?,
                other: range(other, &words, there)?,
                words: count as u32,
            })
        });
        shared.collect()
    }
}

/// Stretches that touch or overlap as one, rising.
pub fn joined(mut ranges: Vec<ByteRange>) -> Vec<ByteRange> {
    ranges.sort_unstable_by_key(|range| (range.start, range.end));
    let mut joined: Vec<ByteRange> = Vec::new();
    for range in ranges {
        match joined.last_mut().filter(|last| range.start <= last.end) {
            Some(last) => last.end = last.end.max(range.end),
            None => joined.push(range),
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn text(words: &str) -> ArticleText {
        ArticleText::new(words.to_owned())
    }

    const WIRE: &str = "The harbour master said on Monday that no ferry would leave before the storm had passed. \
        Some two hundred passengers spent the night in the school hall.";

    #[test]
    fn what_both_say_is_found() {
        let own = text(&format!("A word of ours. {WIRE} And more of ours."));
        let other = text(
            "Theirs. The harbour master said late on Monday that no ferry would leave before the storm had passed! \
            Nothing else is the same here, at all.",
        );
        let shared = Source::new(&own).shared_with(&other);
        let shown: Vec<_> = shared
            .iter()
            .map(|s| (own.slice(s.own), other.slice(s.other), s.words))
            .collect();
        // Two words alone before a changed one are too few to be seen as the same.
        assert_eq!(
            shown,
            [(
                "on Monday that no ferry would leave before the storm had passed",
                "on Monday that no ferry would leave before the storm had passed",
                12
            )]
        );
    }

    #[test]
    fn short_stretches_are_no_copies() {
        let own = text("a spokesman for the ministry of health said nothing");
        let other = text("then a spokesman for the ministry of health told us more");
        assert_eq!(Source::new(&own).shared_with(&other), []);
    }

    #[test]
    fn shares_are_counted_in_words() {
        let own = text(WIRE);
        let source = Source::new(&own);
        let ranges = [(0, 11), (4, 18), (30, 36)].map(ByteRange::from);
        let joined = joined(ranges.to_vec());
        let shown: Vec<&str> = joined.iter().map(|range| own.slice(*range)).collect();
        assert_eq!(shown, ["The harbour master", "day th"]);
        assert_eq!(source.words_within(&joined), 3);
        assert_eq!(source.word_count(), 27);
    }

    proptest! {
        /// A stretch of one text is put into another: both ranges are found, to the word.
        #[test]
        fn a_copied_stretch_is_found_in_both(
            length in MIN_WORDS..80,
            own_before in 0_usize..60,
            other_before in 0_usize..60,
            changed in proptest::option::of(SHINGLE..74),
        ) {
            let name = |prefix: &str, n: usize| (0..n).map(|i| format!("{prefix}{i}")).collect::<Vec<_>>();
            let copied = name("c", length);
            let mut there = copied.clone();
            // One word in the middle may be another.
            let changed = changed.filter(|at| at + SHINGLE < length);
            if let Some(at) = changed {
                there[at] = "other".to_owned();
            }
            let put = |before: &str, n: usize, copied: &[String]| {
                let all = [name(before, n), copied.to_vec(), name("z", 3).into_iter().map(|w| w + before).collect()];
                text(&all.concat().join(" "))
            };
            let own = put("o", own_before, &copied);
            let other = put("t", other_before, &there);
            let shared = Source::new(&own).shared_with(&other);
            prop_assert_eq!(shared.len(), 1);
            prop_assert_eq!(own.slice(shared[0].own), copied.join(" "));
            prop_assert_eq!(other.slice(shared[0].other), there.join(" "));
            prop_assert_eq!(shared[0].words as usize, length - usize::from(changed.is_some()));
        }
    }
}
