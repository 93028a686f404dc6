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
use crate::format::export::plan::{Plan, Planned};
use crate::format::export::quote_rows::{Quotes, quote_header};
use crate::format::export::record::Record;
use crate::format::export::table_rows::{
    article_header, article_row, codebook_rows, number_cells, span_header, span_rows,
};
use crate::format::export::{Progress, Sink, Stored, Written, missing};
use crate::format::formats::csv::{CODEBOOK, GROUPS, PEOPLE, QUOTES};
use crate::format::parallel;
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
    // Most cells begin like this, and none of them is run.
    let is_plain = cell
        .bytes()
        .next()
        .is_none_or(|b| b.is_ascii_alphanumeric());
    if is_plain || is_number(cell) {
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
        for cell in row {
            let cell = guarded(cell.as_ref());
            writer.write_field(cell.as_bytes()).map_err(csv_error)?;
        }
        writer.write_record(None::<&[u8]>).map_err(csv_error)?;
    }
    writer
        .into_inner()
        .map_err(|error| WriteError::Io(error.into_error()))
}

/// The first rows of a file, behind its mark.
fn begun<S: AsRef<str>>(plan: &Plan<'_>, rows: &[Vec<S>]) -> Result<Vec<u8>, WriteError> {
    Ok([BOM.as_bytes(), &row_bytes(plan, rows)?].concat())
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
        out.write_all(&begun(plan, &[span_header(plan)])?)?;
        written = plan.write_each(
            progress,
            |record, _| row_bytes(plan, &rows_of(plan, record)),
            |_, rows| Ok(out.write_all(&rows)?),
        )?;
        Ok(())
    })?;
    let quotes = Quotes::of(plan);
    sink.files(&[ARTICLES, QUOTES], &mut |outs, _| {
        let [of_articles, of_quotes] = outs else {
            return Err(WriteError::of_the_program());
        };
        of_articles.write_all(&begun(plan, &[article_header(plan)])?)?;
        of_quotes.write_all(&begun(plan, &[quote_header()])?)?;
        parallel::in_order(
            &plan.articles,
            &mut |_| progress(plan.articles.len()),
            |planned| {
                let record = plan.record(planned)?;
                let article = row_bytes(plan, &[article_row(plan, &record)])?;
                Ok((article, row_bytes(plan, &quotes.rows(&record))?))
            },
            |_, (article, quotes)| {
                of_articles.write_all(&article)?;
                Ok(of_quotes.write_all(&quotes)?)
            },
        )
    })?;
    for (name, rows) in tables_beside(plan) {
        sink.put(name, &begun(plan, &rows)?)?;
    }
    Ok(written)
}

/// A table as a spreadsheet would read it, a row at a time.
struct Table<'a> {
    reader: csv::Reader<BufReader<Box<dyn crate::format::export::ReadSeek + 'a>>>,
    /// The row that comes next.
    ahead: csv::ByteRecord,
    is_over: bool,
    /// How large the rows of the last article were, as [`Rows::size`] has it: those of the next are about
    /// as large.
    room: [usize; 3],
    name: &'static str,
}

impl<'a> Table<'a> {
    /// The rows behind the header, which is compared.
    fn open(
        plan: &Plan<'_>,
        stored: &'a dyn Stored,
        name: &'static str,
        header: &[String],
    ) -> Result<Self, WriteError> {
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
        let mut table = Self {
            reader,
            ahead: csv::ByteRecord::new(),
            is_over: false,
            room: [0; 3],
            name,
        };
        table.advance()?;
        if !is_row(table.ahead.iter(), header) {
            return Err(WriteError::Unreadable(format!(
                "{name}: the first row is another"
            )));
        }
        table.advance()?;
        Ok(table)
    }

    fn advance(&mut self) -> Result<(), WriteError> {
        let is_there = self.reader.read_byte_record(&mut self.ahead);
        self.is_over = !is_there.map_err(csv_error)?;
        Ok(())
    }

    /// The next rows whose cell in a column is this one.
    fn rows_of(&mut self, column: usize, cell: &str) -> Result<Rows, WriteError> {
        let cell = guarded(cell);
        let mut rows = Rows::with_room(self.room);
        while !self.is_over && self.ahead.get(column) == Some(cell.as_bytes()) {
            rows.push(&self.ahead);
            self.advance()?;
        }
        self.room = rows.size();
        Ok(rows)
    }

