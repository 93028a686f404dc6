//! Excel's old workbooks made safe for calamine, which lays a sheet out as a full rectangle up to
//! its furthest cell and follows chains of sectors that never end.
//!
//! The stream of records is taken out of its container, cells that stand far from their table are
//! blanked, and what is left goes into a container of its own. Knows nothing of what cells hold.

use super::grid::{Strays, table_columns};
use crate::format::reading::Refusal;
use std::collections::BTreeMap;

/// The most cells that the rectangles of all sheets may have.
const MAX_PLACES: u64 = 6_000_000;
/// The same for one workbook's records that are read once for each sheet.
const MAX_PASSES: usize = 8;

const END_OF_CHAIN: u32 = 0xFFFF_FFFE;
const FREE: u32 = 0xFFFF_FFFF;
const FAT: u32 = 0xFFFF_FFFD;

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    let bytes = bytes.get(at..at.checked_add(2)?)?;
    Some(u16::from_le_bytes(bytes.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    let bytes = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_le_bytes(bytes.try_into().ok()?))
}

fn numbers(bytes: &[u8]) -> impl Iterator<Item = u32> {
    let (fours, _rest) = bytes.as_chunks::<4>();
    fours.iter().map(|four| u32::from_le_bytes(*four))
}

/// A stream of a compound file (MS-CFB), and whether there are others.
pub(super) struct Streams {
    pub(super) workbook: Option<Vec<u8>>,
    pub(super) is_encrypted: bool,
}

/// Sectors of one size in a row, and which comes after which.
struct Sectors<'a> {
    bytes: &'a [u8],
    size: usize,
    next: Vec<u32>,
}

impl Sectors<'_> {
    /// The bytes of a chain, at most `length` of them; `None` when it leads nowhere or round.
    fn chain(&self, first: u32, length: usize) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        let mut at = first;
        let mut steps = 0;
        while at != END_OF_CHAIN && bytes.len() < length {
            steps += 1;
            let start = (at as usize).checked_mul(self.size)?;
            let sector = self.bytes.get(start..).filter(|rest| !rest.is_empty())?;
            let sector = sector.get(..self.size).unwrap_or(sector);
            let wanted = sector.len().min(length - bytes.len());
            bytes.extend_from_slice(sector.get(..wanted)?);
            if steps > self.next.len() {
                return None;
            }
            at = if bytes.len() < length {
                *self.next.get(at as usize)?
            } else {
                END_OF_CHAIN
            };
        }
        Some(bytes)
    }
}

/// The stream with the workbook, out of the container.
pub(super) fn streams(bytes: &[u8]) -> Result<Streams, Refusal> {
    read_container(bytes).ok_or_else(|| Refusal::new("the spreadsheet is damaged"))
}

fn read_container(bytes: &[u8]) -> Option<Streams> {
    const HEADER_NUMBERS: std::ops::Range<usize> = 76..512;
    let size = match u16_at(bytes, 30)? {
        9 => 512,
        12 => 4_096,
        _ => return None,
    };
    let mut sectors = Sectors {
        bytes: bytes.get(size..)?,
        size,
        next: Vec::new(),
    };
    // Which sectors hold the table of what comes after what.
    let mut of_table: Vec<u32> = numbers(bytes.get(HEADER_NUMBERS)?).collect();
    let mut more = u32_at(bytes, 68)?;
    let most = bytes.len() / size + 1;
    let mut steps = 0;
    while more < FAT - 1 {
        steps += 1;
        if steps > most {
            return None;
        }
        let start = (more as usize).checked_mul(size)?;
        let sector = sectors.bytes.get(start..start.checked_add(size)?)?;
        of_table.extend(numbers(sector));
        more = of_table.pop()?;
    }
    if of_table.len() > most + 1_024 {
        return None;
    }
    for id in of_table.into_iter().filter(|id| *id < FAT - 1) {
        let start = (id as usize).checked_mul(size)?;
        let sector = sectors.bytes.get(start..)?;
        let sector = sector.get(..size).unwrap_or(sector);
        sectors.next.extend(numbers(sector));
    }
    let folder = sectors.chain(u32_at(bytes, 48)?, usize::MAX)?;
    let (entries, _rest) = folder.as_chunks::<128>();
    let mut found = Streams {
        workbook: None,
        is_encrypted: false,
    };
    let named = |wanted: &str| {
        entries.iter().find(|entry| {
            let name = encoding_rs::UTF_16LE
                .decode(entry.get(..64).unwrap_or_default())
                .0;
            let name = name.split('\0').next().unwrap_or_default();
            name.eq_ignore_ascii_case(wanted)
        })
    };
    found.is_encrypted = named("EncryptedPackage").is_some();
    let Some(entry) = named("Workbook").or_else(|| named("Book")) else {
        return Some(found);
    };
    let (start, length) = (u32_at(entry, 116)?, u32_at(entry, 120)? as usize);
    found.workbook = if length < 4_096 {
        let root = entries.first()?;
        let small = sectors.chain(u32_at(root, 116)?, u32_at(root, 120)? as usize)?;
        let table = sectors.chain(
            u32_at(bytes, 60)?,
            (u32_at(bytes, 64)? as usize).saturating_mul(size),
        )?;
        let small = Sectors {
            bytes: &small,
            size: 64,
            next: numbers(&table).collect(),
        };
        small.chain(start, length)
    } else {
        sectors.chain(start, length)
    };
    found.workbook.is_some().then_some(found)
}

