//! How a table in text is written, by its first rows.

use super::rows::{Dialect, Rows};
use crate::format::reading::columns::{is_known, is_of_text};
use std::borrow::Cow;

/// What may stand between cells.
pub(crate) const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];
/// Stands between cells where nothing does: the unit separator.
const NONE: u8 = 0x1F;
/// A header stands in one of so many first rows.
pub(crate) const MAX_PREAMBLE: usize = 30;
/// How much of a table is looked at.
const SAMPLE_CHARS: usize = 100_000;
const SAMPLE_ROWS: usize = 50;

pub(super) fn dialect(text: &str) -> Dialect {
    let end = text.char_indices().nth(SAMPLE_CHARS);
    let sample = end.and_then(|(end, _)| text.get(..end)).unwrap_or(text);
    let is_cut = sample.len() < text.len();
    let feeds = memchr::memchr_iter(b'\n', sample.as_bytes()).count();
    let returns = memchr::memchr_iter(b'\r', sample.as_bytes()).count();
    let plain = Dialect {
        delimiter: NONE,
        has_backslash_quotes: false,
        has_escapes: false,
        ends_at_cr: returns > feeds * 2,
        width: 0,
    };
    let may_have_backslashes = sample.contains("\\\"");
    let mut best = (plain, Score::default());
    for delimiter in DELIMITERS {
        let is_null = |cell: &str| cell.trim_end() == "\\N";
        let has_escapes = delimiter == b'\t'
            && !sample.contains("\t\"")
            && sample.split(['\t', '\n']).any(is_null);
        for has_backslash_quotes in [false, true] {
            if has_backslash_quotes && !may_have_backslashes {
                continue;
            }
            let mut tried = Dialect {
                delimiter,
                has_backslash_quotes,
                has_escapes,
                ..plain
            };
            // Who asks may have cut the table, within quotes at worst.
            let score = match Score::of(sample, tried, is_cut, true) {
                score if score.width >= 2 || is_cut => score,
                _ => Score::of(sample, tried, is_cut, false),
            };
            tried.width = score.width;
            if score.width >= 2 && score.is_better_than(best.1) {
                best = (tried, score);
            }
        }
    }
    if best.0.width == 0 {
        // The header alone tells, if anything does.
        let line = sample.lines().next().unwrap_or_default();
        let count = |delimiter: &u8| line.bytes().filter(|byte| byte == delimiter).count();
        let most = DELIMITERS.into_iter().rev().max_by_key(count);
        let most = most.filter(|delimiter| count(delimiter) > 0);
        best.0.delimiter = most.unwrap_or(NONE);
    }
    best.0
}

/// How well a dialect fits.
#[derive(Clone, Copy, Default)]
struct Score {
    /// The cells of the header.
    width: usize,
    /// Rows whose quotes do not match.
    broken: usize,
}

impl Score {
    fn of(sample: &str, dialect: Dialect, is_cut: bool, may_be_cut: bool) -> Self {
        let mut rows = Rows::new(sample, dialect);
        let mut found: Vec<Vec<Cow<'_, str>>> = Vec::new();
        let mut broken = 0;
        while found.len() < SAMPLE_ROWS
            && let Some(row) = rows.next_row()
            && !(may_be_cut && row.reaches_end)
        {
            broken += usize::from(row.is_broken);
            found.push(row.cells);
        }
        // The last record of a cut text may be cut too.
        if is_cut && found.len() > 2 && rows.at >= sample.len() {
            found.pop();
        }
        let widths: Vec<usize> = found.iter().map(Vec::len).collect();
        let width = |first: usize| -> Option<usize> {
            let rows = widths.get(first..)?;
            let (names, below) = rows.split_first()?;
            let share = |width: usize| below.iter().filter(|own| **own == width).count();
            let is_most = |same: usize| same * 10 >= below.len() * 7;
            let cells = found.get(first)?;
            let has_names = cells.iter().any(|cell| is_known(cell));
            if *names >= 2 && !below.is_empty() && (share(*names) + 1) * 10 >= rows.len() * 7 {
                return Some(*names);
            }
            // R names the columns only, and not the one of the names of rows.
            if below.is_empty() && may_be_cut && *names >= 2 {
                return cells.iter().any(|cell| is_of_text(cell)).then_some(*names);
            }
            let is_of_r =
                *names >= 2 && has_names && !below.is_empty() && is_most(share(*names + 1));
            is_of_r.then_some(*names + 1)
        };
        let is_header = |at: &usize| {
            let cells = found.get(*at).map_or(&[][..], Vec::as_slice);
            let known = cells.iter().filter(|cell| is_known(cell)).count();
            known >= 2 || cells.iter().any(|cell| is_of_text(cell))
        };
        let mut below = (1..MAX_PREAMBLE.min(found.len())).filter(is_header);
        let width = width(0).or_else(|| below.find_map(width));
        Self {
            width: width.unwrap_or(0),
            broken,
        }
    }

    fn is_better_than(self, other: Self) -> bool {
        (self.width, std::cmp::Reverse(self.broken))
            > (other.width, std::cmp::Reverse(other.broken))
    }
}
