//! What dialogs, menus and drawers owe to whoever uses them: the review list and the file dialog by
//! mouse and by keyboard, what an import says, the marks of menus, and the article beside a drawer.

use crate::cards::{demo, named, run};
use crate::dialogs::{import, settle_import};
use crate::keyboard::type_in;
use crate::mouse::{button_with, click_at, click_with};
use crate::room::check_places;
use crate::window::{Window, model};
use eframe::egui::accesskit::{Role, Toggled};
use eframe::egui::{Event, Key, Modifiers, PointerButton, pos2, vec2};
use egui_kittest::kittest::{By, NodeT, Queryable};
use pressmark::app::action::Action;
use pressmark::app::command::Command;
use pressmark::app::settings::SidePanel;
use pressmark::core::annotation::Annotation;
use pressmark::core::article::Article;
use pressmark::core::codebook::Codebook;
use pressmark::core::project::{Project, ProjectParts, SetAside};
use pressmark::core::text::{ArticleText, BytePos, ByteRange};
use pressmark::format::project_ron::{Opened, lost_annotation_text};
use std::path::{Path, PathBuf};
use std::sync::Arc;

const TEXT: &str = "Bridge opens\n\nThe mayor said that the bridge would cost 3,400 crowns.\n";

/// An article, and annotations whose places in it are lost.
fn with_lost(lost: &[&str]) -> Window {
    let raw = |n: usize, words: &str| {
        let range = ByteRange::new(BytePos(0), BytePos(9));
        let id = format!("t-{n}");
        let lost = Annotation::new(id.as_str().into(), "bo".into(), "claim".into(), range);
        lost_annotation_text(&lost, words)
    };
    let lost = lost.iter().enumerate();
    let lost = lost.map(|(n, words)| SetAside::new("a", "its text is gone", raw(n, words)));
    let article = Article::new("a".into(), "Bridge", ArticleText::new(TEXT.to_owned()));
    let project = Project::from_parts(ProjectParts {
        name: "Lost".to_owned(),
        codebook: Codebook::default(),
        articles: vec![Arc::new(article)],
        set_aside: lost.collect(),
        ..ProjectParts::default()
    });
    let problems = Vec::new();
    let mut window = Window::new(None);
    let model = &mut window.harness.state_mut().model;
    model.enter_opened(Opened { project, problems }, "/nowhere/lost.ron".into());
    while !model.notices().is_empty() {
        model.perform(Action::DismissNotice(0));
    }
    window.harness.run_steps(3);
    window
}

fn lost(window: &Window) -> usize {
    model(window).session().project().set_aside().len()
}

#[test]
fn the_review_list_is_a_dialog_like_the_others() {
    let mut window = with_lost(&["the harbour", "the ferry"]);
    window.drag("mayor");
    run(&mut window, Command::Review);
    assert_eq!(named(&window, Role::Dialog), ["Review list"]);
    // What is under it hears neither the mouse nor keys.
    click_at(&mut window, pos2(640.0, 60.0));
    window.key(Key::Q);
    assert_eq!(window.selected_text(), "mayor");
    assert_eq!(window.annotations(), [""; 0]);
    window.key(Key::Escape);
    window.harness.run_steps(3);
    assert!(named(&window, Role::Dialog).is_empty());
    let article = window.harness.get(By::new().role(Role::Document));
    assert!(article.accesskit_node().is_focused_in_tree());
}

#[test]
fn what_lost_its_place_is_placed_by_mouse() {
    let mut window = with_lost(&["the harbour", "the ferry"]);
    run(&mut window, Command::Review);
    window.click_first("Look for its place");
    assert!(named(&window, Role::Dialog).is_empty());
    // The notice waits for as long as it takes to find the place.
    window.harness.run_steps(600);
    window.drag("mayor");
    window.click("Place it at the selection");
    assert_eq!(window.annotations(), ["claim: mayor"]);
    assert_eq!(lost(&window), 1);
    let all = said(&window);
    assert!(
        all.contains("1 annotation is still on the review list"),
        "{all}"
    );
    run(&mut window, Command::Undo);
    assert_eq!((window.annotations().len(), lost(&window)), (0, 2));
}

