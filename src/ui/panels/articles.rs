//! The article list: what it shows is filtered, put in order and grouped by chips, several articles
//! are ticked by Shift and Ctrl, and what is done to all of them stands at its foot.

mod chips;
mod rows;

use super::{Panel, heading_with_ui};
use crate::app::action::{Action, Spot, Ticking};
use crate::app::command::{Command, info};
use crate::app::derived::labels::Pickable;
use crate::app::derived::listed::Listed;
use crate::app::derived::project::Counts;
use crate::app::model::Model;
use crate::app::settings::{ListColumn, SidePanel};
use crate::app::words::{capitalised, count};
use crate::core::article::{Article, Status};
use crate::core::ids::ArticleId;
use crate::core::lists::Listing;
use crate::ui::kit::field::Field;
use crate::ui::kit::hint;
use crate::ui::kit::icon::{Icon, icon_button_ui, icon_menu_ui, told_icon_button_ui};
use crate::ui::kit::list::{List, ListStep, nothing_ui};
use crate::ui::kit::menu::{Mark, item_ui, staying_menu_ui, submenu_ui};
use crate::ui::kit::row::RowState;
use crate::ui::kit::speech::say_once;
use crate::ui::label_pick::label_choices_ui;
use crate::ui::menu::command_item_ui;
use crate::ui::theme::{self, CONTROL_HEIGHT, ROW_HEIGHT, SMALL, TALL_ROW_HEIGHT, Tokens};
pub(super) use rows::status_glyph;

use chips::chips_ui;
use eframe::egui::{self, Align, Layout, RichText, Ui};

