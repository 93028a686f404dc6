//! PDFs written here, read back.

use super::*;
use std::fmt::Write as _;

/// A PDF of pages in Helvetica, each a list of lines with their places.
fn pdf(pages: &[Vec<(f64, f64, &str)>]) -> Vec<u8> {
    let mut objects = vec![String::from("<< /Type /Catalog /Pages 2 0 R >>")];
    let kids: Vec<String> = (0..pages.len())
        .map(|i| format!("{} 0 R", 4 + 2 * i))
        .collect();
    objects.push(format!(
        "<< /Type /Pages /Kids [{}] /Count {} >>",
        kids.join(" "),
        pages.len()
    ));
    objects.push(
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
            .to_owned(),
    );
    for (i, lines) in pages.iter().enumerate() {
        objects.push(format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Resources << /Font << /F1 3 0 R >> >> /Contents {} 0 R >>",
            5 + 2 * i
        ));
        let mut content = String::new();
        for (x, y, text) in lines {
            writeln!(content, "BT /F1 10 Tf {x} {} Td ({text}) Tj ET", 800.0 - y).unwrap();
        }
        objects.push(format!(
            "<< /Length {} >>\nstream\n{content}endstream",
            content.len()
        ));
    }
    document(&objects)
}

/// A file of objects, the first of them the catalogue.
fn document(objects: &[String]) -> Vec<u8> {
    let mut out = String::from("%PDF-1.4\n");
    let mut places = Vec::new();
    for (i, object) in objects.iter().enumerate() {
        places.push(out.len());
        write!(out, "{} 0 obj\n{object}\nendobj\n", i + 1).unwrap();
    }
    let xref = out.len();
    write!(out, "xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).unwrap();
    for place in places {
        writeln!(out, "{place:010} 00000 n ").unwrap();
    }
    write!(
        out,
        "trailer << /Size {} /Root 1 0 R >>\nstartxref\n{xref}\n%%EOF",
        objects.len() + 1
    )
    .unwrap();
    out.into_bytes()
}

fn stream(entries: &str, content: &str) -> String {
    let length = content.len();
    format!("<<{entries}/Length {length}>>\nstream\n{content}\nendstream")
}

const HELVETICA: &str = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>";

/// A page with these entries that draws `content`: `F1` is Helvetica, `others` are objects from 6 on
/// and `resources` may name them.
fn page(entries: &str, content: &str, resources: &str, others: &[&str]) -> Vec<u8> {
    let mut objects = vec![
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned(),
        format!(
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]{entries}/Contents 4 0 R/Resources<</Font<</F1 5 0 R{resources}>>>>>>"
        ),
        stream("", content),
        HELVETICA.to_owned(),
    ];
    objects.extend(others.iter().map(|object| (*object).to_owned()));
    document(&objects)
}

fn reading(bytes: &[u8]) -> Reading {
    read(&Source::alone("x.pdf", bytes), &ReadOptions::default()).unwrap()
}

/// `expected` is the text, and `told` stands in the remarks; nothing is told where it is empty.
#[track_caller]
fn check_read(bytes: &[u8], expected: &str, told: &str) {
    let reading = reading(bytes);
    assert_eq!(reading.articles[0].text, expected);
    match told {
        "" => assert_eq!(reading.remarks, [] as [&str; 0]),
        told => assert!(
            reading.remarks.iter().any(|remark| remark.contains(told)),
            "{:?}",
            reading.remarks
        ),
    }
}

fn check(pages: &[Vec<(f64, f64, &str)>], expected: &str) {
    let bytes = pdf(pages);
    let reading = read(&Source::alone("x.pdf", &bytes), &ReadOptions::default()).unwrap();
    assert_eq!(reading.articles[0].text, expected);
}

#[test]
fn paragraphs_and_hyphens() {
    check(
        &[vec![
            (
                50.0,
                100.0,
                "The ferry did not leave the harbour on Sunday because of the",
            ),
            (50.0, 112.0, "storm, the company said, and passen-"),
            (
                50.0,
                124.0,
                "gers had to wait in the old customs house for many hours.",
            ),
            (
                50.0,
                148.0,
                "On Monday it left at nine, with everybody on board again.",
            ),
        ]],
        "The ferry did not leave the harbour on Sunday because of the storm, the company said, and passengers had to wait in the old customs house for many hours.\n\nOn Monday it left at nine, with everybody on board again.",
    );
}

