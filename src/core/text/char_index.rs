//! Code point offsets to byte offsets and back, by a sampled table.
//!
//! One sample every 128 bytes keeps the table at 3 % of the text, and a look-up counts at most
//! that many bytes. A pure ASCII text needs no table.

use super::position::{BytePos, CharPos};

const STRIDE: usize = 128;

#[derive(Debug)]
pub(super) struct CharIndex {
    len_bytes: usize,
    len_chars: usize,
    /// Code points that start before byte `i * STRIDE`; empty for ASCII.
    samples: Vec<u32>,
}

fn starts_char(byte: u8) -> bool {
    byte & 0xC0 != 0x80
}

fn count_chars(bytes: &[u8]) -> usize {
    bytes.iter().filter(|&&byte| starts_char(byte)).count()
}

impl CharIndex {
    pub(super) fn new(text: &str) -> Self {
        let len_bytes = text.len();
        if text.is_ascii() {
            return Self {
                len_bytes,
                len_chars: len_bytes,
                samples: Vec::new(),
            };
        }
        let mut samples = Vec::with_capacity(len_bytes / STRIDE + 1);
        let mut chars = 0;
        for chunk in text.as_bytes().chunks(STRIDE) {
            samples.push(chars as u32);
            chars += count_chars(chunk);
        }
        Self {
            len_bytes,
            len_chars: chars,
            samples,
        }
    }

    pub(super) fn len_chars(&self) -> usize {
        self.len_chars
    }

    pub(super) fn char_pos(&self, text: &str, at: BytePos) -> CharPos {
        let at = at.as_usize().min(self.len_bytes);
        if self.samples.is_empty() {
            return CharPos(at as u32);
        }
        let sample = (at / STRIDE).min(self.samples.len() - 1);
        let before = self.samples.get(sample).copied().unwrap_or(0);
        let rest = text.as_bytes().get(sample * STRIDE..at).unwrap_or(&[]);
        CharPos(before + count_chars(rest) as u32)
    }

    pub(super) fn byte_pos(&self, text: &str, at: CharPos) -> Option<BytePos> {
        let wanted = at.as_usize();
        if wanted > self.len_chars {
            return None;
        }
        if self.samples.is_empty() {
            return Some(BytePos(at.0));
        }
        if wanted == self.len_chars {
            return Some(BytePos(self.len_bytes as u32));
        }
        // The character numbered `wanted` starts in the last chunk with no more before it.
        let sample = self
            .samples
            .partition_point(|&before| before <= at.0)
            .saturating_sub(1);
        let mut left = wanted - self.samples.get(sample).copied().unwrap_or(0) as usize;
        let mut start = sample * STRIDE;
        let mut bytes = text.as_bytes().get(start..)?;
        while let Some((chunk, rest)) = bytes.split_first_chunk::<16>() {
            let chars = count_chars(chunk);
            if chars > left {
                break;
            }
            left -= chars;
            start += chunk.len();
            bytes = rest;
        }
        for (i, &byte) in bytes.iter().enumerate() {
            if starts_char(byte) {
                if left == 0 {
                    return Some(BytePos((start + i) as u32));
                }
                left -= 1;
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn agrees_with_counting(text in "(\\PC|[a-z💩ç漢\u{301}]){0,3000}") {
            let index = CharIndex::new(&text);
            let mut count = 0;
            for (byte, _) in text.char_indices() {
                prop_assert_eq!(index.char_pos(&text, BytePos(byte as u32)), CharPos(count));
                prop_assert_eq!(index.byte_pos(&text, CharPos(count)), Some(BytePos(byte as u32)));
                count += 1;
            }
            prop_assert_eq!(index.len_chars(), count as usize);
            prop_assert_eq!(index.byte_pos(&text, CharPos(count)), Some(BytePos(text.len() as u32)));
            prop_assert_eq!(index.byte_pos(&text, CharPos(count + 1)), None);
        }
    }
}
