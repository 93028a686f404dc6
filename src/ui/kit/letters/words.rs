//! Words as they were shaped: each of them once, however often it stands in a text.
//!
//! What is set is told as pieces of text and comes back as rows of egui's, ready to be painted. They
//! point into the atlas of glyphs, so a word is known only as long as that stays the same. A glyph
//! knows the character that it begins with and how far it goes, and a run from the right has its
//! glyphs from left to right; their numbers are no places in the text (invariant 5). Which glyphs are
//! of one cluster is asked by setting the word once more with space between clusters.

use eframe::egui::epaint::text::{Glyph, PlacedRow, Row};
use eframe::egui::text::{ByteIndex, LayoutJob, LayoutSection, TextFormat};
use eframe::egui::{Context, FontId, Galley, Pos2, Rect};
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

/// How a word is handed to the shaper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// From left to right.
    Forward,
    /// Letters from the right, which are shaped in their order and set against it.
    Backward,
    /// A cluster by itself in text from the right: brackets turn round.
    Turned,
}

/// A word to be set: what the shaper gets, and its clusters, each as its first character and whether
/// that is all of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Asked {
    pub(super) text: String,
    pub(super) kind: Kind,
    pub(super) clusters: Vec<(char, bool)>,
    /// Where clusters begin in its text.
    pub(super) starts: Vec<usize>,
}

/// A word as set.
#[derive(Debug)]
pub(crate) struct Word {
    /// How wide each cluster is, in the order of reading.
    pub(super) widths: Vec<f32>,
    /// From left to right, and how far from the word's left: one, or one of each font.
    rows: Vec<(f32, Arc<Row>)>,
    /// Clusters before which another font begins.
    pub(super) cuts: Vec<usize>,
    is_backward: bool,
}

impl Word {
    pub(super) fn width(&self) -> f32 {
        self.widths.iter().sum()
    }
}

/// All words that were set in this atlas.
#[derive(Default)]
pub(crate) struct Words {
    /// The looks of words; their places stand in the keys.
    looks: Vec<TextFormat>,
    known: Vec<HashMap<Box<str>, Arc<Word>>>,
    /// Laid out in every frame, it is the same as long as nothing that was laid out is stale.
    mark: Option<Mark>,
    count: usize,
    shaped: usize,
}

/// Words beyond these are forgotten, all at once.
const MOST: usize = 30_000;
/// Longer ones hardly come again.
const LONGEST: usize = 200;

impl Words {
    /// To be asked in each frame, before anything is set: whether what was set may still be painted.
    pub(crate) fn begin(&mut self, ctx: &Context) -> bool {
        let format = TextFormat::simple(FontId::proportional(12.0), Default::default());
        let job = LayoutJob::single_section("\u{2060}.".to_owned(), format);
        let mark = ctx.fonts_mut(|fonts| fonts.layout_job(job));
        let is_same = self
            .mark
            .as_ref()
            .is_some_and(|known| Arc::ptr_eq(&known.0, &mark));
        if !is_same || self.count > MOST {
            self.looks.clear();
            self.known.clear();
            self.count = 0;
        }
        self.mark = Some(Mark(mark));
        is_same
    }

    pub(crate) fn mark(&self) -> Option<Mark> {
        self.mark.clone()
    }

    /// How many words were handed to the shaper, for tests of what drawing costs.
    pub(crate) fn shaped(&self) -> usize {
        self.shaped
    }

    pub(super) fn look(&mut self, format: &TextFormat) -> usize {
        let known = self.looks.iter().position(|look| look == format);
        known.unwrap_or_else(|| {
            self.looks.push(format.clone());
            self.known.push(HashMap::new());
            self.looks.len() - 1
        })
    }

    pub(super) fn known(&self, look: usize, text: &str) -> Option<&Arc<Word>> {
        self.known.get(look)?.get(text)
    }

