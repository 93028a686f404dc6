//! Near copies of a passage in other texts: the same words but for a few, whatever the typography, with
//! another date or another name, with words left out or put in.
//!
//! A text is looked at closely where it shares enough pairs of words with the passage that a copy can
//! be there at all (the q-gram lemma of Jokinen and Ukkonen 1991), so none is missed; where a copy
//! begins and ends, and how near it is, is told by edit distance in words. Knows one text at a time.

mod gaps;

use super::stretch;
use crate::core::fuzzy::Pattern;
use crate::core::text::segment::is_grapheme_boundary;
use crate::core::text::{ArticleText, BytePos, ByteRange};
use crate::core::word_hashes::{Shingler, Word, each_word, words_of};
use gaps::{ends_paragraph, gaps, sentence_length};
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use unicode_normalization::char::canonical_combining_class;

pub use gaps::by_paragraph;

/// So large a share of the words may be others, in tenths.
const TENTHS_CHANGED: usize = 4;
/// The longest passage, in words.
pub const MAX_WORDS: usize = 4_000;
/// A pair of words that stands in the passage so often leads to no place in it.
const MAX_PLACES: usize = 16;
/// The most copies in one text.
const MAX_COPIES: usize = 10_000;

/// Where a text says nearly the same as the passage.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Copy {
    pub range: ByteRange,
    /// Of the words, 0 to 1; 1 when all are the same, whatever the typography.
    pub share: f32,
}

/// Why a passage cannot be looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoPassage {
    /// It has no words.
    Blank,
    /// It has more than [`MAX_WORDS`].
    TooLong,
}

/// What is looked for.
#[derive(Debug)]
pub struct Passage {
    words: Vec<u64>,
    /// Where each word, or pair of words, stands in it.
    places: HashMap<u64, Vec<u32>>,
    /// Most of what is not in `places` is told by a bit.
    seen: Box<[u64; SEEN]>,
    pairs: bool,
    /// So many words may be others.
    limit: usize,
    /// So many places a copy shares with it at least.
    shared: usize,
    pattern: Pattern<u64>,
    reversed: Pattern<u64>,
    /// It begins and ends with marks such as quotation marks.
    marks: (bool, bool),
    /// It lies in one paragraph, so its copies do.
    is_one_paragraph: bool,
    /// So many of its first and of its last words are a sentence; all of them where it is one.
    sentences: (usize, usize),
}

/// Words of bits in [`Passage::seen`].
const SEEN: usize = 256;

impl Passage {
    pub fn new(text: &str) -> Result<Self, NoPassage> {
        let found = words_of(text);
        let (Some(first), Some(last)) = (found.first(), found.last()) else {
            return Err(NoPassage::Blank);
        };
        if found.len() > MAX_WORDS {
            return Err(NoPassage::TooLong);
        }
        let marks = (
            !text
                .get(..first.start as usize)
                .unwrap_or("")
                .trim()
                .is_empty(),
            !text
                .get(last.end as usize..)
                .unwrap_or("")
                .trim()
                .is_empty(),
        );
        let words: Vec<u64> = found.iter().map(|word| word.hash).collect();
        let limit = words.len() * TENTHS_CHANGED / 10;
        // A changed word spoils one word, or two pairs. Of few words, pairs might all be spoilt.
        let pairs = words.len() > 5;
        let (of, spoilt) = if pairs {
            (words.len() - 1, 2 * limit)
        } else {
            (words.len(), limit)
        };
        let mut passage = Self {
            places: HashMap::new(),
            seen: Box::new([0; SEEN]),
            pairs,
            limit,
            shared: of.saturating_sub(spoilt).max(1),
            pattern: Pattern::new(words.iter().copied()),
            reversed: Pattern::new(words.iter().rev().copied()),
            words,
            marks,
            is_one_paragraph: !gaps(text, &found).any(|gap| gap.contains('\n')),
            sentences: (
                sentence_length(gaps(text, &found)).unwrap_or(found.len()),
                sentence_length(gaps(text, &found).rev()).unwrap_or(found.len()),
            ),
        };
        let mut shingler = Shingler::<2>::default();
        let words = passage.words.iter().copied().enumerate();
        let keyed = words.filter_map(|(at, word)| {
            let pair = shingler.push(word);
            let key = if pairs { pair? } else { word };
            Some((key, at as u32))
        });
        for (key, at) in keyed.collect::<Vec<_>>() {
            if let Some(bits) = passage.seen.get_mut((key >> 56) as usize) {
                *bits |= 1 << (key >> 32 & 63);
            }
            let places = passage.places.entry(key).or_default();
            if places.len() < MAX_PLACES {
                places.push(at);
            }
        }
        Ok(passage)
    }

