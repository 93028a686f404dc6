//! The real program from outside: arguments in; exit code, messages and files out.

use serde_json::{Value, json};
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Command;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
const DEMO: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/projects/demo.ron");
/// Articles in many languages; not a part of the project, so they may be missing.
const SAMPLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/articles");

/// Runs the program in a folder and compares its exit code and parts of what it says, on standard
/// output and standard error together. Hands back both.
#[track_caller]
fn check(folder: &Path, arguments: &[&str], code: i32, expected: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_pressmark"))
        .args(arguments)
        .current_dir(folder)
        .env("PRESSMARK_CONFIG_DIR", folder.join("config"))
        .output()
        .unwrap();
    let out = String::from_utf8(output.stdout).unwrap();
    let err = String::from_utf8(output.stderr).unwrap();
    let said = format!("{out}{err}");
    assert_eq!(
        output.status.code(),
        Some(code),
        "{arguments:?} said:\n{said}"
    );
    for part in expected {
        assert!(
            said.contains(part),
            "“{part}” is missing; {arguments:?} said:\n{said}"
        );
    }
    if code != 0 {
        let names_the_reason = arguments.contains(&"check") || !err.trim().is_empty();
        assert!(
            names_the_reason,
            "{arguments:?} failed without a word on standard error"
        );
    }
    said
}

/// The articles of a project, as its JSON Lines export has them.
#[track_caller]
fn exported(folder: &Path, project: &str) -> Vec<Value> {
    check(
        folder,
        &[
            "export",
            project,
            "-f",
            "jsonl",
            "-o",
            "exported.jsonl",
            "--force",
        ],
        0,
        &[],
    );
    let text = fs::read_to_string(folder.join("exported.jsonl")).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn utf16le_with_mark(text: &str) -> Vec<u8> {
    let units = std::iter::once(0xFEFF).chain(text.encode_utf16());
    units.flat_map(u16::to_le_bytes).collect()
}

/// ASCII and the Russian letters from А to я.
fn windows_1251(text: &str) -> Vec<u8> {
    let byte = |c: char| match c {
        'А'..='я' => (c as u32 - 'А' as u32 + 0xC0) as u8,
        c => u8::try_from(c).unwrap(),
    };
    text.chars().map(byte).collect()
}

#[test]
fn text_files_of_many_encodings_are_imported() {
    let check_import = |bytes: &[u8], messages: &[&str], text: &str| {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a.txt"), bytes).unwrap();
        let expected = [
            &[
                "a.txt: ",
                "1 article added",
                "p.ron: 1 article, 0 annotations",
            ],
            messages,
        ]
        .concat();
        check(
            folder.path(),
            &["import", "a.txt", "-o", "p.ron"],
            0,
            &expected,
        );
        check(
            folder.path(),
            &["check", "p.ron"],
            0,
            &["p.ron is whole: 1 article, "],
        );
        assert_eq!(exported(folder.path(), "p.ron")[0]["text"], text);
    };
    let emoji = "The minister said: “No.” 💩\n\n👨🏻‍🚒 left.";
    check_import(
        emoji.as_bytes(),
        &["“The minister said: “No.” 💩” (Plain text, UTF-8)"],
        emoji,
    );
    check_import(&utf16le_with_mark(emoji), &["Plain text, UTF-16LE)"], emoji);
    let russian = "Министр заявил, что переговоры состоятся на следующей неделе в Москве.";
    check_import(
        &windows_1251(russian),
        &[
            "Plain text, windows-1251): the encoding was guessed",
            "the encoding was guessed: windows-1251",
        ],
        russian,
    );
    check_import(
        b"\xEF\xBB\xBFOne.\r\n\r\nTwo.\rThree.\r\n",
        &["“One.” (Plain text, UTF-8)"],
        "One.\n\nTwo.\nThree.\n",
    );
    check_import(
        b"one\0two three four",
        &["1 NUL characters were replaced"],
        "one\u{FFFD}two three four",
    );
}

#[test]
fn what_cannot_be_imported_is_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::create_dir(folder.join("pictures")).unwrap();
    fs::write(folder.join("pictures/a.png"), b"\x89PNG\r\n").unwrap();
    fs::write(folder.join("empty.txt"), b"").unwrap();
    fs::write(folder.join("blank.txt"), b" \r\n\t \n").unwrap();
    fs::write(
        folder.join("noise.txt"),
        [0, 1, 2, 3, 0xFE, 0, 7, 8, 0, 0, 0, 1, 1, 2, 200, 0],
    )
    .unwrap();
    fs::write(folder.join("renamed.txt"), b"%PDF-1.7\n%\xE2\xE3\xCF\xD3").unwrap();
    let check_refused = |path: &str, reason: &str| {
        let message = format!("{path}: {reason}");
        let nothing = "nothing was imported, so p.ron was not written";
        check(
            folder,
            &["import", path, "-o", "p.ron"],
            1,
            &[&message, "1 file refused", nothing],
        );
        assert!(!folder.join("p.ron").exists());
    };
    check_refused("empty.txt", "the file is empty");
    check_refused("blank.txt", "there is only white space in the file");
    check_refused("noise.txt", "this is a binary file, not text");
    check_refused("renamed.txt", "the PDF is damaged");
    check_refused("pictures", "there are no articles in this folder");
    check_refused("gone.txt", "the file does not exist");
}

