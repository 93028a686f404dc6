//! The plain dataset: one article per line of JSON, offsets in Unicode code points, half-open.

use crate::core::annotation::Origin;
use crate::core::article::Article;
use crate::format::WriteError;
use crate::format::export::format::{Format, FormatGroup, Part, Shape};
use crate::format::export::json::{json_line, value_to_json};
use crate::format::export::of_project::of_project;
use crate::format::export::options::Choice;
use crate::format::export::options::Texts;
use crate::format::export::plan::Plan;
use crate::format::export::proof::{self, CodePoints, Lines};
use crate::format::export::record::{Record, Span};
use crate::format::export::{Progress, Sink, Stored, Written};
use crate::format::time::timestamp_text;
use crate::format::words::of_project::OfProject;
use crate::format::words::values::origin_text;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::borrow::Cow;
use std::collections::BTreeMap;

pub const FORMAT: Format = Format {
    name: "jsonl",
    aliases: &["json-lines"],
    title: "JSON Lines",
    group: FormatGroup::Training,
    shape: Shape::File { extension: "jsonl" },
    offset_unit: "Unicode code points",
    read_by: "Python, R, and Pressmark itself",
    lacks: &[Part::Codebook],
    adds: "paragraphs with nothing in them, sets of articles",
    changes: "",
    choices: &[&Choice::TEXTS],
    write,
    prove,
    splits_itself: false,
    reader: Some(&super::read::READER),
};

#[derive(Serialize)]
struct ArticleLine<'a> {
    id: &'a str,
    title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'a str>,
    /// Where the text does not leave: what it must hash to, and its length in code points.
    #[serde(skip_serializing_if = "Option::is_none")]
    text_hash: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text_chars: Option<usize>,
    meta: &'a BTreeMap<String, String>,
    annotations: Vec<AnnotationLine<'a>>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    status: BTreeMap<&'a str, &'a str>,
    /// Where each annotator has read and found nothing, in code points.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    nothing: BTreeMap<&'a str, Vec<(u32, u32)>>,
    #[serde(skip_serializing_if = "str::is_empty")]
    notes: &'a str,
    /// Those that it is in.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    sets: Vec<SetLine<'a>>,
    /// With the first article: what belongs to none.
    #[serde(skip_serializing_if = "Option::is_none")]
    project: Option<OfProject>,
}

#[derive(Serialize)]
struct SetLine<'a> {
    id: &'a str,
    name: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    how: &'a str,
    #[serde(skip_serializing_if = "is_no_seed")]
    seed: u32,
    by: &'a str,
    #[serde(skip_serializing_if = "String::is_empty")]
    when: String,
}

fn is_no_seed(seed: &u32) -> bool {
    *seed == 0
}

#[derive(Serialize)]
struct AnnotationLine<'a> {
    id: &'a str,
    annotator: &'a str,
    label: &'a str,
    fragments: Vec<FragmentLine<'a>>,
    attributes: BTreeMap<&'a str, Value>,
    links: Vec<LinkLine<'a>>,
    note: &'a str,
    #[serde(skip_serializing_if = "String::is_empty")]
    made: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    changed: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    codebook_revision: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    origin: Option<String>,
}

#[derive(Serialize)]
struct FragmentLine<'a> {
    start: u32,
    end: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'a str>,
}

#[derive(Serialize)]
struct LinkLine<'a> {
    role: &'a str,
    target: &'a str,
}

pub fn write(
    plan: &Plan<'_>,
    sink: &mut dyn Sink,
    progress: Progress<'_>,
) -> Result<Written, WriteError> {
    let mut written = Written::default();
    sink.file("dataset.jsonl", &mut |out| {
        written = plan.write_each(
            progress,
            |record, _| json_line(&article_line(plan, record)),
            |_, line| Ok(out.write_all(&line)?),
        )?;
        Ok(())
    })?;
    Ok(written)
}

fn article_line<'a>(plan: &Plan<'a>, record: &'a Record<'a>) -> ArticleLine<'a> {
    let article = record.article;
    let whole = plan.has_texts();
    let first = plan.articles.first();
    let is_first = first.is_some_and(|first| first.article.id == article.id);
    ArticleLine {
        id: record.id,
        title: &article.title,
        text: whole.then(|| record.text()),
        text_hash: (!whole).then(|| article.text.hash()),
        text_chars: (!whole).then(|| article.text.len_chars()),
        meta: &article.metadata,
        annotations: record
            .spans
            .iter()
            .map(|span| line_of(plan, record, span))
            .collect(),
        status: article
            .status
            .iter()
            .map(|(annotator, status)| (annotator.as_str(), status.name()))
            .collect(),
        nothing: article
            .nothing
            .iter()
            .map(|(annotator, stretches)| {
                let chars = stretches.iter().map(|s| article.text.char_range(*s));
                let chars = chars.map(|chars| (chars.start.0, chars.end.0));
                (annotator.as_str(), chars.collect())
            })
            .collect(),
        notes: &article.notes,
        sets: sets_of(plan, article),
        project: is_first
            .then(|| of_project(plan))
            .filter(|told| !told.is_empty()),
    }
}

