//! Where graphemes, words, clauses, sentences, quoted stretches and paragraphs begin and end.
//!
//! Mouse and keyboard both ask here, so they agree. Words and sentences follow UAX #29 through
//! `icu_segmenter` (dictionaries or models for Thai, Lao, Khmer, Burmese, Chinese and Japanese words); sentences are then mended
//! for abbreviations and closing quotes. All positions returned are grapheme boundaries inside the
//! text. Work is bounded by a window, so that a paragraph of a megabyte costs what a page costs.

mod quotes;

use super::{ArticleText, BytePos, ByteRange};
use icu_segmenter::options::{SentenceBreakInvariantOptions, WordBreakInvariantOptions};
use icu_segmenter::{
    SentenceSegmenter, SentenceSegmenterBorrowed, WordSegmenter, WordSegmenterBorrowed,
};
pub(in crate::core) use quotes::closes;
pub use quotes::quoted_around;
use std::sync::LazyLock;
use unicode_segmentation::{GraphemeCursor, UnicodeSegmentation};

/// Finding their tables takes longer than a sentence does.
static WORDS: LazyLock<WordSegmenterBorrowed<'static>> =
    LazyLock::new(|| WordSegmenter::new_auto(WordBreakInvariantOptions::default()));
static SENTENCES: LazyLock<SentenceSegmenterBorrowed<'static>> =
    LazyLock::new(|| SentenceSegmenter::new(SentenceBreakInvariantOptions::default()));

/// How far before a position is looked to tell graphemes apart, in bytes.
const GRAPHEME_WINDOW: usize = 256;
/// How far around a position words are looked for, in bytes.
const WORD_WINDOW: usize = 600;
/// How far around a position sentences are looked for, in bytes.
const SENTENCE_WINDOW: usize = 8_000;

/// Whether `at` lies between two grapheme clusters (or at an end of the text).
pub fn is_grapheme_boundary(text: &ArticleText, at: BytePos) -> bool {
    let s = text.as_str();
    let i = at.as_usize();
    if i == 0 || i == s.len() {
        return true;
    }
    if i > s.len() || !s.is_char_boundary(i) {
        return false;
    }
    let bytes = s.as_bytes();
    if let (Some(&before), Some(&after)) = (bytes.get(i - 1), bytes.get(i))
        && before < 0x80
        && after < 0x80
    {
        return !(before == b'\r' && after == b'\n');
    }
    let (chunk, start) = context(s, i);
    let found = GraphemeCursor::new(i, s.len(), true).is_boundary(chunk, start);
    found.unwrap_or_else(|_| text.graphemes().is_boundary(i))
}

/// The text from a little before a byte on, and where that begins. What it takes more to tell, the
/// text remembers.
fn context(s: &str, at: usize) -> (&str, usize) {
    let mut start = at.saturating_sub(GRAPHEME_WINDOW);
    while !s.is_char_boundary(start) {
        start -= 1;
    }
    (s.get(start..).unwrap_or(""), start)
}

/// The nearest grapheme boundary at or before `at`.
pub fn grapheme_floor(text: &ArticleText, at: BytePos) -> BytePos {
    let mut i = at.as_usize().min(text.len_bytes());
    while !text.as_str().is_char_boundary(i) {
        i -= 1;
    }
    let at = BytePos(i as u32);
    if is_grapheme_boundary(text, at) {
        at
    } else {
        prev_grapheme(text, at)
    }
}

/// The nearest grapheme boundary at or after `at`.
pub fn grapheme_ceil(text: &ArticleText, at: BytePos) -> BytePos {
    let mut i = at.as_usize().min(text.len_bytes());
    while !text.as_str().is_char_boundary(i) {
        i += 1;
    }
    let at = BytePos(i as u32);
    if is_grapheme_boundary(text, at) {
        at
    } else {
        next_grapheme(text, at)
    }
}

pub fn next_grapheme(text: &ArticleText, at: BytePos) -> BytePos {
    let s = text.as_str();
    let at = at.as_usize().min(s.len());
    let (chunk, start) = context(s, at);
    let found = GraphemeCursor::new(at, s.len(), true).next_boundary(chunk, start);
    let next = found.unwrap_or_else(|_| Some(text.graphemes().after(at)));
    BytePos(next.unwrap_or(s.len()) as u32)
}

pub fn prev_grapheme(text: &ArticleText, at: BytePos) -> BytePos {
    let s = text.as_str();
    let at = at.as_usize().min(s.len());
    let (chunk, start) = context(s, at);
    let found = GraphemeCursor::new(at, s.len(), true).prev_boundary(chunk, start);
    let previous = found.unwrap_or_else(|_| Some(text.graphemes().before(at)));
    BytePos(previous.unwrap_or(0) as u32)
}

