//! The headline that a reader sees: the page’s own heading, else what its title says without the
//! outlet’s name.

use super::outline::{Heading, Outline, Place};
use super::words::fold;

/// What the page’s fields say of its title, surest first, and what a title may say beside it.
pub(super) struct Told<'a> {
    pub(super) titles: &'a [String],
    /// Names of the outlet, folded.
    pub(super) outlets: &'a [String],
    pub(super) section: Option<&'a str>,
}

#[derive(Default)]
pub(super) struct Headline {
    pub(super) text: Option<String>,
    /// Where it stands, when it is a heading of the page.
    pub(super) place: Option<Place>,
}

/// Marks between a headline and the outlet's name in titles.
const TITLE_MARKS: &[&str] = &[
    " | ", " – ", " — ", " - ", " :: ", " » ", " « ", " · ", " • ", " / ", " : ", " @ ", " ‹ ",
    " › ", " < ", " > ", " ― ", "｜", "_", "|", "：", " -- ", "–", "-", ":",
];

/// Marks that stand in titles for nothing else.
const OUTLET_MARKS: &[&str] = &[" | ", " :: ", " » ", " • ", "｜", "_"];

/// Words beside a headline that are none of it, folded.
const BADGES: &[&str] = &[
    "plus",
    "premium",
    "exclusive",
    "exklusiv",
    "exclusif",
    "video",
    "live",
    "update",
    "updated",
    "abo",
    "paywall",
    "subscribersonly",
    "podcast",
    "gallery",
    "photos",
    "vidéo",
    "audio",
    "eilmeldung",
    "breaking",
    "breakingnews",
    "new",
    "neu",
    "anzeige",
    "sponsored",
];

pub(super) fn headline(outline: &Outline, told: &Told<'_>) -> Headline {
    let titles: Vec<String> = told
        .titles
        .iter()
        .map(|title| without_outlet(title, told))
        .filter(|title| !title.is_empty())
        .collect();
    let first_headings = outline.headings.iter().filter(|heading| heading.level == 1);
    let is_only = first_headings.count() == 1;
    let mut best: Option<(i32, &Heading)> = None;
    for heading in &outline.headings {
        let points = points(heading, &titles, told, is_only);
        if let Some(points) = points.filter(|points| best.is_none_or(|(most, _)| *points > most)) {
            best = Some((points, heading));
        }
    }
    match best {
        Some((_, heading)) => Headline {
            text: Some(as_read(heading, &titles, told)),
            place: Some(heading.place),
        },
        None => {
            let mut headings = outline.headings.iter();
            let heading = headings.find(|heading| {
                let is_above = heading.is_named && heading.place.prose == 0;
                heading.level == 1 || (titles.is_empty() && is_above)
            });
            let text = titles.into_iter().next();
            Headline {
                text: text.or_else(|| heading.map(Heading::text)),
                place: heading.map(|heading| heading.place),
            }
        }
    }
}

/// How likely a heading is the article’s; `None` where it is not.
fn points(heading: &Heading, titles: &[String], told: &Told<'_>, is_only: bool) -> Option<i32> {
    let text = heading.text();
    let folded = fold(&text);
    let is_other = folded.is_empty()
        || told.outlets.contains(&folded)
        || told.section.is_some_and(|section| fold(section) == folded);
    if is_other {
        return None;
    }
    let likeness = titles
        .iter()
        .map(|title| likeness(&text, title))
        .max()
        .unwrap_or(0);
    let mut points = likeness;
    match heading.level {
        1 => points += 3,
        2 if likeness >= 4 => {}
        _ if likeness >= 5 => points -= 1,
        _ => return None,
    }
    points += i32::from(heading.is_named) + i32::from(heading.is_in_main);
    if heading.place.prose > 600 {
        points -= 4;
    }
    let says_something = text.split_whitespace().count() >= 3
        || text.chars().filter(|c| *c >= '\u{2E80}').count() >= 3;
    // A part of a title that says more: the outlet, a section.
    let is_part = |title: &String| {
        let title = fold(title);
        (title.ends_with(&folded) || title.starts_with(&folded)) && folded.len() * 2 < title.len()
    };
    if likeness < 5 && told.titles.iter().any(is_part) {
        points -= 4;
    }
    if likeness == 0 && !says_something && !heading.is_named {
        points -= 2;
    }
    let is_in_place = likeness > 0 || heading.is_in_main || heading.is_named || titles.is_empty();
    let is_sole = is_only
        && says_something
        && is_in_place
        && heading.level == 1
        && heading.place.prose <= 600;
    (points >= 4 || is_sole).then_some(points)
}

