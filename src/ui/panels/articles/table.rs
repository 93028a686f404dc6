//! The articles as a table: which columns stand where, their heads, the cells of a row, and the menu
//! that chooses the columns.

use super::acts::row_menu_ui;
use super::rows::{status_glyph, tooltip_ui};
use super::{INSET, changed};
use crate::app::action::Action;
use crate::app::derived::project::MetadataNames;
use crate::app::model::Model;
use crate::app::settings::{Settings, TableColumn};
use crate::app::words::{capitalised, day, grouped};
use crate::core::article::{Article, Status};
use crate::core::lists::{Column, Order, number_of};
use crate::core::shown::shown;
use crate::ui::kit::heads::{Head, HeadStep, heads_ui};
use crate::ui::kit::icon;
use crate::ui::kit::menu::{Mark, context_menu_ui, item_ui, staying_menu_ui};
use crate::ui::kit::row::{self, Ground, RowState};
use crate::ui::theme::{self, ROW_HEIGHT, SMALL, Tokens};
use eframe::egui::{FontId, Id, Response, ScrollArea, Ui, pos2};

const GAP: f32 = 12.0;
/// The title has at least so much, and this share of the table where all columns are to be shown; before
/// others are wider than they need, it has a larger one.
const LEAST_TITLE: f32 = 150.0;
const LEAST_SHARE: f32 = 0.28;
const TITLE_SHARE: f32 = 0.42;
const MENU_HEIGHT: f32 = 360.0;

/// A column with its place, from the left of the table.
struct Placed {
    column: Column,
    from: f32,
    upto: f32,
}

/// The columns that are shown, each with its place.
pub(super) struct Columns {
    placed: Vec<Placed>,
    /// So many were chosen for which there is no room.
    pub(super) left_out: usize,
}

/// How narrow a column becomes where there is little room: dates, and words of our own, are read whole.
fn least_width(column: &TableColumn) -> f32 {
    let least = match &column.column {
        date if *date == Column::DATE => 78.0,
        Column::Status => 76.0,
        Column::Length | Column::Annotations => 72.0,
        Column::Title | Column::Field(_) => TableColumn::LEAST.max(column.width * 0.6),
    };
    least.min(column.width)
}

/// What is chosen and not hidden.
fn chosen(settings: &Settings) -> impl Iterator<Item = &TableColumn> {
    let hides = settings.hides_source;
    let columns = settings.table_columns.iter();
    columns.filter(move |column| !hides || !column.column.is_of_source())
}

impl Columns {
    /// In a table so wide. Where there is little room the columns beside the title become narrower, as
    /// far as they can be read; the last ones are left out then.
    pub(super) fn of(model: &Model, width: f32, has_ticks: bool) -> Self {
        let mut columns: Vec<&TableColumn> = chosen(model.settings()).collect();
        let all = columns.len();
        let begin = INSET + if has_ticks { 24.0 } else { 0.0 } + 24.0;
        let room = width - begin - INSET;
        let least_title = (room * LEAST_SHARE).max(LEAST_TITLE);
        let gaps = |columns: &[&TableColumn]| GAP * columns.len().saturating_sub(1) as f32;
        let others = |columns: &[&TableColumn], width: fn(&TableColumn) -> f32| {
            let others = columns.iter().filter(|c| c.column != Column::Title);
            others.map(|column| width(column)).sum::<f32>()
        };
        let least = |columns: &[&TableColumn]| {
            let title = columns.iter().any(|c| c.column == Column::Title);
            let title = if title { least_title } else { 0.0 };
            title + others(columns, least_width) + gaps(columns)
        };
        while least(&columns) > room
            && let Some(last) = columns.iter().rposition(|c| c.column != Column::Title)
        {
            columns.remove(last);
        }
        // What there is beyond the least is shared in the measure of what each wants.
        let beyond = others(&columns, |c| c.width - least_width(c));
        let for_title = room * (TITLE_SHARE - LEAST_SHARE);
        let spare = room - least(&columns) - for_title;
        let share = (spare / beyond.max(1.0)).clamp(0.0, 1.0);
        let width_of = |column: &TableColumn| {
            let least = least_width(column);
            least + (column.width - least) * share
        };
        let wanted = others(&columns, least_width) + beyond * share;
        let title = room - gaps(&columns) - wanted;
        let mut from = begin;
        let placed = columns.iter().map(|column| {
            let width = match column.column {
                Column::Title => title.max(0.0),
                _ => width_of(column),
            };
            let upto = from + width;
            let placed = Placed {
                column: column.column.clone(),
                from: from.round(),
                upto: upto.round(),
            };
            from = upto + GAP;
            placed
        });
        Self {
            placed: placed.collect(),
            left_out: all - columns.len(),
        }
    }

