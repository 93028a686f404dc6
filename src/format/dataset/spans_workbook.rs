//! Workbooks with a sheet of annotations, and one of the articles that they are about.

use super::span_rows;
use super::texts::Texts;
use crate::format::archive::Archive;
use crate::format::collection::table;
use crate::format::readers::reader_named;
use crate::format::reading::{
    Head, Likelihood, ReadOptions, Reader, ReaderGroup, Reading, Refusal, Siblings, Source,
};

pub const READERS: &[Reader] = &[Reader {
    name: "workbook-spans",
    title: "Workbook with annotations",
    group: ReaderGroup::Dataset,
    extensions: &["xlsx", "xlsm", "ods"],
    recognise,
    read,
}];

/// Names of sheets with annotations, in lower case.
const SHEETS: &[&str] = &["spans", "annotations", "entities", "labels", "codings"];
/// The most that a list of sheets may unpack to.
const MAX_LIST_BYTES: u64 = 16 << 20;

/// Only the list of sheets is looked at: what is in them is seen when they are read.
fn recognise(head: &Head<'_>) -> Likelihood {
    if table::recognise_workbook(head) != Likelihood::Sure {
        return Likelihood::No;
    }
    let Ok(archive) = Archive::open(head.source.bytes, MAX_LIST_BYTES) else {
        return Likelihood::No;
    };
    let list = archive.read("xl/workbook.xml");
    let Some(list) = list.or_else(|| archive.read("content.xml")) else {
        return Likelihood::No;
    };
    let list = String::from_utf8_lossy(&list).to_lowercase();
    let has = |name: &&str| list.contains(&format!("name=\"{name}\""));
    match SHEETS.iter().any(|name| has(name)) {
        true => Likelihood::Sure,
        false => Likelihood::No,
    }
}

fn read(source: &Source<'_>, options: &ReadOptions) -> Result<Reading, Refusal> {
    let (sheets, reasons) = table::sheets(source.bytes)?;
    let is_of_spans = |sheet: &&table::Sheet| {
        SHEETS.contains(&sheet.name.to_lowercase().as_str()) && span_rows::fits(&sheet.rows)
    };
    let Some(spans) = sheets.iter().find(is_of_spans) else {
        let reader = reader_named("spreadsheet")
            .ok_or_else(|| Refusal::new("there are no annotations in this workbook"))?;
        return (reader.read)(source, options);
    };
    let mut texts = Texts::beside(*source);
    for sheet in sheets.iter().filter(|sheet| sheet.name != spans.name) {
        texts.add_table(&sheet.rows, "");
    }
    let mut reading = span_rows::reading(&spans.rows, spans.second_row, &mut texts)?;
    reading.remarks.extend(reasons);
    let is_cut = |cell: &String| cell.encode_utf16().count() >= MAX_CELL_UNITS;
    if sheets
        .iter()
        .any(|sheet| sheet.rows.iter().flatten().any(is_cut))
    {
        reading.remarks.push(format!(
            "a cell has {MAX_CELL_UNITS} characters, the most that a workbook holds; its text may be cut"
        ));
    }
    Ok(reading)
}

/// The longest text that Excel keeps in a cell, in UTF-16 code units.
const MAX_CELL_UNITS: usize = 32_767;
