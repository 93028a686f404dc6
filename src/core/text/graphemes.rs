//! Where grapheme clusters of a whole text begin, for texts with clusters or runs so long that
//! looking back from a position costs more than remembering.
//!
//! Knows one string. UAX #29 through `unicode-segmentation`, read once from its beginning: whether
//! a flag begins depends on all the flag letters before it.

use unicode_segmentation::UnicodeSegmentation;

/// A bit for each byte of a text, set where a cluster begins, and one for its end.
#[derive(Debug)]
pub struct Graphemes {
    bits: Box<[u64]>,
    len_bytes: usize,
}

impl Graphemes {
    pub fn new(text: &str) -> Self {
        let mut bits = vec![0u64; text.len() / 64 + 1];
        let starts = text.grapheme_indices(true).map(|(at, _)| at);
        for at in starts.chain([text.len()]) {
            if let Some(word) = bits.get_mut(at / 64) {
                *word |= 1 << (at % 64);
            }
        }
        Self {
            bits: bits.into_boxed_slice(),
            len_bytes: text.len(),
        }
    }

    /// Whether a cluster begins, or the text ends, at this byte.
    pub fn is_boundary(&self, at: usize) -> bool {
        let word = self.bits.get(at / 64);
        word.is_some_and(|word| word & (1 << (at % 64)) != 0)
    }

    /// The first boundary after this byte; the end of the text when there is none.
    pub fn after(&self, at: usize) -> usize {
        let from = at + 1;
        let words = self.bits.iter().enumerate().skip(from / 64);
        let mut seen = words.map(|(i, &word)| {
            if i == from / 64 {
                (i, word & (u64::MAX << (from % 64)))
            } else {
                (i, word)
            }
        });
        let found = seen.find(|(_, word)| *word != 0);
        found.map_or(self.len_bytes, |(i, word)| {
            i * 64 + word.trailing_zeros() as usize
        })
    }

    /// The last boundary before this byte; the beginning of the text when there is none.
    pub fn before(&self, at: usize) -> usize {
        let Some(to) = at.min(self.len_bytes + 1).checked_sub(1) else {
            return 0;
        };
        let words = self.bits.iter().enumerate().take(to / 64 + 1).rev();
        let mut seen = words.map(|(i, &word)| {
            if i == to / 64 {
                (i, word & (u64::MAX >> (63 - to % 64)))
            } else {
                (i, word)
            }
        });
        let found = seen.find(|(_, word)| *word != 0);
        found.map_or(0, |(i, word)| i * 64 + 63 - word.leading_zeros() as usize)
    }
}
