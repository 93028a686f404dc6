//! The other side of `workers`: this program as a process that reads files for another one, and may
//! be ended at any moment.
//!
//! Takes requests from standard input and answers on standard output. Lets the system hold it to
//! the memory and the processor time that each request allows, where the system can. Knows no
//! project: texts that are known are asked for.

use super::gather::OnDisk;
use super::reading::{Listener, Member, ReadFile, read_page, read_path};
use super::wire::{Limits, Reply, Request, read, write};
use crate::format::reading::{KnownTexts, ReadOptions};
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// The longest request: a page from the clipboard.
const MAX_REQUEST_BYTES: u64 = 1 << 30;
/// A process that needed more than this gives it back by ending.
const MAX_KEPT_BYTES: u64 = 256 << 20;

/// Reads what is asked for until there are no more requests.
pub fn serve() -> ExitCode {
    // What a library panics with is told as what is wrong with its file.
    std::panic::set_hook(Box::new(|_told_by_the_reader| ()));
    end_with_parent();
    let mut around = OnDisk::default();
    while let Ok(Some(request)) = receive() {
        let ends = used_memory() > MAX_KEPT_BYTES;
        match request {
            Request::Roots(roots) => {
                let roots: Vec<PathBuf> = roots.into_iter().map(PathBuf::from).collect();
                around = OnDisk::within(&roots);
                continue;
            }
            Request::File {
                name,
                path,
                options,
                past,
                limits,
            } => {
                obey(limits);
                let path = Path::new(&path);
                read_path(&name, path, &around, &asking(*options), &past, &mut Told);
            }
            Request::Page {
                html,
                options,
                limits,
            } => {
                obey(limits);
                Told.takes(read_page(&html, &asking(*options)));
            }
            // Nothing was asked.
            Request::Text(_) => continue,
        }
        let ends = ends || used_memory() > MAX_KEPT_BYTES;
        say(&Reply::Done(ends));
        if ends {
            break;
        }
    }
    ExitCode::SUCCESS
}

fn receive() -> io::Result<Option<Request>> {
    read(&mut io::stdin().lock(), MAX_REQUEST_BYTES, &mut Vec::new())
}

fn say(reply: &Reply) {
    let mut out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    if write(&mut out, reply).is_err() {
        #[expect(clippy::exit, reason = "nobody listens any more")]
        std::process::exit(1);
    }
}

fn asking(options: ReadOptions) -> ReadOptions {
    ReadOptions {
        known_texts: KnownTexts::asking(|hash| {
            say(&Reply::WantsText(hash.to_owned()));
            match receive() {
                Ok(Some(Request::Text(text))) => text,
                _ => None,
            }
        }),
        ..options
    }
}

/// What is read is said at once.
struct Told;

impl Listener for Told {
    fn begins(&mut self, member: Member) {
        say(&Reply::Begins(member));
    }

    fn unpacked(&mut self, len_bytes: u64) {
        say(&Reply::Unpacked(len_bytes));
    }

    fn ends(&mut self) {
        say(&Reply::Ends);
    }

    fn takes(&mut self, file: ReadFile) {
        say(&Reply::Took(Box::new(file.into())));
    }
}

/// Nobody is there to end a process whose parent was killed.
#[cfg(target_os = "linux")]
fn end_with_parent() {
    use rustix::process::{Signal, set_parent_process_death_signal};
    // Without it the limit on processor time ends it later.
    let _best_effort = set_parent_process_death_signal(Some(Signal::KILL));
}

#[cfg(not(target_os = "linux"))]
fn end_with_parent() {}

#[cfg(unix)]
fn obey(limits: Limits) {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let spent = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime).tv_sec;
    let cpu_secs = limits.cpu_secs + u64::try_from(spent).unwrap_or(0);
    let wanted = [
        (Resource::As, limits.memory_bytes),
        (Resource::Cpu, cpu_secs),
        // A process that is ended leaves nothing behind.
        (Resource::Core, 0),
    ];
    for (resource, limit) in wanted {
        let maximum = getrlimit(resource).maximum;
        let current = maximum.map_or(limit, |maximum| limit.min(maximum));
        // Where the system has no such limit the time still holds.
        let _best_effort = setrlimit(
            resource,
            Rlimit {
                current: Some(current),
                maximum,
            },
        );
    }
}

#[cfg(not(unix))]
fn obey(_limits: Limits) {}

/// The addresses that this process takes, in bytes; 0 where the system does not say.
fn used_memory() -> u64 {
    let pages = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages = pages.split(' ').next().and_then(|n| n.parse::<u64>().ok());
    pages.unwrap_or(0) * 4_096
}
