//! A choice of how a label looks, which shows it: tint, letter and underline.

use super::swatch::underline;
use super::{row, tell_whether};
use crate::core::codebook::Underline;
use crate::ui::theme::{self, Tokens};
use eframe::egui::accesskit::Role;
use eframe::egui::{Color32, FontId, Rect, Response, Sense, StrokeKind, Ui, Vec2, pos2, vec2};

pub(crate) struct Tile<'a> {
    /// Which choice it is.
    pub(crate) choice: &'a str,
    /// What stands in it.
    pub(crate) text: String,
    pub(crate) color: Color32,
    pub(crate) underline: &'a Underline,
    /// On the tint of its colour, or on the page.
    pub(crate) is_tinted: bool,
    pub(crate) is_on: bool,
    pub(crate) size: Vec2,
}

impl Tile<'_> {
    /// Draws it; `of` is what it is a choice of.
    pub(super) fn ui(&self, ui: &mut Ui, of: &str, sense: Sense, tokens: &Tokens) -> Response {
        let (rect, response) = ui.allocate_exact_size(self.size, sense);
        let name = format!("{of}: {}", self.choice);
        tell_whether(&response, Role::RadioButton, &name, self.is_on);
        if !ui.is_rect_visible(rect) {
            return response;
        }
        let painter = ui.painter();
        painter.rect_filled(rect, 4.0, tokens.page);
        if self.is_tinted {
            painter.rect_filled(rect, 4.0, tokens.tint(self.color));
        } else if response.hovered() {
            painter.rect_filled(rect, 4.0, tokens.hover);
        }
        let (font, ink) = match (self.is_tinted, self.is_on) {
            (true, _) => (theme::strong_font(13.0), self.color),
            (_, true) => (theme::strong_font(12.0), tokens.ink),
            _ => (FontId::proportional(12.0), tokens.ink),
        };
        let text = row::line(painter, &self.text, font, ink, rect.width() - 6.0);
        let at = pos2(
            rect.center().x - text.size().x / 2.0,
            rect.center().y - text.size().y / 2.0 - 1.0,
        );
        let across = if self.is_tinted {
            rect.left() + 1.0..=rect.right() - 1.0
        } else {
            at.x..=at.x + text.size().x
        };
        let y = if self.is_tinted {
            rect.bottom() - 4.0
        } else {
            at.y + text.size().y - 1.0
        };
        painter.galley(at, text, ink);
        underline(painter, self.underline, across, y, self.color);
        let (width, edge) = if self.is_on {
            (2.0, tokens.ink)
        } else {
            (1.0, tokens.edge)
        };
        painter.rect_stroke(rect, 4.0, (width, edge), StrokeKind::Inside);
        response
    }
}

/// A sample of a colour that was written as a number.
pub(crate) fn sample_ui(ui: &mut Ui, color: Color32, tokens: &Tokens) {
    let (rect, _) = ui.allocate_exact_size(vec2(28.0, 28.0), Sense::hover());
    let inner = Rect::from_center_size(rect.center(), vec2(20.0, 20.0));
    let edge = (1.0, tokens.edge);
    ui.painter()
        .rect(inner, 4.0, color, edge, StrokeKind::Inside);
}
