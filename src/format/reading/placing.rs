//! Offsets of a dataset proven against its text.
//!
//! Datasets count in different units, and many are shifted: by emoji, by line endings, by a
//! byte-order mark. Where annotations carry their texts, the reading under which most of them fit
//! is taken for the whole article; what does not fit even then is looked for by its text. Keeps
//! invariants 4 and 7: what is placed lies in the text, and what is lost is said.

use crate::core::annotation::merge_fragments;
use crate::core::reanchor::{Lost, NotPlaced, budget_for, reanchor};
use crate::core::text::segment::{grapheme_ceil, grapheme_floor};
use crate::core::text::{ArticleText, BytePos, ByteRange, CharPos, CharRange};
use crate::format::reading::{FoundAnnotation, FoundArticle, FoundFragment, OffsetUnit};
use std::ops::Range;

/// An article with its annotations where they stand in the project's text.
pub struct Placed {
    pub text: ArticleText,
    /// For each annotation found, in order: its fragments, or why it could not be placed.
    pub annotations: Vec<Result<Vec<ByteRange>, String>>,
    /// Byte ranges of `text` that surround the article.
    pub surroundings: Vec<ByteRange>,
    /// What was repaired or replaced, in words.
    pub remarks: Vec<String>,
}

/// How line endings were counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Newlines {
    AsTheyStand,
    /// `\r\n` counted as one.
    CrNotCounted,
    /// The text lost its `\r` after it was counted.
    LfCountedTwice,
}

/// One way to count through a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Counting {
    unit: OffsetUnit,
    newlines: Newlines,
    /// A byte-order mark that the text no longer has was counted.
    has_mark: bool,
}

impl Counting {
    fn plain(unit: OffsetUnit) -> Self {
        Self {
            unit,
            newlines: Newlines::AsTheyStand,
            has_mark: false,
        }
    }

    fn name(self) -> String {
        let unit = match self.unit {
            OffsetUnit::CodePoints => "Unicode code points",
            OffsetUnit::Utf16 => "UTF-16 code units",
            OffsetUnit::Bytes => "UTF-8 bytes",
        };
        let newlines = match self.newlines {
            Newlines::AsTheyStand => "",
            Newlines::CrNotCounted => ", line breaks as one",
            Newlines::LfCountedTwice => ", line breaks as two",
        };
        let mark = if self.has_mark {
            ", with a byte-order mark"
        } else {
            ""
        };
        format!("{unit}{newlines}{mark}")
    }

    /// For each offset the byte of `text` where it stands; `usize::MAX` inside a character.
    fn table(self, text: &str) -> Vec<usize> {
        let mut table = Vec::with_capacity(text.len() + 1);
        if self.has_mark {
            let width = if self.unit == OffsetUnit::Bytes { 3 } else { 1 };
            table.extend(std::iter::repeat_n(0, width));
        }
        let mut chars = text.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            let width = match self.unit {
                OffsetUnit::CodePoints => 1,
                OffsetUnit::Utf16 => c.len_utf16(),
                OffsetUnit::Bytes => c.len_utf8(),
            };
            let is_crlf = c == '\r' && chars.peek().is_some_and(|(_, next)| *next == '\n');
            match self.newlines {
                Newlines::CrNotCounted if is_crlf => continue,
                Newlines::LfCountedTwice if c == '\n' => table.push(at),
                _ => {}
            }
            table.push(at);
            table.extend(std::iter::repeat_n(usize::MAX, width - 1));
        }
        table.push(text.len());
        table
    }
}

/// The steps that placing an article's annotations may take: more than comparing all that is carried
/// under every counting does, and no more for the longest ranges. A step is a character.
fn steps_for(found: &FoundArticle) -> u64 {
    let carried = found.annotations.iter().map(|annotation| {
        let texts = annotation.fragments.iter().map(|fragment| &fragment.text);
        let texts = texts.chain([&annotation.covered_text]).flatten();
        texts.map(String::len).sum::<usize>() + annotation.fragments.len()
    });
    100_000 + 100 * (found.text.len() + carried.sum::<usize>()) as u64
}

/// The characters of a text that are no white space, each with whether some stands between it and
/// the one before it: formats write line breaks and join fragments in their own ways.
struct Letters<I> {
    chars: I,
    has_begun: bool,
    seen: u64,
}

