//! A workbook read back: every row of `spans`, `articles` and `quotes` against the plan.
//!
//! A workbook as it was written is read on all cores, some rows of XML each. One that a spreadsheet
//! program has saved since is read by calamine, which knows all that such programs write.

use super::articles::further_of_articles;
use super::further::{Further, first_piece};
use super::joined::Long;
use super::spans::further_of_spans;
use super::{NAME, Sizes, sizes};
use crate::format::WriteError;
use crate::format::export::plan::Plan;
use crate::format::export::proof::{Stretches, each};
use crate::format::export::quote_rows::{Quotes, quote_header};
use crate::format::export::record::Record;
use crate::format::export::table_rows::{article_header, article_row, span_header, span_rows};
use crate::format::export::{Progress, ReadSeek, Stored, Written, missing};
use calamine::{Data, Reader, Xlsx};
use std::borrow::Cow;
use std::io::Read;

/// Which column of the spans names the annotation.
const SPAN_ID: usize = 6;

pub fn prove(
    plan: &Plan<'_>,
    stored: &dyn Stored,
    progress: Progress<'_>,
) -> Result<Written, WriteError> {
    let open = || stored.open(NAME).map_err(|error| missing(NAME, &error));
    let mut archive = zip::ZipArchive::new(open()?).map_err(std::io::Error::from)?;
    let sizes = sizes(plan, &mut |_| progress(0))?;
    let mut as_written = Err(WriteError::Unreadable(String::new()));
    // Programs put texts into a table of their own, mostly.
    if archive.by_name("xl/sharedStrings.xml").is_err() {
        as_written = prove_with(plan, &sizes, progress, |long, compare| {
            let member = archive
                .by_name(long.member())
                .map_err(std::io::Error::from)?;
            compare(&mut AsWritten(Stretches::of(member)))
        });
    }
    match as_written {
        Ok(written) => Ok(written),
        Err(WriteError::Cancelled) => Err(WriteError::Cancelled),
        // It may be of another program. If it is ours and wrong, that is found again.
        Err(_other) => {
            let mut book: Xlsx<Box<dyn ReadSeek + '_>> = Xlsx::new(open()?).map_err(unreadable)?;
            prove_with(plan, &sizes, progress, |long, compare| {
                let name = match long {
                    Long::Spans => "spans",
                    Long::Articles => "articles",
                    Long::Quotes => "quotes",
                };
                let reader = book.worksheet_cells_reader(name).map_err(unreadable)?;
                compare(&mut ByCells::new(reader)?)
            })
        }
    }
}

/// Rows of a sheet, one after another.
trait Rows {
    /// The next `count` rows, of which the first has the number `first` (the header is row 0).
    fn take(&mut self, first: u32, count: u32) -> Result<Piece, WriteError>;
    fn has_more(&mut self) -> Result<bool, WriteError>;
}

/// Rows as they were read, to be taken apart on any core.
enum Piece {
    Xml(Vec<u8>),
    Cells(Vec<Row<'static>>),
}

/// The texts of a row's cells by their columns, from 0.
type Row<'x> = Vec<(usize, Cow<'x, str>)>;

