//! Who has a project open: a lock file beside it.
//!
//! The operating system's advisory lock tells at once when the holder died, where it works; the
//! file says host, user and time, and is refreshed, for shares where it does not. What stands in
//! the lock's place and is no lock is neither written to nor removed. Knows no project.

use super::StoreError;
use super::fs::{FileSystem, Foreign, HeldFile};
use serde::{Deserialize, Serialize};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A lock of another machine that was not refreshed for so long is stale, in seconds.
pub const STALE_AFTER_SECS: i64 = 300;
/// How often the holder refreshes it, in seconds.
pub const REFRESH_SECS: i64 = 60;
/// The most that a lock says, in bytes.
const MAX_BYTES: usize = 4_096;

/// What a lock file says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    pub host: String,
    pub user: String,
    pub process: u32,
    /// When it was taken and last refreshed, in seconds since 1970 UTC.
    pub since_secs: i64,
    pub seen_secs: i64,
}

/// A lock that is held; given back when it is dropped.
pub struct Lock {
    fs: Arc<dyn FileSystem>,
    file: Box<dyn HeldFile>,
    path: PathBuf,
    holder: Holder,
}

impl std::fmt::Debug for Lock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Lock({}, {:?})", self.path.display(), self.holder)
    }
}

#[derive(Debug)]
pub enum Locked {
    /// It is ours now. `Some` says who held it and ended without giving it back.
    Ours(Lock, Option<Holder>),
    /// Someone else has it open.
    Theirs(Holder),
}

/// Why there is no lock, and nobody has it either.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Nothing can be written in the folder, the project neither.
    #[error(transparent)]
    Unwritable(StoreError),
    #[error(transparent)]
    Failed(StoreError),
}

impl LockError {
    fn new(path: &Path, error: &io::Error) -> Self {
        use io::ErrorKind as K;
        let reason = StoreError::new(path, error);
        match error.kind() {
            K::PermissionDenied | K::ReadOnlyFilesystem | K::NotFound | K::NotADirectory => {
                Self::Unwritable(reason)
            }
            _ => Self::Failed(reason),
        }
    }
}

/// `.NAME.ron.lock`, beside the project.
pub fn path_of(project: &Path) -> PathBuf {
    let name = project.file_name().unwrap_or_default().to_string_lossy();
    project.with_file_name(format!(".{name}.lock"))
}

/// Takes the lock of a project, or says who has it. `force` takes it from a holder whose operating
/// system lock is not felt here.
pub fn acquire(
    fs: &Arc<dyn FileSystem>,
    project: &Path,
    me: Holder,
    force: bool,
) -> Result<Locked, LockError> {
    let path = path_of(project);
    let fail = |error: io::Error| LockError::new(&path, &error);
    for _ in 0..8 {
        let (mut file, is_writable) = match fs.hold(&path) {
            Ok(file) => (file, true),
            // Another user's: it says as much to everyone, and is theirs to write.
            Err(error)
                if error.kind() == io::ErrorKind::PermissionDenied && fs.look(&path).is_ok() =>
            {
                let file = fs.hold_to_read(&path);
                let failed = |error| LockError::Failed(StoreError::new(&path, &error));
                (file.map_err(failed)?, false)
            }
            Err(error) => return Err(fail(error)),
        };
        let found = content(&file.read(MAX_BYTES).map_err(fail)?);
        if matches!(found, Content::Foreign) {
            return Err(fail(Foreign::Content.into()));
        }
        let is_felt = match file.try_lock() {
            Ok(true) => true,
            Ok(false) => {
                // Being taken right now, and not written yet.
                let unknown = Holder {
                    host: me.host.clone(),
                    user: "someone".to_owned(),
                    process: 0,
                    since_secs: me.since_secs,
                    seen_secs: me.since_secs,
                };
                return Ok(Locked::Theirs(found.holder().unwrap_or(unknown)));
            }
            // This file system has no locks: the content alone must do.
            Err(_) => false,
        };
        // The holder may have removed the file between our opening and locking it.
        if !file.is_at(&path) {
            continue;
        }
        let found = found.holder();
        let is_fresh = |holder: &Holder| me.seen_secs - holder.seen_secs < STALE_AFTER_SECS;
        let theirs = found.clone().filter(|holder| {
            let same_host = holder.host == me.host;
            // On this machine the lock would be felt, where locks work.
            !(is_felt && same_host) && is_fresh(holder) && !force
        });
        if let Some(holder) = theirs {
            return Ok(Locked::Theirs(holder));
        }
        if !is_writable {
            // A lock of ours that nobody holds any more.
            drop(file);
            fs.remove(&path).map_err(fail)?;
            continue;
        }
        let mut lock = Lock {
            fs: fs.clone(),
            file,
            path: path.clone(),
            holder: me,
        };
        lock.write().map_err(fail)?;
        return Ok(Locked::Ours(lock, found));
    }
    Err(fail(io::Error::other("the lock file comes and goes")))
}

