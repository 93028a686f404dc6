//! Edits that a renamed folder left behind in the state folder.

use super::*;
use crate::core::annotation::Annotation;
use crate::core::text::{BytePos, ByteRange};

fn mark(n: usize) -> Transaction {
    let range = ByteRange::new(BytePos(0), BytePos(7));
    let id = format!("r-{n}");
    let mark = Annotation::new(id.as_str().into(), "ana".into(), "quote".into(), range);
    let edit = Edit::AddAnnotation {
        article: "a0".into(),
        annotation: Box::new(mark),
    };
    Transaction::new("mark", vec![edit])
}

fn flush(session: &Session) {
    assert!(
        session
            .journal
            .as_ref()
            .unwrap()
            .flush(Duration::from_secs(5))
    );
}

/// The disk after the folder was renamed under the nose of a session.
pub(super) fn rename_folder(disk: &Simulated) {
    for (path, bytes) in disk.files() {
        if let Ok(name) = path.strip_prefix("/simulated/")
            && !path.starts_with("/simulated/state")
        {
            let new = Path::new("/renamed").join(name);
            disk.put(new.to_str().unwrap(), &bytes);
            disk.fs_remove(&path);
        }
    }
}

impl Simulated {
    pub(super) fn fs_remove(&self, path: &Path) {
        FileSystem::remove(self, path).unwrap();
    }
}

fn disk_with(saves: usize, before: usize, dies_before: bool) -> (Simulated, usize) {
    let disk = Simulated::with_folders(&["/simulated", "/simulated/state", "/renamed", "/copy"]);
    let file = project_ron::write(&project(), &mut |_| true).unwrap();
    disk.put(FILE, file.as_bytes());
    let (mut session, _) = open(&disk).unwrap();
    let mut n = 0;
    let mut marks = |session: &mut Session, count: usize| {
        for _ in 0..count {
            n += 1;
            session.perform(mark(n)).unwrap();
        }
    };
    for _ in 0..saves {
        marks(&mut session, 1);
        assert!(save_now(&mut session, &disk));
    }
    marks(&mut session, before);
    flush(&session);
    if dies_before {
        // Another session goes on with unsaved edits of the first.
        let after = disk.survivor(Fault::Killed);
        drop(session);
        let (second, _) = open(&after).unwrap();
        return finish(after, second, n);
    }
    finish(disk, session, n)
}

/// Two marks, an undo and another mark after the folder was renamed; then the program dies.
fn finish(disk: Simulated, mut session: Session, mut n: usize) -> (Simulated, usize) {
    rename_folder(&disk);
    for _ in 0..3 {
        n += 1;
        session.perform(mark(n)).unwrap();
    }
    session.undo().unwrap().unwrap();
    flush(&session);
    assert!(session.journal_status().elsewhere.is_some());
    assert_eq!(session.project().annotation_count(), n - 1);
    (disk.survivor(Fault::Killed), n - 1)
}

fn open_at(disk: &Simulated, path: &str) -> (Session, Report) {
    let loaded = load(&desk(disk), Path::new(path), Access::Change, &|_| ()).unwrap();
    let wake: crate::app::jobs::Wake = Arc::new(|| ());
    Session::loaded(loaded, &desk(disk), "ana", "t", wake)
}

fn in_state_folder(disk: &Simulated) -> Vec<PathBuf> {
    let files = disk.files();
    files
        .into_keys()
        .filter(|path| path.starts_with("/simulated/state"))
        .filter(|path| path.extension().is_some_and(|ending| ending != "lock"))
        .collect()
}

