//! An article's record to an article whose annotations are proven against its text.
//!
//! Annotations that do not fit are looked for again by their stored text (`core::reanchor`); what
//! is not found goes to the review list with its reason. Knows nothing of the file around the
//! article but where its lines stand.

use super::lenient::NO_PLACE;
use super::read::of_a_later_version;
use super::record::{AnnotationRecord, ArticleRecord};
use super::schema::from_ron;
use super::shapes::Str;
use super::strings::quoted;
use super::values::{Names, OriginRecord, ValueRecord};
use crate::core::annotation::{
    Annotation, AnnotationSet, Details, Fragments, Link, merge_fragments,
};
use crate::core::article::{Article, Status};
use crate::core::check::{KEPT, Problem, STAYS, article_place};
use crate::core::codebook::Codebook;
use crate::core::edit::{are_stretches, check_fragments};
use crate::core::ids::{AnnotationId, ArticleId};
use crate::core::kept::Kept;
use crate::core::project::{Project, SetAside};
use crate::core::reanchor::{How, Lost, NotPlaced, Placed, budget_for, reanchor};
use crate::core::shown::in_marks;
use crate::core::text::{ArticleText, ByteRange, CharPos, CharRange};
use crate::format::time::timestamp_from;
use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// An article with what could not be trusted in it.
pub(super) struct ReadArticle {
    pub(super) article: Article,
    pub(super) aside: Vec<SetAside>,
    pub(super) problems: Vec<Problem>,
}

/// Where an article stands in the file, for saying where a problem is.
#[derive(Default)]
pub(super) struct Place<'a> {
    /// Its lines and the number of the first; `None` when the file is not in our layout.
    lines: Option<(&'a str, usize)>,
    article: String,
    by_id: OnceCell<HashMap<&'a str, usize>>,
}