    /// How many words it has.
    pub fn len(&self) -> usize {
        self.words.len()
    }

    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    fn places_of(&self, key: u64) -> Option<&Vec<u32>> {
        let bits = self.seen.get((key >> 56) as usize)?;
        if bits >> (key >> 32 & 63) & 1 == 0 {
            return None;
        }
        self.places.get(&key)
    }

    /// Where a text says nearly the same, in its order, apart from each other.
    pub fn copies_in(&self, text: &ArticleText) -> Vec<Copy> {
        let mut shared = 0;
        let mut shingler = Shingler::<2>::default();
        each_word(text.as_str(), |word| {
            let pair = shingler.push(word.hash);
            let key = if self.pairs { pair } else { Some(word.hash) };
            shared += usize::from(key.is_some_and(|key| self.places_of(key).is_some()));
        });
        if shared < self.shared {
            return Vec::new();
        }
        let words = words_of(text.as_str());
        let hashes: Vec<u64> = words.iter().map(|word| word.hash).collect();
        let mut found: Vec<(Range<usize>, usize)> = Vec::new();
        for window in self.windows(&hashes) {
            for part in self.within_paragraphs(text, &words, window) {
                self.search(&hashes, part, &mut found);
            }
            if found.len() >= MAX_COPIES {
                break;
            }
        }
        found.sort_by_key(|(place, _)| place.start);
        let copies = found.into_iter().filter_map(|(place, distance)| {
            let place = self.without_strangers(text, &words, place);
            let first = *words.get(place.start)?;
            let last = *words.get(place.end - 1)?;
            let of = self.words.len().max(place.len());
            Some(Copy {
                range: self.with_marks(text, first, last),
                share: 1.0 - distance as f32 / of as f32,
            })
        });
        copies.collect()
    }

    /// The stretches of a text in which a copy can be, in words, rising and apart.
    fn windows(&self, hashes: &[u64]) -> Vec<Range<usize>> {
        let mut shingler = Shingler::<2>::default();
        let length = self.words.len();
        // How often the passage would begin so many words behind the beginning of the text, which it
        // may by its own length before it: a repeated word begins it everywhere, and many times.
        let mut begins: Vec<u32> = vec![0; hashes.len() + length];
        for (at, hash) in hashes.iter().enumerate() {
            let pair = shingler.push(*hash);
            let key = if self.pairs { pair } else { Some(*hash) };
            let places = key.and_then(|key| self.places_of(key));
            for place in places.into_iter().flatten() {
                if let Some(count) = begins.get_mut(at + length - *place as usize) {
                    *count += 1;
                }
            }
        }
        let slack = self.limit;
        let most = hashes.len();
        let mut windows: Vec<Range<usize>> = Vec::new();
        let count = |at: usize| begins.get(at).map_or(0, |count| *count as usize);
        // All from the first to before this one.
        let (mut upto, mut shared) = (0, 0);
        for first in 0..begins.len() {
            while upto <= first + 2 * slack && upto < begins.len() {
                shared += count(upto);
                upto += 1;
            }
            if count(first) > 0 && shared >= self.shared {
                let last = (first..upto).rev().find(|at| count(*at) > 0);
                let end = last.unwrap_or(first) + slack;
                let from = first.saturating_sub(slack + length).min(most);
                let end = end.min(most);
                match windows.last_mut().filter(|before| from <= before.end) {
                    Some(before) => before.end = before.end.max(end),
                    None => windows.push(from..end),
                }
            }
            shared -= count(first);
        }
        windows
    }

