//! Small files of every kind.

use super::*;
use crate::format::reading::placing::place;
use std::collections::BTreeMap;

fn read_among(name: &str, json: &str, others: &[(&str, &str)]) -> Result<Reading, Refusal> {
    let others = others
        .iter()
        .map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec()));
    let files: BTreeMap<String, Vec<u8>> = others.collect();
    let source = Source {
        name,
        bytes: json.as_bytes(),
        siblings: &files,
    };
    let (reader, likelihood) = crate::format::readers::recognise(source).unwrap();
    assert_eq!(
        (reader.name, likelihood),
        ("web-annotation", Likelihood::Sure)
    );
    read(&source, &ReadOptions::default())
}

/// Reads `d/a.json` among other files, and compares what its annotations say and cover.
#[track_caller]
fn check(json: &str, others: &[(&str, &str)], expected: &[&str]) -> Reading {
    let reading = read_among("d/a.json", json, others).unwrap();
    let mut found = Vec::new();
    for article in &reading.articles {
        let placed = place(article);
        found.push(article.id.clone());
        for (ranges, annotation) in placed.annotations.iter().zip(&article.annotations) {
            let ranges = ranges.as_ref().unwrap().iter();
            let texts: Vec<&str> = ranges.map(|range| placed.text.slice(*range)).collect();
            found.push(format!("{} {}", annotation.label, texts.join("|")));
        }
    }
    assert_eq!(found, expected);
    reading
}

const TEXT: &str = "🙂 She said so.\r\nHe said no, שלום.\n";

