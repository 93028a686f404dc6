//! That work cannot be lost: every operation of the disk fails once in every way, and random
//! sequences of edits, saves and crashes are compared with a list of states.

mod damage;
mod places;
mod renamed;
mod slow;

use super::*;
use crate::app::desk::Access;
use crate::app::saving::{Backups, JournalPlan, SavePlan, save, write_project};
use crate::core::annotation::Annotation;
use crate::core::codebook::Label;
use crate::core::edit::tests::{edit_that_is_saved_whole, project};
use crate::core::text::{BytePos, ByteRange};
use crate::format::journal::Content;
use crate::format::project_ron;
use crate::store::backup::Retention;
use crate::store::fs::FileSystem;
use crate::store::fs::simulated::{Fault, Simulated};
use proptest::prelude::*;
use std::sync::Arc;
use std::time::Duration;

const FILE: &str = "/simulated/p.ron";

fn desk(disk: &Simulated) -> Desk {
    Desk {
        fs: Arc::new(disk.clone()),
        state_folder: Some(PathBuf::from("/simulated/state")),
    }
}

fn disk() -> Simulated {
    let disk = Simulated::with_folders(&["/simulated", "/simulated/state"]);
    let file = project_ron::write(&project(), &mut |_| true).unwrap();
    disk.put(FILE, file.as_bytes());
    disk
}

fn open(disk: &Simulated) -> Option<(Session, Report)> {
    let loaded = load(&desk(disk), Path::new(FILE), Access::Change, &|_| ()).ok()?;
    let wake: crate::app::jobs::Wake = Arc::new(|| ());
    Some(Session::loaded(loaded, &desk(disk), "ana", "t", wake))
}

fn save_now(session: &mut Session, disk: &Simulated) -> bool {
    save_at(session, disk, FILE)
}

fn save_at(session: &mut Session, disk: &Simulated, path: &str) -> bool {
    let state = session.state();
    let plan = SavePlan {
        desk: desk(disk),
        path: PathBuf::from(path),
        journal: session.journal_sender().map(|sender| JournalPlan {
            sender,
            state,
            switch: None,
        }),
        backups: Backups {
            folder: None,
            retention: Retention::default(),
        },
        known: session.known.clone(),
        is_new_place: false,
        keeps_damaged: false,
    };
    match save(session.project(), &plan, &mut |_| true) {
        Ok(saved) => {
            session.known = Some(saved.known);
            session.mark_saved(state);
            true
        }
        Err(_) => false,
    }
}

fn rename(n: usize) -> Transaction {
    let mut edits = vec![Edit::SetName(format!("name {n}"))];
    if n == 3 {
        // Something that does not fit into one block of the disk.
        edits.push(Edit::AddToReview(vec![(
            0,
            crate::core::project::SetAside::new("", "x".repeat(20_000), ""),
        )]));
    }
    Transaction::new("rename", edits)
}

/// What a run of the script below left: the states that were on the screen, and which of them was
/// surely on disk at the end.
struct Run {
    states: Vec<Project>,
    sure: usize,
}

/// Edits, saves, undoes. Whatever the disk does, the work goes on in memory.
fn script(disk: &Simulated) -> Run {
    let mut run = Run {
        states: vec![project()],
        sure: 0,
    };
    let Some((mut session, _)) = open(disk) else {
        return run;
    };
    let note = |session: &Session, run: &mut Run| {
        run.states.push(session.project().clone());
        let flushed = session
            .journal
            .as_ref()
            .is_some_and(|journal| journal.flush(Duration::from_secs(5)));
        if flushed && session.journal_status().unwritten == 0 {
            run.sure = run.states.len() - 1;
        }
    };
    for n in 0..2 {
        session.perform(rename(n)).unwrap();
        note(&session, &mut run);
    }
    for round in 0..2 {
        if save_now(&mut session, disk) {
            run.sure = run.states.len() - 1;
        }
        let folder = crate::store::backup::folder(Path::new(FILE), None);
        let fs = desk(disk).fs;
        let file = Path::new(FILE);
        let _may_fail = crate::store::backup::write(&*fs, file, &folder, 5, |out| {
            write_project(session.project(), file, &mut |_| true, out, &mut |_| ())
        });
        crate::store::backup::prune(&*fs, Path::new(FILE), &folder, 9, Retention::default());
        session.perform(rename(2 + round)).unwrap();
        note(&session, &mut run);
        session.undo().unwrap().unwrap();
        note(&session, &mut run);
        session.redo().unwrap().unwrap();
        note(&session, &mut run);
    }
    session.close();
    run
}

