//! Small documents of every kind.

use super::*;
use crate::core::annotation::AttributeValue;
use crate::format::dataset::placing::place;

#[track_caller]
fn check(xml: &str, text: &str, expected: &[(&str, &str)]) -> Reading {
    let source = Source::alone("a.xml", xml.as_bytes());
    let (reader, _) = crate::format::readers::recognise(source).unwrap();
    assert_eq!(reader.name, "tei");
    let reading = read(&source, &ReadOptions::default()).unwrap();
    let article = &reading.articles[0];
    assert_eq!(article.text, text);
    let placed = place(article);
    let found: Vec<(&str, String)> = article
        .annotations
        .iter()
        .zip(&placed.annotations)
        .map(|(found, ranges)| {
            let ranges = ranges.as_ref().unwrap().iter();
            let texts: Vec<&str> = ranges.map(|range| placed.text.slice(*range)).collect();
            (found.label.as_str(), texts.join("|"))
        })
        .collect();
    let found: Vec<(&str, &str)> = found.iter().map(|(l, t)| (*l, t.as_str())).collect();
    assert_eq!(found, expected);
    reading
}

fn text(value: &str) -> AttributeValue {
    AttributeValue::Text(value.to_owned())
}

#[test]
fn elements_around_text() {
    let reading = check(
        r##"<?xml version="1.0"?><TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><fileDesc>
            <titleStmt><title>Ferry <hi>late</hi></title><author>Ann Lee</author><author>Bo</author></titleStmt>
            <publicationStmt><publisher>Archive</publisher><date>2024</date></publicationStmt>
            <sourceDesc><bibl><publisher>Post</publisher><date when="2019-11-03"/><idno>p-7</idno><ref target="https://x.example/7"/></bibl></sourceDesc></fileDesc>
            <profileDesc><langUsage><language ident="en"/></langUsage><particDesc><listPerson><person xml:id="mayor"><persName>Eva <surname>Ruiz</surname></persName></person></listPerson></particDesc></profileDesc></teiHeader>
            <text><body><head>Ferry late</head>
            <p>🙂 <said who="#mayor" direct="true" xml:id="q1" next="#q2"> We will
               come,</said> said <persName>Ruiz</persName>, <said xml:id="q2" prev="#q1">soon.</said><note>1 No.</note></p>
            <list><item>One <choice><sic>too</sic><corr>two</corr></choice></item><item><seg type="claim">Three<lb/>four <del>x</del>fi<lb break="no"/>ve</seg></item></list>
            <p><q>“Yes <quote>שלום</quote>”</q><gap/></p></body></text></TEI>"##,
        "Ferry late\n\n🙂 We will come, said Ruiz, soon.\n\nOne too\nThree four five\n\n“Yes שלום”[…]",
        &[
            ("said", "We will come,|soon."),
            ("persName", "Ruiz"),
            ("claim", "Three four five"),
            ("q", "“Yes שלום”"),
            ("quote", "שלום"),
        ],
    );
    let article = &reading.articles[0];
    assert_eq!(
        (article.id.as_str(), article.title.as_str()),
        ("p-7", "Ferry late")
    );
    let metadata: Vec<(&str, &str)> = article
        .metadata
        .iter()
        .map(|(key, value)| (key.as_str(), value.as_str()))
        .collect();
    assert_eq!(
        metadata,
        [
            ("author", "Ann Lee; Bo"),
            ("language", "en"),
            ("outlet", "Post"),
            ("published", "2019-11-03"),
            ("url", "https://x.example/7"),
        ]
    );
    assert_eq!(article.annotations[0].attributes["who"], text("Eva Ruiz"));
    assert_eq!(article.remarks, ["1 notes were left out of the text"]);
}

#[test]
fn spans_that_stand_off() {
    let reading = check(
        r##"<TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><encodingDesc><classDecl><taxonomy>
            <category xml:id="promo"><catDesc>promotional content</catDesc></category>
            <category xml:id="quote"><catDesc><term>quote</term>: words of another, given as they were said, in whatever form they come</catDesc></category>
            </taxonomy></classDecl></encodingDesc></teiHeader>
            <text><body><ab xml:space="preserve">a<anchor xml:id="b1"/>👩‍💻 b&#13;
	<anchor xml:id="b2"/>c  <anchor xml:id="e1"/>d

e<anchor xml:id="e2"/></ab></body></text>
            <standOff><spanGrp resp="#ana"><span xml:id="s1" from="#b1" to="#e1" ana="#quote #fs1" corresp="#s2"/>
            <span xml:id="s2" from="#b2" to="#e2" ana="#promo">see <hi>x</hi></span><span from="#b1" to="#gone"/></spanGrp>
            <fs xml:id="fs1"><f name="speaker"><string>Ann  B</string></f><f name="tone"><symbol value="cold"/></f><f name="note"><string>n
m</string></f><f name="created"><string>2026-11-23T10:00:00Z</string></f></fs>
            <linkGrp type="by"><link target="#s2 #s1"/></linkGrp></standOff></TEI>"##,
        "a👩‍💻 b\r\n\tc  d\n\ne",
        &[
            ("quote", "👩‍💻 b\n\tc  "),
            ("promotional content", "c  d\n\ne"),
        ],
    );
    let article = &reading.articles[0];
    let [quote, promo] = article.annotations.as_slice() else {
        panic!()
    };
    assert_eq!(quote.attributes["speaker"], text("Ann  B"));
    assert_eq!(quote.attributes["tone"], text("cold"));
    assert_eq!(
        (quote.note.as_str(), quote.annotator.as_str()),
        ("n\nm", "ana")
    );
    assert!(quote.made.is_some());
    assert_eq!(quote.links, [("linked".to_owned(), "s2".to_owned())]);
    assert_eq!(promo.links, [("by".to_owned(), "s1".to_owned())]);
    assert_eq!(promo.note, "see");
    assert_eq!(reading.labels.len(), 2);
    assert!(reading.labels[1].definition.starts_with("quote: words"));
    assert_eq!(
        article.remarks,
        ["1 spans point to nothing in the text and were left out"]
    );
}

#[test]
fn corpora_rings_and_elements_as_targets() {
    let reading = check(
        r##"<teiCorpus><TEI><text><body><p><w xml:id="w1">One</w> <w xml:id="w2">two</w> <w xml:id="w3">three</w></p>
        <p><q xml:id="a" next="#b">x</q> <q xml:id="b" next="#a">y</q></p><spanGrp type="pair"><span target="#w1 #w3"/></spanGrp></body></text></TEI>
        <TEI><text><body/></text></TEI><TEI xml:id="t3"><text><body><l>a</l><l>b</l></body></text></TEI></teiCorpus>"##,
        "One two three\n\nx y",
        &[("pair", "One|three"), ("q", "x|y")],
    );
    assert_eq!(reading.articles.len(), 2);
    assert_eq!(reading.articles[1].text, "a\nb");
    assert_eq!(reading.articles[1].id, "t3");
    let deep = format!(
        "<TEI><text>{}x{}</text></TEI>",
        "<q>".repeat(20_000),
        "</q>".repeat(20_000)
    );
    let source = Source::alone("a.xml", deep.as_bytes());
    assert_eq!(
        read(&source, &ReadOptions::default()).unwrap().articles[0]
            .annotations
            .len(),
        20_000
    );
    let empty = Source::alone("a.xml", b"<TEI><text/></TEI>");
    assert!(read(&empty, &ReadOptions::default()).is_err());
}
