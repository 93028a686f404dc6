//! The field above a list that narrows it: how much fits is said, Down goes to the list, and Enter takes
//! the first of it.

use super::speech::say_once;
use eframe::egui::{Id, Key, Response, Ui};

/// What the keyboard asks for in the field.
pub(crate) struct Asked {
    pub(crate) goes_down: bool,
    pub(crate) enters: bool,
}

/// Hears the keys of the field of a list; `focuses` is whether it is to have them.
pub(crate) fn hear(
    ui: &Ui,
    field: &Response,
    list: Id,
    focuses: &mut bool,
    found: impl FnOnce() -> String,
) -> Asked {
    if std::mem::take(focuses) {
        field.request_focus();
    }
    let has_keys = field.has_focus();
    if has_keys {
        say_once(ui.ctx(), list.with("found"), &found());
    }
    let pressed = |key| ui.input(|input| input.key_pressed(key));
    Asked {
        goes_down: has_keys && pressed(Key::ArrowDown),
        enters: field.lost_focus() && pressed(Key::Enter),
    }
}
