//! The bytes of a project file to text, with what was wrong with them.
//!
//! A project file is UTF-8. Editors save it otherwise, disks lose blocks; what can be decoded is,
//! and every place where something was lost is reported. Knows nothing of RON.

use crate::core::check::Problem;
use crate::format::reading::decode;
use std::borrow::Cow;

/// More places than this are counted, not listed.
const MAX_LISTED: usize = 20;

pub(super) struct Decoded<'a> {
    pub(super) text: Cow<'a, str>,
    pub(super) problems: Vec<Problem>,
    /// The first byte that is no UTF-8.
    pub(super) bad_byte: Option<usize>,
}

pub(super) fn decode(bytes: &[u8]) -> Decoded<'_> {
    let mut problems = Vec::new();
    let bytes = without_empty_end(bytes, &mut problems);
    let mut bad_byte = None;
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(error) => {
            bad_byte = Some(error.valid_up_to());
            other_encoding(bytes, &mut problems)
                .unwrap_or_else(|| with_replacements(bytes, &mut problems))
        }
    };
    let text = match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.strip_prefix('\u{FEFF}').unwrap_or(text)),
        Cow::Owned(text) => Cow::Owned(match text.strip_prefix('\u{FEFF}') {
            Some(rest) => rest.to_owned(),
            None => text,
        }),
    };
    let text = match memchr::memchr(0, text.as_bytes()) {
        Some(_) => Cow::Owned(without_nul(&text, &mut problems)),
        None => text,
    };
    Decoded {
        text,
        problems,
        bad_byte,
    }
}

/// After a power failure a file can end in the blocks that were never written.
fn without_empty_end<'a>(bytes: &'a [u8], problems: &mut Vec<Problem>) -> &'a [u8] {
    let is_nul = |b: &&u8| **b == 0;
    let empty = bytes.iter().rev().take_while(is_nul).count();
    // A last line break in UTF-16 ends in one.
    if empty < 2 {
        return bytes;
    }
    let rest = bytes.get(..bytes.len() - empty).unwrap_or(bytes);
    problems.push(Problem::error(
        format!("byte {}", rest.len()),
        format!("the file ends in {empty} empty bytes, as after a power failure"),
        "they hold nothing and are left out",
    ));
    rest
}

/// The whole file, when another program has saved it in another encoding.
fn other_encoding(bytes: &[u8], problems: &mut Vec<Problem>) -> Option<Cow<'static, str>> {
    let has_mark = bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]);
    let is_wide = bytes.iter().take(64).filter(|&&b| b == 0).count() > 16;
    // One letter in UTF-8 that is not ASCII, and it is no file of single bytes.
    let has_utf8 = String::from_utf8_lossy(bytes)
        .chars()
        .any(|c| !c.is_ascii() && c != '\u{FFFD}');
    if !has_mark && !is_wide && (has_utf8 || bytes.contains(&0)) {
        return None;
    }
    let decoded = decode::decode(bytes)?;
    if decoded.encoding == "UTF-8" || decoded.replaced > 0 {
        return None;
    }
    problems.push(Problem::error(
        "",
        format!(
            "another program has saved the file as {}; a project is UTF-8",
            decoded.encoding
        ),
        "the file is written as UTF-8",
    ));
    Some(Cow::Owned(decoded.text))
}

fn with_replacements<'a>(bytes: &'a [u8], problems: &mut Vec<Problem>) -> Cow<'a, str> {
    let mut line = 1;
    let mut at = 0;
    let mut count = 0;
    for chunk in bytes.utf8_chunks() {
        line += memchr::memchr_iter(b'\n', chunk.valid().as_bytes()).count();
        at += chunk.valid().len();
        if !chunk.invalid().is_empty() {
            count += 1;
            if count <= MAX_LISTED {
                problems.push(Problem::error(
                    format!("line {line}, byte {at}"),
                    "bytes that are no UTF-8",
                    "they become “\u{FFFD}”; what stands around them is saved",
                ));
            }
        }
        at += chunk.invalid().len();
    }
    if count > MAX_LISTED {
        problems.push(Problem::error(
            "",
            format!(
                "{} more places with bytes that are no UTF-8",
                count - MAX_LISTED
            ),
            "they become “\u{FFFD}”; what stands around them is saved",
        ));
    }
    String::from_utf8_lossy(bytes)
}

/// Our files hold no NUL. A run of them is a piece that the disk has lost.
fn without_nul(text: &str, problems: &mut Vec<Problem>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut runs = 0;
    let mut line = 1;
    for piece in text.split_inclusive('\0') {
        let (kept, is_hole) = match piece.strip_suffix('\0') {
            Some(kept) => (kept, true),
            None => (piece, false),
        };
        line += memchr::memchr_iter(b'\n', kept.as_bytes()).count();
        let goes_on = kept.is_empty() && out.ends_with('\u{FFFD}');
        out.push_str(kept);
        if is_hole && !goes_on {
            out.push('\u{FFFD}');
            runs += 1;
            if runs <= MAX_LISTED {
                problems.push(Problem::error(
                    format!("line {line}"),
                    "a piece of the file is empty, as after a power failure",
                    "it becomes “\u{FFFD}”; what stands around it is saved",
                ));
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(bytes: &[u8], text: &str, problems: &[&str]) {
        let decoded = decode(bytes);
        assert_eq!(decoded.text, text);
        let found: Vec<String> = decoded.problems.iter().map(ToString::to_string).collect();
        assert_eq!(found, problems);
    }

    #[test]
    fn damaged_bytes_are_reported() {
        check("(é)".as_bytes(), "(é)", &[]);
        check("\u{FEFF}(é)".as_bytes(), "(é)", &[]);
        check(
            b"(a)\0\0\0",
            "(a)",
            &["byte 3: the file ends in 3 empty bytes, as after a power failure"],
        );
        check(
            b"(a\n\0\0b)",
            "(a\n\u{FFFD}b)",
            &["line 2: a piece of the file is empty, as after a power failure"],
        );
        check(
            b"(\xC3\xA9\n\xFFb)",
            "(é\n\u{FFFD}b)",
            &["line 2, byte 4: bytes that are no UTF-8"],
        );
        let wide: Vec<u8> = "\u{FEFF}(a)\n"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        check(
            &wide,
            "(a)\n",
            &["another program has saved the file as UTF-16LE; a project is UTF-8"],
        );
    }
}
