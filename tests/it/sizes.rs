//! All pages with what is on them, in windows of all sizes and zooms: nothing is cut, nothing lies over
//! anything, and what is told of meanwhile covers nothing that is in use.

use crate::cards::run;
use crate::find::look_for;
use crate::mouse::click_at;
use crate::places::{check_across, check_apart, named, size};
use crate::room::demo;
use crate::window::{Window, model, perform};
use eframe::egui::accesskit::Role;
use eframe::egui::{Key, Modifiers, Rect, Shape, vec2};
use egui_kittest::kittest::{By, NodeT, Queryable};
use pressmark::app::action::Action;
use pressmark::app::action::claims::ClaimsAction;
use pressmark::app::command::{Command, Menu, info};
use pressmark::app::model::commands;
use pressmark::app::notice::Notice;

const SIZES: [(f32, f32); 4] = [
    (700.0, 500.0),
    (900.0, 600.0),
    (1440.0, 900.0),
    (2560.0, 1440.0),
];

/// A window of so many points of the screen, in which everything is larger by the zoom.
fn zoomed(window: &mut Window, (width, height): (f32, f32), zoom: f32) {
    let mut settings = model(window).settings().clone();
    settings.zoom = zoom;
    settings.drawer = None;
    perform(window, Action::SetSettings(Box::new(settings)));
    window.harness.run_steps(3);
    window.harness.set_size(vec2(width, height) / zoom);
    window.harness.run_steps(8);
    window.settle();
}

const PRESSED: [Role; 8] = [
    Role::Button,
    Role::Tab,
    Role::SearchInput,
    Role::TextInput,
    Role::ComboBox,
    Role::RadioButton,
    Role::CheckBox,
    Role::Switch,
];

/// Nothing that is pressed or written in lies beside the window, and no two of those that are seen lie
/// over each other.
fn check_pressed(window: &Window, what: &str, least: f32) {
    let mut screen = window.harness.ctx.content_rect();
    // Where everything is very large, a page scrolls as a whole.
    screen.max.x = screen.max.x.max(least);
    let mut seen = named(window, &PRESSED);
    check_across(&seen, screen, what);
    check_across(&named(window, &[Role::Splitter]), screen, what);
    // What is scrolled out of sight lies below something else.
    seen.retain(|(name, rect)| screen.contains_rect(*rect) && !name.starts_with("Mark as"));
    check_apart(&seen, what);
    assert!(seen.len() > 2, "{what}: only {seen:?}");
}

/// No words end at the edge of the part that they stand in: what is too long has an ellipsis.
fn check_words(window: &Window, what: &str, least: f32) {
    let screen = window.harness.ctx.content_rect();
    if screen.width() < least {
        return;
    }
    for clipped in &window.harness.output().shapes {
        let clip = clipped.clip_rect.intersect(screen);
        let mut shapes = vec![&clipped.shape];
        while let Some(shape) = shapes.pop() {
            match shape {
                Shape::Vec(more) => shapes.extend(more),
                Shape::Text(text) if !text.galley.text().trim().is_empty() => {
                    let rect = text.galley.mesh_bounds.translate(text.pos.to_vec2());
                    // Scrolled out of sight, or halfway.
                    let is_seen = clip.y_range().contains(rect.center().y)
                        && rect.intersect(clip).is_positive();
                    let is_cut =
                        rect.left() < clip.left() - 1.5 || rect.right() > clip.right() + 1.5;
                    assert!(
                        !(is_seen && is_cut),
                        "{what}: “{}” at {rect:?} in {clip:?}",
                        text.galley.text()
                    );
                }
                _ => {}
            }
        }
    }
}

type Go = fn(&mut Window);

fn claim(window: &mut Window) {
    run(window, Command::Claims);
    window.settle();
    // The keyboard is at the cards: the first of them is the current one.
    run(window, Command::Claims);
    window.key(Key::F6);
}

