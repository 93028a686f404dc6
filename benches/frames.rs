//! Articles of any size and script: opening them, scrolling them, and marking in them.

use crate::measured::{Sample, report, report_frames};
use crate::window::{Window, key, wheel};
use crate::workload::{self, Random};
use eframe::egui::{Event, Key, Modifiers, PointerButton, pos2};
use pressmark::app::action::Action;
use pressmark::app::command::Command;
use pressmark::core::annotation::AnnotationSet;
use pressmark::core::article::Article;
use pressmark::core::text::segment::{sentence_at, word_at};
use pressmark::core::text::{ArticleText, BytePos, ByteRange};
use std::time::Instant;

/// From text and annotations in memory to the first frame with highlights.
pub fn open_article(
    name: &str,
    bytes: usize,
    count: usize,
    paragraph: usize,
    limit: Option<f64>,
) -> Window {
    let prose = workload::prose(bytes, paragraph, 7);
    open_text(name, &prose, count, limit)
}

fn open_text(name: &str, prose: &str, count: usize, limit: Option<f64>) -> Window {
    let prose = prose.to_owned();
    let made = workload::annotations(&ArticleText::new(prose.clone()), count, 7, "s");
    let mut best = Sample(Vec::new());
    let mut kept = None;
    for _ in 0..3 {
        let mut window = Window::new();
        let (prose, made) = (prose.clone(), made.clone());
        let started = Instant::now();
        let mut article = Article::new("big".into(), "Big", ArticleText::new(prose));
        article.annotations = AnnotationSet::from_annotations(made).0;
        window.enter(workload::project_of(vec![article]));
        let (_, stats) = window.frame(Vec::new());
        best.0.push(started.elapsed().as_secs_f64() * 1000.0);
        assert!(
            stats.annotations_painted > 0,
            "no highlights in the first frame"
        );
        kept = Some(window);
    }
    report(
        &format!("open {name}, to the first frame with highlights"),
        best.quantile(0.5),
        "ms",
        limit,
    );
    kept.unwrap()
}

pub fn scroll(window: &mut Window, name: &str, limits: Option<(f64, f64)>) {
    let middle = pos2(650.0, 450.0);
    window.frame(vec![Event::PointerMoved(middle)]);
    let mut lines = Sample(Vec::new());
    let mut most_extra = 0;
    for i in 0..400 {
        let by = if i % 40 < 36 { 60.0 } else { -60.0 };
        let (ms, stats) = window.frame(vec![wheel(by)]);
        lines.0.push(ms);
        most_extra = most_extra.max(stats.blocks_laid_out.saturating_sub(stats.blocks_visible));
    }
    report_frames(&format!("{name}, scrolling by line"), lines, limits);
    let mut pages = Sample(Vec::new());
    for i in 0..200 {
        let which = if i % 20 < 16 {
            Key::PageDown
        } else {
            Key::PageUp
        };
        let (ms, stats) = window.frame(key(which, Modifiers::NONE));
        pages.0.push(ms);
        most_extra = most_extra.max(stats.blocks_laid_out.saturating_sub(stats.blocks_visible));
    }
    report_frames(&format!("{name}, scrolling by page"), pages, limits);
    let mut jumps = Sample(Vec::new());
    let mut random = Random(11);
    let button = |pressed, at| Event::PointerButton {
        pos: at,
        button: PointerButton::Primary,
        pressed,
        modifiers: Modifiers::NONE,
    };
    for _ in 0..200 {
        // On the strip beside the page.
        let at = pos2(
            window.app.article.strip_x(),
            60.0 + random.below(780) as f32,
        );
        for events in [
            vec![Event::PointerMoved(at), button(true, at)],
            vec![button(false, at)],
        ] {
            let (ms, stats) = window.frame(events);
            jumps.0.push(ms);
            most_extra = most_extra.max(stats.blocks_laid_out.saturating_sub(stats.blocks_visible));
        }
    }
    report_frames(&format!("{name}, jumping far"), jumps, limits);
    report(
        &format!("{name}, paragraphs laid out beyond the visible, most"),
        most_extra as f64,
        "",
        Some(30.0),
    );
}

/// Articles in other scripts beside a Latin one of as many bytes.
pub fn scripts() {
    const BYTES: usize = 1_000_000;
    let latin = workload::prose(BYTES, 400, 7);
    let mut window = open_text("Latin", &latin, 10_000, None);
    scroll(&mut window, "Latin", Some((2.0, 6.0)));
    for (name, paragraph) in [("Latin, one paragraph", BYTES), ("of 40 kB", 40_000)] {
        let text = workload::prose(BYTES, paragraph, 7);
        let mut window = open_text(name, &text, 10_000, None);
        scroll(&mut window, name, Some((2.0, 12.0)));
    }
    for (name, words, between) in workload::SCRIPTS {
        let text = workload::prose_in(words, between, BYTES, 700, 7);
        let mut window = open_text(name, &text, 10_000, None);
        scroll(&mut window, name, Some((4.0, 12.0)));
        let text = workload::prose_in(words, between, BYTES, BYTES, 7);
        let name = format!("{name}, one paragraph");
        let mut window = open_text(&name, &text, 10_000, None);
        scroll(&mut window, &name, Some((4.0, 12.0)));
    }
}

#[inline(never)]
pub fn edit(window: &mut Window, name: &str) {
    let mut random = Random(5);
    let length = window.app.model.article().unwrap().text.len_bytes();
    let (mut adds, mut moves, mut deletes, mut undos) = (
        Sample(Vec::new()),
        Sample(Vec::new()),
        Sample(Vec::new()),
        Sample(Vec::new()),
    );
    for _ in 0..60 {
        let text = window.app.model.article().unwrap().text.clone();
        let at = BytePos(random.below(length - 200) as u32);
        let range = sentence_at(&text, at);
        if range.is_empty() {
            continue;
        }
        adds.0.push(window.perform(Action::MarkRange {
            range,
            label: "claim".into(),
        }));
        let Some(id) = window.app.model.selected().cloned() else {
            continue;
        };
        let shorter = word_at(&text, range.start);
        moves.0.push(window.perform(Action::SetFragment {
            id: id.clone(),
            fragment: 0,
            range: ByteRange::new(range.start, shorter.end),
        }));
        deletes.0.push(window.perform(Action::Delete(id)));
        undos.0.push(window.perform(Action::Run(Command::Undo)));
    }
    for (what, mut sample) in [
        ("adding", adds),
        ("moving an edge of", moves),
        ("deleting", deletes),
        ("undoing", undos),
    ] {
        let name = format!("{name}, {what} an annotation, with the next frame");
        report(
            &format!("{name}: median"),
            sample.quantile(0.5),
            "ms",
            Some(4.0),
        );
    }
}
