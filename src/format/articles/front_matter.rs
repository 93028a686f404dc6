//! The front matter of Markdown notes: what stands between two lines of `---` (YAML) or `+++` (TOML)
//! before the text, as far as notes use it: names with values, lists, text in quotes.
//!
//! No reader of YAML: what is of another shape leaves the whole text as it stands, so that nothing is
//! lost to it.

use crate::format::reading::dates::parse_date;
use std::collections::BTreeMap;

/// What a front matter says, and the text behind it.
pub(super) struct FrontMatter<'a> {
    pub(super) title: String,
    pub(super) metadata: BTreeMap<String, String>,
    pub(super) text: &'a str,
}

/// Lines and bytes of the longest front matter.
const MAX_LINES: usize = 500;
const MAX_BYTES: usize = 100_000;

/// Keys and the names that become them.
const KEYS: &[(&str, &[&str])] = &[
    ("title", &["title", "headline", "titel", "titre"]),
    (
        "author",
        &[
            "author", "authors", "byline", "creator", "by", "writer", "autor", "auteur",
        ],
    ),
    (
        "published",
        &[
            "published",
            "date",
            "publishdate",
            "publish_date",
            "published_at",
            "date_published",
            "datepublished",
            "pubdate",
            "publication_date",
            "published_date",
        ],
    ),
    (
        "url",
        &[
            "url",
            "source",
            "link",
            "source_url",
            "canonical_url",
            "canonical",
            "permalink",
        ],
    ),
    (
        "outlet",
        &[
            "outlet",
            "publisher",
            "publication",
            "site",
            "site_name",
            "website",
            "newspaper",
        ],
    ),
    ("language", &["language", "lang"]),
    ("section", &["section", "category", "categories"]),
    ("description", &["description", "summary", "excerpt"]),
];

/// Splits a text whose lines end with `\n`; `None` where there is no front matter.
pub(super) fn split(text: &str) -> Option<FrontMatter<'_>> {
    let (fence, rest) = text.split_once('\n')?;
    let is_toml = match fence.trim_end() {
        "---" => false,
        "+++" => true,
        _ => return None,
    };
    let mut end = 0;
    let mut inside: Vec<&str> = Vec::new();
    for line in rest.split_inclusive('\n').take(MAX_LINES) {
        end += line.len();
        let bare = line.trim_end();
        if bare == fence.trim_end() || (!is_toml && bare == "...") {
            let values = values(&inside, if is_toml { '=' } else { ':' })?;
            return Some(matter(values, rest.get(end..)?));
        }
        if end > MAX_BYTES {
            return None;
        }
        inside.push(bare);
    }
    None
}

/// Names and their values; `None` for what is of another shape.
fn values(lines: &[&str], mark: char) -> Option<Vec<(String, Vec<String>)>> {
    let mut values: Vec<(String, Vec<String>)> = Vec::new();
    let mut parts: Vec<(String, Vec<String>)> = Vec::new();
    // A text in several lines (`|`, `>`).
    let mut is_block = false;
    for line in lines {
        let bare = line.trim();
        let is_indented = line.starts_with([' ', '\t']);
        if bare.is_empty() || (bare.starts_with('#') && !is_block) {
            continue;
        }
        if is_block && is_indented {
            let (_, said) = values.last_mut()?;
            match said.last_mut() {
                Some(text) => {
                    text.push(' ');
                    text.push_str(bare);
                }
                None => said.push(bare.to_owned()),
            }
            continue;
        }
        is_block = false;
        if let Some(item) = bare
            .strip_prefix("- ")
            .or_else(|| (bare == "-").then_some(""))
        {
            let (_, said) = values.last_mut()?;
            // “- name: Ana Lund”
            let item = item.strip_prefix("name:").unwrap_or(item);
            said.extend(Some(scalar(item)).filter(|item| !item.is_empty()));
            continue;
        }
        if is_indented
            || matches!(bare, "]" | "[")
            || (bare.starts_with(['"', '\'']) && !bare.contains(mark))
        {
            // What belongs to a value above it: a map, or a list over several lines.
            let (name, said) = values.last_mut()?;
            if let Some((part, value)) = bare.split_once(": ").filter(|_| mark == ':') {
                match part {
                    "name" => said.push(scalar(value)),
                    part => parts.push((format!("{name} {part}"), vec![scalar(value)])),
                }
                continue;
            }
            said.extend(list(bare.trim_end_matches([']', ','])));
            continue;
        }
        if bare.starts_with('[') && mark == '=' {
            // A table of TOML: its names are told by it.
            continue;
        }
        let (name, value) = bare.split_once(mark)?;
        let name = name.trim().trim_matches(['"', '\'']);
        let is_name = !name.is_empty()
            && name.len() <= 60
            && name
                .chars()
                .all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | ' ' | '.' | '/' | ':'));
        let is_value = mark == '=' || value.is_empty() || value.starts_with([' ', '\t']);
        if !is_name || !is_value {
            return None;
        }
        let value = value.trim();
        is_block = value.starts_with(['|', '>']) && value.len() <= 3;
        let said = match value {
            _ if is_block => Vec::new(),
            "" | "[]" | "~" | "null" => Vec::new(),
            value if value.starts_with('[') && !value.starts_with("[[") => {
                list(value.trim_start_matches('[').trim_end_matches(']'))
            }
            value => vec![scalar(value)],
        };
        values.push((name.to_lowercase(), said));
    }
    values.extend(parts);
    (!values.is_empty()).then_some(values)
}

