//! Tokens of an article, cut at the edges of its spans, so that every span stands on tokens.

use crate::core::text::segment::{sentences_of_line, words_of_line};
use crate::format::export::options::Tokens;
use crate::format::export::record::{Fragment, Record};
use std::ops::Range;
use unicode_segmentation::UnicodeSegmentation;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Token<'a> {
    pub(crate) bytes: Range<usize>,
    /// In code points.
    pub(crate) chars: Range<u32>,
    pub(crate) text: &'a str,
    /// Sentences are counted through the article; a line is one at least, and no more than one where
    /// white space is kept.
    pub(crate) sentence: usize,
    pub(crate) line: usize,
}

/// What Python takes for white space too: U+001C to U+001F with it. Readers of columns split at it.
pub(crate) fn is_column_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{1C}'..='\u{1F}')
}

/// What readers of columns take for the beginning of a document, wherever it stands in a row.
const DOCUMENT_MARK: &str = "-DOCSTART-";

/// Which white space is a token of its own: what a span begins or ends with, since otherwise its
/// edge would stand on no token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Space {
    /// Tokens are for columns: none holds what their readers take for something else.
    Never,
    /// Not line breaks. White space that a line begins with is a token as well.
    InLines,
    AtEdges,
}

pub(crate) fn tokens<'a>(record: &Record<'a>, kind: Tokens, space: Space) -> Vec<Token<'a>> {
    tokens_in(record, kind, space, &[])
}

/// Where the sentences of an article end, in bytes, rising.
pub(crate) fn sentence_ends(record: &Record<'_>) -> Vec<usize> {
    let text = &record.article.text;
    let lines = (0..text.line_count()).flat_map(|line| sentences_of_line(text, line));
    lines.map(|sentence| sentence.end.as_usize()).collect()
}

/// Tokens that know their sentences, by where these end; without them a line is one sentence.
pub(crate) fn tokens_in<'a>(
    record: &Record<'a>,
    kind: Tokens,
    space: Space,
    sentence_ends: &[usize],
) -> Vec<Token<'a>> {
    let article = record.article;
    let text = &article.text;
    let whole: &'a str = record.text();
    let mut edges: Vec<usize> = Vec::new();
    let (mut starts, mut ends): (Vec<usize>, Vec<usize>) = (Vec::new(), Vec::new());
    for fragment in record.spans.iter().flat_map(|span| &span.fragments) {
        let mut range = fragment.bytes.as_usize();
        if space == Space::InLines {
            // Line breaks are no tokens: the edge is where they begin.
            let inner = fragment.text.trim_start_matches('\n');
            range.start += fragment.text.len() - inner.len();
            range.end -= inner.len() - inner.trim_end_matches('\n').len();
        }
        edges.extend([range.start, range.end]);
        starts.push(range.start);
        ends.push(range.end);
    }
    if space == Space::Never {
        let marks = memchr::memchr_iter(b'-', whole.as_bytes());
        let marks = marks.filter(|at| {
            whole
                .get(*at..)
                .is_some_and(|rest| rest.starts_with(DOCUMENT_MARK))
        });
        edges.extend(marks.map(|at| at + 1));
    }
    let is_space: fn(char) -> bool = match space {
        Space::Never => is_column_space,
        Space::InLines | Space::AtEdges => char::is_whitespace,
    };
    edges.sort_unstable();
    edges.dedup();
    starts.sort_unstable();
    ends.sort_unstable();
    let stands_at_edge = |piece: &Range<usize>| {
        starts.binary_search(&piece.start).is_ok() || ends.binary_search(&piece.end).is_ok()
    };
    // A word and a space take six bytes, about.
    let mut tokens: Vec<Token<'a>> = Vec::with_capacity(whole.len() / 6 + 8);
    let (mut chars, mut counted_to) = (0u32, 0usize);
    let mut sentence = 0;
    let mut add = |range: Range<usize>, sentence: usize, line: usize| {
        let Some(slice) = whole.get(range.clone()).filter(|slice| !slice.is_empty()) else {
            return;
        };
        chars += whole.get(counted_to..range.start).map_or(0, len_chars);
        let length = len_chars(slice);
        counted_to = range.end;
        tokens.push(Token {
            bytes: range,
            chars: chars..chars + length,
            text: slice,
            sentence,
            line,
        });
        chars += length;
    };
    let mut pieces: Vec<Range<usize>> = Vec::new();
    let mut words: Vec<Range<usize>> = Vec::new();
    // Edges up to the beginning of a word, as words follow each other.
    let mut passed = 0;
    for line in 0..text.line_count() {
        let bounds = text.line_range(line).as_usize();
        let from = sentence_ends.partition_point(|end| *end <= bounds.start);
        let to = sentence_ends.partition_point(|end| *end <= bounds.end);
        let mut stops = sentence_ends
            .get(from..to)
            .unwrap_or_default()
            .iter()
            .peekable();
        words.clear();
        match kind {
            Tokens::Words => {
                let found = words_of_line(text, line).into_iter();
                words.extend(found.map(|(range, _)| range.as_usize()));
            }
            Tokens::WhiteSpace => words.push(bounds.clone()),
            Tokens::Characters => {
                let slice = whole.get(bounds.clone()).unwrap_or("");
                for (at, cluster) in slice.grapheme_indices(true) {
                    let start = bounds.start + at;
                    words.push(start..start + cluster.len());
                }
            }
        }
        for word in words.drain(..) {
            while edges.get(passed).is_some_and(|edge| *edge <= word.start) {
                passed += 1;
            }
            let ahead = edges.get(passed..).unwrap_or_default();
            let begins_at_edge = passed > 0 && edges.get(passed - 1) == Some(&word.start);
            let ends_at_edge = ahead.first() == Some(&word.end);
            let slice = whole.get(word.clone()).unwrap_or("");
            // Most white space is no token.
            if slice == " " && !begins_at_edge && !ends_at_edge && word.start > bounds.start {
                continue;
            }
            pieces.clear();
            cut(slice, word, ahead, is_space, &mut pieces);
            for piece in pieces.drain(..) {
                while stops.next_if(|end| **end <= piece.start).is_some() {
                    sentence += usize::from(stops.peek().is_some());
                }
                // A piece is white space or not, from its first character to its last.
                let first = whole.get(piece.clone()).and_then(|p| p.chars().next());
                let is_blank = first.is_some_and(is_space);
                let wanted = match space {
                    _ if !is_blank => true,
                    Space::Never => false,
                    Space::InLines => piece.start == bounds.start || stands_at_edge(&piece),
                    Space::AtEdges => stands_at_edge(&piece),
                };
                if wanted {
                    add(piece, sentence, line);
                }
            }
        }
        let after = bounds.end..bounds.end + 1;
        if space == Space::AtEdges && after.end <= whole.len() && stands_at_edge(&after) {
            add(after, sentence, line);
        }
        sentence += 1;
    }
    tokens
}

