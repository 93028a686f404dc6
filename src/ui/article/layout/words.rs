//! A block set word by word, for text whose glyphs are not its characters one by one.
//!
//! Its indices come from the words that it has set, and never from a galley (invariant 5).

use super::BlockLayout;
use crate::core::text::segment::next_grapheme;
use crate::core::text::{ArticleText, BytePos, ByteRange};
use eframe::egui::text::LayoutJob;
use eframe::egui::{Color32, Galley, Painter, Pos2, Rect, Ui, Vec2, pos2, vec2};
use std::sync::Arc;

/// A word or a space between words, set by itself.
struct Word {
    range: ByteRange,
    rect: Rect,
    galley: Arc<Galley>,
    is_rtl: bool,
    is_space: bool,
    /// The grapheme boundaries of the word, ends included.
    stops: Vec<BytePos>,
}

/// A block set word by word: every position valid, exact between words, by equal shares inside.
pub(super) struct Words {
    words: Vec<Word>,
    range: ByteRange,
    row_height: f32,
    /// The top of each row.
    tops: Vec<f32>,
    width: f32,
    is_rtl: bool,
    height: f32,
}

fn is_rtl(c: char) -> Option<bool> {
    match c as u32 {
        0x0590..=0x08FF
        | 0xFB1D..=0xFDFF
        | 0xFE70..=0xFEFC
        | 0x10800..=0x10FFF
        | 0x1E800..=0x1EFFF => Some(true),
        _ if c.is_alphabetic() => Some(false),
        _ => None,
    }
}

impl Words {
    pub(super) fn set(
        ui: &Ui,
        text: &ArticleText,
        range: ByteRange,
        width: f32,
        row_height: f32,
        gap: f32,
        job: &dyn Fn(&str, f32) -> LayoutJob,
    ) -> Self {
        let content = text.slice(range);
        let base_rtl = content.chars().find_map(is_rtl).unwrap_or(false);
        let mut words = Vec::new();
        let mut x = 0.0;
        let mut row = 0;
        for piece in pieces(text, range) {
            let slice = text.slice(piece);
            let galley = ui
                .ctx()
                .fonts_mut(|fonts| fonts.layout_job(job(slice, f32::INFINITY)));
            let advance = galley.rect.width();
            let is_space = slice.trim().is_empty();
            if x > 0.0 && !is_space && x + advance > width {
                row += 1;
                x = 0.0;
            }
            let left = if base_rtl { width - x - advance } else { x };
            let top = row as f32 * row_height;
            words.push(Word {
                range: piece,
                rect: Rect::from_min_size(pos2(left, top), vec2(advance, row_height)),
                galley,
                is_rtl: slice.chars().find_map(is_rtl).unwrap_or(base_rtl),
                is_space,
                stops: graphemes(text, piece),
            });
            x += advance;
        }
        let rows = row + 1;
        Self {
            words,
            range,
            row_height,
            tops: (0..rows).map(|row| row as f32 * row_height).collect(),
            width,
            is_rtl: base_rtl,
            height: (rows as f32 * row_height + gap).round(),
        }
    }

    /// Moves the rows down that come after one with underlines below each other.
    pub(super) fn make_room(&mut self, stacked: &[ByteRange], room: f32) {
        let mut down = 0.0;
        let mut words = self.words.iter_mut().peekable();
        for top in &mut self.tops {
            let before = *top;
            *top += down;
            let mut is_stacked = false;
            while let Some(word) = words.next_if(|word| word.rect.top() < before + 0.5) {
                word.rect = word.rect.translate(vec2(0.0, down));
                is_stacked |= stacked.iter().any(|range| range.intersects(word.range));
            }
            if is_stacked {
                down += room;
            }
        }
        self.height += down;
    }

    fn x_in(word: &Word, at: BytePos) -> f32 {
        let steps = word.stops.len().saturating_sub(1).max(1);
        let step = word.stops.partition_point(|stop| *stop < at).min(steps);
        let share = step as f32 / steps as f32;
        let share = if word.is_rtl { 1.0 - share } else { share };
        word.rect.left() + share * word.rect.width()
    }

