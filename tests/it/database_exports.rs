//! Exports of news databases, in every container that they come in: split into the right articles
//! with the right metadata.

use pressmark::app::import::workers::Readers;
use pressmark::app::import::{ImportOptions, import_paths};
use pressmark::core::project::Project;
use std::io::Write;

fn docx(lines: &str) -> Vec<u8> {
    let paragraphs: String = lines
        .split('\n')
        .map(|line| {
            let line = line.replace('&', "&amp;").replace('<', "&lt;");
            format!("<w:p><w:r><w:t xml:space=\"preserve\">{line}</w:t></w:r></w:p>")
        })
        .collect();
    let document = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body>{paragraphs}</w:body></w:document>"
    );
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    for (name, text) in [
        (
            "[Content_Types].xml",
            "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>",
        ),
        ("word/document.xml", &document),
    ] {
        archive.start_file(name, options).unwrap();
        archive.write_all(text.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

fn rtf(lines: &str) -> Vec<u8> {
    let mut out = String::from("{\\rtf1\\ansi\\ansicpg1252\\deff0{\\fonttbl{\\f0 Arial;}}\n");
    for c in lines.chars() {
        match c {
            '\n' => out.push_str("\\par\n"),
            '\\' | '{' | '}' => {
                out.push('\\');
                out.push(c);
            }
            c if c.is_ascii() => out.push(c),
            c => {
                let mut units = [0; 2];
                for unit in c.encode_utf16(&mut units) {
                    out.push_str(&format!("\\u{}?", *unit as i16));
                }
            }
        }
    }
    (out + "}").into_bytes()
}

fn html(lines: &str) -> Vec<u8> {
    let paragraphs: String = lines
        .split('\n')
        .map(|line| format!("<p>{}</p>", line.replace('&', "&amp;").replace('<', "&lt;")))
        .collect();
    format!("<!DOCTYPE html><html><head><meta charset=\"utf-8\"><title>Export</title></head><body>{paragraphs}</body></html>").into_bytes()
}

/// A message from a database, with a part of a kind in it.
fn mail(sender: &str, kind: &str, part: &[u8]) -> Vec<u8> {
    let mut mail = format!("From: {sender} <noreply@database.example>\r\nTo: a@b.example\r\nSubject: Your documents\r\nDate: Mon, 4 Nov 2019 10:00:00 +0000\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"b\"\r\n\r\n--b\r\nContent-Type: {kind}; charset=utf-8\r\n\r\n").into_bytes();
    mail.extend_from_slice(part);
    mail.extend_from_slice(b"\r\n--b--\r\n");
    mail
}

/// A page as browsers save it.
fn mhtml(page: &[u8]) -> Vec<u8> {
    let mut archive = b"From: <Saved by Blink>\r\nSnapshot-Content-Location: https://database.example/ebsco/factiva/nexis\r\nSubject: ProQuest\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; type=\"text/html\"; boundary=\"b\"\r\n\r\n--b\r\nContent-Type: text/html\r\nContent-Location: https://database.example/\r\n\r\n".to_vec();
    archive.extend_from_slice(page);
    archive.extend_from_slice(b"\r\n--b--\r\n");
    archive
}

const NEXIS: &str = "Ferry stays – in “harbour”\n\nThe Ferry Post\n\nNovember 3, 2019 Sunday\n\nCopyright 2019 The Ferry Post All Rights Reserved\n\nSection: NEWS; Pg. 4\n\nLength: 312 words\n\nByline: Ana Lund\n\nBody\n\nThe ferry did not leave.\n\nIt was too windy.\n\nLoad-Date: November 4, 2019\n\nEnd of Document\n\nBridge shut\n\nHafenblatt\n\n4. November 2019\n\nLength: 9 words\n\nBody\n\nThe bridge was shut.\n\nEnd of Document\n";
const NEXIS_CLASSIC: &str = "1 of 2 DOCUMENTS\n\nThe Ferry Post\n\nNovember 3, 2019 Sunday\n\nSECTION: NEWS; Pg. 4\n\nLENGTH: 312 words\n\nHEADLINE: Ferry stays – in “harbour”\n\nBYLINE: Ana Lund\n\nBODY:\n\nThe ferry did not leave.\n\nIt was too windy.\n\nLOAD-DATE: November 4, 2019\n\nLANGUAGE: ENGLISH\n\n2 of 2 DOCUMENTS\n\nHafenblatt\n\nNovember 4, 2019 Monday\n\nLENGTH: 9 words\n\nHEADLINE: Bridge shut\n\nBODY:\n\nThe bridge was shut.\n\nLOAD-DATE: November 5, 2019\n";
const FACTIVA: &str = "SE News\nHD Ferry stays – in “harbour”\nBY Ana Lund\nWC 312 words\nPD 3 November 2019\nSN The Ferry Post\nSC FERRY\nPG 4\nLA English\nCY (c) 2019 Ferry Press\nLP\nThe ferry did not leave.\nTD\nIt was too windy.\nAN Document FERRY00020191103efb300001\n\nHD Bridge shut\nWC 9 words\nPD 4 November 2019\nSN Hafenblatt\nLA English\nLP\nThe bridge was shut.\nTD\nAN Document HAFEN00020191104efb400001\n";
const PROQUEST: &str = "____________________________________________________________\nDocument 1 of 2\nFerry stays – in “harbour”\nAuthor: Ana Lund\nPublication info: The Ferry Post ; Harbour [Harbour]03 Nov 2019: 4.\nFull text: The ferry did not leave.\n\nIt was too windy.\nTitle: Ferry stays – in “harbour”\nPublication title: The Ferry Post\nPages: 4\nPublication date: Nov 3, 2019\nLanguage of publication: English\nProQuest document ID: 123\n____________________________________________________________\nDocument 2 of 2\nBridge shut\nFull text: The bridge was shut.\nTitle: Bridge shut\nPublication title: Hafenblatt\nPublication date: Nov 4, 2019\nProQuest document ID: 124\n";
const EBSCO: &str = "EBSCOhost\nRecord: 1\nTitle: Ferry stays – in “harbour”\nAuthors: Ana Lund\nSource: The Ferry Post. 11/3/2019, p4.\nAccession Number: 1\nDatabase: Newspaper Source\nFull Text: The ferry did not leave.\n\nIt was too windy.\nRecord: 2\nTitle: Bridge shut\nSource: Hafenblatt. 11/4/2019, p1.\nAccession Number: 2\nDatabase: Newspaper Source\nFull Text: The bridge was shut.\n";

#[track_caller]
fn check(name: &str, bytes: &[u8], kind: &str) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    let options = ImportOptions::default();
    let import = import_paths(
        &Readers::default(),
        &Project::new(""),
        &[path],
        &options,
        &mut |_, _| true,
    );
    let told: Vec<String> = import.report.iter().map(|file| file.told()).collect();
    assert!(told[0].contains(kind), "{name}, {kind}: {told:?}");
    let [ferry, bridge] = import.articles.as_slice() else {
        panic!("{name}, {kind}: {told:?}");
    };
    assert_eq!(ferry.title, "Ferry stays – in “harbour”", "{name}, {kind}");
    let text: Vec<&str> = ferry
        .text
        .as_str()
        .split('\n')
        .filter(|line| !line.is_empty())
        .collect();
    assert_eq!(
        text,
        ["The ferry did not leave.", "It was too windy."],
        "{name}, {kind}"
    );
    for (key, value) in [
        ("outlet", "The Ferry Post"),
        ("published", "2019-11-03"),
        ("author", "Ana Lund"),
    ] {
        assert_eq!(
            ferry.meta(key),
            Some(value),
            "{name}, {kind}, {key}: {:?}",
            ferry.metadata
        );
    }
    assert_eq!(
        (bridge.title.as_str(), bridge.text.as_str()),
        ("Bridge shut", "The bridge was shut."),
        "{name}, {kind}"
    );
    assert_eq!(
        (bridge.meta("outlet"), bridge.meta("published")),
        (Some("Hafenblatt"), Some("2019-11-04")),
        "{name}, {kind}"
    );
}

#[test]
fn every_database_in_every_container() {
    for (text, kind) in [
        (NEXIS, "Nexis export"),
        (NEXIS_CLASSIC, "Nexis export"),
        (FACTIVA, "Factiva export"),
        (PROQUEST, "ProQuest export"),
        (EBSCO, "EBSCOhost export"),
    ] {
        check("export.txt", text.as_bytes(), kind);
        check(
            "export-crlf.txt",
            text.replace('\n', "\r\n").as_bytes(),
            kind,
        );
        check("export.docx", &docx(text), kind);
        check("export.rtf", &rtf(text), kind);
        let page = html(text);
        check("export.html", &page, kind);
        let sender = kind.split(' ').next().unwrap();
        check("page.eml", &mail(sender, "text/html", &page), kind);
        check(
            "text.eml",
            &mail(sender, "text/plain", text.as_bytes()),
            kind,
        );
        check("export.mhtml", &mhtml(&page), kind);
    }
}
