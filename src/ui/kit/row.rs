//! One row of a list: its ground, and its name.

use super::icon::{self, Icon};
use super::letters;
use super::{tell, tell_lazily, tell_whether};
use crate::ui::theme::{KEY_HEIGHT, SMALL, Tokens};
use eframe::egui::accesskit::{Role, Toggled};
use eframe::egui::text::{LayoutJob, TextFormat, TextWrapping};
use eframe::egui::{
    Align, Align2, Color32, FontId, Galley, Id, Layout, Painter, Pos2, Rect, Response, Sense,
    StrokeKind, Ui, UiBuilder, vec2,
};
use std::sync::Arc;

/// How the ground of a row shows what becomes of it.
#[derive(Clone, Copy)]
pub(crate) struct Ground {
    radius: f32,
    /// The current row has a bar at its left.
    has_bar: bool,
}

impl Ground {
    /// From edge to edge of its panel; the current one has a bar.
    pub(crate) const IN_PANEL: Self = Self {
        radius: 0.0,
        has_bar: true,
    };

    /// Painted before what stands on it.
    pub(crate) fn paint(
        self,
        ui: &Ui,
        rect: Rect,
        row: RowState,
        is_hovered: bool,
        tokens: &Tokens,
    ) {
        if !(row.is_chosen || row.is_ticked || row.has_ring || is_hovered) {
            return;
        }
        let painter = ui.painter().with_clip_rect(rect.intersect(ui.clip_rect()));
        if row.is_ticked {
            painter.rect_filled(rect, self.radius, tokens.selection);
        } else if row.is_chosen {
            painter.rect_filled(rect, self.radius, tokens.chosen);
        } else if is_hovered {
            painter.rect_filled(rect, self.radius, tokens.hover);
        }
        if row.is_chosen && self.has_bar {
            let bar = Rect::from_min_size(rect.min, vec2(3.0, rect.height()));
            painter.rect_filled(bar, 0.0, tokens.accent);
        }
        if row.has_ring {
            painter.rect_stroke(rect, self.radius, tokens.focus(), StrokeKind::Inside);
        }
    }
}

/// How a row stands.
#[derive(Clone, Copy, Default)]
pub(crate) struct RowState {
    pub(crate) is_chosen: bool,
    /// It is one of several that something is about to be done to.
    pub(crate) is_ticked: bool,
    /// The keyboard is at it.
    pub(crate) has_ring: bool,
}

/// A row's place, named for whoever listens; its ground is painted.
pub(crate) fn row_ui(
    ui: &mut Ui,
    height: f32,
    ground: Ground,
    row: RowState,
    name: impl Fn() -> String,
    tokens: &Tokens,
) -> (Rect, Response) {
    let size = vec2(ui.available_width(), height);
    // The list is one stop for Tab, and not each of its rows.
    let (rect, response) = ui.allocate_exact_size(size, Sense::CLICK);
    let is_selected = row.is_chosen || row.is_ticked;
    tell_lazily(&response, Role::ListItem, name);
    ui.ctx()
        .accesskit_node_builder(response.id, |node| node.set_selected(is_selected));
    ground.paint(ui, rect, row, response.hovered(), tokens);
    (rect, response)
}

/// A row that does something when it is pressed, and is not chosen; whoever paints its ground.
pub(crate) fn pressed_row_ui(ui: &mut Ui, height: f32, name: &str) -> (Rect, Response) {
    let size = vec2(ui.available_width(), height);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    tell(&response, Role::Button, name);
    (rect, response)
}

/// The heading of a group of rows, which shows and hides them; whoever calls paints its words. Where
/// its mark stands is said from its left edge.
pub(crate) fn group_row_ui(
    ui: &mut Ui,
    (height, inset): (f32, f32),
    row: RowState,
    name: &str,
    is_folded: bool,
    tokens: &Tokens,
) -> (Rect, Response) {
    let size = vec2(ui.available_width(), height);
    // The list is one stop for Tab, and not each of its rows.
    let (rect, response) = ui.allocate_exact_size(size, Sense::CLICK);
    tell(&response, Role::Button, name);
    ui.ctx()
        .accesskit_node_builder(response.id, |node| node.set_expanded(!is_folded));
    Ground::IN_PANEL.paint(ui, rect, row, response.hovered(), tokens);
    let painter = ui.painter().with_clip_rect(rect.intersect(ui.clip_rect()));
    painter.hline(rect.x_range(), rect.bottom() - 0.5, (1.0, tokens.line));
    let mark = if is_folded { Icon::Right } else { Icon::Down };
    let at = Pos2::new(rect.left() + inset, rect.center().y);
    icon::paint(&painter, mark, at, 14.0, tokens.ink);
    (rect, response)
}

