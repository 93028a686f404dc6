//! Cells, widths and whole workbooks.

use crate::format::export::options::ExportOptions;
use crate::format::export::plan::Plan;
use crate::format::export::tests::{TORTURE, project_of, written};
use crate::format::formats::format_named;
use crate::format::reading::{ReadOptions, Source};

#[test]
fn what_is_shown_around_a_span() {
    let long = "These are many words. ".repeat(20);
    let ideographs = "字".repeat(100);
    let cases = [
        ("", "", ""),
        ("She said ", "She said ", "She said "),
        (
            long.as_str(),
            "many words. These are many words. These are many words. ",
            "X",
        ),
        (ideographs.as_str(), "X", "X"),
    ];
    for (text, before, after) in cases {
        let found = super::spans::shown_before(text);
        match before {
            "X" => assert_eq!(found.chars().count(), 20),
            before => assert_eq!(found, before),
        }
        let found = super::spans::shown_after(text);
        match after {
            "X" => assert!(text.starts_with(found) && (150..=200).contains(&found.len())),
            after => assert_eq!(found, after),
        }
    }
}

#[test]
fn columns_are_as_wide_as_what_stands_in_them() {
    for (name, text) in [
        ("published", "2026-02-01"),
        ("created", "2026-02-01T10:20:30Z"),
        ("text_hash", "blake3:0123456789012345678901234567"),
        ("matters_to_public", "matters_to_public ▾"),
        ("fragments", "fragments ▾"),
        (
            "an attribute with a long name",
            "an attribute with a long name ▾",
        ),
    ] {
        assert!(
            super::look::width(name) >= text.chars().count() as f64,
            "{name}"
        );
    }
    assert_eq!(super::look::lines("", 40.0), 0);
    assert_eq!(
        super::look::lines(&format!("a\n\n{}", "b".repeat(41)), 40.0),
        4
    );
}

#[test]
fn cells_are_seen_from_their_top() {
    let project = project_of(TORTURE);
    let options = ExportOptions::default();
    let memory = written(
        format_named("xlsx").unwrap(),
        &Plan::new(&project, &options),
    );
    let part = |name: &str| {
        let bytes = std::io::Cursor::new(&memory.0["project.xlsx"]);
        let mut archive = zip::ZipArchive::new(bytes).unwrap();
        let mut text = String::new();
        let mut part = archive.by_name(name).unwrap();
        std::io::Read::read_to_string(&mut part, &mut text).unwrap();
        text
    };
    // Formats in their order; the first is that of cells without one.
    let styles = part("xl/styles.xml");
    let (_, formats) = styles.split_once("<cellXfs").unwrap();
    let formats: Vec<&str> = formats.split("<xf ").skip(1).collect();
    for n in 1..=4 {
        let sheet = part(&format!("xl/worksheets/sheet{n}.xml"));
        for cell in sheet.split("<c r=").skip(1) {
            let (_, style) = cell.split_once(" s=\"").unwrap_or(("", "0"));
            let style: usize = style.split('"').next().unwrap().parse().unwrap();
            assert!(
                formats[style].contains("vertical=\"top\""),
                "sheet {n}: {cell}"
            );
        }
    }
    let spans = part("xl/worksheets/sheet1.xml");
    assert!(spans.matches("ht=\"45\"").count() > 20);
}

#[test]
fn a_sentence_that_only_its_marks_make_too_long_is_left_out() {
    // A cell holds the words; with the highlighting they are over the limit.
    for (before, marked) in [(0, "x".repeat(32_600)), (2, "&".repeat(9_000))] {
        let text = format!("A {marked}");
        let line = serde_json::json!({
            "id": "a", "title": "T", "text": text, "annotations": [{
                "id": "x", "annotator": "ana", "label": "claim",
                "fragments": [{"start": before, "end": text.len()}],
            }],
        });
        let project = project_of(&line.to_string());
        let options = ExportOptions::default();
        let plan = Plan::new(&project, &options);
        written(format_named("xlsx").unwrap(), &plan);
    }
}

