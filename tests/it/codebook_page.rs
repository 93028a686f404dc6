//! The page of the codebook, by mouse and by keyboard: what is done to labels, what is said before
//! it is done, what is refused, and that one step of undo brings everything back.

use crate::cards::{demo, named, run};
use crate::keyboard::{focused_name as focused, type_in};
use crate::mouse::drag;
use crate::window::{Window, bytes};
use eframe::egui::accesskit::Role;
use eframe::egui::{Key, Modifiers, vec2};
use egui_kittest::kittest::{By, NodeT, Queryable};
use pressmark::app::action::codebook::{AttributeField, LabelField, Touching};
use pressmark::app::action::{Action, CodebookAction};
use pressmark::app::command::Command;
use pressmark::app::model::Page;
use pressmark::core::codebook::{
    AttributeKind, Codebook, EdgeRule, Label, SharedCodebook, Underline,
};
use pressmark::core::ids::LabelId;
use pressmark::format::project_ron;

const TEXT: &str = "Mayor opens bridge\n\nMayor Ada Quill said “it is a proud day” on Monday. The bridge cost 3,400 crowns.\n";

/// Tab, until what is called so has the keyboard.
#[track_caller]
fn tab_to(window: &mut Window, name: &str) {
    let mut seen = Vec::new();
    for _ in 0..120 {
        let here = focused(window);
        if here == name {
            return;
        }
        seen.push(here);
        window.key(Key::Tab);
    }
    panic!("“{name}” is not on the way: {seen:?}");
}

/// Tab to a group of choices, arrows to one of them, and Space.
#[track_caller]
fn choose(window: &mut Window, group: &str, choice: &str) {
    let (group, name) = (format!("{group}: "), format!("{group}: {choice}"));
    for key in [Key::Tab, Key::ArrowRight] {
        for _ in 0..120 {
            let here = focused(window);
            if here == name || (key == Key::Tab && here.starts_with(&group)) {
                break;
            }
            window.key(key);
        }
    }
    assert_eq!(focused(window), name);
    window.key(Key::Space);
}

fn ask(window: &mut Window, asked: CodebookAction) {
    let model = &mut window.harness.state_mut().model;
    model.perform(Action::from(asked));
    window.harness.run_steps(3);
}

fn set(window: &mut Window, label: &str, field: LabelField) {
    ask(window, CodebookAction::Set(label.into(), field));
}

fn codebook(window: &Window) -> Codebook {
    window.harness.state().model.codebook().clone()
}

fn label(window: &Window, id: &str) -> Label {
    codebook(window).label(id).unwrap().clone()
}

/// The last notice, and it goes.
fn told(window: &mut Window) -> String {
    let model = &mut window.harness.state_mut().model;
    let told = model.notices().last().map(|notice| notice.message.clone());
    while !model.notices().is_empty() {
        model.perform(Action::DismissNotice(0));
    }
    told.unwrap_or_default()
}

fn undo(window: &mut Window, times: usize) {
    for _ in 0..times {
        run(window, Command::Undo);
    }
}

/// How often something that is called so is there, but for what is read out and what holds it.
fn count_of(window: &Window, name: &str) -> usize {
    let found = window.harness.query_all_by_label_contains(name);
    let is_other = |role: Role| matches!(role, Role::Status | Role::Group);
    found
        .filter(|node| !is_other(node.accesskit_node().role()))
        .count()
}

