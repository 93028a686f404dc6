//! What hits cost on the page of finding, with 10,000 articles, 50 MB and 300,000 annotations: putting
//! 200,000 of them in order, scrolling them, and marking 50,000 as one step.

use crate::measured::{Sample, report, report_frames};
use crate::window::{Window, key};
use crate::workload;
use eframe::egui::{Key, Modifiers, pos2};
use pressmark::app::action::find::HitTicks;
use pressmark::app::action::{Action, FindAction};
use pressmark::app::command::Command;
use pressmark::core::concordance::{Arrangement, GroupBy, Sort};
use pressmark::core::search::Options;
use std::time::{Duration, Instant};

/// Frames until what was asked for is there.
fn until(window: &mut Window, what: &str, is_there: impl Fn(&Window) -> bool) -> f64 {
    let started = Instant::now();
    while !is_there(window) {
        assert!(started.elapsed() < Duration::from_mins(1), "{what}");
        std::thread::sleep(Duration::from_millis(1));
        window.frame(Vec::new());
    }
    started.elapsed().as_secs_f64() * 1_000.0
}

fn has_lines(window: &Window) -> bool {
    let model = &window.app.model;
    let hits = model
        .hits_everywhere()
        .filter(|_| model.found_everywhere().is_current);
    hits.is_some_and(|hits| model.concordance(&hits).is_current)
}

fn is_counted(window: &Window) -> bool {
    let model = &window.app.model;
    let lines = model
        .hits_everywhere()
        .and_then(|hits| model.concordance(&hits).value);
    has_lines(window) && lines.is_some_and(|lines| model.ticked_hits(&lines.0).is_current)
}

fn look_for(window: &mut Window, query: &str) -> usize {
    let query = query.to_owned();
    let options = Options::default();
    window.perform(FindAction::Everywhere { query, options }.into());
    until(window, "found", is_counted);
    window
        .app
        .model
        .hits_everywhere()
        .map_or(0, |hits| hits.len())
}

fn arrange(window: &mut Window, what: &str, arrangement: Arrangement) {
    window.perform(FindAction::Arrange(Box::new(arrangement)).into());
    let ms = until(window, what, has_lines);
    report(&format!("  {what}"), ms, "ms", Some(300.0));
}

pub fn hits() {
    let project = workload::corpus(10_000);
    let mut window = Window::new();
    window.enter(project);
    window.perform(Action::Run(Command::Find));
    let n = look_for(&mut window, "said");
    println!("{n} hits");
    for (sort, name) in Sort::ALL {
        let arrangement = Arrangement {
            sort,
            ..Arrangement::default()
        };
        arrange(&mut window, &format!("put in order: {name}"), arrangement);
    }
    let grouped = Arrangement {
        sort: Sort::Right,
        group: Some(GroupBy::NextWord),
        ..Arrangement::default()
    };
    arrange(&mut window, "in groups by the next word", grouped);
    until(&mut window, "counted", is_counted);
    let scrolled = window.scrolled(pos2(800.0, 400.0), 4_000.0, 200);
    report_frames("  scrolling them", scrolled, Some((4.0, 8.0)));
    let mut steps = Sample(Vec::new());
    window.frame(key(Key::F6, Modifiers::NONE));
    for _ in 0..100 {
        steps
            .0
            .push(window.frame(key(Key::ArrowDown, Modifiers::NONE)).0);
    }
    report_frames("  going down through them", steps, Some((4.0, 8.0)));
    window.perform(FindAction::MarkAs("promo".into()).into());
    window.perform(FindAction::Tick(HitTicks::All).into());
    until(&mut window, "counted", is_counted);
    let before = window.app.model.session().project().annotation_count();
    let started = Instant::now();
    window.perform(Action::Run(Command::MarkHits));
    until(&mut window, "marked", |window| {
        window.app.model.jobs().running().is_empty()
    });
    let ms = started.elapsed().as_secs_f64() * 1_000.0;
    let marked = window.app.model.session().project().annotation_count() - before;
    report(
        &format!("marking {marked} hits as one step"),
        ms,
        "ms",
        Some(1_000.0),
    );
    let started = Instant::now();
    window.perform(Action::Run(Command::Undo));
    let ms = started.elapsed().as_secs_f64() * 1_000.0;
    report("  taken back", ms, "ms", Some(1_000.0));
}
