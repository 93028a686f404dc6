//! What of the open article stands in others: each stretch, first where and when, and how much of the
//! article that is.

use super::compare::{Asked, Compared};
use super::looking::{looking_ui, stop_looking};
use super::{Dialog, Opener};
use crate::app::action::Action;
use crate::app::action::passages::PassageAction;
use crate::app::command::Command;
use crate::app::jobs::JobKind;
use crate::app::model::Model;
use crate::app::passages::{Elsewhere, Stretch};
use crate::app::words::{count, count_grouped};
use crate::core::article::Article;
use crate::core::ids::ArticleId;
use crate::ui::in_context::{Side, first_words, in_context_ui};
use crate::ui::kit::card::{Card, CardStep, Inside, scroll, split};
use crate::ui::kit::choices::Choices;
use crate::ui::kit::entry::TextRow;
use crate::ui::kit::list::text_list_ui;
use crate::ui::kit::words::words_ui;
use crate::ui::theme::{self, Tokens};
use eframe::egui::{Context, RichText, Ui};

pub(super) const OPENS: &[Opener] = &[Opener::new(Command::StandsElsewhere, |_| {
    Box::new(ElsewhereDialog::default())
})];

#[derive(Default)]
struct ElsewhereDialog {
    by_article: bool,
    cursor: usize,
    /// What is shown beside each other, over this.
    compared: Compared,
}

/// Percent, and never all or nothing for what is neither.
pub(super) fn percent(part: usize, whole: usize) -> String {
    let share = part * 100 / whole.max(1);
    match (part, share) {
        (0, _) => "0 %".to_owned(),
        (_, 0) => "under 1 %".to_owned(),
        (_, share) => format!("{share} %"),
    }
}

impl Dialog for ElsewhereDialog {
    fn ui(
        &mut self,
        ctx: &Context,
        model: &Model,
        actions: &mut Vec<Action>,
        tokens: &Tokens,
    ) -> CardStep {
        if let Some(step) = self.compared.ui(ctx, model, actions, tokens) {
            return step;
        }
        let card = Card::work("elsewhere", "Where this article stands elsewhere").light();
        let step = card.show(ctx, |ui, card| {
            let Some(found) = model.elsewhere() else {
                looking_ui(ui, model, card, JobKind::Elsewhere);
                return None;
            };
            let article = model.session().project().article(&found.article)?;
            if found.stretches.is_empty() {
                card.lead(
                    ui,
                    "No part of this article stands in another one of the project.",
                );
                card.closing_foot(ui);
                return None;
            }
            let others = count_grouped(found.others.len(), "other article", "other articles");
            let before = match found.before {
                0 => String::new(),
                n => format!("; {} stood in older ones", percent(n, found.words)),
            };
            let share = percent(found.shared, found.words);
            card.lead(
                ui,
                &format!("{share} of its words stand in {others}{before}."),
            );
            card.space(8.0);
            card.line(ui, |ui| {
                let current = usize::from(self.by_article);
                let names = ["By passage", "By article"];
                if let Some(chosen) =
                    Choices::new("Show").segments(ui, &names, Some(current), 220.0, tokens)
                {
                    self.by_article = chosen == 1;
                    self.cursor = 0;
                }
            });
            if self.by_article {
                self.articles_ui(ui, model, card, found, tokens)
            } else {
                self.stretches_ui(ui, model, card, (found, article), tokens)
            }
        });
        stop_looking(&step, model.elsewhere().is_none(), actions);
        self.compared.take(step, actions)
    }
}

/// This article and another one, the older one first.
fn both(found: &Elsewhere, other: &ArticleId) -> Asked {
    let (own, other) = ((found.article.clone(), None), (other.clone(), None));
    if found.is_older(&other.0) {
        Asked::Compare([other, own])
    } else {
        Asked::Compare([own, other])
    }
}

/// Where it was published and when, or its title.
fn named(model: &Model, article: &Article) -> String {
    let byline = model.byline_of(article);
    if byline.is_empty() {
        article.shown_title().into_owned()
    } else {
        byline
    }
}

