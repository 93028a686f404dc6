//! Writing in every script: fields in which text goes both ways, letters that no font has, and
//! characters that nobody sees.

use crate::mouse::press;
use crate::window::Window;
use eframe::egui::FontFamily;
use eframe::egui::epaint::text::{FallbackRequest, FontInsert, FontProvider};
use eframe::egui::{Event, ImeEvent, Key, Modifiers, OutputCommand, Pos2, Rect, Shape};
use eframe::egui::{pos2, vec2};
use egui_kittest::kittest::{NodeT, Queryable};
use pressmark::app::action::Action;
use pressmark::app::command::Command;
use pressmark::core::recipes::details::DetailsChange;
use std::sync::{Arc, Mutex};

const FIELD: &str = "Filter articles";

/// A window whose filter has the keyboard.
fn field() -> Window {
    let mut window = Window::with("Some text that is read.");
    window.harness.get_by_label(FIELD).focus();
    window.harness.run_steps(2);
    window
}

fn typed(window: &mut Window, text: &str) {
    window.harness.event(Event::Text(text.to_owned()));
    window.harness.run_steps(2);
}

fn value(window: &Window) -> String {
    window.harness.get_by_label(FIELD).value().unwrap()
}

fn place(window: &Window) -> Rect {
    window.harness.get_by_label(FIELD).rect()
}

fn click(window: &mut Window, pos: Pos2, count: usize) {
    window.harness.event(Event::PointerMoved(pos));
    window.harness.step();
    for _ in 0..count {
        press(window, pos, true);
        press(window, pos, false);
    }
    window.harness.run_steps(2);
}

fn copied(window: &mut Window) -> Option<String> {
    window.harness.event(Event::Copy);
    window.harness.step();
    let commands = &window.harness.output().platform_output.commands;
    commands.iter().find_map(|command| match command {
        OutputCommand::CopyText(text) => Some(text.clone()),
        _ => None,
    })
}

/// Keys, and then a letter where the caret is.
#[test]
fn arrows_go_where_they_point_in_a_field() {
    use Key::{ArrowLeft, ArrowRight, Backspace, Delete, End, Home};
    for (text, keys, expected) in [
        ("אבג", &[ArrowRight][..], "אבxג"),
        ("אבג", &[ArrowRight, ArrowRight, ArrowLeft], "אבxג"),
        (
            "אבג",
            &[ArrowRight, ArrowRight, ArrowRight, ArrowRight],
            "xאבג",
        ),
        ("אבג", &[Home], "xאבג"),
        ("אבג", &[Home, End], "אבגx"),
        ("abc אבג", &[Home, ArrowRight, ArrowRight], "abxc אבג"),
        // Into the other direction from the left: past the letter that is read last.
        (
            "abc אבג",
            &[
                Home, ArrowRight, ArrowRight, ArrowRight, ArrowRight, ArrowRight,
            ],
            "abc אבxג",
        ),
        (
            "قال Daily لن",
            &[ArrowRight, ArrowRight, ArrowRight, ArrowRight],
            "قال Dxaily لن",
        ),
        ("नमस्ते", &[ArrowLeft], "नमxस्ते"),
        (
            "👨\u{200d}👩\u{200d}👧a",
            &[ArrowLeft, ArrowLeft],
            "x👨\u{200d}👩\u{200d}👧a",
        ),
        ("אב👨\u{200d}👩\u{200d}👧", &[Backspace], "אבx"),
        ("👨\u{200d}👩\u{200d}👧a", &[Home, Delete], "xa"),
        ("अक्षर", &[Home, Delete], "xक्षर"),
        ("אבג", &[Backspace], "אבx"),
    ] {
        let mut window = field();
        typed(&mut window, text);
        for key in keys {
            window.key(*key);
        }
        typed(&mut window, "x");
        assert_eq!(value(&window), expected, "{text} {keys:?}");
    }
}

#[test]
fn words_are_steps_in_a_field() {
    for (text, key, expected) in [
        ("אחת שתיים שלוש", Key::ArrowRight, "אחת שתיים xשלוש"),
        ("one שתיים three", Key::ArrowLeft, "one שתיים xthree"),
        ("สวัสดีชาวโลก", Key::ArrowLeft, "สวัสดีชาวxโลก"),
        ("אחת שתיים שלוש", Key::Backspace, "אחת שתיים x"),
    ] {
        let mut window = field();
        typed(&mut window, text);
        window.keys(key, Modifiers::COMMAND | Modifiers::CTRL);
        typed(&mut window, "x");
        assert_eq!(value(&window), expected, "{text}");
    }
}

