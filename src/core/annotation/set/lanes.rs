//! What follows from the order of fragments: in which lane each is underlined, and how far each
//! block of them reaches.
//!
//! Lanes are given first fit from the end of the text: each fragment takes the lowest lane of its
//! annotator that is free at its end, so what lies inside is nearer to the words than what is
//! around it. The result depends on the whole text only, so it stays put while scrolling. After
//! a small change both are the same as if they were made anew
//! (`index_equals_scan_and_lanes_do_not_collide`), at the cost of what changes.

use super::{BLOCK, FragmentEntry, MAX_LANES};
use crate::core::text::{BytePos, ByteRange};

/// Where the next fragment in each lane of one annotator starts; none is known beside `None`.
#[derive(Clone, Copy, Default, PartialEq)]
struct NextStarts([Option<BytePos>; MAX_LANES as usize]);

impl NextStarts {
    /// The lane of a fragment that ends at `end`, once all that start before are known.
    fn lane_for(&self, end: BytePos) -> u8 {
        let is_free = |start: &Option<BytePos>| start.is_none_or(|start| start >= end);
        let free = self.0.iter().position(is_free);
        free.unwrap_or(MAX_LANES as usize - 1) as u8
    }

    /// Fragments come from the last to the first, so each is the next one of its lane.
    fn set(&mut self, lane: u8, start: BytePos) {
        if let Some(next) = self.0.get_mut(usize::from(lane)) {
            *next = Some(start);
        }
    }

    fn set_if_unknown(&mut self, lane: u8, start: BytePos) {
        if let Some(next) = self.0.get_mut(usize::from(lane)) {
            next.get_or_insert(start);
        }
    }

    /// Fragments that end here or before get the same lanes from both.
    fn same_upto(&self, other: &Self) -> BytePos {
        const END: BytePos = BytePos(u32::MAX);
        let lanes = self.0.iter().zip(&other.0).filter(|(a, b)| a != b);
        let starts = lanes.map(|(a, b)| a.unwrap_or(END).min(b.unwrap_or(END)));
        starts.min().unwrap_or(END)
    }
}

/// The lanes of all fragments, in one pass.
pub(super) fn give_all(entries: &mut [FragmentEntry], layers: usize) {
    let mut next = vec![NextStarts::default(); layers];
    for entry in entries.iter_mut().rev() {
        if let Some(next) = next.get_mut(usize::from(entry.layer)) {
            entry.lane = next.lane_for(entry.range.end);
            next.set(entry.lane, entry.range.start);
        }
    }
}

/// The lanes after the fragment at `at` was put in.
pub(super) fn give_added(entries: &mut [FragmentEntry], block_ends: &[BytePos], at: usize) {
    let Some(added) = entries.get(at) else { return };
    let (range, layer) = (added.range, added.layer);
    let mut sweep = Sweep::behind(at + 1, layer);
    sweep.know_all_before(entries, range.end);
    let lane = sweep.now.lane_for(range.end);
    sweep.now.set(lane, range.start);
    if let Some(added) = entries.get_mut(at) {
        added.lane = lane;
    }
    sweep.run(entries, block_ends, at);
}

/// The lanes after a fragment that stood at `at` was taken out.
pub(super) fn give_others(
    entries: &mut [FragmentEntry],
    block_ends: &[BytePos],
    at: usize,
    gone: &FragmentEntry,
) {
    let mut sweep = Sweep::behind(at, gone.layer);
    sweep.before.set(gone.lane, gone.range.start);
    sweep.run(entries, block_ends, at);
}

/// What the fragments behind a place leave free, before and after a change.
struct Sweep {
    layer: u16,
    before: NextStarts,
    now: NextStarts,
    /// All fragments from the place up to this one are known.
    known_upto: usize,
}

impl Sweep {
    fn behind(place: usize, layer: u16) -> Self {
        Self {
            layer,
            before: NextStarts::default(),
            now: NextStarts::default(),
            known_upto: place,
        }
    }

    fn know_all_before(&mut self, entries: &[FragmentEntry], end: BytePos) {
        while let Some(entry) = entries.get(self.known_upto) {
            if entry.range.start >= end {
                break;
            }
            if entry.layer == self.layer {
                self.before.set_if_unknown(entry.lane, entry.range.start);
                self.now.set_if_unknown(entry.lane, entry.range.start);
            }
            self.known_upto += 1;
        }
    }

    /// Goes back from `upto` as far as lanes can differ.
    fn run(&mut self, entries: &mut [FragmentEntry], block_ends: &[BytePos], upto: usize) {
        let blocks = block_ends.get(..upto / BLOCK).unwrap_or(&[]);
        let reach = blocks.iter().scan(BytePos(0), |reach, end| {
            *reach = (*reach).max(*end);
            Some(*reach)
        });
        let reach: Vec<BytePos> = reach.collect();
        for at in (0..upto).rev() {
            let same_upto = self.before.same_upto(&self.now);
            let block = (at + 1) / BLOCK;
            let earlier = block.checked_sub(1).and_then(|block| reach.get(block));
            if (at + 1).is_multiple_of(BLOCK) && earlier.is_none_or(|end| *end <= same_upto) {
                return;
            }
            let Some((range, layer, lane)) = entries.get(at).map(|e| (e.range, e.layer, e.lane))
            else {
                return;
            };
            if layer != self.layer {
                continue;
            }
            let mut lane_now = lane;
            if range.end > same_upto {
                self.know_all_before(entries, range.end);
                lane_now = self.now.lane_for(range.end);
                if let Some(entry) = entries.get_mut(at) {
                    entry.lane = lane_now;
                }
            }
            self.before.set(lane, range.start);
            self.now.set(lane_now, range.start);
        }
    }
}

fn end_of(block: &[FragmentEntry]) -> BytePos {
    let ends = block.iter().map(|entry| entry.range.end);
    ends.max().unwrap_or(BytePos(0))
}

/// How far each block reaches.
pub(super) fn ends_of_blocks(entries: &[FragmentEntry]) -> impl Iterator<Item = BytePos> {
    entries.chunks(BLOCK).map(end_of)
}

/// The reaches of blocks after a fragment was put in at `at`, or one of `gone` taken out there: all
/// behind it moved by one place.
pub(super) fn move_ends(
    block_ends: &mut Vec<BytePos>,
    entries: &[FragmentEntry],
    at: usize,
    gone: Option<ByteRange>,
) {
    block_ends.resize(entries.len().div_ceil(BLOCK), BytePos(0));
    let blocks = entries.chunks(BLOCK).enumerate().skip(at / BLOCK);
    for (n, block) in blocks {
        let Some(end) = block_ends.get_mut(n) else {
            return;
        };
        let is_first = n == at / BLOCK;
        // What came into the block, and what left it.
        let (came, left) = if gone.is_some() {
            let first_of_block_before = entries.get((n * BLOCK).wrapping_sub(1));
            let left = if is_first {
                None
            } else {
                first_of_block_before
            };
            (block.get(BLOCK - 1), left)
        } else {
            (block.first(), entries.get((n + 1) * BLOCK))
        };
        let left = left.map(|entry| entry.range.end);
        let must_look = is_first || left == Some(*end) || *end == BytePos(0);
        *end = if must_look {
            end_of(block)
        } else {
            came.map_or(*end, |entry| (*end).max(entry.range.end))
        };
    }
}
