//! The board: three columns of cards. Up and Down go through a column, Left and Right to the one
//! beside; Ctrl with them, or dragging, moves the card itself.

use super::bar::claimant_name;
use crate::app::action::Action;
use crate::app::action::claims::ClaimsAction;
use crate::app::derived::claims::Summary;
use crate::app::derived::hits::Shared;
use crate::app::model::{Model, state_name};
use crate::app::words::{count_grouped, day};
use crate::core::claims::board::{Board, COLUMNS, Card, One};
use crate::core::claims::{Answer, QUESTIONS};
use crate::core::codebook::Part;
use crate::core::shown::shown;
use crate::ui::kit::choices::Choices;
use crate::ui::kit::icon::{self, Icon};
use crate::ui::kit::list::{List, ListStep};
use crate::ui::kit::row::{self, RowState};
use crate::ui::kit::{letters, tell_chosen};
use crate::ui::theme::{self, CONTROL_HEIGHT, SMALL, Tokens};
use eframe::egui::accesskit::Role;
use eframe::egui::text::{LayoutJob, TextFormat};
use eframe::egui::{
    Color32, CursorIcon, FontId, Galley, Id, LayerId, Order, Painter, Pos2, Rect, Response, Sense,
    StrokeKind, Ui, pos2, vec2,
};
use std::sync::Arc;

/// What cards are drawn from.
pub(super) struct Shown<'a> {
    pub(super) model: &'a Model,
    pub(super) board: &'a Shared<Board>,
    pub(super) columns: &'a [Vec<u32>; 3],
    pub(super) current: Option<u32>,
    pub(super) tokens: &'a Tokens,
}

impl Shown<'_> {
    pub(super) fn one(&self, card: u32) -> Option<One> {
        let card = self.board.card(card)?;
        self.board.one(self.model.session().project(), card)
    }

    fn one_at(&self, column: usize, row: usize) -> Option<One> {
        self.one(*self.columns.get(column)?.get(row)?)
    }
}

const INSET: f32 = 20.0;
const GAP: f32 = 16.0;
const HEAD: f32 = 34.0;
const CARD: f32 = 132.0;
const PADDING: f32 = 12.0;
const TITLE_LINE: f32 = 21.0;
/// Where columns would be less wide, one of them is shown at a time.
const LEAST_COLUMN: f32 = 215.0;
const SEGMENTS: f32 = 420.0;
/// With less room beside a verdict nothing more is said of it.
const LEAST_MORE: f32 = 60.0;

#[derive(Default)]
pub(super) struct Columns {
    /// The card that is dragged.
    dragged: Option<One>,
    /// The column whose list is to have the keyboard.
    focuses: Option<usize>,
    /// What was current, and in which column.
    revealed: Option<(One, usize)>,
    /// The one that is shown where there is room for one.
    single: Option<usize>,
    /// The current card stands in a column that is not shown.
    hides_current: bool,
}

fn list_id(column: usize) -> Id {
    Id::unique(("column of claims", column))
}

/// Whether this is the list of a column.
pub(super) fn is_list(id: Id) -> bool {
    (0..COLUMNS.len()).any(|column| list_id(column) == id)
}

