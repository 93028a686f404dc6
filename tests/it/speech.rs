//! What assistive tools get of the window, by the tree that they are given: the article as text,
//! annotations with their places, words of the moment, states and names.

use crate::cards::run;
use crate::window::{TEXT, Window};
use eframe::egui::accesskit::{
    Action as Asked, ActionData, ActionRequest, Live, NodeId, Role, TextPosition, TextSelection,
    TreeId,
};
use eframe::egui::{Event, Key, Modifiers};
use egui_kittest::kittest::{AccessKitNode, By, NodeT, Queryable};
use pressmark::app::action::Action;
use pressmark::app::command::Command;
use pressmark::core::text::{BytePos, ByteRange};

fn request(window: &mut Window, action: Asked, node: NodeId, data: Option<ActionData>) {
    window
        .harness
        .event(Event::AccessKitActionRequest(ActionRequest {
            action,
            target_tree: TreeId::ROOT,
            target_node: node,
            data,
        }));
    window.harness.run_steps(2);
}

/// The text of the document, of its selection, and where the caret is in it, in characters.
fn read(window: &Window) -> (String, String, usize) {
    let document = window.harness.get_by_role(Role::Document);
    let node = document.accesskit_node();
    let selected = node.text_selection().unwrap().text();
    let caret = node.text_selection_focus().unwrap().to_global_usv_index();
    (node.document_range().text(), selected, caret)
}

/// The document cut where its words or its lines begin.
fn pieces(window: &Window, by_line: bool) -> Vec<String> {
    let document = window.harness.get_by_role(Role::Document);
    let node = document.accesskit_node();
    let text: Vec<char> = node.document_range().text().chars().collect();
    let mut at = node.document_start();
    let mut starts = vec![0];
    while !at.is_document_end() {
        at = if by_line {
            at.forward_to_line_start()
        } else {
            at.forward_to_word_start()
        };
        starts.push(at.to_global_usv_index());
    }
    let cut = starts
        .windows(2)
        .map(|ends| text[ends[0]..ends[1]].iter().collect());
    cut.collect()
}

