//! The panels around the article.

pub(super) mod annotations;
pub(super) mod articles;
pub(super) mod codebook;
pub(super) mod inspector;
pub(super) mod status;

use crate::ui::theme;
use eframe::egui::{Align, Layout, RichText, Ui};

/// A section's small heading, with a count or hint at its right.
fn heading_ui(ui: &mut Ui, title: &str, detail: &str) {
    ui.add_space(8.0);
    ui.horizontal(|ui| {
        ui.label(RichText::new(title).font(theme::strong_font(12.0)).weak());
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.label(RichText::new(detail).small().weak());
        });
    });
    ui.add_space(2.0);
}
