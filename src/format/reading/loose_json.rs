//! JSON as programs write it that do not keep to its rules: values one after another, numbers that
//! are none, halves of characters. Nothing is lost by it: what stands for no value becomes `null`,
//! half a character U+FFFD, which is counted, and a number that no integer holds a text.

use serde_json::Value;
use std::borrow::Cow;

/// The line that a damaged value begins on, and what is wrong with it.
pub(crate) type Damage = (usize, String);

/// Values one after another with the lines that they begin on, whatever separates them, up to the
/// first that is damaged.
pub(crate) fn values(text: &str) -> (Vec<(usize, Value)>, Option<Damage>) {
    let mut values = Vec::new();
    let (mut line, mut at) = (1, 0);
    loop {
        let rest = text.get(at..).unwrap_or_default();
        // Some put commas between them, others the separator of records (RFC 7464).
        let begun = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{1E}');
        let begun = if values.is_empty() {
            begun
        } else {
            begun.trim_start_matches(|c: char| c.is_whitespace() || c == ',' || c == '\u{1E}')
        };
        let skipped = rest.len() - begun.len();
        let feeds = |text: &str| memchr::memchr_iter(b'\n', text.as_bytes()).count();
        line += feeds(rest.get(..skipped).unwrap_or_default());
        at += skipped;
        if begun.is_empty() {
            return (values, None);
        }
        let mut stream = serde_json::Deserializer::from_str(begun).into_iter::<Value>();
        match stream.next() {
            Some(Ok(value)) => {
                values.push((line, value));
                let read = stream.byte_offset();
                line += feeds(begun.get(..read).unwrap_or_default());
                at += read;
            }
            Some(Err(error)) => {
                let error = match (error.line() - 1 + line, error.column()) {
                    (_, _) if line == 1 => error.to_string(),
                    (at, column) => format!("line {at} column {column}: {error}"),
                };
                return (values, Some((line, error)));
            }
            None => return (values, None),
        }
    }
}

/// Text that other programs take for JSON: `NaN` and `Infinity` are no values there, a half of a
/// character is none, and a whole number too large for any integer would change as a float, so it
/// becomes a text. Also counts the halves.
pub(crate) fn mended(text: &str) -> (Cow<'_, str>, usize) {
    let bytes = text.as_bytes();
    let has = |what: &str| memchr::memmem::find(bytes, what.as_bytes()).is_some();
    let may_need_it =
        ["NaN", "Infinity", "\\ud", "\\uD"].into_iter().any(has) || has_long_number(bytes);
    if !may_need_it {
        return (Cow::Borrowed(text), 0);
    }
    let mut out = String::with_capacity(text.len());
    let (mut from, mut at, mut halves) = (0, 0, 0);
    let mut is_string = false;
    while let Some(byte) = bytes.get(at) {
        let rest = bytes.get(at..).unwrap_or_default();
        // What stands here, in bytes, and what is to stand there.
        let (length, becomes): (usize, Option<Cow<'_, str>>) = match (byte, is_string) {
            (b'"', _) => {
                is_string = !is_string;
                (1, None)
            }
            (b'\\', true) => match unit(rest) {
                Some(0xD800..=0xDBFF)
                    if matches!(
                        unit(rest.get(6..).unwrap_or_default()),
                        Some(0xDC00..=0xDFFF)
                    ) =>
                {
                    (12, None)
                }
                Some(0xD800..=0xDFFF) => {
                    halves += 1;
                    (6, Some("\\ufffd".into()))
                }
                _ => (2, None),
            },
            (_, true) => (1, None),
            (b'N', false) if rest.starts_with(b"NaN") => (3, Some("null".into())),
            (b'I', false) if rest.starts_with(b"Infinity") => (8, Some("null".into())),
            (b'-', false) if rest.starts_with(b"-Infinity") => (9, Some("null".into())),
            (b'-' | b'0'..=b'9', false) => {
                let is_of_number =
                    |b: &&u8| matches!(b, b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9');
                let length = rest.iter().take_while(is_of_number).count();
                let number = text.get(at..at + length).unwrap_or_default();
                let is_whole = number.bytes().skip(1).all(|b| b.is_ascii_digit());
                let is_held = number.parse::<i64>().is_ok() || number.parse::<u64>().is_ok();
                let is_held = is_held || !is_whole || number == "-";
                (length, (!is_held).then(|| format!("\"{number}\"").into()))
            }
            _ => (1, None),
        };
        if let Some(becomes) = becomes {
            out.push_str(text.get(from..at).unwrap_or_default());
            out.push_str(&becomes);
            from = at + length;
        }
        at += length;
    }
    out.push_str(text.get(from..).unwrap_or_default());
    (Cow::Owned(out), halves)
}

/// The code unit of an escape such as `\ud83d` that begins here.
fn unit(bytes: &[u8]) -> Option<u16> {
    let digits = bytes.strip_prefix(b"\\u")?.get(..4)?;
    u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

/// Whether more digits follow one another than any integer surely has.
fn has_long_number(bytes: &[u8]) -> bool {
    /// Of `i64::MAX`.
    const DIGITS: usize = 19;
    // A run of so many has a digit at each multiple of it.
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    (0..bytes.len())
        .step_by(DIGITS)
        .filter(|at| is_digit(*at))
        .any(|at| {
            let before = (0..at)
                .rev()
                .take_while(|at| is_digit(*at))
                .take(DIGITS)
                .count();
            let after = (at..bytes.len())
                .take_while(|at| is_digit(*at))
                .take(DIGITS)
                .count();
            before + after >= DIGITS
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_one_after_another() {
        let check = |text: &str, lines: &[usize], damage: Option<usize>| {
            let (values, damaged) = values(text);
            let found: Vec<usize> = values.iter().map(|(line, _)| *line).collect();
            assert_eq!(found, lines, "{text}");
            assert_eq!(damaged.map(|(line, _)| line), damage, "{text}");
        };
        check("", &[], None);
        check("{}", &[1], None);
        check("{}{}\n\n[1]", &[1, 1, 3], None);
        check("{\n}\n,{},\n", &[1, 3], None);
        check("\u{1E}{}\n\u{1E}{}\n", &[1, 2], None);
        check("{}\n{\n\"a\"\n", &[1], Some(2));
        check(",{}", &[], Some(1));
    }

    #[test]
    fn what_is_no_json_is_mended() {
        let check = |text: &str, expected: &str, halves: usize| {
            assert_eq!(mended(text), (Cow::Borrowed(expected), halves));
        };
        check("[NaN,-Infinity,Infinity]", "[null,null,null]", 0);
        check(
            r#"{"NaN":"\"NaN","a":NaN}"#,
            r#"{"NaN":"\"NaN","a":null}"#,
            0,
        );
        check(
            r#"["\ud83d\ude22 \ud83d \ude22"]"#,
            r#"["\ud83d\ude22 \ufffd \ufffd"]"#,
            2,
        );
        check(r#"["\\ud83d"]"#, r#"["\\ud83d"]"#, 0);
        let digits = "1".repeat(30);
        check(
            &format!("[{digits},-{digits}]"),
            &format!("[\"{digits}\",\"-{digits}\"]"),
            0,
        );
        check(
            &format!("[{digits}.5,18446744073709551615]"),
            &format!("[{digits}.5,18446744073709551615]"),
            0,
        );
        check(&format!("[\"{digits}\"]"), &format!("[\"{digits}\"]"), 0);
        check("[NaN, \"\\ud83d", "[null, \"\\ufffd", 1);
    }
}
