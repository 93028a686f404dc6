//! The article for assistive tools: a document whose paragraphs are read by character, word and
//! line, with caret and selection, and each annotation in it by its words and its place.
//!
//! Only what is on the screen, and only while someone listens. Knows of layout no more than
//! [`BlockLayout`] says; what tools ask for becomes actions, as keys do.

use super::blocks::{Block, Kind};
use super::layout::BlockLayout;
use super::{ArticleView, widget_id};
use crate::app::action::Action;
use crate::app::derived::article::Ordinals;
use crate::app::model::Model;
use crate::app::words::count;
use crate::core::annotation::Annotation;
use crate::core::article::Article;
use crate::core::codebook::Label;
use crate::core::ids::AnnotationId;
use crate::core::text::selection::Selection;
use crate::core::text::{ArticleText, BytePos, ByteRange, segment};
use crate::ui::kit::speech::{self, Asked, LONGEST_RUN, Place, Run, Within};
use eframe::egui::accesskit::NodeId;
use eframe::egui::{Id, Rect, Ui, pos2, vec2};
use unicode_segmentation::UnicodeSegmentation;

/// A run that tools were told of in the last frame, by the places of its characters.
pub(super) struct Told {
    id: Id,
    block: usize,
    /// Where each character begins, and where the last one ends.
    stops: Vec<BytePos>,
}

fn paragraph_id(block: &Block) -> Id {
    widget_id().with(("paragraph", block.start().0))
}

fn mark_id(id: &AnnotationId) -> Id {
    widget_id().with(("mark", id.as_str()))
}

/// The longest stretch of words in a name, in characters.
const MOST_WORDS: usize = 300;

impl ArticleView {
    /// Tells of the paragraphs on the screen, of what is marked in them, of caret and selection.
    pub(super) fn announce(&mut self, ui: &Ui, model: &Model, article: &Article) {
        self.told.clear();
        if !speech::is_heard(ui.ctx()) {
            return;
        }
        let document = Within::new(ui, widget_id());
        let codebook = model.session().project().codebook();
        let ordinals = model.derived(&Ordinals(article.id.clone()));
        for (index, top) in self.visible.clone() {
            let Some(block) = super::block_of(&self.blocks, index).copied() else {
                continue;
            };
            let Some(layout) = self.laid(ui, &article.text, index) else {
                continue;
            };
            let to_screen = vec2(self.column.left(), top);
            let rect = Rect::from_min_size(
                to_screen.to_pos2(),
                vec2(self.column.width(), layout.height()),
            );
            let lines = lines_of(&article.text, &block, &*layout);
            let runs = runs_of(&article.text, index, lines, to_screen);
            if block.kind == Kind::Blank {
                self.tell_runs(&document, runs);
                continue;
            }
            let id = paragraph_id(&block);
            let text = article.text.slice(block.range());
            let heading = (block.kind == Kind::Headline).then_some(text);
            let paragraph = document.paragraph(id, rect, heading);
            let words = paragraph.text(id.with("text"), rect, text);
            self.tell_runs(&words, runs);
            for (place, entry) in article.annotations.placed_in(block.range()) {
                if entry.fragment != 0 || !block.range().contains(entry.range.start) {
                    continue;
                }
                let annotation = &entry.annotation;
                let label = codebook.label(annotation.label.as_str());
                let ordinal = ordinals.get(place).copied().unwrap_or_default();
                let name = name_of(model, article, annotation, label, ordinal);
                let is_selected = model.selected() == Some(&annotation.id);
                let mut rects = Vec::new();
                layout.rects(entry.range.clamp_to(block.range()), &mut rects);
                let first = rects.first().map(|rect| rect.translate(to_screen));
                let id = mark_id(&annotation.id);
                paragraph.mark(id, first.unwrap_or(rect), &name, is_selected);
                if is_selected {
                    // What is read is the annotation, as long as one is selected.
                    speech::tell_current(ui.ctx(), widget_id(), id);
                }
            }
        }
        speech::tell_more(ui.ctx(), widget_id(), &summary_of(model, article));
        self.tell_selection(ui, model);
    }

