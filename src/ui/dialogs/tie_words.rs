//! Whom a description or a pronoun means in the open article.

use super::{Dialog, Opener};
use crate::app::action::{Action, PeopleAction};
use crate::app::command::Command;
use crate::app::derived::people::{ListedPeople, WhichPeople};
use crate::app::model::Model;
use crate::core::ids::{ArticleId, PersonId};
use crate::core::project::{Person, PersonKind};
use crate::core::recipes::quote::emptied_by_tying;
use crate::core::shown::shown;
use crate::ui::kit::card::{Card, CardStep};
use crate::ui::kit::entry::TextRow;
use crate::ui::kit::field::Field;
use crate::ui::kit::list::{nothing_ui, text_list_ui};
use crate::ui::theme::Tokens;
use eframe::egui::Context;

pub(super) const OPENS: &[Opener] = &[Opener::new(Command::TieWords, |model| {
    let words = model.words_to_tie().unwrap_or_default();
    let project = model.session().project();
    let article = model.article().map(|article| article.id.clone());
    let emptied = article
        .as_ref()
        .map(|id| emptied_by_tying(project, id, &words));
    Box::new(TieWords {
        emptied: emptied.unwrap_or_default(),
        removes: true,
        words,
        article,
        typed: String::new(),
        at: 0,
    })
})];

struct TieWords {
    words: String,
    article: Option<ArticleId>,
    /// Who would be named nowhere any more, and whether they leave the ledger.
    emptied: Vec<PersonId>,
    removes: bool,
    typed: String,
    at: usize,
}

impl Dialog for TieWords {
    fn ui(
        &mut self,
        ctx: &Context,
        model: &Model,
        actions: &mut Vec<Action>,
        tokens: &Tokens,
    ) -> CardStep {
        let Some(article) = self.article.clone() else {
            return CardStep::Left;
        };
        let project = model.session().project();
        let listed = model.derived(&ListedPeople {
            of: model.speakers(),
            typed: self.typed.clone(),
            which: WhichPeople::All,
            by_name: false,
        });
        let people: Vec<&Person> = listed
            .iter()
            .filter_map(|at| project.people().get(*at as usize))
            .filter(|person| person.kind != PersonKind::Unnamed)
            .collect();
        let title = format!("“{}” means", shown(&self.words));
        let step = Card::work("tie words", &title).show(ctx, |ui, card| {
            card.lead(
                ui,
                "In this article these words mean whom you choose. Elsewhere they mean nobody.",
            );
            card.space(8.0);
            let field = card.line(ui, |ui| {
                let field = Field::search("Filter people", &mut self.typed);
                field.hint("Name, alias, role").hands_on_enter().show(ui)
            });
            if field.changed() {
                self.at = 0;
            }
            let _begins = card.begins_at(&field);
            let person = people.get(self.at);
            let emptied = self
                .emptied
                .iter()
                .filter(|id| person.is_none_or(|p| p.id != **id));
            let names = emptied.filter_map(|id| project.person(id));
            let names = names.map(|person| format!("“{}”", shown(&person.name)));
            let names: Vec<String> = names.collect();
            if !names.is_empty() {
                let text = format!(
                    "Also take {} out of the ledger: named nowhere else",
                    names.join(", ")
                );
                card.space(8.0);
                card.line(ui, |ui| ui.checkbox(&mut self.removes, text));
            }
            card.pane(ui, |ui| {
                if people.is_empty() {
                    let _offered = nothing_ui(
                        ui,
                        "Nobody fits. Add them on the page of people first.",
                        None,
                    );
                    return;
                }
                text_list_ui(ui, "People", &mut self.at, people.len(), tokens, |at| {
                    people.get(at).map_or_else(TextRow::default, |person| {
                        let is_tied = person.tied.has(&article, &self.words);
                        TextRow {
                            text: shown(&person.name).into_owned(),
                            detail: match (is_tied, person.role.as_str()) {
                                (true, _) => "tied already".to_owned(),
                                (false, role) => shown(role).into_owned(),
                            },
                            ..TextRow::default()
                        }
                    })
                });
            });
            card.foot(ui, "", |ui, card| {
                card.close(ui, "Cancel");
                let person = people.get(self.at);
                let refusal = person.is_none().then_some("choose somebody");
                let ties = card.main(ui, refusal, "Tie", "one step to undo");
                let person = person.filter(|_| ties)?;
                Some(PeopleAction::Tie {
                    person: person.id.clone(),
                    article: article.clone(),
                    words: self.words.clone(),
                    removes: self
                        .emptied
                        .iter()
                        .filter(|_| self.removes)
                        .cloned()
                        .collect(),
                })
            })
        });
        step.leave_with(|asked| actions.push(asked.into()))
    }
}
