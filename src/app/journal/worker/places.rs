//! Where the journal stands: at home, elsewhere when it cannot be written there, or beside another
//! file; under which lock, and what becomes of the journals that it has left.
//!
//! What another program holds or has left is never replaced (invariant 12), and an old journal goes
//! only once all that it holds is on the disk in this one (invariant 8).

use super::{Left, Worker};
use crate::app::clock;
use crate::app::journal::{Leave, Status};
use crate::core::shown::shown_path;
use crate::format::journal::{self as records, Record, salvage};
use crate::store::fs::is_free;
use crate::store::journal::{JournalFile, another_name, project_of};
use crate::store::lock::{self, Locked};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

impl Worker {
    /// Whether a journal has a lock of its own, which this thread holds.
    fn needs_lock(&self, path: &Path) -> bool {
        let is_away = self.place.state_folder.as_deref() == path.parent();
        let is_bare = self.place.is_unlocked && *path == self.place.path;
        (is_away || is_bare) && self.place.locked.as_deref() != Some(path)
    }

    fn holds(&self, path: &Path) -> bool {
        self.locks.iter().any(|(locked, _)| locked == path)
    }

    /// Holds a journal in the state folder against other programs. An error when another one holds
    /// it.
    pub(super) fn hold(&mut self, path: &Path) -> Result<(), String> {
        if !self.needs_lock(path) || self.holds(path) {
            return Ok(());
        }
        let mut removed = self.then_remove.iter_mut();
        let held = removed.find_map(|(held, lock)| lock.take_if(|_| held == path));
        let lock = match held {
            Some(lock) => lock,
            None => match lock::acquire(&self.fs, path, clock::holder(), false) {
                Ok(Locked::Ours(lock, _)) => lock,
                Ok(Locked::Theirs(holder)) => {
                    let who = clock::who(&holder);
                    return Err(format!("{}: {who} has it open", shown_path(path)));
                }
                // Where locks cannot be made, the work goes on without.
                Err(_) => return Ok(()),
            },
        };
        self.locks.push((path.to_owned(), lock));
        Ok(())
    }

    /// Takes a place to begin a journal at. An error when another program writes there, or has left
    /// its work there.
    fn claim(&mut self, path: &Path) -> Result<(), String> {
        let present = self.place.present.iter().map(|(present, _)| present);
        let mut known = present.chain(self.then_remove.iter().map(|(removed, _)| removed));
        let is_ours = self.holds(path) || known.any(|known| known == path);
        self.hold(path)?;
        if is_ours || !self.needs_lock(path) || is_free(&*self.fs, path) {
            return Ok(());
        }
        self.locks.retain(|(locked, _)| locked != path);
        let path = shown_path(path);
        Err(format!("{path}: something stands there that was not read"))
    }

    /// Goes on at the other place. Where that is another program's, at one that nothing has.
    pub(super) fn begin_elsewhere(&mut self) -> Option<Result<PathBuf, String>> {
        let mut path = self.place.fallback.clone()?;
        if self.claim(&path).is_err() {
            path = another_name(&path, &clock::unique());
            self.place.fallback = Some(path.clone());
        }
        Some(self.begin_at(&path).map(|()| path))
    }

    /// Makes a journal at `path` with everything: the old one, if it can be read, or what is held.
    pub(super) fn begin_at(&mut self, path: &Path) -> Result<(), String> {
        self.claim(path)?;
        if self.place.is_beside && *path == self.place.path {
            // Where the project was moved away, nobody would look for its journal.
            let project = project_of(path);
            let info = self.fs.info(&project);
            info.map_err(|error| format!("{}: {error}", shown_path(&project)))?;
        }
        let old = self.present_bytes();
        let mut lines: Vec<Arc<[u8]>> = Vec::new();
        let mut sequence = self.place.next_sequence;
        let rest: Vec<Arc<[u8]>> = match old {
            Some(old) => {
                lines.push(old.into());
                self.unwritten.iter().cloned().collect()
            }
            None => {
                // Goes on counting, so that this journal is known as the later one.
                let opening = self.opening.iter().chain(&self.held_before);
                opening.chain(&self.held).cloned().collect()
            }
        };
        for payload in rest {
            lines.push(records::line(sequence, &payload)?.into());
            sequence += 1;
        }
        let file = JournalFile::create(self.fs.clone(), path, &lines);
        let file = file.map_err(|error| error.to_string())?;
        self.place.present = Some((path.to_owned(), file.len_bytes()));
        self.place.next_sequence = sequence;
        self.take_file(Some(file));
        self.unwritten.clear();
        self.is_owed = false;
        self.has_begun = true;
        self.is_unsynced = true;
        Ok(())
    }

    /// What else holds the work of a journal that was begun may go, now that all is on the disk.
    pub(super) fn settle(&mut self) {
        if !std::mem::take(&mut self.has_begun) {
            return;
        }
        let present = self.place.present.as_ref().map(|(path, _)| path.clone());
        let is_other = |path: &Path| present.as_deref() != Some(path);
        for (old, _held_until_here) in std::mem::take(&mut self.then_remove) {
            if is_other(&old) {
                let _litter_at_worst = self.fs.remove(&old);
            }
        }
        for left in std::mem::take(&mut self.left) {
            if is_other(&left.path) {
                self.leave(&left);
            }
        }
        if let Some(left) = self.leave_later.take() {
            self.leave_unless_used(&left);
        }
        self.locks
            .retain(|(path, _)| Some(path) == present.as_ref());
    }

