//! Inline XML: the text with empty elements where annotations begin and end, so that any overlap
//! can stand in it: `<s id label/>` … `<e ref/>`. A file for each article; a `<head>` before the text
//! holds what is said of the article, the labels, and names that XML does not allow. No offsets.

use crate::core::annotation::AttributeValue;
use crate::format::WriteError;
use crate::format::export::format::{Format, FormatGroup, Part, Shape};
use crate::format::export::plan::Plan;
use crate::format::export::proof;
use crate::format::export::record::{Record, Span};
use crate::format::export::{Progress, Sink, Stored, Written, markup};
use crate::format::formats::inline_xml::{FIELDS, GENERATOR, KINDS, TAKEN};
use crate::format::words::article_rows::marked_kind;
use crate::format::words::names::attributes;
use crate::format::words::values::listed;
use std::collections::HashSet;
use std::fmt::Write as _;

pub const FORMAT: Format = Format {
    name: "inlinexml",
    aliases: &["inline-xml"],
    title: "Inline XML",
    group: FormatGroup::Exchange,
    shape: Shape::Folder { main: "" },
    offset_unit: "none: marks stand in the text",
    read_by: "anything that reads XML",
    lacks: &[Part::Nothing, Part::Sets, Part::OfProject],
    adds: "",
    changes: "annotations are empty elements where they begin and end; control characters become U+FFFD",
    choices: &[],
    write,
    prove,
    splits_itself: false,
    reader: Some(&super::read::READER),
};

pub fn write(
    plan: &Plan<'_>,
    sink: &mut dyn Sink,
    progress: Progress<'_>,
) -> Result<Written, WriteError> {
    let codebook = codebook(plan);
    plan.write_each(
        progress,
        |record, counted| {
            markup::note_replaced(record, &mut counted.losses);
            Ok(document(plan, record, &codebook))
        },
        |planned, document| sink.put(&format!("{}.xml", planned.file_stem), document.as_bytes()),
    )
}

fn push_attribute(out: &mut String, name: &str, value: &str) {
    let _infallible = write!(out, " {name}=\"");
    markup::push_attribute(out, value);
    out.push('"');
}

fn document(plan: &Plan<'_>, record: &Record<'_>, codebook: &str) -> String {
    let mut out = String::with_capacity(record.text().len() * 2 + codebook.len() + 512);
    out.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<article");
    let article = record.article;
    push_attribute(&mut out, "id", record.id);
    if !article.title.is_empty() {
        push_attribute(&mut out, "title", &article.title);
    }
    // Any name may be a field; only the usual ones are attributes.
    let is_usual = |field: &str| FIELDS.contains(&field);
    for (field, value) in &article.metadata {
        if is_usual(field) && !value.is_empty() {
            push_attribute(&mut out, field, value);
        }
    }
    let _infallible = writeln!(out, ">\n<head generator=\"{GENERATOR}\">");
    for (field, value) in &article.metadata {
        if !is_usual(field) || value.is_empty() {
            element(&mut out, "meta", &[("name", field)], value);
        }
    }
    for (annotator, status) in &article.status {
        let annotator = annotator.as_str();
        element(
            &mut out,
            "status",
            &[("annotator", annotator)],
            status.name(),
        );
    }
    if !article.notes.is_empty() {
        element(&mut out, "note", &[], &article.notes);
    }
    out.push_str(codebook);
    out.push_str("</head>\n<text xml:space=\"preserve\">");
    let ids = fragment_ids(record);
    // At one place: ends before starts, longer ones start first and end last.
    let mut points: Vec<(u32, bool, u32, usize, usize)> = Vec::new();
    for (n, span) in record.spans.iter().enumerate() {
        for (f, fragment) in span.fragments.iter().enumerate() {
            let (start, end) = (fragment.bytes.start.0, fragment.bytes.end.0);
            points.push((start, true, u32::MAX - end, n, f));
            points.push((end, false, u32::MAX - start, n, f));
        }
    }
    points.sort_unstable();
    let mut at = 0;
    for (byte, starts, _, n, f) in points {
        markup::push_text(&mut out, record.text().get(at..byte as usize).unwrap_or(""));
        at = byte as usize;
        let id = ids.get(n).and_then(|ids| ids.get(f));
        let (Some(span), Some(id)) = (record.spans.get(n), id) else {
            continue;
        };
        if starts {
            start(&mut out, plan, record, span, (id, f));
        } else {
            out.push_str("<e");
            push_attribute(&mut out, "ref", id);
            out.push_str("/>");
        }
    }
    markup::push_text(&mut out, record.text().get(at..).unwrap_or(""));
    out.push_str("</text></article>\n");
    out
}

