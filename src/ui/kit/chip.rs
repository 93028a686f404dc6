//! A choice as a small round button: one of some, on or off. And the names of parts, of which one is
//! shown.

use super::tell_whether;
use crate::ui::theme;
use eframe::egui::accesskit::Role;
use eframe::egui::{Button, FontId, RichText, Ui, vec2};

/// Draws it; `true` when it was clicked. What it is a choice of is part of its name.
pub(crate) fn chip_ui(ui: &mut Ui, of: &str, choice: &str, is_on: bool) -> bool {
    let shown = choice.replace('_', " ");
    let button = Button::new(RichText::new(&shown).size(12.0))
        .corner_radius(10)
        .selected(is_on);
    let response = ui.add(button);
    let name = format!("{of}: {shown}");
    tell_whether(&response, Role::RadioButton, &name, is_on);
    response.clicked()
}

/// Parts of a dialog, of which one is shown: a line under its name says which.
pub(crate) fn tabs_ui<T: PartialEq>(
    ui: &mut Ui,
    of: &str,
    shown: &mut T,
    tabs: impl IntoIterator<Item = (T, String)>,
) {
    let tokens = theme::tokens(ui.ctx());
    let tabs = ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 18.0;
        ui.spacing_mut().button_padding = vec2(0.0, 4.0);
        for (tab, name) in tabs {
            let is_on = *shown == tab;
            let text = RichText::new(&name).color(if is_on { tokens.ink } else { tokens.dim });
            let text = text.font(if is_on {
                theme::strong_font(13.0)
            } else {
                FontId::proportional(13.0)
            });
            let response = ui.add(Button::new(text).frame(false));
            tell_whether(&response, Role::Tab, &name, is_on);
            if is_on {
                let line = (2.0, tokens.accent);
                let bottom = response.rect.bottom() + 3.0;
                ui.painter().hline(response.rect.x_range(), bottom, line);
            }
            if response.clicked() {
                *shown = tab;
            }
        }
        ui.unique_id()
    });
    ui.ctx().accesskit_node_builder(tabs.inner, |node| {
        node.set_role(Role::TabList);
        node.set_label(of);
    });
}
