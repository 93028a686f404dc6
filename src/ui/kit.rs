//! The widgets of the window: banners, bars, cards, lists, rows, fields, choices, icons, swatches, tables.
//!
//! Each says to assistive tools what it is, what it is called and how it stands, so that nothing
//! outside has to. Knows the theme, and nothing of the model: looks are changed here and nowhere
//! else. The rules in `tests/it/tidy.rs` ban the bare ones.

pub(crate) mod banner;
pub(crate) mod bar;
pub(crate) mod calendar;
pub(crate) mod card;
pub(crate) mod chip;
pub(crate) mod choices;
pub(crate) mod complete;
pub(crate) mod entry;
pub(crate) mod facet;
pub(crate) mod field;
pub(crate) mod filter;
pub(crate) mod focus;
pub(crate) mod heads;
pub(crate) mod heights;
pub(crate) mod icon;
pub(crate) mod letters;
pub(crate) mod list;
pub(crate) mod menu;
pub(crate) mod pick;
pub(crate) mod quads;
pub(crate) mod row;
pub(crate) mod speech;
pub(crate) mod splitter;
pub(crate) mod suggest;
pub(crate) mod swatch;
pub(crate) mod table;
pub(crate) mod tabs;
pub(crate) mod tile;
pub(crate) mod words;
mod writing;
mod written;

use eframe::egui::accesskit::Role;
use eframe::egui::{Response, WidgetInfo};

/// Says what a widget is and what it is called, for what paints itself.
pub(crate) fn tell(response: &Response, role: Role, name: &str) {
    response.widget_info(|| WidgetInfo::labeled(role, response.enabled(), name));
}

/// The same with a name that is made when somebody listens. It must not ask egui, which waits for it.
pub(crate) fn tell_lazily(response: &Response, role: Role, name: impl Fn() -> String) {
    response.widget_info(|| WidgetInfo::labeled(role, response.enabled(), name()));
}

/// A tooltip whose words are made while the pointer is there. egui places one for each widget of each
/// frame before it asks whether it is shown.
pub(crate) fn hint(response: Response, help: impl FnOnce() -> String) -> Response {
    if is_pointed_at(&response) {
        words::hover(response, help())
    } else {
        response
    }
}

/// Whether the pointer is over it, or over what lies on it.
pub(crate) fn is_pointed_at(response: &Response) -> bool {
    let pointer = response.ctx.input(|input| input.pointer.hover_pos());
    pointer.is_some_and(|at| response.rect.contains(at))
}

/// The same for what is on or off, chosen or not.
pub(crate) fn tell_whether(response: &Response, role: Role, name: &str, is_on: bool) {
    response.widget_info(|| WidgetInfo::selected(role, response.enabled(), is_on, name));
}

/// The same for one of several that may be chosen: a row, a choice.
pub(crate) fn tell_chosen(response: &Response, role: Role, name: &str, is_chosen: bool) {
    tell(response, role, name);
    let ctx = &response.ctx;
    ctx.accesskit_node_builder(response.id, |node| node.set_selected(is_chosen));
}