/// What of a role lies within a node.
fn within(node: AccessKitNode<'_>, role: Role) -> Vec<AccessKitNode<'_>> {
    let mut found = Vec::new();
    let mut open: Vec<_> = node.children().collect();
    while let Some(node) = open.pop() {
        open.extend(node.children());
        if node.role() == role {
            found.push(node);
        }
    }
    found
}

fn marks(window: &Window) -> Vec<String> {
    let found = window.harness.query_all(By::new().role(Role::Mark));
    found
        .map(|node| node.accesskit_node().label().unwrap_or_default())
        .collect()
}

/// What was read out last.
fn said(window: &Window) -> Vec<String> {
    let is_live = By::new().predicate(|node| node.live() == Live::Polite);
    let found = window.harness.query_all(is_live);
    found
        .map(|node| node.accesskit_node().label().unwrap_or_default())
        .collect()
}

#[test]
fn the_article_is_a_document_that_is_read_by_word_and_line() {
    let mut window = Window::with(TEXT);
    assert_eq!(read(&window), (TEXT.to_owned(), String::new(), 0));
    window.keys(Key::ArrowRight, Modifiers::COMMAND);
    assert_eq!(read(&window).2, "Mayor ".len());
    window.keys(Key::ArrowRight, Modifiers::COMMAND | Modifiers::SHIFT);
    assert_eq!(read(&window).1, "opens ");
    window.drag("“it is a proud day”");
    assert_eq!(read(&window).1, "“it is a proud day”");
    let words = pieces(&window, false);
    assert_eq!(words[..4], ["Mayor ", "opens ", "bridge\n", "\n"]);
    assert!(words.contains(&"Monday. ".to_owned()), "{words:?}");
    assert!(words.contains(&"3,400 ".to_owned()), "{words:?}");
    let lines = pieces(&window, true);
    assert_eq!(lines[..2], ["Mayor opens bridge\n", "\n"]);
    assert!(
        lines.len() >= 6,
        "a long paragraph has several lines: {lines:?}"
    );
    assert_eq!(lines.concat(), TEXT);
    let headings = window.harness.query_all(By::new().role(Role::Heading));
    let in_article = headings.filter(|node| node.accesskit_node().data().level() == Some(0));
    assert_eq!(in_article.count(), 1);
    let paragraphs = window.harness.query_all(By::new().role(Role::Paragraph));
    let texts: Vec<String> = paragraphs
        .flat_map(|node| within(node.accesskit_node(), Role::Label))
        .map(|child| child.document_range().text())
        .collect();
    assert_eq!(texts.len(), 2);
    assert!(texts[0].starts_with("Mayor Ada Quill") && texts[0].ends_with("crowns.\n"));
}

/// Characters are told as they are, whatever the script, however long a word or a cluster is.
#[test]
fn every_text_is_told_whole() {
    let long = "abc".repeat(400);
    let cluster = format!("a{} b", "\u{301}".repeat(300));
    for text in [
        "ראש העיר אמר “זה יום חג” ביום שני, 3,400 crowns.\nועוד שורה",
        "👩‍👩‍👧‍👦 family 🇷🇸 flag e\u{301}t\u{e9}",
        "กรุงเทพมหานคร เป็นเมืองหลวง\n市长说这是一个值得骄傲的日子",
        &long,
        &cluster,
        "\n\n\n",
        " ",
        "one\n\ntwo",
    ] {
        let mut window = Window::with(text);
        let has_article = window.harness.state().model.article().is_some();
        if !has_article {
            continue;
        }
        let whole = window.harness.state().model.article().unwrap().text.clone();
        assert_eq!(read(&window).0, whole.as_str());
        assert_eq!(pieces(&window, true).concat(), whole.as_str());
        assert_eq!(pieces(&window, false).concat(), whole.as_str());
        for (key, to) in [(Key::End, whole.as_str().chars().count()), (Key::Home, 0)] {
            window.keys(key, Modifiers::COMMAND);
            assert_eq!(read(&window).2, to, "{text:?}");
        }
        window.keys(Key::ArrowRight, Modifiers::NONE);
        let (_, _, caret) = read(&window);
        let model = &window.harness.state().model;
        let expected = whole.char_pos(model.selection().caret);
        assert_eq!(caret, expected.0 as usize, "{text:?}");
    }
}

#[test]
fn what_is_off_the_screen_is_not_told_and_the_caret_brings_it_in() {
    let text: String = (0..400)
        .map(|n| format!("Paragraph {n} says little.\n"))
        .collect();
    let mut window = Window::with(&text);
    let nodes = |window: &Window| {
        let all = By::new().predicate(|_| true);
        window.harness.query_all(all).count()
    };
    let few = nodes(&window);
    assert!(few < 400, "{few}");
    window.keys(Key::End, Modifiers::COMMAND);
    let (read, _, caret) = read(&window);
    assert!(read.ends_with("Paragraph 399 says little.\n"), "{read}");
    assert!(!read.contains("Paragraph 3 "));
    assert_eq!(caret, read.chars().count());
    assert!(nodes(&window) < 400);
}

#[test]
fn each_annotation_is_told_with_its_place_words_speaker_and_note() {
    let mut window = Window::with(TEXT);
    window.drag("3,400");
    window.key(Key::C);
    window.drag("“it is a proud day”");
    window.key(Key::Q);
    let id = window.harness.state().model.selected().unwrap().clone();
    let model = &mut window.harness.state_mut().model;
    model.perform(Action::SetPerson {
        id: id.clone(),
        name: "speaker".to_owned(),
        person: "Ada Quill".to_owned(),
    });
    let note = "At the opening".to_owned();
    model.perform(Action::SetNote { id, note });
    window.harness.run_steps(2);
    assert_eq!(
        marks(&window),
        [
            "Quote, 1 of 2: “it is a proud day”, speaker: Ada Quill, note: At the opening",
            "Claim, 2 of 2: 3,400",
        ]
    );
    // One in several parts is one.
    let at = TEXT.find("Monday").unwrap() as u32;
    let part = ByteRange::new(BytePos(at), BytePos(at + 6));
    let model = &mut window.harness.state_mut().model;
    model.perform(Action::AddFragmentRange(part));
    window.harness.run_steps(2);
    let told = marks(&window);
    assert!(told[0].starts_with("Quote, 1 of 2: “it is a proud day” … Monday, in 2 parts, "));
    assert_eq!(told[1], "Claim, 2 of 2: 3,400");
    // The keyboard is in the article, and what is read is the annotation that is selected.
    let current = By::new().predicate(|node| node.is_focused());
    let current = window.harness.get(current).accesskit_node();
    assert_eq!(current.role(), Role::Mark);
    assert_eq!(current.is_selected(), Some(true));
    assert!(current.label().unwrap().starts_with("Quote, 1 of 2"));
    window.key(Key::Tab);
    let current = By::new().predicate(|node| node.is_focused());
    let current = window.harness.get(current).accesskit_node();
    assert!(current.label().unwrap().starts_with("Claim, 2 of 2"));
    window.key(Key::ArrowRight);
    let current = By::new().predicate(|node| node.is_focused());
    assert_eq!(
        window.harness.get(current).accesskit_node().role(),
        Role::Document
    );
}

#[test]
fn a_tool_selects_annotations_and_text() {
    let mut window = Window::with(TEXT);
    window.drag("3,400");
    window.key(Key::C);
    window.key(Key::Escape);
    window.key(Key::Escape);
    assert!(window.harness.state().model.selected().is_none());
    let mark = window.harness.get(By::new().role(Role::Mark));
    let (mark, _) = mark.accesskit_node().locate();
    request(&mut window, Asked::Click, mark, None);
    assert!(window.harness.state().model.selected().is_some());
    let document = window.harness.get_by_role(Role::Document);
    let document = document.accesskit_node();
    let (target, _) = document.locate();
    let mut place = document.document_start();
    for _ in 0..1 {
        place = place.forward_to_word_start();
    }
    let (anchor, focus) = (place.to_raw(), place.forward_to_word_start().to_raw());
    let data = ActionData::SetTextSelection(TextSelection { anchor, focus });
    request(&mut window, Asked::SetTextSelection, target, Some(data));
    assert_eq!(window.selected_text(), "opens ");
    assert!(window.harness.state().model.selected().is_none());
    // Nodes that are gone are nobody's.
    let nowhere = TextPosition {
        node: NodeId(3),
        character_index: 7,
    };
    let data = ActionData::SetTextSelection(TextSelection {
        anchor: nowhere,
        focus: nowhere,
    });
    request(&mut window, Asked::SetTextSelection, target, Some(data));
    assert_eq!(window.selected_text(), "opens ");
}

#[test]
fn what_happens_is_read_out() {
    let mut window = Window::with(TEXT);
    window.drag("“it is a proud day”");
    window.key(Key::Q);
    assert_eq!(said(&window), ["Done: mark quote"]);
    window.key(Key::Delete);
    assert_eq!(said(&window), ["Done: delete quote, “it is a proud day”"]);
    window.keys(Key::Z, Modifiers::COMMAND);
    assert_eq!(said(&window), ["Undone: delete quote, “it is a proud day”"]);
    window.keys(Key::Z, Modifiers::COMMAND);
    assert_eq!(said(&window), ["Undone: mark quote, “it is a proud day”"]);
    window.keys(Key::Y, Modifiers::COMMAND);
    assert_eq!(said(&window), ["Redone: mark quote"]);
    window.keys(Key::P, Modifiers::SHIFT);
    assert_eq!(said(&window), ["Every drag marks promotional content"]);
    window.keys(Key::P, Modifiers::SHIFT);
    window.key(Key::Comma);
    assert!(
        said(&window)[0].starts_with("Moving its start: "),
        "{:?}",
        said(&window)
    );
    window.keys(Key::ArrowRight, Modifiers::COMMAND);
    assert_eq!(said(&window), ["it is a proud day”"]);
    window.key(Key::Enter);
    assert_eq!(said(&window), ["Done: move edge"]);
    // The same words twice are heard twice: each time has a node of its own.
    let id = |window: &Window| {
        let is_live = By::new().predicate(|node| node.live() == Live::Polite);
        let found = window.harness.query_all(is_live).next();
        found.map(|node| node.accesskit_node().id())
    };
    window.key(Key::Escape);
    window.key(Key::Escape);
    window.key(Key::Q);
    let (first, words) = (id(&window), said(&window));
    assert_eq!(words, ["Select some text to mark it as quote"]);
    let model = &mut window.harness.state_mut().model;
    model.perform(Action::DismissNotice(0));
    window.harness.run_steps(2);
    assert_eq!(
        said(&window),
        words,
        "what was said stays until there is more"
    );
    window.key(Key::Q);
    assert_eq!(said(&window), words);
    assert_ne!(id(&window), first);
}

#[test]
fn finding_says_how_many_there_are() {
    let mut window = Window::new(None);
    run(&mut window, Command::OpenDemo);
    run(&mut window, Command::FilterArticles);
    window.harness.event(Event::Text("zzz".to_owned()));
    window.harness.run_steps(3);
    assert_eq!(said(&window), ["0 articles fit"]);
    run(&mut window, Command::FilterAnnotations);
    window.harness.event(Event::Text("the".to_owned()));
    window.harness.run_steps(3);
    let found = said(&window);
    assert!(found[0].ends_with("annotations fit"), "{found:?}");
    run(&mut window, Command::Palette);
    window.harness.event(Event::Text("history".to_owned()));
    window.harness.run_steps(3);
    assert!(said(&window)[0].contains(", 1 of "), "{:?}", said(&window));
    window.key(Key::Escape);
    run(&mut window, Command::Export);
    window.key(Key::ArrowDown);
    let found = said(&window);
    assert!(found[0].starts_with("CSV"), "{found:?}");
}

#[test]
fn a_job_that_ended_and_an_article_that_came_up_are_read_out() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = Window::new(None);
    run(&mut window, Command::OpenDemo);
    assert!(
        said(&window)
            .iter()
            .any(|words| words.starts_with("Article 1 of 7: ")),
        "{:?}",
        said(&window)
    );
    window.keys(Key::PageDown, Modifiers::COMMAND);
    let words = said(&window);
    assert!(words[0].starts_with("Article 2 of 7: "), "{words:?}");
    let path = folder.path().canonicalize().unwrap().join("p.ron");
    window
        .harness
        .state_mut()
        .model
        .perform(Action::SaveTo(path));
    window.settle();
    assert_eq!(said(&window), ["Saved"]);
}

