//! Files are read in processes of their own: what comes out is the same, and no file takes the
//! others, the time or the memory with it.

use pressmark::app::import::reading::ReadFile;
use pressmark::app::import::workers::{Allowance, Readers};
use pressmark::app::import::{ImportOptions, import_paths};
use pressmark::core::edit::{Transaction, apply};
use pressmark::core::project::Project;
use pressmark::core::recipes::Signed;
use pressmark::format::reading::ReadOptions;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

fn readers() -> Readers {
    Readers::started_as(Path::new(env!("CARGO_BIN_EXE_pressmark")))
}

fn zip(members: &[(&str, &[u8])], is_packed: bool) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let method = if is_packed {
        zip::CompressionMethod::Deflated
    } else {
        zip::CompressionMethod::Stored
    };
    let options = zip::write::SimpleFileOptions::default().compression_method(method);
    for (name, bytes) in members {
        archive.start_file(*name, options).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

/// Files of many kinds in a folder.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let put = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    };
    put(
        "plain.txt",
        "Ein Titel\n\n“Größe” – naïve 💩 text\r\nmore".as_bytes(),
    );
    put(
        "old.txt",
        b"D\xE9j\xE0 vu in Paris\n\nIl a dit \xABnon\xBB hier.",
    );
    put(
        "page.html",
        b"<html><head><title>Bridge opens</title></head><body><article><h1>Bridge opens</h1>\
          <p>The mayor opened the bridge on Monday, and said that it was a proud day for all.</p>\
          <p>It cost 3,400 crowns, which is more than was planned for it last year.</p></article></body></html>",
    );
    put("brat/a.txt", "Anna said yes.".as_bytes());
    put("brat/a.ann", b"T1\tQuote 10 13\tyes\n");
    put("broken.pdf", b"%PDF-1.4\nnothing here");
    put(
        "table.csv",
        b"title,text,outlet\nOne,First text.,Gazette\nTwo,Second text.,Herald\n",
    );
    let inner = zip(&[("deep.txt", b"Deep inside\n\nIt is read.")], true);
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gz.write_all(b"Packed alone\n\nIt is read too.").unwrap();
    let members: &[(&str, &[u8])] = &[
        ("../out.txt", b"outside"),
        ("b/b.ann", b"T1\tClaim 0 4\tFour\n"),
        ("b/b.txt", b"Four people came."),
        ("inner.zip", &inner),
        ("packed.txt.gz", &gz.finish().unwrap()),
        ("z.txt", b"The last one\n\nIt is read as well."),
    ];
    put("archive.zip", &zip(members, true));
    folder
}

/// All that was found, in words.
fn told(readers: &Readers, project: &Project, paths: &[PathBuf]) -> String {
    let options = ImportOptions::default();
    let import = import_paths(readers, project, paths, &options, &mut |_, _| true);
    let lines: Vec<String> = import.report.iter().map(|file| file.line()).collect();
    format!(
        "{}\n{:#?}\n{:#?}",
        lines.join("\n"),
        import.articles,
        import.datasets
    )
}

#[test]
fn what_is_read_elsewhere_is_what_is_read_here() {
    let folder = folder();
    let paths = [folder.path().to_owned()];
    let empty = Project::new("");
    let here = told(&Readers::default(), &empty, &paths);
    for expected in [
        "brat/a.txt: “Anna said yes.”, 1 annotations",
        "deep.txt",
        "packed.txt",
        "leads out of the archive",
        "broken.pdf: the PDF is damaged",
        "windows-1252",
    ] {
        assert!(here.contains(expected), "{expected}: {here}");
    }
    assert_eq!(here, told(&readers(), &empty, &paths));
}

