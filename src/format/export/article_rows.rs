//! What an article has besides its text and annotations, as rows of kind, name and value: for
//! formats that have room for such rows, but no places of their own for what they say.

use crate::format::export::json::value_to_json;
use crate::format::export::of_project::of_project;
use crate::format::export::plan::Plan;
use crate::format::export::record::Record;
use crate::format::words::article_rows as kinds;
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashSet};

pub(crate) struct Row<'a> {
    pub(crate) kind: &'static str,
    /// Empty where there is one of a kind.
    pub(crate) name: &'a str,
    pub(crate) value: Cow<'a, str>,
}

/// Never empty, so that the rows say by themselves that the file is Pressmark's.
pub(crate) fn rows<'a>(plan: &'a Plan<'_>, record: &'a Record<'_>) -> Vec<Row<'a>> {
    let article = record.article;
    let row = |kind: &'static str, name: &'a str, value: &'a str| Row {
        kind,
        name,
        value: value.into(),
    };
    let mut rows = vec![
        row(kinds::PROGRAM, "", "Pressmark"),
        row(kinds::ID, "", record.id),
        row(kinds::TITLE, "", &article.title),
    ];
    for (field, value) in &article.metadata {
        rows.push(row(kinds::METADATA, field, value));
    }
    for (annotator, status) in &article.status {
        rows.push(row(kinds::STATUS, annotator.as_str(), status.name()));
    }
    if !article.notes.is_empty() {
        rows.push(row(kinds::NOTES, "", &article.notes));
    }
    let first = plan.articles.first();
    let is_first = first.is_some_and(|first| first.article.id == article.id);
    if is_first {
        let told = of_project(plan);
        if !told.is_empty()
            && let Ok(told) = serde_json::to_string(&told)
        {
            rows.push(Row {
                kind: kinds::PROJECT,
                name: "",
                value: told.into(),
            });
        }
    }
    // All labels once, with the first article; else those that a reader of this one needs, and
    // those that it might take for them.
    let used: BTreeSet<&str> = record.spans.iter().map(|span| span.label).collect();
    let alike: HashSet<String> = used.iter().map(|label| folded(label)).collect();
    for id in plan.labels.keys() {
        if !is_first && !alike.contains(&folded(id)) {
            continue;
        }
        let Some(label) = plan.project.codebook().label(id) else {
            rows.push(row(kinds::LABEL_TITLE, id, id));
            continue;
        };
        if label.name != *id {
            rows.push(row(kinds::LABEL_TITLE, id, &label.name));
        }
        if !label.definition.is_empty() {
            rows.push(row(kinds::LABEL_DEFINITION, id, &label.definition));
        }
        rows.push(Row {
            kind: kinds::LABEL_COLOR,
            name: id,
            value: format!("#{:06x}", label.color).into(),
        });
    }
    rows
}

/// Labels that are the same here may be taken for one another.
fn folded(label: &str) -> String {
    let letters = label.chars().filter(|c| c.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

/// How to take the values of attributes that are more than the text that stands for them.
pub(crate) fn value_kinds<'a>(record: &'a Record<'_>) -> Vec<Row<'a>> {
    let mut by_name: BTreeMap<&str, &'static str> = BTreeMap::new();
    for (name, value) in record.spans.iter().flat_map(|span| &span.attributes) {
        let kind = kinds::kind_of(value);
        let known = by_name.entry(name).or_insert(kind);
        if *known != kind {
            *known = kinds::EXACT;
        }
    }
    by_name.retain(|_, kind| !kind.is_empty());
    let mut rows: Vec<Row<'a>> = Vec::new();
    for (name, kind) in by_name.iter().filter(|(_, kind)| **kind != kinds::EXACT) {
        rows.push(Row {
            kind,
            name,
            value: "all".into(),
        });
    }
    if !by_name.values().any(|kind| *kind == kinds::EXACT) {
        return rows;
    }
    for span in &record.spans {
        let exact = span.attributes.iter().filter(|(name, value)| {
            by_name.get(name) == Some(&kinds::EXACT) && !kinds::kind_of(value).is_empty()
        });
        let exact: Map<String, Value> = exact
            .map(|(name, value)| ((*name).to_owned(), value_to_json(record, value)))
            .collect();
        if !exact.is_empty() {
            rows.push(Row {
                kind: kinds::EXACT,
                name: span.id.as_ref(),
                value: Value::Object(exact).to_string().into(),
            });
        }
    }
    rows
}
