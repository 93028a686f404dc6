//! The bundled fonts: of the window, of the article, of headlines. Knows no colour, and no font of the
//! system.

use crate::app::settings::ReadingFont;
use crate::core::text::han::Han;
use eframe::egui::{Context, FontData, FontDefinitions, FontFamily, FontId, Id};
use std::sync::{Arc, LazyLock};

const SERIF: &str = "reading-serif";
const SERIF_BOLD: &str = "reading-serif-bold";
const SANS_BOLD: &str = "sans-bold";
const MONO: &str = "reading-mono";

/// The bundled fonts, so that text is laid out the same on every machine.
pub fn install_fonts(ctx: &Context) {
    let mut fonts = FontDefinitions::default();
    let bundled: [(&str, &'static [u8]); 11] = [
        (
            "NotoSerif",
            include_bytes!("../../../assets/fonts/NotoSerif-Regular.ttf"),
        ),
        (
            "NotoSerif-Bold",
            include_bytes!("../../../assets/fonts/NotoSerif-Bold.ttf"),
        ),
        (
            "NotoSans",
            include_bytes!("../../../assets/fonts/NotoSans-Regular.ttf"),
        ),
        (
            "NotoSans-SemiBold",
            include_bytes!("../../../assets/fonts/NotoSans-SemiBold.ttf"),
        ),
        (
            "NotoSansMono",
            include_bytes!("../../../assets/fonts/NotoSansMono-Regular.ttf"),
        ),
        (
            "NotoNaskhArabic",
            include_bytes!("../../../assets/fonts/NotoNaskhArabic-Regular.ttf"),
        ),
        (
            "NotoNaskhArabic-Bold",
            include_bytes!("../../../assets/fonts/NotoNaskhArabic-Bold.ttf"),
        ),
        (
            "NotoSansArabic",
            include_bytes!("../../../assets/fonts/NotoSansArabic-Regular.ttf"),
        ),
        (
            "NotoSerifHebrew",
            include_bytes!("../../../assets/fonts/NotoSerifHebrew-Regular.ttf"),
        ),
        (
            "NotoSerifHebrew-Bold",
            include_bytes!("../../../assets/fonts/NotoSerifHebrew-Bold.ttf"),
        ),
        (
            "NotoSansHebrew",
            include_bytes!("../../../assets/fonts/NotoSansHebrew-Regular.ttf"),
        ),
    ];
    for (name, bytes) in bundled {
        let mut data = FontData::from_static(bytes);
        // egui sets the middles of fonts at one height, and these have other middles: so far down
        // they stand on the line of the Latin letters beside them.
        data.tweak.y_offset_factor = match name {
            "NotoNaskhArabic" | "NotoNaskhArabic-Bold" => 0.17,
            "NotoSansArabic" => 0.07,
            "NotoSerifHebrew" | "NotoSerifHebrew-Bold" => 0.085,
            _ => 0.0,
        };
        let data = Arc::new(data);
        fonts.font_data.insert(name.to_owned(), data);
    }
    let fallback = fonts
        .families
        .get(&FontFamily::Proportional)
        .cloned()
        .unwrap_or_default();
    // The faces of Arabic and Hebrew letters that go with a Latin one.
    const SANS: [&str; 2] = ["NotoSansArabic", "NotoSansHebrew"];
    const ROMAN: [&str; 2] = ["NotoNaskhArabic", "NotoSerifHebrew"];
    const BOLD: [&str; 2] = ["NotoNaskhArabic-Bold", "NotoSerifHebrew-Bold"];
    let chain = |first: &str, others: [&str; 2]| {
        let mut names = vec![
            first.to_owned(),
            "NotoSans".to_owned(),
            "NotoSansMono".to_owned(),
        ];
        names.dedup();
        names.extend(others.map(str::to_owned));
        names.extend(fallback.iter().cloned());
        names
    };
    for (family, first, others) in [
        (FontFamily::Proportional, "NotoSans", SANS),
        (FontFamily::Monospace, "NotoSansMono", SANS),
        (FontFamily::Name(SERIF.into()), "NotoSerif", ROMAN),
        (FontFamily::Name(SERIF_BOLD.into()), "NotoSerif-Bold", BOLD),
        (
            FontFamily::Name(SANS_BOLD.into()),
            "NotoSans-SemiBold",
            BOLD,
        ),
        (FontFamily::Name(MONO.into()), "NotoSansMono", SANS),
    ] {
        let names = chain(first, others);
        let font = FontId::new(1.0, family);
        for han in std::iter::once(None).chain(Han::ALL.map(Some)) {
            let font = font_of_han(&font, han);
            for (n, other) in others.into_iter().enumerate() {
                let mut names = names.clone();
                names.insert(0, other.to_owned());
                let from_right = font_from_right(&font, n == 1);
                fonts.families.insert(from_right.family, names);
            }
            fonts.families.insert(font.family, names.clone());
        }
    }
    ctx.set_fonts(fonts);
}

pub(super) fn name_of(family: &FontFamily) -> &str {
    match family {
        FontFamily::Proportional => "sans",
        FontFamily::Monospace => "mono",
        FontFamily::Name(name) => name,
    }
}

/// The same font for letters from the right, whose spaces and marks are those of their own font.
pub fn font_from_right(font: &FontId, is_hebrew: bool) -> FontId {
    let name = name_of(&font.family);
    let letters = if is_hebrew { "Hebrew" } else { "Arabic" };
    let family = FontFamily::Name(format!("{name}, {letters} first").into());
    FontId::new(font.size, family)
}

/// The same font for a text whose Han letters have the shapes of a language.
pub fn font_of_han(font: &FontId, han: Option<Han>) -> FontId {
    let Some(han) = han else { return font.clone() };
    let name = name_of(&font.family);
    let family = FontFamily::Name(format!("{name}, {} Han", han.tag()).into());
    FontId::new(font.size, family)
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

/// How wide a character of an article is, about: a little narrower than “n” in all bundled fonts.
pub fn char_width(ctx: &Context, font: ReadingFont, size: f32) -> f32 {
    // Panels ask several times a frame, and the font would be looked up anew each time.
    let pixels_per_point = ctx.pixels_per_point().to_bits();
    let known = Id::unique(("char width", font as u8, size.to_bits(), pixels_per_point));
    if let Some(width) = ctx.data(|data| data.get_temp(known)) {
        return width;
    }
    let font = reading_font(font, size);
    let width = ctx.fonts_mut(|fonts| fonts.glyph_width(&font, 'n')) * 0.87;
    ctx.data_mut(|data| data.insert_temp(known, width));
    width
}

/// The font of the article's headline, whose text has a size.
pub fn headline_font(font: ReadingFont, size: f32) -> FontId {
    headline_of(font, size * 1.42)
}

/// The font of headlines in a size of its own.
pub fn headline_of(font: ReadingFont, size: f32) -> FontId {
    let family = match font {
        ReadingFont::Serif => SERIF_BOLD,
        ReadingFont::Sans => SANS_BOLD,
        ReadingFont::Mono => MONO,
    };
    FontId::new(size, FontFamily::Name(family.into()))
}

/// The strong face of the window's own text.
pub fn strong_font(size: f32) -> FontId {
    static FAMILY: LazyLock<FontFamily> = LazyLock::new(|| FontFamily::Name(SANS_BOLD.into()));
    FontId::new(size, FAMILY.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn families_of_languages_have_names_and_fonts() {
        let ctx = Context::default();
        install_fonts(&ctx);
        let mut output = ctx.run_ui(Default::default(), |_| ());
        output.textures_delta.clear();
        ctx.fonts(|fonts| {
            let definitions = fonts.definitions();
            for font in [ReadingFont::Serif, ReadingFont::Sans, ReadingFont::Mono] {
                for font in [reading_font(font, 17.0), headline_font(font, 17.0)] {
                    for han in Han::ALL.map(Some).into_iter().chain([None]) {
                        let font = font_of_han(&font, han);
                        let right =
                            [false, true].map(|is_hebrew| font_from_right(&font, is_hebrew));
                        for font in right.iter().chain([&font]) {
                            assert!(definitions.families.contains_key(&font.family), "{font:?}");
                        }
                    }
                }
            }
        });
    }
}
