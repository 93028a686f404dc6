//! What analysts must not be hurt by: files that are damaged, hostile or something else than they
//! claim. Each gets one clear line, and the rest of the import goes on.

use pressmark::app::import::workers::Readers;
use pressmark::app::import::{ImportOptions, import_paths};
use pressmark::core::project::Project;
use std::io::Write;
use std::time::{Duration, Instant};

fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    for (name, bytes) in members {
        archive.start_file(*name, options).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

fn pdf(objects: &[&str], trailer: &str) -> Vec<u8> {
    let mut out = String::from("%PDF-1.4\n");
    let mut places = Vec::new();
    for (i, object) in objects.iter().enumerate() {
        places.push(out.len());
        out.push_str(&format!("{} 0 obj\n{object}\nendobj\n", i + 1));
    }
    let table = out.len();
    out.push_str(&format!(
        "xref\n0 {}\n0000000000 65535 f \n",
        objects.len() + 1
    ));
    for place in places {
        out.push_str(&format!("{place:010} 00000 n \n"));
    }
    let size = objects.len() + 1;
    out.push_str(&format!(
        "trailer\n<</Size {size}/Root 1 0 R{trailer}>>\nstartxref\n{table}\n%%EOF"
    ));
    out.into_bytes()
}

/// Imports the file with a good one beside it; `expected` stands in what is told of it.
#[track_caller]
fn check(name: &str, bytes: &[u8], expected: &str) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(name), bytes).unwrap();
    std::fs::write(
        folder.path().join("good.txt"),
        "A good article\n\nIt is read.",
    )
    .unwrap();
    let start = Instant::now();
    let paths = [folder.path().join(name), folder.path().join("good.txt")];
    let options = ImportOptions::default();
    let import = import_paths(
        &Readers::default(),
        &Project::new(""),
        &paths,
        &options,
        &mut |_, _| true,
    );
    let told: Vec<String> = import.report.iter().map(|file| file.line()).collect();
    assert!(
        start.elapsed() < Duration::from_secs(20),
        "{name} took {:?}",
        start.elapsed()
    );
    assert!(
        told.iter().any(|line| line.contains(expected)),
        "{name}: {told:?}"
    );
    assert!(
        import.articles.iter().any(|a| a.title == "A good article"),
        "{name}: {told:?}"
    );
}

fn entities() -> String {
    let mut all = String::from("<!DOCTYPE x [<!ENTITY a0 \"aaaaaaaaaa\">");
    for n in 1..10 {
        let inner = format!("&a{};", n - 1).repeat(10);
        all.push_str(&format!("<!ENTITY a{n} \"{inner}\">"));
    }
    all + "]>"
}

#[test]
fn archives() {
    check(
        "bomb.zip",
        &zip(&[("a.txt", &vec![b'0'; 300 << 20])]),
        "ZIP bomb",
    );
    let mut nested = zip(&[("a.txt", b"hello")]);
    for _ in 0..6 {
        nested = zip(&[("x.zip", &nested)]);
    }
    check("nested.zip", &nested, "archives nest over 3 deep");
    let paths: &[(&str, &[u8])] = &[
        ("../../up.txt", b"parent"),
        ("/etc/passwd.txt", b"absolute"),
        ("ok/fine.txt", b"Fine article text."),
    ];
    check("paths.zip", &zip(paths), "leads out of the archive");
    check("paths.zip", &zip(paths), "Fine article text.");
}

#[test]
fn office_files_and_xml() {
    check(
        "a.docx",
        &zip(&[
            ("word/other.xml", b"<a/>"),
            ("[Content_Types].xml", b"<Types/>"),
        ]),
        "no text part",
    );
    let document = format!(
        "{}<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body><w:p><w:r><w:t>&a9;</w:t></w:r></w:p></w:body></w:document>",
        entities()
    );
    check(
        "a.docx",
        &zip(&[
            ("word/document.xml", document.as_bytes()),
            ("[Content_Types].xml", b"<Types/>"),
        ]),
        "cannot be read",
    );
    let tei = format!(
        "{}<TEI xmlns=\"http://www.tei-c.org/ns/1.0\"><text><p>&a9;</p></text></TEI>",
        entities()
    );
    check("a.xml", tei.as_bytes(), "cannot be read");
    let deep = format!(
        "<TEI xmlns=\"http://www.tei-c.org/ns/1.0\"><text>{}x{}</text></TEI>",
        "<p>".repeat(900),
        "</p>".repeat(900)
    );
    check("deep.xml", deep.as_bytes(), "deep");
    check(
        "a.rtf",
        format!(
            "{{\\rtf1 {}hello{}",
            "{".repeat(1_000_000),
            "}".repeat(1_000_000)
        )
        .as_bytes(),
        "deep",
    );
}

