//! The sheet of articles, an article a row.

use super::failed;
use super::further::{Columns, Further, MAX_CELL_UNITS};
use super::joined::LongSheet;
use super::look::{Look, lay_out};
use crate::format::WriteError;
use crate::format::export::Written;
use crate::format::export::plan::{Plan, Planned};
use crate::format::export::table_rows::{article_header, article_row};
use rust_xlsxwriter::Worksheet;

/// Which column of the articles is a number.
const CHARS: usize = 4;

/// The further columns of the sheet of articles.
pub(super) fn further_of_articles(plan: &Plan<'_>) -> Result<Further, WriteError> {
    let mut further = Further::default();
    for planned in &plan.articles {
        let article = planned.article;
        let fields = article
            .metadata
            .values()
            .chain([&article.title, &article.notes]);
        let longest = fields.map(String::len).chain([article.text.len_bytes()]);
        let status: usize = article
            .status
            .keys()
            .map(|who| who.as_str().len() * 3 + 20)
            .sum();
        if longest.chain([status]).max() > Some(MAX_CELL_UNITS) {
            let record = plan.record(planned)?;
            further.count(&article_row(plan, &record));
        }
    }
    Ok(further)
}

pub(super) struct ArticleSheet<'p>(Columns<'p>);

impl<'p> ArticleSheet<'p> {
    pub(super) fn new(plan: &Plan<'_>, look: &'p Look<'p>) -> Result<Self, WriteError> {
        let further = further_of_articles(plan)?;
        Ok(Self(Columns::new(look, article_header(plan), further)))
    }
}

impl LongSheet for ArticleSheet<'_> {
    fn columns(&self) -> &Columns<'_> {
        &self.0
    }

    fn begin(&self, sheet: &mut Worksheet) -> Result<(), WriteError> {
        sheet.set_name("articles").map_err(failed)?;
        lay_out(sheet, &self.0.names, |_| &self.0.look.top)
    }

    fn rows(
        &self,
        sheet: &mut Worksheet,
        plan: &Plan<'_>,
        articles: &[Planned<'_>],
        first_row: u32,
    ) -> Result<Written, WriteError> {
        let mut written = Written::default();
        for (at, planned) in (first_row..).zip(articles) {
            let record = plan.record(planned)?;
            let row = article_row(plan, &record);
            let is_number = |column| column == CHARS;
            let place = || record.place();
            self.0
                .put_row(sheet, at, &row, is_number, &mut written, place)?;
        }
        Ok(written)
    }
}
