//! Tables with an annotation a row, or a row for each of its fragments: `article, start, end, label`.
//! The texts stand in another table or beside.

use super::texts::{Texts, metadata_field, named};
use crate::core::annotation::AttributeValue;
use crate::core::article::Status;
use crate::format::collection::table;
use crate::format::reading::{
    FoundAnnotation, FoundArticle, FoundFragment, MAX_ARTICLES_PER_FILE, Reading, Refusal,
};
use crate::format::time::timestamp_from;
use std::collections::{BTreeMap, HashMap};

const START: &[&str] = &[
    "start",
    "begin",
    "start_offset",
    "start_char",
    "char_start",
    "begin_offset",
    "offset_start",
    "span_start",
    "begin_char",
    "start_index",
    "start_idx",
];
const END: &[&str] = &[
    "end",
    "stop",
    "end_offset",
    "end_char",
    "char_end",
    "offset_end",
    "span_end",
    "end_index",
    "end_idx",
];
const LABEL: &[&str] = &[
    "label",
    "labels",
    "span_label",
    "annotation_label",
    "tag",
    "category",
    "code",
    "type",
    "entity",
    "entity_type",
    "technique",
    "class",
];
const ARTICLE: &[&str] = &[
    "article",
    "article_id",
    "articleid",
    "doc",
    "doc_id",
    "docid",
    "document",
    "document_id",
    "text_id",
    "file",
    "filename",
    "file_name",
    "document_name",
];
const ANNOTATION: &[&str] = &[
    "annotation",
    "annotation_id",
    "span_id",
    "ann_id",
    "entity_id",
];
const COVERED: &[&str] = &[
    "span_text",
    "covered_text",
    "covered",
    "text_span",
    "quote",
    "exact",
    "mention",
    "span",
    "surface",
    "segment",
    "string",
    "phrase",
];
const WHOLE: &[&str] = &[
    "article_text",
    "full_text",
    "fulltext",
    "document_text",
    "doc_text",
    "content",
    "body",
    "context",
    "sentence",
];
const ANNOTATOR: &[&str] = &["annotator", "annotator_id", "coder", "annotated_by", "user"];
const NOTE: &[&str] = &["note", "notes", "comment", "comments", "memo"];
const MADE: &[&str] = &["created", "created_at", "made", "annotated_at", "timestamp"];
const CHANGED: &[&str] = &["changed", "changed_at", "modified", "updated", "updated_at"];
const LINKED: &[&str] = &["linked_span", "linked", "linked_to", "link", "link_to"];
/// Columns of the article rather than the annotation, as long as they say one thing of it.
const OF_ARTICLE: &[&str] = &[
    "title",
    "headline",
    "outlet",
    "source",
    "publisher",
    "author",
    "published",
    "date",
    "url",
    "language",
    "section",
];

/// Whether columns give offsets of something labelled.
pub(super) fn has_offsets(names: &[String]) -> bool {
    [START, END, LABEL]
        .iter()
        .all(|wanted| named(names, wanted).is_some())
}

pub(super) fn folded(names: &[String]) -> Vec<String> {
    names.iter().map(|name| table::folded(name)).collect()
}

fn number(cell: &str) -> Option<usize> {
    let cell = cell.trim();
    // Spreadsheets and data frames make 3.0 of 3.
    cell.strip_suffix(".0").unwrap_or(cell).parse().ok()
}

/// Whether a table's first rows are annotations.
pub(super) fn fits(rows: &[Vec<String>]) -> bool {
    let Some((names, rows)) = rows.split_first() else {
        return false;
    };
    let names = folded(names);
    let (Some(start), Some(end)) = (named(&names, START), named(&names, END)) else {
        return false;
    };
    let is_span = |row: &&Vec<String>| {
        let at = |at: usize| row.get(at).and_then(|cell| number(cell));
        at(start)
            .zip(at(end))
            .is_some_and(|(start, end)| start <= end)
    };
    let is_located = named(&names, ARTICLE).is_some() || named(&names, &["id", "text"]).is_some();
    has_offsets(&names) && is_located && rows.iter().take(20).all(|row| is_span(&row))
}

/// What the columns are for.
struct Columns {
    names: Vec<String>,
    /// As the file writes them.
    titles: Vec<String>,
    article: Option<usize>,
    annotation: Option<usize>,
    start: usize,
    end: usize,
    label: usize,
    covered: Option<usize>,
    whole: Option<usize>,
    fragment: Option<usize>,
    annotator: Option<usize>,
    note: Option<usize>,
    made: Option<usize>,
    changed: Option<usize>,
    links: Option<usize>,
    linked: Option<usize>,
    status: Option<usize>,
    of_article: Vec<usize>,
}

fn cell(row: &[String], at: Option<usize>) -> &str {
    let cell = at.and_then(|at| row.get(at)).map(String::as_str);
    cell.unwrap_or_default()
}