/// Their names, how one goes there, and the least width that they are drawn in.
const PAGES: [(&str, Go, f32); 7] = [
    ("Read", |window| run(window, Command::Read), 0.0),
    (
        "Find",
        |window| {
            look_for(window, "council");
            run(window, Command::Find);
        },
        560.0,
    ),
    ("People", |window| run(window, Command::People), 380.0),
    (
        "Claims",
        |window| {
            claim(window);
            perform(window, ClaimsAction::AsTable(false));
        },
        380.0,
    ),
    (
        "Claims as a table",
        |window| {
            claim(window);
            perform(window, ClaimsAction::AsTable(true));
        },
        380.0,
    ),
    ("Codebook", |window| run(window, Command::Codebook), 640.0),
    (
        "Articles as a table",
        |window| {
            run(window, Command::Read);
            run(window, Command::ToggleTable);
        },
        380.0,
    ),
];

#[test]
fn nothing_of_any_page_is_cut_at_any_size() {
    let mut found = Vec::new();
    for (page, go, least) in PAGES {
        let mut window = demo();
        go(&mut window);
        window.settle();
        for size in SIZES {
            for zoom in [0.75, 1.0, 1.5, 2.0, 3.0] {
                zoomed(&mut window, size, zoom);
                let what = format!("{page} in {} x {} at {zoom}", size.0, size.1);
                let checks: [fn(&Window, &str, f32); 2] = [check_pressed, check_words];
                for check in checks {
                    let tried = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
                        check(&window, &what, least);
                    }));
                    if let Err(told) = tried {
                        found.push(told.downcast_ref::<String>().cloned().unwrap_or_default());
                    }
                }
            }
        }
    }
    assert!(found.is_empty(), "{}:\n{}", found.len(), found.join("\n"));
}

fn is_there(window: &Window, name: &str) -> bool {
    window.harness.query_all_by_label(name).next().is_some()
}

/// Cards have room: all columns beside each other, or one of them at a time.
#[test]
fn the_board_of_claims_has_room_at_every_size() {
    let mut window = demo();
    run(&mut window, Command::Claims);
    window.settle();
    run(&mut window, Command::Claims);
    for (width, height) in [
        (700.0, 500.0),
        (800.0, 600.0),
        (900.0, 600.0),
        (1280.0, 800.0),
    ] {
        size(&mut window, width, height);
        let cards = window
            .harness
            .query_all(By::new().role(Role::ListBoxOption));
        let cards: Vec<Rect> = cards.map(|card| card.rect()).collect();
        assert!(!cards.is_empty(), "{width}");
        for card in cards.into_iter().filter(|card| card.height() > 60.0) {
            assert!(card.width() >= 210.0, "{width}: {card:?}");
        }
    }
    // What is known of the claim is a drawer there.
    size(&mut window, 700.0, 500.0);
    let question = "Can it harm?: yes";
    assert!(!is_there(&window, question));
    window.click("The claim");
    window.settle();
    assert!(is_there(&window, question));
    window.click("Back to the cards");
    window.settle();
    assert!(!is_there(&window, question));
    // The next pane is what is known of it, and opens.
    run(&mut window, Command::Claims);
    window.key(Key::F6);
    window.harness.run_steps(3);
    window.settle();
    assert!(is_there(&window, question));
}

#[test]
fn the_list_of_people_and_a_person_take_turns_where_there_is_little_room() {
    let mut window = demo();
    run(&mut window, Command::People);
    size(&mut window, 480.0, 400.0);
    let list = |window: &Window| is_there(window, "Filter people");
    assert!(list(&window));
    run(&mut window, Command::People);
    window.key(Key::Enter);
    window.harness.run_steps(3);
    assert!(!list(&window));
    window.click("Back to all people");
    assert!(list(&window));
    size(&mut window, 900.0, 600.0);
    assert!(list(&window) && !is_there(&window, "Back to all people"));
}

