//! JSON records: an array, an object that holds one, or a record a line. Nested objects become
//! columns with dots in their names.

use super::{Table, reading_of};
use crate::format::reading::records::{
    looks_like_an_annotation, records, text_of, unknown_annotations,
};
use crate::format::reading::{Head, Likelihood, ReadOptions, Reading, Refusal, Source};
use serde_json::{Map, Value};
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
    let mut values: Vec<Value> = found.records.into_iter().map(|(_, value)| value).collect();
    if let [Value::Object(fields)] = values.as_mut_slice()
        && let Some(inner) = largest_list(fields)
    {
        values = inner;
    }
    let mut table = Table {
        first_row: 1,
        ends_are_left_out: true,
        ..Table::default()
    };
    let mut places: HashMap<String, usize> = HashMap::new();
    for value in &values {
        let mut row: Vec<String> = Vec::new();
        let mut far = Vec::new();
        let mut fields = Vec::new();
        flatten("", value, 0, &mut fields);
        // Records may each have fields of their own: rows are no wider than they are full.
        let near = 16 + 4 * fields.len();
        for (name, text) in fields {
            let at = *places.entry(name.clone()).or_insert_with(|| {
                table.names.push(name);
                table.names.len() - 1
            });
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
    let mut reading = reading_of(&table, options)?;
    reading.remarks.extend(found.remarks);
    reading.left_out.count_told(found.damaged);
    reading.left_out.add(unknown_annotations(&values));
    reading.cut();
    Ok(reading)
}

/// The list of records in a wrapper such as `{"articles": […]}`.
fn largest_list(fields: &mut Map<String, Value>) -> Option<Vec<Value>> {
    let lists = fields.iter().filter_map(|(name, value)| {
        let items = value.as_array()?;
        items
            .iter()
            .all(|item| item.is_object() && !looks_like_an_annotation(item))
            .then_some((items.len(), name.clone()))
    });
    let (count, name) = lists.max()?;
    match fields.remove(&name) {
        Some(Value::Array(items)) if count > 0 => Some(items),
        _ => None,
    }
}

fn flatten(prefix: &str, value: &Value, depth: usize, fields: &mut Vec<(String, String)>) {
    let Value::Object(object) = value else {
        return;
    };
    for (name, value) in object {
        let name = match prefix {
            "" => name.clone(),
            prefix => format!("{prefix}.{name}"),
        };
        match value {
            Value::Null => {}
            Value::Object(_) if depth < 3 => flatten(&name, value, depth + 1, fields),
            Value::Array(items) if items.iter().all(|item| text_of(item).is_some()) => {
                let texts: Vec<String> = items.iter().filter_map(text_of).collect();
                fields.push((name, texts.join("; ")));
            }
            value => fields.push((name, text_of(value).unwrap_or_else(|| value.to_string()))),
        }
    }
}
