//! A block as laid out: from points to positions and back.
//!
//! Everything else is written against [`BlockLayout`]. A block whose galley has one glyph per
//! character is regular and answers from the galley; any other is set word by word, since its
//! glyph indices mean nothing (invariant 5). Right-to-left paragraphs will get their own.

use super::MetricsKey;
use super::blocks::{Block, Kind};
use crate::core::text::segment::{grapheme_floor, next_grapheme};
use crate::core::text::{ArticleText, BytePos, ByteRange};
use crate::ui::theme;
use eframe::egui::text::{CharIndex, LayoutJob, TextFormat};
use eframe::egui::{Color32, Galley, Painter, Pos2, Rect, Ui, Vec2, pos2, vec2};
use std::collections::HashMap;
use std::sync::Arc;

/// What the view asks of a laid-out block. Points count from the block's top left corner.
pub(super) trait BlockLayout: Send + Sync {
    /// The position nearest to a point: a grapheme boundary of the block.
    fn caret_at(&self, point: Vec2) -> BytePos;
    /// The rectangles that cover a range, one or more a row.
    fn rects(&self, range: ByteRange, rects: &mut Vec<Rect>);
    /// Where the caret stands at a position: at the start of a row rather than the end of the last.
    fn caret_rect(&self, at: BytePos) -> Rect;
    /// The same, at the end of a row rather than the start of the next.
    fn end_rect(&self, at: BytePos) -> Rect;
    /// The same for many positions that rise.
    fn carets(&self, at: &[BytePos]) -> Vec<Rect> {
        at.iter().map(|at| self.caret_rect(*at)).collect()
    }
    fn height(&self) -> f32;
    /// The rows' tops and bottoms.
    fn rows(&self) -> Vec<(f32, f32)>;
    fn paint(&self, painter: &Painter, at: Pos2, ink: Color32);
}

/// The layouts of one frame: each block is laid out at most once.
#[derive(Default)]
pub(super) struct Frame {
    laid: HashMap<u32, Arc<dyn BlockLayout>>,
}

impl Frame {
    /// Galleys must not outlive a frame: egui keeps them and may rebuild the glyph atlas.
    pub(super) fn begin(&mut self) {
        self.laid.clear();
    }

    /// A block that was laid out in this frame.
    pub(super) fn known(&self, block: &Block) -> Option<&Arc<dyn BlockLayout>> {
        self.laid.get(&block.start().0)
    }

    pub(super) fn count(&self) -> usize {
        self.laid.len()
    }

    pub(super) fn layout(
        &mut self,
        ui: &Ui,
        text: &ArticleText,
        metrics: &MetricsKey,
        block: Block,
    ) -> Arc<dyn BlockLayout> {
        if let Some(known) = self.laid.get(&block.start().0) {
            return known.clone();
        }
        let layout = lay_out(ui, text, metrics, block);
        self.laid.insert(block.start().0, layout.clone());
        layout
    }
}

pub(super) fn line_height(metrics: &MetricsKey) -> f32 {
    (metrics.size * metrics.spacing).round()
}

/// Space below a block.
fn gap_below(kind: Kind, line: f32) -> f32 {
    match kind {
        Kind::Text => line * 0.18,
        Kind::Headline => line * 0.1,
        Kind::Blank | Kind::Part => 0.0,
    }
}

fn blank_height(line: f32) -> f32 {
    (line * 0.32).round()
}

/// A guess from the number of bytes; close for Latin text, good enough for any.
pub(super) fn estimated_height(block: &Block, width: f32, char_width: f32, line: f32) -> f32 {
    if block.kind == Kind::Blank {
        return blank_height(line);
    }
    let chars_per_line = (width / char_width).max(1.0);
    let rows = (block.range().len() as f32 / chars_per_line)
        .ceil()
        .max(1.0);
    (rows * line + gap_below(block.kind, line)).round()
}

