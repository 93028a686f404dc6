//! Letters of Chinese, Japanese and Korean fonts that do not say them: by the encoding that a
//! predefined character map stands for, and by numbers in Adobe's character collections.
//!
//! The collections follow the order of national standards in long runs, which the decoders of the
//! Encoding Standard know too, so no tables of them are needed. Rare characters are in no run.

use encoding_rs::{BIG5, EUC_JP, EUC_KR, Encoding, GB18030, GBK, SHIFT_JIS};

/// How the codes of a predefined character map are written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Coding {
    National(&'static Encoding),
    /// Rows and cells of JIS X 0208, without the high bits of EUC.
    Jis,
    /// EUC of Taiwan, which has no decoder here: lengths only.
    Cns,
    Utf16,
    Utf8,
    Utf32,
}

/// A predefined character map (ISO 32000-1, table 118), by what it decodes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Predefined {
    coding: Coding,
    pub(super) is_vertical: bool,
    /// The number of the space in its collection; the letters of ASCII follow it.
    first: u32,
    /// Only the Korean collection has syllables of Korean; others show nothing for them.
    is_korean: bool,
}

impl Predefined {
    pub(super) fn named(name: &str) -> Option<Self> {
        use Coding::{Cns, Jis, National, Utf8, Utf16, Utf32};
        let (start, is_vertical) = match name.rsplit_once('-') {
            Some((start, "H")) => (start, false),
            Some((start, "V")) => (start, true),
            _ if name == "H" => ("", false),
            _ if name == "V" => ("", true),
            _ => return None,
        };
        const TABLE: &[(&str, Coding, u32)] = &[
            ("", Jis, 231),
            ("83pv-RKSJ", National(SHIFT_JIS), 1),
            ("90ms-RKSJ", National(SHIFT_JIS), 231),
            ("90msp-RKSJ", National(SHIFT_JIS), 1),
            ("90pv-RKSJ", National(SHIFT_JIS), 1),
            ("Add-RKSJ", National(SHIFT_JIS), 231),
            ("Ext-RKSJ", National(SHIFT_JIS), 231),
            ("RKSJ", National(SHIFT_JIS), 231),
            ("EUC", National(EUC_JP), 231),
            ("UniJIS-UCS2-HW", Utf16, 231),
            ("GB-EUC", National(GBK), 813),
            ("GBpc-EUC", National(GBK), 1),
            ("GBK-EUC", National(GBK), 813),
            ("GBKp-EUC", National(GBK), 1),
            ("GBK2K", National(GB18030), 1),
            ("B5", National(BIG5), 13648),
            ("B5pc", National(BIG5), 1),
            ("ETen-B5", National(BIG5), 13648),
            ("ETenms-B5", National(BIG5), 1),
            ("HKscs-B5", National(BIG5), 1),
            ("CNS-EUC", Cns, 1),
            ("KSC-EUC", National(EUC_KR), 8094),
            ("KSCms-UHC", National(EUC_KR), 1),
            ("KSCms-UHC-HW", National(EUC_KR), 8094),
            ("KSCpc-EUC", National(EUC_KR), 1),
        ];
        let known = TABLE.iter().find(|(known, ..)| *known == start);
        let (coding, first) = match known {
            Some((_, coding, first)) => (*coding, *first),
            None if start.starts_with("Uni") => {
                let coding = match start.rsplit('-').next()? {
                    "UCS2" | "UTF16" => Utf16,
                    "UTF8" => Utf8,
                    "UTF32" => Utf32,
                    _ => return None,
                };
                (coding, 1)
            }
            None => return None,
        };
        Some(Self {
            coding,
            is_vertical,
            first,
            is_korean: start.starts_with("UniKS") || start.starts_with("KSC"),
        })
    }

    /// How many bytes the first character takes.
    pub(super) fn length(self, bytes: &[u8]) -> usize {
        let first = bytes.first().copied().unwrap_or(0);
        let second = bytes.get(1).copied().unwrap_or(0);
        let length = match self.coding {
            Coding::Jis => 2,
            Coding::Utf32 => 4,
            Coding::Utf16 if (0xD8..0xDC).contains(&first) => 4,
            Coding::Utf16 => 2,
            Coding::Utf8 => match first {
                0..0xC0 => 1,
                0xC0..0xE0 => 2,
                0xE0..0xF0 => 3,
                _ => 4,
            },
            Coding::Cns => match first {
                0x8E => 4,
                0xA1.. => 2,
                _ => 1,
            },
            Coding::National(encoding) if encoding == SHIFT_JIS => match first {
                0x81..=0x9F | 0xE0..=0xFC => 2,
                _ => 1,
            },
            Coding::National(encoding) if encoding == EUC_JP => match first {
                0x8F => 3,
                0x8E | 0xA1..=0xFE => 2,
                _ => 1,
            },
            Coding::National(encoding) => match (first, second) {
                (0x81..=0xFE, b'0'..=b'9') if encoding == GB18030 => 4,
                (0x81..=0xFE, _) => 2,
                _ => 1,
            },
        };
        length.min(bytes.len()).max(1)
    }

