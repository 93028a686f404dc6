//! The thread of the journal: takes what the window hands it, writes it, and has it flushed.
//!
//! A flush has a thread of its own, and says what it covers; after one that failed, everything is
//! written anew. Where the journal stands is decided in `places`.

mod places;

use super::{Leave, Opening, Place, Shared, State, Status, Task};
use crate::app::jobs::Wake;
use crate::core::shown::shown_path;
use crate::format::journal::{self as records, Record};
use crate::store::fs::FileSystem;
use crate::store::journal::JournalFile;
use crate::store::lock::Lock;
use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

/// So much work may depend on the operating system's cache.
const SYNC_EVERY: Duration = Duration::from_millis(900);
/// A journal that cannot be written is tried again after so long.
const RETRY_EVERY: Duration = Duration::from_secs(5);

pub(super) struct Worker {
    fs: Arc<dyn FileSystem>,
    shared: Arc<Shared>,
    wake: Wake,
    place: Place,
    file: Option<JournalFile>,
    /// Payloads to begin a new journal with.
    opening: Vec<Arc<[u8]>>,
    then_remove: Vec<(PathBuf, Option<Lock>)>,
    /// The journal is to be begun without a step.
    is_owed: bool,
    /// Say that a journal in the state folder is being written, where no other lock does.
    locks: Vec<(PathBuf, Lock)>,
    /// Journals of other places, all of which is in this one; they are left once that is on the
    /// disk.
    left: Vec<Left>,
    /// The same of one that was out of our hands meanwhile.
    leave_later: Option<Left>,
    /// This journal was begun, and is not on the disk itself yet.
    has_begun: bool,
    /// Payloads since the last record of a file, and between that one and the one before, so that
    /// the journal can be made anew elsewhere.
    held: Vec<Arc<[u8]>>,
    held_before: Vec<Arc<[u8]>>,
    unwritten: VecDeque<Arc<[u8]>>,
    last_sync: Instant,
    is_unsynced: bool,
    /// A flush failed: what was written may not be on the disk.
    is_suspect: bool,
    /// The flush that goes on.
    flush: Option<Flush>,
    is_sync_wanted: bool,
    /// How often another file was taken: a flush of an earlier one says nothing about this one.
    generation: u64,
    last_try: Option<Instant>,
}

/// The journal of the place before, the length of its whole records and the number of the next.
struct Left {
    path: PathBuf,
    whole: u64,
    next: u64,
    leave: Leave,
}

/// A flush in a thread of its own.
struct Flush {
    generation: u64,
    /// So many tasks are on the disk when it succeeds.
    covers: u64,
}

impl Worker {
    pub(super) fn new(
        fs: Arc<dyn FileSystem>,
        shared: Arc<Shared>,
        wake: Wake,
        place: Place,
    ) -> Self {
        Self {
            fs,
            shared,
            wake,
            place,
            file: None,
            opening: Vec::new(),
            then_remove: Vec::new(),
            is_owed: false,
            locks: Vec::new(),
            left: Vec::new(),
            leave_later: None,
            has_begun: false,
            held: Vec::new(),
            held_before: Vec::new(),
            unwritten: VecDeque::new(),
            last_sync: Instant::now(),
            is_unsynced: false,
            is_suspect: false,
            flush: None,
            is_sync_wanted: false,
            generation: 0,
            last_try: None,
        }
    }

    pub(super) fn run(mut self) {
        loop {
            let (tasks, sync_wanted, stop) = self.next();
            self.is_sync_wanted |= sync_wanted;
            let count = tasks.len() as u64;
            for task in tasks {
                self.perform(task);
            }
            let retry = self.last_try.is_none_or(|at| at.elapsed() >= RETRY_EVERY);
            if self.lacks() > 0 && (retry || sync_wanted) {
                self.write_rest();
            }
            self.report(|state| state.tried += count);
            let flushed = self.shared.lock().flushed.take();
            if let Some(result) = flushed {
                self.flush_ended(result);
            }
            let is_due = self.is_sync_wanted || self.last_sync.elapsed() >= SYNC_EVERY;
            if stop && (self.is_unsynced || self.flush.is_some()) {
                self.sync();
                // It may have gone on elsewhere.
                if self.is_unsynced && !self.is_suspect {
                    self.sync();
                }
            } else if self.is_unsynced && is_due && self.flush.is_none() {
                self.begin_sync();
            }
            if !self.is_unsynced && self.flush.is_none() && self.lacks() == 0 {
                self.is_sync_wanted = false;
                self.report(|state| state.synced = state.tried);
            }
            if stop && self.shared.lock().queue.is_empty() {
                if self.lacks() > 0 {
                    self.write_rest();
                    self.sync();
                }
                // Whoever waits for the end may open the journal again.
                self.take_file(None);
                self.locks.clear();
                self.then_remove.clear();
                self.report(|state| {
                    state.synced = state.tried;
                    state.has_ended = true;
                });
                return;
            }
        }
    }