/// A container with this one stream.
pub(super) fn container(mut workbook: Vec<u8>) -> Option<Vec<u8>> {
    const SIZE: usize = 4_096;
    const PER_SECTOR: usize = SIZE / 4;
    /// So many sectors of the table are named in the header.
    const IN_HEADER: usize = 109;
    // Smaller streams lie in sectors of their own kind.
    let length = workbook.len().max(SIZE);
    workbook.resize(length.next_multiple_of(SIZE), 0);
    let used = workbook.len() / SIZE;
    let mut of_table = 1;
    while of_table * PER_SECTOR < used + 1 + of_table {
        of_table += 1;
    }
    if of_table > IN_HEADER {
        return None;
    }
    let number = |n: usize| u32::try_from(n).unwrap_or(FREE).to_le_bytes();
    let mut out = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec();
    out.resize(24, 0);
    for half in [0x3E_u16, 4, 0xFFFE, 12, 6, 0, 0, 0] {
        out.extend(half.to_le_bytes());
    }
    // Sectors of the folder, of the table; the folder; small streams, and further tables: none.
    for n in [1, of_table, used, 0, 4_096] {
        out.extend(number(n));
    }
    for n in [END_OF_CHAIN, 0, END_OF_CHAIN, 0] {
        out.extend(n.to_le_bytes());
    }
    for n in 0..IN_HEADER {
        out.extend(if n < of_table {
            number(used + 1 + n)
        } else {
            FREE.to_le_bytes()
        });
    }
    out.resize(SIZE, 0);
    out.extend(workbook);
    let mut entry = |name: &str, kind: u8, child: u32, start: u32, length: usize| {
        let mut entry: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let name_length = u16::try_from(entry.len() + 2).unwrap_or(0);
        entry.resize(64, 0);
        entry.extend(name_length.to_le_bytes());
        entry.extend([kind, 1]);
        for n in [FREE, FREE, child] {
            entry.extend(n.to_le_bytes());
        }
        entry.resize(116, 0);
        entry.extend(start.to_le_bytes());
        entry.extend((length as u64).to_le_bytes());
        out.extend(entry);
    };
    entry("Root Entry", 5, 1, 0, 0);
    entry("Workbook", 2, FREE, 0, length);
    out.resize(SIZE * (used + 2), 0);
    let ends = used + 1 + of_table;
    for n in 0..of_table * PER_SECTOR {
        out.extend(match n {
            n if n + 1 < used => number(n + 1),
            n if n + 1 == used || n == used => END_OF_CHAIN.to_le_bytes(),
            n if n < ends => FAT.to_le_bytes(),
            _ => FREE.to_le_bytes(),
        });
    }
    Some(out)
}

/// A record of a workbook (MS-XLS 2.1.4).
struct Record<'a> {
    at: usize,
    kind: u16,
    data: &'a [u8],
}

/// The record at a place; `None` at the end, or where the file is cut.
fn record(stream: &[u8], at: usize) -> Option<Record<'_>> {
    let kind = u16_at(stream, at)?;
    let length = u16_at(stream, at + 2)? as usize;
    let data = stream.get(at + 4..at + 4 + length)?;
    Some(Record { at, kind, data })
}

const BOUND_SHEET: u16 = 0x0085;
const BEGIN: u16 = 0x0809;
const END: u16 = 0x000A;
const FORMULA: u16 = 0x0006;
const STRING: u16 = 0x0207;
const DIMENSIONS: u16 = 0x0200;
/// What is passed over.
const BLANK: u16 = 0x0201;
/// Records of one cell, its row and column first; `MULTIPLE` has several side by side.
const CELLS: [u16; 7] = [0x0203, 0x0204, 0x00D6, 0x0205, 0x027E, 0x00FD, FORMULA];
const MULTIPLE: u16 = 0x00BD;

/// A cell's record: its place in the stream, its row, its first and its last column.
struct Cell {
    at: usize,
    row: u16,
    columns: (u16, u16),
}

