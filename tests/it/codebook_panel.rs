//! Labels at hand while one marks: the hierarchy and the field of the codebook panel, definitions, labels
//! from words, several labels on the same words; and what is looked at again once the codebook has
//! changed.

use crate::cards::{named, run};
use crate::keyboard::type_in;
use crate::mouse::click_at;
use crate::window::{TEXT, Window, bytes, model, perform};
use eframe::egui::accesskit::Role;
use eframe::egui::{Event, Key, Modifiers};
use egui_kittest::kittest::{By, NodeT, Queryable};
use pressmark::app::action::{Action, Verdict};
use pressmark::app::command::Command;
use pressmark::core::annotation::{Annotation, AnnotationSet};
use pressmark::core::article::Article;
use pressmark::core::codebook::{Codebook, EdgeRule, Label};
use pressmark::core::project::{Project, ProjectParts};
use pressmark::core::text::{ArticleText, BytePos, ByteRange};
use pressmark::format::project_ron::Opened;
use std::sync::Arc;

fn label(id: &str, name: &str, parent: &str) -> Label {
    Label {
        parent: (!parent.is_empty()).then(|| parent.into()),
        definition: format!("What {name} means."),
        ..Label::new(id, name, 0x1F_6F_B2)
    }
}

/// Two claims, two numbers, a quote.
fn hierarchy() -> Codebook {
    let mut quote = label("quote", "Quote", "");
    quote.key = Some('q');
    quote.include = vec!["Written statements".to_owned()];
    quote.exclude = vec!["Titles of works".to_owned()];
    let mut number = label("number", "Number", "claim");
    number.key = Some('1');
    let mut old = label("old", "Old", "");
    old.retired = true;
    Codebook::of(vec![
        label("claim", "Claim", ""),
        number,
        label("cause", "Cause", "claim"),
        quote,
        old,
    ])
}

/// An article of these words, marked as they are told.
pub(crate) fn article(id: &str, text: &str, marks: &[(&str, &str)]) -> Article {
    let mut article = Article::new(
        id.into(),
        format!("Article {id}"),
        ArticleText::new(text.to_owned()),
    );
    let annotations = marks.iter().enumerate().map(|(n, (label, words))| {
        let start = text.find(words).unwrap();
        let range = ByteRange::new(BytePos(start as u32), BytePos((start + words.len()) as u32));
        let id = format!("t-{id}-{n:05}");
        let mut made = Annotation::new(id.as_str().into(), "bo".into(), (*label).into(), range);
        made.codebook_revision = 1;
        made
    });
    article.annotations = AnnotationSet::from_annotations(annotations).0;
    article
}

fn open(codebook: Codebook, articles: Vec<Article>) -> Window {
    let mut window = Window::new(None);
    let project = Project::from_parts(ProjectParts {
        name: "Labels".to_owned(),
        codebook,
        articles: articles.into_iter().map(Arc::new).collect(),
        ..ProjectParts::default()
    });
    let opened = Opened {
        project,
        problems: Vec::new(),
    };
    let model = &mut window.harness.state_mut().model;
    model.enter_opened(opened, "/nowhere/labels.ron".into());
    while !model.notices().is_empty() {
        model.perform(Action::DismissNotice(0));
    }
    window.harness.run_steps(4);
    window
}

fn labels(window: &Window) -> Vec<String> {
    named(window, Role::TreeItem)
}

