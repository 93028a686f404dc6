//! Text as XML or HTML holds it.

use std::borrow::Cow;

/// Whether XML 1.0 can hold a character (section 2.2).
pub(crate) fn is_xml_char(c: char) -> bool {
    !matches!(c, '\0'..='\u{8}' | '\u{B}' | '\u{C}' | '\u{E}'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}')
}

/// Characters that XML cannot hold become U+FFFD, one for one, so that no offset moves.
pub(crate) fn xml_chars(text: &str) -> Cow<'_, str> {
    if text.chars().all(is_xml_char) {
        return Cow::Borrowed(text);
    }
    let replace = |c| if is_xml_char(c) { c } else { '\u{FFFD}' };
    Cow::Owned(text.chars().map(replace).collect())
}

/// A text as XML holds it.
pub(crate) fn held(text: &str) -> String {
    xml_chars(text).into_owned()
}

/// Puts text behind what is there, with what stands for the characters that cannot stand as they are:
/// `may_not` says with which bytes these may begin, so that all others are passed over.
pub(crate) fn push_with(
    out: &mut String,
    text: &str,
    may_not: impl Fn(u8) -> bool,
    stands_for: impl Fn(char) -> Option<&'static str>,
) {
    let (mut from, mut at) = (0, 0);
    let next = |at: usize| {
        text.as_bytes()
            .get(at..)?
            .iter()
            .position(|byte| may_not(*byte))
    };
    while let Some(step) = next(at) {
        at += step;
        let c = text.get(at..).and_then(|rest| rest.chars().next());
        let length = c.map_or(1, char::len_utf8);
        if let Some(escaped) = c.and_then(&stands_for) {
            out.push_str(text.get(from..at).unwrap_or_default());
            out.push_str(escaped);
            from = at + length;
        }
        at += length;
    }
    out.push_str(text.get(from..).unwrap_or_default());
}

/// The first bytes of characters that XML cannot hold, and of its own marks.
fn may_not_be_xml(byte: u8) -> bool {
    matches!(byte, 0..0x20 | b'<' | b'>' | b'&' | b'"' | 0xEF)
}

/// Text between tags. Line breaks and tabs stay; a carriage return would be read as a line feed.
pub(crate) fn push_text(out: &mut String, text: &str) {
    push_with(out, text, may_not_be_xml, |c| match c {
        '<' => Some("&lt;"),
        '>' => Some("&gt;"),
        '&' => Some("&amp;"),
        '\r' => Some("&#13;"),
        c if is_xml_char(c) => None,
        _ => Some("\u{FFFD}"),
    });
}

/// The value of an attribute, in double quotes: tabs and line breaks would be read as spaces.
pub(crate) fn push_attribute(out: &mut String, value: &str) {
    push_with(out, value, may_not_be_xml, |c| match c {
        '<' => Some("&lt;"),
        '>' => Some("&gt;"),
        '&' => Some("&amp;"),
        '"' => Some("&quot;"),
        '\t' => Some("&#9;"),
        '\n' => Some("&#10;"),
        '\r' => Some("&#13;"),
        c if is_xml_char(c) => None,
        _ => Some("\u{FFFD}"),
    });
}

pub(crate) fn text(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    push_text(&mut out, text);
    out
}

pub(crate) fn attribute(value: &str) -> String {
    let mut out = String::with_capacity(value.len() + 16);
    push_attribute(&mut out, value);
    out
}

/// An address of the web as links may have it: what URIs do not allow as `%20` and the like. `None`
/// for what is no such address.
pub(crate) fn address(url: &str) -> Option<String> {
    use std::fmt::Write as _;
    let rest = ["https://", "http://"]
        .iter()
        .find_map(|scheme| url.strip_prefix(scheme))?;
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | ':' | '@');
    if !host.starts_with(char::is_alphanumeric) || !host.chars().all(is_name) {
        return None;
    }
    let mut out = String::with_capacity(url.len());
    let mut has_fragment = false;
    for (at, c) in url.char_indices() {
        let is_code = || {
            let code = url.get(at + 1..at + 3).unwrap_or_default();
            code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_hexdigit())
        };
        let is_allowed = match c {
            '%' => is_code(),
            '#' => !std::mem::replace(&mut has_fragment, true),
            c if c.is_ascii() => c.is_ascii_alphanumeric() || "-._~:/?@!$&'()*+,;=".contains(c),
            c => c.is_alphanumeric(),
        };
        if is_allowed {
            out.push(c);
            continue;
        }
        for byte in c.to_string().bytes() {
            let _infallible = write!(out, "%{byte:02X}");
        }
    }
    Some(out)
}

/// Says when an article has characters that XML cannot hold.
pub(crate) fn note_replaced(
    record: &crate::format::export::record::Record<'_>,
    losses: &mut crate::format::export::Losses,
) {
    let is_held = |text: &str| text.chars().all(is_xml_char);
    let has_labels = record.spans.iter().all(|span| is_held(span.label));
    if !is_held(record.text()) || !has_labels {
        losses.note(
            "characters that XML cannot hold are replaced by U+FFFD, so that no offset moves",
            || record.place(),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_stand_is_replaced_wherever_it_is() {
        let check = |text: &str, expected: &str, in_attribute: &str| {
            assert_eq!(super::text(text), expected);
            assert_eq!(attribute(text), in_attribute);
        };
        check("", "", "");
        check("plain é 🙂 字", "plain é 🙂 字", "plain é 🙂 字");
        check("<é>&\"", "&lt;é&gt;&amp;\"", "&lt;é&gt;&amp;&quot;");
        check("a\tb\r\n", "a\tb&#13;\n", "a&#9;b&#13;&#10;");
        check(
            "\0🙂\u{FFFE}\u{FB01}",
            "\u{FFFD}🙂\u{FFFD}\u{FB01}",
            "\u{FFFD}🙂\u{FFFD}\u{FB01}",
        );
    }

    #[test]
    fn addresses_are_those_of_links() {
        let check = |url: &str, expected: Option<&str>| {
            assert_eq!(address(url).as_deref(), expected, "{url}");
        };
        check("https://x/ä?a=1&b#c", Some("https://x/ä?a=1&b#c"));
        let odd = "https://x:80/a b#c#d%<%20[1]";
        check(odd, Some("https://x:80/a%20b#c%23d%25%3C%20%5B1%5D"));
        for none in [
            "",
            "Post",
            "ftp://x",
            "http://",
            "http://[::1/bad",
            "https://a b/",
        ] {
            check(none, None);
        }
    }
}
