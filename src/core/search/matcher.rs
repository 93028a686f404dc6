//! One thing that is looked for, in one text: words or a regular expression to ranges.
//!
//! A match is no empty one, is widened to whole graphemes and does not overlap the one before.
//! Regular expressions find within lines, words across one line end. Time is linear in the text, and
//! whoever asks can stop it between stretches of it. Knows no articles.

use super::{Options, QueryError, fold};
use crate::core::text::segment::{grapheme_ceil, grapheme_floor, word_at};
use crate::core::text::{ArticleText, BytePos, ByteRange};
use regex::{Regex, RegexBuilder};
use std::ops::Range;
use std::sync::LazyLock;

/// The most matches in one text.
pub(super) const MAX_IN_TEXT: usize = 1_000_000;
/// It is asked so often, in bytes, whether to go on.
const STRIDE: usize = 1 << 20;
/// And so often in matches.
const MATCHES: usize = 4_096;
/// What a regular expression may take when it is compiled, in bytes.
const MAX_COMPILED: usize = 16 << 20;
/// Words of more letters than this are made ready in pieces, in bytes: each takes milliseconds.
const PIECE: usize = 240;
/// The most of them in a row.
const MAX_WORDS: usize = 8_000;

#[derive(Clone, Debug)]
pub(super) struct Matcher {
    regex: Regex,
    /// It may not cross the end of a line.
    is_pattern: bool,
    /// Its matches begin and end where words do.
    is_word: bool,
    /// What finds at least as much, and faster.
    fast: Option<Fast>,
    /// What follows, piece after piece, where these are the first of many words.
    rest: Vec<Regex>,
}

/// A regular expression without its boundaries of words: those ask about every letter in Unicode,
/// which the fast engines do not.
#[derive(Clone, Debug)]
struct Fast {
    regex: Regex,
    /// Where they were, if at the ends and nowhere else: then the ends of a match tell the rest.
    ends: Option<(Edge, Edge)>,
}

/// What must be at an end of a match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Edge {
    Free,
    /// A word begins or ends there, `\b`.
    Bound,
    /// No word goes on outside of it.
    Half,
}

impl Matcher {
    /// `None` when it was stopped.
    pub(super) fn words(
        words: &str,
        options: &Options,
        goes_on: &mut dyn FnMut() -> bool,
    ) -> Option<Result<Self, QueryError>> {
        let too_many = || {
            QueryError::at(
                0..words.len(),
                "these are more words than can be looked for at once",
            )
        };
        if words.len() > MAX_WORDS {
            return Some(Err(too_many()));
        }
        let mut regexes = Vec::new();
        for (n, piece) in pieces(words).into_iter().enumerate() {
            if !goes_on() {
                return None;
            }
            let (pattern, any_case) = match (options.fold, n) {
                (true, 0) => (fold::pattern(piece, options.case), false),
                (true, _) => (fold::pattern_behind(piece, options.case), false),
                (false, _) => (regex::escape(piece), !options.case),
            };
            let pattern = match n {
                0 => pattern,
                _ => format!(r"\A(?:{pattern})"),
            };
            match compiled(&pattern, any_case) {
                Ok(regex) => regexes.push(regex),
                Err(_too_big) => return Some(Err(too_many())),
            }
        }
        let mut regexes = regexes.into_iter();
        let first = regexes.next().ok_or_else(too_many);
        Some(first.map(|regex| Self {
            regex,
            is_pattern: false,
            is_word: options.word,
            fast: None,
            rest: regexes.collect(),
        }))
    }

    /// A regular expression, which stands at a place of the query.
    pub(super) fn pattern(
        pattern: &str,
        at: Range<usize>,
        options: &Options,
    ) -> Result<Self, QueryError> {
        let plain = compiled(pattern, !options.case).map_err(|error| told(&error, pattern, at))?;
        let bare = without_bounds(pattern);
        let fast_of = |bare: &str, ends| {
            let regex = compiled(bare, !options.case).ok()?;
            Some(Fast { regex, ends })
        };
        let bounded = format!(r"\b{{start-half}}(?:{pattern})\b{{end-half}}");
        let bounded = options.word.then(|| compiled(&bounded, !options.case).ok());
        let (regex, fast) = match (bounded.flatten(), bare) {
            (Some(bounded), None) => {
                let ends = Some((Edge::Half, Edge::Half));
                (bounded, Some(Fast { regex: plain, ends }))
            }
            (Some(bounded), Some((bare, _))) => (bounded, fast_of(&bare, None)),
            (None, Some((bare, ends))) => (plain, fast_of(&bare, ends)),
            (None, None) => (plain, None),
        };
        Ok(Self {
            regex,
            is_pattern: true,
            is_word: false,
            fast,
            rest: Vec::new(),
        })
    }

