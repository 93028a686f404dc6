//! What somebody is quoted saying as a table: one row a quote, with its article, kind and verb and
//! what stands around it, as CSV and as a workbook.
//!
//! In the order in which it is handed the quotes; the table is that of `listing`.

use super::WriteError;
use super::listing::{
    self, ARTICLE_ID, Cell, Column, END, Look, OUTLET, PUBLISHED, Place, START, TITLE,
};
use crate::core::project::{Person, Project};
use crate::core::quoted::{Quoted, words_of};

/// The columns, with their widths in a workbook.
const COLUMNS: [Column; 15] = [
    PUBLISHED,
    OUTLET,
    TITLE,
    ARTICLE_ID,
    Column("annotation_id", 14.0, Look::Plain),
    Column("speaker", 20.0, Look::Plain),
    Column("speaker_id", 16.0, Look::Plain),
    Column("kind", 10.0, Look::Plain),
    Column("verb", 12.0, Look::Plain),
    Column("colour", 10.0, Look::Plain),
    Column("before", 40.0, Look::Plain),
    Column("quote", 80.0, Look::Plain),
    Column("after", 40.0, Look::Plain),
    START,
    END,
];

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
    let place = Place::of(article, annotation.extent());
    let colour = quote.colour.map_or("", |colour| colour.name());
    Some([
        place.published,
        place.outlet,
        place.title,
        place.article_id,
        Cell::Text(annotation.id.to_string()),
        Cell::of(&person.name),
        Cell::Text(person.id.to_string()),
        Cell::Text(quote.kind.to_string()),
        Cell::Text(quote.verb.to_string()),
        Cell::Text(colour.to_owned()),
        place.before,
        Cell::of(&words_of(article, annotation)),
        place.after,
        place.start,
        place.end,
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::listing::tests::{project, sheet};

    #[test]
    fn a_row_a_quote_and_nothing_runs() {
        let project = project("So “No” she said.", "quote", (3, 11).into());
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
        let sheet = sheet(bytes, "quotes");
        assert_eq!(sheet.height(), 2);
        assert_eq!(sheet.get_value((1, 11)).unwrap().to_string(), "“No”");
    }
}
