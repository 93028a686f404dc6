//! Ticks of hits that are annotations already, of groups, and what the bar says before anything is
//! done; what a search shows while others work.

use crate::cards::{named, run};
use crate::find::{focused, has, look_for, settle, two};
use crate::window::{Window, bytes, model, perform};
use eframe::egui::accesskit::{Role, Toggled};
use eframe::egui::{Key, vec2};
use egui_kittest::kittest::{NodeT, Queryable};
use pressmark::app::action::Action;
use pressmark::app::action::find::{FindAction, HitTicks, ToHits};
use pressmark::app::command::Command;
use pressmark::core::annotation::{Annotation, AnnotationSet};
use pressmark::core::article::Article;
use pressmark::core::codebook::BoundaryPolicy;
use pressmark::core::concordance::{Arrangement, GroupBy};
use pressmark::core::project::{Project, ProjectParts};
use pressmark::core::text::ArticleText;
use pressmark::format::project_ron::Opened;
use std::sync::Arc;

/// The marks of the project, as label and words.
fn marks(window: &Window) -> Vec<String> {
    let articles = model(window).session().project().articles().iter();
    let all = articles.flat_map(|article| {
        let marks = article.annotations.in_text_order();
        marks.map(|mark| format!("{}: {}", mark.label, article.text.slice(mark.extent())))
    });
    all.collect()
}

/// Ticks the hits at these places, and no others.
fn tick_only(window: &mut Window, places: &[usize]) {
    let hits = model(window).hits_everywhere().unwrap();
    let id = |at: &usize| model(window).id_of_hit(hits.get(*at).unwrap()).unwrap();
    let ticked = places.iter().map(id).collect();
    perform(window, FindAction::Tick(HitTicks::None));
    perform(window, FindAction::Tick(HitTicks::These(ticked, true)));
    settle(window);
}

fn open(project: Project) -> Window {
    let mut window = Window::new(None);
    let opened = Opened {
        project,
        problems: Vec::new(),
    };
    let model = &mut window.harness.state_mut().model;
    model.enter_opened(opened, "/nowhere/rest.ron".into());
    while !model.notices().is_empty() {
        model.perform(Action::DismissNotice(0));
    }
    window.harness.run_steps(4);
    window
}

/// One article in which these stretches are promotional, which is marked by whole sentences.
fn by_sentence(text: &str, marked: &[(u32, u32)]) -> Project {
    let mut codebook = Project::new("").codebook().clone();
    for label in &mut codebook.labels {
        if label.id.as_str() == "promo" {
            label.boundary = BoundaryPolicy::Sentence;
        }
    }
    let text = ArticleText::new(text.to_owned());
    let mut article = Article::new("a".into(), "a", text);
    let marks = marked.iter().enumerate().map(|(n, range)| {
        let id = format!("m-{n}");
        Annotation::new(id.as_str().into(), "ana".into(), "promo".into(), (*range).into())
    });
    article.annotations = AnnotationSet::from_annotations(marks).0;
    Project::from_parts(ProjectParts {
        name: "Rest".to_owned(),
        codebook,
        articles: vec![Arc::new(article)],
        ..ProjectParts::default()
    })
}

#[test]
fn what_is_done_to_annotations_of_hits_is_done_to_the_ticked_ones_alone() {
    let mut window = two();
    look_for(&mut window, "bridge");
    perform(&mut window, FindAction::MarkAs("claim".into()));
    tick_only(&mut window, &[0, 1, 3]);
    run(&mut window, Command::MarkHits);
    settle(&mut window);
    assert_eq!(marks(&window), ["claim: bridge"; 3]);
    let told = named(&window, Role::ListItem);
    let ends = |end: &str| told.iter().filter(|line| line.ends_with(end)).count();
    assert_eq!(ends(", ticked, marked already"), 3, "{told:?}");
    let before = bytes(&window);
    // By the key: the first line is not ticked any more.
    run(&mut window, Command::Find);
    window.key(Key::ArrowDown);
    window.key(Key::Space);
    settle(&mut window);
    assert!(has(&window, "Remove 2 annotations of ticked hits"));
    window.click("Remove 2 annotations of ticked hits");
    settle(&mut window);
    assert_eq!(marks(&window), ["claim: bridge"]);
    assert_eq!(model(&window).session().project().trash().len(), 2);
    run(&mut window, Command::Undo);
    settle(&mut window);
    assert_eq!(bytes(&window), before);
    // The same for another label, by the box of a line.
    tick_only(&mut window, &[3]);
    perform(&mut window, Action::from(ToHits::Relabel("quote".into())));
    settle(&mut window);
    let after = ["claim: bridge", "claim: bridge", "quote: bridge"];
    assert_eq!(marks(&window), after);
    run(&mut window, Command::Undo);
    settle(&mut window);
    assert_eq!(bytes(&window), before);
    // Without a tick there is nothing to remove.
    tick_only(&mut window, &[2]);
    assert!(!has(&window, "annotation of ticked hits"));
    run(&mut window, Command::TrashHits);
    settle(&mut window);
    assert_eq!(bytes(&window), before);
}