impl<'a> Place<'a> {
    pub(super) fn new(lines: Option<(&'a str, usize)>, id: &str, title: &str) -> Self {
        let article = if id.is_empty() {
            String::new()
        } else {
            article_place(id, title)
        };
        Self {
            lines,
            article,
            by_id: OnceCell::new(),
        }
    }

    pub(super) fn of_article(&self) -> String {
        self.at(self.lines.map(|(_, first)| first))
    }

    fn of_annotation(&self, id: &str) -> String {
        let by_id = self.by_id.get_or_init(|| {
            let (block, first) = self.lines.unwrap_or_default();
            let lines = block.lines().enumerate();
            let ids = lines.filter_map(|(i, line)| {
                let (id, _) = line.trim_start().strip_prefix("(id: \"")?.split_once('"')?;
                Some((id, first + i))
            });
            ids.collect()
        });
        self.at(by_id.get(id).copied())
    }

    fn at(&self, line: Option<usize>) -> String {
        match line {
            Some(line) if self.article.is_empty() => format!("line {line}"),
            Some(line) => format!("line {line}, {}", self.article),
            None => self.article.clone(),
        }
    }
}

/// Why an annotation is looked for though its words stand where they stood.
pub(super) const OTHER_CONTEXT: &str = "other text stands around it";

/// Why an annotation does not fit.
pub(super) enum Unfit {
    /// Its text does not stand where it should.
    Text(String),
    /// Another reason, which no search could mend.
    Other(String),
}

/// An article whose annotations fit its text and the codebook, and the rest.
pub(super) fn article_from(
    record: ArticleRecord<'_>,
    codebook: &Codebook,
    names: &mut Names,
    lines: Option<(&str, usize)>,
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
    let place = Place::new(lines, id, record.title.as_str());
    let mut problems = Vec::new();
    let is_whole = text.hash() == record.hash.as_str();
    if !is_whole {
        problems.push(Problem::error(
            place.of_article(),
            "the text does not fit its hash: it was changed outside Pressmark",
            "the text stays as it is now and its new hash is stored; annotations that moved are found again by their text; the damaged file is not touched",
        ));
    }
    let mut annotations = Vec::with_capacity(record.annotations.len());
    let mut aside = Vec::new();
    let mut lost = Vec::new();
    // They stand in the file in the order of the text.
    let mut likely = 0;
    for annotation in &record.annotations {
        let start = annotation.fragments.first().map(|&(start, ..)| start);
        likely = start.filter(|&start| start != NO_PLACE).unwrap_or(likely);
        let sought = |reason| Sought {
            record: annotation,
            reason,
            likely,
        };
        for (what, value) in later_values(annotation) {
            let place = place.of_annotation(annotation.id.as_str());
            let place = format!("{place}, annotation {}", annotation.id.as_str());
            problems.push(of_a_later_version(place, what, value));
        }
        match annotation_from(annotation, &text, Some(codebook), names) {
            Ok(made) if is_whole || stands_as_before(annotation, &made, &text) => {
                annotations.push(made);
            }
            Ok(_) => lost.push(sought(OTHER_CONTEXT.to_owned())),
            Err(Unfit::Text(reason)) => lost.push(sought(reason)),
            Err(Unfit::Other(reason)) => {
                let place = place.of_annotation(annotation.id.as_str());
                let (item, problem) = aside_annotation(annotation, id, &place, reason);
                aside.push(item);
                problems.push(problem);
            }
        }
    }
    let size = lines.map_or(2 * text.len_bytes() + 200 * lost.len(), |(l, _)| l.len());
    let mut seek = Seek::new(&text, &annotations, size);
    for (annotation, found) in seek.all(lost, names) {
        let at = place.of_annotation(annotation.id.as_str());
        match found {
            Ok((made, mut problem)) => {
                problem.place = at;
                if is_whole {
                    // The annotation itself was damaged, and not the text under it.
                    problem.severity = crate::core::check::Severity::Error;
                }
                problems.push(problem);
                annotations.push(made);
            }
            Err(reason) => {
                let annotation = sought_in(annotation.clone(), &text);
                let (item, problem) = aside_annotation(&annotation, id, &at, reason);
                aside.push(item);
                problems.push(problem);
            }
        }
    }
    let (annotations, doubles) = AnnotationSet::from_annotations(annotations);
    for double in doubles {
        let reason = format!("another annotation of the article has the id {}", double.id);
        problems.push(Problem::error(
            place.of_annotation(double.id.as_str()),
            format!("annotation set aside: {reason}"),
            KEPT,
        ));
        let raw = super::write::annotation_text(&double, &text);
        aside.push(SetAside::new(id, reason, raw));
    }
    let mut status = std::collections::BTreeMap::new();
    for (annotator, name) in record.status.iter() {
        let known = Status::of_code(name.as_str());
        if matches!(known, Status::Later(_)) {
            problems.push(of_a_later_version(
                place.of_article(),
                "status",
                name.as_str(),
            ));
        }
        status.insert(names.annotator(annotator.as_str()), known);
    }
    let mut nothing = std::collections::BTreeMap::new();
    for (annotator, stretches) in record.nothing.iter() {
        let fitting = stretches.iter().filter_map(|&(start, end)| {
            let (start, end) = (CharPos(start), CharPos(end));
            let range = text.byte_range(CharRange { start, end })?;
            (is_whole && are_stretches(&text, &[range])).then_some(range)
        });
        let fitting: Vec<ByteRange> = fitting.collect();
        if fitting.len() < stretches.len() {
            problems.push(Problem::warning(
                place.of_article(),
                format!(
                    "where {} found nothing is not certain any more",
                    annotator.as_str()
                ),
                "these parts of the text are to be read again",
            ));
        }
        let stretches = merge_fragments(fitting).to_vec();
        if !stretches.is_empty() {
            nothing.insert(names.annotator(annotator.as_str()), stretches);
        }
    }
    let article = Article {
        id: ArticleId::new(id),
        title: record.title.as_str().to_owned(),
        text: Arc::new(text),
        nothing,
        metadata: record
            .metadata
            .0
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

/// What an annotation says that this version does not know.
pub(super) fn later_values<'r>(
    record: &'r AnnotationRecord<'_>,
) -> impl Iterator<Item = (&'r str, &'r str)> {
    let times = [
        ("made", record.made.as_str()),
        ("changed", record.changed.as_str()),
    ];
    let times = times
        .into_iter()
        .filter(|(_, value)| !value.is_empty() && timestamp_from(value).is_none());
    let attributes = record.attributes.iter();
    let attributes = attributes.filter_map(|(name, value)| match value {
        ValueRecord::Later(raw) => Some((name.as_str(), raw.as_str())),
        _ => None,
    });
    let origin = match &record.origin {
        OriginRecord::Later(raw) => Some(("origin", raw.as_str())),
        _ => None,
    };
    times.chain(attributes).chain(origin)
}

/// Whether an annotation fits an article as it stands, with what stood around it.
pub(super) fn fits_exactly(
    record: &AnnotationRecord<'_>,
    article: &Article,
    codebook: &Codebook,
) -> bool {
    let made = annotation_from(record, &article.text, Some(codebook), &mut Names::default());
    made.is_ok_and(|made| {
        stands_as_before(record, &made, &article.text)
            && article.annotations.get(made.id.as_str()).is_none()
    })
}

impl ReadArticle {
    /// Adds an annotation that stood elsewhere in the file.
    pub(super) fn take_in(&mut self, record: &AnnotationRecord<'_>, codebook: &Codebook) {
        let article = &mut self.article;
        let Ok(made) =
            annotation_from(record, &article.text, Some(codebook), &mut Names::default())
        else {
            return;
        };
        self.problems.push(Problem::error(
            article_place(article.id.as_str(), &article.title),
            format!("annotation {} stood in another article", made.id),
            "it is put back where its text is",
        ));
        let all = article.annotations.iter().map(|a| Annotation::clone(a));
        let all: Vec<Annotation> = all.chain([made]).collect();
        article.annotations = AnnotationSet::from_annotations(all).0;
    }
}

/// Whether what stands around an annotation in a changed text is what stood there before, as far as
/// that is known. The same short text may have come to stand in its place.
pub(super) fn stands_as_before(
    record: &AnnotationRecord<'_>,
    made: &Annotation,
    text: &ArticleText,
) -> bool {
    let Some((before, after)) = &record.context.0 else {
        return true;
    };
    let extent = made.extent();
    let here = text.as_str();
    let preceding = here.get(..extent.start.as_usize()).unwrap_or("");
    let following = here.get(extent.end.as_usize()..).unwrap_or("");
    let begins = |text: &str| text.chars().take(6).collect::<String>();
    let ends = |text: &str| text.chars().rev().take(6).collect::<String>();
    preceding.ends_with(
        ends(before.as_str())
            .chars()
            .rev()
            .collect::<String>()
            .as_str(),
    ) || following.starts_with(&begins(after.as_str()))
}

/// An annotation that is looked for.
pub(super) struct Sought<'r, 's> {
    pub(super) record: &'r AnnotationRecord<'s>,
    /// Why it does not fit.
    pub(super) reason: String,
    /// Where it may have stood if its offsets do not tell.
    pub(super) likely: u32,
}

/// Looks for annotations of one article again.
pub(super) struct Seek<'a> {
    text: &'a ArticleText,
    fitting: Vec<CharRange>,
    budget: u64,
}

type Found = Result<(Annotation, Problem), String>;

impl<'a> Seek<'a> {
    /// `size` is how much of the file the article takes: the work may grow with it.
    pub(super) fn new(text: &'a ArticleText, fitting: &[Annotation], size: usize) -> Self {
        let fragments = fitting.iter().flat_map(|a| &a.fragments);
        Self {
            text,
            fitting: fragments.map(|&f| text.char_range(f)).collect(),
            budget: budget_for(size),
        }
    }

