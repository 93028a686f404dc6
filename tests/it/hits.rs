//! What is done to ticked hits beside marking them: an attribute of any kind is set, they are looked
//! through, and their passages are compared and found again.

use crate::cards::{named, run};
use crate::find::{has, look_for, settle, two};
use crate::keyboard::focused;
use crate::window::{Window, bytes, model, perform};
use eframe::egui::accesskit::Role;
use eframe::egui::epaint::{ClippedShape, TextShape};
use eframe::egui::{Event, Key, Modifiers, Pos2, Shape};
use egui_kittest::kittest::{NodeT, Queryable};
use pressmark::app::action::Action;
use pressmark::app::action::find::{FindAction, HitTicks, ToHits};
use pressmark::app::command::Command;
use pressmark::core::annotation::{Annotation, AnnotationSet, AttributeValue};
use pressmark::core::article::Article;
use pressmark::core::codebook::{AttributeKind, AttributeSpec};
use pressmark::core::project::{Project, ProjectParts};
use pressmark::core::text::ArticleText;
use pressmark::core::text::selection::Selection;
use pressmark::format::project_ron::Opened;
use std::sync::Arc;

/// Two articles in which “bridge” is a claim, and in one of them a quote; claims have an attribute of
/// every kind.
fn kinds() -> Window {
    let strings = |all: &[&str]| all.iter().map(ToString::to_string).collect::<Vec<_>>();
    let kinds = [
        ("weight", AttributeKind::Number),
        ("remark", AttributeKind::Text),
        ("when", AttributeKind::Date),
        ("page", AttributeKind::Url),
        ("who", AttributeKind::Person),
        (
            "manner",
            AttributeKind::OneOf(strings(&["direct", "indirect"])),
        ),
        ("signs", AttributeKind::SeveralOf(strings(&["bold", "red"]))),
        ("sure", AttributeKind::YesNo),
    ];
    let mut codebook = Project::new("").codebook().clone();
    for label in &mut codebook.labels {
        label.attributes.clear();
        if label.id.as_str() == "claim" {
            let specs = kinds
                .iter()
                .map(|(name, kind)| AttributeSpec::new(name, kind.clone()));
            label.attributes.extend(specs);
        }
    }
    let articles = ["a", "b"].map(|id| {
        let text = ArticleText::new(format!("The bridge of {id} and a bridge.\n"));
        let mut article = Article::new(id.into(), id, text);
        let mark = |n: &str, label: &str, from: u32, upto: u32| {
            let id = format!("{id}-{n}");
            Annotation::new(
                id.as_str().into(),
                "ana".into(),
                label.into(),
                (from, upto).into(),
            )
        };
        let second = if id == "a" { "claim" } else { "quote" };
        let marks = [mark("1", "claim", 4, 10), mark("2", second, 23, 29)];
        article.annotations = AnnotationSet::from_annotations(marks).0;
        Arc::new(article)
    });
    let project = Project::from_parts(ProjectParts {
        name: "Kinds".to_owned(),
        codebook,
        articles: articles.into(),
        ..ProjectParts::default()
    });
    let mut window = Window::new(None);
    let opened = Opened {
        project,
        problems: Vec::new(),
    };
    let model = &mut window.harness.state_mut().model;
    model.enter_opened(opened, "/nowhere/kinds.ron".into());
    while !model.notices().is_empty() {
        model.perform(Action::DismissNotice(0));
    }
    window.harness.run_steps(4);
    look_for(&mut window, "bridge");
    window
}

/// The values that all annotations have of an attribute.
fn values(window: &Window, name: &str) -> Vec<(String, AttributeValue)> {
    let articles = model(window).session().project().articles().iter();
    let all = articles.flat_map(|article| article.annotations.iter());
    let known = all.filter_map(|a| Some((a.label.to_string(), a.attributes.get(name)?.clone())));
    known.collect()
}

fn choose_attribute(window: &mut Window, attribute: &str) {
    let pick = (Role::ComboBox, "Attribute");
    window.harness.get_by_role_and_label(pick.0, pick.1).click();
    window.harness.run_steps(2);
    window.click(attribute);
    window.harness.run_steps(3);
}

