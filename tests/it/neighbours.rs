//! What lies beside a project and is not ours: links, pipes, folders and files of other people in
//! the places where the program puts its own. Whatever it does, they stay as they are.

use crate::window::Window;
use eframe::egui::Key;
use pressmark::app::action::Action;
use pressmark::app::command::Command as Menu;
use pressmark::app::saving::save_file;
use pressmark::app::session::open_file;
use pressmark::format::formats::FORMATS;
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

const DEMO: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/projects/demo.ron");
const THEIRS: &str = "years of work";
const TEXT: &str = "Mayor opens bridge\n\nMayor Ada Quill said “it is a proud day” on Monday. The bridge cost 3,400 crowns.\n";

/// A folder `desk` with a project in it, beside a file and a folder of someone else.
struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        let place = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        for name in ["desk", "elsewhere", "config"] {
            fs::create_dir(place.at(name)).unwrap();
        }
        fs::write(place.at("victim"), THEIRS).unwrap();
        for day in 1..=31 {
            let name = format!("elsewhere/p-202601{day:02}T000000Z.ron");
            fs::write(place.at(&name), THEIRS).unwrap();
        }
        let project = open_file(Path::new(DEMO), &|_| ()).unwrap().project;
        save_file(&project, &place.project(), &mut |_| true).unwrap();
        fs::write(place.at("article.txt"), TEXT).unwrap();
        place
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().canonicalize().unwrap().join(name)
    }

    fn project(&self) -> PathBuf {
        self.at("desk/p.ron")
    }

    fn window(&self) -> Window {
        Window::new(Some(self.at("config")))
    }

    /// A window with a project in it.
    fn opened(&self, path: &Path) -> Window {
        let mut window = self.window();
        let open = Action::Open(path.to_owned());
        window.harness.state_mut().model.perform(open);
        window.settle();
        window
    }

    fn run(&self, arguments: &[&str]) -> (Option<i32>, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_pressmark"));
        command.args(arguments);
        self.finish(command)
    }

    /// A window in which the project is marked once and not saved, and which dies with it.
    fn die_marking(&self) -> usize {
        let mut window = self.opened(&self.project());
        let count = window.annotations().len();
        window.drag("photograph");
        window.key(Key::C);
        std::mem::forget(window);
        let journal = self.at("desk/p.ron.journal");
        let started = Instant::now();
        while !journal.exists() {
            assert!(started.elapsed() < Duration::from_secs(30));
            std::thread::sleep(Duration::from_millis(5));
        }
        fs::remove_file(self.at("desk/.p.ron.lock")).unwrap();
        count
    }

    /// Runs a command in the folder; one that hangs fails.
    fn finish(&self, mut command: Command) -> (Option<i32>, String) {
        let mut child = command
            .current_dir(self.folder.path())
            .env("PRESSMARK_CONFIG_DIR", self.at("config"))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let started = Instant::now();
        while child.try_wait().unwrap().is_none() {
            if started.elapsed() > Duration::from_mins(1) {
                child.kill().unwrap();
                panic!("{command:?} hangs");
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        let Output {
            status,
            stdout,
            stderr,
        } = child.wait_with_output().unwrap();
        let said = String::from_utf8([stdout, stderr].concat()).unwrap();
        (status.code(), said)
    }

    /// Every path beside the project with what it is, but for the settings.
    fn everything(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut found = BTreeMap::new();
        let mut folders = vec![self.at("")];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                let kind = fs::symlink_metadata(&path).unwrap().file_type();
                if path == self.at("config") {
                    continue;
                }
                let what = if kind.is_symlink() {
                    let target = fs::read_link(&path).unwrap();
                    format!("link to {}", target.display()).into_bytes()
                } else if kind.is_dir() {
                    folders.push(path.clone());
                    b"folder".to_vec()
                } else if kind.is_file() {
                    fs::read(&path).unwrap()
                } else {
                    b"pipe".to_vec()
                };
                found.insert(path, what);
            }
        }
        found
    }
}

