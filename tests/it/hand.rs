//! The hand on the article: what the mouse and the keys of any keyboard hit.

use crate::mouse::{RIGHT, button, click_with};
use crate::window::{TEXT, Window};
use eframe::egui::{Event, Key, Modifiers, Pos2, Rect, pos2, vec2};
use egui_kittest::kittest::Queryable;
use pressmark::app::action::Action;
use pressmark::core::article::Status;

/// All that came while the frame before was being drawn.
fn in_one_frame(window: &mut Window, events: Vec<Event>) {
    window.harness.input_mut().events.extend(events);
    window.harness.step();
}

/// A frame that begins so much later.
fn after(window: &mut Window, secs: f64, events: Vec<Event>) {
    let now = window.harness.ctx.input(|input| input.time);
    window.harness.input_mut().time = Some(now + secs);
    in_one_frame(window, events);
}

fn pressed(key: Key, physical: Key, modifiers: Modifiers, text: &str) -> Vec<Event> {
    let mut events = vec![Event::Key {
        key,
        physical_key: Some(physical),
        pressed: true,
        repeat: false,
        modifiers,
    }];
    if !text.is_empty() {
        events.push(Event::Text(text.to_owned()));
    }
    events
}

fn press(window: &mut Window, key: Key, physical: Key, modifiers: Modifiers, text: &str) {
    in_one_frame(window, pressed(key, physical, modifiers, text));
    window.harness.run_steps(2);
}

fn selected_label(window: &Window) -> Option<String> {
    let annotation = window.harness.state().model.selected_annotation();
    annotation.map(|annotation| annotation.label.to_string())
}

/// Tags that would lie over each other are pushed down: a click hits the one that is drawn there.
#[test]
fn a_tag_selects_what_it_tells_of() {
    let mut window = Window::with(TEXT);
    for (part, key) in [
        ("“it is a proud day” on Monday", Key::Q),
        ("“it is a proud day”", Key::C),
        ("it is a proud", Key::P),
    ] {
        window.drag(part);
        window.key(key);
    }
    window.key(Key::Escape);
    // Two are underlined; the tag of the outer one of them counts the third.
    let _counts = window.harness.get_by_label("Select Claim +1");
    let tags = [
        ("Select Quote", "quote"),
        ("Select Claim", "claim"),
        ("Select Promotional", "promo"),
    ];
    for (tag, label) in tags {
        let rect = window.harness.get_by_label_contains(tag).rect();
        let at = rect.center();
        window.harness.event(Event::PointerMoved(at));
        window.harness.step();
        window.harness.event(button(at, true));
        window.harness.event(button(at, false));
        window.harness.run_steps(3);
        assert_eq!(selected_label(&window).as_deref(), Some(label), "{tag}");
    }
    let tops = tags.map(|(tag, _)| window.harness.get_by_label_contains(tag).rect());
    assert!(tops[0].bottom() <= tops[1].top() + 0.5, "{tops:?}");
    assert!(tops[1].bottom() <= tops[2].top() + 0.5, "{tops:?}");
}

/// On a slow frame all of a drag comes at once: it marks from where the button went down.
#[test]
fn a_drag_begins_where_it_was_pressed() {
    let mut window = Window::with(TEXT);
    let rect = window.place("proud day");
    let (from, to) = (
        rect.left_center() + vec2(0.6, 0.0),
        rect.right_center() - vec2(0.6, 0.0),
    );
    let far = to + vec2(60.0, 0.0);
    window.harness.event(Event::PointerMoved(from));
    window.harness.step();
    // Pressed and moved, then let go of and moved on.
    in_one_frame(
        &mut window,
        vec![button(from, true), Event::PointerMoved(to)],
    );
    in_one_frame(
        &mut window,
        vec![button(to, false), Event::PointerMoved(far)],
    );
    assert_eq!(window.selected_text(), "proud day");
    // From beginning to end, with the keys that come after it, and another one.
    let other = window.place("Ada Quill");
    let (start, end) = (
        other.left_center() + vec2(0.6, 0.0),
        other.right_center() - vec2(0.6, 0.0),
    );
    let mut events = Vec::new();
    for (from, to, key, text) in [(from, to, Key::Q, "q"), (start, end, Key::S, "s")] {
        events.extend([
            Event::PointerMoved(from),
            button(from, true),
            Event::PointerMoved(from.lerp(to, 0.4)),
            Event::PointerMoved(to),
            button(to, false),
        ]);
        events.extend(pressed(key, key, Modifiers::NONE, text));
    }
    events.push(Event::PointerMoved(far));
    in_one_frame(&mut window, events);
    assert_eq!(
        window.annotations(),
        ["source: Ada Quill", "quote: proud day"]
    );
}