/// What is told of, what can be done about it, and the page, share no point of the window.
#[test]
fn a_notice_covers_nothing_that_is_in_use() {
    let long = "No font on this computer has the letters of Nko, Vai and Osage that are shown here, so boxes with their codes stand for them. Install fonts-noto-core and fonts-noto-extra (on Fedora google-noto-sans-nko-fonts and others), and start Pressmark again.";
    for (page, go, _) in PAGES {
        let mut window = demo();
        go(&mut window);
        for (width, height) in [(700.0, 500.0), (900.0, 600.0), (1440.0, 900.0)] {
            size(&mut window, width, height);
            let notice = Notice::warning(long).with_details(vec!["Nko: U+07CA".to_owned()]);
            let offers = notice
                .clone()
                .with_offer("Go back to the saved version", Action::CancelJobs)
                .with_offer("Show what was done since", Action::CancelJobs);
            for (notice, is_plain) in [(offers, false), (notice, true)] {
                let state = window.harness.state_mut();
                state.model.notify(notice.until_dismissed());
                window.harness.run_steps(4);
                // Nothing of any page stands there.
                let told = window.harness.get_all_by_label(long).next();
                let line = told.unwrap().rect().center().y - 14.5;
                assert!(
                    !is_plain || line >= height - 28.5,
                    "{page} in {width}: {line}"
                );
                for name in ["Dismiss", "Details (1)"] {
                    let low = window.harness.get_by_label(name).rect();
                    assert!(low.top() >= line, "{page} in {width}: {name} at {low:?}");
                }
                let panes = named(&window, &[Role::List, Role::ListBox, Role::Document]);
                for (name, rect) in panes.iter().filter(|(_, rect)| rect.top() < line) {
                    let bottom = rect.bottom();
                    assert!(
                        bottom <= line + 1.0,
                        "{page} in {width}: “{name}” to {bottom}"
                    );
                }
                if !is_plain {
                    perform(&mut window, Action::DismissNotice(0));
                    window.harness.run_steps(2);
                }
            }
            // All of it is read by whoever asks for it.
            assert!(!is_there(&window, "Copy details"));
            window.click("Details (1)");
            assert!(is_there(&window, "Copy details"));
            window.click("Details (1)");
            assert!(!is_there(&window, "Copy details"));
            perform(&mut window, Action::DismissNotice(0));
        }
    }
}

#[test]
fn what_was_told_of_a_project_goes_with_it() {
    let mut window = demo();
    let told = |window: &Window| -> Vec<String> {
        let notices = model(window).notices().iter();
        notices.map(|notice| notice.message.clone()).collect()
    };
    let model_of = |window: &mut Window| {
        let model = &mut window.harness.state_mut().model;
        model.notify(Notice::info("7 articles were exported"));
        model.notify(Notice::error("The export failed"));
    };
    model_of(&mut window);
    assert_eq!(told(&window).len(), 2);
    run(&mut window, Command::NewProject);
    window.settle();
    assert_eq!(told(&window), [""; 0]);
}

fn click_name(window: &mut Window, name: &str) {
    let at = window.harness.get_by_label(name).rect().center();
    click_at(window, at);
}

/// As the system's own lists and menus do.
#[test]
fn a_press_beside_an_open_list_of_choices_only_closes_it() {
    let middle = |window: &Window, name: &str| window.harness.get_by_label(name).rect().center();
    // In a dialog: what is under the press is its button.
    let mut window = demo();
    run(&mut window, Command::Settings);
    let pick = By::new().role(Role::ComboBox).label("Theme");
    let pick = window.harness.get(pick).rect().center();
    let close = middle(&window, "Close");
    click_at(&mut window, pick);
    let is_open = |window: &Window| named(window, &[Role::ListBoxOption, Role::Button]).len();
    let open = is_open(&window);
    click_at(&mut window, close);
    assert!(is_open(&window) < open, "the list is closed");
    assert!(is_there(&window, "Close"), "and the dialog is still there");
    click_at(&mut window, close);
    assert!(!is_there(&window, "Close"));
    // Over a page: what is under the press is its tab.
    click_name(&mut window, "Edit");
    assert!(
        window
            .harness
            .query_by_label_contains("Select all")
            .is_some()
    );
    let tab = By::new().role(Role::Tab).label("Codebook");
    let tab = window.harness.get(tab).rect().center();
    click_at(&mut window, tab);
    assert!(
        window
            .harness
            .query_by_label_contains("Select all")
            .is_none()
    );
    assert_eq!(named(&window, &[Role::Document]).len(), 1);
    // A press that closed nothing opens what it is on.
    click_name(&mut window, "Go");
    assert!(
        window
            .harness
            .query_by_label_contains("Next article")
            .is_some()
    );
    // A line of it does what it says.
    let next = window.harness.get_by_label_contains("Next article").rect();
    click_at(&mut window, next.center());
    assert_eq!(model(&window).article_index(), Some(1));
}

