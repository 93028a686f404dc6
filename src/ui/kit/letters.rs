//! Text of any script as egui can show it: the clusters of a text and how wide they are, lines broken
//! by the rules of Unicode (UAX #9, #14), and what is to be laid out for a line.
//!
//! Stretches are cut so that egui shapes each rightly. A glyph knows the character that it begins
//! with and how far it goes, and a run from the right has its glyphs from left to right; their
//! numbers are no places in the text (invariant 5). Which glyphs are of one cluster is asked by
//! setting the text once more with space between clusters.

use super::tell;
use crate::core::text::bidi::{self, Levels, Nature, mirrored, nature};
use crate::core::text::graphemes::each_start;
use crate::ui::theme;
use eframe::egui::accesskit::Role;
use eframe::egui::epaint::text::Glyph;
use eframe::egui::text::{ByteIndex, LayoutJob, LayoutSection, TextFormat};
use eframe::egui::{Align, Context, Galley, Label, Response, Ui};
use icu_segmenter::options::LineBreakOptions;
use icu_segmenter::{LineSegmenter, LineSegmenterBorrowed};
use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Arc, LazyLock};

/// Finding the tables takes longer than a line does.
static LINES: LazyLock<LineSegmenterBorrowed<'static>> =
    LazyLock::new(|| LineSegmenter::new_dictionary(LineBreakOptions::default()));

/// How a stretch is handed to the shaper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// From left to right.
    Forward,
    /// Letters from the right, which are shaped in their order and set against it.
    Backward,
    /// A cluster by itself in text from the right: brackets turn round.
    Turned,
}

/// Clusters that are shaped together: those in a range, in the order of reading.
#[derive(Clone, Debug)]
struct Stretch {
    clusters: Range<usize>,
    kind: Kind,
}

/// Whether an order is that of reading, or of what is seen from left to right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Order {
    Read,
    Seen,
}

/// A text in its clusters.
pub(crate) struct Letters<'t> {
    content: &'t str,
    format: &'t TextFormat,
    /// The same for letters from the right, in whose fonts their spaces are, so that a run of
    /// words is shaped at once.
    backward: TextFormat,
    /// Where clusters begin, in bytes.
    pub(crate) starts: Vec<usize>,
    /// Words are cut before these because another font has their letters. They rise.
    cuts: Vec<usize>,
    /// How wide each cluster is when the text is set in one line.
    widths: Vec<f32>,
}

impl<'t> Letters<'t> {
    pub(crate) fn of(
        ctx: &Context,
        content: &'t str,
        levels: &Levels<'_>,
        format: &'t TextFormat,
    ) -> Self {
        let mut starts = Vec::with_capacity(content.len() / 2 + 1);
        each_start(content, |start| starts.push(start));
        let order = starts.iter().enumerate();
        let order: Vec<_> = order
            .map(|(at, start)| (at, levels.is_rtl_at(*start)))
            .collect();
        let mut backward = format.clone();
        let mut chars = content.chars();
        if let Some(first) = chars.find(|c| nature(*c) == Nature::RightToLeft) {
            let is_hebrew = matches!(first, '\u{590}'..='\u{5ff}' | '\u{fb1d}'..='\u{fb4f}');
            backward.font_id = theme::font_from_right(&format.font_id, is_hebrew);
        }
        let mut letters = Self {
            content,
            format,
            backward,
            widths: vec![0.0; starts.len()],
            cuts: Vec::new(),
            starts,
        };
        letters.measure(ctx, &order);
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

    pub(crate) fn width(&self, cluster: usize) -> f32 {
        self.widths.get(cluster).copied().unwrap_or_default()
    }

    fn text(&self, cluster: usize) -> &'t str {
        let range = self.start(cluster)..self.start(cluster + 1);
        self.content.get(range).unwrap_or_default()
    }

    fn first(&self, cluster: usize) -> char {
        self.text(cluster).chars().next().unwrap_or(' ')
    }