#[test]
fn the_mouse_hits_the_letter_it_points_at_in_a_field() {
    let mut window = field();
    typed(&mut window, "שלום Daily לן");
    let place = place(&window);
    // What is read first stands at the right.
    let right = pos2(place.right() - 12.0, place.center().y);
    click(&mut window, right, 1);
    typed(&mut window, "א");
    assert_eq!(value(&window), "אשלום Daily לן");
    // A word is taken whole, and what is copied is what is read.
    click(&mut window, right - vec2(8.0, 0.0), 2);
    assert_eq!(copied(&mut window).as_deref(), Some("אשלום"));
    // A drag over the seam: from the right, over all to the left.
    window
        .harness
        .event(Event::PointerMoved(right + vec2(6.0, 0.0)));
    window.harness.run_steps(20);
    press(&mut window, right + vec2(6.0, 0.0), true);
    for share in [0.2, 0.5, 1.0] {
        let to = pos2(right.x - share * (place.width() - 20.0), right.y);
        window.harness.event(Event::PointerMoved(to));
        window.harness.step();
    }
    let to = pos2(right.x - place.width() + 20.0, right.y);
    press(&mut window, to, false);
    window.harness.run_steps(2);
    assert_eq!(copied(&mut window).as_deref(), Some("אשלום Daily לן"));
}

#[test]
fn a_selection_is_one_of_what_is_read() {
    let mut window = field();
    typed(&mut window, "abc אבג def");
    window.key(Key::Home);
    // Into the middle of the Hebrew word: the letters that are read before it are taken.
    for _ in 0..5 {
        window.keys(Key::ArrowRight, Modifiers::SHIFT);
    }
    assert_eq!(copied(&mut window).as_deref(), Some("abc אב"));
    window.keys(Key::A, Modifiers::COMMAND);
    assert_eq!(copied(&mut window).as_deref(), Some("abc אבג def"));
    // What is pasted goes where the caret is, in the order of reading.
    window.key(Key::ArrowRight);
    // Undoing has a step once nothing was typed for a while.
    window.harness.run_steps(40);
    window.harness.event(Event::Paste(" שלום".to_owned()));
    window.harness.run_steps(2);
    assert_eq!(value(&window), "abc אבג def שלום");
    window.keys(Key::Z, Modifiers::COMMAND);
    assert_eq!(value(&window), "abc אבג def");
}

#[test]
fn an_input_method_composes_in_a_field() {
    let mut window = field();
    typed(&mut window, "שלום ");
    for text in ["n", "に", "にほん"] {
        window.harness.event(Event::Ime(ImeEvent::Preedit {
            text: text.to_owned(),
            active_range_chars: Some(0..1),
        }));
        window.harness.run_steps(2);
        assert_eq!(value(&window), format!("שלום {text}"));
    }
    window
        .harness
        .event(Event::Ime(ImeEvent::Commit("日本".to_owned())));
    window.harness.run_steps(2);
    assert_eq!(value(&window), "שלום 日本");
    window.key(Key::Home);
    typed(&mut window, "x");
    assert_eq!(value(&window), "xשלום 日本");
    // What was composed and let go of leaves nothing.
    for text in ["か", ""] {
        window.harness.event(Event::Ime(ImeEvent::Preedit {
            text: text.to_owned(),
            active_range_chars: None,
        }));
        window.harness.run_steps(2);
    }
    assert_eq!(value(&window), "xשלום 日本");
}

/// A note of several lines: up, down, over line breaks.
#[test]
fn a_note_is_written_from_the_right() {
    let mut window = Window::with("Some text that is read.");
    window.drag_with("text that", Modifiers::NONE);
    window.key(Key::Q);
    window.key(Key::N);
    typed(&mut window, "שורה ראשונה");
    window.key(Key::Enter);
    typed(&mut window, "שנייה second");
    window.key(Key::ArrowUp);
    window.key(Key::Home);
    typed(&mut window, "א");
    window.key(Key::ArrowDown);
    window.key(Key::End);
    typed(&mut window, "y");
    // From the start of a line over its break.
    window.key(Key::Home);
    window.key(Key::ArrowRight);
    typed(&mut window, "z");
    window.keys(Key::Enter, Modifiers::COMMAND);
    let article = window.harness.state().model.article().unwrap().clone();
    let note = article.annotations.iter().next().unwrap().note.clone();
    assert_eq!(note, "אשורה ראשונהz\nשנייה secondy");
}

