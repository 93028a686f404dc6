//! A block set by the rules of Unicode: text in both directions, and lines broken inside words.
//!
//! egui lays out one direction, so it is given words, which it shapes rightly, and they are put in the
//! order in which they are seen. Where what stands comes from the clusters that were set, and never
//! from a galley's index (invariant 5). What was measured is what is painted, as long as the atlas of
//! glyphs stays the same ([`Words::begin`]).

use super::BlockLayout;
use crate::core::text::bidi::Levels;
use crate::core::text::{ArticleText, BytePos, ByteRange};
use crate::ui::kit::letters::{Letters, Mark, Words};
use eframe::egui::epaint::text::Row;
use eframe::egui::text::TextFormat;
use eframe::egui::{Color32, Context, Galley, Painter, Pos2, Rect, Vec2, pos2, vec2};
use std::ops::Range;
use std::sync::{Arc, OnceLock};

/// How a block is to be set.
pub(in crate::ui::article) struct Measure<'a> {
    pub(in crate::ui::article) format: &'a TextFormat,
    pub(in crate::ui::article) width: f32,
    pub(in crate::ui::article) row_height: f32,
    pub(in crate::ui::article) gap: f32,
    /// The direction of the paragraph.
    pub(in crate::ui::article) is_rtl: bool,
    /// Where lines begin, when that is not to be found out: in bytes of the block.
    pub(in crate::ui::article) breaks: Option<&'a [usize]>,
    /// The block is a part of a paragraph, of which these are the levels, and where lines may be broken in
    /// it, in bytes of the block.
    pub(in crate::ui::article) part: Option<(Levels, Vec<usize>)>,
}

/// A cluster of letters in its line.
#[derive(Clone, Copy, Debug)]
struct Placed {
    start: u32,
    left: f32,
    right: f32,
    line: u32,
    is_rtl: bool,
}

struct Line {
    /// Of all clusters, those of this line.
    clusters: Range<usize>,
    /// The same from left to right.
    seen: Vec<usize>,
    /// The same as stretches that go one way, and whether that is from right to left.
    runs: Vec<(Range<usize>, bool)>,
    /// Those from here on are white space at the end, which is not seen.
    blank_from: usize,
    top: f32,
    left: f32,
    /// What is painted, and how far from the left of the line.
    rows: Vec<(f32, Arc<Row>)>,
}

/// A block as set: every position is one between clusters.
pub(in crate::ui::article) struct Composed {
    clusters: Vec<Placed>,
    lines: Vec<Line>,
    range: ByteRange,
    width: f32,
    row_height: f32,
    height: f32,
    is_rtl: bool,
    mark: Option<Mark>,
    pixels_per_point: f32,
    painted: OnceLock<Option<Arc<Galley>>>,
}

impl Composed {
    pub(in crate::ui::article) fn set(
        ctx: &Context,
        words: &mut Words,
        text: &ArticleText,
        range: ByteRange,
        measure: &Measure<'_>,
    ) -> Self {
        let content = text.slice(range);
        let known = measure.part.as_ref().map(|(levels, _)| levels);
        let made = known.is_none().then(|| Levels::of(content, measure.is_rtl));
        let empty = Levels::default();
        let levels = known.or(made.as_ref()).unwrap_or(&empty);
        let may_break = measure.part.as_ref().map(|(_, may_break)| &**may_break);
        let letters = Letters::broken(ctx, words, (content, may_break), levels, measure.format);
        let letters = letters.with_stops(ctx);
        let lines = match measure.breaks {
            // No line of the paragraph begins in this part.
            Some(_) if known.is_some() && content.is_empty() => Vec::new(),
            Some(breaks) => forced(breaks, &letters),
            None => letters.lines(levels, measure.width),
        };
        let mut composed = Self {
            clusters: Vec::with_capacity(letters.len()),
            height: (lines.len() as f32 * measure.row_height + measure.gap).round(),
            lines: Vec::with_capacity(lines.len()),
            range,
            width: measure.width,
            row_height: measure.row_height,
            is_rtl: measure.is_rtl,
            mark: words.mark(),
            pixels_per_point: ctx.pixels_per_point(),
            painted: OnceLock::new(),
        };
        for line in lines {
            composed.add_line(&letters, line, levels);
        }
        composed
    }