#[test]
fn kinds_fold_and_count_for_what_they_are_kinds_of() {
    let marks = [
        ("claim", "opens bridge"),
        ("number", "3,400"),
        ("number", "crowns"),
        ("quote", "it is"),
    ];
    let articles = vec![
        article("a", TEXT, &marks),
        article("b", TEXT, &[("quote", "proud")]),
    ];
    let mut window = open(hierarchy(), articles);
    let all = [
        "Mark as claim, 3 here",
        "Mark as number, 2 here",
        "Mark as cause, 0 here",
        "Mark as quote, 1 here",
    ];
    assert_eq!(labels(&window), all);
    let levels = window.harness.query_all(By::new().role(Role::TreeItem));
    let levels: Vec<_> = levels
        .map(|row| row.accesskit_node().data().level())
        .collect();
    assert_eq!(levels, [Some(0), Some(1), Some(1), Some(0)]);
    // On their page, too, and there of all articles.
    run(&mut window, Command::Codebook);
    for told in ["Claim, unfolded, 3 annotations", "Quote, 2 annotations"] {
        let found = window.harness.query_all_by_label_contains(told).count();
        assert_eq!(found, 1, "{told}");
    }
    run(&mut window, Command::Read);
    window.click("Kinds of claim");
    let folded = ["Mark as claim, 3 here", "Mark as quote, 1 here"];
    assert_eq!(labels(&window), folded);
    // The same by keyboard: Right opens, Left closes, and goes up from a kind.
    window.key(Key::F3);
    window.key(Key::ArrowRight);
    assert_eq!(labels(&window), all);
    window.key(Key::ArrowDown);
    window.key(Key::ArrowLeft);
    window.key(Key::ArrowLeft);
    assert_eq!(labels(&window), folded);
    // Space locks, and the label that the keyboard is at marks with Enter.
    window.key(Key::Space);
    assert_eq!(model(&window).locked_label(), Some(&"claim".into()));
    window.key(Key::Space);
    window.key(Key::ArrowDown);
    perform(
        &mut window,
        Action::SelectAnnotation {
            id: "t-a-00001".into(),
            reveal: true,
        },
    );
    window.key(Key::Enter);
    assert_eq!(
        model(&window).selected_annotation().unwrap().label,
        "quote".into()
    );
    run(&mut window, Command::Undo);
    // Filters count kinds, too.
    let mut listing = model(&window).listing().clone();
    listing.label = Some("claim".into());
    perform(&mut window, Action::SetListing(Box::new(listing)));
    assert_eq!(model(&window).listed().len(), 1);
    window.click("Drop Label: Claim");
    assert_eq!(model(&window).listed().len(), 2);
    window.click("Label filter: All labels");
    window.click("Claim");
    let rows = window.harness.query_all(By::new().role(Role::ListItem));
    let rows = rows.filter_map(|row| row.accesskit_node().label());
    let rows: Vec<String> = rows.filter(|row| !row.starts_with("Article ")).collect();
    assert_eq!(
        rows,
        [
            "Claim, by bo, opens bridge",
            "Number, by bo, 3,400",
            "Number, by bo, crowns"
        ]
    );
}

/// With many labels the field finds one by its name, and Enter marks with it.
#[test]
fn one_label_of_many_is_found_by_its_name() {
    let many = (0..200).map(|n| label(&format!("l{n}"), &format!("Technique {n}"), ""));
    let mut window = open(Codebook::of(many.collect()), vec![article("a", TEXT, &[])]);
    window.drag("it is a proud day");
    window.key(Key::F3);
    type_in(&mut window, "nique 18");
    assert_eq!(
        labels(&window)[..2],
        [
            "Mark as technique 18, 0 here",
            "Mark as technique 180, 0 here"
        ]
    );
    type_in(&mut window, "7");
    assert_eq!(labels(&window), ["Mark as technique 187, 0 here"]);
    window.key(Key::Enter);
    window.harness.run_steps(2);
    assert_eq!(window.annotations(), ["l187: it is a proud day"]);
    // The article has the keyboard again, and the label that was used last is one key away.
    window.drag("crowns");
    window.key(Key::Semicolon);
    assert_eq!(window.annotations().len(), 2);
    assert_eq!(
        model(&window).selected_annotation().unwrap().label,
        "l187".into()
    );
    assert!(
        window
            .harness
            .query_by_label("Mark as: Technique 187")
            .is_some()
    );
    // What is not found marks nothing, and Esc shows all again.
    window.key(Key::F3);
    type_in(&mut window, "no such");
    assert!(labels(&window).is_empty());
    window.key(Key::Enter);
    assert_eq!(window.annotations().len(), 2);
    window.key(Key::F3);
    window.key(Key::Escape);
    window.harness.run_steps(2);
    assert!(labels(&window).len() > 3);
    window.drag("Subscribe");
    window.key(Key::F3);
    type_in(&mut window, "technique 3");
    window.key(Key::ArrowDown);
    window.key(Key::ArrowDown);
    window.key(Key::Enter);
    assert_eq!(
        model(&window).selected_annotation().unwrap().label,
        "l30".into()
    );
    // Once more for the one before it, and round again.
    let label = |window: &Window| model(window).selected_annotation().unwrap().label.clone();
    window.key(Key::Semicolon);
    assert_eq!(label(&window), "l187".into());
    window.key(Key::Semicolon);
    assert_eq!(label(&window), "l30".into());
}

