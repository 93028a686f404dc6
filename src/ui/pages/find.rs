//! The page of finding: a query, what it finds in all articles as lines below each other, where that
//! stands, and what is done to all of it at once.
//!
//! Keeps what is being typed and which row the keyboard is at; the query, the order, the ticks and
//! what was found are the model's.

mod acts;
mod context;
mod form;
mod lines;
mod query;
mod side;

use super::in_part;
use crate::app::action::{Action, FindAction, Spot};
use crate::app::command::Command;
use crate::app::model::Model;
use crate::core::search::Options;
use crate::ui::kit::list::take_exactly;
use crate::ui::kit::speech::tell_region;
use crate::ui::theme::Tokens;
use eframe::egui::{Context, Id, Key, Modifiers, Rect, Ui, pos2};

/// The panel at the left; from this width of the window on it is always shown.
const SIDE_WIDTH: f32 = 252.0;
const WIDE: f32 = 1_000.0;

#[derive(Default)]
pub(in crate::ui) struct FindPage {
    query: query::QueryPart,
    lines: lines::HitList,
    side: side::SidePart,
    /// The panel is shown where there is little room.
    shows_side: bool,
}

impl FindPage {
    pub(in crate::ui) fn focus(&mut self, spot: Spot) {
        self.query.field.focuses |= spot == Spot::FindField;
    }

    /// From the field to the lines, to what a notice offers, and to the field again.
    pub(in crate::ui) fn focus_next(&mut self, ctx: &Context, offer: Option<Id>) {
        let focused = ctx.memory(|memory| memory.focused());
        let offer = offer.filter(|offer| focused != Some(*offer));
        if focused == Some(self.query.field.id()) {
            self.lines.focuses = true;
        } else if let Some(offer) = offer.filter(|_| focused == Some(lines::list_id())) {
            ctx.memory_mut(|memory| memory.request_focus(offer));
        } else {
            self.query.field.focuses = true;
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
        let is_wide = room.width() >= WIDE;
        let has_side = is_wide || self.shows_side;
        let at = if has_side {
            room.left() + SIDE_WIDTH.min(room.width() * 0.4)
        } else {
            room.left()
        };
        let hits = model.hits_everywhere();
        let of = hits.and_then(|hits| model.concordance(&hits).value);
        let of = of.map(|ordered| ordered.0.clone());
        if has_side {
            let left = room.with_max_x(at);
            ui.painter().rect_filled(left, 0.0, tokens.panel);
            ui.painter().vline(at, room.y_range(), (1.0, tokens.line));
            in_part(ui, left, "where", |ui| {
                tell_region(ui, "Where it was found");
                self.side.ui(ui, model, of.as_ref(), actions, tokens);
            });
        }
        // A menu over the page has the keys.
        let takes_keys = model.page() == crate::app::model::Page::Find
            && !eframe::egui::Popup::is_any_open(ui.ctx());
        if takes_keys && ui.input_mut(|i| take_exactly(i, Modifiers::COMMAND, Key::Enter)) {
            actions.push(Action::Run(Command::MarkHits));
        }
        let main = room.with_min_x(if has_side { at + 1.0 } else { at });
        in_part(ui, main, "found", |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            tell_region(ui, "What was found");
            let side = (!is_wide).then_some(&mut self.shows_side);
            self.query.ui(ui, model, of.as_ref(), side, actions, tokens);
            let goes_down = std::mem::take(&mut self.query.goes_down);
            self.lines.focuses |= goes_down;
            let foot = acts::HEIGHT + context::HEIGHT;
            let rest = ui.available_rect_before_wrap();
            let list = rest.with_max_y((rest.bottom() - foot).max(rest.top() + 60.0));
            in_part(ui, list, "lines", |ui| match &of {
                Some(of) if !of.lines.order.is_empty() => {
                    self.lines.ui(ui, model, of, actions, tokens);
                }
                _ => self.query.nothing_ui(ui, model, actions, tokens),
            });
            let below = Rect::from_min_max(pos2(rest.left(), list.bottom()), rest.max);
            let (above, acts) = below.split_top_bottom_at_y(below.top() + context::HEIGHT);
            in_part(ui, above, "context", |ui| {
                context::context_ui(ui, model, actions, tokens);
            });
            in_part(ui, acts, "acts", |ui| {
                acts::acts_ui(ui, model, of.as_ref(), actions, tokens);
            });
        });
    }
}

fn look_for(query: &str, options: Options) -> Action {
    let query = query.to_owned();
    FindAction::Everywhere { query, options }.into()
}
