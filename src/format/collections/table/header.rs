//! Where a table begins: what stands before its header, headers that leave out the column of row
//! names, and tables without one.

use super::Table;
use crate::format::reading::cells::{MAX_PREAMBLE, listed};
use crate::format::reading::columns::{is_known, is_of_text};
use std::collections::HashSet;

/// So many rows tell what the rest look like.
const SHOWN: usize = 100;

fn filled(row: &[String]) -> usize {
    row.iter().filter(|cell| !cell.trim().is_empty()).count()
}

fn is_short(row: &[String]) -> bool {
    row.iter().all(|name| name.chars().count() < 60)
}

/// The row that names the columns.
fn header_at(rows: &[Vec<String>]) -> usize {
    let first = rows.get(..rows.len().min(SHOWN)).unwrap_or_default();
    let widths: Vec<usize> = first.iter().map(|row| filled(row)).collect();
    let width = |at: usize| widths.get(at).copied().unwrap_or(0);
    // Not much narrower than most rows below.
    let is_wide = |at: usize| {
        let mut below = widths.get(at + 1..).unwrap_or_default().to_vec();
        below.sort_unstable();
        below
            .get(below.len() / 2)
            .is_none_or(|most| width(at) * 3 >= *most)
    };
    let known = |row: &[String]| row.iter().filter(|name| is_known(name)).count();
    let has_text = |row: &[String]| row.iter().any(|name| is_of_text(name));
    let candidates = || {
        let rows = first.iter().enumerate().take(MAX_PREAMBLE);
        rows.filter(|(at, row)| {
            // A first row with known names is the header of whatever follows.
            let is_sure = *at == 0 && has_text(row);
            width(*at) > 0 && is_short(row) && (is_sure || is_wide(*at))
        })
    };
    let with_text = candidates().find(|(_, row)| has_text(row));
    let named = candidates().find(|(at, row)| known(row) >= 2 || (*at == 0 && known(row) > 0));
    match (named, with_text) {
        (Some((at, _)), Some((other, _))) if other < at || width(other) > width(at) => {
            return other;
        }
        (Some((at, _)), _) | (None, Some((at, _))) => return at,
        (None, None) => {}
    }
    // Names that nobody knows stand where the table becomes as wide as it is.
    let widest = candidates().find(|(at, _)| {
        let before = widths.get(..*at).unwrap_or_default();
        *at > 0 && width(*at) >= 3 && before.iter().all(|other| other * 2 <= width(*at))
    });
    widest.map_or(0, |(at, _)| at)
}

impl Table {
    /// The table in some rows with their numbers, and what should be known of it.
    pub(super) fn of_rows(
        mut rows: Vec<Vec<String>>,
        mut numbers: Vec<usize>,
    ) -> (Self, Vec<String>) {
        let mut remarks = Vec::new();
        let at = header_at(&rows);
        let before: Vec<Vec<String>> = rows.drain(..at.min(rows.len())).collect();
        let first = numbers.first().copied().unwrap_or(1);
        numbers.drain(..at.min(numbers.len()));
        if let Some(row) = before.first() {
            let told: Vec<&str> = row.iter().map(|cell| cell.trim()).collect();
            let told = told.join(" ");
            let told: String = told.trim().chars().take(60).collect();
            remarks.push(match before.len() {
                1 => format!("row {first} stands before the header and was left out (“{told}”)"),
                n => format!(
                    "{n} rows from row {first} on stand before the header and were left out (“{told}”, …)"
                ),
            });
        }
        let mut table = Self {
            names: if rows.is_empty() {
                Vec::new()
            } else {
                rows.remove(0)
            },
            rows,
            numbers,
            ..Self::default()
        };
        let is_header = table.names.iter().any(|name| is_known(name)) || is_short(&table.names);
        if !is_header {
            let names = (1..=table.names.len()).map(|n| format!("column {n}"));
            let names = names.collect();
            table
                .rows
                .insert(0, std::mem::replace(&mut table.names, names));
        } else if !table.numbers.is_empty() {
            table.numbers.remove(0);
        }
        if table.has_row_names() {
            table.names.insert(0, "row name".to_owned());
        }
        (table, remarks)
    }

    /// R names rows in a column without a name of its own.
    fn has_row_names(&self) -> bool {
        let width = self.names.len() + 1;
        let first = self.rows.get(..self.rows.len().min(1_000));
        let first = first.unwrap_or_default();
        let names: HashSet<&String> = first.iter().filter_map(|row| row.first()).collect();
        let has_last = |row: &Vec<String>| row.last().is_some_and(|cell| !cell.trim().is_empty());
        !first.is_empty()
            && first.iter().all(|row| row.len() == width)
            && names.len() == first.len()
            && first.iter().any(has_last)
    }

    /// Rows with more or fewer cells than there are columns, unless nothing stands in them.
    pub(super) fn ragged(&self) -> Option<String> {
        let width = self.names.len();
        let is_ragged = |row: &Vec<String>| {
            let more = row.get(width..).unwrap_or_default();
            (row.len() < width && !self.ends_are_left_out) || filled(more) > 0
        };
        let rows = self.rows.iter().enumerate();
        let ragged: Vec<usize> = rows
            .filter(|(_, row)| is_ragged(row))
            .map(|(at, _)| self.number(at))
            .collect();
        (!ragged.is_empty()).then(|| {
            format!(
                "{} rows have more or fewer cells than the table has columns (rows {})",
                ragged.len(),
                listed(&ragged)
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::header_at;

    #[test]
    fn headers_are_found() {
        let check = |rows: &[&str], expected: usize| {
            let rows = rows
                .iter()
                .map(|row| row.split('|').map(str::to_owned).collect());
            let rows: Vec<Vec<String>> = rows.collect();
            assert_eq!(header_at(&rows), expected, "{rows:?}");
        };
        check(&["title|text", "A|One.", "B|Two."], 0);
        // Cells beyond the header are no reason to look further.
        check(&["title|text", "A|One|x|y|z", "B|Two|x|y|z"], 0);
        check(&["title|text", "x|x|x|x|x|x|x|x|x", "x|x|x|x|x|x|x|x|x"], 0);
        check(
            &["Date|2020", "By|Ana", "date|title|author|text", "1|2|3|4"],
            2,
        );
        check(
            &["Press review", "", "Titel|Datum|Medium", "a|b|c", "d|e|f"],
            2,
        );
        // In a language that nobody here speaks.
        check(&["Sajtószemle||", "Cím|Szöveg|Nap", "a|b|c", "d|e|f"], 1);
        check(&["a|b", "c|d"], 0);
        check(&["only"], 0);
        check(&[], 0);
        // A row that says “text” is none.
        check(&["title|words", "text|title", "a|b"], 0);
    }
}
