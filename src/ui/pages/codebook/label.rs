//! A label's name, key and place in the hierarchy, and what it means: definition and rules.

use crate::app::action::codebook::{Items, LabelField};
use crate::app::action::{Action, CodebookAction};
use crate::app::command::{Command, info};
use crate::app::derived::labels::{Pickable, UseOfLabel};
use crate::app::derived::project::Counts;
use crate::app::model::{Model, touched};
use crate::core::codebook::{Codebook, Label};
use crate::core::recipes::codebook::{Touches, check_name};
use crate::ui::kit::field::caption_ui;
use crate::ui::kit::icon::{Icon, icon_menu_ui};
use crate::ui::kit::pick::Pick;
use crate::ui::kit::row;
use crate::ui::kit::swatch::swatch;
use crate::ui::kit::tell;
use crate::ui::label_pick::pick_label_ui;
use crate::ui::pages::drafts::{Drafts, Written};
use crate::ui::theme::{self, SMALL, Tokens};
use eframe::egui::accesskit::Role;
use eframe::egui::{Key, Label as Line, RichText, Sense, Ui, vec2};

/// What an action does to a property of a label.
pub(super) fn set(label: &Label, field: LabelField) -> Action {
    Action::from(CodebookAction::Set(label.id.clone(), field))
}

/// A small heading of a part of the page, with a hint beside it.
pub(super) fn section_ui(ui: &mut Ui, title: &str, hint: &str) {
    ui.add_space(14.0);
    ui.horizontal(|ui| {
        let heading = ui.label(RichText::new(title).font(theme::strong_font(13.0)));
        tell(&heading, Role::Heading, title);
        if !hint.is_empty() {
            // A line that does not fit would make the page wider than its place.
            ui.add(Line::new(RichText::new(hint).size(SMALL).weak()).truncate());
        }
    });
}

/// The name in large letters, how much it is used, and what can be done with it as a whole.
pub(super) fn head_ui(
    ui: &mut Ui,
    model: &Model,
    label: &Label,
    actions: &mut Vec<Action>,
    tokens: &Tokens,
) {
    let used = model.derived(&Counts).of_label(&label.id);
    // Where there is little room, what can be done stands in the menu alone.
    let is_narrow = ui.available_width() < 420.0;
    let buttons = if is_narrow { 48.0 } else { 210.0 };
    ui.horizontal(|ui| {
        ui.set_height(34.0);
        let (rect, _) = ui.allocate_exact_size(vec2(26.0, 20.0), Sense::hover());
        swatch(
            ui,
            rect,
            tokens.label(label.color),
            &label.underline,
            tokens,
        );
        let room = (ui.available_width() - buttons).max(60.0);
        let font = theme::headline_font(Default::default(), 16.5);
        let name = row::line(ui.painter(), &label.name, font, tokens.ink, room);
        let is_cut = name.elided;
        let size = vec2(name.size().x, 34.0);
        let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
        tell(&response, Role::Heading, &label.name);
        let at = rect.left_center() - vec2(0.0, name.size().y / 2.0);
        ui.painter().galley(at, name, tokens.ink);
        if is_cut {
            response.on_hover_text(label.name.chars().take(400).collect::<String>());
        }
        row::at_end_ui(ui, "head of the label", |ui| {
            let retires = if label.retired {
                "Offer again"
            } else {
                "Retire"
            };
            let acts = [
                ("Merge into…", Command::MergeLabel),
                (retires, Command::RetireLabel),
            ];
            for (text, command) in acts.into_iter().filter(|_| !is_narrow) {
                let button =
                    ui.add_enabled(model.is_enabled(command), eframe::egui::Button::new(text));
                if button.on_hover_text(info(command).tooltip()).clicked() {
                    actions.push(Action::Run(command));
                }
            }
            icon_menu_ui(ui, Icon::More, "More about the label", tokens, |ui| {
                for (_, command) in acts.into_iter().filter(|_| is_narrow) {
                    crate::ui::menu::command_item_ui(ui, model, command, actions);
                }
                for command in [
                    Command::MoveLabelUp,
                    Command::MoveLabelDown,
                    Command::DeleteLabel,
                ] {
                    crate::ui::menu::command_item_ui(ui, model, command, actions);
                }
            });
        });
    });
    ui.horizontal_wrapped(|ui| {
        let touches = Touches {
            annotations: used.annotations,
            articles: used.articles,
        };
        if label.retired {
            ui.weak("Retired: kept for its annotations, and not offered any more.");
        }
        ui.weak(touched(touches));
        if label.redefined > 0 {
            let used = model.derived_later(&UseOfLabel(label.id.clone())).value;
            let old = used.map_or(0, |used| used.outdated.annotations);
            if old > 0 {
                let old = crate::app::words::count_grouped(old, "was", "were");
                let told = format!("{old} made under an older definition");
                let look = ui.link(told).on_hover_text(info(Command::Outdated).help);
                if look.clicked() {
                    actions.push(Action::Run(Command::Outdated));
                }
            }
        }
    });
}

