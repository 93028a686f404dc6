//! Datasets in and out by the real program: what is left out is told and is no success, values keep
//! their kinds, choices are names that are there, and verifying compares all.

use crate::repair::run;
use serde_json::{Value, json};
use std::fs;
use std::path::Path;

const DEMO: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/projects/demo.ron");

#[track_caller]
fn check(folder: &Path, arguments: &[&str], code: i32, expected: &[&str]) {
    let (found, said) = run(folder, arguments);
    assert_eq!(found, code, "{arguments:?} said:\n{said}");
    for part in expected {
        assert!(
            said.contains(part),
            "“{part}” is missing; {arguments:?} said:\n{said}"
        );
    }
}

/// Reads a file of its own name into a new project: the remarks, how much was left out, and what the
/// project has then.
#[track_caller]
fn check_import(name: &str, content: &str, code: i32, remarks: &[&str], contents: &str) {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::write(folder.join(name), content).unwrap();
    let (found, said) = run(folder, &["import", name, "-o", "p.ron", "--json"]);
    assert_eq!(found, code, "{name} said:\n{said}");
    let report: Value = serde_json::from_str(said.lines().next().unwrap()).unwrap();
    let told = &report["detail"]["remarks"];
    assert_eq!(*told, json!(remarks), "{name}");
    assert_eq!(report["detail"]["left_out"] != 0, code != 0);
    check(folder, &["check", "p.ron"], 0, &[contents]);
    // People are told the same.
    let mut lines = remarks.to_vec();
    if code != 0 {
        lines.push("did not come along");
    }
    check(folder, &["import", name, "-o", "q.ron"], code, &lines);
}

