//! The bar at the bottom: what is saved, where the caret is, how far the work has come.

use crate::app::action::{Action, Side};
use crate::app::clock::time_of_day;
use crate::app::derived::project::Counts;
use crate::app::jobs::JobKind;
use crate::app::model::Model;
use crate::app::words::count;
use crate::core::shown::{shown, shown_path};
use crate::core::text::selection::Granularity;
use crate::ui::kit::tell;
use crate::ui::theme::Tokens;
use eframe::egui::{Align, Layout, RichText, Ui, accesskit};

pub(super) fn status_ui(ui: &mut Ui, model: &Model, _: &mut Vec<Action>, tokens: &Tokens) {
    ui.horizontal_centered(|ui| {
        ui.spacing_mut().item_spacing.x = 18.0;
        ui.add_space(4.0);
        let small = |text: String| RichText::new(text).size(12.0);
        let (text, color) = if model.jobs().is_running(JobKind::Save) {
            ("Saving…".to_owned(), tokens.dim)
        } else if model.session().is_dirty() {
            ("Unsaved changes".to_owned(), tokens.warn)
        } else if let Some(at) = model.saved_at() {
            (format!("Saved {}", time_of_day(at)), tokens.ok)
        } else if model.session().path().is_some() {
            ("All changes saved".to_owned(), tokens.ok)
        } else {
            ("Not saved yet".to_owned(), tokens.dim)
        };
        let saved = ui.label(small(text).color(color));
        saved.on_hover_text(
            model
                .session()
                .path()
                .map_or_else(|| "This project has no file yet".to_owned(), shown_path),
        );
        ui.label(small(shown(model.session().annotator().as_str()).into_owned()).color(tokens.dim))
            .on_hover_text("Who is annotating");
        let message = place_text(model);
        let label = ui.label(small(message.clone()).color(tokens.dim));
        // Screen readers hear what was just done.
        tell(&label, accesskit::Role::Status, &message);
        if model.article().is_some() {
            let snap = match model.granularity() {
                Granularity::Character => "snaps to characters",
                Granularity::Word => "snaps to words",
                Granularity::Sentence => "snaps to sentences",
                Granularity::Paragraph => "snaps to paragraphs",
            };
            ui.label(small(snap.to_owned()).color(tokens.dim))
                .on_hover_text("What a drag marks; hold Alt for single characters");
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.add_space(4.0);
            ui.label(small(counts_text(model)).color(tokens.dim));
        });
    });
}

fn place_text(model: &Model) -> String {
    let Some(article) = model.article() else {
        return String::new();
    };
    if let Some(edge) = model.edge_move() {
        let side = if edge.side == Side::Start {
            "start"
        } else {
            "end"
        };
        return format!(
            "Moving its {side}: ← → by character, with Ctrl by word; Enter keeps, Esc leaves"
        );
    }
    let codebook = model.session().project().codebook();
    if let Some(label) = model.locked_label() {
        return format!(
            "Every drag marks {}; Esc lets go",
            codebook.name_of(label).to_lowercase()
        );
    }
    if let Some(annotation) = model.selected_annotation() {
        let chars = article.text.char_range(annotation.extent());
        let name = codebook.name_of(&annotation.label);
        return format!(
            "{name} selected, characters {} to {}",
            chars.start.0, chars.end.0
        );
    }
    let chars = article.text.char_range(model.selection().range());
    if model.selection().is_empty() {
        format!(
            "Character {} of {}",
            chars.start.0,
            article.text.len_chars()
        )
    } else {
        format!("{} characters selected", chars.end.0 - chars.start.0)
    }
}

fn counts_text(model: &Model) -> String {
    let counts = model.derived(&Counts);
    match counts.articles {
        0 => String::new(),
        n => format!(
            "{} · {}",
            count(n, "article", "articles"),
            count(counts.annotations, "annotation", "annotations")
        ),
    }
}
