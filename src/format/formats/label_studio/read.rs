//! Label Studio tasks: JSON exports with results by region, and JSON-MIN.
//!
//! Offsets are code points, half-open; exports of before 2022 counted UTF-16, which the texts that
//! regions carry tell (`placing`).

use crate::core::annotation::{AttributeValue, Origin};
use crate::format::formats::label_studio::{CONTROLS, TASK};
use crate::format::reading::assembly::UNLABELLED;
use crate::format::reading::left_out::Thing;
use crate::format::reading::records::{
    NO_TEXT, add_exact_values, add_own_fields, is_ours, metadata_from, number_of, records,
    start_of_json, stretch, text_of,
};
use crate::format::reading::{
    FoundAnnotation, FoundArticle, FoundFragment, FoundLabel, Head, Likelihood, ReadOptions,
    Reader, ReaderGroup, Reading, Refusal, Source,
};
use crate::format::time::timestamp_from;
use crate::format::words::names::attributes;
use crate::format::words::records::metadata;
use crate::format::words::values::{CONTINUES, listed_links};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, HashMap, HashSet};

pub const READER: Reader = Reader {
    name: "label-studio",
    title: "Label Studio export",
    group: ReaderGroup::Dataset,
    extensions: &["json", "jsonl"],
    recognise,
    read,
};

fn recognise(head: &Head<'_>) -> Likelihood {
    let Some(start) = start_of_json(head.text, 60_000) else {
        return Likelihood::No;
    };
    let has = |key: &str| start.contains(key);
    // The data may stand behind more annotations than are looked at, and the other way round.
    let is_full = (has("\"data\":{")
        && (has("\"annotations\":[") || has("\"predictions\":[") || has("\"completions\":[")))
        || (has("\"result\":[") && has("\"from_name\":") && has("\"to_name\":"))
        || start.starts_with("[{\"data\":{\"_exporter\":\"Pressmark\"");
    let is_small = has("\"annotation_id\":") && has("\"annotator\":");
    Likelihood::Sure.when(is_full || is_small)
}

fn read(source: &Source<'_>, _options: &ReadOptions) -> Result<Reading, Refusal> {
    let found = records(source.bytes)?;
    let mut reading = found.reading();
    let config = ["config.xml", "label_config.xml"].iter().find_map(|name| {
        let name = source.beside(name);
        Some((source.siblings.read(&name)?, name))
    });
    let mut config_attributes = HashMap::new();
    if let Some((bytes, name)) = config {
        let config = String::from_utf8_lossy(&bytes);
        (reading.labels, config_attributes) = labels_and_attributes(&config);
        reading.used.push(name);
    }
    for (i, (_, task)) in found.records.iter().enumerate() {
        match article(task, &config_attributes) {
            Some(article) => reading.articles.push(article),
            None => {
                let name = || format!("task {}", i + 1);
                reading.left_out.note(Thing::Record, NO_TEXT, name);
            }
        }
    }
    Ok(reading)
}

/// Labels and colours of a labelling configuration, and the attributes that Pressmark's controls
/// hold.
fn labels_and_attributes(config: &str) -> (Vec<FoundLabel>, HashMap<String, String>) {
    let Ok(document) = crate::format::reading::xml::parse_xml(config) else {
        return Default::default();
    };
    let labels = document
        .descendants()
        .filter(|node| node.has_tag_name("Label"));
    let labels = labels.filter_map(|node| {
        let color = node
            .attribute("background")
            .and_then(|c| c.strip_prefix('#'));
        let told = |name: &str| node.attribute(name).unwrap_or_default().to_owned();
        Some(FoundLabel {
            name: node.attribute("value")?.to_owned(),
            title: match told("title") {
                title if title.is_empty() => told("alias"),
                title => title,
            },
            definition: told("definition"),
            color: color
                .and_then(|hex| u32::from_str_radix(hex, 16).ok())
                .filter(|c| *c <= 0xFF_FFFF),
        })
    });
    let controls = document.descendants().filter_map(|node| {
        let (name, attribute) = (node.attribute("name")?, node.attribute("attribute")?);
        Some((name.to_owned(), attribute.to_owned()))
    });
    (labels.collect(), controls.collect())
}

