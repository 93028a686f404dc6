//! doccano's JSON Lines for sequence labelling: `label` lists, or `entities` and `relations`.
//!
//! Offsets are code points, half-open (doccano 1.8).

use super::carried;
use super::records::{articles, metadata_from, offset, text_of, value_of};
use crate::core::annotation::AttributeValue;
use crate::format::reading::{
    FoundAnnotation, FoundArticle, FoundFragment, Head, Likelihood, ReadOptions, Reader,
    ReaderGroup, Reading, Refusal, Source,
};
use crate::format::time::timestamp_from;
use serde_json::Value;
use std::collections::HashMap;

pub const READERS: &[Reader] = &[Reader {
    name: "doccano",
    title: "doccano dataset",
    group: ReaderGroup::Dataset,
    extensions: &["jsonl", "json"],
    recognise,
    read,
}];

fn recognise(head: &Head<'_>) -> Likelihood {
    let start: String = head
        .text
        .chars()
        .take(20_000)
        .filter(|c| !c.is_whitespace())
        .collect();
    let is_json = start.starts_with('{') || start.starts_with("[{");
    let has_text = start.contains("\"text\":") || start.contains("\"data\":\"");
    if is_json && has_text && start.contains("\"start_offset\":") && start.contains("\"entities\":")
    {
        return Likelihood::Sure;
    }
    let has_spans = ["\"label\":[[", "\"labels\":[["]
        .iter()
        .any(|key| start.contains(key));
    let may_be_empty = start.contains("\"entities\":[]") && start.contains("\"relations\":[");
    match is_json && has_text && (has_spans || may_be_empty) {
        true => Likelihood::Sure,
        false => Likelihood::No,
    }
}

fn read(source: &Source<'_>, _options: &ReadOptions) -> Result<Reading, Refusal> {
    articles(source.bytes, article)
}

const KNOWN: &[&str] = &[
    "text",
    "data",
    "label",
    "labels",
    "entities",
    "relations",
    "id",
    "Comments",
    "comments",
    "title",
    "meta",
    "article_id",
    "details",
];

fn article(record: &Value) -> Option<FoundArticle> {
    let fields = record.as_object()?;
    let text = fields
        .get("text")
        .or_else(|| fields.get("data"))?
        .as_str()?;
    let mut article = FoundArticle {
        id: ["article_id", "id"]
            .iter()
            .find_map(|name| fields.get(*name).and_then(text_of))
            .unwrap_or_default(),
        title: fields.get("title").and_then(text_of).unwrap_or_default(),
        text: text.to_owned(),
        metadata: metadata_from(fields, &|name| KNOWN.contains(&name)),
        ..FoundArticle::default()
    };
    if let Some(meta) = fields.get("meta").and_then(Value::as_object) {
        article.metadata.extend(metadata_from(meta, &|_| false));
    }
    let comments = fields.get("Comments").or_else(|| fields.get("comments"));
    if let Some(comments) = comments.and_then(Value::as_array) {
        let lines: Vec<String> = comments
            .iter()
            .filter_map(|c| text_of(c.get("text").unwrap_or(c)))
            .collect();
        article.notes = lines.join("\n");
    }
    let labels = fields.get("label").or_else(|| fields.get("labels"));
    for span in labels.and_then(Value::as_array).into_iter().flatten() {
        let (Some(start), Some(end)) = (offset(span.get(0)), offset(span.get(1))) else {
            continue;
        };
        article.annotations.push(FoundAnnotation {
            label: span.get(2).and_then(text_of).unwrap_or_default(),
            fragments: vec![FoundFragment::at(start..end.max(start))],
            ..FoundAnnotation::default()
        });
    }
    for entity in fields
        .get("entities")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        let (Some(start), Some(end)) = (
            offset(entity.get("start_offset")),
            offset(entity.get("end_offset")),
        ) else {
            continue;
        };
        article.annotations.push(FoundAnnotation {
            id: entity.get("id").and_then(text_of).unwrap_or_default(),
            label: entity.get("label").and_then(text_of).unwrap_or_default(),
            fragments: vec![FoundFragment::at(start..end.max(start))],
            ..FoundAnnotation::default()
        });
    }
    for relation in fields
        .get("relations")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        let id = |name: &str| relation.get(name).and_then(text_of);
        let (Some(from), Some(to)) = (id("from_id"), id("to_id")) else {
            continue;
        };
        let role = id("type").unwrap_or_else(|| "linked".to_owned());
        if let Some(source) = article.annotations.iter_mut().find(|a| a.id == from) {
            source.links.push((role, to));
        }
    }
    let details = fields.get("details").and_then(Value::as_array);
    let details = details.into_iter().flatten();
    let mut renamed: HashMap<String, String> = HashMap::new();
    let mut is_ours = false;
    for (found, details) in article.annotations.iter_mut().zip(details) {
        is_ours = true;
        let before = found.id.clone();
        add_details(found, details);
        renamed.insert(before, found.id.clone());
    }
    if is_ours {
        for (_, target) in article.annotations.iter_mut().flat_map(|a| &mut a.links) {
            if let Some(id) = renamed.get(target) {
                target.clone_from(id);
            }
        }
        carried::join(&mut article.annotations);
    }
    Some(article)
}

/// What Pressmark's exports say of the annotation at the same place in its list.
fn add_details(found: &mut FoundAnnotation, details: &Value) {
    let told = |name: &str| details.get(name).and_then(text_of).unwrap_or_default();
    let attributes = details.get("attributes").and_then(Value::as_object);
    for (name, value) in attributes.into_iter().flatten() {
        found.attributes.insert(name.clone(), value_of(value));
    }
    if !told("id").is_empty() {
        found.id = told("id");
    }
    found.annotator = told("annotator");
    found.note = told("note");
    found.made = timestamp_from(&told("created"));
    found.changed = timestamp_from(&told("changed"));
    if found.links.is_empty() {
        found.links = carried::listed_links(&told("links"));
    }
    let (continues, fragment) = (told("continues"), told("fragment"));
    if !continues.is_empty() {
        found.id = continues;
        let fragment = AttributeValue::Text(fragment);
        found.attributes.insert("fragment".to_owned(), fragment);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_shapes_are_read() {
        let check = |source: &str, expected: &[(&str, usize, usize)]| {
            let source = Source::alone("x.jsonl", source.as_bytes());
            let head = Head {
                source,
                text: std::str::from_utf8(source.bytes).unwrap(),
            };
            assert_eq!(recognise(&head), Likelihood::Sure);
            let reading = read(&source, &ReadOptions::default()).unwrap();
            let spans: Vec<_> = reading.articles[0]
                .annotations
                .iter()
                .map(|a| (a.label.as_str(), a.fragments[0].offsets.clone().unwrap()))
                .map(|(label, range)| (label, range.start, range.end))
                .collect();
            assert_eq!(spans, expected);
        };
        check(
            r#"{"text":"She said so.","label":[[0,3,"source"],[4,8,"cue"]],"outlet":"Post"}"#,
            &[("source", 0, 3), ("cue", 4, 8)],
        );
        check(
            r#"{"text":"She said so.","entities":[{"id":1,"label":"source","start_offset":0,"end_offset":3}],"relations":[{"from_id":1,"to_id":1,"type":"x"}]}"#,
            &[("source", 0, 3)],
        );
    }
}
