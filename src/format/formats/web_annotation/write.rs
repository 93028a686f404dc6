//! W3C Web Annotations: `annotations.jsonld`, an annotation page with an annotation a line, and the
//! texts beside it. Positions are code points; quotations carry what stands around them, at most 32
//! UTF-16 units on each side, which is what readers in browsers can match.
//!
//! What is said of an article is an annotation of motivation `describing` before its others, and so
//! is each label's description; a body's `label` (`rdfs:label` in the context) names what its value
//! is: an attribute, or a field of the metadata.

use crate::core::annotation::AttributeValue;
use crate::format::WriteError;
use crate::format::export::format::{Format, FormatGroup, Part, Shape};
use crate::format::export::options::Choice;
use crate::format::export::options::Texts;
use crate::format::export::plan::{Plan, Planned};
use crate::format::export::proof::{self, CodePoints, Lines};
use crate::format::export::record::{Fragment, Record, Span};
use crate::format::export::{Progress, Sink, Stored, Written, markup};
use crate::format::formats::web_annotation::{
    ABOUT, ANNOTATION, ARTICLE, CONCEPT, LABEL, LINK, PROJECT, STANDARD, standard_of, urn,
};
use crate::format::words::article_rows::marked_kind;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::borrow::Cow;

pub const FORMAT: Format = Format {
    name: "w3c",
    aliases: &["webannotation", "web-annotation"],
    title: "W3C Web Annotations",
    group: FormatGroup::Exchange,
    shape: Shape::Folder { main: "" },
    offset_unit: "Unicode code points, with quotations",
    read_by: "annotation clients and archives of the web",
    lacks: &[Part::Nothing, Part::Sets, Part::OfProject],
    adds: "the texts beside",
    changes: "links are annotations of motivation “linking”; labels and what is said of articles are those of motivation “describing”",
    choices: &[&Choice::TEXTS],
    write,
    prove,
    splits_itself: false,
    reader: Some(&super::read::READER),
};

const NAME: &str = "annotations.jsonld";
const MAX_CONTEXT_UNITS: usize = 32;

/// The end of a text, at most so long, whole characters.
fn end_of(text: &str) -> &str {
    let mut units = 0;
    let mut from = text.len();
    for (at, c) in text.char_indices().rev() {
        units += c.len_utf16();
        if units > MAX_CONTEXT_UNITS {
            break;
        }
        from = at;
    }
    text.get(from..).unwrap_or("")
}

fn start_of(text: &str) -> &str {
    let mut units = 0;
    let mut to = 0;
    for (at, c) in text.char_indices() {
        units += c.len_utf16();
        if units > MAX_CONTEXT_UNITS {
            break;
        }
        to = at + c.len_utf8();
    }
    text.get(..to).unwrap_or("")
}

fn source(record: &Record<'_>) -> String {
    markup::address(record.url()).unwrap_or_else(|| urn(ARTICLE, record.id))
}

fn target(plan: &Plan<'_>, record: &Record<'_>, fragment: &Fragment<'_>) -> Value {
    let range = fragment.range();
    let mut selectors =
        vec![json!({ "type": "TextPositionSelector", "start": range.start, "end": range.end })];
    if plan.options.texts != Texts::Hashes {
        let bytes = fragment.bytes.as_usize();
        let mut quote = Map::new();
        quote.insert("type".to_owned(), "TextQuoteSelector".into());
        quote.insert("exact".to_owned(), fragment.text.into());
        if plan.has_texts() {
            let before = record.text().get(..bytes.start).unwrap_or("");
            let after = record.text().get(bytes.end..).unwrap_or("");
            quote.insert("prefix".to_owned(), end_of(before).into());
            quote.insert("suffix".to_owned(), start_of(after).into());
        }
        selectors.push(Value::Object(quote));
    }
    let scope = if plan.has_texts() {
        format!("texts/{}.txt", record.file_stem)
    } else {
        urn(ARTICLE, record.id)
    };
    json!({ "type": "SpecificResource", "source": source(record), "selector": selectors, "scope": scope })
}

fn said(purpose: &str, value: &str) -> Value {
    json!({ "type": "TextualBody", "purpose": purpose, "value": value })
}

fn named(purpose: &str, label: &str, value: &str) -> Value {
    json!({ "type": "TextualBody", "purpose": purpose, "label": label, "value": value })
}

