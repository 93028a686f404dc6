//! W3C Web Annotation (JSON-LD, pages, collections, a record a line) and Hypothesis exports.
//!
//! Positions are code points (Web Annotation Data Model, section 4.2.5), except in Hypothesis, which
//! counts UTF-16; quotes decide where both are given. The annotated text stands in a file beside.

use super::records::{offset, records, text_of};
use crate::core::annotation::AttributeValue;
use crate::format::article::decode;
use crate::format::readers::reader_named;
use crate::format::reading::{
    FoundAnnotation, FoundArticle, FoundFragment, Head, Likelihood, OffsetUnit, ReadOptions,
    Reader, ReaderGroup, Reading, Refusal, Source,
};
use crate::format::time::timestamp_from;
use serde_json::Value;
use std::collections::BTreeMap;

pub const READERS: &[Reader] = &[Reader {
    name: "web-annotation",
    title: "Web Annotation (W3C, Hypothesis)",
    group: ReaderGroup::Dataset,
    extensions: &["jsonld", "json", "jsonl"],
    recognise,
    read,
}];

fn recognise(head: &Head<'_>) -> Likelihood {
    let start = head.text.trim_start();
    if !start.starts_with(['{', '[']) {
        return Likelihood::No;
    }
    let has = |what: &str| head.text.contains(what);
    let has_selector = has("TextQuoteSelector") || has("TextPositionSelector");
    match (has("ns/anno.jsonld"), has_selector && has("\"target\"")) {
        (true, _) | (_, true) => Likelihood::Sure,
        _ => Likelihood::No,
    }
}

/// As a list: an array's items, nothing for null, a value alone otherwise.
fn list(value: Option<&Value>) -> Vec<&Value> {
    match value {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::Array(items)) => items.iter().collect(),
        Some(value) => vec![value],
    }
}

/// Annotations within pages, collections and graphs.
fn annotations<'a>(value: &'a Value, found: &mut Vec<&'a Value>) {
    if let Value::Array(items) = value {
        items.iter().for_each(|item| annotations(item, found));
    } else if value.get("target").is_some() {
        found.push(value);
    } else {
        for key in [
            "items",
            "rows",
            "@graph",
            "first",
            "annotations",
            "total_items",
        ] {
            if let Some(inner @ (Value::Array(_) | Value::Object(_))) = value.get(key) {
                annotations(inner, found);
            }
        }
    }
}

fn string(value: Option<&Value>) -> Option<&str> {
    value.and_then(Value::as_str)
}

/// What a target points into, and the part of it.
struct Target<'a> {
    source: String,
    /// The text itself, when the target holds it.
    text: Option<&'a str>,
    scope: Option<&'a str>,
    fragment: FoundFragment,
}

fn target<'a>(value: &'a Value) -> Option<Target<'a>> {
    if let Some(source) = value.as_str() {
        return Some(Target {
            source: source.to_owned(),
            text: None,
            scope: None,
            fragment: FoundFragment::default(),
        });
    }
    let source = value
        .get("source")
        .or_else(|| value.get("hasSource"))
        .or_else(|| value.get("id"))?;
    let text = string(source.get("value"));
    let source = source
        .as_str()
        .or_else(|| string(source.get("id")))
        .unwrap_or("");
    let mut fragment = FoundFragment::default();
    let mut stack = list(value.get("selector").or_else(|| value.get("hasSelector")));
    let mut steps = 0;
    while let Some(selector) = stack.pop() {
        steps += 1;
        if steps > 64 {
            break;
        }
        stack.extend(list(selector.get("refinedBy")));
        stack.extend(list(selector.get("items")));
        match string(selector.get("type")).unwrap_or_default() {
            kind if kind.ends_with("TextPositionSelector") => {
                let (start, end) = (offset(selector.get("start")), offset(selector.get("end")));
                fragment.offsets = start.zip(end).filter(|(s, e)| s <= e).map(|(s, e)| s..e);
            }
            kind if kind.ends_with("TextQuoteSelector") => {
                fragment.text = string(selector.get("exact")).map(str::to_owned);
                let side = |key: &str| string(selector.get(key)).unwrap_or_default().to_owned();
                let context = (side("prefix"), side("suffix"));
                let is_told = !context.0.is_empty() || !context.1.is_empty();
                fragment.context = is_told.then_some(context);
            }
            _ => {}
        }
    }
    Some(Target {
        source: source.to_owned(),
        text,
        scope: string(value.get("scope")),
        fragment,
    })
}

