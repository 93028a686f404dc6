//! The article list: what it shows is filtered and put in order by chips, several articles are ticked
//! by Shift and Ctrl, and what is done to all of them stands at its foot.

use super::{Panel, heading_with_ui};
use crate::app::action::{Action, Spot, Ticking};
use crate::app::command::{Command, info};
use crate::app::derived::project::{Counts, Listed, MetadataValues};
use crate::app::model::Model;
use crate::app::settings::SidePanel;
use crate::app::words::{capitalised, count, day};
use crate::core::article::{Article, Status};
use crate::core::ids::ArticleId;
use crate::core::lists::{Listing, Order};
use crate::ui::kit::chip::{choice_ui, menu_chip_ui};
use crate::ui::kit::field::Field;
use crate::ui::kit::icon::{self, Icon, icon_button_ui, icon_menu_ui};
use crate::ui::kit::list::{List, ListStep, many_ui};
use crate::ui::kit::row::{self, Ground, RowState};
use crate::ui::kit::speech::say_once;
use crate::ui::theme::{self, SMALL, TALL_ROW_HEIGHT, Tokens};
use eframe::egui::{self, Align, Color32, FontId, Layout, Response, RichText, Ui, pos2, vec2};

#[derive(Default)]
pub(super) struct ArticlesPanel {
    /// As it is typed; the model has it a frame later.
    filter: String,
    focus_filter: bool,
    focus_list: bool,
    current: Option<ArticleId>,
    listing: Listing,
}

const INSET: f32 = 12.0;
/// The foot, while articles are ticked.
const FOOT_HEIGHT: f32 = 44.0;

fn list_id() -> egui::Id {
    egui::Id::unique("article list")
}

