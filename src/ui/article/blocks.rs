//! The units of layout: a paragraph each, or a part of a very long one.
//!
//! A paragraph of over [`LONG`] bytes is cut at sentence ends (else at spaces, else anywhere between
//! graphemes), so that no frame lays out more than a page or two at once.

use crate::core::text::segment::grapheme_floor;
use crate::core::text::{ArticleText, BytePos, ByteRange};

const LONG: usize = 4_000;
const PART: usize = 2_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    /// The article's title as its first line.
    Headline,
    Blank,
    /// A part of a long paragraph that another part follows.
    Part,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Block {
    start: u32,
    end: u32,
    pub(super) kind: Kind,
}

impl Block {
    pub(super) fn start(&self) -> BytePos {
        BytePos(self.start)
    }

    pub(super) fn range(&self) -> ByteRange {
        ByteRange::new(BytePos(self.start), BytePos(self.end))
    }
}

#[derive(Debug, Default)]
pub(super) struct Blocks(Vec<Block>);

impl Blocks {
    pub(super) fn of(text: &ArticleText, title: &str) -> Self {
        let mut blocks = Vec::with_capacity(text.line_count());
        let mut headline = (!title.trim().is_empty()).then(|| title.trim());
        for line in 0..text.line_count() {
            let range = text.line_range(line);
            let content = text.slice(range);
            let (start, end) = (range.start.0, range.end.0);
            if content.trim().is_empty() && content.len() < LONG {
                blocks.push(Block {
                    start,
                    end,
                    kind: Kind::Blank,
                });
                continue;
            }
            let is_title = |title| content.trim().trim_start_matches('#').trim() == title;
            let is_headline = headline.take().is_some_and(is_title) && content.len() <= LONG;
            if is_headline {
                blocks.push(Block {
                    start,
                    end,
                    kind: Kind::Headline,
                });
            } else if content.len() <= LONG {
                blocks.push(Block {
                    start,
                    end,
                    kind: Kind::Text,
                });
            } else {
                cut(text, range, &mut blocks);
            }
        }
        Self(blocks)
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether the text has a headline: what is written first.
    pub(super) fn has_headline(&self) -> bool {
        let first = self.0.iter().find(|block| block.kind != Kind::Blank);
        first.is_some_and(|block| block.kind == Kind::Headline)
    }

    pub(super) fn get(&self, index: usize) -> Option<&Block> {
        self.0.get(index)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Block> {
        self.0.iter()
    }

    /// The block that holds a position. The end of a part belongs to the part that follows.
    pub(super) fn index_of(&self, at: BytePos) -> usize {
        self.0
            .partition_point(|block| block.start <= at.0)
            .saturating_sub(1)
    }
}

/// Cuts a long line into parts.
fn cut(text: &ArticleText, line: ByteRange, blocks: &mut Vec<Block>) {
    let mut start = line.start;
    while line.end.as_usize() - start.as_usize() > LONG {
        let at = |offset: usize| grapheme_floor(text, BytePos((start.as_usize() + offset) as u32));
        let window = ByteRange::new(at(PART / 2), at(PART));
        let slice = text.slice(window);
        let sentence = [". ", "! ", "? ", "” ", ".” ", "。", "؟ ", "। "]
            .iter()
            .filter_map(|end| slice.rfind(end).map(|i| i + end.len()))
            .max();
        let space = || slice.rfind(' ').map(|i| i + 1);
        let end = match sentence.or_else(space) {
            Some(offset) => grapheme_floor(text, BytePos(window.start.0 + offset as u32)),
            None => window.end,
        };
        // A single cluster may be longer than a part.
        let end = if end <= start { line.end } else { end };
        blocks.push(Block {
            start: start.0,
            end: end.0,
            kind: Kind::Part,
        });
        start = end;
    }
    if start < line.end {
        blocks.push(Block {
            start: start.0,
            end: line.end.0,
            kind: Kind::Text,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str) -> Blocks {
        check_titled("Title", text)
    }

    #[track_caller]
    fn check_titled(title: &str, text: &str) -> Blocks {
        let text = ArticleText::new(text.to_owned());
        let blocks = Blocks::of(&text, title);
        let mut at = 0;
        for block in blocks.iter() {
            let gap = block.start - at;
            assert!(gap <= 1, "a hole before {block:?}");
            assert!((block.end - block.start) as usize <= LONG);
            assert_eq!(
                grapheme_floor(&text, BytePos(block.end)),
                BytePos(block.end)
            );
            at = block.end;
        }
        assert_eq!(at as usize, text.len_bytes());
        blocks
    }

    #[test]
    fn blocks_cover_the_text() {
        let kinds: Vec<Kind> = check("\nTitle\n\nTitle\ntext")
            .iter()
            .map(|b| b.kind)
            .collect();
        assert_eq!(
            kinds,
            [
                Kind::Blank,
                Kind::Headline,
                Kind::Blank,
                Kind::Text,
                Kind::Text
            ]
        );
        assert!(check(&"One sentence here. ".repeat(50_000)).len() > 400);
        check(&"word ".repeat(50_000));
        check(&"漢字".repeat(50_000));
        check(&"👨🏻‍🚒".repeat(20_000));
        check(&format!("a{}", "\u{301}".repeat(1_500)));
        check("");
    }

    /// A text of one line of which somebody made its title, too.
    #[test]
    fn a_title_as_long_as_a_text_is_cut_as_one() {
        let text = "Words of it. ".repeat(50_000);
        let blocks = check_titled(&text, &text);
        assert!(blocks.iter().all(|block| block.kind != Kind::Headline));
    }
}
