//! What is being written in the fields of the page, until they are left.
//!
//! A field shows what the project says unless it is being written in; Esc goes back to that. What
//! cannot be kept stays in its field with the reason beside it.

use crate::app::action::Action;
use crate::ui::kit::field::Field;
use crate::ui::theme::{SMALL, Tokens};
use eframe::egui::{Key, Label, Response, RichText, Ui};
use std::collections::BTreeMap;

type Keep = Box<dyn Fn(&str) -> Option<Action>>;

struct Draft {
    text: String,
    /// What the project said when it was begun.
    was: String,
    /// What keeps it; none for a text that cannot be kept.
    keep: Keep,
    is_refused: bool,
}

/// By the name of the field.
#[derive(Default)]
pub(super) struct Drafts(BTreeMap<String, Draft>);

/// A field that is kept when it is left.
pub(super) struct Written<'a> {
    pub(super) name: &'a str,
    pub(super) value: &'a str,
    pub(super) hint: &'a str,
    pub(super) rows: Option<usize>,
    pub(super) width: f32,
    /// Why what is written cannot be kept; nothing when it can.
    pub(super) refusal: &'a dyn Fn(&str) -> String,
    pub(super) focuses: bool,
}

impl<'a> Written<'a> {
    pub(super) fn new(name: &'a str, value: &'a str) -> Self {
        Self {
            name,
            value,
            hint: "",
            rows: None,
            width: f32::INFINITY,
            refusal: &|_| String::new(),
            focuses: false,
        }
    }
}

impl Drafts {
    /// Whether anything is written in a field.
    pub(super) fn is_written(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// What is written in a field and not kept yet.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(|draft| draft.text.as_str())
    }

    /// Draws a field.
    pub(super) fn field_ui(
        &mut self,
        ui: &mut Ui,
        field: Written<'_>,
        actions: &mut Vec<Action>,
        tokens: &Tokens,
        keep: impl Fn(&str) -> Option<Action> + 'static,
    ) -> Response {
        let known = self.0.get(field.name);
        let mut text = known.map_or(field.value, |draft| &draft.text).to_owned();
        let refusal = match known {
            Some(draft) if draft.text != field.value => (field.refusal)(&draft.text),
            _ => String::new(),
        };
        let drawn = ui.push_id(field.name, |ui| {
            let mut edit = Field::new(field.name, &mut text)
                .hint(field.hint)
                .error(&refusal)
                .width(field.width);
            if let Some(rows) = field.rows {
                edit = edit.rows(rows);
            }
            let response = edit.show(ui);
            if !refusal.is_empty() {
                let told = RichText::new(&refusal).size(SMALL).color(tokens.error);
                ui.add(Label::new(told).wrap());
            }
            response
        });
        let response = drawn.inner;
        if field.focuses {
            response.request_focus();
        }
        if response.changed() {
            let was = match self.0.remove(field.name) {
                Some(draft) => draft.was,
                None => field.value.to_owned(),
            };
            let is_refused = !(field.refusal)(&text).is_empty();
            if text != was {
                let draft = Draft {
                    text,
                    was,
                    keep: Box::new(keep),
                    is_refused,
                };
                self.0.insert(field.name.to_owned(), draft);
            }
        }
        if response.lost_focus() {
            if ui.input(|input| input.key_pressed(Key::Escape)) {
                self.0.remove(field.name);
            } else {
                self.keep(field.name, actions);
            }
        }
        response
    }

    /// Keeps what is written in a field, if that can be.
    fn keep(&mut self, name: &str, actions: &mut Vec<Action>) {
        if self.0.get(name).is_some_and(|draft| !draft.is_refused)
            && let Some(draft) = self.0.remove(name)
        {
            actions.extend((draft.keep)(&draft.text));
        }
    }

    /// Keeps all that can be; the rest stays in its field.
    pub(super) fn flush(&mut self, actions: &mut Vec<Action>) {
        self.0.retain(|_, draft| {
            if !draft.is_refused {
                actions.extend((draft.keep)(&draft.text));
            }
            draft.is_refused
        });
    }

    /// Lets go of what could not be kept: another label is shown.
    pub(super) fn forget(&mut self) {
        self.0.clear();
    }
}
