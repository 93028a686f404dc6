//! The figures: the real window's code driven without a window, on the workloads of `workload.rs`.
//!
//! `cargo bench` prints each figure beside its limit. A frame is the processor time of the thread in
//! `logic` and `ui`, as `--frame-log` measures it in the real window.
//! `cargo bench -- --write FOLDER` writes the workloads as project files, for the real window.

#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a benchmark prints, may stop, and has files that no crash would hurt"
)]

mod claims;
mod codebook;
mod growth;
mod hits;
mod machine;
mod passages;
mod people;
mod quotes;
mod search;
mod workload;

use eframe::egui::{self, Event, Key, Modifiers, PointerButton, Pos2, RawInput, Rect, pos2, vec2};
use pressmark::app::action::Action;
use pressmark::app::clock::thread_cpu_ms;
use pressmark::app::command::Command;
use pressmark::app::desk::{Access, Desk};
use pressmark::app::saving::{Backups, JournalPlan, SavePlan, save, save_file};
use pressmark::app::session::{Session, load, open_file};
use pressmark::app::settings::Settings;
use pressmark::core::annotation::Annotation;
use pressmark::core::annotation::AnnotationSet;
use pressmark::core::article::Article;
use pressmark::core::edit::{Edit, Transaction};
use pressmark::core::project::Project;
use pressmark::core::text::{ArticleText, BytePos, ByteRange};
use pressmark::format::journal::{Content, Record, StepRecord, VERSION, line, payload};
use pressmark::format::project_ron::Opened;
use pressmark::store::backup::Retention;
use pressmark::store::{self, StoreError};
use pressmark::ui::app::PressmarkApp;
use pressmark::ui::article::FrameStats;
use pressmark::ui::file_dialog::SystemDialogs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;
use workload::Random;

const SIZE: egui::Vec2 = vec2(1440.0, 900.0);

struct Window {
    ctx: egui::Context,
    app: PressmarkApp,
    time: f64,
}

impl Window {
    fn new() -> Self {
        let ctx = egui::Context::default();
        let settings = Settings {
            annotator: "bench".to_owned(),
            id_tag: "bench".to_owned(),
            ..Settings::default()
        };
        let app = PressmarkApp::new(&ctx, settings, None, Box::new(SystemDialogs::new()));
        let mut window = Self {
            ctx,
            app,
            time: 0.0,
        };
        for _ in 0..3 {
            window.frame(Vec::new());
        }
        window
    }

    /// One frame; milliseconds of processor time in the window's own code.
    fn frame(&mut self, events: Vec<Event>) -> (f64, FrameStats) {
        self.time += 1.0 / 60.0;
        let input = RawInput {
            screen_rect: Some(Rect::from_min_size(Pos2::ZERO, SIZE)),
            time: Some(self.time),
            focused: true,
            events,
            ..RawInput::default()
        };
        let mut ms = 0.0;
        let app = &mut self.app;
        let mut output = self.ctx.run_ui(input, |ui| {
            let started = thread_cpu_ms();
            app.logic(&ui.ctx().clone());
            app.ui(ui);
            ms += thread_cpu_ms() - started;
        });
        // Nothing is painted.
        output.textures_delta.clear();
        (ms, self.app.stats())
    }

    fn enter(&mut self, project: Project) {
        let opened = Opened {
            project,
            problems: Vec::new(),
        };
        self.app
            .model
            .enter_opened(opened, PathBuf::from("bench.ron"));
    }

    fn perform(&mut self, action: Action) -> f64 {
        let started = thread_cpu_ms();
        self.app.model.perform(action);
        let acted = thread_cpu_ms() - started;
        acted + self.frame(Vec::new()).0
    }
}

fn key(key: Key, modifiers: Modifiers) -> Vec<Event> {
    vec![Event::Key {
        key,
        physical_key: None,
        pressed: true,
        repeat: false,
        modifiers,
    }]
}

struct Sample(Vec<f64>);

impl Sample {
    fn quantile(&mut self, q: f64) -> f64 {
        self.0.sort_by(f64::total_cmp);
        let at = ((self.0.len() as f64 - 1.0) * q).round() as usize;
        self.0[at]
    }
}

