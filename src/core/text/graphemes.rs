//! Where grapheme clusters of a whole text begin, for texts with clusters or runs so long that
//! looking back from a position costs more than remembering.
//!
//! Knows one string. UAX #29 through `unicode-segmentation`, read once from its beginning: whether
//! a flag begins depends on all the flag letters before it.

use unicode_segmentation::UnicodeSegmentation;

/// Whether a character, beside another such one, always begins and ends a cluster: it is of no class
/// of UAX #29 that joins (letters and marks of most newspapers, but no joined or joining ones).
fn is_plain(c: char) -> bool {
    c != '\r'
        && matches!(c, '\0'..='\u{2ff}' | '\u{370}'..='\u{482}' | '\u{48a}'..='\u{52f}'
            | '\u{5d0}'..='\u{5ea}' | '\u{60c}' | '\u{61d}'..='\u{64a}' | '\u{660}'..='\u{66f}'
            | '\u{671}'..='\u{6d3}' | '\u{6f0}'..='\u{6fc}' | '\u{e01}'..='\u{e30}' | '\u{e32}'
            | '\u{e40}'..='\u{e46}' | '\u{2010}'..='\u{2027}' | '\u{20a0}'..='\u{20c0}' | '\u{3000}'..='\u{3029}'
            | '\u{3041}'..='\u{3096}' | '\u{30a1}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}')
}

/// Tells where each cluster begins, in bytes, as `unicode-segmentation` does; plain letters need no
/// look into its tables, which cost more than laying the text out.
pub fn each_start(text: &str, mut told: impl FnMut(usize)) {
    let mut last_plain = None;
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        if is_plain(c) {
            told(at);
            last_plain = Some(at);
            continue;
        }
        // From the plain letter before to the one behind, which nothing farther off has a say in.
        let from = last_plain.take().unwrap_or(at);
        let mut end = text.len();
        for (next, c) in chars.by_ref() {
            if is_plain(c) {
                end = next + c.len_utf8();
                last_plain = Some(next);
                break;
            }
        }
        let stretch = text.get(from..end).unwrap_or("");
        for (start, _) in stretch.grapheme_indices(true) {
            if start > 0 || from == at {
                told(from + start);
            }
        }
    }
}

/// A bit for each byte of a text, set where a cluster begins, and one for its end.
#[derive(Debug)]
pub struct Graphemes {
    bits: Box<[u64]>,
    len_bytes: usize,
}

impl Graphemes {
    pub fn new(text: &str) -> Self {
        let mut bits = vec![0u64; text.len() / 64 + 1];
        let mut set = |at: usize| {
            if let Some(word) = bits.get_mut(at / 64) {
                *word |= 1 << (at % 64);
            }
        };
        each_start(text, &mut set);
        set(text.len());
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A letter of each class of UAX #29, plain ones, and those at the edges of what is plain.
    const LETTERS: [char; 38] = [
        'a',
        ' ',
        '\n',
        '\r',
        '\u{ad}',
        'ä',
        '\u{2ff}',
        '\u{300}',
        '\u{370}',
        '\u{482}',
        '\u{483}',
        '\u{489}',
        '\u{48a}',
        'б',
        '\u{52f}',
        '“',
        '\u{200d}',
        '\u{200c}',
        '\u{2027}',
        '\u{2028}',
        '€',
        '\u{20d0}',
        '、',
        '\u{302a}',
        'か',
        '\u{3099}',
        'ガ',
        '中',
        '한',
        'ᄀ',
        'ᅡ',
        'ᆨ',
        '🇩',
        '👩',
        '\u{1f3fd}',
        'क',
        '\u{94d}',
        '\u{600}',
    ];

    fn check(text: &str) {
        let mut found = Vec::new();
        each_start(text, |at| found.push(at));
        let expected: Vec<usize> = text.grapheme_indices(true).map(|(at, _)| at).collect();
        assert_eq!(found, expected, "{text:?}");
    }

    #[test]
    fn clusters_begin_where_the_tables_say() {
        check("");
        for a in LETTERS {
            for b in LETTERS {
                check(&String::from_iter([a, b]));
                for c in LETTERS {
                    check(&String::from_iter([a, b, c]));
                }
            }
        }
    }

    #[test]
    fn every_plain_letter_stands_alone() {
        for c in ('\0'..=char::MAX).filter(|c| is_plain(*c)) {
            for around in ['a', '👩', '\u{200d}', '\u{300}', '🇩', 'क'] {
                check(&String::from_iter(['a', c, around, c, 'a']));
            }
        }
    }

    proptest! {
        #[test]
        fn longer_ones_too(places in proptest::collection::vec(0..LETTERS.len(), 0..40)) {
            let text: String = places.iter().filter_map(|at| LETTERS.get(*at)).collect();
            check(&text);
        }
    }
}
