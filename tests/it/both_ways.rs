//! Articles that are read from the right: what the mouse covers, where the arrows go, what is kept.

use crate::mouse;
use crate::window::Window;
use eframe::egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable;
use pressmark::app::action::Action;
use pressmark::app::command::Command;
use pressmark::app::settings::Settings;
use pressmark::core::text::{BytePos, ByteRange};

const TEXT: &str = "قال الوزير لصحيفة Daily Herald إن «لن ترفع».\n\nHe said “شكرا لكم” to them.";

/// From the middle of one part of the text to the middle of another.
fn drag(window: &mut Window, from: &str, to: &str) {
    let (from, to) = (window.place(from).center(), window.place(to).center());
    mouse::drag(window, from, to);
}

fn caret(window: &Window) -> usize {
    window.harness.state().model.selection().caret.as_usize()
}

#[test]
fn a_drag_marks_what_is_read() {
    let mut window = Window::with(TEXT);
    drag(&mut window, "لصحيفة", "إن");
    assert_eq!(window.selected_text(), "لصحيفة Daily Herald إن");
    window.key(Key::Q);
    assert_eq!(window.annotations(), ["quote: لصحيفة Daily Herald إن"]);
    // Its end goes to what is read next, which stands to the left.
    window
        .harness
        .state_mut()
        .model
        .perform(Action::Run(Command::MoveEnd));
    window.harness.run_steps(2);
    for _ in 0..2 {
        window.keys(Key::ArrowLeft, Modifiers::COMMAND);
    }
    window.key(Key::Enter);
    assert_eq!(window.annotations(), ["quote: لصحيفة Daily Herald إن «لن"]);
    // From a word of one direction to one of the other, in a line from the left.
    drag(&mut window, "said", "لكم");
    assert_eq!(window.selected_text(), "said “شكرا لكم");
}

#[test]
fn an_end_goes_from_word_to_word() {
    for (text, part, key, ends) in [
        (
            "One two three.\n\nNext",
            "two",
            Key::ArrowRight,
            ["two three", "two three.", "two three.\n\nNext"],
        ),
        (
            TEXT,
            "الوزير",
            Key::ArrowLeft,
            [
                "الوزير لصحيفة",
                "الوزير لصحيفة Daily",
                "الوزير لصحيفة Daily Herald",
            ],
        ),
    ] {
        let mut window = Window::with(text);
        let at = text.find(part).unwrap();
        let range = ByteRange::new(BytePos(at as u32), BytePos((at + part.len()) as u32));
        let label = "quote".into();
        let model = &mut window.harness.state_mut().model;
        model.perform(Action::MarkRange { range, label });
        model.perform(Action::Run(Command::MoveEnd));
        window.harness.run_steps(2);
        for end in ends {
            window.keys(key, Modifiers::COMMAND);
            let model = &window.harness.state().model;
            let range = model.edge_move().unwrap().range;
            assert_eq!(model.article().unwrap().text.slice(range), end);
        }
    }
}

#[test]
fn what_is_read_first_stands_on_its_side() {
    let mut window = Window::with(TEXT);
    let mut left = |part: &str| window.place(part).left();
    assert!(left("قال") > left("الوزير"));
    assert!(left("الوزير") > left("Daily") && left("Daily") < left("Herald"));
    assert!(left("Herald") > left("ترفع"));
    assert!(left("He said") < left("لكم") && left("لكم") < left("شكرا"));
    assert!(left("شكرا") < left("to them"));
    // Tags stand on the other side of such an article.
    drag(&mut window, "قال", "الوزير");
    window.key(Key::Q);
    let tag = window
        .harness
        .query_all_by_label_contains("Select Quote")
        .next();
    let tag = tag.unwrap().rect().right();
    assert!(tag < window.place("He").left());
}

#[test]
fn arrows_go_as_the_eye_does() {
    let mut window = Window::with(TEXT);
    window.keys(Key::Home, Modifiers::COMMAND);
    assert_eq!(caret(&window), 0);
    window.key(Key::ArrowLeft);
    window.key(Key::ArrowLeft);
    assert_eq!(caret(&window), "قا".len());
    window.key(Key::ArrowRight);
    assert_eq!(caret(&window), "ق".len());
    // On through the space the name is met at its end, which is what stands there.
    let name = TEXT.find("Daily Herald").unwrap();
    while caret(&window) < name {
        window.key(Key::ArrowLeft);
    }
    assert_eq!(caret(&window), name);
    window.key(Key::ArrowLeft);
    assert_eq!(caret(&window), name + "Daily Heral".len());
    for _ in 0.."Daily Heral".len() {
        window.key(Key::ArrowLeft);
    }
    assert_eq!(caret(&window), name);
    window.key(Key::ArrowLeft);
    assert_eq!(caret(&window), name + "Daily Herald ".len());
    // Words go on in the order of reading, and lines end where they are read to.
    window.keys(Key::ArrowLeft, Modifiers::COMMAND);
    assert_eq!(caret(&window), name + "Daily Herald إن ".len());
    window.key(Key::End);
    assert_eq!(caret(&window), TEXT.find('\n').unwrap());
    window.key(Key::Home);
    assert_eq!(caret(&window), 0);
    // By setting they go in the order of reading everywhere.
    let settings = Settings {
        arrows_read: true,
        ..window.harness.state().model.settings().clone()
    };
    let set = Action::SetSettings(Box::new(settings));
    window.harness.state_mut().model.perform(set);
    while caret(&window) < name + 1 {
        window.key(Key::ArrowLeft);
    }
    assert_eq!(caret(&window), name + 1);
}

/// A key that is held goes on over empty lines, through the whole article and back.
#[test]
fn arrows_go_on_over_empty_lines() {
    const LINES: &str = "אבג דהו\n\n\nחטי 12 כלמ\n\nקול";
    let mut window = Window::with(LINES);
    let steps = LINES.chars().count();
    for held in [Modifiers::NONE, Modifiers::COMMAND] {
        window.keys(Key::Home, Modifiers::COMMAND);
        for _ in 0..steps {
            window.keys(Key::ArrowLeft, held);
        }
        assert_eq!(caret(&window), LINES.len(), "{held:?}");
        for _ in 0..steps {
            window.keys(Key::ArrowRight, held);
        }
        assert_eq!(caret(&window), 0, "{held:?}");
    }
}

#[test]
fn an_article_can_be_turned_round() {
    let mut window = Window::with("One two three.\n\nFour.");
    let before = window.place("One").left();
    let turn = |window: &mut Window| {
        window.keys(Key::T, Modifiers::COMMAND | Modifiers::SHIFT);
        window.harness.run_steps(3);
    };
    turn(&mut window);
    let right = window.place("three").right();
    assert!(window.place("One").left() > before + 100.0);
    assert!((window.place("Four").right() - right).abs() < 8.0);
    turn(&mut window);
    assert_eq!(window.place("One").left(), before);
    let undo = Action::Run(Command::Undo);
    window.harness.state_mut().model.perform(undo);
    window.harness.run_steps(3);
    assert!(window.place("One").left() > before + 100.0);
}

#[test]
fn one_character_is_told_as_one() {
    let mut window = Window::with(TEXT);
    window.keys(Key::Home, Modifiers::COMMAND);
    for told in ["1 character selected", "2 characters selected"] {
        window.keys(Key::ArrowLeft, Modifiers::SHIFT);
        assert!(
            window.harness.query_by_label_contains(told).is_some(),
            "{told}"
        );
    }
}