#[test]
fn columns_are_read_one_after_the_other() {
    let mut lines = vec![(
        50.0,
        60.0,
        "A headline that goes over both of the two columns of this page",
    )];
    for i in 0..8 {
        lines.push((
            50.0,
            100.0 + 12.0 * f64::from(i),
            "left column words go on here",
        ));
        lines.push((
            320.0,
            100.0 + 12.0 * f64::from(i),
            "right column words go on too",
        ));
    }
    let bytes = pdf(&[lines]);
    let reading = read(&Source::alone("x.pdf", &bytes), &ReadOptions::default()).unwrap();
    let text = &reading.articles[0].text;
    assert!(
        text.starts_with("A headline that goes over both of the two columns of this page\n\nleft"),
        "{text}"
    );
    assert!(
        text.rfind("left").unwrap() < text.find("right").unwrap(),
        "{text}"
    );
}

#[test]
fn running_heads_are_left_out() {
    let numbers = ["1", "2", "3", "4"];
    let pages: Vec<_> = numbers
        .iter()
        .map(|n| {
            vec![
                (50.0, 30.0, "The Ferry Post"),
                (50.0, 300.0, "Words of the article that stand on this page."),
                (300.0, 780.0, *n),
            ]
        })
        .collect();
    let bytes = pdf(&pages);
    let reading = read(&Source::alone("x.pdf", &bytes), &ReadOptions::default()).unwrap();
    assert!(!reading.articles[0].text.contains("Post"));
    assert!(
        reading.remarks[0].starts_with("8 running heads"),
        "{:?}",
        reading.remarks
    );
}

#[test]
fn what_has_no_text_is_refused() {
    let bytes = pdf(&[vec![], vec![]]);
    let refusal = read(&Source::alone("x.pdf", &bytes), &ReadOptions::default()).unwrap_err();
    assert!(refusal.0.contains("OCR"), "{refusal}");
}

const TWO: &str =
    "The ferry did not leave the harbour on Sunday. It was too windy, the master said.";

#[test]
fn turned_pages_are_read_upright() {
    let lines = |matrix: &str, first: &str, second: &str| {
        format!(
            "BT /F1 12 Tf {matrix} {first} Tm (The ferry did not leave the harbour on Sunday.) Tj {matrix} {second} Tm (It was too windy, the master said.) Tj ET"
        )
    };
    let check =
        |entries: &str, content: &str| check_read(&page(entries, content, "", &[]), TWO, "");
    check("/Rotate 90", &lines("0 1 -1 0", "100 72", "120 72"));
    check("/Rotate 180", &lines("-1 0 0 -1", "500 100", "500 120"));
    check("/Rotate 270", &lines("0 -1 1 0", "500 770", "480 770"));
    check("/Rotate -90", &lines("0 -1 1 0", "500 770", "480 770"));
    let upright = "BT /F1 12 Tf 72 500 Td (The ferry did not leave the harbour on Sunday.) Tj 0 -20 Td (It was too windy, the master said.) Tj ET";
    check("/Rotate 90", &format!("0 1 -1 0 600 0 cm {upright}"));
    // Only the text is turned, or only the page.
    check("", &lines("0 1 -1 0", "100 72", "120 72"));
    check("", &lines("-1 0 0 -1", "500 100", "500 120"));
    check("", &lines("0 -1 1 0", "500 770", "480 770"));
    check("/Rotate 90", upright);
    // Turned by a negative size, scanned askew, and a page that does not begin at the origin.
    check(
        "/Rotate 180",
        &lines("1 0 0 1", "500 100", "500 120").replace("12 Tf", "-12 Tf"),
    );
    check("", &lines("0.9998 0.02 -0.02 0.9998", "72 700", "72.4 680"));
    check("/CropBox[0 400 600 800]", upright);
}

#[test]
fn what_stands_sideways_beside_the_text_is_told() {
    let content = "BT /F1 12 Tf 72 700 Td (The ferry did not leave the harbour on Sunday.) Tj ET BT /F1 8 Tf 0 1 -1 0 590 72 Tm (Photo: dpa) Tj ET";
    check_read(
        &page("", content, "", &[]),
        "The ferry did not leave the harbour on Sunday.",
        "sideways beside the text were left out: 9",
    );
}

/// A composite font as objects 6 to 8, with these entries in it and in its inner font.
fn composite(entries: &str, inner: &str, map: &str) -> [String; 3] {
    [
        format!("<</Type/Font/Subtype/Type0/BaseFont/X{entries}/DescendantFonts[7 0 R]>>"),
        format!("<</Type/Font/Subtype/CIDFontType2/BaseFont/X{inner}>>"),
        stream("", map),
    ]
}

