//! Painting a screen of the article: tints, selection, text, underlines, handles, tags.
//!
//! Spans are painted over the text and never laid out with it (invariant 5). Underlines sit in the
//! lane that the annotation set gave them, so they stay put while scrolling. All quads of a kind
//! share one mesh.

use super::{ArticleView, HEADER_HEIGHT, TAG_WIDTH, layout};
use crate::app::action::Side;
use crate::app::model::Model;
use crate::core::annotation::{Annotation, FragmentEntry};
use crate::core::article::Article;
use crate::core::codebook::{Codebook, Underline};
use crate::core::text::ByteRange;
use crate::ui::kit::swatch::underline;
use crate::ui::theme::{self, Tokens};
use eframe::egui::{
    self, Align2, Color32, CornerRadius, FontId, Mesh, Painter, Rect, Shape, Stroke, StrokeKind,
    Ui, pos2, vec2,
};
use std::collections::HashMap;

/// Distance from one underline to the next, in points.
const LANE_STEP: f32 = 3.5;
const TAG_HEIGHT: f32 = 14.0;

/// How a label is shown.
#[derive(Clone, Copy)]
struct Look<'a> {
    color: Color32,
    tint: Color32,
    underline: &'a Underline,
    name: &'a str,
    is_helper: bool,
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
            let is_helper = found.is_some_and(|label| label.helper);
            Look {
                color,
                tint: if is_helper {
                    Color32::TRANSPARENT
                } else {
                    tokens.tint(color)
                },
                underline: found.map_or(&Underline::Solid, |label| &label.underline),
                name: found.map_or(label, |label| label.name.as_str()),
                is_helper,
            }
        })
    }
}

struct Tag {
    y: f32,
    text: String,
    color: Color32,
    is_selected: bool,
}

