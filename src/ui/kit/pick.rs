//! One of many, from a list that opens.

use super::icon::{self, Icon};
use super::menu;
use super::speech::{self, Within};
use eframe::egui::accesskit::HasPopup;
use eframe::egui::{ComboBox, Key, PopupCloseBehavior, Response, Ui, WidgetText};

/// How high its list is at most: all kinds of an attribute stand in it.
const HEIGHT: f32 = 320.0;

/// Of the mark that says that it opens.
const SIZE: f32 = 14.0;

pub(crate) struct Pick<'a> {
    name: &'a str,
    shown: WidgetText,
    width: Option<f32>,
    truncates: bool,
}

impl<'a> Pick<'a> {
    /// `shown` is what is picked now.
    pub(crate) fn new(name: &'a str, shown: impl Into<WidgetText>) -> Self {
        Self {
            name,
            shown: shown.into(),
            width: None,
            truncates: false,
        }
    }

    pub(crate) fn width(self, width: f32) -> Self {
        Self {
            width: Some(width),
            ..self
        }
    }

    /// What is picked is cut with an ellipsis where the width ends.
    pub(crate) fn truncate(self) -> Self {
        Self {
            truncates: true,
            ..self
        }
    }

    /// Draws it, and `choices` when it is open.
    pub(crate) fn show(self, ui: &mut Ui, choices: impl FnOnce(&mut Ui)) {
        self.draw(ui, false, choices);
    }

    /// The same of a list that scrolls itself and may be written in: it is open until one of its lines
    /// closes it, and no wider than it says.
    pub(crate) fn show_long(self, ui: &mut Ui, list: impl FnOnce(&mut Ui)) {
        self.draw(ui, true, list);
    }

    fn draw(self, ui: &mut Ui, is_long: bool, choices: impl FnOnce(&mut Ui)) {
        let shown = self.shown.text().to_owned();
        let mut combo = ComboBox::from_id_salt(self.name)
            .selected_text(self.shown)
            .icon(|ui, place, look, _| {
                let (middle, color) = (place.center(), look.fg_stroke.color);
                icon::paint(ui.painter(), Icon::Down, middle, SIZE, color);
            });
        if let Some(width) = self.width {
            combo = combo.width(width);
        }
        if is_long {
            let stays = PopupCloseBehavior::CloseOnClickOutside;
            combo = combo.height(f32::INFINITY).close_behavior(stays);
        } else {
            combo = combo.height(HEIGHT);
        }
        if self.truncates {
            combo = combo.truncate();
        }
        let place = ui.scope_id().with(("pick", self.name));
        let was_open = ui.data(|data| data.get_temp(place)).unwrap_or(false);
        let mut is_chosen = false;
        let combo = combo.show_ui(ui, |ui| {
            if !was_open {
                menu::begin_at_choice(ui);
            }
            choices(ui);
            // A click closes it by itself; so does what a key chooses, unless it is written in there.
            let pressed = |key| ui.input(|input| input.key_pressed(key));
            is_chosen = was_open
                && !is_long
                && !ui.ctx().text_edit_focused()
                && (pressed(Key::Enter) || pressed(Key::Space));
            if is_chosen {
                ui.close();
            }
        });
        let is_open = combo.inner.is_some() && !is_chosen;
        ui.data_mut(|data| data.insert_temp(place, is_open));
        let button = combo.response.accessible_name(self.name);
        // The keyboard goes back to where it came from.
        let is_left = was_open && ui.input(|input| input.key_pressed(Key::Escape));
        if is_chosen || is_left {
            button.request_focus();
        }
        speech::tell_opens(&button, HasPopup::Listbox, is_open);
        // Where a tool knows no values of lists, it looks for the choice in it.
        if !is_open && speech::is_heard(ui.ctx()) {
            let within = Within::new(ui, button.id);
            within.choice(button.id.with("choice"), button.rect, &shown);
        }
    }
}

/// A line of the list, which may be the one that is picked now.
pub(crate) fn option_ui(ui: &mut Ui, is_picked: bool, text: impl Into<WidgetText>) -> Response {
    let text = text.into();
    let written = text.text().to_owned();
    let response = ui.selectable_label(is_picked, text);
    menu::tell_choice(&response, is_picked);
    menu::note(&response, &written);
    if response.gained_focus() {
        response.scroll_to_me(None);
    }
    response
}