#[test]
fn widths_in_ranges_place_characters() {
    const MAP: &str = "1 begincodespacerange <0000> <FFFF> endcodespacerange 1 beginbfrange <0000> <00FF> <0000> endbfrange";
    // Each letter is put where the widths of those before it end.
    let content = "BT /F2 10 Tf 72 700 Td <0054> Tj 6 0 Td <0068> Tj 5 0 Td <0065> Tj 5 0 Td <0020> Tj 3 0 Td <0062> Tj 5 0 Td <006f> Tj ET";
    for widths in [
        "/DW 0/W[32 [300] 84 84 600 98 111 500]",
        "/DW 0/W[32 32 300 84 [600] 98 [500 500 500 500 500 500 500] 105 4294967295 500]",
        "/DW 500/W[84 84 600 32 [300]]",
    ] {
        let font = composite("/Encoding/Identity-H/ToUnicode 8 0 R", widths, MAP);
        let font: Vec<&str> = font.iter().map(String::as_str).collect();
        check_read(&page("", content, "/F2 6 0 R", &font), "The bo", "");
    }
}

#[test]
fn unknown_maps_and_fonts_cost_characters_and_not_the_file() {
    let good = "BT /F1 12 Tf 72 700 Td (The ferry did not leave the harbour on Sunday.) Tj 0 -14 Td (It was too windy, the master said.) Tj ET";
    let check = |entries: &str, inner: &str, codes: &str, expected: &str, told: &str| {
        let font = composite(entries, inner, "beginbfrange <01> <0");
        let font: Vec<&str> = font.iter().map(String::as_str).collect();
        let content = format!("{good} BT /F2 12 Tf 72 600 Td <{codes}> Tj ET");
        let expected = match expected {
            "" => TWO.to_owned(),
            more => format!("{TWO}\n\n{more}"),
        };
        check_read(&page("", &content, "/F2 6 0 R", &font), &expected, told);
    };
    let system = |ordering: &str| {
        format!("/DW 1000/CIDSystemInfo<</Registry(Adobe)/Ordering({ordering})/Supplement 2>>")
    };
    let unread = "their fonts do not say which letters they are: 2";
    check(
        "/Encoding/GBK-EUC-H",
        &system("GB1"),
        "B6C9C2D6",
        "渡轮",
        "",
    );
    check(
        "/Encoding/90ms-RKSJ-H",
        &system("Japan1"),
        "936E82B59144",
        "渡し船",
        "",
    );
    check(
        "/Encoding/Identity-H",
        &system("Japan1"),
        "04650FFA",
        "亜弌",
        "",
    );
    check(
        "/Encoding/UniGB-UCS2-H",
        &system("GB1"),
        "B6C9C2D6",
        "",
        unread,
    );
    check(
        "/Encoding/Unheard-Of",
        &system("Identity"),
        "B6C9C2D6",
        "",
        unread,
    );
    check(
        "/Encoding/Unheard-Of",
        &system("Identity"),
        "B6C9C2D6",
        "",
        "damaged could not be read whole: 1",
    );
    check(
        "/Encoding/Identity-H/ToUnicode 8 0 R",
        &system("Identity"),
        "B6C9C2D6",
        "",
        unread,
    );
    check("/Encoding 99 0 R", "", "B6C9C2D6", "", unread);
    // Not a font at all, and one whose inner font is itself.
    let content = format!("{good} BT /F2 12 Tf 72 600 Td (On Monday it left.) Tj ET");
    let both = format!("{TWO}\n\nOn Monday it left.");
    check_read(&page("", &content, "/F2 /Nothing", &[]), &both, "");
    check_read(
        &page(
            "",
            &content,
            "/F2 6 0 R",
            &["<</Subtype/Type1/FontDescriptor 6 0 R>>"],
        ),
        &both,
        "",
    );
}

#[test]
fn lost_tables_of_objects_are_made_anew() {
    let content = "BT /F1 12 Tf 72 700 Td (The ferry did not leave the harbour on Sunday.) Tj 0 -14 Td (It was too windy, the master said.) Tj ET";
    let whole = page("", content, "", &[]);
    let text = String::from_utf8(whole).unwrap();
    let table = text.find("xref\n0").unwrap();
    let pointer = text.find("startxref").unwrap();
    let check = |text: &str| check_read(text.as_bytes(), TWO, "");
    let before = |at: usize| text.split_at(at).0;
    check(&format!("{}startxref\n999999\n%%EOF", before(pointer)));
    check(&format!("{}startxref\n-5\n%%EOF", before(pointer)));
    check(before(table));
    check(before(pointer));
    // Something stands before the file, so that all places are wrong.
    check(&format!("HTTP/1.1 200 OK\n\n{text}"));
    check(&text.replace("/Length ", "/Length 9"));
    // The table is there and does not know the page.
    let mut lost = text.clone().into_bytes();
    lost[table + "xref\n0 6\n".len() + 3 * 20 + 17] = b'f';
    check_read(&lost, TWO, "objects were found one after the other");
}

