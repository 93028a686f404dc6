//! HTML reports of annotated articles: the text in `pre` with `mark` elements, and a list of
//! annotations with their offsets.
//!
//! Offsets are code points, half-open. HTML cannot hold carriage returns, and annotations that
//! counted them are found again by the texts in the list. Pressmark's own pages say so, and come
//! back exactly.

use crate::core::annotation::AttributeValue;
use crate::core::article::Status;
use crate::format::articles::html::{self, decode_page, nests_too_deep};
use crate::format::reading::left_out::{LeftOut, Thing};
use crate::format::reading::records::{NO_OFFSETS, stretch_in};
use crate::format::reading::tags::{Markup, thinned};
use crate::format::reading::{
    FoundAnnotation, FoundArticle, FoundFragment, FoundLabel, Head, Likelihood,
    MAX_ARTICLES_PER_FILE, ReadOptions, Reader, ReaderGroup, Reading, Refusal, Source, only_first,
};
use crate::format::time::timestamp_from;
use crate::format::words::article_rows::marked_value;
use dom_query::{NodeRef, Selection};
use std::collections::HashMap;

pub const READER: Reader = Reader {
    name: "html-report",
    title: "HTML report of annotations",
    group: ReaderGroup::Dataset,
    extensions: &["html", "htm"],
    recognise: |head: &Head<'_>| {
        let is_page = head.text.trim_start().starts_with('<');
        // Styles and a list of labels may come first.
        let has_spans = || memchr::memmem::find(head.source.bytes, b" data-spans=\"").is_some();
        Likelihood::Sure.when(is_page && (head.text.contains(GENERATOR) || has_spans()))
    },
    read,
};

/// What says that a page is Pressmark's own, with or without annotations.
const GENERATOR: &str = "<meta name=\"generator\" content=\"Pressmark";

fn read(source: &Source<'_>, _options: &ReadOptions) -> Result<Reading, Refusal> {
    let decoded = decode_page(source.bytes, None)
        .ok_or_else(|| Refusal::new("this is a binary file, not a report"))?;
    if nests_too_deep(&decoded.text) {
        return Err(Refusal::new(
            "its elements nest too deep for a report of annotations",
        ));
    }
    let thin = thinned(&decoded.text, Markup::Html);
    let document = html::parsed(&thin.text).ok_or_else(|| {
        Refusal::new("its elements nest too deep or multiply, so that it cannot be read")
    })?;
    let mut reading = Reading {
        encoding: Some(decoded.encoding),
        is_encoding_guessed: decoded.is_guess,
        remarks: decoded.remarks(),
        ..Reading::default()
    };
    reading.remarks.extend(thin.remark());
    let is_own = decoded.text.contains(GENERATOR);
    if is_own {
        let rows = document.select("tr[data-label]");
        reading.labels = rows.iter().map(|row| label(&row)).collect();
    }
    let articles = document.select("article");
    reading.remarks.extend(only_first(articles.length()));
    for node in articles.iter().take(MAX_ARTICLES_PER_FILE) {
        if is_own {
            let article = node.nodes().first().and_then(own_article);
            reading.articles.extend(article);
            continue;
        }
        let pre = node.select_single("pre");
        if !pre.exists() {
            continue;
        }
        let mut article = FoundArticle {
            id: told(&node, "data-id"),
            title: node.select_single("h1, h2, h3").text().trim().to_owned(),
            text: pre.text().to_string(),
            ..FoundArticle::default()
        };
        for row in node.select("[data-start][data-end]").iter() {
            match annotation(&row) {
                Ok(found) => article.annotations.push(found),
                Err(reason) => {
                    let name = || format!("annotation {}", told(&row, "data-span"));
                    article.left_out.note(Thing::Annotation, reason, name);
                }
            }
        }
        reading.articles.push(article);
    }
    if reading.articles.is_empty() {
        Err(Refusal::new("there are no annotated texts in this report"))
    } else {
        Ok(reading)
    }
}

fn told(node: &Selection<'_>, name: &str) -> String {
    node.attr(name)
        .map_or_else(String::new, |value| value.to_string())
}

