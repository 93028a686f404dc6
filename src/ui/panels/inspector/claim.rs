//! What the card of a claim says besides its attributes: who makes it where it does not say so, the
//! group that it is in, and the way to what says the same. The last also of a quote.

use crate::app::action::Action;
use crate::app::action::claims::ClaimsAction;
use crate::app::command::{Command, info};
use crate::app::model::{Model, state_name};
use crate::app::words::count_grouped;
use crate::core::annotation::{Annotation, AttributeValue};
use crate::core::claims::Claimant;
use crate::core::claims::board::One;
use crate::core::codebook::{Part, Thing};
use crate::core::shown::shown;
use crate::ui::theme::{SMALL, Tokens};
use eframe::egui::{Label, RichText, Ui};

pub(super) fn claim_ui(
    ui: &mut Ui,
    model: &Model,
    annotation: &Annotation,
    actions: &mut Vec<Action>,
    tokens: &Tokens,
) {
    let codebook = model.session().project().codebook();
    let thing = codebook.thing_of(&annotation.label);
    if thing == Thing::Claim {
        claimant_ui(ui, model, annotation, actions, tokens);
    }
    if matches!(thing, Thing::Claim | Thing::Quote) {
        same_ui(ui, model, &thing, annotation, actions, tokens);
    }
}

/// Who makes it, where that follows from the quote around it or from there being none.
fn claimant_ui(
    ui: &mut Ui,
    model: &Model,
    claim: &Annotation,
    actions: &mut Vec<Action>,
    tokens: &Tokens,
) {
    let project = model.session().project();
    let quiet = |text: String| RichText::new(text).size(SMALL).color(tokens.dim);
    match model.claimant_of(&claim.id) {
        None | Some(Claimant::Person(_)) => {}
        Some(Claimant::OwnVoice) => {
            ui.label(quiet("No claimant: the article’s own voice".to_owned()));
        }
        Some(Claimant::Speaker(speaker)) => {
            let person = project.person(&speaker);
            let name = person.map_or_else(|| speaker.to_string(), |p| shown(&p.name).into_owned());
            ui.add(
                Label::new(quiet(format!(
                    "Claimant: {name}, who says the quote around it"
                )))
                .wrap(),
            );
            let label = project.codebook().label(claim.label.as_str());
            let has_place = label.and_then(|label| label.part(Part::Claimant)).is_some();
            if has_place && ui.button(format!("Write down {name}")).clicked() {
                actions.push(Action::SetAttribute {
                    id: claim.id.clone(),
                    name: Part::Claimant.name().to_owned(),
                    value: Some(AttributeValue::Person(speaker)),
                });
            }
        }
    }
}

/// The group that it is in, and what it can be lined up with.
fn same_ui(
    ui: &mut Ui,
    model: &Model,
    thing: &Thing,
    annotation: &Annotation,
    actions: &mut Vec<Action>,
    tokens: &Tokens,
) {
    let Some(article) = model.article() else {
        return;
    };
    let member = (article.id.clone(), annotation.id.clone());
    let one = model.one_of(thing, &member);
    if let One::Group(id) = &one
        && let Some(group) = model.session().project().group(id)
    {
        let mut told = vec![format!(
            "In a group of {}",
            count_grouped(group.members.len(), "", "").trim_end()
        )];
        if *thing == Thing::Claim {
            told.push(state_name(&group.state).to_lowercase());
            if !group.verdict.is_empty() {
                told.push(shown(&group.verdict).into_owned());
            }
        }
        let told = RichText::new(told.join(" · "))
            .size(SMALL)
            .color(tokens.dim);
        ui.add(Label::new(told).wrap());
    }
    ui.horizontal_wrapped(|ui| {
        let line_up = ui.button("Line up…");
        if line_up
            .on_hover_text(info(Command::LineUp).tooltip())
            .clicked()
        {
            actions.push(ClaimsAction::LineUp(thing.clone(), one.clone()).into());
        }
        if *thing == Thing::Claim {
            let show = ui.button("On the board");
            let help = "Show it on the page of claims";
            if show.on_hover_text(help).clicked() {
                actions.push(ClaimsAction::Show(Some(one)).into());
                actions.push(Action::Run(Command::Claims));
            }
        }
    });
}
