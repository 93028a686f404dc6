//! What is being written in the fields of a page, until they are left.
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

/// By what the field is of, and its name.
#[derive(Default)]
pub(in crate::ui::pages) struct Drafts(BTreeMap<(String, String), Draft>);

/// A field that is kept when it is left.
pub(in crate::ui::pages) struct Written<'a> {
    pub(in crate::ui::pages) name: &'a str,
    /// The attribute or the role that it is of; empty for a field of the label.
    pub(in crate::ui::pages) of: &'a str,
    pub(in crate::ui::pages) value: &'a str,
    pub(in crate::ui::pages) hint: &'a str,
    pub(in crate::ui::pages) rows: Option<usize>,
    pub(in crate::ui::pages) width: f32,
    /// Why what is written cannot be kept; nothing when it can.
    pub(in crate::ui::pages) refusal: &'a dyn Fn(&str) -> String,
    pub(in crate::ui::pages) focuses: bool,
    /// Enter leads elsewhere once it is kept.
    pub(in crate::ui::pages) leads_on: bool,
}

impl<'a> Written<'a> {
    pub(in crate::ui::pages) fn new(name: &'a str, value: &'a str) -> Self {
        Self {
            name,
            of: "",
            value,
            hint: "",
            rows: None,
            width: f32::INFINITY,
            refusal: &|_| String::new(),
            focuses: false,
            leads_on: false,
        }
    }
}

impl Drafts {
    /// Whether anything is written in a field.
    pub(in crate::ui::pages) fn is_written(&self, name: &str) -> bool {
        self.0.contains_key(&key("", name))
    }

    /// What is written in a field and not kept yet.
    pub(in crate::ui::pages) fn text(&self, name: &str) -> Option<&str> {
        let draft = self.0.get(&key("", name));
        draft.map(|draft| draft.text.as_str())
    }

    /// Draws a field.
    pub(in crate::ui::pages) fn field_ui(
        &mut self,
        ui: &mut Ui,
        field: Written<'_>,
        actions: &mut Vec<Action>,
        tokens: &Tokens,
        keep: impl Fn(&str) -> Option<Action> + 'static,
    ) -> Response {
        let key = key(field.of, field.name);
        let known = self.0.get(&key);
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
            let was = match self.0.remove(&key) {
                Some(draft) => draft.was,
                None => field.value.to_owned(),
            };
            if text != was {
                let draft = Draft {
                    text,
                    was,
                    keep: Box::new(|_| None),
                    is_refused: false,
                };
                self.0.insert(key.clone(), draft);
            }
        }
        // What stands in the way, and where it is kept, may have changed since it was written.
        if let Some(draft) = self.0.get_mut(&key) {
            draft.is_refused = !(field.refusal)(&draft.text).is_empty();
            draft.keep = Box::new(keep);
        }
        if response.lost_focus() {
            if ui.input(|input| input.key_pressed(Key::Escape)) {
                self.0.remove(&key);
            } else {
                self.keep(&key, actions);
                // What is gone on to by Tab is what stands beside it.
                let leads_on = field.leads_on && !self.0.contains_key(&key);
                if !leads_on && ui.input(|input| input.key_pressed(Key::Enter)) {
                    response.request_focus();
                }
            }
        }
        response
    }

    /// Keeps what is written in a field, if that can be.
    fn keep(&mut self, key: &(String, String), actions: &mut Vec<Action>) {
        if self.0.get(key).is_some_and(|draft| !draft.is_refused)
            && let Some(draft) = self.0.remove(key)
        {
            actions.extend((draft.keep)(&draft.text));
        }
    }

    /// Keeps all that can be; the rest stays in its field.
    pub(in crate::ui::pages) fn flush(&mut self, actions: &mut Vec<Action>) {
        self.0.retain(|_, draft| {
            if !draft.is_refused {
                actions.extend((draft.keep)(&draft.text));
            }
            draft.is_refused
        });
    }

    /// Lets go of what could not be kept of an attribute or a role: it is closed, or gone.
    pub(in crate::ui::pages) fn forget_of(&mut self, of: &str) {
        self.0.retain(|(draft_of, _), _| draft_of != of);
    }

    /// Lets go of what could not be kept: another label is shown.
    pub(in crate::ui::pages) fn forget(&mut self) {
        self.0.clear();
    }
}

fn key(of: &str, name: &str) -> (String, String) {
    (of.to_owned(), name.to_owned())
}