fn len_chars(text: &str) -> u32 {
    if text.is_ascii() {
        text.len() as u32
    } else {
        text.chars().count() as u32
    }
}

/// A stretch cut at the edges ahead of it, rising, and between white space and the rest.
fn cut(
    slice: &str,
    range: Range<usize>,
    ahead: &[usize],
    is_space: fn(char) -> bool,
    pieces: &mut Vec<Range<usize>>,
) {
    let mut start = range.start;
    let has_edges = ahead.first().is_some_and(|edge| *edge < range.end);
    let is_plain = |byte: u8| byte > b' ' && byte < 0x7F;
    if !has_edges && slice.bytes().all(is_plain) {
        if !slice.is_empty() {
            pieces.push(range);
        }
        return;
    }
    let mut ahead = ahead.iter().peekable();
    let mut was_space: Option<bool> = None;
    for (at, c) in slice.char_indices() {
        let at = range.start + at;
        let is_space = is_space(c);
        let changes = was_space.is_some_and(|was| was != is_space);
        while ahead.next_if(|edge| **edge < at).is_some() {}
        if at > start && (changes || ahead.peek() == Some(&&at)) {
            pieces.push(start..at);
            start = at;
        }
        was_space = Some(is_space);
    }
    if range.end > start {
        pieces.push(start..range.end);
    }
}

/// The first and the last token of a fragment, inclusive; `None` when no token lies in it.
pub(crate) fn tokens_of(tokens: &[Token<'_>], fragment: &Fragment<'_>) -> Option<(usize, usize)> {
    let range = fragment.bytes.as_usize();
    let first = tokens.partition_point(|token| token.bytes.start < range.start);
    let end = tokens.partition_point(|token| token.bytes.end <= range.end);
    let last = end.checked_sub(1)?;
    (first <= last).then_some((first, last))
}
