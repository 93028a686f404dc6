//! Where the records of articles stand in JSON: answers of interfaces wrap them, some several times,
//! and tables are written by rows or by columns.

use super::called;
use super::fields::{fields_of, paragraphs};
use crate::format::reading::columns::{FEEBLE, TEXT, TITLE, is_known, is_of_text, squeezed};
use crate::format::reading::records::looks_like_an_annotation;
use serde_json::{Map, Value};
use std::collections::HashSet;
use std::sync::LazyLock;

/// The deepest that records are looked for.
const MAX_LEVELS: usize = 8;
/// So many items of each list tell what is in it.
const SHOWN: usize = 20;
/// The most fields of an object that are looked into.
const MAX_FIELDS: usize = 200;
/// The most lists that are looked at.
const MAX_LISTS: usize = 1_000;

/// The records in some values.
pub(super) fn records_in(mut values: Vec<Value>) -> Vec<Value> {
    if let [Value::Object(fields)] = values.as_mut_slice() {
        let rows = under_header(fields).or_else(|| by_columns(fields));
        if let Some(rows) = rows {
            return rows;
        }
    }
    if values.len() > 1
        && values.iter().all(Value::is_array)
        && let Some(rows) = under_first(&values)
    {
        return rows;
    }
    let path = path_of_records(&values);
    let mut records = Vec::new();
    for value in values {
        take(value, &path, &mut records);
    }
    records
}

/// A way into a value.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    Field(String),
    /// All items of a list.
    Items,
    /// All values of an object that has them by their ids.
    Members,
}

fn take(value: Value, path: &[Step], records: &mut Vec<Value>) {
    let Some((step, rest)) = path.split_first() else {
        records.push(value);
        return;
    };
    match (step, value) {
        (Step::Field(name), Value::Object(mut fields)) => {
            if let Some(value) = fields.remove(name) {
                take(value, rest, records);
            }
        }
        (Step::Items, Value::Array(items)) => {
            for item in items {
                take(item, rest, records);
            }
        }
        (Step::Members, Value::Object(fields)) => {
            for (_, value) in fields {
                take(value, rest, records);
            }
        }
        _ => {}
    }
}

/// What a list of records holds, as far as it was looked at.
#[derive(Default)]
struct Found {
    path: Vec<Step>,
    records: usize,
    /// Characters of texts, and of what may be a text.
    texts: usize,
    feeble: usize,
    has_titles: bool,
}

impl Found {
    fn see(&mut self, record: &Map<String, Value>) {
        static NAMES: LazyLock<[HashSet<String>; 3]> = LazyLock::new(|| {
            let (texts, feeble) = TEXT.split_at(TEXT.len() - FEEBLE);
            [texts, feeble, TITLE].map(|list| list.iter().map(|name| squeezed(name)).collect())
        });
        let [texts, feeble, titles] = &*NAMES;
        let mut fields = Vec::new();
        fields_of("", record, 0, &mut fields);
        for (name, value) in fields {
            let names = called(&name);
            let is_one_of = |list: &HashSet<String>| names.iter().any(|name| list.contains(name));
            let length = || paragraphs(value).map_or(0, |text| text.chars().count());
            if is_one_of(texts) {
                self.texts += length();
            } else if is_one_of(feeble) {
                self.feeble += length();
            } else if is_one_of(titles) {
                self.has_titles |= length() > 0;
            }
        }
    }
}

/// Where the records with most text are; those within an article are its own.
fn path_of_records(values: &[Value]) -> Vec<Step> {
    let mut lists = vec![Found::default()];
    for value in values.iter().take(SHOWN) {
        let Value::Object(fields) = value else {
            continue;
        };
        if let Some(root) = lists.first_mut() {
            root.records += 1;
            root.see(fields);
        }
        look(fields, &mut Vec::new(), &mut lists);
    }
    let best = |of: &dyn Fn(&Found) -> usize| {
        let is_within = |list: &Found| {
            lists.iter().any(|other| {
                let holds =
                    other.path.len() < list.path.len() && list.path.starts_with(&other.path);
                let has_more = of(other) > 0 && (other.has_titles || of(other) * 4 >= of(list));
                // Many things with titles are articles, though they have but a summary.
                let are_articles = other.records > 1 && other.has_titles && other.feeble > 0;
                holds && (has_more || are_articles)
            })
        };
        let lists = lists
            .iter()
            .rev()
            .filter(|list| of(list) > 0 && !is_within(list));
        lists
            .max_by_key(|list| of(list))
            .map(|list| list.path.clone())
    };
    let largest = || {
        let lists = lists
            .iter()
            .rev()
            .filter(|list| list.path.last() == Some(&Step::Items));
        let is_wrapped = values.len() == 1;
        let largest = lists.max_by_key(|list| list.records).filter(|_| is_wrapped);
        largest.map(|list| list.path.clone())
    };
    best(&|list| list.texts)
        .or_else(|| best(&|list| list.feeble))
        .or_else(largest)
        .unwrap_or_default()
}