    fn add_line(&mut self, letters: &Letters<'_>, line: Range<usize>, levels: &Levels) {
        let widths = letters.widths_in(&line);
        let (order, rows) = letters.painted(&line, &widths, levels);
        let total: f32 = widths.iter().sum();
        let left = if self.is_rtl { self.width - total } else { 0.0 };
        let blanks = line.clone().rev().take_while(|at| letters.is_blank(*at));
        let number = self.lines.len();
        let (from, is_rtl) = (self.range.start.0, self.is_rtl);
        let placed = |at: usize| Placed {
            start: from + letters.start(at) as u32,
            left,
            right: left,
            line: number as u32,
            is_rtl,
        };
        self.clusters.extend(line.clone().map(placed));
        let mut x = left;
        for &(at, is_rtl) in &order {
            if let Some(placed) = self.clusters.get_mut(at) {
                let width = widths.get(at - line.start).copied().unwrap_or_default();
                placed.left = x;
                x += width;
                placed.right = x;
                placed.is_rtl = is_rtl;
            }
        }
        self.lines.push(Line {
            blank_from: line.end - blanks.count(),
            seen: order.iter().map(|(at, _)| *at).collect(),
            runs: runs_of(&order),
            clusters: line,
            top: number as f32 * self.row_height,
            left,
            rows,
        });
    }

    /// Moves the rows down that come after one with underlines below each other.
    pub(super) fn make_room(&mut self, stacked: &[ByteRange], room: f32) {
        let mut down = 0.0;
        for number in 0..self.lines.len() {
            let range = self.range_of(number);
            if let Some(line) = self.lines.get_mut(number) {
                line.top += down;
            }
            if stacked.iter().any(|stacked| stacked.intersects(range)) {
                down += room;
            }
        }
        self.height += down;
    }

    /// The clusters of each line from left to right, by where they begin: for comparing.
    pub(in crate::ui::article) fn order(&self) -> impl Iterator<Item = (BytePos, Vec<BytePos>)> {
        let start =
            |at: usize| BytePos(self.clusters.get(at).map_or(self.range.end.0, |c| c.start));
        self.lines.iter().map(move |line| {
            let seen = line.seen.iter().map(|at| start(*at)).collect();
            (start(line.clusters.start), seen)
        })
    }

    /// The room of the cluster that begins at a position.
    pub(in crate::ui::article) fn place(&self, at: BytePos) -> Rect {
        self.owner(at, false)
    }

    /// The room of the cluster that a caret belongs to.
    pub(super) fn owner(&self, at: BytePos, before: bool) -> Rect {
        let found = self
            .cluster_at(at, before)
            .and_then(|at| self.clusters.get(at));
        found.map_or(Rect::ZERO, |c| {
            let top = c.line as f32 * self.row_height;
            Rect::from_min_max(pos2(c.left, top), pos2(c.right, top + self.row_height))
        })
    }

    #[cfg(test)]
    pub(super) fn owner_text<'t>(
        &self,
        text: &'t ArticleText,
        at: BytePos,
        before: bool,
    ) -> &'t str {
        let cluster = self.cluster_at(at, before).unwrap_or(usize::MAX - 1);
        text.slice(ByteRange::new(
            self.start_of(cluster),
            self.start_of(cluster + 1),
        ))
    }

    #[cfg(test)]
    pub(super) fn width(&self) -> f32 {
        self.width
    }

    /// What is painted of the whole block. A word stands at a whole pixel, as its letters do in it.
    pub(super) fn painted(&self) -> Option<&Arc<Galley>> {
        let make = || {
            let pixel = self.pixels_per_point.max(0.1);
            let round = |points: f32| (points * pixel).round() / pixel;
            let rows = self.lines.iter().flat_map(|line| {
                let rows = line.rows.iter();
                rows.map(|(x, row)| (pos2(round(line.left + x), round(line.top)), row.clone()))
            });
            self.mark.as_ref().map(|mark| mark.galley(rows))
        };
        self.painted.get_or_init(make).as_ref()
    }

    fn range_of(&self, line: usize) -> ByteRange {
        let clusters = self
            .lines
            .get(line)
            .map_or(0..0, |line| line.clusters.clone());
        ByteRange::new(self.start_of(clusters.start), self.start_of(clusters.end))
    }

    /// Where a cluster begins, or the block ends.
    fn start_of(&self, cluster: usize) -> BytePos {
        self.clusters
            .get(cluster)
            .map_or(self.range.end, |c| BytePos(c.start))
    }

    /// The cluster that a position belongs to: the one that it begins, or that it ends.
    fn cluster_at(&self, at: BytePos, before: bool) -> Option<usize> {
        let upto = |at: BytePos| self.clusters.partition_point(|c| c.start <= at.0);
        let ends = self
            .clusters
            .partition_point(|c| c.start < at.0)
            .checked_sub(1);
        let begins = upto(at).checked_sub(1).filter(|_| at < self.range.end);
        if before {
            ends.or(begins)
        } else {
            begins.or(ends)
        }
    }

    /// Where a caret stands that belongs to the cluster behind it, or to the one before it.
    fn caret(&self, at: BytePos, before: bool) -> Rect {
        let Some(cluster) = self.cluster_at(at, before) else {
            let x = if self.is_rtl { self.width } else { 0.0 };
            return Rect::from_min_size(pos2(x, 0.0), vec2(0.0, self.row_height));
        };
        let Some(placed) = self.clusters.get(cluster) else {
            return Rect::ZERO;
        };
        let is_end = placed.start < at.0;
        let x = if is_end == placed.is_rtl {
            placed.left
        } else {
            placed.right
        };
        // White space at the end of a line goes on beyond the column.
        let x = x.clamp(0.0, self.width.max(0.0));
        let top = self
            .lines
            .get(placed.line as usize)
            .map_or(0.0, |line| line.top);
        Rect::from_min_size(pos2(x, top), vec2(0.0, self.row_height))
    }

    /// The position at the left or right side of a cluster, and whether it is its end.
    fn side(&self, cluster: usize, is_right: bool) -> (BytePos, bool) {
        let is_rtl = self.clusters.get(cluster).is_some_and(|c| c.is_rtl);
        let is_end = is_right != is_rtl;
        (self.start_of(cluster + usize::from(is_end)), is_end)
    }

    fn line_at(&self, y: f32) -> Option<&Line> {
        let below = self.lines.partition_point(|line| line.top <= y);
        self.lines.get(below.saturating_sub(1))
    }

    /// The end of a line that goes on in the next lies before its white space, as everywhere.
    fn in_line(&self, line: &Line, (at, before): (BytePos, bool)) -> (BytePos, bool) {
        let is_last = line.clusters.end >= self.clusters.len();
        if is_last || at < self.start_of(line.clusters.end) {
            return (at, before);
        }
        if line.blank_from < line.clusters.end {
            (self.start_of(line.clusters.end - 1), false)
        } else {
            (at, true)
        }
    }
}