/// A row of the legend in Pressmark's own page.
fn label(row: &Selection<'_>) -> FoundLabel {
    let color = told(row, "data-color");
    FoundLabel {
        name: told(row, "data-label"),
        title: row.select_single("mark").text().to_string(),
        definition: row.select_single(".definition").text().to_string(),
        color: u32::from_str_radix(color.trim_start_matches('#'), 16).ok(),
    }
}

/// An element of a page, as a parser of HTML or of XML gives it.
trait Element: Sized {
    fn children(&self) -> Vec<Self>;
    /// All elements in it.
    fn within(&self) -> Vec<Self>;
    fn is(&self, name: &str) -> bool;
    fn each_attribute(&self, take: &mut dyn FnMut(&str, &str));
    fn told(&self, attribute: &str) -> Option<String>;
    fn text(&self) -> String;

    fn is_of(&self, class: &str) -> bool {
        let classes = self.told("class").unwrap_or_default();
        classes.split_whitespace().any(|known| known == class)
    }
}

impl Element for NodeRef<'_> {
    fn children(&self) -> Vec<Self> {
        self.element_children()
    }
    fn within(&self) -> Vec<Self> {
        let all = self.descendants().into_iter();
        all.filter(|node| node.is_element()).collect()
    }
    fn is(&self, name: &str) -> bool {
        self.has_name(name)
    }
    fn each_attribute(&self, take: &mut dyn FnMut(&str, &str)) {
        for attribute in self.attrs() {
            take(attribute.name.local.as_ref(), &attribute.value);
        }
    }
    fn told(&self, attribute: &str) -> Option<String> {
        self.attr(attribute).map(|value| value.to_string())
    }
    fn text(&self) -> String {
        NodeRef::text(self).to_string()
    }
}

impl Element for roxmltree::Node<'_, '_> {
    fn children(&self) -> Vec<Self> {
        let children = roxmltree::Node::children(self);
        children.filter(|node| node.is_element()).collect()
    }
    fn within(&self) -> Vec<Self> {
        let all = self.descendants().skip(1);
        all.filter(|node| node.is_element()).collect()
    }
    fn is(&self, name: &str) -> bool {
        self.has_tag_name(name)
    }
    fn each_attribute(&self, take: &mut dyn FnMut(&str, &str)) {
        for attribute in self.attributes() {
            take(attribute.name(), attribute.value());
        }
    }
    fn told(&self, attribute: &str) -> Option<String> {
        self.attribute(attribute).map(str::to_owned)
    }
    fn text(&self) -> String {
        let texts = self.descendants().filter(roxmltree::Node::is_text);
        let text: String = texts.filter_map(|node| node.text()).collect();
        // Parsers of HTML drop a line break that a `pre` begins with.
        if self.is("pre") {
            text.strip_prefix('\n').unwrap_or(&text).to_owned()
        } else {
            text
        }
    }
}

/// An article of Pressmark's own page that stands alone, as XML; `None` for one without a text.
pub(crate) fn article_of_xml(article: &str) -> Result<Option<FoundArticle>, roxmltree::Error> {
    let document = roxmltree::Document::parse(article)?;
    Ok(own_article(&document.root_element()))
}

/// An article of Pressmark's own page: its parts stand in it one after another.
fn own_article(node: &impl Element) -> Option<FoundArticle> {
    let mut article = FoundArticle {
        id: node.told("data-id").unwrap_or_default(),
        ..FoundArticle::default()
    };
    let mut has_text = false;
    for part in node.children() {
        if part.is("h2") {
            if !part.is_of("untitled") {
                article.title = part.text();
            }
        } else if part.is("pre") {
            article.text = part.text();
            has_text = true;
        } else if part.is("ol") {
            article.annotations = own_annotations(&part, &mut article.left_out);
        } else {
            for said in part.within() {
                if let Some(field) = said.told("data-field") {
                    article.metadata.insert(field, said.text());
                } else if let Some(status) = said.told("data-status") {
                    let annotator = said.told("data-annotator").unwrap_or_default();
                    let status = Status::called(&status).map(|status| (annotator, status));
                    article.status.extend(status);
                } else if said.is_of("notes") {
                    article.notes = said.text();
                }
            }
        }
    }
    has_text.then_some(article)
}

