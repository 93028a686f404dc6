//! How the window behaves everywhere alike: drawers and menus by keyboard, one tooltip at a time, dialogs
//! that drop nothing in silence, lists without hits, sizes of letters, edges in one line.

use crate::cards::{named, run};
use crate::keyboard::focused;
use crate::links;
use crate::mouse::{RIGHT, click_at, click_with, press};
use crate::room::demo;
use crate::window::{Window, model, perform};
use eframe::egui::accesskit::Role;
use eframe::egui::{Event, Key, Modifiers, Order, Pos2, Rect, Shape, vec2};
use egui_kittest::kittest::{By, NodeT, Queryable};
use pressmark::app::action::{Action, CodebookAction};
use pressmark::app::command::{Command, MOTIONS, MOUSE, info};
use pressmark::app::model::commands;
use pressmark::app::settings::SidePanel;
use pressmark::core::codebook::AttributeKind;

fn size(window: &mut Window, width: f32, height: f32) {
    window.harness.set_size(vec2(width, height));
    window.harness.run_steps(6);
}

/// As a hand clicks, which moves no focus by itself.
fn click_by_mouse(window: &mut Window, label: &str) {
    let at = window.harness.get_by_label(label).rect().center();
    click_at(window, at);
}

fn write(window: &mut Window, text: &str) {
    window.harness.event(Event::Text(text.to_owned()));
    window.harness.run_steps(3);
}

fn shown(window: &Window) -> Option<SidePanel> {
    model(window).settings().drawer
}

#[test]
fn a_drawer_that_is_opened_by_key_has_the_keyboard() {
    for (width, height) in [(900.0, 800.0), (900.0, 600.0), (700.0, 500.0)] {
        let what = format!("{width}x{height}");
        let mut window = demo();
        size(&mut window, width, height);
        perform(&mut window, Action::Run(Command::SelectAll));
        let selected = window.selected_text();
        window.key(Key::F9);
        window.harness.run_steps(3);
        assert_eq!(
            focused(&window),
            (Role::List, "Articles".to_owned()),
            "{what}"
        );
        window.key(Key::ArrowDown);
        window.key(Key::ArrowUp);
        window.key(Key::Escape);
        window.harness.run_steps(3);
        assert_eq!(shown(&window), None, "{what}");
        assert_eq!(focused(&window).0, Role::Document, "{what}");
        // Another article has been gone to and back; Esc is the drawer's alone.
        perform(&mut window, Action::Run(Command::SelectAll));
        window.key(Key::F10);
        window.harness.run_steps(3);
        assert_eq!(shown(&window), Some(SidePanel::Annotations), "{what}");
        let (role, name) = focused(&window);
        assert!(
            matches!(role, Role::List | Role::Tree | Role::SearchInput),
            "{what}: {role:?} {name}"
        );
        window.key(Key::Escape);
        window.harness.run_steps(3);
        assert_eq!(
            (shown(&window), focused(&window).0),
            (None, Role::Document),
            "{what}"
        );
        assert_eq!(window.selected_text(), selected, "{what}");
        // The same key closes it, too.
        window.key(Key::F9);
        window.key(Key::F9);
        window.harness.run_steps(3);
        assert_eq!(
            (shown(&window), focused(&window).0),
            (None, Role::Document),
            "{what}"
        );
    }
}

#[test]
fn a_field_in_a_drawer_is_left_with_its_drawer() {
    let mut window = demo();
    size(&mut window, 900.0, 600.0);
    window.key(Key::Tab);
    window.key(Key::N);
    window.harness.run_steps(3);
    assert_eq!(focused(&window).1, "Note");
    write(&mut window, "seen");
    window.key(Key::Escape);
    window.harness.run_steps(3);
    assert_eq!((shown(&window), focused(&window).0), (None, Role::Document));
    let note = &model(&window).selected_annotation().unwrap().note;
    assert!(note.contains("seen"), "{note}");
}

