//! Hits that are near each other.
//!
//! Of hits in a row, two neighbours that are one of each make a pair; so the shortest pairs are found
//! in one pass. Knows no query.

use super::query::Within;
use crate::core::text::segment::{sentence_at, words_in};
use crate::core::text::{ArticleText, ByteRange};

/// A word and what is around it is seldom longer, in bytes.
const LONGEST_WORD: usize = 100;

/// It is asked so often whether to go on.
const STRIDE: usize = 256;

/// The stretches from one of each to the other, as far as they are near. Rising, not overlapping.
/// `None` when it was stopped.
pub(super) fn pairs(
    text: &ArticleText,
    a: &[ByteRange],
    b: &[ByteRange],
    within: Within,
    goes_on: &mut dyn FnMut() -> bool,
) -> Option<Vec<ByteRange>> {
    let of_a = a.iter().map(|range| (*range, true, false));
    let of_b = b.iter().map(|range| (*range, false, true));
    let mut all: Vec<(ByteRange, bool, bool)> = of_a.chain(of_b).collect();
    all.sort_unstable_by_key(|(range, ..)| (range.start, range.end));
    all.dedup_by(|next, before| {
        let is_same = next.0 == before.0;
        if is_same {
            before.1 |= next.1;
            before.2 |= next.2;
        }
        is_same
    });
    let mut found: Vec<ByteRange> = Vec::new();
    // The sentence that was found last: many pairs may lie in it.
    let mut sentence = ByteRange::default();
    for (n, (first, second)) in all.iter().zip(all.iter().skip(1)).enumerate() {
        if n % STRIDE == 0 && !goes_on() {
            return None;
        }
        let is_pair = (first.1 && second.2) || (first.2 && second.1);
        if !is_pair
            || first.0.end > second.0.start
            || !is_near(text, first.0, second.0, within, &mut sentence)
        {
            continue;
        }
        let pair = first.0.union(second.0);
        match found.last_mut() {
            // Of two that share a word the shorter one says more.
            Some(before) if pair.start < before.end => {
                if pair.len() < before.len() {
                    *before = pair;
                }
            }
            _ => found.push(pair),
        }
    }
    Some(found)
}

fn is_near(
    text: &ArticleText,
    first: ByteRange,
    second: ByteRange,
    within: Within,
    sentence: &mut ByteRange,
) -> bool {
    let between = ByteRange::new(first.end, second.start);
    match within {
        Within::Words(most) => {
            let most = most as usize;
            if between.len() > (most + 1) * LONGEST_WORD {
                return false;
            }
            plain_words(text.slice(between)).unwrap_or_else(|| {
                let words = words_in(text, between);
                words.iter().filter(|(_, is_word)| *is_word).count()
            }) <= most
        }
        Within::Sentence => {
            if !sentence.contains(first.start) {
                *sentence = sentence_at(text, first.start);
            }
            sentence.covers(second)
        }
        Within::Paragraph => text.line_of(first.start) == text.line_of(second.start),
    }
}

/// How many words there are where that is plain: runs of letters and digits with a space on a side of
/// every sign. Nothing where signs within words, marks or scripts without spaces may say otherwise.
fn plain_words(text: &str) -> Option<usize> {
    /// Letters from here on may stand without spaces, or have marks.
    const LATER: char = '\u{300}';
    let (mut words, mut in_word, mut sign_behind_word) = (0, false, false);
    for c in text.chars() {
        if c.is_alphanumeric() {
            if c >= LATER || sign_behind_word {
                return None;
            }
            words += usize::from(!in_word);
            in_word = true;
        } else if c.is_whitespace() {
            (in_word, sign_behind_word) = (false, false);
        } else if c == '_' || (c >= LATER && !is_plain_sign(c)) {
            return None;
        } else {
            sign_behind_word |= in_word;
            in_word = false;
        }
    }
    Some(words)
}

fn is_plain_sign(c: char) -> bool {
    matches!(c, '“' | '”' | '„' | '–' | '—' | '…')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::text::BytePos;

    #[track_caller]
    fn check(text: &str, (a, b): (&str, &str), within: Within, expected: &[&str]) {
        let text = ArticleText::new(text.to_owned());
        let all = |word: &str| {
            let places = text.as_str().match_indices(word);
            let ranges = places.map(|(at, _)| {
                ByteRange::new(BytePos(at as u32), BytePos((at + word.len()) as u32))
            });
            ranges.collect::<Vec<_>>()
        };
        let found = pairs(&text, &all(a), &all(b), within, &mut || true).unwrap();
        let found: Vec<&str> = found.iter().map(|range| text.slice(*range)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn plain_words_are_those_of_the_segmentation() {
        for (text, is_plain) in [
            (" one two ", true),
            (", “one” (two). – Three… ", true),
            ("", true),
            (" 1 2b ", true),
            (" naïve café ", true),
            (" don't ", false),
            (" 3.5 ", false),
            (" well-known ", false),
            (" e\u{301}t ", false),
            (" 北京大学 ", false),
            (" a_b ", false),
            (" один ", false),
        ] {
            let whole = ArticleText::new(text.to_owned());
            let words = words_in(&whole, whole.full_range());
            let words = words.iter().filter(|(_, is_word)| *is_word).count();
            assert_eq!(plain_words(text), is_plain.then_some(words), "{text:?}");
        }
    }

    #[test]
    fn the_shortest_pairs_are_found() {
        let words = Within::Words;
        check("a x b", ("a", "b"), words(0), &[]);
        check("a x b", ("a", "b"), words(1), &["a x b"]);
        check("b, x a", ("a", "b"), words(1), &["b, x a"]);
        check("a a x b", ("a", "b"), words(5), &["a x b"]);
        check("a x b a", ("a", "b"), words(5), &["b a"]);
        check("a b x a b", ("a", "b"), words(5), &["a b", "a b"]);
        check("a a", ("a", "a"), words(5), &["a a"]);
        check("a", ("a", "a"), words(5), &[]);
        check(
            "One a here. And b there.",
            ("a", "b there"),
            Within::Sentence,
            &[],
        );
        check(
            "One a here, and b there.",
            ("a h", "b"),
            Within::Sentence,
            &["a here, and b"],
        );
        check("a. b\nb", ("a", "b"), Within::Paragraph, &["a. b"]);
        check("a\nb", ("a", "b"), Within::Paragraph, &[]);
    }

    #[test]
    fn looking_for_pairs_can_be_stopped() {
        let text = ArticleText::new("a b ".repeat(2_000));
        let at = |first: u32| (0..2_000).map(move |n| (first + 4 * n, first + 4 * n + 1).into());
        let (a, b): (Vec<ByteRange>, Vec<ByteRange>) = (at(0).collect(), at(2).collect());
        let mut asked = 0;
        let found = pairs(&text, &a, &b, Within::Sentence, &mut || {
            asked += 1;
            asked < 3
        });
        assert_eq!((found, asked), (None, 3));
    }
}
