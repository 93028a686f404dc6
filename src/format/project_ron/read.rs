//! The project file to core values, trusting nothing.
//!
//! The version is read first. Then the file is cut into its articles, which are parsed on all
//! cores; a file that does not have our layout is parsed in one piece. What does not fit is set
//! aside with a reason, never dropped.

use super::record::{
    AnnotationRecord, ArticleRecord, AttributeRecord, CodebookRecord, LabelRecord, OriginRecord,
    ProjectRecord, TrashedRecord, ValueRecord,
};
use super::{MAX_FILE_BYTES, VERSION, salvage};
use crate::core::annotation::{Annotation, AnnotationSet, AttributeValue, Link, Origin};
use crate::core::article::{Article, Status};
use crate::core::check::Problem;
use crate::core::codebook::{
    AttributeKind, AttributeSpec, BoundaryPolicy, Codebook, Label, LinkRole, OverlapPolicy,
    Underline,
};
use crate::core::edit::check_fragments;
use crate::core::ids::{AnnotationId, AnnotatorId, ArticleId, LabelId};
use crate::core::project::{
    Annotator, Person, Project, ProjectParts, SetAside, TrashItem, Trashed,
};
use crate::core::text::{ArticleText, CharPos, CharRange};
use crate::format::ReadError;
use crate::format::time::timestamp_from;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// A project as far as it can be trusted, and what was found wrong with its file.
#[derive(Debug)]
pub struct Opened {
    pub project: Project,
    pub problems: Vec<Problem>,
}

/// Reads a project file. `progress` is told the share done, 0 to 1.
pub fn read(bytes: &[u8], progress: &(dyn Fn(f32) + Sync)) -> Result<Opened, ReadError> {
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return Err(ReadError::TooLarge {
            size: bytes.len() as u64 >> 20,
            limit: MAX_FILE_BYTES >> 20,
        });
    }
    let source = std::str::from_utf8(bytes).map_err(|error| ReadError::NotUtf8 {
        byte: error.valid_up_to(),
    })?;
    let source = source.strip_prefix('\u{FEFF}').unwrap_or(source);
    check_version(source)?;
    let mut reader = Reader::default();
    let parts = match salvage::blocks(source) {
        Some(blocks) if !blocks.is_truncated => read_blocks(&mut reader, &blocks, progress),
        _ => None,
    };
    let parts = match parts {
        Some(parts) => parts,
        // Not in our layout, or damaged: in one piece, with a position for what is wrong.
        None => match ron::from_str::<ProjectRecord<'_>>(source) {
            Ok(record) => {
                reader = Reader::default();
                reader.assemble(record, Vec::new())
            }
            Err(error) => {
                reader = Reader::default();
                salvage::read_damaged(&mut reader, source, progress)
                    .ok_or_else(|| position_of(&error))
                    .inspect(|_| reader.report_damage(&error))?
            }
        },
    };
    progress(1.0);
    Ok(reader.finish(parts))
}

fn position_of(error: &ron::error::SpannedError) -> ReadError {
    ReadError::At {
        line: error.span.start.line,
        column: error.span.start.col,
        message: error.code.to_string(),
    }
}

/// Refuses what is no project, and newer major versions, before anything else is parsed.
fn check_version(source: &str) -> Result<(), ReadError> {
    let head = source.trim_start();
    let starts_like_one = head.starts_with('(')
        || head.starts_with("Project")
        || head.starts_with("//")
        || head.starts_with("#!");
    let mut end = source.len().min(4096);
    while !source.is_char_boundary(end) {
        end -= 1;
    }
    let head = source.get(..end).unwrap_or("");
    let version = head.find("version").and_then(|at| {
        let rest = head
            .get(at + "version".len()..)?
            .trim_start()
            .strip_prefix(':')?;
        let inner = rest.trim_start().strip_prefix('(')?;
        let (numbers, _) = inner.split_once(')')?;
        let mut numbers = numbers.split(',').map(|n| n.trim().parse::<u32>());
        match (numbers.next(), numbers.next()) {
            (Some(Ok(major)), Some(Ok(minor))) => Some((major, minor)),
            _ => None,
        }
    });
    match version {
        Some((major, minor)) if major > VERSION.0 => Err(ReadError::NewerVersion {
            found: format!("{major}.{minor}"),
            known: format!("{}.x", VERSION.0),
        }),
        Some(_) if starts_like_one => Ok(()),
        _ => Err(ReadError::NotAProject),
    }
}

