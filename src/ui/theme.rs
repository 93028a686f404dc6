//! Colours, fonts and sizes: the only place that names a colour.
//!
//! Tokens for light, dark and both high-contrast themes become egui styles. Text reaches a contrast
//! of 4.5 and outlines one of 3 against what they stand on (WCAG 2.2, 1.4.3 and 1.4.11), text 7 in
//! high contrast; labels are brought to it whatever colour the codebook gives them. The tests below
//! compute it for every pair that is used.

mod boxes;
mod emblem;
mod fonts;
mod style;
mod system_fonts;

use crate::app::settings::ThemeChoice;
use crate::core::codebook::Label;
use eframe::egui::{self, Color32, Context, Stroke};
use std::sync::LazyLock;

pub use boxes::{Missing, install_boxes};
pub use emblem::emblem;
pub use fonts::{
    char_width, font_from_right, font_of_han, headline_font, headline_of, install_fonts,
    reading_font, strong_font,
};
pub use style::apply;
pub use system_fonts::SystemFonts;

/// The bar at the top of the window, and the line at its bottom.
pub const BAR_HEIGHT: f32 = 40.0;
pub const STATUS_HEIGHT: f32 = 28.0;
/// A panel's heading.
pub const HEADING_HEIGHT: f32 = 36.0;
/// A row of one line, and one of two.
pub const ROW_HEIGHT: f32 = 28.0;
pub const TALL_ROW_HEIGHT: f32 = 46.0;
/// Buttons and fields.
pub const CONTROL_HEIGHT: f32 = 28.0;
pub const CHIP_HEIGHT: f32 = 24.0;
pub const KEY_HEIGHT: f32 = 18.0;
/// Of controls and cards.
pub const RADIUS: u8 = 6;
/// Letters of secondary text; the rest has 13.
pub const SMALL: f32 = 12.0;

/// The colours of one theme, by what they are for.
#[derive(Clone, Copy, Debug)]
pub struct Tokens {
    pub is_dark: bool,
    pub is_high_contrast: bool,
    /// Behind the article, in cards and fields.
    pub page: Color32,
    /// Behind panels, dialogs and bars.
    pub panel: Color32,
    /// Between things; decoration, which nothing is told by.
    pub line: Color32,
    /// The outline of controls.
    pub edge: Color32,
    pub ink: Color32,
    /// Secondary text; never on a selection.
    pub dim: Color32,
    /// Focus, the current row's bar, links, the main button. Marks no text.
    pub accent: Color32,
    /// Text on the accent.
    pub on_accent: Color32,
    /// Under the pointer.
    pub hover: Color32,
    /// Behind the current row of a list, and a choice that is on.
    pub chosen: Color32,
    /// Behind selected text and ticked rows.
    pub selection: Color32,
    /// Behind search hits and changed words.
    pub hit: Color32,
    pub ok: Color32,
    pub warn: Color32,
    pub error: Color32,
    /// Behind a warning.
    pub warn_ground: Color32,
    /// Over the window, under a dialog.
    pub scrim: Color32,
    /// How much of a label's colour is behind its text, and how much while it is selected.
    tint: (f32, f32),
}

#[expect(clippy::disallowed_methods, reason = "this is where colours are")]
const fn rgb(hex: u32) -> Color32 {
    Color32::from_rgb((hex >> 16) as u8, (hex >> 8) as u8, hex as u8)
}

#[expect(clippy::disallowed_methods, reason = "this is where colours are")]
const fn veil(alpha: u8) -> Color32 {
    Color32::from_black_alpha(alpha)
}

const LIGHT: Tokens = Tokens {
    is_dark: false,
    is_high_contrast: false,
    page: rgb(0xFFFEFB),
    panel: rgb(0xF3F1EC),
    line: rgb(0xDFDBD2),
    edge: rgb(0x827B6F),
    ink: rgb(0x22201C),
    dim: rgb(0x605B54),
    accent: rgb(0x2B5FB3),
    on_accent: rgb(0xFFFFFF),
    hover: rgb(0xECE8DF),
    chosen: rgb(0xE6E1D5),
    selection: rgb(0xC9DCF7),
    hit: rgb(0xFBE3A1),
    ok: rgb(0x25693F),
    warn: rgb(0x8A5200),
    error: rgb(0xA8261C),
    warn_ground: rgb(0xFBF0DA),
    scrim: veil(0x4d),
    tint: (0.12, 0.24),
};

