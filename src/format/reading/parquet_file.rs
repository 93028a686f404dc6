//! Parquet files, looked through before their pages are unpacked: a page says how large it becomes,
//! and a hundred kilobytes may become gigabytes.
//!
//! Rows are read by their groups; a group that takes too much is left out and told, with its rows.

use crate::format::reading::fence;
use crate::format::reading::{MAX_ARTICLES_PER_FILE, Refusal};
use parquet::file::metadata::{ColumnChunkMetaData, RowGroupMetaData};
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::{Field, Row};

/// What pages may unpack to that are open at one time, in a file of any size.
const MIN_OPEN_BYTES: u64 = 192 << 20;
/// For large files so many times their own size.
const OPEN_SHARE: u64 = 16;
/// The most items of lists in a file.
const MAX_ITEMS: u64 = 50_000_000;
/// What rows hold in text may be more than what is unpacked, since texts come again.
const MIN_TEXT_BYTES: u64 = 128 << 20;
const TEXT_SHARE: u64 = 4;

pub(crate) struct ParquetFile {
    file: SerializedFileReader<bytes::Bytes>,
    bytes: bytes::Bytes,
    /// The most that the pages of a row group unpack to that are open at one time.
    most_open: u64,
}

fn damaged(error: &parquet::errors::ParquetError) -> Refusal {
    Refusal::new(format!("the Parquet file cannot be read: {error}"))
}

impl ParquetFile {
    pub(crate) fn open(bytes: &[u8]) -> Result<Self, Refusal> {
        let bytes = bytes::Bytes::copy_from_slice(bytes);
        let open = || SerializedFileReader::new(bytes.clone());
        let file = fence::fenced("the Parquet file", open)?.map_err(|error| damaged(&error))?;
        let most_open = MIN_OPEN_BYTES.max(OPEN_SHARE.saturating_mul(bytes.len() as u64));
        Ok(Self {
            file,
            bytes,
            most_open,
        })
    }

    pub(crate) fn file(&self) -> &SerializedFileReader<bytes::Bytes> {
        &self.file
    }

    /// Hands all rows to `take` as long as it answers that it wants more; what is left out comes
    /// back, in words.
    pub(crate) fn rows(&self, mut take: impl FnMut(&Row) -> bool) -> Result<Vec<String>, Refusal> {
        let mut remarks = Vec::new();
        let groups = self.file.metadata().row_groups();
        let most_open = self.most_open;
        let (mut items, mut number) = (0, 1_u64);
        let (mut texts, mut room) = (0_u64, MIN_TEXT_BYTES);
        for (at, group) in groups.iter().enumerate() {
            let rows = u64::try_from(group.num_rows()).unwrap_or(0);
            let last = number.saturating_add(rows).saturating_sub(1);
            let found = self.look_through(group);
            items += found.items;
            if found.open > most_open || items > MAX_ITEMS {
                let reason = if found.open > most_open {
                    format!(
                        "column “{}” unpacks to {} MB at once",
                        found.largest,
                        found.open >> 20
                    )
                } else {
                    format!("their lists have over {MAX_ITEMS} items")
                };
                items -= found.items;
                remarks.push(format!("{} left out: {reason}", rows_told(number, last)));
                number = last + 1;
                continue;
            }
            room = room.saturating_add(found.all.saturating_mul(TEXT_SHARE));
            let mut at_row = number;
            let read = || -> Result<bool, Refusal> {
                let group = self
                    .file
                    .get_row_group(at)
                    .map_err(|error| damaged(&error))?;
                let rows = group.get_row_iter(None).map_err(|error| damaged(&error))?;
                for row in rows {
                    let row = row.map_err(|error| damaged(&error))?;
                    texts = texts.saturating_add(length(&row));
                    if texts > room {
                        return Ok(false);
                    }
                    at_row += 1;
                    if !take(&row) {
                        return Ok(true);
                    }
                }
                Ok(true)
            };
            let is_read = match fence::fenced("the Parquet file", read) {
                Ok(Ok(is_read)) => is_read,
                Ok(Err(refusal)) | Err(refusal) if at_row == 1 => return Err(refusal),
                Ok(Err(refusal)) | Err(refusal) => {
                    remarks.push(format!("{} left out: {refusal}", rows_told(at_row, last)));
                    number = last + 1;
                    continue;
                }
            };
            if at_row > last {
                number = last + 1;
                continue;
            }
            let all = self.file.metadata().file_metadata().num_rows();
            if !is_read {
                remarks.push(format!(
                    "only the rows up to {} of {all} were read: what they hold is over {} MB",
                    at_row - 1,
                    room >> 20
                ));
                return Ok(remarks);
            }
            remarks.push(format!(
                "only the rows up to {} of {all} were read: a file may give {MAX_ARTICLES_PER_FILE} articles",
                at_row - 1
            ));
            return Ok(remarks);
        }
        Ok(remarks)
    }

