//! Dates as news pages, exports and mails write them, to RFC 3339.
//!
//! Knows no clock: a date without a year is no date. Keeps to what the text says: a time zone only
//! where one is named.

mod column;

pub(crate) use column::DateForm;
use jiff::civil::Date;

/// Which part of a numeric date such as `03/11/2019` comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayOrder {
    DayFirst,
    MonthFirst,
    Unknown,
}

/// A date (`2019-11-03`) or a time with its offset (`2019-11-03T09:15:00+01:00`) from text such as
/// “Sunday, 3 November 2019”, “3. November 2019”, “2019年11月3日”. `None` when there is none or it
/// is ambiguous.
pub fn parse_date(text: &str) -> Option<String> {
    parse_date_with(text, DayOrder::Unknown)
}

/// As [`parse_date`], told how numeric dates are written where the text comes from.
pub fn parse_date_with(text: &str, order: DayOrder) -> Option<String> {
    let text = text.trim().get(..200).unwrap_or(text.trim());
    if let Some(found) = iso(text) {
        return Some(found);
    }
    if let Ok(zoned) = jiff::fmt::rfc2822::parse(text) {
        let offset = zoned.offset();
        return Some(zoned.timestamp().display_with_offset(offset).to_string());
    }
    let parts = parts_of(text);
    named_month(&parts)
        .or_else(|| east_asian(text))
        .or_else(|| numeric(&parts, order))
        .map(|date| date.to_string())
}

/// A calendar date in the years that articles are from.
fn date(year: i64, month: i64, day: i64) -> Option<Date> {
    if !(1700..=2100).contains(&year) {
        return None;
    }
    let (year, month, day) = (i16::try_from(year), i8::try_from(month), i8::try_from(day));
    Date::new(year.ok()?, month.ok()?, day.ok()?).ok()
}

/// ISO 8601 anywhere in the text: a date, or a date and a time.
fn iso(text: &str) -> Option<String> {
    let start = text.char_indices().find_map(|(i, _)| {
        let ten = text.get(i..i + 10)?.as_bytes();
        let is_shape = ten.iter().enumerate().all(|(at, b)| match at {
            4 | 7 => *b == b'-',
            _ => b.is_ascii_digit(),
        });
        let before = text.get(..i)?.chars().next_back();
        (is_shape && !before.is_some_and(|c| c.is_ascii_digit())).then_some(i)
    })?;
    let (day, rest) = text.get(start..)?.split_at_checked(10)?;
    let mut numbers = day.split('-').map(str::parse::<i64>);
    let day = date(
        numbers.next()?.ok()?,
        numbers.next()?.ok()?,
        numbers.next()?.ok()?,
    )?;
    let time = rest.strip_prefix(['T', 't', ' ']).unwrap_or("");
    let clock = clock(time);
    Some(match clock {
        Some((clock, zone)) if !zone.is_empty() => format!("{day}T{clock}{zone}"),
        _ => day.to_string(),
    })
}

/// `09:15`, `09:15:30.123` and the offset that follows, when one does.
fn clock(text: &str) -> Option<(String, String)> {
    let end = text
        .find(|c: char| !(c.is_ascii_digit() || c == ':' || c == '.'))
        .unwrap_or(text.len());
    let (time, zone) = text.split_at_checked(end)?;
    let mut numbers = time.split(':');
    let hour: u8 = numbers.next()?.parse().ok().filter(|h| *h < 24)?;
    let minute: u8 = numbers.next()?.parse().ok().filter(|m| *m < 60)?;
    let second = numbers.next().and_then(|s| s.split('.').next());
    let second: u8 = second.and_then(|s| s.parse().ok()).unwrap_or(0).min(59);
    let zone = zone.trim_start();
    let offset =
        if zone.starts_with(['Z', 'z']) || zone.starts_with("UTC") || zone.starts_with("GMT") {
            "Z".to_owned()
        } else if zone.starts_with(['+', '-']) {
            let digits: String = zone
                .chars()
                .skip(1)
                .filter(char::is_ascii_digit)
                .take(4)
                .collect();
            match (digits.get(..2), digits.get(2..4)) {
                (Some(hours), Some(minutes)) if hours <= "15" => {
                    format!("{}{hours}:{minutes}", zone.get(..1)?)
                }
                _ => String::new(),
            }
        } else {
            String::new()
        };
    Some((format!("{hour:02}:{minute:02}:{second:02}"), offset))
}

