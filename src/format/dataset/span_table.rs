//! Tables of spans: a row for each, as CSV with the articles in a table or in text files beside it,
//! or as sheets of one workbook.
//!
//! Offsets are code points, half-open; the text column proves them.

use crate::core::annotation::AttributeValue;
use crate::format::article::decode;
use crate::format::collection::table::Table;
use crate::format::collection::table::csv::table_of;
use crate::format::reading::{
    FoundAnnotation, FoundArticle, FoundFragment, Head, Likelihood, ReadOptions, Reader,
    ReaderGroup, Reading, Refusal, Source,
};
use crate::format::time::timestamp_from;
use std::collections::HashMap;

pub const READERS: &[Reader] = &[Reader {
    name: "span-table",
    title: "Table of spans (CSV)",
    group: ReaderGroup::Dataset,
    extensions: &["csv", "tsv"],
    recognise,
    read,
}];

const ARTICLE: &[&str] = &[
    "article_id",
    "article",
    "doc_id",
    "doc",
    "document_id",
    "document",
    "file",
    "filename",
    "id",
];
const START: &[&str] = &["start", "start_offset", "begin", "start_char"];
const END: &[&str] = &["end", "end_offset", "end_char"];
const LABEL: &[&str] = &["label", "code", "tag", "category", "type"];
const TEXT: &[&str] = &["text", "span", "quote", "covered_text", "segment", "exact"];
const SPAN: &[&str] = &["span_id", "annotation", "annotation_id"];

fn folded(name: &str) -> String {
    name.trim()
        .trim_start_matches('\u{FEFF}')
        .to_lowercase()
        .replace([' ', '-'], "_")
}

/// Which column each thing stands in.
struct Columns {
    article: usize,
    start: usize,
    end: usize,
    label: usize,
    text: Option<usize>,
    span: Option<usize>,
}

fn columns(names: &[String]) -> Option<Columns> {
    let names: Vec<String> = names.iter().map(|name| folded(name)).collect();
    let find = |wanted: &[&str]| {
        let places = wanted.iter();
        places
            .filter_map(|w| names.iter().position(|name| name == w))
            .next()
    };
    Some(Columns {
        article: find(ARTICLE)?,
        start: find(START)?,
        end: find(END)?,
        label: find(LABEL)?,
        text: find(TEXT),
        span: find(SPAN),
    })
}

fn recognise(head: &Head<'_>) -> Likelihood {
    let first = head.text.lines().next().unwrap_or_default();
    let found = [',', ';', '\t'].iter().any(|delimiter| {
        let cells = first
            .split(*delimiter)
            .map(|cell| cell.trim_matches('"').to_owned());
        columns(&cells.collect::<Vec<_>>()).is_some()
    });
    match found {
        true => Likelihood::Sure,
        false => Likelihood::No,
    }
}

fn read(source: &Source<'_>, _options: &ReadOptions) -> Result<Reading, Refusal> {
    let spans = table_of(source.bytes)?;
    let mut used = Vec::new();
    let mut articles = HashMap::new();
    for name in ["articles.csv", "documents.csv", "articles.tsv"] {
        let name = source.beside(name);
        if let Some(table) = source
            .siblings
            .read(&name)
            .and_then(|bytes| table_of(&bytes).ok())
        {
            articles = articles_of(&table.table);
            used.push(name);
            break;
        }
    }
    let beside = |id: &str| {
        let stem = id.rsplit(['/', '\\']).next().unwrap_or(id);
        [format!("{stem}.txt"), stem.to_owned()]
            .into_iter()
            .find_map(|name| {
                let name = source.beside(&name);
                let bytes = (name != source.name).then(|| source.siblings.read(&name))??;
                let article = FoundArticle {
                    text: decode::decode(&bytes)?.text,
                    ..FoundArticle::default()
                };
                Some((article, name))
            })
    };
    let mut reading = reading_of(&spans.table, articles, &mut used, &beside)?;
    reading.encoding = Some(spans.encoding);
    reading.is_encoding_guessed = spans.is_guessed;
    reading.remarks.extend(spans.remarks);
    reading.used = used;
    Ok(reading)
}

