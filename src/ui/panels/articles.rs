//! The article list: a virtual list with status, counts and a filter.

use super::heading_ui;
use crate::app::action::Action;
use crate::app::command::{Command, info};
use crate::app::derived::project::{Counts, FittingArticles};
use crate::app::model::Model;
use crate::core::article::{Article, Status};
use crate::ui::theme::{self, Tokens};
use eframe::egui::{self, Align2, FontId, RichText, ScrollArea, Sense, TextEdit, Ui, pos2, vec2};

#[derive(Default)]
pub struct ArticlesPanel {
    filter: String,
    focus_filter: bool,
    focus_list: bool,
    scroll_to_current: bool,
    current: Option<usize>,
}

const ROW_HEIGHT: f32 = 44.0;

pub(crate) fn list_id() -> egui::Id {
    egui::Id::unique("article list")
}

impl ArticlesPanel {
    pub fn focus_filter(&mut self) {
        self.focus_filter = true;
    }

    pub fn focus_list(&mut self) {
        self.focus_list = true;
    }

    pub fn ui(&mut self, ui: &mut Ui, model: &Model, actions: &mut Vec<Action>, tokens: &Tokens) {
        let total = model.session().project().articles().len();
        let annotator = model.session().annotator();
        let done = model.derived(&Counts).with_status(annotator, Status::Done);
        heading_ui(ui, "Articles", &format!("{done} of {total} done"));
        // What is typed below shows in the next frame.
        let shown = model.derived(&FittingArticles {
            filter: self.filter.clone(),
            status_of: Some(annotator.clone()),
        });
        let field = TextEdit::singleline(&mut self.filter)
            .hint_text("Filter by title, outlet, status")
            .desired_width(f32::INFINITY);
        let response = ui
            .add(field)
            .on_hover_text(info(Command::FilterArticles).tooltip());
        response.widget_info(|| {
            egui::WidgetInfo::labeled(egui::accesskit::Role::SearchInput, true, "Filter articles")
        });
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

    fn list_ui(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        actions: &mut Vec<Action>,
        shown: &[usize],
        tokens: &Tokens,
    ) {
        let current = model.article_index();
        if current != self.current {
            self.current = current;
            self.scroll_to_current = true;
        }
        self.keyboard(ui, model, actions, shown);
        let has_focus = ui.memory(|memory| memory.has_focus(list_id()));
        let mut chosen = None;
        ui.spacing_mut().item_spacing.y = 0.0;
        let mut area = ScrollArea::vertical().auto_shrink([false, false]);
        if std::mem::take(&mut self.scroll_to_current)
            && let Some(row) = row_of(shown, current)
        {
            let view = ui.available_height();
            let offset = row as f32 * ROW_HEIGHT - (view - ROW_HEIGHT) / 2.0;
            let known: f32 = ui.memory(|m| m.data.get_temp(list_id())).unwrap_or(0.0);
            let row_top = row as f32 * ROW_HEIGHT;
            if row_top < known || row_top + ROW_HEIGHT > known + view {
                area = area.vertical_scroll_offset(offset.max(0.0));
            }
        }
        let output = area.show_rows(ui, ROW_HEIGHT, shown.len(), |ui, rows| {
            for row in rows {
                let Some(&index) = shown.get(row) else {
                    continue;
                };
                let Some(article) = model.session().project().articles().get(index) else {
                    continue;
                };
                let is_current = Some(index) == current;
                if row_ui(
                    ui,
                    model,
                    article,
                    is_current,
                    is_current && has_focus,
                    tokens,
                ) {
                    chosen = Some(article.id.clone());
                }
            }
        });
        ui.memory_mut(|m| {
            m.data
                .insert_temp(list_id(), output.state.clamped_offset().y)
        });
        if let Some(id) = chosen {
            actions.push(Action::GoToArticle(id));
            ui.memory_mut(|memory| memory.request_focus(super::super::article::widget_id()));
        }
    }

    /// The list as one stop of the keyboard: arrows choose, Enter goes to the article.
    fn keyboard(&mut self, ui: &mut Ui, model: &Model, actions: &mut Vec<Action>, shown: &[usize]) {
        let response = ui.interact(
            ui.available_rect_before_wrap(),
            list_id(),
            Sense::focusable_noninteractive(),
        );
        response.widget_info(|| {
            egui::WidgetInfo::labeled(egui::accesskit::Role::List, true, "Articles")
        });
        if std::mem::take(&mut self.focus_list) {
            response.request_focus();
        }
        if !response.has_focus() {
            return;
        }
        let filter = egui::EventFilter {
            vertical_arrows: true,
            ..Default::default()
        };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(list_id(), filter));
        let (up, down, enter) = ui.input_mut(|input| {
            let mut take = |key| input.consume_key(egui::Modifiers::NONE, key);
            (
                take(egui::Key::ArrowUp),
                take(egui::Key::ArrowDown),
                take(egui::Key::Enter),
            )
        });
        let at = row_of(shown, self.current);
        let next = match (up, down, at) {
            (true, _, Some(at)) => at.checked_sub(1),
            (_, true, Some(at)) => Some(at + 1),
            (true, _, None) | (_, true, None) => Some(0),
            _ => None,
        };
        let articles = model.session().project().articles();
        let next = next
            .and_then(|row| shown.get(row))
            .and_then(|&i| articles.get(i));
        if let Some(id) = next.map(|article| article.id.clone()) {
            actions.push(Action::GoToArticle(id));
        }
        if enter {
            ui.memory_mut(|memory| memory.request_focus(super::super::article::widget_id()));
        }
    }
}

