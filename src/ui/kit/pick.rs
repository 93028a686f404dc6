//! One of many, from a list that opens.

use super::speech::{self, Within};
use eframe::egui::accesskit::HasPopup;
use eframe::egui::{ComboBox, Ui, WidgetText};

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
        let shown = self.shown.text().to_owned();
        let mut combo = ComboBox::from_id_salt(self.name).selected_text(self.shown);
        if let Some(width) = self.width {
            combo = combo.width(width);
        }
        if self.truncates {
            combo = combo.truncate();
        }
        let combo = combo.show_ui(ui, choices);
        let is_open = combo.inner.is_some();
        let button = combo.response.accessible_name(self.name);
        speech::tell_opens(&button, HasPopup::Listbox, is_open);
        // Where a tool knows no values of lists, it looks for the choice in it.
        if !is_open && speech::is_heard(ui.ctx()) {
            let within = Within::new(ui, button.id);
            within.choice(button.id.with("choice"), button.rect, &shown);
        }
    }
}
