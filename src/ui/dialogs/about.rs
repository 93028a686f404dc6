//! Version and licences.

use crate::ui::kit::card::{Card, CardStep};
use eframe::egui::Context;

pub(crate) fn about_ui(ctx: &Context) -> CardStep {
    Card::new("about", "Pressmark").width(380.0).show(ctx, |ui, card| {
        ui.label(format!("Version {}", env!("CARGO_PKG_VERSION")));
        ui.add_space(6.0);
        ui.label("Annotation of news articles: quotes, claims and promotional content. Everything stays on this machine.");
        ui.add_space(6.0);
        ui.weak("MIT or Apache-2.0. The Noto fonts are under the SIL Open Font License 1.1.");
        card.closing_foot(ui);
        None
    })
}
