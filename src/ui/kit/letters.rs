//! Text of any script as egui can show it: the clusters of a text and how wide they are, lines broken
//! by the rules of Unicode (UAX #9, #14), and what is to be laid out for a line.
//!
//! A text is cut into words, which are what moves from line to line and is shaped at once
//! ([`words`]): so each is shaped once, and what was measured is what is painted.

mod texts;
mod words;

use crate::core::text::bidi::{Levels, Nature, mirrored, nature};
use crate::core::text::breaks::line_breaks;
use crate::core::text::graphemes::each_start;
use crate::ui::theme;
use eframe::egui::Context;
use eframe::egui::epaint::text::Row;
use eframe::egui::text::{ByteIndex, LayoutJob, LayoutSection, TextFormat};
use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;
use words::{Asked, Kind, Word};

pub(crate) use texts::{dressed, dressed_row, dressed_ui, line, line_of, lines, needs_setting};
pub(crate) use words::{Mark, Words};

/// No word has more clusters; what goes on without end is cut.
const LONGEST: usize = 120;
const SOFT_HYPHEN: char = '\u{ad}';

/// Clusters that are shaped together, and what came of it.
struct Unit {
    clusters: Range<usize>,
    kind: Kind,
    /// It may be shaped with its neighbours.
    joins: bool,
    word: Arc<Word>,
}

/// Clusters of a unit in their line, and whether they go from right to left.
#[derive(Clone, Debug)]
struct Piece {
    unit: usize,
    clusters: Range<usize>,
    is_rtl: bool,
}

/// Rows of glyphs, and how far each is from the left of its line.
pub(crate) type Rows = Vec<(f32, Arc<Row>)>;

/// A text in its clusters.
pub(crate) struct Letters<'t> {
    content: &'t str,
    format: &'t TextFormat,
    /// The same for letters from the right, in whose fonts their spaces are.
    backward: TextFormat,
    /// Where clusters begin, in bytes.
    pub(crate) starts: Vec<usize>,
    /// Before which clusters a line may begin. They rise.
    breaks: Vec<usize>,
    units: Vec<Unit>,
    /// How wide each cluster is.
    widths: Vec<f32>,
    /// What is seen of a soft hyphen at which a line is broken, where there are any.
    hyphen: Option<Arc<Word>>,
    /// How far apart the stops are to which tabs go, where there are any.
    stops: Option<f32>,
}

impl<'t> Letters<'t> {
    pub(crate) fn of(
        ctx: &Context,
        content: &'t str,
        levels: &Levels,
        format: &'t TextFormat,
    ) -> Self {
        Self::among(ctx, &mut Words::default(), content, levels, format)
    }

    /// The same, of words that may be known.
    pub(crate) fn among(
        ctx: &Context,
        words: &mut Words,
        content: &'t str,
        levels: &Levels,
        format: &'t TextFormat,
    ) -> Self {
        Self::broken(ctx, words, (content, None), levels, format)
    }