/// Months by their names and usual short forms. The first that fits is taken, so that long names
/// stand before short ones where a short one means another month.
const MONTHS: [&[&str]; 12] = [
    &[
        "january",
        "januar",
        "jänner",
        "janvier",
        "janv",
        "enero",
        "ene",
        "gennaio",
        "gen",
        "janeiro",
        "januari",
        "stycznia",
        "styczeń",
        "ledna",
        "leden",
        "января",
        "январь",
        "янв",
        "січня",
        "ocak",
        "ιανουαρίου",
        "ιαν",
        "يناير",
        "ינואר",
        "जनवरी",
        "jan",
    ],
    &[
        "february",
        "februar",
        "février",
        "févr",
        "fevrier",
        "febrero",
        "febbraio",
        "fevereiro",
        "fev",
        "februari",
        "lutego",
        "luty",
        "února",
        "únor",
        "февраля",
        "февраль",
        "фев",
        "лютого",
        "şubat",
        "φεβρουαρίου",
        "φεβ",
        "فبراير",
        "פברואר",
        "फरवरी",
        "फ़रवरी",
        "feb",
    ],
    &[
        "march",
        "märz",
        "mär",
        "mrz",
        "mars",
        "marzo",
        "março",
        "marco",
        "maart",
        "marca",
        "marzec",
        "března",
        "březen",
        "марта",
        "март",
        "березня",
        "mart",
        "μαρτίου",
        "μαρ",
        "مارس",
        "מרץ",
        "मार्च",
        "maret",
        "mar",
    ],
    &[
        "april",
        "avril",
        "avr",
        "abril",
        "abr",
        "aprile",
        "kwietnia",
        "kwiecień",
        "dubna",
        "duben",
        "апреля",
        "апрель",
        "апр",
        "квітня",
        "nisan",
        "απριλίου",
        "απρ",
        "أبريل",
        "ابريل",
        "אפריל",
        "अप्रैल",
        "apr",
    ],
    &[
        "may",
        "mai",
        "mayo",
        "maggio",
        "mag",
        "maio",
        "mei",
        "maja",
        "maj",
        "května",
        "květen",
        "мая",
        "май",
        "травня",
        "mayıs",
        "μαΐου",
        "μαϊ",
        "مايو",
        "מאי",
        "मई",
    ],
    &[
        "june",
        "juni",
        "juin",
        "junio",
        "giugno",
        "giu",
        "junho",
        "czerwca",
        "czerwiec",
        "června",
        "červen",
        "июня",
        "июнь",
        "июн",
        "червня",
        "haziran",
        "ιουνίου",
        "ιουν",
        "يونيو",
        "יוני",
        "जून",
        "jun",
    ],
    &[
        "july",
        "juli",
        "juillet",
        "juil",
        "julio",
        "luglio",
        "lug",
        "julho",
        "lipca",
        "lipiec",
        "července",
        "červenec",
        "июля",
        "июль",
        "июл",
        "липня",
        "temmuz",
        "ιουλίου",
        "ιουλ",
        "يوليو",
        "יולי",
        "जुलाई",
        "jul",
    ],
    &[
        "august",
        "août",
        "aout",
        "agosto",
        "ago",
        "augustus",
        "agustus",
        "sierpnia",
        "sierpień",
        "srpna",
        "srpen",
        "августа",
        "август",
        "авг",
        "серпня",
        "ağustos",
        "αυγούστου",
        "αυγ",
        "أغسطس",
        "אוגוסט",
        "अगस्त",
        "augusti",
        "aug",
    ],
    &[
        "september",
        "septembre",
        "septiembre",
        "setiembre",
        "settembre",
        "setembro",
        "set",
        "sept",
        "września",
        "wrzesień",
        "září",
        "сентября",
        "сентябрь",
        "сен",
        "вересня",
        "eylül",
        "σεπτεμβρίου",
        "σεπ",
        "سبتمبر",
        "ספטמבר",
        "सितंबर",
        "सितम्बर",
        "sep",
    ],
    &[
        "october",
        "oktober",
        "octobre",
        "octubre",
        "ottobre",
        "ott",
        "outubro",
        "out",
        "października",
        "październik",
        "října",
        "říjen",
        "октября",
        "октябрь",
        "окт",
        "жовтня",
        "ekim",
        "οκτωβρίου",
        "οκτ",
        "أكتوبر",
        "אוקטובר",
        "अक्टूबर",
        "okt",
        "oct",
    ],
    &[
        "november",
        "novembre",
        "noviembre",
        "novembro",
        "listopada",
        "listopad",
        "листопада",
        "ноября",
        "ноябрь",
        "ноя",
        "kasım",
        "νοεμβρίου",
        "νοε",
        "نوفمبر",
        "נובמבר",
        "नवंबर",
        "नवम्बर",
        "nov",
    ],
    &[
        "december",
        "dezember",
        "décembre",
        "diciembre",
        "dicembre",
        "dic",
        "dezembro",
        "dez",
        "grudnia",
        "grudzień",
        "prosince",
        "prosinec",
        "декабря",
        "декабрь",
        "дек",
        "грудня",
        "aralık",
        "δεκεμβρίου",
        "δεκ",
        "ديسمبر",
        "דצמבר",
        "दिसंबर",
        "दिसम्बर",
        "desember",
        "déc",
        "dec",
    ],
];

