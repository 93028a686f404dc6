//! The project file to core values, trusting nothing.
//!
//! The version is read first. Then the file is cut into its articles, which are parsed on all
//! cores; a file that does not have our layout is parsed in one piece. What does not fit is set
//! aside with a reason, never dropped.

use super::article::{ReadArticle, article_from};
use super::plain::from_plain;
use super::record::{ArticleRecord, ProjectRecord, lists_are_empty};
use super::schema::from_ron;
use super::values::Names;
use super::{MAX_FILE_BYTES, VERSION, articles, bytes, conflict, mend, salvage};
use crate::core::annotation::{Annotation, AnnotationSet};
use crate::core::article::Article;
use crate::core::check::{KEPT, Problem, STAYS, article_place};
use crate::core::codebook::{
    AttributeKind, BoundaryPolicy, Codebook, Label, OverlapPolicy, Thing, Underline,
};
use crate::core::ids::{AnnotationId, ArticleId};
use crate::core::project::{
    ApartOf, GroupState, PersonKind, Project, ProjectParts, SetAside, settle_groups,
};
use crate::format::ReadError;
use crate::format::parallel;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A project as far as it can be trusted, and what was found wrong with its file.
#[derive(Debug, Default)]
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
    let decoded = bytes::decode(bytes);
    let source = decoded.text.as_ref();
    let refusal = |error, is_marked: bool| match (decoded.bad_byte, error) {
        (Some(byte), ReadError::At { .. } | ReadError::NotAProject) => ReadError::NotUtf8 { byte },
        (None, ReadError::At { .. }) if !is_marked => ReadError::NotAProject,
        (_, error) => error,
    };
    let is_marked = check_version(source, !decoded.problems.is_empty());
    let is_marked = is_marked.map_err(|error| refusal(error, false))?;
    let mut opened = match conflict::sides(source) {
        Some(sides) => conflict::read_both(&sides, progress),
        None => read_text(source, progress),
    }
    .map_err(|error| refusal(error, is_marked))?;
    progress(1.0);
    opened.problems.splice(0..0, decoded.problems);
    Ok(opened)
}

/// The name and the codebook of a project file. Of one that is as this program writes it the
/// articles are not looked at.
pub(super) fn codebook_of_project(
    bytes: &[u8],
) -> Result<(String, Codebook, Vec<Problem>), ReadError> {
    if let Some(blocks) = whole_blocks(bytes)
        && let Some(mut head) = head_of(&blocks)
    {
        head.trash.clear();
        head.set_aside.clear();
        let mut reader = Reader::default();
        let parts = reader.assemble(head, Vec::new());
        return Ok((parts.name, parts.codebook, reader.problems));
    }
    let opened = read(bytes, &|_| ())?;
    let codebook = opened.project.codebook().clone();
    Ok((opened.project.name().to_owned(), codebook, opened.problems))
}

/// Reads the text of a project file, whole or damaged.
pub(super) fn read_text(
    source: &str,
    progress: &(dyn Fn(f32) + Sync),
) -> Result<Opened, ReadError> {
    let mut reader = Reader::default();
    let blocks = salvage::blocks(source.as_bytes());
    let parts = blocks.and_then(|blocks| read_blocks(&mut reader, source, &blocks, progress));
    let parts = match parts {
        Some(parts) => parts,
        // Not in our layout, or damaged: in one piece, with a position for what is wrong.
        None => match whole(source) {
            Ok(record) => {
                reader = Reader::default();
                reader.assemble(record, Vec::new())
            }
            Err(error) => {
                reader = Reader::default();
                mend::read_damaged(&mut reader, source, progress)
                    .filter(|parts| !is_nothing(parts, &reader))
                    .ok_or_else(|| position_of(&error))
                    .inspect(|_| reader.report_damage(&error))?
            }
        },
    };
    Ok(reader.finish(parts))
}

/// A project whose lines all stand where they belong, as far as their fields tell.
fn whole(source: &str) -> Result<ProjectRecord<'_>, ron::error::SpannedError> {
    let mut record: ProjectRecord<'_> = from_ron(source)?;
    if articles::mixes_lists(&mut record) {
        Err(ron::error::SpannedError {
            code: ron::Error::Message("lists run into each other".to_owned()),
            span: ron::error::Span {
                start: ron::error::Position { line: 1, col: 1 },
                end: ron::error::Position { line: 1, col: 1 },
            },
        })
    } else {
        Ok(record)
    }
}

