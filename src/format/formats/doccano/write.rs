//! doccano JSON Lines, sequence labelling: `label` with offsets in code points, or `entities` and
//! `relations`. What doccano has no field for stands under own keys, which it keeps as metadata.

use crate::format::WriteError;
use crate::format::export::format::{Format, FormatGroup, Part, Shape};
use crate::format::export::json::{article_fields, json_line, value_to_json};
use crate::format::export::plan::Plan;
use crate::format::export::proof;
use crate::format::export::record::Record;
use crate::format::export::{Progress, Sink, Stored, Written};
use crate::format::formats::doccano::KNOWN;
use crate::format::words::records::{EXPORTER, PRESSMARK, metadata};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::borrow::Cow;
use std::collections::HashMap;

pub const FORMAT: Format = Format {
    name: "doccano",
    aliases: &[],
    title: "doccano JSON Lines",
    group: FormatGroup::Annotation,
    shape: Shape::File { extension: "jsonl" },
    offset_unit: "Unicode code points",
    read_by: "doccano; turn on “allow overlapping spans”, or it drops all but the first",
    lacks: &[Part::Nothing, Part::Sets],
    adds: "",
    changes: "a discontinuous annotation is one span for each fragment; attributes, links, notes and annotators are metadata of the article, and the codebook is among those of the first",
    choices: &[],
    write,
    prove,
    splits_itself: false,
    reader: Some(&super::read::READER),
};

pub const RELATIONS: Format = Format {
    name: "doccano-rel",
    aliases: &["doccano-relations"],
    title: "doccano JSON Lines with relations",
    group: FormatGroup::Annotation,
    shape: Shape::File { extension: "jsonl" },
    offset_unit: "Unicode code points",
    read_by: "doccano projects with relations; turn on “allow overlapping spans”",
    lacks: &[Part::Nothing, Part::Sets],
    adds: "",
    changes: "a discontinuous annotation is one span for each fragment; attributes, notes and annotators are metadata of the article, and the codebook is among those of the first",
    choices: &[],
    write: write_relations,
    prove,
    splits_itself: false,
    reader: Some(&super::read::READER),
};

const NAME: &str = "doccano.jsonl";

pub fn write(
    plan: &Plan<'_>,
    sink: &mut dyn Sink,
    progress: Progress<'_>,
) -> Result<Written, WriteError> {
    write_rows(plan, sink, progress, false)
}

pub fn write_relations(
    plan: &Plan<'_>,
    sink: &mut dyn Sink,
    progress: Progress<'_>,
) -> Result<Written, WriteError> {
    write_rows(plan, sink, progress, true)
}

fn write_rows(
    plan: &Plan<'_>,
    sink: &mut dyn Sink,
    progress: Progress<'_>,
    with_relations: bool,
) -> Result<Written, WriteError> {
    let mut written = Written::default();
    sink.file(NAME, &mut |out| {
        written = plan.write_each(
            progress,
            |record, counted| {
                counted.note_fragments(record);
                json_line(&row(plan, record, with_relations))
            },
            |_, line| Ok(out.write_all(&line)?),
        )?;
        Ok(())
    })?;
    Ok(written)
}

