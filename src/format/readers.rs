//! The table of readers, and which of them takes a file. Found by looking into the file; its name
//! decides only between readers that are equally sure.

use crate::format::article::decode;
use crate::format::reading::{Head, Likelihood, Reader, Source};
use crate::format::{article, collection, dataset};

/// Every module that reads files. Where two are equally sure the first takes the file, so database
/// exports stand before the documents that hold them.
const MODULES: &[&[Reader]] = &[
    collection::nexis::READERS,
    collection::factiva::READERS,
    collection::proquest::READERS,
    collection::ebsco::READERS,
    article::plain::READERS,
    article::html::READERS,
    article::mhtml::READERS,
    article::pdf::READERS,
    article::docx::READERS,
    article::odt::READERS,
    article::rtf::READERS,
    article::epub::READERS,
    article::eml::READERS,
    collection::mbox::READERS,
    collection::warc::READERS,
    // Before tables of articles, which take any workbook.
    dataset::spans_workbook::READERS,
    collection::table::READERS,
    dataset::pressmark_jsonl::READERS,
    dataset::brat::READERS,
    dataset::label_studio::READERS,
    dataset::doccano::READERS,
    dataset::prodigy::READERS,
    dataset::uima_xmi::READERS,
    dataset::uima_json::READERS,
    dataset::webanno::READERS,
    dataset::ptc::READERS,
    dataset::refi_qda::READERS,
    dataset::gate::READERS,
    dataset::conll::READERS,
    dataset::inline_xml::READERS,
    dataset::tei::READERS,
    dataset::web_annotation::READERS,
    dataset::html_report::READERS,
    dataset::spans_csv::READERS,
    dataset::spans_parquet::READERS,
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
        let mut missing = Vec::new();
        for layer in ["article", "collection", "dataset"] {
            let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
                .join("src/format")
                .join(layer);
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                let Ok(source) = std::fs::read_to_string(&path) else {
                    continue;
                };
                let name = path.file_stem().unwrap().to_string_lossy().into_owned();
                let row = format!("    {layer}::{name}::READERS,");
                if source.contains("pub const READERS") && !table.contains(&row) {
                    missing.push(row);
                }
            }
        }
        assert!(missing.is_empty(), "{missing:?}");
    }

    #[test]
    fn an_archive_of_pages_is_recognised() {
        let bytes = b"WARC/1.0\r\nWARC-Type: warcinfo\r\nContent-Length: 0\r\n\r\n";
        let (reader, _) = recognise(Source::alone("a.warc", bytes)).unwrap();
        assert_eq!(reader.name, "warc");
    }
}