impl ElsewhereDialog {
    fn stretches_ui(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        card: &mut Inside,
        (found, article): (&Elsewhere, &Article),
        tokens: &Tokens,
    ) -> Option<Asked> {
        let mut asked = None;
        card.pane(ui, |ui| {
            let (mut left, mut right) = split(ui, 400.0);
            let cursor = &mut self.cursor;
            let stretches = &found.stretches;
            text_list_ui(
                &mut left,
                "Passages",
                cursor,
                stretches.len(),
                tokens,
                |row| {
                    let stretch = stretches.get(row);
                    let row = stretch.map(|stretch| TextRow {
                        text: first_words(&article.text, &[stretch.range], 80),
                        detail: count(stretch.places.len(), "place", "places"),
                        ..TextRow::default()
                    });
                    row.unwrap_or_default()
                },
            );
            let stretch = stretches.get(self.cursor);
            scroll(&mut right, "stretch", |ui| {
                if let Some(stretch) = stretch {
                    asked = stretch_ui(ui, model, article, stretch, tokens);
                }
            });
        });
        let stretch = found.stretches.get(self.cursor)?;
        let foot = card.foot(ui, "", |ui, card| {
            let mut asked = None;
            if ui
                .button("Find near copies…")
                .on_hover_text("All places that say nearly this, to be marked")
                .clicked()
            {
                let (article, range) = (article.id.clone(), stretch.range);
                asked = Some(Asked::Leaves(
                    PassageAction::FindNear { article, range }.into(),
                ));
            }
            card.close(ui, "Close");
            if card.main(ui, None, "Compare", "both articles beside each other")
                && let Some((other, _)) = stretch.places.first()
            {
                asked = Some(both(found, other));
            }
            asked
        });
        foot.or(asked.map(Asked::Leaves))
    }

    fn articles_ui(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        card: &mut Inside,
        found: &Elsewhere,
        tokens: &Tokens,
    ) -> Option<Asked> {
        let project = model.session().project();
        card.pane(ui, |ui| {
            let cursor = &mut self.cursor;
            text_list_ui(ui, "Articles", cursor, found.others.len(), tokens, |row| {
                let other = found.others.get(row);
                let other = other.and_then(|(id, words)| Some((project.article(id)?, *words)));
                let row = other.map(|(other, words)| TextRow {
                    mark: percent(words, found.words),
                    text: other.shown_title().into_owned(),
                    detail: model.byline_of(other),
                    ..TextRow::default()
                });
                row.unwrap_or_default()
            });
        });
        let (other, _) = found.others.get(self.cursor)?;
        let note = "So much of this article stands in each";
        card.foot(ui, note, |ui, card| {
            let mut asked = None;
            if ui
                .button("Show")
                .on_hover_text("Go to that article")
                .clicked()
            {
                asked = Some(Asked::Leaves(Action::GoToArticle(other.clone())));
            }
            card.close(ui, "Close");
            if card.main(ui, None, "Compare", "both articles beside each other") {
                asked = Some(both(found, other));
            }
            asked
        })
    }
}

/// One stretch: its words, and where they stand, the oldest first.
fn stretch_ui(
    ui: &mut Ui,
    model: &Model,
    article: &Article,
    stretch: &Stretch,
    tokens: &Tokens,
) -> Option<Action> {
    /// More are found by looking for near copies.
    const MOST: usize = 6;
    let project = model.session().project();
    let first = stretch
        .places
        .first()
        .and_then(|(id, _)| project.article(id));
    let told = match first {
        Some(first) if stretch.is_older => format!("First in {}", named(model, first)),
        _ if article.meta("published").is_some() => {
            "No article with an earlier date has it".to_owned()
        }
        _ => "This article has no date, so it is not known which was first".to_owned(),
    };
    words_ui(ui, RichText::new(told).font(theme::strong_font(13.0)));
    ui.weak("It stands in:");
    let mut asked = None;
    for (id, range) in stretch.places.iter().take(MOST) {
        let Some(other) = project.article(id) else {
            continue;
        };
        let byline = model.byline_of(other);
        let name = if byline.is_empty() {
            other.shown_title().into_owned()
        } else {
            format!("{byline} · {}", other.shown_title())
        };
        if ui
            .link(name)
            .on_hover_text("Go to it in its article")
            .clicked()
        {
            let (article, range) = (id.clone(), *range);
            asked = Some(PassageAction::Show { article, range }.into());
        }
    }
    let more = stretch.places.len().saturating_sub(MOST);
    if more > 0 {
        ui.weak(format!(
            "and {}",
            count_grouped(more, "other place", "other places")
        ));
    }
    ui.add_space(8.0);
    let font = theme::reading_font(model.settings().reading_font, 15.0);
    let ranges = (&[stretch.range][..], &[stretch.range][..], Side::Both);
    in_context_ui(ui, &article.text, ranges, tokens.dim, &font, tokens);
    asked
}

#[cfg(test)]
mod tests {
    use super::percent;

    #[test]
    fn shares_are_said_as_they_are() {
        for (part, whole, said) in [
            (0, 10, "0 %"),
            (1, 1_000, "under 1 %"),
            (999, 1_000, "99 %"),
            (10, 10, "100 %"),
            (0, 0, "0 %"),
        ] {
            assert_eq!(percent(part, whole), said);
        }
    }
}