    fn tell_runs(&mut self, parent: &Within, runs: Vec<(Told, Run)>) {
        for (told, run) in runs {
            parent.run(told.id, run);
            self.told.push(told);
        }
    }

    /// In the document, and in the paragraph that the caret is in.
    fn tell_selection(&self, ui: &Ui, model: &Model) {
        let shown = model.selection();
        let (Some(from), Some(caret)) = (self.place_of(shown.anchor), self.place_of(shown.caret))
        else {
            return;
        };
        speech::tell_selection(ui.ctx(), widget_id(), from.1, caret.1);
        if from.0 == caret.0
            && let Some(block) = super::block_of(&self.blocks, caret.0)
            && block.kind != Kind::Blank
        {
            let id = paragraph_id(block).with("text");
            speech::tell_selection(ui.ctx(), id, from.1, caret.1);
        }
    }

    /// The block and the place of a position among what was told; the nearest when it is not there.
    fn place_of(&self, at: BytePos) -> Option<(usize, Place)> {
        let starts = |told: &Told| told.stops.first().is_some_and(|start| *start <= at);
        let after = self.told.partition_point(starts);
        let told = self.told.get(after.saturating_sub(1))?;
        let last = told.stops.len().saturating_sub(1);
        let character = told.stops.partition_point(|stop| *stop < at).min(last);
        let run = told.id;
        Some((told.block, Place { run, character }))
    }

    /// The position of a place that a tool names.
    fn position_of(&self, (node, character): (NodeId, usize)) -> Option<BytePos> {
        let told = self.told.iter().find(|t| t.id.accesskit_id() == node)?;
        told.stops.get(character).or(told.stops.last()).copied()
    }

    /// What a tool asks for that has to do with the text, as an action.
    pub(super) fn asked(&self, ui: &Ui, article: &Article) -> Option<Action> {
        // Nothing was told when nobody listens.
        self.told.first()?;
        let mark = |node: NodeId| {
            let on_screen = self.visible.iter().filter_map(|(i, _)| self.blocks.get(*i));
            let mut found =
                on_screen.flat_map(|block| article.annotations.overlapping(block.range()));
            found.find_map(|entry| {
                let id = &entry.annotation.id;
                (mark_id(id).accesskit_id() == node).then(|| id.clone())
            })
        };
        let asked = speech::take_asked(ui.ctx(), |asked| match asked {
            Asked::Click(node) => mark(node).is_some(),
            Asked::Select(from, to) => {
                self.position_of(from).is_some() && self.position_of(to).is_some()
            }
        })?;
        match asked {
            Asked::Click(node) => {
                mark(node).map(|id| Action::SelectAnnotation { id, reveal: true })
            }
            Asked::Select(from, to) => {
                let end = article.text.end();
                let from = segment::grapheme_floor(&article.text, self.position_of(from)?.min(end));
                let to = segment::grapheme_floor(&article.text, self.position_of(to)?.min(end));
                let selection = Selection::caret_at(from).moved_to(to, true);
                Some(Action::Select {
                    selection,
                    annotation: None,
                })
            }
        }
    }
}

/// What there is to know of an article beside its text.
fn summary_of(model: &Model, article: &Article) -> String {
    let n = article.annotations.len();
    let status = article.status_for(model.session().annotator());
    let parts = [
        model.byline_of(article),
        count(n, "annotation", "annotations"),
        status.name().to_owned(),
    ];
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    let parts = parts.into_iter().filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join(", ")
}

