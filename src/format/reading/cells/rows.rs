//! The rows of a table in text, by how it is written.
//!
//! No cell is lost, and no row is looked at for longer than the table is: quotes that never match
//! are not each looked for to its end.

use std::borrow::Cow;
use std::cell::Cell;

/// How far quotes that do not match are looked for, in bytes.
const MAX_LOOKED_AHEAD: usize = 4 << 10;

/// How a table is written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Dialect {
    pub(super) delimiter: u8,
    /// `\"` within quotes is a quote.
    pub(super) has_backslash_quotes: bool,
    /// There are no quotes; `\t`, `\n` and `\\` stand for what they mean, as databases write them.
    pub(super) has_escapes: bool,
    /// A carriage return alone ends a row.
    pub(super) ends_at_cr: bool,
    /// The cells that most rows have; 0 when that is unknown.
    pub(super) width: usize,
}

/// How quotes are taken.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Quotes {
    /// A cell that begins with a quote ends with one, and quotes in it are doubled.
    Matching,
    /// Other quotes in such a cell are its own.
    Within,
    /// A cell whose quotes do not match ends where the next begins, and a row with its line.
    AsTheyStand,
}

pub(super) struct Row<'t> {
    pub(super) cells: Vec<Cow<'t, str>>,
    pub(super) is_broken: bool,
    /// A quote was looked for to the end: where the text is cut, the row is, too.
    pub(super) reaches_end: bool,
}

/// Rows one after the other.
pub(super) struct Rows<'t> {
    text: &'t str,
    pub(super) at: usize,
    dialect: Dialect,
    /// What was read in vain, in bytes.
    again: Cell<usize>,
}

impl<'t> Rows<'t> {
    pub(super) fn new(text: &'t str, dialect: Dialect) -> Self {
        Self {
            text,
            at: 0,
            dialect,
            again: Cell::new(0),
        }
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied()
    }

    /// Where the row goes on behind a row end at this place; `None` when there is none.
    fn behind_row_end(&self, at: usize) -> Option<usize> {
        match (self.byte(at)?, self.byte(at + 1)) {
            (b'\n', _) => Some(at + 1),
            (b'\r', Some(b'\n')) => Some(at + 2),
            (b'\r', None) => Some(at + 1),
            (b'\r', _) if self.dialect.ends_at_cr => Some(at + 1),
            _ => None,
        }
    }