#[test]
fn a_little_text_is_text() {
    check_read(
        &page("", "BT /F1 12 Tf 72 700 Td (It left.) Tj ET", "", &[]),
        "It left.",
        "",
    );
    // What would be a running head is all that there is.
    let pages: Vec<_> = (0..5)
        .map(|_| vec![(50.0, 30.0, "The Ferry Post")])
        .collect();
    assert!(
        reading(&pdf(&pages)).articles[0]
            .text
            .contains("The Ferry Post")
    );
    // A page that is a picture, but for its number.
    let picture = stream(
        "/Subtype/Image/Width 1/Height 1/BitsPerComponent 8/ColorSpace/DeviceGray",
        "x",
    );
    let content = "/X1 Do BT /F1 9 Tf 300 400 Td (Page 1 of 1) Tj ET";
    let scan = page("", content, ">>/XObject<</X1 6 0 R", &[&picture]);
    check_read(&scan, "Page 1 of 1", "may be scanned: 1");
}

#[test]
fn operators_that_are_broken_cost_themselves() {
    let check =
        |content: &str, expected: &str| check_read(&page("", content, "", &[]), expected, "");
    check("BT /F1 12 Tf 50 700 Td (a) Tj ET", "a");
    check(
        "BT 50 700 Td (a) Tj /F2 9 Tf (b) Tj /F1 9 Tf (c) Tj ET",
        "abc",
    );
    check("BT 50 700 Td q /F1 9 Tf Q (a) Tj Q (b) Tj ET", "ab");
    check(
        "Tf 1 Td /Cs1 cs 0 0 m 3 w f /X2 Do BT /F1 9 Tf 50 700 Td (a) Tj ET",
        "a",
    );
    check("BT 50 700 Td /F1 nan Tf (a) Tj ET", "a");
    check("BT 50 700 Td /F1 9 Tf [(a) /b 3 (c) [(d)] ] TJ (e ET", "ac");
    check(
        "BT 50 700 Td /F1 9 Tf (a) Tj 1 0 0 cm Tm Td 1e999 0 Td (b) Tj ET",
        "ab",
    );
    let many = format!("BT 50 700 Td /F1 9 Tf {} w (a) Tj ET", "1 ".repeat(100));
    check(&many, "a");
    let deep = format!("{}BT 50 700 Td /F1 9 Tf (a) Tj ET", "q ".repeat(100_000));
    check(&deep, "a");
}

#[test]
fn marks_say_what_characters_mean() {
    let check = |content: &str, expected: &str| {
        let content = format!("BT /F1 10 Tf 72 700 Td {content} ET");
        check_read(&page("", &content, "", &[]), expected, "");
    };
    check(
        "(of) Tj /Span<</ActualText(fi)>>BDC (X) Tj EMC (ce) Tj",
        "office",
    );
    // A hyphen that is only there because the line ends.
    check(
        "(passen) Tj /Span<</ActualText<FEFF00AD>>>BDC (-) Tj EMC 0 -12 Td (gers) Tj",
        "passengers",
    );
    check(
        "(passen) Tj /Span<</ActualText()>>BDC (-) Tj EMC 0 -12 Td (gers) Tj",
        "passengers",
    );
    // What says the text of several lines says nothing of their ends.
    check(
        "/P<</ActualText(a b)>>BDC (It left.) Tj 0 -12 Td (It came.) Tj EMC",
        "It left.\n\nIt came.",
    );
    check("EMC (a) Tj /P BMC (b) Tj EMC /P /MC9 BDC (c) Tj EMC", "abc");
}

#[test]
fn fonts_of_drawings_and_names_have_letters() {
    let check = |font: &str, codes: &str, expected: &str| {
        let content = format!("BT /F2 10 Tf 72 700 Td {codes} Tj ET");
        check_read(&page("", &content, "/F2 6 0 R", &[font]), expected, "");
    };
    let type3 = "<</Type/Font/Subtype/Type3/FontMatrix[0.01 0 0 0.01 0 0]/FontBBox[0 -20 60 80]/FirstChar 97/LastChar 99/Widths[50 50 50]/CharProcs<<>>";
    check(
        &format!("{type3}/Encoding<</Differences[97/a97/a98/a99]>>>>"),
        "(cab)",
        "cab",
    );
    check(
        &format!("{type3}/Encoding<</Differences[97/alpha/beta/gamma]>>>>"),
        "(cab)",
        "γαβ",
    );
    let type1 =
        "<</Type/Font/Subtype/Type1/BaseFont/X/FirstChar 97/LastChar 99/Widths[500 500 500]";
    check(
        &format!("{type1}/Encoding<</Differences[97/f_f_i/uni0416/Asmall]>>>>"),
        "(abc)",
        "ffiЖa",
    );
    check(
        "<</Type/Font/Subtype/Type1/BaseFont/Symbol>>",
        "(abc\\267)",
        "αβχ•",
    );
}

