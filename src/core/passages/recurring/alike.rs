//! Pieces that say the same, or the same but for a few words.

use super::pieces::{MIN_NEAR, Piece, Pieces};
use crate::core::fuzzy::Pattern;
use crate::core::text::ArticleText;
use crate::core::word_hashes::words_of;
use std::collections::HashMap;

/// So many of the hashes of a piece are what is looked up.
const LOOKED_UP: usize = 4;
/// Pieces that share fewer of them are not compared.
const MIN_SHARED: usize = 2;
/// So many are compared with in each place.
const LEADERS: usize = 4;
/// One in so many words may be another.
const CHANGED: usize = 4;

/// Pieces that say the same to the word.
pub(super) struct Wording {
    /// The first of them: text and piece.
    pub(super) text: u32,
    pub(super) piece: u32,
    pub(super) count: u32,
}

/// All wordings, and which one each piece has.
pub(super) fn wordings(pieces: &[Pieces]) -> (Vec<Wording>, Vec<u32>) {
    let total = pieces.iter().map(|text| text.0.len()).sum();
    let mut known: HashMap<(u64, u32), u32> = HashMap::with_capacity(total);
    let mut wordings: Vec<Wording> = Vec::new();
    let mut of_piece = Vec::with_capacity(total);
    for (text, pieces) in pieces.iter().enumerate() {
        for (at, piece) in pieces.0.iter().enumerate() {
            let number = *known.entry((piece.hash, piece.words)).or_insert_with(|| {
                wordings.push(Wording {
                    text: text as u32,
                    piece: at as u32,
                    count: 0,
                });
                wordings.len() as u32 - 1
            });
            if let Some(wording) = wordings.get_mut(number as usize) {
                wording.count += 1;
            }
            of_piece.push(number);
        }
    }
    (wordings, of_piece)
}

/// Which wordings are nearly the same: each leads to another, or to itself.
pub(super) struct Groups(pub(super) Vec<u32>);

impl Groups {
    pub(super) fn of(&mut self, wording: u32) -> u32 {
        let mut at = wording;
        while let Some(up) = self.0.get(at as usize).copied().filter(|up| *up != at) {
            let above = self.0.get(up as usize).copied().unwrap_or(up);
            if let Some(entry) = self.0.get_mut(at as usize) {
                *entry = above;
            }
            at = up;
        }
        at
    }

    pub(super) fn join(&mut self, a: u32, b: u32) {
        let (a, b) = (self.of(a), self.of(b));
        if let Some(entry) = self.0.get_mut(a.max(b) as usize) {
            *entry = a.min(b);
        }
    }
}

/// Joins wordings that are the same but for a few words.
pub(super) fn join_near(
    texts: &[&ArticleText],
    pieces: &[Pieces],
    wordings: &[Wording],
    groups: &mut Groups,
    goes_on: &mut dyn FnMut() -> bool,
) -> Option<()> {
    let piece_of = |number: u32| {
        let wording = wordings.get(number as usize)?;
        let piece = pieces
            .get(wording.text as usize)?
            .0
            .get(wording.piece as usize)?;
        Some((wording, piece))
    };
    let words = |number: u32| {
        let (wording, piece) = piece_of(number)?;
        let words = words_of(texts.get(wording.text as usize)?.slice(piece.range));
        Some(words.iter().map(|word| word.hash).collect::<Vec<u64>>())
    };
    for place in 0..LOOKED_UP {
        let numbers = 0..wordings.len() as u32;
        let mut keyed: Vec<(u32, u32)> = numbers
            .filter_map(|number| {
                let (_, piece) = piece_of(number)?;
                let is_near = piece.words as usize >= MIN_NEAR;
                Some((*piece.least.get(place)?, number)).filter(|_| is_near)
            })
            .collect();
        keyed.sort_unstable();
        if !goes_on() {
            return None;
        }
        for (n, same) in keyed.chunk_by(|a, b| a.0 == b.0).enumerate() {
            if n % 1024 == 0 && !goes_on() {
                return None;
            }
            if same.len() < 2 {
                continue;
            }
            // What stands most often is what others are compared with.
            let mut numbers: Vec<u32> = same.iter().map(|(_, number)| *number).collect();
            let count = |number: &u32| wordings.get(*number as usize).map_or(0, |w| w.count);
            numbers.sort_by_key(|number| (std::cmp::Reverse(count(number)), *number));
            let mut leaders: Vec<Leader> = Vec::new();
            for (n, number) in numbers.into_iter().enumerate() {
                if n % 1024 == 1023 && !goes_on() {
                    return None;
                }
                let Some((_, piece)) = piece_of(number) else {
                    continue;
                };
                let mut is_like_one = false;
                for (leader, led, pattern) in &mut leaders {
                    if groups.of(*leader) == groups.of(number) {
                        is_like_one = true;
                        break;
                    }
                    let both = led.least.iter().zip(&piece.least);
                    let shared = both.filter(|(a, b)| a == b).count();
                    let longer = led.words.max(piece.words) as usize;
                    let limit = longer / CHANGED;
                    if shared < MIN_SHARED || led.words.abs_diff(piece.words) as usize > limit {
                        continue;
                    }
                    if pattern.is_none() {
                        let words = words(*leader)?;
                        *pattern = Some((Pattern::new(words.iter().copied()), words.len()));
                    }
                    let Some((pattern, length)) = pattern else {
                        continue;
                    };
                    let mut distance = *length;
                    let words = words(number)?;
                    pattern.scan(words.into_iter(), true, |_, now| distance = now);
                    if distance <= limit {
                        groups.join(*leader, number);
                        is_like_one = true;
                        break;
                    }
                }
                if !is_like_one && leaders.len() < LEADERS {
                    leaders.push((number, *piece, None));
                }
            }
        }
    }
    Some(())
}

/// A wording that others are compared with, and how.
type Leader = (u32, Piece, Option<(Pattern<u64>, usize)>);
