//! A choice as a small round button: one of some, on or off.

use super::tell_whether;
use eframe::egui::accesskit::Role;
use eframe::egui::{Button, RichText, Ui};

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
