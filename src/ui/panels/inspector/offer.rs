//! What is proposed for the selected quote, on its card: each part with its other candidates, and how it
//! is accepted.

use super::shortened;
use crate::app::action::{Action, OfferedPart, QuoteAction};
use crate::app::command::{Command, info};
use crate::app::model::{Model, QuoteOffer};
use crate::core::annotation::Annotation;
use crate::core::article::Article;
use crate::core::recipes::quote::{OfferedSpeaker, lacks, source_of_nobody};
use crate::core::shown::{in_marks, shown};
use crate::ui::kit::chip::choice_ui;
use crate::ui::kit::pick::Pick;
use crate::ui::kit::table::row_title_ui;
use crate::ui::theme::{SMALL, Tokens};
use eframe::egui::{RichText, Ui};
use std::sync::Arc;

/// So much of a candidate's words, in characters.
const EXCERPT: usize = 36;

pub(super) fn offer_ui(ui: &mut Ui, model: &Model, actions: &mut Vec<Action>, tokens: &Tokens) {
    let Some(article) = model.article() else {
        return;
    };
    let Some(offer) = model.quote_offer() else {
        return;
    };
    let dim = |text: &str| RichText::new(text.to_owned()).size(SMALL).color(tokens.dim);
    if !offer.has_something() {
        ui.label(dim("Nothing here looks like its cue or its speaker"));
        return;
    }
    speaker_ui(ui, article, &offer, actions, tokens);
    cue_ui(ui, article, &offer, actions, tokens);
    ui.horizontal(|ui| {
        row_title_ui(ui, "");
        let accept = ui.button("Accept");
        if accept
            .on_hover_text("What is proposed becomes part of the quote (Enter)")
            .clicked()
        {
            actions.push(QuoteAction::Accept.into());
        }
        ui.label(dim("Enter"));
        let leave = ui.button("Leave");
        if leave
            .on_hover_text("Nothing of what is proposed (Esc)")
            .clicked()
        {
            actions.push(QuoteAction::Leave.into());
        }
        ui.label(dim("Esc"));
    });
}

/// The article, while nothing is proposed in it: what else a quote lacks is asked for then.
fn free_article(model: &Model) -> Option<&Article> {
    let article = model.article().filter(|_| model.quote_offer().is_none());
    article.map(Arc::as_ref)
}

/// A description or a pronoun is the source: whom it means is for the analyst to say.
pub(super) fn who_ui(
    ui: &mut Ui,
    model: &Model,
    annotation: &Annotation,
    actions: &mut Vec<Action>,
) {
    let project = model.session().project();
    let article = free_article(model).filter(|_| model.selection().is_empty());
    let source = article.and_then(|it| Some((it, source_of_nobody(project, it, annotation)?)));
    if let Some((article, source)) = source {
        let words = shortened(article, source, EXCERPT);
        let name = format!("Who is “{}”?…", shown(&words));
        let help = "Say whom of the ledger these words mean in this article";
        ask_ui(ui, &name, help, Command::TieWords, actions);
    }
}

/// A quote that lacks parts and has none proposed: how they are asked for.
pub(super) fn propose_ui(
    ui: &mut Ui,
    model: &Model,
    annotation: &Annotation,
    actions: &mut Vec<Action>,
) {
    let codebook = model.session().project().codebook();
    let lacking = free_article(model).and_then(|article| lacks(codebook, article, annotation));
    if lacking.is_some_and(|lacks| lacks.anything()) {
        let help = info(Command::ProposeParts).tooltip();
        let name = "Propose cue and speaker";
        ask_ui(ui, name, &help, Command::ProposeParts, actions);
    }
}

fn ask_ui(ui: &mut Ui, name: &str, help: &str, command: Command, actions: &mut Vec<Action>) {
    if ui.button(name).on_hover_text(help).clicked() {
        actions.push(Action::Run(command));
    }
}

/// “Lavrov, new in the ledger”: who it is, and where that is known from.
fn who_text(article: &Article, speaker: &OfferedSpeaker) -> String {
    let words = shortened(article, speaker.range, EXCERPT);
    match &speaker.who {
        Some(who) if who.stands_elsewhere => format!("{} ({})", shown(&who.name), in_marks(&words)),
        Some(who) => shown(&who.name).into_owned(),
        None => in_marks(&words),
    }
}

fn reason_text(speaker: &OfferedSpeaker) -> String {
    let known = speaker.who.as_ref().map(|who| match who.known {
        Some(_) => "in the ledger",
        None => "new to the ledger",
    });
    let parts = [Some(speaker.reason.words()), known];
    let parts: Vec<&str> = parts.into_iter().flatten().collect();
    parts.join(", ")
}

fn speaker_ui(
    ui: &mut Ui,
    article: &Article,
    offer: &QuoteOffer,
    actions: &mut Vec<Action>,
    tokens: &Tokens,
) {
    let Some(speaker) = offer.speaker() else {
        return;
    };
    let lines: Vec<(String, String)> = offer
        .speakers()
        .iter()
        .map(|speaker| (who_text(article, speaker), reason_text(speaker)))
        .collect();
    let now = (who_text(article, speaker), reason_text(speaker));
    let at = offer.speaker_at();
    part_ui(
        ui,
        "Speaker",
        (now, at),
        &lines,
        OfferedPart::Speaker,
        actions,
        tokens,
    );
}

fn cue_ui(
    ui: &mut Ui,
    article: &Article,
    offer: &QuoteOffer,
    actions: &mut Vec<Action>,
    tokens: &Tokens,
) {
    let Some(cue) = offer.cue() else {
        return;
    };
    let words = |range| in_marks(&shortened(article, range, EXCERPT));
    let lines: Vec<(String, String)> = offer
        .cues()
        .iter()
        .map(|cue| (words(cue.range), cue.reason.words().to_owned()))
        .collect();
    let now = (words(cue.range), cue.reason.words().to_owned());
    part_ui(
        ui,
        "Cue",
        (now, offer.cue_at()),
        &lines,
        OfferedPart::Cue,
        actions,
        tokens,
    );
}

/// A part with the candidates that it may be instead.
fn part_ui(
    ui: &mut Ui,
    title: &str,
    ((now, reason), at): ((String, String), usize),
    lines: &[(String, String)],
    part: OfferedPart,
    actions: &mut Vec<Action>,
    tokens: &Tokens,
) {
    let count = lines.len();
    let told = match count {
        0 | 1 => reason,
        _ => format!("{} of {count}, {reason}", at + 1),
    };
    ui.horizontal_top(|ui| {
        row_title_ui(ui, title);
        ui.vertical(|ui| {
            ui.spacing_mut().item_spacing.y = 2.0;
            let name = format!("Proposed {}", title.to_lowercase());
            let width = ui.available_width();
            Pick::new(&name, format!("{now}?"))
                .width(width)
                .truncate()
                .show(ui, |ui| {
                    for (n, (words, reason)) in lines.iter().enumerate() {
                        if choice_ui(ui, &format!("{words}, {reason}"), n == at) {
                            actions.push(QuoteAction::Choose(part, n).into());
                        }
                    }
                });
            ui.label(RichText::new(told).size(SMALL).color(tokens.dim));
        });
    });
}
