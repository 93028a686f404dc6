//! `pressmark search` from outside: what it prints, writes and answers, and that it finds what
//! ripgrep finds.

use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

const DEMO: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/projects/demo.ron");
/// Articles in many languages; not a part of the project, so they may be missing.
const SAMPLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/articles");

fn run(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_pressmark"))
        .args(arguments)
        .current_dir(folder)
        .env("PRESSMARK_CONFIG_DIR", folder.join("config"))
        .env("PRESSMARK_STATE_DIR", folder.join("state"))
        .output()
        .unwrap()
}

/// What it says, on both outputs, with the exit code that is expected.
#[track_caller]
fn search(folder: &Path, arguments: &[&str], code: i32) -> String {
    let all = [&["search"], arguments].concat();
    let output = run(folder, &all);
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8(said).unwrap();
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}");
    said
}

#[track_caller]
fn json(folder: &Path, arguments: &[&str], code: i32) -> Vec<Value> {
    let said = search(folder, &[arguments, &["--json"]].concat(), code);
    said.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn texts() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    fs::create_dir(folder.path().join("texts")).unwrap();
    write(
        "texts/one.txt",
        "Bridge shut\n\nThe council shut the bridge, “don’t cross”, it said.\nNaïve drivers said no.\n",
    );
    write(
        "texts/two.txt",
        "Ferry stays\n\nThe ferry will stay, the company said.\n",
    );
    folder
}

#[test]
fn files_are_searched_as_they_are() {
    let folder = texts();
    let folder = folder.path();
    let said = search(folder, &["texts", "said"], 0);
    assert_eq!(said.lines().count(), 3, "{said}");
    assert!(
        said.contains("Bridge shut:") && said.contains("drivers said no."),
        "{said}"
    );
    assert!(search(folder, &["texts", "don't cross"], 0).contains("“don’t cross”"));
    assert!(search(folder, &["texts", "-x", "don't"], 1).is_empty());
    assert!(search(folder, &["texts/one.txt", "naive"], 0).contains("Naïve"));
    assert!(search(folder, &["texts", "-s", "naive"], 1).is_empty());
    assert!(search(folder, &["texts", "-w", "sai"], 1).is_empty());
    assert!(search(folder, &["texts", "-E", r"said\.\W+\w+"], 1).is_empty());
    assert!(search(folder, &["texts", "-F", "said or no"], 1).is_empty());
    let counted = search(folder, &["texts", "said", "--count"], 0);
    assert_eq!(
        counted.lines().collect::<BTreeSet<_>>(),
        BTreeSet::from(["Bridge shut:2", "Ferry stays:1"])
    );
}

#[test]
fn hits_are_told_with_their_places() {
    let folder = texts();
    let found = json(folder.path(), &["texts/one.txt", "naive"], 0);
    let [hit] = found.as_slice() else {
        panic!("{found:?}")
    };
    let line = hit["line_text"].as_str().unwrap();
    let number = |name: &str| hit[name].as_u64().unwrap() as usize;
    assert_eq!(line, "Naïve drivers said no.");
    let within =
        number("byte_start") - number("line_byte")..number("byte_end") - number("line_byte");
    assert_eq!(line.get(within), Some("Naïve"));
    assert_eq!(number("end") - number("start"), 5);
    assert_eq!(
        (hit["title"].as_str(), hit["text"].as_str()),
        (Some("Bridge shut"), Some("Naïve"))
    );
}

#[test]
fn trouble_is_told_apart_from_nothing() {
    let folder = texts();
    let folder = folder.path();
    let check = |arguments: &[&str], told: &str| {
        let said = search(folder, arguments, 2);
        assert!(said.contains(told), "{arguments:?}: {said}");
    };
    check(&["texts", "said or"], "said or\n       ^^");
    check(&["texts", "-E", "a(b"], "a(b\n   ^");
    check(&["texts", ""], "type what to look for");
    check(
        &["texts", "in:nothing said"],
        "the codebook has no label “nothing”",
    );
    check(&["nowhere.ron", "said"], "nowhere.ron");
    check(&["nowhere", "said"], "no articles");
    check(&[DEMO, "texts", "said"], "is searched alone");
    check(&["texts", "said", "--mark", "quote"], "--output");
    check(
        &["texts", "said", "--mark", "nothing", "-o", "new.ron"],
        "no label “nothing”",
    );
    assert!(!folder.join("new.ron").exists());
    check(&["said"], "say where to look");
    check(&[], "required arguments");
}