/// Opened by the mouse, gone through with the keyboard.
#[test]
fn a_menu_that_was_opened_by_mouse_is_gone_through_by_keys() {
    let mut window = demo();
    click_by_mouse(&mut window, "Go");
    window.key(Key::ArrowDown);
    window.harness.run_steps(2);
    let first = focused(&window).1;
    assert!(first.starts_with("Next annotation"), "{first}");
    window.key(Key::ArrowDown);
    window.harness.run_steps(2);
    assert!(focused(&window).1.starts_with("Previous annotation"));
    window.key(Key::End);
    window.harness.run_steps(2);
    let last = focused(&window).1;
    window.key(Key::ArrowDown);
    window.harness.run_steps(2);
    assert_eq!(focused(&window).1, first, "and round again");
    window.key(Key::ArrowUp);
    window.harness.run_steps(2);
    assert_eq!(focused(&window).1, last);
    window.key(Key::Home);
    window.harness.run_steps(2);
    assert_eq!(focused(&window).1, first);
    // Letters go to what begins with them, and on to the next.
    write(&mut window, "n");
    let one = focused(&window).1;
    write(&mut window, "N");
    let other = focused(&window).1;
    assert!(
        one.starts_with('N') && other.starts_with('N') && one != other,
        "{one} {other}"
    );
    // Nothing was done by them, and Esc gives the keyboard back, which shows without further input.
    window.harness.key_press(Key::Escape);
    window.harness.run();
    assert_eq!(focused(&window).0, Role::Document);
    let soon = painted(&window);
    window.harness.run_steps(3);
    assert_eq!(soon, painted(&window));
    assert!(model(&window).session().history().steps().is_empty());
}

#[test]
fn the_menu_at_the_text_and_that_of_a_row_hear_keys() {
    let mut window = demo();
    let before = model(&window).selection().clone();
    let at = window.place("Four days before").center();
    click_with(&mut window, at, RIGHT);
    let caret = model(&window).selection().clone();
    window.key(Key::ArrowDown);
    window.harness.run_steps(2);
    assert_eq!(focused(&window).0, Role::Button, "{:?}", focused(&window));
    assert_eq!(
        model(&window).selection(),
        &caret,
        "the caret stays, {before:?}"
    );
    write(&mut window, "d");
    assert!(
        focused(&window).1.starts_with("Done"),
        "{:?}",
        focused(&window)
    );
    window.key(Key::Escape);
    window.harness.run_steps(3);
    assert_eq!(focused(&window).0, Role::Document);
    // A row of a list that had the keyboard.
    run(&mut window, Command::FilterArticles);
    window.key(Key::ArrowDown);
    window.harness.run_steps(2);
    let index = model(&window).article_index();
    let row = window.harness.query_all(By::new().role(Role::ListItem));
    let row = row.map(|row| row.rect()).nth(2).unwrap();
    click_with(&mut window, row.center(), RIGHT);
    window.key(Key::ArrowDown);
    window.key(Key::End);
    window.harness.run_steps(2);
    let last = focused(&window).1;
    assert!(last.starts_with("Move to the trash"), "{last}");
    assert_eq!(model(&window).article_index(), index, "the list stays");
    window.key(Key::Enter);
    window.harness.run_steps(2);
    assert_eq!(model(&window).session().project().articles().len(), 6);
}

/// Ticks three articles of the demo.
fn with_ticks() -> Window {
    let mut window = demo();
    run(&mut window, Command::FilterArticles);
    window.key(Key::ArrowDown);
    window.keys(Key::ArrowDown, Modifiers::SHIFT);
    window.keys(Key::ArrowDown, Modifiers::SHIFT);
    window
}

const FOOT: [&str; 5] = [
    "Set status",
    "Change details of 3 articles",
    "Export 3 articles",
    "Move 3 articles to the trash",
    "Select none",
];

