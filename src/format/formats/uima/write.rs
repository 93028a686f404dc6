//! UIMA CAS as XMI with its type system, and as CAS JSON 0.4: a file for each article, as INCEpTION
//! imports them. Offsets are UTF-16 code units in both.
//!
//! Annotations are a span layer `webanno.custom.MediaSpan` with a feature for each attribute, links
//! a relation layer `webanno.custom.MediaLink` (Governor to Dependent). What has no place in either
//! stands in structures `webanno.custom.MediaInfo`, which belong to the article as a whole: other
//! metadata, status, notes, the codebook, and the names of attributes that UIMA forbids.

use crate::format::WriteError;
use crate::format::export::article_rows::{Row, rows, value_kinds};
use crate::format::export::format::{Format, FormatGroup, Part, Shape};
use crate::format::export::plan::Plan;
use crate::format::export::proof::{self, Rules};
use crate::format::export::record::{Record, Span};
use crate::format::export::{Progress, Sink, Stored, Written, markup};
use crate::format::words::article_rows::ATTRIBUTE;
use crate::format::words::layers::{FEATURES, INFO, LINK, SPAN, TAKEN};
use crate::format::words::names::attributes;
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};
use serde_json::{Map, Value, json};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fmt::Write as _;

pub const XMI: Format = Format {
    name: "xmi",
    aliases: &["uima-xmi"],
    title: "UIMA CAS XMI",
    group: FormatGroup::Annotation,
    shape: Shape::Folder { main: "" },
    offset_unit: "UTF-16 code units",
    read_by: "INCEpTION, Apache UIMA, dkpro-cassis",
    lacks: &[Part::Nothing, Part::Sets],
    adds: "its type system",
    changes: "a discontinuous annotation is one span for each fragment; links are relations; characters that XML cannot hold are replaced; what belongs to the article and the codebook stand in structures of their own",
    choices: &[],
    write: write_xmi,
    prove: prove_xmi,
    splits_itself: false,
    reader: Some(&super::read::xmi::READER),
};

pub const JSON: Format = Format {
    name: "casjson",
    aliases: &["cas-json"],
    title: "UIMA CAS JSON",
    group: FormatGroup::Annotation,
    shape: Shape::Folder { main: "" },
    offset_unit: "UTF-16 code units",
    read_by: "INCEpTION, dkpro-cassis",
    lacks: &[Part::Nothing, Part::Sets],
    adds: "its type system",
    changes: "a discontinuous annotation is one span for each fragment; links are relations; what belongs to the article and the codebook stand in structures of their own",
    choices: &[],
    write: write_json,
    prove: prove_json,
    splits_itself: false,
    reader: Some(&super::read::json::READER),
};

const META: &str = "de.tudarmstadt.ukp.dkpro.core.api.metadata.type.DocumentMetaData";

/// Feature names by attribute.
pub(crate) type Features<'p> = BTreeMap<&'p str, String>;

/// A name that UIMA and those who read its files allow: ASCII letters, digits and `_`, beginning
/// with a letter (UIMA's `TypeSystemUtil`), and not one that is taken.
fn feature_name(attribute: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let name: String = attribute
        .chars()
        .map(|c| if is_plain(c) { c } else { '_' })
        .collect();
    // WebAnno TSV has a meaning for these two.
    let is_taken = TAKEN.contains(&name.as_str())
        || name.starts_with("ROLE_")
        || name.starts_with("BT_")
        || !name.starts_with(|c: char| c.is_ascii_alphabetic());
    if is_taken {
        format!("attribute_{name}")
    } else {
        name
    }
}

pub(crate) fn features<'p>(plan: &'p Plan<'_>) -> Features<'p> {
    let mut taken = HashSet::new();
    let mut features = Features::new();
    let names = plan.attributes.keys().map(String::as_str);
    // Names that need no change keep themselves.
    let (kept, changed): (Vec<&str>, Vec<&str>) =
        names.partition(|name| feature_name(name) == *name);
    for name in kept.into_iter().chain(changed) {
        let base = feature_name(name);
        let mut candidate = base.clone();
        let mut number = 2;
        while !taken.insert(candidate.to_lowercase()) {
            candidate = format!("{base}_{number}");
            number += 1;
        }
        features.insert(name, candidate);
    }
    features
}

