//! A workbook: sheets `summary`, `spans`, `articles` and `codebook`. Each span stands in its sentence
//! as well, where it is highlighted. Written row by row, so that memory does not grow with it.
//!
//! A cell holds 32,767 UTF-16 code units: what is longer goes on in further columns. Cells are typed
//! as text, so that nothing is run as a formula.

use super::plan::Plan;
use super::record::{Record, Span};
use super::table_rows::{
    NUMBERS, TEXT, article_header, article_row, codebook_rows, span_header, span_rows,
};
use super::{Progress, Sink, Stored, Written, missing, parallel};
use crate::core::text::segment::sentence_at;
use crate::core::text::{BytePos, ByteRange};
use crate::format::WriteError;
use calamine::{Data, Reader, Xlsx};
use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format as CellFormat, FormatAlign, FormatUnderline,
    Workbook, Worksheet, XlsxError,
};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// The longest text of a cell, in UTF-16 code units.
const MAX_CELL_UNITS: usize = 32_767;
/// What is shown around a span, at most, in bytes on each side.
const MAX_AROUND: usize = 400;
/// Rows of a sheet, without its header.
const MAX_ROWS: usize = 1_048_575;

fn failed(error: XlsxError) -> WriteError {
    match error {
        XlsxError::IoError(error) => WriteError::Io(error),
        other => WriteError::Unreadable(other.to_string()),
    }
}

/// The text cut into what cells hold, at characters.
fn cells(text: &str) -> Vec<&str> {
    if text.len() <= MAX_CELL_UNITS {
        return vec![text];
    }
    let mut cells = Vec::new();
    let (mut start, mut units) = (0, 0);
    for (at, c) in text.char_indices() {
        if units + c.len_utf16() > MAX_CELL_UNITS {
            cells.push(text.get(start..at).unwrap_or(""));
            (start, units) = (at, 0);
        }
        units += c.len_utf16();
    }
    cells.push(text.get(start..).unwrap_or(""));
    cells
}

/// The sentence or sentences that a fragment stands in: what comes before it and after it.
fn around<'a>(record: &Record<'a>, range: ByteRange, last: &mut ByteRange) -> (&'a str, &'a str) {
    let text = &record.article.text;
    if !(last.start <= range.start && range.end <= last.end && range.start < last.end) {
        let first = sentence_at(text, range.start);
        let before_end = BytePos(range.end.0.saturating_sub(1).max(range.start.0));
        let end = match first.end >= range.end {
            true => first.end,
            false => sentence_at(text, before_end).end,
        };
        *last = ByteRange::new(first.start.min(range.start), end.max(range.end));
    }
    let whole: &'a str = record.text();
    let before = whole
        .get(last.start.as_usize()..range.start.as_usize())
        .unwrap_or("");
    let after = whole
        .get(range.end.as_usize()..last.end.as_usize())
        .unwrap_or("");
    let from = before
        .char_indices()
        .map(|(at, _)| at)
        .find(|at| before.len() - at <= MAX_AROUND)
        .unwrap_or(before.len());
    let to = after
        .char_indices()
        .map(|(at, _)| at)
        .take_while(|at| *at <= MAX_AROUND)
        .last()
        .unwrap_or(0);
    let to = if after.len() <= MAX_AROUND {
        after.len()
    } else {
        to
    };
    (
        before.get(from..).unwrap_or(""),
        after.get(..to).unwrap_or(""),
    )
}

/// A row of the sheet of spans, made on any core.
struct SpanRow {
    cells: Vec<String>,
    label: String,
    before: String,
    after: String,
}

/// Not `sentence`: other tools take that for the text that offsets count in.
const SENTENCE: &str = "highlighted";

fn rows_of(plan: &Plan<'_>, record: &Record<'_>) -> Vec<SpanRow> {
    let with_sentence = plan.has_texts();
    let rows = span_rows(plan, record);
    let mut last = ByteRange::default();
    let fragments = |span: &'_ Span<'_>| -> Vec<(String, ByteRange)> {
        let all = span.fragments.iter();
        all.map(|f| (span.label.to_owned(), f.bytes)).collect()
    };
    let ranges: Vec<(String, ByteRange)> = record.spans.iter().flat_map(fragments).collect();
    rows.into_iter()
        .zip(ranges)
        .map(|(row, (label, range))| {
            let (before, after) = match with_sentence {
                true => around(record, range, &mut last),
                false => ("", ""),
            };
            SpanRow {
                cells: row.into_iter().map(Cow::into_owned).collect(),
                label,
                before: before.to_owned(),
                after: after.to_owned(),
            }
        })
        .collect()
}

