//! GATE documents: XML, whose nodes stand in the text, and bdoc JSON.
//!
//! Positions come from where the nodes stand, not from their ids, which count UTF-16 units: offsets
//! are code points in XML, and what the file says in bdoc. What Pressmark itself wrote is known by
//! features `annotation_id` in the set `Media`, and by names that begin with `pressmark.`.

use crate::core::annotation::AttributeValue;
use crate::format::formats::gate::{OWN, TAKEN, is_document_feature};
use crate::format::reading::article_rows::Rows;
use crate::format::reading::own_spans::{Joining, OwnSpan};
use crate::format::reading::records::text_of;
use crate::format::reading::xml::{parse_xml, thin_xml};
use crate::format::reading::{
    FoundAnnotation, FoundArticle, FoundFragment, Head, Likelihood, OffsetUnit, ReadOptions,
    Reader, ReaderGroup, Reading, Refusal, Source,
};
use crate::format::time::timestamp_from;
use crate::format::words::names::attributes;
use crate::format::words::values::listed_links;
use roxmltree::Node;
use serde_json::Value;
use std::collections::{HashMap, HashSet};

pub const XML: Reader = Reader {
    name: "gate-xml",
    title: "GATE XML",
    group: ReaderGroup::Dataset,
    extensions: &["xml"],
    recognise: |head: &Head<'_>| {
        if head.text.contains("<GateDocument") {
            Likelihood::Sure
        } else {
            Likelihood::No
        }
    },
    read: read_xml,
};

pub const BDOC: Reader = Reader {
    name: "gate-bdoc",
    title: "GATE bdoc JSON",
    group: ReaderGroup::Dataset,
    extensions: &["bdocjs", "json"],
    recognise: |head: &Head<'_>| {
        if head.text.contains("\"annotation_sets\"") && head.text.contains("\"offset_type\"") {
            Likelihood::Sure
        } else {
            Likelihood::No
        }
    },
    read: read_bdoc,
};

/// What a set is called when it holds the page's own markup.
const ORIGINAL: &str = "Original markups";

/// The set of Pressmark's annotations.
const MEDIA: &str = "Media";

fn set_feature(found: &mut FoundAnnotation, name: &str, value: String) {
    let time = timestamp_from(&value);
    match name {
        "note" | "comment" => found.note = value,
        "annotator" => found.annotator = value,
        "created" if time.is_some() => found.made = time,
        _ => drop(
            found
                .attributes
                .insert(name.to_owned(), AttributeValue::Text(value)),
        ),
    }
}

fn set_article_feature(article: &mut FoundArticle, rows: &mut Rows, name: &str, value: String) {
    if let Some(own) = name.strip_prefix(OWN) {
        let (kind, name) = own.split_once('.').unwrap_or((own, ""));
        if rows.take(article, kind, name, &value) {
            return;
        }
    }
    match name {
        "title" => article.title = value,
        "id" => article.id = value,
        "gate.SourceURL" => drop(article.metadata.insert("url".to_owned(), value)),
        name if is_document_feature(name) && !name.starts_with(OWN) => {}
        name => drop(article.metadata.insert(name.to_owned(), value)),
    }
}

/// The annotations of a document.
#[derive(Default)]
struct Annotations {
    found: Vec<FoundAnnotation>,
    joining: Joining,
    /// Links as they were listed, by the annotation that they lead from.
    listed: Vec<(usize, String)>,
    /// Of the page's own markup.
    original: usize,
}

impl Annotations {
    fn add(&mut self, mut found: FoundAnnotation, set: &str, features: Vec<(String, String)>) {
        let is_own =
            |(name, value): &(String, String)| name == "annotation_id" && !value.is_empty();
        if set != MEDIA || !features.iter().any(is_own) {
            for (name, value) in features {
                set_feature(&mut found, &name, value);
            }
            if !set.is_empty() && set != MEDIA {
                let set = AttributeValue::Text(set.to_owned());
                found.attributes.insert("set".to_owned(), set);
            }
            self.found.push(found);
            return;
        }
        let mut own = OwnSpan {
            found,
            ..OwnSpan::default()
        };
        let mut links = String::new();
        for (name, value) in features {
            match name.as_str() {
                "links" => links = value,
                "annotation_id" => own.id = value,
                name if own.take(name, &value) => {}
                name => own.take_attribute(attributes(&TAKEN).plain(name), &value),
            }
        }
        let at = self.joining.add(&mut self.found, own);
        if !links.is_empty() {
            self.listed.push((at, links));
        }
    }

    /// Links that lead somewhere; others stay the text that they are.
    fn linked(mut self) -> Vec<FoundAnnotation> {
        let known: HashSet<String> = self.found.iter().map(|a| a.id.clone()).collect();
        for (at, text) in self.listed {
            let Some(annotation) = self.found.get_mut(at) else {
                continue;
            };
            let links = listed_links(&text);
            if links.iter().all(|(_, target)| known.contains(target)) {
                annotation.links.extend(links);
            } else {
                let text = AttributeValue::Text(text);
                annotation.attributes.insert("links".to_owned(), text);
            }
        }
        self.found
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
    let (text, remark) = thin_xml(source.bytes)?;
    let document = parse_xml(&text)?;
    let root = document.root_element();
    let with_nodes = root
        .children()
        .find(|node| node.has_tag_name("TextWithNodes"))
        .ok_or_else(|| Refusal::new("this GATE document has no text"))?;
    let mut article = FoundArticle::default();
    let mut rows = Rows::default();
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
            set_article_feature(&mut article, &mut rows, &name, value);
        }
    }
    let mut annotations = Annotations::default();
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
                annotations.original += 1;
                continue;
            }
            let place = |name: &str| node.attribute(name).and_then(|id| places.get(id)).copied();
            let (start, end) = (place("StartNode"), place("EndNode"));
            let found = FoundAnnotation {
                id: node.attribute("Id").unwrap_or_default().to_owned(),
                label: node.attribute("Type").unwrap_or_default().to_owned(),
                fragments: vec![FoundFragment {
                    offsets: start.zip(end).map(|(start, end)| start..end.max(start)),
                    ..FoundFragment::default()
                }],
                ..FoundAnnotation::default()
            };
            annotations.add(found, name, features(node));
        }
    }
    let mut reading = finished(source, article, annotations, rows);
    reading.remarks.extend(remark);
    Ok(reading)
}