/// A short string, its length first.
fn name_of(bytes: &[u8], is_new: bool) -> String {
    let Some((length, rest)) = bytes.split_first() else {
        return String::new();
    };
    let length = usize::from(*length);
    let (is_wide, rest) = match (is_new, rest.split_first()) {
        (true, Some((flags, rest))) => (flags & 1 == 1, rest),
        _ => (false, rest),
    };
    let bytes = rest.get(..length << usize::from(is_wide)).unwrap_or(rest);
    if is_wide {
        encoding_rs::UTF_16LE
            .decode_without_bom_handling(bytes)
            .0
            .into_owned()
    } else {
        bytes.iter().copied().map(char::from).collect()
    }
}

/// Blanks what stands far from the tables of a workbook, and says what was.
pub(super) fn tame(stream: &mut [u8], remarks: &mut Vec<String>) -> Result<(), Refusal> {
    let damaged = || Refusal::new("the spreadsheet is damaged: its sheets stand in one another");
    let mut starts: BTreeMap<usize, String> = BTreeMap::new();
    // Names are written otherwise before version 8.
    let is_new = record(stream, 0).and_then(|begin| u16_at(begin.data, 0)) == Some(0x0600);
    let mut at = 0;
    while let Some(record) = record(stream, at) {
        at = record.at + 4 + record.data.len();
        match record.kind {
            END => break,
            BOUND_SHEET => {
                let start = u32_at(record.data, 0).unwrap_or(u32::MAX) as usize;
                let name = name_of(record.data.get(6..).unwrap_or_default(), is_new);
                if start > stream.len() || starts.insert(start, name).is_some() {
                    return Err(damaged());
                }
            }
            _ => {}
        }
    }
    let mut places = MAX_PLACES;
    let mut walked = 0;
    for (start, name) in starts {
        let mut cells = Vec::new();
        let mut blanked = Vec::new();
        // Where the text of a formula stands, by the formula.
        let mut texts: Vec<(usize, usize)> = Vec::new();
        let (mut at, mut is_begun, mut depth) = (start, false, 0_usize);
        let mut formula = None;
        while let Some(record) = record(stream, at) {
            at = record.at + 4 + record.data.len();
            walked += 4 + record.data.len();
            if walked > stream.len().saturating_mul(MAX_PASSES) {
                return Err(damaged());
            }
            match record.kind {
                BEGIN if is_begun => depth += 1,
                BEGIN => is_begun = true,
                END if depth > 0 => depth -= 1,
                END => break,
                _ if depth > 0 => {}
                DIMENSIONS => blanked.push(record.at),
                STRING => texts.extend(formula.map(|formula| (formula, record.at))),
                kind if CELLS.contains(&kind) || kind == MULTIPLE => {
                    let row = u16_at(record.data, 0);
                    let first = u16_at(record.data, 2);
                    let Some((row, first)) = row.zip(first) else {
                        continue;
                    };
                    let end = record.data.len().saturating_sub(2);
                    let last = match kind {
                        MULTIPLE => u16_at(record.data, end).unwrap_or(first),
                        _ => first,
                    };
                    if kind == FORMULA {
                        formula = Some(record.at);
                    }
                    cells.push(Cell {
                        at: record.at,
                        row,
                        columns: (first, last.max(first)),
                    });
                }
                _ => {}
            }
        }
        let left_out = far_cells(&cells, &name, &mut places, remarks);
        for (text_of, text) in texts {
            if left_out.binary_search(&text_of).is_ok() {
                blanked.push(text);
            }
        }
        for at in blanked.into_iter().chain(left_out) {
            if let Some(kind) = stream.get_mut(at..at + 2) {
                kind.copy_from_slice(&BLANK.to_le_bytes());
            }
        }
    }
    Ok(())
}

