//! Choosing a codebook to load, and what taking it in would do, label by label.

use super::{Dialog, Opener, Question};
use crate::app::action::{Action, CodebookAction};
use crate::app::command::Command;
use crate::app::model::{CodebookComparison, Model};
use crate::app::words::{capitalised, count};
use crate::core::codebook::compare::{Row, Side, Standing};
use crate::format::codebooks::ready::READY;
use crate::ui::kit::card::{Card, CardStep, scroll, split};
use crate::ui::kit::entry::TextRow;
use crate::ui::kit::list::text_list_ui;
use crate::ui::theme::{self, Tokens};
use eframe::egui::{Context, Label, RichText, Ui};

pub(super) const OPENS: &[Opener] = &[Opener::new(Command::LoadCodebook, |_| {
    Box::new(LoadCodebook { at: 0 })
})];

pub(super) const ASKS: Question = Question {
    is_asked: |model| model.comparison().is_some(),
    open: || Box::new(Comparing { at: 0 }),
};

struct LoadCodebook {
    at: usize,
}

impl Dialog for LoadCodebook {
    fn ui(
        &mut self,
        ctx: &Context,
        _: &Model,
        actions: &mut Vec<Action>,
        tokens: &Tokens,
    ) -> CardStep {
        let step = Card::choice("load codebook", "Load codebook").show(ctx, |ui, card| {
            card.lead(
                ui,
                "Labels are added and changed, and none is taken away. What it would do is shown first.",
            );
            let mut action = None;
            card.pane(ui, |ui| {
                let (mut left, mut right) = split(ui, 270.0);
                text_list_ui(
                    &mut left,
                    "Codebooks that come with Pressmark",
                    &mut self.at,
                    READY.len(),
                    tokens,
                    |at| TextRow {
                        text: READY.get(at).map_or("", |ready| ready.name).to_owned(),
                        ..TextRow::default()
                    },
                );
                if let Some(ready) = READY.get(self.at) {
                    scroll(&mut right, "about", |ui| {
                        ui.label(RichText::new(ready.name).font(theme::strong_font(14.0)));
                        ui.label(ready.about);
                        ui.weak(ready.source);
                    });
                }
            });
            card.foot(ui, "", |ui, card| {
                let from_file = ui.button("From a file…");
                let help = "Codebooks and projects of Pressmark (.ron), REFI-QDA (.qdc), brat (annotation.conf), Label Studio (.xml)";
                if from_file.on_hover_text(help).clicked() {
                    action = Some(Loads::File);
                }
                card.close(ui, "Cancel");
                let ready = READY.get(self.at);
                if card.main(ui, None, "Compare", "shows what it would do")
                    && let Some(ready) = ready
                {
                    action = Some(Loads::Ready(ready.id));
                }
            });
            action
        });
        match step {
            // Once a file is chosen this goes; without one it is come back to.
            CardStep::Chosen(Loads::File) => {
                actions.push(Action::from(CodebookAction::PickFile));
                CardStep::Stays
            }
            step => step.leave_with(|loads| {
                if let Loads::Ready(id) = loads {
                    actions.push(Action::from(CodebookAction::CompareReady(id)));
                }
            }),
        }
    }
}

