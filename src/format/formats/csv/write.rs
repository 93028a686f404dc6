//! CSV for Excel and statistics: `spans.csv` with a row for each fragment, `quotes.csv` with a row for
//! each quote, `articles.csv`, `codebook.csv`, and `people.csv` and `groups.csv` where there are any. UTF-8 with a byte-order mark, `\r\n` after each row.
//!
//! A cell that a spreadsheet would run as a formula gets an apostrophe before it; a number with its
//! sign is none. Where semicolons stand between cells, numbers have a decimal comma.

use crate::format::WriteError;
use crate::format::export::format::{Format, FormatGroup, Part, Shape};
use crate::format::export::ledger_rows::{group_rows, people_rows};
use crate::format::export::of_project::all_of_project;
use crate::format::export::options::Choice;
use crate::format::export::plan::Plan;
use crate::format::export::quote_rows::{Quotes, quote_header};
use crate::format::export::record::Record;
use crate::format::export::table_rows::{
    article_header, article_row, codebook_rows, number_cells, span_header, span_rows,
};
use crate::format::export::{Progress, Sink, Stored, Written, missing, parallel};
use crate::format::formats::csv::{CODEBOOK, GROUPS, PEOPLE, QUOTES};
use crate::format::reading::cells::STARTS_FORMULA;
use std::borrow::Cow;
use std::io::{BufReader, Read};

pub const FORMAT: Format = Format {
    name: "csv",
    aliases: &["table"],
    title: "CSV for spreadsheets and statistics",
    group: FormatGroup::Analysis,
    shape: Shape::Folder { main: "spans.csv" },
    offset_unit: "Unicode code points",
    read_by: "Excel, R, pandas, DuckDB, SPSS",
    lacks: &[Part::Nothing, Part::Sets],
    adds: "each quote as one row in a table of its own",
    changes: "a cell that Excel would run as a formula gets an apostrophe before it; numbers have a decimal comma where semicolons stand between columns; values that a cell does not say exactly stand in a column of their own as well",
    choices: &[&Choice::TEXTS, &Choice::SEMICOLONS],
    write,
    prove,
    splits_itself: false,
    reader: Some(&super::read::READER),
};

const BOM: &str = "\u{FEFF}";
const SPANS: &str = "spans.csv";
const ARTICLES: &str = "articles.csv";

/// What a cell shows: guarded where a spreadsheet would take it for a formula.
pub(in crate::format) fn guarded(cell: &str) -> Cow<'_, str> {
    if is_number(cell) {
        return Cow::Borrowed(cell);
    }
    // A cell that looks guarded is guarded as well, so that it can be told from one that is.
    let unquoted = cell.trim_start_matches('\'');
    let looks_guarded = unquoted.len() < cell.len();
    // A line break alone is run by nothing.
    let behind_breaks = if looks_guarded {
        unquoted
    } else {
        unquoted.trim_start_matches('\n')
    };
    if behind_breaks.starts_with(STARTS_FORMULA) {
        Cow::Owned(format!("'{cell}"))
    } else {
        Cow::Borrowed(cell)
    }
}

/// A number as it leaves here, with nothing else: spreadsheets run nothing for it. One with a plus is
/// text, such as the start of a telephone number.
fn is_number(cell: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let number = cell.strip_prefix('-').unwrap_or(cell);
    match number.split_once(['.', ',']) {
        Some((whole, rest)) => digits(whole) && digits(rest),
        None => digits(number),
    }
}

/// A row for each fragment, its numbers as spreadsheets read them beside these delimiters.
fn rows_of<'r>(plan: &Plan<'_>, record: &'r Record<'r>) -> Vec<Vec<Cow<'r, str>>> {
    let mut rows = span_rows(plan, record);
    if !plan.options.semicolons {
        return rows;
    }
    let spans = record.spans.iter();
    let spans = spans.flat_map(|span| span.fragments.iter().map(move |_| span));
    for (row, span) in rows.iter_mut().zip(spans) {
        for at in number_cells(plan, span) {
            if let Some(cell) = row.get_mut(at).filter(|cell| cell.contains('.')) {
                *cell = cell.replacen('.', ",", 1).into();
            }
        }
    }
    rows
}