fn month_named(word: &str) -> Option<i64> {
    let word = word.to_lowercase();
    // Hebrew and Arabic write “of” and “in” as a letter before the name.
    let bare = word.strip_prefix(['ב', 'ل']).unwrap_or(&word);
    let found = MONTHS
        .iter()
        .position(|names| names.contains(&word.as_str()) || names.contains(&bare));
    found.and_then(|at| i64::try_from(at + 1).ok())
}

enum Part {
    /// A number, and how many digits it was written with.
    Number(i64, usize),
    Month(i64),
    Other,
}

/// Words and numbers, what stands between them left out.
fn parts_of(text: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    for word in text.split(|c: char| !c.is_alphanumeric() && !is_mark(c)) {
        let mut rest = word;
        while let Some(first) = rest.chars().next() {
            let is_digit = first.is_numeric();
            let end = rest
                .find(|c: char| c.is_numeric() != is_digit)
                .unwrap_or(rest.len());
            let (head, tail) = rest.split_at_checked(end).unwrap_or((rest, ""));
            let digits: Option<Vec<u32>> = head.chars().map(digit).collect();
            match digits.filter(|digits| is_digit && digits.len() <= 8) {
                Some(digits) => {
                    let value = digits.iter().fold(0, |n, d| n * 10 + i64::from(*d));
                    parts.push(Part::Number(value, digits.len()));
                }
                // The English endings of ordinal numbers say nothing.
                None if matches!(head, "st" | "nd" | "rd" | "th" | "er" | "de" | "del" | "of") => {}
                None => parts.push(month_named(head).map_or(Part::Other, Part::Month)),
            }
            rest = tail;
        }
    }
    parts
}

/// Vowel signs of Indic scripts belong to the word.
fn is_mark(c: char) -> bool {
    ('\u{0900}'..='\u{0DFF}').contains(&c) || ('\u{0300}'..='\u{036F}').contains(&c)
}

/// The value of a digit, Arabic-Indic, Persian and Devanagari ones too.
fn digit(c: char) -> Option<u32> {
    let base = match c {
        '٠'..='٩' => '٠',
        '۰'..='۹' => '۰',
        '०'..='९' => '०',
        _ => return c.to_digit(10),
    };
    (c as u32).checked_sub(base as u32)
}

fn named_month(parts: &[Part]) -> Option<Date> {
    let at = parts
        .iter()
        .position(|part| matches!(part, Part::Month(_)))?;
    let Some(Part::Month(month)) = parts.get(at) else {
        return None;
    };
    let number = |at: Option<usize>| match at.and_then(|at| parts.get(at)) {
        Some(Part::Number(value, digits)) => Some((*value, *digits)),
        _ => None,
    };
    let is_day = |(value, digits): &(i64, usize)| *digits <= 2 && (1..=31).contains(value);
    let is_year = |(value, digits): &(i64, usize)| *digits == 4 && (1700..=2100).contains(value);
    let before = number(at.checked_sub(1));
    let after = number(Some(at + 1));
    let after_next = number(Some(at + 2));
    // “3 November 2019”, “November 3, 2019”, “2019 November 3”.
    let found = match (before, after, after_next) {
        (Some(day), Some(year), _) if is_day(&day) && is_year(&year) => (year, day),
        (_, Some(day), Some(year)) if is_day(&day) && is_year(&year) => (year, day),
        (Some(year), Some(day), _) if is_day(&day) && is_year(&year) => (year, day),
        _ => return None,
    };
    date(found.0.0, *month, found.1.0)
}

