//! How a label is drawn: its tint, and its underline as in the text.
//!
//! An underline of many dots is one quad, on which a small picture of them repeats: as quads of their own
//! they would be most of what a page draws.

use super::quads::{quads_in, with_room};
use crate::core::codebook::Underline;
use crate::ui::theme::Tokens;
use eframe::egui::util::IdTypeMap;
use eframe::egui::{
    Color32, ColorImage, Context, Id, Mesh, Painter, Rect, Shape, TextureFilter, TextureHandle,
    TextureId, TextureOptions, TextureWrapMode, Ui, pos2,
};
use std::ops::RangeInclusive;

/// A label's tint and underline, small. What it stands beside says its name.
pub(crate) fn swatch(ui: &Ui, rect: Rect, color: Color32, style: &Underline, tokens: &Tokens) {
    let painter = ui.painter();
    painter.rect_filled(rect, 2.0, tokens.chosen_tint(color));
    let y = rect.bottom() - 2.0;
    underline(painter, style, rect.left()..=rect.right(), y, color);
}

/// One underline, as thick as in the text.
pub(crate) fn underline(
    painter: &Painter,
    style: &Underline,
    across: RangeInclusive<f32>,
    y: f32,
    color: Color32,
) {
    let mut lines = Underlines::with_room(painter.ctx(), 1);
    lines.add(style, across, y, color, 2.0);
    painter.add(lines.shape());
}

/// Underlines of any style in one mesh.
pub(crate) struct Underlines(Mesh);

impl Underlines {
    /// For about so many quads.
    pub(crate) fn with_room(ctx: &Context, quads: usize) -> Self {
        Self(with_room(Mesh::with_texture(pattern(ctx)), quads))
    }

    pub(crate) fn add(
        &mut self,
        style: &Underline,
        across: RangeInclusive<f32>,
        y: f32,
        color: Color32,
        thick: f32,
    ) {
        let (&left, &right) = (across.start(), across.end());
        if right <= left {
            return;
        }
        let whole = Rect::from_min_max(pos2(left, y), pos2(right, y + thick));
        match style {
            Underline::Solid | Underline::Later(_) => self.quad(whole, ALL, color),
            Underline::Dashed => {
                let mut x = left;
                while x < right {
                    let end = (x + 6.0).min(right);
                    self.quad(whole.with_min_x(x).with_max_x(end), ALL, color);
                    x += 9.0;
                }
            }
            Underline::Dotted => self.quad(whole, DOTS, color),
            Underline::Double => {
                for top in [y - 1.0, y + 1.0] {
                    self.quad(whole.with_min_y(top).with_max_y(top + 1.0), ALL, color);
                }
            }
            Underline::Wavy => self.quad(whole.with_max_y(y + 2.4), WAVE, color),
        }
    }

    fn quad(&mut self, rect: Rect, rows: RangeInclusive<f32>, color: Color32) {
        let times = rect.width() / PERIOD;
        let uv = Rect::from_min_max(pos2(0.0, *rows.start()), pos2(times, *rows.end()));
        self.0.add_rect_with_uv(rect, uv, color);
    }

    pub(crate) fn count(&self) -> usize {
        quads_in(&self.0)
    }

    pub(crate) fn shape(self) -> Shape {
        Shape::mesh(self.0)
    }
}

/// How wide the picture is, in points: a dot and the space behind it.
const PERIOD: f32 = 4.0;
/// What is seen of the picture, as shares of its height: within its rows, so that none beside it is.
const DOTS: RangeInclusive<f32> = 0.125..=0.125;
const WAVE: RangeInclusive<f32> = 0.25..=0.75;
const ALL: RangeInclusive<f32> = 0.875..=0.875;

/// The picture that repeats along an underline, four by four: drivers of old repeat no other sizes.
fn pattern(ctx: &Context) -> TextureId {
    const ROWS: [[bool; 4]; 4] = [
        [true, true, false, false],
        [true, true, false, false],
        [false, false, true, true],
        [true; 4],
    ];
    let id = Id::unique("underlines");
    let kept = |data: &mut IdTypeMap| {
        let kept: &Option<TextureHandle> = data.get_temp_mut_or_default(id);
        kept.as_ref().map(TextureHandle::id)
    };
    if let Some(known) = ctx.data_mut(kept) {
        return known;
    }
    let ink = |is_inked: bool| {
        if is_inked {
            Color32::WHITE
        } else {
            Color32::TRANSPARENT
        }
    };
    let pixels = ROWS.as_flattened().iter().copied().map(ink).collect();
    let options = TextureOptions {
        magnification: TextureFilter::Nearest,
        minification: TextureFilter::Nearest,
        wrap_mode: TextureWrapMode::Repeat,
        mipmap_mode: None,
    };
    let made = ctx.load_texture("underlines", ColorImage::new([4, 4], pixels), options);
    let texture = made.id();
    ctx.data_mut(|data| data.insert_temp(id, Some(made)));
    texture
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How often the picture repeats says how many dots there are; no quad goes beyond the end.
    #[test]
    fn underlines_are_as_long_as_what_they_are_under() {
        let ctx = Context::default();
        for (style, upto, quads, repeats) in [
            (Underline::Solid, 110.0, 1, 25.0),
            (Underline::Double, 110.0, 2, 25.0),
            (Underline::Dotted, 110.0, 1, 25.0),
            (Underline::Dotted, 13.0, 1, 0.75),
            (Underline::Wavy, 110.0, 1, 25.0),
            (Underline::Dashed, 110.0, 12, 0.25),
            (Underline::Dashed, 15.0, 1, 1.25),
            (Underline::Later("zigzag".into()), 110.0, 1, 25.0),
            (Underline::Dotted, 10.0, 0, 0.0),
            (Underline::Dashed, 9.0, 0, 0.0),
        ] {
            let mut lines = Underlines::with_room(&ctx, 1);
            lines.add(&style, 10.0..=upto, 5.0, Color32::RED, 2.0);
            assert_eq!(lines.count(), quads, "{style:?}");
            let vertices = &lines.0.vertices;
            let end = vertices.iter().map(|vertex| vertex.pos.x).reduce(f32::max);
            assert_eq!(end.unwrap_or(upto), upto, "{style:?}");
            let last = vertices.last().map_or(0.0, |vertex| vertex.uv.x);
            assert_eq!(last, repeats, "{style:?}");
            assert!(vertices.iter().all(|vertex| vertex.color == Color32::RED));
        }
        assert_eq!(pattern(&ctx), pattern(&ctx));
    }
}
