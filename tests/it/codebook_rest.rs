//! What the codebook asks before it changes something, what it says afterwards, and how few stops its
//! page has for the keyboard.

use crate::cards::{demo, named, run};
use crate::keyboard::{focused_name as focused, type_in};
use crate::mouse::press;
use crate::window::{Window, bytes, model, perform};
use eframe::egui::accesskit::Role;
use eframe::egui::{Event, Key, Modifiers, pos2, vec2};
use egui_kittest::kittest::{By, NodeT, Queryable};
use pressmark::app::action::codebook::LabelField;
use pressmark::app::action::{Action, CodebookAction};
use pressmark::app::command::Command;
use pressmark::app::model::Page;
use pressmark::core::annotation::AttributeValue;
use pressmark::core::codebook::{AttributeKind, AttributeSpec, Codebook, EdgeRule, Label};
use pressmark::core::edit::{Edit, Transaction, apply};
use pressmark::core::recipes::details::DetailsChange;
use pressmark::format::project_ron::Opened;

fn ask(window: &mut Window, asked: CodebookAction) {
    perform(window, Action::from(asked));
    window.harness.run_steps(3);
}

/// Whether something is called so, or says so.
fn is_seen(window: &Window, words: &str) -> bool {
    let mut found = window.harness.query_all_by_label_contains(words);
    found.any(|node| node.accesskit_node().role() != Role::Status)
}

fn label(window: &Window, id: &str) -> Label {
    model(window).codebook().label(id).unwrap().clone()
}

/// The demo, with a codebook as the analyst would have changed it, and values.
fn changed(change: impl FnOnce(&mut Codebook), value: Option<(&str, AttributeValue)>) -> Window {
    let mut window = demo();
    let mut project = model(&window).session().project().clone();
    let mut codebook = project.codebook().clone();
    change(&mut codebook);
    let mut edits = vec![Edit::SetCodebook(Box::new(codebook))];
    if let Some((name, value)) = value {
        let article = &project.articles()[0];
        let mut quotes = article.annotations.iter();
        let quote = quotes.find(|a| a.label.as_str() == "quote").unwrap();
        let mut quote = Box::new(quote.as_ref().clone());
        quote.attributes.insert(name, value);
        edits.push(Edit::ReplaceAnnotation {
            article: article.id.clone(),
            annotation: quote,
        });
    }
    apply(&mut project, &Transaction::new("prepare", edits)).unwrap();
    let opened = Opened {
        project,
        problems: Vec::new(),
    };
    let model = &mut window.harness.state_mut().model;
    model.enter_opened(opened, "/nowhere/codebook.ron".into());
    window.harness.run_steps(3);
    window
}

fn label_in<'a>(codebook: &'a mut Codebook, id: &str) -> &'a mut Label {
    let mut labels = codebook.labels.iter_mut();
    labels.find(|label| label.id.as_str() == id).unwrap()
}

/// An attribute of one name and two kinds is decided about before, and what does not convert is shown.
#[test]
fn merging_asks_what_becomes_of_two_kinds() {
    let change = |codebook: &mut Codebook| {
        let spec = |kind| AttributeSpec::new("weight", kind);
        let quote = label_in(codebook, "quote");
        quote.attributes.push(spec(AttributeKind::Text));
        quote.key = Some('q');
        let claim = label_in(codebook, "claim");
        claim.attributes.push(spec(AttributeKind::Number));
    };
    let heavy = AttributeValue::Text("heavy".to_owned());
    let mut window = changed(change, Some(("weight", heavy)));
    let before = bytes(&window);
    run(&mut window, Command::Codebook);
    ask(&mut window, CodebookAction::Show("quote".into()));
    window.click("Merge into…");
    type_in(&mut window, "claim");
    window.settle();
    assert!(is_seen(&window, "“weight” has two kinds"));
    assert!(is_seen(&window, "1 value is not a number: “heavy”"));
    assert!(is_seen(&window, "Goes to the trash with “Quote”"));
    assert!(is_seen(&window, "· the key (Q)"));
    // Nothing is decided, so nothing is merged.
    window.key(Key::Enter);
    window.harness.run_steps(3);
    assert_eq!(named(&window, Role::Dialog).len(), 1);
    assert_eq!(bytes(&window), before);
    // The keyboard is at the first answer, and it is said that one is wanted.
    window.harness.run_steps(3);
    assert_eq!(
        focused(&window),
        "Two attributes: it goes over as “weight (Quote)”"
    );
    assert!(is_seen(&window, "First choose what becomes of “weight”."));
    window.click("One attribute: what can becomes a number, the other 1 go");
    window.settle();
    window.click("Merge");
    window.harness.run_steps(3);
    assert!(model(&window).codebook().label("quote").is_none());
    let claim = label(&window, "claim");
    let weights = claim
        .attributes
        .iter()
        .filter(|a| a.name.starts_with("weight"));
    assert_eq!(weights.count(), 1);
    run(&mut window, Command::Undo);
    assert_eq!(bytes(&window), before);
}

