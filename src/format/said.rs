//! What somebody is quoted saying as a table: one row a quote, with its article, kind and verb and
//! what stands around it, as CSV and as a workbook.
//!
//! In the order in which it is handed the quotes; the table is that of `listing`.

use super::WriteError;
use super::listing::{self, Cell, Column, Look};
use crate::core::concordance::{Reach, around};
use crate::core::project::{Person, Project};
use crate::core::quoted::{Quoted, words_of};
use crate::core::text::ByteRange;

/// The columns, with their widths in a workbook.
const COLUMNS: [Column; 15] = [
    Column("published", 12.0, Look::Plain),
    Column("outlet", 16.0, Look::Plain),
    Column("title", 30.0, Look::Plain),
    Column("article_id", 16.0, Look::Plain),
    Column("annotation_id", 14.0, Look::Plain),
    Column("speaker", 20.0, Look::Plain),
    Column("speaker_id", 16.0, Look::Plain),
    Column("kind", 10.0, Look::Plain),
    Column("verb", 12.0, Look::Plain),
    Column("colour", 10.0, Look::Plain),
    Column("before", 40.0, Look::Plain),
    Column("quote", 80.0, Look::Plain),
    Column("after", 40.0, Look::Plain),
    Column("start", 8.0, Look::Plain),
    Column("end", 8.0, Look::Plain),
];
/// So much is shown on each side, in characters.
const AROUND: usize = 120;

/// A quote, and the place of its article.
pub type Row = (usize, Quoted);

/// As a table with commas between, for spreadsheets and scripts.
pub fn csv(project: &Project, person: &Person, quotes: &[Row]) -> Result<Vec<u8>, WriteError> {
    listing::csv(&COLUMNS, rows(project, person, quotes), b',')
}

/// As a workbook with one sheet.
pub fn xlsx(project: &Project, person: &Person, quotes: &[Row]) -> Result<Vec<u8>, WriteError> {
    listing::xlsx("quotes", &COLUMNS, rows(project, person, quotes))
}

fn rows<'p>(
    project: &'p Project,
    person: &'p Person,
    quotes: &'p [Row],
) -> impl Iterator<Item = [Cell; COLUMNS.len()]> + 'p {
    let rows = quotes.iter();
    rows.filter_map(|quote| row(project, person, quote))
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
    let meta = |name: &str| Cell::of(article.meta(name).unwrap_or_default());
    let colour = quote.colour.map_or("", |colour| colour.name());
    Some([
        meta("published"),
        meta("outlet"),
        Cell::of(article.display_title()),
        Cell::Text(article.id.to_string()),
        Cell::Text(annotation.id.to_string()),
        Cell::of(&person.name),
        Cell::Text(person.id.to_string()),
        Cell::Text(quote.kind.to_string()),
        Cell::Text(quote.verb.to_string()),
        Cell::Text(colour.to_owned()),
        Cell::Text(before),
        Cell::of(&words_of(article, annotation)),
        Cell::Text(after),
        Cell::Number(chars.start.0),
        Cell::Number(chars.end.0),
    ])
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
            source: "".into(),
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
