//! The time from a card's first frame to its last: what had the keyboard before and has it after, whose
//! Enter is, and what else of the window ends when a card begins.

use super::{CardStep, UNKEPT, heading_of};
use crate::ui::kit::speech;
use eframe::egui::{AreaState, Context, Event, Id, InputState, Key, Order};

/// What is told of something under a card goes with its first frame: it would stay over the card as
/// long as the pointer does not move.
pub(super) fn end_tooltips(ctx: &Context) {
    let areas = ctx.memory(|memory| memory.areas().visible_layer_ids());
    if !areas.iter().any(|layer| layer.order == Order::Tooltip) {
        return;
    }
    let kept = areas
        .into_iter()
        .filter(|layer| layer.order != Order::Tooltip);
    let kept = kept.filter_map(|layer| Some((layer, AreaState::load(ctx, layer.id)?)));
    let kept: Vec<_> = kept.collect();
    ctx.memory_mut(|memory| {
        *memory.areas_mut() = Default::default();
        for (layer, state) in kept {
            memory.areas_mut().set_state(layer, state);
        }
    });
}

/// The keys of this frame, which are for the dialog that is open: nothing under it may answer them.
pub(crate) fn take_keys(ctx: &Context) -> Vec<Event> {
    let is_key = |event: &Event| matches!(event, Event::Key { .. } | Event::Text(_));
    ctx.input_mut(|input| {
        let events = std::mem::take(&mut input.events);
        let (keys, others) = events.into_iter().partition(is_key);
        input.events = others;
        keys
    })
}

/// Puts them back, when it is the dialog's turn.
pub(crate) fn put_keys(ctx: &Context, keys: Vec<Event>) {
    if !keys.is_empty() {
        ctx.input_mut(|input| input.events.extend(keys));
    }
}

/// The main button has the ring of the keyboard while nothing in the card has it: Shift+Tab goes to what
/// stands before it. Before anything of the card is drawn.
pub(super) fn go_back_from_main(ctx: &Context, heading: Id) {
    let goes_back = |input: &InputState| {
        let is_it = |event: &Event| matches!(event, Event::Key { key: Key::Tab, pressed: true, modifiers, .. } if modifiers.shift_only());
        input.events.iter().any(is_it)
    };
    let frame = ctx.cumulative_frame_nr();
    let main = ctx.data(|data| data.get_temp::<(Id, u64)>(main_id()));
    let main = main.filter(|(_, seen)| seen + 1 >= frame);
    if let Some((main, _)) = main
        && ctx.memory(|memory| memory.has_focus(heading))
        && ctx.input(goes_back)
    {
        ctx.memory_mut(|memory| memory.request_focus(main));
    }
}

/// Says in this frame which button has the ring.
pub(super) fn begins_at_main(ctx: &Context, button: Id) {
    let frame = ctx.cumulative_frame_nr();
    ctx.data_mut(|data| data.insert_temp(main_id(), (button, frame)));
}

fn main_id() -> Id {
    Id::unique("main button with the ring")
}

fn enter_id() -> Id {
    Id::unique("whose Enter is")
}

/// Says in this frame that the widget that has the keyboard has no use for Enter.
pub(crate) fn hand_on_enter(ctx: &Context) {
    let frame = ctx.cumulative_frame_nr();
    ctx.data_mut(|data| data.insert_temp(enter_id(), frame));
}

/// Says which row the arrow keys are at, while the card as a whole has the keyboard; whether it has.
pub(in crate::ui::kit) fn tell_current_row(ctx: &Context, row: Id) -> bool {
    let turn = ctx.data(|data| data.get_temp::<Turn>(Turn::id()));
    let heading = turn.map(|turn| heading_of(turn.name));
    let focused = ctx.memory(|memory| memory.focused());
    let Some(heading) = heading.filter(|heading| focused == Some(*heading)) else {
        return false;
    };
    speech::tell_current(ctx, heading, row);
    true
}

