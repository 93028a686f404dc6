//! The label that the hand is at, in this frame: under the pointer, or under the keyboard in a list of
//! labels. Whoever shows one says so; the card with its definition asks.

use crate::core::ids::LabelId;
use eframe::egui::{Context, Id};

fn id() -> Id {
    Id::unique("label that the hand is at")
}

pub(super) fn point_at(ctx: &Context, label: &LabelId) {
    let frame = ctx.cumulative_frame_nr();
    ctx.data_mut(|data| data.insert_temp(id(), (frame, label.clone())));
}

pub(super) fn pointed_at(ctx: &Context) -> Option<LabelId> {
    let (frame, label): (u64, LabelId) = ctx.data(|data| data.get_temp(id()))?;
    // What opens the card comes before what the frame draws.
    (frame + 1 >= ctx.cumulative_frame_nr()).then_some(label)
}
