//! All choices of one thing, beside each other: chips, segments of one frame, or tiles that show what
//! is chosen. They are one stop of the keyboard, within which Left and Right go from one to the next
//! and Space chooses; digits choose chips by their place.

use super::chip::chip_ui;
use super::speech::{tell_group, tell_required};
use super::tile::Tile;
use super::{row, tell_whether};
use crate::ui::theme::{self, CONTROL_HEIGHT, RADIUS, SMALL, Tokens};
use eframe::egui::accesskit::Role;
use eframe::egui::{EventFilter, FontId, Key, Rect, Response, Sense, StrokeKind, Ui, pos2, vec2};

pub(crate) struct Choices<'a> {
    of: &'a str,
    several: bool,
    is_required: bool,
    wants_focus: bool,
    by_digits: bool,
}

impl<'a> Choices<'a> {
    pub(crate) fn new(of: &'a str) -> Self {
        Self {
            of,
            several: false,
            is_required: false,
            wants_focus: false,
            by_digits: false,
        }
    }

    /// More than one may be on.
    pub(crate) fn several(self, several: bool) -> Self {
        Self { several, ..self }
    }

    pub(crate) fn required(self, is_required: bool) -> Self {
        Self {
            is_required,
            ..self
        }
    }

    pub(crate) fn focus(self, wants_focus: bool) -> Self {
        Self {
            wants_focus,
            ..self
        }
    }

    /// Draws chips; answers which was chosen, or let go of.
    pub(crate) fn chips(
        self,
        ui: &mut Ui,
        choices: &[&str],
        is_on: impl Fn(usize) -> bool,
    ) -> Option<usize> {
        let (of, role) = (self.of, self.role());
        let by_digits = true;
        Self { by_digits, ..self }.rove(ui, choices.len(), &is_on, |ui, at, sense| {
            let choice = choices.get(at).copied().unwrap_or_default();
            chip_ui(ui, role, of, choice, is_on(at), sense)
        })
    }

    /// Draws them as segments of one frame, so wide; answers which was chosen.
    pub(crate) fn segments(
        self,
        ui: &mut Ui,
        choices: &[&str],
        current: Option<usize>,
        width: f32,
        tokens: &Tokens,
    ) -> Option<usize> {
        let of = self.of;
        let is_on = |at: usize| current == Some(at);
        let chosen = ui.scope(|ui| {
            let size = vec2(width.max(40.0), CONTROL_HEIGHT);
            let (whole, _) = ui.allocate_exact_size(size, Sense::hover());
            ui.painter().rect_filled(whole, RADIUS, tokens.page);
            let share = whole.width() / choices.len().max(1) as f32;
            let chosen = self.rove(ui, choices.len(), &is_on, |ui, at, sense| {
                let left = whole.left() + share * at as f32;
                let size = vec2(share, whole.height());
                let rect = Rect::from_min_size(pos2(left, whole.top()), size);
                let choice = choices.get(at).copied().unwrap_or_default();
                segment_ui(ui, (of, choice), rect, (is_on(at), at == 0), sense, tokens)
            });
            let edge = (1.0, tokens.edge);
            ui.painter()
                .rect_stroke(whole, RADIUS, edge, StrokeKind::Inside);
            chosen
        });
        chosen.inner.filter(|at| !is_on(*at))
    }

