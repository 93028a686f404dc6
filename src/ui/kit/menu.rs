//! What stands in a menu: lines that do something, switch something, choose one of several, or open
//! further ones. Each has a place for its mark, so that their words begin below each other.

use super::icon::{self, Icon};
use super::speech::tell_opens;
use super::{tell, tell_whether};
use crate::ui::theme;
use eframe::egui::accesskit::{HasPopup, Role};
use eframe::egui::containers::menu::{MenuConfig, SubMenuButton};
use eframe::egui::{Atom, AtomPaintArgs, Button, PopupCloseBehavior, Response, Ui, Vec2};

/// How wide a mark is.
const MARK: f32 = 16.0;

/// What stands before the words of a line.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mark {
    None,
    /// It switches something, which is on or off.
    Switch(bool),
    /// It is one of several, of which one is chosen.
    Choice(bool),
}

/// A line of a menu, with its key at the right.
pub(crate) fn item_ui(
    ui: &mut Ui,
    mark: Mark,
    text: &str,
    key: &str,
    is_enabled: bool,
) -> Response {
    let button = Button::new((atom(mark), text)).shortcut_text(key);
    let response = ui.add_enabled(is_enabled, button);
    tell_item(&response, mark, text, key);
    response
}

fn tell_item(response: &Response, mark: Mark, text: &str, key: &str) {
    let name = format!("{text} {key}");
    match mark {
        Mark::None => tell(response, Role::Button, name.trim()),
        Mark::Switch(is_on) => {
            tell_whether(response, Role::MenuItemCheckBox, name.trim(), is_on);
        }
        Mark::Choice(is_on) => tell_whether(response, Role::MenuItemRadio, name.trim(), is_on),
    }
}

/// A line of a list that may be long, of any words: they end with an ellipsis where its width does.
pub(crate) struct Line<'a> {
    pub(crate) text: &'a str,
    /// How far it is set in.
    pub(crate) depth: usize,
    pub(crate) mark: Mark,
    pub(crate) key: String,
    /// What is told of it; its whole name where that is cut.
    pub(crate) help: &'a str,
    pub(crate) is_enabled: bool,
}

/// How wide lines are that may be of any words.
pub(crate) const LINE_WIDTH: f32 = 300.0;

impl Line<'_> {
    /// Draws it as wide as there is room, once as a line of a menu, once as one of a list to pick from.
    pub(crate) fn ui(self, ui: &mut Ui, is_picked: bool) -> Response {
        const SHOWN: usize = 120;
        const DEEPEST: usize = 6;
        let end = self.text.char_indices().nth(SHOWN);
        let shown = self.text.get(..end.map_or(self.text.len(), |(at, _)| at));
        let shown = shown.unwrap_or_default().replace('\n', " ");
        let shown = format!("{}{shown}", "    ".repeat(self.depth.min(DEEPEST)));
        let button = Button::new((atom(self.mark), shown)).truncate();
        let button = button.shortcut_text(self.key.as_str());
        let size = Vec2::new(ui.available_width(), 0.0);
        let response = ui.add_enabled(self.is_enabled, button.min_size(size));
        match self.mark {
            Mark::Choice(is_on) | Mark::Switch(is_on) if is_picked => {
                tell_whether(&response, Role::ListBoxOption, self.text, is_on);
            }
            mark => tell_item(&response, mark, self.text, &self.key),
        }
        const WIDE: usize = 36;
        let whole = self.text.chars().nth(WIDE).map_or("", |_| self.text);
        let told: String = match (whole, self.help) {
            ("", help) => help.to_owned(),
            (whole, "") => whole.to_owned(),
            (whole, help) => format!("{whole}\n\n{help}"),
        };
        if told.is_empty() {
            return response;
        }
        response.on_hover_text(told.chars().take(1_000).collect::<String>())
    }
}

/// A line that opens further ones beside it, or, in a bar, below it.
pub(crate) fn submenu_ui(ui: &mut Ui, text: &str, lines: impl FnOnce(&mut Ui)) {
    open_ui(ui, text, None, lines);
}

/// The same where something is written or several things are switched: it stays until a line of it
/// closes it.
pub(crate) fn staying_menu_ui(ui: &mut Ui, text: &str, lines: impl FnOnce(&mut Ui)) {
    let stays = PopupCloseBehavior::CloseOnClickOutside;
    let stays = MenuConfig::new().close_behavior(stays);
    open_ui(ui, text, Some(stays), lines);
}

fn open_ui(ui: &mut Ui, text: &str, config: Option<MenuConfig>, lines: impl FnOnce(&mut Ui)) {
    let opens = Atom::paint(Vec2::splat(MARK), |ui: &Ui, args: AtomPaintArgs| {
        let (middle, color) = (args.rect.center(), args.fallback_text_color);
        icon::paint(ui.painter(), Icon::Right, middle, 14.0, color);
    });
    let button = Button::new((atom(Mark::None), text)).right_text(opens);
    let mut button = SubMenuButton::from_button(button);
    if let Some(config) = config {
        button = button.config(config);
    }
    let (response, shown) = button.ui(ui, lines);
    tell_opens(&response, HasPopup::Menu, shown.is_some());
}

fn atom(mark: Mark) -> Atom<'static> {
    Atom::paint(Vec2::splat(MARK), move |ui: &Ui, args: AtomPaintArgs| {
        let (painter, middle) = (ui.painter(), args.rect.center());
        match mark {
            Mark::None | Mark::Switch(false) => {}
            Mark::Switch(true) => {
                icon::paint(painter, Icon::Done, middle, MARK, args.fallback_text_color);
            }
            Mark::Choice(is_on) => {
                let tokens = theme::tokens(ui.ctx());
                painter.circle(middle, 6.5, tokens.page, (1.0, tokens.edge));
                if is_on {
                    painter.circle_filled(middle, 3.5, tokens.accent);
                }
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use eframe::egui::Shape;
    use egui_kittest::Harness;

    /// What is painted for one line: circles by their edges and grounds, and lines of icons.
    fn painted(mark: Mark) -> Vec<Shape> {
        let draw = move |ui: &mut Ui| drop(item_ui(ui, mark, "Line", "", true));
        let mut harness = Harness::new_ui(draw);
        harness.run();
        let shapes = harness.output().shapes.iter();
        let marks = |shape: &Shape| matches!(shape, Shape::Circle(_) | Shape::Path(_));
        shapes
            .map(|clipped| clipped.shape.clone())
            .filter(marks)
            .collect()
    }

    #[test]
    fn marks_are_seen_whether_they_are_on_or_off() {
        let tokens = theme::tokens(&eframe::egui::Context::default());
        let has_edge = |shape: &Shape| matches!(shape, Shape::Circle(circle) if circle.stroke.color == tokens.edge && circle.stroke.width > 0.0);
        let has_dot =
            |shape: &Shape| matches!(shape, Shape::Circle(circle) if circle.fill == tokens.accent);
        let has_tick = |shape: &Shape| matches!(shape, Shape::Path(path) if !path.closed);
        for (mark, edge, dot, tick) in [
            (Mark::None, false, false, false),
            (Mark::Switch(false), false, false, false),
            (Mark::Switch(true), false, false, true),
            (Mark::Choice(false), true, false, false),
            (Mark::Choice(true), true, true, false),
        ] {
            let shapes = painted(mark);
            let found = [
                shapes.iter().any(has_edge),
                shapes.iter().any(has_dot),
                shapes.iter().any(has_tick),
            ];
            assert_eq!(found, [edge, dot, tick], "{shapes:?}");
        }
    }
}