/// Whether a feature does not say by itself which attribute it is.
fn is_renamed(attribute: &str, feature: &str) -> bool {
    attributes(&TAKEN).plain(feature) != attribute
}

/// What stands beside the annotations of an article.
pub(crate) fn info<'a>(
    plan: &'a Plan<'_>,
    record: &'a Record<'_>,
    features: &'a Features<'_>,
) -> Vec<Row<'a>> {
    let mut rows = rows(plan, record);
    let attributes = record.spans.iter().flat_map(|span| &span.attributes);
    let used: BTreeSet<&str> = attributes.map(|(name, _)| *name).collect();
    let renamed = used.into_iter().filter_map(|name| {
        let feature = features.get(name).filter(|own| is_renamed(name, own))?;
        Some(Row {
            kind: ATTRIBUTE,
            name: feature,
            value: name.into(),
        })
    });
    rows.extend(renamed);
    rows.extend(value_kinds(record));
    rows
}

/// The features of a fragment that are there: the `nth` of `count`, from 0 on. All stands with the
/// first, and with the others what says whose they are.
pub(crate) fn values<'a>(
    record: &Record<'_>,
    span: &'a Span<'_>,
    (nth, count): (usize, usize),
    features: &'a Features<'_>,
) -> Vec<(&'a str, String)> {
    let mut values = vec![
        ("label", span.label.to_owned()),
        ("annotator", span.annotator.to_string()),
        ("annotationId", span.id.to_string()),
    ];
    if count > 1 {
        values.push(("fragment", format!("{}/{count}", nth + 1)));
    }
    if nth == 0 {
        values.push(("note", span.note.to_string()));
        values.push(("created", span.made()));
        values.push(("changed", span.changed()));
    }
    values.retain(|(_, value)| !value.is_empty());
    if nth == 0 {
        for (name, value) in &span.attributes {
            if let Some(feature) = features.get(name) {
                values.push((feature, record.project.value_text_apart(value)));
            }
        }
    }
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
    plan.write_each(
        progress,
        |record, counted| {
            counted.note_fragments(record);
            make(record)
        },
        |planned, bytes| sink.put(&format!("{}.{ending}", planned.file_stem), &bytes),
    )
}

pub fn write_xmi(
    plan: &Plan<'_>,
    sink: &mut dyn Sink,
    progress: Progress<'_>,
) -> Result<Written, WriteError> {
    let features = features(plan);
    sink.put("TypeSystem.xml", type_system(plan, &features).as_bytes())?;
    let mut written = written_with(plan, sink, progress, "xmi", |record| {
        Ok(xmi(plan, record, &features).into_bytes())
    })?;
    for planned in &plan.articles {
        markup::note_replaced(&plan.record(planned)?, &mut written.losses);
    }
    Ok(written)
}

