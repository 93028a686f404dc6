//! The reports of all imports of this project: which files were read, how, and what was left out.

use super::{Dialog, Opener};
use crate::app::action::Action;
use crate::app::clock;
use crate::app::command::Command;
use crate::app::model::Model;
use crate::ui::kit::card::{Card, CardStep, scroll, split};
use crate::ui::kit::entry::TextRow;
use crate::ui::kit::list::text_list_ui;
use crate::ui::kit::pick::{Pick, option_ui};
use crate::ui::theme::Tokens;
use eframe::egui::Context;

pub(super) const OPENS: &[Opener] = &[Opener::new(Command::Imports, |model| {
    Box::new(ImportReports::new(model))
})];

struct ImportReports {
    /// Which report; they are shown the newest first.
    at: usize,
    file: usize,
}

impl ImportReports {
    fn new(model: &Model) -> Self {
        let reports = model.session().project().imports().len();
        Self {
            at: reports.saturating_sub(1),
            file: 0,
        }
    }
}

impl Dialog for ImportReports {
    fn ui(
        &mut self,
        ctx: &Context,
        model: &Model,
        _: &mut Vec<Action>,
        tokens: &Tokens,
    ) -> CardStep {
        const NAME: &str = "import reports";
        let project = model.session().project();
        let reports = project.imports();
        self.at = self.at.min(reports.len().saturating_sub(1));
        let Some(report) = reports.get(self.at) else {
            let card = Card::question(NAME, "Import reports").light();
            return card.says(ctx, "Nothing was imported into this project yet. What an import reads, skips and refuses is kept here, with the reasons.");
        };
        let card = Card::work(NAME, "Import reports").light();
        card.show(ctx, |ui, card| {
            let title = |at: usize| {
                let report = reports.get(at)?;
                let when = report.when.map(clock::day_and_time).unwrap_or_default();
                Some(format!(
                    "{when}, {}: {}",
                    project.annotator_name(&report.by),
                    report.summary
                ))
            };
            card.space(8.0);
            card.line(ui, |ui| {
                let shown = title(self.at).unwrap_or_default();
                Pick::new("Import", shown)
                    .width(ui.available_width())
                    .truncate()
                    .show(ui, |ui| {
                        for at in (0..reports.len()).rev() {
                            let name = title(at).unwrap_or_default();
                            if option_ui(ui, at == self.at, name).clicked() {
                                self.at = at;
                                self.file = 0;
                            }
                        }
                    });
            });
            let files = &report.files;
            let row = |i: usize| {
                let Some((path, told)) = files.get(i) else {
                    return TextRow::default();
                };
                let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
                TextRow {
                    text: name.to_owned(),
                    detail: told.clone(),
                    is_dim: told.starts_with("refused") || told.starts_with("skipped"),
                    ..TextRow::default()
                }
            };
            card.pane(ui, |ui| {
                let (mut left, mut right) = split(ui, 340.0);
                text_list_ui(&mut left, "Files", &mut self.file, files.len(), tokens, row);
                if let Some((path, told)) = files.get(self.file) {
                    scroll(&mut right, "told", |ui| {
                        ui.weak(path);
                        ui.label(told);
                    });
                }
            });
            card.foot(ui, "", |ui, card| {
                if ui.button("Copy the report").clicked() {
                    let lines = files.iter().map(|(path, told)| {
                        if path.is_empty() {
                            told.clone()
                        } else {
                            format!("{path}: {told}")
                        }
                    });
                    let all: Vec<String> = title(self.at).into_iter().chain(lines).collect();
                    ui.ctx().copy_text(all.join("\n"));
                }
                card.done(ui);
            });
            None
        })
    }
}