impl<I> Letters<I> {
    fn of(chars: I) -> Self {
        Self {
            chars,
            has_begun: false,
            seen: 0,
        }
    }
}

impl<I: Iterator<Item = char>> Iterator for Letters<I> {
    type Item = (bool, char);

    fn next(&mut self) -> Option<(bool, char)> {
        let mut follows_gap = false;
        loop {
            let c = self.chars.next()?;
            self.seen += 1;
            if c.is_whitespace() {
                follows_gap = self.has_begun;
            } else {
                self.has_begun = true;
                return Some((follows_gap, c));
            }
        }
    }
}

/// Whether two texts are the same but for the kind of white space, or for all of it. Stops at the
/// first difference: ranges may be far longer than what is carried.
fn are_alike(
    one: impl Iterator<Item = char>,
    other: impl Iterator<Item = char>,
    minds_gaps: bool,
    steps: &mut u64,
) -> bool {
    let (mut one, mut other) = (Letters::of(one), Letters::of(other));
    let alike = loop {
        match (one.next(), other.next()) {
            (None, None) => break true,
            (Some((gap, c)), Some((other_gap, other)))
                if c == other && (gap == other_gap || !minds_gaps) => {}
            _ => break false,
        }
    };
    *steps = steps.saturating_sub(one.seen + other.seen);
    alike
}

/// The bytes of an annotation's fragments, when all its offsets stand on characters.
fn ranges(annotation: &FoundAnnotation, table: &[usize]) -> Option<Vec<Range<usize>>> {
    let place = |at: usize| table.get(at).copied().filter(|byte| *byte != usize::MAX);
    let ranges = annotation.fragments.iter().map(|fragment| {
        let offsets = fragment.offsets.as_ref()?;
        Some(place(offsets.start)?..place(offsets.end)?)
    });
    ranges.collect()
}

/// What comparing the texts that an annotation carries with those at its ranges tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fit {
    Same,
    Other,
    /// No text is carried.
    Untold,
    /// No steps were left.
    NotCompared,
}

fn fit(annotation: &FoundAnnotation, text: &str, ranges: &[Range<usize>], steps: &mut u64) -> Fit {
    let at = |range: &Range<usize>| text.get(range.clone()).unwrap_or_default();
    let mut says = Fit::Untold;
    for (fragment, range) in annotation.fragments.iter().zip(ranges) {
        if let Some(carried) = &fragment.text {
            if *steps == 0 {
                return Fit::NotCompared;
            }
            let there = at(range);
            *steps = steps.saturating_sub(1);
            if there != carried && !are_alike(there.chars(), carried.chars(), true, steps) {
                return Fit::Other;
            }
            says = Fit::Same;
        }
    }
    let Some(carried) = &annotation.covered_text else {
        return says;
    };
    if *steps == 0 {
        return Fit::NotCompared;
    }
    // Formats leave out or replace what stands between fragments.
    let stands = || ranges.iter().flat_map(|range| at(range).chars());
    // Some write a line break as `\n`; others mean these letters.
    let is_same = are_alike(stands(), carried.chars(), false, steps)
        || carried.contains("\\n")
            && are_alike(stands(), carried.replace("\\n", " ").chars(), false, steps);
    if is_same { Fit::Same } else { Fit::Other }
}

/// Text as the project holds it, and where its bytes went.
struct Normalised {
    text: String,
    /// From this byte of the original on, positions differ by so much. Rising.
    shifts: Vec<(usize, isize)>,
    replaced: usize,
}

impl Normalised {
    fn of(original: &str) -> Self {
        let mut text = String::with_capacity(original.len());
        let mut shifts = Vec::new();
        let mut shift = 0_isize;
        let mut replaced = 0;
        let mut chars = original.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            let next = at + c.len_utf8();
            match c {
                '\u{FEFF}' if at == 0 => {
                    shift -= 3;
                    shifts.push((next, shift));
                }
                '\r' if chars.peek().is_some_and(|(_, next)| *next == '\n') => {
                    shift -= 1;
                    shifts.push((next, shift));
                }
                '\r' => text.push('\n'),
                '\0'..='\u{8}'
                | '\u{B}'
                | '\u{C}'
                | '\u{E}'..='\u{1F}'
                | '\u{FFFE}'
                | '\u{FFFF}' => {
                    text.push('\u{FFFD}');
                    replaced += 1;
                    shift += 3 - isize::try_from(c.len_utf8()).unwrap_or(3);
                    shifts.push((next, shift));
                }
                c => text.push(c),
            }
        }
        Self {
            text,
            shifts,
            replaced,
        }
    }

    fn map(&self, byte: usize) -> usize {
        let at = self.shifts.partition_point(|(from, _)| *from <= byte);
        let shift = at.checked_sub(1).and_then(|at| self.shifts.get(at));
        byte.saturating_add_signed(shift.map_or(0, |(_, shift)| *shift))
            .min(self.text.len())
    }
}

