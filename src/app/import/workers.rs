//! Reading files in processes of their own, so that no file ends this program, takes its memory or
//! keeps it waiting.
//!
//! Each process is this program again (`serving`) and reads one file after the other. A file that
//! takes too long, or whose reader dies, is refused with the reason, and the next process goes on
//! after it, within an archive too. Where no process can be had, files are read here.

use super::gather::OnDisk;
use super::reading::{BEYOND_ITS_READER, Member, ReadFile, read_page, read_path};
use super::wire::{self, Limits, Reply, Request};
use crate::core::shown::shown_strictly;
use crate::format::parallel;
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
    // On Linux also when an update has replaced the file that this process was started from.
    let program = if cfg!(target_os = "linux") {
        PathBuf::from("/proc/self/exe")
    } else {
        match std::env::current_exe() {
            Ok(program) => program,
            Err(_) => return,
        }
    };
    let _said_once = PROGRAM.set(program);
}

/// What one file may take.
#[derive(Clone, Copy, Debug)]
pub struct Allowance {
    /// Of processor time, beyond what members of an archive are expected to take by their length;
    /// all of that together is no more than this once again.
    pub time: Duration,
    pub memory_bytes: u64,
    /// The longest message about it: its texts.
    pub message_bytes: u64,
}

impl Allowance {
    pub fn for_file(len_bytes: u64) -> Self {
        Self {
            time: Duration::from_secs(5) + Duration::from_nanos(len_bytes.saturating_mul(300)),
            memory_bytes: (720 << 20) + len_bytes.saturating_mul(12),
            message_bytes: (64 << 20) + len_bytes.saturating_mul(16),
        }
    }
}

/// What a member of an archive takes that is no burden, by its length unpacked: a PDF takes half a
/// second for each MB, a page a twentieth.
fn expected(len_bytes: u64) -> Duration {
    Duration::from_nanos(len_bytes.min(50 << 20) * 300)
}

/// And what each takes that is no burden, however small: nothing so small can take longer.
const EACH: Duration = Duration::from_millis(1);

/// A disk that is slow, or a machine that is busy, may take so much longer than the processor.
fn with_waiting(time: Duration) -> Duration {
    time * 6 + Duration::from_secs(30)
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
        let read = self.read_each(files, roots, options, progress)?;
        Some(read.into_iter().flatten().collect())
    }

    /// The same, with what each file gave kept apart.
    pub fn read_each(
        &self,
        files: &[(String, PathBuf)],
        roots: &[PathBuf],
        options: &ReadOptions,
        progress: &mut dyn FnMut(f32, &Path) -> bool,
    ) -> Option<Vec<Vec<ReadFile>>> {
        let tasks = files.iter().map(|(name, path)| Task::File { name, path });
        self.run(tasks.collect(), roots, options, progress)
    }

    /// Reads a page from the clipboard.
    pub fn read_page(
        &self,
        html: &str,
        options: &ReadOptions,
        progress: &mut dyn FnMut(f32, &Path) -> bool,
    ) -> Option<ReadFile> {
        let read = self.run(vec![Task::Page { html }], &[], options, progress)?;
        read.into_iter().flatten().next()
    }

    fn run(
        &self,
        tasks: Vec<Task<'_>>,
        roots: &[PathBuf],
        options: &ReadOptions,
        progress: &mut dyn FnMut(f32, &Path) -> bool,
    ) -> Option<Vec<Vec<ReadFile>>> {
        let workers = parallel::workers().min(tasks.len());
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
        Some(done.into_iter().map(|(_, files)| files).collect())
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
struct Watched(Mutex<Watch>);

#[derive(Default)]
struct Watch {
    process: Option<Child>,
    deadline: Option<Deadline>,
    /// It was ended from here.
    ending: Option<Ending>,
}

/// When what a process is at must be over.
#[derive(Clone, Copy, Debug)]
struct Deadline {
    /// Processor time that the process had taken when it began, and when that was.
    since_busy: Option<Duration>,
    since: Instant,
    allowed: Duration,
}

/// Why a process was ended from here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ending {
    Late(Duration),
    /// It is not wanted any more, or says too much.
    Unwanted,
}

