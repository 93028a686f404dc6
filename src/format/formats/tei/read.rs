//! TEI: the text as lines, annotations as elements around it or as spans that stand off.
//!
//! Names and pointers follow the TEI Guidelines P5; P4's `TEI.2` is read as far as it is alike. No
//! offsets. Pressmark's own files name it as their application, and come back exactly.

mod header;
mod marks;

use crate::format::reading::flow::{Flow, Gap, Mark, Step, enter_children};
use crate::format::reading::xml::{id_of, keeps_space, parse_xml, root_name, thin_xml};
use crate::format::reading::{
    FoundArticle, Head, Likelihood, MAX_ARTICLES_PER_FILE, ReadOptions, Reader, ReaderGroup,
    Reading, Refusal, Source, only_first,
};
use marks::{Found, Names};
use roxmltree::Node;
use std::collections::HashMap;

pub const READER: Reader = Reader {
    name: "tei",
    title: "TEI document",
    group: ReaderGroup::Dataset,
    extensions: &["xml", "tei"],
    recognise,
    read,
};

const ROOTS: &[&str] = &["TEI", "teiCorpus", "TEI.2", "teiCorpus.2"];

fn recognise(head: &Head<'_>) -> Likelihood {
    Likelihood::Sure.when(root_name(head.text).is_some_and(|name| ROOTS.contains(&name)))
}

fn is(node: Node<'_, '_>, name: &str) -> bool {
    node.is_element() && node.tag_name().name() == name
}

fn child<'a, 'input>(node: Node<'a, 'input>, name: &str) -> Option<Node<'a, 'input>> {
    node.children().find(|child| is(*child, name))
}

/// The most nodes that are looked at for a name or a value.
const MAX_NODES_IN_VALUE: usize = 10_000;

/// All text in an element, white space folded unless the element keeps it.
fn text_in(node: Node<'_, '_>) -> String {
    let nodes = node.descendants().take(MAX_NODES_IN_VALUE);
    let texts = nodes.filter(|inner| inner.is_text());
    let text: String = texts.filter_map(|inner| inner.text()).collect();
    folded(node, text)
}

fn folded(node: Node<'_, '_>, text: String) -> String {
    match keeps_space(node) {
        Some(true) => text,
        _ => text.split_whitespace().collect::<Vec<_>>().join(" "),
    }
}

/// The ids in a list of pointers: `#a #b`, with or without a document before them.
fn pointers(value: &str) -> impl Iterator<Item = &str> {
    value
        .split_whitespace()
        .map(|pointer| pointer.rsplit_once('#').map_or(pointer, |(_, id)| id))
}

fn read(source: &Source<'_>, _options: &ReadOptions) -> Result<Reading, Refusal> {
    let (text, remark) = thin_xml(source.bytes)?;
    let document = parse_xml(&text)?;
    let names = Names::of(document.root_element());
    let mut reading = Reading {
        labels: names.labels(),
        remarks: remark.into_iter().collect(),
        ..Reading::default()
    };
    let roots = document
        .descendants()
        .filter(|node| ROOTS.iter().any(|root| is(*node, root)) && child(*node, "text").is_some());
    let roots: Vec<_> = roots.collect();
    reading.remarks.extend(only_first(roots.len()));
    for root in roots.into_iter().take(MAX_ARTICLES_PER_FILE) {
        let article = article(root, &names);
        if names.is_own() || !article.text.trim().is_empty() {
            reading.articles.push(article);
        }
    }
    let is_alone = reading.articles.len() == 1;
    for (number, article) in reading.articles.iter_mut().enumerate() {
        if article.id.is_empty() {
            article.id = if is_alone {
                source.stem().to_owned()
            } else {
                format!("{}-{}", source.stem(), number + 1)
            };
        }
    }
    if reading.articles.is_empty() {
        Err(Refusal::new("there is no text in this TEI document"))
    } else {
        Ok(reading)
    }
}

