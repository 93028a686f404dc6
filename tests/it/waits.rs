//! What waits for an answer stays until it has one; keys, fields and lists keep to what was meant.

use crate::cards::{demo, named, run};
use crate::codebook_panel::article;
use crate::keyboard::{focused_name as focused, type_in};
use crate::window::{Window, model, perform};
use eframe::egui::accesskit::Role;
use eframe::egui::{Id, Key, Modifiers, Rect, vec2};
use egui_kittest::kittest::{By, NodeT, Queryable};
use pressmark::app::action::codebook::{LabelField, Touching};
use pressmark::app::action::{Action, CodebookAction, Verdict};
use pressmark::app::command::Command;
use pressmark::app::model::Waits;
use pressmark::app::notice::Notice;
use pressmark::core::article::Article;
use pressmark::core::codebook::{
    AttributeKind, AttributeSpec, Codebook, EdgeRule, Label, LinkRole,
};
use pressmark::core::kept::UnknownFields;
use pressmark::core::project::{Project, ProjectParts};
use pressmark::core::recipes::codebook::outdated;
use pressmark::format::project_ron::Opened;
use std::sync::Arc;

const TEXT: &str = "Mayor opens bridge\n\nMayor Ada Quill said “it is a proud day” on Monday. The bridge cost 3,400 crowns.\n";

fn ask(window: &mut Window, asked: CodebookAction) {
    perform(window, Action::from(asked));
}

fn set(window: &mut Window, label: &str, field: LabelField) {
    ask(window, CodebookAction::Set(label.into(), field));
}

fn label(window: &Window, id: &str) -> Label {
    model(window).codebook().label(id).unwrap().clone()
}

fn is_seen(window: &Window, words: &str) -> bool {
    let found = window.harness.query_all_by_label_contains(words);
    let mut roles = found.map(|node| node.accesskit_node().role());
    roles.any(|role| role != Role::Status)
}

fn click_field(window: &mut Window, name: &str) {
    let is_field = By::new().label(name).predicate(|node| {
        let role = node.role();
        matches!(
            role,
            Role::TextInput | Role::MultilineTextInput | Role::SearchInput
        )
    });
    window.harness.get(is_field).click();
    window.harness.run_steps(3);
}

fn told(window: &mut Window) -> String {
    let model = &mut window.harness.state_mut().model;
    let told = model.notices().last().map(|notice| notice.message.clone());
    while !model.notices().is_empty() {
        model.perform(Action::DismissNotice(0));
    }
    told.unwrap_or_default()
}

fn remove(name: &str) -> CodebookAction {
    CodebookAction::RemoveAttribute {
        label: "quote".into(),
        name: name.to_owned(),
    }
}

/// The codebook page with a policy that waits for an answer.
fn with_policy() -> Window {
    let mut window = demo();
    run(&mut window, Command::Codebook);
    window.click("Quotation marks: left out");
    window.settle();
    assert!(model(&window).waits().is_some());
    window
}

fn open(codebook: Codebook, articles: Vec<Article>) -> Window {
    let mut window = Window::new(None);
    let project = Project::from_parts(ProjectParts {
        codebook,
        articles: articles.into_iter().map(Arc::new).collect(),
        ..ProjectParts::default()
    });
    let opened = Opened {
        project,
        problems: Vec::new(),
    };
    let model = &mut window.harness.state_mut().model;
    model.enter_opened(opened, "/nowhere/waits.ron".into());
    window.harness.run_steps(4);
    told(&mut window);
    window
}

