//! The bar at the top: the menus, the row of pages and the search field, from the command table.
//!
//! Where there is no room for the menus they stand in one; the field becomes a button.

use crate::app::action::Action;
use crate::app::command::{Command, Menu, info};
use crate::app::derived::project::ListedLabels;
use crate::app::model::{Model, Page, commands};
use crate::app::settings::ThemeChoice;
use crate::core::codebook::Label;
use crate::core::shown::shown_path;
use crate::ui::kit::chip::choice_ui;
use crate::ui::kit::icon::{self, Icon, icon_menu_ui};
use crate::ui::kit::list::many_ui;
use crate::ui::kit::menu::{LINE_WIDTH, Line, Mark, item_ui, note_title, submenu_ui};
use crate::ui::kit::speech::tell_opens;
use crate::ui::kit::{hint, row, tabs, tell};
use crate::ui::theme::{self, BAR_HEIGHT, CONTROL_HEIGHT, SMALL, Tokens};
use eframe::egui::accesskit::{HasPopup, Role};
use eframe::egui::{
    self, Align, FontId, Layout, MenuBar, Rect, ScrollArea, Sense, StrokeKind, Ui, UiBuilder, pos2,
    vec2,
};
use std::collections::BTreeSet;

const INSET: f32 = 16.0;
/// Between the parts of the bar.
const GAP: f32 = 12.0;
/// At both sides of a menu's title.
const MENU_PADDING: f32 = 8.0;
const NAME_WIDTH: f32 = 220.0;
/// Of a line of a menu.
const LINE_HEIGHT: f32 = 26.0;
/// The search field, and the least at which it is one.
const SEARCH_WIDTH: f32 = 300.0;
const LEAST_SEARCH: f32 = 120.0;

pub(super) fn menu_bar_ui(ui: &mut Ui, model: &Model, actions: &mut Vec<Action>, tokens: &Tokens) {
    let bar = ui.max_rect();
    // Under the line of the page that is shown.
    ui.painter()
        .hline(bar.x_range(), bar.bottom() - 0.5, (1.0, tokens.line));
    let pages: Vec<&str> = Page::ALL.iter().map(|(_, name, _)| *name).collect();
    let pages_width = tabs::width_of(ui, &pages);
    let menus_width: f32 = Menu::ALL.iter().map(|(_, name)| menu_width(ui, name)).sum();
    let mark = if model.session().is_dirty() {
        " •"
    } else {
        ""
    };
    let name = format!("{}{mark}", model.session().display_name());
    let least = bar.width() - 2.0 * INSET - 3.0 * GAP - pages_width - LEAST_SEARCH;
    let is_wide = least > menus_width + 80.0;
    let menus_width = if is_wide { menus_width } else { CONTROL_HEIGHT };
    let name_width = (least - menus_width).clamp(40.0, NAME_WIDTH);
    let font = theme::strong_font(13.0);
    let name = row::line(ui.painter(), &name, font, tokens.ink, name_width);
    let part = |left: f32, width: f32| {
        Rect::from_min_size(pos2(left, bar.top()), vec2(width, bar.height()))
    };
    let mut left = bar.left() + INSET;
    if !is_wide {
        left -= 8.0;
        in_part(ui, part(left, CONTROL_HEIGHT), |ui| {
            icon_menu_ui(ui, Icon::Menu, "Menu", tokens, |ui| {
                for (menu, title) in Menu::ALL {
                    submenu_ui(ui, title, |ui| menu_ui(ui, model, menu, actions));
                }
            });
        });
        left += CONTROL_HEIGHT + 4.0;
    }
    let place = part(left, name.size().x);
    let response = ui.allocate_rect(place, Sense::hover());
    tell(&response, Role::Label, name.text());
    let at = pos2(left, bar.center().y - name.size().y / 2.0);
    left += name.size().x + GAP;
    ui.painter().galley(at, name, tokens.ink);
    if let Some(path) = model.session().path() {
        hint(response, || shown_path(path));
    }
    if is_wide {
        in_part(ui, part(left, menus_width), |ui| {
            MenuBar::new().ui(ui, |ui| {
                ui.spacing_mut().item_spacing.x = 0.0;
                ui.spacing_mut().button_padding.x = MENU_PADDING;
                for (menu, title) in Menu::ALL {
                    let opened = ui.menu_button(title, |ui| menu_ui(ui, model, menu, actions));
                    note_title(&opened.response);
                    tell_opens(&opened.response, HasPopup::Menu, opened.inner.is_some());
                }
            });
        });
        left += menus_width + GAP;
    }
    let search_width = (bar.right() - INSET - left - pages_width - GAP).min(SEARCH_WIDTH);
    let search_width = if search_width < LEAST_SEARCH {
        CONTROL_HEIGHT
    } else {
        search_width
    };
    let search = bar.right() - INSET - search_width;
    // In the middle of the window, or of what there is.
    let middle = bar.center().x - pages_width / 2.0;
    let pages_left = middle.max(left).min(search - GAP - pages_width).max(left);
    let pages_width = pages_width.min(search - GAP - pages_left);
    in_part(ui, part(pages_left, pages_width), |ui| {
        pages_ui(ui, model, actions, tokens);
    });
    let inside = Rect::from_center_size(
        pos2(search + search_width / 2.0, bar.center().y),
        vec2(search_width, CONTROL_HEIGHT),
    );
    search_ui(ui, inside, actions, tokens);
}