#[test]
fn an_attribute_of_every_kind_is_set_on_all_ticked_hits_as_one_step() {
    let mut window = kinds();
    let before = bytes(&window);
    let text = |text: &str| AttributeValue::Text(text.to_owned());
    let written: &[(&str, &str, AttributeValue)] = &[
        ("weight", "3,5", AttributeValue::Number(3.5)),
        ("remark", "said so", text("said so")),
        ("when", "5 May 2024", text("2024-05-05")),
        ("page", "https://a.org/b", text("https://a.org/b")),
        (
            "who",
            "Ada Quill",
            AttributeValue::Person("ada-quill".into()),
        ),
        ("manner", "manner: indirect", text("indirect")),
        (
            "signs",
            "signs: red",
            AttributeValue::Many(vec!["red".to_owned()]),
        ),
        ("sure", "sure: no", AttributeValue::Bool(false)),
    ];
    for (name, typed, value) in written {
        run(&mut window, Command::SetHitAttribute);
        settle(&mut window);
        assert_eq!(
            named(&window, Role::Dialog),
            ["Set an attribute of ticked hits"]
        );
        if *name != "weight" {
            choose_attribute(&mut window, &format!("{name} · 3 annotations"));
        }
        if typed.starts_with(&format!("{name}: ")) {
            window.click(typed);
        } else {
            assert_eq!(focused(&window).1, *name);
            window.harness.event(Event::Text((*typed).to_owned()));
            window.harness.step();
            window.key(Key::Enter);
        }
        window.harness.run_steps(3);
        window.click("Set 3");
        settle(&mut window);
        assert!(named(&window, Role::Dialog).is_empty(), "{name}");
        let expected = vec![("claim".to_owned(), value.clone()); 3];
        assert_eq!(values(&window, name), expected, "{name}");
        run(&mut window, Command::Undo);
        settle(&mut window);
        assert_eq!(bytes(&window), before, "{name}");
        run(&mut window, Command::Redo);
        settle(&mut window);
        assert_eq!(values(&window, name), expected, "{name}");
        run(&mut window, Command::Undo);
        settle(&mut window);
    }
    // It is taken away from all only where that is asked for.
    run(&mut window, Command::Redo);
    settle(&mut window);
    assert_eq!(values(&window, "sure").len(), 3);
    run(&mut window, Command::SetHitAttribute);
    settle(&mut window);
    choose_attribute(&mut window, "sure · 3 annotations");
    window.key(Key::Escape);
    window.harness.run_steps(2);
    assert_eq!(values(&window, "sure").len(), 3);
    run(&mut window, Command::SetHitAttribute);
    settle(&mut window);
    choose_attribute(&mut window, "sure · 3 annotations");
    window.click("No value");
    settle(&mut window);
    assert!(values(&window, "sure").is_empty());
    for _ in 0..2 {
        run(&mut window, Command::Undo);
        settle(&mut window);
    }
    // A number that is none is not taken.
    run(&mut window, Command::SetHitAttribute);
    settle(&mut window);
    window.harness.event(Event::Text("many".to_owned()));
    window.harness.step();
    window.key(Key::Enter);
    window.harness.run_steps(2);
    assert!(has(&window, "This is no number"));
    window.key(Key::Enter);
    settle(&mut window);
    assert_eq!(bytes(&window), before);
}

#[test]
fn the_button_that_sets_an_attribute_is_there_before_its_value() {
    let mut window = kinds();
    run(&mut window, Command::SetHitAttribute);
    settle(&mut window);
    choose_attribute(&mut window, "remark · 3 annotations");
    let sets = |window: &Window| {
        let button = window.harness.get_by_role_and_label(Role::Button, "Set 3");
        (button.rect(), button.accesskit_node().is_disabled())
    };
    let other = |window: &Window| window.harness.get_by_label("No value").rect();
    let (before, beside) = (sets(&window), other(&window));
    assert!(before.1, "there is nothing to set");
    // What is written in the field is set without leaving it first.
    window.harness.event(Event::Text("said so".to_owned()));
    window.harness.run_steps(2);
    assert_eq!(sets(&window), (before.0, false));
    assert_eq!(other(&window), beside);
    window.click("Set 3");
    settle(&mut window);
    assert!(named(&window, Role::Dialog).is_empty());
    let value = AttributeValue::Text("said so".to_owned());
    let expected = vec![("claim".to_owned(), value); 3];
    assert_eq!(values(&window, "remark"), expected);
    run(&mut window, Command::Undo);
    settle(&mut window);
    // A number that is none is not set by a click either.
    run(&mut window, Command::SetHitAttribute);
    settle(&mut window);
    window.harness.event(Event::Text("many".to_owned()));
    window.harness.run_steps(2);
    window.click("Set 3");
    settle(&mut window);
    assert!(has(&window, "This is no number"));
    assert!(values(&window, "weight").is_empty());
}

#[test]
fn an_attribute_that_was_set_is_told_by_its_title() {
    let mut window = two();
    look_for(&mut window, "bridge");
    perform(&mut window, FindAction::MarkAs("claim".into()));
    run(&mut window, Command::MarkHits);
    settle(&mut window);
    let name = "may_be_false".to_owned();
    for (value, told) in [
        (
            Some(AttributeValue::Bool(true)),
            "got a value of “May be false”",
        ),
        (None, "have no value of “May be false” any more"),
    ] {
        let name = name.clone();
        perform(
            &mut window,
            Action::from(ToHits::SetAttribute { name, value }),
        );
        settle(&mut window);
        let done = model(&window).done_to_hits().unwrap_or_default();
        assert!(done.ends_with(told), "{done}");
    }
}