    fn end(self) -> Result<(), WriteError> {
        if self.is_over {
            return Ok(());
        }
        Err(WriteError::Unreadable(format!(
            "{}: there are more rows than in the project",
            self.name
        )))
    }
}

/// Rows one after another in one piece, since they go from one core to another.
struct Rows {
    bytes: Vec<u8>,
    /// Where each cell ends in `bytes`.
    cells: Vec<usize>,
    /// Where each row ends in `cells`.
    rows: Vec<usize>,
}

impl Rows {
    /// For so many bytes, cells and rows.
    fn with_room([bytes, cells, rows]: [usize; 3]) -> Self {
        Self {
            bytes: Vec::with_capacity(bytes),
            cells: Vec::with_capacity(cells),
            rows: Vec::with_capacity(rows),
        }
    }

    /// Bytes, cells and rows.
    fn size(&self) -> [usize; 3] {
        [self.bytes.len(), self.cells.len(), self.rows.len()]
    }

    fn push(&mut self, row: &csv::ByteRecord) {
        for cell in row {
            self.bytes.extend_from_slice(cell);
            self.cells.push(self.bytes.len());
        }
        self.rows.push(self.cells.len());
    }

    fn len(&self) -> usize {
        self.rows.len()
    }

    /// The cells of a row.
    fn row(&self, at: usize) -> impl ExactSizeIterator<Item = &[u8]> {
        fn before(ends: &[usize], at: usize) -> usize {
            let before = at.checked_sub(1).and_then(|before| ends.get(before));
            before.copied().unwrap_or(0)
        }
        let from = before(&self.rows, at);
        let upto = self.rows.get(at).copied().unwrap_or(from);
        (from..upto).map(|cell| {
            let end = self.cells.get(cell).copied().unwrap_or(0);
            let bytes = self.bytes.get(before(&self.cells, cell)..end);
            bytes.unwrap_or_default()
        })
    }
}

fn is_row<'c, S: AsRef<str>>(found: impl ExactSizeIterator<Item = &'c [u8]>, wanted: &[S]) -> bool {
    found.len() == wanted.len()
        && found
            .zip(wanted)
            .all(|(found, wanted)| found == guarded(wanted.as_ref()).as_bytes())
}

/// What the tables have of an article.
struct Found {
    spans: Rows,
    /// Its rows among the articles and the quotes. The spans can be had alone, as one file.
    beside: Option<(Rows, Rows)>,
}

