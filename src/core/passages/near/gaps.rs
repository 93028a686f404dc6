//! What stands between words: where sentences and paragraphs end.

use crate::core::text::{ArticleText, BytePos, ByteRange};
use crate::core::word_hashes::{Word, words_of};

/// What stands between words.
pub(super) fn gaps<'a>(
    text: &'a str,
    words: &'a [Word],
) -> impl DoubleEndedIterator<Item = &'a str> + Clone + 'a {
    words.windows(2).map(move |pair| match pair {
        [before, after] => {
            let gap = before.end as usize..after.start as usize;
            text.get(gap).unwrap_or_default()
        }
        _ => "",
    })
}

/// How many words the first sentence has, if another follows.
pub(super) fn sentence_length<'a>(mut gaps: impl Iterator<Item = &'a str>) -> Option<usize> {
    const ENDS: [char; 8] = ['.', '!', '?', '…', '。', '！', '？', '؟'];
    let end = gaps.position(|gap| {
        let mut chars = gap.chars();
        chars.any(|c| ENDS.contains(&c))
            && gap.contains(|c: char| c.is_whitespace() || !c.is_ascii())
    });
    end.map(|at| at + 1)
}

/// Whether a paragraph ends between two words. A line that was broken goes on in small letters.
pub(super) fn ends_paragraph<'a>(gap: &str, after: impl FnOnce() -> &'a str) -> bool {
    match gap.matches('\n').count() {
        0 => false,
        1 => {
            let is_plain = gap
                .chars()
                .all(|c| c.is_whitespace() || c == ',' || c == '-');
            !(is_plain && after().starts_with(char::is_lowercase))
        }
        _ => true,
    }
}

/// A stretch cut where paragraphs end, each part with how many words it has; a part has some.
pub fn by_paragraph(text: &ArticleText, range: ByteRange) -> Vec<(ByteRange, usize)> {
    let words = words_of(text.slice(range));
    let mut parts: Vec<(ByteRange, usize)> = Vec::new();
    let mut first: Option<Word> = None;
    let mut count = 0;
    let inside = text.slice(range);
    for (at, word) in words.iter().enumerate() {
        let begun = *first.get_or_insert(*word);
        count += 1;
        let next = words.get(at + 1);
        let gap = next.and_then(|next| inside.get(word.end as usize..next.start as usize));
        let after = || next.and_then(|next| inside.get(next.start as usize..));
        let ends = gap.is_none_or(|gap| ends_paragraph(gap, || after().unwrap_or_default()));
        if ends {
            let from = BytePos(range.start.0 + begun.start);
            let upto = BytePos(range.start.0 + word.end);
            parts.push((ByteRange::new(from, upto), count));
            first = None;
            count = 0;
        }
    }
    // Marks at the ends stay with what was found.
    if let Some((first, _)) = parts.first_mut() {
        first.start = range.start;
    }
    if let Some((last, _)) = parts.last_mut() {
        last.end = range.end;
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stretch_is_cut_where_paragraphs_end() {
        for (text, expected) in [
            ("“One two three.”", &[("“One two three.”", 3)][..]),
            (
                "One two.\n\nThree four five",
                &[("One two", 2), ("Three four five", 3)],
            ),
            ("One two.\nThree", &[("One two", 2), ("Three", 1)]),
            // A line that was broken.
            ("one two\nthree", &[("one two\nthree", 3)]),
            ("…", &[]),
        ] {
            let whole = ArticleText::new(text.to_owned());
            let parts = by_paragraph(&whole, whole.full_range());
            let found: Vec<_> = parts.iter().map(|(r, n)| (whole.slice(*r), *n)).collect();
            assert_eq!(found, expected);
        }
    }
}
