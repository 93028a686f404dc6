//! The article list: what it shows is filtered, put in order and grouped by chips, several articles
//! are ticked by Shift and Ctrl, and what is done to all of them stands at its foot. On a page of its
//! own the same list is a table, with a row of heads above it.

mod acts;
mod chips;
mod rows;
mod table;

use super::{Panel, begin_heading, heading_with_ui};
use crate::app::action::{Action, Spot, Ticking};
use crate::app::command::{Command, info};
use crate::app::derived::labels::Pickable;
use crate::app::derived::listed::Listed;
use crate::app::derived::project::Counts;
use crate::app::model::Model;
use crate::app::settings::{ListColumn, SidePanel};
use crate::app::words::count;
use crate::core::article::Status;
use crate::core::ids::ArticleId;
use crate::core::lists::Listing;
use crate::ui::kit::field::Field;
use crate::ui::kit::filter;
use crate::ui::kit::hint;
use crate::ui::kit::icon::{Icon, icon_menu_ui, icon_staying_menu_ui, told_icon_button_ui};
use crate::ui::kit::list::{List, ListStep, nothing_ui};
use crate::ui::kit::menu::{Mark, item_ui, staying_menu_ui};
use crate::ui::kit::row::RowState;
use crate::ui::label_pick::label_choices_ui;
use crate::ui::menu::command_item_ui;
use crate::ui::theme::{CONTROL_HEIGHT, ROW_HEIGHT, TALL_ROW_HEIGHT, Tokens};
pub(super) use rows::status_glyph;

use acts::{FOOT_HEIGHT, foot_ui, meant, select_all_ui};
use chips::chips_ui;
use eframe::egui::{self, Align, Layout, Ui};
use table::Columns;

#[derive(Default)]
pub(in crate::ui) struct ArticlesPanel {
    is_table: bool,
    /// As it is typed; the model has it a frame later.
    filter: String,
    focus_filter: bool,
    focus_list: bool,
    current: Option<ArticleId>,
    listing: Listing,
    /// How high the list was, to see that less of it is in view.
    height: f32,
    /// The keyboard is at the heading of this group.
    at_group: Option<String>,
    /// The field, while the list has no rows: it has the keyboard in its stead.
    field: Option<egui::Id>,
}

const INSET: f32 = 12.0;

/// From this width of the table on, chips stand beside the filter.
const WIDE: f32 = 760.0;
const FILTER_WIDTH: f32 = 300.0;

impl Panel for ArticlesPanel {
    fn ui(&mut self, ui: &mut Ui, model: &Model, actions: &mut Vec<Action>, tokens: &Tokens) {
        ui.spacing_mut().item_spacing.y = 0.0;
        let has_ticks = !model.ticked().is_empty();
        let columns = Columns::of(model, ui.available_width(), has_ticks);
        let listed = model.listed();
        self.head_ui(ui, model, actions, (&listed, &columns), tokens);
        if listed.is_empty() {
            self.focus_filter |= std::mem::take(&mut self.focus_list);
        }
        let room = ui.available_rect_before_wrap();
        if self.is_table && room.width() >= WIDE {
            let filter = room.with_max_x(room.left() + FILTER_WIDTH);
            // The chips are centred on the field.
            let beside = room.with_min_x(filter.right());
            let beside = beside.with_min_y(room.top() - 8.0);
            for (at, place) in [filter, beside].into_iter().enumerate() {
                let inside = egui::UiBuilder::new().max_rect(place).id_salt(at);
                ui.scope_builder(inside, |ui| match at {
                    0 => self.filter_ui(ui, model, actions, &listed),
                    _ => chips_ui(ui, model, actions),
                });
            }
        } else {
            self.filter_ui(ui, model, actions, &listed);
            chips_ui(ui, model, actions);
        }
        ui.add_space(8.0);
        let line = ui.cursor().top();
        let across = ui.max_rect().x_range();
        ui.painter().hline(across, line, (1.0, tokens.line));
        if self.is_table {
            columns.heads_ui(ui, model, actions, tokens);
        }
        if listed.is_empty()
            && nothing_ui(ui, "No article fits the filter", Some("Clear the filter"))
        {
            let usual = Listing {
                order: model.listing().order.clone(),
                group: model.listing().group,
                ..Listing::default()
            };
            self.filter.clear();
            self.listing.clone_from(&usual);
            actions.push(Action::SetListing(Box::new(usual)));
            self.focus_filter = true;
        }
        let ticked = model.ticked().len();
        let foot = if ticked > 0 { FOOT_HEIGHT } else { 0.0 };
        if listed.is_empty() {
            let rest = ui.available_height() - foot;
            ui.add_space(rest.max(0.0));
        } else {
            self.list_ui(ui, (model, actions), &listed, &columns, foot, tokens);
        }
        if ticked > 0 {
            foot_ui(ui, model, actions, ticked, tokens);
        }
    }

