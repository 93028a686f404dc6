//! Label Studio tasks: JSON exports with results by region, and JSON-MIN.
//!
//! Offsets are code points, half-open; exports of before 2022 counted UTF-16, which the texts that
//! regions carry tell (`placing`).

use super::records::{metadata_from, offset, records, text_of};
use crate::core::annotation::{AttributeValue, Origin};
use crate::format::reading::{
    FoundAnnotation, FoundArticle, FoundFragment, FoundLabel, Head, Likelihood, ReadOptions,
    Reader, ReaderGroup, Reading, Refusal, Source,
};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

pub const READERS: &[Reader] = &[Reader {
    name: "label-studio",
    title: "Label Studio export",
    group: ReaderGroup::Dataset,
    extensions: &["json", "jsonl"],
    recognise,
    read,
}];

fn recognise(head: &Head<'_>) -> Likelihood {
    let start: String = head
        .text
        .chars()
        .take(60_000)
        .filter(|c| !c.is_whitespace())
        .collect();
    let has = |key: &str| start.contains(key);
    let is_json = start.starts_with('{') || start.starts_with("[{");
    let is_full = has("\"data\":{")
        && (has("\"annotations\":[") || has("\"predictions\":[") || has("\"completions\":["));
    let is_small = has("\"annotation_id\":") && has("\"annotator\":");
    match is_json && (is_full || is_small) {
        true => Likelihood::Sure,
        false => Likelihood::No,
    }
}

fn read(source: &Source<'_>, _options: &ReadOptions) -> Result<Reading, Refusal> {
    let found = records(source.bytes)?;
    let mut reading = Reading {
        remarks: found.remarks,
        ..Reading::default()
    };
    let config = ["config.xml", "label_config.xml"].iter().find_map(|name| {
        let name = source.beside(name);
        Some((source.siblings.read(&name)?, name))
    });
    if let Some((bytes, name)) = config {
        reading.labels = labels_of(&String::from_utf8_lossy(&bytes));
        reading.used.push(name);
    }
    for (i, (_, task)) in found.records.iter().enumerate() {
        match article(task) {
            Some(article) => reading.articles.push(article),
            None => reading
                .remarks
                .push(format!("task {} has no text and was left out", i + 1)),
        }
    }
    Ok(reading)
}

/// Labels and colours of a labelling configuration.
fn labels_of(config: &str) -> Vec<FoundLabel> {
    let Ok(document) = crate::format::xml::parse_xml(config) else {
        return Vec::new();
    };
    let labels = document
        .descendants()
        .filter(|node| node.has_tag_name("Label"));
    let found = labels.filter_map(|node| {
        let color = node
            .attribute("background")
            .and_then(|c| c.strip_prefix('#'));
        Some(FoundLabel {
            name: node.attribute("value")?.to_owned(),
            title: node.attribute("alias").unwrap_or_default().to_owned(),
            color: color
                .and_then(|hex| u32::from_str_radix(hex, 16).ok())
                .filter(|c| *c <= 0xFF_FFFF),
            ..FoundLabel::default()
        })
    });
    found.collect()
}

fn article(task: &Value) -> Option<FoundArticle> {
    let fields = task.as_object()?;
    let data = fields
        .get("data")
        .and_then(Value::as_object)
        .unwrap_or(fields);
    let key = text_key(fields, data)?;
    let text = data.get(&key)?.as_str()?;
    let told = |name: &str| data.get(name).and_then(text_of);
    const TASK: &[&str] = &[
        "id",
        "article_id",
        "title",
        "annotation_id",
        "annotator",
        "created_at",
        "updated_at",
        "lead_time",
    ];
    let is_region_list = |name: &str| {
        data.get(name).is_some_and(|v| {
            v.as_array()
                .is_some_and(|items| items.iter().any(|i| i.get("labels").is_some()))
        })
    };
    let mut article = FoundArticle {
        id: told("article_id")
            .or_else(|| told("id"))
            .or_else(|| fields.get("id").and_then(text_of))
            .unwrap_or_default(),
        title: told("title").unwrap_or_default(),
        text: text.to_owned(),
        metadata: metadata_from(data, &|name| {
            name == key || TASK.contains(&name) || is_region_list(name)
        }),
        ..FoundArticle::default()
    };
    let list = |name: &str| {
        fields
            .get(name)
            .and_then(Value::as_array)
            .filter(|items| !items.is_empty())
    };
    if let Some(annotations) = list("annotations").or_else(|| list("completions")) {
        for annotation in annotations {
            if annotation.get("was_cancelled").and_then(Value::as_bool) == Some(true) {
                article
                    .remarks
                    .push("an annotation that was skipped in Label Studio was left out".to_owned());
                continue;
            }
            add_results(&mut article, annotation, None);
        }
    } else if let Some(predictions) = list("predictions") {
        for prediction in predictions {
            let model = prediction.get("model_version").and_then(text_of);
            add_results(
                &mut article,
                prediction,
                Some(model.unwrap_or_else(|| "prediction".to_owned())),
            );
        }
    } else if !fields.contains_key("data") {
        add_small(&mut article, fields);
    }
    Some(article)
}

