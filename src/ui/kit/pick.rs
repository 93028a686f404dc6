//! One of many, from a list that opens.

use super::icon::{self, Icon};
use super::speech::{self, Within};
use eframe::egui::accesskit::HasPopup;
use eframe::egui::{ComboBox, PopupCloseBehavior, Ui, WidgetText};

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

#[cfg(test)]
mod tests {
    use super::*;
    use eframe::egui::Shape;
    use egui_kittest::Harness;

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
