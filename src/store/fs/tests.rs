//! What others left where the program puts its own files stays as it is, on the simulated disk and
//! on the real one.

#![expect(
    clippy::disallowed_methods,
    reason = "what others leave is not made by the store"
)]

use super::simulated::Simulated;
use super::*;
use crate::store::backup::{self, Retention};
use crate::store::journal::{JournalFile, path_beside};
use crate::store::lock::{self, Holder, LockError, Locked};
use crate::store::{StoreError, atomic, keep_copy};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What stands in the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Obstacle {
    Link,
    LinkToNothing,
    LinkToFolder,
    Pipe,
    Folder,
    /// A file with a second name elsewhere.
    Shared,
    /// A file of someone.
    Content,
}

use Obstacle as O;

const ALL: [Obstacle; 7] = [
    O::Link,
    O::LinkToNothing,
    O::LinkToFolder,
    O::Pipe,
    O::Folder,
    O::Shared,
    O::Content,
];

const PROJECT: &str = "not quite a project";
const THEIRS: &str = "years of work";

/// The whole project, as a backup of it is written.
fn whole(out: &mut dyn io::Write) -> Result<(), StoreError> {
    let written = out.write_all(PROJECT.as_bytes());
    written.map_err(|error| StoreError::new(Path::new("p.ron"), &error))
}

/// A disk with a project in `desk/p.ron`, a file `victim` and a folder `elsewhere` of someone.
struct Ground {
    fs: Arc<dyn FileSystem>,
    root: PathBuf,
    simulated: Option<Simulated>,
    _folder: Option<tempfile::TempDir>,
}

impl Ground {
    fn simulated() -> Self {
        let folders = ["/simulated", "/simulated/desk", "/simulated/elsewhere"];
        let disk = Simulated::with_folders(&folders);
        Self {
            fs: Arc::new(disk.clone()),
            root: PathBuf::from("/simulated"),
            simulated: Some(disk),
            _folder: None,
        }
        .with_files()
    }

    fn real() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let root = std::fs::canonicalize(folder.path()).unwrap();
        for name in ["desk", "elsewhere"] {
            std::fs::create_dir(root.join(name)).unwrap();
        }
        Self {
            fs: Arc::new(Disk),
            root,
            simulated: None,
            _folder: Some(folder),
        }
        .with_files()
    }

    fn with_files(self) -> Self {
        self.put("desk/p.ron", PROJECT);
        self.put("victim", THEIRS);
        self.put("elsewhere/p-20260101T000000Z.ron", THEIRS);
        self
    }

    fn at(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    fn project(&self) -> PathBuf {
        self.at("desk/p.ron")
    }

    fn put(&self, name: &str, text: &str) {
        let path = self.at(name);
        match &self.simulated {
            Some(disk) => disk.put(path.to_str().unwrap(), text.as_bytes()),
            None => self
                .fs
                .create_new(&path)
                .and_then(|mut file| file.write_all(text.as_bytes()))
                .unwrap(),
        }
    }

    #[cfg(unix)]
    fn put_link(&self, name: &str, target: &str) {
        let (path, target) = (self.at(name), self.at(target));
        match &self.simulated {
            Some(disk) => disk.put_link(path.to_str().unwrap(), target.to_str().unwrap()),
            None => std::os::unix::fs::symlink(target, path).unwrap(),
        }
    }

    fn obstruct(&self, name: &str, obstacle: Obstacle) {
        let path = self.at(name);
        let text = path.to_str().unwrap();
        match (obstacle, &self.simulated) {
            (O::Link, _) => self.put_link(name, "victim"),
            (O::LinkToNothing, _) => self.put_link(name, "nothing"),
            (O::LinkToFolder, _) => self.put_link(name, "elsewhere"),
            (O::Pipe, Some(disk)) => disk.put_pipe(text),
            (O::Pipe, None) => {
                let made = std::process::Command::new("mkfifo").arg(&path).status();
                assert!(made.unwrap().success());
            }
            (O::Folder, Some(disk)) => disk.put_folder(text),
            (O::Folder, None) => std::fs::create_dir(&path).unwrap(),
            (O::Shared, Some(disk)) => disk.put_name(text, self.at("victim").to_str().unwrap()),
            (O::Shared, None) => std::fs::hard_link(self.at("victim"), &path).unwrap(),
            (O::Content, _) => self.put(name, THEIRS),
        }
    }

    /// Every path with what is there.
    fn everything(&self) -> BTreeMap<PathBuf, String> {
        if let Some(disk) = &self.simulated {
            return disk.everything_in(self.root.to_str().unwrap());
        }
        let mut found = BTreeMap::new();
        let mut folders = vec![self.root.clone()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(&folder).unwrap() {
                let path = entry.unwrap().path();
                let what = match self.fs.look(&path).unwrap().kind {
                    Kind::File => std::fs::read_to_string(&path).unwrap(),
                    Kind::Link => format!("{:?}", std::fs::read_link(&path).unwrap()),
                    Kind::Folder => {
                        folders.push(path.clone());
                        "folder".to_owned()
                    }
                    Kind::Other => "pipe".to_owned(),
                };
                found.insert(path, what);
            }
        }
        found
    }

    /// Everything that was there is there as it was.
    #[track_caller]
    fn assert_nothing_lost(&self, before: &BTreeMap<PathBuf, String>, case: &str) {
        let after = self.everything();
        for (path, what) in before {
            let now = after.get(path);
            assert_eq!(now, Some(what), "{case}: {}", path.display());
        }
    }
}

