//! How fast this machine is. Machines of one kind differ by two, so that a limit of seconds means
//! something only beside a fixed piece of work: each limit is taken times how much longer that
//! takes here than where the limits were set.

use crate::workload;
use std::path::Path;
use std::sync::OnceLock;
use std::time::Instant;

type Work = fn(&Path);

/// Milliseconds of the work where the limits were set: the best of several, on a quiet machine.
const WORK: [(&str, f64, Work); 4] = [
    ("parsing", 17.0, parsing),
    ("hashing", 18.0, hashing),
    ("copying", 33.0, copying),
    ("files", 7.5, files),
];

/// Tells it to the processes that this one starts: measuring takes memory.
pub const FACTOR: &str = "PRESSMARK_BENCH_FACTOR";

/// How many times as long as there the work takes here.
pub fn factor() -> f64 {
    static KNOWN: OnceLock<f64> = OnceLock::new();
    let told = std::env::var(FACTOR).ok();
    *KNOWN.get_or_init(|| {
        told.and_then(|told| told.parse().ok())
            .unwrap_or_else(measured)
    })
}

fn measured() -> f64 {
    let folder = tempfile::tempdir().unwrap();
    let mut product = 1.0;
    for (name, there, work) in WORK {
        let mut best = f64::MAX;
        for _ in 0..7 {
            let started = Instant::now();
            work(folder.path());
            best = best.min(started.elapsed().as_secs_f64() * 1_000.0);
        }
        println!("this machine, {name}: {best:.1} ms, where limits were set {there} ms");
        product *= best / there;
    }
    let factor = product.powf(0.25);
    println!("so limits of time are taken {factor:.2} times");
    factor
}

fn parsing(_: &Path) {
    static TEXT: OnceLock<String> = OnceLock::new();
    let text = TEXT.get_or_init(|| {
        let prose = workload::prose(2_000_000, 400, 1);
        let lines: Vec<&str> = prose.split(' ').collect();
        serde_json::to_string(&lines).unwrap()
    });
    let parsed: Vec<String> = serde_json::from_str(text).unwrap();
    assert!(parsed.len() > 100_000);
}

fn hashing(_: &Path) {
    assert_ne!(blake3::hash(&vec![7; 32 << 20]).as_bytes()[0], 0);
}

fn copying(_: &Path) {
    let from = vec![7_u8; 16 << 20];
    let copies: Vec<Vec<u8>> = (0..4).map(|_| from.clone()).collect();
    assert_eq!(std::hint::black_box(copies).len(), 4);
}

#[expect(
    clippy::disallowed_methods,
    reason = "files of its own, which no crash would hurt"
)]
fn files(folder: &Path) {
    for n in 0..500 {
        let path = folder.join(n.to_string());
        std::fs::write(&path, [b'a'; 5_000]).unwrap();
        assert_eq!(std::fs::read(&path).unwrap().len(), 5_000);
    }
}
