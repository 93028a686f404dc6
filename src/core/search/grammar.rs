//! The words of queries: names of conditions, operators, and what stands for itself without quotation
//! marks.
//!
//! Both reading and writing ask here, so that what is written is read again. Knows no query.

/// Names of conditions, in the order in which they are offered, with what each is for.
pub const CONDITIONS: [(&str, &str); 17] = [
    (
        "in",
        "inside annotations: in:quote, in:any, in:quote[kind=direct]",
    ),
    ("outside", "outside annotations: outside:quote, outside:any"),
    (
        "label",
        "annotations themselves: label:quote, label:quote[kind=direct]",
    ),
    ("is", "is:annotation finds annotations of any label"),
    ("annotator", "whose annotation it is"),
    (
        "note",
        "words of the annotation’s note; note:any for any note",
    ),
    ("speaker", "who is named by an attribute of the annotation"),
    ("made", "when the annotation was made: made:2024-05"),
    (
        "near",
        "close to each other: near:4 for four words between, near:sentence, near:paragraph",
    ),
    ("outlet", "the article’s outlet; * stands for anything"),
    ("author", "the article’s author, or a part of it"),
    ("title", "words of the article’s title"),
    (
        "date",
        "when the article was published: date:2024, date:2024-05..2024-06",
    ),
    ("language", "the article’s language"),
    ("section", "the article’s section"),
    ("status", "how far you are with the article"),
    ("set", "articles of a set"),
];

/// Conditions that are fields of the metadata, under their own names.
pub const FIELDS: [&str; 4] = ["outlet", "author", "language", "section"];

pub(super) fn operator(word: &str) -> Option<&'static str> {
    Some(match word {
        "and" | "AND" => "and",
        "or" | "OR" => "or",
        "not" | "NOT" => "not",
        _ => return None,
    })
}

/// Whether a text is read as one word again.
pub(super) fn is_bare_word(word: &str) -> bool {
    operator(word).is_none()
        && !word.is_empty()
        && !word.starts_with('/')
        && !word.contains(|c: char| c.is_whitespace() || is_special(c))
        && name_before_colon(word).is_none()
}

pub(super) fn is_bare_name(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(char::is_alphabetic) && chars.all(is_of_name)
}

pub(super) fn is_bare_value(value: &str) -> bool {
    // Slashes behind a colon would make an address of it.
    !value.is_empty() && !value.starts_with("//") && value.chars().all(is_of_value)
}

pub(super) fn is_of_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-' | '.')
}

pub(super) fn is_of_value(c: char) -> bool {
    !c.is_whitespace() && !is_special(c) && !matches!(c, ',' | '[' | ']' | '=' | '!')
}

pub(super) fn is_special(c: char) -> bool {
    matches!(c, '(' | ')' | '"' | '“' | '”' | '„')
}

/// The name that a word begins with, when it is one of a condition: something must stand behind the
/// colon, and no second slash of an address.
pub(super) fn name_before_colon(word: &str) -> Option<&str> {
    let (name, rest) = word.split_once(':')?;
    let is_known = CONDITIONS.iter().any(|(known, _)| *known == name);
    let is_one = is_bare_name(name) && !rest.starts_with("//") && (is_known || !rest.is_empty());
    is_one.then_some(name)
}