    /// Sets words of which none is known, each with its look. They are answered in their order.
    pub(super) fn set(&mut self, ctx: &Context, asked: &[(usize, Asked)]) -> Vec<Arc<Word>> {
        if asked.is_empty() {
            return Vec::new();
        }
        self.shaped += asked.len();
        let close = self.rows(
            ctx,
            asked.iter().map(|(look, word)| (*look, &*word.text)),
            0.0,
        );
        let mut words: Vec<Option<Word>> = Vec::with_capacity(asked.len());
        let mut unclear = Vec::new();
        for (n, ((_, word), row)) in asked.iter().zip(&close).enumerate() {
            if is_of_many_fonts(word, row) {
                words.push(None);
                continue;
            }
            let widths = by_glyph(word, unfilled(word, &row.glyphs));
            if widths.is_none() {
                unclear.push(n);
            }
            words.push(Some(Word {
                widths: widths.unwrap_or_default(),
                rows: vec![(0.0, row.clone())],
                cuts: Vec::new(),
                is_backward: word.kind == Kind::Backward,
            }));
        }
        self.spread(ctx, asked, &close, (&unclear, &mut words));
        let mut set = Vec::with_capacity(asked.len());
        for (word, (look, asked)) in words.into_iter().zip(asked) {
            let word = word.unwrap_or_else(|| self.parted(ctx, *look, asked));
            let word = Arc::new(word);
            if asked.text.len() <= LONGEST
                && let Some(known) = self.known.get_mut(*look)
            {
                known.insert(asked.text.as_str().into(), word.clone());
                self.count += 1;
            }
            set.push(word);
        }
        set
    }

    /// Widths by clusters, which are known when they are set apart.
    fn spread(
        &self,
        ctx: &Context,
        asked: &[(usize, Asked)],
        close: &[Arc<Row>],
        (unclear, words): (&[usize], &mut [Option<Word>]),
    ) {
        /// Wide enough to be told from rounding.
        const APART: f32 = 64.0;
        if unclear.is_empty() {
            return;
        }
        let again = unclear.iter().filter_map(|n| asked.get(*n));
        let again = again.map(|(look, word)| (*look, &*word.text));
        let spread = self.rows(ctx, again, APART);
        for (&n, spread) in unclear.iter().zip(spread) {
            let (Some((_, asked)), Some(close)) = (asked.get(n), close.get(n)) else {
                continue;
            };
            let groups = groups(unfilled(asked, &close.glyphs), &spread.glyphs, APART);
            if let Some(Some(word)) = words.get_mut(n) {
                word.widths = by_group(asked, groups);
            }
        }
    }

    /// A word from the right whose letters come from several fonts, which egui would set one after
    /// another from the left: cut where the next font begins.
    fn parted(&mut self, ctx: &Context, look: usize, word: &Asked) -> Word {
        let each: Vec<&str> = (0..word.clusters.len())
            .map(|at| word.part(at, at + 1))
            .collect();
        let each = self.rows(ctx, each.into_iter().map(|text| (look, text)), 0.0);
        let face_of = |row: &Arc<Row>| row.glyphs.first().map(face);
        let pairs = each.windows(2).enumerate();
        let cuts = pairs.filter_map(|(n, pair)| match pair {
            [a, b] if face_of(a) != face_of(b) => Some(n + 1),
            _ => None,
        });
        let mut cuts: Vec<usize> = cuts.collect();
        if cuts.is_empty() {
            // Two fonts in one cluster: by itself it is set as well as can be.
            cuts = (1..word.clusters.len()).collect();
        }
        let ends = cuts.iter().copied().chain([word.clusters.len()]);
        let begins = std::iter::once(0).chain(cuts.iter().copied());
        let parts: Vec<(usize, Asked)> = begins
            .zip(ends)
            .map(|(from, to)| (look, word.cut(from, to)))
            .collect();
        let rows = self.rows(
            ctx,
            parts.iter().map(|(look, part)| (*look, &*part.text)),
            0.0,
        );
        let mut set: Vec<Option<Word>> = Vec::new();
        let mut unclear = Vec::new();
        for (n, ((_, part), row)) in parts.iter().zip(&rows).enumerate() {
            let widths = by_glyph(part, unfilled(part, &row.glyphs));
            if widths.is_none() {
                unclear.push(n);
            }
            set.push(Some(Word {
                widths: widths.unwrap_or_default(),
                rows: vec![(0.0, row.clone())],
                cuts: Vec::new(),
                is_backward: true,
            }));
        }
        self.spread(ctx, &parts, &rows, (&unclear, &mut set));
        let set: Vec<Word> = set.into_iter().flatten().collect();
        let mut left = 0.0;
        let mut placed = Vec::new();
        for part in set.iter().rev() {
            let rows = part.rows.iter();
            placed.extend(rows.map(|(at, row)| (left + at, row.clone())));
            left += part.width();
        }
        Word {
            widths: set.into_iter().flat_map(|part| part.widths).collect(),
            rows: placed,
            cuts,
            is_backward: true,
        }
    }