    /// Whether it is a space at which a line may end.
    pub(crate) fn is_blank(&self, cluster: usize) -> bool {
        let is_fixed = |c: char| matches!(c, '\u{a0}' | '\u{202f}' | '\u{2007}');
        let mut chars = self.text(cluster).chars();
        chars.all(|c| c.is_whitespace() && !is_fixed(c))
    }

    /// Whether a line ends behind it, full or not.
    pub(crate) fn ends_line(&self, cluster: usize, levels: &Levels<'_>) -> bool {
        let ends = |c: char| matches!(c, '\n'..='\r' | '\u{85}' | '\u{2028}' | '\u{2029}');
        levels.ends_at(self.start(cluster))
            || self.text(cluster).chars().next_back().is_some_and(ends)
    }

    /// Cuts clusters that stand in some order into stretches.
    fn stretches(&self, order: &[(usize, bool)], by: Order) -> Vec<Stretch> {
        let mut found: Vec<Stretch> = Vec::new();
        // Whether the last stretch may grow.
        let mut is_open = false;
        for &(at, is_rtl) in order {
            let first = self.first(at);
            let (kind, joins) = match (nature(first), is_rtl) {
                (Nature::RightToLeft, true) => (Kind::Backward, true),
                (_, true) => (Kind::Turned, false),
                (Nature::LeftToRight, false) => (Kind::Forward, !first.is_control()),
                (_, false) => (Kind::Forward, false),
            };
            // A space among words from the right is shaped with them.
            let is_among = is_open && found.last().is_some_and(|last| last.kind == Kind::Backward);
            let (kind, joins) = if is_rtl && self.text(at) == " " && is_among {
                (Kind::Backward, true)
            } else {
                (kind, joins)
            };
            let goes_up = kind == Kind::Forward || by == Order::Read;
            let last = found
                .last_mut()
                .filter(|last| joins && is_open && last.kind == kind);
            is_open = joins;
            let is_cut = |seam| kind == Kind::Backward && self.cuts.binary_search(&seam).is_ok();
            match last {
                Some(Stretch { clusters, .. }) if goes_up && at == clusters.end && !is_cut(at) => {
                    clusters.end += 1;
                }
                Some(Stretch { clusters, .. })
                    if !goes_up && at + 1 == clusters.start && !is_cut(clusters.start) =>
                {
                    clusters.start = at;
                }
                _ => found.push(Stretch {
                    clusters: at..at + 1,
                    kind,
                }),
            }
        }
        found
    }

    /// A section for each stretch. To be measured, each has the height of its number, by which its
    /// glyphs are known.
    fn job(&self, stretches: &[Stretch], apart: Option<f32>) -> LayoutJob {
        let mut job = unbroken();
        job.break_on_newline = false;
        let mut stretch = String::new();
        for (number, Stretch { clusters, kind }) in stretches.iter().enumerate() {
            let mut format = match kind {
                Kind::Forward => self.format.clone(),
                Kind::Backward | Kind::Turned => self.backward.clone(),
            };
            format.extra_letter_spacing = apart.unwrap_or_default();
            if apart.is_some() {
                format.line_height = Some(number as f32 + 1.0);
            }
            stretch.clear();
            for cluster in clusters.clone() {
                let text = self.text(cluster);
                match text.chars().next() {
                    // Nothing is drawn for a control.
                    Some(c) if c.is_control() && c != '\t' => stretch.push('\u{200b}'),
                    _ if *kind == Kind::Turned => stretch.extend(text.chars().map(mirrored)),
                    _ => stretch.push_str(text),
                }
            }
            push(&mut job, &stretch, format);
        }
        job
    }

    /// The clusters of a line from left to right, and whether each goes from right to left.
    pub(crate) fn seen(&self, line: &Range<usize>, levels: &Levels<'_>) -> Vec<(usize, bool)> {
        let bytes = self.start(line.start)..self.start(line.end);
        let starts = self.starts.get(line.clone()).unwrap_or_default();
        let mut order = levels.in_order(bytes, starts);
        for (at, _) in &mut order {
            *at += line.start;
        }
        order
    }