#[test]
fn a_label_with_colour_key_and_three_attributes_is_made_by_keyboard_alone() {
    let mut window = Window::with(TEXT);
    let before = bytes(&window);
    window.keys(Key::Num5, Modifiers::COMMAND);
    assert_eq!(focused(&window), "Labels");
    window.keys(Key::L, Modifiers::COMMAND | Modifiers::SHIFT);
    window.harness.run_steps(2);
    assert_eq!(focused(&window), "Name");
    // Its name is selected, so that what is typed takes its place.
    type_in(&mut window, "Straw man");
    tab_to(&mut window, "Key");
    type_in(&mut window, "X");
    choose(&mut window, "Colour", "navy");
    choose(&mut window, "Underline", "wavy");
    tab_to(&mut window, "Definition");
    type_in(&mut window, "What nobody said.");
    for (name, kind) in [
        ("Weight", Some("number")),
        ("Kind of trick", Some("one of")),
        ("Why so", None),
    ] {
        tab_to(&mut window, "Add an attribute");
        window.key(Key::Enter);
        window.harness.run_steps(2);
        assert_eq!(focused(&window), "Attribute called");
        type_in(&mut window, name);
        let Some(kind) = kind else { continue };
        tab_to(&mut window, "Kind of the attribute");
        window.key(Key::Space);
        window.harness.run_steps(2);
        tab_to(&mut window, kind);
        window.key(Key::Enter);
        window.harness.run_steps(2);
        if kind == "one of" {
            tab_to(&mut window, "Values of the attribute");
            type_in(&mut window, "mild\nbold");
        }
    }
    tab_to(&mut window, "Required");
    window.key(Key::Space);
    let made = label(&window, "straw_man");
    let attributes = made.attributes.iter().map(|spec| {
        let (name, kind) = (spec.name.as_str(), spec.kind.code());
        format!("{name} “{}” {kind} {}", spec.title, spec.required)
    });
    assert_eq!(
        attributes.collect::<Vec<_>>(),
        [
            "weight “Weight” number false",
            "kind_of_trick “Kind of trick” one_of false",
            "why_so “Why so” text true",
        ]
    );
    assert_eq!(made.attributes[1].kind.options(), ["mild", "bold"]);
    assert_eq!((made.name.as_str(), made.key), ("Straw man", Some('x')));
    assert_eq!((made.color, made.underline), (0x00_1E_87, Underline::Wavy));
    assert_eq!(made.definition, "What nobody said.");
    // And it is marked with.
    window.keys(Key::Num1, Modifiers::COMMAND);
    window.drag("it is a proud day");
    window.key(Key::X);
    assert_eq!(window.annotations(), ["straw_man: it is a proud day"]);
    while window
        .harness
        .state()
        .model
        .session()
        .undo_title()
        .is_some()
    {
        undo(&mut window, 1);
        if bytes(&window) == before {
            return;
        }
    }
    panic!("undoing everything does not lead back");
}

#[test]
fn rename_merge_and_retire_are_undone_to_the_same_bytes() {
    let mut window = demo();
    run(&mut window, Command::Codebook);
    let before = bytes(&window);
    // By hand: a field, a dialog and a button.
    window.click("Name");
    window.keys(Key::A, Modifiers::COMMAND);
    type_in(&mut window, "Quotation");
    window.key(Key::Enter);
    assert_eq!(label(&window, "quote").name, "Quotation");
    window.click("Merge into…");
    assert_eq!(
        named(&window, Role::Dialog),
        ["Merge “Quotation” into another label"]
    );
    assert_eq!(focused(&window), "Filter labels");
    type_in(&mut window, "claim");
    window.settle();
    assert_eq!(
        count_of(&window, "Changes 18 annotations in 6 articles."),
        1
    );
    window.key(Key::Enter);
    window.harness.run_steps(3);
    assert!(codebook(&window).label("quote").is_none());
    assert_eq!(
        told(&mut window),
        "Merge label “Quotation” into “Claim”: changed 18 annotations in 6 articles"
    );
    let shown = window
        .harness
        .state()
        .model
        .page_label()
        .unwrap()
        .id
        .clone();
    assert_eq!(shown.as_str(), "claim");
    window.click("Retire");
    assert!(label(&window, "claim").retired);
    assert_eq!(
        told(&mut window),
        "“Claim” is retired: kept for 40 annotations in 6 articles, and not offered any more"
    );
    window.harness.run_steps(2);
    assert_eq!(count_of(&window, "Retired: 1"), 1);
    undo(&mut window, 3);
    assert_eq!(bytes(&window), before);
    assert_eq!(window.harness.state().model.page(), Page::Codebook);
}