    /// Each record with the annotation made of it and what to tell of its move, or why it was not
    /// found.
    pub(super) fn all<'r, 's>(
        &mut self,
        records: Vec<Sought<'r, 's>>,
        names: &mut Names,
    ) -> Vec<(&'r AnnotationRecord<'s>, Found)> {
        if records.is_empty() {
            return Vec::new();
        }
        let lost: Vec<Lost<'_>> = records
            .iter()
            .map(|sought| lost_from(sought.record, sought.likely))
            .collect();
        let placed = reanchor(self.text, &self.fitting, &lost, &mut self.budget);
        let found = records.into_iter().zip(placed);
        found
            .map(|(Sought { record, reason, .. }, placed)| {
                let found = match placed {
                    Ok(placed) => self.moved(record, &placed, &reason, names),
                    Err(NotPlaced::NoText) => Err(reason),
                    Err(why) => Err(format!("{reason}; {why}")),
                };
                (record, found)
            })
            .collect()
    }

    fn moved(
        &self,
        record: &AnnotationRecord<'_>,
        placed: &Placed,
        reason: &str,
        names: &mut Names,
    ) -> Found {
        let made = annotation_with(record, placed.fragments.clone().into(), names);
        check_fragments(&made, self.text).map_err(|error| error.to_string())?;
        let old: Vec<(u32, u32)> = sorted(record).iter().map(|&&(s, e, _)| (s, e)).collect();
        let new = placed.fragments.iter().map(|&f| self.text.char_range(f));
        let new: Vec<(u32, u32)> = new.map(|c| (c.start.0, c.end.0)).collect();
        let stored = sorted(record)
            .iter()
            .map(|(_, _, text)| text.as_str())
            .collect::<Vec<_>>();
        let now: Vec<&str> = placed
            .fragments
            .iter()
            .map(|&f| self.text.slice(f))
            .collect();
        let of = |texts: &[&str]| in_marks(&excerpt(&texts.join(" … ")));
        let (stored, now) = (of(&stored), of(&now));
        let is_unknown = old.iter().any(|&(start, _)| start == NO_PLACE);
        let (old, new) = (offsets(&old), offsets(&new));
        let id = record.id.as_str();
        let how = placed.how;
        let what = if is_unknown {
            format!("annotation {id} {stored} is found at characters {new} ({how}): {reason}")
        } else if old == new {
            format!(
                "annotation {id} {stored}: the text at characters {old} is different now ({how})"
            )
        } else {
            format!(
                "annotation {id} {stored} moved from characters {old} to {new} ({how}): {reason}"
            )
        };
        let problem = match how {
            How::Exact => Problem::warning(
                "",
                what,
                format!("the annotation is moved to characters {new}"),
            ),
            How::Normalised => Problem::warning(
                "",
                format!("{what}; it reads {now} now"),
                format!("the annotation is moved to characters {new}"),
            ),
            How::Fuzzy(_) => Problem::warning(
                "",
                format!("{what}; it reads {now} now: review it"),
                format!("the annotation is moved to characters {new}; review it"),
            ),
        };
        Ok((made, problem))
    }
}

fn offsets(ranges: &[(u32, u32)]) -> String {
    let ranges: Vec<String> = ranges.iter().map(|(s, e)| format!("{s}–{e}")).collect();
    ranges.join(" and ")
}

fn sorted<'r, 's>(record: &'r AnnotationRecord<'s>) -> Vec<&'r (u32, u32, Str<'s>)> {
    let mut fragments: Vec<_> = record.fragments.iter().collect();
    fragments.sort_by_key(|&&(start, end, _)| (start, end));
    fragments
}

