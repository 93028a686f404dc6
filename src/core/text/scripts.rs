//! Which script a letter is of, and which packages of fonts have that script.
//!
//! Only for what a text of the news can hold; scripts that are written no more are told as such.

use Fonts::{Cjk, Core, Emoji, Old, Symbols};

/// Where the letters of a script are found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fonts {
    /// A Noto font of its own.
    Core,
    Cjk,
    Emoji,
    Symbols,
    /// The same as `Core`, for scripts of long ago.
    Old,
}

/// First and last letter, name, fonts. Rising.
const SCRIPTS: &[(u32, u32, &str, Fonts)] = &[
    (0x41, 0x24f, "Latin", Core),
    (0x250, 0x2af, "Latin", Core),
    (0x370, 0x3ff, "Greek", Core),
    (0x400, 0x52f, "Cyrillic", Core),
    (0x530, 0x58f, "Armenian", Core),
    (0x590, 0x5ff, "Hebrew", Core),
    (0x600, 0x6ff, "Arabic", Core),
    (0x700, 0x74f, "Syriac", Core),
    (0x750, 0x77f, "Arabic", Core),
    (0x780, 0x7bf, "Thaana", Core),
    (0x7c0, 0x7ff, "N'Ko", Core),
    (0x800, 0x83f, "Samaritan", Core),
    (0x840, 0x85f, "Mandaic", Core),
    (0x860, 0x86f, "Syriac", Core),
    (0x870, 0x8ff, "Arabic", Core),
    (0x900, 0x97f, "Devanagari", Core),
    (0x980, 0x9ff, "Bengali", Core),
    (0xa00, 0xa7f, "Gurmukhi", Core),
    (0xa80, 0xaff, "Gujarati", Core),
    (0xb00, 0xb7f, "Oriya", Core),
    (0xb80, 0xbff, "Tamil", Core),
    (0xc00, 0xc7f, "Telugu", Core),
    (0xc80, 0xcff, "Kannada", Core),
    (0xd00, 0xd7f, "Malayalam", Core),
    (0xd80, 0xdff, "Sinhala", Core),
    (0xe00, 0xe7f, "Thai", Core),
    (0xe80, 0xeff, "Lao", Core),
    (0xf00, 0xfff, "Tibetan", Core),
    (0x1000, 0x109f, "Myanmar", Core),
    (0x10a0, 0x10ff, "Georgian", Core),
    (0x1100, 0x11ff, "Hangul", Cjk),
    (0x1200, 0x139f, "Ethiopic", Core),
    (0x13a0, 0x13ff, "Cherokee", Core),
    (0x1400, 0x167f, "Canadian Aboriginal", Core),
    (0x1680, 0x169f, "Ogham", Old),
    (0x16a0, 0x16ff, "Runic", Old),
    (0x1700, 0x171f, "Tagalog", Core),
    (0x1780, 0x17ff, "Khmer", Core),
    (0x1800, 0x18af, "Mongolian", Core),
    (0x18b0, 0x18ff, "Canadian Aboriginal", Core),
    (0x1900, 0x194f, "Limbu", Core),
    (0x1950, 0x197f, "Tai Le", Core),
    (0x1980, 0x19df, "New Tai Lue", Core),
    (0x19e0, 0x19ff, "Khmer", Core),
    (0x1a20, 0x1aaf, "Tai Tham", Core),
    (0x1b00, 0x1b7f, "Balinese", Core),
    (0x1b80, 0x1bbf, "Sundanese", Core),
    (0x1c80, 0x1c8f, "Cyrillic", Core),
    (0x1c90, 0x1cbf, "Georgian", Core),
    (0x1cd0, 0x1cff, "Devanagari", Core),
    (0x1e00, 0x1eff, "Latin", Core),
    (0x1f00, 0x1fff, "Greek", Core),
    (0x2010, 0x20cf, "symbols", Symbols),
    (0x2100, 0x22ff, "symbols", Symbols),
    (0x2300, 0x27bf, "symbols", Symbols),
    (0x27c0, 0x2bff, "symbols", Symbols),
    (0x2c60, 0x2c7f, "Latin", Core),
    (0x2d00, 0x2d2f, "Georgian", Core),
    (0x2d30, 0x2d7f, "Tifinagh", Core),
    (0x2d80, 0x2ddf, "Ethiopic", Core),
    (0x2e80, 0x303f, "Han", Cjk),
    (0x3040, 0x30ff, "Japanese", Cjk),
    (0x3100, 0x312f, "Bopomofo", Cjk),
    (0x3130, 0x318f, "Hangul", Cjk),
    (0x3190, 0x319f, "Han", Cjk),
    (0x31a0, 0x31bf, "Bopomofo", Cjk),
    (0x31c0, 0x9fff, "Han", Cjk),
    (0xa000, 0xa4cf, "Yi", Core),
    (0xa500, 0xa63f, "Vai", Core),
    (0xa640, 0xa69f, "Cyrillic", Core),
    (0xa720, 0xa7ff, "Latin", Core),
    (0xa840, 0xa87f, "Phags-pa", Old),
    (0xa8e0, 0xa8ff, "Devanagari", Core),
    (0xa980, 0xa9df, "Javanese", Core),
    (0xa9e0, 0xa9ff, "Myanmar", Core),
    (0xaa00, 0xaa5f, "Cham", Core),
    (0xaa60, 0xaa7f, "Myanmar", Core),
    (0xab30, 0xab6f, "Latin", Core),
    (0xab70, 0xabbf, "Cherokee", Core),
    (0xac00, 0xd7ff, "Hangul", Cjk),
    (0xf900, 0xfaff, "Han", Cjk),
    (0xfb00, 0xfb06, "Latin", Core),
    (0xfb13, 0xfb17, "Armenian", Core),
    (0xfb1d, 0xfb4f, "Hebrew", Core),
    (0xfb50, 0xfdff, "Arabic", Core),
    (0xfe30, 0xfe4f, "Han", Cjk),
    (0xfe70, 0xfefe, "Arabic", Core),
    (0xff00, 0xffef, "Japanese", Cjk),
    (0x10280, 0x1056f, "scripts of long ago", Old),
    (0x10800, 0x10cff, "scripts of long ago", Old),
    (0x10d00, 0x10d3f, "Hanifi Rohingya", Core),
    (0x10e60, 0x11fff, "scripts of long ago", Old),
    (0x12000, 0x1254f, "scripts of long ago", Old),
    (0x13000, 0x1467f, "scripts of long ago", Old),
    (0x1d000, 0x1d7ff, "symbols", Symbols),
    (0x1e900, 0x1e95f, "Adlam", Core),
    (0x1ee00, 0x1eeff, "Arabic", Core),
    (0x1f000, 0x1faff, "emoji", Emoji),
    (0x1fb00, 0x1fbff, "symbols", Symbols),
    (0x20000, 0x323af, "Han", Cjk),
];

