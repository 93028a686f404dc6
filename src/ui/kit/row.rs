//! One row of a list: its ground, its name, and the simple row of a dialog.

use super::{tell, tell_chosen, tell_whether};
use crate::ui::theme::Tokens;
use eframe::egui::accesskit::Role;
use eframe::egui::text::{LayoutJob, TextWrapping};
use eframe::egui::{
    Color32, FontId, Galley, Id, Painter, Rect, Response, Sense, StrokeKind, Ui, WidgetInfo, pos2,
    vec2,
};
use std::sync::Arc;

/// How the ground of a row shows what becomes of it.
#[derive(Clone, Copy)]
pub(crate) struct Ground {
    radius: f32,
    /// How much of the chosen ground is under the pointer.
    hover: f32,
    ring_width: f32,
    ring_inset: f32,
    /// The current row has a bar at its left.
    has_bar: bool,
}

const PLAIN: Ground = Ground {
    radius: 4.0,
    hover: 0.5,
    ring_width: 1.5,
    ring_inset: 1.0,
    has_bar: false,
};

impl Ground {
    pub(crate) const IN_PANEL: Self = PLAIN;
    pub(crate) const WITH_BAR: Self = Self {
        has_bar: true,
        ..PLAIN
    };
    pub(crate) const IN_CODEBOOK: Self = Self {
        radius: 5.0,
        ..PLAIN
    };
    const IN_DIALOG: Self = Self {
        hover: 1.0,
        ring_width: 1.0,
        ring_inset: 0.5,
        ..PLAIN
    };

    /// Painted before what stands on it.
    pub(crate) fn paint(
        self,
        ui: &Ui,
        rect: Rect,
        row: RowState,
        is_hovered: bool,
        tokens: &Tokens,
    ) {
        if !(row.is_chosen || row.has_ring || is_hovered) {
            return;
        }
        let painter = ui.painter().with_clip_rect(rect.intersect(ui.clip_rect()));
        if row.is_chosen {
            painter.rect_filled(rect, self.radius, tokens.chosen);
        } else if is_hovered {
            let fill = tokens.chosen.gamma_multiply(self.hover);
            painter.rect_filled(rect, self.radius, fill);
        }
        if row.is_chosen && self.has_bar {
            let bar = Rect::from_min_size(rect.min, vec2(3.0, rect.height()));
            painter.rect_filled(bar, 0.0, tokens.accent);
        }
        if row.has_ring {
            let ring = (self.ring_width, tokens.accent);
            let place = rect.shrink(self.ring_inset);
            painter.rect_stroke(place, self.radius, ring, StrokeKind::Inside);
        }
    }
}

/// How a row stands.
#[derive(Clone, Copy, Default)]
pub(crate) struct RowState {
    pub(crate) is_chosen: bool,
    /// The keyboard is at it.
    pub(crate) has_ring: bool,
}

/// A row's place, named for whoever listens; its ground is painted.
pub(crate) fn row_ui(
    ui: &mut Ui,
    height: f32,
    ground: Ground,
    row: RowState,
    name: impl Fn() -> String,
    tokens: &Tokens,
) -> (Rect, Response) {
    let size = vec2(ui.available_width(), height);
    // The list is one stop for Tab, and not each of its rows.
    let (rect, response) = ui.allocate_exact_size(size, Sense::CLICK);
    response.widget_info(|| WidgetInfo::labeled(Role::ListItem, response.enabled(), name()));
    ui.ctx()
        .accesskit_node_builder(response.id, |node| node.set_selected(row.is_chosen));
    ground.paint(ui, rect, row, response.hovered(), tokens);
    (rect, response)
}

/// A row that does something when it is pressed, and is not chosen; whoever paints its ground.
pub(crate) fn pressed_row_ui(ui: &mut Ui, height: f32, name: &str) -> (Rect, Response) {
    let size = vec2(ui.available_width(), height);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    tell(&response, Role::Button, name);
    (rect, response)
}

/// A switch within a row, which whoever calls paints.
pub(crate) fn switch_ui(ui: &Ui, rect: Rect, id: Id, name: &str, is_on: bool) -> Response {
    let response = ui.interact(rect, id, Sense::click());
    tell_whether(&response, Role::Switch, name, is_on);
    response
}

/// One line of text, cut with an ellipsis where the room ends.
pub(crate) fn line(
    painter: &Painter,
    text: &str,
    font: FontId,
    color: Color32,
    width: f32,
) -> Arc<Galley> {
    let end = text
        .char_indices()
        .nth(300)
        .map_or(text.len(), |(at, _)| at);
    let text = text.get(..end).unwrap_or_default().replace('\n', " ");
    let mut job = LayoutJob::simple_singleline(text, font, color);
    job.wrap = TextWrapping::truncate_at_width(width);
    painter.layout_job(job)
}

/// A row of words: what it says, what else there is to know, and how it stands out.
#[derive(Default)]
pub(crate) struct TextRow {
    pub(crate) text: String,
    /// At the right, in small letters.
    pub(crate) detail: String,
    /// Before the text, in small letters.
    pub(crate) mark: String,
    pub(crate) is_dim: bool,
    pub(crate) is_chosen: bool,
}

impl TextRow {
    pub(crate) const HEIGHT: f32 = 26.0;

    pub(crate) fn ui(&self, ui: &mut Ui, has_cursor: bool, tokens: &Tokens) -> Response {
        let size = vec2(ui.available_width(), Self::HEIGHT);
        let (rect, response) = ui.allocate_exact_size(size, Sense::click());
        let name = format!("{} {} {}", self.mark, self.text, self.detail);
        tell_chosen(&response, Role::ListBoxOption, name.trim(), self.is_chosen);
        let row = RowState {
            is_chosen: self.is_chosen,
            has_ring: has_cursor,
        };
        Ground::IN_DIALOG.paint(ui, rect, row, response.hovered(), tokens);
        let painter = ui.painter().with_clip_rect(rect.intersect(ui.clip_rect()));
        let color = if self.is_dim { tokens.dim } else { tokens.ink };
        let middle = rect.center().y;
        let small = FontId::proportional(11.5);
        let inner = rect.width() - 16.0;
        let detail = line(
            &painter,
            &self.detail,
            small.clone(),
            tokens.dim,
            inner * 0.55,
        );
        let detail_left = rect.right() - 8.0 - detail.size().x;
        let at = pos2(detail_left, middle - detail.size().y / 2.0);
        painter.galley(at, detail, tokens.dim);
        let mut left = rect.left() + 8.0;
        if !self.mark.is_empty() {
            let mark = line(&painter, &self.mark, small, tokens.dim, 120.0);
            painter.galley(pos2(left, middle - mark.size().y / 2.0), mark, tokens.dim);
            left += 128.0;
        }
        let room = (detail_left - 12.0 - left).max(10.0);
        let text = line(
            &painter,
            &self.text,
            FontId::proportional(13.0),
            color,
            room,
        );
        painter.galley(pos2(left, middle - text.size().y / 2.0), text, color);
        if self.text.chars().count() > 40 {
            return response.on_hover_text(self.text.chars().take(600).collect::<String>());
        }
        response
    }
}
