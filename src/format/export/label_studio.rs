//! Label Studio: `tasks.json`, a task for each article with an annotation for each annotator, and
//! `config.xml`, the labelling configuration that fits them. Offsets are code points.

use super::doccano::{article_fields, note_fragments};
use super::plan::Plan;
use super::proof::{self, Lines, Rules};
use super::record::{Record, Span};
use super::{Progress, Sink, Stored, Written, markup, parallel};
use crate::core::annotation::AttributeValue;
use crate::core::codebook::AttributeKind;
use crate::format::WriteError;
use crate::format::dataset::carried::CONTINUES;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
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
                let task = serde_json::to_vec(&task(&record, &choices));
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
    const TAKEN: [&str; 7] = [
        "label",
        "text",
        "note",
        "annotator",
        "created",
        "span_id",
        "relations",
    ];
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
        let is_taken = TAKEN.contains(&safe.as_str());
        controls.insert(
            name.clone(),
            Control {
                name: if is_taken {
                    format!("attribute_{safe}")
                } else {
                    safe.clone()
                },
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
                            if !options.contains(&value) {
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

fn config(plan: &Plan<'_>, controls: &Controls) -> String {
    let mut out = "<View>\n <Labels name=\"label\" toName=\"text\">\n".to_owned();
    for label in plan.labels.keys() {
        let _infallible = writeln!(
            out,
            "  <Label value=\"{}\" hint=\"{}\" background=\"#{:06x}\"/>",
            markup::attribute(label),
            markup::attribute(plan.label_title(label)),
            plan.label_color(label)
        );
    }
    out.push_str(" </Labels>\n <Text name=\"text\" value=\"$text\" granularity=\"character\"/>\n");
    let area = |out: &mut String, name: &str| {
        let _infallible = writeln!(
            out,
            " <TextArea name=\"{name}\" toName=\"text\" perRegion=\"true\" editable=\"true\" displayMode=\"region-list\"/>"
        );
    };
    for name in ["note", "annotator", "created"] {
        area(&mut out, name);
    }
    for control in controls.values() {
        let Some(options) = &control.options else {
            area(&mut out, &control.name);
            continue;
        };
        let choice = if control.is_multiple {
            "multiple"
        } else {
            "single"
        };
        let _infallible = write!(
            out,
            " <Choices name=\"{}\" toName=\"text\" perRegion=\"true\" choice=\"{choice}\">",
            control.name
        );
        for option in options {
            let _infallible = write!(out, "<Choice value=\"{}\"/>", markup::attribute(option));
        }
        out.push_str("</Choices>\n");
    }
    out.push_str(" <Relations>");
    for role in plan.roles.keys().map(String::as_str).chain([CONTINUES]) {
        let _infallible = write!(out, "<Relation value=\"{}\"/>", markup::attribute(role));
    }
    out.push_str("</Relations>\n</View>\n");
    out
}

fn task(record: &Record<'_>, controls: &Controls) -> Value {
    let mut data = Map::new();
    data.insert("text".to_owned(), record.text().into());
    data.extend(article_fields(record, &["text"]));
    let mut by_annotator: BTreeMap<&str, Vec<&Span<'_>>> = BTreeMap::new();
    for span in &record.spans {
        by_annotator
            .entry(span.annotator.as_ref())
            .or_default()
            .push(span);
    }
    let annotations = by_annotator.values().map(|spans| {
        let mut result = Vec::new();
        for span in spans {
            regions(record, span, controls, &mut result);
        }
        for span in spans {
            for (role, target) in &span.links {
                // A relation cannot leave its annotator's work.
                if spans.iter().any(|other| other.id == *target) {
                    result.push(relation(&span.id, target, role));
                }
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

fn regions(record: &Record<'_>, span: &Span<'_>, controls: &Controls, result: &mut Vec<Value>) {
    let mut before: Option<String> = None;
    for (n, fragment) in span.fragments.iter().enumerate() {
        let range = fragment.range();
        let (start, end) = (range.start, range.end);
        let id = match n {
            0 => span.id.to_string(),
            n => format!("{}.{}", span.id, n + 1),
        };
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
        if n == 0 {
            if !span.note.is_empty() {
                add("note", "textarea", "text", json!([span.note]));
            }
            add("annotator", "textarea", "text", json!([span.annotator]));
            let made = span.made();
            if !made.is_empty() {
                add("created", "textarea", "text", json!([made]));
            }
            for (name, value) in &span.attributes {
                let Some(control) = controls.get(*name) else {
                    continue;
                };
                let values = values(record.project, value);
                match control.options {
                    Some(_) => add(&control.name, "choices", "choices", json!(values)),
                    None => add(&control.name, "textarea", "text", json!(values)),
                }
            }
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
