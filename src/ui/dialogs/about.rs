//! Version and licences.

use crate::ui::theme;
use eframe::egui::{Context, Modal, RichText};

/// Draws it; `false` when it is to be closed.
pub(crate) fn about_ui(ctx: &Context) -> bool {
    let modal = Modal::new(eframe::egui::Id::unique("about")).show(ctx, |ui| {
        ui.set_width(380.0);
        ui.label(RichText::new("Pressmark").font(theme::strong_font(18.0)));
        ui.label(format!("Version {}", env!("CARGO_PKG_VERSION")));
        ui.add_space(6.0);
        ui.label("Annotation of news articles: quotes, claims and promotional content. Everything stays on this machine.");
        ui.add_space(6.0);
        ui.weak("MIT or Apache-2.0. The Noto fonts are under the SIL Open Font License 1.1.");
        ui.add_space(8.0);
        ui.button("Close").clicked()
    });
    !(modal.inner || modal.should_close())
}
