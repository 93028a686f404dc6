//! The one frame of dialogs: nothing in it makes it grow, shrink or jump, what is in the way of the
//! pointer loses no work, and the keyboard begins and goes on where it is wanted.

use crate::cards::{demo, named, run};
use crate::keyboard::type_in;
use crate::mouse::{click_at, press};
use crate::window::Window;
use eframe::egui::accesskit::Role;
use eframe::egui::{Event, Key, Modifiers, Pos2, Rect, Vec2, pos2, vec2};
use egui_kittest::kittest::{By, NodeT, Queryable};
use pressmark::app::action::{Action, Deleting};
use pressmark::app::command::Command;
use std::path::{Path, PathBuf};

/// Where a node stands on the screen.
fn place_of(window: &Window, by: By<'_>) -> Rect {
    window.harness.get(by).rect()
}

fn dialog(window: &Window) -> Rect {
    place_of(window, By::new().role(Role::Dialog))
}

fn is_open(window: &Window) -> bool {
    let mut dialogs = window.harness.query_all(By::new().role(Role::Dialog));
    dialogs.next().is_some()
}

/// Opens a folder of files in the preview of an import.
pub(crate) fn import(window: &mut Window, paths: Vec<PathBuf>) {
    let model = &mut window.harness.state_mut().model;
    model.perform(Action::AddPaths(paths));
    settle_import(window);
}

