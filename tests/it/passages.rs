//! Passages that stand in several articles: near copies found, looked through, marked and undone; what
//! recurs; where an article stands elsewhere; and wordings beside each other.

use crate::cards::{named, run};
use crate::window::{Window, bytes, model, perform};
use eframe::egui::accesskit::Role;
use eframe::egui::{Event, Key, Modifiers};
use egui_kittest::kittest::{By, NodeT, Queryable};
use pressmark::app::action::{Action, PassageAction, Ticking};
use pressmark::app::command::Command;
use pressmark::core::article::Article;
use pressmark::core::project::{Project, ProjectParts};
use pressmark::core::text::ArticleText;
use pressmark::core::text::selection::Selection;
use pressmark::format::project_ron::Opened;
use std::sync::Arc;

const CALL: &str = "You Won’t Get Anywhere Else What You Get From CDMedia! Donate!";
const WIRE: &str = "The harbour master said on Monday that no ferry would leave before the storm had passed, and that nobody knew when.";

/// Articles with their days and texts.
fn open(articles: &[(&str, &str)]) -> Window {
    let mut window = Window::new(None);
    let articles = articles.iter().enumerate().map(|(n, (day, text))| {
        let text = ArticleText::new((*text).to_owned());
        let mut article = Article::new(format!("a{n}").as_str().into(), format!("Title {n}"), text);
        let said = [
            ("published", (*day).to_owned()),
            ("outlet", format!("Outlet {n}")),
        ];
        let said = said.map(|(name, value)| (name.to_owned(), value));
        article.metadata.extend(said);
        Arc::new(article)
    });
    let project = Project::from_parts(ProjectParts {
        name: "Passages".to_owned(),
        articles: articles.collect(),
        ..ProjectParts::default()
    });
    let opened = Opened {
        project,
        problems: Vec::new(),
    };
    let model = &mut window.harness.state_mut().model;
    model.enter_opened(opened, "/nowhere/passages.ron".into());
    while !model.notices().is_empty() {
        model.perform(Action::DismissNotice(0));
    }
    window.harness.run_steps(4);
    window
}

fn show(window: &mut Window, command: Command) {
    run(window, command);
    window.settle();
    window.harness.run_steps(2);
}

fn select(window: &mut Window, words: &str) {
    let text = model(window).article().unwrap().text.clone();
    let at = text.as_str().find(words).unwrap() as u32;
    let range = (at, at + words.len() as u32).into();
    perform(
        window,
        Action::Select {
            selection: Selection::of(range),
            annotation: None,
        },
    );
}

/// The rows of the list of the card, and whether each is ticked.
fn rows(window: &Window) -> Vec<(String, bool)> {
    let rows = window
        .harness
        .query_all(By::new().role(Role::ListBoxOption));
    let rows = rows.map(|row| {
        let node = row.accesskit_node();
        let name = node.label().unwrap_or_default();
        (name, node.is_selected() == Some(true))
    });
    // What is picked in a box is no row.
    let rows = rows.filter(|(name, _)| name.contains(char::is_numeric));
    rows.collect()
}

fn marks(window: &Window) -> Vec<String> {
    let project = model(window).session().project();
    let articles = project.articles().iter();
    let marks = articles.flat_map(|article| {
        let all = article.annotations.iter();
        all.map(|a| format!("{}: {}", a.label, article.text.slice(a.extent())))
    });
    marks.collect()
}

fn has_text(window: &Window, text: &str) -> bool {
    window
        .harness
        .query_all_by_label_contains(text)
        .next()
        .is_some()
}

fn calls() -> Window {
    open(&[
        ("2024-05-01", &format!("First story.\n\n{CALL}\n")),
        (
            "2024-05-02",
            &format!(
                "Second story.\n\n{}\n",
                CALL.replace("CDMedia", "Harbour News")
            ),
        ),
        ("2024-05-03", "Third story, without it.\n"),
        (
            "2024-05-04",
            "Fourth.\n\nyou won't get anywhere else what you get from CDMedia. Donate today!\n",
        ),
    ])
}