impl Columns {
    pub(super) fn ui(
        &mut self,
        ui: &mut Ui,
        shown: &Shown<'_>,
        focuses: bool,
        actions: &mut Vec<Action>,
    ) {
        let room = ui.max_rect();
        let room = room
            .with_min_x(room.left() + INSET)
            .with_max_x(room.right() - INSET);
        let width = (room.width() - 2.0 * GAP) / 3.0;
        let is_single = width < LEAST_COLUMN;
        // Where a column stands, or the segment that stands for it.
        let place = |column: usize| {
            if is_single {
                let share = room.width().min(SEGMENTS) / 3.0;
                let left = room.left() + column as f32 * share;
                return Rect::from_min_size(pos2(left, room.top()), vec2(share, CONTROL_HEIGHT));
            }
            let left = room.left() + column as f32 * (width + GAP);
            Rect::from_min_size(pos2(left, room.top()), vec2(width, room.height()))
        };
        let current = shown.current.and_then(|current| {
            let columns = shown.columns.iter().enumerate();
            let mut found = columns.filter_map(|(column, cards)| {
                Some((column, cards.iter().position(|card| *card == current)?))
            });
            found.next()
        });
        let one = shown.model.current_claim().cloned();
        let one = one.zip(current.map(|(column, _)| column));
        let reveals = self.revealed != one;
        self.revealed = one;
        // Where the current card went, the keyboard goes too.
        let had_focus = ui.memory(|memory| memory.focused().is_some_and(is_list));
        if focuses || reveals && had_focus {
            let first = || shown.columns.iter().position(|cards| !cards.is_empty());
            self.focuses = current.map(|(column, _)| column).or_else(first);
        }
        if current.is_none() && (focuses || had_focus) {
            let first = shown.columns.iter().flatten().next();
            let first = first.and_then(|card| shown.one(*card));
            if first.is_some() {
                actions.push(ClaimsAction::Show(first).into());
            }
        }
        let pointer = ui.input(|input| input.pointer.interact_pos());
        let around = vec2(if is_single { 0.0 } else { GAP / 2.0 }, 0.0);
        let over = pointer.and_then(|at| {
            (0..COLUMNS.len()).find(|column| place(*column).expand2(around).contains(at))
        });
        let columns = if is_single {
            if let Some((column, _)) = current.filter(|_| reveals) {
                self.single = Some(column);
            }
            let first = || shown.columns.iter().position(|cards| !cards.is_empty());
            let at = self.single.or_else(first).unwrap_or(0);
            let column = self.segments_ui(ui, shown, room, at, actions);
            if let Some(focuses) = &mut self.focuses {
                *focuses = column;
            }
            self.hides_current = current.is_some_and(|(of, _)| of != column);
            if let Some(target) = over.filter(|_| self.dragged.is_some()) {
                let edge = (2.0, shown.tokens.accent);
                let painter = ui.painter();
                painter.rect_stroke(place(target), 6.0, edge, StrokeKind::Outside);
            }
            column..column + 1
        } else {
            self.hides_current = false;
            0..COLUMNS.len()
        };
        for column in columns {
            let place = if is_single {
                room.with_min_y(room.top() + CONTROL_HEIGHT + 8.0)
            } else {
                place(column)
            };
            let row = current.filter(|(at, _)| *at == column).map(|(_, row)| row);
            let is_target = self.dragged.is_some() && over == Some(column);
            super::in_part(ui, place, &format!("column {column}"), |ui| {
                ui.spacing_mut().item_spacing.y = 0.0;
                if !is_single {
                    let cards = shown.columns.get(column).map_or(0, Vec::len);
                    let name = COLUMNS.get(column).map_or("", state_name);
                    head_ui(ui, column, name, cards, is_target, shown.tokens);
                }
                let step = self.column_ui(ui, shown, column, (row, reveals), actions);
                self.take(shown, &step, (column, row), actions);
            });
        }
        self.drop_ui(ui, shown, over, pointer, actions);
    }

    /// Whether keys would go to a card that nobody sees.
    pub(super) fn hides_current(&self) -> bool {
        self.hides_current
    }