/// A row of a tree: how deep it is, and whether what lies below it is shown, where something does.
/// Whoever calls paints it and its ground. Like all rows it is no stop for Tab.
pub(crate) fn tree_row_ui(
    ui: &mut Ui,
    height: f32,
    name: &str,
    depth: usize,
    is_open: Option<bool>,
) -> (Rect, Response) {
    let size = vec2(ui.available_width(), height);
    let (rect, response) = ui.allocate_exact_size(size, Sense::CLICK);
    tell(&response, Role::TreeItem, name);
    ui.ctx().accesskit_node_builder(response.id, |node| {
        node.set_level(depth);
        if let Some(is_open) = is_open {
            node.set_expanded(is_open);
        }
    });
    (rect, response)
}

/// A switch within a row, which whoever calls paints. Its list has a key that does the same.
pub(crate) fn switch_ui(ui: &Ui, rect: Rect, id: Id, name: &str, is_on: bool) -> Response {
    let response = ui.interact(rect, id, Sense::CLICK);
    tell_whether(&response, Role::Switch, name, is_on);
    response
}

/// How many of several are ticked.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ticked {
    None,
    Some,
    All,
}

impl Ticked {
    pub(crate) fn of(ticked: usize, all: usize) -> Self {
        match ticked {
            0 => Self::None,
            ticked if ticked >= all => Self::All,
            _ => Self::Some,
        }
    }
}

/// The box of several, which ticks all of them or none.
pub(crate) fn ticks_ui(
    ui: &Ui,
    rect: Rect,
    id: Id,
    sense: Sense,
    name: &str,
    ticked: Ticked,
    tokens: &Tokens,
) -> Response {
    let response = ui.interact(rect, id, sense);
    tell_whether(&response, Role::CheckBox, name, ticked == Ticked::All);
    let painter = ui.painter().with_clip_rect(rect.intersect(ui.clip_rect()));
    match ticked {
        Ticked::Some => {
            ui.ctx()
                .accesskit_node_builder(response.id, |node| node.set_toggled(Toggled::Mixed));
            part_box(&painter, rect.center(), tokens);
        }
        _ => tick_box(&painter, rect.center(), ticked == Ticked::All, tokens),
    }
    response
}

/// The box of a row that can be one of several.
pub(crate) fn tick_box(painter: &Painter, middle: Pos2, is_ticked: bool, tokens: &Tokens) {
    let rect = Rect::from_center_size(middle, vec2(16.0, 16.0));
    let (fill, edge) = if is_ticked {
        (tokens.accent, tokens.accent)
    } else {
        (tokens.page, tokens.edge)
    };
    painter.rect(rect, 3.0, fill, (1.0, edge), StrokeKind::Inside);
    if is_ticked {
        icon::paint(painter, Icon::Done, middle, 14.0, tokens.on_accent);
    }
}

/// The box of what holds some that are ticked and others that are not.
pub(crate) fn part_box(painter: &Painter, middle: Pos2, tokens: &Tokens) {
    let rect = Rect::from_center_size(middle, vec2(16.0, 16.0));
    let edge = (1.0, tokens.accent);
    painter.rect(rect, 3.0, tokens.page, edge, StrokeKind::Inside);
    let dash = Rect::from_center_size(middle, vec2(8.0, 2.0));
    painter.rect_filled(dash, 0.0, tokens.accent);
}

/// A key as it is printed, on a small cap around a point.
pub(crate) fn key_cap(painter: &Painter, middle: Pos2, key: &str, tokens: &Tokens) {
    cap(painter, Align2::CENTER_CENTER, middle, key, tokens);
}

/// The same before a point; says where it begins.
pub(crate) fn key_cap_before(painter: &Painter, end: Pos2, key: &str, tokens: &Tokens) -> f32 {
    cap(painter, Align2::RIGHT_CENTER, end, key, tokens).left()
}

fn cap(painter: &Painter, side: Align2, at: Pos2, key: &str, tokens: &Tokens) -> Rect {
    let text = line(painter, key, FontId::proportional(SMALL), tokens.dim, 160.0);
    let width = (text.size().x + 10.0).max(20.0);
    let rect = side.anchor_size(at, vec2(width, KEY_HEIGHT));
    let edge = (1.0, tokens.line);
    painter.rect(rect, 4.0, tokens.page, edge, StrokeKind::Inside);
    painter.galley(rect.center() - text.size() / 2.0, text, tokens.dim);
    rect
}

/// What stands at the right end of a line, in the order in which it is read, which is that of Tab. Where
/// it begins follows from how wide it was; that is the answer.
pub(crate) fn at_end_ui(ui: &mut Ui, name: &str, add: impl FnOnce(&mut Ui)) -> f32 {
    let id = ui.scope_id().with(("at the end", name));
    let known: f32 = ui.data(|data| data.get_temp(id)).unwrap_or(0.0);
    let room = ui.available_rect_before_wrap();
    let from = (room.right() - known).max(room.left());
    let inside = UiBuilder::new()
        .max_rect(room.with_min_x(from))
        .layout(Layout::left_to_right(Align::Center));
    let shown = ui.scope_builder(inside, |ui| {
        add(ui);
        ui.min_rect().width()
    });
    let width = shown.inner;
    if (width - known).abs() > 0.5 {
        ui.data_mut(|data| data.insert_temp(id, width));
        ui.ctx()
            .request_discard("what stands at the end has another width");
    }
    from
}

