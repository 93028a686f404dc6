//! Damage to project files: what is read of them, what `check` says, and what `--repair` saves.

#![expect(clippy::string_slice, reason = "files are cut anywhere on purpose")]

use pressmark::core::annotation::{Annotation, AnnotationSet};
use pressmark::core::article::{Article, Status};
use pressmark::core::check::Severity;
use pressmark::core::project::{Annotator, Project, ProjectParts, TrashItem, Trashed};
use pressmark::core::text::{ArticleText, BytePos, ByteRange};
use pressmark::format::project_ron::{Opened, read, write};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use unicode_normalization::UnicodeNormalization;

/// The program's exit code, and what it says.
pub(crate) fn run(folder: &Path, arguments: &[&str]) -> (i32, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_pressmark"))
        .args(arguments)
        .current_dir(folder)
        .env("PRESSMARK_CONFIG_DIR", folder.join("config"))
        .output()
        .unwrap();
    let said = [output.stdout, output.stderr].concat();
    let code = output.status.code().unwrap_or(-1);
    (code, String::from_utf8(said).unwrap())
}

const SENTENCES: &[&str] = &[
    "\"We will rebuild the bridge,\" mayor NAME said after the vote",
    "The council, which met in Zürich with NAME, had refused the plan in March",
    "وقال الوزير NAME إن المفاوضات ستبدأ الأسبوع المقبل",
    "Firefighter 👨🏻‍🚒 NAME said that nobody was hurt 🇺🇦 that night",
    "NAME said it's \"not a matter of money\" but of trust",
    "Offences fell from 340 to 312 over the same period, NAME of the police said",
    "Das Gericht hält die Auflösung durch NAME für verfassungswidrig",
    "NAME said no",
];

/// A name that does not come twice in a text.
fn name(n: usize) -> String {
    const SYLLABLES: [&str; 10] = ["ba", "ne", "ti", "ro", "lu", "ska", "vé", "mo", "ri", "dan"];
    let digits = n.to_string();
    let syllables = digits
        .bytes()
        .map(|digit| SYLLABLES[usize::from(digit - b'0')]);
    format!("X{}", syllables.collect::<String>())
}

/// A text of about so many bytes, with a paragraph for every few sentences and a number in each.
fn text(bytes: usize, seed: usize) -> String {
    let mut text = String::new();
    let mut n = seed;
    while text.len() < bytes {
        n += 1;
        text.push_str(&SENTENCES[(n * 7 + n / 5) % SENTENCES.len()].replace("NAME", &name(n)));
        match n % 6 {
            0 => text.push_str(&format!(" ({n}).  \n\n\t")),
            3 => text.push_str(", as before. "),
            _ => text.push_str(&format!(" in {n}. ")),
        }
    }
    text
}

/// Marks every “said” that is not too near to the last, and whole sentences between.
fn annotations(text: &str, tag: &str) -> Vec<Annotation> {
    let mut made = Vec::new();
    let mut next = 0;
    let mut mark = |label: &str, ranges: &[(usize, usize)]| {
        let range = |&(a, b): &(usize, usize)| ByteRange::new(BytePos(a as u32), BytePos(b as u32));
        let id = format!("{tag}-{:06}", made.len());
        let mut annotation = Annotation::new(
            id.as_str().into(),
            "ana".into(),
            label.into(),
            range(&ranges[0]),
        );
        annotation.fragments = ranges.iter().map(range).collect();
        annotation.note = format!("note \"{}\" 💩", made.len());
        made.push(annotation);
    };
    for (i, _) in text.match_indices("said") {
        if i < next {
            continue;
        }
        next = i + 400;
        mark("cue", &[(i, i + 4)]);
        if let Some(at) = text[i..].find("The council, which") {
            let at = i + at;
            mark(
                "claim",
                &[(at, at + "The council, which met in Zürich".len())],
            );
        }
        if let Some(at) = text[i..].find("Offences fell") {
            let at = i + at;
            mark("quote", &[(at, at + 13), (at + 18, at + 28)]);
        }
    }
    made
}

