//! A block as laid out: from points to positions and back.
//!
//! Everything else is written against [`BlockLayout`]. A block of Latin letters and their like has
//! one glyph per character: it is regular and answers from egui's galley. Any other is composed by
//! the rules of Unicode, since its glyph indices mean nothing (invariant 5).

mod composed;
#[cfg(test)]
mod tests;

use super::MetricsKey;
use super::blocks::{Block, Kind, Section, Settled};
use crate::core::text::bidi::{self, Levels, needs_rules};
use crate::core::text::graphemes::each_start;
use crate::core::text::segment::grapheme_floor;
use crate::core::text::{ArticleText, BytePos, ByteRange};
use crate::ui::kit::letters::{Letters, Words};
use crate::ui::theme;
pub(super) use composed::{Composed, Measure};
use eframe::egui::epaint::text::Glyph;
use eframe::egui::text::{CharIndex, LayoutJob, TextFormat};
use eframe::egui::{Color32, Context, FontId, Galley, Painter, Pos2, Rect, Ui, Vec2, pos2, vec2};
use std::collections::HashMap;
use std::sync::Arc;

/// What the view asks of a laid-out block. Points count from the block's top left corner.
pub(super) trait BlockLayout: Send + Sync {
    /// The position nearest to a point: a grapheme boundary of the block.
    fn caret_at(&self, point: Vec2) -> BytePos;
    /// The same, and whether the caret belongs to what is before the position: where text of one
    /// direction meets the other, the ends of both are one position at two places.
    fn spot_at(&self, point: Vec2) -> (BytePos, bool) {
        (self.caret_at(point), false)
    }
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
    /// Where the caret is after a step to the right or left on the screen. Nothing where the block
    /// ends, or where what is seen is what is read.
    fn step(&self, _at: BytePos, _before: bool, _to_right: bool) -> Option<(BytePos, bool)> {
        None
    }
    /// Where the row of a position begins or ends.
    fn row_edge(&self, at: BytePos, before: bool, to_end: bool) -> (BytePos, bool) {
        let caret = if before {
            self.end_rect(at)
        } else {
            self.caret_rect(at)
        };
        let x = if to_end { f32::MAX / 4.0 } else { -1.0 };
        self.spot_at(vec2(x, caret.center().y))
    }
    /// Whether the paragraph goes from right to left.
    fn is_rtl(&self) -> bool {
        false
    }
    /// Whether what stands at a position does.
    fn is_rtl_at(&self, _at: BytePos, _before: bool) -> bool {
        false
    }
    fn height(&self) -> f32;
    /// The rows' tops and bottoms.
    fn rows(&self) -> Vec<(f32, f32)>;
    fn paint(&self, painter: &Painter, at: Pos2, ink: Color32);
}

/// The layouts of a frame, in which each block is laid out at most once, and of the last pages.
#[derive(Default)]
pub(super) struct Frame {
    /// What was laid out lately, with the frame in which it was asked for last.
    kept: HashMap<ByteRange, (Arc<dyn BlockLayout>, u64)>,
    /// The words in it: what was shaped once is not shaped again.
    words: Words,
    frames: u64,
    /// Which way paragraphs go, by where they begin: one of many parts may be without a letter for long.
    ways: HashMap<u32, bool>,
    metrics: MetricsKey,
}

impl Frame {
    /// What was laid out lately stands as long as egui does not rebuild the atlas of glyphs. The answer is
    /// whether it does.
    pub(super) fn begin(&mut self, ctx: &Context) -> bool {
        /// The last pages: whoever goes back finds them laid out. More are slower: what was let go of is then
        /// no longer near when the next page is laid out in its place.
        const KEPT: usize = 24;
        let is_same = self.words.begin(ctx);
        if !is_same {
            self.kept.clear();
        }
        // Those that were asked for longest ago go, as many as came.
        if let Some(over) = self.kept.len().checked_sub(KEPT + 1) {
            let now = self.frames;
            let mut used: Vec<u64> = self.kept.values().map(|(_, used)| *used).collect();
            let last = *used.select_nth_unstable(over).1;
            let stays = |used: u64| used > last || used == now;
            self.kept.retain(|_, (_, used)| stays(*used));
        }
        self.frames += 1;
        is_same
    }

