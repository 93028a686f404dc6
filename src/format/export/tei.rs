//! TEI P5 with standoff annotation: a file for each article, empty anchors in the text and spans
//! between them, so that any overlap can stand and the text stays as it is (Guidelines, 16.10).

use super::doccano::note_fragments;
use super::plan::Plan;
use super::proof::{self, Rules};
use super::record::{Record, Span};
use super::{Progress, Sink, Stored, Written, markup, parallel};
use crate::format::WriteError;
use std::collections::{BTreeSet, HashMap};
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
            Ok((document(plan, &record), counted))
        },
        |planned, (document, counted)| {
            sink.put(&format!("{}.xml", planned.file_stem), document.as_bytes())?;
            written.add(&counted);
            Ok(())
        },
    )?;
    Ok(written)
}

fn document(plan: &Plan<'_>, record: &Record<'_>) -> String {
    let mut out = String::with_capacity(record.text().len() * 3);
    out.push_str(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<TEI xmlns=\"http://www.tei-c.org/ns/1.0\">\n",
    );
    header(&mut out, plan, record);
    stand_off(&mut out, plan, record);
    out.push_str("<text><body><ab xml:space=\"preserve\">");
    // Anchors by their place: at one place ends come before starts.
    let mut anchors: Vec<(usize, bool, String)> = Vec::new();
    for (n, span) in record.spans.iter().enumerate() {
        for (f, fragment) in span.fragments.iter().enumerate() {
            let bytes = fragment.bytes.as_usize();
            anchors.push((bytes.start, true, format!("{}-b", fragment_id(n, f))));
            anchors.push((bytes.end, false, format!("{}-e", fragment_id(n, f))));
        }
    }
    anchors.sort_by_key(|(at, starts, _)| (*at, *starts));
    let mut at = 0;
    for (byte, _, id) in anchors {
        markup::push_text(&mut out, record.text().get(at..byte).unwrap_or(""));
        let _infallible = write!(out, "<anchor xml:id=\"{id}\"/>");
        at = byte;
    }
    markup::push_text(&mut out, record.text().get(at..).unwrap_or(""));
    out.push_str("</ab></body></text>\n</TEI>\n");
    out
}

fn fragment_id(span: usize, fragment: usize) -> String {
    match fragment {
        0 => format!("s{}", span + 1),
        f => format!("s{}.{}", span + 1, f + 1),
    }
}

fn header(out: &mut String, plan: &Plan<'_>, record: &Record<'_>) {
    let article = record.article;
    let element = |out: &mut String, name: &str, value: &str| {
        if !value.is_empty() {
            let _infallible = write!(out, "<{name}>{}</{name}>", markup::text(value));
        }
    };
    out.push_str("<teiHeader><fileDesc><titleStmt><title>");
    markup::push_text(out, article.display_title());
    out.push_str("</title>");
    for author in article.meta("author").unwrap_or("").split("; ") {
        element(out, "author", author);
    }
    out.push_str("</titleStmt><publicationStmt><publisher>Pressmark</publisher></publicationStmt><sourceDesc><bibl>");
    element(out, "publisher", article.meta("outlet").unwrap_or(""));
    if let Some(published) = article.meta("published").filter(|p| !p.is_empty()) {
        let _infallible = write!(
            out,
            "<date when=\"{0}\">{0}</date>",
            markup::attribute(published)
        );
    }
    let _infallible = write!(out, "<idno>{}</idno>", markup::text(record.id));
    let url = record.url();
    if !url.is_empty() {
        let _infallible = write!(
            out,
            "<ref target=\"{}\"/>",
            markup::attribute(&url.replace(' ', "%20"))
        );
    }
    out.push_str(
        "</bibl></sourceDesc></fileDesc><encodingDesc><classDecl><taxonomy xml:id=\"labels\">",
    );
    let used: BTreeSet<&str> = record.spans.iter().map(|span| span.label).collect();
    for label in used {
        let known = plan.project.codebook().label(label);
        let definition = known.map_or("", |l| l.definition.as_str());
        let _infallible = write!(
            out,
            "<category xml:id=\"{}\"><catDesc><term>{}</term> {}</catDesc></category>",
            label_id(plan, label),
            markup::text(label),
            markup::text(definition)
        );
    }
    if record.spans.is_empty() {
        out.push_str("<desc>no annotations</desc>");
    }
    out.push_str("</taxonomy></classDecl></encodingDesc>");
    if let Some(language) = article.meta("language").filter(|l| !l.is_empty()) {
        let _infallible = write!(
            out,
            "<profileDesc><langUsage><language ident=\"{0}\">{0}</language></langUsage></profileDesc>",
            markup::attribute(language)
        );
    }
    out.push_str("</teiHeader>\n");
}

