//! A row of the article list, and the heading of a group: what they say, and how they stand.

use super::INSET;
use super::acts::row_menu_ui;
use crate::app::action::Action;
use crate::app::derived::listed::GroupLine;
use crate::app::model::Model;
use crate::app::settings::ListColumn;
use crate::app::words::{capitalised, count, count_grouped, day};
use crate::core::article::{Article, Status};
use crate::core::shown::shown;
use crate::ui::kit::hint;
use crate::ui::kit::icon::{self, Icon};
use crate::ui::kit::menu::context_menu_ui;
use crate::ui::kit::row::{self, Ground, RowState};
use crate::ui::kit::words::words_ui;
use crate::ui::theme::{self, ROW_HEIGHT, SMALL, TALL_ROW_HEIGHT, Tokens};
use eframe::egui::{Color32, FontId, Response, RichText, Ui, pos2};

/// How a status is drawn, and in which colour.
pub(in crate::ui::panels) fn status_glyph(
    status: &Status,
    annotations: usize,
    tokens: &Tokens,
) -> (Icon, Color32) {
    match status {
        // Read, and nothing in it.
        Status::Done if annotations == 0 => (Icon::Nothing, tokens.ok),
        Status::Done => (Icon::Done, tokens.ok),
        Status::Flagged => (Icon::Flag, tokens.warn),
        Status::InProgress => (Icon::Progress, tokens.accent),
        Status::New | Status::Later(_) => (Icon::New, tokens.dim),
    }
}

/// The heading of a group: its name, how many articles it has, and how many of them are done.
pub(super) fn group_ui(
    ui: &mut Ui,
    group: &GroupLine,
    state: RowState,
    tokens: &Tokens,
) -> Response {
    let done = format!("{} done", group.done);
    let title = capitalised(&shown(&group.name));
    let articles = count(group.articles, "article", "articles");
    let name = format!("{title}, {articles}, {done}");
    let place = (ROW_HEIGHT, 20.0);
    let (rect, response) = row::group_row_ui(ui, place, state, &name, group.is_folded, tokens);
    let painter = ui.painter().with_clip_rect(rect.intersect(ui.clip_rect()));
    let small = FontId::proportional(SMALL);
    let middle = rect.center().y;
    let done = row::line(&painter, &done, small.clone(), tokens.dim, 100.0);
    let right = rect.right() - INSET - done.size().x;
    painter.galley(pos2(right, middle - done.size().y / 2.0), done, tokens.dim);
    let number = group.articles.to_string();
    let number = row::line(&painter, &number, small, tokens.dim, 80.0);
    let left = rect.left() + INSET + 20.0;
    let room = (right - left - number.size().x - 14.0).max(20.0);
    let title = row::line(
        &painter,
        &title,
        theme::strong_font(SMALL),
        tokens.ink,
        room,
    );
    let after = left + title.size().x + 6.0;
    painter.galley(pos2(left, middle - title.size().y / 2.0), title, tokens.ink);
    painter.galley(
        pos2(after, middle - number.size().y / 2.0),
        number,
        tokens.dim,
    );
    hint(response, || name)
}

/// What the columns say that were chosen, as far as it is known.
fn second_line(model: &Model, article: &Article) -> String {
    let said = |name: &str| {
        let value = article.meta(name).map(str::trim).unwrap_or_default();
        (!value.is_empty()).then(|| value.to_owned())
    };
    let settings = model.settings();
    let hides = settings.hides_source;
    let part = |column: &ListColumn| match column {
        ListColumn::Date => said("published").map(|date| day(&date)),
        ListColumn::Outlet => said("outlet").filter(|_| !hides),
        ListColumn::Author => said("author").filter(|_| !hides),
        ListColumn::Section => said("section"),
        ListColumn::Language => said("language"),
        ListColumn::Length => {
            let chars = article.text.len_chars();
            Some(count_grouped(chars, "character", "characters"))
        }
        ListColumn::Promotion => {
            let share = model.promotion_in(&article.id).share();
            (share > 0).then(|| format!("{share} % promotional"))
        }
        ListColumn::Status => {
            let status = article.status_for(model.session().annotator());
            Some(status.name().to_owned())
        }
    };
    let parts: Vec<String> = settings.list_columns.iter().filter_map(part).collect();
    if parts.is_empty() && !hides {
        return said("file").unwrap_or_default();
    }
    parts.join(" · ")
}

pub(super) fn row_ui(
    ui: &mut Ui,
    model: &Model,
    actions: &mut Vec<Action>,
    article: &Article,
    state: RowState,
    has_ticks: bool,
    tokens: &Tokens,
) -> Response {
    let status = article.status_for(model.session().annotator());
    let state = RowState {
        is_ticked: model.is_ticked(&article.id),
        ..state
    };
    let count = article.annotations.len();
    let name = || format!("{}, {}", article.shown_title(), status.name());
    let (rect, response) = row::row_ui(ui, TALL_ROW_HEIGHT, Ground::IN_PANEL, state, name, tokens);
    let painter = ui.painter().with_clip_rect(rect.intersect(ui.clip_rect()));
    let mut left = rect.left() + INSET;
    if has_ticks {
        let at = pos2(left + 8.0, rect.center().y);
        row::tick_box(&painter, at, state.is_ticked, tokens);
        left += 24.0;
    }
    let (glyph, color) = status_glyph(&status, count, tokens);
    let middle = pos2(left + 8.0, rect.center().y);
    icon::paint(&painter, glyph, middle, 16.0, color);
    left += 24.0;
    let right = rect.right() - INSET;
    let is_strong = state.is_chosen || status == Status::New;
    let font = if is_strong {
        theme::strong_font(13.0)
    } else {
        FontId::proportional(13.0)
    };
    let room = (right - left).max(20.0);
    let title = row::line(&painter, &article.shown_title(), font, tokens.ink, room);
    painter.galley(pos2(left, rect.top() + 5.0), title, tokens.ink);
    let dim = if state.is_ticked {
        tokens.ink
    } else {
        tokens.dim
    };
    let small = FontId::proportional(SMALL);
    let mut room = room;
    if count > 0 {
        let count = row::line(&painter, &count.to_string(), small.clone(), dim, room);
        room -= count.size().x + 8.0;
        let at = pos2(right - count.size().x, rect.top() + 25.0);
        painter.galley(at, count, dim);
    }
    let line = row::line(
        &painter,
        &second_line(model, article),
        small,
        dim,
        room.max(20.0),
    );
    painter.galley(pos2(left, rect.top() + 25.0), line, dim);
    context_menu_ui(&response, |ui| {
        row_menu_ui(ui, model, actions, article);
    });
    let pointer_held = ui.input(|input| input.pointer.any_down());
    if response.hovered() && !pointer_held {
        response
            .clone()
            .on_hover_ui(|ui| tooltip_ui(ui, model, article, &status));
    }
    response
}

/// All that the row has no room for.
pub(super) fn tooltip_ui(ui: &mut Ui, model: &Model, article: &Article, status: &Status) {
    ui.set_max_width(360.0);
    words_ui(
        ui,
        RichText::new(article.shown_title()).font(theme::strong_font(13.0)),
    );
    let byline = model.byline_of(article);
    if !byline.is_empty() {
        words_ui(ui, byline);
    }
    ui.weak(format!(
        "{}, {}, {}",
        count(article.text.len_chars(), "character", "characters"),
        count(article.annotations.len(), "annotation", "annotations"),
        status.name()
    ));
}
