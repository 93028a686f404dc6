//! Documents written here, read back.

use super::*;
use std::io::Write;

fn zipped(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    let mut zip = zip::ZipWriter::new(&mut bytes);
    let options = zip::write::SimpleFileOptions::default();
    for (name, content) in members {
        zip.start_file(*name, options).unwrap();
        zip.write_all(content).unwrap();
    }
    zip.finish().unwrap();
    bytes.into_inner()
}

fn document(body: &str) -> String {
    format!(
        "<w:document xmlns:w=\"urn:w\" xmlns:mc=\"urn:mc\" xmlns:r=\"urn:r\"><w:body>{body}</w:body></w:document>"
    )
}

fn docx(body: &str) -> Vec<u8> {
    zipped(&[
        ("[Content_Types].xml", b"<Types/>"),
        ("word/document.xml", document(body).as_bytes()),
        ("docProps/core.xml", b"<c xmlns:dc=\"urn:dc\"><dc:title>Ferry</dc:title><dc:creator>Ana Lund</dc:creator></c>"),
    ])
}

/// Relations by their ids, the last words of their types, and their targets.
fn relations(relations: &[(&str, &str, &str)]) -> Vec<u8> {
    let each = relations.iter().map(|(id, kind, target)| {
        format!("<Relationship Id=\"{id}\" Type=\"http://purl.oclc.org/ooxml/officeDocument/relationships/{kind}\" Target=\"{target}\"/>")
    });
    format!(
        "<Relationships>{}</Relationships>",
        each.collect::<String>()
    )
    .into_bytes()
}

fn check(body: &str, expected: &str) {
    let bytes = docx(body);
    let reading = read(&Source::alone("x.docx", &bytes), &ReadOptions::default()).unwrap();
    assert_eq!(reading.articles[0].text, expected);
    assert_eq!(reading.articles[0].title, "Ferry");
}

#[test]
fn paragraphs_lists_and_tables() {
    check(
        "<w:p><w:r><w:t>One </w:t></w:r><w:r><w:t>two</w:t></w:r></w:p><w:p><w:r><w:t>Three</w:t></w:r></w:p>",
        "One two\n\nThree",
    );
    check(
        "<w:p><w:pPr><w:numPr/></w:pPr><w:r><w:t>a</w:t></w:r></w:p><w:p><w:pPr><w:numPr/></w:pPr><w:r><w:t>b</w:t></w:r></w:p>",
        "a\nb",
    );
    check(
        "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>1</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>2</w:t></w:r></w:p></w:tc></w:tr></w:tbl><w:p><w:r><w:t>x</w:t></w:r></w:p>",
        "1\t2\n\nx",
    );
    check(
        "<w:p><w:ins><w:r><w:t>in</w:t></w:r></w:ins><w:del><w:r><w:delText>out</w:delText></w:r></w:del><w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden</w:t></w:r></w:p>",
        "in",
    );
    check(
        "<w:p><w:r><w:t>a</w:t><w:br/><w:t>b</w:t><w:tab/><w:t>c</w:t></w:r></w:p>",
        "a\nb\tc",
    );
}

#[test]
fn parts_are_found_by_their_relations() {
    let check = |main: &str, target: &str| {
        let body = document("<w:p><w:r><w:t>One</w:t></w:r></w:p>");
        let notes = "<w:footnotes xmlns:w=\"urn:w\"><w:footnote><w:p><w:r><w:t>Two</w:t></w:r></w:p></w:footnote></w:footnotes>";
        let (folder, name) = main.rsplit_once('/').unwrap();
        let bytes = zipped(&[
            (
                "[Content_Types].xml",
                b"<Types a=\"wordprocessingml.document.main+xml\"/>",
            ),
            (
                "_rels/.rels",
                &relations(&[("r1", "officeDocument", target)]),
            ),
            (main, body.as_bytes()),
            (
                &format!("{folder}/_rels/{name}.rels"),
                &relations(&[("r1", "footnotes", "../notes/notes7.xml")]),
            ),
            ("notes/notes7.xml", notes.as_bytes()),
        ]);
        let source = Source::alone("x.zip", &bytes);
        assert_eq!(recognise(&Head::new(source, "")), Likelihood::Sure);
        let reading = read(&source, &ReadOptions::default()).unwrap();
        assert_eq!(reading.articles[0].text, "One\n\nTwo", "{target}");
    };
    check("word/document2.xml", "word/document2.xml");
    check("word/document2.xml", "/word/document2.xml");
    check("Text/main.xml", "text/./Main.xml");
    check("word/document.xml", "gone.xml");
}

