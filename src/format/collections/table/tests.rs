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
    assert_ne!((reader.recognise)(&Head::new(source, text)), Likelihood::No);
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

/// Titles with texts, `¶` for line feeds, and the remarks, as far as these are asked for.
#[track_caller]
fn check_read(name: &str, source: &[u8], expected: &[&str], told: &[&str]) -> Reading {
    let source = Source::alone(name, source);
    let (reader, _) = crate::format::readers::recognise(source).unwrap();
    let reading = (reader.read)(&source, &ReadOptions::default());
    let reading = reading.unwrap_or_else(|refusal| panic!("{}: {refusal}", reader.name));
    let articles = reading.articles.iter();
    let got: Vec<String> = articles
        .map(|a| format!("{}: {}", a.title, a.text).replace('\n', "¶"))
        .collect();
    assert_eq!(got, expected, "{name} by {}", reader.name);
    assert_eq!(reading.remarks.len(), told.len(), "{:?}", reading.remarks);
    for (remark, told) in reading.remarks.iter().zip(told) {
        assert!(remark.contains(told), "{remark}");
    }
    reading
}

fn metadata<'r>(reading: &'r Reading, article: usize, key: &str) -> &'r str {
    let found = reading.articles[article].metadata.get(key);
    found.map_or("", String::as_str)
}

#[test]
fn rows_before_the_header_are_left_out_and_told() {
    let reading = check_read(
        "a.csv",
        b"Search:,mills\nFrom:,1 May 2020\n\nNo,Date,Title,Link,Full Text\n1,03/05/2020,Mill shut,http://a.b/1,\"It is, for now.\"\n2,13/05/2020,Mill open,,It opened.\n",
        &["Mill shut: It is, for now.", "Mill open: It opened."],
        &["2 rows from row 1 on stand before the header"],
    );
    assert_eq!(metadata(&reading, 0, "published"), "2020-05-03");
    assert_eq!(metadata(&reading, 0, "url"), "http://a.b/1");
    // In a sheet, under a heading and an empty row.
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write_string(0, 0, "Press review").unwrap();
    for (row, cells) in (2..).zip([
        ["Headline", "Day", "Body"],
        ["Mill shut", "today", "It is."],
    ]) {
        sheet.write_row(row, 0, cells).unwrap();
    }
    check_read(
        "a.xlsx",
        &book.save_to_buffer().unwrap(),
        &["Mill shut: It is."],
        &["row 1 stands before the header and was left out (“Press review”)"],
    );
    // Names of the language alone, in an old encoding.
    check_read(
        "a.csv",
        b"ACTUALIZADO;2014\n\"A\xD1O\";\"T\xCDTULO\";\"TEXTO\"\n\"2014\";\"Puente\";\"Est\xE1 cerrado; no se sabe m\xE1s.\"\n",
        &["Puente: Está cerrado; no se sabe más."],
        &["stands before the header", "the encoding was guessed: windows-1252"],
    );
}

#[test]
fn tables_as_programs_write_them() {
    // R, with row names that have no column name, and nothing as NA.
    let reading = check_read(
        "a.tsv",
        b"\"headline\"\t\"body\"\n\"x1\"\t\"Mill shut\"\t\"It is.\"\n\"x2\"\tNA\t\"It opened.\"\n\"x3\"\t\"Lost\"\tNA\n",
        &["Mill shut: It is.", ": It opened."],
        &["1 rows have no text and were left out (rows 4)"],
    );
    assert_eq!(metadata(&reading, 1, "row id"), "x2");
    // A delimiter at the end of each row is no row name.
    check_read(
        "a.csv",
        b"title,text\nA,One.,\nB,Two.,\n",
        &["A: One.", "B: Two."],
        &[],
    );
    // MySQL
    check_read(
        "a.tsv",
        b"id\ttitle\tbody\n1\tMill\tIt is.\\nStill.\n2\t\\N\tOpen.\n3\tx\t\\N\n",
        &["Mill: It is.¶Still.", ": Open."],
        &["have no text"],
    );
    // Excel, told what the delimiter is, under another name, with a plain `&` in names.
    check_read(
        "a.xls",
        b"sep=;\r\nTitle;Text;Source\r\nMill;\"It is; still.\";Day & Night\r\n",
        &["Mill: It is; still."],
        &[],
    );
    let reading = check_read(
        "a.csv",
        b"title,text,date,source\nShut &amp; open,It&#8217;s late.,43955,A &amp; B\n",
        &["Shut & open: It’s late."],
        &["days as spreadsheets count them"],
    );
    assert_eq!(metadata(&reading, 0, "published"), "2020-05-04");
    assert_eq!(metadata(&reading, 0, "outlet"), "A & B");
}