#[test]
fn the_bar_says_what_each_button_would_touch() {
    let mut window = two();
    look_for(&mut window, "bridge");
    perform(&mut window, FindAction::MarkAs("claim".into()));
    tick_only(&mut window, &[0, 3]);
    run(&mut window, Command::MarkHits);
    settle(&mut window);
    for (ticked, mark, passed, remove) in [
        (
            &[0, 1, 2, 3, 4][..],
            "Mark 3 hits",
            Some("2 are marked already"),
            Some("Remove 2 annotations of ticked hits"),
        ),
        (
            &[0, 1],
            "Mark 1 hit",
            Some("1 is marked already"),
            Some("Remove 1 annotation of ticked hits"),
        ),
        (&[1, 2], "Mark 2 hits", None, None),
        (
            &[3],
            "Mark hits",
            Some("1 is marked already"),
            Some("Remove 1 annotation of ticked hits"),
        ),
    ] {
        tick_only(&mut window, ticked);
        assert!(has(&window, mark), "{ticked:?}");
        let told = |part: &str| {
            let all = window.harness.query_all_by_label_contains(part);
            all.filter(|node| node.accesskit_node().role() != Role::ListItem)
                .count()
        };
        match passed {
            Some(passed) => assert!(told(passed) > 0, "{passed}"),
            None => assert_eq!(told("marked already"), 0, "{ticked:?}"),
        }
        match remove {
            Some(remove) => assert!(has(&window, remove), "{remove}"),
            None => assert!(!has(&window, "annotation of ticked hits"), "{ticked:?}"),
        }
    }
    let before = bytes(&window);
    // Marking does what was said.
    tick_only(&mut window, &[0, 1]);
    run(&mut window, Command::MarkHits);
    settle(&mut window);
    assert_eq!(marks(&window).len(), 3);
    run(&mut window, Command::Undo);
    settle(&mut window);
    assert_eq!(bytes(&window), before);
}

#[test]
fn hits_in_a_sentence_that_is_marked_are_shown_so_before_marking() {
    // “and help” is marked; the sentence of “Give” would be.
    let text = "Give today and help. They give and give.\n";
    let mut window = open(by_sentence(text, &[(11, 19)]));
    look_for(&mut window, "give");
    perform(&mut window, FindAction::MarkAs("promo".into()));
    settle(&mut window);
    let told = named(&window, Role::ListItem);
    let ends: Vec<bool> = told
        .iter()
        .map(|line| line.ends_with(", ticked, marked already"))
        .collect();
    assert_eq!(ends, [true, false, false], "{told:?}");
    // Both others lie in one sentence.
    assert!(has(&window, "Mark 1 hit"));
    assert!(has(
        &window,
        "widened to the sentence; 1 is marked already; 1 lies in the mark of another"
    ));
    run(&mut window, Command::MarkHits);
    settle(&mut window);
    assert_eq!(
        marks(&window),
        ["promo: and help", "promo: They give and give."]
    );
    // Under a label of single words they are none of that.
    perform(&mut window, FindAction::MarkAs("claim".into()));
    settle(&mut window);
    assert!(has(&window, "Mark 3 hits"));
}

fn group_by_article(window: &mut Window) {
    let arrangement = Arrangement {
        group: Some(GroupBy::Article),
        ..model(window).arrangement().clone()
    };
    perform(window, FindAction::Arrange(Box::new(arrangement)));
    settle(window);
}

