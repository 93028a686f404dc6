//! CSV and TSV: which character stands between cells is found out.

use super::{Table, reading_of};
use crate::format::reading::cells::{DELIMITERS, cells, delimiter};
use crate::format::reading::columns::{TEXT, TITLE, folded};
use crate::format::reading::decode;
use crate::format::reading::{Head, Likelihood, ReadOptions, Reading, Refusal, Source};

pub(super) fn recognise(head: &Head<'_>) -> Likelihood {
    // Many programs call text so that spreadsheets open it.
    let endings = ["csv", "tsv", "tab", "xls", "xlsx"];
    let is_named = endings.contains(&head.source.extension().as_str());
    let start = head.text.trim_start();
    if start.is_empty() || start.starts_with('<') || (!is_named && start.starts_with(['{', '['])) {
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
    let decoded = decode::decode(source.bytes)
        .ok_or_else(|| Refusal::new("this is a binary file, not a table"))?;
    let mut found = cells(&decoded.text)?;
    let (encoding, is_guess, told) = (decoded.encoding, decoded.is_guess, decoded.remarks());
    // What it said is in the cells.
    drop(decoded);
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
