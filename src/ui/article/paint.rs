//! Painting a screen of the article: tints, selection, text, underlines, handles.
//!
//! Spans are painted over the text and never laid out with it (invariant 5). Underlines sit in the
//! lane that the annotation set gave them, so they stay put while scrolling; those of the first lanes
//! are drawn, and tags count the rest. All quads of a kind share one mesh.

use super::tags::{Tag, tip_ui};
use super::{ArticleView, layout};
use crate::app::action::{Action, Side};
use crate::app::command::{Command, info};
use crate::app::model::Model;
use crate::core::annotation::{FragmentEntry, MAX_LANES};
use crate::core::article::Article;
use crate::core::codebook::{Codebook, Underline};
use crate::core::lists::innermost;
use crate::core::text::{ByteRange, hidden};
use crate::ui::kit::quads::{quads_in, with_room};
use crate::ui::kit::swatch::Underlines;
use crate::ui::pointed::point_at;
use crate::ui::theme::Tokens;
use eframe::egui::{
    self, Color32, CornerRadius, Mesh, Painter, Rect, Shape, Stroke, StrokeKind, Ui, pos2, vec2,
};
use std::collections::HashMap;

/// Distance from one underline to the next, in points, and how many of them are drawn.
const LANE_STEP: f32 = 4.0;
const DRAWN_LANES: u8 = 2;

/// How a label is shown.
#[derive(Clone, Copy)]
struct Look<'a> {
    color: Color32,
    underline: &'a Underline,
    is_helper: bool,
}

/// An underline of a label.
struct Line<'a> {
    color: Color32,
    style: &'a Underline,
    is_selected: bool,
}

impl Line<'_> {
    /// Under a stretch of letters, so far below them.
    fn add(&self, lines: &mut Underlines, letters: Rect, below: f32) {
        let across = letters.left()..=letters.right();
        let y = (letters.bottom() + below).round();
        let thick = if self.is_selected { 2.5 } else { 2.0 };
        lines.add(self.style, across, y, self.color, thick);
    }
}

/// Looks by label id, looked up once a frame.
struct Looks<'a> {
    codebook: &'a Codebook,
    tokens: &'a Tokens,
    known: HashMap<&'a str, Look<'a>>,
}

