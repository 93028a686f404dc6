//! What counts as the same: names but for case, accents and blanks, and kinds of attributes of which
//! one holds the values of both.

use super::AttributeKind;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The most characters in the name of a label.
pub const MAX_NAME: usize = 300;

/// How names are compared: neither case nor accents nor blanks tell them apart.
pub fn folded_name(name: &str) -> String {
    let decomposed = name.trim().nfkd();
    // Elsewhere a mark is a letter of its own: a vowel of Devanagari, the breve of Cyrillic.
    let mut has_accents = false;
    let letters = decomposed.filter(move |c| {
        if is_combining_mark(*c) {
            return !has_accents;
        }
        has_accents = matches!(u32::from(*c), 0x41..=0x24F | 0x370..=0x3FF | 0x1E00..=0x1FFF);
        true
    });
    let words: String = letters.flat_map(char::to_lowercase).collect();
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What the id of a label of this name is made from: its letters and digits.
pub fn id_for(name: &str) -> String {
    let folded = folded_name(name);
    let words = folded
        .split(|c: char| !c.is_alphanumeric() && !is_combining_mark(c))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_the_same_but_for_case_accents_and_blanks() {
        let check = |a: &str, b: &str, is_same: bool| {
            assert_eq!(folded_name(a) == folded_name(b), is_same, "{a} {b}");
        };
        check("Quote", " quóte ", true);
        check("Zitat", "ZITAT", true);
        check("Ά", "α", true);
        check("two  words", "two words", true);
        // There a mark is a letter, and not an accent.
        check("कि", "का", false);
        check("दावा", "दव", false);
        check("й", "и", false);
        assert_eq!(id_for("Véry bad!"), "very_bad");
        assert_eq!(id_for("दावा"), "दावा");
        assert_eq!(id_for("?"), "label");
    }
}