pub(crate) fn settle_import(window: &mut Window) {
    for _ in 0..400 {
        window.harness.run_steps(1);
        let import = window.harness.state().model.import();
        if import.is_none_or(|import| import.is_current) {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    window.harness.run_steps(3);
}

fn write(folder: &Path, name: &str, text: &str) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    path
}

/// The size of each dialog, from its first frame on, whatever the window.
#[test]
fn a_dialog_has_its_size_from_the_first_frame_on() {
    const QUESTION: Vec2 = vec2(460.0, 204.0);
    const CHOICE: Vec2 = vec2(700.0, 440.0);
    const WORK: Vec2 = vec2(860.0, 520.0);
    let cases = [
        (Command::Palette, vec2(700.0, 416.0)),
        (Command::CheatSheet, WORK),
        (Command::Settings, CHOICE),
        (Command::About, QUESTION + vec2(0.0, 24.0)),
        (Command::Export, WORK),
        (Command::FindCopies, WORK),
        (Command::History, CHOICE),
        // There is nothing in these, and they say no more than that.
        (Command::Imports, QUESTION),
        (Command::Trash, QUESTION),
        (Command::Review, QUESTION),
        (Command::Labels, CHOICE),
        (Command::Annotators, CHOICE),
    ];
    let mut window = demo();
    for size in [vec2(1280.0, 800.0), vec2(900.0, 600.0), vec2(700.0, 500.0)] {
        window.harness.set_size(size);
        window.harness.run_steps(3);
        let most = size - Vec2::splat(32.0);
        for (command, wanted) in cases {
            let model = &mut window.harness.state_mut().model;
            model.perform(Action::Run(command));
            // The command asks for it, and the next frame shows it.
            window.harness.run_steps(2);
            let wanted = wanted.min(most);
            let mut places = Vec::new();
            for _ in 0..4 {
                places.push(dialog(&window));
                window.harness.step();
            }
            window.settle();
            places.push(dialog(&window));
            let first = places[0];
            assert!(
                (first.size() - wanted).length() < 3.0,
                "{command:?} at {size}: {first} is not {wanted}"
            );
            let same = places
                .iter()
                .all(|place| (place.min - first.min).length() < 1.0);
            assert!(same, "{command:?} at {size} moves: {places:?}");
            let inside = Rect::from_min_size(Pos2::ZERO, size).contains_rect(first);
            assert!(inside, "{command:?} at {size} is cut: {first}");
            window.key(Key::Escape);
            window.harness.run_steps(3);
            assert!(!is_open(&window), "{command:?} at {size} stays");
        }
    }
}

#[test]
fn the_palette_stays_as_it_is_whatever_is_typed() {
    let mut window = demo();
    run(&mut window, Command::Palette);
    let field = |window: &Window| place_of(window, By::new().label("Search commands"));
    let first = (dialog(&window), field(&window));
    assert!(first.0.top() > 50.0 && first.0.top() < 60.0, "{}", first.0);
    for typed in ["zzzz", "", "mark", "z"] {
        for _ in 0..10 {
            window.key(Key::Backspace);
        }
        type_in(&mut window, typed);
        assert_eq!((dialog(&window), field(&window)), first, "“{typed}”");
    }
}

#[test]
fn the_articles_to_tick_are_many_rows_high() {
    let mut window = Window::new(None);
    for n in 0..30 {
        window.paste(&format!("Title {n}\n\nThe text of article {n}.\n"));
    }
    run(&mut window, Command::Export);
    window.click("Those I tick");
    window.harness.run_steps(3);
    let seen = dialog(&window);
    let ticks = window.harness.query_all(By::new().role(Role::CheckBox));
    let rows = ticks.filter(|tick| {
        let name = tick.accesskit_node().label().unwrap_or_default();
        name.starts_with("Title") && seen.contains_rect(tick.rect())
    });
    let rows = rows.count();
    assert!(rows >= 4, "{rows} rows");
}

#[test]
fn a_click_beside_a_dialog_loses_no_work() {
    let folder = tempfile::tempdir().unwrap();
    let article = write(folder.path(), "a.txt", "Bridge\n\nThe bridge is open.\n");
    let beside = pos2(8.0, 400.0);
    let mut window = demo();
    import(&mut window, vec![article]);
    click_at(&mut window, beside);
    let model = &window.harness.state().model;
    assert!(model.import().is_some(), "what was read is gone");
    window.key(Key::Escape);
    // Leaving by the keyboard is meant, and can be taken back.
    assert!(window.harness.state().model.import().is_none());
    window.click("Back to the import");
    let _shown = window.harness.get_by_label_contains("1 file, 1 article");
    window.key(Key::Escape);
    for (command, stays) in [
        (Command::Settings, true),
        (Command::Export, true),
        (Command::Trash, false),
        (Command::Palette, false),
        (Command::CheatSheet, false),
    ] {
        run(&mut window, command);
        click_at(&mut window, beside);
        let is_left = !is_open(&window);
        assert!(!(stays && is_left), "{command:?} was left");
        if !is_left {
            window.key(Key::Escape);
            window.harness.run_steps(2);
        }
    }
}

#[test]
fn another_choice_reads_only_what_hangs_on_it() {
    let folder = tempfile::tempdir().unwrap();
    let text = "Bridge\n\nThe bridge is open again, said the mayor on Monday.\n";
    let note = write(folder.path(), "note.txt", text);
    let copy = write(folder.path(), "copy.txt", text);
    let body = "<p>The ferry will stay in the harbour until Friday, the company said, since the wind is too strong for the old boat.</p>".repeat(3);
    let page = format!(
        "<html><head><title>Ferry stays</title></head><body><article><h1>Ferry stays</h1>{body}</article><aside><p>Subscribe to our newsletter now</p></aside></body></html>"
    );
    let page = write(folder.path(), "page.html", &page);
    let mut window = Window::new(None);
    import(&mut window, vec![note.clone(), copy.clone(), page.clone()]);
    let articles = |window: &Window| {
        let import = window.harness.state().model.import().unwrap();
        let import = &import.proposal.as_ref().unwrap().import;
        let mut texts: Vec<String> = import
            .articles
            .iter()
            .map(|a| a.text.as_str().to_owned())
            .collect();
        texts.sort();
        texts
    };
    let report = &window.harness.state().model.import().unwrap();
    let report = &report.proposal.as_ref().unwrap().import.report;
    assert_eq!(articles(&window).len(), 2, "{report:?}");
    // What is gone cannot be read again, and need not be.
    std::fs::remove_file(&note).unwrap();
    std::fs::remove_file(&copy).unwrap();
    window.click("Add exact copies too");
    settle_import(&mut window);
    assert_eq!(articles(&window).len(), 3);
    let choose_scope = |window: &mut Window| {
        let model = &mut window.harness.state_mut().model;
        let mut options = model.import().unwrap().options.clone();
        options.read.page_scope = pressmark::format::reading::PageScope::WithSurroundings;
        model.perform(Action::SetImportOptions(Box::new(options)));
        settle_import(window);
    };
    choose_scope(&mut window);
    let found = articles(&window);
    assert_eq!(found.len(), 3, "{found:?}");
    assert!(
        found.iter().any(|text| text.contains("newsletter")),
        "the page was to be read again: {found:?}"
    );
}

/// What the field says, and whether it has the keyboard.
fn path_field(window: &Window) -> (String, bool) {
    let field = window.harness.get_by_label("Path");
    let field = field.accesskit_node();
    (field.value().unwrap_or_default(), field.is_focused())
}

fn save_as(window: &mut Window) {
    window.refuse();
    run(window, Command::SaveAs);
    window.harness.run_steps(4);
}

/// A window whose files dialog begins in this folder.
fn window_in(folder: &Path) -> Window {
    let mut window = Window::with("One two three.\n");
    let model = &mut window.harness.state_mut().model;
    model.perform(Action::SaveTo(folder.join("first.ron")));
    window.settle();
    window
}

#[test]
fn a_name_to_save_under_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("study")).unwrap();
    let mut window = window_in(folder.path());
    save_as(&mut window);
    let (proposed, has_focus) = path_field(&window);
    assert!(!proposed.is_empty() && has_focus, "{proposed}");
    // Typing takes the place of the name that is proposed.
    type_in(&mut window, "study");
    let (typed, _) = path_field(&window);
    assert!(
        typed.starts_with("study") && !typed.contains("first"),
        "{typed}"
    );
    // A folder of that name is no reason to lose it.
    window.key(Key::Enter);
    window.settle();
    assert!(folder.path().join("study.ron").is_file());
    assert!(!is_open(&window));
    // Into the folder, and the name stays.
    save_as(&mut window);
    type_in(&mut window, "other");
    window.key(Key::ArrowDown);
    assert_eq!(path_field(&window).0, "study/");
    window.key(Key::Enter);
    window.harness.run_steps(2);
    assert!(
        path_field(&window).0.starts_with("other"),
        "{:?}",
        path_field(&window)
    );
    window.key(Key::Enter);
    window.settle();
    assert!(folder.path().join("study/other.ron").is_file());
}

