//! Letters of fonts that go by the book: predefined encodings, names of glyphs, and how wide the
//! letters of the fonts are that every program has (ISO 32000-1, annex D, and 9.6.2.2).

use read_fonts::ps::agl;
use read_fonts::ps::encoding::PredefinedEncoding;

/// An encoding that fonts name, or have by being what they are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Encoding {
    Standard,
    WinAnsi,
    MacRoman,
    Symbol,
    ZapfDingbats,
}

/// From the space on.
const SYMBOL: &str = " !∀#∃%&∋()∗+,−./0123456789:;<=>?≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_‾αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼";
/// From 0xA0 on.
const SYMBOL_HIGH: &str = "€ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…⏐⎯↵ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓◊〈®©™∑⎛⎜⎝⎡⎢⎣⎧⎨⎩⎪ 〉∫⌠⎮⌡⎞⎟⎠⎤⎥⎦⎫⎬⎭";
/// Dingbats that are not where the others of Unicode's block follow, by their codes.
const DINGBATS: &[(u8, char)] = &[
    (0x25, '☎'),
    (0x2A, '☛'),
    (0x2B, '☞'),
    (0x48, '★'),
    (0x6C, '●'),
    (0x6E, '■'),
    (0x73, '▲'),
    (0x74, '▼'),
    (0x75, '◆'),
    (0x77, '◗'),
    (0xA8, '♣'),
    (0xA9, '♦'),
    (0xAA, '♥'),
    (0xAB, '♠'),
    (0xD5, '→'),
    (0xD6, '↔'),
    (0xD7, '↕'),
];

impl Encoding {
    pub(super) fn named(name: &[u8]) -> Option<Self> {
        match name {
            b"StandardEncoding" => Some(Self::Standard),
            b"WinAnsiEncoding" | b"PDFDocEncoding" => Some(Self::WinAnsi),
            b"MacRomanEncoding" | b"MacExpertEncoding" => Some(Self::MacRoman),
            _ => None,
        }
    }

    /// What fonts of this name have that say nothing.
    pub(super) fn of_font(name: &str) -> Option<Self> {
        match name {
            "Symbol" => Some(Self::Symbol),
            "ZapfDingbats" => Some(Self::ZapfDingbats),
            _ => None,
        }
    }

    pub(super) fn letters(self, code: u8) -> Option<String> {
        let by = |encoding: &'static encoding_rs::Encoding| {
            let bytes = [code];
            let letters = encoding.decode_without_bom_handling_and_without_replacement(&bytes)?;
            Some(letters.into_owned()).filter(|letters| !letters.contains(char::is_control))
        };
        let at = |table: &str, first: u8| {
            let at = usize::from(code.checked_sub(first)?);
            table.chars().nth(at).map(String::from)
        };
        match self {
            Self::Standard => named(PredefinedEncoding::Standard.name(code)),
            // It is drawn, so it is no place where a word may be broken.
            Self::WinAnsi if code == 0xAD => Some("-".to_owned()),
            Self::WinAnsi => by(encoding_rs::WINDOWS_1252),
            Self::MacRoman => by(encoding_rs::MACINTOSH),
            Self::Symbol => at(SYMBOL_HIGH, 0xA0).or_else(|| at(SYMBOL, 0x20)),
            Self::ZapfDingbats => {
                let other = DINGBATS.iter().find(|(at, _)| *at == code);
                let letter = match (code, other) {
                    (_, Some((_, letter))) => Some(*letter),
                    (0x20, _) => Some(' '),
                    (0x21..=0x7E, _) => char::from_u32(0x2701 + u32::from(code) - 0x21),
                    (0xA1..=0xA7, _) => char::from_u32(0x2761 + u32::from(code) - 0xA1),
                    (0xAC..=0xB5, _) => char::from_u32(0x2460 + u32::from(code) - 0xAC),
                    (0xB6..=0xD4, _) => char::from_u32(0x2776 + u32::from(code) - 0xB6),
                    (0xD8..=0xFE, _) => char::from_u32(0x2798 + u32::from(code) - 0xD8),
                    _ => None,
                };
                letter.map(String::from)
            }
        }
    }
}

/// Names that are in no list of Adobe's, but in fonts of TeX and in old ones.
const OTHER_NAMES: &[(&str, &str)] = &[
    ("angbracketleft", "⟨"),
    ("angbracketright", "⟩"),
    ("bardbl", "‖"),
    ("circlecopyrt", "©"),
    ("circleminus", "⊖"),
    ("dotlessj", "ȷ"),
    ("epsilon1", "ϵ"),
    ("greatermuch", "≫"),
    ("intersectionsq", "⊓"),
    ("lessmuch", "≪"),
    ("longdash", "—"),
    ("lscript", "ℓ"),
    ("mapsto", "↦"),
    ("micro", "µ"),
    ("natural", "♮"),
    ("negationslash", "̸"),
    ("owner", "∋"),
    ("pi1", "ϖ"),
    ("precedesequal", "⪯"),
    ("prime", "′"),
    ("rho1", "ϱ"),
    ("sharp", "♯"),
    ("similarequal", "≃"),
    ("square", "□"),
    ("star", "⋆"),
    ("supersetsqequal", "⊒"),
    ("subsetsqequal", "⊑"),
    ("tie", "⁀"),
    ("triangle", "△"),
    ("turnstileleft", "⊢"),
    ("turnstileright", "⊣"),
    ("unionmulti", "⊎"),
    ("unionsq", "⊔"),
    ("visiblespace", "␣"),
];

