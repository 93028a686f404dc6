//! A table in text as cells: which character stands between them, and how quotes and row ends
//! within them are written, is found out.
//!
//! It knows nothing of articles. No cell is lost: where quotes do not match, a row is read to the
//! end of its line, and that is told.

use crate::format::reading::Refusal;
use crate::format::reading::columns::{is_known, is_of_text};
use std::borrow::Cow;
use std::cell::Cell;

pub(crate) const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];
/// Stands between cells where nothing does: the unit separator.
const NONE: u8 = 0x1F;
/// The longest cell that is read.
const MAX_CELL_BYTES: usize = 64 << 20;
/// How far quotes that do not match are looked for, in bytes.
const MAX_LOOKED_AHEAD: usize = 4 << 10;
/// How much of a table is looked at to find out how it is written.
const SAMPLE_CHARS: usize = 100_000;
const SAMPLE_ROWS: usize = 50;
/// A header stands in one of so many first rows.
pub(crate) const MAX_PREAMBLE: usize = 30;

/// How a table is written.
#[derive(Clone, Copy, Debug)]
struct Dialect {
    delimiter: u8,
    /// `\"` within quotes is a quote.
    has_backslash_quotes: bool,
    /// There are no quotes; `\t`, `\n` and `\\` stand for what they mean, as databases write them.
    has_escapes: bool,
    /// A carriage return alone ends a row.
    ends_at_cr: bool,
    /// The cells that most rows have; 0 when that is unknown.
    width: usize,
}

/// The delimiter under which the first records have most equal numbers of cells, two and more.
pub(crate) fn delimiter(text: &str) -> Option<u8> {
    let (told, text) = told_delimiter(text);
    told.or_else(|| {
        let dialect = dialect(text);
        (dialect.width >= 2).then_some(dialect.delimiter)
    })
}

/// What the first line tells spreadsheets to take for the delimiter, and what stands behind it.
fn told_delimiter(text: &str) -> (Option<u8>, &str) {
    let (line, rest) = text.split_once(['\n', '\r']).unwrap_or((text, ""));
    let line = line.trim_matches(['"', '\u{FEFF}']);
    let told = line
        .get(..4)
        .filter(|word| word.eq_ignore_ascii_case("sep="));
    let told = told.and_then(|_| line.get(4..)).map(str::as_bytes);
    match told {
        Some(&[delimiter]) => (Some(delimiter), rest),
        _ => (None, text),
    }
}

