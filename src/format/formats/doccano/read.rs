//! doccano's JSON Lines for sequence labelling: `label` lists, `entities` and `relations`, and
//! `entities` as lists beside `cats`. spaCy 2's training data have the same lists, in pairs of a text
//! and what is said of it: `["text", {"entities": [[0, 4, "LOC"]]}]`.
//!
//! Offsets are code points, half-open (doccano 1.8).

use crate::format::formats::doccano::KNOWN;
use crate::format::reading::left_out::Thing;
use crate::format::reading::records::{
    add_own_fields, articles_of, end_of_string, is_ours, metadata_from, offset, records,
    start_of_json, stretch, text_of, value_of,
};
use crate::format::reading::{
    FoundAnnotation, FoundArticle, FoundFragment, Head, Likelihood, ReadOptions, Reader,
    ReaderGroup, Reading, Refusal, Source,
};
use crate::format::time::timestamp_from;
use crate::format::words::records::{EXPORTER, PRESSMARK, metadata};
use crate::format::words::values::listed_links;
use serde_json::{Map, Value};
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
        return Likelihood::Sure.when(begins_with_a_pair(head.text));
    };
    // Pressmark says it first, since a text may be longer than what is looked at.
    if start.starts_with(&format!("{{\"{EXPORTER}\":\"{PRESSMARK}\",\"text\":")) {
        return Likelihood::Sure;
    }
    let has = |key: &str| start.contains(key);
    if has("\"annotations\":[[\"") && has(",{\"entities\":[") {
        return Likelihood::Sure;
    }
    let has_text = has("\"text\":") || has("\"data\":\"");
    if has_text && has("\"start_offset\":") && has("\"entities\":") {
        return Likelihood::Sure;
    }
    let has_spans = ["\"label\":[[", "\"labels\":[[", "\"entities\":[["]
        .iter()
        .any(|key| has(key));
    let may_be_empty = has("\"entities\":[]") && (has("\"relations\":[") || has("\"cats\":"));
    Likelihood::Sure.when(has_text && (has_spans || may_be_empty))
}

/// Whether the first record is a text with what is said of it, alone on its line or in a list.
fn begins_with_a_pair(text: &str) -> bool {
    let start = text.trim_start();
    let inner = start.strip_prefix('[').map(str::trim_start);
    let inner = inner.map(|inner| inner.strip_prefix('[').map_or(inner, str::trim_start));
    let Some(inner) = inner.filter(|inner| inner.starts_with('"')) else {
        return false;
    };
    let end = end_of_string(inner.as_bytes(), 0);
    let said = inner.get(end..).unwrap_or_default();
    let said: String = said
        .chars()
        .take(2_000)
        .filter(|c| !c.is_whitespace())
        .collect();
    said.starts_with(",{\"") && said.contains("\"entities\":[")
}

fn read(source: &Source<'_>, _options: &ReadOptions) -> Result<Reading, Refusal> {
    let mut found = records(source.bytes)?;
    let values: Vec<&Value> = found.records.iter().map(|(_, value)| value).collect();
    let spread = match values.as_slice() {
        // One pair alone looks like a list of two records.
        [text @ Value::String(_), said @ Value::Object(_)] => {
            Some(vec![Value::Array(vec![(*text).clone(), (*said).clone()])])
        }
        [Value::Object(fields)] => pairs_in(fields),
        _ => None,
    };
    if let Some(values) = spread {
        found.records = values.into_iter().map(|value| (0, value)).collect();
    }
    Ok(articles_of(&found, article))
}

/// The pairs in an object with the classes beside, as annotators for spaCy write them. Texts that
/// nobody looked at are null there.
fn pairs_in(fields: &Map<String, Value>) -> Option<Vec<Value>> {
    let all = fields.get("annotations")?.as_array()?;
    let is_one =
        |value: &Value| value.is_null() || value.as_array().is_some_and(|p| of_pair(p).is_some());
    let pairs = all.iter().filter(|value| !value.is_null()).cloned();
    (all.iter().all(is_one) && !fields.contains_key("text")).then(|| pairs.collect())
}