/// A role goes after it was said what it touches, with its links or without.
#[test]
fn a_role_that_has_links_is_asked_about() {
    let mut window = demo();
    let before = bytes(&window);
    run(&mut window, Command::Codebook);
    ask(&mut window, CodebookAction::Show("quote".into()));
    let role = label(&window, "quote").link_roles[0].name.clone();
    let links = |window: &Window| {
        let articles = model(window).session().project().articles().iter();
        let all = articles.flat_map(|article| article.annotations.iter());
        let links = all.filter(|a| a.label.as_str() == "quote");
        let links = links.flat_map(|a| a.links.iter());
        links.filter(|link| link.role == role).count()
    };
    let all = links(&window);
    assert!(all > 0);
    for (answer, left) in [("Keep its links", all), ("Remove its links, too", 0)] {
        window.click(&format!("Remove the role {role}"));
        window.settle();
        assert_eq!(bytes(&window), before, "{answer}");
        let shown = role.replace('_', " ");
        assert!(is_seen(
            &window,
            &format!("“{shown}” has {all} links, from ")
        ));
        window.click(answer);
        window.harness.run_steps(3);
        assert!(label(&window, "quote").link_role(&role).is_none());
        assert_eq!(links(&window), left, "{answer}");
        run(&mut window, Command::Undo);
        assert_eq!(bytes(&window), before);
    }
    // One that nothing uses goes at once.
    let new = pressmark::core::codebook::LinkRole::to_label("cue");
    let at = label(&window, "claim").link_roles.len();
    let name = new.name.clone();
    let add = LabelField::Role(at, Some(new));
    ask(&mut window, CodebookAction::Set("claim".into(), add));
    let label_id = "claim".into();
    ask(
        &mut window,
        CodebookAction::RemoveRole {
            label: label_id,
            name,
        },
    );
    assert!(model(&window).waits().is_none());
    assert!(label(&window, "claim").link_roles.len() == at);
}

/// A policy that moves no mark is no question.
#[test]
fn what_changes_no_annotation_is_not_asked() {
    let mut window = demo();
    run(&mut window, Command::Codebook);
    let mut edges = label(&window, "claim").edges;
    edges.leading_that = EdgeRule::Out;
    let asked = |edges| CodebookAction::SetEdges {
        label: "claim".into(),
        edges,
    };
    ask(&mut window, asked(edges.clone()));
    let moves = model(&window).waits().is_some();
    // As far as the demo has none that begins so.
    assert!(!moves);
    assert_eq!(label(&window, "claim").edges, edges);
}

/// What was meant stands beside what is meant.
#[test]
fn the_worklist_shows_both_definitions() {
    let mut window = demo();
    let old = label(&window, "claim").definition;
    assert!(!old.is_empty());
    let new = LabelField::Definition("Something else altogether.".to_owned());
    ask(&mut window, CodebookAction::Set("claim".into(), new));
    run(&mut window, Command::Outdated);
    window.settle();
    for words in [
        "What it meant then",
        "What it means now",
        &old,
        "Something else altogether.",
    ] {
        assert!(is_seen(&window, words), "{words}");
    }
}

/// What was undone stands in the bar; details of several articles open none.
#[test]
fn undoing_says_what_it_undid_and_opens_no_other_article() {
    let mut window = demo();
    let articles = model(&window).session().project().articles().iter();
    let ids: Vec<_> = articles.map(|article| article.id.clone()).collect();
    perform(&mut window, Action::GoToArticle(ids[2].clone()));
    let mut change = DetailsChange::default();
    change
        .fields
        .insert("section".to_owned(), "Economy".to_owned());
    let (articles, change) = (ids[..2].to_vec(), Box::new(change));
    perform(&mut window, Action::ChangeDetails { articles, change });
    window.harness.run_steps(2);
    let here = |window: &Window| model(window).article().unwrap().id.clone();
    for (command, told) in [(Command::Undo, "Undone: "), (Command::Redo, "Redone: ")] {
        run(&mut window, command);
        assert_eq!(here(&window), ids[2], "{told}");
        assert!(is_seen(&window, told));
    }
    let name = LabelField::Name("Assertion".to_owned());
    ask(&mut window, CodebookAction::Set("claim".into(), name));
    assert!(!is_seen(&window, "Redone: "));
}