    fn focus(&mut self, spot: Spot) {
        self.focus_filter |= spot == Spot::ArticleFilter;
    }

    fn list(&self) -> Option<egui::Id> {
        Some(self.field.unwrap_or(self.list_id()))
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
    /// On a page of its own, with columns.
    pub(in crate::ui) fn table() -> Self {
        Self {
            is_table: true,
            ..Self::default()
        }
    }

    fn list_id(&self) -> egui::Id {
        egui::Id::unique(if self.is_table {
            "article table"
        } else {
            "article list"
        })
    }

    fn row_height(&self) -> f32 {
        if self.is_table {
            ROW_HEIGHT
        } else {
            TALL_ROW_HEIGHT
        }
    }

    /// From the rows to what a notice offers, to the filter, and to the rows again.
    pub(in crate::ui) fn focus_next(&mut self, ctx: &egui::Context, offer: Option<egui::Id>) {
        let focused = ctx.memory(|memory| memory.focused());
        let offer = offer.filter(|_| focused == Some(self.list_id()));
        if let Some(offer) = offer {
            ctx.memory_mut(|memory| memory.request_focus(offer));
        } else if focused == Some(self.list_id()) {
            self.focus_filter = true;
        } else {
            self.focus_list = true;
        }
    }

    /// What the list is called, how much of it is done, and what there is to choose about it.
    fn head_ui(
        &self,
        ui: &mut Ui,
        model: &Model,
        actions: &mut Vec<Action>,
        (listed, columns): (&Listed, &Columns),
        tokens: &Tokens,
    ) {
        let total = model.session().project().articles().len();
        let annotator = model.session().annotator();
        let all_done = model.derived(&Counts).with_status(annotator, Status::Done);
        let shown = listed.articles();
        // What is counted is what is shown; the whole is told by the tooltip.
        let (done, whole) = if shown == total {
            (all_done, String::new())
        } else {
            let whole = format!("{all_done} of all {total} articles are done");
            (model.listed_done(), whole)
        };
        let done = format!("{done} of {shown} done");
        if !self.is_table {
            return heading_with_ui(ui, "Articles", (&done, &whole), |ui| {
                icon_menu_ui(ui, Icon::More, "More about the list", tokens, |ui| {
                    more_ui(ui, model, actions);
                });
            });
        }
        let left_out = match columns.left_out {
            0 => String::new(),
            1 => " · no room for 1 column".to_owned(),
            n => format!(" · no room for {n} columns"),
        };
        begin_heading(ui, INSET);
        let detail = format!("{done}{left_out}");
        heading_with_ui(ui, "Articles", (&detail, &whole), |ui| {
            // In the order of Tab.
            let width = 3.0 * CONTROL_HEIGHT + 8.0;
            let room = ui.available_rect_before_wrap();
            let room = room.with_min_x((room.right() - width).max(room.left()));
            let inside = egui::UiBuilder::new()
                .max_rect(room)
                .layout(Layout::left_to_right(Align::Center));
            ui.scope_builder(inside, |ui| {
                ui.spacing_mut().item_spacing.x = 4.0;
                icon_staying_menu_ui(ui, Icon::Columns, "Columns", tokens, |ui| {
                    table::columns_menu_ui(ui, model, actions);
                });
                icon_menu_ui(ui, Icon::More, "More about the list", tokens, |ui| {
                    more_ui(ui, model, actions);
                });
                let key = info(Command::ToggleTable).key_text();
                let (name, help) = ("Back to the article", format!("Leave the table ({key})"));
                if told_icon_button_ui(ui, Icon::Close, (name, &help), tokens).clicked() {
                    actions.push(Action::Run(Command::ToggleTable));
                }
            });
        });
    }

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
                let field = Field::search("Filter articles", &mut self.filter)
                    .hint("Title, author, outlet")
                    .width(width)
                    .show(ui);
                hint(field, || info(Command::FilterArticles).tooltip())
            })
            .inner;
        if self.filter != model.listing().filter {
            actions.push(changed(model, |listing| {
                listing.filter.clone_from(&self.filter);
            }));
            // What is typed shows in the next frame, which is not the list's to scroll.
            self.listing.filter.clone_from(&self.filter);
        }
        self.field = listed.is_empty().then_some(response.id);
        let found = || count(listed.articles(), "article fits", "articles fit");
        let list = self.list_id();
        let asked = filter::hear(ui, &response, list, &mut self.focus_filter, found);
        self.focus_list |= asked.goes_down && !listed.is_empty();
        if asked.enters {
            let articles = model.session().project().articles();
            let first = listed.article_row(0, true);
            let place = first.and_then(|row| listed.place(row));
            let article = place.and_then(|place| articles.get(place));
            actions.extend(article.map(|article| Action::GoToArticle(article.id.clone())));
        }
    }

    fn list_ui(
        &mut self,
        ui: &mut Ui,
        (model, actions): (&Model, &mut Vec<Action>),
        listed: &Listed,
        columns: &Columns,
        foot: f32,
        tokens: &Tokens,
    ) {
        let current = model.article().map(|article| article.id.clone());
        let row = model.article_index().and_then(|at| listed.row_of(at));
        let row_height = self.row_height();
        let height = (ui.available_height() - foot).max(row_height);
        let is_other = current != self.current || self.listing != *model.listing();
        // Less is in view now: what was read stays there if it was.
        let was_in_view = row.is_some_and(|row| self.was_in_view(ui, listed, row));
        let reveals = is_other || (height < self.height - 0.5 && was_in_view);
        if is_other {
            self.at_group = None;
        }
        self.height = height;
        self.current.clone_from(&current);
        self.listing.clone_from(model.listing());
        let heading = self.at_group.as_ref().and_then(|name| {
            let is_it = |row: &&usize| listed.group(**row).is_some_and(|g| g.name == *name);
            listed.headings().iter().find(is_it).copied()
        });
        let cursor = heading.or(row);
        let articles = model.session().project().articles();
        let article_at = |row: usize| articles.get(listed.place(row)?);
        let has_ticks = !model.ticked().is_empty();
        // Esc has taken the keyboard from whatever had it; there is no article here to go back to.
        let is_left = ui.input(|input| input.key_pressed(egui::Key::Escape))
            && ui.memory(|memory| memory.focused().is_none());
        self.focus_list |= self.is_table && is_left;
        let (id, is_table) = (self.list_id(), self.is_table);
        let step = List::pane(id, "Articles", listed.len(), row_height)
            .headings(listed.headings())
            .heading_height(ROW_HEIGHT)
            .with_ticks()
            .at_most(height)
            .cursor(cursor)
            .reveal(reveals)
            .focus(std::mem::take(&mut self.focus_list))
            .show(ui, |ui, row, state| {
                match (article_at(row), listed.group(row)) {
                    (Some(article), _) => {
                        let has_ring = state.has_ring;
                        let state = RowState {
                            is_chosen: state.is_chosen || current.as_ref() == Some(&article.id),
                            has_ring,
                            ..state
                        };
                        if is_table {
                            let (of, state) = ((model, &mut *actions), (state, has_ticks));
                            return table::row_ui(ui, of, article, columns, state, tokens);
                        }
                        rows::row_ui(ui, model, actions, article, state, has_ticks, tokens)
                    }
                    (None, Some(group)) => rows::group_ui(ui, group, state, tokens),
                    (None, None) => ui.label(""),
                }
            });
        let group_at = |row: Option<usize>| Some(listed.group(row?)?.name.clone());
        let acts_on = |acts: bool| step.moved.or(cursor).filter(|_| acts);
        let folds = group_at(step.clicked).or_else(|| group_at(acts_on(step.enters || step.ticks)));
        if let Some(name) = folds {
            self.at_group = Some(name.clone());
            self.focus_list |= step.clicked.is_some();
            actions.push(Action::FoldGroup(name));
            return;
        }
        if step.moved.is_some() || step.clicked.is_some() {
            self.at_group = group_at(step.moved);
        }
        if self.at_group.is_some() && !step.ticks_all {
            return;
        }
        let id_at = |row: Option<usize>| Some(article_at(row?)?.id.clone());
        let current = current.as_ref();
        take_step(ui, (model, actions), &step, &id_at, current, is_table);
        // What comes next is about what is ticked: Delete, Space, more rows. In the next frame, since
        // the click itself takes the keyboard from where it is.
        let is_ticking = step.held.command || step.held.shift;
        let is_read = step.double_clicked.is_some() && !is_ticking;
        if step.clicked.is_some() && (is_ticking || is_table) && !is_read {
            self.focus_list = true;
            ui.ctx().request_repaint();
        }
    }

    /// Whether a row was in view in the last frame.
    fn was_in_view(&self, ui: &Ui, listed: &Listed, row: usize) -> bool {
        let offset: f32 = ui.data(|data| data.get_temp(self.list_id())).unwrap_or(0.0);
        let height = self.row_height();
        let headings = listed.headings().partition_point(|heading| *heading < row);
        let top = headings as f32 * ROW_HEIGHT + (row - headings) as f32 * height;
        top + height > offset && top < offset + self.height
    }
}