fn row(plan: &Plan<'_>, record: &Record<'_>, with_relations: bool) -> Value {
    let mut row = Map::new();
    // What says whose it is comes first: texts and lists may be long.
    row.insert(EXPORTER.to_owned(), PRESSMARK.into());
    row.insert("text".to_owned(), record.text().into());
    let mut details = Vec::new();
    let mut spans = Vec::new();
    let mut first: HashMap<&str, usize> = HashMap::new();
    for span in &record.spans {
        first.insert(span.id.as_ref(), spans.len() + 1);
        for (n, fragment) in span.fragments.iter().enumerate() {
            let range = fragment.range();
            spans.push(if with_relations {
                json!({
                    "id": spans.len() + 1, "start_offset": range.start,
                    "end_offset": range.end, "label": span.label,
                })
            } else {
                json!([range.start, range.end, span.label])
            });
            // Found again by its place, since doccano sorts and people add.
            let mut held = Map::new();
            let mut put = |name: &str, value: Value| {
                if !matches!(&value, Value::String(text) if text.is_empty()) {
                    held.insert(name.to_owned(), value);
                }
            };
            put("start", range.start.into());
            put("end", range.end.into());
            put("label", span.label.into());
            if n > 0 {
                put("continues", span.id.as_ref().into());
                details.push(Value::Object(held));
                continue;
            }
            put("id", span.id.as_ref().into());
            put("annotator", span.annotator.as_ref().into());
            put("note", span.note.as_ref().into());
            put("created", span.made().into());
            put("changed", span.changed().into());
            if !with_relations {
                put("links", span.links_text().into());
            }
            if !span.attributes.is_empty() {
                let attributes = span.attributes.iter();
                let attributes: Map<String, Value> = attributes
                    .map(|(name, value)| ((*name).to_owned(), value_to_json(record, value)))
                    .collect();
                put("attributes", attributes.into());
            }
            details.push(Value::Object(held));
        }
    }
    let mut relations = Vec::new();
    if with_relations {
        for span in &record.spans {
            for (role, target) in &span.links {
                let ends = first.get(span.id.as_ref()).zip(first.get(target.as_ref()));
                if let Some((from, to)) = ends {
                    relations.push(json!({
                        "id": relations.len() + 1, "from_id": from, "to_id": to, "type": role,
                    }));
                }
            }
        }
        row.insert("entities".to_owned(), spans.into());
        row.insert("relations".to_owned(), relations.into());
    } else {
        row.insert("label".to_owned(), spans.into());
    }
    row.extend(article_fields(plan, record, metadata(KNOWN)));
    // doccano reads rows as a table and refuses all of them where one lacks a field.
    for field in &plan.metadata {
        let field = row.entry(metadata(KNOWN).escaped(field));
        field.or_insert_with(|| "".into());
    }
    for name in ["article_status", "article_notes"] {
        row.entry(name).or_insert_with(|| "".into());
    }
    row.entry("codebook").or_insert_with(|| json!([]));
    row.insert("details".to_owned(), details.into());
    Value::Object(row)
}

#[derive(Deserialize)]
struct Places<'a> {
    #[serde(borrow, default)]
    label: Vec<(u32, u32, Cow<'a, str>)>,
    #[serde(borrow, default)]
    entities: Vec<Place<'a>>,
    #[serde(borrow)]
    details: Vec<Place<'a>>,
}

#[derive(Deserialize)]
struct Place<'a> {
    #[serde(alias = "start_offset")]
    start: u32,
    #[serde(alias = "end_offset")]
    end: u32,
    #[serde(borrow)]
    label: Cow<'a, str>,
}

/// Details repeat the places of their annotations: they must be the same.
fn stand_together(row: &[u8]) -> Result<(), WriteError> {
    let row: Places<'_> =
        serde_json::from_slice(row).map_err(|error| WriteError::Unreadable(error.to_string()))?;
    let place = |place: &'_ Place<'_>| (place.start, place.end, place.label.to_string());
    let labels = row.label.iter();
    let labels = labels.map(|(start, end, label)| (*start, *end, label.to_string()));
    let places = labels.chain(row.entities.iter().map(place));
    if places.eq(row.details.iter().map(place)) {
        Ok(())
    } else {
        Err(WriteError::Unreadable(
            "the details of annotations stand elsewhere than they do".to_owned(),
        ))
    }
}

pub fn prove(
    plan: &Plan<'_>,
    stored: &dyn Stored,
    progress: Progress<'_>,
) -> Result<Written, WriteError> {
    let reader = &super::read::READER;
    proof::lines(plan, stored, progress, reader, NAME, |line| {
        stand_together(&line).map(|()| line)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::export::options::ExportOptions;
    use crate::format::export::tests::{Memory, project_of};

    #[test]
    fn all_rows_have_the_same_fields_and_one_line() {
        let lines = r#"{"id":"a","title":"T","text":"A\u2028b\u0085c","meta":{"outlet":"x","id":"7"},"notes":"n","status":{"ana":"done"},"annotations":[{"id":"1","annotator":"ana","label":"claim","fragments":[{"start":0,"end":3}]}]}
{"id":"b","title":"","text":"B","annotations":[]}"#;
        let project = project_of(lines);
        let options = ExportOptions::default();
        let plan = Plan::new(&project, &options);
        for with_relations in [false, true] {
            let mut memory = Memory::default();
            write_rows(&plan, &mut memory, &mut |_| true, with_relations).unwrap();
            let text = String::from_utf8(memory.0.remove(NAME).unwrap()).unwrap();
            assert!(!text.contains(['\u{2028}', '\u{85}']));
            let rows = text.lines().map(|line| {
                let row: Map<String, Value> = serde_json::from_str(line).unwrap();
                let mut names: Vec<String> = row.keys().cloned().collect();
                names.sort();
                names
            });
            let rows: Vec<Vec<String>> = rows.collect();
            assert_eq!(rows.len(), 2);
            assert_eq!(rows[0], rows[1]);
        }
    }
}