#[test]
fn pdfs_that_lie() {
    let pages = "<</Type/Catalog/Pages 2 0 R>>";
    check(
        "scan.pdf",
        &pdf(
            &[
                pages,
                "<</Type/Pages/Kids[3 0 R]/Count 1>>",
                "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>",
            ],
            "",
        ),
        "OCR",
    );
    check(
        "cycle.pdf",
        &pdf(&[pages, "<</Type/Pages/Kids[2 0 R]/Count 1>>"], ""),
        "damaged",
    );
    check(
        "parents.pdf",
        &pdf(
            &[
                pages,
                "<</Type/Pages/Kids[3 0 R]/Count 1/Parent 4 0 R>>",
                "<</Type/Page/Parent 2 0 R>>",
                "<</Type/Pages/Parent 2 0 R/Kids[2 0 R]>>",
            ],
            "",
        ),
        "refer to themselves",
    );
    let form = "<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources 5 0 R/Length 8>>stream\n/F0 Do \nendstream";
    let page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R/Resources 5 0 R>>";
    check(
        "forms.pdf",
        &pdf(
            &[
                pages,
                "<</Type/Pages/Kids[3 0 R]/Count 1>>",
                page,
                "<</Length 8>>stream\n/F0 Do \nendstream",
                "<</XObject<</F0 6 0 R>>>>",
                form,
            ],
            "",
        ),
        "refer to themselves",
    );
    let encrypt = format!(
        "/Encrypt<</Filter/Standard/V 2/R 3/Length 128/P -44/O<{}>/U<{}>>>/ID[<00><00>]",
        "11".repeat(32),
        "22".repeat(32)
    );
    check(
        "locked.pdf",
        &pdf(&[pages, "<</Type/Pages/Kids[]/Count 0>>"], &encrypt),
        "encrypted",
    );
    check("word.docx", b"%PDF-1.4\nnothing", "the PDF is damaged");
}

#[test]
fn pages_tables_and_datasets() {
    let text = "The ferry did not leave the harbour on Monday. ".repeat(10);
    let deep = format!(
        "<html><body>{}{text}{}</body></html>",
        "<div>".repeat(100_000),
        "</div>".repeat(100_000)
    );
    check("deep.html", deep.as_bytes(), "Web page");
    let czech = "Žluťoučký kůň příšerně úpěl ďábelské ódy, řekl starosta. ".repeat(20);
    let (bytes, ..) = encoding_rs::WINDOWS_1250.encode(&czech);
    let mut page = b"<html><head><meta charset=utf-8></head><body><article><p>".to_vec();
    page.extend_from_slice(&bytes);
    check("wrong.html", &page, "Žluťoučký kůň příšerně");
    check(
        "page.txt",
        format!("<!DOCTYPE html><html><body><article><p>{text}</p></article></body></html>")
            .as_bytes(),
        "Web page",
    );
    check(
        "ragged.csv",
        b"title,text\na,b\nc\nd,e,f,g\n\"unclosed, x\n",
        "rows have no text",
    );
    check("picture.txt", b"\x89PNG\r\n\x1a\n\0\0\0\0IHDR", "PNG");
    let deep = format!(
        "{{\"text\":\"a\",\"x\":{}{}}}",
        "[".repeat(100_000),
        "]".repeat(100_000)
    );
    check("deep.json", deep.as_bytes(), "recursion limit");
    check("outside.jsonl", b"{\"text\":\"short\",\"spans\":[{\"start\":2,\"end\":900,\"label\":\"x\"},{\"start\":0,\"end\":5,\"label\":\"ok\"}]}\n", "do not fit the text");
}