    /// Lines broken where they are full, or inside a word that is longer than a line.
    pub(crate) fn lines(&self, levels: &Levels<'_>, room: f32) -> Vec<Range<usize>> {
        let mut breaks = LINES.segment_str(self.content).peekable();
        let mut lines = Vec::new();
        let (mut from, mut width) = (0, 0.0);
        // Where the line could end, and how wide it is up to there.
        let mut candidate: Option<(usize, f32)> = None;
        for at in 0..self.len() {
            let start = self.start(at);
            while breaks.next_if(|found| *found < start).is_some() {}
            if at > from && breaks.peek() == Some(&start) {
                if self.ends_line(at - 1, levels) {
                    lines.push(from..at);
                    (from, width, candidate) = (at, 0.0, None);
                } else {
                    candidate = Some((at, width));
                }
            }
            let advance = self.width(at);
            let is_full = width + advance > room + 0.01 && !self.is_blank(at);
            if is_full && at > from {
                let (end, before) = candidate.take().unwrap_or((at, width));
                lines.push(from..end);
                (from, width) = (end, width - before);
            }
            width += advance;
        }
        lines.push(from..self.len());
        lines
    }

    /// Clusters as they are seen from left to right, to be laid out in one row.
    pub(crate) fn row(&self, seen: &[(usize, bool)]) -> LayoutJob {
        self.job(&self.stretches(seen, Order::Seen), None)
    }

    fn measure(&mut self, ctx: &Context, order: &[(usize, bool)]) {
        let mut reading = self.stretches(order, Order::Read);
        let mut galley = self.set(ctx, &reading, 0.0);
        let cuts = self.find_cuts(ctx, &reading, &Sections::of(&galley));
        if !cuts.is_empty() {
            self.cuts = cuts;
            reading = self.stretches(order, Order::Read);
            galley = self.set(ctx, &reading, 0.0);
        }
        let close = Sections::of(&galley);
        let unclear = self.take_clear(&reading, &close);
        self.take_unclear(ctx, &unclear);
    }

    fn set(&self, ctx: &Context, stretches: &[Stretch], apart: f32) -> Arc<Galley> {
        let job = self.job(stretches, Some(apart));
        ctx.fonts_mut(|fonts| fonts.layout_job(job))
    }