fn east_asian(text: &str) -> Option<Date> {
    let marks = [['年', '년'], ['月', '월'], ['日', '일']];
    let mut rest = text;
    let mut numbers = Vec::new();
    for mark in marks {
        let (before, after) = rest.split_once(mark)?;
        let digits: String = before
            .trim_end()
            .chars()
            .rev()
            .take_while(char::is_ascii_digit)
            .collect();
        let digits: String = digits.chars().rev().collect();
        numbers.push(digits.parse::<i64>().ok()?);
        rest = after;
    }
    date(*numbers.first()?, *numbers.get(1)?, *numbers.get(2)?)
}

/// `03.11.2019`, `2019/11/03`, `11/03/2019` where the order is known or only one makes sense.
fn numeric(parts: &[Part], order: DayOrder) -> Option<Date> {
    parts.windows(3).find_map(|window| {
        let [
            Part::Number(a, a_digits),
            Part::Number(b, b_digits),
            Part::Number(c, c_digits),
        ] = window
        else {
            return None;
        };
        if *a_digits == 4 && *b_digits <= 2 && *c_digits <= 2 {
            return date(*a, *b, *c);
        }
        if *c_digits != 4 || *a_digits > 2 || *b_digits > 2 {
            return None;
        }
        match order {
            _ if a == b => date(*c, *a, *b),
            _ if *a > 12 => date(*c, *b, *a),
            _ if *b > 12 => date(*c, *a, *b),
            DayOrder::DayFirst => date(*c, *b, *a),
            DayOrder::MonthFirst => date(*c, *a, *b),
            DayOrder::Unknown => None,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_many_kinds() {
        let check = |text: &str, expected: Option<&str>| {
            assert_eq!(parse_date(text).as_deref(), expected, "{text}");
        };
        check("2019-11-03", Some("2019-11-03"));
        check(
            "2019-11-03T09:15:00+01:00",
            Some("2019-11-03T09:15:00+01:00"),
        );
        check("2019-11-03T09:15:00.000Z", Some("2019-11-03T09:15:00Z"));
        check("2019-11-03 09:15", Some("2019-11-03"));
        check(
            "Published 2019-11-03T09:15:00+0530",
            Some("2019-11-03T09:15:00+05:30"),
        );
        check(
            "Sun, 03 Nov 2019 09:15:00 +0100",
            Some("2019-11-03T09:15:00+01:00"),
        );
        check("November 3, 2019 Sunday 9:15 AM GMT", Some("2019-11-03"));
        check("Sunday, 3rd of November 2019", Some("2019-11-03"));
        check("3. November 2019", Some("2019-11-03"));
        check("Sonntag, 3. März 2019", Some("2019-03-03"));
        check("3 août 2019", Some("2019-08-03"));
        check("1er mai 2019", Some("2019-05-01"));
        check("3 de noviembre de 2019", Some("2019-11-03"));
        check("3 ноября 2019 г.", Some("2019-11-03"));
        check("3 listopada 2019", Some("2019-11-03"));
        check("2019年11月3日", Some("2019-11-03"));
        check("2019년 11월 3일", Some("2019-11-03"));
        check("٣ نوفمبر ٢٠١٩", Some("2019-11-03"));
        check("3 בנובמבר 2019", Some("2019-11-03"));
        check("३ नवंबर २०१९", Some("2019-11-03"));
        check("23.11.2019", Some("2019-11-23"));
        check("2019/11/3", Some("2019-11-03"));
        check("11/23/2019", Some("2019-11-23"));
        check("11/03/2019", None);
        check("31.02.2019", None);
        check("November 3", None);
        check("no date", None);
        check("", None);
        let day = parse_date_with("03.11.2019", DayOrder::DayFirst);
        assert_eq!(day.as_deref(), Some("2019-11-03"));
        let month = parse_date_with("11/03/2019", DayOrder::MonthFirst);
        assert_eq!(month.as_deref(), Some("2019-11-03"));
    }
}