fn article(task: &Value, controls: &HashMap<String, String>) -> Option<FoundArticle> {
    let fields = task.as_object()?;
    let data = fields
        .get("data")
        .and_then(Value::as_object)
        .unwrap_or(fields);
    let key = text_key(fields, data)?;
    let text = data.get(&key)?.as_str()?;
    let told = |name: &str| data.get(name).and_then(text_of);
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
            name == key || (TASK.contains(&name) && name != "text") || is_region_list(name)
        }),
        ..FoundArticle::default()
    };
    let is_own = is_ours(data);
    if is_own {
        add_own_fields(&mut article, data, metadata(TASK));
    }
    let list = |name: &str| {
        fields
            .get(name)
            .and_then(Value::as_array)
            .filter(|items| !items.is_empty())
    };
    if let Some(annotations) = list("annotations").or_else(|| list("completions")) {
        for annotation in annotations {
            if annotation.get("was_cancelled").and_then(Value::as_bool) == Some(true) {
                let (name, count) = (article.named(), regions_in(annotation).max(1));
                let reason = "its task was skipped in Label Studio";
                let name = || format!("those of {name}");
                article
                    .left_out
                    .note_several(Thing::Annotation, count, reason, name);
                continue;
            }
            add_results(&mut article, annotation, None, is_own);
        }
        if is_own {
            bring_back(&mut article.annotations, controls);
        }
        let predictions = list("predictions").into_iter().flatten();
        let count = predictions.map(regions_in).sum();
        let name = article.named();
        let reason = "it is a prediction beside annotations that people made";
        let name = || format!("those of {name}");
        article
            .left_out
            .note_several(Thing::Annotation, count, reason, name);
    } else if let Some(predictions) = list("predictions") {
        for prediction in predictions {
            let model = prediction.get("model_version").and_then(text_of);
            add_results(
                &mut article,
                prediction,
                Some(model.unwrap_or_else(|| "prediction".to_owned())),
                false,
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

/// The labelled regions among the results.
fn regions_in(annotation: &Value) -> usize {
    let results = annotation.get("result").and_then(Value::as_array);
    let is_region = |result: &&Value| result.get("value").is_some_and(|v| labels_of(v).is_some());
    results.map_or(0, |results| results.iter().filter(is_region).count())
}

fn labels_of(value: &Value) -> Option<&Value> {
    value.get("labels").or_else(|| value.get("hypertextlabels"))
}

fn add_results(
    article: &mut FoundArticle,
    annotation: &Value,
    model: Option<String>,
    is_own: bool,
) {
    let annotator = annotator_of(annotation);
    let made = annotation
        .get("created_at")
        .and_then(Value::as_str)
        .and_then(timestamp_from);
    let results: Vec<&Value> = annotation
        .get("result")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .collect();
    let id_of = |value: &Value| value.get("id").and_then(text_of).unwrap_or_default();
    // Attributes of a region are further results with its id.
    let mut attributes: BTreeMap<String, Vec<(String, AttributeValue)>> = BTreeMap::new();
    let mut links: HashMap<String, Vec<(String, String)>> = HashMap::new();
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
            let role = role.unwrap_or_else(|| "linked".to_owned());
            let from = links.entry(id("from_id")).or_default();
            from.push((role, id("to_id")));
            continue;
        }
        if value.and_then(labels_of).is_some() {
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
                    // An attribute without a value.
                    0 if is_own => AttributeValue::Text(String::new()),
                    0 => continue,
                    1 => AttributeValue::Text(texts.remove(0)),
                    _ => AttributeValue::Many(texts),
                }
            }
            Some(Value::Number(number)) => number_of(number),
            Some(value) => AttributeValue::Text(text_of(value).unwrap_or_default()),
            None => {
                let name = format!("a result of type “{kind}” of {}", article.named());
                let reason = "it is about no stretch of text";
                article.left_out.note(Thing::Annotation, reason, || name);
                continue;
            }
        };
        attributes
            .entry(id_of(result))
            .or_default()
            .push((name, told));
    }
    let mut regions: HashSet<String> = HashSet::new();
    let mut unlabelled = 0;
    for result in &results {
        let Some(value) = result.get("value") else {
            continue;
        };
        let Some(labels) = labels_of(value) else {
            continue;
        };
        let mut labels: Vec<String> = match labels {
            Value::Array(labels) => labels.iter().filter_map(text_of).collect(),
            label => text_of(label).into_iter().collect(),
        };
        if labels.is_empty() {
            unlabelled += 1;
            labels.push(String::new());
        }
        let place = value.get("globalOffsets").unwrap_or(value);
        let offsets = match stretch(place.get("start"), place.get("end")) {
            Ok(offsets) => offsets,
            Err(reason) => {
                let (label, name) = (labels.join(", "), article.named());
                let name = format!("region {} “{label}” of {name}", id_of(result));
                let count = labels.len();
                article
                    .left_out
                    .note_several(Thing::Annotation, count, reason, || name);
                continue;
            }
        };
        let id = id_of(result);
        regions.insert(id.clone());
        for (i, label) in labels.into_iter().enumerate() {
            let mut fragment = FoundFragment::at(offsets.clone());
            fragment.text = value.get("text").and_then(Value::as_str).map(|text| {
                // Label Studio writes line breaks so; a text may have them as letters.
                if text.contains("\\n") && !article.text.contains(text) {
                    text.replace("\\n", "\n")
                } else {
                    text.to_owned()
                }
            });
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
                    ("note" | "comment", AttributeValue::Text(text))
                        if found.note.is_empty() && !is_own =>
                    {
                        found.note.clone_from(text);
                    }
                    _ => drop(found.attributes.insert(name.clone(), value.clone())),
                }
            }
            if i == 0 {
                found.links = links.remove(&id).unwrap_or_default();
            }
            article.annotations.push(found);
        }
    }
    if unlabelled > 0 {
        let regions = if unlabelled == 1 {
            "region has"
        } else {
            "regions have"
        };
        article.remarks.push(format!(
            "{unlabelled} {regions} no label and became “{UNLABELLED}” ({})",
            article.named()
        ));
    }
    // What is about the text as a whole.
    let of_whole = attributes
        .into_iter()
        .filter(|(id, _)| !regions.contains(id));
    for (name, value) in of_whole.flat_map(|(_, said)| said) {
        article
            .metadata
            .entry(name)
            .or_insert_with(|| value.to_text());
    }
    let loose = links.values().map(Vec::len).sum();
    let name = article.named();
    let name = || format!("a relation of {name}");
    article.left_out.note_several(
        Thing::Link,
        loose,
        "it begins at no region that is here",
        name,
    );
}