/// How many columns the longest text of the sheets needs.
fn text_columns(plan: &Plan<'_>) -> usize {
    let texts = plan
        .articles
        .iter()
        .map(|planned| planned.article.text.as_str());
    if !plan.has_texts() {
        return 1;
    }
    texts.map(|text| cells(text).len()).max().unwrap_or(1)
}

fn put(sheet: &mut Worksheet, row: u32, column: u16, text: &str) -> Result<(), WriteError> {
    if !text.is_empty() {
        sheet.write_string(row, column, text).map_err(failed)?;
    }
    Ok(())
}

/// Long texts go on in columns at the end of the row: answers what is left for them.
fn put_long<'t>(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    text: &'t str,
    written: &mut Written,
    place: &str,
) -> Result<Vec<&'t str>, WriteError> {
    let mut pieces = cells(text).into_iter();
    put(sheet, row, column, pieces.next().unwrap_or(""))?;
    let rest: Vec<&str> = pieces.collect();
    if !rest.is_empty() {
        written.losses.note(
            "a text over Excel’s 32,767 characters for a cell goes on in further columns",
            || place.to_owned(),
        );
    }
    Ok(rest)
}

pub fn write(
    plan: &Plan<'_>,
    sink: &mut dyn Sink,
    progress: Progress<'_>,
) -> Result<Written, WriteError> {
    let mut written = Written::default();
    let mut book = Workbook::new();
    let created = ExcelDateTime::from_ymd(2000, 1, 1).map_err(failed)?;
    // Equal projects give equal bytes: no time of day.
    book.set_properties(
        &DocProperties::new()
            .set_title(plan.project.name())
            .set_creation_datetime(&created),
    );
    let head = CellFormat::new()
        .set_bold()
        .set_background_color(Color::RGB(0xEF_EC_E6));
    let header = |sheet: &mut Worksheet, names: &[String]| -> Result<(), WriteError> {
        for (column, name) in names.iter().enumerate() {
            sheet
                .write_string_with_format(0, column as u16, name, &head)
                .map_err(failed)?;
        }
        sheet.set_freeze_panes(1, 0).map_err(failed)?;
        Ok(())
    };
    let plain = CellFormat::new();
    let highlights: BTreeMap<&str, CellFormat> = plan
        .labels
        .keys()
        .map(|label| {
            let color = Color::RGB(plan.label_color(label));
            let format = CellFormat::new()
                .set_bold()
                .set_underline(FormatUnderline::Single)
                .set_font_color(color);
            (label.as_str(), format)
        })
        .collect();
    let mut counts: BTreeMap<String, (usize, usize)> = BTreeMap::new();

    let sheet = book.add_worksheet_with_constant_memory().map_err(failed)?;
    sheet.set_name("spans").map_err(failed)?;
    let mut names = span_header(plan);
    let sentence_column = names.len() as u16;
    names.push(SENTENCE.to_owned());
    let further_column = sentence_column + 1;
    // Widths first: rows are on the disk once they are written.
    for (column, width) in [
        (1, 36.0),
        (TEXT as u16, 60.0),
        (14, 30.0),
        (sentence_column, 80.0),
    ] {
        sheet.set_column_width(column, width).map_err(failed)?;
    }
    header(sheet, &names)?;
    let wrap = CellFormat::new()
        .set_text_wrap()
        .set_align(FormatAlign::Top);
    let mut at: u32 = 0;
    parallel::in_order(
        &plan.articles,
        progress,
        |planned| {
            let record = plan.record(planned)?;
            let mut counted = Written::default();
            counted.count(&record);
            Ok((rows_of(plan, &record), counted))
        },
        |planned, (rows, counted)| {
            written.add(&counted);
            let mut here: BTreeMap<&str, usize> = BTreeMap::new();
            for row in &rows {
                at += 1;
                if at as usize > MAX_ROWS {
                    return Err(WriteError::TooMuch(format!(
                        "a sheet holds {MAX_ROWS} rows and there are more annotations; choose fewer articles, or CSV"
                    )));
                }
                if row
                    .cells
                    .get(*NUMBERS.start())
                    .is_some_and(|fragment| fragment == "1")
                {
                    *here.entry(row.label.as_str()).or_default() += 1;
                }
                let mut further: Vec<&str> = Vec::new();
                for (column, text) in row.cells.iter().enumerate() {
                    let number = text
                        .parse::<u32>()
                        .ok()
                        .filter(|_| NUMBERS.contains(&column));
                    if let Some(number) = number {
                        sheet
                            .write_number(at, column as u16, number)
                            .map_err(failed)?;
                    } else {
                        let place = format!("article {}", planned.article.id);
                        let rest = put_long(sheet, at, column as u16, text, &mut written, &place)?;
                        further.extend(rest);
                    }
                }
                let text = row.cells.get(TEXT).map_or("", String::as_str);
                let format = highlights.get(row.label.as_str()).unwrap_or(&plain);
                let units = |text: &str| text.encode_utf16().count();
                let whole = units(&row.before) + units(text) + units(&row.after);
                if plan.has_texts() && whole <= MAX_CELL_UNITS {
                    let parts = [
                        (&plain, row.before.as_str()),
                        (format, text),
                        (&plain, row.after.as_str()),
                    ];
                    let parts: Vec<(&CellFormat, &str)> = parts
                        .into_iter()
                        .filter(|(_, part)| !part.is_empty())
                        .collect();
                    let done = match parts.len() {
                        0 => Ok(&mut *sheet),
                        1 => sheet.write_string_with_format(at, sentence_column, text, format),
                        _ => {
                            sheet.write_rich_string_with_format(at, sentence_column, &parts, &wrap)
                        }
                    };
                    done.map_err(failed)?;
                }
                for (n, piece) in further.into_iter().enumerate() {
                    put(sheet, at, further_column + n as u16, piece)?;
                }
            }
            for (label, n) in here {
                let entry = counts.entry(label.to_owned()).or_default();
                entry.0 += n;
                entry.1 += 1;
            }
            Ok(())
        },
    )?;
    if at > 0 {
        sheet
            .autofilter(0, 0, at, sentence_column)
            .map_err(failed)?;
    }

    let sheet = book.add_worksheet_with_constant_memory().map_err(failed)?;
    sheet.set_name("articles").map_err(failed)?;
    sheet.set_column_width(1, 50).map_err(failed)?;
    sheet.set_column_width(2, 80).map_err(failed)?;
    let mut names = article_header(plan);
    let further_column = names.len() as u16;
    for n in 2..=text_columns(plan) {
        names.push(format!("text_{n}"));
    }
    header(sheet, &names)?;
    for (i, planned) in plan.articles.iter().enumerate() {
        if i % 64 == 0 && !progress(plan.articles.len()) {
            return Err(WriteError::Cancelled);
        }
        let record = plan.record(planned)?;
        let row = article_row(plan, &record);
        let at = i as u32 + 1;
        for (column, text) in row.iter().enumerate() {
            if column == 4 {
                let chars = planned.article.text.len_chars() as f64;
                sheet.write_number(at, 4, chars).map_err(failed)?;
                continue;
            }
            let rest = put_long(
                sheet,
                at,
                column as u16,
                text,
                &mut written,
                &record.place(),
            )?;
            // Only a text is promised to go on; other fields follow it.
            for (n, piece) in rest.into_iter().enumerate() {
                put(sheet, at, further_column + n as u16, piece)?;
            }
        }
    }

    let sheet = book.add_worksheet_with_constant_memory().map_err(failed)?;
    sheet.set_name("codebook").map_err(failed)?;
    sheet.set_column_width(3, 60).map_err(failed)?;
    let mut rows = codebook_rows(plan).into_iter();
    header(sheet, &rows.next().unwrap_or_default())?;
    for (i, row) in rows.enumerate() {
        for (column, text) in row.iter().enumerate() {
            let rest = put_long(
                sheet,
                i as u32 + 1,
                column as u16,
                text,
                &mut written,
                "the codebook",
            )?;
            for (n, piece) in rest.into_iter().enumerate() {
                put(sheet, i as u32 + 1, 10 + n as u16, piece)?;
            }
        }
    }

    let sheet = book.add_worksheet_with_constant_memory().map_err(failed)?;
    sheet.set_name("summary").map_err(failed)?;
    sheet.set_column_width(0, 36).map_err(failed)?;
    let names = ["label", "annotations", "articles"].map(str::to_owned);
    header(sheet, &names)?;
    let mut at = 1;
    for (label, (n, articles)) in &counts {
        put(sheet, at, 0, label)?;
        sheet.write_number(at, 1, *n as f64).map_err(failed)?;
        sheet
            .write_number(at, 2, *articles as f64)
            .map_err(failed)?;
        at += 1;
    }
    put(sheet, at, 0, "all")?;
    sheet
        .write_number(at, 1, written.annotations as f64)
        .map_err(failed)?;
    sheet
        .write_number(at, 2, written.articles as f64)
        .map_err(failed)?;

    sink.file("project.xlsx", &mut |out| {
        book.save_to_writer(out).map_err(failed)
    })?;
    Ok(written)
}

