//! A font of a PDF: from the bytes of a string to characters with letters and widths
//! (ISO 32000-1, 9.5 to 9.10).
//!
//! Whatever is unknown or damaged costs the letters that it would have said: a character without
//! letters still has its place. Draws nothing and knows no page.

use super::cjk::{Collection, Predefined};
use super::cmap::CharacterMap;
use super::encodings::{self, Encoding};
use super::programs;
use super::streams::Unpacker;
use hayro_syntax::object::{self, Array, Dict, Name, Object, Stream};
use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

/// A character of a string.
pub(super) struct Character {
    /// `None` where nothing says which letters it shows.
    pub(super) letters: Option<Rc<str>>,
    /// How far it goes along its line, in parts of the font's size.
    pub(super) advance: f64,
    /// Whether it is the byte of a space, which may be stretched.
    pub(super) is_space: bool,
}

pub(super) struct Font<'a> {
    kind: Kind<'a>,
    pub(super) is_vertical: bool,
    /// The height of its letters in parts of its size; other than 1 where the font is drawings.
    pub(super) height: f64,
    /// Whether it could not be read at all, so that its strings have no characters that mean anything.
    pub(super) is_unknown: bool,
}

enum Kind<'a> {
    /// A byte is a character.
    Simple {
        letters: Vec<Option<Rc<str>>>,
        advances: Vec<f64>,
    },
    Composite(Box<Composite<'a>>),
}

struct Composite<'a> {
    codes: Codes,
    to_letters: Option<CharacterMap>,
    collection: Option<Collection>,
    /// The font of the collection, and what unpacks its program, which knows letters of numbers that
    /// nothing else says.
    inner: Dict<'a>,
    unpacker: Unpacker,
    built: OnceCell<HashMap<u32, String>>,
    widths: Widths,
    name: String,
    known: RefCell<HashMap<u32, Option<Rc<str>>>>,
}

/// How the bytes of strings become codes, and codes numbers in the font.
enum Codes {
    /// Two bytes are a code, and the code is the number.
    Identity,
    Predefined(Predefined),
    Map(Box<CharacterMap>),
    /// Codes are as long as the map of letters says.
    Unknown,
}

/// Widths by ranges of numbers, however long they say that they are.
#[derive(Default)]
struct Widths {
    ranges: Vec<(u32, u32, f64)>,
    usual: f64,
}

impl Widths {
    /// `from [a b c]` and `from to a`, one after the other.
    fn read(font: &Dict<'_>) -> Self {
        let mut ranges = Vec::new();
        let items = font.get::<Array<'_>>("W");
        let mut before: Vec<u32> = Vec::new();
        for item in items.iter().flat_map(|items| items.iter::<Object<'_>>()) {
            match item {
                Object::Array(list) => {
                    let first = before.last().copied().unwrap_or(0);
                    for (number, width) in (first..).zip(list.iter::<f64>()) {
                        ranges.push((number, number, width));
                    }
                    before.clear();
                }
                Object::Number(number) => match before.as_slice() {
                    [from, to] => {
                        ranges.push((*from, *to, number.as_f64()));
                        before.clear();
                    }
                    _ => before.push(u32::try_from(number.as_i64()).unwrap_or(0)),
                },
                _ => before.clear(),
            }
        }
        ranges.sort_by_key(|(from, ..)| *from);
        Self {
            ranges,
            usual: font.get::<f64>("DW").unwrap_or(1_000.0),
        }
    }

    fn width(&self, number: u32) -> f64 {
        let until = self.ranges.partition_point(|(from, ..)| *from <= number);
        let before = self.ranges.get(..until).unwrap_or_default();
        let found = before
            .iter()
            .rev()
            .take(16)
            .find(|(_, to, _)| number <= *to);
        found.map_or(self.usual, |(_, _, width)| *width)
    }
}

/// A width that is a number of this world, in parts of the font's size.
fn sane(width: f64) -> f64 {
    if width.is_finite() {
        width.clamp(-10_000.0, 10_000.0)
    } else {
        0.0
    }
}

