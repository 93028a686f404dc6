//! What a list holds, counted: lines with a box, a bar and a number, and a row of bars. What has its
//! tick taken away is not shown.

use super::icon::{self, Icon};
use super::words::hover;
use super::{row, tell_chosen, tell_whether};
use crate::ui::theme::{self, SMALL, Tokens};
use eframe::egui::accesskit::Role;
use eframe::egui::{
    Align2, CornerRadius, EventFilter, FontId, Key, Painter, Rect, Response, Sense, StrokeKind, Ui,
    pos2, vec2,
};

pub(crate) const LINE_HEIGHT: f32 = 26.0;
const INSET: f32 = 16.0;
const BAR: f32 = 44.0;

/// A line of it: how many there are of what, and its share of the largest.
pub(crate) struct Line<'a> {
    pub(crate) name: &'a str,
    pub(crate) count: usize,
    /// No bar where there is none.
    pub(crate) share: Option<f32>,
    pub(crate) is_on: bool,
}

/// A number with its thousands set apart.
pub(crate) fn number(n: usize) -> String {
    let digits = n.to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// Draws a line; `true` when it was switched.
pub(crate) fn line_ui(ui: &mut Ui, of: &str, line: &Line<'_>, tokens: &Tokens) -> bool {
    let size = vec2(ui.available_width(), LINE_HEIGHT);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    let count = number(line.count);
    let name = format!("{of}: {}, {count}", line.name);
    tell_whether(&response, Role::CheckBox, &name, line.is_on);
    let painter = ui.painter().with_clip_rect(rect.intersect(ui.clip_rect()));
    if response.hovered() {
        painter.rect_filled(rect, 0.0, tokens.hover);
    }
    let middle = rect.center().y;
    let left = rect.left() + INSET;
    row::tick_box(&painter, pos2(left + 8.0, middle), line.is_on, tokens);
    let font = FontId::proportional(SMALL);
    let text = row::line(&painter, &count, font, tokens.dim, 60.0);
    let mut right = rect.right() - INSET + 2.0;
    painter.galley(
        pos2(right - text.size().x, middle - text.size().y / 2.0),
        text,
        tokens.dim,
    );
    right -= 44.0;
    if let Some(share) = line.share {
        let whole = Align2::LEFT_CENTER.anchor_size(pos2(right - BAR, middle), vec2(BAR, 6.0));
        let filled = whole.with_max_x(whole.left() + (BAR * share).max(1.0));
        painter.rect_filled(filled, 0.0, tokens.edge);
        right -= BAR + 8.0;
    }
    let from = left + 24.0;
    let font = FontId::proportional(13.0);
    let text = row::line(
        &painter,
        line.name,
        font,
        tokens.ink,
        (right - from).max(20.0),
    );
    let is_cut = text.elided;
    painter.galley(pos2(from, middle - text.size().y / 2.0), text, tokens.ink);
    let response = if is_cut {
        hover(response, line.name)
    } else {
        response
    };
    response.clicked()
}

/// A bar of a row: what it is called, what stands below it, and how many there are. One of nothing
/// keeps its place.
pub(crate) struct Bar {
    pub(crate) name: String,
    pub(crate) below: String,
    /// What begins with it, on a line of its own where anything stands below bars.
    pub(crate) begins: Option<String>,
    pub(crate) count: usize,
    pub(crate) is_on: bool,
}

const BAR_HEIGHT: f32 = 40.0;
/// Of what stands below bars; the letters of an axis are smaller than others.
const AXIS_LINE: f32 = 15.0;
const AXIS_SIZE: f32 = 11.0;

/// Draws bars beside each other, one stop of the keyboard: Left and Right go from one to the next,
/// Space switches it. Answers which was switched.
pub(crate) fn bars_ui(ui: &mut Ui, of: &str, bars: &[Bar], tokens: &Tokens) -> Option<usize> {
    const GAP: f32 = 3.0;
    const WIDEST: f32 = 34.0;
    let line_of = |is_there: bool| if is_there { AXIS_LINE } else { 0.0 };
    let first_line = line_of(bars.iter().any(|bar| !bar.below.is_empty()));
    let second_line = line_of(bars.iter().any(|bar| bar.begins.is_some()));
    let below = first_line + second_line + 4.0;
    let size = vec2(ui.available_width(), BAR_HEIGHT + below);
    let (whole, _) = ui.allocate_exact_size(size, Sense::hover());
    let whole = whole.shrink2(vec2(INSET, 0.0));
    let most = bars.iter().map(|bar| bar.count).max().unwrap_or(0).max(1) as f32;
    let step = (whole.width() / bars.len().max(1) as f32).min(WIDEST + GAP);
    let gap = GAP.min(step / 3.0);
    let base = whole.top() + BAR_HEIGHT;
    let place = |at: usize| {
        let left = whole.left() + step * at as f32;
        Rect::from_min_size(pos2(left, whole.top()), vec2(step - gap, whole.height()))
    };
    let painter = ui.painter().clone();
    let end = place(bars.len().saturating_sub(1)).right();
    painter.hline(whole.left()..=end, base + 0.5, (1.0, tokens.line));
    begins_ui(&painter, bars, &place, base + 3.0 + first_line, tokens);
    let stop_id = ui.scope_id().with(("bars", of));
    let pressed: Vec<usize> = (0..bars.len())
        .filter(|at| bars.get(*at).is_some_and(|bar| bar.count > 0))
        .collect();
    let stop: usize = ui.data(|data| data.get_temp(stop_id)).unwrap_or(0);
    let stop = pressed.iter().position(|at| *at >= stop).unwrap_or(0);
    let mut switched = None;
    let mut goes_to = None;
    for (at, bar) in bars.iter().enumerate() {
        let place = place(at);
        if step > 9.0 {
            let at = pos2(place.center().x, base + 3.0);
            let font = FontId::proportional(AXIS_SIZE);
            painter.text(at, Align2::CENTER_TOP, &bar.below, font, tokens.dim);
        }
        let nth = pressed.iter().position(|pressed| *pressed == at);
        let sense = match nth {
            None => Sense::hover(),
            Some(nth) if nth == stop => Sense::click(),
            Some(_) => Sense::CLICK,
        };
        let response = ui.interact(place, stop_id.with(at), sense);
        let name = format!("{of}: {}, {}", bar.name, number(bar.count));
        let Some(nth) = nth else {
            response.on_hover_text(name);
            continue;
        };
        tell_whether(&response, Role::CheckBox, &name, bar.is_on);
        let height = (BAR_HEIGHT * bar.count as f32 / most).max(2.0);
        let shape =
            Rect::from_min_max(pos2(place.left(), base - height), pos2(place.right(), base));
        if bar.is_on {
            let fill = if response.hovered() {
                tokens.ink
            } else {
                tokens.edge
            };
            painter.rect_filled(shape, 0.0, fill);
        } else {
            let edge = (1.0, tokens.edge);
            painter.rect_stroke(shape, CornerRadius::ZERO, edge, StrokeKind::Inside);
        }
        if response.has_focus() {
            let arrows = EventFilter {
                horizontal_arrows: true,
                ..EventFilter::default()
            };
            ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, arrows));
            let is_pressed = |key| ui.input(|input| input.key_pressed(key));
            let to = match (is_pressed(Key::ArrowLeft), is_pressed(Key::ArrowRight)) {
                (true, false) => nth.checked_sub(1),
                (false, true) => Some(nth + 1),
                _ => None,
            };
            goes_to = to.and_then(|to| pressed.get(to).copied());
        }
        if response.on_hover_text(name).clicked() {
            switched = Some(at);
        }
    }
    if let Some(at) = goes_to {
        ui.data_mut(|data| data.insert_temp(stop_id, at));
        ui.memory_mut(|memory| memory.request_focus(stop_id.with(at)));
    }
    switched
}