#[test]
fn annotations_are_found_and_hits_are_marked() {
    let folder = texts();
    let folder = folder.path();
    let quotes = json(folder, &[DEMO, "", "--label", "quote"], 0);
    let with_a_word = json(folder, &[DEMO, "the", "-w", "--label", "quote"], 0);
    assert!(!with_a_word.is_empty() && with_a_word.len() < quotes.len());
    let within = json(folder, &[DEMO, "the", "-w", "--in-label", "quote"], 0);
    let everywhere = json(folder, &[DEMO, "the", "-w"], 0);
    assert!(!within.is_empty() && within.len() < everywhere.len());
    assert!(within.iter().all(|hit| everywhere.contains(hit)));
    let outside = json(folder, &[DEMO, "the outside:any", "-w"], 0);
    let marked = search(
        folder,
        &[
            DEMO,
            "the outside:any",
            "-w",
            "--mark",
            "promo",
            "-o",
            "new.ron",
        ],
        0,
    );
    assert!(
        marked.contains(&format!("{} hits marked as ", outside.len())),
        "{marked}"
    );
    assert!(search(folder, &["new.ron", "the outside:any", "-w"], 1).is_empty());
    let made = json(folder, &["new.ron", "annotator:search is:annotation"], 0);
    assert_eq!(made.len(), outside.len());
    assert!(
        String::from_utf8(run(folder, &["check", "new.ron"]).stdout)
            .unwrap()
            .contains("is whole")
    );
    // Nothing is overwritten.
    let refused = search(
        folder,
        &[DEMO, "the", "--mark", "promo", "-o", "new.ron"],
        2,
    );
    assert!(refused.contains("--force"), "{refused}");
}

#[test]
fn near_copies_are_found_and_marked() {
    let folder = texts();
    let folder = folder.path();
    let passage = "The council shut the bridge, \"don't cross\", it says";
    let like = |more: &[&str], code| {
        let all = [&["texts", "--like", passage], more].concat();
        search(folder, &all, code)
    };
    let found = json(folder, &["texts", "--like", passage], 0);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(
        found[0]["text"]
            .as_str()
            .unwrap()
            .starts_with("The council shut the bridge")
    );
    let share = found[0]["share"].as_f64().unwrap();
    assert!((0.6..1.0).contains(&share), "{share}");
    assert_eq!(found[0]["is_part"], false);
    assert_eq!(found[0]["line"], 3);
    assert_eq!(like(&["--count"], 0), "Bridge shut:1\n");
    assert!(like(&[], 0).starts_with("Bridge shut:3:The council shut"));
    like(&["--csv", "near.csv"], 0);
    let table = fs::read_to_string(folder.join("near.csv")).unwrap();
    assert!(table.contains("The council shut the bridge") && table.lines().count() == 2);
    let marked = like(&["--mark", "promo", "-o", "near.ron"], 0);
    assert!(marked.starts_with("1 hit marked as "), "{marked}");
    let made = json(folder, &["near.ron", "annotator:search is:annotation"], 0);
    assert_eq!(made.len(), 1);
    assert!(
        search(
            folder,
            &["texts", "--like", "nothing of this stands anywhere here"],
            1
        )
        .is_empty()
    );
    let refused = search(folder, &["texts", "--like", "…"], 2);
    assert!(refused.contains("no words"), "{refused}");
    let refused = like(&["--regex"], 2);
    assert!(refused.contains("--regex"), "{refused}");
}

#[test]
fn hits_are_written_as_tables() {
    let folder = texts();
    let folder = folder.path();
    let said = search(
        folder,
        &["texts", "said", "--csv", "hits.csv", "--xlsx", "hits.xlsx"],
        0,
    );
    assert!(
        said.contains("hits.csv: 3 hits") && said.contains("hits.xlsx: 3 hits"),
        "{said}"
    );
    let table = fs::read_to_string(folder.join("hits.csv")).unwrap();
    assert_eq!(table.lines().count(), 4);
    assert!(table.contains("Naïve drivers ,said, no."), "{table}");
    assert!(
        fs::read(folder.join("hits.xlsx"))
            .unwrap()
            .starts_with(b"PK")
    );
    assert!(search(folder, &["texts", "said", "--csv", "hits.csv"], 2).contains("--force"));
}

/// What both programs find, one after the other: file, and start and end of each hit in it, in bytes.
type Found = BTreeSet<(String, u64, u64)>;