/// Items between commas outside quotes.
fn list(text: &str) -> Vec<String> {
    let mut items: Vec<String> = vec![String::new()];
    let mut quote = None;
    for c in text.chars() {
        match c {
            ',' if quote.is_none() => items.push(String::new()),
            c => {
                if quote == Some(c) {
                    quote = None;
                } else if quote.is_none()
                    && matches!(c, '"' | '\'')
                    && items.last().is_some_and(|item| item.trim().is_empty())
                {
                    quote = Some(c);
                }
                if let Some(item) = items.last_mut() {
                    item.push(c);
                }
            }
        }
    }
    let items = items.iter().map(|item| scalar(item));
    items.filter(|item| !item.is_empty()).collect()
}

/// A value without its quotes, its comment and the brackets of a link between notes.
fn scalar(value: &str) -> String {
    let value = value.trim();
    let quoted = |mark: char| {
        value
            .strip_prefix(mark)
            .and_then(|rest| rest.rsplit_once(mark))
    };
    let bare = if let Some((inside, _)) = quoted('"') {
        inside.replace("\\\"", "\"").replace("\\\\", "\\")
    } else if let Some((inside, _)) = quoted('\'') {
        inside.replace("''", "'")
    } else {
        value
            .split(" #")
            .next()
            .unwrap_or(value)
            .trim_end()
            .to_owned()
    };
    let link = bare
        .strip_prefix("[[")
        .and_then(|rest| rest.strip_suffix("]]"));
    match link {
        // “[[People/Ana Lund|Ana]]”
        Some(link) => {
            let (target, shown) = link.split_once('|').unwrap_or((link, ""));
            let target = target.rsplit('/').next().unwrap_or(target);
            if shown.is_empty() { target } else { shown }
                .trim()
                .to_owned()
        }
        None => bare,
    }
}

fn matter(values: Vec<(String, Vec<String>)>, text: &str) -> FrontMatter<'_> {
    let mut matter = FrontMatter {
        title: String::new(),
        metadata: BTreeMap::new(),
        text: text.trim_start_matches('\n'),
    };
    for (name, said) in values {
        let known = KEYS
            .iter()
            .find(|(_, names)| names.contains(&name.replace('-', "_").as_str()));
        let joined = said.join("; ");
        let is_address = joined.starts_with("http://") || joined.starts_with("https://");
        let key = match known {
            Some(("url", _)) if !is_address && name == "source" => "outlet",
            Some((key, _)) => key,
            None => name.as_str(),
        };
        if joined.is_empty() {
            continue;
        }
        let said = match key {
            "title" if matter.title.is_empty() => {
                matter.title = joined;
                continue;
            }
            "published" => parse_date(&joined).unwrap_or(joined),
            _ => joined,
        };
        // Two names for one thing: the second keeps its own.
        let is_free = key != "title" && !matter.metadata.contains_key(key);
        let key = if is_free { key } else { name.as_str() };
        matter.metadata.entry(key.to_owned()).or_insert(said);
    }
    matter
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The title, the metadata as `key=value`, and the text.
    #[track_caller]
    fn check(text: &str, expected: Option<(&str, &[&str], &str)>) {
        let found = split(text).map(|found| {
            let metadata = found.metadata.iter();
            let metadata: Vec<String> = metadata
                .map(|(key, value)| format!("{key}={value}"))
                .collect();
            (found.title, metadata, found.text.to_owned())
        });
        let expected = expected.map(|(title, metadata, text)| {
            (
                title.to_owned(),
                metadata.iter().map(|said| (*said).to_owned()).collect(),
                text.to_owned(),
            )
        });
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn what_stands_before_a_note() {
        check(
            "---\ntitle: \"Bridge: shut\"\nauthor:\n  - \"[[Bo Lind]]\"\n  - Ana Lund\nsource: https://post.example/2 # saved\npublished: 3 November 2019\ntags: [news, 'a, b']\nempty:\ndescription: >\n  It is\n  shut.\n---\n\nIt opens in May.\n",
            Some((
                "Bridge: shut",
                &[
                    "author=Bo Lind; Ana Lund",
                    "description=It is shut.",
                    "published=2019-11-03",
                    "tags=news; a, b",
                    "url=https://post.example/2",
                ],
                "It opens in May.\n",
            )),
        );
        check(
            "+++\ntitle = 'Bridge'\ndate = 2019-11-03T10:00:00Z\nauthors = [\"Ana\", \"Bo\"]\n+++\nText\n",
            Some((
                "Bridge",
                &["author=Ana; Bo", "published=2019-11-03T10:00:00Z"],
                "Text\n",
            )),
        );
        check(
            "---\nauthor:\n  name: Ida Moor\n  url: https://mill.example\nauthors:\n  - name: Bo Lind\n    age: 7\n---\nText",
            Some((
                "",
                &[
                    "author=Ida Moor",
                    "author url=https://mill.example",
                    "authors=Bo Lind",
                    "authors age=7",
                ],
                "Text",
            )),
        );
        check(
            "---\nsource: Ferry Post\n...\nText",
            Some(("", &["outlet=Ferry Post"], "Text")),
        );
    }

    #[test]
    fn what_is_no_front_matter_stays() {
        for text in [
            "Title\n---\na: b\n---\n",
            "---\nA sentence.\n---\nMore.\n",
            "---\ntime 9:15 is late\n---\n",
            "---\na: b\n",
            "---\n---\nText\n",
        ] {
            check(text, None);
        }
    }
}