/// The same of a value.
pub(crate) fn value_ui<V: PartialEq>(
    ui: &mut Ui,
    picked: &mut V,
    value: V,
    text: impl Into<WidgetText>,
) -> Response {
    let mut response = option_ui(ui, *picked == value, text);
    if response.clicked() && *picked != value {
        *picked = value;
        response.mark_changed();
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use eframe::egui::{Event, Modifiers, Shape};
    use egui_kittest::Harness;
    use egui_kittest::kittest::Queryable;

    /// Opened by Enter, gone through with the arrows, chosen with Enter or left with Esc: the keyboard
    /// is at the button again, and the list is closed.
    #[test]
    fn a_choice_by_keyboard_closes_the_list_and_comes_back() {
        for (last, expected) in [
            (Key::Enter, "Dark"),
            (Key::Space, "Dark"),
            (Key::Escape, "Light"),
        ] {
            let mut harness = Harness::new_ui_state(
                |ui, chosen: &mut String| {
                    let shown = chosen.clone();
                    Pick::new("Theme", shown).show(ui, |ui| {
                        for name in ["Light", "Dark"] {
                            value_ui(ui, chosen, name.to_owned(), name);
                        }
                    });
                },
                "Light".to_owned(),
            );
            harness.get_by_label("Theme").focus();
            harness.run();
            harness.key_press(Key::Enter);
            harness.run();
            assert!(harness.query_by_label("Dark").is_some());
            harness.get_by_label("Dark").focus();
            harness.run();
            harness.key_press(last);
            harness.run();
            assert_eq!(harness.state(), expected, "{last:?}");
            let other = if expected == "Dark" { "Light" } else { "Dark" };
            assert!(harness.query_by_label(other).is_none(), "{last:?}");
            assert!(harness.get_by_label("Theme").is_focused(), "{last:?}");
        }
    }

    /// Down goes to what stands after the one that is picked, or to the first where none is.
    #[test]
    fn the_first_down_goes_to_the_next_choice() {
        let names = ["Nothing", "Outlet", "Month"];
        for (picked, expected) in [("Nothing", "Outlet"), ("Outlet", "Month"), ("", "Nothing")] {
            let mut harness = Harness::new_ui_state(
                |ui, chosen: &mut String| {
                    let shown = if chosen.is_empty() {
                        "Choose…"
                    } else {
                        chosen.as_str()
                    };
                    Pick::new("Group", shown).show(ui, |ui| {
                        for name in names {
                            value_ui(ui, chosen, name.to_owned(), name);
                        }
                    });
                },
                picked.to_owned(),
            );
            harness.get_by_label("Group").focus();
            harness.run();
            for key in [Key::Enter, Key::ArrowDown, Key::Enter] {
                harness.key_press(key);
                harness.run();
            }
            assert_eq!(harness.state(), expected, "from {picked}");
        }
    }

    /// A letter goes to the next choice that begins with it, Home and End to the first and the last.
    #[test]
    fn letters_and_ends_go_through_the_choices() {
        let names = ["text", "number", "yes or no", "date", "one of"];
        for (event, expected) in [
            (Event::Text("y".to_owned()), "yes or no"),
            (Event::Text("N".to_owned()), "number"),
            (pressed(Key::End), "one of"),
            (pressed(Key::Home), "text"),
            (Event::Text("z".to_owned()), "text"),
        ] {
            let mut harness = Harness::new_ui_state(
                |ui, chosen: &mut String| {
                    let shown = chosen.clone();
                    Pick::new("Kind", shown).show(ui, |ui| {
                        for name in names {
                            value_ui(ui, chosen, name.to_owned(), name);
                        }
                    });
                    menu::keys_ui(ui.ctx());
                },
                "text".to_owned(),
            );
            harness.get_by_label("Kind").focus();
            harness.run();
            harness.key_press(Key::Enter);
            harness.run();
            harness.event(event.clone());
            harness.run();
            harness.key_press(Key::Enter);
            harness.run();
            assert_eq!(harness.state(), expected, "{event:?}");
        }
    }

    fn pressed(key: Key) -> Event {
        Event::Key {
            key,
            physical_key: None,
            pressed: true,
            repeat: false,
            modifiers: Modifiers::NONE,
        }
    }

    #[test]
    fn what_opens_has_the_mark_of_all_that_opens() {
        let mut harness = Harness::new_ui(|ui| Pick::new("Theme", "Light").show(ui, |_| ()));
        harness.run();
        let shapes = harness.output().shapes.iter();
        let paths = shapes.filter_map(|clipped| match &clipped.shape {
            Shape::Path(path) => Some(path.closed),
            _ => None,
        });
        // A chevron is a line; a triangle would be closed.
        assert_eq!(paths.collect::<Vec<_>>(), [false]);
    }
}
