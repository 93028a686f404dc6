//! A workbook: sheets `summary`, `spans`, `articles` and `codebook`. Each span stands in its sentence
//! as well, where it is highlighted. Written row by row, so that memory does not grow with it.
//!
//! A cell holds 32,767 UTF-16 code units: what is longer goes on in further columns. Cells are typed
//! as text, so that nothing is run as a formula.

use super::plan::{Plan, Planned};
use super::record::{Record, Span};
use super::table_rows::{
    NUMBERS, TEXT, article_header, article_row, codebook_rows, span_header, span_rows,
};
use super::{Progress, Sink, Stored, Written, missing, parallel};
use crate::core::annotation::AttributeValue;
use crate::core::text::segment::sentence_at;
use crate::core::text::{BytePos, ByteRange};
use crate::format::WriteError;
use crate::format::dataset::span_rows::{IN_SENTENCE, further_column};
use calamine::{Data, Reader, Xlsx};
use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format as CellFormat, FormatAlign, FormatUnderline,
    Workbook, Worksheet, XlsxError,
};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Deflate's level: twice as fast as the usual one, for a file that is a quarter larger.
const QUICK: u8 = 2;
/// The longest text of a cell, in UTF-16 code units.
const MAX_CELL_UNITS: usize = 32_767;
/// What is shown before a span and after it, at most, in bytes: what is highlighted begins in the
/// first line of its cell.
const MAX_BEFORE: usize = 60;
const MAX_AFTER: usize = 200;
/// Points: three lines. One height for all rows, since heights of rows are held in memory.
const HEIGHT_WITH_SENTENCE: f64 = 45.0;
const HEIGHT_OF_LINE: f64 = 15.0;
/// The lines of a row of the codebook that are shown.
const MAX_LINES: usize = 20;
const HEIGHT_OF_HEADER: f64 = 18.0;
/// The columns that a workbook can have.
const MAX_COLUMNS: usize = 16_384;
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
    (shown_before(before), shown_after(after))
}

/// The end of what stands before a span, from a word on where there is one.
fn shown_before(before: &str) -> &str {
    if before.len() <= MAX_BEFORE {
        return before;
    }
    let starts = before.char_indices().map(|(at, _)| at);
    let mut starts = starts.filter(|at| before.len() - at <= MAX_BEFORE);
    let shown = starts.next().and_then(|at| before.get(at..));
    let shown = shown.unwrap_or("");
    let word = shown.find(char::is_whitespace);
    let word = word.and_then(|at| shown.get(at..)).map(str::trim_start);
    word.filter(|word| !word.is_empty()).unwrap_or(shown)
}

/// The beginning of what stands after a span, to the end of a word where there is one.
fn shown_after(after: &str) -> &str {
    if after.len() <= MAX_AFTER {
        return after;
    }
    let ends = after.char_indices().map(|(at, _)| at);
    let end = ends.take_while(|at| *at <= MAX_AFTER).last();
    let shown = end.and_then(|at| after.get(..at)).unwrap_or("");
    let word = shown.rfind(char::is_whitespace);
    let word = word.and_then(|at| shown.get(..at)).map(str::trim_end);
    word.filter(|word| !word.is_empty()).unwrap_or(shown)
}

/// The width of a column in characters, by its name.
fn width(name: &str) -> f64 {
    let width = match name {
        "text" | "highlighted" => 80.0,
        "definition" => 60.0,
        "title" | "include" | "exclude" | "examples" => 40.0,
        "text_hash" | "url" | "note" | "notes" => 36.0,
        "links" | "created" | "changed" => 24.0,
        "outlet" | "author" | "label" | "name" | "status" | "exact_values" => 20.0,
        "span_id" | "annotator" | "origin" => 16.0,
        "published" | "date" => 12.0,
        "color" | "fragment" | "fragments" | "start" | "end" => 9.0,
        _ => 18.0,
    };
    // The name is bold, and a button to filter stands beside it.
    let of_name = name.chars().count() as f64 * 1.15 + 4.0;
    of_name.clamp(width, 80.0)
}

