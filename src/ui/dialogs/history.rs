//! The history as a list: look at it, and go to any step of it.

use super::{Dialog, Opener};
use crate::app::action::Action;
use crate::app::clock;
use crate::app::command::Command;
use crate::app::lines::StepExcerptAt;
use crate::app::model::{Model, step_title};
use crate::ui::kit::card::{Card, CardStep};
use crate::ui::kit::entry::TextRow;
use crate::ui::kit::list::text_list_ui;
use crate::ui::theme::Tokens;
use eframe::egui::Context;

pub(super) const OPENS: &[Opener] = &[Opener::new(Command::History, |_| {
    Box::new(HistoryDialog::new())
})];

struct HistoryDialog {
    cursor: usize,
    /// The history has changed: the cursor goes to where it stands.
    done: Option<usize>,
}

impl HistoryDialog {
    fn new() -> Self {
        Self {
            cursor: 0,
            done: None,
        }
    }
}

impl Dialog for HistoryDialog {
    fn ui(
        &mut self,
        ctx: &Context,
        model: &Model,
        actions: &mut Vec<Action>,
        tokens: &Tokens,
    ) -> CardStep {
        let card = Card::choice("history", "History").light();
        let step = card.show(ctx, |ui, card| {
            let history = model.session().history();
            let (steps, done) = (history.steps(), history.done());
            // The newest first, and the beginning at the end.
            let rows = steps.len() + 1;
            let row_of = |done: usize| steps.len() - done.min(steps.len());
            if self.done != Some(done) {
                self.done = Some(done);
                self.cursor = row_of(done);
            }
            card.lead(ui, if steps.is_empty() {
                "Nothing was done in this project yet. Every change will stand here and can be undone, also after saving and reopening."
            } else {
                "Click on a step to go to it. Steps above the present one can be made again."
            });
            let saved = model.session().saved_step();
            let row = |i: usize| {
                let after = steps.len() - i;
                let step = after.checked_sub(1).and_then(|at| steps.get(at));
                let mut row = match step {
                    Some(step) => {
                        let when = step.when.map(clock::day_and_time).unwrap_or_default();
                        let by = step.by.as_ref().map(|by| model.session().project().annotator_name(by));
                        let title = step_title(&step.title);
                        let excerpt = model.derived(&StepExcerptAt(after - 1));
                        TextRow {
                            text: if excerpt.is_empty() {
                                title
                            } else {
                                format!("{title}: {excerpt}")
                            },
                            detail: match by {
                                Some(by) => format!("{by}, {when}"),
                                None => when,
                            },
                            ..TextRow::default()
                        }
                    }
                    None => TextRow {
                        text: "The beginning of the history".to_owned(),
                        ..TextRow::default()
                    },
                };
                if saved == Some(after) {
                    row.detail = format!("saved   {}", row.detail);
                }
                row.is_chosen = after == done;
                row.is_dim = after > done;
                row
            };
            let cursor = &mut self.cursor;
            let clicked = card.pane(ui, |ui| text_list_ui(ui, "Steps", cursor, rows, tokens, row));
            let clicked = clicked.map(|clicked| steps.len() - clicked);
            card.foot(ui, "", |ui, card| {
                let target = steps.len() - self.cursor.min(steps.len());
                let refusal = (target == done).then_some("This is the present step");
                card.close(ui, "Close");
                let goes = card.main(ui, refusal, "Go to this step", "");
                clicked.or(goes.then_some(target))
            })
        });
        step.stay_with(|jump| actions.push(Action::JumpTo(jump)))
    }
}
