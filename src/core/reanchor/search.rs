//! The search itself: candidates for a lost annotation, and the choice among them.
//!
//! Knows the text, what was placed already and how much work is left. Hands out ranges of the text
//! that the caller still checks.

use super::fold::{Folded, fold};
use super::{How, Lost, NotPlaced, Placed};
use crate::core::fuzzy;
use crate::core::text::segment::{
    grapheme_ceil, grapheme_floor, is_grapheme_boundary, trim, word_at,
};
use crate::core::text::{ArticleText, BytePos, ByteRange, CharPos, CharRange};
use memchr::memmem;
use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::rc::Rc;

/// More occurrences of one text than this are not told apart one by one.
const MAX_OCCURRENCES: usize = 2_000;
/// How far around the expected place is looked first, in bytes.
const NEAR: usize = 4_000;
/// Texts of fewer characters are not looked for by likeness.
const MIN_FUZZY: usize = 8;
/// Texts of fewer characters are looked for by likeness only near where they stood, unless their
/// surroundings are known.
const MIN_FUZZY_ANYWHERE: usize = 20;
/// A text this long that stands once is found, whatever stands around it.
pub(super) const SURE_LENGTH: usize = 48;
/// Surroundings less alike than this are others.
const SAME_CONTEXT: f32 = 0.5;
/// Differences in likeness below this do not decide.
const CONTEXT_MARGIN: f32 = 0.1;
/// How far from the expected place a repeated text may stand that has no surroundings, in
/// characters.
const MAX_DRIFT: i64 = 200;

/// Ways to look, in the order in which all annotations go through them: what is placed for sure
/// helps to place the rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Learns from several at once how far a stretch of the text has moved.
    Vote,
    Exact {
        sure: bool,
    },
    Normalised {
        sure: bool,
    },
    Fuzzy,
}

pub(super) const STEPS: &[Step] = &[
    Step::Exact { sure: true },
    Step::Vote,
    Step::Exact { sure: true },
    Step::Exact { sure: false },
    Step::Normalised { sure: true },
    Step::Normalised { sure: false },
    Step::Fuzzy,
];

pub(super) struct Search<'a> {
    pub(super) text: &'a ArticleText,
    folded: Option<Rc<Folded>>,
    /// By how many characters what stood at a place has moved.
    pub(super) shifts: BTreeMap<u32, i64>,
    /// What is placed already, and where it stood: two texts that were apart do not fall together.
    pub(super) taken: HashMap<ByteRange, u32>,
    /// Places that turned out wrong for what stood at an old one.
    pub(super) refused: HashSet<(CharPos, ByteRange)>,
    known: HashMap<String, Occurrences>,
    budget: u64,
    /// What of it may go into searching the whole text; the rest is for what is near.
    budget_for_all: u64,
}

#[derive(Clone)]
pub(super) struct Occurrences {
    pub(super) starts: Rc<[usize]>,
    /// There are more than were looked at.
    pub(super) is_cut: bool,
}

impl<'a> Search<'a> {
    pub(super) fn new(text: &'a ArticleText, fitting: &[CharRange], budget: u64) -> Self {
        let mut search = Self {
            text,
            folded: None,
            shifts: BTreeMap::new(),
            taken: HashMap::new(),
            refused: HashSet::new(),
            known: HashMap::new(),
            budget,
            budget_for_all: budget / 2,
        };
        for range in fitting {
            search.shifts.insert(range.start.0, 0);
            if let Some(bytes) = text.byte_range(*range) {
                search.taken.insert(bytes, range.start.0);
            }
        }
        search
    }

    pub(super) fn char_pos(&self, at: BytePos) -> CharPos {
        self.text.char_pos(at)
    }

    pub(super) fn budget_left(&self) -> u64 {
        self.budget
    }

    pub(super) fn spend(&mut self, steps: u64) -> Result<(), NotPlaced> {
        if steps > self.budget {
            return Err(NotPlaced::TooMuchWork);
        }
        self.budget -= steps;
        Ok(())
    }

    /// Takes an annotation that was placed into account for those to come.
    pub(super) fn remember(&mut self, step: Step, lost: &Lost<'_>, placed: &Placed) {
        for ((old, _), &new) in lost.fragments.iter().zip(&placed.fragments) {
            self.taken.insert(new, old.start.0);
            if matches!(
                step,
                Step::Exact { sure: true } | Step::Normalised { sure: true }
            ) {
                let shift = i64::from(self.text.char_pos(new.start).0) - i64::from(old.start.0);
                self.shifts.insert(old.start.0, shift);
            }
        }
    }