/// A page with an article and what newspapers put around one.
const PAGE: &str = r#"<!DOCTYPE html><html lang="en"><head><title>Ferry stays in harbour | Ferry Post</title>
<meta property="og:site_name" content="Ferry Post"><meta property="article:published_time" content="2019-11-03T09:15:00+01:00">
<meta name="author" content="By Ana Lund"></head><body><nav><a href="/">Home</a> <a href="/news">News</a></nav>
<article><h1>Ferry stays in harbour</h1><p>The ferry did not leave the harbour on Sunday because of the storm, the company said. Hundreds of people had to wait for the night.</p>
<div class="newsletter-box"><p>Sign up for our newsletter and never miss a ferry again.</p></div>
<p>On Monday morning it left at nine, with everybody on board again, and reached the island before noon. “We are glad,” said the captain.</p></article>
<aside><a href="/a">Related: a bridge</a></aside><footer>© Ferry Post</footer></body></html>"#;

#[test]
fn a_folder_of_many_kinds_is_one_import() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let at = |name: &str| folder.join("in").join(name);
    fs::create_dir_all(at("brat")).unwrap();
    fs::create_dir_all(at("page_files")).unwrap();
    fs::write(at("page.html"), PAGE).unwrap();
    fs::write(
        at("page_files/frame.html"),
        "<html><body><p>An advertisement.</p></body></html>",
    )
    .unwrap();
    fs::write(at("brat/a.txt"), "She said so.").unwrap();
    fs::write(at("brat/a.ann"), "T1\tsource 0 3\tShe\nT2\tcue 3 7\tsaid\n").unwrap();
    fs::write(
        at("t.csv"),
        "title,text\nOne,The first text.\nTwo,The second text.\n",
    )
    .unwrap();
    fs::write(at("mail.eml"), "From: a@b.example\nDate: Sun, 3 Nov 2019 09:15:00 +0000\nSubject: Hello\nMIME-Version: 1.0\n\nA mail.\n").unwrap();
    check(
        folder,
        &["import", "in", "-o", "p.ron"],
        0,
        &[
            "page.html: “Ferry stays in harbour” (Web page, UTF-8)",
            "a.txt: “She said so.”, 2 annotations (brat standoff): 1 annotations were found again by their texts",
            "t.csv: 2 articles, the first “One” (Table (CSV or TSV), UTF-8)",
            "mail.eml: “Hello” (Mail)",
            "5 articles added",
        ],
    );
    check(
        folder,
        &["check", "p.ron"],
        0,
        &["p.ron is whole: 5 articles, 2 annotations"],
    );
    let articles = exported(folder, "p.ron");
    let page = articles
        .iter()
        .find(|a| a["title"] == "Ferry stays in harbour")
        .unwrap();
    let text = page["text"].as_str().unwrap();
    assert!(
        text.starts_with("The ferry did not") && text.ends_with("said the captain."),
        "{text}"
    );
    assert!(!text.contains("newsletter"));
    assert_eq!(page["meta"]["author"], "Ana Lund");
    assert_eq!(page["meta"]["published"], "2019-11-03T09:15:00+01:00");
    let brat = articles
        .iter()
        .find(|a| a["title"] == "She said so.")
        .unwrap();
    assert_eq!(brat["annotations"][1]["fragments"][0]["text"], "said");
}

