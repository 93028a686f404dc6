//! UIMA CAS as XMI with its type system, and as CAS JSON 0.4: a file for each article, as INCEpTION
//! imports them. Offsets are UTF-16 code units in both.
//!
//! Annotations are a span layer `webanno.custom.MediaSpan` with a feature for each attribute, links
//! a relation layer `webanno.custom.MediaLink` (Governor to Dependent).

use super::doccano::note_fragments;
use super::plan::Plan;
use super::proof::{self, Rules};
use super::record::{Record, Span};
use super::{Progress, Sink, Stored, Written, markup, parallel};
use crate::format::WriteError;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;

const SPAN: &str = "webanno.custom.MediaSpan";
const LINK: &str = "webanno.custom.MediaLink";
const META: &str = "de.tudarmstadt.ukp.dkpro.core.api.metadata.type.DocumentMetaData";
/// Features of a span before those of its attributes.
const FIXED: [&str; 6] = [
    "label",
    "note",
    "annotator",
    "created",
    "annotationId",
    "fragment",
];
const TAKEN: [&str; 5] = ["begin", "end", "sofa", "id", "type"];

/// Feature names by attribute.
fn features<'p>(plan: &'p Plan<'_>) -> BTreeMap<&'p str, String> {
    let attributes = plan.attributes.iter();
    attributes
        .map(|(name, safe)| {
            // UIMA takes no hyphens in names.
            let safe = safe.replace('-', "_");
            let is_taken = FIXED.contains(&safe.as_str()) || TAKEN.contains(&safe.as_str());
            (
                name.as_str(),
                if is_taken {
                    format!("attribute_{safe}")
                } else {
                    safe
                },
            )
        })
        .collect()
}

/// The features of a fragment that have a value.
fn values<'a>(
    record: &Record<'_>,
    span: &'a Span<'_>,
    fragment: usize,
    features: &'a BTreeMap<&str, String>,
) -> Vec<(&'a str, String)> {
    let mut values = vec![
        ("label", span.label.to_owned()),
        ("annotator", span.annotator.to_string()),
        ("annotationId", span.id.to_string()),
    ];
    if span.fragments.len() > 1 {
        values.push((
            "fragment",
            format!("{}/{}", fragment + 1, span.fragments.len()),
        ));
    }
    if fragment == 0 {
        values.push(("note", span.note.to_string()));
        values.push(("created", span.made()));
        for (name, value) in &span.attributes {
            if let Some(feature) = features.get(name) {
                values.push((feature, record.project.value_text(value)));
            }
        }
    }
    values.retain(|(_, value)| !value.is_empty());
    values
}

/// Ids of the first fragments of spans, for links: from 10 on, in the order of the text.
fn ids<'a>(record: &'a Record<'_>) -> HashMap<&'a str, usize> {
    let mut next = 10;
    let mut ids = HashMap::new();
    for span in &record.spans {
        ids.insert(span.id.as_ref(), next);
        next += span.fragments.len();
    }
    ids
}

fn language(record: &Record<'_>) -> String {
    record
        .article
        .meta("language")
        .unwrap_or("x-unspecified")
        .to_owned()
}

fn written_with(
    plan: &Plan<'_>,
    sink: &mut dyn Sink,
    progress: Progress<'_>,
    ending: &str,
    make: impl Fn(&Record<'_>) -> Result<Vec<u8>, WriteError> + Sync,
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
            Ok((make(&record)?, counted))
        },
        |planned, (bytes, counted)| {
            sink.put(&format!("{}.{ending}", planned.file_stem), &bytes)?;
            written.add(&counted);
            Ok(())
        },
    )?;
    Ok(written)
}

pub fn write_xmi(
    plan: &Plan<'_>,
    sink: &mut dyn Sink,
    progress: Progress<'_>,
) -> Result<Written, WriteError> {
    let features = features(plan);
    sink.put("TypeSystem.xml", type_system(&features).as_bytes())?;
    let mut written = written_with(plan, sink, progress, "xmi", |record| {
        Ok(xmi(record, &features).into_bytes())
    })?;
    for planned in &plan.articles {
        if !planned
            .article
            .text
            .as_str()
            .chars()
            .all(markup::is_xml_char)
        {
            written.losses.note(
                "characters that XML cannot hold are replaced by U+FFFD, so that no offset moves",
                || format!("article {}", planned.article.id),
            );
        }
    }
    Ok(written)
}

