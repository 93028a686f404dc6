//! A disk that takes long to flush: what was shown must not wait for it in memory, where it would
//! die with the program.

use super::*;
use crate::core::annotation::Annotation;
use crate::core::text::{BytePos, ByteRange};

const FLUSH_TIME: Duration = Duration::from_millis(600);
/// The window waits shorter, but this machine may be busy.
const SOON: Duration = Duration::from_millis(100);

fn mark(session: &mut Session) {
    let n = session.project().annotation_count();
    let range = ByteRange::new(BytePos(0), BytePos(7));
    let id = format!("s-{n}");
    let mark = Annotation::new(id.as_str().into(), "ana".into(), "quote".into(), range);
    let edit = Edit::AddAnnotation {
        article: "a0".into(),
        annotation: Box::new(mark),
    };
    let marked = Transaction::new("mark", vec![edit]);
    session.perform(marked).unwrap();
}

/// Marks while `disturb` goes on, and is killed after each mark.
#[track_caller]
fn check(what: &str, path: &str, disturb: fn(&mut Session, &Simulated)) {
    let disk = Simulated::with_folders(&["/simulated", "/simulated/state", "/renamed"]);
    let file = project_ron::write(&project(), &mut |_| true).unwrap();
    disk.put(FILE, file.as_bytes());
    disk.set_flush_time(FLUSH_TIME);
    let (mut session, _) = open(&disk).unwrap();
    mark(&mut session);
    for n in 0..3 {
        if n == 1 {
            disturb(&mut session, &disk);
        }
        mark(&mut session);
        std::thread::sleep(SOON);
        let after = disk.survivor(Fault::Killed);
        after.set_flush_time(Duration::ZERO);
        let path = if n == 0 { FILE } else { path };
        let loaded = load(&desk(&after), Path::new(path), Access::Change, &|_| ()).unwrap();
        let wake: crate::app::jobs::Wake = Arc::new(|| ());
        let (again, _) = Session::loaded(loaded, &desk(&after), "ana", "t", wake);
        let found = again.project().annotation_count();
        assert_eq!(found, n + 2, "{what}: killed after mark {}", n + 2);
    }
}

#[test]
fn no_mark_waits_for_a_slow_disk() {
    check("begun just now", FILE, |_, _| ());
    check("while it is flushed", FILE, |session, _| {
        let is_flushed = session.journal.as_ref().unwrap().flush(SOON);
        assert!(!is_flushed);
    });
    check("while it is saved", FILE, |session, _| {
        let content = Content::of(b"another");
        let (sender, state) = (session.journal_sender().unwrap(), session.state());
        let thread = std::thread::Builder::new().name("saving".to_owned());
        let _goes_on = thread.spawn(move || sender.file_is_about_to_be(state, content));
        std::thread::sleep(SOON);
    });
    check(
        "the folder was renamed while it was flushed",
        "/renamed/p.ron",
        |session, disk| {
            assert!(!session.journal.as_ref().unwrap().flush(SOON));
            renamed::rename_folder(disk);
            // The flush ends, and finds its file gone.
            std::thread::sleep(FLUSH_TIME);
        },
    );
    check(
        "the folder was renamed and the flush goes on",
        "/renamed/p.ron",
        |session, disk| {
            assert!(!session.journal.as_ref().unwrap().flush(SOON));
            renamed::rename_folder(disk);
        },
    );
    check(
        "the folder was renamed",
        "/renamed/p.ron",
        |session, disk| {
            assert!(
                session
                    .journal
                    .as_ref()
                    .unwrap()
                    .flush(Duration::from_secs(5))
            );
            renamed::rename_folder(disk);
        },
    );
}