fn set(found: &mut FoundAnnotation, name: &str, value: String) {
    let known = found.attributes.entry(name.to_owned());
    known
        .and_modify(|old| {
            if let AttributeValue::Text(old) = old {
                old.push_str("; ");
                old.push_str(&value);
            }
        })
        .or_insert(AttributeValue::Text(value.clone()));
}

fn body(found: &mut FoundAnnotation, value: &Value) {
    let text = value.as_str().map(str::to_owned);
    let text = text
        .or_else(|| value.get("value").and_then(text_of))
        .or_else(|| {
            string(value.get("source"))
                .or_else(|| string(value.get("id")))
                .map(str::to_owned)
        });
    let Some(text) = text else { return };
    let purpose = string(value.get("purpose")).unwrap_or(match value {
        Value::String(_) => "commenting",
        _ => "",
    });
    // “speaker: Ana” is how attributes are said in tags.
    let pair = || {
        text.split_once(": ")
            .filter(|(name, _)| !name.contains(' '))
    };
    match purpose {
        "tagging" | "classifying" | "identifying" if found.label.is_empty() => found.label = text,
        "commenting" | "replying" | "" => {
            if !found.note.is_empty() {
                found.note.push('\n');
            }
            found.note.push_str(&text);
        }
        "describing" | "tagging" if pair().is_some() => {
            if let Some((name, value)) = pair() {
                set(found, name, value.to_owned());
            }
        }
        "tagging" => set(found, "tag", text),
        purpose => set(found, purpose, text),
    }
}

fn annotation(value: &Value) -> FoundAnnotation {
    let mut found = FoundAnnotation {
        id: string(value.get("id")).unwrap_or_default().to_owned(),
        made: string(value.get("created")).and_then(timestamp_from),
        changed: string(value.get("modified").or_else(|| value.get("updated")))
            .and_then(timestamp_from),
        ..FoundAnnotation::default()
    };
    for item in list(value.get("body")) {
        body(&mut found, item);
    }
    if let Some(text) = string(value.get("bodyValue")) {
        text.clone_into(&mut found.note);
    }
    // Hypothesis.
    let mut tags = list(value.get("tags"))
        .into_iter()
        .filter_map(Value::as_str);
    if found.label.is_empty()
        && let Some(tag) = tags.next()
    {
        tag.clone_into(&mut found.label);
    }
    for tag in tags {
        set(&mut found, "tag", tag.to_owned());
    }
    if let Some(text) = string(value.get("text")).filter(|_| found.note.is_empty()) {
        text.clone_into(&mut found.note);
    }
    let creator = value.get("creator");
    let names = ["nickname", "name", "email", "id"];
    let creator = creator.and_then(|c| {
        c.as_str()
            .or_else(|| names.iter().find_map(|n| string(c.get(*n))))
    });
    let user = string(value.get("user")).map(|user| {
        let name = user.strip_prefix("acct:").unwrap_or(user);
        name.split('@').next().unwrap_or(name)
    });
    found.annotator = creator.or(user).unwrap_or_default().to_owned();
    if found.label.is_empty() {
        found.label = string(value.get("motivation"))
            .unwrap_or("highlighting")
            .to_owned();
    }
    found
}

