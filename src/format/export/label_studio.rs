//! Label Studio: `tasks.json`, a task for each article with an annotation for each annotator, and
//! `config.xml`, the labelling configuration that fits them. Offsets are code points.

use super::doccano::{article_fields, note_fragments};
use super::plan::Plan;
use super::proof::{self, Lines, Rules};
use super::record::listed;
use super::record::{Record, Span};
use super::table_rows::exact_values;
use super::{Progress, Sink, Stored, Written, markup, parallel};
use crate::core::annotation::AttributeValue;
use crate::core::codebook::AttributeKind;
use crate::format::WriteError;
use crate::format::dataset::carried::{self, CONTINUES};
use crate::format::dataset::label_studio::{CONTROLS, TASK};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fmt::Write as _;

const NAME: &str = "tasks.json";

pub fn write(
    plan: &Plan<'_>,
    sink: &mut dyn Sink,
    progress: Progress<'_>,
) -> Result<Written, WriteError> {
    let choices = choices(plan)?;
    let mut written = Written::default();
    sink.put("config.xml", config(plan, &choices).as_bytes())?;
    sink.file(NAME, &mut |out| {
        out.write_all(b"[\n")?;
        let mut is_first = true;
        parallel::in_order(
            &plan.articles,
            progress,
            |planned| {
                let record = plan.record(planned)?;
                let mut counted = Written::default();
                counted.count(&record);
                note_fragments(&record, &mut counted);
                let task = serde_json::to_vec(&task(plan, &record, &choices));
                Ok((task.map_err(std::io::Error::from)?, counted))
            },
            |_, (task, counted)| {
                if !std::mem::take(&mut is_first) {
                    out.write_all(b",\n")?;
                }
                out.write_all(&task)?;
                written.add(&counted);
                Ok(())
            },
        )?;
        Ok(out.write_all(b"\n]\n")?)
    })?;
    Ok(written)
}

/// A control of the configuration, by the attribute that it holds.
struct Control {
    /// Its name in the configuration.
    name: String,
    /// Closed lists are choices, everything else is text.
    options: Option<BTreeSet<String>>,
    is_multiple: bool,
}

type Controls = BTreeMap<String, Control>;

fn choices(plan: &Plan<'_>) -> Result<Controls, WriteError> {
    let mut controls: Controls = BTreeMap::new();
    for (name, safe) in &plan.attributes {
        let specs = plan.project.codebook().labels.iter();
        let specs = specs.flat_map(|label| &label.attributes);
        let specs: Vec<&AttributeKind> = specs
            .filter(|spec| spec.name == *name)
            .map(|spec| &spec.kind)
            .collect();
        let mut options = BTreeSet::new();
        let mut is_multiple = false;
        let is_closed = !specs.is_empty()
            && specs.iter().all(|kind| match kind {
                AttributeKind::OneOf(all) => {
                    options.extend(all.iter().cloned());
                    true
                }
                AttributeKind::SeveralOf(all) => {
                    is_multiple = true;
                    options.extend(all.iter().cloned());
                    true
                }
                _ => false,
            });
        controls.insert(
            name.clone(),
            Control {
                name: carried::escaped(safe, CONTROLS),
                options: is_closed.then_some(options),
                is_multiple,
            },
        );
    }
    // Values that the codebook does not know must be in the configuration as well.
    if controls.values().any(|control| control.options.is_some()) {
        for planned in &plan.articles {
            for span in plan.record(planned)?.spans {
                for (name, value) in &span.attributes {
                    let control = controls.get_mut(*name);
                    if let Some(options) = control.and_then(|c| c.options.as_mut()) {
                        for value in values(plan.project, value) {
                            if !value.is_empty() && !options.contains(&value) {
                                options.insert(value);
                            }
                        }
                    }
                }
            }
        }
    }
    Ok(controls)
}

fn values(project: &crate::core::project::Project, value: &AttributeValue) -> Vec<String> {
    match value {
        AttributeValue::Many(values) => values.clone(),
        other => vec![project.value_text(other)],
    }
}

