//! Ticks of hits that are annotations already, of groups, and what the bar says before anything is
//! done; what a search shows while others work.

use crate::cards::{named, run};
use crate::find::{has, look_for, settle, two};
use crate::keyboard::focused;
use crate::window::{Window, bytes, model, perform};
use eframe::egui::accesskit::{Role, Toggled};
use eframe::egui::{Key, Shape, vec2};
use egui_kittest::kittest::{By, NodeT, Queryable};
use pressmark::app::action::Action;
use pressmark::app::action::find::{FindAction, HitTicks, ToHits};
use pressmark::app::command::Command;
use pressmark::app::notice::Notice;
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
        Annotation::new(
            id.as_str().into(),
            "ana".into(),
            "promo".into(),
            (*range).into(),
        )
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
        "1 is marked already; 1 lies in the mark of another; widened to the sentence"
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
    // The one with more hits stands first.
    let (one, other) = ("All hits of Ferry stops", "All hits of Mayor opens bridge");
    let state = |window: &Window, name: &str| {
        let node = window.harness.get_by_role_and_label(Role::CheckBox, name);
        node.accesskit_node().toggled().unwrap()
    };
    let ticked = |window: &Window| {
        let told = named(window, Role::ListItem);
        told.iter()
            .filter(|line| line.ends_with(", ticked"))
            .count()
    };
    let check = |window: &Window, states: [Toggled; 3], lines: usize| {
        let found = ["All hits", one, other].map(|name| state(window, name));
        assert_eq!((found, ticked(window)), (states, lines));
    };
    check(&window, [Toggled::True; 3], 5);
    window
        .harness
        .get_by_role_and_label(Role::CheckBox, one)
        .click();
    settle(&mut window);
    check(&window, [Toggled::Mixed, Toggled::False, Toggled::True], 2);
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
    check(&window, [Toggled::Mixed, Toggled::False, Toggled::True], 2);
    run(&mut window, Command::MarkHits);
    settle(&mut window);
    let articles = model(&window).session().project().articles();
    let counts: Vec<usize> = articles.iter().map(|a| a.annotations.len()).collect();
    assert_eq!(counts.iter().sum::<usize>(), 2);
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
    let list = window
        .harness
        .get_by_role_and_label(Role::List, "Hits")
        .rect();
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
    window
        .harness
        .get_by_role_and_label(Role::CheckBox, "All hits of First")
        .click();
    settle(&mut window);
    assert!(has(&window, "Mark 40 hits"));
    window.key(Key::End);
    settle(&mut window);
    assert_eq!(place(&window, "First, 40 hits"), None);
    assert_eq!(place(&window, "Second, 40 hits").unwrap().top(), top);
}

/// Runs until something is so.
fn wait(window: &mut Window, what: &str, is_so: impl Fn(&Window) -> bool) {
    for _ in 0..2_000 {
        window.harness.step();
        if is_so(window) {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    panic!("{what} never came");
}

#[test]
fn one_searches_and_reads_while_files_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let paths: Vec<_> = (0..40)
        .map(|n| {
            let path = folder.path().join(format!("{n}.txt"));
            // Nothing that the others say.
            let words: Vec<_> = (0..40).map(|word| format!("w{n}x{word}")).collect();
            let text = format!("Title {n}\n\n{} bridge {n}.\n", words.join(" "));
            std::fs::write(&path, text).unwrap();
            path
        })
        .collect();
    let mut window = two();
    look_for(&mut window, "bridge");
    let now = &mut window.harness.state_mut().model;
    now.perform(Action::AddPaths(paths));
    now.perform(Action::PutImportAside);
    window.harness.run_steps(2);
    assert!(named(&window, Role::Dialog).is_empty());
    // What is looked for is found meanwhile, and marked.
    look_for(&mut window, "ferry");
    assert_eq!(named(&window, Role::ListItem).len(), 1);
    look_for(&mut window, "bridge");
    run(&mut window, Command::MarkHits);
    settle(&mut window);
    assert_eq!(marks(&window).len(), 5);
    // A paste does not take the place of what is being read.
    let now = &mut window.harness.state_mut().model;
    let (text, html) = ("Some words.".to_owned(), None);
    now.perform(Action::AddText { text, html });
    assert!(
        model(&window)
            .import()
            .is_some_and(|import| import.is_aside)
    );
    wait(&mut window, "the files", |window| {
        model(window)
            .import()
            .is_some_and(|import| import.is_current)
    });
    window.harness.run_steps(3);
    assert!(
        named(&window, Role::Dialog).is_empty(),
        "nothing comes over the page"
    );
    let told = model(&window).notices().iter();
    let told: Vec<_> = told.map(|notice| notice.message.clone()).collect();
    let read = "The files are read: 40 articles can be added".to_owned();
    assert!(told.contains(&read), "{told:?}");
    assert!(has(&window, "Files are read, not added yet"));
    window.click("Back to the import");
    wait(&mut window, "the import", |window| {
        model(window)
            .import()
            .is_some_and(|import| import.is_current)
    });
    assert_eq!(named(&window, Role::Dialog), ["Import articles"]);
    window.click("Add 40 articles");
    settle(&mut window);
    // New articles are searched as they come in.
    run(&mut window, Command::Find);
    settle(&mut window);
    assert!(has(&window, "45 hits"));
    run(&mut window, Command::Undo);
    settle(&mut window);
    assert!(has(&window, "5 hits"));
}

#[test]
fn an_import_that_was_put_aside_is_left_with_its_work() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("one.txt");
    std::fs::write(&path, "One\n\nWords of one.\n").unwrap();
    for ends in [Action::CancelJobs, Action::CancelImport] {
        let mut window = two();
        let now = &mut window.harness.state_mut().model;
        now.perform(Action::AddPaths(vec![path.clone()]));
        now.perform(Action::PutImportAside);
        now.perform(ends.clone());
        settle(&mut window);
        assert!(model(&window).import().is_none(), "{ends:?}");
        wait(&mut window, "the end", |window| {
            model(window).jobs().running().is_empty()
        });
        assert!(model(&window).import().is_none(), "{ends:?}");
        assert!(!has(&window, "Back to the import"));
    }
    // What is chosen beside it joins it, and it is shown.
    let mut window = two();
    let other = folder.path().join("other.txt");
    std::fs::write(&other, "Other\n\nWords of the other.\n").unwrap();
    let now = &mut window.harness.state_mut().model;
    now.perform(Action::AddPaths(vec![path]));
    now.perform(Action::PutImportAside);
    now.perform(Action::AddPaths(vec![other]));
    wait(&mut window, "both", |window| {
        model(window)
            .import()
            .is_some_and(|import| import.is_current)
    });
    window.harness.run_steps(2);
    assert_eq!(named(&window, Role::Dialog), ["Import articles"]);
    assert!(has(&window, "2 files, 2 articles"));
}