impl<'a> Looks<'a> {
    fn of(&mut self, label: &'a str) -> Look<'a> {
        let (codebook, tokens) = (self.codebook, self.tokens);
        *self.known.entry(label).or_insert_with(|| {
            let found = codebook.label(label);
            let color = tokens.label(codebook.color_of(label));
            Look {
                color,
                underline: found.map_or(&Underline::Solid, |label| &label.underline),
                is_helper: found.is_some_and(|label| label.helper),
            }
        })
    }
}

/// How many quads there were in the last frame, by what they are.
#[derive(Default)]
pub(super) struct Quads {
    pub(super) tints: usize,
    pub(super) lines: usize,
    pub(super) strip: usize,
}

impl ArticleView {
    pub(super) fn paint(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        article: &Article,
        actions: &mut Vec<Action>,
        tokens: &Tokens,
    ) {
        let painter = ui.painter_at(self.view);
        painter.rect_filled(self.view, 0.0, tokens.page);
        let session = model.session();
        let mut looks = Looks {
            codebook: session.project().codebook(),
            tokens,
            known: HashMap::new(),
        };
        let selected = model.selected_annotation().cloned();
        let mut tags: Vec<Tag> = Vec::new();
        let mut tints = with_room(Mesh::default(), self.quads.tints);
        let mut lines = Underlines::with_room(ui.ctx(), self.quads.lines);
        let mut lines_on_top = Underlines::with_room(ui.ctx(), 0);
        let mut texts = Vec::new();
        let mut signs = std::mem::take(&mut self.signs);
        signs.clear();
        let mut outlines: Vec<Rect> = Vec::new();
        let mut selection_rects = Vec::new();
        let mut hit_rects = Vec::new();
        let mut hit_here = Vec::new();
        // What kept rules find is a layer of its own, behind all others.
        let quiet = model.rule_hits();
        let quiet = quiet.as_ref().map_or(&[][..], |all| all.as_slice());
        let mut quiet_rects = Vec::new();
        let found = model.answer_here();
        let hits = found.as_ref().map_or(&[][..], |found| found.here());
        let current = model.hit_here(hits).and_then(|at| hits.get(at)).copied();
        let shown_selection = match (&self.pending, &self.gesture) {
            (Some(range), Some(_)) => *range,
            _ => model.selection().range(),
        };
        let visible = self.visible.clone();
        let mut rects = Vec::new();
        // What is found of one block at a time.
        let mut all_rects = Vec::new();
        let (mut tinted, mut tint_of) = (Vec::new(), Vec::new());
        let (mut second, mut second_lines) = (Vec::new(), Vec::new());
        let mut not_underlined = Vec::new();
        for &(index, top) in &visible {
            let Some(block) = super::block_of(&self.blocks, index).copied() else {
                continue;
            };
            let Some(laid) = self.laid(ui, &article.text, index) else {
                continue;
            };
            let origin = pos2(self.column.left(), top);
            let to_screen = origin.to_vec2();
            let range = block.range();
            let size = layout::letter_size(&self.metrics, block.kind);
            all_rects.clear();
            tinted.clear();
            tint_of.clear();
            second.clear();
            second_lines.clear();
            not_underlined.clear();
            let first_tag = tags.len();
            for entry in article.annotations.overlapping(range) {
                self.stats.annotations_painted += 1;
                let annotation = &entry.annotation;
                let look = looks.of(annotation.label.as_str());
                let is_selected = selected.as_ref().is_some_and(|s| s.id == annotation.id);
                let shown = shown_range(entry, model);
                let part = shown.clamp_to(range);
                let first_rect = all_rects.len();
                laid.rects(part, &mut all_rects);
                let its_rects = first_rect..all_rects.len();
                let rects = all_rects.get(its_rects.clone()).unwrap_or_default();
                // Of the tints that would lie over each other one is shown.
                if is_selected {
                    tinted.push((part, 0));
                    tint_of.push((tokens.chosen_tint(look.color), its_rects));
                } else if !look.is_helper {
                    // Of two of the same size the one whose underline is nearer.
                    let size = annotation.covered_bytes() * usize::from(MAX_LANES);
                    tinted.push((part, size + usize::from(entry.lane)));
                    tint_of.push((tokens.tint(look.color), its_rects));
                }
                if entry.lane >= DRAWN_LANES && !is_selected {
                    not_underlined.push(shown);
                }
                if is_selected && tokens.is_high_contrast {
                    let boxes = rects
                        .iter()
                        .map(|rect| text_box(rect.translate(to_screen), size));
                    outlines.extend(boxes.map(|rect| rect.expand2(vec2(1.5, 1.0))));
                }
                let line = Line {
                    color: look.color,
                    style: look.underline,
                    is_selected,
                };
                if entry.lane == 0 {
                    let lines = if is_selected {
                        &mut lines_on_top
                    } else {
                        &mut lines
                    };
                    for rect in rects {
                        line.add(lines, text_box(rect.translate(to_screen), size), 0.0);
                    }
                } else {
                    let rank = if is_selected { 0 } else { entry.lane };
                    second.push((part, usize::from(rank)));
                    second_lines.push(line);
                }
                let starts_here = entry.fragment == 0 && range.contains(shown.start);
                if starts_here && (!look.is_helper || is_selected) {
                    let y = rects
                        .first()
                        .map_or(top, |rect| rect.translate(to_screen).center().y);
                    tags.push(Tag {
                        annotation: annotation.clone(),
                        range: shown,
                        y,
                        lane: entry.lane,
                        more: 0,
                        color: look.color,
                        is_selected,
                    });
                }
            }
            // Below the nearest underline there is one more: of what lies around it next.
            for (part, which) in innermost(&second) {
                rects.clear();
                laid.rects(part, &mut rects);
                if let Some(line) = second_lines.get(which) {
                    let lines = if line.is_selected {
                        &mut lines_on_top
                    } else {
                        &mut lines
                    };
                    for rect in &rects {
                        line.add(lines, text_box(rect.translate(to_screen), size), LANE_STEP);
                    }
                }
            }
            for tag in tags.iter_mut().skip(first_tag) {
                let here = not_underlined.iter().filter(|r| r.intersects(tag.range));
                tag.more = if tag.lane + 1 == DRAWN_LANES {
                    here.count()
                } else {
                    0
                };
            }
            for (part, which) in innermost(&tinted) {
                let (Some((whole, _)), Some((tint, its_rects))) =
                    (tinted.get(which), tint_of.get(which))
                else {
                    continue;
                };
                let rects = if part == *whole {
                    all_rects.get(its_rects.clone()).unwrap_or_default()
                } else {
                    rects.clear();
                    laid.rects(part, &mut rects);
                    &rects
                };
                for rect in rects {
                    tints.add_colored_rect(text_box(rect.translate(to_screen), size), *tint);
                }
            }
            for (_, ranges) in quiet {
                let first = ranges.partition_point(|hit| hit.end <= range.start);
                let here = ranges.get(first..).unwrap_or_default().iter();
                for hit in here.take_while(|hit| hit.start < range.end) {
                    rects.clear();
                    laid.rects(hit.clamp_to(range), &mut rects);
                    let boxes = rects.iter().map(|rect| rect.translate(to_screen));
                    quiet_rects.extend(boxes.map(|rect| text_box(rect, size)));
                }
            }
            let first = hits.partition_point(|hit| hit.end <= range.start);
            let here = hits.get(first..).unwrap_or_default().iter();
            for hit in here.take_while(|hit| hit.start < range.end) {
                rects.clear();
                laid.rects(hit.clamp_to(range), &mut rects);
                let boxes = rects.iter().map(|rect| rect.translate(to_screen));
                let boxes = boxes.map(|rect| text_box(rect, size).expand2(vec2(1.0, 1.0)));
                if current == Some(*hit) {
                    hit_here.extend(boxes);
                } else {
                    hit_rects.extend(boxes);
                }
            }
            if shown_selection.intersects(range) {
                rects.clear();
                laid.rects(shown_selection.clamp_to(range), &mut rects);
                let boxes = rects.iter().map(|rect| rect.translate(to_screen));
                let boxes = boxes.map(|rect| text_box(rect, size).expand2(vec2(0.0, 2.0)));
                selection_rects.extend(boxes);
            }
            if model.settings().shows_hidden {
                let hidden = hidden::each(article.text.slice(range), range.start);
                super::hidden::places(&*laid, hidden, (origin, size), &mut signs);
            }
            texts.push((laid, origin));
        }
        self.quads.tints = quads_in(&tints);
        self.quads.lines = lines.count();
        for rect in quiet_rects {
            painter.rect_filled(rect, 2.0, tokens.quiet_hit());
        }
        painter.add(Shape::mesh(tints));
        for rect in hit_rects {
            painter.rect_filled(rect, 2.0, tokens.hit);
        }
        for rect in selection_rects {
            painter.rect_filled(rect, 2.0, tokens.selection);
        }
        for rect in hit_here {
            let edge = Stroke::new(1.5, tokens.ink);
            painter.rect(rect, 2.0, tokens.hit, edge, StrokeKind::Outside);
        }
        for (laid, origin) in &texts {
            laid.paint(&painter, *origin, tokens.ink);
        }
        super::hidden::paint(&painter, &signs, tokens);
        self.signs = signs;
        painter.add(lines.shape());
        painter.add(lines_on_top.shape());
        let selected_color = selected.as_ref().map_or(tokens.accent, |selected| {
            tokens.label(looks.codebook.color_of(selected.label.as_str()))
        });
        for rect in outlines {
            let stroke = Stroke::new(1.3, selected_color);
            painter.rect_stroke(rect, CornerRadius::same(2), stroke, StrokeKind::Outside);
        }
        if let Some(selected) = &selected {
            self.connectors(ui, &painter, model, article, selected, tokens);
            self.proposed(ui, &painter, model, article, selected, tokens);
        }
        self.handles(ui, model, article, &painter, selected_color);
        let told = self.link_ui(ui, &painter, model, article, selected_color, tokens);
        self.caret(ui, model, article, &painter, tokens);
        self.head_ui(ui, &painter, model, article, actions, tokens);
        self.tags_ui(ui, model, article, tags, actions, tokens);
        if let Some((at, told)) = told {
            self.told_at(&painter, at, &told, tokens);
        }
        self.announce(ui, model, article);
    }