#[test]
fn an_extract_shows_what_surrounds_an_article() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::write(folder.join("page.html"), PAGE).unwrap();
    check(
        folder,
        &["extract", "page.html"],
        0,
        &[
            "title: Ferry stays in harbour",
            "author: Ana Lund",
            "The ferry did not",
        ],
    );
    let line = check(
        folder,
        &["extract", "page.html", "--surroundings", "--json"],
        0,
        &[],
    );
    let article: Value = serde_json::from_str(line.lines().next().unwrap()).unwrap();
    // What scripts ask of every article stands at the top, the rest is metadata.
    for (key, expected) in [
        ("title", json!("Ferry stays in harbour")),
        ("author", json!("Ana Lund")),
        ("published", json!("2019-11-03T09:15:00+01:00")),
        ("outlet", json!("Ferry Post")),
        ("language", json!("en")),
    ] {
        assert_eq!(article[key], expected, "{key}");
        assert!(
            key == "title" || article["metadata"].get(key).is_none(),
            "{key}"
        );
    }
    let text: Vec<char> = article["text"].as_str().unwrap().chars().collect();
    let around: Vec<String> = article["surroundings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|range| {
            let edge = |i: usize| usize::try_from(range[i].as_u64().unwrap()).unwrap();
            text[edge(0)..edge(1)].iter().collect()
        })
        .collect();
    assert!(
        around
            .iter()
            .any(|line| line.starts_with("Sign up for our newsletter")),
        "{around:?}"
    );
    assert!(!around.iter().any(|line| line.contains("captain")));
}

#[test]
fn archives_do_no_harm() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let mut zip = zip::ZipWriter::new(fs::File::create(folder.join("a.zip")).unwrap());
    let options = zip::write::SimpleFileOptions::default();
    for (name, content) in [
        ("a/one.txt", "The first text."),
        ("../out.txt", "Out."),
        ("page.html", PAGE),
    ] {
        zip.start_file(name, options).unwrap();
        zip.write_all(content.as_bytes()).unwrap();
    }
    zip.finish().unwrap();
    check(
        folder,
        &["import", "a.zip", "-o", "p.ron"],
        1,
        &[
            "a.zip/a/one.txt: “The first text.”",
            "its name leads out of the archive",
            "2 articles added, 1 file refused",
        ],
    );
    assert!(!folder.join("../out.txt").exists());
}

#[test]
fn what_is_whole_is_imported_beside_what_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::create_dir_all(folder.join("articles/inner")).unwrap();
    fs::write(folder.join("articles/a.txt"), "One.").unwrap();
    fs::write(folder.join("articles/b.md"), "# Two\n\nText.").unwrap();
    fs::write(folder.join("articles/inner/c.txt"), "One.").unwrap();
    fs::write(folder.join("articles/d.txt"), "").unwrap();
    let said = [
        "2 articles added, 1 duplicate skipped, 1 file refused",
        "d.txt: the file is empty",
    ];
    check(folder, &["import", "articles", "-o", "p.ron"], 1, &said);
    check(
        folder,
        &["check", "p.ron"],
        0,
        &["p.ron is whole: 2 articles"],
    );
    fs::write(folder.join("e.txt"), "Three.").unwrap();
    check(
        folder,
        &["import", "e.txt", "--into", "p.ron"],
        0,
        &["p.ron: 3 articles"],
    );
    let titles: Vec<Value> = exported(folder, "p.ron")
        .iter()
        .map(|a| a["title"].clone())
        .collect();
    assert_eq!(titles, ["One.", "Two", "Three."]);
}

