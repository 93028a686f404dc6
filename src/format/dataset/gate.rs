//! GATE documents: XML, whose nodes stand in the text, and bdoc JSON.
//!
//! Positions come from where the nodes stand, not from their ids, which count UTF-16 units.

use super::records::text_of;
use crate::core::annotation::AttributeValue;
use crate::format::reading::{
    FoundAnnotation, FoundArticle, FoundFragment, Head, Likelihood, OffsetUnit, ReadOptions,
    Reader, ReaderGroup, Reading, Refusal, Source,
};
use crate::format::time::timestamp_from;
use crate::format::xml::{decode_xml, parse_xml};
use roxmltree::Node;
use serde_json::Value;
use std::collections::HashMap;

pub const READERS: &[Reader] = &[
    Reader {
        name: "gate-xml",
        title: "GATE XML",
        group: ReaderGroup::Dataset,
        extensions: &["xml"],
        recognise: |head: &Head<'_>| match head.text.contains("<GateDocument") {
            true => Likelihood::Sure,
            false => Likelihood::No,
        },
        read: read_xml,
    },
    Reader {
        name: "gate-bdoc",
        title: "GATE bdoc JSON",
        group: ReaderGroup::Dataset,
        extensions: &["bdocjs", "json"],
        recognise: |head: &Head<'_>| match head.text.contains("\"annotation_sets\"")
            && head.text.contains("\"offset_type\"")
        {
            true => Likelihood::Sure,
            false => Likelihood::No,
        },
        read: read_bdoc,
    },
];

/// What a set is called when it holds the page's own markup.
const ORIGINAL: &str = "Original markups";

fn set_feature(found: &mut FoundAnnotation, name: &str, value: String) {
    match name {
        "note" | "comment" => found.note = value,
        "annotator" => found.annotator = value,
        "created" => found.made = timestamp_from(&value),
        _ => drop(
            found
                .attributes
                .insert(name.to_owned(), AttributeValue::Text(value)),
        ),
    }
}

fn set_article_feature(article: &mut FoundArticle, name: &str, value: String) {
    match name {
        "title" => article.title = value,
        "id" => article.id = value,
        "gate.SourceURL" => drop(article.metadata.insert("url".to_owned(), value)),
        name if name.starts_with("gate.") || name == "MimeType" || name == "docNewLineType" => {}
        name => drop(article.metadata.insert(name.to_owned(), value)),
    }
}

fn features(node: Node<'_, '_>) -> Vec<(String, String)> {
    let features = node
        .children()
        .filter(|child| child.has_tag_name("Feature"));
    let pairs = features.filter_map(|feature| {
        let part = |name: &str| {
            let node = feature.children().find(|child| child.has_tag_name(name))?;
            Some(node.text().unwrap_or_default().to_owned())
        };
        Some((part("Name")?, part("Value")?))
    });
    pairs.collect()
}

fn read_xml(source: &Source<'_>, _options: &ReadOptions) -> Result<Reading, Refusal> {
    let text = decode_xml(source.bytes)?;
    let document = parse_xml(&text)?;
    let root = document.root_element();
    let with_nodes = root
        .children()
        .find(|node| node.has_tag_name("TextWithNodes"))
        .ok_or_else(|| Refusal::new("this GATE document has no text"))?;
    let mut article = FoundArticle::default();
    let mut places: HashMap<&str, usize> = HashMap::new();
    let mut chars = 0;
    for child in with_nodes.children() {
        if child.is_text() {
            let text = child.text().unwrap_or_default();
            article.text.push_str(text);
            chars += text.chars().count();
        } else if let Some(id) = child.attribute("id") {
            places.insert(id, chars);
        }
    }
    if let Some(node) = root
        .children()
        .find(|node| node.has_tag_name("GateDocumentFeatures"))
    {
        for (name, value) in features(node) {
            set_article_feature(&mut article, &name, value);
        }
    }
    let mut original = 0;
    for set in root
        .children()
        .filter(|node| node.has_tag_name("AnnotationSet"))
    {
        let name = set.attribute("Name").unwrap_or_default();
        for node in set
            .children()
            .filter(|node| node.has_tag_name("Annotation"))
        {
            if name == ORIGINAL {
                original += 1;
                continue;
            }
            let place = |name: &str| node.attribute(name).and_then(|id| places.get(id)).copied();
            let (start, end) = (place("StartNode"), place("EndNode"));
            let mut found = FoundAnnotation {
                id: node.attribute("Id").unwrap_or_default().to_owned(),
                label: node.attribute("Type").unwrap_or_default().to_owned(),
                fragments: vec![FoundFragment {
                    offsets: start.zip(end).map(|(start, end)| start..end.max(start)),
                    ..FoundFragment::default()
                }],
                ..FoundAnnotation::default()
            };
            for (name, value) in features(node) {
                set_feature(&mut found, &name, value);
            }
            add_set(&mut found, name);
            article.annotations.push(found);
        }
    }
    Ok(finished(source, article, original))
}