#[test]
fn several_labels_are_given_to_the_same_words() {
    let mut window = Window::with(TEXT);
    window.drag("it is a proud day");
    window.keys(Key::Q, Modifiers::ALT);
    assert_eq!(window.selected_text(), "it is a proud day");
    window.key(Key::C);
    assert_eq!(
        window.annotations(),
        ["quote: it is a proud day", "claim: it is a proud day"]
    );
    assert_eq!(window.selected_text(), "");
    // Once more on the words of the selected annotation, in both its parts.
    window.drag("Subscribe");
    window.key(Key::P);
    window.drag_with("newsletter", Modifiers::COMMAND);
    window.keys(Key::C, Modifiers::ALT);
    assert_eq!(
        window.annotations()[2..],
        [
            "promo: Subscribe … newsletter",
            "claim: Subscribe … newsletter"
        ]
    );
    run(&mut window, Command::Undo);
    assert_eq!(window.annotations().len(), 3);
    // By mouse: Alt and a click on the label.
    window.drag("crowns");
    let row = window.harness.get_by_label_contains("Mark as source");
    row.click_modifiers(Modifiers::ALT);
    window.harness.run_steps(3);
    assert_eq!(window.selected_text(), "crowns");
    assert_eq!(window.annotations()[2], "source: crowns");
}

#[test]
fn a_label_is_made_from_the_selected_words() {
    let mut window = Window::with(TEXT);
    window.drag("proud day");
    window.keys(Key::N, Modifiers::COMMAND | Modifiers::SHIFT);
    window.harness.run_steps(3);
    let name = window.harness.get_by_label("Name");
    assert_eq!(name.accesskit_node().value().as_deref(), Some("proud day"));
    let before = bytes(&window);
    type_in(&mut window, "Pride");
    window.key(Key::Enter);
    window.harness.run_steps(3);
    assert_eq!(window.annotations(), ["pride: proud day"]);
    let made = model(&window).selected_annotation().unwrap();
    let codebook = model(&window).session().project().codebook();
    assert_eq!(made.codebook_revision, codebook.revision);
    let pride = codebook.label("pride").unwrap();
    assert_eq!((pride.name.as_str(), pride.color), ("Pride", 0xA5_0F_2D));
    assert_eq!(codebook.changes.last().unwrap().what, "add label “Pride”");
    // One step takes both back.
    run(&mut window, Command::Undo);
    assert_eq!(bytes(&window).contains("Pride"), before.contains("Pride"));
    assert!(window.annotations().is_empty());
    // A name that there is, in any spelling, marks with the label that has it.
    window.drag("proud day");
    run(&mut window, Command::LabelFromWords);
    type_in(&mut window, "QUOTE ");
    assert!(
        window
            .harness
            .query_by_label("There is a label “Quote” already.")
            .is_some()
    );
    window.click("Mark as quote");
    assert_eq!(window.annotations(), ["quote: proud day"]);
    window.drag("crowns");
    run(&mut window, Command::LabelFromWords);
    type_in(&mut window, " ");
    window.key(Key::Enter);
    assert!(named(&window, Role::Dialog).contains(&"New label from the selected words".to_owned()));
    type_in(&mut window, &"x".repeat(301));
    window.key(Key::Enter);
    assert_eq!(window.annotations().len(), 1);
}