/// Tells of a value that this version keeps without knowing what it means.
pub(super) fn of_a_later_version(place: impl Into<String>, what: &str, value: &str) -> Problem {
    let message = format!(
        "“{what}” is of a later version: {}",
        super::article::excerpt(value)
    );
    Problem::warning(place, message, STAYS)
}

/// Whether nothing at all was read.
fn is_nothing(parts: &ProjectParts, reader: &Reader) -> bool {
    let set_aside = reader.aside.iter().all(|aside| aside.article.is_empty());
    parts.name.is_empty()
        && parts.articles.is_empty()
        && lists_are_empty(parts)
        && set_aside
        && !reader.has_codebook
}

fn position_of(error: &ron::error::SpannedError) -> ReadError {
    ReadError::At {
        line: error.span.start.line,
        column: error.span.start.col,
        message: error.code.to_string(),
    }
}

/// Refuses what is no project, and newer major versions, before anything else is parsed. A file of
/// damaged bytes may have lost its version: it says whether there is one.
pub(super) fn check_version(source: &str, is_damaged: bool) -> Result<bool, ReadError> {
    let head = source.trim_start();
    let starts_like_one = head.starts_with('(')
        || head.starts_with("Project")
        || head.starts_with("//")
        || head.starts_with("#!")
        || head.starts_with("<<<<<<<");
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
        Some(_) if starts_like_one => Ok(true),
        // The start of the file is lost, but what follows is ours.
        _ if head.contains("format: \"pressmark\"") || is_damaged || has_our_lists(source) => {
            Ok(false)
        }
        _ => Err(ReadError::NotAProject),
    }
}

/// Whether lines stand in the text that only our layout has.
fn has_our_lists(source: &str) -> bool {
    [
        "\n    articles: [",
        "\n            text: [",
        "\n            hash: \"blake3:",
    ]
    .iter()
    .filter(|line| memchr::memmem::find(source.as_bytes(), line.as_bytes()).is_some())
    .count()
        >= 2
}

/// Parses head and articles apart. `None` when any part does not parse.
fn read_blocks(
    reader: &mut Reader,
    source: &str,
    blocks: &salvage::Blocks,
    progress: &(dyn Fn(f32) + Sync),
) -> Option<ProjectParts> {
    let head = head_of(blocks)?;
    let codebook = head.codebook.0.clone().unwrap_or_default();
    let total = blocks.articles.len();
    let read = read_articles(
        source.as_bytes(),
        &blocks.articles,
        &codebook,
        &Counter::new(total, progress),
    )?;
    Some(reader.assemble(head, read))
}

fn head_of(blocks: &salvage::Blocks) -> Option<ProjectRecord<'_>> {
    let mut head: ProjectRecord<'_> = from_ron(&blocks.head).ok()?;
    (!articles::mixes_lists(&mut head)).then_some(head)
}

/// Tells how many articles were read.
struct Counter<'a> {
    done: AtomicUsize,
    total: usize,
    progress: &'a (dyn Fn(f32) + Sync),
}

impl<'a> Counter<'a> {
    fn new(total: usize, progress: &'a (dyn Fn(f32) + Sync)) -> Self {
        Self {
            done: AtomicUsize::new(0),
            total: total.max(1),
            progress,
        }
    }

    fn count(&self) {
        let n = self.done.fetch_add(1, Ordering::Relaxed);
        if n.is_multiple_of(256) {
            (self.progress)(n as f32 / self.total as f32);
        }
    }
}

