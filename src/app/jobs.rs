//! Work that takes longer than a frame: named threads, progress, cancel.
//!
//! A job sees an immutable snapshot and sends one result. Cancelling is always safe, and a panic in
//! a job becomes a notice. The runner knows the window only as `wake`.

use crate::core::shown::shown;
use crate::format::parallel;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex};

/// What a job is for; made in the room that it belongs to. Of each kind, one has its result taken in
/// at a time.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct JobKind {
    name: &'static str,
    turn: Turn,
}

/// What becomes of a job that is begun while another one of its kind is running.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::app) enum Turn {
    /// It takes the place of the one that runs, whose result nobody wants any more.
    NewestWins,
    /// It has to wait until that one is done, which is told.
    OneAtATime(&'static str),
}

impl JobKind {
    pub(in crate::app) const fn new(name: &'static str, turn: Turn) -> Self {
        Self { name, turn }
    }
}

impl fmt::Debug for JobKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// Makes kinds of jobs, named as the kinds of an enum are.
macro_rules! jobs {
    ($($name:ident => $turn:expr,)*) => {
        impl crate::app::jobs::JobKind {
            $(
                #[expect(non_upper_case_globals, reason = "a kind of job")]
                pub const $name: Self = Self::new(stringify!($name), $turn);
            )*
        }
    };
}

pub(in crate::app) use jobs;

/// Why a job was not started.
#[derive(Debug)]
pub enum NotStarted {
    /// One of its kind is running; what is told.
    Running(&'static str),
    NoThread(std::io::Error),
}

/// What is made of each item, in their order, on all cores.
pub(in crate::app) fn on_all_cores<I: Sync, T: Send>(
    items: &[I],
    make: impl Fn(&I) -> T + Sync,
) -> Vec<T> {
    let share = items.len().div_ceil(parallel::cores()).max(1);
    let make = &make;
    std::thread::scope(|scope| {
        let parts = items.chunks(share);
        let parts = parts.map(|part| scope.spawn(move || part.iter().map(make).collect()));
        let parts: Vec<_> = parts.collect();
        let made = parts.into_iter().flat_map(|part| -> Vec<T> {
            part.join()
                .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        });
        made.collect()
    })
}

pub struct JobContext {
    cancelled: Arc<AtomicBool>,
    /// Thousandths done; over 1,000 when unknown.
    share: Arc<AtomicU32>,
    item: Arc<Mutex<String>>,
    wake: Wake,
}

pub type Wake = Arc<dyn Fn() + Send + Sync>;

impl JobContext {
    /// Lets the window go first, for work that keeps all cores busy. Threads that this one begins do the
    /// same, and programs, too: readers of imports, whose time is limited, must not begin below it.
    /// Elsewhere than on Linux `nice` is about the whole program, or is not there.
    pub fn stand_back(&self) {
        #[cfg(target_os = "linux")]
        {
            const STEPS: i32 = 5;
            // Where it is refused, the system has its reasons.
            let _refused = rustix::process::nice(STEPS);
        }
    }

    pub fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }

    /// The same, to be asked when what it found is taken in: it may be cancelled until then.
    pub fn cancelled_since(&self) -> impl Fn() -> bool + Send + use<> {
        let cancelled = self.cancelled.clone();
        move || cancelled.load(Ordering::Relaxed)
    }

    /// Says how far it has come (0 to 1); answers whether to go on.
    pub fn progress(&self, share: f32) -> bool {
        let thousandths = (share.clamp(0.0, 1.0) * 1000.0) as u32;
        if self.share.swap(thousandths, Ordering::Relaxed) != thousandths {
            (self.wake)();
        }
        !self.is_cancelled()
    }

    /// Says what it is at. What is unseen in names is shown, here and in titles.
    pub fn item(&self, item: impl Into<String>) {
        if let Ok(mut current) = self.item.lock() {
            *current = shown(&item.into()).into_owned();
        }
    }
}

pub struct Job {
    pub kind: JobKind,
    pub title: String,
    cancelled: Arc<AtomicBool>,
    share: Arc<AtomicU32>,
    item: Arc<Mutex<String>>,
    started: std::time::Instant,
    id: u64,
    /// A newer one has taken its place.
    is_superseded: bool,
}