    /// Which of the columns is shown, where there is room for one. The first card of one that is chosen
    /// becomes the current one.
    fn segments_ui(
        &mut self,
        ui: &mut Ui,
        shown: &Shown<'_>,
        room: Rect,
        at: usize,
        actions: &mut Vec<Action>,
    ) -> usize {
        let names = [0, 1, 2].map(|column| {
            let cards = shown.columns.get(column).map_or(0, Vec::len);
            let name = COLUMNS.get(column).map_or("", state_name);
            format!("{name} {}", count_grouped(cards, "", "").trim_end())
        });
        let names = names.each_ref().map(String::as_str);
        let head = room.with_max_y(room.top() + CONTROL_HEIGHT);
        let mut chosen = None;
        super::in_part(ui, head.expand(2.0), "segments", |ui| {
            ui.set_max_size(head.size());
            ui.add_space(2.0);
            ui.horizontal(|ui| {
                ui.add_space(2.0);
                let width = head.width().min(SEGMENTS);
                let choices = Choices::new("Cards that are");
                chosen = choices.segments(ui, &names, Some(at), width, shown.tokens);
            });
        });
        if let Some(column) = chosen.filter(|column| *column != at) {
            self.single = chosen;
            let first = shown.columns.get(column).and_then(|cards| cards.first());
            let first = first.and_then(|card| shown.one(*card));
            if first.is_some() {
                actions.push(ClaimsAction::Show(first).into());
            }
            ui.ctx().request_repaint();
        }
        chosen.unwrap_or(at)
    }

    fn column_ui(
        &mut self,
        ui: &mut Ui,
        shown: &Shown<'_>,
        column: usize,
        (row, reveals): (Option<usize>, bool),
        actions: &mut Vec<Action>,
    ) -> ListStep {
        let empty = Vec::new();
        let cards = shown.columns.get(column).unwrap_or(&empty);
        let name = COLUMNS.get(column).map_or("", state_name);
        let list = List::pane(list_id(column), name, cards.len(), CARD)
            .gap(10.0)
            .cursor(row)
            .reveal(reveals)
            .beside_others()
            .focus(self.focuses == Some(column));
        if self.focuses == Some(column) {
            self.focuses = None;
        }
        let dragged = &mut self.dragged;
        list.show(ui, |ui, at, state| {
            let Some(card) = cards.get(at).copied() else {
                return ui.label("");
            };
            let response = card_ui(ui, shown, card, state);
            if response.drag_started() {
                *dragged = shown.one(card);
                actions.push(ClaimsAction::Show(dragged.clone()).into());
            }
            response
        })
    }

    fn take(
        &mut self,
        shown: &Shown<'_>,
        step: &ListStep,
        (column, row): (usize, Option<usize>),
        actions: &mut Vec<Action>,
    ) {
        if let Some(at) = step.clicked.or(step.moved) {
            if step.clicked.is_some() {
                self.focuses = Some(column);
            }
            let one = shown.one_at(column, at);
            actions.push(ClaimsAction::Show(one).into());
        }
        if let Some(right) = step.sideways {
            let columns: Vec<usize> = if right {
                (column + 1..COLUMNS.len()).collect()
            } else {
                (0..column).rev().collect()
            };
            let count = |at: usize| shown.columns.get(at).map_or(0, Vec::len);
            if let Some(to) = columns.into_iter().find(|at| count(*at) > 0) {
                let at = row.unwrap_or(0).min(count(to).saturating_sub(1));
                actions.push(ClaimsAction::Show(shown.one_at(to, at)).into());
                self.focuses = Some(to);
            }
        }
        let row = step.double_clicked.or(row.filter(|_| step.enters));
        let card = row.and_then(|row| shown.columns.get(column)?.get(row).copied());
        let first = card.and_then(|card| first_member(shown, card));
        actions.extend(first.map(|member| ClaimsAction::GoTo(member).into()));
    }

