//! Who somebody of the ledger is, as it is written down: for those who come in, and those who are there.

use super::{Dialog, Opener};
use crate::app::action::{Action, PeopleAction};
use crate::app::command::Command;
use crate::app::model::Model;
use crate::core::project::{Person, PersonKind, Project};
use crate::core::quotes::is_said_of_many;
use crate::core::recipes::people::called;
use crate::ui::kit::card::{Card, CardStep};
use crate::ui::kit::choices::Choices;
use crate::ui::kit::field::Field;
use crate::ui::kit::table::form_ui;
use crate::ui::theme::Tokens;
use eframe::egui::{Context, Ui};

pub(super) const OPENS: &[Opener] = &[
    Opener::new(Command::EditPerson, |model| {
        Box::new(PersonCard::of(model, model.shown_person().cloned()))
    }),
    Opener::new(Command::AddPerson, |model| {
        Box::new(PersonCard::of(model, None))
    }),
];

const KINDS: [(PersonKind, &str); 4] = [
    (PersonKind::Person, "Person"),
    (PersonKind::Organisation, "Organisation"),
    (PersonKind::Collective, "Collective"),
    (PersonKind::Unnamed, "Not named"),
];
const WIDTH: f32 = 360.0;

struct PersonCard {
    /// As they are; nobody for one who comes in.
    old: Option<Person>,
    new: Person,
    /// As they are written: where they belong, other names and identifiers a line each.
    place: String,
    aliases: String,
    identifiers: String,
}

impl PersonCard {
    fn of(model: &Model, old: Option<Person>) -> Self {
        let new = old.clone().unwrap_or_default();
        let project = model.session().project();
        let place = new.affiliated_to.as_ref().and_then(|id| project.person(id));
        Self {
            place: place.map_or_else(|| new.affiliation.clone(), |to| to.name.clone()),
            aliases: new.aliases.join("\n"),
            identifiers: identifier_lines(&new),
            new,
            old,
        }
    }

    /// As it is written down now.
    fn written(&self, project: &Project) -> Person {
        let mut new = self.new.clone();
        let lines = |text: &str| -> Vec<String> {
            let lines = text.lines().map(str::trim);
            lines
                .filter(|line| !line.is_empty())
                .map(str::to_owned)
                .collect()
        };
        new.name = new.name.trim().to_owned();
        new.aliases = lines(&self.aliases);
        let identifiers = lines(&self.identifiers).into_iter();
        new.identifiers = identifiers
            .map(|line| match line.split_once([' ', ':']) {
                Some((scheme, value)) => (scheme.trim().to_owned(), value.trim().to_owned()),
                None => ("id".to_owned(), line),
            })
            .collect();
        let place = self.place.trim();
        let to = called(project, place).filter(|to| !place.is_empty() && to.id != new.id);
        new.affiliated_to = to.map(|to| to.id.clone());
        new.affiliation = match to {
            Some(_) => String::new(),
            None => place.to_owned(),
        };
        new
    }
}

/// What speaks against another name: it means anybody, or somebody else is called so.
fn trouble_of_aliases(project: &Project, person: &Person) -> String {
    let said = |alias: &str| crate::core::shown::shown(alias).into_owned();
    let many = person.aliases.iter().find(|alias| is_said_of_many(alias));
    if let Some(alias) = many {
        return format!("“{}” is said of many: tie it in an article", said(alias));
    }
    let is_taken = |alias: &&String| {
        let other = called(project, alias);
        other.is_some_and(|other| other.id != person.id)
    };
    let taken = person.aliases.iter().find(is_taken);
    taken.map_or_else(String::new, |alias| {
        format!("Another one is called “{}”, too", said(alias))
    })
}

fn identifier_lines(person: &Person) -> String {
    let lines = person.identifiers.iter();
    let lines: Vec<String> = lines
        .map(|(scheme, value)| format!("{scheme} {value}"))
        .collect();
    lines.join("\n")
}