/// Tools hear which way a line goes, and where its letters are.
#[test]
fn a_field_tells_where_its_letters_are() {
    let mut window = field();
    typed(&mut window, "אבג");
    let node = window.harness.get_by_label(FIELD);
    let bounds = node.rect();
    let run = node.accesskit_node();
    let run = run.children().next().unwrap();
    let data = run.data();
    assert_eq!(run.value().as_deref(), Some("אבג"));
    assert_eq!(
        data.text_direction(),
        Some(eframe::egui::accesskit::TextDirection::RightToLeft)
    );
    let places = data.character_positions().unwrap();
    assert_eq!(places[0], 0.0);
    assert!(places[0] < places[1] && places[1] < places[2]);
    let right = data.bounds().unwrap().x1 as f32;
    assert!(right > bounds.center().x && right <= bounds.right());
}

fn notices(window: &Window) -> Vec<String> {
    let model = &window.harness.state().model;
    let notices = model.notices().iter();
    notices.map(|notice| notice.message.clone()).collect()
}

fn paste(window: &mut Window, text: &str) {
    window.harness.event(Event::Paste(text.to_owned()));
    window.harness.run_steps(2);
    window.settle();
    window.key(Key::Enter);
    window.harness.run_steps(4);
}

/// Here no font of the system is asked.
#[test]
fn what_no_font_has_is_said_once() {
    let mut window = Window::with("Some text that is read. “naïve” Ελλάδα Москва قال שלום Việt");
    let about_fonts = |window: &Window| {
        let mut found = notices(window);
        found.retain(|message| message.starts_with("No font"));
        found
    };
    assert_eq!(about_fonts(&window), Vec::<String>::new());
    paste(&mut window, "ไทยรัฐ and नमस्ते are words.");
    let said = about_fonts(&window);
    assert_eq!(said.len(), 1);
    assert!(said[0].contains("Devanagari and Thai"), "{said:?}");
    assert!(said[0].contains("fonts-noto-core") || cfg!(not(target_os = "linux")));
    // Said, and not again, for other letters of the script or other sizes.
    let at = window.harness.state().model.notices().len();
    for _ in 0..at {
        let model = &mut window.harness.state_mut().model;
        model.perform(Action::DismissNotice(0));
    }
    paste(&mut window, "ชาวโลก नमस्कार are others.");
    window.key(Key::F8);
    assert_eq!(about_fonts(&window), Vec::<String>::new());
    paste(&mut window, "ជំរាបសួរ is Khmer.");
    assert!(about_fonts(&window)[0].contains("the letters of Khmer"));
}

/// Fonts of the system are found beside the first frames, and must not be waited for in them.
#[test]
fn a_window_without_strange_letters_asks_no_font_of_the_system() {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let mut window = Window::new(None);
    let told = asked.clone();
    let provider = move |request: &FallbackRequest<'_>| {
        told.lock().unwrap().push(request.cluster.to_owned());
        None::<FontInsert>
    };
    window.harness.ctx.add_font_provider(Arc::new(provider));
    window.harness.run_steps(3);
    window.paste("Some text that is read, in قال and שלום.");
    for key in ["1", "2", "3"] {
        window.keys(Key::from_name(key).unwrap(), Modifiers::COMMAND);
    }
    window.keys(Key::K, Modifiers::COMMAND);
    assert_eq!(*asked.lock().unwrap(), Vec::<String>::new());
}

/// Tells which families are made, of those that have a language.
struct Families(Arc<Mutex<Vec<String>>>);

impl FontProvider for Families {
    fn fonts_for_family(&self, family: &FontFamily) -> Vec<FontInsert> {
        if let FontFamily::Name(name) = family
            && name.ends_with("Han")
        {
            self.0.lock().unwrap().push(name.to_string());
        }
        Vec::new()
    }
}

