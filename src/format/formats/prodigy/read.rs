//! Prodigy's and spaCy's JSON Lines: `spans` by characters, or by tokens.
//!
//! Offsets are code points, half-open; `token_end` is inclusive (Prodigy's data formats).

use crate::core::annotation::AttributeValue;
use crate::core::article::Status;
use crate::format::formats::prodigy::{META, SPAN};
use crate::format::reading::left_out::Thing;
use crate::format::reading::records::{
    articles, is_ours, metadata_from, offset, project_in, start_of_json, statuses_in, stretch,
    text_of, value_of,
};
use crate::format::reading::{
    FoundAnnotation, FoundArticle, FoundFragment, Head, Likelihood, ReadOptions, Reader,
    ReaderGroup, Reading, Refusal, Source,
};
use crate::format::time::timestamp_from;
use crate::format::words::names::attributes;
use crate::format::words::records::{EXPORTER, metadata};
use crate::format::words::values::listed_links;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, HashMap};

pub const READER: Reader = Reader {
    name: "prodigy",
    title: "Prodigy or spaCy dataset",
    group: ReaderGroup::Dataset,
    extensions: &["jsonl", "json"],
    recognise,
    read,
};

fn recognise(head: &Head<'_>) -> Likelihood {
    let Some(start) = start_of_json(head.text, 20_000) else {
        return Likelihood::No;
    };
    let has = |key: &str| start.contains(key);
    let is_task = has("\"_view_id\":\"spans") || has("\"_view_id\":\"ner");
    Likelihood::Sure.when(is_task || (has("\"text\":") && has("\"spans\":[")))
}

fn read(source: &Source<'_>, _options: &ReadOptions) -> Result<Reading, Refusal> {
    articles(source.bytes, article)
}

const KNOWN: &[&str] = &[
    "text",
    "spans",
    "tokens",
    "meta",
    "answer",
    "relations",
    "_view_id",
    "_input_hash",
    "_task_hash",
    "_session_id",
    "_annotator_id",
    "_timestamp",
    "id",
    "title",
    EXPORTER,
];

/// The article in a record with `text` and `spans`.
pub(crate) fn article(record: &Value) -> Option<FoundArticle> {
    let fields = record.as_object()?;
    let text = fields.get("text")?.as_str()?;
    let meta = fields.get("meta").and_then(Value::as_object);
    let told = |name: &str| {
        fields
            .get(name)
            .or_else(|| meta?.get(name))
            .and_then(text_of)
    };
    let mut article = FoundArticle {
        id: told("id").unwrap_or_default(),
        title: told("title").unwrap_or_default(),
        text: text.to_owned(),
        metadata: metadata_from(fields, &|name| KNOWN.contains(&name)),
        ..FoundArticle::default()
    };
    let is_own = is_ours(fields);
    if is_own {
        article.metadata.clear();
        let said = |name: &str| fields.get(name).and_then(Value::as_str).unwrap_or_default();
        article.status = statuses_in(said("article_status"));
        article.of_project = project_in(fields);
        said("article_notes").clone_into(&mut article.notes);
    }
    if let Some(meta) = meta {
        let fields = metadata_from(meta, &|name| META.contains(&name)).into_iter();
        article.metadata.extend(fields.map(|(name, value)| {
            if is_own {
                (metadata(META).plain(&name).to_owned(), value)
            } else {
                (name, value)
            }
        }));
    }
    let annotator = told("_annotator_id")
        .or_else(|| told("_session_id"))
        .unwrap_or_default();
    match fields.get("answer").and_then(Value::as_str) {
        Some("accept") if !annotator.is_empty() => {
            article.status.insert(annotator.clone(), Status::Done);
        }
        Some(answer @ ("reject" | "ignore")) => {
            article
                .metadata
                .insert("answer".to_owned(), answer.to_owned());
            // What nobody stands for.
            let spans = fields.get("spans").and_then(Value::as_array);
            let (name, count) = (article.named(), spans.map_or(0, Vec::len));
            let reason = match answer {
                "reject" => "its example was rejected in Prodigy",
                _ => "its example was skipped in Prodigy",
            };
            let name = || format!("those of {name}");
            article
                .left_out
                .note_several(Thing::Annotation, count, reason, name);
            return Some(article);
        }
        _ => {}
    }
    let tokens = fields.get("tokens").and_then(Value::as_array);
    let token = |at: Option<&Value>, edge| tokens?.get(offset(at)?)?.get(edge);
    let mut places: HashMap<String, usize> = HashMap::new();
    let spans = fields.get("spans").and_then(Value::as_array);
    for (i, span) in spans.into_iter().flatten().enumerate() {
        let is_there = |value: &&Value| !value.is_null();
        let start = span.get("start").filter(is_there);
        let start = start.or_else(|| token(span.get("token_start"), "start"));
        let end = span.get("end").filter(is_there);
        let end = end.or_else(|| token(span.get("token_end"), "end"));
        let offsets = match stretch(start, end) {
            Ok(offsets) => offsets,
            Err(reason) => {
                let label = span.get("label").and_then(text_of).unwrap_or_default();
                let name = format!("span {} “{label}” of {}", i + 1, article.named());
                article.left_out.note(Thing::Annotation, reason, || name);
                continue;
            }
        };
        let mut fragment = FoundFragment::at(offsets);
        fragment.text = span.get("text").and_then(Value::as_str).map(str::to_owned);
        let said = |name: &str| span.get(name).and_then(text_of).unwrap_or_default();
        // A further fragment of an annotation, as Pressmark writes it.
        let id = said("id");
        let goes_on = said("fragment").parse().is_ok_and(|n: usize| n > 1) && !id.is_empty();
        let whole = places.get(&id).filter(|_| goes_on);
        if let Some(whole) = whole.and_then(|at| article.annotations.get_mut(*at)) {
            whole.fragments.push(fragment);
            continue;
        }
        let mut attributes = attributes_of(span, is_own);
        let mut time = |name: &str| {
            let (told, time) = (said(name), timestamp_from(&said(name)));
            // A time that is none is kept as it stands.
            if time.is_none() && !told.is_empty() {
                attributes.insert(name.to_owned(), AttributeValue::Text(told));
            }
            time
        };
        let (made, changed) = (time("created"), time("changed"));
        let links = ["linked", "linked_span"]
            .map(said)
            .into_iter()
            .filter(|target| !target.is_empty())
            .map(|target| ("linked".to_owned(), target));
        let links = links.chain(listed_links(&said("links")));
        if !id.is_empty() {
            places.insert(id.clone(), article.annotations.len());
        }
        article.annotations.push(FoundAnnotation {
            id,
            label: said("label"),
            fragments: vec![fragment],
            note: said("note"),
            annotator: match said("annotator") {
                own if own.is_empty() => annotator.clone(),
                own => own,
            },
            attributes,
            links: links.collect(),
            made,
            changed,
            ..FoundAnnotation::default()
        });
    }
    Some(article)
}

