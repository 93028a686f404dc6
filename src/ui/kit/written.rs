//! What stands in a field, set by the rules of Unicode: from points to places in the text and back.
//!
//! egui's field keeps the text, its caret and its undoing, and takes a galley that answers with one
//! glyph per character, in the order of reading, where its caret stands. What is seen is painted
//! here. Knows no field and no key; places are bytes between clusters of letters.

use super::letters::{Letters, dressed_row};
use crate::core::text::bidi::{self, Levels, needs_rules};
use crate::core::text::graphemes::each_start;
use eframe::egui::epaint::text::PlacedRow;
use eframe::egui::text::LayoutJob;
use eframe::egui::{Color32, Context, Galley, Painter, Pos2, Rect, Vec2, pos2, vec2};
use std::ops::Range;
use std::sync::Arc;

/// A place in the text, and whether the caret there belongs to what is before it: where text of one
/// direction meets the other, and where a line ends, the two stand apart.
pub(crate) type Spot = (usize, bool);

struct Cell {
    start: usize,
    left: f32,
    right: f32,
    is_rtl: bool,
}

struct Line {
    /// Of all cells, those of this line.
    cells: Range<usize>,
    /// The same from left to right.
    seen: Vec<usize>,
    bytes: Range<usize>,
    left: f32,
    /// A line break of the text ends it.
    is_ended: bool,
    row: LayoutJob,
}

pub(crate) struct Written {
    text: String,
    /// What it was made of, and at which scale.
    job: LayoutJob,
    scale: f32,
    cells: Vec<Cell>,
    lines: Vec<Line>,
    room: f32,
    width: f32,
    row_height: f32,
    is_rtl: bool,
}

/// Whether each character is a step and stands where it is read, so that egui has it right.
pub(crate) fn is_plain(text: &str) -> bool {
    if text.is_ascii() {
        return true;
    }
    let mut clusters = 0;
    each_start(text, |_| clusters += 1);
    !needs_rules(text) && clusters == text.chars().count()
}

impl Written {
    /// In lines of a width, or in one.
    pub(crate) fn set(
        ctx: &Context,
        job: &LayoutJob,
        room: f32,
        is_one_line: bool,
        row_height: f32,
    ) -> Option<Self> {
        let text = &job.text;
        let mut format = job.sections.first()?.format.clone();
        format.line_height = Some(row_height);
        let is_rtl = text.lines().find_map(bidi::first_strong) == Some(true);
        let mut written = Self {
            text: text.clone(),
            job: job.clone(),
            scale: ctx.pixels_per_point(),
            cells: Vec::new(),
            lines: Vec::new(),
            room,
            width: 0.0,
            row_height,
            is_rtl,
        };
        let paragraphs: Vec<&str> = if is_one_line {
            vec![text.as_str()]
        } else {
            text.split('\n').collect()
        };
        let count = paragraphs.len();
        let mut from = 0;
        for (number, paragraph) in paragraphs.into_iter().enumerate() {
            let levels = Levels::of(paragraph, is_rtl);
            let letters = Letters::of(ctx, paragraph, &levels, &format);
            let lines = if is_one_line {
                std::iter::once(0..letters.len()).collect()
            } else {
                letters.lines(&levels, room)
            };
            let last = lines.len();
            for (n, line) in lines.into_iter().enumerate() {
                let seen = letters.seen(&line, &levels);
                let row = dressed_row(&letters, &seen, job, from);
                written.add(&letters, from, line, &seen, row);
                if let Some(line) = written.lines.last_mut() {
                    line.is_ended = n + 1 == last && number + 1 < count;
                }
            }
            from += paragraph.len() + 1;
        }
        written.align(is_one_line);
        Some(written)
    }

    fn add(
        &mut self,
        letters: &Letters<'_>,
        from: usize,
        line: Range<usize>,
        seen: &[(usize, bool)],
        row: LayoutJob,
    ) {
        let first = self.cells.len();
        self.cells.extend(line.clone().map(|at| Cell {
            start: from + letters.start(at),
            left: 0.0,
            right: 0.0,
            is_rtl: self.is_rtl,
        }));
        let mut x = 0.0;
        for &(at, is_rtl) in seen {
            let Some(cell) = self.cells.get_mut(first + at - line.start) else {
                continue;
            };
            cell.left = x;
            x += letters.width(at);
            cell.right = x;
            cell.is_rtl = is_rtl;
        }
        self.width = self.width.max(x);
        self.lines.push(Line {
            cells: first..self.cells.len(),
            seen: seen.iter().map(|(at, _)| first + at - line.start).collect(),
            bytes: from + letters.start(line.start)..from + letters.start(line.end),
            left: x,
            is_ended: false,
            row,
        });
    }

