//! TEI P5: speech and quotations marked in the text, and standoff spans over anchors.
//!
//! Blocks become lines, as the article would be read; offsets are made while the text is walked, so
//! nothing is counted twice. Spans are those of `spanGrp` (TEI P5, 17.3) and of the elements of
//! speech, thought and quotation (3.3.3).

use crate::core::annotation::AttributeValue;
use crate::format::dates::parse_date;
use crate::format::reading::{
    FoundAnnotation, FoundArticle, FoundFragment, FoundLabel, Head, Likelihood, OffsetUnit,
    ReadOptions, Reader, ReaderGroup, Reading, Refusal, Source,
};
use crate::format::time::timestamp_from;
use crate::format::xml::{decode_xml, parse_xml};
use roxmltree::Node;
use std::collections::HashMap;
use std::ops::Range;

pub const READERS: &[Reader] = &[Reader {
    name: "tei",
    title: "TEI document",
    group: ReaderGroup::Dataset,
    extensions: &["xml", "tei"],
    recognise: |head: &Head<'_>| match head.text.contains("http://www.tei-c.org/ns/1.0")
        || head.text.contains("<TEI ")
        || head.text.contains("<teiCorpus")
    {
        true => Likelihood::Sure,
        false => Likelihood::No,
    },
    read,
}];

const XML: &str = "http://www.w3.org/XML/1998/namespace";
/// Elements that begin and end a line.
const BLOCKS: &[&str] = &[
    "p", "head", "ab", "item", "l", "lg", "div", "list", "byline", "dateline", "opener", "closer",
    "salute", "signed", "trailer", "row", "figDesc", "sp", "speaker", "stage", "label", "note",
    "epigraph", "cit",
];
/// Blocks that an empty line stands around.
const PARAGRAPHS: &[&str] = &["p", "head", "ab", "div", "lg", "list", "cit", "epigraph"];
/// Elements that are annotations where they stand in the text.
const MARKS: &[&str] = &[
    "said",
    "q",
    "quote",
    "soCalled",
    "mentioned",
    "seg",
    "rs",
    "persName",
    "orgName",
    "placeName",
    "span",
];

fn tag<'a>(node: Node<'a, '_>) -> &'a str {
    node.tag_name().name()
}

fn id_of<'a>(node: Node<'a, '_>) -> Option<&'a str> {
    node.attribute((XML, "id"))
}

fn find<'a, 'i>(node: Node<'a, 'i>, name: &str) -> Option<Node<'a, 'i>> {
    node.descendants()
        .find(|n| n.is_element() && tag(*n) == name)
}

