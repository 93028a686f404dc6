//! Importing texts, pages, exports of databases, PDFs and tables, beside trafilatura.

use crate::measured::{forget_peak, memory_mb, report};
use crate::workload;
use pressmark::app::import::workers::Readers;
use pressmark::app::import::{ImportOptions, Proposal, import_paths};
use pressmark::core::project::Project;
use std::path::Path;
use std::time::Instant;

/// Importing texts, saved pages, a database export and a PDF of the sizes that analysts have, made
/// with fixed seeds.
pub fn imports(folder: &Path) {
    let readers = Readers::started_as(Path::new(env!("CARGO_BIN_EXE_pressmark")));
    let sentence = |n: usize| {
        format!(
            "Sentence {n} says that the ferry number {} left harbour {} on time. ",
            n * 7 % 1_000,
            n * 13 % 97
        )
    };
    let text = |n: usize, bytes: usize| -> String {
        let sentences = (0..).map(|i| sentence(n * 1_000 + i));
        let mut text = String::new();
        for (i, sentence) in sentences.enumerate() {
            if text.len() >= bytes {
                break;
            }
            text.push_str(&sentence);
            if i % 6 == 5 {
                text.push_str("\n\n");
            }
        }
        text
    };
    let texts = folder.join("texts");
    std::fs::create_dir_all(&texts).unwrap();
    for n in 0..10_000 {
        std::fs::write(texts.join(format!("{n}.txt")), text(n, 5_000)).unwrap();
    }
    let pages = folder.join("pages");
    std::fs::create_dir_all(&pages).unwrap();
    for n in 0..1_000 {
        let body = text(n, 6_000).replace("\n\n", "</p><p>");
        let menu: String = (0..250)
            .map(|i| format!("<li class=\"menu-item depth-2\"><a href=\"/section/{i}\" data-track=\"nav\">Section number {i}</a></li>"))
            .collect();
        let page = format!(
            "<!DOCTYPE html><html lang=\"en\"><head><title>Page {n}</title></head><body><nav><ul>{menu}</ul></nav><article><h1>Page {n}</h1><p>{body}</p></article><footer><ul>{menu}</ul></footer></body></html>"
        );
        std::fs::write(pages.join(format!("{n}.html")), page).unwrap();
    }
    let export = folder.join("export");
    std::fs::create_dir_all(&export).unwrap();
    let mut articles = String::new();
    for n in 0..500 {
        articles.push_str(&format!(
            "Ferry number {n} stays in harbour\n\nThe Ferry Post\n\nNovember {}, 2019 Monday\n\nCopyright 2019 The Ferry Post All Rights Reserved\n\nSection: NEWS; Pg. {n}\n\nLength: 800 words\n\nByline: Ana Lund\n\nBody\n\n{}\n\nLoad-Date: November 4, 2019\n\nEnd of Document\n\n",
            n % 28 + 1,
            text(n + 20_000, 5_000)
        ));
    }
    std::fs::write(export.join("nexis.txt"), articles).unwrap();
    let papers = folder.join("papers");
    std::fs::create_dir_all(&papers).unwrap();
    let lines: Vec<String> = text(7, 200 * 40 * 70)
        .split_whitespace()
        .collect::<Vec<_>>()
        .chunks(12)
        .map(|words| words.join(" "))
        .collect();
    std::fs::write(papers.join("report.pdf"), pdf(&lines, 200)).unwrap();
    // All rows have the same forty words.
    let rows = folder.join("rows");
    std::fs::create_dir_all(&rows).unwrap();
    let mut table = String::from("title,text\n");
    for n in 0..60_000 {
        let text = workload::prose(1_500, 1_500, n);
        table.push_str(&format!("Row {n},\"{}\"\n", text.replace('"', "'")));
    }
    std::fs::write(rows.join("rows.csv"), table).unwrap();
    let project = Project::new("bench");
    for (what, folder, count, limit) in [
        ("60,000 rows of the same words", &rows, 60_000, 20.0),
        ("10,000 texts of 5 kB", &texts, 10_000, 3.0),
        ("1,000 pages of 60 kB", &pages, 1_000, 6.0),
        ("an export of 500 articles", &export, 500, 2.0),
        ("a PDF of 200 pages", &papers, 1, 3.0),
    ] {
        forget_peak();
        let before = memory_mb("VmRSS");
        let start = Instant::now();
        let read = import_paths(
            &readers,
            &project,
            std::slice::from_ref(folder),
            &ImportOptions::default(),
            &mut |_, _| true,
        );
        let proposal = Proposal::of(&project, read, &mut || true);
        let seconds = start.elapsed().as_secs_f64();
        assert_eq!(
            proposal.import.article_count(),
            count,
            "{:?}",
            proposal.import.remarks()
        );
        report(&format!("import {what}"), seconds, "s", Some(limit));
        report("  a second", count as f64 / seconds, "articles", None);
        let most = memory_mb("VmHWM") - before;
        report("  memory, at most", most, "MB", Some(600.0));
    }
    trafilatura(&pages);
}

/// What trafilatura makes of a hundred of the same pages, when Python has it: set `PYTHON` to one
/// that does.
fn trafilatura(pages: &Path) {
    const SCRIPT: &str = "import sys,time,pathlib,trafilatura\n\
        pages=[p.read_text() for p in sorted(pathlib.Path(sys.argv[1]).iterdir())[:100]]\n\
        start=time.time()\n\
        for page in pages: trafilatura.extract(page)\n\
        print(len(pages)/(time.time()-start))";
    let python = std::env::var("PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let run = std::process::Command::new(python)
        .args(["-c", SCRIPT])
        .arg(pages)
        .output();
    let rate = run.ok().filter(|run| run.status.success()).and_then(|run| {
        let told = String::from_utf8(run.stdout).ok()?;
        told.trim().parse::<f64>().ok()
    });
    match rate {
        Some(rate) => report("trafilatura, on one core", rate, "pages a second", None),
        None => println!("trafilatura is not installed; set PYTHON to a Python that has it"),
    }
}

/// A PDF with these lines on so many pages.
fn pdf(lines: &[String], pages: usize) -> Vec<u8> {
    let mut objects = vec![
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        String::new(),
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>".to_owned(),
    ];
    let mut kids = String::new();
    let per_page = lines.len().div_ceil(pages);
    for page in lines.chunks(per_page) {
        let mut content = String::from("BT /F1 10 Tf 14 TL 60 760 Td\n");
        for line in page {
            content.push_str(&format!("({line}) Tj T*\n"));
        }
        content.push_str("ET");
        let at = objects.len() + 1;
        kids.push_str(&format!("{at} 0 R "));
        objects.push(format!("<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents {} 0 R/Resources<</Font<</F1 3 0 R>>>>>>", at + 1));
        objects.push(format!(
            "<</Length {}>>stream\n{content}\nendstream",
            content.len()
        ));
    }
    let count = lines.chunks(per_page).count();
    if let Some(tree) = objects.get_mut(1) {
        *tree = format!("<</Type/Pages/Kids[{kids}]/Count {count}>>");
    }
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
        "trailer\n<</Size {size}/Root 1 0 R>>\nstartxref\n{table}\n%%EOF"
    ));
    out.into_bytes()
}
