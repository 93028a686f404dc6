//! Tables with an annotation a row, or a row for each of its fragments: `article, start, end, label`.
//! The texts stand in another table or beside. Offsets are code points, as far as the table says.
//!
//! Pressmark's own tables are known by their first columns, and taken as they stand; what the
//! columns of others are for is told by their names.

use crate::core::annotation::AttributeValue;
use crate::core::article::Status;
use crate::format::reading::columns::{
    ANNOTATION, ANNOTATOR, ARTICLE, CHANGED, COVERED, END, FIELDS, LABEL, LINKED, MADE, NOTE,
    OF_ARTICLE, START, WHOLE, all_folded, has_offsets, metadata_field, named,
};
use crate::format::reading::own_tables::{OWN_SPANS, cell, is_own_spans};
use crate::format::reading::records::add_exact_values;
use crate::format::reading::texts::Texts;
use crate::format::reading::{FoundAnnotation, FoundArticle, FoundFragment, Reading, Refusal};
use crate::format::time::timestamp_from;
use crate::format::words::columns::{ATTRIBUTES, IN_SENTENCE, SPAN_COLUMNS};
use crate::format::words::values::{listed_links, origin_in};
use std::collections::{BTreeMap, HashMap};

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
    let names = all_folded(names);
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

impl Columns {
    fn of(names: &[String], rows: &[Vec<String>]) -> Option<Self> {
        let titles = names;
        let names = all_folded(titles);
        let (start, end) = (named(&names, START)?, named(&names, END)?);
        let is_ordinal = |at: &usize| {
            rows.iter()
                .all(|row| number(cell(row, Some(*at))).is_some())
        };
        let is_status = |at: &usize| {
            rows.iter()
                .all(|row| Status::called(cell(row, Some(*at))).is_some())
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
                if columns.whole.is_some() || is_covered(at, start, end, rows) {
                    columns.covered = text;
                } else {
                    columns.whole = text;
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
            names: all_folded(titles),
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
    let mut without_text = 0;
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
            without_text += 1;
            continue;
        };
        let Some(found) = annotation(&columns, row) else {
            damaged.push(row_number);
            continue;
        };
        let status = Status::called(cell(row, columns.status));
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
    reading.left_out.count_told(without_text + damaged.len());
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
        let is_empty = if columns.is_own {
            article.text.is_empty()
        } else {
            article.text.trim().is_empty()
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
            let key = FIELDS
                .iter()
                .find(|(_, names)| names.contains(&name))
                .map_or(name, |(key, _)| key);
            let (key, value) = metadata_field(key, value);
            article.metadata.entry(key).or_insert(value);
        }
    }
}

fn annotation(columns: &Columns, row: &[String]) -> Option<FoundAnnotation> {
    let told = |at: Option<usize>| {
        if columns.is_own {
            cell(row, at)
        } else {
            cell(row, at).trim()
        }
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
            let name = ATTRIBUTES.plain(column);
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