fn add_set(found: &mut FoundAnnotation, name: &str) {
    if !name.is_empty() && name != "Media" {
        found
            .attributes
            .insert("set".to_owned(), AttributeValue::Text(name.to_owned()));
    }
}

fn finished(source: &Source<'_>, mut article: FoundArticle, original: usize) -> Reading {
    if article.title.is_empty() {
        source.stem().clone_into(&mut article.title);
    }
    if article.id.is_empty() {
        source.stem().clone_into(&mut article.id);
    }
    let mut reading = Reading {
        articles: vec![article],
        ..Reading::default()
    };
    if original > 0 {
        reading.remarks.push(format!(
            "{original} annotations of the page’s own markup were left out"
        ));
    }
    reading
}

fn read_bdoc(source: &Source<'_>, _options: &ReadOptions) -> Result<Reading, Refusal> {
    let document: Value = serde_json::from_slice(source.bytes)
        .map_err(|error| Refusal::new(format!("the JSON is damaged: {error}")))?;
    let text = document
        .get("text")
        .and_then(Value::as_str)
        .ok_or_else(|| Refusal::new("this GATE document has no text"))?;
    let mut article = FoundArticle {
        text: text.to_owned(),
        unit: match document.get("offset_type").and_then(Value::as_str) {
            Some("j") => OffsetUnit::Utf16,
            _ => OffsetUnit::CodePoints,
        },
        ..FoundArticle::default()
    };
    for (name, value) in document
        .get("features")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
    {
        set_article_feature(
            &mut article,
            name,
            text_of(value).unwrap_or_else(|| value.to_string()),
        );
    }
    let mut original = 0;
    for (set, value) in document
        .get("annotation_sets")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
    {
        for annotation in value
            .get("annotations")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            if set == ORIGINAL {
                original += 1;
                continue;
            }
            let offset = |name: &str| super::records::offset(annotation.get(name));
            let mut found = FoundAnnotation {
                id: annotation.get("id").and_then(text_of).unwrap_or_default(),
                label: annotation.get("type").and_then(text_of).unwrap_or_default(),
                fragments: vec![FoundFragment {
                    offsets: offset("start")
                        .zip(offset("end"))
                        .map(|(start, end)| start..end.max(start)),
                    ..FoundFragment::default()
                }],
                ..FoundAnnotation::default()
            };
            for (name, value) in annotation
                .get("features")
                .and_then(Value::as_object)
                .into_iter()
                .flatten()
            {
                set_feature(
                    &mut found,
                    name,
                    text_of(value).unwrap_or_else(|| value.to_string()),
                );
            }
            add_set(&mut found, set);
            article.annotations.push(found);
        }
    }
    Ok(finished(source, article, original))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_kinds() {
        let check = |name: &str, document: &str| {
            let source = Source::alone(name, document.as_bytes());
            let (reader, _) = crate::format::readers::recognise(source).unwrap();
            assert!(
                READERS.iter().any(|known| known.name == reader.name),
                "{}",
                reader.name
            );
            let reading = (reader.read)(&source, &ReadOptions::default()).unwrap();
            let found = &reading.articles[0].annotations[0];
            assert_eq!(reading.articles[0].text, "🙂 She said.");
            assert_eq!((found.label.as_str(), found.note.as_str()), ("source", "n"));
            let expected = if reading.articles[0].unit == OffsetUnit::Utf16 {
                3..6
            } else {
                2..5
            };
            assert_eq!(found.fragments[0].offsets, Some(expected));
        };
        check(
            "a.xml",
            "<GateDocument version=\"3\"><TextWithNodes>🙂 <Node id=\"3\"/>She<Node id=\"6\"/> said.</TextWithNodes><AnnotationSet Name=\"Media\"><Annotation Id=\"1\" Type=\"source\" StartNode=\"3\" EndNode=\"6\"><Feature><Name>note</Name><Value>n</Value></Feature></Annotation></AnnotationSet></GateDocument>",
        );
        check(
            "a.json",
            r#"{"text":"🙂 She said.","offset_type":"j","annotation_sets":{"":{"annotations":[{"type":"source","start":3,"end":6,"id":1,"features":{"note":"n"}}]}},"features":{}}"#,
        );
    }
}
