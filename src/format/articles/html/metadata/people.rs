//! Names in texts that credit someone: people, agencies, newsrooms.
//!
//! Knows words that stand in bylines and are no names, in the languages that newspapers are most
//! read in. What is neither a name by its shape nor a credit that is known is left out.

use super::credits::NAME;
use super::lists::{
    AGENCIES, BEFORE_ROLES, CALENDAR, CITIES, CUTS, LABELS, NEWSROOMS, NEWSROOMS_WIDE, NOBODY,
    PICTURES, ROLES, has,
};
use super::pieces::{Joint, Piece, pieces_of, trimmed};
use super::shape::{
    halved, has_case, is_agency, is_role, is_wide, looks_like_one_word, looks_like_person, unglued,
};
use super::words::fold;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Person,
    Agency,
    /// A signature of those who write together: “Redaktion”, “BBC News Staff”.
    Newsroom,
    /// The outlet itself.
    Outlet,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Credited {
    pub(super) name: String,
    pub(super) kind: Kind,
}

/// What is known of the page that a byline may say beside names.
#[derive(Clone, Debug, Default)]
pub(super) struct Around {
    /// Names of the outlet, folded.
    pub(super) outlets: Vec<String>,
    /// The section, the headline and the like, folded.
    pub(super) not_names: Vec<String>,
}

/// How far a text is trusted to hold names and nothing else.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Trust {
    /// A field for authors.
    Told,
    /// A line of the page.
    Read,
}

/// The rest of a text behind a word that announces names; `None` where none does.
pub(super) fn after_label(text: &str) -> Option<&str> {
    let text = text.trim_start_matches(|c: char| !c.is_alphanumeric());
    let lower = text
        .get(..text.ceil_char_boundary(text.len().min(60)))?
        .to_lowercase();
    LABELS.iter().find_map(|label| {
        if !lower.starts_with(label) {
            return None;
        }
        // Lower case may have another length than what it came from.
        let rest: String = text.chars().take(label.chars().count()).collect();
        let rest = text.get(rest.len()..)?;
        let rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == ':');
        let begins = rest.chars().next()?;
        let is_word = label.ends_with(' ') && !label.contains("by");
        (!is_word || begins.is_uppercase() || !has_case(begins)).then_some(rest)
    })
}

/// So much is read of a text that credits people; the names of twenty are shorter.
const MAX_BYTES: usize = 2_000;

/// What is credited in a text, in its order, each once.
pub(super) fn credited(text: &str, trust: Trust, around: &Around) -> Vec<Credited> {
    let mut found: Vec<Credited> = Vec::new();
    let end = text.floor_char_boundary(MAX_BYTES);
    let text = text.get(..end).unwrap_or(text);
    let lines: Vec<Line> = text
        .split(['\n', '|', '·', '•', '●', '▪', '\u{2028}'])
        .map(|line| of_line(line, trust, around))
        .collect();
    // Where some names are announced or marked, what else looks like one is none.
    let is_sure = lines
        .iter()
        .any(|line| line.is_sure && !line.found.is_empty());
    for line in lines {
        for credit in line.found {
            if is_sure && !line.is_sure && credit.kind == Kind::Person && trust == Trust::Read {
                continue;
            }
            match credit.kind {
                Kind::Person => {
                    for name in unglued(&credit.name) {
                        let kind = Kind::Person;
                        add(&mut found, Credited { name, kind });
                    }
                }
                _ => add(&mut found, credit),
            }
        }
    }
    found.truncate(30);
    found
}

/// Adds a name that is not there yet, be it with other accents or without blanks.
pub(super) fn add(found: &mut Vec<Credited>, credit: Credited) {
    let folded = fold(&credit.name);
    if !found.iter().any(|known| fold(&known.name) == folded) {
        found.push(credit);
    }
}

/// Where the names of a line end: what follows is said of pictures.
fn before_pictures(line: &str) -> &str {
    let lower = line.to_lowercase();
    if lower.len() != line.len() {
        return line;
    }
    let cut = PICTURES.iter().filter_map(|said| {
        let mut places = lower.match_indices(said);
        places.find_map(|(at, _)| {
            let before = lower.get(..at)?.chars().next_back();
            (!before.is_some_and(char::is_alphanumeric) || !said.is_ascii()).then_some(at)
        })
    });
    line.get(..cut.min().unwrap_or(line.len())).unwrap_or(line)
}

/// What a line credits, and whether the page says that it does.
struct Line {
    found: Vec<Credited>,
    is_sure: bool,
}

