//! Tables with an annotation a row, or a row for each of its fragments: `article, start, end, label`.
//! The texts stand in another table or beside. Offsets are code points, as far as the table says.
//!
//! Pressmark's own tables are known by their first columns, and taken as they stand; what the
//! columns of others are for is told by their names.

use crate::core::annotation::AttributeValue;
use crate::core::article::Status;
use crate::format::collections::table;
use crate::format::reading::carried::{listed_links, status_named};
use crate::format::reading::records::{add_exact_values, color_in, origin_in, statuses_in};
use crate::format::reading::texts::{Texts, metadata_field, named};
use crate::format::reading::{
    FoundAnnotation, FoundArticle, FoundFragment, FoundLabel, Reading, Refusal,
};
use crate::format::time::timestamp_from;
use std::collections::{BTreeMap, HashMap};

/// The first columns of Pressmark's own tables of annotations; those of attributes follow.
pub(crate) const SPAN_COLUMNS: [&str; 21] = [
    "article_id",
    "title",
    "outlet",
    "author",
    "published",
    "url",
    "span_id",
    "annotator",
    "label",
    "fragment",
    "fragments",
    "start",
    "end",
    "text",
    "note",
    "links",
    "status",
    "created",
    "changed",
    "origin",
    "exact_values",
];
/// The column of a workbook that shows a span in its sentence; what comes after it continues cells.
/// Not `sentence`: other tools take that for the text that offsets count in.
pub(crate) const IN_SENTENCE: &str = "highlighted";
/// The first columns of Pressmark's own tables of articles; those of metadata follow.
pub(crate) const ARTICLE_COLUMNS: [&str; 7] = [
    "article_id",
    "title",
    "text",
    "text_hash",
    "text_chars",
    "notes",
    "status",
];
/// The first columns of Pressmark's own tables of labels.
pub(crate) const LABEL_COLUMNS: [&str; 4] = ["label", "name", "color", "definition"];
/// What stands before the name of an attribute, or of a metadata field, that would be mistaken.
const ATTRIBUTE: &str = "attribute_";
const META: &str = "meta_";
/// How many of the first columns say that a table is Pressmark's: the last ones are younger.
const OWN_SPANS: usize = 20;
const OWN_ARTICLES: usize = 6;

/// The column of a cell's `n`th piece, in workbooks, whose cells are short.
pub(crate) fn further_column(name: &str, n: usize) -> String {
    format!("{name} ({n})")
}

/// The column that one continues.
fn continued(name: &str) -> Option<&str> {
    let (name, n) = name.strip_suffix(')')?.rsplit_once(" (")?;
    let is_number = !n.is_empty() && n.bytes().all(|digit| digit.is_ascii_digit());
    is_number.then_some(name)
}

fn is_mistaken(name: &str, fixed: &[&str], kind: &str) -> bool {
    let lower = name.to_lowercase();
    fixed.contains(&lower.as_str())
        || lower == IN_SENTENCE
        || name.starts_with(kind)
        || continued(name).is_some()
}

fn column_of(name: &str, fixed: &[&str], kind: &str) -> String {
    match is_mistaken(name, fixed, kind) {
        true => format!("{kind}{name}"),
        false => name.to_owned(),
    }
}

fn name_of<'n>(column: &'n str, fixed: &[&str], kind: &str) -> &'n str {
    let rest = column.strip_prefix(kind);
    rest.filter(|rest| is_mistaken(rest, fixed, kind))
        .unwrap_or(column)
}

/// The column of an attribute in a table of annotations.
pub(crate) fn attribute_column(name: &str) -> String {
    column_of(name, &SPAN_COLUMNS, ATTRIBUTE)
}

/// The column of a metadata field in a table of articles.
pub(crate) fn metadata_column(name: &str) -> String {
    column_of(name, &ARTICLE_COLUMNS, META)
}

