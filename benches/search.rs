//! What searching costs with 10,000 articles, 50 MB and 300,000 annotations: the first hits, a common
//! word, expressions, conditions, rules that are kept, and the room that hits take; with what ripgrep
//! needs for the same texts in files.

use crate::measured::{Sample, report};
use crate::workload;
use pressmark::app::search::{Memo, search_all};
use pressmark::core::project::Project;
use pressmark::core::search::{Options, Reading, Search};
use pressmark::core::text::ArticleText;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

const ARTICLES: usize = 10_000;
/// As often is each measured.
const TIMES: usize = 5;

/// Milliseconds to the first hits and to the last, and how many there are.
fn once(project: &Project, query: &str, options: &Options, memo: &mut Memo) -> (f64, f64, usize) {
    let started = Instant::now();
    let ms = || started.elapsed().as_secs_f64() * 1_000.0;
    let search = Search::of(query, options, project, &"bench".into()).unwrap();
    let mut first = None;
    let found = search_all(&search, project.articles(), memo, &|| true, &mut |_| {
        first.get_or_insert(ms());
    });
    let all = ms();
    (first.unwrap_or(all), all, found.unwrap().hits.len())
}

fn measure(project: &Project, what: &str, query: &str, options: &Options, limit: f64) {
    let (mut first, mut all, mut hits) = (Vec::new(), Vec::new(), 0);
    for _ in 0..TIMES {
        let (to_first, to_all, many) = once(project, query, options, &mut Memo::default());
        first.push(to_first);
        all.push(to_all);
        hits = many;
    }
    let what = format!("search, {what}, {hits} hits");
    // Where nothing is found, there is no first.
    if hits > 0 {
        report(
            &format!("{what}: first"),
            Sample(first).quantile(0.5),
            "ms",
            Some(50.0),
        );
    }
    report(&what, Sample(all).quantile(0.5), "ms", Some(limit));
}

fn ripgrep(folder: &Path, what: &str, arguments: &[&str]) {
    let mut times = Vec::new();
    for _ in 0..TIMES {
        let started = Instant::now();
        let output = Command::new("rg")
            .args(["--no-config", "--count-matches", "--no-ignore"])
            .args(arguments)
            .arg(folder)
            .output();
        let Ok(output) = output else {
            println!("there is no rg to compare with");
            return;
        };
        assert!(output.status.code().is_some_and(|code| code < 2));
        times.push(started.elapsed().as_secs_f64() * 1_000.0);
    }
    report(
        &format!("ripgrep, {what}"),
        Sample(times).quantile(0.5),
        "ms",
        None,
    );
}

pub fn search(folder: &Path) {
    let project = workload::corpus(ARTICLES);
    let bytes: usize = project.articles().iter().map(|a| a.text.len_bytes()).sum();
    println!(
        "{ARTICLES} articles, {:.1} MB, {} annotations",
        bytes as f64 / 1e6,
        project.annotation_count()
    );
    for (n, article) in project.articles().iter().enumerate() {
        let part = folder.join(format!("{}", n / 500));
        fs::create_dir_all(&part).unwrap();
        fs::write(part.join(format!("{n}.txt")), article.text.as_str()).unwrap();
    }
    let fold = Options::default();
    let exact = Options {
        case: true,
        fold: false,
        ..fold
    };
    let word = Options { word: true, ..fold };
    let pattern = Options {
        reading: Reading::Pattern,
        ..exact
    };
    measure(&project, "a common word folded", "said", &fold, 300.0);
    measure(&project, "a common word as it is", "said", &exact, 300.0);
    measure(&project, "whole words folded", "naive", &word, 300.0);
    measure(&project, "nothing", "zyzzyva", &fold, 300.0);
    measure(&project, "a phrase", "police said that", &fold, 300.0);
    measure(&project, "every letter e", "e", &fold, 600.0);
    measure(
        &project,
        "a regex",
        r"[A-Z]\w+ (said|found)",
        &pattern,
        600.0,
    );
    measure(
        &project,
        "a regex of words",
        r"\b\w+ment\b",
        &pattern,
        600.0,
    );
    measure(
        &project,
        "a regex of classes",
        r"\p{Lu}\p{Ll}+ \p{Lu}\p{Ll}+",
        &pattern,
        600.0,
    );
    measure(
        &project,
        "words near each other",
        "(police or court) near:4 (found or report)",
        &fold,
        600.0,
    );
    measure(&project, "a word in quotes", "said in:quote", &fold, 400.0);
    measure(
        &project,
        "a word outside of all",
        "said outside:any",
        &fold,
        400.0,
    );
    measure(
        &project,
        "annotations with a word",
        "label:quote minister",
        &fold,
        400.0,
    );
    let mut memo = Memo::default();
    once(&project, "said", &fold, &mut memo);
    let (_, again, _) = once(&project, "said", &fold, &mut memo);
    report("search, the same once more", again, "ms", Some(30.0));
    let search = Search::of("said", &fold, &project, &"bench".into()).unwrap();
    let found = search_all(
        &search,
        project.articles(),
        &mut Memo::default(),
        &|| true,
        &mut |_| (),
    );
    let room = found.unwrap().hits.bytes() as f64;
    report(
        "search, room of the hits, to that of the texts",
        room / bytes as f64,
        "",
        Some(0.5),
    );
    let long = ArticleText::new("a".repeat(10_000_000));
    let mut long = pressmark::core::article::Article::new("long".into(), "", long);
    long.metadata.clear();
    let long = workload::project_of(vec![long]);
    measure(
        &long,
        "a line of 10 MB, a regex",
        r"\bb\w+",
        &pattern,
        600.0,
    );
    measure(&long, "a line of 10 MB, a hit a letter", "a", &fold, 600.0);
    for (what, arguments) in [
        ("a common word in any case", &["-i", "-F", "said"][..]),
        ("a common word as it is", &["-F", "said"]),
        ("nothing", &["-i", "-F", "zyzzyva"]),
        ("a regex", &[r"[A-Z]\w+ (said|found)"]),
        ("a regex of words", &[r"\b\w+ment\b"]),
        ("a regex of classes", &[r"\p{Lu}\p{Ll}+ \p{Lu}\p{Ll}+"]),
    ] {
        ripgrep(folder, what, arguments);
    }
}