fn delimiter(plan: &Plan<'_>) -> u8 {
    if plan.options.semicolons { b';' } else { b',' }
}

fn row_bytes<S: AsRef<str>>(plan: &Plan<'_>, rows: &[Vec<S>]) -> Result<Vec<u8>, WriteError> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .delimiter(delimiter(plan))
        .flexible(true)
        .from_writer(Vec::new());
    for row in rows {
        let cells = row.iter().map(|cell| guarded(cell.as_ref()));
        writer
            .write_record(cells.map(|cell| cell.into_owned().into_bytes()))
            .map_err(csv_error)?;
    }
    writer
        .into_inner()
        .map_err(|error| WriteError::Io(error.into_error()))
}

fn csv_error(error: csv::Error) -> WriteError {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => WriteError::Io(error),
        other => WriteError::Unreadable(format!("{other:?}")),
    }
}

/// What belongs to no article.
fn tables_beside(plan: &Plan<'_>) -> Vec<(&'static str, Vec<Vec<String>>)> {
    let told = all_of_project(plan);
    let mut tables = vec![(CODEBOOK, codebook_rows(plan))];
    if !told.people.is_empty() {
        tables.push((PEOPLE, people_rows(plan, &told)));
    }
    if !told.groups.is_empty() || !told.apart.is_empty() {
        tables.push((GROUPS, group_rows(plan, &told)));
    }
    tables
}

pub fn write(
    plan: &Plan<'_>,
    sink: &mut dyn Sink,
    progress: Progress<'_>,
) -> Result<Written, WriteError> {
    let mut written = Written::default();
    sink.file(SPANS, &mut |out| {
        out.write_all(BOM.as_bytes())?;
        out.write_all(&row_bytes(plan, &[span_header(plan)])?)?;
        written = plan.write_each(
            progress,
            |record, _| row_bytes(plan, &rows_of(plan, record)),
            |_, rows| Ok(out.write_all(&rows)?),
        )?;
        Ok(())
    })?;
    sink.file(ARTICLES, &mut |out| {
        out.write_all(BOM.as_bytes())?;
        out.write_all(&row_bytes(plan, &[article_header(plan)])?)?;
        parallel::in_order(
            &plan.articles,
            &mut |_| progress(plan.articles.len()),
            |planned| {
                let record = plan.record(planned)?;
                row_bytes(plan, &[article_row(plan, &record)])
            },
            |_, row| Ok(out.write_all(&row)?),
        )
    })?;
    for (name, rows) in tables_beside(plan) {
        let mut table = BOM.as_bytes().to_vec();
        table.extend(row_bytes(plan, &rows)?);
        sink.put(name, &table)?;
    }
    let quotes = Quotes::of(plan);
    sink.file(QUOTES, &mut |out| {
        out.write_all(BOM.as_bytes())?;
        out.write_all(&row_bytes(plan, &[quote_header()])?)?;
        parallel::in_order(
            &plan.articles,
            &mut |_| progress(plan.articles.len()),
            |planned| row_bytes(plan, &quotes.rows(&plan.record(planned)?)),
            |_, rows| Ok(out.write_all(&rows)?),
        )
    })?;
    Ok(written)
}

/// Rows as a spreadsheet would read them.
struct Rows<'a>(
    csv::StringRecordsIntoIter<BufReader<Box<dyn crate::format::export::ReadSeek + 'a>>>,
);

