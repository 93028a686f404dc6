//! The thread that keeps the journal on disk.
//!
//! The window hands it records and waits a few milliseconds at most for the write; flushing to the
//! disk itself happens at most a second later, in a thread of its own: a slow disk must not keep
//! the next record in memory, where it would die with the program. When the journal cannot be
//! written where it belongs, it goes on in the state folder, and says so. Knows records as values,
//! not what they do to a project.

use crate::app::clock;
use crate::app::jobs::Wake;
use crate::core::shown::shown_path;
use crate::format::journal::{self as records, Record, salvage};
use crate::store::fs::{FileSystem, is_free};
use crate::store::journal::{JournalFile, another_name, project_of};
use crate::store::lock::{self, Lock, Locked};
use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// So much work may depend on the operating system's cache.
const SYNC_EVERY: Duration = Duration::from_millis(900);
/// The window waits so long for a record to be written.
const WAIT: Duration = Duration::from_millis(4);
/// A journal that cannot be written is tried again after so long.
const RETRY_EVERY: Duration = Duration::from_secs(5);

/// Where the journal of a project is, and how far it is written.
#[derive(Clone, Debug)]
pub struct Place {
    /// Where it belongs.
    pub path: PathBuf,
    /// Where it goes when it cannot be written there.
    pub fallback: Option<PathBuf>,
    /// Where it is now, with the length of its whole records; none when there is none yet.
    pub present: Option<(PathBuf, u64)>,
    /// The number of its next record.
    pub next_sequence: u64,
    /// Whether it belongs beside a project file.
    pub is_beside: bool,
    /// Where a journal has a lock of its own, since that of its project may be out of reach.
    pub state_folder: Option<PathBuf>,
    /// The journal whose lock the window holds itself.
    pub locked: Option<PathBuf>,
    /// The project could not be locked, so that its journal has a lock of its own beside it, too.
    pub is_unlocked: bool,
}

/// What the window should know.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Status {
    /// Why the journal is not where it belongs.
    pub trouble: Option<String>,
    /// Records that are in memory only.
    pub unwritten: usize,
    /// Where the journal is, when not where it belongs.
    pub elsewhere: Option<PathBuf>,
}

/// What a new journal begins with.
#[derive(Default)]
pub struct Opening {
    pub records: Vec<Record>,
    /// More of them, as they stood in another journal.
    pub payloads: Vec<Arc<[u8]>>,
    /// It is begun now and not with the first step.
    pub is_urgent: bool,
    /// Journals that hold nothing beyond it: they go once it is on the disk, and are held until
    /// then.
    pub then_remove: Vec<(PathBuf, Option<Lock>)>,
    /// The lock of the journal that is gone on with.
    pub lock: Option<(PathBuf, Lock)>,
}

enum Task {
    Append(Record),
    Opening(Box<Opening>),
    /// Goes on at another place with everything so far.
    Switch {
        path: PathBuf,
        fallback: Option<PathBuf>,
        then: Record,
        leave: Leave,
    },
    Remove,
}

/// What becomes of the old journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leave {
    /// It belongs to a project that was saved under its first name.
    Remove,
    /// It belongs to another file, to which the latest edits do not belong.
    GivenUp,
}

#[derive(Default)]
struct State {
    queue: VecDeque<Task>,
    submitted: u64,
    /// Tasks that were tried.
    tried: u64,
    /// Tasks whose bytes are on the disk itself.
    synced: u64,
    sync_wanted: bool,
    /// How the flush that was begun went.
    flushed: Option<Result<(), String>>,
    status: Status,
    stop: bool,
    /// The thread has given back all that it held.
    has_ended: bool,
}

struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The window's end of the journal. Dropping it writes and flushes what is left.
pub struct Journal {
    shared: Arc<Shared>,
    thread: Option<std::thread::JoinHandle<()>>,
}

/// For jobs that write into the journal.
#[derive(Clone)]
pub struct JournalSender(Arc<Shared>);

impl Journal {
    /// Starts the thread. `opening` is what a new journal begins with; it is written with the first
    /// step, so that looking at a project leaves no file, or at once when it is urgent.
    pub fn start(
        fs: Arc<dyn FileSystem>,
        place: Place,
        opening: Opening,
        wake: Wake,
    ) -> std::io::Result<Self> {
        let shared = Arc::new(Shared {
            state: Mutex::default(),
            changed: Condvar::new(),
        });
        let worker = Worker {
            fs,
            shared: shared.clone(),
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
        };
        let thread = std::thread::Builder::new()
            .name("journal".to_owned())
            .spawn(move || worker.run())?;
        let journal = Self {
            shared,
            thread: Some(thread),
        };
        journal.sender().push(Task::Opening(Box::new(opening)));
        Ok(journal)
    }

