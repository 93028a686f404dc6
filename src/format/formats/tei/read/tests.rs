//! Small documents of every kind.

use super::*;
use crate::core::annotation::AttributeValue;
use crate::format::reading::placing::place;

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

#[test]
fn own_files_come_back_exactly() {
    let reading = check(
        r##"<TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><fileDesc><titleStmt><title type="untitled">Untitled article</title><author>A</author><author xml:space="preserve"> B </author></titleStmt>
            <publicationStmt><publisher>Pressmark</publisher></publicationStmt><notesStmt><note type="article" xml:space="preserve">n
m</note><note type="status" n="b; c">in progress</note></notesStmt>
            <sourceDesc><bibl><date>in  May</date><idno>https://x.example/7</idno><ref target="https://x.example/a%20b"/><note type="metadata" n="url">https://x.example/a b</note><note type="metadata" n="label"/></bibl></sourceDesc></fileDesc>
            <encodingDesc><appInfo><application ident="Pressmark" version="0.1.0"><label>Pressmark</label></application></appInfo><classDecl><taxonomy>
            <category xml:id="l1" style="color: #0a0b0c"><catDesc><term>q</term> <gloss>Quote</gloss> words  of another</catDesc></category><category xml:id="l2"><catDesc xml:space="preserve"><term>c  d</term> x
y</catDesc></category></taxonomy></classDecl>
            <fsdDecl><fsDecl type="annotation"><fDecl name="a_b"><fDescr>a b</fDescr><vRange><string/></vRange></fDecl></fsDecl></fsdDecl></encodingDesc></teiHeader>
            <standOff><spanGrp type="annotations"><span xml:id="s1" from="#s1-b" to="#s1-e" ana="#l1 #fs-s1" next="#s1.2" corresp="#s1"/><span xml:id="s1.2" from="#s1.2-b" to="#s1.2-e" ana="#l1" prev="#s1"/></spanGrp>
            <fs xml:id="fs-s1" type="annotation"><f name="id"><string>x 1</string></f><f name="changed"><string>2026-03-02T10:00:00Z</string></f><f name="links"><string>by=x 1</string></f><f name="a_b"><string/></f><f name="attribute_note"><string> y</string></f><f name="comment"><string>z</string></f><f name="tone"><vColl org="list"><string>calm; cold</string></vColl></f></fs></standOff>
            <text><body><ab xml:space="preserve"><anchor xml:id="s1-b"/>She<anchor xml:id="s1-e"/> said <anchor xml:id="s1.2-b"/>so<anchor xml:id="s1.2-e"/></ab></body></text></TEI>"##,
        "She said so",
        &[("q", "She|so")],
    );
    let labels: Vec<_> = reading.labels.iter().collect();
    let told = |n: usize| {
        let label: &crate::format::reading::FoundLabel = labels[n];
        (
            label.name.as_str(),
            label.title.as_str(),
            label.definition.as_str(),
            label.color,
        )
    };
    assert_eq!(
        told(0),
        ("q", "Quote", "words of another", Some(0x0A_0B_0C))
    );
    assert_eq!(told(1), ("c d", "", "x\ny", None));
    let article = &reading.articles[0];
    assert_eq!(
        (article.id.as_str(), article.title.as_str()),
        ("https://x.example/7", "")
    );
    assert_eq!(
        (article.notes.as_str(), article.status["b; c"].name()),
        ("n\nm", "in progress")
    );
    let metadata: Vec<(&str, &str)> = article
        .metadata
        .iter()
        .map(|(k, v)| (k.as_str(), v.as_str()))
        .collect();
    assert_eq!(
        metadata,
        [
            ("author", "A;  B "),
            ("label", ""),
            ("published", "in May"),
            ("url", "https://x.example/a b")
        ]
    );
    let a = &article.annotations[0];
    assert_eq!(a.id, "x 1");
    assert_eq!(a.links, [("by".to_owned(), "x 1".to_owned())]);
    assert!(a.changed.is_some() && a.note.is_empty());
    let attributes: Vec<(&str, &AttributeValue)> =
        a.attributes.iter().map(|(k, v)| (k.as_str(), v)).collect();
    let list = AttributeValue::Many(vec!["calm; cold".to_owned()]);
    assert_eq!(
        attributes,
        [
            ("a b", &text("")),
            ("comment", &text("z")),
            ("note", &text(" y")),
            ("tone", &list)
        ]
    );
}

#[test]
fn parts_of_spans_that_stand_off_belong_together() {
    check(
        r##"<TEI><standOff><spanGrp type="q"><span xml:id="a" target="#w1" next="#b"/><span xml:id="b" target="#w3"/></spanGrp></standOff><text><body><p><w xml:id="w1">One</w> two <w xml:id="w3">three</w></p></body></text></TEI>"##,
        "One two three",
        &[("q", "One|three")],
    );
}
