//! The strip beside the page: what was read, where the annotations are, and the scroll bar.
//!
//! Marks, and where nothing was found, come as rows of points: drawing costs the height of the strip at
//! most, whatever the article holds.

use super::{ArticleView, Gesture, STRIP_WIDTH, widget_id};
use crate::app::derived::article::{Marks, NothingByRow};
use crate::app::derived::find::HitsOnStrip;
use crate::app::model::Model;
use crate::core::article::Article;
use crate::core::text::BytePos;
use crate::ui::kit::quads::{quads_in, with_room};
use crate::ui::kit::tell;
use crate::ui::theme::Tokens;
use eframe::egui::{self, Mesh, Rect, Sense, Shape, StrokeKind, Ui, pos2};
use std::ops::Range;

/// The bar beside what was read.
const READ_WIDTH: f32 = 2.0;

impl ArticleView {
    /// How far down a position is, as well as it is known without laying out what is above it. Positions
    /// that rise are found from one to the next.
    fn distance_to(&self, at: BytePos, last: &mut usize) -> f64 {
        let index = self.blocks.index_from(at, *last);
        *last = index;
        let before = self.heights.before(index);
        let share = self.blocks.get(index).map_or(0.0, |block| {
            let range = block.range();
            let into = f64::from(at.0.saturating_sub(range.start.0));
            into / (range.len().max(1) as f64)
        });
        before + share.min(1.0) * f64::from(self.heights.get(index))
    }

    pub(super) fn strip_ui(
        &mut self,
        ui: &Ui,
        model: &Model,
        article: &Article,
        tokens: &Tokens,
        full: Rect,
    ) {
        let strip = Rect::from_min_max(pos2(full.right() - STRIP_WIDTH, full.top()), full.max);
        let response = ui.interact(strip, widget_id().with("strip"), Sense::click_and_drag());
        let role = egui::accesskit::Role::ScrollBar;
        tell(&response, role, "Place in the article");
        let total = self.heights.total().max(1.0);
        let view = f64::from(self.view.height());
        let is_held = response.dragged() || response.is_pointer_button_down_on();
        // A tap comes and goes in one frame, and leaves no gesture.
        let is_tap = response.clicked() && ui.input(|input| input.pointer.primary_pressed());
        if (is_held || is_tap)
            && let Some(pointer) = response.interact_pointer_pos()
        {
            if is_held {
                self.gesture = Some(Gesture::Strip);
            }
            let share = f64::from((pointer.y - strip.top()) / strip.height()).clamp(0.0, 1.0);
            self.scroll_to_distance(share * total - view / 2.0);
            ui.ctx().request_repaint();
        }
        let painter = ui.painter_at(strip);
        painter.rect_filled(strip, 0.0, tokens.page);
        let track = strip.shrink2(egui::vec2(3.0, 2.0));
        painter.rect_filled(track, 3.0, tokens.panel);
        let top = self.heights.before(self.anchor.block) + f64::from(self.anchor.offset);
        let from = (top / total).clamp(0.0, 1.0) as f32;
        let upto = ((top + view) / total).clamp(0.0, 1.0) as f32;
        let thumb_height = ((upto - from) * track.height()).max(18.0);
        let thumb_top = track.top()
            + (from * track.height())
                .min(track.height() - thumb_height)
                .max(0.0);
        let thumb = Rect::from_min_size(
            pos2(track.left(), thumb_top),
            egui::vec2(track.width(), thumb_height),
        );
        if total > view {
            let color = if response.hovered() || response.dragged() {
                tokens.ink
            } else {
                tokens.dim
            };
            painter.rect_stroke(thumb, 3.0, (1.0, color), StrokeKind::Inside);
        }
        let mut mesh = with_room(Mesh::default(), self.quads.strip);
        // What was read, by the places of its blocks. There may be many stretches: those that share a row of
        // points are one bar.
        let mut last = 0;
        let mut bars = model.read().iter().map(|read| {
            let mut row = |at: BytePos| {
                let share = self.distance_to(at, &mut last) / total;
                share as f32 * track.height()
            };
            row(read.start).floor()..row(read.end).ceil()
        });
        let mut next = bars.next();
        while let Some(mut bar) = next {
            next = bars.next();
            while let Some(more) = next.take_if(|more| more.start <= bar.end) {
                bar.end = bar.end.max(more.end);
                next = bars.next();
            }
            // A page of a long article is seen, too.
            let end = bar.end.max(bar.start + 2.0);
            let bar = Rect::from_min_max(
                pos2(track.left(), track.top() + bar.start),
                pos2(track.left() + READ_WIDTH, track.top() + end),
            );
            mesh.add_colored_rect(bar, tokens.dim);
        }
        // Where nothing was found, from edge to edge: what is left between is unread.
        let rows = track.height() as usize;
        let nothing = model.derived(&NothingByRow {
            article: article.id.clone(),
            annotator: model.session().annotator().clone(),
            rows,
        });
        for run in &*nothing {
            let bar = rows_of(track, run).with_max_x(track.right() - 1.0);
            mesh.add_colored_rect(bar, tokens.chosen);
            let edge = bar.with_max_x(track.left() + READ_WIDTH);
            mesh.add_colored_rect(edge, tokens.ok);
        }
        let marks = model.derived(&Marks {
            article: article.id.clone(),
            rows,
        });
        let labels = &model.session().project().codebook().labels;
        let mut colors = vec![None; labels.len()];
        for (run, at) in &*marks {
            let at = *at as usize;
            let (Some(label), Some(color)) = (labels.get(at), colors.get_mut(at)) else {
                continue;
            };
            let color = *color.get_or_insert_with(|| tokens.label(label.color));
            let mut mark = rows_of(track, run).with_min_x(track.left() + READ_WIDTH + 1.0);
            mark.max.x -= 1.0;
            // A mark is two points high.
            mark.max.y += 1.0;
            mesh.add_colored_rect(mark, color);
        }
        self.hits_on_strip(model, article, track, tokens, &mut mesh);
        self.quads.strip = quads_in(&mesh);
        painter.add(Shape::mesh(mesh));
    }

    /// Where there is what is looked for, from edge to edge, so that no mark hides it.
    fn hits_on_strip(
        &self,
        model: &Model,
        article: &Article,
        track: Rect,
        tokens: &Tokens,
        mesh: &mut Mesh,
    ) {
        let found = model.answer_here();
        let Some(found) = found.filter(|found| !found.hits.is_empty()) else {
            return;
        };
        let rows = model.derived(&HitsOnStrip {
            article: article.id.clone(),
            found,
            rows: track.height() as usize,
        });
        for run in &*rows {
            let mut bar = rows_of(track, run);
            bar.max.y += 1.0;
            mesh.add_colored_rect(bar, tokens.hit);
            let edge = bar.with_min_x(track.right() - READ_WIDTH);
            mesh.add_colored_rect(edge, tokens.ink);
        }
    }
}

/// Rows of the strip that follow one another, from edge to edge.
fn rows_of(track: Rect, run: &Range<usize>) -> Rect {
    let y = track.top() + run.start as f32;
    track.with_min_y(y).with_max_y(y + run.len() as f32)
}