/// Names, definitions and original names of attributes stand in attributes of their own, which
/// Label Studio passes over; `hint` is what it shows of a label.
fn config(plan: &Plan<'_>, controls: &Controls) -> String {
    let mut out = "<View>\n <Labels name=\"label\" toName=\"text\">\n".to_owned();
    for label in plan.labels.keys() {
        let known = plan.project.codebook().label(label);
        let definition = known.map_or("", |known| known.definition.as_str());
        let title = plan.label_title(label);
        let hint = match definition {
            "" => title.to_owned(),
            definition => format!("{title}: {definition}"),
        };
        let _infallible = writeln!(
            out,
            "  <Label value=\"{}\" hint=\"{}\" background=\"#{:06x}\" title=\"{}\" definition=\"{}\"/>",
            markup::attribute(label),
            markup::attribute(&hint),
            plan.label_color(label),
            markup::attribute(title),
            markup::attribute(definition),
        );
    }
    out.push_str(" </Labels>\n <Text name=\"text\" value=\"$text\" granularity=\"character\"/>\n");
    let area = |out: &mut String, name: &str, attribute: &str| {
        let _infallible = writeln!(
            out,
            " <TextArea name=\"{name}\" toName=\"text\" perRegion=\"true\" editable=\"true\" displayMode=\"region-list\"{attribute}/>"
        );
    };
    for name in CONTROLS
        .iter()
        .filter(|name| !["label", "text"].contains(name))
    {
        area(&mut out, name, "");
    }
    for (attribute, control) in controls {
        let attribute = format!(" attribute=\"{}\"", markup::attribute(attribute));
        let Some(options) = &control.options else {
            area(&mut out, &control.name, &attribute);
            continue;
        };
        let choice = if control.is_multiple {
            "multiple"
        } else {
            "single"
        };
        let _infallible = write!(
            out,
            " <Choices name=\"{}\" toName=\"text\" perRegion=\"true\" choice=\"{choice}\"{attribute}>",
            control.name
        );
        for option in options {
            let _infallible = write!(out, "<Choice value=\"{}\"/>", markup::attribute(option));
        }
        out.push_str("</Choices>\n");
    }
    let mut roles: BTreeSet<&str> = plan.roles.keys().map(String::as_str).collect();
    roles.insert(CONTINUES);
    out.push_str(" <Relations>");
    for role in roles {
        let _infallible = write!(out, "<Relation value=\"{}\"/>", markup::attribute(role));
    }
    out.push_str("</Relations>\n</View>\n");
    out
}

fn task(plan: &Plan<'_>, record: &Record<'_>, controls: &Controls) -> Value {
    let mut data = Map::new();
    data.insert("text".to_owned(), record.text().into());
    data.extend(article_fields(plan, record, TASK));
    let mut by_annotator: BTreeMap<&str, Vec<&Span<'_>>> = BTreeMap::new();
    for span in &record.spans {
        by_annotator
            .entry(span.annotator.as_ref())
            .or_default()
            .push(span);
    }
    let whose: HashMap<&str, &str> = record
        .spans
        .iter()
        .map(|span| (span.id.as_ref(), span.annotator.as_ref()))
        .collect();
    let mut ids: HashSet<String> = whose.keys().map(|id| (*id).to_owned()).collect();
    let annotations = by_annotator.into_iter().map(|(annotator, spans)| {
        let mut result = Vec::new();
        // A relation cannot leave its annotator's work.
        let stays = |target: &str| whose.get(target) == Some(&annotator);
        for span in &spans {
            let leaving = span.links.iter().filter(|(_, target)| !stays(target));
            let leaving = listed(leaving.map(|(role, target)| (*role, target.as_ref())));
            regions(
                plan,
                record,
                span,
                controls,
                &leaving,
                &mut ids,
                &mut result,
            );
        }
        for span in &spans {
            for (role, target) in span.links.iter().filter(|(_, target)| stays(target)) {
                result.push(relation(&span.id, target, role));
            }
        }
        json!({ "result": result, "was_cancelled": false, "ground_truth": false })
    });
    let annotations: Vec<Value> = annotations.collect();
    json!({ "data": data, "annotations": annotations })
}

fn relation(from: &str, to: &str, role: &str) -> Value {
    json!({
        "type": "relation", "from_id": from, "to_id": to, "direction": "right", "labels": [role],
    })
}