#[test]
fn a_heading_ticks_its_lines_by_mouse_and_by_key() {
    let mut window = two();
    look_for(&mut window, "bridge");
    group_by_article(&mut window);
    let (one, other) = ("All hits of Mayor opens bridge", "All hits of Ferry stops");
    let state = |window: &Window, name: &str| {
        let node = window.harness.get_by_role_and_label(Role::CheckBox, name);
        node.accesskit_node().toggled().unwrap()
    };
    let ticked = |window: &Window| {
        let told = named(window, Role::ListItem);
        told.iter().filter(|line| line.ends_with(", ticked")).count()
    };
    let check = |window: &Window, states: [Toggled; 3], lines: usize| {
        let found = ["All hits", one, other].map(|name| state(window, name));
        assert_eq!((found, ticked(window)), (states, lines));
    };
    check(&window, [Toggled::True; 3], 5);
    window.harness.get_by_role_and_label(Role::CheckBox, one).click();
    settle(&mut window);
    check(&window, [Toggled::Mixed, Toggled::False, Toggled::True], 3);
    // The heading is no fold by that.
    assert_eq!(named(&window, Role::ListItem).len(), 5);
    // By the key at the heading: to it from its first line.
    run(&mut window, Command::Find);
    window.key(Key::ArrowDown);
    window.key(Key::Home);
    window.key(Key::Space);
    settle(&mut window);
    assert_eq!(focused(&window).1, "Hits");
    check(&window, [Toggled::True; 3], 5);
    // One line less, and then all of the group again.
    window.key(Key::ArrowDown);
    window.key(Key::Space);
    settle(&mut window);
    check(&window, [Toggled::Mixed, Toggled::Mixed, Toggled::True], 4);
    window.key(Key::ArrowUp);
    window.key(Key::Space);
    settle(&mut window);
    check(&window, [Toggled::True; 3], 5);
    window.key(Key::Space);
    settle(&mut window);
    check(&window, [Toggled::Mixed, Toggled::False, Toggled::True], 3);
    run(&mut window, Command::MarkHits);
    settle(&mut window);
    let articles = model(&window).session().project().articles();
    let counts: Vec<usize> = articles.iter().map(|a| a.annotations.len()).collect();
    assert_eq!(counts.iter().sum::<usize>(), 3);
    assert!(counts.contains(&0), "{counts:?}");
}

#[test]
fn the_heading_of_the_lines_at_the_top_stays_in_view() {
    let mut window = Window::with(&format!("First\n\n{}\n", "A bridge is said. ".repeat(40)));
    window.paste(&format!("Second\n\n{}\n", "A bridge is told. ".repeat(40)));
    window.harness.set_size(vec2(900.0, 600.0));
    look_for(&mut window, "bridge");
    group_by_article(&mut window);
    run(&mut window, Command::Find);
    let place = |window: &Window, name: &str| {
        let all = window.harness.query_all_by_label_contains(name);
        let mut all = all.filter(|node| node.accesskit_node().role() == Role::Button);
        let rect = all.next().map(|node| node.rect());
        assert!(all.next().is_none(), "it stands there once");
        rect
    };
    let list = window.harness.get_by_role_and_label(Role::List, "Hits").rect();
    let top = place(&window, "First, 40 hits").unwrap().top();
    // Down through the lines of the first, and up: the current line is never under the heading.
    window.key(Key::ArrowDown);
    let mut is_scrolled = false;
    for key in [Key::ArrowDown; 30].into_iter().chain([Key::ArrowUp; 25]) {
        window.key(key);
        window.harness.run_steps(2);
        let heading = place(&window, "First, 40 hits").unwrap();
        assert_eq!(heading.top(), top);
        let nodes = window.harness.query_all_by_role(Role::ListItem);
        let chosen = nodes.filter(|node| node.accesskit_node().is_selected() == Some(true));
        let current: Vec<_> = chosen.map(|node| node.rect()).collect();
        assert_eq!(current.len(), 1);
        assert!(current[0].top() >= heading.bottom() - 0.5, "{current:?}");
        assert!(current[0].bottom() <= list.bottom() + 0.5);
        let first = named(&window, Role::ListItem);
        is_scrolled |= first.len() < 40;
    }
    assert!(is_scrolled);
    // It folds and ticks where it stands.
    window.harness.get_by_role_and_label(Role::CheckBox, "All hits of First").click();
    settle(&mut window);
    assert!(has(&window, "Mark 40 hits"));
    window.key(Key::End);
    settle(&mut window);
    assert_eq!(place(&window, "First, 40 hits"), None);
    assert_eq!(place(&window, "Second, 40 hits").unwrap().top(), top);
}
