//! Prodigy and spaCy JSON Lines: text, tokens and spans. Offsets are code points; `token_end` is
//! inclusive, as Prodigy has it.

use super::doccano::{note_fragments, own_fields};
use super::jsonl::{json_text, value_to_json};
use super::plan::Plan;
use super::proof::{self, Lines, Rules};
use super::record::Record;
use super::tokens::{Space, Token, tokens, tokens_of};
use super::{Progress, Sink, Stored, Written, parallel};
use crate::format::WriteError;
use crate::format::dataset::carried;
use crate::format::dataset::prodigy::{META, SPAN};
use crate::format::dataset::records::{PRESSMARK, field_escaped};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use std::borrow::Cow;

const NAME: &str = "spans.jsonl";

pub fn write(
    plan: &Plan<'_>,
    sink: &mut dyn Sink,
    progress: Progress<'_>,
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
                Ok((row(plan, &record)?, counted))
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

fn row(plan: &Plan<'_>, record: &Record<'_>) -> Result<Vec<u8>, WriteError> {
    let tokens = tokens(record, plan.options.tokens, Space::AtEdges);
    let mut spans = Vec::new();
    for span in &record.spans {
        for (n, fragment) in span.fragments.iter().enumerate() {
            let range = fragment.range();
            let mut held = Map::new();
            held.insert("start".to_owned(), range.start.into());
            held.insert("end".to_owned(), range.end.into());
            if let Some((first, last)) = tokens_of(&tokens, fragment) {
                held.insert("token_start".to_owned(), first.into());
                held.insert("token_end".to_owned(), last.into());
            }
            held.insert("label".to_owned(), span.label.into());
            held.insert("id".to_owned(), span.id.as_ref().into());
            held.insert("annotator".to_owned(), span.annotator.as_ref().into());
            if span.fragments.len() > 1 {
                held.insert("fragment".to_owned(), (n + 1).into());
            }
            if n == 0 {
                let made = [
                    ("note", span.note.to_string()),
                    ("created", span.made()),
                    ("changed", span.changed()),
                    ("links", span.links_text()),
                ];
                for (name, value) in made.into_iter().filter(|(_, value)| !value.is_empty()) {
                    held.insert(name.to_owned(), value.into());
                }
                for (name, value) in &span.attributes {
                    let name = carried::escaped(name, SPAN);
                    held.insert(name, value_to_json(record, value));
                }
            }
            spans.push(held);
        }
    }
    // Prodigy shows `meta` below the text: what people know an article by.
    let mut meta = Map::new();
    meta.insert("id".to_owned(), record.id.into());
    meta.insert("title".to_owned(), record.article.title.as_str().into());
    for (field, value) in &record.article.metadata {
        meta.insert(field_escaped(field, META), value.as_str().into());
    }
    let task = Task {
        exporter: PRESSMARK,
        view: "spans_manual",
        answer: "accept",
        meta,
        spans,
        text: record.text(),
    };
    let mut line = json_text(&task)?;
    // Tokens go on where the object ended, and what is our own behind them.
    line.pop();
    line.extend(b",\"tokens\":");
    push_tokens(&mut line, record, &tokens)?;
    for (name, value) in own_fields(plan, record) {
        line.push(b',');
        line.extend(json_text(&name)?);
        line.push(b':');
        line.extend(json_text(&value)?);
    }
    line.extend(b"}\n");
    Ok(line)
}

/// Nine tenths of a file are tokens.
fn push_tokens(
    line: &mut Vec<u8>,
    record: &Record<'_>,
    tokens: &[Token<'_>],
) -> Result<(), WriteError> {
    let text = record.text().as_bytes();
    let mut number = itoa::Buffer::new();
    line.reserve(tokens.len() * 72);
    line.push(b'[');
    for (n, token) in tokens.iter().enumerate() {
        line.extend(if n > 0 {
            b",{\"text\":".as_slice()
        } else {
            b"{\"text\":"
        });
        let is_plain = |byte: u8| byte > b' ' && byte < 0x7F && byte != b'"' && byte != b'\\';
        match token.text.bytes().all(is_plain) {
            true => {
                line.push(b'"');
                line.extend(token.text.as_bytes());
                line.push(b'"');
            }
            false => line.extend(json_text(&token.text)?),
        }
        line.extend(b",\"start\":");
        line.extend(number.format(token.chars.start).as_bytes());
        line.extend(b",\"end\":");
        line.extend(number.format(token.chars.end).as_bytes());
        line.extend(b",\"id\":");
        line.extend(number.format(n).as_bytes());
        let next = tokens.get(n + 1).map(|next| next.bytes.start);
        let has_space = text.get(token.bytes.end) == Some(&b' ');
        line.extend(match has_space && next != Some(token.bytes.end) {
            true => b",\"ws\":true}".as_slice(),
            false => b",\"ws\":false}",
        });
    }
    line.push(b']');
    Ok(())
}

/// What says that it is one comes first: texts and tokens may be long.
#[derive(Serialize)]
struct Task<'a> {
    #[serde(rename = "_exporter")]
    exporter: &'static str,
    #[serde(rename = "_view_id")]
    view: &'static str,
    answer: &'static str,
    meta: Map<String, Value>,
    spans: Vec<Map<String, Value>>,
    text: &'a str,
}

pub fn prove(
    plan: &Plan<'_>,
    stored: &dyn Stored,
    progress: Progress<'_>,
) -> Result<Written, WriteError> {
    let mut lines = Lines::open(stored, NAME)?;
    proof::pieces(
        plan,
        progress,
        "prodigy",
        NAME,
        Rules {
            details: proof::Details::All,
            ..Rules::default()
        },
        || lines.next(),
        |_, line| without_tokens(&line),
    )
}

/// Tokens as they are read back.
#[derive(Deserialize)]
struct Back<'a> {
    #[serde(borrow)]
    text: Cow<'a, str>,
    #[serde(borrow)]
    tokens: &'a RawValue,
}

#[derive(Deserialize)]
struct BackToken<'a> {
    #[serde(borrow)]
    text: Cow<'a, str>,
    start: usize,
    end: usize,
}

/// A line for the reader, which takes spans by their characters: its tokens are compared with the
/// text here and left out, since they are most of it.
fn without_tokens(line: &[u8]) -> Result<Vec<u8>, WriteError> {
    let broken = |error: serde_json::Error| WriteError::Unreadable(error.to_string());
    let back: Back<'_> = serde_json::from_slice(line).map_err(broken)?;
    let tokens: Vec<BackToken<'_>> = serde_json::from_str(back.tokens.get()).map_err(broken)?;
    let starts: Vec<usize> = back.text.char_indices().map(|(at, _)| at).collect();
    let byte = |at: usize| starts.get(at).copied().unwrap_or(back.text.len());
    for token in &tokens {
        if back.text.get(byte(token.start)..byte(token.end)) != Some(token.text.as_ref()) {
            return Err(WriteError::Unreadable(format!(
                "the token “{}” does not stand at {} to {} of its text",
                token.text, token.start, token.end
            )));
        }
    }
    let from = back.tokens.get().as_ptr() as usize - line.as_ptr() as usize;
    let to = from + back.tokens.get().len();
    let (head, tail) = (line.get(..from), line.get(to..));
    Ok([head.unwrap_or_default(), b"[]", tail.unwrap_or_default()].concat())
}
