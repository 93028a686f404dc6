//! Every format of export, written and proven.

use crate::measured::{forget_peak, memory_mb, report};
use crate::workload;
use pressmark::app::export::{Stage, Terms, export};
use pressmark::format::export::options::ExportOptions;
use pressmark::format::formats::FORMATS;
use std::path::Path;
use std::time::Instant;

/// Every format with 10,000 articles and 300,000 annotations: what a user waits for is writing and
/// reading back to prove it. Memory is what is needed above the open project.
pub fn exports(folder: &Path, only: &[String]) {
    let project = workload::corpus(10_000);
    println!("exporting 10,000 articles and 300,000 annotations");
    for format in FORMATS {
        if !only.is_empty() && !only.iter().any(|name| name == format.name) {
            continue;
        }
        let target = folder.join(format.name);
        let before = memory_mb("VmRSS:");
        forget_peak();
        let begun = Instant::now();
        let mut written_after = None;
        let terms = Terms {
            may_replace: true,
            prove: true,
        };
        let mut told = |stage: Stage| {
            if matches!(stage, Stage::Proving(_)) && written_after.is_none() {
                written_after = Some(begun.elapsed());
            }
            true
        };
        let options = ExportOptions::default();
        export(&project, format, &options, &target, terms, &mut told).unwrap();
        let whole = begun.elapsed().as_secs_f64();
        let writing = written_after.map_or(whole, |time| time.as_secs_f64());
        let memory = memory_mb("VmHWM:") - before;
        let limit = match format.name {
            "jsonl" => 1.0,
            "xlsx" => 10.0,
            _ => 3.0,
        };
        let megabytes = bytes_under(&target) as f64 / 1e6;
        let name = format.name;
        report(
            &format!("{name} written and proven"),
            whole,
            "s",
            Some(limit),
        );
        report("  of which writing", writing, "s", None);
        report("  size", megabytes, "MB", None);
        report("  speed", megabytes / whole, "MB/s", None);
        report("  memory above the project", memory, "MB", None);
        // Left where it is until the end: file systems are slow to make files where others were just
        // deleted, and nobody deletes ten thousand before an export.
    }
}

fn bytes_under(path: &Path) -> u64 {
    match std::fs::read_dir(path) {
        Err(_) => std::fs::metadata(path).map_or(0, |file| file.len()),
        Ok(entries) => entries
            .flatten()
            .map(|entry| bytes_under(&entry.path()))
            .sum(),
    }
}