/// Name, key and what it is a kind of. Says whether the name was entered: the hand goes back to the
/// list.
pub(super) fn names_ui(
    ui: &mut Ui,
    model: &Model,
    label: &Label,
    drafts: &mut Drafts,
    focuses: bool,
    actions: &mut Vec<Action>,
    tokens: &Tokens,
) -> bool {
    let codebook = model.codebook();
    let mut is_entered = false;
    let room = ui.available_width();
    let (key_width, gap) = (76.0, 12.0);
    let name_width = ((room - key_width - 2.0 * gap) * 0.55).floor();
    let parent_width = room - key_width - 2.0 * gap - name_width;
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = gap;
        ui.vertical(|ui| {
            ui.set_width(name_width);
            caption_ui(ui, "Name", tokens);
            is_entered = name_ui(ui, codebook, label, drafts, focuses, actions, tokens);
        });
        ui.vertical(|ui| {
            ui.set_width(key_width);
            caption_ui(ui, "Key", tokens);
            key_ui(ui, model, label, drafts, actions, tokens);
        });
        ui.vertical(|ui| {
            ui.set_width(parent_width);
            caption_ui(ui, "A kind of", tokens);
            parent_ui(ui, model, label, parent_width, actions);
        });
    });
    is_entered
}

fn name_ui(
    ui: &mut Ui,
    codebook: &Codebook,
    label: &Label,
    drafts: &mut Drafts,
    focuses: bool,
    actions: &mut Vec<Action>,
    tokens: &Tokens,
) -> bool {
    let id = label.id.clone();
    let refusal = |name: &str| match check_name(codebook, Some(&id), name.trim()) {
        Ok(()) => String::new(),
        Err(error) => format!("{}.", crate::app::words::capitalised(&error.to_string())),
    };
    let field = Written {
        refusal: &refusal,
        focuses,
        leads_on: true,
        ..Written::new("Name", &label.name)
    };
    let kept = label.id.clone();
    let response = drafts.field_ui(ui, field, actions, tokens, move |text| {
        let name = LabelField::Name(text.to_owned());
        let set = CodebookAction::Set(kept.clone(), name);
        Some(Action::from(set))
    });
    if focuses {
        let all = 0..label.name.chars().count();
        crate::ui::kit::field::select(ui.ctx(), response.id, all);
    }
    let enters = response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
    let is_refused = drafts.is_written("Name");
    enters && !is_refused
}

/// What is typed last is the key.
fn key_ui(
    ui: &mut Ui,
    model: &Model,
    label: &Label,
    drafts: &mut Drafts,
    actions: &mut Vec<Action>,
    tokens: &Tokens,
) {
    let value = label.key.map(|key| key.to_uppercase().to_string());
    let value = value.unwrap_or_default();
    let codebook = model.codebook();
    let refusal = |text: &str| key_refusal(model, codebook, label, text);
    let field = Written {
        refusal: &refusal,
        hint: "none",
        ..Written::new("Key", &value)
    };
    let id = label.id.clone();
    let response = drafts.field_ui(ui, field, actions, tokens, move |text| {
        let field = LabelField::Key(last_char(text));
        Some(Action::from(CodebookAction::Set(id.clone(), field)))
    });
    response.on_hover_text("The key that marks with this label in the article");
}

/// A key as it is typed without Shift.
pub(super) fn last_char(text: &str) -> Option<char> {
    let key = text.trim().chars().next_back()?;
    let mut small = key.to_lowercase();
    match (small.next(), small.next()) {
        (Some(small), None) => Some(small),
        _ => Some(key),
    }
}

