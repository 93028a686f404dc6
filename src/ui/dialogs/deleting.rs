//! The annotators, and the questions before a label or an annotator goes.

use super::{Dialog, Opener};
use crate::app::action::{Action, Deleting};
use crate::app::command::Command;
use crate::app::derived::labels::Pickable;
use crate::app::model::Model;
use crate::core::ids::LabelId;
use crate::ui::kit::card::{Card, CardStep};
use crate::ui::kit::pick::Pick;
use crate::ui::kit::table::Table;
use crate::ui::label_pick::pick_label_ui;
use crate::ui::theme::Tokens;
use eframe::egui::{Context, Ui};

pub(super) const OPENS: &[Opener] = &[
    Opener::new(Command::Labels, |_| Box::new(labels_ui)),
    Opener::new(Command::Annotators, |_| Box::new(annotators_ui)),
];

/// The question before something goes.
pub(super) fn ask(what: Deleting) -> Box<dyn Dialog> {
    Box::new(DeleteDialog {
        what,
        moves: true,
        target: None,
    })
}

/// What is to go, and what was chosen so far.
struct DeleteDialog {
    what: Deleting,
    moves: bool,
    target: Option<LabelId>,
}

fn annotations(n: usize, articles: usize) -> String {
    let noun = if n == 1 { "annotation" } else { "annotations" };
    let place = if articles == 1 { "article" } else { "articles" };
    format!("{n} {noun} in {articles} {place}")
}

impl Dialog for DeleteDialog {
    fn ui(
        &mut self,
        ctx: &Context,
        model: &Model,
        actions: &mut Vec<Action>,
        _: &Tokens,
    ) -> CardStep {
        let (n, articles) = model.extent_of(&self.what);
        let project = model.session().project();
        let title = match &self.what {
            Deleting::Label(label) => format!("Delete “{}”?", project.codebook().name_of(label)),
            Deleting::Annotator(id) => format!("Delete “{}”?", project.annotator_name(id)),
        };
        let card = Card::question("delete", &title).higher(52.0).deleting();
        let step = card.show(ctx, |ui, card| {
            card.body(ui, |ui| {
                match &self.what {
                    Deleting::Label(label) => {
                        let codebook = model.session().project().codebook();
                        if n == 0 {
                            ui.label("No annotation has this label. It goes to the trash.");
                        } else {
                            ui.label(format!("{} have this label.", annotations(n, articles)));
                            let others: Vec<_> =
                                codebook.labels.iter().filter(|l| l.id != *label).collect();
                            if self.target.is_none() {
                                self.target = others.first().map(|l| l.id.clone());
                            }
                            self.moves &= !others.is_empty();
                            ui.add_enabled_ui(!others.is_empty(), |ui| {
                                ui.horizontal(|ui| {
                                    ui.radio_value(
                                        &mut self.moves,
                                        true,
                                        format!("Give all {n} the label"),
                                    );
                                    let chosen = self.target.clone();
                                    let chosen = chosen.as_ref();
                                    let name = chosen.map_or("", |id| codebook.name_of(id));
                                    let pick = Pick::new("New label", name).truncate();
                                    let which = Pickable::AllBut(label.clone());
                                    let picked =
                                        pick_label_ui(ui, model, pick, which, chosen, None);
                                    if let Some(other) = picked.flatten() {
                                        self.target = Some(other);
                                        self.moves = true;
                                    }
                                });
                            });
                            ui.radio_value(
                                &mut self.moves,
                                false,
                                format!("Move all {n} to the trash with it"),
                            );
                        }
                    }
                    Deleting::Annotator(_) => {
                        ui.label(match n {
                            0 => "There are no annotations by them.".to_owned(),
                            _ => {
                                format!("{} by them go to the trash too.", annotations(n, articles))
                            }
                        });
                    }
                }
                ui.weak("One step of undo, or the trash, brings everything back.");
            });
            card.foot(ui, "", |ui, card| {
                let text = match (&self.what, n) {
                    (_, 0) => "Delete".to_owned(),
                    (Deleting::Label(_), n) if self.moves => format!("Delete the label, keep {n}"),
                    (_, n) => format!("Delete with {n}"),
                };
                card.close(ui, "Go back");
                let deletes = card.main(ui, None, text, "");
                deletes.then(|| match &self.what {
                    Deleting::Label(label) => Action::DeleteLabel {
                        label: label.clone(),
                        move_to: self.target.clone().filter(|_| self.moves && n > 0),
                    },
                    Deleting::Annotator(id) => Action::DeleteAnnotator(id.clone()),
                })
            })
        });
        step.leave_with(|action| actions.push(action))
    }
}

/// The labels of the codebook.
fn labels_ui(ctx: &Context, model: &Model, actions: &mut Vec<Action>, _: &Tokens) -> CardStep {
    let card = Card::choice("labels", "Labels").light();
    let step = card.show(ctx, |ui, card| {
        let mut action = None;
        let labels = &model.session().project().codebook().labels;
        card.lead(
            ui,
            if labels.is_empty() {
                "The codebook has no labels. Restore one from the trash, or undo."
            } else {
                "The labels of the codebook, with how often they are used in this project."
            },
        );
        let rows = |ui: &mut Ui| {
            for label in labels {
                ui.label(&label.name).on_hover_text(&label.definition);
                let what = Deleting::Label(label.id.clone());
                let (n, articles) = model.extent_of(&what);
                ui.weak(annotations(n, articles));
                let name = format!("Delete {}…", label.name.to_lowercase());
                if ui.button("Delete…").on_hover_text(name).clicked() {
                    action = Some(Action::AskToDelete(what));
                }
                ui.end_row();
            }
        };
        card.body(ui, |ui| Table::new("All labels", 3).show(ui, rows));
        card.closing_foot(ui);
        action
    });
    step.leave_with(|action| actions.push(action))
}

/// Who annotates in this project.
fn annotators_ui(ctx: &Context, model: &Model, actions: &mut Vec<Action>, _: &Tokens) -> CardStep {
    let card = Card::choice("annotators", "Annotators").light();
    let step = card.show(ctx, |ui, card| {
        let mut action = None;
        let annotators = model.session().project().annotators();
        let lead = if annotators.is_empty() {
            "Nobody has annotated in this project yet. You are here with your first annotation."
        } else {
            "Who has annotated in this project. Your own name is in the settings."
        };
        card.lead(ui, lead);
        let rows = |ui: &mut Ui| {
            for annotator in annotators {
                let is_me = annotator.id == *model.session().annotator();
                ui.label(format!(
                    "{}{}",
                    annotator.name,
                    if is_me { " (you)" } else { "" }
                ));
                let what = Deleting::Annotator(annotator.id.clone());
                let (n, articles) = model.extent_of(&what);
                ui.weak(annotations(n, articles));
                if ui.button("Delete…").clicked() {
                    action = Some(Action::AskToDelete(what));
                }
                ui.end_row();
            }
        };
        card.body(ui, |ui| Table::new("All annotators", 3).show(ui, rows));
        card.closing_foot(ui);
        action
    });
    step.leave_with(|action| actions.push(action))
}