/// The range without white space at its ends. A range of white space alone becomes empty.
pub fn trim(text: &ArticleText, range: ByteRange) -> ByteRange {
    let slice = text.slice(range);
    let kept = slice.trim();
    if kept.is_empty() {
        return ByteRange::empty(range.start);
    }
    let lead = (slice.len() - slice.trim_start().len()) as u32;
    let start = BytePos(range.start.0 + lead);
    ByteRange::new(start, BytePos(start.0 + kept.len() as u32))
}

/// The part of the line around `at` that a search of `window` bytes each way may look at.
/// Cut at white space where there is some near, so that a word is not cut in two.
fn window(text: &ArticleText, at: BytePos, window: usize) -> ByteRange {
    let line = text.line_range(text.line_of(at));
    let at = at.clamp_in(line);
    let mut start = line.start;
    if at.as_usize() - line.start.as_usize() > window {
        let rough = grapheme_floor(text, BytePos((at.as_usize() - window) as u32));
        let to_space = text
            .slice(ByteRange::new(rough, at))
            .char_indices()
            .take(200)
            .find(|(_, c)| c.is_whitespace())
            .map_or(0, |(i, c)| i + c.len_utf8());
        start = BytePos(rough.0 + to_space as u32);
    }
    let mut end = line.end;
    if line.end.as_usize() - at.as_usize() > window {
        let rough = grapheme_ceil(text, BytePos((at.as_usize() + window) as u32));
        let back = text
            .slice(ByteRange::new(at, rough))
            .char_indices()
            .rev()
            .take(200)
            .find(|(_, c)| c.is_whitespace())
            .map(|(i, _)| i);
        end = back.map_or(rough, |i| BytePos(at.0 + i as u32));
    }
    ByteRange::new(start, end.max(at))
}

impl BytePos {
    fn clamp_in(self, range: ByteRange) -> Self {
        self.clamp(range.start, range.end)
    }
}

/// Word segments of a window, each with whether it is word-like (not space or punctuation).
fn word_segments(text: &ArticleText, range: ByteRange) -> Vec<(ByteRange, bool)> {
    let slice = text.slice(range);
    // A word and a space for six bytes, about.
    let mut segments = Vec::with_capacity(slice.len() / 3 + 4);
    let mut add = |start: usize, end: usize, is_word: bool| {
        let from = BytePos(range.start.0 + start as u32);
        let to = BytePos(range.start.0 + end as u32);
        segments.push((ByteRange::new(from, to), is_word));
    };
    let mut at = 0;
    for piece in words_apart(slice) {
        if piece.is_ascii() {
            ascii_segments(piece, |start, end, is_word| {
                add(at + start, at + end, is_word);
            });
        } else {
            let mut start = 0;
            for (end, kind) in WORDS.segment_str(piece).iter_with_word_type() {
                if end > start {
                    add(at + start, at + end, kind.is_word_like());
                }
                start = end;
            }
        }
        at += piece.len();
    }
    segments
}

/// A text cut where a boundary of words is certain: after a space that something else of ASCII
/// follows (UAX 29, WB3d and WB999). Most of a text in Latin letters takes a quick way then.
fn words_apart(text: &str) -> impl Iterator<Item = &str> {
    let bytes = text.as_bytes();
    let mut start = 0;
    // Pieces of ASCII stay together, so that there are few.
    let mut is_ascii = true;
    let mut cut = 0;
    let mut pieces = Vec::new();
    for at in memchr::memchr_iter(b' ', bytes) {
        let end = at + 1;
        let next = bytes.get(end);
        if !next.is_some_and(|next| next.is_ascii() && *next != b' ') {
            continue;
        }
        let is_word_ascii = bytes.get(cut..end).is_some_and(<[u8]>::is_ascii);
        if is_word_ascii != is_ascii && cut > start {
            pieces.push(start..cut);
            start = cut;
        }
        is_ascii = is_word_ascii;
        cut = end;
    }
    let is_last_ascii = bytes.get(cut..).is_some_and(<[u8]>::is_ascii);
    if is_last_ascii != is_ascii && cut > start {
        pieces.push(start..cut);
        start = cut;
    }
    pieces.push(start..text.len());
    pieces
        .into_iter()
        .filter_map(|piece| text.get(piece))
        .filter(|piece| !piece.is_empty())
}

