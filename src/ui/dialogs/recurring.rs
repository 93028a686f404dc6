//! The passages that recur over all articles: how often and where each stands; all its places are
//! marked, or its articles grouped, as one step.

use super::looking::{looking_ui, stop_looking};
use super::{Dialog, Opener};
use crate::app::action::Action;
use crate::app::action::passages::PassageAction;
use crate::app::command::Command;
use crate::app::derived::labels::Pickable;
use crate::app::derived::passages::{
    RecurringListed, RecurringMark, RecurringMarks, RecurringOrder, Stands, Whereabouts,
};
use crate::app::jobs::JobKind;
use crate::app::model::Model;
use crate::app::passages::Recurring;
use crate::app::words::{count, count_grouped};
use crate::core::ids::{ArticleId, LabelId};
use crate::core::passages::recurring::Recurrence;
use crate::ui::in_context::{Side, first_words, in_context_ui};
use crate::ui::kit::card::{Card, CardStep, Inside, scroll, split};
use crate::ui::kit::choices::Choices;
use crate::ui::kit::entry::TextRow;
use crate::ui::kit::list::text_list_ui;
use crate::ui::kit::pick::Pick;
use crate::ui::label_pick::pick_label_ui;
use crate::ui::theme::{self, Tokens};
use eframe::egui::{Button, Context, RichText, Ui};
use std::collections::HashSet;
use std::sync::Arc;

pub(super) const OPENS: &[Opener] = &[Opener::new(Command::RecurringPassages, |model| {
    let offered = |id: &str| model.codebook().label(id).filter(|label| !label.retired);
    let promotion = offered("promo").or_else(|| model.label_at_hand());
    Box::new(RecurringDialog {
        cursor: 0,
        least: 1,
        order: RecurringOrder::default(),
        label: promotion.map(|label| label.id.clone()),
    })
})];

/// How many words a passage has at least.
const LEAST: [(usize, &str); 4] = [(1, "any"), (4, "4 words"), (10, "10"), (40, "40")];

struct RecurringDialog {
    cursor: usize,
    /// Which of [`LEAST`].
    least: usize,
    order: RecurringOrder,
    label: Option<LabelId>,
}

impl Dialog for RecurringDialog {
    fn ui(
        &mut self,
        ctx: &Context,
        model: &Model,
        actions: &mut Vec<Action>,
        tokens: &Tokens,
    ) -> CardStep {
        let card = Card::work("recurring", "Recurring passages");
        let step = card.show(ctx, |ui, card| {
            let Some(found) = model.recurring() else {
                looking_ui(ui, model, card, JobKind::Recurring);
                return None;
            };
            if found.passages.is_empty() {
                card.lead(ui, "Nothing stands in two articles.");
                card.closing_foot(ui);
                return None;
            }
            self.found_ui(ui, model, card, found, tokens)
        });
        stop_looking(&step, model.recurring().is_none(), actions);
        match step {
            CardStep::Left => CardStep::Left,
            // Marking one leads on to the next.
            CardStep::Chosen(action) => {
                let is_shown = matches!(&action, Action::Passages(asked) if matches!(**asked, PassageAction::Show { .. }));
                actions.push(action);
                if is_shown {
                    CardStep::Chosen(())
                } else {
                    CardStep::Stays
                }
            }
            CardStep::Stays => CardStep::Stays,
        }
    }
}

