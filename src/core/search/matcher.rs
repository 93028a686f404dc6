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

/// The most matches in one text.
const MAX_IN_TEXT: usize = 1_000_000;
/// It is asked so often, in bytes, whether to go on.
const STRIDE: usize = 1 << 20;
/// And so often in matches.
const MATCHES: usize = 4_096;
/// What a regular expression may take when it is compiled, in bytes.
const MAX_COMPILED: usize = 16 << 20;

#[derive(Clone, Debug)]
pub(super) struct Matcher {
    regex: Regex,
    /// It may not cross the end of a line.
    is_pattern: bool,
    /// Its matches begin and end where words do.
    is_word: bool,
}

impl Matcher {
    pub(super) fn words(words: &str, options: &Options) -> Result<Self, QueryError> {
        let (pattern, any_case) = if options.fold {
            (fold::pattern(words, options.case), false)
        } else {
            (regex::escape(words), !options.case)
        };
        Ok(Self {
            regex: compiled(&pattern, any_case).map_err(|_| {
                QueryError::at(
                    0..words.len(),
                    "these are more words than can be looked for at once",
                )
            })?,
            is_pattern: false,
            is_word: options.word,
        })
    }

    /// A regular expression, which stands at a place of the query.
    pub(super) fn pattern(
        pattern: &str,
        at: Range<usize>,
        options: &Options,
    ) -> Result<Self, QueryError> {
        let plain = compiled(pattern, !options.case).map_err(|error| told(&error, pattern, at))?;
        let regex = if options.word {
            let bounded = format!(r"\b{{start-half}}(?:{pattern})\b{{end-half}}");
            // One that is commented to its end cannot have anything behind it.
            compiled(&bounded, !options.case).unwrap_or(plain)
        } else {
            plain
        };
        Ok(Self {
            regex,
            is_pattern: true,
            is_word: false,
        })
    }

    /// Whether it is anywhere in a short text.
    pub(super) fn is_in(&self, text: &str) -> bool {
        self.regex.is_match(text)
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
        while from <= all.len() && found.len() < MAX_IN_TEXT {
            if asked <= from || found.len() % MATCHES == MATCHES - 1 {
                if !goes_on() {
                    return None;
                }
                asked = from + STRIDE;
            }
            // Words may lie across the end of a stretch, but they are found fast.
            let to = if self.is_pattern {
                end_of_line(all, from.saturating_add(STRIDE))
            } else {
                all.len()
            };
            let stretch = all.get(..to).unwrap_or(all);
            let Some(hit) = self.regex.find_at(stretch, from) else {
                from = to + 1;
                continue;
            };
            let (mut start, mut end) = (hit.start(), hit.end());
            if self.is_pattern && memchr::memchr(b'\n', hit.as_str().as_bytes()).is_some() {
                // What is leftmost in the line is what it finds with the line's end as its own.
                let line_end = end_of_line(all, start);
                let line = all.get(..line_end).unwrap_or(all);
                match self.regex.find_at(line, start) {
                    Some(hit) => (start, end) = (hit.start(), hit.end()),
                    None => {
                        from = line_end + 1;
                        continue;
                    }
                }
            }
            if start == end {
                from = after(all, end);
                continue;
            }
            if self.is_word && !is_whole(text, start, end) {
                from = after(all, start);
                continue;
            }
            let (first, last) = (BytePos(start as u32), BytePos(end as u32));
            let wide = ByteRange::new(grapheme_floor(text, first), grapheme_ceil(text, last));
            match found.last_mut() {
                Some(before) if wide.start < before.end => before.end = before.end.max(wide.end),
                _ => found.push(wide),
            }
            from = end;
        }
        Some(found)
    }
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
