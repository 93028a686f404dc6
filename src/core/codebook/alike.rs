//! What counts as the same: names but for case, accents and blanks, and kinds of attributes of which
//! one holds the values of both.

use super::AttributeKind;
use unicode_normalization::UnicodeNormalization;

/// The most characters in the name of a label.
pub const MAX_NAME: usize = 300;

/// How names are compared: neither case nor accents nor blanks tell them apart.
pub fn folded_name(name: &str) -> String {
    let decomposed = name.trim().nfkd();
    let letters = decomposed.filter(|c| !unicode_normalization::char::is_combining_mark(*c));
    let words: String = letters.flat_map(char::to_lowercase).collect();
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What the id of a label of this name is made from: its letters and digits.
pub fn id_for(name: &str) -> String {
    let folded = folded_name(name);
    let words = folded
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty());
    let wanted = words.collect::<Vec<_>>().join("_");
    match wanted.as_str() {
        "" => "label".to_owned(),
        wanted => wanted.chars().take(60).collect(),
    }
}

impl AttributeKind {
    /// The kind that holds the values of both, if one does.
    pub fn joined(&self, other: &Self) -> Option<Self> {
        let all = |a: &[String], b: &[String]| {
            let new = b.iter().filter(|option| !a.contains(option));
            a.iter().chain(new).cloned().collect::<Vec<String>>()
        };
        match (self, other) {
            (Self::OneOf(a), Self::OneOf(b)) => Some(Self::OneOf(all(a, b))),
            (Self::SeveralOf(a), Self::SeveralOf(b)) => Some(Self::SeveralOf(all(a, b))),
            (a, b) => (a == b).then(|| a.clone()),
        }
    }
}
