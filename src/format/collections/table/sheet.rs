//! Spreadsheets: Excel's old and new files through calamine, OpenDocument's by themselves.
//!
//! Cells are read one after the other, since calamine's own ranges are as large as the furthest cell
//! says. What a file claims of itself is not believed.

mod grid;
mod ods;
mod xls;

use super::{Table, markup, reading_of};
use crate::format::reading::archive::Archive;
use crate::format::reading::budget::Budget;
use crate::format::reading::fence;
use crate::format::reading::{Head, Likelihood, ReadOptions, Reading, Refusal, Siblings, Source};
use calamine::{Data, Reader as _, SheetType, Xls, Xlsb, Xlsx};
use grid::{Grid, Room};
use std::collections::HashSet;
use std::io::{Cursor, Write};

pub(crate) fn recognise(head: &Head<'_>) -> Likelihood {
    let bytes = head.source.bytes;
    let is_named = matches!(
        head.source.extension().as_str(),
        "xlsx" | "xls" | "xlsb" | "xlsm" | "ods"
    );
    if bytes.starts_with(OLE) {
        return Likelihood::Likely.when(is_named);
    }
    if !bytes.starts_with(b"PK\x03\x04") {
        return Likelihood::Sure.when(markup::has_table(head.text, is_named));
    }
    let Ok(archive) = Archive::open(bytes, 16 << 20) else {
        return Likelihood::No;
    };
    let is_open = archive
        .member("mimetype")
        .is_ok_and(|kind| kind.starts_with(OPEN));
    let is_excel = ["xl/workbook.xml", "xl/workbook.bin"]
        .iter()
        .any(|name| archive.contains(name));
    Likelihood::Sure.when(is_open || is_excel)
}

/// A sheet of a workbook, without its empty rows. Rows end with their last cell that has anything;
/// only the first is as wide as the table.
pub(crate) struct Sheet {
    pub(crate) name: String,
    pub(crate) rows: Vec<Vec<String>>,
    /// The numbers of the rows as the program that made them shows them.
    pub(crate) numbers: Vec<usize>,
}

/// The sheets that can be read, and why others cannot, or not whole.
pub(crate) fn sheets(bytes: &[u8], budget: &Budget) -> Result<(Vec<Sheet>, Vec<String>), Refusal> {
    const LOCKED: &str = "the spreadsheet is encrypted; save it without a password";
    let mut remarks = Vec::new();
    if !bytes.starts_with(b"PK\x03\x04") {
        let streams = xls::streams(bytes)?;
        if streams.is_encrypted {
            return Err(Refusal::new(LOCKED));
        }
        let mut workbook = streams
            .workbook
            .ok_or_else(|| Refusal::new("there is no workbook in this file"))?;
        let mut room = Room::for_unpacked(workbook.len());
        xls::tame(&mut workbook, &mut remarks)?;
        let tamed = xls::container(workbook)
            .ok_or_else(|| Refusal::new("the spreadsheet is too large to be read"))?;
        let read = || read_xls(&tamed, &mut room, &mut remarks);
        let sheets = fence::fenced("the spreadsheet", read)??;
        return Ok((sheets, remarks));
    }
    let unpacked = check_size(bytes, budget)?;
    let archive = Archive::open(bytes, MAX_PARTS_BYTES)?;
    let mut room = Room::for_unpacked(unpacked);
    let is_open = archive
        .member("mimetype")
        .is_ok_and(|kind| kind.starts_with(OPEN));
    if is_open || !archive.names().any(|name| name.starts_with("xl/")) {
        let manifest = archive.member("META-INF/manifest.xml").unwrap_or_default();
        if memchr::memmem::find(&manifest, b"encryption-data").is_some() {
            return Err(Refusal::new(LOCKED));
        }
        let content = archive.member("content.xml")?;
        let content = crate::format::reading::xml::decode_xml(&content)?;
        let sheets = ods::sheets(&content, &mut room, &mut remarks)?;
        return Ok((sheets, remarks));
    }
    let honest = honest(bytes, &archive)?;
    let bytes = honest.as_deref().unwrap_or(bytes);
    let is_binary = archive.contains("xl/workbook.bin");
    let read = || {
        if is_binary {
            read_xlsb(bytes, &mut room, &mut remarks)
        } else {
            read_xlsx(bytes, &mut room, &mut remarks)
        }
    };
    let sheets = fence::fenced("the spreadsheet", read)??;
    Ok((sheets, remarks))
}

/// All that the parts of a workbook unpack to as they are read, which the budget has seen before.
const MAX_PARTS_BYTES: u64 = 8 << 30;
/// Old Excel files.
const OLE: &[u8] = b"\xD0\xCF\x11\xE0";
const OPEN: &[u8] = b"application/vnd.oasis.opendocument.spreadsheet";

fn unreadable(error: &dyn std::error::Error) -> Refusal {
    let message = error.to_string();
    if message.to_lowercase().contains("password") {
        Refusal::new("the spreadsheet is encrypted; save it without a password")
    } else {
        Refusal::new(format!("the spreadsheet cannot be read: {message}"))
    }
}

