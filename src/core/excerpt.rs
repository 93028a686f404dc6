//! Words as they stand in their text, for previews: what is marked, what another proposal would mark,
//! and what stands around. Pure; knows no colours.

use crate::core::text::segment::snap_to_words;
use crate::core::text::{ArticleText, BytePos, ByteRange, CharPos};

/// A stretch of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    pub range: ByteRange,
    pub is_marked: bool,
    /// It is in what the marked is compared with.
    pub is_in_other: bool,
}

/// The text around all of it, so many characters on each side and whole words, cut where one of them
/// begins or ends.
pub fn pieces(
    text: &ArticleText,
    marked: &[ByteRange],
    other: &[ByteRange],
    around: u32,
) -> Vec<Piece> {
    let all = || marked.iter().chain(other);
    let (Some(start), Some(end)) = (
        all().map(|range| range.start).min(),
        all().map(|range| range.end).max(),
    ) else {
        return Vec::new();
    };
    let from = text.char_pos(start).0.saturating_sub(around);
    let upto = text.char_pos(end).0.saturating_add(around);
    let from = text.byte_pos(CharPos(from)).unwrap_or(start);
    let upto = text.byte_pos(CharPos(upto)).unwrap_or(text.end());
    let (from, upto) = if around > 0 {
        let words = snap_to_words(text, ByteRange::new(from, upto));
        (words.start.min(start), words.end.max(end))
    } else {
        (start, end)
    };
    let mut cuts: Vec<BytePos> = all().flat_map(|range| [range.start, range.end]).collect();
    cuts.extend([from, upto]);
    cuts.sort_unstable();
    cuts.dedup();
    let stretches = cuts.iter().zip(cuts.iter().skip(1));
    let covers = |ranges: &[ByteRange], stretch| ranges.iter().any(|range| range.covers(stretch));
    let piece = |(start, end): (&BytePos, &BytePos)| {
        let range = ByteRange::new(*start, *end);
        Piece {
            range,
            is_marked: covers(marked, range),
            is_in_other: covers(other, range),
        }
    };
    stretches.map(piece).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_moves_stands_in_its_text() {
        let text = ArticleText::new("Ada said “no, thanks” on Monday.".to_owned());
        let at = |part: &str| {
            let start = text.as_str().find(part).unwrap();
            let end = BytePos((start + part.len()) as u32);
            ByteRange::new(BytePos(start as u32), end)
        };
        let check = |marked: &[&str], other: &[&str], around: u32, expected: &str| {
            let ranges = |parts: &[&str]| parts.iter().map(|p| at(p)).collect::<Vec<_>>();
            let pieces = pieces(&text, &ranges(marked), &ranges(other), around);
            let shown = pieces.iter().map(|piece| {
                let words = text.slice(piece.range);
                match (piece.is_marked, piece.is_in_other) {
                    (true, true) => format!("[{words}]"),
                    (true, false) => format!("-{words}-"),
                    (false, true) => format!("+{words}+"),
                    (false, false) => words.to_owned(),
                }
            });
            assert_eq!(shown.collect::<Vec<_>>().join("|"), expected);
        };
        check(&[], &[], 9, "");
        check(
            &["“no, thanks”"],
            &["no, thanks"],
            5,
            "said |-“-|[no, thanks]|-”-| on Monday",
        );
        check(
            &["no"],
            &["“no, thanks”"],
            99,
            "Ada said |+“+|[no]|+, thanks”+| on Monday.",
        );
        check(&["no", "on"], &["no", "on"], 0, "[no]|, thanks” |[on]");
    }
}
