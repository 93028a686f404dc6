//! Texts as editors change them, and what becomes of their annotations.

#![expect(clippy::string_slice, reason = "the cuts are at characters")]

use super::*;
use crate::core::text::{BytePos, CharPos};
use proptest::prelude::*;

/// A text with `[` and `]` around what is marked (`[[…]]` for a fragment of the one before), without them.
fn marked(source: &str) -> (String, Vec<Vec<CharRange>>) {
    let mut text = String::new();
    let mut marks: Vec<Vec<CharRange>> = Vec::new();
    let mut count = 0;
    let mut open = 0;
    let mut chars = source.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '[' if chars.peek() == Some(&'[') => {
                chars.next();
                open = count;
            }
            '[' => {
                marks.push(Vec::new());
                open = count;
            }
            ']' => {
                if chars.peek() == Some(&']') {
                    chars.next();
                }
                marks.last_mut().unwrap().push(CharRange {
                    start: CharPos(open),
                    end: CharPos(count),
                });
            }
            c => {
                text.push(c);
                count += 1;
            }
        }
    }
    (text, marks)
}

/// Marks in an old text, what has become of the text with the marks expected in it (left out are
/// those that should not be placed), and how each was placed.
#[track_caller]
fn check(old: &str, new: &str, context: bool, expected: &[&str]) {
    let (old, old_marks) = marked(old);
    let (new, new_marks) = marked(new);
    let (old, new) = (ArticleText::new(old), ArticleText::new(new));
    let slice = |range: CharRange| old.slice(old.byte_range(range).unwrap());
    let surroundings = |range: CharRange| {
        let range = old.byte_range(range).unwrap();
        let before = old.as_str()[..range.start.as_usize()].char_indices().rev();
        let from = before
            .take(24)
            .last()
            .map_or(range.start.as_usize(), |(i, _)| i);
        let after = old.as_str()[range.end.as_usize()..].char_indices();
        let to = after.take(24).last().map_or(0, |(i, c)| i + c.len_utf8());
        (
            &old.as_str()[from..range.start.as_usize()],
            &old.as_str()[range.end.as_usize()..][..to],
        )
    };
    let lost: Vec<Lost<'_>> = old_marks
        .iter()
        .map(|ranges| Lost {
            fragments: ranges.iter().map(|&range| (range, slice(range))).collect(),
            context: context.then(|| {
                let (first, last) = (ranges[0], ranges[ranges.len() - 1]);
                (surroundings(first).0, surroundings(last).1)
            }),
        })
        .collect();
    let results = reanchor(&new, &[], &lost, &mut 100_000_000);
    let how: Vec<String> = results
        .iter()
        .map(|result| match result {
            Ok(placed) => placed.how.to_string(),
            Err(reason) => format!("{reason:?}"),
        })
        .collect();
    let placed: Vec<Vec<CharRange>> = results
        .iter()
        .flatten()
        .map(|placed| {
            placed
                .fragments
                .iter()
                .map(|&f| new.char_range(f))
                .collect()
        })
        .collect();
    assert_eq!(how, expected);
    assert_eq!(placed, new_marks, "{results:?}");
}

const EXACT: &str = "exact";
const SAME: &str = "same but for typography";

#[test]
fn unique_texts_are_found_wherever_they_are() {
    check("One [two] three", "Zero. One [two] three", false, &[EXACT]);
    check("One [two] three", "One 👨🏻‍🚒é [two] three", false, &[EXACT]);
    check("א [שלום] ב", "x א [שלום] ב", false, &[EXACT]);
    check("One [two] three", "One three", false, &["NotFound"]);
}

#[test]
fn repeated_texts_are_told_apart_by_their_surroundings() {
    let old = "He [said] yes. She [said] no. They [said] nothing at all.";
    let new = "In short: He [said] yes. She [said] no. They [said] nothing at all.";
    check(old, new, true, &[EXACT, EXACT, EXACT]);
    let old = "Ann said yes. Then Bob [said] no to all of it.";
    let new = "Bob [said] no to all of it. Ann said yes.";
    check(old, new, true, &[EXACT]);
    // Its sentence is gone; the other one is not taken for it.
    let old = "The first witness [said] no.\nThe judge of the court said so later on.";
    let new = "The judge of the court said so later on.";
    check(old, new, true, &["OtherContext"]);
}