#[test]
fn no_failing_operation_loses_work() {
    let whole = disk();
    let before = whole.operations();
    script(&whole);
    let operations = whole.operations() - before;
    let mut visited = 0;
    for fault in Fault::ALL {
        for at in 1..=operations {
            let disk = disk();
            disk.break_at(at, fault);
            let run = script(&disk);
            visited += 1;
            let after = disk.survivor(fault);
            let case = format!("{fault:?} at operation {at}");
            let (session, report) = open(&after).expect(&case);
            let sure = run.states.get(run.sure..).unwrap();
            assert!(
                sure.contains(session.project()),
                "{case}: {} is none of {:?}",
                session.project().name(),
                sure.iter().map(Project::name).collect::<Vec<_>>()
            );
            assert!(!report.is_changed, "{case}: {report:?}");
            assert!(report.refused.is_empty(), "{case}: {report:?}");
            if !fault.ends_the_program() && run.sure + 1 == run.states.len() {
                assert_eq!(Some(session.project()), run.states.last(), "{case}");
            }
            // What came back can be undone to where it began, as far as steps are known.
            let mut session = session;
            while let Some(result) = session.undo() {
                result.expect(&case);
            }
        }
    }
    println!("fault points visited while editing and saving: {visited} ({operations} operations)");
    assert!(visited > 300, "{visited}");
}

#[test]
fn no_failing_operation_while_recovering_loses_work() {
    let first = disk();
    let run = script(&first);
    let killed = first.survivor(Fault::Killed);
    let recover = |disk: &Simulated| {
        if let Some((mut session, _)) = open(disk) {
            session.perform(rename(9)).unwrap();
            session.close();
        }
    };
    let whole = killed.survivor(Fault::Killed);
    let before = whole.operations();
    recover(&whole);
    let operations = whole.operations() - before;
    let last = run.states.last().unwrap();
    let mut visited = 0;
    for fault in Fault::ALL {
        for at in 1..=operations {
            let disk = killed.survivor(Fault::Killed);
            disk.break_at(at, fault);
            recover(&disk);
            visited += 1;
            let (session, _) = open(&disk.survivor(fault)).unwrap();
            let name = session.project().name();
            assert!(
                session.project() == last || name == "name 9",
                "{fault:?} at operation {at}: {name}"
            );
        }
    }
    println!("fault points visited while recovering: {visited} ({operations} operations)");
}

#[derive(Clone, Debug)]
enum Move {
    Edit(Vec<Edit>),
    Undo,
    Redo,
    JumpTo(usize),
    Save,
    GiveUp,
    Crash,
    Reopen,
}