/// How many lines a text takes in a column, about.
fn lines(text: &str, width: f64) -> usize {
    let of_line = |line: &str| (line.chars().count() as f64 / width).ceil().max(1.0) as usize;
    text.lines().map(of_line).sum()
}

/// Widths, and cells aligned at the top. First of all: rows are on the disk once they are written.
fn lay_out(
    sheet: &mut Worksheet,
    names: &[String],
    format: impl Fn(&str) -> CellFormat,
) -> Result<(), WriteError> {
    for (column, name) in (0..).zip(names.iter().take(MAX_COLUMNS)) {
        let width = width(name);
        sheet.set_column_width(column, width).map_err(failed)?;
        let format = format(name);
        sheet.set_column_format(column, &format).map_err(failed)?;
    }
    Ok(())
}

/// A row of the sheet of spans, made on any core.
struct SpanRow {
    cells: Vec<Cow<'static, str>>,
    label: String,
    before: String,
    after: String,
}

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
                cells: row
                    .into_iter()
                    .map(|cell| Cow::Owned(cell.into_owned()))
                    .collect(),
                label,
                before: before.to_owned(),
                after: after.to_owned(),
            }
        })
        .collect()
}

/// Where the pieces of long cells stand: columns at the end of the sheet, by the column that they
/// continue.
#[derive(Default)]
struct Further {
    /// How many pieces the longest cell of a column has.
    most: Vec<usize>,
}

