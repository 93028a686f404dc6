//! Passages that stand in several texts: near copies of one (`near`), what of a text stands in others
//! (`elsewhere`), and what recurs over all of them without being asked for (`recurring`).
//!
//! Texts are compared by the numbers of their words, so typography and case make no difference. The
//! work is bounded by the length of the texts, whatever they say. Ranges lie on grapheme boundaries
//! (invariant 4). Pure; knows texts and no project.

pub mod elsewhere;
pub mod near;
pub mod recurring;

use crate::core::text::segment::{grapheme_ceil, grapheme_floor, trim};
use crate::core::text::{ArticleText, BytePos, ByteRange};
use crate::core::word_hashes::Word;

/// The stretch from one word to another, both in.
fn stretch(text: &ArticleText, first: Word, last: Word) -> ByteRange {
    ByteRange::new(
        grapheme_floor(text, BytePos(first.start)),
        grapheme_ceil(text, BytePos(last.end)),
    )
}

/// The whole lines that a range touches, without white space around them.
pub fn whole_lines(text: &ArticleText, range: ByteRange) -> ByteRange {
    let range = trim(text, range);
    let first = text.line_range(text.line_of(range.start));
    let last = text.line_range(text.line_of(range.end));
    let lines = trim(text, first.union(last));
    let start = grapheme_floor(text, lines.start);
    ByteRange::new(start, grapheme_ceil(text, lines.end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_taken_whole() {
        let text = ArticleText::new("One.\n  Two three. \nFour.".to_owned());
        let at = |words: &str| {
            let start = text.as_str().find(words).unwrap() as u32;
            ByteRange::from((start, start + words.len() as u32))
        };
        for (part, expected) in [
            ("three", "Two three."),
            ("  Two", "Two three."),
            ("three. \nFo", "Two three. \nFour."),
            ("One.", "One."),
        ] {
            assert_eq!(text.slice(whole_lines(&text, at(part))), expected);
        }
    }
}
