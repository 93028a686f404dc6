//! The heads of the columns of a table: each puts its rows in order, the other way the second time.
//!
//! They are one stop of the keyboard: Left and Right go from one to the next, Enter and Space sort,
//! with Alt an arrow moves the column, with Shift it makes it wider. The mouse drags a head to another
//! place, and the edge between two to another width. Which columns there are, and what stands in them,
//! is the caller's.

use super::icon::{self, Icon};
use super::list::take_presses;
use super::menu::context_menu_ui;
use super::{hint, row, tell};
use crate::ui::theme::{self, SMALL, Tokens};
use eframe::egui::accesskit::{Role, SortDirection};
use eframe::egui::{
    CursorIcon, EventFilter, FontId, Id, Key, Modifiers, Rect, Response, Sense, Ui, UiBuilder,
    pos2, vec2,
};

pub(crate) const HEIGHT: f32 = 28.0;
/// How far from an edge it is taken hold of.
const REACH: f32 = 4.0;
/// How far a key moves it.
const STEP: f32 = 12.0;
const ICON: f32 = 14.0;

pub(crate) struct Head<'a> {
    /// The same wherever its column stands.
    pub(crate) id: Id,
    pub(crate) name: &'a str,
    /// From where to where its column goes.
    pub(crate) from: f32,
    pub(crate) upto: f32,
    /// What stands in it ends at its right.
    pub(crate) is_of_numbers: bool,
    /// The rows are in order by it: whether that falls.
    pub(crate) falls: Option<bool>,
    /// It takes the room that the others leave.
    pub(crate) is_rest: bool,
    /// It keeps its place and width, and only sorts.
    pub(crate) is_fixed: bool,
}

/// What was asked of a column, by its place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum HeadStep {
    Sort(usize),
    /// Moves it to the place of another one.
    Move(usize, usize),
    Widen(usize, f32),
    /// Gives it the width that it had at first.
    Usual(usize),
}