#[test]
fn nothing_is_overwritten_unless_asked() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::write(folder.join("a.txt"), "An article.").unwrap();
    let check_kept = |output: &str, arguments: &[&str]| {
        fs::write(folder.join(output), "mine").unwrap();
        let message = "--force replaces it";
        check(folder, arguments, 1, &[output, message]);
        assert_eq!(fs::read_to_string(folder.join(output)).unwrap(), "mine");
        let forced = [arguments, &["--force"]].concat();
        check(folder, &forced, 0, &[output]);
        assert_ne!(fs::read_to_string(folder.join(output)).unwrap(), "mine");
    };
    check_kept("p.ron", &["import", "a.txt", "-o", "p.ron"]);
    check_kept("d.jsonl", &["export", DEMO, "-f", "jsonl", "-o", "d.jsonl"]);
    check_kept("d.csv", &["export", DEMO, "-f", "csv", "-o", "d.csv"]);
}

#[test]
fn the_demo_is_exported_and_proven() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    check(
        folder,
        &["check", DEMO],
        0,
        &["is whole", "0 errors, 0 warnings"],
    );
    for format in [
        "jsonl",
        "csv",
        "xlsx",
        "html",
        "qdpx",
        "parquet",
        "labelstudio",
        "brat",
    ] {
        let proven = "fragments, every one compared with the project";
        check(
            folder,
            &["export", DEMO, "-f", format, "-o", format, "--verify"],
            0,
            &[proven],
        );
        // With the file there, only comparing is left to do.
        check(
            folder,
            &["export", DEMO, "-f", format, "-o", format, "--verify"],
            0,
            &[proven],
        );
    }
    let csv = fs::read_to_string(folder.join("csv/spans.csv")).unwrap();
    assert!(csv.starts_with("\u{FEFF}article_id,title,") && csv.ends_with("\r\n"));
    // One word changed in the text of a mark is noticed.
    let jsonl = fs::read_to_string(folder.join("jsonl")).unwrap();
    fs::write(
        folder.join("jsonl"),
        jsonl.replacen("Mastodon", "Mastodan", 1),
    )
    .unwrap();
    check(
        folder,
        &["export", DEMO, "-f", "jsonl", "-o", "jsonl", "--verify"],
        1,
        &["jsonl", "the text differs"],
    );
}

#[test]
fn a_dataset_comes_back_as_it_left() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    check(
        folder,
        &["export", DEMO, "-f", "jsonl", "-o", "one.jsonl"],
        0,
        &[],
    );
    check(
        folder,
        &["import", "one.jsonl", "--format", "jsonl", "-o", "p.ron"],
        0,
        &["p.ron: 7 articles"],
    );
    check(
        folder,
        &["check", "p.ron"],
        0,
        &["p.ron is whole", "0 errors, 0 warnings"],
    );
    check(
        folder,
        &[
            "export",
            "p.ron",
            "-f",
            "jsonl",
            "-o",
            "two.jsonl",
            "--verify",
        ],
        0,
        &[],
    );
    let bytes = |name: &str| fs::read(folder.join(name)).unwrap();
    assert_eq!(bytes("one.jsonl"), bytes("two.jsonl"));
}

#[test]
fn what_fits_no_text_is_left_out_with_a_reason() {
    let folder = tempfile::tempdir().unwrap();
    let mark = |start: u32, end: u32, text: &str| json!({ "label": "quote", "fragments": [{ "start": start, "end": end, "text": text }] });
    let article = json!({ "id": "a", "text": "Short 👨🏻‍🚒", "annotations": [
        mark(0, 5, "Short"), mark(0, 99, "Short"), mark(1, 5, "Short"), mark(0, 7, "Short 👨"), mark(2, 2, ""),
    ] });
    fs::write(folder.path().join("d.jsonl"), article.to_string()).unwrap();
    let reasons = [
        "d.jsonl: line 1, article a: annotation without an id left out: ",
        "characters 0 to 99 lie outside the text",
        "characters 1 to 5 are not the text it carries",
        "begins or ends inside a character",
        "has no text",
        "p.ron: 1 article, 1 annotation",
    ];
    check(
        folder.path(),
        &["import", "d.jsonl", "--format", "jsonl", "-o", "p.ron"],
        1,
        &reasons,
    );
    check(folder.path(), &["check", "p.ron"], 0, &["p.ron is whole"]);
    fs::write(
        folder.path().join("d.jsonl"),
        "{\"text\": \"a\"}\n{\"text\": 3}\n",
    )
    .unwrap();
    let place = ["d.jsonl: line 2, column 10: "];
    check(
        folder.path(),
        &["import", "d.jsonl", "--format", "jsonl", "-o", "q.ron"],
        1,
        &place,
    );
}

