//! Words of a page's metadata as they are compared: without white space, marks and accents.

use dom_query::Document;
use unicode_normalization::UnicodeNormalization;

/// White space collapsed, entities that were encoded twice undone.
pub(super) fn clean(text: &str) -> String {
    let text = if text.contains('&') && text.contains(';') {
        Document::fragment(text.replace('<', "&lt;"))
            .text()
            .to_string()
    } else {
        text.to_owned()
    };
    // Places where a word may be broken, which nobody sees.
    let is_seen = |c: &char| !matches!(c, '\u{200B}' | '\u{FEFF}' | '\u{AD}');
    let text: String = text.chars().filter(is_seen).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Letters and digits in lower case, without the accents of Latin, Greek and Cyrillic letters.
pub(super) fn fold(text: &str) -> String {
    let is_accent = |c: char| ('\u{300}'..='\u{36F}').contains(&c);
    // The marks of voiced kana.
    let is_letter = |c: char| c.is_alphanumeric() || matches!(c, '\u{3099}' | '\u{309A}');
    let letters = text.nfkd().filter(|c| is_letter(*c) && !is_accent(*c));
    letters.nfc().flat_map(char::to_lowercase).collect()
}