#[test]
fn what_cannot_be_is_refused_and_says_why() {
    let mut window = demo();
    run(&mut window, Command::Codebook);
    let before = bytes(&window);
    let long = "x".repeat(301);
    let name = |name: &str| LabelField::Name(name.to_owned());
    let under = |parent: &str| LabelField::Parent(Some(parent.into()));
    set(&mut window, "cue", under("source"));
    let in_order = bytes(&window);
    let cases = [
        ("claim", name("QUOTE "), "there already is a label “Quote”"),
        ("claim", name(" quóte"), "there already is a label “Quote”"),
        ("claim", name(" "), "a label needs a name"),
        ("claim", name(&long), "a name has at most 300 characters"),
        (
            "claim",
            LabelField::Key(Some('Q')),
            "the key Q belongs to the label “Quote”",
        ),
        (
            "claim",
            LabelField::Key(Some('n')),
            "N is the key of the command “Write a note”",
        ),
        ("source", under("cue"), "“Source” would be a kind of itself"),
        ("cue", under("cue"), "“Cue” would be a kind of itself"),
    ];
    for (label, field, why) in cases {
        let shown = format!("{field:?}");
        set(&mut window, label, field);
        let told = told(&mut window);
        assert!(told.contains(why), "{shown}: {told}");
        assert_eq!(bytes(&window), in_order, "{shown}");
    }
    // A blank at the end is no other name.
    set(&mut window, "claim", name("Claim "));
    assert_eq!(bytes(&window), in_order);
    let attribute = |name: &str, field| CodebookAction::SetAttribute {
        label: "quote".into(),
        name: name.to_owned(),
        field,
    };
    ask(
        &mut window,
        attribute("kind", AttributeField::Key(Some('k'))),
    );
    let with_key = bytes(&window);
    ask(
        &mut window,
        attribute("speaker", AttributeField::Key(Some('k'))),
    );
    assert!(told(&mut window).contains("the key K belongs to the attribute “Kind”"));
    ask(
        &mut window,
        attribute("speaker", AttributeField::Title(long)),
    );
    assert!(told(&mut window).contains("at most 300 characters"));
    let rename = CodebookAction::RenameAttribute {
        label: "quote".into(),
        name: "speaker".to_owned(),
        new: "kind".to_owned(),
    };
    ask(&mut window, rename);
    assert!(told(&mut window).contains("there already is an attribute “kind”"));
    assert_eq!(bytes(&window), with_key);
    undo(&mut window, 2);
    assert_eq!(bytes(&window), before);
}

/// What cannot be kept stays in its field with the reason, until it is mended or left with Esc.
#[test]
fn a_name_that_is_taken_is_told_in_its_field() {
    let mut window = demo();
    run(&mut window, Command::Codebook);
    let write = |window: &mut Window, text: &str| {
        window.click("Name");
        window.keys(Key::A, Modifiers::COMMAND);
        type_in(window, text);
    };
    write(&mut window, "cláim ");
    assert_eq!(count_of(&window, "There already is a label “Claim”."), 1);
    window.key(Key::Tab);
    assert_eq!(count_of(&window, "There already is a label “Claim”."), 1);
    assert_eq!(label(&window, "quote").name, "Quote");
    write(&mut window, "Said");
    window.key(Key::Tab);
    assert_eq!(label(&window, "quote").name, "Said");
    write(&mut window, "Never");
    window.key(Key::Escape);
    window.harness.run_steps(2);
    assert_eq!(label(&window, "quote").name, "Said");
    // What is being written is kept when another label is shown.
    write(&mut window, "Words");
    ask(&mut window, CodebookAction::Show("cue".into()));
    assert_eq!(label(&window, "quote").name, "Words");
}

