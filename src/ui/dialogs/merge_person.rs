//! Making one of two people: who the other one is, and what holds where they say of themselves what the
//! other does not.

use super::{Dialog, Opener};
use crate::app::action::{Action, PeopleAction};
use crate::app::command::Command;
use crate::app::derived::people::{ListedPeople, WhichPeople};
use crate::app::model::Model;
use crate::app::words::count_grouped;
use crate::core::ids::PersonId;
use crate::core::project::{Person, PersonKind};
use crate::core::recipes::people::{Differs, differences, joined, under};
use crate::core::shown::shown;
use crate::ui::kit::card::{Card, CardStep, scroll, split};
use crate::ui::kit::entry::TextRow;
use crate::ui::kit::field::Field;
use crate::ui::kit::list::{nothing_ui, text_list_ui};
use crate::ui::kit::tell;
use crate::ui::theme::{self, Tokens};
use eframe::egui::accesskit::Role;
use eframe::egui::{Context, RichText, Ui};

pub(super) const OPENS: &[Opener] = &[Opener::new(Command::MergePerson, |model| {
    let asked = model.asked_to_merge().cloned();
    // Whoever is looked at is called so until it is said otherwise.
    let looked_at = model.shown_person();
    let looked_at = looked_at.filter(|p| asked.as_ref().is_some_and(|(_, goes)| p.id == *goes));
    let name = looked_at.map(|person| person.name.clone());
    // One who was proposed is there already; the rest is asked about.
    let (own, other) = match asked {
        Some((stays, goes)) => (Some(goes), Some(stays)),
        None => (model.shown_person().map(|person| person.id.clone()), None),
    };
    Box::new(MergePerson {
        goes: own,
        stays: other.clone(),
        wanted: other,
        typed: String::new(),
        at: 0,
        name,
        theirs: Vec::new(),
    })
})];

struct MergePerson {
    goes: Option<PersonId>,
    /// Who was proposed, and is found in the list first.
    wanted: Option<PersonId>,
    typed: String,
    at: usize,
    /// Whom the choices are about.
    stays: Option<PersonId>,
    /// The name that is shown, where it is another than that of the one who stays.
    name: Option<String>,
    /// Of what the one that goes says, this holds.
    theirs: Vec<Differs>,
}

impl Dialog for MergePerson {
    fn ui(
        &mut self,
        ctx: &Context,
        model: &Model,
        actions: &mut Vec<Action>,
        tokens: &Tokens,
    ) -> CardStep {
        let project = model.session().project();
        let Some(goes) = self.goes.as_ref().and_then(|id| project.person(id)) else {
            return CardStep::Left;
        };
        let speakers = model.speakers();
        let listed = model.derived(&ListedPeople {
            of: speakers.clone(),
            typed: self.typed.clone(),
            which: WhichPeople::All,
            by_name: true,
        });
        let own = speakers.place_of(&goes.id);
        let others: Vec<&Person> = listed
            .iter()
            .filter(|at| Some(**at as usize) != own)
            .filter_map(|at| project.people().get(*at as usize))
            .collect();
        if let Some(wanted) = self.wanted.take() {
            let found = others.iter().position(|person| person.id == wanted);
            self.at = found.unwrap_or(0);
        }
        self.at = self.at.min(others.len().saturating_sub(1));
        let title = format!("Merge {} into another", shown(&goes.name));
        let step = Card::work("merge person", &title).show(ctx, |ui, card| {
            card.lead(ui, "All that names them names the other one, who gets their names, ties and identifiers.");
            card.space(8.0);
            let field = card.line(ui, |ui| {
                let field = Field::search("Filter people", &mut self.typed);
                field.hint("Name, alias, role").hands_on_enter().show(ui)
            });
            if field.changed() {
                self.at = 0;
            }
            let _begins = card.begins_at(&field);
            let mut stays = None;
            card.pane(ui, |ui| {
                if others.is_empty() {
                    let _offered = nothing_ui(ui, "Nobody else fits", None);
                    return;
                }
                let (mut left, mut right) = split(ui, 300.0);
                let at = &mut self.at;
                text_list_ui(&mut left, "People", at, others.len(), tokens, |at| {
                    let Some(person) = others.get(at) else {
                        return TextRow::default();
                    };
                    let place = speakers.place_of(&person.id);
                    let quotes = place.map_or(0, |place| speakers.said_by(place).len());
                    TextRow {
                        text: shown(&person.name).into_owned(),
                        detail: count_grouped(quotes, "quote", "quotes"),
                        ..TextRow::default()
                    }
                });
                stays = others.get(self.at).copied();
                let Some(stays) = stays else {
                    return;
                };
                if self.stays.as_ref() != Some(&stays.id) {
                    self.stays = Some(stays.id.clone());
                    self.theirs.clear();
                    self.name = None;
                }
                scroll(&mut right, "what holds", |ui| {
                    let chosen = (&mut self.name, &mut self.theirs);
                    outcome_ui(ui, model, (stays, goes), chosen);
                });
            });
            let mentions = own.map_or(0, |place| speakers.said_by(place).len());
            let note = format!("Changes {}.", count_grouped(mentions, "quote", "quotes"));
            card.foot(ui, &note, |ui, card| {
                card.close(ui, "Cancel");
                let refusal = stays.is_none().then_some("choose somebody");
                let merges = card.main(ui, refusal, "Merge", "one step to undo");
                let stays = stays.filter(|_| merges)?;
                Some(outcome(stays, goes, self.name.as_ref(), &self.theirs))
            })
        });
        let goes = goes.id.clone();
        step.leave_with(|stays| {
            let stays = Box::new(stays);
            actions.push(PeopleAction::Merge { stays, goes }.into());
        })
    }
}

