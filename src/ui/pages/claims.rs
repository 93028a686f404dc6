//! The page of claims: a card for each claim, or group of claims that say the same, by how far
//! checking it is, or a table of them; and beside them all that is known and said of one.
//!
//! Keeps what is being written and dragged; which cards are shown and which one is current are the
//! model's.

mod bar;
mod board;
mod group;
mod table;
mod verdict;

use super::drafts::Drafts;
use crate::app::action::claims::ClaimsAction;
use crate::app::action::{Action, Spot};
use crate::app::command::Command;
use crate::app::model::Model;
use crate::core::claims::Answer;
use crate::core::claims::board::One;
use crate::ui::kit::list::take_exactly;
use crate::ui::kit::speech::tell_region;
use crate::ui::theme::Tokens;
use eframe::egui::{Context, Event, Id, InputState, Key, Modifiers, Popup, Rect, Ui, UiBuilder};

/// The panel at the right: a share of the window, but no wider than it needs.
const PANEL_WIDTH: f32 = 400.0;
const LEAST_PANEL: f32 = 300.0;

#[derive(Default)]
pub(in crate::ui) struct ClaimsPage {
    bar: bar::Bar,
    board: board::Columns,
    table: table::Table,
    group: group::GroupPart,
    drafts: Drafts,
    /// What is shown in the panel, which drafts are about.
    of: Option<One>,
    focuses: bool,
}

impl ClaimsPage {
    pub(in crate::ui) fn focus(&mut self, spot: Spot) {
        self.bar.focuses |= spot == Spot::ClaimFilter;
        self.focuses |= spot == Spot::Claims;
    }

    /// Keeps what is being written.
    pub(in crate::ui) fn flush(&mut self, actions: &mut Vec<Action>) {
        self.drafts.flush(actions);
    }

    /// From the field to the cards, to what is said of one, to what a notice offers, and to the field.
    pub(in crate::ui) fn focus_next(&mut self, ctx: &Context, offer: Option<Id>) {
        let focused = ctx.memory(|memory| memory.focused());
        let is_at_cards = focused.is_some_and(|id| board::is_list(id) || id == table::list_id());
        if focused == Some(bar::field_id()) {
            self.focuses = true;
        } else if is_at_cards {
            self.group.focuses = true;
        } else if let Some(offer) = offer.filter(|offer| focused != Some(*offer)) {
            ctx.memory_mut(|memory| memory.request_focus(offer));
        } else {
            self.bar.focuses = true;
        }
    }

    pub(in crate::ui) fn ui(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        actions: &mut Vec<Action>,
        tokens: &Tokens,
    ) {
        let board = model.claim_board();
        let columns = model.claim_columns(&board);
        let current = model.current_card(&board);
        if model.current_claim() != self.of.as_ref() {
            // A claim that is a group by what was said of it is the same to whoever writes.
            self.drafts.flush(actions);
            self.of = model.current_claim().cloned();
            self.group.forget();
        }
        self.keys(ui, model, actions);
        let room = ui.max_rect();
        let width = (room.width() * 0.29).clamp(LEAST_PANEL, PANEL_WIDTH);
        let at = (room.right() - width).round();
        let main = room.with_max_x(at);
        in_part(ui, main, "claims", |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            tell_region(ui, "Claims");
            self.bar
                .ui(ui, model, &board, columns.value.as_deref(), actions, tokens);
            self.focuses |= std::mem::take(&mut self.bar.goes_down);
            let rest = ui.available_rect_before_wrap();
            let focuses = std::mem::take(&mut self.focuses);
            let Some(columns) = columns.value else {
                ui.weak("Looking…");
                self.focuses = focuses;
                return;
            };
            if board.is_empty() {
                nothing_ui(ui, model);
                self.bar.focuses |= focuses;
                return;
            }
            in_part(ui, rest, "cards", |ui| {
                let shown = board::Shown {
                    model,
                    board: &board,
                    columns: &columns,
                    current,
                    tokens,
                };
                if model.claims_are_a_table() {
                    self.table.ui(ui, &shown, focuses, actions);
                } else {
                    self.board.ui(ui, &shown, focuses, actions);
                }
            });
        });
        let panel = room.with_min_x(at);
        ui.painter().rect_filled(panel, 0.0, tokens.panel);
        ui.painter().vline(at, room.y_range(), (1.0, tokens.line));
        in_part(ui, panel.with_min_x(at + 1.0), "group", |ui| {
            tell_region(ui, "The claim");
            match current {
                Some(card) => {
                    let drafts = &mut self.drafts;
                    self.group
                        .ui(ui, model, &board, card, drafts, actions, tokens);
                }
                None => group::nothing_ui(ui, tokens),
            }
        });
    }

    /// The keys of the page, while nothing is written and no menu is open.
    fn keys(&self, ui: &Ui, model: &Model, actions: &mut Vec<Action>) {
        if ui.ctx().text_edit_focused() || Popup::is_any_open(ui.ctx()) {
            return;
        }
        let took = |held, key| ui.input_mut(|input| take_exactly(input, held, key));
        for (held, key, command) in [
            (Modifiers::NONE, Key::J, Command::JoinProposed),
            (Modifiers::NONE, Key::K, Command::KeepProposedApart),
            (Modifiers::COMMAND, Key::ArrowRight, Command::MoveClaimOn),
            (Modifiers::COMMAND, Key::ArrowLeft, Command::MoveClaimBack),
        ] {
            if took(held, key) {
                actions.push(Action::Run(command));
            }
        }
        let Some(one) = model.current_claim() else {
            return;
        };
        for answer in ui.input_mut(take_answers) {
            actions.push(ClaimsAction::Answer(one.clone(), answer).into());
        }
    }
}

/// The answers that were pressed, in their order: one slow frame can have several.
fn take_answers(input: &mut InputState) -> Vec<Answer> {
    let mut answers = Vec::new();
    input.events.retain(|event| {
        let Event::Key {
            key,
            pressed: true,
            modifiers,
            ..
        } = event
        else {
            return true;
        };
        let answer = match key {
            Key::Y => Some(Some(true)),
            Key::N => Some(Some(false)),
            Key::U => Some(None),
            _ => None,
        };
        let answer = answer.filter(|_| modifiers.matches_exact(Modifiers::NONE));
        answers.extend(answer);
        answer.is_none()
    });
    answers
}

/// What stands where there are no claims.
fn nothing_ui(ui: &mut Ui, model: &Model) {
    ui.add_space(24.0);
    ui.horizontal_wrapped(|ui| {
        ui.add_space(20.0);
        let codebook = model.session().project().codebook();
        let label = codebook.label_for(&crate::core::codebook::Thing::Claim);
        ui.weak(match label {
            Some(label) => format!(
                "Nothing is marked as {} yet. What is marked in articles stands here, and what says the same can be joined.",
                crate::core::shown::shown(&label.name).to_lowercase()
            ),
            None => "No label of the codebook stands for claims. Say of one that it does on the page Codebook.".to_owned(),
        });
    });
}

/// A part of the page, which is cut where it ends.
fn in_part(ui: &mut Ui, place: Rect, name: &str, add: impl FnOnce(&mut Ui)) {
    let inside = UiBuilder::new().max_rect(place).id_salt(name);
    ui.scope_builder(inside, |ui| {
        ui.set_clip_rect(place.intersect(ui.clip_rect()));
        add(ui);
    });
}