/// A tile, a segment or a chip of a group is one stop; arrows go through the rest.
#[test]
fn groups_of_choices_are_one_stop_each() {
    let mut window = demo();
    run(&mut window, Command::Codebook);
    ask(&mut window, CodebookAction::Show("claim".into()));
    window.click("Name");
    let mut stops = vec![focused(&window)];
    for _ in 0..60 {
        window.key(Key::Tab);
        let here = focused(&window);
        if here == stops[0] {
            break;
        }
        stops.push(here);
    }
    for group in [
        "Colour",
        "Underline",
        "Snaps to",
        "Quotation marks",
        "Overlap",
    ] {
        let of_it = stops
            .iter()
            .filter(|stop| stop.starts_with(&format!("{group}: ")));
        assert_eq!(of_it.count(), 1, "{group}: {stops:?}");
    }
    while !focused(&window).starts_with("Underline: ") {
        window.key(Key::Tab);
    }
    let first = focused(&window);
    window.key(Key::ArrowRight);
    window.harness.run_steps(2);
    let second = focused(&window);
    assert!(
        second.starts_with("Underline: ") && second != first,
        "{second}"
    );
    let before = label(&window, "claim").underline;
    window.key(Key::Space);
    window.harness.run_steps(2);
    assert_ne!(label(&window, "claim").underline, before);
}

/// A name that was entered leads back to the list, where keys work again; one that cannot be stays.
#[test]
fn enter_in_the_name_leads_back_to_the_list() {
    let mut window = demo();
    run(&mut window, Command::Codebook);
    window.click("Name");
    window.keys(Key::A, Modifiers::COMMAND);
    type_in(&mut window, "Claim");
    window.key(Key::Enter);
    window.harness.run_steps(2);
    assert_eq!(focused(&window), "Name", "the name is taken");
    window.keys(Key::A, Modifiers::COMMAND);
    type_in(&mut window, "Quotation");
    window.key(Key::Enter);
    window.harness.run_steps(3);
    assert_eq!(label(&window, "quote").name, "Quotation");
    assert_eq!(focused(&window), "Labels");
    window.keys(Key::Z, Modifiers::COMMAND);
    assert_eq!(label(&window, "quote").name, "Quote");
}

/// Another label is shown from its beginning; a change of the same one moves nothing.
#[test]
fn another_label_is_shown_from_its_beginning() {
    let mut window = demo();
    window.harness.set_size(vec2(900.0, 600.0));
    run(&mut window, Command::Codebook);
    ask(&mut window, CodebookAction::Show("quote".into()));
    let top = |window: &Window| {
        let name = By::new().role(Role::TextInput).label("Name");
        window.harness.get(name).rect().top()
    };
    let first = top(&window);
    let scroll = |window: &mut Window| {
        window
            .harness
            .event(Event::PointerMoved(pos2(600.0, 300.0)));
        window.harness.event(Event::MouseWheel {
            source: eframe::egui::MouseWheelSource::Wheel,
            unit: eframe::egui::MouseWheelUnit::Point,
            delta: vec2(0.0, -300.0),
            modifiers: Modifiers::NONE,
            phase: eframe::egui::TouchPhase::Move,
        });
        window.harness.run_steps(30);
    };
    scroll(&mut window);
    let moved = top(&window);
    assert!(moved < first - 100.0, "{first} {moved}");
    ask(
        &mut window,
        CodebookAction::Set("quote".into(), LabelField::Helper(true)),
    );
    assert!((top(&window) - moved).abs() < 1.0);
    ask(&mut window, CodebookAction::Show("claim".into()));
    ask(&mut window, CodebookAction::Show("quote".into()));
    window.harness.run_steps(3);
    assert!((top(&window) - first).abs() < 1.0);
}

/// Several labels of a role are chosen without opening the list again.
#[test]
fn the_labels_of_a_role_are_switched_one_after_the_other() {
    let mut window = demo();
    run(&mut window, Command::Codebook);
    ask(&mut window, CodebookAction::Show("quote".into()));
    let role = label(&window, "quote").link_roles[0].clone();
    window.click(&format!("{} leads to", role.name));
    let choose = |window: &mut Window, name: &str| {
        let choice = By::new().role(Role::ListBoxOption).label(name);
        window.harness.get(choice).click();
        window.harness.run_steps(4);
    };
    let before = role.targets().count();
    choose(&mut window, "Promotional content");
    choose(&mut window, "Claim");
    let now = label(&window, "quote").link_roles[0].targets().count();
    assert_eq!(now, before + 2);
}