    /// Widths that follow from the glyphs alone. The answer is the words of which they do not.
    fn take_clear<'g>(
        &mut self,
        reading: &[Stretch],
        close: &Sections<'g>,
    ) -> Vec<(Stretch, &'g [Glyph])> {
        let mut unclear = Vec::new();
        for (number, stretch) in reading.iter().enumerate() {
            let glyphs = unfilled(stretch, close.glyphs(number));
            if let Some(found) = self.by_glyph(stretch, glyphs) {
                self.take(stretch, found);
                continue;
            }
            for (word, glyphs) in self.words(stretch, glyphs) {
                match self.by_glyph(&word, glyphs) {
                    Some(found) => self.take(&word, found),
                    None => unclear.push((word, glyphs)),
                }
            }
        }
        unclear
    }

    /// Widths by clusters, which are known when they are set apart.
    fn take_unclear(&mut self, ctx: &Context, unclear: &[(Stretch, &[Glyph])]) {
        /// Wide enough to be told from rounding.
        const APART: f32 = 64.0;
        if unclear.is_empty() {
            return;
        }
        let again: Vec<Stretch> = unclear.iter().map(|(word, _)| word.clone()).collect();
        let spread = self.set(ctx, &again, APART);
        let spread = Sections::of(&spread);
        for (n, (word, glyphs)) in unclear.iter().enumerate() {
            let groups = groups(glyphs, spread.glyphs(n), APART);
            let found = self.by_group(word, groups);
            self.take(word, found);
        }
    }

    /// A stretch cut at its spaces, with the glyphs of each part. A space is a part by itself.
    fn words<'g>(&self, stretch: &Stretch, glyphs: &'g [Glyph]) -> Vec<(Stretch, &'g [Glyph])> {
        let is_space = |at: &usize| self.text(*at) == " ";
        let clusters: Vec<usize> = stretch.clusters.clone().collect();
        let parts = clusters.chunk_by(|a, b| !is_space(a) && !is_space(b));
        let parts: Vec<&[usize]> = parts.collect();
        let glyphs_of = glyphs.chunk_by(|a, b| a.chr != ' ' && b.chr != ' ');
        let mut glyphs_of: Vec<&[Glyph]> = glyphs_of.collect();
        if stretch.kind == Kind::Backward {
            glyphs_of.reverse();
        }
        let is_same = |(part, glyphs): (&&[usize], &&[Glyph])| {
            part.first().is_some_and(is_space) == glyphs.first().is_some_and(|g| g.chr == ' ')
        };
        if parts.len() != glyphs_of.len() || !parts.iter().zip(&glyphs_of).all(is_same) {
            return vec![(stretch.clone(), glyphs)];
        }
        let mut from = stretch.clusters.start;
        let words = parts.into_iter().zip(glyphs_of).map(|(part, glyphs)| {
            let clusters = from..from + part.len();
            from = clusters.end;
            let kind = stretch.kind;
            (Stretch { clusters, kind }, glyphs)
        });
        words.collect()
    }

    fn take(&mut self, stretch: &Stretch, found: Vec<f32>) {
        let widths = self.widths.get_mut(stretch.clusters.clone());
        for (width, found) in widths.unwrap_or_default().iter_mut().zip(found) {
            *width = found;
        }
    }

    /// Words from the right whose letters come from several fonts, which egui would set one after
    /// another from the left: where the next font begins.
    fn find_cuts(&self, ctx: &Context, reading: &[Stretch], close: &Sections<'_>) -> Vec<usize> {
        let face = |glyph: &Glyph| {
            let (height, ascent) = (glyph.font_face_height, glyph.font_face_ascent);
            (height.to_bits(), ascent.to_bits())
        };
        let mut cuts = Vec::new();
        for (number, stretch) in reading.iter().enumerate() {
            let is_one = |pair: &[Glyph]| matches!(pair, [a, b] if face(a) == face(b));
            if stretch.kind != Kind::Backward || close.glyphs(number).windows(2).all(is_one) {
                continue;
            }
            let each = stretch.clusters.clone().map(|at| Stretch {
                clusters: at..at + 1,
                kind: Kind::Backward,
            });
            let job = self.job(&each.collect::<Vec<_>>(), Some(0.0));
            let galley = ctx.fonts_mut(|fonts| fonts.layout_job(job));
            let each = Sections::of(&galley);
            let face_of = |n: usize| each.glyphs(n).first().map(face);
            let seams = stretch.clusters.clone().enumerate().skip(1);
            cuts.extend(seams.filter_map(|(n, at)| (face_of(n) != face_of(n - 1)).then_some(at)));
        }
        cuts
    }

    /// Where each cluster is one character, and each glyph is one of them or a ligature of some: almost
    /// everywhere.
    fn by_glyph(&self, stretch: &Stretch, glyphs: &[Glyph]) -> Option<Vec<f32>> {
        let count = stretch.clusters.len();
        if count == 1 {
            return Some(vec![glyphs.iter().map(|glyph| glyph.advance_width).sum()]);
        }
        let is_one = |at: usize| self.text(at).len() == self.first(at).len_utf8();
        if glyphs.len() > count
            || glyphs.iter().any(|glyph| glyph.advance_width <= 0.0)
            || !stretch.clusters.clone().all(is_one)
        {
            return None;
        }
        let mut next = stretch.clusters.start;
        for n in 0..glyphs.len() {
            let glyph = match stretch.kind {
                Kind::Backward => glyphs.iter().rev().nth(n)?,
                _ => glyphs.get(n)?,
            };
            let mut rest = next..stretch.clusters.end;
            let at = rest.find(|at| self.first(*at) == glyph.chr)?;
            if n == 0 && at > next {
                return None;
            }
            next = at + 1;
        }
        let groups = glyphs.iter().map(|glyph| (glyph.chr, glyph.advance_width));
        Some(self.by_group(stretch, groups.collect()))
    }

    /// From groups of glyphs in the order of what is seen. One that covers several clusters, as a
    /// ligature does, is shared among them.
    fn by_group(&self, stretch: &Stretch, mut groups: Vec<(char, f32)>) -> Vec<f32> {
        if stretch.kind == Kind::Backward {
            groups.reverse();
        }
        // Each begins at the next cluster that begins as it does; one for which there is none, as a
        // shaper may part what is one cluster, belongs to the last.
        let mut begun: Vec<(usize, f32)> = Vec::with_capacity(groups.len());
        for (c, width) in groups {
            let Some(last) = begun.last_mut() else {
                begun.push((stretch.clusters.start, width));
                continue;
            };
            let mut rest = last.0 + 1..stretch.clusters.end;
            match rest.find(|at| self.first(*at) == c) {
                Some(at) => begun.push((at, width)),
                None => last.1 += width,
            }
        }
        let ends = begun.iter().skip(1).map(|(at, _)| *at);
        let ends: Vec<usize> = ends.chain([stretch.clusters.end]).collect();
        let mut found = Vec::with_capacity(stretch.clusters.len());
        for ((from, width), end) in begun.into_iter().zip(ends) {
            let count = end.saturating_sub(from);
            found.extend(std::iter::repeat_n(width / count.max(1) as f32, count));
        }
        found
    }
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

