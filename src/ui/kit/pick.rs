//! One of many, from a list that opens.

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
        let mut combo = ComboBox::from_id_salt(self.name).selected_text(self.shown);
        if let Some(width) = self.width {
            combo = combo.width(width);
        }
        if self.truncates {
            combo = combo.truncate();
        }
        let combo = combo.show_ui(ui, choices);
        let _named = combo.response.accessible_name(self.name);
    }
}