/// Stretches of clusters that go one way, of clusters from left to right.
fn runs_of(order: &[(usize, bool)]) -> Vec<(Range<usize>, bool)> {
    let mut runs: Vec<(Range<usize>, bool)> = Vec::new();
    for &(at, is_rtl) in order {
        match runs.last_mut() {
            Some((run, false)) if !is_rtl && run.end == at => run.end = at + 1,
            Some((run, true)) if is_rtl && run.start == at + 1 => run.start = at,
            _ => runs.push((at..at + 1, is_rtl)),
        }
    }
    runs
}

/// Lines that begin where they are told to.
fn forced(breaks: &[usize], letters: &Letters<'_>) -> Vec<Range<usize>> {
    let cluster = |at: &usize| letters.starts.partition_point(|start| start < at);
    let begins = breaks.iter().map(cluster);
    let mut begins: Vec<usize> = begins
        .filter(|at| (1..letters.len()).contains(at))
        .collect();
    begins.dedup();
    let ends = begins.iter().copied().chain([letters.len()]);
    let begins = std::iter::once(0).chain(begins.iter().copied());
    begins.zip(ends).map(|(from, to)| from..to).collect()
}

impl BlockLayout for Composed {
    fn caret_at(&self, point: Vec2) -> BytePos {
        self.spot_at(point).0
    }

    fn spot_at(&self, point: Vec2) -> (BytePos, bool) {
        let Some(line) = self.line_at(point.y) else {
            return (self.range.start, false);
        };
        // Of clusters that nobody sees none is hit.
        let seen = line.seen.iter().filter_map(|at| {
            let placed = self.clusters.get(*at)?;
            let off = point.x - point.x.clamp(placed.left, placed.right);
            (placed.right > placed.left).then_some((*at, placed, off.abs()))
        });
        let Some((at, placed, _)) = seen.min_by(|a, b| a.2.total_cmp(&b.2)) else {
            return (self.start_of(line.clusters.start), false);
        };
        let is_right = point.x >= f32::midpoint(placed.left, placed.right);
        let spot = self.side(at, is_right);
        let is_space = (placed.left..placed.right).contains(&point.x) && at >= line.blank_from;
        // Whoever points at the far side of a space means its end; beyond it, that of the line.
        if is_space {
            spot
        } else {
            self.in_line(line, spot)
        }
    }

