//! That an idle frame costs the same however much the project holds: nothing in the window walks
//! articles, annotations or the trash, and nothing derived is made again.

use super::window::Window;
use crate::keyboard::type_in;
use eframe::egui::Key;
use eframe::egui::accesskit::Role;
use egui_kittest::kittest::{By, NodeT, Queryable};
use pressmark::app::action::{Action, Deleting, Ticking};
use pressmark::app::clock::thread_cpu_ms;
use pressmark::app::command::Command;
use pressmark::app::jobs::JobKind;
use pressmark::app::notice::Notice;
use pressmark::core::annotation::{Annotation, AnnotationSet};
use pressmark::core::article::Article;
use pressmark::core::codebook::Codebook;
use pressmark::core::project::{
    Annotator, ArticleSet, Person, Project, ProjectParts, SetAside, TrashItem, Trashed,
};
use pressmark::core::text::{ArticleText, BytePos, ByteRange};
use pressmark::format::project_ron::Opened;
use std::sync::Arc;
use std::time::Duration;

const LINE: &str = "The mayor said that the bridge would cost 3,400 crowns.\n";
const ANNOTATIONS: usize = 30;

fn annotation(id: String, n: usize) -> Annotation {
    let start = (n * LINE.len()) as u32;
    let range = ByteRange::new(BytePos(start), BytePos(start + 20));
    let label = ["quote", "claim", "promo"][n % 3];
    Annotation::new(id.as_str().into(), "bo".into(), label.into(), range)
}

/// So many articles with 30 annotations each, and twice as many things in the trash.
fn project(articles: usize) -> Project {
    let text = Arc::new(ArticleText::new(LINE.repeat(ANNOTATIONS)));
    let article = |n: usize, name: &str| {
        let text = ArticleText::new(text.as_str().to_owned());
        let mut made = Article::new(
            format!("{name}{n}").as_str().into(),
            format!("Title {n}"),
            text,
        );
        let all = (0..ANNOTATIONS).map(|i| annotation(format!("t-{name}-{n}-{i}"), i));
        made.annotations = AnnotationSet::from_annotations(all).0;
        for (key, value) in [("outlet", n % 7), ("author", n % 90), ("published", n)] {
            made.metadata
                .insert(key.to_owned(), format!("{key} {value}"));
        }
        made.metadata
            .insert("replaces".to_owned(), format!("old{n}"));
        made
    };
    let codebook = Codebook::default();
    let annotator = |n: usize| Annotator {
        id: format!("by{n}").as_str().into(),
        name: format!("Annotator {n}"),
        unknown: Vec::new(),
    };
    let item = |what| TrashItem::new(what, "bo".into(), None);
    let old = |n: usize| {
        let text = ArticleText::new(LINE.to_owned());
        Article::new(format!("old{n}").as_str().into(), "Old", text)
    };
    let gone = |n: usize| Trashed::Annotation {
        article: format!("a{n}").as_str().into(),
        annotation: Arc::new(annotation(format!("t-{n}"), n % ANNOTATIONS)),
    };
    let trash = (0..articles).flat_map(|n| {
        let old = Trashed::Article(Arc::new(old(n)));
        [item(gone(n)), item(old)]
    });
    let trash = trash.chain((0..9).map(|n| item(Trashed::Annotator(annotator(n)))));
    let set_aside = (0..articles).map(|n| {
        let raw = format!(
            "(id: \"t-lost-{n}\", by: \"bo\", label: \"quote\", at: [(0, 9, \"The mayor\")])"
        );
        SetAside::new("a0", "its text is gone", raw)
    });
    Project::from_parts(ProjectParts {
        name: "Many".to_owned(),
        codebook,
        annotators: vec![annotator(0), annotator(1)],
        people: (0..articles)
            .map(|n| Person::named(&format!("Person {n}"), |_| false))
            .collect(),
        articles: (0..articles).map(|n| Arc::new(article(n, "a"))).collect(),
        sets: vec![Arc::new(ArticleSet {
            id: "s-1".into(),
            name: "Every third".to_owned(),
            by: "bo".into(),
            when: None,
            how: "By hand".to_owned(),
            seed: 0,
            members: (0..articles)
                .step_by(3)
                .map(|n| format!("a{n}").as_str().into())
                .collect(),
            unknown: Vec::new(),
        })],
        trash: trash.collect(),
        set_aside: set_aside.collect(),
        ..ProjectParts::default()
    })
}

