//! GATE XML: a file for each article, nodes at UTF-16 offsets, annotations in the set `Media`.
//!
//! Everything else stands in features: of an annotation its attributes, of the document its metadata
//! and, under names that begin with `pressmark.`, status, notes and codebook.

use crate::format::WriteError;
use crate::format::export::article_rows::{rows, value_kinds};
use crate::format::export::format::{Format, FormatGroup, Part, Shape};
use crate::format::export::plan::Plan;
use crate::format::export::proof;
use crate::format::export::record::Record;
use crate::format::export::{Progress, Sink, Stored, Written, markup};
use crate::format::formats::gate::{OWN, TAKEN, is_document_feature};
use crate::format::words::article_rows::{ID, METADATA, TITLE};
use crate::format::words::names::attributes;
use std::collections::BTreeMap;
use std::fmt::Write as _;

pub const FORMAT: Format = Format {
    name: "gatexml",
    aliases: &["gate"],
    title: "GATE XML",
    group: FormatGroup::Annotation,
    shape: Shape::Folder { main: "" },
    offset_unit: "UTF-16 code units as node ids",
    read_by: "GATE, gatenlp",
    lacks: &[Part::Nothing, Part::Sets],
    adds: "",
    changes: "a discontinuous annotation is one annotation for each fragment; characters that XML cannot hold are replaced; everything else stands in features",
    choices: &[],
    write,
    prove,
    splits_itself: false,
    reader: Some(&super::read::XML),
};

pub fn write(
    plan: &Plan<'_>,
    sink: &mut dyn Sink,
    progress: Progress<'_>,
) -> Result<Written, WriteError> {
    plan.write_each(
        progress,
        |record, counted| {
            counted.note_fragments(record);
            markup::note_replaced(record, &mut counted.losses);
            Ok(document(plan, record))
        },
        |planned, document| sink.put(&format!("{}.xml", planned.file_stem), document.as_bytes()),
    )
}

fn feature(out: &mut String, name: &str, value: &str) {
    out.push_str("<Feature>\n<Name className=\"java.lang.String\">");
    markup::push_text(out, name);
    out.push_str("</Name>\n<Value className=\"java.lang.String\">");
    markup::push_text(out, value);
    out.push_str("</Value>\n</Feature>\n");
}

fn document(plan: &Plan<'_>, record: &Record<'_>) -> String {
    let mut out = String::with_capacity(record.text().len() * 3);
    out.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<GateDocument version=\"3\">\n<GateDocumentFeatures>\n");
    if !record.url().is_empty() {
        feature(&mut out, "gate.SourceURL", record.url());
    }
    feature(&mut out, "id", record.id);
    feature(&mut out, "title", &record.article.title);
    for (field, value) in &record.article.metadata {
        if field != "url" && !is_document_feature(field) {
            feature(&mut out, field, value);
        }
    }
    for row in rows(plan, record).into_iter().chain(value_kinds(record)) {
        let name = match (row.kind, row.name) {
            (ID | TITLE, _) => continue,
            (METADATA, field) if !is_document_feature(field) => continue,
            (kind, "") => format!("{OWN}{kind}"),
            (kind, name) => format!("{OWN}{kind}.{name}"),
        };
        feature(&mut out, &name, &row.value);
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
                    ("changed", span.changed()),
                    ("links", span.links_text()),
                ] {
                    if !value.is_empty() {
                        feature(&mut out, name, &value);
                    }
                }
                for (name, value) in &span.attributes {
                    let value = record.project.value_text_apart(value);
                    feature(&mut out, &attributes(&TAKEN).escaped(name), &value);
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
    proof::xml(plan, stored, progress, &super::read::XML, "xml")
}
