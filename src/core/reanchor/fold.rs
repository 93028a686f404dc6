//! A text without what typists and editors change unseen, with the way back to the original.
//!
//! Runs of white space are one space; quotation marks, dashes and ellipses are their typewriter
//! forms; composed and decomposed letters are the same; marks without width are gone. Knows nothing
//! of annotations. Everything it maps back to lies on grapheme boundaries.

use crate::core::text::{BytePos, ByteRange};
use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

/// A folded text, and for each of its bytes the stretch of the original that it came from.
#[derive(Debug, Default)]
pub(super) struct Folded {
    pub(super) text: String,
    starts: Vec<u32>,
    ends: Vec<u32>,
}

impl Folded {
    pub(super) fn new(source: &str) -> Self {
        let mut folded = Self {
            text: String::with_capacity(source.len()),
            starts: Vec::with_capacity(source.len()),
            ends: Vec::with_capacity(source.len()),
        };
        let bytes = source.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            // A character of ASCII before another one stands alone; no clusters need be looked for.
            let stretch = bytes.get(at..).unwrap_or(&[]);
            let ascii = stretch.iter().take_while(|b| b.is_ascii()).count();
            let alone = match stretch.get(ascii) {
                Some(_) => ascii.saturating_sub(1),
                None => ascii,
            };
            if alone > 0 {
                for (i, &b) in stretch.iter().take(alone).enumerate() {
                    let start = (at + i) as u32;
                    folded.push(char::from(b), start, start + 1);
                }
                at += alone;
                continue;
            }
            // Up to the next two characters of ASCII in a row.
            let length = stretch
                .windows(2)
                .skip(1)
                .position(|pair| pair.iter().all(u8::is_ascii))
                .map_or(stretch.len(), |i| i + 2);
            let cluster_source = source.get(at..at + length).unwrap_or("");
            for (i, cluster) in cluster_source.grapheme_indices(true) {
                let start = (at + i) as u32;
                folded.push_cluster(cluster, start, start + cluster.len() as u32);
            }
            at += length.max(1);
        }
        folded
    }

    fn push_cluster(&mut self, cluster: &str, start: u32, end: u32) {
        if cluster.chars().all(|c| mark_for(c).is_some()) {
            for c in cluster.chars() {
                self.push(c, start, end);
            }
            return;
        }
        for c in cluster.nfkc() {
            self.push(c, start, end);
        }
    }

    fn push(&mut self, c: char, start: u32, end: u32) {
        let c = if c.is_whitespace() {
            ' '
        } else {
            match mark_for(c) {
                Some('\0') => return,
                Some(mark) => mark,
                None => c,
            }
        };
        // Runs of white space and of dashes are one.
        if matches!(c, ' ' | '-') && self.text.ends_with(c) {
            if let Some(last) = self.ends.last_mut() {
                *last = end;
            }
            return;
        }
        self.text.push(c);
        for _ in 0..c.len_utf8() {
            self.starts.push(start);
            self.ends.push(end);
        }
    }

    /// What a stretch of the folded text was in the original. `None` when it is empty.
    pub(super) fn original(&self, from: usize, to: usize) -> Option<ByteRange> {
        let start = *self.starts.get(from)?;
        let end = *self.ends.get(to.checked_sub(1)?)?;
        (start < end).then(|| ByteRange::new(BytePos(start), BytePos(end)))
    }

    /// Where a position of the original stands in the folded text, on a character boundary.
    pub(super) fn position_of(&self, at: BytePos) -> usize {
        let mut at = self.starts.partition_point(|&start| start < at.0);
        while !self.text.is_char_boundary(at) {
            at += 1;
        }
        at
    }
}

/// A short text folded, without white space at its ends.
pub(super) fn fold(text: &str) -> String {
    let folded = Folded::new(text).text;
    match folded.trim() {
        trimmed if trimmed.len() == folded.len() => folded,
        trimmed => trimmed.to_owned(),
    }
}

/// The typewriter form of a mark; NUL for what has no width.
fn mark_for(c: char) -> Option<char> {
    Some(match c {
        '"' | '“' | '”' | '„' | '‟' | '«' | '»' | '″' | '〝' | '〞' | '〟' | '＂' => {
            '"'
        }
        '\'' | '‘' | '’' | '‚' | '‛' | '‹' | '›' | 'ʼ' | '′' | '`' | '´' | '＇' => {
            '\''
        }
        '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FE58}' | '\u{FE63}' | '\u{FF0D}' => '-',
        '\u{AD}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2060}' | '\u{FEFF}' => '\0',
        '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => '\0',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(Folded::new(text).text, expected, "{text:?}");
    }

    #[test]
    fn what_editors_change_is_folded() {
        check("plain", "plain");
        check("“It’s” he said", "\"It's\" he said");
        check("a \u{A0}\n\tb", "a b");
        check("one—two -- three", "one-two - three");
        check("wait…", "wait...");
        check("cafe\u{301}", "café");
        check("caf\u{e9}", "café");
        check("so\u{AD}ft", "soft");
        check("», «", "\", \"");
        check("漢字 👨🏻‍🚒", "漢字 👨🏻‍🚒");
        check("", "");
    }

    proptest! {
        #[test]
        fn everything_leads_back(text in "(\\PC|[a-e“’… \n\u{A0}\u{301}👨\u{200D}🚒]){0,60}") {
            let folded = Folded::new(&text);
            prop_assert_eq!(folded.starts.len(), folded.text.len());
            for (i, c) in folded.text.char_indices() {
                let range = folded.original(i, i + c.len_utf8()).unwrap();
                prop_assert!(text.get(range.as_usize()).is_some());
                prop_assert!(folded.position_of(range.start) <= i);
            }
            let again = Folded::new(&folded.text).text;
            prop_assert_eq!(again.chars().count() <= folded.text.chars().count(), true);
        }
    }
}
