//! What became of the codebook, revision by revision.

use super::Opener;
use crate::app::action::Action;
use crate::app::clock;
use crate::app::command::Command;
use crate::app::model::Model;
use crate::ui::kit::card::{Card, CardStep};
use crate::ui::kit::entry::TextRow;
use crate::ui::kit::list::text_list_ui;
use crate::ui::theme::Tokens;
use eframe::egui::Context;

pub(super) const OPENS: &[Opener] = &[Opener::new(Command::Revisions, |_| Box::new(Revisions(0)))];

/// Which one the keyboard is at; they are shown the newest first.
struct Revisions(usize);

impl super::Dialog for Revisions {
    fn ui(
        &mut self,
        ctx: &Context,
        model: &Model,
        _: &mut Vec<Action>,
        tokens: &Tokens,
    ) -> CardStep {
        let card = Card::choice("revisions", "Revisions of the codebook").light();
        card.show(ctx, |ui, card| {
            let codebook = model.codebook();
            let changes = &codebook.changes;
            let lead = match changes.len() {
                0 => format!("The codebook is at revision {}. What is changed from now on stands here, with who did it and when.", codebook.revision),
                _ => format!("The codebook is at revision {}. Annotations remember the one that they were made under.", codebook.revision),
            };
            card.lead(ui, &lead);
            card.pane(ui, |ui| {
                text_list_ui(ui, "Revisions", &mut self.0, changes.len(), tokens, |at| {
                    let Some(change) = changes.iter().rev().nth(at) else {
                        return TextRow::default();
                    };
                    let by = model.session().project().annotator_name(&change.by);
                    let when = change.when.map(clock::day_and_time).unwrap_or_default();
                    TextRow {
                        mark: format!("revision {}", change.revision),
                        text: crate::app::words::capitalised(&change.what),
                        detail: format!("{by}, {when}"),
                        ..TextRow::default()
                    }
                });
            });
            card.closing_foot(ui);
            None
        })
    }
}
