//! What is done to all ticked hits at once, with what it touches said first; and what was done last,
//! with the way back.

use crate::app::action::find::ToHits;
use crate::app::action::{Action, FindAction};
use crate::app::command::{Command, info};
use crate::app::derived::hits::{Concordance, Marking, Shared, TickedHits};
use crate::app::derived::labels::Pickable;
use crate::app::model::Model;
use crate::app::words::count_grouped;
use crate::core::codebook::{BoundaryPolicy, Label};
use crate::ui::kit::facet::number;
use crate::ui::kit::icon::{self, Icon, icon_menu_ui};
use crate::ui::kit::menu::{Mark, item_ui, staying_menu_ui};
use crate::ui::kit::pick::Pick;
use crate::ui::kit::row::key_cap_before;
use crate::ui::kit::speech::{say_once, tell_region};
use crate::ui::kit::swatch::swatch;
use crate::ui::kit::tell;
use crate::ui::label_pick::{label_choices_ui, pick_label_ui};
use crate::ui::menu::command_item_ui;
use crate::ui::theme::{self, CONTROL_HEIGHT, SMALL, Tokens};
use eframe::egui::accesskit::Role;
use eframe::egui::{
    self, Align, Button, Id, Label as Words, Layout, RichText, Sense, Ui, pos2, vec2,
};

pub(super) const HEIGHT: f32 = 78.0;
/// From so much room on, removing has a button beside the menu.
const WIDE: f32 = 820.0;
const INSET: f32 = 20.0;

pub(super) fn acts_ui(
    ui: &mut Ui,
    model: &Model,
    of: Option<&Shared<Concordance>>,
    actions: &mut Vec<Action>,
    tokens: &Tokens,
) {
    let whole = ui.max_rect();
    ui.painter().rect_filled(whole, 0.0, tokens.panel);
    let top = whole.top() + 0.5;
    ui.painter().hline(whole.x_range(), top, (1.0, tokens.line));
    tell_region(ui, "What is done to the hits");
    ui.spacing_mut().item_spacing.y = 0.0;
    ui.add_space(10.0);
    let counts = of.and_then(|of| model.ticked_hits(of).value);
    let counts = counts.unwrap_or_default();
    let is_wide = whole.width() > WIDE;
    ui.horizontal(|ui| {
        ui.set_height(CONTROL_HEIGHT);
        ui.spacing_mut().item_spacing.x = 8.0;
        ui.add_space(INSET);
        let rest = Layout::right_to_left(Align::Center);
        ui.with_layout(rest, |ui| {
            ui.add_space(INSET);
            main_ui(ui, &counts, actions, tokens);
            if is_wide && counts.annotations > 0 {
                remove_ui(ui, counts.annotations, actions);
            }
            icon_menu_ui(
                ui,
                Icon::More,
                "More to do with ticked hits",
                tokens,
                |ui| {
                    more_ui(ui, model, &counts, actions);
                },
            );
            let left = Layout::left_to_right(Align::Center);
            ui.with_layout(left, |ui| mark_ui(ui, model, &counts, actions, tokens));
        });
    });
    ui.add_space(4.0);
    ui.horizontal(|ui| {
        ui.set_height(24.0);
        ui.spacing_mut().item_spacing.x = 8.0;
        ui.add_space(INSET);
        done_ui(ui, model, actions, tokens);
    });
}

/// The button that takes the annotations of ticked hits to the trash, with how many.
fn remove_ui(ui: &mut Ui, annotations: usize, actions: &mut Vec<Action>) {
    let shown = format!("Remove {}", number(annotations));
    let button = Button::new(shown).min_size(vec2(0.0, CONTROL_HEIGHT));
    let response = ui.add(button);
    let annotations = count_grouped(annotations, "annotation", "annotations");
    let name = format!("Remove {annotations} of ticked hits");
    tell(&response, Role::Button, &name);
    let response = response.on_hover_text(info(Command::TrashHits).help);
    if response.clicked() {
        actions.push(Action::Run(Command::TrashHits));
    }
}