#[test]
fn a_wrong_path_can_be_mended_at_once() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "right.ron", "()");
    let mut window = window_in(folder.path());
    window.refuse();
    run(&mut window, Command::OpenProject);
    window.harness.run_steps(4);
    type_in(&mut window, "wrong.ron");
    window.key(Key::Enter);
    window.harness.run_steps(2);
    let mut told = window
        .harness
        .query_all_by_label_contains("There is no file");
    assert!(told.next().is_some());
    drop(told);
    assert_eq!(path_field(&window), ("wrong.ron".to_owned(), true));
    for _ in 0..9 {
        window.key(Key::Backspace);
    }
    type_in(&mut window, "ri");
    // Tab completes.
    window.key(Key::Tab);
    window.harness.run_steps(2);
    assert_eq!(path_field(&window), ("right.ron".to_owned(), true));
}

/// The accessible names of the rows that are shown.
fn rows(window: &Window) -> Vec<String> {
    let rows = window
        .harness
        .query_all(By::new().role(Role::ListBoxOption));
    rows.map(|row| row.accesskit_node().label().unwrap_or_default())
        .collect()
}

#[test]
fn the_file_dialog_finds_completes_and_makes() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("inner")).unwrap();
    write(&folder.path().join("inner"), "deep.ron", "()");
    write(folder.path(), "alpha.ron", "()");
    write(folder.path(), "beta.ron", "()");
    write(folder.path(), "notes.txt", "no project");
    let mut window = window_in(folder.path());
    let open = |window: &mut Window| {
        window.refuse();
        run(window, Command::OpenProject);
        window.harness.run_steps(4);
    };
    let files = |window: &Window| {
        let names = [
            "inner/",
            "alpha.ron",
            "beta.ron",
            "first.ron",
            "notes.txt",
            "deep.ron",
        ];
        let rows = rows(window);
        let has = |name: &&&str| rows.iter().any(|row| row.starts_with(**name));
        names.iter().filter(has).copied().collect::<Vec<&str>>()
    };
    open(&mut window);
    assert_eq!(
        files(&window),
        ["inner/", "alpha.ron", "beta.ron", "first.ron"]
    );
    // With their dates: they were written today.
    assert!(
        rows(&window)
            .iter()
            .any(|row| row.starts_with("alpha.ron") && row.contains(':'))
    );
    // Up from nothing comes in from below.
    window.key(Key::ArrowUp);
    window.harness.run_steps(2);
    assert_eq!(path_field(&window).0, "first.ron");
    for _ in 0.."first.ron".len() {
        window.key(Key::Backspace);
    }
    type_in(&mut window, "in");
    assert_eq!(files(&window), ["inner/"]);
    window.key(Key::Tab);
    window.harness.run_steps(2);
    assert_eq!(path_field(&window).0, "inner/");
    assert_eq!(files(&window), ["deep.ron"]);
    window.key(Key::ArrowDown);
    window.harness.run_steps(2);
    assert_eq!(path_field(&window).0, "inner/deep.ron");
    window.key(Key::Escape);
    // All files, when they are asked for.
    open(&mut window);
    window.click("All files");
    assert!(files(&window).contains(&"notes.txt"));
    window.click("New folder");
    type_in(&mut window, "made");
    window.key(Key::Enter);
    window.harness.run_steps(3);
    assert!(folder.path().join("made").is_dir());
    let _inside = window.harness.get_by_label_contains("made");
}

