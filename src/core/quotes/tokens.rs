//! The text around a quotation as tokens: words with their clitics apart, marks, ends of sentences and
//! paragraphs, and in which quotation each stands. Knows no verb and no speaker.

use super::languages::dense_verb;
use std::ops::Range;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Word,
    Number,
    Comma,
    Colon,
    Dash,
    /// It may end a sentence.
    Stop,
    Open,
    Close,
    Other,
    /// The end of a paragraph.
    Break,
}

#[derive(Clone, Debug)]
pub(super) struct Token {
    /// Bytes of the article.
    pub range: Range<usize>,
    pub kind: Kind,
    pub lower: String,
    pub is_capital: bool,
    /// The quotation that it stands in, counted from 1; 0 in none.
    pub quoted: u32,
    pub sentence: u32,
    pub paragraph: u32,
    /// It stands in the quotation whose parts are looked for.
    pub is_content: bool,
    /// White space stands before it.
    pub is_apart: bool,
}

impl Token {
    pub fn is_word(&self) -> bool {
        self.kind == Kind::Word
    }
}

const ABBREVIATIONS: &[&str] = &[
    "mr", "mrs", "ms", "dr", "prof", "gen", "sen", "rep", "gov", "st", "jr", "sr", "lt", "col",
    "capt", "sgt", "rev", "hon", "no", "vs", "co", "inc", "corp", "ltd", "jan", "feb", "aug",
    "sept", "oct", "nov", "dec", "maj", "cmdr", "adm", "pres", "supt", "det", "atty", "u.s", "u.k",
    "u.n", "e.u", "d.c", "calif", "fla", "conn", "mass", "ala", "ariz", "ark", "colo", "del", "ga",
    "ill", "ind", "kan", "ky", "la", "md", "mich", "minn", "miss", "mo", "mont", "neb", "nev",
    "okla", "ore", "pa", "tenn", "tex", "va", "vt", "wash", "wis", "wyo", "messrs", "asst", "dept",
    "mt", "ft", "m", "mm",
];

const CLITICS: &[&str] = &[
    "'s", "'m", "'re", "'ve", "'ll", "'d", "’s", "’m", "’re", "’ve", "’ll", "’d",
];

fn is_letter(c: char) -> bool {
    c.is_alphanumeric()
        || matches!(c, '\u{300}'..='\u{36f}' | '\u{64b}'..='\u{65f}' | '\u{900}'..='\u{97f}' | '\u{200c}' | '\u{200d}')
}

fn char_at(text: &str, at: usize) -> Option<char> {
    text.get(at..)?.chars().next()
}

/// Tokens of a part of the text, and for each quotation in it the one that it stands in; `content` are
/// the ranges of what was said, in order.
pub(super) fn tokens(
    text: &str,
    part: Range<usize>,
    content: &[Range<usize>],
) -> (Vec<Token>, Vec<u32>) {
    let mut found: Vec<Token> = Vec::new();
    let mut at = part.start;
    let mut is_apart = true;
    while at < part.end {
        let Some(c) = char_at(text, at) else { break };
        let start = at;
        let next = at + c.len_utf8();
        if c == '\n' {
            at = next;
            if found.last().is_some_and(|last| last.kind != Kind::Break) {
                push(&mut found, text, start..next, Kind::Break, true, content);
            }
            is_apart = true;
            continue;
        }
        if c.is_whitespace() {
            at = next;
            is_apart = true;
            continue;
        }
        let kind = if is_letter(c)
            || c == '@'
            || c == '#'
            || c == '$' && char_at(text, next).is_some_and(is_letter)
        {
            at = if is_dense(c) {
                dense_end(text, start, part.end)
            } else {
                word_end(text, start, part.end)
            };
            let word = text.get(start..at).unwrap_or("");
            if word.chars().any(char::is_alphabetic) {
                Kind::Word
            } else {
                Kind::Number
            }
        } else {
            at = next;
            let before = text
                .get(..start)
                .and_then(|s| s.chars().next_back())
                .unwrap_or('\n');
            let after = char_at(text, next).unwrap_or('\n');
            mark(c, before, after)
        };
        if matches!(c, '\'' | '’') && kind == Kind::Other {
            // A clitic, or an apostrophe.
            let rest = text.get(start..part.end).unwrap_or("");
            if let Some(clitic) = CLITICS.iter().find(|clitic| {
                rest.starts_with(**clitic)
                    && !rest
                        .get(clitic.len()..)
                        .and_then(|r| r.chars().next())
                        .is_some_and(is_letter)
            }) {
                at = start + clitic.len();
                push(&mut found, text, start..at, Kind::Word, is_apart, content);
                is_apart = false;
                continue;
            }
        }
        push(&mut found, text, start..at, kind, is_apart, content);
        is_apart = false;
    }
    let around = quotations(text, &mut found);
    sentences(&mut found);
    (found, around)
}