/// Why annotations have no place.
pub(crate) const MARKS_NOTHING: &str = "it marks no text";
pub(crate) const OUTSIDE: &str = "its offsets lie outside the text";
/// Why annotations were not looked at.
const TOO_MUCH_WORK: &str =
    "comparing the annotations of its article with the text would take too long";

/// As [`place`], of an article without annotations, whose text is taken and not copied where it
/// stays as it is: a table has very many.
pub fn place_plain(found: &mut FoundArticle) -> Placed {
    let is_changed = |byte: u8| byte < 0x20 && !matches!(byte, b'\t' | b'\n');
    let stays = found.annotations.is_empty()
        && !found.text.starts_with('\u{FEFF}')
        && !found.text.contains(['\u{FFFE}', '\u{FFFF}'])
        && !found.text.bytes().any(is_changed);
    if !stays {
        return place(found);
    }
    let surroundings = found
        .surroundings
        .iter()
        .map(|range| ByteRange::new(BytePos(range.start as u32), BytePos(range.end as u32)));
    Placed {
        surroundings: surroundings.collect(),
        text: ArticleText::new(std::mem::take(&mut found.text)),
        annotations: Vec::new(),
        remarks: Vec::new(),
    }
}

/// Proves an article's annotations against its text.
pub fn place(found: &FoundArticle) -> Placed {
    let mut pool = u64::MAX;
    place_within(found, &mut pool)
}

/// As [`place`]. What finding annotations again may take is taken from `pool`, as steps of
/// [`reanchor`]: many articles may ask for it.
pub fn place_within(found: &FoundArticle, pool: &mut u64) -> Placed {
    let normalised = Normalised::of(&found.text);
    let text = ArticleText::new(normalised.text.clone());
    let mut remarks = Vec::new();
    if normalised.replaced > 0 {
        remarks.push(format!(
            "{} control characters were replaced by “\u{FFFD}”",
            normalised.replaced
        ));
    }
    let surroundings = found.surroundings.iter().map(|range| {
        ByteRange::new(
            BytePos(normalised.map(range.start) as u32),
            BytePos(normalised.map(range.end) as u32),
        )
    });
    let surroundings = surroundings.collect();
    if found.annotations.is_empty() {
        return Placed {
            text,
            annotations: Vec::new(),
            surroundings,
            remarks,
        };
    }
    let all_steps = steps_for(found);
    // Whichever counting is taken, there are steps to place by it.
    let mut steps = all_steps - all_steps / 8;
    let counting = best_counting(found, &mut steps);
    steps += all_steps / 8;
    if counting != Counting::plain(found.unit) {
        remarks.push(counted_as(found.unit, counting));
    }
    let table = counting.table(&found.text);
    let mut widened = 0;
    let mut placed: Vec<Result<Vec<ByteRange>, String>> = found
        .annotations
        .iter()
        .map(|annotation| {
            let ranges = ranges(annotation, &table).ok_or_else(|| OUTSIDE.to_owned())?;
            match fit(annotation, &found.text, &ranges, &mut steps) {
                Fit::Other => {
                    return Err("the text at its offsets is not the one it carries".to_owned());
                }
                Fit::NotCompared => return Err(TOO_MUCH_WORK.to_owned()),
                Fit::Same | Fit::Untold => {}
            }
            on_graphemes(&ranges, &normalised, &text, &mut widened, &mut steps)
        })
        .collect();
    if widened > 0 {
        remarks.push(format!(
            "{widened} annotations began or ended inside a character and were widened to it"
        ));
    }
    let (again, not_sought) = find_again(found, &text, &mut placed, pool);
    if again > 0 {
        remarks.push(format!(
            "{again} annotations were found again by their texts"
        ));
    }
    if not_sought > 0 {
        remarks.push(format!(
            "{not_sought} annotations were not looked for in the whole text, since that would take too long"
        ));
    }
    let is_not_compared =
        |result: &&Result<_, String>| matches!(result, Err(reason) if reason == TOO_MUCH_WORK);
    let not_compared = placed.iter().filter(is_not_compared).count();
    if not_compared > 0 {
        remarks.push(format!(
            "{not_compared} annotations were not compared with the text, since that would take too long"
        ));
    }
    Placed {
        text,
        annotations: placed,
        surroundings,
        remarks,
    }
}

