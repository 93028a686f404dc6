//! Icons: paths on a grid of 16, stroked in the colour of the text beside them, and a button with
//! nothing but one.
//!
//! What an icon says is said in words, too: by the widget that paints it, as its name.

use super::speech::tell_opens;
use super::{hint, tell, tell_whether};
use crate::ui::theme::{CONTROL_HEIGHT, Tokens};
use eframe::egui::accesskit::{HasPopup, Role};
use eframe::egui::{
    Color32, Painter, Popup, PopupCloseBehavior, Pos2, Response, Sense, Shape, Stroke, StrokeKind,
    Ui, Vec2, pos2, vec2,
};
use std::sync::LazyLock;

/// The grid that the paths stand on, and how wide their lines are on it.
const GRID: f32 = 16.0;
const LINE: f32 = 1.5;

macro_rules! icons {
    ($($name:ident => $path:literal,)*) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Icon {
            $($name,)*
        }

        #[cfg(test)]
        impl Icon {
            const ALL: &[Self] = &[$(Self::$name,)*];
        }

        /// As SVG has them; a star before those that are filled.
        const PATHS: &[&str] = &[$($path,)*];
    };
}

icons! {
    New => "M8 3.25a4.75 4.75 0 1 0 0 9.5a4.75 4.75 0 1 0 0-9.5z",
    Progress => "M8 3.25a4.75 4.75 0 1 0 0 9.5a4.75 4.75 0 1 0 0-9.5z M8 4v8 M9.5 4.5v7 M11 5.5v5",
    Done => "M3 8.5l3.5 3.5L13 4.5",
    Flag => "M4.5 14V2.75h8L10.25 6l2.25 3.25h-8",
    Nothing => "M8 3.25a4.75 4.75 0 1 0 0 9.5a4.75 4.75 0 1 0 0-9.5z M5.5 8h5",
    Copies => "M5.75 5.75h7.5v7.5h-7.5z M10.25 5.5V2.75h-7.5v7.5H5.5",
    Search => "M7 2.75a4.25 4.25 0 1 0 0 8.5a4.25 4.25 0 1 0 0-8.5z M10.25 10.25L13.75 13.75",
    Filter => "M2.5 4.25h11 M4.75 8h6.5 M6.75 11.75h2.5",
    Sort => "M4.75 3v9.5 M2.25 10l2.5 2.75L7.25 10 M9 4.25h5 M9 8h4 M9 11.75h2.5",
    Down => "M3.75 6L8 10.25L12.25 6",
    Up => "M3.75 10.25L8 6L12.25 10.25",
    Left => "M10 3.75L5.75 8L10 12.25",
    Right => "M6 3.75L10.25 8L6 12.25",
    Close => "M4 4l8 8 M12 4l-8 8",
    Plus => "M8 3v10 M3 8h10",
    More => "*M2.5 7h2v2h-2z M7 7h2v2H7z M11.5 7h2v2h-2z",
    Grip => "*M5.5 3.5h1.5v1.5H5.5z M9 3.5h1.5v1.5H9z M5.5 7.25h1.5v1.5H5.5z M9 7.25h1.5v1.5H9z M5.5 11h1.5v1.5H5.5z M9 11h1.5v1.5H9z",
    Note => "M3 2.75h10v7.5l-3 3H3z M9.75 13v-3H13",
    Link => "M3.75 10.25a2 2 0 1 0 0 4a2 2 0 1 0 0-4z M12.25 1.75a2 2 0 1 0 0 4a2 2 0 1 0 0-4z M5.25 10.75L10.75 5.25",
    Person => "M8 2.5a2.75 2.75 0 1 0 0 5.5a2.75 2.75 0 1 0 0-5.5z M2.75 14c.25-2.75 2.5-4 5.25-4s5 1.25 5.25 4",
    Org => "M3.25 13.75V4.5L8 2.25l4.75 2.25v9.25z M6.5 13.5V10h3v3.5 M6.25 6.5h.5 M9.25 6.5h.5",
    Date => "M2.75 4h10.5v9.25H2.75z M2.75 7h10.5 M5.5 2.25V4 M10.5 2.25V4",
    Undo => "M6 2.75L2.75 6L6 9.25 M3 6h6.25a3.5 3.5 0 0 1 0 7H6",
    Warn => "M8 2.5L14.25 13.25H1.75z M8 6.5v3.25 M8 11v1",
    Merge => "M3.75 2.5v2c0 3.5 4.25 3 4.25 6.5v2.75 M12.25 2.5v2c0 3.5-4.25 3-4.25 6.5",
    Export => "M8 10V2.75 M5 5.5l3-3l3 3 M2.75 9.5v3.75h10.5V9.5",
    Trash => "M3 4.25h10 M6 4V2.75h4V4 M4.25 4.5l.75 8.75h6l.75-8.75",
    Panel => "M2.5 3.25h11v9.5h-11z M6.25 3.5v9",
    PanelAtRight => "M2.5 3.25h11v9.5h-11z M9.75 3.5v9",
    Columns => "M2.5 3.25h11v9.5h-11z M6.25 3.5v9 M9.75 3.5v9",
    Menu => "M2.5 4.25h11 M2.5 8h11 M2.5 11.75h11",
    Rule => "M2 8c1.5-2.75 3.5-4 6-4s4.5 1.25 6 4c-1.5 2.75-3.5 4-6 4S3.5 10.75 2 8z M8 6.25a1.75 1.75 0 1 0 0 3.5a1.75 1.75 0 1 0 0-3.5z",
}

