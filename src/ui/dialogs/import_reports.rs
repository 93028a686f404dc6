//! The reports of all imports of this project: which files were read, how, and what was left out.

use super::list::{Row, list_ui};
use crate::app::clock;
use crate::app::model::Model;
use crate::ui::theme::{self, Tokens};
use eframe::egui::{
    self, Align, ComboBox, Context, Layout, Modal, RichText, ScrollArea, WidgetInfo, accesskit,
};

pub(crate) struct ImportReports {
    /// Which report; they are shown the newest first.
    at: usize,
    file: usize,
}

impl ImportReports {
    pub(crate) fn new(model: &Model) -> Self {
        let reports = model.session().project().imports().len();
        Self {
            at: reports.saturating_sub(1),
            file: 0,
        }
    }

    /// Draws it; `false` when it is to be closed.
    pub(crate) fn ui(&mut self, ctx: &Context, model: &Model, tokens: &Tokens) -> bool {
        let modal = Modal::new(egui::Id::unique("import reports")).show(ctx, |ui| {
            ui.set_width(720.0);
            ui.label(RichText::new("Import reports").font(theme::strong_font(18.0)));
            let project = model.session().project();
            let reports = project.imports();
            self.at = self.at.min(reports.len().saturating_sub(1));
            let Some(report) = reports.get(self.at) else {
                ui.weak("Nothing was imported into this project yet. What an import reads, skips and refuses is kept here, with the reasons.");
                ui.add_space(10.0);
                return ui.button("Close").on_hover_text("Esc").clicked();
            };
            let title = |at: usize| {
                let report = reports.get(at)?;
                let when = report.when.map(clock::day_and_time).unwrap_or_default();
                Some(format!("{when}, {}: {}", project.annotator_name(&report.by), report.summary))
            };
            let combo = ComboBox::from_id_salt("report")
                .width(690.0)
                .selected_text(title(self.at).unwrap_or_default())
                .show_ui(ui, |ui| {
                    for at in (0..reports.len()).rev() {
                        let name = title(at).unwrap_or_default();
                        if ui.selectable_label(at == self.at, name).clicked() {
                            self.at = at;
                            self.file = 0;
                        }
                    }
                });
            combo.response.widget_info(|| {
                WidgetInfo::labeled(accesskit::Role::ComboBox, true, "Import")
            });
            ui.add_space(6.0);
            let files = &report.files;
            let clicked = list_ui(ui, tokens, &mut self.file, files.len(), 300.0, |i| {
                let Some((path, told)) = files.get(i) else {
                    return Row::default();
                };
                let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
                Row {
                    text: name.to_owned(),
                    detail: told.clone(),
                    is_dim: told.starts_with("refused") || told.starts_with("skipped"),
                    ..Row::default()
                }
            });
            self.file = clicked.unwrap_or(self.file);
            ui.add_space(6.0);
            if let Some((path, told)) = files.get(self.file) {
                let area = ScrollArea::vertical().id_salt("told").max_height(110.0);
                area.auto_shrink([false, true]).show(ui, |ui| {
                    ui.with_layout(Layout::top_down(Align::Min), |ui| {
                        ui.weak(path);
                        ui.label(told);
                    });
                });
            }
            ui.add_space(8.0);
            ui.horizontal(|ui| {
                if ui.button("Copy the report").clicked() {
                    let lines = files.iter().map(|(path, told)| match path.is_empty() {
                        true => told.clone(),
                        false => format!("{path}: {told}"),
                    });
                    let all: Vec<String> = title(self.at).into_iter().chain(lines).collect();
                    ui.ctx().copy_text(all.join("\n"));
                }
                ui.button("Close").on_hover_text("Esc").clicked()
            })
            .inner
        });
        !(modal.inner || modal.should_close())
    }
}