impl RecurringDialog {
    fn found_ui(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        card: &mut Inside,
        found: &Arc<Recurring>,
        tokens: &Tokens,
    ) -> Option<Action> {
        let least_words = LEAST.get(self.least).map_or(1, |(least, _)| *least);
        let listed = model.derived(&RecurringListed {
            found: found.clone(),
            least_words,
            order: self.order,
        });
        let n = count_grouped(listed.len(), "passage stands", "passages stand");
        card.lead(
            ui,
            &format!("{n} in two articles or more, to the word or nearly."),
        );
        card.space(8.0);
        card.line(ui, |ui| self.choices_ui(ui, tokens));
        self.cursor = self.cursor.min(listed.len().saturating_sub(1));
        let current = listed.get(self.cursor).copied();
        let passage = current.and_then(|at| found.passages.get(at));
        let stands = current.map(|at| {
            model.derived(&Whereabouts {
                found: found.clone(),
                at,
                label: self.label.clone(),
                by: model.session().annotator().clone(),
            })
        });
        let marks = model.derived_later(&RecurringMarks {
            found: found.clone(),
            label: self.label.clone(),
            by: model.session().annotator().clone(),
        });
        let marks = marks.value;
        let mut asked = None;
        card.pane(ui, |ui| {
            let (mut left, mut right) = split(ui, 400.0);
            let cursor = &mut self.cursor;
            text_list_ui(&mut left, "Passages", cursor, listed.len(), tokens, |row| {
                let at = listed.get(row).copied();
                let passage = at.and_then(|at| found.passages.get(at));
                let mark = at.and_then(|at| marks.as_ref()?.get(at).copied());
                passage
                    .map(|p| passage_row(model, found, p, mark))
                    .unwrap_or_default()
            });
            scroll(&mut right, "passage", |ui| match (passage, &stands) {
                (Some(passage), Some(stands)) => {
                    asked = self.passage_ui(ui, model, passage, stands, tokens);
                }
                _ => {
                    ui.weak("None is as long as that.");
                }
            });
        });
        let Some(stands) = stands else {
            card.closing_foot(ui);
            return None;
        };
        let foot = card.foot(ui, "Each a step, which undo takes back", |ui, card| {
            let mut asked = None;
            let first = stands.places.first();
            if ui
                .button("Look through them…")
                .on_hover_text("All places, and others that are nearly the same, each with a tick")
                .clicked()
                && let Some((article, range)) = first
            {
                let (article, range) = (article.clone(), *range);
                asked = Some(PassageAction::FindNear { article, range }.into());
            }
            let can_link = stands.group.is_none() && stands.articles > 1;
            let link = ui.add_enabled(can_link, Button::new("Link articles"));
            let link = link
                .on_hover_text("Those that have it get the same value in the metadata field “group”, with all that are linked with them")
                .on_disabled_hover_text("All its articles are linked already");
            if link.clicked() {
                let mut known: HashSet<&ArticleId> = HashSet::new();
                let ids = stands.places.iter().map(|(id, _)| id);
                let ids = ids.filter(|id| known.insert(id)).cloned().collect();
                asked = Some(Action::GroupCopies(ids));
            }
            let codebook = model.codebook();
            let name = self.label.as_ref().map(|label| codebook.name_of(label));
            let name = name.unwrap_or("Mark as…");
            let pick = Pick::new("Mark as", name).width(110.0).truncate();
            let which = Pickable::OfferedOr(None);
            let picked = pick_label_ui(ui, model, pick, which, self.label.as_ref(), None);
            self.label = picked.flatten().or(self.label.take());
            card.close(ui, "Close");
            let n = stands.places.len().saturating_sub(stands.marked);
            let text = format!("Mark {}", count_grouped(n, "", "").trim());
            let refusal = match (&self.label, n) {
                (None, _) => Some("Choose what it is to be marked as"),
                (_, 0) if stands.marked > 0 => Some("All its places are marked already"),
                (_, 0) => Some("Its articles are gone"),
                _ => None,
            };
            let is_asked = card.main(ui, refusal, text, "marks all its places");
            if let Some(label) = self.label.clone().filter(|_| is_asked) {
                let places = stands.places.clone();
                asked = Some(PassageAction::Mark { places, label }.into());
            }
            asked
        });
        foot.or(asked)
    }

    fn choices_ui(&mut self, ui: &mut Ui, tokens: &Tokens) {
        ui.horizontal(|ui| {
            ui.weak("At least");
            let names = LEAST.map(|(_, name)| name);
            let chosen =
                Choices::new("At least").segments(ui, &names, Some(self.least), 260.0, tokens);
            self.least = chosen.unwrap_or(self.least);
            ui.add_space(12.0);
            ui.weak("First");
            let orders = [RecurringOrder::MostArticles, RecurringOrder::MostWords];
            let current = orders.iter().position(|order| *order == self.order);
            let names = ["Most articles", "Longest"];
            let chosen = Choices::new("First").segments(ui, &names, current, 210.0, tokens);
            let chosen = chosen.and_then(|at| orders.get(at));
            self.order = chosen.copied().unwrap_or(self.order);
        });
    }