/// Steps until this is shown; large answers come from a job.
fn wait_for(window: &mut Window, what: &str, shows: &str) {
    window.settle();
    for _ in 0..1_000 {
        let mut shown = window.harness.query_all_by_label_contains(shows);
        if shown.next().is_some() {
            return;
        }
        drop(shown);
        std::thread::sleep(Duration::from_millis(5));
        window.harness.step();
    }
    panic!("{what} does not show “{shows}”");
}

/// A frame without input, in milliseconds of this thread: the shortest of a few. It asks for no other
/// one: a window that nothing is done in paints nothing.
fn idle_frame(window: &mut Window, what: &str) -> f64 {
    // A dialog grows over some frames.
    window.harness.run_steps(12);
    let made = window.harness.state().model.derived_count();
    let frames = (0..20).map(|_| {
        let before = thread_cpu_ms();
        window.harness.step();
        thread_cpu_ms() - before
    });
    let shortest = frames.fold(f64::INFINITY, f64::min);
    let again = window.harness.state().model.derived_count();
    let soonest = paints_again_in(window);
    assert!(
        soonest > Duration::from_mins(1),
        "{what}: an idle window paints again in {soonest:?}"
    );
    assert_eq!(made, again, "{what}: an idle frame derived something");
    shortest
}

/// When the window asks to be painted again without input.
fn paints_again_in(window: &Window) -> Duration {
    let output = window.harness.output();
    let waits = output.viewport_output.values();
    let soonest = waits.map(|view| view.repaint_delay).min();
    soonest.unwrap_or_default()
}

