//! What a page's JSON-LD says of its article (schema.org).
//!
//! Takes what is said as it stands; whether names are people's is judged elsewhere. Reads so many
//! bytes and objects at most.

use super::words::clean;
use dom_query::Document;
use serde_json::Value;

/// The most bytes of JSON-LD that are read in a page.
pub(super) const MAX_JSON_LD: usize = 2 << 20;

/// What JSON-LD says of the article.
#[derive(Debug, Default)]
pub(super) struct LinkedData {
    pub(super) title: Option<String>,
    pub(super) authors: Vec<String>,
    pub(super) outlet: Option<String>,
    pub(super) published: Option<String>,
    pub(super) modified: Option<String>,
    pub(super) language: Option<String>,
    pub(super) section: Option<String>,
}

pub(super) fn json_ld(document: &Document) -> LinkedData {
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
        let source = source
            .trim()
            .trim_start_matches("//")
            .trim_start_matches("<![CDATA[")
            .trim_end_matches("]]>")
            .trim_end_matches("//");
        let source = source.trim().trim_end_matches(';');
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