/// The cells of a sheet, row by row.
struct Rows<'a, R: std::io::Read + std::io::Seek> {
    reader: calamine::XlsxCellReader<'a, R>,
    ahead: Option<(u32, u32, String)>,
}

impl<R: std::io::Read + std::io::Seek> Rows<'_, R> {
    fn pull(&mut self) -> Result<(), WriteError> {
        self.ahead = None;
        while let Some(cell) = self.reader.next_cell().map_err(unreadable)? {
            let (row, column) = cell.get_position();
            let text = match Data::from(cell.get_value().clone()) {
                Data::Empty => continue,
                Data::Int(n) => n.to_string(),
                Data::Float(n) => n.to_string(),
                Data::String(text) => text,
                other => other.to_string(),
            };
            self.ahead = Some((row, column, text));
            return Ok(());
        }
        Ok(())
    }

    /// The cells of a row up to `columns`, and those beyond, in order.
    fn row(
        &mut self,
        number: u32,
        columns: usize,
    ) -> Result<(Vec<String>, Vec<String>), WriteError> {
        let mut row = vec![String::new(); columns];
        let mut beyond = Vec::new();
        while let Some((at, column, text)) = self.ahead.take() {
            if at != number {
                self.ahead = Some((at, column, text));
                break;
            }
            match row.get_mut(column as usize) {
                Some(cell) => *cell = text,
                None => beyond.push(text),
            }
            self.pull()?;
        }
        Ok((row, beyond))
    }
}