    /// The card under the pointer while it is dragged, and where it lands.
    fn drop_ui(
        &mut self,
        ui: &Ui,
        shown: &Shown<'_>,
        over: Option<usize>,
        pointer: Option<Pos2>,
        actions: &mut Vec<Action>,
    ) {
        if self.dragged.is_none() {
            return;
        }
        if ui.input(|input| input.pointer.any_released() || !input.pointer.any_down()) {
            let state = over.and_then(|column| COLUMNS.get(column));
            if let (Some(one), Some(state)) = (self.dragged.take(), state) {
                actions.push(ClaimsAction::Move(one, state.clone()).into());
            }
            return;
        }
        ui.ctx().set_cursor_icon(CursorIcon::Grabbing);
        if let (Some(at), Some(card)) = (pointer, shown.current) {
            let layer = LayerId::new(Order::Tooltip, Id::unique("dragged claim"));
            let painter = ui.ctx().layer_painter(layer);
            let rect =
                Rect::from_min_size(at + vec2(8.0, 8.0), vec2(240.0, 2.0 * TITLE_LINE + 16.0));
            let edge = (1.0, shown.tokens.edge);
            painter.rect(rect, 6.0, shown.tokens.page, edge, StrokeKind::Inside);
            let summary = shown.model.claim_summary(shown.board, card);
            let title = title(&painter, shown, &summary, rect.width() - 20.0);
            painter.galley(rect.min + vec2(10.0, 8.0), title, shown.tokens.ink);
        }
    }
}

/// The first of the annotations of a card.
pub(super) fn first_member(shown: &Shown<'_>, card: u32) -> Option<crate::core::project::Member> {
    let card = shown.board.card(card)?;
    let (article, claim) = shown.board.claims(card).next()?;
    let article = shown.model.session().project().articles().get(article)?;
    Some((article.id.clone(), claim.id.clone()))
}

pub(super) fn state_icon(column: usize, tokens: &Tokens) -> (Icon, Color32) {
    match column {
        0 => (Icon::New, tokens.ink),
        1 => (Icon::Progress, tokens.accent),
        _ => (Icon::Done, tokens.ok),
    }
}

fn head_ui(ui: &mut Ui, column: usize, name: &str, count: usize, is_target: bool, tokens: &Tokens) {
    let size = vec2(ui.available_width(), HEAD);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    let told = format!("{name}, {}", count_grouped(count, "card", "cards"));
    crate::ui::kit::tell(&response, Role::Heading, &told);
    let painter = ui.painter();
    let middle = rect.top() + 12.0;
    let (mark, color) = state_icon(column, tokens);
    icon::paint(painter, mark, pos2(rect.left() + 8.0, middle), 15.0, color);
    let title = row::line(
        painter,
        name,
        theme::strong_font(14.0),
        tokens.ink,
        rect.width() - 60.0,
    );
    let after = rect.left() + 24.0 + title.size().x + 8.0;
    painter.galley(
        pos2(rect.left() + 24.0, middle - title.size().y / 2.0),
        title,
        tokens.ink,
    );
    let number = count_grouped(count, "", "");
    let font = FontId::proportional(13.0);
    let number = row::line(painter, number.trim_end(), font, tokens.dim, 60.0);
    painter.galley(
        pos2(after, middle - number.size().y / 2.0),
        number,
        tokens.dim,
    );
    let (width, color) = if is_target {
        (3.0, tokens.accent)
    } else {
        (2.0, tokens.line)
    };
    painter.hline(rect.x_range(), rect.bottom() - 8.0, (width, color));
}

/// The title on two lines at most.
fn title(painter: &Painter, shown: &Shown<'_>, summary: &Summary, width: f32) -> Arc<Galley> {
    let text = crate::core::shown::shown(&summary.title);
    let text: String = text.chars().take(220).collect();
    let format = TextFormat {
        line_height: Some(TITLE_LINE),
        ..TextFormat::simple(
            theme::reading_font(shown.model.settings().reading_font, 15.0),
            shown.tokens.ink,
        )
    };
    let mut job = letters::lines(painter.ctx(), &text, &format, width).unwrap_or_else(|| {
        let mut job = LayoutJob::single_section(text, format);
        job.wrap.max_width = width;
        job
    });
    job.wrap.max_rows = 2;
    painter.layout_job(job)
}