    /// A stretch of words cut where paragraphs end, unless the passage goes over such a place itself.
    fn within_paragraphs(
        &self,
        text: &ArticleText,
        words: &[Word],
        window: Range<usize>,
    ) -> Vec<Range<usize>> {
        if !self.is_one_paragraph {
            return vec![window];
        }
        let inside = words.get(window.clone()).unwrap_or_default();
        let mut parts = Vec::new();
        let mut from = window.start;
        for (at, gap) in gaps(text.as_str(), inside).enumerate() {
            let goes_on = || {
                let after = inside.get(at + 1).map_or(0, |word| word.start as usize);
                text.as_str().get(after..).unwrap_or_default()
            };
            if ends_paragraph(gap, goes_on) {
                parts.push(from..window.start + at + 1);
                from = window.start + at + 1;
            }
        }
        parts.push(from..window.end);
        parts.retain(|part| part.len() + self.limit >= self.words.len());
        parts
    }

    /// Without a sentence at its ends that has no word of the passage, where the passage has none that
    /// is so short there.
    fn without_strangers(
        &self,
        text: &ArticleText,
        words: &[Word],
        place: Range<usize>,
    ) -> Range<usize> {
        let Some(inside) = words.get(place.clone()) else {
            return place;
        };
        let is_strange = |word: &Word| !self.words.contains(&word.hash);
        let all = gaps(text.as_str(), inside);
        let first = sentence_length(all.take(self.limit)).unwrap_or(0);
        let all = gaps(text.as_str(), inside).rev();
        let last = sentence_length(all.take(self.limit)).unwrap_or(0);
        let mut cut = place.clone();
        let own = inside.iter().take(first);
        if first < self.sentences.0 && own.clone().all(is_strange) {
            cut.start += first;
        }
        let own = inside.iter().rev().take(last);
        if last < self.sentences.1 && own.clone().all(is_strange) {
            cut.end -= last;
        }
        if cut.start < cut.end { cut } else { place }
    }

    /// The copies in a stretch, nearest ones first, none over another.
    fn search(&self, hashes: &[u64], within: Range<usize>, found: &mut Vec<(Range<usize>, usize)>) {
        let Some(stretch) = hashes.get(within.clone()) else {
            return;
        };
        // By the word that a copy would end with.
        let mut distances: Vec<usize> = Vec::with_capacity(stretch.len());
        let words = stretch.iter().copied();
        self.pattern
            .scan(words, false, |_, distance| distances.push(distance));
        let ends = distances.iter().copied().enumerate();
        let mut ends: Vec<(usize, usize)> = ends
            .filter(|(_, distance)| *distance <= self.limit)
            .map(|(at, distance)| (distance, at))
            .collect();
        ends.sort_unstable();
        let mut taken: BTreeMap<usize, usize> = BTreeMap::new();
        let is_free = |taken: &BTreeMap<usize, usize>, place: &Range<usize>| {
            let before = taken.range(..place.end).next_back();
            before.is_none_or(|(_, end)| *end <= place.start)
        };
        for (distance, at) in ends {
            if found.len() >= MAX_COPIES {
                break;
            }
            // It is no shorter than this, so most that lie over another need not be measured.
            let least = self.words.len() - distance;
            if !is_free(&taken, &((at + 1).saturating_sub(least)..at + 1)) {
                continue;
            }
            let place = self.place_of(stretch, &distances, at, distance);
            if let Some(place) = place.filter(|place| is_free(&taken, place)) {
                taken.insert(place.start, place.end);
                let place = within.start + place.start..within.start + place.end;
                found.push((place, distance));
            }
        }
    }

    /// The stretch of a copy whose nearest end is after this word. Others are as near: one that begins
    /// and ends as the passage does is chosen, or else one as long, since words at its ends may have
    /// changed.
    fn place_of(
        &self,
        stretch: &[u64],
        distances: &[usize],
        at: usize,
        distance: usize,
    ) -> Option<Range<usize>> {
        const MAX_TIES: usize = 16;
        let length = self.words.len();
        let ties = distances.get(at..)?.iter().take(MAX_TIES);
        let ties = ties.take_while(|other| **other == distance).count();
        let is_end = |at: usize, wanted: Option<&u64>| stretch.get(at) == wanted;
        let mut best: Option<((usize, usize, usize), Range<usize>)> = None;
        for end in at + 1..=at + ties {
            let reach = end.saturating_sub(length + distance);
            let before = stretch.get(reach..end)?.iter().rev().copied();
            let changed_last = usize::from(!is_end(end - 1, self.words.last()));
            self.reversed.scan(before, true, |at, found| {
                if found == distance {
                    let place = end - at - 1..end;
                    let changed_first = usize::from(!is_end(place.start, self.words.first()));
                    let changed = changed_first + changed_last;
                    let worth = (changed, place.len().abs_diff(length), place.start);
                    if best.as_ref().is_none_or(|(known, _)| worth < *known) {
                        best = Some((worth, place));
                    }
                }
            });
        }
        best.map(|(_, place)| place)
    }

