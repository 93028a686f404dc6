//! What a label means, beside what is worked on: definition, rules and examples of the label under the
//! pointer, or of the selected annotation.

use super::Opener;
use crate::app::action::Action;
use crate::app::command::{Command, info};
use crate::app::model::{Model, Page};
use crate::app::settings::SidePanel;
use crate::core::codebook::{Label, Meant};
use crate::ui::kit::card::{Card, CardStep};
use crate::ui::kit::icon::{self, Icon};
use crate::ui::kit::swatch::swatch;
use crate::ui::kit::words::words_ui;
use crate::ui::pointed::pointed_at;
use crate::ui::theme::{self, SMALL, Tokens};
use eframe::egui::{Color32, Context, RichText, Sense, Ui, vec2};

pub(super) const OPENS: &[Opener] =
    &[Opener::new(Command::Definition, |_| Box::new(definition_card_ui)).beside()];

fn definition_card_ui(
    ctx: &Context,
    model: &Model,
    actions: &mut Vec<Action>,
    tokens: &Tokens,
) -> CardStep {
    let codebook = model.session().project().codebook();
    let pointed = pointed_at(ctx);
    let pointed = pointed.and_then(|id| codebook.label(id.as_str()));
    let is_page = model.page() == Page::Codebook;
    let settings = model.settings();
    let has_list = !settings.is_narrow && settings.shows(SidePanel::Articles);
    let card = if !has_list && !is_page {
        // The article is at the left.
        Card::beside("low definition", "Definition").at_left().low()
    } else if is_page {
        // The list of labels is at the left.
        Card::beside("definition of the page", "Definition").narrow()
    } else {
        Card::beside("definition", "Definition").at_left()
    };
    let at_hand = || {
        if is_page {
            model.page_label()
        } else {
            model.label_at_hand()
        }
    };
    card.show_beside(ctx, |ui, card| {
        match pointed.or_else(at_hand) {
            Some(label) => card.body(ui, |ui| definition_ui(ui, model, label, actions, tokens)),
            None => card.lead(
                ui,
                "Point at a label or an annotation, or select an annotation: what its label means stands here.",
            ),
        }
        let closes = format!("{} closes it", info(Command::Definition).key_text());
        card.foot(ui, &closes, |ui, card| card.close(ui, "Close"));
    })
}

/// All that the codebook says of what a label means.
pub(super) fn definition_ui(
    ui: &mut Ui,
    model: &Model,
    label: &Label,
    actions: &mut Vec<Action>,
    tokens: &Tokens,
) {
    let codebook = model.session().project().codebook();
    ui.spacing_mut().item_spacing.y = 4.0;
    ui.horizontal(|ui| {
        let (rect, _) = ui.allocate_exact_size(vec2(18.0, 14.0), Sense::hover());
        let color = tokens.label(label.color);
        swatch(ui, rect, color, &label.underline, tokens);
        words_ui(
            ui,
            RichText::new(&label.name).font(theme::strong_font(14.0)),
        );
        let above: Vec<&str> = codebook.above(&label.id).map(|l| l.name.as_str()).collect();
        if let Some(nearest) = above.first() {
            let of = RichText::new(format!("a kind of {nearest}")).size(SMALL);
            ui.weak(of).on_hover_text(above.join(", "));
        }
    });
    if label.definition.is_empty() {
        ui.weak("The codebook does not say what it means.");
    } else {
        words_ui(ui, &label.definition);
    }
    rules_ui(ui, "Mark", &label.include, (Icon::Plus, tokens.ok), tokens);
    rules_ui(
        ui,
        "Do not mark",
        &label.exclude,
        (Icon::Close, tokens.error),
        tokens,
    );
    rules_ui(
        ui,
        "Examples",
        &label.examples,
        (Icon::Done, tokens.ok),
        tokens,
    );
    let counters = &label.counter_examples;
    rules_ui(
        ui,
        "Counter-examples",
        counters,
        (Icon::Close, tokens.error),
        tokens,
    );
    shown_by_ui(ui, model, label, actions, tokens);
}

/// What a label meant before, in the same manner.
pub(super) fn meant_ui(ui: &mut Ui, was: &Meant, tokens: &Tokens) {
    heading_ui(ui, "What it meant then");
    ui.spacing_mut().item_spacing.y = 4.0;
    if was.definition.is_empty() {
        ui.weak("The codebook did not say what it meant.");
    } else {
        words_ui(ui, &was.definition);
    }
    rules_ui(ui, "Mark", &was.include, (Icon::Plus, tokens.dim), tokens);
    let exclude = &was.exclude;
    rules_ui(
        ui,
        "Do not mark",
        exclude,
        (Icon::Close, tokens.dim),
        tokens,
    );
}

pub(super) fn heading_ui(ui: &mut Ui, title: &str) {
    ui.add_space(6.0);
    ui.label(RichText::new(title).font(theme::strong_font(SMALL)));
}

fn rules_ui(
    ui: &mut Ui,
    title: &str,
    rules: &[String],
    (mark, color): (Icon, Color32),
    tokens: &Tokens,
) {
    if rules.is_empty() {
        return;
    }
    heading_ui(ui, title);
    for rule in rules {
        ui.horizontal_top(|ui| {
            let (rect, _) = ui.allocate_exact_size(vec2(16.0, 18.0), Sense::hover());
            icon::paint(ui.painter(), mark, rect.center(), 12.0, color);
            let text = RichText::new(rule).color(tokens.ink);
            words_ui(ui, text);
        });
    }
}

/// The annotations that show it, each with the way to it.
fn shown_by_ui(
    ui: &mut Ui,
    model: &Model,
    label: &Label,
    actions: &mut Vec<Action>,
    tokens: &Tokens,
) {
    let project = model.session().project();
    let shown = label.shown_by.iter().filter_map(|shown| {
        let article = project.article(&shown.article)?;
        let annotation = article.annotations.get(shown.annotation.as_str())?;
        Some((shown.is_counter, article, annotation))
    });
    for (at, (is_counter, article, annotation)) in shown.enumerate() {
        if at == 0 {
            heading_ui(ui, "In the articles");
        }
        ui.horizontal_top(|ui| {
            let (mark, color) = if is_counter {
                (Icon::Close, tokens.error)
            } else {
                (Icon::Done, tokens.ok)
            };
            let (rect, _) = ui.allocate_exact_size(vec2(16.0, 18.0), Sense::hover());
            icon::paint(ui.painter(), mark, rect.center(), 12.0, color);
            let words =
                crate::ui::in_context::first_words(&article.text, &annotation.fragments, 120);
            let link = ui.link(words).on_hover_text(article.shown_title());
            if link.clicked() {
                actions.push(Action::GoToArticle(article.id.clone()));
                actions.push(Action::SelectAnnotation {
                    id: annotation.id.clone(),
                    reveal: true,
                });
            }
        });
    }
}