impl Columns {
    fn of(names: &[String], rows: &[Vec<String>]) -> Option<Self> {
        let titles = names;
        let names = folded(titles);
        let (start, end) = (named(&names, START)?, named(&names, END)?);
        let is_ordinal = |at: &usize| {
            rows.iter()
                .all(|row| number(cell(row, Some(*at))).is_some())
        };
        let is_status = |at: &usize| {
            rows.iter()
                .all(|row| status_of(cell(row, Some(*at))).is_some())
        };
        let mut columns = Self {
            article: named(&names, ARTICLE),
            annotation: named(&names, ANNOTATION),
            start,
            end,
            label: named(&names, LABEL)?,
            covered: named(&names, COVERED),
            whole: named(&names, WHOLE),
            fragment: named(&names, &["fragment"]).filter(is_ordinal),
            annotator: named(&names, ANNOTATOR),
            note: named(&names, NOTE),
            made: named(&names, MADE),
            changed: named(&names, CHANGED),
            links: named(&names, &["links"]),
            linked: named(&names, LINKED),
            status: named(&names, &["status"]).filter(is_status),
            of_article: Vec::new(),
            titles: titles.to_vec(),
            names,
        };
        let text = named(&columns.names, &["text"]);
        match text {
            Some(_) if columns.covered.is_some() && columns.whole.is_none() => columns.whole = text,
            Some(at) if columns.covered.is_none() => {
                match columns.whole.is_some() || is_covered(at, start, end, rows) {
                    true => columns.covered = text,
                    false => columns.whole = text,
                }
            }
            _ => {}
        }
        let id = named(&columns.names, &["id"]);
        match columns.article {
            Some(_) if columns.annotation.is_none() => columns.annotation = id,
            None => columns.article = id,
            _ => {}
        }
        let candidates = OF_ARTICLE.iter().filter_map(|name| {
            let at = named(&columns.names, &[name])?;
            (columns.is_same_in_articles(at, rows) && !columns.is_used(at)).then_some(at)
        });
        columns.of_article = candidates.collect();
        Some(columns)
    }

    fn is_used(&self, at: usize) -> bool {
        let optional = [
            self.article,
            self.annotation,
            self.covered,
            self.whole,
            self.fragment,
            self.annotator,
            self.note,
            self.made,
            self.changed,
            self.links,
            self.linked,
            self.status,
        ];
        [self.start, self.end, self.label].contains(&at)
            || optional.contains(&Some(at))
            || self.of_article.contains(&at)
            || self.names.get(at).is_some_and(|name| name == "fragments")
    }

    fn is_same_in_articles(&self, at: usize, rows: &[Vec<String>]) -> bool {
        let mut known: HashMap<&str, &str> = HashMap::new();
        rows.iter().all(|row| {
            let value = cell(row, Some(at));
            *known.entry(cell(row, self.article)).or_insert(value) == value
        })
    }
}

/// Whether a column holds the text between the offsets, rather than that of the article.
fn is_covered(text: usize, start: usize, end: usize, rows: &[Vec<String>]) -> bool {
    let (mut covered, mut whole) = (0, 0);
    for row in rows.iter().take(1_000) {
        let (Some(start), Some(end)) =
            (number(cell(row, Some(start))), number(cell(row, Some(end))))
        else {
            continue;
        };
        let text = cell(row, Some(text));
        let length = text.chars().count();
        match end.saturating_sub(start) {
            width if width == length || width == text.encode_utf16().count() => covered += 1,
            _ if length >= end => whole += 1,
            _ => covered += 1,
        }
    }
    covered >= whole
}