#[test]
fn tab_goes_through_the_foot_of_the_list_as_it_is_read() {
    let mut window = with_ticks();
    let places = FOOT.map(|name| window.harness.get_by_label(name).rect());
    assert!(
        places.windows(2).all(|two| two[0].right() < two[1].left()),
        "{places:?}"
    );
    window.harness.get_by_label(FOOT[0]).focus();
    window.harness.run_steps(2);
    for name in FOOT {
        assert_eq!(focused(&window).1, name);
        window.key(Key::Tab);
    }
}

#[test]
fn tab_goes_through_heads_from_the_left() {
    let mut window = demo();
    size(&mut window, 1920.0, 1000.0);
    for (page, names) in [
        (
            Command::Codebook,
            ["Merge into…", "Retire", "More about the label"].as_slice(),
        ),
        (
            Command::Read,
            ["Status of the article", "Done, next"].as_slice(),
        ),
    ] {
        run(&mut window, page);
        let places: Vec<Rect> = names
            .iter()
            .map(|name| window.harness.get_by_label(name).rect())
            .collect();
        assert!(
            places.windows(2).all(|two| two[0].right() < two[1].left()),
            "{places:?}"
        );
        window.harness.get_by_label(names[0]).focus();
        window.harness.run_steps(2);
        for name in names {
            assert_eq!(focused(&window).1, *name);
            window.key(Key::Tab);
        }
    }
}

/// How many tooltips stand on the screen.
fn tooltips(window: &Window) -> usize {
    let layers = window
        .harness
        .ctx
        .memory(|memory| memory.areas().visible_layer_ids());
    layers
        .iter()
        .filter(|layer| layer.order == Order::Tooltip)
        .count()
}

#[test]
fn nothing_has_two_tooltips() {
    let mut window = with_ticks();
    run(&mut window, Command::NextAnnotation);
    let mut told = 0;
    for (width, height) in [(1280.0, 800.0), (900.0, 600.0)] {
        size(&mut window, width, height);
        let buttons = window.harness.query_all(By::new().role(Role::Button));
        let switches = window.harness.query_all(By::new().role(Role::Switch));
        let places: Vec<(String, Rect)> = buttons
            .chain(switches)
            .map(|node| {
                (
                    node.accesskit_node().label().unwrap_or_default(),
                    node.rect(),
                )
            })
            .collect();
        for (name, place) in places {
            // From elsewhere, so that it is told anew.
            window
                .harness
                .hover_at(Pos2::new(width / 2.0, height - 4.0));
            window.harness.run_steps(2);
            window.harness.hover_at(place.center());
            window.harness.run_steps(12);
            let count = tooltips(&window);
            assert!(count <= 1, "{width}: {count} tooltips on “{name}”");
            told += count;
        }
    }
    assert!(told > 20, "{told}");
}

/// All that is painted, in a form that can be compared.
fn painted(window: &Window) -> Vec<String> {
    let shapes = window.harness.output().shapes.iter();
    shapes
        .map(|clipped| match &clipped.shape {
            Shape::Text(text) => {
                format!(
                    "{:?} {:?} {}",
                    clipped.clip_rect,
                    text.pos,
                    text.galley.text()
                )
            }
            shape => format!("{:?} {:?}", clipped.clip_rect, shape.visual_bounding_rect()),
        })
        .collect()
}

const DIALOGS: [Command; 12] = [
    Command::Details,
    Command::Palette,
    Command::CheatSheet,
    Command::Settings,
    Command::About,
    Command::Export,
    Command::FindCopies,
    Command::History,
    Command::Trash,
    Command::Sets,
    Command::Labels,
    Command::LoadCodebook,
];