#[test]
fn what_is_left_out_is_told_and_is_no_success() {
    let text = "Zürich 👩‍🚒 ferries 🇳🇴 stay. They said so.";
    let line = |id: &str, place: &str| {
        format!(
            r#"{{"id":"a","title":"a","text":"{text}","annotations":[{{"id":"g","label":"claim","fragments":[{{"start":0,"end":6,"text":"Zürich"}}]}},{{"id":"{id}","label":"claim","fragments":[{{{place}}}]}}]}}"#
        )
    };
    check_import(
        "good.jsonl",
        &line("k", r#""start":11,"end":18,"text":"ferries""#),
        0,
        &[],
        "2 annotations",
    );
    check_import(
        "units.jsonl",
        &line("k", r#""start":13,"end":20,"text":"ferries""#),
        0,
        &[
            "line 1, article a: the offsets of its annotations do not fit as Unicode code points; they were read as UTF-16 code units, as the texts that they carry ask for",
        ],
        "2 annotations",
    );
    check_import(
        "far.jsonl",
        &line("k", r#""start":0,"end":900"#),
        1,
        &["annotation k left out: characters 0 to 900 lie outside the text"],
        "1 annotation",
    );
    check_import(
        "doccano.jsonl",
        r#"{"id":7,"text":"They said so.","label":[["5","9","cue"],[0,99,"far"]]}"#,
        1,
        &[
            "an annotation “far” of article 7 left out: its offsets do not fit the text and lie outside it",
        ],
        "1 annotation",
    );
    check_import(
        "prodigy.jsonl",
        r#"{"id":7,"text":"They said so.","spans":[{"start":5,"end":9,"label":"cue"}],"answer":"reject"}"#,
        1,
        &["those of article 7 left out: its example was rejected in Prodigy"],
        "1 article",
    );
    check_import(
        "nobody.jsonl",
        r#"{"title":"T","text":"They said so, and nobody else said anything of the kind.","found":[{"from":0,"begin":5,"end":9,"tag":"cue"}]}"#,
        1,
        &[
            "those in “found” of record 1 left out: they are of no format that is known and stand in the metadata as they are",
        ],
        "1 article",
    );
    check_import(
        "a.csv",
        "id,text\n1,The ferry did not leave the harbour today.\n2,The bridge is shut.\n3,The ferry did not leave the harbour today.\n",
        0,
        &[
            "1 of its 3 articles skipped as copies: number 3 is the same as “The ferry did not leave the harbour today.”",
        ],
        "2 articles",
    );
}

#[test]
fn values_come_back_with_their_kinds_into_a_new_project() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let wanted = json!({"share": -0.5, "count": 3, "sure": true, "tones": ["calm", "a; b"], "none": [], "post": "1790123456789012345", "said": "3"});
    let line = json!({"id": "a", "title": "a", "text": "They said so.", "annotations": [{"id": "k", "annotator": "ana", "label": "stance", "fragments": [{"start": 0, "end": 4}], "attributes": wanted}]});
    let line = line
        .to_string()
        .replace("\"1790123456789012345\"", "1790123456789012345");
    fs::write(folder.join("in.jsonl"), line).unwrap();
    check(folder, &["import", "in.jsonl", "-o", "p.ron"], 0, &[]);
    let formats = [
        "jsonl",
        "csv",
        "xlsx",
        "qdpx",
        "html",
        "parquet",
        "labelstudio",
        "brat",
        "inlinexml",
        "w3c",
        "tei",
        "doccano",
        "doccano-rel",
        "prodigy",
        "xmi",
        "casjson",
        "gatexml",
    ];
    for format in formats {
        let (project, back) = (format!("{format}.ron"), format!("{format}.back.jsonl"));
        let ending = match format {
            "jsonl" | "doccano" | "doccano-rel" | "prodigy" => "jsonl",
            "xlsx" | "qdpx" | "html" => format,
            _ => "out",
        };
        let out = format!("{format}.{ending}");
        check(
            folder,
            &["export", "p.ron", "-f", format, "-o", &out],
            0,
            &[],
        );
        check(folder, &["import", &out, "-o", &project], 0, &[]);
        check(
            folder,
            &["export", &project, "-f", "jsonl", "-o", &back],
            0,
            &[],
        );
        let line = fs::read_to_string(folder.join(back)).unwrap();
        let line: Value = serde_json::from_str(&line).unwrap();
        assert_eq!(line["annotations"][0]["attributes"], wanted, "{format}");
    }
}

#[test]
fn verifying_compares_all_that_a_format_carries() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let at = |name: &str| folder.join(name);
    // A format, a file of its export, what is changed there, and what is told.
    let changes = [
        ("jsonl", "", r#""title":"No, "#, r#""title":"Yes, "#, "“"),
        (
            "jsonl",
            "",
            r#""kind":"direct""#,
            r#""kind":"mixed""#,
            "line ",
        ),
        (
            "doccano",
            "",
            r#""annotator":"demo""#,
            r#""annotator":"someone""#,
            "its annotator differs",
        ),
        (
            "prodigy",
            "",
            r#""annotator":"demo""#,
            r#""annotator":"someone""#,
            "its annotator differs",
        ),
        (
            "labelstudio",
            "/tasks.json",
            r#""title":"No, "#,
            r#""title":"Yes, "#,
            "tasks.json, line ",
        ),
        ("labelstudio", "/config.xml", "#", "x", "config.xml, line "),
        ("brat", "/articles.tsv", "No, ", "Yes, ", "articles.tsv"),
        ("tei", "/a01.xml", "demo", "someone", "a01"),
        ("inlinexml", "/a01.xml", "No, ", "Yes, ", "a01"),
        ("gatexml", "/a01.xml", "No, ", "Yes, ", "a01"),
        ("w3c", "/annotations.jsonld", "No, ", "Yes, ", ".out: "),
        ("html", "", "<title>", "<title>x", "line "),
    ];
    for (n, (format, file, old, new, told)) in changes.into_iter().enumerate() {
        let out = format!("{n}.out");
        let export = ["export", DEMO, "-f", format, "-o", &out, "--verify"];
        check(folder, &export, 0, &["every one compared with the project"]);
        check(
            folder,
            &export,
            0,
            &["every file with what would be exported now"],
        );
        let path = at(&format!("{out}{file}"));
        let whole = fs::read_to_string(&path).unwrap();
        assert!(whole.contains(old), "{format}{file}");
        fs::write(&path, whole.replacen(old, new, 1)).unwrap();
        check(folder, &export, 1, &[told]);
    }
    // Files that are too many, and those that nobody takes for data.
    check(folder, &["export", DEMO, "-f", "brat", "-o", "b"], 0, &[]);
    let verify = ["export", DEMO, "-f", "brat", "-o", "b", "--verify"];
    fs::write(at("b/.DS_Store"), "x").unwrap();
    check(folder, &verify, 0, &[]);
    for ending in ["ann", "txt"] {
        fs::copy(
            at(&format!("b/a01.{ending}")),
            at(&format!("b/zz.{ending}")),
        )
        .unwrap();
    }
    check(
        folder,
        &verify,
        1,
        &["“zz.ann” and 1 other would not be exported"],
    );
    // Written otherwise, and the same.
    check(
        folder,
        &["export", DEMO, "-f", "jsonl", "-o", "same.jsonl"],
        0,
        &[],
    );
    let lines = fs::read_to_string(at("same.jsonl")).unwrap();
    fs::write(
        at("same.jsonl"),
        lines
            .replace("\"notes\":", "\"notes\" : ")
            .replace('\n', "\r\n"),
    )
    .unwrap();
    check(
        folder,
        &[
            "export",
            DEMO,
            "-f",
            "jsonl",
            "-o",
            "same.jsonl",
            "--verify",
        ],
        0,
        &[],
    );
}

#[test]
fn what_is_chosen_by_name_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    for (choice, told) in [
        (
            ["--annotator", "nobody"].as_slice(),
            "the project has no annotator “nobody”; there are: demo",
        ),
        (&["--label", "nosuch"], "the codebook has no label “nosuch”"),
        (&["--article", "a99"], "the project has no article “a99”"),
        (
            &["--where", "outlt=x"],
            "no article has the metadata field “outlt”; there are: ",
        ),
        (
            &["--split", "80/10/10", "--stratify", "outlt"],
            "no article has the metadata field “outlt”",
        ),
    ] {
        let arguments = [&["export", DEMO, "-f", "jsonl", "-o", "out"], choice].concat();
        check(folder, &arguments, 1, &[told]);
        assert!(!folder.join("out").exists());
    }
    let parquet = [
        "export",
        DEMO,
        "-f",
        "parquet",
        "-o",
        "out",
        "--partition-by",
        "outlt",
    ];
    check(
        folder,
        &parquet,
        1,
        &["no article has the metadata field “outlt”"],
    );
    for arguments in [
        ["export", DEMO, "-f", "jsonl", "-o", "none/x.jsonl"].as_slice(),
        &["export", DEMO, "-f", "brat", "-o", "none/x"],
        &["import", DEMO, "-o", "none/x.ron"],
        &["check", DEMO, "--repair", "none/x.ron"],
    ] {
        check(
            folder,
            arguments,
            1,
            &["the folder ", "none does not exist"],
        );
    }
}