#[test]
fn clicks_are_counted_by_when_they_were_made() {
    let mut window = Window::with(TEXT);
    let sentence = "The bridge cost 3,400 crowns.";
    let at = window.place("bridge cost").left_center() + vec2(12.0, 0.0);
    let clicks = |times: usize| -> Vec<Event> {
        let one = [button(at, true), button(at, false)];
        one.iter().cycle().take(2 * times).cloned().collect()
    };
    window.harness.event(Event::PointerMoved(at));
    window.harness.step();
    in_one_frame(&mut window, clicks(3));
    assert_eq!(window.selected_text(), sentence);
    // The first click, and a frame that takes so long that the others come late.
    window.harness.run_steps(20);
    in_one_frame(&mut window, clicks(1));
    assert_eq!(window.selected_text(), "");
    window.harness.state_mut().article.was_busy(0.8);
    after(&mut window, 0.8, clicks(2));
    assert_eq!(window.selected_text(), sentence);
    // Nothing was slow, and time passed: another click is another click.
    window.harness.state_mut().article.was_busy(0.01);
    after(&mut window, 0.8, clicks(1));
    assert_eq!(window.selected_text(), "");
}

/// Another article may come in the middle of a frame.
#[test]
fn what_is_done_after_going_on_is_done_there() {
    let mut window = Window::with(&format!(
        "Längere Überschrift\n\n{}\n",
        "Größe für Öl. ".repeat(90)
    ));
    window.paste("Short\n\nOne.");
    window.keys(Key::PageUp, Modifiers::COMMAND);
    let rect = window.place("Größe für Öl. Größe");
    let (from, to) = (rect.left_center(), rect.right_center());
    window.harness.event(Event::PointerMoved(from));
    window.harness.step();
    let drag = [
        button(from, true),
        Event::PointerMoved(to),
        button(to, false),
    ];
    let mut events = drag.to_vec();
    events.extend(pressed(Key::Q, Key::Q, Modifiers::NONE, "q"));
    events.extend(pressed(
        Key::PageDown,
        Key::PageDown,
        Modifiers::COMMAND,
        "",
    ));
    events.extend(drag);
    events.extend(pressed(Key::A, Key::A, Modifiers::COMMAND, ""));
    events.extend(pressed(Key::C, Key::C, Modifiers::NONE, "c"));
    in_one_frame(&mut window, events);
    window.harness.run_steps(2);
    assert_eq!(window.annotations(), ["claim: Short\n\nOne."]);
    window.keys(Key::PageUp, Modifiers::COMMAND);
    assert_eq!(window.annotations(), ["quote: Größe für Öl. Größe"]);
}

#[test]
fn keys_follow_what_is_printed() {
    let mut window = Window::with(TEXT);
    window
        .harness
        .state_mut()
        .model
        .perform(Action::Run(pressmark::app::command::Command::ZoomIn));
    let zoom = |window: &Window| window.harness.state().model.settings().zoom;
    assert!(zoom(&window) > 1.0);
    press(&mut window, Key::Num0, Key::Num0, Modifiers::COMMAND, "");
    assert_eq!(zoom(&window), 1.0);
    // AZERTY has the digits, and the full stop, with Shift.
    let shift = Modifiers::SHIFT;
    window.drag("“it is a proud day”");
    window.key(Key::Q);
    press(&mut window, Key::Period, Key::Semicolon, shift, ".");
    assert!(window.harness.state().model.edge_move().is_some());
    window.key(Key::Escape);
    // A Cyrillic keyboard has Latin letters too; its “ю” is no full stop.
    window.drag("Monday");
    press(&mut window, Key::C, Key::C, Modifiers::NONE, "с");
    press(&mut window, Key::Period, Key::Period, Modifiers::NONE, "ю");
    assert!(window.harness.state().model.edge_move().is_none());
    // AltGr on a Polish one makes another letter.
    window.drag("crowns");
    press(&mut window, Key::S, Key::S, Modifiers::NONE, "ś");
    assert_eq!(
        window.annotations(),
        ["quote: “it is a proud day”", "claim: Monday"]
    );
}

