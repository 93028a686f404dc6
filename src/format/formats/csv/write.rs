//! CSV for Excel and statistics: `spans.csv` with a row for each fragment, `articles.csv` and
//! `codebook.csv`. UTF-8 with a byte-order mark, `\r\n` after each row.
//!
//! A cell that a spreadsheet would run as a formula gets an apostrophe before it.

use crate::format::WriteError;
use crate::format::export::format::{Format, FormatGroup, Shape};
use crate::format::export::options::Choice;
use crate::format::export::plan::Plan;
use crate::format::export::record::Record;
use crate::format::export::table_rows::{
    article_header, article_row, codebook_rows, span_header, span_rows,
};
use crate::format::export::{Progress, Sink, Stored, Written, missing, parallel};
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
    lacks: &[],
    adds: "",
    changes: "a cell that Excel would run as a formula gets an apostrophe before it; values that a cell does not say exactly stand in a column of their own as well",
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
fn guarded(cell: &str) -> Cow<'_, str> {
    // A cell that looks guarded is guarded as well, so that it can be told from one that is.
    let unquoted = cell.trim_start_matches('\'');
    if unquoted.starts_with(STARTS_FORMULA) {
        Cow::Owned(format!("'{cell}"))
    } else {
        Cow::Borrowed(cell)
    }
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
            |record, _| row_bytes(plan, &span_rows(plan, record)),
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
    let mut codebook = BOM.as_bytes().to_vec();
    codebook.extend(row_bytes(plan, &codebook_rows(plan))?);
    sink.put("codebook.csv", &codebook)?;
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
    let mut articles = if stored.names().is_empty() {
        None
    } else {
        let mut rows = Rows::open(plan, stored, ARTICLES)?;
        let header: Vec<Cow<'_, str>> = article_header(plan).into_iter().map(Cow::Owned).collect();
        rows.expect(&header, no_header)?;
        Some(rows)
    };
    for (i, planned) in plan.articles.iter().enumerate() {
        if i % 64 == 0 && !progress(i) {
            return Err(WriteError::Cancelled);
        }
        let record = plan.record(planned)?;
        for row in span_rows(plan, &record) {
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
        written.count(&record);
    }
    spans.end(SPANS)?;
    articles.map_or(Ok(()), |rows| rows.end(ARTICLES))?;
    Ok(written)
}

#[cfg(test)]
mod tests {
    use super::guarded;

    #[test]
    fn what_a_spreadsheet_would_run_is_guarded() {
        let check = |cell: &str, is_guarded: bool| {
            let expected = format!("{}{cell}", if is_guarded { "'" } else { "" });
            assert_eq!(guarded(cell), expected);
        };
        for cell in [
            "=1", "+1", "-1", "@x", "\tx", "\rx", "\n=1", "＝1", "＋1", "－1", "＠x",
        ] {
            check(cell, true);
            check(&format!("'{cell}"), true);
        }
        for cell in ["", "x", "'x", "1=1", "“=”", " ="] {
            check(cell, false);
        }
    }
}