fn own_annotations(list: &impl Element, left_out: &mut LeftOut) -> Vec<FoundAnnotation> {
    let mut annotations: Vec<FoundAnnotation> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for row in list.children() {
        let Some(found) = own_annotation(&row) else {
            let name = || format!("a row of the list: {}", row.text().trim());
            left_out.note(Thing::Annotation, NO_OFFSETS, name);
            continue;
        };
        let known = places.get(&found.id).copied();
        match known.and_then(|at| annotations.get_mut(at)) {
            Some(first) => first.fragments.extend(found.fragments),
            None => {
                places.insert(found.id.clone(), annotations.len());
                annotations.push(found);
            }
        }
    }
    annotations
}

/// A row of the list in Pressmark's own page. Rows of one annotation are its fragments.
fn own_annotation(row: &impl Element) -> Option<FoundAnnotation> {
    let mut found = FoundAnnotation::default();
    let (mut start, mut end): (Option<usize>, Option<usize>) = (None, None);
    row.each_attribute(&mut |name, value| match name {
        "data-annotation" => value.clone_into(&mut found.id),
        "data-label" => value.clone_into(&mut found.label),
        "data-annotator" => value.clone_into(&mut found.annotator),
        "data-created" => found.made = timestamp_from(value),
        "data-changed" => found.changed = timestamp_from(value),
        "data-start" => start = value.parse().ok(),
        "data-end" => end = value.parse().ok(),
        _ => {}
    });
    let mut text = None;
    // What is said of it stands together in an element of its own.
    let parts = row.children().into_iter();
    let parts = parts.flat_map(|part| {
        if part.is_of("meta") {
            part.children()
        } else {
            vec![part]
        }
    });
    for node in parts {
        let told = |name: &str| node.told(name).unwrap_or_default();
        if node.is("q") {
            text = Some(node.text());
        } else if node.is_of("note") {
            found.note = node.text();
        } else if node.is_of("link") {
            found.links.push((told("data-role"), told("data-target")));
        } else if node.is_of("attribute") {
            let parts = node.children();
            let Some(shown) = parts.iter().find(|part| part.is("span")) else {
                continue;
            };
            let values = shown.children();
            let value = if values.is_empty() {
                marked_value(&told("data-kind"), shown.text())
            } else {
                AttributeValue::Many(values.iter().map(Element::text).collect())
            };
            found.attributes.insert(told("data-name"), value);
        }
    }
    found.fragments = vec![FoundFragment {
        offsets: Some(start?..end?),
        text,
        context: None,
    }];
    Some(found)
}