fn type_system(features: &BTreeMap<&str, String>) -> String {
    let mut out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<typeSystemDescription xmlns=\"http://uima.apache.org/resourceSpecifier\"><types>\n".to_owned();
    let mut add = |name: &str, above: &str, features: &[(&str, &str)]| {
        let _infallible = write!(
            out,
            "<typeDescription><name>{name}</name><description/><supertypeName>{above}</supertypeName><features>"
        );
        for (feature, range) in features {
            let _infallible = write!(
                out,
                "<featureDescription><name>{feature}</name><description/><rangeTypeName>{range}</rangeTypeName></featureDescription>"
            );
        }
        out.push_str("</features></typeDescription>\n");
    };
    for (name, above, list) in types(features) {
        let list: Vec<(&str, &str)> = list.iter().map(|(f, r)| (f.as_str(), *r)).collect();
        add(name, above, &list);
    }
    out.push_str("</types></typeSystemDescription>\n");
    out
}

type TypeRow = (&'static str, &'static str, Vec<(String, &'static str)>);

fn types(features: &BTreeMap<&str, String>) -> [TypeRow; 3] {
    const STRING: &str = "uima.cas.String";
    let strings = |names: &[&str]| -> Vec<(String, &'static str)> {
        names
            .iter()
            .map(|name| ((*name).to_owned(), STRING))
            .collect()
    };
    let mut span = strings(&FIXED);
    span.extend(features.values().map(|name| (name.clone(), STRING)));
    let mut link = vec![
        ("Governor".to_owned(), SPAN),
        ("Dependent".to_owned(), SPAN),
    ];
    link.extend(strings(&["relation"]));
    [
        (SPAN, "uima.tcas.Annotation", span),
        (LINK, "uima.tcas.Annotation", link),
        (
            META,
            "uima.tcas.DocumentAnnotation",
            strings(&["documentTitle", "documentId", "documentUri"]),
        ),
    ]
}

fn xmi(record: &Record<'_>, features: &BTreeMap<&str, String>) -> String {
    let ids = ids(record);
    let mut members = vec!["2".to_owned()];
    let mut out = String::with_capacity(record.text().len() * 3);
    out.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<xmi:XMI xmlns:xmi=\"http://www.omg.org/XMI\" xmlns:cas=\"http:///uima/cas.ecore\" xmlns:custom=\"http:///webanno/custom.ecore\" xmlns:meta=\"http:///de/tudarmstadt/ukp/dkpro/core/api/metadata/type.ecore\" xmi:version=\"2.0\">\n<cas:NULL xmi:id=\"0\"/>\n");
    let attribute = |out: &mut String, name: &str, value: &str| {
        let _infallible = write!(out, " {name}=\"");
        markup::push_attribute(out, value);
        out.push('"');
    };
    let _infallible = write!(
        out,
        "<meta:DocumentMetaData xmi:id=\"2\" sofa=\"1\" begin=\"0\" end=\"{}\"",
        record.utf16_len()
    );
    attribute(&mut out, "language", &language(record));
    attribute(&mut out, "documentTitle", &record.article.title);
    attribute(&mut out, "documentId", record.id);
    attribute(&mut out, "documentUri", record.url());
    out.push_str("/>\n");
    for span in &record.spans {
        let first = ids.get(span.id.as_ref()).copied().unwrap_or_default();
        for (n, fragment) in span.fragments.iter().enumerate() {
            let range = record.utf16(fragment);
            let id = first + n;
            members.push(id.to_string());
            let _infallible = write!(
                out,
                "<custom:MediaSpan xmi:id=\"{id}\" sofa=\"1\" begin=\"{}\" end=\"{}\"",
                range.start, range.end
            );
            for (name, value) in values(record, span, n, features) {
                attribute(&mut out, name, &value);
            }
            out.push_str("/>\n");
        }
    }
    let first: usize = 10
        + record
            .spans
            .iter()
            .map(|s| s.fragments.len())
            .sum::<usize>();
    for (next, (from, to, role, range)) in (first..).zip(links(record, &ids)) {
        members.push(next.to_string());
        let _infallible = write!(
            out,
            "<custom:MediaLink xmi:id=\"{next}\" sofa=\"1\" begin=\"{}\" end=\"{}\"",
            range.start, range.end
        );
        attribute(&mut out, "relation", role);
        let _infallible = writeln!(out, " Governor=\"{from}\" Dependent=\"{to}\"/>");
    }
    out.push_str("<cas:Sofa xmi:id=\"1\" sofaNum=\"1\" sofaID=\"_InitialView\" mimeType=\"text\"");
    attribute(&mut out, "sofaString", record.text());
    let _infallible = write!(
        out,
        "/>\n<cas:View sofa=\"1\" members=\"{}\"/>\n</xmi:XMI>\n",
        members.join(" ")
    );
    out
}

/// Source, target, role, and where the target's first fragment stands.
fn links<'a>(
    record: &'a Record<'_>,
    ids: &HashMap<&str, usize>,
) -> Vec<(usize, usize, &'a str, std::ops::Range<u32>)> {
    let mut links = Vec::new();
    let by_id: HashMap<&str, &Span<'_>> = record.spans.iter().map(|s| (s.id.as_ref(), s)).collect();
    for span in &record.spans {
        for (role, target) in &span.links {
            let range = by_id.get(target.as_ref()).and_then(|s| s.fragments.first());
            let ends = ids.get(span.id.as_ref()).zip(ids.get(target.as_ref()));
            if let (Some((from, to)), Some(range)) = (ends, range) {
                links.push((*from, *to, *role, record.utf16(range)));
            }
        }
    }
    links
}

