//! What the annotations of a text know of each other: their order, and how far they moved together.
//!
//! Knows how to tell a stray, and learns the shift of a stretch by vote; `search` finds the places.

use super::search::{SURE_LENGTH, Search};
use super::{Lost, NotPlaced, Placed, first_start};
use crate::core::text::{BytePos, CharRange};
use std::collections::BTreeMap;

/// So many annotations are asked together how far their stretch of the text has moved.
const VOTERS: usize = 24;
/// And so many must agree.
const MIN_VOTES: usize = 4;
/// The vote is not taken for so many annotations at most when it was in vain before.
const MAX_WAIT: usize = 64;

/// Of what was placed by its text alone, takes back what stands out of the order of all others and
/// between other surroundings: its own text is gone, and another like it was taken for it.
pub(super) fn take_back_strays(
    search: &mut Search<'_>,
    fitting: &[CharRange],
    order: &[usize],
    lost: &[Lost<'_>],
    results: &mut [Result<Placed, NotPlaced>],
) {
    let mut places: Vec<(u32, u32, Option<usize>)> = fitting
        .iter()
        .map(|range| (range.start.0, range.start.0, None))
        .collect();
    for &i in order {
        if let (Some(lost), Some(Ok(placed))) = (lost.get(i), results.get(i))
            && let Some(new) = placed.fragments.first()
        {
            places.push((first_start(lost), search.char_pos(new.start).0, Some(i)));
        }
    }
    places.sort_unstable();
    let in_order = longest_rise(&places.iter().map(|&(_, new, _)| new).collect::<Vec<_>>());
    for ((_, _, i), in_order) in places.iter().zip(in_order) {
        let Some(i) = i.filter(|_| !in_order) else {
            continue;
        };
        if let (Some(lost), Some(result)) = (lost.get(i), results.get_mut(i))
            && let Ok(placed) = &*result
            && !search.is_sure_out_of_order(lost, placed)
        {
            search.forget(lost, placed);
            *result = Err(NotPlaced::OtherContext);
        }
    }
}

/// Which of the numbers belong to a longest run of them that never falls.
fn longest_rise(numbers: &[u32]) -> Vec<bool> {
    // The last number of the best run of each length, and where it stands.
    let mut ends: Vec<(u32, usize)> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(numbers.len());
    for (i, &number) in numbers.iter().enumerate() {
        let at = ends.partition_point(|&(end, _)| end <= number);
        let previous = at.checked_sub(1).and_then(|at| ends.get(at));
        before.push(previous.map(|&(_, i)| i));
        match ends.get_mut(at) {
            Some(end) => *end = (number, i),
            None => ends.push((number, i)),
        }
    }
    let mut chosen = vec![false; numbers.len()];
    let mut next = ends.last().map(|&(_, i)| i);
    while let Some(i) = next {
        if let Some(chosen) = chosen.get_mut(i) {
            *chosen = true;
        }
        next = before.get(i).copied().flatten();
    }
    chosen
}

impl Search<'_> {
    /// Whether an annotation that stands out of the order of the others is where it is all the same:
    /// a paragraph may have been moved, and then all around its annotations is as it was.
    pub(super) fn is_sure_out_of_order(&self, lost: &Lost<'_>, placed: &Placed) -> bool {
        let longest = lost
            .fragments
            .iter()
            .map(|(_, text)| text.chars().count())
            .max();
        let likeness = match (placed.fragments.first(), placed.fragments.last()) {
            (Some(&first), Some(&last)) => self.likeness_of_context(lost, None, first, last),
            _ => None,
        };
        match likeness {
            Some(likeness) => likeness >= 1.0,
            None => longest.unwrap_or(0) >= SURE_LENGTH,
        }
    }

    /// Takes back what was remembered, for good.
    pub(super) fn forget(&mut self, lost: &Lost<'_>, placed: &Placed) {
        for ((old, _), new) in lost.fragments.iter().zip(&placed.fragments) {
            self.taken.remove(new);
            self.shifts.remove(&old.start.0);
            self.refused.insert((old.start, *new));
        }
    }

    /// Repeated texts without surroundings of their own still agree on how far they moved: false
    /// places differ from one to the next, the true shift is the same for all. `lost` are in the
    /// order of their old places.
    pub(super) fn vote(&mut self, lost: &[&Lost<'_>]) -> Result<(), NotPlaced> {
        // Where nothing agrees it is asked ever less often.
        let (mut wait, mut next) = (1, 0);
        for (i, first) in lost.iter().enumerate() {
            if i < next {
                continue;
            }
            let Some(&(old, _)) = first.fragments.first() else {
                continue;
            };
            if self.as_the_neighbours(first).is_some() {
                continue;
            }
            let mut votes: BTreeMap<i64, usize> = BTreeMap::new();
            for voter in lost.iter().skip(i).take(VOTERS) {
                let Some(&(old, text)) = voter.fragments.first() else {
                    continue;
                };
                let (starts, _) = self.starts_of(old, text)?;
                self.spend(starts.len() as u64 * 20)?;
                for &start in starts.iter() {
                    let new = self.text.char_pos(BytePos(start as u32));
                    *votes
                        .entry(i64::from(new.0) - i64::from(old.start.0))
                        .or_default() += 1;
                }
            }
            let most = votes.values().copied().max().unwrap_or(0);
            let mut winners = votes.iter().filter(|(_, votes)| **votes == most);
            if most >= MIN_VOTES
                && let (Some((&shift, _)), None) = (winners.next(), winners.next())
            {
                self.shifts.insert(old.start.0, shift);
                if self.as_the_neighbours(first).is_some() {
                    wait = 1;
                    continue;
                }
                self.shifts.remove(&old.start.0);
            }
            next = i + wait;
            wait = (wait * 2).min(MAX_WAIT);
        }
        Ok(())
    }
}