fn prove_with(
    plan: &Plan<'_>,
    sizes: &Sizes,
    progress: Progress<'_>,
    mut sheet: impl FnMut(
        Long,
        &mut dyn FnMut(&mut dyn Rows) -> Result<(), WriteError>,
    ) -> Result<(), WriteError>,
) -> Result<Written, WriteError> {
    let mut written = Written::default();
    let further = further_of_spans(plan)?;
    let header = span_header(plan);
    // The sentence stands between a row's cells and their further pieces.
    let columns = (header.len(), header.len() + 1);
    sheet(Long::Spans, &mut |rows| {
        let counts = &mut sizes.rows.iter().copied();
        let name = ("spans", header.as_slice());
        written = prove_sheet(plan, rows, name, counts, progress, |record, found| {
            compare(record, &span_rows(plan, record), &further, columns, found)?;
            let mut written = Written::default();
            written.count(record);
            Ok(written)
        })?;
        Ok(())
    })?;
    let mut told = |_| progress(plan.articles.len());
    let further = further_of_articles(plan)?;
    let header = article_header(plan);
    let columns = (header.len(), header.len());
    sheet(Long::Articles, &mut |rows| {
        let counts = &mut plan.articles.iter().map(|_| 1);
        let name = ("articles", header.as_slice());
        prove_sheet(plan, rows, name, counts, &mut told, |record, found| {
            let wanted = [article_row(plan, record)];
            compare(record, &wanted, &further, columns, found)?;
            Ok(Written::default())
        })?;
        Ok(())
    })?;
    let quotes = Quotes::of(plan);
    let further = &sizes.further_of_quotes;
    let header = quote_header();
    let columns = (header.len(), header.len());
    sheet(Long::Quotes, &mut |rows| {
        let counts = &mut sizes.quotes.iter().copied();
        let name = ("quotes", header.as_slice());
        prove_sheet(plan, rows, name, counts, &mut told, |record, found| {
            compare(record, &quotes.rows(record), further, columns, found)?;
            Ok(Written::default())
        })?;
        Ok(())
    })?;
    Ok(written)
}

