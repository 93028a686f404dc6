//! Cells as they come from a workbook, in any order and at any distance, to rows of a table.
//!
//! Memory goes with the cells that are there, never with the places that they claim. What is left
//! out is told.

use super::Sheet;
use std::collections::BTreeMap;

/// So many empty columns side by side part a table from a cell that got lost.
const MAX_GAP: u32 = 1_000;
/// The most cells that stand in a workbook, and the most that its rows are wide together.
const MAX_CELLS: usize = 20_000_000;
/// The most cells that are taken more often than they are written.
const MAX_REPEATED: usize = 300_000;
/// What a workbook of any size may hold in text.
const MIN_TEXT_BYTES: usize = 64 << 20;

/// How much more is read of a workbook.
#[derive(Clone, Copy, Debug)]
pub(super) struct Room {
    pub(super) cells: usize,
    pub(super) width: usize,
    pub(super) bytes: usize,
    /// Cells that stand there for others: of OpenDocument's repeated rows and cells.
    pub(super) repeated: usize,
}

impl Room {
    /// For a workbook that unpacks to so many bytes. Texts come again in other cells without being
    /// written again, but not so often.
    pub(super) fn for_unpacked(bytes: usize) -> Self {
        Self {
            cells: MAX_CELLS,
            width: MAX_CELLS,
            bytes: bytes.saturating_mul(2).max(MIN_TEXT_BYTES),
            repeated: MAX_REPEATED,
        }
    }
}

/// The cells of a sheet.
#[derive(Default)]
pub(super) struct Grid {
    /// By row: columns with what stands there.
    rows: BTreeMap<u32, Vec<(u32, String)>>,
    /// By column: how many cells have something in them.
    columns: BTreeMap<u32, usize>,
    cut_at: Option<u32>,
}

impl Grid {
    /// Adds a cell that counts from 0, and says whether there is room for more.
    pub(super) fn add(&mut self, row: u32, column: u32, text: String, room: &mut Room) -> bool {
        if text.is_empty() {
            return true;
        }
        if room.cells == 0 || room.bytes < text.len() {
            self.cut_at = Some(row);
            return false;
        }
        room.cells -= 1;
        room.bytes -= text.len();
        *self.columns.entry(column).or_default() += 1;
        self.rows.entry(row).or_default().push((column, text));
        true
    }

    /// The last row that has anything, counted from 1.
    pub(super) fn last_row(&self) -> usize {
        let last = self.rows.keys().next_back();
        last.map_or(0, |row| *row as usize + 1)
    }

    /// The rows that have something, from the first column that does, and what is left out.
    pub(super) fn into_sheet(
        self,
        name: &str,
        room: &mut Room,
        remarks: &mut Vec<String>,
    ) -> Option<Sheet> {
        let columns = self.columns.iter().map(|(column, cells)| (*column, *cells));
        let (first, last) = table_columns(columns)?;
        let mut strays = Strays::default();
        let mut sheet = Sheet {
            name: name.to_owned(),
            rows: Vec::new(),
            numbers: Vec::new(),
        };
        let mut cut_at = self.cut_at.map(|row| row as usize + 1);
        for (number, mut cells) in self.rows {
            cells.sort_by_key(|(column, _)| *column);
            let mut row: Vec<String> = Vec::new();
            let number = number as usize + 1;
            let mut is_full = false;
            for (column, text) in cells {
                let Some(at) = column.checked_sub(first).filter(|_| column <= last) else {
                    strays.add(column, number, &text);
                    continue;
                };
                let at = at as usize;
                if at >= row.len() {
                    is_full = is_full || room.width < at + 1 - row.len();
                    if is_full {
                        break;
                    }
                    room.width -= at + 1 - row.len();
                    row.resize(at + 1, String::new());
                }
                if let Some(cell) = row.get_mut(at) {
                    *cell = text;
                }
            }
            if is_full {
                cut_at = Some(cut_at.map_or(number, |at| at.min(number)));
                break;
            }
            let is_begun = !sheet.rows.is_empty();
            let is_blank = row.iter().all(|cell| cell.trim().is_empty());
            if row.is_empty() || (is_blank && !is_begun) {
                continue;
            }
            sheet.rows.push(row);
            sheet.numbers.push(number);
        }
        // Columns without a name have one that is empty.
        let width = sheet.rows.iter().map(Vec::len).max().unwrap_or(0);
        if let Some(names) = sheet.rows.first_mut() {
            names.resize(width, String::new());
        }
        if let Some(remark) = strays.remark(name) {
            remarks.push(remark);
        }
        if let Some(row) = cut_at {
            remarks.push(format!(
                "sheet “{name}” was read up to row {row} only: the workbook holds more than can be read of one file"
            ));
        }
        (!sheet.rows.is_empty()).then_some(sheet)
    }
}

