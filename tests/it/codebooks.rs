//! `pressmark codebook` from outside: what is shown, written, refused, and taken into projects.

use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::Command;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// Runs `pressmark codebook` in a folder and compares its exit code and parts of what it says.
#[track_caller]
fn check(folder: &Path, arguments: &str, code: i32, expected: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_pressmark"))
        .arg("codebook")
        .args(arguments.split_whitespace())
        .current_dir(folder)
        .env("PRESSMARK_CONFIG_DIR", folder.join("config"))
        .env("PRESSMARK_STATE_DIR", folder.join("state"))
        .output()
        .unwrap();
    let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    assert_eq!(
        output.status.code(),
        Some(code),
        "{arguments} said:\n{said}"
    );
    for part in expected {
        assert!(
            said.contains(part),
            "“{part}” is missing; {arguments} said:\n{said}"
        );
    }
    said
}

fn desk() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let demo = Path::new(ROOT).join("projects/demo.ron");
    fs::write(folder.path().join("demo.ron"), fs::read(demo).unwrap()).unwrap();
    folder
}

/// A codebook file with these labels.
fn write_codebook(folder: &Path, name: &str, labels: &str) {
    let text = format!(
        "(format: \"pressmark codebook\", version: (1, 0), name: \"{name}\", codebook: (revision: 1, labels: [{labels}]))"
    );
    fs::write(folder.join(format!("{name}.ron")), text).unwrap();
}

#[test]
fn codebooks_are_listed_and_shown() {
    let folder = desk();
    let folder = folder.path();
    let said = check(
        folder,
        "",
        0,
        &["propaganda  Propaganda techniques", "PolNeAR"],
    );
    assert_eq!(
        said.lines().filter(|line| !line.starts_with(' ')).count(),
        5
    );
    check(
        folder,
        "claims demo.ron",
        0,
        &[
            "claims: codebook of Pressmark “Claims to check”, 7 labels",
            "    Quantity (claim_quantity, key M): A number",
            "demo.ron: Pressmark project",
            "Quote (quote, key Q)",
        ],
    );
    let said = check(folder, "advertising --json", 0, &[]);
    let lines: Vec<Value> = said
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), 10);
    assert_eq!(lines[1]["label"], "promo");
    assert_eq!(lines[2]["parent"], "promo");
    check(folder, "nothing", 1, &["nothing"]);
    fs::write(folder.join("text.txt"), "The ferry.").unwrap();
    check(
        folder,
        "text.txt",
        1,
        &["text.txt: there is no codebook in this file"],
    );
    check(folder, "claims --preview", 2, &[]);
    check(folder, "-o x.ron", 2, &[]);
}

#[test]
fn a_codebook_goes_into_another_project_and_out_as_qdc() {
    let folder = desk();
    let folder = folder.path();
    // Saved, as a file of its own.
    check(folder, "demo.ron -o own.ron", 0, &["own.ron: 5 labels"]);
    check(
        folder,
        "demo.ron -o own.ron",
        1,
        &["own.ron exists; --force replaces it"],
    );
    check(folder, "demo.ron -o own.ron --force", 0, &[]);
    let before = fs::read(folder.join("demo.ron")).unwrap();
    check(
        folder,
        "own.ron -o demo.ron --force",
        1,
        &["is a project, which is not replaced", "--into adds to it"],
    );
    check(
        folder,
        "own.ron -o gone/own.ron",
        1,
        &["the folder gone does not exist"],
    );
    check(
        folder,
        "own.ron -o own.csv",
        1,
        &["codebooks are written as .ron or .qdc"],
    );
    // Into a project, with nothing written by the preview.
    check(
        folder,
        "propaganda --into demo.ron --preview",
        0,
        &[
            "new: Loaded language (Loaded_Language)",
            "propaganda: 20 new",
        ],
    );
    assert_eq!(fs::read(folder.join("demo.ron")).unwrap(), before);
    check(
        folder,
        "own.ron --into demo.ron",
        0,
        &["own.ron: 5 the same", "there is nothing to change"],
    );
    assert_eq!(fs::read(folder.join("demo.ron")).unwrap(), before);
    check(
        folder,
        "propaganda --into demo.ron",
        0,
        &["demo.ron: 25 labels, 7 articles, 93 annotations"],
    );
    let after = fs::read_to_string(folder.join("demo.ron")).unwrap();
    assert!(after.contains("take in codebook “Propaganda techniques”: 20 new"));
    // Out as .qdc, which tells what it does not hold, and back.
    let said = check(
        folder,
        "demo.ron -o all.qdc",
        0,
        &["all.qdc: 25 labels", "it does not hold attributes ("],
    );
    assert!(said.contains("keys ("), "{said}");
    check(
        folder,
        "all.qdc",
        0,
        &[
            "all.qdc: REFI-QDA codebook “all”, 25 labels",
            "    Doubt (Doubt)",
        ],
    );
    check(
        folder,
        "all.qdc --into demo.ron",
        0,
        &["all.qdc: 25 the same", "nothing to change"],
    );
    assert_eq!(fs::read_to_string(folder.join("demo.ron")).unwrap(), after);
    // All of the first is there again from the two others.
    check(
        folder,
        "own.ron propaganda -o both.ron",
        0,
        &["both.ron: 25 labels"],
    );
    check(folder, "both.ron --into demo.ron", 0, &["25 the same"]);
}

