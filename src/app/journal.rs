//! The thread that keeps the journal on disk, and the window's end of it.
//!
//! The window hands it records and waits a few milliseconds at most for the write; flushing to the
//! disk itself happens at most a second later, in a thread of its own: a slow disk must not keep
//! the next record in memory, where it would die with the program. When the journal cannot be
//! written where it belongs, it goes on in the state folder, and says so. Knows records as values,
//! not what they do to a project.

mod worker;

use crate::app::clock;
use crate::app::jobs::Wake;
use crate::format::journal::{self as records, Record};
use crate::store::fs::FileSystem;
use crate::store::lock::Lock;
use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use worker::Worker;

/// The window waits so long for a record to be written.
const WAIT: Duration = Duration::from_millis(4);

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
        let worker = Worker::new(fs, shared.clone(), wake, place);
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