/// The button that marks, with how many.
fn main_ui(ui: &mut Ui, counts: &TickedHits, actions: &mut Vec<Action>, tokens: &Tokens) {
    let marks = counts.marking.marks;
    let shown = match marks {
        0 => "Mark".to_owned(),
        n => format!("Mark {}", number(n)),
    };
    let (title, key) = (RichText::new(&shown), RichText::new("Ctrl+Enter"));
    let is_enabled = marks > 0;
    let (title, key) = if is_enabled {
        (title.color(tokens.on_accent), key.color(tokens.on_accent))
    } else {
        (title, key)
    };
    let mut button = Button::new(title).shortcut_text(key);
    button = button.min_size(vec2(150.0, CONTROL_HEIGHT));
    if is_enabled {
        button = button.fill(tokens.accent).stroke((1.0, tokens.accent));
    }
    let response = ui.add_enabled(is_enabled, button);
    let name = match marks {
        0 => "Mark hits".to_owned(),
        n => format!("Mark {}", count_grouped(n, "hit", "hits")),
    };
    tell(&response, Role::Button, &name);
    let response = response
        .on_hover_text(info(Command::MarkHits).help)
        .on_disabled_hover_text("No hit is ticked that is not marked already");
    if response.clicked() {
        actions.push(Action::Run(Command::MarkHits));
    }
}

/// How many are marked, as what, and what becomes of the others.
fn mark_ui(
    ui: &mut Ui,
    model: &Model,
    counts: &TickedHits,
    actions: &mut Vec<Action>,
    tokens: &Tokens,
) {
    let marking = &counts.marking;
    let hits = count_grouped(marking.marks, "ticked hit", "ticked hits");
    let articles = count_grouped(marking.articles, "article", "articles");
    let (strong, is_any) = match marking.marks {
        0 => ("Nothing to mark".to_owned(), false),
        _ => (format!("Mark {hits}"), true),
    };
    ui.label(RichText::new(&strong).font(theme::strong_font(13.0)));
    let is_wide = ui.available_width() > 420.0;
    let among = if is_wide && is_any {
        format!("in {articles} as")
    } else {
        "as".to_owned()
    };
    ui.label(RichText::new(&among).color(tokens.dim));
    let label = model.label_for_hits();
    let name = label.map_or("a label", |label| label.name.as_str());
    if let Some(label) = label {
        let (place, _) = ui.allocate_exact_size(vec2(16.0, 13.0), Sense::hover());
        let color = tokens.label(model.codebook().color_of(label.id.as_str()));
        swatch(ui, place, color, &label.underline, tokens);
    }
    let pick = Pick::new("Mark hits as", name).width(132.0).truncate();
    let chosen = label.map(|label| &label.id);
    let which = Pickable::OfferedOr(None);
    let picked = pick_label_ui(ui, model, pick, which, chosen, None).flatten();
    actions.extend(picked.map(|label| FindAction::MarkAs(label).into()));
    let told = what_else(label, marking);
    let words = RichText::new(&told).color(tokens.dim);
    ui.add(Words::new(words).truncate()).on_hover_text(&told);
    let said = format!("{strong} {among} {name}; {told}");
    let said = said.trim_end_matches("; ");
    say_once(ui.ctx(), Id::unique("hits to mark"), said);
}

/// What becomes of the hits that are marked, and of those that are ticked beside them.
fn what_else(label: Option<&Label>, marking: &Marking) -> String {
    let mut told = Vec::new();
    for (n, one, many) in [
        (marking.already, "is marked already", "are marked already"),
        (
            marking.joined,
            "lies in the mark of another",
            "lie in the marks of others",
        ),
        (
            marking.refused,
            "cannot be marked: nothing may overlap there",
            "cannot be marked: nothing may overlap there",
        ),
        (marking.dismissed, "is dismissed", "are dismissed"),
    ] {
        if n > 0 {
            told.push(count_grouped(n, one, many));
        }
    }
    let wide = Some(widening(label).to_owned()).filter(|told| !told.is_empty());
    // Counts first: what is behind is cut where room is short.
    told.extend(wide.filter(|_| marking.marks > 0));
    told.join("; ")
}