/// White space that an element asks for around it.
fn gap_of(name: &str) -> Option<Gap> {
    match name {
        "p" | "head" | "ab" | "lg" | "list" | "table" | "div" | "div1" | "div2" | "div3" | "sp"
        | "front" | "body" | "back" | "byline" | "dateline" | "opener" | "closer" | "salute"
        | "signed" | "trailer" | "epigraph" | "argument" | "figure" | "u" | "titlePage"
        | "floatingText" | "listBibl" => Some(Gap::Paragraph),
        "item" | "l" | "row" | "speaker" | "stage" | "docTitle" | "docAuthor" | "docDate"
        | "titlePart" | "bibl" => Some(Gap::Line),
        "cell" | "lb" => Some(Gap::Space),
        _ => None,
    }
}

/// What stands in the text, but is no part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Aside {
    /// Footnotes and the like: said in a remark.
    Note,
    /// Interpretations, which are read on their own.
    Marks,
    /// Running heads, what was deleted, other readings.
    Silent,
}

fn aside(node: Node<'_, '_>) -> Option<Aside> {
    let is_choice = node.parent().is_some_and(|parent| is(parent, "choice"));
    let has = |names: [&str; 3]| names.iter().any(|name| node.has_attribute(*name));
    match node.tag_name().name() {
        "note" | "noteGrp" => Some(Aside::Note),
        "spanGrp" | "linkGrp" | "link" | "interpGrp" | "interp" | "fs" | "fvLib" | "standOff"
        | "listAnnotation" | "annotation" | "taxonomy" => Some(Aside::Marks),
        "span" if has(["from", "to", "target"]) => Some(Aside::Marks),
        "fw" | "del" | "surplus" | "rdg" | "figDesc" | "teiHeader" => Some(Aside::Silent),
        // What stands in the source is the text; what should stand there is not.
        "corr" | "reg" | "expan" if is_choice => Some(Aside::Silent),
        _ => None,
    }
}

fn article(root: Node<'_, '_>, names: &Names<'_>) -> FoundArticle {
    let mut article = header::article(root, names.is_own());
    let mut flow = Flow::default();
    let mut found: Vec<Found> = Vec::new();
    let mut places: HashMap<&str, (Mark, Mark)> = HashMap::new();
    let mut notes = 0;
    let mut steps: Vec<Step<'_, '_, Mark>> = Vec::new();
    let text = root.children().find(|node| is(*node, "text"));
    steps.extend(text.map(|text| Step::Enter(text, keeps_space(text) == Some(true))));
    while let Some(step) = steps.pop() {
        match step {
            Step::Enter(node, keeps) if node.is_text() => {
                flow.push(node.text().unwrap_or_default(), keeps);
            }
            Step::Enter(node, _) if !node.is_element() => {}
            Step::Enter(node, keeps) => {
                if let Some(aside) = aside(node) {
                    notes += usize::from(aside == Aside::Note);
                    continue;
                }
                let name = node.tag_name().name();
                match name {
                    "lb" if node.attribute("break") == Some("no") => {}
                    "gap" => flow.push("[…]", true),
                    _ => flow.need(gap_of(name).unwrap_or_default()),
                }
                let start = flow.mark();
                steps.push(Step::Leave(node, start));
                enter_children(&mut steps, node, keeps_space(node).unwrap_or(keeps));
            }
            Step::Leave(node, start) => {
                let end = flow.mark();
                let name = node.tag_name().name();
                if name != "lb" {
                    flow.need(gap_of(name).unwrap_or_default());
                }
                if let Some(id) = id_of(node) {
                    places.insert(id, (start, end));
                }
                if marks::is_inline(name) && node.has_children() {
                    found.extend(marks::inline(node, names, (start, end)));
                }
            }
        }
    }
    let apart = root.descendants().filter(|node| {
        let is_own = node.tag_name().name() == "annotation" || aside(*node) == Some(Aside::Marks);
        is_own && (is(*node, "span") || is(*node, "annotation"))
    });
    let mut unclear = 0;
    for node in apart {
        match marks::apart(node, names, &places) {
            Some(spans) => found.extend(spans),
            None => unclear += 1,
        }
    }
    article.annotations = marks::joined(found, &flow);
    marks::add_links(root, &mut article.annotations);
    flow.text().clone_into(&mut article.text);
    if notes > 0 {
        article
            .remarks
            .push(format!("{notes} notes were left out of the text"));
    }
    article.left_out.count_told(unclear);
    if unclear > 0 {
        article.remarks.push(format!(
            "{unclear} spans point to nothing in the text and were left out"
        ));
    }
    article
}

#[cfg(test)]
mod tests;
