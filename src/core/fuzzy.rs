//! Approximate string matching: Myers' bit-parallel algorithm in Hyyrö's form with blocks.
//!
//! Costs a step for each symbol of the text and each 64 of the pattern, whatever is in them. Symbols
//! are characters, or words by their numbers; nothing is known of articles or annotations.

use std::collections::HashMap;
use std::hash::Hash;

/// The longest pattern, in symbols. Its table holds a bit for each of them and each symbol
/// that it has.
pub const MAX_PATTERN: usize = 20_000;

/// A stretch of the text that is like the pattern, in characters, and at how many edits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Match {
    pub start: usize,
    pub end: usize,
    pub distance: usize,
}

/// The steps that a search takes.
pub fn cost(pattern: usize, text: usize) -> u64 {
    (pattern / 64 + 1) as u64 * (text as u64 + pattern as u64)
}

#[derive(Debug)]
pub struct Pattern<S> {
    /// For each symbol, the places where the pattern has it.
    places: HashMap<S, Vec<u64>>,
    blocks: usize,
    length: usize,
}

impl<S: Eq + Hash> Pattern<S> {
    pub fn new(symbols: impl Iterator<Item = S> + Clone) -> Self {
        let length = symbols.clone().count();
        let blocks = length.div_ceil(64);
        let mut places: HashMap<S, Vec<u64>> = HashMap::new();
        for (i, symbol) in symbols.enumerate() {
            let row = places.entry(symbol).or_insert_with(|| vec![0; blocks]);
            if let Some(word) = row.get_mut(i / 64) {
                *word |= 1 << (i % 64);
            }
        }
        Self {
            places,
            blocks,
            length,
        }
    }

    /// Tells the distance of the pattern to what ends after each symbol of the text. Where the
    /// match begins is free, unless `anchored`: then it begins where the text does.
    pub fn scan(
        &self,
        text: impl Iterator<Item = S>,
        anchored: bool,
        mut tell: impl FnMut(usize, usize),
    ) {
        let none = vec![0; self.blocks];
        let mut state = vec![(u64::MAX, 0_u64); self.blocks];
        let last_bit = (self.length + 63) % 64;
        let mut score = self.length;
        for (at, symbol) in text.enumerate() {
            let row = self.places.get(&symbol).unwrap_or(&none);
            let mut carry = i8::from(anchored);
            for (i, ((pv, mv), &places)) in state.iter_mut().zip(row).enumerate() {
                let is_last = i + 1 == self.blocks;
                let top = if is_last { last_bit } else { 63 };
                let xv = places | *mv;
                let eq = places | u64::from(carry < 0);
                let xh = ((eq & *pv).wrapping_add(*pv) ^ *pv) | eq;
                let mut ph = *mv | !(xh | *pv);
                let mut mh = *pv & xh;
                let out = (ph >> top & 1) as i8 - (mh >> top & 1) as i8;
                ph = ph << 1 | u64::from(carry > 0);
                mh = mh << 1 | u64::from(carry < 0);
                *pv = mh | !(xv | ph);
                *mv = ph & xv;
                carry = out;
            }
            score = score.saturating_add_signed(isize::from(carry));
            tell(at, score);
        }
    }
}