    fn rects(&self, range: ByteRange, rects: &mut Vec<Rect>) {
        let first = self.clusters.partition_point(|c| c.start < range.start.0);
        let last = self.clusters.partition_point(|c| c.start < range.end.0);
        let from = self
            .lines
            .partition_point(|line| line.clusters.end <= first);
        for line in self.lines.iter().skip(from) {
            if line.clusters.start >= last {
                break;
            }
            let (top, bottom) = (line.top, line.top + self.row_height);
            let from = rects.len();
            let wanted = first..last.min(line.blank_from);
            let mut open: Option<Rect> = None;
            for (run, is_rtl) in &line.runs {
                let (low, high) = (run.start.max(wanted.start), run.end.min(wanted.end));
                let (is_from_start, is_to_end) = (low == run.start, high == run.end);
                let (goes_on, is_open) = if *is_rtl {
                    (is_to_end, is_from_start)
                } else {
                    (is_from_start, is_to_end)
                };
                let ends = [low, high.saturating_sub(1)].map(|at| self.clusters.get(at));
                let [Some(a), Some(b)] = ends.map(|end| end.filter(|_| low < high)) else {
                    rects.extend(open.take());
                    continue;
                };
                if !goes_on {
                    rects.extend(open.take());
                }
                let (left, right) = (a.left.min(b.left), a.right.max(b.right));
                let here = Rect::from_min_max(pos2(left, top), pos2(right, bottom));
                let here = open.take().map_or(here, |open| open.union(here));
                if is_open {
                    open = Some(here);
                } else {
                    rects.push(here);
                }
            }
            rects.extend(open);
            // The first is where reading begins.
            if self.is_rtl {
                rects.get_mut(from..).unwrap_or_default().reverse();
            }
        }
    }

    fn caret_rect(&self, at: BytePos) -> Rect {
        self.caret(at, false)
    }

    fn end_rect(&self, at: BytePos) -> Rect {
        self.caret(at, true)
    }

    fn step(&self, at: BytePos, before: bool, to_right: bool) -> Option<(BytePos, bool)> {
        let cluster = self.cluster_at(at, before)?;
        let placed = self.clusters.get(cluster)?;
        let number = placed.line as usize;
        let line = self.lines.get(number)?;
        let is_end = placed.start < at.0;
        let place = line.seen.iter().position(|seen| *seen == cluster)?;
        // Between which clusters the caret stands, counted from the left.
        let gap = place + usize::from(is_end != placed.is_rtl);
        let is_seen = |at: &usize| self.clusters.get(*at).is_some_and(|c| c.right > c.left);
        let passed = if to_right {
            line.seen.iter().skip(gap).find(|at| is_seen(at))
        } else {
            line.seen.iter().take(gap).rev().find(|at| is_seen(at))
        };
        if let Some(&passed) = passed {
            let spot = self.side(passed, to_right);
            let edge = if to_right {
                line.seen.last()
            } else {
                line.seen.first()
            };
            let is_onward = to_right != self.is_rtl && edge == Some(&passed);
            let is_over = is_onward && spot.1 && spot.0 >= self.start_of(line.clusters.end);
            // Behind the last space of a line the next one begins.
            return Some(if is_over && line.clusters.end < self.clusters.len() {
                (spot.0, false)
            } else {
                spot
            });
        }
        if to_right != self.is_rtl {
            let next = self.lines.get(number + 1)?;
            let first = if to_right {
                next.seen.first()
            } else {
                next.seen.last()
            };
            return Some(self.side(*first?, !to_right));
        }
        let above = self.lines.get(number.checked_sub(1)?)?;
        let last = if to_right {
            above.seen.first()
        } else {
            above.seen.last()
        };
        Some(self.side(*last?, to_right))
    }

    fn row_edge(&self, at: BytePos, before: bool, to_end: bool) -> (BytePos, bool) {
        let cluster = self.cluster_at(at, before);
        let placed = cluster.and_then(|cluster| self.clusters.get(cluster));
        let Some(line) = placed.and_then(|placed| self.lines.get(placed.line as usize)) else {
            return (at, before);
        };
        if to_end {
            self.in_line(line, (self.start_of(line.clusters.end), true))
        } else {
            (self.start_of(line.clusters.start), false)
        }
    }

    fn is_rtl(&self) -> bool {
        self.is_rtl
    }

    fn is_rtl_at(&self, at: BytePos, before: bool) -> bool {
        let cluster = self
            .cluster_at(at, before)
            .and_then(|at| self.clusters.get(at));
        cluster.map_or(self.is_rtl, |cluster| cluster.is_rtl)
    }

    fn height(&self) -> f32 {
        self.height
    }

    fn rows(&self) -> Vec<(f32, f32)> {
        let tops = self.lines.iter().map(|line| line.top);
        tops.map(|top| (top, top + self.row_height)).collect()
    }

    fn paint(&self, painter: &Painter, at: Pos2, ink: Color32) {
        if let Some(galley) = self.painted() {
            painter.galley(at, galley.clone(), ink);
        }
    }
}