/// How a status is drawn, and in which colour.
pub(super) fn status_glyph(
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

impl Panel for ArticlesPanel {
    fn ui(&mut self, ui: &mut Ui, model: &Model, actions: &mut Vec<Action>, tokens: &Tokens) {
        let total = model.session().project().articles().len();
        let annotator = model.session().annotator();
        let done = model.derived(&Counts).with_status(annotator, Status::Done);
        ui.spacing_mut().item_spacing.y = 0.0;
        heading_with_ui(ui, "Articles", &format!("{done} of {total} done"), |ui| {
            icon_menu_ui(ui, Icon::More, "More about the list", tokens, |ui| {
                more_ui(ui, model, actions);
            });
        });
        let listed = model.listed();
        self.filter_ui(ui, model, actions, &listed);
        chips_ui(ui, model, actions);
        ui.add_space(8.0);
        let line = ui.cursor().top();
        let across = ui.max_rect().x_range();
        ui.painter().hline(across, line, (1.0, tokens.line));
        if listed.is_empty() {
            ui.add_space(8.0);
            ui.horizontal_wrapped(|ui| {
                ui.add_space(16.0);
                ui.weak("No article fits the filter");
            });
            return;
        }
        let ticked = model.ticked().len();
        let foot = if ticked > 0 { FOOT_HEIGHT } else { 0.0 };
        self.list_ui(ui, model, actions, &listed, foot, tokens);
        if ticked > 0 {
            foot_ui(ui, model, actions, ticked, tokens);
        }
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

fn changed(model: &Model, change: impl FnOnce(&mut Listing)) -> Action {
    let mut listing = model.listing().clone();
    change(&mut listing);
    Action::SetListing(Box::new(listing))
}

impl ArticlesPanel {
    fn filter_ui(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        actions: &mut Vec<Action>,
        listed: &Listed,
    ) {
        // Another project, or the filter was taken away elsewhere.
        if self.listing.filter != model.listing().filter {
            self.filter.clone_from(&model.listing().filter);
        }
        let response = ui
            .horizontal(|ui| {
                ui.add_space(INSET);
                let width = ui.available_width() - INSET;
                Field::search("Filter articles", &mut self.filter)
                    .hint("Title, author, outlet")
                    .width(width)
                    .show(ui)
                    .on_hover_text(info(Command::FilterArticles).tooltip())
            })
            .inner;
        if self.filter != model.listing().filter {
            actions.push(changed(model, |listing| {
                listing.filter.clone_from(&self.filter);
            }));
            // What is typed shows in the next frame, which is not the list's to scroll.
            self.listing.filter.clone_from(&self.filter);
        }
        if response.has_focus() {
            let found = count(listed.len(), "article fits", "articles fit");
            say_once(ui.ctx(), list_id().with("found"), &found);
        }
        if std::mem::take(&mut self.focus_filter) {
            response.request_focus();
        }
        if response.has_focus() && ui.input(|i| i.key_pressed(egui::Key::ArrowDown)) {
            self.focus_list = true;
        }
        if response.lost_focus() && ui.input(|i| i.key_pressed(egui::Key::Enter)) {
            let articles = model.session().project().articles();
            let article = listed.place(0).and_then(|place| articles.get(place));
            actions.extend(article.map(|article| Action::GoToArticle(article.id.clone())));
        }
    }

    fn list_ui(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        actions: &mut Vec<Action>,
        listed: &Listed,
        foot: f32,
        tokens: &Tokens,
    ) {
        let current = model.article().map(|article| article.id.clone());
        let reveals = current != self.current || self.listing != *model.listing();
        self.current.clone_from(&current);
        self.listing.clone_from(model.listing());
        let row = model.article_index().and_then(|at| listed.row_of(at));
        let articles = model.session().project().articles();
        let article_at = |row: usize| articles.get(listed.place(row)?);
        let height = ui.available_height() - foot;
        let has_ticks = !model.ticked().is_empty();
        let step = List::pane(list_id(), "Articles", listed.len(), TALL_ROW_HEIGHT)
            .with_ticks()
            .at_most(height.max(TALL_ROW_HEIGHT))
            .cursor(row)
            .reveal(reveals)
            .focus(std::mem::take(&mut self.focus_list))
            .show(ui, |ui, row, state| match article_at(row) {
                Some(article) => row_ui(ui, model, actions, article, state, has_ticks, tokens),
                None => ui.label(""),
            });
        let id_at = |row: Option<usize>| Some(article_at(row?)?.id.clone());
        take_step(ui, model, actions, &step, &id_at, current.as_ref());
        // What comes next is about what is ticked: Delete, Space, more rows. In the next frame, since
        // the click itself takes the keyboard from where it is.
        let is_ticking = step.held.command || step.held.shift;
        if step.clicked.is_some() && is_ticking {
            self.focus_list = true;
            ui.ctx().request_repaint();
        }
    }
}

/// What the list was asked for by mouse and keyboard.
fn take_step(
    ui: &Ui,
    model: &Model,
    actions: &mut Vec<Action>,
    step: &ListStep,
    id_at: &dyn Fn(Option<usize>) -> Option<ArticleId>,
    current: Option<&ArticleId>,
) {
    let (ctrl, shift) = (step.held.command, step.held.shift);
    if let Some(id) = id_at(step.clicked) {
        if ctrl {
            actions.push(Action::Tick(Ticking::One(id)));
        } else if shift {
            actions.push(Action::Tick(Ticking::Upto(id)));
        } else {
            actions.push(Action::Tick(Ticking::None));
            actions.push(Action::GoToArticle(id));
            ui.memory_mut(|memory| memory.request_focus(super::super::article::widget_id()));
            if model.settings().is_narrow {
                actions.push(Action::ShowPanel(SidePanel::Articles, false));
            }
        }
    } else if let Some(id) = id_at(step.moved) {
        if shift {
            actions.push(Action::Tick(Ticking::Upto(id.clone())));
        }
        actions.push(Action::GoToArticle(id));
    }
    let here = id_at(step.moved).or_else(|| current.cloned());
    if step.ticks
        && let Some(id) = here.clone()
    {
        // Nothing is ticked yet: this is the first.
        actions.push(Action::Tick(if model.ticked().is_empty() {
            Ticking::Upto(id)
        } else {
            Ticking::One(id)
        }));
    }
    if step.ticks_all {
        actions.push(Action::Tick(Ticking::All));
    }
    if step.deletes {
        actions.extend(here.map(|id| Action::TrashArticles(meant(model, &id))));
    }
    if step.enters {
        ui.memory_mut(|memory| memory.request_focus(super::super::article::widget_id()));
    }
}

/// What a row's menu and the Delete key are about: all that are ticked, where the row is one of them.
fn meant(model: &Model, id: &ArticleId) -> Vec<ArticleId> {
    if model.is_ticked(id) {
        return model.ticked().iter().cloned().collect();
    }
    vec![id.clone()]
}

fn more_ui(ui: &mut Ui, model: &Model, actions: &mut Vec<Action>) {
    for command in [Command::AddFiles, Command::AddFolder, Command::NextNew] {
        let info = info(command);
        let button = egui::Button::new(info.title).shortcut_text(info.key_text());
        let response = ui.add_enabled(model.is_enabled(command), button);
        if response.on_hover_text(info.help).clicked() {
            actions.push(Action::Run(command));
            ui.close();
        }
    }
    ui.menu_button("Only those with a label", |ui| {
        let labels = &model.session().project().codebook().labels;
        many_ui(ui, labels.len(), 360.0, |ui, at| {
            let Some(label) = labels.get(at) else {
                return;
            };
            if choice_ui(
                ui,
                &label.name,
                model.listing().label.as_ref() == Some(&label.id),
            ) {
                let wanted = Some(label.id.clone());
                actions.push(changed(model, |listing| listing.label = wanted));
            }
        });
    });
    ui.separator();
    if ui.button("Select all that are shown").clicked() {
        actions.push(Action::Tick(Ticking::All));
        ui.close();
    }
}

fn chips_ui(ui: &mut Ui, model: &Model, actions: &mut Vec<Action>) {
    let listing = model.listing();
    let annotator = model.session().annotator();
    let room = ui.available_rect_before_wrap().shrink2(vec2(INSET, 0.0));
    let room = room.with_min_y(room.top() + 8.0);
    ui.scope_builder(egui::UiBuilder::new().max_rect(room), |ui| {
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing = vec2(6.0, 6.0);
            let shown = listing.status.as_ref().map_or("Status", Status::name);
            let is_on = listing.status.is_some();
            menu_chip_ui(ui, "Status", &capitalised(shown), is_on, None, |ui| {
                let counts = model.derived(&Counts);
                if choice_ui(ui, "All", listing.status.is_none()) {
                    actions.push(changed(model, |listing| listing.status = None));
                }
                for status in Status::ALL {
                    let n = counts.with_status(annotator, status.clone());
                    let text = format!("{} ({n})", capitalised(status.name()));
                    if choice_ui(ui, &text, listing.status.as_ref() == Some(status)) {
                        let wanted = Some(status.clone());
                        actions.push(changed(model, |listing| listing.status = wanted));
                    }
                }
            });
            let shown = listing.outlet.as_deref().unwrap_or("Outlet");
            let is_on = listing.outlet.is_some();
            menu_chip_ui(ui, "Outlet", shown, is_on, None, |ui| {
                outlets_ui(ui, model, actions);
            });
            if let Some(label) = &listing.label {
                let codebook = model.session().project().codebook();
                menu_chip_ui(ui, "Label", codebook.name_of(label), true, None, |ui| {
                    if choice_ui(ui, "All", false) {
                        actions.push(changed(model, |listing| listing.label = None));
                    }
                });
            }
            let is_on = listing.order != Order::default();
            let shown = if is_on { listing.order.name() } else { "Order" };
            menu_chip_ui(ui, "Order", shown, is_on, Some(Icon::Sort), |ui| {
                for (order, name) in Order::ALL {
                    if choice_ui(ui, name, listing.order == order) {
                        actions.push(changed(model, |listing| listing.order = order));
                    }
                }
            });
        });
    });
}

/// The outlets that there are, looked for when the menu is open.
fn outlets_ui(ui: &mut Ui, model: &Model, actions: &mut Vec<Action>) {
    let chosen = model.listing().outlet.as_ref();
    let outlets = model.derived(&MetadataValues("outlet".to_owned()));
    if outlets.is_empty() {
        ui.weak("There are none, or too many to list: write the name in the filter");
    }
    let scroll = egui::ScrollArea::vertical().max_height(360.0);
    scroll.show(ui, |ui| {
        if choice_ui(ui, "All", chosen.is_none()) {
            actions.push(changed(model, |listing| listing.outlet = None));
        }
        for outlet in outlets.as_slice() {
            if choice_ui(ui, outlet, chosen == Some(outlet)) {
                let wanted = Some(outlet.clone());
                actions.push(changed(model, |listing| listing.outlet = wanted));
            }
        }
    });
}

/// What is done to all that are ticked.
fn foot_ui(ui: &mut Ui, model: &Model, actions: &mut Vec<Action>, ticked: usize, tokens: &Tokens) {
    let top = ui.cursor().top();
    ui.painter()
        .hline(ui.max_rect().x_range(), top, (1.0, tokens.line));
    ui.horizontal(|ui| {
        ui.set_height(FOOT_HEIGHT);
        ui.spacing_mut().item_spacing.x = 4.0;
        ui.add_space(INSET);
        let told = format!("{ticked} selected");
        ui.label(RichText::new(told).font(theme::strong_font(13.0)));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.add_space(8.0);
            if icon_button_ui(ui, Icon::Close, "Select none", tokens).clicked() {
                actions.push(Action::Tick(Ticking::None));
            }
            let name = format!("Move {} to the trash", count(ticked, "article", "articles"));
            if icon_button_ui(ui, Icon::Trash, &name, tokens).clicked() {
                actions.push(Action::TrashArticles(
                    model.ticked().iter().cloned().collect(),
                ));
            }
            menu_chip_ui(ui, "Set status", "Set status", false, None, |ui| {
                status_choices_ui(ui, actions, || model.ticked().iter().cloned().collect());
            });
        });
    });
}

