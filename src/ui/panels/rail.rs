//! What stands for a panel that there is no room for: how it is opened, and the little that is asked
//! of it most.

use super::Side;
use super::places::RAIL_WIDTH;
use crate::app::action::Action;
use crate::app::command::{Command, info};
use crate::app::derived::project::Counts;
use crate::app::model::Model;
use crate::core::article::Status;
use crate::ui::kit::icon::{self, Icon, icon_switch_ui};
use crate::ui::theme::{self, SMALL, Tokens};
use eframe::egui::{self, FontId, Frame, RichText, ScrollArea, Ui, vec2};

/// Draws it at its side of the window.
pub(in crate::ui) fn rail_ui(
    ui: &mut Ui,
    side: Side,
    model: &Model,
    actions: &mut Vec<Action>,
    tokens: &Tokens,
) {
    let Some(panel) = side.panel() else {
        return;
    };
    let frame = match side {
        Side::Right => egui::Panel::right("annotations rail"),
        Side::Left | Side::Top | Side::Bottom => egui::Panel::left("articles rail"),
    };
    let frame = frame.exact_size(RAIL_WIDTH).resizable(false);
    let ground = Frame::new().fill(tokens.panel);
    frame.frame(ground).show(ui, |ui| {
        ui.spacing_mut().item_spacing = vec2(0.0, 4.0);
        ui.vertical_centered(|ui| {
            ui.add_space(6.0);
            let (command, shown) = match side {
                Side::Right => (Command::ToggleAnnotations, Icon::PanelAtRight),
                Side::Left | Side::Top | Side::Bottom => (Command::ToggleArticles, Icon::Panel),
            };
            let is_open = model.settings().shows(panel);
            let info = info(command);
            let opens = icon_switch_ui(ui, shown, (info.title, &info.tooltip()), is_open, tokens);
            if opens.clicked() {
                actions.push(Action::Run(command));
            }
            if side == Side::Right {
                labels_ui(ui, model, tokens);
            } else {
                progress_ui(ui, model, tokens);
            }
        });
    });
}

fn progress_ui(ui: &mut Ui, model: &Model, tokens: &Tokens) {
    let total = model.session().project().articles().len().max(1);
    let annotator = model.session().annotator();
    let done = model.derived(&Counts).with_status(annotator, Status::Done);
    let share = format!("{} %", done * 100 / total);
    let text = RichText::new(share).size(SMALL).color(tokens.dim);
    ui.label(text)
        .on_hover_text(format!("{done} of {total} articles are done"));
    if let Some(article) = model.article() {
        let status = article.status_for(annotator);
        let (shown, color) =
            super::articles::status_glyph(&status, article.annotations.len(), tokens);
        let size = vec2(16.0, 16.0);
        let (rect, response) = ui.allocate_exact_size(size, egui::Sense::hover());
        icon::paint(ui.painter(), shown, rect.center(), 16.0, color);
        response.on_hover_text(format!("This article: {}", status.name()));
    }
}

/// The keys of the labels, and how often each is there.
fn labels_ui(ui: &mut Ui, model: &Model, tokens: &Tokens) {
    let Some(article) = model.article() else {
        return;
    };
    ScrollArea::vertical().show(ui, |ui| {
        for label in model.session().project().codebook().offered() {
            let Some(key) = label.key else {
                continue;
            };
            let count = article.annotations.count_of(&label.id);
            let color = tokens.label(label.color);
            let key = RichText::new(key.to_uppercase().to_string());
            let told = format!("{}: {count} in this article", label.name);
            ui.label(key.font(theme::strong_font(13.0)).color(color))
                .on_hover_text(&told);
            let count = RichText::new(count.to_string());
            ui.label(count.font(FontId::proportional(SMALL)).color(tokens.dim))
                .on_hover_text(told);
        }
    });
}
