//! The edge between a panel and the article, which pulls the panel wider; by keys, too.

use super::tell;
use crate::ui::theme::Tokens;
use eframe::egui::accesskit::Role;
use eframe::egui::{CursorIcon, EventFilter, Id, Key, Modifiers, Rect, Sense, Ui, pos2};

/// How far a key goes.
const STEP: f32 = 16.0;
/// How far from the edge it is taken hold of.
const REACH: f32 = 4.0;

pub(crate) struct Splitter<'a> {
    pub(crate) name: &'a str,
    /// The panel, which stands at the right of the window or at its left.
    pub(crate) panel: Rect,
    pub(crate) is_right: bool,
    pub(crate) least: f32,
    pub(crate) most: f32,
    /// What a double click goes back to.
    pub(crate) usual: f32,
}

impl Splitter<'_> {
    /// Draws it over what is there; says how wide the panel is to be.
    pub(crate) fn show(&self, ui: &Ui, tokens: &Tokens) -> Option<f32> {
        let id = Id::unique(("splitter", self.name));
        let x = if self.is_right {
            self.panel.left()
        } else {
            self.panel.right()
        };
        let rect = Rect::from_min_max(
            pos2(x - REACH, self.panel.top()),
            pos2(x + REACH, self.panel.bottom()),
        );
        let response = ui.interact(rect, id, Sense::click_and_drag());
        tell(&response, Role::Splitter, self.name);
        let width = self.panel.width();
        ui.ctx().accesskit_node_builder(id, |node| {
            node.set_numeric_value(f64::from(width));
            node.set_min_numeric_value(f64::from(self.least));
            node.set_max_numeric_value(f64::from(self.most));
        });
        let outwards = if self.is_right { -1.0 } else { 1.0 };
        let mut wanted = None;
        if let Some(pointer) = response
            .interact_pointer_pos()
            .filter(|_| response.dragged())
        {
            wanted = Some((pointer.x - x) * outwards + width);
        }
        if response.double_clicked() {
            wanted = Some(self.usual);
        }
        if response.has_focus() {
            let arrows = EventFilter {
                horizontal_arrows: true,
                ..EventFilter::default()
            };
            ui.memory_mut(|memory| memory.set_focus_lock_filter(id, arrows));
            let pressed = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
            for (key, by) in [(Key::ArrowRight, STEP), (Key::ArrowLeft, -STEP)] {
                if pressed(key) {
                    wanted = Some(width + by * outwards);
                }
            }
        }
        let is_held = response.dragged() || response.has_focus();
        if response.hovered() || is_held {
            ui.ctx().set_cursor_icon(CursorIcon::ResizeHorizontal);
            let line = tokens.focus();
            ui.painter().vline(x, self.panel.y_range(), line);
        }
        let wanted = wanted?.clamp(self.least, self.most.max(self.least)).round();
        (wanted != width).then_some(wanted)
    }
}
