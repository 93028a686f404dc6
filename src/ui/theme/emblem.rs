//! The picture of the window in task bars and lists of windows: a page with a mark on its text.
//!
//! Rectangles of the theme's colours: no picture is carried and unpacked. Knows no window, and not
//! which theme is chosen: a desktop has one picture for all.

use super::rgb;
use eframe::egui::{Color32, IconData, Pos2, Rect, pos2};

/// Pixels on a side.
const SIDE: u32 = 64;

/// Samples for each pixel on a side, which make edges smooth.
const FINE: u32 = 4;

struct Part {
    area: Rect,
    radius: f32,
    color: Color32,
}

const fn part(area: [f32; 4], radius: f32, color: u32) -> Part {
    let [left, top, right, bottom] = area;
    Part {
        area: Rect {
            min: pos2(left, top),
            max: pos2(right, bottom),
        },
        radius,
        color: rgb(color),
    }
}

/// From behind to the front, in pixels.
const PARTS: [Part; 6] = [
    part([2.0, 2.0, 62.0, 62.0], 13.0, 0x2B5FB3),
    part([12.0, 13.0, 52.0, 18.0], 2.5, 0xFFFFFF),
    part([12.0, 24.0, 44.0, 41.0], 3.0, 0xFFD66B),
    part([16.0, 29.0, 40.0, 34.0], 2.5, 0x2B5FB3),
    part([12.0, 38.0, 44.0, 42.0], 0.0, 0xD98A00),
    part([12.0, 47.0, 36.0, 52.0], 2.5, 0xFFFFFF),
];

impl Part {
    fn covers(&self, at: Pos2) -> bool {
        let core = self.area.shrink(self.radius);
        self.area.contains(at) && core.distance_to_pos(at) <= self.radius
    }
}

/// What is seen at a pixel, as the mean of its samples.
fn pixel(x: u32, y: u32) -> [u8; 4] {
    let sample = |n: u32| (n as f32 + 0.5) / FINE as f32;
    let mut sums = [0; 4];
    for (row, column) in (0..FINE).flat_map(|row| (0..FINE).map(move |column| (row, column))) {
        let at = pos2(x as f32 + sample(column), y as f32 + sample(row));
        let front = PARTS.iter().rev().find(|part| part.covers(at));
        for (sum, value) in sums
            .iter_mut()
            .zip(front.map_or([0; 4], |part| part.color.to_array()))
        {
            *sum += u32::from(value);
        }
    }
    let [red, green, blue, alpha] = sums;
    // Colours count as far as something is there: in this format they are not dimmed by what is not.
    let seen = (alpha / 255).max(1);
    [red / seen, green / seen, blue / seen, alpha / (FINE * FINE)].map(|value| value as u8)
}

pub fn emblem() -> IconData {
    let places = (0..SIDE).flat_map(|y| (0..SIDE).map(move |x| (x, y)));
    IconData {
        rgba: places.flat_map(|(x, y)| pixel(x, y)).collect(),
        width: SIDE,
        height: SIDE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_with_a_mark() {
        let icon = emblem();
        assert_eq!(icon.rgba.len(), (SIDE * SIDE * 4) as usize);
        let at = |x: u32, y: u32| &icon.rgba[(4 * (SIDE * y + x)) as usize..][..4];
        for (what, x, y, expected) in [
            ("nothing in the corner", 0, 0, [0, 0, 0, 0]),
            ("the page", 6, 32, [0x2B, 0x5F, 0xB3, 255]),
            ("its first line is long", 48, 15, [255, 255, 255, 255]),
            ("the mark", 14, 26, [0xFF, 0xD6, 0x6B, 255]),
            ("the words in it", 30, 31, [0x2B, 0x5F, 0xB3, 255]),
            ("its underline", 30, 40, [0xD9, 0x8A, 0, 255]),
            ("its last line", 30, 49, [255, 255, 255, 255]),
            ("which is short", 48, 49, [0x2B, 0x5F, 0xB3, 255]),
        ] {
            assert_eq!(at(x, y), expected, "{what}");
        }
        // Round, and of one colour where it is half there.
        let edges = icon
            .rgba
            .chunks(4)
            .filter(|pixel| matches!(pixel[3], 1..=254));
        let edges: Vec<&[u8]> = edges.collect();
        assert!(edges.len() > 20, "{}", edges.len());
        assert!(edges.iter().all(|pixel| pixel[..3] == [0x2B, 0x5F, 0xB3]));
    }
}
