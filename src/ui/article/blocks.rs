//! The units of layout: a paragraph each, or a part of a very long one.
//!
//! A paragraph of over [`LONG`] bytes is cut, so that no frame lays out more than a page or two at
//! once: at sentence ends at first (else at spaces, else anywhere between graphemes), and where its
//! lines begin as soon as it comes into view, so that no line ends where none would. Lines follow from
//! where the first of them begins, so they are found from the beginning of the paragraph on, a section
//! after the other. Whoever jumps into the middle of a very long one sees a section that begins with a
//! sentence, until the section before it is seen and its last line is known.

use crate::core::text::bidi::Levels;
use crate::core::text::segment::grapheme_floor;
use crate::core::text::{ArticleText, BytePos, ByteRange};
use std::ops::Range;

const LONG: usize = 4_000;
const PART: usize = 2_000;
/// Parts of a long paragraph whose lines are found at once: about a page, since what is not seen can wait.
const PARTS: usize = 2;
/// Sections whose lines are found on the way to one that is jumped into.
const BEFORE: usize = 1;
/// A paragraph of at most so many sections is found whole: more would be seen as a pause.
const WHOLE: usize = 8;

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

    #[cfg(test)]
    pub(super) fn of_all(text: &ArticleText) -> Self {
        Self {
            start: 0,
            end: text.end().0,
            kind: Kind::Text,
        }
    }
}

#[derive(Debug, Default)]
pub(super) struct Blocks {
    all: Vec<Block>,
    long: Vec<Long>,
}

/// Blocks of a long paragraph whose lines are found together.
#[derive(Debug)]
struct Long {
    blocks: Range<usize>,
    /// Where the blocks were cut at first.
    cuts: Vec<u32>,
    /// The end of the paragraph, and whether this is its last section.
    end: u32,
    is_last: bool,
    settled: Option<Settled>,
}

/// A text whose lines are to be found.
#[derive(Clone, Copy, Debug)]
pub(super) struct Section {
    pub(super) range: ByteRange,
}

/// Where the lines of a section begin.
#[derive(Debug)]
pub(super) struct Settled {
    pub(super) from: u32,
    pub(super) lines: Vec<u32>,
    /// Where they may. They rise.
    pub(super) may_break: Vec<u32>,
    pub(super) levels: Levels,
}

impl Settled {
    /// Where lines begin in a part, and where they may, in bytes of it, and its levels.
    pub(super) fn part(&self, range: ByteRange) -> (Vec<usize>, (Levels, Vec<usize>)) {
        let (start, end) = (range.start.0, range.end.0);
        let here = |all: &[u32]| {
            let from = all.partition_point(|at| *at < start);
            let upto = all.partition_point(|at| *at < end);
            let here = all.get(from..upto).unwrap_or_default().iter();
            here.map(|at| (at - start) as usize).collect()
        };
        let from = start.saturating_sub(self.from) as usize;
        let levels = self.levels.part(from..from + range.len());
        (here(&self.lines), (levels, here(&self.may_break)))
    }

    /// Where the first line begins at a place or behind it.
    fn line_from(&self, at: u32) -> Option<u32> {
        self.lines
            .get(self.lines.partition_point(|line| *line < at))
            .copied()
    }
}

