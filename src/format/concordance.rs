//! Hits of a search as a table: one row a hit, with its article, its place and what stands around it,
//! as CSV and as a workbook.
//!
//! In the order in which it is handed the hits; the table is that of `listing`.

use super::WriteError;
use super::formats::csv::write::guarded;
use super::listing::{
    self, ARTICLE_ID, Cell, Column, END, Look, OUTLET, PUBLISHED, Place, START, TITLE, cut,
};
use crate::core::concordance::{Reach, around, on_one_line};
use crate::core::project::Project;
use crate::core::search::Hit;

/// The columns, with their widths in a workbook.
const COLUMNS: [Column; 12] = [
    ARTICLE_ID,
    TITLE,
    OUTLET,
    Column("author", 16.0, Look::Plain),
    PUBLISHED,
    Column("line", 6.0, Look::Plain),
    START,
    END,
    Column("before", 60.0, Look::Right),
    Column("text", 24.0, Look::Bold),
    Column("after", 60.0, Look::Plain),
    Column("labels", 16.0, Look::Plain),
];
/// So many rows a sheet has below its header.
pub const MAX_ROWS: usize = 1_048_575;

/// Whether a workbook can hold so many hits; what to do where it cannot. To be asked before any work
/// is done.
pub fn fits_workbook(hits: usize) -> Result<(), WriteError> {
    if hits <= MAX_ROWS {
        return Ok(());
    }
    Err(WriteError::Unreadable(format!(
        "a sheet holds 1,048,575 rows and there are {hits} hits: write them as CSV, or look for less"
    )))
}

/// As a table with commas or semicolons between, for spreadsheets and scripts.
pub fn csv(
    project: &Project,
    hits: impl Iterator<Item = Hit>,
    semicolons: bool,
) -> Result<Vec<u8>, WriteError> {
    let rows = hits.filter_map(|hit| row(project, hit));
    listing::csv(&COLUMNS, rows, if semicolons { b';' } else { b',' })
}

/// So much text stands on each side of a hit on the clipboard, in bytes.
const BESIDE: usize = 240;

/// As text for the clipboard, with tabs between: it is pasted into spreadsheets as well.
pub fn clipboard(project: &Project, hits: impl Iterator<Item = Hit>) -> String {
    let mut lines = String::from("Date\tOutlet\tArticle\tBefore\tHit\tAfter\n");
    for hit in hits {
        let Some(article) = project.articles().get(hit.article) else {
            continue;
        };
        let (before, after) = around(&article.text, hit.range, Reach::Across(BESIDE));
        let words = cut(article.text.slice(hit.range));
        let cells = [
            article.meta("published").unwrap_or_default(),
            article.meta("outlet").unwrap_or_default(),
            article.display_title(),
            before.as_str(),
            words.as_str(),
            after.as_str(),
        ];
        let cells = cells.map(|cell| guarded(on_one_line(cell).trim()).into_owned());
        lines.push_str(&cells.join("\t"));
        lines.push('\n');
    }
    lines
}

/// As a workbook with one sheet.
pub fn xlsx(project: &Project, hits: impl Iterator<Item = Hit>) -> Result<Vec<u8>, WriteError> {
    let rows = hits.filter_map(|hit| row(project, hit));
    listing::xlsx("hits", &COLUMNS, rows)
}

fn row(project: &Project, hit: Hit) -> Option<[Cell; COLUMNS.len()]> {
    let article = project.articles().get(hit.article)?;
    let text = &article.text;
    let place = Place::of(article, hit.range);
    let around = article.annotations.overlapping(hit.range);
    let mut labels: Vec<&str> = around
        .map(|entry| entry.annotation.label.as_str())
        .collect();
    labels.sort_unstable();
    labels.dedup();
    Some([
        place.article_id,
        place.title,
        place.outlet,
        Cell::meta(article, "author"),
        place.published,
        Cell::Number(text.line_of(hit.range.start) as u32 + 1),
        place.start,
        place.end,
        place.before,
        Cell::of(text.slice(hit.range)),
        place.after,
        Cell::Text(labels.join("; ")),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::text::ArticleText;
    use crate::format::listing::tests as listed;

    fn project(text: &str) -> Project {
        listed::project(text, "promo", (0, 4).into())
    }

    fn hits() -> impl Iterator<Item = Hit> {
        let hit = |a, b| Hit {
            article: 0,
            range: (a, b).into(),
        };
        [hit(0, 3), hit(11, 16)].into_iter()
    }

    #[test]
    fn one_row_a_hit() {
        let project = project("héé now.\n=cmd, 'x'");
        let table = String::from_utf8(csv(&project, hits(), false).unwrap()).unwrap();
        let expected = "\u{FEFF}article_id,title,outlet,author,published,line,start,end,before,text,after,labels\r\n\
            a-1,'=1+1,Post,,,1,0,2,,hé,é now.,promo\r\n\
            a-1,'=1+1,Post,,,2,9,14,,\"'=cmd,\", 'x',\r\n";
        assert_eq!(table, expected);
        let semicolons = String::from_utf8(csv(&project, hits(), true).unwrap()).unwrap();
        assert!(semicolons.contains("a-1;'=1+1;Post;;;1;0;2;;hé;é now.;promo"));
    }

    #[test]
    fn what_is_pasted_runs_nothing() {
        let table = clipboard(&project("héé now.\n=cmd, 'x'"), hits());
        let expected = "Date\tOutlet\tArticle\tBefore\tHit\tAfter\n\
            \tPost\t'=1+1\t\thé\té now. =cmd, 'x'\n\
            \tPost\t'=1+1\thé\u{e9} now.\t'=cmd,\t'x'\n";
        assert_eq!(table, expected);
    }

    #[test]
    fn a_workbook_holds_the_same() {
        let bytes = xlsx(&project("héé now.\n=cmd, 'x'"), hits()).unwrap();
        let sheet = listed::sheet(bytes, "hits");
        let cell = |row, column| sheet.get_value((row, column)).unwrap().to_string();
        assert_eq!(
            (cell(0, 9), cell(1, 9), cell(2, 9)),
            ("text".into(), "hé".into(), "=cmd,".into())
        );
        assert_eq!(
            (cell(2, 1), cell(2, 6), cell(2, 10)),
            ("=1+1".into(), "9".into(), " 'x'".into())
        );
    }

    #[test]
    fn more_rows_than_a_sheet_has_are_refused() {
        assert!(fits_workbook(0).is_ok() && fits_workbook(MAX_ROWS).is_ok());
        let told = fits_workbook(MAX_ROWS + 1).unwrap_err().to_string();
        assert!(told.contains("1048576 hits: write them as CSV"), "{told}");
    }

    #[test]
    fn long_texts_are_cut() {
        let long = "x".repeat(80_000);
        let all = Hit {
            article: 0,
            range: (0, 80_000).into(),
        };
        assert!(xlsx(&project(&long), std::iter::once(all)).is_ok());
        let text = ArticleText::new(long);
        let (before, behind) = around(&text, (500, 501).into(), Reach::InLines(3));
        assert_eq!((before.as_str(), behind.as_str()), ("…xxx", "xxx…"));
    }
}
