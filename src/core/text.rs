//! The text of an article: immutable, hashed, and addressed by typed positions.
//!
//! Keeps invariant 3: nothing here can change a text after it was made. Knows nothing of layout.

pub mod bidi;
pub mod breaks;
mod char_index;
pub mod graphemes;
pub mod han;
pub mod hidden;
pub mod position;
pub mod scripts;
pub mod segment;
pub mod selection;

use char_index::CharIndex;
use graphemes::Graphemes;
pub use position::{BytePos, ByteRange, CharPos, CharRange};
use std::sync::OnceLock;

/// The longest text an article may have, in bytes. Positions are 32 bits; the limit is well below.
pub const MAX_TEXT_BYTES: usize = 256 << 20;

/// The text of an article. Line endings are `\n` and stay as they were at import.
#[derive(Debug)]
pub struct ArticleText {
    text: Box<str>,
    hash: String,
    chars: CharIndex,
    /// Byte position of the start of each line (paragraph); never empty.
    line_starts: Vec<u32>,
    /// Made when a cluster or a run is met that is too long to look back over each time.
    graphemes: OnceLock<Graphemes>,
}

/// As its string.
impl serde::Serialize for ArticleText {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<'de> serde::Deserialize<'de> for ArticleText {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <String as serde::Deserialize>::deserialize(deserializer)?;
        if text.len() > MAX_TEXT_BYTES {
            return Err(serde::de::Error::custom("the text is too long"));
        }
        Ok(Self::new(text))
    }
}

impl ArticleText {
    /// Takes a text as it is. Callers that read files use [`normalize_newlines`] first.
    ///
    /// Text beyond [`MAX_TEXT_BYTES`] is refused by the readers; here it would only be cut.
    pub fn new(mut text: String) -> Self {
        if text.len() > MAX_TEXT_BYTES {
            let mut cut = MAX_TEXT_BYTES;
            while !text.is_char_boundary(cut) {
                cut -= 1;
            }
            text.truncate(cut);
        }
        let hash = hash_of(&text);
        let chars = CharIndex::new(&text);
        let mut line_starts = Vec::with_capacity(text.len() / 80 + 1);
        line_starts.push(0);
        line_starts.extend(memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at as u32 + 1));
        line_starts.shrink_to_fit();
        Self {
            text: text.into_boxed_str(),
            hash,
            chars,
            line_starts,
            graphemes: OnceLock::new(),
        }
    }

    fn graphemes(&self) -> &Graphemes {
        self.graphemes.get_or_init(|| Graphemes::new(&self.text))
    }

    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// `blake3:` and 32 hexadecimal digits: the first half of the BLAKE3 hash of the UTF-8 bytes.
    pub fn hash(&self) -> &str {
        &self.hash
    }

    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    pub fn len_bytes(&self) -> usize {
        self.text.len()
    }

    pub fn len_chars(&self) -> usize {
        self.chars.len_chars()
    }

    pub fn end(&self) -> BytePos {
        BytePos(self.text.len() as u32)
    }

    pub fn full_range(&self) -> ByteRange {
        ByteRange::new(BytePos(0), self.end())
    }

    /// The text in a range; empty when the range does not lie on character boundaries inside it.
    pub fn slice(&self, range: ByteRange) -> &str {
        self.text.get(range.as_usize()).unwrap_or("")
    }

    /// The number of lines; a text without `\n` has one.
    pub fn line_count(&self) -> usize {
        self.line_starts.len()
    }

    /// The line that holds `at`, counting from 0. A `\n` belongs to the line it ends.
    pub fn line_of(&self, at: BytePos) -> usize {
        self.line_starts
            .partition_point(|&start| start <= at.0)
            .saturating_sub(1)
    }

    /// The range of a line without its `\n`.
    pub fn line_range(&self, line: usize) -> ByteRange {
        let start = self
            .line_starts
            .get(line)
            .copied()
            .unwrap_or(self.text.len() as u32);
        let end = match self.line_starts.get(line + 1) {
            Some(next) => next - 1,
            None => self.text.len() as u32,
        };
        ByteRange::new(BytePos(start), BytePos(end.max(start)))
    }

    pub fn lines(&self) -> impl Iterator<Item = &str> {
        (0..self.line_count()).map(|line| self.slice(self.line_range(line)))
    }

    /// Code points before `at`. `at` must be a character boundary; otherwise it is rounded down.
    pub fn char_pos(&self, at: BytePos) -> CharPos {
        self.chars.char_pos(&self.text, at)
    }

    /// The byte position of a code point offset, or `None` beyond the end of the text.
    pub fn byte_pos(&self, at: CharPos) -> Option<BytePos> {
        self.chars.byte_pos(&self.text, at)
    }

    pub fn char_range(&self, range: ByteRange) -> CharRange {
        CharRange {
            start: self.char_pos(range.start),
            end: self.char_pos(range.end),
        }
    }

    /// The range in bytes, or `None` when it is reversed or leaves the text.
    pub fn byte_range(&self, range: CharRange) -> Option<ByteRange> {
        let start = self.byte_pos(range.start)?;
        let end = self.byte_pos(range.end)?;
        (start <= end).then(|| ByteRange::new(start, end))
    }
}

/// The name of a text's content, as stored in project files.
pub fn hash_of(text: &str) -> String {
    let hash = blake3::hash(text.as_bytes());
    let hex = hash.to_hex();
    let mut named = String::with_capacity(7 + 32);
    named.push_str("blake3:");
    named.extend(hex.chars().take(32));
    named
}

/// Turns `\r\n` and lone `\r` into `\n`. Done once, at import; offsets count the result.
pub fn normalize_newlines(text: String) -> String {
    if memchr::memchr(b'\r', text.as_bytes()).is_none() {
        return text;
    }
    text.replace("\r\n", "\n").replace('\r', "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_positions() {
        let text = ArticleText::new("a💩b\n\nç".to_owned());
        assert_eq!(text.line_count(), 3);
        assert_eq!(text.lines().collect::<Vec<_>>(), ["a💩b", "", "ç"]);
        assert_eq!(text.line_of(BytePos(6)), 0);
        assert_eq!(text.line_of(BytePos(7)), 1);
        assert_eq!(text.char_pos(BytePos(5)), CharPos(2));
        assert_eq!(text.byte_pos(CharPos(2)), Some(BytePos(5)));
        assert_eq!(text.byte_pos(CharPos(6)), Some(BytePos(10)));
        assert_eq!(text.byte_pos(CharPos(7)), None);
    }

    #[test]
    fn newlines_are_normalised_once() {
        assert_eq!(normalize_newlines("a\r\nb\rc\n".to_owned()), "a\nb\nc\n");
    }
}
