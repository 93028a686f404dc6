//! Finding by mouse and by keyboard: in the open article, in all of them, and what is done to hits
//! together, with one step of undo.

use crate::cards::{named, run};
use crate::keyboard::focused;
use crate::window::{Window, bytes, model, perform};
use eframe::egui::accesskit::Role;
use eframe::egui::epaint::ClippedShape;
use eframe::egui::{Color32, Event, Key, Modifiers, Shape, vec2};
use egui_kittest::kittest::{NodeT, Queryable};
use pressmark::app::action::find::{FindAction, ToRule};
use pressmark::app::action::{Action, UiRequest};
use pressmark::app::command::Command;
use pressmark::app::model::Page;
use pressmark::app::settings::{Settings, ThemeChoice};

const ONE: &str = "Mayor opens bridge\n\nMayor Ada Quill said “it is a proud day” on Monday. The bridge cost 3,400 crowns.\n\nGive today. Support us!\n";
const TWO: &str = "Ferry stops\n\nThe bridge to the island is closed, people said. A bridge is a bridge.\n\nGive today. Support us!\n";

/// Runs until what is looked for is found and counted.
pub(crate) fn settle(window: &mut Window) {
    window.settle();
    for _ in 0..400 {
        window.harness.step();
        let model = model(window);
        let is_counted = model.rule_tallies().is_current;
        if model.found_everywhere().is_current && model.found_here().is_current && is_counted {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    window.harness.run_steps(3);
}

fn type_in(window: &mut Window, text: &str) {
    window.harness.event(Event::Text(text.to_owned()));
    settle(window);
}

pub(crate) fn has(window: &Window, name: &str) -> bool {
    window
        .harness
        .query_all_by_label_contains(name)
        .next()
        .is_some()
}

/// The lines of the concordance, as they are told.
fn lines(window: &Window) -> Vec<String> {
    named(window, Role::ListItem)
}

pub(crate) fn two() -> Window {
    let mut window = Window::with(ONE);
    window.paste(TWO);
    window
}

/// How many stretches are filled with a colour.
fn painted(window: &Window, color: Color32) -> usize {
    fn count(shape: &Shape, color: Color32) -> usize {
        match shape {
            Shape::Rect(rect) => usize::from(rect.fill == color),
            Shape::Vec(all) => all.iter().map(|shape| count(shape, color)).sum(),
            _ => 0,
        }
    }
    let shapes = window.harness.output().shapes.iter();
    shapes
        .map(|ClippedShape { shape, .. }| count(shape, color))
        .sum()
}

pub(crate) fn look_for(window: &mut Window, query: &str) {
    run(window, Command::FindEverywhere);
    let options = model(window).searched().1;
    let query = query.to_owned();
    perform(window, FindAction::Everywhere { query, options });
    settle(window);
}

#[test]
fn the_bar_goes_from_hit_to_hit_and_leaves_the_text_where_it_is() {
    let mut window = Window::with(ONE);
    let place = window.place("proud");
    window.keys(Key::F, Modifiers::COMMAND);
    assert_eq!(
        focused(&window),
        (Role::SearchInput, "Find in this article".to_owned())
    );
    type_in(&mut window, "bridge");
    assert!(has(&window, "1 of 2 hits"));
    let hit = window.harness.state().tokens().hit;
    assert_eq!(painted(&window, hit), 2);
    assert_eq!(window.place("proud"), place, "the text moved");
    assert_eq!(
        window.selected_text(),
        "",
        "nothing is selected while one types"
    );
    for (key, held, expected) in [
        (Key::Enter, Modifiers::NONE, "1 of 2 hits"),
        (Key::Enter, Modifiers::NONE, "2 of 2 hits"),
        (Key::Enter, Modifiers::NONE, "1 of 2 hits"),
        (Key::Enter, Modifiers::SHIFT, "2 of 2 hits"),
        (Key::F12, Modifiers::NONE, "1 of 2 hits"),
        (Key::F12, Modifiers::SHIFT, "2 of 2 hits"),
    ] {
        window.keys(key, held);
        settle(&mut window);
        assert!(has(&window, expected), "{key:?} {held:?}");
        assert_eq!(window.selected_text(), "bridge");
        assert_eq!(focused(&window).0, Role::SearchInput);
    }
    type_in(&mut window, "s of gold");
    assert!(has(&window, "No hits"));
    assert_eq!(painted(&window, hit), 0);
    window.key(Key::Escape);
    window.harness.run_steps(3);
    assert!(!model(&window).find_bar().is_open);
    assert_eq!(focused(&window).0, Role::Document);
}

#[test]
fn case_and_whole_words_are_switched_and_a_mistake_is_told() {
    let mut window = Window::with("Bridge and bridges, a bridge.\n");
    window.keys(Key::F, Modifiers::COMMAND);
    type_in(&mut window, "bridge");
    assert!(has(&window, "1 of 3 hits"));
    window.click("Match case");
    settle(&mut window);
    assert!(has(&window, "1 of 2 hits"));
    window.click("Whole words");
    settle(&mut window);
    assert!(has(&window, "1 of 1 hit"));
    window.click("Regular expression");
    window.harness.get_by_label("Find in this article").focus();
    window.keys(Key::A, Modifiers::COMMAND);
    type_in(&mut window, "brid(");
    settle(&mut window);
    let field = window.harness.get_by_label("Find in this article");
    assert!(field.accesskit_node().is_invalid_or_described());
}

trait Told {
    fn is_invalid_or_described(&self) -> bool;
}

impl Told for egui_kittest::kittest::AccessKitNode<'_> {
    fn is_invalid_or_described(&self) -> bool {
        self.description().is_some_and(|told| !told.is_empty())
    }
}

#[test]
fn hits_of_all_articles_are_marked_by_keyboard_alone_and_taken_back_with_one_step() {
    let mut window = two();
    window.keys(Key::F, Modifiers::COMMAND | Modifiers::SHIFT);
    assert_eq!(focused(&window).1, "Find in all articles");
    type_in(&mut window, "give today");
    assert!(has(&window, "2 hits"));
    let before = bytes(&window);
    perform(&mut window, FindAction::MarkAs("promo".into()));
    window.key(Key::ArrowDown);
    window.harness.run_steps(3);
    assert_eq!(focused(&window), (Role::List, "Hits".to_owned()));
    let told = lines(&window);
    assert_eq!(told.len(), 2, "{told:?}");
    let first =
        "Monday. The bridge cost 3,400 crowns. Give today. Support us!, Mayor opens bridge, ticked";
    assert_eq!(told[0], first);
    assert!(
        told.iter().all(|line| line.ends_with(", ticked")),
        "{told:?}"
    );
    window.key(Key::ArrowDown);
    window.key(Key::Space);
    window.harness.run_steps(3);
    let told = lines(&window);
    assert_eq!(
        told.iter()
            .filter(|line| line.ends_with("not ticked"))
            .count(),
        1,
        "{told:?}"
    );
    window.key(Key::Space);
    window.keys(Key::Enter, Modifiers::COMMAND);
    settle(&mut window);
    let marked: usize = model(&window)
        .session()
        .project()
        .articles()
        .iter()
        .map(|article| article.annotations.len())
        .sum();
    assert_eq!(marked, 2);
    assert!(has(
        &window,
        "Marked 2 hits as promotional content in 2 articles"
    ));
    let told = lines(&window);
    assert!(
        told.iter().all(|line| line.ends_with("marked already")),
        "{told:?}"
    );
    // There is nothing left to mark.
    let steps = model(&window).session().history().done();
    window.keys(Key::Enter, Modifiers::COMMAND);
    settle(&mut window);
    assert_eq!(model(&window).session().history().done(), steps);
    window.keys(Key::Z, Modifiers::COMMAND);
    settle(&mut window);
    assert_eq!(bytes(&window), before);
}

#[test]
fn annotations_of_hits_are_relabelled_and_removed_together() {
    let mut window = two();
    look_for(&mut window, "give today");
    perform(&mut window, FindAction::MarkAs("promo".into()));
    run(&mut window, Command::MarkHits);
    settle(&mut window);
    let before = bytes(&window);
    let relabel = pressmark::app::action::find::ToHits::Relabel("claim".into());
    perform(&mut window, Action::from(relabel));
    settle(&mut window);
    let labels = |window: &Window| {
        let articles = model(window).session().project().articles().iter();
        let marks = articles.flat_map(|article| article.annotations.iter());
        marks.map(|mark| mark.label.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(labels(&window), ["claim", "claim"]);
    run(&mut window, Command::Undo);
    settle(&mut window);
    assert_eq!(bytes(&window), before);
    run(&mut window, Command::TrashHits);
    settle(&mut window);
    assert_eq!(model(&window).session().project().trash().len(), 2);
    run(&mut window, Command::Undo);
    assert_eq!(bytes(&window), before);
}

#[test]
fn lines_stand_in_order_and_in_groups_that_fold() {
    let mut window = two();
    look_for(&mut window, "bridge");
    assert_eq!(lines(&window).len(), 5);
    window.click("Sort: Right");
    settle(&mut window);
    let hits = model(&window).hits_everywhere().unwrap();
    let of = model(&window).concordance(&hits).value.unwrap();
    let articles = model(&window).session().project().articles();
    let next_words: Vec<&str> = (0..5)
        .map(|line| {
            let hit = of.0.hit(line).unwrap();
            let text = articles[hit.article].text.as_str();
            let after = text.get(hit.range.end.as_usize()..).unwrap();
            after.split_whitespace().next().unwrap()
        })
        .collect();
    assert_eq!(next_words, ["cost", ".", "is", "Mayor", "to"]);
    window.click("Group hits by");
    window.click("Next word");
    settle(&mut window);
    let groups = || "… ";
    let headings = |window: &Window| {
        let all = named(window, Role::Button).into_iter();
        all.filter(|name| name.starts_with(groups()))
            .collect::<Vec<_>>()
    };
    let before = headings(&window);
    assert_eq!(before.len(), 5, "{before:?}");
    assert!(
        before.iter().all(|name| name.ends_with("1 hit, 1 article")),
        "{before:?}"
    );
    window.click(&before[0]);
    settle(&mut window);
    assert_eq!((headings(&window).len(), lines(&window).len()), (5, 4));
    // Enter at the heading opens it again.
    window.key(Key::Enter);
    settle(&mut window);
    assert_eq!(lines(&window).len(), 5);
}

#[test]
fn what_is_left_out_at_the_left_is_neither_shown_nor_marked() {
    let mut window = two();
    window.drag("bridge");
    window.key(Key::C);
    look_for(&mut window, "bridge");
    let where_from = |window: &Window| {
        let all = named(window, Role::CheckBox).into_iter();
        all.filter(|name| name.starts_with("Where: "))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        where_from(&window),
        ["Where: Outside any label, 4", "Where: Marked as Claim, 1"]
    );
    window.click("Where: Outside any label, 4");
    settle(&mut window);
    assert_eq!(lines(&window).len(), 1);
    assert!(has(&window, "4 left out"));
    window.click("Leave nothing out");
    settle(&mut window);
    assert_eq!(lines(&window).len(), 5);
}

#[test]
fn enter_shows_a_hit_in_its_article_and_the_next_key_goes_on_through_all() {
    let mut window = two();
    look_for(&mut window, "bridge");
    window.key(Key::ArrowDown);
    window.key(Key::ArrowDown);
    window.key(Key::Enter);
    settle(&mut window);
    assert_eq!(model(&window).page(), Page::Read);
    assert_eq!(
        (window.selected_text().as_str(), focused(&window).0),
        ("bridge", Role::Document)
    );
    let title = |window: &Window| model(window).article().unwrap().display_title().to_owned();
    let mut seen = vec![title(&window)];
    for _ in 0..3 {
        window.key(Key::F12);
        settle(&mut window);
        seen.push(title(&window));
    }
    seen.dedup();
    assert_eq!(seen, ["Mayor opens bridge", "Ferry stops"]);
    // Back to the field, and from there to the line that was left.
    window.keys(Key::Num2, Modifiers::COMMAND);
    window.harness.run_steps(4);
    assert_eq!(focused(&window).0, Role::SearchInput);
    window.key(Key::ArrowDown);
    window.harness.run_steps(2);
    assert_eq!(focused(&window), (Role::List, "Hits".to_owned()));
    assert!(has(&window, "2 of 5 hits"));
}

#[test]
fn a_kept_rule_is_seen_in_texts_and_finds_in_new_articles() {
    let mut window = Window::with(ONE);
    look_for(&mut window, "give today");
    let before = bytes(&window);
    run(&mut window, Command::KeepRule);
    settle(&mut window);
    assert!(has(&window, "Rule give today, 1; 0 marked · 0 dismissed"));
    run(&mut window, Command::Read);
    settle(&mut window);
    let quiet = window.harness.state().tokens().quiet_hit();
    assert_eq!(painted(&window, quiet), 1);
    window.paste(TWO);
    settle(&mut window);
    assert_eq!(painted(&window, quiet), 1, "the new article has one, too");
    run(&mut window, Command::Find);
    settle(&mut window);
    assert!(has(&window, "Rule give today, 2; 0 marked · 0 dismissed"));
    // Its hits are dismissed, and are lines that say so.
    run(&mut window, Command::DismissHits);
    settle(&mut window);
    assert!(has(&window, "Rule give today, 2; 0 marked · 2 dismissed"));
    assert!(
        lines(&window)
            .iter()
            .all(|line| line.ends_with("dismissed"))
    );
    run(&mut window, Command::Read);
    settle(&mut window);
    assert_eq!(painted(&window, quiet), 0);
    let rule = model(&window).rules().next().unwrap().id.clone();
    perform(&mut window, FindAction::Rule(rule, ToRule::Remove));
    assert_eq!(model(&window).rules().count(), 0);
    while model(&window).session().history().done() > 1 {
        run(&mut window, Command::Undo);
    }
    assert_eq!(bytes(&window), before);
}

#[test]
fn everything_has_room_in_a_small_window_and_in_every_theme() {
    let mut window = two();
    look_for(&mut window, "bridge");
    for size in [vec2(900.0, 600.0), vec2(1440.0, 900.0)] {
        window.harness.set_size(size);
        for theme in [ThemeChoice::Dark, ThemeChoice::HighContrastLight] {
            let settings = Settings {
                theme,
                ..model(&window).settings().clone()
            };
            perform(&mut window, Action::SetSettings(Box::new(settings)));
            settle(&mut window);
            assert_eq!(lines(&window).len(), 5, "{size:?}");
            for name in [
                "Find in all articles",
                "Regular expression",
                "Sort: Outlet",
                "Group",
                "Mark hits as",
            ] {
                let rect = window.harness.get_by_label(name).rect();
                assert!(
                    rect.left() >= 0.0 && rect.right() <= size.x,
                    "{name} in {size:?}: {rect:?}"
                );
            }
            let main = window.harness.get_by_label("Mark 5 hits").rect();
            assert!(
                main.right() <= size.x && main.bottom() <= size.y,
                "{main:?}"
            );
        }
    }
}

#[test]
fn what_could_go_on_is_taken_by_key() {
    let mut window = two();
    window.drag("bridge");
    window.key(Key::C);
    run(&mut window, Command::FindEverywhere);
    let query = |window: &Window| model(window).searched().0.to_owned();
    // The words of the selected annotation are looked for, to be marked as it is.
    assert_eq!(query(&window), "bridge");
    let label = model(&window)
        .label_for_hits()
        .map(|label| label.name.clone());
    assert_eq!(label.as_deref(), Some("Claim"));
    type_in(&mut window, "bridge in:cl");
    assert!(has(&window, "the codebook has no label") || has(&window, "The codebook has no label"));
    window.key(Key::ArrowDown);
    window.key(Key::Enter);
    settle(&mut window);
    assert_eq!(query(&window), "bridge in:claim");
    assert_eq!(focused(&window).0, Role::SearchInput);
    assert_eq!(lines(&window).len(), 1);
}

#[test]
fn nothing_is_done_to_hits_of_what_was_looked_for_before() {
    // So much text that it is searched beside the window.
    let long = "Nothing else is said here. ".repeat(6_000);
    let mut window = Window::with(&format!("Give today. {long}"));
    look_for(&mut window, "give today");
    perform(&mut window, FindAction::MarkAs("promo".into()));
    settle(&mut window);
    let marks = |window: &Window| model(window).session().project().annotation_count();
    assert!(model(&window).has_settled_lines());
    let now = &mut window.harness.state_mut().model;
    let query = "nobody writes this".to_owned();
    let options = pressmark::core::search::Options::default();
    now.perform(FindAction::Everywhere { query, options }.into());
    now.perform(Action::Run(Command::MarkHits));
    settle(&mut window);
    assert_eq!(marks(&window), 0);
    // Once all is there it is done.
    look_for(&mut window, "give today");
    run(&mut window, Command::MarkHits);
    settle(&mut window);
    assert_eq!(marks(&window), 1);
}

#[test]
fn a_search_that_is_kept_keeps_its_ticks() {
    let mut window = two();
    let query = "give.today".to_owned();
    let options = pressmark::core::search::Options {
        reading: pressmark::core::search::Reading::Pattern,
        ..pressmark::core::search::Options::default()
    };
    run(&mut window, Command::Find);
    perform(&mut window, FindAction::Everywhere { query, options });
    settle(&mut window);
    let of = model(&window).hits_everywhere().unwrap();
    let first = model(&window).id_of_hit(of.get(0).unwrap()).unwrap();
    let untick = pressmark::app::action::find::HitTicks::These(vec![first], false);
    perform(&mut window, FindAction::Tick(untick));
    run(&mut window, Command::KeepRule);
    settle(&mut window);
    assert!(model(&window).rule_of_search().is_some());
    assert_eq!(model(&window).searched().0, "/give.today/");
    run(&mut window, Command::MarkHits);
    settle(&mut window);
    let marks = model(&window).session().project().annotation_count();
    assert_eq!(marks, of.len() - 1);
}

#[test]
fn ticked_lines_are_exported_as_they_stand() {
    let mut window = two();
    look_for(&mut window, "bridge");
    window.click("Sort: Right");
    settle(&mut window);
    run(&mut window, Command::Find);
    window.key(Key::ArrowDown);
    window.harness.run_steps(2);
    window.key(Key::ArrowDown);
    window.key(Key::ArrowDown);
    window.key(Key::Space);
    settle(&mut window);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("hits.csv");
    run(&mut window, Command::ExportHitsCsv);
    window.answer(&path);
    settle(&mut window);
    settle(&mut window);
    let table = std::fs::read_to_string(&path).unwrap();
    let after = |line: &str| line.split_once(",bridge,").unwrap().1.to_owned();
    let rows: Vec<String> = table.lines().skip(1).map(after).collect();
    // In the order of what follows, without the third line, which is not ticked.
    let begins = ["\" cost", ".", ",", "\" to the"];
    assert_eq!(rows.len(), begins.len(), "{table}");
    for (row, begin) in rows.iter().zip(begins) {
        assert!(row.starts_with(begin), "{rows:?}");
    }
    let model = &mut window.harness.state_mut().model;
    model.perform(Action::Run(Command::CopyHits));
    let copied = model.take_requests();
    let [UiRequest::CopyText(text)] = copied.as_slice() else {
        panic!("{copied:?}");
    };
    assert_eq!(text.lines().count(), 5, "{text}");
}

#[test]
fn every_control_of_the_page_is_reached_by_tab() {
    let mut window = two();
    look_for(&mut window, "bridge");
    window.harness.get_by_label("Find in all articles").focus();
    window.harness.run_steps(2);
    let mut seen = Vec::new();
    for _ in 0..60 {
        seen.push(focused(&window).1);
        window.key(Key::Tab);
    }
    for name in [
        "Match case",
        "Regular expression",
        "Build with a form: Form",
        "Sort: Article",
        "Group hits by",
        "Copy and export",
        "All hits",
        "Hits",
        "Mark hits as",
        "More to do with ticked hits",
        "Mark 5 hits",
        "Where: Outside any label, 5",
        "Keep this search",
    ] {
        assert!(seen.iter().any(|known| known == name), "{name}: {seen:?}");
    }
    // They come from the left to the right.
    let line = ["Sort: Article", "Group hits by", "Copy and export"];
    let places = line.map(|name| seen.iter().position(|known| known == name));
    assert!(places.is_sorted(), "{seen:?}");
    // The orders are one stop, and the arrows go from one to the next.
    window.harness.get_by_label("Sort: Article").focus();
    window.harness.run_steps(2);
    for name in ["Sort: Left", "Sort: Right", "Sort: Date", "Sort: Outlet"] {
        window.key(Key::ArrowRight);
        assert_eq!(focused(&window).1, name);
    }
}
