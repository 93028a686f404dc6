//! One of many, from a list that opens.

use eframe::egui::{ComboBox, Ui, WidgetText};

pub(crate) struct Pick<'a> {
    name: &'a str,
    shown: WidgetText,
    width: Option<f32>,
}

impl<'a> Pick<'a> {
    /// `shown` is what is picked now.
    pub(crate) fn new(name: &'a str, shown: impl Into<WidgetText>) -> Self {
        Self {
            name,
            shown: shown.into(),
            width: None,
        }
    }

    pub(crate) fn width(self, width: f32) -> Self {
        Self {
            width: Some(width),
            ..self
        }
    }

    /// Draws it, and `choices` when it is open.
    pub(crate) fn show(self, ui: &mut Ui, choices: impl FnOnce(&mut Ui)) {
        let mut combo = ComboBox::from_id_salt(self.name).selected_text(self.shown);
        if let Some(width) = self.width {
            combo = combo.width(width);
        }
        let combo = combo.show_ui(ui, choices);
        let _named = combo.response.accessible_name(self.name);
    }
}
