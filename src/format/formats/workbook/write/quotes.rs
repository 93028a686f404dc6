//! The sheet of quotes, a quote a row. The import looks past it, since the spans say all of it.

use super::joined::LongSheet;
use super::{Further, Look, failed, first_piece, lay_out, put};
use crate::format::WriteError;
use crate::format::export::Written;
use crate::format::export::plan::{Plan, Planned};
use crate::format::export::quote_rows::{DEPTH, Quotes, quote_header};
use rust_xlsxwriter::Worksheet;

/// The sheet of quotes.
pub(super) struct QuoteSheet<'p> {
    look: &'p Look<'p>,
    quotes: Quotes<'p>,
    names: Vec<String>,
    further: &'p Further,
    first_further: usize,
}

impl<'p> QuoteSheet<'p> {
    pub(super) fn new(plan: &'p Plan<'p>, look: &'p Look<'p>, further: &'p Further) -> Self {
        let quotes = Quotes::of(plan);
        let mut names = quote_header();
        let first_further = names.len();
        names.extend(further.names(&names));
        Self {
            look,
            quotes,
            names,
            further,
            first_further,
        }
    }
}

impl LongSheet for QuoteSheet<'_> {
    fn begin(&self, sheet: &mut Worksheet) -> Result<(), WriteError> {
        sheet.set_name("quotes").map_err(failed)?;
        lay_out(sheet, &self.names, |_| &self.look.top)
    }

    fn rows(
        &self,
        sheet: &mut Worksheet,
        plan: &Plan<'_>,
        articles: &[Planned<'_>],
        first_row: u32,
    ) -> Result<Written, WriteError> {
        let mut written = Written::default();
        let mut at = first_row;
        for planned in articles {
            let record = plan.record(planned)?;
            for row in self.quotes.rows(&record) {
                for (column, text) in row.iter().enumerate() {
                    match text.parse::<f64>() {
                        Ok(number) if column == DEPTH => {
                            sheet
                                .write_number(at, DEPTH as u16, number)
                                .map_err(failed)?;
                        }
                        _ => put(sheet, at, column, first_piece(text))?,
                    }
                }
                let place = || record.place();
                self.further
                    .put(sheet, (at, self.first_further), &row, &mut written, place)?;
                at += 1;
            }
        }
        Ok(written)
    }

    fn end(&self, _sheet: &mut Worksheet, _last_row: u32) -> Result<(), WriteError> {
        Ok(())
    }

    fn names(&self) -> &[String] {
        &self.names
    }
}
