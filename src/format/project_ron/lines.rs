//! A damaged article line by line.
//!
//! In our layout every line of the text, every annotation and every field is a line of the file, so
//! a bad line costs no more than itself. Knows the article's fields, nothing of the rest of the file.

use super::record::{AnnotationRecord, ArticleRecord, Str};
use super::salvage::{Line, closing, is_closer, is_string};
use crate::core::article::id_from_hash;
use crate::core::text::hash_of;
use std::collections::BTreeMap;

#[derive(Clone, Copy, PartialEq)]
enum Part {
    Fields,
    Text,
    Annotations,
    Metadata,
    Status,
}

/// What was taken from the lines of a damaged article.
pub(super) struct Taken<'a> {
    pub(super) record: ArticleRecord<'a>,
    pub(super) bad: Vec<Line<'a>>,
    /// Lines of text that were damaged: their place in the text.
    damaged_text: Vec<(usize, Line<'a>)>,
    /// What was mended: its line, what it was, and what is done about it.
    pub(super) notes: Vec<(usize, String, &'static str)>,
    /// Annotations that were mended, by their lines.
    repaired: &'a [(usize, String)],
}

impl<'a> Taken<'a> {
    pub(super) fn new(lines: &[Line<'a>], repaired: &'a [(usize, String)]) -> Option<Self> {
        let mut taken = Self {
            record: ArticleRecord {
                id: Str::default(),
                hash: Str::default(),
                text: Vec::new(),
                title: Str::default(),
                metadata: BTreeMap::new(),
                status: BTreeMap::new(),
                notes: Str::default(),
                annotations: Vec::new(),
                unknown: Vec::new(),
                source: std::marker::PhantomData,
            },
            bad: Vec::new(),
            damaged_text: Vec::new(),
            notes: Vec::new(),
            repaired,
        };
        let mut part = Part::Fields;
        for &line in lines {
            part = taken.line(part, line);
        }
        if taken.record.text.is_empty() {
            return None;
        }
        let text: Vec<&str> = taken.record.text.iter().map(Str::as_str).collect();
        let hash = hash_of(&text.join("\n"));
        let first = lines.first().map_or(0, |line| line.number);
        if taken.record.id.as_str().is_empty() {
            taken.record.id = Str::from(id_from_hash(&hash).to_string());
            let message = "the article has lost its id".to_owned();
            taken
                .notes
                .push((first, message, "it gets one from its text"));
        }
        if taken.record.hash.as_str().is_empty() {
            let message = "the article has lost its hash: its text cannot be proven".to_owned();
            taken.notes.push((
                first,
                message,
                "the hash of the text as it is now is stored",
            ));
            taken.record.hash = Str::from(hash);
        }
        Some(taken)
    }

    /// Lines that were put into the text by whatever damaged it are not text: without them the hash
    /// fits.
    pub(super) fn drop_foreign_lines(&mut self) {
        if self.damaged_text.is_empty() {
            return;
        }
        let damaged = &self.damaged_text;
        let is_damaged = |i: usize| damaged.binary_search_by_key(&i, |&(at, _)| at).is_ok();
        let lines = self.record.text.iter().enumerate();
        let good: Vec<&str> = lines
            .filter(|(i, _)| !is_damaged(*i))
            .map(|(_, line)| line.as_str())
            .collect();
        if hash_of(&good.join("\n")) == self.record.hash.as_str() {
            self.record.text = good.into_iter().map(|l| Str::from(l.to_owned())).collect();
            self.bad
                .extend(self.damaged_text.drain(..).map(|(_, line)| line));
            self.bad.sort_by_key(|line| line.number);
            return;
        }
        for (_, line) in &self.damaged_text {
            let message = "this line of the text is damaged".to_owned();
            let remedy = "what is left of the line is saved";
            self.notes.push((line.number, message, remedy));
        }
    }

    fn line(&mut self, part: Part, line: Line<'a>) -> Part {
        let key = line.key();
        match key {
            "text: [" => return Part::Text,
            "annotations: [" => return Part::Annotations,
            "metadata: {" => return Part::Metadata,
            "status: {" => return Part::Status,
            "(" | "what: article((" => return part,
            key if is_closer(key) => return Part::Fields,
            _ => {}
        }
        if key.starts_with("(id: \"") {
            self.annotation(line);
            return Part::Annotations;
        }
        let value = key.strip_suffix(',').unwrap_or(key);
        match part {
            Part::Text => self.text(line, value),
            Part::Annotations => self.bad.push(line),
            Part::Metadata | Part::Status => {
                let source = format!("{{{value}}}");
                let pair = ron::from_str::<BTreeMap<Str<'_>, Str<'_>>>(&source);
                let pair = pair.map(|pairs| {
                    pairs
                        .into_iter()
                        .map(|(name, value)| (name.into_owned(), value.into_owned()))
                        .collect::<Vec<_>>()
                });
                match pair {
                    Ok(pairs) => {
                        let map = match part {
                            Part::Status => &mut self.record.status,
                            _ => &mut self.record.metadata,
                        };
                        map.extend(pairs.into_iter().map(|(n, v)| (Str::from(n), Str::from(v))));
                    }
                    Err(_) => self.bad.push(line),
                }
            }
            // A line of text whose list has lost its start.
            Part::Fields if is_string(key) => {
                self.text(line, value);
                return Part::Text;
            }
            Part::Fields => self.field(line, value),
        }
        part
    }

    fn text(&mut self, line: Line<'a>, value: &'a str) {
        if let Ok(text) = ron::from_str::<Str<'_>>(value) {
            self.record.text.push(Str::from(text.as_str().to_owned()));
            return;
        }
        self.damaged_text.push((self.record.text.len(), line));
        let inner = value.trim_start_matches('r').trim_start_matches('#');
        let inner = inner.strip_prefix('"').unwrap_or(inner);
        let inner = inner.trim_end_matches('#');
        let inner = inner.strip_suffix('"').unwrap_or(inner);
        // Half a character at the cut is no text.
        self.record
            .text
            .push(Str::from(inner.trim_end_matches('\u{FFFD}')));
    }

    fn annotation(&mut self, line: Line<'a>) {
        let key = line.key();
        let whole = key.strip_suffix(',').unwrap_or(key);
        if let Ok(annotation) = ron::from_str::<AnnotationRecord<'_>>(whole) {
            self.record.annotations.push(annotation);
            return;
        }
        let number = line.number;
        let repaired = self
            .repaired
            .binary_search_by_key(&number, |&(number, _)| number);
        if let Some((_, text)) = repaired.ok().and_then(|i| self.repaired.get(i))
            && let Ok(annotation) = ron::from_str::<AnnotationRecord<'_>>(text)
        {
            let message = format!(
                "the end of annotation {} is damaged",
                annotation.id.as_str()
            );
            let remedy = "the annotation is saved with the fields that are left, and the line is kept in the review list";
            self.notes.push((line.number, message, remedy));
            self.record.annotations.push(annotation);
        }
        self.bad.push(line);
    }

    fn field(&mut self, line: Line<'a>, value: &'a str) {
        let source = format!("(id: \"\", hash: \"\", text: [], {value})");
        let name = value.split(':').next().unwrap_or("").trim();
        let parsed = match name {
            "id" | "hash" => ron::from_str::<ArticleRecord<'_>>(&format!(
                "(text: [], {}: \"\", {value})",
                if name == "id" { "hash" } else { "id" }
            ))
            .ok()
            .map(|record| (record.id.into_owned(), record.hash.into_owned())),
            _ => None,
        };
        if let Some((id, hash)) = parsed {
            if name == "id" {
                self.record.id = Str::from(id);
            } else {
                self.record.hash = Str::from(hash);
            }
            return;
        }
        match ron::from_str::<ArticleRecord<'_>>(&source) {
            Ok(fields) => {
                if name == "title" {
                    self.record.title = Str::from(fields.title.into_owned());
                } else if name == "notes" {
                    self.record.notes = Str::from(fields.notes.into_owned());
                } else {
                    self.record.unknown.extend(fields.unknown);
                }
            }
            Err(_) => self.bad.push(line),
        }
    }
}

/// Annotations whose lines were cut off or broken at their end: with its fragments whole it is an
/// annotation still. Each with the number of its line.
pub(super) fn repaired_annotations(lines: &[Line<'_>]) -> Vec<(usize, String)> {
    let reads = |text: &String| ron::from_str::<AnnotationRecord<'_>>(text).is_ok();
    let repaired = lines.iter().filter_map(|line| {
        let key = line.key();
        let whole = key.strip_suffix(',').unwrap_or(key);
        if !key.starts_with("(id: \"") || reads(&whole.to_owned()) {
            return None;
        }
        let (end, last_field) = closing(whole);
        let shorter = format!("{})", key.get(..last_field?)?);
        let closed = format!("{}{end}", whole.trim_end_matches('\u{FFFD}'));
        let text = Some(shorter).filter(reads)?;
        Some((line.number, Some(closed).filter(reads).unwrap_or(text)))
    });
    repaired.collect()
}