#[test]
fn lists_choices_and_panels_say_how_they_stand() {
    let mut window = Window::with(TEXT);
    window.drag("“it is a proud day”");
    window.key(Key::Q);
    let regions = window.harness.query_all(By::new().role(Role::Region));
    let regions: Vec<String> = regions
        .map(|node| node.accesskit_node().label().unwrap())
        .collect();
    for name in ["Menu", "Status bar", "Articles", "Codebook and annotations"] {
        assert!(regions.contains(&name.to_owned()), "{name}: {regions:?}");
    }
    let rows = window.harness.query_all(By::new().role(Role::ListItem));
    for row in rows {
        let row = row.accesskit_node();
        assert_eq!(row.is_selected(), Some(true), "{:?}", row.label());
        assert_eq!(row.toggled(), None);
        assert_eq!(row.position_in_set(), Some(0));
    }
    // A list is one stop for Tab: from its filter into it, and on to what comes after.
    run(&mut window, Command::FilterArticles);
    // The five chips stand between.
    for _ in 0..6 {
        window.key(Key::Tab);
    }
    let current = By::new().predicate(|node| node.is_focused_in_tree());
    assert_eq!(
        window.harness.get(current).accesskit_node().role(),
        Role::List
    );
    window.key(Key::Tab);
    let current = By::new().predicate(|node| node.is_focused_in_tree());
    assert_ne!(
        window.harness.get(current).accesskit_node().role(),
        Role::ListItem
    );
    let pick = window.harness.get_by_label("Label of the annotation");
    let node = pick.accesskit_node();
    assert_eq!(node.value().as_deref(), Some("Quote"));
    assert_eq!(node.data().is_expanded(), Some(false));
    let choice = within(node, Role::ListBoxOption).remove(0);
    assert_eq!(
        (choice.label().as_deref(), choice.is_selected()),
        (Some("Quote"), Some(true))
    );
    pick.click();
    window.harness.run_steps(3);
    let pick = window.harness.get_by_label("Label of the annotation");
    assert_eq!(pick.accesskit_node().data().is_expanded(), Some(true));
}

