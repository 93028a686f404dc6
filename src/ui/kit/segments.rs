//! One of a few, all of which are seen beside each other in one frame.

use super::{row, tell_whether};
use crate::ui::theme::{self, CONTROL_HEIGHT, RADIUS, SMALL, Tokens};
use eframe::egui::accesskit::Role;
use eframe::egui::{FontId, Rect, Sense, StrokeKind, Ui, pos2, vec2};

/// Draws it so wide; says which was chosen. `name` is what it is a choice of.
pub(crate) fn segments_ui(
    ui: &mut Ui,
    name: &str,
    choices: &[&str],
    current: Option<usize>,
    width: f32,
    tokens: &Tokens,
) -> Option<usize> {
    let size = vec2(width.max(40.0), CONTROL_HEIGHT);
    let (whole, _) = ui.allocate_exact_size(size, Sense::hover());
    let painter = ui.painter().clone();
    painter.rect_filled(whole, RADIUS, tokens.page);
    let share = whole.width() / choices.len().max(1) as f32;
    let mut chosen = None;
    for (at, choice) in choices.iter().enumerate() {
        let left = whole.left() + share * at as f32;
        let rect = Rect::from_min_size(pos2(left, whole.top()), vec2(share, whole.height()));
        let id = ui.scope_id().with((name, *choice));
        let response = ui.interact(rect, id, Sense::click());
        let is_on = current == Some(at);
        tell_whether(
            &response,
            Role::RadioButton,
            &format!("{name}: {choice}"),
            is_on,
        );
        let fill = match (is_on, response.hovered() && response.enabled()) {
            (true, _) => Some(tokens.chosen),
            (_, true) => Some(tokens.hover),
            _ => None,
        };
        if let Some(fill) = fill {
            painter.rect_filled(rect.shrink(1.0), RADIUS - 1, fill);
        }
        if at > 0 {
            painter.vline(rect.left(), rect.y_range().shrink(1.0), (1.0, tokens.line));
        }
        let font = if is_on {
            theme::strong_font(SMALL)
        } else {
            FontId::proportional(SMALL)
        };
        let text = row::line(&painter, choice, font, tokens.ink, share - 6.0);
        let is_cut = text.elided;
        painter.galley(rect.center() - text.size() / 2.0, text, tokens.ink);
        let response = if is_cut {
            response.on_hover_text(*choice)
        } else {
            response
        };
        if response.clicked() && !is_on {
            chosen = Some(at);
        }
    }
    painter.rect_stroke(whole, RADIUS, (1.0, tokens.edge), StrokeKind::Inside);
    chosen
}
