//! The sheet of spans, a fragment a row, each in its sentence as well, where it is highlighted.

use super::further::{Columns, Further, MAX_CELL_UNITS};
use super::joined::LongSheet;
use super::look::{HEIGHT_WITH_SENTENCE, Look, lay_out};
use super::{failed, value_len};
use crate::core::text::segment::Sentences;
use crate::core::text::{BytePos, ByteRange};
use crate::format::WriteError;
use crate::format::export::Written;
use crate::format::export::plan::{Plan, Planned};
use crate::format::export::record::Record;
use crate::format::export::table_rows::{TEXT, number_cells, span_header, span_rows};
use crate::format::words::columns::IN_SENTENCE;
use rust_xlsxwriter::{Format as CellFormat, Worksheet, XlsxError};
use std::borrow::Cow;

/// What is shown before a span and after it, at most, in bytes: what is highlighted begins in the
/// first line of its cell.
pub(super) const MAX_BEFORE: usize = 60;
pub(super) const MAX_AFTER: usize = 200;

/// The sentence or sentences that a fragment stands in: what comes before it and after it.
fn around<'a>(
    record: &Record<'a>,
    range: ByteRange,
    sentences: &mut Sentences<'_>,
    last: &mut ByteRange,
) -> (&'a str, &'a str) {
    if !(last.start <= range.start && range.end <= last.end && range.start < last.end) {
        let first = sentences.at(range.start);
        let before_end = BytePos(range.end.0.saturating_sub(1).max(range.start.0));
        let end = if first.end >= range.end {
            first.end
        } else {
            sentences.at(before_end).end
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
pub(super) fn shown_before(before: &str) -> &str {
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
pub(super) fn shown_after(after: &str) -> &str {
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
    let mut sentences = Sentences::of(&record.article.text);
    let mut last = ByteRange::default();
    let fragments = record.spans.iter().flat_map(|span| {
        let fragments = span.fragments.iter();
        fragments.map(move |fragment| (span, fragment.bytes))
    });
    let rows = span_rows(plan, record).into_iter().zip(fragments);
    rows.map(|(cells, (span, range))| {
        let (before, after) = if with_sentence {
            around(record, range, &mut sentences, &mut last)
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

/// The further columns of the sheet of spans. Only articles that may have long cells are looked at.
pub(super) fn further_of_spans(plan: &Plan<'_>) -> Result<Further, WriteError> {
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

pub(super) struct SpanSheet<'p> {
    columns: Columns<'p>,
    with_sentence: bool,
    sentence_column: usize,
}

impl<'p> SpanSheet<'p> {
    pub(super) fn new(plan: &Plan<'_>, look: &'p Look<'p>) -> Result<Self, WriteError> {
        let mut names = span_header(plan);
        let sentence_column = names.len();
        names.push(IN_SENTENCE.to_owned());
        Ok(Self {
            columns: Columns::new(look, names, further_of_spans(plan)?),
            with_sentence: plan.has_texts(),
            sentence_column,
        })
    }

    /// Its words in their sentence.
    fn sentence(
        &self,
        sheet: &mut Worksheet,
        at: u32,
        row: &SpanRow<'_>,
    ) -> Result<(), WriteError> {
        let text = row.cells.get(TEXT).map_or("", AsRef::as_ref);
        let units = |text: &str| text.encode_utf16().count();
        let whole = units(row.before) + units(text) + units(row.after);
        if !self.with_sentence || whole > MAX_CELL_UNITS {
            return Ok(());
        }
        let look = self.columns.look;
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
    fn columns(&self) -> &Columns<'_> {
        &self.columns
    }

    fn begin(&self, sheet: &mut Worksheet) -> Result<(), WriteError> {
        sheet.set_name("spans").map_err(failed)?;
        if self.with_sentence {
            sheet.set_default_row_height(HEIGHT_WITH_SENTENCE);
        }
        // With three lines, there is room for the rest of a text or a note as well.
        let is_long = |name: &str| ["title", "text", "note", IN_SENTENCE].contains(&name);
        lay_out(sheet, &self.columns.names, |name| {
            if self.with_sentence && is_long(name) {
                &self.columns.look.wrapped
            } else {
                &self.columns.look.top
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
                let is_number = |column| row.numbers.contains(&column);
                let place = || record.place();
                self.columns
                    .put_row(sheet, at, &row.cells, is_number, &mut written, place)?;
                self.sentence(sheet, at, &row)?;
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
}