/// The lines of a path, curves as short ones.
#[derive(Clone, Debug, Default)]
struct Drawing {
    is_filled: bool,
    /// Points, and whether the last is joined to the first.
    lines: Vec<(Vec<Pos2>, bool)>,
}

static DRAWINGS: LazyLock<Vec<Drawing>> =
    LazyLock::new(|| PATHS.iter().map(|path| drawing(path)).collect());

/// Paints it in a square about a middle.
pub(crate) fn paint(painter: &Painter, icon: Icon, middle: Pos2, size: f32, color: Color32) {
    let Some(drawing) = DRAWINGS.get(icon as usize) else {
        return;
    };
    let scale = size / GRID;
    let corner = middle - Vec2::splat(size / 2.0);
    let stroke = Stroke::new(LINE * scale, color);
    painter.extend(drawing.lines.iter().map(|(points, is_closed)| {
        let points = points.iter().map(|at| corner + at.to_vec2() * scale);
        let points: Vec<Pos2> = points.collect();
        if drawing.is_filled {
            Shape::convex_polygon(points, color, Stroke::NONE)
        } else if *is_closed {
            Shape::closed_line(points, stroke)
        } else {
            Shape::line(points, stroke)
        }
    }));
}

/// A button that shows an icon and says its name; quiet until the pointer or the keyboard is at it.
pub(crate) fn icon_button_ui(ui: &mut Ui, icon: Icon, name: &str, tokens: &Tokens) -> Response {
    let response = drawn_ui(ui, icon, name, Sense::click(), tokens);
    hint(response, || name.to_owned())
}

/// The same with more to tell than its name.
pub(crate) fn told_icon_button_ui(
    ui: &mut Ui,
    icon: Icon,
    (name, help): (&str, &str),
    tokens: &Tokens,
) -> Response {
    let response = drawn_ui(ui, icon, name, Sense::click(), tokens);
    hint(response, || help.to_owned())
}

/// The same beside a field that does by keys what it does: it is no stop on the way of Tab.
pub(crate) fn icon_aside_ui(
    ui: &mut Ui,
    icon: Icon,
    (name, help): (&str, &str),
    tokens: &Tokens,
) -> Response {
    let response = drawn_ui(ui, icon, name, Sense::CLICK, tokens);
    hint(response, || help.to_owned())
}

fn drawn_ui(ui: &mut Ui, icon: Icon, name: &str, sense: Sense, tokens: &Tokens) -> Response {
    let (rect, response) = ui.allocate_exact_size(Vec2::splat(CONTROL_HEIGHT), sense);
    tell(&response, Role::Button, name);
    button_ground(ui, &response, false, tokens);
    let color = if response.enabled() {
        tokens.ink
    } else {
        tokens.dim
    };
    paint(ui.painter(), icon, rect.center(), GRID, color);
    response
}

/// The same for what it switches on and off, with more to tell than its name.
pub(crate) fn icon_switch_ui(
    ui: &mut Ui,
    icon: Icon,
    (name, help): (&str, &str),
    is_on: bool,
    tokens: &Tokens,
) -> Response {
    let (rect, response) = ui.allocate_exact_size(Vec2::splat(CONTROL_HEIGHT), Sense::click());
    tell_whether(&response, Role::Switch, name, is_on);
    button_ground(ui, &response, is_on, tokens);
    paint(ui.painter(), icon, rect.center(), GRID, tokens.ink);
    hint(response, || help.to_owned())
}

/// The same for what opens a menu.
pub(crate) fn icon_menu_ui(
    ui: &mut Ui,
    icon: Icon,
    name: &str,
    tokens: &Tokens,
    menu: impl FnOnce(&mut Ui),
) -> Response {
    menu_ui(icon_button_ui(ui, icon, name, tokens), name, false, menu)
}