/// The types as INCEpTION imports them as layers; descriptions say which labels and attributes the
/// names stand for.
pub(crate) fn type_system(plan: &Plan<'_>, features: &Features<'_>) -> String {
    let attributes = features.iter();
    let attributes: HashMap<&str, String> = attributes
        .filter(|(name, feature)| is_renamed(name, feature))
        .map(|(name, feature)| (feature.as_str(), format!("The attribute “{name}”")))
        .collect();
    let labels = plan.labels.keys();
    let labels: Vec<String> = labels
        .filter_map(|id| plan.project.codebook().label(id))
        .map(
            |label| match (label.name == label.id.as_str(), label.definition.as_str()) {
                (true, "") => label.id.to_string(),
                (false, "") => format!("{} ({})", label.id, label.name),
                (true, definition) => format!("{}: {definition}", label.id),
                (false, definition) => format!("{} ({}): {definition}", label.id, label.name),
            },
        )
        .collect();
    let labels = labels.join("\n");
    let mut out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<typeSystemDescription xmlns=\"http://uima.apache.org/resourceSpecifier\"><types>\n".to_owned();
    for (name, above, list) in types(features) {
        let _infallible = write!(
            out,
            "<typeDescription><name>{name}</name><description>{}</description><supertypeName>{above}</supertypeName><features>",
            markup::text(described(name))
        );
        for (feature, range) in list {
            let description = match (name, feature.as_str()) {
                (SPAN, "label") => labels.as_str(),
                (SPAN, feature) => attributes.get(feature).map_or("", String::as_str),
                _ => "",
            };
            let _infallible = write!(
                out,
                "<featureDescription><name>{feature}</name><description>{}</description><rangeTypeName>{range}</rangeTypeName></featureDescription>",
                markup::text(description)
            );
        }
        out.push_str("</features></typeDescription>\n");
    }
    out.push_str("</types></typeSystemDescription>\n");
    out
}

fn described(name: &str) -> &'static str {
    match name {
        SPAN => "An annotation, or a fragment of one: those with one annotationId belong together",
        LINK => "A link between annotations",
        INFO => "What belongs to the article as a whole",
        _ => "",
    }
}

type TypeRow = (&'static str, &'static str, Vec<(String, &'static str)>);

fn types(features: &Features<'_>) -> [TypeRow; 4] {
    const STRING: &str = "uima.cas.String";
    let strings = |names: &[&str]| -> Vec<(String, &'static str)> {
        names
            .iter()
            .map(|name| ((*name).to_owned(), STRING))
            .collect()
    };
    let mut span = strings(&FEATURES);
    span.extend(features.values().map(|name| (name.clone(), STRING)));
    let mut link = vec![
        ("Governor".to_owned(), SPAN),
        ("Dependent".to_owned(), SPAN),
    ];
    link.extend(strings(&["relation"]));
    [
        (SPAN, "uima.tcas.Annotation", span),
        (LINK, "uima.tcas.Annotation", link),
        // No stretch of the text, so INCEpTION does not take it for a layer.
        (
            INFO,
            "uima.cas.AnnotationBase",
            strings(&["kind", "name", "value"]),
        ),
        (
            META,
            "uima.tcas.DocumentAnnotation",
            strings(&["documentTitle", "documentId", "documentUri"]),
        ),
    ]
}

fn xmi(plan: &Plan<'_>, record: &Record<'_>, features: &Features<'_>) -> String {
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
            for (name, value) in values(record, span, (n, span.fragments.len()), features) {
                attribute(&mut out, name, &value);
            }
            out.push_str("/>\n");
        }
    }
    let mut next = 10 + fragments(record);
    for (from, to, role, range) in links(record, &ids) {
        members.push(next.to_string());
        let _infallible = write!(
            out,
            "<custom:MediaLink xmi:id=\"{next}\" sofa=\"1\" begin=\"{}\" end=\"{}\"",
            range.start, range.end
        );
        attribute(&mut out, "relation", role);
        let _infallible = writeln!(out, " Governor=\"{from}\" Dependent=\"{to}\"/>");
        next += 1;
    }
    for row in info(plan, record, features) {
        members.push(next.to_string());
        let _infallible = write!(out, "<custom:MediaInfo xmi:id=\"{next}\" sofa=\"1\"");
        attribute(&mut out, "kind", row.kind);
        attribute(&mut out, "name", row.name);
        attribute(&mut out, "value", &row.value);
        out.push_str("/>\n");
        next += 1;
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

fn fragments(record: &Record<'_>) -> usize {
    record.spans.iter().map(|s| s.fragments.len()).sum()
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
    let declared = to_raw_value(&declared).map_err(std::io::Error::from)?;
    written_with(plan, sink, progress, "json", |record| {
        let cas = cas_json(plan, record, &features, &declared);
        Ok(serde_json::to_vec(&cas).map_err(std::io::Error::from)?)
    })
}

#[derive(Serialize)]
struct Cas<'a> {
    #[serde(rename = "%TYPES")]
    types: &'a RawValue,
    #[serde(rename = "%FEATURE_STRUCTURES")]
    structures: Vec<Structure<'a>>,
    #[serde(rename = "%VIEWS")]
    views: Value,
}

struct Structure<'a>(Vec<(&'a str, Field<'a>)>);

#[derive(Serialize)]
#[serde(untagged)]
enum Field<'a> {
    Number(usize),
    Text(Cow<'a, str>),
}

impl Serialize for Structure<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, field)| (name, field)))
    }
}