/// What Pressmark put into controls of its own, back in its place; fragments of one annotation
/// together. What people add in Label Studio has none of it, and stays as it is.
fn bring_back(annotations: &mut Vec<FoundAnnotation>, controls: &HashMap<String, String>) {
    let mut is_fragment: Vec<bool> = Vec::with_capacity(annotations.len());
    for found in annotations.iter_mut() {
        let mut is_further = false;
        let mut exact = String::new();
        if found.attributes.contains_key("annotator") {
            found.made = None;
        }
        for (control, value) in std::mem::take(&mut found.attributes) {
            let text = || value.to_text();
            match control.as_str() {
                "note" => {
                    found.note = match &value {
                        AttributeValue::Many(lines) => lines.join("\n"),
                        _ => text(),
                    }
                }
                "annotator" => found.annotator = text(),
                "created" => found.made = timestamp_from(&text()),
                "changed" => found.changed = timestamp_from(&text()),
                "links" => found.links.extend(listed_links(&text())),
                "exact_values" => exact = text(),
                "fragment" => is_further = true,
                control => {
                    let plain = || attributes(CONTROLS).plain(control).to_owned();
                    let name = controls.get(control).cloned().unwrap_or_else(plain);
                    found.attributes.insert(name, value);
                }
            }
        }
        add_exact_values(found, &exact);
        is_fragment.push(is_further);
    }
    if !is_fragment.contains(&true) {
        return;
    }
    let further: HashSet<String> = annotations
        .iter()
        .zip(&is_fragment)
        .filter(|(_, is_further)| **is_further)
        .map(|(found, _)| found.id.clone())
        .collect();
    // By the id of a further fragment, the one before it.
    let mut before: HashMap<String, String> = HashMap::new();
    for found in annotations.iter_mut() {
        let id = &found.id;
        found.links.retain(|(role, target)| {
            let goes_on = role == CONTINUES && further.contains(target);
            if goes_on {
                before.insert(target.clone(), id.clone());
            }
            !goes_on
        });
    }
    let head_of = |id: &str| -> String {
        let mut head = id;
        // People may have drawn a circle.
        for _ in 0..=before.len() {
            match before.get(head) {
                Some(earlier) => head = earlier,
                None => break,
            }
        }
        head.to_owned()
    };
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut kept: Vec<FoundAnnotation> = Vec::with_capacity(annotations.len());
    let mut rest: Vec<FoundAnnotation> = Vec::new();
    for (found, is_further) in std::mem::take(annotations).into_iter().zip(is_fragment) {
        if is_further && before.contains_key(&found.id) {
            rest.push(found);
        } else {
            places.insert(found.id.clone(), kept.len());
            kept.push(found);
        }
    }
    for found in rest {
        match places
            .get(&head_of(&found.id))
            .and_then(|at| kept.get_mut(*at))
        {
            Some(whole) => {
                whole.fragments.extend(found.fragments);
                whole.links.extend(found.links);
            }
            None => kept.push(found),
        }
    }
    for (_, target) in kept.iter_mut().flat_map(|found| &mut found.links) {
        if before.contains_key(target) {
            *target = head_of(target);
        }
    }
    *annotations = kept;
}