fn lay_out(
    ui: &Ui,
    text: &ArticleText,
    metrics: &MetricsKey,
    block: Block,
) -> Arc<dyn BlockLayout> {
    let line = line_height(metrics);
    let content = text.slice(block.range());
    let format = match block.kind {
        Kind::Headline => TextFormat {
            font_id: theme::headline_font(metrics.font, metrics.size),
            line_height: Some((metrics.size * 1.42 * 1.3).round()),
            color: Color32::PLACEHOLDER,
            ..TextFormat::default()
        },
        _ => TextFormat {
            font_id: theme::reading_font(metrics.font, metrics.size),
            line_height: Some(line),
            color: Color32::PLACEHOLDER,
            ..TextFormat::default()
        },
    };
    let job = |content: &str, width: f32| {
        let mut job = LayoutJob::single_section(content.to_owned(), format.clone());
        job.wrap.max_width = width;
        job.break_on_newline = false;
        job.keep_trailing_whitespace = true;
        job
    };
    let galley = ui
        .ctx()
        .fonts_mut(|fonts| fonts.layout_job(job(content, metrics.width)));
    let gap = gap_below(block.kind, line);
    let height = if block.kind == Kind::Blank {
        blank_height(line)
    } else {
        (galley.rect.height() + gap).round()
    };
    let glyphs: usize = galley.rows.iter().map(|row| row.glyphs.len()).sum();
    let chars = content.chars().count();
    if glyphs == chars {
        let stops = stops_of(text, block.range());
        return Arc::new(Regular {
            galley,
            stops,
            range: block.range(),
            height,
        });
    }
    let row_height = format.line_height.unwrap_or(line);
    let words = Words::set(
        ui,
        text,
        block.range(),
        metrics.width,
        row_height,
        gap,
        &job,
    );
    Arc::new(words)
}

/// Byte positions of the block's characters and whether a grapheme begins there.
struct Stops {
    /// Empty when every character is one byte and one grapheme.
    chars: Vec<(u32, bool)>,
}

fn stops_of(text: &ArticleText, range: ByteRange) -> Stops {
    let content = text.slice(range);
    if content.is_ascii() {
        return Stops { chars: Vec::new() };
    }
    let mut chars: Vec<(u32, bool)> = content
        .char_indices()
        .map(|(i, _)| (range.start.0 + i as u32, false))
        .chain([(range.end.0, true)])
        .collect();
    let mut next = 0;
    for (i, _) in unicode_segmentation::UnicodeSegmentation::grapheme_indices(content, true) {
        let at = range.start.0 + i as u32;
        while chars.get(next).is_some_and(|(byte, _)| *byte < at) {
            next += 1;
        }
        if let Some((byte, is_stop)) = chars.get_mut(next)
            && *byte == at
        {
            *is_stop = true;
        }
    }
    Stops { chars }
}

struct Regular {
    galley: Arc<Galley>,
    stops: Stops,
    range: ByteRange,
    height: f32,
}

impl Regular {
    fn char_of(&self, at: BytePos) -> usize {
        let at = at.clamp(self.range.start, self.range.end);
        if self.stops.chars.is_empty() {
            return (at.0 - self.range.start.0) as usize;
        }
        self.stops.chars.partition_point(|(byte, _)| *byte < at.0)
    }

    /// The grapheme boundary at or before a character.
    fn byte_of(&self, char: usize) -> BytePos {
        if self.stops.chars.is_empty() {
            let at = self.range.start.0.saturating_add(char as u32);
            return BytePos(at.min(self.range.end.0));
        }
        let upto = self.stops.chars.get(..=char).unwrap_or(&self.stops.chars);
        let stop = upto.iter().rev().find(|(_, is_stop)| *is_stop);
        stop.map_or(self.range.start, |(byte, _)| BytePos(*byte))
    }

    /// Rows with the number of their first character.
    fn numbered_rows(
        &self,
    ) -> impl DoubleEndedIterator<Item = (usize, &eframe::egui::epaint::text::PlacedRow)> {
        let mut first = 0;
        let mut rows = Vec::with_capacity(self.galley.rows.len());
        for row in &self.galley.rows {
            rows.push((first, row));
            first += row.glyphs.len();
        }
        rows.into_iter()
    }

    fn rect_at(&self, at: BytePos, at_end_of_row: bool) -> Rect {
        let char = self.char_of(at);
        let rows = self.galley.rows.len();
        for (i, (first, row)) in self.numbered_rows().enumerate() {
            let last = first + row.glyphs.len();
            let here = if at_end_of_row {
                char <= last
            } else {
                char < last
            };
            if here || i + 1 == rows {
                let column = CharIndex(char.saturating_sub(first).min(row.glyphs.len()));
                let x = row.pos.x + row.x_offset(column);
                return Rect::from_min_max(pos2(x, row.min_y()), pos2(x, row.max_y()));
            }
        }
        Rect::from_min_size(Pos2::ZERO, vec2(0.0, self.height))
    }
}