/// A drag selects text instead of the annotation, which the text can still become a part of.
#[test]
fn a_drag_then_f_adds_a_fragment() {
    let mut window = Window::with(TEXT);
    window.drag("“it is a proud day”");
    window.key(Key::Q);
    window.drag("Monday");
    window.key(Key::F);
    assert_eq!(
        window.annotations(),
        ["quote: “it is a proud day” … Monday"]
    );
    assert_eq!(selected_label(&window).as_deref(), Some("quote"));
    // Letting go of it is letting go.
    window.key(Key::Escape);
    window.key(Key::Escape);
    window.drag("crowns");
    window.key(Key::F);
    assert_eq!(
        window.annotations(),
        ["quote: “it is a proud day” … Monday"]
    );
}

#[test]
fn done_goes_on_to_what_is_not_done() {
    let mut window = Window::with("First article\n\nOne.");
    for text in [
        "Second article\n\nTwo.",
        "Third article\n\nThree.",
        "Fourth article\n\nFour.",
    ] {
        window.paste(text);
    }
    let titles = |window: &Window| {
        window
            .harness
            .state()
            .model
            .article()
            .unwrap()
            .title
            .clone()
    };
    let model = &mut window.harness.state_mut().model;
    let ids: Vec<_> = model
        .session()
        .project()
        .articles()
        .iter()
        .map(|a| a.id.clone())
        .collect();
    for done in [1, 3] {
        model.perform(Action::SetStatus {
            article: ids[done].clone(),
            status: Status::Done,
        });
    }
    model.perform(Action::GoToArticle(ids[0].clone()));
    window.harness.run_steps(2);
    window.keys(Key::Enter, Modifiers::COMMAND);
    assert_eq!(titles(&window), "Third article");
    // The one before is the last that is not done.
    let first = Action::SetStatus {
        article: ids[0].clone(),
        status: Status::New,
    };
    window.harness.state_mut().model.perform(first);
    window.keys(Key::Enter, Modifiers::COMMAND);
    assert_eq!(titles(&window), "First article");
    window.keys(Key::Enter, Modifiers::COMMAND);
    assert_eq!(titles(&window), "First article");
    let notices = window.harness.state().model.notices();
    assert_eq!(notices[0].message, "All articles are done");
}

#[test]
fn labels_without_a_key_of_their_own_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys.ron");
    let demo = include_str!("../../projects/demo.ron");
    let text = demo.replacen("key: \"c\"", "key: \"Q\"", 1);
    let text = text.replacen("key: \"p\"", "key: \"n\"", 1);
    assert_ne!(text, demo);
    std::fs::write(&path, text).unwrap();
    let mut window = Window::new(None);
    window.harness.state_mut().open_paths(vec![path]);
    window.harness.run_steps(3);
    let notices = window.harness.state().model.notices();
    let told: Vec<&str> = notices
        .iter()
        .map(|notice| notice.message.as_str())
        .collect();
    assert!(
        told.iter()
            .any(|told| told.contains("Q is the key of “Quote” and “Claim”")),
        "{told:?}"
    );
    assert!(
        told.iter()
            .any(|told| told.contains("the command “Write a note”")),
        "{told:?}"
    );
}

fn right_click(window: &mut Window, at: Pos2) {
    click_with(window, at, RIGHT);
    window.harness.run_steps(2);
}