const DARK: Tokens = Tokens {
    is_dark: true,
    is_high_contrast: false,
    page: rgb(0x1E2023),
    panel: rgb(0x24262A),
    line: rgb(0x3A3D43),
    edge: rgb(0x7C818A),
    ink: rgb(0xE8E4DC),
    dim: rgb(0xADA9A1),
    accent: rgb(0x79A8EF),
    on_accent: rgb(0x10151D),
    hover: rgb(0x2C2F34),
    chosen: rgb(0x333740),
    selection: rgb(0x28405F),
    hit: rgb(0x4D3D14),
    ok: rgb(0x7BCF9C),
    warn: rgb(0xE8B765),
    error: rgb(0xF28B82),
    warn_ground: rgb(0x3A3122),
    scrim: veil(0x66),
    tint: (0.16, 0.30),
};

const HIGH_LIGHT: Tokens = Tokens {
    is_dark: false,
    is_high_contrast: true,
    page: rgb(0xFFFFFF),
    panel: rgb(0xFFFFFF),
    line: rgb(0x000000),
    edge: rgb(0x000000),
    ink: rgb(0x000000),
    dim: rgb(0x303030),
    accent: rgb(0x003C9E),
    on_accent: rgb(0xFFFFFF),
    hover: rgb(0xE4ECFB),
    chosen: rgb(0xD6E4FF),
    selection: rgb(0xA8CBFF),
    hit: rgb(0xFFD84D),
    ok: rgb(0x00501E),
    warn: rgb(0x5C3600),
    error: rgb(0x8F0000),
    warn_ground: rgb(0xFFF3D6),
    scrim: veil(0x99),
    tint: (0.10, 0.20),
};

const HIGH_DARK: Tokens = Tokens {
    is_dark: true,
    is_high_contrast: true,
    page: rgb(0x000000),
    panel: rgb(0x000000),
    line: rgb(0xFFFFFF),
    edge: rgb(0xFFFFFF),
    ink: rgb(0xFFFFFF),
    dim: rgb(0xD8D8D8),
    accent: rgb(0x9CC7FF),
    on_accent: rgb(0x000000),
    hover: rgb(0x12233D),
    chosen: rgb(0x1F3A66),
    selection: rgb(0x1D4F91),
    hit: rgb(0x6B5200),
    ok: rgb(0x8DF0B0),
    warn: rgb(0xFFD37A),
    error: rgb(0xFFA39B),
    warn_ground: rgb(0x2B2000),
    scrim: veil(0xcc),
    tint: (0.18, 0.32),
};

/// A label colour that was chosen for all themes, so that no two are alike to any eye.
struct Hue {
    /// As codebooks have it; older ones have the second.
    stored: [u32; 2],
    light: u32,
    dark: u32,
    high_light: u32,
    high_dark: u32,
}

const fn hue(stored: [u32; 2], light: u32, dark: u32, high_light: u32, high_dark: u32) -> Hue {
    Hue {
        stored,
        light,
        dark,
        high_light,
        high_dark,
    }
}

const HUES: [Hue; 9] = [
    hue([0x1B66A4, 0x1F6FB2], 0x1B66A4, 0x74C2F8, 0x0A4A80, 0x8CC9FF),
    hue([0x9A4410, 0xB4531A], 0x9A4410, 0xE39E5A, 0x7A2F00, 0xFFB98A),
    hue([0x7E3584, 0x8A3A8F], 0x7E3584, 0xEC92C6, 0x641C6A, 0xE9B3EE),
    hue([0x256A43, 0x2F7D4F], 0x256A43, 0x9FE8BE, 0x0C4F2A, 0x8DF0B0),
    hue([0xA50F2D; 2], 0xA50F2D, 0xFF7B8D, 0xA50F2D, 0xFF7B8D),
    hue([0x001E87; 2], 0x001E87, 0x999CFF, 0x001E87, 0x999CFF),
    hue([0x5A1E00; 2], 0x5A1E00, 0xE8DD90, 0x5A1E00, 0xE8DD90),
    hue([0x3C2D3C; 2], 0x3C2D3C, 0xECF1F8, 0x3C2D3C, 0xECF1F8),
    // Helper labels, dim.
    hue([Label::GREY; 2], 0x605B54, 0xADA9A1, 0x303030, 0xD8D8D8),
];

impl Tokens {
    /// The tokens for a choice, given what the system prefers.
    pub fn of(choice: ThemeChoice, system_is_dark: bool) -> Self {
        match choice {
            ThemeChoice::System if system_is_dark => DARK,
            ThemeChoice::System | ThemeChoice::Light => LIGHT,
            ThemeChoice::Dark => DARK,
            ThemeChoice::HighContrastLight => HIGH_LIGHT,
            ThemeChoice::HighContrastDark => HIGH_DARK,
        }
    }

    /// The least contrast of text.
    fn least(&self) -> f32 {
        if self.is_high_contrast { 7.0 } else { 4.5 }
    }