/// A row of the list.
fn annotation(row: &Selection<'_>) -> Result<FoundAnnotation, &'static str> {
    let (start, end) = (told(row, "data-start"), told(row, "data-end"));
    let offsets = stretch_in(Some(&start), Some(&end))?;
    let covered = row.select_single("q");
    let mut found = FoundAnnotation {
        id: told(row, "data-span"),
        label: told(row, "data-label"),
        fragments: vec![FoundFragment {
            offsets: Some(offsets),
            text: covered.exists().then(|| covered.text().to_string()),
            context: None,
        }],
        note: row.select_single(".note").text().to_string(),
        ..FoundAnnotation::default()
    };
    const KNOWN: &[&str] = &["span", "label", "start", "end", "n"];
    for attribute in row.attrs() {
        let Some(name) = attribute.name.local.strip_prefix("data-") else {
            continue;
        };
        let value = attribute.value.to_string();
        match name {
            name if KNOWN.contains(&name) => {}
            "annotator" => found.annotator = value,
            "created" if timestamp_from(&value).is_some() => found.made = timestamp_from(&value),
            name => drop(
                found
                    .attributes
                    .insert(name.to_owned(), AttributeValue::Text(value)),
            ),
        }
    }
    for node in row.select(".attribute[data-name]").iter() {
        let value = node
            .select_single("span span, span[dir]")
            .text()
            .to_string();
        let value = AttributeValue::Text(value);
        found.attributes.insert(told(&node, "data-name"), value);
    }
    for node in row.select(".link[data-role][data-target]").iter() {
        let link = (told(&node, "data-role"), told(&node, "data-target"));
        found.links.push(link);
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::reading::placing::place;

    #[test]
    fn texts_marks_and_rows() {
        let html = "<!DOCTYPE html><html><body><article data-id=\"7\"><h2>Ferry &amp; co</h2><pre>\n🙂 <mark data-spans=\"s1\">She </mark><mark data-spans=\"s1 s2\">said</mark>\r\n שלום &lt;b>\n</pre><ol><li data-span=\"s1\" data-label=\"who\" data-start=\"2\" data-end=\"10\" data-tone=\"cold\" data-annotator=\"ana\"><q>She said</q> <span class=\"note\">why?</span></li><li data-span=\"s2\" data-label=\"cue\" data-start=\"6\" data-end=\"10\"></li></ol></article><article data-id=\"8\"><pre>No.</pre></article></body></html>";
        let source = Source::alone("a.html", html.as_bytes());
        let (reader, _) = crate::format::readers::recognise(source).unwrap();
        assert_eq!(reader.name, "html-report");
        let reading = read(&source, &ReadOptions::default()).unwrap();
        assert_eq!(reading.articles.len(), 2);
        let article = &reading.articles[0];
        assert_eq!(article.title, "Ferry & co");
        assert_eq!(article.text, "🙂 She said\n שלום <b>\n");
        let placed = place(article);
        let texts = placed
            .annotations
            .iter()
            .map(|ranges| placed.text.slice(ranges.as_ref().unwrap()[0]));
        assert_eq!(texts.collect::<Vec<_>>(), ["She said", "said"]);
        let who = &article.annotations[0];
        assert_eq!((who.note.as_str(), who.annotator.as_str()), ("why?", "ana"));
        assert_eq!(
            who.attributes["tone"],
            AttributeValue::Text("cold".to_owned())
        );
    }

    #[test]
    fn own_pages_come_back_exactly() {
        let html = format!(
            "<!DOCTYPE html><html><head>{GENERATOR} 0.1.0\"></head><body><table><tr data-label=\"a\" data-color=\"#0a0b0c\"><td><mark>A</mark><span class=\"definition\">d</span></td></tr></table><article data-id=\" 7\"><h2 class=\"untitled\">Untitled article</h2><p><span data-field=\"outlet\">Post</span></p><dl><div><dt>x</dt><dd data-field=\"x\"> y\nz</dd></div><div><dt>Status</dt><dd data-status=\"in progress\" data-annotator=\"b; c\">x</dd></div><div><dt>Notes</dt><dd class=\"notes\">n</dd></div></dl><pre>She said so.</pre><ol><li data-annotation=\"a 1\" data-label=\"a\" data-start=\"0\" data-end=\"3\" data-changed=\"2026-03-02T10:00:00Z\"><b>A</b> <q>She</q> <span class=\"meta\"><span class=\"who\">b</span> <span class=\"attribute\" data-name=\"note\"><i>note:</i> <span dir=\"auto\"></span></span><span class=\"attribute\" data-name=\"tone\"><i>tone:</i> <span dir=\"auto\"><span class=\"value\">b; c</span></span></span><span class=\"link\" data-role=\"x y\" data-target=\"a 1\"></span></span><span class=\"note\">\n</span></li><li data-annotation=\"a 1\" data-label=\"a\" data-start=\"9\" data-end=\"11\"><q>so</q></li></ol></article></body></html>"
        );
        let source = Source::alone("a.html", html.as_bytes());
        let reading = read(&source, &ReadOptions::default()).unwrap();
        let label = &reading.labels[0];
        assert_eq!(
            (label.title.as_str(), label.definition.as_str(), label.color),
            ("A", "d", Some(0x0A_0B_0C))
        );
        let article = &reading.articles[0];
        assert_eq!(
            (
                article.id.as_str(),
                article.title.as_str(),
                article.notes.as_str()
            ),
            (" 7", "", "n")
        );
        assert_eq!(
            (
                article.metadata["outlet"].as_str(),
                article.metadata["x"].as_str()
            ),
            ("Post", " y\nz")
        );
        assert_eq!(article.status["b; c"].name(), "in progress");
        let [a] = article.annotations.as_slice() else {
            panic!()
        };
        assert_eq!(
            (a.id.as_str(), a.note.as_str(), a.fragments.len()),
            ("a 1", "\n", 2)
        );
        assert_eq!(a.attributes["note"], AttributeValue::Text(String::new()));
        assert_eq!(
            a.attributes["tone"],
            AttributeValue::Many(vec!["b; c".to_owned()])
        );
        assert_eq!(a.links, [("x y".to_owned(), "a 1".to_owned())]);
        assert!(a.changed.is_some());
    }
}
