//! JSON in outline, for recognising a file by its keys however long its texts and lists are.
//!
//! Knows no format and proves nothing: what is no JSON comes out as something.

use crate::format::reading::records::end_of_string;

/// So much of a string is kept.
const MAX_STRING_BYTES: usize = 160;
/// So many items of a list within a record are kept.
const MAX_ITEMS: usize = 6;

/// Whether a text begins as JSON does that has records or lists of them.
pub(crate) fn begins_as_json(text: &str) -> bool {
    let start = text.trim_start_matches('\u{FEFF}').trim_start();
    let inner = start.trim_start_matches(['{', '[', ' ', '\n', '\r', '\t']);
    start.starts_with(['{', '[']) && inner.starts_with('"')
}

/// The first `limit` bytes of JSON, in which long strings are cut short and lists in records after
/// their first items.
pub(crate) fn outline(json: &[u8], limit: usize) -> Vec<u8> {
    let mut out = Vec::new();
    // The items so far of each list that is open; none for an object.
    let mut open: Vec<Option<usize>> = Vec::new();
    // How many were open when the rest of a list began that is passed over.
    let mut passing: Option<usize> = None;
    let mut at = 0;
    while let Some(byte) = json.get(at).filter(|_| out.len() < limit) {
        let from = at;
        at += 1;
        match byte {
            b'"' => at = end_of_string(json, from),
            b'{' => open.push(None),
            b'[' => open.push(Some(0)),
            b'}' | b']' => {
                if passing == Some(open.len()) {
                    passing = None;
                }
                open.pop();
            }
            b',' if passing.is_none() && open.len() > 1 => {
                if let Some(Some(items)) = open.last_mut() {
                    *items += 1;
                    if *items == MAX_ITEMS {
                        passing = Some(open.len());
                    }
                }
            }
            _ => {}
        }
        if passing.is_some() {
            continue;
        }
        let token = json.get(from..at).unwrap_or_default();
        if token.len() <= MAX_STRING_BYTES {
            out.extend_from_slice(token);
        } else {
            out.extend_from_slice(cut_short(token));
            out.push(b'"');
        }
    }
    out
}

/// The beginning of a string, without what may be the half of a character or of an escape.
fn cut_short(string: &[u8]) -> &[u8] {
    let start = string.get(..MAX_STRING_BYTES).unwrap_or(string);
    // An escape has up to six bytes, a character up to four.
    let is_begun = |back: &usize| {
        let byte = start.get(start.len() - back);
        byte.is_some_and(|byte| *byte == b'\\' || *byte >= 0x80)
    };
    let back = (1..=6).filter(is_begun).max().unwrap_or(0);
    let mut start = start.get(..start.len() - back).unwrap_or_default();
    while let Some((last, before)) = start.split_last()
        && (*last == b'\\' || *last >= 0x80)
    {
        start = before;
    }
    start
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(json: &str, expected: &str) {
        let found = String::from_utf8(outline(json.as_bytes(), 64 << 10)).unwrap();
        assert_eq!(found, expected, "{json:.300}");
    }

    #[test]
    fn keys_are_seen_behind_long_texts_and_lists() {
        let text = "word ".repeat(50_000);
        let cut = text.get(..MAX_STRING_BYTES - 1).unwrap();
        check(r#"{"a":"b","c":[1,2]}"#, r#"{"a":"b","c":[1,2]}"#);
        check(
            &format!(r#"{{"text":"{text}","label":[[0,4,"x"]]}}"#),
            &format!(r#"{{"text":"{cut}","label":[[0,4,"x"]]}}"#),
        );
        let tokens = r#"{"a":[1],"b":"]"},"#.repeat(10_000);
        let kept = r#"{"a":[1],"b":"]"},"#.repeat(MAX_ITEMS);
        check(
            &format!(r#"{{"tokens":[{tokens}1],"spans":[]}}"#),
            &format!(
                r#"{{"tokens":[{}],"spans":[]}}"#,
                kept.trim_end_matches(',')
            ),
        );
        // A list of records goes on as far as there is room, and so do lines.
        let records = r#"{"a":1},"#.repeat(50);
        check(&format!("[{records}1]"), &format!("[{records}1]"));
        let lines = "{\"a\":1}\n".repeat(50);
        check(&lines, &lines);
        assert_eq!(outline(lines.as_bytes(), 20).len(), 20);
    }

    #[test]
    fn strings_are_cut_between_characters() {
        for character in ["é", "🙂", "\\n", "\\\"", "\\\\", "\\u00e9"] {
            for before in 0..8 {
                let text = format!("{}{}", "x".repeat(before), character.repeat(500));
                let json = format!(r#"{{"a":"{text}","b":1}}"#);
                let found = outline(json.as_bytes(), 64 << 10);
                let value: serde_json::Value = serde_json::from_slice(&found).unwrap();
                assert_eq!(value["b"], 1, "{character} {before}");
            }
        }
    }

    #[test]
    fn what_is_no_json_does_no_harm() {
        for json in [
            "",
            "{",
            "[[[",
            "]]]}",
            "{\"a",
            "[\"\\",
            "\u{0}[,,,,,,,,]",
            "{\"a\":[,,,,,,,,,",
        ] {
            outline(json.as_bytes(), 100);
        }
        assert!(begins_as_json("\u{FEFF} [ {\"a\""));
        assert!(begins_as_json("[[\"a\""));
        assert!(!begins_as_json("[Reuters] said"));
        assert!(!begins_as_json("\"a\""));
    }
}
