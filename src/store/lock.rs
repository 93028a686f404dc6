//! Who has a project open: a lock file beside it.
//!
//! The operating system's advisory lock tells at once when the holder died, where it works; the
//! file says host, user and time, and is refreshed, for shares where it does not. Knows no
//! project.

use super::StoreError;
use serde::{Deserialize, Serialize};
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// A lock of another machine that was not refreshed for so long is stale, in seconds.
pub const STALE_AFTER_SECS: i64 = 300;
/// How often the holder refreshes it, in seconds.
pub const REFRESH_SECS: i64 = 60;

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
#[derive(Debug)]
pub struct Lock {
    file: File,
    path: PathBuf,
    holder: Holder,
}

#[derive(Debug)]
pub enum Locked {
    /// It is ours now. `Some` says who held it and ended without giving it back.
    Ours(Lock, Option<Holder>),
    /// Someone else has it open.
    Theirs(Holder),
}

/// `.NAME.ron.lock`, beside the project.
pub fn path_of(project: &Path) -> PathBuf {
    let name = project.file_name().unwrap_or_default().to_string_lossy();
    project.with_file_name(format!(".{name}.lock"))
}

/// Takes the lock of a project, or says who has it. `force` takes it from a holder whose operating
/// system lock is not felt here.
pub fn acquire(project: &Path, me: Holder, force: bool) -> Result<Locked, StoreError> {
    let path = path_of(project);
    let fail = |error: &io::Error| StoreError::new(&path, error);
    for _ in 0..8 {
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(|error| fail(&error))?;
        let found = read_holder(&mut file);
        let is_felt = match file.try_lock() {
            Ok(()) => true,
            Err(TryLockError::WouldBlock) => {
                // Being taken right now, and not written yet.
                let unknown = Holder {
                    host: me.host.clone(),
                    user: "someone".to_owned(),
                    process: 0,
                    since_secs: me.since_secs,
                    seen_secs: me.since_secs,
                };
                return Ok(Locked::Theirs(found.unwrap_or(unknown)));
            }
            // This file system has no locks: the content alone must do.
            Err(TryLockError::Error(_)) => false,
        };
        // The holder may have removed the file between our opening and locking it.
        if !is_still(&file, &path) {
            continue;
        }
        let is_fresh = |holder: &Holder| me.seen_secs - holder.seen_secs < STALE_AFTER_SECS;
        let theirs = found.clone().filter(|holder| {
            let same_host = holder.host == me.host;
            // On this machine the lock would be felt, where locks work.
            !(is_felt && same_host) && is_fresh(holder) && !force
        });
        if let Some(holder) = theirs {
            return Ok(Locked::Theirs(holder));
        }
        let mut lock = Lock {
            file,
            path: path.clone(),
            holder: me,
        };
        lock.write().map_err(|error| fail(&error))?;
        return Ok(Locked::Ours(lock, found));
    }
    Err(fail(&io::Error::other("the lock file comes and goes")))
}

#[cfg(unix)]
fn is_still(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    match (file.metadata(), std::fs::metadata(path)) {
        (Ok(ours), Ok(there)) => ours.ino() == there.ino() && ours.dev() == there.dev(),
        _ => false,
    }
}

#[cfg(not(unix))]
fn is_still(_file: &File, path: &Path) -> bool {
    path.exists()
}

fn read_holder(file: &mut File) -> Option<Holder> {
    let mut text = String::new();
    file.take(4_096).read_to_string(&mut text).ok()?;
    serde_json::from_str(&text).ok()
}

impl Lock {
    fn write(&mut self) -> io::Result<()> {
        let text = serde_json::to_string(&self.holder).map_err(io::Error::other)?;
        self.file.seek(SeekFrom::Start(0))?;
        self.file.write_all(text.as_bytes())?;
        self.file.set_len(text.len() as u64)
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
        is_still(&self.file, &self.path)
            && OpenOptions::new()
                .read(true)
                .open(&self.path)
                .ok()
                .and_then(|mut file| read_holder(&mut file))
                .is_some_and(|holder| {
                    holder.process == self.holder.process && holder.host == self.holder.host
                })
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        if self.is_in_place() {
            let _litter_at_worst = std::fs::remove_file(&self.path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
            acquire(&project, holder(host, now), force).unwrap()
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
            let taken = acquire(&project, holder("here", now), force).unwrap();
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
            acquire(&project, holder("here", 5), false).unwrap(),
            Locked::Ours(_, None)
        ));
    }
}
