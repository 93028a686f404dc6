//! Where the keyboard is, seen: brought into view, with one outline around it, whatever has it.
//!
//! What shows it in a way of its own says so in each frame: the text has its caret, a list its row.

use crate::ui::theme::Tokens;
use eframe::egui::accesskit::{Action, ActionRequest, TreeId};
use eframe::egui::{Context, Event, Id, Key, Plugin, RawInput, StrokeKind};

/// What the outline is about, from frame to frame.
#[derive(Clone, Copy, Default)]
struct Outline {
    /// What shows by itself that it has the keyboard, and the frame in which it said so.
    by_itself: Option<(Id, u64)>,
    /// What had the keyboard in the last frame.
    last: Option<Id>,
    /// What has it and cannot be seen whole.
    hidden: Option<Id>,
}

/// Keys that come after one by which the keyboard goes elsewhere, Tab or an arrow, wait for the next
/// frame: they are for what it has gone to by then. What a key that is held down repeats waits for none.
struct InTurn {
    /// What goes through its keys by itself, in their order.
    but_for: Id,
    held: Vec<Event>,
}

/// Has each key heard by what has the keyboard when it is pressed, however many come in one frame;
/// but for one thing, which hears its keys in their order already.
pub(crate) fn hear_in_turn(ctx: &Context, but_for: Id) {
    let held = Vec::new();
    ctx.add_plugin(InTurn { but_for, held });
}

impl Plugin for InTurn {
    fn debug_name(&self) -> &'static str {
        "keys in turn"
    }

    fn input_hook(&mut self, ctx: &Context, input: &mut RawInput) {
        let new = std::mem::take(&mut input.events);
        input.events = std::mem::take(&mut self.held);
        input.events.extend(new);
        let focused = ctx.memory(|memory| memory.focused());
        if focused == Some(self.but_for) {
            return;
        }
        // There arrows go through words.
        let is_writing = ctx.text_edit_focused();
        let goes = |key: Key| match key {
            Key::Tab => true,
            Key::ArrowUp | Key::ArrowDown | Key::ArrowLeft | Key::ArrowRight => !is_writing,
            _ => false,
        };
        let goes = |event: &Event| matches!(event, Event::Key { key, pressed: true, repeat: false, .. } if goes(*key));
        let is_heard = |event: &Event| {
            let is_press = matches!(event, Event::Key { pressed: true, .. });
            is_press || matches!(event, Event::Text(_))
        };
        let Some(first) = input.events.iter().position(goes) else {
            return;
        };
        let mut after = input.events.iter().skip(first + 1);
        if let Some(next) = after.position(is_heard) {
            self.held = input.events.split_off(first + 1 + next);
            ctx.request_repaint();
        }
    }
}

fn with<R>(ctx: &Context, act: impl FnOnce(&mut Outline) -> R) -> R {
    let id = Id::unique("outline of the keyboard");
    ctx.data_mut(|data| act(data.get_temp_mut_or_default(id)))
}

/// Says in this frame that it can be seen by itself whether this has the keyboard.
pub(crate) fn shows_itself(ctx: &Context, id: Id) {
    if ctx.memory(|memory| memory.has_focus(id)) {
        let frame = ctx.cumulative_frame_nr();
        with(ctx, |outline| outline.by_itself = Some((id, frame)));
    }
}

/// Has what the keyboard went to scrolled into view. At the start of a frame.
pub(crate) fn bring_into_view(ctx: &Context) {
    if let Some(id) = with(ctx, |outline| outline.hidden.take()) {
        // As an assistive tool asks for it.
        let request = ActionRequest {
            action: Action::ScrollIntoView,
            target_tree: TreeId::ROOT,
            target_node: id.accesskit_id(),
            data: None,
        };
        ctx.input_mut(|input| input.events.push(Event::AccessKitActionRequest(request)));
    }
}

/// Draws the outline. At the end of a frame, so that nothing lies over it.
pub(crate) fn outline_ui(ctx: &Context, tokens: &Tokens) {
    let focused = ctx.memory(|memory| memory.focused());
    let frame = ctx.cumulative_frame_nr();
    let (is_new, by_itself) = with(ctx, |outline| {
        let is_new = std::mem::replace(&mut outline.last, focused) != focused;
        (is_new, outline.by_itself)
    });
    let Some(id) = focused.filter(|id| by_itself != Some((*id, frame))) else {
        return;
    };
    let Some(response) = ctx.read_response(id) else {
        return;
    };
    let seen = response.interact_rect;
    if is_new && !seen.expand(0.5).contains_rect(response.rect) {
        with(ctx, |outline| outline.hidden = Some(id));
        ctx.request_repaint();
    }
    if seen.is_positive() {
        let painter = ctx.layer_painter(response.layer_id);
        painter.rect_stroke(seen.expand(1.0), 6.0, tokens.focus(), StrokeKind::Outside);
    }
}