fn status_choices_ui(
    ui: &mut Ui,
    actions: &mut Vec<Action>,
    articles: impl Fn() -> Vec<ArticleId>,
) {
    for status in Status::ALL {
        if ui.button(capitalised(status.name())).clicked() {
            actions.push(Action::SetStatusOf {
                articles: articles(),
                status: status.clone(),
            });
            ui.close();
        }
    }
}

fn row_menu_ui(ui: &mut Ui, model: &Model, actions: &mut Vec<Action>, article: &Article) {
    let n = meant(model, &article.id).len();
    ui.menu_button("Set status", |ui| {
        status_choices_ui(ui, actions, || meant(model, &article.id));
    });
    let ticks = if model.is_ticked(&article.id) {
        "Deselect"
    } else {
        "Select"
    };
    if ui.button(ticks).clicked() {
        actions.push(Action::Tick(Ticking::One(article.id.clone())));
        ui.close();
    }
    if ui.button("Select all that are shown").clicked() {
        actions.push(Action::Tick(Ticking::All));
        ui.close();
    }
    ui.separator();
    let removes = if n == 1 {
        "Move to the trash".to_owned()
    } else {
        format!("Move {n} articles to the trash")
    };
    let button = egui::Button::new(removes).shortcut_text("Delete");
    if ui.add(button).clicked() {
        actions.push(Action::TrashArticles(meant(model, &article.id)));
        ui.close();
    }
}