#[test]
fn a_question_stays_until_it_is_answered_or_means_nothing() {
    let mut window = with_policy();
    let asked = model(&window).waits().cloned();
    let changes = [
        CodebookAction::Set("claim".into(), LabelField::Color(0xA5_0F_2D)),
        CodebookAction::Set("quote".into(), LabelField::Definition("Words.".to_owned())),
        CodebookAction::Show("claim".into()),
        CodebookAction::Show("quote".into()),
        CodebookAction::AddAttribute("quote".into()),
    ];
    for change in changes {
        let shown = format!("{change:?}");
        ask(&mut window, change);
        assert_eq!(model(&window).waits(), asked.as_ref(), "{shown}");
    }
    run(&mut window, Command::Undo);
    assert_eq!(model(&window).waits(), asked.as_ref());
    told(&mut window);
    ask(&mut window, remove("kind"));
    assert_eq!(
        told(&mut window),
        "The codebook was not changed: other boundaries of “Quote” waits for an answer first."
    );
    assert_eq!(model(&window).waits(), asked.as_ref());
    assert!(label(&window, "quote").attribute("kind").is_some());
    // Of the same policy another rule: one question.
    window.click("Closing punctuation: left out");
    let Some(Waits::Edges { edges, .. }) = model(&window).waits().cloned() else {
        panic!("nothing waits");
    };
    let both = (edges.quotation_marks, edges.closing_punctuation);
    assert_eq!(both, (EdgeRule::Out, EdgeRule::Out));
    window.settle();
    window.click("Apply");
    assert_eq!(
        label(&window, "quote").edges.closing_punctuation,
        EdgeRule::Out
    );
    assert!(model(&window).waits().is_none());
    // Its label is gone, and comes back without it.
    ask(&mut window, remove("kind"));
    assert!(model(&window).waits().is_some());
    let (from, into) = ("quote".into(), "claim".into());
    ask(
        &mut window,
        CodebookAction::Merge {
            from,
            into,
            choices: Default::default(),
        },
    );
    assert!(model(&window).waits().is_none());
    run(&mut window, Command::Undo);
    assert!(model(&window).waits().is_none());
}

/// What else is done to the annotations is no answer to it.
#[test]
fn moving_to_the_policy_answers_no_other_question() {
    let mut window = with_policy();
    window.click("For new marks only");
    window.settle();
    ask(&mut window, remove("kind"));
    window.settle();
    window.click("Move them");
    window.settle();
    assert!(!is_seen(&window, "end otherwise than this says"));
    assert!(matches!(model(&window).waits(), Some(Waits::Remove { .. })));
    assert!(label(&window, "quote").attribute("kind").is_some());
    ask(&mut window, CodebookAction::Confirm(Touching::Keeps));
    assert!(label(&window, "quote").attribute("kind").is_none());
}

#[test]
fn esc_in_a_field_goes_back_to_what_was_and_leaves_the_question() {
    let mut window = with_policy();
    for field in ["Name", "Definition", "Filter labels"] {
        click_field(&mut window, field);
        type_in(&mut window, "q");
        window.key(Key::Escape);
        window.harness.run_steps(2);
        assert!(model(&window).waits().is_some(), "{field}");
        assert_eq!(label(&window, "quote").name, "Quote");
    }
    ask(&mut window, CodebookAction::Show("claim".into()));
    assert_eq!(label(&window, "quote").name, "Quote", "nothing was kept");
    ask(&mut window, CodebookAction::Show("quote".into()));
    window.keys(Key::Enter, Modifiers::COMMAND | Modifiers::SHIFT);
    assert!(model(&window).waits().is_some(), "another key");
    window.key(Key::Escape);
    assert!(model(&window).waits().is_none());
}

#[test]
fn what_was_refused_stays_with_its_attribute_and_role() {
    let mut window = demo();
    run(&mut window, Command::Codebook);
    let rows: Vec<String> = named(&window, Role::Button)
        .into_iter()
        .filter(|name| name.starts_with("Attribute "))
        .collect();
    let [first, second, ..] = rows.as_slice() else {
        panic!("{rows:?}");
    };
    let is_open = |window: &Window, row: &str| {
        let node = window.harness.get_by_label(row);
        node.accesskit_node().data().is_expanded()
    };
    assert_eq!(is_open(&window, first), Some(false));
    window.click(first);
    assert_eq!(is_open(&window, first), Some(true));
    window.click("Key of the attribute");
    type_in(&mut window, "ab");
    window.key(Key::Tab);
    assert!(is_seen(&window, "A key is one character."));
    for row in [second, first] {
        window.click(row);
        assert!(!is_seen(&window, "A key is one character."), "{row}");
    }
    // A name that is taken can be had once the other has gone.
    let role = |name: &str| LinkRole {
        name: name.to_owned(),
        target: None,
        or: Vec::new(),
        unknown: UnknownFields::new(),
    };
    for (at, name) in ["one", "two"].into_iter().enumerate() {
        set(&mut window, "cue", LabelField::Role(at, Some(role(name))));
    }
    ask(&mut window, CodebookAction::Show("cue".into()));
    window.settle();
    window.click("Role 1");
    window.keys(Key::A, Modifiers::COMMAND);
    type_in(&mut window, "two");
    window.key(Key::Tab);
    assert!(is_seen(&window, "There already is a role “two”."));
    set(&mut window, "cue", LabelField::Role(1, None));
    assert!(!is_seen(&window, "There already is a role “two”."));
    ask(&mut window, CodebookAction::Show("quote".into()));
    let roles: Vec<String> = label(&window, "cue")
        .link_roles
        .into_iter()
        .map(|role| role.name)
        .collect();
    assert_eq!(roles, ["two"]);
}