#[test]
fn edits_come_back_under_the_new_name() {
    for saves in 0..4 {
        for before in 0..3 {
            for dies_before in [false, true] {
                let case = format!("{saves} saves, {before} unsaved, {dies_before}");
                let (disk, marks) = disk_with(saves, before, dies_before);
                assert_eq!(in_state_folder(&disk).len(), 1, "{case}");
                assert!(
                    recovery::has_unsaved(&desk(&disk), Path::new("/renamed/p.ron")),
                    "{case}"
                );
                let (mut session, report) = open_at(&disk, "/renamed/p.ron");
                assert_eq!(
                    session.project().annotation_count(),
                    marks,
                    "{case}: {report:?}"
                );
                assert!(
                    report.stranded.is_some() && report.refused.is_empty(),
                    "{case}: {report:?}"
                );
                assert!(
                    !report.is_changed && report.damage.is_empty(),
                    "{case}: {report:?}"
                );
                // Tidy: all of it is beside the project now, and nothing elsewhere.
                flush(&session);
                assert!(in_state_folder(&disk).is_empty(), "{case}");
                session.perform(mark(100)).unwrap();
                flush(&session);
                let again = disk.survivor(Fault::Killed);
                let (session, report) = open_at(&again, "/renamed/p.ron");
                assert_eq!(
                    session.project().annotation_count(),
                    marks + 1,
                    "{case}: {report:?}"
                );
                assert!(
                    report.stranded.is_none() && report.kept.is_none(),
                    "{case}: {report:?}"
                );
                let mut session = session;
                while let Some(step) = session.undo() {
                    step.expect(&case);
                }
                // Undo reaches to the beginning, also through the saves.
                assert_eq!(session.project().annotation_count(), 0, "{case}");
            }
        }
    }
}

/// A power cut or a full disk while the edits are brought home takes nothing.
#[test]
fn nothing_is_lost_while_edits_are_brought_home() {
    let (stranded, marks) = disk_with(1, 1, false);
    let bring = |disk: &Simulated| {
        let opened = load(
            &desk(disk),
            Path::new("/renamed/p.ron"),
            Access::Change,
            &|_| (),
        );
        if let Ok(loaded) = opened {
            let wake: crate::app::jobs::Wake = Arc::new(|| ());
            let (mut session, _) = Session::loaded(loaded, &desk(disk), "ana", "t", wake);
            session.close();
        }
    };
    let whole = stranded.survivor(Fault::Killed);
    let before = whole.operations();
    bring(&whole);
    let operations = whole.operations() - before;
    for fault in Fault::ALL {
        for at in 1..=operations {
            let disk = stranded.survivor(Fault::Killed);
            disk.break_at(at, fault);
            bring(&disk);
            let (session, report) = open_at(&disk.survivor(fault), "/renamed/p.ron");
            let found = session.project().annotation_count();
            assert_eq!(found, marks, "{fault:?} at operation {at}: {report:?}");
        }
    }
    println!(
        "fault points visited while bringing edits home: {}",
        operations * 6
    );
}

/// What belongs to a file that is still there is not taken by a copy of it.
#[test]
fn a_copy_steals_nothing() {
    let disk = disk_for_copies();
    let copy = disk.files().remove(Path::new(FILE)).unwrap();
    disk.put("/copy/p.ron", &copy);
    let before = in_state_folder(&disk);
    let (session, report) = open_at(&disk, "/copy/p.ron");
    assert_eq!(session.project().annotation_count(), 0, "{report:?}");
    assert!(report.stranded.is_none());
    assert_eq!(in_state_folder(&disk), before);
    // Nor one with another content, once the first is gone.
    disk.fs_remove(Path::new(FILE));
    let other = project_ron::write(&Project::new("another"), &mut |_| true).unwrap();
    disk.put("/renamed/p.ron", other.as_bytes());
    let (session, report) = open_at(&disk, "/renamed/p.ron");
    assert_eq!(session.project().annotation_count(), 0, "{report:?}");
    assert_eq!(in_state_folder(&disk), before);
}

/// A project in a folder that cannot be written, with its journal in the state folder.
fn disk_for_copies() -> Simulated {
    let disk = Simulated::with_folders(&["/simulated", "/simulated/state", "/renamed", "/copy"]);
    let file = project_ron::write(&project(), &mut |_| true).unwrap();
    disk.put(FILE, file.as_bytes());
    let (mut session, _) = open(&disk).unwrap();
    session.perform(mark(1)).unwrap();
    flush(&session);
    let after = disk.survivor(Fault::Killed);
    let journal = after
        .files()
        .remove(Path::new("/simulated/p.ron.journal"))
        .unwrap();
    let elsewhere = path_in_state(Path::new(FILE), Path::new("/simulated/state"));
    after.put(elsewhere.to_str().unwrap(), &journal);
    after.fs_remove(Path::new("/simulated/p.ron.journal"));
    after
}