#[test]
fn neighbours_tell_where_repeated_texts_went() {
    let old = "[A unique start] she said, and [said], and said, and said.";
    let new = "More. [A unique start] she said, and [said], and said, and said.";
    check(old, new, false, &[EXACT, EXACT]);
    // A paragraph is gone; those that follow agree on how far they moved.
    let lines = |range: std::ops::Range<u32>| -> String {
        let gap = |i: u32| "z".repeat((i * i % 17) as usize + 20);
        range.map(|i| format!("{} [said] ", gap(i))).collect()
    };
    let old = format!(
        "{}{}",
        "a paragraph that will go. ".repeat(20),
        lines(0..30)
    );
    check(&old, &lines(0..30), false, &[EXACT; 30]);
    let old = "said said [said] said";
    check(
        old,
        "xx said yyyy said zz said said",
        false,
        &["Ambiguous(4)"],
    );
}

#[test]
fn typography_does_not_matter() {
    check(
        "So [\"It's over\"] he said",
        "So [“It’s over”] he said",
        false,
        &[SAME],
    );
    check("a [b  c]\td", "a [b c] d", false, &[SAME]);
    check(
        "the [caf\u{e9} noir] x",
        "the [cafe\u{301} noir] x",
        false,
        &[SAME],
    );
    check("well [one -- two] x", "well [one — two] x", false, &[SAME]);
    check(
        "well [wait... what] x",
        "well [wait… what] x",
        false,
        &[SAME],
    );
}

#[test]
fn changed_texts_are_found_by_likeness() {
    let old = "First. [The comittee had decided in March] to go on.";
    let new = "First. [The committee had decided in March] to go on.";
    check(old, new, false, &["97 % alike"]);
    let old = "First. [The council said it would rebuild the bridge over the river by May]. Then.";
    let new =
        "First. [The council says it would rebuild the old bridge over the river by May]. Then.";
    check(old, new, true, &["91 % alike"]);
    check(
        "He [said no] again",
        "He sang on again",
        false,
        &["NotFound"],
    );
}

#[test]
fn fragments_stay_together_and_in_order() {
    let old = "“[We will build],” the mayor said, “[[a bridge]].” Not a bridge.";
    let new = "A bridge! “[We will build],” the old mayor said, “[[a bridge]].” Not a bridge.";
    check(old, new, false, &[EXACT]);
    let new = "“[We will build],” the mayor said. Nothing else.";
    let (text, _) = marked(new);
    check(old, &text, false, &["NotFound"]);
}

#[test]
fn work_is_bounded() {
    let text = ArticleText::new("lorem ipsum dolor ".repeat(20_000));
    let needles: Vec<String> = (0..20_000)
        .map(|i| format!("nowhere to be found {i}"))
        .collect();
    let lost: Vec<Lost<'_>> = needles
        .iter()
        .enumerate()
        .map(|(i, needle)| Lost {
            fragments: vec![(
                CharRange {
                    start: CharPos(i as u32),
                    end: CharPos(i as u32 + 20),
                },
                needle,
            )],
            context: None,
        })
        .collect();
    let mut budget = 50_000_000;
    let results = reanchor(&text, &[], &lost, &mut budget);
    assert_eq!(results.last(), Some(&Err(NotPlaced::TooMuchWork)));
}

proptest! {
    #[test]
    fn what_is_placed_is_valid(
        old in "([a-e ]|é|e\u{301}|👨🏻‍🚒|א|[“\"\n]){0,80}",
        cut in 0usize..80,
        insert in "([a-c ]|\u{301}|\u{200D}|🚒){0,8}",
        spans in prop::collection::vec((0u32..90, 0u32..90, 0u32..40), 1..6),
        stored in "([a-e ]|é|👨🏻‍🚒){0,12}",
    ) {
        let original = ArticleText::new(old.clone());
        let at = old.char_indices().nth(cut).map_or(old.len(), |(i, _)| i);
        let new = ArticleText::new(format!("{}{insert}{}", &old[..at], &old[at..]));
        let stores: Vec<(CharRange, String)> = spans
            .iter()
            .map(|&(a, b, other)| {
                let range = CharRange { start: CharPos(a.min(b)), end: CharPos(a.max(b)) };
                let text = original.byte_range(range).map(|r| original.slice(r).to_owned());
                (range, text.filter(|_| other > 5).unwrap_or_else(|| stored.clone()))
            })
            .collect();
        let lost: Vec<Lost<'_>> = stores
            .iter()
            .map(|(range, text)| Lost {
                fragments: vec![(*range, text.as_str()), (*range, text.as_str())]
                    .into_iter()
                    .take(1 + (range.start.0 % 2) as usize)
                    .collect(),
                context: (range.end.0 % 2 == 0).then_some(("a ", "é")),
            })
            .collect();
        let mut budget = 10_000_000;
        for placed in reanchor(&new, &[], &lost, &mut budget).into_iter().flatten() {
            prop_assert!(is_valid(&new, &placed.fragments));
            for fragment in placed.fragments {
                prop_assert!(fragment.start < fragment.end && fragment.end <= new.end());
                prop_assert!(fragment.start >= BytePos(0));
            }
        }
    }
}