fn lost_from<'r>(record: &'r AnnotationRecord<'_>, likely: u32) -> Lost<'r> {
    let fragments = sorted(record).into_iter().map(|(start, end, text)| {
        let (start, end) = match *start {
            NO_PLACE => (likely, likely),
            start => (start, *end),
        };
        let range = CharRange {
            start: CharPos(start),
            end: CharPos(end),
        };
        (range, text.as_str())
    });
    let context = record.context.0.as_ref();
    Lost {
        fragments: fragments.collect(),
        context: context.map(|(before, after)| (before.as_str(), after.as_str())),
    }
}

/// Notes in which text an annotation was not found, so that it is looked for again only in another.
pub(super) fn sought_in<'s>(
    record: AnnotationRecord<'s>,
    text: &ArticleText,
) -> AnnotationRecord<'s> {
    AnnotationRecord {
        sought_in: Str::from(text.hash().to_owned()),
        ..record
    }
}

/// One annotation, proven against the text. Without a codebook any label is taken.
pub(super) fn annotation_from(
    record: &AnnotationRecord<'_>,
    text: &ArticleText,
    codebook: Option<&Codebook>,
    names: &mut Names,
) -> Result<Annotation, Unfit> {
    let label = record.label.as_str();
    if codebook.is_some_and(|codebook| codebook.label(label).is_none()) {
        return Err(Unfit::Other(format!("the codebook has no label “{label}”")));
    }
    let proven = record.fragments.iter().map(|(start, end, stored)| {
        let chars = CharRange {
            start: CharPos(*start),
            end: CharPos(*end),
        };
        let range = text.byte_range(chars).ok_or_else(|| {
            if *start == NO_PLACE {
                return Unfit::Text("its place in the text is lost".to_owned());
            }
            Unfit::Text(format!(
                "characters {start} to {end} lie outside the text, which has {}",
                text.len_chars()
            ))
        })?;
        if text.slice(range) != stored.as_str() {
            return Err(Unfit::Text(format!(
                "characters {start} to {end} read {}, but {} was marked",
                in_marks(&excerpt(text.slice(range))),
                in_marks(&excerpt(stored.as_str())),
            )));
        }
        Ok(range)
    });
    let fragments = proven.collect::<Result<Fragments, Unfit>>()?;
    let annotation = annotation_with(record, fragments, names);
    check_fragments(&annotation, text).map_err(|error| Unfit::Text(error.to_string()))?;
    Ok(annotation)
}