/// The first and the last column of a table: of what stands far apart, that with most cells. Columns
/// come rising, with the number of their cells.
pub(super) fn table_columns(columns: impl Iterator<Item = (u32, usize)>) -> Option<(u32, u32)> {
    let mut best: Option<(usize, u32, u32)> = None;
    let mut now: Option<(usize, u32, u32)> = None;
    for (column, cells) in columns {
        now = Some(match now {
            Some((count, first, last)) if column - last <= MAX_GAP => {
                (count + cells, first, column)
            }
            _ => (cells, column, column),
        });
        if now.map(|now| now.0) > best.map(|best| best.0) {
            best = now;
        }
    }
    best.map(|(_, first, last)| (first, last))
}

/// Cells that stand far from their table.
#[derive(Default)]
pub(super) struct Strays {
    count: usize,
    first: Vec<String>,
}

impl Strays {
    /// A cell by its column, counted from 0, and its row, counted from 1.
    pub(super) fn add(&mut self, column: u32, row: usize, text: &str) {
        const SHOWN: usize = 5;
        self.count += 1;
        if self.first.len() < SHOWN {
            let start: String = text.chars().take(40).collect();
            let start = if start.is_empty() {
                start
            } else {
                format!(" “{start}”")
            };
            self.first.push(format!("{}{row}{start}", letters(column)));
        }
    }

    pub(super) fn remark(&self, sheet: &str) -> Option<String> {
        let more = if self.count > self.first.len() {
            ", …"
        } else {
            ""
        };
        let cells = self.first.join(", ");
        match self.count {
            0 => None,
            1 => Some(format!(
                "sheet “{sheet}”: a cell far from its table was left out ({cells})"
            )),
            count => Some(format!(
                "sheet “{sheet}”: {count} cells far from its table were left out ({cells}{more})"
            )),
        }
    }
}

/// A column as spreadsheets call it: `A`, `XFD`.
pub(super) fn letters(column: u32) -> String {
    let mut rest = u64::from(column) + 1;
    let mut name = Vec::new();
    while rest > 0 {
        let digit = (rest - 1) % 26;
        name.push(char::from(b'A' + u8::try_from(digit).unwrap_or(0)));
        rest = (rest - 1) / 26;
    }
    name.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn room(cells: usize, width: usize, bytes: usize) -> Room {
        Room {
            cells,
            width,
            bytes,
            repeated: 0,
        }
    }

    #[test]
    fn cells_become_rows_and_what_is_left_out_is_told() {
        let check = |mut room: Room, cells: &[(u32, u32, &str)], rows: &str, told: &str| {
            let mut grid = Grid::default();
            let mut remarks = Vec::new();
            for (row, column, text) in cells {
                if !grid.add(*row, *column, (*text).to_owned(), &mut room) {
                    break;
                }
            }
            let sheet = grid.into_sheet("s", &mut room, &mut remarks);
            let got: Vec<String> = sheet
                .into_iter()
                .flat_map(|sheet| sheet.numbers.into_iter().zip(sheet.rows))
                .map(|(number, row)| format!("{number}:{}", row.join("|")))
                .collect();
            assert_eq!(got.join(" "), rows, "{cells:?}");
            let remarks = remarks.join("; ");
            if told.is_empty() {
                assert_eq!(remarks, "", "{cells:?}");
            } else {
                assert!(remarks.contains(told), "{remarks}");
            }
        };
        let all = room(100, 100, 100);
        check(
            all,
            &[(0, 0, "a"), (0, 2, "b"), (2, 1, "c")],
            "1:a||b 3:|c",
            "",
        );
        // Out of order, and a table that stands in the middle of nowhere.
        check(all, &[(9, 901, "d"), (8, 900, "a")], "9:a| 10:|d", "");
        check(all, &[(0, 0, " "), (5, 0, "a")], "6:a", "");
        check(
            all,
            &[(0, 0, "a"), (0, 1, "b"), (1_048_575, 16_383, "far")],
            "1:a|b",
            "a cell far from its table was left out (XFD1048576 “far”)",
        );
        check(
            all,
            &[
                (0, 0, "lost"),
                (0, 5_000, "a"),
                (0, 5_001, "b"),
                (1, 9_000, "x"),
            ],
            "1:a|b",
            "2 cells far from its table were left out (A1 “lost”, MHE2 “x”)",
        );
        check(all, &[(u32::MAX, u32::MAX, "a")], "4294967296:a", "");
        let three = &[(0, 0, "a"), (1, 0, "bb"), (2, 0, "c")];
        check(room(2, 100, 100), three, "1:a 2:bb", "up to row 3 only");
        check(room(100, 100, 2), three, "1:a", "up to row 2 only");
        let wide = &[(0, 0, "a"), (1, 50, "b"), (2, 0, "c")];
        check(room(100, 50, 100), wide, "1:a", "up to row 2 only");
    }

    #[test]
    fn columns_have_letters() {
        for (column, expected) in [
            (0, "A"),
            (25, "Z"),
            (26, "AA"),
            (701, "ZZ"),
            (16_383, "XFD"),
        ] {
            assert_eq!(letters(column), expected);
        }
    }
}
