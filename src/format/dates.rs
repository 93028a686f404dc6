//! Dates as news pages, exports and mails write them, to RFC 3339.
//!
//! Knows no clock: a date without a year is no date.

/// A date (`2019-11-03`) or a time with its offset (`2019-11-03T09:15:00+01:00`) from text such as
/// “Sunday, 3 November 2019 9:15 AM GMT+1”, “3. November 2019”, “2019年11月3日”. `None` when there
/// is none or it is ambiguous.
pub fn parse_date(_text: &str) -> Option<String> {
    None
}