/// A text in as many lines as it takes, at the side of its paragraph. Nothing where egui does that
/// rightly.
pub(crate) fn lines(
    ctx: &Context,
    text: &str,
    format: &TextFormat,
    room: f32,
) -> Option<LayoutJob> {
    if !bidi::needs_rules(text) {
        return None;
    }
    let is_rtl = text.lines().find_map(bidi::first_strong) == Some(true);
    let mut job = unbroken();
    if is_rtl {
        job.halign = Align::RIGHT;
    }
    for (number, paragraph) in text.lines().enumerate() {
        let levels = Levels::of(paragraph, is_rtl);
        let letters = Letters::of(ctx, paragraph, &levels, format);
        for (n, line) in letters.lines(&levels, room).into_iter().enumerate() {
            if number + n > 0 {
                push(&mut job, "\n", format.clone());
            }
            append(&mut job, &letters.row(&letters.seen(&line, &levels)));
        }
    }
    Some(job)
}

/// A text whose parts look otherwise, in as many lines as it takes and its job lets it have, all in the
/// font of its first part. Nothing where egui does that rightly.
pub(crate) fn dressed(ctx: &Context, job: &LayoutJob, room: f32) -> Option<LayoutJob> {
    if !bidi::needs_rules(&job.text) {
        return None;
    }
    let format = &job.sections.first()?.format;
    let is_rtl = job.text.lines().find_map(bidi::first_strong) == Some(true);
    let mut made = unbroken();
    if is_rtl {
        made.halign = Align::RIGHT;
    }
    let (mut rows, mut from) = (0, 0);
    for paragraph in job.text.split('\n') {
        let levels = Levels::of(paragraph, is_rtl);
        let letters = Letters::of(ctx, paragraph, &levels, format);
        for line in letters.lines(&levels, room) {
            if rows == job.wrap.max_rows {
                return Some(made);
            }
            if rows > 0 {
                push(&mut made, "\n", format.clone());
            }
            rows += 1;
            let seen = letters.seen(&line, &levels);
            append(&mut made, &dressed_row(&letters, &seen, job, from));
        }
        from += paragraph.len() + 1;
    }
    Some(made)
}

