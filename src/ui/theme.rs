//! Colours, fonts and sizes: the only place that names a colour.
//!
//! Tokens for light, dark and both high-contrast themes become egui styles. Every label colour is
//! brought to a contrast of at least 4.5 against the page (WCAG 2.2, 1.4.3), 7 in high contrast.

use crate::app::settings::{ReadingFont, ThemeChoice};
use eframe::egui::{
    self, Color32, Context, CornerRadius, FontData, FontDefinitions, FontFamily, FontId, Stroke,
    Theme, Visuals,
};
use std::sync::{Arc, LazyLock};

/// Buttons and fields.
pub const CONTROL_HEIGHT: f32 = 28.0;

/// The colours of one theme.
#[derive(Clone, Copy, Debug)]
pub struct Tokens {
    pub is_dark: bool,
    pub is_high_contrast: bool,
    pub page: Color32,
    pub panel: Color32,
    pub line: Color32,
    /// The outline of controls.
    pub edge: Color32,
    pub ink: Color32,
    pub dim: Color32,
    pub accent: Color32,
    /// Text on the accent.
    pub on_accent: Color32,
    /// Under the pointer.
    pub hover: Color32,
    /// Behind the chosen row of a list.
    pub chosen: Color32,
    /// Behind selected text.
    pub selection: Color32,
    pub ok: Color32,
    pub warn: Color32,
    pub error: Color32,
    /// Over the window, under a dialog.
    pub scrim: Color32,
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
    ok: rgb(0x25693F),
    warn: rgb(0x8A5200),
    error: rgb(0xA8261C),
    scrim: veil(0x4d),
};

const DARK: Tokens = Tokens {
    is_dark: true,
    is_high_contrast: false,
    page: rgb(0x1E2023),
    panel: rgb(0x24262A),
    line: rgb(0x3A3D43),
    edge: rgb(0x7C818A),
    ink: rgb(0xE8E4DC),
    dim: rgb(0xA5A199),
    accent: rgb(0x79A8EF),
    on_accent: rgb(0x10151D),
    hover: rgb(0x2C2F34),
    chosen: rgb(0x333740),
    selection: rgb(0x2F4A72),
    ok: rgb(0x7BCF9C),
    warn: rgb(0xE8B765),
    error: rgb(0xF28B82),
    scrim: veil(0x66),
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
    ok: rgb(0x00501E),
    warn: rgb(0x5C3600),
    error: rgb(0x8F0000),
    scrim: veil(0x99),
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
    ok: rgb(0x8DF0B0),
    warn: rgb(0xFFD37A),
    error: rgb(0xFFA39B),
    scrim: veil(0xcc),
};

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

    /// A label's colour (`0xRRGGBB` on a light page), brought to enough contrast in this theme.
    pub fn label(&self, color: u32) -> Color32 {
        let wanted = if self.is_high_contrast { 7.0 } else { 4.5 };
        let towards = if self.is_dark {
            Color32::WHITE
        } else {
            Color32::BLACK
        };
        let mut mixed = rgb(color);
        for _ in 0..40 {
            if contrast(mixed, self.page) >= wanted && contrast(mixed, self.panel) >= wanted {
                break;
            }
            mixed = mixed.lerp_to_gamma(towards, 0.06);
        }
        mixed
    }

    /// The outline of what has the keyboard.
    pub fn focus(&self) -> Stroke {
        let width = if self.is_high_contrast { 3.0 } else { 2.0 };
        Stroke::new(width, self.accent)
    }

    /// The tint behind annotated text.
    pub fn tint(&self, label: Color32) -> Color32 {
        label.gamma_multiply(if self.is_dark { 0.16 } else { 0.12 })
    }
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

const SERIF: &str = "reading-serif";
const SERIF_BOLD: &str = "reading-serif-bold";
const SANS_BOLD: &str = "sans-bold";
const MONO: &str = "reading-mono";