/// Label, place, words, and what is said of it: “Quote, 3 of 12: “it is”, speaker: Ada, note: …”.
fn name_of(
    model: &Model,
    article: &Article,
    annotation: &Annotation,
    label: Option<&Label>,
    ordinal: u32,
) -> String {
    let project = model.session().project();
    let name = project.codebook().name_of(&annotation.label);
    let total = article.annotations.len();
    let words = words_of(&article.text, &annotation.fragments);
    let mut said = format!("{name}, {} of {total}: {words}", ordinal + 1);
    if annotation.fragments.len() > 1 {
        said.push_str(&format!(", in {} parts", annotation.fragments.len()));
    }
    for (name, value) in &annotation.attributes {
        let spec = label.and_then(|label| label.attribute(name));
        let title = spec.map_or_else(
            || name.replace('_', " "),
            |spec| spec.shown_title().to_lowercase(),
        );
        let value = project.value_text(value).replace('_', " ");
        said.push_str(&format!(", {title}: {value}"));
    }
    for link in &annotation.links {
        if let Some(target) = article.annotations.get(link.target.as_str()) {
            let words = words_of(&article.text, &target.fragments);
            said.push_str(&format!(", {}: {words}", link.role.replace('_', " ")));
        }
    }
    if !annotation.note.is_empty() {
        said.push_str(&format!(", note: {}", annotation.note));
    }
    if &annotation.annotator != model.session().annotator() {
        let by = project.annotator_name(&annotation.annotator);
        said.push_str(&format!(", by {by}"));
    }
    said
}

/// The words of some stretches of text, cut where they become long.
fn words_of(text: &ArticleText, fragments: &[ByteRange]) -> String {
    let mut words = String::new();
    for (n, &fragment) in fragments.iter().enumerate() {
        let room = MOST_WORDS.saturating_sub(words.chars().count());
        let slice = text.slice(fragment);
        let end = slice.char_indices().nth(room).map(|(at, _)| at);
        if n > 0 {
            words.push_str(" … ");
        }
        words.push_str(slice.get(..end.unwrap_or(slice.len())).unwrap_or_default());
        if end.is_some() {
            words.push('…');
            break;
        }
    }
    words.replace('\n', " ")
}

/// A row of a block: its characters, and where they stand from the block's corner.
struct Line {
    stops: Vec<BytePos>,
    lefts: Vec<f32>,
    /// Where the last character ends.
    right: f32,
    top: f32,
    bottom: f32,
    is_rtl: bool,
    words: Vec<bool>,
    /// A line break follows, which is a character of its own.
    ends_paragraph: bool,
}

fn lines_of(text: &ArticleText, block: &Block, layout: &dyn BlockLayout) -> Vec<Line> {
    let range = block.range();
    let content = text.slice(range);
    let at = |offset: usize| BytePos(range.start.0 + offset as u32);
    let graphemes = content.grapheme_indices(true);
    // No character may be longer than a byte can say.
    let mut stops: Vec<BytePos> = graphemes
        .flat_map(|(start, grapheme)| {
            let fits = u8::try_from(grapheme.len()).is_ok();
            let parts = grapheme
                .char_indices()
                .filter(move |(i, _)| *i == 0 || !fits);
            parts.map(move |(i, _)| at(start + i))
        })
        .collect();
    let carets = layout.carets(&stops);
    let segments = segment::words_in(text, range).into_iter();
    let words: Vec<BytePos> = segments
        .filter_map(|(word, is_word)| is_word.then_some(word.start))
        .collect();
    stops.push(range.end);
    let mut lines: Vec<Line> = Vec::new();
    for (n, caret) in carets.iter().enumerate() {
        let (Some(&start), Some(&end)) = (stops.get(n), stops.get(n + 1)) else {
            break;
        };
        let is_new = lines
            .last()
            .is_none_or(|line| (line.top - caret.top()).abs() > 0.5);
        if is_new {
            lines.push(Line::new(start, caret));
        }
        if let Some(line) = lines.last_mut() {
            let first = line.lefts.first().copied().unwrap_or_default();
            line.is_rtl |= line.lefts.len() == 1 && caret.left() < first;
            line.lefts.push(caret.left());
            line.words.push(words.binary_search(&start).is_ok());
            line.stops.push(end);
        }
    }
    if lines.is_empty() {
        lines.push(Line::new(range.start, &layout.caret_rect(range.start)));
    }
    for line in &mut lines {
        let end = line.stops.last().copied().unwrap_or(range.end);
        line.right = layout.end_rect(end).left();
    }
    let is_last = range.end >= text.end();
    if let Some(line) = lines.last_mut()
        && block.kind != Kind::Part
        && !is_last
    {
        line.ends_paragraph = true;
    }
    lines
}

