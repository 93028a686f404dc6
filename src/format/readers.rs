//! The table of readers, and which of them takes a file. Found by looking into the file; its name
//! decides only between readers that are equally sure.

use crate::format::reading::decode;
use crate::format::reading::{Head, Likelihood, Reader, Source};
use crate::format::{articles, collections, formats};

/// Every module that reads files. Where two are equally sure the first takes the file, so database
/// exports stand before the documents that hold them.
const MODULES: &[&[Reader]] = &[
    collections::nexis::READERS,
    collections::factiva::READERS,
    collections::proquest::READERS,
    collections::ebsco::READERS,
    articles::plain::READERS,
    articles::html::READERS,
    articles::mhtml::READERS,
    articles::pdf::READERS,
    articles::docx::READERS,
    articles::odt::READERS,
    articles::rtf::READERS,
    articles::epub::READERS,
    articles::eml::READERS,
    collections::mbox::READERS,
    collections::warc::READERS,
    // Before tables of articles, which take any workbook.
    formats::workbook::read::READERS,
    collections::table::READERS,
    formats::jsonl::READERS,
    formats::brat::read::READERS,
    formats::label_studio::read::READERS,
    formats::doccano::read::READERS,
    formats::prodigy::read::READERS,
    formats::uima::read::xmi::READERS,
    formats::uima::read::json::READERS,
    formats::webanno::read::READERS,
    formats::ptc::read::READERS,
    formats::refi_qda::read::READERS,
    formats::gate::read::READERS,
    formats::conll::read::READERS,
    formats::inline_xml::read::READERS,
    formats::tei::read::READERS,
    formats::web_annotation::read::READERS,
    formats::html_report::read::READERS,
    formats::csv::read::READERS,
    formats::parquet::read::READERS,
];

pub fn readers() -> impl Iterator<Item = &'static Reader> {
    MODULES.iter().copied().flatten()
}

pub fn reader_named(name: &str) -> Option<&'static Reader> {
    readers().find(|reader| reader.name == name)
}

/// The most bytes that are looked at to recognise a file.
const HEAD_BYTES: usize = 64 << 10;

/// The reader that takes a file, and how sure it is; `None` when none does.
pub fn recognise(source: Source<'_>) -> Option<(&'static Reader, Likelihood)> {
    let start = source.bytes.get(..HEAD_BYTES).unwrap_or(source.bytes);
    let text = decode::decode_head(start);
    let head = Head {
        source,
        text: &text,
    };
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_module_with_readers_is_in_the_table() {
        let table = include_str!("readers.rs");
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/format");
        let rooms = ["articles", "collections", "formats"];
        let mut paths: Vec<_> = rooms.map(|room| root.join(room)).into();
        let (mut missing, mut found) = (Vec::new(), 0);
        while let Some(path) = paths.pop() {
            if path.is_dir() {
                let entries = std::fs::read_dir(path).unwrap();
                paths.extend(entries.map(|entry| entry.unwrap().path()));
                continue;
            }
            let source = std::fs::read_to_string(&path).unwrap();
            let module = path.strip_prefix(&root).unwrap().with_extension("");
            let module: Vec<_> = module.iter().map(|part| part.to_string_lossy()).collect();
            let row = format!("    {}::READERS,", module.join("::"));
            if source.contains("pub const READERS") {
                found += 1;
                missing.extend(Some(row).filter(|row| !table.contains(row)));
            }
        }
        assert!(found > 30, "{found}");
        assert!(missing.is_empty(), "{missing:?}");
    }

    #[test]
    fn an_archive_of_pages_is_recognised() {
        let bytes = b"WARC/1.0\r\nWARC-Type: warcinfo\r\nContent-Length: 0\r\n\r\n";
        let (reader, _) = recognise(Source::alone("a.warc", bytes)).unwrap();
        assert_eq!(reader.name, "warc");
    }
}
