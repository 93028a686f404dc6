//! Bytes of unknown encoding to text, with what was guessed and what was lost.
//!
//! Byte-order marks first, then valid UTF-8, then the shape of UTF-16, then the browser's detector
//! (chardetng), and what it does not know: the encodings of old Macs. Never panics; every byte that could not be decoded is counted.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, MACINTOSH, UTF_8, UTF_16BE, UTF_16LE, X_MAC_CYRILLIC};

pub struct Decoded {
    pub text: String,
    pub encoding: &'static str,
    /// It was neither marked nor proven by the bytes.
    pub is_guess: bool,
    /// How many places became U+FFFD because their bytes mean nothing in the encoding.
    pub replaced: usize,
}

/// How the remark begins that says so.
pub const GUESSED: &str = "the encoding was guessed";

impl Decoded {
    /// What an analyst should know about the decoding.
    pub fn remarks(&self) -> Vec<String> {
        let mut remarks = Vec::new();
        if self.is_guess {
            remarks.push(format!("{GUESSED}: {}", self.encoding));
        }
        if self.replaced > 0 {
            let places = if self.replaced == 1 {
                "place"
            } else {
                "places"
            };
            remarks.push(format!(
                "{} {places} could not be decoded as {} and became “\u{FFFD}”",
                self.replaced, self.encoding
            ));
        }
        remarks
    }
}

