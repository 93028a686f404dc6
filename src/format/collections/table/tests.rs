//! Small tables of every kind.

use super::*;
use crate::format::reading::{Head, Likelihood, Source};

fn check(name: &str, source: &str, expected: &[(&str, &str, &str)]) {
    let source = Source::alone(name, source.as_bytes());
    let text = std::str::from_utf8(source.bytes).unwrap();
    let (reader, _) = crate::format::readers::recognise(source).unwrap();
    assert!(
        [CSV, SPREADSHEET, JSON, PARQUET]
            .iter()
            .any(|r| r.name == reader.name),
        "{name} was taken for {}",
        reader.name
    );
    assert_ne!((reader.recognise)(&Head { source, text }), Likelihood::No);
    let reading = (reader.read)(&source, &ReadOptions::default()).unwrap();
    let got: Vec<_> = reading
        .articles
        .iter()
        .map(|a| {
            (
                a.title.as_str(),
                a.text.as_str(),
                a.metadata.get("published").map_or("", String::as_str),
            )
        })
        .collect();
    assert_eq!(got, expected);
}

#[test]
fn tables_of_every_kind() {
    check(
        "a.csv",
        "title,date,body\nFerry,2019-11-03,\"The ferry, it is late.\nVery late.\"\nBridge,3 Nov 2019,The bridge is shut.\n",
        &[
            ("Ferry", "The ferry, it is late.\nVery late.", "2019-11-03"),
            ("Bridge", "The bridge is shut.", "2019-11-03"),
        ],
    );
    check(
        "a.csv",
        "Titel;Datum;Volltext\nFähre;3. November 2019;Sie fällt aus.\n",
        &[("Fähre", "Sie fällt aus.", "2019-11-03")],
    );
    check(
        "a.tsv",
        "headline\ttext\nFerry\tIt is late.\n",
        &[("Ferry", "It is late.", "")],
    );
    check(
        "a.json",
        r#"{"articles":[{"headline":"Ferry","content":"It is late.","meta":{"a":1}}]}"#,
        &[("Ferry", "It is late.", "")],
    );
    check(
        "a.json",
        r#"[{"title":"Ferry","content":"<p>It is</p><p>late.</p>","published_at":"2019-11-03"}]"#,
        &[("Ferry", "It is\n\nlate.", "2019-11-03")],
    );
}

#[test]
fn ragged_rows_are_kept_and_said() {
    let source = Source::alone("a.csv", b"title,text\nA,One.\nB,Two.,more\nC\nD,\n");
    let reading = csv::read(&source, &ReadOptions::default()).unwrap();
    assert_eq!(reading.articles.len(), 2);
    assert_eq!(reading.articles[1].metadata["column 3"], "more");
    assert_eq!(reading.remarks.len(), 2, "{:?}", reading.remarks);
    let source = Source::alone("a.csv", b"a,b\n1,2\n3,4\n");
    assert!(csv::read(&source, &ReadOptions::default()).is_err());
}

#[test]
fn an_article_with_commas_is_no_table() {
    let text = "Yesterday, in the town, it rained.\nToday, in the town, it snowed.\nTomorrow, in the town, sun.\n";
    let source = Source::alone("a.txt", text.as_bytes());
    let (reader, _) = crate::format::readers::recognise(source).unwrap();
    assert_eq!(reader.name, "text");
}

#[test]
fn columns_as_the_analyst_says() {
    let source = Source::alone("a.csv", b"one,two\nThis is a longer text.,Head\n");
    let mut options = ReadOptions::default();
    options.columns.insert("one".to_owned(), ColumnUse::Text);
    options.columns.insert("two".to_owned(), ColumnUse::Title);
    let reading = csv::read(&source, &options).unwrap();
    assert_eq!(reading.articles[0].title, "Head");
    assert_eq!(reading.columns.len(), 2);
}

/// A workbook of one article, and what else is put into it.
fn workbook(more: impl FnOnce(&mut rust_xlsxwriter::Workbook)) -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (row, cells) in (0..).zip([["title", "text"], ["Ferry", "The ferry stayed."]]) {
        sheet.write_row(row, 0, cells).unwrap();
    }
    more(&mut book);
    book.save_to_buffer().unwrap()
}

#[test]
fn sheets_of_charts_are_no_tables() {
    let bytes = workbook(|book| {
        let mut chart = rust_xlsxwriter::Chart::new(rust_xlsxwriter::ChartType::Line);
        chart.add_series().set_values("Sheet1!$A$1:$A$2");
        book.add_chartsheet().insert_chart(0, 0, &chart).unwrap();
    });
    let reading = read_workbook(&bytes, &ReadOptions::default()).unwrap();
    assert_eq!(reading.articles.len(), 1);
    assert_eq!(reading.remarks, [] as [&str; 0]);
}

fn read_workbook(bytes: &[u8], options: &ReadOptions) -> Result<Reading, Refusal> {
    sheet::read(&Source::alone("a.xlsx", bytes), options)
}

#[test]
fn workbooks_take_what_they_unpack_to_from_the_count() {
    use crate::format::reading::budget::Budget;
    let bytes = workbook(|_| {});
    let options = ReadOptions {
        budget: Budget::of_bytes(1 << 20),
        ..ReadOptions::default()
    };
    let mut left = vec![options.budget.left()];
    for _ in 0..2 {
        assert_eq!(read_workbook(&bytes, &options).unwrap().articles.len(), 1);
        left.push(options.budget.left());
    }
    // Once for all its parts, each time.
    assert!(left[0] - left[1] > bytes.len() as u64, "{left:?}");
    assert_eq!(left[0] - left[1], left[1] - left[2]);
    options.budget.spend(left[2] - 100);
    let refusal = read_workbook(&bytes, &options).unwrap_err();
    assert!(refusal.0.contains("unpacks to more"), "{refusal}");
}