/// When and where it was published, and who wrote it, as far as that is known.
fn second_line(article: &Article) -> String {
    let said = |name: &str| {
        article
            .meta(name)
            .map(str::trim)
            .filter(|value| !value.is_empty())
    };
    let date = said("published").map(day);
    let parts = [date.as_deref(), said("outlet"), said("author")];
    let parts: Vec<&str> = parts.into_iter().flatten().collect();
    if parts.is_empty() {
        return said("file").unwrap_or_default().to_owned();
    }
    parts.join(" · ")
}

fn row_ui(
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
    let line = row::line(&painter, &second_line(article), small, dim, room.max(20.0));
    painter.galley(pos2(left, rect.top() + 25.0), line, dim);
    response.context_menu(|ui| row_menu_ui(ui, model, actions, article));
    let pointer_held = ui.input(|input| input.pointer.any_down());
    if response.hovered() && !pointer_held {
        response
            .clone()
            .on_hover_ui(|ui| tooltip_ui(ui, article, &status));
    }
    response
}

/// All that the row has no room for.
fn tooltip_ui(ui: &mut Ui, article: &Article, status: &Status) {
    ui.set_max_width(360.0);
    ui.label(RichText::new(article.shown_title()).font(theme::strong_font(13.0)));
    let byline = article.byline();
    if !byline.is_empty() {
        ui.label(byline);
    }
    ui.weak(format!(
        "{}, {}, {}",
        count(article.text.len_chars(), "character", "characters"),
        count(article.annotations.len(), "annotation", "annotations"),
        status.name()
    ));
}
