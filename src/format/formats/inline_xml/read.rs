//! XML with annotations in the text: as pairs of empty elements, which may cross each other, or as
//! elements around it. No offsets. Pressmark's own files say so in their `head`, and are read exactly.

use crate::core::annotation::AttributeValue;
use crate::core::article::Status;
use crate::format::formats::inline_xml::{GENERATOR, KINDS, TAKEN};
use crate::format::reading::flow::{Flow, Gap, Mark, Step, enter_children};
use crate::format::reading::left_out::Thing;
use crate::format::reading::placing::MARKS_NOTHING;
use crate::format::reading::xml::{id_of, keeps_space, parse_xml, root_name, thin_xml};
use crate::format::reading::{
    FoundAnnotation, FoundArticle, FoundFragment, FoundLabel, Head, Likelihood,
    MAX_ARTICLES_PER_FILE, ReadOptions, Reader, ReaderGroup, Reading, Refusal, Source, only_first,
};
use crate::format::time::timestamp_from;
use crate::format::words::article_rows::marked_value;
use crate::format::words::names::attributes;
use crate::format::words::values::{list_of, listed_links};
use roxmltree::Node;
use std::collections::HashMap;

pub const READER: Reader = Reader {
    name: "inline-xml",
    title: "XML with annotations in its text",
    group: ReaderGroup::Dataset,
    extensions: &["xml"],
    recognise,
    read,
};

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
    // `text` as an element is rare elsewhere: other schemas of articles have `body`. What is said of
    // an article before it may be long.
    let is_there = |start: &&str| {
        head.text.contains(*start)
            || memchr::memmem::find(head.source.bytes, start.as_bytes()).is_some()
    };
    let starts = ["<text>", "<text ", "<head generator=\"Pressmark\">"];
    Likelihood::Sure.when(is_of_articles && starts.iter().any(is_there))
}

fn is_named(node: &Node<'_, '_>, names: &[&str]) -> bool {
    let name = node.tag_name().name().to_lowercase();
    node.is_element() && names.contains(&name.as_str())
}

