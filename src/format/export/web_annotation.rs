//! W3C Web Annotations: `annotations.jsonld`, an annotation page with an annotation a line, and the
//! texts beside it. Positions are code points; quotations carry what stands around them, at most 32
//! UTF-16 units on each side, which is what readers in browsers can match.

use super::options::Texts;
use super::plan::{Plan, Planned};
use super::proof::Lines;
use super::record::{Fragment, Record, Span};
use super::{Progress, Sink, Stored, Written, parallel};
use crate::format::WriteError;
use serde_json::{Map, Value, json};

const NAME: &str = "annotations.jsonld";
const MAX_CONTEXT_UNITS: usize = 32;

fn urn(id: &str) -> String {
    let mut out = "urn:pressmark:".to_owned();
    for byte in id.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' => {
                out.push(char::from(byte))
            }
            byte => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

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
    match record.url() {
        url if url.starts_with("http://") || url.starts_with("https://") => url.to_owned(),
        _ => urn(record.id),
    }
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
    let mut target =
        json!({ "type": "SpecificResource", "source": source(record), "selector": selectors });
    if let Some(target) = target.as_object_mut() {
        match plan.has_texts() {
            true => target.insert(
                "scope".to_owned(),
                format!("texts/{}.txt", record.file_stem).into(),
            ),
            false => target.insert(
                "state".to_owned(),
                json!({ "type": "HttpRequestState", "value": record.article.text.hash() }),
            ),
        };
    }
    target
}

