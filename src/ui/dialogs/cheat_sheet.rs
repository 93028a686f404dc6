//! All keys on one page, from the command table.

use super::Opener;
use crate::app::action::Action;
use crate::app::command::{Command, MOTIONS, MOUSE, Menu, info};
use crate::app::model::{Model, commands};
use crate::ui::kit::card::{Card, CardStep};
use crate::ui::theme::{self, Tokens};
use eframe::egui::{Context, Label, RichText, Ui, vec2};

const KEY_WIDTH: f32 = 118.0;

pub(super) const OPENS: Opener =
    Opener::new(Command::CheatSheet, |_| Box::new(cheat_sheet_ui)).of_no_project();

fn cheat_sheet_ui(ctx: &Context, model: &Model, _: &mut Vec<Action>, _: &Tokens) -> CardStep {
    let card = Card::work("cheat sheet", "Keys").light();
    card.show(ctx, |ui, card| {
        card.lead(ui, "Ctrl+K finds any command by its name");
        card.body(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 3.0;
            ui.spacing_mut().interact_size.y = 18.0;
            ui.columns(3, |columns| {
                let [left, middle, right] = columns else {
                    return;
                };
                let labels: Vec<(String, String)> = model
                    .session()
                    .project()
                    .codebook()
                    .labels
                    .iter()
                    .filter_map(|l| {
                        Some((
                            l.key?.to_uppercase().to_string(),
                            format!("mark as {}", l.name.to_lowercase()),
                        ))
                    })
                    .collect();
                table(
                    left,
                    "Mark",
                    labels.iter().map(|(k, t)| (k.clone(), t.clone())),
                );
                menu_table(left, Menu::Mark, "Work on an annotation");
                table(
                    left,
                    "Mouse",
                    MOUSE
                        .iter()
                        .map(|(k, t)| ((*k).to_owned(), (*t).to_owned())),
                );
                table(
                    middle,
                    "Move in the article",
                    MOTIONS
                        .iter()
                        .map(|(k, t)| ((*k).to_owned(), (*t).to_owned())),
                );
                menu_table(middle, Menu::Edit, "Edit");
                menu_table(right, Menu::Go, "Go");
                menu_table(right, Menu::File, "File");
                menu_table(right, Menu::View, "View");
            });
        });
        card.closing_foot(ui);
        None
    })
}

fn menu_table(ui: &mut Ui, menu: Menu, title: &str) {
    let rows = commands()
        .map(info)
        .filter(|info| info.menu() == Some(menu) && !info.key_text().is_empty())
        .map(|info| {
            (
                info.key_text(),
                info.title.trim_end_matches('…').to_lowercase(),
            )
        });
    table(ui, title, rows);
}

fn table(ui: &mut Ui, title: &str, rows: impl Iterator<Item = (String, String)>) {
    ui.label(RichText::new(title).font(theme::strong_font(13.0)));
    for (key, text) in rows {
        ui.horizontal_top(|ui| {
            let size = vec2(KEY_WIDTH, 18.0);
            ui.allocate_ui(size, |ui| {
                ui.set_min_size(size);
                ui.label(RichText::new(key).size(12.0));
            });
            ui.add(Label::new(RichText::new(text).size(12.0)).wrap());
        });
    }
    ui.add_space(12.0);
}