    pub(super) fn place(&mut self, step: Step, lost: &Lost<'_>) -> Result<Placed, NotPlaced> {
        if let Step::Exact { sure: true } = step
            && let Some(fragments) = self.as_the_neighbours(lost)
        {
            let how = How::Exact;
            return Ok(Placed { fragments, how });
        }
        let lead = (0..lost.fragments.len())
            .max_by_key(|&i| {
                let length = lost.fragments.get(i).map_or(0, |(_, text)| text.len());
                (length, Reverse(i))
            })
            .ok_or(NotPlaced::NoText)?;
        let (range, how) = match step {
            Step::Vote => return Err(NotPlaced::NotFound),
            Step::Exact { sure } => (self.exact(lost, lead, sure)?, How::Exact),
            Step::Normalised { sure } => (self.normalised(lost, lead, sure)?, How::Normalised),
            Step::Fuzzy => self.fuzzy(lost, lead)?,
        };
        self.complete(lost, lead, range, how)
    }

    /// Where the annotation is when it moved exactly as the one before it or after it did.
    pub(super) fn as_the_neighbours(&mut self, lost: &Lost<'_>) -> Option<Vec<ByteRange>> {
        let at = lost.fragments.first()?.0.start;
        let length: usize = lost.fragments.iter().map(|(_, text)| text.len()).sum();
        if length < 3 {
            return None;
        }
        let shifts: Vec<i64> = self.expected_shifts(at).collect();
        shifts.into_iter().find_map(|shift| {
            let moved = lost.fragments.iter().map(|(old, text)| {
                let start = self.text.byte_pos(moved(old.start, shift)?)?;
                let range = ByteRange::new(start, BytePos(start.0 + text.len() as u32));
                (self.text.slice(range) == *text && self.is_free(range, old.start)).then_some(range)
            });
            let ranges: Vec<ByteRange> = moved.collect::<Option<_>>()?;
            let likeness = self.likeness_of_context(lost, None, *ranges.first()?, *ranges.last()?);
            likeness.is_none_or(|l| l >= SAME_CONTEXT).then_some(ranges)
        })
    }

    /// Steps for a search of the whole text.
    fn spend_on_all(&mut self, steps: u64) -> Result<(), NotPlaced> {
        if steps > self.budget_for_all {
            return Err(NotPlaced::TooMuchWork);
        }
        self.budget_for_all -= steps;
        self.spend(steps)
    }

    /// Where a text stands, in bytes: everywhere, or only near its old place when it stands too
    /// often or no work is left for more. With whether that is everywhere.
    pub(super) fn starts_of(
        &mut self,
        old: CharRange,
        needle: &str,
    ) -> Result<(Rc<[usize]>, bool), NotPlaced> {
        let known = match self.known.get(needle) {
            Some(known) => Some(known.clone()),
            None => {
                let cost = self.text.len_bytes() as u64 / 8 + 100;
                let found = self.spend_on_all(cost).ok();
                let found = found.map(|()| occurrences(self.text.as_str(), needle));
                if let Some(found) = &found {
                    self.known.insert(needle.to_owned(), found.clone());
                }
                found
            }
        };
        if let Some(known) = known.filter(|known| !known.is_cut) {
            self.spend(known.starts.len() as u64 * 10)?;
            return Ok((known.starts, true));
        }
        self.spend(NEAR as u64 / 4)?;
        let near = self.near(old, needle.len(), NEAR);
        let inside = occurrences(self.text.slice(near), needle);
        let base = near.start.as_usize();
        Ok((inside.starts.iter().map(|&s| s + base).collect(), false))
    }

    /// How far the neighbours before and after an old place have moved.
    fn expected_shifts(&self, at: CharPos) -> impl Iterator<Item = i64> + use<> {
        let before = self.shifts.range(..=at.0).next_back().map(|(_, &s)| s);
        let after = self.shifts.range(at.0..).next().map(|(_, &s)| s);
        let after = after.filter(|&shift| Some(shift) != before);
        before.into_iter().chain(after)
    }