/// Segments of a text of ASCII: words as Unicode has them, and between them runs of spaces and of
/// underscores, and each mark by itself.
fn ascii_segments(text: &str, mut add: impl FnMut(usize, usize, bool)) {
    let bytes = text.as_bytes();
    let marks = |from: usize, to: usize, add: &mut dyn FnMut(usize, usize, bool)| {
        let mut start = from;
        while let Some(first) = bytes.get(start).filter(|_| start < to) {
            let rest = bytes.get(start..to).unwrap_or_default();
            let length = match first {
                b' ' | b'_' => rest.iter().take_while(|byte| *byte == first).count(),
                b'\r' if rest.get(1) == Some(&b'\n') => 2,
                _ => 1,
            };
            // Underscores alone count as a word, as they do within one.
            add(start, start + length, *first == b'_');
            start += length;
        }
    };
    let mut at = 0;
    // A space is a boundary on both sides, but to another space.
    for end in memchr::memchr_iter(b' ', bytes).chain([bytes.len()]) {
        let piece = text.get(at..end).unwrap_or_default();
        if piece.is_empty() {
            // Spaces in a row are one segment.
        } else if piece.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            add(at, end, true);
        } else {
            let mut within = at;
            for (start, word) in piece.unicode_word_indices() {
                marks(within, at + start, &mut add);
                within = at + start + word.len();
                add(at + start, within, true);
            }
            marks(within, end, &mut add);
        }
        let is_last = bytes.get(end + 1) != Some(&b' ');
        if end < bytes.len() && is_last {
            let spaces = bytes.get(..=end).unwrap_or_default().iter().rev();
            let spaces = spaces.take_while(|byte| **byte == b' ').count();
            add(end + 1 - spaces, end + 1, false);
        }
        at = end + 1;
    }
}

/// The word (or the run of punctuation or white space) at `at`; on a boundary between a word and
/// something else, the word.
pub fn word_at(text: &ArticleText, at: BytePos) -> ByteRange {
    let at = grapheme_floor(text, at);
    let segments = word_segments(text, window(text, at, WORD_WINDOW));
    let after = segments.iter().find(|(range, _)| range.contains(at));
    let before = segments.iter().find(|(range, _)| range.end == at);
    let worth = |&&(range, is_word): &&(ByteRange, bool)| {
        (is_word, starts_visible(text, range), range.contains(at))
    };
    let Some(&(chosen, _)) = before.into_iter().chain(after).max_by_key(worth) else {
        return ByteRange::empty(at);
    };
    ByteRange::new(
        grapheme_floor(text, chosen.start),
        grapheme_ceil(text, chosen.end),
    )
}

/// The smallest range of whole words that covers `range`, without white space at its ends.
pub fn snap_to_words(text: &ArticleText, range: ByteRange) -> ByteRange {
    if range.is_empty() {
        return range;
    }
    let inner = trim(text, range);
    if inner.is_empty() {
        return inner;
    }
    let first = segment_containing(text, inner.start);
    let last = segment_containing(text, prev_grapheme(text, inner.end));
    trim(
        text,
        ByteRange::new(first.start.min(inner.start), last.end.max(inner.end)),
    )
}

/// Takes in the closing mark after a range that begins with its opening one, and the other way
/// round: a drag that just misses the mark means it.
pub fn complete_quotes(text: &ArticleText, range: ByteRange) -> ByteRange {
    let inner = text.slice(range);
    let (Some(first), Some(last)) = (inner.chars().next(), inner.chars().next_back()) else {
        return range;
    };
    let line = text.line_range(text.line_of(range.start));
    let after = ByteRange::new(range.end, line.end.max(range.end));
    let next = text.slice(after).chars().next();
    let previous = text
        .slice(ByteRange::new(line.start, range.start))
        .chars()
        .next_back();
    let opens = |c: char| matches!(c, '“' | '„' | '«' | '‚' | '‹' | '「' | '『');
    if let Some(next) = next
        && opens(first)
        && closes(first, next)
        && !inner.chars().any(|c| c == next)
    {
        return ByteRange::new(range.start, BytePos(range.end.0 + next.len_utf8() as u32));
    }
    if let Some(previous) = previous
        && opens(previous)
        && closes(previous, last)
        && !inner.chars().any(|c| c == previous)
    {
        return ByteRange::new(
            BytePos(range.start.0 - previous.len_utf8() as u32),
            range.end,
        );
    }
    range
}

/// The word segment that holds the character after `at`.
fn segment_containing(text: &ArticleText, at: BytePos) -> ByteRange {
    if let Some(word) = plain_word(text, at) {
        return word;
    }
    let segment = word_segments(text, window(text, at, WORD_WINDOW))
        .into_iter()
        .map(|(range, _)| range)
        .find(|range| range.contains(at));
    match segment {
        Some(range) => ByteRange::new(
            grapheme_floor(text, range.start),
            grapheme_ceil(text, range.end),
        ),
        None => ByteRange::new(at, next_grapheme(text, at)),
    }
}

/// The word of letters and digits of ASCII that holds the character after `at`, where what stands
/// beside it tells for certain that it ends there (UAX 29, WB5 to WB13).
fn plain_word(text: &ArticleText, at: BytePos) -> Option<ByteRange> {
    const LONGEST: usize = 100;
    let bytes = text.as_str().as_bytes();
    let at = at.as_usize();
    let (before, behind) = (bytes.get(..at)?, bytes.get(at..)?);
    let is_plain = |byte: &&u8| byte.is_ascii_alphanumeric();
    let right = behind.iter().take(LONGEST).take_while(is_plain).count();
    let left = before
        .iter()
        .rev()
        .take(LONGEST)
        .take_while(is_plain)
        .count();
    if right == 0 || right == LONGEST || left == LONGEST {
        return None;
    }
    // Full stops, commas, colons and apostrophes join words when more of one follows.
    let ends = |next: Option<&u8>, beyond: Option<&u8>| match next {
        None => true,
        Some(b'_') => false,
        Some(b'.' | b',' | b':' | b';' | b'\'') => {
            beyond.is_none_or(|beyond| beyond.is_ascii() && !beyond.is_ascii_alphanumeric())
        }
        Some(next) => next.is_ascii(),
    };
    let (start, end) = (at - left, at + right);
    let beside = |step: usize| start.checked_sub(step).and_then(|at| bytes.get(at));
    let is_whole = ends(bytes.get(end), bytes.get(end + 1)) && ends(beside(1), beside(2));
    is_whole.then(|| ByteRange::new(BytePos(start as u32), BytePos(end as u32)))
}