fn kind_words(kind: &PersonKind) -> &str {
    match kind {
        PersonKind::Person => "a person",
        PersonKind::Organisation => "an organisation",
        PersonKind::Collective => "several at once",
        PersonKind::Unnamed => "not named",
        PersonKind::Later(name) => name,
    }
}

fn outcome(stays: &Person, goes: &Person, name: Option<&String>, theirs: &[Differs]) -> Person {
    let joined = joined(stays, goes, theirs);
    match name {
        Some(name) => under(joined, name),
        None => joined,
    }
}

/// Which of their two names is shown.
fn name_ui(ui: &mut Ui, (stays, goes): (&Person, &Person), name: &mut Option<String>) {
    if stays.name == goes.name {
        return;
    }
    heading_ui(ui, "The name that is shown");
    for person in [stays, goes] {
        let is_own = person.id == stays.id;
        let is_on = name.as_ref().map_or(is_own, |name| *name == person.name);
        let text = shown(&person.name);
        let radio = ui.push_id(("name", is_own), |ui| ui.radio(is_on, text.as_ref()));
        if radio.inner.clicked() {
            *name = (!is_own).then(|| person.name.clone());
        }
    }
}

/// Who comes of it, and what is to be chosen.
fn outcome_ui(
    ui: &mut Ui,
    model: &Model,
    (stays, goes): (&Person, &Person),
    (name, theirs): (&mut Option<String>, &mut Vec<Differs>),
) {
    let project = model.session().project();
    let place = |person: &Person| {
        let to = person
            .affiliated_to
            .as_ref()
            .and_then(|id| project.person(id));
        to.map_or_else(|| person.affiliation.clone(), |to| to.name.clone())
    };
    name_ui(ui, (stays, goes), name);
    for what in differences(stays, goes) {
        let (title, says): (&str, [String; 2]) = match what {
            Differs::Kind => (
                "They are of two kinds",
                [stays, goes].map(|person| kind_words(&person.kind).to_owned()),
            ),
            Differs::Role => ("They have two roles", [stays, goes].map(|p| p.role.clone())),
            Differs::Affiliation => ("They belong to two", [stays, goes].map(place)),
            Differs::Note => ("There are two notes", [stays, goes].map(|p| p.note.clone())),
        };
        heading_ui(ui, title);
        let is_theirs = theirs.contains(&what);
        let first = match what {
            Differs::Note => "Both notes, one below the other".to_owned(),
            Differs::Kind | Differs::Role | Differs::Affiliation => {
                format!("{} ({})", shown(&says[0]), shown(&stays.name))
            }
        };
        let second = format!("{} ({})", shown(&says[1]), shown(&goes.name));
        if ui
            .push_id((title, 0), |ui| ui.radio(!is_theirs, first))
            .inner
            .clicked()
        {
            theirs.retain(|other| *other != what);
        }
        if ui
            .push_id((title, 1), |ui| ui.radio(is_theirs, second))
            .inner
            .clicked()
            && !is_theirs
        {
            theirs.push(what);
        }
    }
    let new = outcome(stays, goes, name.as_ref(), theirs);
    heading_ui(ui, &shown(&new.name));
    let parts = [new.role.as_str(), &place(&new)].map(|part| shown(part).into_owned());
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    if !parts.is_empty() {
        ui.label(parts.join(" · "));
    }
    ui.weak(format!("Also named: {}", shown(&new.aliases.join(", "))));
    if !new.note.is_empty() {
        ui.weak(shown(&new.note));
    }
}

fn heading_ui(ui: &mut Ui, text: &str) {
    ui.add_space(8.0);
    let heading = ui.label(RichText::new(text).font(theme::strong_font(13.0)));
    tell(&heading, Role::Heading, text);
}