fn dialect(text: &str) -> Dialect {
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
            let score = Score::of(sample, tried, is_cut);
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
    fn of(sample: &str, dialect: Dialect, is_cut: bool) -> Self {
        let mut rows = Rows::new(sample, dialect);
        let mut found: Vec<Vec<Cow<'_, str>>> = Vec::new();
        let mut broken = 0;
        while found.len() < SAMPLE_ROWS
            && let Some(row) = rows.next_row()
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
            let is_of_r = has_names && !below.is_empty() && is_most(share(*names + 1));
            is_of_r.then_some(*names + 1)
        };
        let is_header = |at: &usize| {
            let cells = found.get(*at).map_or(&[][..], Vec::as_slice);
            let known = cells.iter().filter(|cell| is_known(cell)).count();
            known >= 2 || cells.iter().any(|cell| is_of_text(cell))
        };
        let below = (1..MAX_PREAMBLE.min(found.len())).filter(is_header);
        let width = width(0).or_else(|| below.filter_map(width).next());
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

/// All cells of a table as they are meant.
#[derive(Default)]
pub(crate) struct Cells {
    pub(crate) rows: Vec<Vec<String>>,
    /// Their numbers, counted from 1.
    pub(crate) numbers: Vec<usize>,
    /// Numbers of the rows that were left out, for a cell of monstrous size.
    too_long: Vec<usize>,
    /// Numbers of the rows whose quotes do not match.
    broken: Vec<usize>,
}

impl Cells {
    /// What should be known of the reading, of a file if it is not the one that is read.
    pub(crate) fn remarks(&self, file: &str) -> Vec<String> {
        let too_long = self.too_long.iter().map(|row| {
            format!(
                "row {row}{file} has a cell of over {} MB and was left out",
                MAX_CELL_BYTES >> 20
            )
        });
        let mut remarks: Vec<String> = too_long.collect();
        match self.broken.as_slice() {
            [] => {}
            [row] => remarks.push(format!(
                "row {row}{file} has quotes that do not match; it was read to the end of its line"
            )),
            rows => remarks.push(format!(
                "{} rows{file} have quotes that do not match (rows {}); each was read to the end of its line",
                rows.len(),
                listed(rows)
            )),
        }
        remarks
    }
}

/// The first of some numbers.
pub(crate) fn listed(rows: &[usize]) -> String {
    const SHOWN: usize = 5;
    let first: Vec<String> = rows.iter().take(SHOWN).map(usize::to_string).collect();
    let more = if rows.len() > SHOWN { ", …" } else { "" };
    format!("{}{more}", first.join(", "))
}

/// The cells of a table in text, whatever stands between them.
pub(crate) fn cells(text: &str) -> Result<Cells, Refusal> {
    let (told, text) = told_delimiter(text);
    let mut dialect = dialect(text);
    if let Some(told) = told
        && told != dialect.delimiter
    {
        dialect.delimiter = told;
        dialect.has_escapes = false;
        dialect.width = 0;
    }
    let mut rows = Rows::new(text, dialect);
    let mut cells = Cells::default();
    let mut number = 0;
    while let Some(row) = rows.next_row() {
        number += 1;
        if row.is_broken {
            cells.broken.push(number);
        }
        if row.cells.iter().any(|cell| cell.len() > MAX_CELL_BYTES) {
            cells.too_long.push(number);
            continue;
        }
        let row = row.cells.into_iter().map(|cell| match unguarded(&cell) {
            Some(rest) => rest.to_owned(),
            None => cell.into_owned(),
        });
        cells.rows.push(row.collect());
        cells.numbers.push(number);
    }
    Ok(cells)
}

/// How quotes are taken.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Quotes {
    /// A cell that begins with a quote ends with one, and quotes in it are doubled.
    Matching,
    /// Other quotes in such a cell are its own.
    Within,
    /// A cell whose quotes do not match ends where the next begins, and a row with its line.
    AsTheyStand,
}

struct Row<'t> {
    cells: Vec<Cow<'t, str>>,
    is_broken: bool,
}

/// Rows one after the other.
struct Rows<'t> {
    text: &'t str,
    at: usize,
    dialect: Dialect,
    /// What was read in vain, in bytes.
    again: Cell<usize>,
}

impl<'t> Rows<'t> {
    fn new(text: &'t str, dialect: Dialect) -> Self {
        Self {
            text,
            at: 0,
            dialect,
            again: Cell::new(0),
        }
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied()
    }

    /// Where the row goes on behind a row end at this place; `None` when there is none.
    fn behind_row_end(&self, at: usize) -> Option<usize> {
        match (self.byte(at)?, self.byte(at + 1)) {
            (b'\n', _) => Some(at + 1),
            (b'\r', Some(b'\n')) => Some(at + 2),
            (b'\r', None) => Some(at + 1),
            (b'\r', _) if self.dialect.ends_at_cr => Some(at + 1),
            _ => None,
        }
    }

