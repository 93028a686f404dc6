//! The conformance files of Unicode against what is used: the order of text in both directions,
//! where lines may be broken, graphemes, words and sentences.
//!
//! The files lie beside the project; without them, or without `xz`, each test says that it is skipped.

use icu_segmenter::options::{SentenceBreakInvariantOptions, WordBreakInvariantOptions};
use icu_segmenter::{SentenceSegmenter, WordSegmenter};
use pressmark::core::text::bidi::{Levels, is_rtl};
use pressmark::core::text::{ArticleText, breaks, graphemes, segment};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

const FILES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/unicode");

fn lines_of(name: &str) -> Option<String> {
    let path = Path::new(FILES).join(format!("{name}.txt.xz"));
    let run = path
        .exists()
        .then(|| Command::new("xz").arg("-dc").arg(&path).output());
    match run {
        Some(Ok(output)) if output.status.success() => {
            Some(String::from_utf8(output.stdout).unwrap())
        }
        _ => {
            eprintln!("skipped: {name} is not there, or no xz");
            None
        }
    }
}

/// Whether all is to be tried, and what differs to be told.
fn is_thorough() -> bool {
    std::env::var_os("PRESSMARK_THOROUGH").is_some()
}

fn letters(points: &str) -> String {
    let points = points.split_whitespace();
    points
        .map(|point| char::from_u32(u32::from_str_radix(point, 16).unwrap()).unwrap())
        .collect()
}

/// Texts with the places where something begins or ends, which `find` is to find. What fails is
/// counted against what is known to.
#[track_caller]
fn check_breaks(name: &str, known: usize, find: &dyn Fn(&str) -> Vec<usize>) {
    let Some(lines) = lines_of(name) else {
        return;
    };
    let (mut count, mut failed) = (0, Vec::new());
    for line in lines.lines() {
        let line = line.split('#').next().unwrap_or_default().trim();
        if line.is_empty() {
            continue;
        }
        let (mut text, mut breaks) = (String::new(), Vec::new());
        for part in line.split_whitespace() {
            match part {
                "÷" => breaks.push(text.len()),
                "×" => {}
                point => text.push_str(&letters(point)),
            }
        }
        let mut found = find(&text);
        // Where a text begins is one for some and none for others.
        found.retain(|at| *at > 0);
        breaks.retain(|at| *at > 0);
        count += 1;
        if found != breaks {
            failed.push(format!("{line}: {found:?}, not {breaks:?}"));
        }
    }
    println!("{name}: {} of {count}", count - failed.len());
    if is_thorough() {
        println!("{failed:#?}");
    }
    assert!(count > 400);
    assert!(
        failed.len() <= known,
        "{} fail: {:#?}",
        failed.len(),
        &failed[..failed.len().min(10)]
    );
}

#[test]
fn graphemes_are_those_of_unicode() {
    check_breaks("GraphemeBreakTest", 0, &|text| {
        let mut found = Vec::new();
        graphemes::each_start(text, |start| found.push(start));
        found.push(text.len());
        found
    });
}

#[test]
fn words_are_those_of_unicode() {
    check_breaks("WordBreakTest", 0, &|text| {
        let text = ArticleText::new(text.to_owned());
        let words = segment::words_in(&text, text.full_range());
        words.iter().map(|(word, _)| word.end.as_usize()).collect()
    });
    check_breaks("WordBreakTest", 0, &|text| {
        let words = WordSegmenter::new_auto(WordBreakInvariantOptions::default());
        words.segment_str(text).collect()
    });
}

#[test]
fn sentences_are_those_of_unicode() {
    check_breaks("SentenceBreakTest", 0, &|text| {
        let sentences = SentenceSegmenter::new(SentenceBreakInvariantOptions::default());
        sentences.segment_str(text).collect()
    });
}

/// The rules by which lines are broken here are those of Unicode 15.1 and some that came later; what
/// else differs is told by rule, with the number of lines.
#[test]
fn lines_are_broken_where_unicode_lets_them() {
    check_breaks("LineBreakTest", 299, &breaks::line_breaks);
    let Some(lines) = lines_of("LineBreakTest") else {
        return;
    };
    let mut by_rule: BTreeMap<&str, usize> = BTreeMap::new();
    for line in lines.lines() {
        let line = line.split('#').next().unwrap_or_default().trim();
        let (mut text, mut expected) = (Vec::new(), Vec::new());
        for part in line.split_whitespace() {
            match part {
                "÷" => expected.push(text.len()),
                "×" => {}
                point => text.extend(letters(point).chars()),
            }
        }
        let whole: String = text.iter().collect();
        let found = breaks::line_breaks(&whole);
        let place = |at: &usize| whole.get(..*at).unwrap().chars().count();
        let found: Vec<usize> = found.iter().map(place).filter(|at| *at > 0).collect();
        let expected: Vec<usize> = expected.into_iter().filter(|at| *at > 0).collect();
        for at in 1..text.len() {
            let is_found = found.contains(&at);
            if is_found != expected.contains(&at) {
                *by_rule.entry(rule_of(&text, at, is_found)).or_default() += 1;
            }
        }
    }
    println!("LineBreakTest, places that differ: {by_rule:?}");
    assert!(!by_rule.contains_key("unexplained"), "{by_rule:?}");
}