fn project() -> Project {
    let article = |n: usize, bytes: usize| {
        let source = text(bytes, n * 1000);
        let id = format!("a-{n}");
        let title = format!("Article {n}");
        let annotations = annotations(&source, &format!("t{n}"));
        let mut article = Article::new(id.as_str().into(), title, ArticleText::new(source));
        article.annotations = AnnotationSet::from_annotations(annotations).0;
        article.status.insert("ana".into(), Status::Done);
        article
            .metadata
            .insert("outlet".to_owned(), "The \"Post\"".to_owned());
        Arc::new(article)
    };
    let articles: Vec<Arc<Article>> =
        vec![article(1, 60_000), article(2, 2_000), article(3, 20_000)];
    let trash = (0..3).map(|i| {
        let mut annotation = Annotation::clone(articles[0].annotations.iter().nth(i).unwrap());
        annotation.id = format!("gone-{i}").as_str().into();
        let what = Trashed::Annotation {
            article: "a-1".into(),
            annotation: Arc::new(annotation),
        };
        TrashItem::new(what, "ana".into(), None)
    });
    let mut trash: Vec<TrashItem> = trash.collect();
    let what = Trashed::Article(article(4, 1_500));
    trash.push(TrashItem::new(what, "ana".into(), None));
    Project::from_parts(ProjectParts {
        name: "Damage".to_owned(),
        annotators: vec![Annotator {
            id: "ana".into(),
            name: "Ana".to_owned(),
            unknown: Vec::new(),
        }],
        articles,
        trash,
        ..ProjectParts::default()
    })
}

fn source_of(project: &Project) -> String {
    write(project, &mut |_| true).unwrap()
}

fn open(bytes: &[u8]) -> Opened {
    read(bytes, &|_| ()).unwrap()
}

/// All annotations of a project with the text they mark, by id.
fn marked(project: &Project) -> BTreeMap<String, Vec<(u32, String)>> {
    let mut all = BTreeMap::new();
    for article in project.articles() {
        for annotation in article.annotations.iter() {
            let fragments = annotation.fragments.iter().map(|&fragment| {
                let text = article.text.slice(fragment).to_owned();
                (article.text.char_pos(fragment.start).0, text)
            });
            all.insert(annotation.id.to_string(), fragments.collect());
        }
    }
    all
}

/// What was repaired is whole, and reading it changes nothing more.
#[track_caller]
fn check_repaired(opened: &Opened) {
    let source = source_of(&opened.project);
    let back = open(source.as_bytes());
    assert_eq!(back.project, opened.project);
    let errors = back
        .problems
        .iter()
        .filter(|p| p.severity == Severity::Error);
    assert_eq!(errors.count(), 0, "{:?}", back.problems);
    assert_eq!(source_of(&back.project), source);
}

#[test]
fn a_cut_at_any_place_loses_only_what_comes_after() {
    let project = project();
    let source = source_of(&project);
    let all = marked(&project);
    let line_end = |from: usize| from + source[from..].find('\n').unwrap() + 1;
    let ends = |start: String| source.find(&start).map(line_end).unwrap();
    let annotation_ends: Vec<(&String, usize)> = all
        .keys()
        .map(|id| (id, ends(format!("                (id: \"{id}\""))))
        .collect();
    let article_ends: Vec<(Arc<Article>, usize)> = project
        .articles()
        .iter()
        .map(|article| {
            let start = source
                .find(&format!("            id: \"{}\"", article.id))
                .unwrap();
            (
                article.clone(),
                start + source[start..].find("\n        ),\n").unwrap() + 12,
            )
        })
        .collect();
    let trash_start = source.find("\n    trash: [").unwrap();
    let trash_ends: Vec<usize> = source[trash_start..]
        .match_indices("\n        ),\n")
        .map(|(i, end)| trash_start + i + end.len())
        .collect();
    assert_eq!(trash_ends.len(), 4);
    let whole = source.trim_end().len();
    let places = (1000..whole).step_by(1000);
    let places = places.chain(trash_ends.iter().flat_map(|&end| [end - 1, end, end + 7]));
    for cut in places {
        let opened = match read(&source.as_bytes()[..cut], &|_| ()) {
            Ok(opened) => opened,
            Err(error) => panic!("cut at {cut}: {error}"),
        };
        assert!(
            opened
                .problems
                .iter()
                .any(|p| p.severity == Severity::Error && !p.remedy.is_empty()),
            "cut at {cut} went unnoticed"
        );
        let left = marked(&opened.project);
        for (id, end) in &annotation_ends {
            if *end <= cut {
                assert_eq!(left.get(*id), all.get(*id), "cut at {cut}");
            }
        }
        for (article, end) in &article_ends {
            if *end <= cut {
                assert_eq!(
                    opened.project.article(&article.id),
                    Some(article),
                    "cut at {cut}"
                );
            }
        }
        let saved = trash_ends.iter().filter(|&&end| end <= cut).count();
        assert!(opened.project.trash().len() >= saved, "cut at {cut}");
        check_repaired(&opened);
    }
}