/// What stands in a file at the lock's place.
enum Content {
    Holder(Holder),
    /// A lock that was being written when its holder ended.
    Torn,
    Foreign,
}

impl Content {
    fn holder(&self) -> Option<Holder> {
        match self {
            Self::Holder(holder) => Some(holder.clone()),
            Self::Torn | Self::Foreign => None,
        }
    }
}

/// Only what this program can have written is taken for a lock, whole or cut off: anything else is
/// someone's file.
fn content(bytes: &[u8]) -> Content {
    /// What every lock begins with.
    const START: &[u8] = b"{\"host\":\"";
    // After a loss of power there may be zeros where something was about to be written.
    if bytes.iter().all(|byte| *byte == 0) {
        return Content::Torn;
    }
    // Behind it may stand the end of a longer one that it was written over.
    let mut values = serde_json::Deserializer::from_slice(bytes).into_iter();
    if let Some(Ok(holder)) = values.next() {
        return Content::Holder(holder);
    }
    let is_start = bytes.starts_with(START) || START.starts_with(bytes);
    let is_cut = serde_json::from_slice::<Parts>(bytes).is_err_and(|error| error.is_eof());
    if is_start && is_cut {
        Content::Torn
    } else {
        Content::Foreign
    }
}

/// A lock with nothing in it that we do not write.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only whether it reads is asked")]
struct Parts {
    host: String,
    user: String,
    process: u32,
    since_secs: i64,
    seen_secs: i64,
}

impl Lock {
    fn write(&mut self) -> io::Result<()> {
        let text = serde_json::to_string(&self.holder).map_err(io::Error::other)?;
        self.file.write(text.as_bytes())
    }

    /// Says that the holder is still there.
    pub fn refresh(&mut self, now_secs: i64) {
        if now_secs - self.holder.seen_secs >= REFRESH_SECS {
            self.holder.seen_secs = now_secs;
            // A drive that is gone for a while is no reason to stop.
            let _best_effort = self.write();
        }
    }

    /// Whether the lock file is still this one: its folder may have been renamed, or someone took
    /// it by force.
    pub fn is_in_place(&self) -> bool {
        self.file.is_at(&self.path)
            && self
                .fs
                .read_own(&self.path, MAX_BYTES as u64)
                .ok()
                .and_then(|bytes| content(&bytes).holder())
                .is_some_and(|holder| {
                    holder.process == self.holder.process && holder.host == self.holder.host
                })
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        if self.is_in_place() {
            let _litter_at_worst = self.fs.remove(&self.path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::fs::Disk;
    use crate::store::fs::simulated::Simulated;

    fn disk() -> Arc<dyn FileSystem> {
        Arc::new(Disk)
    }

    fn holder(host: &str, now_secs: i64) -> Holder {
        Holder {
            host: host.to_owned(),
            user: "ana".to_owned(),
            process: 7,
            since_secs: now_secs,
            seen_secs: now_secs,
        }
    }

    #[test]
    fn one_holds_it_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let project = folder.path().join("p.ron");
        let take = |host: &str, now: i64, force: bool| {
            acquire(&disk(), &project, holder(host, now), force).unwrap()
        };
        let Locked::Ours(lock, None) = take("here", 1_000, false) else {
            panic!("a free lock is taken");
        };
        assert!(
            matches!(take("here", 1_001, true), Locked::Theirs(h) if h.user == "ana" && h.since_secs == 1_000)
        );
        assert!(lock.is_in_place());
        drop(lock);
        assert!(!path_of(&project).exists());
        assert!(matches!(take("here", 1_002, false), Locked::Ours(_, None)));
    }

    #[test]
    #[expect(
        clippy::disallowed_methods,
        reason = "a lock file as a dead program leaves it"
    )]
    fn a_stale_lock_is_recognised() {
        let folder = tempfile::tempdir().unwrap();
        let project = folder.path().join("p.ron");
        let leave = |host: &str, seen: i64| {
            std::fs::write(
                path_of(&project),
                serde_json::to_string(&holder(host, seen)).unwrap(),
            )
            .unwrap();
        };
        let check = |now: i64, force: bool, ours: bool| {
            let taken = acquire(&disk(), &project, holder("here", now), force).unwrap();
            assert_eq!(matches!(taken, Locked::Ours(_, Some(_))), ours, "{taken:?}");
        };
        // A program on this machine would still hold the system's lock.
        leave("here", 1_000);
        check(1_001, false, true);
        // Another machine's is believed while it is fresh.
        leave("there", 1_000);
        check(1_100, false, false);
        leave("there", 1_000);
        check(1_000 + STALE_AFTER_SECS, false, true);
        leave("there", 1_000);
        check(1_100, true, true);
        // Nonsense is no lock.
        std::fs::write(path_of(&project), "{").unwrap();
        assert!(matches!(
            acquire(&disk(), &project, holder("here", 5), false).unwrap(),
            Locked::Ours(_, None)
        ));
    }

