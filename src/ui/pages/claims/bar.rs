//! What is shown: as a board or a table, and which cards fit.

use crate::app::action::Action;
use crate::app::action::claims::ClaimsAction;
use crate::app::derived::hits::Shared;
use crate::app::model::Model;
use crate::app::words::{capitalised, count_grouped};
use crate::core::claims::board::{Board, Filter, Wanted};
use crate::core::ids::PersonId;
use crate::core::shown::shown;
use crate::ui::kit::chip::{choice_ui, dropped_chip_ui, menu_chip_ui};
use crate::ui::kit::choices::Choices;
use crate::ui::kit::field::Field;
use crate::ui::kit::icon::{Icon, icon_switch_ui};
use crate::ui::kit::list::{many_ui, take_exactly};
use crate::ui::kit::speech::say_once;
use crate::ui::theme::Tokens;
use eframe::egui::{Frame, Id, Key, Label, Margin, Modifiers, RichText, Ui};

const INSET: i8 = 20;
/// So many people are offered; others are found by their names.
const MOST: usize = 200;

#[derive(Default)]
pub(super) struct Bar {
    pub(super) focuses: bool,
    /// Down or Enter was pressed in the field.
    pub(super) goes_down: bool,
}

pub(super) fn field_id() -> Id {
    Id::unique("claims that are looked for")
}

impl Bar {
    pub(super) fn ui(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        (board, columns): (&Shared<Board>, Option<&[Vec<u32>; 3]>),
        panel: Option<&mut bool>,
        actions: &mut Vec<Action>,
        tokens: &Tokens,
    ) {
        let filter = model.claim_filter();
        ui.add_space(12.0);
        let margin = Margin::symmetric(INSET, 0);
        let inside = Frame::new().inner_margin(margin);
        let line = |ui: &mut Ui| {
            ui.spacing_mut().item_spacing = eframe::egui::vec2(8.0, 8.0);
            let current = usize::from(model.claims_are_a_table());
            let names = ["Board", "Table"];
            let chosen =
                Choices::new("Shown as").segments(ui, &names, Some(current), 116.0, tokens);
            if let Some(at) = chosen {
                actions.push(ClaimsAction::AsTable(at == 1).into());
            }
            if let Some(shows) = panel {
                let (name, help) = ("The claim", "What is known of the claim, and said of it");
                let switch = icon_switch_ui(ui, Icon::PanelAtRight, (name, help), *shows, tokens);
                *shows ^= switch.clicked();
            }
            self.field_ui(ui, filter, actions);
            worth_ui(ui, filter, actions);
            choices_ui(ui, model, board, filter, actions);
            count_ui(ui, board, columns, filter, tokens);
        };
        inside.show(ui, |ui| ui.horizontal_wrapped(line));
        ui.add_space(10.0);
    }

    fn field_ui(&mut self, ui: &mut Ui, filter: &Filter, actions: &mut Vec<Action>) {
        let mut words = filter.words.clone();
        let field = Field::search("Claims that are shown", &mut words);
        let width = match ui.max_rect().width() {
            width if width > 800.0 => 220.0,
            width => 150.0_f32.min(width),
        };
        let response = field
            .hint("Words, claimant")
            .width(width)
            .id(field_id())
            .show(ui);
        if std::mem::take(&mut self.focuses) {
            response.request_focus();
        }
        if response.changed() {
            actions.push(with(filter, |filter| filter.words = words));
        }
        if response.has_focus() || response.lost_focus() {
            let took = |key| ui.input_mut(|input| take_exactly(input, Modifiers::NONE, key));
            self.goes_down |= took(Key::ArrowDown) || took(Key::Enter);
        }
    }
}

fn with(filter: &Filter, change: impl FnOnce(&mut Filter)) -> Action {
    let mut filter = filter.clone();
    change(&mut filter);
    ClaimsAction::Filter(Box::new(filter)).into()
}

/// How many of the three questions were answered with yes.
fn worth_ui(ui: &mut Ui, filter: &Filter, actions: &mut Vec<Action>) {
    let told = |least: u8| format!("At least {least} of 3 yes");
    if filter.least_yes > 0 {
        if dropped_chip_ui(ui, "worth checking", &told(filter.least_yes)) {
            actions.push(with(filter, |filter| filter.least_yes = 0));
        }
        return;
    }
    menu_chip_ui(ui, "Worth checking", "Worth checking", false, None, |ui| {
        for least in 1..=3 {
            if choice_ui(ui, &told(least), false) {
                actions.push(with(filter, |filter| filter.least_yes = least));
            }
        }
    });
}