fn counted_as(unit: OffsetUnit, counting: Counting) -> String {
    format!(
        "the offsets of its annotations do not fit as {}; they were read as {}, as the texts that they carry ask for",
        Counting::plain(unit).name(),
        counting.name()
    )
}

/// Offsets that count otherwise than they should, by the texts that annotations carry.
pub(crate) struct Counted {
    table: Vec<usize>,
    pub(crate) remark: String,
}

impl Counted {
    /// The byte of the text at an offset; none inside a character.
    pub(crate) fn byte(&self, at: usize) -> Option<usize> {
        self.table
            .get(at)
            .copied()
            .filter(|byte| *byte != usize::MAX)
    }
}

/// How an article's offsets count, where they do not count as it says.
pub(crate) fn counted_otherwise(found: &FoundArticle) -> Option<Counted> {
    let counting = best_counting(found, &mut steps_for(found));
    (counting != Counting::plain(found.unit)).then(|| Counted {
        table: counting.table(&found.text),
        remark: counted_as(found.unit, counting),
    })
}

fn on_graphemes(
    ranges: &[Range<usize>],
    normalised: &Normalised,
    text: &ArticleText,
    widened: &mut usize,
    steps: &mut u64,
) -> Result<Vec<ByteRange>, String> {
    let mut fragments = Vec::with_capacity(ranges.len());
    for range in ranges {
        let (start, end) = (normalised.map(range.start), normalised.map(range.end));
        if start >= end {
            return Err(MARKS_NOTHING.to_owned());
        }
        if *steps == 0 {
            return Err(TOO_MUCH_WORK.to_owned());
        }
        let (start, end) = (BytePos(start as u32), BytePos(end as u32));
        let wide = ByteRange::new(grapheme_floor(text, start), grapheme_ceil(text, end));
        if wide != ByteRange::new(start, end) {
            *widened += 1;
            // A character may be as long as the text.
            let further = (start.0 - wide.start.0) + (wide.end.0 - end.0);
            *steps = steps.saturating_sub(further.into());
        }
        fragments.push(wide);
    }
    if fragments.is_empty() {
        Err(MARKS_NOTHING.to_owned())
    } else {
        Ok(merge_fragments(fragments).to_vec())
    }
}

/// The way of counting under which most carried texts fit; the declared one when it is as good.
fn best_counting(found: &FoundArticle, steps: &mut u64) -> Counting {
    let declared = Counting::plain(found.unit);
    let score = |counting: Counting, steps: &mut u64| {
        let table = counting.table(&found.text);
        let fitting = found.annotations.iter().filter(|annotation| {
            let ranges = ranges(annotation, &table);
            ranges.is_some_and(|ranges| fit(annotation, &found.text, &ranges, steps) == Fit::Same)
        });
        fitting.count()
    };
    let carrying = found.annotations.iter().filter(|annotation| {
        annotation.covered_text.is_some() || annotation.fragments.iter().any(|f| f.text.is_some())
    });
    let carrying = carrying.count();
    let mut best = (score(declared, steps), declared);
    let has_breaks = found.text.contains('\n');
    let has_crlf = has_breaks && found.text.contains("\r\n");
    for unit in [OffsetUnit::CodePoints, OffsetUnit::Utf16, OffsetUnit::Bytes] {
        for newlines in [
            Newlines::AsTheyStand,
            Newlines::CrNotCounted,
            Newlines::LfCountedTwice,
        ] {
            let says_more = match newlines {
                Newlines::AsTheyStand => true,
                Newlines::CrNotCounted => has_crlf,
                Newlines::LfCountedTwice => has_breaks,
            };
            for has_mark in [false, true] {
                if best.0 == carrying || *steps == 0 {
                    return best.1;
                }
                if !says_more {
                    continue;
                }
                let counting = Counting {
                    unit,
                    newlines,
                    has_mark,
                };
                let score = score(counting, steps);
                if score > best.0 {
                    best = (score, counting);
                }
            }
        }
    }
    best.1
}