#[test]
fn another_kind_shows_the_values_that_are_none_and_asks() {
    let mut window = demo();
    run(&mut window, Command::Codebook);
    let before = bytes(&window);
    let kind = |kind: AttributeKind| CodebookAction::SetKind {
        label: "quote".into(),
        name: "kind".to_owned(),
        kind,
    };
    ask(&mut window, kind(AttributeKind::Number));
    window.settle();
    assert!(count_of(&window, "18 values are none of the new kind: “") == 1);
    assert_eq!(
        bytes(&window),
        before,
        "nothing happens before it is answered"
    );
    window.click("Discard");
    assert!(window.harness.state().model.waits().is_none());
    // Values that are there can become values to choose from.
    let one = vec!["direct".to_owned()];
    ask(&mut window, kind(AttributeKind::OneOf(one)));
    window.settle();
    let offers = window.harness.query_all_by_label_contains("more values");
    assert_eq!(offers.count(), 1);
    window.click("Drop them");
    let spec = label(&window, "quote").attribute("kind").unwrap().clone();
    assert_eq!(spec.kind.options(), ["direct"]);
    assert!(told(&mut window).contains("changed"));
    undo(&mut window, 1);
    assert_eq!(bytes(&window), before);
    ask(&mut window, kind(AttributeKind::Text));
    assert!(
        window.harness.state().model.waits().is_none(),
        "every value is a text"
    );
    undo(&mut window, 1);
    assert_eq!(bytes(&window), before);
    // One that is removed takes its values along, and says how many.
    let remove = CodebookAction::RemoveAttribute {
        label: "quote".into(),
        name: "kind".to_owned(),
    };
    ask(&mut window, remove);
    window.settle();
    assert_eq!(
        count_of(&window, "Changes 18 annotations in 6 articles."),
        1
    );
    window.keys(Key::Enter, Modifiers::COMMAND);
    assert!(label(&window, "quote").attribute("kind").is_none());
    undo(&mut window, 1);
    assert_eq!(bytes(&window), before);
}

#[test]
fn another_policy_says_what_it_moves_before_it_does() {
    let mut window = demo();
    run(&mut window, Command::Codebook);
    let before = bytes(&window);
    window.click("Quotation marks: left out");
    window.settle();
    assert_eq!(bytes(&window), before);
    assert_eq!(
        count_of(&window, "Changes 12 annotations in 6 articles."),
        1
    );
    assert_eq!(count_of(&window, "1 of 12"), 1);
    window.click("Apply");
    let edges = label(&window, "quote").edges;
    assert_eq!(edges.quotation_marks, EdgeRule::Out);
    assert_ne!(bytes(&window), before);
    window.settle();
    assert_eq!(count_of(&window, "end otherwise than this says"), 0);
    undo(&mut window, 1);
    assert_eq!(bytes(&window), before, "policy and annotations, one step");
    // The policy alone; what is there can follow later.
    window.click("Quotation marks: left out");
    window.settle();
    window.click("For new marks only");
    window.settle();
    assert_eq!(
        count_of(&window, "12 annotations in 6 articles end otherwise"),
        1
    );
    window.click("Move them");
    window.settle();
    assert_eq!(count_of(&window, "end otherwise than this says"), 0);
    undo(&mut window, 2);
    assert_eq!(bytes(&window), before);
    // Esc leaves it.
    window.click("Quotation marks: left out");
    window.settle();
    window.key(Key::Escape);
    assert!(window.harness.state().model.waits().is_none());
    assert_eq!(bytes(&window), before);
    let confirm = CodebookAction::Confirm(Touching::Keeps);
    ask(&mut window, confirm);
    assert_eq!(bytes(&window), before, "nothing waits any more");
    // What moves none is done, and not asked.
    window.click("Closing punctuation: left out");
    window.settle();
    assert!(window.harness.state().model.waits().is_none());
    let edges = label(&window, "quote").edges;
    assert_eq!(edges.closing_punctuation, EdgeRule::Out);
    undo(&mut window, 1);
    assert_eq!(bytes(&window), before);
}