fn moves() -> impl Strategy<Value = Vec<Move>> {
    let edits = prop::collection::vec(edit_that_is_saved_whole(), 1..3);
    let one = prop_oneof![
        8 => edits.prop_map(Move::Edit),
        2 => Just(Move::Undo),
        2 => Just(Move::Redo),
        1 => (0usize..12).prop_map(Move::JumpTo),
        2 => Just(Move::Save),
        1 => Just(Move::GiveUp),
        2 => Just(Move::Crash),
        1 => Just(Move::Reopen),
    ];
    prop::collection::vec(one, 1..40)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]
    #[test]
    fn the_state_is_always_that_of_the_model(moves in moves()) {
        let mut disk = disk();
        let (mut session, _) = open(&disk).unwrap();
        // The reference: all states of the present branch, and where we are in it.
        let mut states = vec![session.project().clone()];
        let mut now = 0;
        let mut saved = Some(0);
        let mut is_given_up = false;
        for step in moves {
            // Whatever is tried after it takes it back.
            is_given_up &= !matches!(step, Move::Undo | Move::Redo);
            match step {
                Move::Edit(edits) => {
                    if session.perform(Transaction::new("step", edits)).is_ok() {
                        states.truncate(now + 1);
                        saved = saved.filter(|at| *at <= now);
                        states.push(session.project().clone());
                        now += 1;
                    }
                    is_given_up = false;
                }
                Move::Undo => if let Some(result) = session.undo() {
                    result.unwrap();
                    now -= 1;
                },
                Move::Redo => if let Some(result) = session.redo() {
                    result.unwrap();
                    now += 1;
                },
                Move::JumpTo(done) => {
                    let done = done.min(states.len() - 1);
                    is_given_up &= done == now;
                    session.jump_to(done).unwrap();
                    now = done;
                }
                Move::Save => {
                    prop_assert!(save_now(&mut session, &disk));
                    saved = Some(now);
                }
                Move::GiveUp => {
                    session.give_up_unsaved();
                    is_given_up = true;
                }
                Move::Crash | Move::Reopen => {
                    if matches!(step, Move::Crash) {
                        let journal = session.journal.as_ref().unwrap();
                        prop_assert!(journal.flush(Duration::from_secs(5)));
                        disk = disk.survivor(Fault::Killed);
                    } else {
                        session.close();
                    }
                    let (reopened, report) = open(&disk).unwrap();
                    prop_assert!(report.refused.is_empty(), "{report:?}");
                    prop_assert!(!report.is_changed);
                    session = reopened;
                    // A crash comes before the end of the session, so nothing was given up.
                    if is_given_up && matches!(step, Move::Reopen) && saved != Some(now) {
                        match saved {
                            Some(at) => now = at,
                            // The saved state is on no branch that is left.
                            None => {
                                states = vec![session.project().clone()];
                                (now, saved) = (0, Some(0));
                            }
                        }
                    }
                    is_given_up = false;
                }
            }
            prop_assert_eq!(session.project(), &states[now]);
            if saved.is_some() {
                prop_assert_eq!(session.history().done(), now);
                prop_assert_eq!(session.history().steps().len(), states.len() - 1);
            }
        }
        // Undo reaches through saves, crashes and reopening to the beginning.
        if session.history().done() == now {
            for state in states[..now].iter().rev() {
                session.undo().unwrap().unwrap();
                prop_assert_eq!(session.project(), state);
            }
        }
    }
}

/// Journals of every version that was ever written are kept beside the project they belong to, and
/// are made again for ever.
#[test]
fn stored_journals_are_made_again() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/journals");
    let mut found = 0;
    for version in std::fs::read_dir(folder).unwrap() {
        let version = version.unwrap().path();
        let read = |name: &str| std::fs::read(version.join(name)).unwrap();
        let disk = Simulated::with_folders(&["/simulated", "/simulated/state"]);
        disk.put(FILE, &read("sample.ron"));
        disk.put("/simulated/p.ron.journal", &read("sample.ron.journal"));
        let (mut session, report) = open(&disk).unwrap();
        assert_eq!((report.edits, report.is_changed), (7, false), "{report:?}");
        assert!(
            report.refused.is_empty() && report.torn.is_none(),
            "{report:?}"
        );
        assert_eq!(session.project().annotation_count(), 8);
        while let Some(step) = session.undo() {
            step.unwrap();
        }
        assert_eq!(session.project().annotation_count(), 6);
        found += 1;
    }
    assert!(found >= 1);
}

