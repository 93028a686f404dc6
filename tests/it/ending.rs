//! The system asks the program to end: work that is under way is put away, and nothing is left
//! locked.

use crate::window::Window;
use eframe::egui::Key;
use pressmark::app::action::Action;
use pressmark::store::lock;

#[test]
fn the_window_ends_with_its_journal_written_and_its_lock_given_back() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().canonicalize().unwrap().join("p.ron");
    let mut window = Window::with("Mayor opens bridge\n\nIt cost 3,400 crowns.");
    let model = &mut window.harness.state_mut().model;
    model.perform(Action::SaveTo(path.clone()));
    window.settle();
    window.drag("3,400");
    window.key(Key::C);
    assert!(lock::path_of(&path).exists());
    window.harness.state_mut().model.end();
    assert!(!lock::path_of(&path).exists());
    drop(window);
    let mut window = Window::new(None);
    window.harness.state_mut().model.open_now(path);
    window.harness.run_steps(3);
    assert_eq!(window.annotations(), ["claim: 3,400"]);
}

#[cfg(unix)]
#[test]
fn an_import_that_is_asked_to_end_leaves_nothing() {
    use rustix::process::{Pid, Signal, kill_process};
    use std::process::{Command, Stdio};
    use std::time::{Duration, Instant};

    let folder = tempfile::tempdir().unwrap();
    let many = format!("[{}{{}}]", "{\"text\":\"x\"},".repeat(1 << 20));
    std::fs::write(folder.path().join("many.json"), many).unwrap();
    let mut program = Command::new(env!("CARGO_BIN_EXE_pressmark"))
        .args(["import", "many.json", "-o", "out.ron"])
        .current_dir(folder.path())
        .env("PRESSMARK_CONFIG_DIR", folder.path().join("config"))
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    std::thread::sleep(Duration::from_millis(200));
    let start = Instant::now();
    kill_process(Pid::from_child(&program), Signal::TERM).unwrap();
    let status = program.wait().unwrap();
    assert!(start.elapsed() < Duration::from_secs(3));
    assert_eq!(status.code(), Some(1));
    let mut said = String::new();
    std::io::Read::read_to_string(&mut program.stderr.take().unwrap(), &mut said).unwrap();
    assert!(said.contains("stopped; nothing was changed"), "{said}");
    let left = std::fs::read_dir(folder.path()).unwrap().flatten();
    let left: Vec<_> = left.map(|entry| entry.file_name()).collect();
    assert_eq!(left, ["many.json"]);
}