    /// Waits for something to do.
    fn next(&mut self) -> (Vec<Task>, bool, bool) {
        let may_sync = self.is_unsynced && self.flush.is_none();
        let timeout = if may_sync && self.is_sync_wanted {
            Duration::ZERO
        } else if may_sync {
            SYNC_EVERY.saturating_sub(self.last_sync.elapsed())
        } else if self.lacks() > 0 {
            RETRY_EVERY
        } else {
            Duration::from_hours(1)
        };
        let idle = |state: &mut State| {
            let is_told = state.stop || state.sync_wanted || state.flushed.is_some();
            state.queue.is_empty() && !is_told
        };
        let state = self.shared.lock();
        let waited = self.shared.changed.wait_timeout_while(state, timeout, idle);
        let mut state = waited.unwrap_or_else(PoisonError::into_inner).0;
        let tasks = state.queue.drain(..).collect();
        (tasks, std::mem::take(&mut state.sync_wanted), state.stop)
    }

    fn report(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.shared.lock());
        self.shared.changed.notify_all();
    }

    fn set_status(&self, status: Status) {
        let mut state = self.shared.lock();
        if state.status != status {
            state.status = status;
            drop(state);
            (self.wake)();
        }
    }

    fn perform(&mut self, task: Task) {
        match task {
            Task::Opening(opening) => self.open(*opening),
            Task::Append(record) => self.append(&record),
            Task::Switch {
                path,
                fallback,
                then,
                leave,
            } => self.switch(path, fallback, &then, leave),
            Task::Remove => {
                self.settle();
                self.take_file(None);
                if let Some((path, _)) = self.place.present.take() {
                    let _litter_at_worst = self.fs.remove(&path);
                }
                // Nothing is left to be written anew.
                self.unwritten.clear();
                (self.is_owed, self.is_unsynced, self.is_suspect) = (false, false, false);
                self.flush = None;
            }
        }
    }

    fn open(&mut self, opening: Opening) {
        let records = opening.records.iter().map(records::payload);
        self.opening = records.filter_map(Result::ok).map(Arc::from).collect();
        // Work that only an older journal holds must be in this one before anything else happens.
        let has_work = !opening.payloads.is_empty()
            || opening
                .records
                .iter()
                .any(|record| matches!(record, Record::Step(_)));
        self.opening.extend(opening.payloads);
        self.then_remove = opening.then_remove;
        self.locks.extend(opening.lock);
        if let Some((path, _)) = self.place.present.clone() {
            if self.hold(&path).is_ok() {
                return;
            }
            // Another program took it since it was read.
            self.place.present = None;
        }
        if has_work || opening.is_urgent {
            self.is_owed = true;
            self.write_rest();
        }
    }

    fn take_file(&mut self, file: Option<JournalFile>) {
        self.generation += 1;
        self.file = file;
    }

    /// How many records are in memory only.
    fn lacks(&self) -> usize {
        let owed = if self.is_owed { self.opening.len() } else { 0 };
        self.unwritten.len() + owed
    }

    fn append(&mut self, record: &Record) {
        let is_file = matches!(record, Record::File { .. });
        // A journal that was never begun need not say which file it does not belong to.
        if self.place.present.is_none()
            && self.unwritten.is_empty()
            && !self.is_owed
            && !record.is_turn()
        {
            if let (true, Ok(payload)) = (is_file, records::payload(record)) {
                self.opening.push(payload.into());
            }
            return;
        }
        match records::payload(record) {
            Ok(payload) => {
                self.owe(payload.into(), is_file);
                if is_file {
                    self.go_home();
                }
                self.write_rest();
            }
            Err(error) => self.set_status(Status {
                trouble: Some(format!("a record cannot be written: {error}")),
                unwritten: self.unwritten.len() + 1,
                elsewhere: None,
            }),
        }
    }

    fn owe(&mut self, payload: Arc<[u8]>, is_file: bool) {
        if is_file {
            let before = std::mem::replace(&mut self.held_before, std::mem::take(&mut self.held));
            if self.is_owed {
                // It is nowhere else.
                self.opening.extend(before);
            }
        }
        self.held.push(payload.clone());
        self.unwritten.push_back(payload);
    }

    /// Writes what is not written yet; when that fails, at the other place.
    fn write_rest(&mut self) {
        self.last_try = Some(Instant::now());
        let error = match self.try_write() {
            Ok(()) if self.is_suspect => return,
            Ok(()) => {
                let mut status = self.shared.lock().status.clone();
                status.unwritten = 0;
                if status.elsewhere.is_none() {
                    status.trouble = None;
                }
                self.set_status(status);
                return;
            }
            Err(error) => error,
        };
        let fallback = self.place.fallback.as_deref();
        let is_there = |file: &JournalFile| Some(file.path()) == fallback;
        let is_away = self.file.as_ref().is_some_and(is_there);
        let mut status = Status {
            trouble: Some(error),
            unwritten: self.lacks(),
            elsewhere: None,
        };
        match (!is_away).then(|| self.begin_elsewhere()).flatten() {
            Some(Ok(path)) => {
                status.unwritten = 0;
                status.elsewhere = Some(path);
            }
            Some(Err(second)) => {
                status.trouble = status.trouble.map(|first| format!("{first}; {second}"));
            }
            None => {}
        }
        self.set_status(status);
    }

    fn try_write(&mut self) -> Result<(), String> {
        if self.file.is_none() {
            let file = match self.place.present.clone() {
                Some((path, whole)) => JournalFile::open(self.fs.clone(), &path, whole),
                None => {
                    let path = self.place.path.clone();
                    return self.begin_at(&path);
                }
            };
            self.take_file(Some(file.map_err(|error| error.to_string())?));
        }
        let Some(file) = &mut self.file else {
            return Ok(());
        };
        // A folder that was renamed takes the journal with it, and a drive that is gone takes
        // writes that nobody will ever see.
        if !file.is_in_place() {
            let path = shown_path(file.path());
            // It is begun anew, and be it where it was.
            self.take_file(None);
            return Err(format!("{path}: the file is no longer there"));
        }
        while let Some(payload) = self.unwritten.front() {
            let line = records::line(self.place.next_sequence, payload)?;
            file.append(&line).map_err(|error| error.to_string())?;
            self.is_unsynced = true;
            self.place.next_sequence += 1;
            self.unwritten.pop_front();
        }
        self.place.present = Some((file.path().to_owned(), file.len_bytes()));
        Ok(())
    }

    /// Begins to flush what is written, in another thread.
    fn begin_sync(&mut self) {
        let flush = match &mut self.file {
            Some(file) if !self.is_suspect => file.flush_later(),
            _ => return self.sync(),
        };
        let shared = self.shared.clone();
        let begun = flush.map_err(|error| error.to_string()).and_then(|flush| {
            let thread = std::thread::Builder::new().name("journal flush".to_owned());
            let run = move || {
                let result = flush().map_err(|error| error.to_string());
                shared.lock().flushed = Some(result);
                shared.changed.notify_all();
            };
            thread.spawn(run).map_err(|error| error.to_string())
        });
        if begun.is_err() {
            return self.sync();
        }
        self.last_sync = Instant::now();
        self.is_sync_wanted = false;
        self.is_unsynced = false;
        let state = self.shared.lock();
        self.flush = Some(Flush {
            generation: self.generation,
            covers: match self.lacks() {
                0 => state.tried,
                _ => state.synced,
            },
        });
    }

    fn flush_ended(&mut self, result: Result<(), String>) {
        let flush = self.flush.take();
        // Another file was taken meanwhile, and is flushed itself.
        let Some(flush) = flush.filter(|flush| flush.generation == self.generation) else {
            return;
        };
        match result {
            Ok(()) => {
                self.settle();
                self.report(|state| state.synced = flush.covers.max(state.synced));
            }
            Err(trouble) => self.sync_failed(trouble),
        }
    }

    /// Flushes what is written, in this thread.
    fn sync(&mut self) {
        self.last_sync = Instant::now();
        self.is_sync_wanted = false;
        let result = match &mut self.file {
            Some(file) if !self.is_suspect => file.sync().map_err(|error| error.to_string()),
            _ => self.rewrite(),
        };
        self.flush = None;
        match result {
            Ok(()) => {
                self.is_unsynced = false;
                self.is_suspect = false;
                self.settle();
            }
            Err(trouble) => self.sync_failed(trouble),
        }
    }

    /// After a flush that failed nobody knows which bytes are on the disk: everything is written
    /// anew, elsewhere if need be.
    fn sync_failed(&mut self, trouble: String) {
        self.is_suspect = true;
        self.is_unsynced = true;
        let elsewhere = self.begin_elsewhere().and_then(Result::ok);
        if elsewhere.is_some() {
            // It is flushed next, while work goes on.
            self.is_suspect = false;
            self.is_sync_wanted = true;
        }
        self.set_status(Status {
            trouble: Some(trouble),
            unwritten: usize::from(elsewhere.is_none()),
            elsewhere,
        });
    }
}