#[test]
fn a_repair_is_another_file_and_is_whole() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let source = source_of(&project());
    for share in [10, 50, 95] {
        let cut = source.len() * share / 100;
        fs::write(folder.join("p.ron"), &source.as_bytes()[..cut]).unwrap();
        let (code, said) = run(folder, &["check", "p.ron"]);
        assert_eq!(code, 1, "{said}");
        assert!(
            said.contains("it was cut off here") && said.contains("    repair: "),
            "{said}"
        );
        let (code, said) = run(
            folder,
            &["check", "p.ron", "--repair", "out.ron", "--force"],
        );
        assert_eq!(code, 0, "{said}");
        assert!(
            said.contains("out.ron was written and is whole: "),
            "{said}"
        );
        assert_eq!(
            fs::read(folder.join("p.ron")).unwrap(),
            &source.as_bytes()[..cut]
        );
        let (code, said) = run(folder, &["check", "out.ron"]);
        assert_eq!(code, 0, "{said}");
    }
    // The machine's answer.
    let (_, said) = run(
        folder,
        &["check", "p.ron", "--repair", "out2.ron", "--json"],
    );
    let lines: Vec<Value> = said
        .lines()
        .map(|l| serde_json::from_str(l).unwrap())
        .collect();
    let (last, problems) = lines.split_last().unwrap();
    assert_eq!(last["whole"], true);
    assert!(!problems.is_empty());
    for problem in problems {
        for field in ["severity", "place", "message", "remedy"] {
            assert!(problem[field].is_string(), "{problem}");
        }
    }
    fs::create_dir_all(folder.join("config")).unwrap();
    // Neither the project itself, under any name, nor what exists.
    let refused = |out: &str, message: &str| {
        let before = fs::read(folder.join("p.ron")).unwrap();
        let (code, said) = run(folder, &["check", "p.ron", "--repair", out]);
        assert_eq!(code, 1, "{said}");
        assert!(said.contains(message), "{said}");
        assert_eq!(fs::read(folder.join("p.ron")).unwrap(), before);
    };
    refused("out.ron", "out.ron exists; --force replaces it");
    refused("p.ron", "is the project itself");
    refused("./config/../p.ron", "is the project itself");
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("p.ron", folder.join("soft.ron")).unwrap();
        fs::hard_link(folder.join("p.ron"), folder.join("hard.ron")).unwrap();
        refused("soft.ron", "is the project itself");
        refused("hard.ron", "is the project itself");
    }
    fs::write(folder.join("no.ron"), "Dear diary").unwrap();
    let (code, said) = run(folder, &["check", "no.ron", "--repair", "never.ron"]);
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("this is no Pressmark project"), "{said}");
    assert!(!folder.join("never.ron").exists());
}

/// What an editor does to the texts in the file, line by line.
fn edited(source: &str, edit: impl Fn(usize, &str) -> String) -> String {
    let mut out = String::new();
    let mut in_text = 0;
    for line in source.lines() {
        let key = line.trim();
        if key == "text: [" {
            in_text = 1;
        } else if in_text > 0 && key == "]," {
            in_text = 0;
        } else if in_text > 0 {
            out.push_str(&edit(in_text, line));
            in_text += 1;
            continue;
        }
        out.push_str(line);
        out.push('\n');
    }
    out
}