    /// Where something that stood at `at` is looked for first.
    fn expected(&self, at: CharPos) -> BytePos {
        let shift = self.expected_shifts(at).next().unwrap_or(0);
        let at = moved(at, shift).unwrap_or(CharPos(0));
        self.text.byte_pos(at).unwrap_or(self.text.end())
    }

    /// The window of `reach` bytes each way around the expected place of a fragment.
    fn near(&self, old: CharRange, length: usize, reach: usize) -> ByteRange {
        let expected = self.expected(old.start).as_usize();
        let cut = |at: usize| BytePos(at.min(self.text.len_bytes()) as u32);
        ByteRange::new(
            grapheme_floor(self.text, cut(expected.saturating_sub(reach))),
            grapheme_ceil(self.text, cut(expected + length + reach)),
        )
    }

    fn is_free(&self, range: ByteRange, old: CharPos) -> bool {
        self.taken.get(&range).is_none_or(|&other| other == old.0)
            && !self.refused.contains(&(old, range))
    }

    fn exact(&mut self, lost: &Lost<'_>, lead: usize, sure: bool) -> Result<ByteRange, NotPlaced> {
        let &(old, needle) = lost.fragments.get(lead).ok_or(NotPlaced::NoText)?;
        let (starts, is_all) = self.starts_of(old, needle)?;
        let as_range = |&start: &usize| {
            ByteRange::new(
                BytePos(start as u32),
                BytePos((start + needle.len()) as u32),
            )
        };
        let mut ranges: Vec<ByteRange> = starts.iter().map(as_range).collect();
        if ranges.is_empty() && !is_all {
            return Err(NotPlaced::TooMuchWork);
        }
        ranges.retain(|range| {
            is_grapheme_boundary(self.text, range.start)
                && is_grapheme_boundary(self.text, range.end)
        });
        self.choose(lost, lead, ranges, sure)
    }

    fn folded(&mut self) -> Result<Rc<Folded>, NotPlaced> {
        if let Some(folded) = &self.folded {
            return Ok(folded.clone());
        }
        self.spend(self.text.len_bytes() as u64 * 4)?;
        let folded = Rc::new(Folded::new(self.text.as_str()));
        self.folded = Some(folded.clone());
        Ok(folded)
    }

    /// A window of the original in the folded text.
    fn folded_window(folded: &Folded, window: ByteRange) -> (usize, &str) {
        let from = folded.position_of(window.start);
        let to = folded.position_of(window.end).max(from);
        (from, folded.text.get(from..to).unwrap_or(""))
    }

    fn normalised(
        &mut self,
        lost: &Lost<'_>,
        lead: usize,
        sure: bool,
    ) -> Result<ByteRange, NotPlaced> {
        let &(old, stored) = lost.fragments.get(lead).ok_or(NotPlaced::NoText)?;
        let folded = self.folded()?;
        self.spend(stored.len() as u64 * 4)?;
        let needle = fold(stored);
        if needle.is_empty() {
            return Err(NotPlaced::NotFound);
        }
        let originals = |from: usize, found: &Occurrences| -> Vec<ByteRange> {
            let starts = found.starts.iter();
            let ranges = starts.filter_map(|&s| folded.original(from + s, from + s + needle.len()));
            let mut ranges: Vec<ByteRange> = ranges.collect();
            ranges.dedup();
            ranges
        };
        self.spend(NEAR as u64 / 4)?;
        let near = self.near(old, stored.len(), NEAR);
        let (from, window) = Self::folded_window(&folded, near);
        let inside = originals(from, &occurrences(window, &needle));
        if !inside.is_empty()
            && let Ok(found) = self.choose(lost, lead, inside, sure)
        {
            return Ok(found);
        }
        self.spend_on_all(folded.text.len() as u64 / 8 + 100)?;
        let all = occurrences(&folded.text, &needle);
        if all.is_cut {
            return Err(NotPlaced::Ambiguous(all.starts.len()));
        }
        let ranges = originals(0, &all);
        self.choose(lost, lead, ranges, sure)
    }