#[test]
fn a_right_click_offers_what_can_be_done_here() {
    let mut window = Window::with(TEXT);
    window.drag("“it is a proud day”");
    window.key(Key::Q);
    window.drag("proud");
    let at = window.place("proud").center();
    right_click(&mut window, at);
    // On selected text: the labels, and what it can become a part of.
    let _part = window
        .harness
        .get_by_label_contains("Add selection as fragment");
    let labels = window.harness.query_all_by_label_contains("Mark as claim");
    let item = labels.last().unwrap();
    item.click();
    window.harness.run_steps(3);
    assert_eq!(
        window.annotations(),
        ["quote: “it is a proud day”", "claim: proud"]
    );
    // On an annotation, which is selected by it.
    window.key(Key::Escape);
    let at = window.place("Monday").center();
    right_click(&mut window, at);
    let _text = window.harness.get_by_label_contains("Select all");
    window.key(Key::Escape);
    assert_eq!(selected_label(&window), None);
    let at = window.place("it is").center();
    right_click(&mut window, at);
    assert_eq!(selected_label(&window).as_deref(), Some("quote"));
    window
        .harness
        .get_by_label_contains("Delete annotation")
        .click();
    window.harness.run_steps(3);
    assert_eq!(window.annotations(), ["claim: proud"]);
    // On a tag, which stands beside the text.
    window.key(Key::Escape);
    let at = window.harness.get_by_label("Select Claim").rect().center();
    right_click(&mut window, at);
    assert_eq!(selected_label(&window).as_deref(), Some("claim"));
    let _note = window.harness.get_by_label_contains("Write a note");
    window.key(Key::Escape);
    window.key(Key::Escape);
    // The tree has the menu of the window closed again, and the keyboard is the article's.
    window.drag("Monday");
    window.key(Key::P);
    assert_eq!(window.annotations(), ["claim: proud", "promo: Monday"]);
}

#[test]
fn the_labels_in_use_stand_at_the_selection() {
    let mut window = Window::with(TEXT);
    let name = "Mark the selection as claim";
    assert!(window.harness.query_by_label(name).is_none());
    window.drag("proud day");
    let words = window.place("proud day");
    let bar = window.harness.get_by_label(name).rect();
    // Close to the words, and over no letters: here above, since another line follows.
    let letters = |line: Rect| line.shrink2(vec2(0.0, 4.5));
    assert!(!bar.intersects(letters(words)), "{bar:?} {words:?}");
    let near = bar.expand2(vec2(2000.0, 12.0));
    assert!(near.intersects(words), "{bar:?} {words:?}");
    for other in [
        "Mayor opens bridge",
        "Mayor Ada",
        "bridge cost",
        "Subscribe",
    ] {
        let line = letters(window.place(other));
        let across = bar.expand2(vec2(2000.0, -1.0));
        assert!(!across.intersects(line), "{other}: {bar:?} {line:?}");
    }
    window.click(name);
    assert_eq!(window.annotations(), ["claim: proud day"]);
    assert!(window.harness.query_by_label(name).is_none());
    // A part of what was selected before.
    window.drag("Monday");
    window.click("Add the selection to the claim");
    assert_eq!(window.annotations(), ["claim: proud day … Monday"]);
    // Pressing on it marks nothing below it, and it can be switched off.
    let off = Action::Run(pressmark::app::command::Command::ToggleLabelBar);
    window.harness.state_mut().model.perform(off);
    window.drag("crowns");
    assert_eq!(window.selected_text(), "crowns");
    assert!(window.harness.query_by_label(name).is_none());
}

#[test]
fn the_card_keeps_its_place() {
    let mut window = Window::with(TEXT);
    window.drag("“it is a proud day”");
    window.key(Key::Q);
    window.drag("Subscribe to our newsletter!");
    window.key(Key::P);
    let list = |window: &Window| window.harness.get_by_label("Filter annotations").rect();
    let with_one = list(&window);
    window.keys(Key::Tab, Modifiers::SHIFT);
    assert_eq!(selected_label(&window).as_deref(), Some("quote"));
    assert_eq!(list(&window), with_one);
    window.key(Key::Escape);
    window.key(Key::Escape);
    assert_eq!(selected_label(&window), None);
    assert_eq!(list(&window), with_one);
}

/// The first field of the card is one key away.
#[test]
fn enter_goes_to_the_card() {
    let mut window = Window::with(TEXT);
    window.drag("“it is a proud day”");
    window.key(Key::Q);
    // What is proposed has Enter first; it is left.
    window.key(Key::Escape);
    window.key(Key::Enter);
    window.harness.event(Event::Text("Ada Quill".to_owned()));
    window.harness.run_steps(2);
    window.key(Key::Escape);
    let model = &window.harness.state().model;
    let annotation = model.selected_annotation().unwrap();
    let speaker = annotation.attributes.get("speaker").unwrap();
    assert_eq!(model.session().project().value_text(speaker), "Ada Quill");
}