/// What a question is called on a card, and where there is little room.
fn question_name(question: Part) -> (&'static str, &'static str) {
    match question {
        Part::MayBeFalse => ("may be false", "false"),
        Part::MattersToPublic => ("matters", "matters"),
        _ => ("can harm", "harm"),
    }
}

/// Whether a verdict speaks for a claim, against it, or neither, as far as its word tells.
pub(super) fn verdict_look(verdict: &str, tokens: &Tokens) -> (Icon, Color32) {
    let lower = verdict.to_lowercase();
    let is = |words: &[&str]| words.iter().any(|word| lower.starts_with(word));
    if is(&[
        "false",
        "falsch",
        "faux",
        "falso",
        "wrong",
        "fake",
        "mostly false",
    ]) {
        (Icon::Close, tokens.error)
    } else if is(&["true", "wahr", "vrai", "cierto", "correct", "mostly true"]) {
        (Icon::Done, tokens.ok)
    } else if is(&[
        "mislead",
        "mixed",
        "half",
        "partly",
        "missing context",
        "irreführend",
    ]) {
        (Icon::Warn, tokens.warn)
    } else {
        (Icon::Nothing, tokens.ink)
    }
}

/// What a card is, in words.
pub(super) fn told_of(shown: &Shown<'_>, card: &Card, summary: &Summary) -> String {
    let model = shown.model;
    let mut parts = vec![crate::core::shown::shown(&summary.title).into_owned()];
    parts.push(claimant_name(model, summary.claimant.as_ref()));
    if !summary.kind.is_empty() {
        parts.push(crate::core::shown::shown(&summary.kind).into_owned());
    }
    parts.push(place_text(model, card, summary));
    for (question, answer) in QUESTIONS.iter().zip(card.answers) {
        parts.push(format!(
            "{}: {}",
            question_name(*question).0,
            answer_name(answer)
        ));
    }
    if !summary.verdict.is_empty() {
        parts.push(format!(
            "verdict {}",
            crate::core::shown::shown(&summary.verdict)
        ));
    }
    parts.join(", ")
}

pub(super) fn answer_name(answer: Answer) -> &'static str {
    match answer {
        Some(true) => "yes",
        Some(false) => "no",
        None => "unsure",
    }
}

/// A day without its year, which stands in the panel.
fn short_day(date: &str) -> String {
    let whole = day(date);
    match whole.rsplit_once(' ') {
        Some((day, year)) if year.len() == 4 && day.contains(' ') => day.to_owned(),
        _ => whole,
    }
}

/// Where it was first, and how far it went.
fn place_text(model: &Model, card: &Card, summary: &Summary) -> String {
    let hides = model.settings().hides_source;
    let outlet = if hides { "" } else { summary.outlet.as_str() };
    let first = [short_day(&summary.day), shown(outlet).into_owned()];
    let first: Vec<String> = first.into_iter().filter(|part| !part.is_empty()).collect();
    let first = first.join(", ");
    let articles = count_grouped(card.articles as usize, "article", "articles");
    let spread = if hides || card.articles < 2 {
        articles
    } else {
        let outlets = count_grouped(card.outlets as usize, "outlet", "outlets");
        format!("{outlets}, {articles}")
    };
    match (first.as_str(), card.articles) {
        ("", _) => spread,
        (first, 1) => first.to_owned(),
        (first, _) => format!("first {first} · {spread}"),
    }
}

