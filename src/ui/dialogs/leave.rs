//! The question before unsaved work is left.

use super::Question;
use crate::app::action::{Action, LeaveAnswer};
use crate::app::model::Model;
use crate::ui::kit::card::{Card, CardStep};
use crate::ui::theme::Tokens;
use eframe::egui::Context;

pub(super) const ASKS: Question = Question {
    is_asked: |model| model.question().is_some(),
    open: || Box::new(leave_ui),
};

fn leave_ui(ctx: &Context, model: &Model, actions: &mut Vec<Action>, _: &Tokens) -> CardStep {
    let title = format!("Save the changes to “{}”?", model.session().display_name());
    let card = Card::question("leave", &title);
    let step = card.show(ctx, |ui, card| {
        card.body(ui, |ui| ui.label(if model.session().path().is_some() {
            "Without saving, the file stays as it was saved last. What was done since stays in the journal and can be made again after opening it."
        } else {
            "This project was never saved. Without saving, it is gone."
        }));
        card.foot(ui, "", |ui, card| {
            let discards = ui.button("Do not save").clicked();
            card.close(ui, "Go back");
            let saves = card.main(ui, None, "Save", "");
            match (saves, discards) {
                (true, _) => Some(LeaveAnswer::Save),
                (_, true) => Some(LeaveAnswer::Discard),
                _ => None,
            }
        })
    });
    if let Some(answer) = step.answer(LeaveAnswer::Stay) {
        actions.push(Action::Leave(answer));
    }
    CardStep::Stays
}
