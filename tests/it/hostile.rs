//! The stored cases of the fuzz targets, run on every `cargo test`: what once broke a promise, and
//! examples of each way in. The folder under `tests/data/hostile` names the target.

use pressmark::hostile;
use std::path::PathBuf;

fn run(target: &str, check: fn(&[u8])) {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/data/hostile")
        .join(target);
    let mut paths: Vec<_> = std::fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    assert!(paths.len() >= 3, "{} holds too few cases", folder.display());
    for path in &paths {
        let bytes = std::fs::read(path).unwrap();
        check(&bytes);
        // And cut off, and with a byte changed, here and there.
        for part in 1..8 {
            let at = bytes.len() * part / 8;
            check(&bytes[..at]);
            let mut changed = bytes.clone();
            if let Some(byte) = changed.get_mut(at) {
                *byte ^= 0x11;
                check(&changed);
            }
        }
    }
}

#[test]
fn hostile_projects() {
    run("project", hostile::project);
    // Nested deeper than any stack.
    for open in ["(", "[", "{", "Some(", "(version:(1,0),articles:[("] {
        let mut deep = b"(version: (1, 0), x: ".to_vec();
        deep.extend(open.repeat(200_000).bytes());
        hostile::project(&deep);
    }
}

#[test]
fn hostile_journals() {
    run("journal", hostile::journal);
    for open in ["{\"step\":", "[", "{\"base\":{\"title\":["] {
        hostile::journal(open.repeat(100_000).as_bytes());
    }
}

#[test]
fn hostile_article_files() {
    run("decoding", hostile::decoding);
}

#[test]
fn hostile_clipboards() {
    run("clipboard", hostile::clipboard);
}
