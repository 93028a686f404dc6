//! What a page says of its article: headline, byline, outlet, date, language, address, section.
//!
//! JSON-LD first, then meta elements (OpenGraph, Dublin Core, citation and others), then the page
//! itself. What contradicts itself is left out rather than guessed.

use crate::format::reading::dates::{DayOrder, parse_date_with};
use dom_query::Document;
use serde_json::Value;
use std::collections::BTreeMap;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct PageMetadata {
    pub(super) title: Option<String>,
    pub(super) authors: Vec<String>,
    pub(super) outlet: Option<String>,
    /// RFC 3339.
    pub(super) published: Option<String>,
    pub(super) modified: Option<String>,
    /// BCP 47, the primary part in lower case.
    pub(super) language: Option<String>,
    pub(super) url: Option<String>,
    pub(super) section: Option<String>,
}

impl PageMetadata {
    /// The fields of an article, by the keys that the project uses.
    pub(super) fn into_fields(self) -> BTreeMap<String, String> {
        let authors = (!self.authors.is_empty()).then(|| self.authors.join("; "));
        let fields = [
            ("author", authors),
            ("outlet", self.outlet),
            ("published", self.published),
            ("modified", self.modified),
            ("language", self.language),
            ("url", self.url),
            ("section", self.section),
        ];
        let known = fields
            .into_iter()
            .filter_map(|(key, value)| Some((key.to_owned(), value?)));
        known.collect()
    }
}

/// The most bytes of JSON-LD that are read in a page.
const MAX_JSON_LD: usize = 2 << 20;

/// Reads a page's metadata. `address` is where it was saved from, `text` the article, for its
/// language.
pub(super) fn metadata_of(document: &Document, address: Option<&str>) -> PageMetadata {
    let metas = meta_elements(document);
    let linked = json_ld(document);
    let meta = |names: &[&str]| names.iter().find_map(|name| metas.get(*name).cloned());
    let language = language(document, &linked, &metas);
    let order = match language.as_deref() {
        Some("en") | Some("en-US") => DayOrder::MonthFirst,
        Some(_) => DayOrder::DayFirst,
        None => DayOrder::Unknown,
    };
    let outlet = linked
        .outlet
        .clone()
        .or_else(|| {
            meta(&[
                "og:site_name",
                "application-name",
                "dc.publisher",
                "citation_journal_title",
                "publisher",
            ])
        })
        .filter(|outlet| outlet.chars().count() < 80 && !outlet.starts_with("http"));
    let url = canonical(document, &metas).or_else(|| address.map(str::to_owned));
    let url = url.filter(|url| url.starts_with("http"));
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
        first_text(document, "time, .date, #date, .meta-date, .posted-on, .article-info, .post-meta, .entry-meta, .byline"),
    ])
    .or_else(|| url.as_deref().and_then(date_in_address))
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
    let section = linked.section.clone().or_else(|| {
        meta(&[
            "article:section",
            "og:article:section",
            "parsely-section",
            "section",
            "cxenseparse:section",
        ])
    });
    PageMetadata {
        title: title(document, &linked, &metas, outlet.as_deref()),
        authors: authors(document, &linked, &metas, outlet.as_deref()),
        outlet,
        published: published.clone(),
        modified: modified.filter(|modified| Some(modified) != published.as_ref()),
        language,
        url,
        section: section
            .map(|section| clean(&section))
            .filter(|s| !s.is_empty() && s.len() < 100),
    }
}