/// Reads rows of annotations, the first of them names of columns. Articles of the tables of texts
/// that no row is about are taken too.
pub(super) fn reading(
    rows: &[Vec<String>],
    second_row: usize,
    texts: &mut Texts<'_>,
) -> Result<Reading, Refusal> {
    let (names, rows) = rows
        .split_first()
        .ok_or_else(|| Refusal::new("there is nothing in this table"))?;
    let columns = Columns::of(names, rows)
        .ok_or_else(|| Refusal::new("this table has no columns of starts, ends and labels"))?;
    let mut reading = Reading::default();
    let mut articles: Vec<FoundArticle> = Vec::new();
    // By the id in the table: its place, or that its text was not found.
    let mut places: BTreeMap<String, Option<usize>> = BTreeMap::new();
    let mut by_known: HashMap<usize, usize> = HashMap::new();
    let mut fragments: HashMap<(usize, String), usize> = HashMap::new();
    let mut damaged = Vec::new();
    for (row_number, row) in (second_row..).zip(rows) {
        if row.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        let id = cell(row, columns.article).trim().to_owned();
        let whole = Some(cell(row, columns.whole)).filter(|text| !text.is_empty());
        let place = places.entry(id.clone()).or_insert_with(|| {
            let mut article = match whole {
                Some(text) => FoundArticle {
                    text: text.to_owned(),
                    ..FoundArticle::default()
                },
                None => {
                    let title = named(&columns.names, &["title"]);
                    let url = named(&columns.names, &["url", "source"]);
                    let at = texts
                        .find(&id)
                        .or_else(|| texts.find(cell(row, url)))
                        .or_else(|| texts.find(cell(row, title)))?;
                    if let Some(known) = by_known.get(&at) {
                        return Some(*known);
                    }
                    by_known.insert(at, articles.len());
                    texts.get(at)?.clone()
                }
            };
            id.clone_into(&mut article.id);
            for at in &columns.of_article {
                describe(&mut article, &columns, row, *at);
            }
            articles.push(article);
            Some(articles.len() - 1)
        });
        let Some((at, article)) = place.and_then(|at| Some((at, articles.get_mut(at)?))) else {
            continue;
        };
        let Some(found) = annotation(&columns, row) else {
            damaged.push(row_number);
            continue;
        };
        if let Some(status) = status_of(cell(row, columns.status)) {
            article.status.insert(found.annotator.clone(), status);
        }
        if columns.fragment.is_some() && !found.id.is_empty() {
            let key = (at, found.id.clone());
            if let Some(known) = fragments
                .get(&key)
                .and_then(|at| article.annotations.get_mut(*at))
            {
                known.fragments.extend(found.fragments);
                continue;
            }
            fragments.insert(key, article.annotations.len());
        }
        article.annotations.push(found);
    }
    let missing: Vec<&str> = places
        .iter()
        .filter(|(_, place)| place.is_none())
        .map(|(id, _)| id.as_str())
        .collect();
    if articles.is_empty() && !missing.is_empty() {
        return Err(Refusal::new(
            "the texts that these annotations are about are not here; put them beside this file as articles.csv with columns id and text, or one by one as ID.txt",
        ));
    }
    if let Some(first) = missing.first() {
        reading.remarks.push(format!(
            "the texts of {} articles are not here, so that their annotations were left out (the first is “{first}”)",
            missing.len()
        ));
    }
    if let Some(first) = damaged.first() {
        reading.remarks.push(format!(
            "{} rows have no offsets and were left out (the first is row {first})",
            damaged.len()
        ));
    }
    // Read, and nothing there: articles of the tables without a row.
    for (at, article) in texts.in_used_tables() {
        if !by_known.contains_key(&at) && !article.text.trim().is_empty() {
            articles.push(article.clone());
        }
    }
    articles.truncate(MAX_ARTICLES_PER_FILE);
    reading.articles = articles;
    reading.used = texts.used_files();
    Ok(reading)
}

fn status_of(name: &str) -> Option<Status> {
    let all = [
        Status::New,
        Status::InProgress,
        Status::Done,
        Status::Flagged,
    ];
    all.into_iter().find(|status| status.name() == name)
}

/// A column of the article's own.
fn describe(article: &mut FoundArticle, columns: &Columns, row: &[String], at: usize) {
    let (Some(name), value) = (columns.names.get(at), cell(row, Some(at)).trim()) else {
        return;
    };
    if value.is_empty() {
        return;
    }
    match name.as_str() {
        "title" | "headline" => value.clone_into(&mut article.title),
        name => {
            let key = table::FIELDS
                .iter()
                .find(|(_, names)| names.contains(&name))
                .map_or(name, |(key, _)| key);
            let (key, value) = metadata_field(key, value);
            article.metadata.entry(key).or_insert(value);
        }
    }
}

fn annotation(columns: &Columns, row: &[String]) -> Option<FoundAnnotation> {
    let told = |at: Option<usize>| cell(row, at).trim();
    let start = number(told(Some(columns.start)))?;
    let end = number(told(Some(columns.end)))?;
    let covered = cell(row, columns.covered);
    let fragment = FoundFragment {
        offsets: Some(start..end.max(start)),
        text: (!covered.is_empty()).then(|| covered.to_owned()),
        context: None,
    };
    let mut links: Vec<(String, String)> = told(columns.links)
        .split("; ")
        .filter_map(|link| link.split_once('='))
        .map(|(role, target)| (role.to_owned(), target.to_owned()))
        .collect();
    if !told(columns.linked).is_empty() {
        links.push(("linked".to_owned(), told(columns.linked).to_owned()));
    }
    // A time that is none is kept as it stands.
    let time = |at: Option<usize>| timestamp_from(told(at));
    let is_attribute = |at: usize| {
        let is_time = [columns.made, columns.changed].contains(&Some(at));
        !columns.is_used(at) || (is_time && time(Some(at)).is_none())
    };
    let attributes = columns.titles.iter().zip(row).enumerate();
    let attributes = attributes
        .filter(|(at, (name, value))| {
            is_attribute(*at) && !name.trim().is_empty() && !value.trim().is_empty()
        })
        .map(|(_, (name, value))| (name.trim().to_owned(), AttributeValue::Text(value.clone())));
    Some(FoundAnnotation {
        id: told(columns.annotation).to_owned(),
        label: told(Some(columns.label)).to_owned(),
        fragments: vec![fragment],
        attributes: attributes.collect(),
        links,
        note: cell(row, columns.note).to_owned(),
        annotator: told(columns.annotator).to_owned(),
        made: time(columns.made),
        changed: time(columns.changed),
        ..FoundAnnotation::default()
    })
}
