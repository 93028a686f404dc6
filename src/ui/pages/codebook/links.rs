//! The roles in which annotations of a label lead to others, with the labels that each accepts.

use super::label::{section_ui, set};
use crate::app::action::codebook::LabelField;
use crate::app::action::{Action, CodebookAction};
use crate::app::derived::labels::UseOfLabel;
use crate::app::model::Model;
use crate::app::words::count_grouped;
use crate::core::codebook::{Label, LinkRole, Thing};
use crate::core::ids::LabelId;
use crate::core::kept::UnknownFields;
use crate::ui::kit::icon::{Icon, icon_button_ui};
use crate::ui::kit::pick::{Pick, option_ui};
use crate::ui::label_pick::switch_labels_ui;
use crate::ui::pages::drafts::{Drafts, Written};
use crate::ui::theme::{SMALL, Tokens};
use eframe::egui::{RichText, Ui};

const ANY: &str = "any label";
const LAST: &str = "The last one stays; “any label” accepts all.";

pub(super) fn links_ui(
    ui: &mut Ui,
    model: &Model,
    label: &Label,
    drafts: &mut Drafts,
    actions: &mut Vec<Action>,
    tokens: &Tokens,
) {
    section_ui(ui, "Links", "roles in which its annotations lead to others");
    let used = model.derived_later(&UseOfLabel(label.id.clone())).value;
    for (at, role) in label.link_roles.iter().enumerate() {
        ui.push_id(("role", at), |ui| {
            let used = used.as_ref().and_then(|used| used.links.get(&role.name));
            let used = used.map_or(0, |used| used.links);
            role_ui(ui, model, label, at, role, used, drafts, actions, tokens);
        });
    }
    let name = "Add a role";
    let refusal = |text: &str| match label.link_role(text.trim()) {
        Some(role) => format!("There already is a role “{}”.", role.name),
        None => String::new(),
    };
    let field = Written {
        hint: name,
        width: 180.0,
        refusal: &refusal,
        ..Written::new(name, "")
    };
    let (id, at) = (label.id.clone(), label.link_roles.len());
    drafts.field_ui(ui, field, actions, tokens, move |text| {
        let name = text.trim();
        let role = (!name.is_empty()).then(|| role_of(name, None))?;
        let field = LabelField::Role(at, Some(role));
        Some(Action::from(CodebookAction::Set(id.clone(), field)))
    });
    stands_for_ui(ui, model, label, actions);
    let mut helper = label.helper;
    let help = "Source and cue are parts of quotes: they have an underline and no tint";
    let is_part = ui.checkbox(
        &mut helper,
        "A part of other annotations, not a finding of its own",
    );
    if is_part.on_hover_text(help).clicked() {
        actions.push(set(label, LabelField::Helper(helper)));
    }
}

/// What the program calls a thing.
fn thing_words(thing: &Thing) -> &str {
    match thing {
        Thing::Nothing => "nothing of these",
        Thing::Quote => "a quote",
        Thing::Source => "the source of a quote",
        Thing::Cue => "the cue of a quote",
        Thing::Claim => "a claim",
        Thing::Promotion => "promotional content",
        Thing::Later(name) => name,
    }
}

/// Which thing its annotations are: by this, quotes and claims are known in any codebook.
fn stands_for_ui(ui: &mut Ui, model: &Model, label: &Label, actions: &mut Vec<Action>) {
    let thing = model.codebook().thing_of(&label.id);
    ui.horizontal(|ui| {
        ui.label("It stands for");
        Pick::new("It stands for", thing_words(&thing)).show(ui, |ui| {
            for choice in Thing::ALL {
                if option_ui(ui, *choice == thing, thing_words(choice)).clicked() {
                    let field = LabelField::StandsFor(Some(choice.clone()));
                    actions.push(set(label, field));
                }
            }
        });
        if label.stands_for.is_none() && thing != Thing::Nothing {
            ui.weak(format!("as “{}” does by its id", label.id));
        }
    });
}

/// Attributes and roles may be called the same.
fn kept_under(role: &str) -> String {
    format!("role {role}")
}