/// Compares rows, each with the one that it stands for; `told` says which of them differs.
fn compare(
    record: &Record<'_>,
    found: &Rows,
    wanted: &[Vec<Cow<'_, str>>],
    told: impl Fn(&[Cow<'_, str>]) -> (String, String),
) -> Result<(), WriteError> {
    let mismatch = |(annotation, detail)| WriteError::Mismatch {
        article: record.id.to_owned(),
        annotation,
        detail,
    };
    for (at, wanted) in wanted.iter().enumerate() {
        if !is_row(found.row(at), wanted) {
            return Err(mismatch(told(wanted)));
        }
    }
    if found.len() > wanted.len() {
        let detail = "it has more rows than in the project".to_owned();
        return Err(mismatch(("-".to_owned(), detail)));
    }
    Ok(())
}

fn prove_article(
    plan: &Plan<'_>,
    quotes: &Quotes<'_>,
    planned: &Planned<'_>,
    found: &Found,
) -> Result<Written, WriteError> {
    let record = plan.record(planned)?;
    let cell = |row: &[Cow<'_, str>], at: usize| row.get(at).map_or("-", AsRef::as_ref).to_owned();
    compare(&record, &found.spans, &rows_of(plan, &record), |row| {
        let detail = format!("the row of fragment {} differs", cell(row, 9));
        (cell(row, 6), detail)
    })?;
    if let Some((article, of_quotes)) = &found.beside {
        compare(&record, article, &[article_row(plan, &record)], |_| {
            ("-".to_owned(), format!("its row in {ARTICLES} differs"))
        })?;
        compare(&record, of_quotes, &quotes.rows(&record), |row| {
            (cell(row, 0), format!("its row in {QUOTES} differs"))
        })?;
    }
    let mut written = Written::default();
    written.count(&record);
    Ok(written)
}

/// Reads the rows back and compares every one with what it stands for, on all cores.
pub fn prove(
    plan: &Plan<'_>,
    stored: &dyn Stored,
    progress: Progress<'_>,
) -> Result<Written, WriteError> {
    let mut written = Written::default();
    let mut spans = Table::open(plan, stored, SPANS, &span_header(plan))?;
    let is_alone = stored.names().is_empty();
    let mut beside = if is_alone {
        None
    } else {
        Some((
            Table::open(plan, stored, ARTICLES, &article_header(plan))?,
            Table::open(plan, stored, QUOTES, &quote_header())?,
        ))
    };
    let quotes = Quotes::of(plan);
    let mut articles = plan.articles.iter();
    let next = || {
        let Some(planned) = articles.next() else {
            return Ok(None);
        };
        let id = planned.article.id.as_str();
        let beside = match &mut beside {
            Some((articles, quotes)) => Some((articles.rows_of(0, id)?, quotes.rows_of(1, id)?)),
            None => None,
        };
        let spans = spans.rows_of(0, id)?;
        Ok(Some((planned, Found { spans, beside })))
    };
    parallel::fed(
        next,
        progress,
        |(planned, found)| prove_article(plan, &quotes, planned, &found),
        |proven| {
            written.add(&proven);
            Ok(())
        },
    )?;
    spans.end()?;
    if let Some((articles, quotes)) = beside {
        quotes.end()?;
        articles.end()?;
        for (name, rows) in tables_beside(plan) {
            let mut rows = rows.iter();
            let header = rows.next().map_or(&[][..], Vec::as_slice);
            let mut found = Table::open(plan, stored, name, header)?;
            for row in rows {
                if found.is_over || !is_row(found.ahead.iter(), row) {
                    let detail = format!("{name} is not as it was written");
                    return Err(WriteError::Unreadable(detail));
                }
                found.advance()?;
            }
            found.end()?;
        }
    }
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

    /// Three articles of which the second has no annotations, the first with two quotes.
    const ROWS: &str = r#"{"id": "=a", "title": "T", "text": "Some words.", "annotations": [{"id": "x", "annotator": "ana", "label": "quote", "fragments": [{"start": 0, "end": 4}]}, {"id": "y", "annotator": "ana", "label": "quote", "fragments": [{"start": 5, "end": 10}]}]}
{"id": "b", "title": "None", "text": "None here."}
{"id": "c", "title": "Last", "text": "More.", "annotations": [{"id": "z", "annotator": "ana", "label": "quote", "fragments": [{"start": 0, "end": 4}]}]}
"#;

    #[test]
    fn rows_that_are_not_those_of_the_project_are_told() {
        let project = project_of(ROWS);
        let csv = format_named("csv").unwrap();
        let options = ExportOptions::default();
        let plan = Plan::new(&project, &options);
        let check = |table: &str, change: fn(&mut Vec<String>), expected: &str| {
            let mut memory = written(csv, &plan);
            let bytes = memory.0.get_mut(table).unwrap();
            let text = String::from_utf8(std::mem::take(bytes)).unwrap();
            let rows = text.split_inclusive("\r\n");
            let mut rows: Vec<String> = rows.map(str::to_owned).collect();
            change(&mut rows);
            *bytes = rows.concat().into_bytes();
            let error = (csv.prove)(&plan, &memory, &mut |_| true).unwrap_err();
            let error = error.to_string();
            assert!(error.contains(expected), "{table}: {error}");
        };
        let last = |rows: &mut Vec<String>| drop(rows.pop());
        let first = |rows: &mut Vec<String>| drop(rows.remove(1));
        let twice = |rows: &mut Vec<String>| rows.insert(1, rows[1].clone());
        let swapped = |rows: &mut Vec<String>| rows.swap(1, 2);
        let at_end = |rows: &mut Vec<String>| rows.push(rows[1].clone());
        let header = |rows: &mut Vec<String>| {
            rows[0] = rows[0].replace("title", "name").replace("label", "code");
        };
        for (table, row) in [
            ("spans.csv", "the row of fragment 1 differs"),
            ("articles.csv", "its row in articles.csv differs"),
            ("quotes.csv", "its row in quotes.csv differs"),
        ] {
            check(table, last, row);
            check(table, first, row);
            check(
                table,
                twice,
                if table == "articles.csv" {
                    "more rows"
                } else {
                    row
                },
            );
            check(table, swapped, row);
            check(table, at_end, "more rows than in the project");
            check(table, header, "the first row is another");
        }
        check("codebook.csv", last, "not as it was written");
        check("codebook.csv", at_end, "more rows");
        check("codebook.csv", header, "the first row is another");
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