/// A journal that was written anew holds half of each step; undo, redo, saving and crashes go on
/// as if it held all.
#[test]
fn a_journal_written_anew_is_as_good_as_the_old_one() {
    let first = disk();
    let (mut session, _) = open(&first).unwrap();
    for n in 0..6 {
        session.perform(rename(n)).unwrap();
    }
    session.undo().unwrap().unwrap();
    session.undo().unwrap().unwrap();
    assert!(save_now(&mut session, &first));
    let content = session.known.as_ref().map(|known| known.content.clone());
    let file = Some(Path::new(FILE));
    let records = recovery::anew(
        session.project(),
        session.history(),
        file,
        content.as_ref(),
        None,
    );
    session.close();
    let lines = records
        .iter()
        .zip(1..)
        .flat_map(|(record, n)| records::line(n, &records::payload(record).unwrap()).unwrap());
    let mut disk = first.survivor(Fault::Killed);
    disk.put("/simulated/p.ron.journal", &lines.collect::<Vec<u8>>());
    // Where we are among the states “test”, “name 0”, … “name 5”.
    let mut now = 4;
    let name = |now: usize| match now {
        0 => "test".to_owned(),
        n => format!("name {}", n - 1),
    };
    for round in 0..4 {
        let (mut session, report) = open(&disk).unwrap();
        assert!(report.refused.is_empty(), "{report:?}");
        assert_eq!(session.project().name(), name(now), "round {round}");
        assert_eq!(
            (session.history().steps().len(), session.history().done()),
            (6, now)
        );
        let target = [1, 6, 0, 3][round];
        session.jump_to(target).unwrap();
        now = target;
        assert_eq!(session.project().name(), name(now));
        if round % 2 == 0 {
            assert!(save_now(&mut session, &disk));
        }
        assert!(
            session
                .journal
                .as_ref()
                .unwrap()
                .flush(Duration::from_secs(5))
        );
        disk = disk.survivor(Fault::Killed);
    }
}

/// What others left where the program puts its own files.
fn obstruct(disk: &Simulated, name: &str, obstacle: &str) {
    match obstacle {
        "link" => disk.put_link(name, "/simulated/victim"),
        "link to nothing" => disk.put_link(name, "/simulated/nothing"),
        "link to a folder" => disk.put_link(name, "/simulated/elsewhere"),
        "pipe" => disk.put_pipe(name),
        "folder" => disk.put_folder(name),
        "second name" => disk.put_name(name, "/simulated/victim"),
        _ => disk.put(name, b"years of work"),
    }
}

const OBSTACLES: [&str; 7] = [
    "link",
    "link to nothing",
    "link to a folder",
    "pipe",
    "folder",
    "second name",
    "file",
];

/// Where the program puts its own files beside a project and in its state folder.
fn places() -> Vec<String> {
    let state = path_in_state(Path::new(FILE), Path::new("/simulated/state"));
    let beside = [
        "/simulated/.p.ron.lock",
        "/simulated/p.ron.journal",
        "/simulated/p.ron.journal-old",
        "/simulated/p.backups",
        "/simulated/p.backups/p.ron.list",
        "/simulated/p.backups/p-19700101T000005Z.ron",
    ];
    let beside = beside.into_iter().map(str::to_owned);
    beside.chain([state.display().to_string()]).collect()
}

/// A disk with something of others in the way, and all that is theirs on it.
fn obstructed(place: &str, obstacle: &str) -> (Simulated, Vec<(PathBuf, String)>) {
    let disk = disk();
    disk.put_folder("/simulated/elsewhere");
    disk.put(
        "/simulated/elsewhere/p-20260101T000000Z.ron",
        b"years of work",
    );
    disk.put("/simulated/victim", b"years of work");
    if place.starts_with("/simulated/p.backups/") {
        disk.put_folder("/simulated/p.backups");
    }
    obstruct(&disk, place, obstacle);
    let theirs = disk.everything_in("/simulated").into_iter();
    let theirs = theirs.filter(|(path, _)| path != Path::new(FILE));
    let theirs = theirs.collect();
    (disk, theirs)
}

