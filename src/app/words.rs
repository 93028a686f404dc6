//! Numbers, days and bylines in words, as lists, notices, dialogs and the command line say them. Knows
//! nothing of the project and of the window.

use crate::core::article::Article;
use crate::format::reading::dates::parse_date;
use jiff::civil::{Date, Time};

/// A number with what it counts.
pub fn count(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

/// A day as lists show it: `14 May 2024`.
pub fn day_of(date: Date) -> String {
    date.strftime("%-d %b %Y").to_string()
}

/// The same of a date in our own form; what is none stays as it stands.
pub fn day(published: &str) -> String {
    date_at_start(published).map_or_else(|| published.to_owned(), |(date, _)| day_of(date))
}

/// What begins with a date in our own form, and what follows on that.
fn date_at_start(iso: &str) -> Option<(Date, &str)> {
    let (date, rest) = iso.trim().split_at_checked(10)?;
    Some((date.parse().ok()?, rest))
}

/// A word as it stands at the start of a line: “In progress”.
pub fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(letters).collect()
}

/// How much there is: `7 articles, 93 annotations`.
pub fn contents(articles: usize, annotations: usize) -> String {
    let articles = count(articles, "article", "articles");
    let annotations = count(annotations, "annotation", "annotations");
    format!("{articles}, {annotations}")
}

/// The same with its thousands set apart: `1,204 words`.
pub fn count_grouped(n: usize, one: &str, many: &str) -> String {
    format!("{} {}", grouped(n), if n == 1 { one } else { many })
}

/// A number with its thousands set apart.
pub fn grouped(n: usize) -> String {
    let digits = n.to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// A date as people read it: `Tuesday 14 May 2024, 06:40` for `2024-05-14T06:40:00Z`. `None` when it
/// is in no such form.
pub fn long_date(iso: &str) -> Option<String> {
    let (date, rest) = date_at_start(iso)?;
    let day = date.strftime("%A %-d %B %Y");
    let time = rest.strip_prefix(['T', ' ']).and_then(|time| time.get(..5));
    match time.filter(|time| time.parse::<Time>().is_ok()) {
        Some(time) => Some(format!("{day}, {time}")),
        None => rest.is_empty().then(|| day.to_string()),
    }
}

/// A day as it is kept, however people write it: `2024-05-14` for `14 May 2024`. `None` when it is no
/// day, or more than one.
pub fn iso_day(written: &str) -> Option<Date> {
    let found = parse_date(written.trim())?;
    found.get(..10)?.parse().ok()
}

/// Where an article was published, by whom and when, as lists say it.
pub fn byline(article: &Article) -> String {
    let said = |name: &str| article.meta(name).filter(|value| !value.trim().is_empty());
    let published = said("published").map(day);
    let parts = [said("outlet"), said("author"), published.as_deref()];
    let parts: Vec<&str> = parts.into_iter().flatten().collect();
    parts.join(" · ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_said_as_people_say_them() {
        for (published, said) in [
            ("2024-05-14", "14 May 2024"),
            ("2024-05-14T06:40:00Z", "14 May 2024"),
            ("2024-13-14", "2024-13-14"),
            ("2024-02-30", "2024-02-30"),
            ("2024-05", "2024-05"),
            ("May 14", "May 14"),
            ("14 мая 2024 г.", "14 мая 2024 г."),
            ("", ""),
        ] {
            assert_eq!(day(published), said);
        }
    }

    #[test]
    fn a_day_is_kept_in_one_form() {
        for (written, kept) in [
            ("2024-05-14", Some("2024-05-14")),
            (" 14 May 2024 ", Some("2024-05-14")),
            ("May 14, 2024", Some("2024-05-14")),
            ("2024-05-14T23:40:00Z", Some("2024-05-14")),
            ("14. Mai 2024", Some("2024-05-14")),
            ("2024-02-30", None),
            ("May 2024", None),
            ("03/04/2024", None),
            ("yesterday", None),
            ("", None),
        ] {
            let found = iso_day(written).map(|day| day.to_string());
            assert_eq!(found.as_deref(), kept, "{written}");
        }
    }

    #[test]
    fn dates_are_as_people_read_them() {
        for (iso, expected) in [
            ("2024-05-14", Some("Tuesday 14 May 2024")),
            ("2024-05-14T06:40:00Z", Some("Tuesday 14 May 2024, 06:40")),
            ("2024-05-14 06:40", Some("Tuesday 14 May 2024, 06:40")),
            (
                "2023-12-01T23:05:09+02:00",
                Some("Friday 1 December 2023, 23:05"),
            ),
            ("2024-05", None),
            ("2024-02-30", None),
            ("14 May 2024", None),
            ("2024-05-14 evening", None),
            ("ä2024-05-14", None),
        ] {
            assert_eq!(long_date(iso).as_deref(), expected, "{iso}");
        }
        assert_eq!(count_grouped(1, "word", "words"), "1 word");
        assert_eq!(count_grouped(612, "word", "words"), "612 words");
        assert_eq!(count_grouped(1_234_567, "word", "words"), "1,234,567 words");
    }
}