/// The same where several things are switched: it stays until a click beside it.
pub(crate) fn icon_staying_menu_ui(
    ui: &mut Ui,
    icon: Icon,
    name: &str,
    tokens: &Tokens,
    menu: impl FnOnce(&mut Ui),
) -> Response {
    menu_ui(icon_button_ui(ui, icon, name, tokens), name, true, menu)
}

fn menu_ui(button: Response, name: &str, stays: bool, menu: impl FnOnce(&mut Ui)) -> Response {
    let mut popup = Popup::menu(&button);
    if stays {
        popup = popup.close_behavior(PopupCloseBehavior::CloseOnClickOutside);
    }
    let is_open = popup.is_open();
    tell_opens(&button, HasPopup::Menu, is_open);
    popup.accessible_name(name).show(menu);
    button
}

/// The same for what opens something that is used for a while: it stays until a click beside it, or
/// until it closes itself.
pub(crate) fn icon_pane_ui(
    ui: &mut Ui,
    icon: Icon,
    name: &str,
    tokens: &Tokens,
    pane: impl FnOnce(&mut Ui),
) -> Response {
    let response = icon_button_ui(ui, icon, name, tokens);
    let popup = Popup::from_toggle_button_response(&response)
        .close_behavior(PopupCloseBehavior::CloseOnClickOutside);
    let is_open = popup.is_open();
    tell_opens(&response, HasPopup::Dialog, is_open);
    popup.accessible_name(name).show(pane);
    response
}

fn button_ground(ui: &Ui, response: &Response, is_on: bool, tokens: &Tokens) {
    let painter = ui.painter();
    if is_on || response.is_pointer_button_down_on() {
        painter.rect_filled(response.rect, 6.0, tokens.chosen);
    } else if response.hovered() {
        painter.rect_filled(response.rect, 6.0, tokens.hover);
    }
    if is_on {
        let edge = Stroke::new(1.0, tokens.edge);
        painter.rect_stroke(response.rect, 6.0, edge, StrokeKind::Inside);
    }
}

/// Reads a path: `M m L l H h V v C c S s A a Z z`, arcs as whole numbers of quarters.
fn drawing(path: &str) -> Drawing {
    let mut drawing = Drawing::default();
    let mut rest = path;
    if let Some(filled) = path.strip_prefix('*') {
        drawing.is_filled = true;
        rest = filled;
    }
    let mut numbers: Vec<f32> = Vec::new();
    let mut pen = Pen::default();
    while let Some(letter) = rest.chars().next() {
        rest = rest.trim_start_matches(letter);
        let end = rest.find(char::is_alphabetic).unwrap_or(rest.len());
        let (found, further) = rest.split_at(end);
        rest = further;
        numbers.clear();
        read_numbers(found, &mut numbers);
        pen.draw(letter, &numbers, &mut drawing.lines);
    }
    pen.lift(&mut drawing.lines);
    drawing
}

/// Numbers as SVG writes them: a sign or a second point begins the next one.
fn read_numbers(text: &str, numbers: &mut Vec<f32>) {
    let mut number = String::new();
    for c in text.chars().chain([' ']) {
        let begins = c == '-' || c == ' ' || c == ',' || (c == '.' && number.contains('.'));
        if begins {
            numbers.extend(number.parse::<f32>());
            number.clear();
        }
        if c == '-' || c == '.' || c.is_ascii_digit() {
            number.push(c);
        }
    }
}

#[derive(Default)]
struct Pen {
    at: Pos2,
    /// The second handle of the curve before.
    handle: Pos2,
    points: Vec<Pos2>,
}

impl Pen {
    /// So many short lines stand for a curve, and for a quarter of a circle.
    const STEPS: u8 = 8;

    fn lift(&mut self, lines: &mut Vec<(Vec<Pos2>, bool)>) {
        if self.points.len() > 1 {
            lines.push((std::mem::take(&mut self.points), false));
        }
        self.points.clear();
    }

    fn to(&mut self, at: Pos2) {
        self.at = at;
        self.handle = at;
        self.points.push(at);
    }