#[test]
fn work_goes_on_and_nothing_of_others_is_touched() {
    for place in places() {
        for obstacle in OBSTACLES {
            let case = format!("a {obstacle} at {place}");
            let (disk, theirs) = obstructed(&place, obstacle);
            let run = script(&disk);
            assert_eq!(run.states.len(), 9, "{case}");
            assert_eq!(run.sure, 8, "{case}: not all is on the disk");
            let after = disk.everything_in("/simulated");
            for (path, what) in &theirs {
                assert_eq!(after.get(path), Some(what), "{case}: {}", path.display());
            }
            assert!(
                !after.contains_key(Path::new("/simulated/nothing")),
                "{case}"
            );
            let count = |folder: &str| disk.everything_in(folder).len();
            assert_eq!(count("/simulated/elsewhere"), 2, "{case}");
            let (session, report) = open(&disk).unwrap();
            assert_eq!(Some(session.project()), run.states.last(), "{case}");
            assert!(report.refused.is_empty(), "{case}: {report:?}");
        }
    }
}

/// Lets each operation fail with something of others at a place; answers how many there were.
fn fail_beside(place: &str) -> usize {
    let mut visited = 0;
    for obstacle in ["link", "second name", "file"] {
        let (whole, _) = obstructed(place, obstacle);
        let before = whole.operations();
        script(&whole);
        let operations = whole.operations() - before;
        for at in 1..=operations {
            let (disk, theirs) = obstructed(place, obstacle);
            disk.break_at(at, Fault::Fails);
            script(&disk);
            visited += 1;
            let after = disk.everything_in("/simulated");
            for (path, what) in &theirs {
                let case = format!("a {obstacle} at {place}, operation {at}");
                assert!(after.get(path) == Some(what), "{case}: {}", path.display());
            }
        }
    }
    visited
}

#[test]
fn no_failing_operation_touches_what_is_of_others() {
    let places = places();
    let visited: usize = std::thread::scope(|scope| {
        let runs = places
            .iter()
            .map(|place| scope.spawn(|| fail_beside(place)));
        let runs: Vec<_> = runs.collect();
        runs.into_iter().map(|run| run.join().unwrap()).sum()
    });
    println!("fault points visited beside what is of others: {visited}");
    assert!(visited > 1_000, "{visited}");
}

#[test]
fn a_project_that_cannot_be_locked_says_so() {
    for obstacle in OBSTACLES {
        let (disk, _) = obstructed("/simulated/.p.ron.lock", obstacle);
        let loaded = load(&desk(&disk), Path::new(FILE), Access::Change, &|_| ()).unwrap();
        assert!(loaded.lock.is_none());
        let reason = loaded.unlocked.unwrap();
        assert!(reason.starts_with("/simulated/.p.ron.lock: "), "{reason}");
    }
    let loaded = load(&desk(&disk()), Path::new(FILE), Access::Change, &|_| ()).unwrap();
    assert!(loaded.lock.is_some() && loaded.unlocked.is_none());
}

#[test]
fn a_project_is_one_whatever_link_leads_to_it() {
    let disk = disk();
    disk.put_folder("/simulated/links");
    disk.put_link("/simulated/links/q.ron", FILE);
    let by = |path: &str| load(&desk(&disk), Path::new(path), Access::Change, &|_| ()).unwrap();
    let wake: crate::app::jobs::Wake = Arc::new(|| ());
    let first = by("/simulated/links/q.ron");
    assert_eq!(first.path.as_deref(), Some(Path::new(FILE)));
    assert!(first.lock.is_some());
    // The other way leads to the same lock.
    assert!(by(FILE).held_by.is_some());
    let (mut session, _) = Session::loaded(first, &desk(&disk), "ana", "t", wake.clone());
    session.perform(rename(1)).unwrap();
    assert!(save_at(&mut session, &disk, "/simulated/links/q.ron"));
    session.perform(rename(2)).unwrap();
    session.close();
    let beside = disk.everything_in("/simulated/links");
    let link = Path::new("/simulated/links/q.ron").to_owned();
    assert_eq!(
        beside.keys().collect::<Vec<_>>(),
        [Path::new("/simulated/links"), &link]
    );
    for path in [FILE, "/simulated/links/q.ron"] {
        let (session, report) = Session::loaded(by(path), &desk(&disk), "ana", "t", wake.clone());
        assert_eq!(session.project().name(), "name 2", "{path}");
        assert_eq!(report.edits, 1, "{path}");
    }
    assert!(disk.everything_in("/simulated/p.backups").len() > 1);
}