impl<'a> Rows<'a> {
    fn open(plan: &Plan<'_>, stored: &'a dyn Stored, name: &str) -> Result<Self, WriteError> {
        let file = stored.open(name).map_err(|error| missing(name, &error))?;
        let mut file = BufReader::with_capacity(1 << 18, file);
        let mut mark = [0; 3];
        file.read_exact(&mut mark)?;
        if mark != BOM.as_bytes() {
            let reason = format!("{name}: the byte-order mark is missing");
            return Err(WriteError::Unreadable(reason));
        }
        let reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .delimiter(delimiter(plan))
            .from_reader(file);
        Ok(Self(reader.into_records()))
    }

    fn expect(
        &mut self,
        wanted: &[Cow<'_, str>],
        mismatch: impl FnOnce() -> WriteError,
    ) -> Result<(), WriteError> {
        let row = self.0.next().transpose().map_err(csv_error)?;
        let is_same = row.is_some_and(|row| row.iter().eq(wanted.iter().map(|cell| guarded(cell))));
        if is_same { Ok(()) } else { Err(mismatch()) }
    }

    fn end(mut self, name: &str) -> Result<(), WriteError> {
        match self.0.next() {
            None => Ok(()),
            Some(_) => Err(WriteError::Unreadable(format!(
                "{name}: there are more rows than in the project"
            ))),
        }
    }
}

fn mismatch(record: &Record<'_>, annotation: &str, detail: String) -> WriteError {
    WriteError::Mismatch {
        article: record.id.to_owned(),
        annotation: annotation.to_owned(),
        detail,
    }
}

/// Reads the rows back and compares every one with the fragment that it stands for.
pub fn prove(
    plan: &Plan<'_>,
    stored: &dyn Stored,
    progress: Progress<'_>,
) -> Result<Written, WriteError> {
    let mut written = Written::default();
    let mut spans = Rows::open(plan, stored, SPANS)?;
    let no_header = || WriteError::Unreadable("the first row is another".to_owned());
    let header: Vec<Cow<'_, str>> = span_header(plan).into_iter().map(Cow::Owned).collect();
    spans.expect(&header, no_header)?;
    // The spans can be had alone, as one file.
    let beside = |name: &'static str, header: Vec<String>| {
        if stored.names().is_empty() {
            return Ok::<_, WriteError>(None);
        }
        let mut rows = Rows::open(plan, stored, name)?;
        let header: Vec<Cow<'_, str>> = header.into_iter().map(Cow::Owned).collect();
        rows.expect(&header, no_header)?;
        Ok(Some(rows))
    };
    let mut articles = beside(ARTICLES, article_header(plan))?;
    let mut quotes = beside(QUOTES, quote_header())?;
    let all_quotes = Quotes::of(plan);
    for (i, planned) in plan.articles.iter().enumerate() {
        if i % 64 == 0 && !progress(i) {
            return Err(WriteError::Cancelled);
        }
        let record = plan.record(planned)?;
        for row in rows_of(plan, &record) {
            spans.expect(&row, || {
                let cell = |at: usize| row.get(at).map_or("", AsRef::as_ref);
                mismatch(
                    &record,
                    cell(6),
                    format!("the row of fragment {} differs", cell(9)),
                )
            })?;
        }
        if let Some(articles) = &mut articles {
            articles.expect(&article_row(plan, &record), || {
                mismatch(&record, "-", "its row in articles.csv differs".to_owned())
            })?;
        }
        if let Some(quotes) = &mut quotes {
            for row in all_quotes.rows(&record) {
                quotes.expect(&row, || {
                    let id = row.first().map_or("-", AsRef::as_ref);
                    mismatch(&record, id, format!("its row in {QUOTES} differs"))
                })?;
            }
        }
        written.count(&record);
    }
    if !stored.names().is_empty() {
        for (name, rows) in tables_beside(plan) {
            let mut found = Rows::open(plan, stored, name)?;
            for row in rows {
                let row: Vec<Cow<'_, str>> = row.into_iter().map(Cow::Owned).collect();
                found.expect(&row, || {
                    WriteError::Unreadable(format!("{name} is not as it was written"))
                })?;
            }
            found.end(name)?;
        }
    }
    spans.end(SPANS)?;
    quotes.map_or(Ok(()), |rows| rows.end(QUOTES))?;
    articles.map_or(Ok(()), |rows| rows.end(ARTICLES))?;
    Ok(written)
}

