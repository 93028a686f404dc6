//! CSV and TSV: which character stands between cells is found out.

use super::{Table, reading_of};
use crate::format::reading::cells::{DELIMITERS, cells, delimiter, too_long_remark};
use crate::format::reading::columns::{FIELDS, ID, TEXT, TITLE, folded};
use crate::format::reading::decode;
use crate::format::reading::{Head, Likelihood, ReadOptions, Reading, Refusal, Source};

pub(super) fn recognise(head: &Head<'_>) -> Likelihood {
    let is_named = matches!(head.source.extension().as_str(), "csv" | "tsv" | "tab");
    let start = head.text.trim_start();
    if start.is_empty() || (!is_named && start.starts_with(['<', '{', '['])) {
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
    let found = cells(&decoded.text)?;
    let mut rows = found.rows.into_iter();
    let mut table = Table {
        names: rows.next().unwrap_or_default(),
        rows: rows.collect(),
        numbers: found.numbers,
        ..Table::default()
    };
    without_header(&mut table);
    let mut reading = reading_of(&table, options)?;
    reading.encoding = Some(decoded.encoding);
    reading.is_encoding_guessed = decoded.is_guess;
    reading.remarks.extend(decoded.remarks());
    let too_long = found.too_long.iter();
    reading
        .remarks
        .extend(too_long.map(|row| too_long_remark(*row, "")));
    Ok(reading)
}

/// A first row that is an article itself is no header.
fn without_header(table: &mut Table) {
    let known = |name: &String| {
        let name = folded(name);
        let lists = [TEXT, TITLE, ID];
        lists.iter().any(|list| list.contains(&name.as_str()))
            || FIELDS.iter().any(|(_, list)| list.contains(&name.as_str()))
    };
    let is_header =
        table.names.iter().any(known) || table.names.iter().all(|name| name.chars().count() < 60);
    if !is_header {
        let names = (1..=table.names.len())
            .map(|n| format!("column {n}"))
            .collect();
        table
            .rows
            .insert(0, std::mem::replace(&mut table.names, names));
    } else if !table.numbers.is_empty() {
        table.numbers.remove(0);
    }
}