fn read(source: &Source<'_>, _options: &ReadOptions) -> Result<Reading, Refusal> {
    let (text, remark) = thin_xml(source.bytes)?;
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
    reading.remarks.extend(remark);
    reading.remarks.extend(only_first(nodes.len()));
    for (number, node) in nodes.into_iter().enumerate().take(MAX_ARTICLES_PER_FILE) {
        let mut article = match own_head(node) {
            Some(head) => own_article(node, head, &mut reading),
            None => {
                let article = article(node, &mut reading.remarks);
                if article.text.trim().is_empty() {
                    continue;
                }
                article
            }
        };
        if article.id.is_empty() {
            article.id = if is_alone {
                source.stem().to_owned()
            } else {
                format!("{}-{}", source.stem(), number + 1)
            };
        }
        reading.articles.push(article);
    }
    if reading.articles.is_empty() {
        Err(Refusal::new("there is no text in this XML file"))
    } else {
        Ok(reading)
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
    if texts.is_empty() {
        walk.through(node, false);
    } else {
        walk.through_all(&texts);
    }
    walk.finish(&mut article, remarks);
    article
}

/// The head of an article that Pressmark wrote.
fn own_head<'a, 'input>(node: Node<'a, 'input>) -> Option<Node<'a, 'input>> {
    let mut heads = node.children().filter(|child| is_named(child, &["head"]));
    heads.find(|head| head.attribute("generator") == Some(GENERATOR))
}

fn own_article(node: Node<'_, '_>, head: Node<'_, '_>, reading: &mut Reading) -> FoundArticle {
    let mut article = FoundArticle::default();
    for attribute in node.attributes() {
        let value = attribute.value().to_owned();
        match attribute.name() {
            "id" => article.id = value,
            "title" => article.title = value,
            name => drop(article.metadata.insert(name.to_owned(), value)),
        }
    }
    let mut names: HashMap<&str, &str> = HashMap::new();
    for told in head.children().filter(Node::is_element) {
        let text = told.text().unwrap_or_default();
        let attribute = |name: &str| told.attribute(name).unwrap_or_default();
        match told.tag_name().name() {
            "meta" => {
                let name = attribute("name").to_owned();
                article.metadata.insert(name, text.to_owned());
            }
            "status" => {
                let annotator = attribute("annotator").to_owned();
                let status = Status::called(text).map(|status| (annotator, status));
                article.status.extend(status);
            }
            "note" => text.clone_into(&mut article.notes),
            "attribute" => {
                names.insert(told.attribute("name").unwrap_or_default(), text);
            }
            "label" => {
                let color = attribute("color").trim_start_matches('#');
                reading.labels.push(FoundLabel {
                    name: attribute("name").to_owned(),
                    title: attribute("title").to_owned(),
                    definition: text.to_owned(),
                    color: u32::from_str_radix(color, 16).ok(),
                });
            }
            _ => {}
        }
    }
    let texts: Vec<Node<'_, '_>> = node
        .children()
        .filter(|child| is_named(child, &["text"]))
        .collect();
    let mut walk = Walk {
        own: Some(names),
        ..Walk::default()
    };
    walk.through_all(&texts);
    let continued = std::mem::take(&mut walk.continued);
    walk.finish(&mut article, &mut reading.remarks);
    join(&mut article.annotations, &continued);
    article
}

/// Gives later fragments to their annotations.
fn join(annotations: &mut Vec<FoundAnnotation>, continued: &HashMap<&str, &str>) {
    if continued.is_empty() {
        return;
    }
    let mut later: HashMap<&str, Vec<FoundFragment>> = HashMap::new();
    annotations.retain_mut(|annotation| {
        let Some(first) = continued.get(annotation.id.as_str()) else {
            return true;
        };
        let fragments = std::mem::take(&mut annotation.fragments);
        later.entry(first).or_default().extend(fragments);
        false
    });
    for annotation in annotations {
        let fragments = later.remove(annotation.id.as_str());
        annotation.fragments.extend(fragments.unwrap_or_default());
    }
}

impl<'a> Walk<'a> {
    fn through_all(&mut self, texts: &[Node<'a, '_>]) {
        for text in texts {
            self.flow.need(Gap::Paragraph);
            self.through(*text, true);
        }
    }

    fn finish(self, article: &mut FoundArticle, remarks: &mut Vec<String>) {
        let walk = self;
        let lost = walk.open.len() + walk.homeless;
        article.left_out.count_told(lost);
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
        for (mut found, start, end) in walk.found {
            let Some(range) = walk.flow.range(start, end) else {
                let name = || found.named();
                article
                    .left_out
                    .note(Thing::Annotation, MARKS_NOTHING, name);
                continue;
            };
            found.fragments = vec![FoundFragment::at(range)];
            article.annotations.push(found);
        }
    }
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
            drop(article.metadata.insert("url".to_owned(), value.to_owned()));
        }
        "source" => drop(
            article
                .metadata
                .insert("outlet".to_owned(), value.to_owned()),
        ),
        "date" | "published" => {
            let date = crate::format::reading::dates::parse_date(value);
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
    /// Of Pressmark's own file: names of attributes that XML does not allow, by those that stand
    /// for them.
    own: Option<HashMap<&'a str, &'a str>>,
    /// The id of the annotation that a later fragment belongs to, by the fragment's own.
    continued: HashMap<&'a str, &'a str>,
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
                let found = match &self.own {
                    Some(names) => own_annotation(node, names),
                    None => annotation(node),
                };
                if self.own.is_some()
                    && let Some(first) = node.attribute("continues")
                {
                    self.continued.insert(id, first);
                }
                self.open.insert(id, (found, mark));
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

/// What an empty element says in Pressmark's own file.
fn own_annotation(node: Node<'_, '_>, names: &HashMap<&str, &str>) -> FoundAnnotation {
    let mut found = FoundAnnotation::default();
    let lists: Vec<&str> = node
        .attribute("lists")
        .map_or_else(Vec::new, |names| names.split(' ').collect());
    // An attribute of an earlier version may be called so.
    let kinds = node.attribute(KINDS).unwrap_or_default();
    let kinds: Option<HashMap<&str, &str>> =
        kinds.split(' ').map(|kind| kind.split_once(':')).collect();
    for attribute in node.attributes() {
        let value = attribute.value();
        match attribute.name() {
            KINDS if kinds.is_some() => {}
            "id" => value.clone_into(&mut found.id),
            "label" => value.clone_into(&mut found.label),
            "annotator" => value.clone_into(&mut found.annotator),
            "note" => value.clone_into(&mut found.note),
            "created" => found.made = timestamp_from(value),
            "changed" => found.changed = timestamp_from(value),
            "links" => found.links = listed_links(value),
            "continues" | "lists" => {}
            name => {
                let value = if lists.contains(&name) {
                    AttributeValue::Many(list_of(value))
                } else {
                    let kind = kinds.as_ref().and_then(|kinds| kinds.get(name));
                    marked_value(kind.unwrap_or(&""), value.to_owned())
                };
                let name = attributes(TAKEN).plain(name);
                let name = names.get(name).copied().unwrap_or(name).to_owned();
                found.attributes.insert(name, value);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_head_hides_no_text() {
        let about = "word ".repeat(20_000);
        let source = format!(
            "<article id=\"a\"><abstract>{about}</abstract><text>She <q>said so</q></text></article>"
        );
        let (reader, _) =
            crate::format::readers::recognise(Source::alone("a.xml", source.as_bytes())).unwrap();
        assert_eq!(reader.name, READER.name);
    }
    use crate::format::reading::placing::place;

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
    fn own_files_come_back_exactly() {
        let reading = check(
            "<article id=\"7\" language=\"en\">\n<head generator=\"Pressmark\"><meta name=\"id\"> x\ty </meta><status annotator=\"a b\">in progress</status><note>n\nm</note><label name=\"a\" title=\"A\" color=\"#0a0b0c\"/><attribute name=\"a_b\">a b</attribute></head>\n<text xml:space=\"preserve\">\n<s id=\"1\" label=\"a\" changed=\"2026-03-02T10:00:00Z\" links=\"x=1.2\" a_b=\"\" attribute_note=\"&#10;\" link=\"2; x%3B\" lists=\"link\"/>She<e ref=\"1\"/> <s id=\"1.2\" label=\"b\"/>said<e ref=\"1.2\"/> <s id=\"1.2_\" label=\"a\" continues=\"1\"/>so<e ref=\"1.2_\"/></text></article>",
            "\nShe said so",
            &[("a", "She"), ("b", "said")],
        );
        assert_eq!(reading.labels[0].color, Some(0x0A_0B_0C));
        let article = &reading.articles[0];
        assert_eq!(
            (article.title.as_str(), article.notes.as_str()),
            ("", "n\nm")
        );
        let told: Vec<_> = article.metadata.iter().collect();
        assert_eq!(
            format!("{told:?}"),
            r#"[("id", " x\ty "), ("language", "en")]"#
        );
        assert_eq!(article.status["a b"].name(), "in progress");
        let a = &article.annotations[0];
        let names: Vec<_> = a
            .attributes
            .iter()
            .map(|(n, v)| (n.as_str(), v.to_text()))
            .collect();
        let expected = [("a b", ""), ("link", "2; x;"), ("note", "\n")];
        assert_eq!(names, expected.map(|(n, v)| (n, v.to_owned())));
        assert_eq!(a.fragments.len(), 2);
        assert_eq!(a.links, [("x".to_owned(), "1.2".to_owned())]);
        assert!(a.changed.is_some() && a.made.is_none());
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
            assert_eq!(recognise(&Head::new(source, text)), Likelihood::No);
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