#[test]
fn the_keyboard_begins_at_the_way_out_of_what_is_deleted() {
    let mut window = demo();
    let model = &mut window.harness.state_mut().model;
    model.perform(Action::AskToDelete(Deleting::Label("quote".into())));
    window.harness.run_steps(4);
    let out = window.harness.get_by_label("Go back");
    assert!(out.accesskit_node().is_focused());
    let labels = |window: &Window| {
        let project = window.harness.state().model.session().project();
        project.codebook().labels.len()
    };
    let before = labels(&window);
    window.key(Key::Enter);
    window.harness.run_steps(3);
    assert!(!is_open(&window));
    assert_eq!(labels(&window), before);
}

/// The main button is the last one, at the right, and the way out stands before it.
#[test]
fn the_main_button_is_at_the_right() {
    let mut window = demo();
    for (command, main, out) in [
        (Command::Export, "Choose where to…", "Cancel"),
        (Command::History, "Go to this step", "Close"),
        (Command::Settings, "Close", "Reset reading"),
    ] {
        run(&mut window, command);
        let card = dialog(&window);
        let main = place_of(&window, By::new().role(Role::Button).label(main));
        let out = place_of(&window, By::new().role(Role::Button).label(out));
        assert!(out.right() < main.left(), "{command:?}: {out} {main}");
        let from_edge = card.right() - main.right();
        assert!((from_edge - 20.0).abs() < 3.0, "{command:?}: {from_edge}");
        assert!(card.bottom() - main.bottom() > 8.0, "{command:?}");
        window.key(Key::Escape);
        window.harness.run_steps(2);
    }
}

#[test]
fn the_palette_finds_all_there_is_in_groups() {
    let mut window = demo();
    for (typed, group, row) in [
        ("undo", "Commands", "Undo"),
        ("quote", "Labels", "Mark as quote"),
        ("line spacing", "Settings", "Line spacing"),
        ("theme: dark", "Settings", "Theme: dark"),
        ("night bus", "Articles", "Harwick saves"),
    ] {
        run(&mut window, Command::Palette);
        type_in(&mut window, typed);
        let card = dialog(&window);
        let groups = By::new().role(Role::Label).label(group);
        let mut groups = window.harness.query_all(groups);
        assert!(groups.any(|at| card.contains_rect(at.rect())), "{typed}");
        drop(groups);
        let found = rows(&window);
        assert!(found.iter().any(|r| r.contains(row)), "{typed}: {found:?}");
        window.key(Key::Escape);
        window.harness.run_steps(2);
    }
    // Tab goes from group to group.
    run(&mut window, Command::Palette);
    type_in(&mut window, "mark");
    let current = |window: &Window| {
        let list = window.harness.get_by_role_and_label(Role::List, "Found");
        let row = list.accesskit_node().active_descendant().unwrap();
        row.label().unwrap_or_default()
    };
    let first = current(&window);
    window.key(Key::Tab);
    window.harness.run_steps(2);
    assert_eq!(current(&window), "Mark as quote Q", "after {first}");
    window.keys(Key::Tab, Modifiers::SHIFT);
    window.harness.run_steps(2);
    assert_eq!(current(&window), first);
    window.key(Key::Escape);
    window.harness.run_steps(2);
    // A command that cannot be run says why, and stays where it is.
    run(&mut window, Command::Palette);
    type_in(&mut window, "delete annotation");
    let found = rows(&window);
    assert!(found[0].contains("first select an annotation"), "{found:?}");
    window.key(Key::Enter);
    window.harness.run_steps(2);
    assert!(is_open(&window));
    window.key(Key::Escape);
    window.harness.run_steps(2);
    // People: to what they said.
    let project = window.harness.state().model.session().project();
    let person = project.people()[0].clone();
    run(&mut window, Command::Palette);
    type_in(&mut window, &person.name);
    let group = By::new().label("People");
    let group = group.predicate(|node| node.role() != Role::Tab);
    let _group = window.harness.get(group);
    window.key(Key::ArrowUp);
    window.key(Key::Tab);
    window.harness.run_steps(2);
    let model = &mut window.harness.state_mut().model;
    model.perform(Action::GoToPerson(person.id.clone()));
    let selected = model.selected_annotation().unwrap();
    let named = format!("{:?}", selected.attributes);
    assert!(named.contains(person.id.as_str()), "{named}");
}