/// What the list was asked for by mouse and keyboard. In the table a click and the arrows choose a
/// row; Enter and a double click read it.
fn take_step(
    ui: &Ui,
    (model, actions): (&Model, &mut Vec<Action>),
    step: &ListStep,
    id_at: &dyn Fn(Option<usize>) -> Option<ArticleId>,
    current: Option<&ArticleId>,
    is_table: bool,
) {
    let (ctrl, shift) = (step.held.command, step.held.shift);
    let shows = if is_table {
        Action::ChooseArticle
    } else {
        Action::GoToArticle
    };
    if let Some(id) = id_at(step.clicked) {
        if ctrl {
            actions.push(Action::Tick(Ticking::One(id)));
        } else if shift {
            actions.push(Action::Tick(Ticking::Upto(id)));
        } else {
            actions.push(Action::Tick(Ticking::None));
            actions.push(shows(id));
            if !is_table {
                read(ui);
                if model.settings().is_narrow {
                    actions.push(Action::ShowPanel(SidePanel::Articles, false));
                }
            }
        }
    } else if let Some(id) = id_at(step.moved) {
        if shift {
            actions.push(Action::Tick(Ticking::Upto(id.clone())));
        }
        actions.push(shows(id));
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
        actions.extend(
            here.clone()
                .map(|id| Action::TrashArticles(meant(model, &id))),
        );
    }
    if !is_table && step.enters {
        read(ui);
    }
    let opened = id_at(step.double_clicked).filter(|_| !ctrl && !shift);
    let opened = opened.or_else(|| here.filter(|_| step.enters));
    if let Some(id) = opened.filter(|_| is_table) {
        actions.push(Action::GoToArticle(id));
    }
}