fn of_line(line: &str, trust: Trust, around: &Around) -> Line {
    let line = before_pictures(line.trim());
    if let Some(credit) = whole(line, around) {
        return Line {
            found: vec![credit],
            is_sure: false,
        };
    }
    if trust == Trust::Told
        && let Some(credit) = turned(line)
    {
        return Line {
            found: vec![credit],
            is_sure: true,
        };
    }
    let mut is_sure = false;
    let mut found = Vec::new();
    let mut pieces = pieces_of(line);
    for at in (0..pieces.len()).rev() {
        let Some(piece) = pieces.get_mut(at) else {
            continue;
        };
        if let Some((head, tail)) = before_agency(&piece.text, around) {
            let last = Piece {
                text: tail,
                joint: Joint::Aside,
                is_marked: false,
            };
            piece.text = head;
            pieces.insert(at + 1, last);
        }
    }
    let has_mark = pieces.iter().any(|piece| piece.is_marked);
    // Whether names are to be expected here.
    let mut goes_on = trust == Trust::Told;
    for piece in &pieces {
        let (text, has_label) = unlabelled(&piece.text);
        goes_on |= has_label;
        if text.is_empty() {
            continue;
        }
        let Some((name, kind)) = kind_of(text, trust, piece.is_marked, around) else {
            if !is_role(text) {
                goes_on &= found.is_empty();
            }
            continue;
        };
        let is_likely = has_label
            || piece.is_marked
            || match (kind, piece.joint) {
                (Kind::Agency | Kind::Outlet, _) | (_, Joint::Start) => true,
                // “Ana Lund, Oslo”: a place, in whatever field.
                (Kind::Person, Joint::Comma) if !name.contains(' ') && !found.is_empty() => {
                    name.chars().any(is_wide)
                }
                _ if trust == Trust::Told => true,
                (_, Joint::And) => !found.is_empty() || goes_on,
                // “Sports Desk” behind a name is where somebody works.
                (Kind::Newsroom, Joint::Comma) => found.is_empty(),
                // Behind a name that is marked stands what somebody is.
                (_, Joint::Comma) => goes_on && !has_mark,
                (_, Joint::Aside) => goes_on && found.is_empty(),
            };
        if is_likely {
            goes_on = true;
            is_sure |= has_label || piece.is_marked;
            found.push(Credited { name, kind });
        }
    }
    Line { found, is_sure }
}

/// “Ana Lund Associated Press”: a name, and behind it whom they write for.
fn before_agency(text: &str, around: &Around) -> Option<(String, String)> {
    let words: Vec<&str> = text.split_whitespace().collect();
    (1..=3).rev().find_map(|count| {
        let (head, tail) = words.split_at_checked(words.len().checked_sub(count)?)?;
        let (head, tail) = (head.join(" "), tail.join(" "));
        // Short names of agencies are surnames too, unless they are written as none is.
        let is_sure = count > 1 || tail.chars().all(|c| !c.is_lowercase()) || tail == "dpa";
        let is_other = is_outlet(&tail, around) || (is_sure && is_agency(&tail));
        let is_caps = head.chars().all(|c| !c.is_lowercase()) && count == 1;
        (is_other && !is_caps && looks_like_person(&head)).then_some((head, tail))
    })
}

/// “Lund, Ana” as it is read.
fn turned(line: &str) -> Option<Credited> {
    let (last, first) = line.split_once(',')?;
    let (last, first) = (last.trim(), first.trim());
    let is_one = looks_like_one_word(last) && looks_like_one_word(first.split(' ').next()?);
    let name = format!("{first} {last}");
    let is_name = is_one && first.split(' ').count() <= 2 && looks_like_person(&name);
    let kind = Kind::Person;
    let is_other = [last, first]
        .iter()
        .any(|part| is_agency(part) || is_role(part));
    (is_name && !is_other).then_some(Credited { name, kind })
}

/// A piece of a line without the words that announce names, and whether there were any.
fn unlabelled(piece: &str) -> (&str, bool) {
    let mut text = piece;
    let mut has_label = false;
    while let Some(rest) = after_label(text) {
        text = trimmed(rest);
        has_label = true;
    }
    let folded = fold(text);
    if LABELS.iter().any(|label| fold(label) == folded) {
        return ("", true);
    }
    (text, has_label)
}

/// A credit that is not to be taken apart: an agency, or the outlet with what it worked from.
fn whole(line: &str, around: &Around) -> Option<Credited> {
    let line = line.replace(NAME, "");
    let (line, _) = unlabelled(trimmed(&line));
    if line.is_empty() || line.chars().count() > 60 {
        return None;
    }
    let credited = |kind| {
        Some(Credited {
            name: line.to_owned(),
            kind,
        })
    };
    if is_outlet(line, around) {
        return credited(Kind::Outlet);
    }
    if is_agency(line) {
        return credited(Kind::Agency);
    }
    // “Le Monde avec AFP” signs as one.
    for with in [
        " avec ", " with ", " mit ", " con ", " med ", " met ", " et ", " and ", " und ", " e ",
        " y ",
    ] {
        if let Some((head, tail)) = line.split_once(with)
            && (is_outlet(head, around) || is_newsroom(head, around))
            && tail.split(['/', ',']).all(is_agency)
        {
            return credited(Kind::Newsroom);
        }
    }
    None
}

fn is_outlet(text: &str, around: &Around) -> bool {
    let folded = fold(text);
    let bare = folded.strip_prefix("the").unwrap_or(&folded);
    !bare.is_empty()
        && around.outlets.iter().any(|outlet| {
            let outlet = outlet.strip_prefix("the").unwrap_or(outlet);
            outlet == bare
        })
}

