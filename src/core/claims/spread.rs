//! How something that is said in several places spreads: when and where, and in which wordings.
//!
//! For quotes and claims alike: a place is an article’s day and outlet, and the words there.

use crate::core::word_hashes::{SEED, each_word, mix};
use crate::core::wording::{Wording, changes_of_words};
use std::collections::HashMap;

/// Where and when something is said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said<'a> {
    /// As it is written; empty where it is not known.
    pub day: &'a str,
    pub outlet: &'a str,
    pub words: &'a str,
}

/// An outlet, with a dot for each article.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    pub outlet: String,
    /// From 0, the first day, to 1, the last.
    pub dots: Vec<f32>,
    /// So many have no day.
    pub undated: usize,
}

/// Dots by outlets and days.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Spread {
    pub first: Option<String>,
    pub last: Option<String>,
    /// Those that said it first stand first; the last may be the rest of them.
    pub lines: Vec<Line>,
}

/// Days since a day long ago, of `2024-05-14` and of what is longer.
pub fn day_number(day: &str) -> Option<i64> {
    let mut parts = day.get(..10)?.split('-');
    let mut next = || parts.next()?.parse::<i64>().ok();
    let (year, month, day) = (next()?, next()?, next()?);
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    // The civil calendar, from March on (Hinnant, “chrono-compatible low-level date algorithms”).
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year - era * 400;
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    Some(era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year)
}

impl Spread {
    /// Of places, the earliest first; at most so many lines.
    pub fn of<'a>(said: impl Iterator<Item = Said<'a>> + Clone, most: usize) -> Self {
        let days = said
            .clone()
            .filter_map(|s| Some((day_number(s.day)?, s.day)));
        let first = days.clone().min();
        let last = days.max();
        let span = first.zip(last).map_or(0, |(a, b)| b.0 - a.0).max(1) as f32;
        let mut lines: Vec<Line> = Vec::new();
        let mut places: HashMap<&str, usize> = HashMap::new();
        for one in said {
            let at = *places.entry(one.outlet).or_insert_with(|| {
                lines.push(Line {
                    outlet: one.outlet.to_owned(),
                    dots: Vec::new(),
                    undated: 0,
                });
                lines.len() - 1
            });
            if let Some(line) = lines.get_mut(at) {
                match day_number(one.day).zip(first) {
                    Some((day, (from, _))) => line.dots.push((day - from) as f32 / span),
                    None => line.undated += 1,
                }
            }
        }
        if lines.len() > most {
            let rest = lines.split_off(most.saturating_sub(1));
            let outlet = format!("{} more", rest.len());
            let undated = rest.iter().map(|line| line.undated).sum();
            let dots = rest.into_iter().flat_map(|line| line.dots).collect();
            lines.push(Line {
                outlet,
                dots,
                undated,
            });
        }
        let cut = |day: &str| day.get(..10).unwrap_or(day).to_owned();
        Self {
            first: first.map(|(_, day)| cut(day)),
            last: last.map(|(_, day)| cut(day)),
            lines,
        }
    }
}

/// A wording, and the place that has it first.
#[derive(Clone, Debug, PartialEq)]
pub struct Worded {
    /// The number of that place.
    pub at: usize,
    /// So many places have it.
    pub count: usize,
    /// What it changes of the first wording.
    pub changes: Vec<Wording>,
}

/// The wordings of places, each once, in the order in which they came up; the first says what others
/// are compared with.
pub fn wordings<'a>(words: impl Iterator<Item = &'a str>) -> Vec<Worded> {
    let mut known: HashMap<u64, usize> = HashMap::new();
    let mut found: Vec<Worded> = Vec::new();
    let mut first: Option<&str> = None;
    for (at, words) in words.enumerate() {
        let mut hash = SEED;
        each_word(words, |word| hash = mix(hash, word.hash));
        if let Some(same) = known.get(&hash).and_then(|n| found.get_mut(*n)) {
            same.count += 1;
            continue;
        }
        known.insert(hash, found.len());
        let base = *first.get_or_insert(words);
        found.push(Worded {
            at,
            count: 1,
            changes: changes_of_words(base, words),
        });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said<'a>(day: &'a str, outlet: &'a str) -> Said<'a> {
        Said {
            day,
            outlet,
            words: "",
        }
    }

    #[test]
    fn days_are_counted() {
        let apart = |a: &str, b: &str| Some(day_number(b)? - day_number(a)?);
        for (a, b, expected) in [
            ("2024-05-02", "2024-05-09T10:00:00Z", Some(7)),
            ("2024-02-28", "2024-03-01", Some(2)),
            ("2023-12-31", "2024-01-01", Some(1)),
            ("1900-02-28", "1900-03-01", Some(1)),
            ("2024-05", "2024-05-09", None),
            ("2024-13-01", "2024-05-09", None),
            ("", "", None),
        ] {
            assert_eq!(apart(a, b), expected, "{a} {b}");
        }
    }

    #[test]
    fn outlets_have_dots_by_their_days() {
        let all = [
            said("2024-05-01", "Corvane"),
            said("2024-05-03", "Post"),
            said("2024-05-11", "Corvane"),
            said("2024-05-06", "Wire"),
            said("", "Radio"),
        ];
        let spread = Spread::of(all.iter().cloned(), 3);
        assert_eq!(spread.first.as_deref(), Some("2024-05-01"));
        assert_eq!(spread.last.as_deref(), Some("2024-05-11"));
        let lines: Vec<(&str, &[f32], usize)> = spread
            .lines
            .iter()
            .map(|line| (line.outlet.as_str(), line.dots.as_slice(), line.undated))
            .collect();
        assert_eq!(
            lines,
            [
                ("Corvane", &[0.0, 1.0][..], 0),
                ("Post", &[0.2][..], 0),
                ("2 more", &[0.5][..], 1),
            ]
        );
        assert_eq!(Spread::of(std::iter::empty(), 3), Spread::default());
        let one = Spread::of([said("2024-05-01", "A")].into_iter(), 3);
        assert_eq!(one.lines[0].dots, [0.0]);
    }

    #[test]
    fn each_wording_is_told_once() {
        let all = [
            "2,400 jobs by 2031",
            "Up to 2,400 jobs by 2031",
            "“2,400 jobs by 2031”",
        ];
        let found = wordings(all.into_iter());
        let shown: Vec<(usize, usize, usize)> = found
            .iter()
            .map(|w| {
                (
                    w.at,
                    w.count,
                    crate::core::wording::change_count(&w.changes),
                )
            })
            .collect();
        assert_eq!(shown, [(0, 2, 0), (1, 1, 1)]);
    }
}