/// The bundled fonts, so that text is laid out the same on every machine.
pub fn install_fonts(ctx: &Context) {
    let mut fonts = FontDefinitions::default();
    let bundled: [(&str, &'static [u8]); 5] = [
        (
            "NotoSerif",
            include_bytes!("../../assets/fonts/NotoSerif-Regular.ttf"),
        ),
        (
            "NotoSerif-Bold",
            include_bytes!("../../assets/fonts/NotoSerif-Bold.ttf"),
        ),
        (
            "NotoSans",
            include_bytes!("../../assets/fonts/NotoSans-Regular.ttf"),
        ),
        (
            "NotoSans-SemiBold",
            include_bytes!("../../assets/fonts/NotoSans-SemiBold.ttf"),
        ),
        (
            "NotoSansMono",
            include_bytes!("../../assets/fonts/NotoSansMono-Regular.ttf"),
        ),
    ];
    for (name, bytes) in bundled {
        let data = Arc::new(FontData::from_static(bytes));
        fonts.font_data.insert(name.to_owned(), data);
    }
    let fallback = fonts
        .families
        .get(&FontFamily::Proportional)
        .cloned()
        .unwrap_or_default();
    let chain = |first: &str| {
        let mut names = vec![
            first.to_owned(),
            "NotoSans".to_owned(),
            "NotoSansMono".to_owned(),
        ];
        names.dedup();
        names.extend(fallback.iter().cloned());
        names
    };
    for (family, first) in [
        (FontFamily::Proportional, "NotoSans"),
        (FontFamily::Monospace, "NotoSansMono"),
        (FontFamily::Name(SERIF.into()), "NotoSerif"),
        (FontFamily::Name(SERIF_BOLD.into()), "NotoSerif-Bold"),
        (FontFamily::Name(SANS_BOLD.into()), "NotoSans-SemiBold"),
        (FontFamily::Name(MONO.into()), "NotoSansMono"),
    ] {
        fonts.families.insert(family, chain(first));
    }
    ctx.set_fonts(fonts);
}

/// The font of the article's text.
pub fn reading_font(font: ReadingFont, size: f32) -> FontId {
    let family = match font {
        ReadingFont::Serif => FontFamily::Name(SERIF.into()),
        ReadingFont::Sans => FontFamily::Proportional,
        ReadingFont::Mono => FontFamily::Name(MONO.into()),
    };
    FontId::new(size, family)
}

/// The font of the article's headline.
pub fn headline_font(font: ReadingFont, size: f32) -> FontId {
    let family = match font {
        ReadingFont::Serif => SERIF_BOLD,
        ReadingFont::Sans => SANS_BOLD,
        ReadingFont::Mono => MONO,
    };
    FontId::new(size * 1.42, FontFamily::Name(family.into()))
}

fn tokens_id() -> egui::Id {
    egui::Id::unique("tokens")
}

/// The tokens that were applied last.
pub fn tokens(ctx: &Context) -> Tokens {
    ctx.data(|data| data.get_temp(tokens_id())).unwrap_or(LIGHT)
}

/// The strong face of the window's own text.
pub fn strong_font(size: f32) -> FontId {
    FontId::new(size, FontFamily::Name(SANS_BOLD.into()))
}

/// Puts the tokens into egui's styles.
pub fn apply(ctx: &Context, tokens: &Tokens) {
    let theme = if tokens.is_dark {
        Theme::Dark
    } else {
        Theme::Light
    };
    ctx.set_theme(theme);
    ctx.data_mut(|data| data.insert_temp(tokens_id(), *tokens));
    ctx.style_mut_of(theme, |style| {
        style.visuals = visuals(tokens);
        style.spacing.item_spacing = egui::vec2(8.0, 5.0);
        style.spacing.button_padding = egui::vec2(8.0, 3.0);
        style.spacing.menu_margin = egui::Margin::same(6);
        style.spacing.window_margin = egui::Margin::same(16);
        style.spacing.interact_size.y = 22.0;
        style.interaction.tooltip_delay = 0.4;
        style.interaction.selectable_labels = false;
        style.animation_time = 0.0;
        style.visuals.text_cursor.blink = false;
        for font in style.text_styles.values_mut() {
            font.size = font.size.max(11.5);
        }
        let sizes = [
            (egui::TextStyle::Small, 11.5),
            (egui::TextStyle::Body, 13.0),
            (egui::TextStyle::Button, 13.0),
            (egui::TextStyle::Heading, 18.0),
            (egui::TextStyle::Monospace, 12.5),
        ];
        for (name, size) in sizes {
            if let Some(font) = style.text_styles.get_mut(&name) {
                font.size = size;
            }
        }
    });
}

fn visuals(tokens: &Tokens) -> Visuals {
    let mut visuals = if tokens.is_dark {
        Visuals::dark()
    } else {
        Visuals::light()
    };
    let line = Stroke::new(1.0, tokens.line);
    visuals.override_text_color = None;
    visuals.weak_text_color = Some(tokens.dim);
    visuals.hyperlink_color = tokens.accent;
    visuals.faint_bg_color = tokens.chosen.gamma_multiply(0.4);
    visuals.extreme_bg_color = tokens.page;
    visuals.text_edit_bg_color = Some(tokens.page);
    visuals.code_bg_color = tokens.page;
    visuals.warn_fg_color = tokens.warn;
    visuals.error_fg_color = tokens.error;
    visuals.window_fill = tokens.panel;
    visuals.window_stroke = line;
    visuals.window_corner_radius = CornerRadius::same(8);
    visuals.menu_corner_radius = CornerRadius::same(6);
    visuals.panel_fill = tokens.panel;
    visuals.selection.bg_fill = tokens.selection;
    visuals.selection.stroke = Stroke::new(1.0, tokens.ink);
    visuals.button_frame = true;
    let radius = CornerRadius::same(5);
    let plain = &mut visuals.widgets;
    plain.noninteractive.bg_stroke = line;
    plain.noninteractive.fg_stroke = Stroke::new(1.0, tokens.ink);
    plain.noninteractive.bg_fill = tokens.panel;
    plain.inactive.bg_fill = tokens.page;
    plain.inactive.weak_bg_fill = tokens.page;
    plain.inactive.bg_stroke = line;
    plain.inactive.fg_stroke = Stroke::new(1.0, tokens.ink);
    plain.hovered.bg_fill = tokens.chosen;
    plain.hovered.weak_bg_fill = tokens.chosen;
    plain.hovered.bg_stroke = Stroke::new(1.0, tokens.dim);
    plain.hovered.fg_stroke = Stroke::new(1.0, tokens.ink);
    plain.active.bg_fill = tokens.chosen;
    plain.active.weak_bg_fill = tokens.chosen;
    plain.active.bg_stroke = Stroke::new(1.0, tokens.accent);
    plain.active.fg_stroke = Stroke::new(1.0, tokens.ink);
    plain.open.bg_fill = tokens.chosen;
    plain.open.weak_bg_fill = tokens.chosen;
    plain.open.bg_stroke = line;
    plain.open.fg_stroke = Stroke::new(1.0, tokens.ink);
    for widget in [
        &mut plain.noninteractive,
        &mut plain.inactive,
        &mut plain.hovered,
        &mut plain.active,
        &mut plain.open,
    ] {
        widget.corner_radius = radius;
        widget.expansion = 0.0;
    }
    visuals
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::codebook::Codebook;

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
}
