//! The plain dataset: one article per line of JSON, offsets in Unicode code points, half-open.
//!
//! Reads back what it writes without loss. Offsets of files with `\r\n` in their texts are carried
//! over to the normalised text. An article whose annotations carry texts that fit in another unit is
//! read in that; whatever else does not fit is left out and told, each annotation for itself.

use crate::core::annotation::{Annotation, AnnotationSet, AttributeValue, Link};
use crate::core::article::{Article, Status, id_from_hash};
use crate::core::check::Problem;
use crate::core::codebook::{self, AttributeKind, Codebook};
use crate::core::edit::{are_stretches, check_fragments};
use crate::core::ids::{AnnotationId, ArticleId, FreshIds, LabelId, SetId};
use crate::core::kept::UnknownFields;
use crate::core::ledger::Ledger;
use crate::core::project::{ArticleSet, ProjectParts};
use crate::core::text::{ArticleText, BytePos, ByteRange, CharPos, CharRange, normalize_newlines};
use crate::format::reading::assembly::{AnnotationIds, Annotators, Covered, UNLABELLED, new_label};
use crate::format::reading::left_out::{LeftOut, Thing};
use crate::format::reading::of_project::Carried;
use crate::format::reading::placing::{Counted, counted_otherwise};
use crate::format::reading::records::{number_of, stretch, text_of, with_exact_numbers};
use crate::format::reading::{
    FoundAnnotation, FoundArticle, FoundFragment, Head, KnownTexts, Likelihood, ReadOptions,
    Reader, ReaderGroup, Reading, Refusal, Source,
};
use crate::format::time::timestamp_from;
use crate::format::words::of_project::OfProject;
use crate::format::words::values::origin_in;
use crate::format::{Dataset, ReadError};
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Range;
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
        "\"cats\"",
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
    let lines = read_lines(source.bytes, &options.known_texts)
        .map_err(|error| Refusal::new(error.to_string()))?;
    Ok(Reading {
        encoding: Some("UTF-8"),
        whole: Some(lines.dataset),
        remarks: lines.remarks,
        left_out: lines.left_out,
        ..Reading::default()
    })
}

#[derive(Deserialize)]
struct ArticleLine<'a> {
    #[serde(default)]
    id: Value,
    #[serde(default)]
    title: Value,
    #[serde(default)]
    text: Option<String>,
    /// In place of the text, when it did not leave.
    #[serde(default)]
    text_hash: Option<String>,
    #[serde(default)]
    meta: Value,
    /// Each read for itself: one that is odd costs no other.
    #[serde(borrow, default)]
    annotations: Option<Vec<&'a RawValue>>,
    #[serde(default)]
    status: Value,
    #[serde(default)]
    nothing: Value,
    #[serde(default)]
    notes: Value,
    #[serde(default)]
    sets: Value,
    #[serde(default)]
    project: Value,
}

#[derive(Deserialize)]
struct SetLine {
    id: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    how: String,
    #[serde(default)]
    seed: u32,
    #[serde(default)]
    by: String,
    #[serde(default)]
    when: String,
}

#[derive(Deserialize)]
struct AnnotationLine {
    #[serde(default)]
    id: Value,
    #[serde(default)]
    annotator: Value,
    #[serde(default)]
    label: Value,
    #[serde(default)]
    fragments: Option<Vec<FragmentLine>>,
    /// Of an annotation with one fragment, in place of a list.
    #[serde(default)]
    start: Value,
    #[serde(default)]
    end: Value,
    #[serde(default)]
    text: Option<String>,
    #[serde(default)]
    attributes: Option<BTreeMap<String, Value>>,
    #[serde(default)]
    links: Option<Vec<LinkLine>>,
    #[serde(default)]
    note: Option<String>,
    #[serde(default)]
    made: Option<String>,
    #[serde(default)]
    changed: Option<String>,
    #[serde(default)]
    codebook_revision: Value,
    #[serde(default)]
    origin: Option<String>,
}

#[derive(Deserialize)]
struct FragmentLine {
    #[serde(default)]
    start: Value,
    #[serde(default)]
    end: Value,
    #[serde(default)]
    text: Option<String>,
}

#[derive(Deserialize)]
struct LinkLine {
    #[serde(default)]
    role: Value,
    #[serde(default)]
    target: Value,
}

/// A dataset, and what is to be told of its lines.
struct Lines {
    dataset: Dataset,
    remarks: Vec<String>,
    left_out: LeftOut,
}