#[test]
fn texts_that_are_here_are_found_from_there() {
    let folder = tempfile::tempdir().unwrap();
    let article = folder.path().join("one.txt");
    std::fs::write(&article, "The first line\n\nAnna said yes.").unwrap();
    let mut project = Project::new("");
    let options = ImportOptions::default();
    let import = import_paths(&readers(), &project, &[article], &options, &mut |_, _| true);
    let hash = import.articles[0].text.hash().to_owned();
    let by = "ana".into();
    let signed = Signed {
        by: &by,
        when: None,
    };
    let edits = pressmark::app::import::import_edits(&project, import, signed);
    apply(&mut project, &Transaction::new("import", edits)).unwrap();
    let dataset = folder.path().join("marks.jsonl");
    let line = format!(
        "{{\"id\": \"a\", \"title\": \"x\", \"text_hash\": \"{hash}\", \"meta\": {{}}, \"annotations\": \
         [{{\"id\": \"1\", \"annotator\": \"ana\", \"label\": \"quote\", \"fragments\": [{{\"start\": 26, \"end\": 29}}]}}]}}"
    );
    std::fs::write(&dataset, line).unwrap();
    let told = told(&readers(), &project, &[dataset]);
    assert!(told.contains("1 annotations"), "{told}");
}

/// Reads the file as `name`, with a good one before and after it, in processes that may take what
/// `allowance` says. `expected` stands in the reasons of what was refused.
#[track_caller]
fn check(name: &str, bytes: &[u8], allowance: Allowance, read: &[&str], refused: &[&str]) {
    let folder = tempfile::tempdir().unwrap();
    let mut files = Vec::new();
    for (name, bytes) in [
        ("before.txt", &b"Good before\n\nText."[..]),
        (name, bytes),
        ("later.txt", b"Good later\n\nText."),
    ] {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        files.push((name.to_owned(), path));
    }
    let readers = readers().allowing(allowance);
    let found = readers.read_files(&files, &[], &ReadOptions::default(), &mut |_, _| true);
    let found = found.unwrap();
    let title = |file: &ReadFile| {
        let reading = file.result.as_ref().ok()?;
        Some(reading.articles.first()?.title.clone())
    };
    let titles: Vec<String> = found.iter().filter_map(title).collect();
    let reasons: Vec<String> = found
        .iter()
        .filter_map(|file| {
            let refusal = file.result.as_ref().err()?;
            Some(format!("{}: {refusal}", file.path.display()))
        })
        .collect();
    let expected: Vec<&str> = ["Good before"]
        .iter()
        .chain(read)
        .chain(&["Good later"])
        .copied()
        .collect();
    assert_eq!(titles, expected, "{reasons:?}");
    assert_eq!(reasons.len(), refused.len(), "{reasons:?}");
    for (reason, expected) in reasons.iter().zip(refused) {
        assert!(reason.contains(expected), "{reasons:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_file_that_takes_too_much_takes_nothing_with_it() {
    let plenty = Allowance::for_file(1 << 20);
    let little_memory = Allowance {
        memory_bytes: 400 << 20,
        ..plenty
    };
    // Small to look at, and large as values.
    let heavy = format!("[{}{{}}]", "{\"text\":\"x\"},".repeat(3 << 20)).into_bytes();
    let memory = "takes more than 400 MB of memory and was stopped";
    check("heavy.json", &heavy, little_memory, &[], &[memory]);
    // The members after it are read, in archives within archives too.
    let inner = zip(
        &[
            ("a.txt", b"Inner first\n\nText."),
            ("b.json", &heavy),
            ("c.txt", b"Inner last\n\nText."),
        ],
        true,
    );
    let members: &[(&str, &[u8])] = &[
        ("../out.txt", b"outside"),
        ("a.txt", b"First\n\nText."),
        ("b.zip", &inner),
        ("c.txt", b"Last\n\nText."),
        // So that the archive may unpack to so much.
        ("filling.bin", &vec![b'-'; 6 << 20]),
    ];
    check(
        "all.zip",
        &zip(members, false),
        little_memory,
        &["First", "Inner first", "Inner last", "Last"],
        &[
            "leads out of the archive",
            "all.zip/b.zip/b.json: reading it takes more than 400 MB",
        ],
    );
    let little_said = Allowance {
        message_bytes: 1 << 20,
        ..plenty
    };
    let long = "word ".repeat(400_000);
    check(
        "long.txt",
        long.as_bytes(),
        little_said,
        &[],
        &["its texts are longer than 1 MB"],
    );
    let little_time = Allowance {
        time: Duration::from_millis(300),
        ..plenty
    };
    check(
        "slow.json",
        &heavy,
        little_time,
        &[],
        &["took more than 0.3 seconds and was stopped"],
    );
}

#[test]
fn many_members_that_are_refused_are_told_in_few_lines() {
    let bomb = vec![b'0'; 70 << 20];
    let names: Vec<String> = (0..20).map(|n| format!("{n:02}.txt")).collect();
    let members: Vec<(&str, &[u8])> = names
        .iter()
        .map(|name| (name.as_str(), bomb.as_slice()))
        .collect();
    let mut refused = vec!["articles may have up to 64 MB"];
    refused.extend(["all together it unpacks to more than"; 8]);
    refused.push("11 more files in it were left out for the same reason");
    check(
        "bombs.zip",
        &zip(&members, true),
        Allowance::for_file(1 << 20),
        &[],
        &refused,
    );
}

#[cfg(target_os = "linux")]
#[test]
fn cancelling_ends_what_is_being_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("huge.txt");
    std::fs::write(&path, vec![b'x'; 300 << 20]).unwrap();
    let files = [("huge.txt".to_owned(), path)];
    let start = Instant::now();
    let mut looks = 0;
    let found = readers().read_files(&files, &[], &ReadOptions::default(), &mut |_, _| {
        looks += 1;
        looks < 3
    });
    assert!(found.is_none());
    assert!(
        start.elapsed() < Duration::from_secs(2),
        "{:?}",
        start.elapsed()
    );
    let children =
        std::fs::read_to_string(format!("/proc/self/task/{}/children", std::process::id()));
    let ours = |pid: &str| {
        let command = std::fs::read_to_string(format!("/proc/{pid}/cmdline")).unwrap_or_default();
        command.contains("read-for-another") && command.contains("huge")
    };
    assert!(!children.unwrap_or_default().split_whitespace().any(ours));
}

#[test]
fn where_no_process_can_be_had_files_are_read_here() {
    let folder = folder();
    let paths = [folder.path().to_owned()];
    let empty = Project::new("");
    let without = Readers::started_as(Path::new("/there/is/no/such/program"));
    assert_eq!(
        told(&without, &empty, &paths),
        told(&Readers::default(), &empty, &paths)
    );
}

/// A program that stands for this one: what the script does before it becomes it.
#[cfg(unix)]
fn script(folder: &Path, before: &str) -> Readers {
    use std::os::unix::fs::PermissionsExt;
    let path = folder.join("reader.sh");
    let program = env!("CARGO_BIN_EXE_pressmark");
    let text = format!(
        "#!/bin/sh\ncd '{}'\n{before}\nexec '{program}' \"$@\"\n",
        folder.display()
    );
    std::fs::write(&path, text).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    Readers::started_as(&path)
}

#[cfg(unix)]
#[test]
fn a_reader_that_someone_ends_is_no_fault_of_its_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("good.txt");
    std::fs::write(&path, "Good\n\nIt is read.").unwrap();
    let files = [("good.txt".to_owned(), path)];
    let check = |before: &str, expected: &str| {
        let readers = script(folder.path(), before);
        let found = readers.read_files(&files, &[], &ReadOptions::default(), &mut |_, _| true);
        let found = found.unwrap();
        let told: Vec<String> = found
            .iter()
            .map(|file| match &file.result {
                Ok(reading) => reading.articles[0].title.clone(),
                Err(refusal) => refusal.to_string(),
            })
            .collect();
        assert_eq!(told.len(), 1, "{before}: {told:?}");
        assert!(told[0].contains(expected), "{before}: {told:?}");
    };
    check("", "Good");
    check("printf 'half a line'; printf 'more' >&2", "Good");
    check("mkdir once 2>/dev/null && kill -9 $$", "Good");
    check("mkdir twice 2>/dev/null && exit 1", "Good");
    check("kill -9 $$", "the system ended its reader twice");
    check("exit 1", "cannot cope with");
}