/// The stretches of `text` nearest to `pattern`, of at most `limit` edits: the best one, and others
/// that are as good and lie apart from it. At most `most`.
pub fn search(pattern: &[char], text: &[char], limit: usize, most: usize) -> Vec<Match> {
    if pattern.is_empty() || pattern.len() > MAX_PATTERN {
        return Vec::new();
    }
    let mut best = limit.min(pattern.len() - 1);
    let mut ends: Vec<usize> = Vec::new();
    let apart = pattern.len() / 2 + 1;
    Pattern::new(pattern.iter().copied()).scan(text.iter().copied(), false, |at, distance| {
        if distance < best || (distance == best && ends.is_empty()) {
            best = distance;
            ends.clear();
            ends.push(at + 1);
        } else if distance == best
            && ends.len() < most
            && ends.last().is_some_and(|&last| at + 1 >= last + apart)
        {
            ends.push(at + 1);
        }
    });
    if ends.is_empty() {
        return Vec::new();
    }
    let reversed = Pattern::new(pattern.iter().rev().copied());
    let start_of = |end: usize| {
        let reach = (pattern.len() + best).min(end);
        let before = text.get(end - reach..end).unwrap_or(&[]);
        let mut length = 0;
        let mut nearest = usize::MAX;
        reversed.scan(before.iter().rev().copied(), true, |at, distance| {
            if distance < nearest {
                nearest = distance;
                length = at + 1;
            }
        });
        Match {
            start: end - length,
            end,
            distance: best,
        }
    };
    let found = ends.into_iter().map(start_of);
    found.filter(|found| found.start < found.end).collect()
}

/// How much of `pattern` stands at the beginning of `text`, 0 to 1.
pub fn likeness_at_start(
    pattern: impl Iterator<Item = char> + Clone,
    text: impl Iterator<Item = char>,
) -> f32 {
    let pattern = Pattern::new(pattern);
    if pattern.length == 0 {
        return 1.0;
    }
    let mut nearest = pattern.length;
    pattern.scan(text.take(2 * pattern.length), true, |_, distance| {
        nearest = nearest.min(distance);
    });
    1.0 - nearest as f32 / pattern.length as f32
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(pattern: &str, text: &str, limit: usize, expected: &[(usize, usize, usize)]) {
        let chars = |s: &str| s.chars().collect::<Vec<_>>();
        let found = search(&chars(pattern), &chars(text), limit, 4);
        let found: Vec<_> = found.iter().map(|m| (m.start, m.end, m.distance)).collect();
        assert_eq!(found, expected, "{pattern:?} in {text:?}");
    }

    #[test]
    fn finds_what_is_like_the_pattern() {
        check("annual", "the anual report", 2, &[(4, 9, 1)]);
        check("annual", "annual", 2, &[(0, 6, 0)]);
        check("annual", "nothing here", 1, &[]);
        check("abc", "abc xx abc", 1, &[(0, 3, 0), (7, 10, 0)]);
        check("", "abc", 1, &[]);
        check("abc", "", 1, &[]);
        let long = "0123456789".repeat(20);
        check(
            &long,
            &format!("xx{}yy", long.replacen('5', "", 1)),
            3,
            &[(2, 201, 1)],
        );
    }

    #[test]
    fn likeness_is_a_share() {
        let like = |a: &str, b: &str| likeness_at_start(a.chars(), b.chars());
        assert_eq!(like("said", "said it"), 1.0);
        assert_eq!(like("said", "paid it"), 0.75);
        assert_eq!(like("", "x"), 1.0);
        assert_eq!(like("x", ""), 0.0);
    }

    /// The same by the plain table.
    fn slow(pattern: &[char], text: &[char]) -> usize {
        let mut row: Vec<usize> = vec![0; text.len() + 1];
        for (i, p) in pattern.iter().enumerate() {
            let mut diagonal = row[0];
            row[0] = i + 1;
            for (j, t) in text.iter().enumerate() {
                let next = row[j + 1];
                row[j + 1] = (diagonal + usize::from(p != t))
                    .min(row[j] + 1)
                    .min(next + 1);
                diagonal = next;
            }
        }
        row.into_iter().min().unwrap()
    }

    proptest! {
        #[test]
        fn agrees_with_the_plain_table(pattern in "[abc]{1,140}", text in "[abc]{0,200}") {
            let pattern: Vec<char> = pattern.chars().collect();
            let text: Vec<char> = text.chars().collect();
            let best = slow(&pattern, &text);
            match search(&pattern, &text, pattern.len(), 1).first() {
                Some(found) => prop_assert_eq!(found.distance, best),
                None => prop_assert_eq!(best, pattern.len()),
            }
        }
    }
}