impl Blocks {
    pub(super) fn of(text: &ArticleText, title: &str) -> Self {
        let mut blocks = Vec::with_capacity(text.line_count());
        let mut long = Vec::new();
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
                let first = blocks.len();
                cut(text, range, &mut blocks);
                let mut from = first;
                while from < blocks.len() {
                    let to = (from + PARTS).min(blocks.len());
                    let parts = blocks.get(from..to).unwrap_or_default();
                    long.push(Long {
                        blocks: from..to,
                        cuts: parts.iter().map(|part| part.start).collect(),
                        end,
                        is_last: to == blocks.len(),
                        settled: None,
                    });
                    from = to;
                }
            }
        }
        Self { all: blocks, long }
    }

    fn long_of(&self, index: usize) -> Option<usize> {
        let at = self.long.partition_point(|long| long.blocks.end <= index);
        let long = self.long.get(at)?;
        long.blocks.contains(&index).then_some(at)
    }

    /// What is known of the lines of a block.
    pub(super) fn settled(&self, index: usize) -> Option<&Settled> {
        self.long.get(self.long_of(index)?)?.settled.as_ref()
    }

    /// The text whose lines are to be found next before a block is laid out, and a block of it: a section
    /// begins where the one before ends, so those before it come first, as far as that takes no time.
    pub(super) fn unsettled(&self, index: usize) -> Option<(usize, Section)> {
        let mut at = self.long_of(index)?;
        let is_open = |at: usize| self.long.get(at).is_some_and(|long| long.settled.is_none());
        if !is_open(at) {
            return None;
        }
        for _ in 0..self.on_the_way(at) {
            if !self.follows(at) || !is_open(at - 1) {
                break;
            }
            at -= 1;
        }
        let long = self.long.get(at)?;
        let from = self.all.get(long.blocks.start)?.start;
        let end = if long.is_last {
            long.end
        } else {
            // Up to where the first line of the next begins.
            let next = self.long.get(at + 1)?.cuts.get(1).copied();
            next.unwrap_or(long.end)
        };
        let section = Section {
            range: ByteRange::new(BytePos(from), BytePos(end)),
        };
        Some((long.blocks.start, section))
    }

    /// How many sections before one are to be found first: all of the paragraph, unless it is very long.
    fn on_the_way(&self, at: usize) -> usize {
        let is_start = |n: &usize| !self.follows(at.saturating_sub(*n));
        let before = (0..WHOLE).find(is_start);
        let behind = self.long.get(at..).unwrap_or_default();
        let behind = behind.iter().take(WHOLE).position(|long| long.is_last);
        match before.zip(behind) {
            Some((before, behind)) if before + behind < WHOLE => before,
            _ => BEFORE,
        }
    }

    /// The lines of the section of a block are known: its blocks begin where a line does.
    pub(super) fn settle(&mut self, index: usize, settled: Settled) {
        let Some(at) = self.long_of(index) else {
            return;
        };
        let Some(long) = self.long.get(at) else {
            return;
        };
        let first = long.blocks.start;
        let next = long.cuts.iter().skip(1).map(|cut| settled.line_from(*cut));
        let starts: Vec<u32> = next.map(|start| start.unwrap_or(long.end)).collect();
        for (n, start) in starts.into_iter().enumerate() {
            self.move_start(first + n + 1, start);
        }
        let Some(long) = self.long.get_mut(at) else {
            return;
        };
        let (last, is_last) = (long.blocks.end, long.is_last);
        let end = long.end;
        long.settled = Some(settled);
        if is_last {
            return;
        }
        // The next section begins where the last line ends, whatever was thought before.
        let Some(next) = self.long.get(at + 1) else {
            return;
        };
        let cut = next.cuts.first().copied().unwrap_or(end);
        let settled = self.long.get(at).and_then(|long| long.settled.as_ref());
        let start = settled
            .and_then(|settled| settled.line_from(cut))
            .unwrap_or(end);
        self.move_start(last, start);
        if let Some(next) = self.long.get_mut(at + 1)
            && next
                .settled
                .as_ref()
                .is_some_and(|known| known.from != start)
        {
            next.settled = None;
        }
    }

    fn move_start(&mut self, index: usize, start: u32) {
        if let Some(before) = index.checked_sub(1).and_then(|at| self.all.get_mut(at)) {
            before.end = start;
        }
        if let Some(block) = self.all.get_mut(index) {
            block.start = start;
        }
    }

    /// Lines are broken otherwise from now on.
    pub(super) fn unsettle(&mut self) {
        for at in 0..self.long.len() {
            let Some(long) = self.long.get_mut(at) else {
                continue;
            };
            if long.settled.take().is_none() {
                continue;
            }
            // The first block too, and that of the next section, which was moved with the last line.
            let (blocks, cuts) = (long.blocks.clone(), long.cuts.clone());
            let is_first = at == 0 || !self.follows(at);
            for (index, start) in blocks.clone().zip(cuts).skip(usize::from(is_first)) {
                self.move_start(index, start);
            }
            if self.follows(at + 1)
                && let Some(start) = self
                    .long
                    .get(at + 1)
                    .and_then(|next| next.cuts.first())
                    .copied()
            {
                self.move_start(blocks.end, start);
            }
        }
    }

    /// Whether a section goes on with the paragraph of the one before it.
    fn follows(&self, at: usize) -> bool {
        let before = at.checked_sub(1).and_then(|before| self.long.get(before));
        before.is_some_and(|before| !before.is_last) && at < self.long.len()
    }

    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    /// Whether the text has a headline: what is written first.
    pub(super) fn has_headline(&self) -> bool {
        let first = self.all.iter().find(|block| block.kind != Kind::Blank);
        first.is_some_and(|block| block.kind == Kind::Headline)
    }

    pub(super) fn get(&self, index: usize) -> Option<&Block> {
        self.all.get(index)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Block> {
        self.all.iter()
    }

    /// The block that holds a position. The end of a part belongs to the part that follows.
    pub(super) fn index_of(&self, at: BytePos) -> usize {
        self.all
            .partition_point(|block| block.start <= at.0)
            .saturating_sub(1)
    }

    /// The same for a position that is not before a block: the nearer it is the quicker.
    pub(super) fn index_from(&self, at: BytePos, from: usize) -> usize {
        let rest = self.all.get(from..).unwrap_or_default();
        let is_before = |block: &Block| block.start <= at.0;
        let mut beyond = 1;
        while rest.get(beyond).is_some_and(is_before) {
            beyond *= 2;
        }
        let half = beyond / 2;
        let between = rest.get(half..beyond.min(rest.len())).unwrap_or_default();
        from + half + between.partition_point(is_before).saturating_sub(1)
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
        for (index, block) in blocks.iter().enumerate() {
            for from in [0, index / 3, index / 2, index.saturating_sub(1), index] {
                for at in [block.start, u32::midpoint(block.start, block.end)].map(BytePos) {
                    assert_eq!(blocks.index_from(at, from), blocks.index_of(at));
                }
            }
        }
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
