//! Where the journal goes when it cannot go where it belongs, and that no two programs write one.

use super::*;
use crate::app::journal::Leave;

const OLD: &str = "/simulated/p.ron";
const NEW: &str = "/simulated/new.ron";

fn wake() -> crate::app::jobs::Wake {
    Arc::new(|| ())
}

fn flush(session: &Session) -> bool {
    let journal = session.journal.as_ref().unwrap();
    journal.flush(Duration::from_secs(5)) && session.journal_status().unwritten == 0
}

fn open_with(desk: &Desk, path: &str) -> (Session, Report) {
    let loaded = load(desk, Path::new(path), Access::Change, &|_| ()).unwrap();
    Session::loaded(loaded, desk, "ana", "t", wake())
}

/// As the window does it: the lock of the new place first, the old one given back at the end.
fn save_as(session: &mut Session, desk: &Desk, path: &str) {
    let to = PathBuf::from(path);
    let lock = match lock::acquire(&desk.fs, &to, clock::holder(), false).unwrap() {
        Locked::Ours(lock, _) => lock,
        Locked::Theirs(holder) => panic!("{holder:?}"),
    };
    let state = session.state();
    let leave = match session.path {
        Some(_) => Leave::GivenUp,
        None => Leave::Remove,
    };
    let plan = SavePlan {
        desk: desk.clone(),
        path: to.clone(),
        journal: session.journal_sender().map(|sender| JournalPlan {
            sender,
            state,
            switch: Some(leave),
        }),
        backups: Backups {
            folder: None,
            retention: Retention::default(),
        },
        known: None,
        is_new_place: true,
        keeps_damaged: false,
    };
    let saved = save(session.project(), &plan, &mut |_| true).unwrap();
    session.known = Some(saved.known);
    session.mark_saved(state);
    session.path = Some(to);
    session.lock = Some(lock);
}

/// A project with edits that are not in its file, or one without a file.
fn with_work(desk: &Desk, has_file: bool) -> Session {
    let mut session = if has_file {
        open_with(desk, OLD).0
    } else {
        let mut session = Session::new("", "ana", "t");
        session.start_journal(desk, None, None, wake());
        session
    };
    session.perform(rename(0)).unwrap();
    session.perform(rename(1)).unwrap();
    assert!(flush(&session));
    session
}

fn journals_in(disk: &Simulated, folder: &str) -> Vec<PathBuf> {
    let files = disk.files().into_keys();
    files
        .filter(|path| path.parent() == Some(Path::new(folder)))
        .filter(|path| path.extension().is_some_and(|ending| ending == "journal"))
        .collect()
}

#[test]
fn after_save_as_nothing_is_written_in_the_old_journal() {
    for obstacle in OBSTACLES {
        for has_file in [true, false] {
            let case = format!("a {obstacle}, {has_file}");
            let (disk, theirs) = obstructed("/simulated/new.ron.journal", obstacle);
            let mut session = with_work(&desk(&disk), has_file);
            save_as(&mut session, &desk(&disk), NEW);
            let elsewhere = session.journal_status().elsewhere;
            assert!(elsewhere.is_some(), "{case}: not a word");
            let left = |disk: &Simulated| {
                let mut files = disk.files();
                files.retain(|path, _| Some(path) != elsewhere.as_ref());
                files
            };
            let before = left(&disk);
            session.perform(rename(8)).unwrap();
            session.perform(rename(9)).unwrap();
            assert!(flush(&session), "{case}");
            assert_eq!(left(&disk), before, "{case}: written elsewhere as well");
            let after = disk.survivor(Fault::Killed);
            let (recovered, report) = open_with(&desk(&after), NEW);
            assert_eq!(
                (recovered.project().name(), report.edits),
                ("name 9", 2),
                "{case}"
            );
            if has_file {
                let (old, report) = open_with(&desk(&after), OLD);
                assert_eq!((old.project(), report.edits), (&project(), 0), "{case}");
            }
            assert_eq!(
                unsaved_journals(&desk(&after)),
                [] as [PathBuf; 0],
                "{case}"
            );
            let after = disk.everything_in("/simulated");
            for (path, what) in &theirs {
                assert_eq!(after.get(path), Some(what), "{case}: {}", path.display());
            }
        }
    }
}