impl Line {
    fn new(start: BytePos, caret: &Rect) -> Self {
        Self {
            stops: vec![start],
            lefts: Vec::new(),
            right: caret.left(),
            top: caret.top(),
            bottom: caret.bottom(),
            is_rtl: false,
            words: Vec::new(),
            ends_paragraph: false,
        }
    }
}

/// The lines of a block as runs, long ones in several.
fn runs_of(
    text: &ArticleText,
    block: usize,
    lines: Vec<Line>,
    to_screen: eframe::egui::Vec2,
) -> Vec<(Told, Run)> {
    let mut runs = Vec::new();
    for line in lines {
        let Some(&start) = line.stops.first() else {
            continue;
        };
        let id = |part: usize| widget_id().with(("run", start.0, part));
        let parts = line.lefts.len().div_ceil(LONGEST_RUN - 1).max(1);
        for part in 0..parts {
            let from = part * (LONGEST_RUN - 1);
            let upto = (from + LONGEST_RUN - 1).min(line.lefts.len());
            let (told, mut run) = part_of(text, block, id(part), &line, from, upto);
            run.rect = run.rect.translate(to_screen);
            run.before = part.checked_sub(1).map(id);
            run.after = (part + 1 < parts).then(|| id(part + 1));
            let (mut told, mut run) = (told, run);
            if line.ends_paragraph && part + 1 == parts {
                run.text.push('\n');
                run.lengths.push(1);
                run.places.push((line.right - run_start(&line, from)).abs());
                run.widths.push(0.0);
                let end = told.stops.last().copied().unwrap_or(start);
                told.stops.push(BytePos(end.0 + 1));
            }
            runs.push((told, run));
        }
    }
    runs
}

/// Where the part of a line begins, in points from the block's left.
fn run_start(line: &Line, from: usize) -> f32 {
    line.lefts.get(from).copied().unwrap_or(line.right)
}

fn part_of(
    text: &ArticleText,
    block: usize,
    id: Id,
    line: &Line,
    from: usize,
    upto: usize,
) -> (Told, Run) {
    let stops = line.stops.get(from..=upto).unwrap_or_default().to_vec();
    let range = match (stops.first(), stops.last()) {
        (Some(&first), Some(&last)) => ByteRange::new(first, last),
        _ => ByteRange::default(),
    };
    let start = run_start(line, from);
    let lefts = line.lefts.get(from..upto).unwrap_or_default();
    let end = line.lefts.get(upto).copied().unwrap_or(line.right);
    let rights = lefts.iter().skip(1).copied().chain([end]);
    let widths = lefts
        .iter()
        .zip(rights)
        .map(|(left, right)| (right - left).abs());
    let lengths = stops.windows(2).map(|pair| match pair {
        [start, end] => (end.0 - start.0).min(u32::from(u8::MAX)) as u8,
        _ => 0,
    });
    let words = line.words.get(from..upto).unwrap_or_default();
    let words = words.iter().enumerate().filter(|(_, is_start)| **is_start);
    let rect = Rect::from_min_max(
        pos2(start.min(end), line.top),
        pos2(start.max(end), line.bottom),
    );
    let run = Run {
        text: text.slice(range).to_owned(),
        rect,
        is_rtl: line.is_rtl,
        lengths: lengths.collect(),
        places: lefts.iter().map(|left| (left - start).abs()).collect(),
        widths: widths.collect(),
        words: words.map(|(at, _)| at as u8).collect(),
        before: None,
        after: None,
    };
    (Told { id, block, stops }, run)
}