fn make_pipe(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

type Obstruct = fn(&Place, &Path);

/// What others leave in the place of a file of ours.
const OBSTACLES: [(&str, Obstruct); 7] = [
    ("link", |_, path| symlink("../victim", path).unwrap()),
    ("link to nothing", |_, path| {
        symlink("../nothing", path).unwrap();
    }),
    ("link to a folder", |_, path| {
        symlink("../elsewhere", path).unwrap();
    }),
    ("pipe", |_, path| make_pipe(path)),
    ("folder", |_, path| fs::create_dir(path).unwrap()),
    ("second name", |place, path| {
        fs::hard_link(place.at("victim"), path).unwrap();
    }),
    ("file", |_, path| fs::write(path, THEIRS).unwrap()),
];

/// Everything that was there is there as it was, but for the project itself; what came is of ours,
/// and beside the project.
#[track_caller]
fn assert_untouched(place: &Place, before: &BTreeMap<PathBuf, Vec<u8>>, case: &str) {
    let after = place.everything();
    for (path, what) in before.iter().filter(|(path, _)| **path != place.project()) {
        let now = after.get(path).map(|now| String::from_utf8_lossy(now));
        assert_eq!(
            now.as_deref(),
            Some(&*String::from_utf8_lossy(what)),
            "{case}: {}",
            path.display()
        );
    }
    for path in after.keys().filter(|path| !before.contains_key(*path)) {
        let name = path.strip_prefix(place.at("desk")).unwrap();
        let name = name.to_string_lossy();
        assert!(
            name.starts_with("p.") || name.starts_with(".p."),
            "{case}: {name} came"
        );
        assert!(!name.ends_with(".tmp"), "{case}: {name} is litter");
    }
}

fn notices(window: &Window) -> String {
    let notices = window.harness.state().model.notices();
    let lines = notices
        .iter()
        .map(|n| format!("{} {}", n.message, n.details.join(" ")));
    lines.collect::<Vec<_>>().join("\n")
}

/// Opens the project in a window, marks, saves twice and quits, with something in the way at `name`.
/// Answers what the window said.
#[track_caller]
fn work_beside(name: &str, obstacle: &str, obstruct: Obstruct) -> String {
    let place = Place::new();
    obstruct(&place, &place.at(name));
    let before = place.everything();
    let case = format!("a {obstacle} at {name}");
    let mut window = place.window();
    let mut said = String::new();
    let act = |window: &mut Window, action| {
        window.harness.state_mut().model.perform(action);
        window.settle();
    };
    act(&mut window, Action::Open(place.project()));
    said.push_str(&notices(&window));
    let count = window.annotations().len();
    for n in 1..=2 {
        window.drag(["photograph", "shared"][n - 1]);
        window.key(Key::C);
        assert_eq!(window.annotations().len(), count + n, "{case}: {said}");
        act(&mut window, Action::Run(Menu::Save));
        said.push_str(&notices(&window));
        assert!(
            !window.harness.state().model.session().is_dirty(),
            "{case}: {said}"
        );
        assert_untouched(&place, &before, &case);
    }
    act(&mut window, Action::Run(Menu::Backups));
    said.push_str(&notices(&window));
    act(&mut window, Action::Run(Menu::Quit));
    drop(window);
    assert_untouched(&place, &before, &case);
    let saved = open_file(&place.project(), &|_| ()).unwrap().project;
    let demo = open_file(Path::new(DEMO), &|_| ()).unwrap().project;
    assert_eq!(
        saved.annotation_count(),
        demo.annotation_count() + 2,
        "{case}"
    );
    said
}

#[test]
fn a_lock_that_is_not_ours_is_not_written_to_and_work_goes_on() {
    for (obstacle, obstruct) in OBSTACLES {
        let said = work_beside("desk/.p.ron.lock", obstacle, obstruct);
        assert!(said.contains("could not be locked"), "{obstacle}: {said}");
        assert!(said.contains(".p.ron.lock"), "{obstacle}: {said}");
    }
}

#[test]
fn a_journal_that_is_not_ours_is_not_written_to_and_work_goes_on() {
    for (obstacle, obstruct) in OBSTACLES {
        let said = work_beside("desk/p.ron.journal", obstacle, obstruct);
        assert!(
            said.contains("Your edits are kept in"),
            "{obstacle}: {said}"
        );
    }
}

#[test]
fn backups_go_through_no_link_and_work_goes_on() {
    for (obstacle, obstruct) in OBSTACLES {
        let said = work_beside("desk/p.backups", obstacle, obstruct);
        let is_told = said.contains("could not be kept as a backup");
        assert_eq!(is_told, obstacle != "folder", "{obstacle}: {said}");
        let is_link = said.contains("p.backups: this is a link, which is not followed");
        assert_eq!(is_link, obstacle.starts_with("link"), "{obstacle}: {said}");
    }
}

#[test]
fn an_import_into_a_project_that_cannot_be_locked_is_refused() {
    for (obstacle, obstruct) in OBSTACLES {
        let place = Place::new();
        obstruct(&place, &place.at("desk/.p.ron.lock"));
        let before = place.everything();
        let (code, said) = place.run(&["import", "article.txt", "--into", "desk/p.ron"]);
        assert_eq!(code, Some(1), "{obstacle}: {said}");
        assert!(said.contains("could not be locked"), "{obstacle}: {said}");
        assert_untouched(&place, &before, obstacle);
        let is_same = fs::read(place.project()).unwrap() == before[&place.project()];
        assert!(is_same, "{obstacle}");
        // Out of the way, all is well.
        let lock = place.at("desk/.p.ron.lock");
        match obstacle {
            "folder" => fs::remove_dir(lock).unwrap(),
            _ => fs::remove_file(lock).unwrap(),
        }
        let (code, said) = place.run(&["import", "article.txt", "--into", "desk/p.ron"]);
        assert_eq!(code, Some(0), "{obstacle}: {said}");
        assert!(!place.at("desk/.p.ron.lock").exists());
    }
}

#[test]
fn an_import_and_a_check_read_no_journal_through_a_link() {
    for (obstacle, obstruct) in OBSTACLES {
        let place = Place::new();
        obstruct(&place, &place.at("desk/p.ron.journal"));
        let before = place.everything();
        let (code, said) = place.run(&["check", "desk/p.ron"]);
        // A file there that is no journal may be what is left of one.
        let expected = i32::from(matches!(obstacle, "second name" | "file"));
        assert_eq!(code, Some(expected), "{obstacle}: {said}");
        assert!(
            said.contains("the journal cannot be read"),
            "{obstacle}: {said}"
        );
        let (code, said) = place.run(&["import", "article.txt", "--into", "desk/p.ron"]);
        assert_eq!(code, Some(0), "{obstacle}: {said}");
        assert_untouched(&place, &before, obstacle);
    }
}

#[test]
fn a_journal_through_a_link_is_not_taken_for_ours() {
    let place = Place::new();
    // Someone else has a journal that would fit.
    let count = place.die_marking();
    fs::rename(place.at("desk/p.ron.journal"), place.at("theirs")).unwrap();
    let has_unsaved = |said: &str| said.contains("after the last save");
    fs::copy(place.at("theirs"), place.at("desk/p.ron.journal")).unwrap();
    let (_, said) = place.run(&["check", "desk/p.ron"]);
    assert!(has_unsaved(&said), "{said}");
    fs::remove_file(place.at("desk/p.ron.journal")).unwrap();
    symlink("../theirs", place.at("desk/p.ron.journal")).unwrap();
    let (_, said) = place.run(&["check", "desk/p.ron"]);
    assert!(!has_unsaved(&said), "{said}");
    let window = place.opened(&place.project());
    assert_eq!(window.annotations().len(), count);
}

#[test]
fn work_that_lies_beside_a_link_is_known() {
    let place = Place::new();
    let count = place.die_marking();
    // As an earlier version left it, which kept the journal beside the link.
    symlink("../desk/p.ron", place.at("elsewhere/q.ron")).unwrap();
    fs::rename(
        place.at("desk/p.ron.journal"),
        place.at("elsewhere/q.ron.journal"),
    )
    .unwrap();
    let (_, said) = place.run(&["check", "elsewhere/q.ron"]);
    assert!(said.contains("after the last save"), "{said}");
    let (code, said) = place.run(&["import", "article.txt", "--into", "elsewhere/q.ron"]);
    assert!(code == Some(1) && said.contains("not saved"), "{said}");
    let mut window = place.opened(&place.at("elsewhere/q.ron"));
    assert_eq!(window.annotations().len(), count + 1);
    window
        .harness
        .state_mut()
        .model
        .perform(Action::Run(Menu::Save));
    window.settle();
    // From then on it lies beside the project.
    assert!(!place.at("elsewhere/q.ron.journal").exists());
    assert!(place.at("desk/p.ron.journal").exists());
}

#[test]
fn the_project_is_not_replaced_by_an_export_through_a_link() {
    let place = Place::new();
    symlink("desk/p.ron", place.at("out.jsonl")).unwrap();
    let before = place.everything();
    let arguments = [
        "export",
        "desk/p.ron",
        "-f",
        "jsonl",
        "-o",
        "out.jsonl",
        "--force",
    ];
    let (code, said) = place.run(&arguments);
    assert!(
        code == Some(1) && said.contains("is the project itself"),
        "{said}"
    );
    let mut window = place.opened(&place.project());
    window.harness.state_mut().model.perform(Action::Export {
        format: "jsonl",
        options: Box::default(),
        path: place.at("out.jsonl"),
        may_replace: true,
    });
    window.settle();
    assert!(notices(&window).contains("is the project itself"));
    drop(window);
    assert_eq!(place.everything(), before);
}

#[test]
fn nobodys_backups_are_pruned() {
    let place = Place::new();
    let backups = place.at("desk/p.backups");
    fs::create_dir(&backups).unwrap();
    // As an older Pressmark, another project and people leave them.
    for day in 1..=31 {
        for name in ["p-", "q-", "p-20240101T000000Z-", "notes-"] {
            let name = format!("{name}202501{day:02}T000000Z.ron");
            fs::write(backups.join(name), THEIRS).unwrap();
        }
    }
    let before = place.everything();
    let mut window = place.window();
    let model = &mut window.harness.state_mut().model;
    let mut settings = model.settings().clone();
    settings.backup_limit_mb = 0;
    model.perform(Action::SetSettings(Box::new(settings)));
    window
        .harness
        .state_mut()
        .model
        .perform(Action::Open(place.project()));
    window.settle();
    for word in ["photograph", "shared", "thousands", "times"] {
        window.drag(word);
        window.key(Key::C);
        window
            .harness
            .state_mut()
            .model
            .perform(Action::Run(Menu::Save));
        window.settle();
    }
    assert_untouched(&place, &before, "foreign backups");
    // Ours are pruned as before: of four, two are left.
    let list = fs::read_to_string(backups.join("p.ron.list")).unwrap();
    let is_left = |line: &&str| {
        let made: serde_json::Value = serde_json::from_str(line).unwrap();
        backups.join(made["name"].as_str().unwrap()).exists()
    };
    assert_eq!(list.lines().count(), 4, "{list}");
    assert_eq!(list.lines().filter(is_left).count(), 2, "{list}");
}

#[test]
fn a_project_opened_by_a_link_and_by_its_name_is_one() {
    let place = Place::new();
    symlink("../desk/p.ron", place.at("elsewhere/link.ron")).unwrap();
    symlink("desk", place.at("other")).unwrap();
    let ways = ["elsewhere/link.ron", "other/p.ron", "desk/p.ron"];
    for first in ways {
        let mut window = place.opened(&place.at(first));
        let model = &window.harness.state().model;
        assert_eq!(model.session().path(), Some(&*place.project()), "{first}");
        assert_eq!(model.settings().recent, [place.project()], "{first}");
        assert!(place.at("desk/.p.ron.lock").exists(), "{first}");
        for second in ways {
            let mut other = Window::new(None);
            other
                .harness
                .state_mut()
                .model
                .perform(Action::Open(place.at(second)));
            other.settle();
            let said = notices(&other);
            assert!(
                said.contains("You can read it here"),
                "{first}, {second}: {said}"
            );
            let (code, said) = place.run(&["import", "article.txt", "--into", second]);
            assert!(
                code == Some(1) && said.contains("is open for"),
                "{first}, {second}: {said}"
            );
        }
        // The same window takes both for the same project.
        for second in ways {
            window
                .harness
                .state_mut()
                .model
                .perform(Action::SaveTo(place.at(second)));
            window.settle();
            let said = notices(&window);
            assert!(!said.contains("is open for"), "{first}, {second}: {said}");
        }
        window
            .harness
            .state_mut()
            .model
            .perform(Action::Run(Menu::Quit));
        drop(window);
        fs::remove_dir_all(place.at("config")).unwrap();
        fs::create_dir(place.at("config")).unwrap();
    }
    let links = fs::read_dir(place.at("elsewhere")).unwrap().count();
    assert_eq!(links, 32, "something came beside the link");
    assert!(
        fs::symlink_metadata(place.at("elsewhere/link.ron"))
            .unwrap()
            .is_symlink()
    );
}

#[test]
fn a_link_that_leads_nowhere_is_not_saved_over() {
    let place = Place::new();
    symlink("../nothing.ron", place.at("desk/p.new.ron")).unwrap();
    let before = place.everything();
    for force in [&["--force"][..], &[]] {
        let arguments = [&["import", "article.txt", "-o", "desk/p.new.ron"], force].concat();
        let (code, said) = place.run(&arguments);
        assert_eq!(code, Some(1), "{said}");
        assert_untouched(&place, &before, "import");
    }
    let mut window = place.window();
    window.paste(TEXT);
    let target = place.at("desk/p.new.ron");
    window
        .harness
        .state_mut()
        .model
        .perform(Action::SaveTo(target));
    window.settle();
    let trouble = format!("{:?}", window.harness.state().model.save_trouble());
    assert!(
        trouble.contains("a link to a file that does not exist"),
        "{trouble}"
    );
    assert_untouched(&place, &before, "saving");
}

#[test]
fn a_pipe_or_a_device_is_not_replaced_by_a_project_or_an_export() {
    let place = Place::new();
    make_pipe(&place.at("desk/p.pipe.ron"));
    let before = place.everything();
    for arguments in [
        &["import", "article.txt", "-o", "desk/p.pipe.ron", "--force"][..],
        &[
            "export",
            "desk/p.ron",
            "-f",
            "jsonl",
            "-o",
            "desk/p.pipe.ron",
            "--force",
        ],
        &[
            "check",
            "desk/p.ron",
            "--repair",
            "desk/p.pipe.ron",
            "--force",
        ],
    ] {
        let (code, said) = place.run(arguments);
        assert!(
            code == Some(1) && said.contains("no file but a device or pipe"),
            "{said}"
        );
        assert_untouched(&place, &before, "a pipe");
    }
}

/// Runs the program with a limit on the size of files, in blocks of 512 bytes.
fn run_limited(place: &Place, blocks: u32, arguments: &[&str]) -> (Option<i32>, String) {
    let mut command = Command::new("sh");
    let script = format!("ulimit -f {blocks}; exec \"$0\" \"$@\"");
    command.args(["-c", &script, env!("CARGO_BIN_EXE_pressmark")]);
    command.args(arguments);
    place.finish(command)
}

#[test]
fn a_file_over_the_systems_limit_says_so_and_leaves_nothing() {
    let place = Place::new();
    fs::write(place.at("long.txt"), TEXT.repeat(2_000)).unwrap();
    let before = place.everything();
    let check = |arguments: &[&str]| {
        let (code, said) = run_limited(&place, 2, arguments);
        assert_eq!(code, Some(1), "{arguments:?}: {said}");
        // Workbooks are made in files that have no name.
        let told = [
            "larger than the system lets a file be",
            "is there room for temporary files?",
        ];
        let is_told = told.iter().any(|told| said.contains(told));
        assert!(is_told, "{arguments:?}: {said}");
        assert_eq!(place.everything(), before, "{arguments:?}");
    };
    check(&["import", "long.txt", "--into", "desk/p.ron"]);
    check(&["import", "long.txt", "-o", "desk/p.ron", "--force"]);
    check(&["import", "long.txt", "-o", "desk/p.new.ron"]);
    check(&["check", "desk/p.ron", "--repair", "desk/p.new.ron"]);
    check(&["export", "desk/p.ron", "-f", "brat", "-o", "desk/p.zip"]);
    for format in FORMATS {
        check(&[
            "export",
            "desk/p.ron",
            "-f",
            format.name,
            "-o",
            "desk/p.out",
        ]);
    }
    // Below it, all is as ever.
    let (code, said) = run_limited(
        &place,
        100_000,
        &["import", "long.txt", "--into", "desk/p.ron"],
    );
    assert_eq!(code, Some(0), "{said}");
}

/// Holds the lock of a project as another window does.
fn held(project: &Path) -> pressmark::store::lock::Lock {
    use pressmark::app::{clock, desk::Desk};
    use pressmark::store::lock::{Locked, acquire};
    let desk = Desk::on_disk(None);
    match acquire(&desk.fs, project, clock::holder(), false).unwrap() {
        Locked::Ours(lock, _) => lock,
        Locked::Theirs(holder) => panic!("{holder:?}"),
    }
}

#[test]
fn a_project_that_is_open_is_not_written_over() {
    let place = Place::new();
    let before = fs::read(place.project()).unwrap();
    let lock = held(&place.project());
    let over: &[&[&str]] = &[
        &["import", "article.txt", "-o", "desk/p.ron", "--force"],
        &["import", "article.txt", "--into", "desk/p.ron"],
        &["check", DEMO, "--repair", "desk/p.ron", "--force"],
    ];
    for arguments in over {
        let (code, said) = place.run(arguments);
        assert_eq!(code, Some(1), "{arguments:?}: {said}");
        assert!(said.contains("is open for"), "{arguments:?}: {said}");
        assert_eq!(fs::read(place.project()).unwrap(), before, "{arguments:?}");
    }
    drop(lock);
    for arguments in over {
        let (code, said) = place.run(arguments);
        assert_eq!(code, Some(0), "{arguments:?}: {said}");
    }
}

#[test]
fn a_journal_of_the_project_that_was_replaced_is_put_aside() {
    let place = Place::new();
    let over = ["import", "article.txt", "-o", "desk/p.ron", "--force"];
    // With work in its journal it is not written over.
    place.die_marking();
    let (code, said) = place.run(&over);
    assert!(
        code == Some(1) && said.contains("edits that are not saved"),
        "{said}"
    );
    let mut window = place.opened(&place.project());
    let model = &mut window.harness.state_mut().model;
    model.perform(Action::Run(Menu::Save));
    window.settle();
    window.harness.state_mut().model.end();
    drop(window);
    assert!(place.at("desk/p.ron.journal").exists());
    let (code, said) = place.run(&over);
    assert_eq!(code, Some(0), "{said}");
    let (code, said) = place.run(&["check", "desk/p.ron"]);
    assert!(code == Some(0) && said.contains("0 warnings"), "{said}");
    assert!(!place.at("desk/p.ron.journal").exists());
}

#[test]
fn a_project_that_changes_while_an_import_runs_is_not_written_over() {
    let place = Place::new();
    let many = format!("[{}{{}}]", "{\"text\":\"x\"},".repeat(1 << 19));
    fs::write(place.at("many.json"), many).unwrap();
    let program = Command::new(env!("CARGO_BIN_EXE_pressmark"))
        .args(["import", "many.json", "article.txt", "--into", "desk/p.ron"])
        .current_dir(place.at(""))
        .env("PRESSMARK_CONFIG_DIR", place.at("config"))
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let lock = place.at("desk/.p.ron.lock");
    let start = Instant::now();
    while !lock.exists() {
        assert!(start.elapsed() < Duration::from_secs(10));
        std::thread::sleep(Duration::from_millis(5));
    }
    std::thread::sleep(Duration::from_millis(300));
    let project = open_file(Path::new(DEMO), &|_| ()).unwrap().project;
    let other = place.at("other.ron");
    save_file(&project, &other, &mut |_| true).unwrap();
    let mut theirs = fs::read(&other).unwrap();
    theirs.extend_from_slice(b"\n");
    fs::write(place.project(), &theirs).unwrap();
    let output = program.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(
        said.contains("changed by another program meanwhile"),
        "{said}"
    );
    assert_eq!(fs::read(place.project()).unwrap(), theirs);
}

#[test]
fn an_export_with_pipes_in_it_is_not_waited_for() {
    let place = Place::new();
    let (code, said) = place.run(&["export", "desk/p.ron", "-f", "brat", "-o", "out"]);
    assert_eq!(code, Some(0), "{said}");
    let verify = [
        "export",
        "desk/p.ron",
        "-f",
        "brat",
        "-o",
        "out",
        "--verify",
    ];
    assert_eq!(place.run(&verify).0, Some(0));
    let name = fs::read_dir(place.at("out")).unwrap().flatten();
    let name = name.map(|entry| entry.path());
    let text = name
        .into_iter()
        .find(|path| path.extension().is_some_and(|e| e == "txt"));
    let text = text.unwrap();
    fs::remove_file(&text).unwrap();
    make_pipe(&text);
    let (code, said) = place.run(&verify);
    assert_eq!(code, Some(1), "{said}");
    make_pipe(&place.at("x.zip"));
    let (code, said) = place.run(&[
        "export",
        "desk/p.ron",
        "-f",
        "brat",
        "-o",
        "x.zip",
        "--verify",
    ]);
    assert_eq!(code, Some(1), "{said}");
}