fn label_id(plan: &Plan<'_>, label: &str) -> String {
    format!("label-{}", plan.safe_label(label))
}

fn stand_off(out: &mut String, plan: &Plan<'_>, record: &Record<'_>) {
    if record.spans.is_empty() {
        return;
    }
    let numbers: HashMap<&str, usize> = record
        .spans
        .iter()
        .enumerate()
        .map(|(n, span)| (span.id.as_ref(), n))
        .collect();
    out.push_str("<standOff>\n<spanGrp type=\"annotations\">\n");
    for (n, span) in record.spans.iter().enumerate() {
        for f in 0..span.fragments.len() {
            let id = fragment_id(n, f);
            let _infallible = write!(
                out,
                "<span xml:id=\"{id}\" from=\"#{id}-b\" to=\"#{id}-e\" ana=\"#{}",
                label_id(plan, span.label)
            );
            if f == 0 {
                let _infallible = write!(out, " #fs-{id}");
            }
            out.push('"');
            if f > 0 {
                let _infallible = write!(out, " prev=\"#{}\"", fragment_id(n, f - 1));
            }
            if f + 1 < span.fragments.len() {
                let _infallible = write!(out, " next=\"#{}\"", fragment_id(n, f + 1));
            }
            let targets: Vec<String> = span
                .links
                .iter()
                .filter_map(|(_, target)| numbers.get(target.as_ref()))
                .map(|number| format!("#{}", fragment_id(*number, 0)))
                .collect();
            if f == 0 && !targets.is_empty() {
                let _infallible = write!(out, " corresp=\"{}\"", targets.join(" "));
            }
            out.push_str("/>\n");
        }
    }
    out.push_str("</spanGrp>\n");
    for (n, span) in record.spans.iter().enumerate() {
        features(out, record, span, n);
    }
    out.push_str("</standOff>\n");
}

fn features(out: &mut String, record: &Record<'_>, span: &Span<'_>, n: usize) {
    let _infallible = write!(
        out,
        "<fs xml:id=\"fs-{}\" type=\"annotation\">",
        fragment_id(n, 0)
    );
    let mut feature = |name: &str, value: &str| {
        if !value.is_empty() {
            let name = super::names::safe_name(name);
            let _infallible = write!(
                out,
                "<f name=\"{name}\"><string>{}</string></f>",
                markup::text(value)
            );
        }
    };
    feature("id", &span.id);
    feature("annotator", &span.annotator);
    feature("created", &span.made());
    feature("note", &span.note);
    feature("links", &span.links_text());
    for (name, value) in &span.attributes {
        let is_taken = ["id", "annotator", "created", "note", "links"].contains(name);
        let name = if is_taken {
            format!("attribute_{name}")
        } else {
            (*name).to_owned()
        };
        feature(&name, &record.project.value_text(value));
    }
    out.push_str("</fs>\n");
}

pub fn prove(
    plan: &Plan<'_>,
    stored: &dyn Stored,
    progress: Progress<'_>,
) -> Result<Written, WriteError> {
    let rules = Rules {
        held: Some(markup::held),
        held_label: Some(|label| label.split_whitespace().collect::<Vec<_>>().join(" ")),
        ..Rules::default()
    };
    proof::files(plan, stored, progress, "tei", rules, |planned| {
        format!("{}.xml", planned.file_stem)
    })
}
