//! A table in text as cells: which character stands between them is found out.

use crate::format::reading::Refusal;

pub(crate) const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];
/// The longest cell that is read.
const MAX_CELL_BYTES: usize = 64 << 20;

/// The delimiter under which the first records have most equal numbers of cells, two and more.
pub(crate) fn delimiter(text: &str) -> Option<u8> {
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
        if first >= 2 && whole >= 2 && same * 10 >= whole * 7 {
            first
        } else {
            0
        }
    };
    let best = DELIMITERS
        .into_iter()
        .max_by_key(|d| (score(*d), std::cmp::Reverse(*d)))?;
    (score(best) >= 2).then_some(best)
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

/// What is told of a row that was left out, in a file if it is not the one that is read.
pub(crate) fn too_long_remark(row: usize, file: &str) -> String {
    format!(
        "row {row}{file} has a cell of over {} MB and was left out",
        MAX_CELL_BYTES >> 20
    )
}