impl BlockLayout for Regular {
    fn caret_at(&self, point: Vec2) -> BytePos {
        let mut chosen = None;
        for (first, row) in self.numbered_rows() {
            if chosen.is_some() && row.min_y() > point.y {
                break;
            }
            chosen = Some((first, row));
        }
        let Some((first, row)) = chosen else {
            return self.range.start;
        };
        let column = row.char_at(point.x - row.pos.x).0.min(row.glyphs.len());
        // Past the last glyph of a wrapped row, the position before the row's last space.
        let is_last = first + row.glyphs.len() >= self.char_of(self.range.end);
        let column = if !is_last && column == row.glyphs.len() {
            column.saturating_sub(1)
        } else {
            column
        };
        let here = self.byte_of(first + column);
        if self.stops.chars.is_empty() {
            return here;
        }
        // Inside a cluster: to the nearer side.
        let start = self.char_of(here);
        let next = self
            .stops
            .chars
            .iter()
            .enumerate()
            .skip(start + 1)
            .find(|(_, (_, stop))| *stop);
        let Some((next, &(next_byte, _))) = next.filter(|_| start < first + column) else {
            return here;
        };
        let x = |char: usize| {
            row.pos.x + row.x_offset(CharIndex(char.saturating_sub(first).min(row.glyphs.len())))
        };
        if (point.x - x(start)).abs() <= (x(next) - point.x).abs() {
            here
        } else {
            BytePos(next_byte)
        }
    }

    fn rects(&self, range: ByteRange, rects: &mut Vec<Rect>) {
        let (start, end) = (self.char_of(range.start), self.char_of(range.end));
        for (first, row) in self.numbered_rows() {
            let last = first + row.glyphs.len();
            if start >= last || end <= first {
                continue;
            }
            let x =
                |char: usize| row.pos.x + row.x_offset(CharIndex(char.clamp(first, last) - first));
            rects.push(Rect::from_min_max(
                pos2(x(start), row.min_y()),
                pos2(x(end), row.max_y()),
            ));
        }
    }

    fn caret_rect(&self, at: BytePos) -> Rect {
        self.rect_at(at, false)
    }

    fn carets(&self, at: &[BytePos]) -> Vec<Rect> {
        let mut rows = self.numbered_rows().peekable();
        let mut row = rows.next();
        let caret = |at: &BytePos| {
            let char = self.char_of(*at);
            while rows.peek().is_some_and(|(first, _)| *first <= char) {
                row = rows.next();
            }
            let Some((first, placed)) = row else {
                return self.rect_at(*at, false);
            };
            let column = char.saturating_sub(first).min(placed.glyphs.len());
            let x = placed.pos.x + placed.x_offset(CharIndex(column));
            Rect::from_min_max(pos2(x, placed.min_y()), pos2(x, placed.max_y()))
        };
        at.iter().map(caret).collect()
    }

    fn end_rect(&self, at: BytePos) -> Rect {
        self.rect_at(at, true)
    }

    fn height(&self) -> f32 {
        self.height
    }

    fn rows(&self) -> Vec<(f32, f32)> {
        self.galley
            .rows
            .iter()
            .map(|row| (row.min_y(), row.max_y()))
            .collect()
    }

    fn paint(&self, painter: &Painter, at: Pos2, ink: Color32) {
        painter.galley(at, self.galley.clone(), ink);
    }
}

/// A word or a space between words, set by itself.
struct Word {
    range: ByteRange,
    rect: Rect,
    galley: Arc<Galley>,
    is_rtl: bool,
    /// The grapheme boundaries of the word, ends included.
    stops: Vec<BytePos>,
}

/// A block set word by word: every position valid, exact between words, by equal shares inside.
struct Words {
    words: Vec<Word>,
    range: ByteRange,
    row_height: f32,
    rows: usize,
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
    fn set(
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
                stops: graphemes(text, piece),
            });
            x += advance;
        }
        let rows = row + 1;
        Self {
            words,
            range,
            row_height,
            rows,
            width,
            is_rtl: base_rtl,
            height: (rows as f32 * row_height + gap).round(),
        }
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
        let row = (point.y / self.row_height)
            .floor()
            .clamp(0.0, self.rows as f32 - 1.0);
        let top = row * self.row_height;
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
        for word in self
            .words
            .iter()
            .filter(|word| word.range.intersects(range))
        {
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
        (0..self.rows)
            .map(|row| {
                (
                    row as f32 * self.row_height,
                    (row + 1) as f32 * self.row_height,
                )
            })
            .collect()
    }

    fn paint(&self, painter: &Painter, at: Pos2, ink: Color32) {
        for word in &self.words {
            painter.galley(at + word.rect.min.to_vec2(), word.galley.clone(), ink);
        }
    }
}

/// A position brought onto a grapheme boundary; layouts answer only with these.
pub(super) fn valid(text: &ArticleText, at: BytePos) -> BytePos {
    grapheme_floor(text, at)
}