/// Parses head and articles apart, the articles on all cores. `None` when any part does not parse.
fn read_blocks(
    reader: &mut Reader,
    blocks: &salvage::Blocks<'_>,
    progress: &(dyn Fn(f32) + Sync),
) -> Option<ProjectParts> {
    let head: ProjectRecord<'_> = ron::from_str(&blocks.head).ok()?;
    let codebook = head
        .codebook
        .0
        .clone()
        .map(codebook_from)
        .unwrap_or_default();
    let total = blocks.articles.len().max(1);
    let workers = std::thread::available_parallelism()
        .map_or(1, usize::from)
        .min(8);
    let done = std::sync::atomic::AtomicUsize::new(0);
    let chunk = blocks.articles.len().div_ceil(workers).max(1);
    let read_chunk = |articles: &[&str]| -> Option<Vec<ReadArticle>> {
        let mut names = Names::default();
        articles
            .iter()
            .map(|source| {
                let record: ArticleRecord<'_> = ron::from_str(source).ok()?;
                let read = article_from(record, &codebook, &mut names);
                let n = done.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                if n.is_multiple_of(256) {
                    progress(n as f32 / total as f32);
                }
                Some(read)
            })
            .collect()
    };
    let read: Option<Vec<Vec<ReadArticle>>> = if blocks.articles.len() < 64 {
        blocks.articles.chunks(chunk).map(read_chunk).collect()
    } else {
        std::thread::scope(|scope| {
            let handles: Vec<_> = blocks
                .articles
                .chunks(chunk)
                .map(|articles| scope.spawn(move || read_chunk(articles)))
                .collect();
            handles
                .into_iter()
                .map(|handle| handle.join().ok().flatten())
                .collect()
        })
    };
    let articles = read?.into_iter().flatten().collect();
    Some(reader.assemble(head, articles))
}

/// Shares the strings that recur: labels and annotators.
#[derive(Default)]
pub(super) struct Names {
    labels: HashMap<String, LabelId>,
    annotators: HashMap<String, AnnotatorId>,
}

impl Names {
    fn label(&mut self, name: &str) -> LabelId {
        if let Some(known) = self.labels.get(name) {
            return known.clone();
        }
        let new = LabelId::new(name);
        self.labels.insert(name.to_owned(), new.clone());
        new
    }

    fn annotator(&mut self, name: &str) -> AnnotatorId {
        if let Some(known) = self.annotators.get(name) {
            return known.clone();
        }
        let new = AnnotatorId::new(name);
        self.annotators.insert(name.to_owned(), new.clone());
        new
    }
}

/// An article with what could not be trusted in it.
pub(super) struct ReadArticle {
    pub(super) article: Article,
    pub(super) aside: Vec<SetAside>,
    pub(super) problems: Vec<Problem>,
}

/// Collects problems over the whole file.
#[derive(Default)]
pub(super) struct Reader {
    pub(super) problems: Vec<Problem>,
    pub(super) aside: Vec<SetAside>,
    names: Names,
    article_ids: HashSet<ArticleId>,
}

impl Reader {
    fn report_damage(&mut self, error: &ron::error::SpannedError) {
        let place = format!(
            "line {}, column {}",
            error.span.start.line, error.span.start.col
        );
        let message = format!("the file is damaged here: {}", error.code);
        self.problems.insert(0, Problem::error(place, message));
    }

    /// The whole project from its record and from articles that were read apart from it.
    pub(super) fn assemble(
        &mut self,
        record: ProjectRecord<'_>,
        articles: Vec<ReadArticle>,
    ) -> ProjectParts {
        let mut parts = ProjectParts {
            name: record.name.into_owned(),
            codebook: record.codebook.0.map(codebook_from).unwrap_or_default(),
            unknown: record.unknown,
            ..ProjectParts::default()
        };
        for annotator in record.annotators {
            parts.annotators.push(Annotator {
                id: self.names.annotator(annotator.id.as_str()),
                name: annotator.name.into_owned(),
                unknown: annotator.unknown,
            });
        }
        for person in record.people {
            parts.people.push(Person {
                id: person.id.as_str().into(),
                name: person.name.into_owned(),
                organisation: person.organisation,
                aliases: owned(person.aliases),
                note: person.note.into_owned(),
                unknown: person.unknown,
            });
        }
        for article in record.articles {
            let read = article_from(article, &parts.codebook, &mut self.names);
            self.add_article(&mut parts, read);
        }
        for read in articles {
            self.add_article(&mut parts, read);
        }
        self.add_trash(&mut parts, record.trash);
        for aside in record.set_aside {
            self.restore_or_keep(
                &mut parts,
                SetAside {
                    article: aside.article.into_owned(),
                    reason: aside.reason.into_owned(),
                    raw: aside.raw.into_owned(),
                },
            );
        }
        parts
    }