/// What is known of an article: its text, title, metadata, status and notes.
fn about(plan: &Plan<'_>, record: &Record<'_>) -> Value {
    let article = record.article;
    let mut bodies = vec![if plan.has_texts() {
        let name = format!("texts/{}.txt", record.file_stem);
        json!({ "id": name, "type": "Text", "format": "text/plain" })
    } else {
        named("identifying", "text", article.text.hash())
    }];
    if !article.title.is_empty() {
        bodies.push(named("identifying", "title", &article.title));
    }
    for (field, value) in &article.metadata {
        bodies.push(named("describing", field, value));
    }
    for (annotator, status) in &article.status {
        let mut body = said("assessing", status.name());
        if let Some(body) = body.as_object_mut() {
            let creator = json!({ "type": "Person", "nickname": annotator.as_str() });
            body.insert("creator".to_owned(), creator);
        }
        bodies.push(body);
    }
    if !article.notes.is_empty() {
        bodies.push(said("commenting", &article.notes));
    }
    json!({
        "id": urn(ABOUT, record.id), "type": "Annotation", "motivation": "describing",
        "body": bodies, "target": { "type": "SpecificResource", "source": source(record) },
    })
}

/// A label's name, definition and colour.
fn definition(plan: &Plan<'_>, label: &str) -> Value {
    let mut bodies = vec![
        said("tagging", label),
        named("identifying", "name", plan.label_title(label)),
    ];
    if let Some(known) = plan.project.codebook().label(label) {
        if !known.definition.is_empty() {
            bodies.push(named("describing", "definition", &known.definition));
        }
        let color = format!("#{:06x}", known.color);
        bodies.push(named("describing", "color", &color));
    }
    json!({
        "id": urn(LABEL, label), "type": "Annotation", "motivation": "describing",
        "body": bodies, "target": { "type": "SpecificResource", "source": urn(CONCEPT, label) },
    })
}

/// An annotation, and one of motivation `linking` for each of its links.
fn annotations(plan: &Plan<'_>, record: &Record<'_>, span: &Span<'_>) -> Vec<Value> {
    let mut bodies = vec![said("tagging", span.label)];
    for (name, value) in &span.attributes {
        match value.as_ref() {
            AttributeValue::Many(values) if !values.is_empty() => {
                bodies.extend(values.iter().map(|value| named("classifying", name, value)));
            }
            value => {
                let mut body = named("describing", name, &record.project.value_text_apart(value));
                let standard = marked_kind(value).and_then(standard_of);
                if let (Some(standard), Some(body)) = (standard, body.as_object_mut()) {
                    body.insert(STANDARD.to_owned(), standard.into());
                }
                bodies.push(body);
            }
        }
    }
    if !span.note.is_empty() {
        bodies.push(said("commenting", &span.note));
    }
    let targets: Vec<Value> = span
        .fragments
        .iter()
        .map(|f| target(plan, record, f))
        .collect();
    let mut held = Map::new();
    held.insert("id".to_owned(), urn(ANNOTATION, &span.id).into());
    held.insert("type".to_owned(), "Annotation".into());
    held.insert("motivation".to_owned(), "highlighting".into());
    held.insert(
        "creator".to_owned(),
        json!({ "type": "Person", "nickname": span.annotator }),
    );
    if !span.made().is_empty() {
        held.insert("created".to_owned(), span.made().into());
    }
    if !span.changed().is_empty() {
        held.insert("modified".to_owned(), span.changed().into());
    }
    held.insert("body".to_owned(), bodies.into());
    held.insert("target".to_owned(), targets.into());
    let mut all = vec![Value::Object(held)];
    for (n, (role, to)) in span.links.iter().enumerate() {
        all.push(json!({
            "id": format!("{}:{}", urn(LINK, &span.id), n + 1), "type": "Annotation", "motivation": "linking",
            "creator": { "type": "Person", "nickname": span.annotator },
            "body": [{ "id": urn(ANNOTATION, to) }, said("tagging", role)],
            "target": urn(ANNOTATION, &span.id),
        }));
    }
    all
}

fn text_name(planned: &Planned<'_>) -> String {
    format!("texts/{}.txt", planned.file_stem)
}

