//! Label Studio: `tasks.json`, a task for each article with an annotation for each annotator, and
//! `config.xml`, the labelling configuration that fits them. Offsets are code points.

use crate::core::annotation::AttributeValue;
use crate::core::codebook::AttributeKind;
use crate::format::WriteError;
use crate::format::export::format::{Format, FormatGroup, Part, Shape};
use crate::format::export::json::{article_fields, json_text};
use crate::format::export::options::Layers;
use crate::format::export::plan::Plan;
use crate::format::export::proof::{self, Lines, Rules};
use crate::format::export::record::{Record, Span};
use crate::format::export::table_rows::exact_values;
use crate::format::export::{Progress, Sink, Stored, Written, markup};
use crate::format::formats::label_studio::{CONTROLS, TASK};
use crate::format::words::names::attributes;
use crate::format::words::records::metadata;
use crate::format::words::values::{CONTINUES, listed_pairs};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fmt::Write as _;

pub const FORMAT: Format = Format {
    name: "labelstudio",
    aliases: &["label-studio"],
    title: "Label Studio tasks",
    group: FormatGroup::Annotation,
    shape: Shape::Folder { main: "" },
    offset_unit: "Unicode code points",
    read_by: "Label Studio, with its configuration",
    lacks: &[Part::Nothing, Part::Sets],
    adds: "an annotation for each annotator",
    changes: "a discontinuous annotation is several regions with the relation “continues”; notes, annotators, times and links between annotators’ work are texts of a region; the codebook stands in the configuration",
    choices: &[],
    write,
    prove,
    splits_itself: false,
    reader: Some(&super::read::READER),
};

const NAME: &str = "tasks.json";