#[test]
fn after_save_as_work_that_has_no_place_stays_in_memory_and_is_said() {
    for has_file in [true, false] {
        let (disk, _) = obstructed("/simulated/new.ron.journal", "pipe");
        let with_state = desk(&disk);
        let desk = Desk {
            state_folder: None,
            ..with_state.clone()
        };
        let mut session = with_work(if has_file { &desk } else { &with_state }, has_file);
        save_as(&mut session, &desk, NEW);
        let old = |disk: &Simulated| {
            let mut files = disk.files();
            files.retain(|path, _| path.extension().is_some_and(|ending| ending == "journal"));
            files
        };
        let before = old(&disk);
        assert_eq!(before.len(), 1);
        session.perform(rename(8)).unwrap();
        assert!(!flush(&session));
        let status = session.journal_status();
        assert!(
            status.trouble.is_some() && status.unwritten > 0 && status.elsewhere.is_none(),
            "{status:?}"
        );
        assert_eq!(old(&disk), before, "written in the old journal");
        // A save that changes nothing of what is owed, and then the way is free.
        assert!(save_at(&mut session, &disk, NEW));
        session.perform(rename(9)).unwrap();
        disk.fs_remove(Path::new("/simulated/new.ron.journal"));
        session.retry_journal();
        let began = std::time::Instant::now();
        while session.journal_status() != Status::default() {
            let status = session.journal_status();
            assert!(began.elapsed() < Duration::from_secs(5), "{status:?}");
            std::thread::sleep(Duration::from_millis(5));
        }
        assert!(flush(&session));
        let after = disk.survivor(Fault::Killed);
        let (mut recovered, report) = open_with(&with_state, NEW);
        assert!(recovered.held_by.is_some(), "{report:?}");
        (recovered, _) = open_with(&super::desk(&after), NEW);
        assert_eq!(recovered.project().name(), "name 9");
        // Nothing of the history was forgotten on the way.
        let mut undone = 0;
        while let Some(step) = recovered.undo() {
            step.unwrap();
            undone += 1;
        }
        assert_eq!(undone, 4);
        assert_eq!(unsaved_journals(&super::desk(&after)), [] as [PathBuf; 0]);
    }
}

/// A project that cannot be locked, and that may have no journal beside it.
fn without_a_lock(has_place: bool) -> Simulated {
    let disk = disk();
    disk.put("/simulated/.p.ron.lock", b"a note to myself");
    if !has_place {
        disk.put("/simulated/p.ron.journal", b"years of work");
    }
    disk
}

#[test]
fn two_windows_never_write_one_journal() {
    // Whether the first has a journal in the state folder when the second opens, and whether the
    // first has ended before the second begins its own.
    let cases = [(true, false), (true, true), (false, false), (false, true)];
    let places = [true, false];
    let cases = cases
        .into_iter()
        .flat_map(|case| places.map(|has_place| (case, has_place)));
    for ((is_begun, ends), has_place) in cases {
        let case = format!("{is_begun}, {ends}, {has_place}");
        let disk = without_a_lock(has_place);
        let (mut a, _) = open(&disk).unwrap();
        assert!(a.lock.is_none() && a.held_by.is_none());
        if is_begun {
            a.perform(rename(1)).unwrap();
            assert!(flush(&a), "{case}");
        }
        let (mut b, report) = open(&disk).unwrap();
        assert!(b.held_by.is_none());
        assert_eq!(report.edits, 0, "{case}: work of a window that lives");
        if !is_begun {
            a.perform(rename(1)).unwrap();
            assert!(flush(&a), "{case}");
        }
        if ends {
            a.close();
        }
        let note = |text: &str| {
            let aside = crate::core::project::SetAside::new("", text, "");
            Transaction::new("note", vec![Edit::AddToReview(vec![(0, aside)])])
        };
        b.perform(note("of b")).unwrap();
        assert!(flush(&b), "{case}");
        if !ends {
            a.perform(rename(4)).unwrap();
            assert!(flush(&a), "{case}");
        }
        b.perform(note("of b, too")).unwrap();
        assert!(flush(&b), "{case}");
        let away = journals_in(&disk, "/simulated/state").len();
        assert_eq!(away, 2 - usize::from(has_place), "{case}");
        let after = disk.survivor(Fault::Killed);
        let journals: Vec<_> = after.files().into_iter().collect();
        let texts = |wanted: &str| {
            journals
                .iter()
                .any(|(_, bytes)| String::from_utf8_lossy(bytes).contains(wanted))
        };
        let last = if ends { "name 1" } else { "name 4" };
        assert!(texts(last) && texts("of b, too"), "{case}");
        // One is gone on with, the other is kept and named.
        let (session, report) = open(&after).unwrap();
        assert_eq!(
            report.edits,
            2 - usize::from(ends && session.project().name() == "name 1")
        );
        assert_eq!(report.others.len(), 1, "{case}: {report:?}");
        assert!(after.files().contains_key(&report.others[0]), "{case}");
    }
}

