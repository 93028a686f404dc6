//! What a project of 1,000, 10,000 and 100,000 articles costs: time, memory, and single frames.
//! Each size has a process of its own, so that its memory is that of the project and the window.

use crate::machine;
use crate::measured::{Sample, forget_peak, memory_mb, report, report_frames};
use crate::window::{Window, key};
use crate::workload::{self, Random};
use eframe::egui::{Key, Modifiers, pos2};
use pressmark::app::action::Action;
use pressmark::app::command::Command;
use pressmark::app::saving::save_file;
use pressmark::core::text::BytePos;
use std::path::Path;
use std::process::Command as Process;
use std::time::{Duration, Instant};

pub fn growth(folder: &Path) {
    for articles in [1_000, 10_000, 100_000] {
        let file = folder.join(format!("{articles}.ron"));
        for step in ["--make", "--grown"] {
            let mut run = Process::new(std::env::current_exe().unwrap());
            run.env(machine::FACTOR, machine::factor().to_string());
            run.arg(step).arg(&file).arg(articles.to_string());
            assert!(run.status().unwrap().success());
        }
        std::fs::remove_file(file).unwrap();
    }
}

pub fn make(file: &Path, articles: usize) {
    save_file(&workload::corpus(articles), file, &mut |_| true).unwrap();
}

/// Frames as long as something is awaited, and how long that took.
fn frames_while(window: &mut Window, is_awaited: impl Fn(&Window) -> bool) -> (Sample, f64) {
    let started = Instant::now();
    let mut frames = Sample(Vec::new());
    while is_awaited(window) && started.elapsed() < Duration::from_mins(5) {
        frames
            .0
            .push(window.frame(key(Key::PageDown, Modifiers::NONE)).0);
        std::thread::sleep(Duration::from_millis(4));
    }
    for _ in 0..10 {
        frames.0.push(window.frame(Vec::new()).0);
    }
    (frames, started.elapsed().as_secs_f64())
}

fn mark(window: &mut Window, random: &mut Random) -> f64 {
    let length = window.app.model.article().unwrap().text.len_bytes();
    let text = window.app.model.article().unwrap().text.clone();
    let at = BytePos(random.below(length - 200) as u32);
    window.perform(Action::MarkRange {
        range: pressmark::core::text::segment::word_at(&text, at),
        label: "claim".into(),
    })
}

pub fn grown(file: &Path, articles: usize) {
    let (seconds, saving, memory, peak) = match articles {
        1_000 => (0.2, 0.2, None, None),
        10_000 => (0.8, 0.8, Some(130.0), Some(250.0)),
        _ => (10.0, 6.0, Some(1_400.0), Some(2_080.0)),
    };
    let mut window = Window::new();
    let empty = memory_mb("VmRSS:");
    println!("{articles} articles, {} annotations", articles * 30);
    let megabytes = file.metadata().unwrap().len() as f64 / 1e6;
    report("  the file", megabytes, "MB", None);
    forget_peak();
    window.perform(Action::Open(file.to_owned()));
    let is_away = |window: &Window| window.app.model.session().project().articles().is_empty();
    let (mut frames, taken) = frames_while(&mut window, is_away);
    report("  open it, to the article list", taken, "s", Some(seconds));
    let longest = frames.quantile(1.0);
    report("  longest frame meanwhile", longest, "ms", Some(16.0));
    let held = memory_mb("VmRSS:") - empty;
    report("  memory above the empty window", held, "MB", memory);
    let most = memory_mb("VmHWM:") - empty;
    report("  at most, while opening", most, "MB", peak);
    let list = window.scrolled(pos2(120.0, 400.0), 400.0, 200);
    report_frames("  scrolling the list", list, Some((2.0, 6.0)));
    let mut random = Random(3);
    let marks: Vec<f64> = (0..60).map(|_| mark(&mut window, &mut random)).collect();
    let mut marks = Sample(marks);
    let median = marks.quantile(0.5);
    report("  marking, with the next frame", median, "ms", Some(4.0));
    forget_peak();
    window.perform(Action::SaveTo(file.with_extension("again")));
    let is_saving = |window: &Window| !window.app.model.jobs().running().is_empty();
    let (during, taken) = frames_while(&mut window, is_saving);
    report("  saved as a job", taken, "s", Some(saving));
    report_frames("  scrolling meanwhile", during, Some((2.0, 6.0)));
    let most = memory_mb("VmHWM:") - empty;
    report("  at most, while saving", most, "MB", peak);
    let left = window.perform(Action::Run(Command::NewProject));
    report("  leaving it", left, "ms", Some(16.0));
    std::fs::remove_file(file.with_extension("again")).unwrap();
}
