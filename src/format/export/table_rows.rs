//! The columns that CSV and XLSX share: a row for each fragment, and a row for each article.

use super::options::Texts;
use super::plan::Plan;
use super::record::Record;
use std::borrow::Cow;

/// Columns of the sheet of spans before those of the attributes.
pub(super) const FIXED: [&str; 20] = [
    "article_id",
    "title",
    "outlet",
    "author",
    "published",
    "url",
    "span_id",
    "annotator",
    "label",
    "fragment",
    "fragments",
    "start",
    "end",
    "text",
    "note",
    "links",
    "status",
    "created",
    "changed",
    "origin",
];
/// Which of [`FIXED`] are numbers.
pub(super) const NUMBERS: std::ops::RangeInclusive<usize> = 9..=12;
/// Which of [`FIXED`] is the covered text.
pub(super) const TEXT: usize = 13;

const OF_ARTICLE: [&str; 6] = [
    "article_id",
    "title",
    "text",
    "text_hash",
    "text_chars",
    "notes",
];

/// A column of our own name gets another one when a fixed one has it.
fn column(name: &str, fixed: &[&str], kind: &str) -> String {
    match fixed.contains(&name.to_lowercase().as_str()) {
        true => format!("{kind}_{name}"),
        false => name.to_owned(),
    }
}

pub(super) fn span_header(plan: &Plan<'_>) -> Vec<String> {
    let fixed = FIXED.iter().map(|name| (*name).to_owned());
    let attributes = plan.attributes.keys();
    fixed
        .chain(attributes.map(|name| column(name, &FIXED, "attribute")))
        .collect()
}

/// A row for each fragment.
pub(super) fn span_rows<'a>(plan: &Plan<'_>, record: &'a Record<'a>) -> Vec<Vec<Cow<'a, str>>> {
    let article = record.article;
    let meta = |name: &str| Cow::Borrowed(article.meta(name).unwrap_or(""));
    let with_quotes = plan.options.texts != Texts::Hashes;
    let mut rows = Vec::new();
    for span in &record.spans {
        let attributes: Vec<String> = plan
            .attributes
            .keys()
            .map(|name| span.attribute(record.project, name))
            .collect();
        let links = span.links_text();
        for (n, fragment) in span.fragments.iter().enumerate() {
            let range = fragment.range();
            let mut row: Vec<Cow<'a, str>> = vec![
                record.id.into(),
                article.title.as_str().into(),
                meta("outlet"),
                meta("author"),
                meta("published"),
                meta("url"),
                span.id.as_ref().into(),
                span.annotator.as_ref().into(),
                span.label.into(),
                (n + 1).to_string().into(),
                span.fragments.len().to_string().into(),
                range.start.to_string().into(),
                range.end.to_string().into(),
                if with_quotes { fragment.text } else { "" }.into(),
                span.note.as_ref().into(),
                links.clone().into(),
                article.status_for(&span.annotation.annotator).name().into(),
                span.made().into(),
                span.changed().into(),
                origin(span).into(),
            ];
            row.extend(attributes.iter().cloned().map(Cow::Owned));
            rows.push(row);
        }
    }
    rows
}

pub(super) fn origin(span: &super::record::Span<'_>) -> String {
    use crate::core::annotation::Origin;
    match &span.annotation.origin {
        Origin::Hand => String::new(),
        Origin::Suggestion(rule) => format!("suggestion:{rule}"),
        Origin::Import(from) => format!("import:{from}"),
    }
}

pub(super) fn article_header(plan: &Plan<'_>) -> Vec<String> {
    let fixed = OF_ARTICLE.iter().map(|name| (*name).to_owned());
    let fields = plan.metadata.iter();
    fixed
        .chain(fields.map(|name| column(name, &OF_ARTICLE, "meta")))
        .collect()
}

pub(super) fn article_row<'a>(plan: &Plan<'_>, record: &'a Record<'a>) -> Vec<Cow<'a, str>> {
    let article = record.article;
    let text = match plan.has_texts() {
        true => record.text(),
        false => "",
    };
    let mut row: Vec<Cow<'a, str>> = vec![
        record.id.into(),
        article.title.as_str().into(),
        text.into(),
        article.text.hash().into(),
        article.text.len_chars().to_string().into(),
        article.notes.as_str().into(),
    ];
    let fields = plan.metadata.iter();
    row.extend(fields.map(|name| Cow::Borrowed(article.meta(name).unwrap_or(""))));
    row
}

/// Labels with what the codebook says of them: id, name, colour, definition, include, exclude,
/// examples.
pub(super) fn codebook_rows(plan: &Plan<'_>) -> Vec<Vec<String>> {
    let header = [
        "label",
        "name",
        "color",
        "definition",
        "include",
        "exclude",
        "examples",
        "attributes",
    ];
    let mut rows = vec![header.map(str::to_owned).to_vec()];
    for label in plan.labels.keys() {
        let Some(known) = plan.project.codebook().label(label) else {
            rows.push(vec![label.clone(), label.clone()]);
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
        ]);
    }
    rows
}
