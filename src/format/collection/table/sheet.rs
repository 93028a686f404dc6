//! Spreadsheets through calamine: Excel's old and new files, and OpenDocument's.

use super::{Table, reading_of};
use crate::format::reading::{Head, Likelihood, ReadOptions, Reading, Refusal, Siblings, Source};
use calamine::{Data, Reader as _, Sheets, open_workbook_auto_from_rs};
use std::io::Cursor;

/// The most cells that a sheet may have.
const MAX_CELLS: usize = 20_000_000;

pub(crate) fn recognise(head: &Head<'_>) -> Likelihood {
    let bytes = head.source.bytes;
    let is_named = matches!(
        head.source.extension().as_str(),
        "xlsx" | "xls" | "xlsb" | "xlsm" | "ods"
    );
    if bytes.starts_with(b"\xD0\xCF\x11\xE0") {
        return if is_named {
            Likelihood::Likely
        } else {
            Likelihood::No
        };
    }
    if !bytes.starts_with(b"PK\x03\x04") {
        return Likelihood::No;
    }
    let Ok(archive) = crate::format::archive::Archive::open(bytes, 16 << 20) else {
        return Likelihood::No;
    };
    let is_open = archive
        .member("mimetype")
        .is_ok_and(|kind| kind.starts_with(b"application/vnd.oasis.opendocument.spreadsheet"));
    let is_excel = ["xl/workbook.xml", "xl/workbook.bin"]
        .iter()
        .any(|name| archive.contains(name));
    match is_open || is_excel {
        true => Likelihood::Sure,
        false => Likelihood::No,
    }
}

/// A sheet of a workbook, from its first row with anything in it.
pub(crate) struct Sheet {
    pub(crate) name: String,
    pub(crate) rows: Vec<Vec<String>>,
    /// The number of the second row, for remarks.
    pub(crate) second_row: usize,
}

/// The sheets that can be read, and why others cannot.
pub(crate) fn sheets(bytes: &[u8]) -> Result<(Vec<Sheet>, Vec<String>), Refusal> {
    check_size(bytes)?;
    let mut book: Sheets<Cursor<&[u8]>> =
        open_workbook_auto_from_rs(Cursor::new(bytes)).map_err(|error| {
            let message = error.to_string();
            match message.to_lowercase().contains("password") {
                true => Refusal::new("the spreadsheet is encrypted; save it without a password"),
                false => Refusal::new(format!("the spreadsheet cannot be read: {message}")),
            }
        })?;
    let mut sheets = Vec::new();
    let mut reasons = Vec::new();
    for name in book.sheet_names() {
        let range = match book.worksheet_range(&name) {
            Ok(range) => range,
            Err(error) => {
                reasons.push(format!("sheet “{name}” cannot be read: {error}"));
                continue;
            }
        };
        if range.width().saturating_mul(range.height()) > MAX_CELLS {
            reasons.push(format!("sheet “{name}” has too many cells"));
            continue;
        }
        let rows = range
            .rows()
            .map(|row| row.iter().map(text_of).collect::<Vec<String>>());
        let rows: Vec<Vec<String>> = rows
            .skip_while(|row| row.iter().all(|cell| cell.trim().is_empty()))
            .collect();
        if !rows.is_empty() {
            sheets.push(Sheet {
                name,
                rows,
                second_row: range.start().map_or(2, |(row, _)| row as usize + 2),
            });
        }
    }
    Ok((sheets, reasons))
}

pub(super) fn read(source: &Source<'_>, options: &ReadOptions) -> Result<Reading, Refusal> {
    let (sheets, mut reasons) = sheets(source.bytes)?;
    let mut whole = Reading::default();
    for sheet in sheets {
        let mut rows = sheet.rows.into_iter();
        let table = Table {
            names: rows.next().unwrap_or_default(),
            rows: rows.collect(),
            first_row: sheet.second_row,
        };
        match reading_of(&table, options) {
            Ok(reading) => {
                whole.articles.extend(reading.articles);
                whole.remarks.extend(reading.remarks);
                if whole.columns.is_empty() {
                    whole.columns = reading.columns;
                }
            }
            Err(Refusal(reason)) => reasons.push(format!("sheet “{}”: {reason}", sheet.name)),
        }
    }
    if whole.articles.is_empty() {
        return Err(Refusal::new(match reasons.is_empty() {
            true => "there is nothing in this spreadsheet".to_owned(),
            false => reasons.join("; "),
        }));
    }
    whole.remarks.extend(reasons);
    Ok(whole)
}

/// Members that unpack to gigabytes are refused before they are parsed.
fn check_size(bytes: &[u8]) -> Result<(), Refusal> {
    if !bytes.starts_with(b"PK\x03\x04") {
        return Ok(());
    }
    let archive = crate::format::archive::Archive::open(bytes, 1 << 30)?;
    let names: Vec<String> = archive
        .names()
        .filter(|name| name.ends_with(".xml"))
        .map(str::to_owned)
        .collect();
    for name in names {
        archive.member(&name)?;
    }
    Ok(())
}

fn text_of(cell: &Data) -> String {
    match cell {
        Data::Empty => String::new(),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => text.clone(),
        Data::Float(number) if number.fract() == 0.0 && number.abs() < 1e15 => {
            format!("{number:.0}")
        }
        Data::Float(number) => number.to_string(),
        Data::Int(number) => number.to_string(),
        Data::Bool(value) => value.to_string(),
        Data::Error(error) => error.to_string(),
        Data::DateTime(date) if date.is_datetime() => {
            let (year, month, day, hour, minute, second, _) = date.to_ymd_hms_milli();
            match (hour, minute, second) {
                (0, 0, 0) => format!("{year:04}-{month:02}-{day:02}"),
                _ => format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}"),
            }
        }
        other => other.to_string(),
    }
}
