//! What a browser shows of a page and its tree does not say: the marks of quotations, parts that are
//! sent late and take their place by a script, boxes that stand within a line and words that are
//! lines by their style.
//!
//! Changes the tree once, before anything is looked for in it, so that all judgements of where the
//! article is see the same page. Adds no text but marks of quotation.

use super::prune::{is_named_so, is_prose};
use dom_query::{Document, NodeRef};
use std::collections::HashMap;

/// The page as a browser shows it.
pub(super) fn as_shown(document: &Document) {
    put_streamed_parts(document);
    remove_unseen(document);
    show_hidden_article(document);
    mark_quotations(document);
    follow_styles(document);
    let root = document.root();
    root.normalize();
}

/// Parts that a server sends after the page and a script puts in their place (React’s streaming):
/// `<div hidden id="S:0">` goes where `<template id="B:0">` stands, and what stood in for it goes.
fn put_streamed_parts(document: &Document) {
    let parts = document.select("[hidden][id*=\"S:\"]");
    if parts.nodes().is_empty() {
        return;
    }
    let slots: HashMap<String, NodeRef<'_>> = document
        .select("template[id*=\"B:\"], template[id*=\"P:\"]")
        .nodes()
        .iter()
        .filter_map(|slot| Some((slot.attr("id")?.to_string(), *slot)))
        .collect();
    for part in parts.nodes() {
        let id = part.attr("id").unwrap_or_default();
        let Some((prefix, number)) = id.rsplit_once("S:") else {
            continue;
        };
        if number.is_empty() || !number.bytes().all(|c| c.is_ascii_hexdigit()) {
            continue;
        }
        let slot = ["B", "P"]
            .iter()
            .find_map(|kind| slots.get(&format!("{prefix}{kind}:{number}")))
            .filter(|slot| !slot.ancestors_it(None).any(|above| above.id == part.id));
        let Some(slot) = slot else {
            part.remove_attr("hidden");
            continue;
        };
        remove_stand_in(slot);
        for child in part.children() {
            slot.insert_before(&child);
        }
        slot.remove_from_parent();
        part.remove_from_parent();
    }
}

/// The most nodes beside each other that are looked through for what is to go.
const MAX_STAND_IN: usize = 1_000;

/// What is shown until a part arrives stands behind its place, up to the comment `/$`.
fn remove_stand_in(slot: &NodeRef<'_>) {
    let mut depth = 0_usize;
    let mut stand_in = Vec::new();
    let mut at = slot.next_sibling();
    while let Some(node) = at.filter(|_| stand_in.len() < MAX_STAND_IN) {
        if node.is_comment() {
            let html = node.html();
            match html.trim_start_matches("<!--").trim_end_matches("-->") {
                "/$" if depth == 0 => {
                    stand_in.iter().for_each(NodeRef::remove_from_parent);
                    return;
                }
                "/$" => depth -= 1,
                "$" | "$?" | "$!" | "$~" => depth += 1,
                _ => {}
            }
        }
        stand_in.push(node);
        at = node.next_sibling();
    }
}

/// Comments, and readings above words.
fn remove_unseen(document: &Document) {
    let root = document.root();
    let unseen: Vec<NodeRef<'_>> = root
        .descendants_it()
        .filter(|node| {
            let is_nothing = !node.is_text() && !node.is_element() && !node.is_doctype();
            is_nothing || ["rt", "rp", "rtc"].iter().any(|name| node.has_name(name))
        })
        .filter(|node| node.parent().is_some())
        .collect();
    unseen.iter().for_each(NodeRef::remove_from_parent);
}

/// Hidden by the page itself.
pub(super) fn is_hidden(node: &NodeRef<'_>) -> bool {
    node.has_attr("hidden")
        || style_of(node).is_some_and(|style| {
            style.contains("display:none") || style.contains("visibility:hidden")
        })
}

/// The style that an element has of its own, without white space, in lower case.
fn style_of(node: &NodeRef<'_>) -> Option<String> {
    let style = node.attr("style")?;
    let style = style.chars().filter(|c| !c.is_whitespace());
    Some(style.flat_map(char::to_lowercase).collect())
}

