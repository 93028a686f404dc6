//! Elements that credit someone, by what the page calls them, and their text.

use super::super::blocks::{UNSEEN, is_inline};
use super::super::shown::is_hidden;
use dom_query::NodeRef;

/// Stand around what an element of a byline calls a name.
pub(super) const NAME: [char; 2] = ['\u{1F}', '\u{1D}'];
/// Stands where two elements meet within a line, without a blank between.
const SEAM: char = '\u{1E}';

/// Parts of names of boxes that hold bylines.
const CREDITS: &[&str] = &[
    "byline",
    "by-line",
    "by_line",
    "author",
    "autor",
    "auteur",
    "autrice",
    "writer",
    "signature",
    "redakt",
    "redact",
    "redazion",
    "skribent",
    "forfatter",
    "verfasser",
    "reporter",
    "journalist",
    "periodista",
    "kirjoittaja",
    "toimittaja",
    "yazar",
    "muhabir",
    "penulis",
    "szerzo",
    "avtor",
    "contributor",
    "posted-by",
    "postedby",
    "written-by",
    "vcard",
    "creditos",
    "firma",
    "dziennikarz",
    "podpis",
    "upphov",
];

/// Parts of names of boxes that hold none, though they are called so.
const NO_CREDITS: &[&str] = &[
    "bio",
    "avatar",
    "image",
    "img",
    "photo",
    "picture",
    "icon",
    "follow",
    "social",
    "share",
    "comment",
    "tooltip",
    "newsletter",
    "subscri",
    "caption",
    "count",
    "stats",
    "popup",
    "logo",
    "more-from",
    "signature-line",
];

/// Parts of names of what stands in a byline and is no name.
const NO_NAMES: &[&str] = &[
    "bio",
    "avatar",
    "image",
    "img",
    "photo",
    "icon",
    "follow",
    "social",
    "share",
    "date",
    "time",
    "publish",
    "location",
    "dateline",
    "email",
    "comment",
    "role",
    "job",
    "position",
    "function",
    "caption",
    "tooltip",
    "newsletter",
    "subscri",
    "popup",
    "count",
    "desc",
    "hidden-label",
];

pub(super) fn called(node: &NodeRef<'_>) -> String {
    let mut called = String::new();
    for attr in [
        "class",
        "id",
        "data-testid",
        "data-qa",
        "data-component",
        "data-type",
    ] {
        if let Some(value) = node.attr(attr) {
            called.push_str(&value);
            called.push(' ');
        }
    }
    called.make_ascii_lowercase();
    called
}

pub(super) fn has_part(called: &str, parts: &[&str]) -> bool {
    parts.iter().any(|part| called.contains(part))
}

/// What the page says of an element beside its classes: that it is the author, or leads to them.
pub(super) fn is_said_author(node: &NodeRef<'_>) -> bool {
    let has = |attr: &str, words: &[&str]| {
        node.attr(attr).is_some_and(|value| {
            let mut said = value.split_whitespace();
            said.any(|word| words.contains(&word.to_ascii_lowercase().as_str()))
        })
    };
    has("itemprop", &["author", "creator"]) || has("rel", &["author"]) || leads_to(node, AUTHORS)
}

/// Steps of addresses of authors.
const AUTHORS: &[&str] = &[
    "author",
    "authors",
    "autor",
    "autoren",
    "autores",
    "autore",
    "autori",
    "auteur",
    "auteurs",
    "journalist",
    "journalists",
    "journaliste",
    "journalistes",
    "reporter",
    "reporters",
    "contributor",
    "contributors",
    "byline",
    "firmas",
    "firma",
    "skribent",
    "columnist",
    "columnists",
    "correspondents",
    "correspondent",
    "autorzy",
    "yazar",
    "yazarlar",
    "muhabir",
    "writers",
    "redacteur",
    "auteur-e-s",
];

/// Steps of addresses of people, authors or not.
const PEOPLE: &[&str] = &[
    "profile",
    "profiles",
    "profil",
    "profilo",
    "people",
    "person",
    "personen",
    "staff",
    "by",
    "redaktion",
    "team",
    "bio",
];