fn push(
    found: &mut Vec<Token>,
    text: &str,
    range: Range<usize>,
    kind: Kind,
    is_apart: bool,
    content: &[Range<usize>],
) {
    let word = text.get(range.clone()).unwrap_or("");
    let is_capital = word
        .chars()
        .find(|c| c.is_alphabetic())
        .is_some_and(char::is_uppercase);
    let is_content = content
        .iter()
        .any(|c| c.start <= range.start && range.start < c.end);
    found.push(Token {
        lower: word.to_lowercase(),
        range,
        kind,
        is_capital,
        quoted: 0,
        sentence: 0,
        paragraph: 0,
        is_content,
        is_apart,
    });
}

/// Without spaces between words.
fn is_dense(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}')
}

/// Where words are not set apart: to the next word of reporting, or that word itself.
fn dense_end(text: &str, start: usize, end: usize) -> usize {
    let rest = text.get(start..end).unwrap_or("");
    if let Some(length) = dense_verb(rest) {
        return start + length;
    }
    let mut chars = rest.char_indices().peekable();
    let mut at = 0;
    while let Some((i, c)) = chars.next() {
        let next = chars.peek().map(|(_, c)| *c);
        let marks = matches!(next, Some('「' | '『' | '、' | '“' | '，'));
        let is_particle = matches!(c, 'は' | 'が' | 'も' | 'と') && (marks || c == 'と');
        let here = rest.get(i..).unwrap_or("");
        if !is_letter(c) || i > 0 && (is_particle || dense_verb(here).is_some()) {
            break;
        }
        at = i + c.len_utf8();
    }
    start + at.max(rest.chars().next().map_or(1, char::len_utf8))
}

/// Letters and digits; hyphens, full stops and apostrophes within; a clitic stays outside.
fn word_end(text: &str, start: usize, end: usize) -> usize {
    let mut at = start;
    let mut chars = text.get(start..end).unwrap_or("").char_indices().peekable();
    let mut before = ' ';
    while let Some((i, c)) = chars.next() {
        let next = chars.peek().map(|(_, c)| *c);
        let inside = next.is_some_and(is_letter);
        let here = start + i;
        let goes_on = is_letter(c)
            || i == 0
            || matches!(c, '-' | '‑' | '.' | '@' | '_' | '/' | '&')
                && inside
                && before.is_alphanumeric()
            || matches!(c, ',')
                && before.is_ascii_digit()
                && next.is_some_and(|n| n.is_ascii_digit());
        let apostrophe = matches!(c, '\'' | '’') && inside && i > 0;
        if apostrophe {
            let rest = text.get(here..end).unwrap_or("");
            let is_clitic = CLITICS.iter().any(|clitic| {
                rest.starts_with(*clitic)
                    && !rest
                        .get(clitic.len()..)
                        .and_then(|r| r.chars().next())
                        .is_some_and(is_letter)
            });
            if is_clitic {
                break;
            }
        } else if !goes_on {
            // The full stop of an abbreviation is part of it: “U.S.”, “J.”
            break;
        }
        at = here + c.len_utf8();
        before = c;
    }
    at.max(start + 1)
}

fn mark(c: char, before: char, after: char) -> Kind {
    let opens = before.is_whitespace()
        || matches!(
            before,
            '(' | '[' | '—' | '–' | '-' | '“' | '"' | '‘' | '\'' | '«' | ':'
        );
    match c {
        '“' | '„' | '«' | '「' | '『' | '‹' | '‚' => Kind::Open,
        '”' | '»' | '」' | '』' | '›' => Kind::Close,
        '"' => {
            if opens && !after.is_whitespace() {
                Kind::Open
            } else {
                Kind::Close
            }
        }
        '‘' | '\'' | '’' if opens && after.is_alphanumeric() && c != '’' => Kind::Open,
        '\'' | '’' if !after.is_alphanumeric() && !before.is_whitespace() => Kind::Close,
        ',' | '،' | '，' | '、' | ';' | '؛' => Kind::Comma,
        ':' | '：' => Kind::Colon,
        '—' | '–' | '―' => Kind::Dash,
        '-' if before.is_whitespace() => Kind::Dash,
        '.' | '!' | '?' | '。' | '！' | '？' | '؟' | '…' | '।' | '۔' => Kind::Stop,
        _ => Kind::Other,
    }
}