pub fn write(
    plan: &Plan<'_>,
    sink: &mut dyn Sink,
    progress: Progress<'_>,
) -> Result<Written, WriteError> {
    let mut written = Written::default();
    sink.files(&[NAME], &mut |outs, sink| {
        let [out] = outs else {
            return Err(WriteError::of_the_program());
        };
        let name = match plan.project.name() {
            "" => "untitled",
            name => name,
        };
        let name = serde_json::to_string(&urn(PROJECT, name)).map_err(std::io::Error::from)?;
        write!(out, "{{\"@context\":\"http://www.w3.org/ns/anno.jsonld\",\"id\":{name},\"type\":\"AnnotationPage\",\"items\":[")?;
        let mut is_first = true;
        for label in plan.labels.keys() {
            out.write_all(if std::mem::take(&mut is_first) { b"\n" } else { b",\n" })?;
            let line = serde_json::to_vec(&definition(plan, label));
            out.write_all(&line.map_err(std::io::Error::from)?)?;
        }
        let json = |value: &Value| serde_json::to_vec(value).map_err(std::io::Error::from);
        written = plan.write_each(
            progress,
            |record, _| {
                let mut lines = vec![json(&about(plan, record))?];
                for span in &record.spans {
                    for annotation in annotations(plan, record, span) {
                        lines.push(json(&annotation)?);
                    }
                }
                Ok(lines)
            },
            |planned, lines| {
                if plan.has_texts() {
                    let text = planned.article.text.as_str();
                    sink.put(&text_name(planned), text.as_bytes())?;
                }
                for line in lines {
                    out.write_all(if std::mem::take(&mut is_first) { b"\n" } else { b",\n" })?;
                    out.write_all(&line)?;
                }
                Ok(())
            },
        )?;
        Ok(out.write_all(b"\n]}\n")?)
    })?;
    Ok(written)
}

/// Each position is cut from the text file beside and compared with the quotation and the project.
pub fn prove(
    plan: &Plan<'_>,
    stored: &dyn Stored,
    progress: Progress<'_>,
) -> Result<Written, WriteError> {
    let broken = |what: &str| WriteError::Unreadable(what.to_owned());
    let mut lines = Lines::open(stored, NAME)?;
    let head = lines.next()?.unwrap_or_default();
    if !head.starts_with(b"{\"@context\":") || !head.ends_with(b"\"items\":[") {
        return Err(broken("the page does not begin as it was written"));
    }
    let begins = format!("{{\"id\":\"{}", urn(ABOUT, ""));
    // Labels come first, then each article with its annotations.
    let mut next = || -> Result<Option<Vec<u8>>, WriteError> {
        let mut line = lines.next()?.ok_or_else(|| broken("the page is cut off"))?;
        if line.last() == Some(&b',') {
            line.pop();
        }
        Ok(Some(line).filter(|line| !line.starts_with(b"]")))
    };
    let mut waiting = next()?;
    for label in plan.labels.keys() {
        let found = value(waiting.as_deref().unwrap_or_default())?;
        if found.get("id").and_then(Value::as_str) != Some(urn(LABEL, label).as_str()) {
            return Err(broken("a label is missing"));
        }
        waiting = next()?;
    }
    proof::each(
        plan,
        progress,
        || {
            let mut of_article = Vec::new();
            while let Some(line) = waiting.take() {
                if line.starts_with(begins.as_bytes()) && !of_article.is_empty() {
                    waiting = Some(line);
                    break;
                }
                of_article.push(line);
                waiting = next()?;
            }
            Ok(Some(of_article).filter(|lines| !lines.is_empty()))
        },
        |planned, lines| prove_article(plan, planned, &lines, stored),
    )
}

fn value(line: &[u8]) -> Result<Value, WriteError> {
    serde_json::from_slice(line).map_err(unreadable)
}

fn unreadable(error: serde_json::Error) -> WriteError {
    WriteError::Unreadable(error.to_string())
}

/// What of an annotation is compared.
#[derive(Deserialize)]
struct Back<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
    #[serde(borrow)]
    body: Vec<BackBody<'a>>,
    #[serde(borrow)]
    target: Vec<BackTarget<'a>>,
}

#[derive(Deserialize)]
struct BackBody<'a> {
    #[serde(borrow, default)]
    value: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct BackTarget<'a> {
    #[serde(borrow)]
    selector: Vec<BackSelector<'a>>,
}

/// By position, or by quotation.
#[derive(Deserialize)]
struct BackSelector<'a> {
    start: Option<usize>,
    end: Option<usize>,
    #[serde(borrow, default)]
    exact: Option<Cow<'a, str>>,
}