fn article(record: &Value) -> Option<FoundArticle> {
    let paired;
    let fields = match record {
        Value::Array(pair) => {
            paired = of_pair(pair)?;
            &paired
        }
        record => record.as_object()?,
    };
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
    let labels = labels.and_then(Value::as_array).into_iter().flatten();
    let entities = fields.get("entities").and_then(Value::as_array);
    let all = labels.chain(entities.into_iter().flatten());
    let mut of_whole: Vec<String> = Vec::new();
    for (number, span) in all.enumerate() {
        let Some(said) = Said::of(span) else {
            // Of the whole text, as classifications are.
            of_whole.push(text_of(span).unwrap_or_else(|| span.to_string()));
            continue;
        };
        let label = said.label.and_then(text_of).unwrap_or_default();
        match stretch(said.start, said.end) {
            Ok(offsets) => article.annotations.push(FoundAnnotation {
                id: said.id.and_then(text_of).unwrap_or_default(),
                label,
                fragments: vec![FoundFragment {
                    text: said.text.and_then(Value::as_str).map(str::to_owned),
                    ..FoundFragment::at(offsets)
                }],
                ..FoundAnnotation::default()
            }),
            Err(reason) => {
                let name = format!(
                    "annotation number {} “{label}” of {}",
                    number + 1,
                    article.named()
                );
                article.left_out.note(Thing::Annotation, reason, || name);
            }
        }
    }
    let cats = fields.get("cats").and_then(Value::as_array);
    if let Some(cats) = cats.filter(|cats| cats.iter().all(|cat| text_of(cat).is_some())) {
        let cats: Vec<String> = cats.iter().filter_map(text_of).collect();
        article.metadata.insert("cats".to_owned(), cats.join("; "));
    }
    if !of_whole.is_empty() {
        article
            .metadata
            .insert("label".to_owned(), of_whole.join("; "));
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
        let at = places.get(&from).filter(|_| places.contains_key(&to));
        match at.and_then(|at| article.annotations.get_mut(*at)) {
            Some(source) => source.links.push((role, to)),
            None => {
                let name = format!("link “{role}” from {from} to {to} of {}", article.named());
                let reason = "one of its ends is no annotation here";
                article.left_out.note(Thing::Link, reason, || name);
            }
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

/// What stands in one place of a list: `[0, 4, "LOC"]`, or an object.
struct Said<'a> {
    start: Option<&'a Value>,
    end: Option<&'a Value>,
    label: Option<&'a Value>,
    id: Option<&'a Value>,
    text: Option<&'a Value>,
}

impl<'a> Said<'a> {
    /// `None` for what is about no stretch.
    fn of(value: &'a Value) -> Option<Self> {
        let of = |names: &[&str]| names.iter().find_map(|name| value.get(*name));
        match value {
            Value::Array(parts) if parts.len() >= 2 => Some(Self {
                start: parts.first(),
                end: parts.get(1),
                label: parts.get(2),
                id: None,
                text: None,
            }),
            Value::Object(_) => {
                let start = of(&["start_offset", "start", "start_char", "begin"]);
                let end = of(&["end_offset", "end", "end_char"]);
                (start.is_some() || end.is_some()).then(|| Self {
                    start,
                    end,
                    label: of(&["label", "entity", "type", "tag"]),
                    id: of(&["id"]),
                    text: of(&["text"]),
                })
            }
            _ => None,
        }
    }
}

/// A text and what is said of it, as one record.
fn of_pair(pair: &[Value]) -> Option<Map<String, Value>> {
    let [Value::String(text), Value::Object(said), ..] = pair else {
        return None;
    };
    let mut fields = said.clone();
    fields.insert("text".to_owned(), text.as_str().into());
    Some(fields)
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
            let head = Head::new(source, std::str::from_utf8(source.bytes).unwrap());
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
    /// What a file holds: each article's annotations, its `cats` and what was left out.
    #[track_caller]
    fn check(source: &str, expected: &[&str]) {
        let source = Source::alone("x.json", source.as_bytes());
        let (reader, _) = crate::format::readers::recognise(source).unwrap();
        assert_eq!(reader.name, READER.name);
        let reading = read(&source, &ReadOptions::default()).unwrap();
        let told = reading.articles.iter().map(|article| {
            let found = article.annotations.iter();
            let found =
                found.map(|a| format!("{} {:?}", a.label, a.fragments[0].offsets.clone().unwrap()));
            let mut told = vec![article.text.clone(), found.collect::<Vec<_>>().join(", ")];
            told.extend(article.metadata.get("cats").cloned());
            told.extend(article.left_out.remarks());
            told.join(" | ")
        });
        assert_eq!(told.collect::<Vec<_>>(), expected);
    }

    #[test]
    fn lists_of_entities_with_classes_of_whole_texts() {
        check(
            "{\"text\":\"Bergen is wet\",\"entities\":[[0,6,\"LOC\"]],\"cats\":[\"weather\",\"news\"]}\n{\"text\":\"No boat today\",\"cats\":[\"news\"]}",
            &[
                "Bergen is wet | LOC 0..6 | weather; news",
                "No boat today |  | news",
            ],
        );
        check(
            r#"[{"text":"Bergen is wet","entities":[],"cats":{"news":1.0}}]"#,
            &[r#"Bergen is wet |  | {"news":1.0}"#],
        );
    }

    #[test]
    fn pairs_of_spacy_2() {
        let one = r#"["Bergen is wet", {"entities": [[0, 6, "LOC"], [7, 9, "X"]]}]"#;
        let two = r#"["No boat", {"entities": [], "cats": {}}]"#;
        let (first, second) = ("Bergen is wet | LOC 0..6, X 7..9", "No boat | ");
        check(&format!("[{one}, {two}]"), &[first, second]);
        check(&format!("{one}\n{two}\n"), &[first, second]);
        check(one, &[first]);
        check(
            &format!(r#"[{one}, ["No boat", {{"entities": []}}, {{"new": false}}]]"#),
            &[first, second],
        );
        let wrapped =
            format!(r#"{{"classes": ["LOC", "X"], "annotations": [{one}, null, {two}]}}"#);
        check(&wrapped, &[first, second]);
        let long = format!("Bergen {}", "is wet and ".repeat(20_000));
        let source = format!(r#"[["{long}", {{"entities": [[0, 6, "LOC"]]}}]]"#);
        check(&source, &[&format!("{long} | LOC 0..6")]);
    }

    #[test]
    fn odd_offsets_are_read_or_told() {
        check(
            r#"{"id":1,"text":"The minister said so.","label":[["4","12","claim"],[null,null,"quote"],[-1,3,"quote"],[4.0,12.0,"claim"],[9,2,"cue"],[-2,3,"x"]]}"#,
            &[
                "The minister said so. | claim 4..12, claim 4..12 | annotation number 2 “quote” of article 1 left out: it has no offsets | 2 annotations left out: its offsets are below zero (annotation number 3 “quote” of article 1, annotation number 6 “x” of article 1) | annotation number 5 “cue” of article 1 left out: it ends before it begins",
            ],
        );
        check(
            r#"{"id":1,"text":"The minister","entities":[{"id":1,"start_offset":0,"end_offset":3,"label":"x"}],"relations":[{"from_id":1,"to_id":9,"type":"by"}]}"#,
            &[
                "The minister | x 0..3 | link “by” from 1 to 9 of article 1 left out: one of its ends is no annotation here",
            ],
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
        assert!(article.left_out.is_empty());
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