impl Watched {
    fn end(&self) {
        lock(&self.0).end(Ending::Unwanted);
    }

    fn end_when_late(&self) {
        let watch = &mut *lock(&self.0);
        let Some(deadline) = watch.deadline.filter(|_| watch.ending.is_none()) else {
            return;
        };
        let took = watch.took(&deadline);
        let waited = deadline.since.elapsed();
        if took > deadline.allowed || waited > with_waiting(deadline.allowed) {
            watch.end(Ending::Late(deadline.allowed));
        }
    }

    /// Begins to count for what the process is at from here on.
    fn begin(&self, allowed: Duration) {
        let watch = &mut *lock(&self.0);
        watch.deadline = Some(Deadline {
            since_busy: watch.busy(),
            since: Instant::now(),
            allowed,
        });
    }

    /// What was taken since [`Self::begin`].
    fn took(&self) -> Duration {
        let watch = lock(&self.0);
        watch.deadline.map_or(Duration::ZERO, |d| watch.took(&d))
    }

    fn rest(&self) {
        lock(&self.0).deadline = None;
    }

    /// Ends the process if it has not ended, and says how it did.
    fn finish(&self, is_willing: bool) -> (Option<ExitStatus>, Option<Ending>) {
        let (process, ending) = {
            let watch = &mut *lock(&self.0);
            if let Some(process) = watch.process.as_mut().filter(|_| !is_willing) {
                // It may have ended by itself.
                let _gone = process.kill();
            }
            watch.deadline = None;
            (watch.process.take(), watch.ending.take())
        };
        let status = process.and_then(|mut process| process.wait().ok());
        (status, ending)
    }
}

impl Watch {
    fn end(&mut self, ending: Ending) {
        if let Some(process) = &mut self.process
            && self.ending.is_none()
        {
            self.ending = Some(ending);
            // It may have ended by itself.
            let _gone = process.kill();
        }
    }

    fn took(&self, deadline: &Deadline) -> Duration {
        match (self.busy(), deadline.since_busy) {
            (Some(now), Some(since)) => now.saturating_sub(since),
            _ => deadline.since.elapsed(),
        }
    }

    /// The processor time of the process, where the system tells it.
    fn busy(&self) -> Option<Duration> {
        let process = self.process.as_ref()?;
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", process.id())).ok()?;
        // The name, in brackets, may hold anything.
        let (_, fields) = stat.rsplit_once(')')?;
        // proc(5): utime and stime are the 14th and 15th field, in hundredths of a second.
        let mut ticks = fields.split_whitespace().skip(11);
        let mut next = || ticks.next()?.parse::<u64>().ok();
        Some(Duration::from_millis((next()? + next()?) * 10))
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
        let is_willing = self.pipes.take().is_some();
        self.watched.finish(is_willing);
    }