    pub(super) fn letters(self, code: &[u8]) -> Option<String> {
        let letters = match self.coding {
            Coding::National(encoding) => decoded(encoding, code)?,
            Coding::Jis => {
                let code: Vec<u8> = code.iter().map(|byte| byte | 0x80).collect();
                decoded(EUC_JP, &code)?
            }
            Coding::Cns => match code {
                [byte] => char::from(*byte).to_string(),
                _ => return None,
            },
            Coding::Utf16 => {
                let (pairs, _odd) = code.as_chunks::<2>();
                let units = pairs.iter().map(|pair| u16::from_be_bytes(*pair));
                let letters: Result<String, _> = char::decode_utf16(units).collect();
                letters.ok()?
            }
            Coding::Utf8 => std::str::from_utf8(code).ok()?.to_owned(),
            Coding::Utf32 => {
                let number: [u8; 4] = code.try_into().ok()?;
                char::from_u32(u32::from_be_bytes(number))?.to_string()
            }
        };
        let is_korean =
            |letters: &str| letters.contains(|c| ('\u{AC00}'..='\u{D7A3}').contains(&c));
        let is_shown = !letters.is_empty() && (self.is_korean || !is_korean(&letters));
        is_shown.then_some(letters)
    }

    /// The number in its collection of a letter of ASCII, which is what widths are listed by; other
    /// characters are as wide as they are high.
    pub(super) fn number(self, letters: &str) -> Option<u32> {
        let mut letters = letters.chars();
        match (letters.next(), letters.next()) {
            (Some(letter @ ' '..='~'), None) => Some(self.first + u32::from(letter) - 0x20),
            _ => None,
        }
    }
}

fn decoded(encoding: &'static Encoding, code: &[u8]) -> Option<String> {
    let (letters, had_errors) = encoding.decode_without_bom_handling(code);
    (!had_errors).then(|| letters.into_owned())
}

/// Numbers that follow a standard: the first of them, its code, and how many there are.
type Run = (u32, u16, u32);

/// A character collection of Adobe (Technical Notes 5078 to 5080 and 5093).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Collection {
    Japan,
    China,
    Taiwan,
    Korea,
}