/// The key of the text in a task's data: one that results name, `text`, or that of the longest text.
fn text_key(task: &Map<String, Value>, data: &Map<String, Value>) -> Option<String> {
    let results = task
        .get("annotations")
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    let mut names = results.filter_map(|a| {
        a.get("result")?
            .as_array()?
            .iter()
            .find_map(|r| r.get("to_name")?.as_str())
    });
    let named = names.find(|name| data.get(*name).is_some_and(Value::is_string));
    if let Some(name) = named {
        return Some(name.to_owned());
    }
    for name in ["text", "content", "body"] {
        if data.get(name).is_some_and(Value::is_string) {
            return Some(name.to_owned());
        }
    }
    let texts = data
        .iter()
        .filter_map(|(name, value)| Some((value.as_str()?.len(), name)));
    texts.max().map(|(_, name)| name.clone())
}

/// Who made an annotation: an e-mail address, a name or the number of a user.
fn annotator_of(annotation: &Value) -> String {
    let Some(by) = annotation.get("completed_by") else {
        return String::new();
    };
    ["email", "username", "first_name", "id"]
        .iter()
        .find_map(|name| {
            by.get(name)
                .and_then(text_of)
                .filter(|text| !text.is_empty())
        })
        .or_else(|| text_of(by).map(|id| format!("user {id}")))
        .unwrap_or_default()
}

