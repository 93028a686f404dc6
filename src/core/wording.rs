//! What changed in the wording between two versions of a text.
//!
//! Words are compared by the patience method (Cohen 2010), which keeps sentences together. Pure; the
//! work is bounded by the size of the texts.

use similar::{Algorithm, DiffTag, capture_diff_slices};

/// A stretch of two versions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wording {
    Same(String),
    Removed(String),
    Added(String),
}

/// Texts with more words than this are compared by lines.
const MAX_WORDS: usize = 60_000;

fn words(text: &str) -> Vec<&str> {
    use unicode_segmentation::UnicodeSegmentation;
    text.split_word_bounds().collect()
}

fn lines(text: &str) -> Vec<&str> {
    text.split_inclusive('\n').collect()
}

/// The changes from `old` to `new`, in text order. Joining what is not `Removed` gives `new`,
/// joining what is not `Added` gives `old`.
pub fn changes(old: &str, new: &str) -> Vec<Wording> {
    let (mut a, mut b) = (words(old), words(new));
    if a.len() + b.len() > MAX_WORDS {
        (a, b) = (lines(old), lines(new));
    }
    let join = |parts: &[&str], range: std::ops::Range<usize>| {
        parts.get(range).unwrap_or_default().concat()
    };
    let mut all = Vec::new();
    for op in capture_diff_slices(Algorithm::Patience, &a, &b) {
        let (tag, from, to) = op.as_tag_tuple();
        if tag == DiffTag::Equal {
            all.push(Wording::Same(join(&a, from)));
            continue;
        }
        if !from.is_empty() {
            all.push(Wording::Removed(join(&a, from)));
        }
        if !to.is_empty() {
            all.push(Wording::Added(join(&b, to)));
        }
    }
    all
}

/// How many stretches were changed.
pub fn change_count(changes: &[Wording]) -> usize {
    let is_same = |w: &Wording| matches!(w, Wording::Same(_));
    changes.split(is_same).filter(|run| !run.is_empty()).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn words_that_changed() {
        let found = changes(
            "Two hundred waited. It rained.",
            "Three hundred waited, cold. It rained.",
        );
        let shown: Vec<String> = found
            .iter()
            .map(|w| match w {
                Wording::Same(t) => t.clone(),
                Wording::Removed(t) => format!("[-{t}-]"),
                Wording::Added(t) => format!("[+{t}+]"),
            })
            .collect();
        assert_eq!(
            shown.concat(),
            "[-Two-][+Three+] hundred waited[+, cold+]. It rained."
        );
        assert_eq!(change_count(&found), 2);
    }

    proptest! {
        #[test]
        fn both_versions_are_in_the_changes(a in "[ab🙂 é\n]{0,60}", b in "[ab🙂 é\n]{0,60}") {
            let found = changes(&a, &b);
            let side = |wanted: fn(&Wording) -> Option<&String>| found.iter().filter_map(wanted).cloned().collect::<String>();
            prop_assert_eq!(side(|w| match w { Wording::Same(t) | Wording::Removed(t) => Some(t), Wording::Added(_) => None }), a);
            prop_assert_eq!(side(|w| match w { Wording::Same(t) | Wording::Added(t) => Some(t), Wording::Removed(_) => None }), b);
        }
    }
}