    /// How many words were handed to the shaper so far.
    pub(super) fn shaped(&self) -> usize {
        self.words.shaped()
    }

    /// Where the lines of a section begin, as they follow from where it does.
    pub(super) fn settle(
        &mut self,
        ctx: &Context,
        text: &ArticleText,
        metrics: &MetricsKey,
        section: Section,
    ) -> Settled {
        let content = text.slice(section.range);
        let is_rtl = way_of(text, metrics, section.range.start, &mut self.ways);
        let levels = Levels::of(content, is_rtl);
        let format = format_of(metrics, Kind::Text);
        let letters = Letters::among(ctx, &mut self.words, content, &levels, &format);
        let letters = letters.with_stops(ctx);
        let lines = letters.lines(&levels, metrics.width).into_iter();
        let from = section.range.start.0;
        let lines = lines.map(|line| from + letters.start(line.start) as u32);
        let lines = lines.collect();
        let may_break = letters.may_break().map(|at| from + at as u32).collect();
        // What stands elsewhere keeps its lines.
        let is_apart = |range: &ByteRange| !range.intersects(section.range);
        self.kept.retain(|range, _| is_apart(range));
        Settled {
            from,
            lines,
            may_break,
            levels,
        }
    }

    /// The text, or what lies over it, is another one.
    pub(super) fn forget(&mut self) {
        self.kept.clear();
        self.ways.clear();
    }

    /// A block that was laid out in this frame.
    pub(super) fn known(&self, block: &Block) -> Option<&Arc<dyn BlockLayout>> {
        let (layout, used) = self.kept.get(&block.range())?;
        (*used == self.frames).then_some(layout)
    }

    pub(super) fn count(&self) -> usize {
        let used = self.kept.values().map(|(_, used)| *used);
        used.filter(|used| *used == self.frames).count()
    }

    pub(super) fn layout(
        &mut self,
        ui: &Ui,
        text: &ArticleText,
        metrics: &MetricsKey,
        (block, settled): (Block, Option<&Settled>),
        stacked: &[ByteRange],
    ) -> Arc<dyn BlockLayout> {
        if self.metrics != *metrics {
            self.forget();
            self.metrics = *metrics;
        }
        let range = block.range();
        if let Some((known, used)) = self.kept.get_mut(&range) {
            *used = self.frames;
            return known.clone();
        }
        let layout = self.lay_out(ui, text, metrics, (block, settled), stacked);
        self.kept.insert(range, (layout.clone(), self.frames));
        layout
    }
}

pub(super) fn line_height(metrics: &MetricsKey) -> f32 {
    (metrics.size * metrics.spacing).round()
}

/// The height that the letters of a line fill.
pub(super) fn text_height(size: f32) -> f32 {
    size * 1.32
}

/// How much higher a line is under which underlines lie below each other, so that the lower one
/// does not run into the next line.
pub(super) fn stack_room(metrics: &MetricsKey) -> f32 {
    /// Two underlines, the space between them, and a point below.
    const NEEDED: f32 = 7.0;
    let line = line_height(metrics);
    let between = line - text_height(metrics.size).min(line);
    (NEEDED - between).max(0.0).ceil()
}

/// The parts of a block under which underlines lie below each other. Both rise.
fn stacked_in(stacked: &[ByteRange], block: ByteRange) -> &[ByteRange] {
    let from = stacked.partition_point(|range| range.end <= block.start);
    let upto = stacked.partition_point(|range| range.start < block.end);
    stacked.get(from..upto).unwrap_or(&[])
}

/// The size of the letters of a block.
pub(super) fn letter_size(metrics: &MetricsKey, kind: Kind) -> f32 {
    match kind {
        Kind::Headline => (metrics.size * headline_scale(metrics.width)).round(),
        Kind::Text | Kind::Part | Kind::Blank => metrics.size,
    }
}

/// A headline is larger than the text, and less so where few of its words fit into a line.
fn headline_scale(width: f32) -> f32 {
    match width {
        500.0.. => 1.6,
        300.0.. => 1.37,
        _ => 1.2,
    }
}

