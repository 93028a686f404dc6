//! How a label is drawn: its tint, and its underline as in the text.

use crate::core::codebook::Underline;
use crate::ui::theme::Tokens;
use eframe::egui::{Color32, Mesh, Rect, Shape, Ui, pos2};

/// A label's tint and underline, small. What it stands beside says its name.
pub(crate) fn swatch(ui: &Ui, rect: Rect, color: Color32, style: &Underline, tokens: &Tokens) {
    let painter = ui.painter();
    painter.rect_filled(rect, 2.0, tokens.chosen_tint(color));
    let mut mesh = Mesh::default();
    let y = rect.bottom() - 2.0;
    underline(&mut mesh, style, rect.left()..=rect.right(), y, color, 2.0);
    painter.add(Shape::mesh(mesh));
}

/// An underline as quads: no stroke is tessellated, however many dots it has.
pub(crate) fn underline(
    mesh: &mut Mesh,
    style: &Underline,
    across: std::ops::RangeInclusive<f32>,
    y: f32,
    color: Color32,
    thick: f32,
) {
    let (&left, &right) = (across.start(), across.end());
    // Growing with each quad costs as much as drawing them.
    let quads = match style {
        Underline::Solid | Underline::Later(_) => 1.0,
        Underline::Double => 2.0,
        Underline::Dashed => (right - left) / 9.0 + 1.0,
        Underline::Dotted => (right - left) / 4.0 + 1.0,
        Underline::Wavy => (right - left) / 2.0 + 2.0,
    };
    mesh.reserve_vertices(4 * quads.max(0.0) as usize);
    mesh.reserve_triangles(2 * quads.max(0.0) as usize);
    let mut quad = |x: f32, y: f32, width: f32, height: f32| {
        let end = (x + width).min(right);
        if end > x {
            mesh.add_colored_rect(Rect::from_min_max(pos2(x, y), pos2(end, y + height)), color);
        }
    };
    let mut repeat = |width: f32, period: f32, offset: f32, height: f32, start: f32| {
        let mut x = left + start;
        while x < right {
            quad(x, y + offset, width, height);
            x += period;
        }
    };
    match style {
        Underline::Solid | Underline::Later(_) => {
            repeat(right - left, f32::INFINITY, 0.0, thick, 0.0);
        }
        Underline::Dashed => repeat(6.0, 9.0, 0.0, thick, 0.0),
        Underline::Dotted => repeat(2.0, 4.0, 0.0, thick, 0.0),
        Underline::Double => {
            repeat(right - left, f32::INFINITY, -1.0, 1.0, 0.0);
            repeat(right - left, f32::INFINITY, 1.0, 1.0, 0.0);
        }
        Underline::Wavy => {
            repeat(2.0, 4.0, 0.0, 1.2, 0.0);
            repeat(2.0, 4.0, 1.2, 1.2, 2.0);
        }
    }
}
