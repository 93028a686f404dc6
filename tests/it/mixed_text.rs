//! Text of all scripts in the window: edges that are moved over seams, what is shaped, long paragraphs.

use crate::mouse::drag;
use crate::window::Window;
use eframe::egui::{Key, Modifiers, Pos2, Rect};
use pressmark::app::action::{Action, Side};
use pressmark::app::command::Command;
use pressmark::core::text::{BytePos, ByteRange};

const TEXT: &str =
    "قال الوزير لصحيفة Daily Herald إن «لن ترفع» أمس.\n\nHe said “شكرا لكم” to them.";

fn run(window: &mut Window, command: Command) {
    let model = &mut window.harness.state_mut().model;
    model.perform(Action::Run(command));
    window.harness.run_steps(2);
}

fn shaped(window: &Window) -> usize {
    window.harness.state().stats().words_shaped
}

/// What is marked of the selected annotation while its edge is being moved.
fn moved(window: &Window) -> ByteRange {
    window.harness.state().model.edge_move().unwrap().range
}

fn text_of(window: &Window, range: ByteRange) -> String {
    let article = window.harness.state().model.article().unwrap();
    article.text.slice(range).to_owned()
}

/// The cluster at an edge that is inside of the mark, on the screen.
fn place_of_edge(window: &mut Window, side: Side) -> Rect {
    let range = moved(window);
    let app = window.harness.state_mut();
    let text = app.model.article().unwrap().text.clone();
    let inside = match side {
        Side::Start => {
            let next = pressmark::core::text::segment::next_grapheme(&text, range.start);
            ByteRange::new(range.start, next)
        }
        Side::End => {
            let before = pressmark::core::text::segment::prev_grapheme(&text, range.end);
            ByteRange::new(before, range.end)
        }
    };
    app.article.screen_range(inside).unwrap()
}

/// One key is one grapheme in the order of reading, wherever that goes on, and each is seen; the other
/// key leads back the same way.
#[test]
fn an_edge_goes_over_seams_in_the_order_of_reading() {
    for (part, command, side, onward, back, steps) in [
        (
            "الوزير",
            Command::MoveEnd,
            Side::End,
            Key::ArrowLeft,
            Key::ArrowRight,
            28,
        ),
        (
            "Daily",
            Command::MoveEnd,
            Side::End,
            Key::ArrowRight,
            Key::ArrowLeft,
            14,
        ),
        (
            "Daily",
            Command::MoveStart,
            Side::Start,
            Key::ArrowLeft,
            Key::ArrowRight,
            9,
        ),
        (
            "إن",
            Command::MoveStart,
            Side::Start,
            Key::ArrowRight,
            Key::ArrowLeft,
            20,
        ),
        (
            "said",
            Command::MoveEnd,
            Side::End,
            Key::ArrowRight,
            Key::ArrowLeft,
            14,
        ),
        (
            "لكم",
            Command::MoveEnd,
            Side::End,
            Key::ArrowLeft,
            Key::ArrowRight,
            5,
        ),
        (
            "them",
            Command::MoveStart,
            Side::Start,
            Key::ArrowLeft,
            Key::ArrowRight,
            16,
        ),
    ] {
        let mut window = Window::with(TEXT);
        let at = TEXT.find(part).unwrap();
        let range = ByteRange::new(BytePos(at as u32), BytePos((at + part.len()) as u32));
        let label = "quote".into();
        let model = &mut window.harness.state_mut().model;
        model.perform(Action::MarkRange { range, label });
        window.harness.run_steps(2);
        run(&mut window, command);
        let mut seen = vec![(moved(&window), place_of_edge(&mut window, side))];
        for step in 0..steps {
            window.key(onward);
            let (now, place) = (moved(&window), place_of_edge(&mut window, side));
            let (last, last_place) = *seen.last().unwrap();
            let passed = match side {
                Side::End => ByteRange::new(last.end, now.end),
                Side::Start => ByteRange::new(now.start, last.start),
            };
            let passed = text_of(&window, passed);
            assert_eq!(passed.chars().count(), 1, "{part}, step {step}: {passed:?}");
            assert_ne!(place, last_place, "{part}, step {step}: nothing is seen");
            seen.push((now, place));
        }
        while let Some((range, _)) = seen.pop() {
            assert_eq!(moved(&window), range, "{part}, back");
            window.key(back);
        }
        window.key(onward);
        window.key(Key::Enter);
        assert_eq!(window.annotations(), [format!("quote: {part}")]);
    }
}

