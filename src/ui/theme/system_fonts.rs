//! What the fonts of the system add to the bundled ones: Han letters in the shapes of a language, emoji
//! in their colours, and a font for each letter that no other has.
//!
//! Asked while text is laid out, so nothing here may ask egui for anything.

use super::fonts::name_of;
use crate::core::text::han::Han;
use eframe::egui::epaint::text::{FallbackRequest, FontInsert, FontProvider};
use eframe::egui::{Context, FontData, FontFamily};
use egui_system_font_provider::SystemFontProvider;
use fontique::{
    Collection, CollectionOptions, FallbackKey, FamilyId, FontStyle, FontWeight, FontWidth,
    GenericFamily, Language, Script, SourceCache,
};
use read_fonts::{FontRef, TableProvider as _};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// The fonts of the system, from their installation on.
#[derive(Clone)]
pub struct SystemFonts(Arc<Faces>);

impl SystemFonts {
    pub fn install(ctx: &Context) -> Self {
        let fonts = Self(Arc::default());
        ctx.set_font_providers(vec![fonts.0.clone()]);
        fonts
    }

    /// Between frames; whether text that was measured has other widths now.
    ///
    /// egui puts what it finds behind what it has. A font of one colour that was found for a letter would
    /// so have the emoji as well: once there is one, all are found anew, with the colours first.
    pub fn settle(&self, ctx: &Context) -> bool {
        let is_due = self.0.is_due.swap(false, Ordering::Relaxed);
        if is_due {
            ctx.set_font_providers(vec![self.0.clone()]);
        }
        is_due
    }
}

#[derive(Default)]
struct Faces {
    listed: Mutex<Option<Listed>>,
    emoji: OnceLock<Option<FontInsert>>,
    others: SystemFontProvider,
    /// A font that may have emoji of one colour came before the one with colours.
    is_due: AtomicBool,
}

/// Fonts are listed when the first text is shown that needs one.
struct Listed {
    fonts: Collection,
    files: SourceCache,
}

impl Listed {
    fn new() -> Self {
        let all = CollectionOptions {
            shared: false,
            system_fonts: true,
        };
        Self {
            fonts: Collection::new(all),
            files: SourceCache::default(),
        }
    }

    /// A file is mapped once, however many faces and families it is in.
    fn face(&mut self, family: FamilyId, weight: FontWeight, letter: char) -> Option<FontInsert> {
        let family = self.fonts.family(family)?;
        let font = family.match_font(FontWidth::NORMAL, FontStyle::Normal, weight, false)?;
        let blob = font.load(Some(&mut self.files))?;
        let letters = font.charmap_index().charmap(blob.as_ref())?;
        letters.map(letter).filter(|glyph| *glyph != 0)?;
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

    /// Han letters come before what the system has for a letter that no other face has, as it would be
    /// of any language.
    fn han(&mut self, han: Han, is_bold: bool) -> Option<FontInsert> {
        /// One of those that look different by language.
        const LETTER: char = '直';
        let language = Language::parse(han.tag()).ok()?;
        let key = FallbackKey::new(Script::from_bytes(*b"Hani"), Some(&language));
        let family = self.fonts.fallback_families(key).next()?;
        let weight = if is_bold {
            FontWeight::BOLD
        } else {
            FontWeight::NORMAL
        };
        self.face(family, weight, LETTER)
    }

    fn emoji(&mut self) -> Option<FontInsert> {
        const FACE: char = '😀';
        let families: Vec<FamilyId> = self.fonts.generic_families(GenericFamily::Emoji).collect();
        let mut faces = families
            .into_iter()
            .filter_map(|family| self.face(family, FontWeight::NORMAL, FACE));
        faces.find(has_colours)
    }
}

/// Colours are drawn, or are pictures.
fn has_colours(face: &FontInsert) -> bool {
    let bytes: &[u8] = (*face.data.font).as_ref();
    FontRef::from_index(bytes, face.data.index)
        .is_ok_and(|font| font.colr().is_ok() || font.cbdt().is_ok() || font.sbix().is_ok())
}

fn has(face: &FontInsert, c: char) -> bool {
    let bytes: &[u8] = (*face.data.font).as_ref();
    let Ok(font) = FontRef::from_index(bytes, face.data.index) else {
        return false;
    };
    let letters = font.cmap().ok().and_then(|letters| letters.best_subtable());
    letters.is_some_and(|(_, _, letters)| letters.map_codepoint(c).is_some())
}

impl Faces {
    fn listed<T>(&self, ask: impl FnOnce(&mut Listed) -> T) -> T {
        let mut listed = self.listed.lock().unwrap_or_else(PoisonError::into_inner);
        ask(listed.get_or_insert_with(Listed::new))
    }

