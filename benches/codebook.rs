//! What the codebook costs with 10,000 articles and 300,000 annotations: changing a label, merging two,
//! a policy for what is there, the article list by label; and frames with 2,000 labels.

use crate::measured::{Sample, report, report_frames};
use crate::window::{Window, key};
use crate::workload::{self, Random};
use eframe::egui::{Event, Key, Modifiers, pos2};
use pressmark::app::action::Action;
use pressmark::app::command::Command;
use pressmark::app::desk::{Access, Desk};
use pressmark::app::saving::save_file;
use pressmark::app::session::{Session, load};
use pressmark::core::annotation::{Annotation, AnnotationSet};
use pressmark::core::article::Article;
use pressmark::core::codebook::{Codebook, EdgeRule, Label};
use pressmark::core::edit::Transaction;
use pressmark::core::lists::Order;
use pressmark::core::project::{Project, ProjectParts};
use pressmark::core::recipes::Signed;
use pressmark::core::recipes::codebook::{Change, MergeChoices, change_label, merge_labels};
use pressmark::core::text::segment::{sentence_at, word_at};
use pressmark::core::text::{BytePos, ByteRange};
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

const ARTICLES: usize = 10_000;

/// Of the annotations of each article, five are claims on whole sentences, five promotional, the rest
/// quotes: 50,000, 50,000 and 200,000.
fn corpus() -> Project {
    let mut codebook = Codebook::default();
    for label in &mut codebook.labels {
        label.edges.closing_punctuation = EdgeRule::Out;
    }
    let articles = workload::corpus(ARTICLES).articles().to_vec();
    let articles = articles.into_iter().map(|article| {
        let mut article = Article::clone(&article);
        let made = article.annotations.iter().enumerate().map(|(n, old)| {
            let mut new = Annotation::clone(old);
            new.label = ["claim", "promo", "quote"][(n % 6).min(2)].into();
            if n % 6 == 0 {
                new.fragments = sentence_at(&article.text, old.start()).into();
            }
            new
        });
        let made: Vec<Annotation> = made.collect();
        article.annotations = AnnotationSet::from_annotations(made).0;
        Arc::new(article)
    });
    Project::from_parts(ProjectParts {
        name: "Workload".to_owned(),
        codebook,
        articles: articles.collect(),
        annotators: workload::project_of(Vec::new()).annotators().to_vec(),
        ..ProjectParts::default()
    })
}

/// Makes a change as one step with its record, and takes it back: how long finding out what it
/// touches took, doing it, and undoing it.
fn step(session: &mut Session, change: impl Fn(&Project, Signed<'_>) -> Change) -> [f64; 3] {
    let by = "bench".into();
    let signed = Signed {
        by: &by,
        when: None,
    };
    let started = Instant::now();
    let change = change(session.project(), signed);
    let found = started.elapsed().as_secs_f64();
    let started = Instant::now();
    session
        .perform(Transaction::new("change", change.edits))
        .unwrap();
    let done = started.elapsed().as_secs_f64();
    let started = Instant::now();
    session.undo().unwrap().unwrap();
    [found, done, started.elapsed().as_secs_f64()]
}

pub fn codebook(folder: &Path) {
    let path = folder.join("labels.ron");
    let project = corpus();
    save_file(&project, &path, &mut |_| true).unwrap();
    let desk = Desk::on_disk(Some(folder.join("state")));
    let loaded = load(&desk, &path, Access::Change, &|_| ()).unwrap();
    let (mut session, _) = Session::loaded(loaded, &desk, "bench", "bench", Arc::new(|| ()));
    let claim = "claim".into();
    let changed = |change: fn(&mut Label)| {
        move |project: &Project, signed: Signed<'_>| {
            let changed = change_label(project, &"claim".into(), "change", signed, change);
            changed.unwrap().unwrap()
        }
    };
    for (what, times) in [
        (
            "renaming a label",
            step(
                &mut session,
                changed(|label| label.name = "Assertion".to_owned()),
            ),
        ),
        (
            "recolouring a label",
            step(&mut session, changed(|label| label.color = 0xA5_0F_2D)),
        ),
    ] {
        let [found, done, undone] = times.map(|secs| secs * 1_000.0);
        report(
            &format!("{what}, with its record"),
            found + done,
            "ms",
            Some(16.0),
        );
        report("  taking it back", undone, "ms", Some(16.0));
    }
    let merged = step(&mut session, |project, signed| {
        let choices = MergeChoices::default();
        let merged = merge_labels(project, &claim, &"promo".into(), &choices, signed);
        merged.unwrap().change
    });
    for (what, secs) in ["  found", "  done as one step", "  undone"]
        .iter()
        .zip(merged)
    {
        report(
            &format!("merging labels of 50,000 annotations:{what}"),
            secs,
            "s",
            Some(1.0),
        );
    }
    session.close();
    let mut window = Window::new();
    window.enter(project);
    policy(&mut window);
    listing(&mut window);
    many_labels();
}