#[test]
fn labels_are_ordered_by_key_and_by_drag_and_fold() {
    let mut window = demo();
    run(&mut window, Command::Codebook);
    let order = |window: &Window| {
        let ids = codebook(window).labels.into_iter().map(|l| match l.parent {
            Some(parent) => format!("{parent}/{}", l.id),
            None => l.id.to_string(),
        });
        ids.collect::<Vec<_>>().join(" ")
    };
    assert_eq!(order(&window), "quote claim promo source cue");
    assert_eq!(focused(&window), "Labels");
    window.keys(Key::ArrowDown, Modifiers::ALT);
    window.harness.run_steps(2);
    assert_eq!(order(&window), "claim quote promo source cue");
    window.keys(Key::ArrowUp, Modifiers::ALT);
    window.keys(Key::ArrowUp, Modifiers::ALT);
    window.harness.run_steps(2);
    assert_eq!(order(&window), "quote claim promo source cue");
    set(
        &mut window,
        "source",
        LabelField::Parent(Some("quote".into())),
    );
    assert_eq!(order(&window), "quote claim promo quote/source cue");
    // By mouse: the cue below what is a kind of the quote.
    drag_row(&mut window, "Move Cue", "Source, a kind of Quote", 0.8);
    assert_eq!(order(&window), "quote claim promo quote/source quote/cue");
    drag_row(&mut window, "Move Cue", "Claim, 22", 0.2);
    assert_eq!(order(&window), "quote cue claim promo quote/source");
    // Left folds, Right unfolds, and what is folded is no row.
    assert_eq!(focused(&window), "Labels");
    assert_eq!(count_of(&window, "Source, a kind of Quote"), 1);
    window.key(Key::ArrowLeft);
    window.harness.run_steps(2);
    assert_eq!(count_of(&window, "Source, a kind of Quote"), 0);
    window.key(Key::ArrowRight);
    window.harness.run_steps(2);
    assert_eq!(count_of(&window, "Source, a kind of Quote"), 1);
    // A filter finds it whatever its case and accents.
    run(&mut window, Command::FilterAnnotations);
    assert_eq!(focused(&window), "Filter labels");
    type_in(&mut window, "SÓUR");
    window.key(Key::Enter);
    window.harness.run_steps(2);
    let shown = window
        .harness
        .state()
        .model
        .page_label()
        .unwrap()
        .id
        .clone();
    assert_eq!(shown.as_str(), "source");
}

fn drag_row(window: &mut Window, grip: &str, onto: &str, share: f32) {
    let from = window.harness.get_by_label(grip).rect().center();
    let target = window.harness.get_by_label_contains(onto).rect();
    let to = target.left_top() + vec2(80.0, target.height() * share);
    drag(window, from, to);
}

#[test]
fn keys_of_the_article_do_nothing_to_it_while_it_is_out_of_sight() {
    let mut window = Window::with(TEXT);
    window.drag("it is a proud day");
    window.key(Key::Q);
    window.drag("3,400 crowns");
    run(&mut window, Command::Codebook);
    let before = bytes(&window);
    for (key, held) in [
        (Key::C, Modifiers::NONE),
        (Key::Delete, Modifiers::NONE),
        (Key::Enter, Modifiers::COMMAND),
        (Key::B, Modifiers::COMMAND),
        (Key::M, Modifiers::COMMAND),
    ] {
        window.keys(key, held);
        assert_eq!(bytes(&window), before, "{key:?}");
    }
    // A label that is chosen by name marks where that is seen.
    let claim = Action::UseLabel("claim".into());
    window.harness.state_mut().model.perform(claim);
    assert_eq!(window.harness.state().model.page(), Page::Read);
    assert_eq!(window.annotations().len(), 2);
}

/// What is asked for of an article while the codebook is shown is done where it is seen, or not at all.
#[test]
fn what_is_done_to_an_article_shows_it() {
    let mut window = Window::with(TEXT);
    window.drag("it is a proud day");
    window.key(Key::Q);
    let page = |window: &Window| window.harness.state().model.page();
    run(&mut window, Command::Codebook);
    let before = bytes(&window);
    window.key(Key::F2);
    assert_eq!(named(&window, Role::Dialog), [""; 0]);
    window.key(Key::F3);
    window.harness.run_steps(2);
    assert_eq!(focused(&window), "Filter labels");
    assert_eq!((page(&window), bytes(&window)), (Page::Codebook, before));
    let article = window.harness.state().model.article().unwrap().id.clone();
    type Does = Box<dyn Fn(&mut Window)>;
    let perform = |action: Action| -> Does {
        Box::new(move |window| {
            window.harness.state_mut().model.perform(action.clone());
            window.harness.run_steps(3);
        })
    };
    let cases: [(&str, Does); 6] = [
        ("undo", Box::new(|window| run(window, Command::Undo))),
        ("redo", Box::new(|window| run(window, Command::Redo))),
        ("go to a step", perform(Action::JumpTo(1))),
        (
            "paste",
            Box::new(|window| window.paste("Another\n\nIt has a text.")),
        ),
        ("trash", perform(Action::TrashArticles(vec![article]))),
        ("restore", perform(Action::Restore(vec![0]))),
    ];
    for (what, does) in cases {
        run(&mut window, Command::Codebook);
        assert_eq!(page(&window), Page::Codebook);
        let before = bytes(&window);
        does(&mut window);
        assert_ne!(bytes(&window), before, "{what}");
        assert_eq!(page(&window), Page::Read, "{what}");
    }
}

