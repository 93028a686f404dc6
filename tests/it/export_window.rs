//! The export dialog by accessible name: what leaves is what was chosen, again with one key, and
//! nothing is replaced without asking.

use crate::window::Window;
use eframe::egui::accesskit::Role;
use eframe::egui::{Key, Modifiers};
use egui_kittest::kittest::{NodeT, Queryable};
use std::path::Path;

const CTRL_SHIFT: Modifiers = Modifiers {
    alt: false,
    ctrl: true,
    shift: true,
    mac_cmd: false,
    command: true,
};

/// The demo with the dialog open on a format.
fn dialog(format: &str) -> Window {
    let mut window = Window::new(None);
    let demo = window.harness.get_by_label_contains("Open the demo");
    demo.click();
    window.harness.run_steps(4);
    window.keys(Key::E, Modifiers::COMMAND);
    window.click(format);
    window
}

fn lines(path: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(path).unwrap();
    text.lines().map(str::to_owned).collect()
}

fn notices(window: &Window) -> String {
    let notices = window.harness.state().model.notices().iter();
    notices
        .map(|notice| format!("{} {}", notice.message, notice.details.join(" ")))
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn ticked_articles_leave_and_again_with_one_key() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("two.jsonl");
    let mut window = dialog("JSON Lines");
    window.click("Those I tick");
    let _nothing_yet = window.harness.get_by_label_contains("0 of 7 ticked");
    window.key(Key::Enter);
    let _still_open = window.harness.get_by_label_contains("0 of 7 ticked");
    let filter = window.harness.get_by_label("Filter articles to export");
    filter.click();
    window.harness.run_steps(2);
    window
        .harness
        .event(eframe::egui::Event::Text("harbour".to_owned()));
    window.harness.run_steps(3);
    window.click("Tick all shown");
    let ticked = window.harness.get_by_label_contains("of 7 ticked");
    let ticked = ticked.value().unwrap_or_default();
    window.answer(&target);
    window.click("Choose where to…");
    window.settle();
    let first = lines(&target);
    assert!(
        ticked.starts_with(&format!("{} of 7", first.len())),
        "{ticked} {}",
        first.len()
    );
    assert!(!first.is_empty() && first.len() < 7);
    // Again: asks, keeps, replaces.
    window.keys(Key::E, CTRL_SHIFT);
    let _question = window.harness.get_by_label_contains("Replace the export");
    std::fs::write(&target, "mine").unwrap();
    window.click("Keep it");
    window.settle();
    assert_eq!(lines(&target), ["mine"]);
    window.keys(Key::E, CTRL_SHIFT);
    window.key(Key::Enter);
    window.settle();
    assert_eq!(lines(&target), first);
}

#[test]
fn enter_on_a_control_is_that_controls() {
    let mut window = dialog("JSON Lines");
    window
        .harness
        .get_by_label("Into train, dev and test")
        .focus();
    window.harness.run_steps(2);
    window.key(Key::Enter);
    // It is ticked, and nobody is asked where to export to.
    let _shares = window.harness.get_by_label_contains("Spread evenly:");
    let _open = window.harness.get_by_label("Choose where to…");
}

#[test]
fn the_list_of_formats_is_one_stop_for_tab() {
    let mut window = dialog("JSON Lines");
    let has_focus = |window: &Window, label: &str| {
        let node = window.harness.get_by_role_and_label(Role::Button, label);
        node.accesskit_node().is_focused()
    };
    let search = window.harness.get_by_label("Search formats");
    search.focus();
    window.harness.run_steps(2);
    window.key(Key::Tab);
    window.harness.run_steps(2);
    assert!(has_focus(&window, "JSON Lines"));
    // Its arrows choose, and the focus goes with them.
    window.key(Key::ArrowDown);
    window.harness.run_steps(2);
    let _chosen = window.harness.get_by_label_contains("Makes a folder");
    assert!(has_focus(&window, "Parquet in the Hugging Face layout"));
    window.key(Key::Tab);
    window.harness.run_steps(2);
    // The next stops are the parts of what is beside it.
    window.key(Key::Tab);
    window.harness.run_steps(2);
    window.key(Key::Tab);
    window.harness.run_steps(2);
    let first = window.harness.get_by_label("All that fit");
    assert!(first.accesskit_node().is_focused());
    for _ in 0..3 {
        window.keys(Key::Tab, Modifiers::SHIFT);
        window.harness.run_steps(2);
    }
    window.key(Key::ArrowUp);
    window.harness.run_steps(2);
    assert!(has_focus(&window, "JSON Lines"));
    let _chosen = window.harness.get_by_label_contains("Makes a .jsonl file");
}

#[test]
fn parts_of_a_split_are_files_of_their_own() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("parts");
    let mut window = dialog("JSON Lines");
    window.click("Into train, dev and test");
    window.answer(&target);
    window.click("Choose where to…");
    window.settle();
    let count = |name: &str| lines(&target.join(name)).len();
    let all = count("train.jsonl") + count("dev.jsonl") + count("test.jsonl");
    assert_eq!(all, 7, "{}", notices(&window));
    assert!(
        notices(&window).contains("7 articles"),
        "{}",
        notices(&window)
    );
}

#[test]
fn the_first_lines_are_those_of_the_file() {
    let mut window = dialog("Prodigy and spaCy JSON Lines");
    window.click("First lines");
    window.harness.run_steps(3);
    let _shown = window
        .harness
        .get_by_label_contains("\"_view_id\":\"spans_manual\"");
    // What a format carries is said before it is written.
    let _said = window.harness.get_by_label_contains("Does not carry");
    window.key(Key::Escape);
    assert!(window.harness.query_by_label("First lines").is_none());
}

#[test]
fn a_failed_export_says_what_happened_and_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("not-there").join("out.jsonl");
    let mut window = dialog("JSON Lines");
    window.answer(&target);
    window.click("Choose where to…");
    window.settle();
    assert!(
        notices(&window).contains("The export failed"),
        "{}",
        notices(&window)
    );
    assert!(
        notices(&window).contains("out.jsonl"),
        "{}",
        notices(&window)
    );
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}