    fn next_row(&mut self) -> Option<Row<'t>> {
        while let Some(behind) = self.behind_row_end(self.at) {
            self.at = behind;
        }
        if self.at >= self.text.len() {
            return None;
        }
        let start = self.at;
        match self.row(start, Quotes::Matching) {
            Ok((cells, end)) => {
                self.at = end;
                return Some(Row {
                    cells,
                    is_broken: false,
                });
            }
            Err(_in_vain) => {}
        }
        let (cells, end) = match self.row(start, Quotes::AsTheyStand) {
            Ok(row) => row,
            Err(_never) => (Vec::new(), self.text.len()),
        };
        let width = self.dialect.width;
        let (cells, end) = match self.row(start, Quotes::Within) {
            Ok((other, other_end))
                if other_end == end
                    || (other.len() == width && (cells.len() != width || !self.begins_at(end))) =>
            {
                (other, other_end)
            }
            _ => (cells, end),
        };
        self.at = end;
        Some(Row {
            cells,
            is_broken: true,
        })
    }

    /// Whether a row with the usual number of cells begins here, or none does.
    fn begins_at(&self, at: usize) -> bool {
        let width = self.dialect.width;
        let fits = |cells: &[Cow<'_, str>]| cells.len() == width || width == 0;
        at >= self.text.len()
            || match self.row(at, Quotes::Matching) {
                Ok((cells, _)) => fits(&cells),
                Err(_) => self
                    .row(at, Quotes::AsTheyStand)
                    .is_ok_and(|(cells, _)| fits(&cells)),
            }
    }

    /// The row that begins here and where the next one does, or how far was read in vain.
    fn row(&self, start: usize, quotes: Quotes) -> Result<(Vec<Cow<'t, str>>, usize), usize> {
        let mut cells = Vec::with_capacity(self.dialect.width);
        let mut at = start;
        loop {
            let (cell, end) = self.cell(at, quotes)?;
            cells.push(cell);
            if end >= self.text.len() {
                return Ok((cells, end));
            }
            if let Some(behind) = self.behind_row_end(end) {
                return Ok((cells, behind));
            }
            if quotes == Quotes::Within && end > start + MAX_LOOKED_AHEAD {
                return Err(end);
            }
            at = end + 1;
        }
    }

    /// The cell that begins here, and where what ends it stands.
    fn cell(&self, start: usize, quotes: Quotes) -> Result<(Cow<'t, str>, usize), usize> {
        if !self.dialect.has_escapes {
            let spaces = self.text.as_bytes().iter().skip(start);
            let quote = start + spaces.take_while(|byte| **byte == b' ').count();
            if self.byte(quote) == Some(b'"') {
                match self.quoted(quote, quotes) {
                    Ok(cell) => return Ok(cell),
                    // A space before a quote may be the cell's own.
                    Err(reached) if quotes == Quotes::Matching && quote == start => {
                        return Err(reached);
                    }
                    Err(_) => {}
                }
            }
        }
        let mut end = start;
        loop {
            let rest = self.text.as_bytes().get(end..).unwrap_or_default();
            let Some(found) = memchr::memchr3(self.dialect.delimiter, b'\n', b'\r', rest) else {
                end = self.text.len();
                break;
            };
            end += found;
            let is_end = self.byte(end) == Some(self.dialect.delimiter)
                || self.behind_row_end(end).is_some();
            let before = self.text.as_bytes().get(start..end).unwrap_or_default();
            let backslashes = before.iter().rev().take_while(|b| **b == b'\\').count();
            if is_end && !(self.dialect.has_escapes && backslashes % 2 == 1) {
                break;
            }
            end += 1;
        }
        let cell = self.text.get(start..end).unwrap_or_default();
        let cell = if self.dialect.has_escapes && cell.contains('\\') && cell != "\\N" {
            Cow::Owned(unescaped(cell))
        } else {
            Cow::Borrowed(cell)
        };
        Ok((cell, end))
    }

    /// The cell whose quote stands here, and where what ends it stands.
    fn quoted(&self, quote: usize, quotes: Quotes) -> Result<(Cow<'t, str>, usize), usize> {
        let bytes = self.text.as_bytes();
        let limit = match quotes {
            // No cell goes beyond its line.
            Quotes::AsTheyStand => {
                let rest = bytes.get(quote..).unwrap_or_default();
                let mut ends = memchr::memchr2_iter(b'\n', b'\r', rest);
                let end = ends.find(|end| self.behind_row_end(quote + end).is_some());
                end.map_or(bytes.len(), |end| quote + end)
            }
            // Quotes that never match would each be looked for to the end of the table.
            Quotes::Matching if self.again.get() <= bytes.len() * 4 => bytes.len(),
            Quotes::Matching | Quotes::Within => {
                let is_hopeless = self.again.get() > bytes.len() * 8;
                let ahead = MAX_LOOKED_AHEAD / if is_hopeless { 16 } else { 1 };
                bytes.len().min(quote + ahead)
            }
        };
        let mut whole = String::new();
        let (mut from, mut at) = (quote + 1, quote + 1);
        loop {
            let rest = bytes.get(at..limit).unwrap_or_default();
            let found = if self.dialect.has_backslash_quotes {
                memchr::memchr2(b'"', b'\\', rest)
            } else {
                memchr::memchr(b'"', rest)
            };
            let in_vain = |reached: usize| {
                self.again.set(self.again.get() + reached - quote);
                reached
            };
            let place = at + found.ok_or_else(|| in_vain(limit))?;
            let next = self.byte(place + 1);
            if self.byte(place) == Some(b'\\') {
                at = place + 1;
                if matches!(next, Some(b'"' | b'\\')) {
                    whole.push_str(self.text.get(from..place).unwrap_or_default());
                    (from, at) = (place + 1, place + 2);
                }
                continue;
            }
            if next == Some(b'"') {
                whole.push_str(self.text.get(from..=place).unwrap_or_default());
                (from, at) = (place + 2, place + 2);
                continue;
            }
            let spaces = bytes.iter().skip(place + 1);
            let end = place + 1 + spaces.take_while(|byte| **byte == b' ').count();
            let is_end = end >= bytes.len()
                || self.byte(end) == Some(self.dialect.delimiter)
                || self.behind_row_end(end).is_some();
            if is_end {
                let last = self.text.get(from..place).unwrap_or_default();
                return Ok(if whole.is_empty() {
                    (Cow::Borrowed(last), end)
                } else {
                    whole.push_str(last);
                    (Cow::Owned(whole), end)
                });
            }
            if quotes != Quotes::Within {
                return Err(in_vain(place));
            }
            at = place + 1;
        }
    }
}