    /// How often and where it stands, and its words.
    fn passage_ui(
        &self,
        ui: &mut Ui,
        model: &Model,
        passage: &Recurrence,
        stands: &Stands,
        tokens: &Tokens,
    ) -> Option<Action> {
        /// More are looked through by themselves.
        const MOST: usize = 12;
        let project = model.session().project();
        let mut said = vec![
            count_grouped(passage.words, "word", "words"),
            count_grouped(stands.articles, "article", "articles"),
        ];
        if stands.marked > 0 {
            said.push(format!("{} marked", stands.marked));
        }
        if stands.group.is_some() {
            said.push("linked".to_owned());
        }
        if passage.wordings > 1 {
            said.push(format!("{} wordings", passage.wordings));
        }
        ui.label(RichText::new(said.join(" · ")).font(theme::strong_font(13.0)));
        let hides = model.settings().hides_source;
        if !stands.outlets.is_empty() && !hides {
            let outlets = stands.outlets.iter().take(4);
            let outlets: Vec<String> = outlets.map(|(name, n)| format!("{name} {n}")).collect();
            let more = stands.outlets.len().saturating_sub(outlets.len());
            let more = match more {
                0 => String::new(),
                n => format!(" and {}", count(n, "other", "others")),
            };
            ui.weak(format!("{}{more}", outlets.join(", ")));
        }
        let (id, range) = stands.places.first()?;
        let article = project.article(id)?;
        ui.add_space(8.0);
        let label = self.label.as_ref().map_or("", |label| label.as_str());
        let color = tokens.label(project.codebook().color_of(label));
        let font = theme::reading_font(model.settings().reading_font, 15.0);
        let ranges = (&[*range][..], &[*range][..], Side::Both);
        in_context_ui(ui, &article.text, ranges, color, &font, tokens);
        ui.add_space(8.0);
        let places = if stands.is_dated {
            "It stands in, the oldest first:"
        } else {
            "It stands in:"
        };
        ui.weak(places);
        let mut asked = None;
        for (id, range) in stands.places.iter().take(MOST) {
            let Some(article) = project.article(id) else {
                continue;
            };
            let byline = model.byline_of(article);
            let name = if byline.is_empty() {
                article.shown_title().into_owned()
            } else {
                format!("{byline} · {}", article.shown_title())
            };
            let show = ui.link(name).on_hover_text("Go to it in its article");
            if show.clicked() {
                let (article, range) = (id.clone(), *range);
                asked = Some(PassageAction::Show { article, range }.into());
            }
        }
        let more = stands.places.len().saturating_sub(MOST);
        if more > 0 {
            ui.weak(format!(
                "and {}",
                count_grouped(more, "other place", "other places")
            ));
        }
        asked
    }
}

fn passage_row(
    model: &Model,
    found: &Recurring,
    passage: &Recurrence,
    mark: Option<RecurringMark>,
) -> TextRow {
    let project = model.session().project();
    let mut places = passage.places.iter();
    let text = places.find_map(|place| {
        let article = project.article(found.articles.get(place.text)?)?;
        Some(first_words(&article.text, &[place.range], 80))
    });
    let mut detail = match mark.filter(|mark| mark.marked > 0) {
        Some(mark) => format!("{} of {} marked", mark.marked, mark.places),
        None => count_grouped(passage.texts, "article", "articles"),
    };
    if mark.is_some_and(|mark| mark.is_linked) {
        detail.push_str(" · linked");
    }
    TextRow {
        text: text.unwrap_or_default(),
        detail,
        is_dim: mark.is_some_and(|mark| mark.marked > 0 && mark.marked == mark.places),
        ..TextRow::default()
    }
}