    /// The same, of a text of which may be known where its lines may be broken, in bytes of it.
    pub(crate) fn broken(
        ctx: &Context,
        words: &mut Words,
        (content, may_break): (&'t str, Option<&[usize]>),
        levels: &Levels,
        format: &'t TextFormat,
    ) -> Self {
        let mut starts = Vec::with_capacity(content.len() / 2 + 1);
        each_start(content, |start| starts.push(start));
        let mut backward = format.clone();
        if !levels.is_flat() {
            let mut chars = content.chars();
            if let Some(first) = chars.find(|c| nature(*c) == Nature::RightToLeft) {
                let is_hebrew = matches!(first, '\u{590}'..='\u{5ff}' | '\u{fb1d}'..='\u{fb4f}');
                backward.font_id = theme::font_from_right(&format.font_id, is_hebrew);
            }
        }
        let mut letters = Self {
            content,
            format,
            backward,
            breaks: match may_break {
                Some(known) => clusters_at(known.iter().copied(), &starts),
                None => clusters_at(line_breaks(content), &starts),
            },
            units: Vec::new(),
            widths: Vec::with_capacity(starts.len()),
            hyphen: None,
            stops: None,
            starts,
        };
        letters.set(ctx, words, levels);
        if content.contains(SOFT_HYPHEN) {
            let look = words.look(format);
            let known = words.known(look, "-").cloned();
            let asked = Asked {
                text: "-".to_owned(),
                kind: Kind::Forward,
                clusters: vec![('-', true)],
                starts: vec![0],
            };
            letters.hyphen = known.or_else(|| words.set(ctx, &[(look, asked)]).pop());
        }
        letters
    }

    pub(crate) fn len(&self) -> usize {
        self.starts.len()
    }

    /// Where a cluster begins, or the text ends.
    pub(crate) fn start(&self, cluster: usize) -> usize {
        self.starts
            .get(cluster)
            .copied()
            .unwrap_or(self.content.len())
    }

    /// Where lines may begin, in bytes of the text.
    pub(crate) fn may_break(&self) -> impl Iterator<Item = usize> {
        self.breaks.iter().map(|at| self.start(*at))
    }

    pub(crate) fn width(&self, cluster: usize) -> f32 {
        self.widths.get(cluster).copied().unwrap_or_default()
    }

    /// Tabs go to stops, as in an article, and not all as far.
    pub(crate) fn with_stops(mut self, ctx: &Context) -> Self {
        const SPACES: f32 = 8.0;
        if self.content.contains('\t') {
            let space = ctx.fonts_mut(|fonts| fonts.glyph_width(&self.format.font_id, ' '));
            self.stops = Some(space * SPACES).filter(|apart| *apart > 0.0);
        }
        self
    }

    /// How wide a cluster is that far from where its line begins.
    fn width_at(&self, cluster: usize, from_start: f32) -> f32 {
        match self.stops.filter(|_| self.first(cluster) == '\t') {
            Some(apart) => {
                let left = apart - from_start % apart;
                // One that nobody would see goes to the next.
                if left < apart / 16.0 {
                    left + apart
                } else {
                    left
                }
            }
            None => self.width(cluster),
        }
    }

    /// How wide the clusters of a line are: a soft hyphen is seen at the end of one.
    pub(crate) fn widths_in(&self, line: &Range<usize>) -> Cow<'_, [f32]> {
        let widths = self.widths.get(line.clone()).unwrap_or_default();
        let last = line.end.saturating_sub(1);
        let hyphen = self
            .hyphen_of(last)
            .filter(|_| self.is_broken_at(line, last));
        if self.stops.is_none() && hyphen.is_none() {
            return Cow::Borrowed(widths);
        }
        let mut widths = widths.to_vec();
        if self.stops.is_some() {
            let mut from_start = 0.0;
            for (at, width) in line.clone().zip(&mut widths) {
                *width = self.width_at(at, from_start);
                from_start += *width;
            }
        }
        if let Some((last, hyphen)) = widths.last_mut().zip(hyphen) {
            *last = hyphen.width();
        }
        Cow::Owned(widths)
    }

    fn is_broken_at(&self, line: &Range<usize>, cluster: usize) -> bool {
        cluster + 1 == line.end && line.end < self.len()
    }

    fn hyphen_of(&self, cluster: usize) -> Option<&Arc<Word>> {
        let hyphen = self.hyphen.as_ref();
        hyphen.filter(|_| self.first(cluster) == SOFT_HYPHEN)
    }