fn finished(
    source: &Source<'_>,
    mut article: FoundArticle,
    annotations: Annotations,
    rows: Rows,
) -> Reading {
    let original = annotations.original;
    article.annotations = annotations.linked();
    rows.restore_values(&mut article.annotations);
    // Pressmark says which titles are empty.
    if article.title.is_empty() && !rows.is_own {
        source.stem().clone_into(&mut article.title);
    }
    if article.id.is_empty() {
        source.stem().clone_into(&mut article.id);
    }
    let mut reading = Reading {
        articles: vec![article],
        labels: rows.into_labels(),
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
    let mut rows = Rows::default();
    for (name, value) in document
        .get("features")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
    {
        set_article_feature(
            &mut article,
            &mut rows,
            name,
            text_of(value).unwrap_or_else(|| value.to_string()),
        );
    }
    let mut annotations = Annotations::default();
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
                annotations.original += 1;
                continue;
            }
            let offset = |name: &str| crate::format::reading::records::offset(annotation.get(name));
            let found = FoundAnnotation {
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
            let features = annotation.get("features").and_then(Value::as_object);
            let features = features.into_iter().flatten().map(|(name, value)| {
                let value = text_of(value).unwrap_or_else(|| value.to_string());
                (name.clone(), value)
            });
            annotations.add(found, set, features.collect());
        }
    }
    Ok(finished(source, article, annotations, rows))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn features(features: &[(&str, &str)]) -> String {
        let features = features.iter().map(|(name, value)| {
            format!("<Feature><Name>{name}</Name><Value>{value}</Value></Feature>")
        });
        features.collect()
    }

    #[test]
    fn own_annotations_come_back_whole_and_foreign_ones_as_ever() {
        let document = format!(
            "<GateDocument version=\"3\"><GateDocumentFeatures>{}</GateDocumentFeatures><TextWithNodes><Node id=\"0\"/>She<Node id=\"3\"/> said<Node id=\"8\"/></TextWithNodes>\
            <AnnotationSet Name=\"Media\"><Annotation Id=\"1\" Type=\"q\" StartNode=\"0\" EndNode=\"3\">{}</Annotation>\
            <Annotation Id=\"2\" Type=\"q\" StartNode=\"3\" EndNode=\"8\">{}</Annotation>\
            <Annotation Id=\"3\" Type=\"c\" StartNode=\"3\" EndNode=\"8\">{}</Annotation></AnnotationSet>\
            <AnnotationSet Name=\"Other\"><Annotation Id=\"4\" Type=\"x\" StartNode=\"0\" EndNode=\"3\">{}</Annotation></AnnotationSet></GateDocument>",
            features(&[
                ("title", ""),
                ("MimeType", "text/plain"),
                ("pressmark.program", "Pressmark"),
                ("pressmark.status.ana.b", "done"),
                ("pressmark.notes", "n"),
                ("pressmark.metadata.id", "7"),
            ]),
            features(&[
                ("annotation_id", "a"),
                ("fragment", "1/2"),
                ("changed", "2026-03-02T10:00:00Z"),
                ("attribute_note", ""),
                ("links", "by=b; by%3B=a"),
            ]),
            features(&[("annotation_id", "a"), ("fragment", "2/2")]),
            features(&[("annotation_id", "b"), ("links", "by=nobody")]),
            features(&[
                ("annotation_id", "a"),
                ("created", "once"),
                ("links", "by=b"),
                ("attribute_note", "n"),
            ]),
        );
        let source = Source::alone("a.xml", document.as_bytes());
        let reading = read_xml(&source, &ReadOptions::default()).unwrap();
        let article = &reading.articles[0];
        assert_eq!((article.title.as_str(), article.notes.as_str()), ("", "n"));
        assert_eq!(article.metadata["id"], "7");
        assert!(article.status.contains_key("ana.b"));
        let told: Vec<String> = article
            .annotations
            .iter()
            .map(|a| {
                let names: Vec<&String> = a.attributes.keys().collect();
                format!("{} {} {names:?} {:?}", a.id, a.fragments.len(), a.links)
            })
            .collect();
        assert_eq!(
            told,
            [
                "a 2 [\"note\"] [(\"by\", \"b\"), (\"by;\", \"a\")]",
                "b 1 [\"links\"] []",
                "4 1 [\"annotation_id\", \"attribute_note\", \"created\", \"links\", \"set\"] []",
            ]
        );
        assert!(article.annotations[0].changed.is_some());
    }

    #[test]
    fn both_kinds() {
        let check = |name: &str, document: &str| {
            let source = Source::alone(name, document.as_bytes());
            let (reader, _) = crate::format::readers::recognise(source).unwrap();
            assert!(
                [XML, BDOC].iter().any(|known| known.name == reader.name),
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