#[test]
fn near_copies_are_looked_through_marked_and_undone() {
    let mut window = calls();
    let before = bytes(&window);
    select(&mut window, CALL);
    show(&mut window, Command::FindNearCopies);
    assert_eq!(named(&window, Role::Dialog), ["Near copies"]);
    let found = rows(&window);
    let starts: Vec<_> = found
        .iter()
        .map(|(row, ticked)| (row.contains("the same words"), *ticked))
        .collect();
    assert_eq!(
        starts,
        [(true, true), (true, true), (false, true)],
        "{found:?}"
    );
    assert!(
        found[1].0.contains("Outlet 3") && found[2].0.contains("Outlet 1"),
        "{found:?}"
    );
    // No label is guessed: it must be chosen first.
    window.key(Key::Enter);
    assert!(marks(&window).is_empty());
    window.click("Mark as");
    window.click("Promotional content");
    window.harness.run_steps(3);
    // The second is left out by its key.
    window.key(Key::ArrowDown);
    window.key(Key::Space);
    window.harness.run_steps(2);
    assert!(!rows(&window)[1].1);
    window.click("Mark 2");
    window.harness.run_steps(3);
    let expected = [
        format!("promo: {CALL}"),
        format!("promo: {}", CALL.replace("CDMedia", "Harbour News")),
    ];
    assert_eq!(marks(&window), expected);
    assert!(
        model(&window).notices()[0]
            .message
            .starts_with("2 places in 2 articles marked")
    );
    // What is marked is shown so, and cannot be marked again.
    window.key(Key::Escape);
    select(&mut window, CALL);
    show(&mut window, Command::FindNearCopies);
    let found = rows(&window);
    let marked: Vec<bool> = found
        .iter()
        .map(|(row, _)| row.contains("marked"))
        .collect();
    assert_eq!(marked, [true, false, true], "{found:?}");
    assert!(has_text(&window, "Mark 1"));
    window.key(Key::Escape);
    window.harness.run_steps(3);
    perform(&mut window, Action::Run(Command::Undo));
    assert_eq!(bytes(&window), before);
}

/// How near, whole lines, and all wordings below each other.
#[test]
fn what_is_shown_of_near_copies_is_chosen() {
    let mut window = calls();
    select(&mut window, "Get Anywhere Else What You Get From CDMedia");
    show(&mut window, Command::FindNearCopies);
    assert_eq!(rows(&window).len(), 3);
    window.click("At least: Same words");
    assert_eq!(rows(&window).len(), 2);
    window.click("At least: 60 %");
    assert!(
        rows(&window)
            .iter()
            .all(|(row, _)| !row.to_lowercase().starts_with("you won"))
    );
    window.click("Whole lines");
    window.harness.run_steps(3);
    // A row shows what will be marked.
    assert!(
        rows(&window)
            .iter()
            .all(|(row, _)| row.to_lowercase().starts_with("you won"))
    );
    window.click("Below each other");
    window.harness.run_steps(3);
    assert!(has_text(&window, "Title 3"));
    window.click("Mark as");
    window.click("Promotional content");
    window.harness.run_steps(3);
    // Enter alone marks nothing that was not asked for.
    window.key(Key::Enter);
    window.harness.run_steps(3);
    assert!(marks(&window).is_empty());
    window.keys(Key::Enter, Modifiers::COMMAND);
    window.harness.run_steps(3);
    assert_eq!(marks(&window).len(), 3);
    assert!(
        marks(&window)
            .iter()
            .all(|mark| mark.to_lowercase().starts_with("promo: you won"))
    );
}

#[test]
fn near_copies_by_keyboard_alone() {
    let mut window = calls();
    let ctrl = Modifiers::COMMAND;
    window.keys(Key::End, ctrl);
    window.keys(Key::ArrowUp, Modifiers::NONE);
    // The last line is empty; above it is the call.
    for _ in 0..8 {
        if window.selected_text() != CALL {
            window.keys(Key::ArrowUp, Modifiers::ALT);
        }
    }
    assert_eq!(window.selected_text(), CALL);
    window.keys(Key::K, ctrl);
    window.harness.event(Event::Text("near copies".to_owned()));
    window.harness.run_steps(3);
    window.key(Key::Enter);
    window.settle();
    assert_eq!(named(&window, Role::Dialog), ["Near copies"]);
    assert_eq!(rows(&window).len(), 3);
    window.key(Key::Escape);
    window.harness.run_steps(3);
    assert!(named(&window, Role::Dialog).is_empty());
    let has_focus = By::new().predicate(|node| node.is_focused_in_tree());
    assert_eq!(
        window.harness.get(has_focus).accesskit_node().role(),
        Role::Document
    );
}

