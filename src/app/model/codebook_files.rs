//! Codebook files: comparing one with the project's, taking it in as one step, and writing the
//! project's own.
//!
//! A file is read by a job. What it would do is shown before it is done, and conflicts are decided
//! by the analyst; nothing is taken away.

use super::Model;
use super::jobs::Outcome;
use super::rows::{commands, row};
use crate::app::action::{Action, Pick, UiRequest};
use crate::app::codebooks;
use crate::app::command::{Command, Scope, Section};
use crate::app::jobs::{JobKind, Turn, jobs};
use crate::app::notice::Notice;
use crate::app::words::count;
use crate::core::codebook::SharedCodebook;
use crate::core::codebook::compare::{Comparison, Side};
use crate::core::recipes::codebook;
use crate::core::shown::shown_path;
use crate::format::codebooks::FoundCodebook;
use std::path::{Path, PathBuf};

#[rustfmt::skip]
commands! {
    LoadCodebook => row(Section::Codebook, "Load codebook…", None, Scope::Always, "Take labels from a codebook file, a project or a codebook that comes with the program, after a preview")
        .shows_its_dialog(),
    SaveCodebook => row(Section::Codebook, "Save codebook as…", None, Scope::Always, "Write the codebook to a file of its own, to be shared")
        .runs(|model| model.ask_where_to_save("ron")),
    SaveCodebookQdc => row(Section::Codebook, "Save codebook for REFI-QDA…", None, Scope::Always, "Write names, hierarchy, colours and descriptions for MAXQDA, ATLAS.ti, NVivo and QualCoder (.qdc)")
        .runs(|model| model.ask_where_to_save("qdc")),
}

jobs! {
    ReadCodebook => Turn::NewestWins,
}

/// Another codebook beside that of the project.
pub struct CodebookComparison {
    /// As it is called, and what kind of file it is.
    pub name: String,
    pub kind: &'static str,
    pub comparison: Comparison,
    /// Examples that are annotations of another project.
    pub left_out: usize,
    /// What was not read as it stands.
    pub problems: Vec<String>,
}

impl Model {
    /// The codebook that waits to be taken in.
    pub fn comparison(&self) -> Option<&CodebookComparison> {
        self.work.codebook.comparison.as_ref()
    }

    pub(super) fn compare_ready(&mut self, id: &str) {
        if let Some(found) = codebooks::ready(id) {
            self.compare(found, "");
        }
    }

    pub(super) fn compare_file(&mut self, path: PathBuf) {
        let title = format!("Reading {}", super::file_name(&path));
        self.start(JobKind::ReadCodebook, title, move |_| {
            let found = codebooks::read(&path);
            Outcome::of_project(move |model| match found {
                Ok(found) => model.compare(found, &super::file_name(&path)),
                Err(error) => {
                    let message = format!("The codebook was not loaded. {error}");
                    model.notify(Notice::error(message));
                }
            })
        });
    }

    fn compare(&mut self, found: FoundCodebook, file: &str) {
        let project = self.work.session.project();
        let (comparison, left_out) =
            codebook::compare(project, &found.shared.codebook, found.is_partial);
        let name = match found.shared.name.as_str() {
            "" => file.to_owned(),
            name => name.to_owned(),
        };
        let problems = found.problems.iter();
        let problems = problems.map(|problem| format!("{problem}; {}", problem.remedy));
        self.work.codebook.comparison = Some(CodebookComparison {
            name,
            kind: found.kind,
            comparison,
            left_out,
            problems: problems.collect(),
        });
    }

    pub(super) fn decide_conflict(&mut self, row: usize, conflict: usize, side: Side) {
        let row = self.row_mut(row);
        if let Some(conflict) = row.and_then(|row| row.conflicts.get_mut(conflict)) {
            conflict.choice = Some(side);
        }
    }

    pub(super) fn decide_all(&mut self, side: Side) {
        if let Some(waiting) = &mut self.work.codebook.comparison {
            waiting.comparison.prefer(side);
        }
    }

    pub(super) fn take_row(&mut self, row: usize, is_taken: bool) {
        if let Some(row) = self.row_mut(row) {
            row.is_taken = is_taken;
        }
    }

    fn row_mut(&mut self, at: usize) -> Option<&mut crate::core::codebook::compare::Row> {
        let waiting = self.work.codebook.comparison.as_mut()?;
        waiting.comparison.rows.get_mut(at)
    }

    pub(super) fn take_in_codebook(&mut self) {
        let Some(waiting) = self.work.codebook.comparison.take() else {
            return;
        };
        let title = format!("take in codebook “{}”", waiting.name);
        let taken = self.change_codebook(&title, |project, signed| {
            codebook::take_in(project, &waiting.comparison, &waiting.name, signed)
        });
        if !taken {
            if waiting.comparison.undecided() > 0 {
                self.work.codebook.comparison = Some(waiting);
                return;
            }
            let message = format!("“{}” changed nothing in the codebook", waiting.name);
            self.notify(Notice::info(message));
            return;
        }
        let summary = waiting.comparison.summary();
        let message = format!("Took in “{}”: {summary}", waiting.name);
        let mut notice = Notice::info(message).on("trash");
        if waiting.left_out > 0 {
            let left_out = count(
                waiting.left_out,
                "example that is an annotation",
                "examples that are annotations",
            );
            notice = notice.with_details(vec![format!("{left_out} of another project: left out")]);
        }
        self.notify(notice.with_offer("Undo", Action::Run(Command::Undo)));
    }

    fn ask_where_to_save(&mut self, extension: &'static str) {
        let name = self.work.session.display_name();
        let name = format!("{name}-codebook.{extension}");
        self.requests
            .push(UiRequest::Pick(Pick::SaveCodebook { name, extension }));
    }

    pub(super) fn save_codebook_to(&mut self, path: &Path) {
        let project = self.work.session.project();
        let shared = SharedCodebook {
            name: self.work.session.display_name(),
            codebook: project.codebook().clone(),
            ..SharedCodebook::default()
        };
        // The dialog has asked about a file that is there.
        match codebooks::write(&shared, path, true) {
            Ok(not_held) => {
                let labels = count(shared.codebook.labels.len(), "label", "labels");
                let message = format!("The codebook is in {}: {labels}", shown_path(path));
                let not_held = not_held.iter();
                let details = not_held.map(|what| format!("It does not hold {what}"));
                self.notify(Notice::info(message).with_details(details.collect()));
            }
            Err(error) => {
                let message = format!("The codebook was not written. {error}");
                self.notify(Notice::error(message));
            }
        }
    }
}
