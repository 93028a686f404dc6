//! The article list: a virtual list with status, counts and a filter.

use super::{Panel, heading_ui};
use crate::app::action::{Action, Spot};
use crate::app::command::{Command, info};
use crate::app::derived::project::{Counts, FittingArticles};
use crate::app::model::Model;
use crate::app::words::count;
use crate::core::article::{Article, Status};
use crate::ui::kit::field::Field;
use crate::ui::kit::list::List;
use crate::ui::kit::row::{self, Ground, RowState};
use crate::ui::kit::speech::say_once;
use crate::ui::theme::{self, Tokens};
use eframe::egui::{self, Align2, FontId, Response, RichText, Ui, pos2};

#[derive(Default)]
pub(super) struct ArticlesPanel {
    filter: String,
    focus_filter: bool,
    focus_list: bool,
    current: Option<usize>,
}

const ROW_HEIGHT: f32 = 44.0;

fn list_id() -> egui::Id {
    egui::Id::unique("article list")
}

impl Panel for ArticlesPanel {
    fn ui(&mut self, ui: &mut Ui, model: &Model, actions: &mut Vec<Action>, tokens: &Tokens) {
        let total = model.session().project().articles().len();
        let annotator = model.session().annotator();
        let done = model.derived(&Counts).with_status(annotator, Status::Done);
        heading_ui(ui, "Articles", &format!("{done} of {total} done"));
        // What is typed below shows in the next frame.
        let shown = model.derived(&FittingArticles {
            filter: self.filter.clone(),
            status_of: Some(annotator.clone()),
        });
        let response = Field::search("Filter articles", &mut self.filter)
            .hint("Filter by title, outlet, status")
            .show(ui)
            .on_hover_text(info(Command::FilterArticles).tooltip());
        if response.has_focus() && total > 0 {
            let found = count(shown.len(), "article fits", "articles fit");
            say_once(ui.ctx(), list_id().with("found"), &found);
        }
        if std::mem::take(&mut self.focus_filter) {
            response.request_focus();
        }
        if response.has_focus() && ui.input(|i| i.key_pressed(egui::Key::ArrowDown)) {
            self.focus_list = true;
        }
        if response.lost_focus()
            && ui.input(|i| i.key_pressed(egui::Key::Enter))
            && let Some(article) = shown
                .first()
                .and_then(|&i| model.session().project().articles().get(i))
        {
            let id = article.id.clone();
            actions.push(Action::GoToArticle(id));
        }
        ui.add_space(4.0);
        if total == 0 {
            ui.weak("No articles yet. Add files, drop them here, or paste text.");
            if ui
                .button("Add articles…")
                .on_hover_text(info(Command::AddFiles).tooltip())
                .clicked()
            {
                actions.push(Action::Run(Command::AddFiles));
            }
            return;
        }
        if shown.is_empty() {
            ui.weak("No article fits the filter");
            return;
        }
        self.list_ui(ui, model, actions, &shown, tokens);
    }

    fn focus(&mut self, spot: Spot) {
        self.focus_filter |= spot == Spot::ArticleFilter;
    }

    fn list(&self) -> Option<egui::Id> {
        Some(list_id())
    }

    fn focus_list(&mut self) {
        self.focus_list = true;
    }
}

impl ArticlesPanel {
    fn list_ui(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        actions: &mut Vec<Action>,
        shown: &[usize],
        tokens: &Tokens,
    ) {
        let current = model.article_index();
        let reveals = current != self.current;
        self.current = current;
        let row = current.and_then(|place| shown.binary_search(&place).ok());
        let articles = model.session().project().articles();
        let article_at = |row: usize| articles.get(*shown.get(row)?);
        let step = List::pane(list_id(), "Articles", shown.len(), ROW_HEIGHT)
            .cursor(row)
            .reveal(reveals)
            .focus(std::mem::take(&mut self.focus_list))
            .show(ui, |ui, row, state| match article_at(row) {
                Some(article) => row_ui(ui, model, article, state, tokens),
                None => ui.label(""),
            });
        let goes_to = step.clicked.or(step.moved).and_then(article_at);
        if let Some(id) = goes_to.map(|article| article.id.clone()) {
            actions.push(Action::GoToArticle(id));
        }
        if step.enters || step.clicked.is_some() {
            ui.memory_mut(|memory| memory.request_focus(super::super::article::widget_id()));
        }
    }
}

fn row_ui(
    ui: &mut Ui,
    model: &Model,
    article: &Article,
    state: RowState,
    tokens: &Tokens,
) -> Response {
    let status = article.status_for(model.session().annotator());
    let name = || format!("{}, {}", article.shown_title(), status.name());
    let (rect, response) = row::row_ui(ui, ROW_HEIGHT, Ground::WITH_BAR, state, name, tokens);
    let painter = ui.painter();
    let count = article.annotations.len();
    let (mark, color) = match status {
        Status::Done => (format!("done {count}"), tokens.ok),
        Status::Flagged => (format!("flag {count}"), tokens.warn),
        Status::InProgress => (count.to_string(), tokens.ink),
        Status::New | Status::Later(_) => (count.to_string(), tokens.dim),
    };
    let right = rect.right() - 8.0;
    let drawn = painter.text(
        pos2(right, rect.top() + 6.0),
        Align2::RIGHT_TOP,
        mark,
        FontId::proportional(11.5),
        color,
    );
    let left = rect.left() + 12.0;
    let font = if state.is_chosen {
        theme::strong_font(13.0)
    } else {
        FontId::proportional(13.0)
    };
    let small = FontId::proportional(11.5);
    let line = |text: &str, font: FontId, color, width: f32| {
        row::line(painter, text, font, color, width.max(20.0))
    };
    let room = drawn.left() - left - 8.0;
    let title = line(&article.shown_title(), font, tokens.ink, room);
    painter.galley(pos2(left, rect.top() + 4.0), title, tokens.ink);
    let byline = match article.byline() {
        line if line.is_empty() => article.meta("file").unwrap_or("").to_owned(),
        line => line,
    };
    let byline = line(&byline, small, tokens.dim, right - left);
    painter.galley(pos2(left, rect.top() + 23.0), byline, tokens.dim);
    if response.hovered() {
        response.clone().on_hover_ui(|ui| {
            ui.label(RichText::new(article.shown_title()).font(theme::strong_font(13.0)));
            ui.label(format!(
                "{} characters, {count} annotations, {}",
                article.text.len_chars(),
                status.name()
            ));
        });
    }
    response
}