    pub fn sender(&self) -> JournalSender {
        JournalSender(self.shared.clone())
    }

    /// Writes a record; returns when it is written, or after a few milliseconds.
    pub fn append(&self, record: Record) {
        let sender = self.sender();
        let ticket = sender.push(Task::Append(record));
        sender.wait(WAIT, |state| state.tried >= ticket);
    }

    pub fn status(&self) -> Status {
        self.shared.lock().status.clone()
    }

    /// Tries again at once what could not be written.
    pub fn retry(&self) {
        self.shared.lock().sync_wanted = true;
        self.shared.changed.notify_all();
    }

    /// Waits until everything so far is on the disk itself; `false` when that takes longer.
    pub fn flush(&self, at_most: Duration) -> bool {
        self.sender().flush(at_most)
    }

    /// Removes the journal: there is nothing in it.
    pub fn remove(self) {
        self.sender().push(Task::Remove);
    }
}

impl Drop for Journal {
    fn drop(&mut self) {
        self.shared.lock().stop = true;
        self.shared.changed.notify_all();
        // A drive that does not answer must not keep the window open.
        self.sender()
            .wait(Duration::from_secs(2), |state| state.has_ended);
        if let Some(thread) = self.thread.take()
            && thread.is_finished()
        {
            let _panicked_at_worst = thread.join();
        }
    }
}

impl JournalSender {
    fn push(&self, task: Task) -> u64 {
        let mut state = self.0.lock();
        state.queue.push_back(task);
        state.submitted += 1;
        let ticket = state.submitted;
        drop(state);
        self.0.changed.notify_all();
        ticket
    }

    fn wait(&self, at_most: Duration, done: impl Fn(&State) -> bool) -> bool {
        let state = self.0.lock();
        let waited = self
            .0
            .changed
            .wait_timeout_while(state, at_most, |state| !done(state));
        !waited.unwrap_or_else(PoisonError::into_inner).1.timed_out()
    }

    fn flush(&self, at_most: Duration) -> bool {
        let ticket = {
            let mut state = self.0.lock();
            state.sync_wanted = true;
            state.submitted
        };
        self.0.changed.notify_all();
        let is_stuck = |state: &State| state.tried >= ticket && state.status.unwritten > 0;
        self.wait(at_most, |state| state.synced >= ticket || is_stuck(state))
            && self.0.lock().synced >= ticket
    }

    /// Says which content is about to be in the project file, before it is put there.
    pub fn file_is_about_to_be(&self, state: u64, content: records::Content) {
        let when = Some(clock::now());
        self.push(Task::Append(Record::File {
            state,
            content,
            when,
            is_placed: false,
        }));
        // Without it the file is whole as well; only the history would not fit it.
        let _best_effort = self.flush(Duration::from_secs(5));
    }

    /// Says that it is there now.
    pub fn file_is_placed(&self) {
        self.push(Task::Append(Record::Placed));
    }

    /// Goes on beside another project file, which holds `state`.
    pub fn switch(
        &self,
        path: PathBuf,
        fallback: Option<PathBuf>,
        state: u64,
        content: records::Content,
        leave: Leave,
    ) {
        let when = Some(clock::now());
        self.push(Task::Switch {
            path,
            fallback,
            then: Record::File {
                state,
                content,
                when,
                is_placed: true,
            },
            leave,
        });
        let _best_effort = self.flush(Duration::from_secs(5));
    }
}

struct Worker {
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
    fn run(mut self) {
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
    fn hold(&mut self, path: &Path) -> Result<(), String> {
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
    fn begin_elsewhere(&mut self) -> Option<Result<PathBuf, String>> {
        let mut path = self.place.fallback.clone()?;
        if self.claim(&path).is_err() {
            path = another_name(&path, &clock::unique());
            self.place.fallback = Some(path.clone());
        }
        Some(self.begin_at(&path).map(|()| path))
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

    /// Makes a journal at `path` with everything: the old one, if it can be read, or what is held.
    fn begin_at(&mut self, path: &Path) -> Result<(), String> {
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
    fn settle(&mut self) {
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
    fn go_home(&mut self) {
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

    fn switch(&mut self, path: PathBuf, fallback: Option<PathBuf>, then: &Record, leave: Leave) {
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

    /// Writes the whole journal anew where it is.
    fn rewrite(&mut self) -> Result<(), String> {
        let present = self.place.present.as_ref();
        let path = present.map_or(&self.place.path, |(path, _)| path).clone();
        self.begin_at(&path)?;
        let synced = self.file.as_mut().map_or(Ok(()), JournalFile::sync);
        synced.map_err(|error| error.to_string())?;
        self.set_status(Status::default());
        Ok(())
    }
}