/// The sets that an article is in.
fn sets_of<'a>(plan: &Plan<'a>, article: &Article) -> Vec<SetLine<'a>> {
    let sets = plan.project.sets().iter();
    let of_it = sets.filter(|set| set.members.contains(&article.id));
    let lines = of_it.map(|set| SetLine {
        id: set.id.as_str(),
        name: &set.name,
        how: &set.how,
        seed: set.seed,
        by: set.by.as_str(),
        when: set.when.map(timestamp_text).unwrap_or_default(),
    });
    lines.collect()
}

fn line_of<'a>(plan: &Plan<'_>, record: &'a Record<'a>, span: &'a Span<'a>) -> AnnotationLine<'a> {
    let with_quotes = plan.options.texts != Texts::Hashes;
    let fragments = span.fragments.iter().map(|fragment| FragmentLine {
        start: fragment.chars.start.0,
        end: fragment.chars.end.0,
        text: with_quotes.then_some(fragment.text),
    });
    let attributes = span.attributes.iter();
    let links = span.links.iter();
    let revision = span.annotation.codebook_revision;
    AnnotationLine {
        id: &span.id,
        annotator: &span.annotator,
        label: span.label,
        fragments: fragments.collect(),
        attributes: attributes
            .map(|(name, value)| (*name, value_to_json(record, value)))
            .collect(),
        links: links
            .map(|(role, target)| LinkLine { role, target })
            .collect(),
        note: &span.note,
        made: span.made(),
        changed: span.changed(),
        codebook_revision: (revision != 0).then_some(revision),
        origin: match &span.annotation.origin {
            Origin::Hand => None,
            other => Some(origin_text(other)),
        },
    }
}

#[derive(Deserialize)]
struct BackLine<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
    #[serde(borrow, default)]
    text: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    text_hash: Option<Cow<'a, str>>,
    #[serde(borrow)]
    annotations: Vec<BackAnnotation<'a>>,
}

#[derive(Deserialize)]
struct BackAnnotation<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
    #[serde(borrow)]
    annotator: Cow<'a, str>,
    #[serde(borrow)]
    label: Cow<'a, str>,
    #[serde(borrow)]
    fragments: Vec<BackFragment<'a>>,
}

#[derive(Deserialize)]
struct BackFragment<'a> {
    start: u32,
    end: u32,
    #[serde(borrow, default)]
    text: Option<Cow<'a, str>>,
}

/// Every fragment is cut from the written text by its written offsets and compared with what the
/// project holds.
pub fn prove(
    plan: &Plan<'_>,
    stored: &dyn Stored,
    progress: Progress<'_>,
) -> Result<Written, WriteError> {
    let mut lines = Lines::open(stored, "dataset.jsonl")?;
    proof::each(
        plan,
        progress,
        || lines.next(),
        |planned, line| compare(plan, &plan.record(planned)?, &line),
    )
}

fn compare(plan: &Plan<'_>, record: &Record<'_>, line: &[u8]) -> Result<Written, WriteError> {
    let mismatch = |annotation: &str, detail: &str| WriteError::Mismatch {
        article: record.id.to_owned(),
        annotation: annotation.to_owned(),
        detail: detail.to_owned(),
    };
    let line: BackLine<'_> =
        serde_json::from_slice(line).map_err(|error| WriteError::Unreadable(error.to_string()))?;
    if line.id != record.id {
        return Err(mismatch("-", "another article stands in its place"));
    }
    let text = match (&line.text, &line.text_hash) {
        (Some(text), _) if plan.has_texts() => text.as_ref(),
        (None, Some(hash)) if !plan.has_texts() && hash == record.article.text.hash() => {
            record.text()
        }
        _ => return Err(mismatch("-", "the text is missing, or stands in it")),
    };
    if text != record.text() {
        return Err(mismatch("-", "the text differs"));
    }
    let points = CodePoints::of(text);
    let mut back = line.annotations.iter();
    for span in &record.spans {
        let found = back
            .next()
            .ok_or_else(|| mismatch(&span.id, "it is missing"))?;
        if found.id != span.id || found.fragments.len() != span.fragments.len() {
            return Err(mismatch(&span.id, "another annotation stands in its place"));
        }
        if found.label != span.label || found.annotator != span.annotator {
            return Err(mismatch(&span.id, "its label or annotator differs"));
        }
        for (fragment, found) in span.fragments.iter().zip(&found.fragments) {
            let cut = points.slice(found.start as usize..found.end as usize);
            let carried = match plan.options.texts {
                Texts::Hashes => found.text.is_none(),
                _ => found.text.as_deref() == Some(fragment.text),
            };
            if cut != Some(fragment.text) || !carried {
                return Err(mismatch(&span.id, "the text at its offsets differs"));
            }
        }
    }
    if back.next().is_some() {
        return Err(mismatch(
            "-",
            "there are more annotations than in the project",
        ));
    }
    let mut written = Written::default();
    written.count(record);
    Ok(written)
}