#[test]
fn lines_from_the_right_and_from_above_are_read_in_their_order() {
    // Drawn from left to right, as all programs do.
    let names = "/afii57664/afii57665/afii57666/afii57667/afii57668";
    let font = format!(
        "<</Type/Font/Subtype/Type1/BaseFont/X/FirstChar 97/LastChar 101/Widths[500 500 500 500 500]/Encoding<</Differences[97{names}]>>>>"
    );
    let content = "BT /F2 10 Tf 400 700 Td (cba ed) Tj 0 -12 Td (12 eb) Tj ET";
    check_read(
        &page("", content, "/F2 6 0 R", &[&font]),
        "דה אבג בה 12",
        "",
    );
    let inner = "/DW 1000/CIDSystemInfo<</Ordering(Japan1)>>";
    let font = composite("/Encoding/UniJIS-UCS2-V", inner, "");
    let font: Vec<&str> = font.iter().map(String::as_str).collect();
    let content = "BT /F2 10 Tf 500 700 Td <6E213057> Tj ET BT /F2 10 Tf 485 700 Td <8239304C> Tj ET BT /F1 10 Tf 50 750 Td (The ferry) Tj ET";
    let both = "The ferry\n\n渡し船が";
    check_read(&page("", content, "/F2 6 0 R", &font), both, "");
    // Put one by one beneath each other in a font for other lines, and beside each other in this one.
    let beneath = "BT /F2 10 Tf 495 691 Td <6E21> Tj 0 -10 Td <3057> Tj ET BT /F2 10 Tf 480 691 Td <8239> Tj 0 -10 Td <304C> Tj ET BT /F1 10 Tf 50 750 Td (The ferry) Tj ET";
    let beside = "BT /F2 10 Tf 100 691 Td <6E21> Tj 10 0 Td <3057> Tj 10 0 Td <8239> Tj 10 0 Td <304C> Tj ET";
    check_read(&page("", beside, "/F2 6 0 R", &font), "渡し船が", "");
    let font = composite("/Encoding/UniJIS-UCS2-H", inner, "");
    let font: Vec<&str> = font.iter().map(String::as_str).collect();
    check_read(&page("", beneath, "/F2 6 0 R", &font), both, "");
}

#[test]
fn pages_that_draw_too_much_are_cut_and_told() {
    let letters = |times: usize| "BT /F1 9 Tf 1 0 0 1 50 500 Tm (a) Tj ET\n".repeat(times);
    let count = |bytes: &[u8]| {
        let reading = reading(bytes);
        (
            reading.articles[0].text.matches('a').count(),
            reading.remarks,
        )
    };
    // Text behind many operators is there; the same letters in one place are bold print.
    let lines = format!(
        "{}{}BT /F1 9 Tf 50 100 Td (aaa) Tj ET",
        letters(2),
        "q Q ".repeat(100_000)
    );
    assert_eq!(count(&page("", &lines, "", &[])), (4, Vec::new()));
    let endless = format!(
        "BT /F1 9 Tf 50 500 Td (a) Tj ET {}BT /F1 9 Tf 50 100 Td (aaa) Tj ET",
        "q ".repeat(content::MAX_STEPS)
    );
    let (kept, told) = count(&page("", &endless, "", &[]));
    assert_eq!(kept, 1);
    let expected = format!(
        "only the first {} of page 1’s operators",
        content::MAX_STEPS
    );
    assert!(
        told.iter().any(|remark| remark.contains(&expected)),
        "{told:?}"
    );
}

#[test]
fn damaged_files_do_no_harm() {
    let whole = pdf(&[vec![(
        50.0,
        100.0,
        "The ferry did not leave the harbour on Sunday.",
    )]]);
    for cut in (0..whole.len()).step_by(7) {
        let part = whole[..cut].to_vec();
        #[expect(clippy::disallowed_methods, reason = "the library may panic here")]
        let _result = std::panic::catch_unwind(move || {
            read(&Source::alone("x.pdf", &part), &ReadOptions::default()).is_ok()
        });
    }
}