fn text_under(node: Node<'_, '_>) -> String {
    let all: String = node
        .descendants()
        .filter(Node::is_text)
        .filter_map(|n| n.text())
        .collect();
    all.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Pointers of an attribute, without `#`.
fn pointers<'a>(node: Node<'a, '_>, name: &str) -> Vec<&'a str> {
    let value = node.attribute(name).unwrap_or_default();
    value
        .split_whitespace()
        .map(|p| p.rsplit('#').next().unwrap_or(p))
        .collect()
}

/// The text as it is put together, and where elements stand in it.
#[derive(Default)]
struct Walk<'a, 'i> {
    text: String,
    /// A space that is written before the next letter.
    has_space: bool,
    /// Where the last letter of the document ends.
    own_end: usize,
    is_too_deep: bool,
    places: HashMap<&'a str, Range<usize>>,
    marks: Vec<(Node<'a, 'i>, Range<usize>)>,
}

impl<'a, 'i> Walk<'a, 'i> {
    fn break_line(&mut self, is_paragraph: bool) {
        self.has_space = false;
        let wanted = if is_paragraph { "\n\n" } else { "\n" };
        if !self.text.is_empty() && !self.text.ends_with(wanted) {
            self.text.push('\n');
            if is_paragraph && !self.text.ends_with(wanted) {
                self.text.push('\n');
            }
        }
    }

    fn push(&mut self, text: &str, keeps_space: bool) {
        if keeps_space {
            self.text.push_str(text);
            self.own_end = self.text.len();
            return;
        }
        for c in text.chars() {
            if matches!(c, ' ' | '\t' | '\n' | '\r') {
                self.has_space = true;
                continue;
            }
            if self.has_space && !self.text.is_empty() && !self.text.ends_with('\n') {
                self.text.push(' ');
            }
            self.has_space = false;
            self.text.push(c);
            self.own_end = self.text.len();
        }
    }

    fn node(&mut self, node: Node<'a, 'i>, keeps_space: bool, depth: usize) {
        if depth > MAX_DEPTH {
            self.is_too_deep = true;
            return;
        }
        if let Some(text) = node.text().filter(|_| node.is_text()) {
            self.push(text, keeps_space);
            return;
        }
        if !node.is_element() {
            return;
        }
        let name = tag(node);
        let keeps_space = match node.attribute((XML, "space")) {
            Some("preserve") => true,
            Some(_) => false,
            None => keeps_space,
        };
        // Of two readings the regularised one is left out, so that the text stands as printed.
        if matches!(
            name,
            "fw" | "teiHeader" | "standOff" | "spanGrp" | "reg" | "corr" | "expan"
        ) {
            return;
        }
        let is_block = BLOCKS.contains(&name);
        let is_paragraph = PARAGRAPHS.contains(&name);
        if is_block {
            self.break_line(is_paragraph);
        }
        if matches!(name, "lb") && !keeps_space {
            self.break_line(false);
        }
        let start = self.text.len();
        for child in node.children() {
            self.node(child, keeps_space, depth + 1);
        }
        let range = start..self.text.len();
        if let Some(id) = id_of(node) {
            self.places.insert(id, range.clone());
        }
        let is_mark = MARKS.contains(&name)
            && (!matches!(name, "seg" | "rs" | "span")
                || node.attribute("ana").or(node.attribute("type")).is_some());
        if is_mark && !range.is_empty() {
            self.marks.push((node, range));
        }
        if is_block {
            self.break_line(is_paragraph);
        }
    }

    /// Takes off the line breaks that blocks put at the end.
    fn close(&mut self, keeps_space: bool) {
        let end = match keeps_space {
            true => self.own_end.min(self.text.len()),
            false => self.text.trim_end().len(),
        };
        self.text.truncate(end);
    }

    /// A stretch without white space at its ends, which belongs to neither side.
    fn trimmed(&self, range: Range<usize>) -> Range<usize> {
        let Some(text) = self.text.get(range.clone()) else {
            return range;
        };
        let start = range.start + (text.len() - text.trim_start().len());
        match text.trim().len() {
            0 => range,
            len => start..start + len,
        }
    }
}

fn read(source: &Source<'_>, _options: &ReadOptions) -> Result<Reading, Refusal> {
    let text = decode_xml(source.bytes)?;
    let document = parse_xml(&text)?;
    let mut reading = Reading::default();
    let documents: Vec<Node<'_, '_>> = document
        .descendants()
        .filter(|n| n.is_element() && tag(*n) == "TEI")
        .collect();
    let documents = match documents.is_empty() {
        true => vec![document.root_element()],
        false => documents,
    };
    for tei in documents {
        article(tei, source, &mut reading)?;
    }
    match reading.articles.is_empty() {
        true => Err(Refusal::new("there is no text in this TEI document")),
        false => Ok(reading),
    }
}

const MAX_DEPTH: usize = 400;

fn article(tei: Node<'_, '_>, source: &Source<'_>, reading: &mut Reading) -> Result<(), Refusal> {
    let Some(body) = tei.children().find(|n| tag(*n) == "text") else {
        return Ok(());
    };
    let mut walk = Walk::default();
    walk.node(body, false, 0);
    if walk.is_too_deep {
        return Err(Refusal::new(format!("the XML nests over {MAX_DEPTH} deep")));
    }
    let keeps_space = body
        .descendants()
        .any(|n| n.attribute((XML, "space")) == Some("preserve"));
    walk.close(keeps_space);
    let mut article = FoundArticle {
        id: id_of(tei).map_or_else(|| source.stem().to_owned(), str::to_owned),
        unit: OffsetUnit::Bytes,
        ..FoundArticle::default()
    };
    if let Some(header) = tei.children().find(|n| tag(*n) == "teiHeader") {
        read_header(header, &mut article, reading);
    }
    let mut by_id: HashMap<&str, Node<'_, '_>> = HashMap::new();
    for node in tei.descendants() {
        if let Some(id) = id_of(node) {
            by_id.insert(id, node);
        }
    }
    for (node, range) in &walk.marks {
        let mut made = annotation(*node, &by_id);
        made.fragments = vec![FoundFragment::at(walk.trimmed(range.clone()))];
        article.annotations.push(made);
    }
    let mut unplaced = 0;
    let spans = tei
        .descendants()
        .filter(|n| tag(*n) == "span" && (n.has_attribute("from") || n.has_attribute("target")));
    for span in spans {
        let ends: Vec<&Range<usize>> = ["from", "to"]
            .iter()
            .flat_map(|name| pointers(span, name))
            .filter_map(|id| walk.places.get(id))
            .collect();
        let targets = pointers(span, "target");
        let mut fragments: Vec<Range<usize>> = match (ends.as_slice(), targets.is_empty()) {
            ([from, to], _) => Vec::from([Range {
                start: from.start,
                end: to.end,
            }]),
            ([only], _) => vec![(*only).clone()],
            (_, false) => targets
                .iter()
                .filter_map(|id| walk.places.get(id).cloned())
                .collect(),
            _ => Vec::new(),
        };
        if !keeps_space {
            fragments = fragments
                .into_iter()
                .map(|range| walk.trimmed(range))
                .collect();
        }
        fragments.retain(|range| range.start < range.end);
        if fragments.is_empty() {
            unplaced += 1;
            continue;
        }
        let mut made = annotation(span, &by_id);
        made.fragments = fragments.into_iter().map(FoundFragment::at).collect();
        article.annotations.push(made);
    }
    if unplaced > 0 {
        article.remarks.push(format!(
            "{unplaced} spans point at nothing in the text and were left out"
        ));
    }
    article.text = walk.text;
    if !article.text.trim().is_empty() {
        reading.articles.push(article);
    }
    Ok(())
}

/// What is known of the article, and the labels of its taxonomy.
fn read_header(header: Node<'_, '_>, article: &mut FoundArticle, reading: &mut Reading) {
    let described = find(header, "sourceDesc").or_else(|| find(header, "fileDesc"));
    let file = find(header, "fileDesc");
    let title = file
        .and_then(|f| find(f, "titleStmt"))
        .and_then(|t| find(t, "title"));
    if let Some(title) = title {
        article.title = text_under(title);
    }
    let mut set = |key: &str, node: Option<Node<'_, '_>>| {
        let value = node.map(text_under).filter(|value| !value.is_empty());
        if let Some(value) = value {
            article.metadata.insert(key.to_owned(), value);
        }
    };
    set("author", file.and_then(|f| find(f, "author")));
    set("outlet", file.and_then(|f| find(f, "publisher")));
    if let Some(place) =
        described.and_then(|d| d.descendants().find(|n| matches!(tag(*n), "ref" | "ptr")))
    {
        match place.attribute("target") {
            Some(url) => drop(article.metadata.insert("url".to_owned(), url.to_owned())),
            None => set("url", Some(place)),
        }
    }
    if let Some(date) = file.and_then(|f| find(f, "date")) {
        let told = date
            .attribute("when")
            .map_or_else(|| text_under(date), str::to_owned);
        if let Some(date) = parse_date(&told) {
            article.metadata.insert("published".to_owned(), date);
        }
    }
    if let Some(language) = find(header, "language").and_then(|n| n.attribute("ident")) {
        article
            .metadata
            .insert("language".to_owned(), language.to_owned());
    }
    for category in header.descendants().filter(|n| tag(*n) == "category") {
        let Some(id) = id_of(category) else { continue };
        let told = find(category, "catDesc")
            .map(text_under)
            .unwrap_or_default();
        if !reading.labels.iter().any(|known| known.name == id) {
            reading.labels.push(FoundLabel {
                name: label_name(id).to_owned(),
                definition: told,
                ..FoundLabel::default()
            });
        }
    }
}

/// Names that XML forbids were given a letter in front.
fn label_name(id: &str) -> &str {
    id.strip_prefix("label-").unwrap_or(id)
}

fn annotation(node: Node<'_, '_>, by_id: &HashMap<&str, Node<'_, '_>>) -> FoundAnnotation {
    let mut found = FoundAnnotation {
        id: id_of(node).unwrap_or_default().to_owned(),
        ..FoundAnnotation::default()
    };
    for pointer in pointers(node, "ana") {
        match by_id.get(pointer).filter(|n| tag(**n) == "fs") {
            Some(features) => read_features(*features, &mut found),
            None if found.label.is_empty() => label_name(pointer).clone_into(&mut found.label),
            None => {}
        }
    }
    if found.label.is_empty() {
        let told = node.attribute("type").or_else(|| {
            node.parent()
                .filter(|p| tag(*p) == "spanGrp")?
                .attribute("type")
        });
        found.label = told.unwrap_or_else(|| tag(node)).to_owned();
    }
    for pointer in pointers(node, "corresp") {
        found.links.push(("corresp".to_owned(), pointer.to_owned()));
    }
    let mut set = |name: &str, value: Option<&str>| {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            let value = AttributeValue::Text(value.trim_start_matches('#').to_owned());
            found.attributes.insert(name.to_owned(), value);
        }
    };
    set("speaker", node.attribute("who"));
    set("direct", node.attribute("direct"));
    set("aloud", node.attribute("aloud"));
    if let Some(by) = node.attribute("resp") {
        by.trim_start_matches('#').clone_into(&mut found.annotator);
    }
    found
}