fn regions(
    plan: &Plan<'_>,
    record: &Record<'_>,
    span: &Span<'_>,
    controls: &Controls,
    leaving: &str,
    ids: &mut HashSet<String>,
    result: &mut Vec<Value>,
) {
    let mut before: Option<String> = None;
    for (n, fragment) in span.fragments.iter().enumerate() {
        let range = fragment.range();
        let (start, end) = (range.start, range.end);
        let mut id = span.id.to_string();
        if n > 0 {
            id = format!("{id}.{}", n + 1);
            while !ids.insert(id.clone()) {
                id.push('.');
            }
        }
        let mut add = |name: &str, kind: &str, key: &str, value: Value| {
            let mut held = json!({ "start": start, "end": end });
            if let Some(held) = held.as_object_mut() {
                if kind == "labels" {
                    held.insert("text".to_owned(), fragment.text.into());
                }
                held.insert(key.to_owned(), value);
            }
            result.push(json!({
                "id": id, "from_name": name, "to_name": "text", "type": kind,
                "origin": "manual", "value": held,
            }));
        };
        add("label", "labels", "labels", json!([span.label]));
        let mut area = |name: &str, value: &str| {
            if !value.is_empty() {
                add(name, "textarea", "text", json!([value]));
            }
        };
        if n == 0 {
            area("note", &span.note);
            area("annotator", &span.annotator);
            area("created", &span.made());
            area("changed", &span.changed());
            area("links", leaving);
            area("exact_values", &exact_values(plan, record, span, false));
            for (name, value) in &span.attributes {
                let Some(control) = controls.get(*name) else {
                    continue;
                };
                let mut values = values(record.project, value);
                match control.options {
                    Some(_) => {
                        values.retain(|value| !value.is_empty());
                        add(&control.name, "choices", "choices", json!(values));
                    }
                    None => add(&control.name, "textarea", "text", json!(values)),
                }
            }
        } else {
            // What tells it from an annotation with a link of this role.
            area(
                "fragment",
                &format!("{} of {}", n + 1, span.fragments.len()),
            );
        }
        if let Some(before) = before.replace(id.clone()) {
            result.push(relation(&before, &id, CONTINUES));
        }
    }
}

/// Attributes repeat the offsets of their region: they must be the same.
fn stand_together(task: &[u8]) -> Result<(), WriteError> {
    let task: Value =
        serde_json::from_slice(task).map_err(|error| WriteError::Unreadable(error.to_string()))?;
    let results = task
        .get("annotations")
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    let results = results
        .filter_map(|annotation| annotation.get("result")?.as_array())
        .flatten();
    let mut places: BTreeMap<&str, (Option<u64>, Option<u64>)> = BTreeMap::new();
    for result in results {
        let (Some(id), Some(value)) = (
            result.get("id").and_then(Value::as_str),
            result.get("value"),
        ) else {
            continue;
        };
        let offset = |name: &str| value.get(name).and_then(Value::as_u64);
        let place = (offset("start"), offset("end"));
        if *places.entry(id).or_insert(place) != place {
            let detail = format!("the attributes of region {id} stand elsewhere than its label");
            return Err(WriteError::Unreadable(detail));
        }
    }
    Ok(())
}

/// Tasks stand on a line each, so that they are read back one by one.
pub fn prove(
    plan: &Plan<'_>,
    stored: &dyn Stored,
    progress: Progress<'_>,
) -> Result<Written, WriteError> {
    let mut lines = Lines::open(stored, NAME)?;
    let broken = || WriteError::Unreadable(format!("{NAME} is not as Pressmark writes it"));
    if lines.next()?.as_deref() != Some(b"[") {
        return Err(broken());
    }
    proof::pieces(
        plan,
        progress,
        "label-studio",
        NAME,
        Rules::default(),
        || {
            let Some(mut line) = lines.next()? else {
                return Err(broken());
            };
            if line == b"]" {
                return Ok(None);
            }
            if line.last() == Some(&b',') {
                line.pop();
            }
            stand_together(&line)?;
            Ok(Some(line))
        },
    )
}