fn add_results(article: &mut FoundArticle, annotation: &Value, model: Option<String>) {
    let annotator = annotator_of(annotation);
    let made = annotation
        .get("created_at")
        .and_then(Value::as_str)
        .and_then(crate::format::time::timestamp_from);
    let results: Vec<&Value> = annotation
        .get("result")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .collect();
    let id_of = |value: &Value| value.get("id").and_then(text_of).unwrap_or_default();
    // Attributes of a region are further results with its id.
    let mut attributes: BTreeMap<String, Vec<(String, AttributeValue)>> = BTreeMap::new();
    let mut links: Vec<(String, String, String)> = Vec::new();
    for result in &results {
        let kind = result
            .get("type")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let value = result.get("value");
        if kind == "relation" {
            let id = |name: &str| result.get(name).and_then(text_of).unwrap_or_default();
            let role = result
                .get("labels")
                .and_then(|l| l.get(0))
                .and_then(text_of);
            links.push((
                id("from_id"),
                role.unwrap_or_else(|| "linked".to_owned()),
                id("to_id"),
            ));
            continue;
        }
        if value
            .and_then(|v| v.get("labels").or_else(|| v.get("hypertextlabels")))
            .is_some()
        {
            continue;
        }
        let name = result
            .get("from_name")
            .and_then(Value::as_str)
            .unwrap_or(kind)
            .to_owned();
        let told = value.and_then(|v| {
            v.get("text")
                .or_else(|| v.get("choices"))
                .or_else(|| v.get("rating"))
                .or_else(|| v.get("number"))
        });
        let told = match told {
            Some(Value::Array(items)) => {
                let mut texts: Vec<String> = items.iter().filter_map(text_of).collect();
                match texts.len() {
                    0 => continue,
                    1 => AttributeValue::Text(texts.remove(0)),
                    _ => AttributeValue::Many(texts),
                }
            }
            Some(Value::Number(number)) => AttributeValue::Number(number.as_f64().unwrap_or(0.0)),
            Some(value) => AttributeValue::Text(text_of(value).unwrap_or_default()),
            None => continue,
        };
        attributes
            .entry(id_of(result))
            .or_default()
            .push((name, told));
    }
    for result in &results {
        let Some(value) = result.get("value") else {
            continue;
        };
        let labels = value.get("labels").or_else(|| value.get("hypertextlabels"));
        let Some(labels) = labels.and_then(Value::as_array) else {
            continue;
        };
        let (start, end) = match value.get("globalOffsets") {
            Some(global) => (offset(global.get("start")), offset(global.get("end"))),
            None => (offset(value.get("start")), offset(value.get("end"))),
        };
        let (Some(start), Some(end)) = (start, end) else {
            continue;
        };
        let id = id_of(result);
        for (i, label) in labels.iter().filter_map(text_of).enumerate() {
            let mut fragment = FoundFragment::at(start..end.max(start));
            fragment.text = value
                .get("text")
                .and_then(Value::as_str)
                .map(|text| text.replace("\\n", "\n"));
            let mut note = result.get("meta").and_then(|meta| meta.get("text"));
            if let Some(Value::Array(lines)) = note {
                note = lines.first();
            }
            let mut found = FoundAnnotation {
                id: if i == 0 {
                    id.clone()
                } else {
                    format!("{id}-{}", i + 1)
                },
                label,
                fragments: vec![fragment],
                note: note.and_then(text_of).unwrap_or_default(),
                annotator: annotator.clone(),
                made,
                origin: model.clone().map(Origin::Suggestion),
                ..FoundAnnotation::default()
            };
            for (name, value) in attributes.get(&id).into_iter().flatten() {
                match (name.as_str(), value) {
                    ("note" | "comment", AttributeValue::Text(text)) if found.note.is_empty() => {
                        found.note.clone_from(text)
                    }
                    _ => drop(found.attributes.insert(name.clone(), value.clone())),
                }
            }
            let own = links.iter().filter(|(from, _, _)| *from == id && i == 0);
            found.links = own
                .map(|(_, role, to)| (role.clone(), to.clone()))
                .collect();
            article.annotations.push(found);
        }
    }
}

/// JSON-MIN: regions stand under the name of their control.
fn add_small(article: &mut FoundArticle, task: &Map<String, Value>) {
    let annotator = task.get("annotator").and_then(text_of).unwrap_or_default();
    for region in task.values().filter_map(Value::as_array).flatten() {
        let (Some(start), Some(end)) = (offset(region.get("start")), offset(region.get("end")))
        else {
            continue;
        };
        for label in region
            .get("labels")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(text_of)
        {
            let mut fragment = FoundFragment::at(start..end.max(start));
            fragment.text = region
                .get("text")
                .and_then(Value::as_str)
                .map(str::to_owned);
            article.annotations.push(FoundAnnotation {
                label,
                fragments: vec![fragment],
                annotator: annotator.clone(),
                ..FoundAnnotation::default()
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_attributes_and_relations() {
        let source = r#"[{"id":7,"data":{"body":"She said so.","outlet":"Post"},"annotations":[{"completed_by":{"email":"ana@x"},"result":[
            {"id":"a","from_name":"label","to_name":"body","type":"labels","value":{"start":0,"end":3,"text":"She","labels":["source"]}},
            {"id":"b","from_name":"label","to_name":"body","type":"labels","value":{"start":4,"end":8,"text":"said","labels":["cue"]}},
            {"id":"a","from_name":"kind","to_name":"body","type":"choices","value":{"choices":["person"]}},
            {"from_id":"b","to_id":"a","type":"relation","labels":["by"]}]}]}]"#;
        let source = Source::alone("x.json", source.as_bytes());
        let reading = read(&source, &ReadOptions::default()).unwrap();
        let article = &reading.articles[0];
        assert_eq!(
            (article.id.as_str(), article.metadata["outlet"].as_str()),
            ("7", "Post")
        );
        let [a, b] = article.annotations.as_slice() else {
            panic!()
        };
        assert_eq!(
            (a.label.as_str(), a.annotator.as_str()),
            ("source", "ana@x")
        );
        assert_eq!(
            a.attributes["kind"],
            AttributeValue::Text("person".to_owned())
        );
        assert_eq!(b.links, [("by".to_owned(), "a".to_owned())]);
    }
}
