//! What a person looks through as a table of its own: rows of cells as CSV and as a workbook with one
//! sheet. It is no dataset, and nothing reads it back.
//!
//! Cells are typed or guarded, so that nothing of a text is run as a formula. Knows not what the rows
//! are about.

use super::WriteError;
use super::formats::csv::write::guarded;
use rust_xlsxwriter::{Format, FormatAlign, Workbook, XlsxError};

/// The most characters of a cell; a workbook holds no more.
const MAX_CELL: usize = 32_000;
const BOM: &str = "\u{FEFF}";

/// A column: its name, how wide it is in a workbook, and how its words stand there.
pub(super) struct Column(pub &'static str, pub f64, pub Look);

#[derive(Clone, Copy, PartialEq)]
pub(super) enum Look {
    Plain,
    Bold,
    Right,
}

pub(super) enum Cell {
    Text(String),
    Number(u32),
}

impl Cell {
    /// Words, cut where a cell holds no more.
    pub(super) fn of(text: &str) -> Self {
        Self::Text(cut(text))
    }
}

pub(super) fn csv<const N: usize>(
    columns: &[Column; N],
    rows: impl Iterator<Item = [Cell; N]>,
    delimiter: u8,
) -> Result<Vec<u8>, WriteError> {
    let mut writer = ::csv::WriterBuilder::new()
        .terminator(::csv::Terminator::CRLF)
        .delimiter(delimiter)
        .from_writer(BOM.as_bytes().to_vec());
    let told = |error: ::csv::Error| WriteError::Unreadable(error.to_string());
    let header = columns.iter().map(|column| column.0);
    writer.write_record(header).map_err(told)?;
    for row in rows {
        let cells = row.iter().map(|cell| match cell {
            Cell::Text(text) => guarded(text).into_owned(),
            Cell::Number(number) => number.to_string(),
        });
        writer.write_record(cells).map_err(told)?;
    }
    writer
        .into_inner()
        .map_err(|error| WriteError::Io(error.into_error()))
}

/// With the sheet's name.
pub(super) fn xlsx<const N: usize>(
    name: &str,
    columns: &[Column; N],
    rows: impl Iterator<Item = [Cell; N]>,
) -> Result<Vec<u8>, WriteError> {
    let told = |error: XlsxError| WriteError::Unreadable(error.to_string());
    let mut book = Workbook::new();
    let bold = Format::new().set_bold();
    let right = Format::new().set_align(FormatAlign::Right);
    let sheet = book.add_worksheet_with_constant_memory().map_err(told)?;
    sheet.set_name(name).map_err(told)?;
    sheet.set_freeze_panes(1, 0).map_err(told)?;
    for (place, Column(name, width, _)) in (0..).zip(columns) {
        sheet.set_column_width(place, *width).map_err(told)?;
        sheet
            .write_with_format(0, place, *name, &bold)
            .map_err(told)?;
    }
    for (at, row) in (1..).zip(rows) {
        for ((place, Column(_, _, look)), cell) in (0..).zip(columns).zip(&row) {
            let written = match (cell, look) {
                (Cell::Number(number), _) => sheet.write_number(at, place, *number),
                (Cell::Text(text), Look::Plain) => sheet.write_string(at, place, text),
                (Cell::Text(text), Look::Bold) => {
                    sheet.write_string_with_format(at, place, text, &bold)
                }
                (Cell::Text(text), Look::Right) => {
                    sheet.write_string_with_format(at, place, text, &right)
                }
            };
            written.map_err(told)?;
        }
    }
    book.save_to_buffer().map_err(told)
}

pub(super) fn cut(text: &str) -> String {
    let mut units = 0;
    let end = text.char_indices().find(|(_, c)| {
        units += c.len_utf16();
        units > MAX_CELL
    });
    match end {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}