/// Of each text that is drawn and reads so, whether it ends with an ellipsis.
fn cut(window: &Window, text: &str) -> Vec<bool> {
    fn look(shape: &Shape, text: &str, found: &mut Vec<bool>) {
        match shape {
            Shape::Text(shape) if shape.galley.job.text == text => found.push(shape.galley.elided),
            Shape::Vec(all) => all.iter().for_each(|shape| look(shape, text, found)),
            _ => {}
        }
    }
    let mut found = Vec::new();
    for clipped in &window.harness.output().shapes {
        look(&clipped.shape, text, &mut found);
    }
    found
}

#[test]
fn the_counter_of_the_bar_is_never_cut_and_notices_leave_buttons_free() {
    let text = format!("Title\n\n{}\n", "A bridge is a bridge. ".repeat(600));
    let mut window = Window::with(&text);
    for size in [vec2(700.0, 500.0), vec2(900.0, 600.0), vec2(1440.0, 900.0)] {
        window.harness.set_size(size);
        run(&mut window, Command::Read);
        window.keys(Key::F, eframe::egui::Modifiers::COMMAND);
        let options = pressmark::core::search::Options::default();
        let query = "bridge".to_owned();
        perform(&mut window, FindAction::InArticle { query, options });
        settle(&mut window);
        let by = By::new().role(Role::Label).label_contains(" of 1,200 hits");
        let counter = window.harness.get(by);
        let (counter, counted) = (counter.rect(), counter.value().unwrap());
        let close = window
            .harness
            .get_by_label("Close the find bar (Esc)")
            .rect();
        assert_eq!(cut(&window, &counted), [false], "{size:?}");
        assert!(
            counter.right() <= close.left() && close.right() <= size.x,
            "{size:?}"
        );
        let field = window.harness.get_by_label("Find in this article").rect();
        assert!(
            field.right() <= counter.left() && field.width() >= 100.0,
            "{size:?}"
        );
        // A notice stands over neither.
        window.key(Key::F12);
        let now = &mut window.harness.state_mut().model;
        now.notify(Notice::info(
            "Something was done, and it takes some words to say what",
        ));
        window.harness.run_steps(3);
        // Nor over anything else: it is on the line of the status.
        let top = |window: &Window| window.harness.get_by_label("Dismiss").rect().top();
        let close = "Close the find bar (Esc)";
        let bar = window.harness.get_by_label(close).rect();
        assert!(top(&window) >= bar.bottom(), "{size:?}: {bar:?}");
        look_for(&mut window, "bridge");
        run(&mut window, Command::Find);
        settle(&mut window);
        for name in ["Mark 1,200 hits", "More to do with ticked hits"] {
            let button = window.harness.get_by_label(name).rect();
            let top = top(&window);
            assert!(
                top >= button.bottom(),
                "{name} in {size:?}: {top} {button:?}"
            );
        }
        perform(&mut window, Action::DismissNotice(0));
    }
}