#[test]
fn dates_that_leave_their_month_open_are_told() {
    let reading = check_read(
        "a.csv",
        b"title,text,date\nA,One.,03/05/2020\nB,Two.,04/05/2020\n",
        &["A: One.", "B: Two."],
        &[
            "2 dates leave open which number is the month and stand as they are written (row 2: 03/05/2020)",
        ],
    );
    assert_eq!(metadata(&reading, 1, "published"), "04/05/2020");
    let reading = check_read(
        "a.csv",
        b"title,text,date\nA,One.,03.05.2020\n",
        &["A: One."],
        &[],
    );
    assert_eq!(metadata(&reading, 0, "published"), "2020-05-03");
}

#[test]
fn pages_and_xml_under_the_name_of_a_spreadsheet() {
    let page = "<html xmlns:x=\"urn:schemas-microsoft-com:office:excel\"><body><table><tr><td><table>\
        <tr><th colspan=2>Press review</th></tr><tr><td></td></tr>\
        <tr><th>Titel</th><th>Datum</th><th>Text</th></tr>\
        <tr><td>Mühle &amp; Wehr</td><td>04.05.2020</td><td>Sie steht.<br>Noch.</td></tr>\
        <tr><td>Offen</td><td></td><td><p>Sie geht.</p><p>Wieder.</p></td></tr>\
        </table></td></tr></table></body></html>";
    for name in ["a.xls", "a.html"] {
        let reading = check_read(
            name,
            page.as_bytes(),
            &[
                "Mühle & Wehr: Sie steht.¶Noch.",
                "Offen: Sie geht.¶¶Wieder.",
            ],
            &["before the header"],
        );
        assert_eq!(metadata(&reading, 0, "published"), "2020-05-04");
    }
    let xml = "<?xml version=\"1.0\"?><?mso-application progid=\"Excel.Sheet\"?>\
        <Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\" xmlns:ss=\"urn:schemas-microsoft-com:office:spreadsheet\">\
        <Worksheet ss:Name=\"May\"><Table><Row><Cell><Data ss:Type=\"String\">title</Data></Cell><Cell ss:Index=\"3\"><Data ss:Type=\"String\">text</Data></Cell></Row>\
        <Row><Cell><Data ss:Type=\"String\">Mill</Data></Cell><Cell ss:Index=\"3\"><Data ss:Type=\"String\">It is &amp; was.</Data></Cell></Row></Table></Worksheet></Workbook>";
    for name in ["a.xls", "a.xml"] {
        check_read(name, xml.as_bytes(), &["Mill: It is & was."], &[]);
    }
}