#[test]
fn what_lost_its_place_is_placed_by_keyboard() {
    let mut window = with_lost(&["the harbour", "the ferry"]);
    run(&mut window, Command::Review);
    window.key(Key::ArrowDown);
    let _said = window.harness.get_by_label("the ferry");
    window.key(Key::Enter);
    window.harness.run_steps(3);
    assert!(named(&window, Role::Dialog).is_empty());
    let all = Modifiers::COMMAND | Modifiers::SHIFT;
    window.keys(Key::ArrowRight, all);
    let selected = window.selected_text();
    assert!(!selected.is_empty());
    run(&mut window, Command::Review);
    let _main = window.harness.get_by_label("Place at the selection");
    window.key(Key::Enter);
    window.harness.run_steps(3);
    assert_eq!(
        window.annotations(),
        [format!("claim: {}", selected.trim())]
    );
    assert_eq!(lost(&window), 1);
    // The other one is looked for anew.
    run(&mut window, Command::Review);
    let _main = window.harness.get_by_label("Look for its place");
}

#[test]
fn leaving_the_file_dialog_of_an_export_leaves_only_that() {
    let mut window = demo();
    run(&mut window, Command::Export);
    type_in(&mut window, "json lines");
    window.refuse();
    window.key(Key::Enter);
    window.harness.run_steps(4);
    assert_eq!(named(&window, Role::Dialog), ["Export as JSON Lines"]);
    window.key(Key::Escape);
    window.harness.run_steps(3);
    assert_eq!(named(&window, Role::Dialog), ["Export dataset"]);
    let _chosen = window.harness.get_by_label_contains("Makes a .jsonl file");
    window.key(Key::Escape);
    window.harness.run_steps(3);
    assert!(named(&window, Role::Dialog).is_empty());
}

fn write(folder: &Path, name: &str, text: &str) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    path
}

/// Six articles in a folder, and the window's own file dialog to choose from them.
fn choosing(folder: &Path) -> Window {
    std::fs::create_dir(folder.join("a folder")).unwrap();
    for n in 1..7 {
        let text = format!("Title {n}\n\nThe text of article {n} is not that of others.\n");
        write(folder, &format!("{n} file.txt"), &text);
    }
    let mut window = Window::with("One two three.\n");
    let model = &mut window.harness.state_mut().model;
    model.perform(Action::SaveTo(folder.join("first.ron")));
    window.settle();
    window.refuse();
    run(&mut window, Command::AddFiles);
    window.harness.run_steps(4);
    assert_eq!(named(&window, Role::Dialog), ["Add articles"]);
    window
}

/// The files that are ticked, by the numbers of their names.
fn ticked(window: &Window) -> String {
    let rows = By::new().role(Role::ListBoxOption);
    let rows = window.harness.query_all(rows);
    let ticked = rows.filter(|row| row.accesskit_node().is_selected() == Some(true));
    let names = ticked.map(|row| row.accesskit_node().label().unwrap_or_default());
    let names: Vec<String> = names.filter(|name| name.contains(" file.txt")).collect();
    names
        .iter()
        .filter_map(|name| name.chars().next())
        .collect()
}

fn click_file(window: &mut Window, number: usize, modifiers: Modifiers) {
    let name = format!("{number} file.txt");
    let row = By::new().role(Role::ListBoxOption).label_contains(&name);
    let at = window.harness.get(row).rect().center();
    click_with(window, at, (PointerButton::Primary, modifiers));
}

#[test]
fn several_files_are_chosen_by_mouse() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = choosing(folder.path());
    click_file(&mut window, 2, Modifiers::NONE);
    click_file(&mut window, 5, Modifiers::SHIFT);
    assert_eq!(ticked(&window), "2345");
    click_file(&mut window, 4, Modifiers::SHIFT);
    assert_eq!(ticked(&window), "234");
    click_file(&mut window, 3, Modifiers::COMMAND);
    click_file(&mut window, 6, Modifiers::COMMAND);
    assert_eq!(ticked(&window), "246");
    let _said = window.harness.get_by_label("Open 3 files");
    click_file(&mut window, 1, Modifiers::NONE);
    let _said = window.harness.get_by_label("Open");
    // The second one takes the first one along.
    click_file(&mut window, 6, Modifiers::COMMAND);
    assert_eq!(ticked(&window), "16");
    click_file(&mut window, 3, Modifiers::COMMAND);
    window.click("Open 3 files");
    window.settle();
    let _read = window.harness.get_by_label_contains("3 files, 3 articles");
    // They come in the order of the list.
    let import = model(&window).import().unwrap().proposal.as_ref().unwrap();
    let files = import.import.report.iter();
    let files: Vec<_> = files
        .filter_map(|file| file.path.file_stem()?.to_str())
        .collect();
    assert_eq!(files, ["1 file", "3 file", "6 file"]);
}