fn unreadable(error: calamine::XlsxError) -> WriteError {
    WriteError::Unreadable(error.to_string())
}

/// Compares every row of `spans` and `articles` with the plan, as a spreadsheet reads it.
pub fn prove(
    plan: &Plan<'_>,
    stored: &dyn Stored,
    progress: Progress<'_>,
) -> Result<Written, WriteError> {
    let name = "project.xlsx";
    let file = stored.open(name).map_err(|error| missing(name, &error))?;
    let mut book: Xlsx<Box<dyn super::ReadSeek + '_>> = Xlsx::new(file).map_err(unreadable)?;
    let mut written = Written::default();
    {
        let reader = book.worksheet_cells_reader("spans").map_err(unreadable)?;
        let mut rows = Rows {
            reader,
            ahead: None,
        };
        rows.pull()?;
        let header = span_header(plan);
        let width = header.len() + 1;
        rows.row(0, width)?;
        let mut number = 0;
        for (i, planned) in plan.articles.iter().enumerate() {
            if i % 64 == 0 && !progress(i) {
                return Err(WriteError::Cancelled);
            }
            let record = plan.record(planned)?;
            for wanted in span_rows(plan, &record) {
                number += 1;
                let (found, beyond) = rows.row(number, width)?;
                compare(
                    &record,
                    &wanted,
                    &found,
                    beyond,
                    wanted.get(6).map_or("-", AsRef::as_ref),
                )?;
            }
            written.count(&record);
        }
        if rows.ahead.is_some() {
            return Err(WriteError::Unreadable(
                "there are more spans in it than in the project".to_owned(),
            ));
        }
    }
    let reader = book
        .worksheet_cells_reader("articles")
        .map_err(unreadable)?;
    let mut rows = Rows {
        reader,
        ahead: None,
    };
    rows.pull()?;
    let width = article_header(plan).len();
    rows.row(0, width + text_columns(plan))?;
    for (i, planned) in plan.articles.iter().enumerate() {
        let record = plan.record(planned)?;
        let (found, beyond) = rows.row(i as u32 + 1, width)?;
        compare(&record, &article_row(plan, &record), &found, beyond, "-")?;
    }
    Ok(written)
}

fn compare(
    record: &Record<'_>,
    wanted: &[Cow<'_, str>],
    found: &[String],
    beyond: Vec<String>,
    annotation: &str,
) -> Result<(), WriteError> {
    let mut rest = beyond.into_iter();
    for (column, wanted) in wanted.iter().enumerate() {
        let mut pieces = cells(wanted).into_iter();
        let first = pieces.next().unwrap_or("");
        // A workbook, like XML, holds no control characters.
        let is_same = found.get(column).is_some_and(|cell| cell == first)
            && pieces.all(|piece| rest.next().as_deref() == Some(piece));
        if !is_same {
            return Err(WriteError::Mismatch {
                article: record.id.to_owned(),
                annotation: annotation.to_owned(),
                detail: format!("column {} of its row differs", column + 1),
            });
        }
    }
    Ok(())
}
