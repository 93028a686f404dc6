//! All keys on one page, from the command table.

use super::Opener;
use crate::app::action::Action;
use crate::app::command::{Command, CommandInfo, MOTIONS, MOUSE, Menu, info};
use crate::app::model::{Model, commands};
use crate::ui::kit::card::{Card, CardStep};
use crate::ui::theme::{self, SMALL, Tokens};
use eframe::egui::{Align, Context, FontId, Label, Layout, Rect, RichText, Ui, UiBuilder, vec2};

/// Between a key and what it does.
const GAP: f32 = 12.0;

pub(super) const OPENS: &[Opener] =
    &[Opener::new(Command::CheatSheet, |_| Box::new(cheat_sheet_ui)).of_no_project()];

fn cheat_sheet_ui(ctx: &Context, model: &Model, _: &mut Vec<Action>, _: &Tokens) -> CardStep {
    let card = Card::work("cheat sheet", "Keys").light();
    card.show(ctx, |ui, card| {
        card.lead(ui, "Ctrl+K finds any command by its name");
        card.body(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 3.0;
            ui.spacing_mut().interact_size.y = 18.0;
            let count = if ui.available_width() < 720.0 { 2 } else { 3 };
            let tables = tables(model);
            ui.columns(count, |columns| {
                for (column, ui) in columns.iter_mut().enumerate() {
                    let own = |(at, ..): &&(usize, &str, Keys)| (*at).min(count - 1) == column;
                    let own: Vec<_> = tables.iter().filter(own).collect();
                    let width = key_width(ui, own.iter().flat_map(|(.., rows)| rows));
                    for (_, title, rows) in own {
                        table(ui, title, rows, width);
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

/// Of the keys of a column: as wide as the widest, but no wider than leaves room for what they do.
fn key_width<'a>(ui: &Ui, rows: impl Iterator<Item = &'a (String, String)>) -> f32 {
    let ink = ui.visuals().text_color();
    let font = || FontId::proportional(SMALL);
    let width = |key: &str| {
        let text = ui.painter().layout_no_wrap(key.to_owned(), font(), ink);
        text.size().x
    };
    let widest = rows.map(|(key, _)| width(key)).fold(0.0, f32::max);
    (widest + GAP).min(ui.available_width() * 0.5).ceil()
}

fn table(ui: &mut Ui, title: &str, rows: &Keys, key_width: f32) {
    ui.label(RichText::new(title).font(theme::strong_font(13.0)));
    let small = |text: &str| Label::new(RichText::new(text).size(SMALL)).wrap();
    for (key, does) in rows {
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = 0.0;
            let least = vec2(key_width, 18.0);
            let place = Rect::from_min_size(ui.cursor().min, least);
            let inside = UiBuilder::new()
                .max_rect(place.with_max_x(place.right() - GAP))
                .layout(Layout::top_down(Align::Min));
            ui.scope_builder(inside, |ui| {
                ui.set_min_size(least);
                ui.add(small(key));
            });
            ui.vertical(|ui| ui.add(small(does)));
        });
    }
    ui.add_space(12.0);
}