impl Further {
    fn count(&mut self, row: &[Cow<'_, str>]) {
        for (column, cell) in row.iter().enumerate() {
            if cell.len() <= MAX_CELL_UNITS {
                continue;
            }
            if self.most.len() <= column {
                self.most.resize(column + 1, 1);
            }
            if let Some(most) = self.most.get_mut(column) {
                *most = (*most).max(cells(cell).len());
            }
        }
    }

    /// Names of the further columns.
    fn names(&self, header: &[String]) -> Vec<String> {
        let columns = header.iter().zip(&self.most);
        columns
            .flat_map(|(name, most)| (2..=*most).map(move |n| further_column(name, n)))
            .collect()
    }

    /// Where the second piece of a column's cell stands, counted from the first further column.
    fn place(&self, column: usize) -> usize {
        let before = self.most.iter().take(column);
        before.map(|most| most.saturating_sub(1)).sum()
    }

    /// The further cells of a row.
    fn cells<'t>(&self, row: &'t [Cow<'_, str>]) -> Vec<&'t str> {
        let mut further = vec![""; self.place(self.most.len())];
        for (column, cell) in row.iter().enumerate().take(self.most.len()) {
            let pieces = cells(cell).into_iter().skip(1);
            let place = self.place(column);
            for (slot, piece) in further.iter_mut().skip(place).zip(pieces) {
                *slot = piece;
            }
        }
        further
    }
}

/// The further columns of the sheet of spans. Only articles that may have long cells are looked at.
fn further_of_spans(plan: &Plan<'_>) -> Result<Further, WriteError> {
    let mut further = Further::default();
    for planned in plan.articles.iter().filter(|planned| may_be_long(planned)) {
        let record = plan.record(planned)?;
        for row in span_rows(plan, &record) {
            further.count(&row);
        }
    }
    Ok(further)
}

/// Whether what its annotations say could fill a cell, even merged.
fn may_be_long(planned: &Planned<'_>) -> bool {
    let articles = std::iter::once(planned.article).chain(planned.copies.iter().copied());
    let mut said = 0;
    for article in articles {
        let fields = article.metadata.values().map(String::len).max();
        said = said.max(fields.unwrap_or(0)).max(article.title.len());
        let longest = article.annotations.iter().flat_map(|a| &a.fragments);
        let longest = longest.map(|f| f.end.0.saturating_sub(f.start.0)).max();
        said = said.max(longest.unwrap_or(0) as usize);
        for annotation in article.annotations.iter() {
            // As JSON and percent-escaped, a byte may become six.
            let values = annotation.attributes.iter();
            let values = values.map(|(name, value)| name.len() + value_len(value) + 8);
            let links = annotation.links.iter();
            let links = links.map(|link| link.role.len() + link.target.as_str().len() + 4);
            said += annotation.note.len() + annotation.annotator.as_str().len();
            said += values.chain(links).sum::<usize>() * 6;
        }
    }
    said > MAX_CELL_UNITS
}

fn value_len(value: &AttributeValue) -> usize {
    match value {
        AttributeValue::Text(text) => text.len(),
        AttributeValue::Many(values) => values.iter().map(|value| value.len() + 3).sum(),
        AttributeValue::Number(_) | AttributeValue::Bool(_) => 32,
        // Their name is in the ledger; few are longer.
        AttributeValue::Person(_) => 1_000,
    }
}

/// Which column of the articles is a number.
const CHARS: usize = 4;

/// The further columns of the sheet of articles.
fn further_of_articles(plan: &Plan<'_>) -> Result<Further, WriteError> {
    let mut further = Further::default();
    for planned in &plan.articles {
        let article = planned.article;
        let fields = article
            .metadata
            .values()
            .chain([&article.title, &article.notes]);
        let longest = fields.map(String::len).chain([article.text.len_bytes()]);
        let status: usize = article
            .status
            .keys()
            .map(|who| who.as_str().len() * 3 + 20)
            .sum();
        if longest.chain([status]).max() > Some(MAX_CELL_UNITS) {
            let record = plan.record(planned)?;
            further.count(&article_row(plan, &record));
        }
    }
    Ok(further)
}

/// What stands in the cell itself.
fn first_piece(text: &str) -> &str {
    cells(text).first().copied().unwrap_or("")
}

fn put(sheet: &mut Worksheet, row: u32, column: usize, text: &str) -> Result<(), WriteError> {
    if !text.is_empty() {
        let column = u16::try_from(column).map_err(|_too_many| {
            WriteError::TooMuch("a sheet holds 65,535 columns and there are more".to_owned())
        })?;
        sheet.write_string(row, column, text).map_err(failed)?;
    }
    Ok(())
}

/// What goes on is told.
fn note_long(further: &[&str], written: &mut Written, place: impl FnOnce() -> String) {
    if further.iter().any(|piece| !piece.is_empty()) {
        written.losses.note(
            "a text over Excel’s 32,767 characters for a cell goes on in further columns",
            place,
        );
    }
}

pub fn write(
    plan: &Plan<'_>,
    sink: &mut dyn Sink,
    progress: Progress<'_>,
) -> Result<Written, WriteError> {
    let mut written = Written::default();
    let mut book = Workbook::new();
    book.set_zip_compression_level(QUICK);
    let created = ExcelDateTime::from_ymd(2000, 1, 1).map_err(failed)?;
    // Equal projects give equal bytes: no time of day.
    book.set_properties(
        &DocProperties::new()
            .set_title(plan.project.name())
            .set_creation_datetime(&created),
    );
    let head = CellFormat::new()
        .set_bold()
        .set_background_color(Color::RGB(0xEF_EC_E6))
        .set_align(FormatAlign::Top);
    let header = |sheet: &mut Worksheet, names: &[String]| -> Result<(), WriteError> {
        for (column, name) in names.iter().enumerate() {
            sheet
                .write_string_with_format(0, column as u16, name, &head)
                .map_err(failed)?;
        }
        sheet.set_row_height(0, HEIGHT_OF_HEADER).map_err(failed)?;
        sheet.set_freeze_panes(1, 0).map_err(failed)?;
        Ok(())
    };
    let top = || CellFormat::new().set_align(FormatAlign::Top);
    let wrapped = || top().set_text_wrap();
    let plain = CellFormat::new();
    let highlights: BTreeMap<&str, CellFormat> = plan
        .labels
        .keys()
        .map(|label| {
            let color = Color::RGB(plan.label_color(label));
            // For the whole cell, too, where there is nothing else in it.
            let format = wrapped()
                .set_bold()
                .set_underline(FormatUnderline::Single)
                .set_font_color(color);
            (label.as_str(), format)
        })
        .collect();
    let mut counts: BTreeMap<String, (usize, usize)> = BTreeMap::new();

    let sheet = book.add_worksheet_with_constant_memory().map_err(failed)?;
    sheet.set_name("spans").map_err(failed)?;
    let further = further_of_spans(plan)?;
    let mut names = span_header(plan);
    let sentence_column = names.len() as u16;
    let continuing = further.names(&names);
    names.push(IN_SENTENCE.to_owned());
    names.extend(continuing);
    let first_further = usize::from(sentence_column) + 1;
    if plan.has_texts() {
        sheet.set_default_row_height(HEIGHT_WITH_SENTENCE);
    }
    // With three lines, there is room for the rest of a text or a note as well.
    let is_long = |name: &str| ["title", "text", "note", IN_SENTENCE].contains(&name);
    lay_out(sheet, &names, |name| match plan.has_texts() {
        true if is_long(name) => wrapped(),
        _ => top(),
    })?;
    header(sheet, &names)?;
    let wrap = wrapped();
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
                        put(sheet, at, column, first_piece(text))?;
                    }
                }
                let pieces = further.cells(&row.cells);
                note_long(&pieces, &mut written, || {
                    format!("article {}", planned.article.id)
                });
                for (n, piece) in pieces.into_iter().enumerate() {
                    put(sheet, at, first_further + n, piece)?;
                }
                let text = row.cells.get(TEXT).map_or("", AsRef::as_ref);
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
    let further = further_of_articles(plan)?;
    let mut names = article_header(plan);
    let first_further = names.len();
    names.extend(further.names(&names));
    lay_out(sheet, &names, |_| top())?;
    header(sheet, &names)?;
    for (i, planned) in plan.articles.iter().enumerate() {
        if i % 64 == 0 && !progress(plan.articles.len()) {
            return Err(WriteError::Cancelled);
        }
        let record = plan.record(planned)?;
        let row = article_row(plan, &record);
        let at = i as u32 + 1;
        for (column, text) in row.iter().enumerate() {
            if column == CHARS {
                let chars = planned.article.text.len_chars() as f64;
                sheet
                    .write_number(at, CHARS as u16, chars)
                    .map_err(failed)?;
                continue;
            }
            put(sheet, at, column, first_piece(text))?;
        }
        let pieces = further.cells(&row);
        note_long(&pieces, &mut written, || record.place());
        for (n, piece) in pieces.into_iter().enumerate() {
            put(sheet, at, first_further + n, piece)?;
        }
    }

