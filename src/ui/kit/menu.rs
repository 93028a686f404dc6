//! What stands in a menu: lines that do something, switch something, choose one of several, or open
//! further ones. Each has a place for its mark, so that their words begin below each other.

use super::icon::{self, Icon};
use super::speech::tell_opens;
use super::words::hover;
use super::{card, tell, tell_whether};
use crate::ui::theme;
use eframe::egui::accesskit::{HasPopup, Role};
use eframe::egui::containers::menu::{MenuConfig, SubMenuButton};
use eframe::egui::{
    Atom, AtomPaintArgs, Button, Context, Event, Id, Key, LayerId, Order, Plugin, PointerButton,
    Popup, PopupCloseBehavior, Pos2, RawInput, Rect, Response, Ui, Vec2,
};

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
    note(&response, text);
    tell_choice(&response, mark == Mark::Choice(true));
    response
}

/// The menu of what is pressed with the other button. egui places one for each widget of each frame
/// before it asks whether it is open.
pub(crate) fn context_menu_ui(response: &Response, lines: impl FnOnce(&mut Ui)) {
    if response.secondary_clicked() || is_open_at(response) {
        response.context_menu(lines);
    }
}

/// Whether the menu of a widget is open.
pub(crate) fn is_open_at(response: &Response) -> bool {
    Popup::is_id_open(&response.ctx, Popup::default_response_id(response))
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
        note(&response, self.text);
        tell_choice(&response, self.mark == Mark::Choice(true));
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
        hover(response, told.chars().take(1_000).collect::<String>())
    }
}

/// Where a list of choices was opened, and when.
#[derive(Clone, Copy)]
struct Opened {
    layer: LayerId,
    pass: u64,
}

fn opened_id() -> Id {
    Id::unique("list that was opened")
}

/// Within a list of choices that has just opened: the keyboard begins at the one that is chosen, so
/// that Down goes to the next.
pub(super) fn begin_at_choice(ui: &Ui) {
    let (layer, pass) = (ui.layer_id(), ui.ctx().cumulative_pass_nr());
    ui.data_mut(|data| data.insert_temp(opened_id(), Opened { layer, pass }));
}

/// A choice says whether it is the one that is chosen.
pub(super) fn tell_choice(response: &Response, is_chosen: bool) {
    let ctx = &response.ctx;
    let opened: Option<Opened> = ctx.data(|data| data.get_temp(opened_id()));
    // The pass in which it opens may be thrown away.
    let is_new = opened.is_some_and(|opened| {
        opened.layer == response.layer_id && ctx.cumulative_pass_nr() <= opened.pass + 1
    });
    if is_chosen && is_new {
        response.request_focus();
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
    let place = Known::here(ui.ctx());
    let (response, shown) = button.ui(ui, lines);
    note_at(&response, text, place);
    tell_opens(&response, HasPopup::Menu, shown.is_some());
}

/// A press beside a menu or a list of choices that is open closes it and does nothing else, as with
/// those of the system; on another title of the bar it opens that menu.
#[derive(Default)]
struct PressesBeside {
    /// The press was taken away, and what lets go of the button is, too.
    is_held: bool,
}

/// Has presses beside menus do nothing but close them.
pub(crate) fn close_by_presses_beside(ctx: &Context) {
    ctx.add_plugin(PressesBeside::default());
}

impl Plugin for PressesBeside {
    fn debug_name(&self) -> &'static str {
        "presses beside menus"
    }

    fn input_hook(&mut self, ctx: &Context, input: &mut RawInput) {
        input.events.retain(|event| match event {
            Event::PointerButton {
                pos,
                button: PointerButton::Primary,
                pressed: true,
                ..
            } => {
                self.is_held = Popup::is_any_open(ctx) && is_beside(ctx, *pos);
                if self.is_held {
                    Popup::close_all(ctx);
                }
                !self.is_held
            }
            Event::PointerButton {
                button: PointerButton::Primary,
                pressed: false,
                ..
            } => !std::mem::take(&mut self.is_held),
            _ => true,
        });
    }
}