fn key_refusal(model: &Model, codebook: &Codebook, label: &Label, text: &str) -> String {
    let Some(key) = last_char(text) else {
        return String::new();
    };
    let small = key.to_lowercase().next().unwrap_or(key);
    let shown = key.to_uppercase();
    if text.trim().chars().count() > 1 {
        return "A key is one character.".to_owned();
    }
    if label.small_key() == Some(small) {
        return String::new();
    }
    if let Some(title) = model.command_with_key(small) {
        return format!("{shown} is the key of “{title}”.");
    }
    let mut others = codebook.labels.iter().filter(|other| other.id != label.id);
    match others.find(|other| other.small_key() == Some(small)) {
        Some(other) => format!("{shown} is the key of “{}”.", other.name),
        None => String::new(),
    }
}

/// The labels that it could be a kind of, each with its place in the hierarchy.
fn parent_ui(ui: &mut Ui, model: &Model, label: &Label, width: f32, actions: &mut Vec<Action>) {
    const NONE: &str = "No other label";
    let shown = label.parent.as_ref();
    let shown = shown.map_or(NONE, |parent| model.codebook().name_of(parent));
    let pick = Pick::new("A kind of", shown).width(width).truncate();
    let which = Pickable::ParentsOf(label.id.clone());
    let parent = label.parent.as_ref();
    let picked = pick_label_ui(ui, model, pick, which, parent, Some(NONE));
    actions.extend(picked.map(|parent| set(label, LabelField::Parent(parent))));
}

/// Definition, and what is included and what is not.
pub(super) fn meaning_ui(
    ui: &mut Ui,
    model: &Model,
    label: &Label,
    drafts: &mut Drafts,
    actions: &mut Vec<Action>,
    tokens: &Tokens,
) {
    section_ui(ui, "Definition", "");
    let id = label.id.clone();
    let field = Written {
        rows: Some(3),
        hint: "What is marked with it, in a sentence or two",
        ..Written::new("Definition", &label.definition)
    };
    drafts.field_ui(ui, field, actions, tokens, move |text| {
        let field = LabelField::Definition(text.trim().to_owned());
        Some(Action::from(CodebookAction::Set(id.clone(), field)))
    });
    redefines_ui(ui, model, label, drafts, tokens);
    let room = ui.available_width();
    let rules = [
        ("Include", Items::Include, &label.include),
        ("Exclude", Items::Exclude, &label.exclude),
    ];
    if room < 420.0 {
        for (title, items, list) in rules {
            section_ui(ui, title, "");
            items_ui(ui, label, title, items, list, drafts, actions, tokens);
        }
        return;
    }
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = 16.0;
        for (title, items, list) in rules {
            ui.vertical(|ui| {
                ui.set_width((room - 16.0) / 2.0);
                section_ui(ui, title, "");
                items_ui(ui, label, title, items, list, drafts, actions, tokens);
            });
        }
    });
}

/// Says what keeping the definition or a rule does to what is marked already.
fn redefines_ui(ui: &mut Ui, model: &Model, label: &Label, drafts: &Drafts, tokens: &Tokens) {
    let writes = drafts.is_written("Definition");
    let used = model.derived(&Counts).of_label(&label.id);
    if !writes || used.annotations == 0 {
        return;
    }
    let touches = Touches {
        annotations: used.annotations,
        articles: used.articles,
    };
    let told = format!(
        "Puts {} on the list of those made under an older definition.",
        touched(touches)
    );
    ui.label(RichText::new(told).size(SMALL).color(tokens.warn));
}

/// A list of texts that are written in place; an empty one goes, and the last field adds one.
#[expect(clippy::too_many_arguments, reason = "what a list is about")]
pub(super) fn items_ui(
    ui: &mut Ui,
    label: &Label,
    title: &str,
    items: Items,
    list: &[String],
    drafts: &mut Drafts,
    actions: &mut Vec<Action>,
    tokens: &Tokens,
) {
    for (at, item) in list.iter().map(String::as_str).chain([""]).enumerate() {
        let is_new = at == list.len();
        let name = if is_new {
            format!("{title}: add one")
        } else {
            format!("{title} {}", at + 1)
        };
        let id = label.id.clone();
        let field = Written {
            rows: (!is_new).then_some(1),
            hint: if is_new { "Add one" } else { "" },
            ..Written::new(&name, item)
        };
        let response = drafts.field_ui(ui, field, actions, tokens, move |text| {
            let field = LabelField::Item(items, at, text.replace('\n', " "));
            Some(Action::from(CodebookAction::Set(id.clone(), field)))
        });
        // Several can be written one after the other.
        if is_new && response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter)) {
            response.request_focus();
        }
    }
}