#[test]
fn a_journal_that_lives_is_left_to_its_window() {
    let disk = Simulated::with_folders(&["/simulated", "/simulated/state", "/renamed"]);
    let file = project_ron::write(&project(), &mut |_| true).unwrap();
    disk.put(FILE, file.as_bytes());
    let (mut a, _) = open(&disk).unwrap();
    a.perform(rename(0)).unwrap();
    assert!(flush(&a));
    // The folder is renamed, the work goes on in the state folder, and a new project is made at
    // the old path.
    for (path, bytes) in disk.files() {
        if path.parent() == Some(Path::new("/simulated")) {
            let name = path.file_name().unwrap();
            disk.put(Path::new("/renamed").join(name).to_str().unwrap(), &bytes);
            disk.fs_remove(&path);
        }
    }
    a.perform(rename(1)).unwrap();
    assert!(flush(&a));
    let live = a.journal_status().elsewhere.unwrap();
    let before = disk.files()[&live].clone();
    let other = Project::new("another");
    let file = project_ron::write(&other, &mut |_| true).unwrap();
    disk.put(FILE, file.as_bytes());
    let (b, report) = open(&disk).unwrap();
    assert_eq!(b.project(), &other, "{report:?}");
    assert_eq!(disk.files().get(&live), Some(&before));
    recovery::put_journals_aside(&desk(&disk), Path::new(FILE));
    assert_eq!(disk.files().get(&live), Some(&before));
    drop(b);
    // Whoever takes it away: the work goes on.
    disk.fs_remove(&live);
    a.perform(rename(2)).unwrap();
    assert!(flush(&a), "{:?}", a.journal_status());
    // After a crash it is not made on the other project.
    let after = disk.survivor(Fault::Killed);
    let peek = peek_journal(&desk(&after), Path::new(FILE), &other);
    assert!(
        peek.recovered.is_none() && peek.others.len() == 1,
        "{peek:?}"
    );
    let (b, report) = open(&after).unwrap();
    assert_eq!(b.project(), &other, "{report:?}");
    assert_eq!((report.others.len(), report.edits), (1, 0), "{report:?}");
    let kept = after.files()[&report.others[0]].clone();
    assert!(String::from_utf8_lossy(&kept).contains("name 2"));
}

#[test]
fn an_unsaved_project_is_locked_before_it_is_read() {
    let disk = Simulated::with_folders(&["/simulated", "/simulated/state"]);
    let mut session = with_work(&desk(&disk), false);
    session.give_up_unsaved();
    drop(session);
    let journal = unsaved_journals(&desk(&disk)).remove(0);
    let lock = lock::path_of(&journal);
    assert!(!disk.files().contains_key(&lock));
    // The program dies at its second operation: the first was to make the lock.
    disk.break_at(2, Fault::Killed);
    assert!(load_unsaved(&desk(&disk), &journal).is_err());
    assert!(disk.files().contains_key(&lock));
}

/// Work that an older journal holds, and a save before the new one could be begun.
#[test]
fn what_is_owed_is_not_given_up_by_a_save() {
    for is_placed in [false, true] {
        let disk = disk();
        let without_state = Desk {
            state_folder: None,
            ..desk(&disk)
        };
        let mut session = with_work(&without_state, true);
        session.close();
        // As an earlier Pressmark left it: the journal beside a link. A pipe is in the way.
        disk.put_folder("/simulated/links");
        disk.put_link("/simulated/links/q.ron", FILE);
        let by_link = Path::new("/simulated/links/q.ron.journal");
        let fs = without_state.fs.clone();
        fs.rename(&path_beside(Path::new(FILE)), by_link).unwrap();
        disk.put_pipe("/simulated/p.ron.journal");
        let (mut session, report) = open_with(&without_state, "/simulated/links/q.ron");
        assert_eq!((session.project().name(), report.edits), ("name 1", 2));
        assert!(!flush(&session));
        disk.fs_remove(Path::new("/simulated/p.ron.journal"));
        if is_placed {
            assert!(save_now(&mut session, &disk));
        } else {
            let content = Content::of(b"what is about to be the file");
            let sender = session.journal_sender().unwrap();
            sender.file_is_about_to_be(session.state(), content);
        }
        assert_eq!(session.journal_status(), Status::default());
        let after = disk.survivor(Fault::Killed);
        let (mut session, report) = open_with(&desk(&after), "/simulated/links/q.ron");
        assert_eq!(session.project().name(), "name 1", "{report:?}");
        assert!(!report.is_changed, "{report:?}");
        session.undo().unwrap().unwrap();
        session.undo().unwrap().unwrap();
        assert_eq!(session.project(), &project());
    }
}