/// Parses articles on all cores. `None` when any does not parse.
fn read_articles(
    file: &[u8],
    blocks: &[salvage::Block],
    codebook: &Codebook,
    counter: &Counter<'_>,
) -> Option<Vec<ReadArticle>> {
    let read_piece = |blocks: &[salvage::Block]| -> Option<Vec<ReadArticle>> {
        let mut names = Names::default();
        let read = blocks.iter().map(|block| {
            let lines = block.of(file)?;
            let raw = lines.trim().trim_end_matches(',');
            let record: ArticleRecord<'_> = from_plain(raw).or_else(|| from_ron(raw).ok())?;
            if articles::holds_annotations(&record) {
                return None;
            }
            let lines = Some((lines, block.line));
            let read = article_from(record, codebook, &mut names, lines);
            counter.count();
            Some(read)
        });
        read.collect()
    };
    if blocks.len() < 64 {
        return read_piece(blocks);
    }
    // Few enough that nobody waits long for another, and enough that names are shared.
    let pieces = blocks.chunks(blocks.len().div_ceil(parallel::workers() * 8));
    let pieces: Vec<_> = pieces.collect();
    let mut articles = Vec::with_capacity(blocks.len());
    let whole = parallel::large_in_order(
        &pieces,
        &mut |_| true,
        |blocks| read_piece(blocks).ok_or(parallel::Ended::Cancelled),
        |_, read| {
            articles.extend(read);
            Ok(())
        },
    );
    whole.ok().map(|()| articles)
}

/// Reads a file that is exactly as this program writes it, and lets go of its bytes on the way,
/// from its end, so that a large file and its project need not be in memory both. `look` sees all
/// bytes before. Of any other file the bytes come back, as far as they are there: [`read`] takes
/// it.
pub fn read_in_pieces<T: Send>(
    mut bytes: Vec<u8>,
    look: &(dyn Fn(&[u8]) -> T + Sync),
    progress: &(dyn Fn(f32) + Sync),
) -> (T, Result<Opened, Vec<u8>>) {
    /// So much is let go of at once, of a large file more.
    const PIECE: usize = if cfg!(test) { 1 << 10 } else { 32 << 20 };
    let (seen, blocks) = std::thread::scope(|scope| {
        let seen = scope.spawn(|| look(&bytes));
        let blocks = whole_blocks(&bytes);
        (seen.join().unwrap_or_else(|_| look(&bytes)), blocks)
    });
    let Some(blocks) = blocks else {
        return (seen, Err(bytes));
    };
    let Some(head) = head_of(&blocks) else {
        return (seen, Err(bytes));
    };
    let codebook = head.codebook.0.clone().unwrap_or_default();
    let counter = Counter::new(blocks.articles.len(), progress);
    let piece = PIECE.max(bytes.len() / 16);
    let mut left = blocks.articles.as_slice();
    let mut read = Vec::new();
    while let Some(last) = left.last() {
        let from = last.end.saturating_sub(piece);
        let at = left.partition_point(|block| block.start < from);
        let (before, now) = left.split_at_checked(at).unwrap_or((&[], left));
        // The last article may be longer than a piece.
        let (before, now) = match (now, left.split_last()) {
            ([], Some((last, before))) => (before, std::slice::from_ref(last)),
            _ => (before, now),
        };
        match read_articles(&bytes, now, &codebook, &counter) {
            Some(articles) => read.push(articles),
            None => return (seen, Err(bytes)),
        }
        if !before.is_empty() {
            bytes.truncate(now.first().map_or(0, |block| block.start));
            bytes.shrink_to_fit();
        }
        left = before;
    }
    drop(bytes);
    let mut reader = Reader::default();
    let articles = read.into_iter().rev().flatten().collect();
    let parts = reader.assemble(head, articles);
    let opened = reader.finish(parts);
    progress(1.0);
    (seen, Ok(opened))
}

/// The pieces of a file in which nothing is damaged, as far as can be seen without reading them.
fn whole_blocks(bytes: &[u8]) -> Option<salvage::Blocks> {
    let blocks = salvage::blocks(bytes)?;
    let is_as_written = bytes.len() as u64 <= MAX_FILE_BYTES
        && !blocks.head.starts_with('\u{FEFF}')
        && memchr::memchr(0, bytes).is_none()
        && check_version(&blocks.head, false).is_ok()
        && !conflict::has_marks(bytes);
    is_as_written.then_some(blocks)
}

/// Collects problems over the whole file.
#[derive(Default)]
pub(super) struct Reader {
    pub(super) problems: Vec<Problem>,
    pub(super) aside: Vec<SetAside>,
    pub(super) names: Names,
    /// The ids of annotations, while what was set aside is tried again.
    pub(super) taken: HashSet<AnnotationId>,
    /// Where each article stands.
    article_ids: HashMap<ArticleId, usize>,
    /// For articles that share an id: the number to try next.
    next_number: HashMap<ArticleId, u32>,
    /// The codebook, when it had to be mended.
    pub(super) codebook: Option<Codebook>,
    /// A label was read in a damaged file.
    pub(super) has_codebook: bool,
}

