//! The caret and the selection in an article, and how keys move them.
//!
//! Pure over positions: the view asks the layout only for motions by row and page. A selection is
//! ours, so it survives scrolling. Every position is a grapheme boundary of the text.

use super::{ArticleText, BytePos, ByteRange, segment};

/// A caret, and the other end of what is selected.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    pub anchor: BytePos,
    pub caret: BytePos,
    /// The ranges that growing came from, for shrinking.
    grown_from: Vec<ByteRange>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    Grapheme,
    Word,
    Sentence,
    Paragraph,
    Text,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    Back,
    Forward,
}

impl Selection {
    pub fn caret_at(at: BytePos) -> Self {
        Self {
            anchor: at,
            caret: at,
            grown_from: Vec::new(),
        }
    }

    pub fn of(range: ByteRange) -> Self {
        Self {
            anchor: range.start,
            caret: range.end,
            grown_from: Vec::new(),
        }
    }

    pub fn range(&self) -> ByteRange {
        ByteRange::new(self.anchor, self.caret)
    }

    pub fn is_empty(&self) -> bool {
        self.anchor == self.caret
    }

    /// The selection after the caret went to `to`; `extend` keeps the anchor where it is.
    pub fn moved_to(&self, to: BytePos, extend: bool) -> Self {
        Self {
            anchor: if extend { self.anchor } else { to },
            caret: to,
            grown_from: Vec::new(),
        }
    }

    /// The selection after a motion key. Without `extend`, a motion by grapheme over a selection
    /// only drops it, at the end it points to.
    pub fn stepped(
        &self,
        text: &ArticleText,
        unit: Unit,
        direction: Direction,
        extend: bool,
    ) -> Self {
        if !extend && !self.is_empty() && unit == Unit::Grapheme {
            let range = self.range();
            return Self::caret_at(match direction {
                Direction::Back => range.start,
                Direction::Forward => range.end,
            });
        }
        self.moved_to(step(text, self.caret, unit, direction), extend)
    }

    /// The next larger unit around what is selected.
    pub fn grown(&self, text: &ArticleText) -> Self {
        let from = self.range();
        let range = segment::expand(text, from);
        if range == from {
            return self.clone();
        }
        let mut grown = Self::of(range);
        grown.grown_from = self.grown_from.clone();
        grown.grown_from.push(from);
        grown
    }

    /// Back to what was selected before it was grown; else to a caret at the start.
    pub fn shrunk(&self) -> Self {
        let mut from = self.grown_from.clone();
        match from.pop() {
            Some(range) => {
                let mut shrunk = Self::of(range);
                shrunk.grown_from = from;
                shrunk
            }
            None => Self::caret_at(self.range().start),
        }
    }
}

/// One step from a position.
pub fn step(text: &ArticleText, at: BytePos, unit: Unit, direction: Direction) -> BytePos {
    use Direction::{Back, Forward};
    match (unit, direction) {
        (Unit::Grapheme, Back) => segment::prev_grapheme(text, at),
        (Unit::Grapheme, Forward) => segment::next_grapheme(text, at),
        (Unit::Word, Back) => segment::prev_word(text, at),
        (Unit::Word, Forward) => segment::next_word(text, at),
        (Unit::Sentence, Back) => segment::prev_sentence(text, at),
        (Unit::Sentence, Forward) => segment::next_sentence(text, at),
        (Unit::Paragraph, Back) => segment::prev_paragraph(text, at),
        (Unit::Paragraph, Forward) => segment::next_paragraph(text, at),
        (Unit::Text, Back) => BytePos(0),
        (Unit::Text, Forward) => text.end(),
    }
}

/// How far a mouse selection reaches: by how often the button was clicked, or by the codebook.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Granularity {
    #[default]
    Character,
    Word,
    Clause,
    Sentence,
    Paragraph,
}

/// The range selected by a drag from `from` to `to`, snapped outwards to whole units.
pub fn snapped(
    text: &ArticleText,
    from: BytePos,
    to: BytePos,
    granularity: Granularity,
) -> ByteRange {
    let range = ByteRange::new(from, to);
    match granularity {
        Granularity::Character => range,
        Granularity::Word => segment::complete_quotes(text, segment::snap_to_words(text, range)),
        Granularity::Clause => segment::clause_around(text, segment::snap_to_words(text, range)),
        Granularity::Sentence => {
            segment::sentence_at(text, range.start).union(segment::sentence_at(text, range.end))
        }
        Granularity::Paragraph => {
            segment::paragraph_at(text, range.start).union(segment::paragraph_at(text, range.end))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn growing_and_shrinking_are_inverse() {
        let text = ArticleText::new("He said “a neocolonial approach” to it. And left.".to_owned());
        let start = Selection::caret_at(BytePos(14));
        let mut grown = vec![start.clone()];
        while let Some(last) = grown.last()
            && last.grown(&text) != *last
        {
            let next = last.grown(&text);
            grown.push(next);
        }
        let texts: Vec<&str> = grown.iter().map(|s| text.slice(s.range())).collect();
        assert_eq!(
            texts,
            [
                "",
                "neocolonial",
                "“a neocolonial approach”",
                "He said “a neocolonial approach” to it",
                "He said “a neocolonial approach” to it.",
                "He said “a neocolonial approach” to it. And left.",
            ]
        );
        while let Some(last) = grown.pop()
            && let Some(before) = grown.last()
        {
            assert_eq!(last.shrunk().range(), before.range());
        }
    }

    #[test]
    fn a_drag_takes_whole_units() {
        let text = ArticleText::new("He came, no ferry sails, he said. So.\nEnd.".to_owned());
        for (granularity, expected) in [
            (Granularity::Character, "rry sai"),
            (Granularity::Word, "ferry sails"),
            (Granularity::Clause, "no ferry sails"),
            (Granularity::Sentence, "He came, no ferry sails, he said."),
            (
                Granularity::Paragraph,
                "He came, no ferry sails, he said. So.",
            ),
        ] {
            for (from, to) in [(14, 21), (21, 14)] {
                let range = snapped(&text, BytePos(from), BytePos(to), granularity);
                assert_eq!(text.slice(range), expected, "{granularity:?}");
            }
        }
    }

    #[test]
    fn a_plain_arrow_drops_the_selection_at_its_end() {
        let text = ArticleText::new("one two".to_owned());
        let selection = Selection::of(ByteRange::new(BytePos(0), BytePos(3)));
        let right = selection.stepped(&text, Unit::Grapheme, Direction::Forward, false);
        assert_eq!((right.anchor, right.caret), (BytePos(3), BytePos(3)));
        let more = selection.stepped(&text, Unit::Word, Direction::Forward, true);
        assert_eq!(text.slice(more.range()), "one ");
    }
}
