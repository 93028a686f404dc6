//! XML with annotations in the text: as pairs of empty elements, which may cross each other, or as
//! elements around it.

use super::flow::{Flow, Gap, Mark, Step, enter_children};
use crate::core::annotation::AttributeValue;
use crate::format::reading::{
    FoundAnnotation, FoundArticle, FoundFragment, Head, Likelihood, MAX_ARTICLES_PER_FILE,
    ReadOptions, Reader, ReaderGroup, Reading, Refusal, Source,
};
use crate::format::time::timestamp_from;
use crate::format::xml::{decode_xml, id_of, keeps_space, parse_xml, root_name};
use roxmltree::Node;
use std::collections::HashMap;

pub const READERS: &[Reader] = &[Reader {
    name: "inline-xml",
    title: "XML with annotations in its text",
    group: ReaderGroup::Dataset,
    extensions: &["xml"],
    recognise,
    read,
}];

/// Outermost elements of articles and of collections of them, in lower case.
const ARTICLES: &[&str] = &["article", "document", "doc"];
const COLLECTIONS: &[&str] = &[
    "articles",
    "documents",
    "docs",
    "corpus",
    "collection",
    "dataset",
];
/// Elements that hold the text of an article, in lower case.
const TEXTS: &[&str] = &["text", "body", "content"];
/// Elements of MUC's named entities.
const MUC: &[&str] = &["<ENAMEX", "<NUMEX", "<TIMEX"];

fn recognise(head: &Head<'_>) -> Likelihood {
    let is_marked_up = head.text.trim_start().starts_with('<');
    if is_marked_up && MUC.iter().any(|name| head.text.contains(name)) {
        return Likelihood::Sure;
    }
    let root = root_name(head.text).unwrap_or_default().to_lowercase();
    let is_of_articles = ARTICLES.contains(&root.as_str()) || COLLECTIONS.contains(&root.as_str());
    // `text` as an element is rare elsewhere: other schemas of articles have `body`.
    match is_of_articles && (head.text.contains("<text>") || head.text.contains("<text ")) {
        true => Likelihood::Sure,
        false => Likelihood::No,
    }
}

fn is_named(node: &Node<'_, '_>, names: &[&str]) -> bool {
    let name = node.tag_name().name().to_lowercase();
    node.is_element() && names.contains(&name.as_str())
}

fn read(source: &Source<'_>, _options: &ReadOptions) -> Result<Reading, Refusal> {
    let text = decode_xml(source.bytes)?;
    // MUC's files are pieces without one outermost element at times.
    let wrapped;
    let document = match parse_xml(&text) {
        Ok(document) => document,
        Err(refusal) if root_name(&text).is_some_and(|name| !name.starts_with('?')) => {
            wrapped = format!("<docs>{text}</docs>");
            parse_xml(&wrapped).map_err(|_of_the_wrapped| refusal)?
        }
        Err(refusal) => return Err(refusal),
    };
    let root = document.root_element();
    let mut nodes: Vec<Node<'_, '_>> = root
        .children()
        .filter(|node| is_named(node, ARTICLES))
        .collect();
    if nodes.is_empty() {
        nodes.push(root);
    }
    let is_alone = nodes.len() == 1;
    let mut reading = Reading::default();
    for (number, node) in nodes.into_iter().enumerate().take(MAX_ARTICLES_PER_FILE) {
        let mut article = article(node, &mut reading.remarks);
        if article.text.trim().is_empty() {
            continue;
        }
        if article.id.is_empty() {
            article.id = match is_alone {
                true => source.stem().to_owned(),
                false => format!("{}-{}", source.stem(), number + 1),
            };
        }
        reading.articles.push(article);
    }
    match reading.articles.is_empty() {
        true => Err(Refusal::new("there is no text in this XML file")),
        false => Ok(reading),
    }
}

