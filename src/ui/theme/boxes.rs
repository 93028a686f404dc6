//! Letters that no font has: a box with their code, and which they were.
//!
//! Called while text is laid out, so nothing here may ask egui for anything.

use crate::core::text::hidden;
use eframe::egui::epaint::text::{
    GlyphBitmap, GlyphRasterizer, GlyphRasterizerRequest, RasterizedGlyph,
};
use eframe::egui::{Color32, ColorImage, Context, vec2};
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

/// The letters of which boxes were drawn and that were not asked for yet.
#[derive(Clone, Default)]
pub struct Missing(Arc<Mutex<BTreeSet<char>>>);

impl Missing {
    pub fn take(&self) -> BTreeSet<char> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub fn is_empty(&self) -> bool {
        let found = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        found.is_empty()
    }

    fn add(&self, letters: &[char]) {
        let mut found = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        found.extend(letters);
    }
}

/// From now on what no font has is drawn as a box.
pub fn install_boxes(ctx: &Context) -> Missing {
    let missing = Missing::default();
    let told = missing.clone();
    let draw = move |request: &GlyphRasterizerRequest<'_>| {
        let letters = letters_of(request.cluster);
        if letters.is_empty() {
            return None;
        }
        told.add(&letters);
        Some(boxes(&letters, request.font_size_px))
    };
    ctx.add_glyph_rasterizer(GlyphRasterizer::new("boxes with codes", draw));
    missing
}

/// Those of a cluster that would be seen. A cluster may have any number of marks.
fn letters_of(cluster: &str) -> Vec<char> {
    const MOST: usize = 4;
    let is_seen = |c: &char| !c.is_whitespace() && hidden::of(*c).is_none();
    cluster.chars().filter(is_seen).take(MOST).collect()
}

/// The digits, row after row, of which each has so many bits.
struct Digits {
    width: usize,
    height: usize,
    row_bits: usize,
    rows: [u64; 16],
}

/// Three by five.
const SMALL: Digits = Digits {
    width: 3,
    height: 5,
    row_bits: 3,
    rows: [
        0o75557, 0o26227, 0o71747, 0o71717, 0o55711, 0o74717, 0o74757, 0o71122, 0o75757, 0o75717,
        0o25755, 0o65656, 0o34443, 0o65556, 0o74647, 0o74644,
    ],
};

/// Five by seven.
const LARGE: Digits = Digits {
    width: 5,
    height: 7,
    row_bits: 8,
    rows: [
        0x0E_11_13_15_19_11_0E,
        0x04_0C_04_04_04_04_0E,
        0x0E_11_01_02_04_08_1F,
        0x1F_02_04_02_01_11_0E,
        0x02_06_0A_12_1F_02_02,
        0x1F_10_1E_01_01_11_0E,
        0x06_08_10_1E_11_11_0E,
        0x1F_01_02_04_08_08_08,
        0x0E_11_11_0E_11_11_0E,
        0x0E_11_11_0F_01_02_0C,
        0x0E_11_11_11_1F_11_11,
        0x1E_11_11_1E_11_11_1E,
        0x0E_11_10_10_10_11_0E,
        0x1C_12_11_11_11_12_1C,
        0x1F_10_10_1E_10_10_1F,
        0x1F_10_10_1E_10_10_10,
    ],
};

impl Digits {
    /// Two rows, with a space between them, around them, and an edge.
    fn box_height(&self) -> usize {
        2 * self.height + 5
    }

    fn is_set(&self, digit: usize, x: usize, y: usize) -> bool {
        let at = (self.height - 1 - y) * self.row_bits + (self.width - 1 - x);
        self.rows
            .get(digit)
            .is_some_and(|rows| (rows >> at) & 1 == 1)
    }
}