#[test]
fn what_recurs_is_listed_marked_at_once_and_looked_through() {
    let mut window = calls();
    let model = &mut window.harness.state_mut().model;
    model.perform(Action::DismissNotice(0));
    let before = bytes(&window);
    show(&mut window, Command::RecurringPassages);
    assert_eq!(named(&window, Role::Dialog), ["Recurring passages"]);
    let found = rows(&window);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].0.contains("3 articles") && found[0].0.starts_with("You Won’t Get"));
    assert!(has_text(&window, "Outlet 0 1, Outlet 1 1, Outlet 3 1"));
    window.key(Key::Enter);
    window.harness.run_steps(3);
    assert_eq!(marks(&window).len(), 3);
    assert!(
        rows(&window)[0].0.contains("3 of 3 marked"),
        "{:?}",
        rows(&window)
    );
    // It stays open for the next; there is nothing left to mark of this one.
    assert!(has_text(&window, "3 marked"));
    window.key(Key::Enter);
    assert_eq!(marks(&window).len(), 3);
    window.click("Look through them…");
    window.settle();
    assert_eq!(named(&window, Role::Dialog), ["Near copies"]);
    assert_eq!(rows(&window).len(), 3);
    window.key(Key::Escape);
    window.harness.run_steps(3);
    perform(&mut window, Action::Run(Command::Undo));
    assert_eq!(bytes(&window), before);
}

#[test]
fn what_recurs_is_linked_at_once() {
    let mut window = calls();
    let model_of = &mut window.harness.state_mut().model;
    model_of.perform(Action::DismissNotice(0));
    let before = bytes(&window);
    let groups = |window: &Window| {
        let articles = model(window).session().project().articles().iter();
        let groups = articles.map(|article| article.meta("group").unwrap_or("none").to_owned());
        groups.collect::<Vec<_>>()
    };
    show(&mut window, Command::RecurringPassages);
    window.click("Link articles");
    window.harness.run_steps(3);
    assert_eq!(groups(&window), ["a0", "a0", "none", "a0"]);
    assert!(rows(&window)[0].0.contains("linked"), "{:?}", rows(&window));
    window.key(Key::Escape);
    window.harness.run_steps(3);
    perform(&mut window, Action::Run(Command::Undo));
    assert_eq!(bytes(&window), before);
}

/// What is longer than the card is read by keyboard.
#[test]
fn long_wordings_scroll_by_key() {
    let lines = |own: &str| {
        let all = (0..60).map(|n| format!("Line {n} of {own} has its own words and {n} more.\n\n"));
        all.collect::<String>()
    };
    let mut window = open(&[("2024-05-01", &lines("one")), ("2024-05-02", &lines("two"))]);
    perform(&mut window, Action::Tick(Ticking::One("a1".into())));
    show(&mut window, Command::CompareArticles);
    let is_seen =
        |window: &Window, n: usize| has_text(window, &format!("Line {n} of  [only here: two]"));
    assert!(is_seen(&window, 0) && !is_seen(&window, 59));
    for (key, seen, gone) in [
        (Key::End, 59, 0),
        (Key::Home, 0, 59),
        (Key::PageDown, 7, 0),
        (Key::PageUp, 0, 59),
    ] {
        // Heights are known once rows were seen.
        for _ in 0..6 {
            window.key(key);
            window.harness.run_steps(3);
        }
        assert!(is_seen(&window, seen) || key == Key::PageDown, "{key:?}");
        assert!(!is_seen(&window, gone), "{key:?}");
    }
}

