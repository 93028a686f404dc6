//! The same cards as a table: a line each, under the names of the columns of the board, in order by the
//! column whose head was pressed.

use super::bar::claimant_name;
use super::board::{Shown, first_member, state_icon, told_of};
use crate::app::action::Action;
use crate::app::action::claims::ClaimsAction;
use crate::app::model::{Model, state_name};
use crate::app::words::{count_grouped, day};
use crate::core::claims::board::{COLUMNS, One};
use crate::core::claims::order::{By, Order};
use crate::core::shown::shown;
use crate::ui::kit::heads::{Head, HeadStep, heads_ui};
use crate::ui::kit::icon;
use crate::ui::kit::list::List;
use crate::ui::kit::row::{self, Ground, RowState};
use crate::ui::kit::tell;
use crate::ui::theme::{self, ROW_HEIGHT, SMALL, Tokens};
use eframe::egui::accesskit::Role;
use eframe::egui::{FontId, Id, Painter, Rect, Response, Sense, Ui, pos2, vec2};

const INSET: f32 = 20.0;

#[derive(Default)]
pub(super) struct Table {
    revealed: Option<One>,
}

pub(super) fn list_id() -> Id {
    Id::unique("table of claims")
}

/// The columns that there is room for, each with its share of the width; the panel tells the rest.
const ALL: &[(usize, f32)] = &[
    (0, 0.36),
    (1, 0.16),
    (2, 0.10),
    (3, 0.08),
    (4, 0.10),
    (5, 0.08),
    (6, 0.12),
];
const SOME: &[(usize, f32)] = &[(0, 0.48), (1, 0.22), (3, 0.12), (6, 0.18)];
const FEW: &[(usize, f32)] = &[(0, 0.66), (6, 0.34)];

fn shown_columns(width: f32) -> &'static [(usize, f32)] {
    match width {
        width if width >= 800.0 => ALL,
        width if width >= 480.0 => SOME,
        _ => FEW,
    }
}

/// Where columns stand: which it is, from where, and its room.
fn places(rect: Rect) -> Vec<(usize, f32, f32)> {
    let (mut from, width) = (rect.left() + INSET, rect.width() - 2.0 * INSET);
    let columns = shown_columns(width).iter();
    let places = columns.map(|(column, share)| {
        let left = from;
        from += width * share;
        (*column, left, (width * share - 10.0).max(10.0))
    });
    places.collect()
}

impl Table {
    pub(super) fn ui(
        &mut self,
        ui: &mut Ui,
        shown: &Shown<'_>,
        focuses: bool,
        actions: &mut Vec<Action>,
    ) {
        let tokens = shown.tokens;
        heads_ui_of(ui, shown.model, actions, tokens);
        // A heading for each column of the board, then its cards.
        let mut starts = Vec::new();
        let mut count = 0;
        for cards in shown.columns {
            starts.push(count);
            count += 1 + cards.len();
        }
        let place = |row: usize| {
            let column = starts
                .partition_point(|start| *start <= row)
                .checked_sub(1)?;
            let start = starts.get(column)?;
            Some((column, row.checked_sub(start + 1)))
        };
        let card = |row: usize| {
            let (column, at) = place(row)?;
            shown.columns.get(column)?.get(at?).copied()
        };
        let cursor = shown.current.and_then(|current| {
            let columns = shown.columns.iter().zip(&starts);
            let mut found = columns.filter_map(|(cards, start)| {
                Some(start + 1 + cards.iter().position(|card| *card == current)?)
            });
            found.next()
        });
        let one = shown.model.current_claim().cloned();
        let reveals = self.revealed != one;
        self.revealed = one;
        let step = List::pane(list_id(), "Claims", count, ROW_HEIGHT)
            .headings(&starts)
            .cursor(cursor)
            .reveal(reveals)
            .focus(focuses)
            .show(ui, |ui, at, state| match (card(at), place(at)) {
                (Some(card), _) => line_ui(ui, shown, card, state),
                (None, Some((column, _))) => state_ui(ui, shown, column),
                (None, None) => ui.label(""),
            });
        if let Some(row) = step.clicked.or(step.moved) {
            // From a heading the keyboard goes on in its direction.
            let nearest = match cursor {
                Some(before) if row < before => (0..=row).rev().find_map(card),
                _ => (row..count).find_map(card),
            };
            let one = nearest
                .or_else(|| card(row))
                .and_then(|card| shown.one(card));
            if one.is_some() {
                actions.push(ClaimsAction::Show(one).into());
            }
        }
        let row = step.double_clicked.or(cursor.filter(|_| step.enters));
        let first = row
            .and_then(card)
            .and_then(|card| first_member(shown, card));
        actions.extend(first.map(|member| ClaimsAction::GoTo(member).into()));
        if focuses && cursor.is_none() {
            let first = (0..count).find_map(card).and_then(|card| shown.one(card));
            actions.push(ClaimsAction::Show(first).into());
        }
    }
}