/// Looks for annotations that do not fit by the texts that they carry. Answers how many were found,
/// and for how many there was no time.
fn find_again(
    found: &FoundArticle,
    text: &ArticleText,
    placed: &mut [Result<Vec<ByteRange>, String>],
    pool: &mut u64,
) -> (usize, usize) {
    let mut sought = Vec::new();
    for (at, annotation) in found.annotations.iter().enumerate() {
        match placed.get(at) {
            Some(Err(reason)) if reason != TOO_MUCH_WORK => {}
            _ => continue,
        }
        let range = |offsets: &Option<Range<usize>>| {
            let offsets = offsets.clone().unwrap_or_default();
            CharRange {
                start: CharPos(offsets.start as u32),
                end: CharPos(offsets.end as u32),
            }
        };
        let texts: Option<Vec<_>> = annotation
            .fragments
            .iter()
            .map(|f| Some((range(&f.offsets), f.text.as_deref()?)))
            .collect();
        let whole = annotation.covered_text.as_deref().and_then(|covered| {
            let first = annotation.fragments.first()?;
            (annotation.fragments.len() == 1).then(|| vec![(range(&first.offsets), covered)])
        });
        if let Some(fragments) = texts.or(whole) {
            // What stands around the whole: before its first fragment and after its last.
            let around = |fragment: Option<&FoundFragment>| fragment?.context.clone();
            let before = around(annotation.fragments.first()).map(|(before, _)| before);
            let after = around(annotation.fragments.last()).map(|(_, after)| after);
            let context = (before.is_some() || after.is_some())
                .then(|| (before.unwrap_or_default(), after.unwrap_or_default()));
            sought.push((at, fragments, context));
        }
    }
    if sought.is_empty() {
        return (0, 0);
    }
    let fitting: Vec<CharRange> = placed
        .iter()
        .flatten()
        .flatten()
        .map(|range| text.char_range(*range))
        .collect();
    let lost = sought.iter().map(|(_, fragments, context)| Lost {
        fragments: fragments.clone(),
        context: context
            .as_ref()
            .map(|(before, after)| (before.as_str(), after.as_str())),
    });
    let lost: Vec<Lost<'_>> = lost.collect();
    let given = budget_for(text.len_bytes()).min(*pool);
    let mut left = given;
    let results = reanchor(text, &fitting, &lost, &mut left);
    *pool -= given - left;
    let (mut count, mut not_sought) = (0, 0);
    for ((at, _, _), result) in sought.iter().zip(results) {
        let Some(slot) = placed.get_mut(*at) else {
            continue;
        };
        match result {
            Ok(again) => {
                *slot = Ok(again.fragments);
                count += 1;
            }
            Err(reason) => {
                not_sought += usize::from(reason == NotPlaced::TooMuchWork);
                *slot = Err(reason.to_string());
            }
        }
    }
    (count, not_sought)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn marked(ranges: &[Range<usize>], text: &str) -> Vec<FoundAnnotation> {
        let marks = ranges.iter().map(|range| FoundAnnotation {
            label: "quote".to_owned(),
            fragments: vec![FoundFragment::with_text(range.clone(), text)],
            ..FoundAnnotation::default()
        });
        marks.collect()
    }

    /// Marks the word `marked` of a text by offsets as another program counts them.
    fn check(text: &str, unit: OffsetUnit, offsets: Range<usize>) {
        let found = FoundArticle {
            text: text.to_owned(),
            unit,
            annotations: marked(&[offsets], "marked"),
            ..FoundArticle::default()
        };
        let placed = place(&found);
        let range = placed.annotations[0].as_ref().unwrap()[0];
        assert_eq!(placed.text.slice(range), "marked", "{text:?}");
    }

    #[test]
    fn offsets_in_any_unit_are_found() {
        check("a 👨🏻‍🚒 marked", OffsetUnit::CodePoints, 7..13);
        check("a 👨🏻‍🚒 marked", OffsetUnit::CodePoints, 10..16); // UTF-16
        check("a 👨🏻‍🚒 marked", OffsetUnit::Utf16, 18..24); // bytes
        check("one\r\ntwo\r\nmarked", OffsetUnit::CodePoints, 10..16);
        check("one\r\ntwo\r\nmarked", OffsetUnit::CodePoints, 8..14);
        check("one\ntwo\nmarked", OffsetUnit::CodePoints, 10..16);
        check("one marked", OffsetUnit::CodePoints, 5..11);
        check("\u{FEFF}one marked", OffsetUnit::CodePoints, 5..11);
        check("one two three marked", OffsetUnit::CodePoints, 3..9);
    }

    #[test]
    fn texts_that_are_taken_are_those_that_are_copied() {
        for text in [
            "one\ttwo\n",
            "\u{FEFF}one",
            "a\r\nb\rc",
            "a\u{1}b",
            "a\u{FFFE}\u{FFFF}",
            "",
        ] {
            let mut found = FoundArticle {
                text: text.to_owned(),
                surroundings: std::iter::once(0..text.len()).collect(),
                ..FoundArticle::default()
            };
            let (copied, taken) = (place(&found), place_plain(&mut found));
            assert_eq!(copied.text.as_str(), taken.text.as_str());
            assert_eq!(copied.surroundings, taken.surroundings);
            assert_eq!(copied.remarks, taken.remarks);
        }
    }

    #[test]
    fn what_cannot_be_placed_is_said() {
        let found = FoundArticle {
            text: "short".to_owned(),
            annotations: vec![
                FoundAnnotation {
                    fragments: vec![FoundFragment::at(3..30)],
                    ..FoundAnnotation::default()
                },
                FoundAnnotation {
                    fragments: vec![FoundFragment::at(2..2)],
                    ..FoundAnnotation::default()
                },
            ],
            ..FoundArticle::default()
        };
        let placed = place(&found);
        assert_eq!(
            placed.annotations[0],
            Err("its offsets lie outside the text".to_owned())
        );
        assert_eq!(placed.annotations[1], Err("it marks no text".to_owned()));
    }

    /// Long ranges that hold something else than the annotations carry.
    #[test]
    fn long_ranges_cost_no_more_than_short_ones() {
        let check = |text: &str, covered: &str, annotations: usize, expected: &str| {
            let length = text.chars().count();
            let annotations = (0..annotations).map(|i| FoundAnnotation {
                fragments: vec![FoundFragment::at(i..length - i)],
                covered_text: Some(covered.to_owned()),
                ..FoundAnnotation::default()
            });
            let found = FoundArticle {
                text: text.to_owned(),
                annotations: annotations.collect(),
                ..FoundArticle::default()
            };
            let start = std::time::Instant::now();
            let placed = place(&found);
            let took = start.elapsed();
            assert!(took < std::time::Duration::from_secs(15), "{took:?}");
            let told = placed.remarks.join("; ");
            assert!(told.contains(expected), "{told}");
        };
        check(&"words in a row \n".repeat(20_000), "x1", 1_000, "");
        check(&"words in a row \n".repeat(20_000), "words", 1_000, "");
        // Where comparing itself is what takes long.
        let spaces = format!("{}end", " \n".repeat(150_000));
        check(
            &spaces,
            "another",
            1_000,
            "annotations were not compared with the text",
        );
        // One character as long as the text.
        let marks = format!("a{}b", "\u{301}".repeat(300_000));
        let one: Vec<FoundAnnotation> = (0..1_000)
            .map(|i| FoundAnnotation {
                fragments: vec![FoundFragment::at(i + 100_000..i + 200_000)],
                ..FoundAnnotation::default()
            })
            .collect();
        let found = FoundArticle {
            text: marks,
            annotations: one,
            ..FoundArticle::default()
        };
        let placed = place(&found);
        let told = placed.remarks.join("; ");
        assert!(told.contains("were not compared"), "{told}");
    }

    proptest! {
        #[test]
        fn every_way_of_counting_is_recognised(
            before in "[a-z\u{301}é👩🏽\r\n ]{0,30}",
            after in "[a-z👩 \n]{0,20}",
            unit in prop_oneof![Just(OffsetUnit::CodePoints), Just(OffsetUnit::Utf16), Just(OffsetUnit::Bytes)],
        ) {
            let text = format!("{before} marked {after}");
            let head = format!("{before} ");
            let start = match unit {
                OffsetUnit::CodePoints => head.chars().count(),
                OffsetUnit::Utf16 => head.encode_utf16().count(),
                OffsetUnit::Bytes => head.len(),
            };
            for declared in [OffsetUnit::CodePoints, OffsetUnit::Utf16, OffsetUnit::Bytes] {
                check(&text, declared, start..start + 6);
            }
        }
    }
}