/// A handle is dragged from text of one direction into text of the other.
#[test]
fn a_handle_is_dragged_over_a_seam() {
    for (part, knob_at_left, to, expected) in [
        ("الوزير", true, "Herald", "الوزير لصحيفة Daily Herald"),
        ("الوزير", true, "إن", "الوزير لصحيفة Daily Herald إن"),
        ("Daily", false, "إن", "Daily Herald إن"),
        ("said", false, "لكم", "said “شكرا لكم"),
    ] {
        let mut window = Window::with(TEXT);
        let at = TEXT.find(part).unwrap();
        let range = ByteRange::new(BytePos(at as u32), BytePos((at + part.len()) as u32));
        let label = "quote".into();
        let model = &mut window.harness.state_mut().model;
        model.perform(Action::MarkRange { range, label });
        window.harness.run_steps(2);
        let rect = window.place(part);
        let size = window.harness.state().model.settings().reading_size;
        let x = if knob_at_left {
            rect.left()
        } else {
            rect.right()
        };
        let from = Pos2::new(x, rect.center().y + size * 0.66);
        let to = window.place(to).center();
        drag(&mut window, from, to);
        assert_eq!(window.annotations(), [format!("quote: {expected}")]);
    }
}

/// A word is shaped once: what is measured is what is painted, whoever goes back finds it, and a frame
/// in which nothing is new shapes nothing.
#[test]
fn a_word_is_shaped_once_however_often_it_is_seen() {
    let words = [
        "قال",
        "الوزير",
        "إن",
        "الميزانية",
        "لا",
        "تكفي",
        "Reuters",
        "2024",
        "أمس،",
    ];
    let mut text = String::new();
    for n in 0..9_000_usize {
        text.push_str(words[(n * n + n / 7) % words.len()]);
        text.push_str(if n % 60 == 59 { ".\n\n" } else { " " });
    }
    let mut window = Window::with(&text);
    let first = shaped(&window);
    // Some words are in two looks: those of the text and of digits in it.
    assert!(first >= words.len() && first < 6 * words.len(), "{first}");
    for _ in 0..12 {
        window.key(Key::PageDown);
    }
    let paged = shaped(&window);
    assert!(paged - first < 12, "{first} and then {paged}");
    for _ in 0..12 {
        window.key(Key::PageUp);
    }
    run(&mut window, Command::ZoomIn);
    run(&mut window, Command::ZoomOut);
    window.key(Key::PageDown);
    window.key(Key::PageUp);
    let zoomed = shaped(&window);
    window.harness.run_steps(5);
    window.key(Key::PageDown);
    window.key(Key::PageUp);
    assert_eq!(shaped(&window), zoomed);
}

/// Going down and up through a paragraph of one line of text changes no line of it.
#[test]
fn a_long_paragraph_is_gone_through_both_ways() {
    let sentence = "The minister told “شكرا لكم” to the Daily Herald of Monday. ";
    let text = sentence.repeat(1_500);
    let mut window = Window::with(&text);
    let caret = |window: &Window| window.harness.state().model.selection().caret;
    window.keys(Key::Home, Modifiers::COMMAND);
    let mut starts = vec![BytePos(0)];
    for _ in 0..150 {
        window.key(Key::ArrowDown);
        window.key(Key::Home);
        starts.push(caret(&window));
    }
    assert!(starts.is_sorted_by(|a, b| a < b));
    let longest = starts.windows(2).map(|pair| pair[1].0 - pair[0].0).max();
    // The end of a line is nowhere far before its width.
    let shortest = starts.windows(2).map(|pair| pair[1].0 - pair[0].0).min();
    assert!(
        shortest.unwrap() * 3 > longest.unwrap() * 2,
        "{shortest:?} of {longest:?}"
    );
    window.keys(Key::End, Modifiers::COMMAND);
    assert_eq!(caret(&window).as_usize(), text.len());
    window.keys(Key::Home, Modifiers::COMMAND);
    for start in &starts {
        assert_eq!(caret(&window), *start);
        window.key(Key::ArrowDown);
        window.key(Key::Home);
    }
}