fn report(what: &str, value: f64, unit: &str, limit: Option<f64>) {
    let verdict = limit.map_or_else(String::new, |limit| {
        let (told, here) = match unit {
            "s" | "ms" => {
                let here = limit * machine::factor();
                (format!("limit {limit} {unit}, here {here:.2}"), here)
            }
            _ => (format!("limit {limit} {unit}"), limit),
        };
        if value <= here {
            told
        } else {
            format!("{told}  OVER")
        }
    });
    println!("{what:<62} {value:>9.2} {unit:<3} {verdict}");
}

fn report_frames(what: &str, mut sample: Sample, limits: Option<(f64, f64)>) {
    let (median, p99) = (sample.quantile(0.5), sample.quantile(0.99));
    report(
        &format!("{what}: frame, median"),
        median,
        "ms",
        limits.map(|l| l.0),
    );
    report(
        &format!("{what}: frame, 99th percentile"),
        p99,
        "ms",
        limits.map(|l| l.1),
    );
}

/// From text and annotations in memory to the first frame with highlights.
fn open_article(
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

fn scroll(window: &mut Window, name: &str, limits: Option<(f64, f64)>) {
    let middle = pos2(650.0, 450.0);
    window.frame(vec![Event::PointerMoved(middle)]);
    let mut lines = Sample(Vec::new());
    let mut most_extra = 0;
    for i in 0..400 {
        let delta = vec2(0.0, if i % 40 < 36 { -60.0 } else { 60.0 });
        let wheel = Event::MouseWheel {
            unit: egui::MouseWheelUnit::Point,
            source: egui::MouseWheelSource::Wheel,
            delta,
            phase: egui::TouchPhase::Move,
            modifiers: Modifiers::NONE,
        };
        let (ms, stats) = window.frame(vec![wheel]);
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
fn scripts() {
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
fn edit(window: &mut Window, name: &str) {
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
        let range = pressmark::core::text::segment::sentence_at(&text, at);
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
        let shorter = pressmark::core::text::segment::word_at(&text, range.start);
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

fn corpus(folder: &Path) {
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
    let mut list = Sample(Vec::new());
    window.frame(vec![Event::PointerMoved(pos2(120.0, 400.0))]);
    for _ in 0..200 {
        let wheel = Event::MouseWheel {
            unit: egui::MouseWheelUnit::Point,
            source: egui::MouseWheelSource::Wheel,
            delta: vec2(0.0, -400.0),
            phase: egui::TouchPhase::Move,
            modifiers: Modifiers::NONE,
        };
        list.0.push(window.frame(vec![wheel]).0);
    }
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

/// What the journal costs with 10,000 articles open: an edit, 10,000 edits made again, and a
/// history of 10,000 steps.
fn journal(folder: &Path) {
    const EDITS: usize = 10_000;
    let desk = Desk::on_disk(Some(folder.join("state")));
    let path = folder.join("journal.ron");
    let journal = folder.join("journal.ron.journal");
    save_file(&workload::corpus(10_000), &path, &mut |_| true).unwrap();
    let open = || {
        let started = Instant::now();
        let loaded = load(&desk, &path, Access::Change, &|_| ()).unwrap();
        let (session, report) = Session::loaded(loaded, &desk, "b", "b", Arc::new(|| ()));
        (session, report, started.elapsed().as_secs_f64())
    };
    let (mut session, _, plain) = open();
    report("open 10,000 articles without a journal", plain, "s", None);
    let (mut waits, mut random) = (Sample(Vec::new()), Random(11));
    for n in 0..EDITS {
        let articles = session.project().articles();
        let article = &articles[random.below(articles.len())];
        let at = BytePos(random.below(article.text.len_bytes() - 100) as u32);
        let range = pressmark::core::text::segment::word_at(&article.text, at);
        let id = article.id.clone();
        if range.is_empty() {
            continue;
        }
        let annotation = Annotation::new(
            session.mint_annotation_id(),
            "b".into(),
            "claim".into(),
            range,
        );
        let edit = Edit::AddAnnotation {
            article: id,
            annotation: Box::new(annotation),
        };
        let started = Instant::now();
        let _refused_at_white_space = session.perform(Transaction::new("mark claim", vec![edit]));
        waits.0.push(started.elapsed().as_secs_f64() * 1000.0);
        if n % 100 == 0 {
            std::thread::sleep(std::time::Duration::from_millis(3));
        }
    }
    let name = "an edit with its record on disk, 10,000 articles";
    report(
        &format!("{name}: median"),
        waits.quantile(0.5),
        "ms",
        Some(1.0),
    );
    report(
        &format!("{name}: 99th"),
        waits.quantile(0.99),
        "ms",
        Some(5.0),
    );
    let steps = session.history().steps().len();
    let state = session.state();
    // The program dies here: nothing is saved, and the lock goes with it.
    session.close();
    let bytes = journal.metadata().unwrap().len() as f64 / steps as f64;
    report("  the journal, for each edit", bytes, "bytes", None);
    let (session, recovered, seconds) = open();
    assert_eq!((recovered.edits, session.state()), (steps, state));
    report(
        "making 10,000 edits again, beyond opening",
        seconds - plain,
        "s",
        Some(1.0),
    );
    let plan = SavePlan {
        desk: desk.clone(),
        path: path.clone(),
        journal: session.journal_sender().map(|sender| JournalPlan {
            sender,
            state,
            switch: None,
        }),
        backups: Backups {
            folder: None,
            retention: Retention::default(),
        },
        known: session.known().cloned(),
        is_new_place: false,
        keeps_damaged: false,
    };
    let started = Instant::now();
    save(session.project(), &plan, &mut |_| true).unwrap();
    let seconds = started.elapsed().as_secs_f64();
    report("save it, with backup and journal", seconds, "s", Some(0.8));
    drop(session);
    let (mut session, recovered, first) = open();
    assert_eq!(recovered.edits, 0);
    assert_eq!(session.history().steps().len(), steps);
    session.close();
    let hidden = folder.join("hidden");
    std::fs::rename(&journal, &hidden).unwrap();
    let (mut session, _, without) = open();
    session.close();
    drop(session);
    std::fs::rename(&hidden, &journal).unwrap();
    let (_session, _, second) = open();
    let added = (first.min(second) - without) * 1000.0;
    report(
        "a history of 10,000 steps adds to opening",
        added,
        "ms",
        Some(200.0),
    );
}

/// What it costs to make 300,000 edits again: in one step or in as many, in one article or in
/// 10,000.
fn recovery(folder: &Path) {
    const EDITS: usize = 300_000;
    const LIMIT: Option<f64> = Some(2.0);
    let desk = Desk::on_disk(Some(folder.join("state")));
    let path = folder.join("bulk.ron");
    for (name, articles) in [("one article", 1), ("10,000 articles", 10_000)] {
        let text = workload::prose(12_000_000 / articles, 400, 3);
        let article = |n: usize| {
            let id = format!("a{n}");
            Article::new(
                id.as_str().into(),
                id.clone(),
                ArticleText::new(text.clone()),
            )
        };
        save_file(
            &workload::project_of((0..articles).map(article).collect()),
            &path,
            &mut |_| true,
        )
        .unwrap();
        let words: Vec<usize> = text.match_indices(' ').map(|(at, _)| at + 1).collect();
        let mut edits = Vec::with_capacity(EDITS);
        for n in 0..EDITS {
            let at = words[n / articles * 7_919 % (words.len() - 1)];
            let rest = text.get(at..).unwrap_or_default();
            let end = at + rest.find(' ').unwrap_or(0).max(1);
            let range = ByteRange::new(BytePos(at as u32), BytePos(end as u32));
            let id = format!("b-{:06}", n * 7_919 % EDITS);
            let mark = Annotation::new(id.as_str().into(), "bench".into(), "claim".into(), range);
            let article = format!("a{}", n % articles);
            let undo = Edit::RemoveAnnotation {
                article: article.as_str().into(),
                id: mark.id.clone(),
            };
            edits.push((
                Edit::AddAnnotation {
                    article: article.as_str().into(),
                    annotation: Box::new(mark),
                },
                undo,
            ));
        }
        for (how, each) in [("one step", EDITS), ("300,000 steps", 1)] {
            let steps = edits.chunks(each).zip(1..).map(|(edits, state)| {
                let redo =
                    Transaction::new("mark", edits.iter().map(|(redo, _)| redo.clone()).collect());
                let undo = edits.iter().rev().map(|(_, undo)| undo.clone()).collect();
                Record::Step(StepRecord {
                    state,
                    by: Some("bench".into()),
                    when: None,
                    redo,
                    undo: Transaction::new("mark", undo),
                    marked: Vec::new(),
                })
            });
            let content = Content::of(&std::fs::read(&path).unwrap());
            let begin = Record::Begin {
                version: VERSION,
                name: String::new(),
                file: None,
                when: None,
            };
            let file = Record::File {
                state: 0,
                content,
                when: None,
                is_placed: true,
            };
            let records = [begin, file].into_iter().chain(steps).zip(1..);
            let lines =
                records.flat_map(|(record, n)| line(n, &payload(&record).unwrap()).unwrap());
            let journal = folder.join("bulk.ron.journal");
            let open = || {
                let started = Instant::now();
                let loaded = load(&desk, &path, Access::Change, &|_| ()).unwrap();
                let seconds = started.elapsed().as_secs_f64();
                let (session, report) =
                    Session::loaded(loaded, &desk, "bench", "b", Arc::new(|| ()));
                (session, report, seconds)
            };
            drop(open());
            let plain = open().2;
            store::write_atomically::<StoreError>(&journal, |out| {
                out.write_all(&lines.collect::<Vec<u8>>())
                    .map_err(|error| StoreError::new(&journal, &error))
            })
            .unwrap();
            let (mut session, report, seconds) = open();
            assert_eq!((report.edits, report.refused.len()), (EDITS / each, 0));
            assert_eq!(session.project().annotation_count(), EDITS);
            let what = format!("making 300,000 edits of {how} in {name} again");
            self::report(&what, seconds - plain, "s", LIMIT);
            if each == EDITS {
                let started = Instant::now();
                session.undo().unwrap().unwrap();
                self::report(
                    "  taking them back",
                    started.elapsed().as_secs_f64(),
                    "s",
                    LIMIT,
                );
            }
            drop(session);
            std::fs::remove_file(&journal).unwrap();
        }
    }
}

fn write_workloads(folder: &Path) {
    std::fs::create_dir_all(folder).unwrap();
    let sizes = [
        ("5k_50", 5_000, 50),
        ("100k_1000", 100_000, 1_000),
        ("1m_10000", 1_000_000, 10_000),
        ("10m_100000", 10_000_000, 100_000),
    ];
    for (name, bytes, count) in sizes {
        let project = workload::project_of(vec![workload::article("big", bytes, count, 400, 7)]);
        save_file(&project, &folder.join(format!("{name}.ron")), &mut |_| true).unwrap();
    }
    let one = workload::project_of(vec![workload::article(
        "one",
        1_000_000,
        1_000,
        usize::MAX,
        7,
    )]);
    save_file(&one, &folder.join("1m_one_paragraph.ron"), &mut |_| true).unwrap();
    save_file(
        &workload::corpus(10_000),
        &folder.join("corpus.ron"),
        &mut |_| true,
    )
    .unwrap();
    println!("the workloads are in {}", folder.display());
}

/// Every format with 10,000 articles and 300,000 annotations: what a user waits for is writing and
/// reading back to prove it. Memory is what is needed above the open project.
fn export(folder: &Path, only: &[String]) {
    use pressmark::app::export::{Stage, Terms, export};
    use pressmark::format::export::options::ExportOptions;
    use pressmark::format::formats::FORMATS;
    let project = workload::corpus(10_000);
    println!("exporting 10,000 articles and 300,000 annotations");
    for format in FORMATS {
        if !only.is_empty() && !only.iter().any(|name| name == format.name) {
            continue;
        }
        let target = folder.join(format.name);
        let before = memory_mb("VmRSS:");
        forget_peak();
        let begun = Instant::now();
        let mut written_after = None;
        let terms = Terms {
            may_replace: true,
            prove: true,
        };
        let mut told = |stage: Stage| {
            if matches!(stage, Stage::Proving(_)) && written_after.is_none() {
                written_after = Some(begun.elapsed());
            }
            true
        };
        let options = ExportOptions::default();
        export(&project, format, &options, &target, terms, &mut told).unwrap();
        let whole = begun.elapsed().as_secs_f64();
        let writing = written_after.map_or(whole, |time| time.as_secs_f64());
        let memory = memory_mb("VmHWM:") - before;
        let limit = match format.name {
            "jsonl" => 1.0,
            "xlsx" => 10.0,
            _ => 3.0,
        };
        let megabytes = bytes_under(&target) as f64 / 1e6;
        let name = format.name;
        report(
            &format!("{name} written and proven"),
            whole,
            "s",
            Some(limit),
        );
        report("  of which writing", writing, "s", None);
        report("  size", megabytes, "MB", None);
        report("  speed", megabytes / whole, "MB/s", None);
        report("  memory above the project", memory, "MB", None);
        // Left where it is until the end: file systems are slow to make files where others were just
        // deleted, and nobody deletes ten thousand before an export.
    }
}

fn bytes_under(path: &Path) -> u64 {
    match std::fs::read_dir(path) {
        Err(_) => std::fs::metadata(path).map_or(0, |file| file.len()),
        Ok(entries) => entries
            .flatten()
            .map(|entry| bytes_under(&entry.path()))
            .sum(),
    }
}

/// A line of what Linux tells of the process; 0 elsewhere.
fn memory_mb(name: &str) -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with(name));
    let kilobytes = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<f64>().ok());
    kilobytes.unwrap_or(0.0) / 1_000.0
}

/// Begins the peak of memory anew, where Linux lets it.
fn forget_peak() {
    let _where_it_can = std::fs::write("/proc/self/clear_refs", "5");
}

/// Importing texts, saved pages, a database export and a PDF of the sizes that analysts have, made
/// with fixed seeds.
fn import(folder: &Path) {
    use pressmark::app::import::workers::Readers;
    use pressmark::app::import::{ImportOptions, Proposal, import_paths};
    let readers = Readers::started_as(Path::new(env!("CARGO_BIN_EXE_pressmark")));
    use pressmark::core::project::Project;
    let sentence = |n: usize| {
        format!(
            "Sentence {n} says that the ferry number {} left harbour {} on time. ",
            n * 7 % 1_000,
            n * 13 % 97
        )
    };
    let text = |n: usize, bytes: usize| -> String {
        let sentences = (0..).map(|i| sentence(n * 1_000 + i));
        let mut text = String::new();
        for (i, sentence) in sentences.enumerate() {
            if text.len() >= bytes {
                break;
            }
            text.push_str(&sentence);
            if i % 6 == 5 {
                text.push_str("\n\n");
            }
        }
        text
    };
    let texts = folder.join("texts");
    std::fs::create_dir_all(&texts).unwrap();
    for n in 0..10_000 {
        std::fs::write(texts.join(format!("{n}.txt")), text(n, 5_000)).unwrap();
    }
    let pages = folder.join("pages");
    std::fs::create_dir_all(&pages).unwrap();
    for n in 0..1_000 {
        let body = text(n, 6_000).replace("\n\n", "</p><p>");
        let menu: String = (0..250)
            .map(|i| format!("<li class=\"menu-item depth-2\"><a href=\"/section/{i}\" data-track=\"nav\">Section number {i}</a></li>"))
            .collect();
        let page = format!(
            "<!DOCTYPE html><html lang=\"en\"><head><title>Page {n}</title></head><body><nav><ul>{menu}</ul></nav><article><h1>Page {n}</h1><p>{body}</p></article><footer><ul>{menu}</ul></footer></body></html>"
        );
        std::fs::write(pages.join(format!("{n}.html")), page).unwrap();
    }
    let export = folder.join("export");
    std::fs::create_dir_all(&export).unwrap();
    let mut articles = String::new();
    for n in 0..500 {
        articles.push_str(&format!(
            "Ferry number {n} stays in harbour\n\nThe Ferry Post\n\nNovember {}, 2019 Monday\n\nCopyright 2019 The Ferry Post All Rights Reserved\n\nSection: NEWS; Pg. {n}\n\nLength: 800 words\n\nByline: Ana Lund\n\nBody\n\n{}\n\nLoad-Date: November 4, 2019\n\nEnd of Document\n\n",
            n % 28 + 1,
            text(n + 20_000, 5_000)
        ));
    }
    std::fs::write(export.join("nexis.txt"), articles).unwrap();
    let papers = folder.join("papers");
    std::fs::create_dir_all(&papers).unwrap();
    let lines: Vec<String> = text(7, 200 * 40 * 70)
        .split_whitespace()
        .collect::<Vec<_>>()
        .chunks(12)
        .map(|words| words.join(" "))
        .collect();
    std::fs::write(papers.join("report.pdf"), pdf(&lines, 200)).unwrap();
    // All rows have the same forty words.
    let rows = folder.join("rows");
    std::fs::create_dir_all(&rows).unwrap();
    let mut table = String::from("title,text\n");
    for n in 0..60_000 {
        let text = workload::prose(1_500, 1_500, n);
        table.push_str(&format!("Row {n},\"{}\"\n", text.replace('"', "'")));
    }
    std::fs::write(rows.join("rows.csv"), table).unwrap();
    let project = Project::new("bench");
    for (what, folder, count, limit) in [
        ("60,000 rows of the same words", &rows, 60_000, 20.0),
        ("10,000 texts of 5 kB", &texts, 10_000, 3.0),
        ("1,000 pages of 60 kB", &pages, 1_000, 6.0),
        ("an export of 500 articles", &export, 500, 2.0),
        ("a PDF of 200 pages", &papers, 1, 3.0),
    ] {
        forget_peak();
        let before = memory_mb("VmRSS");
        let start = Instant::now();
        let read = import_paths(
            &readers,
            &project,
            std::slice::from_ref(folder),
            &ImportOptions::default(),
            &mut |_, _| true,
        );
        let proposal = Proposal::of(&project, read, &mut || true);
        let seconds = start.elapsed().as_secs_f64();
        assert_eq!(
            proposal.import.article_count(),
            count,
            "{:?}",
            proposal.import.remarks()
        );
        report(&format!("import {what}"), seconds, "s", Some(limit));
        report("  a second", count as f64 / seconds, "articles", None);
        let most = memory_mb("VmHWM") - before;
        report("  memory, at most", most, "MB", Some(600.0));
    }
    trafilatura(&pages);
}

/// What trafilatura makes of a hundred of the same pages, when Python has it: set `PYTHON` to one
/// that does.
fn trafilatura(pages: &Path) {
    const SCRIPT: &str = "import sys,time,pathlib,trafilatura\n\
        pages=[p.read_text() for p in sorted(pathlib.Path(sys.argv[1]).iterdir())[:100]]\n\
        start=time.time()\n\
        for page in pages: trafilatura.extract(page)\n\
        print(len(pages)/(time.time()-start))";
    let python = std::env::var("PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let run = std::process::Command::new(python)
        .args(["-c", SCRIPT])
        .arg(pages)
        .output();
    let rate = run.ok().filter(|run| run.status.success()).and_then(|run| {
        let told = String::from_utf8(run.stdout).ok()?;
        told.trim().parse::<f64>().ok()
    });
    match rate {
        Some(rate) => report("trafilatura, on one core", rate, "pages a second", None),
        None => println!("trafilatura is not installed; set PYTHON to a Python that has it"),
    }
}

/// A PDF with these lines on so many pages.
fn pdf(lines: &[String], pages: usize) -> Vec<u8> {
    let mut objects = vec![
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        String::new(),
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>".to_owned(),
    ];
    let mut kids = String::new();
    let per_page = lines.len().div_ceil(pages);
    for page in lines.chunks(per_page) {
        let mut content = String::from("BT /F1 10 Tf 14 TL 60 760 Td\n");
        for line in page {
            content.push_str(&format!("({line}) Tj T*\n"));
        }
        content.push_str("ET");
        let at = objects.len() + 1;
        kids.push_str(&format!("{at} 0 R "));
        objects.push(format!("<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents {} 0 R/Resources<</Font<</F1 3 0 R>>>>>>", at + 1));
        objects.push(format!(
            "<</Length {}>>stream\n{content}\nendstream",
            content.len()
        ));
    }
    let count = lines.chunks(per_page).count();
    if let Some(tree) = objects.get_mut(1) {
        *tree = format!("<</Type/Pages/Kids[{kids}]/Count {count}>>");
    }
    let mut out = String::from("%PDF-1.4\n");
    let mut places = Vec::new();
    for (i, object) in objects.iter().enumerate() {
        places.push(out.len());
        out.push_str(&format!("{} 0 obj\n{object}\nendobj\n", i + 1));
    }
    let table = out.len();
    out.push_str(&format!(
        "xref\n0 {}\n0000000000 65535 f \n",
        objects.len() + 1
    ));
    for place in places {
        out.push_str(&format!("{place:010} 00000 n \n"));
    }
    let size = objects.len() + 1;
    out.push_str(&format!(
        "trailer\n<</Size {size}/Root 1 0 R>>\nstartxref\n{table}\n%%EOF"
    ));
    out.into_bytes()
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    machine::factor();
    if let Some(at) = arguments.iter().position(|a| a == "--write") {
        return write_workloads(Path::new(&arguments[at + 1]));
    }
    for (name, run) in [
        ("--make", growth::make as fn(&Path, usize)),
        ("--grown", growth::grown),
    ] {
        if let Some(at) = arguments.iter().position(|a| a == name) {
            let articles = arguments[at + 2].parse().unwrap();
            return run(Path::new(&arguments[at + 1]), articles);
        }
    }
    if arguments.iter().any(|a| a == "--growth") {
        let folder = tempfile::tempdir().unwrap();
        return growth::growth(folder.path());
    }
    if arguments.iter().any(|a| a == "--scripts") {
        return scripts();
    }
    if arguments.iter().any(|a| a == "--codebook") {
        let folder = tempfile::tempdir().unwrap();
        return codebook::codebook(folder.path());
    }
    if arguments.iter().any(|a| a == "--claims") {
        return claims::claims();
    }
    if arguments.iter().any(|a| a == "--hits") {
        return hits::hits();
    }
    if arguments.iter().any(|a| a == "--search") {
        let folder = tempfile::tempdir().unwrap();
        return search::search(folder.path());
    }
    if arguments.iter().any(|a| a == "--passages") {
        return passages::passages();
    }
    if arguments.iter().any(|a| a == "--people") {
        return people::people();
    }
    if arguments.iter().any(|a| a == "--quotes") {
        return quotes::quotes();
    }
    if arguments.iter().any(|a| a == "--journal") {
        let folder = tempfile::tempdir().unwrap();
        return journal(folder.path());
    }
    if let Some(at) = arguments.iter().position(|a| a == "--export") {
        let only = arguments.get(at + 1..).unwrap_or_default();
        let only: Vec<String> = only
            .iter()
            .filter(|a| !a.starts_with("--"))
            .cloned()
            .collect();
        let folder = tempfile::tempdir().unwrap();
        return export(folder.path(), &only);
    }
    if arguments.iter().any(|a| a == "--recovery") {
        let folder = tempfile::tempdir().unwrap();
        return recovery(folder.path());
    }
    if arguments.iter().any(|a| a == "--import") {
        let folder = tempfile::tempdir().unwrap();
        return import(folder.path());
    }
    let frame = Some((2.0, 6.0));
    // Frames alone, as often as told: what a profiler needs.
    if let Some(at) = arguments.iter().position(|a| a == "--frames") {
        let times = arguments.get(at + 1).and_then(|n| n.parse().ok());
        for (name, bytes, count) in [("5k_50", 5_000, 50), ("1m_10000", 1_000_000, 10_000)] {
            let mut window = open_article(name, bytes, count, 400, None);
            for _ in 0..times.unwrap_or(1) {
                scroll(&mut window, name, frame);
            }
        }
        return;
    }
    if arguments.iter().any(|a| a == "--edits") {
        let mut big = open_article("10m_100000", 10_000_000, 100_000, 400, None);
        for _ in 0..20 {
            edit(&mut big, "10m_100000");
        }
        return;
    }
    for (name, bytes, count) in [
        ("5k_50", 5_000, 50),
        ("100k_1000", 100_000, 1_000),
        ("1m_10000", 1_000_000, 10_000),
    ] {
        let mut window = open_article(name, bytes, count, 400, None);
        scroll(&mut window, name, frame);
    }
    let mut one = open_article("1m in one paragraph", 1_000_000, 10_000, usize::MAX, None);
    scroll(&mut one, "1m in one paragraph", frame);
    scripts();
    let mut big = open_article("10m_100000", 10_000_000, 100_000, 400, Some(60.0));
    scroll(&mut big, "10m_100000", frame);
    edit(&mut big, "10m_100000");
    let folder = tempfile::tempdir().unwrap();
    corpus(folder.path());
    let folder = tempfile::tempdir().unwrap();
    codebook::codebook(folder.path());
    let folder = tempfile::tempdir().unwrap();
    search::search(folder.path());
    hits::hits();
    let folder = tempfile::tempdir().unwrap();
    growth::growth(folder.path());
    let folder = tempfile::tempdir().unwrap();
    journal(folder.path());
    let folder = tempfile::tempdir().unwrap();
    recovery(folder.path());
    let folder = tempfile::tempdir().unwrap();
    import(folder.path());
    let folder = tempfile::tempdir().unwrap();
    export(folder.path(), &[]);
}
