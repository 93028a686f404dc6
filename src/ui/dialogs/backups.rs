//! The backups of the project, with what is in them; open one as a copy.

use super::{Dialog, Opener};
use crate::app::action::Action;
use crate::app::clock;
use crate::app::command::Command;
use crate::app::desk::Access;
use crate::app::model::Model;
use crate::app::words::contents;
use crate::core::annotation::Timestamp;
use crate::core::shown::shown_path;
use crate::ui::kit::card::{Card, CardStep};
use crate::ui::kit::entry::TextRow;
use crate::ui::kit::list::text_list_ui;
use crate::ui::theme::Tokens;
use eframe::egui::Context;

pub(super) const OPENS: &[Opener] = &[Opener::new(Command::Backups, |_| {
    Box::new(BackupsDialog::default())
})];

#[derive(Default)]
struct BackupsDialog {
    cursor: usize,
}

impl Dialog for BackupsDialog {
    fn ui(
        &mut self,
        ctx: &Context,
        model: &Model,
        actions: &mut Vec<Action>,
        tokens: &Tokens,
    ) -> CardStep {
        let card = Card::choice("backups", "Backups").light();
        let step = card.show(ctx, |ui, card| {
            let lines = model.backup_lines();
            let folder = lines.first().and_then(|line| line.backup.path.parent());
            card.lead(ui, &match folder {
                Some(folder) => format!(
                    "Earlier versions of this project. One opens as a copy; the project stays as it is.\nThey lie in {}",
                    shown_path(folder)
                ),
                None => "There are no backups yet. Each save keeps the version before it, and unsaved work is copied every few minutes.".to_owned(),
            });
            let chosen = self.cursor;
            let row = |i: usize| {
                let Some(line) = lines.get(i) else {
                    return TextRow::default();
                };
                let megabytes = line.backup.len_bytes as f64 / f64::from(1 << 20);
                let counts = match &line.counts {
                    Some(Ok((articles, annotations))) => contents(*articles, *annotations),
                    Some(Err(error)) => error.clone(),
                    None => "counting…".to_owned(),
                };
                TextRow {
                    text: clock::day_and_time(Timestamp::new(line.backup.at_secs)),
                    detail: format!("{counts}   {megabytes:.1} MB"),
                    is_chosen: i == chosen,
                    ..TextRow::default()
                }
            };
            let (cursor, count) = (&mut self.cursor, lines.len());
            card.pane(ui, |ui| text_list_ui(ui, "Versions", cursor, count, tokens, row));
            card.foot(ui, "", |ui, card| {
                let chosen = lines.get(self.cursor);
                let refusal = chosen.is_none().then_some("There is none to open");
                card.close(ui, "Close");
                let opens = card.main(ui, refusal, "Open as a copy", "");
                let chosen = chosen.filter(|_| opens);
                chosen.map(|line| Action::OpenAs(line.backup.path.clone(), Access::Copy))
            })
        });
        step.leave_with(|action| actions.push(action))
    }
}