    /// `None` when it was stopped.
    pub(super) fn find(
        &self,
        text: &ArticleText,
        goes_on: &mut dyn FnMut() -> bool,
    ) -> Option<Vec<ByteRange>> {
        let all = text.as_str();
        let mut found: Vec<ByteRange> = Vec::new();
        let mut from = 0;
        let mut asked = 0;
        // Ends of lines are looked for once each: a line may be as long as the text.
        let mut stretch_end: Option<usize> = None;
        let mut line_end: Option<usize> = None;
        while from <= all.len() && found.len() < MAX_IN_TEXT {
            if asked <= from || found.len() % MATCHES == MATCHES - 1 {
                if !goes_on() {
                    return None;
                }
                asked = from + STRIDE;
            }
            // Words may lie across the end of a stretch, but they are found fast.
            let to = match stretch_end.filter(|end| from <= *end) {
                Some(known) => known,
                None if self.is_pattern => end_of_line(all, from.saturating_add(STRIDE)),
                None => all.len(),
            };
            stretch_end = Some(to);
            let stretch = all.get(..to).unwrap_or(all);
            let fast = self.fast.as_ref().map_or(&self.regex, |fast| &fast.regex);
            let Some(hit) = fast.find_at(stretch, from) else {
                from = to + 1;
                continue;
            };
            let (mut start, mut end) = (hit.start(), hit.end());
            let is_sure = !self.is_pattern
                || (memchr::memchr(b'\n', hit.as_str().as_bytes()).is_none()
                    && self
                        .fast
                        .as_ref()
                        .is_none_or(|fast| fast.is_sure(all, start, end)));
            if !is_sure {
                // What is leftmost in the line is what it finds with the line's end as its own.
                let known = line_end.filter(|end| start <= *end);
                let end_of_it = known.unwrap_or_else(|| end_of_line(all, start));
                line_end = Some(end_of_it);
                let line = all.get(..end_of_it).unwrap_or(all);
                match self.regex.find_at(line, start) {
                    Some(hit) => (start, end) = (hit.start(), hit.end()),
                    None => {
                        from = end_of_it + 1;
                        continue;
                    }
                }
            }
            match self.end_of_rest(all, end) {
                Some(rest) => end = rest,
                None => {
                    from = after(all, start);
                    continue;
                }
            }
            if start == end {
                from = after(all, end);
                continue;
            }
            // A mark over the last letter is of the word.
            let (first, last) = (BytePos(start as u32), BytePos(end as u32));
            let wide = ByteRange::new(grapheme_floor(text, first), grapheme_ceil(text, last));
            let (first, last) = (wide.start.as_usize(), wide.end.as_usize());
            if self.is_word && !is_whole(text, first, last) {
                from = after(all, start);
                continue;
            }
            match found.last_mut() {
                Some(before) if wide.start < before.end => before.end = before.end.max(wide.end),
                _ => found.push(wide),
            }
            from = end;
        }
        Some(found)
    }

    /// Where the words end that begin with what was found up to here, if the others follow.
    fn end_of_rest(&self, text: &str, mut end: usize) -> Option<usize> {
        for piece in &self.rest {
            end += piece.find(text.get(end..)?)?.end();
        }
        Some(end)
    }
}

/// Many words cut before spaces; what is found of one piece ends there in one way only.
fn pieces(words: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut from = 0;
    let mut was_space = true;
    for (at, c) in words.char_indices() {
        let is_space = c.is_whitespace();
        if is_space && !was_space && at - from >= PIECE {
            pieces.extend(words.get(from..at));
            from = at;
        }
        was_space = is_space;
    }
    pieces.extend(words.get(from..));
    pieces
}

impl Fast {
    /// Whether a match of it is one of the whole expression: then it is the same one.
    fn is_sure(&self, text: &str, start: usize, end: usize) -> bool {
        let Some((first, last)) = self.ends else {
            return false;
        };
        let before = |at: usize| {
            let before = text.get(..at).unwrap_or_default();
            before.chars().next_back().is_some_and(is_of_word)
        };
        let behind = |at: usize| {
            let behind = text.get(at..).unwrap_or_default();
            behind.chars().next().is_some_and(is_of_word)
        };
        let holds = |edge, at, is_outside: bool| match edge {
            Edge::Free => true,
            Edge::Bound => before(at) != behind(at),
            Edge::Half => !is_outside,
        };
        holds(first, start, before(start)) && holds(last, end, behind(end))
    }
}

/// Whether a character is of a word, as `\w` has it.
fn is_of_word(c: char) -> bool {
    static WORD: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"\w").ok());
    if c.is_ascii() {
        return c.is_ascii_alphanumeric() || c == '_';
    }
    let word = WORD.as_ref();
    word.is_some_and(|word| word.is_match(c.encode_utf8(&mut [0; 4])))
}

