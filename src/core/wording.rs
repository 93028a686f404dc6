//! What changed in the wording between two versions of a text.
//!
//! Words are compared by the patience method (Cohen 2010), which keeps sentences together. Pure; the
//! work is bounded by the size of the texts.

use crate::core::word_hashes::{SEED, each_word, mix};
use similar::{Algorithm, DiffTag, capture_diff_slices};
use std::hash::Hash;
use std::ops::Range;

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

/// What words are compared by where typography and case make no difference.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Folded {
    Word(u64),
    Mark(char),
}

fn folded(word: &str) -> Folded {
    let mut hash = None;
    each_word(word, |part| {
        hash = Some(mix(hash.unwrap_or(SEED), part.hash));
    });
    let mark = word.chars().next().unwrap_or_default();
    hash.map_or_else(
        || {
            Folded::Mark(match mark {
                '\n' => '\n',
                _ if mark.is_whitespace() => ' ',
                '“' | '”' | '„' | '«' | '»' | '‘' | '’' | '\'' => '"',
                '‐'..='―' => '-',
                mark => mark,
            })
        },
        Folded::Word,
    )
}

/// A stretch of both texts, in bytes, and whether they say the same there.
type Stretch = (Range<usize>, Range<usize>, bool);

/// The stretches of both in text order, which join to both.
fn stretches<K: Ord + Eq + Hash>((a, b): (&[&str], &[&str]), (x, y): (&[K], &[K])) -> Vec<Stretch> {
    let (mut from, mut to) = (0, 0);
    let length = |parts: &[&str], range: Range<usize>| -> usize {
        let parts = parts.get(range).unwrap_or_default();
        parts.iter().map(|part| part.len()).sum()
    };
    let ops = capture_diff_slices(Algorithm::Patience, x, y);
    let found = ops.iter().map(|op| {
        let (tag, old, new) = op.as_tag_tuple();
        let before = (from, to);
        from += length(a, old);
        to += length(b, new);
        (before.0..from, before.1..to, tag == DiffTag::Equal)
    });
    found.collect()
}

/// The words of both, or their lines where they are long.
fn parts<'a>(old: &'a str, new: &'a str) -> (Vec<&'a str>, Vec<&'a str>) {
    let (a, b) = (words(old), words(new));
    if a.len() + b.len() > MAX_WORDS {
        (lines(old), lines(new))
    } else {
        (a, b)
    }
}

fn exact_stretches(old: &str, new: &str) -> Vec<Stretch> {
    let (a, b) = parts(old, new);
    stretches((&a, &b), (&a, &b))
}

/// The same where typography and case make no difference.
fn folded_stretches(old: &str, new: &str) -> Vec<Stretch> {
    let (a, b) = parts(old, new);
    let keys = |parts: &[&str]| parts.iter().map(|part| folded(part)).collect::<Vec<_>>();
    stretches((&a, &b), (&keys(&a), &keys(&b)))
}

fn told(old: &str, new: &str, stretches: Vec<Stretch>) -> Vec<Wording> {
    let mut all = Vec::new();
    let part = |text: &str, range: Range<usize>| text.get(range).unwrap_or_default().to_owned();
    for (from, to, is_same) in stretches {
        if is_same {
            all.push(Wording::Same(part(new, to)));
            continue;
        }
        if !from.is_empty() {
            all.push(Wording::Removed(part(old, from)));
        }
        if !to.is_empty() {
            all.push(Wording::Added(part(new, to)));
        }
    }
    all
}

/// The changes from `old` to `new`, in text order. Joining what is not `Removed` gives `new`,
/// joining what is not `Added` gives `old`.
pub fn changes(old: &str, new: &str) -> Vec<Wording> {
    told(old, new, exact_stretches(old, new))
}

/// The changes of words, whatever the typography and case. Joining what is not `Removed` gives `new`.
pub fn changes_of_words(old: &str, new: &str) -> Vec<Wording> {
    told(old, new, folded_stretches(old, new))
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

/// Two texts beside each other, in rows that say the same but for what changed. Joining the parts of
/// one side gives its text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SideBySide {
    pub rows: Vec<Beside>,
    pub changes: usize,
}

/// About a line of each text; one side is empty where only the other says something.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Beside {
    pub old: Vec<SidePart>,
    pub new: Vec<SidePart>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SidePart {
    pub text: String,
    /// The other side does not say it so.
    pub is_changed: bool,
}