#[test]
fn work_beside_a_link_is_found() {
    // As an earlier Pressmark left it: the journal beside the link.
    let disk = disk();
    let (mut session, _) = open(&disk).unwrap();
    session.perform(rename(1)).unwrap();
    session.close();
    disk.put_folder("/simulated/links");
    disk.put_link("/simulated/links/q.ron", FILE);
    let journal = Path::new("/simulated/links/q.ron.journal");
    desk(&disk)
        .fs
        .rename(&path_beside(Path::new(FILE)), journal)
        .unwrap();
    let link = Path::new("/simulated/links/q.ron");
    let loaded = load(&desk(&disk), link, Access::Change, &|_| ()).unwrap();
    let wake: crate::app::jobs::Wake = Arc::new(|| ());
    let (session, report) = Session::loaded(loaded, &desk(&disk), "ana", "t", wake);
    assert_eq!((session.project().name(), report.edits), ("name 1", 1));
}

/// A damaged project whose journal holds work, and another project that is saved in its place.
#[test]
fn no_failing_operation_loses_what_is_saved_over() {
    let damaged = b"(pressmark: (1, 1), name: \"dam";
    let start = || {
        let (mut session, _) = open(&disk()).unwrap();
        session.perform(rename(1)).unwrap();
        let disk = disk();
        let (mut first, _) = open(&disk).unwrap();
        first.perform(rename(2)).unwrap();
        first.close();
        disk.put(FILE, damaged);
        (session, disk)
    };
    let save_over = |session: &Session, disk: &Simulated| {
        let plan = SavePlan {
            desk: desk(disk),
            path: PathBuf::from(FILE),
            journal: None,
            backups: Backups {
                folder: None,
                retention: Retention::default(),
            },
            known: None,
            is_new_place: true,
            keeps_damaged: true,
        };
        save(session.project(), &plan, &mut |_| true)
    };
    let (session, whole) = start();
    let journal =
        |disk: &Simulated, name: &str| disk.everything_in("/simulated").remove(Path::new(name));
    let before = whole.operations();
    save_over(&session, &whole).unwrap();
    let operations = whole.operations() - before;
    // Nothing of the old journal is taken for work on the new project.
    assert_eq!(journal(&whole, "/simulated/p.ron.journal"), None);
    let mut visited = 0;
    for fault in Fault::ALL {
        for at in 1..=operations {
            let (session, disk) = start();
            let work = journal(&disk, "/simulated/p.ron.journal").unwrap();
            disk.break_at(at, fault);
            let _may_fail = save_over(&session, &disk);
            visited += 1;
            let after = disk.survivor(fault).everything_in("/simulated");
            let has = |what: &[u8]| after.values().any(|text| text.as_bytes() == what);
            let case = format!("{fault:?} at operation {at}");
            assert!(has(damaged), "{case}: the damaged file is gone");
            assert!(has(work.as_bytes()), "{case}: the journal is gone");
            let file = after[Path::new(FILE)].as_bytes();
            let is_new = project_ron::read(file, &|_| ())
                .is_ok_and(|opened| opened.project.name() == session.project().name());
            assert!(is_new || file == damaged, "{case}: the file is neither");
        }
    }
    println!(
        "fault points visited while saving over a project: {visited} ({operations} operations)"
    );
}

