//! The preview of an import: what was recognised, what it becomes, and what is to be decided before
//! anything enters the project.

mod file;

use super::wording::wording_ui;
use super::{Dialog, Question};
use crate::app::action::Action;
use crate::app::derived::wording::WordingBetween;
use crate::app::import::{FoundLabelUse, ImportOptions, Proposal, Twin, TwinChoice};
use crate::app::jobs::JobKind;
use crate::app::model::{ImportPreview, Model};
use crate::app::words::count;
use crate::core::codebook::Codebook;
use crate::ui::kit::card::{Card, CardStep, Inside, scroll, split};
use crate::ui::kit::entry::FileRow;
use crate::ui::kit::icon::Icon;
use crate::ui::kit::list::file_list_ui;
use crate::ui::kit::pick::{Pick, option_ui};
use crate::ui::kit::table::Table;
use crate::ui::kit::tabs::parts_ui;
use crate::ui::theme::Tokens;
use eframe::egui::{self, Context, Frame, Margin, ProgressBar, RichText, Ui};
use file::{file_row, file_ui};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Tab {
    Files,
    Twins,
    Labels,
}

pub(super) const ASKS: Question = Question {
    is_asked: |model| model.import().is_some_and(|preview| !preview.is_aside),
    open: || Box::new(ImportDialog::default()),
};

struct ImportDialog {
    tab: Tab,
    file: usize,
    twin: usize,
    only_worth_a_look: bool,
}

impl Default for ImportDialog {
    fn default() -> Self {
        Self {
            tab: Tab::Files,
            file: 0,
            twin: 0,
            only_worth_a_look: false,
        }
    }
}

impl Dialog for ImportDialog {
    fn ui(
        &mut self,
        ctx: &Context,
        model: &Model,
        actions: &mut Vec<Action>,
        tokens: &Tokens,
    ) -> CardStep {
        let is_read = model.import().is_some_and(|p| p.proposal.is_some());
        let name = if is_read { "import" } else { "reading" };
        let card = Card::work(name, "Import articles");
        let step = card.show(ctx, |ui, card| {
            let mut asked = Vec::new();
            let preview = model.import()?;
            match &preview.proposal {
                None => reading_ui(ui, model, card, &mut asked),
                Some(proposal) => {
                    self.proposal_ui(ui, model, preview, proposal, tokens, card, &mut asked);
                }
            }
            (!asked.is_empty()).then_some(asked)
        });
        for action in step
            .answer(vec![Action::CancelImport])
            .into_iter()
            .flatten()
        {
            if matches!(action, Action::SetImportOptions(_)) {
                self.twin = 0;
            }
            actions.push(action);
        }
        CardStep::Stays
    }
}

impl ImportDialog {
    #[expect(clippy::too_many_arguments, reason = "parts of one dialog")]
    fn proposal_ui(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        preview: &ImportPreview,
        proposal: &Proposal,
        tokens: &Tokens,
        card: &mut Inside,
        actions: &mut Vec<Action>,
    ) {
        let import = &proposal.import;
        let mut found = vec![
            count(import.report.len(), "file", "files"),
            count(import.article_count(), "article", "articles"),
        ];
        let counts = &proposal.found;
        if counts.annotations > 0 {
            found.push(count(counts.annotations, "annotation", "annotations"));
        }
        if counts.there > 0 {
            found.push(format!("{} in the project already", counts.there));
        }
        if counts.copies > 0 {
            found.push(count(
                counts.copies,
                "copy within them",
                "copies within them",
            ));
        }
        if counts.refused > 0 {
            found.push(format!("{} refused", counts.refused));
        }
        card.lead(ui, &found.join(", "));
        card.space(8.0);
        let tabs = [
            (Tab::Files, format!("Files ({})", import.report.len())),
            (
                Tab::Twins,
                format!("Copies and versions ({})", proposal.twins.len()),
            ),
            (Tab::Labels, format!("Labels ({})", import.labels.len())),
        ];
        card.line(ui, |ui| {
            parts_ui(ui, "Parts of the import", &mut self.tab, &tabs);
        });
        card.space(-12.0);
        card.pane(ui, |ui| match self.tab {
            Tab::Files => self.files_ui(ui, preview, proposal, tokens, actions),
            Tab::Twins => self.twins_ui(ui, model, proposal, tokens, actions),
            Tab::Labels => scroll(ui, "labels", |ui| {
                let codebook = model.session().project().codebook();
                labels_ui(ui, &import.labels, codebook, &preview.options, actions);
            }),
        });
        card.foot(ui, "Nothing of it is in the project yet.", |ui, card| {
            let mut options = preview.options.clone();
            ui.checkbox(&mut options.keeps_copies, "Add exact copies too")
                .on_hover_text("Otherwise an article is skipped whose text is in the project, or in this import before it");
            if options != preview.options {
                actions.push(Action::SetImportOptions(Box::new(options)));
            }
            card.close(ui, "Cancel");
            let added = proposal.added();
            let text = match added {
                0 => "Nothing to add".to_owned(),
                n => format!("Add {}", count(n, "article", "articles")),
            };
            let refusal = match (added, preview.is_current) {
                (_, false) => Some("What was chosen is being read"),
                (0, _) => Some("All of it is left out, or in the project already"),
                _ => None,
            };
            if card.main(ui, refusal, text, "one step, which undo takes back") {
                actions.push(Action::AcceptImport);
            }
        });
    }