#[test]
fn answers_of_interfaces_are_unwrapped() {
    let check = |json: serde_json::Value, expected: &[&str]| {
        check_read("a.json", json.to_string().as_bytes(), expected, &[])
    };
    use serde_json::json;
    let reading = check(
        json!({"response": {"status": "ok", "total": 2, "results": [
            {"id": "w/1", "webTitle": "Mill shut | World", "webPublicationDate": "2020-05-03T10:11:00Z", "sectionName": "World",
             "webUrl": "https://g.example/1", "tags": [{"id": "t", "webTitle": "Mills", "bio": "A long description of what this tag is for, with many words."}],
             "fields": {"headline": "Mill shut", "byline": "Ana Lund", "body": "<p>It is.</p><p>Still.</p>", "bodyText": "It is. Still."}},
            {"id": "w/2", "fields": {"headline": "Open", "bodyText": "It opened."}}]}}),
        &["Mill shut: It is. Still.", "Open: It opened."],
    );
    assert_eq!(metadata(&reading, 0, "published"), "2020-05-03T10:11:00Z");
    assert_eq!(metadata(&reading, 0, "author"), "Ana Lund");
    assert_eq!(metadata(&reading, 0, "section"), "World");
    assert_eq!(metadata(&reading, 0, "url"), "https://g.example/1");
    let reading = check(
        json!({"articles": {"page": 1, "results": [{"title": "Mill", "body": "It is.", "lang": "eng",
            "source": {"uri": "m.example", "title": "Mill Post"}, "categories": [{"uri": "x", "label": "news/World"}],
            "authors": [{"name": "Ana Lund", "uri": "a"}, {"name": "Bo Ek", "uri": "b"}], "dateTimePub": "2020-05-03T10:11:00Z"}]}}),
        &["Mill: It is."],
    );
    assert_eq!(metadata(&reading, 0, "outlet"), "Mill Post");
    assert_eq!(metadata(&reading, 0, "author"), "Ana Lund; Bo Ek");
    let reading = check(
        json!({"status": "OK", "copyright": "c", "response": {"docs": [{"web_url": "https://n.example/1", "abstract": "A mill.", "lead_paragraph": "It is shut.",
            "multimedia": [{"caption": "A long caption of a picture of the mill by the river"}], "headline": {"main": "Mill shut", "print_headline": "Mill"},
            "byline": {"original": "By Ana Lund", "person": []}, "pub_date": "2020-05-03T10:11:00+0000"}], "meta": {"hits": 1}}}),
        &["Mill shut: It is shut."],
    );
    assert_eq!(
        metadata(&reading, 0, "published"),
        "2020-05-03T10:11:00+00:00"
    );
    assert_eq!(metadata(&reading, 0, "author"), "Ana Lund");
    let reading = check(
        json!({"status": "ok", "message": "success", "articles": [{"source": {"id": null, "name": "Post"}, "author": "Ana", "title": "Mill", "description": "short", "publishedAt": "2020-05-03T10:11:00Z", "content": "It is."}]}),
        &["Mill: It is."],
    );
    assert_eq!(metadata(&reading, 0, "outlet"), "Post");
    assert_eq!(metadata(&reading, 0, "published"), "2020-05-03T10:11:00Z");
    // Wrapped twice, and each line by itself.
    let hit = |text: &str| json!({"_index": "a", "_source": {"title": "Mill", "text": text}});
    check(
        json!({"took": 1, "hits": {"total": 2, "hits": [hit("It is."), hit("It was.")]}}),
        &["Mill: It is.", "Mill: It was."],
    );
    let lines = format!(
        "{}\n{}\n",
        json!({"docs": [{"title": "A", "text": "One."}]}),
        json!({"docs": [{"title": "B", "text": "Two."}]})
    );
    check_read("a.jsonl", lines.as_bytes(), &["A: One.", "B: Two."], &[]);
    check(
        json!({"kind": "Listing", "data": {"children": [{"kind": "t3", "data": {"title": "Mill", "selftext": "It is."}}]}}),
        &["Mill: It is."],
    );
    check(
        json!([{"title": {"rendered": "Mill &#038; weir"}, "content": {"rendered": "<p>It is.</p>", "protected": false}}]),
        &["Mill & weir: It is."],
    );
    check(
        json!({"about": "x", "chats": {"list": [{"name": "One", "messages": [{"id": 1, "text": "Hello."}]}, {"name": "Two", "messages": [{"id": 2, "text": [{"type": "bold", "text": "Mill"}, " is shut."]}]}]}}),
        &[": Hello.", ": Mill is shut."],
    );
    // What an article has itself is not taken for articles, however little it says of it.
    let video = |title: &str| json!({"title": title, "description": "It is.", "comments": [{"text": "A comment that is longer than what it is about."}]});
    check(json!([video("A"), video("B")]), &["A: It is.", "B: It is."]);
    check(
        json!({"version": "https://jsonfeed.org/version/1", "title": "Feed", "description": "All of it.", "items": [{"title": "Mill", "content_text": "It is.", "date_published": "2020-05-03T10:11:00Z"}]}),
        &["Mill: It is."],
    );
    check(
        json!({"title": "Mill", "text": "It is.", "comments": [{"text": "A much longer comment than the article that it is about is."}]}),
        &["Mill: It is."],
    );
}