const JAPAN: &[Run] = &[
    (633, 0x2121, 108),
    (741, 0x223A, 8),
    (749, 0x224A, 7),
    (756, 0x225C, 15),
    (771, 0x2272, 8),
    (780, 0x2330, 10),
    (790, 0x2341, 26),
    (816, 0x2361, 26),
    (842, 0x2421, 83),
    (925, 0x2521, 86),
    (1011, 0x2621, 24),
    (1035, 0x2641, 24),
    (1059, 0x2721, 33),
    (1092, 0x2751, 33),
    (1125, 0x3021, 2965),
    (4090, 0x5021, 3388),
    // Forms of vertical lines.
    (7887, 0x2122, 2),
    (7889, 0x2131, 2),
    (7891, 0x213C, 3),
    (7894, 0x2141, 5),
    (7899, 0x214A, 18),
    (7918, 0x2421, 1),
    (7919, 0x2423, 1),
    (7920, 0x2425, 1),
    (7921, 0x2427, 1),
    (7922, 0x2429, 1),
    (7923, 0x2443, 1),
    (7924, 0x2463, 1),
    (7925, 0x2465, 1),
    (7926, 0x2467, 1),
    (7928, 0x2521, 1),
    (7929, 0x2523, 1),
    (7930, 0x2525, 1),
    (7931, 0x2527, 1),
    (7932, 0x2529, 1),
    (7933, 0x2543, 1),
    (7934, 0x2563, 1),
    (7935, 0x2565, 1),
    (7936, 0x2567, 1),
];
const CHINA: &[Run] = &[
    (96, 0xA1A1, 94),
    (190, 0xA2B1, 50),
    (240, 0xA2E5, 10),
    (250, 0xA2F1, 12),
    (262, 0xA3A1, 177),
    (439, 0xA5A1, 86),
    (525, 0xA6A1, 24),
    (549, 0xA6C1, 24),
    // Forms of vertical lines.
    (573, 0xA3AC, 1),
    (574, 0xA1A3, 1),
    (575, 0xA1A2, 1),
    (576, 0xA3BA, 2),
    (578, 0xA3A1, 1),
    (579, 0xA3BF, 1),
    (580, 0xA3A8, 2),
    (582, 0xA1B2, 14),
    (602, 0xA7A1, 33),
    (635, 0xA7D1, 33),
    (668, 0xA8A1, 32),
    (700, 0xA8C5, 38),
    (738, 0xA9A4, 76),
    (940, 0xB0A1, 3755),
    (4695, 0xD8A1, 3008),
];
const KOREA: &[Run] = &[
    (101, 0xA1A1, 163),
    (264, 0xA3A1, 145),
    (409, 0xA4D5, 52),
    (461, 0xA5B0, 10),
    (471, 0xA5C1, 24),
    (495, 0xA5E1, 24),
    (519, 0xA6A1, 68),
    (587, 0xA7A1, 79),
    (671, 0xA8A8, 8),
    (679, 0xA8B1, 255),
    (934, 0xABA1, 86),
    (1020, 0xACA1, 33),
    (1053, 0xACD1, 33),
    (1086, 0xB0A1, 2350),
    (3436, 0xCAA1, 141),
];
#[rustfmt::skip]
const TAIWAN: &[Run] = &[
    (99, 0xA140, 25), (128, 0xA15D, 119), (249, 0xA1F8, 254), (595, 0xA440, 1412),
    (2007, 0xAD40, 424), (2432, 0xAFD0, 1876), (4309, 0xBBC8, 387), (4696, 0xBE53, 525),
    (5222, 0xC1AB, 189), (5411, 0xC2CC, 84), (5496, 0xC361, 54), (5552, 0xC3BB, 90),
    (5642, 0xC457, 354), (506, 0xC6A1, 30), (537, 0xC6BF, 25), (13754, 0xC6E0, 302),
    (5996, 0xC940, 10), (6006, 0xC94B, 33), (6040, 0xC96C, 48), (6088, 0xC9BF, 46),
    (6135, 0xC9ED, 167), (6302, 0xCAF8, 1840), (8143, 0xD6CD, 108), (8251, 0xD77B, 537),
    (8789, 0xDAE0, 100), (8890, 0xDBA7, 399), (9289, 0xDDFD, 1637), (10927, 0xE8A3, 146),
    (11074, 0xE976, 287), (11362, 0xEB5B, 116), (11478, 0xEBF2, 137), (11615, 0xECDF, 104),
    (11720, 0xEDAA, 222), (11942, 0xEEEC, 198), (12140, 0xF057, 82), (12222, 0xF0CC, 86),
    (12317, 0xF16C, 153), (12470, 0xF269, 56), (12527, 0xF2C3, 113), (12641, 0xF375, 142),
    (12784, 0xF466, 45), (12829, 0xF4B6, 71), (12901, 0xF4FD, 194), (13095, 0xF664, 490),
    (13586, 0xF977, 43), (13630, 0xF9C7, 11), (14056, 0xF9D6, 41),
];

impl Collection {
    pub(super) fn named(ordering: &[u8]) -> Option<Self> {
        match ordering {
            b"Japan1" => Some(Self::Japan),
            b"GB1" => Some(Self::China),
            b"CNS1" => Some(Self::Taiwan),
            b"Korea1" => Some(Self::Korea),
            _ => None,
        }
    }

    pub(super) fn letters(self, number: u32) -> Option<String> {
        // The letters of ASCII, once of their own widths and once of half a character's.
        let half = match self {
            Self::Japan => 231,
            Self::China => 813,
            Self::Taiwan => 13648,
            Self::Korea => 8094,
        };
        for first in [1, half] {
            if let Some(at) = number.checked_sub(first).filter(|at| *at < 95) {
                return char::from_u32(0x20 + at).map(String::from);
            }
        }
        if let (Self::Japan, 327..=389) = (self, number) {
            return char::from_u32(0xFF61 + number - 327).map(String::from);
        }
        let (runs, encoding, high_bits) = match self {
            Self::Japan => (JAPAN, EUC_JP, 0x8080),
            Self::China => (CHINA, GBK, 0),
            Self::Taiwan => (TAIWAN, BIG5, 0),
            Self::Korea => (KOREA, EUC_KR, 0),
        };
        let is_in = |run: &&Run| (run.0..run.0 + run.2).contains(&number);
        let (first, code, _) = runs.iter().find(is_in)?;
        let code = self.code_after(u32::from(*code), number - first)? | high_bits;
        decoded(encoding, &code.to_be_bytes())
    }