impl Job {
    /// 0 to 1, or `None` while it is unknown.
    pub fn share(&self) -> Option<f32> {
        let thousandths = self.share.load(Ordering::Relaxed);
        (thousandths <= 1000).then_some(thousandths as f32 / 1000.0)
    }

    pub fn item(&self) -> String {
        self.item
            .lock()
            .map(|item| item.clone())
            .unwrap_or_default()
    }

    pub fn cancel(&self) {
        self.cancelled.store(true, Ordering::Relaxed);
    }

    pub fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }

    pub fn running_secs(&self) -> f32 {
        self.started.elapsed().as_secs_f32()
    }
}

/// Runs jobs whose results are of type `T`.
pub struct Jobs<T> {
    running: Vec<Job>,
    next: u64,
    wake: Wake,
    sender: SyncSender<(u64, Result<T, String>)>,
    receiver: Receiver<(u64, Result<T, String>)>,
}

/// Frees what is large on a thread of its own: a million pieces take longer than a frame. Nothing
/// else holds it any more.
pub fn let_go(value: impl Send + 'static) {
    let thread = std::thread::Builder::new().name("let go".to_owned());
    // Where there is no thread it is freed here.
    let _handle = thread.spawn(move || drop(value));
}

impl<T: Send + 'static> Jobs<T> {
    pub fn new(wake: Wake) -> Self {
        let (sender, receiver) = sync_channel(64);
        Self {
            running: Vec::new(),
            next: 0,
            wake,
            sender,
            receiver,
        }
    }

    pub fn wake(&self) -> Wake {
        self.wake.clone()
    }

    pub fn running(&self) -> &[Job] {
        &self.running
    }

    pub fn is_running(&self, kind: JobKind) -> bool {
        self.running.iter().any(|job| job.kind == kind)
    }

    /// Starts a job, in the place of those of its kind where the newest wins.
    pub fn start(
        &mut self,
        kind: JobKind,
        title: impl Into<String>,
        work: impl FnOnce(&JobContext) -> T + Send + 'static,
    ) -> Result<(), NotStarted> {
        if let Turn::OneAtATime(told) = kind.turn
            && self.is_running(kind)
        {
            return Err(NotStarted::Running(told));
        }
        for older in self.running.iter_mut().filter(|job| job.kind == kind) {
            older.cancel();
            older.is_superseded = true;
        }
        let context = JobContext {
            cancelled: Arc::default(),
            share: Arc::new(AtomicU32::new(u32::MAX)),
            item: Arc::default(),
            wake: self.wake.clone(),
        };
        let job = Job {
            kind,
            title: shown(&title.into()).into_owned(),
            cancelled: context.cancelled.clone(),
            share: context.share.clone(),
            item: context.item.clone(),
            started: std::time::Instant::now(),
            id: self.next,
            is_superseded: false,
        };
        let id = job.id;
        let sender = self.sender.clone();
        let thread = std::thread::Builder::new().name(format!("{kind:?}").to_lowercase());
        let spawned = thread.spawn(move || {
            #[expect(clippy::disallowed_methods, reason = "what a job dies of is told")]
            let result = catch_unwind(AssertUnwindSafe(|| work(&context)));
            let result = result.map_err(|panic| {
                let text = panic.downcast_ref::<String>().cloned();
                let text = text.or_else(|| panic.downcast_ref::<&str>().map(|s| (*s).to_owned()));
                text.unwrap_or_else(|| "unknown error".to_owned())
            });
            // Nobody listens when the program is ending.
            let _receiver_may_be_gone = sender.send((id, result));
            (context.wake)();
        });
        let _handle = spawned.map_err(NotStarted::NoThread)?;
        self.next += 1;
        self.running.push(job);
        Ok(())
    }

    /// The results that have come in since the last call and are still wanted, each with its kind.
    pub fn finished(&mut self) -> Vec<(JobKind, Result<T, String>)> {
        let mut finished = Vec::new();
        while let Ok((id, result)) = self.receiver.try_recv() {
            if let Some(at) = self.running.iter().position(|job| job.id == id) {
                let job = self.running.remove(at);
                finished.extend((!job.is_superseded).then_some((job.kind, result)));
            }
        }
        finished
    }
}
