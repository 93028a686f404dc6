//! A small bar of choices that stands beside what they are for, and takes no room of it.

use super::swatch::swatch;
use super::tell;
use crate::core::codebook::Underline;
use crate::ui::theme::Tokens;
use eframe::egui::accesskit::Role;
use eframe::egui::{
    Align2, Color32, FontId, Galley, Id, Pos2, Rect, Response, Sense, StrokeKind, Ui, Vec2, pos2,
    vec2,
};
use std::sync::Arc;

pub(crate) const BAR_HEIGHT: f32 = 26.0;
const PADDING: f32 = 8.0;
const GAP: f32 = 6.0;
const SWATCH: Vec2 = vec2(18.0, 12.0);
const MAX_TEXT: f32 = 120.0;

/// One choice: what is drawn, and what assistive tools are told.
pub(crate) struct Choice<'a> {
    pub(crate) swatch: Option<(Color32, &'a Underline)>,
    pub(crate) text: &'a str,
    pub(crate) key: String,
    pub(crate) name: String,
}

struct Laid {
    text: Arc<Galley>,
    key: Arc<Galley>,
    width: f32,
}

/// The choices that there is room for, as they will be drawn.
pub(crate) struct Bar<'a> {
    choices: Vec<(Choice<'a>, Laid)>,
}

impl<'a> Bar<'a> {
    /// As many of the first choices as fit beside the last one, which always has a place.
    pub(crate) fn new(ui: &Ui, choices: Vec<Choice<'a>>, room: f32, tokens: &Tokens) -> Self {
        let mut laid: Vec<(Choice<'a>, Laid)> = choices
            .into_iter()
            .map(|choice| {
                let laid = lay_out(ui, &choice, tokens);
                (choice, laid)
            })
            .collect();
        let last = laid.pop();
        let mut left = room - last.as_ref().map_or(0.0, |(_, laid)| laid.width);
        laid.retain(|(_, laid)| {
            left -= laid.width;
            left >= 0.0
        });
        laid.extend(last);
        Self { choices: laid }
    }

    pub(crate) fn size(&self) -> Vec2 {
        let width = self.choices.iter().map(|(_, laid)| laid.width).sum();
        vec2(width, BAR_HEIGHT)
    }

    /// Draws it; the last response is that of the last choice. No stop for the keyboard: each choice
    /// has a key of its own.
    pub(crate) fn show(
        self,
        ui: &Ui,
        id: Id,
        at: Pos2,
        tokens: &Tokens,
    ) -> Vec<(String, Response)> {
        let whole = Rect::from_min_size(at, self.size());
        let painter = ui.painter();
        painter.rect_filled(whole, 6.0, tokens.page);
        let mut left = at.x;
        let mut answers = Vec::with_capacity(self.choices.len());
        let count = self.choices.len();
        for (n, (choice, laid)) in self.choices.into_iter().enumerate() {
            let rect = Rect::from_min_size(pos2(left, at.y), vec2(laid.width, BAR_HEIGHT));
            left += laid.width;
            let response = ui.interact(rect, id.with(&choice.name), Sense::CLICK);
            tell(&response, Role::Button, &choice.name);
            if response.hovered() {
                painter.rect_filled(rect.shrink(1.0), 5.0, tokens.chosen);
            }
            if n + 1 < count {
                painter.vline(rect.right(), rect.y_range().shrink(1.0), (1.0, tokens.line));
            }
            let mut x = rect.left() + PADDING;
            if let Some((color, underline)) = choice.swatch {
                let place = Align2::LEFT_CENTER.anchor_size(pos2(x, rect.center().y), SWATCH);
                swatch(ui, place, color, underline, tokens);
                x += SWATCH.x + GAP;
            }
            for (galley, ink) in [(laid.text, tokens.ink), (laid.key, tokens.dim)] {
                let size = galley.rect.size();
                painter.galley(pos2(x, rect.center().y - size.y / 2.0), galley, ink);
                x += size.x + GAP;
            }
            answers.push((choice.name, response));
        }
        painter.rect_stroke(whole, 6.0, (1.0, tokens.dim), StrokeKind::Inside);
        answers
    }
}

fn lay_out(ui: &Ui, choice: &Choice<'_>, tokens: &Tokens) -> Laid {
    let font = |size: f32| FontId::proportional(size);
    let text = super::row::line(ui.painter(), choice.text, font(12.0), tokens.ink, MAX_TEXT);
    let key = super::row::line(ui.painter(), &choice.key, font(12.0), tokens.dim, MAX_TEXT);
    let with_gap = |width: f32| if width > 0.0 { width + GAP } else { 0.0 };
    let swatch = choice.swatch.map_or(0.0, |_| SWATCH.x + GAP);
    let width = 2.0 * PADDING + swatch + text.rect.width() + with_gap(key.rect.width());
    Laid {
        width: width.ceil(),
        text,
        key,
    }
}
