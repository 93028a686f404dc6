//! What the journal costs, and making what it says again.

use crate::measured::{Sample, report};
use crate::workload::{self, Random};
use pressmark::app::desk::{Access, Desk};
use pressmark::app::saving::{Backups, JournalPlan, SavePlan, save, save_file};
use pressmark::app::session::{Session, load};
use pressmark::core::annotation::Annotation;
use pressmark::core::article::Article;
use pressmark::core::edit::{Edit, Transaction};
use pressmark::core::text::segment::word_at;
use pressmark::core::text::{ArticleText, BytePos, ByteRange};
use pressmark::format::journal::{Content, Record, StepRecord, VERSION, line, payload};
use pressmark::store::backup::Retention;
use pressmark::store::{self, StoreError};
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

/// What the journal costs with 10,000 articles open: an edit, 10,000 edits made again, and a
/// history of 10,000 steps.
pub fn journal(folder: &Path) {
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
        let range = word_at(&article.text, at);
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
pub fn recovery(folder: &Path) {
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
            let (mut session, recovered, seconds) = open();
            assert_eq!(
                (recovered.edits, recovered.refused.len()),
                (EDITS / each, 0)
            );
            assert_eq!(session.project().annotation_count(), EDITS);
            let what = format!("making 300,000 edits of {how} in {name} again");
            report(&what, seconds - plain, "s", LIMIT);
            if each == EDITS {
                let started = Instant::now();
                session.undo().unwrap().unwrap();
                report(
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
