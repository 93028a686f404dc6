//! The page of people: the ledger at the left, who somebody is and all that they are quoted saying,
//! and at the right how often, in which words and in which outlet.
//!
//! Keeps where the keyboard is asked to go; who is shown, what is filtered and what follows from it
//! are the model's.

mod head;
mod list;
mod said;
mod side;

use super::in_part;
use crate::app::action::{Action, Spot};
use crate::app::model::Model;
use crate::ui::kit::speech::tell_region;
use crate::ui::theme::Tokens;
use eframe::egui::{Context, Id, Ui};

const LIST_WIDTH: f32 = 336.0;
const SIDE_WIDTH: f32 = 312.0;
/// From this width on there is room for the counts at the right.
const WIDE: f32 = 1_120.0;
/// With less room the list and the person stand in each other's place.
const LEAST_BOTH: f32 = 600.0;

#[derive(Default)]
pub(in crate::ui) struct PeoplePage {
    list: list::PeopleList,
    head: head::Head,
    said: said::SaidList,
    /// Where there is room for one of them: the person, and not the list.
    shows_person: bool,
}

impl PeoplePage {
    pub(in crate::ui) fn focus(&mut self, spot: Spot) {
        self.list.focus(spot);
        match spot {
            Spot::People | Spot::PeopleFilter => self.shows_person = false,
            Spot::Proposal | Spot::Said => self.shows_person = true,
            _ => {}
        }
        self.head.focuses |= spot == Spot::Proposal;
        self.said.focuses |= spot == Spot::Said;
    }

    /// From the list to what is proposed, to what was said, to what a notice offers, and to the list.
    pub(in crate::ui) fn focus_next(&mut self, ctx: &Context, model: &Model, offer: Option<Id>) {
        let focused = ctx.memory(|memory| memory.focused());
        let offer = offer.filter(|offer| focused != Some(*offer));
        let is_in_list = focused == Some(list::list_id());
        if is_in_list && head::has_proposal(model) {
            self.head.focuses = true;
            self.shows_person = true;
        } else if is_in_list || focused.is_some_and(|id| self.head.is_of_it(id)) {
            self.said.focuses = true;
            self.shows_person = true;
        } else if let Some(offer) = offer.filter(|_| focused == Some(said::list_id())) {
            ctx.memory_mut(|memory| memory.request_focus(offer));
        } else {
            self.focus(Spot::People);
        }
    }

    pub(in crate::ui) fn ui(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        actions: &mut Vec<Action>,
        tokens: &Tokens,
    ) {
        let room = ui.max_rect();
        let has_both = room.width() >= LEAST_BOTH;
        let has_list = has_both || !self.shows_person || model.shown_person().is_none();
        let width = match (has_both, has_list) {
            (true, _) => LIST_WIDTH.min(room.width() * 0.34),
            (false, true) => room.width(),
            (false, false) => 0.0,
        };
        let from = (room.left() + width).round();
        let has_side = room.width() >= WIDE;
        let to = if has_side {
            room.right() - SIDE_WIDTH
        } else {
            room.right()
        };
        if has_list {
            let left = room.with_max_x(from);
            ui.painter().rect_filled(left, 0.0, tokens.panel);
            in_part(ui, left, "people", |ui| {
                tell_region(ui, "People and organisations");
                self.list.ui(ui, model, actions, tokens);
            });
        }
        if std::mem::take(&mut self.list.is_picked) && !has_both {
            self.shows_person = true;
            ui.ctx().request_repaint();
        }
        if std::mem::take(&mut self.list.enters) {
            self.shows_person = true;
            self.said.focuses = true;
            ui.ctx().request_repaint();
        }
        if has_list && !has_both {
            if model.shown_person().is_none() {
                // Nobody is there who could take the keyboard.
                self.head.focuses = false;
                self.said.focuses = false;
            }
            return;
        }
        if has_both {
            ui.painter().vline(from, room.y_range(), (1.0, tokens.line));
        }
        let main = room.with_min_x(from + 1.0).with_max_x(to);
        in_part(ui, main, "person", |ui| {
            tell_region(ui, "Who it is, and what they are quoted saying");
            ui.spacing_mut().item_spacing.y = 0.0;
            let Some(person) = model.shown_person() else {
                self.head.focuses = false;
                self.said.focuses = false;
                ui.add_space(48.0);
                ui.vertical_centered(|ui| {
                    let is_empty = model.session().project().people().is_empty();
                    ui.weak(if is_empty {
                        "Nobody is in the ledger yet. Name a speaker on the card of a quote, or add somebody here."
                    } else {
                        "Nobody fits the filter."
                    });
                });
                return;
            };
            if self.head.ui(ui, model, person, !has_both, actions, tokens) {
                self.focus(Spot::People);
                ui.ctx().request_repaint();
            }
            let said = model.said_by(&person.id);
            self.said.ui(ui, model, person, &said, actions, tokens);
        });
        if has_side {
            let right = room.with_min_x(to);
            ui.painter().rect_filled(right, 0.0, tokens.panel);
            ui.painter().vline(to, room.y_range(), (1.0, tokens.line));
            in_part(ui, right, "counts", |ui| {
                tell_region(ui, "How often and how they are quoted");
                if let Some(person) = model.shown_person() {
                    let said = model.said_by(&person.id);
                    side::side_ui(ui, model, person, &said, actions, tokens);
                }
            });
        }
    }
}