/// The row of an article, by its place.
fn row_of(shown: &[usize], place: Option<usize>) -> Option<usize> {
    shown.binary_search(&place?).ok()
}

/// One article; `true` when it was clicked.
fn row_ui(
    ui: &mut Ui,
    model: &Model,
    article: &Article,
    is_current: bool,
    has_focus: bool,
    tokens: &Tokens,
) -> bool {
    let (rect, response) =
        ui.allocate_exact_size(vec2(ui.available_width(), ROW_HEIGHT), Sense::click());
    let status = article.status_for(model.session().annotator());
    response.widget_info(|| {
        let label = format!("{}, {}", article.shown_title(), status.name());
        egui::WidgetInfo::selected(egui::accesskit::Role::ListItem, true, is_current, label)
    });
    if !ui.is_rect_visible(rect) {
        return response.clicked();
    }
    let painter = ui.painter();
    if is_current || response.hovered() {
        let fill = if is_current {
            tokens.chosen
        } else {
            tokens.chosen.gamma_multiply(0.5)
        };
        painter.rect_filled(rect, 4.0, fill);
    }
    if is_current {
        let bar = egui::Rect::from_min_size(rect.min, vec2(3.0, rect.height()));
        painter.rect_filled(bar, 0.0, tokens.accent);
    }
    if has_focus {
        painter.rect_stroke(
            rect.shrink(1.0),
            4.0,
            (1.5, tokens.accent),
            egui::StrokeKind::Inside,
        );
    }
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
    let line = |text: &str, font: FontId, color, width: f32| {
        let mut job = egui::text::LayoutJob::simple_singleline(text.to_owned(), font, color);
        job.wrap = egui::text::TextWrapping::truncate_at_width(width.max(20.0));
        ui.painter().layout_job(job)
    };
    let font = if is_current {
        theme::strong_font(13.0)
    } else {
        FontId::proportional(13.0)
    };
    let title = line(
        &article.shown_title(),
        font,
        tokens.ink,
        drawn.left() - left - 8.0,
    );
    painter.galley(pos2(left, rect.top() + 4.0), title, tokens.ink);
    let byline = match article.byline() {
        line if line.is_empty() => article.meta("file").unwrap_or("").to_owned(),
        line => line,
    };
    let byline = line(
        &byline,
        FontId::proportional(11.5),
        tokens.dim,
        right - left,
    );
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
    response.clicked()
}