#[test]
fn positions_quotations_and_all_shapes_of_files() {
    let one = r##"{"@context":"http://www.w3.org/ns/anno.jsonld","id":"#1","type":"Annotation","motivation":"tagging",
        "body":{"type":"TextualBody","value":"who"},"creator":{"type":"Person","nickname":"ana"},"created":"2026-11-23T10:00:00Z","modified":"2026-11-24T10:00:00Z",
        "target":{"source":"https://x.example/b%20c.html#top","selector":[{"type":"TextPositionSelector","start":2,"end":5},{"type":"TextQuoteSelector","exact":"She"}]}}"##;
    let two = r#"{"id":"2","type":"Annotation","body":[{"type":"TextualBody","purpose":"tagging","value":"cue"},{"type":"TextualBody","purpose":"tagging","value":"b"},{"type":"TextualBody","purpose":"commenting","value":"why?"},{"purpose":"assessing","value":"bad"},{"type":"SpecificResource","purpose":"linking","source":"1"}],
        "target":[{"source":"https://x.example/b%20c.html","selector":{"type":"TextQuoteSelector","exact":"said","prefix":"He ","suffix":" no"}},
                  {"source":"https://x.example/b%20c.html","selector":{"type":"FragmentSelector","value":"p1","refinedBy":{"type":"TextQuoteSelector","exact":"שלום"}}}]}"#;
    let two_line = two.replace('\n', "");
    let expected = ["b c", "who She", "cue said|שלום", "b said|שלום"];
    let file = [("d/texts/b c.txt", TEXT)];
    for json in [
        format!("[{one},{two}]"),
        format!("{}\n{two_line}\n", one.replace('\n', "")),
        format!(r#"{{"type":"AnnotationPage","items":[{one},{two}]}}"#),
        format!(
            r#"{{"type":"AnnotationCollection","first":{{"items":[{one}],"next":{{"items":[{two}]}}}}}}"#
        ),
        format!(r#"{{"@graph":[{one},{two}]}}"#),
    ] {
        let reading = check(&json, &file, &expected);
        let [who, cue, _] = reading.articles[0].annotations.as_slice() else {
            panic!()
        };
        assert_eq!(who.annotator, "ana");
        assert!(who.made.is_some() && who.changed > who.made);
        assert_eq!(cue.note, "why?");
        assert_eq!(
            cue.attributes["assessing"],
            AttributeValue::Text("bad".to_owned())
        );
        assert_eq!(cue.links, [("linked".to_owned(), "1".to_owned())]);
        assert_eq!(
            reading.articles[0].metadata["url"],
            "https://x.example/b%20c.html"
        );
        assert_eq!(reading.used, ["d/texts/b c.txt"]);
    }
}

#[test]
fn texts_from_elsewhere() {
    let about = |target: &str| {
        format!(r#"[{{"type":"Annotation","motivation":"highlighting","target":{target}}}]"#)
    };
    check(
        &about(
            r#"{"source":{"id":"t1","type":"TextualBody","value":"She said"},"selector":{"type":"TextPositionSelector","start":4,"end":8}}"#,
        ),
        &[],
        &["t1", "highlighting said"],
    );
    check(
        &about(r##""https://x.example/7.txt#char=2,5;length=9""##),
        &[("d/7.txt", TEXT)],
        &["7", "highlighting She"],
    );
    check(
        &about(
            r#"{"source":"urn:x:7","scope":"corpus/7.txt","selector":{"type":"RangeSelector","startSelector":{"type":"TextPositionSelector","start":2,"end":3},"endSelector":{"type":"TextPositionSelector","start":5,"end":6}}}"#,
        ),
        &[("d/7.txt", TEXT)],
        &["7", "highlighting She"],
    );
    // Without an address: the text that is called as the file is.
    check(
        &about(r#"{"selector":[{"type":"TextQuoteSelector","exact":"no"}]}"#),
        &[("d/a.txt", TEXT)],
        &["a", "highlighting no"],
    );
    check(
        &about(
            r#"{"source":"https://x.example/story?id=7","selector":[{"type":"TextQuoteSelector","exact":"no"}]}"#,
        ),
        &[(
            "d/articles.csv",
            "url,text\nhttps://x.example/story?id=7,She said no\n",
        )],
        &["", "highlighting no"],
    );
    let refusal = read_among(
        "d/a.json",
        &about(
            r#"{"source":"https://x.example/story?id=7","selector":{"type":"TextQuoteSelector","exact":"no"}}"#,
        ),
        &[("d/other.txt", TEXT)],
    );
    assert!(refusal.unwrap_err().0.contains("“story.txt”"));
    assert!(
        read_among(
            "a.json",
            r#"{"@context":"http://www.w3.org/ns/anno.jsonld","items":[]}"#,
            &[]
        )
        .is_err()
    );
}

#[test]
fn hypothesis_rows() {
    let row = |id: &str, rest: &str| {
        format!(
            r#"{{"id":"{id}","created":"2026-11-23T10:00:00.123456+00:00","updated":"2026-11-23T10:00:00.123456+00:00","user":"acct:ana@hypothes.is","uri":"https://x.example/7","permissions":{{}},"group":"g7","document":{{"title":["Ferry"]}},{rest}}}"#
        )
    };
    let selectors = |start: usize, end: usize, exact: &str| {
        format!(
            r#""target":[{{"source":"https://x.example/7","selector":[{{"type":"RangeSelector","startContainer":"/p[1]"}},{{"type":"TextPositionSelector","start":{start},"end":{end}}},{{"type":"TextQuoteSelector","exact":"{exact}","prefix":"","suffix":""}}]}}]"#
        )
    };
    let rows = [
        row(
            "a",
            &format!(
                r#""tags":["who","x"],"text":"n",{}"#,
                selectors(3, 6, "She")
            ),
        ),
        // Far off: found by its text.
        row(
            "b",
            &format!(r#""tags":[],"text":"",{}"#, selectors(500, 502, "no")),
        ),
        row(
            "c",
            r#""tags":[],"text":"of all","target":[{"source":"https://x.example/7"}]"#,
        ),
        row(
            "d",
            r#""tags":[],"text":"I agree","references":["a"],"target":[{"source":"https://x.example/7"}]"#,
        ),
    ];
    let json = format!(r#"{{"total":4,"rows":[{}]}}"#, rows.join(","));
    let reading = check(
        &json,
        &[("d/7.txt", TEXT)],
        &["7", "who She", "x She", "annotation no"],
    );
    let article = &reading.articles[0];
    assert_eq!(
        (article.title.as_str(), article.notes.as_str()),
        ("Ferry", "of all")
    );
    let who = &article.annotations[0];
    assert_eq!(who.annotator, "ana@hypothes.is");
    assert_eq!(who.note, "n\nana@hypothes.is: I agree");
    assert_eq!(
        who.attributes["group"],
        AttributeValue::Text("g7".to_owned())
    );
    assert!(reading.remarks.is_empty(), "{:?}", reading.remarks);
}

#[test]
fn links_between_annotations() {
    let mark = |id: &str, exact: &str| {
        format!(
            r#"{{"id":"{id}","type":"Annotation","body":{{"purpose":"tagging","value":"{exact}"}},"target":{{"source":"7","selector":{{"type":"TextQuoteSelector","exact":"{exact}"}}}}}}"#
        )
    };
    let link = r#"{"id":"l","type":"Annotation","motivation":"linking","body":"b","target":"a"}"#;
    let relation = r##"{"id":"r","type":"Annotation","motivation":"linking","body":[{"purpose":"tagging","value":"by"}],"target":[{"id":"#b"},{"id":"#a"}]}"##;
    let gone =
        r#"{"id":"g","type":"Annotation","motivation":"linking","body":"b","target":"gone"}"#;
    let json = format!(
        "[{},{},{link},{relation},{gone}]",
        mark("a", "She"),
        mark("b", "no")
    );
    let reading = check(&json, &[("d/7.txt", TEXT)], &["7", "She She", "no no"]);
    let annotations = &reading.articles[0].annotations;
    assert_eq!(
        annotations[0].links,
        [("linked".to_owned(), "b".to_owned())]
    );
    assert_eq!(annotations[1].links, [("by".to_owned(), "a".to_owned())]);
    assert_eq!(
        reading.remarks,
        ["1 links and replies are about annotations that are not here"]
    );
}

#[test]
fn own_pages_come_back_exactly() {
    let about = |id: &str, text: &str| {
        format!(
            r##"{{"id":"urn:pressmark:about:{id}","type":"Annotation","motivation":"describing","body":[{text},{{"type":"TextualBody","purpose":"identifying","label":"title","value":"T  t"}},{{"type":"TextualBody","purpose":"describing","label":"title","value":" x\n"}},{{"type":"TextualBody","purpose":"assessing","value":"done","creator":{{"type":"Person","nickname":"a; b"}}}},{{"type":"TextualBody","purpose":"commenting","value":"n"}}],"target":{{"type":"SpecificResource","source":"https://x.example/7"}}}}"##
        )
    };
    let mark = r##"{"id":"urn:pressmark:annotation:a%20b","type":"Annotation","motivation":"highlighting","creator":{"nickname":"ana"},"body":[{"type":"TextualBody","purpose":"tagging","value":"who"},{"type":"TextualBody","purpose":"describing","label":"odd name","value":""},{"type":"TextualBody","purpose":"classifying","label":"tone","value":"calm"}],"target":[{"source":"https://x.example/7","scope":"SCOPE","selector":[{"type":"TextPositionSelector","start":2,"end":5}]}]}"##;
    let link = r##"{"id":"urn:pressmark:link:a%20b:1","type":"Annotation","motivation":"linking","body":[{"id":"urn:pressmark:annotation:a%20b"},{"type":"TextualBody","purpose":"tagging","value":" said by "}],"target":"urn:pressmark:annotation:a%20b"}"##;
    let label = r##"{"id":"urn:pressmark:label:who","type":"Annotation","motivation":"describing","body":[{"type":"TextualBody","purpose":"identifying","label":"name","value":"Who"},{"type":"TextualBody","purpose":"describing","label":"color","value":"#0a0b0c"}],"target":{"source":"urn:pressmark:concept:who"}}"##;
    let file = about(
        "7%2F8",
        r#"{"id":"texts/7_8.txt","type":"Text","format":"text/plain"}"#,
    );
    let whole = format!(
        "[{label},{file},{},{link}]",
        mark.replace("SCOPE", "texts/7_8.txt")
    );
    let text = [("d/texts/7_8.txt", TEXT), ("d/7_8.txt", "another")];
    let reading = check(&whole, &text, &["7/8", "who She"]);
    assert_eq!(reading.used, ["d/texts/7_8.txt"]);
    assert_eq!(reading.labels[0].color, Some(0x0A_0B_0C));
    let article = &reading.articles[0];
    assert_eq!(article.title, "T  t");
    assert_eq!(article.metadata.len(), 1, "the address is none of ours");
    assert_eq!(article.metadata["title"], " x\n");
    assert_eq!(
        (article.status["a; b"].name(), article.notes.as_str()),
        ("done", "n")
    );
    let who = &article.annotations[0];
    let empty = AttributeValue::Text(String::new());
    let list = AttributeValue::Many(vec!["calm".to_owned()]);
    assert_eq!(
        (&who.attributes["odd name"], &who.attributes["tone"]),
        (&empty, &list)
    );
    assert_eq!(who.links, [(" said by ".to_owned(), "a b".to_owned())]);
    // The text stayed at home, and lies beside under the article's id.
    let hash = about(
        "7",
        r#"{"type":"TextualBody","purpose":"identifying","label":"text","value":"blake3:0"}"#,
    );
    let quoted = format!(
        "[{hash},{}]",
        mark.replace("SCOPE", "urn:pressmark:article:7")
    );
    check(&quoted, &[("d/7.txt", TEXT)], &["7", "who She"]);
    assert!(
        read_among("d/a.json", &quoted, &[])
            .unwrap_err()
            .0
            .contains("“7.txt”")
    );
}