fn is_single(mark: &str) -> bool {
    matches!(mark, "'" | "‘" | "’" | "‚")
}

/// In which quotation each token stands. A mark that none answers in its paragraph counts for the rest of
/// it when it is a double one, as where a quotation runs on, and for nothing otherwise.
fn quotations(text: &str, found: &mut [Token]) -> Vec<u32> {
    let mut open: Vec<(usize, u32)> = Vec::new();
    let mut count = 0;
    let mut parents: Vec<u32> = vec![0];
    let mut voided: Vec<u32> = Vec::new();
    for at in 0..found.len() {
        let Some(token) = found.get(at) else { break };
        let word = text.get(token.range.clone()).unwrap_or("");
        let innermost = open.last().map_or(0, |(_, id)| *id);
        match token.kind {
            Kind::Break => {
                for (start, id) in open.drain(..) {
                    let is_small = found.get(start).is_some_and(|t| is_single(&t.lower));
                    if is_small {
                        voided.push(id);
                    }
                }
            }
            Kind::Open
                if word == "“"
                    && open
                        .iter()
                        .any(|(s, _)| found.get(*s).is_some_and(|t| t.lower == "„")) =>
            {
                if let Some(token) = found.get_mut(at) {
                    token.kind = Kind::Close;
                }
                set(found, at, innermost);
                open.pop();
            }
            Kind::Open => {
                count += 1;
                parents.push(innermost);
                open.push((at, count));
                set(found, at, count);
            }
            Kind::Close => {
                let small = is_single(word);
                let partner = open.iter().rposition(|(s, _)| {
                    found.get(*s).is_some_and(|t| is_single(&t.lower) == small)
                });
                match partner {
                    Some(partner) => {
                        let id = open.get(partner).map_or(0, |(_, id)| *id);
                        set(found, at, id);
                        open.truncate(partner);
                    }
                    // An apostrophe, or a straight mark that opens without looking so.
                    None if small => set(found, at, innermost),
                    None => {
                        set(found, at, innermost);
                    }
                }
            }
            _ => set(found, at, innermost),
        }
    }
    for token in found.iter_mut() {
        while voided.contains(&token.quoted) {
            token.quoted = parents.get(token.quoted as usize).copied().unwrap_or(0);
        }
    }
    parents
}

fn set(found: &mut [Token], at: usize, quoted: u32) {
    if let Some(token) = found.get_mut(at) {
        token.quoted = quoted;
    }
}

fn closes_sentence(token: &Token) -> bool {
    token.kind == Kind::Close || matches!(token.lower.as_str(), ")" | "]")
}

/// Sentences and paragraphs, counted. Marks that close a quotation belong to the sentence before them.
fn sentences(found: &mut [Token]) {
    let mut ends: Vec<usize> = Vec::new();
    for (at, token) in found.iter().enumerate() {
        if token.kind != Kind::Stop {
            continue;
        }
        let rest = found.get(at + 1..).unwrap_or(&[]);
        let closers = rest.iter().take_while(|t| closes_sentence(t)).count();
        let after = rest.get(closers);
        let is_end =
            after.is_none_or(|n| n.is_apart || n.kind == Kind::Break) || !token.lower.is_ascii();
        let is_shortened = token.lower == "." && closers == 0 && !token.is_apart && {
            let before = at.checked_sub(1).and_then(|b| found.get(b));
            let before = before.filter(|b| {
                ABBREVIATIONS.contains(&b.lower.as_str())
                    || b.is_capital && (b.lower.chars().count() == 1 || b.lower.contains('.'))
            });
            before.is_some() && after.is_some_and(|a| a.kind != Kind::Break)
        };
        let goes_on = after.is_some_and(|n| {
            let first = n.lower.chars().next();
            n.kind == Kind::Comma
                || n.is_word() && !n.is_capital && first.is_some_and(char::is_lowercase)
        });
        if is_end && !is_shortened && !goes_on {
            ends.push(at + closers);
        }
    }
    let (mut sentence, mut paragraph) = (0, 0);
    let mut ends = ends.into_iter().peekable();
    let mut announces = false;
    for (at, token) in found.iter_mut().enumerate() {
        token.sentence = sentence;
        token.paragraph = paragraph;
        if token.kind == Kind::Break {
            // “He said:” and what he said below it are one sentence.
            sentence += u32::from(!announces);
            paragraph += 1;
        }
        announces = token.kind == Kind::Colon;
        while ends.next_if(|end| *end <= at).is_some() {
            sentence += 1;
        }
    }
}