/// The font of a headline.
pub(super) fn headline_font(metrics: &MetricsKey) -> FontId {
    let family = theme::headline_font(metrics.font, metrics.size).family;
    let font = FontId::new(letter_size(metrics, Kind::Headline), family);
    theme::font_of_han(&font, metrics.han)
}

/// The height of a line of a headline.
pub(super) fn headline_height(metrics: &MetricsKey) -> f32 {
    (letter_size(metrics, Kind::Headline) * 1.3).round()
}

/// Space below a block.
fn gap_below(kind: Kind, metrics: &MetricsKey) -> f32 {
    match kind {
        Kind::Text => line_height(metrics) * 0.18,
        Kind::Headline => metrics.head.below_headline,
        Kind::Blank | Kind::Part => 0.0,
    }
}

fn blank_height(line: f32) -> f32 {
    (line * 0.32).round()
}

/// A guess from the number of bytes; close for Latin text, good enough for any.
pub(super) fn estimated_height(block: &Block, metrics: &MetricsKey, char_width: f32) -> f32 {
    let line = line_height(metrics);
    if block.kind == Kind::Blank {
        return blank_height(line);
    }
    let chars_per_line = (metrics.width / char_width).max(1.0);
    let rows = (block.range().len() as f32 / chars_per_line)
        .ceil()
        .max(1.0);
    (rows * line + gap_below(block.kind, metrics)).round()
}

/// How the letters of a block look.
fn format_of(metrics: &MetricsKey, kind: Kind) -> TextFormat {
    TextFormat {
        font_id: match kind {
            Kind::Headline => headline_font(metrics),
            _ => {
                let font = theme::reading_font(metrics.font, metrics.size);
                theme::font_of_han(&font, metrics.han)
            }
        },
        line_height: Some(match kind {
            Kind::Headline => headline_height(metrics),
            _ => line_height(metrics),
        }),
        color: Color32::PLACEHOLDER,
        ..TextFormat::default()
    }
}

/// Whether the paragraph at a position goes from right to left.
fn way_of(
    text: &ArticleText,
    metrics: &MetricsKey,
    at: BytePos,
    ways: &mut HashMap<u32, bool>,
) -> bool {
    metrics.given.unwrap_or_else(|| {
        let paragraph = text.line_range(text.line_of(at));
        let way = ways.entry(paragraph.start.0);
        *way.or_insert_with(|| bidi::is_rtl(text.slice(paragraph)))
    })
}

impl Frame {
    fn lay_out(
        &mut self,
        ui: &Ui,
        text: &ArticleText,
        metrics: &MetricsKey,
        (block, settled): (Block, Option<&Settled>),
        stacked: &[ByteRange],
    ) -> Arc<dyn BlockLayout> {
        let content = text.slice(block.range());
        let format = format_of(metrics, block.kind);
        let gap = gap_below(block.kind, metrics);
        let stacked = stacked_in(stacked, block.range());
        let room = stack_room(metrics);
        // egui breaks no line at a soft hyphen, and knows no stops of tabs.
        let is_beyond = content.contains('\u{ad}') || content.contains('\t');
        let is_plain = !needs_rules(content) && !is_beyond && metrics.given != Some(true);
        if block.kind == Kind::Blank || is_plain && settled.is_none() {
            let mut job = LayoutJob::single_section(content.to_owned(), format.clone());
            job.wrap.max_width = metrics.width;
            job.break_on_newline = false;
            job.keep_trailing_whitespace = true;
            let galley = ui.ctx().fonts_mut(|fonts| fonts.layout_job(job));
            let height = if block.kind == Kind::Blank {
                blank_height(line_height(metrics))
            } else {
                (galley.rect.height() + gap).round()
            };
            let glyphs: usize = galley.rows.iter().map(|row| row.glyphs.len()).sum();
            if glyphs == content.chars().count() {
                let stops = stops_of(text, block.range());
                let mut regular = Regular {
                    galley,
                    stops,
                    range: block.range(),
                    height,
                };
                if room > 0.0 && !stacked.is_empty() {
                    regular.make_room(stacked, room);
                }
                return Arc::new(regular);
            }
        }
        let part = settled.map(|settled| settled.part(block.range()));
        let (breaks, part) = part.unzip();
        let measure = Measure {
            format: &format,
            width: metrics.width,
            row_height: format.line_height.unwrap_or_default(),
            gap,
            // A part of a paragraph goes the way of the whole.
            is_rtl: way_of(text, metrics, block.start(), &mut self.ways),
            breaks: breaks.as_deref(),
            part,
        };
        let mut composed = Composed::set(ui.ctx(), &mut self.words, text, block.range(), &measure);
        if room > 0.0 && !stacked.is_empty() {
            composed.make_room(stacked, room);
        }
        Arc::new(composed)
    }
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
    // Most of them are Latin: about as many as bytes.
    let mut chars: Vec<(u32, bool)> = Vec::with_capacity(content.len() + 1);
    let starts = content.char_indices();
    chars.extend(starts.map(|(i, _)| (range.start.0 + i as u32, false)));
    chars.push((range.end.0, true));
    let mut next = 0;
    each_start(content, |start| {
        let at = range.start.0 + start as u32;
        while chars.get(next).is_some_and(|(byte, _)| *byte < at) {
            next += 1;
        }
        if let Some((_, is_stop)) = chars.get_mut(next) {
            *is_stop = true;
        }
    });
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