/// Damages the texts, and compares what each annotation marks afterwards with what it marked
/// before, both as `same` sees them. At most `lost` in a hundred may be in the review list.
#[track_caller]
fn check_edited(lost: usize, same: impl Fn(&str) -> String, edit: impl Fn(usize, &str) -> String) {
    let project = project();
    let all = marked(&project);
    let opened = open(edited(&source_of(&project), edit).as_bytes());
    let left = marked(&opened.project);
    let hashes = opened
        .problems
        .iter()
        .filter(|p| p.message.contains("does not fit its hash"));
    assert!(hashes.count() >= 3);
    for (id, fragments) in &left {
        let texts = |f: &[(u32, String)]| f.iter().map(|(_, t)| same(t)).collect::<Vec<_>>();
        assert_eq!(texts(fragments), texts(&all[id]), "{id}");
    }
    let aside = all.len() - left.len();
    let of_articles = |a: &&pressmark::core::project::SetAside| !a.raw.as_str().contains("gone-");
    let set_aside = opened.project.set_aside().iter();
    assert!(set_aside.filter(of_articles).count() >= aside);
    assert!(
        aside * 100 <= all.len() * lost,
        "{aside} of {} lost",
        all.len()
    );
    // The order of the text is kept, so nothing has jumped to a text that looks the same.
    for article in opened.project.articles() {
        let places: Vec<(String, u32)> = article
            .annotations
            .iter()
            .map(|a| (a.id.to_string(), article.text.char_pos(a.start()).0))
            .collect();
        let before = |id: &str| all[id][0].0;
        for pair in places.windows(2) {
            let order = before(&pair[0].0).cmp(&before(&pair[1].0));
            let places = (before(&pair[0].0), before(&pair[1].0));
            let told = opened.problems.iter().map(ToString::to_string);
            let told: Vec<String> = told
                .filter(|p| p.contains(&pair[0].0) || p.contains(&pair[1].0))
                .collect();
            assert_eq!(
                order,
                pair[0].1.cmp(&pair[1].1),
                "{pair:?} were at {places:?}: {told:#?}"
            );
        }
    }
    check_repaired(&opened);
}

#[test]
fn annotations_are_found_again_after_another_editor() {
    let plain = |text: &str| text.to_owned();
    let keep = |line: &str| format!("{line}\n");
    let folded = |text: &str| {
        let text = text.replace(['“', '”'], "\"").replace('’', "'");
        text.nfc().collect::<String>()
    };
    // A word at the beginning.
    check_edited(0, plain, |n, line| match n {
        1 => format!(
            "{}\n",
            line.replacen("r#\"", "r#\"Yesterday ", 1)
                .replacen("r\"", "r\"Yesterday ", 1)
        ),
        _ => keep(line),
    });
    // A paragraph deleted, and one written twice.
    check_edited(
        10,
        plain,
        |n, line| if n == 5 { String::new() } else { keep(line) },
    );
    check_edited(0, plain, |n, line| match n {
        5 => keep(line).repeat(2),
        _ => keep(line),
    });
    // Curled quotation marks, decomposed letters, white space.
    check_edited(0, folded, |_, line| {
        let (start, rest) = line.split_once('"').unwrap();
        let (rest, end) = rest.rsplit_once('"').unwrap();
        let rest = rest
            .replace(" \"", " “")
            .replace('"', "”")
            .replace('\'', "’");
        format!("{start}\"{rest}\"{end}\n")
    });
    check_edited(0, folded, |_, line| keep(&line.nfd().collect::<String>()));
    check_edited(0, plain, |_, line| keep(&line.replace("  \"", "\"")));
    check_edited(0, plain, |_, line| keep(&line.replace('\t', "    ")));
}

