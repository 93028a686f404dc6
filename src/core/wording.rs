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

/// What is shown of changes: their number, and each with a little around it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpts {
    pub changes: usize,
    pub parts: Vec<Wording>,
}

impl Excerpts {
    pub fn of(wording: Vec<Wording>) -> Self {
        /// What is drawn at once stays small.
        const MAX_PARTS: usize = 2_000;
        let changes = change_count(&wording);
        let last = wording.len().saturating_sub(1);
        let parts = wording.into_iter().enumerate().take(MAX_PARTS);
        let parts = parts.map(|(i, part)| match part {
            Wording::Same(text) => Wording::Same(shortened(text, i == 0, i == last)),
            Wording::Removed(text) => Wording::Removed(clipped(text)),
            Wording::Added(text) => Wording::Added(clipped(text)),
        });
        Self {
            changes,
            parts: parts.collect(),
        }
    }
}

fn clipped(mut text: String) -> String {
    const MAX_CHARS: usize = 4_000;
    if let Some((end, _)) = text.char_indices().nth(MAX_CHARS) {
        text.truncate(end);
        text.push('…');
    }
    text
}

/// An unchanged stretch is cut to so many characters on either side of a change.
fn shortened(text: String, is_first: bool, is_last: bool) -> String {
    const AROUND: usize = 160;
    let chars: Vec<char> = text.chars().collect();
    let head = chars.iter().take(AROUND).collect::<String>();
    let tail: String = chars
        .iter()
        .skip(chars.len().saturating_sub(AROUND))
        .collect();
    match (chars.len() > 2 * AROUND, is_first, is_last) {
        (_, true, false) if chars.len() > AROUND => format!("… {tail}"),
        (_, false, true) if chars.len() > AROUND => format!("{head} …"),
        (true, _, _) => format!("{head} … {tail}"),
        _ => text,
    }
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