pub fn write_json(
    plan: &Plan<'_>,
    sink: &mut dyn Sink,
    progress: Progress<'_>,
) -> Result<Written, WriteError> {
    let features = features(plan);
    let mut declared = Map::new();
    for (name, above, list) in types(&features) {
        let mut held = Map::new();
        held.insert("%NAME".to_owned(), name.into());
        held.insert("%SUPER_TYPE".to_owned(), above.into());
        for (feature, range) in list {
            held.insert(
                feature.clone(),
                json!({ "%NAME": feature, "%RANGE": range }),
            );
        }
        declared.insert(name.to_owned(), Value::Object(held));
    }
    let declared = Value::Object(declared);
    written_with(plan, sink, progress, "json", |record| {
        let cas = cas_json(record, &features, &declared);
        Ok(serde_json::to_vec(&cas).map_err(std::io::Error::from)?)
    })
}

fn cas_json(record: &Record<'_>, features: &BTreeMap<&str, String>, types: &Value) -> Value {
    let ids = ids(record);
    let mut members = vec![2];
    let mut structures = vec![
        json!({
            "%ID": 1, "%TYPE": "uima.cas.Sofa", "sofaNum": 1, "sofaID": "_InitialView",
            "mimeType": "text", "sofaString": record.text(),
        }),
        json!({
            "%ID": 2, "%TYPE": META, "@sofa": 1, "begin": 0, "end": record.utf16_len(),
            "language": language(record), "documentTitle": record.article.title,
            "documentId": record.id, "documentUri": record.url(),
        }),
    ];
    for span in &record.spans {
        let first = ids.get(span.id.as_ref()).copied().unwrap_or_default();
        for (n, fragment) in span.fragments.iter().enumerate() {
            let range = record.utf16(fragment);
            let id = first + n;
            members.push(id);
            let mut held = Map::new();
            held.insert("%ID".to_owned(), id.into());
            held.insert("%TYPE".to_owned(), SPAN.into());
            held.insert("@sofa".to_owned(), 1.into());
            held.insert("begin".to_owned(), range.start.into());
            held.insert("end".to_owned(), range.end.into());
            for (name, value) in values(record, span, n, features) {
                held.insert(name.to_owned(), value.into());
            }
            structures.push(Value::Object(held));
        }
    }
    let first: usize = 10
        + record
            .spans
            .iter()
            .map(|s| s.fragments.len())
            .sum::<usize>();
    for (next, (from, to, role, range)) in (first..).zip(links(record, &ids)) {
        members.push(next);
        structures.push(json!({
            "%ID": next, "%TYPE": LINK, "@sofa": 1, "begin": range.start, "end": range.end,
            "relation": role, "@Governor": from, "@Dependent": to,
        }));
    }
    json!({
        "%TYPES": types, "%FEATURE_STRUCTURES": structures,
        "%VIEWS": { "_InitialView": { "%SOFA": 1, "%MEMBERS": members } },
    })
}

pub fn prove_xmi(
    plan: &Plan<'_>,
    stored: &dyn Stored,
    progress: Progress<'_>,
) -> Result<Written, WriteError> {
    let rules = Rules {
        held: Some(markup::held),
        ..Rules::default()
    };
    proof::files(plan, stored, progress, "xmi", rules, |planned| {
        format!("{}.xmi", planned.file_stem)
    })
}

pub fn prove_json(
    plan: &Plan<'_>,
    stored: &dyn Stored,
    progress: Progress<'_>,
) -> Result<Written, WriteError> {
    proof::files(
        plan,
        stored,
        progress,
        "cas-json",
        Rules::default(),
        |planned| format!("{}.json", planned.file_stem),
    )
}