/// Five quotes of an older definition, and the list of them.
fn with_worklist() -> Window {
    let quote = Label {
        redefined: 3,
        ..Label::new("quote", "Quote", 0x1F_6F_B2)
    };
    let mut codebook = Codebook::of(vec![quote]);
    codebook.revision = 4;
    let words = ["Mayor opens", "Ada Quill", "proud", "Monday", "crowns"];
    let marks = words.map(|words| ("quote", words));
    let mut window = open(codebook, vec![article("a", TEXT, &marks)]);
    perform(
        &mut window,
        Action::SelectAnnotation {
            id: "t-a-00000".into(),
            reveal: true,
        },
    );
    perform(
        &mut window,
        Action::SetNote {
            id: "t-a-00000".into(),
            note: "Mine".to_owned(),
        },
    );
    run(&mut window, Command::Outdated);
    window.settle();
    window
}

fn left(window: &Window) -> Vec<String> {
    let left = outdated(model(window).session().project());
    left.into_iter().map(|(_, id)| id.to_string()).collect()
}

#[test]
fn the_worklist_decides_about_what_was_seen() {
    let mut window = with_worklist();
    for _ in 0..2 {
        window.key(Key::ArrowDown);
    }
    // Another one goes from the list above it.
    perform(
        &mut window,
        Action::Judge {
            article: "a".into(),
            annotation: "t-a-00000".into(),
            verdict: Verdict::Confirm,
        },
    );
    window.settle();
    window.key(Key::Enter);
    assert_eq!(left(&window), ["t-a-00001", "t-a-00003", "t-a-00004"]);
    // The next one below, and not the one after it.
    window.key(Key::Enter);
    assert_eq!(left(&window), ["t-a-00001", "t-a-00004"]);
}

#[test]
fn the_worklist_takes_back_its_own_steps_alone() {
    let mut window = with_worklist();
    let note = |window: &Window| model(window).selected_annotation().unwrap().note.clone();
    window.keys(Key::Z, Modifiers::COMMAND);
    assert_eq!(note(&window), "Mine", "nothing was done here");
    window.key(Key::Enter);
    window.key(Key::Delete);
    assert!(is_seen(
        &window,
        "1 confirmed, 1 deleted. Ctrl+Z takes the last back."
    ));
    window.keys(Key::Z, Modifiers::COMMAND | Modifiers::SHIFT);
    assert_eq!(left(&window).len(), 3);
    window.keys(Key::Z, Modifiers::COMMAND);
    assert_eq!(left(&window).len(), 4);
    assert!(is_seen(&window, "1 confirmed. Ctrl+Z takes the last back."));
    // What was taken back is shown again.
    window.key(Key::Enter);
    assert_eq!(left(&window), ["t-a-00002", "t-a-00003", "t-a-00004"]);
    for _ in 0..4 {
        window.keys(Key::Z, Modifiers::COMMAND);
    }
    assert_eq!(left(&window).len(), 5);
    assert!(!is_seen(&window, "confirmed"));
    assert_eq!(model(&window).session().undo_title(), Some("write note"));
}

#[test]
fn enter_marks_with_what_was_chosen() {
    let mut window = Window::with(TEXT);
    window.drag("it is a proud day");
    window.key(Key::F3);
    window.key(Key::Enter);
    assert!(window.annotations().is_empty());
    window.key(Key::ArrowDown);
    window.harness.run_steps(2);
    window.keys(Key::Enter, Modifiers::ALT);
    window.harness.run_steps(2);
    assert_eq!(window.annotations().len(), 1);
    assert_eq!(
        window.selected_text(),
        "it is a proud day",
        "for another label"
    );
}