/// A newsroom's signature; what is only a role (“staff writer”) is none.
fn is_newsroom(text: &str, around: &Around) -> bool {
    let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
    if NEWSROOMS_WIDE.iter().any(|word| text.contains(word)) {
        return text.chars().count() <= 20;
    }
    if words.len() > 6 {
        return false;
    }
    let parts = || {
        words
            .iter()
            .flat_map(|word| word.split(['-', '/', '.']).chain([word.as_str()]))
    };
    if !parts().any(|word| has(NEWSROOMS, word)) {
        return false;
    }
    let rest = words
        .iter()
        .filter(|word| !has(BEFORE_ROLES, word) && !has(ROLES, word));
    let is_english_role = words.iter().any(|word| {
        matches!(
            word.as_str(),
            "staff" | "editors" | "reporters" | "correspondents" | "team" | "editorial" | "bureau"
        )
    });
    // “Staff” alone, “Senior Staff Writer”: a role. “AOL Staff”: who signs.
    !is_english_role
        || rest
            .clone()
            .any(|word| !has(NEWSROOMS, word) && !matches!(word.as_str(), "the" | "our"))
        || is_outlet(text, around)
        || words.iter().any(|word| word == "board")
}

/// What a piece of a byline is, and the name in it.
fn kind_of(piece: &str, trust: Trust, is_marked: bool, around: &Around) -> Option<(String, Kind)> {
    let piece = before_date(piece);
    let folded = fold(piece);
    let chars = piece.chars().count();
    let is_nobody = has(NOBODY, &folded) || has(CALENDAR, &folded);
    if folded.is_empty() || chars > 80 || is_nobody {
        return None;
    }
    if is_outlet(piece, around) {
        return Some((piece.to_owned(), Kind::Outlet));
    }
    if has(AGENCIES, &folded) {
        return Some((piece.to_owned(), Kind::Agency));
    }
    if around.not_names.contains(&folded) || has(CITIES, &folded) || is_address(piece) {
        return None;
    }
    if is_newsroom(piece, around) {
        return Some((piece.to_owned(), Kind::Newsroom));
    }
    let mut name = without_role(piece);
    for cut in CUTS {
        if let Some((head, tail)) = name.split_once(cut)
            && looks_like_person(head)
            && tail.starts_with(|c: char| c.is_uppercase() || !has_case(c))
        {
            name = head.trim().to_owned();
        }
    }
    let name = halved(&name);
    if is_outlet(&name, around) {
        return Some((name, Kind::Outlet));
    }
    if is_role(&name) {
        return None;
    }
    let is_short = trust == Trust::Told || is_marked;
    (looks_like_person(&name) || (is_short && looks_like_one_word(&name)))
        .then_some((name, Kind::Person))
}

/// A piece without what is counted or dated in it.
fn before_date(piece: &str) -> &str {
    let cut = piece.find(|c: char| c.is_ascii_digit());
    let Some(mut head) = cut.and_then(|at| piece.get(..at)).map(trimmed) else {
        return piece;
    };
    while let Some((rest, last)) = head
        .rsplit_once(' ')
        .or((!head.is_empty()).then_some(("", head)))
        && has(CALENDAR, &fold(last))
    {
        head = trimmed(rest);
    }
    head
}

fn is_address(text: &str) -> bool {
    let lower = text.to_lowercase();
    lower.contains("http")
        || lower.contains("www.")
        || lower.contains('@')
        || lower.split_whitespace().any(|word| {
            let ends = [
                ".com", ".org", ".net", ".de", ".co.uk", ".fr", ".it", ".es", ".pl", ".ru", ".at",
                ".ch", ".nl", ".info", ".tv", ".eu", ".cz", ".html",
            ];
            ends.iter().any(|end| word.ends_with(end))
        })
}

/// A name without what somebody is, before or behind it.
fn without_role(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let lower: Vec<String> = words
        .iter()
        .map(|word| {
            word.to_lowercase()
                .trim_matches(|c: char| !c.is_alphanumeric())
                .to_owned()
        })
        .collect();
    let is_of_role = |at: usize| {
        lower
            .get(at)
            .is_some_and(|word| has(ROLES, word) || has(BEFORE_ROLES, word))
    };
    let is_role_word = |at: usize| lower.get(at).is_some_and(|word| has(ROLES, word));
    let (mut from, mut to) = (0, words.len());
    // “Senior Editor Ana Lund”
    let leading = (0..words.len()).take_while(|at| is_of_role(*at)).count();
    if leading > 0 && (0..leading).any(is_role_word) && words.len() - leading >= 2 {
        from = leading;
    }
    // “Ana Lund Senior Editor”
    if let Some(start) =
        (from + 2..words.len()).find(|at| is_of_role(*at) && (*at..words.len()).any(is_role_word))
    {
        to = start;
    }
    let mut name = words.get(from..to).unwrap_or_default().join(" ");
    for role in ["记者", "記者", "기자", "通讯员", "特派员", "報導", "报道"] {
        let bare = name.strip_suffix(role).or_else(|| name.strip_prefix(role));
        if let Some(bare) = bare.map(|bare| bare.trim().to_owned()) {
            name = bare;
        }
    }
    name
}

#[cfg(test)]
mod tests;
