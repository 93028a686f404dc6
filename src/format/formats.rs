//! The table of formats: all that can be read and all that can be written, a row each. The import,
//! the export dialog, the command line and `docs/formats.md` read it.
//!
//! To add a format: its room, and its line and row here.

pub mod brat;
pub mod citron;
pub mod claim_review;
pub mod conll;
pub mod csv;
pub mod doccano;
pub mod gate;
pub mod html_report;
pub mod inline_xml;
pub mod jsonl;
pub mod label_studio;
pub mod markdown;
pub mod parquet;
pub mod prodigy;
pub mod ptc;
pub mod refi_qda;
pub mod tei;
pub mod uima;
pub mod web_annotation;
pub mod webanno;
pub mod workbook;

pub use crate::format::export::format::{Format, FormatGroup, Part, Shape};

use crate::format::articles::{docx, eml, epub, html, mhtml, odt, pdf, plain, rtf, transcript};
use crate::format::collections::{ebsco, europresse, factiva, mbox, nexis, proquest, table, warc};
use crate::format::reading::Reader;

/// What can be read, or written, or both.
pub struct Row {
    pub reader: Option<&'static Reader>,
    pub writer: Option<&'static Format>,
    /// Which of the formats it is where they are listed; 0 for what is only read.
    place: usize,
}

const fn reads(reader: &'static Reader) -> Row {
    Row {
        reader: Some(reader),
        writer: None,
        place: 0,
    }
}

/// What is written, and read as far as it says so.
const fn both(place: usize, format: &'static Format) -> Row {
    Row {
        reader: format.reader,
        writer: Some(format),
        place,
    }
}

/// Where two readers are equally sure the first takes the file, so database exports stand before
/// the documents that hold them.
pub const ROWS: &[Row] = &[
    reads(&nexis::READER),
    reads(&factiva::READER),
    reads(&proquest::READER),
    reads(&ebsco::READER),
    reads(&europresse::READER),
    reads(&plain::READER),
    reads(&html::READER),
    reads(&mhtml::READER),
    reads(&pdf::READER),
    reads(&docx::READER),
    reads(&odt::READER),
    reads(&rtf::READER),
    reads(&epub::READER),
    reads(&eml::READER),
    reads(&transcript::READER),
    reads(&mbox::READER),
    reads(&warc::READER),
    // Before tables of articles, which take any workbook.
    both(2, &workbook::write::FORMAT),
    reads(&table::CSV),
    reads(&table::SPREADSHEET),
    reads(&table::JSON),
    reads(&table::PARQUET),
    both(1, &jsonl::write::FORMAT),
    both(8, &brat::write::FORMAT),
    both(7, &label_studio::write::FORMAT),
    both(23, &citron::write::FORMAT),
    both(9, &doccano::write::FORMAT),
    both(10, &doccano::write::RELATIONS),
    both(14, &prodigy::write::FORMAT),
    both(17, &uima::write::XMI),
    both(18, &uima::write::JSON),
    both(16, &webanno::write::FORMAT),
    both(20, &ptc::write::FORMAT),
    both(4, &refi_qda::write::FORMAT),
    both(19, &gate::write::FORMAT),
    reads(&gate::read::BDOC),
    both(15, &conll::write::FORMAT),
    both(11, &inline_xml::write::FORMAT),
    both(22, &tei::write::FORMAT),
    both(21, &web_annotation::write::FORMAT),
    both(5, &html_report::write::FORMAT),
    both(3, &csv::write::FORMAT),
    both(6, &parquet::write::FORMAT),
    both(12, &markdown::FORMAT),
    both(13, &claim_review::FORMAT),
];

/// All that can be written, in the order of their places.
pub const FORMATS: &[Format] = &LISTED;

#[expect(
    clippy::indexing_slicing,
    reason = "a place that is not there does not compile"
)]
const LISTED: [Format; WRITTEN] = {
    let mut listed = [jsonl::write::FORMAT; WRITTEN];
    let mut rows = ROWS;
    while let [row, rest @ ..] = rows {
        if let Some(format) = row.writer {
            listed[row.place - 1] = *format;
        }
        rows = rest;
    }
    listed
};

const WRITTEN: usize = {
    let (mut rows, mut n) = (ROWS, 0);
    while let [row, rest @ ..] = rows {
        n += row.writer.is_some() as usize;
        rows = rest;
    }
    n
};

pub fn format_named(name: &str) -> Option<&'static Format> {
    FORMATS
        .iter()
        .find(|format| format.name == name || format.aliases.contains(&name))
}