#[test]
fn where_an_article_stands_elsewhere_is_told_with_what_came_first() {
    let own = format!("Ours begins so.\n\n{WIRE}\n\nAnd it ends.\n");
    let older = format!("{}\n", WIRE.replace("Monday", "Tuesday"));
    let later = format!("Copied later.\n\n{WIRE}\n");
    let mut window = open(&[
        ("2024-05-02", &own),
        ("2024-05-01", &older),
        ("2024-05-03", &later),
    ]);
    show(&mut window, Command::StandsElsewhere);
    let dialog = "Where this article stands elsewhere";
    assert_eq!(named(&window, Role::Dialog), [dialog]);
    assert!(has_text(
        &window,
        "77 % of its words stand in 2 other articles"
    ));
    assert!(has_text(&window, "First in Outlet 1"));
    let found = rows(&window);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].0.contains("2 places"));
    // The older one stands at the left of what is compared; Esc goes back to where it was asked for.
    window.key(Key::Enter);
    window.harness.run_steps(3);
    assert_eq!(named(&window, Role::Dialog), ["Compared"]);
    let left = |title: &str| {
        let mut titles = window.harness.query_all(By::new().role(Role::Label));
        let is_it =
            |node: &egui_kittest::Node<'_>| node.accesskit_node().value().as_deref() == Some(title);
        titles.rfind(is_it).unwrap().rect().left()
    };
    assert!(left("Title 1") < left("Title 0"));
    window.key(Key::Escape);
    window.harness.run_steps(3);
    assert_eq!(named(&window, Role::Dialog), [dialog]);
    window.click("Show: By article");
    let found = rows(&window);
    assert_eq!(found.len(), 2);
    assert!(found[0].0.starts_with("77 %"), "{found:?}");
    window.key(Key::Escape);
    window.harness.run_steps(3);
    // The head of the article says it from now on.
    assert!(has_text(&window, "77 % stands elsewhere"));
    // One that shares nothing says so.
    let mut window = calls();
    perform(&mut window, Action::GoToArticle("a2".into()));
    show(&mut window, Command::StandsElsewhere);
    assert!(has_text(
        &window,
        "No part of this article stands in another one"
    ));
}

#[test]
fn two_articles_are_compared_when_one_is_ticked() {
    let mut window = calls();
    show(&mut window, Command::CompareArticles);
    assert!(named(&window, Role::Dialog).is_empty());
    assert!(
        model(&window).notices()[0]
            .message
            .contains("Tick another article in the list with Ctrl+click")
    );
    perform(&mut window, Action::Tick(Ticking::One("a1".into())));
    show(&mut window, Command::CompareArticles);
    assert_eq!(named(&window, Role::Dialog), ["Compared"]);
    assert!(has_text(&window, "2 stretches that only one of them has"));
    // What is struck out or underlined is said as well.
    assert!(has_text(&window, "[only here: CDMedia]"));
    assert!(has_text(&window, "[only here: Harbour News]"));
    window.click("Show the right one");
    window.harness.run_steps(3);
    assert_eq!(model(&window).article().unwrap().id, "a1".into());
    // The open one stands at the left, also when both are ticked.
    show(&mut window, Command::CompareArticles);
    window.click("Show the left one");
    window.harness.run_steps(3);
    assert_eq!(model(&window).article().unwrap().id, "a1".into());
}

#[test]
fn grouping_is_told_and_undone() {
    let mut window = calls();
    let before = bytes(&window);
    show(&mut window, Command::RecurringPassages);
    window.click("Link articles");
    window.harness.run_steps(3);
    let notices = model(&window).notices();
    let notice = notices
        .iter()
        .find(|notice| notice.message.contains("one group"))
        .unwrap();
    assert!(notice.message.starts_with("3 articles are one group now"));
    window.key(Key::Escape);
    window.harness.run_steps(3);
    window.click("Undo");
    window.harness.run_steps(3);
    assert_eq!(bytes(&window), before);
}

/// A place that was found is shown where it stands, also from another article.
#[test]
fn a_place_is_shown_in_its_article() {
    let mut window = calls();
    let at = {
        let article = model(&window)
            .session()
            .project()
            .article(&"a1".into())
            .unwrap();
        article.text.as_str().find("Harbour News").unwrap() as u32
    };
    let range = (at, at + 12).into();
    let article = "a1".into();
    perform(&mut window, PassageAction::Show { article, range });
    assert_eq!(window.selected_text(), "Harbour News");
}

#[test]
fn leaving_a_search_stops_it_and_idle_frames_make_nothing() {
    let mut window = calls();
    run(&mut window, Command::RecurringPassages);
    window.key(Key::Escape);
    window.settle();
    assert!(named(&window, Role::Dialog).is_empty());
    select(&mut window, CALL);
    for command in [
        Command::FindNearCopies,
        Command::RecurringPassages,
        Command::StandsElsewhere,
    ] {
        show(&mut window, command);
        window.harness.run_steps(3);
        let made = model(&window).derived_count();
        window.harness.run_steps(10);
        assert_eq!(model(&window).derived_count(), made, "{command:?}");
        window.key(Key::Escape);
        window.harness.run_steps(3);
    }
}