    /// Bars and knobs at the edges of the selected annotation's fragments.
    fn handles(
        &mut self,
        ui: &Ui,
        model: &Model,
        article: &Article,
        painter: &Painter,
        color: Color32,
    ) {
        let Some(annotation) = model.selected_annotation().cloned() else {
            return;
        };
        for (n, &fragment) in annotation.fragments.iter().enumerate() {
            let moving = model
                .edge_move()
                .filter(|edge| edge.id == annotation.id && edge.fragment == n);
            let range = moving.map_or(fragment, |edge| edge.range);
            for side in [Side::Start, Side::End] {
                let at = if side == Side::Start {
                    range.start
                } else {
                    range.end
                };
                let Some(rect) = self.caret_on_screen(ui, &article.text, at, side == Side::End)
                else {
                    continue;
                };
                let bar = text_box(rect, self.letter_size_at(at));
                let is_moving = moving.is_some_and(|edge| edge.side == side);
                let radius = if is_moving { 6.0 } else { 4.0 };
                let knob = if side == Side::Start {
                    bar.center_top()
                } else {
                    bar.center_bottom()
                };
                painter.line_segment(
                    [bar.center_top(), bar.center_bottom()],
                    Stroke::new(2.0, color),
                );
                painter.circle_filled(knob, radius, color);
            }
        }
    }

