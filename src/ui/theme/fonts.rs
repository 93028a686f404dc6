//! The bundled fonts: of the window, of the article, of headlines. Knows no colour.

use crate::app::settings::ReadingFont;
use crate::core::text::han::Han;
use eframe::egui::epaint::text::{FontInsert, FontProvider};
use eframe::egui::{Context, FontData, FontDefinitions, FontFamily, FontId, Id};
use fontique::{
    Collection, CollectionOptions, FallbackKey, FontStyle, FontWeight, FontWidth, Language, Script,
    SourceCache,
};
use read_fonts::FontRef;
use std::sync::{Arc, Mutex, PoisonError};

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

fn name_of(family: &FontFamily) -> &str {
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

/// Faces of the system in which Han letters have the shapes of a language. They come before what the
/// system has for a letter that no other face has, as it would be of any language.
///
/// Fonts are listed when the first such text is shown.
#[derive(Default)]
pub struct HanFaces {
    system: Mutex<Option<(Collection, SourceCache)>>,
}

impl HanFaces {
    /// A file is mapped once, however many faces and families it is in.
    fn face(&self, han: Han, is_bold: bool) -> Option<FontInsert> {
        /// One of those that look different by language.
        const LETTER: char = '直';
        let mut system = self.system.lock().unwrap_or_else(PoisonError::into_inner);
        let (collection, cache) = system.get_or_insert_with(|| {
            let all = CollectionOptions {
                shared: false,
                system_fonts: true,
            };
            (Collection::new(all), SourceCache::default())
        });
        let language = Language::parse(han.tag()).ok()?;
        let key = FallbackKey::new(Script::from_bytes(*b"Hani"), Some(&language));
        let id = collection.fallback_families(key).next()?;
        let family = collection.family(id)?;
        let weight = if is_bold {
            FontWeight::BOLD
        } else {
            FontWeight::NORMAL
        };
        let font = family.match_font(FontWidth::NORMAL, FontStyle::Normal, weight, false)?;
        let blob = font.load(Some(cache))?;
        let letters = font.charmap_index().charmap(blob.as_ref())?;
        letters.map(LETTER).filter(|glyph| *glyph != 0)?;
        // egui takes no font that cannot be read for an answer.
        FontRef::from_index(blob.as_ref(), font.index()).ok()?;
        let (blob, _) = blob.into_raw_parts();
        let weight = font.weight().value();
        let name = format!("system:{}:{weight}:{}", family.name(), font.index());
        Some(FontInsert {
            name,
            data: FontData::from_blob(blob, font.index()),
            families: Vec::new(),
        })
    }
}

impl FontProvider for HanFaces {
    fn fonts_for_family(&self, family: &FontFamily) -> Vec<FontInsert> {
        let mut parts = name_of(family).split(", ");
        let is_bold = parts.next().is_some_and(|name| name.ends_with("bold"));
        let wanted = parts.next().and_then(|part| part.strip_suffix(" Han"));
        let wanted = wanted.and_then(|tag| Han::ALL.into_iter().find(|han| han.tag() == tag));
        let face = wanted.and_then(|han| self.face(han, is_bold));
        face.into_iter().collect()
    }
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

/// How wide a character of running text is, about: a little narrower than “n” in all bundled fonts.
pub fn char_width(ctx: &Context, font: &FontId) -> f32 {
    // Panels ask several times a frame, and the font would be looked up anew each time.
    let known = Id::unique(("char width", font, ctx.pixels_per_point().to_bits()));
    if let Some(width) = ctx.data(|data| data.get_temp(known)) {
        return width;
    }
    let width = ctx.fonts_mut(|fonts| fonts.glyph_width(font, 'n')) * 0.87;
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
    FontId::new(size, FontFamily::Name(SANS_BOLD.into()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use read_fonts::TableProvider as _;

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

    /// With fonts of the system that have several: a face of its own for each language, in which
    /// letters that differ are other glyphs, in one file.
    #[test]
    fn han_letters_have_the_shapes_of_a_language() {
        let faces = HanFaces::default();
        let serif = reading_font(ReadingFont::Serif, 17.0);
        let face = |han: Han| {
            let family = font_of_han(&serif, Some(han)).family;
            faces.fonts_for_family(&family).pop()
        };
        assert!(faces.fonts_for_family(&serif.family).is_empty());
        let found: Vec<(Han, FontInsert)> = Han::ALL
            .into_iter()
            .filter_map(|han| face(han).map(|face| (han, face)))
            .collect();
        let is_whole = found.iter().any(|(_, face)| face.name.contains("CJK"));
        if !is_whole {
            eprintln!("skipped: no font of the system has Han letters of several languages");
            return;
        }
        assert_eq!(found.len(), Han::ALL.len());
        let glyph = |face: &FontInsert, c: char| {
            let bytes: &[u8] = (*face.data.font).as_ref();
            let font = FontRef::from_index(bytes, face.data.index).unwrap();
            let (_, _, letters) = font.cmap().unwrap().best_subtable().unwrap();
            letters.map_codepoint(c).unwrap()
        };
        for (n, (han, one)) in found.iter().enumerate() {
            println!("{}: {}", han.tag(), one.name);
            for (other, two) in found.iter().skip(n + 1) {
                assert_ne!(one.name, two.name, "{han:?} and {other:?}");
                let starts = [one, two].map(|face| (*face.data.font).as_ref().as_ptr());
                assert_eq!(starts[0], starts[1], "the file is there twice");
                let differ = |c: &char| glyph(one, *c) != glyph(two, *c);
                assert!(
                    ['直', '骨', '誤', '門', '角'].iter().any(differ),
                    "{han:?} and {other:?}"
                );
            }
        }
        // The bold one is another, in the shapes of the same language.
        let headline = headline_font(ReadingFont::Serif, 17.0);
        let family = font_of_han(&headline, Some(Han::Japanese)).family;
        let bold = faces.fonts_for_family(&family).pop().unwrap();
        assert!(
            found.iter().all(|(_, face)| face.name != bold.name),
            "{}",
            bold.name
        );
    }
}
