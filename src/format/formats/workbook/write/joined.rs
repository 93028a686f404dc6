//! A workbook whose long sheets are made on all cores. The library writes on one: here it makes a book
//! with these sheets empty, and on any core books of some rows each, whose rows are then put in their
//! places. All books number their formats alike, and rows are written at the numbers that they have.

use super::failed;
use super::further::Columns;
use super::look::{Look, QUICK};
use crate::format::WriteError;
use crate::format::export::plan::{Plan, Planned};
use crate::format::export::{WriteSeek, Written};
use rust_xlsxwriter::{Workbook, Worksheet};
use std::io::{Cursor, Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

/// The long sheets, which are the first.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Long {
    Spans,
    Articles,
    Quotes,
}

impl Long {
    pub(super) fn member(self) -> &'static str {
        match self {
            Self::Spans => "xl/worksheets/sheet1.xml",
            Self::Articles => "xl/worksheets/sheet2.xml",
            Self::Quotes => "xl/worksheets/sheet3.xml",
        }
    }
}

pub(super) trait LongSheet {
    fn columns(&self) -> &Columns<'_>;

    /// Name and widths.
    fn begin(&self, sheet: &mut Worksheet) -> Result<(), WriteError>;

    /// The rows of some articles, from `first_row` on; the header is row 0.
    fn rows(
        &self,
        sheet: &mut Worksheet,
        plan: &Plan<'_>,
        articles: &[Planned<'_>],
        first_row: u32,
    ) -> Result<Written, WriteError>;

    /// What stands behind the rows.
    fn end(&self, _sheet: &mut Worksheet, _last_row: u32) -> Result<(), WriteError> {
        Ok(())
    }
}

/// Adds a sheet of the size of a long one, with nothing in its rows.
pub(super) fn add_empty(
    book: &mut Workbook,
    look: &Look<'_>,
    long: &impl LongSheet,
    last_row: u32,
) -> Result<(), WriteError> {
    let sheet = book.add_worksheet_with_constant_memory().map_err(failed)?;
    long.begin(sheet)?;
    let names = &long.columns().names;
    look.header(sheet, names)?;
    let last_column = names.len().saturating_sub(1) as u16;
    if last_row > 0 {
        // The sheet says how large it is; the row itself is left out.
        sheet
            .write_blank(last_row, last_column, &look.top)
            .map_err(failed)?;
    }
    long.end(sheet, last_row)
}

/// The library writes rows to files for temporary things and panics when it cannot.
#[expect(
    clippy::disallowed_methods,
    reason = "another fence, with its own words"
)]
pub(super) fn guarded<T>(make: impl FnOnce() -> Result<T, WriteError>) -> Result<T, WriteError> {
    catch_unwind(AssertUnwindSafe(make)).unwrap_or_else(|_told_by_the_hook| {
        let message = "the workbook could not be made; is there room for temporary files?";
        Err(WriteError::Unreadable(message.to_owned()))
    })
}

/// Rows of a long sheet as they stand in the file.
pub(super) fn rows(
    look: &Look<'_>,
    long: &impl LongSheet,
    plan: &Plan<'_>,
    articles: &[Planned<'_>],
    first_row: u32,
) -> Result<(Vec<u8>, Written), WriteError> {
    let (book, written) = guarded(|| {
        let mut book = look.book();
        // It is taken apart again at once.
        book.set_zip_compression_level(1);
        let sheet = book.add_worksheet_with_constant_memory().map_err(failed)?;
        long.begin(sheet)?;
        let written = long.rows(sheet, plan, articles, first_row)?;
        Ok((book.save_to_buffer().map_err(failed)?, written))
    })?;
    let mut archive = ZipArchive::new(Cursor::new(book)).map_err(std::io::Error::from)?;
    let member = archive.by_name(Long::Spans.member());
    let mut member = member.map_err(std::io::Error::from)?;
    let mut xml = Vec::with_capacity(member.size() as usize);
    member.read_to_end(&mut xml)?;
    if memchr::memmem::find(&xml, b"<sheetData/>").is_some() {
        return Ok((Vec::new(), written));
    }
    let (from, to) = between(&xml, b"<sheetData>")?;
    xml.truncate(to);
    xml.drain(..from);
    Ok((xml, written))
}

/// Where the rows of a sheet stand, behind the first `begin`.
fn between(xml: &[u8], begin: &[u8]) -> Result<(usize, usize), WriteError> {
    let from = memchr::memmem::find(xml, begin).map(|at| at + begin.len());
    let to = memchr::memmem::rfind(xml, b"</sheetData>");
    let places = from.zip(to).filter(|(from, to)| from <= to);
    places.ok_or_else(|| WriteError::Unreadable("a sheet was made without rows".to_owned()))
}

/// Writes the book, with the rows of its long sheets as they are given. `is_large` says which of
/// them may be of four gigabytes, unpacked.
pub(super) fn write(
    book: &mut Workbook,
    out: &mut dyn WriteSeek,
    is_large: impl Fn(Long) -> bool,
    mut rows: impl FnMut(Long, &mut dyn Write) -> Result<(), WriteError>,
) -> Result<(), WriteError> {
    let zipped = std::io::Error::from;
    let empty = guarded(|| book.save_to_buffer().map_err(failed))?;
    let mut empty = ZipArchive::new(Cursor::new(empty)).map_err(zipped)?;
    let options = SimpleFileOptions::default()
        .last_modified_time(zip::DateTime::default())
        .compression_level(Some(i64::from(QUICK)));
    let mut zip = ZipWriter::new(out);
    for at in 0..empty.len() {
        let member = empty.by_index_raw(at).map_err(zipped)?;
        let name = member.name().map_err(zipped)?.into_owned();
        let long = [Long::Spans, Long::Articles, Long::Quotes];
        let Some(long) = long.into_iter().find(|long| long.member() == name) else {
            zip.raw_copy_file(member).map_err(zipped)?;
            continue;
        };
        drop(member);
        let mut xml = Vec::new();
        let mut member = empty.by_index(at).map_err(zipped)?;
        member.read_to_end(&mut xml)?;
        // What stands behind the header is the mark of the size.
        let (from, to) = between(&xml, b"</row>")?;
        let options = options.large_file(is_large(long));
        zip.start_file(name, options).map_err(zipped)?;
        zip.write_all(xml.get(..from).unwrap_or_default())?;
        rows(long, &mut zip)?;
        zip.write_all(xml.get(to..).unwrap_or_default())?;
    }
    zip.finish().map_err(zipped)?;
    Ok(())
}