#[test]
fn a_list_that_is_not_there_gets_no_keyboard() {
    let labels = (0..40).map(|n| Label::new(&format!("l{n}"), &format!("Label {n}"), 0x1F_6F_B2));
    let mut window = open(
        Codebook::of(labels.collect()),
        vec![article("a", TEXT, &[])],
    );
    for (page, command, field) in [
        (
            Command::Codebook,
            Command::FilterAnnotations,
            "Filter labels",
        ),
        (Command::Read, Command::FindLabel, "Find a label"),
        (Command::Read, Command::FilterArticles, "Filter articles"),
    ] {
        run(&mut window, page);
        run(&mut window, command);
        assert_eq!(focused(&window), field);
        // Enter alone chooses nothing.
        window.key(Key::Enter);
        run(&mut window, command);
        assert_eq!(focused(&window), field);
        type_in(&mut window, "zzz");
        window.key(Key::ArrowDown);
        window.keys(Key::A, Modifiers::COMMAND);
        window.key(Key::Backspace);
        window.harness.run_steps(3);
        assert_eq!(focused(&window), field);
        // With rows it goes there.
        window.key(Key::ArrowDown);
        window.harness.run_steps(2);
        assert_ne!(focused(&window), field);
        assert!(window.annotations().is_empty());
    }
}

/// Where what floats stands.
fn area(window: &Window, name: &str) -> Rect {
    let id = Id::unique(name);
    let place = window.harness.ctx.memory(|memory| memory.area_rect(id));
    place.unwrap()
}

#[test]
fn a_notice_stands_above_what_waits() {
    let mut window = with_policy();
    for size in [vec2(700.0, 500.0), vec2(900.0, 600.0), vec2(1280.0, 800.0)] {
        window.harness.set_size(size);
        told(&mut window);
        let notice = Notice::warning("This is long enough for a line, and is not to lie over it.");
        window.harness.state_mut().model.notify(notice);
        window.harness.run_steps(4);
        let notice = area(&window, "notices");
        for name in ["Apply", "For new marks only", "Discard"] {
            let button = window.harness.get_by_label(name).rect();
            assert!(
                !button.intersects(notice),
                "{size:?}: {name} {button} {notice}"
            );
        }
    }
}

#[test]
fn a_role_says_which_labels_it_accepts_and_never_means_any_by_itself() {
    let mut window = demo();
    run(&mut window, Command::Codebook);
    let role = LinkRole {
        name: "about".to_owned(),
        target: Some("claim".into()),
        or: Vec::new(),
        unknown: UnknownFields::new(),
    };
    set(&mut window, "cue", LabelField::Role(0, Some(role)));
    ask(&mut window, CodebookAction::Show("cue".into()));
    let targets = |window: &Window| {
        let roles = label(window, "cue").link_roles;
        let targets = roles[0].targets().map(|id| id.to_string());
        targets.collect::<Vec<_>>()
    };
    let choose = |window: &mut Window, name: &str| {
        window.click("about leads to");
        let choice = By::new().role(Role::ListBoxOption).label(name);
        let node = window.harness.get(choice);
        let data = node.accesskit_node();
        let is_true = Some(eframe::egui::accesskit::Toggled::True);
        let was_on = data.is_selected() == Some(true) || data.toggled() == is_true;
        node.click();
        window.harness.run_steps(3);
        window.key(Key::Escape);
        was_on
    };
    assert!(choose(&mut window, "Claim"));
    assert_eq!(targets(&window), ["claim"], "the last one stays");
    assert!(!choose(&mut window, "Source"));
    assert_eq!(targets(&window), ["claim", "source"]);
    assert!(choose(&mut window, "Claim"));
    assert_eq!(targets(&window), ["source"]);
    window.click("about leads to");
    assert!(is_seen(&window, "The last one stays"));
    window.click("any label");
    assert!(targets(&window).is_empty());
}

#[test]
fn enter_merges_into_the_first_hit_and_a_file_that_is_not_chosen_leads_back() {
    let mut window = demo();
    run(&mut window, Command::Codebook);
    run(&mut window, Command::MergeLabel);
    for _ in 0..2 {
        window.key(Key::ArrowDown);
    }
    type_in(&mut window, "c");
    window.settle();
    window.key(Key::Enter);
    window.harness.run_steps(3);
    let shown = model(&window).page_label().unwrap().id.to_string();
    assert_eq!(shown, "claim");
    told(&mut window);
    window.refuse();
    run(&mut window, Command::LoadCodebook);
    window.click("From a file…");
    window.harness.run_steps(6);
    assert!(!is_seen(&window, "From a file…"), "the file is asked for");
    window.key(Key::Escape);
    window.harness.run_steps(3);
    assert!(is_seen(&window, "From a file…"));
}

