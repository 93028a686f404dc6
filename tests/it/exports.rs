//! Exports on the disk: whole or not at all, nobody's files replaced, and texts that stay at home.

use pressmark::app::export::{Stage, Terms, export, verify};
use pressmark::app::import::workers::Readers;
use pressmark::app::import::{ImportOptions, import_paths};
use pressmark::app::session::open_file;
use pressmark::core::project::Project;
use pressmark::format::export::options::{ExportOptions, Split, Texts};
use pressmark::format::formats::{FORMATS, Format, Shape, format_named};
use std::fs;
use std::path::Path;

const DEMO: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/projects/demo.ron");
const TERMS: Terms = Terms {
    may_replace: false,
    prove: true,
};

fn demo() -> Project {
    open_file(Path::new(DEMO), &|_| {}).unwrap().project
}

fn entries(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

fn write(
    project: &Project,
    format: &'static Format,
    path: &Path,
    terms: Terms,
) -> Result<(), String> {
    export(
        project,
        format,
        &ExportOptions::default(),
        path,
        terms,
        &mut |_| true,
    )
    .map(|_| ())
    .map_err(|error| error.to_string())
}

#[test]
fn a_cancelled_export_leaves_nothing() {
    let project = demo();
    for format in FORMATS {
        for stage in ["writing", "proving"] {
            let folder = tempfile::tempdir().unwrap();
            let target = folder.path().join("out");
            let mut told = |now: Stage| match now {
                Stage::Writing(_) => stage != "writing",
                Stage::Proving(_) => false,
            };
            let options = ExportOptions::default();
            let result = export(&project, format, &options, &target, TERMS, &mut told);
            assert!(
                result.unwrap_err().is_cancelled(),
                "{} {stage}",
                format.name
            );
            assert_eq!(
                entries(folder.path()),
                Vec::<String>::new(),
                "{} {stage}",
                format.name
            );
        }
    }
}

#[test]
fn only_exports_are_replaced() {
    let project = demo();
    let folder = tempfile::tempdir().unwrap();
    let brat = format_named("brat").unwrap();
    let again = Terms {
        may_replace: true,
        ..TERMS
    };
    let mine = folder.path().join("mine");
    fs::create_dir(&mine).unwrap();
    write(&project, brat, &mine, TERMS).unwrap();
    assert!(
        write(&project, brat, &mine, TERMS)
            .unwrap_err()
            .contains("there is an export")
    );
    fs::write(mine.join("left-over.ann"), "").unwrap();
    write(&project, brat, &mine, again).unwrap();
    assert!(!mine.join("left-over.ann").exists());
    // A folder with anything else is never replaced.
    let theirs = folder.path().join("theirs");
    fs::create_dir(&theirs).unwrap();
    fs::write(theirs.join("thesis.txt"), "years of work").unwrap();
    for terms in [TERMS, again] {
        let refused = write(&project, brat, &theirs, terms).unwrap_err();
        assert!(
            refused.contains("choose a new or an empty one"),
            "{refused}"
        );
    }
    assert_eq!(
        fs::read_to_string(theirs.join("thesis.txt")).unwrap(),
        "years of work"
    );
    assert_eq!(entries(folder.path()), ["mine", "theirs"]);
}

/// What people put into the folder of an export, or changed in it, outlives the next export.
#[test]
fn replacing_an_export_keeps_what_others_put_into_its_folder() {
    let project = demo();
    let folder = tempfile::tempdir().unwrap();
    let brat = format_named("brat").unwrap();
    let parts = ExportOptions {
        split: Some(Split::default()),
        ..ExportOptions::default()
    };
    let again = Terms {
        may_replace: true,
        ..TERMS
    };
    let mine = folder.path().join("mine");
    let write = |options: &ExportOptions, terms: Terms| {
        let written = export(&project, brat, options, &mine, terms, &mut |_| true);
        written.unwrap().1.remarks().join("\n")
    };
    assert!(!write(&parts, TERMS).contains("kept"));
    // Nothing is told when there is nothing to tell.
    assert!(!write(&parts, again).contains("kept"));
    assert!(!mine.join("kept-from-before").exists());
    let put = |name: &str, text: &str| {
        let path = mine.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    put("thesis.txt", "years of work");
    put("train/notes/monday.txt", "years of work");
    put("mine too/a01.ann", "years of work");
    let (of_part, changed) = entries(&mine.join("train"))
        .into_iter()
        .filter(|name| name.ends_with(".ann"))
        .fold((0, String::new()), |(n, _), name| (n + 1, name));
    assert!(of_part > 0);
    put(&format!("train/{changed}"), "T1\tclaim 0 5\tyears");
    let said = write(&ExportOptions::default(), again);
    assert!(said.contains("4 times, first in"), "{said}");
    for name in ["thesis.txt", "train/notes/monday.txt", "mine too/a01.ann"] {
        let kept = fs::read_to_string(mine.join("kept-from-before").join(name));
        assert_eq!(kept.unwrap(), "years of work", "{name}");
    }
    let kept = mine.join("kept-from-before/train");
    assert_eq!(entries(&kept), [changed.as_str(), "notes"]);
    // The export itself is the new one alone, and is proven without what is kept.
    assert!(!mine.join("train").exists() && mine.join("a01.ann").exists());
    verify(
        &project,
        brat,
        &ExportOptions::default(),
        &mine,
        &mut |_| true,
    )
    .unwrap();
    // The next time it stays where it is.
    assert!(!write(&ExportOptions::default(), again).contains("times"));
    assert!(mine.join("kept-from-before/thesis.txt").exists());
    assert_eq!(entries(folder.path()), ["mine"]);
}

#[test]
fn what_comes_while_an_export_is_made_is_not_replaced() {
    let project = demo();
    for (name, kind) in [("jsonl", "file"), ("brat", "folder"), ("brat", "a.zip")] {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join(kind);
        let theirs = match kind {
            "folder" => target.join("thesis.txt"),
            _ => target.clone(),
        };
        let mut told = |now: Stage| {
            if matches!(now, Stage::Proving(_)) {
                fs::create_dir_all(theirs.parent().unwrap()).unwrap();
                fs::write(&theirs, "years of work").unwrap();
            }
            true
        };
        let format = format_named(name).unwrap();
        let options = ExportOptions::default();
        let result = export(&project, format, &options, &target, TERMS, &mut told);
        assert!(result.is_err(), "{name}");
        assert_eq!(fs::read_to_string(&theirs).unwrap(), "years of work");
        assert_eq!(entries(folder.path()), [kind]);
    }
}

#[cfg(unix)]
#[test]
fn an_export_follows_no_link_that_it_did_not_ask_for() {
    use std::os::unix::fs::symlink;
    let project = demo();
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let brat = format_named("brat").unwrap();
    let jsonl = format_named("jsonl").unwrap();
    let again = Terms {
        may_replace: true,
        ..TERMS
    };
    // A manifest that is a link makes no export of a folder.
    fs::create_dir(at("theirs")).unwrap();
    fs::write(at("theirs/thesis.txt"), "years of work").unwrap();
    write(&project, brat, &at("real"), TERMS).unwrap();
    symlink(at("real/pressmark-export"), at("theirs/pressmark-export")).unwrap();
    let refused = write(&project, brat, &at("theirs"), again).unwrap_err();
    assert!(refused.contains("not of an export"), "{refused}");
    // A link in the place of a folder or file of the export is kept, and not what it leads to removed.
    fs::remove_file(at("real/a01.ann")).unwrap();
    symlink(at("theirs/thesis.txt"), at("real/a01.ann")).unwrap();
    symlink(at("theirs"), at("real/kept-from-before")).unwrap();
    write(&project, brat, &at("real"), again).unwrap();
    assert!(at("real/kept-from-before/a01.ann").is_symlink());
    assert!(at("real/kept-from-before/kept-from-before").is_symlink());
    // A manifest that names what is outside.
    let manifest = fs::read_to_string(at("real/pressmark-export")).unwrap();
    let named = format!("{manifest}13\t../theirs/thesis.txt\n13\t..\n");
    fs::write(at("real/pressmark-export"), named).unwrap();
    write(&project, brat, &at("real"), again).unwrap();
    // A link that the user named is followed; one that leads nowhere is not replaced.
    symlink(at("real"), at("link")).unwrap();
    write(&project, brat, &at("link"), again).unwrap();
    assert!(at("link").is_symlink() && at("real/a01.ann").is_file());
    symlink(at("nothing"), at("nowhere")).unwrap();
    for format in [brat, jsonl] {
        let refused = write(&project, format, &at("nowhere"), again).unwrap_err();
        assert!(refused.contains("does not exist"), "{refused}");
    }
    assert_eq!(
        fs::read_to_string(at("theirs/thesis.txt")).unwrap(),
        "years of work"
    );
    assert_eq!(
        entries(folder.path()),
        ["link", "nowhere", "real", "theirs"]
    );
}

#[test]
fn archives_parts_and_folders_are_proven_later_too() {
    let project = demo();
    let folder = tempfile::tempdir().unwrap();
    for format in FORMATS {
        for (name, split) in [("a.zip", None), ("b", None), ("c", Some(Split::default()))] {
            let is_file = matches!(format.shape, Shape::File { .. });
            if is_file && name == "a.zip" {
                continue;
            }
            let options = ExportOptions {
                split,
                ..ExportOptions::default()
            };
            let target = folder.path().join(format!("{}-{name}", format.name));
            export(&project, format, &options, &target, TERMS, &mut |_| true)
                .unwrap_or_else(|error| panic!("{} {name}: {error}", format.name));
            verify(&project, format, &options, &target, &mut |_| true)
                .unwrap_or_else(|error| panic!("{} {name}: {error}", format.name));
        }
    }
    // The same project gives the same archive.
    let brat = format_named("brat").unwrap();
    write(&project, brat, &folder.path().join("again.zip"), TERMS).unwrap();
    let bytes = |name: &str| fs::read(folder.path().join(name)).unwrap();
    assert!(bytes("again.zip") == bytes("brat-a.zip"));
}

#[test]
fn a_damaged_export_names_the_annotation() {
    let project = demo();
    let folder = tempfile::tempdir().unwrap();
    let brat = format_named("brat").unwrap();
    let target = folder.path().join("brat");
    write(&project, brat, &target, TERMS).unwrap();
    let file = target.join("a01.ann");
    let text = fs::read_to_string(&file).unwrap();
    let (first, rest) = text.split_once('\n').unwrap();
    let (head, covered) = first.rsplit_once('\t').unwrap();
    let (place, end) = head.rsplit_once(' ').unwrap();
    let end: usize = end.parse().unwrap();
    fs::write(&file, format!("{place} {}\t{covered}\n{rest}", end - 1)).unwrap();
    let options = ExportOptions::default();
    let error = verify(&project, brat, &options, &target, &mut |_| true).unwrap_err();
    assert!(error.to_string().contains("article a01"), "{error}");
    assert!(error.to_string().contains("annotation demo-"), "{error}");
}

/// What lies beside the articles, cards, configurations and tables, is no article.
#[test]
fn only_articles_come_back_from_the_disk() {
    let project = demo();
    let count = project.articles().len();
    let folder = tempfile::tempdir().unwrap();
    let check = |format: &'static Format, name: &str, options: &ExportOptions| {
        let name = match format.shape {
            Shape::File { extension } => format!("{}-{name}.{extension}", format.name),
            Shape::Folder { .. } => format!("{}-{name}", format.name),
        };
        let target = folder.path().join(name);
        export(&project, format, options, &target, TERMS, &mut |_| true).unwrap();
        let empty = Project::new("empty");
        let options = ImportOptions::default();
        let read = import_paths(
            &Readers::default(),
            &empty,
            &[target],
            &options,
            &mut |_, _| true,
        );
        assert_eq!(
            read.article_count(),
            count,
            "{}: {:?}",
            format.name,
            read.remarks()
        );
    };
    for format in FORMATS.iter().filter(|format| format.reader().is_some()) {
        // A file for each scheme of tags, with the same articles.
        if format.name != "conll" {
            check(format, "plain", &ExportOptions::default());
        }
    }
    let partitioned = ExportOptions {
        partition_by: Some("section".to_owned()),
        ..ExportOptions::default()
    };
    check(format_named("parquet").unwrap(), "parts", &partitioned);
}

#[test]
fn a_choice_that_a_format_does_not_have_is_refused() {
    let project = demo();
    let folder = tempfile::tempdir().unwrap();
    let check = |name: &str, options: ExportOptions, expected: &str| {
        let target = folder.path().join(name);
        let format = format_named(name).unwrap();
        let refused = export(&project, format, &options, &target, TERMS, &mut |_| true);
        let refused = refused.unwrap_err().to_string();
        assert!(refused.contains(expected), "{name}: {refused}");
    };
    let hashes = ExportOptions {
        texts: Texts::Hashes,
        ..ExportOptions::default()
    };
    check(
        "labelstudio",
        hashes,
        "leave the texts at home; formats that can: jsonl",
    );
    let semicolons = ExportOptions {
        semicolons: true,
        ..ExportOptions::default()
    };
    check(
        "jsonl",
        semicolons,
        "semicolons between columns; formats that can: csv",
    );
    assert_eq!(entries(folder.path()), Vec::<String>::new());
}

#[test]
fn no_text_leaves_when_it_must_not() {
    let project = demo();
    let folder = tempfile::tempdir().unwrap();
    for texts in [Texts::Quoted, Texts::Hashes] {
        for name in ["jsonl", "csv", "parquet", "w3c"] {
            let options = ExportOptions {
                texts,
                ..ExportOptions::default()
            };
            let target = folder.path().join(format!("{name}-{texts:?}"));
            let format = format_named(name).unwrap();
            export(&project, format, &options, &target, TERMS, &mut |_| true).unwrap();
            let mut files = vec![target];
            while let Some(path) = files.pop() {
                if path.is_dir() {
                    files.extend(
                        fs::read_dir(&path)
                            .unwrap()
                            .map(|entry| entry.unwrap().path()),
                    );
                    continue;
                }
                // Compressed columns would hide it, so short words are looked for in plain files.
                let bytes = fs::read(&path).unwrap();
                let text = String::from_utf8_lossy(&bytes);
                assert!(
                    !text.contains("A photograph shared thousands of times"),
                    "{}",
                    path.display()
                );
            }
        }
    }
}

#[test]
fn a_file_alone_says_what_it_leaves_out() {
    let folder = tempfile::tempdir().unwrap();
    let project = demo();
    let csv = format_named("csv").unwrap();
    for (name, is_told) in [("one.csv", true), ("all.zip", false), ("all", false)] {
        let path = folder.path().join(name);
        let options = ExportOptions::default();
        let (_, written) = export(&project, csv, &options, &path, TERMS, &mut |_| true).unwrap();
        let remarks = written.remarks().join("; ");
        let told = "stands in files that were not made";
        assert_eq!(remarks.contains(told), is_told, "{name}: {remarks}");
        assert_eq!(
            remarks.contains("articles.csv, quotes.csv, codebook.csv"),
            is_told,
            "{remarks}"
        );
    }
}