/// Damage anywhere in the file: nothing panics, and at least so many annotations in a hundred are
/// there afterwards.
#[track_caller]
fn check_damaged(bytes: &[u8], message: &str, share: usize) {
    let project = project();
    let all = marked(&project);
    let opened = open(bytes);
    let problems: Vec<String> = opened.problems.iter().map(ToString::to_string).collect();
    assert!(
        problems.iter().any(|p| p.contains(message)),
        "{problems:#?}"
    );
    assert!(opened.problems.iter().all(|p| !p.remedy.is_empty()));
    let left = marked(&opened.project);
    let texts = |fragments: &[(u32, String)]| {
        let texts = fragments.iter().map(|(_, text)| text.clone());
        texts.collect::<Vec<_>>()
    };
    let is_same =
        |id: &String, f: &[(u32, String)]| all.get(id).is_some_and(|a| texts(a) == texts(f));
    let same = left.iter().filter(|(id, fragments)| is_same(id, fragments));
    let same = same.count();
    assert!(
        same * 100 >= all.len() * share,
        "{same} of {} are left: {problems:#?}",
        all.len()
    );
    check_repaired(&opened);
}

#[test]
fn all_that_is_not_damaged_is_saved() {
    let source = source_of(&project());
    let bytes = source.as_bytes();
    let with = |at: usize, junk: &[u8]| {
        let mut bytes = bytes.to_vec();
        bytes[at..at + junk.len()].copy_from_slice(junk);
        bytes
    };
    // A power failure: the end, the middle or the start was never written.
    let mut empty = bytes.to_vec();
    empty[bytes.len() * 3 / 4..].fill(0);
    check_damaged(&empty, "as after a power failure", 70);
    check_damaged(&with(40_000, &[0; 4096]), "as after a power failure", 80);
    check_damaged(&with(0, &[0; 4096]), "as after a power failure", 100);
    check_damaged(
        &[bytes, b"\x00\x00\xFF\xFEgarbage\n)))\n"].concat(),
        "after the end",
        100,
    );
    // Bytes that are no UTF-8, in a text, in annotations and in the codebook.
    for at in [3_000, 20_000, 90_000] {
        check_damaged(&with(at, &[0xFF, 0xC3, 0x80]), "no UTF-8", 90);
    }
    // Lines that are lost or put in.
    let line = "        (\n            id: \"a-2\"";
    assert!(source.contains(line));
    check_damaged(
        source
            .replacen(line, "            id: \"a-2\"", 1)
            .as_bytes(),
        "damaged here",
        95,
    );
    check_damaged(
        source.replacen("        ),\n", "", 30).as_bytes(),
        "damaged here",
        95,
    );
    check_damaged(
        source.replacen("    articles: [\n", "", 1).as_bytes(),
        "damaged here",
        95,
    );
    check_damaged(
        source.replacen("            text: [\n", "", 1).as_bytes(),
        "damaged here",
        95,
    );
    check_damaged(
        source.replacen(", label:", ", la", 1).as_bytes(),
        "damaged here",
        95,
    );
    let tabs = source
        .replace("    ", "\t")
        .replacen("fragments: [(", "fragments: [(x", 1);
    check_damaged(tabs.as_bytes(), "damaged here", 90);
    let bare: String = source
        .lines()
        .map(|l| format!("{}\n", l.trim_start()))
        .collect();
    check_damaged(&bare.as_bytes()[..bare.len() - 200], "cut off", 95);
    let wide: Vec<u8> = source.encode_utf16().flat_map(u16::to_le_bytes).collect();
    check_damaged(&[b"\xFF\xFE", wide.as_slice()].concat(), "UTF-16LE", 100);
}

