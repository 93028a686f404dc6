//! Columns of a sheet, and behind them those in which a long cell goes on: a cell holds 32,767 UTF-16
//! code units.

use super::failed;
use super::look::Look;
use crate::format::WriteError;
use crate::format::export::Written;
use crate::format::words::columns::further_column;
use rust_xlsxwriter::Worksheet;
use smallvec::{SmallVec, smallvec};
use std::borrow::Cow;

/// The longest text of a cell, in UTF-16 code units.
pub(super) const MAX_CELL_UNITS: usize = 32_767;

/// The text cut into what cells hold, at characters.
fn cells(text: &str) -> SmallVec<[&str; 1]> {
    if text.len() <= MAX_CELL_UNITS {
        return smallvec![text];
    }
    let mut cells = SmallVec::new();
    let (mut start, mut units) = (0, 0);
    for (at, c) in text.char_indices() {
        if units + c.len_utf16() > MAX_CELL_UNITS {
            cells.push(text.get(start..at).unwrap_or(""));
            (start, units) = (at, 0);
        }
        units += c.len_utf16();
    }
    cells.push(text.get(start..).unwrap_or(""));
    cells
}

/// Where the pieces of long cells stand: columns at the end of the sheet, by the column that they
/// continue.
#[derive(Clone, Default)]
pub(super) struct Further {
    /// How many pieces the longest cell of a column has.
    most: Vec<usize>,
}

impl Further {
    pub(super) fn count(&mut self, row: &[Cow<'_, str>]) {
        for (column, cell) in row.iter().enumerate() {
            if cell.len() <= MAX_CELL_UNITS {
                continue;
            }
            if self.most.len() <= column {
                self.most.resize(column + 1, 1);
            }
            if let Some(most) = self.most.get_mut(column) {
                *most = (*most).max(cells(cell).len());
            }
        }
    }

    /// Takes in what another one counted.
    pub(super) fn join(&mut self, other: &Self) {
        if self.most.len() < other.most.len() {
            self.most.resize(other.most.len(), 1);
        }
        for (most, theirs) in self.most.iter_mut().zip(&other.most) {
            *most = (*most).max(*theirs);
        }
    }

    /// Names of the further columns.
    pub(super) fn names(&self, header: &[String]) -> Vec<String> {
        let columns = header.iter().zip(&self.most);
        columns
            .flat_map(|(name, most)| (2..=*most).map(move |n| further_column(name, n)))
            .collect()
    }

    /// Where the second piece of a column's cell stands, counted from the first further column.
    pub(super) fn place(&self, column: usize) -> usize {
        let before = self.most.iter().take(column);
        before.map(|most| most.saturating_sub(1)).sum()
    }

    /// Writes the further cells of a row from a column on, and tells that there are some.
    fn put(
        &self,
        sheet: &mut Worksheet,
        (at, first): (u32, usize),
        row: &[Cow<'_, str>],
        written: &mut Written,
        place: impl FnOnce() -> String,
    ) -> Result<(), WriteError> {
        let pieces = self.cells(row);
        if pieces.iter().any(|piece| !piece.is_empty()) {
            written.losses.note(
                "a text over Excel’s 32,767 characters for a cell goes on in further columns",
                place,
            );
        }
        for (n, piece) in pieces.into_iter().enumerate() {
            put(sheet, at, first + n, piece)?;
        }
        Ok(())
    }

    /// The further cells of a row.
    pub(super) fn cells<'t>(&self, row: &'t [Cow<'_, str>]) -> Vec<&'t str> {
        let mut further = vec![""; self.place(self.most.len())];
        for (column, cell) in row.iter().enumerate().take(self.most.len()) {
            let pieces = cells(cell).into_iter().skip(1);
            let place = self.place(column);
            for (slot, piece) in further.iter_mut().skip(place).zip(pieces) {
                *slot = piece;
            }
        }
        further
    }
}

/// What stands in the cell itself.
pub(super) fn first_piece(text: &str) -> &str {
    cells(text).first().copied().unwrap_or("")
}

pub(super) fn put(
    sheet: &mut Worksheet,
    row: u32,
    column: usize,
    text: &str,
) -> Result<(), WriteError> {
    if !text.is_empty() {
        let column = u16::try_from(column).map_err(|_too_many| {
            WriteError::TooMuch("a sheet holds 65,535 columns and there are more".to_owned())
        })?;
        sheet.write_string(row, column, text).map_err(failed)?;
    }
    Ok(())
}

/// The columns of a sheet with those in which their cells go on.
pub(super) struct Columns<'p> {
    pub(super) look: &'p Look<'p>,
    pub(super) names: Vec<String>,
    further: Further,
    first_further: usize,
}

impl<'p> Columns<'p> {
    pub(super) fn new(look: &'p Look<'p>, header: Vec<String>, further: Further) -> Self {
        let first_further = header.len();
        let mut names = header;
        names.extend(further.names(&names));
        Self {
            look,
            names,
            further,
            first_further,
        }
    }

    /// The cells of a row, with what goes on behind them; `is_number` says which are numbers.
    pub(super) fn put_row(
        &self,
        sheet: &mut Worksheet,
        at: u32,
        row: &[Cow<'_, str>],
        is_number: impl Fn(usize) -> bool,
        written: &mut Written,
        place: impl FnOnce() -> String,
    ) -> Result<(), WriteError> {
        for (column, text) in row.iter().enumerate() {
            let number = Some(column).filter(|at| is_number(*at));
            match number.and_then(|_| text.parse::<f64>().ok()) {
                Some(number) => {
                    let column = column as u16;
                    sheet.write_number(at, column, number).map_err(failed)?;
                }
                None => put(sheet, at, column, first_piece(text))?,
            }
        }
        let first = self.first_further;
        self.further.put(sheet, (at, first), row, written, place)
    }
}