/// The text and the headline are set in fonts of the article's language: what it says of itself, else
/// what is seen. Text without such letters asks for none.
#[test]
fn an_article_is_set_in_fonts_of_its_language() {
    let japanese = "首相の会見\n\n首相は「交渉は来週行われる」と述べた。";
    for (text, language, expected) in [
        ("A title\n\nSome text that is read.", "ja", None),
        (japanese, "", Some("ja")),
        (japanese, "ja", Some("ja")),
        (japanese, "zh-TW", Some("zh-TW")),
        (
            "公报\n\n中国人民银行宣布，将于下周一开始。",
            "",
            Some("zh-CN"),
        ),
        (
            "公報\n\n中央銀行宣布，將於下週一開始。",
            "en",
            Some("zh-TW"),
        ),
        (
            "회견\n\n대통령은 “협상이 열릴 것”이라고 말했다.",
            "",
            Some("ko"),
        ),
    ] {
        let asked = Arc::new(Mutex::new(Vec::new()));
        let mut window = Window::new(None);
        let families = Families(asked.clone());
        window.harness.ctx.add_font_provider(Arc::new(families));
        window.paste(text);
        let article = window.harness.state().model.article().unwrap().id.clone();
        let mut change = DetailsChange::default();
        change
            .fields
            .insert("language".to_owned(), language.to_owned());
        asked.lock().unwrap().clear();
        window
            .harness
            .ctx
            .add_font_provider(Arc::new(Families(asked.clone())));
        let change = Action::ChangeDetails {
            articles: vec![article],
            change: Box::new(change),
        };
        window.harness.state_mut().model.perform(change);
        window.harness.run_steps(3);
        let mut asked = asked.lock().unwrap().clone();
        asked.sort();
        asked.dedup();
        let families = ["reading-serif", "reading-serif-bold"];
        let of_tag = |tag| families.map(|family| format!("{family}, {tag} Han"));
        let expected: Vec<String> = expected.into_iter().flat_map(of_tag).collect();
        assert_eq!(asked, expected, "{text} {language}");
    }
}

/// Marks of direction that came with a name lead it to its place, and are written out nowhere.
#[test]
fn marks_of_direction_in_names_are_not_written_out() {
    let mut window = Window::with("A title\n\nSome text that is read.");
    let article = window.harness.state().model.article().unwrap().id.clone();
    let mut change = DetailsChange::default();
    for (field, value) in [
        ("outlet", "\u{200f}הארץ\u{200e}"),
        ("author", "\u{2067}דנה לוי\u{2069}"),
        ("section", "x\u{202e}דעות"),
    ] {
        change.fields.insert(field.to_owned(), value.to_owned());
    }
    let change = Action::ChangeDetails {
        articles: vec![article],
        change: Box::new(change),
    };
    window.harness.state_mut().model.perform(change);
    window.harness.run_steps(3);
    for command in [Command::Details, Command::ToggleTable] {
        let model = &mut window.harness.state_mut().model;
        model.perform(Action::Run(command));
        window.harness.run_steps(4);
        for (part, is_there) in [("הארץ", true), ("u{200", false), ("u{206", false)] {
            let mut found = window.harness.query_all_by_label_contains(part);
            assert_eq!(found.next().is_some(), is_there, "{part}");
        }
        window.key(Key::Escape);
    }
}

const HIDDEN: &str = "one \u{2067}אב\u{2069} two\u{a0}three co\u{ad}operate\t\u{202e}six\u{202c} se\u{200b}ven\n\nplain words";

#[test]
fn hidden_characters_have_signs() {
    let mut window = Window::with(HIDDEN);
    let words = [
        "one", "אב", "two", "three", "operate", "six", "ven", "plain",
    ];
    let places = |window: &mut Window| words.map(|word| window.place(word));
    let before = places(&mut window);
    let count = |window: &Window| window.harness.state().article.signs().len();
    assert_eq!(count(&window), 0);
    window.keys(Key::H, Modifiers::COMMAND | Modifiers::SHIFT);
    assert_eq!(places(&mut window), before, "nothing moves");
    let signs = window.harness.state().article.signs().to_vec();
    let names: Vec<&str> = signs.iter().map(|(_, hidden)| hidden.name).collect();
    assert_eq!(
        names,
        [
            "right-to-left isolate",
            "pop directional isolate",
            "no-break space",
            "soft hyphen",
            "tab",
            "right-to-left override",
            "pop directional formatting",
            "zero-width space",
        ]
    );
    // Each stands where its character does.
    for (word, name) in [
        ("two", "no-break space"),
        ("operate", "soft hyphen"),
        ("ven", "zero-width space"),
    ] {
        let place = window.place(word);
        let (sign, _) = signs
            .iter()
            .find(|(_, hidden)| hidden.name == name)
            .unwrap();
        assert!((sign.center().y - place.center().y).abs() < 0.01, "{name}");
        let x = if word == "two" {
            place.right()
        } else {
            place.left()
        };
        assert!(
            (sign.left() - x).abs() < 1.0,
            "{name}: {} and {x}",
            sign.left()
        );
    }
    // Its name, where someone points and at the caret.
    let at = signs[2].0.center();
    window.harness.event(Event::PointerMoved(at));
    window.harness.run_steps(12);
    let name = "no-break space (U+00A0)";
    assert!(window.harness.query_by_label_contains(name).is_some());
    let place = window.place("two");
    click(&mut window, place.right_center() - vec2(0.5, 0.0), 1);
    let told = format!(" · {name}");
    assert!(window.harness.query_by_label_contains(&told).is_some());
    // What is marked across them is the same text.
    window.drag_with("two\u{a0}three", Modifiers::NONE);
    window.key(Key::Q);
    assert_eq!(window.annotations(), ["quote: two\u{a0}three"]);
    assert!(window.harness.state().model.settings().shows_hidden);
    window.keys(Key::H, Modifiers::COMMAND | Modifiers::SHIFT);
    assert_eq!(count(&window), 0);
}