fn me() -> Holder {
    Holder {
        host: "here".to_owned(),
        user: "ana".to_owned(),
        process: 7,
        since_secs: 1_000,
        seen_secs: 1_000,
    }
}

/// Puts each obstacle at `name` on both disks, does something, and looks that nothing changed but
/// for the files that `may_come`. `act` answers whether it went well.
#[track_caller]
fn check(name: &str, may_come: &[&str], act: impl Fn(&Ground, Obstacle) -> bool, well: &[O]) {
    for ground in [Ground::simulated as fn() -> Ground, Ground::real] {
        for obstacle in ALL {
            let ground = ground();
            ground.obstruct(name, obstacle);
            let before = ground.everything();
            let went_well = act(&ground, obstacle);
            let case = format!("{obstacle:?} at {name} on {}", ground.root.display());
            assert_eq!(went_well, well.contains(&obstacle), "{case}");
            ground.assert_nothing_lost(&before, &case);
            let after = ground.everything();
            let new = after.keys().filter(|path| !before.contains_key(*path));
            let new: Vec<_> = new
                .map(|path| path.strip_prefix(&ground.root).unwrap())
                .filter(|path| !may_come.iter().any(|start| path.starts_with(start)))
                .collect();
            assert_eq!(new, Vec::<&Path>::new(), "{case}");
        }
    }
}

#[test]
fn no_obstacle_is_written_to() {
    let write = |fs: &dyn FileSystem, path: &Path| {
        atomic::write_own::<StoreError>(fs, path, |out| {
            out.write_all(b"ours").unwrap();
            Ok(())
        })
    };
    let append = |ground: &Ground, _| ground.fs.append(&ground.at("desk/x")).is_ok();
    // Whether a file that can be written to is ours is for the caller to know.
    check("desk/x", &[], append, &[O::Content]);
    let hold = |ground: &Ground, _| ground.fs.hold(&ground.at("desk/x")).is_ok();
    check("desk/x", &[], hold, &[O::Content]);
    let create = |ground: &Ground, _| ground.fs.create_new(&ground.at("desk/x")).is_ok();
    check("desk/x", &[], create, &[]);
    let read = |ground: &Ground, _| ground.fs.read_own(&ground.at("desk/x"), 1 << 20).is_ok();
    check("desk/x", &[], read, &[O::Shared, O::Content]);
    let replace = |ground: &Ground, obstacle| {
        let is_file = matches!(obstacle, O::Shared | O::Content);
        is_file || write(&*ground.fs, &ground.at("desk/x")).is_ok()
    };
    check("desk/x", &[], replace, &[O::Shared, O::Content]);
    let new = |ground: &Ground, _| {
        let new =
            atomic::Replacement::write::<StoreError>(&*ground.fs, &ground.at("desk/y"), |_| Ok(()));
        ground.obstruct("desk/y", O::Content);
        new.unwrap().persist_new().is_err()
    };
    check("desk/x", &["desk/y"], new, &ALL);
}