    /// Texts in one look each, each as a row of its own.
    fn rows<'a>(
        &self,
        ctx: &Context,
        texts: impl Iterator<Item = (usize, &'a str)>,
        apart: f32,
    ) -> Vec<Arc<Row>> {
        let mut job = LayoutJob::default();
        job.wrap.max_width = f32::INFINITY;
        // With no bound each row would be laid out, and kept, by itself.
        job.wrap.max_rows = usize::MAX - 1;
        job.keep_trailing_whitespace = true;
        for (n, (look, text)) in texts.enumerate() {
            let start = ByteIndex(job.text.len());
            if n > 0 {
                job.text.push('\n');
            }
            job.text.push_str(text);
            let mut format = self.looks.get(look).cloned().unwrap_or_default();
            format.extra_letter_spacing = apart;
            job.sections.push(LayoutSection {
                leading_space: 0.0,
                byte_range: start..ByteIndex(job.text.len()),
                format,
            });
        }
        let galley = ctx.fonts_mut(|fonts| fonts.layout_job(job));
        galley
            .rows
            .iter()
            .map(|placed| placed.row.clone())
            .collect()
    }
}

/// What tells that the atlas is still the same, and what words are put together on.
#[derive(Clone)]
pub(crate) struct Mark(Arc<Galley>);

impl Mark {
    /// Words at their places, as one that can be painted.
    pub(crate) fn galley(&self, placed: impl Iterator<Item = (Pos2, Arc<Row>)>) -> Arc<Galley> {
        let mut galley = Galley::clone(&self.0);
        galley.rows.clear();
        galley.rect = Rect::ZERO;
        galley.mesh_bounds = Rect::NOTHING;
        (galley.num_vertices, galley.num_indices) = (0, 0);
        for (pos, row) in placed {
            galley.rect |= Rect::from_min_size(pos, row.size);
            galley.mesh_bounds |= row.visuals.mesh_bounds.translate(pos.to_vec2());
            galley.num_vertices += row.visuals.mesh.vertices.len();
            galley.num_indices += row.visuals.mesh.indices.len();
            galley.rows.push(PlacedRow {
                pos,
                row,
                ends_with_newline: false,
            });
        }
        Arc::new(galley)
    }
}