#[test]
fn looking_through_goes_from_one_ticked_hit_to_the_next() {
    let mut window = two();
    look_for(&mut window, "bridge");
    let hits = model(&window).hits_everywhere().unwrap();
    let ids: Vec<_> = hits
        .iter()
        .map(|hit| model(&window).id_of_hit(hit).unwrap())
        .collect();
    assert_eq!(ids.len(), 5);
    perform(&mut window, FindAction::Tick(HitTicks::None));
    let ticked = vec![ids[0].clone(), ids[3].clone()];
    perform(&mut window, FindAction::Tick(HitTicks::These(ticked, true)));
    settle(&mut window);
    perform(&mut window, FindAction::LookThrough);
    settle(&mut window);
    let here = |window: &Window| {
        let article = model(window).article().unwrap().id.clone();
        (article, model(window).selection().range())
    };
    for (key, held, told, at) in [
        (None, Modifiers::NONE, "1 of 2 ticked hits", 0),
        (Some(Key::F12), Modifiers::NONE, "2 of 2 ticked hits", 3),
        (Some(Key::F12), Modifiers::NONE, "1 of 2 ticked hits", 0),
        (Some(Key::F12), Modifiers::SHIFT, "2 of 2 ticked hits", 3),
    ] {
        if let Some(key) = key {
            window.keys(key, held);
            settle(&mut window);
        }
        assert!(has(&window, told), "{told}");
        assert_eq!(here(&window), ids[at]);
    }
    // From a line that was opened by itself it goes through all.
    perform(&mut window, FindAction::Show(ids[0].clone()));
    window.keys(Key::F12, Modifiers::NONE);
    settle(&mut window);
    assert_eq!(here(&window), ids[1]);
}

#[test]
fn passages_are_found_and_compared_from_where_hits_are() {
    let mut window = two();
    look_for(&mut window, "give today");
    let hits = model(&window).hits_everywhere().unwrap();
    let first = model(&window).id_of_hit(hits.get(0).unwrap());
    perform(&mut window, FindAction::GoTo(first));
    settle(&mut window);
    // The whole line of the hit that the keyboard is at.
    window.click("Find near copies…");
    settle(&mut window);
    assert_eq!(named(&window, Role::Dialog), ["Near copies"]);
    assert!(has(
        &window,
        "2 places say what this says, or nearly: Give today. Support us!"
    ));
    window.key(Key::Escape);
    window.harness.run_steps(3);
    // Both hits are ticked.
    window.click("Compare passages…");
    settle(&mut window);
    assert_eq!(named(&window, Role::Dialog), ["Compared"]);
    assert!(has(&window, "The wording is the same."));
    window.key(Key::Escape);
    window.harness.run_steps(3);
    look_for(&mut window, "");
    window.click("Recurring passages…");
    settle(&mut window);
    assert_eq!(named(&window, Role::Dialog), ["Recurring passages"]);
    window.key(Key::Escape);
    window.harness.run_steps(3);
}

#[test]
fn two_selected_passages_are_compared() {
    let mut window = two();
    let id_of = |window: &Window, at: usize| {
        let articles = model(window).session().project().articles();
        articles[at].id.clone()
    };
    let select = |window: &mut Window, words: &str| {
        let text = model(window).article().unwrap().text.clone();
        let at = text.as_str().find(words).unwrap() as u32;
        let range = (at, at + words.len() as u32).into();
        let selection = Selection::of(range);
        perform(
            window,
            Action::Select {
                selection,
                annotation: None,
            },
        );
    };
    let id = id_of(&window, 0);
    perform(&mut window, Action::GoToArticle(id));
    select(&mut window, "Give today.");
    run(&mut window, Command::ComparePassages);
    window.harness.run_steps(3);
    assert!(named(&window, Role::Dialog).is_empty());
    assert!(
        model(&window).notices()[0]
            .message
            .contains("select another one")
    );
    let id = id_of(&window, 1);
    perform(&mut window, Action::GoToArticle(id));
    select(&mut window, "Give today. Support us!");
    run(&mut window, Command::ComparePassages);
    window.harness.run_steps(3);
    assert_eq!(named(&window, Role::Dialog), ["Compared"]);
    assert!(has(&window, "1 stretch that only one of them has"));
}

/// All text that is drawn, with where it begins from the left.
fn drawn(window: &Window) -> Vec<(f32, String)> {
    let drawn = drawn_at(window).into_iter();
    drawn.map(|(at, text)| (at.x, text)).collect()
}