fn annotation_with(
    record: &AnnotationRecord<'_>,
    fragments: Fragments,
    names: &mut Names,
) -> Annotation {
    let attributes = record.attributes.iter();
    let attributes = attributes.map(|(name, value)| (name.as_str(), value.value()));
    let mut unknown = record.unknown.clone();
    let mut time = |name: &str, text: &str| {
        let time = timestamp_from(text);
        if time.is_none() && !text.is_empty() {
            unknown.push((name.to_owned(), Kept::new(quoted(text))));
        }
        time
    };
    let (made, changed) = (
        time("made", record.made.as_str()),
        time("changed", record.changed.as_str()),
    );
    let details = Details {
        attributes: attributes.collect(),
        links: record
            .links
            .iter()
            .map(|link| Link {
                role: link.role.as_str().to_owned(),
                target: AnnotationId::new(link.target.as_str()),
                unknown: link.unknown.clone(),
            })
            .collect(),
        note: record.note.as_str().to_owned(),
        changed,
        origin: record.origin.value(),
        unknown,
    };
    Annotation {
        id: AnnotationId::new(record.id.as_str()),
        annotator: names.annotator(record.annotator.as_str()),
        label: names.label(record.label.as_str()),
        fragments,
        made,
        codebook_revision: record.codebook,
        details: details.into(),
    }
}

/// An annotation of the review list, without a place in the text. `None` when it is no annotation.
pub fn lost_annotation(raw: &Kept) -> Option<Annotation> {
    let record: AnnotationRecord<'_> = from_ron(raw.as_str()).ok()?;
    Some(annotation_with(
        &record,
        Fragments::from(Vec::new()),
        &mut Names::default(),
    ))
}

/// The ids of the annotations on the review list: what is kept of one begins with it.
pub fn ids_in_review(project: &Project) -> HashSet<String> {
    let raw = project.set_aside().iter().map(|aside| aside.raw.as_str());
    let ids = raw.filter_map(|raw| Some(raw.strip_prefix("(id: \"")?.split_once('"')?.0));
    ids.map(str::to_owned).collect()
}

/// The texts that an annotation of the review list covered; empty when it is no annotation.
pub fn lost_texts(raw: &Kept) -> Vec<String> {
    let record: Result<AnnotationRecord<'_>, _> = from_ron(raw.as_str());
    let fragments = record.map(|record| record.fragments).unwrap_or_default();
    let texts = fragments.into_iter();
    texts.map(|(.., text)| text.into_owned()).collect()
}

pub(super) fn excerpt(text: &str) -> String {
    let mut short: String = text.chars().take(40).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short.replace('\n', " ")
}

pub(super) fn aside_annotation(
    record: &AnnotationRecord<'_>,
    article: &str,
    place: &str,
    reason: String,
) -> (SetAside, Problem) {
    let problem = Problem::error(
        place,
        format!("annotation {} set aside: {reason}", record.id.as_str()),
        KEPT,
    );
    let aside = SetAside::new(article, reason, super::write::record_text(record));
    (aside, problem)
}

/// What was set aside earlier and still is.
pub(super) fn still_aside(place: String, reason: &str) -> Problem {
    let remedy = if reason.contains("the codebook has no label") {
        "it is kept in the review list until the codebook has the label"
    } else if reason.is_empty() {
        STAYS
    } else {
        KEPT
    };
    Problem::warning(place, format!("set aside earlier: {reason}"), remedy)
}
