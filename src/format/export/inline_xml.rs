//! Inline XML: the text with empty elements where annotations begin and end, so that any overlap
//! can stand in it: `<s id label/>` … `<e ref/>`. A file for each article.

use super::plan::Plan;
use super::proof::{self, Rules};
use super::record::Record;
use super::{Progress, Sink, Stored, Written, markup, parallel};
use crate::format::WriteError;
use std::fmt::Write as _;

pub fn write(
    plan: &Plan<'_>,
    sink: &mut dyn Sink,
    progress: Progress<'_>,
) -> Result<Written, WriteError> {
    let mut written = Written::default();
    parallel::in_order(
        &plan.articles,
        progress,
        |planned| {
            let record = plan.record(planned)?;
            let mut counted = Written::default();
            counted.count(&record);
            Ok((document(&record, &mut counted), counted))
        },
        |planned, (document, counted)| {
            sink.put(&format!("{}.xml", planned.file_stem), document.as_bytes())?;
            written.add(&counted);
            Ok(())
        },
    )?;
    Ok(written)
}

fn document(record: &Record<'_>, written: &mut Written) -> String {
    markup::note_replaced(record, &mut written.losses);
    let mut out = String::with_capacity(record.text().len() * 2);
    out.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<article");
    let attribute = |out: &mut String, name: &str, value: &str| {
        if !value.is_empty() {
            let _infallible = write!(out, " {name}=\"{}\"", markup::attribute(value));
        }
    };
    attribute(&mut out, "id", record.id);
    attribute(&mut out, "title", &record.article.title);
    for (field, value) in &record.article.metadata {
        // Any name may be a field; only the usual ones are attributes.
        if [
            "outlet",
            "author",
            "published",
            "url",
            "language",
            "section",
        ]
        .contains(&field.as_str())
        {
            attribute(&mut out, field, value);
        }
    }
    out.push_str("><text xml:space=\"preserve\">");
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
        let Some(span) = record.spans.get(n) else {
            continue;
        };
        let id = match f {
            0 => span.id.to_string(),
            f => format!("{}.{}", span.id, f + 1),
        };
        if !starts {
            let _infallible = write!(out, "<e ref=\"{}\"/>", markup::attribute(&id));
            continue;
        }
        out.push_str("<s");
        attribute(&mut out, "id", &id);
        attribute(&mut out, "label", span.label);
        if f > 0 {
            attribute(&mut out, "continues", &span.id);
        } else {
            attribute(&mut out, "annotator", &span.annotator);
            attribute(&mut out, "note", &span.note);
            attribute(&mut out, "created", &span.made());
            attribute(&mut out, "links", &span.links_text());
            for (name, value) in &span.attributes {
                let is_taken = [
                    "id",
                    "label",
                    "annotator",
                    "note",
                    "created",
                    "links",
                    "continues",
                    "ref",
                ]
                .contains(name);
                let name = super::names::safe_name(name);
                let name = if is_taken {
                    format!("attribute_{name}")
                } else {
                    name
                };
                attribute(&mut out, &name, &record.project.value_text(value));
            }
        }
        out.push_str("/>");
    }
    markup::push_text(&mut out, record.text().get(at..).unwrap_or(""));
    out.push_str("</text></article>\n");
    out
}

pub fn prove(
    plan: &Plan<'_>,
    stored: &dyn Stored,
    progress: Progress<'_>,
) -> Result<Written, WriteError> {
    let rules = Rules {
        held: Some(markup::held),
        ..Rules::default()
    };
    proof::files(plan, stored, progress, "inline-xml", rules, |planned| {
        format!("{}.xml", planned.file_stem)
    })
}
