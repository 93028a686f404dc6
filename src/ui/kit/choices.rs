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

    /// Draws them as segments of one frame, so wide, in as many lines as they need to be read; answers
    /// which was chosen.
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
            let font = theme::strong_font(SMALL);
            let wide = |choice: &&str| row::name_width(ui, choice, font.clone()) + SEGMENT_PADDING;
            let wide: Vec<f32> = choices.iter().map(wide).collect();
            let segments = segments_of(&wide, width.max(40.0));
            let end = segments.last().map_or(0.0, |segment| segment.bottom());
            let size = vec2(width.max(40.0), end.max(CONTROL_HEIGHT));
            let (whole, _) = ui.allocate_exact_size(size, Sense::hover());
            ui.painter().rect_filled(whole, RADIUS, tokens.page);
            for line in segments
                .iter()
                .filter(|segment| segment.left() == 0.0 && segment.top() > 0.0)
            {
                let y = whole.top() + line.top();
                let across = whole.x_range().shrink(1.0);
                ui.painter().hline(across, y, (1.0, tokens.line));
            }
            let chosen = self.rove(ui, choices.len(), &is_on, |ui, at, sense| {
                let segment = segments.get(at).copied().unwrap_or(Rect::ZERO);
                let rect = segment.translate(whole.min.to_vec2());
                let choice = choices.get(at).copied().unwrap_or_default();
                let is_first = segment.left() == 0.0;
                segment_ui(ui, (of, choice), rect, (is_on(at), is_first), sense, tokens)
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

/// Left free at both sides of the words of a segment.
const SEGMENT_PADDING: f32 = 8.0;

/// Where segments stand whose words are so wide: all alike where they fit, or else each as it needs, in
/// as few lines as hold them.
fn segments_of(wide: &[f32], width: f32) -> Vec<Rect> {
    let longest = wide.iter().copied().fold(0.0, f32::max);
    let fits = |line: &[f32]| line.iter().sum::<f32>() <= width;
    let mut lines = 1;
    let in_line = |lines: usize| wide.len().div_ceil(lines).max(1);
    while lines < wide.len() && !wide.chunks(in_line(lines)).all(fits) {
        lines += 1;
    }
    let mut segments = Vec::with_capacity(wide.len());
    for (line, of_line) in wide.chunks(in_line(lines)).enumerate() {
        let count = of_line.len() as f32;
        let are_alike = longest * count <= width;
        let beyond = (width - of_line.iter().sum::<f32>()) / count;
        let mut left = 0.0;
        for own in of_line {
            let own = if are_alike {
                width / count
            } else {
                own + beyond
            };
            let top = line as f32 * CONTROL_HEIGHT;
            let size = vec2(own, CONTROL_HEIGHT);
            segments.push(Rect::from_min_size(pos2(left, top), size));
            left += own;
        }
    }
    segments
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
    let text = row::line(&painter, choice, font, tokens.ink, rect.width() - 4.0);
    let is_cut = text.elided;
    painter.galley(rect.center() - text.size() / 2.0, text, tokens.ink);
    if is_cut {
        response.on_hover_text(choice)
    } else {
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_are_as_wide_as_their_words_and_stand_in_as_few_lines_as_hold_them() {
        let told = |wide: &[f32], width: f32| {
            let segments = segments_of(wide, width);
            let told = segments.iter().map(|s| (s.left(), s.top(), s.width()));
            told.collect::<Vec<_>>()
        };
        let high = CONTROL_HEIGHT;
        for (wide, width, expected) in [
            (
                &[20.0, 40.0][..],
                100.0,
                vec![(0.0, 0.0, 50.0), (50.0, 0.0, 50.0)],
            ),
            (
                &[20.0, 60.0],
                100.0,
                vec![(0.0, 0.0, 30.0), (30.0, 0.0, 70.0)],
            ),
            (
                &[40.0, 60.0, 50.0],
                100.0,
                vec![(0.0, 0.0, 40.0), (40.0, 0.0, 60.0), (0.0, high, 100.0)],
            ),
            (
                &[200.0, 60.0],
                100.0,
                vec![(0.0, 0.0, 100.0), (0.0, high, 100.0)],
            ),
        ] {
            assert_eq!(told(wide, width), expected, "{wide:?} in {width}");
        }
    }
}