#[test]
fn conflicts_are_decided_or_refused() {
    let folder = desk();
    let folder = folder.path();
    let labels = "(id: \"quote\", name: \"QUOTE\", attributes: [(name: \"kind\", kind: \"text\")]), (id: \"frame\", name: \"Frame\", key: \"c\"), (id: \"x\", name: \"Clàim\")";
    write_codebook(folder, "other", labels);
    let before = fs::read(folder.join("demo.ron")).unwrap();
    let expected = [
        "in conflict: QUOTE (quote)",
        "conflict: it is written “Quote” here",
        "conflict: the attribute “kind” is one of direct, indirect, mixed, fragment here and text there",
        "conflict: the key C belongs to “Claim”",
        "conflict: a label is called “Claim” already (claim)",
        "mine: the key C stays with “Claim”",
        "other.ron: 3 in conflict",
    ];
    check(folder, "other.ron --into demo.ron --preview", 0, &expected);
    check(
        folder,
        "other.ron --into demo.ron",
        1,
        &["4 conflicts are not decided, so demo.ron was not written"],
    );
    check(
        folder,
        "demo.ron other.ron -o both.ron",
        1,
        &["so both.ron was not written"],
    );
    assert!(!folder.join("both.ron").exists());
    assert_eq!(fs::read(folder.join("demo.ron")).unwrap(), before);
    let said = check(
        folder,
        "other.ron --into demo.ron --prefer mine --preview --json",
        0,
        &[],
    );
    let last: Value = serde_json::from_str(said.lines().last().unwrap()).unwrap();
    assert_eq!(
        (&last["conflicts"], &last["undecided"]),
        (&3.into(), &0.into())
    );
    fs::copy(folder.join("demo.ron"), folder.join("copy.ron")).unwrap();
    check(
        folder,
        "other.ron --into demo.ron --prefer mine",
        0,
        &["demo.ron: 6 labels"],
    );
    let said = check(
        folder,
        "demo.ron",
        0,
        &[
            "Quote (quote, key Q)",
            "Claim (claim, key C)",
            "Frame (frame)",
        ],
    );
    assert!(said.contains("attribute Kind: one of direct"), "{said}");
    check(
        folder,
        "other.ron --into copy.ron --prefer theirs",
        0,
        &["copy.ron: 6 labels"],
    );
    check(
        folder,
        "copy.ron",
        0,
        &[
            "QUOTE (quote, key Q)",
            "attribute Kind: text",
            "Clàim (claim)",
            "Frame (frame, key C)",
        ],
    );
    let checked = Command::new(env!("CARGO_BIN_EXE_pressmark"))
        .args(["check", "copy.ron"])
        .current_dir(folder)
        .output()
        .unwrap();
    assert!(checked.status.success(), "{checked:?}");
}

#[test]
fn configurations_of_other_tools_are_read_and_what_is_damaged_is_told() {
    let folder = desk();
    let folder = folder.path();
    let golden = Path::new(ROOT).join("tests/data/export/golden");
    for (from, to) in [
        ("brat/annotation.conf", "annotation.conf"),
        ("brat/visual.conf", "visual.conf"),
        ("brat/codebook.tsv", "codebook.tsv"),
        ("labelstudio/config.xml", "config.xml"),
        ("qdpx/project.qdpx", "project.qdpx"),
    ] {
        fs::write(folder.join(to), fs::read(golden.join(from)).unwrap()).unwrap();
    }
    check(
        folder,
        "annotation.conf",
        0,
        &[
            "brat configuration",
            "Promotional content (promo)",
            "link cue to any label",
        ],
    );
    check(
        folder,
        "config.xml",
        0,
        &[
            "Label Studio configuration “config”, 5 labels",
            "attribute verdict: text",
        ],
    );
    check(
        folder,
        "project.qdpx",
        0,
        &[
            "REFI-QDA codebook “project”, 5 labels",
            "Quote (quote): What somebody",
        ],
    );
    check(folder, "visual.conf", 1, &["which says which there are"]);
    check(
        folder,
        "project.qdpx --into demo.ron --preview",
        0,
        &["5 the same"],
    );
    check(
        folder,
        "annotation.conf -o brat.ron",
        0,
        &["brat.ron: 5 labels"],
    );
    write_codebook(folder, "damaged", "(id: \"a\", definition: 7)");
    check(
        folder,
        "damaged.ron",
        1,
        &[
            "damaged.ron: line 1: “definition” cannot be read: definition: 7; it is left out",
            "a (a)",
        ],
    );
    fs::write(
        folder.join("broken.ron"),
        "(format: \"pressmark codebook\", version: (1, 0), codebook: (labels: [",
    )
    .unwrap();
    check(
        folder,
        "broken.ron",
        1,
        &["pressmark: broken.ron: line 1, column "],
    );
}