/// Each panel and each dialog, idle: how long a frame takes.
fn frames(articles: usize) -> Vec<(String, f64)> {
    let mut window = Window::new(None);
    let opened = Opened {
        project: project(articles),
        problems: Vec::new(),
    };
    window
        .harness
        .state_mut()
        .model
        .enter_opened(opened, "/nowhere/many.ron".into());
    window.harness.run_steps(3);
    // One that goes by itself is painted until it is gone.
    window
        .harness
        .state_mut()
        .notify(Notice::info("It is open"));
    window.harness.run_steps(12);
    assert!(paints_again_in(&window) < Duration::from_secs(1));
    let model = &mut window.harness.state_mut().model;
    while !model.notices().is_empty() {
        model.perform(Action::DismissNotice(0));
    }
    let mut measured = Vec::new();
    let mut measure = |window: &mut Window, what: &str, shows: &str| {
        wait_for(window, what, shows);
        let frame = idle_frame(window, what);
        measured.push((what.to_owned(), frame));
    };
    let perform = |window: &mut Window, action: Action| {
        window.harness.state_mut().model.perform(action);
        window.harness.run_steps(4);
    };
    measure(&mut window, "the panels", "0 of");
    for (command, typed, shows) in [
        (Command::FilterArticles, "title 11", "Title 11,"),
        (Command::FilterAnnotations, "mayor", "The mayor said"),
    ] {
        perform(&mut window, Action::Run(command));
        type_in(&mut window, typed);
        measure(&mut window, typed, shows);
        for _ in typed.chars() {
            window.key(Key::Backspace);
        }
        window.key(Key::Escape);
    }
    let select = Action::SelectAnnotation {
        id: "t-a-0-0".into(),
        reveal: true,
    };
    perform(&mut window, select);
    measure(&mut window, "the inspector", "Selected");
    for (command, shows) in [
        (Command::CheatSheet, "Keys"),
        (Command::Settings, "Reading font"),
        (Command::About, "Pressmark"),
        (Command::Imports, "Nothing was imported"),
        (Command::CompareVersions, "of the wording changed"),
        (Command::History, "Nothing was done"),
        (Command::ReviewPolicy, "end otherwise than the policy says"),
        (Command::Outdated, "No annotation was made before"),
        (Command::Labels, "annotations in"),
        (Command::Annotators, "Annotator 1"),
        (Command::Review, "Because its text is gone"),
        (Command::Definition, "Definition"),
        (Command::LoadCodebook, "Load"),
        (Command::Revisions, "evision"),
        (Command::Details, "Details of the article"),
    ] {
        perform(&mut window, Action::Run(command));
        measure(&mut window, &format!("{command:?}"), shows);
        window.key(Key::Escape);
    }
    perform(&mut window, Action::Run(Command::Sets));
    window.harness.get_by_label_contains("Every third").click();
    window.harness.run_steps(3);
    measure(&mut window, "the sets", "Delete the set");
    window.key(Key::Escape);
    perform(&mut window, Action::Tick(Ticking::All));
    perform(&mut window, Action::Run(Command::Details));
    measure(&mut window, "details of all", "Empty Outlet");
    window.key(Key::Escape);
    perform(&mut window, Action::Tick(Ticking::None));
    perform(&mut window, Action::Run(Command::Codebook));
    measure(&mut window, "the page of the codebook", "Definition");
    perform(&mut window, Action::Run(Command::Read));
    window.drag("The mayor said");
    perform(&mut window, Action::Run(Command::LabelFromWords));
    measure(&mut window, "a new label", "Add and mark");
    window.key(Key::Escape);
    for what in [
        Deleting::Label("quote".into()),
        Deleting::Annotator("bo".into()),
    ] {
        perform(&mut window, Action::AskToDelete(what));
        measure(&mut window, "deleting", "annotations in");
        window.key(Key::Escape);
    }
    perform(&mut window, Action::Run(Command::Trash));
    measure(&mut window, "the trash", "annotations with them");
    window.harness.get_by_label("Filter the trash").click();
    window.harness.run_steps(2);
    type_in(&mut window, "old");
    let all = format!("Choose all {articles}");
    measure(&mut window, "the trash, filtered", &all);
    window.key(Key::Escape);
    window.key(Key::Escape);
    perform(&mut window, Action::Run(Command::Palette));
    type_in(&mut window, "title 1");
    measure(&mut window, "the palette", "Title 1");
    window.key(Key::Escape);
    perform(&mut window, Action::Run(Command::FindCopies));
    measure(&mut window, "the copies", "Group 1");
    window.key(Key::Escape);
    perform(&mut window, Action::Run(Command::Export));
    measure(&mut window, "the export", "Every span is compared");
    for (label, shows) in [
        ("First lines", "as text"),
        ("Choices", "All that fit"),
        ("Those I tick", "0 of"),
    ] {
        window.harness.get_by_label(label).click();
        window.harness.run_steps(3);
        measure(&mut window, label, shows);
    }
    measured
}

#[test]
fn idle_frames_cost_the_same_however_much_there_is() {
    /// More than the dialogs show at once, and so many more that a walk would take its time.
    const SIZES: (usize, usize) = (600, 10_000);
    let (few, many) = (frames(SIZES.0), frames(SIZES.1));
    let mut slower = Vec::new();
    for ((what, few), (_, many)) in few.iter().zip(&many) {
        // Other programs on the machine make the same work cost more.
        if *many > few * 2.0 + 1.5 {
            slower.push(format!("{what}: {few:.2} ms became {many:.2} ms"));
        }
    }
    assert!(slower.is_empty(), "{slower:#?}");
}

fn open(project: Project) -> Window {
    let mut window = Window::new(None);
    let opened = Opened {
        project,
        problems: Vec::new(),
    };
    let model = &mut window.harness.state_mut().model;
    model.enter_opened(opened, "/nowhere/many.ron".into());
    window.harness.run_steps(3);
    window
}