/// What is drawn once nothing asks for a further frame is what is drawn in any later one.
#[test]
fn a_dialog_is_drawn_right_after_a_resize() {
    let mut window = demo();
    for command in DIALOGS {
        run(&mut window, command);
        window.settle();
        for (width, height) in [(900.0, 600.0), (700.0, 500.0), (1440.0, 900.0)] {
            window.harness.set_size(vec2(width, height));
            // A window draws when it is resized, and then as often as it is asked to.
            window.harness.run();
            let soon = painted(&window);
            window.harness.run_steps(4);
            let late = painted(&window);
            let other = soon.iter().zip(&late).find(|(soon, late)| soon != late);
            assert!(
                other.is_none() && soon.len() == late.len(),
                "{command:?} at {width}x{height}: {other:?}"
            );
        }
        window.key(Key::Escape);
        window.harness.run_steps(3);
    }
}

#[test]
fn a_dialog_with_something_written_asks_before_it_drops_it() {
    let title = |window: &Window| model(window).article().unwrap().title.clone();
    let mut window = demo();
    let before = title(&window);
    for leaves in [true, false] {
        run(&mut window, Command::Details);
        window.settle();
        assert_eq!(focused(&window).1, "Title");
        write(&mut window, "New ");
        let leave = |window: &mut Window| {
            if leaves {
                window.key(Key::Escape);
            } else {
                window.click("Cancel");
            }
            window.harness.run_steps(3);
        };
        leave(&mut window);
        assert_eq!(named(&window, Role::Dialog), ["Details of the article"]);
        let _asked = window.harness.get_by_label("Drop it");
        assert!(window.harness.query_by_label("Change").is_none());
        // Enter is the safe answer, and one goes on where one was.
        assert_eq!(focused(&window).1, "Go on writing");
        window.key(Key::Enter);
        window.harness.run_steps(3);
        if leaves {
            assert_eq!(focused(&window).1, "Title");
        }
        let field = By::new().role(Role::TextInput).label("Title");
        let field = window.harness.get(field).accesskit_node().value();
        assert!(field.unwrap_or_default().contains("New "));
        // The other answer is one key before it.
        leave(&mut window);
        window.keys(Key::Tab, Modifiers::SHIFT);
        window.harness.run_steps(2);
        assert_eq!(focused(&window).1, "Drop it");
        window.key(Key::Enter);
        window.harness.run_steps(3);
        assert!(named(&window, Role::Dialog).is_empty());
        assert_eq!(title(&window), before);
    }
    // What was not written in is left at once.
    run(&mut window, Command::Details);
    window.settle();
    window.key(Key::Escape);
    window.harness.run_steps(3);
    assert!(named(&window, Role::Dialog).is_empty());
}

#[test]
fn other_dialogs_ask_in_the_same_manner() {
    let mut window = demo();
    for (command, field) in [
        (Command::Sets, "Name of the set"),
        (Command::LabelFromWords, "Name"),
    ] {
        if command == Command::LabelFromWords {
            window.drag("Four days before");
        }
        run(&mut window, command);
        window.settle();
        window.harness.get_by_label(field).focus();
        window.harness.run_steps(2);
        write(&mut window, "x");
        window.key(Key::Escape);
        window.harness.run_steps(3);
        let _asked = window.harness.get_by_label("Go on writing");
        window.click("Drop it");
        assert!(named(&window, Role::Dialog).is_empty(), "{command:?}");
    }
}

/// Every text on the screen, with the size of its smallest letters and where it is.
fn texts(window: &Window) -> Vec<(String, f32, Rect)> {
    fn add(shape: &Shape, texts: &mut Vec<(String, f32, Rect)>) {
        match shape {
            Shape::Vec(shapes) => shapes.iter().for_each(|shape| add(shape, texts)),
            Shape::Text(text) => {
                let sections = text.galley.job.sections.iter();
                let least = sections.map(|section| section.format.font_id.size);
                let least = least.fold(f32::INFINITY, f32::min);
                let place = Rect::from_min_size(text.pos, text.galley.size());
                texts.push((text.galley.text().to_owned(), least, place));
            }
            _ => {}
        }
    }
    let mut texts = Vec::new();
    for clipped in &window.harness.output().shapes {
        add(&clipped.shape, &mut texts);
    }
    texts
}