/// In every card, what can be worked has a name, and no two of a kind have the same.
#[test]
fn everything_that_can_be_worked_has_a_name_of_its_own() {
    let mut window = Window::new(None);
    run(&mut window, Command::OpenDemo);
    for command in [
        Command::Settings,
        Command::Export,
        Command::History,
        Command::Trash,
        Command::ReviewPolicy,
        Command::Outdated,
        Command::Labels,
        Command::Annotators,
        Command::FindCopies,
        Command::CheatSheet,
    ] {
        run(&mut window, command);
        window.settle();
        let dialog = window.harness.get_by_role(Role::Dialog);
        let mut names: Vec<(Role, String)> = Vec::new();
        let mut open = vec![dialog.accesskit_node()];
        while let Some(node) = open.pop() {
            open.extend(node.children());
            let name = node.label().unwrap_or_default();
            let role = node.role();
            match role {
                Role::Button
                | Role::CheckBox
                | Role::RadioButton
                | Role::ComboBox
                | Role::TextInput
                | Role::SearchInput
                | Role::SpinButton
                | Role::Slider => {
                    assert!(!name.is_empty(), "{command:?}: {role:?} without a name");
                    assert!(
                        !names.contains(&(role, name.clone())) || name == "Delete…",
                        "{command:?}: two of {role:?} are called “{name}”"
                    );
                    names.push((role, name));
                }
                _ => {}
            }
        }
        window.key(Key::Escape);
        window.harness.run_steps(3);
    }
}