#[test]
fn the_definition_is_one_key_away() {
    let articles = vec![article(
        "a",
        TEXT,
        &[("quote", "it is a proud day"), ("number", "3,400")],
    )];
    let mut window = open(hierarchy(), articles);
    window.key(Key::F4);
    window.harness.run_steps(2);
    assert!(
        window
            .harness
            .query_by_label_contains("Point at a label")
            .is_some()
    );
    // Of the selected annotation.
    window.key(Key::Tab);
    window.harness.run_steps(2);
    for said in [
        "What Quote means.",
        "Written statements",
        "Titles of works",
        "Do not mark",
    ] {
        assert!(window.harness.query_by_label(said).is_some(), "{said}");
    }
    window.key(Key::Tab);
    window.harness.run_steps(2);
    assert!(window.harness.query_by_label("a kind of Claim").is_some());
    // Of the label that the pointer is at.
    let row = window.harness.get_by_label_contains("Mark as cause").rect();
    window.harness.event(Event::PointerMoved(
        row.left_center() + eframe::egui::vec2(60.0, 0.0),
    ));
    window.harness.run_steps(3);
    let said = window.harness.query_all_by_label("What Cause means.");
    let mut said = said.map(|node| node.rect());
    assert!(
        said.any(|rect| rect.right() < 300.0),
        "on the card, and not in a tooltip alone"
    );
    drop(said);
    window.key(Key::F4);
    window.harness.run_steps(2);
    assert!(named(&window, Role::Dialog).is_empty());
}

/// A thousand quotes with their marks, which a new policy leaves out.
fn quotes(articles: usize, each: usize) -> Vec<Article> {
    let made = (0..articles).map(|n| {
        let lines =
            (0..each).map(|i| format!("The mayor said “we will pay {i} crowns” on Monday.\n"));
        let text: String = lines.collect();
        let marks: Vec<String> = (0..each)
            .map(|i| format!("“we will pay {i} crowns”"))
            .collect();
        let marks: Vec<(&str, &str)> = marks
            .iter()
            .map(|words| ("quote", words.as_str()))
            .collect();
        article(&format!("a{n}"), &text, &marks)
    });
    made.collect()
}

#[test]
fn a_policy_is_applied_to_a_thousand_quotes_and_taken_back_byte_by_byte() {
    let mut codebook = Codebook::default();
    codebook.labels[0].edges.quotation_marks = EdgeRule::Out;
    let mut window = open(codebook, quotes(4, 300));
    let before = bytes(&window);
    perform(&mut window, Action::ReviewPolicy("quote".into()));
    window.settle();
    for said in [
        "1,200 of 1,200 annotations end otherwise than the policy says. Those that are ticked are moved.",
        "Policy: quotation marks out",
        "Leaves the mark: “ · ”",
    ] {
        assert!(window.harness.query_by_label(said).is_some(), "{said}");
    }
    // Two stay as they are: one by keyboard, one by its box.
    window.key(Key::Space);
    window.key(Key::ArrowDown);
    window.key(Key::ArrowDown);
    let rows = window
        .harness
        .query_all(By::new().role(Role::ListBoxOption));
    let third = rows.map(|row| row.rect()).nth(2).unwrap();
    let at = third.left_center() + eframe::egui::vec2(28.0, 0.0);
    click_at(&mut window, at);
    window.click("Move 1,198 annotations");
    let moved = |window: &Window| {
        let project = model(window).session().project();
        let starts = |article: &Arc<Article>| {
            let all = article.annotations.iter();
            let bare = all.filter(|a| article.text.slice(a.extent()).starts_with("we will pay"));
            bare.count()
        };
        project.articles().iter().map(starts).sum::<usize>()
    };
    assert_eq!(moved(&window), 1_198);
    let told: Vec<&str> = model(&window)
        .notices()
        .iter()
        .map(|n| n.message.as_str())
        .collect();
    assert_eq!(told, ["1198 annotations moved in 4 articles"]);
    window.click("Undo");
    assert_eq!(moved(&window), 0);
    assert_eq!(bytes(&window), before);
    run(&mut window, Command::Redo);
    assert_eq!(moved(&window), 1_198);
}

