//! The question before somebody leaves the ledger, with where they are named.

use super::{Dialog, Opener};
use crate::app::action::{Action, PeopleAction};
use crate::app::command::Command;
use crate::app::model::Model;
use crate::app::words::count_grouped;
use crate::core::ids::PersonId;
use crate::core::recipes::people::mentions;
use crate::core::shown::shown;
use crate::ui::in_context::on_a_line;
use crate::ui::kit::card::{Card, CardStep};
use crate::ui::theme::Tokens;
use eframe::egui::Context;

/// So many places are named.
const FEW: usize = 6;

pub(super) const OPENS: &[Opener] = &[Opener::new(Command::DeletePerson, |model| {
    let person = model.shown_person();
    let project = model.session().project();
    let all = person.map(|person| mentions(project, &person.id));
    let (mut first, mut n) = (Vec::new(), 0);
    for (article, annotation) in all.into_iter().flatten() {
        n += 1;
        if first.len() < FEW {
            let range = annotation.extent();
            let words = on_a_line(article.text.slice(range), 60);
            first.push(format!("{} in “{}”", words, article.shown_title()));
        }
    }
    Box::new(DeletePerson {
        person: person.map(|person| person.id.clone()),
        first,
        mentions: n,
    })
})];

struct DeletePerson {
    person: Option<PersonId>,
    /// Where they are named, the first places.
    first: Vec<String>,
    mentions: usize,
}

impl Dialog for DeletePerson {
    fn ui(
        &mut self,
        ctx: &Context,
        model: &Model,
        actions: &mut Vec<Action>,
        _: &Tokens,
    ) -> CardStep {
        let project = model.session().project();
        let Some(person) = self.person.as_ref().and_then(|id| project.person(id)) else {
            return CardStep::Left;
        };
        let name = shown(&person.name);
        let tied: usize = person.tied.0.values().map(Vec::len).sum();
        let title = format!("Delete {name} from the ledger?");
        let card = Card::question("delete person", &title)
            .higher(120.0)
            .deleting();
        let step = card.show(ctx, |ui, card| {
            card.body(ui, |ui| {
                match self.mentions {
                    0 => drop(ui.label("Nothing names them.")),
                    n => {
                        let told =
                            count_grouped(n, "annotation names them", "annotations name them");
                        ui.label(format!(
                            "{told}. The name stays there as words, and is nobody’s then."
                        ));
                        for place in &self.first {
                            ui.weak(format!("· {place}"));
                        }
                        if n > self.first.len() {
                            ui.weak(format!("· and {} more", n - self.first.len()));
                        }
                        ui.label("To let another one have them, merge the two instead.");
                    }
                }
                if tied > 0 {
                    let told = count_grouped(tied, "description means", "descriptions mean");
                    ui.label(format!("{told} them in an article, and nobody then."));
                }
                ui.weak("One step of undo brings everything back.");
            });
            card.foot(ui, "", |ui, card| {
                card.close(ui, "Go back");
                let text = match self.mentions {
                    0 => "Delete".to_owned(),
                    n => format!(
                        "Delete, keep {} as words",
                        count_grouped(n, "name", "names")
                    ),
                };
                let deletes = card.main(ui, None, text, "");
                deletes.then(|| PeopleAction::Delete(person.id.clone()))
            })
        });
        step.leave_with(|asked| actions.push(asked.into()))
    }
}