#[derive(Default)]
pub(super) struct ArticlesPanel {
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
/// The foot, while articles are ticked.
const FOOT_HEIGHT: f32 = 44.0;

fn list_id() -> egui::Id {
    egui::Id::unique("article list")
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
        if listed.is_empty() {
            self.focus_filter |= std::mem::take(&mut self.focus_list);
        }
        self.filter_ui(ui, model, actions, &listed);
        chips_ui(ui, model, actions);
        ui.add_space(8.0);
        let line = ui.cursor().top();
        let across = ui.max_rect().x_range();
        ui.painter().hline(across, line, (1.0, tokens.line));
        if listed.is_empty()
            && nothing_ui(ui, "No article fits the filter", Some("Clear the filter"))
        {
            let usual = Listing {
                order: model.listing().order,
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
            self.list_ui(ui, model, actions, &listed, foot, tokens);
        }
        if ticked > 0 {
            foot_ui(ui, model, actions, ticked, tokens);
        }
    }

    fn focus(&mut self, spot: Spot) {
        self.focus_filter |= spot == Spot::ArticleFilter;
    }

    fn list(&self) -> Option<egui::Id> {
        Some(self.field.unwrap_or_else(list_id))
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
        if response.has_focus() {
            let found = count(listed.articles(), "article fits", "articles fit");
            say_once(ui.ctx(), list_id().with("found"), &found);
        }
        if std::mem::take(&mut self.focus_filter) {
            response.request_focus();
        }
        let goes_down = ui.input(|i| i.key_pressed(egui::Key::ArrowDown));
        if response.has_focus() && goes_down && !listed.is_empty() {
            self.focus_list = true;
        }
        if response.lost_focus() && ui.input(|i| i.key_pressed(egui::Key::Enter)) {
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
        model: &Model,
        actions: &mut Vec<Action>,
        listed: &Listed,
        foot: f32,
        tokens: &Tokens,
    ) {
        let current = model.article().map(|article| article.id.clone());
        let row = model.article_index().and_then(|at| listed.row_of(at));
        let height = (ui.available_height() - foot).max(TALL_ROW_HEIGHT);
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
        let step = List::pane(list_id(), "Articles", listed.len(), TALL_ROW_HEIGHT)
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
        take_step(ui, model, actions, &step, &id_at, current.as_ref());
        // What comes next is about what is ticked: Delete, Space, more rows. In the next frame, since
        // the click itself takes the keyboard from where it is.
        let is_ticking = step.held.command || step.held.shift;
        if step.clicked.is_some() && is_ticking {
            self.focus_list = true;
            ui.ctx().request_repaint();
        }
    }

    /// Whether a row was in view in the last frame.
    fn was_in_view(&self, ui: &Ui, listed: &Listed, row: usize) -> bool {
        let offset: f32 = ui.data(|data| data.get_temp(list_id())).unwrap_or(0.0);
        let headings = listed.headings().partition_point(|heading| *heading < row);
        let top = headings as f32 * ROW_HEIGHT + (row - headings) as f32 * TALL_ROW_HEIGHT;
        top + TALL_ROW_HEIGHT > offset && top < offset + self.height
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
        return model.meant_articles();
    }
    vec![id.clone()]
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

fn select_all_ui(ui: &mut Ui, actions: &mut Vec<Action>) {
    if item_ui(ui, Mark::None, "Select all that are shown", "", true).clicked() {
        actions.push(Action::Tick(Ticking::All));
        ui.close();
    }
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

/// What is done to all that are ticked.
fn foot_ui(ui: &mut Ui, model: &Model, actions: &mut Vec<Action>, ticked: usize, tokens: &Tokens) {
    let top = ui.cursor().top();
    ui.painter()
        .hline(ui.max_rect().x_range(), top, (1.0, tokens.line));
    let out_of_sight = model.ticked_out_of_sight();
    ui.horizontal(|ui| {
        ui.set_height(FOOT_HEIGHT);
        ui.spacing_mut().item_spacing.x = 4.0;
        ui.add_space(INSET);
        ui.vertical(|ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            let spare = if out_of_sight > 0 { 4.0 } else { 12.0 };
            ui.add_space(spare);
            let told = format!("{ticked} selected");
            ui.label(RichText::new(told).font(theme::strong_font(13.0)));
            if out_of_sight > 0 {
                let told = format!("{out_of_sight} not shown");
                let told = RichText::new(told).size(SMALL).color(tokens.warn);
                let help = "They do not fit the filter, or their group is folded; what is done here is done to them, too";
                ui.label(told).on_hover_text(help);
            }
        });
        // Drawn in the order in which Tab goes through them, to end at the right.
        let buttons = BUTTONS * CONTROL_HEIGHT + (BUTTONS - 1.0) * 4.0;
        let rest = ui.available_rect_before_wrap();
        let from = (rest.right() - 8.0 - buttons).max(rest.left());
        let inside = egui::UiBuilder::new()
            .max_rect(rest.with_min_x(from))
            .layout(Layout::left_to_right(Align::Center));
        ui.scope_builder(inside, |ui| {
            foot_buttons_ui(ui, model, actions, ticked, tokens);
        });
    });
}

/// So many buttons stand in the foot.
const BUTTONS: f32 = 5.0;

fn foot_buttons_ui(
    ui: &mut Ui,
    model: &Model,
    actions: &mut Vec<Action>,
    ticked: usize,
    tokens: &Tokens,
) {
    icon_menu_ui(ui, Icon::Progress, "Set status", tokens, |ui| {
        status_choices_ui(ui, actions, || model.meant_articles());
    });
    let all = count(ticked, "article", "articles");
    let name = format!("Change details of {all}");
    let help = match info(Command::Details).key_text() {
        key if key.is_empty() => name.clone(),
        key => format!("{name} ({key})"),
    };
    if told_icon_button_ui(ui, Icon::Note, (&name, &help), tokens).clicked() {
        actions.push(Action::Run(Command::Details));
    }
    if icon_button_ui(ui, Icon::Export, &format!("Export {all}"), tokens).clicked() {
        actions.push(Action::ExportArticles(model.meant_articles()));
    }
    let name = format!("Move {all} to the trash");
    if icon_button_ui(ui, Icon::Trash, &name, tokens).clicked() {
        actions.push(Action::TrashArticles(model.meant_articles()));
    }
    if icon_button_ui(ui, Icon::Close, "Select none", tokens).clicked() {
        actions.push(Action::Tick(Ticking::None));
    }
}

fn status_choices_ui(
    ui: &mut Ui,
    actions: &mut Vec<Action>,
    articles: impl Fn() -> Vec<ArticleId>,
) {
    for status in Status::ALL {
        let name = capitalised(status.name());
        if item_ui(ui, Mark::None, &name, "", true).clicked() {
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
    submenu_ui(ui, "Set status", |ui| {
        status_choices_ui(ui, actions, || meant(model, &article.id));
    });
    let ticks = if model.is_ticked(&article.id) {
        "Deselect"
    } else {
        "Select"
    };
    if item_ui(ui, Mark::None, ticks, "", true).clicked() {
        actions.push(Action::Tick(Ticking::One(article.id.clone())));
        ui.close();
    }
    select_all_ui(ui, actions);
    ui.separator();
    if model.is_ticked(&article.id) {
        command_item_ui(ui, model, Command::Details, actions);
    } else if item_ui(ui, Mark::None, "Details…", "", true).clicked() {
        // It is about this one, whatever is ticked elsewhere.
        actions.push(Action::Tick(Ticking::None));
        actions.push(Action::GoToArticle(article.id.clone()));
        actions.push(Action::Run(Command::Details));
        ui.close();
    }
    if model.is_ticked(&article.id) {
        command_item_ui(ui, model, Command::KeepTicked, actions);
    }
    let exports = match n {
        1 => "Export this article…".to_owned(),
        n => format!("Export {n} articles…"),
    };
    if item_ui(ui, Mark::None, &exports, "", true).clicked() {
        actions.push(Action::ExportArticles(meant(model, &article.id)));
        ui.close();
    }
    ui.separator();
    let removes = if n == 1 {
        "Move to the trash".to_owned()
    } else {
        format!("Move {n} articles to the trash")
    };
    if item_ui(ui, Mark::None, &removes, "Delete", true).clicked() {
        actions.push(Action::TrashArticles(meant(model, &article.id)));
        ui.close();
    }
}