pub fn write(
    plan: &Plan<'_>,
    sink: &mut dyn Sink,
    progress: Progress<'_>,
) -> Result<Written, WriteError> {
    let choices = choices(plan);
    let mut written = Written::default();
    sink.put("config.xml", config(plan, &choices).as_bytes())?;
    sink.file(NAME, &mut |out| {
        out.write_all(b"[\n")?;
        let mut is_first = true;
        written = plan.write_each(
            progress,
            |record, counted| {
                counted.note_fragments(record);
                task(plan, record, &choices)
            },
            |_, task| {
                if !std::mem::take(&mut is_first) {
                    out.write_all(b",\n")?;
                }
                out.write_all(&task)?;
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

fn choices(plan: &Plan<'_>) -> Controls {
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
                name: attributes(CONTROLS).escaped(safe),
                options: is_closed.then_some(options),
                is_multiple,
            },
        );
    }
    // Values that the codebook does not know must be in the configuration as well.
    if controls.values().any(|control| control.options.is_some()) {
        // What is merged is made of them.
        for planned in &plan.articles {
            let articles = std::iter::once(planned.article).chain(planned.copies.iter().copied());
            for annotation in articles.flat_map(|article| article.annotations.iter()) {
                for (name, value) in &annotation.attributes {
                    let control = controls.get_mut(name.as_str());
                    let Some(options) = control.and_then(|c| c.options.as_mut()) else {
                        continue;
                    };
                    for value in values(plan.project, value) {
                        if !value.is_empty() && !options.contains(&value) {
                            options.insert(value);
                        }
                    }
                }
            }
        }
    }
    controls
}

fn values(project: &crate::core::project::Project, value: &AttributeValue) -> Vec<String> {
    match value {
        AttributeValue::Many(values) => values.clone(),
        other => vec![project.value_text_apart(other)],
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
    for name in used_controls(plan) {
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

/// Controls that hold no attribute, as far as there may be something in them.
fn used_controls(plan: &Plan<'_>) -> Vec<&'static str> {
    let (mut made, mut changed, mut linked, mut split, mut kinds) =
        (false, false, false, false, false);
    for planned in &plan.articles {
        let articles = std::iter::once(planned.article).chain(planned.copies.iter().copied());
        for annotation in articles.flat_map(|article| article.annotations.iter()) {
            made |= annotation.made.is_some();
            changed |= annotation.changed.is_some();
            linked |= !annotation.links.is_empty();
            split |= annotation.fragments.len() > 1;
            let mut values = annotation.attributes.values();
            kinds |= values.any(|value| !matches!(value, AttributeValue::Text(_)));
        }
    }
    let is_merged = plan.options.layers == Layers::Merged;
    let wanted = [
        ("note", true),
        ("annotator", true),
        ("created", made),
        ("changed", changed),
        ("links", linked),
        ("fragment", split),
        // Merged values are lists.
        ("exact_values", kinds || is_merged),
    ];
    let wanted = wanted.into_iter().filter(|(_, is_wanted)| *is_wanted);
    wanted.map(|(name, _)| name).collect()
}

#[derive(Serialize)]
struct Task<'a> {
    data: Map<String, Value>,
    annotations: Vec<Work<'a>>,
}

/// What one annotator made.
#[derive(Serialize)]
struct Work<'a> {
    result: Vec<Entry<'a>>,
    was_cancelled: bool,
    ground_truth: bool,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Entry<'a> {
    Region {
        id: Cow<'a, str>,
        from_name: &'a str,
        to_name: &'static str,
        #[serde(rename = "type")]
        kind: &'static str,
        origin: &'static str,
        value: Held<'a>,
    },
    Relation {
        #[serde(rename = "type")]
        kind: &'static str,
        from_id: Cow<'a, str>,
        to_id: Cow<'a, str>,
        direction: &'static str,
        labels: [&'a str; 1],
    },
}

#[derive(Serialize)]
struct Held<'a> {
    start: u32,
    end: u32,
    #[serde(flatten)]
    said: Said<'a>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Said<'a> {
    Label { text: &'a str, labels: [&'a str; 1] },
    Text { text: Vec<Cow<'a, str>> },
    Choices { choices: Vec<Cow<'a, str>> },
}

fn task(plan: &Plan<'_>, record: &Record<'_>, controls: &Controls) -> Result<Vec<u8>, WriteError> {
    let mut data = Map::new();
    data.insert("text".to_owned(), record.text().into());
    // The codebook stands in the configuration.
    let fields = article_fields(plan, record, metadata(TASK)).into_iter();
    data.extend(fields.filter(|(name, _)| name != "codebook"));
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
    let mut task = Task {
        data,
        annotations: Vec::new(),
    };
    for (annotator, spans) in by_annotator {
        let mut result = Vec::new();
        // A relation cannot leave its annotator's work.
        let stays = |target: &str| whose.get(target) == Some(&annotator);
        for span in &spans {
            let leaving = span.links.iter().filter(|(_, target)| !stays(target));
            let leaving = listed_pairs(leaving.map(|(role, target)| (*role, target.as_ref())));
            let exact = exact_values(record, span, false);
            regions(
                record,
                span,
                controls,
                [leaving, exact],
                &mut ids,
                &mut result,
            );
        }
        for span in &spans {
            for (role, target) in span.links.iter().filter(|(_, target)| stays(target)) {
                result.push(relation(
                    span.id.as_ref().into(),
                    target.as_ref().into(),
                    role,
                ));
            }
        }
        task.annotations.push(Work {
            result,
            was_cancelled: false,
            ground_truth: false,
        });
    }
    json_text(&task)
}

fn relation<'a>(from: Cow<'a, str>, to: Cow<'a, str>, role: &'a str) -> Entry<'a> {
    Entry::Relation {
        kind: "relation",
        from_id: from,
        to_id: to,
        direction: "right",
        labels: [role],
    }
}

fn regions<'a>(
    record: &Record<'_>,
    span: &'a Span<'a>,
    controls: &'a Controls,
    [leaving, exact]: [String; 2],
    ids: &mut HashSet<String>,
    result: &mut Vec<Entry<'a>>,
) {
    let (mut leaving, mut exact) = (Some(leaving), Some(exact));
    let mut before: Option<Cow<'a, str>> = None;
    for (n, fragment) in span.fragments.iter().enumerate() {
        let range = fragment.range();
        let mut id: Cow<'a, str> = span.id.as_ref().into();
        if n > 0 {
            let mut further = format!("{id}.{}", n + 1);
            while !ids.insert(further.clone()) {
                further.push('.');
            }
            id = further.into();
        }
        let mut add = |name: &'a str, kind: &'static str, said: Said<'a>| {
            result.push(Entry::Region {
                id: id.clone(),
                from_name: name,
                to_name: "text",
                kind,
                origin: "manual",
                value: Held {
                    start: range.start,
                    end: range.end,
                    said,
                },
            });
        };
        let labels = [span.label];
        let text = fragment.text;
        add("label", "labels", Said::Label { text, labels });
        let mut area = |name: &'a str, value: Cow<'a, str>| {
            if !value.is_empty() {
                let text = vec![value];
                add(name, "textarea", Said::Text { text });
            }
        };
        if n == 0 {
            area("note", span.note.as_ref().into());
            area("annotator", span.annotator.as_ref().into());
            area("created", span.made().into());
            area("changed", span.changed().into());
            area("links", leaving.take().unwrap_or_default().into());
            area("exact_values", exact.take().unwrap_or_default().into());
            for (name, value) in &span.attributes {
                let Some(control) = controls.get(*name) else {
                    continue;
                };
                let values = values(record.project, value).into_iter().map(Cow::Owned);
                let mut values: Vec<Cow<'a, str>> = values.collect();
                match control.options {
                    Some(_) => {
                        values.retain(|value| !value.is_empty());
                        let choices = values;
                        add(&control.name, "choices", Said::Choices { choices });
                    }
                    None => add(&control.name, "textarea", Said::Text { text: values }),
                }
            }
        } else {
            // What tells it from an annotation with a link of this role.
            let nth = format!("{} of {}", n + 1, span.fragments.len());
            area("fragment", nth.into());
        }
        if let Some(before) = before.replace(id.clone()) {
            result.push(relation(before, id, CONTINUES));
        }
    }
}

#[derive(Deserialize)]
struct Places<'a> {
    #[serde(borrow)]
    annotations: Vec<Results<'a>>,
}

#[derive(Deserialize)]
struct Results<'a> {
    #[serde(borrow)]
    result: Vec<Placed<'a>>,
}

#[derive(Deserialize)]
struct Placed<'a> {
    #[serde(borrow, default)]
    id: Option<Cow<'a, str>>,
    #[serde(default)]
    value: Option<Place>,
}

#[derive(Clone, Copy, Deserialize, PartialEq)]
struct Place {
    start: u32,
    end: u32,
}

/// Attributes repeat the offsets of their region: they must be the same.
fn stand_together(task: &[u8]) -> Result<(), WriteError> {
    let task: Places<'_> =
        serde_json::from_slice(task).map_err(|error| WriteError::Unreadable(error.to_string()))?;
    let mut places: HashMap<&str, Place> = HashMap::new();
    for result in task.annotations.iter().flat_map(|work| &work.result) {
        let (Some(id), Some(place)) = (&result.id, result.value) else {
            continue;
        };
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
        &super::read::READER,
        NAME,
        Rules {
            details: proof::Details::NotAttributes,
            ..Rules::default()
        },
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
            Ok(Some(line))
        },
        |_, line| stand_together(&line).map(|()| line),
    )
}
