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