/// JSON-MIN: regions stand under the name of their control.
fn add_small(article: &mut FoundArticle, task: &Map<String, Value>) {
    let annotator = task.get("annotator").and_then(text_of).unwrap_or_default();
    for region in task.values().filter_map(Value::as_array).flatten() {
        let Some(labels) = labels_of(region).and_then(Value::as_array) else {
            continue;
        };
        let place = region.get("globalOffsets").unwrap_or(region);
        let offsets = match stretch(place.get("start"), place.get("end")) {
            Ok(offsets) => offsets,
            Err(reason) => {
                let name = format!(
                    "region {} of {}",
                    Value::Array(labels.clone()),
                    article.named()
                );
                article.left_out.note(Thing::Annotation, reason, || name);
                continue;
            }
        };
        let mut labels: Vec<String> = labels.iter().filter_map(text_of).collect();
        if labels.is_empty() {
            labels.push(String::new());
        }
        for label in labels {
            let mut fragment = FoundFragment::at(offsets.clone());
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
    #[test]
    fn what_pressmark_wrote_comes_back() {
        let region = |id: &str, start: usize, end: usize| {
            format!(
                r#"{{"id":"{id}","from_name":"label","to_name":"text","type":"labels","value":{{"start":{start},"end":{end},"labels":["q"]}}}}"#
            )
        };
        let area = |id: &str, name: &str, text: &str| {
            format!(
                r#"{{"id":"{id}","from_name":"{name}","to_name":"text","type":"textarea","value":{{"text":["{text}"]}}}}"#
            )
        };
        let relation = |from: &str, to: &str| {
            format!(
                r#"{{"from_id":"{from}","to_id":"{to}","type":"relation","labels":["continues"]}}"#
            )
        };
        let results = [
            region("a", 0, 1),
            area("a", "annotator", "ana"),
            area("a", "odd_name", "x"),
            area("a", "attribute_note", "y"),
            area("a", "links", "by=c"),
            region("a.2", 4, 8),
            area("a.2", "fragment", "2 of 2"),
            relation("a", "a.2"),
            region("c", 0, 3),
            relation("a", "c"),
        ];
        let tasks = format!(
            r#"[{{"data":{{"_exporter":"Pressmark","text":"\\nShe so","article_id":"7","title":"T","meta_id":"9"}},"annotations":[{{"completed_by":3,"created_at":"2026-01-01T00:00:00Z","result":[{}]}}]}}]"#,
            results.join(",")
        );
        let mut files: BTreeMap<String, Vec<u8>> = BTreeMap::new();
        let config = r##"<View><Labels name="label" toName="text"><Label value="q" background="#102030" title="Q" definition="d"/></Labels><Text name="text" value="$text"/><TextArea name="odd_name" toName="text" attribute="odd/name"/></View>"##;
        files.insert("config.xml".to_owned(), config.into());
        let source = Source {
            name: "x.json",
            bytes: tasks.as_bytes(),
            siblings: &files,
        };
        let reading = read(&source, &ReadOptions::default()).unwrap();
        assert_eq!(reading.labels[0].definition, "d");
        let article = &reading.articles[0];
        assert_eq!(
            (article.id.as_str(), article.metadata["id"].as_str()),
            ("7", "9")
        );
        let [a, c] = article.annotations.as_slice() else {
            panic!("{:?}", article.annotations)
        };
        assert_eq!(
            (a.annotator.as_str(), a.made, a.fragments.len()),
            ("ana", None, 2)
        );
        let names: Vec<&str> = a.attributes.keys().map(String::as_str).collect();
        assert_eq!(names, ["note", "odd/name"]);
        let links = [("continues", "c"), ("by", "c")];
        let links = links.map(|(role, to)| (role.to_owned(), to.to_owned()));
        assert_eq!(a.links, links);
        // Somebody's own, made in Label Studio.
        assert_eq!(c.annotator, "user 3");
        assert!(c.made.is_some());
    }

    #[test]
    fn what_is_left_out_or_without_a_label_is_told() {
        let region = |id: &str, place: &str, labels: &str| {
            format!(
                r#"{{"id":"{id}","from_name":"label","to_name":"text","type":"labels","value":{{{place},"labels":{labels}}}}}"#
            )
        };
        let results = [
            region("a", r#""start":"0","end":3.0"#, r#"["x","y"]"#),
            region("b", r#""start":null,"end":null"#, r#"["x"]"#),
            region("c", r#""start":4,"end":8"#, "[]"),
            r#"{"from_id":"b","to_id":"a","type":"relation","labels":["by"]}"#.to_owned(),
            r#"{"id":"d","from_name":"box","to_name":"image","type":"rectanglelabels","value":{"x":1,"rectanglelabels":["x"]}}"#.to_owned(),
            r#"{"id":"e","from_name":"mood","to_name":"text","type":"choices","value":{"choices":["calm"]}}"#.to_owned(),
        ];
        let good = region("a", r#""start":0,"end":3"#, r#"["x"]"#);
        let task = format!(
            r#"[{{"id":7,"data":{{"text":"She said so."}},"annotations":[{{"result":[{}]}},{{"was_cancelled":true,"result":[{good}]}}],"predictions":[{{"result":[{good}]}}]}},{{"id":8,"data":{{}},"annotations":[]}}]"#,
            results.join(",")
        );
        let source = Source::alone("x.json", task.as_bytes());
        let reading = read(&source, &ReadOptions::default()).unwrap();
        assert_eq!(
            reading.left_out.remarks(),
            ["task 2 left out: it has no text"]
        );
        let article = &reading.articles[0];
        let found = article.annotations.iter();
        let found = found.map(|a| format!("{} {}", a.id, a.label));
        assert_eq!(found.collect::<Vec<_>>(), ["a x", "a-2 y", "c "]);
        assert_eq!(article.metadata["mood"], "calm");
        assert_eq!(
            article.remarks,
            ["1 region has no label and became “unlabelled” (article 7)"]
        );
        assert_eq!(
            article.left_out.remarks(),
            [
                "a result of type “rectanglelabels” of article 7 left out: it is about no stretch of text",
                "region b “x” of article 7 left out: it has no offsets",
                "a relation of article 7 left out: it begins at no region that is here",
                "those of article 7 left out: its task was skipped in Label Studio",
                "those of article 7 left out: it is a prediction beside annotations that people made",
            ]
        );
    }

    #[test]
    fn line_breaks_as_letters_stay_letters() {
        let task = r#"{"data":{"text":"a \\n b\nc"},"annotations":[{"result":[
            {"id":"a","from_name":"l","to_name":"text","type":"labels","value":{"start":0,"end":6,"text":"a \\n b","labels":["x"]}},
            {"id":"b","from_name":"l","to_name":"text","type":"labels","value":{"start":5,"end":8,"text":"b\\nc","labels":["x"]}}]}]}"#;
        let source = Source::alone("x.json", task.as_bytes());
        let reading = read(&source, &ReadOptions::default()).unwrap();
        let texts = reading.articles[0].annotations.iter();
        let texts: Vec<&str> = texts
            .filter_map(|a| a.fragments[0].text.as_deref())
            .collect();
        assert_eq!(texts, ["a \\n b", "b\nc"]);
    }
}
