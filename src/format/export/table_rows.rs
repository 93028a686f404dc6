//! The columns that CSV and XLSX share: a row for each fragment, and a row for each article.

use crate::core::annotation::AttributeValue;
use crate::core::codebook::Thing;
use crate::format::export::json::value_to_json;
use crate::format::export::options::Texts;
use crate::format::export::plan::Plan;
use crate::format::export::record::{Record, Span};
use crate::format::words::columns::{
    ARTICLE_COLUMNS, ATTRIBUTES, METADATA, SPAN_COLUMNS, STANDS_FOR,
};
use crate::format::words::values::origin_text;
use std::borrow::Cow;

/// Which of [`SPAN_COLUMNS`] are numbers.
pub(crate) const NUMBERS: std::ops::RangeInclusive<usize> = 9..=12;
/// Which of [`SPAN_COLUMNS`] is the covered text.
pub(crate) const TEXT: usize = 13;

pub(crate) fn span_header(plan: &Plan<'_>) -> Vec<String> {
    let fixed = SPAN_COLUMNS.iter().map(|name| (*name).to_owned());
    let attributes = plan.attributes.keys();
    fixed
        .chain(attributes.map(|name| ATTRIBUTES.escaped(name)))
        .collect()
}

/// Which cells of an annotation's rows are numbers, rising.
pub(crate) fn number_cells(plan: &Plan<'_>, span: &Span<'_>) -> Vec<usize> {
    let is_number = |name: &str| {
        let value = span.attributes.iter().find(|(known, _)| *known == name);
        value.is_some_and(|(_, value)| {
            matches!(value.as_ref(), AttributeValue::Number(number) if number.is_finite())
        })
    };
    let attributes = (SPAN_COLUMNS.len()..).zip(plan.attributes.keys());
    let attributes = attributes.filter(|(_, name)| is_number(name));
    NUMBERS.chain(attributes.map(|(at, _)| at)).collect()
}

/// A row for each fragment.
pub(crate) fn span_rows<'a>(plan: &Plan<'_>, record: &'a Record<'a>) -> Vec<Vec<Cow<'a, str>>> {
    let article = record.article;
    let meta = |name: &str| Cow::Borrowed(article.meta(name).unwrap_or(""));
    let with_quotes = plan.options.texts != Texts::Hashes;
    let mut rows = Vec::with_capacity(record.spans.len());
    let mut number = itoa::Buffer::new();
    let mut counted = |n: usize| Cow::Owned(number.format(n).to_owned());
    for span in &record.spans {
        let attributes: Vec<String> = plan
            .attributes
            .keys()
            .map(|name| span.attribute(record.project, name))
            .collect();
        let links = span.links_text();
        let exact = exact_values(record, span, true);
        let status = article.status_for(&span.annotation.annotator);
        let (made, changed) = (span.made(), span.changed());
        let origin = origin_text(&span.annotation.origin);
        for (n, fragment) in span.fragments.iter().enumerate() {
            let range = fragment.range();
            let mut row: Vec<Cow<'a, str>> =
                Vec::with_capacity(SPAN_COLUMNS.len() + attributes.len());
            row.extend([
                record.id.into(),
                article.title.as_str().into(),
                meta("outlet"),
                meta("author"),
                meta("published"),
                meta("url"),
                span.id.as_ref().into(),
                span.annotator.as_ref().into(),
                span.label.into(),
                counted(n + 1),
                counted(span.fragments.len()),
                counted(range.start as usize),
                counted(range.end as usize),
                if with_quotes { fragment.text } else { "" }.into(),
                span.note.as_ref().into(),
                links.clone().into(),
                status.name().to_owned().into(),
                made.clone().into(),
                changed.clone().into(),
                origin.clone().into(),
                exact.clone().into(),
            ]);
            row.extend(attributes.iter().cloned().map(Cow::Owned));
            rows.push(row);
        }
    }
    rows
}

/// Attributes whose value a reader cannot tell from its text, as JSON: what is more than text, and
/// empty ones where an empty place means that there is none. The codebook's kinds do not leave.
pub(crate) fn exact_fields(
    record: &Record<'_>,
    span: &Span<'_>,
    with_empty: bool,
) -> serde_json::Map<String, serde_json::Value> {
    let mut exact = serde_json::Map::new();
    for (name, value) in &span.attributes {
        let value = value.as_ref();
        let is_told = match value {
            AttributeValue::Text(text) => !with_empty || !text.is_empty(),
            AttributeValue::Person(_) | AttributeValue::Later(_) => true,
            AttributeValue::Number(_) | AttributeValue::Bool(_) | AttributeValue::Many(_) => false,
        };
        if !is_told {
            exact.insert((*name).to_owned(), value_to_json(record, value));
        }
    }
    exact
}

/// [`exact_fields`] as text; empty for none.
pub(crate) fn exact_values(record: &Record<'_>, span: &Span<'_>, with_empty: bool) -> String {
    let exact = exact_fields(record, span, with_empty);
    if exact.is_empty() {
        String::new()
    } else {
        serde_json::Value::Object(exact).to_string()
    }
}

pub(crate) fn article_header(plan: &Plan<'_>) -> Vec<String> {
    let fixed = ARTICLE_COLUMNS.iter().map(|name| (*name).to_owned());
    let fields = plan.metadata.iter();
    fixed
        .chain(fields.map(|name| METADATA.escaped(name)))
        .collect()
}

pub(crate) fn article_row<'a>(plan: &Plan<'_>, record: &'a Record<'a>) -> Vec<Cow<'a, str>> {
    let article = record.article;
    let text = if plan.has_texts() { record.text() } else { "" };
    let mut row: Vec<Cow<'a, str>> = vec![
        record.id.into(),
        article.title.as_str().into(),
        text.into(),
        article.text.hash().into(),
        article.text.len_chars().to_string().into(),
        article.notes.as_str().into(),
        record.status_text().into(),
    ];
    let fields = plan.metadata.iter();
    row.extend(fields.map(|name| Cow::Borrowed(article.meta(name).unwrap_or(""))));
    row
}

/// Labels with what the codebook says of them: id, name, colour, definition, include, exclude,
/// examples.
pub(crate) fn codebook_rows(plan: &Plan<'_>) -> Vec<Vec<String>> {
    let header = [
        "label",
        "name",
        "color",
        "definition",
        "include",
        "exclude",
        "examples",
        "attributes",
        STANDS_FOR,
    ];
    let mut rows = vec![header.map(str::to_owned).to_vec()];
    for label in plan.labels.keys() {
        let Some(known) = plan.project.codebook().label(label) else {
            let mut row = vec![label.clone(), label.clone()];
            row.resize(header.len(), String::new());
            rows.push(row);
            continue;
        };
        let attributes = known.attributes.iter();
        let attributes: Vec<&str> = attributes.map(|a| a.name.as_str()).collect();
        rows.push(vec![
            label.clone(),
            known.name.clone(),
            format!("#{:06X}", known.color),
            known.definition.clone(),
            known.include.join("\n"),
            known.exclude.join("\n"),
            known.examples.join("\n"),
            attributes.join(", "),
            known.stands_for.as_ref().map_or("", Thing::code).to_owned(),
        ]);
    }
    rows
}
