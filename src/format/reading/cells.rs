//! A table in text as cells: which character stands between them, and how quotes and row ends
//! within them are written, is found out.
//!
//! It knows nothing of articles. No cell is lost: where quotes do not match, a row is read to the
//! end of its line, and that is told.

mod dialect;
mod rows;

use crate::format::reading::Refusal;
use dialect::dialect;
pub(crate) use dialect::{DELIMITERS, MAX_PREAMBLE};
use rows::Rows;

/// The longest cell that is read.
const MAX_CELL_BYTES: usize = 64 << 20;

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
                "row {row}{file} has quotes that do not match and was read as it stands"
            )),
            rows => remarks.push(format!(
                "{} rows{file} have quotes that do not match (rows {}); they were read as they stand",
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
    read(text, false)
}

/// As [`cells`], of the start of a table: a row that is cut within quotes is left out.
pub(crate) fn cells_of_start(text: &str) -> Result<Cells, Refusal> {
    read(text, true)
}

fn read(text: &str, is_cut: bool) -> Result<Cells, Refusal> {
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
        if is_cut && row.reaches_end {
            break;
        }
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
    fn a_start_of_a_table_ends_with_its_last_whole_row() {
        let text = format!(
            "id,text\n1,\"One \\\"\" two.\"\n2,\"{}\"\n3,Three.\n",
            "a line\n".repeat(30_000)
        );
        let start = text.get(..150_000).unwrap();
        assert_eq!(cells_of_start(start).unwrap().rows.len(), 2);
        assert_eq!(delimiter(start), Some(b','));
        assert_eq!(delimiter(text.get(..60_000).unwrap()), Some(b','));
        assert_eq!(delimiter("title,text\nA,\"a\nb\nc"), Some(b','));
        let whole = cells(&text).unwrap();
        assert_eq!((whole.rows.len(), whole.broken.len()), (4, 0));
        assert_eq!(whole.rows[1][1], "One \\\" two.");
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
