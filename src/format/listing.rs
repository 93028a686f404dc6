//! What a person looks through as a table of its own: rows of cells as CSV and as a workbook with one
//! sheet. It is no dataset, and nothing reads it back.
//!
//! Cells are typed or guarded, so that nothing of a text is run as a formula. Knows where what a row is
//! about stands in its article ([`Place`]), and not what that is.

use super::WriteError;
use super::formats::csv::write::guarded;
use crate::core::article::Article;
use crate::core::concordance::{Reach, around};
use crate::core::text::ByteRange;
use rust_xlsxwriter::{Format, FormatAlign, Workbook, XlsxError};

/// The most characters of a cell; a workbook holds no more.
const MAX_CELL: usize = 32_000;
const BOM: &str = "\u{FEFF}";

/// A column: its name, how wide it is in a workbook, and how its words stand there.
pub(super) struct Column(pub &'static str, pub f64, pub Look);

#[derive(Clone, Copy, PartialEq)]
pub(super) enum Look {
    Plain,
    Bold,
    Right,
}

pub(super) enum Cell {
    Text(String),
    Number(u32),
}

impl Cell {
    /// Words, cut where a cell holds no more.
    pub(super) fn of(text: &str) -> Self {
        Self::Text(cut(text))
    }

    pub(super) fn meta(article: &Article, name: &str) -> Self {
        Self::of(article.meta(name).unwrap_or_default())
    }
}

/// The columns that say where something stands, as [`Place`] has their cells.
pub(super) const ARTICLE_ID: Column = Column("article_id", 16.0, Look::Plain);
pub(super) const TITLE: Column = Column("title", 30.0, Look::Plain);
pub(super) const OUTLET: Column = Column("outlet", 16.0, Look::Plain);
pub(super) const PUBLISHED: Column = Column("published", 12.0, Look::Plain);
pub(super) const START: Column = Column("start", 8.0, Look::Plain);
pub(super) const END: Column = Column("end", 8.0, Look::Plain);

/// So much is shown on each side, in characters.
const AROUND: usize = 120;

/// Where something stands: its article, from where to where, and what is around it there.
pub(super) struct Place {
    pub article_id: Cell,
    pub title: Cell,
    pub outlet: Cell,
    pub published: Cell,
    pub start: Cell,
    pub end: Cell,
    pub before: Cell,
    pub after: Cell,
}

impl Place {
    pub(super) fn of(article: &Article, range: ByteRange) -> Self {
        let chars = article.text.char_range(range);
        let (before, after) = around(&article.text, range, Reach::InLines(AROUND));
        Self {
            article_id: Cell::Text(article.id.to_string()),
            title: Cell::of(article.display_title()),
            outlet: Cell::meta(article, "outlet"),
            published: Cell::meta(article, "published"),
            start: Cell::Number(chars.start.0),
            end: Cell::Number(chars.end.0),
            before: Cell::Text(before),
            after: Cell::Text(after),
        }
    }
}

pub(super) fn csv<const N: usize>(
    columns: &[Column; N],
    rows: impl Iterator<Item = [Cell; N]>,
    delimiter: u8,
) -> Result<Vec<u8>, WriteError> {
    let mut writer = ::csv::WriterBuilder::new()
        .terminator(::csv::Terminator::CRLF)
        .delimiter(delimiter)
        .from_writer(BOM.as_bytes().to_vec());
    let told = |error: ::csv::Error| WriteError::Unreadable(error.to_string());
    let header = columns.iter().map(|column| column.0);
    writer.write_record(header).map_err(told)?;
    for row in rows {
        let cells = row.iter().map(|cell| match cell {
            Cell::Text(text) => guarded(text).into_owned(),
            Cell::Number(number) => number.to_string(),
        });
        writer.write_record(cells).map_err(told)?;
    }
    writer
        .into_inner()
        .map_err(|error| WriteError::Io(error.into_error()))
}

/// With the sheet's name.
pub(super) fn xlsx<const N: usize>(
    name: &str,
    columns: &[Column; N],
    rows: impl Iterator<Item = [Cell; N]>,
) -> Result<Vec<u8>, WriteError> {
    let told = |error: XlsxError| WriteError::Unreadable(error.to_string());
    let mut book = Workbook::new();
    let bold = Format::new().set_bold();
    let right = Format::new().set_align(FormatAlign::Right);
    let sheet = book.add_worksheet_with_constant_memory().map_err(told)?;
    sheet.set_name(name).map_err(told)?;
    sheet.set_freeze_panes(1, 0).map_err(told)?;
    for (place, Column(name, width, _)) in (0..).zip(columns) {
        sheet.set_column_width(place, *width).map_err(told)?;
        sheet
            .write_with_format(0, place, *name, &bold)
            .map_err(told)?;
    }
    for (at, row) in (1..).zip(rows) {
        for ((place, Column(_, _, look)), cell) in (0..).zip(columns).zip(&row) {
            let written = match (cell, look) {
                (Cell::Number(number), _) => sheet.write_number(at, place, *number),
                (Cell::Text(text), Look::Plain) => sheet.write_string(at, place, text),
                (Cell::Text(text), Look::Bold) => {
                    sheet.write_string_with_format(at, place, text, &bold)
                }
                (Cell::Text(text), Look::Right) => {
                    sheet.write_string_with_format(at, place, text, &right)
                }
            };
            written.map_err(told)?;
        }
    }
    book.save_to_buffer().map_err(told)
}

pub(super) fn cut(text: &str) -> String {
    let mut units = 0;
    let end = text.char_indices().find(|(_, c)| {
        units += c.len_utf16();
        units > MAX_CELL
    });
    match end {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// What the tests of both tables begin and end with.
#[cfg(test)]
pub(super) mod tests {
    use crate::core::annotation::{Annotation, AnnotationSet};
    use crate::core::article::Article;
    use crate::core::project::{Project, ProjectParts};
    use crate::core::text::{ArticleText, ByteRange};
    use calamine::{Data, Range, Reader};
    use std::sync::Arc;

    /// An article of an outlet, with a title that would be run, in which `label` is marked.
    pub(in crate::format) fn project(text: &str, label: &str, range: ByteRange) -> Project {
        let mut article = Article::new("a-1".into(), "=1+1", ArticleText::new(text.to_owned()));
        let outlet = ("outlet".to_owned(), "Post".to_owned());
        article.metadata.extend([outlet]);
        let marked = Annotation::new("n".into(), "t".into(), label.into(), range);
        article.annotations = AnnotationSet::from_annotations([marked]).0;
        Project::from_parts(ProjectParts {
            articles: vec![Arc::new(article)],
            ..ProjectParts::default()
        })
    }

    pub(in crate::format) fn sheet(workbook: Vec<u8>, name: &str) -> Range<Data> {
        let bytes = std::io::Cursor::new(workbook);
        let mut book: calamine::Xlsx<_> = calamine::open_workbook_from_rs(bytes).unwrap();
        book.worksheet_range(name).unwrap()
    }
}