impl Word {
    /// What is painted of the clusters from one to another, and how far each row is from the left of
    /// the first that is seen. Letters that join others go on doing so where a line is broken.
    pub(crate) fn rows(&self, from: usize, to: usize) -> Cow<'_, [(f32, Arc<Row>)]> {
        if from == 0 && to >= self.widths.len() {
            return Cow::Borrowed(&self.rows);
        }
        let width = |range: &[f32]| range.iter().sum::<f32>();
        let before = width(self.widths.get(..from).unwrap_or_default());
        let here = width(self.widths.get(from..to).unwrap_or_default());
        let left = if self.is_backward {
            self.width() - before - here
        } else {
            before
        };
        let mut rows = Vec::new();
        for (at, row) in &self.rows {
            let is_in = |glyph: &Glyph| {
                let middle = at + glyph.pos.x + glyph.advance_width / 2.0;
                (left..left + here).contains(&middle)
            };
            rows.extend(part_of(row, is_in).map(|part| (at - left, part)));
        }
        Cow::Owned(rows)
    }
}

/// Those glyphs of a row that are wanted, where they stood.
fn part_of(row: &Row, is_in: impl Fn(&Glyph) -> bool) -> Option<Arc<Row>> {
    // A glyph is a quad: nothing else is in the mesh of a word.
    let mut part = Row::clone(row);
    let mesh = &row.visuals.mesh;
    part.glyphs.clear();
    part.visuals.mesh.indices.clear();
    part.visuals.mesh.vertices.clear();
    for (n, glyph) in row.glyphs.iter().enumerate() {
        if !is_in(glyph) {
            continue;
        }
        let first = glyph.first_vertex as usize;
        let next = row.glyphs.get(n + 1);
        let end = next.map_or(mesh.vertices.len(), |next| next.first_vertex as usize);
        let at = part.visuals.mesh.vertices.len();
        let mut moved = *glyph;
        moved.first_vertex = at as u32;
        part.glyphs.push(moved);
        let vertices = mesh.vertices.get(first..end).unwrap_or_default();
        if let [_, _, _, _] = vertices {
            let corners = [0, 1, 2, 2, 1, 3].map(|corner| corner + at as u32);
            part.visuals.mesh.vertices.extend_from_slice(vertices);
            part.visuals.mesh.indices.extend(corners);
        }
    }
    part.glyphs.first()?;
    part.visuals.mesh_bounds = part.visuals.mesh.calc_bounds();
    part.visuals.glyph_vertex_range = 0..part.visuals.mesh.vertices.len();
    Some(Arc::new(part))
}

impl Asked {
    fn part(&self, from: usize, to: usize) -> &str {
        let start = |at: usize| self.starts.get(at).copied().unwrap_or(self.text.len());
        self.text.get(start(from)..start(to)).unwrap_or_default()
    }

    fn cut(&self, from: usize, to: usize) -> Self {
        let first = self.starts.get(from).copied().unwrap_or_default();
        let starts = self.starts.get(from..to).unwrap_or_default();
        Self {
            text: self.part(from, to).to_owned(),
            kind: self.kind,
            clusters: self.clusters.get(from..to).unwrap_or_default().to_vec(),
            starts: starts.iter().map(|start| start - first).collect(),
        }
    }
}

fn face(glyph: &Glyph) -> (u32, u32) {
    let (height, ascent) = (glyph.font_face_height, glyph.font_face_ascent);
    (height.to_bits(), ascent.to_bits())
}

fn is_of_many_fonts(word: &Asked, row: &Row) -> bool {
    let is_one = |pair: &[Glyph]| matches!(pair, [a, b] if face(a) == face(b));
    word.kind == Kind::Backward && word.clusters.len() > 1 && !row.glyphs.windows(2).all(is_one)
}

/// Without those of no width that egui puts behind a run from the right, so that there are as many as
/// characters. Marks are never there: they stand before their letter.
fn unfilled<'g>(word: &Asked, glyphs: &'g [Glyph]) -> &'g [Glyph] {
    let is_wide = |glyph: &Glyph| glyph.advance_width > 0.0;
    match (word.kind, glyphs.iter().rposition(is_wide)) {
        (Kind::Backward, Some(last)) => glyphs.get(..=last).unwrap_or(glyphs),
        _ => glyphs,
    }
}