/// Clusters as they are seen, each looking as the part of a job that it is in: where the text of the
/// clusters begins in it is told.
pub(crate) fn dressed_row(
    letters: &Letters<'_>,
    seen: &[(usize, bool)],
    job: &LayoutJob,
    from: usize,
) -> LayoutJob {
    let part = |cluster: usize| {
        let at = from + letters.start(cluster);
        job.sections
            .partition_point(|part| part.byte_range.end.0 <= at)
    };
    let mut made = unbroken();
    for run in seen.chunk_by(|a, b| part(a.0) == part(b.0)) {
        let first = run.first().map(|(cluster, _)| part(*cluster));
        let look = first.and_then(|part| job.sections.get(part));
        let mut row = letters.row(run);
        for section in &mut row.sections {
            let Some(look) = look else { continue };
            section.format = TextFormat {
                color: look.format.color,
                background: look.format.background,
                underline: look.format.underline,
                strikethrough: look.format.strikethrough,
                ..section.format.clone()
            };
        }
        append(&mut made, &row);
    }
    made
}

/// Shows a text whose parts look otherwise; assistive tools are told what is read, not what is seen.
pub(crate) fn dressed_ui(ui: &mut Ui, job: LayoutJob) -> Response {
    let Some(made) = dressed(ui.ctx(), &job, ui.available_width()) else {
        return ui.add(Label::new(job));
    };
    let side = made.halign;
    let response = ui.add(Label::new(made).halign(side).extend());
    tell(&response, Role::Label, &job.text);
    response
}

/// A text in one line, cut with an ellipsis at its end where the room ends. Nothing where egui does
/// that rightly.
pub(crate) fn line(ctx: &Context, text: &str, format: &TextFormat, room: f32) -> Option<LayoutJob> {
    line_of(ctx, text, format, room, bidi::is_rtl(text))
}

/// The same of a piece of a paragraph whose direction is known.
pub(crate) fn line_of(
    ctx: &Context,
    text: &str,
    format: &TextFormat,
    room: f32,
    is_rtl: bool,
) -> Option<LayoutJob> {
    if !is_rtl && !bidi::needs_rules(text) {
        return None;
    }
    let set = |text: &str| {
        let levels = Levels::of(text, is_rtl);
        let letters = Letters::of(ctx, text, &levels, format);
        let row = letters.row(&letters.seen(&(0..letters.len()), &levels));
        (row, letters.starts, letters.widths)
    };
    let (row, starts, widths) = set(text);
    if widths.iter().sum::<f32>() <= room {
        return Some(row);
    }
    let ellipsis = ctx.fonts_mut(|fonts| fonts.glyph_width(&format.font_id, '…'));
    let mut left = room - ellipsis;
    let fits = |width: &&f32| {
        left -= **width;
        left >= 0.0
    };
    let count = widths.iter().take_while(fits).count();
    let end = starts.get(count).copied().unwrap_or(text.len());
    let cut = text.get(..end).unwrap_or_default().trim_end();
    Some(set(&format!("{cut}…")).0)
}

/// The glyphs of a galley of one row, by section.
struct Sections<'g> {
    glyphs: &'g [Glyph],
    of: HashMap<usize, Range<usize>>,
}

impl<'g> Sections<'g> {
    fn of(galley: &'g Arc<Galley>) -> Self {
        let glyphs = galley
            .rows
            .first()
            .map_or(&[][..], |row| row.glyphs.as_slice());
        let mut of = HashMap::new();
        let mut from = 0;
        for same in glyphs.chunk_by(|a, b| a.line_height.to_bits() == b.line_height.to_bits()) {
            let number = same
                .first()
                .map_or(0, |glyph| glyph.line_height as usize - 1);
            of.insert(number, from..from + same.len());
            from += same.len();
        }
        Self { glyphs, of }
    }