/// The text, or `None` for what is no text at all.
pub fn decode(bytes: &[u8]) -> Option<Decoded> {
    if let Some((encoding, length)) = Encoding::for_bom(bytes) {
        return Some(with(encoding, bytes.get(length..).unwrap_or(&[]), false));
    }
    // Latin text in UTF-16 is valid UTF-8 too, every other byte of it a NUL.
    let is_utf8 = std::str::from_utf8(bytes).is_ok();
    if let Some(encoding) = shape_of_utf16(bytes, if is_utf8 { 30 } else { 5 }) {
        return Some(with(encoding, bytes, true));
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return (!looks_binary(bytes)).then(|| Decoded {
            text: text.to_owned(),
            encoding: UTF_8.name(),
            is_guess: false,
            replaced: 0,
        });
    }
    if looks_binary(bytes) {
        return None;
    }
    if is_mostly_utf8(bytes) {
        return Some(with(UTF_8, bytes, true));
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(bytes, true);
    let guess = detector.guess(None, Utf8Detection::Deny);
    let encoding = of_old_mac(bytes, guess).unwrap_or(guess);
    Some(with(encoding, bytes, true))
}

/// An encoding of old Macs, which browsers do not look for, where it makes more sense than the
/// guess: what are letters and quotes there are capitals and signs within words in others.
fn of_old_mac(bytes: &[u8], guess: &'static Encoding) -> Option<&'static Encoding> {
    let sample = bytes.get(..65_536).unwrap_or(bytes);
    let (odd, _) = sense(guess, sample);
    let macs = [MACINTOSH, X_MAC_CYRILLIC].map(|encoding| (sense(encoding, sample), encoding));
    let best = macs.into_iter().min_by_key(|((odd, _), _)| *odd)?;
    let ((own, fits), encoding) = best;
    (fits > 0 && own * 4 < odd).then_some(encoding)
}

/// How many characters beyond ASCII stand where none of their kind does, and how many where they
/// belong.
fn sense(encoding: &'static Encoding, bytes: &[u8]) -> (usize, usize) {
    let (text, _) = encoding.decode_without_bom_handling(bytes);
    let (mut odd, mut fits) = (0, 0);
    let mut before = ' ';
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let after = chars.peek().copied().unwrap_or(' ');
        if !c.is_ascii() {
            match belongs(before, c, after) {
                Some(true) => fits += 1,
                Some(false) => odd += 1,
                None => {}
            }
        }
        before = c;
    }
    (odd, fits)
}

/// Whether a character belongs between two others; `None` where that is open.
fn belongs(before: char, c: char, after: char) -> Option<bool> {
    let within = before.is_alphabetic() && after.is_alphabetic();
    match c {
        '\u{FFFD}' | '\u{80}'..='\u{9F}' => Some(false),
        '’' | '…' => before.is_alphanumeric().then_some(true),
        '“' | '”' | '„' | '«' | '»' | '‘' => {
            let is_at_edge = before.is_alphanumeric() != after.is_alphanumeric();
            Some(is_at_edge).filter(|_| before.is_alphanumeric() || after.is_alphanumeric())
        }
        '–' | '—' => before.is_whitespace().then_some(after.is_whitespace()),
        c if c.is_lowercase() => {
            let is_in_capitals = before.is_uppercase() && after.is_uppercase();
            let has_neighbour = before.is_alphabetic() || after.is_alphabetic();
            has_neighbour.then_some(!is_in_capitals)
        }
        c if c.is_uppercase() => {
            let is_begun =
                before.is_lowercase() || (before.is_alphabetic() && after.is_lowercase());
            let has_neighbour = before.is_alphabetic() || after.is_alphabetic();
            has_neighbour.then_some(!is_begun)
        }
        // Ideographs and kana stand in no Latin word.
        c if c.is_alphabetic() => {
            Some(!(before.is_ascii_alphabetic() || after.is_ascii_alphabetic()))
        }
        _ => within.then_some(false),
    }
}

/// The text in bytes that are UTF-8 without a mark, not copied: as [`decode`] has it.
pub fn utf8(bytes: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(bytes).ok()?;
    let is_plain = Encoding::for_bom(bytes).is_none()
        && shape_of_utf16(bytes, 30).is_none()
        && !looks_binary(bytes);
    is_plain.then_some(text)
}

/// The start of a file as text, for recognising it: a character that was cut off at the end is left
/// out. Empty for binary files.
pub fn decode_head(start: &[u8]) -> String {
    let start = match std::str::from_utf8(start) {
        Err(error) if error.error_len().is_none() => {
            start.get(..error.valid_up_to()).unwrap_or(start)
        }
        _ => start,
    };
    decode(start).map_or_else(String::new, |decoded| decoded.text)
}

/// The text in an encoding that something else than the bytes tells.
pub fn decode_as(encoding: &'static Encoding, bytes: &[u8]) -> Decoded {
    with(encoding, bytes, false)
}

fn with(encoding: &'static Encoding, bytes: &[u8], is_guess: bool) -> Decoded {
    let (text, _) = encoding.decode_without_bom_handling(bytes);
    // A U+FFFD that the file itself holds is no loss; only UTF-8 and UTF-16 can hold one.
    let own = if encoding == UTF_8 {
        memchr::memmem::find_iter(bytes, "\u{FFFD}").count()
    } else if encoding == UTF_16LE || encoding == UTF_16BE {
        let unit: [u8; 2] = if encoding == UTF_16LE {
            [0xFD, 0xFF]
        } else {
            [0xFF, 0xFD]
        };
        bytes.chunks_exact(2).filter(|pair| *pair == unit).count()
    } else {
        0
    };
    let replaced = text.matches('\u{FFFD}').count().saturating_sub(own);
    Decoded {
        text: text.into_owned(),
        encoding: encoding.name(),
        is_guess,
        replaced,
    }
}

/// Whether control bytes are too many for text. A stray NUL is allowed.
fn looks_binary(bytes: &[u8]) -> bool {
    let sample = bytes.get(..65_536).unwrap_or(bytes);
    // Without branches, and few enough at once for a byte to count: many bytes in one step.
    let is_control =
        |b: u8| (b < 0x20) & (b != b'\t') & (b != b'\n') & (b != b'\r') & (b != 0x0C) & (b != 0x1B);
    let count = |part: &[u8]| part.iter().map(|b| u8::from(is_control(*b))).sum::<u8>();
    let controls: usize = sample
        .chunks(255)
        .map(|part| usize::from(count(part)))
        .sum();
    controls > 3 && controls * 50 > sample.len()
}

/// UTF-16 without a mark: line feeds and spaces as two bytes, and NULs on one side only, in at least
/// `percent` of the pairs. A stray NUL in other text is no such shape.
fn shape_of_utf16(bytes: &[u8], percent: usize) -> Option<&'static Encoding> {
    let sample = bytes.get(..65_536).unwrap_or(bytes);
    let pairs = sample.len() / 2;
    if pairs < 4 || memchr::memchr(0, sample).is_none() {
        return None;
    }
    let count = |wanted: [u8; 2]| {
        sample
            .chunks_exact(2)
            .filter(|pair| *pair == wanted)
            .count()
    };
    let little = count([b' ', 0]) + count([b'\n', 0]);
    let big = count([0, b' ']) + count([0, b'\n']);
    let nuls = |side: usize| {
        sample
            .iter()
            .skip(side)
            .step_by(2)
            .filter(|&&b| b == 0)
            .count()
    };
    let fits = |spaces: usize, own: usize, other: usize| {
        spaces >= 2
            && spaces * 40 > pairs
            && nuls(own) >= 3
            && nuls(own) * 100 >= pairs * percent
            && nuls(other) * 50 < pairs
    };
    if fits(little, 1, 0) {
        Some(UTF_16LE)
    } else if fits(big, 0, 1) {
        Some(UTF_16BE)
    } else {
        None
    }
}

