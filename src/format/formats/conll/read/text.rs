//! Tokens to the text that they were taken from.

use super::{Document, Sentence, Token};
use std::ops::Range;

pub(super) struct Built {
    pub(super) text: String,
    /// Of each token: code points, half-open.
    pub(super) places: Vec<(usize, usize)>,
    /// Spaces were put where they usually stand.
    pub(super) is_guessed: bool,
}

/// The value of a key in CoNLL-U's `MISC`.
pub(super) fn misc_value<'a>(misc: &'a str, key: &str) -> Option<&'a str> {
    let mut pairs = misc.split('|').filter_map(|pair| pair.split_once('='));
    pairs.find(|(name, _)| *name == key).map(|(_, value)| value)
}

/// `SpaceAfter=No`, or `SpacesAfter` with its escapes.
pub(super) fn space_after(misc: &str) -> Option<String> {
    if let Some(spaces) = misc_value(misc, "SpacesAfter") {
        let spaces = spaces
            .replace("\\s", " ")
            .replace("\\n", "\n")
            .replace("\\t", "\t")
            .replace("\\r", "\r");
        return spaces.trim().is_empty().then_some(spaces);
    }
    (misc_value(misc, "SpaceAfter") == Some("No")).then(String::new)
}

pub(super) fn misc_offsets(misc: &str) -> Option<(usize, usize)> {
    let number = |key: &str| misc_value(misc, key)?.parse::<usize>().ok();
    let range = || {
        let (start, end) = misc_value(misc, "TokenRange")?.split_once(':')?;
        Some((start.parse().ok()?, end.parse().ok()?))
    };
    number("start_char").zip(number("end_char")).or_else(range)
}

/// Gaps before tokens when all of them have offsets that rise and are as wide as they are, and
/// there is not much more between them than they are themselves.
fn gaps_by_offsets(tokens: &[Token<'_>]) -> Option<Vec<usize>> {
    let mut end_before: Option<usize> = None;
    let mut gaps = Vec::with_capacity(tokens.len());
    let length: usize = tokens.iter().map(|token| token.form.len()).sum();
    let mut room = length * 4 + 1_000;
    for token in tokens {
        let (start, end) = token.offsets?;
        let gap = match end_before {
            None => 0,
            Some(before) => start.checked_sub(before)?,
        };
        room = room.checked_sub(gap)?;
        if end.checked_sub(start)? != token.form.chars().count() {
            return None;
        }
        gaps.push(gap);
        end_before = Some(end);
    }
    Some(gaps)
}

/// White space before each token of a sentence, as its `# text` has it.
fn gaps_in<'a>(text: &'a str, tokens: &[Token<'_>]) -> Option<Vec<&'a str>> {
    let mut rest = text;
    let mut gaps = Vec::with_capacity(tokens.len());
    for token in tokens {
        let trimmed = rest.trim_start();
        gaps.push(rest.get(..rest.len() - trimmed.len())?);
        rest = trimmed.strip_prefix(token.form)?;
    }
    rest.trim().is_empty().then_some(gaps)
}

pub(super) fn built(document: &Document<'_>) -> Built {
    let mut built = Built {
        text: String::new(),
        places: Vec::with_capacity(document.tokens.len()),
        is_guessed: false,
    };
    let offsets = gaps_by_offsets(&document.tokens);
    // Where some tokens have no space after them, all others have one.
    let says_spaces = document.tokens.iter().any(|t| t.space_after.is_some());
    let has_paragraphs = document.sentences.iter().any(|s| s.starts_paragraph);
    let mut chars = 0;
    let mut push = |gap: &str, form: &str, built: &mut Built| {
        built.text.push_str(gap);
        built.text.push_str(form);
        let start = chars + gap.chars().count();
        chars = start + form.chars().count();
        built.places.push((start, chars));
    };
    for (number, sentence) in document.sentences.iter().enumerate() {
        let range = tokens_of(document, number, sentence);
        let tokens = document.tokens.get(range.clone()).unwrap_or_default();
        let by_text = sentence.text.and_then(|text| gaps_in(text, tokens));
        for (at, token) in tokens.iter().enumerate() {
            let place = range.start + at;
            let before = place.checked_sub(1).and_then(|at| document.tokens.get(at));
            let told = before.and_then(|before| before.space_after.as_deref());
            let by_offset = offsets.as_ref().and_then(|gaps| gaps.get(place)).copied();
            let gap: String = match (before, at, by_offset) {
                (None, _, _) => String::new(),
                (_, 0, Some(gap)) => match (gap, has_paragraphs) {
                    (0, _) => String::new(),
                    (1, true) => " ".to_owned(),
                    (1, false) => "\n".to_owned(),
                    (gap, _) => format!("{}\n\n", " ".repeat(gap - 2)),
                },
                (_, _, Some(gap)) => " ".repeat(gap),
                (_, 0, None) => match (told, sentence.starts_paragraph, has_paragraphs) {
                    (Some(told), _, _) if told.contains('\n') => told.to_owned(),
                    (_, true, _) => "\n\n".to_owned(),
                    (Some(told), false, true) => told.to_owned(),
                    (None, false, true) => " ".to_owned(),
                    _ => "\n".to_owned(),
                },
                (Some(before), _, None) => {
                    match (by_text.as_ref().and_then(|gaps| gaps.get(at)), told) {
                        (Some(gap), _) => (*gap).to_owned(),
                        (None, Some(told)) => told.to_owned(),
                        (None, None) => {
                            built.is_guessed |= !says_spaces;
                            usual_gap(before.form, token.form, says_spaces).to_owned()
                        }
                    }
                }
            };
            push(&gap, token.form, &mut built);
        }
    }
    if !built.text.is_empty() {
        built.text.push('\n');
    }
    built
}

fn tokens_of(document: &Document<'_>, number: usize, sentence: &Sentence<'_>) -> Range<usize> {
    let next = document.sentences.get(number + 1);
    let end = next.map_or(document.tokens.len(), |next| next.first_token);
    sentence.first_token..end.max(sentence.first_token)
}

/// What usually stands between two tokens. Languages differ at quotation marks, so that these keep
/// their spaces.
fn usual_gap(before: &str, after: &str, says_spaces: bool) -> &'static str {
    let (Some(last), Some(first)) = (before.chars().next_back(), after.chars().next()) else {
        return "";
    };
    if says_spaces {
        return " ";
    }
    let mut rest = after.chars().skip(1);
    let is_ending = match first {
        '.' | ',' | ';' | ':' | '!' | '?' | '…' | '%' => !rest.any(char::is_alphanumeric),
        ')' | ']' | '}' | '。' | '，' | '、' => true,
        '\'' | '’' => rest.next().is_some_and(char::is_alphabetic) && after.chars().count() <= 3,
        _ => after == "n't" || after == "n’t",
    };
    let is_opening = matches!(last, '(' | '[' | '{') && before.chars().count() == 1;
    // An emoji that was cut into tokens.
    let is_joined = last == '\u{200D}' || matches!(first, '\u{200D}' | '\u{FE0F}');
    let is_dense = is_without_spaces(last) && is_without_spaces(first);
    if is_ending || is_opening || is_joined || is_dense {
        ""
    } else {
        " "
    }
}

/// Scripts that are written without spaces between words.
fn is_without_spaces(c: char) -> bool {
    matches!(c, '\u{E00}'..='\u{EFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}'
        | '\u{3000}'..='\u{30FF}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}'
        | '\u{FF00}'..='\u{FFEF}' | '\u{20000}'..='\u{3FFFF}')
}
