//! All keys on one page, from the command table.

use super::Opener;
use crate::app::action::Action;
use crate::app::command::{Command, CommandInfo, MOTIONS, MOUSE, Menu, info};
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
            let count = if ui.available_width() < 720.0 { 2 } else { 3 };
            ui.columns(count, |columns| {
                for (at, title, rows) in tables(model) {
                    if let Some(column) = columns.get_mut(at.min(count - 1)) {
                        table(column, title, rows);
                    }
                }
            });
        });
        card.closing_foot(ui);
        None
    })
}

type Keys = Vec<(String, String)>;

/// The tables, and the column of each where there is room for three.
fn tables(model: &Model) -> Vec<(usize, &'static str, Keys)> {
    let labels = model.session().project().codebook().offered();
    let labels = labels.filter_map(|label| {
        let key = label.key?.to_uppercase().to_string();
        Some((key, format!("mark as {}", label.name.to_lowercase())))
    });
    let told = |told: &[(&str, &str)]| {
        let rows = told.iter();
        rows.map(|(key, text)| ((*key).to_owned(), (*text).to_owned()))
            .collect()
    };
    vec![
        (0, "Mark", labels.collect()),
        (0, "Work on an annotation", of_menu(Menu::Mark)),
        (0, "Mouse", told(MOUSE)),
        (1, "Move in the article", told(MOTIONS)),
        (1, "Edit", of_menu(Menu::Edit)),
        (2, "Go", of_menu(Menu::Go)),
        (2, "File", of_menu(Menu::File)),
        (2, "View", of_menu(Menu::View)),
    ]
}

fn of_menu(menu: Menu) -> Keys {
    let told = commands().map(info);
    let told = told.filter(|info| info.menu() == Some(menu) && !info.key_text().is_empty());
    let row = |info: &CommandInfo| {
        let title = info.title.trim_end_matches('…').to_lowercase();
        (info.key_text(), title)
    };
    told.map(row).collect()
}

fn table(ui: &mut Ui, title: &str, rows: Keys) {
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
