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
    let seed = format!("{nanos}-{}-{:?}", std::process::id(), std::thread::current().id());
    let hash = blake3::hash(seed.as_bytes());
    let pick = |byte: &u8| char::from(ALPHABET.get(usize::from(*byte) % 32).copied().unwrap_or(b'a'));
    hash.as_bytes().iter().take(4).map(pick).collect()
}

/// The time of day of a moment, as the status bar shows it.
pub fn time_of_day(at: Timestamp) -> String {
    let zoned = jiff::Timestamp::from_second(at.0).map(|t| t.to_zoned_datetime(jiff::tz::TimeZone::system()));
    zoned.map_or_else(|_| String::new(), |t| t.strftime("%H:%M").to_string())
}
