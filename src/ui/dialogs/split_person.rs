//! Making two of one: some of their quotes become another one's.

use super::{Dialog, Opener};
use crate::app::action::{Action, PeopleAction};
use crate::app::command::Command;
use crate::app::model::Model;
use crate::app::words::{count_grouped, day};
use crate::core::ids::{AnnotationId, PersonId};
use crate::core::quoted::{SaidFilter, words_of};
use crate::core::shown::shown;
use crate::ui::in_context::on_a_line;
use crate::ui::kit::card::{Card, CardStep};
use crate::ui::kit::entry::TickRow;
use crate::ui::kit::field::Field;
use crate::ui::kit::list::List;
use crate::ui::theme::{TALL_ROW_HEIGHT, Tokens};
use eframe::egui::Context;
use std::collections::HashSet;

pub(super) const OPENS: &[Opener] = &[Opener::new(Command::SplitPerson, |model| {
    Box::new(SplitPerson {
        from: model.shown_person().map(|person| person.id.clone()),
        name: String::new(),
        ticked: HashSet::new(),
        at: 0,
    })
})];

struct SplitPerson {
    from: Option<PersonId>,
    name: String,
    ticked: HashSet<AnnotationId>,
    at: usize,
}

impl Dialog for SplitPerson {
    fn ui(
        &mut self,
        ctx: &Context,
        model: &Model,
        actions: &mut Vec<Action>,
        tokens: &Tokens,
    ) -> CardStep {
        let project = model.session().project();
        let Some(from) = self.from.as_ref().and_then(|id| project.person(id)) else {
            return CardStep::Left;
        };
        let speakers = model.speakers();
        let said = model.derived(&crate::app::derived::people::SaidBy {
            of: speakers.clone(),
            person: from.id.clone(),
            filter: SaidFilter::default(),
        });
        let quotes: Vec<_> = said
            .places()
            .filter_map(|place| {
                let (of, quote) = speakers.get(place)?;
                let article = project.articles().get(place.0 as usize)?;
                let annotation = article.annotations.get(quote.id.as_str())?;
                Some((of, article, annotation))
            })
            .collect();
        let title = format!("Split {}", shown(&from.name));
        let card = Card::work("split person", &title).written(!self.ticked.is_empty());
        let step = card.show(ctx, |ui, card| {
            card.lead(
                ui,
                "The quotes that are ticked become another one’s, who comes into the ledger.",
            );
            card.space(8.0);
            let field = card.line(ui, |ui| {
                let field = Field::new("Name of the other one", &mut self.name);
                field
                    .hint("Name of the other one")
                    .hands_on_enter()
                    .show(ui)
            });
            let _begins = card.begins_at(&field);
            card.pane(ui, |ui| {
                let list = List::in_card(
                    "Quotes",
                    quotes.len(),
                    TALL_ROW_HEIGHT,
                    ui.available_height(),
                );
                let mut switched = None;
                let step = list
                    .with_ticks()
                    .cursor(Some(self.at))
                    .show(ui, |ui, at, state| {
                        let Some((of, article, annotation)) = quotes.get(at) else {
                            return ui.label("");
                        };
                        let row = TickRow {
                            text: on_a_line(&words_of(article, annotation), 160),
                            second: format!("{} {}", day(&of.day), of.outlet),
                            is_ticked: self.ticked.contains(&annotation.id),
                            ..TickRow::default()
                        };
                        let (response, ticks) = row.ui(ui, state.is_chosen, tokens);
                        if ticks {
                            switched = Some(at);
                        }
                        response
                    });
                self.at = step.moved.or(step.clicked).unwrap_or(self.at);
                let switched = switched.or(step.ticks.then_some(self.at));
                if let Some((.., annotation)) = switched.and_then(|at| quotes.get(at))
                    && !self.ticked.remove(&annotation.id)
                {
                    self.ticked.insert(annotation.id.clone());
                }
            });
            let note = count_grouped(self.ticked.len(), "quote is ticked", "quotes are ticked");
            card.foot(ui, &note, |ui, card| {
                card.close(ui, "Cancel");
                let refusal = match () {
                    () if self.name.trim().is_empty() => Some("The other one needs a name"),
                    () if self.ticked.is_empty() => Some("tick the quotes of the other one"),
                    () => None,
                };
                let splits = card.main(ui, refusal, "Split", "one step to undo");
                splits.then(|| PeopleAction::Split {
                    from: from.id.clone(),
                    name: self.name.trim().to_owned(),
                    mentions: quotes
                        .iter()
                        .filter(|(.., annotation)| self.ticked.contains(&annotation.id))
                        .map(|(_, article, annotation)| (article.id.clone(), annotation.id.clone()))
                        .collect(),
                })
            })
        });
        step.leave_with(|asked| actions.push(asked.into()))
    }
}