/// How wide a name is that is the same in every frame: it is measured once.
pub(crate) fn name_width(ui: &Ui, name: &str, font: FontId) -> f32 {
    let scale = ui.ctx().pixels_per_point().to_bits();
    let id = Id::unique(("width of a name", name, &font, scale));
    if let Some(known) = ui.data(|data| data.get_temp(id)) {
        return known;
    }
    let ink = Color32::PLACEHOLDER;
    let width = line(ui.painter(), name, font, ink, f32::INFINITY).size().x;
    ui.data_mut(|data| data.insert_temp(id, width));
    width
}

/// More letters than are seen on a line so wide.
pub(crate) fn letters_in(width: f32) -> usize {
    /// Fewer letters are narrower than wide.
    const NARROW: f32 = 4.0;
    const LEAST: usize = 300;
    if width.is_finite() {
        LEAST.max((width / NARROW) as usize)
    } else {
        LEAST
    }
}

/// One line of text, cut with an ellipsis where the room ends.
pub(crate) fn line(
    painter: &Painter,
    text: &str,
    font: FontId,
    color: Color32,
    width: f32,
) -> Arc<Galley> {
    let end = text.char_indices().nth(letters_in(width));
    let Some((end, _)) = end else {
        return fitting(painter, text.replace('\n', " "), font, color, width);
    };
    let start = text.get(..end).unwrap_or_default().replace('\n', " ");
    let mut galley = fitting(painter, format!("{start}…"), font, color, width);
    if !galley.elided {
        Arc::make_mut(&mut galley).elided = true;
    }
    galley
}

/// A line without breaks, cut with an ellipsis where the room ends.
fn fitting(
    painter: &Painter,
    text: String,
    font: FontId,
    color: Color32,
    width: f32,
) -> Arc<Galley> {
    if letters::needs_setting(&text) {
        // Letters of another face stand on the line of the Latin ones, and no line is higher for them.
        let height = painter.fonts_mut(|fonts| fonts.row_height(&font));
        let format = TextFormat {
            line_height: Some(height),
            ..TextFormat::simple(font.clone(), color)
        };
        if let Some(job) = letters::line(painter.ctx(), &text, &format, width) {
            let mut galley = painter.layout_job(job);
            // It was cut before egui had it.
            let dots = |text: &str| text.matches('…').count();
            let is_shorter = galley.text().chars().count() < text.chars().count();
            if is_shorter || dots(galley.text()) > dots(&text) {
                Arc::make_mut(&mut galley).elided = true;
            }
            return galley;
        }
    }
    let mut job = LayoutJob::simple_singleline(text, font, color);
    job.wrap = TextWrapping::truncate_at_width(width);
    painter.layout_job(job)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::theme;
    use eframe::egui::{Context, RawInput};

    /// Where the letters of a line stand, and how high it is.
    fn set(ui: &Ui, text: &str) -> (Vec<f32>, f32) {
        let font = FontId::proportional(14.0);
        let galley = line(ui.painter(), text, font, Color32::BLACK, 300.0);
        let glyphs = galley.rows.iter().flat_map(|row| row.glyphs.iter());
        (glyphs.map(|glyph| glyph.pos.y).collect(), galley.size().y)
    }

    #[test]
    fn a_line_that_was_cut_says_so() {
        let ctx = Context::default();
        theme::install_fonts(&ctx);
        let mut output = ctx.run_ui(RawInput::default(), |ui| {
            for (text, end) in [("i", "…"), ("ל", "…")] {
                let font = FontId::proportional(4.0);
                let long = text.repeat(4_000);
                let galley = line(ui.painter(), &long, font, Color32::BLACK, 3_000.0);
                assert!(galley.elided && galley.text().contains(end), "{text}");
            }
            for text in ["Harbour bridge", "לא נעלה מסים", "הנמל… Daily"] {
                for (width, expected) in [(30.0, true), (300.0, false)] {
                    let font = FontId::proportional(14.0);
                    let galley = line(ui.painter(), text, font, Color32::BLACK, width);
                    assert_eq!(galley.elided, expected, "{text} in {width}");
                }
            }
        });
        output.textures_delta.clear();
    }

    #[test]
    fn lines_of_every_script_are_as_high_and_have_one_baseline() {
        let ctx = Context::default();
        theme::install_fonts(&ctx);
        let mut output = ctx.run_ui(RawInput::default(), |ui| {
            let (latin, height) = set(ui, "Harbour");
            for text in ["لن ترفع الضرائب", "לא נעלה מסים", "شركة Gazprom Neft"]
            {
                let (found, found_height) = set(ui, text);
                assert!(
                    (found_height - height).abs() < 1.0,
                    "{text}: {found_height}"
                );
                for at in found {
                    // To a rounded point.
                    assert!((at - latin[0]).abs() <= 1.0, "{text}: {at} {latin:?}");
                }
            }
        });
        output.textures_delta.clear();
    }
}
