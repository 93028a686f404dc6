//! Two articles, or parts of them, beside each other, with what differs.

use super::Opener;
use super::wording::{changed, wording_row};
use crate::app::action::Action;
use crate::app::command::Command;
use crate::app::derived::passages::WordingsBeside;
use crate::app::model::Model;
use crate::app::words::count_grouped;
use crate::core::article::Article;
use crate::core::ids::ArticleId;
use crate::core::text::ByteRange;
use crate::core::wording::{Beside, SidePart};
use crate::ui::kit::card::{Card, CardStep};
use crate::ui::kit::letters::dressed_ui;
use crate::ui::kit::list::List;
use crate::ui::kit::tell;
use crate::ui::kit::words::{line_ui, weak_words_ui};
use crate::ui::theme::{self, Tokens};
use eframe::egui::accesskit::Role;
use eframe::egui::text::{LayoutJob, TextFormat};
use eframe::egui::{Align, Context, FontId, Layout, RichText, Stroke, Ui};
use std::sync::Arc;

pub(super) const OPENS: &[Opener] = &[
    Opener::new(Command::CompareArticles, |_| Box::new(compared_ui)),
    Opener::new(Command::ComparePassages, |_| Box::new(compared_ui)),
];

/// What was asked for by its command.
fn compared_ui(
    ctx: &Context,
    model: &Model,
    actions: &mut Vec<Action>,
    tokens: &Tokens,
) -> CardStep {
    let step = match model.compared() {
        Some(both) => compare_ui(ctx, model, both, tokens),
        None => CardStep::Left,
    };
    step.leave_with(|action| actions.push(action))
}

/// Two articles, or parts of them.
pub(super) type Both = [(ArticleId, Option<ByteRange>); 2];

/// What is asked of a card over which two of what it lists can be compared.
pub(super) enum Asked {
    Compare(Both),
    Leaves(Action),
}

/// What is shown beside each other over a card, which is there again afterwards.
#[derive(Default)]
pub(super) struct Compared(Option<Both>);

impl Compared {
    /// Draws it, where there is something, in the place of the card.
    pub(super) fn ui(
        &mut self,
        ctx: &Context,
        model: &Model,
        actions: &mut Vec<Action>,
        tokens: &Tokens,
    ) -> Option<CardStep> {
        let step = compare_ui(ctx, model, self.0.as_ref()?, tokens);
        Some(match step.leave_with(|action| actions.push(action)) {
            CardStep::Left => {
                self.0 = None;
                CardStep::Stays
            }
            step => step,
        })
    }

    /// What the card was asked for.
    pub(super) fn take(&mut self, step: CardStep<Asked>, actions: &mut Vec<Action>) -> CardStep {
        match step {
            CardStep::Chosen(Asked::Compare(both)) => {
                self.0 = Some(both);
                CardStep::Stays
            }
            CardStep::Chosen(Asked::Leaves(action)) => {
                actions.push(action);
                CardStep::Chosen(())
            }
            CardStep::Left => CardStep::Left,
            CardStep::Stays => CardStep::Stays,
        }
    }
}

/// The card that shows them; it stands over another one as long as that one lets it.
fn compare_ui(ctx: &Context, model: &Model, both: &Both, tokens: &Tokens) -> CardStep<Action> {
    let card = Card::work("compare", "Compared").light();
    card.show(ctx, |ui, card| {
        let project = model.session().project();
        let [(old, from), (new, to)] = both;
        let (Some(old), Some(new)) = (project.article(old), project.article(new)) else {
            card.lead(ui, "One of the articles is gone.");
            card.closing_foot(ui);
            return None;
        };
        let part = |article: &Arc<Article>, range: &Option<ByteRange>| {
            let all = article.text.full_range();
            (article.text.clone(), range.unwrap_or(all))
        };
        let beside = model.derived_later(&WordingsBeside {
            texts: [part(old, from), part(new, to)],
        });
        let told = match &beside.value {
            None => "Comparing…".to_owned(),
            Some(beside) => match beside.changes {
                0 => "The wording is the same.".to_owned(),
                n => format!(
                    "{} only one of them has, or has otherwise.",
                    count_grouped(n, "stretch that", "stretches that")
                ),
            },
        };
        card.lead(ui, &told);
        card.space(8.0);
        card.line(ui, |ui| {
            beside_ui(ui, [old, new], |ui, article| {
                ui.spacing_mut().item_spacing.y = 2.0;
                let title = article.shown_title();
                let title = RichText::new(title).font(theme::strong_font(13.0));
                line_ui(ui, title);
                weak_words_ui(ui, model.byline_of(article));
            });
        });
        let is_free = card.is_free();
        card.pane(ui, |ui| {
            let Some(beside) = &beside.value else {
                return;
            };
            let height = ui.available_height();
            let list = List::of_controls("Lines", beside.rows.len(), 44.0);
            let font = theme::reading_font(model.settings().reading_font, 14.0);
            let list = list.at_most(height).filled().scrolls_by_keys(is_free);
            list.show_measured(ui, |ui, row| {
                if let Some(row) = beside.rows.get(row) {
                    row_ui(ui, row, &font, tokens);
                }
            });
        });
        let mut asked = None;
        card.foot(
            ui,
            "Struck out: only at the left. Underlined: only at the right.",
            |ui, card| {
                if ui.button("Show the left one").clicked() {
                    asked = Some(Action::GoToArticle(old.id.clone()));
                }
                if ui.button("Show the right one").clicked() {
                    asked = Some(Action::GoToArticle(new.id.clone()));
                }
                card.done(ui);
            },
        );
        asked
    })
}

/// Two things in columns, which begin at the left.
fn beside_ui<T>(ui: &mut Ui, both: [T; 2], add: impl Fn(&mut Ui, T)) {
    ui.spacing_mut().item_spacing.x = 28.0;
    ui.columns(2, |columns| {
        for (ui, side) in columns.iter_mut().zip(both) {
            ui.with_layout(Layout::top_down(Align::Min), |ui| add(ui, side));
        }
    });
}

fn row_ui(ui: &mut Ui, row: &Beside, font: &FontId, tokens: &Tokens) {
    wording_row(ui, |ui| {
        let sides = [(&row.old, true), (&row.new, false)];
        beside_ui(ui, sides, |ui, (parts, is_old)| {
            side_ui(ui, parts, is_old, font, tokens);
        });
    });
}

fn side_ui(ui: &mut Ui, parts: &[SidePart], is_old: bool, font: &FontId, tokens: &Tokens) {
    let mut job = LayoutJob::default();
    job.wrap.max_width = ui.available_width();
    let plain = TextFormat::simple(font.clone(), tokens.ink);
    // The space between rows is the list's.
    let is_blank = |part: &&SidePart| part.text.trim_matches('\n').is_empty();
    let count = parts.len() - parts.iter().rev().take_while(is_blank).count();
    let mut said = String::new();
    for (at, part) in parts.iter().take(count).enumerate() {
        let mut format = plain.clone();
        if part.is_changed && !part.text.trim().is_empty() {
            let color = if is_old { tokens.error } else { tokens.ok };
            format.color = color;
            if is_old {
                format.strikethrough = Stroke::new(1.0, color);
            } else {
                format.underline = Stroke::new(1.0, color);
            }
        }
        let is_last = at + 1 == count;
        let text = if is_last {
            part.text.trim_end_matches('\n')
        } else {
            &part.text
        };
        if part.is_changed {
            said.push_str(&changed("only here", text));
        } else {
            said.push_str(text);
        }
        job.append(text, 0.0, format);
    }
    let response = dressed_ui(ui, job);
    tell(&response, Role::Label, &said);
}