/// A workbook with a sheet of spans and one of articles.
pub(crate) fn in_workbook(tables: &[(String, Table)]) -> Option<Reading> {
    let (_, spans) = tables
        .iter()
        .find(|(_, table)| columns(&table.names).is_some())?;
    let others = tables
        .iter()
        .filter(|(_, table)| columns(&table.names).is_none());
    let articles = others
        .map(|(_, table)| articles_of(table))
        .find(|found| !found.is_empty())?;
    reading_of(spans, articles, &mut Vec::new(), &|_| None).ok()
}

fn articles_of(table: &Table) -> HashMap<String, FoundArticle> {
    let names: Vec<String> = table.names.iter().map(|name| folded(name)).collect();
    let find = |wanted: &[&str]| {
        names
            .iter()
            .position(|name| wanted.contains(&name.as_str()))
    };
    let (Some(id), Some(text)) = (
        find(ARTICLE),
        find(&["text", "body", "content", "full_text"]),
    ) else {
        return HashMap::new();
    };
    let title = find(&["title", "headline"]);
    let cell = |row: &Vec<String>, at: usize| row.get(at).cloned().unwrap_or_default();
    let rows = table
        .rows
        .iter()
        .filter(|row| row.get(text).is_some_and(|text| !text.is_empty()));
    let articles = rows.map(|row| {
        let mut article = FoundArticle {
            id: cell(row, id),
            text: cell(row, text),
            title: title.map(|at| cell(row, at)).unwrap_or_default(),
            ..FoundArticle::default()
        };
        for (at, name) in names.iter().enumerate() {
            let value = cell(row, at);
            if at != id && at != text && Some(at) != title && !value.is_empty() {
                let key = if name == "source" && value.starts_with("http") {
                    "url"
                } else {
                    name
                };
                article.metadata.insert(key.to_owned(), value);
            }
        }
        (cell(row, id), article)
    });
    articles.collect()
}