/// What a label's policy makes of a hit.
fn widening(label: Option<&Label>) -> &'static str {
    match label.map(|label| &label.boundary) {
        None | Some(BoundaryPolicy::Character | BoundaryPolicy::Later(_)) => "",
        Some(BoundaryPolicy::Word) => "widened to whole words",
        Some(BoundaryPolicy::Clause) => "widened to the clause",
        Some(BoundaryPolicy::Sentence) => "widened to the sentence",
        Some(BoundaryPolicy::Paragraph) => "widened to the paragraph",
    }
}

/// What else can be done with what is ticked.
fn more_ui(ui: &mut Ui, model: &Model, counts: &TickedHits, actions: &mut Vec<Action>) {
    let looks = item_ui(ui, Mark::None, "Look through them", "", counts.ticked > 0);
    if looks
        .on_hover_text(
            "Show the first ticked line in its article; F12 goes from one ticked line to the next",
        )
        .clicked()
    {
        actions.push(FindAction::LookThrough.into());
        ui.close();
    }
    ui.separator();
    if model.rule_of_search().is_some() {
        command_item_ui(ui, model, Command::DismissHits, actions);
        if item_ui(ui, Mark::None, "Take dismissed hits back", "", true).clicked() {
            actions.push(ToHits::Dismiss(false).into());
            ui.close();
        }
        ui.separator();
    }
    let n = counts.annotations;
    let touched = count_grouped(n, "annotation", "annotations");
    ui.add_enabled_ui(n > 0, |ui| {
        let removes = format!("Remove {touched}");
        if item_ui(ui, Mark::None, &removes, "", n > 0).clicked() {
            actions.push(ToHits::Trash.into());
            ui.close();
        }
        staying_menu_ui(ui, &format!("Change the label of {touched} to"), |ui| {
            let which = Pickable::OfferedOr(None);
            let picked = label_choices_ui(ui, model, which, None, None).flatten();
            actions.extend(picked.map(|label| Action::from(ToHits::Relabel(label))));
        });
        command_item_ui(ui, model, Command::SetHitAttribute, actions);
    });
    ui.separator();
    for command in [
        Command::FindNearCopies,
        Command::ComparePassages,
        Command::RecurringPassages,
    ] {
        command_item_ui(ui, model, command, actions);
    }
    ui.separator();
    command_item_ui(ui, model, Command::CopyHits, actions);
}

/// What was done last, and how it is taken back.
fn done_ui(ui: &mut Ui, model: &Model, actions: &mut Vec<Action>, tokens: &Tokens) {
    let Some(told) = model.done_to_hits() else {
        let told = "Enter opens the article · Space ticks · Ctrl+A ticks all · Ctrl+C copies";
        let told = RichText::new(told).size(SMALL).color(tokens.dim);
        ui.add(Words::new(told).truncate());
        return;
    };
    let (rect, _) = ui.allocate_exact_size(vec2(16.0, 16.0), Sense::hover());
    icon::paint(ui.painter(), Icon::Done, rect.center(), 14.0, tokens.ok);
    ui.label(RichText::new(told).size(SMALL).color(tokens.dim));
    let undo = info(Command::Undo);
    let link = egui::Link::new(RichText::new("Undo").size(SMALL));
    if ui.add(link).on_hover_text(undo.tooltip()).clicked() {
        actions.push(Action::Run(Command::Undo));
    }
    let (rect, _) = ui.allocate_exact_size(vec2(50.0, 20.0), Sense::hover());
    let end = pos2(rect.right(), rect.center().y);
    key_cap_before(ui.painter(), end, &undo.key_text(), tokens);
}