/// The start of the next word after `at`, or the end of the line, or the start of the next line.
pub fn next_word(text: &ArticleText, at: BytePos) -> BytePos {
    let line = text.line_range(text.line_of(at));
    if at >= line.end {
        return next_grapheme(text, at);
    }
    word_segments(text, window(text, at, WORD_WINDOW))
        .into_iter()
        .find(|(range, is_word)| range.start > at && (*is_word || starts_visible(text, *range)))
        .map_or(line.end, |(range, _)| grapheme_ceil(text, range.start))
}

/// The start of the word before `at`, or the start of the line, or the end of the line before.
pub fn prev_word(text: &ArticleText, at: BytePos) -> BytePos {
    let line = text.line_range(text.line_of(at));
    if at <= line.start {
        return prev_grapheme(text, at);
    }
    word_segments(text, window(text, at, WORD_WINDOW))
        .into_iter()
        .rev()
        .find(|(range, is_word)| range.start < at && (*is_word || starts_visible(text, *range)))
        .map_or(line.start, |(range, _)| grapheme_floor(text, range.start))
}

fn starts_visible(text: &ArticleText, range: ByteRange) -> bool {
    text.slice(range)
        .chars()
        .next()
        .is_some_and(|c| !c.is_whitespace())
}

/// Abbreviations after which a full stop does not end a sentence (lower case, without the stop).
const ABBREVIATIONS: &[&str] = &[
    "mr", "mrs", "ms", "dr", "prof", "rev", "gen", "col", "lt", "sgt", "capt", "sen", "rep", "gov",
    "hon", "st", "mt", "jr", "sr", "vs", "no", "nos", "vol", "pp", "fig", "inc", "ltd", "co",
    "corp", "approx", "dept", "est", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep",
    "sept", "oct", "nov", "dec", "e.g", "i.e", "cf", "al", "z.b", "d.h", "u.a", "bzw", "ca", "hr",
    "fr", "nr", "str", "dra", "sra", "srta", "ud", "uds", "mme", "mlle", "p.ex", "av", "art",
    "u.s", "u.k", "u.n",
];

/// Whether a sentence break found after `before` and followed by `after` is none.
fn is_false_break(before: &str, after: &str) -> bool {
    let next = after.chars().next();
    if next.is_some_and(|c| c.is_lowercase()) {
        return true;
    }
    let trimmed = before.trim_end();
    let Some(stem) = trimmed.strip_suffix('.') else {
        return false;
    };
    let last = stem
        .rsplit(|c: char| c.is_whitespace() || matches!(c, '(' | '“' | '"' | '«' | '‘' | '['))
        .next()
        .unwrap_or("");
    if last.is_empty() {
        return false;
    }
    let lower = last.to_lowercase();
    // A single capital is an initial ("J. Smith"), unless it ends a longer word.
    let initial = last.chars().count() == 1 && last.chars().all(char::is_uppercase);
    // "3. Oktober": a number before a capital is an ordinal in German and others; keep it only
    // when a month or similar is not what follows, which cannot be told here, so leave numbers.
    initial || ABBREVIATIONS.contains(&lower.as_str())
}

/// The words, marks and stretches of white space of a line, in order, without a gap; each with
/// whether it is a word.
pub fn words_of_line(text: &ArticleText, line: usize) -> Vec<(ByteRange, bool)> {
    word_segments(text, text.line_range(line))
}

/// The same of any stretch of a line; it should begin and end where words do.
pub fn words_in(text: &ArticleText, range: ByteRange) -> Vec<(ByteRange, bool)> {
    word_segments(text, range)
}

/// The sentences of a line, in order, each with the white space that follows it.
pub fn sentences_of_line(text: &ArticleText, line: usize) -> Vec<ByteRange> {
    sentence_ranges(text, text.line_range(line))
}

/// Sentences of a window, in order, each with the white space that follows it.
fn sentence_ranges(text: &ArticleText, range: ByteRange) -> Vec<ByteRange> {
    let slice = text.slice(range);
    let mut ranges: Vec<ByteRange> = Vec::new();
    let mut start = 0;
    for end in SENTENCES.segment_str(slice) {
        if end <= start {
            continue;
        }
        let (head, tail) = slice.split_at_checked(end).unwrap_or((slice, ""));
        let sentence = head.get(start..).unwrap_or("");
        if end < slice.len() && is_false_break(sentence, tail) {
            continue;
        }
        ranges.push(ByteRange::new(
            BytePos(range.start.0 + start as u32),
            BytePos(range.start.0 + end as u32),
        ));
        start = end;
    }
    ranges
}