    fn draw(&mut self, letter: char, numbers: &[f32], lines: &mut Vec<(Vec<Pos2>, bool)>) {
        let is_relative = letter.is_lowercase();
        let from = |pen: &Self, x: f32, y: f32| {
            let at = pos2(x, y);
            if is_relative {
                pen.at + at.to_vec2()
            } else {
                at
            }
        };
        match letter.to_ascii_uppercase() {
            'M' => {
                self.lift(lines);
                self.pairs(numbers, from);
            }
            'L' => self.pairs(numbers, from),
            'H' => {
                for x in numbers {
                    let start = if is_relative { self.at.x } else { 0.0 };
                    self.to(pos2(start + x, self.at.y));
                }
            }
            'V' => {
                for y in numbers {
                    let start = if is_relative { self.at.y } else { 0.0 };
                    self.to(pos2(self.at.x, start + y));
                }
            }
            'C' => {
                for six in numbers.as_chunks::<6>().0 {
                    let [ax, ay, bx, by, x, y] = *six;
                    let (a, b) = (from(self, ax, ay), from(self, bx, by));
                    let end = from(self, x, y);
                    self.curve(a, b, end);
                }
            }
            'S' => {
                for four in numbers.as_chunks::<4>().0 {
                    let [bx, by, x, y] = *four;
                    let a = self.at + (self.at - self.handle);
                    let (b, end) = (from(self, bx, by), from(self, x, y));
                    self.curve(a, b, end);
                }
            }
            'A' => {
                for seven in numbers.as_chunks::<7>().0 {
                    let [radius, _, _, _, sweep, x, y] = *seven;
                    let end = from(self, x, y);
                    self.half_circle(radius, end, sweep > 0.5);
                }
            }
            'Z' if self.points.len() > 1 => {
                let points = std::mem::take(&mut self.points);
                if let Some(first) = points.first() {
                    self.at = *first;
                }
                lines.push((points, true));
            }
            _ => {}
        }
    }

    fn pairs(&mut self, numbers: &[f32], from: impl Fn(&Self, f32, f32) -> Pos2) {
        for pair in numbers.as_chunks::<2>().0 {
            let [x, y] = *pair;
            let at = from(self, x, y);
            self.to(at);
        }
    }

    fn curve(&mut self, a: Pos2, b: Pos2, end: Pos2) {
        let start = self.at;
        for step in 1..=Self::STEPS {
            let t = f32::from(step) / f32::from(Self::STEPS);
            let (u, v) = (start.lerp(a, t), a.lerp(b, t));
            let (v, w) = (u.lerp(v, t), v.lerp(b.lerp(end, t), t));
            self.to(v.lerp(w, t));
        }
        self.handle = b;
    }

    /// Half a circle, which is all that the icons have.
    fn half_circle(&mut self, radius: f32, end: Pos2, is_clockwise: bool) {
        let middle = self.at.lerp(end, 0.5);
        let spoke = (self.at - middle).normalized() * radius;
        let turn = if is_clockwise { 1.0 } else { -1.0 };
        for step in 1..=2 * Self::STEPS {
            let angle = turn * std::f32::consts::PI * f32::from(step) / f32::from(2 * Self::STEPS);
            let (sin, cos) = angle.sin_cos();
            let at = vec2(spoke.x * cos - spoke.y * sin, spoke.x * sin + spoke.y * cos);
            self.to(middle + at);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_icon_is_drawn_on_its_grid() {
        assert_eq!(Icon::ALL.len(), 32);
        for icon in Icon::ALL {
            let drawing = &DRAWINGS[*icon as usize];
            assert!(!drawing.lines.is_empty(), "{icon:?} is empty");
            for (points, _) in &drawing.lines {
                assert!(points.len() > 1, "{icon:?}");
                for at in points {
                    let inside = 1.0..=15.0;
                    assert!(
                        inside.contains(&at.x) && inside.contains(&at.y),
                        "{icon:?}: {at:?}"
                    );
                }
            }
        }
        for (place, icon) in Icon::ALL.iter().enumerate() {
            let same = PATHS.iter().filter(|path| **path == PATHS[*icon as usize]);
            assert_eq!((place, same.count()), (*icon as usize, 1), "{icon:?}");
        }
    }

    #[test]
    fn paths_are_read_as_svg_has_them() {
        let lines = |path: &str| drawing(path).lines;
        assert_eq!(lines("M4 4l8 8 M12 4l-8 8").len(), 2);
        let square = &lines("M2 2h4v4h-4z")[0];
        assert!(square.1);
        assert_eq!(
            square.0,
            [
                pos2(2.0, 2.0),
                pos2(6.0, 2.0),
                pos2(6.0, 6.0),
                pos2(2.0, 6.0)
            ]
        );
        assert_eq!(
            lines("M9 3.5l3-3l.25.5")[0].0.last(),
            Some(&pos2(12.25, 1.0))
        );
        let circle = &lines("M8 3.25a4.75 4.75 0 1 0 0 9.5a4.75 4.75 0 1 0 0-9.5z")[0].0;
        for at in circle {
            assert!((at.distance(pos2(8.0, 8.0)) - 4.75).abs() < 0.01, "{at:?}");
        }
        assert!(circle[8].x < 8.0, "counterclockwise");
        let curve = &lines("M0 0C0 8 8 8 8 0")[0].0;
        assert_eq!(curve.len(), 9);
        assert!((curve[4].y - 6.0).abs() < 0.01);
        assert!(drawing("*M2 7h2v2h-2z").is_filled);
    }
}