/// Places of the records, rising, that are not taken.
fn far_cells(
    cells: &[Cell],
    name: &str,
    places: &mut u64,
    remarks: &mut Vec<String>,
) -> Vec<usize> {
    let mut columns: BTreeMap<u32, usize> = BTreeMap::new();
    for cell in cells {
        for column in [cell.columns.0, cell.columns.1] {
            *columns.entry(u32::from(column)).or_default() += 1;
        }
    }
    let Some((first, last)) = table_columns(columns.into_iter()) else {
        return Vec::new();
    };
    let is_near =
        |cell: &&Cell| u32::from(cell.columns.0) >= first && u32::from(cell.columns.1) <= last;
    let rows = cells.iter().filter(is_near).map(|cell| u64::from(cell.row));
    let (top, bottom) = (rows.clone().min().unwrap_or(0), rows.max().unwrap_or(0));
    let width = u64::from(last - first) + 1;
    let fitting = (*places / width).max(1);
    let end = bottom.min(top + fitting - 1);
    *places = places.saturating_sub((end - top + 1) * width);
    let mut strays = Strays::default();
    let mut left_out = Vec::new();
    for cell in cells {
        let is_far = !is_near(&cell);
        if is_far {
            strays.add(u32::from(cell.columns.0), usize::from(cell.row) + 1, "");
        }
        if is_far || u64::from(cell.row) > end {
            left_out.push(cell.at);
        }
    }
    remarks.extend(strays.remark(name));
    if end < bottom {
        remarks.push(format!(
            "sheet “{name}” was read up to row {} only: its cells stand so far apart",
            end + 1
        ));
    }
    left_out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(kind: u16, data: &[u8]) -> Vec<u8> {
        let length = u16::try_from(data.len()).unwrap();
        [&kind.to_le_bytes()[..], &length.to_le_bytes(), data].concat()
    }

    fn label(row: u16, column: u16, text: &str) -> Vec<u8> {
        let length = u16::try_from(text.len()).unwrap();
        let mut data: Vec<u8> = [row, column, 0, length]
            .iter()
            .flat_map(|number| number.to_le_bytes())
            .collect();
        data.push(0);
        data.extend(text.as_bytes());
        record(0x0204, &data)
    }

    /// A workbook of one sheet, at a place of its stream that may be wrong.
    fn workbook(cells: &[Vec<u8>], shift: u32) -> Vec<u8> {
        let begin = record(BEGIN, &[0, 6, 5, 0, 0, 0, 0, 0]);
        let end = record(END, &[]);
        let named = |start: u32| {
            let mut data = start.to_le_bytes().to_vec();
            data.extend([0, 0, 1, 0, b'S']);
            record(BOUND_SHEET, &data)
        };
        let start = begin.len() + named(0).len() + end.len();
        let named = named(u32::try_from(start).unwrap() + shift);
        let mut extent = vec![0; 4];
        extent.extend(u32::MAX.to_le_bytes());
        extent.extend([0, 0, 0xFF, 0xFF, 0, 0]);
        let extent = record(DIMENSIONS, &extent);
        [
            begin.clone(),
            named,
            end.clone(),
            begin,
            extent,
            cells.concat(),
            end,
        ]
        .concat()
    }

    fn read(stream: Vec<u8>) -> Result<(String, String), String> {
        let bytes = container(stream).unwrap();
        let (sheets, remarks) =
            super::super::sheets(&bytes, &Default::default()).map_err(|refusal| refusal.0)?;
        let rows: Vec<String> = sheets
            .into_iter()
            .flat_map(|sheet| sheet.numbers.into_iter().zip(sheet.rows))
            .map(|(number, row)| format!("{number}:{}", row.join("|")))
            .collect();
        Ok((rows.join(" "), remarks.join("; ")))
    }

    #[test]
    fn old_workbooks_with_cells_far_away() {
        let table = [label(0, 0, "title"), label(0, 1, "text"), label(1, 1, "x")];
        let check = |far: &[Vec<u8>], rows: &str, told: &str| {
            let (got, remarks) = read(workbook(&[&table[..], far].concat(), 0)).unwrap();
            assert_eq!(got, rows);
            assert!(
                remarks.contains(told) && remarks.is_empty() == told.is_empty(),
                "{remarks}"
            );
        };
        check(&[], "1:title|text 2:|x", "");
        check(
            &[label(65_535, 65_535, "far")],
            "1:title|text 2:|x",
            "sheet “S”: a cell far from its table was left out (CRXP65536)",
        );
        check(
            &[label(65_535, 1, "end")],
            "1:title|text 2:|x 65536:|end",
            "",
        );
        // Near enough to the next, and the whole too wide for its length.
        let steps: Vec<Vec<u8>> = (1..65).map(|n| label(n * 1_000, n * 1_000, "x")).collect();
        check(&steps, "1:title|text 2:|x", "was read up to row 93 only");
    }

    #[test]
    fn damaged_old_workbooks_are_refused() {
        assert!(
            read(workbook(&[], 1 << 20))
                .unwrap_err()
                .contains("damaged")
        );
        let good = container(workbook(&[label(0, 0, "a")], 0)).unwrap();
        for at in 0..good.len().min(4_700) {
            let mut bytes = good.clone();
            if let Some(byte) = bytes.get_mut(at) {
                *byte ^= 0xFF;
            }
            let _either = streams(&bytes);
        }
        // A chain of sectors that leads to itself.
        let mut bytes = good.clone();
        let table = bytes.len() - 4_096;
        bytes.splice(table..table + 8, [0, 0, 0, 0, 1, 0, 0, 0]);
        assert!(streams(&bytes).is_err());
    }
}
