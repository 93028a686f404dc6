//! doccano JSON Lines, sequence labelling: `label` with offsets in code points, or `entities` and
//! `relations`. What doccano has no field for stands under own keys, which it keeps as metadata.

use super::jsonl::value_to_json;
use super::plan::Plan;
use super::proof::{self, Lines, Rules};
use super::record::Record;
use super::{Progress, Sink, Stored, Written, parallel};
use crate::format::WriteError;
use serde_json::{Map, Value, json};
use std::collections::HashMap;

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
        parallel::in_order(
            &plan.articles,
            progress,
            |planned| {
                let record = plan.record(planned)?;
                let mut counted = Written::default();
                counted.count(&record);
                note_fragments(&record, &mut counted);
                let mut line = serde_json::to_vec(&row(&record, with_relations))
                    .map_err(std::io::Error::from)?;
                line.push(b'\n');
                Ok((line, counted))
            },
            |_, (line, counted)| {
                out.write_all(&line)?;
                written.add(&counted);
                Ok(())
            },
        )
    })?;
    Ok(written)
}

/// Formats without discontinuous annotations hold their fragments one by one.
pub(super) fn note_fragments(record: &Record<'_>, written: &mut Written) {
    for span in record.spans.iter().filter(|span| span.fragments.len() > 1) {
        written.losses.note(
            "a discontinuous annotation stands as one span for each of its fragments",
            || format!("annotation {} of article {}", span.id, record.id),
        );
    }
}

/// The article's own fields, apart from its text.
pub(super) fn article_fields(record: &Record<'_>, taken: &[&str]) -> Map<String, Value> {
    let mut fields = Map::new();
    fields.insert("article_id".to_owned(), record.id.into());
    fields.insert("title".to_owned(), record.article.title.as_str().into());
    for (field, value) in &record.article.metadata {
        let is_taken = taken.contains(&field.as_str()) || fields.contains_key(field);
        let name = if is_taken {
            format!("meta_{field}")
        } else {
            field.clone()
        };
        fields.insert(name, value.as_str().into());
    }
    fields
}

fn row(record: &Record<'_>, with_relations: bool) -> Value {
    let mut row = Map::new();
    row.insert("text".to_owned(), record.text().into());
    let mut details = Vec::new();
    let mut spans = Vec::new();
    let mut first: HashMap<&str, usize> = HashMap::new();
    for span in &record.spans {
        first.insert(span.id.as_ref(), spans.len() + 1);
        for (n, fragment) in span.fragments.iter().enumerate() {
            let range = fragment.range();
            spans.push(match with_relations {
                false => json!([range.start, range.end, span.label]),
                true => json!({
                    "id": spans.len() + 1, "start_offset": range.start,
                    "end_offset": range.end, "label": span.label,
                }),
            });
            let attributes = span.attributes.iter();
            let attributes: Map<String, Value> = attributes
                .map(|(name, value)| ((*name).to_owned(), value_to_json(record, value)))
                .collect();
            details.push(match n {
                0 => json!({
                    "id": span.id, "annotator": span.annotator, "note": span.note,
                    "attributes": attributes, "links": span.links_text(),
                    "created": span.made(), "changed": span.changed(), "fragment": 1,
                }),
                _ => json!({ "continues": span.id, "fragment": n + 1 }),
            });
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
    let taken = [
        "text",
        "label",
        "entities",
        "relations",
        "details",
        "id",
        "Comments",
    ];
    row.extend(article_fields(record, &taken));
    row.insert("details".to_owned(), details.into());
    Value::Object(row)
}

pub fn prove(
    plan: &Plan<'_>,
    stored: &dyn Stored,
    progress: Progress<'_>,
) -> Result<Written, WriteError> {
    let mut lines = Lines::open(stored, NAME)?;
    proof::pieces(plan, progress, "doccano", NAME, Rules::default(), || {
        lines.next()
    })
}