enum Loads {
    File,
    Ready(&'static str),
}

/// What another codebook would do.
struct Comparing {
    at: usize,
}

impl Dialog for Comparing {
    fn ui(
        &mut self,
        ctx: &Context,
        model: &Model,
        actions: &mut Vec<Action>,
        tokens: &Tokens,
    ) -> CardStep {
        let Some(waiting) = model.comparison() else {
            return CardStep::Left;
        };
        let comparison = &waiting.comparison;
        let name: String = waiting.name.chars().take(50).collect();
        let title = format!("Take in “{name}”");
        let mut asked = Vec::new();
        let step = Card::work("take in codebook", &title).show(ctx, |ui, card| {
            card.lead(ui, &lead(waiting));
            card.pane(ui, |ui| {
                let (mut left, mut right) = split(ui, 320.0);
                let rows = &comparison.rows;
                text_list_ui(
                    &mut left,
                    "Labels",
                    &mut self.at,
                    rows.len(),
                    tokens,
                    |at| {
                        let Some(row) = rows.get(at) else {
                            return TextRow::default();
                        };
                        let undecided = row.undecided();
                        let detail = if undecided > 0 {
                            "to be decided"
                        } else {
                            row.standing().words()
                        };
                        TextRow {
                            text: row.theirs.name.clone(),
                            detail: detail.to_owned(),
                            is_dim: !row.is_taken || row.standing() == Standing::Same,
                            ..TextRow::default()
                        }
                    },
                );
                if let Some(row) = rows.get(self.at) {
                    scroll(&mut right, "row", |ui| {
                        row_ui(ui, model, self.at, row, &mut asked);
                    });
                }
            });
            let undecided = comparison.undecided();
            let note = match undecided {
                0 => comparison.summary(),
                n => count(
                    n,
                    "conflict is to be decided",
                    "conflicts are to be decided",
                ),
            };
            card.foot(ui, &note, |ui, card| {
                if undecided > 0 {
                    for (text, side) in
                        [("All as here", Side::Mine), ("All as there", Side::Theirs)]
                    {
                        if ui.button(text).clicked() {
                            asked.push(CodebookAction::DecideAll(side));
                        }
                    }
                }
                card.close(ui, "Cancel");
                let refusal = (undecided > 0).then_some("conflicts are to be decided first");
                let takes = card.main(ui, refusal, "Take in", "one step to undo");
                takes.then_some(())
            })
        });
        actions.extend(asked.into_iter().map(Action::from));
        match step {
            CardStep::Stays => CardStep::Stays,
            CardStep::Left => {
                actions.push(Action::from(CodebookAction::LeaveComparison));
                CardStep::Left
            }
            CardStep::Chosen(()) => {
                actions.push(Action::from(CodebookAction::TakeIn));
                CardStep::Left
            }
        }
    }
}

fn lead(waiting: &CodebookComparison) -> String {
    let mut lead = format!("{}.", capitalised(waiting.kind));
    let only_mine = waiting.comparison.only_mine;
    if only_mine > 0 {
        let stay = count(
            only_mine,
            "label that is only here stays",
            "labels that are only here stay",
        );
        lead.push_str(&format!(" {stay}."));
    }
    if !waiting.problems.is_empty() {
        let told = count(waiting.problems.len(), "place", "places");
        let first = waiting.problems.first().map_or("", String::as_str);
        lead.push_str(&format!(" {told} not read as it stands: {first}"));
    }
    if waiting.left_out > 0 {
        let n = count(waiting.left_out, "example is", "examples are");
        lead.push_str(&format!(" {n} of another project and left out."));
    }
    lead.chars().take(400).collect()
}

/// What one label would do, and what is to be decided of it.
fn row_ui(ui: &mut Ui, model: &Model, at: usize, row: &Row, asked: &mut Vec<CodebookAction>) {
    let theirs = &row.theirs;
    ui.add(Label::new(RichText::new(&theirs.name).font(theme::strong_font(14.0))).wrap());
    let own = row.own.as_ref().map(|own| model.codebook().name_of(own));
    ui.weak(match own {
        None => "A new label.".to_owned(),
        Some(own) if *own == theirs.name => capitalised(row.standing().words()),
        Some(own) => format!("It is “{own}” here."),
    });
    let mut is_taken = row.is_taken;
    if ui.checkbox(&mut is_taken, "Take it in").clicked() {
        asked.push(CodebookAction::Take { row: at, is_taken });
    }
    if own.is_none() && !theirs.definition.is_empty() {
        ui.add(Label::new(&theirs.definition).wrap());
    }
    for (conflict, of) in row.conflicts.iter().enumerate() {
        ui.add_space(6.0);
        let clash = capitalised(&of.clash.to_string());
        ui.add(
            Label::new(RichText::new(format!("{clash}.")).font(theme::strong_font(13.0))).wrap(),
        );
        for (side, words) in of.clash.choices(row) {
            let is_on = of.choice == Some(side);
            let choice = ui.radio(is_on, capitalised(&words));
            if choice.clicked() && !is_on {
                asked.push(CodebookAction::Decide {
                    row: at,
                    conflict,
                    side,
                });
            }
        }
    }
    if own.is_some() && !row.differences.is_empty() {
        ui.add_space(6.0);
        ui.label(RichText::new("What changes").font(theme::strong_font(13.0)));
    }
    if own.is_some() {
        for difference in &row.differences {
            let told = capitalised(&difference.to_string());
            ui.add(Label::new(told.chars().take(600).collect::<String>()).wrap());
        }
    }
}
