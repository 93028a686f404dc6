//! A line of a byline, cut where one name ends and another may begin.

use super::credits::NAME;
use super::lists::{ANDS, WEAK_ANDS};
use super::shape::{is_agency, looks_like_person};

/// What joins a piece to the one before.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Joint {
    Start,
    And,
    Comma,
    /// A dash, a slash, brackets.
    Aside,
}

pub(super) struct Piece {
    pub(super) text: String,
    pub(super) joint: Joint,
    /// The page marks it as a name.
    pub(super) is_marked: bool,
}

pub(super) fn pieces_of(line: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut before = "";
    let mut rest = line;
    let mut is_marked = false;
    loop {
        let (part, next) = match rest.find(NAME) {
            None => (rest, None),
            Some(at) => {
                let (part, next) = rest.split_at(at);
                (part, next.chars().next())
            }
        };
        let joint = joint_between(before, part);
        split_part(part, joint, is_marked, &mut pieces);
        let Some(mark) = next else {
            return pieces;
        };
        if !part.trim().is_empty() {
            before = part;
        }
        is_marked = NAME.first() == Some(&mark);
        rest = rest.get(part.len() + mark.len_utf8()..).unwrap_or_default();
    }
}

/// What joins two parts of a line of which one is marked as a name.
pub(super) fn joint_between(before: &str, part: &str) -> Joint {
    if before.is_empty() {
        return Joint::Start;
    }
    let (end, start) = (
        format!(" {} ", before.trim_end()),
        format!(" {} ", part.trim_start()),
    );
    if ANDS
        .iter()
        .any(|and| end.ends_with(and) || start.starts_with(and))
    {
        Joint::And
    } else {
        Joint::Comma
    }
}

pub(super) fn split_part(part: &str, joint: Joint, is_marked: bool, pieces: &mut Vec<Piece>) {
    let mut rest = part;
    let mut joint = joint;
    loop {
        let cut = first_joint(rest);
        let (head, next) = match cut {
            None => (rest, None),
            Some((at, length, next)) => (
                rest.get(..at).unwrap_or_default(),
                Some((rest.get(at + length..).unwrap_or_default(), next)),
            ),
        };
        let text = trimmed(without_leading_and(head));
        if !text.is_empty() {
            pieces.push(Piece {
                text: text.to_owned(),
                joint,
                is_marked,
            });
        }
        let Some((after, next)) = next else {
            return;
        };
        rest = after;
        if !text.is_empty() {
            joint = next;
        }
    }
}

pub(super) fn without_leading_and(text: &str) -> &str {
    let text = text.trim_start();
    ANDS.iter()
        .find_map(|and| text.strip_prefix(and.trim_start()))
        .unwrap_or(text)
}

/// The first place where a line is cut, the length of what is there, and what it is.
pub(super) fn first_joint(text: &str) -> Option<(usize, usize, Joint)> {
    // “Richard (R.J.) Lund” is one name.
    let is_within = text.split_once(") ").is_some_and(|(head, tail)| {
        head.contains(' ') && head.contains('(') && tail.starts_with(char::is_uppercase)
    });
    let marks = text.char_indices().find_map(|(at, c)| match c {
        '(' | ')' if is_within => None,
        ',' | ';' | '，' | '；' | '、' => Some((at, c.len_utf8(), Joint::Comma)),
        '(' | ')' | '（' | '）' | '[' | ']' | '【' | '】' | '｜' | '／' => {
            Some((at, c.len_utf8(), Joint::Aside))
        }
        '/' => {
            let sides = text.split_once('/');
            let is_cut = sides.is_some_and(|(a, b)| {
                a.ends_with(' ')
                    || is_agency(a)
                    || is_agency(b)
                    || (looks_like_person(a) && looks_like_person(b))
            });
            is_cut.then_some((at, 1, Joint::Aside))
        }
        _ => None,
    });
    let places = ANDS.iter().flat_map(|and| {
        text.match_indices(and)
            .take(10)
            .map(move |(at, _)| (at, and))
    });
    let words = places.filter_map(|(at, and)| {
        let (a, b) = (text.get(..at)?, text.get(at + and.len()..)?);
        let b_first = b.split([',', ';']).next().unwrap_or(b);
        let a_last = a.rsplit([',', ';']).next().unwrap_or(a);
        let is_name = |side: &str| looks_like_person(side) || is_agency(side);
        let fits = !WEAK_ANDS.contains(and)
            || (is_name(a_last) && is_name(b_first.split(" y ").next().unwrap_or(b_first)));
        fits.then_some((at, and.len(), Joint::And))
    });
    let dashes = [" – ", " — ", " - ", " // ", "--"]
        .iter()
        .filter_map(|dash| {
            let at = text.find(dash)?;
            Some((at, dash.len(), Joint::Aside))
        });
    marks
        .into_iter()
        .chain(words)
        .chain(dashes)
        .min_by_key(|(at, ..)| *at)
}

pub(super) fn trimmed(text: &str) -> &str {
    let text = text.trim_matches(|c: char| {
        !c.is_alphanumeric() && c != '.' && c != ')' && c != '》' && c != '《'
    });
    let text = text.trim_start_matches(['.', ')']);
    // A full stop stays with an initial or a short form.
    if text.ends_with('.') {
        let last = text
            .trim_end_matches('.')
            .rsplit(' ')
            .next()
            .unwrap_or_default();
        if last.chars().count() > 3 {
            return text.trim_end_matches('.');
        }
    }
    if text.contains('(') {
        text
    } else {
        text.trim_end_matches(')')
    }
}