/// An annotation, and one of motivation `linking` for each of its links.
fn annotations(plan: &Plan<'_>, record: &Record<'_>, span: &Span<'_>) -> Vec<Value> {
    let mut bodies =
        vec![json!({ "type": "TextualBody", "purpose": "tagging", "value": span.label })];
    for (name, value) in &span.attributes {
        let value = record.project.value_text(value);
        let id = format!("urn:pressmark:attribute:{}", plan.safe_attribute(name));
        bodies.push(
            json!({ "id": id, "type": "TextualBody", "purpose": "describing", "value": value }),
        );
    }
    if !span.note.is_empty() {
        bodies.push(json!({ "type": "TextualBody", "purpose": "commenting", "value": span.note }));
    }
    let targets: Vec<Value> = span
        .fragments
        .iter()
        .map(|f| target(plan, record, f))
        .collect();
    let mut held = Map::new();
    held.insert("id".to_owned(), urn(&span.id).into());
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
    for (role, to) in &span.links {
        all.push(json!({
            "id": urn(&format!("{}-{role}-{to}", span.id)), "type": "Annotation", "motivation": "linking",
            "creator": { "type": "Person", "nickname": span.annotator },
            "body": [{ "id": urn(to) }, { "type": "TextualBody", "purpose": "describing", "value": role }],
            "target": urn(&span.id),
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
    sink.file(NAME, &mut |out| {
        let name = serde_json::to_string(&urn(plan.project.name())).map_err(std::io::Error::from)?;
        write!(out, "{{\"@context\":\"http://www.w3.org/ns/anno.jsonld\",\"id\":{name},\"type\":\"AnnotationPage\",\"items\":[")?;
        let mut is_first = true;
        parallel::in_order(
            &plan.articles,
            progress,
            |planned| {
                let record = plan.record(planned)?;
                let mut counted = Written::default();
                counted.count(&record);
                let mut lines: Vec<Vec<u8>> = Vec::new();
                for span in &record.spans {
                    for annotation in annotations(plan, &record, span) {
                        lines.push(serde_json::to_vec(&annotation).map_err(std::io::Error::from)?);
                    }
                }
                Ok((lines, counted))
            },
            |_, (lines, counted)| {
                for line in lines {
                    out.write_all(if std::mem::take(&mut is_first) { b"\n" } else { b",\n" })?;
                    out.write_all(&line)?;
                }
                written.add(&counted);
                Ok(())
            },
        )?;
        Ok(out.write_all(b"\n]}\n")?)
    })?;
    if plan.has_texts() {
        for planned in &plan.articles {
            sink.put(
                &text_name(planned),
                planned.article.text.as_str().as_bytes(),
            )?;
        }
    }
    Ok(written)
}

/// Each position is cut from the text file beside and compared with the quotation and the project.
pub fn prove(
    plan: &Plan<'_>,
    stored: &dyn Stored,
    progress: Progress<'_>,
) -> Result<Written, WriteError> {
    let mut lines = Lines::open(stored, NAME)?;
    let mut next = || -> Result<Option<Value>, WriteError> {
        let Some(mut line) = lines.next()? else {
            return Ok(None);
        };
        if line.last() == Some(&b',') {
            line.pop();
        }
        if line.starts_with(b"]") {
            return Ok(None);
        }
        let value = serde_json::from_slice(&line)
            .map_err(|error| WriteError::Unreadable(error.to_string()))?;
        Ok(Some(value))
    };
    // The first line opens the page.
    let unreadable = |_: WriteError| {
        WriteError::Unreadable("the page does not begin as it was written".to_owned())
    };
    match next().map_err(unreadable) {
        Err(_) | Ok(None) => {}
        Ok(Some(_)) => {
            return Err(WriteError::Unreadable(
                "the page has no list of annotations".to_owned(),
            ));
        }
    }
    let mut written = Written::default();
    for (i, planned) in plan.articles.iter().enumerate() {
        if i % 64 == 0 && !progress(i) {
            return Err(WriteError::Cancelled);
        }
        let record = plan.record(planned)?;
        let text = match plan.has_texts() {
            true => String::from_utf8_lossy(&stored.bytes(&text_name(planned))?).into_owned(),
            false => record.text().to_owned(),
        };
        if text != record.text() {
            return Err(mismatch(&record, "-", "the text differs"));
        }
        let starts: Vec<usize> = text
            .char_indices()
            .map(|(at, _)| at)
            .chain([text.len()])
            .collect();
        for span in &record.spans {
            let found = next()?.ok_or_else(|| mismatch(&record, &span.id, "it is missing"))?;
            compare(plan, &record, span, &found, &text, &starts)?;
            for _ in &span.links {
                let link =
                    next()?.ok_or_else(|| mismatch(&record, &span.id, "a link is missing"))?;
                if link.get("target").and_then(Value::as_str) != Some(urn(&span.id).as_str()) {
                    return Err(mismatch(&record, &span.id, "a link stands elsewhere"));
                }
            }
        }
        written.count(&record);
    }
    match next()? {
        None => Ok(written),
        Some(_) => Err(WriteError::Unreadable(
            "there are more annotations in it than in the project".to_owned(),
        )),
    }
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
    found: &Value,
    text: &str,
    starts: &[usize],
) -> Result<(), WriteError> {
    let wrong = |detail: &str| mismatch(record, &span.id, detail);
    let label = found.pointer("/body/0/value").and_then(Value::as_str);
    let id = found.get("id").and_then(Value::as_str);
    if id != Some(urn(&span.id).as_str()) || label != Some(span.label) {
        return Err(wrong("another annotation stands in its place"));
    }
    let targets = found
        .get("target")
        .and_then(Value::as_array)
        .map_or(&[][..], Vec::as_slice);
    if targets.len() != span.fragments.len() {
        return Err(wrong("it has another number of fragments"));
    }
    for (fragment, target) in span.fragments.iter().zip(targets) {
        let position = |name: &str| {
            let at = target
                .pointer(&format!("/selector/0/{name}"))
                .and_then(Value::as_u64)?;
            starts.get(usize::try_from(at).ok()?).copied()
        };
        let cut = position("start")
            .zip(position("end"))
            .and_then(|(start, end)| text.get(start..end));
        let exact = target.pointer("/selector/1/exact").and_then(Value::as_str);
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
