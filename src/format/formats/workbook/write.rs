//! A workbook: sheets `spans`, `articles`, `quotes`, `codebook` and `summary`, and `people` and `groups`
//! where there are any. Each span stands in its sentence
//! as well, where it is highlighted. Written some rows at a time, so that memory does not grow with
//! it, on all cores (`joined`).
//!
//! A cell holds 32,767 UTF-16 code units: what is longer goes on in further columns. Cells are typed,
//! as numbers or as text, so that nothing is run as a formula.

mod joined;
mod proof;
mod quotes;

use crate::core::annotation::AttributeValue;
use crate::core::text::segment::sentence_at;
use crate::core::text::{BytePos, ByteRange};
use crate::format::WriteError;
use crate::format::export::format::{Format, FormatGroup, Part, Shape};
use crate::format::export::ledger_rows::{group_rows, people_rows};
use crate::format::export::of_project::all_of_project;
use crate::format::export::options::Choice;
use crate::format::export::plan::{Plan, Planned};
use crate::format::export::quote_rows::Quotes;
use crate::format::export::record::{Record, Span};
use crate::format::export::table_rows::{
    TEXT, article_header, article_row, codebook_rows, number_cells, span_header, span_rows,
};
use crate::format::export::{Progress, Sink, Written, parallel};
use crate::format::words::columns::{IN_SENTENCE, further_column};
use joined::{Long, LongSheet};
pub use proof::prove;
use quotes::QuoteSheet;
use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format as CellFormat, FormatAlign, FormatUnderline,
    Workbook, Worksheet, XlsxError,
};
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

pub const FORMAT: Format = Format {
    name: "xlsx",
    aliases: &["excel"],
    title: "Excel workbook",
    group: FormatGroup::Analysis,
    shape: Shape::File { extension: "xlsx" },
    offset_unit: "Unicode code points",
    read_by: "Excel, LibreOffice, Google Sheets, pandas",
    lacks: &[Part::Nothing, Part::Sets],
    adds: "each span highlighted in its sentence, each quote as one row in a sheet of its own, and a summary",
    changes: "a text over 32,767 characters goes on in further columns; values that a cell does not say exactly stand in a column of their own as well",
    choices: &[&Choice::TEXTS],
    write,
    prove,
    splits_itself: false,
    reader: Some(&super::read::READER),
};

const NAME: &str = "project.xlsx";
/// Articles whose rows are made at once.
const GROUP: usize = 8;
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
        let end = if first.end >= range.end {
            first.end
        } else {
            sentence_at(text, before_end).end
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
fn lay_out<'f>(
    sheet: &mut Worksheet,
    names: &[String],
    format: impl Fn(&str) -> &'f CellFormat,
) -> Result<(), WriteError> {
    for (column, name) in (0..).zip(names.iter().take(MAX_COLUMNS)) {
        let width = width(name);
        sheet.set_column_width(column, width).map_err(failed)?;
        let format = format(name);
        sheet.set_column_format(column, format).map_err(failed)?;
    }
    Ok(())
}

/// A row of the sheet of spans.
struct SpanRow<'r> {
    cells: Vec<Cow<'r, str>>,
    /// Which of them are numbers.
    numbers: Vec<usize>,
    label: &'r str,
    before: &'r str,
    after: &'r str,
}

