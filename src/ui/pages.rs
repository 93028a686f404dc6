//! The pages beside the one with the article. Each keeps its state while another one is shown.

pub(super) mod claims;
pub(super) mod codebook;
mod drafts;
pub(super) mod find;
pub(super) mod people;

use crate::app::model::Page;
use eframe::egui::{Rect, ScrollArea, Sense, Ui, UiBuilder, Vec2, vec2};

/// The least room that a page is drawn in.
fn least(page: Page) -> Vec2 {
    match page {
        Page::Read => Vec2::ZERO,
        Page::Find => vec2(560.0, 340.0),
        Page::People | Page::Claims | Page::Table => vec2(380.0, 240.0),
        Page::Codebook => vec2(640.0, 240.0),
    }
}

/// Draws a page in the room that there is; one that needs more, as where everything is very large,
/// scrolls as a whole.
pub(super) fn with_room_ui(ui: &mut Ui, page: Page, add: impl FnOnce(&mut Ui)) {
    let room = ui.max_rect().size();
    let least = least(page);
    if room.x >= least.x && room.y >= least.y {
        return add(ui);
    }
    ScrollArea::both()
        .id_salt("page")
        .auto_shrink(false)
        .show(ui, |ui| {
            let (place, _) = ui.allocate_exact_size(room.max(least), Sense::hover());
            ui.scope_builder(UiBuilder::new().max_rect(place), add);
        });
}

/// A part of the page, which is cut where it ends.
fn in_part(ui: &mut Ui, place: Rect, name: &str, add: impl FnOnce(&mut Ui)) {
    let inside = UiBuilder::new().max_rect(place).id_salt(name);
    ui.scope_builder(inside, |ui| {
        ui.set_clip_rect(place.intersect(ui.clip_rect()));
        add(ui);
    });
}
