//! Letters that only a font's own program knows: its built-in encoding, the names of its glyphs, and
//! the table from letters to glyphs, read backwards.
//!
//! Asked only where the document says nothing. Outlines are not looked at.

use super::encodings;
use read_fonts::ps::cff::CffFontRef;
use read_fonts::ps::type1::Type1Font;
use read_fonts::tables::cmap::{Cmap, CmapIterLimits, CmapSubtable, PlatformId};
use read_fonts::types::GlyphId;
use read_fonts::{FontRef, TableProvider};
use std::collections::HashMap;

/// The letters of codes in a font's own encoding.
pub(super) type Built = HashMap<u8, String>;

/// Of a Type 1 font.
pub(super) fn of_type1(program: &[u8]) -> Built {
    let Ok(font) = Type1Font::new(program) else {
        return Built::new();
    };
    let Some(encoding) = font.encoding() else {
        return Built::new();
    };
    let codes = 0..=u8::MAX;
    codes
        .filter_map(|code| Some((code, encodings::named(encoding.glyph_name(code)?)?)))
        .collect()
}

/// The names of glyphs in a compact font.
fn cff_name(font: &CffFontRef<'_>, glyph: GlyphId) -> Option<String> {
    let string = font.charset()?.string_id(glyph).ok()?;
    let name = std::str::from_utf8(font.string(string)?).ok()?;
    encodings::named(name)
}

/// Where the compact font begins in a program, which may have an OpenType font around it.
fn cff(program: &[u8]) -> Option<CffFontRef<'_>> {
    let within = FontRef::new(program).ok();
    let within = within.and_then(|font| Some(font.cff().ok()?.offset_data().as_bytes()));
    CffFontRef::new_cff(within.unwrap_or(program), 0, None).ok()
}

/// Of a compact font.
pub(super) fn of_cff(program: &[u8]) -> Built {
    let Some(font) = cff(program) else {
        return Built::new();
    };
    let Some(encoding) = font.encoding() else {
        return Built::new();
    };
    let codes = 0..=u8::MAX;
    codes
        .filter_map(|code| Some((code, cff_name(&font, encoding.map(code)?)?)))
        .collect()
}

/// The letters of glyphs in a TrueType font: those that its tables lead from, or its names.
struct Glyphs<'a> {
    letters: HashMap<u32, char>,
    font: FontRef<'a>,
}

fn subtables<'a>(map: &'a Cmap<'a>) -> impl Iterator<Item = (PlatformId, u16, CmapSubtable<'a>)> {
    map.encoding_records().iter().filter_map(|record| {
        let table = record.subtable(map.offset_data()).ok()?;
        Some((record.platform_id(), record.encoding_id(), table))
    })
}

/// Whether the codes of a table of letters are Unicode.
fn is_unicode(platform: PlatformId, encoding: u16) -> bool {
    match platform {
        PlatformId::Unicode => true,
        PlatformId::Windows => matches!(encoding, 1 | 10),
        _ => false,
    }
}

impl<'a> Glyphs<'a> {
    fn read(program: &'a [u8]) -> Option<Self> {
        let font = FontRef::new(program).ok()?;
        let mut letters = HashMap::new();
        if let Ok(map) = font.cmap() {
            let limits = CmapIterLimits::default_for_font(&font);
            for (platform, encoding, table) in subtables(&map) {
                if !is_unicode(platform, encoding) {
                    continue;
                }
                for (code, glyph) in table.iter_with_limits(limits).take(0x2_0000) {
                    let letter = char::from_u32(code).filter(|letter| !letter.is_control());
                    if let Some(letter) = letter.filter(|_| glyph != GlyphId::NOTDEF) {
                        letters.entry(glyph.to_u32()).or_insert(letter);
                    }
                }
            }
        }
        Some(Self { letters, font })
    }

    fn letters(&self, glyph: GlyphId) -> Option<String> {
        if let Some(letter) = self.letters.get(&glyph.to_u32()) {
            return Some(letter.to_string());
        }
        let post = self.font.post().ok()?;
        let short = u16::try_from(glyph.to_u32()).ok()?;
        encodings::named(post.glyph_name(short.into())?)
    }
}

/// Of a TrueType font without an encoding in the document.
pub(super) fn of_truetype(program: &[u8]) -> Built {
    let Some(glyphs) = Glyphs::read(program) else {
        return Built::new();
    };
    let Ok(map) = glyphs.font.cmap() else {
        return Built::new();
    };
    let mut built = Built::new();
    for (platform, encoding, table) in subtables(&map) {
        // Symbol fonts have their codes in the private area, others those of old Macs.
        let offsets: &[u32] = match (platform, encoding) {
            (PlatformId::Windows, 0) => &[0xF000, 0, 0xF100, 0xF200],
            (PlatformId::Macintosh, 0) => &[0],
            _ => continue,
        };
        for code in 0..=u8::MAX {
            let found = offsets.iter().find_map(|offset| {
                let glyph = table.map_codepoint(offset + u32::from(code))?;
                glyphs.letters(glyph).filter(|_| glyph != GlyphId::NOTDEF)
            });
            if let Some(letters) = found {
                built.entry(code).or_insert(letters);
            }
        }
    }
    built
}

/// The letters of a composite font's glyphs, by their numbers in its program.
pub(super) fn of_glyphs(
    program: &[u8],
    glyphs: impl Iterator<Item = (u32, u32)>,
) -> HashMap<u32, String> {
    if let Some(tables) = Glyphs::read(program).filter(|tables| !tables.letters.is_empty()) {
        return glyphs
            .filter_map(|(number, glyph)| Some((number, tables.letters(GlyphId::new(glyph))?)))
            .collect();
    }
    // A compact font whose glyphs have names, and no numbers of a collection.
    match cff(program).filter(|font| !font.is_cid()) {
        Some(font) => glyphs
            .filter_map(|(number, glyph)| Some((number, cff_name(&font, GlyphId::new(glyph))?)))
            .collect(),
        None => HashMap::new(),
    }
}
