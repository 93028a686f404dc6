//! When a page says that its article was published and changed.

use super::linked::{LinkedData, MAX_JSON_LD};
use super::words::clean;
use crate::format::reading::dates::{DayOrder, parse_date_with};
use dom_query::Document;
use std::collections::BTreeMap;

/// The days of publication and of the last change.
pub(super) fn days(
    document: &Document,
    linked: &LinkedData,
    metas: &BTreeMap<String, String>,
    language: Option<&str>,
    url: Option<&str>,
) -> (Option<String>, Option<String>) {
    let meta = |names: &[&str]| names.iter().find_map(|name| metas.get(*name).cloned());
    let order = match language {
        Some("en") | Some("en-US") => DayOrder::MonthFirst,
        Some(_) => DayOrder::DayFirst,
        None => DayOrder::Unknown,
    };
    let date = |texts: Vec<Option<String>>| {
        texts
            .into_iter()
            .flatten()
            .find_map(|text| parse_date_with(&text, order))
    };
    let published = date(vec![
        linked.published.clone(),
        meta(&["article:published_time", "og:article:published_time", "published_time"]),
        meta(&["datepublished", "date", "dc.date", "dc.date.issued", "dcterms.created", "dcterms.date", "dcterms.issued", "dc.date.created"]),
        meta(&["parsely-pub-date", "sailthru.date", "citation_publication_date", "citation_online_date", "citation_date"]),
        meta(&["pubdate", "publishdate", "publish-date", "publish_date", "pub_date", "publication_date", "originalpublicationdate", "article_date_original", "cxenseparse:recs:publishtime", "article.published", "article.created", "creation_date", "bt:pubdate", "ptime", "displaydate", "date.release", "createdate"]),
        first_attr(document, "[itemprop=\"datePublished\"]", &["datetime", "content"]),
        first_attr(document, "time[pubdate], time.published, time.entry-date, article time[datetime], .published[datetime], header time[datetime]", &["datetime"]),
        first_text(document, "[itemprop=\"datePublished\"], .published, .entry-date, .post-date, .article-date, .date-published, .publish-date, .pubdate, .dateline, .timestamp, .article__date, .post__date, .byline-date"),
        first_attr(document, "time[datetime]", &["datetime"]),
        first_text(document, "time, .date, #date, .meta-date, .posted-on, .article-info, .post-meta, .entry-meta, .byline, .author"),
    ])
    .or_else(|| url.and_then(date_in_address))
    .or_else(|| date(vec![said_in_scripts(document, "datePublished")]))
    .or_else(|| dated_line(document).and_then(|text| parse_date_with(&text, order)))
    .or_else(|| meta(&["article:modified_time", "og:updated_time", "last-modified"]).and_then(|text| parse_date_with(&text, order)));
    let modified = date(vec![
        linked.modified.clone(),
        meta(&[
            "article:modified_time",
            "og:updated_time",
            "datemodified",
            "last-modified",
        ]),
    ]);
    let modified = modified.filter(|modified| Some(modified) != published.as_ref());
    (published, modified)
}

fn first_text(document: &Document, selector: &str) -> Option<String> {
    let selection = document.select(selector);
    let mut texts = selection
        .nodes()
        .iter()
        .take(8)
        .map(|node| clean(&node.text()));
    texts.find(|text| !text.is_empty() && text.len() < 200 && text.chars().any(char::is_numeric))
}

fn first_attr(document: &Document, selector: &str, attrs: &[&str]) -> Option<String> {
    let selection = document.select(selector);
    let mut values = selection.nodes().iter().take(8).flat_map(|node| {
        attrs
            .iter()
            .filter_map(|attr| node.attr(attr))
            .map(|value| clean(&value))
    });
    values.find(|value| !value.is_empty())
}

/// The value of a field in JSON-LD that is too broken to be read as JSON, or in a page's own data.
fn said_in_scripts(document: &Document, field: &str) -> Option<String> {
    let selection = document.select("script");
    let mut room = MAX_JSON_LD;
    for node in selection.nodes() {
        let source = node.text();
        if source.len() > room {
            return None;
        }
        room -= source.len();
        if let Some((_, rest)) = source.split_once(field) {
            let value = rest.trim_start_matches(['"', '\\', ':', ' ', '\'']);
            let end = value.find(['"', '\\', '\'']).unwrap_or(0);
            if let Some(value) = value.get(..end).filter(|v| !v.is_empty() && v.len() < 60) {
                return Some(value.to_owned());
            }
        }
    }
    None
}

/// The first short line of the page whose element is called a date, or that is one.
fn dated_line(document: &Document) -> Option<String> {
    let named = first_text(
        document,
        "[class*=\"date\"], [class*=\"Date\"], [id*=\"date\"], [class*=\"publish\"], [class*=\"posted\"], [class*=\"time\"]",
    );
    if named
        .as_deref()
        .and_then(|text| parse_date_with(text, DayOrder::DayFirst))
        .is_some()
    {
        return named;
    }
    let body = document.body()?;
    let blocks = super::super::blocks::blocks_of(body, &|_| false);
    let mut lines = blocks.iter().take(80).filter(|block| block.text.len() < 70);
    lines
        .find(|block| parse_date_with(&block.text, DayOrder::DayFirst).is_some())
        .map(|block| block.text.clone())
}

/// `/2019/11/03/` in an address.
fn date_in_address(address: &str) -> Option<String> {
    let path = address.split(['?', '#']).next()?;
    let parts: Vec<&str> = path.split(['/', '-', '_']).collect();
    parts.windows(3).find_map(|window| {
        let [year, month, day] = window else {
            return None;
        };
        let fits = year.len() == 4 && year.starts_with("20") && month.len() == 2 && day.len() <= 2;
        fits.then(|| parse_date_with(&format!("{year}/{month}/{day}"), DayOrder::Unknown))
            .flatten()
    })
}
