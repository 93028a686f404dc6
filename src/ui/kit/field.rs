//! A field to write in.

use super::card;
use eframe::egui::accesskit::{Invalid, Role};
use eframe::egui::{Align2, Response, TextEdit, Ui};

pub(crate) struct Field<'a> {
    name: &'a str,
    text: &'a mut String,
    hint: &'a str,
    error: &'a str,
    width: f32,
    rows: Option<usize>,
    searches: bool,
    hands_on_enter: bool,
}

impl<'a> Field<'a> {
    /// One line, as wide as there is room.
    pub(crate) fn new(name: &'a str, text: &'a mut String) -> Self {
        Self {
            name,
            text,
            hint: "",
            error: "",
            width: f32::INFINITY,
            rows: None,
            searches: false,
            hands_on_enter: false,
        }
    }

    /// What is written narrows or finds something.
    pub(crate) fn search(name: &'a str, text: &'a mut String) -> Self {
        Self {
            searches: true,
            ..Self::new(name, text)
        }
    }

    /// Shown while nothing is written.
    pub(crate) fn hint(self, hint: &'a str) -> Self {
        Self { hint, ..self }
    }

    /// What is wrong with what is written; the card shows it where there is room.
    pub(crate) fn error(self, error: &'a str) -> Self {
        Self { error, ..self }
    }

    pub(crate) fn width(self, width: f32) -> Self {
        Self { width, ..self }
    }

    /// Several lines, so many at first.
    pub(crate) fn rows(self, rows: usize) -> Self {
        Self {
            rows: Some(rows),
            ..self
        }
    }

    /// Enter in it presses the main button of its card.
    pub(crate) fn hands_on_enter(self) -> Self {
        Self {
            hands_on_enter: true,
            ..self
        }
    }

    pub(crate) fn show(self, ui: &mut Ui) -> Response {
        let edit = match self.rows {
            Some(rows) => TextEdit::multiline(self.text).desired_rows(rows),
            None => TextEdit::singleline(self.text),
        };
        let edit = match self.rows {
            Some(_) => edit,
            None => edit.align(Align2::LEFT_CENTER),
        };
        let response = ui.add(edit.hint_text(self.hint).desired_width(self.width));
        let response = response.accessible_name(self.name);
        ui.ctx().accesskit_node_builder(response.id, |node| {
            if self.searches {
                node.set_role(Role::SearchInput);
            }
            if !self.error.is_empty() {
                node.set_invalid(Invalid::True);
                node.set_description(self.error);
            }
        });
        if self.hands_on_enter && (response.has_focus() || response.lost_focus()) {
            card::hand_on_enter(ui.ctx());
        }
        response
    }
}
