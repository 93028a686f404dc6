//! What could go on at the caret of a field: lines under it, of which Down and Up choose one, and
//! Enter or a click takes it. The keyboard stays in the field.

use super::row;
use super::speech::{say_once, tell_opens};
use super::suggest::is_pressed_at;
use super::tell_chosen;
use crate::ui::theme::{self, SMALL};
use eframe::egui::accesskit::{HasPopup, Role};
use eframe::egui::containers::menu::menu_style;
use eframe::egui::{
    FontId, Id, Key, Modifiers, Popup, PopupCloseBehavior, Rect, Response, Sense, Ui, pos2, vec2,
};

/// How high a line is, and how many of them are seen.
const LINE_HEIGHT: f32 = 26.0;
pub(crate) const MOST: usize = 10;
const WIDTH: f32 = 300.0;

/// Which line is gone to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Completions {
    at: Option<usize>,
    /// They were there in the last frame.
    is_open: bool,
    /// Where they stood: a press there leaves the field its keyboard.
    place: Option<Rect>,
}

impl Completions {
    /// What the keyboard did to them, before the field hears of it: which line was taken.
    pub(crate) fn take_keys(&mut self, ui: &Ui, field: Id, count: usize) -> Option<usize> {
        if !self.is_open || count == 0 || !ui.memory(|memory| memory.has_focus(field)) {
            return None;
        }
        let last = count.min(MOST) - 1;
        let pressed = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
        if pressed(Key::ArrowDown) {
            self.at = Some(self.at.map_or(0, |at| (at + 1).min(last)));
        }
        if pressed(Key::ArrowUp) {
            self.at = self.at.and_then(|at| at.checked_sub(1));
        }
        let at = self.at.filter(|at| *at <= last)?;
        pressed(Key::Enter).then(|| {
            self.at = None;
            at
        })
    }

    /// Whether they have a use for a key: Down goes to them, and Enter takes the one that is gone to.
    pub(crate) fn wants(&self, key: Key) -> bool {
        self.is_open && (key == Key::ArrowDown || self.at.is_some())
    }

    /// Whether the field was left for a line of them.
    pub(crate) fn is_pointed_at(&self, ui: &Ui) -> bool {
        is_pressed_at(ui, self.place)
    }

    /// Draws them, each with what it means; which one was clicked.
    pub(crate) fn show(
        &mut self,
        ui: &Ui,
        field: &Response,
        lines: &[(String, String)],
    ) -> Option<usize> {
        let is_wanted = field.has_focus() || self.is_pointed_at(ui);
        self.is_open = is_wanted && !lines.is_empty();
        tell_opens(field, HasPopup::Listbox, self.is_open);
        if !self.is_open {
            self.at = None;
            self.place = None;
            return None;
        }
        let names: Vec<&str> = lines.iter().map(|(line, _)| line.as_str()).collect();
        let known = format!("Goes on: {}; Down takes the first", names.join(", "));
        say_once(ui.ctx(), field.id.with("goes on"), &known);
        let tokens = theme::tokens(ui.ctx());
        let mut clicked = None;
        let shown = Popup::from_response(field)
            .close_behavior(PopupCloseBehavior::IgnoreClicks)
            .style(menu_style)
            .open(true)
            .accessible_name("What could go on")
            .show(|ui| {
                ui.spacing_mut().item_spacing.y = 0.0;
                for (at, (line, meaning)) in lines.iter().enumerate().take(MOST) {
                    let size = vec2(WIDTH, LINE_HEIGHT);
                    let (rect, response) = ui.allocate_exact_size(size, Sense::CLICK);
                    let is_chosen = self.at == Some(at);
                    tell_chosen(&response, Role::ListBoxOption, line, is_chosen);
                    let painter = ui.painter();
                    if is_chosen || response.hovered() {
                        painter.rect_filled(rect, 4.0, tokens.chosen);
                    }
                    let font = FontId::proportional(13.0);
                    let text = row::line(painter, line, font, tokens.ink, WIDTH - 12.0);
                    let room = WIDTH - text.size().x - 28.0;
                    let middle = rect.center().y;
                    let at_left = pos2(rect.left() + 6.0, middle - text.size().y / 2.0);
                    painter.galley(at_left, text, tokens.ink);
                    if room > 30.0 {
                        let font = FontId::proportional(SMALL);
                        let more = row::line(painter, meaning, font, tokens.dim, room);
                        let left = rect.right() - 6.0 - more.size().x;
                        let place = pos2(left, middle - more.size().y / 2.0);
                        painter.galley(place, more, tokens.dim);
                    }
                    if response.clicked() || response.is_pointer_button_down_on() {
                        clicked = Some(at);
                    }
                }
            });
        self.place = shown.map(|shown| shown.response.rect);
        if clicked.is_some() {
            self.at = None;
        }
        clicked
    }
}