#[test]
fn no_letters_are_smaller_than_12_points() {
    let mut window = demo();
    window.drag("Four days before");
    window.key(Key::Q);
    run(&mut window, Command::DeleteAnnotation);
    let check = |window: &Window, what: &str| {
        let small: Vec<_> = texts(window)
            .into_iter()
            .filter(|(text, size, _)| *size < 12.0 && !text.trim().is_empty())
            .collect();
        assert!(small.is_empty(), "{what}: {small:?}");
        assert!(texts(window).len() > 8, "{what}");
    };
    for (width, height) in [(1280.0, 800.0), (900.0, 600.0)] {
        size(&mut window, width, height);
        for page in [Command::Codebook, Command::Read] {
            run(&mut window, page);
            check(&window, &format!("{page:?} at {width}"));
        }
        window.drag("Four days before");
        check(&window, "a selection");
        for command in DIALOGS.into_iter().chain([
            Command::Imports,
            Command::Review,
            Command::Outdated,
            Command::Definition,
        ]) {
            run(&mut window, command);
            window.settle();
            check(&window, &format!("{command:?} at {width}"));
            window.key(Key::Escape);
            window.harness.run_steps(3);
        }
    }
}

#[test]
fn keys_are_written_in_one_way() {
    let mut written: Vec<String> = commands().map(|command| info(command).key_text()).collect();
    written.extend(
        MOTIONS
            .iter()
            .chain(MOUSE)
            .map(|(key, _)| (*key).to_owned()),
    );
    for key in &written {
        for glyph in ['←', '→', '↑', '↓', '⌘', '⇧'] {
            assert!(!key.contains(glyph), "{key}");
        }
        assert!(!key.contains("Ctrl ") && !key.contains("Page "), "{key}");
    }
    let mut window = demo();
    run(&mut window, Command::Palette);
    write(&mut window, "save");
    let drawn: Vec<String> = texts(&window).into_iter().map(|text| text.0).collect();
    assert!(drawn.iter().any(|text| text == "Ctrl+S"), "{drawn:?}");
    assert!(
        !drawn.iter().any(|text| text.starts_with("Ctrl ")),
        "{drawn:?}"
    );
}

/// While a link is drawn past the tags, what it would be is told over them.
#[test]
fn what_is_told_of_a_link_lies_over_the_tags() {
    const QUOTE: &str = "“it is a proud day”";
    let mut window = links::marked();
    let at = window.place(QUOTE).center();
    click_at(&mut window, at);
    let from = links::knob(&mut window, QUOTE);
    let tag = window.harness.get_by_label_contains("Select Quote").rect();
    window.harness.event(Event::PointerMoved(from));
    window.harness.step();
    press(&mut window, from, true);
    // So that the words stand where the tag does.
    let to = tag.left_center() - vec2(14.0, 22.0);
    for share in [0.5, 1.0] {
        let at = from.lerp(to, share);
        window.harness.event(Event::PointerMoved(at));
        window.harness.step();
    }
    let drawn = texts(&window);
    let told = drawn
        .iter()
        .position(|(text, ..)| text.starts_with("source to "));
    let told = told.unwrap_or_else(|| panic!("nothing is told: {drawn:?}"));
    let place = drawn[told].2;
    let over = |(text, _, other): &&(String, f32, Rect)| {
        !text.is_empty() && other.intersect(place).is_positive()
    };
    let under: Vec<_> = drawn[..told].iter().filter(over).collect();
    let above: Vec<_> = drawn[told + 1..].iter().filter(over).collect();
    assert!(
        under.iter().any(|(text, ..)| text == "Q"),
        "{place:?} {under:?}"
    );
    assert!(above.is_empty(), "{place:?}: {above:?}");
    press(&mut window, to, false);
}