    fn add_article(&mut self, parts: &mut ProjectParts, read: ReadArticle) {
        let ReadArticle {
            article,
            aside,
            problems,
        } = read;
        self.problems.extend(problems);
        self.aside.extend(aside);
        if self.article_ids.insert(article.id.clone()) {
            parts.articles.push(Arc::new(article));
            return;
        }
        let place = format!("article {}", article.id);
        let same = parts.articles.iter().any(|known| **known == article);
        if same {
            self.problems.push(Problem::warning(
                place,
                "it is in the file twice, word for word; one copy is kept",
            ));
            return;
        }
        // Another article with the same id: both are kept, the later one under a new id.
        let fresh = (2..)
            .map(|n| ArticleId::new(format!("{}-{n}", article.id)))
            .find(|id| !self.article_ids.contains(id));
        if let Some(id) = fresh {
            self.problems.push(Problem::error(
                place,
                format!("two articles have this id; the later one is now {id}"),
            ));
            self.article_ids.insert(id.clone());
            parts.articles.push(Arc::new(Article { id, ..article }));
        }
    }

    /// The trash, in its order. An annotation's article may be in it too, before or after.
    fn add_trash(&mut self, parts: &mut ProjectParts, items: Vec<super::record::TrashRecord<'_>>) {
        let mut annotations = Vec::new();
        let mut trashed: Vec<Option<TrashItem>> = Vec::new();
        for item in items {
            let by = self.names.annotator(item.by.as_str());
            let when = timestamp_from(item.when.as_str());
            let what = match item.what {
                TrashedRecord::Annotation(article, record) => {
                    annotations.push((trashed.len(), article, record, by, when));
                    trashed.push(None);
                    continue;
                }
                TrashedRecord::Article(record) => {
                    let read = article_from(*record, &parts.codebook, &mut self.names);
                    self.aside.extend(read.aside);
                    self.problems.extend(read.problems);
                    Trashed::Article(Arc::new(read.article))
                }
                TrashedRecord::Label(record) => Trashed::Label(label_from(*record)),
                TrashedRecord::Annotator(record) => Trashed::Annotator(Annotator {
                    id: self.names.annotator(record.id.as_str()),
                    name: record.name.into_owned(),
                    unknown: record.unknown,
                }),
            };
            trashed.push(Some(TrashItem { what, by, when }));
        }
        for (place, article, record, by, when) in annotations {
            let id = ArticleId::new(article.as_str());
            let in_trash = || {
                trashed.iter().flatten().find_map(|item| match &item.what {
                    Trashed::Article(article) if article.id == id => Some(article),
                    _ => None,
                })
            };
            let found = parts.articles.iter().find(|a| a.id == id).or_else(in_trash);
            let text = found.map(|article| article.text.clone());
            let made = match &text {
                Some(text) => annotation_from(&record, text, None, &mut self.names),
                None => Err("its article is not in the project".to_owned()),
            };
            match made {
                Ok(annotation) => {
                    let annotation = Arc::new(annotation);
                    let what = Trashed::Annotation {
                        article: id,
                        annotation,
                    };
                    if let Some(slot) = trashed.get_mut(place) {
                        *slot = Some(TrashItem { what, by, when });
                    }
                }
                Err(reason) => self.set_aside_annotation(&record, id.as_str(), reason),
            }
        }
        parts.trash = trashed.into_iter().flatten().collect();
    }

    fn set_aside_annotation(
        &mut self,
        record: &AnnotationRecord<'_>,
        article: &str,
        reason: String,
    ) {
        let (aside, problem) = aside_annotation(record, article, reason);
        self.problems.push(problem);
        self.aside.push(aside);
    }