    /// What is written so far, if it can be read.
    fn present_bytes(&self) -> Option<Vec<u8>> {
        let (path, whole) = self.place.present.as_ref()?;
        let mut bytes = self.fs.read_own(path, records::MAX_FILE_BYTES).ok()?;
        bytes.truncate(usize::try_from(*whole).ok()?);
        (bytes.len() as u64 == *whole).then_some(bytes)
    }

    /// After a save the journal goes back to where it belongs, when it can.
    pub(super) fn go_home(&mut self) {
        let away = self.place.present.clone();
        let Some((path, whole)) = away.filter(|(path, _)| *path != self.place.path) else {
            return;
        };
        let home = self.place.path.clone();
        let next = self.place.next_sequence;
        if self.begin_at(&home).is_ok() {
            let leave = Leave::Remove;
            self.left.push(Left {
                path,
                whole,
                next,
                leave,
            });
            self.set_status(Status::default());
        }
    }

    pub(super) fn switch(
        &mut self,
        path: PathBuf,
        fallback: Option<PathBuf>,
        then: &Record,
        leave: Leave,
    ) {
        let old = self.place.present.clone();
        self.place.path = path.clone();
        self.place.fallback = fallback;
        self.place.is_beside = true;
        self.place.locked = None;
        self.place.is_unlocked = false;
        if old.is_none() && self.unwritten.is_empty() && !self.is_owed {
            self.append(then);
            return;
        }
        if let Ok(payload) = records::payload(then) {
            self.owe(payload.into(), true);
        }
        let left = old
            .filter(|(old, _)| *old != path)
            .map(|(path, whole)| Left {
                path,
                whole,
                next: self.place.next_sequence,
                leave,
            });
        // The old journal belongs to another file now, and nothing more is written in it.
        self.take_file(None);
        let begun = match self.begin_at(&path) {
            Ok(()) => Ok(Status::default()),
            Err(first) => match self.begin_elsewhere() {
                Some(Ok(elsewhere)) => Ok(Status {
                    trouble: Some(first),
                    unwritten: 0,
                    elsewhere: Some(elsewhere),
                }),
                Some(Err(second)) => Err(format!("{first}; {second}")),
                None => Err(first),
            },
        };
        match begun {
            Ok(status) => {
                self.set_status(status);
                self.left.extend(left);
            }
            Err(trouble) => {
                self.owe_all();
                self.leave_later = left;
                self.locks.clear();
                self.set_status(Status {
                    trouble: Some(trouble),
                    unwritten: self.lacks(),
                    elsewhere: None,
                });
            }
        }
    }

    /// Keeps in memory what a new journal is to begin with, since there is no place for one.
    fn owe_all(&mut self) {
        let old = self.present_bytes();
        let old = old
            .as_deref()
            .map(salvage)
            .filter(|old| old.damage.is_empty());
        if let Some(old) = old {
            let entries = old.entries.iter();
            self.opening = entries.map(|entry| Arc::from(entry.payload)).collect();
            self.opening.extend(self.unwritten.drain(..));
            self.held.clear();
        } else {
            self.opening.append(&mut self.held_before);
            self.opening.append(&mut self.held);
        }
        self.held_before.clear();
        self.unwritten.clear();
        self.place.present = None;
        self.is_owed = true;
        self.is_unsynced = false;
        self.last_try = Some(Instant::now());
    }

    fn leave(&self, left: &Left) {
        match left.leave {
            Leave::Remove => {
                let _litter_at_worst = self.fs.remove(&left.path);
            }
            Leave::GivenUp => self.give_up(&left.path, left.whole, left.next),
        }
    }

    /// The same, later: meanwhile another program may have gone on with it.
    fn leave_unless_used(&self, left: &Left) {
        let is_away = self.place.state_folder.as_deref() == left.path.parent();
        let locked = if is_away {
            left.path.clone()
        } else {
            project_of(&left.path)
        };
        let lock = lock::acquire(&self.fs, &locked, clock::holder(), false);
        let info = self.fs.look(&left.path);
        if matches!(lock, Ok(Locked::Ours(..))) && info.is_ok_and(|i| i.len_bytes == left.whole) {
            self.leave(left);
        }
    }

    fn give_up(&self, old: &Path, whole: u64, next: u64) {
        let when = Some(clock::now());
        let payload = records::payload(&Record::GivenUp { when });
        if let (Ok(mut file), Ok(payload)) =
            (JournalFile::open(self.fs.clone(), old, whole), payload)
            && let Ok(line) = records::line(next, &payload)
        {
            // Without it the edits are recovered there as well: more than wanted, never less.
            let _best_effort = file.append(&line).and_then(|()| file.sync());
        }
    }

    /// Writes the whole journal anew where it is.
    pub(super) fn rewrite(&mut self) -> Result<(), String> {
        let present = self.place.present.as_ref();
        let path = present.map_or(&self.place.path, |(path, _)| path).clone();
        self.begin_at(&path)?;
        let synced = self.file.as_mut().map_or(Ok(()), JournalFile::sync);
        synced.map_err(|error| error.to_string())?;
        self.set_status(Status::default());
        Ok(())
    }
}
