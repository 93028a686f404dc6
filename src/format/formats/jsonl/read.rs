//! The plain dataset: one article per line of JSON, offsets in Unicode code points, half-open.
//!
//! Reads back what it writes without loss. Offsets of files with `\r\n` in their texts are carried
//! over to the normalised text.

use crate::core::annotation::{Annotation, AnnotationSet, AttributeValue, Link, Origin};
use crate::core::article::{Article, Status, id_from_hash};
use crate::core::check::Problem;
use crate::core::codebook::{AttributeKind, Codebook};
use crate::core::edit::check_fragments;
use crate::core::ids::{AnnotationId, ArticleId, FreshIds, LabelId};
use crate::core::ledger::Ledger;
use crate::core::project::ProjectParts;
use crate::core::text::{ArticleText, CharPos, CharRange, normalize_newlines};
use crate::format::reading::assembly::{AnnotationIds, Annotators, Covered, new_label};
use crate::format::reading::records::number_of;
use crate::format::reading::{
    Head, KnownTexts, Likelihood, ReadOptions, Reader, ReaderGroup, Reading, Refusal, Source,
};
use crate::format::time::timestamp_from;
use crate::format::{Dataset, ReadError};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

pub const READER: Reader = Reader {
    name: "jsonl",
    title: "Pressmark JSON Lines",
    group: ReaderGroup::Dataset,
    extensions: &["jsonl", "ndjson"],
    recognise,
    read: read_file,
};

fn recognise(head: &Head<'_>) -> Likelihood {
    let line = head
        .text
        .lines()
        .find(|line| !line.trim().is_empty())
        .unwrap_or_default();
    let has = |key: &str| line.contains(key);
    if !line.trim_start().starts_with('{') || !(has("\"text\"") || has("\"text_hash\"")) {
        return Likelihood::No;
    }
    let is_ours = has("\"annotations\"") && (has("\"fragments\"") || has("\"meta\""));
    let is_bare = ![
        "\"spans\"",
        "\"label\"",
        "\"labels\"",
        "\"entities\"",
        "\"annotations\"",
        "\"data\"",
    ]
    .iter()
    .any(|key| has(key));
    match (is_ours, is_bare) {
        (true, _) => Likelihood::Sure,
        (_, true) => Likelihood::Likely,
        _ => Likelihood::No,
    }
}

fn read_file(source: &Source<'_>, options: &ReadOptions) -> Result<Reading, Refusal> {
    let dataset = read_with(source.bytes, &options.known_texts)
        .map_err(|error| Refusal::new(error.to_string()))?;
    Ok(Reading {
        encoding: Some("UTF-8"),
        whole: Some(dataset),
        ..Reading::default()
    })
}

#[derive(Serialize, Deserialize)]
struct ArticleLine {
    #[serde(default)]
    id: Value,
    #[serde(default)]
    title: Option<String>,
    #[serde(default)]
    text: Option<String>,
    /// In place of the text, when it did not leave.
    #[serde(default, skip_serializing)]
    text_hash: Option<String>,
    #[serde(default)]
    meta: BTreeMap<String, Value>,
    #[serde(default)]
    annotations: Vec<AnnotationLine>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    status: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    notes: String,
}

