//! Reading files in processes of their own, so that no file ends this program, takes its memory or
//! keeps it waiting.
//!
//! Each process is this program again (`serving`) and reads one file after the other. A file that
//! takes too long, or whose reader dies, is refused with the reason, and the next process goes on
//! after it, within an archive too. Where no process can be had, files are read here.

use super::gather::OnDisk;
use super::reading::{BEYOND_ITS_READER, Member, ReadFile, read_page, read_path};
use super::wire::{self, Limits, Reply, Request};
use crate::format::reading::ReadOptions;
use std::collections::HashMap;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

/// The argument with which this program reads for another one.
pub const ARGUMENT: &str = "read-for-another";

/// How often cancelling and times are looked at.
const LOOK_EVERY: Duration = Duration::from_millis(30);

static PROGRAM: OnceLock<PathBuf> = OnceLock::new();

/// Says that this program, started with [`ARGUMENT`], serves. Not so in a test, whose program is
/// another.
pub fn this_program_serves() {
    let here = std::env::current_exe().ok().filter(|path| path.exists());
    // An update may have replaced the file that this process was started from.
    let program = here.unwrap_or_else(|| PathBuf::from("/proc/self/exe"));
    let _said_once = PROGRAM.set(program);
}

/// What one file may take.
#[derive(Clone, Copy, Debug)]
pub struct Allowance {
    /// Beyond what members of an archive are expected to take.
    pub time: Duration,
    pub memory_bytes: u64,
    /// The longest message about it: its texts.
    pub message_bytes: u64,
}

impl Allowance {
    pub fn for_file(len_bytes: u64) -> Self {
        Self {
            time: Duration::from_secs(5) + Duration::from_micros(len_bytes / 5),
            memory_bytes: (720 << 20) + len_bytes.saturating_mul(12),
            message_bytes: (64 << 20) + len_bytes.saturating_mul(16),
        }
    }
}

/// What a member of an archive takes that is no burden, by its length unpacked: ten thousand honest
/// ones may take their time.
fn expected(len_bytes: u64) -> Duration {
    Duration::from_millis(5) + Duration::from_nanos(len_bytes.min(50 << 20) * 25)
}

/// Where files are read.
#[derive(Clone, Debug)]
pub struct Readers {
    /// Started with [`ARGUMENT`]; none to read here.
    program: Option<PathBuf>,
    /// The same for each file, in tests.
    allowance: Option<Allowance>,
}

impl Default for Readers {
    fn default() -> Self {
        Self {
            program: PROGRAM.get().cloned(),
            allowance: None,
        }
    }
}

impl Readers {
    pub fn started_as(program: &Path) -> Self {
        Self {
            program: Some(program.to_owned()),
            allowance: None,
        }
    }

    #[must_use]
    pub fn allowing(self, allowance: Allowance) -> Self {
        Self {
            allowance: Some(allowance),
            ..self
        }
    }

    /// Reads files on all cores, and gives them in their order. `progress` is told the share done
    /// and a file that is being read, and answers whether to go on; `None` when it did not, which
    /// ends the processes at once.
    pub fn read_files(
        &self,
        files: &[(String, PathBuf)],
        roots: &[PathBuf],
        options: &ReadOptions,
        progress: &mut dyn FnMut(f32, &Path) -> bool,
    ) -> Option<Vec<ReadFile>> {
        let tasks = files.iter().map(|(name, path)| Task::File { name, path });
        self.run(tasks.collect(), roots, options, progress)
    }

    /// Reads a page from the clipboard.
    pub fn read_page(&self, html: &str, options: &ReadOptions) -> Option<ReadFile> {
        let read = self.run(vec![Task::Page { html }], &[], options, &mut |_, _| true)?;
        read.into_iter().next()
    }

