//! Questions die with what they were asked about: another project that comes in between is neither
//! written over the old one's files nor given what was meant for it.

use crate::window::Window;
use eframe::egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable;
use pressmark::app::action::Action;
use pressmark::app::clock;
use pressmark::app::command::Command;
use pressmark::app::model::Model;
use pressmark::store::lock::Holder;
use std::path::{Path, PathBuf};

struct Place {
    _folder: tempfile::TempDir,
    root: PathBuf,
}

impl Place {
    fn at(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }
}

fn save(window: &mut Window, path: PathBuf) {
    window
        .harness
        .state_mut()
        .model
        .perform(Action::SaveTo(path));
    window.settle();
}

fn project(text: &str, path: PathBuf) {
    let mut window = Window::new(None);
    window.paste(text);
    save(&mut window, path);
    window.harness.state_mut().model.end();
}

/// `first.ron` is open, with an export of it at `out.jsonl`; `second.ron` is another project.
fn two_projects() -> (Place, Window) {
    let folder = tempfile::tempdir().unwrap();
    let place = Place {
        root: folder.path().canonicalize().unwrap(),
        _folder: folder,
    };
    project("The second\n\nIts text.", place.at("second.ron"));
    let mut window = Window::new(None);
    window.paste("The first\n\nIts text.");
    save(&mut window, place.at("first.ron"));
    window.keys(Key::E, Modifiers::COMMAND);
    window.click("JSON Lines");
    window.answer(&place.at("out.jsonl"));
    window.click("Choose where to…");
    window.settle();
    (place, window)
}

fn open(window: &mut Window, path: PathBuf) {
    window.harness.state_mut().model.perform(Action::Open(path));
    window.settle();
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap()
}

const CTRL_SHIFT: Modifiers = Modifiers {
    shift: true,
    ..Modifiers::COMMAND
};

#[test]
fn whether_to_replace_an_export() {
    let (place, mut window) = two_projects();
    let exported = read(&place.at("out.jsonl"));
    assert!(exported.contains("The first"));
    window.keys(Key::E, CTRL_SHIFT);
    let _asked = window.harness.get_by_label_contains("Replace the export");
    open(&mut window, place.at("second.ron"));
    let question = window.harness.query_by_label_contains("Replace the export");
    assert!(question.is_none());
    // The answer that was on its way.
    let model = &mut window.harness.state_mut().model;
    model.perform(Action::ReplaceExport(true));
    window.settle();
    assert_eq!(read(&place.at("out.jsonl")), exported);
}

#[test]
fn where_to_save() {
    let (place, mut window) = two_projects();
    window.keys(Key::S, CTRL_SHIFT);
    open(&mut window, place.at("second.ron"));
    window.answer(&place.at("copy-of-first.ron"));
    window.harness.run_steps(4);
    window.settle();
    assert!(!place.at("copy-of-first.ron").exists());
    let model = &window.harness.state().model;
    assert_eq!(model.session().path(), Some(&*place.at("second.ron")));
}

#[test]
fn where_to_export_to() {
    let (place, mut window) = two_projects();
    window.keys(Key::E, Modifiers::COMMAND);
    let _asks = window.harness.get_by_label("Choose where to…");
    open(&mut window, place.at("second.ron"));
    assert!(window.harness.query_by_label("Choose where to…").is_none());
}

#[test]
fn what_to_add() {
    let (place, mut window) = two_projects();
    let article = place.at("third.txt");
    std::fs::write(&article, "The third\n\nIts text.").unwrap();
    let model = &mut window.harness.state_mut().model;
    model.perform(Action::AddPaths(vec![article]));
    window.settle();
    open(&mut window, place.at("second.ron"));
    let model = &mut window.harness.state_mut().model;
    model.perform(Action::AcceptImport);
    let titles = |model: &Model| {
        let articles = model.session().project().articles().iter();
        articles.map(|a| a.title.clone()).collect::<Vec<_>>()
    };
    assert_eq!(titles(model), ["The second"]);
    let said = model.notices().iter().any(|notice| {
        let message = &notice.message;
        message.contains("Another project was opened meanwhile")
    });
    assert!(said);
}

#[test]
fn whether_to_leave_for_a_project_that_was_read_while_this_one_was_changed() {
    let (place, mut window) = two_projects();
    let model = &mut window.harness.state_mut().model;
    model.perform(Action::Open(place.at("second.ron")));
    let article = model.article().unwrap().id.clone();
    model.perform(Action::SetStatus {
        article,
        status: pressmark::core::article::Status::Flagged,
    });
    window.settle();
    window.click("Go back");
    // What was read is let go, with its lock.
    let undo = Action::Run(Command::Undo);
    window.harness.state_mut().model.perform(undo);
    open(&mut window, place.at("second.ron"));
    let session = window.harness.state().model.session();
    assert_eq!(session.path(), Some(&*place.at("second.ron")));
    assert!(!session.is_read_only());
}

/// It is asked before the other project is read, and not once more after it.
#[test]
fn whether_to_leave_is_asked_once() {
    let (place, mut window) = two_projects();
    window.drag("text");
    window.key(Key::Q);
    open(&mut window, place.at("second.ron"));
    window.click("Do not save");
    window.settle();
    let session = window.harness.state().model.session();
    assert_eq!(session.path(), Some(&*place.at("second.ron")));
}

/// Choosing a file leaves nothing yet, so it is asked when one is chosen, and once.
#[test]
fn whether_to_leave_is_asked_once_when_a_project_is_chosen() {
    let (place, mut window) = two_projects();
    window.drag("text");
    window.key(Key::Q);
    window.answer(&place.at("second.ron"));
    window.keys(Key::O, Modifiers::COMMAND);
    window.click("Do not save");
    window.settle();
    assert!(window.harness.query_by_label("Do not save").is_none());
    let session = window.harness.state().model.session();
    assert_eq!(session.path(), Some(&*place.at("second.ron")));
}

/// What was given up is not, when the project stays.
#[test]
fn whoever_stays_gives_nothing_up() {
    let (place, mut window) = two_projects();
    window.drag("text");
    window.key(Key::Q);
    open(&mut window, place.at("second.ron"));
    window.harness.get_by_label("Do not save").click();
    window.harness.step();
    for job in window.harness.state().model.jobs().running() {
        job.cancel();
    }
    window.settle();
    let session = window.harness.state().model.session();
    assert_eq!(session.path(), Some(&*place.at("first.ron")));
    assert!(session.has_unsaved());
    // Nothing holds the other one.
    let before = window.annotations();
    let save = Action::Run(Command::Save);
    window.harness.state_mut().model.perform(save);
    window.settle();
    open(&mut window, place.at("second.ron"));
    let session = window.harness.state().model.session();
    assert!(!session.is_read_only());
    open(&mut window, place.at("first.ron"));
    assert_eq!(window.annotations(), before);
}

#[test]
fn whether_to_open_what_another_computer_has_open() {
    let (place, mut window) = two_projects();
    let elsewhere = Holder {
        host: "elsewhere".to_owned(),
        seen_secs: clock::now().seconds(),
        ..clock::holder()
    };
    let lock = serde_json::to_string(&elsewhere).unwrap();
    std::fs::write(place.at(".second.ron.lock"), lock).unwrap();
    open(&mut window, place.at("second.ron"));
    assert!(window.harness.state().model.session().is_read_only());
    window.click("Open it all the same");
    window.settle();
    assert!(!window.harness.state().model.session().is_read_only());
}