fn card_ui(ui: &mut Ui, shown: &Shown<'_>, at: u32, state: RowState) -> Response {
    let tokens = shown.tokens;
    let size = vec2(ui.available_width(), CARD);
    // The list is one stop for Tab, and not each of its cards.
    let (rect, response) = ui.allocate_exact_size(size, Sense::CLICK | Sense::DRAG);
    let Some(card) = shown.board.card(at) else {
        return response;
    };
    let summary = shown.model.claim_summary(shown.board, at);
    if crate::ui::kit::speech::is_heard(ui.ctx()) {
        let told = told_of(shown, card, &summary);
        tell_chosen(&response, Role::ListBoxOption, &told, state.is_chosen);
    } else {
        tell_chosen(&response, Role::ListBoxOption, "", state.is_chosen);
    }
    let painter = ui
        .painter()
        .with_clip_rect(rect.expand(3.0).intersect(ui.clip_rect()));
    let body = rect.with_max_x(rect.right() - 10.0).shrink2(vec2(2.0, 2.0));
    let body = if card.len() > 1 {
        // More than one lies below it.
        let below = body.translate(vec2(3.0, 3.0)).with_max_y(body.bottom());
        painter.rect(
            below,
            6.0,
            tokens.page,
            (1.0, tokens.line),
            StrokeKind::Inside,
        );
        body.with_max_y(body.bottom() - 3.0)
    } else {
        body.with_max_y(body.bottom() - 3.0)
    };
    let fill = if state.is_chosen {
        tokens.chosen
    } else if response.hovered() {
        tokens.hover
    } else {
        tokens.page
    };
    let edge = if state.has_ring {
        (1.0, tokens.edge)
    } else {
        (1.0, tokens.line)
    };
    painter.rect(body, 6.0, fill, edge, StrokeKind::Inside);
    if state.has_ring {
        painter.rect_stroke(body.expand(1.0), 7.0, tokens.focus(), StrokeKind::Outside);
    }
    let left = body.left() + PADDING;
    let width = body.width() - 2.0 * PADDING;
    let words = title(&painter, shown, &summary, width);
    painter.galley(pos2(left, body.top() + 9.0), words, tokens.ink);
    // What follows stands at the foot, so that cards are alike.
    let mut y = body.bottom() - 10.0;
    y -= 15.0;
    foot_ui(&painter, shown, card, &summary, pos2(left, y), width);
    y -= 19.0;
    let small = FontId::proportional(SMALL);
    let place = place_text(shown.model, card, &summary);
    let place = row::line(&painter, &place, small.clone(), tokens.dim, width);
    painter.galley(pos2(left, y), place, tokens.dim);
    y -= 18.0;
    let who = claimant_name(shown.model, summary.claimant.as_ref());
    let who = match summary.other_claimants {
        0 => who,
        n => format!("{who} and {n} more"),
    };
    let kind = crate::core::shown::shown(&summary.kind);
    let kind = if kind.is_empty() {
        String::new()
    } else {
        format!(" · {kind}")
    };
    let most = (width * 0.4).min(90.0);
    let kind = row::line(&painter, &kind, small, tokens.dim, most);
    let who = row::line(
        &painter,
        &who,
        theme::strong_font(SMALL),
        tokens.ink,
        (width - kind.size().x).max(40.0),
    );
    let after = left + who.size().x;
    painter.galley(pos2(left, y), who, tokens.ink);
    painter.galley(pos2(after, y), kind, tokens.dim);
    response
}

