//! Signs for characters that nobody sees, over the text: nothing is laid out for them, so no letter
//! and no mark moves.

use super::ArticleView;
use super::layout::{BlockLayout, text_height};
use crate::core::text::hidden::{Hidden, Sign};
use crate::ui::theme::Tokens;
use eframe::egui::{Painter, Pos2, Rect, Shape, Stroke, pos2, vec2};
use std::ops::Range;

/// How far signs at one place stand apart.
const APART: f32 = 8.0;

/// Where the signs of a block stand. Those that have no room share a place, and stand beside each
/// other.
pub(super) fn places(
    layout: &dyn BlockLayout,
    hidden: impl Iterator<Item = Hidden>,
    (origin, size): (Pos2, f32),
    signs: &mut Vec<(Rect, Hidden)>,
) {
    let mut rects = Vec::new();
    for hidden in hidden {
        rects.clear();
        layout.rects(hidden.range, &mut rects);
        let wide = rects.first().copied().filter(|rect| rect.width() > 1.0);
        let row = wide.unwrap_or_else(|| layout.caret_rect(hidden.range.start));
        let row = row.translate(origin.to_vec2());
        let height = text_height(size).min(row.height());
        let mut place = Rect::from_center_size(row.center(), vec2(row.width(), height));
        if let Some((last, _)) = signs.last().filter(|_| wide.is_none())
            && (last.top() - place.top()).abs() < 1.0
            && (place.left() - last.left()).abs() < APART
        {
            place = place.translate(vec2(last.left() + APART - place.left(), 0.0));
        }
        signs.push((place, hidden));
    }
}

pub(super) fn paint(painter: &Painter, signs: &[(Rect, Hidden)], tokens: &Tokens) {
    for (place, hidden) in signs {
        paint_sign(painter, *place, hidden.sign, tokens);
    }
}

fn paint_sign(painter: &Painter, place: Rect, sign: Sign, tokens: &Tokens) {
    let ink = Stroke::new(1.2, tokens.accent);
    let middle = place.center();
    let line = |points: Vec<Pos2>| {
        painter.add(Shape::line(points, ink));
    };
    let at = |x: f32, y: f32| pos2(middle.x + x, middle.y + y);
    let filled = |points: Vec<Pos2>| {
        painter.add(Shape::convex_polygon(points, tokens.accent, Stroke::NONE));
    };
    let stem = || {
        let x = middle.x.round();
        painter.vline(x, place.top()..=place.bottom(), ink);
    };
    match sign {
        Sign::Space => {
            let half = (place.width() / 2.0 - 0.5).clamp(1.5, 4.0);
            let low = place.height() / 2.0 - 2.0;
            line(vec![
                at(-half, low - 3.0),
                at(-half, low),
                at(half, low),
                at(half, low - 3.0),
            ]);
        }
        Sign::Tab => {
            let half = (place.width() / 2.0 - 1.5).clamp(3.0, 10.0);
            line(vec![at(-half, 0.0), at(half, 0.0)]);
            line(vec![
                at(half - 3.0, -3.0),
                at(half, 0.0),
                at(half - 3.0, 3.0),
            ]);
        }
        Sign::Break => {
            line(vec![at(4.0, -4.0), at(4.0, 2.0), at(-4.0, 2.0)]);
            line(vec![at(-1.0, -1.0), at(-4.0, 2.0), at(-1.0, 5.0)]);
        }
        Sign::Hyphen => line(vec![at(-3.5, 0.0), at(3.5, 0.0), at(3.5, 4.0)]),
        Sign::Joint => {
            stem();
            painter.circle_filled(pos2(middle.x.round(), place.top()), 2.5, tokens.accent);
        }
        Sign::ToRight | Sign::ToLeft => {
            stem();
            let way = if sign == Sign::ToRight { 6.0 } else { -6.0 };
            let top = -place.height() / 2.0;
            filled(vec![at(0.0, top - 3.5), at(way, top), at(0.0, top + 3.5)]);
        }
        Sign::End => {
            stem();
            let top = pos2(middle.x.round(), place.top());
            painter.rect_filled(
                Rect::from_center_size(top, vec2(5.0, 5.0)),
                0.0,
                tokens.accent,
            );
        }
    }
}

/// What a sign, or what it stands for, covers of the screen.
fn reach((place, hidden): &(Rect, Hidden)) -> Rect {
    let aside: Range<f32> = match hidden.sign {
        Sign::ToRight => 3.0..7.0,
        Sign::ToLeft => 7.0..3.0,
        _ => 4.0..4.0,
    };
    Rect::from_min_max(
        pos2(place.left() - aside.start, place.top() - 4.0),
        pos2(place.right() + aside.end, place.bottom()),
    )
}

impl ArticleView {
    /// The names of what is hidden where someone points.
    pub(super) fn hidden_at(&self, point: Pos2) -> Option<String> {
        let signs = self.signs.iter().filter(|sign| reach(sign).contains(point));
        let names: Vec<String> = signs.map(|(_, hidden)| hidden.told()).collect();
        (!names.is_empty()).then(|| names.join("\n"))
    }

    /// Where the signs stand on the screen, and for what.
    pub fn signs(&self) -> &[(Rect, Hidden)] {
        &self.signs
    }
}
