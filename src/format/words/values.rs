//! Values in little room: lists in a cell, texts in a line or in an address, and what stands for a
//! colour and an origin.

use crate::core::annotation::Origin;

/// The role of a link from a fragment to the next one, in formats with links but without
/// discontinuous annotations; the attribute that names the one before, in others.
pub(crate) const CONTINUES: &str = "continues";

/// A text as it stands in a list that is joined by `; `: `%3B` for `;` within.
pub(crate) fn listed(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '%' | '=' | ';' | '\n' | '\r' | '\t' => {
                out.push_str(&format!("%{:02X}", u32::from(c)));
            }
            c => out.push(c),
        }
    }
    out
}

/// The texts of a list of [`listed`] ones.
pub(crate) fn list_of(text: &str) -> Vec<String> {
    if text.is_empty() {
        Vec::new()
    } else {
        text.split("; ").map(plain).collect()
    }
}

/// `a=b; c=d`, both sides as in [`listed`].
pub(crate) fn listed_pairs<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let pairs = pairs.map(|(name, value)| format!("{}={}", listed(name), listed(value)));
    pairs.collect::<Vec<String>>().join("; ")
}

/// The pairs of [`listed_pairs`], such as links: `role=target; role=target`.
pub(crate) fn listed_links(text: &str) -> Vec<(String, String)> {
    let links = text.split("; ").filter_map(|link| link.split_once('='));
    links
        .map(|(role, target)| (plain(role), plain(target)))
        .collect()
}

fn plain(text: &str) -> String {
    const ESCAPES: [(&str, &str); 6] = [
        ("%3D", "="),
        ("%3B", ";"),
        ("%0A", "\n"),
        ("%0D", "\r"),
        ("%09", "\t"),
        ("%25", "%"),
    ];
    let mut text = text.to_owned();
    for (escaped, c) in ESCAPES {
        if text.contains(escaped) {
            text = text.replace(escaped, c);
        }
    }
    text
}

/// Text in one line and one cell: `\\`, `\n`, `\t`, `\r`, and `\u2028` for other characters that some
/// readers break lines at.
pub(crate) fn in_line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            '\u{b}' | '\u{c}' | '\u{1c}'..='\u{1e}' | '\u{85}' | '\u{2028}' | '\u{2029}' => {
                out.push_str(&format!("\\u{:04x}", u32::from(c)));
            }
            c => out.push(c),
        }
    }
    out
}

/// The text that [`in_line`] was given.
pub(crate) fn from_line(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        let rest = chars.as_str();
        match chars.next() {
            Some('\\') => out.push('\\'),
            Some('n') => out.push('\n'),
            Some('t') => out.push('\t'),
            Some('r') => out.push('\r'),
            Some('u') => {
                let digits = rest.get(1..5);
                let code = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
                match code.and_then(char::from_u32) {
                    Some(c) => {
                        out.push(c);
                        chars = rest.get(5..).unwrap_or_default().chars();
                    }
                    None => out.push_str("\\u"),
                }
            }
            Some(other) => out.extend(['\\', other]),
            None => out.push('\\'),
        }
    }
    out
}

/// A text as a part of an IRI.
pub(crate) fn percent_encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' => {
                out.push(char::from(byte));
            }
            byte => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

/// `%20` and the like as what they stand for.
pub(crate) fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let code = after.get(..2).filter(|_| *first == b'%');
        let code = code.and_then(|code| std::str::from_utf8(code).ok());
        match code.and_then(|code| u8::from_str_radix(code, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = after.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_not_utf8| text.to_owned())
}

/// `#RRGGBB`.
pub(crate) fn color_in(text: &str) -> Option<u32> {
    let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6)?;
    u32::from_str_radix(digits, 16).ok()
}

/// `suggestion:RULE` and `import:FROM`; nothing for what was made by hand.
pub(crate) fn origin_in(text: &str) -> Origin {
    match text.split_once(':') {
        Some(("suggestion", rule)) => Origin::Suggestion(rule.to_owned()),
        Some(("import", from)) => Origin::Import(from.to_owned()),
        _ => Origin::Hand,
    }
}

pub(crate) fn origin_text(origin: &Origin) -> String {
    match origin {
        Origin::Hand => String::new(),
        Origin::Suggestion(rule) => format!("suggestion:{rule}"),
        Origin::Import(from) => format!("import:{from}"),
        Origin::Later(kept) => kept.as_str().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_come_back() {
        for texts in [vec![], vec!["a"], vec!["a; b", "=c", "%3B\n", " "]] {
            let cells: Vec<String> = texts.iter().map(|text| listed(text)).collect();
            assert_eq!(list_of(&cells.join("; ")), texts);
        }
    }

    #[test]
    fn links_are_listed_in_one_cell() {
        let link = |role: &str, target: &str| (role.to_owned(), target.to_owned());
        assert_eq!(
            listed_links("cue=b; a%3Dc=x%3B%25"),
            [link("cue", "b"), link("a=c", "x;%")]
        );
        assert_eq!(listed_links("see page 3"), []);
    }

    #[test]
    fn lines_come_back() {
        for text in [
            "",
            "a\tb\nc\r",
            "\\n",
            "\\\\",
            "x\u{2028}\u{85}y\\u2028",
            "\\",
        ] {
            let line = in_line(text);
            assert!(!line.contains(['\n', '\t', '\u{2028}', '\u{85}']), "{line}");
            assert_eq!(from_line(&line), text);
        }
        assert_eq!(from_line("a\\x\\u12"), "a\\x\\u12");
    }
}