fn found(c: char) -> Option<(&'static str, Fonts)> {
    let code = c as u32;
    let after = SCRIPTS.partition_point(|(first, ..)| *first <= code);
    let (_, last, name, fonts) = SCRIPTS.get(after.checked_sub(1)?)?;
    (code <= *last).then_some((*name, *fonts))
}

/// The name of the script that a letter is of.
pub fn name(c: char) -> Option<&'static str> {
    found(c).map(|(name, _)| name)
}

/// The package with fonts for a letter, on Debian and its kin, and on Fedora.
pub fn packages(c: char) -> Option<(&'static str, String)> {
    let (name, fonts) = found(c)?;
    let own = name.to_lowercase().replace(['\'', ' '], "-");
    let fedora = |own: &str| format!("google-noto-{own}-fonts");
    Some(match fonts {
        Core if matches!(name, "Latin" | "Greek" | "Cyrillic") => {
            ("fonts-noto-core", fedora("sans"))
        }
        Core if name == "Tibetan" => ("fonts-noto-core", fedora("serif-tibetan")),
        Core => ("fonts-noto-core", fedora(&format!("sans-{own}"))),
        Cjk => ("fonts-noto-cjk", fedora("sans-cjk")),
        Emoji => ("fonts-noto-color-emoji", fedora("color-emoji")),
        Symbols => ("fonts-noto-core", fedora("sans-symbols2")),
        // A package each; this one has them all.
        Old => ("fonts-noto-core", "google-noto-fonts-all".to_owned()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_have_scripts_and_packages() {
        for (c, script, debian, fedora) in [
            (
                'ไ',
                "Thai",
                "fonts-noto-core",
                "google-noto-sans-thai-fonts",
            ),
            (
                'न',
                "Devanagari",
                "fonts-noto-core",
                "google-noto-sans-devanagari-fonts",
            ),
            ('漢', "Han", "fonts-noto-cjk", "google-noto-sans-cjk-fonts"),
            (
                'か',
                "Japanese",
                "fonts-noto-cjk",
                "google-noto-sans-cjk-fonts",
            ),
            (
                '한',
                "Hangul",
                "fonts-noto-cjk",
                "google-noto-sans-cjk-fonts",
            ),
            (
                '😀',
                "emoji",
                "fonts-noto-color-emoji",
                "google-noto-color-emoji-fonts",
            ),
            (
                'བ',
                "Tibetan",
                "fonts-noto-core",
                "google-noto-serif-tibetan-fonts",
            ),
        ] {
            assert_eq!(name(c), Some(script));
            assert_eq!(packages(c), Some((debian, fedora.to_owned())), "{c}");
        }
        assert_eq!(name('\u{e000}'), None);
    }

    #[test]
    fn the_table_rises() {
        let pairs = SCRIPTS.iter().zip(SCRIPTS.iter().skip(1));
        for (a, b) in pairs {
            assert!(a.0 <= a.1 && a.1 < b.0, "{a:?} {b:?}");
        }
    }
}