/// The name of somebody, or what stands for nobody.
pub(super) fn claimant_name(model: &Model, who: Option<&PersonId>) -> String {
    let project = model.session().project();
    match who {
        None => "The article’s own voice".to_owned(),
        Some(id) => match project.person(id) {
            Some(person) => shown(&person.name).into_owned(),
            None => format!("Somebody who is not in the ledger ({})", shown(id.as_str())),
        },
    }
}

fn choices_ui(
    ui: &mut Ui,
    model: &Model,
    board: &Shared<Board>,
    filter: &Filter,
    actions: &mut Vec<Action>,
) {
    let choices = model.claim_choices(board);
    match &filter.kind {
        Some(kind) => {
            if dropped_chip_ui(ui, "kind", &capitalised(&shown(kind))) {
                actions.push(with(filter, |filter| filter.kind = None));
            }
        }
        None if choices.kinds.is_empty() => {}
        None => {
            menu_chip_ui(ui, "Kind", "Kind", false, None, |ui| {
                for (kind, count) in &choices.kinds {
                    let told = format!("{} ({count})", capitalised(&shown(kind)));
                    if choice_ui(ui, &told, false) {
                        actions.push(with(filter, |filter| filter.kind = Some(kind.to_string())));
                    }
                }
            });
        }
    }
    match &filter.claimant {
        Some(wanted) => {
            let who = match wanted {
                Wanted::OwnVoice => None,
                Wanted::Person(id) => Some(id),
            };
            if dropped_chip_ui(ui, "claimant", &claimant_name(model, who)) {
                actions.push(with(filter, |filter| filter.claimant = None));
            }
        }
        None => {
            menu_chip_ui(ui, "Claimant", "Claimant", false, None, |ui| {
                let count = choices.claimants.len().min(MOST);
                many_ui(ui, count, 360.0, |ui, at| {
                    let Some((who, n)) = choices.claimants.get(at) else {
                        return;
                    };
                    let told = format!("{} ({n})", claimant_name(model, who.as_ref()));
                    if choice_ui(ui, &told, false) {
                        let wanted = who.clone().map_or(Wanted::OwnVoice, Wanted::Person);
                        actions.push(with(filter, |filter| filter.claimant = Some(wanted)));
                    }
                });
            });
        }
    }
    // Who wrote it, and for whom, is not to sway whoever codes.
    if model.settings().hides_source {
        return;
    }
    match &filter.outlet {
        Some(outlet) => {
            if dropped_chip_ui(ui, "outlet", &shown(outlet)) {
                actions.push(with(filter, |filter| filter.outlet = None));
            }
        }
        None if choices.outlets.is_empty() => {}
        None => {
            menu_chip_ui(ui, "Outlet", "Outlet", false, None, |ui| {
                let count = choices.outlets.len().min(MOST);
                many_ui(ui, count, 360.0, |ui, at| {
                    let Some((outlet, n)) = choices.outlets.get(at) else {
                        return;
                    };
                    if choice_ui(ui, &format!("{} ({n})", shown(outlet)), false) {
                        let outlet = outlet.to_string();
                        actions.push(with(filter, |filter| filter.outlet = Some(outlet)));
                    }
                });
            });
        }
    }
}

fn count_ui(
    ui: &mut Ui,
    board: &Shared<Board>,
    columns: Option<&[Vec<u32>; 3]>,
    filter: &Filter,
    tokens: &Tokens,
) {
    let claims = count_grouped(board.len(), "claim", "claims");
    let all = count_grouped(board.cards.len(), "card", "cards");
    let cards: usize = columns.map_or(0, |columns| columns.iter().map(Vec::len).sum());
    let told = if filter.is_on() {
        let cards = count_grouped(cards, "card fits", "cards fit");
        format!("{cards} · {claims}")
    } else {
        format!("{claims} on {all}")
    };
    say_once(ui.ctx(), field_id().with("count"), &told);
    // As a whole on the next line where it has no room.
    ui.add(Label::new(RichText::new(told).color(tokens.dim)).extend());
}