#[test]
fn several_files_are_chosen_by_keyboard() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = choosing(folder.path());
    // The folder, and the first file.
    window.key(Key::ArrowDown);
    window.key(Key::ArrowDown);
    let space = |window: &mut Window| {
        let key = |pressed: bool| Event::Key {
            key: Key::Space,
            physical_key: None,
            pressed,
            repeat: false,
            modifiers: Modifiers::NONE,
        };
        for event in [key(true), Event::Text(" ".to_owned()), key(false)] {
            window.harness.event(event);
        }
        window.harness.run_steps(2);
    };
    space(&mut window);
    assert_eq!(ticked(&window), "1");
    window.key(Key::ArrowDown);
    window.key(Key::ArrowDown);
    space(&mut window);
    assert_eq!(ticked(&window), "13");
    for _ in 0..2 {
        window.keys(Key::ArrowDown, Modifiers::SHIFT);
    }
    assert_eq!(ticked(&window), "345");
    window.keys(Key::ArrowUp, Modifiers::SHIFT);
    assert_eq!(ticked(&window), "34");
    let _said = window.harness.get_by_label("Open 2 files");
    window.key(Key::Enter);
    window.settle();
    let _read = window.harness.get_by_label_contains("2 files, 2 articles");
    window.key(Key::Escape);
    // All of them, and how there is nothing to open.
    window.refuse();
    run(&mut window, Command::AddFiles);
    window.harness.run_steps(4);
    let opens = window.harness.get_by_role_and_label(Role::Button, "Open");
    assert!(opens.accesskit_node().is_disabled());
    window.keys(Key::A, Modifiers::COMMAND);
    assert_eq!(ticked(&window), "123456");
    let _said = window.harness.get_by_label("Open 6 files");
    window.key(Key::Escape);
    // A space that is typed is one.
    window.refuse();
    run(&mut window, Command::AddFiles);
    window.harness.run_steps(4);
    type_in(&mut window, "4");
    space(&mut window);
    let path = window.harness.get_by_label("Path");
    assert_eq!(path.accesskit_node().value().as_deref(), Some("4 "));
}

#[test]
fn more_articles_are_looked_for_where_the_last_ones_were() {
    let folder = tempfile::tempdir().unwrap();
    let inner = folder.path().join("inner");
    std::fs::create_dir(&inner).unwrap();
    write(&inner, "here.txt", "The text of an article.\n");
    let mut window = Window::with("One two three.\n");
    let open = |window: &mut Window| {
        window.refuse();
        run(window, Command::AddFiles);
        window.harness.run_steps(4);
    };
    open(&mut window);
    type_in(&mut window, &inner.join("here.txt").display().to_string());
    window.key(Key::Enter);
    window.settle();
    window.key(Key::Escape);
    open(&mut window);
    let row = By::new()
        .role(Role::ListBoxOption)
        .label_contains("here.txt");
    assert!(window.harness.query(row).is_some());
}

/// All that is said on the screen.
fn said(window: &Window) -> String {
    let all = window.harness.query_all(By::new().predicate(|_| true));
    let words = all.filter_map(|node| {
        let node = node.accesskit_node();
        node.label().or(node.value())
    });
    words.collect::<Vec<_>>().join("\n")
}