#[test]
fn formats_are_listed() {
    let listed = [
        "jsonl  JSON Lines (.jsonl), import and export",
        "csv  CSV for spreadsheets and statistics (folder or .zip), import and export",
    ];
    let units = "    offsets in Unicode code points";
    check(
        Path::new(ROOT),
        &["formats"],
        0,
        &[listed[0], listed[1], units],
    );
    let lines = check(Path::new(ROOT), &["formats", "--json"], 0, &[]);
    let names: Vec<Value> = lines
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["name"].clone())
        .collect();
    assert_eq!(names.get(..3).unwrap(), ["jsonl", "xlsx", "csv"]);
    for reader in [
        "html",
        "pdf",
        "docx",
        "eml",
        "csv-table",
        "brat",
        "xmi",
        "qdpx",
    ] {
        assert!(names.iter().any(|name| name == reader), "{reader}");
    }
}

#[test]
fn damage_is_reported_and_newer_files_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let demo = fs::read_to_string(DEMO).unwrap();
    let check_damaged = |source: &str, expected: &[&str]| {
        fs::write(folder.join("p.ron"), source).unwrap();
        check(folder, &["check", "p.ron"], 1, expected);
    };
    let (half, _) = demo.split_at(demo.floor_char_boundary(demo.len() / 2));
    check_damaged(half, &["the file is damaged here: ", "p.ron is damaged: "]);
    check_damaged(
        &demo.replacen("version: (1, 2)", "version: (2, 0)", 1),
        &[
            "pressmark: p.ron: this project was saved by a newer version of Pressmark (file version 2.0",
            "update Pressmark to open it",
        ],
    );
    check_damaged(
        &demo.replacen("(254, 320, ", "(255, 320, ", 1),
        &[
            ": annotation demo-000001 “",
            " moved from characters 255–320 to 254–320 (exact)",
            "    repair: the annotation is moved to characters 254–320",
        ],
    );
    check_damaged("", &["pressmark: p.ron: this is no Pressmark project"]);
    check(
        folder,
        &["check", "gone.ron"],
        1,
        &["pressmark: gone.ron: the file does not exist"],
    );
    // A damaged project is not added to.
    fs::write(folder.join("p.ron"), half).unwrap();
    fs::write(folder.join("a.txt"), "An article.").unwrap();
    check(
        folder,
        &["import", "a.txt", "--into", "p.ron"],
        1,
        &["p.ron is damaged"],
    );
    assert_eq!(fs::read_to_string(folder.join("p.ron")).unwrap(), half);
}

#[test]
fn wrong_usage_is_told_from_failure() {
    let folder = tempfile::tempdir().unwrap();
    let check_usage = |arguments: &[&str], code: i32, message: &str| {
        check(folder.path(), arguments, code, &[message]);
    };
    check_usage(&["formats", "--nope"], 2, "unexpected argument '--nope'");
    check_usage(&["import"], 2, "required arguments were not provided");
    check_usage(&["import", "a.txt"], 2, "--output <PROJECT.ron>");
    check_usage(
        &["import", "a.txt", "-o", "p.ron", "--into", "q.ron"],
        2,
        "cannot be used with",
    );
    check_usage(&["export", "p.ron", "-f", "csv"], 2, "--output <OUTPUT>");
    check_usage(
        &["export", DEMO, "-f", "csv", "-o", "d", "--status", "odd"],
        2,
        "invalid value 'odd'",
    );
    check_usage(
        &["export", DEMO, "-f", "xml", "-o", "d"],
        1,
        "there is no format “xml”; there are: jsonl, xlsx, csv",
    );
    check_usage(
        &["import", "d", "--format", "csv", "-o", "p.ron"],
        1,
        "is recognised by its content",
    );
    // A mistyped command is no article that a window is opened for.
    check_usage(&["exprot", "p.ron"], 2, "did you mean “export”?");
    check_usage(&["fromats"], 2, "did you mean “formats”?");
    check_usage(
        &["nonsense"],
        2,
        "there is no command and no file “nonsense”",
    );
    check_usage(
        &["--version"],
        0,
        concat!("pressmark ", env!("CARGO_PKG_VERSION")),
    );
}