#[derive(Serialize, Deserialize)]
struct AnnotationLine {
    #[serde(default)]
    id: Value,
    #[serde(default)]
    annotator: Option<String>,
    label: String,
    fragments: Vec<FragmentLine>,
    #[serde(default)]
    attributes: BTreeMap<String, Value>,
    #[serde(default)]
    links: Vec<LinkLine>,
    #[serde(default)]
    note: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    made: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    changed: Option<String>,
    #[serde(default, skip_serializing_if = "is_zero")]
    codebook_revision: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    origin: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct FragmentLine {
    start: u32,
    end: u32,
    #[serde(default)]
    text: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct LinkLine {
    role: String,
    target: String,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "the signature serde asks for"
)]
fn is_zero(number: &u32) -> bool {
    *number == 0
}

/// Reads a dataset. A line that is no article stops with its position; an annotation that does not
/// fit its text is left out and reported.
pub fn read(bytes: &[u8]) -> Result<Dataset, ReadError> {
    read_with(bytes, &KnownTexts::default())
}

/// Reads a dataset whose texts may have stayed at home: those with the right hash are taken from
/// `known`, and an article whose text is not there is left out and reported.
pub fn read_with(bytes: &[u8], known: &KnownTexts) -> Result<Dataset, ReadError> {
    let source = std::str::from_utf8(bytes).map_err(|error| ReadError::NotUtf8 {
        byte: error.valid_up_to(),
    })?;
    let source = source.strip_prefix('\u{FEFF}').unwrap_or(source);
    let mut reader = Collected::default();
    let labels = reader.codebook.labels.iter().enumerate();
    reader.labels = labels.map(|(i, label)| (label.id.to_string(), i)).collect();
    for (number, line) in source.lines().enumerate() {
        if line.trim().is_empty() {
            continue;
        }
        let record: ArticleLine = serde_json::from_str(line).map_err(|error| ReadError::At {
            line: number + 1,
            column: error.column(),
            message: error.to_string(),
        })?;
        let text = match (&record.text, &record.text_hash) {
            (Some(text), _) => text.clone(),
            (None, Some(hash)) => match known.get(hash) {
                Some(text) => text,
                None => {
                    let title = record.title.as_deref().unwrap_or("without a title");
                    reader.problems.push(Problem::error(
                        format!("line {}, article “{title}”", number + 1),
                        format!("its text did not come with the dataset, and no article of the project has this text ({hash})"),
                        "nothing: add your own copy of the article first, with exactly this text, and import the dataset again",
                    ));
                    continue;
                }
            },
            (None, None) => {
                return Err(ReadError::At {
                    line: number + 1,
                    column: 1,
                    message: "missing field `text`".to_owned(),
                });
            }
        };
        reader.article(record, text, number + 1);
    }
    let parts = ProjectParts {
        codebook: reader.codebook,
        annotators: reader.annotators.list,
        people: reader.people.into_people(),
        articles: reader.articles,
        ..ProjectParts::default()
    };
    Ok(Dataset {
        parts,
        problems: reader.problems,
    })
}

#[derive(Default)]
struct Collected {
    codebook: Codebook,
    /// Where labels stand in the codebook, by id.
    labels: HashMap<String, usize>,
    annotators: Annotators,
    people: Ledger,
    articles: Vec<Arc<Article>>,
    article_ids: FreshIds,
    annotation_ids: AnnotationIds,
    problems: Vec<Problem>,
    covered: Covered,
}

/// An id as text, whether it was written as a string or a number.
fn id_text(id: &Value) -> Option<String> {
    match id {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Where each code point of the original stands once `\r\n` has become `\n`.
struct NewlineShift {
    /// Code point offsets of the removed `\r`, rising.
    removed: Vec<u32>,
}

impl NewlineShift {
    fn of(text: &str) -> Self {
        let mut chars = text.chars().enumerate().peekable();
        let mut removed = Vec::new();
        while let Some((i, c)) = chars.next() {
            if c == '\r' && chars.peek().is_some_and(|&(_, next)| next == '\n') {
                removed.push(i as u32);
            }
        }
        Self { removed }
    }

    fn shifted(&self, offset: u32) -> u32 {
        offset - self.removed.partition_point(|&at| at < offset) as u32
    }
}

impl Collected {
    fn article(&mut self, record: ArticleLine, text: String, line: usize) {
        let shift = NewlineShift::of(&text);
        self.covered.see_text(text.len());
        let text = ArticleText::new(normalize_newlines(text));
        let wanted = id_text(&record.id).unwrap_or_else(|| id_from_hash(text.hash()).to_string());
        let id = self.article_ids.take(&wanted);
        let place = format!("line {line}, article {id}");
        if id != wanted {
            let message = format!("another article has the id {wanted}; this one becomes {id}");
            self.problems
                .push(Problem::warning(&place, message, "the new id is used"));
        }
        let mut annotations = Vec::with_capacity(record.annotations.len());
        // Ids that another article has already; the links of this one follow.
        let mut renamed: BTreeMap<String, AnnotationId> = BTreeMap::new();
        for annotation in record.annotations {
            let name = id_text(&annotation.id);
            match self.annotation(annotation, &text, &shift) {
                Ok(made) => {
                    let id = made.id.clone();
                    if let Some(name) = name.filter(|name| name != id.as_str()) {
                        renamed.insert(name, id);
                    }
                    annotations.push(made);
                }
                Err(reason) => {
                    let name = name.unwrap_or_else(|| "without an id".to_owned());
                    let message = format!("annotation {name} left out: {reason}");
                    let remedy = "nothing: correct the dataset and import it again";
                    self.problems.push(Problem::error(&place, message, remedy));
                }
            }
        }
        for link in annotations
            .iter_mut()
            .flat_map(|a: &mut Annotation| &mut a.links)
        {
            if let Some(id) = renamed.get(link.target.as_str()) {
                link.target = id.clone();
            }
        }
        let title = record
            .title
            .unwrap_or_else(|| crate::format::reading::title::title_of(text.as_str()));
        let mut article = Article::new(ArticleId::new(id), title, text);
        article.metadata = record
            .meta
            .into_iter()
            .filter_map(|(name, value)| match value {
                Value::Null => None,
                Value::String(text) => Some((name, text)),
                other => Some((name, other.to_string())),
            })
            .collect();
        article.notes = record.notes;
        for (annotator, status) in record.status {
            let known = Status::called(&status).filter(|known| *known != Status::New);
            if let Some(status) = known {
                article
                    .status
                    .insert(self.annotators.named(&annotator), status);
            }
        }
        article.annotations = AnnotationSet::from_annotations(annotations).0;
        self.articles.push(Arc::new(article));
    }

    fn label(&mut self, name: &str) -> LabelId {
        if self.labels.contains_key(name) {
            return LabelId::new(name);
        }
        self.labels
            .insert(name.to_owned(), self.codebook.labels.len());
        let (label, problem) = new_label(name, self.codebook.labels.len());
        let id = label.id.clone();
        self.codebook.labels.push(label);
        self.problems.push(problem);
        id
    }

    fn annotation(
        &mut self,
        record: AnnotationLine,
        text: &ArticleText,
        shift: &NewlineShift,
    ) -> Result<Annotation, String> {
        let mut fragments = Vec::with_capacity(record.fragments.len());
        for fragment in &record.fragments {
            let (start, end) = (fragment.start, fragment.end);
            let chars = CharRange {
                start: CharPos(shift.shifted(start)),
                end: CharPos(shift.shifted(end)),
            };
            let range = text
                .byte_range(chars)
                .ok_or_else(|| format!("characters {start} to {end} lie outside the text"))?;
            let stored = fragment
                .text
                .as_deref()
                .map(|t| normalize_newlines(t.to_owned()));
            if stored.is_some_and(|stored| stored != text.slice(range)) {
                return Err(format!(
                    "characters {start} to {end} are not the text it carries"
                ));
            }
            fragments.push(range);
        }
        self.covered.take(&fragments)?;
        let id = id_text(&record.id).unwrap_or_default();
        let id = self.annotation_ids.take(&id);
        let label = self.label(&record.label);
        let mut made = Annotation::new(
            id,
            self.annotators
                .named(record.annotator.as_deref().unwrap_or("import")),
            label.clone(),
            Default::default(),
        );
        made.fragments = fragments.into();
        check_fragments(&made, text).map_err(|error| error.to_string())?;
        for (name, value) in record.attributes {
            let at = self.labels.get(label.as_str()).copied();
            let is_person = at
                .and_then(|at| self.codebook.labels.get(at))
                .and_then(|label| label.attribute(&name))
                .is_some_and(|spec| spec.kind == AttributeKind::Person);
            let value = match value {
                Value::Null => continue,
                Value::Bool(value) => AttributeValue::Bool(value),
                Value::Number(number) => number_of(&number),
                Value::String(name) if is_person && !name.trim().is_empty() => {
                    AttributeValue::Person(self.people.named(&name))
                }
                Value::String(text) => AttributeValue::Text(text),
                Value::Array(items) if items.iter().all(Value::is_string) => AttributeValue::Many(
                    items
                        .iter()
                        .filter_map(Value::as_str)
                        .map(str::to_owned)
                        .collect(),
                ),
                other => AttributeValue::Text(other.to_string()),
            };
            made.attributes.insert(name, value);
        }
        made.links = record
            .links
            .into_iter()
            .map(|link| Link::new(link.role, AnnotationId::new(link.target)))
            .collect();
        made.note = record.note.unwrap_or_default();
        made.made = record.made.as_deref().and_then(timestamp_from);
        made.changed = record.changed.as_deref().and_then(timestamp_from);
        made.codebook_revision = record.codebook_revision;
        made.origin = match record.origin.as_deref().and_then(|o| o.split_once(':')) {
            Some(("suggestion", rule)) => Origin::Suggestion(rule.to_owned()),
            Some(("import", from)) => Origin::Import(from.to_owned()),
            _ => Origin::Hand,
        };
        Ok(made)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_annotations_cover_has_a_limit() {
        let text = "word ".repeat(200_000);
        let whole = (0..100).map(|n| {
            let end = text.len() - 1;
            format!(
                r#"{{"id": "{n}", "label": "quote", "fragments": [{{"start": 0, "end": {end}}}]}}"#
            )
        });
        let whole: Vec<String> = whole.collect();
        let line = format!(
            r#"{{"id": "a", "text": "{text}", "annotations": [{}]}}"#,
            whole.join(",")
        );
        let dataset = read(line.as_bytes()).unwrap();
        let kept: usize = dataset
            .parts
            .articles
            .iter()
            .map(|a| a.annotations.len())
            .sum();
        assert_eq!((kept, dataset.problems.len()), (87, 13));
    }

    #[test]
    fn links_follow_ids_that_repeat_across_articles() {
        let line = |id: &str| {
            format!(
                r#"{{"id": "{id}", "title": "T", "text": "{id} said so", "annotations": [
                {{"id": "1", "label": "quote", "fragments": [{{"start": 8, "end": 10}}], "links": [{{"role": "cue", "target": "2"}}]}},
                {{"id": "2", "label": "cue", "fragments": [{{"start": 3, "end": 7, "text": "said"}}]}}]}}"#
            )
            .replace('\n', " ")
        };
        let dataset = read(format!("{}\n{}\n", line("a1"), line("a2")).as_bytes()).unwrap();
        for article in &dataset.parts.articles {
            let quote = article
                .annotations
                .in_text_order()
                .find(|a| a.label.as_str() == "quote");
            let target = quote.unwrap().links.first().unwrap().target.clone();
            let cue = article.annotations.get(target.as_str()).unwrap();
            assert_eq!(article.text.slice(cue.extent()), "said");
        }
        assert_eq!(dataset.parts.articles.len(), 2);
    }
}
