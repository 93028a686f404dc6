//! What the card of a promotional passage says besides its attributes: where the passage stood before,
//! and how much of the article is promotional, and for whom.

use crate::app::action::Action;
use crate::app::command::{Command, info};
use crate::app::model::Model;
use crate::app::words::{count, count_grouped};
use crate::core::annotation::{Annotation, AttributeValue};
use crate::core::codebook::{Part, Thing};
use crate::core::ids::PersonId;
use crate::core::promotion::{Promotion, share};
use crate::core::shown::shown;
use crate::ui::same::place_of;
use crate::ui::theme::{SMALL, Tokens};
use eframe::egui::{Label, RichText, Ui};

pub(super) fn promotion_ui(
    ui: &mut Ui,
    model: &Model,
    annotation: &Annotation,
    actions: &mut Vec<Action>,
    tokens: &Tokens,
) {
    let codebook = model.session().project().codebook();
    if codebook.thing_of(&annotation.label) != Thing::Promotion {
        return;
    }
    let Some(article) = model.article() else {
        return;
    };
    origin_ui(ui, model, annotation, actions, tokens);
    let told = told_of(model, &model.promotion_in(&article.id));
    ui.add(Label::new(RichText::new(told).size(SMALL).color(tokens.dim)).wrap());
    beneficiary_ui(ui, model, annotation, actions);
}

/// The outlet itself, which most such passages serve.
fn beneficiary_ui(ui: &mut Ui, model: &Model, annotation: &Annotation, actions: &mut Vec<Action>) {
    let codebook = model.session().project().codebook();
    let label = codebook.label(annotation.label.as_str());
    let spec = label.and_then(|label| label.part(Part::Beneficiary));
    let outlet = model.article().and_then(|article| article.meta("outlet"));
    let outlet = outlet.map(str::trim).filter(|outlet| !outlet.is_empty());
    let (Some(spec), Some(outlet)) = (spec, outlet) else {
        return;
    };
    if model.settings().hides_source || annotation.attributes.get(&spec.name).is_some() {
        return;
    }
    let button = ui.button(format!("For {}", shown(outlet)));
    let help = "Write the outlet down as the one whom the passage serves";
    if button.on_hover_text(help).clicked() {
        actions.push(Action::SetPerson {
            id: annotation.id.clone(),
            name: spec.name.clone(),
            person: outlet.to_owned(),
        });
    }
}

/// Where the passage stands elsewhere, and where it came from.
fn origin_ui(
    ui: &mut Ui,
    model: &Model,
    annotation: &Annotation,
    actions: &mut Vec<Action>,
    tokens: &Tokens,
) {
    let quiet = |text: String| RichText::new(text).size(SMALL).color(tokens.dim);
    let Some(origin) = model.stands_elsewhere(annotation).value else {
        ui.label(quiet("Looking where it stands elsewhere…".to_owned()));
        return;
    };
    if origin.articles == 0 {
        ui.label(quiet("It stands in no other article".to_owned()));
        return;
    }
    let others = count_grouped(origin.articles, "other article", "other articles");
    let told = match &origin.first {
        Some(first) => format!("It stands in {others}, first in {}", place_of(model, first)),
        None => format!("It stands in {others}, in none before this one"),
    };
    ui.add(Label::new(quiet(told)).wrap());
    ui.horizontal_wrapped(|ui| {
        if let Some(first) = &origin.first {
            let show = ui.button("Show the first");
            if show
                .on_hover_text("Show the article that had it first")
                .clicked()
            {
                actions.push(Action::GoToArticle(first.clone()));
            }
            let project = model.session().project();
            let label = project.codebook().label(annotation.label.as_str());
            if label
                .and_then(|label| label.part(Part::TakenFrom))
                .is_some()
            {
                let place = place_of(model, first);
                let known = annotation.attributes.get(Part::TakenFrom.name());
                let value = AttributeValue::Text(place);
                let is_new = known != Some(&value);
                let write = ui
                    .add_enabled_ui(is_new, |ui| ui.button("Write it down"))
                    .inner;
                let help = "Keep in this card where the passage was taken from";
                if write.on_hover_text(help).clicked() {
                    actions.push(Action::SetAttribute {
                        id: annotation.id.clone(),
                        name: Part::TakenFrom.name().to_owned(),
                        value: Some(value),
                    });
                }
            }
        }
        let near = info(Command::FindNearCopies);
        if ui
            .button("Near copies…")
            .on_hover_text(near.tooltip())
            .clicked()
        {
            actions.push(Action::Run(Command::FindNearCopies));
        }
    });
}

/// How much of an article is promotional, and for whom.
fn told_of(model: &Model, found: &Promotion) -> String {
    const MOST: usize = 3;
    let name = |who: &Option<PersonId>| match who {
        None => "nobody who is named".to_owned(),
        Some(id) => {
            let person = model.session().project().person(id);
            person.map_or_else(|| id.to_string(), |person| shown(&person.name).into_owned())
        }
    };
    let whom = found.for_whom.iter().take(MOST);
    let whom: Vec<String> = whom
        .map(|(who, chars)| format!("{} {} %", name(who), share(*chars, found.of)))
        .collect();
    let passages = count(found.passages, "passage", "passages");
    let disclosed = match found.disclosed + found.undisclosed {
        0 => String::new(),
        known => format!("; {} of {known} disclosed", found.disclosed),
    };
    let share = found.share();
    format!(
        "{share} % of this article is promotional ({passages}{disclosed}): {}",
        whom.join(", ")
    )
}
