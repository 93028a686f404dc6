//! The figures: the real window's code driven without a window, on the workloads of `workload.rs`.
//!
//! `cargo bench` prints each figure beside its limit.
//! `cargo bench -- --write FOLDER` writes the workloads as project files, for the real window.

#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a benchmark prints, may stop, and has files that no crash would hurt"
)]

mod claims;
mod codebook;
mod corpus;
mod exports;
mod frames;
mod growth;
mod hits;
mod imports;
mod journal;
mod machine;
mod measured;
mod passages;
mod people;
mod quotes;
mod search;
mod window;
mod workload;

use frames::{edit, open_article, scroll};
use pressmark::app::saving::save_file;
use std::path::Path;

fn write_workloads(folder: &Path) {
    std::fs::create_dir_all(folder).unwrap();
    let sizes = [
        ("5k_50", 5_000, 50),
        ("100k_1000", 100_000, 1_000),
        ("1m_10000", 1_000_000, 10_000),
        ("10m_100000", 10_000_000, 100_000),
    ];
    for (name, bytes, count) in sizes {
        let project = workload::project_of(vec![workload::article("big", bytes, count, 400, 7)]);
        save_file(&project, &folder.join(format!("{name}.ron")), &mut |_| true).unwrap();
    }
    let one = workload::project_of(vec![workload::article(
        "one",
        1_000_000,
        1_000,
        usize::MAX,
        7,
    )]);
    save_file(&one, &folder.join("1m_one_paragraph.ron"), &mut |_| true).unwrap();
    save_file(
        &workload::corpus(10_000),
        &folder.join("corpus.ron"),
        &mut |_| true,
    )
    .unwrap();
    println!("the workloads are in {}", folder.display());
}

fn main() {
    pressmark::app::heap::start();
    let arguments: Vec<String> = std::env::args().collect();
    machine::factor();
    if let Some(at) = arguments.iter().position(|a| a == "--write") {
        return write_workloads(Path::new(&arguments[at + 1]));
    }
    for (name, run) in [
        ("--make", growth::make as fn(&Path, usize)),
        ("--grown", growth::grown),
    ] {
        if let Some(at) = arguments.iter().position(|a| a == name) {
            let articles = arguments[at + 2].parse().unwrap();
            return run(Path::new(&arguments[at + 1]), articles);
        }
    }
    if arguments.iter().any(|a| a == "--growth") {
        let folder = tempfile::tempdir().unwrap();
        return growth::growth(folder.path());
    }
    if arguments.iter().any(|a| a == "--corpus") {
        let folder = tempfile::tempdir().unwrap();
        return corpus::corpus(folder.path());
    }
    if arguments.iter().any(|a| a == "--scripts") {
        return frames::scripts();
    }
    if arguments.iter().any(|a| a == "--codebook") {
        let folder = tempfile::tempdir().unwrap();
        return codebook::codebook(folder.path());
    }
    if arguments.iter().any(|a| a == "--claims") {
        return claims::claims();
    }
    if arguments.iter().any(|a| a == "--hits") {
        return hits::hits();
    }
    if arguments.iter().any(|a| a == "--search") {
        let folder = tempfile::tempdir().unwrap();
        return search::search(folder.path());
    }
    if arguments.iter().any(|a| a == "--passages") {
        return passages::passages();
    }
    if arguments.iter().any(|a| a == "--people") {
        return people::people();
    }
    if arguments.iter().any(|a| a == "--quotes") {
        return quotes::quotes();
    }
    if arguments.iter().any(|a| a == "--journal") {
        let folder = tempfile::tempdir().unwrap();
        return journal::journal(folder.path());
    }
    if let Some(at) = arguments.iter().position(|a| a == "--export") {
        let only = arguments.get(at + 1..).unwrap_or_default();
        let only: Vec<String> = only
            .iter()
            .filter(|a| !a.starts_with("--"))
            .cloned()
            .collect();
        let folder = tempfile::tempdir().unwrap();
        return exports::exports(folder.path(), &only);
    }
    if arguments.iter().any(|a| a == "--recovery") {
        let folder = tempfile::tempdir().unwrap();
        return journal::recovery(folder.path());
    }
    if arguments.iter().any(|a| a == "--import") {
        let folder = tempfile::tempdir().unwrap();
        return imports::imports(folder.path());
    }
    let frame = Some((2.0, 6.0));
    // Frames alone, as often as told: what a profiler needs.
    if let Some(at) = arguments.iter().position(|a| a == "--frames") {
        let times = arguments.get(at + 1).and_then(|n| n.parse().ok());
        for (name, bytes, count) in [("5k_50", 5_000, 50), ("1m_10000", 1_000_000, 10_000)] {
            let mut window = open_article(name, bytes, count, 400, None);
            for _ in 0..times.unwrap_or(1) {
                scroll(&mut window, name, frame);
            }
        }
        return;
    }
    if arguments.iter().any(|a| a == "--edits") {
        let mut big = open_article("10m_100000", 10_000_000, 100_000, 400, None);
        for _ in 0..20 {
            edit(&mut big, "10m_100000");
        }
        return;
    }
    for (name, bytes, count) in [
        ("5k_50", 5_000, 50),
        ("100k_1000", 100_000, 1_000),
        ("1m_10000", 1_000_000, 10_000),
    ] {
        let mut window = open_article(name, bytes, count, 400, None);
        scroll(&mut window, name, frame);
    }
    let mut one = open_article("1m in one paragraph", 1_000_000, 10_000, usize::MAX, None);
    scroll(&mut one, "1m in one paragraph", frame);
    frames::scripts();
    let mut big = open_article("10m_100000", 10_000_000, 100_000, 400, Some(60.0));
    scroll(&mut big, "10m_100000", frame);
    edit(&mut big, "10m_100000");
    let folder = tempfile::tempdir().unwrap();
    corpus::corpus(folder.path());
    let folder = tempfile::tempdir().unwrap();
    codebook::codebook(folder.path());
    let folder = tempfile::tempdir().unwrap();
    search::search(folder.path());
    hits::hits();
    let folder = tempfile::tempdir().unwrap();
    growth::growth(folder.path());
    let folder = tempfile::tempdir().unwrap();
    journal::journal(folder.path());
    let folder = tempfile::tempdir().unwrap();
    journal::recovery(folder.path());
    let folder = tempfile::tempdir().unwrap();
    imports::imports(folder.path());
    let folder = tempfile::tempdir().unwrap();
    exports::exports(folder.path(), &[]);
}