/// Whether letters say something: many programs write a zero for what they do not know.
fn means_something(letters: &str) -> bool {
    !letters.is_empty() && !letters.contains(['\0', '\u{FFFD}'])
}

/// Letters without the private ones that are known to show others.
fn shown(font: &str, letters: &str) -> Option<Rc<str>> {
    if !means_something(letters) {
        return None;
    }
    let is_private = |c: &char| ('\u{F000}'..='\u{F0FF}').contains(c);
    if !letters.contains(|c| is_private(&c)) {
        return Some(letters.into());
    }
    let letters: String = letters
        .chars()
        .map(|c| encodings::symbol(font, c).unwrap_or_else(|| c.to_string()))
        .collect();
    Some(letters.into())
}

fn name_of(font: &Dict<'_>) -> String {
    let name = font.get::<Name<'_>>("BaseFont");
    let name = name.map(|name| String::from_utf8_lossy(&name).into_owned());
    let name = name.unwrap_or_default();
    // A part of a font has six letters before its name.
    match name.split_once('+') {
        Some((tag, name)) if tag.len() == 6 => name.to_owned(),
        _ => name,
    }
}

/// Where a font's program stands, by the key that says its kind.
fn program(descriptor: &Dict<'_>, unpacker: &Unpacker) -> Option<(&'static str, Vec<u8>)> {
    ["FontFile", "FontFile2", "FontFile3"]
        .into_iter()
        .find_map(|key| {
            let stream = descriptor.get::<Stream<'_>>(key)?;
            Some((key, unpacker.contents(&stream).ok()?))
        })
}

fn map_in(font: &Dict<'_>, unpacker: &Unpacker) -> Option<CharacterMap> {
    let stream = font.get::<Stream<'_>>("ToUnicode")?;
    let map = CharacterMap::read(&unpacker.contents(&stream).ok()?);
    Some(map).filter(CharacterMap::has_letters)
}