const TITLE: &str = "ראשון Daily אחרון";

/// All that is painted and has the words of the title, as it is given to egui: from left to right.
/// Each with whether its first letter lies where it may be painted.
fn painted(window: &Window) -> Vec<(String, bool)> {
    fn texts(shape: &Shape, clip: Rect, found: &mut Vec<(String, bool)>) {
        match shape {
            Shape::Vec(shapes) => shapes.iter().for_each(|shape| texts(shape, clip, found)),
            // A field is painted beside egui's, which has letters of no size.
            Shape::Text(text) if text.galley.num_vertices > 0 => {
                let left = text.pos.x + text.galley.rect.left();
                let is_seen = left >= clip.left() - 1.0;
                found.push((text.galley.text().to_owned(), is_seen));
            }
            _ => {}
        }
    }
    let mut found = Vec::new();
    for clipped in &window.harness.output().shapes {
        texts(&clipped.shape, clipped.clip_rect, &mut found);
    }
    // A sentence from the left has the words in the order of the sentence.
    let is_step = |text: &str| text.starts_with("Write note") || text.starts_with("Mark quote");
    found.retain(|(text, _)| !is_step(text));
    found.retain(|(text, _)| text.contains("Daily") && text.contains("אחרון"));
    found
}

fn hover(window: &mut Window, pos: Pos2) {
    window.harness.event(Event::PointerMoved(pos));
    window.harness.run_steps(2);
    window
        .harness
        .event(Event::PointerMoved(pos + vec2(1.0, 0.0)));
    window.harness.run_steps(14);
}

/// Wherever words of an article are shown, they stand as they are read.
#[test]
fn words_of_articles_stand_in_their_order_everywhere() {
    let text = format!("{TITLE}\n\n{TITLE} and he said that.");
    let mut window = Window::with(&text);
    let said = |window: &mut Window, place: &str, least: usize| {
        let found = painted(window);
        assert!(found.len() >= least, "{place}: {found:?}");
        for (text, is_seen) in &found {
            assert!(is_seen, "{place}: {text:?} is cut");
            let at = |word: &str| text.find(word).unwrap();
            // Words from the right that touch are one stretch, so the first may come once more.
            let first = text.rfind("ראשון").unwrap();
            let is_seen = at("אחרון") < at("Daily") && at("Daily") < first;
            assert!(is_seen, "{place}: {text:?}");
        }
        found.len()
    };
    // The article itself is set in words: `mixed_text` looks at those.
    let shown = said(&mut window, "list", 1);
    let row = window.harness.query_all_by_label_contains(TITLE);
    let row = row
        .map(|node| node.rect())
        .min_by(|a, b| a.left().total_cmp(&b.left()));
    hover(&mut window, row.unwrap().center());
    said(&mut window, "tooltip of the article", shown + 1);
    window.drag_with("Daily", Modifiers::NONE);
    window.key(Key::ArrowUp);
    window.keys(Key::A, Modifiers::COMMAND);
    window.key(Key::Q);
    window.key(Key::N);
    typed(&mut window, TITLE);
    said(&mut window, "card with a note", shown + 2);
    window.keys(Key::Enter, Modifiers::COMMAND);
    window.harness.run_steps(2);
    let at = window.place("and he").center();
    hover(&mut window, at);
    said(&mut window, "list of annotations", shown);
    for (place, command) in [
        ("details", Command::Details),
        ("history", Command::History),
        ("palette", Command::Palette),
        ("keys", Command::CheatSheet),
        ("codebook", Command::Codebook),
        ("find", Command::Find),
    ] {
        window
            .harness
            .state_mut()
            .model
            .perform(Action::Run(command));
        window.harness.run_steps(4);
        if matches!(command, Command::Palette | Command::Find) {
            typed(&mut window, "Daily");
            window.settle();
            window.harness.run_steps(6);
        }
        said(&mut window, place, 0);
        window.key(Key::Escape);
    }
    assert!(said(&mut window, "find", 1) > 0);
}