    fn emoji(&self) -> Option<&FontInsert> {
        let emoji = self.emoji.get_or_init(|| self.listed(Listed::emoji));
        emoji.as_ref()
    }
}

impl FontProvider for Faces {
    fn fonts_for_family(&self, family: &FontFamily) -> Vec<FontInsert> {
        let mut parts = name_of(family).split(", ");
        let is_bold = parts.next().is_some_and(|name| name.ends_with("bold"));
        let wanted = parts.next().and_then(|part| part.strip_suffix(" Han"));
        let wanted = wanted.and_then(|tag| Han::ALL.into_iter().find(|han| han.tag() == tag));
        let han = wanted.and_then(|han| self.listed(|listed| listed.han(han, is_bold)));
        let emoji = self.emoji.get().cloned().flatten();
        han.into_iter().chain(emoji).collect()
    }

    fn font_for(&self, request: &FallbackRequest<'_>) -> Option<FontInsert> {
        let is_first = self.emoji.get().is_none();
        let emoji = self.emoji();
        let letter = request.cluster.chars().next()?;
        if let Some(face) = emoji.filter(|face| has(face, letter)) {
            return Some(face.clone());
        }
        let other = self.others.font_for(request)?;
        if is_first && emoji.is_some() {
            self.is_due.store(true, Ordering::Relaxed);
        }
        Some(other)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{font_of_han, headline_font, install_fonts, reading_font};
    use super::*;
    use crate::app::settings::ReadingFont;
    use eframe::egui::{Color32, FontId};

    /// With a font of coloured emoji in the system: they have their colours, also behind letters whose
    /// font has them in one.
    #[test]
    fn emoji_have_their_colours() {
        let ctx = Context::default();
        install_fonts(&ctx);
        let fonts = SystemFonts::install(&ctx);
        if fonts.0.emoji().is_none() {
            eprintln!("skipped: no font of the system has coloured emoji");
            return;
        }
        // As in a window in which nothing was shown yet.
        let fonts = SystemFonts::install(&ctx);
        // Of each glyph that is seen, whether it has colours of its own.
        let frame = |text: &str| {
            let mut coloured = Vec::new();
            let mut output = ctx.run_ui(Default::default(), |ui| {
                let font = FontId::proportional(20.0);
                let galley = ui.fonts_mut(|fonts| {
                    fonts.layout_no_wrap(text.to_owned(), font.clone(), Color32::RED)
                });
                let glyphs = galley.rows.iter().flat_map(|row| &row.glyphs);
                let seen = glyphs.filter(|glyph| !glyph.uv_rect.is_nothing());
                coloured = seen.map(|glyph| glyph.is_color).collect();
            });
            output.textures_delta.clear();
            coloured
        };
        for letters in ["♔", "ა", "ไทย", "日", "क", "⁂"] {
            frame(letters);
            fonts.settle(&ctx);
        }
        for emoji in ["😀", "🇷🇸", "👩🏽‍🚀", "❤\u{fe0f}"] {
            assert_eq!(frame(emoji), [true], "{emoji}");
        }
        assert_eq!(frame("a1#*©"), [false; 5]);
        assert!(!fonts.settle(&ctx), "fonts are found anew once");
    }

    /// With fonts of the system that have several: a face of its own for each language, in which
    /// letters that differ are other glyphs, in one file.
    #[test]
    fn han_letters_have_the_shapes_of_a_language() {
        let faces = Faces::default();
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