    fn run(
        &self,
        tasks: Vec<Task<'_>>,
        roots: &[PathBuf],
        options: &ReadOptions,
        progress: &mut dyn FnMut(f32, &Path) -> bool,
    ) -> Option<Vec<ReadFile>> {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let workers = cores.min(8).min(tasks.len());
        let desk = Desk {
            readers: self,
            options,
            tasks: &tasks,
            next: AtomicUsize::new(0),
            is_cancelled: AtomicBool::new(false),
            working: AtomicUsize::new(workers),
            roots,
            around: OnDisk::within(roots),
            done: Mutex::default(),
            changed: Condvar::new(),
        };
        let watched: Vec<Watched> = (0..workers).map(|_| Watched::default()).collect();
        std::thread::scope(|scope| {
            for watched in &watched {
                scope.spawn(|| Worker::new(&desk, watched).run());
            }
            loop {
                let done = lock(&desk.done);
                let is_working = |_: &mut _| desk.working.load(Ordering::Relaxed) > 0;
                let (done, _) = desk
                    .changed
                    .wait_timeout_while(done, LOOK_EVERY, is_working)
                    .unwrap_or_else(PoisonError::into_inner);
                let share = done.len() as f32 / tasks.len() as f32;
                drop(done);
                if desk.working.load(Ordering::Relaxed) == 0 {
                    break;
                }
                let at = desk.next.load(Ordering::Relaxed).saturating_sub(1);
                let task = tasks.get(at).or(tasks.last());
                if desk.is_cancelled() || !progress(share, task.map_or(Path::new(""), Task::path)) {
                    desk.is_cancelled.store(true, Ordering::Relaxed);
                    // Again and again: one may just have been started.
                    watched.iter().for_each(Watched::end);
                }
                watched.iter().for_each(Watched::end_when_late);
            }
        });
        if desk.is_cancelled() {
            return None;
        }
        let mut done = desk
            .done
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        done.sort_by_key(|(at, _)| *at);
        Some(done.into_iter().flat_map(|(_, files)| files).collect())
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What is to be read at once.
#[derive(Clone, Copy)]
enum Task<'a> {
    File { name: &'a str, path: &'a Path },
    Page { html: &'a str },
}

impl<'a> Task<'a> {
    fn path(&self) -> &'a Path {
        match self {
            Self::File { path, .. } => path,
            Self::Page { .. } => Path::new("clipboard"),
        }
    }

    fn name(&self) -> &'a str {
        match self {
            Self::File { name, .. } => name,
            Self::Page { .. } => "clipboard",
        }
    }

    fn len_bytes(&self) -> u64 {
        match self {
            Self::File { path, .. } => path.metadata().map_or(0, |metadata| metadata.len()),
            Self::Page { html } => html.len() as u64,
        }
    }
}

/// What all workers share.
struct Desk<'a> {
    readers: &'a Readers,
    options: &'a ReadOptions,
    tasks: &'a [Task<'a>],
    next: AtomicUsize,
    is_cancelled: AtomicBool,
    /// Workers that have not ended.
    working: AtomicUsize,
    roots: &'a [PathBuf],
    /// For files that are read here.
    around: OnDisk,
    done: Mutex<Vec<(usize, Vec<ReadFile>)>>,
    changed: Condvar,
}

impl Desk<'_> {
    fn is_cancelled(&self) -> bool {
        self.is_cancelled.load(Ordering::Relaxed)
    }
}

/// A worker's process, as it is watched from outside.
#[derive(Default)]
struct Watched {
    process: Mutex<Option<Child>>,
    deadline: Mutex<Option<Instant>>,
    was_late: AtomicBool,
}

impl Watched {
    fn end(&self) {
        if let Some(process) = lock(&self.process).as_mut() {
            // It may have ended by itself.
            let _gone = process.kill();
        }
    }

    fn end_when_late(&self) {
        let is_late = lock(&self.deadline).is_some_and(|deadline| Instant::now() > deadline);
        if is_late {
            self.was_late.store(true, Ordering::Relaxed);
            *lock(&self.deadline) = None;
            self.end();
        }
    }
}

/// The ends of the pipes to a process.
struct Pipes {
    requests: ChildStdin,
    replies: BufReader<std::io::PipeReader>,
    /// What was printed beside the replies.
    noise: Vec<u8>,
}

/// A thread that has files read, one after the other.
struct Worker<'a> {
    desk: &'a Desk<'a>,
    watched: &'a Watched,
    pipes: Option<Pipes>,
}

impl Drop for Worker<'_> {
    fn drop(&mut self) {
        let _guarded = lock(&self.desk.done);
        self.desk.working.fetch_sub(1, Ordering::Relaxed);
        self.desk.changed.notify_all();
    }
}

/// How a conversation about a file ended.
enum End {
    Done,
    /// The process is gone.
    Died,
    /// What it had to say is too much.
    TooLong,
}

impl<'a> Worker<'a> {
    fn new(desk: &'a Desk<'a>, watched: &'a Watched) -> Self {
        Self {
            desk,
            watched,
            pipes: None,
        }
    }

    fn run(mut self) {
        loop {
            let at = self.desk.next.fetch_add(1, Ordering::Relaxed);
            let task = self
                .desk
                .tasks
                .get(at)
                .filter(|_| !self.desk.is_cancelled());
            let Some(task) = task else {
                break;
            };
            let read = self.read(*task);
            lock(&self.desk.done).push((at, read));
        }
        // Without requests it ends by itself.
        self.pipes = None;
        self.wait();
    }