#[test]
fn a_lock_of_others_is_left_alone() {
    let act = |ground: &Ground, obstacle| match lock::acquire(
        &ground.fs,
        &ground.project(),
        me(),
        true,
    ) {
        Ok(Locked::Ours(..)) => true,
        Err(LockError::Failed(reason)) => {
            let reason = reason.to_string();
            let expected = match obstacle {
                O::Link | O::LinkToNothing | O::LinkToFolder => "a symbolic link",
                O::Pipe => "a pipe or device",
                O::Folder => "a folder stands",
                O::Shared => "another name elsewhere",
                O::Content => "did not make",
            };
            assert!(reason.contains(expected), "{obstacle:?}: {reason}");
            false
        }
        other => panic!("{obstacle:?}: {other:?}"),
    };
    check("desk/.p.ron.lock", &[], act, &[]);
}

#[test]
fn a_journal_of_others_is_left_alone() {
    let lines: [Arc<[u8]>; 1] = [b"{}\n".as_slice().into()];
    let create = |ground: &Ground, obstacle| {
        let path = path_beside(&ground.project());
        let made = JournalFile::create(ground.fs.clone(), &path, &lines);
        if let (O::Content, Err(error)) = (obstacle, &made) {
            assert!(error.to_string().contains("did not make"), "{error}");
        }
        made.is_ok()
    };
    check("desk/p.ron.journal", &[], create, &[]);
    let open = |ground: &Ground, _| {
        let path = path_beside(&ground.project());
        let whole = THEIRS.len() as u64;
        let opened = JournalFile::open(ground.fs.clone(), &path, whole);
        opened.is_ok_and(|journal| journal.is_in_place())
    };
    // Whoever goes on with a journal has read it.
    check("desk/p.ron.journal", &[], open, &[O::Shared, O::Content]);
}

#[test]
fn a_journal_with_a_second_name_grows_alone() {
    for ground in [Ground::simulated(), Ground::real()] {
        ground.obstruct("desk/p.ron.journal", O::Shared);
        let path = path_beside(&ground.project());
        let mut journal = JournalFile::open(ground.fs.clone(), &path, 5).unwrap();
        journal.append(b" more").unwrap();
        let text = |path: &Path| ground.fs.read(path, 1 << 20).unwrap();
        assert_eq!(text(&path), b"years more");
        assert_eq!(text(&ground.at("victim")), THEIRS.as_bytes());
    }
}

#[test]
fn a_list_with_a_second_name_grows_alone() {
    for ground in [Ground::simulated(), Ground::real()] {
        let (fs, project) = (&*ground.fs, ground.project());
        let folder = ground.at("desk/p.backups");
        let write = |at| backup::write(fs, &project, &folder, at, whole).unwrap();
        let list = |name: &str| fs.read(&ground.at(name), 1 << 20).unwrap();
        write(1_000);
        fs.link(&folder.join("p.ron.list"), &ground.at("elsewhere/list"))
            .unwrap();
        let before = list("elsewhere/list");
        write(2_000);
        assert_eq!(list("elsewhere/list"), before);
        assert!(list("desk/p.backups/p.ron.list").len() > before.len());
        backup::prune(fs, &project, &folder, 1 << 40, NONE);
        assert_eq!(backup::list(fs, &folder), Vec::new());
    }
}