impl<'a> Font<'a> {
    pub(super) fn read(font: &Dict<'a>, unpacker: &Unpacker) -> Self {
        match font.get::<Name<'_>>("Subtype").as_deref() {
            Some(b"Type0") => Self::composite(font, unpacker),
            Some(b"Type3") => Self::drawn(font, unpacker),
            _ if font.contains_key("DescendantFonts") => Self::composite(font, unpacker),
            _ => Self::simple(font, unpacker),
        }
    }

    /// For text that sets no font: letters as most fonts have them.
    pub(super) fn usual() -> Self {
        Self::simple(&Dict::empty(), &Unpacker::new())
    }

    fn simple(font: &Dict<'_>, unpacker: &Unpacker) -> Self {
        let name = name_of(font);
        let descriptor = font.get::<Dict<'_>>("FontDescriptor").unwrap_or_default();
        let letters = simple_letters(font, &descriptor, &name, unpacker);
        let first = font.get::<i32>("FirstChar").unwrap_or(0);
        let listed: Option<Vec<f64>> = font
            .get::<Array<'_>>("Widths")
            .map(|widths| widths.iter::<f64>().take(256).collect());
        let missing = descriptor.get::<f64>("MissingWidth");
        let advances = (0..=255)
            .zip(&letters)
            .map(|(code, letters)| {
                let at = usize::try_from(code - first).ok();
                let width = listed.as_ref().and_then(|listed| listed.get(at?)).copied();
                let by_letters = || {
                    let letters = letters.as_deref().filter(|_| listed.is_none());
                    letters.map(|letters| encodings::width(&name, letters))
                };
                let width = width.or_else(by_letters).or(missing);
                sane(width.unwrap_or(0.0) / 1_000.0)
            })
            .collect();
        Self {
            kind: Kind::Simple { letters, advances },
            is_vertical: false,
            height: 1.0,
            is_unknown: false,
        }
    }

    /// A font whose characters are drawings, in a space of its own.
    fn drawn(font: &Dict<'_>, unpacker: &Unpacker) -> Self {
        let mut drawn = Self::simple(font, unpacker);
        let matrix = font.get::<[f64; 6]>("FontMatrix");
        let [across, _, _, up, ..] = matrix.unwrap_or([0.001, 0.0, 0.0, 0.001, 0.0, 0.0]);
        if let Kind::Simple { letters, advances } = &mut drawn.kind {
            for (code, letters) in letters.iter_mut().enumerate() {
                // Their names are often numbers, and their codes letters all the same.
                if letters.is_none() && (0x21..0x7F).contains(&code) {
                    *letters = Encoding::Standard.letters(code as u8).map(Rc::from);
                }
            }
            for advance in advances.iter_mut() {
                *advance = sane(*advance * 1_000.0 * across);
            }
            let wide: Vec<f64> = advances.iter().copied().filter(|a| *a > 0.0).collect();
            let mean = wide.iter().sum::<f64>() / (wide.len().max(1) as f64);
            let listed = font.get::<[f64; 4]>("FontBBox");
            let by_box = listed.map(|[_, low, _, high]| (high - low).abs() * up.abs());
            // A letter is about half as wide as its font is high; boxes are often empty or wrong.
            let by_box = by_box.filter(|height| (mean..mean * 6.0).contains(height));
            drawn.height = match by_box {
                _ if (0.0009..0.0011).contains(&up.abs()) => 1.0,
                Some(height) => height,
                None if mean > 0.0 => mean * 2.0,
                None => 1.0,
            };
        }
        drawn
    }

    fn composite(font: &Dict<'a>, unpacker: &Unpacker) -> Self {
        let inner = font.get::<Array<'a>>("DescendantFonts");
        let inner = inner.and_then(|list| list.iter::<Dict<'a>>().next());
        let inner = inner.or_else(|| font.get::<Dict<'a>>("DescendantFonts"));
        let inner = inner.unwrap_or_default();
        let to_letters = map_in(font, unpacker);
        let mut is_vertical = false;
        let named = |name: &[u8]| {
            let name = std::str::from_utf8(name).unwrap_or_default();
            match name {
                "Identity-H" => (Codes::Identity, false),
                "Identity-V" => (Codes::Identity, true),
                name => match Predefined::named(name) {
                    Some(map) => (Codes::Predefined(map), map.is_vertical),
                    None => (Codes::Unknown, name.ends_with("-V")),
                },
            }
        };
        let codes = match font.get::<Object<'_>>("Encoding") {
            Some(Object::Name(name)) => {
                let (codes, vertical) = named(&name);
                is_vertical = vertical;
                codes
            }
            Some(Object::Stream(stream)) => {
                let bytes = unpacker.contents(&stream).unwrap_or_default();
                let map = CharacterMap::read(&bytes);
                let base = stream.dict().get::<Name<'_>>("UseCMap");
                let base = base.map(|name| name.to_vec()).or_else(|| map.base.clone());
                is_vertical = map.is_vertical || stream.dict().get::<i32>("WMode") == Some(1);
                match base {
                    // It adds to one that is known, mostly forms of vertical lines.
                    Some(base) if !map.has_spaces() => named(&base).0,
                    _ => Codes::Map(Box::new(map)),
                }
            }
            _ => Codes::Unknown,
        };
        let system = inner.get::<Dict<'_>>("CIDSystemInfo").unwrap_or_default();
        let ordering = system.get::<object::String<'_>>("Ordering");
        let collection = ordering.and_then(|ordering| Collection::named(&ordering));
        let is_unknown = matches!(codes, Codes::Unknown) && to_letters.is_none();
        Self {
            kind: Kind::Composite(Box::new(Composite {
                codes,
                to_letters,
                collection,
                widths: Widths::read(&inner),
                inner,
                unpacker: unpacker.clone(),
                built: OnceCell::new(),
                name: name_of(font),
                known: RefCell::default(),
            })),
            is_vertical,
            height: 1.0,
            is_unknown,
        }
    }

    /// The characters of a string, one after the other.
    pub(super) fn characters(&self, bytes: &[u8], mut each: impl FnMut(Character)) {
        match &self.kind {
            Kind::Simple { letters, advances } => {
                for byte in bytes {
                    let at = usize::from(*byte);
                    each(Character {
                        letters: letters.get(at).cloned().flatten(),
                        advance: advances.get(at).copied().unwrap_or(0.0),
                        is_space: *byte == b' ',
                    });
                }
            }
            Kind::Composite(font) => {
                let mut rest = bytes;
                while !rest.is_empty() {
                    let (code, after) = rest.split_at(font.code_length(rest));
                    each(font.character(code, self.is_vertical));
                    rest = after;
                }
            }
        }
    }
}