/// Where each cluster is one character, and each glyph is one of them or a ligature of some: almost
/// everywhere.
fn by_glyph(word: &Asked, glyphs: &[Glyph]) -> Option<Vec<f32>> {
    let count = word.clusters.len();
    if count == 1 {
        return Some(vec![glyphs.iter().map(|glyph| glyph.advance_width).sum()]);
    }
    if glyphs.len() > count
        || glyphs.iter().any(|glyph| glyph.advance_width <= 0.0)
        || !word.clusters.iter().all(|(_, is_one)| *is_one)
    {
        return None;
    }
    let mut next = 0;
    for n in 0..glyphs.len() {
        let glyph = match word.kind {
            Kind::Backward => glyphs.iter().rev().nth(n)?,
            _ => glyphs.get(n)?,
        };
        let mut rest = (next..count).zip(word.clusters.iter().skip(next));
        let (at, _) = rest.find(|(_, (first, _))| *first == glyph.chr)?;
        if n == 0 && at > next {
            return None;
        }
        next = at + 1;
    }
    let groups = glyphs.iter().map(|glyph| (glyph.chr, glyph.advance_width));
    Some(by_group(word, groups.collect()))
}

/// From groups of glyphs in the order of what is seen. One that covers several clusters, as a
/// ligature does, is shared among them.
fn by_group(word: &Asked, mut groups: Vec<(char, f32)>) -> Vec<f32> {
    if word.kind == Kind::Backward {
        groups.reverse();
    }
    // Each begins at the next cluster that begins as it does; one for which there is none, as a
    // shaper may part what is one cluster, belongs to the last.
    let mut begun: Vec<(usize, f32)> = Vec::with_capacity(groups.len());
    for (c, width) in groups {
        let Some(last) = begun.last_mut() else {
            begun.push((0, width));
            continue;
        };
        let rest = word.clusters.iter().enumerate().skip(last.0 + 1);
        match rest.clone().find(|(_, (first, _))| *first == c) {
            Some((at, _)) => begun.push((at, width)),
            None => last.1 += width,
        }
    }
    let ends = begun.iter().skip(1).map(|(at, _)| *at);
    let ends: Vec<usize> = ends.chain([word.clusters.len()]).collect();
    let mut found = Vec::with_capacity(word.clusters.len());
    for ((from, width), end) in begun.into_iter().zip(ends) {
        let count = end.saturating_sub(from);
        found.extend(std::iter::repeat_n(width / count.max(1) as f32, count));
    }
    found.resize(word.clusters.len(), 0.0);
    found
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
    use super::super::{Letters, theme};
    use super::*;
    use crate::core::text::bidi::{self, Levels};
    use eframe::egui::RawInput;

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
                let mut words = Words::default();
                let levels = Levels::of(text, bidi::is_rtl(text));
                let letters = Letters::among(ctx, &mut words, text, &levels, &format);
                let asked = letters.all_asked(&mut words, &levels);
                let texts = asked.iter().map(|(look, word)| (*look, &*word.text));
                let close = words.rows(ctx, texts.clone(), 0.0);
                let spread = words.rows(ctx, texts, 64.0);
                let mut unclear = Vec::new();
                for (((_, word), close), spread) in asked.iter().zip(&close).zip(&spread) {
                    let glyphs = unfilled(word, &close.glyphs);
                    let groups = groups(glyphs, &spread.glyphs, 64.0);
                    let apart = by_group(word, groups);
                    match by_glyph(word, glyphs) {
                        Some(widths) => {
                            let pairs = widths.iter().zip(&apart);
                            for (now, apart) in pairs {
                                assert!((now - apart).abs() < 0.01, "{text}: {}", word.text);
                            }
                        }
                        None => unclear.push(word.text.clone()),
                    }
                }
                assert_eq!(unclear, expected, "{text}");
            }
        };
        let mut output = ctx.run_ui(RawInput::default(), |ui| run(ui.ctx()));
        output.textures_delta.clear();
    }
}
