//! Prodigy's and spaCy's JSON Lines: `spans` by characters, or by tokens.
//!
//! Offsets are code points, half-open; `token_end` is inclusive (Prodigy's data formats).

use super::records::{articles, metadata_from, offset, text_of};
use crate::core::annotation::AttributeValue;
use crate::core::article::Status;
use crate::format::reading::{
    FoundAnnotation, FoundArticle, FoundFragment, Head, Likelihood, ReadOptions, Reader,
    ReaderGroup, Reading, Refusal, Source,
};
use crate::format::time::timestamp_from;
use serde_json::Value;
use std::collections::BTreeMap;

pub const READERS: &[Reader] = &[Reader {
    name: "prodigy",
    title: "Prodigy or spaCy dataset",
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
    let has = |key: &str| start.contains(key);
    let is_task = has("\"_view_id\":\"spans") || has("\"_view_id\":\"ner");
    match is_json && (is_task || has("\"text\":")) && (is_task || has("\"spans\":[")) {
        true => Likelihood::Sure,
        false => Likelihood::No,
    }
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
];
const SPAN: &[&str] = &[
    "start",
    "end",
    "token_start",
    "token_end",
    "label",
    "text",
    "id",
    "note",
    "annotator",
    "created",
    "linked",
    "linked_span",
    "links",
    "fragment",
    "fragments",
];

/// `role=target; role=target`, as Pressmark writes links into one cell.
pub(super) fn listed_links(cell: &str) -> Vec<(String, String)> {
    let links = cell.split("; ").filter_map(|link| link.split_once('='));
    let links = links.map(|(role, target)| (role.to_owned(), target.to_owned()));
    links.collect()
}

/// The article in a record with `text` and `spans`.
pub(super) fn article(record: &Value) -> Option<FoundArticle> {
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
    if let Some(meta) = meta {
        article
            .metadata
            .extend(metadata_from(meta, &|name| matches!(name, "id" | "title")));
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
        }
        _ => {}
    }
    let tokens = fields.get("tokens").and_then(Value::as_array);
    let token = |at: Option<usize>, edge: &str| offset(tokens?.get(at?)?.get(edge));
    for (i, span) in fields
        .get("spans")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .enumerate()
    {
        let start =
            offset(span.get("start")).or_else(|| token(offset(span.get("token_start")), "start"));
        let end = offset(span.get("end")).or_else(|| token(offset(span.get("token_end")), "end"));
        let (Some(start), Some(end)) = (start, end) else {
            article
                .remarks
                .push(format!("span {} has no offsets and was left out", i + 1));
            continue;
        };
        let mut fragment = FoundFragment::at(start..end.max(start));
        fragment.text = span.get("text").and_then(Value::as_str).map(str::to_owned);
        let said = |name: &str| span.get(name).and_then(text_of).unwrap_or_default();
        let extra = span
            .as_object()
            .map(|span| metadata_from(span, &|name| SPAN.contains(&name)));
        let mut attributes: BTreeMap<String, AttributeValue> = extra
            .unwrap_or_default()
            .into_iter()
            .map(|(name, value)| (name, AttributeValue::Text(value)))
            .collect();
        let made = timestamp_from(&said("created"));
        if made.is_none() && !said("created").is_empty() {
            attributes.insert("created".to_owned(), AttributeValue::Text(said("created")));
        }
        let links = ["linked", "linked_span"]
            .map(said)
            .into_iter()
            .filter(|target| !target.is_empty())
            .map(|target| ("linked".to_owned(), target));
        let links = links.chain(listed_links(&said("links")));
        // A further fragment of an annotation, as Pressmark writes it.
        let id = said("id");
        let goes_on = said("fragment").parse().is_ok_and(|n: usize| n > 1) && !id.is_empty();
        let whole = article.annotations.iter_mut().rev().find(|a| a.id == id);
        if let (true, Some(whole)) = (goes_on, whole) {
            whole.fragments.push(fragment);
            continue;
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
            ..FoundAnnotation::default()
        });
    }
    Some(article)
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
}
