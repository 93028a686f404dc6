//! What is done to articles of the list: to all that are ticked, at its foot, and to those of a row, in
//! its menu.

use super::INSET;
use crate::app::action::{Action, Ticking};
use crate::app::command::{Command, info};
use crate::app::model::Model;
use crate::app::words::{capitalised, count};
use crate::core::article::{Article, Status};
use crate::core::ids::ArticleId;
use crate::ui::kit::icon::{Icon, icon_button_ui, icon_menu_ui, told_icon_button_ui};
use crate::ui::kit::menu::{Mark, item_ui, submenu_ui};
use crate::ui::menu::command_item_ui;
use crate::ui::theme::{self, CONTROL_HEIGHT, SMALL, Tokens};
use eframe::egui::{self, Align, Layout, RichText, Ui};

/// The foot, while articles are ticked.
pub(super) const FOOT_HEIGHT: f32 = 44.0;

/// What a row's menu and the Delete key are about: all that are ticked, where the row is one of them.
pub(super) fn meant(model: &Model, id: &ArticleId) -> Vec<ArticleId> {
    if model.is_ticked(id) {
        return model.meant_articles();
    }
    vec![id.clone()]
}

pub(super) fn select_all_ui(ui: &mut Ui, actions: &mut Vec<Action>) {
    if item_ui(ui, Mark::None, "Select all that are shown", "", true).clicked() {
        actions.push(Action::Tick(Ticking::All));
        ui.close();
    }
}

/// What is done to all that are ticked.
pub(super) fn foot_ui(
    ui: &mut Ui,
    model: &Model,
    actions: &mut Vec<Action>,
    ticked: usize,
    tokens: &Tokens,
) {
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

pub(super) fn row_menu_ui(
    ui: &mut Ui,
    model: &Model,
    actions: &mut Vec<Action>,
    article: &Article,
) {
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
