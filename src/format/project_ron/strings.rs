//! How a string looks in the project file: plain where possible, raw where there are quotes or
//! backslashes, escaped where a character would not survive an editor. Knows no records.

use std::fmt::Write as _;

/// A string on one line.
pub(super) fn write_string(out: &mut String, string: &str) {
    if has_escapes(string) {
        write_escaped(out, string);
    } else if memchr::memchr2(b'"', b'\\', string.as_bytes()).is_some() {
        write_raw(out, string);
    } else {
        out.push('"');
        out.push_str(string);
        out.push('"');
    }
}

/// A line of a text: raw whenever it can be, so that a quotation mark changes no other character.
pub(super) fn write_line(out: &mut String, line: &str) {
    if has_escapes(line) {
        write_escaped(out, line);
    } else {
        write_raw(out, line);
    }
}

/// A string as the file has it.
pub(super) fn quoted(string: &str) -> String {
    let mut quoted = String::with_capacity(string.len() + 2);
    write_string(&mut quoted, string);
    quoted
}

/// Whether a character begins here, in UTF-8, that editors and version control would not keep as it
/// is: one that controls (but the tab), that ends a line or that marks an order of bytes.
fn begins_escape(bytes: &[u8]) -> bool {
    matches!(
        bytes,
        [0..=0x08 | 0x0A..=0x1F | 0x7F, ..]
            | [0xC2, 0x80..=0x9F, ..]
            | [0xE2, 0x80, 0xA8 | 0xA9, ..]
            | [0xEF, 0xBB, 0xBF, ..]
            | [0xEF, 0xBF, 0xBE | 0xBF, ..]
    )
}

/// Whether one could begin with this byte. Of what is saved few bytes are such ones.
fn may_begin_escape(byte: u8) -> bool {
    let begins_long = (byte == 0xC2) | (byte == 0xE2) | (byte == 0xEF);
    (byte < 0x20) & (byte != b'\t') | (byte == 0x7F) | begins_long
}

/// Whether any character asks for it. Most of what is saved is looked through here, and has none: so
/// many bytes at once are asked whether one could begin there.
fn has_escapes(string: &str) -> bool {
    const CHUNK: usize = 32;
    let bytes = string.as_bytes();
    let (chunks, rest) = bytes.as_chunks::<CHUNK>();
    // What is behind them: by its end, or filled up.
    let mut filled = [b' '; CHUNK];
    let last = match bytes.last_chunk() {
        Some(last) => last,
        None => {
            if let Some(start) = filled.get_mut(..rest.len()) {
                start.copy_from_slice(rest);
            }
            &filled
        }
    };
    let may_begin = |any, byte: &u8| any | may_begin_escape(*byte);
    let ends_at = bytes.len().max(CHUNK);
    let chunks = chunks.iter().enumerate();
    let chunks = chunks.map(|(n, chunk)| (n * CHUNK, chunk));
    let mut chunks = chunks.chain([(ends_at - CHUNK, last)]);
    chunks.any(|(from, chunk)| {
        chunk.iter().fold(false, may_begin)
            && chunk.iter().enumerate().any(|(n, byte)| {
                may_begin_escape(*byte) && bytes.get(from + n..).is_some_and(begins_escape)
            })
    })
}

fn write_escaped(out: &mut String, string: &str) {
    out.push('"');
    let mut written = 0;
    for (at, byte) in string.bytes().enumerate() {
        if !matches!(byte, b'"' | b'\\') && !may_begin_escape(byte) {
            continue;
        }
        let rest = string.get(at..).unwrap_or_default();
        let Some(c) = rest.chars().next() else {
            continue;
        };
        if !matches!(c, '"' | '\\') && !begins_escape(rest.as_bytes()) {
            continue;
        }
        out.push_str(string.get(written..at).unwrap_or_default());
        written = at + c.len_utf8();
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            c => {
                // Writing to a string cannot fail.
                let _infallible = write!(out, "\\u{{{:x}}}", c as u32);
            }
        }
    }
    out.push_str(string.get(written..).unwrap_or_default());
    out.push('"');
}

/// `r"…"`, with as many `#` as the text asks for.
fn write_raw(out: &mut String, string: &str) {
    let bytes = string.as_bytes();
    let quotes = memchr::memchr_iter(b'"', bytes);
    let behind = quotes.map(|at| {
        bytes
            .iter()
            .skip(at + 1)
            .take_while(|&&b| b == b'#')
            .count()
    });
    let hashes = behind.max().map_or(0, |most| most + 1);
    out.push('r');
    out.extend(std::iter::repeat_n('#', hashes));
    out.push('"');
    out.push_str(string);
    out.push('"');
    out.extend(std::iter::repeat_n('#', hashes));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_and_lines() {
        let check = |string: &str, expected: &str, line: &str| {
            assert_eq!(quoted(string), expected);
            let mut out = String::new();
            write_line(&mut out, string);
            assert_eq!(out, line);
        };
        check("", r#""""#, r#"r"""#);
        check("a\tb “é” 💩", "\"a\tb “é” 💩\"", "r\"a\tb “é” 💩\"");
        check(r#"say "x""#, r##"r#"say "x""#"##, r##"r#"say "x""#"##);
        check("\"# \\", "r##\"\"# \\\"##", "r##\"\"# \\\"##");
        check("\\", r#"r"\""#, r#"r"\""#);
        for (string, escaped) in [
            ("a\nb\r\"\\", r#""a\nb\r\"\\""#),
            ("\u{0}\u{7F}\u{85}", r#""\u{0}\u{7f}\u{85}""#),
            ("…\u{2028}“\u{2029}", r#""…\u{2028}“\u{2029}""#),
            ("\u{FEFF}", r#""\u{feff}""#),
            ("�\u{FFFE}", r#""�\u{fffe}""#),
            ("\u{FFFF}�", r#""\u{ffff}�""#),
        ] {
            check(string, escaped, escaped);
        }
    }

    /// Bytes tell what characters do, wherever the character stands.
    #[test]
    fn every_character_that_asks_for_it_is_found() {
        let asks = |c: char| {
            let is_mark = matches!(c, '\u{FEFF}' | '\u{FFFE}' | '\u{FFFF}');
            is_mark || matches!(c, '\u{2028}' | '\u{2029}') || (c.is_control() && c != '\t')
        };
        for c in '\0'..=char::MAX {
            assert_eq!(has_escapes(c.encode_utf8(&mut [0; 4])), asks(c), "{c:?}");
        }
        for around in 0..70 {
            let plain = "aé“ア\u{A0}�".chars().cycle();
            let mut string: String = plain.take(around).collect();
            assert!(!has_escapes(&string), "{string}");
            string.push('\u{2028}');
            assert!(has_escapes(&string), "{string}");
            string.push_str(&"x".repeat(around));
            assert!(has_escapes(&string), "{string}");
        }
    }
}