    /// Their heads; what was asked of one is done.
    pub(super) fn heads_ui(
        &self,
        ui: &mut Ui,
        model: &Model,
        actions: &mut Vec<Action>,
        tokens: &Tokens,
    ) {
        let left = ui.max_rect().left();
        let order = model.listing().order.column();
        let names: Vec<_> = self
            .placed
            .iter()
            .map(|p| shown(&p.column.name()).into_owned())
            .collect();
        let heads = self.placed.iter().zip(&names).map(|(placed, name)| Head {
            id: Id::unique(("column of articles", &placed.column)),
            name,
            from: left + placed.from,
            upto: left + placed.upto,
            is_of_numbers: placed.column.is_of_numbers(),
            falls: order
                .as_ref()
                .filter(|(column, _)| *column == placed.column)
                .map(|(_, falls)| *falls),
            is_rest: placed.column == Column::Title,
            is_fixed: false,
        });
        let heads: Vec<Head<'_>> = heads.collect();
        let column = |at: usize| self.placed.get(at).map(|placed| &placed.column);
        let step = heads_ui(ui, "Heads of the columns", &heads, tokens, |ui, at| {
            if let Some(column) = column(at) {
                column_menu_ui(ui, model, actions, column);
            }
        });
        actions.extend(match step {
            None => None,
            Some(HeadStep::Sort(at)) => column(at).map(|column| {
                let falls = match model.listing().order.column() {
                    Some((known, falls)) if known == *column => !falls,
                    // Of the date and of numbers the last are asked for first.
                    _ => *column == Column::DATE || column.is_of_numbers(),
                };
                sorted(model, column, falls)
            }),
            Some(HeadStep::Move(at, to)) => {
                let both = column(at).zip(column(to));
                both.map(|(from, to)| with(model, |settings| settings.move_table_column(from, to)))
            }
            Some(HeadStep::Widen(at, width)) => column(at)
                .map(|column| with(model, |settings| settings.set_table_width(column, width))),
            Some(HeadStep::Usual(at)) => column(at).map(|column| {
                let usual = TableColumn::usual(column.clone()).width;
                with(model, |settings| settings.set_table_width(column, usual))
            }),
        });
    }
}

fn with(model: &Model, change: impl FnOnce(&mut Settings)) -> Action {
    let mut settings = model.settings().clone();
    change(&mut settings);
    Action::SetSettings(Box::new(settings))
}

fn sorted(model: &Model, column: &Column, falls: bool) -> Action {
    let order = Order::by(column.clone(), falls);
    changed(model, |listing| listing.order = order)
}

/// What stands in a cell, and whether it is a number.
fn cell(column: &Column, article: &Article, status: &Status) -> (String, bool) {
    match column {
        Column::Title => (article.shown_title().into_owned(), false),
        Column::Status => (capitalised(status.name()), false),
        Column::Length => (grouped(article.text.len_chars()), true),
        Column::Annotations => (grouped(article.annotations.len()), true),
        Column::Field(field) => {
            let said = article.meta(field).map(str::trim).unwrap_or_default();
            if *column == Column::DATE {
                return (day(said), false);
            }
            (shown(said).into_owned(), number_of(said).is_some())
        }
    }
}

pub(super) fn row_ui(
    ui: &mut Ui,
    (model, actions): (&Model, &mut Vec<Action>),
    article: &Article,
    columns: &Columns,
    (state, has_ticks): (RowState, bool),
    tokens: &Tokens,
) -> Response {
    let status = article.status_for(model.session().annotator());
    let state = RowState {
        is_ticked: model.is_ticked(&article.id),
        ..state
    };
    let name = || {
        let mut name = format!("{}, {}", article.shown_title(), status.name());
        let others = columns.placed.iter().map(|placed| &placed.column);
        for column in others.filter(|c| !matches!(c, Column::Title | Column::Status)) {
            let (said, _) = cell(column, article, &status);
            if !said.is_empty() {
                name.push_str(&format!(", {} {said}", shown(&column.name())));
            }
        }
        name
    };
    let (rect, response) = row::row_ui(ui, ROW_HEIGHT, Ground::IN_PANEL, state, name, tokens);
    let painter = ui.painter().with_clip_rect(rect.intersect(ui.clip_rect()));
    let middle = rect.center().y;
    let mut left = rect.left() + INSET;
    if has_ticks {
        let at = pos2(left + 8.0, middle);
        row::tick_box(&painter, at, state.is_ticked, tokens);
        left += 24.0;
    }
    let (glyph, color) = status_glyph(&status, article.annotations.len(), tokens);
    icon::paint(&painter, glyph, pos2(left + 8.0, middle), 16.0, color);
    let dim = if state.is_ticked || state.is_chosen {
        tokens.ink
    } else {
        tokens.dim
    };
    let mut is_cut = false;
    for placed in &columns.placed {
        let (said, is_number) = cell(&placed.column, article, &status);
        if said.is_empty() {
            continue;
        }
        let is_title = placed.column == Column::Title;
        let is_strong = is_title && (state.is_chosen || status == Status::New);
        let (font, color) = match (is_title, is_strong) {
            (_, true) => (theme::strong_font(13.0), tokens.ink),
            (true, _) => (FontId::proportional(13.0), tokens.ink),
            (false, _) => (FontId::proportional(SMALL), dim),
        };
        let room = (placed.upto - placed.from).max(8.0);
        let text = row::line(&painter, &said, font, color, room);
        is_cut |= text.elided;
        let x = if is_number {
            placed.upto - text.size().x
        } else {
            placed.from
        };
        let at = pos2(rect.left() + x, middle - text.size().y / 2.0);
        painter.galley(at, text, color);
    }
    context_menu_ui(&response, |ui| row_menu_ui(ui, model, actions, article));
    let pointer_held = ui.input(|input| input.pointer.any_down());
    // What can be read in its row needs no other place.
    if is_cut && response.hovered() && !pointer_held {
        response
            .clone()
            .on_hover_ui(|ui| tooltip_ui(ui, model, article, &status));
    }
    response
}

