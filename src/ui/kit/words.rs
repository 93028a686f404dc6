//! Words that were written elsewhere, as labels and tooltips: titles, notes, names and excerpts in
//! the order of their script. Assistive tools are told what is read.

use super::{letters, tell};
use crate::core::text::bidi::needs_rules;
use eframe::egui::accesskit::Role;
use eframe::egui::text::{LayoutJob, TextFormat};
use eframe::egui::{Align, Color32, FontSelection, Label, Response, RichText, Ui};

fn job_of(ui: &Ui, text: RichText) -> LayoutJob {
    let mut job = LayoutJob::default();
    text.append_to(&mut job, ui.style(), FontSelection::Default, Align::Center);
    job
}

/// A label of as many lines as it takes.
pub(crate) fn words_ui(ui: &mut Ui, text: impl Into<RichText>) -> Response {
    let text = text.into();
    if !needs_rules(text.text()) {
        return ui.label(text);
    }
    let job = job_of(ui, text);
    letters::dressed_ui(ui, job)
}

/// The same in pale letters.
pub(crate) fn weak_words_ui(ui: &mut Ui, text: impl Into<String>) -> Response {
    words_ui(ui, RichText::new(text).weak())
}

/// A label of one line, cut where the room ends.
pub(crate) fn line_ui(ui: &mut Ui, text: impl Into<RichText>) -> Response {
    let text = text.into();
    let read = text.text().to_owned();
    if !needs_rules(&read) {
        return ui.add(Label::new(text).truncate());
    }
    let job = job_of(ui, text);
    let format = job.sections.first().map(|section| section.format.clone());
    let format = format.unwrap_or_else(|| TextFormat {
        color: Color32::PLACEHOLDER,
        ..TextFormat::default()
    });
    let read = read.replace('\n', " ");
    let line = letters::line(ui.ctx(), &read, &format, ui.available_width());
    let response = ui.add(Label::new(line.unwrap_or(job)).extend());
    tell(&response, Role::Label, &read);
    response
}

/// A tooltip.
pub(crate) fn hover(response: Response, text: impl Into<String>) -> Response {
    let text = text.into();
    if needs_rules(&text) {
        response.on_hover_ui(|ui| {
            ui.set_max_width(ui.spacing().tooltip_width);
            words_ui(ui, text);
        })
    } else {
        response.on_hover_text(text)
    }
}