impl Dialog for PersonCard {
    fn ui(
        &mut self,
        ctx: &Context,
        model: &Model,
        actions: &mut Vec<Action>,
        _: &Tokens,
    ) -> CardStep {
        let project = model.session().project();
        let written = self.written(project);
        let is_other = self
            .old
            .as_ref()
            .map_or(!written.name.is_empty(), |old| *old != written);
        let title = match &self.old {
            Some(old) => format!("Edit {}", crate::core::shown::shown(&old.name)),
            None => "Add a person or organisation".to_owned(),
        };
        let card = Card::choice("person", &title)
            .higher(150.0)
            .written(is_other);
        let step = card.show(ctx, |ui, card| {
            let taken = called(project, &written.name);
            let taken = taken.filter(|other| other.id != written.id && other.name == written.name);
            let refusal = match () {
                () if written.name.is_empty() => Some("They need a name"),
                () if taken.is_some() && self.old.is_none() => {
                    Some("Somebody of this name is there")
                }
                () if !is_other => Some("Nothing is changed"),
                () => None,
            };
            let is_twice = taken.is_some();
            let alias_trouble = trouble_of_aliases(project, &written);
            let mut name = None;
            card.body(ui, |ui| {
                form_ui(ui, "Who it is", |form| {
                    form.row("Name", "The name that is shown", |ui| {
                        let error = if is_twice {
                            "Another one is called so, too"
                        } else {
                            ""
                        };
                        let field = Field::new("Name", &mut self.new.name).width(WIDTH);
                        let field = field.error(error).hands_on_enter().show(ui);
                        name = Some(field);
                    });
                    form.row("Kind", "", |ui| {
                        let names = KINDS.map(|(_, name)| name);
                        let is_on =
                            |at: usize| KINDS.get(at).is_some_and(|(k, _)| *k == self.new.kind);
                        let chips = |ui: &mut Ui| Choices::new("Kind").chips(ui, &names, is_on);
                        let chosen = ui.horizontal(chips).inner;
                        if let Some((kind, _)) = chosen.and_then(|at| KINDS.get(at)) {
                            self.new.kind = kind.clone();
                        }
                    });
                    form.row("Role", "What they do or are", |ui| {
                        let field = Field::new("Role", &mut self.new.role).hint("foreign minister");
                        field.width(WIDTH).hands_on_enter().show(ui);
                    });
                    form.row(
                        "Belongs to",
                        "In words, or the name of another in the ledger",
                        |ui| {
                            let field = Field::new("Belongs to", &mut self.place);
                            field.width(WIDTH).hands_on_enter().show(ui);
                        },
                    );
                    form.high_row("Other names", |ui| {
                        let field = Field::new("Other names", &mut self.aliases);
                        let field = field.hint("one a line").error(&alias_trouble);
                        field.width(WIDTH).rows(2).show(ui);
                    });
                    form.high_row("Identifiers", |ui| {
                        let field = Field::new("Identifiers", &mut self.identifiers);
                        field.hint("wikidata Q58217").width(WIDTH).rows(2).show(ui);
                    });
                    form.high_row("Note", |ui| {
                        Field::new("Note", &mut self.new.note)
                            .width(WIDTH)
                            .rows(2)
                            .show(ui);
                    });
                });
            });
            if let Some(name) = &name {
                let _begins = card.begins_at(name);
            }
            card.foot(ui, "", |ui, card| {
                card.close(ui, "Cancel");
                let text = if self.old.is_some() { "Keep" } else { "Add" };
                let is_done = card.main(ui, refusal, text, "one step to undo");
                is_done.then(|| self.written(project))
            })
        });
        let is_new = self.old.is_none();
        step.leave_with(|person| {
            let person = Box::new(person);
            let asked = if is_new {
                PeopleAction::Add(person)
            } else {
                PeopleAction::Set(person)
            };
            actions.push(asked.into());
        })
    }
}
