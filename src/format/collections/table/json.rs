//! JSON records: an array, an object that holds one, or a record a line. Nested objects become
//! columns with dots in their names.

use super::fields::{cell_of, fields_of};
use super::lists::records_in;
use super::{Table, called, reading_of};
use crate::format::reading::columns::is_of_text;
use crate::format::reading::records::{records, unknown_annotations};
use crate::format::reading::{ColumnUse, Head, Likelihood, ReadOptions, Reading, Refusal, Source};
use serde_json::Value;
use std::collections::HashMap;

pub(super) fn recognise(head: &Head<'_>) -> Likelihood {
    let start = head.text.trim_start();
    let is_json = start.starts_with("{\"")
        || start.starts_with("[{")
        || (start.starts_with(['{', '['])
            && start
                .trim_start_matches(['{', '[', ' ', '\n', '\r', '\t'])
                .starts_with('"'));
    Likelihood::Likely.when(is_json)
}

pub(super) fn read(source: &Source<'_>, options: &ReadOptions) -> Result<Reading, Refusal> {
    let found = records(source.bytes)?;
    let values = found.records.into_iter().map(|(_, value)| value).collect();
    let mut table = Table {
        first_row: 1,
        ends_are_left_out: true,
        ..Table::default()
    };
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut others = 0;
    let values = records_in(values);
    let unknown = unknown_annotations(&values);
    for value in values {
        let Value::Object(record) = value else {
            others += 1;
            continue;
        };
        let mut row: Vec<String> = Vec::new();
        let mut far = Vec::new();
        let mut fields = Vec::new();
        fields_of("", &record, 0, &mut fields);
        // Records may each have fields of their own: rows are no wider than they are full.
        let near = 16 + 4 * fields.len();
        for (name, value) in fields {
            let is_text = || match options.columns.get(&name) {
                Some(used) => *used == ColumnUse::Text,
                None => called(&name).iter().any(|name| is_of_text(name)),
            };
            let Some((text, is_raw)) = cell_of(value, is_text) else {
                continue;
            };
            let at = *places.entry(name.clone()).or_insert_with(|| {
                table.names.push(name);
                table.names.len() - 1
            });
            if is_raw {
                table.raw.insert(at);
            }
            if at >= near {
                far.push((at, text));
                continue;
            }
            if row.len() <= at {
                row.resize(at + 1, String::new());
            }
            if let Some(cell) = row.get_mut(at) {
                *cell = text;
            }
        }
        if !far.is_empty() {
            far.sort_by_key(|(at, _)| *at);
            table.far.insert(table.rows.len(), far);
        }
        table.rows.push(row);
    }
    let mut reading = reading_of(table, options)?;
    reading.left_out.count_told(others);
    if others > 0 {
        reading
            .remarks
            .push(format!("{others} values are no records and were left out"));
    }
    reading.remarks.extend(found.remarks);
    reading.left_out.count_told(found.damaged);
    reading.left_out.add(unknown);
    reading.cut();
    Ok(reading)
}