#[test]
fn both_sides_of_an_unfinished_merge_are_read() {
    let source = source_of(&project());
    let id = "                (id: \"t1-000003\"";
    let at = source.find(id).unwrap();
    let end = at + source[at..].find('\n').unwrap() + 1;
    let line = &source[at..end];
    let other = line.replacen("t1-000003", "x-000001", 1);
    let changed = line.replacen("label: \"", "label: \"promo\", unused: \"", 1);
    for (theirs, count, aside) in [(other, 1, 0), (changed, 0, 1)] {
        let merged = format!(
            "{}<<<<<<< HEAD\n{line}=======\n{theirs}>>>>>>> theirs\n{}",
            &source[..at],
            &source[end..]
        );
        let opened = open(merged.as_bytes());
        let problem = &opened.problems[0];
        assert!(problem.message.contains("could not merge"), "{problem}");
        assert!(problem.place.starts_with("line "), "{problem}");
        let all = marked(&project()).len();
        assert_eq!(opened.project.annotation_count(), all + count);
        assert_eq!(opened.project.set_aside().len(), aside);
        check_repaired(&opened);
    }
}

#[test]
fn hostile_files_are_refused_or_read_quickly() {
    let deep = |c: &str| format!("(version: (1, 1), {}", c.repeat(1 << 20));
    for source in [
        "(".repeat(1 << 20),
        deep("("),
        deep("x: ("),
        deep("[(\n"),
        deep("\"\\"),
        format!(
            "(version: (1, 1),\n    articles: [\n{}",
            "        (\n".repeat(20_000)
        ),
        format!(
            "(version: (1, 1),\n    articles: [\n        (\n            text: [\n{}",
            "(id: \"\n".repeat(20_000)
        ),
        "<<<<<<<\n=======\n>>>>>>>\n".repeat(1000),
    ] {
        if let Ok(opened) = read(source.as_bytes(), &|_| ()) {
            assert!(!opened.problems.is_empty());
            check_repaired(&opened);
        }
    }
}

/// What `check` says of a file, of its repair, and of that again.
#[track_caller]
fn check_agrees(folder: &Path, damaged: impl AsRef<[u8]>, message: &str) -> Opened {
    let damaged = damaged.as_ref();
    fs::write(folder.join("p.ron"), damaged).unwrap();
    let (code, said) = run(folder, &["check", "p.ron"]);
    assert_eq!(code, 1, "{said}");
    assert!(said.contains(message), "{said}");
    let (code, said) = run(
        folder,
        &["check", "p.ron", "--repair", "out.ron", "--force"],
    );
    assert_eq!(code, 0, "{said}");
    let contents = |said: &str, start: &str| {
        let line = said.lines().find(|line| line.starts_with(start)).unwrap();
        let contents = line.strip_prefix(start).unwrap();
        let contents = contents.split(", 0 errors").next().unwrap();
        contents.to_owned()
    };
    let repaired = contents(&said, "out.ron was written and is whole: ");
    let (code, said) = run(folder, &["check", "out.ron"]);
    assert_eq!(code, 0, "{said}");
    assert_eq!(contents(&said, "out.ron is whole: "), repaired);
    let opened = open(damaged);
    check_repaired(&opened);
    opened
}

