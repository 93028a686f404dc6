//! Dates of a table's column: they are written in one way, so what one of them leaves open others
//! tell. Nothing is guessed of a date alone.

use super::{DayOrder, Part, clock, date, month_named, parse_date_with, parts_of};
use jiff::Timestamp;
use jiff::civil::Date;

/// Names of columns in languages that write the day before the month.
const DAY_FIRST: &[&str] = &[
    "datum",
    "veröffentlicht",
    "date de publication",
    "fecha",
    "data",
    "дата",
];
/// Days since the end of 1899 that a spreadsheet's date may be: 1954 to 2064.
const SERIAL: std::ops::Range<f64> = 20_000.0..60_000.0;

/// How the dates of a column are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct DateForm {
    order: DayOrder,
    /// Days as spreadsheets count them.
    pub(crate) is_serial: bool,
}

impl DateForm {
    /// By the column's name, in small letters, and what stands in it.
    pub(crate) fn of<'t>(name: &str, cells: impl Iterator<Item = &'t str>) -> Self {
        let (mut has_day_first, mut has_month_first) = (false, false);
        let (mut are_dots, mut are_serial, mut is_empty) = (true, true, true);
        for cell in cells {
            is_empty = false;
            let number = cell.trim().parse::<f64>();
            are_serial = are_serial && number.is_ok_and(|number| SERIAL.contains(&number));
            if let Some((first, second, is_dotted)) = open_pair(cell) {
                has_day_first |= first > 12;
                has_month_first |= second > 12;
                are_dots &= is_dotted;
            }
        }
        let order = match (has_day_first, has_month_first) {
            (true, false) => DayOrder::DayFirst,
            (false, true) => DayOrder::MonthFirst,
            // Nobody writes 11.03. for the third of November.
            (false, false) if are_dots || DAY_FIRST.contains(&name) => DayOrder::DayFirst,
            _ => DayOrder::Unknown,
        };
        Self {
            order,
            is_serial: are_serial && !is_empty,
        }
    }

    pub(crate) fn read(self, cell: &str) -> Option<String> {
        let cell = cell.trim();
        if self.is_serial {
            let days = cell.parse::<f64>().ok()?.floor();
            let since = jiff::Span::new().days(days as i32);
            return Date::constant(1899, 12, 30)
                .checked_add(since)
                .ok()
                .map(|day| day.to_string());
        }
        of_digits(cell)
            .or_else(|| of_clock(cell))
            .or_else(|| parse_date_with(cell, self.order))
    }

    /// Whether it is a date all but for what is the day and what the month.
    pub(crate) fn leaves_open(self, cell: &str) -> bool {
        self.read(cell).is_none()
            && open_pair(cell).is_some_and(|(a, b, _)| a.max(b) <= 12 && a.min(b) > 0)
    }
}

/// The first two numbers of a date that ends with its year, and whether dots stand between them.
fn open_pair(cell: &str) -> Option<(i64, i64, bool)> {
    // Long cells are no dates.
    let cell = cell.trim();
    let parts = parts_of(cell.get(..40).unwrap_or(cell));
    let mut windows = parts.windows(3);
    let found = windows.find_map(|window| match window {
        [
            Part::Number(a, 1..=2),
            Part::Number(b, 1..=2),
            Part::Number(_, 4),
        ] => Some((*a, *b)),
        _ => None,
    });
    let marks: String = cell.chars().filter(|c| "./-".contains(*c)).collect();
    found.map(|(a, b)| (a, b, marks.starts_with("..")))
}

/// A moment as clocks of Unix and messengers write it: `Sun Nov 03 10:11:00 +0000 2019`.
fn of_clock(cell: &str) -> Option<String> {
    let words: Vec<&str> = cell.split_whitespace().collect();
    let [_, month, day, time, between @ .., year] = words.as_slice() else {
        return None;
    };
    if between.len() > 1 || !time.contains(':') {
        return None;
    }
    let day = date(year.parse().ok()?, month_named(month)?, day.parse().ok()?)?;
    let (time, zone) = clock(&format!("{time}{}", between.first().unwrap_or(&"")))?;
    Some(match zone.as_str() {
        "" => day.to_string(),
        zone => format!("{day}T{time}{zone}"),
    })
}

