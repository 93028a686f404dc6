//! A line over what it is about: what a change would touch, with what can be done.

use super::icon::{self, Icon};
use super::speech::{say_once, tell_group};
use crate::ui::theme::{self, RADIUS, Tokens};
use eframe::egui::accesskit::Role;
use eframe::egui::{Frame, Label, Margin, RichText, Sense, Ui, vec2};

/// Draws it as wide as there is room: what it says in bold, then more, then its buttons.
pub(crate) fn banner_ui<R>(
    ui: &mut Ui,
    strong: &str,
    more: &str,
    tokens: &Tokens,
    buttons: impl FnOnce(&mut Ui) -> R,
) -> R {
    let words = format!("{strong} {more}");
    say_once(ui.ctx(), ui.scope_id().with("banner"), words.trim());
    Frame::new()
        .fill(tokens.warn_ground)
        .stroke((1.0, tokens.warn))
        .corner_radius(RADIUS)
        .inner_margin(Margin::symmetric(12, 8))
        .show(ui, |ui| {
            tell_group(ui, Role::Group, strong);
            ui.set_width(ui.available_width());
            ui.horizontal_wrapped(|ui| {
                let (rect, _) = ui.allocate_exact_size(vec2(16.0, 16.0), Sense::hover());
                icon::paint(ui.painter(), Icon::Warn, rect.center(), 16.0, tokens.warn);
                ui.add(Label::new(RichText::new(strong).font(theme::strong_font(13.0))).wrap());
                if !more.is_empty() {
                    ui.add(Label::new(more).wrap());
                }
            });
            ui.horizontal_wrapped(buttons).inner
        })
        .inner
}
