//! A project of 10,000 articles and 300,000 annotations: saving it, opening it, scrolling its list.

use crate::measured::{Sample, report, report_frames};
use crate::window::{Window, key};
use crate::workload;
use eframe::egui::{Key, Modifiers, pos2};
use pressmark::app::action::Action;
use pressmark::app::saving::save_file;
use pressmark::app::session::open_file;
use std::path::Path;
use std::time::Instant;

pub fn corpus(folder: &Path) {
    let project = workload::corpus(10_000);
    let path = folder.join("corpus.ron");
    let started = Instant::now();
    save_file(&project, &path, &mut |_| true).unwrap();
    report(
        "save 10,000 articles, 300,000 annotations",
        started.elapsed().as_secs_f64(),
        "s",
        Some(0.8),
    );
    let megabytes = path.metadata().unwrap().len() as f64 / 1e6;
    report("  the file", megabytes, "MB", None);
    let mut window = Window::new();
    let started = Instant::now();
    let opened = open_file(&path, &|_| ()).unwrap();
    assert!(opened.problems.is_empty());
    window.app.model.enter_opened(opened, path);
    window.frame(Vec::new());
    report(
        "open it, to the article list",
        started.elapsed().as_secs_f64(),
        "s",
        Some(0.8),
    );
    let list = window.scrolled(pos2(120.0, 400.0), 400.0, 200);
    report_frames(
        "10,000 articles, scrolling the list",
        list,
        Some((2.0, 6.0)),
    );
    // While a save runs, marking and scrolling go on.
    let target = folder.join("again.ron");
    window.perform(Action::SaveTo(target));
    let mut during = Sample(Vec::new());
    let started = Instant::now();
    let mut frames = 0;
    while window.app.model.jobs().running().len() == 1 && frames < 2_000 {
        during
            .0
            .push(window.frame(key(Key::PageDown, Modifiers::NONE)).0);
        frames += 1;
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
    report(
        "  saved on a job while scrolling",
        started.elapsed().as_secs_f64(),
        "s",
        None,
    );
    report_frames("  scrolling meanwhile", during, Some((2.0, 6.0)));
}