pub(super) fn handed_on(ctx: &Context) -> bool {
    let when = ctx.data(|data| data.get_temp::<u64>(enter_id()));
    when == Some(ctx.cumulative_frame_nr())
}

/// The time from a card's first frame to its last.
#[derive(Clone, Copy)]
pub(super) struct Turn {
    name: &'static str,
    /// What had the keyboard before.
    before: Option<Id>,
    shown: u64,
    pub(super) is_new: bool,
    pub(super) is_chosen: bool,
    /// It was to be left, and asks whether what is written in it is dropped.
    pub(super) asks: bool,
    /// It has asked in a frame before this one.
    pub(super) asked: bool,
    /// What in it had the keyboard last.
    at: Option<Id>,
}

impl Turn {
    fn id() -> Id {
        Id::unique("turn of a card")
    }

    pub(super) fn begin(ctx: &Context, name: &'static str) -> Self {
        let now = ctx.cumulative_frame_nr();
        let last = ctx.data(|data| data.get_temp::<Self>(Self::id()));
        // A card that follows on another gives back to where that one came from.
        let last = last.filter(|last| last.shown + 1 >= now);
        Self {
            name,
            before: match last {
                Some(last) => last.before,
                None => ctx.memory(|memory| memory.focused()),
            },
            shown: now,
            is_new: last.is_none_or(|last| last.name != name || last.is_new && last.shown == now),
            is_chosen: false,
            asks: last.is_some_and(|last| last.name == name && last.asks),
            asked: last.is_some_and(|last| last.name == name && last.asked),
            at: last
                .filter(|last| last.name == name)
                .and_then(|last| last.at),
        }
    }

    /// Asks before what is written is dropped.
    pub(super) fn ask<T>(&mut self, ctx: &Context) -> CardStep<T> {
        self.asks = true;
        speech::say(ctx, UNKEPT.to_owned());
        ctx.request_repaint();
        CardStep::Stays
    }

    /// Nothing is dropped: the keyboard is where it was.
    pub(super) fn go_on<T>(&mut self, ctx: &Context) -> CardStep<T> {
        self.asks = false;
        if let Some(at) = self.at {
            ctx.memory_mut(|memory| memory.request_focus(at));
        }
        ctx.request_repaint();
        CardStep::Stays
    }

    pub(super) fn keep(mut self, ctx: &Context) {
        let focused = ctx.memory(|memory| memory.focused());
        if !self.asks {
            self.at = focused.or(self.at);
        }
        ctx.data_mut(|data| data.insert_temp(Self::id(), self));
    }
}

/// The layer of the card that is shown, by its area.
pub(crate) fn area(ctx: &Context) -> Option<Id> {
    let turn = ctx.data(|data| data.get_temp::<Turn>(Turn::id()));
    turn.map(|turn| Id::unique(turn.name))
}

/// Whether a card is drawn over what is asking, or was with the last frame.
pub(crate) fn is_shown(ctx: &Context) -> bool {
    let turn = ctx.data(|data| data.get_temp::<Turn>(Turn::id()));
    turn.is_some_and(|turn| turn.shown + 1 >= ctx.cumulative_frame_nr())
}

/// Gives the keyboard back once a card is gone that was left without a choice. At the end of a frame:
/// while a card is drawn, and in the frame after, what lies under it cannot take the keyboard.
pub(crate) fn give_back(ctx: &Context) {
    let turn = ctx.data(|data| data.get_temp::<Turn>(Turn::id()));
    let Some(turn) = turn.filter(|turn| turn.shown != ctx.cumulative_frame_nr()) else {
        return;
    };
    ctx.data_mut(|data| data.remove::<Turn>(Turn::id()));
    let is_taken = ctx.memory(|memory| memory.focused().is_some());
    if let Some(before) = turn.before
        && !turn.is_chosen
        && !is_taken
    {
        ctx.memory_mut(|memory| memory.request_focus(before));
        ctx.request_repaint();
    }
}
