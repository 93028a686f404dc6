//! A row of tabs: which of several things is shown in one place, a page, a panel or a part of a
//! dialog. The one that is has a line under it.

use super::{hint, is_pointed_at, row, tell_chosen};
use crate::ui::theme::{self, CONTROL_HEIGHT, Tokens};
use eframe::egui::accesskit::Role;
use eframe::egui::{FontId, Id, Rect, Response, Sense, Ui, UiBuilder, pos2, vec2};

const PADDING: f32 = 12.0;

/// How wide a row of tabs is.
pub(crate) fn width_of(ui: &Ui, names: &[&str]) -> f32 {
    names.iter().map(|name| tab_width(ui, name)).sum()
}

fn tab_width(ui: &Ui, name: &str) -> f32 {
    row::name_width(ui, name, theme::strong_font(13.0)).ceil() + 2.0 * PADDING
}

/// Draws it as high as told, and narrower where there is no room; says which one was chosen. What each
/// is for, if anything is to be said of it, is asked for where the pointer is.
pub(crate) fn tabs_ui(
    ui: &mut Ui,
    name: &str,
    (tabs, help): (&[&str], &dyn Fn(usize) -> Option<String>),
    current: usize,
    height: f32,
    tokens: &Tokens,
) -> Option<usize> {
    let list = Id::unique(("tabs", name));
    let widths: Vec<f32> = tabs.iter().map(|name| tab_width(ui, name)).collect();
    let wanted: f32 = widths.iter().sum();
    let width = wanted.min(ui.available_width());
    let share = width / wanted.max(1.0);
    let (whole, _) = ui.allocate_exact_size(vec2(width, height), Sense::hover());
    let node = ui.interact(whole, list, Sense::hover());
    super::tell(&node, Role::TabList, name);
    let mut chosen = None;
    let mut left = whole.left();
    let inside = UiBuilder::new().accessibility_parent(list).max_rect(whole);
    ui.scope_builder(inside, |ui| {
        for ((at, text), width) in tabs.iter().enumerate().zip(widths) {
            let width = width * share;
            let rect = Rect::from_min_size(pos2(left, whole.top()), vec2(width, height));
            left += width;
            let response = ui.interact(rect, list.with(*text), Sense::click());
            tell_chosen(&response, Role::Tab, text, at == current);
            tab_ui(ui, &response, text, at == current, tokens);
            if response.clicked() {
                chosen = Some(at);
            }
            if is_pointed_at(&response)
                && let Some(help) = help(at)
            {
                hint(response, || help);
            }
        }
    });
    chosen
}

/// Parts of a dialog, of which one is shown. The first name begins where the lines above it do.
pub(crate) fn parts_ui<T: Copy + PartialEq>(
    ui: &mut Ui,
    of: &str,
    shown: &mut T,
    parts: &[(T, String)],
) {
    let tokens = theme::tokens(ui.ctx());
    let names: Vec<&str> = parts.iter().map(|(_, name)| name.as_str()).collect();
    let current = parts.iter().position(|(part, _)| part == shown);
    let room = ui.available_rect_before_wrap();
    let outside = room.with_min_x(room.left() - PADDING);
    let mut row = ui.new_child(UiBuilder::new().max_rect(outside));
    let current = current.unwrap_or_default();
    let chosen = tabs_ui(
        &mut row,
        of,
        (&names, &|_| None),
        current,
        CONTROL_HEIGHT,
        &tokens,
    );
    let drawn = row.min_rect().with_min_x(room.left());
    ui.advance_cursor_after_rect(drawn);
    if let Some((part, _)) = chosen.and_then(|at| parts.get(at)) {
        *shown = *part;
    }
}

fn tab_ui(ui: &Ui, response: &Response, text: &str, is_on: bool, tokens: &Tokens) {
    let rect = response.rect;
    let painter = ui.painter();
    let (font, color) = if is_on {
        (theme::strong_font(13.0), tokens.ink)
    } else {
        (FontId::proportional(13.0), tokens.dim)
    };
    if response.hovered() && !is_on {
        painter.rect_filled(rect, 0.0, tokens.hover);
    }
    let galley = row::line(painter, text, font, color, rect.width() - 8.0);
    let at = rect.center() - galley.size() / 2.0;
    painter.galley(at, galley, color);
    if is_on {
        let line = Rect::from_min_max(
            pos2(rect.left() + PADDING, rect.bottom() - 2.0),
            pos2(rect.right() - PADDING, rect.bottom()),
        );
        painter.rect_filled(line, 0.0, tokens.accent);
    }
}