/// In the list of keys, what a key does begins at one place of its column, whatever the key is called.
#[test]
fn the_list_of_keys_has_even_columns() {
    for (width, height) in [(1440.0, 900.0), (900.0, 600.0), (700.0, 500.0)] {
        let mut window = demo();
        size(&mut window, width, height);
        run(&mut window, Command::CheatSheet);
        window.harness.run_steps(4);
        let all = texts(&window);
        let place = |text: &str| {
            let found = all.iter().find(|(shown, ..)| shown == text);
            found.map(|(.., place)| place.left())
        };
        let rows: Vec<_> = MOTIONS
            .iter()
            .chain(MOUSE)
            .filter_map(|(key, does)| Some((*key, place(key)?, place(does)?)))
            .collect();
        assert!(rows.len() > 4, "{rows:?}");
        for (key, left, does) in &rows {
            let same = rows
                .iter()
                .filter(|(_, other, _)| (other - left).abs() < 40.0);
            for (other, _, other_does) in same {
                assert!((does - other_does).abs() < 1.0, "{width}: {key} {other}");
            }
            // No key runs into what it does.
            let own = all.iter().find(|(shown, ..)| shown == key).unwrap();
            assert!(own.2.right() < *does, "{width}: {key}");
        }
    }
}

#[test]
fn a_list_without_hits_says_so_and_offers_to_clear_the_filter() {
    for (command, field, role, list) in [
        (
            Command::FilterArticles,
            "Filter articles",
            Role::List,
            "Articles",
        ),
        (
            Command::FilterAnnotations,
            "Filter annotations",
            Role::List,
            "Annotations",
        ),
        (Command::Palette, "Search commands", Role::List, "Found"),
        (Command::Export, "Search formats", Role::Label, "For people"),
    ] {
        let mut window = demo();
        run(&mut window, command);
        window.harness.get_by_label(field).focus();
        window.harness.run_steps(2);
        write(&mut window, "zzzzq");
        window.settle();
        assert!(
            window
                .harness
                .query(By::new().role(role).label(list))
                .is_none()
                || role == Role::Label,
            "{field}"
        );
        window.click("Clear the filter");
        window.harness.run_steps(4);
        window.settle();
        let value = window.harness.get_by_label(field).accesskit_node().value();
        assert_eq!(
            value.unwrap_or_default(),
            "",
            "{field}: {:?}",
            model(&window).listing()
        );
        assert!(
            window.harness.query_by_label("Clear the filter").is_none(),
            "{field}"
        );
        if role == Role::List {
            assert!(
                window
                    .harness
                    .query(By::new().role(role).label(list))
                    .is_some(),
                "{field}"
            );
        }
    }
}

#[test]
fn fields_of_the_card_end_at_one_edge() {
    let mut window = demo();
    for (width, height) in [(1440.0, 900.0), (1280.0, 800.0), (2560.0, 1440.0)] {
        size(&mut window, width, height);
        let count = model(&window).article().unwrap().annotations.len();
        for _ in 0..count {
            run(&mut window, Command::NextAnnotation);
            let right = window.harness.get_by_label("Note").rect();
            let delete = window.harness.get_by_label("Delete").rect();
            assert!(
                (delete.right() - right.right()).abs() < 1.0,
                "{width}: {delete:?} {right:?}"
            );
            let fields = [Role::TextInput, Role::MultilineTextInput];
            let fields = fields.map(|role| {
                let found = window.harness.query_all(By::new().role(role));
                found
                    .map(|node| {
                        (
                            node.accesskit_node().label().unwrap_or_default(),
                            node.rect(),
                        )
                    })
                    .collect::<Vec<_>>()
            });
            let mut seen = 0;
            for (name, field) in fields.concat() {
                // What stands beside a field belongs to it.
                let beside = window.harness.query_all(By::new().role(Role::Button));
                let beside = beside.map(|node| node.rect()).find(|button| {
                    let gap = button.left() - field.right();
                    (0.0..8.0).contains(&gap) && button.y_range().contains(field.center().y)
                });
                let end = beside.unwrap_or(field).right();
                assert!(
                    (end - right.right()).abs() < 1.0,
                    "{width}: {name} {field:?} {right:?}"
                );
                seen += 1;
            }
            assert!(seen > 0);
        }
    }
}