/// All rows of a sheet, as many for each article as `counts` has, against what `prove` wants of them.
fn prove_sheet(
    plan: &Plan<'_>,
    rows: &mut dyn Rows,
    (name, header): (&str, &[String]),
    counts: &mut dyn Iterator<Item = u32>,
    progress: Progress<'_>,
    prove: impl Fn(&Record<'_>, (u32, Piece)) -> Result<Written, WriteError> + Sync,
) -> Result<Written, WriteError> {
    check_header(rows, header)?;
    let mut first = 1;
    let next = || {
        let Some(count) = counts.next() else {
            return Ok(None);
        };
        let piece = rows.take(first, count)?;
        first += count;
        Ok(Some((first - count, piece)))
    };
    let written = each(plan, progress, next, |planned, found| {
        prove(&plan.record(planned)?, found)
    })?;
    if rows.has_more()? {
        let told = format!("there are more {name} in it than in the project");
        return Err(WriteError::Unreadable(told));
    }
    Ok(written)
}

/// The names of the columns, in their order.
fn check_header(rows: &mut dyn Rows, names: &[String]) -> Result<(), WriteError> {
    let mut is_theirs = false;
    rows.take(0, 1)?.each_row(0, &mut |found| {
        let found = found.iter().take(names.len());
        let names = names.iter().map(String::as_str).enumerate();
        is_theirs = found.map(|(at, name)| (*at, &**name)).eq(names);
        Ok(())
    })?;
    if is_theirs {
        Ok(())
    } else {
        Err(WriteError::Unreadable(
            "the columns have other names".to_owned(),
        ))
    }
}

/// The rows of an article. `columns`: where a row's own cells end, and where their further pieces begin.
fn compare(
    record: &Record<'_>,
    wanted: &[Vec<Cow<'_, str>>],
    further: &Further,
    columns: (usize, usize),
    (first, found): (u32, Piece),
) -> Result<(), WriteError> {
    let mut left = wanted.iter();
    found.each_row(first, &mut |found| match left.next() {
        Some(wanted) => compare_row(record, wanted, further, columns, found),
        None => Ok(()),
    })?;
    left.try_for_each(|wanted| compare_row(record, wanted, further, columns, &[]))
}

fn compare_row(
    record: &Record<'_>,
    wanted: &[Cow<'_, str>],
    further: &Further,
    columns: (usize, usize),
    found: &[(usize, Cow<'_, str>)],
) -> Result<(), WriteError> {
    let mismatch = |detail: String| WriteError::Mismatch {
        article: record.id.to_owned(),
        annotation: match wanted.get(SPAN_ID) {
            Some(id) if columns.0 != columns.1 => id.to_string(),
            _ => "-".to_owned(),
        },
        detail,
    };
    let mut cells = found.iter().peekable();
    for (column, wanted) in wanted.iter().enumerate() {
        let cell = cells.next_if(|(at, _)| *at == column);
        let cell = cell.map_or("", |(_, text)| text);
        if cell != first_piece(wanted) {
            return Err(mismatch(format!(
                "column {} of its row differs",
                column + 1
            )));
        }
    }
    while cells.next_if(|(at, _)| *at < columns.1).is_some() {}
    let pieces = (columns.1..).zip(further.cells(wanted));
    let pieces = pieces.filter(|(_, piece)| !piece.is_empty());
    if pieces.eq(cells.map(|(at, piece)| (*at, &**piece))) {
        Ok(())
    } else {
        Err(mismatch("a further column of its row differs".to_owned()))
    }
}

/// Takes a row as it is read.
type TakeRow<'t> = &'t mut dyn FnMut(&[(usize, Cow<'_, str>)]) -> Result<(), WriteError>;

impl Piece {
    /// Hands out the rows in their order, numbered on from `first`.
    fn each_row(self, first: u32, take: TakeRow<'_>) -> Result<(), WriteError> {
        match self {
            Self::Cells(rows) => rows.iter().try_for_each(|row| take(row)),
            Self::Xml(xml) => each_row_in(&xml, first, take),
        }
    }
}

fn damaged(what: &dyn std::fmt::Display) -> WriteError {
    WriteError::Unreadable(format!("a row is damaged: {what}"))
}

/// Rows of XML, numbered on from `first`.
fn each_row_in(xml: &[u8], first: u32, take: TakeRow<'_>) -> Result<(), WriteError> {
    let xml = str::from_utf8(xml).map_err(|error| damaged(&error))?;
    let xml = format!("<rows>{xml}</rows>");
    let document = roxmltree::Document::parse(&xml).map_err(|error| damaged(&error))?;
    let rows = document.root_element().children();
    let mut rows = (first..).zip(rows.filter(|row| row.has_tag_name("row")));
    rows.try_for_each(|(number, row)| take(&cells_in(row, number)?))
}

fn cells_in<'x>(row: roxmltree::Node<'x, '_>, number: u32) -> Result<Row<'x>, WriteError> {
    let number = (number + 1).to_string();
    let mut cells = Vec::new();
    for cell in row.children().filter(|cell| cell.has_tag_name("c")) {
        let place = cell.attribute("r").unwrap_or_default();
        let letters = place.strip_suffix(&number).unwrap_or_default();
        let column = column_of(letters).ok_or_else(|| damaged(&format!("no cell is {place}")))?;
        let mut text = Cow::default();
        for part in cell
            .descendants()
            .filter(|part| part.has_tag_name("t") || part.has_tag_name("v"))
        {
            text += unescaped(part.text().unwrap_or_default());
        }
        if !text.is_empty() {
            cells.push((column, text));
        }
    }
    Ok(cells)
}

/// `A` is 0 and `AA` is 26.
fn column_of(letters: &str) -> Option<usize> {
    let mut column = 0usize;
    for letter in letters.bytes() {
        let digit = letter.is_ascii_uppercase().then(|| letter - b'A' + 1)?;
        column = column.checked_mul(26)? + usize::from(digit);
    }
    column.checked_sub(1)
}

/// Characters that stand as `_xHHHH_` (ECMA-376 part 1, 22.9.2.19).
fn unescaped(text: &str) -> Cow<'_, str> {
    if !text.contains("_x") {
        return text.into();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("_x") {
        out.push_str(before);
        let code = after.get(..4).filter(|_| after.get(4..5) == Some("_"));
        let code = code.filter(|code| code.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let c = code.and_then(|code| char::from_u32(u32::from_str_radix(code, 16).ok()?));
        match c {
            Some(c) => {
                out.push(c);
                rest = after.get(5..).unwrap_or_default();
            }
            None => {
                out.push_str("_x");
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out.into()
}

/// A sheet as Pressmark writes it: no row is empty.
struct AsWritten<R>(Stretches<R>);

impl<R: Read> Rows for AsWritten<R> {
    fn take(&mut self, first: u32, count: u32) -> Result<Piece, WriteError> {
        let rows = self.0.through(b"</row>", count as usize)?;
        let mut rows = rows.ok_or_else(|| {
            WriteError::Unreadable(format!(
                "there are no {count} rows from row {} on",
                first + 1
            ))
        })?;
        if first == 0 {
            // What stands before the rows.
            let begin = memchr::memmem::find(&rows, b"<row");
            rows.drain(..begin.unwrap_or(0));
        }
        Ok(Piece::Xml(rows))
    }

    fn has_more(&mut self) -> Result<bool, WriteError> {
        Ok(memchr::memmem::find(&self.0.left()?, b"<row").is_some())
    }
}

/// A sheet cell by cell.
struct ByCells<'a, R: Read + std::io::Seek> {
    reader: calamine::XlsxCellReader<'a, R>,
    ahead: Option<(u32, usize, String)>,
}

impl<'a, R: Read + std::io::Seek> ByCells<'a, R> {
    fn new(reader: calamine::XlsxCellReader<'a, R>) -> Result<Self, WriteError> {
        let mut cells = Self {
            reader,
            ahead: None,
        };
        cells.pull()?;
        Ok(cells)
    }

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
            self.ahead = Some((row, column as usize, text));
            return Ok(());
        }
        Ok(())
    }
}

impl<R: Read + std::io::Seek> Rows for ByCells<'_, R> {
    fn take(&mut self, first: u32, count: u32) -> Result<Piece, WriteError> {
        let mut rows = Vec::with_capacity(count as usize);
        for number in first..first + count {
            let mut row = Row::new();
            while let Some((at, column, text)) = self.ahead.take() {
                if at != number {
                    self.ahead = Some((at, column, text));
                    break;
                }
                if !text.is_empty() {
                    row.push((column, text.into()));
                }
                self.pull()?;
            }
            rows.push(row);
        }
        Ok(Piece::Cells(rows))
    }

    fn has_more(&mut self) -> Result<bool, WriteError> {
        Ok(self.ahead.is_some())
    }
}

fn unreadable(error: calamine::XlsxError) -> WriteError {
    WriteError::Unreadable(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::export::options::ExportOptions;
    use crate::format::export::tests::{Memory, TORTURE, project_of};

    #[test]
    fn cells_of_rows() {
        let check = |xml: &str, expected: &[&[(usize, &str)]]| {
            let mut rows = expected.iter();
            let read = each_row_in(xml.as_bytes(), 4, &mut |row| {
                let row = row.iter().map(|(at, text)| (*at, &**text));
                assert!(row.eq(rows.next().unwrap().iter().copied()), "{xml}");
                Ok(())
            });
            read.unwrap();
            assert_eq!(rows.next(), None, "{xml}");
        };
        check("", &[]);
        check(
            r#"<row r="5"><c r="A5" s="1"><v>12</v></c><c r="C5" t="inlineStr"><is><t xml:space="preserve"> a&amp;b
</t></is></c></row><row r="6"><c r="AB6" t="inlineStr"><is><r><t>x</t></r><r><rPr><b/></rPr><t>y_x000D__x005F_x0041_</t></r></is></c><c r="AC6" s="3"/></row>"#,
            &[&[(0, "12"), (2, " a&b\n")], &[(27, "xy\r_x0041_")]],
        );
        for bad in [
            r#"<row r="5"><c r="A6"><v>1</v></c></row>"#,
            r#"<row r="5"><c r="5"><v>1</v></c></row>"#,
            r#"<row r="5"><c r="A5"><v>1</c></row>"#,
        ] {
            let read = each_row_in(bad.as_bytes(), 4, &mut |_| Ok(()));
            assert!(read.is_err(), "{bad}");
        }
    }

    #[test]
    fn what_another_program_has_saved_is_proven() {
        let project = project_of(TORTURE);
        let options = ExportOptions::default();
        let plan = Plan::new(&project, &options);
        // With a table of strings and the sheets in another order; one cell may differ.
        let saved = |changed: Option<&str>| {
            let mut book = rust_xlsxwriter::Workbook::new();
            let spans = plan.articles.iter().flat_map(|planned| {
                let record = plan.record(planned).unwrap();
                let rows = span_rows(&plan, &record).into_iter();
                let rows = rows.map(|row| row.iter().map(|cell| cell.to_string()).collect());
                rows.collect::<Vec<Vec<String>>>()
            });
            let articles = plan.articles.iter().map(|planned| {
                let record = plan.record(planned).unwrap();
                let row = article_row(&plan, &record);
                row.iter().map(|cell| cell.to_string()).collect()
            });
            let articles: Vec<Vec<String>> = [article_header(&plan)]
                .into_iter()
                .chain(articles)
                .collect();
            let spans: Vec<Vec<String>> = [span_header(&plan)].into_iter().chain(spans).collect();
            let made = Quotes::of(&plan);
            let quotes = plan.articles.iter().flat_map(|planned| {
                let record = plan.record(planned).unwrap();
                let rows = made.rows(&record).into_iter();
                let rows = rows.map(|row| row.iter().map(|cell| cell.to_string()).collect());
                rows.collect::<Vec<Vec<String>>>()
            });
            let quotes: Vec<Vec<String>> = [quote_header()].into_iter().chain(quotes).collect();
            let sheets = [("articles", articles), ("quotes", quotes), ("spans", spans)];
            for (name, rows) in sheets {
                let sheet = book.add_worksheet();
                sheet.set_name(name).unwrap();
                for (at, row) in (0..).zip(&rows) {
                    for (column, text) in (0..).zip(row) {
                        let text = match changed {
                            Some(from) if text == from => "changed",
                            _ => text,
                        };
                        sheet.write_string(at, column, text).unwrap();
                    }
                }
            }
            Memory([(NAME.to_owned(), book.save_to_buffer().unwrap())].into())
        };
        assert!(prove(&plan, &saved(None), &mut |_| true).is_ok());
        for changed in ["ana", "span_id", "claim", "quote_at"] {
            let found = prove(&plan, &saved(Some(changed)), &mut |_| true);
            assert!(found.is_err(), "{changed}");
        }
    }

    #[test]
    fn characters_that_cells_escape() {
        let check = |text: &str, expected: &str| assert_eq!(unescaped(text), expected);
        check("plain _x", "plain _x");
        check("_x0041_", "A");
        check("_x005F_x0041_", "_x0041_");
        check("_xD83D_ _x00_ _x123", "_xD83D_ _x00_ _x123");
        check("_x_x000A_é", "_x\né");
    }

    #[test]
    fn rows_are_cut_wherever_reading_stops() {
        struct Slowly<'a>(&'a [u8]);
        impl Read for Slowly<'_> {
            fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
                let one = self.0.len().min(1).min(out.len());
                let (now, rest) = self.0.split_at(one);
                out[..one].copy_from_slice(now);
                self.0 = rest;
                Ok(one)
            }
        }
        let sheet = br#"<w><sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="A2"><v>2</v></c></row><row r="3"></row></sheetData></w>"#;
        let mut rows = AsWritten(Stretches::of(Slowly(sheet)));
        let mut take = |first, count| {
            let mut taken = Vec::new();
            let piece = rows.take(first, count).unwrap();
            let read = piece.each_row(first, &mut |row| {
                let row = row
                    .iter()
                    .map(|(at, text)| (*at, text.clone().into_owned()));
                taken.push(row.collect::<Vec<_>>());
                Ok(())
            });
            read.unwrap();
            taken
        };
        assert_eq!(take(0, 1), [[(0, "1".to_owned())]]);
        assert_eq!(take(1, 1), [[(0, "2".to_owned())]]);
        assert!(rows.has_more().unwrap());
        assert!(rows.take(2, 2).is_err());
    }
}
