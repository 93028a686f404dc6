//! GATE XML: a file for each article, nodes at UTF-16 offsets, annotations in the set `Media`.

use super::doccano::note_fragments;
use super::plan::Plan;
use super::proof::{self, Rules};
use super::record::Record;
use super::{Progress, Sink, Stored, Written, markup, parallel};
use crate::format::WriteError;
use std::collections::BTreeMap;
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
            note_fragments(&record, &mut counted);
            markup::note_replaced(&record, &mut counted.losses);
            Ok((document(&record), counted))
        },
        |planned, (document, counted)| {
            sink.put(&format!("{}.xml", planned.file_stem), document.as_bytes())?;
            written.add(&counted);
            Ok(())
        },
    )?;
    Ok(written)
}

fn feature(out: &mut String, name: &str, value: &str) {
    out.push_str("<Feature>\n<Name className=\"java.lang.String\">");
    markup::push_text(out, name);
    out.push_str("</Name>\n<Value className=\"java.lang.String\">");
    markup::push_text(out, value);
    out.push_str("</Value>\n</Feature>\n");
}

fn document(record: &Record<'_>) -> String {
    let mut out = String::with_capacity(record.text().len() * 3);
    out.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<GateDocument version=\"3\">\n<GateDocumentFeatures>\n");
    if !record.url().is_empty() {
        feature(&mut out, "gate.SourceURL", record.url());
    }
    feature(&mut out, "id", record.id);
    feature(&mut out, "title", &record.article.title);
    for (field, value) in record
        .article
        .metadata
        .iter()
        .filter(|(field, _)| *field != "url")
    {
        feature(&mut out, field, value);
    }
    out.push_str("</GateDocumentFeatures>\n<TextWithNodes>");
    let mut nodes: BTreeMap<usize, u32> = BTreeMap::new();
    nodes.insert(0, 0);
    nodes.insert(record.text().len(), record.utf16_len());
    for fragment in record.spans.iter().flat_map(|span| &span.fragments) {
        let (bytes, units) = (fragment.bytes.as_usize(), record.utf16(fragment));
        nodes.insert(bytes.start, units.start);
        nodes.insert(bytes.end, units.end);
    }
    let mut at = 0;
    for (byte, unit) in nodes {
        markup::push_text(&mut out, record.text().get(at..byte).unwrap_or(""));
        let _infallible = write!(out, "<Node id=\"{unit}\"/>");
        at = byte;
    }
    out.push_str(
        "</TextWithNodes>\n<AnnotationSet>\n</AnnotationSet>\n<AnnotationSet Name=\"Media\">\n",
    );
    let mut number = 0;
    for span in &record.spans {
        for (n, fragment) in span.fragments.iter().enumerate() {
            number += 1;
            let units = record.utf16(fragment);
            let _infallible = writeln!(
                out,
                "<Annotation Id=\"{number}\" Type=\"{}\" StartNode=\"{}\" EndNode=\"{}\">",
                markup::attribute(span.label),
                units.start,
                units.end
            );
            feature(&mut out, "annotation_id", &span.id);
            feature(&mut out, "annotator", &span.annotator);
            if span.fragments.len() > 1 {
                feature(
                    &mut out,
                    "fragment",
                    &format!("{}/{}", n + 1, span.fragments.len()),
                );
            }
            if n == 0 {
                for (name, value) in [
                    ("note", span.note.to_string()),
                    ("created", span.made()),
                    ("links", span.links_text()),
                ] {
                    if !value.is_empty() {
                        feature(&mut out, name, &value);
                    }
                }
                for (name, value) in &span.attributes {
                    let is_taken = [
                        "annotation_id",
                        "annotator",
                        "fragment",
                        "note",
                        "created",
                        "links",
                        "comment",
                    ]
                    .contains(name);
                    let name = if is_taken {
                        format!("attribute_{name}")
                    } else {
                        (*name).to_owned()
                    };
                    feature(&mut out, &name, &record.project.value_text(value));
                }
            }
            out.push_str("</Annotation>\n");
        }
    }
    out.push_str("</AnnotationSet>\n</GateDocument>\n");
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
    proof::files(plan, stored, progress, "gate-xml", rules, |planned| {
        format!("{}.xml", planned.file_stem)
    })
}