#[test]
fn an_annotation_becomes_an_example_that_leads_back_to_it() {
    let mut window = Window::with(TEXT);
    window.drag("it is a proud day");
    window.key(Key::Q);
    window.keys(Key::M, Modifiers::COMMAND);
    assert!(told(&mut window).contains("is an example of “Quote” in the codebook"));
    window.keys(Key::M, Modifiers::COMMAND | Modifiers::SHIFT);
    let shown = label(&window, "quote").shown_by;
    assert_eq!(shown.len(), 1, "one that was an example is none any more");
    assert!(shown[0].is_counter);
    window.key(Key::Escape);
    run(&mut window, Command::Codebook);
    window.harness.get_by_label("it is a proud day");
    tab_to(&mut window, "Mayor opens bridge");
    window.key(Key::Enter);
    window.harness.run_steps(2);
    let model = &window.harness.state().model;
    assert_eq!(model.page(), Page::Read);
    assert_eq!(model.selected(), Some(&shown[0].annotation));
    // It can be gone: that is said, and it can be taken off.
    window.key(Key::Delete);
    run(&mut window, Command::Codebook);
    assert_eq!(
        count_of(&window, "This annotation is not there any more"),
        1
    );
    tab_to(&mut window, "Take it off the counter-examples");
    window.key(Key::Space);
    assert!(label(&window, "quote").shown_by.is_empty());
}

#[test]
fn a_codebook_is_saved_compared_and_taken_in() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = demo();
    run(&mut window, Command::Codebook);
    set(
        &mut window,
        "quote",
        LabelField::Name("Quotation".to_owned()),
    );
    set(
        &mut window,
        "cue",
        LabelField::Parent(Some("source".into())),
    );
    let saved = codebook(&window);
    let path = folder.path().join("mine.ron");
    window.answer(&path);
    run(&mut window, Command::SaveCodebook);
    window.settle();
    assert!(path.exists(), "{}", told(&mut window));
    let qdc = folder.path().join("mine.qdc");
    window.answer(&qdc);
    run(&mut window, Command::SaveCodebookQdc);
    window.settle();
    assert!(std::fs::read_to_string(&qdc).unwrap().contains("Quotation"));
    // Into another project: what is new, changed and in conflict, before anything is done.
    let mut other = Window::with(TEXT);
    let before = bytes(&other);
    other.answer(&path);
    ask(&mut other, CodebookAction::PickFile);
    other.settle();
    assert_eq!(named(&other, Role::Dialog), ["Take in “Pressmark demo”"]);
    assert_eq!(count_of(&other, "Quotation renamed"), 1);
    assert_eq!(count_of(&other, "Claim the same"), 1);
    other.key(Key::Escape);
    other.harness.run_steps(2);
    assert!(other.harness.state().model.comparison().is_none());
    assert_eq!(bytes(&other), before);
    other.answer(&path);
    ask(&mut other, CodebookAction::PickFile);
    other.settle();
    other.key(Key::Enter);
    other.harness.run_steps(3);
    assert_eq!(codebook(&other).labels, saved.labels);
    undo(&mut other, 1);
    assert_eq!(bytes(&other), before);
    // One that is no codebook, and one that is not there.
    for (name, content) in [("text.ron", Some("(")), ("gone.ron", None)] {
        let path = folder.path().join(name);
        if let Some(content) = content {
            std::fs::write(&path, content).unwrap();
        }
        other.answer(&path);
        ask(&mut other, CodebookAction::PickFile);
        other.settle();
        let told = told(&mut other);
        assert!(
            told.contains("The codebook was not loaded") && told.contains(name),
            "{told}"
        );
        assert_eq!(bytes(&other), before);
    }
}

