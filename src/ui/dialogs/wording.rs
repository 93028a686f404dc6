//! What changed in the wording: what was taken out is struck through, what is new is underlined.

use crate::app::derived::Latest;
use crate::core::wording::{Excerpts, Wording};
use crate::ui::kit::letters::dressed_ui;
use crate::ui::kit::tell;
use crate::ui::theme::Tokens;
use eframe::egui::accesskit::Role;
use eframe::egui::text::{LayoutJob, TextFormat};
use eframe::egui::{FontId, Frame, Margin, Stroke, Ui};

pub(crate) fn wording_ui(ui: &mut Ui, wording: &Latest<Excerpts>, tokens: &Tokens) {
    let Some(wording) = &wording.value else {
        ui.weak("Comparing…");
        return;
    };
    ui.weak(match wording.changes {
        0 => "The wording is the same.".to_owned(),
        1 => "1 stretch of the wording changed:".to_owned(),
        n => format!("{n} stretches of the wording changed:"),
    });
    if wording.changes > 0 {
        changes_ui(ui, wording, FontId::proportional(13.0), tokens);
    }
}

/// The wording alone.
pub(super) fn changes_ui(ui: &mut Ui, wording: &Excerpts, font: FontId, tokens: &Tokens) {
    let mut job = LayoutJob::default();
    job.wrap.max_width = ui.available_width();
    let plain = TextFormat::simple(font, tokens.ink);
    for part in &wording.parts {
        match part {
            Wording::Same(text) => job.append(text, 0.0, plain.clone()),
            Wording::Removed(text) => {
                let format = TextFormat {
                    color: tokens.error,
                    strikethrough: Stroke::new(1.0, tokens.error),
                    ..plain.clone()
                };
                job.append(text, 0.0, format);
            }
            Wording::Added(text) => {
                let format = TextFormat {
                    color: tokens.ok,
                    underline: Stroke::new(1.0, tokens.ok),
                    ..plain.clone()
                };
                job.append(text, 0.0, format);
            }
        }
    }
    let response = dressed_ui(ui, job);
    tell(&response, Role::Label, &said(wording));
}

/// The same in words: what is struck out or underlined is heard by nobody.
fn said(wording: &Excerpts) -> String {
    let said = wording.parts.iter().map(|part| match part {
        Wording::Same(text) => text.clone(),
        Wording::Removed(text) => changed("removed", text),
        Wording::Added(text) => changed("added", text),
    });
    said.collect()
}

/// Words with what was done to them.
pub(super) fn changed(how: &str, text: &str) -> String {
    match text.trim() {
        "" => text.to_owned(),
        words => format!(" [{how}: {words}] "),
    }
}

/// A row of its own height, which keeps its distance from the edges.
pub(super) fn wording_row(ui: &mut Ui, add: impl FnOnce(&mut Ui)) {
    let margin = Margin::symmetric(20, 8);
    Frame::new().inner_margin(margin).show(ui, |ui| {
        ui.set_width(ui.available_width());
        add(ui);
    });
}