/// Why a line is, or is not, broken before a character of a text of the file.
fn rule_of(text: &[char], at: usize, is_found: bool) -> &'static str {
    let is_base = |c: &&char| **c != '\u{308}';
    let before = text.iter().take(at).rev().find(is_base).copied();
    let (before, behind) = (before.unwrap_or(' '), text[at]);
    let either = |wanted: &dyn Fn(char) -> bool| wanted(before) || wanted(behind);
    match () {
        // Which pictures are to come, Unicode 17 says otherwise.
        () if either(&|c| c == '\u{1f8ff}') => "LB30b of pictures not given yet",
        // Symbols; before letters the rule is kept.
        () if is_found && matches!(before, '-' | '\u{5be}' | '\u{2010}') => "LB20a before symbols",
        // Letters and their marks are for the dictionary.
        () if either(&|c| matches!(c, '\u{e01}' | '\u{e31}' | '\u{102c}')) => "LB1 of class SA",
        () if either(&|c| "\u{1b05}\u{1b50}\u{11003}\u{1bf2}\u{1b44}\u{25cc}".contains(c)) => {
            "LB28a of Balinese, Brahmi and Batak"
        }
        // Prices and percentages, and brackets behind them, stay together where they need not.
        () if "$₩%﹪)}\u{232a}/\\€".contains(before) || behind == '€' => "LB25 of numbers",
        () if behind == '.' => "LB15c of .3 behind a space",
        () if before == '\u{205f}' => "LB15 of a space of mathematics",
        () => "unexplained",
    }
}

/// The order of the characters of a line, and which of them go from right to left. Marks of
/// direction, which a line does not show, are left out.
fn order_of(
    text: &str,
    goes_left: bool,
    is_hidden: &dyn Fn(usize) -> bool,
) -> (Vec<usize>, Vec<bool>) {
    let starts: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
    let levels = Levels::of(text, goes_left);
    let order = levels.in_order(0..text.len(), &starts);
    let mut read: Vec<(usize, bool)> = order.clone();
    read.sort_unstable();
    let order = order
        .into_iter()
        .map(|(at, _)| at)
        .filter(|at| !is_hidden(*at))
        .collect();
    let read = read
        .into_iter()
        .filter(|(at, _)| !is_hidden(*at))
        .map(|(_, is_rtl)| is_rtl);
    (order, read.collect())
}

fn odd(level: &str) -> Option<bool> {
    (level != "x").then(|| level.parse::<u8>().unwrap() % 2 == 1)
}

#[test]
fn characters_are_in_the_order_of_unicode() {
    let Some(lines) = lines_of("BidiCharacterTest") else {
        return;
    };
    let mut count = 0;
    for line in lines
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
    {
        let fields: Vec<&str> = line.split(';').collect();
        let text = letters(fields[0]);
        let levels: Vec<Option<bool>> = fields[3].split(' ').map(odd).collect();
        let goes_left = match fields[1] {
            "0" => false,
            "1" => true,
            _ => is_rtl(&text),
        };
        let found = order_of(&text, goes_left, &|at| levels[at].is_none());
        let order: Vec<usize> = fields[4]
            .split_whitespace()
            .map(|at| at.parse().unwrap())
            .collect();
        let levels: Vec<bool> = levels.iter().copied().flatten().collect();
        assert_eq!(goes_left, fields[2] == "1", "{line}");
        assert_eq!(found, (order, levels), "{line}");
        count += 1;
    }
    println!("BidiCharacterTest: {count} of {count}");
    assert!(count > 90_000);
}

#[test]
fn classes_are_in_the_order_of_unicode() {
    /// Of half a million lines every so many-th, since all of them take a minute.
    const STEP: usize = 13;
    let Some(lines) = lines_of("BidiTest") else {
        return;
    };
    let example = |class: &str| match class {
        "L" => 'a',
        "R" => '\u{5d0}',
        "EN" => '0',
        "ES" => '-',
        "ET" => '#',
        "AN" => '\u{661}',
        "CS" => ',',
        "B" => '\u{2029}',
        "S" => '\t',
        "WS" => ' ',
        "ON" => '!',
        "LRE" => '\u{202a}',
        "LRO" => '\u{202d}',
        "AL" => '\u{628}',
        "RLE" => '\u{202b}',
        "RLO" => '\u{202e}',
        "PDF" => '\u{202c}',
        "NSM" => '\u{300}',
        "BN" => '\u{ad}',
        "FSI" => '\u{2068}',
        "LRI" => '\u{2066}',
        "RLI" => '\u{2067}',
        "PDI" => '\u{2069}',
        other => panic!("{other}"),
    };
    let step = if is_thorough() { 1 } else { STEP };
    let (mut levels, mut order, mut count) = (Vec::new(), Vec::new(), 0);
    for (number, line) in lines.lines().enumerate() {
        if line.starts_with('#') {
            continue;
        }
        if let Some(told) = line.strip_prefix("@Levels:") {
            levels = told.split_whitespace().map(odd).collect();
        } else if let Some(told) = line.strip_prefix("@Reorder:") {
            order = told
                .split_whitespace()
                .map(|at| at.parse::<usize>().unwrap())
                .collect();
        } else if let Some((classes, directions)) =
            line.split_once("; ").filter(|_| number % step == 0)
        {
            let text: String = classes.split_whitespace().map(example).collect();
            let directions = u8::from_str_radix(directions.trim(), 16).unwrap();
            for (bit, goes_left) in [(1, is_rtl(&text)), (2, false), (4, true)] {
                if directions & bit == 0 {
                    continue;
                }
                let found = order_of(&text, goes_left, &|at| levels[at].is_none());
                let levels: Vec<bool> = levels.iter().copied().flatten().collect();
                assert_eq!(found, (order.clone(), levels), "{line} {bit}");
                count += 1;
            }
        }
    }
    println!("BidiTest: {count} of {count}");
    assert!(count > 50_000);
}