/// The cells of a sheet one after the other, as far as they can be read.
fn read_sheet<E: std::error::Error>(
    name: &str,
    mut next: impl FnMut() -> Result<Option<((u32, u32), String)>, E>,
    room: &mut Room,
    remarks: &mut Vec<String>,
) -> Option<Sheet> {
    let mut grid = Grid::default();
    loop {
        match next() {
            Ok(Some(((row, column), text))) => {
                if !grid.add(row, column, text, room) {
                    break;
                }
            }
            Ok(None) => break,
            Err(error) => {
                remarks.push(match grid.last_row() {
                    0 => format!("sheet “{name}” cannot be read: {error}"),
                    last => format!("sheet “{name}” cannot be read after row {last}: {error}"),
                });
                break;
            }
        }
    }
    grid.into_sheet(name, room, remarks)
}

/// Gives the cells of a worksheet, each with its place and its text, one after the other.
type NextCell<'a, E> = dyn FnMut() -> Result<Option<((u32, u32), String)>, E> + 'a;

/// The worksheets of a book; `open` hands the cells of one of them on.
fn read_sheets<E: std::error::Error>(
    names: &[String],
    listed: &[calamine::Sheet],
    mut open: impl FnMut(&str, &mut dyn FnMut(&mut NextCell<'_, E>)) -> Result<(), E>,
    room: &mut Room,
    remarks: &mut Vec<String>,
) -> Vec<Sheet> {
    let others = listed
        .iter()
        .filter(|sheet| sheet.typ != SheetType::WorkSheet);
    let others: HashSet<&String> = others.map(|sheet| &sheet.name).collect();
    let mut sheets = Vec::new();
    for name in names {
        let mut take = |next: &mut NextCell<'_, E>| {
            sheets.extend(read_sheet(name, next, room, remarks));
        };
        match open(name, &mut take) {
            // Sheets of charts and dialogs have no cells.
            Err(error) if !others.contains(name) => {
                remarks.push(format!("sheet “{name}” cannot be read: {error}"));
            }
            _ => {}
        }
    }
    sheets
}

fn read_xlsx(
    bytes: &[u8],
    room: &mut Room,
    remarks: &mut Vec<String>,
) -> Result<Vec<Sheet>, Refusal> {
    let mut book = Xlsx::new(Cursor::new(bytes)).map_err(|error| unreadable(&error))?;
    let (names, listed) = (book.sheet_names(), book.sheets_metadata().to_vec());
    let open = |name: &str, take: &mut dyn FnMut(&mut NextCell<'_, calamine::XlsxError>)| {
        let mut cells = book.worksheet_cells_reader(name)?;
        take(&mut || Ok(cells.next_cell()?.map(|cell| placed(&cell))));
        Ok(())
    };
    Ok(read_sheets(&names, &listed, open, room, remarks))
}

fn read_xlsb(
    bytes: &[u8],
    room: &mut Room,
    remarks: &mut Vec<String>,
) -> Result<Vec<Sheet>, Refusal> {
    let mut book = Xlsb::new(Cursor::new(bytes)).map_err(|error| unreadable(&error))?;
    let (names, listed) = (book.sheet_names(), book.sheets_metadata().to_vec());
    let open = |name: &str, take: &mut dyn FnMut(&mut NextCell<'_, calamine::XlsbError>)| {
        let mut cells = book.worksheet_cells_reader(name)?;
        take(&mut || Ok(cells.next_cell()?.map(|cell| placed(&cell))));
        Ok(())
    };
    Ok(read_sheets(&names, &listed, open, room, remarks))
}

fn placed(cell: &calamine::Cell<calamine::DataRef<'_>>) -> ((u32, u32), String) {
    let value = Data::from(cell.get_value().clone());
    (cell.get_position(), text_of(&value))
}

fn read_xls(
    bytes: &[u8],
    room: &mut Room,
    remarks: &mut Vec<String>,
) -> Result<Vec<Sheet>, Refusal> {
    let mut book = Xls::new(Cursor::new(bytes)).map_err(|error| unreadable(&error))?;
    let mut sheets = Vec::new();
    for name in book.sheet_names() {
        match book.worksheet_range(&name) {
            Ok(range) => {
                let (top, left) = range.start().unwrap_or_default();
                let mut cells = range.used_cells().map(|(row, column, cell)| {
                    let row = u32::try_from(row).unwrap_or(u32::MAX);
                    let column = u32::try_from(column).unwrap_or(u32::MAX);
                    let place = (top.saturating_add(row), left.saturating_add(column));
                    (place, text_of(cell))
                });
                let next = || Ok::<_, calamine::XlsError>(cells.next());
                sheets.extend(read_sheet(&name, next, room, remarks));
            }
            Err(error) => remarks.push(format!("sheet “{name}” cannot be read: {error}")),
        }
    }
    Ok(sheets)
}

/// The workbook without a count of its strings that cannot be true, for which calamine would ask
/// for memory; `None` when there is none.
fn honest(bytes: &[u8], archive: &Archive<'_>) -> Result<Option<Vec<u8>>, Refusal> {
    const COUNT: &[u8] = b"uniqueCount";
    /// `<si/>`
    const SHORTEST: usize = 5;
    let is_list = |name: &&str| name.to_lowercase().ends_with("sharedstrings.xml");
    let Some(name) = archive.names().find(is_list) else {
        return Ok(None);
    };
    let mut list = archive.member(name)?;
    let start = list.get(..4_096).unwrap_or(&list);
    let Some(at) = memchr::memmem::find(start, COUNT) else {
        return Ok(None);
    };
    let digits = start.get(at + COUNT.len()..).unwrap_or_default();
    let digits = digits
        .iter()
        .skip_while(|byte| !byte.is_ascii_digit())
        .take_while(|byte| byte.is_ascii_digit());
    let count = digits.fold(0_usize, |count, digit| {
        count
            .saturating_mul(10)
            .saturating_add(usize::from(digit - b'0'))
    });
    if count <= list.len() / SHORTEST {
        return Ok(None);
    }
    if let Some(first) = list.get_mut(at) {
        *first = b'x';
    }
    let damaged =
        |error: zip::result::ZipError| Refusal::new(format!("the spreadsheet is damaged: {error}"));
    let mut read = zip::ZipArchive::new(Cursor::new(bytes)).map_err(damaged)?;
    let mut written = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..read.len() {
        let part = read.by_index_raw(at).map_err(damaged)?;
        if part.name().is_ok_and(|own| own == name) {
            let stored = zip::write::SimpleFileOptions::default()
                .compression_method(zip::CompressionMethod::Stored);
            written.start_file(name, stored).map_err(damaged)?;
            written
                .write_all(&list)
                .map_err(|error| damaged(error.into()))?;
        } else {
            written.raw_copy_file(part).map_err(damaged)?;
        }
    }
    let written = written.finish().map_err(damaged)?;
    Ok(Some(written.into_inner()))
}

pub(crate) fn read(source: &Source<'_>, options: &ReadOptions) -> Result<Reading, Refusal> {
    let (sheets, mut reasons) = if source.bytes.starts_with(b"PK") || source.bytes.starts_with(OLE)
    {
        sheets(source.bytes, &options.budget)?
    } else {
        let tables = markup::sheets(source.bytes)?.into_iter();
        let sheets = tables.map(|(name, rows)| Sheet {
            name,
            numbers: (1..=rows.len()).collect(),
            rows,
        });
        (sheets.collect(), Vec::new())
    };
    let mut whole = Reading::default();
    for sheet in sheets {
        let (mut table, remarks) = Table::of_rows(sheet.rows, sheet.numbers);
        table.ends_are_left_out = true;
        // Columns without a name have one that is empty.
        let width = table.rows.iter().map(Vec::len).max().unwrap_or(0);
        table
            .names
            .resize(width.max(table.names.len()), String::new());
        match reading_of(table, options) {
            Ok(reading) => {
                whole.articles.extend(reading.articles);
                whole.remarks.extend(remarks);
                whole.remarks.extend(reading.remarks);
                whole.left_out.add(reading.left_out);
                if whole.columns.is_empty() {
                    whole.columns = reading.columns;
                }
            }
            Err(Refusal(reason)) => reasons.push(format!("sheet “{}”: {reason}", sheet.name)),
        }
    }
    if whole.articles.is_empty() {
        return Err(Refusal::new(if reasons.is_empty() {
            "there is nothing in this spreadsheet".to_owned()
        } else {
            reasons.join("; ")
        }));
    }
    whole.remarks.extend(reasons);
    whole.cut();
    Ok(whole)
}

/// Parts that unpack to more than the file may are refused before they are parsed. How much all
/// parts with rows or strings unpack to: it is taken from the budget once, however often they are
/// read after that.
fn check_size(bytes: &[u8], budget: &Budget) -> Result<usize, Refusal> {
    let is_parsed = |name: &&str| {
        let name = name.to_lowercase();
        name == "mimetype"
            || [".xml", ".bin", ".rels"]
                .iter()
                .any(|ending| name.ends_with(ending))
    };
    let archive = Archive::open(bytes, budget)?;
    let mut unpacked = 0;
    for name in archive.names().filter(is_parsed) {
        unpacked += archive.member(name)?.len();
    }
    Ok(unpacked)
}

fn text_of(cell: &Data) -> String {
    match cell {
        Data::Empty => String::new(),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => text.clone(),
        Data::Float(number) if number.fract() == 0.0 && number.abs() < 1e15 => {
            format!("{number:.0}")
        }
        Data::Float(number) => number.to_string(),
        Data::Int(number) => number.to_string(),
        Data::Bool(value) => value.to_string(),
        Data::Error(error) => error.to_string(),
        Data::DateTime(date) if date.is_datetime() => {
            let (year, month, day, hour, minute, second, _) = date.to_ymd_hms_milli();
            match (hour, minute, second) {
                (0, 0, 0) => format!("{year:04}-{month:02}-{day:02}"),
                _ => format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}"),
            }
        }
        number @ Data::DateTime(_) => number.to_string(),
    }
}
