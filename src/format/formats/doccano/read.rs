//! doccano's JSON Lines for sequence labelling: `label` lists, or `entities` and `relations`.
//!
//! Offsets are code points, half-open (doccano 1.8).

use crate::format::formats::doccano::KNOWN;
use crate::format::reading::records::{
    add_own_fields, articles, is_ours, metadata_from, offset, start_of_json, text_of, value_of,
};
use crate::format::reading::{
    FoundAnnotation, FoundArticle, FoundFragment, Head, Likelihood, ReadOptions, Reader,
    ReaderGroup, Reading, Refusal, Source,
};
use crate::format::time::timestamp_from;
use crate::format::words::records::{EXPORTER, PRESSMARK, metadata};
use crate::format::words::values::listed_links;
use serde_json::Value;
use std::collections::{HashMap, VecDeque};

pub const READER: Reader = Reader {
    name: "doccano",
    title: "doccano dataset",
    group: ReaderGroup::Dataset,
    extensions: &["jsonl", "json"],
    recognise,
    read,
};

fn recognise(head: &Head<'_>) -> Likelihood {
    let Some(start) = start_of_json(head.text, 20_000) else {
        return Likelihood::No;
    };
    // Pressmark says it first, since a text may be longer than what is looked at.
    if start.starts_with(&format!("{{\"{EXPORTER}\":\"{PRESSMARK}\",\"text\":")) {
        return Likelihood::Sure;
    }
    let has_text = start.contains("\"text\":") || start.contains("\"data\":\"");
    if has_text && start.contains("\"start_offset\":") && start.contains("\"entities\":") {
        return Likelihood::Sure;
    }
    let has_spans = ["\"label\":[[", "\"labels\":[["]
        .iter()
        .any(|key| start.contains(key));
    let may_be_empty = start.contains("\"entities\":[]") && start.contains("\"relations\":[");
    Likelihood::Sure.when(has_text && (has_spans || may_be_empty))
}

fn read(source: &Source<'_>, _options: &ReadOptions) -> Result<Reading, Refusal> {
    articles(source.bytes, article)
}

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
    let places: HashMap<String, usize> = article
        .annotations
        .iter()
        .enumerate()
        .map(|(at, found)| (found.id.clone(), at))
        .collect();
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
        let from = places.get(&from);
        if let Some(source) = from.and_then(|at| article.annotations.get_mut(*at)) {
            source.links.push((role, to));
        }
    }
    let details = fields.get("details").and_then(Value::as_array);
    match details {
        Some(details) if is_ours(fields) => {
            let comments = std::mem::take(&mut article.notes);
            add_own_fields(&mut article, fields, metadata(KNOWN));
            if !comments.is_empty() && !article.notes.is_empty() {
                article.notes.push('\n');
            }
            article.notes.push_str(&comments);
            add_details(&mut article.annotations, details);
        }
        // Somebody else's field of this name.
        Some(details) if !details.is_empty() => {
            let told = Value::Array(details.clone()).to_string();
            article.metadata.insert("details".to_owned(), told);
        }
        _ => {}
    }
    Some(article)
}

/// What Pressmark's exports say of annotations, found by their places and labels: doccano sorts
/// them, and people add and remove some. Puts fragments of one annotation together.
fn add_details(annotations: &mut Vec<FoundAnnotation>, details: &[Value]) {
    let mut by_place: HashMap<(usize, usize, String), VecDeque<&Value>> = HashMap::new();
    for details in details {
        let place = offset(details.get("start")).zip(offset(details.get("end")));
        let label = details.get("label").and_then(Value::as_str);
        if let (Some((start, end)), Some(label)) = (place, label) {
            let same = by_place.entry((start, end, label.to_owned())).or_default();
            same.push_back(details);
        }
    }
    let mut renamed: HashMap<String, String> = HashMap::new();
    let mut kept: Vec<FoundAnnotation> = Vec::with_capacity(annotations.len());
    let mut further: Vec<(String, FoundAnnotation)> = Vec::new();
    for mut found in std::mem::take(annotations) {
        let place = found.fragments.first().and_then(|f| f.offsets.clone());
        let place = place.map(|place| (place.start, place.end, found.label.clone()));
        let details = place.and_then(|place| by_place.get_mut(&place)?.pop_front());
        let Some(details) = details else {
            kept.push(found);
            continue;
        };
        let told = |name: &str| details.get(name).and_then(text_of).unwrap_or_default();
        if !told("continues").is_empty() {
            further.push((told("continues"), found));
            continue;
        }
        let attributes = details.get("attributes").and_then(Value::as_object);
        for (name, value) in attributes.into_iter().flatten() {
            found.attributes.insert(name.clone(), value_of(value));
        }
        found.annotator = told("annotator");
        found.note = told("note");
        found.made = timestamp_from(&told("created"));
        found.changed = timestamp_from(&told("changed"));
        found.links.extend(listed_links(&told("links")));
        let number = std::mem::replace(&mut found.id, told("id"));
        renamed.insert(number, found.id.clone());
        kept.push(found);
    }
    for (_, target) in kept.iter_mut().flat_map(|found| &mut found.links) {
        if let Some(id) = renamed.get(target) {
            target.clone_from(id);
        }
    }
    let mut places: HashMap<String, usize> = HashMap::new();
    for (at, found) in kept.iter().enumerate() {
        places.entry(found.id.clone()).or_insert(at);
    }
    for (id, found) in further {
        // The first fragment may have been removed.
        match places.get(&id).and_then(|at| kept.get_mut(*at)) {
            Some(whole) => whole.fragments.extend(found.fragments),
            None => {
                places.insert(id.clone(), kept.len());
                kept.push(FoundAnnotation { id, ..found });
            }
        }
    }
    *annotations = kept;
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
    #[test]
    fn own_details_are_found_by_their_places() {
        let line = r#"{"id":3,"text":"She said so.","label":[[0,3,"new"],[4,8,"cue"],[9,11,"cue"]],"Comments":["seen"],
            "_exporter":"Pressmark","article_id":"a","title":"T","meta_id":"7","article_notes":"n",
            "details":[{"start":9,"end":11,"label":"cue","continues":"x"},{"start":4,"end":8,"label":"cue","id":"x","annotator":"ana","attributes":{"fragment":2}},{"start":0,"end":3,"label":"gone","id":"y"}]}"#;
        let line = line.replace('\n', " ");
        let reading = read(
            &Source::alone("x.jsonl", line.as_bytes()),
            &ReadOptions::default(),
        );
        let article = reading.unwrap().articles.remove(0);
        assert_eq!(
            (article.id.as_str(), article.notes.as_str()),
            ("a", "n\nseen")
        );
        assert_eq!(article.metadata["id"], "7");
        let [new, cue] = article.annotations.as_slice() else {
            panic!("{:?}", article.annotations)
        };
        assert_eq!((new.label.as_str(), new.annotator.as_str()), ("new", ""));
        assert_eq!((cue.id.as_str(), cue.fragments.len()), ("x", 2));
        assert_eq!(cue.attributes.len(), 1);
        // A foreign field of the same name is none of ours.
        let line = r#"{"text":"She said so.","label":[[0,3,"x"]],"details":[{"start":0,"end":3,"label":"x","id":"y"}]}"#;
        let reading = read(
            &Source::alone("x.jsonl", line.as_bytes()),
            &ReadOptions::default(),
        );
        let article = reading.unwrap().articles.remove(0);
        assert_eq!(article.annotations[0].id, "");
        assert_eq!(article.metadata.len(), 1);
    }
}