/// The places of the rows in view.
fn rows_in_view(window: &Window, role: Role) -> Vec<usize> {
    let rows = window.harness.query_all(By::new().role(role));
    rows.filter_map(|row| row.accesskit_node().position_in_set())
        .collect()
}

#[test]
fn the_trash_stays_where_it_is_while_it_is_looked_through_again() {
    let mut window = open(project(600));
    let model = &mut window.harness.state_mut().model;
    model.perform(Action::Run(Command::Trash));
    window.harness.run_steps(4);
    window.harness.get_by_label("Filter the trash").click();
    window.harness.run_steps(2);
    type_in(&mut window, "old");
    wait_for(&mut window, "the trash", "Choose all 600");
    for _ in 0..8 {
        window.key(Key::PageDown);
    }
    let before = rows_in_view(&window, Role::ListBoxOption);
    assert!(before[0] > 60, "{before:?}");
    window.key(Key::Enter);
    wait_for(&mut window, "the trash", "Choose all 599");
    assert_eq!(rows_in_view(&window, Role::ListBoxOption), before);
}

#[test]
fn what_was_marked_just_now_is_in_view_in_a_long_list_that_is_filtered() {
    const MARKS: usize = 4_500;
    let text = ArticleText::new(LINE.repeat(MARKS));
    let mut article = Article::new("a".into(), "Long".to_owned(), text);
    // Every other one has no mayor in it.
    let marks = (0..MARKS).map(|n| {
        let mut mark = annotation(format!("t-{n}"), n);
        let range = mark.fragments[0];
        let start = BytePos(range.start.0 + 30 * (n % 2) as u32);
        mark.fragments = ByteRange::new(start, BytePos(start.0 + 20)).into();
        mark
    });
    article.annotations = AnnotationSet::from_annotations(marks).0;
    let mut window = open(Project::from_parts(ProjectParts {
        name: "Long".to_owned(),
        codebook: Codebook::default(),
        articles: vec![Arc::new(article)],
        ..ProjectParts::default()
    }));
    let model = &mut window.harness.state_mut().model;
    model.perform(Action::Run(Command::FilterAnnotations));
    window.harness.run_steps(4);
    type_in(&mut window, "mayor");
    wait_for(&mut window, "the list", "2250 of 4500");
    let start = (4_000 * LINE.len()) as u32;
    let mark = Action::MarkRange {
        range: ByteRange::new(BytePos(start), BytePos(start + 9)),
        label: "claim".into(),
    };
    window.harness.state_mut().model.perform(mark);
    window.harness.run_steps(2);
    wait_for(&mut window, "the list", "2251 of 4501");
    window.harness.run_steps(3);
    let rows = window.harness.query_all(By::new().role(Role::ListItem));
    let mut names = rows.map(|row| row.accesskit_node().label().unwrap_or_default());
    assert!(names.any(|name| name.ends_with(", The mayor")));
}

#[test]
fn leaving_the_search_for_copies_stops_nothing_else() {
    let mut window = open(project(3_000));
    let folder = tempfile::tempdir().unwrap();
    let model = &mut window.harness.state_mut().model;
    model.perform(Action::Export {
        format: "xlsx",
        options: Box::default(),
        path: folder.path().join("out.xlsx"),
        may_replace: true,
    });
    model.perform(Action::Run(Command::FindCopies));
    window.harness.run_steps(2);
    let is_stopped = |window: &Window, wanted: JobKind| {
        let mut jobs = window.harness.state().model.jobs().running().iter();
        jobs.find(|job| job.kind == wanted)
            .map(|job| job.is_cancelled())
    };
    assert_eq!(is_stopped(&window, JobKind::Copies), Some(false));
    window.key(Key::Escape);
    assert_ne!(is_stopped(&window, JobKind::Copies), Some(false));
    assert_eq!(is_stopped(&window, JobKind::Export), Some(false));
    let model = &mut window.harness.state_mut().model;
    model.perform(Action::CancelJobs);
    window.settle();
}