    /// Lines that are read from the right end at one side.
    fn align(&mut self, is_one_line: bool) {
        self.width = self.width.ceil();
        if self.is_rtl && !is_one_line && self.room.is_finite() {
            self.width = self.width.max(self.room);
        }
        for line in &mut self.lines {
            // Until here it is how wide the line is.
            let left = if self.is_rtl {
                self.width - line.left
            } else {
                0.0
            };
            line.left = left;
            for cell in self.cells.get_mut(line.cells.clone()).unwrap_or_default() {
                cell.left += left;
                cell.right += left;
            }
        }
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    pub(crate) fn is_rtl(&self) -> bool {
        self.is_rtl
    }

    pub(crate) fn width(&self) -> f32 {
        self.width
    }

    /// Whether it was made of this, for this room.
    pub(crate) fn is_of(&self, ctx: &Context, job: &LayoutJob, room: f32) -> bool {
        let is_same = |a: f32, b: f32| a.to_bits() == b.to_bits();
        self.job == *job && is_same(self.room, room) && is_same(self.scale, ctx.pixels_per_point())
    }

    fn line_of(&self, (at, before): Spot) -> usize {
        let last = self.lines.len().saturating_sub(1);
        let found = if before {
            self.lines.partition_point(|line| line.bytes.end < at)
        } else {
            let upto = self.lines.partition_point(|line| line.bytes.start <= at);
            upto.saturating_sub(1)
        };
        found.min(last)
    }

    fn cell(&self, at: usize) -> Option<&Cell> {
        self.cells.get(at)
    }

    /// The cell that a caret in a line belongs to: the one that the place begins, or that it ends.
    fn owner(&self, line: &Line, (at, before): Spot) -> Option<usize> {
        let cells = self.cells.get(line.cells.clone())?;
        let first = line.cells.start;
        let ends = cells.partition_point(|cell| cell.start < at);
        let ends = ends.checked_sub(1).map(|n| first + n);
        let begins = cells.partition_point(|cell| cell.start <= at);
        let begins = begins.checked_sub(1).filter(|_| at < line.bytes.end);
        let begins = begins.map(|n| first + n);
        if before {
            ends.or(begins)
        } else {
            begins.or(ends)
        }
    }

    fn end_of(&self, cell: usize) -> usize {
        let line = self.lines.partition_point(|line| line.cells.end <= cell);
        let end = self
            .lines
            .get(line)
            .map_or(self.text.len(), |l| l.bytes.end);
        self.cell(cell + 1).map_or(end, |next| next.start.min(end))
    }

    /// The place at the left or right side of a cell, and whether it is its end.
    fn side(&self, cell: usize, is_right: bool) -> Spot {
        let is_rtl = self.cell(cell).is_some_and(|cell| cell.is_rtl);
        let is_end = is_right != is_rtl;
        let start = self.cell(cell).map_or(self.text.len(), |cell| cell.start);
        (if is_end { self.end_of(cell) } else { start }, is_end)
    }

    /// Where a caret stands.
    pub(crate) fn caret(&self, spot: Spot) -> Rect {
        let number = self.line_of(spot);
        let start = if self.is_rtl { self.width } else { 0.0 };
        let x = self.lines.get(number).map_or(start, |line| {
            let owner = self.owner(line, spot).and_then(|at| self.cell(at));
            owner.map_or(start, |cell| {
                if (cell.start < spot.0) == cell.is_rtl {
                    cell.left
                } else {
                    cell.right
                }
            })
        });
        // White space at the end of a line goes on beyond the column.
        let x = x.clamp(0.0, self.width.max(0.0));
        let top = number as f32 * self.row_height;
        Rect::from_min_size(pos2(x, top), vec2(0.0, self.row_height))
    }

    /// The place nearest to a point.
    pub(crate) fn spot_at(&self, point: Vec2) -> Spot {
        if point.y < -5.0 {
            return (0, false);
        }
        let number = (point.y / self.row_height).max(0.0) as usize;
        if number > self.lines.len() {
            return (self.text.len(), true);
        }
        let Some(line) = self.lines.get(number).or(self.lines.last()) else {
            return (0, false);
        };
        // Of clusters that nobody sees none is hit.
        let seen = line.seen.iter().filter_map(|at| {
            let cell = self.cell(*at)?;
            let off = point.x - point.x.clamp(cell.left, cell.right);
            (cell.right > cell.left).then_some((*at, cell, off.abs()))
        });
        match seen.min_by(|a, b| a.2.total_cmp(&b.2)) {
            Some((at, cell, _)) => self.side(at, point.x >= f32::midpoint(cell.left, cell.right)),
            None => (line.bytes.start, false),
        }
    }

    /// The rectangles that cover a range.
    pub(crate) fn rects(&self, range: &Range<usize>) -> Vec<Rect> {
        let mut rects = Vec::new();
        for (number, line) in self.lines.iter().enumerate() {
            let top = number as f32 * self.row_height;
            let here = |left: f32, right: f32| {
                Rect::from_min_max(pos2(left, top), pos2(right, top + self.row_height))
            };
            let mut open: Option<Rect> = None;
            for at in &line.seen {
                let cell = self.cell(*at).filter(|cell| range.contains(&cell.start));
                let Some(cell) = cell else {
                    rects.extend(open.take());
                    continue;
                };
                let here = here(cell.left, cell.right);
                open = Some(open.map_or(here, |open| open.union(here)));
            }
            rects.extend(open);
            if line.is_ended && range.contains(&line.bytes.end) {
                let x = self.caret((line.bytes.end, true)).left();
                let x = if self.is_rtl { x - 4.0 } else { x };
                rects.push(here(x, x + 4.0));
            }
        }
        rects
    }

    /// Where the caret is after a step to the left or right on the screen.
    pub(crate) fn step(&self, spot: Spot, to_right: bool) -> Spot {
        let number = self.line_of(spot);
        let Some(line) = self.lines.get(number) else {
            return spot;
        };
        let is_onward = to_right != self.is_rtl;
        let next = self.lines.get(number + 1);
        if let Some(found) = self.step_in(line, spot, to_right) {
            // Behind the last letter of a line that is full the next one begins.
            let is_over = is_onward && !line.is_ended && found == (line.bytes.end, true);
            return match next.filter(|_| is_over) {
                Some(next) => self.enter(next, to_right, false),
                None => found,
            };
        }
        let above = number
            .checked_sub(1)
            .and_then(|above| self.lines.get(above));
        match (is_onward, next, above) {
            (true, Some(next), _) => self.enter(next, to_right, false),
            (false, _, Some(above)) => self.enter(above, to_right, !above.is_ended),
            _ => spot,
        }
    }

    /// The side at which a line is come to, or the one behind its first letter there.
    fn enter(&self, line: &Line, to_right: bool, passes: bool) -> Spot {
        let is_seen = |at: &&usize| self.cell(**at).is_some_and(|c| c.right > c.left);
        let first = if to_right {
            line.seen.iter().find(is_seen)
        } else {
            line.seen.iter().rev().find(is_seen)
        };
        first.map_or((line.bytes.start, false), |first| {
            self.side(*first, to_right == passes)
        })
    }

    fn step_in(&self, line: &Line, spot: Spot, to_right: bool) -> Option<Spot> {
        let owner = self.owner(line, spot)?;
        let cell = self.cell(owner)?;
        let place = line.seen.iter().position(|seen| *seen == owner)?;
        // Between which cells the caret stands, counted from the left.
        let gap = place + usize::from((cell.start < spot.0) != cell.is_rtl);
        let is_seen = |at: &&usize| self.cell(**at).is_some_and(|c| c.right > c.left);
        let passed = if to_right {
            line.seen.iter().skip(gap).find(is_seen)
        } else {
            line.seen.iter().take(gap).rev().find(is_seen)
        };
        passed.map(|passed| self.side(*passed, to_right))
    }

    /// Where the line of a place begins or ends.
    pub(crate) fn edge(&self, spot: Spot, to_end: bool) -> Spot {
        match self.lines.get(self.line_of(spot)) {
            Some(line) if to_end => (line.bytes.end, true),
            Some(line) => (line.bytes.start, false),
            None => spot,
        }
    }

    /// The place above or below, at the same side as the caret was first.
    pub(crate) fn beside(&self, spot: Spot, x: f32, is_below: bool) -> Spot {
        let number = self.line_of(spot);
        match (is_below, number) {
            (false, 0) => (0, false),
            (true, _) if number + 1 >= self.lines.len() => (self.text.len(), true),
            (true, _) => self.spot_at(vec2(x, (number as f32 + 1.5) * self.row_height)),
            (false, _) => self.spot_at(vec2(x, (number as f32 - 0.5) * self.row_height)),
        }
    }

    /// The cluster before or behind a place.
    pub(crate) fn cluster(&self, at: usize, is_behind: bool) -> Option<Range<usize>> {
        let upto = self.cells.partition_point(|cell| cell.start < at);
        let number = if is_behind {
            upto
        } else {
            upto.checked_sub(1)?
        };
        let start = self.cell(number)?.start;
        let end = self.end_of(number);
        // A line break lies between two.
        let is_beside = if is_behind { start == at } else { end == at };
        is_beside.then_some(start..end)
    }

    pub(crate) fn paint(&self, painter: &Painter, at: Pos2, ink: Color32) {
        for (number, line) in self.lines.iter().enumerate() {
            let place = at + vec2(line.left, number as f32 * self.row_height);
            let clip = painter.clip_rect();
            if place.y > clip.bottom() || place.y + self.row_height < clip.top() {
                continue;
            }
            let galley = painter.fonts_mut(|fonts| fonts.layout_job(line.row.clone()));
            painter.galley(place, galley, ink);
        }
    }

    /// For egui's field: nothing that is seen, one glyph per character, each where the caret before
    /// it stands.
    pub(crate) fn galley(&self, ctx: &Context, like: &LayoutJob) -> Arc<Galley> {
        let mut job = like.clone();
        job.text = "x".to_owned();
        job.sections.truncate(1);
        if let Some(section) = job.sections.first_mut() {
            section.byte_range.start.0 = 0;
            section.byte_range.end.0 = 1;
        }
        let made = ctx.fonts_mut(|fonts| fonts.layout_job(job));
        let mut galley = Arc::unwrap_or_clone(made);
        let template = galley.rows.first().map(|placed| placed.row.clone());
        let glyph = template
            .as_ref()
            .and_then(|row| row.glyphs.first().copied());
        let (Some(template), Some(glyph)) = (template, glyph) else {
            return Arc::new(galley);
        };
        galley.rows.clear();
        for (number, line) in self.lines.iter().enumerate() {
            let mut row = (*template).clone();
            row.visuals = Default::default();
            row.glyphs.clear();
            let stretch = self.text.get(line.bytes.clone()).unwrap_or_default();
            for (at, c) in stretch.char_indices() {
                let mut next = glyph;
                next.chr = c;
                next.pos.x = self.caret((line.bytes.start + at, false)).left();
                next.advance_width = 0.0;
                next.first_vertex = 0;
                row.glyphs.push(next);
            }
            let end = self.caret((line.bytes.end, true)).left();
            row.size = vec2(end, self.row_height);
            galley.rows.push(PlacedRow {
                pos: pos2(0.0, number as f32 * self.row_height),
                row: Arc::new(row),
                ends_with_newline: line.is_ended,
            });
        }
        let height = self.lines.len() as f32 * self.row_height;
        galley.rect = Rect::from_min_size(Pos2::ZERO, vec2(self.width, height));
        galley.mesh_bounds = galley.rect;
        galley.num_vertices = 0;
        galley.num_indices = 0;
        galley.job = Arc::new(LayoutJob {
            text: self.text.clone(),
            ..like.clone()
        });
        Arc::new(galley)
    }

    /// For assistive tools: where each character of a line stands, from the side where it begins.
    pub(crate) fn places(&self, line: usize) -> Option<(Rect, Vec<f32>, Vec<f32>)> {
        let number = line;
        let line = self.lines.get(number)?;
        let rects = self.rects(&line.bytes);
        let top = number as f32 * self.row_height;
        let bounds = Rect::from_min_size(pos2(line.left, top), vec2(0.0, self.row_height));
        let bounds = rects.iter().fold(bounds, |all, rect| all.union(*rect));
        let (mut places, mut widths) = (Vec::new(), Vec::new());
        let stretch = self.text.get(line.bytes.clone()).unwrap_or_default();
        for (at, _) in stretch.char_indices() {
            let at = line.bytes.start + at;
            let cell = self.owner(line, (at, false)).and_then(|at| self.cell(at));
            let cell = cell.filter(|cell| cell.start == at);
            let (left, right) = cell.map_or((0.0, 0.0), |cell| (cell.left, cell.right));
            places.push(match cell {
                None => places.last().copied().unwrap_or_default(),
                Some(_) if self.is_rtl => bounds.right() - right,
                Some(_) => left - bounds.left(),
            });
            widths.push(right - left);
        }
        if line.is_ended {
            places.push(bounds.width());
            widths.push(0.0);
        }
        Some((bounds, places, widths))
    }

    pub(crate) fn line_count(&self) -> usize {
        self.lines.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::theme;
    use eframe::egui::{FontId, RawInput};

    fn with(texts: &[&str], room: f32, is_one_line: bool, told: impl Fn(&Written, &Galley)) {
        let ctx = Context::default();
        theme::install_fonts(&ctx);
        let mut output = ctx.run_ui(RawInput::default(), |ui| {
            for text in texts {
                let font = FontId::proportional(14.0);
                let job = LayoutJob::simple((*text).to_owned(), font, Color32::BLACK, room);
                let written = Written::set(ui.ctx(), &job, room, is_one_line, 18.0).unwrap();
                told(&written, &written.galley(ui.ctx(), &job));
            }
        });
        output.textures_delta.clear();
    }

    const TEXTS: &[&str] = &[
        "שלום עולם",
        "قال Daily Herald إن «لن» 12,5%",
        "he said “شكرا لكم” to them",
        "नमस्ते दुनिया",
        "ไทยรัฐ 日本語 e\u{301}",
        "👨\u{200d}👩\u{200d}👧 und 🇩🇪",
        "אחת\n\nשתיים three\n",
        "one \u{202e}two\u{202c} three \u{2067}ארבע\u{2069}",
        "x",
    ];

    /// egui counts characters in the galley that it is given: none more, none less.
    #[test]
    fn a_galley_has_one_glyph_per_character() {
        for (room, is_one_line) in [(60.0, false), (400.0, false), (90.0, true)] {
            with(TEXTS, room, is_one_line, |written, galley| {
                let rows = galley.rows.iter();
                let read: String = rows
                    .map(|row| row.text() + if row.ends_with_newline { "\n" } else { "" })
                    .collect();
                assert_eq!(read, written.text());
                assert_eq!(galley.end().index.0, written.text().chars().count());
            });
        }
    }

    /// From a caret to its point and back; what is covered has the carets at its sides.
    #[test]
    fn a_caret_is_hit_where_it_stands() {
        for (room, is_one_line) in [(60.0, false), (400.0, false), (90.0, true)] {
            with(TEXTS, room, is_one_line, |written, _| {
                for (at, cell) in written.cells.iter().enumerate() {
                    if cell.right <= cell.left || written.text.get(cell.start..) == Some("\n") {
                        continue;
                    }
                    let end = written.end_of(at);
                    let line = written.lines.partition_point(|l| l.cells.end <= at);
                    let y = (line as f32 + 0.5) * written.row_height;
                    let quarter = (cell.right - cell.left) / 4.0;
                    for (x, edge) in [(cell.left + quarter, false), (cell.right - quarter, true)] {
                        let spot = written.spot_at(vec2(x, y));
                        let expected = if edge == cell.is_rtl { cell.start } else { end };
                        assert_eq!(spot.0, expected, "{:?} at {x}", written.text);
                        let caret = written.caret(spot).left();
                        let side = if edge { cell.right } else { cell.left };
                        let side = side.clamp(0.0, written.width);
                        assert!((caret - side).abs() < 0.01, "{:?} {spot:?}", written.text);
                    }
                    let covered = written.rects(&(cell.start..end));
                    assert!((covered[0].left() - cell.left).abs() < 0.01);
                    assert!((covered[0].right() - cell.right).abs() < 0.01);
                }
            });
        }
    }

    /// Steps to one side come through the whole text, and back.
    #[test]
    fn steps_go_through_all_that_is_seen() {
        for (room, is_one_line) in [(60.0, false), (400.0, false), (90.0, true)] {
            with(TEXTS, room, is_one_line, |written, _| {
                for onward in [true, false] {
                    let to_right = onward != written.is_rtl;
                    let mut spot = if onward {
                        (0, false)
                    } else {
                        (written.text.len(), true)
                    };
                    let mut seen = 0;
                    loop {
                        let next = written.step(spot, to_right);
                        if next == spot || seen > 200 {
                            break;
                        }
                        let (from, to) = (written.caret(spot), written.caret(next));
                        let is_same_line = (from.top() - to.top()).abs() < 1.0;
                        let goes = to.left() - from.left();
                        assert!(
                            !is_same_line || goes == 0.0 || (goes > 0.0) == to_right,
                            "{:?}: {spot:?} to {next:?}",
                            written.text
                        );
                        spot = next;
                        seen += 1;
                    }
                    let visible = written.cells.iter().filter(|c| c.right > c.left).count();
                    assert!(seen >= visible, "{:?}: {seen} of {visible}", written.text);
                }
            });
        }
    }
}