impl ArticleView {
    pub(super) fn paint(&mut self, ui: &Ui, model: &Model, article: &Article, tokens: &Tokens) {
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
        let mut tints = Mesh::default();
        let mut lines = Mesh::default();
        let mut texts = Vec::new();
        let mut outlines: Vec<Rect> = Vec::new();
        let mut selection_rects = Vec::new();
        let shown_selection = match (&self.pending, &self.gesture) {
            (Some(range), Some(_)) => *range,
            _ => model.selection().range(),
        };
        let lane_room = (self.metrics.size * (self.metrics.spacing - 1.05)).max(4.0);
        let visible = self.visible.clone();
        let mut rects = Vec::new();
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
            for entry in article.annotations.overlapping(range) {
                self.stats.annotations_painted += 1;
                let annotation = &entry.annotation;
                let look = looks.of(annotation.label.as_str());
                let is_selected = selected.as_ref().is_some_and(|s| s.id == annotation.id);
                let shown = shown_range(entry, model);
                rects.clear();
                laid.rects(shown.clamp_to(range), &mut rects);
                let lane = f32::from(entry.lane) * LANE_STEP;
                for rect in &rects {
                    let rect = rect.translate(to_screen);
                    let text_box = text_box(rect, self.metrics.size);
                    let tint = if is_selected {
                        look.color.gamma_multiply(0.26)
                    } else {
                        look.tint
                    };
                    if tint != Color32::TRANSPARENT {
                        tints.add_colored_rect(text_box, tint);
                    }
                    let y = (text_box.bottom() + lane.min(lane_room)).round();
                    underline(
                        &mut lines,
                        look.underline,
                        rect.left()..=rect.right(),
                        y,
                        look.color,
                        if is_selected { 2.5 } else { 2.0 },
                    );
                    if is_selected {
                        outlines.push(text_box.expand2(vec2(1.5, 1.0)));
                    }
                }
                let starts_here = entry.fragment == 0 && range.contains(shown.start);
                if starts_here && (!look.is_helper || is_selected) {
                    let y = rects
                        .first()
                        .map_or(top, |rect| rect.translate(to_screen).center().y);
                    tags.push(Tag {
                        y,
                        text: tag_text(model, annotation, look.name),
                        color: look.color,
                        is_selected,
                    });
                }
            }
            if shown_selection.intersects(range) {
                laid.rects(shown_selection.clamp_to(range), &mut selection_rects);
                for rect in &mut selection_rects {
                    painter.rect_filled(
                        text_box(rect.translate(to_screen), self.metrics.size)
                            .expand2(vec2(0.0, 2.0)),
                        2.0,
                        tokens.selection,
                    );
                }
                selection_rects.clear();
            }
            texts.push((laid, origin));
        }
        painter.add(Shape::mesh(tints));
        for (laid, origin) in &texts {
            laid.paint(&painter, *origin, tokens.ink);
        }
        painter.add(Shape::mesh(lines));
        let selected_color = selected.as_ref().map_or(tokens.accent, |selected| {
            tokens.label(looks.codebook.color_of(selected.label.as_str()))
        });
        for rect in outlines {
            let stroke = Stroke::new(1.3, selected_color);
            painter.rect_stroke(rect, CornerRadius::same(2), stroke, StrokeKind::Outside);
        }
        self.handles(ui, model, article, &painter, selected_color);
        self.caret(ui, model, article, &painter, tokens);
        self.header(&painter, model, article, tokens);
        self.tags(&painter, tags, tokens);
        self.announce(ui, model, article);
    }

    /// Outlet, author, date and counts, above the text.
    fn header(&self, painter: &Painter, model: &Model, article: &Article, tokens: &Tokens) {
        let top = match self.visible.first() {
            Some(&(0, top)) => top - HEADER_HEIGHT,
            _ => return,
        };
        let mut line = article.byline();
        let n = article.annotations.len();
        let count = if n == 1 {
            "1 annotation".to_owned()
        } else {
            format!("{n} annotations")
        };
        if !line.is_empty() {
            line.push_str(" · ");
        }
        line.push_str(&count);
        let status = article.status_for(model.session().annotator());
        line.push_str(&format!(" · {}", status.name()));
        let at = pos2(self.column.left(), top + 18.0);
        painter.text(
            at,
            Align2::LEFT_TOP,
            line,
            FontId::proportional(12.5),
            tokens.dim,
        );
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
                let bar = text_box(rect, self.metrics.size);
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
        let is_forward = model.selection().caret > model.selection().anchor;
        if let Some(rect) =
            self.caret_on_screen(ui, &article.text, model.selection().caret, is_forward)
        {
            let bar = text_box(rect, self.metrics.size).expand2(vec2(0.0, 2.0));
            let x = bar.left().round();
            painter.line_segment(
                [pos2(x, bar.top()), pos2(x, bar.bottom())],
                Stroke::new(1.6, tokens.accent),
            );
        }
    }

    /// Short tags beside the rows where annotations begin, pushed down where they would overlap.
    fn tags(&self, painter: &Painter, tags: Vec<Tag>, tokens: &Tokens) {
        let left = self.column.right() + 16.0;
        if left + TAG_WIDTH * 0.6 > self.view.right() {
            return;
        }
        let room = (self.view.right() - left - 8.0).min(TAG_WIDTH + 60.0);
        let mut free_from = f32::NEG_INFINITY;
        let mut dropped = 0;
        for tag in tags {
            let y = tag.y.max(free_from);
            if y - tag.y > 3.0 * TAG_HEIGHT && !tag.is_selected {
                dropped += 1;
                continue;
            }
            if dropped > 0 {
                dropped = 0;
            }
            free_from = y + TAG_HEIGHT;
            let font = if tag.is_selected {
                theme::strong_font(11.0)
            } else {
                FontId::proportional(11.0)
            };
            let mut job = egui::text::LayoutJob::simple_singleline(tag.text, font, tag.color);
            job.wrap = egui::text::TextWrapping::truncate_at_width(room);
            let galley = painter.layout_job(job);
            let at = pos2(left, y - galley.rect.height() / 2.0);
            if tag.is_selected {
                let back = galley.rect.translate(at.to_vec2()).expand2(vec2(4.0, 1.0));
                painter.rect_filled(back, 3.0, tokens.chosen);
            }
            painter.galley(at, galley, tag.color);
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
        if self.handle_at(ui, model, &article.text, point).is_some() {
            ui.ctx().set_cursor_icon(egui::CursorIcon::ResizeHorizontal);
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
        if found.is_empty() || !is_on_text {
            return;
        }
        response.clone().on_hover_ui_at_pointer(|ui| {
            ui.set_max_width(360.0);
            for annotation in found.iter().take(5) {
                let codebook = model.session().project().codebook();
                let name = codebook.name_of(&annotation.label);
                ui.label(
                    egui::RichText::new(tag_text(model, annotation, name))
                        .font(theme::strong_font(12.5)),
                );
                if !annotation.note.is_empty() {
                    ui.label(&annotation.note);
                }
            }
            if found.len() > 1 {
                ui.weak("Click again, or press O, for the next one here");
            }
        });
    }
}

/// The part of a row that letters fill, without the space between rows.
fn text_box(row: Rect, size: f32) -> Rect {
    let height = (size * 1.32).min(row.height());
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

/// The label's name and the one attribute that says most.
pub(super) fn tag_text(model: &Model, annotation: &Annotation, name: &str) -> String {
    let project = model.session().project();
    let short = name.split_whitespace().next().unwrap_or(name);
    let telling = ["speaker", "claimant", "beneficiary", "kind"]
        .iter()
        .find_map(|name| annotation.attributes.get(name));
    match telling {
        Some(value) => format!("{short} · {}", project.value_text(value).replace('_', " ")),
        None => short.to_owned(),
    }
}