/// The letters that a glyph's name means: those of Adobe's list, `uni0041`, `f_i`, `a.alt`, and
/// small or old-fashioned forms, which are letters and figures like others.
pub(super) fn named(name: &str) -> Option<String> {
    let is_private = |letters: &str| letters.contains(|c| ('\u{E000}'..='\u{F8FF}').contains(&c));
    let listed = |name: &str| -> Option<String> {
        let letters: String = agl::name_to_chars(name).collect();
        Some(letters).filter(|letters| !letters.is_empty() && !is_private(letters))
    };
    let other = || {
        let other = OTHER_NAMES.iter().find(|(other, _)| *other == name);
        other.map(|(_, letters)| (*letters).to_owned())
    };
    let by_code = || {
        let digits = name
            .strip_prefix("uni")
            .or_else(|| name.strip_prefix('u'))?;
        let is_code = (4..=6).contains(&digits.len());
        let code = u32::from_str_radix(digits, 16).ok().filter(|_| is_code)?;
        char::from_u32(code).map(String::from)
    };
    let plain = || {
        let forms = ["small", "oldstyle", "superior", "inferior", "fitted"];
        let plain = forms.iter().find_map(|form| name.strip_suffix(form))?;
        let letters = listed(plain)?;
        Some(if name.ends_with("small") {
            letters.to_lowercase()
        } else {
            letters
        })
    };
    listed(name).or_else(other).or_else(by_code).or_else(plain)
}

/// The letters of glyphs by their numbers, in fonts that have the order of old Macs and are rarely
/// put into documents.
pub(super) fn in_usual_order(font: &str, number: u32) -> Option<String> {
    const FONTS: [&str; 6] = ["times", "arial", "courier", "verdana", "georgia", "tahoma"];
    let lower = font.to_lowercase();
    if !FONTS.iter().any(|name| lower.starts_with(name)) {
        return None;
    }
    let code = match number {
        3..=97 => number + 29,
        98..=225 => number + 30,
        _ => return None,
    };
    Encoding::MacRoman.letters(u8::try_from(code).ok()?)
}

/// What a letter of the private area shows that stands for a code of a symbol font.
pub(super) fn symbol(font: &str, letter: char) -> Option<String> {
    let code = match u32::from(letter) {
        code @ 0xF020..=0xF0FF => u8::try_from(code - 0xF000).ok()?,
        _ => return None,
    };
    let lower = font.to_lowercase();
    let is_pictures = ["wingdings", "webdings", "dingbats"]
        .iter()
        .any(|name| lower.contains(name));
    if is_pictures {
        // Those that lists and arrows in texts are made of.
        let letter = match code {
            0x20 => ' ',
            0x6C | 0x9F => '●',
            0x6E | 0xA7 => '■',
            0x71 | 0x72 | 0xA8 => '□',
            0x76 => '❖',
            0xD8 => '➢',
            0xE0 => '→',
            0xFC => '✓',
            _ => return None,
        };
        return Some(letter.to_string());
    }
    if lower.contains("symbol") {
        return Encoding::Symbol.letters(code);
    }
    Encoding::WinAnsi.letters(code)
}

/// Widths of the letters of ASCII from the space on, in thousandths of the font's size.
type Widths = [u16; 95];

#[rustfmt::skip]
const HELVETICA: Widths = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278,
    556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,
    1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778,
    667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,
    333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556,
    556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];
#[rustfmt::skip]
const HELVETICA_BOLD: Widths = [
    278, 333, 474, 556, 556, 889, 722, 238, 333, 333, 389, 584, 278, 333, 278, 278,
    556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 333, 333, 584, 584, 584, 611,
    975, 722, 722, 722, 722, 667, 611, 778, 722, 278, 556, 722, 611, 833, 722, 778,
    667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 333, 278, 333, 584, 556,
    333, 556, 611, 556, 611, 556, 333, 611, 611, 278, 278, 556, 278, 889, 611, 611,
    611, 611, 389, 556, 333, 611, 556, 778, 556, 556, 500, 389, 280, 389, 584,
];
#[rustfmt::skip]
const TIMES: Widths = [
    250, 333, 408, 500, 500, 833, 778, 180, 333, 333, 500, 564, 250, 333, 250, 278,
    500, 500, 500, 500, 500, 500, 500, 500, 500, 500, 278, 278, 564, 564, 564, 444,
    921, 722, 667, 667, 722, 611, 556, 722, 722, 333, 389, 722, 611, 889, 722, 722,
    556, 722, 667, 556, 611, 722, 722, 944, 722, 722, 611, 333, 278, 333, 469, 500,
    333, 444, 500, 444, 500, 444, 333, 500, 500, 278, 278, 500, 278, 778, 500, 500,
    500, 500, 333, 389, 278, 500, 500, 722, 500, 500, 444, 480, 200, 480, 541,
];