    fn rect_at(&self, at: BytePos, at_end: bool) -> Rect {
        let found = self.words.iter().find(|word| {
            if at_end {
                at <= word.range.end
            } else {
                at < word.range.end
            }
        });
        let x_of = |word: &Word| {
            let x = Self::x_in(word, at);
            Rect::from_min_max(pos2(x, word.rect.top()), pos2(x, word.rect.bottom()))
        };
        match found.or(self.words.last()) {
            Some(word) => x_of(word),
            None => {
                let x = if self.is_rtl { self.width } else { 0.0 };
                Rect::from_min_size(pos2(x, 0.0), vec2(0.0, self.row_height))
            }
        }
    }
}

fn graphemes(text: &ArticleText, range: ByteRange) -> Vec<BytePos> {
    let mut stops = vec![range.start];
    let mut at = range.start;
    while at < range.end {
        at = next_grapheme(text, at).min(range.end);
        stops.push(at);
    }
    stops
}

/// Words and the spaces between them, cut so that no cluster is cut and none is too long.
fn pieces(text: &ArticleText, range: ByteRange) -> Vec<ByteRange> {
    const MAX_PIECE: usize = 120;
    let mut pieces: Vec<ByteRange> = Vec::new();
    let mut start = range.start;
    let mut at = range.start;
    let is_space = |a: BytePos, b: BytePos| text.slice(ByteRange::new(a, b)).trim().is_empty();
    while at < range.end {
        let next = next_grapheme(text, at).min(range.end);
        let changes = at > start && is_space(start, at) != is_space(at, next);
        if changes || at.as_usize() - start.as_usize() > MAX_PIECE {
            pieces.push(ByteRange::new(start, at));
            start = at;
        }
        at = next;
    }
    if start < range.end {
        pieces.push(ByteRange::new(start, range.end));
    }
    pieces
}

impl BlockLayout for Words {
    fn caret_at(&self, point: Vec2) -> BytePos {
        let row = self.tops.partition_point(|top| *top <= point.y);
        let top = self.tops.get(row.saturating_sub(1)).copied();
        let top = top.unwrap_or_default();
        let in_row = self
            .words
            .iter()
            .filter(|word| (word.rect.top() - top).abs() < 0.5);
        let nearest = in_row.min_by(|a, b| {
            let distance =
                |word: &Word| (point.x - point.x.clamp(word.rect.left(), word.rect.right())).abs();
            distance(a).total_cmp(&distance(b))
        });
        let Some(word) = nearest else {
            return self.range.start;
        };
        let share = ((point.x - word.rect.left()) / word.rect.width().max(1.0)).clamp(0.0, 1.0);
        let share = if word.is_rtl { 1.0 - share } else { share };
        let step = (share * (word.stops.len().saturating_sub(1)) as f32).round() as usize;
        word.stops.get(step).copied().unwrap_or(word.range.end)
    }

    fn rects(&self, range: ByteRange, rects: &mut Vec<Rect>) {
        let mut words = self.words.iter().peekable();
        while let Some(word) = words.next() {
            // The space at the end of a row is not seen.
            let next = words.peek();
            let ends_row = next.is_none_or(|next| next.rect.top() > word.rect.top());
            if !word.range.intersects(range) || (word.is_space && ends_row) {
                continue;
            }
            let part = range.clamp_to(word.range);
            let (a, b) = (Self::x_in(word, part.start), Self::x_in(word, part.end));
            let rect = Rect::from_min_max(
                pos2(a.min(b), word.rect.top()),
                pos2(a.max(b), word.rect.bottom()),
            );
            match rects.last_mut() {
                // Words that touch in a row become one rectangle.
                Some(last)
                    if last.top() == rect.top() && (last.right() - rect.left()).abs() < 0.5 =>
                {
                    last.max.x = rect.right();
                }
                Some(last)
                    if last.top() == rect.top() && (rect.right() - last.left()).abs() < 0.5 =>
                {
                    last.min.x = rect.left();
                }
                _ => rects.push(rect),
            }
        }
    }

    fn caret_rect(&self, at: BytePos) -> Rect {
        self.rect_at(at, false)
    }

    fn end_rect(&self, at: BytePos) -> Rect {
        self.rect_at(at, true)
    }

    fn height(&self) -> f32 {
        self.height
    }

    fn rows(&self) -> Vec<(f32, f32)> {
        let tops = self.tops.iter();
        tops.map(|top| (*top, top + self.row_height)).collect()
    }

    fn paint(&self, painter: &Painter, at: Pos2, ink: Color32) {
        for word in &self.words {
            painter.galley(at + word.rect.min.to_vec2(), word.galley.clone(), ink);
        }
    }
}