    /// A label's colour (`0xRRGGBB` on a light page) in this theme: that of its hue, or the colour
    /// itself, brought to enough contrast with all that it stands on.
    pub fn label(&self, color: u32) -> Color32 {
        let towards = if self.is_dark {
            Color32::WHITE
        } else {
            Color32::BLACK
        };
        let hue = HUES.iter().find(|hue| hue.stored.contains(&color));
        let color = hue.map_or(color, |hue| match (self.is_high_contrast, self.is_dark) {
            (false, false) => hue.light,
            (false, true) => hue.dark,
            (true, false) => hue.high_light,
            (true, true) => hue.high_dark,
        });
        let mut mixed = rgb(color);
        for _ in 0..60 {
            let tinted = self.page.blend(self.tint(mixed));
            let grounds = [self.page, self.panel, self.chosen, tinted];
            if grounds
                .iter()
                .all(|ground| contrast(mixed, *ground) >= self.least())
            {
                break;
            }
            mixed = mixed.lerp_to_gamma(towards, 0.06);
        }
        mixed
    }

    /// The tint behind annotated text. The innermost one of several is painted alone.
    pub fn tint(&self, label: Color32) -> Color32 {
        label.gamma_multiply(self.tint.0)
    }

    /// The same while the annotation is selected; in a legend, always.
    pub fn chosen_tint(&self, label: Color32) -> Color32 {
        label.gamma_multiply(self.tint.1)
    }

    /// Behind what kept rules find: quieter than what is looked for.
    pub fn quiet_hit(&self) -> Color32 {
        self.hit.gamma_multiply(0.5)
    }

    /// The outline of what has the keyboard.
    pub fn focus(&self) -> Stroke {
        let width = if self.is_high_contrast { 3.0 } else { 2.0 };
        Stroke::new(width, self.accent)
    }
}

