//! What a list holds, counted: lines with a box, a bar and a number, and a row of bars. What has its
//! tick taken away is not shown.

use super::icon::{self, Icon};
use super::words::hover;
use super::{row, tell_chosen, tell_whether};
use crate::ui::theme::{self, SMALL, Tokens};
use eframe::egui::accesskit::Role;
use eframe::egui::{
    Align2, CornerRadius, EventFilter, FontId, Key, Rect, Response, Sense, StrokeKind, Ui, pos2,
    vec2,
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

/// A bar of a row: what it is called, a letter below it, and how many there are.
pub(crate) struct Bar {
    pub(crate) name: String,
    pub(crate) below: String,
    pub(crate) count: usize,
    pub(crate) is_on: bool,
}

/// Draws bars beside each other, one stop of the keyboard: Left and Right go from one to the next,
/// Space switches it. Answers which was switched.
pub(crate) fn bars_ui(ui: &mut Ui, of: &str, bars: &[Bar], tokens: &Tokens) -> Option<usize> {
    const HEIGHT: f32 = 40.0;
    const GAP: f32 = 3.0;
    const WIDEST: f32 = 34.0;
    let size = vec2(ui.available_width(), HEIGHT + 18.0);
    let (whole, _) = ui.allocate_exact_size(size, Sense::hover());
    let whole = whole.shrink2(vec2(INSET, 0.0));
    let most = bars.iter().map(|bar| bar.count).max().unwrap_or(0).max(1) as f32;
    let step = (whole.width() / bars.len().max(1) as f32).min(WIDEST + GAP);
    let gap = GAP.min(step / 3.0);
    let stop_id = ui.scope_id().with(("bars", of));
    let last = bars.len().saturating_sub(1);
    let stop: usize = ui.data(|data| data.get_temp(stop_id)).unwrap_or(0);
    let stop = stop.min(last);
    let painter = ui.painter().clone();
    let mut switched = None;
    let mut goes_to = None;
    for (at, bar) in bars.iter().enumerate() {
        let left = whole.left() + step * at as f32;
        let place = Rect::from_min_size(pos2(left, whole.top()), vec2(step - gap, whole.height()));
        let sense = if at == stop {
            Sense::click()
        } else {
            Sense::CLICK
        };
        let response = ui.interact(place, stop_id.with(at), sense);
        let name = format!("{of}: {}, {}", bar.name, number(bar.count));
        tell_whether(&response, Role::CheckBox, &name, bar.is_on);
        let height = (HEIGHT * bar.count as f32 / most).max(2.0);
        let base = whole.top() + HEIGHT;
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
        if step > 9.0 {
            let font = FontId::proportional(11.0);
            let at = pos2(place.center().x, base + 3.0);
            painter.text(at, Align2::CENTER_TOP, &bar.below, font, tokens.dim);
        }
        if response.has_focus() {
            let arrows = EventFilter {
                horizontal_arrows: true,
                ..EventFilter::default()
            };
            ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, arrows));
            let pressed = |key| ui.input(|input| input.key_pressed(key));
            goes_to = match (pressed(Key::ArrowLeft), pressed(Key::ArrowRight)) {
                (true, false) => at.checked_sub(1),
                (false, true) => Some((at + 1).min(last)),
                _ => None,
            };
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