fn rows_of<'r>(plan: &Plan<'_>, record: &'r Record<'r>) -> Vec<SpanRow<'r>> {
    let with_sentence = plan.has_texts();
    let mut last = ByteRange::default();
    let fragments = record.spans.iter().flat_map(|span| {
        let fragments = span.fragments.iter();
        fragments.map(move |fragment| (span, fragment.bytes))
    });
    let rows = span_rows(plan, record).into_iter().zip(fragments);
    rows.map(|(cells, (span, range))| {
        let (before, after) = if with_sentence {
            around(record, range, &mut last)
        } else {
            ("", "")
        };
        SpanRow {
            cells,
            numbers: number_cells(plan, span),
            label: span.label,
            before,
            after,
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

    /// Takes in what another one counted.
    fn join(&mut self, other: &Self) {
        if self.most.len() < other.most.len() {
            self.most.resize(other.most.len(), 1);
        }
        for (most, theirs) in self.most.iter_mut().zip(&other.most) {
            *most = (*most).max(*theirs);
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

    /// Writes the further cells of a row from a column on, and tells that there are some.
    fn put(
        &self,
        sheet: &mut Worksheet,
        (at, first): (u32, usize),
        row: &[Cow<'_, str>],
        written: &mut Written,
        place: impl FnOnce() -> String,
    ) -> Result<(), WriteError> {
        let pieces = self.cells(row);
        if pieces.iter().any(|piece| !piece.is_empty()) {
            written.losses.note(
                "a text over Excel’s 32,767 characters for a cell goes on in further columns",
                place,
            );
        }
        for (n, piece) in pieces.into_iter().enumerate() {
            put(sheet, at, first + n, piece)?;
        }
        Ok(())
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
        AttributeValue::Later(kept) => kept.as_str().len(),
        AttributeValue::Number(_) | AttributeValue::Bool(_) => 32,
        // Their name is in the ledger; few are longer.
        AttributeValue::Person(_) => 1_000,
    }
}

/// More than there are columns besides attributes or metadata.
const SPAN_CELLS: usize = 32;
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

/// The formats of cells, which all books of an export number alike: see [`joined`].
struct Look<'p> {
    top: CellFormat,
    wrapped: CellFormat,
    plain: CellFormat,
    head: CellFormat,
    /// By label. For the whole cell, too, where there is nothing else in it.
    highlights: BTreeMap<&'p str, CellFormat>,
}

impl<'p> Look<'p> {
    fn new(plan: &'p Plan<'_>) -> Self {
        let top = CellFormat::new().set_align(FormatAlign::Top);
        let wrapped = top.clone().set_text_wrap();
        let head = CellFormat::new()
            .set_bold()
            .set_background_color(Color::RGB(0xEF_EC_E6))
            .set_align(FormatAlign::Top);
        let highlights = plan.labels.keys().map(|label| {
            let format = wrapped
                .clone()
                .set_bold()
                .set_underline(FormatUnderline::Single)
                .set_font_color(Color::RGB(plan.label_color(label)));
            (label.as_str(), format)
        });
        Self {
            highlights: highlights.collect(),
            plain: CellFormat::new(),
            top,
            wrapped,
            head,
        }
    }

    fn book(&self) -> Workbook {
        let mut book = Workbook::new();
        book.set_zip_compression_level(QUICK);
        let own = [&self.top, &self.wrapped, &self.head];
        for format in own.into_iter().chain(self.highlights.values()) {
            book.register_format(format);
        }
        book
    }

    fn header(&self, sheet: &mut Worksheet, names: &[String]) -> Result<(), WriteError> {
        for (column, name) in (0..).zip(names) {
            sheet
                .write_string_with_format(0, column, name, &self.head)
                .map_err(failed)?;
        }
        sheet.set_row_height(0, HEIGHT_OF_HEADER).map_err(failed)?;
        sheet.set_freeze_panes(1, 0).map_err(failed)?;
        Ok(())
    }
}

/// The sheet of spans.
struct SpanSheet<'p> {
    look: &'p Look<'p>,
    with_sentence: bool,
    names: Vec<String>,
    further: Further,
    sentence_column: usize,
}

impl<'p> SpanSheet<'p> {
    fn new(plan: &Plan<'_>, look: &'p Look<'p>) -> Result<Self, WriteError> {
        let further = further_of_spans(plan)?;
        let mut names = span_header(plan);
        let sentence_column = names.len();
        let continuing = further.names(&names);
        names.push(IN_SENTENCE.to_owned());
        names.extend(continuing);
        Ok(Self {
            look,
            with_sentence: plan.has_texts(),
            names,
            further,
            sentence_column,
        })
    }

    fn row(&self, sheet: &mut Worksheet, at: u32, row: &SpanRow<'_>) -> Result<(), WriteError> {
        for (column, text) in row.cells.iter().enumerate() {
            let number = row
                .numbers
                .contains(&column)
                .then(|| text.parse::<f64>().ok());
            match number.flatten() {
                Some(number) => drop(
                    sheet
                        .write_number(at, column as u16, number)
                        .map_err(failed)?,
                ),
                None => put(sheet, at, column, first_piece(text))?,
            }
        }
        let text = row.cells.get(TEXT).map_or("", AsRef::as_ref);
        let units = |text: &str| text.encode_utf16().count();
        let whole = units(row.before) + units(text) + units(row.after);
        if !self.with_sentence || whole > MAX_CELL_UNITS {
            return Ok(());
        }
        let look = self.look;
        let format = look.highlights.get(row.label);
        let format = format.unwrap_or(&look.plain);
        let parts = [
            (&look.plain, row.before),
            (format, text),
            (&look.plain, row.after),
        ];
        let parts = parts.into_iter().filter(|(_, part)| !part.is_empty());
        let parts: Vec<(&CellFormat, &str)> = parts.collect();
        let column = self.sentence_column as u16;
        let done = match parts.len() {
            0 => Ok(sheet),
            1 => sheet.write_string_with_format(at, column, text, format),
            _ => sheet.write_rich_string_with_format(at, column, &parts, &look.wrapped),
        };
        match done {
            // The marks of highlighting count as well. The words stand in a cell of their own.
            Ok(_) | Err(XlsxError::MaxStringLengthExceeded) => Ok(()),
            Err(error) => Err(failed(error)),
        }
    }
}

impl LongSheet for SpanSheet<'_> {
    fn begin(&self, sheet: &mut Worksheet) -> Result<(), WriteError> {
        sheet.set_name("spans").map_err(failed)?;
        if self.with_sentence {
            sheet.set_default_row_height(HEIGHT_WITH_SENTENCE);
        }
        // With three lines, there is room for the rest of a text or a note as well.
        let is_long = |name: &str| ["title", "text", "note", IN_SENTENCE].contains(&name);
        lay_out(sheet, &self.names, |name| {
            if self.with_sentence && is_long(name) {
                &self.look.wrapped
            } else {
                &self.look.top
            }
        })
    }

    fn rows(
        &self,
        sheet: &mut Worksheet,
        plan: &Plan<'_>,
        articles: &[Planned<'_>],
        first_row: u32,
    ) -> Result<Written, WriteError> {
        let mut written = Written::default();
        let mut at = first_row;
        for planned in articles {
            let record = plan.record(planned)?;
            written.count(&record);
            for row in rows_of(plan, &record) {
                self.row(sheet, at, &row)?;
                let first = self.sentence_column + 1;
                let place = || record.place();
                self.further
                    .put(sheet, (at, first), &row.cells, &mut written, place)?;
                at += 1;
            }
        }
        Ok(written)
    }

    fn end(&self, sheet: &mut Worksheet, last_row: u32) -> Result<(), WriteError> {
        let last = self.sentence_column as u16;
        if last_row > 0 {
            sheet.autofilter(0, 0, last_row, last).map_err(failed)?;
        }
        Ok(())
    }

    fn names(&self) -> &[String] {
        &self.names
    }
}

/// The sheet of articles.
struct ArticleSheet<'p> {
    look: &'p Look<'p>,
    names: Vec<String>,
    further: Further,
    first_further: usize,
}

impl<'p> ArticleSheet<'p> {
    fn new(plan: &Plan<'_>, look: &'p Look<'p>) -> Result<Self, WriteError> {
        let further = further_of_articles(plan)?;
        let mut names = article_header(plan);
        let first_further = names.len();
        names.extend(further.names(&names));
        Ok(Self {
            look,
            names,
            further,
            first_further,
        })
    }
}

impl LongSheet for ArticleSheet<'_> {
    fn begin(&self, sheet: &mut Worksheet) -> Result<(), WriteError> {
        sheet.set_name("articles").map_err(failed)?;
        lay_out(sheet, &self.names, |_| &self.look.top)
    }

    fn rows(
        &self,
        sheet: &mut Worksheet,
        plan: &Plan<'_>,
        articles: &[Planned<'_>],
        first_row: u32,
    ) -> Result<Written, WriteError> {
        let mut written = Written::default();
        for (at, planned) in (first_row..).zip(articles) {
            let record = plan.record(planned)?;
            let row = article_row(plan, &record);
            for (column, text) in row.iter().enumerate() {
                if column != CHARS {
                    put(sheet, at, column, first_piece(text))?;
                    continue;
                }
                let chars = planned.article.text.len_chars() as f64;
                sheet
                    .write_number(at, CHARS as u16, chars)
                    .map_err(failed)?;
            }
            let place = || record.place();
            self.further
                .put(sheet, (at, self.first_further), &row, &mut written, place)?;
        }
        Ok(written)
    }

    fn end(&self, _sheet: &mut Worksheet, _last_row: u32) -> Result<(), WriteError> {
        Ok(())
    }

    fn names(&self) -> &[String] {
        &self.names
    }
}

/// The short sheets, of what belongs to no article.
fn short_sheets(plan: &Plan<'_>) -> Vec<(&'static str, Vec<Vec<String>>)> {
    let told = all_of_project(plan);
    let mut sheets = vec![("codebook", codebook_rows(plan))];
    if !told.people.is_empty() {
        sheets.push(("people", people_rows(plan, &told)));
    }
    if !told.groups.is_empty() || !told.apart.is_empty() {
        sheets.push(("groups", group_rows(plan, &told)));
    }
    sheets
}

fn short_sheet(
    (name, rows): (&str, Vec<Vec<String>>),
    look: &Look<'_>,
    sheet: &mut Worksheet,
    written: &mut Written,
) -> Result<(), WriteError> {
    let sheet_name = name;
    sheet.set_name(name).map_err(failed)?;
    let rows: Vec<Vec<Cow<'_, str>>> = rows
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
    lay_out(sheet, &names, |_| &look.wrapped)?;
    look.header(sheet, &names)?;
    for (at, row) in (1..).zip(rows) {
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
        let place = || format!("the sheet {sheet_name}");
        further.put(sheet, (at, first_further), &row, written, place)?;
    }
    Ok(())
}

/// For people: labels by their names, and by their ids where two are called the same.
fn summary_sheet(
    plan: &Plan<'_>,
    look: &Look<'_>,
    sheet: &mut Worksheet,
    sizes: &Sizes,
) -> Result<(), WriteError> {
    sheet.set_name("summary").map_err(failed)?;
    let names = ["label", "annotations", "articles"].map(str::to_owned);
    lay_out(sheet, &names, |_| &look.top)?;
    sheet.set_column_width(0, 36).map_err(failed)?;
    look.header(sheet, &names)?;
    let all = [("all".to_owned(), sizes.all)];
    let codebook = plan.project.codebook();
    let labels = sizes.by_label.iter();
    let labels: Vec<(&str, &str, (usize, usize))> = labels
        .map(|(id, counts)| {
            let known = codebook.label(id);
            let name = known.map_or(id.as_str(), |label| label.name.as_str());
            (id.as_str(), name, *counts)
        })
        .collect();
    let mut called: HashMap<&str, usize> = HashMap::new();
    for (_, name, _) in &labels {
        *called.entry(name).or_default() += 1;
    }
    let rows = labels.iter().map(|(id, name, counts)| {
        let shown = if called.get(name) == Some(&1) {
            (*name).to_owned()
        } else {
            format!("{name} ({id})")
        };
        (shown, *counts)
    });
    for (at, (label, (annotations, articles))) in (1..).zip(rows.chain(all)) {
        put(sheet, at, 0, first_piece(&label))?;
        sheet
            .write_number(at, 1, annotations as f64)
            .map_err(failed)?;
        sheet.write_number(at, 2, articles as f64).map_err(failed)?;
    }
    Ok(())
}

/// What is known of a workbook before it is written.
#[derive(Default)]
struct Sizes {
    /// Rows of spans by article.
    rows: Vec<u32>,
    /// Rows of quotes by article, and their further columns.
    quotes: Vec<u32>,
    further_of_quotes: Further,
    /// Annotations and articles.
    by_label: BTreeMap<String, (usize, usize)>,
    all: (usize, usize),
    /// What the sheets of spans and of articles come to, at most.
    span_bytes: u64,
    article_bytes: u64,
}

/// What an element of a cell takes besides its text.
const CELL_BYTES: usize = 64;
/// A byte of a text may stand as seven.
const ESCAPED: usize = 7;

/// What the rows of an article come to, at most: of its spans, and its own.
fn row_bytes(plan: &Plan<'_>, record: &Record<'_>) -> (u64, u64) {
    let article = record.article;
    let fields = article.metadata.values().map(String::len).sum::<usize>();
    let told = fields + article.title.len() + record.id.len();
    let of_span = |span: &Span<'_>| {
        let values = span.attributes.iter();
        let values = values.map(|(name, value)| 2 * (name.len() + value_len(value)) + 8);
        let links = span.links.iter();
        let links = links.map(|(role, target)| 3 * (role.len() + target.len()) + 4);
        let said = span.note.len() + span.id.len() + span.annotator.len() + span.label.len();
        let each = told + said + values.chain(links).sum::<usize>() + MAX_BEFORE + MAX_AFTER;
        let texts = span
            .fragments
            .iter()
            .map(|fragment| fragment.text.len() * 2);
        let cells = (plan.attributes.len() + SPAN_CELLS) * CELL_BYTES;
        span.fragments.len() * (each * ESCAPED + cells + 1_024) + texts.sum::<usize>() * ESCAPED
    };
    let spans: usize = record.spans.iter().map(of_span).sum();
    let status = record.status_text().len();
    let own = told + article.text.len_bytes() + article.notes.len() + status;
    let cells = (plan.metadata.len() + SPAN_CELLS) * CELL_BYTES;
    (spans as u64, (own * ESCAPED + cells) as u64)
}

fn sizes(plan: &Plan<'_>, progress: Progress<'_>) -> Result<Sizes, WriteError> {
    let mut sizes = Sizes::default();
    let quotes = Quotes::of(plan);
    parallel::in_order(
        &plan.articles,
        &mut |_| progress(0),
        |planned| {
            let record = plan.record(planned)?;
            let mut here: BTreeMap<String, usize> = BTreeMap::new();
            let mut rows = 0;
            for span in &record.spans {
                match here.get_mut(span.label) {
                    Some(count) => *count += 1,
                    None => drop(here.insert(span.label.to_owned(), 1)),
                }
                rows += span.fragments.len() as u32;
            }
            let quotes = quotes.rows(&record);
            let mut further = Further::default();
            for row in &quotes {
                further.count(row);
            }
            let quotes = (quotes.len() as u32, further);
            Ok((rows, quotes, here, row_bytes(plan, &record)))
        },
        |_, (rows, quotes, here, (span_bytes, article_bytes))| {
            sizes.rows.push(rows);
            sizes.quotes.push(quotes.0);
            sizes.further_of_quotes.join(&quotes.1);
            sizes.span_bytes += span_bytes;
            sizes.article_bytes += article_bytes;
            sizes.all.1 += 1;
            for (label, count) in here {
                sizes.all.0 += count;
                let entry = sizes.by_label.entry(label).or_default();
                entry.0 += count;
                entry.1 += 1;
            }
            Ok(())
        },
    )?;
    Ok(sizes)
}

struct Group<'g, 'p> {
    articles: &'g [Planned<'p>],
    first_span_row: u32,
    first_article_row: u32,
    first_quote_row: u32,
}