    /// What was set aside earlier is tried again: its label may be in the codebook by now.
    fn restore_or_keep(&mut self, parts: &mut ProjectParts, aside: SetAside) {
        let index = parts
            .articles
            .iter()
            .position(|a| a.id.as_str() == aside.article);
        let restored = index.and_then(|i| {
            let article = parts.articles.get_mut(i)?;
            let record: AnnotationRecord<'_> = ron::from_str(&aside.raw).ok()?;
            let taken = article.annotations.get(record.id.as_str()).is_some();
            let made = annotation_from(
                &record,
                &article.text,
                Some(&parts.codebook),
                &mut self.names,
            )
            .ok()?;
            if taken {
                return None;
            }
            let target = Arc::make_mut(article);
            let all = target.annotations.iter().map(|a| Annotation::clone(a));
            target.annotations = AnnotationSet::from_annotations(all.chain([made])).0;
            Some(())
        });
        if restored.is_none() {
            self.problems.push(Problem::warning(
                place_of(&aside.article),
                format!("set aside earlier: {}", aside.reason),
            ));
            self.aside.push(aside);
        }
    }

    fn finish(mut self, mut parts: ProjectParts) -> Opened {
        self.separate_duplicates(&mut parts);
        parts.set_aside = self.aside;
        Opened {
            project: Project::from_parts(parts),
            problems: self.problems,
        }
    }

    /// Annotation ids are unique in the project: a later one that is taken is set aside.
    fn separate_duplicates(&mut self, parts: &mut ProjectParts) {
        let total = parts.articles.iter().map(|a| a.annotations.len()).sum();
        let mut known: HashSet<&str> = HashSet::with_capacity(total);
        let mut ids = parts.articles.iter().flat_map(|a| a.annotations.iter());
        let all_differ = ids.all(|annotation| known.insert(annotation.id.as_str()));
        drop(ids);
        drop(known);
        if all_differ {
            return;
        }
        let mut seen: HashSet<AnnotationId> = HashSet::new();
        for article in &mut parts.articles {
            let taken: Vec<AnnotationId> = article
                .annotations
                .iter()
                .filter(|a| !seen.insert(a.id.clone()))
                .map(|a| a.id.clone())
                .collect();
            if taken.is_empty() {
                continue;
            }
            let target = Arc::make_mut(article);
            let all: Vec<Annotation> = target
                .annotations
                .iter()
                .map(|a| Annotation::clone(a))
                .collect();
            let (kept, doubles): (Vec<_>, Vec<_>) =
                all.into_iter().partition(|a| !taken.contains(&a.id));
            for double in doubles {
                let reason = format!("another annotation of the project has the id {}", double.id);
                self.problems.push(Problem::error(
                    place_of(target.id.as_str()),
                    format!("annotation set aside: {reason}"),
                ));
                self.aside.push(SetAside {
                    article: target.id.to_string(),
                    reason,
                    raw: super::write::annotation_text(&double, &target.text),
                });
            }
            target.annotations = AnnotationSet::from_annotations(kept).0;
        }
    }
}

pub(super) fn place_of(article: &str) -> String {
    if article.is_empty() {
        String::new()
    } else {
        format!("article {article}")
    }
}

fn aside_annotation(
    record: &AnnotationRecord<'_>,
    article: &str,
    reason: String,
) -> (SetAside, Problem) {
    let problem = Problem::error(
        place_of(article),
        format!("annotation {} set aside: {reason}", record.id.as_str()),
    );
    let aside = SetAside {
        article: article.to_owned(),
        reason,
        raw: super::write::record_text(record),
    };
    (aside, problem)
}

fn owned(strings: Vec<super::record::Str<'_>>) -> Vec<String> {
    strings
        .into_iter()
        .map(super::record::Str::into_owned)
        .collect()
}