fn in_part(ui: &mut Ui, place: Rect, add: impl FnOnce(&mut Ui)) {
    let inside = UiBuilder::new()
        .max_rect(place)
        .layout(Layout::left_to_right(Align::Center));
    ui.scope_builder(inside, |ui| {
        ui.spacing_mut().item_spacing.x = 0.0;
        add(ui);
    });
}

/// A menu's title with the room around it.
fn menu_width(ui: &Ui, title: &str) -> f32 {
    let font = egui::TextStyle::Button.resolve(ui.style());
    row::name_width(ui, title, font) + 2.0 * MENU_PADDING + 1.0
}

fn pages_ui(ui: &mut Ui, model: &Model, actions: &mut Vec<Action>, tokens: &Tokens) {
    let names = Page::ALL.map(|(_, name, _)| name);
    let help = |at: usize| {
        let (.., command) = Page::ALL.get(at)?;
        Some(info(*command).tooltip())
    };
    // The table stands in the place of the article that is read.
    let is_shown = |(page, ..): &(Page, &str, Command)| *page == model.page();
    let current = Page::ALL.iter().position(is_shown).unwrap_or(0);
    let chosen = tabs::tabs_ui(ui, "Pages", (&names, &help), current, BAR_HEIGHT, tokens);
    if let Some((.., command)) = chosen.and_then(|at| Page::ALL.get(at)) {
        actions.push(Action::Run(*command));
    }
}

/// What opens the palette, drawn as the field that is then there.
fn search_ui(ui: &mut Ui, place: Rect, actions: &mut Vec<Action>, tokens: &Tokens) {
    const TEXT: &str = "Search or run a command";
    let palette = info(Command::Palette);
    let response = ui.allocate_rect(place, Sense::click());
    tell(&response, Role::Button, TEXT);
    let painter = ui.painter();
    let fill = if response.hovered() {
        tokens.hover
    } else {
        tokens.page
    };
    painter.rect(place, 6.0, fill, (1.0, tokens.edge), StrokeKind::Inside);
    let is_field = place.width() >= LEAST_SEARCH;
    let at = if is_field {
        pos2(place.left() + 16.0, place.center().y)
    } else {
        place.center()
    };
    icon::paint(painter, Icon::Search, at, 16.0, tokens.dim);
    if is_field {
        let key = palette.key_text();
        let font = FontId::proportional(SMALL);
        let key_room = row::line(painter, &key, font, tokens.dim, 80.0).size().x + 14.0;
        let cap = pos2(place.right() - 6.0 - key_room / 2.0, place.center().y);
        row::key_cap(painter, cap, &key, tokens);
        let left = place.left() + 30.0;
        let room = (place.right() - key_room - 12.0 - left).max(10.0);
        let text = row::line(painter, TEXT, FontId::proportional(13.0), tokens.dim, room);
        let at = pos2(left, place.center().y - text.size().y / 2.0);
        painter.galley(at, text, tokens.dim);
    }
    if hint(response, || palette.tooltip()).clicked() {
        actions.push(Action::Run(Command::Palette));
    }
}

/// Below its name, also where there is more than the window is high.
fn menu_ui(ui: &mut Ui, model: &Model, menu: Menu, actions: &mut Vec<Action>) {
    scroll_ui(ui, |ui| lines_ui(ui, model, menu, actions));
}

fn scroll_ui(ui: &mut Ui, lines: impl FnOnce(&mut Ui)) {
    let room = ui.ctx().content_rect().height() - BAR_HEIGHT - 24.0;
    let area = ScrollArea::vertical()
        .max_height(room)
        .min_scrolled_height(room);
    area.show(ui, |ui| {
        // So close that those of a menu are seen at once in a low window.
        ui.spacing_mut().item_spacing.y = 0.0;
        ui.spacing_mut().interact_size.y = LINE_HEIGHT;
        lines(ui);
    });
}