    /// Moves the rows down that come after one with underlines below each other.
    fn make_room(&mut self, stacked: &[ByteRange], room: f32) {
        let chars = stacked
            .iter()
            .map(|r| (self.char_of(r.start), self.char_of(r.end)));
        let chars: Vec<(usize, usize)> = chars.collect();
        let galley = Arc::make_mut(&mut self.galley);
        let (mut first, mut down) = (0, 0.0);
        for row in &mut galley.rows {
            row.pos.y += down;
            let last = first + row.glyphs.len();
            if chars
                .iter()
                .any(|&(start, end)| start < last && end > first)
            {
                down += room;
            }
            first = last;
        }
        galley.rect.max.y += down;
        galley.mesh_bounds.max.y += down;
        self.height += down;
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
        self.spot_at(point).0
    }

    fn spot_at(&self, point: Vec2) -> (BytePos, bool) {
        let mut chosen = None;
        for (first, row) in self.numbered_rows() {
            if chosen.is_some() && row.min_y() > point.y {
                break;
            }
            chosen = Some((first, row));
        }
        let Some((first, row)) = chosen else {
            return (self.range.start, false);
        };
        let column = row.char_at(point.x - row.pos.x).0.min(row.glyphs.len());
        // Past the last glyph of a wrapped row, the position before the row's last space; where a
        // word goes on in the next row, the end of this one.
        let is_last = first + row.glyphs.len() >= self.char_of(self.range.end);
        let is_end = !is_last && column == row.glyphs.len();
        let is_blank = row.glyphs.last().is_some_and(|g| g.chr.is_whitespace());
        let column = if is_end && is_blank {
            column.saturating_sub(1)
        } else {
            column
        };
        let here = self.byte_of(first + column);
        if self.stops.chars.is_empty() {
            return (here, is_end && !is_blank);
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
            return (here, is_end && !is_blank);
        };
        let x = |char: usize| {
            row.pos.x + row.x_offset(CharIndex(char.saturating_sub(first).min(row.glyphs.len())))
        };
        let at = if (point.x - x(start)).abs() <= (x(next) - point.x).abs() {
            here
        } else {
            BytePos(next_byte)
        };
        (at, false)
    }

    fn rects(&self, range: ByteRange, rects: &mut Vec<Rect>) {
        let (start, end) = (self.char_of(range.start), self.char_of(range.end));
        for (first, row) in self.numbered_rows() {
            let last = first + row.glyphs.len();
            if start >= last || end <= first {
                continue;
            }
            // The space at the end of a row that goes on in the next is not seen.
            let is_seen = |glyph: &Glyph| !glyph.chr.is_whitespace();
            let seen = row.glyphs.iter().rposition(is_seen);
            let seen = first + seen.map_or(0, |at| at + 1);
            let end = if end >= last { end.min(seen) } else { end };
            if start >= end {
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

/// A position brought onto a grapheme boundary; layouts answer only with these.
pub(super) fn valid(text: &ArticleText, at: BytePos) -> BytePos {
    grapheme_floor(text, at)
}