#[test]
fn embedded_parts_stand_in_their_place() {
    let page = b"<html><body><p>In a page.</p><p>And on.</p></body></html>";
    let archive =
        b"MIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>In an archive.</p>";
    let check = |name: &str, content: &[u8], expected: &str, told: &str| {
        let body = "<w:p><w:r><w:t>Before.</w:t></w:r></w:p><w:altChunk r:id=\"c1\"/><w:p><w:r><w:t>After.</w:t></w:r></w:p>";
        let bytes = zipped(&[
            ("word/document.xml", document(body).as_bytes()),
            (
                "word/_rels/document.xml.rels",
                &relations(&[("c1", "aFChunk", name)]),
            ),
            ("word/part.x", content),
        ]);
        let source = Source::alone("x.docx", &bytes);
        let reading = read(&source, &ReadOptions::default()).unwrap();
        let between = if expected.is_empty() { "" } else { "\n\n" };
        let expected = format!("Before.{between}{expected}\n\nAfter.");
        assert_eq!(reading.articles[0].text, expected);
        match told {
            "" => assert_eq!(reading.remarks, [] as [&str; 0]),
            told => assert!(reading.remarks[0].contains(told), "{:?}", reading.remarks),
        }
    };
    check("part.x", page, "In a page.\n\nAnd on.", "");
    check("/word/part.x", archive, "In an archive.", "");
    check(
        "part.x",
        b"{\\rtf1 In rich text.\\par}",
        "In rich text.",
        "",
    );
    check("part.x", b"In plain text.", "In plain text.", "");
    let inner = docx("<w:p><w:r><w:t>In a document.</w:t></w:r></w:p>");
    check("part.x", &inner, "In a document.", "");
    check(
        "part.x",
        b"PK\x03\x04damaged",
        "",
        "the embedded part word/part.x (the ZIP",
    );
    check(
        "gone.x",
        b"",
        "",
        "the embedded part word/gone.x (there is no",
    );
    check(
        "part.x",
        b"\0\x01\x02\0\xFF\0",
        "",
        "of a kind that is not known",
    );
}

#[test]
fn documents_within_themselves_end_and_are_told() {
    let body =
        "<w:p><w:r><w:t>One</w:t></w:r></w:p><w:altChunk r:id=\"c1\"/><w:subDoc r:id=\"c2\"/>";
    let mut inner = docx("<w:p><w:r><w:t>Deep</w:t></w:r></w:p>");
    for _ in 0..6 {
        inner = zipped(&[
            ("word/document.xml", document(body).as_bytes()),
            (
                "word/_rels/document.xml.rels",
                &relations(&[("c1", "aFChunk", "a.docx")]),
            ),
            ("word/a.docx", &inner),
        ]);
    }
    let reading = read(&Source::alone("x.docx", &inner), &ReadOptions::default()).unwrap();
    assert_eq!(reading.articles[0].text, "One\n\nOne\n\nOne\n\nOne\n\nOne");
    assert!(
        reading.remarks[0].contains("nest too deep"),
        "{:?}",
        reading.remarks
    );
    assert!(
        reading.remarks[1].contains("not in the file"),
        "{:?}",
        reading.remarks
    );
}

#[test]
fn damaged_documents_are_refused() {
    let whole = docx("<w:p><w:r><w:t>One</w:t></w:r></w:p>");
    for cut in 0..whole.len() {
        let _no_panic = read(
            &Source::alone("x.docx", &whole[..cut]),
            &ReadOptions::default(),
        );
    }
    assert!(
        read(
            &Source::alone("x.docx", b"\xD0\xCF\x11\xE0"),
            &ReadOptions::default()
        )
        .is_err()
    );
}