/// All text that is drawn, with where it begins.
fn drawn_at(window: &Window) -> Vec<(Pos2, String)> {
    fn texts(shape: &Shape, found: &mut Vec<(Pos2, String)>) {
        match shape {
            Shape::Text(TextShape { pos, galley, .. }) => {
                found.push((*pos, galley.job.text.clone()));
            }
            Shape::Vec(all) => all.iter().for_each(|shape| texts(shape, found)),
            _ => {}
        }
    }
    let mut found = Vec::new();
    for ClippedShape { shape, .. } in &window.harness.output().shapes {
        texts(shape, &mut found);
    }
    found
}

#[test]
fn a_line_that_is_read_from_the_right_stands_so() {
    let mut window = Window::with("قال الوزير لصحيفة Daily Herald إن الجسر مغلق.\n");
    look_for(&mut window, "لصحيفة");
    let hits = model(&window).hits_everywhere().unwrap();
    let first = model(&window).id_of_hit(hits.get(0).unwrap());
    perform(&mut window, FindAction::GoTo(first));
    settle(&mut window);
    let mut drawn = drawn(&window);
    drawn.retain(|(_, text)| !text.is_ascii());
    let of = |is_it: &dyn Fn(&str) -> bool| drawn.iter().find(|(_, text)| is_it(text)).unwrap();
    // Its words stand in the order in which they are seen.
    let before = of(&|text| text.trim() == "الوزير قال");
    // The field has it, too.
    let hit = drawn.iter().rfind(|(_, text)| text == "لصحيفة").unwrap();
    let after = of(&|text| text.contains("Herald") && !text.contains("الوزير"));
    assert!(after.0 < hit.0 && hit.0 < before.0, "{drawn:?}");
    // What is read later stands further at the left.
    let place = |text: &str, word: &str| text.find(word).unwrap();
    assert!(
        place(&after.1, "الجسر") < place(&after.1, "Daily"),
        "{after:?}"
    );
    let context =
        of(&|text| text.contains("Herald") && text.contains("الوزير") && !text.contains('\n'));
    assert!(
        place(&context.1, "Daily") < place(&context.1, "لصحيفة"),
        "{context:?}"
    );
    assert!(
        place(&context.1, "لصحيفة") < place(&context.1, "الوزير"),
        "{context:?}"
    );
}

#[test]
fn a_phrase_in_another_direction_stays_whole_around_the_hit() {
    for (text, hit, order) in [
        (
            "قال الوزير لصحيفة Daily Herald Tribune إن الجسر مغلق.\n",
            "Herald",
            ["إن", "Daily", "Herald", "Tribune", "لصحيفة"],
        ),
        (
            "They read about السيد الوزير الجديد in town, he said.\n",
            "الوزير",
            ["about", "الجديد", "الوزير", "السيد", "in town"],
        ),
    ] {
        let mut window = Window::with(text);
        look_for(&mut window, hit);
        let line = window.harness.get_by_role(Role::ListItem).rect();
        let mut drawn = drawn_at(&window);
        // The title, which stands where the outlet would, has the same words.
        let head = drawn.iter().find(|(_, text)| text == "Outlet or title");
        let title = head.unwrap().0;
        drawn.retain(|(at, _)| line.contains(*at) && (at.x - title.x).abs() > 0.5);
        let place = |word: &str| {
            let found = drawn.iter().find(|(_, text)| text.contains(word));
            let (at, text) = found.unwrap_or_else(|| panic!("{word}: {drawn:?}"));
            (at.x, text.find(word))
        };
        let places = order.map(place);
        assert!(places.is_sorted(), "{places:?} {drawn:?}");
    }
}

#[test]
fn what_hits_are_marked_as_is_shown_with_its_colour() {
    let mut window = two();
    look_for(&mut window, "bridge");
    let swatches = |window: &mut Window, label: &str| {
        perform(window, FindAction::MarkAs(label.into()));
        settle(window);
        let tokens = window.harness.state().tokens();
        let codebook = model(window).session().project().codebook();
        let tint = tokens.chosen_tint(tokens.label(codebook.color_of(label)));
        let picks = window.harness.get_by_label("Mark hits as").rect();
        let shapes = window.harness.output().shapes.iter();
        let is_it = |shape: &&ClippedShape| match &shape.shape {
            Shape::Rect(rect) => {
                let at = rect.rect.center();
                rect.fill == tint && (at.y - picks.center().y).abs() < 12.0 && at.x < picks.left()
            }
            _ => false,
        };
        shapes.filter(is_it).count()
    };
    for label in ["claim", "promo"] {
        assert_eq!(swatches(&mut window, label), 1, "{label}");
    }
}
