//! The sheet of quotes, a quote a row. The import looks past it, since the spans say all of it.

use super::failed;
use super::further::{Columns, Further};
use super::joined::LongSheet;
use super::look::{Look, lay_out};
use crate::format::WriteError;
use crate::format::export::Written;
use crate::format::export::plan::{Plan, Planned};
use crate::format::export::quote_rows::{DEPTH, Quotes, quote_header};
use rust_xlsxwriter::Worksheet;

pub(super) struct QuoteSheet<'p> {
    columns: Columns<'p>,
    quotes: Quotes<'p>,
}

impl<'p> QuoteSheet<'p> {
    pub(super) fn new(plan: &'p Plan<'p>, look: &'p Look<'p>, further: &Further) -> Self {
        Self {
            columns: Columns::new(look, quote_header(), further.clone()),
            quotes: Quotes::of(plan),
        }
    }
}

impl LongSheet for QuoteSheet<'_> {
    fn columns(&self) -> &Columns<'_> {
        &self.columns
    }

    fn begin(&self, sheet: &mut Worksheet) -> Result<(), WriteError> {
        sheet.set_name("quotes").map_err(failed)?;
        lay_out(sheet, &self.columns.names, |_| &self.columns.look.top)
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
                let is_number = |column| column == DEPTH;
                let place = || record.place();
                self.columns
                    .put_row(sheet, at, &row, is_number, &mut written, place)?;
                at += 1;
            }
        }
        Ok(written)
    }
}