    fn files_ui(
        &mut self,
        ui: &mut Ui,
        preview: &ImportPreview,
        proposal: &Proposal,
        tokens: &Tokens,
        actions: &mut Vec<Action>,
    ) {
        let files = &proposal.import.report;
        let chosen = self.only_worth_a_look;
        let chosen = chosen.then_some(proposal.found.worth_a_look.as_slice());
        let rows = chosen.map_or(files.len(), <[usize]>::len);
        let file_at = |row: usize| match chosen {
            Some(places) => places.get(row).and_then(|at| files.get(*at)),
            None => files.get(row),
        };
        if files.is_empty() {
            scroll(ui, "nothing", |ui| {
                ui.weak("No files that hold articles were found in what was chosen. Text, web pages, PDF, Word, mail, database exports, tables and annotated datasets can be read.")
            });
            return;
        }
        let (mut left, mut right) = split(ui, 320.0);
        Frame::new()
            .inner_margin(Margin::symmetric(20, 6))
            .show(&mut left, |ui| {
                ui.set_width(ui.available_width());
                ui.checkbox(&mut self.only_worth_a_look, "Only what needs a look");
            });
        if rows == 0 {
            let told = "Every file was read without anything to say about it.";
            scroll(&mut right, "nothing", |ui| ui.weak(told));
            return;
        }
        self.file = self.file.min(rows - 1);
        let row = |at: usize| Some(file_row(file_at(at)?, tokens));
        file_list_ui(&mut left, "Files", &mut self.file, rows, tokens, row);
        if let Some(file) = file_at(self.file) {
            scroll(&mut right, "file", |ui| {
                file_ui(ui, file, preview, tokens, actions);
            });
        }
    }

    fn twins_ui(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        proposal: &Proposal,
        tokens: &Tokens,
        actions: &mut Vec<Action>,
    ) {
        let twins = &proposal.twins;
        if twins.is_empty() {
            let told = "None of these articles is like another one, here or in the project.";
            scroll(ui, "nothing", |ui| ui.weak(told));
            return;
        }
        self.twin = self.twin.min(twins.len() - 1);
        let title = |i: usize| {
            let article = proposal.import.articles.get(i);
            article.map_or("".into(), |article| article.shown_title())
        };
        let row = |i: usize| {
            let twin = twins.get(i)?;
            let version = if twin.is_version { "a version, " } else { "" };
            let choice = choice_name(twin.choice);
            let color = match twin.choice {
                TwinChoice::LeaveOut => tokens.dim,
                TwinChoice::Add | TwinChoice::Group | TwinChoice::NewVersion => tokens.ok,
            };
            Some(FileRow {
                icon: (Icon::Copies, color),
                text: title(twin.article).into_owned(),
                second: format!("{choice} · {version}{}", twin.likeness),
                color: tokens.dim,
            })
        };
        let (mut left, mut right) = split(ui, 400.0);
        let cursor = &mut self.twin;
        let name = "Copies and versions";
        file_list_ui(&mut left, name, cursor, twins.len(), tokens, row);
        if let Some(twin) = twins.get(self.twin) {
            scroll(&mut right, "twin", |ui| {
                twin_ui(ui, model, proposal, (self.twin, twin), tokens, actions);
            });
        }
    }
}