    fn glyphs(&self, section: usize) -> &'g [Glyph] {
        let range = self.of.get(&section).cloned().unwrap_or_default();
        self.glyphs.get(range).unwrap_or_default()
    }
}

/// Without those of no width that egui puts behind a run from the right, so that there are as many as
/// characters. Marks are never there: they stand before their letter.
fn unfilled<'g>(stretch: &Stretch, glyphs: &'g [Glyph]) -> &'g [Glyph] {
    let is_wide = |glyph: &Glyph| glyph.advance_width > 0.0;
    match (stretch.kind, glyphs.iter().rposition(is_wide)) {
        (Kind::Backward, Some(last)) => glyphs.get(..=last).unwrap_or(glyphs),
        _ => glyphs,
    }
}

/// Glyphs of one cluster each, from the same ones close together and apart: the character that the
/// cluster begins with, and its width.
fn groups(close: &[Glyph], spread: &[Glyph], apart: f32) -> Vec<(char, f32)> {
    let mut groups: Vec<(char, f32)> = Vec::new();
    let mut last = 0;
    let moved = |a: &Glyph, b: &Glyph| b.pos.x - a.pos.x;
    let first = close
        .first()
        .zip(spread.first())
        .map_or(0.0, |(a, b)| moved(a, b));
    for (a, b) in close.iter().zip(spread) {
        let number = ((moved(a, b) - first) / apart).round() as i32;
        match groups.last_mut() {
            Some(group) if number == last => group.1 += a.advance_width,
            _ => groups.push((a.chr, a.advance_width)),
        }
        last = number;
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;
    use eframe::egui::{FontId, RawInput};

    /// What follows from glyphs alone is what setting all clusters apart tells, and the second layout
    /// is of the words that need it.
    #[test]
    fn only_words_with_marks_are_set_apart() {
        let ctx = Context::default();
        theme::install_fonts(&ctx);
        let format = TextFormat::simple(FontId::proportional(16.0), Default::default());
        let run = |ctx: &Context| {
            for (text, expected) in [
                ("قال الوزير إن الحكومة لا تريد إلا الإصلاح ولاحظ", &[][..]),
                ("قال محمد لا مُحَمَّد ولا سلام", &["مُحَمَّد"]),
                ("אמר השר בְּרֵאשִׁית ברא", &["בְּרֵאשִׁית"]),
                ("He told them שלום לכם", &[]),
            ] {
                let levels = Levels::of(text, bidi::is_rtl(text));
                let mut letters = Letters::of(ctx, text, &levels, &format);
                let order = letters.starts.iter().enumerate();
                let order = order.map(|(at, start)| (at, levels.is_rtl_at(*start)));
                let reading = letters.stretches(&order.collect::<Vec<_>>(), Order::Read);
                let galley = letters.set(ctx, &reading, 0.0);
                let close = Sections::of(&galley);
                let unclear = letters.take_clear(&reading, &close);
                let words = unclear.iter().map(|(word, _)| {
                    let range =
                        letters.start(word.clusters.start)..letters.start(word.clusters.end);
                    text.get(range).unwrap()
                });
                assert_eq!(words.collect::<Vec<_>>(), expected, "{text}");
                letters.take_unclear(ctx, &unclear);
                let widths = letters.widths.clone();
                let all = reading.iter().enumerate();
                let all = all.map(|(n, stretch)| (stretch.clone(), close.glyphs(n)));
                letters.take_unclear(ctx, &all.collect::<Vec<_>>());
                for (at, (now, apart)) in widths.iter().zip(&letters.widths).enumerate() {
                    assert!((now - apart).abs() < 0.01, "{text}: {:?}", letters.text(at));
                }
            }
        };
        let mut output = ctx.run_ui(RawInput::default(), |ui| run(ui.ctx()));
        output.textures_delta.clear();
    }
}