/// The text that a source names, in a file beside this one, and the name of that file.
fn text_beside(source: &Source<'_>, target: &Target<'_>) -> Option<(FoundArticle, String)> {
    let file = |address: &str| {
        let path = address.split(['?', '#']).next().unwrap_or(address);
        path.trim_end_matches('/')
            .rsplit('/')
            .next()
            .unwrap_or(path)
            .to_owned()
    };
    let mut wanted = Vec::new();
    for address in target.scope.into_iter().chain([target.source.as_str()]) {
        let name = file(address);
        let stem = name
            .rsplit_once('.')
            .map_or(name.as_str(), |(stem, _)| stem)
            .to_owned();
        if !stem.is_empty() {
            wanted.extend([
                name,
                format!("{stem}.txt"),
                format!("{stem}.html"),
                format!("{stem}.htm"),
            ]);
        }
    }
    wanted.push(format!("{}.txt", source.stem()));
    wanted.iter().find_map(|name| {
        let full = source.beside(name);
        let bytes = (full != source.name).then(|| source.siblings.read(&full))??;
        if name.ends_with("html") || name.ends_with("htm") {
            let page = Source {
                name: &full,
                bytes: &bytes,
                siblings: source.siblings,
            };
            let reading = (reader_named("html")?.read)(&page, &ReadOptions::default()).ok()?;
            return Some((reading.articles.into_iter().next()?, full));
        }
        let decoded = decode::decode(&bytes)?;
        let article = FoundArticle {
            text: decoded.text,
            ..FoundArticle::default()
        };
        Some((article, full))
    })
}