    /// What the pages of a row group say of themselves.
    fn look_through(&self, group: &RowGroupMetaData) -> Found {
        let mut found = Found::default();
        let mut largest = 0;
        for column in group.columns() {
            let pages = self.pages_of(column);
            // The dictionary stays while the others come and go.
            let open = pages.dictionary.saturating_add(pages.largest);
            found.open = found.open.saturating_add(open);
            found.all = found.all.saturating_add(pages.all);
            if column.column_descr().max_rep_level() > 0 {
                found.items = found.items.saturating_add(pages.values);
            }
            if open >= largest {
                largest = open;
                found.largest = column.column_path().string();
            }
        }
        found
    }

    fn pages_of(&self, column: &ColumnChunkMetaData) -> Pages {
        let mut pages = Pages::default();
        let (start, length) = column.byte_range();
        let start = usize::try_from(start).unwrap_or(usize::MAX);
        let end = start.saturating_add(usize::try_from(length).unwrap_or(usize::MAX));
        let bytes = self.bytes.get(start..end.min(self.bytes.len()));
        let mut rest = bytes.unwrap_or_default();
        while !rest.is_empty() {
            let before = rest.len();
            let mut header = Compact { rest };
            let Some(page) = header.page() else {
                break;
            };
            rest = header.rest.get(page.packed..).unwrap_or_default();
            pages.all = pages.all.saturating_add(page.unpacked);
            pages.values = pages.values.saturating_add(page.values);
            if page.is_dictionary {
                pages.dictionary = pages.dictionary.max(page.unpacked);
            } else {
                pages.largest = pages.largest.max(page.unpacked);
            }
            if rest.len() >= before {
                break;
            }
        }
        pages
    }
}

fn rows_told(first: u64, last: u64) -> String {
    if first == last {
        format!("row {first} was")
    } else {
        format!("rows {first} to {last} were")
    }
}

/// What a row group takes.
#[derive(Default)]
struct Found {
    /// The largest pages of all columns, which are unpacked at one time.
    open: u64,
    all: u64,
    items: u64,
    /// The column that takes most.
    largest: String,
}

/// What a column of a row group takes.
#[derive(Default)]
struct Pages {
    dictionary: u64,
    largest: u64,
    all: u64,
    values: u64,
}

/// About how much a row takes.
fn length(row: &Row) -> u64 {
    row.get_column_iter()
        .map(|(_, field)| length_of(field))
        .sum()
}

fn length_of(field: &Field) -> u64 {
    const PLAIN: u64 = 16;
    match field {
        Field::Str(text) => PLAIN + text.len() as u64,
        Field::Bytes(bytes) => PLAIN + bytes.len() as u64,
        Field::Group(row) => PLAIN + length(row),
        Field::ListInternal(list) => PLAIN + list.elements().iter().map(length_of).sum::<u64>(),
        Field::MapInternal(map) => {
            let entries = map.entries().iter();
            PLAIN
                + entries
                    .map(|(key, value)| length_of(key) + length_of(value))
                    .sum::<u64>()
        }
        _ => PLAIN,
    }
}

/// A page by its header.
#[derive(Default, Debug, PartialEq)]
struct Page {
    is_dictionary: bool,
    unpacked: u64,
    packed: usize,
    values: u64,
}

/// Thrift's compact protocol, as far as a page header needs it.
struct Compact<'a> {
    rest: &'a [u8],
}