    /// What is in a file at the lock's place, and whether it is taken for a lock, whole or torn.
    #[track_caller]
    fn check_content(bytes: &[u8], is_lock: bool) {
        let disk = Simulated::with_folders(&["/simulated"]);
        disk.put("/simulated/.p.ron.lock", bytes);
        let fs: Arc<dyn FileSystem> = Arc::new(disk.clone());
        let taken = acquire(&fs, Path::new("/simulated/p.ron"), holder("here", 5), false);
        let text = String::from_utf8_lossy(bytes);
        match taken {
            Ok(Locked::Ours(..)) => assert!(is_lock, "“{text}” was taken for a lock"),
            Ok(Locked::Theirs(_)) => panic!("“{text}” is nobody's lock"),
            Err(error) => {
                assert!(!is_lock, "“{text}” was not taken for a lock: {error}");
                assert!(
                    error.to_string().contains("did not make"),
                    "“{text}”: {error}"
                );
                let left = fs.read(Path::new("/simulated/.p.ron.lock"), 1 << 20);
                assert_eq!(left.unwrap(), bytes, "“{text}” was changed");
            }
        }
    }

    #[test]
    fn only_what_we_can_have_written_is_a_lock() {
        let whole = serde_json::to_string(&holder("here", 1)).unwrap();
        let longer = serde_json::to_string(&holder("here-and-there", 1)).unwrap();
        for end in 0..=whole.len() {
            check_content(&whole.as_bytes()[..end], true);
        }
        // Killed between writing and cutting what was longer before.
        let over = [whole.as_bytes(), &longer.as_bytes()[whole.len()..]].concat();
        check_content(&over, true);
        check_content(&[0; 300], true);
        check_content(b"a note to myself", false);
        check_content(b"\n", false);
        check_content(b"{}", false);
        check_content(b"[", false);
        check_content(b"{\"a\":", false);
        check_content(b"{\"host\":\"db.example.org\",\"port\":54", false);
        check_content(b"{\"host\":\"db.example.org\"}", false);
        check_content("{\"host\":\"näher\"".as_bytes(), true);
        check_content(&[b'x'; 9_000], false);
    }

    #[test]
    fn a_lock_is_left_to_who_took_it() {
        let disk = Simulated::with_folders(&["/simulated"]);
        let fs: Arc<dyn FileSystem> = Arc::new(disk.clone());
        let project = Path::new("/simulated/p.ron");
        let Ok(Locked::Ours(lock, None)) = acquire(&fs, project, holder("here", 1), false) else {
            panic!("a free lock is taken");
        };
        disk.put("/simulated/.p.ron.lock", b"put here by another program");
        assert!(!lock.is_in_place());
        drop(lock);
        let left = fs.read(&path_of(project), 1 << 20).unwrap();
        assert_eq!(left, b"put here by another program");
    }

    /// Another user's lock can be read and not written.
    #[test]
    fn another_users_lock_is_theirs_while_it_is_held() {
        let project = Path::new("/simulated/p.ron");
        let check = |host: &str, is_held: bool, now: i64, theirs: bool| {
            let disk = Simulated::with_folders(&["/simulated"]);
            let fs: Arc<dyn FileSystem> = Arc::new(disk.clone());
            let held = acquire(&fs, project, holder(host, 1_000), false).unwrap();
            if is_held {
                #[expect(clippy::mem_forget, reason = "it is held to the end")]
                std::mem::forget(held);
            } else {
                // As its program leaves it when it is killed.
                let left = fs.read(&path_of(project), 1 << 20).unwrap();
                drop(held);
                disk.put("/simulated/.p.ron.lock", &left);
            }
            disk.give_away("/simulated/.p.ron.lock");
            let taken = acquire(&fs, project, holder("here", now), false).unwrap();
            let case = format!("{host}, held: {is_held}, at {now}: {taken:?}");
            assert_eq!(matches!(taken, Locked::Theirs(_)), theirs, "{case}");
        };
        check("here", true, 1_001, true);
        check("here", true, 1_000 + STALE_AFTER_SECS, true);
        check("here", false, 1_001, false);
        check("there", false, 1_001, true);
        check("there", false, 1_000 + STALE_AFTER_SECS, false);
    }
}