    pub(super) fn next_row(&mut self) -> Option<Row<'t>> {
        while let Some(behind) = self.behind_row_end(self.at) {
            self.at = behind;
        }
        if self.at >= self.text.len() {
            return None;
        }
        let start = self.at;
        let reached = match self.row(start, Quotes::Matching) {
            Ok((cells, end)) => {
                self.at = end;
                return Some(Row {
                    cells,
                    is_broken: false,
                    reaches_end: false,
                });
            }
            Err(reached) => reached,
        };
        let (cells, end) = match self.row(start, Quotes::AsTheyStand) {
            Ok(row) => row,
            Err(_never) => (Vec::new(), self.text.len()),
        };
        let width = self.dialect.width;
        let (cells, end) = match self.row(start, Quotes::Within) {
            Ok((other, other_end))
                if other_end == end
                    || (other.len() == width && (cells.len() != width || !self.begins_at(end))) =>
            {
                (other, other_end)
            }
            _ => (cells, end),
        };
        self.at = end;
        Some(Row {
            cells,
            is_broken: true,
            reaches_end: reached >= self.text.len(),
        })
    }

    /// Whether a row with the usual number of cells begins here, or none does.
    fn begins_at(&self, at: usize) -> bool {
        let width = self.dialect.width;
        let fits = |cells: &[Cow<'_, str>]| cells.len() == width || width == 0;
        at >= self.text.len()
            || match self.row(at, Quotes::Matching) {
                Ok((cells, _)) => fits(&cells),
                Err(_) => self
                    .row(at, Quotes::AsTheyStand)
                    .is_ok_and(|(cells, _)| fits(&cells)),
            }
    }

    /// The row that begins here and where the next one does, or how far was read in vain.
    fn row(&self, start: usize, quotes: Quotes) -> Result<(Vec<Cow<'t, str>>, usize), usize> {
        let mut cells = Vec::with_capacity(self.dialect.width);
        let mut at = start;
        loop {
            let (cell, end) = self.cell(at, quotes)?;
            cells.push(cell);
            if end >= self.text.len() {
                return Ok((cells, end));
            }
            if let Some(behind) = self.behind_row_end(end) {
                return Ok((cells, behind));
            }
            if quotes == Quotes::Within && end > start + MAX_LOOKED_AHEAD {
                return Err(end);
            }
            at = end + 1;
        }
    }

    /// The cell that begins here, and where what ends it stands.
    fn cell(&self, start: usize, quotes: Quotes) -> Result<(Cow<'t, str>, usize), usize> {
        if !self.dialect.has_escapes {
            let spaces = self.text.as_bytes().iter().skip(start);
            let quote = start + spaces.take_while(|byte| **byte == b' ').count();
            if self.byte(quote) == Some(b'"') {
                match self.quoted(quote, quotes) {
                    Ok(cell) => return Ok(cell),
                    // A space before a quote may be the cell's own.
                    Err(reached) if quotes == Quotes::Matching && quote == start => {
                        return Err(reached);
                    }
                    Err(_) => {}
                }
            }
        }
        let mut end = start;
        loop {
            let rest = self.text.as_bytes().get(end..).unwrap_or_default();
            let Some(found) = memchr::memchr3(self.dialect.delimiter, b'\n', b'\r', rest) else {
                end = self.text.len();
                break;
            };
            end += found;
            let is_end = self.byte(end) == Some(self.dialect.delimiter)
                || self.behind_row_end(end).is_some();
            let before = self.text.as_bytes().get(start..end).unwrap_or_default();
            let backslashes = before.iter().rev().take_while(|b| **b == b'\\').count();
            if is_end && !(self.dialect.has_escapes && backslashes % 2 == 1) {
                break;
            }
            end += 1;
        }
        let cell = self.text.get(start..end).unwrap_or_default();
        let cell = if self.dialect.has_escapes && cell.contains('\\') && cell != "\\N" {
            Cow::Owned(unescaped(cell))
        } else {
            Cow::Borrowed(cell)
        };
        Ok((cell, end))
    }

    /// The cell whose quote stands here, and where what ends it stands.
    fn quoted(&self, quote: usize, quotes: Quotes) -> Result<(Cow<'t, str>, usize), usize> {
        let bytes = self.text.as_bytes();
        let limit = match quotes {
            // No cell goes beyond its line.
            Quotes::AsTheyStand => {
                let rest = bytes.get(quote..).unwrap_or_default();
                let mut ends = memchr::memchr2_iter(b'\n', b'\r', rest);
                let end = ends.find(|end| self.behind_row_end(quote + end).is_some());
                end.map_or(bytes.len(), |end| quote + end)
            }
            // Quotes that never match would each be looked for to the end of the table.
            Quotes::Matching if self.again.get() <= bytes.len() * 4 => bytes.len(),
            Quotes::Matching | Quotes::Within => {
                let is_hopeless = self.again.get() > bytes.len() * 8;
                let ahead = MAX_LOOKED_AHEAD / if is_hopeless { 16 } else { 1 };
                bytes.len().min(quote + ahead)
            }
        };
        let mut whole = String::new();
        let (mut from, mut at) = (quote + 1, quote + 1);
        loop {
            let rest = bytes.get(at..limit).unwrap_or_default();
            let found = if self.dialect.has_backslash_quotes {
                memchr::memchr2(b'"', b'\\', rest)
            } else {
                memchr::memchr(b'"', rest)
            };
            let in_vain = |reached: usize| {
                self.again.set(self.again.get() + reached - quote);
                reached
            };
            let place = at + found.ok_or_else(|| in_vain(limit))?;
            let next = self.byte(place + 1);
            if self.byte(place) == Some(b'\\') {
                at = place + 1;
                if matches!(next, Some(b'"' | b'\\')) {
                    whole.push_str(self.text.get(from..place).unwrap_or_default());
                    (from, at) = (place + 1, place + 2);
                }
                continue;
            }
            if next == Some(b'"') {
                whole.push_str(self.text.get(from..=place).unwrap_or_default());
                (from, at) = (place + 2, place + 2);
                continue;
            }
            let spaces = bytes.iter().skip(place + 1);
            let end = place + 1 + spaces.take_while(|byte| **byte == b' ').count();
            let is_end = end >= bytes.len()
                || self.byte(end) == Some(self.dialect.delimiter)
                || self.behind_row_end(end).is_some();
            if is_end {
                let last = self.text.get(from..place).unwrap_or_default();
                return Ok(if whole.is_empty() {
                    (Cow::Borrowed(last), end)
                } else {
                    whole.push_str(last);
                    (Cow::Owned(whole), end)
                });
            }
            if quotes != Quotes::Within {
                return Err(in_vain(place));
            }
            at = place + 1;
        }
    }
}

/// What a database wrote with backslashes.
fn unescaped(cell: &str) -> String {
    let mut out = String::with_capacity(cell.len());
    let mut chars = cell.chars();
    while let Some(c) = chars.next() {
        match (c, chars.as_str().chars().next()) {
            ('\\', Some('n' | '\n')) => out.push('\n'),
            ('\\', Some('t' | '\t')) => out.push('\t'),
            ('\\', Some('r' | '\r')) => out.push('\r'),
            ('\\', Some('\\')) => out.push('\\'),
            (c, _) => {
                out.push(c);
                continue;
            }
        }
        chars.next();
    }
    out
}