/// What adds a link stands beside what takes the one away that is there.
#[test]
fn the_row_of_a_link_is_one_row() {
    let mut window = demo();
    for (width, height) in [(1440.0, 900.0), (1280.0, 800.0)] {
        size(&mut window, width, height);
        let article = model(&window).article().unwrap();
        let linked = article.annotations.iter().find(|a| !a.links.is_empty());
        let id = linked.unwrap().id.clone();
        perform(&mut window, Action::SelectAnnotation { id, reveal: true });
        let add = window.harness.get_by_label("Link source…").rect();
        let removes = window
            .harness
            .query_all_by_label_contains("Remove link source");
        let remove = removes.map(|node| node.rect()).next().unwrap();
        let apart = (add.center().y - remove.center().y).abs();
        assert!(apart < 2.0, "{width}: {add:?} {remove:?}");
    }
}

#[test]
fn f6_goes_on_where_a_filter_finds_nothing() {
    let mut window = demo();
    run(&mut window, Command::FilterAnnotations);
    write(&mut window, "zzzzq");
    window.settle();
    run(&mut window, Command::FocusArticle);
    let mut stops = Vec::new();
    for _ in 0..4 {
        window.key(Key::F6);
        window.harness.run_steps(3);
        stops.push(focused(&window).1);
    }
    assert_eq!(stops[..2], ["Filter annotations", "Articles"]);
    assert!(stops[2].starts_with("Article: "), "{stops:?}");
    assert_eq!(stops[3], "Filter annotations");
    run(&mut window, Command::FilterArticles);
    write(&mut window, "zzzzq");
    window.settle();
    run(&mut window, Command::FocusArticle);
    let mut stops = Vec::new();
    for _ in 0..3 {
        window.key(Key::F6);
        window.harness.run_steps(3);
        stops.push(focused(&window).1);
    }
    assert_eq!(stops[..2], ["Filter annotations", "Filter articles"]);
    assert!(stops[2].starts_with("Article: "), "{stops:?}");
}

#[test]
fn home_and_end_go_to_the_ends_of_the_article_list() {
    let mut window = demo();
    run(&mut window, Command::FilterArticles);
    window.key(Key::ArrowDown);
    assert_eq!(model(&window).article_index(), Some(1));
    window.key(Key::End);
    assert_eq!(model(&window).article_index(), Some(6));
    window.keys(Key::Home, Modifiers::SHIFT);
    assert_eq!(model(&window).article_index(), Some(0));
    assert_eq!(model(&window).ticked().len(), 7);
    window.key(Key::Home);
    assert_eq!(model(&window).article_index(), Some(0));
}

/// A change of the codebook waits for its answer; the keys of a dialog over it are not that answer.
#[test]
fn a_dialog_over_a_question_has_its_keys_alone() {
    let mut window = demo();
    run(&mut window, Command::Codebook);
    let before = model(&window).session().project().codebook().clone();
    let kind = CodebookAction::SetKind {
        label: "quote".into(),
        name: "kind".to_owned(),
        kind: AttributeKind::Number,
    };
    perform(&mut window, kind);
    window.settle();
    let asked = |window: &Window| window.harness.query_by_label("Discard").is_some();
    assert!(asked(&window), "nothing is asked");
    for command in [Command::Palette, Command::CheatSheet] {
        run(&mut window, command);
        window.keys(Key::Enter, Modifiers::COMMAND);
        window.harness.run_steps(2);
        assert!(asked(&window) && *model(&window).session().project().codebook() == before);
        window.key(Key::Escape);
        window.harness.run_steps(3);
        assert!(
            named(&window, Role::Dialog).is_empty(),
            "{command:?} is still there"
        );
        assert!(asked(&window), "{command:?}: the question is gone");
    }
    window.key(Key::Escape);
    window.harness.run_steps(3);
    assert!(!asked(&window));
}
