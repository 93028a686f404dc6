//! The window by accessible name: the analyst's main flows, with mouse and with keyboard.

use eframe::egui::{Event, Key, Modifiers, PointerButton, Pos2, Rect, Vec2, pos2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use pressmark::app::action::Action;
use pressmark::app::command::{Command, Menu, info};
use pressmark::app::model::{Model, commands};
use pressmark::app::settings::{Settings, ThemeChoice};
use pressmark::core::text::{ArticleText, BytePos, ByteRange};
use pressmark::format::project_ron;
use pressmark::ui::app::PressmarkApp;
use pressmark::ui::file_dialog::{Answer, Dialogs, Wanted};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

/// An article that has a bit of everything.
pub(crate) const TEXT: &str = "Mayor opens bridge\n\nMayor Ada Quill said “it is a proud day” on Monday. The bridge cost 3,400 crowns.\n\nSubscribe to our newsletter!\n";

/// Answers that were written down before they are asked for.
#[derive(Clone, Default)]
struct Script(Arc<Mutex<Vec<Answer>>>);

impl Dialogs for Script {
    fn ask(&mut self, _: Wanted, _: &str, _: Arc<dyn Fn() + Send + Sync>) {}

    fn poll(&mut self) -> Option<Answer> {
        self.0.lock().unwrap().pop()
    }

    fn is_slow(&self) -> bool {
        false
    }

    fn forget(&mut self) {}
}

pub(crate) struct Window {
    pub(crate) harness: Harness<'static, PressmarkApp>,
    answers: Script,
}

impl Window {
    pub(crate) fn new(folder: Option<PathBuf>) -> Self {
        let answers = Script::default();
        let script = answers.clone();
        let harness = Harness::builder()
            .with_size(vec2(1280.0, 800.0))
            .with_max_steps(60)
            .with_step_dt(0.06)
            .allow_missing_glyphs()
            .build_eframe(move |creation| {
                let settings = match &folder {
                    Some(folder) => Settings::load(folder),
                    None => Settings {
                        annotator: "ana".to_owned(),
                        id_tag: "test".to_owned(),
                        ..Settings::default()
                    },
                };
                PressmarkApp::new(&creation.egui_ctx, settings, folder, Box::new(script))
            });
        let mut window = Self { harness, answers };
        window.harness.run();
        window
    }

    /// A window with an article, its notice gone.
    pub(crate) fn with(text: &str) -> Self {
        let mut window = Self::new(None);
        window.paste(text);
        window
    }

    pub(crate) fn paste(&mut self, text: &str) {
        self.harness.event(Event::Paste(text.to_owned()));
        self.harness.run_steps(2);
        // A page is read in a job.
        self.settle();
        self.key(Key::Enter);
        let model = &mut self.harness.state_mut().model;
        while !model.notices().is_empty() {
            model.perform(Action::DismissNotice(0));
        }
        self.harness.run();
    }

    pub(crate) fn key(&mut self, key: Key) {
        self.keys(key, Modifiers::NONE);
    }

    pub(crate) fn keys(&mut self, key: Key, modifiers: Modifiers) {
        self.harness.key_press_modifiers(modifiers, key);
        self.harness.run_steps(2);
    }

    pub(crate) fn click(&mut self, label: &str) {
        self.harness.get_by_label(label).click();
        self.harness.run_steps(3);
    }

    /// The first of several that are called the same.
    pub(crate) fn click_first(&mut self, label: &str) {
        if let Some(node) = self.harness.query_all_by_label(label).next() {
            node.click();
        }
        self.harness.run_steps(3);
    }

    fn button(&mut self, pos: Pos2, pressed: bool, modifiers: Modifiers) {
        let event = Event::PointerButton {
            pos,
            button: PointerButton::Primary,
            pressed,
            modifiers,
        };
        self.harness.event_modifiers(event, modifiers);
        self.harness.step();
    }

    /// Where a part of the text stands on the screen.
    pub(crate) fn place(&mut self, part: &str) -> Rect {
        let app = self.harness.state_mut();
        let article = app.model.article().unwrap().clone();
        let at = article.text.as_str().find(part).unwrap() as u32;
        let range = ByteRange::new(BytePos(at), BytePos(at + part.len() as u32));
        let found = app.article.screen_range(range);
        found.unwrap_or_else(|| panic!("“{part}” is not on the screen"))
    }

    pub(crate) fn drag_with(&mut self, part: &str, modifiers: Modifiers) {
        let rect = self.place(part);
        let (from, to) = (
            rect.left_center() + vec2(0.6, 0.0),
            rect.right_center() - vec2(0.6, 0.0),
        );
        self.harness.event(Event::PointerMoved(from));
        self.harness.step();
        self.button(from, true, modifiers);
        for share in [0.3, 0.7, 1.0] {
            self.harness
                .event_modifiers(Event::PointerMoved(from.lerp(to, share)), modifiers);
            self.harness.step();
        }
        self.button(to, false, modifiers);
        self.harness.run_steps(2);
    }

    pub(crate) fn drag(&mut self, part: &str) {
        self.drag_with(part, Modifiers::NONE);
    }

    fn clicks(&mut self, part: &str, times: usize) {
        let at = self.place(part).center();
        self.harness.event(Event::PointerMoved(at));
        // Far from the click before, so that it is not counted on.
        self.harness.run_steps(8);
        for _ in 0..times {
            self.button(at, true, Modifiers::NONE);
            self.button(at, false, Modifiers::NONE);
        }
        self.harness.run_steps(2);
    }

    pub(crate) fn selected_text(&self) -> String {
        let model = &self.harness.state().model;
        let article = model.article().unwrap();
        article.text.slice(model.selection().range()).to_owned()
    }

    /// Label and text of every annotation, in text order.
    pub(crate) fn annotations(&self) -> Vec<String> {
        let article = self.harness.state().model.article().unwrap().clone();
        let texts = |fragments: &[ByteRange]| {
            let parts: Vec<&str> = fragments.iter().map(|f| article.text.slice(*f)).collect();
            parts.join(" … ")
        };
        article
            .annotations
            .in_text_order()
            .map(|a| format!("{}: {}", a.label, texts(&a.fragments)))
            .collect()
    }

    /// Runs until no job is left.
    pub(crate) fn settle(&mut self) {
        for _ in 0..500 {
            self.harness.step();
            if self.harness.state().model.jobs().running().is_empty() {
                break;
            }
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        self.harness.run_steps(2);
    }

    /// The system has no dialog to show.
    pub(crate) fn refuse(&mut self) {
        self.answers.0.lock().unwrap().push(Answer::Unavailable);
    }

    pub(crate) fn answer(&mut self, path: &std::path::Path) {
        self.answers
            .0
            .lock()
            .unwrap()
            .push(Answer::Paths(vec![path.to_owned()]));
    }
}

pub(crate) fn model(window: &Window) -> &Model {
    &window.harness.state().model
}

pub(crate) fn perform(window: &mut Window, action: impl Into<Action>) {
    window.harness.state_mut().model.perform(action.into());
    window.harness.run_steps(4);
}

/// The project as it would be saved.
pub(crate) fn bytes(window: &Window) -> String {
    project_ron::write(model(window).session().project(), &mut |_| true).unwrap()
}

#[test]
fn an_empty_window_says_what_to_do() {
    let mut window = Window::new(None);
    for label in [
        "Add articles…",
        "Add a folder of articles…",
        "Open project…",
    ] {
        let _found = window.harness.get_by_label_contains(label);
    }
    window
        .harness
        .get_by_label_contains("Open the demo")
        .click();
    window.harness.run_steps(4);
    assert_eq!(
        window
            .harness
            .state()
            .model
            .session()
            .project()
            .articles()
            .len(),
        7
    );
}

#[test]
fn mark_with_the_mouse_then_undo_and_redo() {
    let mut window = Window::with(TEXT);
    window.drag("“it is a proud day”");
    assert_eq!(window.selected_text(), "“it is a proud day”");
    window.key(Key::Q);
    window.drag("proud");
    window.key(Key::C);
    assert_eq!(
        window.annotations(),
        ["quote: “it is a proud day”", "claim: proud"]
    );
    window.keys(Key::Z, Modifiers::COMMAND);
    window.keys(Key::Z, Modifiers::COMMAND);
    assert!(window.annotations().is_empty());
    window.keys(Key::Z, Modifiers::COMMAND | Modifiers::SHIFT);
    window.keys(Key::Y, Modifiers::COMMAND);
    assert_eq!(
        window.annotations(),
        ["quote: “it is a proud day”", "claim: proud"]
    );
}

/// What is asked for in a frame is done before its text is painted: no key, drag or mark lags.
#[test]
fn all_that_is_done_in_a_frame_is_shown_in_it() {
    let mut window = Window::with(TEXT);
    let right = Event::Key {
        key: Key::ArrowRight,
        physical_key: None,
        pressed: true,
        repeat: true,
        modifiers: Modifiers::SHIFT,
    };
    let twice = [right.clone(), right];
    window.harness.input_mut().events.extend(twice);
    window.harness.step();
    assert_eq!(window.selected_text(), "Ma");
    let label = Action::LockLabel(Some("quote".into()));
    window.harness.state_mut().model.perform(label);
    let rect = window.place("proud day");
    let (from, to) = (
        rect.left_center() + vec2(0.6, 0.0),
        rect.right_center() - vec2(0.6, 0.0),
    );
    window.harness.event(Event::PointerMoved(from));
    window.harness.step();
    window.button(from, true, Modifiers::NONE);
    window.harness.event(Event::PointerMoved(to));
    window.harness.step();
    assert_eq!(window.selected_text(), "proud day");
    assert_eq!(window.harness.state().stats().annotations_painted, 0);
    window.button(to, false, Modifiers::NONE);
    assert_eq!(window.annotations(), ["quote: proud day"]);
    assert_eq!(window.harness.state().stats().annotations_painted, 1);
}

#[test]
fn clicks_select_word_sentence_paragraph() {
    let mut window = Window::with(TEXT);
    for (times, expected) in [
        (2, "bridge"),
        (3, "The bridge cost 3,400 crowns."),
        (
            4,
            "Mayor Ada Quill said “it is a proud day” on Monday. The bridge cost 3,400 crowns.",
        ),
    ] {
        window.clicks("bridge cost", 0);
        let at = window.place("bridge cost").left_center() + vec2(12.0, 0.0);
        window.harness.event(Event::PointerMoved(at));
        window.harness.run_steps(8);
        for _ in 0..times {
            window.button(at, true, Modifiers::NONE);
            window.button(at, false, Modifiers::NONE);
        }
        assert_eq!(window.selected_text(), expected, "{times} clicks");
    }
}

#[test]
fn drags_snap_to_words_and_alt_lets_them_be_exact() {
    let mut window = Window::with(TEXT);
    window.drag("rou");
    assert_eq!(window.selected_text(), "proud");
    window.drag_with("rou", Modifiers::ALT);
    assert_eq!(window.selected_text(), "rou");
}

#[test]
fn a_locked_label_marks_every_drag() {
    let mut window = Window::with(TEXT);
    window.keys(Key::P, Modifiers::SHIFT);
    window.drag("Subscribe to our newsletter!");
    window.drag("newsletter");
    assert_eq!(
        window.annotations(),
        ["promo: Subscribe to our newsletter!", "promo: newsletter"]
    );
    window.key(Key::Escape);
    window.key(Key::Escape);
    window.key(Key::Escape);
    window.drag("Monday");
    assert_eq!(window.annotations().len(), 2);
}

#[test]
fn everything_by_keyboard_alone() {
    let mut window = Window::with(TEXT);
    let (ctrl, alt, shift) = (Modifiers::COMMAND, Modifiers::ALT, Modifiers::SHIFT);
    window.keys(Key::Home, ctrl);
    window.keys(Key::ArrowDown, ctrl);
    window.keys(Key::ArrowRight, alt);
    window.keys(Key::ArrowRight, alt | shift);
    assert_eq!(
        window.selected_text().trim(),
        "The bridge cost 3,400 crowns."
    );
    window.key(Key::C);
    // Its end goes back to before the full stop, as one step.
    window.key(Key::Period);
    window.key(Key::ArrowLeft);
    window.key(Key::Enter);
    assert_eq!(
        window.annotations(),
        ["claim: The bridge cost 3,400 crowns"]
    );
    window.key(Key::Comma);
    window.keys(Key::ArrowRight, ctrl);
    window.key(Key::Enter);
    assert_eq!(window.annotations(), ["claim: bridge cost 3,400 crowns"]);
    // Grow from a caret, mark, walk and cycle.
    window.key(Key::Escape);
    window.keys(Key::Home, ctrl);
    window.keys(Key::ArrowDown, ctrl);
    for _ in 0..5 {
        window.keys(Key::ArrowRight, ctrl);
    }
    window.keys(Key::ArrowUp, alt);
    window.keys(Key::ArrowUp, alt);
    assert_eq!(window.selected_text(), "“it is a proud day”");
    window.keys(Key::ArrowDown, alt);
    assert_eq!(window.selected_text(), "it");
    window.keys(Key::ArrowUp, alt);
    window.key(Key::Q);
    window.key(Key::Tab);
    let claim = window
        .harness
        .state()
        .model
        .selected_annotation()
        .unwrap()
        .label
        .to_string();
    assert_eq!(claim, "claim");
    window.keys(Key::Tab, shift);
    // A note, then deleting and bringing back.
    window.key(Key::N);
    window.harness.event(Event::Text("who says so?".to_owned()));
    window.harness.run_steps(2);
    window.key(Key::Escape);
    let note = window
        .harness
        .state()
        .model
        .selected_annotation()
        .unwrap()
        .note
        .clone();
    assert_eq!(note, "who says so?");
    window.key(Key::Delete);
    assert_eq!(window.annotations(), ["claim: bridge cost 3,400 crowns"]);
    assert_eq!(
        window
            .harness
            .state()
            .model
            .session()
            .project()
            .trash()
            .len(),
        1
    );
    window.keys(Key::Z, ctrl);
    assert_eq!(window.annotations().len(), 2);
}

#[test]
fn a_drag_with_ctrl_adds_a_fragment() {
    let mut window = Window::with(TEXT);
    window.drag("“it is a proud day”");
    window.key(Key::Q);
    window.drag_with("Monday", Modifiers::COMMAND);
    assert_eq!(
        window.annotations(),
        ["quote: “it is a proud day” … Monday"]
    );
}

#[test]
fn a_handle_moves_an_edge_and_keeps_the_rest() {
    let mut window = Window::with(TEXT);
    window.drag("Ada Quill");
    window.key(Key::S);
    let before = window
        .harness
        .state()
        .model
        .selected_annotation()
        .unwrap()
        .clone();
    let knob = window.place("Ada Quill");
    let word = window.place("Mayor Ada");
    let size = window.harness.state().model.settings().reading_size * 1.32;
    let from = pos2(knob.left(), knob.center().y - size / 2.0);
    let to = pos2(word.left() + 1.0, knob.center().y);
    window.harness.event(Event::PointerMoved(from));
    window.harness.step();
    window.button(from, true, Modifiers::NONE);
    window.harness.event(Event::PointerMoved(to));
    window.harness.run_steps(2);
    window.button(to, false, Modifiers::NONE);
    window.harness.run_steps(2);
    assert_eq!(window.annotations(), ["source: Mayor Ada Quill"]);
    let after = window
        .harness
        .state()
        .model
        .selected_annotation()
        .unwrap()
        .clone();
    assert_eq!((&after.id, &after.made), (&before.id, &before.made));
    window.keys(Key::Z, Modifiers::COMMAND);
    assert_eq!(window.annotations(), ["source: Ada Quill"]);
}

#[test]
fn clicks_go_through_nested_annotations_smallest_first() {
    let mut window = Window::with(TEXT);
    for (part, key) in [
        ("“it is a proud day”", Key::Q),
        ("a proud day", Key::C),
        ("proud", Key::P),
    ] {
        window.drag(part);
        window.key(key);
    }
    window.key(Key::Escape);
    let selected = |window: &Window| {
        window
            .harness
            .state()
            .model
            .selected_annotation()
            .map(|a| a.label.to_string())
    };
    let mut seen = Vec::new();
    for _ in 0..3 {
        window.clicks("proud", 1);
        seen.extend(selected(&window));
        window.harness.run_steps(10);
    }
    assert_eq!(seen, ["promo", "claim", "quote"]);
    window.key(Key::O);
    assert_eq!(selected(&window).as_deref(), Some("promo"));
}

#[test]
fn the_panel_filters_edits_and_deletes() {
    let mut window = Window::with(TEXT);
    window.drag("“it is a proud day”");
    window.key(Key::Q);
    window.drag("Subscribe to our newsletter!");
    window.key(Key::P);
    window.keys(Key::A, Modifiers::COMMAND | Modifiers::SHIFT);
    window.harness.event(Event::Text("PROUD".to_owned()));
    window.harness.run_steps(3);
    assert!(
        window
            .harness
            .query_by_label_contains("Promotional content, Subscribe")
            .is_none()
    );
    window
        .harness
        .get_by_label_contains("Quote, “it is")
        .click();
    window.harness.run_steps(3);
    window.click("Kind: direct");
    let annotation = window
        .harness
        .state()
        .model
        .selected_annotation()
        .unwrap()
        .clone();
    assert_eq!(
        annotation
            .attributes
            .get("kind")
            .map(|v| v.to_text())
            .as_deref(),
        Some("direct")
    );
    window.click("Delete");
    assert_eq!(
        window.annotations(),
        ["promo: Subscribe to our newsletter!"]
    );
}

#[test]
fn save_quit_reopen_and_export() {
    let folder = tempfile::tempdir().unwrap();
    let (project, dataset) = (folder.path().join("p.ron"), folder.path().join("d.jsonl"));
    let config = folder.path().join("config");
    let mut window = Window::new(Some(config.clone()));
    window.paste(TEXT);
    window.drag("“it is a proud day”");
    window.key(Key::Q);
    window.answer(&project);
    window.keys(Key::S, Modifiers::COMMAND);
    window.settle();
    assert!(!window.harness.state().model.session().is_dirty());
    let first = std::fs::read(&project).unwrap();
    // A change, then quitting asks; saving again gives other bytes, undone and saved the same.
    window.drag("Monday");
    window.key(Key::C);
    window.keys(Key::Q, Modifiers::COMMAND);
    let _question = window.harness.get_by_label_contains("Save the changes");
    window.click("Go back");
    window.keys(Key::Z, Modifiers::COMMAND);
    window.keys(Key::S, Modifiers::COMMAND);
    window.settle();
    assert_eq!(std::fs::read(&project).unwrap(), first);
    window
        .harness
        .state_mut()
        .model
        .perform(Action::SetTheme(ThemeChoice::Dark));
    window.harness.state_mut().finish(None);
    let mut again = Window::new(Some(config));
    assert_eq!(
        again.harness.state().model.settings().theme,
        ThemeChoice::Dark
    );
    again.harness.get_by_label("p.ron").click();
    again.harness.run_steps(2);
    again.settle();
    assert_eq!(again.annotations(), ["quote: “it is a proud day”"]);
    again.answer(&dataset);
    again.keys(Key::E, Modifiers::COMMAND);
    // From the workbook down to JSON Lines.
    for _ in 0..6 {
        again.key(Key::ArrowDown);
    }
    again.key(Key::Enter);
    again.settle();
    let line = std::fs::read_to_string(&dataset).unwrap();
    assert!(line.contains("\"text\":\"“it is a proud day”\""), "{line}");
}

#[test]
fn another_project_leaves_nothing_of_the_first() {
    let mut window = Window::new(None);
    window
        .harness
        .get_by_label_contains("Open the demo")
        .click();
    window.harness.run_steps(4);
    let _counts = window.harness.get_by_label_contains("7 articles");
    window.keys(Key::N, Modifiers::COMMAND);
    assert!(
        window
            .harness
            .query_by_label_contains("7 articles")
            .is_none()
    );
    let _empty = window.harness.get_by_label_contains("Add articles…");
}

#[test]
fn every_command_is_in_a_menu_and_in_the_palette() {
    let mut window = Window::with(TEXT);
    for (menu, title) in Menu::ALL {
        window.click(title);
        for command in commands().filter(|command| info(*command).menu() == Some(menu)) {
            let shown = window.harness.state().model.title_of(command);
            if let Some(submenu) = info(command).section.submenu() {
                window.click_first(submenu);
            }
            let mut found = window.harness.query_all_by_label_contains(&shown);
            assert!(found.next().is_some(), "{shown}");
        }
        window.key(Key::Escape);
    }
    window.keys(Key::K, Modifiers::COMMAND);
    window.harness.event(Event::Text("flag".to_owned()));
    window.harness.run_steps(2);
    window.key(Key::Enter);
    let model = &window.harness.state().model;
    let status = model
        .article()
        .unwrap()
        .status_for(model.session().annotator());
    assert_eq!(status.name(), "flagged");
    assert_eq!(info(Command::Palette).key_text(), "Ctrl+K");
}

/// A long text with many annotations.
fn long() -> String {
    let paragraph =
        "The council met on Monday and “agreed to everything” that was asked. ".repeat(5);
    (0..3_000).map(|i| format!("{i} {paragraph}\n\n")).collect()
}

#[test]
fn only_what_is_seen_is_laid_out_and_nothing_moves_when_idle() {
    let mut window = Window::with(&long());
    let check = |window: &mut Window, what: &str| {
        let stats = window.harness.state().stats();
        assert!(
            stats.blocks_laid_out <= stats.blocks_visible * 2 + 6,
            "{what}: {stats:?}"
        );
        assert!(stats.blocks_visible < 60, "{what}: {stats:?}");
    };
    check(&mut window, "at first");
    for (key, modifiers) in [
        (Key::PageDown, Modifiers::NONE),
        (Key::End, Modifiers::COMMAND),
        (Key::PageUp, Modifiers::NONE),
        (Key::Home, Modifiers::COMMAND),
    ] {
        window.keys(key, modifiers);
        check(&mut window, key.name());
    }
    window.harness.run();
    let frames = window.harness.run();
    assert!(frames <= 1, "{frames} frames while idle");
}

#[test]
fn a_selection_survives_scrolling() {
    let mut window = Window::with(&long());
    window.drag("“agreed to everything”");
    window
        .harness
        .event(Event::PointerMoved(pos2(600.0, 400.0)));
    for _ in 0..6 {
        window.harness.event(Event::MouseWheel {
            unit: eframe::egui::MouseWheelUnit::Point,
            source: eframe::egui::MouseWheelSource::Wheel,
            delta: Vec2::new(0.0, -3_000.0),
            phase: eframe::egui::TouchPhase::Move,
            modifiers: Modifiers::NONE,
        });
        window.harness.run_steps(3);
    }
    assert_eq!(window.selected_text(), "“agreed to everything”");
    window.key(Key::Q);
    assert_eq!(window.annotations(), ["quote: “agreed to everything”"]);
}

#[test]
fn carets_are_valid_in_every_script_and_font() {
    let samples = [
        "“naïve” Việt Nam tiếng Việt, ﬁne ligatures",
        "💩This is an annotation. 👨🏻‍🚒 firemen 🤦🏼‍♂️ ❣️ 📉📰",
        "قال الوزير: «هذا يوم عظيم» في لندن London today",
        "ראש הממשלה אמר: \"שלום\" אתמול",
        "प्रधानमंत्री ने कहा कि यह एक बड़ा दिन है।",
        "นายกรัฐมนตรีกล่าวว่าวันนี้เป็นวันที่ดี",
        "首相は「交渉は来週行われる」と述べた。",
        "대통령은 “협상이 열릴 것”이라고 말했다.",
        "a\u{301}\u{301}e\u{200b}x\u{feff}y \u{202e}abc\u{202c} tab\there",
    ];
    for font in pressmark::app::settings::ReadingFont::ALL {
        for sample in samples {
            let mut window = Window::with(sample);
            let model = &mut window.harness.state_mut().model;
            let mut settings = model.settings().clone();
            settings.reading_font = font.0;
            model.perform(Action::SetSettings(Box::new(settings)));
            window.harness.run_steps(2);
            let text = window.harness.state().model.article().unwrap().text.clone();
            check_carets(&mut window, &text);
            window.keys(Key::A, Modifiers::COMMAND);
            window.key(Key::Q);
            assert_eq!(window.annotations(), [format!("quote: {}", sample.trim())]);
        }
    }
}

/// Clicking anywhere gives a grapheme boundary, and every grapheme is drawn somewhere.
fn check_carets(window: &mut Window, text: &ArticleText) {
    use pressmark::core::text::segment::{is_grapheme_boundary, next_grapheme};
    let mut at = BytePos(0);
    while at < text.end() {
        let next = next_grapheme(text, at);
        let range = ByteRange::new(at, next);
        let found = window.harness.state_mut().article.screen_range(range);
        let is_seen = text
            .slice(range)
            .chars()
            .any(|c| !c.is_whitespace() && !is_invisible(c));
        assert!(
            found.is_some() || !is_seen,
            "{:?} is nowhere",
            text.slice(range)
        );
        at = next;
    }
    for x in (300..900).step_by(37) {
        let at = pos2(x as f32, 120.0);
        window.harness.event(Event::PointerMoved(at));
        window.button(at, true, Modifiers::ALT);
        window.button(at, false, Modifiers::ALT);
        let caret = window.harness.state().model.selection().caret;
        assert!(
            is_grapheme_boundary(text, caret),
            "{caret:?} in {:?}",
            text.as_str()
        );
    }
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{feff}' | '\u{fe0f}')
}

#[test]
fn an_import_is_looked_at_before_it_enters() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    let ferry = "Ferry stays in harbour\n\nThe harbour master said “no ferry will leave” before the storm had passed. Some two hundred passengers spent the night in the school hall, where volunteers handed out blankets and soup.";
    let page = format!(
        "<html><head><title>Ferry</title><link rel=canonical href=\"https://post.example/ferry\"></head><body><article><h1>Ferry</h1><p>{}</p></article></body></html>",
        ferry.split("\n\n").nth(1).unwrap().repeat(3)
    );
    let page_path = write("ferry.html", &page);
    let table = write(
        "table.csv",
        "headline,body\nBridge shut,The bridge was shut on Monday.\nRoad open,The road is open again.\n",
    );
    let dataset = write(
        "a.jsonl",
        "{\"text\": \"🙂 She said yes.\", \"label\": [[2, 5, \"Speaker\"]]}\n",
    );
    write("broken.docx", "no zip");
    let mut window = Window::new(None);
    let drop = |window: &mut Window, paths: Vec<PathBuf>| {
        window
            .harness
            .state_mut()
            .model
            .perform(Action::AddPaths(paths));
        for _ in 0..200 {
            window.harness.run_steps(1);
            let import = window.harness.state().model.import();
            if import.is_none_or(|import| import.proposal.is_some()) {
                break;
            }
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        window.harness.run_steps(3);
    };
    drop(&mut window, vec![folder.path().to_owned()]);
    let _counts = window
        .harness
        .get_by_label_contains("4 files, 5 articles, 1 annotation");
    // Leaving changes nothing.
    window.key(Key::Escape);
    assert!(window.harness.state().model.import().is_none());
    assert!(
        window
            .harness
            .state()
            .model
            .session()
            .project()
            .articles()
            .is_empty()
    );

    drop(&mut window, vec![page_path.clone(), table, dataset]);
    window.harness.get_by_label_contains("Labels (1)").click();
    window.harness.run_steps(3);
    let _new = window.harness.get_by_label_contains("Label for Speaker");
    window
        .harness
        .get_by_label_contains("Add 4 articles")
        .click();
    window.harness.run_steps(4);
    {
        let project = window.harness.state().model.session().project();
        assert_eq!(
            (project.articles().len(), project.annotation_count()),
            (4, 1)
        );
    }
    window
        .harness
        .state_mut()
        .model
        .perform(Action::Run(Command::Undo));
    assert!(
        window
            .harness
            .state()
            .model
            .session()
            .project()
            .articles()
            .is_empty()
    );
    window
        .harness
        .state_mut()
        .model
        .perform(Action::Run(Command::Redo));

    // The outlet changed its article: the marks follow it.
    let id = {
        let model = &window.harness.state().model;
        let articles = model.session().project().articles();
        articles
            .iter()
            .find(|a| a.title.starts_with("Ferry"))
            .unwrap()
            .id
            .clone()
    };
    let model = &mut window.harness.state_mut().model;
    model.perform(Action::GoToArticle(id.clone()));
    let text = model.article().unwrap().text.clone();
    let start = text.as_str().find("“no ferry will leave”").unwrap();
    let range = ByteRange::new(
        BytePos(start as u32),
        BytePos((start + "“no ferry will leave”".len()) as u32),
    );
    model.perform(Action::MarkRange {
        range,
        label: "quote".into(),
    });
    std::fs::write(&page_path, page.replacen("two hundred", "three hundred", 1)).unwrap();
    drop(&mut window, vec![page_path]);
    window
        .harness
        .get_by_label_contains("Copies and versions (1)")
        .click();
    window.harness.run_steps(3);
    let _changed = window
        .harness
        .get_by_label_contains("1 stretch of the wording changed");
    window.key(Key::Enter);
    window.harness.run_steps(3);
    let project = window.harness.state().model.session().project();
    assert_eq!(
        (project.articles().len(), project.annotation_count()),
        (4, 2)
    );
    assert!(project.article(&id).is_none() && project.trash().len() == 1);
    let version = project
        .articles()
        .iter()
        .find(|a| a.meta("replaces") == Some(id.as_str()))
        .unwrap();
    let mark = version.annotations.iter().next().unwrap();
    assert_eq!(version.text.slice(mark.extent()), "“no ferry will leave”");
    assert!(pressmark::core::check::check(project, &Default::default()).is_empty());

    // Saved and read, and with the old version back, everything is still whole.
    let written = project_ron::write(project, &mut |_| true).unwrap();
    let read = project_ron::read(written.as_bytes(), &|_| ()).unwrap();
    assert_eq!((read.problems.len(), &read.project), (0, project));
    let model = &mut window.harness.state_mut().model;
    model.perform(Action::Restore(vec![0]));
    let project = model.session().project();
    assert_eq!(
        (project.articles().len(), project.annotation_count()),
        (5, 3)
    );
    assert!(pressmark::core::check::check(project, &Default::default()).is_empty());
    model.perform(Action::Run(Command::Undo));

    // A wire copy is found later too, and its mark goes over to the one that stays.
    window.paste(&format!("Storm news: {ferry} The story continues below."));
    let model = &mut window.harness.state_mut().model;
    let copy = model.article().unwrap().id.clone();
    let text = model.article().unwrap().text.clone();
    let start = text.as_str().find("blankets and soup").unwrap();
    let range = ByteRange::new(BytePos(start as u32), BytePos((start + 17) as u32));
    model.perform(Action::MarkRange {
        range,
        label: "claim".into(),
    });
    window.paste(ferry);
    let kept = window.harness.state().model.article().unwrap().id.clone();
    window
        .harness
        .state_mut()
        .model
        .perform(Action::Run(Command::FindCopies));
    for _ in 0..200 {
        window.harness.run_steps(1);
        if window.harness.state().model.copies().is_some() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    window.harness.run_steps(2);
    let _group = window.harness.get_by_label_contains("Group 1");
    window.key(Key::Escape);
    let model = &mut window.harness.state_mut().model;
    let copies = model.copies().unwrap();
    let groups = &copies.groups;
    let group = groups
        .iter()
        .find(|g| g.iter().any(|(id, _)| *id == kept))
        .unwrap();
    assert!(group.iter().any(|(id, _)| *id == copy), "{groups:?}");
    model.perform(Action::KeepCopy {
        keep: kept.clone(),
        others: vec![copy.clone()],
        carries: true,
    });
    let project = model.session().project();
    assert!(project.article(&copy).is_none());
    let article = project.article(&kept).unwrap();
    let marks: Vec<&str> = article
        .annotations
        .iter()
        .map(|a| article.text.slice(a.extent()))
        .collect();
    assert_eq!(marks, ["blankets and soup"]);
}

#[test]
fn a_pasted_page_keeps_its_article() {
    let mut window = Window::new(None);
    window.harness.state_mut().read_pages_with(|| {
        Some("<html><body><nav><a href=/>Home</a> <a href=/x>Sport</a></nav><article><h1>Ferry stays</h1><p>The ferry did not leave the harbour on Monday, said the harbour master.</p><ul><li>No boats today</li></ul></article></body></html>".to_owned())
    });
    window.paste("Home Sport Ferry stays The ferry did not leave the harbour on Monday, said the harbour master. No boats today");
    let model = &window.harness.state().model;
    let text = model.article().unwrap().text.as_str().to_owned();
    assert!(
        text.contains("harbour master.\n\nNo boats today")
            || text.contains("harbour master.\nNo boats today"),
        "{text}"
    );
    assert!(!text.contains("Sport"), "{text}");
}
