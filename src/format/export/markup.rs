//! Text as XML or HTML holds it.

use std::borrow::Cow;

/// Whether XML 1.0 can hold a character (section 2.2).
pub(super) fn is_xml_char(c: char) -> bool {
    !matches!(c, '\0'..='\u{8}' | '\u{B}' | '\u{C}' | '\u{E}'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}')
}

/// Characters that XML cannot hold become U+FFFD, one for one, so that no offset moves.
pub(super) fn xml_chars(text: &str) -> Cow<'_, str> {
    if text.chars().all(is_xml_char) {
        return Cow::Borrowed(text);
    }
    let replace = |c| if is_xml_char(c) { c } else { '\u{FFFD}' };
    Cow::Owned(text.chars().map(replace).collect())
}

/// A text as XML holds it.
pub(super) fn held(text: &str) -> String {
    xml_chars(text).into_owned()
}

/// Text between tags. Line breaks and tabs stay; a carriage return would be read as a line feed.
pub(super) fn push_text(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '\r' => out.push_str("&#13;"),
            c if is_xml_char(c) => out.push(c),
            _ => out.push('\u{FFFD}'),
        }
    }
}

/// The value of an attribute, in double quotes: tabs and line breaks would be read as spaces.
pub(super) fn push_attribute(out: &mut String, value: &str) {
    for c in value.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            '\t' => out.push_str("&#9;"),
            '\n' => out.push_str("&#10;"),
            '\r' => out.push_str("&#13;"),
            c if is_xml_char(c) => out.push(c),
            _ => out.push('\u{FFFD}'),
        }
    }
}

pub(super) fn text(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    push_text(&mut out, text);
    out
}

pub(super) fn attribute(value: &str) -> String {
    let mut out = String::with_capacity(value.len() + 16);
    push_attribute(&mut out, value);
    out
}

/// Says when an article has characters that XML cannot hold.
pub(super) fn note_replaced(record: &super::record::Record<'_>, losses: &mut super::Losses) {
    if !record.text().chars().all(is_xml_char) {
        losses.note(
            "characters that XML cannot hold are replaced by U+FFFD, so that no offset moves",
            || record.place(),
        );
    }
}