    fn text(&self, cluster: usize) -> &'t str {
        let range = self.start(cluster)..self.start(cluster + 1);
        self.content.get(range).unwrap_or_default()
    }

    fn first(&self, cluster: usize) -> char {
        let byte = self.content.as_bytes().get(self.start(cluster)).copied();
        match byte.filter(u8::is_ascii) {
            Some(byte) => char::from(byte),
            None => self.text(cluster).chars().next().unwrap_or(' '),
        }
    }

    /// Whether it is a space at which a line may end.
    pub(crate) fn is_blank(&self, cluster: usize) -> bool {
        if self.first(cluster).is_ascii_graphic() {
            return false;
        }
        let is_fixed = |c: char| matches!(c, '\u{a0}' | '\u{202f}' | '\u{2007}');
        let mut chars = self.text(cluster).chars();
        chars.all(|c| c.is_whitespace() && !is_fixed(c))
    }

    /// Whether a line ends behind it, full or not.
    fn ends_line(&self, cluster: usize, levels: &Levels) -> bool {
        let ends = |c: char| matches!(c, '\n'..='\r' | '\u{85}' | '\u{2028}' | '\u{2029}');
        levels.ends_at(self.start(cluster))
            || self.text(cluster).chars().next_back().is_some_and(ends)
    }

    /// How a cluster is handed to the shaper, and whether it may be so with its neighbours.
    fn kind(&self, cluster: usize, levels: &Levels) -> (Kind, bool) {
        let start = self.start(cluster);
        let first = self.first(cluster);
        if first == ' ' || first.is_control() {
            let is_rtl = levels.is_rtl_at(start);
            return (if is_rtl { Kind::Turned } else { Kind::Forward }, false);
        }
        if levels.is_flat() {
            return (Kind::Forward, true);
        }
        match (levels.nature_at(start, first), levels.is_rtl_at(start)) {
            (Nature::RightToLeft, true) => (Kind::Backward, true),
            (_, true) => (Kind::Turned, false),
            (Nature::LeftToRight, false) => (Kind::Forward, true),
            (_, false) => (Kind::Forward, false),
        }
    }

    /// Cuts the clusters into words.
    fn each_unit(&self, levels: &Levels, mut told: impl FnMut(Range<usize>, Kind, bool)) {
        let mut breaks = self.breaks.iter().copied().peekable();
        // All from the left is of one level.
        let is_flat = levels.is_flat();
        let mut from = 0;
        let mut last = (0 < self.len()).then(|| self.kind(0, levels));
        while let Some((kind, joins)) = last {
            let level = levels.at(self.start(from));
            let mut to = from + 1;
            last = loop {
                if to >= self.len() {
                    break None;
                }
                let next = self.kind(to, levels);
                while breaks.next_if(|at| *at < to).is_some() {}
                let is_break = breaks.peek() == Some(&to);
                let goes_on = joins
                    && next.1
                    && next.0 == kind
                    && (is_flat || levels.at(self.start(to)) == level);
                // Letters from the right may join over a place where a line may be broken.
                let is_break = is_break && kind == Kind::Forward;
                if !goes_on || is_break || to - from == LONGEST {
                    break Some(next);
                }
                to += 1;
            };
            told(from..to, kind, joins || self.first(from) == ' ');
            from = to;
        }
    }

    /// Sets the words that are not known.
    fn set(&mut self, ctx: &Context, words: &mut Words, levels: &Levels) {
        let looks = [words.look(self.format), words.look(&self.backward)];
        type Found = (Range<usize>, Kind, bool, Option<Arc<Word>>);
        // Words and the spaces between them, mostly.
        let mut found: Vec<Found> = Vec::with_capacity(2 * self.breaks.len() + 1);
        let mut asked: Vec<(usize, Asked)> = Vec::new();
        let mut places: HashMap<(usize, Cow<'_, str>), usize> = HashMap::new();
        let mut waiting: Vec<(usize, usize)> = Vec::new();
        self.each_unit(levels, |clusters, kind, joins| {
            let look = looks.get(usize::from(kind != Kind::Forward));
            let look = look.copied().unwrap_or_default();
            let text = self.shaped(&clusters, kind);
            let known = words.known(look, &text).cloned();
            if known.is_none() {
                let place = *places.entry((look, text)).or_insert_with_key(|(_, text)| {
                    asked.push((look, self.asked(&clusters, kind, text.clone().into_owned())));
                    asked.len() - 1
                });
                waiting.push((found.len(), place));
            }
            found.push((clusters, kind, joins, known));
        });
        let set = words.set(ctx, &asked);
        for (unit, place) in waiting {
            if let (Some((.., word)), Some(set)) = (found.get_mut(unit), set.get(place)) {
                *word = Some(set.clone());
            }
        }
        self.units.reserve(found.len());
        for (clusters, kind, joins, word) in found {
            let Some(word) = word else { continue };
            self.widths.extend_from_slice(&word.widths);
            self.widths.resize(clusters.end, 0.0);
            self.units.push(Unit {
                clusters,
                kind,
                joins,
                word,
            });
        }
    }

    #[cfg(test)]
    fn all_asked(&self, words: &mut Words, levels: &Levels) -> Vec<(usize, Asked)> {
        let looks = [words.look(self.format), words.look(&self.backward)];
        let mut asked = Vec::new();
        self.each_unit(levels, |clusters, kind, _| {
            let text = self.shaped(&clusters, kind).into_owned();
            let look = looks[usize::from(kind != Kind::Forward)];
            asked.push((look, self.asked(&clusters, kind, text)));
        });
        asked
    }

    /// Clusters as they are shaped.
    fn shaped(&self, clusters: &Range<usize>, kind: Kind) -> Cow<'t, str> {
        let range = self.start(clusters.start)..self.start(clusters.end);
        let text = self.content.get(range).unwrap_or_default();
        match self.first(clusters.start) {
            // Nothing is drawn for a control.
            c if c.is_control() && c != '\t' => Cow::Borrowed("\u{200b}"),
            _ if kind == Kind::Turned => text.chars().map(mirrored).collect::<String>().into(),
            _ => Cow::Borrowed(text),
        }
    }

    fn asked(&self, clusters: &Range<usize>, kind: Kind, text: String) -> Asked {
        let from = self.start(clusters.start);
        let each = clusters.clone().map(|at| {
            let first = self.first(at);
            (first, self.text(at).len() == first.len_utf8())
        });
        Asked {
            text,
            kind,
            clusters: each.collect(),
            starts: clusters.clone().map(|at| self.start(at) - from).collect(),
        }
    }

    /// What stands in a line, from left to right.
    fn pieces(&self, line: &Range<usize>, levels: &Levels) -> Vec<Piece> {
        let first = self
            .units
            .partition_point(|unit| unit.clusters.end <= line.start);
        let end = self
            .units
            .partition_point(|unit| unit.clusters.start < line.end);
        let here = self.units.get(first..end).unwrap_or_default();
        let read = (first..).zip(here).map(|(n, unit)| {
            let from = unit.clusters.start.max(line.start);
            (n, from..unit.clusters.end.min(line.end))
        });
        if levels.is_flat() {
            let piece = |(unit, clusters)| Piece {
                unit,
                clusters,
                is_rtl: false,
            };
            return read.map(piece).collect();
        }
        let read: Vec<(usize, Range<usize>)> = read.collect();
        let starts: Vec<usize> = read
            .iter()
            .map(|(_, part)| self.start(part.start))
            .collect();
        let bytes = self.start(line.start)..self.start(line.end);
        let order = levels.in_order(bytes, &starts).into_iter();
        let pieces = order.filter_map(|(at, is_rtl)| {
            let (unit, clusters) = read.get(at)?.clone();
            Some(Piece {
                unit,
                clusters,
                is_rtl,
            })
        });
        pieces.collect()
    }

    /// The clusters of a line from left to right, and whether each goes from right to left.
    pub(crate) fn seen(&self, line: &Range<usize>, levels: &Levels) -> Vec<(usize, bool)> {
        self.painted(line, &self.widths_in(line), levels).0
    }

    /// The same with what is painted, and how far each row of it is from the left.
    pub(crate) fn painted(
        &self,
        line: &Range<usize>,
        widths: &[f32],
        levels: &Levels,
    ) -> (Vec<(usize, bool)>, Rows) {
        let mut seen = Vec::with_capacity(line.len());
        let pieces = self.pieces(line, levels);
        let mut rows = Vec::with_capacity(pieces.len());
        let mut left = 0.0;
        for piece in pieces {
            let clusters = piece.clusters;
            let last = clusters.end.saturating_sub(1);
            let hyphen = self
                .hyphen_of(last)
                .filter(|_| self.is_broken_at(line, last));
            let hyphen = hyphen.map(|word| (word.rows(0, 1), word.width()));
            let (hyphen, hyphen_width) = hyphen.unwrap_or((Cow::Borrowed(&[]), 0.0));
            let inside = clusters.start - line.start..clusters.end - line.start;
            let width: f32 = widths.get(inside).unwrap_or_default().iter().sum();
            let (before, hyphen_at) = if piece.is_rtl {
                (hyphen_width, 0.0)
            } else {
                (0.0, width - hyphen_width)
            };
            if let Some(unit) = self.units.get(piece.unit) {
                let first = unit.clusters.start;
                let here = unit.word.rows(clusters.start - first, clusters.end - first);
                rows.extend(
                    here.iter()
                        .map(|(at, row)| (left + before + at, row.clone())),
                );
            }
            let hyphen = hyphen.iter();
            rows.extend(hyphen.map(|(at, row)| (left + hyphen_at + at, row.clone())));
            left += width;
            if piece.is_rtl {
                seen.extend(clusters.rev().map(|at| (at, true)));
            } else {
                seen.extend(clusters.map(|at| (at, false)));
            }
        }
        (seen, rows)
    }

    /// Lines broken where they are full, or inside a word that is longer than a line.
    pub(crate) fn lines(&self, levels: &Levels, room: f32) -> Vec<Range<usize>> {
        let mut breaks = self.breaks.iter().copied().peekable();
        let mut lines = Vec::new();
        // How wide the line is, and without the white space at its end, which needs no room.
        let (mut from, mut width, mut seen) = (0, 0.0, 0.0);
        // Where the line could end, and how wide it is up to there.
        let mut candidate: Option<(usize, f32)> = None;
        for at in 0..self.len() {
            if breaks.next_if_eq(&at).is_some() {
                if self.ends_line(at - 1, levels) {
                    lines.push(from..at);
                    (from, width, seen, candidate) = (at, 0.0, 0.0, None);
                } else if at > from {
                    let hyphen = self.hyphen_of(at - 1).map_or(0.0, |word| word.width());
                    if seen + hyphen <= room + 0.01 {
                        candidate = Some((at, width));
                    }
                }
            }
            let mut advance = self.width_at(at, width);
            if width + advance > room + 0.01 && at > from && !self.is_blank(at) {
                let (end, before) = candidate.take().unwrap_or((at, width));
                lines.push(from..end);
                (from, width) = (end, width - before);
                if self.stops.is_some() {
                    let clusters = end..at;
                    width = clusters.fold(0.0, |width, at| width + self.width_at(at, width));
                    advance = self.width_at(at, width);
                }
            }
            width += advance;
            if !self.is_blank(at) {
                seen = width;
            }
        }
        lines.push(from..self.len());
        lines
    }

    /// Clusters as they are seen from left to right, to be laid out in one row.
    pub(crate) fn row(&self, seen: &[(usize, bool)]) -> LayoutJob {
        let mut job = unbroken();
        job.break_on_newline = false;
        let unit_of = |at: usize| self.units.partition_point(|unit| unit.clusters.end <= at);
        let mut from = 0;
        // Where the last section ends that may go on, as words from the left do.
        let mut open: Option<usize> = None;
        for run in seen.chunk_by(|a, b| {
            let goes_on = if a.1 { b.0 + 1 == a.0 } else { a.0 + 1 == b.0 };
            goes_on && unit_of(a.0) == unit_of(b.0)
        }) {
            let place = seen.get(from).copied().unwrap_or_default().0;
            from += run.len();
            let at = unit_of(place);
            let Some(unit) = self.units.get(at) else {
                continue;
            };
            let kind = unit.kind;
            let format = match kind {
                Kind::Forward => self.format,
                Kind::Backward | Kind::Turned => &self.backward,
            };
            let clusters = run.iter().map(|(at, _)| *at);
            let (low, high) = (clusters.clone().min(), clusters.max());
            let (Some(low), Some(high)) = (low, high) else {
                continue;
            };
            let is_open = kind == Kind::Forward && unit.joins;
            let goes_on = is_open && open == Some(low);
            open = is_open.then_some(high + 1);
            if goes_on && let Some(last) = job.sections.last_mut() {
                job.text.push_str(&self.shaped(&(low..high + 1), kind));
                last.byte_range.end = ByteIndex(job.text.len());
                continue;
            }
            // Each font by itself, from the left.
            let cuts = unit.word.cuts.iter().map(|cut| unit.clusters.start + cut);
            let inner: Vec<usize> = cuts.filter(|cut| *cut > low && *cut <= high).collect();
            let begins = std::iter::once(low).chain(inner.iter().copied());
            let ends = inner.iter().copied().chain([high + 1]);
            let parts: Vec<Range<usize>> = begins.zip(ends).map(|(a, b)| a..b).collect();
            for part in parts.into_iter().rev() {
                push(&mut job, &self.shaped(&part, kind), format.clone());
            }
        }
        job
    }
}

