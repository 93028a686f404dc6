//! Which reader takes a file. Found by looking into the file; its name decides only between readers
//! that are equally sure.

use crate::format::formats::ROWS;
use crate::format::reading::decode;
use crate::format::reading::outline::{begins_as_json, outline};
use crate::format::reading::{Head, Likelihood, Reader, Source};

/// Every reader once: rows of one stand together.
pub fn readers() -> impl Iterator<Item = &'static Reader> {
    let mut last = "";
    let readers = ROWS.iter().filter_map(|row| row.reader);
    readers.filter(move |reader| std::mem::replace(&mut last, reader.name) != reader.name)
}

pub fn reader_named(name: &str) -> Option<&'static Reader> {
    readers().find(|reader| reader.name == name)
}

/// The most bytes that are looked at to recognise a file.
const HEAD_BYTES: usize = 64 << 10;

/// The reader that takes a file, and how sure it is; `None` when none does.
pub fn recognise(source: Source<'_>) -> Option<(&'static Reader, Likelihood)> {
    let text = head_of(source.bytes);
    let head = Head::new(source, &text);
    let extension = source.extension();
    let mut best: Option<(&'static Reader, (Likelihood, bool))> = None;
    for reader in readers() {
        let likelihood = (reader.recognise)(&head);
        if likelihood == Likelihood::No {
            continue;
        }
        let rank = (likelihood, reader.extensions.contains(&extension.as_str()));
        if best.is_none_or(|(_, b)| rank > b) {
            best = Some((reader, rank));
        }
    }
    best.map(|(reader, (likelihood, _))| (reader, likelihood))
}

/// The first of a file as text, as [`Head::text`] says.
fn head_of(bytes: &[u8]) -> String {
    let text = decode::decode_head(bytes.get(..HEAD_BYTES).unwrap_or(bytes));
    if !begins_as_json(&text) {
        return text;
    }
    // In most encodings the marks of JSON are single bytes.
    let is_wide = bytes.iter().take(64).any(|byte| *byte == 0);
    let outlined = match is_wide.then(|| decode::decode(bytes)) {
        Some(Some(decoded)) => outline(decoded.text.as_bytes(), HEAD_BYTES),
        Some(None) => return text,
        None => {
            let json = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
            outline(json, HEAD_BYTES)
        }
    };
    decode::decode_head(&outlined)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::formats::FORMATS;

    #[test]
    fn every_reader_and_format_has_a_row() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/format");
        let rooms = ["articles", "collections", "formats"];
        let mut paths: Vec<_> = rooms.map(|room| root.join(room)).into();
        let (mut readers_there, mut formats_there) = (0, 0);
        while let Some(path) = paths.pop() {
            if path.is_dir() {
                let entries = std::fs::read_dir(path).unwrap();
                paths.extend(entries.map(|entry| entry.unwrap().path()));
                continue;
            }
            let source = std::fs::read_to_string(&path).unwrap();
            readers_there += source.matches(": Reader = ").count();
            formats_there += source.matches(": Format = ").count();
        }
        assert_eq!(readers().count(), readers_there);
        assert_eq!(FORMATS.len(), formats_there);
        let mut names: Vec<&str> = readers().map(|reader| reader.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), readers_there);
    }

    #[test]
    fn an_archive_of_pages_is_recognised() {
        let bytes = b"WARC/1.0\r\nWARC-Type: warcinfo\r\nContent-Length: 0\r\n\r\n";
        let (reader, _) = recognise(Source::alone("a.warc", bytes)).unwrap();
        assert_eq!(reader.name, "warc");
    }
}