impl Reader {
    fn report_damage(&mut self, error: &ron::error::SpannedError) {
        let place = format!(
            "line {}, column {}",
            error.span.start.line, error.span.start.col
        );
        let message = format!("the file is damaged here: {}", error.code);
        let remedy = "every piece of the file that still reads is saved";
        self.problems
            .insert(0, Problem::error(place, message, remedy));
    }

    /// Tells of what a codebook says in words of a later version. What no version can use goes to
    /// the review list.
    pub(super) fn look_at_labels<'l>(&mut self, labels: impl Iterator<Item = &'l mut Label>) {
        for label in labels {
            let mut unusable = |name: &str| {
                let at = label.unknown.iter().position(|(known, _)| known == name)?;
                Some(label.unknown.remove(at))
            };
            for (name, raw) in [unusable("color"), unusable("key")].into_iter().flatten() {
                let message = format!("label “{}”: “{name}” cannot be read", label.id);
                self.problems.push(Problem::error("", &message, KEPT));
                let raw = format!("{name}: {}", raw.as_str());
                self.aside.push(SetAside::new("", message, raw));
            }
            let Label {
                stands_for,
                underline,
                boundary,
                overlap,
                attributes,
                ..
            } = label;
            let mut later = Vec::new();
            if let Some(Thing::Later(name)) = stands_for {
                later.push(("stands_for", name.to_string()));
            }
            if let Underline::Later(name) = underline {
                later.push(("underline", name.to_string()));
            }
            if let BoundaryPolicy::Later(name) = boundary {
                later.push(("boundary", name.to_string()));
            }
            if let OverlapPolicy::Later(name) = overlap {
                later.push(("overlap", name.to_string()));
            }
            for attribute in attributes {
                if let AttributeKind::Later { name, .. } = &attribute.kind {
                    later.push(("kind", name.clone()));
                }
            }
            for (what, value) in later {
                let place = format!("label “{}”", label.id);
                self.problems.push(of_a_later_version(place, what, &value));
            }
        }
    }

    /// Tells of what people, groups and decisions say in words of a later version.
    fn look_at_lists(&mut self, parts: &ProjectParts) {
        let mut tell = |place: String, what: &str, name: &str| {
            self.problems.push(of_a_later_version(place, what, name));
        };
        for person in &parts.people {
            if let PersonKind::Later(name) = &person.kind {
                tell(format!("person “{}”", person.id), "kind", name);
            }
        }
        for group in &parts.groups {
            let place = || format!("group “{}”", group.id);
            if let Thing::Later(name) = &group.thing {
                tell(place(), "thing", name);
            }
            if let GroupState::Later(name) = &group.state {
                tell(place(), "state", name);
            }
        }
        for apart in &parts.apart {
            if let ApartOf::Later(name) = &apart.of {
                tell("apart".to_owned(), "of", name);
            }
        }
    }

    /// The whole project from its record and from articles that were read apart from it.
    pub(super) fn assemble(
        &mut self,
        mut record: ProjectRecord<'_>,
        articles: Vec<ReadArticle>,
    ) -> ProjectParts {
        let mut codebook = self.codebook.take().or(record.codebook.0.take());
        if let Some(codebook) = &mut codebook {
            for id in codebook.break_circles() {
                let place = format!("label “{id}”");
                let message = "the label would be a kind of itself".to_owned();
                let remedy = "it is a kind of no other label now";
                self.problems
                    .push(Problem::warning(&place, message, remedy));
            }
        }
        let changes = codebook.iter().flat_map(|codebook| &codebook.changes);
        for change in changes {
            let when = change.unknown.iter().find(|(name, _)| name == "when");
            let told = when.map(|(name, raw)| of_a_later_version("codebook", name, raw.as_str()));
            self.problems.extend(told);
        }
        for import in &record.imports {
            let when = import.unknown.iter().find(|(name, _)| name == "when");
            let told = when.map(|(name, raw)| of_a_later_version("imports", name, raw.as_str()));
            self.problems.extend(told);
        }
        for set in &record.sets {
            let when = set.unknown.iter().find(|(name, _)| name == "when");
            let told = when.map(|(name, raw)| of_a_later_version("sets", name, raw.as_str()));
            self.problems.extend(told);
        }
        for rule in &record.rules {
            let when = rule.unknown.iter().find(|(name, _)| name == "when");
            let told = when.map(|(name, raw)| of_a_later_version("rules", name, raw.as_str()));
            self.problems.extend(told);
        }
        let groups = record.groups.iter().map(|group| ("groups", &group.unknown));
        let apart = record.apart.iter().map(|apart| ("apart", &apart.unknown));
        for (list, unknown) in groups.chain(apart) {
            let when = unknown.iter().find(|(name, _)| name == "when");
            let told = when.map(|(name, raw)| of_a_later_version(list, name, raw.as_str()));
            self.problems.extend(told);
        }
        let mut parts = ProjectParts {
            name: std::mem::take(&mut record.name).into_owned(),
            codebook: codebook.unwrap_or_default(),
            unknown: std::mem::take(&mut record.unknown),
            ..ProjectParts::default()
        };
        record.move_plain(&mut parts);
        self.look_at_lists(&parts);
        for told in settle_groups(&mut parts.groups) {
            let remedy = "each annotation is in the first group that names it";
            self.problems.push(Problem::warning("", told, remedy));
        }
        self.look_at_labels(parts.codebook.labels.iter_mut());
        for article in record.articles {
            let read = article_from(article, &parts.codebook, &mut self.names, None);
            self.add_article(&mut parts, read);
        }
        for read in articles {
            self.add_article(&mut parts, read);
        }
        self.add_trash(&mut parts, record.trash);
        self.restore_or_keep(&mut parts, record.set_aside);
        parts
    }

    fn add_article(&mut self, parts: &mut ProjectParts, read: ReadArticle) {
        let ReadArticle {
            article,
            aside,
            problems,
        } = read;
        self.problems.extend(problems);
        let first_aside = self.aside.len();
        self.aside.extend(aside);
        let at = parts.articles.len();
        let Some(&known) = self.article_ids.get(&article.id) else {
            self.article_ids.insert(article.id.clone(), at);
            parts.articles.push(Arc::new(article));
            return;
        };
        let place = article_place(article.id.as_str(), &article.title);
        if parts
            .articles
            .get(known)
            .is_some_and(|known| **known == article)
        {
            self.problems.push(Problem::warning(
                place,
                "it is in the file twice, word for word",
                "one copy is kept",
            ));
            return;
        }
        // Another article with the same id: both are kept, the later one under a new id.
        let next = self.next_number.entry(article.id.clone()).or_insert(2);
        let id = loop {
            let id = ArticleId::new(format!("{}-{next}", article.id));
            *next += 1;
            if !self.article_ids.contains_key(&id) {
                self.article_ids.insert(id.clone(), at);
                break id;
            }
        };
        // What was set aside belongs to the article that is renamed.
        for aside in self.aside.iter_mut().skip(first_aside) {
            if aside.article == article.id.as_str() {
                aside.article = id.to_string();
            }
        }
        self.problems.push(Problem::error(
            place,
            "two different articles have this id",
            format!("both are kept; the later one becomes {id}"),
        ));
        parts.articles.push(Arc::new(Article { id, ..article }));
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
        let extents = parts.articles.iter().filter_map(|article| {
            let mut ids = article.annotations.iter().map(|annotation| &annotation.id);
            let first = ids.next()?;
            Some((first, ids.next_back().unwrap_or(first)))
        });
        // Where an article ends before the next one begins there is nothing to look up.
        let mut extents: Vec<(&AnnotationId, &AnnotationId)> = extents.collect();
        extents.sort_unstable();
        let is_before = |pair: &[(_, _)]| matches!(pair, [one, other] if one.1 < other.0);
        if extents.windows(2).all(is_before) {
            return;
        }
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
            let taken: HashSet<AnnotationId> = article
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
                    article_place(target.id.as_str(), &target.title),
                    format!("annotation set aside: {reason}"),
                    KEPT,
                ));
                let raw = super::write::annotation_text(&double, &target.text);
                self.aside
                    .push(SetAside::new(target.id.as_str(), reason, raw));
            }
            target.annotations = AnnotationSet::from_annotations(kept).0;
        }
    }
}