fn cas_json<'a>(
    plan: &'a Plan<'_>,
    record: &'a Record<'_>,
    features: &'a Features<'_>,
    types: &'a RawValue,
) -> Cas<'a> {
    use Field::{Number, Text};
    let ids = ids(record);
    let begun =
        |id: usize, kind: &'static str| vec![("%ID", Number(id)), ("%TYPE", Text(kind.into()))];
    let standing = |id: usize, kind: &'static str, range: std::ops::Range<u32>| {
        let mut fields = begun(id, kind);
        fields.push(("@sofa", Number(1)));
        fields.push(("begin", Number(range.start as usize)));
        fields.push(("end", Number(range.end as usize)));
        fields
    };
    let mut sofa = begun(1, "uima.cas.Sofa");
    sofa.push(("sofaNum", Number(1)));
    sofa.push(("sofaID", Text("_InitialView".into())));
    sofa.push(("mimeType", Text("text".into())));
    sofa.push(("sofaString", Text(record.text().into())));
    let mut meta = standing(2, META, 0..record.utf16_len());
    meta.push(("language", Text(language(record).into())));
    meta.push(("documentTitle", Text(record.article.title.as_str().into())));
    meta.push(("documentId", Text(record.id.into())));
    meta.push(("documentUri", Text(record.url().into())));
    let mut members = vec![2];
    let mut structures = vec![Structure(sofa), Structure(meta)];
    for span in &record.spans {
        let first = ids.get(span.id.as_ref()).copied().unwrap_or_default();
        for (n, fragment) in span.fragments.iter().enumerate() {
            members.push(first + n);
            let mut held = standing(first + n, SPAN, record.utf16(fragment));
            let values = values(record, span, (n, span.fragments.len()), features);
            held.extend(
                values
                    .into_iter()
                    .map(|(name, value)| (name, Text(value.into()))),
            );
            structures.push(Structure(held));
        }
    }
    let mut next = 10 + fragments(record);
    for (from, to, role, range) in links(record, &ids) {
        members.push(next);
        let mut held = standing(next, LINK, range);
        held.push(("relation", Text(role.into())));
        held.push(("@Governor", Number(from)));
        held.push(("@Dependent", Number(to)));
        structures.push(Structure(held));
        next += 1;
    }
    for row in info(plan, record, features) {
        members.push(next);
        let mut held = begun(next, INFO);
        held.push(("@sofa", Number(1)));
        held.push(("kind", Text(row.kind.into())));
        held.push(("name", Text(row.name.into())));
        held.push(("value", Text(row.value)));
        structures.push(Structure(held));
        next += 1;
    }
    Cas {
        types,
        structures,
        views: json!({ "_InitialView": { "%SOFA": 1, "%MEMBERS": members } }),
    }
}

pub fn prove_xmi(
    plan: &Plan<'_>,
    stored: &dyn Stored,
    progress: Progress<'_>,
) -> Result<Written, WriteError> {
    let reader = &super::read::xmi::READER;
    proof::xml(plan, stored, progress, reader, "xmi")
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
        &super::read::json::READER,
        Rules {
            details: proof::Details::All,
            ..Rules::default()
        },
        |planned| format!("{}.json", planned.file_stem),
    )
}