/// An article whose annotations fit its text and the codebook, and the rest.
pub(super) fn article_from(
    record: ArticleRecord<'_>,
    codebook: &Codebook,
    names: &mut Names,
) -> ReadArticle {
    let mut joined = String::with_capacity(record.text.iter().map(|l| l.as_str().len() + 1).sum());
    for (i, line) in record.text.iter().enumerate() {
        if i > 0 {
            joined.push('\n');
        }
        joined.push_str(line.as_str());
    }
    let text = ArticleText::new(joined);
    let id = record.id.as_str();
    let mut problems = Vec::new();
    let mut aside = Vec::new();
    if text.hash() != record.hash.as_str() {
        problems.push(Problem::error(
            place_of(id),
            "the text does not fit its hash: it was changed outside Pressmark; annotations whose text still fits are kept",
        ));
    }
    let mut annotations = Vec::with_capacity(record.annotations.len());
    for annotation in &record.annotations {
        match annotation_from(annotation, &text, Some(codebook), names) {
            Ok(made) => annotations.push(made),
            Err(reason) => {
                let (item, problem) = aside_annotation(annotation, id, reason);
                aside.push(item);
                problems.push(problem);
            }
        }
    }
    let (annotations, doubles) = AnnotationSet::from_annotations(annotations);
    for double in doubles {
        let reason = format!("another annotation of the article has the id {}", double.id);
        problems.push(Problem::error(
            place_of(id),
            format!("annotation set aside: {reason}"),
        ));
        aside.push(SetAside {
            article: id.to_owned(),
            reason,
            raw: super::write::annotation_text(&double, &text),
        });
    }
    let mut status = std::collections::BTreeMap::new();
    for (annotator, name) in &record.status {
        match status_from(name.as_str()) {
            Some(known) => {
                status.insert(names.annotator(annotator.as_str()), known);
            }
            None => problems.push(Problem::warning(
                place_of(id),
                format!(
                    "unknown status “{}” of {}",
                    name.as_str(),
                    annotator.as_str()
                ),
            )),
        }
    }
    let article = Article {
        id: ArticleId::new(id),
        title: record.title.as_str().to_owned(),
        text: Arc::new(text),
        metadata: record
            .metadata
            .into_iter()
            .map(|(name, value)| (name.into_owned(), value.into_owned()))
            .collect(),
        status,
        notes: record.notes.into_owned(),
        annotations,
        unknown: record.unknown,
    };
    ReadArticle {
        article,
        aside,
        problems,
    }
}

/// One annotation, proven against the text; the reason in words when it does not fit.
/// Without a codebook any label is taken.
fn annotation_from(
    record: &AnnotationRecord<'_>,
    text: &ArticleText,
    codebook: Option<&Codebook>,
    names: &mut Names,
) -> Result<Annotation, String> {
    let mut fragments = Vec::with_capacity(record.fragments.len());
    for (start, end, stored) in &record.fragments {
        let chars = CharRange {
            start: CharPos(*start),
            end: CharPos(*end),
        };
        let range = text.byte_range(chars).ok_or_else(|| {
            format!(
                "characters {start} to {end} lie outside the text, which has {}",
                text.len_chars()
            )
        })?;
        if text.slice(range) != stored.as_str() {
            return Err(format!(
                "characters {start} to {end} read “{}”, but “{}” was marked",
                excerpt(text.slice(range)),
                excerpt(stored.as_str()),
            ));
        }
        fragments.push(range);
    }
    let label = record.label.as_str();
    if codebook.is_some_and(|codebook| codebook.label(label).is_none()) {
        return Err(format!("the codebook has no label “{label}”"));
    }
    let annotation = value_of(record, fragments, names);
    check_fragments(&annotation, text).map_err(|error| error.to_string())?;
    Ok(annotation)
}

fn value_of(
    record: &AnnotationRecord<'_>,
    fragments: Vec<crate::core::text::ByteRange>,
    names: &mut Names,
) -> Annotation {
    let mut attributes = std::collections::BTreeMap::new();
    for (name, value) in &record.attributes {
        attributes.insert(name.as_str().to_owned(), value_from(value));
    }
    Annotation {
        id: AnnotationId::new(record.id.as_str()),
        annotator: names.annotator(record.annotator.as_str()),
        label: names.label(record.label.as_str()),
        fragments,
        attributes,
        links: record
            .links
            .iter()
            .map(|(role, target)| Link {
                role: role.as_str().to_owned(),
                target: AnnotationId::new(target.as_str()),
            })
            .collect(),
        note: record.note.as_str().to_owned(),
        made: timestamp_from(record.made.as_str()),
        changed: timestamp_from(record.changed.as_str()),
        codebook_revision: record.codebook,
        origin: match &record.origin {
            OriginRecord::Hand => Origin::Hand,
            OriginRecord::Suggestion(rule) => Origin::Suggestion(rule.as_str().to_owned()),
            OriginRecord::Import(from) => Origin::Import(from.as_str().to_owned()),
        },
        unknown: record.unknown.clone(),
    }
}