    /// The code that stands so many cells behind another; rows follow rows.
    fn code_after(self, code: u32, steps: u32) -> Option<u16> {
        let (row, cell) = (code >> 8, code & 0xFF);
        let (first, cells) = match self {
            Self::Japan => (0x21, 94),
            Self::China | Self::Korea => (0xA1, 94),
            // Two stretches, 0x40 to 0x7E and 0xA1 to 0xFE.
            Self::Taiwan => (0x40, 157),
        };
        let is_second = self == Self::Taiwan && cell >= 0xA1;
        let at = if is_second {
            cell - 0xA1 + 63
        } else {
            cell - first
        } + steps;
        let (row, at) = (row + at / cells, at % cells);
        let cell = if self == Self::Taiwan && at >= 63 {
            0xA1 + at - 63
        } else {
            first + at
        };
        u16::try_from(row << 8 | cell).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn predefined_maps_are_encodings() {
        let check = |name: &str, bytes: &[u8], expected: &str| {
            let map = Predefined::named(name).unwrap();
            let mut letters = String::new();
            let mut rest = bytes;
            while !rest.is_empty() {
                let (code, after) = rest.split_at(map.length(rest));
                letters += &map.letters(code).unwrap_or_else(|| "-".to_owned());
                rest = after;
            }
            assert_eq!(letters, expected, "{name}");
        };
        check("GBK-EUC-H", b"\xb6\xc9\xc2\xd6 a", "渡轮 a");
        check("GBK2K-V", b"\x81\x30\x81\x30\xb6\xc9", "\u{80}渡");
        check("90ms-RKSJ-H", b"\x93\x6e\x82\xb5\x91\x44\xb1a", "渡し船ｱa");
        check("EUC-H", b"\xc5\xcf\x8e\xb1a", "渡ｱa");
        check("H", b"\x45\x4f\x33\x24", "渡海");
        check("V", b"\x45\x4f", "渡");
        check("ETen-B5-H", b"\xb4\xe7\xbd\xfca", "渡輪a");
        check("KSCms-UHC-H", b"\xb3\xaa\xb7\xeda", "나룻a");
        check("UniGB-UCS2-H", b"\x6e\x21\x8f\x6e", "渡轮");
        check("UniJIS-UTF16-H", b"\xd8\x67\xde\x3d\x6e\x21", "𩸽渡");
        check("UniJIS-UCS2-HW-H", b"\0a\x6e\x21", "a渡");
        check("UniJIS-UTF8-H", "a渡".as_bytes(), "a渡");
        check("UniKS-UTF32-H", b"\0\0\x6e\x21", "渡");
        check("CNS-EUC-H", b"a\x8e\xa2\xa1\xa1\xa4\xa1a", "a--a");
        check("GBK-EUC-H", b"\xb6", "-");
        check("UniGB-UCS2-H", b"\xb6\xc9", "-");
        check("UniKS-UCS2-H", b"\xb6\xc9", "뛉");
        assert!(Predefined::named("V").unwrap().is_vertical);
        for unknown in ["Identity-H", "Unheard-Of", "UniGB-UCS9-H", "GBK-EUC", ""] {
            assert_eq!(Predefined::named(unknown), None, "{unknown}");
        }
    }

    #[test]
    fn numbers_of_letters_are_those_of_their_collection() {
        let number = |name: &str, letters: &str| Predefined::named(name)?.number(letters);
        assert_eq!(number("GBK-EUC-H", "A"), Some(846));
        assert_eq!(number("90msp-RKSJ-H", " "), Some(1));
        assert_eq!(number("90ms-RKSJ-H", "渡"), None);
    }

    #[test]
    fn collections_follow_their_standards() {
        let check = |collection: Collection, numbers: &[u32], expected: &str| {
            let letters: String = numbers
                .iter()
                .map(|n| collection.letters(*n).unwrap_or_else(|| "-".to_owned()))
                .collect();
            assert_eq!(letters, expected, "{collection:?}");
        };
        // The first and last of the kanji, kana, what stands beside them, and forms of vertical lines.
        let japan = [
            1125, 4089, 4090, 843, 925, 634, 7887, 7891, 34, 264, 327, 1, 20_000,
        ];
        check(Collection::Japan, &japan, "亜腕弌あァ、、ーAA｡ -");
        check(
            Collection::China,
            &[940, 4694, 4695, 97, 262, 34, 846],
            "啊座亍、！AA",
        );
        check(
            Collection::Korea,
            &[1086, 3435, 101, 34, 8127],
            "가힝\u{3000}AA",
        );
        check(
            Collection::Taiwan,
            &[595, 5995, 5996, 99, 34],
            "一籲乂\u{3000}A",
        );
    }
}