/// The sentence at `at`, without white space around it.
pub fn sentence_at(text: &ArticleText, at: BytePos) -> ByteRange {
    Sentences::of(text).at(at)
}

/// The sentences at many positions of a text, as [`sentence_at`] has each: those of a line are looked for
/// once while positions stay in it, unless it is longer than what is looked at for one.
pub struct Sentences<'t> {
    text: &'t ArticleText,
    /// Where they were looked for, and those that are there.
    window: ByteRange,
    ranges: Vec<ByteRange>,
}

impl<'t> Sentences<'t> {
    pub fn of(text: &'t ArticleText) -> Self {
        Self {
            text,
            window: ByteRange::default(),
            ranges: Vec::new(),
        }
    }

    /// The sentence at a position, in bytes, without white space around it.
    pub fn at(&mut self, at: BytePos) -> ByteRange {
        let line = self.text.line_range(self.text.line_of(at));
        if line.is_empty() {
            return ByteRange::empty(line.start);
        }
        let window = window(self.text, at, SENTENCE_WINDOW);
        if self.window != window {
            self.window = window;
            self.ranges = sentence_ranges(self.text, window);
        }
        let here = self.ranges.iter().find(|range| range.contains(at));
        let chosen = here.or(self.ranges.last()).copied().unwrap_or(line);
        trim(self.text, chosen)
    }
}

/// The start of the next sentence, on this line or a later one; the end of the text at last.
pub fn next_sentence(text: &ArticleText, at: BytePos) -> BytePos {
    let line_number = text.line_of(at);
    let next = sentence_ranges(text, window(text, at, SENTENCE_WINDOW))
        .into_iter()
        .map(|range| trim(text, range))
        .find(|range| range.start > at && !range.is_empty());
    if let Some(range) = next {
        return range.start;
    }
    first_visible_line(text, line_number + 1..text.line_count()).unwrap_or(text.end())
}

fn first_visible_line(
    text: &ArticleText,
    mut lines: impl Iterator<Item = usize>,
) -> Option<BytePos> {
    lines.find_map(|line| {
        let range = trim(text, text.line_range(line));
        (!range.is_empty()).then_some(range.start)
    })
}

/// The start of this sentence, or of the one before when already there.
pub fn prev_sentence(text: &ArticleText, at: BytePos) -> BytePos {
    let starts_before = |near: BytePos| {
        sentence_ranges(text, window(text, near, SENTENCE_WINDOW))
            .into_iter()
            .map(|range| trim(text, range))
            .filter(|range| range.start < at && !range.is_empty())
            .map(|range| range.start)
            .next_back()
    };
    if let Some(start) = starts_before(at) {
        return start;
    }
    let line = text.line_of(at);
    (0..line)
        .rev()
        .find_map(|line| starts_before(text.line_range(line).end))
        .unwrap_or(BytePos(0))
}

/// The paragraph (line) at `at`, without white space around it.
pub fn paragraph_at(text: &ArticleText, at: BytePos) -> ByteRange {
    trim(text, text.line_range(text.line_of(at)))
}

/// The start of the next paragraph that is not blank; the end of the text at last.
pub fn next_paragraph(text: &ArticleText, at: BytePos) -> BytePos {
    first_visible_line(text, text.line_of(at) + 1..text.line_count()).unwrap_or(text.end())
}

/// The start of this paragraph, or of the one before when already there.
pub fn prev_paragraph(text: &ArticleText, at: BytePos) -> BytePos {
    let line = text.line_of(at);
    let own = trim(text, text.line_range(line)).start;
    if own < at {
        return own;
    }
    first_visible_line(text, (0..line).rev()).unwrap_or(BytePos(0))
}