/// A box a letter, beside each other, with the code in two rows.
fn boxes(letters: &[char], size: f32) -> RasterizedGlyph {
    // Large digits where they fit into about the height of a letter's line.
    let room = size * 1.15;
    let fits = |digits: &Digits| (room / digits.box_height() as f32).floor() as usize;
    let (digits, scale) = match (fits(&LARGE), fits(&SMALL)) {
        (0, small) => (&SMALL, small.max(1)),
        (large, small) if small * SMALL.height > large * LARGE.height => (&SMALL, small),
        (large, _) => (&LARGE, large),
    };
    let columns = |c: char| if c as u32 > 0xffff { 3 } else { 2 };
    let box_width = |c: char| columns(c) * (digits.width + 1) + 3;
    let height = digits.box_height();
    let gap = 1;
    let width: usize = letters.iter().map(|c| box_width(*c) + gap).sum();
    let mut image = ColorImage::filled([width * scale, height * scale], Color32::TRANSPARENT);
    let mut set = |x: usize, y: usize| {
        for down in 0..scale {
            let row = (y * scale + down) * width * scale;
            let from = row + x * scale;
            let pixels = image.pixels.get_mut(from..from + scale);
            pixels.unwrap_or_default().fill(Color32::WHITE);
        }
    };
    let mut left = 0;
    for &c in letters {
        let right = left + box_width(c) - 1;
        for x in left..=right {
            set(x, 0);
            set(x, height - 1);
        }
        for y in 1..height - 1 {
            set(left, y);
            set(right, y);
        }
        let code = c as usize;
        let count = 2 * columns(c);
        for n in 0..count {
            let digit = (code >> (4 * (count - 1 - n))) & 0xf;
            let (row, column) = (n / columns(c), n % columns(c));
            let (x0, y0) = (
                left + 2 + column * (digits.width + 1),
                2 + row * (digits.height + 1),
            );
            for y in 0..digits.height {
                for x in 0..digits.width {
                    if digits.is_set(digit, x, y) {
                        set(x0 + x, y0 + y);
                    }
                }
            }
        }
        left = right + 1 + gap;
    }
    // It goes below the line by about as much as a letter does.
    let below = (size * 0.22).round();
    RasterizedGlyph {
        bitmap: GlyphBitmap {
            image,
            offset_px: vec2(0.0, below - (height * scale) as f32),
            is_color: false,
        },
        advance_px: (width * scale) as f32,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::theme;
    use eframe::egui::text::{LayoutJob, TextFormat};
    use eframe::egui::{FontId, RawInput};

    fn drawn(letters: &[char], size: f32) -> Vec<String> {
        let image = boxes(letters, size).bitmap.image;
        let rows = image.pixels.chunks(image.width());
        let dot = |pixel: &Color32| if pixel.a() > 0 { '#' } else { '.' };
        rows.map(|row| row.iter().map(dot).collect()).collect()
    }

    #[test]
    fn a_box_has_the_code() {
        assert_eq!(
            drawn(&['\u{e1a}'], 13.0),
            [
                "###########.",
                "#.........#.",
                "#.###.###.#.",
                "#.#.#.#...#.",
                "#.#.#.##..#.",
                "#.#.#.#...#.",
                "#.###.###.#.",
                "#.........#.",
                "#..#...#..#.",
                "#.##..#.#.#.",
                "#..#..###.#.",
                "#..#..#.#.#.",
                "#.###.#.#.#.",
                "#.........#.",
                "###########.",
            ]
        );
        // Six digits beyond the first plane, and a box each.
        assert_eq!(
            drawn(&['\u{1f600}'], 13.0)[0].trim_end_matches('.').len(),
            15
        );
        assert_eq!(drawn(&['\u{e1a}', '\u{e31}'], 13.0)[0].len(), 24);
    }

    /// Digits have the size that letters of small print have.
    #[test]
    fn codes_can_be_read() {
        for (size, least) in [(12.0, 5), (17.5, 7), (24.0, 7), (35.0, 14), (52.0, 21)] {
            let height = drawn(&['\u{e1a}'], size).len() as f32;
            assert!(height <= (size * 1.25).max(15.0), "{size}: {height}");
            let digits = (height as usize - 5) / 2;
            assert!(digits >= least, "{size}: {digits}");
        }
    }

    /// Nothing is drawn for what nobody sees, and nothing of it is told.
    #[test]
    fn what_no_font_has_is_a_box() {
        let ctx = Context::default();
        theme::install_fonts(&ctx);
        let missing = install_boxes(&ctx);
        let width = |text: &str| {
            let format = TextFormat::simple(FontId::proportional(16.0), Color32::BLACK);
            let job = LayoutJob::single_section(text.to_owned(), format);
            ctx.fonts_mut(|fonts| fonts.layout_job(job)).rect.width()
        };
        let run = || {
            let plain = width("ab");
            assert!(missing.is_empty());
            for text in [
                "a\tb",
                "a\u{200b}b",
                "a\u{2067}b\u{2069}",
                "a\u{ad}b",
                "a\u{feff}b",
            ] {
                assert!(width(text) < plain + 40.0);
            }
            assert_eq!(missing.take(), BTreeSet::new());
            assert!(width("aไทยb") > plain + 30.0);
            assert_eq!(missing.take(), BTreeSet::from(['ไ', 'ท', 'ย']));
            // Once told, not again.
            assert!(width("ไ") > 0.0);
            assert!(missing.is_empty());
            for text in [
                "👨\u{200d}👩\u{200d}👧",
                "नमस्ते",
                "e\u{301}\u{302}\u{303}",
                "\u{e000}",
                "\u{10ffff}",
            ] {
                assert!(width(text) > 0.0);
            }
        };
        let mut output = ctx.run_ui(RawInput::default(), |_| run());
        output.textures_delta.clear();
    }
}