    /// Draws tiles, one after the other; answers which was chosen. `help` is told of the one that the
    /// pointer is at.
    pub(crate) fn tiles(
        self,
        ui: &mut Ui,
        tiles: &[Tile<'_>],
        help: impl Fn(usize) -> String,
        tokens: &Tokens,
    ) -> Option<usize> {
        let of = self.of;
        let is_on = |at: usize| tiles.get(at).is_some_and(|tile| tile.is_on);
        self.rove(ui, tiles.len(), &is_on, |ui, at, sense| {
            let Some(tile) = tiles.get(at) else {
                return ui.label("");
            };
            let response = tile.ui(ui, of, sense, tokens);
            match help(at) {
                help if help.is_empty() => response,
                help => response.on_hover_text(help),
            }
        })
    }

    fn role(&self) -> Role {
        if self.several {
            Role::CheckBox
        } else {
            Role::RadioButton
        }
    }

    /// Draws each with what it is pressed by: one of them is a stop of the keyboard.
    fn rove(
        self,
        ui: &mut Ui,
        count: usize,
        is_on: &dyn Fn(usize) -> bool,
        mut draw: impl FnMut(&mut Ui, usize, Sense) -> Response,
    ) -> Option<usize> {
        let group = if self.several {
            Role::Group
        } else {
            Role::RadioGroup
        };
        tell_group(ui, group, self.of);
        if self.is_required {
            tell_required(ui);
        }
        let place = ui.scope_id().with(("choice", self.of));
        let kept: Option<usize> = ui.data(|data| data.get_temp(place));
        let kept = kept.filter(|at| *at < count);
        let stop = kept.or_else(|| (0..count).find(|at| is_on(*at)));
        let stop = stop.unwrap_or(0);
        let mut drawn = Vec::with_capacity(count);
        for at in 0..count {
            let sense = if at == stop {
                Sense::click()
            } else {
                Sense::CLICK
            };
            drawn.push(draw(ui, at, sense));
        }
        let mut chosen = drawn.iter().position(Response::clicked);
        let focused = drawn.iter().position(Response::has_focus);
        let mut goes_to = chosen.or(self.wants_focus.then_some(stop));
        if let Some((at, one)) = focused.and_then(|at| Some((at, drawn.get(at)?))) {
            let arrows = EventFilter {
                horizontal_arrows: true,
                ..EventFilter::default()
            };
            ui.memory_mut(|memory| memory.set_focus_lock_filter(one.id, arrows));
            let (left, right, digit) = ui.input(|input| {
                let digit = (1..=9).filter(|_| self.by_digits).find(|n| {
                    Key::from_name(&n.to_string()).is_some_and(|key| input.key_pressed(key))
                });
                let pressed = |key| input.key_pressed(key);
                (pressed(Key::ArrowLeft), pressed(Key::ArrowRight), digit)
            });
            goes_to = match (left, right) {
                (true, false) => Some(at.checked_sub(1).unwrap_or(count - 1)),
                (false, true) => Some((at + 1) % count),
                _ => goes_to,
            };
            let by_digit = digit.map(|n: usize| n - 1).filter(|at| *at < count);
            chosen = chosen.or(by_digit);
            goes_to = by_digit.or(goes_to);
        }
        if let Some((at, one)) = goes_to.and_then(|at| Some((at, drawn.get(at)?))) {
            ui.data_mut(|data| data.insert_temp(place, at));
            // A click of the mouse leaves the keyboard where it is.
            if self.wants_focus || focused.is_some() {
                one.request_focus();
            }
        } else if focused.is_none() {
            ui.data_mut(|data| data.remove::<usize>(place));
        }
        chosen
    }
}

/// One segment of a frame; the first has no line before it.
fn segment_ui(
    ui: &mut Ui,
    (of, choice): (&str, &str),
    rect: Rect,
    (is_on, is_first): (bool, bool),
    sense: Sense,
    tokens: &Tokens,
) -> Response {
    let painter = ui.painter().clone();
    let id = ui.scope_id().with((of, choice));
    let response = ui.interact(rect, id, sense);
    let name = format!("{of}: {choice}");
    tell_whether(&response, Role::RadioButton, &name, is_on);
    let fill = match (is_on, response.hovered() && response.enabled()) {
        (true, _) => Some(tokens.chosen),
        (_, true) => Some(tokens.hover),
        _ => None,
    };
    if let Some(fill) = fill {
        painter.rect_filled(rect.shrink(1.0), RADIUS - 1, fill);
    }
    if !is_first {
        painter.vline(rect.left(), rect.y_range().shrink(1.0), (1.0, tokens.line));
    }
    let font = if is_on {
        theme::strong_font(SMALL)
    } else {
        FontId::proportional(SMALL)
    };
    let text = row::line(&painter, choice, font, tokens.ink, rect.width() - 6.0);
    let is_cut = text.elided;
    painter.galley(rect.center() - text.size() / 2.0, text, tokens.ink);
    if is_cut {
        response.on_hover_text(choice)
    } else {
        response
    }
}
