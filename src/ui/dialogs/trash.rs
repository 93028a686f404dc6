//! The trash: what was deleted, by whom and when; bring it back, or delete it for good.

use super::{Dialog, Opener};
use crate::app::action::Action;
use crate::app::clock;
use crate::app::command::Command;
use crate::app::lines::{FittingTrash, TrashLineAt};
use crate::app::model::Model;
use crate::ui::kit::card::{Card, CardStep, scroll};
use crate::ui::kit::entry::TextRow;
use crate::ui::kit::field::Field;
use crate::ui::kit::list::{nothing_ui, text_list_ui};
use crate::ui::theme::Tokens;
use eframe::egui::{Context, Key, Modifiers, RichText};
use std::collections::BTreeSet;

pub(super) const OPENS: &[Opener] = &[Opener::new(Command::Trash, |_| {
    Box::new(TrashDialog::default())
})];

#[derive(Default)]
struct TrashDialog {
    filter: String,
    cursor: usize,
    chosen: BTreeSet<usize>,
    /// The state that the choice was made in: places in the trash are its own.
    revision: u64,
    is_purging: bool,
}

impl Dialog for TrashDialog {
    fn ui(
        &mut self,
        ctx: &Context,
        model: &Model,
        actions: &mut Vec<Action>,
        tokens: &Tokens,
    ) -> CardStep {
        let project = model.session().project();
        let trash = project.trash();
        if trash.is_empty() {
            return Card::question("trash", "Trash").light().says(ctx, "The trash is empty. Deleted annotations, articles, labels and annotators come here, and can be brought back.");
        }
        let card = Card::choice("trash", "Trash");
        let step = card.show(ctx, |ui, card| {
            card.lead(
                ui,
                "What is here can be brought back whole, with links and notes.",
            );
            card.space(8.0);
            let filter = &mut self.filter;
            let field = card.line(ui, |ui| {
                let field = Field::search("Filter the trash", filter).hint("Filter");
                field.hands_on_enter().show(ui)
            });
            if self.revision != model.session().revision() || field.changed() {
                self.revision = model.session().revision();
                self.chosen.clear();
                self.is_purging = false;
            }
            let fitting = model.derived_later(&FittingTrash(self.filter.clone()));
            let shown = fitting.value.as_deref().map_or(&[][..], Vec::as_slice);
            let chosen = &self.chosen;
            let row = |i: usize| {
                let at = shown.get(i).copied().unwrap_or_default();
                let Some(item) = trash.get(at) else {
                    return TextRow::default();
                };
                let line = model.derived(&TrashLineAt(at));
                let when = item.when.map(clock::day_and_time).unwrap_or_default();
                TextRow {
                    mark: line.kind.clone(),
                    text: line.text.clone(),
                    // What it was in is cut where there is no room for all.
                    detail: format!(
                        "{}, {when}   {}",
                        project.annotator_name(&item.by),
                        line.detail
                    ),
                    is_chosen: chosen.contains(&at),
                    is_ticked: Some(chosen.contains(&at)),
                    is_dim: false,
                }
            };
            let (cursor, count, filter) = (&mut self.cursor, shown.len(), &mut self.filter);
            // An empty list would forget where it was.
            let clicked = card.pane(ui, |ui| {
                if fitting.is_current && count == 0 {
                    if nothing_ui(
                        ui,
                        "Nothing in the trash fits the filter",
                        Some("Clear the filter"),
                    ) {
                        filter.clear();
                        ui.ctx().request_repaint();
                    }
                    return None;
                }
                if fitting.is_current {
                    return text_list_ui(ui, "Deleted", cursor, count, tokens, row);
                }
                scroll(ui, "looking", |ui| ui.weak("Looking…"));
                None
            });
            let at_cursor = shown.get(self.cursor).copied();
            let space =
                !field.has_focus() && ui.input_mut(|i| i.consume_key(Modifiers::NONE, Key::Space));
            let toggled = clicked
                .and_then(|i| shown.get(i).copied())
                .or(at_cursor.filter(|_| space));
            if let Some(at) = toggled
                && !self.chosen.remove(&at)
            {
                self.chosen.insert(at);
            }
            // Without a choice, the row under the cursor is meant.
            let meant: Vec<usize> = if self.chosen.is_empty() {
                at_cursor.into_iter().collect()
            } else {
                self.chosen.iter().copied().collect()
            };
            let n = meant.len();
            card.foot(ui, "", |ui, card| {
                let mut action = None;
                let of_n = if n == 1 {
                    String::new()
                } else {
                    format!(" {n}")
                };
                let refusal = (n == 0).then_some(if fitting.is_current {
                    "Nothing fits the filter"
                } else {
                    "Looking…"
                });
                let all = shown.len();
                if ui.button(format!("Choose all {all}")).clicked() {
                    self.chosen = shown.iter().copied().collect();
                }
                let text = if self.is_purging {
                    RichText::new(format!("Really delete{of_n} for good")).color(tokens.error)
                } else {
                    RichText::new(format!("Delete{of_n} for good"))
                };
                let purge = ui
                    .add_enabled(n > 0, eframe::egui::Button::new(text))
                    .on_hover_text(
                        "Takes it out of the project file; only undoing this step brings it back",
                    );
                if purge.clicked() && self.is_purging {
                    action = Some(Action::Purge(meant.clone()));
                } else if purge.clicked() {
                    self.is_purging = true;
                }
                card.close(ui, "Close");
                let restore = format!("Restore{of_n}");
                if card.main(ui, refusal, restore, "click or Space chooses several") {
                    action = Some(Action::Restore(meant));
                }
                action
            })
        });
        step.stay_with(|action| actions.push(action))
    }
}