/// A moment in digits alone: `20191103`, with or without a time of day behind it, and seconds or
/// finer since 1970.
fn of_digits(cell: &str) -> Option<String> {
    let (whole, rest) = cell.split_once('.').unwrap_or((cell, ""));
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if let Some((day, time)) = cell.split_once('T')
        && let Some(time) = time.strip_suffix('Z')
        && (day.len(), time.len()) == (8, 6)
        && is_number(day)
        && is_number(time)
    {
        let part = |at: usize| time.get(at..at + 2).unwrap_or("00");
        return Some(format!(
            "{}T{}:{}:{}Z",
            day_of(day)?,
            part(0),
            part(2),
            part(4)
        ));
    }
    if whole.is_empty() || !is_number(whole) || !is_number(rest) {
        return None;
    }
    if rest.is_empty()
        && matches!(whole.len(), 8 | 10 | 12 | 14)
        && let Some(day) = day_of(whole)
    {
        return Some(day.to_string());
    }
    let number: i64 = whole.parse().ok()?;
    let moment = match whole.len() {
        9 | 10 => Timestamp::from_second(number),
        13 => Timestamp::from_second(number / 1_000),
        16 => Timestamp::from_second(number / 1_000_000),
        19 => Timestamp::from_second(number / 1_000_000_000),
        _ => return None,
    };
    Some(moment.ok()?.to_string())
}

/// The day that digits begin with.
fn day_of(digits: &str) -> Option<Date> {
    let number = |from: usize, to: usize| digits.get(from..to)?.parse::<i64>().ok();
    if digits.len() > 8 && number(8, 10)? > 23 {
        return None;
    }
    date(number(0, 4)?, number(4, 6)?, number(6, 8)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Dates of a column as they are read, `?` for what leaves its month open, `-` for no date.
    #[track_caller]
    fn check(name: &str, cells: &[&str], expected: &[&str]) {
        let form = DateForm::of(name, cells.iter().copied());
        let read = cells.iter().map(|cell| match form.read(cell) {
            Some(date) => date,
            None if form.leaves_open(cell) => "?".to_owned(),
            None => "-".to_owned(),
        });
        assert_eq!(read.collect::<Vec<_>>(), expected, "{cells:?}");
    }

    #[test]
    fn dates_tell_how_the_others_are_written() {
        check(
            "date",
            &["03.11.2019", "4.11.2019"],
            &["2019-11-03", "2019-11-04"],
        );
        check(
            "date",
            &["11/03/2019", "11/23/2019"],
            &["2019-11-03", "2019-11-23"],
        );
        check(
            "date",
            &["03/11/2019", "23/11/2019 10:00"],
            &["2019-11-03", "2019-11-23"],
        );
        check("date", &["03/11/2019"], &["?"]);
        check("fecha", &["03/11/2019"], &["2019-11-03"]);
        // They are at odds.
        check(
            "date",
            &["13/11/2019", "11/13/2019", "1/2/2019"],
            &["2019-11-13", "2019-11-13", "?"],
        );
        check("date", &["3 Nov 2019", "soon"], &["2019-11-03", "-"]);
    }

    #[test]
    fn moments_in_digits() {
        check(
            "date",
            &[
                "1572775860",
                "1572775860000",
                "1572775860.0",
                "1572775860000000",
            ],
            &["2019-11-03T10:11:00Z"; 4],
        );
        check("date", &["20191103", "20191103101100"], &["2019-11-03"; 2]);
        check("date", &["2019110310"], &["2019-11-03"]);
        check("date", &["20191103T101100Z"], &["2019-11-03T10:11:00Z"]);
        check("date", &["2019", "12345"], &["-", "-"]);
    }

    #[test]
    fn moments_as_clocks_write_them() {
        check(
            "created_at",
            &[
                "Sun Nov 03 10:11:00 +0000 2019",
                "Sun Nov  3 10:11:00 2019",
                "Sun Nov 3 10:11:00 UTC 2019",
            ],
            &[
                "2019-11-03T10:11:00+00:00",
                "2019-11-03",
                "2019-11-03T10:11:00Z",
            ],
        );
        check("created_at", &["Sun Nov 33 10:11:00 +0000 2019"], &["-"]);
    }

    #[test]
    fn days_as_spreadsheets_count_them() {
        check(
            "date",
            &["43772", "43773.425"],
            &["2019-11-03", "2019-11-04"],
        );
        // A number among dates is none.
        check("date", &["43772", "2019-11-03"], &["-", "2019-11-03"]);
    }
}
