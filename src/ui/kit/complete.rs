//! What could go on at the caret of a field: lines under it, of which Down and Up choose one, and
//! Enter or a click takes it. The keyboard stays in the field.

use super::speech::{say_once, tell_opens};
use super::suggest::{is_pressed_at, lines_below_ui};
use eframe::egui::accesskit::HasPopup;
use eframe::egui::{Id, Key, Modifiers, Rect, Response, Ui};

/// How many lines are seen, and how wide.
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
        let lines = lines.iter().take(MOST);
        let lines = lines.map(|(line, meaning)| (line.as_str(), meaning.as_str()));
        let (place, clicked) = lines_below_ui(field, "What could go on", WIDTH, self.at, lines);
        self.place = place;
        if clicked.is_some() {
            self.at = None;
        }
        clicked
    }
}