/// What a head offers: the order by it, its place, its width, and to put it away.
fn column_menu_ui(ui: &mut Ui, model: &Model, actions: &mut Vec<Action>, column: &Column) {
    let order = model.listing().order.column();
    for (text, falls) in [("Sort rising", false), ("Sort falling", true)] {
        let is_on = order.as_ref() == Some(&(column.clone(), falls));
        if item_ui(ui, Mark::Choice(is_on), text, "", true).clicked() {
            actions.push(sorted(model, column, falls));
            ui.close();
        }
    }
    ui.separator();
    place_items_ui(ui, model, actions, column);
}

/// Its place and its width, and to put it away.
fn place_items_ui(ui: &mut Ui, model: &Model, actions: &mut Vec<Action>, column: &Column) {
    const STEP: f32 = 24.0;
    let columns: Vec<&TableColumn> = chosen(model.settings()).collect();
    let Some(at) = columns.iter().position(|known| known.column == *column) else {
        return;
    };
    let beside = |by: isize| {
        columns
            .get(at.checked_add_signed(by)?)
            .map(|c| c.column.clone())
    };
    for (text, key, to) in [
        ("Move left", "Alt+Left", beside(-1)),
        ("Move right", "Alt+Right", beside(1)),
    ] {
        if item_ui(ui, Mark::None, text, key, to.is_some()).clicked()
            && let Some(to) = to
        {
            actions.push(with(model, |settings| {
                settings.move_table_column(column, &to);
            }));
        }
    }
    let is_title = *column == Column::Title;
    let width = columns.get(at).map_or(0.0, |known| known.width);
    for (text, key, width) in [
        ("Wider", "Shift+Right", width + STEP),
        ("Narrower", "Shift+Left", width - STEP),
    ] {
        if item_ui(ui, Mark::None, text, key, !is_title).clicked() {
            actions.push(with(model, |settings| {
                settings.set_table_width(column, width);
            }));
        }
    }
    ui.separator();
    if item_ui(ui, Mark::None, "Hide this column", "", !is_title).clicked() {
        actions.push(with(model, |settings| {
            settings.show_table_column(column, false);
        }));
        ui.close();
    }
}

/// Which columns are shown, those of the project's own fields among them, and how each stands.
pub(super) fn columns_menu_ui(ui: &mut Ui, model: &Model, actions: &mut Vec<Action>) {
    let settings = model.settings();
    let usual = Column::USUAL.into_iter().map(|(column, _)| column);
    let mut all: Vec<Column> = usual.collect();
    let names = model.derived(&MetadataNames);
    for name in names.iter() {
        let own = Column::own(name);
        if !all.contains(&own) {
            all.push(own);
        }
    }
    if settings.hides_source {
        all.retain(|column| !column.is_of_source());
    }
    ScrollArea::vertical()
        .max_height(MENU_HEIGHT)
        .show(ui, |ui| {
            for column in &all {
                let is_it = |known: &TableColumn| known.column == *column;
                let is_on = settings.table_columns.iter().any(is_it);
                let can = *column != Column::Title;
                let name = shown(&column.name()).into_owned();
                if item_ui(ui, Mark::Switch(is_on), &name, "", can).clicked() {
                    actions.push(with(model, |settings| {
                        settings.show_table_column(column, !is_on);
                    }));
                }
            }
        });
    ui.separator();
    staying_menu_ui(ui, "Order and width", |ui| {
        let columns: Vec<Column> = chosen(settings).map(|known| known.column.clone()).collect();
        for column in &columns {
            staying_menu_ui(ui, &shown(&column.name()), |ui| {
                place_items_ui(ui, model, actions, column);
            });
        }
    });
    let is_usual = settings.table_columns == Settings::default().table_columns;
    if item_ui(ui, Mark::None, "The usual columns", "", !is_usual).clicked() {
        actions.push(with(model, |settings| {
            settings.table_columns = Settings::default().table_columns;
        }));
        ui.close();
    }
}