fn leads_to(node: &NodeRef<'_>, wanted: &[&str]) -> bool {
    node.has_name("a")
        && node.attr("href").is_some_and(|href| {
            let path = href.split(['?', '#']).next().unwrap_or_default();
            let mut steps = path.split('/').filter(|step| !step.is_empty());
            steps.any(|step| wanted.contains(&step.to_ascii_lowercase().as_str()))
        })
}

pub(super) fn is_credit(node: &NodeRef<'_>, called: &str) -> bool {
    if node.has_name("address") || is_said_author(node) {
        return true;
    }
    has_part(called, CREDITS) && !has_part(called, NO_CREDITS)
}

/// The text of a byline: names within [`NAME`], what is no name left out, a line for each box and for
/// words that meet without a blank.
pub(super) fn credit_text(root: &NodeRef<'_>) -> String {
    let says = |node: &NodeRef<'_>| {
        let mut texts = node.descendants_it().filter(NodeRef::is_text);
        texts.any(|text| !text.text().trim().is_empty())
    };
    // Where the page says who is the author, other links lead to something else.
    let has_said = root
        .descendants_it()
        .any(|node| node.is_element() && is_said_author(&node) && says(&node));
    let mut text = String::new();
    let mut steps = vec![(*root, false)];
    while let Some((node, is_end)) = steps.pop() {
        if node.is_text() {
            let words = node.text();
            for c in words.chars() {
                if !c.is_whitespace() {
                    text.push(c);
                } else if !text.ends_with(' ') {
                    text.push(' ');
                }
            }
            continue;
        }
        let name = node.node_name().unwrap_or_default();
        let name: &str = &name;
        if is_end {
            text.push_str(edge(&node, name, has_said)[1]);
            continue;
        }
        let is_none = || {
            let holds_name = || {
                node.descendants_it()
                    .any(|inner| inner.is_element() && is_said_author(&inner) && says(&inner))
            };
            UNSEEN.contains(&name)
                || matches!(name, "time" | "img" | "figure" | "figcaption" | "picture")
                || is_hidden(&node)
                || (has_part(&called(&node), NO_NAMES) && !is_said_author(&node) && !holds_name())
        };
        if node.id != root.id && is_none() {
            text.push('\n');
            continue;
        }
        text.push_str(edge(&node, name, has_said)[0]);
        steps.push((node, true));
        steps.extend(node.children_it(true).map(|child| (child, false)));
    }
    without_seams(&text)
}

/// What marks both edges of an element in a byline.
fn edge(node: &NodeRef<'_>, name: &str, has_said: bool) -> [&'static str; 2] {
    let is_name = is_said_author(node)
        || leads_to(node, PEOPLE)
        || (name == "a" && !has_said && !is_link_to_topic(node))
        || node.attr("itemprop").is_some_and(|said| &*said == "name")
        || {
            let called = called(node);
            called.contains("name") && has_part(&called, CREDITS)
        };
    if is_name {
        ["\u{1F}", "\u{1D}"]
    } else if name == "br" || !is_inline(name) {
        ["\n", "\n"]
    } else {
        ["\u{1E}", "\u{1E}"]
    }
}

fn is_link_to_topic(node: &NodeRef<'_>) -> bool {
    node.attr("href").is_some_and(|href| {
        ["/tag", "/topic", "/categor", "/section", "/thema", "/rubri"]
            .iter()
            .any(|step| href.contains(step))
    })
}

/// Two elements that meet without a blank are two lines where a word ends in one and another begins.
fn without_seams(text: &str) -> String {
    let mut joined = String::new();
    let mut was_seam = false;
    for c in text.chars() {
        if c == SEAM {
            was_seam = true;
            continue;
        }
        if was_seam && c.is_uppercase() && joined.ends_with(|c: char| c.is_lowercase() || c == ')')
        {
            joined.push('\n');
        }
        was_seam = false;
        joined.push(c);
    }
    joined
}
