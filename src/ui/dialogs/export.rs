//! Choosing a dataset format, with what it carries and what it does not.

use crate::app::model::Model;
use crate::format::formats::{FORMATS, Format};
use crate::ui::theme;
use eframe::egui::{Context, Key, Modal, Modifiers, RichText};

pub(crate) struct ExportDialog {
    chosen: usize,
}

pub(crate) enum ExportStep {
    Stays,
    Closed,
    /// Ask where to.
    Chosen(&'static Format),
}

impl ExportDialog {
    pub(crate) fn new() -> Self {
        Self { chosen: 0 }
    }

    pub(crate) fn ui(&mut self, ctx: &Context, model: &Model) -> ExportStep {
        let mut step = ExportStep::Stays;
        let modal = Modal::new(eframe::egui::Id::unique("export")).show(ctx, |ui| {
            ui.set_width(460.0);
            ui.label(RichText::new("Export dataset").font(theme::strong_font(18.0)));
            let project = model.session.project();
            ui.weak(format!(
                "{} articles, {} annotations. Every span is compared with its text after writing.",
                project.articles().len(),
                project.annotation_count()
            ));
            ui.add_space(8.0);
            for (i, format) in FORMATS.iter().enumerate() {
                ui.radio_value(
                    &mut self.chosen,
                    i,
                    format!("{} ({})", format.title, format.output()),
                );
                ui.indent(format.name, |ui| {
                    ui.weak(format!("Carries {}.", format.carries));
                    ui.weak(format!("Does not carry {}.", format.loses));
                    ui.weak(format!("Offsets: {}, half-open.", format.offset_unit));
                });
                ui.add_space(4.0);
            }
            ui.add_space(6.0);
            ui.horizontal(|ui| {
                let chosen = ui
                    .button("Choose where to…")
                    .on_hover_text("Enter")
                    .clicked();
                if (chosen || ui.input_mut(|i| i.consume_key(Modifiers::NONE, Key::Enter)))
                    && let Some(format) = FORMATS.get(self.chosen)
                {
                    step = ExportStep::Chosen(format);
                }
                if ui.button("Cancel").on_hover_text("Esc").clicked() {
                    step = ExportStep::Closed;
                }
            });
        });
        if modal.should_close() && matches!(step, ExportStep::Stays) {
            step = ExportStep::Closed;
        }
        step
    }
}