#[test]
fn backups_stay_in_a_folder_of_ours() {
    let keep = |ground: &Ground, _| {
        let (project, folder) = (ground.project(), ground.at("desk/p.backups"));
        let kept = backup::keep_previous(&*ground.fs, &project, &folder);
        let written = backup::write(&*ground.fs, &project, &folder, 5, whole);
        backup::prune(&*ground.fs, &project, &folder, 9, NONE);
        assert_eq!(kept.is_ok(), written.is_ok());
        kept.is_ok()
    };
    check("desk/p.backups", &["desk/p.backups"], keep, &[O::Folder]);
    // Nor are they looked for elsewhere.
    let ground = Ground::real();
    ground.put_link("desk/p.backups", "elsewhere");
    let found = backup::list(&*ground.fs, &ground.at("desk/p.backups"));
    assert_eq!(found, Vec::new());
    // Where the user wants all backups, a link is the user's.
    ground.put_link("mine", "elsewhere");
    let folder = backup::folder(&ground.project(), Some(&ground.at("mine")));
    let kept = backup::keep_previous(&*ground.fs, &ground.project(), &folder);
    let kept = kept.unwrap().unwrap();
    assert!(
        kept.canonicalize()
            .unwrap()
            .starts_with(ground.at("elsewhere"))
    );
}

/// Keeps nothing that may go.
const NONE: Retention = Retention {
    newest: 0,
    hours: 0,
    days: 0,
    limit_bytes: 0,
};

#[test]
fn a_list_of_others_is_left_alone_and_nothing_goes() {
    let act = |ground: &Ground, _| {
        let (project, folder) = (ground.project(), ground.at("desk/p.backups"));
        let listed = backup::write(&*ground.fs, &project, &folder, 5, whole);
        backup::prune(&*ground.fs, &project, &folder, 9, NONE);
        assert_eq!(backup::list(&*ground.fs, &folder).len(), 1);
        listed.is_ok()
    };
    for ground in [Ground::simulated as fn() -> Ground, Ground::real] {
        for obstacle in ALL {
            let ground = ground();
            ground
                .fs
                .create_folder(&ground.at("desk/p.backups"))
                .unwrap();
            ground.obstruct("desk/p.backups/p.ron.list", obstacle);
            let before = ground.everything();
            assert!(!act(&ground, obstacle), "{obstacle:?}");
            ground.assert_nothing_lost(&before, &format!("{obstacle:?}"));
        }
    }
}

#[test]
fn only_what_is_on_the_list_and_as_it_was_made_is_pruned() {
    for ground in [Ground::simulated(), Ground::real()] {
        let (fs, project) = (&*ground.fs, ground.project());
        let folder = ground.at("desk/p.backups");
        let write = |at| backup::write(fs, &project, &folder, at, whole).unwrap();
        let ours = [write(1_000), write(2_000), write(2_000)];
        // One of ours that became someone's.
        let longer = write(3_000);
        let mut file = fs.append(&longer).unwrap();
        file.write_all(b" and a note").unwrap();
        // Made by an older Pressmark, by a project whose name begins alike, by anyone.
        for name in [
            "p-20240101T000000Z.ron",
            "p-20240101T000000Z_2.ron",
            "p-20240101T000000Z-20240101T000000Z.ron",
            "other-20240101T000000Z.ron",
            "-20240101T000000Z.ron",
            "thesis.ron",
        ] {
            ground.put(&format!("desk/p.backups/{name}"), THEIRS);
        }
        let mut before = ground.everything();
        backup::prune(fs, &project, &folder, i64::MAX / 2, NONE);
        for path in &ours {
            assert!(before.remove(path).is_some());
            assert!(is_free(fs, path), "{}", path.display());
        }
        ground.assert_nothing_lost(&before, "foreign backups");
        // All are shown, whoever made them.
        assert_eq!(backup::list(fs, &folder).len(), 6);
    }
}