/// An article that is like another one, what is to become of it, and how the two differ.
fn twin_ui(
    ui: &mut Ui,
    model: &Model,
    proposal: &Proposal,
    (at, twin): (usize, &Twin),
    tokens: &Tokens,
    actions: &mut Vec<Action>,
) {
    let twins = &proposal.twins;
    {
        let project = model.session().project();
        let other = proposal.other(project, twin);
        ui.label(match other {
            Some(other) => {
                let place = match &twin.other {
                    crate::app::import::Other::InProject(_) => "in the project",
                    crate::app::import::Other::InImport(_) => "in this import",
                };
                format!("Like “{}” {place}: {}", other.shown_title(), twin.likeness)
            }
            None => String::new(),
        });
        ui.horizontal_wrapped(|ui| {
            let choices: &[TwinChoice] = if twin.is_version {
                &[
                    TwinChoice::NewVersion,
                    TwinChoice::Add,
                    TwinChoice::Group,
                    TwinChoice::LeaveOut,
                ]
            } else {
                &[TwinChoice::Add, TwinChoice::Group, TwinChoice::LeaveOut]
            };
            // What is chosen while files are read again would be lost.
            if model.import().is_some_and(|preview| !preview.is_current) {
                ui.disable();
            }
            for choice in choices {
                let radio = ui.radio(twin.choice == *choice, choice_name(*choice));
                if radio.on_hover_text(choice_help(*choice)).clicked() {
                    actions.push(Action::ChooseTwin {
                        at: Some(at),
                        choice: *choice,
                    });
                }
            }
            if twins.len() > 1
                && ui
                    .button(format!("The same for all {}", twins.len()))
                    .clicked()
            {
                actions.push(Action::ChooseTwin {
                    at: None,
                    choice: twin.choice,
                });
            }
        });
        let article = proposal.import.articles.get(twin.article);
        if let (Some(other), Some(article)) = (other, article) {
            let wording = model.derived_later(&WordingBetween {
                old: other.text.clone(),
                new: article.text.clone(),
            });
            wording_ui(ui, &wording, tokens);
        }
    }
}

fn choice_name(choice: TwinChoice) -> &'static str {
    match choice {
        TwinChoice::Add => "Add",
        TwinChoice::Group => "Add to its group",
        TwinChoice::LeaveOut => "Leave out",
        TwinChoice::NewVersion => "New version",
    }
}

fn choice_help(choice: TwinChoice) -> &'static str {
    match choice {
        TwinChoice::Add => "Both stay, as articles of their own",
        TwinChoice::Group => "Both stay, with the same value in the metadata field “group”",
        TwinChoice::LeaveOut => "It does not enter the project",
        TwinChoice::NewVersion => {
            "It takes the old one's place and its annotations; what cannot follow goes to the review list, the old one to the trash"
        }
    }
}

/// How far reading has come.
fn reading_ui(ui: &mut Ui, model: &Model, card: &mut Inside, actions: &mut Vec<Action>) {
    let mut running = model.jobs().running().iter();
    let job = running.rfind(|job| job.kind == JobKind::Import && !job.is_cancelled());
    let share = job.and_then(|job| job.share()).unwrap_or(0.0);
    let left = match job {
        Some(job) if share > 0.03 => {
            let secs = job.running_secs() / share * (1.0 - share);
            format!("{:.0} %, about {:.0} s left", share * 100.0, secs.max(1.0))
        }
        _ => "Looking for files".to_owned(),
    };
    card.body(ui, |ui| {
        ui.add(ProgressBar::new(share).text(left));
        let item = job.map(|job| job.item()).unwrap_or_default();
        ui.add(egui::Label::new(RichText::new(item).small().weak()).truncate());
    });
    card.foot(ui, "", |ui, card| {
        let aside = ui.button("Go on in the background");
        let told = "Read, mark and search meanwhile; a notice leads back when the files are read";
        if aside.on_hover_text(told).clicked() {
            actions.push(Action::PutImportAside);
        }
        card.close(ui, "Cancel");
    });
}

/// Which labels of the codebook those of the datasets become.
fn labels_ui(
    ui: &mut Ui,
    labels: &[FoundLabelUse],
    codebook: &Codebook,
    options: &ImportOptions,
    actions: &mut Vec<Action>,
) {
    if labels.is_empty() {
        ui.weak("No annotations come with these files.");
        return;
    }
    ui.weak("Labels of the datasets, and what they become. New ones are added to the codebook.");
    ui.add_space(4.0);
    {
        Table::new("Labels of the datasets", 3)
            .striped()
            .show(ui, |ui| {
                for label in labels.iter().take(500) {
                    ui.label(&label.name);
                    ui.weak(count(label.annotations, "annotation", "annotations"));
                    let name = match &label.becomes {
                        Some(id) => codebook.name_of(id).to_owned(),
                        None => "a new label".to_owned(),
                    };
                    let told = format!("Label for {}", label.name);
                    Pick::new(&told, name).show(ui, |ui| {
                        let mut choose =
                            |ui: &mut Ui, id: Option<&crate::core::ids::LabelId>, name: &str| {
                                let is_it = label.becomes.as_ref() == id;
                                if option_ui(ui, is_it, name).clicked() && !is_it {
                                    let mut options = options.clone();
                                    match id {
                                        Some(id) => drop(
                                            options.labels.insert(label.name.clone(), id.clone()),
                                        ),
                                        None => drop(options.labels.remove(&label.name)),
                                    }
                                    actions.push(Action::SetImportOptions(Box::new(options)));
                                }
                            };
                        if codebook.label(&label.name).is_none() {
                            choose(ui, None, "a new label");
                        }
                        for known in &codebook.labels {
                            choose(ui, Some(&known.id), &known.name);
                        }
                    });
                    ui.end_row();
                }
            });
    }
}
