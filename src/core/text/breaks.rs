//! Where lines may be broken: UAX #14 through `icu_segmenter`, with its dictionaries for Thai, Lao, Khmer
//! and Burmese.
//!
//! Pure over strings: knows no width. The segmenter has the rules of Unicode 15.1; of those that came
//! later the ones that are met in news are added here: quotation marks of Chinese and its like (LB19a),
//! hyphens before a word (LB20a), and within Hebrew ones (LB21a).

use icu_segmenter::options::LineBreakOptions;
use icu_segmenter::{LineSegmenter, LineSegmenterBorrowed};
use std::borrow::Cow;
use std::sync::LazyLock;
use unicode_normalization::char::is_combining_mark;

/// Finding the tables takes longer than a line does.
static LINES: LazyLock<LineSegmenterBorrowed<'static>> =
    LazyLock::new(|| LineSegmenter::new_dictionary(LineBreakOptions::default()));

/// The places in a text before which a line may begin, in bytes, and its end. They rise.
pub fn line_breaks(text: &str) -> Vec<usize> {
    let mut found: Vec<usize> = LINES.segment_str(&turned(text)).collect();
    if text.contains(is_hyphen) {
        mend_hyphens(text, &mut found);
    }
    found
}

fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '\u{2010}' | '\u{5be}')
}

/// Letters and marks of Chinese, Japanese and Korean, which are as wide as they are high.
fn is_wide(c: char) -> bool {
    matches!(c, '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{303e}' | '\u{3041}'..='\u{a4cf}'
        | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe4f}'
        | '\u{ff01}'..='\u{ffdc}' | '\u{20000}'..='\u{3fffd}')
}

/// A text whose quotation marks among wide letters are brackets, at which lines are broken: they are
/// as long.
fn turned(text: &str) -> Cow<'_, str> {
    let is_quote = |c: char| matches!(c, '“' | '‘' | '”' | '’');
    if !text.contains(is_quote) || !text.contains(is_wide) {
        return text.into();
    }
    let mut turned = String::with_capacity(text.len());
    let mut last = None;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let is_among = last.is_some_and(is_wide) && chars.peek().copied().is_some_and(is_wide);
        turned.push(match c {
            '“' | '‘' if is_among => '「',
            '”' | '’' if is_among => '」',
            _ => c,
        });
        last = Some(c);
    }
    turned.into()
}

/// A letter of which words are made; not one that stands for a syllable, or is a part of one.
fn is_of_alphabet(c: char) -> bool {
    matches!(c, '\0'..='\u{10ff}' | '\u{1e00}'..='\u{1fff}' | '\u{fb00}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}')
        && c.is_alphabetic()
}

fn mend_hyphens(text: &str, breaks: &mut Vec<usize>) {
    let is_hebrew = |c: char| matches!(c, '\u{5d0}'..='\u{5ea}' | '\u{fb1d}'..='\u{fb4f}');
    for (at, hyphen) in text.char_indices().filter(|(_, c)| is_hyphen(*c)) {
        let (before, behind) = text.split_at(at);
        let rest = behind.get(hyphen.len_utf8()..).unwrap_or_default();
        let word = rest.trim_start_matches(is_combining_mark);
        let Some(next) = word.chars().next() else {
            continue;
        };
        let place = text.len() - word.len();
        let last = before
            .trim_end_matches(is_combining_mark)
            .chars()
            .next_back();
        let known = breaks.binary_search(&place);
        // Before a word it is a part of it.
        if last.is_none_or(char::is_whitespace) && is_of_alphabet(next) {
            if let Ok(known) = known {
                breaks.remove(known);
            }
        } else if last.is_some_and(is_hebrew)
            && is_hebrew(next)
            && let Err(new) = known
        {
            breaks.insert(new, place);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_broken_as_news_are() {
        for (text, parts) in [
            ("one two-three", &["one ", "two-", "three"][..]),
            (
                "他说：“学习”很好",
                &["他", "说：", "“学", "习”", "很", "好"],
            ),
            ("the “word” of it", &["the ", "“word” ", "of ", "it"]),
            ("«אב־גד» הו-זח", &["«אב־", "גד» ", "הו-", "זח"]),
            (
                "it is -ness or - or",
                &["it ", "is ", "-ness ", "or ", "- ", "or"],
            ),
            ("-אב", &["-אב"]),
            ("a\u{a0}b 12-13 -5", &["a\u{a0}b ", "12-13 ", "-5"]),
            ("นายกรัฐมนตรีกล่าวว่า", &["นายก", "รัฐมนตรี", "กล่าว", "ว่า"]),
            ("", &[]),
        ] {
            let found = line_breaks(text);
            let from = std::iter::once(0).chain(found.iter().copied().filter(|at| *at > 0));
            let ends = found.iter().copied().filter(|at| *at > 0);
            let pieces = from.zip(ends).map(|(from, to)| text.get(from..to).unwrap());
            assert_eq!(pieces.collect::<Vec<_>>(), parts, "{text}");
        }
    }
}