fn of_ripgrep(folder: &Path, pattern: &str, options: &[&str]) -> Found {
    let output = Command::new("rg")
        .args(["--json", "--no-config", "--no-ignore"])
        .args(options)
        .args(["-e", pattern, "."])
        .current_dir(folder)
        .output()
        .unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    let lines = said
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap());
    let mut found = Found::new();
    for line in lines.filter(|line| line["type"] == "match") {
        let data = &line["data"];
        let file = data["path"]["text"]
            .as_str()
            .unwrap()
            .trim_start_matches("./")
            .to_owned();
        let line_start = data["absolute_offset"].as_u64().unwrap();
        for part in data["submatches"].as_array().unwrap() {
            let at = |name: &str| line_start + part[name].as_u64().unwrap();
            if at("start") < at("end") {
                found.insert((file.clone(), at("start"), at("end")));
            }
        }
    }
    found
}

/// `rg --json` and `pressmark search --json` on the same texts.
#[test]
fn it_finds_what_ripgrep_finds() {
    if Command::new("rg").arg("--version").output().is_err() {
        eprintln!("skipped: there is no rg to compare with");
        return;
    }
    let folder = texts();
    let folder = folder.path();
    let samples = Path::new(SAMPLES);
    if samples.is_dir() {
        for entry in fs::read_dir(samples).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_owned();
            if path.extension().is_some_and(|ending| ending == "txt") {
                fs::copy(&path, folder.join("texts").join(name)).unwrap();
            }
        }
    }
    assert!(
        run(folder, &["import", "texts", "-o", "p.ron"])
            .status
            .code()
            .is_some()
    );
    // The same texts as the project has them, as files.
    let opened = fs::read(folder.join("p.ron")).unwrap();
    let project = pressmark::format::project_ron::read(&opened, &|_| ())
        .unwrap()
        .project;
    let files = folder.join("files");
    fs::create_dir(&files).unwrap();
    for article in project.articles() {
        fs::write(files.join(article.id.as_str()), article.text.as_str()).unwrap();
    }
    let mut hits = 0;
    for (pattern, ours, theirs) in [
        ("said", &["-x", "-s", "-F"][..], &["-F"][..]),
        ("said", &["-x", "-F"], &["-F", "-i"]),
        ("the", &["-x", "-F"], &["-F", "-i"]),
        ("e", &["-x", "-s", "-F"], &["-F"]),
        (".", &["-x", "-s", "-F"], &["-F"]),
        ("“", &["-x", "-s", "-F"], &["-F"]),
        ("в", &["-x", "-s", "-F"], &["-F"]),
        ("В", &["-x", "-F"], &["-F", "-i"]),
        (r"\d+", &["-E", "-s"], &[]),
        (r"\w+ing", &["-E", "-s"], &[]),
        (r"\b\w+ing\b", &["-E", "-s"], &[]),
        (r"\bthe\b", &["-E"], &["-i"]),
        (r"[A-Z]\w+ [A-Z]\w+", &["-E", "-s"], &[]),
        (r"\p{Cyrillic}+", &["-E", "-s"], &[]),
        (r"\p{Lu}\p{Ll}+", &["-E", "-s"], &[]),
        (r"^\s*\S+", &["-E", "-s"], &[]),
        (r"\S+$", &["-E", "-s"], &[]),
        (r"(said|told|wrote) \w+", &["-E", "-s"], &[]),
        (r"[^a-z]{3,}", &["-E", "-s"], &[]),
        (r"“[^”]*”", &["-E", "-s"], &[]),
        (r"a.*?e", &["-E"], &["-i"]),
        (r"(?i)police|court|ministry", &["-E", "-s"], &[]),
        (r"x*", &["-E", "-s"], &[]),
    ] {
        let arguments = [&["p.ron", pattern], ours].concat();
        let expected = of_ripgrep(&files, pattern, theirs);
        let found = json(folder, &arguments, i32::from(expected.is_empty()));
        let found: Found = found
            .iter()
            .map(|hit| {
                let at = |name: &str| hit[name].as_u64().unwrap();
                (
                    hit["article"].as_str().unwrap().to_owned(),
                    at("byte_start"),
                    at("byte_end"),
                )
            })
            .collect();
        let only = |a: &Found, b: &Found| a.difference(b).take(3).cloned().collect::<Vec<_>>();
        assert_eq!(
            only(&found, &expected),
            only(&expected, &found),
            "{pattern}"
        );
        hits += found.len();
    }
    assert!(hits > 50, "{hits}");
}