    fn fuzzy(&mut self, lost: &Lost<'_>, lead: usize) -> Result<(ByteRange, How), NotPlaced> {
        let &(old, stored) = lost.fragments.get(lead).ok_or(NotPlaced::NoText)?;
        let pattern: Vec<char> = fold(stored).chars().collect();
        if pattern.len() < MIN_FUZZY || pattern.len() > fuzzy::MAX_PATTERN {
            return Err(NotPlaced::NotFound);
        }
        let near = self.near(old, stored.len(), stored.len().max(600));
        let anywhere = pattern.len() >= MIN_FUZZY_ANYWHERE || lost.context.is_some();
        let windows = [Some(near), anywhere.then(|| self.text.full_range())];
        for (i, window) in windows.into_iter().flatten().enumerate() {
            if i > 0 {
                let cost = fuzzy::cost(pattern.len(), window.len());
                self.budget_for_all = match self.budget_for_all.checked_sub(cost) {
                    Some(left) => left,
                    None => return Err(NotPlaced::TooMuchWork),
                };
            }
            let found = self.likest(&pattern, stored, window)?;
            let ranges: Vec<ByteRange> = found.iter().map(|&(range, _)| range).collect();
            if ranges.is_empty() {
                continue;
            }
            match self.choose(lost, lead, ranges, false) {
                Ok(range) => {
                    let percent = found
                        .iter()
                        .find(|(r, _)| *r == range)
                        .map_or(0, |(_, p)| *p);
                    return Ok((range, How::Fuzzy(Reverse(percent))));
                }
                Err(NotPlaced::OtherContext) => {}
                Err(reason) => return Err(reason),
            }
        }
        Err(NotPlaced::NotFound)
    }

    /// What is most like the pattern in a window, with its likeness in per cent.
    fn likest(
        &mut self,
        pattern: &[char],
        stored: &str,
        window: ByteRange,
    ) -> Result<Vec<(ByteRange, u8)>, NotPlaced> {
        let folded = self.folded()?;
        let (from, source) = Self::folded_window(&folded, window);
        self.spend(fuzzy::cost(pattern.len(), source.len()))?;
        let (offsets, chars): (Vec<usize>, Vec<char>) = source.char_indices().unzip();
        let offset = |at: usize| from + offsets.get(at).copied().unwrap_or(source.len());
        let found = fuzzy::search(pattern, &chars, pattern.len() / 5, 16);
        let mut likest = Vec::with_capacity(found.len());
        for found in found {
            let length = pattern.len().max(found.end - found.start);
            let percent = (100 * (length - found.distance.min(length)) / length) as u8;
            let range = folded.original(offset(found.start), offset(found.end));
            let range = range.map(|range| self.snapped(range, stored));
            if let Some(range) = range.filter(|range| percent >= 80 && !range.is_empty()) {
                likest.push((range, percent));
            }
        }
        Ok(likest)
    }

    /// A range found by likeness, without half words and white space at its ends.
    fn snapped(&self, range: ByteRange, stored: &str) -> ByteRange {
        let range = trim(self.text, range);
        let is_letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        let snap = |at: BytePos, wanted: bool| {
            let word = word_at(self.text, at);
            if !wanted || at <= word.start || at >= word.end {
                return at;
            }
            if at.0 - word.start.0 <= word.end.0 - at.0 {
                word.start
            } else {
                word.end
            }
        };
        let start = snap(range.start, is_letter(stored.chars().next()));
        let end = snap(range.end, is_letter(stored.chars().next_back()));
        let range = if start < end {
            ByteRange::new(start, end)
        } else {
            range
        };
        ByteRange::new(
            grapheme_floor(self.text, range.start),
            grapheme_ceil(self.text, range.end),
        )
    }

    /// Which of the places is meant. A `sure` choice needs no guess from the neighbours.
    fn choose(
        &mut self,
        lost: &Lost<'_>,
        lead: usize,
        mut ranges: Vec<ByteRange>,
        sure: bool,
    ) -> Result<ByteRange, NotPlaced> {
        let &(old, stored) = lost.fragments.get(lead).ok_or(NotPlaced::NoText)?;
        ranges.retain(|&range| self.is_free(range, old.start));
        let total = ranges.len();
        let Some(&first) = ranges.first() else {
            return Err(NotPlaced::NotFound);
        };
        if total == 1 && stored.chars().nth(SURE_LENGTH - 1).is_some() {
            return Ok(first);
        }
        self.spend(total as u64 * if lost.context.is_some() { 300 } else { 10 })?;
        let likeness =
            |range: &ByteRange| self.likeness_of_context(lost, Some(lead), *range, *range);
        if let Some(scores) = ranges.iter().map(likeness).collect::<Option<Vec<f32>>>() {
            let best = scores.iter().copied().fold(0.0, f32::max);
            if best < SAME_CONTEXT {
                return Err(NotPlaced::OtherContext);
            }
            // The very same surroundings are better than any that are like them.
            let margin = if best < 1.0 { CONTEXT_MARGIN } else { 0.0 };
            let mut scores = scores.into_iter();
            ranges.retain(|_| scores.next().is_some_and(|score| score >= best - margin));
        }
        match ranges.first() {
            Some(&only) if ranges.len() == 1 => Ok(only),
            _ if sure => Err(NotPlaced::Ambiguous(total)),
            _ => self
                .nearest(old.start, &ranges)
                .ok_or(NotPlaced::Ambiguous(total)),
        }
    }

