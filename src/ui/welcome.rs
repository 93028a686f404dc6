//! What the window shows before there is anything to annotate, and while files are dragged over it.

use super::theme::{self, Tokens};
use crate::app::action::Action;
use crate::app::command::{Command, info};
use crate::app::jobs::JobKind;
use crate::app::model::Model;
use crate::core::shown::shown_path;
use eframe::egui::{self, Context, RichText, ScrollArea, Ui};

/// What to do when there is nothing to annotate yet.
pub(super) fn welcome_ui(ui: &mut Ui, model: &Model, actions: &mut Vec<Action>, tokens: &Tokens) {
    let recent = &model.settings().recent;
    let is_opening = model.jobs().is_running(JobKind::Open);
    let above = (ui.available_height() * 0.18 - 60.0).max(16.0);
    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        ui.vertical_centered(|ui| {
            ui.add_space(above);
            ui.label(RichText::new("Pressmark").font(theme::strong_font(30.0)));
            if is_opening {
                ui.weak("Opening the project…");
                return;
            }
            ui.weak("Mark quotes, claims and promotional content in news articles");
            ui.add_space(22.0);
            for command in [
                Command::AddFiles,
                Command::AddFolder,
                Command::OpenProject,
                Command::OpenDemo,
            ] {
                let info = info(command);
                let (mut title, mut key) =
                    (RichText::new(info.title), RichText::new(info.key_text()));
                // The first is what most begin with.
                let is_main = command == Command::AddFiles;
                if is_main {
                    title = title.color(tokens.on_accent);
                    key = key.color(tokens.on_accent);
                }
                let mut button = egui::Button::new(title)
                    .shortcut_text(key)
                    .min_size(egui::vec2(300.0, 34.0));
                if is_main {
                    let ground = tokens.accent;
                    button = button.fill(ground).stroke((1.0, ground));
                }
                if ui.add(button).on_hover_text(info.help).clicked() {
                    actions.push(Action::Run(command));
                }
            }
            ui.add_space(10.0);
            ui.weak("Or drop files here, or paste the text of an article (Ctrl+V)");
            if !recent.is_empty() {
                ui.add_space(22.0);
                ui.label(RichText::new("Recent projects").font(theme::strong_font(13.0)));
                for path in recent.iter().take(6) {
                    let name = shown_path(path.file_name().unwrap_or(path.as_os_str()).as_ref());
                    if ui.link(name).on_hover_text(shown_path(path)).clicked() {
                        actions.push(Action::Open(path.clone()));
                    }
                }
            }
        })
    });
}

/// Where files that are dragged over the window would go.
pub(super) fn drop_target_ui(ctx: &Context, tokens: &Tokens) {
    if ctx.input(|input| input.raw.hovered_files.is_empty()) {
        return;
    }
    let screen = ctx.content_rect();
    let layer = egui::LayerId::new(egui::Order::Foreground, egui::Id::unique("drop target"));
    let painter = ctx.layer_painter(layer);
    painter.rect_filled(screen, 0.0, tokens.page.gamma_multiply(0.85));
    painter.rect_stroke(
        screen.shrink(12.0),
        10.0,
        (2.0, tokens.accent),
        egui::StrokeKind::Inside,
    );
    painter.text(
        screen.center(),
        egui::Align2::CENTER_CENTER,
        "Drop articles, folders or a project",
        theme::strong_font(20.0),
        tokens.ink,
    );
}
