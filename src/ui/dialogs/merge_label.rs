//! Making one label of two: which one it goes into, and what that does.

use super::{Dialog, Opener};
use crate::app::action::{Action, CodebookAction};
use crate::app::command::Command;
use crate::app::derived::labels::{LabelRows, MergeOutcome, MergePreview};
use crate::app::derived::project::Counts;
use crate::app::model::{Model, touched};
use crate::app::words::count_grouped;
use crate::core::ids::LabelId;
use crate::ui::kit::card::{Card, CardStep};
use crate::ui::kit::entry::TextRow;
use crate::ui::kit::field::Field;
use crate::ui::kit::list::{nothing_ui, text_list_ui};
use crate::ui::theme::Tokens;
use eframe::egui::Context;
use std::collections::BTreeSet;

pub(super) const OPENS: Opener = Opener::new(Command::MergeLabel, |model| {
    Box::new(MergeLabel {
        from: model.page_label().map(|label| label.id.clone()),
        filter: String::new(),
        at: 0,
    })
});

struct MergeLabel {
    from: Option<LabelId>,
    filter: String,
    at: usize,
}

impl Dialog for MergeLabel {
    fn ui(
        &mut self,
        ctx: &Context,
        model: &Model,
        actions: &mut Vec<Action>,
        tokens: &Tokens,
    ) -> CardStep {
        let codebook = model.codebook();
        let from = self
            .from
            .as_ref()
            .and_then(|id| codebook.label(id.as_str()));
        let Some(from) = from else {
            return CardStep::Left;
        };
        let rows = model.derived(&LabelRows {
            filter: self.filter.clone(),
            folded: BTreeSet::new(),
        });
        let all = rows.offered.iter().chain(&rows.retired);
        let labels = all.filter_map(|row| codebook.labels.get(row.at));
        let others: Vec<_> = labels.filter(|label| label.id != from.id).collect();
        self.at = self.at.min(others.len().saturating_sub(1));
        let short: String = from.name.chars().take(40).collect();
        let title = format!("Merge “{short}” into another label");
        let counts = model.derived(&Counts);
        let step = Card::choice("merge label", &title).show(ctx, |ui, card| {
            card.lead(
                ui,
                "Its annotations get the other label, which takes over the attributes and links that it lacks.",
            );
            card.space(8.0);
            let field = card.line(ui, |ui| {
                Field::search("Filter labels", &mut self.filter)
                    .hint("Filter labels")
                    .hands_on_enter()
                    .show(ui)
            });
            if field.changed() {
                self.at = 0;
            }
            let _begins = card.begins_at(&field);
            let filter = &mut self.filter;
            card.pane(ui, |ui| {
                if others.is_empty() && !filter.trim().is_empty() {
                    if nothing_ui(ui, "No label fits the filter", Some("Clear the filter")) {
                        filter.clear();
                        ui.ctx().request_repaint();
                    }
                    return;
                }
                text_list_ui(ui, "Labels", &mut self.at, others.len(), tokens, |at| {
                    let Some(label) = others.get(at) else {
                        return TextRow::default();
                    };
                    let used = counts.of_label(&label.id).annotations;
                    TextRow {
                        text: label.name.clone(),
                        detail: count_grouped(used, "annotation", "annotations"),
                        is_dim: label.retired,
                        ..TextRow::default()
                    }
                });
            });
            let into = others.get(self.at);
            let outcome = into.and_then(|into| {
                let asked = MergePreview {
                    from: from.id.clone(),
                    into: into.id.clone(),
                };
                model.derived_later(&asked).value
            });
            let note = outcome.as_deref().map_or_else(String::new, told);
            card.foot(ui, &note, |ui, card| {
                card.close(ui, "Cancel");
                let refusal = match (&into, &outcome) {
                    (None, _) => Some("choose a label"),
                    (_, None) => Some("counting what this changes"),
                    (_, Some(outcome)) if !outcome.refusal.is_empty() => Some("it cannot be done"),
                    _ => None,
                };
                let merges = card.main(ui, refusal, "Merge", "one step to undo");
                let into = into.filter(|_| merges)?;
                Some(CodebookAction::Merge {
                    from: from.id.clone(),
                    into: into.id.clone(),
                })
            })
        });
        step.leave_with(|merge| actions.push(Action::from(merge)))
    }
}

fn told(outcome: &MergeOutcome) -> String {
    if !outcome.refusal.is_empty() {
        return outcome.refusal.clone();
    }
    let mut told = format!("Changes {}.", touched(outcome.touches));
    for (old, new) in outcome.renamed.iter().take(2) {
        told.push_str(&format!(
            " “{old}” has another kind there and becomes “{new}”."
        ));
    }
    if !outcome.taken_over.is_empty() {
        let first: Vec<&str> = outcome
            .taken_over
            .iter()
            .map(String::as_str)
            .take(4)
            .collect();
        told.push_str(&format!(" Takes over {}.", first.join(", ")));
    }
    told
}
