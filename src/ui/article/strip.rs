//! The strip beside the page: where the annotations are, and the scroll bar.
//!
//! Marks are put into one bucket a pixel row, once a revision; drawing costs the height of the
//! strip, whatever the article holds.

use super::{ArticleView, Gesture, STRIP_WIDTH, widget_id};
use crate::app::model::Model;
use crate::core::article::Article;
use crate::ui::kit::tell;
use crate::ui::theme::Tokens;
use eframe::egui::{self, Color32, Mesh, Rect, Sense, Shape, Ui, pos2};

#[derive(Default)]
pub(super) struct StripCache {
    key: Option<(u64, u32, bool, Color32)>,
    /// Colour of each row of points; transparent for none.
    rows: Vec<Color32>,
}

impl StripCache {
    pub(super) fn forget(&mut self) {
        self.key = None;
    }
}

impl ArticleView {
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
        if (response.dragged() || response.is_pointer_button_down_on())
            && let Some(pointer) = response.interact_pointer_pos()
        {
            self.gesture = Some(Gesture::Strip);
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
                tokens.dim
            } else {
                tokens.line
            };
            painter.rect_filled(
                thumb,
                3.0,
                color.gamma_multiply(if tokens.is_high_contrast { 0.35 } else { 0.8 }),
            );
        }
        self.marks(model, article, tokens, track.height());
        let mut mesh = Mesh::default();
        for (row, color) in self.strip.rows.iter().enumerate() {
            if *color != Color32::TRANSPARENT {
                let y = track.top() + row as f32;
                let mark = Rect::from_min_max(
                    pos2(track.left() + 2.0, y),
                    pos2(track.right() - 2.0, y + 2.0),
                );
                mesh.add_colored_rect(mark, *color);
            }
        }
        painter.add(Shape::mesh(mesh));
    }

    fn marks(&mut self, model: &Model, article: &Article, tokens: &Tokens, height: f32) {
        let key = (
            model.session().revision(),
            height as u32,
            tokens.is_dark,
            tokens.page,
        );
        if self.strip.key == Some(key) {
            return;
        }
        self.strip.key = Some(key);
        let rows = (height as usize).max(1);
        self.strip.rows.clear();
        self.strip.rows.resize(rows, Color32::TRANSPARENT);
        let length = article.text.len_bytes().max(1) as f64;
        let codebook = model.session().project().codebook();
        let colors: Vec<_> = codebook
            .labels
            .iter()
            .filter(|label| !label.helper)
            .map(|label| (label.id.clone(), tokens.label(label.color)))
            .collect();
        let mut last = usize::MAX;
        for entry in article.annotations.fragments() {
            let row = (f64::from(entry.range.start.0) / length * rows as f64) as usize;
            // One mark a row is all that can be seen.
            if row == last {
                continue;
            }
            let label = &entry.annotation.label;
            if let Some((_, color)) = colors.iter().find(|(id, _)| id == label)
                && let Some(slot) = self.strip.rows.get_mut(row.min(rows - 1))
            {
                *slot = *color;
                last = row;
            }
        }
    }
}
