//! Article files to texts. One module per kind; which kind takes a file is found by its content.

pub mod docx;
pub mod eml;
pub mod epub;
mod front_matter;
pub mod html;
pub mod mhtml;
mod mime;
pub mod odt;
pub mod paragraphs;
pub mod pdf;
pub mod plain;
pub mod rtf;
pub mod transcript;

use crate::core::text::normalize_newlines;
use crate::format::reading::title::title_of;
use crate::format::reading::{MAX_ARTICLE_BYTES, decode};

/// Endings of the files that a folder is searched for.
pub const EXTENSIONS: &[&str] = &["txt", "text", "md", "markdown"];

/// An article as it was found in a file.
#[derive(Debug)]
pub struct Extracted {
    pub title: String,
    /// With `\n` line endings.
    pub text: String,
    /// What was guessed or replaced, in words; empty when there was nothing to guess.
    pub remarks: Vec<String>,
    /// The encoding's name, as in the Encoding Standard.
    pub encoding: &'static str,
    /// It was neither marked nor proven.
    pub is_encoding_guessed: bool,
}

#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ExtractError {
    #[error("the file is empty")]
    Empty,
    #[error("there is only white space in the file")]
    Blank,
    #[error("this is {0}, which holds no text that can be read")]
    OtherKind(&'static str),
    #[error("this is a binary file, not text")]
    Binary,
    #[error("the file is {size_mb} MB; articles may have up to {limit_mb} MB")]
    TooLarge { size_mb: u64, limit_mb: u64 },
}

/// Kinds of files that are told apart by how they begin.
const SIGNATURES: &[(&[u8], &str)] = &[
    (b"%PDF-", "a PDF file"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"{\\rtf", "an RTF document"),
    (b"\xD0\xCF\x11\xE0", "an old office document"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xFF\xD8\xFF", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"\x1F\x8B", "a gzip archive"),
    (b"7z\xBC\xAF", "a 7z archive"),
    (b"SQLite format 3", "a database"),
    (b"\x7FELF", "a program"),
];

/// What a file is, when it is something that cannot be read as text.
fn recognise(bytes: &[u8]) -> Option<&'static str> {
    let signature = SIGNATURES
        .iter()
        .find(|(start, _)| bytes.starts_with(start));
    signature.map(|&(_, kind)| kind)
}

/// The article in a file's bytes.
pub fn extract(bytes: &[u8]) -> Result<Extracted, ExtractError> {
    if bytes.is_empty() {
        return Err(ExtractError::Empty);
    }
    if bytes.len() as u64 > MAX_ARTICLE_BYTES {
        return Err(ExtractError::TooLarge {
            size_mb: bytes.len() as u64 >> 20,
            limit_mb: MAX_ARTICLE_BYTES >> 20,
        });
    }
    if let Some(kind) = recognise(bytes) {
        return Err(ExtractError::OtherKind(kind));
    }
    let decoded = decode::decode(bytes).ok_or(ExtractError::Binary)?;
    let mut remarks = decoded.remarks();
    let mut text = normalize_newlines(decoded.text);
    let nuls = text.matches('\0').count();
    if nuls > 0 {
        text = text.replace('\0', "\u{FFFD}");
        remarks.push(format!("{nuls} NUL characters were replaced by “\u{FFFD}”"));
    }
    let extracted = from_text(text, remarks, decoded.encoding)?;
    Ok(Extracted {
        is_encoding_guessed: decoded.is_guess,
        ..extracted
    })
}

/// An article from text that is text already, such as the clipboard's.
pub fn from_clipboard(text: &str) -> Result<Extracted, ExtractError> {
    if text.is_empty() {
        return Err(ExtractError::Empty);
    }
    if text.len() as u64 > MAX_ARTICLE_BYTES {
        return Err(ExtractError::TooLarge {
            size_mb: text.len() as u64 >> 20,
            limit_mb: MAX_ARTICLE_BYTES >> 20,
        });
    }
    let text = normalize_newlines(text.replace('\0', "\u{FFFD}"));
    from_text(text, Vec::new(), "UTF-8")
}

fn from_text(
    text: String,
    remarks: Vec<String>,
    encoding: &'static str,
) -> Result<Extracted, ExtractError> {
    if text.trim().is_empty() {
        return Err(ExtractError::Blank);
    }
    Ok(Extracted {
        title: title_of(&text),
        text,
        remarks,
        encoding,
        is_encoding_guessed: false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_refused() {
        let check = |bytes: &[u8], expected: ExtractError| {
            assert_eq!(extract(bytes).err(), Some(expected));
        };
        check(b"", ExtractError::Empty);
        check(b" \r\n\t\n", ExtractError::Blank);
        check(b"%PDF-1.7 ...", ExtractError::OtherKind("a PDF file"));
        check(
            &[0, 1, 2, 3, 0xFE, 0, 7, 8, 0, 0, 0, 1, 1, 2, 200, 0],
            ExtractError::Binary,
        );
    }

    #[test]
    fn a_stray_nul_does_not_make_it_utf16() {
        let found = extract(b"Title\n\nText with \0 nul \0 twice").unwrap();
        assert_eq!(found.encoding, "UTF-8");
        assert_eq!(found.text, "Title\n\nText with \u{FFFD} nul \u{FFFD} twice");
    }

    #[test]
    fn nul_in_text_is_replaced_and_reported() {
        let found = extract("one\0two\r\nthree".as_bytes()).unwrap();
        assert_eq!(found.text, "one\u{FFFD}two\nthree");
        assert_eq!(found.remarks.len(), 1);
    }
}