/// In the window: looked through by a job, then done and undone by what its buttons ask for.
fn policy(window: &mut Window) {
    let started = Instant::now();
    window.perform(Action::ReviewPolicy("claim".into()));
    let mut frames = Sample(Vec::new());
    while !window.app.model.jobs().running().is_empty() {
        frames.0.push(window.frame(Vec::new()).0);
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
    report(
        "a policy over 50,000 annotations: looked through",
        started.elapsed().as_secs_f64(),
        "s",
        Some(1.0),
    );
    let found = window
        .app
        .model
        .policy_review()
        .and_then(|review| review.found.clone());
    let found = found.map_or(0, |found| found.len());
    report("  annotations that it moves", found as f64, "", None);
    assert!(found > 30_000);
    report_frames("  the window meanwhile", frames, Some((2.0, 8.0)));
    let shown = (0..200).map(|_| window.frame(key(Key::ArrowDown, Modifiers::NONE)).0);
    report_frames(
        "  going through the list",
        Sample(shown.collect()),
        Some((4.0, 8.0)),
    );
    window.frame(key(Key::Escape, Modifiers::NONE));
    let apply = Action::ApplyPolicy {
        left_out: Default::default(),
    };
    for (what, action) in [
        ("done as one step", apply),
        ("undone", Action::Run(Command::Undo)),
    ] {
        let started = Instant::now();
        window.perform(action);
        report(
            &format!("  {what}, with the next frame"),
            started.elapsed().as_secs_f64(),
            "s",
            Some(1.0),
        );
    }
}

/// The article list, asked for something else: with the next frame.
fn listing(window: &mut Window) {
    let mut ask = |what: &str, change: &dyn Fn(&mut pressmark::core::lists::Listing)| {
        let mut sample = Sample(Vec::new());
        for _ in 0..5 {
            let mut listing = window.app.model.listing().clone();
            change(&mut listing);
            sample
                .0
                .push(window.perform(Action::SetListing(Box::new(listing))));
            window.perform(Action::SetListing(Box::default()));
        }
        report(
            &format!("10,000 articles {what}"),
            sample.quantile(1.0),
            "ms",
            Some(50.0),
        );
    };
    ask("by title", &|listing| listing.order = Order::Title);
    ask("newest first", &|listing| listing.order = Order::Newest);
    ask("with a word", &|listing| listing.filter = "a099".to_owned());
    ask("with a label", &|listing| {
        listing.label = Some("claim".into());
    });
}

fn many_labels() {
    let mut random = Random(17);
    let labels = (0..2_000).map(|n: usize| Label {
        parent: (!n.is_multiple_of(20)).then(|| format!("l{}", n / 20 * 20).as_str().into()),
        definition: workload::prose(120, 400, n as u64),
        ..Label::new(&format!("l{n}"), &format!("Technique {n}"), 0x1B_66_A4)
    });
    let codebook = Codebook::of(labels.collect());
    let mut article = workload::article("a", 100_000, 1_000, 400, 3);
    let made = article.annotations.iter().map(|old| {
        let mut new = Annotation::clone(old);
        new.label = format!("l{}", random.below(2_000)).as_str().into();
        new
    });
    let made: Vec<Annotation> = made.collect();
    article.annotations = AnnotationSet::from_annotations(made).0;
    let mut window = Window::new();
    window.enter(Project::from_parts(ProjectParts {
        codebook,
        articles: vec![Arc::new(article)],
        ..ProjectParts::default()
    }));
    window.frame(Vec::new());
    let limit = Some((8.0, 8.0));
    let idle = (0..100).map(|_| window.frame(Vec::new()).0).collect();
    report_frames("2,000 labels, idle", Sample(idle), limit);
    let scrolled = window.scrolled(pos2(1_250.0, 200.0), 200.0, 200);
    report_frames("2,000 labels, scrolling them", scrolled, limit);
    window.frame(key(Key::F3, Modifiers::NONE));
    window.frame(Vec::new());
    let typed = "technique 19 the court".chars();
    let typed = typed
        .map(|c| window.frame(vec![Event::Text(c.to_string())]).0)
        .collect();
    report_frames("2,000 labels, typing in their field", Sample(typed), limit);
    window.frame(key(Key::Escape, Modifiers::NONE));
    window.frame(Vec::new());
    let pages = (0..100).map(|_| window.frame(key(Key::PageDown, Modifiers::NONE)).0);
    report_frames(
        "2,000 labels, going through the article",
        Sample(pages.collect()),
        limit,
    );
    let marks = (0..60).map(|n: u32| {
        let start = BytePos(n * 997 + 5);
        let text = window.app.model.article().unwrap().text.clone();
        let range = word_at(&text, start);
        let range = if range.is_empty() {
            ByteRange::new(BytePos(0), BytePos(3))
        } else {
            range
        };
        window.perform(Action::MarkRange {
            range,
            label: format!("l{n}").as_str().into(),
        })
    });
    report_frames("2,000 labels, marking", Sample(marks.collect()), limit);
}