/// Pages that hide their article until a script has run show it in the end: a box that holds nearly
/// all that is said is not hidden.
fn show_hidden_article(document: &Document) {
    let Some(body) = document.body() else {
        return;
    };
    let mut shown = 0;
    let mut hidden: Vec<(NodeRef<'_>, usize)> = Vec::new();
    // With each element, which hidden one it stands in.
    let mut steps: Vec<(NodeRef<'_>, Option<usize>)> = vec![(body, None)];
    while let Some((node, within)) = steps.pop() {
        if node.is_text() {
            let text = node.text();
            if is_prose(&node, &text) {
                let chars = text.trim().chars().count();
                match within.and_then(|at| hidden.get_mut(at)) {
                    Some((_, held)) => *held += chars,
                    None => shown += chars,
                }
            }
            continue;
        }
        if node.id != body.id && is_named_so(&node) {
            continue;
        }
        let within = within.or_else(|| {
            is_hidden(&node).then(|| {
                hidden.push((node, 0));
                hidden.len() - 1
            })
        });
        steps.extend(node.children_it(true).map(|child| (child, within)));
    }
    let Some((node, held)) = hidden.into_iter().max_by_key(|(_, held)| *held) else {
        return;
    };
    if held >= 300 && held >= shown * 4 {
        node.remove_attr("hidden");
        node.remove_attr("style");
    }
}

/// The marks of quotations by language, outer and inner (CLDR).
const MARKS: &[(&str, [&str; 4])] = &[
    (
        "bg cs da de et hr hu is lt lv ro sk sl sr",
        ["„", "“", "‚", "‘"],
    ),
    ("pl nl-be", ["„", "”", "«", "»"]),
    ("fr it es pt-pt ca el no nb nn fa hy", ["«", "»", "“", "”"]),
    ("ru uk be", ["«", "»", "„", "“"]),
    ("fi sv", ["”", "”", "’", "’"]),
    ("he", ["”", "”", "’", "’"]),
    ("ja zh-tw zh-hk zh-hant", ["「", "」", "『", "』"]),
];

const DEFAULT_MARKS: [&str; 4] = ["“", "”", "‘", "’"];

fn marks_of(language: &str) -> [&'static str; 4] {
    let language = language.trim().to_ascii_lowercase().replace('_', "-");
    let primary = language.split('-').next().unwrap_or_default();
    let has = |wanted: &str| {
        let found = MARKS
            .iter()
            .find(|(names, _)| names.split(' ').any(|name| name == wanted));
        found.map(|(_, marks)| *marks)
    };
    has(&language)
        .or_else(|| has(primary))
        .unwrap_or(DEFAULT_MARKS)
}

fn is_mark(c: char) -> bool {
    "\"'“”„‚‘’«»‹›「」『』".contains(c)
}

/// The marks around `q` are the browser’s, unless the page has written its own.
fn mark_quotations(document: &Document) {
    let quotations = document.select("q");
    for quotation in quotations.nodes() {
        let mut inner = quotation.descendants_it().filter(NodeRef::is_text);
        let Some(text) = inner.find(|text| !text.text().trim().is_empty()) else {
            continue;
        };
        drop(inner);
        let before = quotation.prev_sibling().filter(NodeRef::is_text);
        let has_own = text.text().trim_start().starts_with(is_mark)
            || before.is_some_and(|before| before.text().ends_with(is_mark));
        if has_own {
            continue;
        }
        let mut depth = 0;
        let mut language = None;
        for above in quotation.ancestors_it(None) {
            depth += usize::from(above.has_name("q"));
            if language.is_none() {
                language = above.attr("lang");
            }
        }
        let [outer_start, outer_end, inner_start, inner_end] =
            marks_of(&language.unwrap_or_default());
        let (start, end) = if depth % 2 == 0 {
            (outer_start, outer_end)
        } else {
            (inner_start, inner_end)
        };
        let tree = &document.tree;
        let (start, end) = (tree.new_text(start), tree.new_text(end));
        quotation.prepend_child(&start);
        quotation.append_child(&end);
    }
}

/// Elements that are words by name and lines by style, and the other way round; paragraphs that are
/// words by name; elements of the page's own that stand within a line.
fn follow_styles(document: &Document) {
    let root = document.root();
    let mut lines: Vec<NodeRef<'_>> = Vec::new();
    let mut words: Vec<NodeRef<'_>> = Vec::new();
    for node in root.descendants_it() {
        let Some(name) = node.node_name().filter(|_| node.is_element()) else {
            continue;
        };
        match &*name {
            "span" | "b" | "i" | "em" | "strong" | "font" | "label" | "small" | "time" => {
                let is_line = style_of(&node).is_some_and(|style| {
                    ["block", "flex", "grid", "table", "list-item"]
                        .iter()
                        .any(|display| style.contains(&format!("display:{display}")))
                });
                if is_line || is_unspaced_paragraph(&node) {
                    lines.push(node);
                }
            }
            "div" => {
                let is_word = style_of(&node).is_some_and(|style| {
                    style
                        .split(';')
                        .any(|rule| rule.starts_with("display:inline"))
                });
                if is_word && !has_lines(&node) {
                    words.push(node);
                }
            }
            "rb" | "rbc" => words.push(node),
            name if name.contains('-') && stands_in_line(&node) && !has_lines(&node) => {
                words.push(node);
            }
            _ => {}
        }
    }
    for (nodes, name) in [(lines, "div"), (words, "span")] {
        for node in nodes {
            node.rename(name);
        }
    }
}

/// The shortest text of a paragraph without an element of one.
const PARAGRAPH_CHARS: usize = 60;

/// A span of a sentence and more that stands against another such, without a blank between: a
/// paragraph by the page’s style sheet, for nobody writes so within a line.
fn is_unspaced_paragraph(node: &NodeRef<'_>) -> bool {
    let is_sentences = |node: &NodeRef<'_>| {
        node.has_name("span") && is_small(node) && {
            let text = node.text();
            let text = text.trim();
            let ends = text.trim_end_matches(|c: char| is_mark(c) || c == ')');
            text.chars().nth(PARAGRAPH_CHARS).is_some()
                && ends.ends_with(['.', '!', '?', '…', '。'])
        }
    };
    let mut beside = [node.prev_sibling(), node.next_sibling()].into_iter();
    beside.any(|other| other.is_some_and(|other| is_sentences(&other))) && is_sentences(node)
}

/// Elements that hold more are no words of a line.
const MAX_WITHIN: usize = 100;

fn is_small(node: &NodeRef<'_>) -> bool {
    node.descendants_it().nth(MAX_WITHIN).is_none()
}

/// Whether words stand right beside an element.
fn stands_in_line(node: &NodeRef<'_>) -> bool {
    let mut beside = [node.prev_sibling(), node.next_sibling()].into_iter();
    beside.any(|text| text.is_some_and(|text| text.is_nonempty_text()))
}

fn has_lines(node: &NodeRef<'_>) -> bool {
    !is_small(node)
        || node
            .descendants_it()
            .any(|inner| LINES.iter().any(|name| inner.has_name(name)))
}

/// Elements that end a line.
const LINES: &[&str] = &[
    "p",
    "div",
    "ul",
    "ol",
    "li",
    "table",
    "section",
    "article",
    "blockquote",
    "figure",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "br",
    "hr",
    "pre",
    "dl",
];