#[test]
fn f6_goes_round_the_codebook_page() {
    let mut window = demo();
    run(&mut window, Command::Codebook);
    let f6 = |window: &mut Window| {
        window.key(Key::F6);
        window.harness.run_steps(2);
        focused(window)
    };
    told(&mut window);
    window.harness.run_steps(3);
    assert_eq!(focused(&window), "Labels");
    assert_eq!(f6(&mut window), "Name");
    assert_eq!(f6(&mut window), "Labels");
    let offers = Notice::warning("Something").with_offer("Do it", Action::Run(Command::Revisions));
    window.harness.state_mut().model.notify(offers);
    window.harness.run_steps(3);
    let round = [0; 3].map(|_| f6(&mut window));
    assert_eq!(round, ["Name", "Do it", "Labels"]);
}

#[test]
fn an_example_that_is_one_already_is_heard() {
    let mut window = Window::with(TEXT);
    window.drag("it is a proud day");
    window.key(Key::Q);
    for _ in 0..2 {
        window.keys(Key::M, Modifiers::COMMAND);
    }
    window.harness.run_steps(2);
    let said = named(&window, Role::Status).join(" ");
    assert!(said.contains("is an example of “Quote” already"), "{said}");
}

#[test]
fn the_definition_stands_where_it_covers_little() {
    let mut window = demo();
    run(&mut window, Command::Codebook);
    set(
        &mut window,
        "cue",
        LabelField::Definition("Who says so.".to_owned()),
    );
    ask(&mut window, CodebookAction::Show("cue".into()));
    run(&mut window, Command::Definition);
    for size in [vec2(1280.0, 800.0), vec2(900.0, 600.0), vec2(700.0, 500.0)] {
        window.harness.set_size(size);
        window.harness.run_steps(4);
        let list = By::new().role(Role::List).label("Labels");
        let list = window.harness.get(list).rect();
        let place = area(&window, "definition of the page");
        assert!(place.left() >= list.right(), "{size:?} {place} {list}");
        assert!(place.right() <= size.x, "{size:?} {place}");
        let said = window.harness.query_all_by_label("Who says so.");
        assert!(said.count() >= 1);
    }
    run(&mut window, Command::Definition);
    run(&mut window, Command::Read);
    for size in [vec2(700.0, 500.0), vec2(900.0, 600.0)] {
        window.harness.set_size(size);
        window.harness.run_steps(4);
        run(&mut window, Command::Definition);
        window.harness.run_steps(4);
        let place = area(&window, "low definition");
        let share = place.area() / (size.x * size.y);
        assert!(share < 0.18, "{size:?} {share} {place}");
        run(&mut window, Command::Definition);
    }
}

#[test]
fn a_number_that_is_none_stays_in_the_card_with_its_reason() {
    let cost = AttributeSpec::new("cost", AttributeKind::Number);
    let mut claim = Label::new("claim", "Claim", 0x1F_6F_B2);
    claim.attributes = vec![AttributeSpec {
        title: "Cost".to_owned(),
        ..cost
    }];
    let mut window = open(
        Codebook::of(vec![claim]),
        vec![article("a", TEXT, &[("claim", "crowns")])],
    );
    perform(
        &mut window,
        Action::SelectAnnotation {
            id: "t-a-00000".into(),
            reveal: true,
        },
    );
    click_field(&mut window, "Cost");
    type_in(&mut window, "many");
    window.key(Key::Tab);
    window.harness.run_steps(2);
    assert!(is_seen(&window, "This is no number"));
    perform(
        &mut window,
        Action::SetNote {
            id: "t-a-00000".into(),
            note: "Later".to_owned(),
        },
    );
    assert!(is_seen(&window, "This is no number"), "another change");
    let value = |window: &Window| {
        let selected = model(window).selected_annotation().unwrap().clone();
        selected
            .attributes
            .get("cost")
            .map(|value| value.to_text().clone())
    };
    assert_eq!(value(&window), None);
    click_field(&mut window, "Cost");
    window.keys(Key::A, Modifiers::COMMAND);
    type_in(&mut window, "3400");
    window.key(Key::Tab);
    window.harness.run_steps(2);
    assert!(!is_seen(&window, "This is no number"));
    assert_eq!(value(&window).as_deref(), Some("3400"));
    // Esc goes back to what was.
    click_field(&mut window, "Cost");
    type_in(&mut window, "x");
    window.key(Key::Escape);
    window.harness.run_steps(2);
    assert!(!is_seen(&window, "This is no number"));
    assert_eq!(value(&window).as_deref(), Some("3400"));
}
