//! What analysts must not be hurt by: files that are damaged, hostile or something else than they
//! claim. Each gets one clear line, and the rest of the import goes on.

use pressmark::app::import::workers::Readers;
use pressmark::app::import::{ImportOptions, import_paths};
use pressmark::core::project::Project;
use pressmark::format::project_ron;
use std::io::Write;
use std::process::Command;
use std::time::{Duration, Instant};

fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in members {
        // Books and office documents say what they are without being unpacked.
        let options = zip::write::SimpleFileOptions::default();
        let options = match *name {
            "mimetype" => options.compression_method(zip::CompressionMethod::Stored),
            _ => options,
        };
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

/// Set for a test that this one starts in a process of its own.
const ALONE: &str = "PRESSMARK_TEST_ALONE";

/// What reading took: the processor's time, where nothing else is done in this process; else the time.
struct Taken {
    began: Instant,
    busy: Option<Duration>,
}

impl Taken {
    fn begin() -> Self {
        Self {
            began: Instant::now(),
            busy: busy().filter(|_| std::env::var_os(ALONE).is_some()),
        }
    }

    fn end(self) -> Duration {
        match (self.busy, busy()) {
            (Some(before), Some(now)) => now.saturating_sub(before),
            _ => self.began.elapsed(),
        }
    }
}

/// The processor time of all threads of this process.
#[cfg(unix)]
fn busy() -> Option<Duration> {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Some(Duration::new(time.tv_sec as u64, time.tv_nsec as u32))
}

#[cfg(not(unix))]
fn busy() -> Option<Duration> {
    None
}

/// Runs a test in a process of its own, whose processor time is that of the test alone, however loaded
/// the machine is; `true` in that process.
fn is_alone(test: &str) -> bool {
    if std::env::var_os(ALONE).is_some() {
        return true;
    }
    let program = std::env::current_exe().unwrap();
    let ran = Command::new(program)
        .args(["--exact", test, "--nocapture"])
        .env(ALONE, "1")
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&ran.stdout);
    assert!(
        ran.status.success(),
        "{told}{}",
        String::from_utf8_lossy(&ran.stderr)
    );
    assert!(told.contains("1 passed"), "{test} is no test: {told}");
    false
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
    let taken = Taken::begin();
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
    let taken = taken.end();
    assert!(taken < Duration::from_secs(20), "{name} took {taken:?}");
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

fn workbook(sheet: &str, strings: &str) -> Vec<u8> {
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = "http://schemas.openxmlformats.org/package/2006/relationships";
    let all = [
        (
            "[Content_Types].xml",
            "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>"
                .to_owned(),
        ),
        (
            "_rels/.rels",
            format!(
                "<Relationships xmlns=\"{package}\"><Relationship Id=\"r1\" Type=\"{office}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/workbook.xml",
            format!(
                "<workbook xmlns=\"{main}\" xmlns:r=\"{office}\"><sheets><sheet name=\"S\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                "<Relationships xmlns=\"{package}\"><Relationship Id=\"r1\" Type=\"{office}/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>"
            ),
        ),
        ("xl/sharedStrings.xml", strings.to_owned()),
        (
            "xl/worksheets/sheet1.xml",
            format!("<worksheet xmlns=\"{main}\">{sheet}</worksheet>"),
        ),
    ];
    let all: Vec<(&str, &[u8])> = all
        .iter()
        .map(|(name, text)| (*name, text.as_bytes()))
        .collect();
    zip(&all)
}

fn open_workbook(rows: &str) -> Vec<u8> {
    let content = format!(
        "<office:document-content xmlns:office=\"o\" xmlns:table=\"t\" xmlns:text=\"x\"><office:body><office:spreadsheet><table:table table:name=\"S\">{rows}</table:table></office:spreadsheet></office:body></office:document-content>"
    );
    zip(&[
        (
            "mimetype",
            b"application/vnd.oasis.opendocument.spreadsheet",
        ),
        ("content.xml", content.as_bytes()),
    ])
}

#[test]
fn workbooks_that_claim_more_than_they_hold() {
    let text =
        |at: &str, text: &str| format!("<c r=\"{at}\" t=\"inlineStr\"><is><t>{text}</t></is></c>");
    let table = format!(
        "<row r=\"1\">{}{}</row><row r=\"2\">{}{}</row>",
        text("A1", "title"),
        text("B1", "text"),
        text("A2", "The far cell"),
        text("B2", "The ferry stayed.")
    );
    let far = format!(
        "<sheetData>{table}<row r=\"1048576\">{}</row></sheetData>",
        text("XFD1048576", "far")
    );
    check("far.xlsx", &workbook(&far, "<sst/>"), "XFD1048576 “far”");
    check("far.xlsx", &workbook(&far, "<sst/>"), "The far cell");
    let false_counts = format!(
        "<dimension ref=\"A1:XFD1048576\"/><cols><col min=\"1\" max=\"16384\"/></cols><sheetData>{table}</sheetData><mergeCells count=\"4000000000\"/>"
    );
    let strings = "<sst xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" count=\"4000000000\" uniqueCount=\"4000000000\"><si><t>a</t></si></sst>";
    check(
        "count.xlsx",
        &workbook(&false_counts, strings),
        "The far cell",
    );
    // A sheet that breaks off gives what precedes the break.
    let cut = format!("<sheetData>{table}<row r=\"3\"><c r=\"A3\"");
    check("cut.xlsx", &workbook(&cut, "<sst/>"), "after row 2");
    let cell = |repeats: &str, text: &str| {
        format!(
            "<table:table-cell {repeats} office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell>"
        )
    };
    let head = format!(
        "<table:table-row>{}{}</table:table-row>",
        cell("", "title"),
        cell("", "text")
    );
    let filled = format!(
        "<table:table-row>{}{}<table:table-cell table:number-columns-repeated=\"16382\"/></table:table-row>",
        cell("", "The repeated rows"),
        cell("", "The ferry stayed.")
    );
    let empty = "<table:table-row table:number-rows-repeated=\"1048570\"><table:table-cell table:number-columns-repeated=\"16384\"/></table:table-row>";
    check(
        "empty.ods",
        &open_workbook(&format!("{head}{filled}{empty}{filled}")),
        "The repeated rows",
    );
    let nested = format!(
        "<table:table-row table:number-rows-repeated=\"1048570\">{}</table:table-row>",
        cell("table:number-columns-repeated=\"16384\"", "x")
    );
    let nested = format!("{head}{filled}{}", nested.repeat(20));
    check("nested.ods", &open_workbook(&nested), "The repeated rows");
    check(
        "nested.ods",
        &open_workbook(&nested),
        "stands there 16384 times",
    );
    check(
        "open.ods",
        &open_workbook(&format!("{head}{filled}<table:table-row><!--")),
        "The repeated rows",
    );
}

/// A PDF of pages with these contents, and fonts and forms by their names.
fn pdf_of(pages: &[&str], resources: &str, others: &[String]) -> Vec<u8> {
    let mut objects = vec![
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        String::new(),
        format!("<<{resources}>>"),
    ];
    objects.extend(others.iter().cloned());
    let mut kids = String::new();
    for page in pages {
        let number = objects.len() + 1;
        kids += &format!("{number} 0 R ");
        objects.push(format!(
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Resources 3 0 R/Contents {} 0 R>>",
            number + 1
        ));
        objects.push(stream("", page));
    }
    objects[1] = format!("<</Type/Pages/Kids[{kids}]/Count {}>>", pages.len());
    let objects: Vec<&str> = objects.iter().map(String::as_str).collect();
    pdf(&objects, "")
}

fn stream(entries: &str, content: &str) -> String {
    format!(
        "<<{entries}/Length {}>>stream\n{content}\nendstream",
        content.len()
    )
}

#[test]
fn pdfs_that_grow_or_end_their_reader() {
    const HELVETICA: &str = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>";
    let good = "BT /F1 12 Tf 50 700 Td (The good page has some text of its own.) Tj ET";
    // In hexadecimal digits, since a PDF of text holds no bytes.
    let packed = |bytes: &[u8]| {
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    };
    let bomb = packed(&packed(&b"q Q ".repeat(12 << 20)));
    let mut bytes = pdf_of(
        &[good, "bomb"],
        "/Font<</F1 4 0 R>>",
        &[HELVETICA.to_owned()],
    );
    // The page's stream in place of the placeholder; the table of objects is found again.
    let placeholder = b"<</Length 4>>stream\nbomb\nendstream";
    let at = bytes
        .windows(placeholder.len())
        .position(|part| part == placeholder)
        .unwrap();
    let mut stream_of_bomb = format!(
        "<</Filter[/FlateDecode/FlateDecode]/Length {}>>stream\n",
        bomb.len()
    )
    .into_bytes();
    stream_of_bomb.extend(&bomb);
    stream_of_bomb.extend(b"\nendstream");
    let grown = stream_of_bomb.len() - placeholder.len();
    bytes.splice(at..at + placeholder.len(), stream_of_bomb);
    let end = bytes
        .windows(9)
        .rposition(|part| part == b"startxref")
        .unwrap();
    let table: usize = String::from_utf8_lossy(&bytes[end + 10..])
        .split_whitespace()
        .next()
        .unwrap()
        .parse()
        .unwrap();
    bytes.truncate(end);
    bytes.extend(format!("startxref\n{}\n%%EOF", table + grown).bytes());
    check("bomb.pdf", &bytes, "unpacks to too much");
    check("bomb.pdf", &bytes, "The good page");
    // Each form draws the next twice.
    let forms: Vec<String> = (0..40)
        .map(|n| {
            let twice = format!("/X{0} Do /X{0} Do", n + 1);
            stream(
                "/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources 3 0 R",
                if n == 39 { "q Q" } else { &twice },
            )
        })
        .collect();
    let named: String = (0..40).map(|n| format!("/X{n} {} 0 R", n + 5)).collect();
    let others: Vec<String> = [HELVETICA.to_owned()].into_iter().chain(forms).collect();
    let doubling = pdf_of(
        &[good, "/X0 Do"],
        &format!("/Font<</F1 4 0 R>>/XObject<<{named}>>"),
        &others,
    );
    check("doubling.pdf", &doubling, "again and again");
    // Ranges of characters that never end, in the map and in the widths.
    let map = "1 begincodespacerange <0000> <FFFF> endcodespacerange 1 beginbfrange <00000000> <FFFFFFFF> <0041> endbfrange";
    let fonts = [
        HELVETICA.to_owned(),
        "<</Type/Font/Subtype/Type0/BaseFont/X/Encoding/Identity-H/ToUnicode 6 0 R/DescendantFonts[7 0 R]>>".to_owned(),
        stream("", map),
        "<</Type/Font/Subtype/CIDFontType2/BaseFont/X/W[0 4294967295 500]>>".to_owned(),
    ];
    let composite = "BT /F2 12 Tf 50 600 Td <0000000100020003> Tj ET";
    check(
        "ranges.pdf",
        &pdf_of(
            &[&format!("{good} {composite}")],
            "/Font<</F1 4 0 R/F2 5 0 R>>",
            &fonts,
        ),
        "The good page",
    );
    // What the reader panics on costs its page at most.
    let font = "/Font<</F1 4 0 R>>";
    let others = [HELVETICA.to_owned()];
    let size = "BT /F1 nan Tf 1e30 Td (Some text without a size, but text.) Tj ET";
    check(
        "size.pdf",
        &pdf_of(&[size, good], font, &others),
        "Some text without a size",
    );
    check(
        "operands.pdf",
        &pdf_of(&["1 0 0 cm Tj Tm", good], font, &others),
        "The good page",
    );
    let broken = [
        HELVETICA.to_owned(),
        "<</Type/Font/Subtype/Type0/BaseFont/X/Encoding/Unheard-Of/DescendantFonts[4 0 R]>>"
            .to_owned(),
    ];
    check(
        "font.pdf",
        &pdf_of(
            &["BT /F2 9 Tf (a) Tj ET", good, good],
            "/Font<</F1 4 0 R/F2 5 0 R>>",
            &broken,
        ),
        "damaged could not be read whole: 1",
    );
    let endless =
        "<</Type/XRef/W[0 0 0]/Index[0 4000000000]/Size 4000000000/Length 0>>stream\n\nendstream";
    let mut endless = format!("%PDF-1.5\n1 0 obj\n{endless}\nendobj\n").into_bytes();
    endless.extend(b"startxref\n9\n%%EOF");
    check("endless.pdf", &endless, "has no columns");
}

#[test]
fn attributes_entities_and_elements_that_cost_too_much() {
    let many: String = (0..60_000).map(|n| format!(" a{n}=\"x\"")).collect();
    let text = "The ferry did not leave the harbour on Monday, said the mayor. ".repeat(8);
    let page = format!("<html><body><article><p{many}>{text}</p></article></body></html>");
    check("many.html", page.as_bytes(), "59000 attributes");
    check("many.html", page.as_bytes(), "The ferry did not leave");
    let tei = format!(
        "<TEI xmlns=\"http://www.tei-c.org/ns/1.0\"{many}><text><body><p>{text}</p></body></text></TEI>"
    );
    check("many.xml", tei.as_bytes(), "59001 attributes");
    check("many.xml", tei.as_bytes(), "TEI document");
    let long = "x".repeat(50_000);
    let often = "&a;".repeat(50_000);
    let entity = format!(
        "<!DOCTYPE TEI [<!ENTITY a \"{long}\">]><TEI xmlns=\"http://www.tei-c.org/ns/1.0\"><text><p>{often}</p></text></TEI>"
    );
    check("entity.xml", entity.as_bytes(), "unfold to more than 16 MB");
    // Unclosed fonts come again in each paragraph; end tags that close nothing hide the nesting.
    let fonts: String = (0..600).map(|n| format!("<font color=\"{n}\">")).collect();
    let fonts = format!(
        "<html><body><p>{fonts}x</p>{}",
        "<p>word</p>".repeat(30_000)
    );
    check("fonts.html", fonts.as_bytes(), "all of its text was taken");
    let hidden = format!("<html><body>{}{text}", "<div></x>".repeat(60_000));
    check(
        "hidden.html",
        hidden.as_bytes(),
        "all of its text was taken",
    );
    let drawn = format!("<html><body><svg>{}{text}", "<g>".repeat(60_000));
    check("drawn.html", drawn.as_bytes(), "Web page");
    // Boxes in boxes, each of which is looked at for how much it holds.
    let boxes = format!(
        "<html><body>{}{}",
        "<div class=\"related\">".repeat(1_000),
        format!("<p>{text}</p>").repeat(1_000)
    );
    check("boxes.html", boxes.as_bytes(), "The ferry did not leave");
}

#[test]
fn records_of_fields_of_their_own_and_books_that_repeat_themselves() {
    let records: Vec<String> = (0..6_000)
        .map(|n| format!("{{\"text\":\"Record {n}\",\"own{n}\":1,\"other{n}\":2}}"))
        .collect();
    let records = format!("[{}]", records.join(","));
    check("own.json", records.as_bytes(), "6000 articles");
    let container = "<container><rootfiles><rootfile full-path=\"b.opf\"/></rootfiles></container>";
    let package = format!(
        "<package><manifest><item id=\"c\" href=\"c.xhtml\"/></manifest><spine>{}<itemref idref=\"d\"/></spine></package>",
        "<itemref idref=\"c\"/>".repeat(5_000)
    );
    let chapter = format!(
        "<html><body>{}</body></html>",
        "<p>The chapter goes on and on.</p>".repeat(500)
    );
    let book = zip(&[
        ("mimetype", b"application/epub+zip"),
        ("META-INF/container.xml", container.as_bytes()),
        ("b.opf", package.as_bytes()),
        ("c.xhtml", chapter.as_bytes()),
    ]);
    check("book.epub", &book, "named 4999 times more");
    check(
        "book.epub",
        &book,
        "1 chapters that the book names are not in it",
    );
    let heads = format!("WARC/1.0\n\n{}", "WARC/\n\n".repeat(100_000));
    check("heads.warc", heads.as_bytes(), "no pages with text");
    let open = format!("WARC/1.0\r\nX: {}", "x".repeat(70_000));
    check("open.warc", open.as_bytes(), "no pages with text");
}

/// More than is read of one file is told with what was left out.
#[test]
fn what_is_beyond_the_limits_is_told() {
    if !is_alone("bad_input::what_is_beyond_the_limits_is_told") {
        return;
    }
    const MOST: usize = 200_000;
    let told = format!("only the first {MOST}");
    let rows = "a\n".repeat(MOST + 3);
    check(
        "rows.csv",
        format!("text\n{rows}").as_bytes(),
        &format!(
            "{told} articles were read; 3 rows after row {} were left out",
            MOST + 1
        ),
    );
    let docs = format!(
        "<docs>{}</docs>",
        "<doc><ENAMEX TYPE=\"PERSON\">a</ENAMEX></doc>".repeat(MOST + 2)
    );
    check(
        "docs.xml",
        docs.as_bytes(),
        &format!("{told} of its {} articles", MOST + 2),
    );
    let tokens = "-DOCSTART- -X- -X- O\n\na NN B-NP B-X\n\n".repeat(MOST + 1);
    check(
        "tokens.conll",
        tokens.as_bytes(),
        &format!("{told} of its {} articles", MOST + 1),
    );
    let cell = "x".repeat(65 << 20);
    let monster = format!("title,text\nThe short row,x\nb,\"{cell}\"\nThe last row,y\n");
    check(
        "monster.csv",
        monster.as_bytes(),
        "row 3 has a cell of over 64 MB",
    );
    check("monster.csv", monster.as_bytes(), "2 articles");
}

#[test]
fn a_project_is_no_article() {
    let written = project_ron::write(&Project::new("Mine"), &mut |_| true).unwrap();
    check(
        "mine.ron",
        written.as_bytes(),
        "this is a project of Pressmark",
    );
}

/// Imports a folder of these files; `expected` are the lines of the files that were refused.
#[track_caller]
fn check_refused(files: &[(&[u8], &[u8])], expected: &[(&str, &str)]) {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        let name = String::from_utf8_lossy(name);
        let path = folder.path().join(&*name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
    check_refused_in(folder.path(), expected);
}

#[track_caller]
fn check_refused_in(folder: &std::path::Path, expected: &[(&str, &str)]) -> Vec<String> {
    let paths = [folder.to_owned()];
    let options = ImportOptions::default();
    let import = import_paths(
        &Readers::default(),
        &Project::new(""),
        &paths,
        &options,
        &mut |_, _| true,
    );
    let told: Vec<String> = import.report.iter().map(|file| file.line()).collect();
    assert_eq!(import.refused(), expected.len(), "{told:#?}");
    for (name, reason) in expected {
        let is_it = |line: &&String| line.contains(name) && line.contains(reason);
        assert_eq!(told.iter().filter(is_it).count(), 1, "{name}: {told:#?}");
    }
    told
}

#[test]
fn annotations_without_their_text_are_told() {
    const LEFT: &str = "its annotations were left out";
    let text: &[u8] = b"Anna said yes.";
    let ann: &[u8] = b"T1\tquote 0 4\tAnna\n";
    let labels: &[u8] = b"1\tDoubt\t0\t4\n";
    check_refused(
        &[(b"b.txt", text), (b"a.ann", ann), (b"annotation.conf", b"")],
        &[("a.ann: ", LEFT)],
    );
    check_refused(&[(b"only/a.ann", ann)], &[("a.ann: ", LEFT)]);
    check_refused(
        &[(b"a.txt", text), (b"a.ANN", ann), (b"b.ann", ann)],
        &[("a.ANN: ", LEFT), ("b.ann: ", LEFT)],
    );
    check_refused(
        &[
            (b"a.txt", text),
            (b"a.ann", ann),
            (b"annotation.conf", b"[entities]\nquote\n"),
        ],
        &[],
    );
    // A text that is none.
    check_refused(
        &[
            (b"b.txt", text),
            (b"a.txt", b"\0\x01\xff\0\0"),
            (b"a.ann", ann),
        ],
        &[("a.txt: ", "binary"), ("a.ann: ", LEFT)],
    );
    check_refused(
        &[
            (b"articles/article1.txt", text),
            (b"labels/article1.task2-TC.labels", labels),
            (b"labels/article1.task1-SI.labels", b"1\t0\t4\n"),
            (b"labels/article2.task2-TC.labels", labels),
        ],
        &[("article2.task2-TC.labels: ", LEFT)],
    );
    let mut members: Vec<(String, &[u8])> = Vec::new();
    for n in 0..20 {
        members.push((format!("d/{n}.txt"), text));
        members.push((format!("d/{n}.ann"), ann));
    }
    members.push(("lone/x.ann".to_owned(), ann));
    members.push(("__MACOSX/d/._1.ann".to_owned(), ann));
    let members: Vec<(&str, &[u8])> = members.iter().map(|(n, b)| (n.as_str(), *b)).collect();
    check_refused(&[(b"a.zip", &zip(&members))], &[("lone/x.ann: ", LEFT)]);
}

#[cfg(unix)]
#[test]
fn names_of_any_bytes_keep_their_annotations() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let folder = tempfile::tempdir().unwrap();
    let put = |name: &[u8], bytes: &[u8]| {
        let path = folder.path().join(OsStr::from_bytes(name));
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    };
    for (stem, name) in [
        (&b"back\\slash"[..], "Bea"),
        (b"no\xffutf8", "Cem"),
        (b"d\xfe/x", "Dan"),
    ] {
        put(
            &[stem, b".txt"].concat(),
            format!("{name} said yes.").as_bytes(),
        );
        put(
            &[stem, b".ann"].concat(),
            format!("T1\tquote 0 3\t{name}\n").as_bytes(),
        );
    }
    let told = check_refused_in(folder.path(), &[]);
    let read = told.iter().filter(|line| line.contains("1 annotations"));
    assert_eq!(read.count(), 3, "{told:#?}");
    // Which of them is meant cannot be told by such a name.
    for stem in [&b"two\xff"[..], b"two\xfe"] {
        put(
            &[stem, b".txt"].concat(),
            format!("Text {stem:?}.").as_bytes(),
        );
        put(&[stem, b".ann"].concat(), b"T1\tquote 0 4\tText\n");
    }
    let paths = [folder.path().to_owned()];
    let options = ImportOptions::default();
    let (readers, project) = (Readers::default(), Project::new(""));
    let import = import_paths(&readers, &project, &paths, &options, &mut |_, _| true);
    assert_eq!(import.refused(), 2);
}

#[test]
fn adding_can_be_stopped() {
    let folder = tempfile::tempdir().unwrap();
    for n in 0..10 {
        let path = folder.path().join(format!("{n}.txt"));
        std::fs::write(path, format!("Article {n}")).unwrap();
    }
    let paths = [folder.path().to_owned()];
    let options = ImportOptions::default();
    let (readers, project) = (Readers::default(), Project::new(""));
    let mut heard = Vec::new();
    let import = import_paths(&readers, &project, &paths, &options, &mut |share, path| {
        heard.push(share);
        !path.ends_with("7.txt") || share < 0.9
    });
    assert!(import.is_cancelled && import.report.is_empty());
    assert!(heard.is_sorted(), "{heard:?}");
    assert!(heard.len() > 7);
}
