//! Journals that are damaged or lie elsewhere, as the analyst sees them: in the window and from the
//! command line.

use crate::window::Window;
use pressmark::app::action::Action;
use pressmark::app::session::open_file;
use std::path::{Path, PathBuf};

const STORED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/journals/v1.0");
const CASES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/cases/hostile");

struct Place {
    _folder: tempfile::TempDir,
    config: PathBuf,
    project: PathBuf,
    journal: PathBuf,
}

fn put(path: &Path, bytes: &[u8]) {
    std::fs::write(path, bytes).unwrap();
}

/// A project and its journal, as another program left them.
fn place(project: &[u8], journal: &[u8]) -> Place {
    let folder = tempfile::tempdir().unwrap();
    let place = Place {
        config: folder.path().join("config"),
        project: folder.path().join("sample.ron"),
        journal: folder.path().join("sample.ron.journal"),
        _folder: folder,
    };
    std::fs::create_dir_all(place.config.join("state")).unwrap();
    put(&place.project, project);
    put(&place.journal, journal);
    place
}

impl Place {
    fn run(&self, arguments: &[&str]) -> (Option<i32>, String) {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_pressmark"));
        command.env("PRESSMARK_CONFIG_DIR", &self.config);
        let output = command.args(arguments).output().unwrap();
        let text = [output.stdout, output.stderr].concat();
        (output.status.code(), String::from_utf8(text).unwrap())
    }

    fn check(&self) -> (Option<i32>, String) {
        self.run(&["check", self.project.to_str().unwrap()])
    }

    /// How many annotations there are once what the journal holds is made again.
    fn repaired(&self) -> usize {
        let out = self.project.with_file_name("whole.ron");
        let (_, said) = self.run(&[
            "check",
            self.project.to_str().unwrap(),
            "--repair",
            out.to_str().unwrap(),
        ]);
        assert!(out.exists(), "{said}");
        open_file(&out, &|_| ()).unwrap().project.annotation_count()
    }

    fn open(&self) -> Window {
        let mut window = Window::new(Some(self.config.clone()));
        let action = Action::Open(self.project.clone());
        window.harness.state_mut().model.perform(action);
        window.settle();
        window
    }
}

fn stored() -> (Vec<u8>, Vec<u8>) {
    let read = |name: &str| std::fs::read(Path::new(STORED).join(name)).unwrap();
    (read("sample.ron"), read("sample.ron.journal"))
}

/// The journal with a bit flipped in the payload of each of these lines.
fn damaged(journal: &[u8], lines: &[usize]) -> Vec<u8> {
    let mut all: Vec<Vec<u8>> = journal
        .split_inclusive(|byte| *byte == b'\n')
        .map(<[u8]>::to_vec)
        .collect();
    for line in lines {
        all[line - 1][40] ^= 1;
    }
    all.concat()
}

/// What stands in the messages themselves, without their details.
fn messages(window: &Window) -> Vec<String> {
    let notices = window.harness.state().model.notices();
    notices
        .iter()
        .map(|notice| notice.message.clone())
        .collect()
}

#[test]
fn check_names_the_journal_and_the_place() {
    let (project, journal) = stored();
    let place = place(&project, &journal);
    let (code, said) = place.check();
    assert_eq!(code, Some(0), "{said}");
    for (lines, after) in [(vec![5], 5), (vec![1], 9), (vec![4, 6], 5)] {
        put(&place.journal, &damaged(&journal, &lines));
        let (code, said) = place.check();
        let what = format!(
            "damaged in line {}: the checksum of a record does not fit; {after} whole records stand after it",
            lines[0]
        );
        assert!(code == Some(1) && said.contains(&what), "{lines:?}: {said}");
        assert!(said.contains("sample.ron.journal: "), "{said}");
        assert!(said.contains("sample.ron is damaged"), "{said}");
    }
    // Nothing at all that is whole.
    put(&place.journal, "no journal\n".repeat(9).as_bytes());
    let (code, said) = place.check();
    assert!(
        code == Some(1) && said.contains("it is no journal, or damaged beyond being known as one"),
        "{said}"
    );
    // A journal that is none.
    std::fs::remove_file(&place.journal).unwrap();
    std::fs::create_dir(&place.journal).unwrap();
    let (code, said) = place.check();
    assert!(
        code == Some(0)
            && said.contains("the journal cannot be read: a folder stands in its place"),
        "{said}"
    );
}

#[test]
fn the_window_tells_of_damage_where_it_is_seen() {
    let (project, journal) = stored();
    let damaged = damaged(&journal, &[4]);
    let place = place(&project, &damaged);
    let (code, said) = place.run(&["import", "x.txt", "--into", place.project.to_str().unwrap()]);
    assert!(code == Some(1) && said.contains("not saved"), "{said}");
    let window = place.open();
    let told = messages(&window).join("\n");
    assert!(
        told.contains("is damaged (line 4: the checksum of a record does not fit"),
        "{told}"
    );
    assert!(told.contains("sample.ron.journal-damaged-"), "{told}");
    assert!(told.contains("6 edits to “Sample”"), "{told}");
    let notices = window.harness.state().model.notices();
    let offers = notices.iter().flat_map(|notice| &notice.offers);
    assert!(offers.clone().any(|(title, _)| title == "Copy its path"));
    let files = std::fs::read_dir(place.project.parent().unwrap()).unwrap();
    let kept = files
        .map(|entry| entry.unwrap().path())
        .find(|path| path.to_string_lossy().contains(".journal-damaged-"))
        .unwrap();
    assert_eq!(std::fs::read(kept).unwrap(), damaged);
}

/// The cases that showed the faults; others of their kinds are in the tests beside the code.
#[test]
fn the_cases_come_back() {
    let read = |name: &str| std::fs::read(Path::new(CASES).join(name));
    let Ok(base) = read("journal-base.ron") else {
        println!("skipped: no cases beside the project");
        return;
    };
    let saved = {
        let place = place(&base, b"");
        open_file(&place.project, &|_| ())
            .unwrap()
            .project
            .annotation_count()
    };
    for (name, marks, line) in [
        ("journal-mid-flip.journal", 8, 8),
        ("journal-line1-flip.journal", 9, 1),
    ] {
        let place = place(&base, &read(name).unwrap());
        let (code, said) = place.check();
        assert!(
            code == Some(1) && said.contains(&format!("damaged in line {line}:")),
            "{said}"
        );
        assert_eq!(place.repaired(), saved + marks, "{name}");
        let window = place.open();
        let project = window.harness.state().model.session().project();
        assert_eq!(project.annotation_count(), saved + marks, "{name}");
    }
    let place = place(&base, b"");
    std::fs::remove_file(&place.journal).unwrap();
    let stranded = place.config.join("state/p-01234567.ron.journal");
    put(&stranded, &read("stranded-after-rename.journal").unwrap());
    assert_eq!(place.repaired(), saved + 3);
    let window = place.open();
    assert_eq!(
        window
            .harness
            .state()
            .model
            .session()
            .project()
            .annotation_count(),
        saved + 3
    );
    let told = messages(&window).join("\n");
    assert!(
        told.contains("because the folder was renamed or moved"),
        "{told}"
    );
    drop(window);
    // All of it lies beside the project now.
    assert!(!stranded.exists() && place.journal.exists());
}