/// What an empty element does.
enum Milestone<'a> {
    Start(&'a str),
    End(&'a str),
    /// A line or page break, or a picture.
    Other,
}

fn milestone<'a>(node: Node<'a, '_>) -> Milestone<'a> {
    const ENDS: &[&str] = &["ref", "idref", "eID", "eid", "start"];
    if let Some(id) = ENDS.iter().find_map(|name| node.attribute(*name)) {
        return Milestone::End(id.trim_start_matches('#'));
    }
    let start = id_of(node)
        .or_else(|| node.attribute("sID"))
        .or_else(|| node.attribute("sid"));
    match start {
        Some(id) => Milestone::Start(id),
        None => Milestone::Other,
    }
}

/// Elements that give a text its shape, and what they ask for around them.
fn gap_of(name: &str) -> Option<Gap> {
    match name {
        "p" | "para" | "paragraph" | "head" | "heading" | "headline" | "title" | "div"
        | "section" => Some(Gap::Paragraph),
        "br" | "lb" | "line" | "li" | "item" => Some(Gap::Line),
        "sentence" | "sent" | "token" | "tok" | "w" | "word" | "b" | "i" | "em" | "strong" => {
            Some(Gap::None)
        }
        _ => None,
    }
}

fn article(node: Node<'_, '_>, remarks: &mut Vec<String>) -> FoundArticle {
    let mut article = FoundArticle::default();
    let texts: Vec<Node<'_, '_>> = node
        .children()
        .filter(|child| is_named(child, TEXTS))
        .collect();
    for attribute in node.attributes() {
        tell(&mut article, attribute.name(), attribute.value());
    }
    let others = node
        .children()
        .filter(|child| child.is_element() && !texts.contains(child) && !texts.is_empty());
    for child in others {
        let is_simple = child.children().all(|inner| inner.is_text());
        if let Some(value) = child.text().filter(|_| is_simple) {
            tell(&mut article, child.tag_name().name(), value);
        }
    }
    let mut walk = Walk::default();
    match texts.is_empty() {
        true => walk.through(node, false),
        false => {
            for text in texts {
                walk.flow.need(Gap::Paragraph);
                walk.through(text, true);
            }
        }
    }
    if !walk.open.is_empty() {
        remarks.push(format!(
            "{} annotations begin but do not end; they were left out",
            walk.open.len()
        ));
    }
    if walk.homeless > 0 {
        remarks.push(format!(
            "{} annotations end but do not begin; they were left out",
            walk.homeless
        ));
    }
    walk.flow.text().clone_into(&mut article.text);
    let found = walk
        .found
        .into_iter()
        .filter_map(|(mut found, start, end)| {
            found.fragments = vec![FoundFragment::at(walk.flow.range(start, end)?)];
            Some(found)
        });
    article.annotations = found.collect();
    article
}

fn tell(article: &mut FoundArticle, name: &str, value: &str) {
    let value = value.trim();
    if value.is_empty() {
        return;
    }
    match name.to_lowercase().as_str() {
        "id" | "docid" | "docno" => value.clone_into(&mut article.id),
        "title" | "headline" => value.clone_into(&mut article.title),
        "source" | "url" if value.starts_with("http") => {
            drop(article.metadata.insert("url".to_owned(), value.to_owned()))
        }
        "source" => drop(
            article
                .metadata
                .insert("outlet".to_owned(), value.to_owned()),
        ),
        "date" | "published" => {
            let date = crate::format::dates::parse_date(value);
            let date = date.unwrap_or_else(|| value.to_owned());
            article.metadata.insert("published".to_owned(), date);
        }
        name => drop(article.metadata.insert(name.to_owned(), value.to_owned())),
    }
}

/// A way through an element's text.
#[derive(Default)]
struct Walk<'a> {
    flow: Flow,
    found: Vec<(FoundAnnotation, Mark, Mark)>,
    /// Begun by an empty element, not yet ended, by id.
    open: HashMap<&'a str, (FoundAnnotation, Mark)>,
    homeless: usize,
}

impl<'a> Walk<'a> {
    fn through<'input>(&mut self, root: Node<'a, 'input>, keeps_by_default: bool) {
        // Text of structured documents is laid out; text alone is as it stands.
        let has_paragraphs = root
            .descendants()
            .any(|node| gap_of(node.tag_name().name()) == Some(Gap::Paragraph) && node != root);
        let keeps = keeps_space(root).unwrap_or(keeps_by_default && !has_paragraphs);
        let mut steps: Vec<Step<'a, 'input, (Mark, Option<Gap>)>> = Vec::new();
        enter_children(&mut steps, root, keeps);
        while let Some(step) = steps.pop() {
            match step {
                Step::Enter(node, keeps) if node.is_text() => {
                    self.flow.push(node.text().unwrap_or_default(), keeps);
                }
                Step::Enter(node, keeps) if node.is_element() => {
                    let gap = gap_of(&node.tag_name().name().to_lowercase());
                    self.flow.need(gap.unwrap_or_default());
                    if node.has_children() {
                        steps.push(Step::Leave(node, (self.flow.mark(), gap)));
                        let keeps = keeps_space(node).unwrap_or(keeps);
                        enter_children(&mut steps, node, keeps);
                    } else if gap.is_none() {
                        self.milestone(node);
                    }
                }
                Step::Enter(..) => {}
                Step::Leave(node, (start, gap)) => {
                    let end = self.flow.mark();
                    self.flow.need(gap.unwrap_or_default());
                    if gap.is_none() {
                        self.found.push((annotation(node), start, end));
                    }
                }
            }
        }
    }

    fn milestone(&mut self, node: Node<'a, '_>) {
        match milestone(node) {
            Milestone::Start(id) => {
                let mark = self.flow.mark();
                self.open.insert(id, (annotation(node), mark));
            }
            Milestone::End(id) => {
                let end = self.flow.mark();
                match self.open.remove(id) {
                    Some((found, start)) => self.found.push((found, start, end)),
                    None => self.homeless += 1,
                }
            }
            Milestone::Other => {}
        }
    }
}

