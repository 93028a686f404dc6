//! What a card shows while something is looked for in all articles.

use crate::app::action::{Action, PassageAction};
use crate::app::jobs::JobKind;
use crate::app::model::Model;
use crate::ui::kit::card::{CardStep, Inside};
use eframe::egui::{ProgressBar, Ui};

/// How far a search over all articles has come.
pub(super) fn looking_ui(ui: &mut Ui, model: &Model, card: &mut Inside, kind: JobKind) {
    let mut running = model.jobs().running().iter();
    let job = running.rfind(|job| job.kind == kind);
    let share = job.and_then(|job| job.share()).unwrap_or(0.0);
    let bar = ProgressBar::new(share).text("Looking through all articles");
    card.body(ui, |ui| ui.add(bar));
    card.foot(ui, "", |ui, card| card.close(ui, "Cancel"));
}

/// A card that is left before anything was found looks for it no more.
pub(super) fn stop_looking<T>(step: &CardStep<T>, is_looking: bool, actions: &mut Vec<Action>) {
    if is_looking && matches!(step, CardStep::Left) {
        actions.push(PassageAction::Stop.into());
    }
}