fn read(source: &Source<'_>, _options: &ReadOptions) -> Result<Reading, Refusal> {
    let found = records(source.bytes)?;
    let mut all = Vec::new();
    for (_, record) in &found.records {
        annotations(record, &mut all);
    }
    let mut reading = Reading {
        remarks: found.remarks,
        ..Reading::default()
    };
    let mut order: Vec<String> = Vec::new();
    let mut articles: BTreeMap<String, FoundArticle> = BTreeMap::new();
    let mut missing: BTreeMap<String, usize> = BTreeMap::new();
    let mut links: Vec<(String, String, String)> = Vec::new();
    for value in all {
        if string(value.get("motivation")).is_some_and(|m| m.ends_with("linking")) {
            let role = list(value.get("body"))
                .iter()
                .find_map(|b| string(b.get("value")))
                .unwrap_or("linked");
            let ids = |key: &str| {
                list(value.get(key))
                    .into_iter()
                    .filter_map(|v| {
                        v.as_str()
                            .or_else(|| string(v.get("id")).or_else(|| string(v.get("source"))))
                    })
                    .map(str::to_owned)
                    .collect::<Vec<_>>()
            };
            for from in ids("body") {
                for to in ids("target") {
                    links.push((from.clone(), role.to_owned(), to));
                }
            }
            continue;
        }
        let targets: Vec<Target<'_>> = list(value.get("target"))
            .into_iter()
            .filter_map(target)
            .collect();
        let Some(first) = targets.first() else {
            continue;
        };
        let key = first.source.clone();
        if !articles.contains_key(&key) && !missing.contains_key(&key) {
            let given = first.text.map(|text| {
                (
                    FoundArticle {
                        text: text.to_owned(),
                        ..FoundArticle::default()
                    },
                    String::new(),
                )
            });
            match given.or_else(|| text_beside(source, first)) {
                Some((mut article, file)) => {
                    if !file.is_empty() {
                        reading.used.push(file);
                    }
                    article.id = match key.rsplit(['/', ':']).find(|part| !part.is_empty()) {
                        Some(part) => part.trim_end_matches(".txt").to_owned(),
                        None => source.stem().to_owned(),
                    };
                    if key.starts_with("http") {
                        article
                            .metadata
                            .entry("url".to_owned())
                            .or_insert_with(|| key.clone());
                    }
                    if let Some(title) = list(value.pointer("/document/title"))
                        .first()
                        .and_then(|t| t.as_str())
                    {
                        title.clone_into(&mut article.title);
                    }
                    article.unit = match value.get("user").is_some() || value.get("uri").is_some() {
                        true => OffsetUnit::Utf16,
                        false => OffsetUnit::CodePoints,
                    };
                    order.push(key.clone());
                    articles.insert(key.clone(), article);
                }
                None => drop(missing.insert(key.clone(), 0)),
            }
        }
        let Some(article) = articles.get_mut(&key) else {
            *missing.entry(key).or_default() += 1;
            continue;
        };
        let mut made = annotation(value);
        made.fragments = targets
            .into_iter()
            .filter(|t| t.source == key)
            .map(|t| t.fragment)
            .filter(|fragment| fragment.offsets.is_some() || fragment.text.is_some())
            .collect();
        match made.fragments.is_empty() {
            // A note on the whole page.
            true => {
                if !article.notes.is_empty() {
                    article.notes.push('\n');
                }
                article.notes.push_str(&made.note);
            }
            false => article.annotations.push(made),
        }
    }
    for (from, role, to) in links {
        let owner = articles
            .values_mut()
            .flat_map(|a| &mut a.annotations)
            .find(|a| a.id == from);
        if let Some(owner) = owner {
            owner.links.push((role, to));
        }
    }
    for (name, count) in &missing {
        reading.remarks.push(format!("the text of “{name}” with {count} annotations was not found; put it beside this file as a .txt or .html file of that name"));
    }
    reading.articles = order
        .iter()
        .filter_map(|key| articles.remove(key))
        .collect();
    match reading.articles.is_empty() {
        true => Err(Refusal::new(match reading.remarks.is_empty() {
            true => "there are no annotations in this file".to_owned(),
            false => reading.remarks.join("; "),
        })),
        false => Ok(reading),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn annotations_find_their_text_beside() {
        let json = "{\"@context\":\"http://www.w3.org/ns/anno.jsonld\",\"type\":\"AnnotationPage\",\"items\":[\
            {\"id\":\"n1\",\"type\":\"Annotation\",\"creator\":{\"nickname\":\"ana\"},\"body\":[{\"type\":\"TextualBody\",\"purpose\":\"tagging\",\"value\":\"quote\"},{\"type\":\"TextualBody\",\"purpose\":\"commenting\",\"value\":\"loud\"},{\"purpose\":\"describing\",\"value\":\"speaker: Bo\"}],\
              \"target\":[{\"source\":\"https://x.example/a.txt\",\"selector\":[{\"type\":\"TextPositionSelector\",\"start\":2,\"end\":4},{\"type\":\"TextQuoteSelector\",\"exact\":\"No\",\"prefix\":\"🙂 \",\"suffix\":\" f\"}]}]},\
            {\"id\":\"n2\",\"type\":\"Annotation\",\"motivation\":\"linking\",\"body\":\"n1\",\"target\":\"n1\"},\
            {\"id\":\"n3\",\"type\":\"Annotation\",\"target\":{\"source\":\"https://x.example/gone\",\"selector\":{\"type\":\"TextQuoteSelector\",\"exact\":\"x\"}}}]}";
        let mut files = BTreeMap::new();
        files.insert("d/a.txt".to_owned(), "🙂 No ferry.".as_bytes().to_vec());
        let source = Source {
            name: "d/notes.jsonld",
            bytes: json.as_bytes(),
            siblings: &files,
        };
        assert_eq!(recognise(&Head { source, text: json }), Likelihood::Sure);
        let reading = read(&source, &ReadOptions::default()).unwrap();
        let [article] = reading.articles.as_slice() else {
            panic!()
        };
        let [mark] = article.annotations.as_slice() else {
            panic!()
        };
        assert_eq!(
            (
                mark.label.as_str(),
                mark.note.as_str(),
                mark.annotator.as_str()
            ),
            ("quote", "loud", "ana")
        );
        assert_eq!(mark.fragments[0].offsets, Some(2..4));
        assert_eq!(
            mark.attributes["speaker"],
            AttributeValue::Text("Bo".to_owned())
        );
        assert_eq!(mark.links, [("linked".to_owned(), "n1".to_owned())]);
        assert_eq!(
            (reading.used, reading.remarks.len()),
            (vec!["d/a.txt".to_owned()], 1)
        );
    }
}