/// An annotation of the review list, without a place in the text. `None` when it is no annotation.
pub fn lost_annotation(raw: &str) -> Option<Annotation> {
    let mut record: AnnotationRecord<'_> = ron::from_str(raw).ok()?;
    record.fragments.clear();
    Some(value_of(&record, Vec::new(), &mut Names::default()))
}

/// The texts that an annotation of the review list covered; empty when it is no annotation.
pub fn lost_texts(raw: &str) -> Vec<String> {
    let record: Result<AnnotationRecord<'_>, _> = ron::from_str(raw);
    record.map_or_else(
        |_| Vec::new(),
        |record| {
            record
                .fragments
                .into_iter()
                .map(|(.., text)| text.into_owned())
                .collect()
        },
    )
}

fn excerpt(text: &str) -> String {
    let mut short: String = text.chars().take(40).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

fn value_from(value: &ValueRecord<'_>) -> AttributeValue {
    match value {
        ValueRecord::Text(text) => AttributeValue::Text(text.as_str().to_owned()),
        ValueRecord::Number(number) => AttributeValue::Number(*number),
        ValueRecord::Bool(value) => AttributeValue::Bool(*value),
        ValueRecord::Many(values) => {
            AttributeValue::Many(values.iter().map(|v| v.as_str().to_owned()).collect())
        }
        ValueRecord::Person(id) => AttributeValue::Person(id.as_str().into()),
    }
}

fn status_from(name: &str) -> Option<Status> {
    [
        Status::New,
        Status::InProgress,
        Status::Done,
        Status::Flagged,
    ]
    .into_iter()
    .find(|&status| super::write::status_name(status) == name)
}

pub(super) fn codebook_from(record: CodebookRecord<'_>) -> Codebook {
    Codebook {
        revision: record.revision,
        labels: record.labels.into_iter().map(label_from).collect(),
        unknown: record.unknown,
    }
}

fn label_from(record: LabelRecord<'_>) -> Label {
    use super::write::{boundary_name, overlap_name, underline_name};
    let color = record.color.as_str().trim_start_matches('#');
    Label {
        id: record.id.as_str().into(),
        name: if record.name.as_str().is_empty() {
            record.id.into_owned()
        } else {
            record.name.into_owned()
        },
        definition: record.definition.into_owned(),
        include: owned(record.include),
        exclude: owned(record.exclude),
        examples: owned(record.examples),
        color: u32::from_str_radix(color, 16).unwrap_or(0x6B665F) & 0xFF_FFFF,
        underline: [
            Underline::Solid,
            Underline::Dashed,
            Underline::Dotted,
            Underline::Double,
            Underline::Wavy,
        ]
        .into_iter()
        .find(|&u| underline_name(u) == record.underline.as_str())
        .unwrap_or_default(),
        key: record.key.as_str().chars().next(),
        attributes: record.attributes.into_iter().map(attribute_from).collect(),
        link_roles: record
            .link_roles
            .into_iter()
            .map(|role| LinkRole {
                target: (!role.target.as_str().is_empty()).then(|| role.target.as_str().into()),
                name: role.name.into_owned(),
            })
            .collect(),
        boundary: [
            BoundaryPolicy::Character,
            BoundaryPolicy::Word,
            BoundaryPolicy::Sentence,
        ]
        .into_iter()
        .find(|&b| boundary_name(b) == record.boundary.as_str())
        .unwrap_or_default(),
        overlap: [
            OverlapPolicy::Any,
            OverlapPolicy::OtherLabels,
            OverlapPolicy::Never,
        ]
        .into_iter()
        .find(|&o| overlap_name(o) == record.overlap.as_str())
        .unwrap_or_default(),
        helper: record.helper,
        unknown: record.unknown,
    }
}

fn attribute_from(record: AttributeRecord<'_>) -> AttributeSpec {
    let options = owned(record.options);
    let kind = match record.kind.as_str() {
        "number" => AttributeKind::Number,
        "yes_no" => AttributeKind::YesNo,
        "one_of" => AttributeKind::OneOf(options),
        "several_of" => AttributeKind::SeveralOf(options),
        "date" => AttributeKind::Date,
        "url" => AttributeKind::Url,
        "person" => AttributeKind::Person,
        _ => AttributeKind::Text,
    };
    AttributeSpec {
        title: if record.title.as_str().is_empty() {
            record.name.as_str().to_owned()
        } else {
            record.title.into_owned()
        },
        name: record.name.into_owned(),
        kind,
        help: record.help.into_owned(),
        unknown: record.unknown,
    }
}
