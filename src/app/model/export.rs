//! Exporting: a dataset is written beside its place, proven and put there, in the background.

use super::jobs::Outcome;
use super::rows::{commands, row};
use super::{Model, file_name};
use crate::app::action::{Pick, UiRequest};
use crate::app::command::{Scope, Section, ctrl, ctrl_shift};
use crate::app::export::{self, ExportError, Stage, Terms};
use crate::app::jobs::{JobKind, Turn, jobs};
use crate::app::notice::Notice;
use crate::app::words::count;
use crate::core::shown::shown_path;
use crate::format::export::Written;
use crate::format::export::options::ExportOptions;
use crate::format::formats::{Format, Shape, format_named};
use std::path::PathBuf;

#[rustfmt::skip]
commands! {
    Export => row(Section::Files, "Export dataset…", ctrl("E"), Scope::Always, "Write a dataset that other tools read: spreadsheets, training data, other annotation tools, a web page")
        .shows_its_dialog_after(|model| {
            model.work.to_export.clear();
            true
        })
        .when(Model::has_articles),
    ExportAgain => row(Section::Files, "Export again", ctrl_shift("E"), Scope::Always, "The last export, to the same place with the same choices")
        .runs(Model::export_again)
        .when(|model| model.has_articles() && model.settings.last_export.is_some()),
}

jobs! {
    Export => Turn::OneAtATime("Another export is running"),
}

/// An export that would replace another.
pub struct ReplaceExport {
    pub format: &'static str,
    pub options: ExportOptions,
    pub path: PathBuf,
    /// What is there.
    pub reason: String,
}

impl Model {
    /// Asks where an export is to go.
    pub(super) fn pick_export_place(&mut self, format: &'static str, options: Box<ExportOptions>) {
        let name = match format_named(format) {
            Some(format) => suggested_name(format, &options, &self.work.session.display_name()),
            None => return,
        };
        let pick = Pick::Export {
            format,
            options,
            name,
        };
        self.requests.push(UiRequest::Pick(pick));
    }

    /// Remembers what was chosen for a format.
    pub(super) fn keep_export_options(&mut self, format: &str, options: &ExportOptions) {
        self.settings.keep_export_options(format, options);
    }

    /// The last export once more.
    fn export_again(&mut self) {
        let Some(last) = self.settings.last_export.clone() else {
            return;
        };
        self.export(&last.format, last.options, last.path, false);
    }

    pub(super) fn replace_export(&mut self, answer: bool) {
        if let Some(waiting) = self.work.replacing.take().filter(|_| answer) {
            self.export(waiting.format, waiting.options, waiting.path, true);
        }
    }

    /// Writes a dataset, reads it back, and puts it in its place.
    pub(super) fn export(
        &mut self,
        format: &str,
        options: ExportOptions,
        path: PathBuf,
        may_replace: bool,
    ) {
        let Some(format) = format_named(format) else {
            return;
        };
        if self.work.session.path() == Some(&*self.desk.resolve(&path)) {
            let message = format!(
                "{} is the project itself. Choose another place for the export.",
                shown_path(&path)
            );
            return self.notify(Notice::error(message));
        }
        let stem = self.work.session.project().name().to_owned();
        let check = |may_replace| export::check_target(format, &options, &path, &stem, may_replace);
        if let (false, Err(reason), Ok(())) = (may_replace, check(false), check(true)) {
            self.work.replacing = Some(ReplaceExport {
                format: format.name,
                reason: reason.to_string(),
                options,
                path,
            });
            return;
        }
        self.settings.remember_export(format.name, &options, &path);
        self.save_settings();
        let project = self.work.session.project().clone();
        let total = (project.articles().len().max(1) * 2) as f32;
        let title = format!("Exporting {}", file_name(&path));
        self.start(JobKind::Export, title, move |context| {
            context.stand_back();
            let mut progress = |stage: Stage| match stage {
                Stage::Writing(done) => {
                    context.item("writing");
                    context.progress(done as f32 / total)
                }
                Stage::Proving(done) => {
                    context.item("reading back and comparing");
                    context.progress(0.5 + done as f32 / total)
                }
            };
            let terms = Terms {
                may_replace,
                prove: true,
            };
            let result = export::export(&project, format, &options, &path, terms, &mut progress);
            Outcome::always(move |model| model.exported(result))
        });
    }

    fn exported(&mut self, result: Result<(PathBuf, Written), ExportError>) {
        match result {
            Ok((path, written)) => {
                let notice = format!(
                    "{} in {} written to {} and compared with the project",
                    count(written.annotations, "annotation", "annotations"),
                    count(written.articles, "article", "articles"),
                    shown_path(&path)
                );
                self.notify(Notice::info(notice).with_details(written.remarks()));
            }
            Err(error) if error.is_cancelled() => {
                self.notify(Notice::info(
                    "The export was cancelled; nothing was written",
                ));
            }
            Err(error) => self.notify(Notice::error(format!("The export failed. {error}"))),
        }
    }
}

/// The name that is suggested for a project's export.
fn suggested_name(format: &Format, options: &ExportOptions, project: &str) -> String {
    let stem = export::file_name(project);
    match format.shape {
        Shape::File { extension } if options.split.is_none() => format!("{stem}.{extension}"),
        _ => format!("{stem}-{}", format.name),
    }
}