/// Draws them in a line; `menu` is what a head offers by the other button of the mouse.
pub(crate) fn heads_ui(
    ui: &mut Ui,
    name: &str,
    heads: &[Head<'_>],
    tokens: &Tokens,
    mut menu: impl FnMut(&mut Ui, usize),
) -> Option<HeadStep> {
    let size = vec2(ui.available_width(), HEIGHT);
    let (whole, _) = ui.allocate_exact_size(size, Sense::hover());
    ui.painter().rect_filled(whole, 0.0, tokens.panel);
    let y = whole.bottom() - 0.5;
    ui.painter().hline(whole.x_range(), y, (1.0, tokens.line));
    let bar = Id::unique(("heads", name));
    let node = ui.interact(whole, bar, Sense::hover());
    tell(&node, Role::Row, name);
    let last: usize = ui.data(|data| data.get_temp(bar)).unwrap_or(0);
    let stop = last.min(heads.len().saturating_sub(1));
    let mut step = None;
    let mut drawn = Vec::with_capacity(heads.len());
    let inside = UiBuilder::new().accessibility_parent(bar).max_rect(whole);
    ui.scope_builder(inside, |ui| {
        for (at, head) in heads.iter().enumerate() {
            let response = head_ui(ui, head, whole, at == stop, tokens);
            if !head.is_fixed {
                context_menu_ui(&response, |ui| menu(ui, at));
            }
            if response.clicked() {
                step = Some(HeadStep::Sort(at));
            }
            drawn.push(response);
        }
    });
    ui.advance_cursor_after_rect(whole);
    let over = drawn.iter().position(|head| head.contains_pointer());
    for (at, head) in drawn.iter().enumerate() {
        let is_fixed = heads.get(at).is_some_and(|head| head.is_fixed);
        let is_dragged = !is_fixed && (head.dragged() || head.drag_stopped());
        let Some(to) = over.filter(|to| is_dragged && *to != at) else {
            continue;
        };
        if head.drag_stopped() {
            step = Some(HeadStep::Move(at, to));
        } else if let Some(target) = drawn.get(to) {
            let x = if to > at {
                target.rect.right()
            } else {
                target.rect.left()
            };
            ui.painter().vline(x, whole.y_range(), tokens.focus());
            ui.ctx().set_cursor_icon(CursorIcon::Grabbing);
        }
    }
    step = edges_ui(ui, heads, whole, tokens).or(step);
    let here = drawn.iter().position(Response::has_focus);
    if let Some((at, response)) = here.and_then(|at| Some((at, drawn.get(at)?))) {
        let (goes, by_key) = keyboard(ui, response.id, at, heads);
        step = by_key.or(step);
        if let Some((to, head)) = goes.and_then(|to| Some((to, drawn.get(to)?))) {
            head.request_focus();
            ui.data_mut(|data| data.insert_temp(bar, to));
        }
    }
    // It is gone on from here by keys; a column that moves takes the keyboard along.
    let at_hand = step.map(|step| match step {
        HeadStep::Move(at, to) => (at, to),
        HeadStep::Sort(at) | HeadStep::Widen(at, _) | HeadStep::Usual(at) => (at, at),
    });
    if let Some((head, stop)) = at_hand.and_then(|(at, to)| Some((drawn.get(at)?, to))) {
        head.request_focus();
        ui.data_mut(|data| data.insert_temp(bar, stop));
    }
    step
}

fn head_ui(ui: &Ui, head: &Head<'_>, whole: Rect, is_stop: bool, tokens: &Tokens) -> Response {
    let rect = Rect::from_min_max(
        pos2(head.from - 6.0, whole.top()),
        pos2(head.upto + 6.0, whole.bottom() - 1.0),
    );
    let sense = Sense::CLICK | Sense::DRAG;
    let sense = if is_stop {
        sense | Sense::FOCUSABLE
    } else {
        sense
    };
    let response = ui.interact(rect, head.id, sense);
    let order = match head.falls {
        None => "",
        Some(false) => ", sorted, rising",
        Some(true) => ", sorted, falling",
    };
    tell(
        &response,
        Role::ColumnHeader,
        &format!("{}{order}", head.name),
    );
    ui.ctx().accesskit_node_builder(response.id, |node| {
        if let Some(falls) = head.falls {
            node.set_sort_direction(if falls {
                SortDirection::Descending
            } else {
                SortDirection::Ascending
            });
        }
    });
    let painter = ui.painter().with_clip_rect(rect.intersect(ui.clip_rect()));
    if response.hovered() {
        painter.rect_filled(rect, 0.0, tokens.hover);
    }
    let (font, color) = match head.falls {
        Some(_) => (theme::strong_font(SMALL), tokens.ink),
        None => (FontId::proportional(SMALL), tokens.dim),
    };
    let mark = head
        .falls
        .map(|falls| if falls { Icon::Down } else { Icon::Up });
    let beside = if mark.is_some() { ICON + 2.0 } else { 0.0 };
    let room = (head.upto - head.from - beside).max(8.0);
    let text = row::line(&painter, head.name, font, color, room);
    let is_cut = text.elided;
    let (middle, width) = (rect.center().y, text.size().x);
    let left = if head.is_of_numbers {
        head.upto - width
    } else {
        head.from
    };
    if let Some(mark) = mark {
        let at = if head.is_of_numbers {
            left - 2.0 - ICON / 2.0
        } else {
            left + width + 2.0 + ICON / 2.0
        };
        icon::paint(&painter, mark, pos2(at, middle), ICON, color);
    }
    painter.galley(pos2(left, middle - text.size().y / 2.0), text, color);
    let whole_name = if is_cut { head.name } else { "" };
    let help = if head.is_fixed {
        "Sort by this column (Enter)"
    } else {
        "Sort by this column (Enter); Alt and an arrow move it, Shift and an arrow change its width"
    };
    let told = || format!("{whole_name}\n{help}").trim_start().to_owned();
    hint(response, told)
}

/// The edges between columns: each belongs to the column that it makes wider, which is never the one
/// that takes the rest.
fn edges_ui(ui: &Ui, heads: &[Head<'_>], whole: Rect, tokens: &Tokens) -> Option<HeadStep> {
    let rest = heads.iter().position(|head| head.is_rest);
    let mut step = None;
    let can_move = |head: &Head<'_>| !head.is_rest && !head.is_fixed;
    for (at, head) in heads.iter().enumerate().filter(|(_, head)| can_move(head)) {
        let is_before = rest.is_some_and(|rest| at < rest);
        let x = if is_before {
            head.upto + 6.0
        } else {
            head.from - 6.0
        };
        let rect = Rect::from_x_y_ranges(x - REACH..=x + REACH, whole.y_range());
        let id = head.id.with("edge");
        let response = ui.interact(rect, id, Sense::CLICK | Sense::DRAG);
        ui.painter()
            .vline(x, whole.y_range().shrink(7.0), (1.0, tokens.line));
        if response.hovered() || response.dragged() {
            ui.ctx().set_cursor_icon(CursorIcon::ResizeHorizontal);
            ui.painter().vline(x, whole.y_range(), tokens.focus());
        }
        if let Some(pointer) = response
            .interact_pointer_pos()
            .filter(|_| response.dragged())
        {
            let outwards = if is_before { 1.0 } else { -1.0 };
            let width = head.upto - head.from + (pointer.x - x) * outwards;
            step = Some(HeadStep::Widen(at, width));
        }
        if response.double_clicked() {
            step = Some(HeadStep::Usual(at));
        }
    }
    step
}

/// Where the arrows go, and what is asked of the head that has the keyboard.
fn keyboard(ui: &Ui, id: Id, at: usize, heads: &[Head<'_>]) -> (Option<usize>, Option<HeadStep>) {
    let arrows = EventFilter {
        horizontal_arrows: true,
        ..EventFilter::default()
    };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(id, arrows));
    let (mut here, mut step) = (at, None);
    ui.input_mut(|input| {
        take_presses(input, |key, held| {
            let by = match key {
                Key::ArrowLeft => -1,
                Key::ArrowRight => 1,
                _ => return false,
            };
            let next = here
                .saturating_add_signed(by)
                .min(heads.len().saturating_sub(1));
            if held.matches_exact(Modifiers::NONE) {
                here = next;
            } else if heads.get(here).is_some_and(|head| head.is_fixed) {
                return false;
            } else if held.matches_exact(Modifiers::ALT) && next != here {
                step = Some(HeadStep::Move(here, next));
            } else if held.matches_exact(Modifiers::SHIFT)
                && let Some(head) = heads.get(here).filter(|head| !head.is_rest)
            {
                let width = head.upto - head.from + STEP * by as f32;
                step = Some(HeadStep::Widen(here, width));
            } else {
                return false;
            }
            true
        });
    });
    ((here != at).then_some(here), step)
}