/// The clause at a range: from the punctuation before it to the punctuation after it, inside its
/// sentence, without that punctuation.
pub fn clause_around(text: &ArticleText, range: ByteRange) -> ByteRange {
    let sentence = sentence_at(text, range.start).union(range);
    let breaks = |c: char| {
        matches!(
            c,
            ',' | ';' | ':' | '–' | '—' | '(' | ')' | '،' | '、' | '，' | '；'
        )
    };
    let before = text.slice(ByteRange::new(sentence.start, range.start));
    let after = text.slice(ByteRange::new(range.end, sentence.end));
    // A comma between digits groups thousands and ends nothing.
    let ends_clause = |s: &str, at: usize, c: char| {
        let digit = |x: Option<char>| x.is_some_and(|c| c.is_ascii_digit());
        let (head, tail) = s.split_at_checked(at).unwrap_or((s, ""));
        let next = tail.get(c.len_utf8()..).and_then(|t| t.chars().next());
        !(digit(head.chars().next_back()) && digit(next))
    };
    let start = before
        .char_indices()
        .rev()
        .find(|&(i, c)| breaks(c) && ends_clause(before, i, c))
        .map_or(0, |(i, c)| i + c.len_utf8());
    let end = after
        .char_indices()
        .find(|&(i, c)| breaks(c) && ends_clause(after, i, c))
        .map_or(after.len(), |(i, _)| i);
    let mut end = BytePos(range.end.0 + end as u32);
    let clause = ByteRange::new(BytePos(sentence.start.0 + start as u32), end);
    // The full stop belongs to the sentence, not to its last clause.
    let trimmed = text
        .slice(clause)
        .trim_end_matches(|c: char| matches!(c, '.' | '!' | '?' | '。') || c.is_whitespace());
    let without_stop = BytePos(clause.start.0 + trimmed.len() as u32);
    if without_stop >= range.end {
        end = without_stop;
    }
    trim(text, ByteRange::new(clause.start, end))
}

/// The next larger unit around a range: word, quoted stretch or clause, sentence, paragraph, text.
pub fn expand(text: &ArticleText, range: ByteRange) -> ByteRange {
    if range.is_empty() {
        let word = word_at(text, range.start);
        if !trim(text, word).is_empty() {
            return word;
        }
    }
    let line_of_start = text.line_of(range.start);
    let one_line = line_of_start == text.line_of(range.end);
    let mut candidates = vec![snap_to_words(text, range)];
    candidates.extend(quoted_around(text, range));
    if one_line {
        candidates.push(clause_around(text, range));
        candidates.push(sentence_at(text, range.start).union(sentence_at(
            text,
            if range.is_empty() {
                range.start
            } else {
                prev_grapheme(text, range.end)
            },
        )));
    }
    candidates.push(paragraph_at(text, range.start).union(paragraph_at(text, range.end)));
    candidates
        .into_iter()
        .filter(|candidate| candidate.covers(range) && candidate.len() > range.len())
        .min_by_key(|candidate| candidate.len())
        .unwrap_or_else(|| trim(text, text.full_range()).union(range))
}