#[test]
fn what_was_chosen_last_stands_first_in_the_palette() {
    let mut window = demo();
    run(&mut window, Command::Palette);
    type_in(&mut window, "theme: dark");
    window.key(Key::Enter);
    window.harness.run_steps(3);
    assert!(!is_open(&window));
    run(&mut window, Command::Palette);
    let _group = window.harness.get_by_label("Recent");
    assert_eq!(rows(&window)[0], "Theme: dark");
}

#[test]
fn every_format_shows_first_lines_that_can_be_read() {
    use pressmark::app::export::Sample;
    let demo = concat!(env!("CARGO_MANIFEST_DIR"), "/projects/demo.ron");
    let opened = pressmark::app::session::open_file(Path::new(demo), &|_| ()).unwrap();
    let options = pressmark::format::export::options::ExportOptions::default();
    for format in pressmark::format::formats::FORMATS {
        let files = pressmark::app::export::preview(&opened.project, format, &options, 3_000);
        let files = files.unwrap();
        assert!(!files.is_empty(), "{}", format.name);
        for (name, sample) in files {
            // As text, and no character of it is lost.
            let is_read = matches!(&sample, Sample::Lines(text) if !text.is_empty())
                && !sample.text().contains(char::REPLACEMENT_CHARACTER);
            let text = sample.text();
            assert!(is_read, "{}: {name}: {text:.200}", format.name);
        }
    }
}

#[test]
fn notices_are_shown_one_at_a_time_the_gravest_first() {
    use pressmark::app::notice::Notice;
    let mut window = demo();
    let app = window.harness.state_mut();
    app.notify(Notice::error("The disk is full"));
    app.notify(Notice::info("Two articles were added"));
    app.notify(Notice::warning("One file was left out"));
    window.harness.run_steps(3);
    let marks = |window: &Window| {
        let names = named(window, Role::Image);
        let is_mark = |name: &String| ["Note", "Warning", "Error"].contains(&name.as_str());
        names.into_iter().filter(is_mark).collect::<Vec<_>>()
    };
    assert_eq!(marks(&window), ["Error"]);
    // It is read out, too.
    assert!(
        window
            .harness
            .query_all_by_label("The disk is full")
            .count()
            > 0
    );
    let _more = window.harness.get_by_label("2 more");
    window.click("Dismiss");
    assert_eq!(marks(&window), ["Warning"]);
    assert_eq!(window.harness.state().model.notices().len(), 2);
    window.click("Dismiss");
    assert_eq!(marks(&window), ["Note"]);
}

#[test]
fn a_tooltip_goes_while_something_is_dragged() {
    let mut window = Window::with("One two three four five.\n\nMore words stand here, and more.\n");
    window.drag("three");
    window.key(Key::Q);
    window.key(Key::Escape);
    let tooltips = |window: &Window| named(window, Role::Tooltip).len();
    let (away, over) = (
        window.place("stand").center(),
        window.place("three").center(),
    );
    for at in [away, over] {
        window.harness.event(Event::PointerMoved(at));
        window.harness.run_steps(20);
    }
    assert_eq!(tooltips(&window), 1, "there is one to go");
    press(&mut window, over, true);
    for step in 1..4 {
        let to = over + vec2(step as f32 * 4.0, 0.0);
        window.harness.event(Event::PointerMoved(to));
        window.harness.run_steps(10);
        assert_eq!(tooltips(&window), 0, "it is still there");
    }
}

#[test]
fn a_format_that_is_typed_is_the_one_that_leaves() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("out.jsonl");
    let mut window = demo();
    run(&mut window, Command::Export);
    type_in(&mut window, "json lines");
    let _chosen = window.harness.get_by_label_contains("Makes a .jsonl file");
    window.answer(&target);
    window.key(Key::Enter);
    window.settle();
    assert!(target.is_file());
}

/// What is told of something under a dialog does not stay over it.
#[test]
fn a_tooltip_goes_when_a_dialog_opens() {
    let mut window = demo();
    let chip = window
        .harness
        .get_by_label_contains("Search or run a command");
    let over = chip.rect().center();
    window
        .harness
        .event(Event::PointerMoved(over - vec2(0.0, 200.0)));
    window.harness.run_steps(2);
    window.harness.event(Event::PointerMoved(over));
    window.harness.run_steps(20);
    assert_eq!(named(&window, Role::Tooltip).len(), 1, "there is one to go");
    run(&mut window, Command::Settings);
    window.harness.run_steps(4);
    assert_eq!(named(&window, Role::Tooltip).len(), 0, "it is still there");
    assert!(is_open(&window));
}