fn groups<'g, 'p>(plan: &'g Plan<'p>, sizes: &Sizes) -> Vec<Group<'g, 'p>> {
    let (mut first_span_row, mut first_article_row, mut first_quote_row) = (1, 1, 1);
    let counts = sizes.rows.chunks(GROUP).zip(sizes.quotes.chunks(GROUP));
    let articles = plan.articles.chunks(GROUP).zip(counts);
    let group = |(articles, (rows, quotes)): (&'g [Planned<'p>], (&[u32], &[u32]))| {
        let group = Group {
            articles,
            first_span_row,
            first_article_row,
            first_quote_row,
        };
        first_span_row += rows.iter().sum::<u32>();
        first_article_row += articles.len() as u32;
        first_quote_row += quotes.iter().sum::<u32>();
        group
    };
    articles.map(group).collect()
}

pub fn write(
    plan: &Plan<'_>,
    sink: &mut dyn Sink,
    progress: Progress<'_>,
) -> Result<Written, WriteError> {
    let sizes = sizes(plan, progress)?;
    let span_rows: usize = sizes.rows.iter().map(|rows| *rows as usize).sum();
    if span_rows > MAX_ROWS {
        return Err(WriteError::TooMuch(format!(
            "a sheet holds {MAX_ROWS} rows and there are more annotations; choose fewer articles, or CSV"
        )));
    }
    let look = Look::new(plan);
    let spans = SpanSheet::new(plan, &look)?;
    let articles = ArticleSheet::new(plan, &look)?;
    let quotes = QuoteSheet::new(plan, &look, &sizes.further_of_quotes);
    let quote_rows: u32 = sizes.quotes.iter().sum();
    let mut written = Written::default();

    let mut book = look.book();
    let created = ExcelDateTime::from_ymd(2000, 1, 1).map_err(failed)?;
    // Equal projects give equal bytes: no time of day.
    book.set_properties(
        &DocProperties::new()
            .set_title(plan.project.name())
            .set_creation_datetime(&created),
    );
    joined::guarded(|| {
        joined::add_empty(&mut book, &look, &spans, span_rows as u32)?;
        joined::add_empty(&mut book, &look, &articles, plan.articles.len() as u32)?;
        joined::add_empty(&mut book, &look, &quotes, quote_rows)?;
        for short in short_sheets(plan) {
            let sheet = book.add_worksheet_with_constant_memory().map_err(failed)?;
            short_sheet(short, &look, sheet, &mut written)?;
        }
        let sheet = book.add_worksheet_with_constant_memory().map_err(failed)?;
        summary_sheet(plan, &look, sheet, &sizes)
    })?;

    let groups = groups(plan, &sizes);
    sink.file(NAME, &mut |out| {
        let is_large = |sheet: Long| {
            let bytes = match sheet {
                // A quote repeats what its spans say.
                Long::Spans | Long::Quotes => sizes.span_bytes,
                Long::Articles => sizes.article_bytes,
            };
            bytes >= u64::from(u32::MAX)
        };
        joined::write(&mut book, out, is_large, |sheet, out| {
            let mut told = |done: usize| {
                progress(match sheet {
                    Long::Spans => (done * GROUP).min(plan.articles.len()),
                    Long::Articles | Long::Quotes => plan.articles.len(),
                })
            };
            parallel::large_in_order(
                &groups,
                &mut told,
                |group| match sheet {
                    Long::Spans => {
                        joined::rows(&look, &spans, plan, group.articles, group.first_span_row)
                    }
                    Long::Articles => {
                        let first = group.first_article_row;
                        joined::rows(&look, &articles, plan, group.articles, first)
                    }
                    Long::Quotes => {
                        let first = group.first_quote_row;
                        joined::rows(&look, &quotes, plan, group.articles, first)
                    }
                },
                |_, (rows, counted)| {
                    written.add(&counted);
                    Ok(out.write_all(&rows)?)
                },
            )
        })
    })?;
    Ok(written)
}

#[cfg(test)]
mod tests;