#[test]
fn old_annotations_are_confirmed_or_changed_with_one_key_each() {
    let mut codebook = hierarchy();
    codebook.revision = 4;
    codebook.labels[3].redefined = 3;
    let marks = [
        ("quote", "Mayor opens"),
        ("number", "3,400"),
        ("quote", "it is"),
        ("quote", "crowns"),
    ];
    let articles = vec![
        article("a", TEXT, &marks),
        article("b", TEXT, &[("quote", "proud")]),
    ];
    let mut window = open(codebook, articles);
    window.click("4 to look at again");
    window.settle();
    let left = |window: &Window| {
        let project = model(window).session().project();
        pressmark::core::recipes::codebook::outdated(project).len()
    };
    assert_eq!(left(&window), 4);
    assert!(
        window
            .harness
            .query_by_label_contains("What Quote means.")
            .is_some()
    );
    window.key(Key::Enter);
    assert_eq!(left(&window), 3);
    // The key of a label, as it is typed.
    window.harness.event(Event::Key {
        key: Key::Num1,
        physical_key: None,
        pressed: true,
        repeat: false,
        modifiers: Modifiers::NONE,
    });
    type_in(&mut window, "1");
    window.key(Key::Delete);
    let marked = ["quote: Mayor opens", "number: it is", "number: 3,400"];
    assert_eq!(window.annotations(), marked);
    assert_eq!(left(&window), 1);
    assert!(
        window
            .harness
            .query_by_label_contains(
                "1 confirmed, 1 changed, 1 deleted. Ctrl+Z takes the last back."
            )
            .is_some()
    );
    window.keys(Key::Z, Modifiers::COMMAND);
    window.harness.run_steps(2);
    assert_eq!(left(&window), 2);
    window.key(Key::Delete);
    // The last, in another article.
    window.click("Show");
    assert_eq!(model(&window).article().unwrap().id, "b".into());
    assert!(model(&window).selected_annotation().is_some());
    let judge = Action::Judge {
        article: "b".into(),
        annotation: "t-b-00000".into(),
        verdict: Verdict::Confirm,
    };
    perform(&mut window, judge);
    assert_eq!(left(&window), 0);
    assert!(
        window
            .harness
            .query_by_label_contains("to look at again")
            .is_none()
    );
    run(&mut window, Command::Outdated);
    assert!(
        window
            .harness
            .query_by_label_contains("No annotation was made before")
            .is_some()
    );
}

/// Only those in view are drawn, in the panel as in menus; and nothing is made in an idle frame.
#[test]
fn two_thousand_labels_are_drawn_as_few_are() {
    let many = (0..2_000).map(|n| {
        let parent = if n % 10 == 0 {
            String::new()
        } else {
            format!("l{}", n / 10 * 10)
        };
        label(&format!("l{n}"), &format!("Label {n}"), &parent)
    });
    let mut window = open(
        Codebook::of(many.collect()),
        vec![article("a", TEXT, &[("l7", "crowns")])],
    );
    assert!((4..20).contains(&labels(&window).len()));
    window.click("Mark");
    window.harness.run_steps(2);
    window.click("Mark as");
    window.harness.run_steps(2);
    let items = window
        .harness
        .query_all_by_label_contains("Mark as label")
        .count();
    assert!((4..60).contains(&items), "{items}");
    window.key(Key::Escape);
    window.click("Label filter: All labels");
    let items = named(&window, Role::MenuItemRadio).len();
    assert!((4..60).contains(&items), "{items}");
    window.key(Key::Escape);
    run(&mut window, Command::ReviewPolicy);
    window.settle();
    window.key(Key::Escape);
    window.harness.run_steps(4);
    let made = model(&window).derived_count();
    window.harness.run_steps(4);
    assert_eq!(model(&window).derived_count(), made);
}