/// A text, and marks on it: start and end in code points, counted by hand, and what they cover.
type Marked = (&'static str, &'static [(u32, u32, &'static str)]);

/// Texts that other annotation tools got wrong, each marked as a whole and in part.
#[rustfmt::skip]
const HARD_TEXTS: &[Marked] = &[
    ("💩This is an annotation.", &[(0, 23, "💩This is an annotation."), (0, 1, "💩"), (1, 5, "This")]),
    // Man, skin tone, joiner, fire engine: four code points, one character.
    ("👨🏻‍🚒 firemen drive firetrucks", &[(0, 29, "👨🏻‍🚒 firemen drive firetrucks"), (0, 4, "👨🏻‍🚒"), (5, 12, "firemen")]),
    ("🤦🏼‍♂️", &[(0, 5, "🤦🏼‍♂️")]),
    ("❣️", &[(0, 2, "❣️")]),
    ("A 🤦🏼‍♂️ says it, and ❣️", &[(0, 23, "A 🤦🏼‍♂️ says it, and ❣️"), (2, 7, "🤦🏼‍♂️"), (8, 15, "says it"), (21, 23, "❣️")]),
    ("Shares fell 📉📰 on Monday.", &[(0, 25, "Shares fell 📉📰 on Monday."), (12, 14, "📉📰"), (13, 14, "📰"), (15, 24, "on Monday")]),
    ("The last word", &[(0, 13, "The last word"), (9, 13, "word"), (12, 13, "d")]),
    ("Ends in an emoji 💩", &[(0, 18, "Ends in an emoji 💩"), (17, 18, "💩")]),
    ("zero\u{200B}width and \u{FEFF}mark", &[(0, 20, "zero\u{200B}width and \u{FEFF}mark"), (0, 4, "zero"), (4, 5, "\u{200B}"), (5, 10, "width"), (16, 20, "mark")]),
    ("join\u{200D}ed soft\u{AD}ly", &[(0, 15, "join\u{200D}ed soft\u{AD}ly"), (0, 7, "join\u{200D}ed"), (5, 7, "ed"), (8, 15, "soft\u{AD}ly")]),
    ("قال الوزير: «سنعيد بناء الجسر» أمس.", &[(0, 35, "قال الوزير: «سنعيد بناء الجسر» أمس."), (12, 30, "«سنعيد بناء الجسر»"), (4, 10, "الوزير")]),
    ("השר אמר: \"נבנה את הגשר\", ויצא.", &[(0, 30, "השר אמר: \"נבנה את הגשר\", ויצא."), (9, 23, "\"נבנה את הגשר\""), (0, 3, "השר")]),
    // Overlapping, nested, and out of order; one ends inside another.
    ("0123456789 abcdefghij", &[(11, 21, "abcdefghij"), (5, 15, "56789 abcd"), (0, 21, "0123456789 abcdefghij"), (0, 8, "01234567"), (6, 9, "678")]),
    ("He said it was a lie, she says.", &[(0, 31, "He said it was a lie, she says."), (8, 20, "it was a lie"), (0, 10, "He said it"), (17, 25, "lie, she")]),
];

/// The lines of a dataset with one article for each text.
fn dataset(texts: &[Marked]) -> String {
    let article = |(n, (text, marks)): (usize, &Marked)| {
        let annotations = marks.iter().enumerate().map(|(i, (start, end, covered))| {
            json!({
                "id": format!("m{n}-{i}"), "annotator": "ana", "label": "quote",
                "fragments": [{ "start": start, "end": end, "text": covered }],
            })
        });
        let annotations: Vec<Value> = annotations.collect();
        json!({ "id": format!("t{n}"), "text": text, "annotations": annotations })
    };
    texts
        .iter()
        .enumerate()
        .map(|marked| format!("{}\n", article(marked)))
        .collect()
}

/// The text between two code points.
fn cut(text: &str, start: u64, end: u64) -> String {
    let length = usize::try_from(end - start).unwrap();
    text.chars()
        .skip(usize::try_from(start).unwrap())
        .take(length)
        .collect()
}

/// Imports texts, exports them, and compares text and marks with what is expected.
#[track_caller]
fn check_survives(texts: &[Marked], expected: &[Marked]) {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::write(folder.join("in.jsonl"), dataset(texts)).unwrap();
    check(
        folder,
        &["import", "in.jsonl", "--format", "jsonl", "-o", "p.ron"],
        0,
        &[],
    );
    check(
        folder,
        &["check", "p.ron"],
        0,
        &["p.ron is whole", "0 errors, 0 warnings"],
    );
    for format in ["jsonl", "csv"] {
        let output = format!("out.{format}");
        check(
            folder,
            &["export", "p.ron", "-f", format, "-o", &output, "--verify"],
            0,
            &["compared"],
        );
    }
    let articles = exported(folder, "p.ron");
    assert_eq!(articles.len(), expected.len());
    for (n, (article, (text, marks))) in articles.iter().zip(expected).enumerate() {
        assert_eq!(article["text"], *text);
        let found = article["annotations"].as_array().unwrap();
        assert_eq!(found.len(), marks.len(), "{text}");
        for (i, (start, end, covered)) in marks.iter().enumerate() {
            let id = format!("m{n}-{i}");
            let annotation = found
                .iter()
                .find(|annotation| annotation["id"] == *id)
                .unwrap();
            let fragment = json!({ "start": start, "end": end, "text": covered });
            assert_eq!(annotation["fragments"], json!([fragment]), "{id} of {text}");
            assert_eq!(
                cut(text, u64::from(*start), u64::from(*end)),
                *covered,
                "{id} of {text}"
            );
        }
    }
}

#[test]
fn hard_texts_survive_import_and_export() {
    check_survives(HARD_TEXTS, HARD_TEXTS);
}

#[test]
fn marks_stay_on_their_words_when_line_endings_become_one_kind() {
    let before: &[Marked] = &[(
        "One\r\ntwo\nthree\r\nfour",
        &[
            (0, 20, "One\r\ntwo\nthree\r\nfour"),
            (5, 8, "two"),
            (9, 14, "three"),
            (16, 20, "four"),
        ],
    )];
    let after: &[Marked] = &[(
        "One\ntwo\nthree\nfour",
        &[
            (0, 18, "One\ntwo\nthree\nfour"),
            (4, 7, "two"),
            (8, 13, "three"),
            (14, 18, "four"),
        ],
    )];
    check_survives(before, after);
}

#[test]
fn sample_articles_make_a_whole_project() {
    if !Path::new(SAMPLES).is_dir() {
        // Straight to the terminal: what a passing test prints is not shown.
        writeln!(
            std::io::stderr(),
            "skipped: no sample articles beside the project"
        )
        .unwrap();
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    check(
        folder.path(),
        &["import", SAMPLES, "-o", "p.ron"],
        0,
        &["articles added"],
    );
    check(
        folder.path(),
        &["check", "p.ron"],
        0,
        &["p.ron is whole", "0 errors, 0 warnings"],
    );
}

/// Nothing that a terminal obeys, breaks a line by or turns its direction with.
#[cfg(unix)]
#[track_caller]
fn check_shown(said: &str, lines: usize) {
    let is_unseen = |c: char| {
        c != '\n' && c.is_control()
            || matches!(c, '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
    };
    assert!(!said.contains(is_unseen), "{said:?}");
    assert_eq!(said.lines().count(), lines, "{said}");
}

#[cfg(unix)]
#[test]
fn names_are_shown_escaped() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let names: &[(&[u8], &str)] = &[
        (b"a\nerror: gone.txt", "a\\nerror: gone.txt"),
        (b"\x1b[2Jb\x07.txt", "\\u{1b}[2Jb\\u{7}.txt"),
        ("c\u{202e}fdp.txt".as_bytes(), "c\\u{202e}fdp.txt"),
        (
            "d\u{2066}\u{200f}\u{9b}31m.txt".as_bytes(),
            "d\\u{2066}\\u{200f}\\u{9b}31m.txt",
        ),
        (b"e\xFF\x08.txt", "e\\xFF\\u{8}.txt"),
        ("خبر עברית.txt".as_bytes(), "خبر עברית.txt"),
    ];
    fs::create_dir(folder.join("in")).unwrap();
    for (n, (name, _)) in names.iter().enumerate() {
        let text = format!("Title {n}\n\nThe ferry number {n} ran again on Monday.\n");
        fs::write(folder.join("in").join(OsStr::from_bytes(name)), text).unwrap();
    }
    let said = check(folder, &["import", "in", "-o", "p.ron"], 0, &[]);
    // A name that is no text is a name with a replacement once it is read.
    let has = |said: &str, shown: &str| {
        said.contains(shown) || said.contains(&shown.replace("\\xFF", "\u{FFFD}"))
    };
    for (_, shown) in names {
        assert!(has(&said, shown), "{shown} is not in {said}");
    }
    check_shown(&said, names.len() + 2);
    let said = check(folder, &["import", "in", "-o", "q.ron", "--json"], 0, &[]);
    check_shown(&said, names.len());
    let files: Vec<String> = said
        .lines()
        .map(|line| {
            serde_json::from_str::<Value>(line).unwrap()["file"]
                .as_str()
                .unwrap()
                .to_owned()
        })
        .collect();
    assert!(
        files.contains(&"in/c\u{202e}fdp.txt".to_owned()),
        "{files:?}"
    );
    // Refusals, projects and what they are written to.
    for (name, shown) in names {
        let path = folder.join(OsStr::from_bytes(name));
        fs::write(&path, "").unwrap();
        for arguments in [
            ["check"].as_slice(),
            ["extract"].as_slice(),
            ["import", "-o", "never.ron"].as_slice(),
        ] {
            let output = Command::new(env!("CARGO_BIN_EXE_pressmark"))
                .args(arguments)
                .arg(&path)
                .current_dir(folder)
                .env("PRESSMARK_CONFIG_DIR", folder.join("config"))
                .output()
                .unwrap();
            let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
            assert_eq!(output.status.code(), Some(1), "{said}");
            assert!(has(&said, shown), "{arguments:?}: {shown} is not in {said}");
            check_shown(&said, said.lines().count());
            assert!(
                said.lines().all(|line| !line.starts_with("error: gone")),
                "{said}"
            );
        }
        let output = Command::new(env!("CARGO_BIN_EXE_pressmark"))
            .args(["export", "p.ron", "-f", "jsonl", "-o"])
            .arg(folder.join(OsStr::from_bytes(&[name, b".jsonl".as_slice()].concat())))
            .args(["--json"])
            .current_dir(folder)
            .env("PRESSMARK_CONFIG_DIR", folder.join("config"))
            .output()
            .unwrap();
        let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        assert_eq!(output.status.code(), Some(0), "{said}");
        check_shown(&said, 1);
        assert!(serde_json::from_str::<Value>(&said).is_ok(), "{said}");
    }
    // Titles, and names in an archive.
    let mut zip = zip::ZipWriter::new(fs::File::create(folder.join("z.zip")).unwrap());
    let options = zip::write::SimpleFileOptions::default();
    zip.start_file("in\u{202e}\u{1b}side.html", options)
        .unwrap();
    let page = "<title>T\u{202e}itle\u{9b}</title><p>The harbour was closed on Tuesday, said the mayor of the town.</p>";
    zip.write_all(page.as_bytes()).unwrap();
    zip.start_file("bro\u{2067}ken.pdf", options).unwrap();
    zip.write_all(b"%PDF-1.4 nothing").unwrap();
    zip.finish().unwrap();
    let said = check(
        folder,
        &["import", "z.zip", "-o", "z.ron"],
        1,
        &["in\\u{202e}\\u{1b}side.html", "bro\\u{2067}ken.pdf"],
    );
    check_shown(&said, said.lines().count());
}
