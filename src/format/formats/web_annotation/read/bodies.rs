//! What a Web Annotation says: labels, notes, attributes and links in its bodies.

use super::{each, id_of, last_part, local};
use crate::core::annotation::AttributeValue;
use crate::format::reading::records::text_of;
use serde_json::Value;
use std::collections::BTreeMap;

#[derive(Debug, Default)]
pub(super) struct Said {
    /// One at least: the motivation when there are no tags.
    pub(super) labels: Vec<String>,
    /// The labels are tags.
    pub(super) has_label: bool,
    pub(super) notes: Vec<String>,
    pub(super) attributes: BTreeMap<String, AttributeValue>,
    /// Role and address.
    pub(super) links: Vec<(String, String)>,
    pub(super) is_linking: bool,
}

/// Motivations and purposes without what tells their vocabulary.
fn motivations(value: Option<&Value>) -> Vec<&str> {
    let names = each(value).filter_map(id_of);
    names
        .map(|name| name.rsplit(['/', '#', ':']).next().unwrap_or(name))
        .collect()
}

pub(super) fn said(annotation: &Value) -> Said {
    let motives = motivations(annotation.get("motivation"));
    let mut said = Said {
        is_linking: motives.contains(&"linking"),
        ..Said::default()
    };
    for tag in each(annotation.get("tags")).filter_map(text_of) {
        said.labels.push(tag);
    }
    for note in ["bodyValue", "text"]
        .iter()
        .filter_map(|name| annotation.get(*name))
    {
        said.take_text(note.as_str().unwrap_or_default(), &motives);
    }
    if let Some(group) = annotation.get("group").and_then(Value::as_str)
        && group != "__world__"
    {
        said.set("group", group.to_owned());
    }
    for body in each(annotation.get("body")) {
        // Of several bodies to choose from the first is the one that is preferred.
        let is_choice = body.get("type").and_then(Value::as_str) == Some("Choice");
        let first = body.get("items").filter(|_| is_choice);
        said.take(each(first).next().unwrap_or(body), &motives);
    }
    said.labels.retain(|label| !label.trim().is_empty());
    said.has_label = !said.labels.is_empty();
    if !said.has_label {
        let motive = motives.first().copied().unwrap_or("annotation");
        said.labels.push(motive.to_owned());
    }
    said
}

impl Said {
    fn set(&mut self, name: &str, value: String) {
        match self.attributes.get_mut(name) {
            Some(AttributeValue::Text(known)) => {
                known.push_str("; ");
                known.push_str(&value);
            }
            _ => drop(
                self.attributes
                    .insert(name.to_owned(), AttributeValue::Text(value)),
            ),
        }
    }

    fn take(&mut self, body: &Value, motives: &[&str]) {
        // An attribute as Pressmark writes it.
        let name = id_of(body).and_then(|id| id.strip_prefix("urn:pressmark:attribute:"));
        if let Some(name) = name {
            let value = body.get("value").and_then(text_of);
            self.set(name, value.unwrap_or_default());
            return;
        }
        let own = motivations(body.get("purpose"));
        let purposes = if own.is_empty() {
            motives
        } else {
            own.as_slice()
        };
        if purposes.contains(&"linking")
            && let Some(to) = body.get("source").and_then(id_of).or_else(|| id_of(body))
        {
            self.links.push(("linked".to_owned(), local(to).to_owned()));
            return;
        }
        let source = body.get("source");
        let named = [Some(body), source]
            .into_iter()
            .flatten()
            .find_map(|thing| {
                ["value", "label", "name", "prefLabel"]
                    .iter()
                    .find_map(|name| text_of(thing.get(*name)?))
            });
        if let Some(text) = named {
            self.take_text(&text, purposes);
            return;
        }
        if let Some(address) = source.and_then(id_of).or_else(|| id_of(body)) {
            if purposes
                .iter()
                .any(|p| matches!(*p, "tagging" | "classifying"))
            {
                self.labels.push(last_part(address).to_owned());
            } else {
                self.set(purposes.first().unwrap_or(&"body"), address.to_owned());
            }
        } else if let Some(value) = body.get("value") {
            self.set(purposes.first().unwrap_or(&"body"), value.to_string());
        }
    }

    fn take_text(&mut self, text: &str, purposes: &[&str]) {
        if text.is_empty() {
            return;
        }
        match purposes.first().copied().unwrap_or("commenting") {
            "tagging" | "classifying" => self.labels.push(text.to_owned()),
            "commenting" | "describing" | "replying" | "highlighting" | "bookmarking" => {
                self.notes.push(text.to_owned());
            }
            // A name for the kind of a link.
            "linking" => self.labels.push(text.to_owned()),
            purpose => self.set(purpose, text.to_owned()),
        }
    }
}