const NAMES: [&str; 7] = [
    "Claim", "Claimant", "Kind", "Articles", "First", "Worth", "Verdict",
];

/// The heads of the columns: each puts the cards in order.
fn heads_ui_of(ui: &mut Ui, model: &Model, actions: &mut Vec<Action>, tokens: &Tokens) {
    let order = model.claim_order();
    let places = places(ui.available_rect_before_wrap());
    let columns = places.iter().filter_map(|(column, from, room)| {
        let (by, name) = (By::ALL.get(*column)?, NAMES.get(*column)?);
        Some((*by, *name, *from, *room))
    });
    let columns: Vec<(By, &str, f32, f32)> = columns.collect();
    let heads = columns.iter().map(|(by, name, from, room)| Head {
        id: Id::unique(("column of claims", name)),
        name,
        from: *from,
        upto: from + room,
        is_of_numbers: false,
        falls: order.filter(|now| now.by == *by).map(|now| now.falls),
        is_rest: false,
        is_fixed: true,
    });
    let heads: Vec<Head<'_>> = heads.collect();
    let step = heads_ui(
        ui,
        "Heads of the table of claims",
        &heads,
        tokens,
        |_, _| {},
    );
    if let Some(HeadStep::Sort(at)) = step
        && let Some((by, ..)) = columns.get(at)
    {
        actions.push(ClaimsAction::Sort(Order::after(order, *by)).into());
    }
}

/// The name of a column of the board, above its cards.
fn state_ui(ui: &mut Ui, shown: &Shown<'_>, column: usize) -> Response {
    let tokens = shown.tokens;
    let size = vec2(ui.available_width(), ROW_HEIGHT);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    let name = COLUMNS.get(column).map_or("", state_name);
    let count = shown.columns.get(column).map_or(0, Vec::len);
    let told = format!("{name}, {}", count_grouped(count, "card", "cards"));
    tell(&response, Role::Heading, &told);
    let painter = ui.painter().with_clip_rect(rect.intersect(ui.clip_rect()));
    painter.hline(rect.x_range(), rect.bottom() - 0.5, (1.0, tokens.line));
    let (mark, color) = state_icon(column, tokens);
    let middle = rect.center().y;
    icon::paint(
        &painter,
        mark,
        pos2(rect.left() + INSET + 7.0, middle),
        14.0,
        color,
    );
    let name = row::line(&painter, name, theme::strong_font(13.0), tokens.ink, 200.0);
    let after = rect.left() + INSET + 22.0 + name.size().x + 8.0;
    painter.galley(
        pos2(rect.left() + INSET + 22.0, middle - name.size().y / 2.0),
        name,
        tokens.ink,
    );
    let number = count_grouped(count, "", "");
    let font = FontId::proportional(SMALL);
    let number = row::line(&painter, number.trim_end(), font, tokens.dim, 80.0);
    painter.galley(
        pos2(after, middle - number.size().y / 2.0),
        number,
        tokens.dim,
    );
    response
}

fn line_ui(ui: &mut Ui, shown: &Shown<'_>, at: u32, state: RowState) -> Response {
    let tokens = shown.tokens;
    let Some(card) = shown.board.card(at) else {
        return ui.label("");
    };
    let summary = shown.model.claim_summary(shown.board, at);
    let name = || told_of(shown, card, &summary);
    let (rect, response) = row::row_ui(ui, ROW_HEIGHT, Ground::IN_PANEL, state, name, tokens);
    let painter = ui.painter().with_clip_rect(rect.intersect(ui.clip_rect()));
    let title = crate::core::shown::shown(&summary.title);
    let who = claimant_name(shown.model, summary.claimant.as_ref());
    let kind = crate::core::shown::shown(&summary.kind);
    let articles = count_grouped(card.articles as usize, "", "");
    let first = day(&summary.day);
    let worth = format!("{} of 3", card.yes());
    let verdict = crate::core::shown::shown(&summary.verdict);
    let cells = [
        &*title,
        &who,
        &kind,
        articles.trim_end(),
        &first,
        &worth,
        &verdict,
    ];
    for (column, left, room) in places(rect) {
        let text = cells.get(column).copied().unwrap_or_default();
        let (font, color) = match column {
            0 => (
                theme::reading_font(shown.model.settings().reading_font, 14.0),
                tokens.ink,
            ),
            1 => (FontId::proportional(13.0), tokens.ink),
            _ => (FontId::proportional(SMALL), tokens.dim),
        };
        cell(&painter, rect, (left, room), text, font, color);
    }
    response
}

fn cell(
    painter: &Painter,
    rect: Rect,
    (left, room): (f32, f32),
    text: &str,
    font: FontId,
    color: eframe::egui::Color32,
) {
    let text = row::line(painter, &shown(text), font, color, room);
    let at = pos2(left, rect.center().y - text.size().y / 2.0);
    painter.galley(at, text, color);
}