fn reading_of(
    spans: &Table,
    mut articles: HashMap<String, FoundArticle>,
    used: &mut Vec<String>,
    beside: &dyn Fn(&str) -> Option<(FoundArticle, String)>,
) -> Result<Reading, Refusal> {
    let columns = columns(&spans.names).ok_or_else(|| {
        Refusal::new("this table has no columns for article, label, start and end")
    })?;
    let names: Vec<String> = spans.names.iter().map(|name| folded(name)).collect();
    let mut reading = Reading::default();
    let mut order: Vec<String> = Vec::new();
    let mut missing: Vec<String> = Vec::new();
    let mut bad_rows = Vec::new();
    // A discontinuous annotation has a row for each fragment.
    let mut by_span: HashMap<(String, String), usize> = HashMap::new();
    for (number, row) in (spans.first_row..).zip(&spans.rows) {
        let cell = |at: usize| row.get(at).map_or("", String::as_str);
        let id = cell(columns.article).to_owned();
        if row.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        if !articles.contains_key(&id) {
            match beside(&id) {
                Some((mut article, name)) => {
                    article.id.clone_from(&id);
                    used.push(name);
                    articles.insert(id.clone(), article);
                }
                None => {
                    if !missing.contains(&id) {
                        missing.push(id);
                    }
                    continue;
                }
            }
        }
        let Some(article) = articles.get_mut(&id) else {
            continue;
        };
        if !order.contains(&id) {
            order.push(id.clone());
        }
        let (label, text) = (cell(columns.label), columns.text.map_or("", &cell));
        if label.is_empty() && cell(columns.start).is_empty() {
            continue;
        }
        let offset = |at: usize| cell(at).trim().trim_end_matches(".0").parse::<usize>().ok();
        let offsets = offset(columns.start)
            .zip(offset(columns.end))
            .filter(|(s, e)| s <= e);
        if offsets.is_none() && text.is_empty() {
            bad_rows.push(number);
            continue;
        }
        let fragment = FoundFragment {
            offsets: offsets.map(|(start, end)| start..end),
            text: (!text.is_empty()).then(|| text.to_owned()),
            context: None,
        };
        let span = columns.span.map_or("", &cell);
        let key = (id.clone(), span.to_owned());
        if !span.is_empty()
            && let Some(known) = by_span
                .get(&key)
                .and_then(|at| article.annotations.get_mut(*at))
        {
            known.fragments.push(fragment);
            continue;
        }
        by_span.insert(key, article.annotations.len());
        let mut made = FoundAnnotation {
            id: span.to_owned(),
            label: label.to_owned(),
            fragments: vec![fragment],
            ..FoundAnnotation::default()
        };
        for (at, name) in names.iter().enumerate() {
            let value = cell(at);
            let is_known = [columns.article, columns.start, columns.end, columns.label]
                .contains(&at)
                || Some(at) == columns.text
                || Some(at) == columns.span;
            if is_known || value.is_empty() {
                continue;
            }
            match name.as_str() {
                "note" | "comment" | "notes" => value.clone_into(&mut made.note),
                "annotator" | "coder" | "user" => value.clone_into(&mut made.annotator),
                "created" | "made" => made.made = timestamp_from(value),
                "linked_span" | "linked" => {
                    made.links.push(("linked".to_owned(), value.to_owned()))
                }
                "links" => {
                    for link in value.split("; ") {
                        if let Some((role, target)) = link.split_once([':', '=']) {
                            made.links
                                .push((role.trim().to_owned(), target.trim().to_owned()));
                        }
                    }
                }
                "title" | "headline" if article.title.is_empty() => {
                    value.clone_into(&mut article.title)
                }
                "outlet" | "author" | "published" | "url" => {
                    drop(article.metadata.insert(name.clone(), value.to_owned()))
                }
                // What is said of the article in every row is not the span's.
                "title" | "headline" | "source" | "fragment" | "fragments" | "status" => {}
                name => drop(
                    made.attributes
                        .insert(name.to_owned(), AttributeValue::Text(value.to_owned())),
                ),
            }
        }
        article.annotations.push(made);
    }
    if let Some(first) = bad_rows.first() {
        reading.remarks.push(format!(
            "{} rows have neither offsets nor a text and were left out, the first is row {first}",
            bad_rows.len()
        ));
    }
    if let Some(first) = missing.first() {
        reading.remarks.push(format!(
            "the texts of {} articles were not found, “{first}” among them; put articles.csv with the columns id and text beside this file, or a .txt file for each article",
            missing.len()
        ));
    }
    for id in &order {
        reading.articles.extend(articles.remove(id));
    }
    // Articles without a span are part of the dataset too.
    let mut rest: Vec<FoundArticle> = articles.into_values().collect();
    rest.sort_by(|a, b| a.id.cmp(&b.id));
    reading.articles.extend(rest);
    match reading.articles.is_empty() {
        true => Err(Refusal::new(match reading.remarks.is_empty() {
            true => "there are no spans in this table".to_owned(),
            false => reading.remarks.join("; "),
        })),
        false => Ok(reading),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn spans_and_articles_beside() {
        let spans = "\u{FEFF}article,annotation,label,fragment,start,end,text,note,speaker,links\r\na,n1,quote,1,2,4,No,\"'=loud\",Bo,cue: n2\r\na,n1,quote,2,5,10,ferry,,,\r\na,n2,cue,1,,,left,,,\r\nb,n9,cue,1,0,1,x,,,\r\n";
        let mut files = BTreeMap::new();
        files.insert(
            "d/a.txt".to_owned(),
            "🙂 No ferry left.".as_bytes().to_vec(),
        );
        let source = Source {
            name: "d/spans.csv",
            bytes: spans.as_bytes(),
            siblings: &files,
        };
        assert_eq!(
            recognise(&Head {
                source,
                text: spans.trim_start_matches('\u{FEFF}')
            }),
            Likelihood::Sure
        );
        let reading = read(&source, &ReadOptions::default()).unwrap();
        let [article] = reading.articles.as_slice() else {
            panic!()
        };
        let [quote, cue] = article.annotations.as_slice() else {
            panic!()
        };
        assert_eq!(
            (
                quote.note.as_str(),
                quote.fragments.len(),
                quote.links.len()
            ),
            ("=loud", 2, 1)
        );
        assert_eq!(
            (
                cue.fragments[0].offsets.clone(),
                cue.fragments[0].text.as_deref()
            ),
            (None, Some("left"))
        );
        assert!(
            reading.remarks[0].contains("articles.csv"),
            "{:?}",
            reading.remarks
        );
    }
}