impl Compact<'_> {
    const MAX_DEPTH: usize = 16;

    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }

    fn varint(&mut self) -> Option<u64> {
        let mut number = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7F) << shift;
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }

    /// A signed number; none that is below 0 is wanted here.
    fn number(&mut self) -> Option<u64> {
        let number = self.varint()?;
        (number & 1 == 0).then_some(number >> 1)
    }

    fn pass_bytes(&mut self, length: u64) -> Option<()> {
        self.rest = self.rest.get(usize::try_from(length).ok()?..)?;
        Some(())
    }

    /// The next field of a struct: its number and type; `None` within for the end.
    fn field(&mut self, last: &mut u64) -> Option<Option<u8>> {
        let byte = self.byte()?;
        if byte == 0 {
            return Some(None);
        }
        *last = match byte >> 4 {
            0 => self.number()?,
            more => *last + u64::from(more),
        };
        Some(Some(byte & 0x0F))
    }

    fn pass(&mut self, kind: u8, depth: usize) -> Option<()> {
        if depth > Self::MAX_DEPTH {
            return None;
        }
        match kind {
            1 | 2 => Some(()),
            3 => self.byte().map(|_| ()),
            4..=6 => self.varint().map(|_| ()),
            7 => self.pass_bytes(8),
            8 => {
                let length = self.varint()?;
                self.pass_bytes(length)
            }
            9 | 10 => {
                let byte = self.byte()?;
                let count = match byte >> 4 {
                    15 => self.varint()?,
                    count => u64::from(count),
                };
                for _ in 0..count.min(self.rest.len() as u64 + 1) {
                    match byte & 0x0F {
                        1 | 2 => self.pass_bytes(1)?,
                        kind => self.pass(kind, depth + 1)?,
                    }
                }
                Some(())
            }
            12 => {
                let mut last = 0;
                while let Some(kind) = self.field(&mut last)? {
                    self.pass(kind, depth + 1)?;
                }
                Some(())
            }
            _ => None,
        }
    }

    /// A page header (`PageHeader` in parquet.thrift).
    fn page(&mut self) -> Option<Page> {
        const DICTIONARY: u64 = 2;
        let mut page = Page::default();
        let mut last = 0;
        while let Some(kind) = self.field(&mut last)? {
            match (last, kind) {
                (1, 5) => page.is_dictionary = self.number()? == DICTIONARY,
                (2, 5) => page.unpacked = self.number()?,
                (3, 5) => page.packed = usize::try_from(self.number()?).ok()?,
                // The headers of data pages, whose first field is how many values they have.
                (5 | 8, 12) => {
                    let mut last = 0;
                    while let Some(kind) = self.field(&mut last)? {
                        match (last, kind) {
                            (1, 5) => page.values = self.number()?,
                            _ => self.pass(kind, 1)?,
                        }
                    }
                }
                _ => self.pass(kind, 0)?,
            }
        }
        Some(page)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file with a row group for each list of texts.
    fn written(groups: &[&[&str]]) -> Vec<u8> {
        use parquet::data_type::{ByteArray, ByteArrayType};
        use parquet::file::properties::WriterProperties;
        use parquet::file::writer::SerializedFileWriter;
        let schema = "message m { required binary text (UTF8); }";
        let schema = parquet::schema::parser::parse_message_type(schema).unwrap();
        let properties =
            WriterProperties::builder().set_compression(parquet::basic::Compression::SNAPPY);
        let mut bytes = Vec::new();
        let mut file =
            SerializedFileWriter::new(&mut bytes, schema.into(), properties.build().into())
                .unwrap();
        for texts in groups {
            let mut group = file.next_row_group().unwrap();
            let mut column = group.next_column().unwrap().unwrap();
            let values: Vec<ByteArray> = texts.iter().map(|text| ByteArray::from(*text)).collect();
            column
                .typed::<ByteArrayType>()
                .write_batch(&values, None, None)
                .unwrap();
            column.close().unwrap();
            group.close().unwrap();
        }
        file.close().unwrap();
        bytes
    }

    #[test]
    fn groups_that_take_too_much_are_left_out() {
        let long = "word ".repeat(20_000);
        let bytes = written(&[&["one", "two"], &["three", &long], &["four"]]);
        let check = |most_open: u64, most_rows: usize, rows: &[&str], told: &str| {
            let mut file = ParquetFile::open(&bytes).unwrap();
            file.most_open = most_open;
            let mut found = Vec::new();
            let remarks = file.rows(|row| {
                let text = row
                    .get_column_iter()
                    .next()
                    .map(|(_, field)| field.to_string());
                found.push(text.unwrap().chars().take(7).collect::<String>());
                found.len() < most_rows
            });
            assert_eq!(found, rows);
            assert_eq!(remarks.unwrap().join("; "), told);
        };
        let all = ["\"one\"", "\"two\"", "\"three\"", "\"word w", "\"four\""];
        check(1 << 20, 9, &all, "");
        check(1 << 20, 5, &all, "");
        let told = "rows 3 to 4 were left out: column “text” unpacks to 0 MB at once";
        check(10_000, 9, &["\"one\"", "\"two\"", "\"four\""], told);
        let told = "only the rows up to 1 of 5 were read: a file may give 200000 articles";
        check(1 << 20, 1, &["\"one\""], told);
    }

    #[test]
    fn headers_of_pages() {
        let check = |bytes: &[u8], expected: Option<(Page, usize)>| {
            let mut header = Compact { rest: bytes };
            let page = header.page();
            assert_eq!(page.map(|page| (page, header.rest.len())), expected);
        };
        let page = Page {
            is_dictionary: false,
            unpacked: 100,
            packed: 50,
            values: 3,
        };
        // Type, sizes, a checksum; the data page's header with its values and a list; two bytes
        // that follow.
        let bytes = [
            0x15, 0, 0x15, 0xC8, 1, 0x15, 100, 0x15, 8, 0x1C, 0x15, 6, 0x19, 0x25, 2, 4, 0, 0, 9, 9,
        ];
        check(&bytes, Some((page, 2)));
        check(bytes.get(..9).unwrap(), None);
        // Below nothing.
        check(&[0x25, 1, 0], None);
        check(&[], None);
    }
}