    fn read(&mut self, task: Task<'_>) -> Vec<ReadFile> {
        let mut found = Vec::new();
        let allowance = self.desk.readers.allowance;
        let allowance = allowance.unwrap_or_else(|| Allowance::for_file(task.len_bytes()));
        let mut time = Time {
            left: allowance.time,
            free: allowance.time,
            expected: Duration::ZERO,
        };
        let mut past = Vec::new();
        let mut was_tried = false;
        while !self.desk.is_cancelled() {
            if self.pipes.is_none() && !self.start() {
                self.read_here(task, &mut found);
                break;
            }
            let mut talk = Talk {
                time: &mut time,
                member: None,
                has_begun: false,
            };
            let before = found.len();
            let end = self.talk(task, &past, &allowance, &mut talk, &mut found);
            let (member, has_begun) = (talk.member.take(), talk.has_begun);
            time.charge(self.watched.took());
            if matches!(end, End::Done) {
                self.watched.rest();
                break;
            }
            let noise = self
                .pipes
                .take()
                .map(|pipes| pipes.noise)
                .unwrap_or_default();
            let (status, ending) = self.watched.finish(false);
            let is_ours = ending.is_some() || matches!(end, End::TooLong);
            if !was_tried && !is_ours && (!has_begun || was_killed(status)) {
                // Ended by someone else: nothing is known of the file.
                was_tried = true;
                found.truncate(before);
                continue;
            }
            let reason = match end {
                End::TooLong => {
                    let limit = allowance.message_bytes >> 20;
                    format!(
                        "its texts are longer than {limit} MB, which is more than a file of this size may hold"
                    )
                }
                _ => why(status, ending, &noise, &allowance),
            };
            let Some(member) = member else {
                found.push(ReadFile::refused(task.name(), reason));
                break;
            };
            found.push(ReadFile::refused(&member.name, reason));
            if time.left.is_zero() {
                if member.after_it > 0 {
                    let rest = crate::app::words::count(member.after_it, "file", "files");
                    let reason = format!(
                        "{rest} after “{}” were not read, since reading the archive took too long; unpack it and choose its folder",
                        shown_strictly(&member.name)
                    );
                    found.push(ReadFile::refused(task.name(), reason));
                }
                break;
            }
            past = member.at;
            was_tried = false;
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
        #[expect(clippy::disallowed_methods, reason = "it is this program")]
        let mut command = Command::new(program);
        command.arg(ARGUMENT);
        command.stdin(Stdio::piped()).stdout(out).stderr(errors);
        let Ok(mut process) = command.spawn() else {
            return false;
        };
        // Its own ends of the pipes are open in this process until the command is gone.
        drop(command);
        let Some(mut requests) = process.stdin.take() else {
            let _no_pipe = process.kill().and_then(|()| process.wait());
            return false;
        };
        let roots = self.desk.roots.iter();
        let roots = roots.map(|root| root.as_os_str().to_owned()).collect();
        // One that is dead already says so when it is asked for a file.
        let _may_be_dead = wire::write(&mut requests, &Request::Roots(roots));
        let watch = &mut *lock(&self.watched.0);
        watch.process = Some(process);
        watch.ending = None;
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
            cpu_secs: (talk.time.left + talk.time.free).as_secs() + 15,
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
        pipes.noise.clear();
        self.watched.begin(talk.time.allowed(false));
        if wire::write(&mut pipes.requests, &request).is_err() {
            return End::Died;
        }
        loop {
            let reply = wire::read(
                &mut pipes.replies,
                allowance.message_bytes,
                &mut pipes.noise,
            );
            talk.has_begun |= matches!(reply, Ok(Some(_)));
            match reply {
                Ok(Some(Reply::Begins(member))) => {
                    talk.time.charge(self.watched.took());
                    talk.member = Some(member);
                    self.watched.begin(talk.time.allowed(true));
                }
                Ok(Some(Reply::Unpacked(len_bytes))) => {
                    talk.time.charge(self.watched.took());
                    talk.time.expected = expected(len_bytes);
                    self.watched.begin(talk.time.allowed(true));
                }
                Ok(Some(Reply::Ends)) => {
                    talk.time.charge(self.watched.took());
                    talk.member = None;
                    self.watched.begin(talk.time.allowed(false));
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
                    if ends {
                        talk.time.charge(self.watched.took());
                        self.pipes = None;
                        self.watched.finish(true);
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

/// Where a conversation about a file stands.
struct Talk<'a> {
    time: &'a mut Time,
    member: Option<Member>,
    /// The process has answered.
    has_begun: bool,
}

/// What time there is for a file.
struct Time {
    left: Duration,
    /// What members may take as expected.
    free: Duration,
    /// By what is being read now.
    expected: Duration,
}

impl Time {
    /// What may be taken now. One member does not take all the time there is.
    fn allowed(&self, is_member: bool) -> Duration {
        let burden = if is_member {
            (self.left / 2).max(Duration::from_secs(1)).min(self.left)
        } else {
            self.left
        };
        self.expected.min(self.free) + burden + EACH
    }

    /// Takes what was taken from the time that is left, but for what was to be expected.
    fn charge(&mut self, took: Duration) {
        let took = took.saturating_sub(EACH);
        let free = took.min(self.expected).min(self.free);
        self.free -= free;
        self.left = self.left.saturating_sub(took.saturating_sub(free));
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
        let more = crate::app::words::count(count - MAX_LINES, "more file", "more files");
        ReadFile::refused(
            name,
            format!("{more} in it were left out for the same reason: {reason}"),
        )
    }));
    kept
}

/// Why a process is gone, as what is wrong with its file.
fn why(
    status: Option<ExitStatus>,
    ending: Option<Ending>,
    noise: &[u8],
    allowance: &Allowance,
) -> String {
    let late = match ending {
        Some(Ending::Late(allowed)) => Some(allowed),
        _ if is_out_of_time(status) => Some(allowance.time),
        _ => None,
    };
    if let Some(allowed) = late {
        let secs = allowed.as_secs_f32();
        return format!(
            "reading it took more than {secs:.1} seconds and was stopped; it may be damaged, or made to do harm"
        );
    }
    let said = String::from_utf8_lossy(noise);
    if said.contains("memory allocation of") || said.contains("out of memory") {
        let limit = allowance.memory_bytes >> 20;
        return format!(
            "reading it takes more than {limit} MB of memory and was stopped; it may be damaged, or made to do harm"
        );
    }
    if said.contains("overflowed its stack") {
        return "it nests too deep to be read".to_owned();
    }
    if was_killed(status) {
        return "the system ended its reader twice, perhaps for want of memory; it was left out"
            .to_owned();
    }
    BEYOND_ITS_READER.to_owned()
}

#[cfg(unix)]
fn signal_of(status: Option<ExitStatus>) -> Option<i32> {
    use std::os::unix::process::ExitStatusExt;
    status?.signal()
}

#[cfg(unix)]
fn is_out_of_time(status: Option<ExitStatus>) -> bool {
    signal_of(status) == Some(rustix::process::Signal::XCPU.as_raw())
}

#[cfg(unix)]
fn was_killed(status: Option<ExitStatus>) -> bool {
    use rustix::process::Signal;
    let signals = [Signal::KILL, Signal::TERM, Signal::HUP, Signal::INT].map(Signal::as_raw);
    signal_of(status).is_some_and(|signal| signals.contains(&signal))
}

#[cfg(not(unix))]
fn is_out_of_time(_status: Option<ExitStatus>) -> bool {
    false
}

#[cfg(not(unix))]
fn was_killed(_status: Option<ExitStatus>) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Members of an archive by their length unpacked in MB and what each takes in milliseconds:
    /// how many are read before the time is out, when one that takes too long is stopped.
    #[track_caller]
    fn check(archive_mb: u64, members: &[(u64, u64)], expected_read: usize) {
        let allowance = Allowance::for_file(archive_mb << 20);
        let mut time = Time {
            left: allowance.time,
            free: allowance.time,
            expected: Duration::ZERO,
        };
        let mut spent = Duration::ZERO;
        let mut read = 0;
        for (mb, takes) in members {
            if time.left.is_zero() {
                break;
            }
            time.expected = expected(mb << 20);
            let allowed = time.allowed(true);
            let takes = Duration::from_millis(*takes);
            read += usize::from(takes <= allowed);
            spent += takes.min(allowed);
            time.charge(takes.min(allowed));
        }
        assert_eq!(read, expected_read, "{spent:?}");
        let each = EACH * u32::try_from(members.len()).unwrap();
        assert!(spent <= allowance.time * 2 + each, "{spent:?}");
    }

    #[test]
    fn honest_archives_have_time_and_others_have_an_end() {
        // Sixty PDFs of 200 pages, 1,300 pages of a site, 60,000 notes.
        check(30, &[(1, 400); 60], 60);
        check(10, &vec![(1, 50); 80], 80);
        check(10, &vec![(0, 1); 60_000][..], 60_000);
        // One that takes for ever among others.
        check(1, &[(1, 50), (1, 100_000), (1, 50)], 2);
        // Nothing but such.
        check(1, &[(1, 100_000); 1_000], 0);
        check(10, &vec![(50, 100_000); 1_000][..], 0);
    }
}
