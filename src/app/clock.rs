//! The clock and the one random draw: the outside world that the core must not know.

use crate::core::annotation::Timestamp;
use std::time::{SystemTime, UNIX_EPOCH};

pub fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    Timestamp(since.map_or(0, |d| d.as_secs() as i64))
}

/// Four letters and digits that tell this installation's annotation ids from others'.
pub fn installation_tag() -> String {
    const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let nanos = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |d| d.as_nanos());
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

/// The time of day of a moment, as the status bar shows it.
pub fn time_of_day(at: Timestamp) -> String {
    let zoned = jiff::Timestamp::from_second(at.0)
        .map(|t| t.to_zoned_datetime(jiff::tz::TimeZone::system()));
    zoned.map_or_else(|_| String::new(), |t| t.strftime("%H:%M").to_string())
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

/// A log file to append lines to. Not atomic: a log is read while it grows.
pub fn log_file(path: &std::path::Path) -> std::io::Result<Box<dyn std::io::Write>> {
    let file = std::fs::OpenOptions::new()
        .create(true)
        .write(true)
        .truncate(true)
        .open(path)?;
    Ok(Box::new(std::io::LineWriter::new(file)))
}