/// White space collapsed, entities that were encoded twice undone.
fn clean(text: &str) -> String {
    let text = if text.contains('&') && text.contains(';') {
        Document::fragment(text.replace('<', "&lt;"))
            .text()
            .to_string()
    } else {
        text.to_owned()
    };
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Contents of meta elements by their names in lower case; the first of each name.
fn meta_elements(document: &Document) -> BTreeMap<String, String> {
    let mut metas = BTreeMap::new();
    for node in document.select("meta[content]").nodes() {
        let content = clean(&node.attr("content").unwrap_or_default());
        if content.is_empty() {
            continue;
        }
        for attr in ["name", "property", "itemprop", "http-equiv"] {
            if let Some(name) = node.attr(attr) {
                let name = name.trim().to_ascii_lowercase();
                if name == "article:author" && metas.contains_key(&name) {
                    let more = metas.entry(name).or_insert_with(String::new);
                    more.push_str("; ");
                    more.push_str(&content);
                } else {
                    metas.entry(name).or_insert_with(|| content.clone());
                }
            }
        }
    }
    metas
}

/// What JSON-LD says of the article.
#[derive(Debug, Default)]
struct LinkedData {
    title: Option<String>,
    authors: Vec<String>,
    outlet: Option<String>,
    published: Option<String>,
    modified: Option<String>,
    language: Option<String>,
    section: Option<String>,
}

fn json_ld(document: &Document) -> LinkedData {
    let mut objects = Vec::new();
    let mut room = MAX_JSON_LD;
    for node in document.select("script[type*=\"ld+json\"]").nodes() {
        let source = node.text();
        if source.len() > room {
            break;
        }
        room -= source.len();
        let source = source
            .trim()
            .trim_start_matches("<!--")
            .trim_end_matches("-->");
        let source = source.trim_end_matches(';');
        let parsed = serde_json::from_str::<Value>(source).or_else(|_raw_breaks| {
            // Line breaks within strings are the usual mistake.
            let spaced: String = source
                .chars()
                .map(|c| if c.is_control() { ' ' } else { c })
                .collect();
            serde_json::from_str::<Value>(&spaced)
        });
        if let Ok(value) = parsed {
            objects.push(value);
        }
    }
    let mut all: Vec<&Value> = Vec::new();
    let mut queue: Vec<&Value> = objects.iter().collect();
    while let Some(value) = queue.pop() {
        match value {
            Value::Array(items) => queue.extend(items.iter().rev()),
            Value::Object(fields) => {
                queue.extend(fields.get("@graph"));
                queue.extend(fields.get("mainEntity"));
                all.push(value);
            }
            _ => {}
        }
        if all.len() > 500 {
            break;
        }
    }
    let is_article = |value: &&&Value| {
        types(value).iter().any(|name| {
            name.ends_with("Article")
                || name.ends_with("Posting")
                || name == "Report"
                || name == "Review"
                || name == "LiveBlogPosting"
        })
    };
    let article = all.iter().find(is_article);
    let page = all
        .iter()
        .find(|value| types(value).iter().any(|name| name == "WebPage"));
    let by_id = |value: &Value| -> Option<Value> {
        let id = value.get("@id")?.as_str()?;
        let found = all.iter().find(|other| {
            other.get("@id").and_then(Value::as_str) == Some(id) && other.get("name").is_some()
        });
        found.map(|found| (**found).clone())
    };
    let Some(article) = article.or(page) else {
        return LinkedData::default();
    };
    let text = |name: &str| {
        article
            .get(name)
            .and_then(Value::as_str)
            .map(clean)
            .filter(|t| !t.is_empty())
    };
    let mut authors = Vec::new();
    for field in ["author", "creator"] {
        if authors.is_empty() {
            names_in(article.get(field), &by_id, &mut authors);
        }
    }
    let mut publisher = Vec::new();
    names_in(article.get("publisher"), &by_id, &mut publisher);
    LinkedData {
        title: text("headline").or_else(|| text("name")),
        authors,
        outlet: publisher.into_iter().next(),
        published: text("datePublished").or_else(|| text("dateCreated")),
        modified: text("dateModified"),
        language: text("inLanguage"),
        section: text("articleSection").or_else(|| {
            let first = article.get("articleSection")?.as_array()?.first()?;
            first.as_str().map(clean)
        }),
    }
}

fn types(value: &Value) -> Vec<String> {
    match value.get("@type") {
        Some(Value::String(name)) => vec![name.clone()],
        Some(Value::Array(names)) => names
            .iter()
            .filter_map(|n| n.as_str().map(str::to_owned))
            .collect(),
        _ => Vec::new(),
    }
}

/// Names in a string, an object, a reference to one, or a list of any of these.
fn names_in(
    value: Option<&Value>,
    by_id: &dyn Fn(&Value) -> Option<Value>,
    names: &mut Vec<String>,
) {
    match value {
        Some(Value::String(name)) => names.push(clean(name)),
        Some(Value::Array(items)) => {
            for item in items.iter().take(50) {
                match item {
                    Value::Array(_) => {}
                    item => names_in(Some(item), by_id, names),
                }
            }
        }
        Some(object @ Value::Object(fields)) => match fields.get("name") {
            Some(Value::String(name)) => names.push(clean(name)),
            Some(Value::Array(list)) => {
                names.extend(list.iter().filter_map(Value::as_str).map(clean));
            }
            _ => {
                let found = by_id(object);
                let name = found
                    .as_ref()
                    .and_then(|found| found.get("name"))
                    .and_then(Value::as_str);
                names.extend(name.map(clean));
            }
        },
        _ => {}
    }
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
    let blocks = super::blocks::blocks_of(body, &|_| false);
    let mut lines = blocks.iter().take(80).filter(|block| block.text.len() < 70);
    lines
        .find(|block| parse_date_with(&block.text, DayOrder::DayFirst).is_some())
        .map(|block| block.text.clone())
}

fn canonical(document: &Document, metas: &BTreeMap<String, String>) -> Option<String> {
    let link = document.select_single("link[rel=\"canonical\"]");
    let link = link.attr("href").map(|href| href.trim().to_owned());
    link.filter(|href| href.starts_with("http"))
        .or_else(|| metas.get("og:url").cloned())
        .or_else(|| metas.get("twitter:url").cloned())
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

fn language(
    document: &Document,
    linked: &LinkedData,
    metas: &BTreeMap<String, String>,
) -> Option<String> {
    let declared = document
        .select_single("html")
        .attr("lang")
        .map(|lang| lang.to_string());
    let xml = document
        .select_single("html")
        .attr("xml:lang")
        .map(|lang| lang.to_string());
    let candidates = [
        declared,
        xml,
        linked.language.clone(),
        metas.get("content-language").cloned(),
        metas.get("dc.language").cloned(),
        metas.get("og:locale").cloned(),
    ];
    candidates.into_iter().flatten().find_map(|tag| {
        let tag = tag.trim().replace('_', "-");
        let (primary, region) = tag.split_once('-').unwrap_or((&tag, ""));
        let is_tag =
            (2..=3).contains(&primary.len()) && primary.chars().all(|c| c.is_ascii_alphabetic());
        let primary = primary.to_ascii_lowercase();
        match (is_tag, region.len()) {
            (false, _) => None,
            (true, 2) => Some(format!("{primary}-{}", region.to_ascii_uppercase())),
            (true, _) => Some(primary),
        }
    })
}

/// Marks between a headline and the outlet's name in titles.
const TITLE_MARKS: &[&str] = &[
    " | ", " – ", " — ", " - ", " :: ", " » ", " « ", " · ", " • ", " / ",
];

fn title(
    document: &Document,
    linked: &LinkedData,
    metas: &BTreeMap<String, String>,
    outlet: Option<&str>,
) -> Option<String> {
    let heads: Vec<String> = document
        .select("h1")
        .nodes()
        .iter()
        .take(5)
        .map(|node| clean(&node.text()))
        .filter(|text| !text.is_empty())
        .collect();
    let page = clean(&document.select_single("title").text());
    let told: Vec<String> = [
        linked.title.clone(),
        metas.get("og:title").cloned(),
        metas.get("citation_title").cloned(),
        metas.get("dc.title").cloned(),
        metas.get("twitter:title").cloned(),
        Some(page),
    ]
    .into_iter()
    .flatten()
    .filter(|title| !title.is_empty())
    .collect();
    let fold = |text: &str| -> String {
        text.chars()
            .filter(|c| c.is_alphanumeric())
            .flat_map(char::to_lowercase)
            .collect()
    };
    // A heading that the page's other titles begin with or repeat is the headline as it is read.
    let is_outlet = |head: &str| outlet.is_some_and(|outlet| fold(outlet) == head);
    let confirmed = heads.iter().find(|head| {
        let head = fold(head);
        let is_most_of = |told: &String| {
            let told = fold(told);
            told.contains(&head) && head.len() * 2 >= told.len()
        };
        head.chars().count() >= 6 && !is_outlet(&head) && told.iter().any(is_most_of)
    });
    if let Some(head) = confirmed {
        return Some(head.clone());
    }
    let best = told
        .into_iter()
        .next()
        .map(|title| without_outlet(&title, outlet));
    best.or_else(|| heads.into_iter().next())
}

/// A title without the outlet's name at its end or start.
fn without_outlet(title: &str, outlet: Option<&str>) -> String {
    let fold = |text: &str| -> String {
        text.chars()
            .filter(|c| c.is_alphanumeric())
            .flat_map(char::to_lowercase)
            .collect()
    };
    for mark in TITLE_MARKS {
        if let Some((head, tail)) = title.rsplit_once(mark) {
            let is_outlet = outlet.is_some_and(|outlet| {
                let (outlet, tail) = (fold(outlet), fold(tail));
                !tail.is_empty() && (outlet.contains(&tail) || tail.contains(&outlet))
            });
            let is_short =
                tail.split_whitespace().count() <= 4 && head.split_whitespace().count() >= 4;
            if is_outlet || (is_short && matches!(*mark, " | " | " :: " | " » " | " • ")) {
                return without_outlet(head, outlet);
            }
        }
        if let Some((head, tail)) = title.split_once(mark)
            && outlet.is_some_and(|outlet| fold(outlet) == fold(head))
        {
            return tail.trim().to_owned();
        }
    }
    title.trim().to_owned()
}

fn authors(
    document: &Document,
    linked: &LinkedData,
    metas: &BTreeMap<String, String>,
    outlet: Option<&str>,
) -> Vec<String> {
    let meta = |name: &str| metas.get(name).cloned();
    let found = people(&linked.authors, outlet);
    if !found.is_empty() {
        return found;
    }
    let told = [
        "author",
        "article:author",
        "og:article:author",
        "dc.creator",
        "dcterms.creator",
        "parsely-author",
        "sailthru.author",
        "citation_author",
        "byl",
        "article.author",
        "cxenseparse:author",
        "twitter:data1",
    ];
    for name in told {
        if name == "twitter:data1"
            && !meta("twitter:label1").is_some_and(|label| label.to_lowercase().contains("by"))
        {
            continue;
        }
        let found = people(&meta(name).into_iter().collect::<Vec<_>>(), outlet);
        if !found.is_empty() {
            return found;
        }
    }
    const PLACES: &[&str] = &[
        "[itemprop=\"author\"] [itemprop=\"name\"], [itemprop=\"author\"]",
        "a[rel=\"author\"]",
        ".author-name, .authorname, .byline-name, .byline__name, .author__name, .article-author, .article__author, .post-author, .entry-author, .byline a, .author a",
        ".byline, .by-line, .author, .autor, .auteur, .c-byline",
        "[class*=\"author-name\"], [class*=\"authorName\"], [class*=\"byline\"], [class*=\"author\"] a",
    ];
    for place in PLACES {
        let selection = document.select(place);
        let texts: Vec<String> = selection
            .nodes()
            .iter()
            .take(6)
            .map(|node| clean(&node.text()))
            .filter(|text| text.chars().count() < 120)
            .collect();
        let found = people(&texts, outlet);
        if !found.is_empty() {
            return found;
        }
    }
    Vec::new()
}

/// Words before a name in a byline.
const BY: &[&str] = &[
    "by ",
    "von ",
    "par ",
    "por ",
    "di ",
    "door ",
    "av ",
    "af ",
    "från ",
    "text: ",
    "text by ",
    "written by ",
    "posted by ",
    "reported by ",
    "story by ",
    "author: ",
    "autor: ",
    "автор: ",
    "作者：",
    "作者: ",
    "文/",
];

/// Names of people in texts that should hold them, without outlets, addresses and roles.
fn people(texts: &[String], outlet: Option<&str>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for text in texts {
        let mut text = text.trim();
        for by in BY {
            let head = text.get(..by.len()).unwrap_or_default();
            if head.to_lowercase() == *by {
                text = text.get(by.len()..).unwrap_or(text).trim_start();
            }
        }
        let text = text
            .replace(" and ", ";")
            .replace(" und ", ";")
            .replace(" et ", ";")
            .replace(" & ", ";")
            .replace(" | ", ";")
            .replace("、", ";");
        for piece in text.split([';', ',', '\n', '·', '•']) {
            let name = piece
                .trim()
                .trim_matches(|c: char| !c.is_alphanumeric() && c != '.' && c != ')');
            if is_person(name, outlet)
                && !names.iter().any(|known| known.eq_ignore_ascii_case(name))
            {
                names.push(name.to_owned());
            }
        }
    }
    names.truncate(20);
    names
}

fn is_person(name: &str, outlet: Option<&str>) -> bool {
    let lower = name.to_lowercase();
    let words = name.split_whitespace().count();
    let chars = name.chars().count();
    let is_wide = name.chars().any(|c| c >= '\u{2E80}');
    let has_digit = name.chars().any(|c| c.is_ascii_digit());
    let is_role = [
        "staff",
        "reporter",
        "editor",
        "correspondent",
        "admin",
        "redaktion",
        "newsroom",
        "contributor",
        "journalist",
        "editorial",
        "team",
        "desk",
        "writer",
        "columnist",
        "updated",
        "published",
        "posted",
        "author",
        "guest",
        "unknown",
        "null",
        "redacción",
        "rédaction",
        "redazione",
    ]
    .iter()
    .any(|role| lower.split_whitespace().any(|word| word == *role));
    let is_outlet = outlet.is_some_and(|outlet| outlet.to_lowercase() == lower);
    (2..=60).contains(&chars)
        && words <= 5
        && (words >= 2 || is_wide || chars >= 4)
        && !has_digit
        && !is_role
        && !is_outlet
        && !lower.contains("http")
        && !lower.contains("www.")
        && !lower.contains('@')
        && !lower.contains(".com")
        && name
            .chars()
            .next()
            .is_some_and(|c| c.is_uppercase() || !c.is_ascii())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(html: &str, expected: [Option<&str>; 5]) {
        let found = metadata_of(&Document::from(html), None);
        let authors = found.authors.join("; ");
        let got = [
            found.title.as_deref(),
            (!authors.is_empty()).then_some(authors.as_str()),
            found.published.as_deref(),
            found.outlet.as_deref(),
            found.language.as_deref(),
        ];
        assert_eq!(got, expected, "{html}");
    }

    #[test]
    fn what_pages_say_of_themselves() {
        check(
            r#"<html lang="en_gb"><title>Bridge reopens - The Ferry Post</title>
               <script type="application/ld+json">{"@graph":[{"@type":"NewsArticle","headline":"Bridge reopens","datePublished":"2021-05-04T08:00:00+02:00",
               "author":[{"name":"Ana Lund"},{"name":"The Ferry Post"}],"publisher":{"@id":"p"}},{"@type":"Organization","@id":"p","name":"The Ferry Post"}]}</script>"#,
            [
                Some("Bridge reopens"),
                Some("Ana Lund"),
                Some("2021-05-04T08:00:00+02:00"),
                Some("The Ferry Post"),
                Some("en-GB"),
            ],
        );
        check(
            r#"<html lang="de"><meta property="og:site_name" content="Hafenblatt"><meta property="og:title" content="Fähre fällt aus | Hafenblatt">
               <meta name="author" content="Von Jan Holm und Eva Brandt"><h1>Fähre fällt aus</h1><time datetime="2020-01-02">2. Januar</time>"#,
            [
                Some("Fähre fällt aus"),
                Some("Jan Holm; Eva Brandt"),
                Some("2020-01-02"),
                Some("Hafenblatt"),
                Some("de"),
            ],
        );
        check(
            r#"<title>Ferry cancelled again today | Harbour News</title><link rel="canonical" href="https://example.org/2018/03/09/ferry">
               <p class="byline">By Mia Stone, Staff Reporter</p>"#,
            [
                Some("Ferry cancelled again today"),
                Some("Mia Stone"),
                Some("2018-03-09"),
                None,
                None,
            ],
        );
        check("<p>Nothing is known.", [None, None, None, None, None]);
        check(
            r#"<script type="application/ld+json">{broken</script><h1>Title</h1>"#,
            [Some("Title"), None, None, None, None],
        );
    }
}