fn element(out: &mut String, name: &str, attributes: &[(&str, &str)], text: &str) {
    let _infallible = write!(out, "<{name}");
    for (name, value) in attributes {
        push_attribute(out, name, value);
    }
    out.push('>');
    markup::push_text(out, text);
    let _infallible = writeln!(out, "</{name}>");
}

/// The labels, and the attributes whose names XML does not allow: the same in every file.
fn codebook(plan: &Plan<'_>) -> String {
    let mut out = String::new();
    for label in plan.labels.keys() {
        let known = plan.project.codebook().label(label);
        let color = known.map(|known| format!("#{:06x}", known.color));
        let mut attributes = vec![("name", label.as_str()), ("title", plan.label_title(label))];
        attributes.extend(color.as_deref().map(|color| ("color", color)));
        let definition = known.map_or("", |known| known.definition.as_str());
        element(&mut out, "label", &attributes, definition);
    }
    for (name, safe) in plan.attributes.iter().filter(|(name, safe)| name != safe) {
        element(&mut out, "attribute", &[("name", safe)], name);
    }
    out
}

/// The ids of all fragments: that of the annotation for the first, made from it for the others.
fn fragment_ids(record: &Record<'_>) -> Vec<Vec<String>> {
    let mut taken: HashSet<String> = record.spans.iter().map(|s| s.id.to_string()).collect();
    let ids = record.spans.iter().map(|span| {
        let mut ids = vec![span.id.to_string()];
        for f in 1..span.fragments.len() {
            let mut id = format!("{}.{}", span.id, f + 1);
            while !taken.insert(id.clone()) {
                id.push('_');
            }
            ids.push(id);
        }
        ids
    });
    ids.collect()
}

fn start(
    out: &mut String,
    plan: &Plan<'_>,
    record: &Record<'_>,
    span: &Span<'_>,
    (id, fragment): (&str, usize),
) {
    out.push_str("<s");
    push_attribute(out, "id", id);
    push_attribute(out, "label", span.label);
    if fragment > 0 {
        push_attribute(out, "continues", &span.id);
        out.push_str("/>");
        return;
    }
    let told = [
        ("annotator", span.annotator.as_ref()),
        ("note", span.note.as_ref()),
        ("created", &span.made()),
        ("changed", &span.changed()),
        ("links", &span.links_text()),
    ];
    for (name, value) in told.iter().filter(|(_, value)| !value.is_empty()) {
        push_attribute(out, name, value);
    }
    let mut lists: Vec<String> = Vec::new();
    let mut kinds: Vec<String> = Vec::new();
    for (name, value) in &span.attributes {
        let name = attributes(TAKEN).escaped(plan.safe_attribute(name));
        match value.as_ref() {
            AttributeValue::Many(values) => {
                let values: Vec<String> = values.iter().map(|value| listed(value)).collect();
                push_attribute(out, &name, &values.join("; "));
                lists.push(name);
            }
            value => {
                push_attribute(out, &name, &record.project.value_text_apart(value));
                kinds.extend(marked_kind(value).map(|kind| format!("{name}:{kind}")));
            }
        }
    }
    if !lists.is_empty() {
        push_attribute(out, "lists", &lists.join(" "));
    }
    if !kinds.is_empty() {
        push_attribute(out, KINDS, &kinds.join(" "));
    }
    out.push_str("/>");
}

pub fn prove(
    plan: &Plan<'_>,
    stored: &dyn Stored,
    progress: Progress<'_>,
) -> Result<Written, WriteError> {
    proof::xml(plan, stored, progress, &super::read::READER, "xml")
}