fn begins_with(names: &[String], columns: &[&str]) -> bool {
    names.len() >= columns.len() && names.iter().zip(columns).all(|(name, own)| name == own)
}

/// Whether the names of columns are those of Pressmark's own annotations, articles or labels.
pub(crate) fn is_own(names: &[String]) -> bool {
    is_own_spans(names) || is_own_articles(names) || begins_with(names, &LABEL_COLUMNS)
}

pub(crate) fn is_own_spans(names: &[String]) -> bool {
    let columns = SPAN_COLUMNS.get(..OWN_SPANS).unwrap_or_default();
    begins_with(names, columns)
}

pub(crate) fn is_own_articles(names: &[String]) -> bool {
    let columns = ARTICLE_COLUMNS.get(..OWN_ARTICLES).unwrap_or_default();
    begins_with(names, columns)
}

/// Puts what goes on in further columns back into its cell.
pub(crate) fn join_cells(rows: &mut [Vec<String>]) {
    let Some((names, rows)) = rows.split_first_mut() else {
        return;
    };
    let further: Vec<(usize, usize)> = names
        .iter()
        .enumerate()
        .filter_map(|(at, name)| {
            let column = continued(name)?;
            Some((at, names.iter().position(|name| name == column)?))
        })
        .collect();
    let Some((first, _)) = further.first() else {
        return;
    };
    for row in rows {
        for (from, to) in &further {
            let piece = row.get_mut(*from).map(std::mem::take).unwrap_or_default();
            if let Some(cell) = row.get_mut(*to) {
                cell.push_str(&piece);
            }
        }
        row.truncate(*first);
    }
    names.truncate(*first);
}

/// Articles of Pressmark's own table, as they stand.
pub(crate) fn own_articles(rows: &[Vec<String>]) -> Vec<FoundArticle> {
    let Some((names, rows)) = rows.split_first() else {
        return Vec::new();
    };
    let status = names.get(OWN_ARTICLES).is_some_and(|name| name == "status");
    let fields = OWN_ARTICLES + usize::from(status);
    let articles = rows.iter().map(|row| {
        let told = |at: usize| cell(row, Some(at)).to_owned();
        let metadata = names.iter().zip(row).skip(fields);
        let metadata = metadata.filter(|(name, value)| !name.is_empty() && !value.is_empty());
        let metadata = metadata.map(|(name, value)| {
            let name = name_of(name, &ARTICLE_COLUMNS, META);
            (name.to_owned(), value.clone())
        });
        FoundArticle {
            id: told(0),
            title: told(1),
            text: told(2),
            metadata: metadata.collect(),
            notes: told(5),
            status: match status {
                true => statuses_in(cell(row, Some(OWN_ARTICLES))),
                false => BTreeMap::new(),
            },
            ..FoundArticle::default()
        }
    });
    articles.collect()
}

/// Labels of Pressmark's own table.
pub(crate) fn own_labels(rows: &[Vec<String>]) -> Vec<FoundLabel> {
    let Some((names, rows)) = rows.split_first() else {
        return Vec::new();
    };
    if !begins_with(names, &LABEL_COLUMNS) {
        return Vec::new();
    }
    let labels = rows.iter().filter_map(|row| {
        let told = |at: usize| cell(row, Some(at)).to_owned();
        (!told(0).is_empty()).then(|| FoundLabel {
            name: told(0),
            title: told(1),
            definition: told(3),
            color: color_in(&told(2)),
        })
    });
    labels.collect()
}

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
pub(crate) fn has_offsets(names: &[String]) -> bool {
    [START, END, LABEL]
        .iter()
        .all(|wanted| named(names, wanted).is_some())
}

pub(crate) fn folded(names: &[String]) -> Vec<String> {
    names.iter().map(|name| table::folded(name)).collect()
}

fn number(cell: &str) -> Option<usize> {
    let cell = cell.trim();
    // Spreadsheets and data frames make 3.0 of 3.
    cell.strip_suffix(".0").unwrap_or(cell).parse().ok()
}

