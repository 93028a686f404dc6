//! CSV and TSV: which character stands between cells is found out.

use super::{Table, reading_of};
use crate::format::reading::cells::{DELIMITERS, cells, delimiter};
use crate::format::reading::columns::{TEXT, TITLE, folded};
use crate::format::reading::decode;
use crate::format::reading::{Head, Likelihood, ReadOptions, Reading, Refusal, Source};
use encoding_rs::UTF_8;

pub(super) fn recognise(head: &Head<'_>) -> Likelihood {
    // Many programs call text so that spreadsheets open it.
    let ending = head.source.extension();
    let is_sheet = matches!(ending.as_str(), "xls" | "xlsx");
    let is_named = is_sheet || matches!(ending.as_str(), "csv" | "tsv" | "tab");
    let start = head.text.trim_start();
    if start.is_empty()
        || (is_sheet && start.starts_with('<'))
        || (!is_named && start.starts_with(['<', '{', '[']))
    {
        return Likelihood::No;
    }
    let first = head.text.lines().next().unwrap_or_default();
    let is_known = |delimiter: u8| {
        let cells = first.split(char::from(delimiter));
        let mut cells = cells.map(|cell| folded(cell.trim_matches(['"', ' '])));
        cells.any(|cell| TEXT.contains(&cell.as_str()) || TITLE.contains(&cell.as_str()))
    };
    // An article may have commas in every line; only a name or a header of known columns tells.
    if !is_named && !DELIMITERS.into_iter().any(is_known) {
        return Likelihood::No;
    }
    let Some(found) = delimiter(head.text) else {
        return if is_named {
            Likelihood::Fallback
        } else {
            Likelihood::No
        };
    };
    if is_named || is_known(found) {
        Likelihood::Likely
    } else {
        Likelihood::No
    }
}

pub(super) fn read(source: &Source<'_>, options: &ReadOptions) -> Result<Reading, Refusal> {
    // Large tables are held as few times as can be.
    let (mut found, encoding, is_guess, told) = match decode::utf8(source.bytes) {
        Some(text) => (cells(text)?, UTF_8.name(), false, Vec::new()),
        None => {
            let decoded = decode::decode(source.bytes)
                .ok_or_else(|| Refusal::new("this is a binary file, not a table"))?;
            let told = decoded.remarks();
            let found = cells(&decoded.text)?;
            (found, decoded.encoding, decoded.is_guess, told)
        }
    };
    let rows = std::mem::take(&mut found.rows);
    let numbers = std::mem::take(&mut found.numbers);
    let (table, remarks) = Table::of_rows(rows, numbers);
    let mut reading = reading_of(table, options)?;
    reading.encoding = Some(encoding);
    reading.is_encoding_guessed = is_guess;
    reading.remarks.extend(remarks);
    reading.remarks.extend(told);
    reading.remarks.extend(found.remarks(""));
    Ok(reading)
}
