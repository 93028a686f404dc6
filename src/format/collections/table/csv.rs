//! CSV and TSV: which character stands between cells is found out.

use super::{Table, reading_of};
use crate::format::reading::decode;
use crate::format::reading::{Head, Likelihood, ReadOptions, Reading, Refusal, Source};

const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];
/// The longest cell that is read.
const MAX_CELL_BYTES: usize = 64 << 20;

/// The delimiter under which the first records have most equal numbers of cells, two and more.
fn delimiter(text: &str) -> Option<u8> {
    let score = |delimiter: u8| {
        let mut reader = ::csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .has_headers(false)
            .flexible(true)
            .from_reader(text.as_bytes());
        let widths: Vec<usize> = reader
            .byte_records()
            .take(20)
            .flatten()
            .map(|r| r.len())
            .collect();
        // The last record of a cut text may be cut too.
        let whole = widths.len().saturating_sub(usize::from(widths.len() > 2));
        let first = widths.first().copied().unwrap_or(0);
        let same = widths
            .iter()
            .take(whole)
            .filter(|width| **width == first)
            .count();
        match first >= 2 && whole >= 2 && same * 10 >= whole * 7 {
            true => first,
            false => 0,
        }
    };
    let best = DELIMITERS
        .into_iter()
        .max_by_key(|d| (score(*d), std::cmp::Reverse(*d)))?;
    (score(best) >= 2).then_some(best)
}

pub(super) fn recognise(head: &Head<'_>) -> Likelihood {
    let is_named = matches!(head.source.extension().as_str(), "csv" | "tsv" | "tab");
    let start = head.text.trim_start();
    if start.is_empty() || (!is_named && start.starts_with(['<', '{', '['])) {
        return Likelihood::No;
    }
    let first = head.text.lines().next().unwrap_or_default();
    let is_known = |delimiter: u8| {
        let cells = first.split(char::from(delimiter));
        let mut cells = cells.map(|cell| super::folded(cell.trim_matches(['"', ' '])));
        cells.any(|cell| {
            super::TEXT.contains(&cell.as_str()) || super::TITLE.contains(&cell.as_str())
        })
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
    match is_named || is_known(found) {
        true => Likelihood::Likely,
        false => Likelihood::No,
    }
}

/// All cells of a table as they are meant.
pub(crate) struct Cells {
    pub(crate) rows: Vec<Vec<String>>,
    /// Their numbers, counted from 1.
    pub(crate) numbers: Vec<usize>,
    /// Numbers of the rows that were left out, for a cell of monstrous size.
    pub(crate) too_long: Vec<usize>,
}

/// The cells of a table in text, whatever stands between them.
pub(crate) fn cells(text: &str) -> Result<Cells, Refusal> {
    let start = text
        .char_indices()
        .nth(100_000)
        .map_or(text.len(), |(i, _)| i);
    let found = delimiter(text.get(..start).unwrap_or(text)).unwrap_or(b',');
    let mut reader = ::csv::ReaderBuilder::new()
        .delimiter(found)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut cells = Cells {
        rows: Vec::new(),
        numbers: Vec::new(),
        too_long: Vec::new(),
    };
    for (number, record) in (1..).zip(reader.records()) {
        let record =
            record.map_err(|error| Refusal::new(format!("the table is damaged: {error}")))?;
        if record.iter().any(|cell| cell.len() > MAX_CELL_BYTES) {
            cells.too_long.push(number);
            continue;
        }
        let row = record.iter().map(|cell| unguarded(cell).to_owned());
        cells.rows.push(row.collect());
        cells.numbers.push(number);
    }
    Ok(cells)
}

/// What a spreadsheet may take for the start of a formula; some read the wide forms as the others.
pub(crate) const STARTS_FORMULA: &[char] =
    &['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// What guards spreadsheets against formulas is not part of the text.
fn unguarded(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if rest.trim_start_matches('\'').starts_with(STARTS_FORMULA) => rest,
        _ => cell,
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

/// What is told of a row that was left out, in a file if it is not the one that is read.
pub(crate) fn too_long_remark(row: usize, file: &str) -> String {
    format!(
        "row {row}{file} has a cell of over {} MB and was left out",
        MAX_CELL_BYTES >> 20
    )
}

/// A first row that is an article itself is no header.
fn without_header(table: &mut Table) {
    let known = |name: &String| {
        let name = super::folded(name);
        let lists = [super::TEXT, super::TITLE, super::ID];
        lists.iter().any(|list| list.contains(&name.as_str()))
            || super::FIELDS
                .iter()
                .any(|(_, list)| list.contains(&name.as_str()))
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