#[test]
fn an_import_says_what_is_a_copy_of_what_and_dates_as_people_read_them() {
    let folder = tempfile::tempdir().unwrap();
    let page = |name: &str, text: &str| {
        let meta = "---\ntitle: Ferry\noutlet: Courier\ndate: 2024-05-14T06:40:00Z\n---\n\n";
        write(folder.path(), name, &format!("{meta}{text}\n"))
    };
    let first = page("a.md", "The ferry stays in the harbour.");
    let twin = page("b.md", "The ferry stays in the harbour.");
    let mut window = Window::with("One two three.\n");
    let known = write(folder.path(), "known.txt", "One two three.\n");
    import(&mut window, vec![first, twin, known]);
    let lead = "3 files, 1 article, 1 in the project already, 1 copy within them";
    let all = said(&window);
    assert!(all.contains(lead), "{all}");
    assert!(
        all.contains("the same text as “One two three.” in the project"),
        "{all}"
    );
    assert!(all.contains("the same text as “Ferry”"), "{all}");
    assert!(!all.contains("there already"), "{all}");
    // In the list, and where the article is shown as it will be read.
    assert!(all.contains("Courier · 14 May 2024"), "{all}");
    assert!(
        all.contains("Courier · Tuesday 14 May 2024, 06:40"),
        "{all}"
    );
    assert!(!all.contains("2024-05-14"), "{all}");
}

#[test]
fn an_import_that_is_gone_on_with_knows_what_was_added_meanwhile() {
    let folder = tempfile::tempdir().unwrap();
    let note = write(
        folder.path(),
        "note.txt",
        "The ferry stays in the harbour.\n",
    );
    let mut window = Window::with("One two three.\n");
    import(&mut window, vec![note]);
    let _shown = window.harness.get_by_label_contains("1 file, 1 article");
    window.key(Key::Escape);
    window.harness.run_steps(2);
    let left = Action::ResumeImport;
    let paste = Event::Paste("The ferry stays in the harbour.\n".to_owned());
    window.harness.event(paste);
    window.harness.run_steps(2);
    settle_import(&mut window);
    window.key(Key::Enter);
    window.harness.run_steps(2);
    assert_eq!(model(&window).session().project().articles().len(), 2);
    window.harness.state_mut().model.perform(left);
    settle_import(&mut window);
    let _known = window
        .harness
        .get_by_label_contains("1 file, 0 articles, 1 in the project already");
}

#[test]
fn what_a_notice_offers_is_reached_by_keyboard() {
    let folder = tempfile::tempdir().unwrap();
    let note = write(
        folder.path(),
        "note.txt",
        "The ferry stays in the harbour.\n",
    );
    let mut window = Window::with("One two three.\n");
    import(&mut window, vec![note]);
    window.key(Key::Escape);
    window.harness.run_steps(3);
    let is_at = |window: &Window, name: &str| {
        let node = window.harness.query_by_label(name);
        node.is_some_and(|node| node.accesskit_node().is_focused_in_tree())
    };
    let offer = "Back to the import";
    let round = |window: &mut Window| {
        for _ in 0..4 {
            window.key(Key::F6);
            window.harness.run_steps(2);
            if is_at(window, offer) {
                return true;
            }
        }
        false
    };
    assert!(round(&mut window));
    // From there to the article, and round again.
    window.key(Key::F6);
    window.harness.run_steps(2);
    let article = window.harness.get(By::new().role(Role::Document));
    assert!(article.accesskit_node().is_focused_in_tree());
    assert!(round(&mut window));
    window.key(Key::Enter);
    window.harness.run_steps(3);
    assert_eq!(named(&window, Role::Dialog), ["Import articles"]);
}

#[test]
fn menus_say_what_is_on_and_which_of_several() {
    let mut window = demo();
    // So high that the menu need not be scrolled.
    window.harness.set_size(vec2(1280.0, 1100.0));
    window.harness.run_steps(3);
    window.click("View");
    let is_on = |window: &Window, role: Role, name: &str| {
        let item = By::new().role(role).label_contains(name);
        window.harness.get(item).accesskit_node().toggled()
    };
    let lists = is_on(&window, Role::MenuItemCheckBox, "Article list");
    assert_eq!(lists, Some(Toggled::True));
    window.harness.get_by_label_contains("Theme").click();
    window.harness.run_steps(3);
    for (name, wanted) in [
        ("As the system", Toggled::True),
        ("High contrast, dark", Toggled::False),
    ] {
        assert_eq!(
            is_on(&window, Role::MenuItemRadio, name),
            Some(wanted),
            "{name}"
        );
    }
}