#[test]
fn a_journal_begun_anew_has_the_history_and_both_halves_of_its_steps() {
    let mut disk = disk();
    let (mut session, _) = open(&disk).unwrap();
    for n in 0..3 {
        session.perform(rename(n)).unwrap();
    }
    assert!(save_now(&mut session, &disk));
    session.close();
    disk.fs_remove(&path_beside(Path::new(FILE)));
    session.start_journal(&desk(&disk), None, None, wake());
    // A save before the first step, which begins the journal.
    assert!(save_now(&mut session, &disk));
    assert!(journals_in(&disk, "/simulated").is_empty());
    session.jump_to(1).unwrap();
    for (target, name) in [(3, "name 2"), (0, "test"), (2, "name 1")] {
        assert!(flush(&session));
        disk = disk.survivor(Fault::Killed);
        let report;
        (session, report) = open(&disk).unwrap();
        assert!(report.refused.is_empty(), "{report:?}");
        assert_eq!(session.history().steps().len(), 3);
        session.jump_to(target).unwrap();
        assert_eq!(session.project().name(), name);
    }
}

/// Where no place of a journal is free, it is begun under a name that is looked for.
#[test]
fn a_journal_beside_blocked_ones_is_found() {
    let disk = disk();
    let desk_of = desk;
    let desk = desk_of(&disk);
    let mut loaded = load(&desk, Path::new(FILE), Access::Change, &|_| ()).unwrap();
    let state = desk.state_folder.as_deref().unwrap();
    let places = [
        path_beside(Path::new(FILE)),
        path_in_state(Path::new(FILE), state),
    ];
    for place in &places {
        disk.put(place.to_str().unwrap(), b"cannot be kept elsewhere");
    }
    loaded.begin.blocked.extend(places.clone());
    let (mut session, _) = Session::loaded(loaded, &desk, "ana", "t", wake());
    session.perform(rename(7)).unwrap();
    assert!(flush(&session));
    // It is held against other programs.
    let (other, report) = open_with(
        &Desk {
            state_folder: Some(state.to_owned()),
            ..desk.clone()
        },
        FILE,
    );
    assert_eq!((other.project(), report.edits), (&project(), 0));
    drop(other);
    let after = disk.survivor(Fault::Killed);
    for place in &places {
        assert_eq!(after.files()[place], b"cannot be kept elsewhere");
    }
    let (session, report) = open(&after).unwrap();
    assert_eq!(
        (session.project().name(), report.edits),
        ("name 7", 1),
        "{report:?}"
    );
}

#[test]
fn an_unsaved_project_whose_journal_is_blocked_is_found() {
    let disk = Simulated::with_folders(&["/simulated", "/simulated/state"]);
    drop(with_work(&desk(&disk), false));
    let journal = unsaved_journals(&desk(&disk)).remove(0);
    let mut bytes = disk.files()[&journal].clone();
    let last = bytes.len() - 10;
    bytes[last] ^= 1;
    bytes.extend(b"\n");
    disk.put(journal.to_str().unwrap(), &bytes);
    let mut loaded = load_unsaved(&desk(&disk), &journal).unwrap();
    assert!(!loaded.recovered.report.damage.is_empty() || loaded.recovered.journal.is_some());
    loaded.recovered.journal = None;
    loaded.left.clear();
    loaded.begin.blocked.push(journal.clone());
    let (mut session, _) = Session::loaded(loaded, &desk(&disk), "ana", "t", wake());
    session.perform(rename(7)).unwrap();
    assert!(flush(&session));
    assert_eq!(disk.files()[&journal], bytes);
    // The window holds it.
    let free = unsaved_journals(&desk(&disk));
    assert!(free.iter().all(|path| *path == journal), "{free:?}");
    let after = disk.survivor(Fault::Killed);
    let found = unsaved_journals(&desk(&after));
    let names = found.iter().map(|path| {
        let loaded = load_unsaved(&desk(&after), path).unwrap();
        loaded.opened.project.name().to_owned()
    });
    assert!(names.into_iter().any(|name| name == "name 7"), "{found:?}");
}

/// Also when the journal was written a moment ago and is not flushed yet.
#[test]
fn a_project_that_was_given_back_as_it_was_leaves_no_journal() {
    for is_flushed in [false, true] {
        let disk = Simulated::with_folders(&["/simulated", "/simulated/state"]);
        let mut session = Session::new("", "ana", "t");
        session.start_journal(&desk(&disk), None, None, wake());
        session.perform(rename(0)).unwrap();
        assert_eq!(journals_in(&disk, "/simulated/state").len(), 1);
        session.undo().unwrap().unwrap();
        if is_flushed {
            assert!(flush(&session));
        }
        session.close();
        let left = journals_in(&disk, "/simulated/state");
        assert_eq!(left, [] as [PathBuf; 0], "flushed: {is_flushed}");
    }
}