/// How wide a letter is in a font that lists no widths, by the font's name.
pub(super) fn width(font: &str, letters: &str) -> f64 {
    use unicode_normalization::UnicodeNormalization;
    let lower = font.to_lowercase();
    let says = |names: &[&str]| names.iter().any(|name| lower.contains(name));
    if says(&["courier", "mono", "consol", "typewriter"]) {
        return 600.0;
    }
    let is_bold = says(&["bold", "black", "heavy"]);
    let table = if says(&[
        "times", "serif", "roman", "georgia", "garamond", "book", "minion",
    ]) && !says(&["sans"])
    {
        &TIMES
    } else if is_bold {
        &HELVETICA_BOLD
    } else {
        &HELVETICA
    };
    let width = |letter: char| {
        let at = u32::from(letter).checked_sub(0x20);
        let at = at.and_then(|at| table.get(at as usize));
        match letter {
            '’' | '‘' => 222,
            '–' | '•' => 500,
            '—' | '…' => 1_000,
            _ => at.copied().unwrap_or(556),
        }
    };
    // Marks take no room of their own.
    let base = letters
        .nfd()
        .filter(|c| !unicode_normalization::char::is_combining_mark(*c));
    base.map(width).map(f64::from).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_have_letters() {
        let check = |encoding: Encoding, codes: &[u8], expected: &str| {
            let letters: String = codes
                .iter()
                .map(|code| encoding.letters(*code).unwrap_or_else(|| "-".to_owned()))
                .collect();
            assert_eq!(letters, expected, "{encoding:?}");
        };
        check(Encoding::WinAnsi, b"A\x93\xE9\x94\x80\x01\x81", "A“é”€--");
        check(Encoding::MacRoman, b"A\xD2\x8E\xD3\x01", "A“é”-");
        check(Encoding::Standard, b"A\xAA\xAE\x27\x60\xFB\x01", "A“ﬁ’‘ß-");
        check(Encoding::Symbol, b" a\x7E\xA0\xB7\xD4\xFE", " α∼€•™⎭");
        check(Encoding::ZapfDingbats, b" !l\x80\xAC\xFE", " ✁●-①➾");
    }

    #[test]
    fn names_of_glyphs_mean_letters() {
        for (name, expected) in [
            ("eacute", Some("é")),
            ("f_f_i", Some("ffi")),
            ("ffi", Some("ﬃ")),
            ("uni0416", Some("Ж")),
            ("uni00e9", Some("é")),
            ("circlecopyrt", Some("©")),
            ("u1F600", Some("😀")),
            ("a.alt", Some("a")),
            ("Asmall", Some("a")),
            ("sevenoldstyle", Some("7")),
            (".notdef", None),
            ("g123", None),
            ("", None),
        ] {
            assert_eq!(named(name).as_deref(), expected, "{name}");
        }
    }

    #[test]
    fn glyphs_of_usual_fonts_have_an_order() {
        let letters = |font: &str, numbers: &[u32]| -> String {
            let letters = numbers.iter().map(|number| in_usual_order(font, *number));
            letters
                .map(|letters| letters.unwrap_or_else(|| "-".to_owned()))
                .collect()
        };
        assert_eq!(
            letters("TimesNewRoman,Bold", &[3, 36, 97, 112, 226]),
            " A~é-"
        );
        assert_eq!(letters("Calibri", &[36]), "-");
    }

    #[test]
    fn private_letters_of_symbol_fonts_are_what_they_show() {
        for (font, letter, expected) in [
            ("ABCDEF+Symbol", '\u{F0B7}', Some("•")),
            ("Wingdings-Regular", '\u{F0A7}', Some("■")),
            ("Wingdings", '\u{F041}', None),
            ("Calibri", '\u{F041}', Some("A")),
            ("Calibri", '\u{E041}', None),
        ] {
            assert_eq!(symbol(font, letter).as_deref(), expected, "{font}");
        }
    }

    #[test]
    fn letters_are_as_wide_as_in_the_usual_fonts() {
        for (font, letters, expected) in [
            ("Helvetica", "W", 944.0),
            ("Helvetica-Bold", "i", 278.0),
            ("Times-Roman", "é", 444.0),
            ("Courier", "i", 600.0),
            ("Unheard", "ﬁ", 556.0),
        ] {
            assert!((width(font, letters) - expected).abs() < 0.5, "{font}");
        }
    }
}