/// Whatever the size of the window and the letters: an article that is seen has its least measure,
/// or else all of the window.
#[test]
fn a_drawer_leaves_the_article_its_measure_or_covers_it() {
    let mut window = demo();
    let sizes = [
        (700.0, 500.0),
        (760.0, 600.0),
        (900.0, 600.0),
        (1100.0, 700.0),
        (1440.0, 900.0),
        (2560.0, 1440.0),
        (3840.0, 2160.0),
    ];
    let mut seen = 0;
    for (width, height) in sizes {
        for zoom in [0.75, 1.0, 1.25, 1.5, 2.0, 3.0] {
            for drawer in [
                None,
                Some(SidePanel::Articles),
                Some(SidePanel::Annotations),
            ] {
                let mut settings = model(&window).settings().clone();
                settings.zoom = zoom;
                settings.drawer = drawer;
                let model = &mut window.harness.state_mut().model;
                model.perform(Action::SetSettings(Box::new(settings)));
                // A new zoom takes the size along.
                window.harness.run_steps(3);
                window.harness.set_size(vec2(width, height) / zoom);
                window.harness.run_steps(6);
                // Lower than this a drawer has room for its head and little else.
                if height / zoom >= 280.0 {
                    check_places(&window, &format!("{width}x{height} at {zoom}, {drawer:?}"));
                }
                let article = window.harness.query(By::new().role(Role::Document));
                let Some(article) = article.map(|node| node.rect()) else {
                    assert!(drawer.is_some(), "{width} at {zoom}: no article");
                    continue;
                };
                if article.width() + 81.0 > width / zoom {
                    continue;
                }
                let text = "A photograph shared";
                let letter = window.place(text).width() / text.len() as f32;
                let chars = (article.width() - 64.0) / letter;
                let what = format!("{width} at {zoom}, {drawer:?}: {chars} characters");
                assert!(chars >= 45.0, "{what}");
                seen += usize::from(drawer.is_some());
            }
        }
    }
    assert!(seen > 10, "a drawer stood beside the article {seen} times");
}

/// What is ticked by mouse is what the next key is about, however fast the clicks are taken in: in a
/// real window a press and its release come in one frame or in two, with motions between them.
#[test]
fn delete_after_a_click_with_ctrl_takes_what_is_ticked() {
    for frames in 1..4 {
        let mut window = demo();
        let row = |window: &Window, at: usize| {
            let title = model(window).session().project().articles()[at].shown_title();
            let row = By::new().role(Role::ListItem).label_contains(&title);
            window.harness.get(row).rect().center()
        };
        for at in [2, 4] {
            let at = row(&window, at);
            let with = (PointerButton::Primary, Modifiers::COMMAND);
            let button = |pressed: bool| button_with(at, pressed, with);
            let held = Event::ModifiersChanged;
            window.harness.event(Event::PointerMoved(at));
            window.harness.run_steps(8);
            let press = vec![held(Modifiers::COMMAND), button(true)];
            let release = vec![button(false), held(Modifiers::NONE)];
            let aside = vec![Event::PointerMoved(at + vec2(1.0, 0.0))];
            let batches = match frames {
                1 => vec![[press, release].concat()],
                2 => vec![press, release],
                _ => vec![press, aside, release],
            };
            for batch in batches {
                window.harness.input_mut().events.extend(batch);
                window.harness.step();
            }
            // As much as a hand needs for the next key.
            window.harness.run_steps(6);
        }
        let before = model(&window).session().project().articles().len();
        assert_eq!(model(&window).ticked().len(), 3, "{frames}");
        let list = By::new().role(Role::List).label("Articles");
        let has_keyboard = window
            .harness
            .get(list)
            .accesskit_node()
            .is_focused_in_tree();
        assert!(has_keyboard, "{frames}: the list lost the keyboard");
        window.key(Key::Delete);
        let after = model(&window).session().project().articles().len();
        assert_eq!(before - after, 3, "{frames}");
    }
}
