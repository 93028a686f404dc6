//! The table of formats: all that can be read and all that can be written, a row each. The import,
//! the export dialog, the command line and the README read it.
//!
//! To add a format: its room, and its line and row here.

pub mod brat;
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

use crate::format::articles::{docx, eml, epub, html, mhtml, odt, pdf, plain, rtf};
use crate::format::collections::{ebsco, factiva, mbox, nexis, proquest, table, warc};
use crate::format::reading::Reader;

/// What can be read, or written, or both.
pub struct Row {
    pub reader: Option<&'static Reader>,
    pub writer: Option<&'static Format>,
}

const fn reads(reader: &'static Reader) -> Row {
    Row {
        reader: Some(reader),
        writer: None,
    }
}

/// What is written, and read as far as it says so.
const fn both(format: &'static Format) -> Row {
    Row {
        reader: format.reader,
        writer: Some(format),
    }
}

/// Where two readers are equally sure the first takes the file, so database exports stand before
/// the documents that hold them.
pub const ROWS: &[Row] = &[
    reads(&nexis::READER),
    reads(&factiva::READER),
    reads(&proquest::READER),
    reads(&ebsco::READER),
    reads(&plain::READER),
    reads(&html::READER),
    reads(&mhtml::READER),
    reads(&pdf::READER),
    reads(&docx::READER),
    reads(&odt::READER),
    reads(&rtf::READER),
    reads(&epub::READER),
    reads(&eml::READER),
    reads(&mbox::READER),
    reads(&warc::READER),
    // Before tables of articles, which take any workbook.
    both(&workbook::write::FORMAT),
    reads(&table::CSV),
    reads(&table::SPREADSHEET),
    reads(&table::JSON),
    reads(&table::PARQUET),
    both(&jsonl::write::FORMAT),
    both(&parquet::write::FORMAT),
    both(&label_studio::write::FORMAT),
    both(&brat::write::FORMAT),
    both(&doccano::write::FORMAT),
    both(&doccano::write::RELATIONS),
    both(&prodigy::write::FORMAT),
    both(&webanno::write::FORMAT),
    both(&uima::write::XMI),
    both(&uima::write::JSON),
    both(&gate::write::FORMAT),
    reads(&gate::read::BDOC),
    both(&conll::write::FORMAT),
    both(&ptc::write::FORMAT),
    both(&csv::write::FORMAT),
    both(&refi_qda::write::FORMAT),
    both(&inline_xml::write::FORMAT),
    both(&web_annotation::write::FORMAT),
    both(&tei::write::FORMAT),
    both(&html_report::write::FORMAT),
    both(&markdown::FORMAT),
    both(&claim_review::FORMAT),
];

/// All that can be written: group by group, in the order of the rows.
pub const FORMATS: &[Format] = &LISTED;

const LISTED: [Format; WRITTEN] = {
    let mut listed = [jsonl::write::FORMAT; WRITTEN];
    let (mut group, mut n) = (0, 0);
    while group < FormatGroup::ALL.len() {
        let mut row = 0;
        while row < ROWS.len() {
            if let Some(format) = ROWS[row].writer
                && format.group as u8 == FormatGroup::ALL[group] as u8
            {
                listed[n] = *format;
                n += 1;
            }
            row += 1;
        }
        group += 1;
    }
    listed
};

const WRITTEN: usize = {
    let (mut row, mut n) = (0, 0);
    while row < ROWS.len() {
        n += ROWS[row].writer.is_some() as usize;
        row += 1;
    }
    n
};

pub fn format_named(name: &str) -> Option<&'static Format> {
    FORMATS
        .iter()
        .find(|format| format.name == name || format.aliases.contains(&name))
}

/// The table as Markdown, for the README.
pub fn markdown_table() -> String {
    let mut table = "| format (`-f`) | makes | read back | for | carries | does not carry | by rule | offsets |\n|---|---|---|---|---|---|---|---|\n".to_owned();
    for format in FORMATS {
        let back = if format.reader.is_some() { "yes" } else { "no" };
        table.push_str(&format!(
            "| {} (`{}`) | {} | {back} | {} | {} | {} | {} | {} |\n",
            format.title,
            format.name,
            format.output(),
            format.read_by,
            format.carries(),
            format.loses(),
            format.changes,
            format.offset_unit
        ));
    }
    table
}