fn read_features(features: Node<'_, '_>, found: &mut FoundAnnotation) {
    for feature in features.children().filter(|n| tag(*n) == "f") {
        let Some(name) = feature.attribute("name") else {
            continue;
        };
        let inner = feature.children().find(Node::is_element);
        let value = match inner {
            Some(inner) => inner
                .attribute("value")
                .map_or_else(|| raw_text(inner), str::to_owned),
            None => raw_text(feature),
        };
        match name {
            "note" => found.note = value,
            "annotator" => found.annotator = value,
            "created" => found.made = timestamp_from(&value),
            name => drop(
                found
                    .attributes
                    .insert(name.to_owned(), AttributeValue::Text(value)),
            ),
        }
    }
}

fn raw_text(node: Node<'_, '_>) -> String {
    node.descendants()
        .filter(Node::is_text)
        .filter_map(|n| n.text())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(body: &str, rest: &str, expected_text: &str, expected: &[(&str, &str)]) {
        let xml = format!(
            "<TEI xmlns=\"http://www.tei-c.org/ns/1.0\"><teiHeader><fileDesc><titleStmt><title>Ferry</title></titleStmt><publicationStmt><publisher>Post</publisher><date when=\"2020-02-03\"/></publicationStmt></fileDesc></teiHeader><text><body>{body}</body></text>{rest}</TEI>"
        );
        let source = Source::alone("a.xml", xml.as_bytes());
        let reading = read(&source, &ReadOptions::default()).unwrap();
        let article = &reading.articles[0];
        assert_eq!(
            (
                article.title.as_str(),
                article.metadata["published"].as_str()
            ),
            ("Ferry", "2020-02-03")
        );
        assert_eq!(article.text, expected_text);
        let found: Vec<(&str, &str)> = article
            .annotations
            .iter()
            .map(|a| {
                (
                    a.label.as_str(),
                    article
                        .text
                        .get(a.fragments[0].offsets.clone().unwrap())
                        .unwrap(),
                )
            })
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn marks_in_the_text_and_beside_it() {
        check(
            "<head>Ferry\n stays</head><p>🙂 She said <said who=\"#bo\">no\n  ferry</said> left.</p><list><item>a</item><item>b</item></list>",
            "",
            "Ferry stays\n\n🙂 She said no ferry left.\n\na\nb",
            &[("said", "no ferry")],
        );
        check(
            "<ab xml:space=\"preserve\">🙂 <anchor xml:id=\"b\"/>No <anchor xml:id=\"c\"/>ferry<anchor xml:id=\"e\"/>\n left<anchor xml:id=\"d\"/> .</ab>",
            "<standOff><spanGrp><span xml:id=\"s1\" from=\"#b\" to=\"#e\" ana=\"#quote #fs1\"/><span from=\"#c\" to=\"#d\" ana=\"#claim\"/></spanGrp><fs xml:id=\"fs1\"><f name=\"note\"><string>loud</string></f></fs></standOff>",
            "🙂 No ferry\n left .",
            &[("quote", "No ferry"), ("claim", "ferry\n left")],
        );
    }
}
