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
use super::in_part;
use crate::app::action::claims::ClaimsAction;
use crate::app::action::{Action, Spot};
use crate::app::command::Command;
use crate::app::derived::hits::Shared;
use crate::app::model::Model;
use crate::core::claims::Answer;
use crate::core::claims::board::{Board, One};
use crate::ui::kit::icon::{Icon, icon_button_ui};
use crate::ui::kit::list::{self, take_exactly, take_presses};
use crate::ui::kit::speech::tell_region;
use crate::ui::theme::{self, Tokens};
use eframe::egui::{
    Align, Context, Id, InputState, Key, Layout, Modifiers, Popup, Rect, RichText, Sense, Ui,
};

/// The panel at the right: a share of the window, but no wider than it needs.
const PANEL_WIDTH: f32 = 400.0;
const LEAST_PANEL: f32 = 316.0;
/// From this width on the panel is always there. Below it, it can be put away, and is at first where
/// cards would have little room beside it; where they would have none, it takes all of the page.
const ROOMY: f32 = 1_000.0;
const BESIDE: f32 = 860.0;
const LEAST_MAIN: f32 = 320.0;

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
    /// Whether the panel is wanted where there is little room.
    wants_panel: Option<bool>,
    /// It has taken all of the page.
    is_covered: bool,
}

impl ClaimsPage {
    pub(in crate::ui) fn focus(&mut self, spot: Spot) {
        self.bar.focuses |= spot == Spot::ClaimFilter;
        self.focuses |= spot == Spot::Claims;
        if matches!(spot, Spot::ClaimFilter | Spot::Claims) {
            self.uncover();
        }
    }

    /// The cards are seen again.
    fn uncover(&mut self) {
        if self.is_covered {
            self.wants_panel = Some(false);
        }
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
            self.wants_panel = Some(true);
        } else if let Some(offer) = offer.filter(|offer| focused != Some(*offer)) {
            ctx.memory_mut(|memory| memory.request_focus(offer));
        } else {
            self.bar.focuses = true;
            self.uncover();
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
        let current = model.current_card(&board);
        if model.current_claim() != self.of.as_ref() {
            // A claim that is a group by what was said of it is the same to whoever writes.
            self.drafts.flush(actions);
            self.of = model.current_claim().cloned();
            self.group.forget();
        }
        self.keys(ui, model, actions);
        let room = ui.max_rect();
        let is_roomy = room.width() >= ROOMY;
        let wanted = self.wants_panel.unwrap_or(room.width() >= BESIDE);
        let has_panel = is_roomy || wanted;
        let mut width = (room.width() * 0.29).clamp(LEAST_PANEL, PANEL_WIDTH);
        self.is_covered = has_panel && room.width() - width < LEAST_MAIN;
        if self.is_covered {
            width = room.width();
        }
        let at = (room.right() - width).round();
        if !self.is_covered {
            let main = if has_panel { room.with_max_x(at) } else { room };
            let mut wants = wanted;
            let switch = (!is_roomy).then_some(&mut wants);
            self.main_ui(ui, main, (model, &board, current), switch, actions, tokens);
            if wants != wanted {
                self.wants_panel = Some(wants);
                ui.ctx().request_repaint();
            }
        }
        if !has_panel {
            self.drafts.flush(actions);
            return;
        }
        let panel = room.with_min_x(at);
        ui.painter().rect_filled(panel, 0.0, tokens.panel);
        if !self.is_covered {
            ui.painter().vline(at, room.y_range(), (1.0, tokens.line));
        }
        in_part(ui, panel.with_min_x(at + 1.0), "group", |ui| {
            tell_region(ui, "The claim");
            if !is_roomy && drawer_head_ui(ui, tokens) {
                self.wants_panel = Some(false);
                self.focuses = true;
                ui.ctx().request_repaint();
            }
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

    /// The bar, and below it the cards or the table.
    fn main_ui(
        &mut self,
        ui: &mut Ui,
        place: Rect,
        (model, board, current): (&Model, &Shared<Board>, Option<u32>),
        panel: Option<&mut bool>,
        actions: &mut Vec<Action>,
        tokens: &Tokens,
    ) {
        let columns = model.claim_columns(board);
        in_part(ui, place, "claims", |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            tell_region(ui, "Claims");
            let found = columns.value.as_deref();
            self.bar
                .ui(ui, model, (board, found), panel, actions, tokens);
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
            if columns.iter().all(Vec::is_empty) {
                ui.add_space(16.0);
                if list::nothing_ui(ui, "No claim fits the filter", Some("Clear the filter")) {
                    actions.push(ClaimsAction::Filter(Box::default()).into());
                }
                self.bar.focuses |= focuses;
                return;
            }
            in_part(ui, rest, "cards", |ui| {
                let shown = board::Shown {
                    model,
                    board,
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
    }

    /// The keys of the page, while nothing is written and no menu is open.
    fn keys(&self, ui: &Ui, model: &Model, actions: &mut Vec<Action>) {
        if ui.ctx().text_edit_focused() || Popup::is_any_open(ui.ctx()) {
            return;
        }
        if self.board.hides_current() && !model.claims_are_a_table() {
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

/// The answers that were pressed, in their order.
fn take_answers(input: &mut InputState) -> Vec<Answer> {
    let mut answers = Vec::new();
    take_presses(input, |key, held| {
        let answer = match key {
            Key::Y => Some(Some(true)),
            Key::N => Some(Some(false)),
            Key::U => Some(None),
            _ => None,
        };
        let answer = answer.filter(|_| held.matches_exact(Modifiers::NONE));
        answers.extend(answer);
        answer.is_some()
    });
    answers
}

/// How the panel is put away; whether it was.
fn drawer_head_ui(ui: &mut Ui, tokens: &Tokens) -> bool {
    let room = ui.available_rect_before_wrap();
    let head = room.with_max_y(room.top() + theme::CONTROL_HEIGHT + 8.0);
    let mut is_closed = false;
    let inside = Rect::from_x_y_ranges(head.left() + 20.0..=head.right() - 12.0, head.y_range());
    in_part(ui, inside, "drawer", |ui| {
        let from_right = Layout::right_to_left(Align::Center);
        ui.with_layout(from_right, |ui| {
            is_closed = icon_button_ui(ui, Icon::Close, "Back to the cards", tokens).clicked();
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                ui.label(RichText::new("The claim").font(theme::strong_font(13.0)));
            });
        });
    });
    ui.painter()
        .hline(head.x_range(), head.bottom(), (1.0, tokens.line));
    ui.allocate_rect(head, Sense::hover());
    is_closed
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