    let sheet = book.add_worksheet_with_constant_memory().map_err(failed)?;
    sheet.set_name("codebook").map_err(failed)?;
    let rows: Vec<Vec<Cow<'_, str>>> = codebook_rows(plan)
        .into_iter()
        .map(|row| row.into_iter().map(Cow::Owned).collect())
        .collect();
    let mut further = Further::default();
    for row in &rows {
        further.count(row);
    }
    let mut rows = rows.into_iter();
    let names = rows.next().unwrap_or_default();
    let mut names: Vec<String> = names.into_iter().map(Cow::into_owned).collect();
    let first_further = names.len();
    names.extend(further.names(&names));
    lay_out(sheet, &names, |_| wrapped())?;
    header(sheet, &names)?;
    for (i, row) in rows.enumerate() {
        let at = i as u32 + 1;
        let lines = names
            .iter()
            .zip(&row)
            .map(|(name, text)| lines(text, width(name)));
        let lines = lines.max().unwrap_or(1).clamp(1, MAX_LINES);
        sheet
            .set_row_height(at, lines as f64 * HEIGHT_OF_LINE)
            .map_err(failed)?;
        for (column, text) in row.iter().enumerate() {
            put(sheet, at, column, first_piece(text))?;
        }
        let pieces = further.cells(&row);
        note_long(&pieces, &mut written, || "the codebook".to_owned());
        for (n, piece) in pieces.into_iter().enumerate() {
            put(sheet, at, first_further + n, piece)?;
        }
    }