    /// The words with the marks beside them, on the sides where the passage has some.
    fn with_marks(&self, text: &ArticleText, first: Word, last: Word) -> ByteRange {
        let words = stretch(text, first, last);
        let line = text.line_range(text.line_of(words.start));
        let is_mark = |c: &char| {
            !c.is_whitespace() && !c.is_alphanumeric() && canonical_combining_class(*c) == 0
        };
        let mut range = words;
        if self.marks.0 {
            let before = text.slice(ByteRange::new(line.start, words.start));
            let marks = before.chars().rev().take_while(is_mark);
            let marks: usize = marks.map(char::len_utf8).sum();
            range.start = BytePos(words.start.0 - marks as u32);
        }
        if self.marks.1 {
            let line = text.line_range(text.line_of(words.end));
            let after = text.slice(ByteRange::new(words.end, line.end.max(words.end)));
            let marks: usize = after.chars().take_while(is_mark).map(char::len_utf8).sum();
            range.end = BytePos(words.end.0 + marks as u32);
        }
        if !is_grapheme_boundary(text, range.start) {
            range.start = words.start;
        }
        if !is_grapheme_boundary(text, range.end) {
            range.end = words.end;
        }
        range
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(passage: &str, text: &str, expected: &[(&str, u32)]) {
        let text = ArticleText::new(text.to_owned());
        let copies = Passage::new(passage).unwrap().copies_in(&text);
        let found: Vec<(&str, u32)> = copies
            .iter()
            .map(|copy| (text.slice(copy.range), (copy.share * 100.0) as u32))
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn copies_are_found_with_their_ends() {
        let call = "You Won’t Get Anywhere Else What You Get From CDMedia! Donate!";
        check(call, call, &[(call, 100)]);
        check(
            call,
            "Before it.\nyou won't get anywhere else what you get from CD Media. Donate! And after.",
            &[(
                "you won't get anywhere else what you get from CD Media. Donate!",
                84,
            )],
        );
        check(
            "Subscribe by 3 May to get our evening letter free",
            "Hello. Subscribe by 14 June to get our evening letter free of charge. Subscribe by 3 May to get our letter free.",
            &[
                ("Subscribe by 14 June to get our evening letter free", 80),
                ("Subscribe by 3 May to get our letter free", 90),
            ],
        );
        // Words changed at both ends are its own.
        check(
            "Today the harbour master of Ardal told reporters that nothing had been sold",
            "x y z Yesterday the harbour master of Ardal told reporters that nothing had been bought x y z",
            &[(
                "Yesterday the harbour master of Ardal told reporters that nothing had been bought",
                84,
            )],
        );
        check(
            "Share this",
            "Share this. Share that. SHARE THIS!",
            &[("Share this", 100), ("SHARE THIS", 100)],
        );
        check("one two three four five", "one five two", &[]);
        check(
            "東京の港は閉鎖された",
            "昨日、東京の港が閉鎖された。",
            &[("東京の港が閉鎖された", 90)],
        );
    }

    #[test]
    fn a_copy_of_one_paragraph_lies_in_one() {
        let call = "The27: You Won’t Get Anywhere Else What You Get From CDMedia! Donate!";
        let copy = "You Won't Get Anywhere Else What You Get From CDMedia! Donate!";
        for text in [
            format!("It is said in the EU.\n\n {copy}\n\nMore."),
            format!("It is said in the EU.\n{copy}\nMore."),
            format!("It is said in the EU\n{copy}\nMore."),
            format!("It is said in the EU. {copy} More."),
        ] {
            check(call, &text, &[(copy, 92)]);
        }
        // The last word of it is cut; the next paragraph gives none.
        check(
            "No ferry would leave before the storm had passed over Ardal",
            "No ferry would leave before the storm had passed over\n\nOther words.",
            &[("No ferry would leave before the storm had passed over", 90)],
        );
        // A line that was broken is one paragraph all the same.
        check(
            "No ferry would leave before the storm had passed",
            "No ferry would leave\nbefore the storm had passed",
            &[("No ferry would leave\nbefore the storm had passed", 100)],
        );
        // What goes over paragraphs is found over paragraphs.
        check(
            "No ferry would leave.\n\nThe storm had passed over Ardal",
            "No ferry would leave.\n\nThe storm had passed over Ardal",
            &[(
                "No ferry would leave.\n\nThe storm had passed over Ardal",
                100,
            )],
        );
    }

    #[test]
    fn what_cannot_be_looked_for_is_told() {
        assert_eq!(Passage::new(" … ").err(), Some(NoPassage::Blank));
        let long = "word ".repeat(MAX_WORDS + 1);
        assert_eq!(Passage::new(&long).err(), Some(NoPassage::TooLong));
    }

    /// Texts made to cost much: one word again and again, a passage of it, and no line end.
    #[test]
    fn repeated_words_cost_little() {
        let text = ArticleText::new("the ".repeat(100_000));
        let passage = Passage::new(&"the ".repeat(200)).unwrap();
        assert_eq!(passage.copies_in(&text).len(), 500);
        // One stretch, however often the passage could begin in it.
        let hashes: Vec<u64> = words_of(text.as_str()).iter().map(|w| w.hash).collect();
        let windows = passage.windows(&hashes);
        assert_eq!((windows.len(), windows[0].clone()), (1, 0..100_000));
    }

    fn words_from(numbers: &[u16], prefix: &str) -> Vec<String> {
        numbers.iter().map(|n| format!("{prefix}{n}")).collect()
    }

    proptest! {
        /// A passage is put into another text with some of its words changed: it is found, and where
        /// it begins and ends.
        #[test]
        fn a_changed_copy_is_found_where_it_stands(
            length in 6_usize..60,
            changed in proptest::collection::btree_set(0_usize..60, 0..20),
            before in proptest::collection::vec(0_u16..400, 0..120),
            after in proptest::collection::vec(0_u16..400, 0..120),
        ) {
            let passage: Vec<String> = (0..length).map(|n| format!("p{n}")).collect();
            let limit = length * TENTHS_CHANGED / 10;
            let changed: Vec<usize> = changed.into_iter().filter(|at| *at < length).take(limit).collect();
            let mut copy = passage.clone();
            for at in &changed {
                copy[*at] = format!("é{at}");
            }
            let before = words_from(&before, "b").join(" ");
            let copy = copy.join(", ");
            let text = format!("{before}\n{copy}\n{}", words_from(&after, "a").join(" "));
            let text = ArticleText::new(text);
            let found = Passage::new(&passage.join(" ")).unwrap().copies_in(&text);
            prop_assert_eq!(found.len(), 1);
            prop_assert_eq!(text.slice(found[0].range), copy);
            prop_assert_eq!(found[0].share, 1.0 - changed.len() as f32 / length as f32);
        }

        /// Whatever the texts, ranges are apart, rising, and on grapheme boundaries.
        #[test]
        fn ranges_are_whole(passage in "[ab東é\u{301} ’.\n]{1,30}", text in "[ab東é\u{301} ’.\n]{0,200}") {
            let text = ArticleText::new(text);
            if let Ok(passage) = Passage::new(&passage) {
                let copies = passage.copies_in(&text);
                prop_assert!(copies.windows(2).all(|pair| pair[0].range.start < pair[1].range.start));
                for copy in copies {
                    prop_assert!(!copy.range.is_empty() && copy.range.end <= text.end());
                    prop_assert!(is_grapheme_boundary(&text, copy.range.start));
                    prop_assert!(is_grapheme_boundary(&text, copy.range.end));
                    prop_assert!((0.5..=1.0).contains(&copy.share));
                }
            }
        }
    }
}