/// What begins with bars, as far as there is room from one to the next.
fn begins_ui(
    painter: &Painter,
    bars: &[Bar],
    place: &dyn Fn(usize) -> Rect,
    top: f32,
    tokens: &Tokens,
) {
    let mut free_from = f32::NEG_INFINITY;
    for (at, bar) in bars.iter().enumerate() {
        let left = place(at).left();
        if let Some(begins) = bar.begins.as_ref().filter(|_| left >= free_from) {
            let font = FontId::proportional(AXIS_SIZE);
            let place = painter.text(pos2(left, top), Align2::LEFT_TOP, begins, font, tokens.dim);
            free_from = place.right() + 6.0;
        }
    }
}

/// Something that is kept and counted: its name and number, what became of it, and an eye that says
/// whether it is seen.
pub(crate) struct RuleRow<'a> {
    /// Its own, whatever it is called.
    pub(crate) id: &'a str,
    pub(crate) name: &'a str,
    pub(crate) hits: &'a str,
    pub(crate) told: &'a str,
    pub(crate) is_seen: bool,
    pub(crate) is_weak: bool,
    pub(crate) is_shown: bool,
}

pub(crate) struct RuleDrawn {
    pub(crate) row: Response,
    pub(crate) eye: Response,
}

pub(crate) fn rule_row_ui(ui: &mut Ui, rule: &RuleRow<'_>, tokens: &Tokens) -> RuleDrawn {
    let size = vec2(ui.available_width(), theme::TALL_ROW_HEIGHT);
    let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
    let id = ui.scope_id().with(("rule", rule.id));
    let eye = Rect::from_center_size(
        pos2(rect.left() + INSET + 8.0, rect.top() + 15.0),
        vec2(26.0, 26.0),
    );
    let row = ui.interact(rect.with_min_x(eye.right()), id, Sense::click());
    let name = format!("Rule {}, {}; {}", rule.name, rule.hits, rule.told);
    tell_chosen(&row, Role::Button, &name, rule.is_shown);
    let switch = ui.interact(eye, id.with("eye"), Sense::click());
    let of_eye = format!("Seen in texts: {}", rule.name);
    tell_whether(&switch, Role::Switch, &of_eye, rule.is_seen);
    let painter = ui.painter().with_clip_rect(rect.intersect(ui.clip_rect()));
    if rule.is_shown {
        painter.rect_filled(rect, 0.0, tokens.chosen);
    } else if row.hovered() {
        painter.rect_filled(rect, 0.0, tokens.hover);
    }
    if rule.is_shown {
        let bar = Rect::from_min_size(rect.min, vec2(3.0, rect.height()));
        painter.rect_filled(bar, 0.0, tokens.accent);
    }
    let color = if rule.is_seen {
        tokens.accent
    } else {
        tokens.dim
    };
    icon::paint(&painter, Icon::Rule, eye.center(), 16.0, color);
    if !rule.is_seen {
        let corner = vec2(7.0, 5.0);
        let across = [eye.center() - corner, eye.center() + corner];
        painter.line_segment(across, (1.5, color));
    }
    let small = FontId::proportional(SMALL);
    let hits = row::line(&painter, rule.hits, small.clone(), tokens.dim, 80.0);
    let right = rect.right() - INSET + 2.0;
    let left = eye.right() + 4.0;
    let room = (right - hits.size().x - 8.0 - left).max(20.0);
    painter.galley(
        pos2(right - hits.size().x, rect.top() + 7.0),
        hits,
        tokens.dim,
    );
    let name = row::line(
        &painter,
        rule.name,
        FontId::proportional(13.0),
        tokens.ink,
        room,
    );
    painter.galley(pos2(left, rect.top() + 5.0), name, tokens.ink);
    let ink = if rule.is_weak {
        tokens.warn
    } else {
        tokens.dim
    };
    let told = row::line(&painter, rule.told, small, ink, right - left);
    painter.galley(pos2(left, rect.top() + 25.0), told, ink);
    let help = if rule.is_seen {
        "Its hits are seen in every text; press to hide them"
    } else {
        "Its hits are not seen in texts; press to show them"
    };
    let eye = switch.on_hover_text(help);
    RuleDrawn { row, eye }
}

/// The name of a part of such lines, with what stands at its right.
pub(crate) fn head_ui(ui: &mut Ui, name: &str, right: impl FnOnce(&mut Ui)) {
    ui.horizontal(|ui| {
        ui.set_height(theme::HEADING_HEIGHT - 4.0);
        ui.add_space(INSET);
        let heading = eframe::egui::RichText::new(name).font(theme::strong_font(13.0));
        let heading = ui.label(heading);
        super::tell(&heading, Role::Heading, name);
        let rest = eframe::egui::Layout::right_to_left(eframe::egui::Align::Center);
        ui.with_layout(rest, |ui| {
            ui.add_space(INSET - 8.0);
            right(ui);
        });
    });
}
