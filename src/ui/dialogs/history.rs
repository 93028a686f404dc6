//! The history as a list: look at it, and go to any step of it.

use super::list::{Row, list_ui};
use crate::app::action::Action;
use crate::app::clock;
use crate::app::lines::StepExcerptAt;
use crate::app::model::{Model, step_title};
use crate::ui::theme::{self, Tokens};
use eframe::egui::{Context, Key, Modal, Modifiers, RichText};

pub(crate) struct HistoryDialog {
    cursor: usize,
    /// The history has changed: the cursor goes to where it stands.
    done: Option<usize>,
}

impl HistoryDialog {
    pub(crate) fn new() -> Self {
        Self {
            cursor: 0,
            done: None,
        }
    }

    /// Draws it; `false` when it is to be closed.
    pub(crate) fn ui(
        &mut self,
        ctx: &Context,
        model: &Model,
        actions: &mut Vec<Action>,
        tokens: &Tokens,
    ) -> bool {
        let mut jump = None;
        let modal = Modal::new(eframe::egui::Id::unique("history")).show(ctx, |ui| {
            ui.set_width(560.0);
            ui.label(RichText::new("History").font(theme::strong_font(18.0)));
            let history = model.session().history();
            let (steps, done) = (history.steps(), history.done());
            // The newest first, and the beginning at the end.
            let rows = steps.len() + 1;
            let row_of = |done: usize| steps.len() - done.min(steps.len());
            if self.done != Some(done) {
                self.done = Some(done);
                self.cursor = row_of(done);
            }
            if steps.is_empty() {
                ui.weak("Nothing was done in this project yet. Every change will stand here and can be undone, also after saving and reopening.");
            } else {
                ui.weak("Click on a step to go to it. Steps above the present one can be made again.");
            }
            ui.add_space(8.0);
            let saved = model.session().saved_step();
            let clicked = list_ui(ui, tokens, &mut self.cursor, rows, 380.0, |i| {
                let after = steps.len() - i;
                let step = after.checked_sub(1).and_then(|at| steps.get(at));
                let mut row = match step {
                    Some(step) => {
                        let when = step.when.map(clock::day_and_time).unwrap_or_default();
                        let by = step.by.as_ref().map(|by| model.session().project().annotator_name(by));
                        let title = step_title(&step.title);
                        let excerpt = model.derived(&StepExcerptAt(after - 1));
                        Row {
                            text: match excerpt.is_empty() {
                                true => title,
                                false => format!("{title}: {excerpt}"),
                            },
                            detail: match by {
                                Some(by) => format!("{by}, {when}"),
                                None => when,
                            },
                            ..Row::default()
                        }
                    }
                    None => Row {
                        text: "The beginning of the history".to_owned(),
                        ..Row::default()
                    },
                };
                if saved == Some(after) {
                    row.detail = format!("saved   {}", row.detail);
                }
                row.is_chosen = after == done;
                row.is_dim = after > done;
                row
            });
            if let Some(clicked) = clicked {
                jump = Some(steps.len() - clicked);
            }
            ui.add_space(8.0);
            ui.horizontal(|ui| {
                let target = steps.len() - self.cursor.min(steps.len());
                let go = eframe::egui::Button::new("Go to this step");
                let enabled = target != done;
                let enter = ui.input_mut(|i| i.consume_key(Modifiers::NONE, Key::Enter));
                if (ui.add_enabled(enabled, go).on_hover_text("Enter").clicked() || enter) && enabled {
                    jump = Some(target);
                }
                ui.button("Close").on_hover_text("Esc").clicked()
            })
            .inner
        });
        if let Some(jump) = jump {
            actions.push(Action::JumpTo(jump));
        }
        !(modal.inner || modal.should_close())
    }
}