/// Someone else gave the codebook a label and used it, while a label that came with a mark was only
/// in the journal.
#[test]
fn labels_and_annotators_come_back_beside_those_of_others() {
    let disk = disk();
    let marked = |project: &Project, label: &str| {
        let mut codebook = project.codebook().clone();
        codebook.labels.push(Label::new(label, label, 1));
        codebook.revision += 1;
        let range = ByteRange::new(BytePos(0), BytePos(7));
        let (id, by) = (AnnotationId::new(format!("x-{label}")), "ana".into());
        let annotation = Annotation::new(id, by, label.into(), range);
        let mark = Edit::AddAnnotation {
            article: "a0".into(),
            annotation: Box::new(annotation),
        };
        let edits = vec![Edit::SetCodebook(Box::new(codebook)), mark];
        Transaction::new("import", edits)
    };
    let (mut session, _) = open(&disk).unwrap();
    session.perform(marked(session.project(), "mine")).unwrap();
    let journal = session.journal.as_ref().unwrap();
    assert!(journal.flush(Duration::from_secs(5)));
    let after = disk.survivor(Fault::Killed);
    let mut theirs = project();
    let mut edits = marked(&theirs, "theirs");
    let bo = Annotator {
        id: "bo".into(),
        name: "Bo".to_owned(),
        unknown: UnknownFields::new(),
    };
    edits.edits.push(Edit::SetAnnotators(vec![bo]));
    crate::core::edit::apply(&mut theirs, &edits).unwrap();
    let file = project_ron::write(&theirs, &mut |_| true).unwrap();
    after.put(FILE, file.as_bytes());
    let (session, report) = open(&after).unwrap();
    assert!(report.is_changed);
    assert_eq!(report.refused, Vec::<String>::new());
    let project = session.project();
    for label in ["mine", "theirs"] {
        assert!(project.codebook().label(label).is_some(), "{label}");
        let marks = project
            .articles()
            .iter()
            .map(|a| a.annotations.count_of(&label.into()));
        assert_eq!(marks.sum::<usize>(), 1, "{label}");
    }
    let annotators = project.annotators().iter().map(|one| one.id.as_str());
    assert_eq!(annotators.collect::<Vec<_>>(), ["ana", "bo"]);
    assert!(project.set_aside().is_empty());
}

/// Where nothing was found was only in the journal, and someone else changed the text: what was said
/// of other words is not said of those that stand there now.
#[test]
fn where_nothing_was_found_is_kept_where_the_words_are_the_same() {
    let first = ByteRange::new(BytePos(0), BytePos(7));
    let whole = project().articles()[0].text.as_str().to_owned();
    let line = whole.find("Second").unwrap() as u32;
    let second = ByteRange::new(BytePos(line), BytePos(line + 12));
    for (text, kept) in [
        (whole.clone(), vec![first, second]),
        (whole.replace("Second line", "Second word"), vec![first]),
        (whole.replace("\nSecond line.", ""), vec![first]),
        (whole.replace("Article", "Oracles"), vec![second]),
        (whole.replace("Article", "An article"), vec![]),
        ("É".to_owned(), vec![]),
    ] {
        let disk = disk();
        let (mut session, _) = open(&disk).unwrap();
        let said = Edit::SetNothing {
            article: "a0".into(),
            annotator: "ana".into(),
            nothing: vec![first, second],
        };
        session
            .perform(Transaction::new("nothing here", vec![said]))
            .unwrap();
        let journal = session.journal.as_ref().unwrap();
        assert!(journal.flush(Duration::from_secs(5)));
        let after = disk.survivor(Fault::Killed);
        let mut parts = project().parts();
        parts.name = "by someone else".to_owned();
        let article = Arc::make_mut(&mut parts.articles[0]);
        article.text = Arc::new(crate::core::text::ArticleText::new(text.clone()));
        let theirs = Project::from_parts(parts);
        let file = project_ron::write(&theirs, &mut |_| true).unwrap();
        after.put(FILE, file.as_bytes());
        let (session, report) = open(&after).unwrap();
        assert!(report.is_changed);
        let article = session.project().article(&"a0".into()).unwrap();
        assert_eq!(article.nothing_for(&"ana".into()), kept, "{text}");
        let told = match 2 - kept.len() {
            0 => Vec::new(),
            n => vec![format!(
                "nothing here: {n} of the places where nothing was found have another text now and are to be read again"
            )],
        };
        assert_eq!(report.refused, told);
    }
}