/// Gives the keyboard to the article.
fn read(ui: &Ui) {
    ui.memory_mut(|memory| memory.request_focus(super::super::article::widget_id()));
}

fn more_ui(ui: &mut Ui, model: &Model, actions: &mut Vec<Action>) {
    for command in [
        Command::AddFiles,
        Command::AddFolder,
        Command::NextNew,
        Command::Sets,
    ] {
        command_item_ui(ui, model, command, actions);
    }
    ui.separator();
    command_item_ui(ui, model, Command::ToggleTable, actions);
    staying_menu_ui(ui, "Second line", |ui| columns_ui(ui, model, actions));
    command_item_ui(ui, model, Command::ToggleSource, actions);
    staying_menu_ui(ui, "Only those with a label", |ui| {
        let this = model.listing().label.as_ref();
        let picked = label_choices_ui(ui, model, Pickable::All, this, None);
        actions.extend(picked.map(|wanted| changed(model, |listing| listing.label = wanted)));
    });
    ui.separator();
    select_all_ui(ui, actions);
}

/// What the second line of a row says.
fn columns_ui(ui: &mut Ui, model: &Model, actions: &mut Vec<Action>) {
    let settings = model.settings();
    for (column, name) in ListColumn::ALL {
        let is_shown = settings.list_columns.contains(&column);
        if item_ui(ui, Mark::Switch(is_shown), name, "", true).clicked() {
            let mut settings = settings.clone();
            settings.show_column(column, !is_shown);
            actions.push(Action::SetSettings(Box::new(settings)));
        }
    }
}
