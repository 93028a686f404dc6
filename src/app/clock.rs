//! The clock and the one random draw: the outside world that the core must not know.

use crate::app::words::day_of;
use crate::core::annotation::Timestamp;
use crate::core::shown::shown;
use crate::store::lock::Holder;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

#[expect(clippy::disallowed_methods, reason = "this is the clock")]
fn since_1970() -> Duration {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.unwrap_or_default()
}

pub fn now() -> Timestamp {
    Timestamp::new(since_1970().as_secs() as i64)
}

/// Four letters and digits that tell this installation's annotation ids from others'.
pub fn installation_tag() -> String {
    const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let nanos = since_1970().as_nanos();
    let seed = format!(
        "{nanos}-{}-{:?}",
        std::process::id(),
        std::thread::current().id()
    );
    let hash = blake3::hash(seed.as_bytes());
    let pick = |byte: &u8| {
        char::from(
            ALPHABET
                .get(usize::from(*byte) % 32)
                .copied()
                .unwrap_or(b'a'),
        )
    };
    hash.as_bytes().iter().take(4).map(pick).collect()
}

/// Eight letters and digits that no other call gives.
pub fn unique() -> String {
    static COUNT: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
    let n = COUNT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    format!("{}{n}", installation_tag())
}

/// This program, as a lock names it.
pub fn holder() -> Holder {
    let now = now().seconds();
    let user = ["USER", "USERNAME", "LOGNAME"]
        .iter()
        .find_map(|name| std::env::var(name).ok())
        .unwrap_or_else(|| "someone".to_owned());
    Holder {
        host: host(),
        user,
        process: std::process::id(),
        since_secs: now,
        seen_secs: now,
    }
}

#[cfg(unix)]
fn host() -> String {
    let uname = rustix::system::uname();
    uname.nodename().to_string_lossy().into_owned()
}

#[cfg(not(unix))]
fn host() -> String {
    std::env::var("COMPUTERNAME").unwrap_or_else(|_| "another computer".to_owned())
}

/// A lock's holder in words.
pub fn who(holder: &Holder) -> String {
    let since = day_and_time(Timestamp::new(holder.since_secs));
    let user = shown(&holder.user);
    if holder.host == host() {
        format!("{user} on this computer (since {since})")
    } else {
        format!("{user} on {} (since {since})", shown(&holder.host))
    }
}

/// A moment as part of a file name.
pub fn stamp(at: Timestamp) -> String {
    let at = jiff::Timestamp::from_second(at.seconds()).unwrap_or_default();
    at.strftime("%Y%m%dT%H%M%SZ").to_string()
}

#[expect(clippy::disallowed_methods, reason = "this is the clock")]
fn local(at: Timestamp) -> Result<jiff::ZonedDateTime, jiff::Error> {
    let zone = jiff::tz::TimeZone::system();
    jiff::Timestamp::from_second(at.seconds()).map(|t| t.to_zoned_datetime(zone))
}

/// The local time of a moment, with the day when it is not today.
pub fn day_and_time(at: Timestamp) -> String {
    match (local(at), local(now())) {
        (Ok(then), Ok(today)) if then.date() == today.date() => then.strftime("%H:%M").to_string(),
        (Ok(then), _) => format!("{}, {}", day_of(then.date()), then.strftime("%H:%M")),
        _ => String::new(),
    }
}

/// The local day of a moment: `3 Jun 2024`.
pub fn day(at: Timestamp) -> String {
    local(at).map_or_else(|_| String::new(), |then| day_of(then.date()))
}

/// The local day that it is.
pub fn today() -> jiff::civil::Date {
    local(now()).map_or_else(|_| jiff::civil::Date::ZERO, |t| t.date())
}

/// The time of day of a moment, as the status bar shows it.
pub fn time_of_day(at: Timestamp) -> String {
    local(at).map_or_else(|_| String::new(), |t| t.strftime("%H:%M").to_string())
}

static STARTED: std::sync::OnceLock<std::time::Instant> = std::sync::OnceLock::new();

/// Called first thing in `main`.
pub fn start() {
    STARTED.get_or_init(std::time::Instant::now);
}

/// Milliseconds since [`start`].
pub fn process_age_ms() -> f64 {
    STARTED
        .get_or_init(std::time::Instant::now)
        .elapsed()
        .as_secs_f64()
        * 1000.0
}

/// Milliseconds of processor time that this thread has used.
#[cfg(unix)]
pub fn thread_cpu_ms() -> f64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    time.tv_sec as f64 * 1000.0 + time.tv_nsec as f64 / 1e6
}

/// Milliseconds of wall time, where the processor time of a thread is not to be had.
#[cfg(not(unix))]
pub fn thread_cpu_ms() -> f64 {
    process_age_ms()
}

/// A log file to append lines to.
#[expect(clippy::disallowed_methods, reason = "a log is read while it grows")]
pub fn log_file(path: &std::path::Path) -> std::io::Result<Box<dyn std::io::Write>> {
    let file = std::fs::OpenOptions::new()
        .create(true)
        .write(true)
        .truncate(true)
        .open(path)?;
    Ok(Box::new(std::io::LineWriter::new(file)))
}