fn prove_article(
    plan: &Plan<'_>,
    planned: &Planned<'_>,
    lines: &[Vec<u8>],
    stored: &dyn Stored,
) -> Result<Written, WriteError> {
    let record = plan.record(planned)?;
    let text = if plan.has_texts() {
        String::from_utf8_lossy(&stored.bytes(&text_name(planned))?).into_owned()
    } else {
        record.text().to_owned()
    };
    if text != record.text() {
        return Err(mismatch(&record, "-", "the text differs"));
    }
    let points = CodePoints::of(&text);
    let mut lines = lines.iter();
    let mut next = |annotation: &str| {
        let line = lines.next().map(Vec::as_slice);
        line.ok_or_else(|| mismatch(&record, annotation, "it is missing"))
    };
    if value(next("-")?)? != about(plan, &record) {
        return Err(mismatch(&record, "-", "what is said of it differs"));
    }
    for span in &record.spans {
        let found = serde_json::from_slice(next(&span.id)?).map_err(unreadable)?;
        compare(plan, &record, span, &found, &points)?;
        for _ in &span.links {
            let link = value(next(&span.id)?)?;
            if link.get("target").and_then(Value::as_str) != Some(&urn(ANNOTATION, &span.id)) {
                return Err(mismatch(&record, &span.id, "a link stands elsewhere"));
            }
        }
    }
    if lines.next().is_some() {
        return Err(mismatch(&record, "-", "it has more annotations"));
    }
    let mut written = Written::default();
    written.count(&record);
    Ok(written)
}

fn mismatch(record: &Record<'_>, annotation: &str, detail: &str) -> WriteError {
    WriteError::Mismatch {
        article: record.id.to_owned(),
        annotation: annotation.to_owned(),
        detail: detail.to_owned(),
    }
}

fn compare(
    plan: &Plan<'_>,
    record: &Record<'_>,
    span: &Span<'_>,
    found: &Back<'_>,
    points: &CodePoints<'_>,
) -> Result<(), WriteError> {
    let wrong = |detail: &str| mismatch(record, &span.id, detail);
    let label = found.body.first().and_then(|body| body.value.as_deref());
    if found.id != urn(ANNOTATION, &span.id) || label != Some(span.label) {
        return Err(wrong("another annotation stands in its place"));
    }
    if found.target.len() != span.fragments.len() {
        return Err(wrong("it has another number of fragments"));
    }
    for (fragment, target) in span.fragments.iter().zip(&found.target) {
        let position = target.selector.first();
        let cut = position.and_then(|at| points.slice(at.start?..at.end?));
        let quote = target.selector.get(1);
        let exact = quote.and_then(|quote| quote.exact.as_deref());
        let quoted = match plan.options.texts {
            Texts::Hashes => exact.is_none(),
            _ => exact == Some(fragment.text),
        };
        if cut != Some(fragment.text) || !quoted {
            return Err(wrong("the text at its positions differs"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::export::options::ExportOptions;
    use crate::format::export::tests::{TORTURE, project_of, written};
    use crate::format::formats::format_named;
    use crate::format::readers::recognise;
    use crate::format::reading::{KnownTexts, ReadOptions, Source};

    #[test]
    fn texts_that_stayed_at_home_are_found_there() {
        let project = project_of(TORTURE);
        for texts in [Texts::Quoted, Texts::Hashes] {
            let options = ExportOptions {
                texts,
                ..ExportOptions::default()
            };
            let plan = Plan::new(&project, &options);
            let memory = written(format_named("w3c").unwrap(), &plan);
            assert_eq!(memory.0.len(), 1);
            let source = Source {
                name: NAME,
                bytes: &memory.0[NAME],
                siblings: &memory.0,
            };
            let (reader, _) = recognise(source).unwrap();
            let options = ReadOptions {
                known_texts: KnownTexts::of(&project),
                ..ReadOptions::default()
            };
            let reading = (reader.read)(&source, &options).unwrap();
            assert_eq!(reading.articles.len(), project.articles().len());
            for (found, article) in reading.articles.iter().zip(project.articles()) {
                assert_eq!(found.id, article.id.as_str());
                assert_eq!(found.text, article.text.as_str());
                assert_eq!(found.annotations.len(), article.annotations.len());
            }
            let refusal = (reader.read)(&source, &ReadOptions::default()).unwrap_err();
            assert!(refusal.0.contains("are not here"), "{refusal}");
        }
    }
}