impl SideBySide {
    /// Typography and case make no difference.
    pub fn of(old: &str, new: &str) -> Self {
        let mut rows: Vec<Beside> = Vec::new();
        let mut row = Beside::default();
        let mut changes = 0;
        let mut was_same = true;
        for (from, to, is_same) in folded_stretches(old, new) {
            changes += usize::from(was_same && !is_same);
            was_same = is_same;
            let mut old = old.get(from).unwrap_or_default().split_inclusive('\n');
            let mut new = new.get(to).unwrap_or_default().split_inclusive('\n');
            loop {
                let lines = (old.next(), new.next());
                if lines == (None, None) {
                    break;
                }
                // Blank lines belong to the row before.
                let is_blank = |line: Option<&str>| line.is_none_or(|line| line == "\n");
                let blank = is_blank(lines.0) && is_blank(lines.1) && row == Beside::default();
                let place = match rows.last_mut() {
                    Some(last) if blank => last,
                    _ => &mut row,
                };
                let part = |line: &str| SidePart {
                    text: line.to_owned(),
                    is_changed: !is_same,
                };
                place.old.extend(lines.0.map(part));
                place.new.extend(lines.1.map(part));
                let ends = |parts: &[SidePart]| {
                    let last = parts.last();
                    last.is_none_or(|part| part.text.ends_with('\n'))
                };
                if row != Beside::default() && ends(&row.old) && ends(&row.new) {
                    rows.push(std::mem::take(&mut row));
                }
            }
        }
        if row != Beside::default() {
            rows.push(row);
        }
        Self { rows, changes }
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

    #[test]
    fn typography_is_no_change_of_words() {
        for (old, new, expected) in [
            (
                "You Won’t\u{A0}get “it” – now",
                "you won't get \"it\" - NOW",
                0,
            ),
            ("Give today!", "Give today.", 1),
            ("by 3 May", "by 14 May", 1),
        ] {
            assert_eq!(change_count(&changes_of_words(old, new)), expected, "{new}");
            assert_eq!(SideBySide::of(old, new).changes, expected, "{new}");
        }
    }

    #[test]
    fn lines_stand_beside_each_other() {
        let (old, new) = (
            "One.\n\nTwo lies.\nThree’s.\n",
            "Zero is new.\nONE.\n\nTwo stands.\nThree's.\n",
        );
        let beside = SideBySide::of(old, new);
        let side = |parts: &[SidePart]| {
            let shown = parts.iter().map(|p| {
                if p.is_changed {
                    format!("[{}]", p.text)
                } else {
                    p.text.clone()
                }
            });
            shown.collect::<String>().replace('\n', "/")
        };
        let rows: Vec<_> = beside
            .rows
            .iter()
            .map(|row| (side(&row.old), side(&row.new)))
            .collect();
        let expected = [
            ("", "[Zero is new./]"),
            ("One.//", "ONE.//"),
            ("Two [lies]./", "Two [stands]./"),
            ("Three’s./", "Three's./"),
        ];
        let expected = expected.map(|(a, b)| (a.to_owned(), b.to_owned()));
        assert_eq!(rows, expected);
        assert_eq!(beside.changes, 2);
    }

    proptest! {
        #[test]
        fn the_parts_of_each_side_join_to_its_text(a in "[ab🙂 é\n]{0,60}", b in "[ab🙂 é\n]{0,60}") {
            let beside = SideBySide::of(&a, &b);
            let side = |of: fn(&Beside) -> &Vec<SidePart>| {
                beside.rows.iter().flat_map(of).map(|part| part.text.as_str()).collect::<String>()
            };
            prop_assert_eq!(side(|row| &row.old), a);
            prop_assert_eq!(side(|row| &row.new), b);
        }

        #[test]
        fn both_versions_are_in_the_changes(a in "[ab🙂 é\n]{0,60}", b in "[ab🙂 é\n]{0,60}") {
            let found = changes(&a, &b);
            let side = |wanted: fn(&Wording) -> Option<&String>| found.iter().filter_map(wanted).cloned().collect::<String>();
            prop_assert_eq!(side(|w| match w { Wording::Same(t) | Wording::Removed(t) => Some(t), Wording::Added(_) => None }), a);
            prop_assert_eq!(side(|w| match w { Wording::Same(t) | Wording::Added(t) => Some(t), Wording::Removed(_) => None }), b);
        }
    }
}