#[cfg(test)]
#[expect(clippy::string_slice, reason = "the cases are cut at their marks")]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// `|` marks the position or the two ends of the range; `[` and `]` the expected range.
    #[track_caller]
    pub(super) fn check(of: fn(&ArticleText, ByteRange) -> ByteRange, input: &str, expected: &str) {
        let bars: Vec<usize> = input.match_indices('|').map(|(i, _)| i).collect();
        let start = bars[0];
        let end = bars.get(1).map_or(start, |end| end - 1);
        let text = ArticleText::new(input.replace('|', ""));
        let range = of(
            &text,
            ByteRange::new(BytePos(start as u32), BytePos(end as u32)),
        );
        let (start, end) = (range.start.as_usize(), range.end.as_usize());
        let s = text.as_str();
        let found = format!("{}⟦{}⟧{}", &s[..start], &s[start..end], &s[end..]);
        assert_eq!(found, expected);
    }

    proptest! {
        #[test]
        fn plain_words_are_those_of_the_segmentation(source in "[ab1 .,:;'_’é\u{301}\"\n-]{1,24}") {
            let text = ArticleText::new(source);
            for (at, _) in text.as_str().char_indices() {
                let at = BytePos(at as u32);
                if let Some(word) = plain_word(&text, at) {
                    let all = word_segments(&text, window(&text, at, WORD_WINDOW));
                    let segment = all.into_iter().map(|(range, _)| range).find(|range| range.contains(at));
                    prop_assert_eq!(Some(word), segment);
                }
            }
        }
    }

    #[test]
    fn most_words_are_plain() {
        for (source, at, expected) in [
            ("he said, “so”", 4, Some("said")),
            ("he said.", 3, Some("said")),
            ("don't", 0, None),
            ("3.5", 0, None),
            ("a_b", 0, None),
            ("so”", 0, None),
            ("x y", 1, None),
        ] {
            let text = ArticleText::new(source.to_owned());
            let word = plain_word(&text, BytePos(at)).map(|word| text.slice(word));
            assert_eq!(word, expected, "{source}");
        }
    }

    #[test]
    fn words() {
        let word = |text: &ArticleText, range: ByteRange| word_at(text, range.start);
        check(word, "he sa|id so", "he ⟦said⟧ so");
        check(word, "he said| so", "he ⟦said⟧ so");
        check(word, "he |said so", "he ⟦said⟧ so");
        check(word, "it’s do|n’t.", "it’s ⟦don’t⟧.");
        check(word, "a 👨🏻‍🚒| b", "a ⟦👨🏻‍🚒⟧ b");
        check(
            word,
            "ภาษาไ|ทยง่าย",
            "⟦ภาษา⟧ไทยง่าย".replace("⟦ภาษา⟧ไทย", "ภาษา⟦ไทย⟧").as_str(),
        );
        check(word, "3,4|00 people", "⟦3,400⟧ people");
    }

    #[test]
    fn sentences() {
        let sentence = |text: &ArticleText, range: ByteRange| sentence_at(text, range.start);
        check(sentence, "One. Tw|o is. Three.", "One. ⟦Two is.⟧ Three.");
        check(
            sentence,
            "Mr. Sm|ith of the U.S. Senate met J. Doe. Then left.",
            "⟦Mr. Smith of the U.S. Senate met J. Doe.⟧ Then left.",
        );
        check(
            sentence,
            "“Is it |so?” she asked. No.",
            "⟦“Is it so?” she asked.⟧ No.",
        );
        check(sentence, "One.\nTw|o\nThree", "One.\n⟦Two⟧\nThree");
    }

    #[test]
    fn words_of_scripts_without_spaces() {
        let word = |text: &ArticleText, range: ByteRange| word_at(text, range.start);
        for (input, expected) in [
            ("นายกรัฐ|มนตรีกล่าว", "นายก⟦รัฐมนตรี⟧กล่าว"),
            ("ພາສາ|ລາວ", "ພາສາ⟦ລາວ⟧"),
            ("ភាសា|ខ្មែរ ថ្មី", "⟦ភាសាខ្មែរ⟧ ថ្មី"),
            ("中国人民银|行宣布", "中国人民⟦银行⟧宣布"),
            ("交渉は来|週行われる", "交渉は⟦来週⟧行われる"),
            ("대통|령은 말했다", "⟦대통령은⟧ 말했다"),
            ("قال الوز|ير: نعم", "قال ⟦الوزير⟧: نعم"),
            ("אמר צה|״ל כך", "אמר ⟦צה״ל⟧ כך"),
            ("प्रधान|मंत्री ने", "⟦प्रधानमंत्री⟧ ने"),
        ] {
            check(word, input, expected);
        }
        // Neither a letter nor the whole is a word of these.
        for long in ["လူတိုင်းသည်တူညီလွတ်လပ်သောဂုဏ်သိက္ခာ", "មនុស្សទាំងអស់កើតមកមានសេរីភាព"]
        {
            let text = ArticleText::new(long.to_owned());
            let found = word_at(&text, BytePos(0));
            assert!(found.len() > 3 && found.len() < long.len() / 2, "{found:?}");
        }
    }

    #[test]
    fn growing() {
        check(
            expand,
            "He said “a neo|colonial approach”.",
            "He said “a ⟦neocolonial⟧ approach”.",
        );
        check(
            expand,
            "He said “a |neocolonial| approach”.",
            "He said ⟦“a neocolonial approach”⟧.",
        );
        check(
            expand,
            "He said |“a neocolonial approach”|.",
            "⟦He said “a neocolonial approach”⟧.",
        );
        check(
            expand,
            "First, the |court| ruled, 3,400 left. X.",
            "First, ⟦the court ruled⟧, 3,400 left. X.",
        );
        check(
            expand,
            "First, |the court ruled|, 3,400 left. X.",
            "⟦First, the court ruled, 3,400 left.⟧ X.",
        );
        check(expand, "|First.| X.\nB", "⟦First. X.⟧\nB");
        check(expand, "|First. X.|\nB", "⟦First. X.\nB⟧");
        check(expand, "the \"dog's |life\"| it", "the ⟦\"dog's life\"⟧ it");
    }

    #[test]
    fn snapping() {
        check(
            snap_to_words,
            "the ne|oco|lonial one",
            "the ⟦neocolonial⟧ one",
        );
        check(
            snap_to_words,
            "calling |“a neocolonial approach”|.",
            "calling ⟦“a neocolonial approach”⟧.",
        );
        check(snap_to_words, "he| said |so", "he ⟦said⟧ so");
        check(snap_to_words, "a |   |b", "a ⟦⟧   b");
        check(
            complete_quotes,
            "such |“a neocolonial approach|”.",
            "such ⟦“a neocolonial approach”⟧.",
        );
        check(
            complete_quotes,
            "such “|a neocolonial approach”|.",
            "such ⟦“a neocolonial approach”⟧.",
        );
        check(complete_quotes, "“|one|” two", "“⟦one⟧” two");
        check(complete_quotes, "|“one” and “two|”", "⟦“one” and “two⟧”");
    }

    #[test]
    fn stepping() {
        let text = ArticleText::new("One two. Three.\n\nFour (five).".to_owned());
        let all = |step: fn(&ArticleText, BytePos) -> BytePos, mut at: BytePos| {
            let mut stops = Vec::new();
            loop {
                let next = step(&text, at);
                if next == at {
                    break stops;
                }
                stops.push(next.0);
                at = next;
            }
        };
        assert_eq!(all(next_sentence, BytePos(0)), [9, 17, 29]);
        assert_eq!(all(prev_sentence, text.end()), [17, 9, 0]);
        assert_eq!(all(next_paragraph, BytePos(0)), [17, 29]);
        assert_eq!(all(prev_paragraph, text.end()), [17, 0]);
        assert_eq!(
            all(next_word, BytePos(0)),
            [4, 7, 9, 14, 15, 16, 17, 22, 23, 27, 28, 29]
        );
        assert_eq!(
            all(prev_word, text.end()),
            [28, 27, 23, 22, 17, 16, 15, 14, 9, 7, 4, 0]
        );
    }

    proptest! {
        #[test]
        fn the_quick_way_gives_the_words_of_the_long_one(
            s in "([a-zA-Z0-9_ .,;:'\"()\t/-]|[“”é💩ç漢\u{301}\u{200d}\u{ad}]|👨🏻‍🚒|ก|ี|한|א|שלום){0,80}"
        ) {
            let segmenter = WordSegmenter::new_auto(WordBreakInvariantOptions::default());
            let mut expected = Vec::new();
            let mut start = 0;
            for (end, kind) in segmenter.segment_str(&s).iter_with_word_type() {
                if end > start {
                    expected.push((start..end, kind.is_word_like()));
                }
                start = end;
            }
            let text = ArticleText::new(s.clone());
            let found = word_segments(&text, text.full_range());
            let found: Vec<_> = found.into_iter().map(|(range, word)| (range.as_usize(), word)).collect();
            prop_assert_eq!(found, expected, "{:?}", s);
        }
    }

    /// Within short lines, in a line longer than what is looked at, and back.
    #[test]
    fn sentences_of_many_positions_are_those_of_each() {
        let long = "The council met. It agreed on nothing. ".repeat(500);
        let text = ArticleText::new(format!("One. Two three.\n\n{long}\nThe end. Or not."));
        let mut sentences = Sentences::of(&text);
        let ahead = (0..text.len_bytes() as u32).step_by(53);
        for at in ahead.clone().chain(ahead.rev().step_by(7)).map(BytePos) {
            assert_eq!(sentences.at(at), sentence_at(&text, at), "{at:?}");
        }
    }

    proptest! {
        #[test]
        fn looking_back_a_little_is_enough(
            parts in prop::collection::vec(
                (prop::sample::select(vec!["a", "\u{1F1E9}", "\u{1F469}", "\u{200D}", "\u{301}",
                    "क", "\u{94D}", "\r", "\n", "ก", "\u{600}", "ㅏ", "가"]), 1usize..300),
                1..6,
            ),
            at in 0usize..4_000,
        ) {
            let long: String = parts.iter().map(|(part, times)| part.repeat(*times)).collect();
            let mut at = at.min(long.len());
            while !long.is_char_boundary(at) {
                at -= 1;
            }
            let whole = || GraphemeCursor::new(at, long.len(), true);
            let text = ArticleText::new(long.clone());
            let at_pos = BytePos(at as u32);
            let pos = |found: Option<usize>, or: usize| BytePos(found.unwrap_or(or) as u32);
            let is_boundary = whole().is_boundary(&long, 0).unwrap();
            prop_assert_eq!(is_grapheme_boundary(&text, at_pos), is_boundary);
            let next = pos(whole().next_boundary(&long, 0).unwrap(), long.len());
            prop_assert_eq!(next_grapheme(&text, at_pos), next);
            let previous = pos(whole().prev_boundary(&long, 0).unwrap(), 0);
            prop_assert_eq!(prev_grapheme(&text, at_pos), previous);
            // What is remembered says the same.
            prop_assert_eq!(text.graphemes().is_boundary(at), is_boundary);
            prop_assert_eq!(BytePos(text.graphemes().after(at) as u32), next);
            prop_assert_eq!(BytePos(text.graphemes().before(at) as u32), previous);
        }

        #[test]
        fn everything_stays_on_graphemes(
            s in "(\\PC|[a-z .,\n“”\"]|[💩ç漢\u{301}\u{200d}]|👨🏻‍🚒|ก|ี|한|א){0,200}", a in 0u32..700, b in 0u32..700
        ) {
            let text = ArticleText::new(s);
            let a = grapheme_floor(&text, BytePos(a));
            let b = grapheme_ceil(&text, BytePos(b));
            let range = ByteRange::new(a, b);
            let quoted = quoted_around(&text, range).unwrap_or(range);
            for found in [word_at(&text, a), sentence_at(&text, a), paragraph_at(&text, a),
                snap_to_words(&text, range), expand(&text, range), clause_around(&text, range), trim(&text, range), quoted] {
                prop_assert!(text.as_str().get(found.as_usize()).is_some());
            }
            for stop in [next_word(&text, a), next_grapheme(&text, a), next_sentence(&text, a)] {
                prop_assert!(stop >= a && text.as_str().is_char_boundary(stop.as_usize()));
            }
            for stop in [prev_word(&text, a), prev_grapheme(&text, a), prev_sentence(&text, a)] {
                prop_assert!(stop <= a && text.as_str().is_char_boundary(stop.as_usize()));
            }
        }
    }
}