    fn wait(&self) -> Option<ExitStatus> {
        let mut process = lock(&self.watched.process).take()?;
        process.wait().ok()
    }

    fn read(&mut self, task: Task<'_>) -> Vec<ReadFile> {
        let mut found = Vec::new();
        let allowance = self.desk.readers.allowance;
        let allowance = allowance.unwrap_or_else(|| Allowance::for_file(task.len_bytes()));
        let mut left = allowance.time;
        let mut past = Vec::new();
        while !self.desk.is_cancelled() {
            if self.pipes.is_none() && !self.start() {
                self.read_here(task, &mut found);
                break;
            }
            let mut talk = Talk {
                left: &mut left,
                member: None,
                since: Instant::now(),
                expected: Duration::ZERO,
            };
            let end = self.talk(task, &past, &allowance, &mut talk, &mut found);
            let member = talk.member.take();
            talk.charge();
            *lock(&self.watched.deadline) = None;
            let reason = match end {
                End::Done => break,
                End::TooLong => {
                    self.watched.end();
                    let limit = allowance.message_bytes >> 20;
                    format!(
                        "its texts are longer than {limit} MB, which is more than a file of this size may hold"
                    )
                }
                End::Died => String::new(),
            };
            let noise = self
                .pipes
                .take()
                .map(|pipes| pipes.noise)
                .unwrap_or_default();
            let status = self.wait();
            let was_late = self.watched.was_late.swap(false, Ordering::Relaxed);
            let reason = match reason.is_empty() {
                true => why(status, was_late, &noise, &allowance),
                false => reason,
            };
            let Some(member) = member else {
                found.push(ReadFile::refused(task.name(), reason));
                break;
            };
            found.push(ReadFile::refused(&member.name, reason));
            if left.is_zero() {
                if member.after_it > 0 {
                    let rest = crate::app::notice::count(member.after_it, "file", "files");
                    let reason = format!(
                        "{rest} after “{}” were not read, since reading the archive took too long; unpack it and choose its folder",
                        member.name
                    );
                    found.push(ReadFile::refused(task.name(), reason));
                }
                break;
            }
            past = member.at;
        }
        in_few_lines(task.name(), found)
    }

    fn start(&mut self) -> bool {
        let Some(program) = &self.desk.readers.program else {
            return false;
        };
        let Ok((replies, out)) = std::io::pipe() else {
            return false;
        };
        let Ok(errors) = out.try_clone() else {
            return false;
        };
        let mut command = Command::new(program);
        command.arg(ARGUMENT);
        command.stdin(Stdio::piped()).stdout(out).stderr(errors);
        let Ok(mut process) = command.spawn() else {
            return false;
        };
        // Its own ends of the pipes are open in this process until the command is gone.
        drop(command);
        let Some(mut requests) = process.stdin.take() else {
            let _no_pipe = process.kill();
            return false;
        };
        let roots = self.desk.roots.iter();
        let roots = roots.map(|root| root.as_os_str().to_owned()).collect();
        // One that is dead already says so when it is asked for a file.
        let _may_be_dead = wire::write(&mut requests, &Request::Roots(roots));
        *lock(&self.watched.process) = Some(process);
        self.pipes = Some(Pipes {
            requests,
            replies: BufReader::with_capacity(1 << 16, replies),
            noise: Vec::new(),
        });
        true
    }

    fn read_here(&self, task: Task<'_>, found: &mut Vec<ReadFile>) {
        let options = self.desk.options;
        match task {
            Task::File { name, path } => {
                read_path(name, path, &self.desk.around, options, &[], found);
            }
            Task::Page { html } => found.push(read_page(html, options)),
        }
    }

