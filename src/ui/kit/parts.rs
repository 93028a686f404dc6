//! The names of the parts of a dialog, of which one is shown; and of some, each of which is on or
//! off.

use super::tell_whether;
use crate::ui::theme;
use eframe::egui::accesskit::Role;
use eframe::egui::{Button, FontId, RichText, Ui, vec2};

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

/// One of some, each of which is on or off, as a small round button; `true` when it was pressed. What
/// it is one of is part of its name.
pub(crate) fn toggle_ui(ui: &mut Ui, of: &str, name: &str, is_on: bool) -> bool {
    let tokens = theme::tokens(ui.ctx());
    let font = if is_on {
        theme::strong_font(12.0)
    } else {
        FontId::proportional(12.0)
    };
    let (ground, edge) = if is_on {
        (tokens.chosen, tokens.edge)
    } else {
        (tokens.page, tokens.line)
    };
    let button = Button::new(RichText::new(name).font(font).color(tokens.ink));
    let button = button.fill(ground).stroke((1.0, edge)).corner_radius(12);
    let response = ui.add(button.min_size(vec2(0.0, 24.0)));
    tell_whether(&response, Role::CheckBox, &format!("{of}: {name}"), is_on);
    response.clicked()
}