/// Whether a place lies on the page, or on the card that is shown, and not on what floats over it.
fn is_beside(ctx: &Context, at: Pos2) -> bool {
    let under = ctx.layer_id_at(at);
    let card = card::area(ctx);
    let floats =
        under.is_some_and(|layer| layer.order >= Order::Foreground && Some(layer.id) != card);
    let titles: Vec<(Rect, u64)> = ctx.data(|data| data.get_temp(titles_id()).unwrap_or_default());
    let frame = ctx.cumulative_frame_nr();
    let is_title = |(title, seen): &(Rect, u64)| seen + 1 >= frame && title.contains(at);
    !floats && !titles.iter().any(is_title)
}

fn titles_id() -> Id {
    Id::unique("titles of menus")
}

/// Says in each frame that this is the title of a menu in a bar.
pub(crate) fn note_title(title: &Response) {
    let frame = title.ctx.cumulative_frame_nr();
    title.ctx.data_mut(|data| {
        let known: &mut Vec<(Rect, u64)> = data.get_temp_mut_or_default(titles_id());
        known.retain(|(_, seen)| *seen == frame);
        known.push((title.rect, frame));
    });
}

/// The lines of the menus that are open, in the order in which they were drawn.
#[derive(Clone, Default)]
struct Known {
    pass: u64,
    /// A menu was open at the end of the last frame.
    was_open: bool,
    lines: Vec<(LayerId, Id, String)>,
}

impl Known {
    fn with<R>(ctx: &Context, act: impl FnOnce(&mut Self) -> R) -> R {
        let pass = ctx.cumulative_pass_nr();
        ctx.data_mut(|data| {
            let known: &mut Self = data.get_temp_mut_or_default(Id::unique("lines of menus"));
            if known.pass != pass {
                known.pass = pass;
                known.lines.clear();
            }
            act(known)
        })
    }

    /// So many are drawn by now.
    fn here(ctx: &Context) -> usize {
        Self::with(ctx, |known| known.lines.len())
    }
}

pub(super) fn note(response: &Response, text: &str) {
    note_at(response, text, usize::MAX);
}

/// A line that opens others stands before those.
fn note_at(response: &Response, text: &str, place: usize) {
    if response.enabled() {
        let line = (response.layer_id, response.id, text.to_lowercase());
        Known::with(&response.ctx, |known| {
            known.lines.insert(place.min(known.lines.len()), line);
        });
    }
}

/// Goes to the first and the last line of the menu that was opened last, and to the next one that begins
/// with a letter. At the end of a frame; Up and Down are heard by the menus themselves.
pub(crate) fn keys_ui(ctx: &Context) {
    let is_open = Popup::is_any_open(ctx);
    let (lines, was_open) = Known::with(ctx, |known| {
        let was_open = std::mem::replace(&mut known.was_open, is_open);
        (known.lines.clone(), was_open)
    });
    if was_open && !is_open {
        // What had the keyboard takes it again.
        ctx.request_repaint();
    }
    if lines.is_empty() || ctx.text_edit_focused() || !is_open {
        return;
    }
    let focused = ctx.memory(|memory| memory.focused());
    // The menu that the keyboard is in, or the innermost, whose first line came last.
    let own = lines.iter().find(|(_, id, _)| Some(*id) == focused);
    let mut layers: Vec<LayerId> = Vec::new();
    for (layer, ..) in &lines {
        if !layers.contains(layer) {
            layers.push(*layer);
        }
    }
    let Some(layer) = own.map(|(layer, ..)| *layer).or(layers.last().copied()) else {
        return;
    };
    let lines: Vec<_> = lines.iter().filter(|line| line.0 == layer).collect();
    let here = lines.iter().position(|(_, id, _)| Some(*id) == focused);
    let goes_to = ctx.input(|input| {
        input.events.iter().find_map(|event| match event {
            Event::Key {
                key: Key::Home,
                pressed: true,
                ..
            } => lines.first(),
            Event::Key {
                key: Key::End,
                pressed: true,
                ..
            } => lines.last(),
            Event::Text(typed) => {
                let typed = typed.to_lowercase();
                let from = here.map_or(0, |here| here + 1);
                let (before, after) = lines.split_at_checked(from)?;
                let mut round = after.iter().chain(before);
                round.find(|(.., text)| text.starts_with(&typed))
            }
            _ => None,
        })
    });
    if let Some((_, id, _)) = goes_to {
        ctx.memory_mut(|memory| memory.request_focus(*id));
        ctx.request_repaint();
    }
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
        let tokens = theme::tokens(&Context::default());
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