#[test]
fn texts_are_never_raw_json() {
    let check = |json: &str, expected: &[&str], told: &[&str]| {
        check_read("a.jsonl", json.as_bytes(), expected, told);
    };
    check(
        r#"{"title":"A","text":["One.","Two."],"tags":["x","y"]}"#,
        &["A: One.¶¶Two."],
        &[],
    );
    check(
        r#"{"title":"A","body":[{"type":"paragraph","text":"One."},{"type":"paragraph","text":"Two."}]}"#,
        &["A: One.¶¶Two."],
        &[],
    );
    // Lists of something else have no text, however long they are.
    let odd = format!(
        "{{\"title\":\"A\",\"text\":\"One.\"}}\n{{\"title\":\"B\",\"text\":[{{\"n\":1}}],\"more\":[{{\"n\":\"{}\"}}]}}",
        "x".repeat(400)
    );
    check(&odd, &["A: One."], &["1 rows have no text"]);
    let source = Source::alone(
        "a.json",
        br#"[{"data":[[{"n":"a long value that is in a list of lists, which are no text"}]]}]"#,
    );
    assert!((JSON.read)(&source, &ReadOptions::default()).is_err());
}

#[test]
fn tables_as_pandas_writes_them() {
    let expected = &["A: One.", "B: Two."];
    for json in [
        r#"{"title":{"0":"A","1":"B"},"text":{"0":"One.","1":"Two."}}"#,
        r#"{"0":{"title":"A","text":"One."},"1":{"title":"B","text":"Two."}}"#,
        r#"{"columns":["title","text"],"index":[0,1],"data":[["A","One."],["B","Two."]]}"#,
        r#"{"schema":{"fields":[{"name":"title","type":"string"},{"name":"text","type":"string"}]},"data":[{"index":0,"title":"A","text":"One."},{"index":1,"title":"B","text":"Two."}]}"#,
        r#"{"title":["A","B"],"text":["One.","Two."]}"#,
        r#"[["title","text"],["A","One."],["B","Two."]]"#,
    ] {
        check_read("a.json", json.as_bytes(), expected, &[]);
    }
    let json = r#"{"text":{"0":"One."},"date":{"0":1588500660000}}"#;
    let reading = check_read("a.json", json.as_bytes(), &[": One."], &[]);
    assert_eq!(metadata(&reading, 0, "published"), "2020-05-03T10:11:00Z");
}

#[test]
fn json_that_other_programs_take_for_json() {
    let check = |json: &str, expected: &[&str], told: &[&str]| {
        check_read("a.json", json.as_bytes(), expected, told)
    };
    let both = &["A: One.", "B: Two."];
    check(
        "{\n \"title\": \"A\",\n \"text\": \"One.\"\n}\n{\n \"title\": \"B\",\n \"text\": \"Two.\"\n}",
        both,
        &[],
    );
    check(
        "{\"title\":\"A\",\"text\":\"One.\"}{\"title\":\"B\",\"text\":\"Two.\"}",
        both,
        &[],
    );
    check(
        "{\"title\":\"A\",\"text\":\"One.\"},\n{\"title\":\"B\",\"text\":\"Two.\"},\n",
        both,
        &[],
    );
    check(
        "{\"title\":\"A\",\"text\":\"One.\",\"n\":NaN}\n{\"title\":\"B\",\"text\":\"Two.\",\"n\":-Infinity}\n",
        both,
        &[],
    );
    check(
        "[{\"title\":\"NaN\",\"text\":\"NaN \\\" NaN\",\"n\":NaN}]",
        &[": NaN \" NaN"],
        &[],
    );
    check(
        "{\"title\":\"A\",\"text\":\"One \\ud83d, \\ud83d\\ude22 \\\\ud83d.\"}",
        &["A: One \u{FFFD}, 😢 \\ud83d."],
        &["half of a character"],
    );
    let reading = check(
        "{\"text\":\"One.\",\"n\":123456789012345678901234567890,\"m\":1790123456789012345,\"f\":1.5e3}",
        &[": One."],
        &[],
    );
    assert_eq!(metadata(&reading, 0, "n"), "123456789012345678901234567890");
    assert_eq!(metadata(&reading, 0, "m"), "1790123456789012345");
    assert_eq!(metadata(&reading, 0, "f"), "1500.0");
    // What is damaged is told with its line.
    check(
        "{\n\"title\": \"A\",\n\"text\": \"One.\"\n}\n{\n\"title\": \"B\n}\n",
        &["A: One."],
        &["what begins on line 5 is damaged"],
    );
    check(
        "{\"title\":\"A\",\"text\":\"One.\"}\n{\"title\"\n{\"title\":\"B\",\"text\":\"Two.\"}\n",
        both,
        &["line 2 is damaged"],
    );
    check(
        "[{\"title\":\"A\",\"text\":\"One.\"},7,null]",
        &["A: One."],
        &["2 values are no records"],
    );
}