#[test]
fn what_no_cell_can_hold_comes_back() {
    // At the limit, over it, and with a character of two units across it.
    let notes = [
        "x".repeat(32_767),
        "y".repeat(70_000),
        format!("{}z", "🙂".repeat(20_000)),
    ];
    let annotations = notes.iter().enumerate().map(|(n, note)| {
        serde_json::json!({
            "id": n.to_string(), "annotator": "ana", "label": "claim", "note": note,
            "fragments": [{"start": 0, "end": 40_000}],
            "attributes": {"text (2)": "own", "said": notes[2]},
        })
    });
    let text = format!("A _x000D_ {}", "🙂 word ".repeat(8_000));
    let line = serde_json::json!({
        "id": "a", "title": "T", "text": text, "notes": notes[1],
        "meta": {"text (2)": "own", "note": notes[0]},
        "annotations": annotations.collect::<Vec<_>>(),
    });
    let project = project_of(&line.to_string());
    let options = ExportOptions::default();
    let plan = Plan::new(&project, &options);
    let xlsx = format_named("xlsx").unwrap();
    let memory = written(xlsx, &plan);
    let source = Source::alone("project.xlsx", &memory.0["project.xlsx"]);
    let reader = xlsx.reader().unwrap();
    let reading = (reader.read)(&source, &ReadOptions::default()).unwrap();
    assert_eq!(reading.remarks, Vec::<String>::new());
    let [article] = reading.articles.as_slice() else {
        panic!("{} articles", reading.articles.len())
    };
    assert!(article.text == text && article.notes == notes[1]);
    assert_eq!(article.metadata["text (2)"], "own");
    assert!(article.metadata["note"] == notes[0]);
    assert_eq!(article.annotations.len(), 3);
    for (found, note) in article.annotations.iter().zip(&notes) {
        assert!(found.note == *note);
        let covered = found.fragments[0].text.as_ref().unwrap();
        assert_eq!(covered.chars().count(), 40_000);
        assert_eq!(found.attributes["text (2)"].to_text(), "own");
        assert!(found.attributes["said"].to_text() == notes[2]);
    }
}

#[test]
fn numbers_are_numbers_in_cells() {
    let line = serde_json::json!({
        "id": "a", "title": "T", "text": "Some words.", "annotations": [{
            "id": "x", "annotator": "ana", "label": "claim",
            "fragments": [{"start": 0, "end": 4}],
            "attributes": {"less": -0.5, "many": 3, "most": 1_790_123_456_789_012_345_u64, "text": "7"},
        }],
    });
    let project = project_of(&line.to_string());
    let options = ExportOptions::default();
    let memory = written(
        format_named("xlsx").unwrap(),
        &Plan::new(&project, &options),
    );
    let bytes = std::io::Cursor::new(&memory.0["project.xlsx"]);
    let mut archive = zip::ZipArchive::new(bytes).unwrap();
    let mut part = archive.by_name("xl/worksheets/sheet1.xml").unwrap();
    let mut sheet = String::new();
    std::io::Read::read_to_string(&mut part, &mut sheet).unwrap();
    let (_, row) = sheet.split_once("<row r=\"2\"").unwrap();
    for (column, number) in [
        ("V", Some("-0.5")),
        ("W", Some("3")),
        ("X", None),
        ("Y", None),
    ] {
        let (_, cell) = row.split_once(&format!("<c r=\"{column}2\"")).unwrap();
        let cell = cell.split("</c>").next().unwrap();
        assert_eq!(
            cell.contains("inlineStr"),
            number.is_none(),
            "{column}: {cell}"
        );
        let written = number.map(|number| format!("<v>{number}"));
        assert!(
            written.is_none_or(|number| cell.contains(&number)),
            "{cell}"
        );
    }
}

#[test]
fn the_summary_is_for_people() {
    let project = project_of(TORTURE);
    let options = ExportOptions::default();
    let plan = Plan::new(&project, &options);
    let memory = written(format_named("xlsx").unwrap(), &plan);
    let bytes = &memory.0["project.xlsx"];
    let budget = crate::format::reading::budget::Budget::for_file(bytes.len() as u64);
    let (sheets, _) = crate::format::collections::table::sheets(bytes, &budget).unwrap();
    let summary = sheets.iter().find(|sheet| sheet.name == "summary").unwrap();
    let told: Vec<&str> = summary
        .rows
        .iter()
        .skip(1)
        .map(|row| row[0].as_str())
        .collect();
    for (id, name) in [("promo", "Promotional content"), ("quote", "Quote")] {
        assert!(plan.labels.contains_key(id), "{id} is not in it");
        assert!(told.contains(&name), "{name}: {told:?}");
        assert!(!told.contains(&id), "{id}: {told:?}");
    }
}