/// Before which clusters a line may begin, of bytes before which it may. Both rise.
fn clusters_at(bytes: impl IntoIterator<Item = usize>, starts: &[usize]) -> Vec<usize> {
    let mut at = 0;
    let mut breaks = Vec::with_capacity(starts.len() / 6);
    for found in bytes {
        while starts.get(at).is_some_and(|start| *start < found) {
            at += 1;
        }
        if at > 0 && starts.get(at) == Some(&found) {
            breaks.push(at);
        }
    }
    breaks
}

fn unbroken() -> LayoutJob {
    let mut job = LayoutJob::default();
    job.wrap.max_width = f32::INFINITY;
    job.keep_trailing_whitespace = true;
    job
}

/// A section of its own, where `append` would make one of two that look alike, and shape them together.
fn push(job: &mut LayoutJob, text: &str, format: TextFormat) {
    let start = ByteIndex(job.text.len());
    job.text.push_str(text);
    job.sections.push(LayoutSection {
        leading_space: 0.0,
        byte_range: start..ByteIndex(job.text.len()),
        format,
    });
}

/// Goes on with what another one holds.
pub(crate) fn append(job: &mut LayoutJob, more: &LayoutJob) {
    for section in &more.sections {
        let range = section.byte_range.start.0..section.byte_range.end.0;
        let stretch = more.text.get(range).unwrap_or_default();
        push(job, stretch, section.format.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::text::bidi;
    use eframe::egui::{FontId, RawInput};

    /// Each word is shaped once, however often it stands in a text, and again only where its clusters
    /// do not follow from its glyphs.
    #[test]
    fn a_word_is_shaped_once() {
        let ctx = Context::default();
        theme::install_fonts(&ctx);
        let format = TextFormat::simple(FontId::proportional(16.0), Default::default());
        let run = |ctx: &Context| {
            let mut words = Words::default();
            for (text, shaped) in [
                ("قال الوزير قال الوزير قال", 3),
                ("الوزير قال قال", 0),
                ("He said שלום and he said שלום", 6),
                ("said he", 0),
                ("中国中国人", 3),
            ] {
                let before = words.shaped();
                let levels = Levels::of(text, bidi::is_rtl(text));
                let letters = Letters::among(ctx, &mut words, text, &levels, &format);
                assert_eq!(letters.widths.len(), letters.starts.len());
                assert_eq!(words.shaped() - before, shaped, "{text}");
            }
        };
        let mut output = ctx.run_ui(RawInput::default(), |ui| run(ui.ctx()));
        output.textures_delta.clear();
    }
}
