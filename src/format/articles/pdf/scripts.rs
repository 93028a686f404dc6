//! Letters as they stand on a page, from left to right, in the order in which they are read.
//!
//! Only what is drawn is known: no marks of direction, and forms of letters that depend on their
//! neighbours. Numbers and Latin words within lines from the right keep their own way.

use std::ops::Range;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Left,
    Right,
    Number,
    Neutral,
}

fn is_from_the_right(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}' | '\u{10800}'..='\u{10FFF}' | '\u{1E800}'..='\u{1EFFF}')
        && !is_number(c)
        && !matches!(c, '\u{60C}' | '\u{61B}' | '\u{61F}')
}

fn is_number(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, '\u{660}'..='\u{66C}' | '\u{6F0}'..='\u{6F9}')
}

fn way_of(letters: &str) -> Way {
    let mut chars = letters.chars();
    if letters.chars().any(is_from_the_right) {
        Way::Right
    } else if letters.chars().any(is_number) {
        Way::Number
    } else if chars.any(char::is_alphabetic) {
        Way::Left
    } else {
        Way::Neutral
    }
}

fn is_mark(letters: &str) -> bool {
    letters.chars().all(is_combining_mark)
}

fn mirrored(c: char) -> char {
    match c {
        '(' => ')',
        ')' => '(',
        '[' => ']',
        ']' => '[',
        '{' => '}',
        '}' => '{',
        '<' => '>',
        '>' => '<',
        '«' => '»',
        '»' => '«',
        '‹' => '›',
        '›' => '‹',
        c => c,
    }
}

/// The letters of a piece of a line, each as it is drawn from left to right, as they are read on a
/// page that is mostly read from the right or not.
pub(super) fn as_read(drawn: &[&str], is_mostly_right: bool) -> String {
    if !drawn.iter().any(|letters| way_of(letters) == Way::Right) {
        return drawn.concat();
    }
    // A mark belongs to the letter that it was drawn on, which is beside it.
    let mut units: Vec<(String, Way)> = Vec::new();
    let mut waiting = String::new();
    for letters in drawn {
        match units.last_mut() {
            Some((unit, Way::Right)) if is_mark(letters) => unit.push_str(letters),
            _ if is_mark(letters) => waiting.push_str(letters),
            _ => {
                let unit = format!("{letters}{}", std::mem::take(&mut waiting));
                units.push((unit, way_of(letters)));
            }
        }
    }
    // What goes the other way than the line does, and what stands between such.
    let turned = if is_mostly_right {
        units.reverse();
        runs(&units, |way| matches!(way, Way::Left | Way::Number))
    } else {
        runs(&units, |way| way == Way::Right)
    };
    for run in turned.iter().cloned() {
        if let Some(run) = units.get_mut(run) {
            run.reverse();
        }
    }
    let is_turned = |at: usize| turned.iter().any(|run| run.contains(&at));
    let mut read = String::new();
    for (at, (letters, way)) in units.iter().enumerate() {
        if *way == Way::Neutral && is_turned(at) != is_mostly_right {
            read.extend(letters.chars().map(mirrored));
        } else {
            read.push_str(letters);
        }
    }
    plain_forms(&read)
}

/// Stretches from a unit that goes a way to the last one before another does. Between numbers only
/// what numbers are written with belongs to them.
fn runs(units: &[(String, Way)], is_in: impl Fn(Way) -> bool) -> Vec<Range<usize>> {
    let mut runs: Vec<Range<usize>> = Vec::new();
    let (mut is_open, mut are_numbers) = (false, false);
    for (at, (letters, way)) in units.iter().enumerate() {
        match (*way, runs.last_mut()) {
            (Way::Neutral, _) => is_open &= !are_numbers || ".,:/-%$€+".contains(letters.as_str()),
            (way, Some(run)) if is_in(way) && is_open => {
                run.end = at + 1;
                are_numbers &= way == Way::Number;
            }
            (way, _) if is_in(way) => {
                runs.push(at..at + 1);
                is_open = true;
                are_numbers = way == Way::Number;
            }
            _ => is_open = false,
        }
    }
    runs
}

/// Letters for the forms that they take at the beginning, in the middle and at the end of a word.
fn plain_forms(text: &str) -> String {
    let is_form = |c: char| matches!(c, '\u{FB1D}'..='\u{FDFB}' | '\u{FE70}'..='\u{FEFC}');
    if !text.contains(is_form) {
        return text.to_owned();
    }
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        if is_form(c) {
            plain.extend(std::iter::once(c).nfkc());
        } else {
            plain.push(c);
        }
    }
    plain
}

/// Whether most letters are read from the right.
pub(super) fn is_mostly_from_the_right<'a>(texts: impl Iterator<Item = &'a str>) -> bool {
    let (mut right, mut left) = (0_usize, 0_usize);
    for c in texts.flat_map(str::chars) {
        let is_right = is_from_the_right(c);
        right += usize::from(is_right);
        left += usize::from(!is_right && c.is_alphabetic());
    }
    right > left
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each character of `drawn` is a letter, from left to right.
    fn check(drawn: &str, is_mostly_right: bool, expected: &str) {
        let letters: Vec<String> = drawn.chars().map(String::from).collect();
        let letters: Vec<&str> = letters.iter().map(String::as_str).collect();
        assert_eq!(as_read(&letters, is_mostly_right), expected, "{drawn}");
    }

    #[test]
    fn lines_from_the_right_are_read_from_the_right() {
        check("The ferry (2019)", true, "The ferry (2019)");
        check("םולש", true, "שלום");
        check(".רמא אוה", true, "הוא אמר.");
        check("2019 תנשב", true, "בשנת 2019");
        check("12.50 ריחמב", true, "במחיר 12.50");
        check("3 2 םימי", true, "ימים 2 3");
        check("Ferry Post ןותיעה", true, "העיתון Ferry Post");
        check("(ןכ) רמא", true, "אמר (כן)");
        check("He said םולש ךל twice", false, "He said לך שלום twice");
    }

    #[test]
    fn marks_stay_with_their_letters_and_forms_are_letters() {
        assert_eq!(
            as_read(&["ם", "ו", "ל", "ש", "\u{5B8}"], true),
            "ש\u{5B8}לום"
        );
        // One drawing for two letters, which it holds in the order of reading.
        assert_eq!(as_read(&["م", "\u{FEFC}", "\u{FEB3}"], true), "سلام");
        assert_eq!(as_read(&["م", "لا", "س"], true), "سلام");
    }
}