#[test]
fn an_article_has_a_head() {
    let mut window = Window::new(None);
    let demo = include_str!("../../projects/demo.ron");
    let folder = tempfile::tempdir().unwrap();
    // As it is, and with a headline that the text does not have.
    let title =
        "title: \"No, Brannoch’s ballot papers were not printed with votes already on them\"";
    assert!(demo.contains(title));
    for (project, has_own) in [
        (demo.to_owned(), false),
        (
            demo.replacen(title, "title: \"Ballots, explained\"", 1),
            true,
        ),
    ] {
        let path = folder.path().join(format!("{has_own}.ron"));
        std::fs::write(&path, project).unwrap();
        window.harness.state_mut().open_paths(vec![path]);
        window.harness.run_steps(4);
        let byline = window
            .harness
            .get_by_label_contains("Ines Halvorsen for Tarn Valley Observer");
        let byline = byline.rect();
        let text = window
            .harness
            .get_by_label_contains("Wednesday 14 May 2025");
        assert_eq!(text.rect(), byline);
        let headline = window.harness.query_by_label("Ballots, explained");
        assert_eq!(headline.is_some(), has_own);
        // The byline stands below the headline, wherever that comes from, and above the text.
        let headline = match headline {
            Some(headline) => headline.rect(),
            None => window.place("No, Brannoch’s ballot papers"),
        };
        assert!(headline.bottom() <= byline.top(), "{headline:?} {byline:?}");
        let first = window.place("A photograph shared");
        assert!(byline.bottom() < first.top(), "{byline:?} {first:?}");
        assert!(headline.height() > 28.0, "{headline:?}");
    }
}

#[test]
fn the_text_stands_in_the_middle_of_a_wide_page() {
    let mut window = Window::with(TEXT);
    window.harness.set_size(vec2(2560.0, 1440.0));
    window.harness.run_steps(3);
    let left = window.place("Mayor Ada").left();
    let strip = window.harness.state().article.strip_x();
    let list = window
        .harness
        .get_by_label("Filter articles")
        .rect()
        .right();
    let (before, after) = (left - list, strip - left);
    // The measure is about 600 points wide.
    assert!(
        (after - before - 600.0).abs() < 120.0,
        "{before} and {after}"
    );
}

/// Also by a tap, of which both halves come in one frame.
#[test]
fn a_click_on_the_strip_goes_there() {
    use pressmark::core::text::{BytePos, ByteRange};
    let line = |n: usize| format!("In paragraph {n:03} the council met and agreed to everything.");
    let lines: Vec<String> = (0..400).map(line).collect();
    let text = lines.join("\n\n");
    let shown = |window: &mut Window| {
        let article = &mut window.harness.state_mut().article;
        let is_shown = |n: &usize| {
            let at = text.find(&lines[*n]).unwrap() as u32;
            let range = ByteRange::new(BytePos(at), BytePos(at + 20));
            article.screen_range(range).is_some()
        };
        (0..400).find(is_shown).unwrap()
    };
    let gone_to = |down_and_up: fn(&mut Window, Pos2)| {
        let mut window = Window::with(&text);
        assert_eq!(shown(&mut window), 0);
        let height = window.harness.ctx.content_rect().height();
        let at = pos2(window.harness.state().article.strip_x(), height / 2.0);
        in_one_frame(&mut window, vec![Event::PointerMoved(at)]);
        down_and_up(&mut window, at);
        window.harness.run_steps(3);
        shown(&mut window)
    };
    let by_click = gone_to(|window, at| {
        in_one_frame(window, vec![button(at, true)]);
        in_one_frame(window, vec![button(at, false)]);
    });
    assert!((150..250).contains(&by_click), "{by_click}");
    let by_tap = gone_to(|window, at| {
        in_one_frame(window, vec![button(at, true), button(at, false)]);
    });
    assert_eq!(by_tap, by_click);
}