    /// The one that stands where the neighbours' shift leads to, if no other is nearly as near.
    fn nearest(&self, old: CharPos, ranges: &[ByteRange]) -> Option<ByteRange> {
        let new = |at: u32, shift: i64| i64::from(at) + shift;
        let before = self.shifts.range(..=old.0).next_back();
        let after = self.shifts.range(old.0..).next();
        let low = before.map_or(0, |(&at, &shift)| new(at, shift));
        let high = after.map_or(i64::MAX, |(&at, &shift)| new(at, shift));
        let mut expected: Vec<i64> = self.expected_shifts(old).map(|s| new(old.0, s)).collect();
        if expected.is_empty() {
            expected.push(i64::from(old.0));
        }
        let distance = |range: &ByteRange| {
            let at = i64::from(self.text.char_pos(range.start).0);
            let nearest = expected.iter().map(|e| (at - e).abs()).min();
            let in_order = low > high || (low..=high).contains(&at);
            (nearest.unwrap_or(i64::MAX), in_order)
        };
        let mut near: Vec<(i64, ByteRange)> = ranges
            .iter()
            .map(|range| (distance(range), *range))
            .filter(|((_, in_order), _)| *in_order)
            .map(|((distance, _), range)| (distance, range))
            .collect();
        near.sort();
        let &(first, range) = near.first()?;
        let second = near.get(1).map_or(i64::MAX, |&(second, _)| second);
        let clear = first.saturating_mul(3) < second;
        (clear && first <= MAX_DRIFT).then_some(range)
    }

    /// How alike the surroundings are, 0 to 1; `None` when they are not known. With `only`, just
    /// those that belong to that fragment.
    pub(super) fn likeness_of_context(
        &self,
        lost: &Lost<'_>,
        only: Option<usize>,
        first: ByteRange,
        last: ByteRange,
    ) -> Option<f32> {
        let (before, after) = lost.context?;
        let has_first = only.is_none_or(|i| i == 0);
        let has_last = only.is_none_or(|i| i + 1 == lost.fragments.len());
        let reach = |at: BytePos| BytePos(at.0.saturating_sub(160));
        let mut weight = 0.0;
        let mut sum = 0.0;
        if has_first && !before.is_empty() {
            let from = grapheme_floor(self.text, reach(first.start));
            let here = fold_ends(self.text.slice(ByteRange::new(from, first.start)));
            let there = fold_ends(before);
            let share = fuzzy::likeness_at_start(there.chars().rev(), here.chars().rev());
            let length = there.chars().count() as f32;
            sum += share * length;
            weight += length;
        }
        if has_last && !after.is_empty() {
            let to = BytePos(last.end.0.saturating_add(160)).min(self.text.end());
            let to = grapheme_ceil(self.text, to);
            let here = fold_ends(self.text.slice(ByteRange::new(last.end, to)));
            let there = fold_ends(after);
            let share = fuzzy::likeness_at_start(there.chars(), here.chars());
            let length = there.chars().count() as f32;
            sum += share * length;
            weight += length;
        }
        (weight > 0.0).then(|| sum / weight)
    }