/// UTF-8 with a few broken bytes, rather than another encoding.
fn is_mostly_utf8(bytes: &[u8]) -> bool {
    let mut good = 0;
    let mut bad = 0;
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    good >= 3 && bad * 3 <= good
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(bytes: &[u8], encoding: &str, text: &str, replaced: usize) {
        let found = decode(bytes).unwrap();
        assert_eq!(
            (found.encoding, found.text.as_str(), found.replaced),
            (encoding, text, replaced)
        );
    }

    fn encoded(encoding: &'static Encoding, text: &str) -> Vec<u8> {
        let (bytes, _, lossy) = encoding.encode(text);
        assert!(!lossy);
        bytes.into_owned()
    }

    #[test]
    fn encodings_are_told_apart() {
        check(
            "naïve “quote” 👨🏻‍🚒".as_bytes(),
            "UTF-8",
            "naïve “quote” 👨🏻‍🚒",
            0,
        );
        check(b"\xEF\xBB\xBFmarked", "UTF-8", "marked", 0);
        check(b"\xFF\xFEa\0\x3D\xD8\xA9\xDC", "UTF-16LE", "a💩", 0);
        check(b"\xFE\xFF\0a\xD8\x3D\xDC\xA9", "UTF-16BE", "a💩", 0);
        let western = "Der Präsident erklärte: „Wir können das nicht zulassen.“ – Süddeutsche";
        check(
            &encoded(encoding_rs::WINDOWS_1252, western),
            "windows-1252",
            western,
            0,
        );
        let russian = "Министр заявил, что переговоры состоятся на следующей неделе в Москве.";
        check(
            &encoded(encoding_rs::WINDOWS_1251, russian),
            "windows-1251",
            russian,
            0,
        );
        check(&encoded(encoding_rs::KOI8_R, russian), "KOI8-U", russian, 0);
        let japanese =
            "首相は記者団に対し「交渉は来週行われる」と述べた。政府はまだ発表していない。";
        check(
            &encoded(encoding_rs::SHIFT_JIS, japanese),
            "Shift_JIS",
            japanese,
            0,
        );
        check(
            &encoded(encoding_rs::EUC_JP, japanese),
            "EUC-JP",
            japanese,
            0,
        );
        let chinese = "外交部发言人表示，双方将于下周在北京举行会谈，讨论贸易问题。";
        check(&encoded(encoding_rs::GBK, chinese), "GBK", chinese, 0);
        let korean = "대통령은 다음 주 협상이 열릴 것이라고 기자들에게 말했다.";
        check(&encoded(encoding_rs::EUC_KR, korean), "EUC-KR", korean, 0);
    }

    #[test]
    fn encodings_of_old_macs_are_told_from_others() {
        for text in [
            "It isn’t over",
            "“Wir müssen öffnen”, sagte Frau Größe – später… Ärger",
            "Le café de la place où l’été a été passé à Évian",
            "El señor Núñez dijo: «Mañana»",
        ] {
            check(&encoded(MACINTOSH, text), "macintosh", text, 0);
        }
        let russian =
            "Министр заявил, что переговоры состоятся на следующей неделе. Я не знаю, когда.";
        check(
            &encoded(X_MAC_CYRILLIC, russian),
            "x-mac-cyrillic",
            russian,
            0,
        );
        // Those of Windows are not taken for them.
        for text in [
            "It isn’t over",
            "L’ÉTÉ À ÉVIAN, n° 5 – café à 10 °C",
            "„Öl“ und ÄRGER: 20 €/t, §5 – naïve Größe",
            "¿Qué señor? ÁNGEL MUÑOZ",
            "Søren Ångström œuvre ŒUVRE",
        ] {
            let western = encoded(encoding_rs::WINDOWS_1252, text);
            check(&western, "windows-1252", text, 0);
        }
    }

    #[test]
    fn utf16_without_a_mark_is_found_by_its_shape() {
        let text = "The minister said that talks would go on.\nNothing else is known.";
        let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        check(&little, "UTF-16LE", text, 0);
        check(&big, "UTF-16BE", text, 0);
    }

    #[test]
    fn plain_text_is_not_copied() {
        for bytes in [
            "naïve \u{FFFD}".as_bytes(),
            b"\xEF\xBB\xBFmarked",
            b"caf\xE9",
            b"a\0 \0b\0\n\0c\0 \0d\0",
            b"\0\x01\x02\x03\x04",
        ] {
            let decoded = decode(bytes).filter(|found| found.encoding == "UTF-8");
            let is_marked = bytes.starts_with(b"\xEF");
            let expected = decoded.filter(|_| !is_marked).map(|found| found.text);
            assert_eq!(utf8(bytes), expected.as_deref());
        }
    }

    #[test]
    fn what_cannot_be_decoded_is_counted() {
        check(b"\xFF\xFEa\0\x3D\xD8b\0", "UTF-16LE", "a\u{FFFD}b", 1);
        let mut broken = "“Größe”, fand sie – naïve".as_bytes().to_vec();
        broken.push(0xFF);
        check(&broken, "UTF-8", "“Größe”, fand sie – naïve\u{FFFD}", 1);
        check("kept \u{FFFD}".as_bytes(), "UTF-8", "kept \u{FFFD}", 0);
    }
}