/// Wherever the keyboard goes, it is seen: an outline of the accent's colour, or the row of a list, or
/// the caret of the text.
#[test]
fn the_keyboard_is_always_seen() {
    use eframe::egui::{Rect, Shape};
    let mut window = Window::with(TEXT);
    window.drag("3,400");
    window.key(Key::C);
    run(&mut window, Command::FilterAnnotations);
    let accent = window.harness.state().tokens().accent;
    let outlines = |window: &Window| -> Vec<Rect> {
        let shapes = window.harness.output().shapes.iter();
        let drawn = shapes.filter_map(|clipped| match &clipped.shape {
            Shape::Rect(rect) if rect.stroke.color == accent && rect.stroke.width >= 1.5 => {
                Some(rect.rect)
            }
            _ => None,
        });
        drawn.collect()
    };
    let mut seen = Vec::new();
    for _ in 0..40 {
        let current = By::new().predicate(|node| node.is_focused());
        let current = window.harness.get(current);
        let (node, rect) = (current.accesskit_node(), current.rect());
        let name = format!("{:?} {:?}", node.role(), node.label());
        let drawn = outlines(&window);
        match node.role() {
            Role::Document | Role::Mark => {}
            _ => assert!(
                drawn
                    .iter()
                    .any(|ring| ring.expand(2.0).contains_rect(rect.shrink(2.0))),
                "{name} at {rect} has the keyboard unseen: {drawn:?}"
            ),
        }
        if !seen.contains(&name) {
            seen.push(name);
        }
        window.keys(Key::Tab, Modifiers::SHIFT);
        // What is out of view is scrolled to.
        window.harness.run_steps(3);
    }
    assert!(seen.len() > 12, "{seen:?}");
}
