//! What somebody is quoted saying as a table: one row a quote, with its article, kind and verb and
//! what stands around it, as CSV and as a workbook.
//!
//! In the order in which it is handed the quotes. Cells are typed or guarded, so that nothing of a
//! text is run as a formula.

use super::WriteError;
use super::formats::csv::write::guarded;
use crate::core::concordance::{Reach, around};
use crate::core::project::{Person, Project};
use crate::core::quoted::{Quoted, words_of};
use crate::core::text::ByteRange;
use rust_xlsxwriter::{Format, Workbook, XlsxError};

/// The columns, with their widths in a workbook.
const COLUMNS: [(&str, f64); 15] = [
    ("published", 12.0),
    ("outlet", 16.0),
    ("title", 30.0),
    ("article_id", 16.0),
    ("annotation_id", 14.0),
    ("speaker", 20.0),
    ("speaker_id", 16.0),
    ("kind", 10.0),
    ("verb", 12.0),
    ("colour", 10.0),
    ("before", 40.0),
    ("quote", 80.0),
    ("after", 40.0),
    ("start", 8.0),
    ("end", 8.0),
];
/// So much is shown on each side, in characters.
const AROUND: usize = 120;
/// The most characters of a cell; a workbook holds no more.
const MAX_CELL: usize = 32_000;
const BOM: &str = "\u{FEFF}";

enum Cell {
    Text(String),
    Number(u32),
}

/// A quote, and the place of its article.
pub type Row = (usize, Quoted);

/// As a table with commas between, for spreadsheets and scripts.
pub fn csv(project: &Project, person: &Person, quotes: &[Row]) -> Result<Vec<u8>, WriteError> {
    let mut writer = ::csv::WriterBuilder::new()
        .terminator(::csv::Terminator::CRLF)
        .from_writer(BOM.as_bytes().to_vec());
    let told = |error: ::csv::Error| WriteError::Unreadable(error.to_string());
    let header = COLUMNS.iter().map(|(name, _)| name);
    writer.write_record(header).map_err(told)?;
    for row in quotes
        .iter()
        .filter_map(|quote| row(project, person, quote))
    {
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

/// As a workbook with one sheet.
pub fn xlsx(project: &Project, person: &Person, quotes: &[Row]) -> Result<Vec<u8>, WriteError> {
    let told = |error: XlsxError| WriteError::Unreadable(error.to_string());
    let mut book = Workbook::new();
    let bold = Format::new().set_bold();
    let sheet = book.add_worksheet_with_constant_memory().map_err(told)?;
    sheet.set_name("quotes").map_err(told)?;
    sheet.set_freeze_panes(1, 0).map_err(told)?;
    for (column, (name, width)) in (0..).zip(COLUMNS) {
        sheet.set_column_width(column, width).map_err(told)?;
        sheet
            .write_with_format(0, column, name, &bold)
            .map_err(told)?;
    }
    let rows = quotes
        .iter()
        .filter_map(|quote| row(project, person, quote));
    for (at, row) in (1..).zip(rows) {
        for (column, cell) in (0..).zip(&row) {
            let written = match cell {
                Cell::Number(number) => sheet.write_number(at, column, *number),
                Cell::Text(text) => sheet.write_string(at, column, text),
            };
            written.map_err(told)?;
        }
    }
    book.save_to_buffer().map_err(told)
}

fn row(project: &Project, person: &Person, (at, quote): &Row) -> Option<[Cell; COLUMNS.len()]> {
    let article = project.articles().get(*at)?;
    let annotation = article.annotations.get(quote.id.as_str())?;
    let extent = annotation.extent();
    let text = &article.text;
    let chars = text.char_range(extent);
    let (before, _) = around(
        text,
        ByteRange::new(extent.start, extent.start),
        Reach::InLines(AROUND),
    );
    let (_, after) = around(
        text,
        ByteRange::new(extent.end, extent.end),
        Reach::InLines(AROUND),
    );
    let meta = |name: &str| Cell::Text(cut(article.meta(name).unwrap_or_default()));
    let colour = quote.colour.map_or("", |colour| colour.name());
    Some([
        meta("published"),
        meta("outlet"),
        Cell::Text(cut(article.display_title())),
        Cell::Text(article.id.to_string()),
        Cell::Text(annotation.id.to_string()),
        Cell::Text(cut(&person.name)),
        Cell::Text(person.id.to_string()),
        Cell::Text(quote.kind.to_string()),
        Cell::Text(quote.verb.to_string()),
        Cell::Text(colour.to_owned()),
        Cell::Text(before),
        Cell::Text(cut(&words_of(article, annotation))),
        Cell::Text(after),
        Cell::Number(chars.start.0),
        Cell::Number(chars.end.0),
    ])
}

fn cut(text: &str) -> String {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::annotation::{Annotation, AnnotationSet};
    use crate::core::article::Article;
    use crate::core::project::ProjectParts;
    use crate::core::text::ArticleText;
    use calamine::Reader;
    use std::sync::Arc;

    #[test]
    fn a_row_a_quote_and_nothing_runs() {
        let mut article = Article::new(
            "a-1".into(),
            "=1+1",
            ArticleText::new("So “No” she said.".to_owned()),
        );
        article
            .metadata
            .insert("outlet".to_owned(), "Post".to_owned());
        let quote = Annotation::new("n".into(), "t".into(), "quote".into(), (3, 11).into());
        article.annotations = AnnotationSet::from_annotations(vec![quote]).0;
        let project = Project::from_parts(ProjectParts {
            articles: vec![Arc::new(article)],
            ..ProjectParts::default()
        });
        let person = Person::named("Ada, Quill", |_| false);
        let of = |id: &str| Quoted {
            id: id.into(),
            speakers: Vec::new(),
            kind: "direct".into(),
            verb: "said".into(),
            colour: Some(crate::core::verbs::Colour::Neutral),
        };
        let rows = [(0, of("n")), (0, of("gone")), (7, of("n"))];
        let text = String::from_utf8(csv(&project, &person, &rows).unwrap()).unwrap();
        let lines: Vec<&str> = text.trim_end().split("\r\n").collect();
        assert_eq!(lines.len(), 2, "{text}");
        assert_eq!(
            lines[1],
            ",Post,'=1+1,a-1,n,\"Ada, Quill\",ada-quill,direct,said,neutral,So ,“No”, she said.,3,7"
        );
        let bytes = xlsx(&project, &person, &rows).unwrap();
        let mut book: calamine::Xlsx<_> =
            calamine::open_workbook_from_rs(std::io::Cursor::new(bytes)).unwrap();
        let sheet = book.worksheet_range("quotes").unwrap();
        assert_eq!(sheet.height(), 2);
        assert_eq!(sheet.get_value((1, 11)).unwrap().to_string(), "“No”");
    }
}
