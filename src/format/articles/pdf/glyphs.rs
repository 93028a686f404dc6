//! Characters with their places on a page, and which way the lines go that they stand in.
//!
//! What a font says of its direction is not always how it is used: characters may be put one by one
//! beneath or beside each other. Knows no lines and no words.

use std::rc::Rc;

pub(super) struct Glyph {
    /// Points from the left edge.
    pub(super) x: f64,
    /// Points from the top edge to the baseline.
    pub(super) y: f64,
    pub(super) width: f64,
    pub(super) size: f64,
    /// Which way its line goes, as a vector of length 1; down is positive.
    pub(super) direction: (f64, f64),
    /// Whether its line goes down, each character upright.
    pub(super) is_vertical: bool,
    pub(super) text: Rc<str>,
}

/// Quarters of a turn from the usual way to this one.
pub(super) fn quarter(direction: (f64, f64)) -> usize {
    let (x, y) = direction;
    match (x.abs() >= y.abs(), x >= 0.0, y >= 0.0) {
        (true, true, _) => 0,
        (false, _, true) => 1,
        (true, false, _) => 2,
        (false, _, false) => 3,
    }
}

/// Turns a page that was scanned askew, so that its lines are level.
pub(super) fn straighten(glyphs: &mut [Glyph], way: usize) {
    let mut slopes: Vec<f64> = glyphs
        .iter()
        .map(|glyph| {
            let (x, y) = glyph.direction;
            let (along, off) = match way {
                0 => (x, y),
                1 => (y, -x),
                2 => (-x, -y),
                _ => (-y, x),
            };
            off / along
        })
        .filter(|slope| slope.is_finite())
        .collect();
    slopes.sort_by(f64::total_cmp);
    let slope = slopes.get(slopes.len() / 2).copied().unwrap_or(0.0);
    if slope.abs() < 0.002 || slope.abs() > 0.3 {
        return;
    }
    let length = (1.0 + slope * slope).sqrt();
    let (along, off) = (1.0 / length, slope / length);
    for glyph in glyphs {
        let (x, y) = (glyph.x, glyph.y);
        (glyph.x, glyph.y) = (x * along + y * off, y * along - x * off);
    }
}

pub(super) fn is_wide(c: char) -> bool {
    ('\u{2E80}'..='\u{9FFF}').contains(&c)
        || ('\u{AC00}'..='\u{D7AF}').contains(&c)
        || ('\u{FF00}'..='\u{FFEF}').contains(&c)
        || ('\u{20000}'..='\u{3FFFF}').contains(&c)
}

/// How far a character's middle is from the side that it is placed by, in parts of its size: above
/// the baseline, and below the point that hangs it on a line from above.
const MIDDLE: f64 = 0.38;
const HANGING: f64 = 0.88;

/// Where the next character stands.
#[derive(Clone, Copy, PartialEq)]
enum Step {
    Beneath,
    /// So far beside it.
    Beside(f64),
}

/// Makes characters stand in the lines that they are placed in: wide ones that are put one beneath
/// the other in lines from above, those of fonts for such lines that are put side by side in others.
pub(super) fn settle(glyphs: &mut [Glyph]) {
    let may_settle = |glyph: &Glyph| {
        let is_wide = glyph.text.chars().all(is_wide) && quarter(glyph.direction) == 0;
        (is_wide || (glyph.is_vertical && quarter(glyph.direction) == 1)) && glyph.size > 0.0
    };
    let middle = |glyph: &Glyph| {
        if glyph.is_vertical {
            (glyph.x, glyph.y + (HANGING - MIDDLE) * glyph.size)
        } else {
            (glyph.x + glyph.width / 2.0, glyph.y - MIDDLE * glyph.size)
        }
    };
    let step = |from: &Glyph, to: &Glyph| {
        let ((x, y), (next_x, next_y)) = (middle(from), middle(to));
        let size = from.size.max(to.size);
        let (across, down) = ((next_x - x) / size, (next_y - y) / size);
        if across.abs() < 0.6 && (0.3..3.0).contains(&down) {
            Some(Step::Beneath)
        } else if down.abs() < 0.35 && (0.1..3.0).contains(&across) {
            Some(Step::Beside(next_x - x))
        } else {
            None
        }
    };
    let steps: Vec<Option<Step>> = glyphs
        .windows(2)
        .map(|pair| match pair {
            [a, b] if may_settle(a) && may_settle(b) => step(a, b),
            _ => None,
        })
        .collect();
    for (at, glyph) in glyphs.iter_mut().enumerate() {
        if !may_settle(glyph) {
            continue;
        }
        let next = steps.get(at).copied().flatten();
        let before = at
            .checked_sub(1)
            .and_then(|before| steps.get(before).copied().flatten());
        match next.or(before) {
            Some(Step::Beneath) if !glyph.is_vertical => {
                glyph.x += glyph.width / 2.0;
                glyph.y -= HANGING * glyph.size;
                glyph.width = glyph.size;
                glyph.direction = (0.0, 1.0);
                glyph.is_vertical = true;
            }
            Some(Step::Beside(width)) if glyph.is_vertical => {
                glyph.y += HANGING * glyph.size;
                glyph.width = next.map_or(glyph.size / 2.0, |_| width.min(glyph.size));
                glyph.direction = (1.0, 0.0);
                glyph.is_vertical = false;
            }
            _ => {}
        }
    }
}