/// What a database wrote with backslashes.
fn unescaped(cell: &str) -> String {
    let mut out = String::with_capacity(cell.len());
    let mut chars = cell.chars();
    while let Some(c) = chars.next() {
        match (c, chars.as_str().chars().next()) {
            ('\\', Some('n' | '\n')) => out.push('\n'),
            ('\\', Some('t' | '\t')) => out.push('\t'),
            ('\\', Some('r' | '\r')) => out.push('\r'),
            ('\\', Some('\\')) => out.push('\\'),
            (c, _) => {
                out.push(c);
                continue;
            }
        }
        chars.next();
    }
    out
}

/// What a spreadsheet may take for the start of a formula; some read the wide forms as the others.
pub(crate) const STARTS_FORMULA: &[char] =
    &['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// What guards spreadsheets against formulas is not part of the text.
fn unguarded(cell: &str) -> Option<&str> {
    let rest = cell.strip_prefix('\'')?;
    let is_guard = rest.trim_start_matches('\'').starts_with(STARTS_FORMULA);
    is_guard.then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Cells with `|` between them, `¶` for line feeds, and the rows whose quotes do not match.
    #[track_caller]
    fn check(text: &str, expected: &[&str], broken: &[usize]) {
        let found = cells(text).unwrap();
        let rows: Vec<String> = found.rows.iter().map(|row| row.join("|")).collect();
        let rows: Vec<String> = rows.iter().map(|row| row.replace('\n', "¶")).collect();
        assert_eq!(rows, expected, "{text}");
        assert_eq!(found.broken, broken, "{text}");
    }

    #[test]
    fn cells_of_every_dialect() {
        check("a,b\n1,2\n", &["a|b", "1|2"], &[]);
        check(
            "a;b\r\n\"1;\r\n\"\"x\"\"\";2\r\n\r\n",
            &["a|b", "1;\r¶\"x\"|2"],
            &[],
        );
        check("a\tb\n1\t\n", &["a|b", "1|"], &[]);
        check("a|b\n1|2", &["a|b", "1|2"], &[]);
        // Nothing stands between the cells of one column.
        check(
            "text\nOne, two.\nThree.\n",
            &["text", "One, two.", "Three."],
            &[],
        );
        check(
            "text\n\"One, \"\"two\"\".\"\n",
            &["text", "One, \"two\"."],
            &[],
        );
        // A space before a quote, and after one.
        check("a, b, c\n1, \"x, y\" , 2\n", &["a| b| c", "1|x, y| 2"], &[]);
    }

    #[test]
    fn what_the_first_line_tells_spreadsheets() {
        check("sep=;\r\na;b\r\n1,5;2\r\n", &["a|b", "1,5|2"], &[]);
        check("\"sep=|\"\na|b\n1|2\n", &["a|b", "1|2"], &[]);
        check("SEP=\t\na\tb\n", &["a|b"], &[]);
        check("sep=,;\nb,c\n", &["sep=|;", "b|c"], &[]);
        assert_eq!(delimiter("sep=;\na,b;c\n1,2;3\n"), Some(b';'));
    }

    #[test]
    fn rows_end_as_they_do_in_most_of_the_table() {
        check("a,b\r1,2\r3,4\r", &["a|b", "1|2", "3|4"], &[]);
        check("a,b\r\n1,x\ry\r\n3,4\r\n", &["a|b", "1|x\ry", "3|4"], &[]);
        check("a,b\n1,x\ry\n3,4\r", &["a|b", "1|x\ry", "3|4"], &[]);
    }

    #[test]
    fn quotes_after_backslashes() {
        check(
            "id,text\n1,\"He said \\\"no\\\", and left.\nLate.\"\n2,\"A \\\\ and \\n.\"\n",
            &[
                "id|text",
                "1|He said \"no\", and left.¶Late.",
                "2|A \\ and \\n.",
            ],
            &[],
        );
        // A path, and JSON in a cell.
        check(
            "id,path\n1,\"C:\\dir\\\"\n2,\"x\"\n3,\"{\"\"a\"\": \"\"\\\"\"b\\\"\"\"\"}\"\n",
            &["id|path", "1|C:\\dir\\", "2|x", "3|{\"a\": \"\\\"b\\\"\"}"],
            &[],
        );
    }

    #[test]
    fn databases_write_backslashes_without_quotes() {
        check(
            "id\ttext\n1\tOne.\\nTwo\\\\n.\n2\t\\N\n3\ta\\\nb\\\tc\n",
            &["id|text", "1|One.¶Two\\n.", "2|\\N", "3|a¶b\tc"],
            &[],
        );
        // Without what they write for nothing, a backslash is one.
        check("id\ttext\n1\tC:\\new\n", &["id|text", "1|C:\\new"], &[]);
    }

    #[test]
    fn quotes_that_do_not_match_cost_one_row_at_most() {
        check(
            "id,title,text\n1,A,\"Never closed.\n2,B,\"Closed.\"\n3,C,\"Two\nlines.\"\n",
            &[
                "id|title|text",
                "1|A|\"Never closed.",
                "2|B|Closed.",
                "3|C|Two¶lines.",
            ],
            &[2],
        );
        check(
            "a,b\n1,\"x\n2,y\n3,z\n",
            &["a|b", "1|\"x", "2|y", "3|z"],
            &[2],
        );
        check("a,b\n1,x\n2,\"y", &["a|b", "1|x", "2|\"y"], &[3]);
        // Quotes of the words, where none stand around cells.
        check(
            "a\tb\n\"One\" said\t2\nx\t\"y\n\"z\tw\n",
            &["a|b", "\"One\" said|2", "x|\"y", "\"z|w"],
            &[2, 3, 4],
        );
        // Quotes within quotes that nobody doubled.
        check(
            "a,b,c\n1,\"He said \"no\" and left, then\",2\n3,4,5\n",
            &["a|b|c", "1|He said \"no\" and left, then|2", "3|4|5"],
            &[2],
        );
        check(
            "a,b\n5\" pipe,x\n6,a \"b\" c\n",
            &["a|b", "5\" pipe|x", "6|a \"b\" c"],
            &[],
        );
    }

    #[test]
    fn quotes_that_never_match_are_not_looked_for_for_ever() {
        let text = format!("a,b\n{}", "1,\"x\n".repeat(2_001));
        let found = cells(&text).unwrap();
        assert_eq!((found.rows.len(), found.broken.len()), (2_002, 2_001));
        // Each would be looked for to the end.
        let text = format!("a;b\n{}", "1;\"x\"\"\n".repeat(2_000));
        let found = cells(&text).unwrap();
        assert!(found.rows.len() > 1_000);
    }

    #[test]
    fn rows_before_the_header_do_not_hide_the_delimiter() {
        let check =
            |text: &str, expected: Option<u8>| assert_eq!(delimiter(text), expected, "{text}");
        check(
            "Report,May\nTopic,Ferry\n\nid;x\ndate,title,author,full text\n1,2,3,4\n5,6,7,8\n",
            Some(b','),
        );
        check("title\ttext\nr1\tA\tOne.\nr2\tB\tTwo.\n", Some(b'\t'));
        check(
            "Yesterday, in the town, it rained.\nToday, it snowed.\n",
            None,
        );
        check("One line", None);
    }

    #[test]
    fn guards_against_formulas_are_no_text() {
        check(
            "a,b\n'=1,''+x\n'-0.5,'tis\n",
            &["a|b", "=1|'+x", "-0.5|'tis"],
            &[],
        );
    }
}