/// Conflicts are decided before anything is taken in; a key that two labels have is one.
#[test]
fn conflicts_with_another_codebook_wait_for_a_choice() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("theirs.ron");
    let shared = SharedCodebook {
        name: "Theirs".to_owned(),
        codebook: Codebook::of(vec![Label {
            key: Some('q'),
            ..Label::new("query", "Query", 0xA5_0F_2D)
        }]),
        ..SharedCodebook::default()
    };
    std::fs::write(&path, project_ron::write_codebook(&shared)).unwrap();
    let mut window = demo();
    let before = bytes(&window);
    window.answer(&path);
    ask(&mut window, CodebookAction::PickFile);
    window.settle();
    assert_eq!(count_of(&window, "The key Q belongs to “Quote”."), 1);
    window.key(Key::Enter);
    assert_eq!(bytes(&window), before, "it is not decided");
    window.click("The key Q goes to “Query”");
    window.click("Take in");
    assert_eq!(label(&window, "query").key, Some('q'));
    assert_eq!(label(&window, "quote").key, None);
    undo(&mut window, 1);
    assert_eq!(bytes(&window), before);
}

#[test]
fn two_thousand_labels_cost_what_is_seen() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("many.ron");
    let labels = (0..2_000).map(|n| Label {
        parent: (n % 10 != 0).then(|| LabelId::new(format!("l{}", n / 10 * 10))),
        ..Label::new(&format!("l{n}"), &format!("Label number {n}"), 0xA5_0F_2D)
    });
    let shared = SharedCodebook {
        name: "Many".to_owned(),
        codebook: Codebook::of(labels.collect()),
        ..SharedCodebook::default()
    };
    std::fs::write(&path, project_ron::write_codebook(&shared)).unwrap();
    let mut window = Window::with(TEXT);
    ask(&mut window, CodebookAction::CompareFile(path));
    window.settle();
    ask(&mut window, CodebookAction::TakeIn);
    assert_eq!(codebook(&window).labels.len(), 2_005);
    run(&mut window, Command::Codebook);
    window.harness.run_steps(3);
    let rows = named(&window, Role::ListItem).len();
    assert!((10..60).contains(&rows), "{rows} rows are drawn");
    let made = window.harness.state().model.derived_count();
    window.harness.run_steps(5);
    assert_eq!(window.harness.state().model.derived_count(), made);
    ask(&mut window, CodebookAction::Show("l1999".into()));
    window.harness.run_steps(2);
    assert_eq!(count_of(&window, "Label number 1999, a kind of"), 1);
    run(&mut window, Command::FilterAnnotations);
    // 123, 1230 to 1239, and 1123, which has both words.
    type_in(&mut window, "number 123");
    assert_eq!(named(&window, Role::ListItem).len(), 12);
}

/// A name of 300 characters and many rules lie over nothing, in a small window, too.
#[test]
fn nothing_lies_over_anything_else() {
    let mut window = demo();
    run(&mut window, Command::Codebook);
    let long = "Überlange Bezeichnung ".repeat(14);
    let long: String = long.chars().take(300).collect();
    set(&mut window, "quote", LabelField::Name(long.clone()));
    for size in [vec2(1280.0, 800.0), vec2(900.0, 600.0)] {
        window.harness.set_size(size);
        window.harness.run_steps(4);
        let rect = |name: &str| window.harness.get_by_label(name).rect();
        let heading = By::new().role(Role::Heading).label(long.trim());
        let heading = window.harness.get(heading).rect();
        assert!(heading.right() <= rect("Retire").left(), "{size:?}");
        let names = ["Name", "Key", "A kind of"].map(rect);
        for pair in names.windows(2) {
            assert!(pair[0].right() <= pair[1].left(), "{size:?} {pair:?}");
        }
        let window_width = size.x;
        for name in [
            "Name",
            "A kind of",
            "Merge into…",
            "Colour: ink",
            "Underline: wavy",
        ] {
            assert!(rect(name).right() <= window_width, "{name} {size:?}");
        }
    }
}