/// The answers, or what checking found.
fn foot_ui(
    painter: &Painter,
    shown: &Shown<'_>,
    card: &Card,
    summary: &Summary,
    at: Pos2,
    width: f32,
) {
    let tokens = shown.tokens;
    let small = FontId::proportional(SMALL);
    if !summary.verdict.is_empty() {
        let (mark, color) = verdict_look(&summary.verdict, tokens);
        icon::paint(painter, mark, at + vec2(6.0, 8.0), 12.0, color);
        let verdict = crate::core::shown::shown(&summary.verdict);
        // What it rests on is said where the verdict leaves room for it.
        let verdict = row::line(
            painter,
            &verdict,
            theme::strong_font(SMALL),
            color,
            (width - 18.0).max(20.0),
        );
        let after = at.x + 18.0 + verdict.size().x + 10.0;
        painter.galley(pos2(at.x + 18.0, at.y), verdict, color);
        let mut more = Vec::new();
        if !summary.checked_by.is_empty() {
            more.push(crate::core::shown::shown(&summary.checked_by).into_owned());
        }
        more.push(match summary.evidence {
            0 => "no evidence yet".to_owned(),
            n => count_grouped(n, "piece of evidence", "pieces of evidence"),
        });
        let room = at.x + width - after;
        if room > LEAST_MORE {
            let more = row::line(painter, &more.join(" · "), small, tokens.dim, room);
            painter.galley(pos2(after, at.y), more, tokens.dim);
        }
        return;
    }
    let named = QUESTIONS.map(question_name);
    let wide = |name: &str| {
        let name = row::line(painter, name, small.clone(), tokens.ink, f32::INFINITY);
        name.size().x
    };
    let widths = (
        named.map(|(name, _)| wide(name)),
        named.map(|(_, short)| wide(short)),
    );
    let feet = Feet::of(widths, width);
    for (((name, short), answer), (x, room)) in named.into_iter().zip(card.answers).zip(feet.at) {
        let (mark, color) = match answer {
            Some(true) => (Icon::Done, tokens.ink),
            Some(false) => (Icon::Close, tokens.dim),
            None => (Icon::New, tokens.dim),
        };
        let name = if feet.are_short { short } else { name };
        let name = row::line(painter, name, small.clone(), color, room);
        let left = at.x + x;
        icon::paint(painter, mark, pos2(left + 5.0, at.y + 8.0), 10.0, color);
        painter.galley(pos2(left + feet.mark, at.y), name, color);
    }
}

/// Where the answers stand at the foot of a card: all three, however narrow it is.
#[derive(Debug, PartialEq)]
struct Feet {
    are_short: bool,
    /// The room of the mark before a name.
    mark: f32,
    /// From where, and the room of the name.
    at: [(f32, f32); 3],
}

impl Feet {
    /// By the widths of the names, long and short.
    fn of((long, short): ([f32; 3], [f32; 3]), width: f32) -> Self {
        // Where even the short names are too long, the longest of them is cut.
        let over = short.iter().sum::<f32>() + 3.0 * 12.0 + 2.0 * 5.0 - width;
        let longest = short.iter().copied().fold(0.0, f32::max);
        let cut = short.map(|name| {
            if name < longest {
                name
            } else {
                (name - over - 1.0).max(1.0)
            }
        });
        for (are_short, names, mark, between) in [
            (false, long, 15.0, 10.0),
            (true, short, 15.0, 10.0),
            (true, short, 12.0, 5.0),
            (true, cut, 12.0, 5.0),
        ] {
            let whole = names.iter().sum::<f32>() + 3.0 * mark + 2.0 * between;
            if whole <= width {
                let mut x = 0.0;
                let at = names.map(|name| {
                    let from = x;
                    x += mark + name + between;
                    (from, name + 1.0)
                });
                return Self {
                    are_short,
                    mark,
                    at,
                };
            }
        }
        let share = width / 3.0;
        Self {
            are_short: true,
            mark: 12.0,
            at: [0.0, share, 2.0 * share].map(|x| (x, (share - 14.0).max(1.0))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_three_answers_stand_on_a_card_however_narrow() {
        let (long, short) = ([76.0, 46.0, 56.0], [28.0, 46.0, 31.0]);
        for (width, are_short, mark) in [
            (300.0, false, 15.0),
            (243.0, false, 15.0),
            (242.0, true, 15.0),
            (170.0, true, 15.0),
            (152.0, true, 12.0),
            (120.0, true, 12.0),
            (60.0, true, 12.0),
        ] {
            let feet = Feet::of((long, short), width);
            assert_eq!((feet.are_short, feet.mark), (are_short, mark), "{width}");
            let mut end = 0.0;
            for (x, room) in feet.at {
                assert!(x >= end && room > 0.0, "{width}: {feet:?}");
                end = x + feet.mark + room - 1.0;
            }
            assert!(end <= width, "{width}: {feet:?}");
        }
    }
}