    let sheet = book.add_worksheet_with_constant_memory().map_err(failed)?;
    sheet.set_name("summary").map_err(failed)?;
    let names = ["label", "annotations", "articles"].map(str::to_owned);
    lay_out(sheet, &names, |_| top())?;
    sheet.set_column_width(0, 36).map_err(failed)?;
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

/// Cells beyond the named columns, by their places from there.
type Beyond = Vec<(usize, String)>;

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

    /// The cells of a row up to `columns`, and those beyond by their places from there.
    fn row(&mut self, number: u32, columns: usize) -> Result<(Vec<String>, Beyond), WriteError> {
        let mut row = vec![String::new(); columns];
        let mut beyond = Vec::new();
        while let Some((at, column, text)) = self.ahead.take() {
            if at != number {
                self.ahead = Some((at, column, text));
                break;
            }
            match row.get_mut(column as usize) {
                Some(cell) => *cell = text,
                None => beyond.push((column as usize - columns, text)),
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
        let width = span_header(plan).len() + 1;
        let further = further_of_spans(plan)?;
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
                let annotation = wanted.get(6).map_or("-", AsRef::as_ref);
                compare(&record, &wanted, &further, (&found, &beyond), annotation)?;
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
    let further = further_of_articles(plan)?;
    rows.row(0, width)?;
    for (i, planned) in plan.articles.iter().enumerate() {
        let record = plan.record(planned)?;
        let (found, beyond) = rows.row(i as u32 + 1, width)?;
        let wanted = article_row(plan, &record);
        compare(&record, &wanted, &further, (&found, &beyond), "-")?;
    }
    Ok(written)
}

fn compare(
    record: &Record<'_>,
    wanted: &[Cow<'_, str>],
    further: &Further,
    (found, beyond): (&[String], &[(usize, String)]),
    annotation: &str,
) -> Result<(), WriteError> {
    let mismatch = |detail: String| WriteError::Mismatch {
        article: record.id.to_owned(),
        annotation: annotation.to_owned(),
        detail,
    };
    for (column, wanted) in wanted.iter().enumerate() {
        // A workbook, like XML, holds no control characters.
        if found.get(column).map(String::as_str) != Some(first_piece(wanted)) {
            return Err(mismatch(format!(
                "column {} of its row differs",
                column + 1
            )));
        }
    }
    let pieces = further.cells(wanted).into_iter().enumerate();
    let pieces = pieces.filter(|(_, piece)| !piece.is_empty());
    let beyond = beyond.iter().map(|(at, piece)| (*at, piece.as_str()));
    match pieces.eq(beyond) {
        true => Ok(()),
        false => Err(mismatch("a further column of its row differs".to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use crate::format::export::options::ExportOptions;
    use crate::format::export::plan::Plan;
    use crate::format::export::tests::{TORTURE, project_of, written};
    use crate::format::formats::format_named;
    use crate::format::reading::{ReadOptions, Source};

    #[test]
    fn what_is_shown_around_a_span() {
        let long = "These are many words. ".repeat(20);
        let ideographs = "字".repeat(100);
        let cases = [
            ("", "", ""),
            ("She said ", "She said ", "She said "),
            (
                long.as_str(),
                "many words. These are many words. These are many words. ",
                "X",
            ),
            (ideographs.as_str(), "X", "X"),
        ];
        for (text, before, after) in cases {
            let found = super::shown_before(text);
            match before {
                "X" => assert_eq!(found.chars().count(), 20),
                before => assert_eq!(found, before),
            }
            let found = super::shown_after(text);
            match after {
                "X" => assert!(text.starts_with(found) && (150..=200).contains(&found.len())),
                after => assert_eq!(found, after),
            }
        }
    }

    #[test]
    fn columns_are_as_wide_as_what_stands_in_them() {
        for (name, text) in [
            ("published", "2026-02-01"),
            ("created", "2026-02-01T10:20:30Z"),
            ("text_hash", "blake3:0123456789012345678901234567"),
            ("matters_to_public", "matters_to_public ▾"),
            ("fragments", "fragments ▾"),
            (
                "an attribute with a long name",
                "an attribute with a long name ▾",
            ),
        ] {
            assert!(super::width(name) >= text.chars().count() as f64, "{name}");
        }
        assert_eq!(super::lines("", 40.0), 0);
        assert_eq!(super::lines(&format!("a\n\n{}", "b".repeat(41)), 40.0), 4);
    }

    #[test]
    fn cells_are_seen_from_their_top() {
        let project = project_of(TORTURE);
        let options = ExportOptions::default();
        let memory = written(
            format_named("xlsx").unwrap(),
            &Plan::new(&project, &options),
        );
        let part = |name: &str| {
            let bytes = std::io::Cursor::new(&memory.0["project.xlsx"]);
            let mut archive = zip::ZipArchive::new(bytes).unwrap();
            let mut text = String::new();
            let mut part = archive.by_name(name).unwrap();
            std::io::Read::read_to_string(&mut part, &mut text).unwrap();
            text
        };
        // Formats in their order; the first is that of cells without one.
        let styles = part("xl/styles.xml");
        let (_, formats) = styles.split_once("<cellXfs").unwrap();
        let formats: Vec<&str> = formats.split("<xf ").skip(1).collect();
        for n in 1..=4 {
            let sheet = part(&format!("xl/worksheets/sheet{n}.xml"));
            for cell in sheet.split("<c r=").skip(1) {
                let (_, style) = cell.split_once(" s=\"").unwrap_or(("", "0"));
                let style: usize = style.split('"').next().unwrap().parse().unwrap();
                assert!(
                    formats[style].contains("vertical=\"top\""),
                    "sheet {n}: {cell}"
                );
            }
        }
        let spans = part("xl/worksheets/sheet1.xml");
        assert!(spans.matches("ht=\"45\"").count() > 20);
    }

    #[test]
    fn what_no_cell_can_hold_comes_back() {
        // At the limit, over it, and with a character of two units across it.
        let notes = [
            "x".repeat(32_767),
            "y".repeat(70_000),
            format!("{}z", "🙂".repeat(20_000)),
        ];
        let annotations = notes.iter().enumerate().map(|(n, note)| {
            serde_json::json!({
                "id": n.to_string(), "annotator": "ana", "label": "claim", "note": note,
                "fragments": [{"start": 0, "end": 40_000}],
                "attributes": {"text (2)": "own", "said": notes[2]},
            })
        });
        let text = format!("A _x000D_ {}", "🙂 word ".repeat(8_000));
        let line = serde_json::json!({
            "id": "a", "title": "T", "text": text, "notes": notes[1],
            "meta": {"text (2)": "own", "note": notes[0]},
            "annotations": annotations.collect::<Vec<_>>(),
        });
        let project = project_of(&line.to_string());
        let options = ExportOptions::default();
        let plan = Plan::new(&project, &options);
        let xlsx = format_named("xlsx").unwrap();
        let memory = written(xlsx, &plan);
        let source = Source::alone("project.xlsx", &memory.0["project.xlsx"]);
        let reader = xlsx.reader().unwrap();
        let reading = (reader.read)(&source, &ReadOptions::default()).unwrap();
        assert_eq!(reading.remarks, Vec::<String>::new());
        let [article] = reading.articles.as_slice() else {
            panic!("{} articles", reading.articles.len())
        };
        assert!(article.text == text && article.notes == notes[1]);
        assert_eq!(article.metadata["text (2)"], "own");
        assert!(article.metadata["note"] == notes[0]);
        assert_eq!(article.annotations.len(), 3);
        for (found, note) in article.annotations.iter().zip(&notes) {
            assert!(found.note == *note);
            let covered = found.fragments[0].text.as_ref().unwrap();
            assert_eq!(covered.chars().count(), 40_000);
            assert_eq!(found.attributes["text (2)"].to_text(), "own");
            assert!(found.attributes["said"].to_text() == notes[2]);
        }
    }
}