/// The least contrast of a label's letters with all that they stand on, and the least that is asked:
/// in the light theme, in the dark one, and in those of high contrast.
pub fn contrasts_of_label(color: u32) -> [(&'static str, f32, f32); 3] {
    let of = |tokens: &Tokens| {
        let ink = tokens.label(color);
        let tinted = tokens.page.blend(tokens.tint(ink));
        let grounds = [tokens.page, tokens.panel, tokens.chosen, tinted];
        let least = |least: f32, ground: Color32| least.min(contrast(ink, ground));
        grounds.into_iter().fold(f32::INFINITY, least)
    };
    let high = of(&HIGH_LIGHT).min(of(&HIGH_DARK));
    [
        ("Light", of(&LIGHT), LIGHT.least()),
        ("Dark", of(&DARK), DARK.least()),
        ("High contrast", high, HIGH_LIGHT.least()),
    ]
}

/// A channel of sRGB as light (WCAG 2.2, relative luminance): too slow to work out for each row.
static LIGHT_OF_CHANNEL: LazyLock<[f32; 256]> = LazyLock::new(|| {
    std::array::from_fn(|c| {
        let c = c as f32 / 255.0;
        if c <= 0.04045 {
            c / 12.92
        } else {
            ((c + 0.055) / 1.055).powf(2.4)
        }
    })
});

/// Relative luminance and contrast as WCAG 2.2 defines them.
pub fn contrast(a: Color32, b: Color32) -> f32 {
    let channels = &*LIGHT_OF_CHANNEL;
    let channel = |c: u8| channels.get(usize::from(c)).copied().unwrap_or(1.0);
    let luminance = |color: Color32| {
        0.2126 * channel(color.r()) + 0.7152 * channel(color.g()) + 0.0722 * channel(color.b())
    };
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

fn tokens_id() -> egui::Id {
    egui::Id::unique("tokens")
}

/// The tokens that were applied last.
pub fn tokens(ctx: &Context) -> Tokens {
    ctx.data(|data| data.get_temp(tokens_id())).unwrap_or(LIGHT)
}

/// All of them, by name.
#[cfg(test)]
const THEMES: [(&str, Tokens); 4] = [
    ("light", LIGHT),
    ("dark", DARK),
    ("high contrast, light", HIGH_LIGHT),
    ("high contrast, dark", HIGH_DARK),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::codebook::Codebook;

    /// Colours that codebooks have, and awkward ones.
    fn label_colors() -> Vec<u32> {
        let awkward = [
            0xFFFF00, 0x000000, 0xFFFFFF, 0x808080, 0x00FF00, 0xFF0000, 0x0000FF, 0x00FFFF,
        ];
        let hues = HUES.iter().flat_map(|hue| hue.stored);
        let codebook = Codebook::default();
        let own = codebook.labels.iter().map(|label| label.color);
        own.chain(hues).chain(awkward).collect()
    }

    #[test]
    fn everything_can_be_read_in_every_theme() {
        for tokens in [LIGHT, DARK, HIGH_LIGHT, HIGH_DARK] {
            let wanted = if tokens.is_high_contrast { 7.0 } else { 4.5 };
            for back in [tokens.page, tokens.panel, tokens.chosen] {
                for front in [tokens.ink, tokens.dim] {
                    assert!(contrast(front, back) >= wanted, "{front:?} on {back:?}");
                }
            }
            for front in [tokens.accent, tokens.ok, tokens.warn, tokens.error] {
                assert!(contrast(front, tokens.panel) >= wanted, "{front:?}");
            }
            assert!(contrast(tokens.ink, tokens.selection) >= wanted);
            for label in &Codebook::default().labels {
                assert!(
                    contrast(tokens.label(label.color), tokens.page) >= wanted,
                    "{}",
                    label.id
                );
            }
            for awkward in [0xFFFF00, 0x000000, 0xFFFFFF, 0x808080] {
                assert!(contrast(tokens.label(awkward), tokens.page) >= wanted);
            }
        }
    }

    /// The pairs that are used, by role; text that is painted on a ground is a line here.
    #[test]
    fn every_pair_that_is_used_has_its_contrast() {
        let mut low = Vec::new();
        for (theme, t) in THEMES {
            let text = t.least();
            let mut check = |what: &str, front: Color32, back: Color32, least: f32| {
                let found = contrast(front, back);
                if found < least {
                    low.push(format!("{theme}: {what}: {found:.2}, not {least}"));
                }
            };
            let grounds = [
                ("page", t.page),
                ("panel", t.panel),
                ("hover", t.hover),
                ("chosen", t.chosen),
                ("warn ground", t.warn_ground),
                ("selection", t.selection),
                ("hit", t.hit),
            ];
            for (name, ground) in grounds {
                check(&format!("ink on {name}"), t.ink, ground, text);
                if !matches!(name, "selection" | "hit") {
                    check(&format!("dim on {name}"), t.dim, ground, text);
                    check(&format!("edge on {name}"), t.edge, ground, 3.0);
                }
                if !matches!(name, "hit" | "selection") {
                    check(&format!("focus on {name}"), t.accent, ground, 3.0);
                }
            }
            for (name, front) in [
                ("accent", t.accent),
                ("ok", t.ok),
                ("warn", t.warn),
                ("error", t.error),
            ] {
                for (ground, back) in [("page", t.page), ("panel", t.panel)] {
                    check(&format!("{name} on {ground}"), front, back, text);
                }
            }
            // Glyphs in rows are no text.
            for (name, front) in [
                ("accent", t.accent),
                ("ok", t.ok),
                ("warn", t.warn),
                ("dim", t.dim),
            ] {
                for (ground, back) in [
                    ("chosen", t.chosen),
                    ("hover", t.hover),
                    ("selection", t.selection),
                ] {
                    check(&format!("glyph in {name} on {ground}"), front, back, 3.0);
                }
            }
            check("warn on its ground", t.warn, t.warn_ground, text);
            check("text on the accent", t.on_accent, t.accent, text);
        }
        assert!(low.is_empty(), "{}", low.join("\n"));
    }

    /// A label's words on all that they stand on, and the article's text on its tints, however many
    /// annotations lie there: the innermost tint is painted alone.
    #[test]
    fn labels_and_their_tints_leave_text_readable() {
        for (theme, t) in THEMES {
            for color in label_colors() {
                let label = t.label(color);
                let tinted = t.page.blend(t.tint(label));
                let selected = t.page.blend(t.chosen_tint(label));
                for ground in [t.page, t.panel, t.chosen, tinted] {
                    let found = contrast(label, ground);
                    assert!(found >= t.least(), "{theme}: {color:06X}: {found}");
                }
                // Selected text shows no tint: the selection lies over it.
                for ground in [tinted, selected] {
                    let found = contrast(t.ink, ground);
                    assert!(found >= t.least(), "{theme}: ink on {color:06X}: {found}");
                }
                // Lines under the words, and the swatch of a legend.
                for ground in [tinted, selected, t.panel.blend(t.chosen_tint(label))] {
                    assert!(contrast(label, ground) >= 3.0, "{theme}: {color:06X}");
                }
            }
        }
    }

    #[test]
    fn a_hue_is_known_by_both_its_names() {
        for hue in &HUES {
            let [new, old] = hue.stored;
            for (theme, t) in THEMES {
                assert_eq!(t.label(new), t.label(old), "{theme}");
            }
            assert_eq!(LIGHT.label(new), rgb(hue.light));
            assert_eq!(DARK.label(new), rgb(hue.dark));
        }
    }
}