    /// Places the other fragments around the one that was found, each near to where it should be.
    fn complete(
        &mut self,
        lost: &Lost<'_>,
        lead: usize,
        range: ByteRange,
        how: How,
    ) -> Result<Placed, NotPlaced> {
        let count = lost.fragments.len();
        let mut placed = vec![range; count];
        let mut worst = how;
        let Some((lead_old, _)) = lost.fragments.get(lead) else {
            return Err(NotPlaced::NoText);
        };
        let shift = i64::from(self.text.char_pos(range.start).0) - i64::from(lead_old.start.0);
        let (mut low, mut high) = (range.end, range.start);
        for i in (lead + 1..count).chain((0..lead).rev()) {
            let Some(&(old, stored)) = lost.fragments.get(i) else {
                continue;
            };
            let bounds = if i > lead {
                ByteRange::new(low, self.text.end())
            } else {
                ByteRange::new(BytePos(0), high)
            };
            let expected = moved(old.start, shift).and_then(|at| self.text.byte_pos(at));
            let expected = expected.unwrap_or(self.text.end());
            let (found, how) = self.fragment_near(stored, expected, bounds)?;
            worst = worst.max(how);
            if i > lead {
                low = found.end;
            } else {
                high = found.start;
            }
            if let Some(place) = placed.get_mut(i) {
                *place = found;
            }
        }
        Ok(Placed {
            fragments: placed,
            how: worst,
        })
    }

    fn fragment_near(
        &mut self,
        stored: &str,
        expected: BytePos,
        bounds: ByteRange,
    ) -> Result<(ByteRange, How), NotPlaced> {
        let reach = |at: usize| BytePos(at.min(u32::MAX as usize) as u32);
        let window = ByteRange::new(
            reach(expected.as_usize().saturating_sub(NEAR / 2)),
            reach(expected.as_usize() + stored.len() + NEAR / 2),
        );
        let window = window.clamp_to(bounds);
        let window = ByteRange::new(
            grapheme_floor(self.text, window.start).max(bounds.start),
            grapheme_ceil(self.text, window.end).min(bounds.end),
        );
        self.spend((NEAR + stored.len()) as u64)?;
        let near = |range: &ByteRange| range.start.0.abs_diff(expected.0);
        let slice = self.text.slice(window);
        let base = window.start.as_usize();
        let exact = occurrences(slice, stored);
        let exact = exact.starts.iter().map(|&start| {
            let start = base + start;
            ByteRange::new(
                BytePos(start as u32),
                BytePos((start + stored.len()) as u32),
            )
        });
        let exact = exact.filter(|r| {
            is_grapheme_boundary(self.text, r.start) && is_grapheme_boundary(self.text, r.end)
        });
        if let Some(range) = exact.min_by_key(near) {
            return Ok((range, How::Exact));
        }
        let folded = self.folded()?;
        let needle = fold(stored);
        let (from, source) = Self::folded_window(&folded, window);
        if !needle.is_empty() {
            let same = occurrences(source, &needle);
            let same = same.starts.iter();
            let same = same.filter_map(|&s| folded.original(from + s, from + s + needle.len()));
            if let Some(range) = same.filter(|r| bounds.covers(*r)).min_by_key(near) {
                return Ok((range, How::Normalised));
            }
        }
        let pattern: Vec<char> = needle.chars().collect();
        if pattern.len() >= MIN_FUZZY {
            let likest = self.likest(&pattern, stored, window)?;
            let likest = likest.into_iter().filter(|(r, _)| bounds.covers(*r));
            if let Some((range, percent)) = likest.min_by_key(|(range, _)| near(range)) {
                return Ok((range, How::Fuzzy(Reverse(percent))));
            }
        }
        Err(NotPlaced::NotFound)
    }
}

fn moved(at: CharPos, shift: i64) -> Option<CharPos> {
    u32::try_from(i64::from(at.0) + shift).ok().map(CharPos)
}

/// Folded, with one space where white space stood at an end.
fn fold_ends(text: &str) -> String {
    Folded::new(text).text
}

fn occurrences(text: &str, needle: &str) -> Occurrences {
    let mut starts = Vec::new();
    let finder = memmem::Finder::new(needle);
    let mut from = 0;
    while let Some(rest) = text.as_bytes().get(from..)
        && let Some(at) = finder.find(rest)
    {
        if starts.len() == MAX_OCCURRENCES {
            let starts = starts.into();
            return Occurrences {
                starts,
                is_cut: true,
            };
        }
        starts.push(from + at);
        // Overlapping ones count too, but a long text that repeats itself costs no more than a short.
        from += at + 1 + needle.len() / 64;
    }
    Occurrences {
        starts: starts.into(),
        is_cut: false,
    }
}