/// Whether a table's first rows are annotations.
pub(crate) fn fits(rows: &[Vec<String>]) -> bool {
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
    /// The columns are Pressmark's own.
    is_own: bool,
    origin: Option<usize>,
    exact: Option<usize>,
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
                .all(|row| status_named(cell(row, Some(*at))).is_some())
        };
        if is_own_spans(titles) {
            return Some(Self::own(titles));
        }
        let mut columns = Self {
            is_own: false,
            origin: None,
            exact: None,
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

    /// Those of Pressmark's own table, by their places.
    fn own(titles: &[String]) -> Self {
        let at = |name: &str| SPAN_COLUMNS.iter().position(|column| *column == name);
        let place = |name: &str| at(name).unwrap_or_default();
        let has_exact = titles
            .get(OWN_SPANS)
            .is_some_and(|name| name == "exact_values");
        Self {
            is_own: true,
            origin: at("origin"),
            exact: at("exact_values").filter(|_| has_exact),
            article: at("article_id"),
            annotation: at("span_id"),
            start: place("start"),
            end: place("end"),
            label: place("label"),
            covered: at("text"),
            whole: None,
            fragment: at("fragment"),
            annotator: at("annotator"),
            note: at("note"),
            made: at("created"),
            changed: at("changed"),
            links: at("links"),
            linked: None,
            status: at("status"),
            of_article: (1..=5).collect(),
            names: folded(titles),
            titles: titles.to_vec(),
        }
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

/// Reads rows of annotations, the first of them names of columns, with the numbers of the others. Articles of the tables of texts
/// that no row is about are taken too.
pub(crate) fn reading(
    rows: &[Vec<String>],
    mut numbers: impl Iterator<Item = usize>,
    texts: &mut Texts<'_>,
) -> Result<Reading, Refusal> {
    let (names, rows) = rows
        .split_first()
        .ok_or_else(|| Refusal::new("there is nothing in this table"))?;
    let columns = Columns::of(names, rows)
        .ok_or_else(|| Refusal::new("this table has no columns of starts, ends and labels"))?;
    if columns.is_own {
        texts.look_for_own();
    }
    let mut reading = Reading::default();
    let mut articles: Vec<FoundArticle> = Vec::new();
    // Of Pressmark's own table of articles, which says all of them.
    let mut is_told: Vec<bool> = Vec::new();
    // By the id in the table: its place, or that its text was not found.
    let mut places: BTreeMap<String, Option<usize>> = BTreeMap::new();
    let mut by_known: HashMap<usize, usize> = HashMap::new();
    let mut fragments: HashMap<(usize, String), usize> = HashMap::new();
    let mut damaged = Vec::new();
    for row in rows {
        let row_number = numbers.next().unwrap_or_default();
        if row.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        let id = cell(row, columns.article);
        let id = if columns.is_own { id } else { id.trim() }.to_owned();
        let whole = Some(cell(row, columns.whole)).filter(|text| !text.is_empty());
        let place = places.entry(id.clone()).or_insert_with(|| {
            let mut is_own = false;
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
                    is_own = columns.is_own && texts.is_own(at);
                    texts.get(at)?.clone()
                }
            };
            id.clone_into(&mut article.id);
            for at in columns.of_article.iter().filter(|_| !is_own) {
                describe(&mut article, &columns, row, *at);
            }
            is_told.push(is_own);
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
        let status = status_named(cell(row, columns.status));
        // Pressmark writes what is not begun as well.
        let is_said = |status: &Status| !columns.is_own || *status != Status::New;
        if let Some(status) = status.filter(is_said)
            && is_told.get(at) != Some(&true)
        {
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
        let is_empty = match columns.is_own {
            true => article.text.is_empty(),
            false => article.text.trim().is_empty(),
        };
        if !by_known.contains_key(&at) && !is_empty {
            articles.push(article.clone());
        }
    }
    reading.articles = articles;
    reading.cut();
    reading.remarks.append(&mut texts.remarks);
    reading.used = texts.used_files();
    Ok(reading)
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
    let told = |at: Option<usize>| match columns.is_own {
        true => cell(row, at),
        false => cell(row, at).trim(),
    };
    let start = number(told(Some(columns.start)))?;
    let end = number(told(Some(columns.end)))?;
    let covered = cell(row, columns.covered);
    let fragment = FoundFragment {
        offsets: Some(start..end.max(start)),
        text: (!covered.is_empty()).then(|| covered.to_owned()),
        context: None,
    };
    let mut links = listed_links(told(columns.links));
    if !told(columns.linked).is_empty() {
        links.push(("linked".to_owned(), told(columns.linked).to_owned()));
    }
    let time = |at: Option<usize>| timestamp_from(told(at));
    let mut found = FoundAnnotation {
        id: told(columns.annotation).to_owned(),
        label: told(Some(columns.label)).to_owned(),
        fragments: vec![fragment],
        links,
        note: cell(row, columns.note).to_owned(),
        annotator: told(columns.annotator).to_owned(),
        made: time(columns.made),
        changed: time(columns.changed),
        ..FoundAnnotation::default()
    };
    let text = |value: &String| AttributeValue::Text(value.clone());
    if columns.is_own {
        let first = OWN_SPANS + usize::from(columns.exact.is_some());
        let attributes = columns.titles.iter().zip(row).skip(first);
        let attributes = attributes.take_while(|(name, _)| *name != IN_SENTENCE);
        let attributes = attributes.filter(|(_, value)| !value.is_empty());
        let attributes = attributes.map(|(column, value)| {
            let name = name_of(column, &SPAN_COLUMNS, ATTRIBUTE);
            (name.to_owned(), text(value))
        });
        found.attributes = attributes.collect();
        add_exact_values(&mut found, told(columns.exact));
        found.origin = columns.origin.map(|at| origin_in(told(Some(at))));
        return Some(found);
    }
    // A time that is none is kept as it stands.
    let is_attribute = |at: usize| {
        let is_time = [columns.made, columns.changed].contains(&Some(at));
        !columns.is_used(at) || (is_time && time(Some(at)).is_none())
    };
    let attributes = columns.titles.iter().zip(row).enumerate();
    let attributes = attributes
        .filter(|(at, (name, value))| {
            is_attribute(*at) && !name.trim().is_empty() && !value.trim().is_empty()
        })
        .map(|(_, (name, value))| (name.trim().to_owned(), text(value)));
    found.attributes = attributes.collect();
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_columns_come_back() {
        let check = |name: &str, column: &str| {
            assert_eq!(attribute_column(name), column);
            assert_eq!(name_of(column, &SPAN_COLUMNS, ATTRIBUTE), name);
        };
        check("tone", "tone");
        check("Note", "attribute_Note");
        check("highlighted", "attribute_highlighted");
        check("attribute_x", "attribute_attribute_x");
        check("tone (2)", "attribute_tone (2)");
        check("tone (b)", "tone (b)");
        let check = |name: &str, column: &str| {
            assert_eq!(metadata_column(name), column);
            assert_eq!(name_of(column, &ARTICLE_COLUMNS, META), name);
        };
        check("outlet", "outlet");
        check("text", "meta_text");
        check("meta_data", "meta_meta_data");
    }

    #[test]
    fn cells_go_on_in_further_columns() {
        let row = |row: &str| row.split('|').map(str::to_owned).collect::<Vec<String>>();
        let mut rows = vec![
            row("id|text|note|text (2)|text (3)|note (2)"),
            row("1|a|x|b|c|y"),
            row("2|a"),
        ];
        join_cells(&mut rows);
        assert_eq!(rows, [row("id|text|note"), row("1|abc|xy"), row("2|a")]);
    }
}
