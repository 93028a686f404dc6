//! The keyboard in the tests of the window: what has it, and typing.

use crate::window::Window;
use eframe::egui::Event;
use eframe::egui::accesskit::Role;
use egui_kittest::kittest::{By, NodeT, Queryable};

/// Role and name of what has the keyboard; of a list, not of its current row.
pub(crate) fn focused(window: &Window) -> (Role, String) {
    let has_focus = By::new().predicate(|node| node.is_focused_in_tree());
    let node = window.harness.query(has_focus);
    node.map_or((Role::Unknown, String::new()), |node| {
        let node = node.accesskit_node();
        (node.role(), node.label().unwrap_or_default())
    })
}

pub(crate) fn focused_name(window: &Window) -> String {
    focused(window).1
}

pub(crate) fn type_in(window: &mut Window, text: &str) {
    window.harness.event(Event::Text(text.to_owned()));
    window.harness.run_steps(3);
}
