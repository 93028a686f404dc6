//! A line over what it is about: what a change would touch, with what can be done.

use super::icon::{self, Icon};
use super::speech::{say_once, tell_group};
use crate::ui::theme::{self, RADIUS, Tokens};
use eframe::egui::accesskit::Role;
use eframe::egui::{Context, Frame, Id, Label, Margin, Rect, RichText, Sense, Ui, vec2};

/// Says in each frame that what floats keeps off a place: a banner, or buttons at the foot.
pub(crate) fn keep_clear(ctx: &Context, what: &'static str, place: Rect) {
    let frame = ctx.cumulative_frame_nr();
    ctx.data_mut(|data| {
        let known: &mut Vec<Kept> = data.get_temp_mut_or_default(places_id());
        known.retain(|(other, _, seen)| *other != what && seen + 1 >= frame);
        known.push((what, place, frame));
    });
}

/// What it is, where it stands, and the frame that said so.
type Kept = (&'static str, Rect, u64);

/// The foot of a dialog; the page behind it is out of reach.
pub(crate) const DIALOG: &str = "foot of a dialog";

/// The places that what floats keeps off, by the last frame or this one.
pub(crate) fn kept_clear(ctx: &Context) -> Vec<Rect> {
    let mut known: Vec<Kept> = ctx.data(|data| data.get_temp(places_id()).unwrap_or_default());
    let frame = ctx.cumulative_frame_nr();
    known.retain(|(.., seen)| seen + 1 >= frame);
    if known.iter().any(|(what, ..)| *what == DIALOG) {
        known.retain(|(what, ..)| *what == DIALOG);
    }
    known.into_iter().map(|(_, place, _)| place).collect()
}

fn places_id() -> Id {
    Id::unique("places that are kept clear")
}

/// Draws it as wide as there is room: what it says in bold, then more, then its buttons.
pub(crate) fn banner_ui<R>(
    ui: &mut Ui,
    strong: &str,
    more: &str,
    tokens: &Tokens,
    buttons: impl FnOnce(&mut Ui) -> R,
) -> R {
    let words = format!("{strong} {more}");
    say_once(ui.ctx(), ui.scope_id().with("banner"), words.trim());
    let drawn = Frame::new()
        .fill(tokens.warn_ground)
        .stroke((1.0, tokens.warn))
        .corner_radius(RADIUS)
        .inner_margin(Margin::symmetric(12, 8))
        .show(ui, |ui| {
            tell_group(ui, Role::Group, strong);
            ui.set_width(ui.available_width());
            ui.horizontal_wrapped(|ui| {
                let (rect, _) = ui.allocate_exact_size(vec2(16.0, 16.0), Sense::hover());
                icon::paint(ui.painter(), Icon::Warn, rect.center(), 16.0, tokens.warn);
                ui.add(Label::new(RichText::new(strong).font(theme::strong_font(13.0))).wrap());
                if !more.is_empty() {
                    ui.add(Label::new(more).wrap());
                }
            });
            ui.horizontal_wrapped(buttons).inner
        });
    keep_clear(ui.ctx(), "banner", drawn.response.rect);
    drawn.inner
}
