//! The backups of the project, with what is in them; open one as a copy.

use super::list::{Row, list_ui};
use crate::app::action::Action;
use crate::app::clock;
use crate::app::desk::Access;
use crate::app::model::Model;
use crate::app::words::contents;
use crate::core::annotation::Timestamp;
use crate::core::shown::shown_path;
use crate::ui::theme::{self, Tokens};
use eframe::egui::{Context, Key, Modal, Modifiers, RichText};

/// Draws it; `false` when it is to be closed.
pub(crate) fn backups_ui(
    ctx: &Context,
    model: &Model,
    actions: &mut Vec<Action>,
    tokens: &Tokens,
    cursor: &mut usize,
) -> bool {
    let mut action = None;
    let modal = Modal::new(eframe::egui::Id::unique("backups")).show(ctx, |ui| {
        ui.set_width(560.0);
        ui.label(RichText::new("Backups").font(theme::strong_font(18.0)));
        let lines = model.backup_lines();
        let folder = lines.first().and_then(|line| line.backup.path.parent());
        match folder {
            Some(folder) => {
                ui.weak("Earlier versions of this project. One opens as a copy; the project stays as it is.");
                ui.weak(format!("They lie in {}", shown_path(folder)));
            }
            None => {
                ui.weak("There are no backups yet. Each save keeps the version before it, and unsaved work is copied every few minutes.");
            }
        }
        ui.add_space(8.0);
        let chosen = *cursor;
        let clicked = list_ui(ui, tokens, cursor, lines.len(), 330.0, |i| {
            let Some(line) = lines.get(i) else {
                return Row::default();
            };
            let megabytes = line.backup.len_bytes as f64 / f64::from(1 << 20);
            let counts = match &line.counts {
                Some(Ok((articles, annotations))) => contents(*articles, *annotations),
                Some(Err(error)) => error.clone(),
                None => "counting…".to_owned(),
            };
            Row {
                text: clock::day_and_time(Timestamp(line.backup.at_secs)),
                detail: format!("{counts}   {megabytes:.1} MB"),
                is_chosen: i == chosen,
                ..Row::default()
            }
        });
        if let Some(i) = clicked {
            *cursor = i;
        }
        ui.add_space(8.0);
        ui.horizontal(|ui| {
            let chosen = lines.get(*cursor);
            let open = eframe::egui::Button::new("Open as a copy");
            let enter = ui.input_mut(|i| i.consume_key(Modifiers::NONE, Key::Enter));
            let open = ui.add_enabled(chosen.is_some(), open).on_hover_text("Enter");
            if (open.clicked() || enter)
                && let Some(line) = chosen
            {
                action = Some(Action::OpenAs(line.backup.path.clone(), Access::Copy));
            }
            ui.button("Close").on_hover_text("Esc").clicked()
        })
        .inner
    });
    let closes = action.is_some() || modal.inner || modal.should_close();
    actions.extend(action);
    !closes
}