#[test]
fn the_lines_have_the_keyboard_again_after_a_command_of_the_palette() {
    let mut window = two();
    look_for(&mut window, "bridge");
    run(&mut window, Command::Find);
    window.key(Key::ArrowDown);
    window.keys(Key::K, eframe::egui::Modifiers::COMMAND);
    let typed = "copy ticked hits".to_owned();
    window.harness.event(eframe::egui::Event::Text(typed));
    window.harness.run_steps(2);
    window.key(Key::Enter);
    window.harness.run_steps(3);
    assert!(named(&window, Role::Dialog).is_empty());
    assert_eq!(focused(&window), (Role::List, "Hits".to_owned()));
    let before = model(&window).current_hit().cloned();
    window.key(Key::ArrowDown);
    assert_ne!(model(&window).current_hit().cloned(), before);
    // What is pressed elsewhere keeps it.
    window.harness.get_by_label("Match case").focus();
    window.harness.run_steps(3);
    assert_eq!(focused(&window).1, "Match case");
}

#[test]
fn a_line_of_an_article_without_an_outlet_says_its_title() {
    let mut window = two();
    look_for(&mut window, "bridge");
    assert_eq!(model(&window).current_hit(), None);
    for (title, lines) in [("Mayor opens bridge", 2), ("Ferry stops", 3)] {
        assert_eq!(cut(&window, title).len(), lines, "{title}");
    }
}

#[test]
fn the_field_keeps_the_keyboard_while_nothing_is_found() {
    let mut window = two();
    look_for(&mut window, "zeppelin");
    run(&mut window, Command::FindEverywhere);
    window.harness.run_steps(3);
    let field = focused(&window);
    for key in [Key::Enter, Key::ArrowDown] {
        window.key(key);
        window.harness.run_steps(2);
        assert_eq!(focused(&window), field, "{key:?}");
    }
}

#[test]
fn the_buttons_beside_a_hit_stay_where_they_are() {
    let long = "and of boats and trains and buses ".repeat(8);
    let mut window = Window::with(&format!(
        "The bridge {long} is told of here.\n\nThere is hardly anything that is to be said of the bridge in a line like this one, which is short.\n"
    ));
    look_for(&mut window, "bridge");
    run(&mut window, Command::Find);
    let mut seen = Vec::new();
    for _ in 0..2 {
        window.key(Key::ArrowDown);
        settle(&mut window);
        let near = window.harness.get_by_label("Find near copies…");
        seen.push(near.rect());
    }
    assert_eq!(seen.first(), seen.last());
}

#[test]
fn a_hit_that_is_gone_to_has_text_on_both_sides() {
    let between = "Nothing of it stands in these lines.\n\n".repeat(18);
    let text = format!("News of today\n\n{between}A bridge is closed.\n\n{between}");
    let mut window = Window::with(&text);
    look_for(&mut window, "bridge");
    run(&mut window, Command::Find);
    window.key(Key::ArrowDown);
    window.key(Key::Enter);
    settle(&mut window);
    assert_eq!(window.selected_text(), "bridge");
    let hit = window.place("bridge is closed");
    let high = window.harness.ctx.content_rect().height();
    let share = hit.center().y / high;
    assert!((0.2..0.6).contains(&share), "{hit:?} of {high}");
}

#[test]
fn a_notice_leaves_the_buttons_of_a_dialog_free() {
    let mut window = two();
    for size in [vec2(900.0, 600.0), vec2(1440.0, 900.0)] {
        window.harness.set_size(size);
        look_for(&mut window, "bridge");
        run(&mut window, Command::RecurringPassages);
        settle(&mut window);
        let now = &mut window.harness.state_mut().model;
        now.notify(Notice::info(
            "Something was done, and it takes some words to say what",
        ));
        window.harness.run_steps(3);
        let low = window.harness.get_by_label("Dismiss").rect();
        let close = window.harness.get_by_label("Close").rect();
        assert!(
            low.bottom() <= close.top() || low.top() - 20.0 >= close.bottom(),
            "{size:?}: {low:?} {close:?}"
        );
        window.key(Key::Escape);
        settle(&mut window);
        perform(&mut window, Action::DismissNotice(0));
    }
}

/// A key that comes in the frame after the list got the keyboard is the list's already.
#[test]
fn arrows_that_come_fast_stay_in_the_list() {
    let mut window = two();
    look_for(&mut window, "bridge");
    for _ in 0..3 {
        window.harness.key_press(Key::ArrowDown);
        window.harness.step();
    }
    window.harness.run_steps(3);
    assert_eq!(focused(&window), (Role::List, "Hits".to_owned()));
    assert!(has(&window, "3 of 5 hits"));
}