/// The letters of a simple font: by the document's map of letters, by the names that it gives to
/// codes, by its encoding, and by the font's own program.
fn simple_letters(
    font: &Dict<'_>,
    descriptor: &Dict<'_>,
    name: &str,
    unpacker: &Unpacker,
) -> Vec<Option<Rc<str>>> {
    let to_letters = map_in(font, unpacker);
    let encoding = font.get::<Object<'_>>("Encoding");
    let (base, differences) = match &encoding {
        Some(Object::Name(name)) => (Encoding::named(name), None),
        Some(Object::Dict(encoding)) => {
            let base = encoding.get::<Name<'_>>("BaseEncoding");
            let base = base.and_then(|name| Encoding::named(&name));
            (base, encoding.get::<Array<'_>>("Differences"))
        }
        _ => (None, None),
    };
    let named = names_of_codes(differences.as_ref());
    let (first, last) = (font.get::<i32>("FirstChar"), font.get::<i32>("LastChar"));
    let is_covered = (first.unwrap_or(0)..=last.unwrap_or(255).min(255)).all(|code| {
        let code = u8::try_from(code).unwrap_or(0);
        let told = to_letters.as_ref().and_then(|map| map.letters(code.into()));
        told.is_some() || named.contains_key(&code)
    });
    let built = if base.is_none() && !is_covered {
        match program(descriptor, unpacker) {
            Some(("FontFile", bytes)) => programs::of_type1(&bytes),
            Some(("FontFile2", bytes)) => programs::of_truetype(&bytes),
            Some((_, bytes)) => programs::of_cff(&bytes),
            None => HashMap::new(),
        }
    } else {
        HashMap::new()
    };
    // A font of symbols keeps its letters, whatever the document calls their encoding.
    let own = Encoding::of_font(name);
    let usual = own.or(base).unwrap_or_else(|| {
        let is_truetype = font.get::<Name<'_>>("Subtype").as_deref() == Some(b"TrueType");
        if is_truetype || font.is_empty() {
            Encoding::WinAnsi
        } else {
            Encoding::Standard
        }
    });
    (0..=u8::MAX)
        .map(|code| {
            let told = to_letters.as_ref().and_then(|map| map.letters(code.into()));
            let told = told.and_then(|letters| shown(name, &letters));
            if told.is_some() {
                return told;
            }
            let letters = match named.get(&code) {
                Some(glyph) if is_number_of(glyph, code) => Encoding::WinAnsi.letters(code),
                Some(glyph) => encodings::named(glyph).or_else(|| built.get(&code).cloned()),
                None => built.get(&code).cloned().or_else(|| usual.letters(code)),
            };
            letters.and_then(|letters| shown(name, &letters))
        })
        .collect()
}

/// Whether a glyph is only called by its code: `a65`, `G41`.
fn is_number_of(glyph: &str, code: u8) -> bool {
    let digits = glyph.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    let letters = glyph.len() - digits.len();
    letters <= 1
        && (digits.parse() == Ok(code)
            || u8::from_str_radix(digits, 16) == Ok(code) && glyph.starts_with('G'))
}

/// `from /a /b /c`, one after the other.
fn names_of_codes(differences: Option<&Array<'_>>) -> HashMap<u8, String> {
    let mut names = HashMap::new();
    let mut code: i64 = 0;
    for item in differences
        .iter()
        .flat_map(|list| list.iter::<Object<'_>>())
    {
        match item {
            Object::Number(number) => code = number.as_i64(),
            Object::Name(name) => {
                if let Ok(code) = u8::try_from(code) {
                    names.insert(code, String::from_utf8_lossy(&name).into_owned());
                }
                code = code.saturating_add(1);
            }
            _ => {}
        }
    }
    names
}

/// The letters of a composite font's numbers, by its program.
fn built_letters(inner: &Dict<'_>, unpacker: &Unpacker) -> HashMap<u32, String> {
    let descriptor = inner.get::<Dict<'_>>("FontDescriptor").unwrap_or_default();
    let Some((_, bytes)) = program(&descriptor, unpacker) else {
        return HashMap::new();
    };
    match inner.get::<Stream<'_>>("CIDToGIDMap") {
        Some(stream) => {
            let map = unpacker.contents(&stream).unwrap_or_default();
            let (pairs, _odd) = map.as_chunks::<2>();
            let glyphs = (0..0x1_0000).zip(pairs.iter().map(|pair| u16::from_be_bytes(*pair)));
            let glyphs = glyphs.filter(|(_, glyph)| *glyph != 0);
            programs::of_glyphs(&bytes, glyphs.map(|(number, glyph)| (number, glyph.into())))
        }
        None => programs::of_glyphs(&bytes, (1..0x1_0000).map(|number| (number, number))),
    }
}

fn number_of(code: &[u8]) -> u32 {
    let bytes = code.iter().take(4);
    bytes.fold(0, |number, byte| number << 8 | u32::from(*byte))
}

impl Composite<'_> {
    fn code_length(&self, bytes: &[u8]) -> usize {
        let length = match &self.codes {
            Codes::Identity => 2,
            Codes::Predefined(map) => map.length(bytes),
            Codes::Map(map) => map.code(bytes).1,
            Codes::Unknown => match &self.to_letters {
                Some(map) if map.has_spaces() => map.code(bytes).1,
                _ => 2,
            },
        };
        length.clamp(1, bytes.len().max(1))
    }

    fn character(&self, code: &[u8], is_vertical: bool) -> Character {
        let letters = self.letters(code);
        let width = match &self.codes {
            _ if is_vertical => 1_000.0,
            Codes::Predefined(map) => match map.number(letters.as_deref().unwrap_or_default()) {
                Some(number) if self.widths.ranges.is_empty() => {
                    // Latin letters of a font that lists no widths are half as wide as others.
                    let is_half = number > 95;
                    if is_half { 500.0 } else { self.widths.usual }
                }
                Some(number) => self.widths.width(number),
                None => self.widths.usual,
            },
            _ => self.widths.width(self.number(code)),
        };
        Character {
            letters,
            advance: sane(width / 1_000.0),
            is_space: code == b" ",
        }
    }

    fn number(&self, code: &[u8]) -> u32 {
        match &self.codes {
            Codes::Map(map) => map.number(number_of(code)).unwrap_or(0),
            _ => number_of(code),
        }
    }

    fn letters(&self, code: &[u8]) -> Option<Rc<str>> {
        let key = number_of(code);
        if let Some(known) = self.known.borrow().get(&key) {
            return known.clone();
        }
        let told = self.to_letters.as_ref().and_then(|map| map.letters(key));
        let told = told.and_then(|letters| shown(&self.name, &letters));
        let letters = told.or_else(|| {
            let letters = match (&self.codes, self.collection) {
                (Codes::Predefined(map), _) => map.letters(code),
                (Codes::Unknown, _) => None,
                (_, Some(collection)) => collection.letters(self.number(code)),
                _ => {
                    let read = || built_letters(&self.inner, &self.unpacker);
                    let number = self.number(code);
                    let built = self.built.get_or_init(read).get(&number).cloned();
                    built.or_else(|| encodings::in_usual_order(&self.name, number))
                }
            };
            shown(&self.name, &letters?)
        });
        self.known.borrow_mut().insert(key, letters.clone());
        letters
    }
}
