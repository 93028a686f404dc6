//! One row of a list: its ground, and its name.

use super::{tell, tell_whether};
use crate::ui::theme::Tokens;
use eframe::egui::accesskit::Role;
use eframe::egui::text::{LayoutJob, TextWrapping};
use eframe::egui::{
    Color32, FontId, Galley, Id, Painter, Rect, Response, Sense, StrokeKind, Ui, WidgetInfo, vec2,
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
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    let told = || WidgetInfo::selected(Role::ListItem, response.enabled(), row.is_chosen, name());
    response.widget_info(told);
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