    fn caret(
        &mut self,
        ui: &Ui,
        model: &Model,
        article: &Article,
        painter: &Painter,
        tokens: &Tokens,
    ) {
        if !self.has_focus || model.selected().is_some() {
            return;
        }
        let before = self.is_before(model.selection());
        if let Some(rect) = self.caret_on_screen(ui, &article.text, model.selection().caret, before)
        {
            let size = self.letter_size_at(model.selection().caret);
            let bar = text_box(rect, size).expand2(vec2(0.0, 2.0));
            let x = bar.left().round();
            painter.line_segment(
                [pos2(x, bar.top()), pos2(x, bar.bottom())],
                Stroke::new(1.6, tokens.accent),
            );
        }
    }

    /// What an annotation is, beside the pointer.
    pub(super) fn hover_ui(
        &mut self,
        ui: &Ui,
        response: &egui::Response,
        model: &Model,
        article: &Article,
    ) {
        let Some(point) = response.hover_pos().filter(|p| self.view.contains(*p)) else {
            return;
        };
        if self.gesture.is_some() {
            return;
        }
        if self.is_on_knob(ui, model, article, point) {
            ui.ctx().set_cursor_icon(egui::CursorIcon::Crosshair);
            let key = info(Command::BeginLink).key_text();
            let help = format!("Drag to what it is linked with; or click here, then there ({key})");
            response.clone().on_hover_text_at_pointer(help);
            return;
        }
        if self.handle_at(ui, model, &article.text, point).is_some() {
            ui.ctx().set_cursor_icon(egui::CursorIcon::ResizeHorizontal);
            return;
        }
        if let Some(names) = self.hidden_at(point) {
            response.clone().on_hover_text_at_pointer(names);
            return;
        }
        if point.x > self.column.left() - 10.0 && point.x < self.column.right() + 10.0 {
            ui.ctx().set_cursor_icon(egui::CursorIcon::Text);
        }
        let at = self.position_at(ui, &article.text, point);
        let Some(here) = self.caret_on_screen(ui, &article.text, at, false) else {
            return;
        };
        let is_on_text = here.expand2(vec2(self.metrics.size, 0.0)).contains(point);
        let found = article.annotations.at(layout::valid(&article.text, at));
        if let Some(innermost) = found.first().filter(|_| is_on_text) {
            point_at(ui.ctx(), &innermost.label);
        }
        // What is selected stands on the card.
        let tells_more = found
            .iter()
            .any(|found| Some(&found.id) != model.selected());
        if !tells_more || !is_on_text {
            return;
        }
        response
            .clone()
            .on_hover_ui_at_pointer(|ui| tip_ui(ui, model, &found));
    }
}

/// The part of a row that letters fill, without the space between rows.
pub(super) fn text_box(row: Rect, size: f32) -> Rect {
    let height = layout::text_height(size).min(row.height());
    // Letters sit in the middle of a row that is higher than they are.
    Rect::from_center_size(row.center(), vec2(row.width(), height))
}

/// A fragment's range, or where its edge is being moved to.
fn shown_range(entry: &FragmentEntry, model: &Model) -> ByteRange {
    match model.edge_move() {
        Some(edge)
            if edge.id == entry.annotation.id && edge.fragment == entry.fragment as usize =>
        {
            edge.range
        }
        _ => entry.range,
    }
}