fn look(fields: &Map<String, Value>, path: &mut Vec<Step>, lists: &mut Vec<Found>) {
    if path.len() >= MAX_LEVELS {
        return;
    }
    let members = fields.values().filter(|value| value.is_object()).count();
    if members > 0 && members == fields.len() {
        path.push(Step::Members);
        note(fields.values(), path, lists);
        path.pop();
    }
    for (name, value) in fields.iter().take(MAX_FIELDS) {
        path.push(Step::Field(name.clone()));
        match value {
            Value::Object(fields) => look(fields, path, lists),
            Value::Array(items) if !items.is_empty() && items.iter().all(is_record) => {
                path.push(Step::Items);
                note(items.iter(), path, lists);
                path.pop();
            }
            _ => {}
        }
        path.pop();
    }
}

fn is_record(value: &Value) -> bool {
    value.is_object() && !looks_like_an_annotation(value)
}

/// Notes the records of a list, and looks into them.
fn note<'v>(
    records: impl Iterator<Item = &'v Value> + Clone,
    path: &mut Vec<Step>,
    lists: &mut Vec<Found>,
) {
    let place = lists.iter().position(|list| list.path == *path);
    let place = place.unwrap_or(lists.len());
    if place == lists.len() {
        if lists.len() >= MAX_LISTS {
            return;
        }
        lists.push(Found {
            path: path.clone(),
            ..Found::default()
        });
    }
    for record in records.clone().take(SHOWN).filter_map(Value::as_object) {
        if let Some(list) = lists.get_mut(place) {
            list.see(record);
        }
        look(record, path, lists);
    }
    if let Some(list) = lists.get_mut(place) {
        list.records += records.count();
    }
}

/// Names with the values of a row.
fn row<'a>(names: impl Iterator<Item = &'a str>, values: impl Iterator<Item = Value>) -> Value {
    let fields = names.zip(values);
    Value::Object(
        fields
            .map(|(name, value)| (name.to_owned(), value))
            .collect(),
    )
}

/// A table whose fields are its columns: each an object by the rows' names, or a list.
fn by_columns(fields: &mut Map<String, Value>) -> Option<Vec<Value>> {
    let known = fields.keys().filter(|name| is_known(name)).count();
    let has_names = known >= 2 || fields.keys().any(|name| is_of_text(name));
    let is_scalar = |value: &Value| !value.is_object();
    let size = |value: &Value| match value {
        Value::Object(cells) if cells.values().all(is_scalar) => Some(cells.len()),
        Value::Array(cells) => Some(cells.len()),
        _ => None,
    };
    let (_, first) = fields.iter().next()?;
    let (rows, are_objects) = (size(first)?, first.is_object());
    let are_alike = fields
        .values()
        .all(|value| size(value) == Some(rows) && value.is_object() == are_objects);
    if fields.len() < 2 || !has_names || !are_alike {
        return None;
    }
    let mut columns: Vec<(String, std::vec::IntoIter<Value>)> = Vec::new();
    for (name, value) in std::mem::take(fields) {
        let cells = match value {
            Value::Object(cells) => cells.into_iter().map(|(_, value)| value).collect(),
            Value::Array(cells) => cells,
            _ => Vec::new(),
        };
        columns.push((name, cells.into_iter()));
    }
    let table = (0..rows).map(|_| {
        let cells = columns
            .iter_mut()
            .filter_map(|(name, cells)| Some((name.clone(), cells.next()?)));
        Value::Object(cells.collect())
    });
    Some(table.collect())
}

/// A table whose columns are named apart from its rows.
fn under_header(fields: &mut Map<String, Value>) -> Option<Vec<Value>> {
    let is_rows = |value: &Value| {
        value
            .as_array()
            .is_some_and(|rows| rows.iter().all(Value::is_array))
    };
    let names = ["columns", "header", "headers", "fields"]
        .iter()
        .find_map(|name| {
            let names = fields.get(*name)?.as_array()?;
            let names = names.iter().map(|name| name.as_str().map(str::to_owned));
            names.collect::<Option<Vec<String>>>()
        })?;
    let rows = ["data", "rows", "values"];
    let rows = rows
        .iter()
        .find(|name| fields.get(**name).is_some_and(is_rows))?;
    let rows = fields.remove(*rows)?;
    let Value::Array(rows) = rows else {
        return None;
    };
    let rows = rows.into_iter().filter_map(|cells| match cells {
        Value::Array(cells) => Some(row(names.iter().map(String::as_str), cells.into_iter())),
        _ => None,
    });
    Some(rows.collect())
}

/// A table whose first row names its columns.
fn under_first(values: &[Value]) -> Option<Vec<Value>> {
    let (names, rows) = values.split_first()?;
    let names: Vec<&str> = names
        .as_array()?
        .iter()
        .map(Value::as_str)
        .collect::<Option<_>>()?;
    names.iter().any(|name| is_known(name)).then(|| {
        let rows = rows.iter().filter_map(Value::as_array);
        rows.map(|cells| row(names.iter().copied(), cells.iter().cloned()))
            .collect()
    })
}