#[cfg(test)]
mod tests {
    use super::guarded;
    use crate::core::annotation::AttributeValue;
    use crate::format::export::options::ExportOptions;
    use crate::format::export::plan::Plan;
    use crate::format::export::tests::{project_of, written};
    use crate::format::formats::format_named;
    use crate::format::reading::{ReadOptions, Source};

    /// Numbers of every kind, as attributes and as what only looks like one.
    const NUMBERS: &str = r#"{"id": "a", "title": "T", "text": "Some words.", "meta": {"delta": "-3"}, "annotations": [{"id": "x", "annotator": "ana", "label": "claim", "fragments": [{"start": 0, "end": 4}], "attributes": {"count": 3, "id_of_post": 1790123456789012345, "less": -0.5, "more": 0.25, "said": "0,25", "sum": "-1+1"}}]}"#;

    #[test]
    fn numbers_are_numbers_to_statistics() {
        let project = project_of(NUMBERS);
        let csv = format_named("csv").unwrap();
        for (semicolons, expected) in [
            (
                false,
                ["3", "1790123456789012345", "-0.5", "0.25", "0,25", "'-1+1"],
            ),
            (
                true,
                ["3", "1790123456789012345", "-0,5", "0,25", "0,25", "'-1+1"],
            ),
        ] {
            let options = ExportOptions {
                semicolons,
                ..ExportOptions::default()
            };
            let memory = written(csv, &Plan::new(&project, &options));
            let delimiter = if semicolons { b';' } else { b',' };
            let cells = |name: &str| {
                let mut reader = csv::ReaderBuilder::new()
                    .delimiter(delimiter)
                    .from_reader(&memory.0[name][3..]);
                let row = reader.records().next().unwrap().unwrap();
                row.iter().map(str::to_owned).collect::<Vec<String>>()
            };
            let row = cells("spans.csv");
            assert_eq!(row[row.len() - 6..], expected);
            assert_eq!(cells("articles.csv").last().unwrap(), "-3");
            // And they are to Pressmark.
            let source = Source {
                name: "spans.csv",
                bytes: &memory.0["spans.csv"],
                siblings: &memory.0,
            };
            let reading = (csv.reader().unwrap().read)(&source, &ReadOptions::default());
            let reading = reading.unwrap();
            let found = &reading.articles[0].annotations[0].attributes;
            assert_eq!(found["said"], AttributeValue::Text("0,25".to_owned()));
            assert_eq!(found["sum"].to_text(), "-1+1");
            if semicolons {
                assert_eq!(found["less"], AttributeValue::Number(-0.5));
                assert_eq!(found["more"], AttributeValue::Number(0.25));
            }
        }
    }

    #[test]
    fn what_a_spreadsheet_would_run_is_guarded() {
        let check = |cell: &str, is_guarded: bool| {
            let expected = format!("{}{cell}", if is_guarded { "'" } else { "" });
            assert_eq!(guarded(cell), expected);
        };
        for cell in [
            "=1", "+x", "-x", "-1+1|cmd", "+49 30", "+1", "+49", "@x", "\tx", "\rx", "\n=1", "＝1",
            "＋1", "－1", "＠x",
        ] {
            check(cell, true);
            check(&format!("'{cell}"), true);
        }
        for cell in [
            "", "x", "'x", "1=1", "“=”", " =", "-1", "-0.5", "-0,5", "-12", "\nx", "\n\n",
        ] {
            check(cell, false);
        }
        for cell in [
            "-", "-.5", "-1.", "-1.2.3", "--1", "'-1", "-1e5+x", "\n\n=1", "'\nx",
        ] {
            check(cell, true);
        }
    }
}