/// What is drawn of each group is seen before, evenly or the same number of each.
#[test]
fn a_sample_shows_what_is_drawn_of_each_group() {
    let mut window = demo();
    run(&mut window, Command::Sets);
    assert!(!is_seen(&window, "Drawn of "));
    let pick = By::new().role(Role::ComboBox).label("Spread over");
    window.harness.get(pick).click();
    window.harness.run_steps(3);
    // The chip above the list is called the same.
    let outlets: Vec<_> = window.harness.query_all_by_label("Outlet").collect();
    outlets.last().unwrap().click();
    window.harness.run_steps(3);
    assert!(is_seen(&window, "Drawn of "));
    let rows = |window: &Window, end: &str| {
        let rows = window.harness.query_all_by_label_contains(end);
        rows.filter(|row| row.accesskit_node().role() == Role::Label)
            .count()
    };
    // Those that give none are counted.
    let articles = model(&window).session().project().articles().len();
    assert!(articles > 2);
    assert_eq!(rows(&window, ": 0 of "), 0);
    window.click("The same number");
    window.harness.run_steps(3);
    assert!(!is_seen(&window, "none: too few"));
    assert!(rows(&window, " of 1") + rows(&window, " of 2") > 0);
    window.click("Draw the sample");
    window.harness.run_steps(3);
    let set = model(&window).session().project().sets()[0].clone();
    assert!(set.how.contains("of each by outlet"), "{}", set.how);
}

/// Keys of attributes that do not go where they are said to go are told, as those of labels are.
#[test]
fn keys_of_attributes_are_told_too() {
    let change = |codebook: &mut Codebook| {
        let spec = |name: &str, key| AttributeSpec {
            key: Some(key),
            ..AttributeSpec::new(name, AttributeKind::Text)
        };
        let claim = label_in(codebook, "claim");
        claim.attributes = vec![spec("one", 'w'), spec("two", 'W'), spec("three", 'n')];
    };
    let mut window = changed(change, None);
    // As when it is opened.
    let file = bytes(&window);
    let opened = pressmark::format::project_ron::read(file.as_bytes(), &|_| ()).unwrap();
    let model = &mut window.harness.state_mut().model;
    model.enter_opened(opened, "/nowhere/again.ron".into());
    let told: Vec<String> = model.notices().iter().map(|n| n.message.clone()).collect();
    let told = told.join("\n");
    for words in [
        "W is the key of the attributes “one” and “two” of “Claim”",
        "N is the key of the attribute “three” of “Claim” and of the command “Write a note”",
    ] {
        assert!(told.contains(words), "{words}: {told}");
    }
}

/// A link that is being drawn is let go of by Esc, whatever the hand is over then.
#[test]
fn esc_stops_a_link_that_is_being_drawn() {
    let mut window = Window::with("Bridge\n\nAda Quill said “it is a proud day” on Monday.\n");
    for (part, key) in [("Ada Quill", Key::S), ("it is a proud day", Key::Q)] {
        window.drag(part);
        window.key(key);
    }
    window.key(Key::Escape);
    let links = |window: &Window| {
        let article = model(window).article().unwrap();
        let links = article.annotations.iter().map(|a| a.links.len());
        links.sum::<usize>()
    };
    for escapes in [true, false] {
        let tag = window.harness.get_by_label_contains("Select Quote");
        let from = tag.rect().center();
        let to = window.place("Ada Quill").center();
        window.harness.event(Event::PointerMoved(from));
        window.harness.step();
        press(&mut window, from, true);
        for share in [0.2, 0.6, 1.0] {
            window
                .harness
                .event(Event::PointerMoved(from.lerp(to, share)));
            window.harness.step();
        }
        if escapes {
            window.key(Key::Escape);
        }
        press(&mut window, to, false);
        window.harness.run_steps(3);
        assert_eq!(links(&window), usize::from(!escapes));
    }
}

/// Nothing of the page reaches out of the smallest window.
#[test]
fn nothing_reaches_out_of_a_small_window() {
    let mut window = demo();
    window.harness.set_size(vec2(700.0, 500.0));
    run(&mut window, Command::Codebook);
    for id in ["quote", "claim", "promo"] {
        ask(&mut window, CodebookAction::Show(id.into()));
        check_width(&window, id);
        let first = window.harness.query_all_by_label_contains("Attribute ");
        let first: Vec<_> = first.collect();
        if let Some(attribute) = first.first() {
            attribute.click();
        }
        window.harness.run_steps(3);
        check_width(&window, id);
    }
    run(&mut window, Command::Read);
    window.harness.run_steps(3);
    let article = model(&window).article().unwrap().clone();
    for annotation in article.annotations.iter() {
        let id = annotation.id.clone();
        perform(&mut window, Action::SelectAnnotation { id, reveal: true });
        window.harness.run_steps(3);
        check_width(&window, annotation.label.as_str());
    }
    assert_eq!(model(&window).page(), Page::Read);
}

fn check_width(window: &Window, what: &str) {
    let chosen = [
        Role::RadioButton,
        Role::CheckBox,
        Role::Button,
        Role::TextInput,
    ];
    for role in chosen {
        for node in window.harness.query_all(By::new().role(role)) {
            let rect = node.rect();
            let name = node.accesskit_node().label().unwrap_or_default();
            assert!(rect.right() <= 700.5, "{what}: {name} {rect:?}");
        }
    }
}