    fn talk(
        &mut self,
        task: Task<'_>,
        past: &[usize],
        allowance: &Allowance,
        talk: &mut Talk<'_>,
        found: &mut Vec<ReadFile>,
    ) -> End {
        let Some(pipes) = &mut self.pipes else {
            return End::Died;
        };
        let options = Box::new(self.desk.options.clone());
        let limits = Limits {
            memory_bytes: allowance.memory_bytes,
            cpu_secs: talk.left.as_secs() * 2 + 60,
        };
        let request = match task {
            Task::File { name, path } => Request::File {
                name: name.to_owned(),
                path: path.as_os_str().to_owned(),
                options,
                past: past.to_vec(),
                limits,
            },
            Task::Page { html } => Request::Page {
                html: html.to_owned(),
                options,
                limits,
            },
        };
        self.watched.was_late.store(false, Ordering::Relaxed);
        *lock(&self.watched.deadline) = Some(talk.deadline());
        if wire::write(&mut pipes.requests, &request).is_err() {
            return End::Died;
        }
        loop {
            let reply = wire::read(
                &mut pipes.replies,
                allowance.message_bytes,
                &mut pipes.noise,
            );
            match reply {
                Ok(Some(Reply::Begins(member))) => {
                    talk.charge();
                    talk.expected = expected(member.len_bytes);
                    talk.member = Some(member);
                    *lock(&self.watched.deadline) = Some(talk.deadline());
                }
                Ok(Some(Reply::Ends)) => {
                    talk.charge();
                    talk.member = None;
                    *lock(&self.watched.deadline) = Some(talk.deadline());
                }
                Ok(Some(Reply::Took(file))) => found.push((*file).into()),
                Ok(Some(Reply::WantsText(hash))) => {
                    let text = self.desk.options.known_texts.get(&hash);
                    let answer = Request::Text(text);
                    if wire::write(&mut pipes.requests, &answer).is_err() {
                        return End::Died;
                    }
                }
                Ok(Some(Reply::Done(ends))) => {
                    *lock(&self.watched.deadline) = None;
                    if ends {
                        self.pipes = None;
                        self.wait();
                    }
                    return End::Done;
                }
                Ok(None) => return End::Died,
                Err(error) if error.kind() == std::io::ErrorKind::FileTooLarge => {
                    return End::TooLong;
                }
                Err(_) => return End::Died,
            }
        }
    }
}

/// Where a conversation about a file stands, and what time there is.
struct Talk<'a> {
    left: &'a mut Duration,
    member: Option<Member>,
    since: Instant,
    expected: Duration,
}

impl Talk<'_> {
    /// When what goes on now must be over. One member does not take all the time there is.
    fn deadline(&self) -> Instant {
        let burden = match self.member {
            Some(_) => (*self.left / 2).max(Duration::from_secs(1)).min(*self.left),
            None => *self.left,
        };
        self.since + self.expected + burden
    }

    /// Takes what went on until now from the time that is left, but for what was to be expected.
    fn charge(&mut self) {
        let burden = self.since.elapsed().saturating_sub(self.expected);
        *self.left = self.left.saturating_sub(burden);
        self.since = Instant::now();
        self.expected = Duration::ZERO;
    }
}

/// A thousand members of an archive that were left out for one reason are told in a few lines.
fn in_few_lines(name: &str, files: Vec<ReadFile>) -> Vec<ReadFile> {
    /// So many are told one by one.
    const MAX_LINES: usize = 8;
    let mut refused: HashMap<String, usize> = HashMap::new();
    let mut kept = Vec::with_capacity(files.len());
    for file in files {
        let count = match &file.result {
            Err(refusal) => {
                let count = refused.entry(refusal.0.clone()).or_default();
                *count += 1;
                *count
            }
            Ok(_) => 0,
        };
        if count <= MAX_LINES {
            kept.push(file);
        }
    }
    let mut more: Vec<(String, usize)> = refused.into_iter().collect();
    more.retain(|(_, count)| *count > MAX_LINES);
    more.sort();
    kept.extend(more.into_iter().map(|(reason, count)| {
        let more = crate::app::notice::count(count - MAX_LINES, "more file", "more files");
        ReadFile::refused(
            name,
            format!("{more} in it were left out for the same reason: {reason}"),
        )
    }));
    kept
}

/// Why a process is gone, as what is wrong with its file.
fn why(status: Option<ExitStatus>, was_late: bool, noise: &[u8], allowance: &Allowance) -> String {
    let secs = allowance.time.as_secs();
    if was_late || is_out_of_time(status) {
        return format!(
            "reading it took more than {secs} seconds and was stopped; it is damaged, or made to do harm"
        );
    }
    let said = String::from_utf8_lossy(noise);
    if said.contains("memory allocation of") || said.contains("out of memory") {
        let limit = allowance.memory_bytes >> 20;
        return format!(
            "reading it takes more than {limit} MB of memory and was stopped; it is damaged, or made to do harm"
        );
    }
    if said.contains("overflowed its stack") {
        return "it nests too deep to be read".to_owned();
    }
    BEYOND_ITS_READER.to_owned()
}

#[cfg(unix)]
fn is_out_of_time(status: Option<ExitStatus>) -> bool {
    use std::os::unix::process::ExitStatusExt;
    let signal = status.and_then(|status| status.signal());
    signal == Some(rustix::process::Signal::XCPU.as_raw())
}

#[cfg(not(unix))]
fn is_out_of_time(_status: Option<ExitStatus>) -> bool {
    false
}