/// A regular expression without `\b` and its like, and which of them stood at its ends when none
/// stood elsewhere; nothing when it has none. What is left may be no expression any more.
fn without_bounds(pattern: &str) -> Option<(String, Option<(Edge, Edge)>)> {
    let mut bare = String::with_capacity(pattern.len());
    let mut found = 0;
    let (mut is_first, mut is_last, mut has_ways) = (false, false, false);
    let (mut in_class, mut depth) = (0_usize, 0_usize);
    let mut chars = pattern.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => {
                let next = chars.next().map(|(_, next)| next);
                if in_class == 0 && matches!(next, Some('b' | 'B')) {
                    found += 1;
                    let mut is_plain = next == Some('b');
                    if chars.peek().is_some_and(|(_, c)| *c == '{') {
                        is_plain = false;
                        chars.by_ref().find(|(_, c)| *c == '}');
                    }
                    is_first |= at == 0 && is_plain;
                    is_last |= chars.peek().is_none() && at > 0 && is_plain;
                    continue;
                }
                bare.push(c);
                bare.extend(next);
                continue;
            }
            '[' => in_class += 1,
            ']' => in_class = in_class.saturating_sub(1),
            '(' if in_class == 0 => depth += 1,
            ')' if in_class == 0 => depth = depth.saturating_sub(1),
            '|' if in_class == 0 && depth == 0 => has_ways = true,
            _ => {}
        }
        bare.push(c);
    }
    if found == 0 {
        return None;
    }
    let are_at_ends = !has_ways && found == usize::from(is_first) + usize::from(is_last);
    let edge = |is_there: bool| if is_there { Edge::Bound } else { Edge::Free };
    Some((bare, are_at_ends.then(|| (edge(is_first), edge(is_last)))))
}

/// The place of the character after the one at a place.
fn after(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    at + rest.chars().next().map_or(1, char::len_utf8)
}

fn end_of_line(text: &str, from: usize) -> usize {
    let rest = text.as_bytes().get(from..).unwrap_or_default();
    memchr::memchr(b'\n', rest).map_or(text.len(), |at| from + at)
}

/// Whether words begin and end where a match does.
fn is_whole(text: &ArticleText, start: usize, end: usize) -> bool {
    is_word_edge(text, start) && is_word_edge(text, end)
}

/// Whether no word goes on over a place. Most places are told by the letters beside them.
fn is_word_edge(text: &ArticleText, at: usize) -> bool {
    let all = text.as_str();
    let before = all.get(..at).unwrap_or_default().chars().next_back();
    let behind = all.get(at..).unwrap_or_default().chars().next();
    let (Some(before), Some(behind)) = (before, behind) else {
        return true;
    };
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if is_plain(before) && is_plain(behind) {
        return false;
    }
    if before.is_whitespace() || behind.is_whitespace() {
        return true;
    }
    // Apostrophes, hyphens, marks, and scripts without spaces.
    let at = BytePos(at as u32);
    let word = word_at(text, at);
    !(word.start < at && at < word.end)
}

fn compiled(pattern: &str, any_case: bool) -> Result<Regex, regex::Error> {
    RegexBuilder::new(pattern)
        .case_insensitive(any_case)
        .multi_line(true)
        .size_limit(MAX_COMPILED)
        .dfa_size_limit(MAX_COMPILED)
        .build()
}

/// What is wrong with a regular expression, in words, at its place in the query.
fn told(error: &regex::Error, pattern: &str, at: Range<usize>) -> QueryError {
    let regex::Error::Syntax(told) = error else {
        return QueryError::at(
            at,
            "this regular expression would take too much memory: repeat less, or a smaller part",
        );
    };
    let what = told.lines().find_map(|line| line.strip_prefix("error: "));
    let what = what.unwrap_or("it cannot be read");
    // The place is drawn below the pattern, which is indented.
    let signs = told.lines().find(|line| {
        line.starts_with("    ")
            && line.contains('^')
            && line.chars().all(|c| matches!(c, ' ' | '^'))
    });
    let place = signs.filter(|_| !pattern.contains('\n')).map(|signs| {
        let from = signs.find('^').unwrap_or(4).saturating_sub(4);
        let many = signs.matches('^').count();
        let byte = |chars: usize| {
            let mut all = pattern.char_indices().map(|(byte, _)| byte);
            all.nth(chars).unwrap_or(pattern.len())
        };
        byte(from)..byte(from + many)
    });
    // Without the slash that it begins with. One that was escaped shifts it, which does no harm.
    let lead = usize::from(at.len() > pattern.len());
    let place = place.map(|place| {
        let within = |n: usize| (at.start + lead + n).min(at.end);
        within(place.start)..within(place.end)
    });
    QueryError::at(
        place.filter(|place| !place.is_empty()).unwrap_or(at),
        format!("the regular expression cannot be read: {what}"),
    )
}