/// Reads a dataset. A line that is no article stops with its position; an annotation that does not
/// fit its text is left out and reported.
pub fn read(bytes: &[u8]) -> Result<Dataset, ReadError> {
    read_with(bytes, &KnownTexts::default())
}

/// Reads a dataset whose texts may have stayed at home: those with the right hash are taken from
/// `known`, and an article whose text is not there is left out and reported.
pub fn read_with(bytes: &[u8], known: &KnownTexts) -> Result<Dataset, ReadError> {
    Ok(read_lines(bytes, known)?.dataset)
}

fn read_lines(bytes: &[u8], known: &KnownTexts) -> Result<Lines, ReadError> {
    let source = std::str::from_utf8(bytes).map_err(|error| ReadError::NotUtf8 {
        byte: error.valid_up_to(),
    })?;
    let source = source.strip_prefix('\u{FEFF}').unwrap_or(source);
    let source = with_exact_numbers(source);
    let mut reader = Collected::default();
    let labels = reader.codebook.labels.iter().enumerate();
    reader.labels = labels.map(|(i, label)| (label.id.to_string(), i)).collect();
    for (number, line) in source.lines().enumerate() {
        if line.trim().is_empty() {
            continue;
        }
        let record: ArticleLine<'_> =
            serde_json::from_str(line).map_err(|error| ReadError::At {
                line: number + 1,
                column: error.column(),
                message: error.to_string(),
            })?;
        let text = match (&record.text, &record.text_hash) {
            (Some(text), _) => text.clone(),
            (None, Some(hash)) => match known.get(hash) {
                Some(text) => text,
                None => {
                    reader.without_text(&record, hash, number + 1);
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
    let known_labels = Codebook::default().labels.len();
    for (name, thing) in reader.things {
        let at = reader.labels.get(&name).copied();
        let new = at.filter(|at| *at >= known_labels);
        if let Some(label) = new.and_then(|at| reader.codebook.labels.get_mut(at)) {
            label.stands_for = Some(thing);
        }
    }
    let mut parts = ProjectParts {
        codebook: reader.codebook,
        annotators: reader.annotators.list,
        people: reader.people.into_people(),
        articles: reader.articles,
        sets: reader.sets.into_iter().map(Arc::new).collect(),
        ..ProjectParts::default()
    };
    reader.carried.finish(&mut parts);
    Ok(Lines {
        dataset: Dataset {
            parts,
            problems: reader.problems,
        },
        remarks: reader.remarks,
        left_out: reader.left_out,
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
    sets: Vec<ArticleSet>,
    article_ids: FreshIds,
    annotation_ids: AnnotationIds,
    problems: Vec<Problem>,
    remarks: Vec<String>,
    left_out: LeftOut,
    covered: Covered,
    carried: Carried,
    /// What labels stand for.
    things: BTreeMap<String, codebook::Thing>,
}

/// An id as text, whether it was written as a string or a number.
fn id_text(id: &Value) -> Option<String> {
    match id {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The stretches of an annotation in the text as it was written, with the texts that it carries.
type Stretches = Vec<(Range<usize>, Option<String>)>;

fn stretches(record: &mut AnnotationLine) -> Result<Stretches, &'static str> {
    let mut fragments = record.fragments.take().unwrap_or_default();
    if fragments.is_empty() {
        fragments.push(FragmentLine {
            start: record.start.take(),
            end: record.end.take(),
            text: record.text.take(),
        });
    }
    let stretches = fragments.into_iter().map(|fragment| {
        let range = stretch(Some(&fragment.start), Some(&fragment.end))?;
        Ok((range, fragment.text))
    });
    stretches.collect()
}

/// Why an annotation is left out: in short, as others are, and with its own offsets.
struct Reason {
    shared: &'static str,
    own: String,
}

impl From<&'static str> for Reason {
    fn from(shared: &'static str) -> Self {
        Self {
            shared,
            own: shared.to_owned(),
        }
    }
}

/// Offsets of the text as it was written in the one that the project holds.
struct Places<'t> {
    text: &'t ArticleText,
    /// Of the original: code points and bytes of the removed `\r`, rising.
    removed: Vec<(usize, usize)>,
    otherwise: Option<Counted>,
}

impl<'t> Places<'t> {
    fn of(original: &str, text: &'t ArticleText) -> Self {
        let mut chars = original.char_indices().enumerate().peekable();
        let mut removed = Vec::new();
        while let Some((n, (at, c))) = chars.next() {
            if c == '\r' && chars.peek().is_some_and(|(_, (_, next))| *next == '\n') {
                removed.push((n, at));
            }
        }
        Self {
            text,
            removed,
            otherwise: None,
        }
    }

    fn range(&self, offsets: &Range<usize>) -> Option<ByteRange> {
        if let Some(counted) = &self.otherwise {
            let place = |at: usize| {
                let byte = counted.byte(at)?;
                let before = self.removed.partition_point(|(_, at)| *at < byte);
                Some(BytePos((byte - before) as u32))
            };
            return Some(ByteRange::new(place(offsets.start)?, place(offsets.end)?));
        }
        let place = |at: usize| {
            let before = self.removed.partition_point(|(n, _)| *n < at);
            Some(CharPos(u32::try_from(at - before).ok()?))
        };
        self.text.byte_range(CharRange {
            start: place(offsets.start)?,
            end: place(offsets.end)?,
        })
    }

    fn fragments(&self, stretches: &Stretches) -> Result<Vec<ByteRange>, Reason> {
        let fragments = stretches.iter().map(|(offsets, carried)| {
            let Range { start, end } = offsets;
            let range = self.range(offsets).ok_or_else(|| Reason {
                shared: "its characters lie outside the text",
                own: format!("characters {start} to {end} lie outside the text"),
            })?;
            match carried {
                Some(carried) if normalize_newlines(carried.clone()) != self.text.slice(range) => {
                    Err(Reason {
                        shared: "its characters are not the text it carries",
                        own: format!("characters {start} to {end} are not the text it carries"),
                    })
                }
                _ => Ok(range),
            }
        });
        fragments.collect()
    }
}

/// What annotations carry, for finding out how they count.
fn carried(original: &str, all: &[Stretches]) -> FoundArticle {
    let annotations = all.iter().map(|stretches| {
        let fragments = stretches.iter().map(|(offsets, text)| FoundFragment {
            offsets: Some(offsets.clone()),
            text: text.clone(),
            context: None,
        });
        FoundAnnotation {
            fragments: fragments.collect(),
            ..FoundAnnotation::default()
        }
    });
    FoundArticle {
        text: original.to_owned(),
        annotations: annotations.collect(),
        ..FoundArticle::default()
    }
}

impl Collected {
    fn without_text(&mut self, record: &ArticleLine<'_>, hash: &str, line: usize) {
        let title = text_of(&record.title);
        let title = title.as_deref().unwrap_or("without a title");
        let place = format!("line {line}, article “{title}”");
        let message = format!(
            "its text did not come with the dataset, and no article of the project has this text ({hash})"
        );
        self.left_out.note_alone(
            Thing::Record,
            "its text did not come with the dataset, and no article of the project has it",
            &format!("{place}: {message}"),
            || place.clone(),
        );
        self.problems.push(Problem::error(
            &place,
            message,
            "nothing: add your own copy of the article first, with exactly this text, and import the dataset again",
        ));
    }

    fn warn(&mut self, place: &str, message: String, remedy: &str) {
        self.remarks.push(format!("{place}: {message}"));
        self.problems.push(Problem::warning(place, message, remedy));
    }

    fn leave_out(&mut self, place: &str, article: &str, name: &str, reason: &Reason) {
        let message = format!("{name} left out: {}", reason.own);
        self.left_out
            .note_alone(Thing::Annotation, reason.shared, &message, || {
                format!("{name} of article {article}")
            });
        let remedy = "nothing: correct the dataset and import it again";
        self.problems.push(Problem::error(place, message, remedy));
    }

    fn article(&mut self, record: ArticleLine<'_>, original: String, line: usize) {
        self.covered.see_text(original.len());
        let text = ArticleText::new(normalize_newlines(original.clone()));
        let wanted = id_text(&record.id).unwrap_or_else(|| id_from_hash(text.hash()).to_string());
        let id = self.article_ids.take(&wanted);
        let place = format!("line {line}, article {id}");
        if id != wanted {
            let message = format!("another article has the id {wanted}; this one becomes {id}");
            self.warn(&place, message, "the new id is used");
        }
        self.carried.see_article(&wanted, &id);
        if let Ok(told) = serde_json::from_value::<OfProject>(record.project) {
            self.things.extend(told.things.clone());
            for by in told.groups.iter().map(|group| &group.by) {
                if !by.as_str().is_empty() {
                    self.annotators.named(by.as_str());
                }
            }
            self.carried.take(told, &mut self.people);
        }
        let (mut lines, mut found) = (Vec::new(), Vec::new());
        for (n, raw) in record.annotations.unwrap_or_default().iter().enumerate() {
            let read = serde_json::from_str(raw.get());
            let mut read: AnnotationLine = match read {
                Ok(read) => read,
                Err(error) => {
                    let name = format!("annotation number {}", n + 1);
                    let reason = Reason {
                        shared: "it is not written as annotations are",
                        own: format!("it is not written as annotations are ({error})"),
                    };
                    self.leave_out(&place, &id, &name, &reason);
                    continue;
                }
            };
            match stretches(&mut read) {
                Ok(stretches) => {
                    lines.push(read);
                    found.push(stretches);
                }
                Err(reason) => self.leave_out(&place, &id, &read.named(), &reason.into()),
            }
        }
        let mut places = Places::of(&original, &text);
        let mut placed: Vec<_> = found.iter().map(|all| places.fragments(all)).collect();
        if placed.iter().any(Result::is_err)
            && let Some(counted) = counted_otherwise(&carried(&original, &found))
        {
            let message = counted.remark.clone();
            self.warn(&place, message, "they are read so");
            places.otherwise = Some(counted);
            placed = found.iter().map(|all| places.fragments(all)).collect();
        }
        let mut annotations = Vec::with_capacity(lines.len());
        // Ids that another article has already; the links of this one follow.
        let mut renamed: BTreeMap<String, AnnotationId> = BTreeMap::new();
        let mut seen: HashSet<String> = HashSet::new();
        let mut twice: Vec<String> = Vec::new();
        for (line, made) in lines.into_iter().zip(placed) {
            let (name, named) = (id_text(&line.id), line.named());
            match made.and_then(|fragments| self.annotation(line, fragments, &text)) {
                Ok(made) => {
                    let id = made.id.clone();
                    match name {
                        Some(name) if !seen.insert(name.clone()) => twice.push(name),
                        Some(name) if name != id.as_str() => {
                            self.carried.see_annotation(&wanted, &name, &id);
                            renamed.insert(name, id);
                        }
                        _ => {}
                    }
                    annotations.push(made);
                }
                Err(reason) => self.leave_out(&place, &id, &named, &reason),
            }
        }
        if let Some(first) = twice.first() {
            let message = format!(
                "{} annotations have the id of another here and got new ones; the first is {first}",
                twice.len()
            );
            self.warn(&place, message, "the new ids are used");
        }
        for link in annotations
            .iter_mut()
            .flat_map(|a: &mut Annotation| &mut a.links)
        {
            if let Some(id) = renamed.get(link.target.as_str()) {
                link.target = id.clone();
            }
        }
        let title = text_of(&record.title)
            .unwrap_or_else(|| crate::format::reading::title::title_of(text.as_str()));
        let mut article = Article::new(ArticleId::new(id), title, text);
        let meta = match record.meta {
            Value::Object(fields) => fields,
            other => Map::from_iter([("meta".to_owned(), other)]),
        };
        article.metadata = meta
            .into_iter()
            .filter_map(|(name, value)| match value {
                Value::Null => None,
                Value::String(text) => Some((name, text)),
                other => Some((name, other.to_string())),
            })
            .collect();
        article.notes = text_of(&record.notes).unwrap_or_default();
        for (annotator, status) in record.status.as_object().into_iter().flatten() {
            let known = status.as_str().and_then(Status::called);
            if let Some(status) = known.filter(|known| *known != Status::New) {
                article
                    .status
                    .insert(self.annotators.named(annotator), status);
            }
        }
        self.nothing(&mut article, &record.nothing, &place);
        self.sets(&article.id, record.sets);
        article.annotations = AnnotationSet::from_annotations(annotations).0;
        self.articles.push(Arc::new(article));
    }

    /// Where somebody has read and found nothing; what does not fit the text is told.
    fn nothing(&mut self, article: &mut Article, told: &Value, place: &str) {
        for (annotator, stretches) in told.as_object().into_iter().flatten() {
            let ends = |pair: &Value| {
                let at = |n: usize| {
                    let at = pair.get(n)?.as_u64()?;
                    article.text.byte_pos(CharPos(u32::try_from(at).ok()?))
                };
                Some(ByteRange::new(at(0)?, at(1)?))
            };
            let list = stretches.as_array().map_or(&[][..], Vec::as_slice);
            let placed: Option<Vec<ByteRange>> = list.iter().map(ends).collect();
            match placed.filter(|placed| are_stretches(&article.text, placed)) {
                Some(placed) => {
                    let annotator = self.annotators.named(annotator);
                    article.nothing.insert(annotator, placed);
                }
                None => {
                    let message = format!("where {annotator} found nothing does not fit the text");
                    self.warn(place, message, "it counts as unread");
                }
            }
        }
    }

    /// The article is a member of these.
    fn sets(&mut self, article: &ArticleId, told: Value) {
        let told: Vec<SetLine> = serde_json::from_value(told).unwrap_or_default();
        for set in told {
            let known = self
                .sets
                .iter_mut()
                .find(|known| known.id.as_str() == set.id);
            if let Some(known) = known {
                known.members.push(article.clone());
                continue;
            }
            let by = self.annotators.named(&set.by);
            self.sets.push(ArticleSet {
                id: SetId::new(set.id),
                name: set.name,
                by,
                when: timestamp_from(&set.when),
                how: set.how,
                seed: set.seed,
                members: vec![article.clone()],
                unknown: UnknownFields::new(),
            });
        }
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
        fragments: Vec<ByteRange>,
        text: &ArticleText,
    ) -> Result<Annotation, Reason> {
        let told = |shared: &'static str| move |own: String| Reason { shared, own };
        self.covered
            .take(&fragments)
            .map_err(told("the annotations before it cover too much text"))?;
        let id = id_text(&record.id).unwrap_or_default();
        let id = self.annotation_ids.take(&id);
        let label = text_of(&record.label).unwrap_or_else(|| UNLABELLED.to_owned());
        let label = self.label(&label);
        let annotator = text_of(&record.annotator);
        let mut made = Annotation::new(
            id,
            self.annotators
                .named(annotator.as_deref().unwrap_or("import")),
            label.clone(),
            Default::default(),
        );
        made.fragments = fragments.into();
        check_fragments(&made, text)
            .map_err(|error| told("its stretches are none of an annotation")(error.to_string()))?;
        for (name, value) in record.attributes.unwrap_or_default() {
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
        let links = record.links.unwrap_or_default().into_iter();
        made.links = links
            .filter_map(|link| {
                let target = AnnotationId::new(id_text(&link.target)?);
                Some(Link::new(text_of(&link.role).unwrap_or_default(), target))
            })
            .collect();
        made.note = record.note.unwrap_or_default();
        made.made = record.made.as_deref().and_then(timestamp_from);
        made.changed = record.changed.as_deref().and_then(timestamp_from);
        let revision = record.codebook_revision.as_u64();
        made.codebook_revision = revision
            .and_then(|revision| u32::try_from(revision).ok())
            .unwrap_or_default();
        made.origin = origin_in(record.origin.as_deref().unwrap_or_default());
        Ok(made)
    }
}

impl AnnotationLine {
    fn named(&self) -> String {
        match id_text(&self.id) {
            Some(id) => format!("annotation {id}"),
            None => "annotation without an id".to_owned(),
        }
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

    /// What becomes of the annotations of “The minister said that 🙂 taxes fall.”
    #[track_caller]
    fn check(annotations: &str, expected: &[&str], told: &[&str]) {
        let text = "The minister said that 🙂 taxes fall.";
        let line = format!(r#"{{"id": "a", "text": "{text}", "annotations": [{annotations}]}}"#);
        let lines = read_lines(line.as_bytes(), &KnownTexts::default()).unwrap();
        let article = &lines.dataset.parts.articles[0];
        let found = article.annotations.in_text_order();
        let found = found.map(|a| format!("{} {}", a.label, article.text.slice(a.extent())));
        assert_eq!(found.collect::<Vec<_>>(), expected);
        let mut remarks = lines.remarks;
        remarks.extend(lines.left_out.remarks());
        assert_eq!(remarks, told);
        let errors = lines.dataset.problems.iter();
        let errors = errors.filter(|p| p.severity == crate::core::check::Severity::Error);
        assert_eq!(errors.count(), lines.left_out.count());
    }

    #[test]
    fn one_odd_annotation_costs_no_other() {
        let good = r#"{"id": "g", "label": "quote", "fragments": [{"start": 4, "end": 12, "text": "minister"}]}"#;
        let with = |odd: &str| format!("{odd}, {good}");
        let only = ["quote minister"];
        let two = ["quote minister", "quote minister"];
        // As data frames, other programs and people write them.
        for offsets in [
            r#""start": 4.0, "end": 12.0"#,
            r#""start": "4", "end": "12", "text": "minister""#,
        ] {
            check(
                &with(&format!(
                    r#"{{"id": "k", "label": "quote", "fragments": [{{{offsets}}}]}}"#
                )),
                &two,
                &[],
            );
            check(
                &with(&format!(r#"{{"id": 7, "label": "quote", {offsets}}}"#)),
                &two,
                &[],
            );
        }
        check(
            &with(
                r#"{"id": "k", "label": null, "annotator": 3, "links": [{"role": "cue", "target": 1}], "note": null, "start": 0, "end": 3}"#,
            ),
            &["unlabelled The", "quote minister"],
            &[],
        );
        for (odd, reason) in [
            (
                r#"{"id": "k", "label": "quote", "fragments": [{"start": -1, "end": 12}]}"#,
                "annotation k left out: its offsets are below zero",
            ),
            (
                r#"{"id": "k", "label": "quote", "fragments": [{"start": null, "end": null}]}"#,
                "annotation k left out: it has no offsets",
            ),
            (
                r#"{"id": "k", "label": "quote", "fragments": [{"start": 0, "end": 1000}]}"#,
                "annotation k left out: characters 0 to 1000 lie outside the text",
            ),
            (
                r#"{"id": "k", "label": "quote", "start": 4.5, "end": 12}"#,
                "annotation k left out: its offsets are no whole numbers",
            ),
            (
                r#"{"label": "quote", "fragments": []}"#,
                "annotation without an id left out: it has no offsets",
            ),
        ] {
            check(&with(odd), &only, &[reason]);
        }
        check(
            &with(
                r#"7, {"id": "x", "label": "q", "start": 9, "end": 2}, {"id": "y", "label": "q", "start": 9, "end": 2}"#,
            ),
            &only,
            &[
                "annotation number 1 left out: it is not written as annotations are (invalid type: integer `7`, expected struct AnnotationLine at line 1 column 1)",
                "2 annotations left out: it ends before it begins (annotation x of article a, annotation y of article a)",
            ],
        );
    }

    #[test]
    fn other_units_are_read_where_the_texts_ask_for_them() {
        let told = |unit: &str| {
            format!(
                "line 1, article a: the offsets of its annotations do not fit as Unicode code points; they were read as {unit}, as the texts that they carry ask for"
            )
        };
        let good = r#"{"id": "g", "label": "quote", "fragments": [{"start": 4, "end": 12, "text": "minister"}]}"#;
        for (start, unit) in [(26, "UTF-16 code units"), (28, "UTF-8 bytes")] {
            let end = start + 5;
            let odd = format!(
                r#"{good}, {{"id": "k", "label": "claim", "fragments": [{{"start": {start}, "end": {end}, "text": "taxes"}}]}}"#
            );
            check(&odd, &["quote minister", "claim taxes"], &[&told(unit)]);
        }
        // One id at two annotations.
        let twice = format!("{good}, {good}");
        let told_twice = "line 1, article a: 1 annotations have the id of another here and got new ones; the first is g";
        check(&twice, &["quote minister", "quote minister"], &[told_twice]);
        // One word elsewhere is none of another unit.
        let odd = format!(
            r#"{good}, {{"id": "k", "label": "claim", "start": 0, "end": 3, "text": "nobody"}}"#
        );
        check(
            &odd,
            &["quote minister"],
            &["annotation k left out: characters 0 to 3 are not the text it carries"],
        );
    }

    #[test]
    fn numbers_keep_their_digits() {
        let line = r#"{"id": "a", "text": "She said", "meta": {"post": 1790123456789012345, "far": 123456789012345678901234567890}, "annotations": [{"id": "k", "label": "x", "start": 0, "end": 3, "attributes": {"post": 1790123456789012345, "far": 123456789012345678901234567890, "count": 3, "share": -0.5}}]}"#;
        let dataset = read(line.as_bytes()).unwrap();
        let article = &dataset.parts.articles[0];
        assert_eq!(article.metadata["post"], "1790123456789012345");
        assert_eq!(article.metadata["far"], "123456789012345678901234567890");
        let found = article.annotations.iter().next().unwrap();
        let value = |name: &str| found.attributes.get(name).unwrap().clone();
        let text = |text: &str| AttributeValue::Text(text.to_owned());
        assert_eq!(value("post"), text("1790123456789012345"));
        assert_eq!(value("far"), text("123456789012345678901234567890"));
        assert_eq!(value("count"), AttributeValue::Number(3.0));
        assert_eq!(value("share"), AttributeValue::Number(-0.5));
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
