//! A choice as a small round button: one of some, on or off.

use super::tell_whether;
use eframe::egui::accesskit::Role;
use eframe::egui::{Button, RichText, Ui};

/// One of some. Draws it; `true` when it was clicked. What it is a choice of is part of its name.
pub(crate) fn chip_ui(ui: &mut Ui, of: &str, choice: &str, is_on: bool) -> bool {
    draw(ui, Role::RadioButton, of, choice, is_on)
}

/// The same where several may be on.
pub(crate) fn tick_chip_ui(ui: &mut Ui, of: &str, choice: &str, is_on: bool) -> bool {
    draw(ui, Role::CheckBox, of, choice, is_on)
}

fn draw(ui: &mut Ui, role: Role, of: &str, choice: &str, is_on: bool) -> bool {
    let shown = choice.replace('_', " ");
    let button = Button::new(RichText::new(&shown).size(12.0))
        .corner_radius(10)
        .selected(is_on);
    let response = ui.add(button);
    let name = format!("{of}: {shown}");
    tell_whether(&response, role, &name, is_on);
    response.clicked()
}