/// How much a heading and a title say the same, from 0 to 6.
fn likeness(heading: &str, title: &str) -> i32 {
    let (h, t) = (fold(heading), fold(title));
    if h == t {
        return 6;
    }
    if h.chars().count() >= 6 && t.contains(&h) && h.len() * 2 >= t.len() {
        return 5;
    }
    if t.chars().count() >= 6 && h.contains(&t) && t.len() * 2 >= h.len() {
        return 5;
    }
    let words = |text: &str| -> Vec<String> {
        let words = text.split(|c: char| !c.is_alphanumeric()).map(fold);
        words.filter(|word| word.chars().count() > 3).collect()
    };
    let (h, t) = (words(heading), words(title));
    let shared = h.iter().filter(|word| t.contains(word)).count();
    let (least, most) = (h.len().min(t.len()), h.len().max(t.len()));
    let of = if least < 4 { most } else { least };
    match (shared * 10).checked_div(of) {
        Some(6..) => 3,
        Some(3..) => 2,
        _ => 0,
    }
}

/// A heading’s text. Its lines are told apart as a title of the page tells them apart.
fn as_read(heading: &Heading, titles: &[String], told: &Told<'_>) -> String {
    let is_badge = |line: &&String| {
        let folded = fold(line);
        BADGES.contains(&folded.as_str())
            || told.outlets.contains(&folded)
            || told.section.is_some_and(|section| fold(section) == folded)
    };
    let mut lines: Vec<&String> = heading
        .lines
        .iter()
        .filter(|line| !is_badge(line))
        .collect();
    if lines.is_empty() {
        lines = heading.lines.iter().collect();
    }
    let text = lines
        .iter()
        .map(|line| line.as_str())
        .collect::<Vec<_>>()
        .join(" ");
    if lines.len() > 1 {
        let folded = fold(&text);
        if let Some(title) = titles.iter().find(|title| fold(title) == folded) {
            return title.clone();
        }
    }
    let text = text.strip_prefix("Title:").unwrap_or(&text).trim();
    let text = without_sign(text, told);
    text.trim_end_matches(['¶', '#', ' ']).to_owned()
}

/// A heading without the outlet's name behind a mark that stands for nothing else.
fn without_sign<'t>(text: &'t str, told: &Told<'_>) -> &'t str {
    let cut = OUTLET_MARKS.iter().find_map(|mark| {
        let (head, tail) = text.rsplit_once(mark)?;
        is_outlet(&fold(tail), told, true).then_some(head)
    });
    cut.filter(|head| !head.trim().is_empty()).unwrap_or(text)
}

/// A title without the outlet's name at its end or start.
pub(super) fn without_outlet(title: &str, told: &Told<'_>) -> String {
    let mut title = title.trim();
    for _ in 0..4 {
        let Some(shorter) = once_without(title, told) else {
            break;
        };
        title = shorter.trim();
    }
    title
        .trim_end_matches(['|', '-', '–', '—', ':', '_', ' ', '«', '»'])
        .to_owned()
}

fn once_without<'t>(title: &'t str, told: &Told<'_>) -> Option<&'t str> {
    for mark in TITLE_MARKS {
        if let Some((head, tail)) = title.rsplit_once(mark) {
            let folded = fold(tail);
            let is_section = told.section.is_some_and(|section| fold(section) == folded)
                && OUTLET_MARKS.contains(mark);
            let is_short = tail.split_whitespace().count() <= 4
                && (head.split_whitespace().count() >= 4
                    || head.chars().filter(|c| *c >= '\u{2E80}').count() >= 8);
            let is_meant = is_outlet(&folded, told, mark.len() > 1)
                || is_section
                || (is_short && OUTLET_MARKS.contains(mark));
            if !fold(head).is_empty() && is_meant {
                return Some(head);
            }
        }
        if let Some((head, tail)) = title.split_once(mark)
            && told.outlets.contains(&fold(head))
            && !fold(tail).is_empty()
        {
            return Some(tail);
        }
    }
    None
}

/// Whether a part of a title is the outlet’s name, or, behind a mark that is set off, a form of it.
fn is_outlet(folded: &str, told: &Told<'_>, may_be_form: bool) -> bool {
    told.outlets.iter().any(|outlet| {
        outlet == folded
            || (may_be_form
                && folded.chars().count() >= 3
                && outlet.chars().count() >= 3
                && (outlet.contains(folded) || folded.contains(outlet.as_str())))
    })
}