/// What an element says of the text that it marks.
fn annotation(node: Node<'_, '_>) -> FoundAnnotation {
    const LABELS: &[&str] = &["label", "TYPE", "type", "category", "class"];
    let named = LABELS.iter().find(|name| node.has_attribute(**name));
    let label = named.and_then(|name| node.attribute(*name));
    let mut found = FoundAnnotation {
        label: label.unwrap_or(node.tag_name().name()).to_owned(),
        ..FoundAnnotation::default()
    };
    for attribute in node.attributes() {
        let value = attribute.value().to_owned();
        match attribute.name() {
            name if named == Some(&name) => {}
            "id" | "sID" | "sid" => found.id = value,
            "note" | "comment" => found.note = value,
            "annotator" => found.annotator = value,
            "created" if timestamp_from(&value).is_some() => found.made = timestamp_from(&value),
            "linked" | "link" => {
                let target = value.trim_start_matches('#').to_owned();
                found.links.push(("linked".to_owned(), target));
            }
            "space" => {}
            name => drop(
                found
                    .attributes
                    .insert(name.to_owned(), AttributeValue::Text(value)),
            ),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::dataset::placing::place;

    #[track_caller]
    fn check(xml: &str, text: &str, expected: &[(&str, &str)]) -> Reading {
        let source = Source::alone("a.xml", xml.as_bytes());
        let (reader, _) = crate::format::readers::recognise(source).unwrap();
        assert_eq!(reader.name, "inline-xml");
        let reading = read(&source, &ReadOptions::default()).unwrap();
        let article = &reading.articles[0];
        assert_eq!(article.text, text);
        let placed = place(article);
        let mut found: Vec<(&str, &str)> = article
            .annotations
            .iter()
            .zip(&placed.annotations)
            .map(|(found, ranges)| {
                let range = ranges.as_ref().unwrap()[0];
                (found.label.as_str(), placed.text.slice(range))
            })
            .collect();
        found.sort_unstable();
        assert_eq!(found, expected);
        reading
    }

    #[test]
    fn milestones_that_cross() {
        let reading = check(
            "<article id=\"7\" title=\"Ferry\"><text xml:space=\"preserve\">🙂 <s id=\"1\" label=\"a\" note=\"n\"/>She\tsaid <s id=\"2\" label=\"b\"/>so<e ref=\"1\"/>.\n\nשלום<e ref=\"2\"/>  &lt;b&gt;<s id=\"3\" label=\"c\"/>\n<e ref=\"9\"/></text></article>",
            "🙂 She\tsaid so.\n\nשלום  <b>\n",
            &[("a", "She\tsaid so"), ("b", "so.\n\nשלום")],
        );
        let article = &reading.articles[0];
        assert_eq!(
            (article.id.as_str(), article.title.as_str()),
            ("7", "Ferry")
        );
        assert_eq!(article.annotations[0].note, "n");
        assert_eq!(reading.remarks.len(), 2);
    }

    #[test]
    fn elements_around_text() {
        let reading = check(
            "<corpus><doc id=\"1\"><source>Post</source><text>\n  <p>The <quote speaker=\"Ann\">ferry <loc>pier</loc></quote>\n is late.</p>\n  <p>Yes.</p></text></doc><doc id=\"2\"><text>No.</text></doc></corpus>",
            "The ferry pier is late.\n\nYes.",
            &[("loc", "pier"), ("quote", "ferry pier")],
        );
        assert_eq!(reading.articles.len(), 2);
        assert_eq!(reading.articles[0].metadata["outlet"], "Post");
        let quote = &reading.articles[0].annotations[1];
        assert_eq!(
            quote.attributes["speaker"],
            AttributeValue::Text("Ann".to_owned())
        );
        check(
            "<DOC><DOCNO> 3 </DOCNO><TEXT>In <ENAMEX TYPE=\"LOCATION\">Rome</ENAMEX>, <TIMEX TYPE=\"DATE\">May</TIMEX>.</TEXT></DOC>\n<DOC><TEXT>Yes.</TEXT></DOC>",
            "In Rome, May.",
            &[("DATE", "May"), ("LOCATION", "Rome")],
        );
    }

    #[test]
    fn other_xml_is_left_alone() {
        for text in [
            "<rss><channel><item><title>a</title></item></channel></rss>",
            "<article><front/><body><p>Yes</p></body></article>",
            "<html><body><article>Yes</article></body></html>",
        ] {
            let source = Source::alone("a.xml", text.as_bytes());
            assert_eq!(recognise(&Head { source, text }), Likelihood::No);
        }
    }

    #[test]
    fn deep_nesting_is_no_danger() {
        let xml = format!(
            "<article><text>{}x{}</text></article>",
            "<a>".repeat(20_000),
            "</a>".repeat(20_000)
        );
        let source = Source::alone("a.xml", xml.as_bytes());
        let reading = read(&source, &ReadOptions::default()).unwrap();
        assert_eq!(reading.articles[0].annotations.len(), 20_000);
    }
}