#[test]
fn a_list_that_names_files_of_others_removes_none() {
    for ground in [Ground::simulated(), Ground::real()] {
        let fs = &*ground.fs;
        let folder = ground.at("desk/p.backups");
        fs.create_folder(&folder).unwrap();
        let line = |name: &str| {
            let len = THEIRS.len();
            format!("{{\"name\":\"{name}\",\"len_bytes\":{len},\"modified_secs\":0}}\n")
        };
        let names = [
            "../../victim",
            "p-20240101T000000Z.ron",
            "q-20240101T000000Z.ron",
            "thesis.ron",
        ];
        let list: String = names.iter().map(|name| line(name)).collect();
        ground.put(
            "desk/p.backups/p.ron.list",
            &format!("{list}nonsense\n\0\0"),
        );
        for name in &names[1..] {
            ground.put(&format!("desk/p.backups/{name}"), THEIRS);
        }
        let before = ground.everything();
        backup::prune(fs, &ground.project(), &folder, i64::MAX / 2, NONE);
        ground.assert_nothing_lost(&before, "a forged list");
    }
}

#[test]
fn a_long_list_is_cut_to_what_is_there() {
    for ground in [Ground::simulated(), Ground::real()] {
        let (fs, project) = (&*ground.fs, ground.project());
        let folder = ground.at("desk/p.backups");
        for at in 0..100 {
            backup::write(fs, &project, &folder, at * 60, whole).unwrap();
            let retention = Retention {
                newest: 3,
                limit_bytes: 1 << 20,
                ..NONE
            };
            backup::prune(fs, &project, &folder, 1 << 40, retention);
        }
        assert_eq!(backup::list(fs, &folder).len(), 3);
        let list = fs.read(&folder.join("p.ron.list"), 1 << 20).unwrap();
        let lines = list.split(|byte| *byte == b'\n').count();
        assert!(lines < 80, "{lines}");
    }
}

#[test]
fn copies_take_a_free_name() {
    let act = |ground: &Ground, _| {
        let copy = keep_copy(&*ground.fs, &ground.project(), "damaged").unwrap();
        assert_eq!(copy, ground.at("desk/p.damaged-2.ron"));
        let text = ground.fs.read(&copy, 1 << 20).unwrap();
        text == PROJECT.as_bytes()
    };
    check("desk/p.damaged.ron", &["desk/p.damaged-2.ron"], act, &ALL);
}

#[test]
fn a_place_that_is_no_file_is_not_replaced() {
    let act = |ground: &Ground, obstacle| {
        if matches!(obstacle, O::Link | O::Shared | O::Content) {
            // Files, which the user named.
            return true;
        }
        let path = ground.at("desk/new.ron");
        atomic::write_atomically::<StoreError>(&*ground.fs, &path, |_| Ok(())).is_ok()
    };
    check("desk/new.ron", &[], act, &[O::Link, O::Shared, O::Content]);
}

#[test]
fn a_project_has_one_path_whatever_leads_to_it() {
    for ground in [Ground::simulated(), Ground::real()] {
        ground.put_link("link.ron", "desk/p.ron");
        ground.put_link("again.ron", "link.ron");
        ground.put_link("folder", "desk");
        ground.put_link("nothing.ron", "desk/gone.ron");
        let check = |name: &str, expected: &str| {
            assert_eq!(ground.fs.resolve(&ground.at(name)), ground.at(expected));
        };
        check("desk/p.ron", "desk/p.ron");
        check("link.ron", "desk/p.ron");
        check("again.ron", "desk/p.ron");
        check("folder/p.ron", "desk/p.ron");
        // Of what is not there yet, only the folder is known.
        check("folder/new.ron", "desk/new.ron");
        check("nothing.ron", "nothing.ron");
    }
}
