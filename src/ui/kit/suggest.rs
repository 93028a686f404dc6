//! What is known beside a field that is being written in: names to go on with. The keyboard stays in
//! the field; Down and Up go through them, and what is typed stands until one is taken.

use super::row;
use super::speech::{say_once, tell_opens};
use super::tell_chosen;
use crate::ui::theme::{self, SMALL};
use eframe::egui::accesskit::{HasPopup, Role};
use eframe::egui::containers::menu::menu_style;
use eframe::egui::{FontId, Key, Popup, PopupCloseBehavior, Rect, Response, Sense, Ui, pos2, vec2};

/// Whether the pointer presses what stands at a place, or lets it go there.
pub(super) fn is_pressed_at(ui: &Ui, place: Option<Rect>) -> bool {
    let (pointer, is_used) = ui.input(|input| {
        let pointer = &input.pointer;
        let is_used = pointer.any_down() || pointer.any_released();
        (pointer.interact_pos(), is_used)
    });
    is_used && pointer.is_some_and(|at| place.is_some_and(|place| place.contains(at)))
}

/// Lines below a field, each with what it means at its right: where they stand, and which one is pressed.
pub(super) fn lines_below_ui<'l>(
    field: &Response,
    name: &str,
    width: f32,
    chosen: Option<usize>,
    lines: impl Iterator<Item = (&'l str, &'l str)>,
) -> (Option<Rect>, Option<usize>) {
    const LINE_HEIGHT: f32 = 26.0;
    let tokens = theme::tokens(&field.ctx);
    let mut pressed = None;
    let shown = Popup::from_response(field)
        .close_behavior(PopupCloseBehavior::IgnoreClicks)
        .style(menu_style)
        .open(true)
        .accessible_name(name)
        .show(|ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            for (at, (line, meaning)) in lines.enumerate() {
                let size = vec2(width, LINE_HEIGHT);
                let (rect, response) = ui.allocate_exact_size(size, Sense::CLICK);
                let is_chosen = chosen == Some(at);
                tell_chosen(&response, Role::ListBoxOption, line, is_chosen);
                let painter = ui.painter();
                if is_chosen || response.hovered() {
                    painter.rect_filled(rect, 4.0, tokens.chosen);
                }
                let font = FontId::proportional(13.0);
                let text = row::line(painter, line, font, tokens.ink, width - 12.0);
                let room = width - text.size().x - 28.0;
                let middle = rect.center().y;
                let at_left = pos2(rect.left() + 6.0, middle - text.size().y / 2.0);
                painter.galley(at_left, text, tokens.ink);
                if room > 30.0 && !meaning.is_empty() {
                    let font = FontId::proportional(SMALL);
                    let more = row::line(painter, meaning, font, tokens.dim, room);
                    let left = rect.right() - 6.0 - more.size().x;
                    let place = pos2(left, middle - more.size().y / 2.0);
                    painter.galley(place, more, tokens.dim);
                }
                if response.clicked() || response.is_pointer_button_down_on() {
                    pressed = Some(at);
                }
            }
        });
    (shown.map(|shown| shown.response.rect), pressed)
}

/// What was typed, and which of the names stands in the field instead.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Suggested {
    pub(crate) typed: String,
    at: Option<usize>,
    /// Where the names stand: a press there leaves the field its keyboard.
    place: Option<Rect>,
}

impl Suggested {
    /// What names are looked for by, and none of them is taken.
    pub(crate) fn of(text: &str) -> Self {
        Self {
            typed: text.to_owned(),
            ..Self::default()
        }
    }

    /// Whether the field was left for a name in the list.
    pub(crate) fn is_pointed_at(&self, ui: &Ui) -> bool {
        is_pressed_at(ui, self.place)
    }

    /// Draws the names under their field, and puts one into `text` when it is gone to; `true` when one
    /// was clicked, which ends the writing.
    pub(crate) fn show(
        &mut self,
        ui: &Ui,
        field: &Response,
        names: &[String],
        text: &mut String,
    ) -> bool {
        tell_opens(field, HasPopup::Listbox, !names.is_empty());
        if names.is_empty() {
            self.place = None;
            return false;
        }
        let (down, up) = ui.input(|input| {
            (
                input.key_pressed(Key::ArrowDown),
                input.key_pressed(Key::ArrowUp),
            )
        });
        let last = names.len() - 1;
        let next = match (down, up, self.at) {
            (true, false, None) => Some(0),
            (true, false, Some(at)) => Some((at + 1).min(last)),
            (false, true, Some(0)) => None,
            (false, true, Some(at)) => Some(at - 1),
            (_, _, at) => at.filter(|at| *at <= last),
        };
        if next != self.at {
            self.at = next;
            let taken = next.and_then(|at| names.get(at));
            text.clone_from(taken.unwrap_or(&self.typed));
        }
        let known = format!("Known: {}; Down takes the first", names.join(", "));
        say_once(ui.ctx(), field.id.with("known"), &known);
        let width = field.rect.width().max(160.0);
        let lines = names.iter().map(|name| (name.as_str(), ""));
        let (place, clicked) = lines_below_ui(field, "Known names", width, self.at, lines);
        self.place = place;
        let clicked = clicked.and_then(|at| names.get(at));
        if let Some(name) = clicked {
            text.clone_from(name);
        }
        clicked.is_some()
    }
}