/// Where lines stand close, one with underlines below each other is higher, in scripts that are set
/// glyph by glyph and in those that are set word by word.
#[test]
fn stacked_underlines_have_room() {
    use pressmark::core::text::{BytePos, ByteRange};
    for (sentence, last, outer, inner) in [
        (
            "The council met on Monday and agreed to everything. ",
            "finally",
            "The council met",
            "council",
        ),
        (
            "ראש הממשלה אמר שלום אתמול בבוקר ובערב. ",
            "לבסוף",
            "ראש הממשלה",
            "הממשלה",
        ),
    ] {
        let text = format!("{}{last}", sentence.repeat(7));
        let mut window = Window::with(&text);
        for (spacing, grows) in [(1.75, false), (1.2, true)] {
            let model = &mut window.harness.state_mut().model;
            let mut settings = model.settings().clone();
            settings.line_spacing = spacing;
            model.perform(Action::SetSettings(Box::new(settings)));
            window.harness.run_steps(3);
            let first = window.place(sentence.split_whitespace().next().unwrap());
            let before = window.place(last);
            assert!(before.top() > first.bottom() + 20.0, "{before:?}");
            window.drag(outer);
            window.key(Key::Q);
            assert_eq!(window.place(last), before, "one underline needs no room");
            let mark = |label: &str| {
                let at = text.find(inner).unwrap() as u32;
                let range = ByteRange::new(BytePos(at), BytePos(at + inner.len() as u32));
                let label = label.into();
                Action::MarkRange { range, label }
            };
            window.harness.state_mut().model.perform(mark("claim"));
            window.harness.run_steps(2);
            assert_eq!(window.annotations().len(), 2);
            let after = window.place(last);
            let grown = after.top() - before.top();
            assert_eq!(grown > 2.0, grows, "{sentence} {spacing}: {grown}");
            // What is on the lines below is still hit where it is drawn.
            window.drag(last);
            assert_eq!(window.selected_text(), last);
            for _ in 0..2 {
                window.keys(Key::Z, Modifiers::COMMAND);
            }
            assert!(window.annotations().is_empty());
            assert_eq!(window.place(last), before);
        }
    }
}

/// What was on the screen of an article is known, and what was skipped is not.
#[test]
fn what_was_read_is_known() {
    let text = "The council met on Monday.\n\n".repeat(400);
    let mut window = Window::with(&text);
    let read = |window: &Window| window.harness.state().model.read().to_vec();
    let first = read(&window);
    assert_eq!((first.len(), first[0].start.0), (1, 0));
    assert!(first[0].len() < text.len() / 4, "{first:?}");
    window.keys(Key::End, Modifiers::COMMAND);
    let both = read(&window);
    assert_eq!((both.len(), both[0]), (2, first[0]));
    assert_eq!(both[1].end.as_usize(), text.len());
    window.keys(Key::Home, Modifiers::COMMAND);
    window.key(Key::PageDown);
    let more = read(&window);
    assert_eq!((more.len(), more[1]), (2, both[1]));
    assert!(more[0].end > first[0].end);
}

/// A label whose marks leave quotation marks and closing punctuation out, by its codebook.
#[test]
fn a_drag_shows_what_its_label_marks() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("policy.ron");
    let mut window = Window::with("She said “we will stay.” and left.");
    let save = Action::SaveTo(path.clone());
    window.harness.state_mut().model.perform(save);
    window.settle();
    let source = std::fs::read_to_string(&path).unwrap();
    let edges = "boundary: \"word\",\n                edges: (\n                    quotation_marks: \"out\",\n                    closing_punctuation: \"out\",\n                ),";
    let policy = source.replacen("boundary: \"word\",", edges, 1);
    assert_ne!(policy, source);
    std::fs::write(&path, policy).unwrap();
    drop(window);
    let mut window = Window::new(None);
    window.harness.state_mut().model.perform(Action::Open(path));
    window.settle();
    let lock = Action::LockLabel(Some("quote".into()));
    window.harness.state_mut().model.perform(lock);
    window.drag("“we will stay.”");
    assert_eq!(window.annotations(), ["quote: we will stay"]);
    window.keys(Key::Z, Modifiers::COMMAND);
    // Alt marks what the hand says.
    window.drag_with("“we will stay.”", Modifiers::ALT);
    assert_eq!(window.annotations(), ["quote: “we will stay.”"]);
    window.keys(Key::Z, Modifiers::COMMAND);
    // And the key of a label goes by its policy.
    let lock = Action::LockLabel(None);
    window.harness.state_mut().model.perform(lock);
    window.drag("“we will stay.”");
    window.key(Key::Q);
    assert_eq!(window.annotations(), ["quote: we will stay"]);
}
