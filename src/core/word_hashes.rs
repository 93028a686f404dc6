//! The words of a text as numbers, with their places: what texts are compared by that say the same.
//!
//! Case, marks over letters, punctuation, quotation marks, dashes and spaces make no difference;
//! scripts without spaces count each character as a word. Numbers are the same on every machine and
//! are not stored anywhere. Pure; knows no articles.

use std::ops::Range;
use unicode_normalization::char::{canonical_combining_class, decompose_canonical};

/// A word of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word {
    pub hash: u64,
    /// Its bytes.
    pub start: u32,
    pub end: u32,
}

pub const SEED: u64 = 0x9E37_79B9_7F4A_7C15;

/// The finaliser of SplitMix64 (Steele et al. 2014) over a running value.
pub fn mix(hash: u64, value: u64) -> u64 {
    let mut z = hash.rotate_left(5) ^ value.wrapping_mul(SEED);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// Tells the words of a text in their order.
pub fn each_word(text: &str, mut tell: impl FnMut(Word)) {
    let mut letters: Option<u64> = None;
    let (mut start, mut end) = (0, 0);
    for (at, c) in text.char_indices() {
        if c.is_ascii() {
            if c.is_ascii_alphanumeric() {
                let hash = letters.unwrap_or_else(|| {
                    start = at;
                    SEED
                });
                letters = Some(with_letter(hash, c.to_ascii_lowercase()));
                end = at + 1;
            } else if let Some(hash) = letters.take() {
                tell(word(hash, start..end));
            }
            continue;
        }
        let after = at + c.len_utf8();
        // What is over a letter, or without width within a word, is no part of its spelling.
        if canonical_combining_class(c) != 0 || is_without_width(c) {
            if letters.is_some() && !is_without_width(c) {
                end = after;
            }
            continue;
        }
        let is_alone = is_unspaced(c);
        if c.is_alphanumeric() && !is_alone {
            let mut hash = letters.unwrap_or_else(|| {
                start = at;
                SEED
            });
            for lower in c.to_lowercase() {
                decompose_canonical(lower, |part| {
                    if canonical_combining_class(part) == 0 {
                        hash = with_letter(hash, part);
                    }
                });
            }
            letters = Some(hash);
            end = after;
            continue;
        }
        if let Some(hash) = letters.take() {
            tell(word(hash, start..end));
        }
        if is_alone {
            tell(word(with_letter(SEED, c), at..after));
        }
    }
    if let Some(hash) = letters {
        tell(word(hash, start..end));
    }
}

/// All words of a text.
pub fn words_of(text: &str) -> Vec<Word> {
    let mut words = Vec::with_capacity(text.len() / 6);
    each_word(text, |word| words.push(word));
    words
}

/// A hash of the last few words, as each comes.
pub struct Shingler<const WORDS: usize> {
    last: [u64; WORDS],
    seen: usize,
}

impl<const WORDS: usize> Default for Shingler<WORDS> {
    fn default() -> Self {
        Self {
            last: [0; WORDS],
            seen: 0,
        }
    }
}

impl<const WORDS: usize> Shingler<WORDS> {
    /// The hash of the words that end with this one, once there are so many.
    pub fn push(&mut self, word: u64) -> Option<u64> {
        self.last.rotate_left(1);
        if let Some(last) = self.last.last_mut() {
            *last = word;
        }
        self.seen += 1;
        (self.seen >= WORDS).then(|| self.last.iter().fold(SEED, |hash, word| step(hash, *word)))
    }
}

/// One multiplication a letter, as in FxHash; [`word`] mixes what came of it.
fn with_letter(hash: u64, letter: char) -> u64 {
    step(hash, u64::from(u32::from(letter)))
}

fn step(hash: u64, value: u64) -> u64 {
    (hash.rotate_left(5) ^ value).wrapping_mul(0x517C_C1B7_2722_0A95)
}

fn word(letters: u64, place: Range<usize>) -> Word {
    Word {
        hash: mix(SEED, letters),
        start: place.start as u32,
        end: place.end as u32,
    }
}

/// Soft hyphens, joiners and marks of order.
fn is_without_width(c: char) -> bool {
    matches!(u32::from(c), 0xAD | 0x640 | 0x200B..=0x200F | 0x202A..=0x202E | 0x2060..=0x2069 | 0xFE00..=0xFE0F | 0xFEFF)
}

/// Characters of scripts that put no spaces between words.
fn is_unspaced(c: char) -> bool {
    matches!(u32::from(c),
        0x0E00..=0x0EFF | 0x1000..=0x109F | 0x1780..=0x17FF
        | 0x3040..=0x30FF | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF | 0x20000..=0x3FFFF)
        && c.is_alphanumeric()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<&str> {
        let words = words_of(text);
        let places = words.iter().map(|w| w.start as usize..w.end as usize);
        places.map(|place| text.get(place).unwrap()).collect()
    }

    #[test]
    fn words_have_their_places() {
        for (text, expected) in [
            ("", vec![]),
            ("… — !", vec![]),
            ("Two, three.", vec!["Two", "three"]),
            ("don’t", vec!["don", "t"]),
            ("cafe\u{301}s!", vec!["cafe\u{301}s"]),
            ("東京 x", vec!["東", "京", "x"]),
            ("ex\u{AD}ample", vec!["ex\u{AD}ample"]),
        ] {
            assert_eq!(shown(text), expected, "{text:?}");
        }
    }

    #[test]
    fn typography_makes_no_difference() {
        let hashes = |text: &str| words_of(text).iter().map(|w| w.hash).collect::<Vec<_>>();
        for (a, b) in [
            ("“Café”—now", "\"cafe\u{301}\" - NOW"),
            ("Don’t", "don't"),
            ("ex\u{AD}ample", "example"),
            ("مُحَمَّد", "محمد"),
            ("МИЛОШЕВИЋ", "милошевић"),
        ] {
            assert_eq!(hashes(a), hashes(b), "{a:?} {b:?}");
            assert!(!hashes(a).is_empty());
        }
        assert_ne!(hashes("ab c"), hashes("a bc"));
    }

    #[test]
    fn shingles_are_of_the_last_words() {
        let of = |words: &[u64]| {
            let mut shingler = Shingler::<3>::default();
            words.iter().map(|w| shingler.push(*w)).collect::<Vec<_>>()
        };
        let (a, b) = (of(&[1, 2, 3, 4]), of(&[9, 2, 3, 4]));
        assert_eq!(a[..2], [None, None]);
        assert_eq!(a[3], b[3]);
        assert_ne!(a[2], b[2]);
    }
}
