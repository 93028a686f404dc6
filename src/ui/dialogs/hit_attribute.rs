//! An attribute of all annotations that ticked hits are, or lie in: which, and what it becomes, with the
//! fields that the card of one annotation has.

use super::{Dialog, Opener};
use crate::app::action::Action;
use crate::app::action::find::ToHits;
use crate::app::command::Command;
use crate::app::model::{AttributeOfHits, Model};
use crate::app::words::{count, count_grouped};
use crate::core::annotation::{Annotation, AttributeValue};
use crate::core::codebook::AttributeKind;
use crate::core::text::ByteRange;
use crate::ui::fields::{Fields, commit_action};
use crate::ui::kit::card::{Card, CardStep};
use crate::ui::kit::pick::Pick;
use crate::ui::theme::Tokens;
use eframe::egui::Context;

pub(super) const OPENS: &[Opener] = &[Opener::new(Command::SetHitAttribute, |model| {
    let mut offered = model.attributes_of_hits();
    for of in &mut offered {
        // Taking it away from all is possible, too.
        of.spec.required = false;
    }
    Box::new(AttributeDialog {
        offered,
        chosen: 0,
        begins: false,
        written: blank(),
        fields: Fields::default(),
        sets: false,
    })
})];

struct AttributeDialog {
    offered: Vec<AttributeOfHits>,
    chosen: usize,
    /// Another one was chosen.
    begins: bool,
    /// Stands for all of them: the value that they are to have.
    written: Annotation,
    fields: Fields,
    /// The button was pressed while its field was still written in: what that holds is taken first.
    sets: bool,
}

fn blank() -> Annotation {
    let nothing = ByteRange::default();
    Annotation::new("all".into(), "all".into(), "all".into(), nothing)
}

impl Dialog for AttributeDialog {
    fn ui(
        &mut self,
        ctx: &Context,
        model: &Model,
        actions: &mut Vec<Action>,
        _: &Tokens,
    ) -> CardStep {
        let is_written = self.fields.is_written() || !self.written.attributes.is_empty();
        let card = Card::question("hit attribute", "Set an attribute of ticked hits");
        let card = card.higher(120.0).written(is_written);
        let step = card.show(ctx, |ui, card| {
            let Some(of) = self.offered.get(self.chosen) else {
                card.lead(ui, "The labels of these annotations have no attributes.");
                card.closing_foot(ui);
                return None;
            };
            let n = of.annotations;
            let spec = of.spec.clone();
            let annotations = count_grouped(n, "annotation", "annotations");
            card.lead(
                ui,
                &format!("It is set in {annotations} whose label has this attribute."),
            );
            let mut other = None;
            let focus = card.begins() | std::mem::take(&mut self.begins);
            let mut asked = Vec::new();
            card.body(ui, |ui| {
                ui.horizontal(|ui| {
                    ui.label("Attribute");
                    let pick = Pick::new("Attribute", spec.shown_title())
                        .width(240.0)
                        .truncate();
                    pick.show(ui, |ui| {
                        for (at, of) in self.offered.iter().enumerate() {
                            let hits = count(of.annotations, "annotation", "annotations");
                            let name = format!("{} · {hits}", of.spec.shown_title());
                            if ui.selectable_label(at == self.chosen, name).clicked() {
                                other = Some(at);
                            }
                        }
                    });
                });
                ui.add_space(6.0);
                let written = &self.written;
                self.fields
                    .attribute_ui(ui, model, written, &spec, focus, &mut asked);
                for (_, text) in self.fields.take_clicked() {
                    asked.extend(commit_action(written, &spec, &text));
                }
            });
            for action in asked {
                self.take(action);
            }
            if let Some(other) = other.filter(|other| *other != self.chosen) {
                self.chosen = other;
                self.written = blank();
                self.fields = Fields::default();
                self.begins = true;
                self.sets = false;
            }
            let value = self.written.attributes.get(&spec.name).cloned();
            card.foot(ui, "One step, which undo takes back", |ui, card| {
                let clears = ui.button("No value");
                if clears
                    .on_hover_text("Takes it away from all of them")
                    .clicked()
                {
                    let name = spec.name.clone();
                    return Some(ToHits::SetAttribute { name, value: None });
                }
                card.close(ui, "Cancel");
                let refusal = match &value {
                    _ if self.fields.is_refused() => Some("What is written cannot be kept"),
                    None if !self.fields.is_written() => Some("Choose or write its value"),
                    _ => None,
                };
                let text = format!("Set {}", count_grouped(n, "", "").trim());
                let presses = card.main(ui, refusal, text, "");
                self.sets = (presses || self.sets) && refusal.is_none();
                let value = value.filter(|_| self.sets && !self.fields.is_written())?;
                let name = spec.name.clone();
                Some(match value {
                    AttributeValue::Text(person) if spec.kind == AttributeKind::Person => {
                        ToHits::SetPerson { name, person }
                    }
                    value => ToHits::SetAttribute {
                        name,
                        value: Some(value),
                    },
                })
            })
        });
        step.leave_with(|asked| actions.push(asked.into()))
    }
}

impl AttributeDialog {
    /// What the fields of one annotation ask for is kept until it is done to all.
    fn take(&mut self, action: Action) {
        let (name, value) = match action {
            Action::SetAttribute { name, value, .. } => (name, value),
            Action::SetPerson { name, person, .. } => {
                let is_blank = person.trim().is_empty();
                (name, (!is_blank).then_some(AttributeValue::Text(person)))
            }
            _ => return,
        };
        match value {
            Some(value) => self.written.attributes.insert(name.as_str(), value),
            None => self.written.attributes.remove(name.as_str()),
        };
    }
}
