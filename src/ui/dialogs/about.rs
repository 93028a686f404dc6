//! Version and licences.

use super::Opener;
use crate::app::action::Action;
use crate::app::command::Command;
use crate::app::model::Model;
use crate::ui::kit::card::{Card, CardStep};
use crate::ui::theme::Tokens;
use eframe::egui::Context;

pub(super) const OPENS: &[Opener] =
    &[Opener::new(Command::About, |_| Box::new(about_ui)).of_no_project()];

fn about_ui(ctx: &Context, _: &Model, _: &mut Vec<Action>, _: &Tokens) -> CardStep {
    let card = Card::question("about", "Pressmark").higher(24.0).light();
    card.show(ctx, |ui, card| {
        card.lead(ui, &format!("Version {}", env!("CARGO_PKG_VERSION")));
        card.body(ui, |ui| {
            ui.label("Annotation of news articles: quotes, claims and promotional content. Everything stays on this machine.");
            ui.weak("MIT or Apache-2.0. The Noto fonts are under the SIL Open Font License 1.1.");
        });
        card.closing_foot(ui);
        None
    })
}