#[test]
fn shift_and_tab_go_to_what_stands_before_the_main_button() {
    let focused = |window: &Window| {
        let has_focus = By::new().predicate(|node| node.is_focused_in_tree());
        let node = window.harness.get(has_focus);
        node.accesskit_node().label().unwrap_or_default()
    };
    let mut window = demo();
    for (command, expected) in [
        (Command::Settings, "Reset reading"),
        (Command::Sets, "Close"),
        // There is nothing else.
        (Command::About, "Close"),
    ] {
        run(&mut window, command);
        window.settle();
        window.keys(Key::Tab, Modifiers::SHIFT);
        window.harness.run_steps(2);
        assert_eq!(focused(&window), expected, "{command:?}");
        window.key(Key::Escape);
        window.harness.run_steps(3);
    }
}

/// Of what a set shows, and not of all that there is.
#[test]
fn what_is_done_is_counted_of_what_is_shown() {
    let mut window = demo();
    assert!(is_there(&window, "0 of 7 done") || is_there(&window, "1 of 7 done"));
    let mut listing = model(&window).listing().clone();
    listing.filter = "ballot".to_owned();
    perform(&mut window, Action::SetListing(Box::new(listing)));
    window.settle();
    let fits = model(&window).listed().articles();
    assert!(fits > 0 && fits < 7, "{fits}");
    let told = format!("of {fits} done");
    assert!(
        window.harness.query_by_label_contains(&told).is_some(),
        "{told}"
    );
}

/// No menu is higher than a small window, at its top level.
#[test]
fn menus_fit_into_a_low_window() {
    for (width, height) in [(700.0, 500.0), (1280.0, 600.0), (1440.0, 900.0)] {
        let mut window = demo();
        size(&mut window, width, height);
        for (menu, title) in Menu::ALL {
            // In a narrow window all menus stand in one.
            if width < 900.0 {
                let all = By::new().role(Role::Button).label("Menu");
                window.harness.get(all).click();
                window.harness.run_steps(3);
            }
            let before = named(&window, &[Role::Button]).len();
            window.click(title);
            // It is moved into the window once its height is known.
            window.harness.run_steps(6);
            let lines = named(&window, &[Role::Button, Role::MenuItemCheckBox]);
            assert!(lines.len() > before, "{title}");
            for (name, rect) in lines {
                assert!(rect.bottom() <= height, "{title}: “{name}” at {rect:?}");
            }
            // All of them are seen: what is scrolled out of view is not drawn whole.
            let of_menu = commands().map(info);
            let of_menu = of_menu.filter(|info| info.menu() == Some(menu));
            for info in of_menu.filter(|info| info.section.submenu().is_none()) {
                let found = window.harness.query_all_by_label_contains(info.title);
                let seen = found
                    .map(|node| node.rect())
                    .any(|rect| rect.bottom() <= height);
                assert!(seen, "{title} at {width}: {}", info.title);
            }
            window.key(Key::Escape);
            window.harness.run_steps(2);
            window.key(Key::Escape);
            window.harness.run_steps(2);
        }
    }
}
