//! The shape of names: what looks like that of a person, and what two of them look like as one.

use super::lists::{AGENCIES, BEGINNINGS, NOBODY, PARTICLES, ROLES, has};
use super::words::fold;

pub(super) fn has_case(c: char) -> bool {
    c.is_lowercase() || c.is_uppercase()
}

pub(super) fn is_agency(text: &str) -> bool {
    has(AGENCIES, &fold(text))
}

/// “Code Sync Code Sync” is one name.
pub(super) fn halved(name: &str) -> String {
    let words: Vec<&str> = name.split_whitespace().collect();
    if words.len() >= 4
        && words.len().is_multiple_of(2)
        && let Some((first, second)) = words.split_at_checked(words.len() / 2)
        && first == second
    {
        return first.join(" ");
    }
    words.join(" ")
}

/// “Ana LundJan Holm” is two names.
pub(super) fn unglued(name: &str) -> Vec<String> {
    let mut last: Option<char> = None;
    for (at, c) in name.char_indices() {
        if c.is_uppercase() && last.is_some_and(char::is_lowercase) {
            let (first, second) = name.split_at(at);
            let word = first
                .rsplit([' ', '-', '\'', '’'])
                .next()
                .unwrap_or_default();
            if !has(BEGINNINGS, &word.to_lowercase())
                && looks_like_person(first)
                && looks_like_person(second)
            {
                let mut names = vec![first.trim().to_owned()];
                names.extend(unglued(second));
                return names;
            }
        }
        last = Some(c);
    }
    vec![name.to_owned()]
}

pub(super) fn is_wide(c: char) -> bool {
    matches!(c, '\u{2E80}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7AF}' | '\u{F900}'..='\u{FAFF}')
}

/// Whether a text has the shape of a person’s full name.
pub(super) fn looks_like_person(text: &str) -> bool {
    let text = text.trim();
    let chars = text.chars().count();
    if !(2..=60).contains(&chars)
        || text
            .chars()
            .any(|c| c.is_numeric() || ":?!@#_/\\|=<>{}%€$£*…".contains(c))
    {
        return false;
    }
    let wide = text.chars().filter(|c| is_wide(*c)).count();
    if wide > 0 {
        // A name and not a sentence.
        let most = if text.contains(['・', ' ', '·']) {
            16
        } else {
            8
        };
        return wide * 2 >= chars && chars <= most && !text.contains(['。', '，', '的', '《']);
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    if !(2..=6).contains(&words.len()) {
        return false;
    }
    let cased = text.chars().any(has_case);
    if !cased {
        return words.len() <= 5;
    }
    let is_capital = |word: &str| {
        let word = word.trim_start_matches(|c: char| !c.is_alphanumeric());
        word.starts_with(|c: char| c.is_uppercase() || !has_case(c))
    };
    let mut capitals = 0;
    for (at, word) in words.iter().enumerate() {
        if is_capital(word) || word.starts_with("d'") || word.starts_with("d’") {
            capitals += 1;
        } else if !has(PARTICLES, word) || at + 1 == words.len() {
            return false;
        }
    }
    let last_small = words.iter().any(|word| {
        let folded = fold(word);
        has(NOBODY, &folded)
            && folded.len() > 3
            && !matches!(folded.as_str(), "link" | "line" | "gast" | "plus" | "live")
    });
    capitals >= 2 && !last_small
}

/// A name of one word, where names are to be expected.
pub(super) fn looks_like_one_word(text: &str) -> bool {
    let mut words = text.split_whitespace();
    let (Some(word), None) = (words.next(), words.next()) else {
        return false;
    };
    let chars = word.chars().count();
    (3..=30).contains(&chars)
        && word.starts_with(|c: char| c.is_uppercase() || !has_case(c))
        && word.chars().all(|c| c.is_alphabetic() || "-'’.".contains(c))
        // A degree, a short form.
        && (chars > 5 || word.chars().any(|c| !c.is_ascii_uppercase()))
        && !is_role(word)
}

/// What somebody is, and not who.
pub(super) fn is_role(text: &str) -> bool {
    let lower = text.to_lowercase();
    let first = lower.split_whitespace().next().unwrap_or_default();
    let is_kind = |word: &str| {
        has(ROLES, word)
            || [
                "redakteur",
                "redakteurin",
                "korrespondent",
                "korrespondentin",
            ]
            .iter()
            .any(|end| word.ends_with(end))
    };
    matches!(
        first,
        "senior" | "chief" | "deputy" | "managing" | "associate" | "assistant" | "contributing"
    ) || lower
        .split(|c: char| !c.is_alphanumeric() && c != '.')
        .any(is_kind)
}
