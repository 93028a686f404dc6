//! A text cut into lines, and long lines into sentences, each with the hashes by which it is found.

use crate::core::boundary::trimmed;
use crate::core::text::segment::grapheme_floor;
use crate::core::text::{ArticleText, BytePos, ByteRange};
use crate::core::word_hashes::{SEED, Shingler, Word, mix, words_of};

/// A line of more words is cut into sentences.
const LONG: usize = 40;
/// A sentence of more words is cut where its words say so, whatever is around it: behind one in
/// [`CUT`] of them.
const LONG_SENTENCE: usize = 100;
const CUT: u64 = 32;
/// No piece has more words: comparing two takes time and room that grow by the square.
pub(super) const MOST: usize = 400;
/// Fewer words are the same or not.
pub(super) const MIN_NEAR: usize = 8;
/// So many smallest hashes are kept of each piece, by which near ones find each other.
const KEPT: usize = 6;

/// A line or a sentence of a text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    pub(super) range: ByteRange,
    pub(super) words: u32,
    pub(super) hash: u64,
    pub(super) least: [u32; KEPT],
}

/// A text cut into pieces.
#[derive(Clone, Debug, Default)]
pub struct Pieces(pub(super) Vec<Piece>);

impl Pieces {
    pub fn of(text: &ArticleText) -> Self {
        let source = text.as_str();
        let words = words_of(source);
        let mut pieces = Vec::new();
        let mut rest = words.as_slice();
        for line in 0..text.line_count() {
            let line = text.line_range(line);
            let (here, after) = rest.split_at(rest.partition_point(|word| word.start < line.end.0));
            rest = after;
            if here.len() <= LONG {
                pieces.extend(piece(text, line, here));
                continue;
            }
            let mut from = line.start;
            let mut left = here;
            let sentences = here.chunk_by(|a, b| sentence_end(source, *a, *b).is_none());
            for sentence in sentences.flat_map(parts) {
                left = left.get(sentence.len()..).unwrap_or_default();
                let ends = sentence.last().zip(left.first());
                let end = ends.map_or(line.end, |(a, b)| {
                    let end = sentence_end(source, *a, *b);
                    end.map_or_else(|| grapheme_floor(text, BytePos(b.start)), BytePos)
                });
                pieces.extend(piece(text, ByteRange::new(from, end), sentence));
                from = end;
            }
        }
        Self(pieces)
    }
}

/// A sentence, or the parts of one that is too long.
fn parts(sentence: &[Word]) -> impl Iterator<Item = &[Word]> {
    let is_long = sentence.len() > LONG_SENTENCE;
    let mut count = 0;
    sentence.chunk_by(move |word, _| {
        count += 1;
        let is_end = count >= MIN_NEAR && word.hash.is_multiple_of(CUT) || count >= MOST;
        if is_long && is_end {
            count = 0;
        }
        !is_long || count > 0
    })
}

/// Where a sentence ends between two words, if one does.
fn sentence_end(text: &str, before: Word, after: Word) -> Option<u32> {
    let between = text.get(before.end as usize..after.start as usize)?;
    let mut marks = between.char_indices().peekable();
    while let Some((at, mark)) = marks.next() {
        match mark {
            '。' | '！' | '？' | '।' | '۔' => {
                return Some(before.end + (at + mark.len_utf8()) as u32);
            }
            '.' | '!' | '?' | '…' | '؟' => {
                let closes = |c| matches!(c, '”' | '"' | '’' | '»' | ')' | ']' | '.' | '!' | '?');
                let (at, next) = marks.find(|(_, c)| !closes(*c))?;
                return next.is_whitespace().then_some(before.end + at as u32);
            }
            _ => {}
        }
    }
    None
}

/// Words with what stands around them up to the ends of their piece.
fn piece(text: &ArticleText, within: ByteRange, words: &[Word]) -> Option<Piece> {
    words.first()?;
    let range = trimmed(text, within);
    let mut least = [u32::MAX; KEPT];
    if words.len() >= MIN_NEAR {
        let bytes = text.as_str().as_bytes();
        let mut shingler = Shingler::<3>::default();
        for word in words {
            // Numbers and dates change most.
            let is_number = bytes
                .get(word.start as usize)
                .is_some_and(u8::is_ascii_digit);
            let Some(shingle) = shingler.push(if is_number { SEED } else { word.hash }) else {
                continue;
            };
            for (n, least) in least.iter_mut().enumerate() {
                *least = (*least).min((mix(shingle, n as u64 + 1) >> 32) as u32);
            }
        }
    }
    Some(Piece {
        range,
        words: words.len() as u32,
        hash: words.iter().fold(SEED, |hash, word| mix(hash, word.hash)),
        least,
    })
}
