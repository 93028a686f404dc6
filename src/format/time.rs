//! Timestamps as RFC 3339 in UTC, to the second.

use crate::core::annotation::Timestamp;

pub(crate) fn timestamp_text(timestamp: Timestamp) -> String {
    jiff::Timestamp::from_second(timestamp.seconds())
        .map_or_else(|_| String::new(), |t| t.to_string())
}

pub(crate) fn timestamp_from(text: &str) -> Option<Timestamp> {
    let parsed: jiff::Timestamp = text.parse().ok()?;
    Some(Timestamp::new(parsed.as_second()))
}