fn role_of(name: &str, target: Option<LabelId>) -> LinkRole {
    LinkRole {
        name: name.to_owned(),
        target,
        or: Vec::new(),
        unknown: UnknownFields::new(),
    }
}

/// A role: its name, what it accepts, how often it is used.
#[expect(clippy::too_many_arguments, reason = "what a role is about")]
fn role_ui(
    ui: &mut Ui,
    model: &Model,
    label: &Label,
    at: usize,
    role: &LinkRole,
    used: usize,
    drafts: &mut Drafts,
    actions: &mut Vec<Action>,
    tokens: &Tokens,
) {
    let with = |change: &dyn Fn(&mut LinkRole)| {
        let mut role = role.clone();
        change(&mut role);
        role.settle();
        set(label, LabelField::Role(at, Some(role)))
    };
    ui.horizontal(|ui| {
        let room = ui.available_width();
        if used == 0 {
            let (name, of) = (format!("Role {}", at + 1), kept_under(&role.name));
            let refusal = |text: &str| {
                let is_taken = text.trim() != role.name && label.link_role(text.trim()).is_some();
                match (text.trim().is_empty(), is_taken) {
                    (true, _) => "A role needs a name.".to_owned(),
                    (_, true) => format!("There already is a role “{}”.", text.trim()),
                    _ => String::new(),
                }
            };
            let field = Written {
                width: (room * 0.26).max(60.0),
                refusal: &refusal,
                of: &of,
                ..Written::new(&name, &role.name)
            };
            let (id, role) = (label.id.clone(), role.clone());
            ui.vertical(|ui| {
                ui.set_width((room * 0.28).max(64.0));
                drafts.field_ui(ui, field, actions, tokens, move |text| {
                    let role = LinkRole {
                        name: text.trim().to_owned(),
                        ..role.clone()
                    };
                    let field = LabelField::Role(at, Some(role));
                    Some(Action::from(CodebookAction::Set(id.clone(), field)))
                });
            });
        } else {
            // The links that are there are called so.
            let width = (room * 0.28).max(64.0);
            ui.scope(|ui| {
                ui.set_width(width);
                ui.add(eframe::egui::Label::new(&role.name).truncate());
            });
        }
        let codebook = model.codebook();
        let names: Vec<&str> = role.targets().map(|id| codebook.name_of(id)).collect();
        let shown = if names.is_empty() {
            ANY.to_owned()
        } else {
            names.join(", ")
        };
        let name = format!("{} leads to", role.name);
        let pick = Pick::new(&name, shown)
            .width((room * 0.42).max(80.0))
            .truncate();
        let is_target = |id: &LabelId| role.targets().any(|target| target == id);
        let hint = if names.len() == 1 { LAST } else { "" };
        let any = (ANY, names.is_empty());
        let picked = switch_labels_ui(ui, model, pick, &is_target, any, hint);
        // No label at all would be any label: that is a choice of its own.
        let is_last = |id: &LabelId| names.len() == 1 && is_target(id);
        actions.extend(picked.and_then(|picked| match &picked {
            None => Some(with(&|role| (role.target, role.or) = (None, Vec::new()))),
            Some(id) if is_last(id) => None,
            Some(id) => Some(with(&|role| toggle(role, id))),
        }));
        let told = count_grouped(used, "link", "links");
        ui.label(RichText::new(told).size(SMALL).weak());
        if icon_button_ui(
            ui,
            Icon::Close,
            &format!("Remove the role {}", role.name),
            tokens,
        )
        .clicked()
        {
            drafts.flush(actions);
            let (label, name) = (label.id.clone(), role.name.clone());
            let remove = CodebookAction::RemoveRole { label, name };
            actions.push(Action::from(remove));
        }
    });
}

/// Accepts a label, or accepts it no more.
fn toggle(role: &mut LinkRole, id: &LabelId) {
    let mut targets: Vec<LabelId> = role.targets().cloned().collect();
    match targets.iter().position(|target| target == id) {
        Some(at) => drop(targets.remove(at)),
        None => targets.push(id.clone()),
    }
    let mut targets = targets.into_iter();
    role.target = targets.next();
    role.or = targets.collect();
}
