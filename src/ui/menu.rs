//! The menu bar and the search field, from the command table.

use crate::app::action::Action;
use crate::app::command::{Command, Menu, info};
use crate::app::model::{Model, commands};
use crate::app::settings::ThemeChoice;
use crate::core::shown::shown_path;
use crate::ui::kit::speech::tell_opens;
use crate::ui::theme::{self, Tokens};
use eframe::egui::accesskit::HasPopup;
use eframe::egui::{self, Align, Button, Layout, MenuBar, RichText, Ui};

pub(super) fn menu_bar_ui(ui: &mut Ui, model: &Model, actions: &mut Vec<Action>, tokens: &Tokens) {
    MenuBar::new().ui(ui, |ui| {
        ui.add_space(4.0);
        let mark = if model.session().is_dirty() {
            " •"
        } else {
            ""
        };
        let name = format!("{}{mark}", model.session().display_name());
        ui.label(RichText::new(name).font(theme::strong_font(13.0)));
        ui.add_space(6.0);
        for (menu, title) in Menu::ALL {
            let opened = ui.menu_button(title, |ui| {
                ui.set_min_width(250.0);
                menu_ui(ui, model, menu, actions);
            });
            tell_opens(&opened.response, HasPopup::Menu, opened.inner.is_some());
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.add_space(4.0);
            let palette = info(Command::Palette);
            let text = RichText::new("Search or run a command").color(tokens.dim);
            let button = Button::new(text)
                .shortcut_text(palette.key_text())
                .min_size(egui::vec2(270.0, 24.0));
            if ui.add(button).on_hover_text(palette.tooltip()).clicked() {
                actions.push(Action::Run(Command::Palette));
            }
        });
    });
}

fn menu_ui(ui: &mut Ui, model: &Model, menu: Menu, actions: &mut Vec<Action>) {
    if menu == Menu::Mark {
        for label in &model.session().project().codebook().labels {
            let key = label
                .key
                .map(|k| k.to_uppercase().to_string())
                .unwrap_or_default();
            let button =
                Button::new(format!("Mark as {}", label.name.to_lowercase())).shortcut_text(key);
            let enabled = !model.selection().is_empty() || model.selected().is_some();
            if ui
                .add_enabled(enabled, button)
                .on_hover_text(&label.definition)
                .clicked()
            {
                actions.push(Action::UseLabel(label.id.clone()));
                ui.close();
            }
        }
        ui.separator();
    }
    let mut above = None;
    for command in commands().filter(|command| info(*command).menu() == Some(menu)) {
        let info = info(command);
        if above
            .replace(info.section)
            .is_some_and(|above| above != info.section)
        {
            ui.separator();
        }
        if command == Command::AddFiles {
            recent_ui(ui, model, actions);
        }
        let mut button = Button::new(model.title_of(command)).shortcut_text(info.key_text());
        if let Some(is_on) = model.is_on(command) {
            button = button.selected(is_on);
        }
        let enabled = model.is_enabled(command);
        if ui
            .add_enabled(enabled, button)
            .on_hover_text(info.help)
            .clicked()
        {
            actions.push(Action::Run(command));
            ui.close();
        }
    }
    if menu == Menu::View {
        ui.separator();
        ui.menu_button("Theme", |ui| {
            for (theme, name) in ThemeChoice::ALL {
                if ui.radio(model.settings().theme == theme, name).clicked() {
                    actions.push(Action::SetTheme(theme));
                    ui.close();
                }
            }
        });
    }
}

fn recent_ui(ui: &mut Ui, model: &Model, actions: &mut Vec<Action>) {
    if model.settings().recent.is_empty() {
        return;
    }
    ui.menu_button("Recent projects", |ui| {
        for path in &model.settings().recent {
            let name = shown_path(path.file_name().unwrap_or(path.as_os_str()).as_ref());
            if ui.button(name).on_hover_text(shown_path(path)).clicked() {
                actions.push(Action::Open(path.clone()));
                ui.close();
            }
        }
    });
}