fn lines_ui(ui: &mut Ui, model: &Model, menu: Menu, actions: &mut Vec<Action>) {
    ui.set_min_width(250.0);
    if menu == Menu::Mark {
        /// More labels than these open beside the menu.
        const FEW: usize = 5;
        let codebook = model.session().project().codebook();
        if codebook.offered().nth(FEW).is_some() {
            submenu_ui(ui, "Mark as", |ui| {
                label_items_ui(ui, model, "Mark as", actions);
            });
        } else {
            label_items_ui(ui, model, "Mark as", actions);
        }
        ui.separator();
    }
    let of_menu = commands().filter(|command| info(*command).menu() == Some(menu));
    let of_menu: Vec<Command> = of_menu.collect();
    let mut above: Option<Option<&str>> = None;
    for stretch in of_menu.chunk_by(|one, next| info(*one).section == info(*next).section) {
        let submenu = stretch
            .first()
            .and_then(|first| info(*first).section.submenu());
        // Lines that open further ones stand together.
        let before = above.replace(submenu);
        if before.is_some_and(|before| before.is_none() || submenu.is_none()) {
            ui.separator();
        }
        let mut items_ui = |ui: &mut Ui| {
            for command in stretch {
                if *command == Command::AddFiles {
                    recent_ui(ui, model, actions);
                }
                command_item_ui(ui, model, *command, actions);
            }
        };
        match submenu {
            Some(title) => submenu_ui(ui, title, |ui| scroll_ui(ui, items_ui)),
            None => items_ui(ui),
        }
    }
    if menu == Menu::View {
        ui.separator();
        submenu_ui(ui, "Theme", |ui| {
            for (theme, name) in ThemeChoice::ALL {
                if choice_ui(ui, name, model.settings().theme == theme) {
                    actions.push(Action::SetTheme(theme));
                }
            }
        });
    }
}

/// A label each: for what is selected.
pub(super) fn label_items_ui(ui: &mut Ui, model: &Model, verb: &str, actions: &mut Vec<Action>) {
    /// So many stand in a menu; of more, those in view are drawn.
    const FEW: usize = 14;
    let codebook = model.session().project().codebook();
    if codebook.offered().nth(FEW).is_none() {
        for label in codebook.offered() {
            label_item_ui(ui, model, verb, label, actions);
        }
        return;
    }
    let rows = model.derived(&ListedLabels {
        typed: String::new(),
        folded: BTreeSet::new(),
    });
    ui.set_max_width(LINE_WIDTH);
    let rows = &rows.offered;
    many_ui(ui, rows.len(), 340.0, |ui, at| {
        let label = rows.get(at).and_then(|row| codebook.labels.get(row.at));
        if let Some(label) = label {
            label_item_ui(ui, model, verb, label, actions);
        }
    });
}

fn label_item_ui(ui: &mut Ui, model: &Model, verb: &str, label: &Label, actions: &mut Vec<Action>) {
    let key = label
        .key
        .map(|k| k.to_uppercase().to_string())
        .unwrap_or_default();
    let title = format!("{verb} {}", label.name.to_lowercase());
    let is_enabled = !model.selection().is_empty() || model.selected().is_some();
    ui.set_max_width(LINE_WIDTH);
    let line = Line {
        text: &title,
        depth: 0,
        mark: Mark::None,
        key,
        help: &label.definition,
        is_enabled,
    };
    if line.ui(ui, false).clicked() {
        actions.push(Action::UseLabel(label.id.clone()));
        ui.close();
    }
}

/// A command as it stands in every menu.
pub(super) fn command_item_ui(
    ui: &mut Ui,
    model: &Model,
    command: Command,
    actions: &mut Vec<Action>,
) {
    let info = info(command);
    let mark = model.is_on(command).map_or(Mark::None, Mark::Switch);
    let (title, is_enabled) = (model.title_of(command), model.is_enabled(command));
    let item = item_ui(ui, mark, &title, &info.key_text(), is_enabled);
    if item.on_hover_text(info.help).clicked() {
        actions.push(Action::Run(command));
        ui.close();
    }
}

fn recent_ui(ui: &mut Ui, model: &Model, actions: &mut Vec<Action>) {
    if model.settings().recent.is_empty() {
        return;
    }
    submenu_ui(ui, "Recent projects", |ui| {
        for path in &model.settings().recent {
            let name = shown_path(path.file_name().unwrap_or(path.as_os_str()).as_ref());
            let item = item_ui(ui, Mark::None, &name, "", true);
            if item.on_hover_text(shown_path(path)).clicked() {
                actions.push(Action::Open(path.clone()));
                ui.close();
            }
        }
    });
}
