//! A label that is called like the selected words.

use super::{Dialog, Opener};
use crate::app::action::Action;
use crate::app::command::Command;
use crate::app::derived::labels::Pickable;
use crate::app::model::Model;
use crate::core::codebook::{MAX_NAME, folded_name};
use crate::core::ids::LabelId;
use crate::ui::kit::card::{Card, CardStep};
use crate::ui::kit::field::{Field, select};
use crate::ui::kit::pick::Pick;
use crate::ui::label_pick::pick_label_ui;
use crate::ui::theme::Tokens;
use eframe::egui::Context;

pub(super) const OPENS: &[Opener] = &[Opener::new(Command::LabelFromWords, |model| {
    Box::new(NewLabelDialog {
        name: model.selected_words(),
        parent: None,
    })
})];

struct NewLabelDialog {
    name: String,
    parent: Option<LabelId>,
}

impl Dialog for NewLabelDialog {
    fn ui(
        &mut self,
        ctx: &Context,
        model: &Model,
        actions: &mut Vec<Action>,
        _: &Tokens,
    ) -> CardStep {
        let is_written = self.name != model.selected_words();
        let card = Card::question("new label", "New label from the selected words");
        let card = card.written(is_written);
        let step = card.show(ctx, |ui, card| {
            let codebook = model.session().project().codebook();
            let folded = folded_name(&self.name);
            let same = codebook
                .offered()
                .find(|label| folded_name(&label.name) == folded);
            let is_retired = same.is_none()
                && codebook
                    .labels
                    .iter()
                    .any(|label| folded_name(&label.name) == folded);
            let refusal = match () {
                () if folded.is_empty() => Some("A label needs a name"),
                () if self.name.chars().count() > MAX_NAME => Some("This is too long for a name"),
                () if is_retired => Some("A label that is not offered any more is called so"),
                () => None,
            };
            card.space(8.0);
            let field = card.line(ui, |ui| {
                let field = Field::new("Name", &mut self.name).hint("Name").required();
                field
                    .error(refusal.unwrap_or_default())
                    .hands_on_enter()
                    .show(ui)
            });
            if card.begins_at(&field) {
                select(ctx, field.id, 0..self.name.chars().count());
            }
            card.body(ui, |ui| {
                ui.horizontal(|ui| {
                    ui.label("Under");
                    let parent = self.parent.clone();
                    let parent = parent.as_ref();
                    let shown = parent.map_or("No other label", |id| codebook.name_of(id));
                    let pick = Pick::new("Under", shown).width(220.0).truncate();
                    let which = Pickable::OfferedOr(None);
                    let none = Some("No other label");
                    if let Some(picked) = pick_label_ui(ui, model, pick, which, parent, none) {
                        self.parent = picked;
                    }
                });
                ui.weak(match (refusal, same) {
                    (Some(refusal), _) => refusal.to_owned(),
                    (None, Some(label)) => format!("There is a label “{}” already.", label.name),
                    (None, None) => "Its definition can be written in the codebook.".to_owned(),
                });
            });
            card.foot(ui, "", |ui, card| {
                card.close(ui, "Cancel");
                let text = match same {
                    Some(label) => format!("Mark as {}", label.name.to_lowercase()),
                    None => "Add and mark".to_owned(),
                };
                let is_done = card.main(ui, refusal, text, "");
                is_done.then(|| match same {
                    Some(label) => Action::UseLabel(label.id.clone()),
                    None => Action::MarkWithNew {
                        name: self.name.trim().to_owned(),
                        parent: self.parent.clone(),
                    },
                })
            })
        });
        step.leave_with(|action| actions.push(action))
    }
}