/// Keys of a span that have no other use: with their kinds when Pressmark wrote them.
fn attributes_of(span: &Value, is_own: bool) -> BTreeMap<String, AttributeValue> {
    let none = Map::new();
    let fields = span.as_object().unwrap_or(&none);
    if is_own {
        let own = fields
            .iter()
            .filter(|(name, value)| !SPAN.contains(&name.as_str()) && !value.is_null());
        return own
            .map(|(name, value)| (attributes(SPAN).plain(name).to_owned(), value_of(value)))
            .collect();
    }
    let told = metadata_from(fields, &|name| SPAN.contains(&name)).into_iter();
    told.map(|(name, value)| (name, AttributeValue::Text(value)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_by_characters_and_by_tokens() {
        let check = |source: &str, expected: (usize, usize)| {
            let source = Source::alone("x.jsonl", source.as_bytes());
            let reading = read(&source, &ReadOptions::default()).unwrap();
            let range = reading.articles[0].annotations[0].fragments[0]
                .offsets
                .clone()
                .unwrap();
            assert_eq!((range.start, range.end), expected);
        };
        check(
            r#"{"text":"She said so.","spans":[{"start":4,"end":8,"label":"cue"}],"answer":"accept"}"#,
            (4, 8),
        );
        check(
            r#"{"text":"She said so.","tokens":[{"text":"She","start":0,"end":3},{"text":"said","start":4,"end":8}],"spans":[{"token_start":0,"token_end":1,"label":"x"}]}"#,
            (0, 8),
        );
    }
    #[test]
    fn what_is_left_out_is_told() {
        let check = |source: &str, annotations: usize, told: &[&str]| {
            let source = Source::alone("x.jsonl", source.as_bytes());
            let reading = read(&source, &ReadOptions::default()).unwrap();
            let article = &reading.articles[0];
            assert_eq!(article.annotations.len(), annotations);
            assert_eq!(article.left_out.remarks(), told);
        };
        check(
            r#"{"id":7,"text":"She said so.","spans":[{"start":"4","end":8.0,"label":"cue"},{"start":null,"end":3,"label":"x"},{"token_start":0,"token_end":5,"label":"y"}],"tokens":[{"start":0,"end":3}]}"#,
            1,
            &[
                "2 annotations left out: it has no offsets (span 2 “x” of article 7, span 3 “y” of article 7)",
            ],
        );
        let spans = r#"[{"start":0,"end":3,"label":"x"},{"start":4,"end":8,"label":"y"}]"#;
        check(
            &format!(r#"{{"id":7,"text":"She said so.","spans":{spans},"answer":"reject"}}"#),
            0,
            &[
                "2 annotations left out: its example was rejected in Prodigy (those of article 7 and 1 more)",
            ],
        );
        check(
            r#"{"text":"She said so.","spans":[],"answer":"ignore"}"#,
            0,
            &[],
        );
    }

    #[test]
    fn what_pressmark_wrote_comes_back() {
        let line = r#"{"_exporter":"Pressmark","_view_id":"spans_manual","answer":"accept","meta":{"id":"a","title":"T","meta_id":"7","odd":"x"},
            "spans":[{"start":0,"end":3,"label":"q","id":"x","fragment":1,"annotator":"ana","changed":"2026-01-01T00:00:00Z","links":"a%3Db=x","attribute_id":"i","tone":["calm"],"sure":true},{"start":4,"end":8,"label":"q","id":"x","fragment":2}],
            "text":"She said so.","article_status":"ana=done","article_notes":"n"}"#;
        let line = line.replace('\n', " ");
        let reading = read(
            &Source::alone("x.jsonl", line.as_bytes()),
            &ReadOptions::default(),
        );
        let article = reading.unwrap().articles.remove(0);
        assert_eq!((article.id.as_str(), article.notes.as_str()), ("a", "n"));
        assert_eq!(article.metadata["id"], "7");
        assert_eq!((article.metadata.len(), article.status.len()), (2, 1));
        let [found] = article.annotations.as_slice() else {
            panic!("{:?}", article.annotations)
        };
        assert_eq!(found.fragments.len(), 2);
        assert!(found.changed.is_some());
        assert_eq!(found.links, [("a=b".to_owned(), "x".to_owned())]);
        let names: Vec<&str> = found.attributes.keys().map(String::as_str).collect();
        assert_eq!(names, ["id", "sure", "tone"]);
        assert_eq!(found.attributes["sure"], AttributeValue::Bool(true));
    }
}