#[test]
fn numbers_out_of_range_cost_no_article() {
    let folder = tempfile::tempdir().unwrap();
    let project = project();
    let source = source_of(&project);
    let all = marked(&project);
    // Every offset of every annotation.
    let mut damaged = String::new();
    for line in source.lines() {
        match line.find("fragments: [(") {
            Some(at) if line.trim_start().starts_with("(id: ") => {
                let (start, rest) = line.split_at(at + "fragments: [(".len());
                let (_, rest) = rest.split_once(", \"").unwrap_or((rest, rest));
                let text = format!("{start}4294967296, 4294967300, \"{rest}\n");
                damaged.push_str(&text);
            }
            _ => damaged.push_str(&format!("{line}\n")),
        }
    }
    let opened = check_agrees(
        folder.path(),
        &damaged,
        "4294967296 and 4294967300 is no place in a text",
    );
    let left = marked(&opened.project);
    for (id, fragments) in &left {
        assert_eq!(Some(fragments), all.get(id), "{id}");
    }
    assert!(
        left.len() * 100 >= all.len() * 90,
        "{} of {}",
        left.len(),
        all.len()
    );
    assert_eq!(left.len() + opened.project.set_aside().len(), all.len());
    // One number each, of every kind.
    let id = "(id: \"t2-000001\"";
    let line = source
        .lines()
        .find(|line| line.trim_start().starts_with(id))
        .unwrap();
    let (before, rest) = line.split_once("fragments: [(").unwrap();
    let (start, rest) = rest.split_once(", ").unwrap();
    for number in [
        "4294967296",
        "-1",
        "1.5",
        "1e30",
        "99999999999999999999999999",
        "NaN",
    ] {
        let bad = format!("{before}fragments: [({number}, {rest}");
        assert_ne!(number, start);
        let opened = check_agrees(
            folder.path(),
            source.replace(line, &bad),
            "is no place in a text",
        );
        assert_eq!(marked(&opened.project), all, "{number}");
        let bad = format!("{}, codebook: {number}),", line.trim_end_matches("),"));
        let opened = check_agrees(
            folder.path(),
            source.replace(line, &bad),
            "“codebook” cannot be read",
        );
        assert_eq!(marked(&opened.project), all, "{number}");
        assert_eq!(opened.project.set_aside().len(), 1);
    }
    for (from, to, message) in [
        ("color: \"#", "color: \"#FF", "“color” cannot be read"),
        ("revision: 1,", "revision: 4294967296,", "cannot be read"),
        ("version: (1, 2)", "version: (1, -2)", "damaged here"),
        ("helper: true", "helper: 7", "“helper” cannot be read"),
    ] {
        assert!(source.contains(from), "{from}");
        let opened = check_agrees(folder.path(), source.replacen(from, to, 1), message);
        assert_eq!(marked(&opened.project), all, "{to}");
    }
}

#[test]
fn lines_that_changed_places_are_put_back() {
    let folder = tempfile::tempdir().unwrap();
    let project = project();
    let source = source_of(&project);
    let all = marked(&project);
    let lines: Vec<&str> = source.lines().collect();
    let at = |wanted: &str, from: usize| {
        from + lines[from..]
            .iter()
            .position(|line| line.starts_with(wanted))
            .unwrap()
    };
    let article = at("            id: \"a-2\"", 0);
    let text = at("            text: [", article);
    let list_end = at("    ],", text);
    let annotation = at("                (id: \"", text);
    let next = at("        ),", annotation);
    for (one, other) in [
        // A line of text with the end of a list, of an article, and with an annotation.
        (text + 3, list_end),
        (text + 3, next),
        (text + 2, annotation),
        (text + 1, article),
        (text, annotation),
        (annotation, at("            title: ", next)),
    ] {
        let mut lines = lines.clone();
        lines.swap(one, other);
        let damaged = lines
            .iter()
            .map(|line| format!("{line}\n"))
            .collect::<String>();
        let opened = check_agrees(folder.path(), &damaged, "damaged here");
        let texts = |project: &Project| {
            let articles = project.articles().iter();
            articles
                .map(|a| a.text.as_str().to_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(texts(&opened.project), texts(&project), "{one} and {other}");
        assert_eq!(marked(&opened.project), all, "{one} and {other}");
    }
}

/// The cases beside the project, where they are there.
#[test]
fn hostile_projects_are_repaired_for_good() {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/cases/hostile");
    let Ok(base) = fs::read(cases.join("journal-base.ron")) else {
        eprintln!("skipped: {} is not there", cases.display());
        return;
    };
    let all = marked(&open(&base).project);
    let folder = tempfile::tempdir().unwrap();
    for (name, message, share) in [
        // One short text stands there twice, between words like those it stood between.
        ("ron-offset-over-u32.ron", "is no place in a text", 98),
        ("ron-swapped-lines.ron", "damaged here", 100),
        ("ron-repair-not-whole.ron", "damaged here", 0),
    ] {
        let damaged = fs::read(cases.join(name)).unwrap();
        let opened = check_agrees(folder.path(), &damaged, message);
        let left = marked(&opened.project);
        let same = left
            .iter()
            .filter(|(id, fragments)| all.get(*id) == Some(fragments));
        let same = same.count();
        assert!(
            same * 100 >= all.len() * share,
            "{name}: {same} of {}",
            all.len()
        );
    }
}
