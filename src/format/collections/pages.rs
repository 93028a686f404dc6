//! Pages that databases give out, as lines that know which elements they stand in.
//!
//! Knows no database. Keeps invariant 7 as web pages do: a page whose elements nest or multiply
//! beyond what its length asks for has lines without places.

use crate::format::articles::html;
use crate::format::reading::fence;
use crate::format::reading::tags::{Markup, thinned};
use dom_query::NodeRef;
use std::collections::HashSet;

pub(super) struct Page {
    lines: Vec<PageLine>,
    places: Vec<Place>,
    /// The lines before which a named document begins, and those before which a rule stands.
    documents: Vec<usize>,
    rules: Vec<usize>,
}

/// A line without white space at its ends; empty between blocks.
pub(super) struct PageLine {
    pub(super) text: String,
    /// The element that its first text stands in.
    place: usize,
}

/// An element with text in it, and the one around it.
pub(super) struct Place {
    parent: Option<usize>,
    name: String,
    classes: String,
    id: String,
    is_centred: bool,
}

impl Place {
    pub(super) fn is_named(&self, name: &str) -> bool {
        self.name == name
    }

    /// The names of its classes.
    pub(super) fn classes(&self) -> impl Iterator<Item = &str> {
        self.classes.split_ascii_whitespace()
    }

    pub(super) fn has_class(&self, class: &str) -> bool {
        self.classes()
            .any(|found| found.eq_ignore_ascii_case(class))
    }

    pub(super) fn id(&self) -> &str {
        &self.id
    }
}

/// So many elements around a line are looked at.
const MAX_AROUND: usize = 100;

/// Elements whose text nobody sees.
const UNSEEN: &[&str] = &[
    "script", "style", "noscript", "template", "head", "svg", "iframe", "object", "button",
    "select", "textarea", "option", "input",
];

/// Elements that stand within a line.
const INLINE: &[&str] = &[
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "em", "font", "i",
    "ins", "label", "mark", "nobr", "q", "s", "small", "span", "strike", "strong", "sub", "sup",
    "time", "tt", "u", "var", "wbr", "img", "del", "o:p",
];

enum Step<'a> {
    Enter(NodeRef<'a>, usize),
    Leave(&'static str),
}

impl Page {
    pub(super) fn read(html: &str) -> Self {
        let thin = thinned(html, Markup::Html);
        let html = thin.text.as_ref();
        let document = if html::nests_too_deep(html) {
            None
        } else {
            fence::fenced("the page", || html::parsed(html))
                .ok()
                .flatten()
        };
        let root = Place {
            parent: None,
            name: String::new(),
            classes: String::new(),
            id: String::new(),
            is_centred: false,
        };
        let mut page = Self {
            lines: Vec::new(),
            places: vec![root],
            documents: Vec::new(),
            rules: Vec::new(),
        };
        match document {
            Some(document) => page.walk(document.root(), &centred_classes(html)),
            None => {
                let text = html::whole_text(html);
                page.lines = text
                    .lines()
                    .map(|line| PageLine {
                        text: line.trim().to_owned(),
                        place: 0,
                    })
                    .collect();
            }
        }
        page
    }

    fn walk(&mut self, root: NodeRef<'_>, centred: &HashSet<String>) {
        let mut line = PageLine {
            text: String::new(),
            place: 0,
        };
        let mut steps = vec![Step::Enter(root, 0)];
        while let Some(step) = steps.pop() {
            match step {
                Step::Enter(node, place) if node.is_text() => {
                    push_text(&mut line, &node.text(), place);
                }
                Step::Enter(node, place) => {
                    let Some(name) = node.node_name() else {
                        steps.extend(
                            node.children_it(true)
                                .map(|child| Step::Enter(child, place)),
                        );
                        continue;
                    };
                    let name = name.to_string();
                    if UNSEEN.contains(&name.as_str()) {
                        continue;
                    }
                    let end = match name.as_str() {
                        "br" => {
                            self.end_line(&mut line);
                            continue;
                        }
                        "hr" => {
                            self.end_block(&mut line);
                            self.rules.push(self.lines.len());
                            continue;
                        }
                        "a" if names_document(&node) => {
                            self.end_block(&mut line);
                            self.documents.push(self.lines.len());
                            ""
                        }
                        "td" | "th" => "cell",
                        name if INLINE.contains(&name) => "",
                        _ => "block",
                    };
                    self.end(&mut line, end);
                    let place = self.place_of(&node, name, place, centred);
                    steps.push(Step::Leave(end));
                    steps.extend(
                        node.children_it(true)
                            .map(|child| Step::Enter(child, place)),
                    );
                }
                Step::Leave(end) => self.end(&mut line, end),
            }
        }
        self.end_block(&mut line);
    }

    fn end(&mut self, line: &mut PageLine, end: &str) {
        match end {
            "cell" if !line.text.trim().is_empty() => self.end_line(line),
            "block" => self.end_block(line),
            _ => {}
        }
    }

    /// The place of an element; that around it where it says no more.
    fn place_of(
        &mut self,
        node: &NodeRef<'_>,
        name: String,
        around: usize,
        centred: &HashSet<String>,
    ) -> usize {
        let attribute = |name: &str| {
            node.attr(name)
                .map(|value| value.to_string())
                .unwrap_or_default()
        };
        let (classes, id) = (attribute("class"), attribute("id"));
        let said = attribute("align").eq_ignore_ascii_case("center")
            || is_centring(&attribute("style"))
            || name == "center"
            || classes
                .split_ascii_whitespace()
                .any(|class| centred.contains(class));
        let is_centred = said
            || self
                .places
                .get(around)
                .is_some_and(|place| place.is_centred);
        self.places.push(Place {
            parent: Some(around),
            name,
            classes,
            id,
            is_centred,
        });
        self.places.len() - 1
    }

    fn end_line(&mut self, line: &mut PageLine) {
        let text = std::mem::take(&mut line.text);
        let text = text.trim().to_owned();
        if text.is_empty() {
            self.blank();
        } else {
            let place = line.place;
            self.lines.push(PageLine { text, place });
        }
    }

    fn end_block(&mut self, line: &mut PageLine) {
        self.end_line(line);
        self.blank();
    }

    fn blank(&mut self) {
        if self.lines.last().is_some_and(|last| !last.text.is_empty()) {
            self.lines.push(PageLine {
                text: String::new(),
                place: 0,
            });
        }
    }

    pub(super) fn lines(&self) -> &[PageLine] {
        &self.lines
    }

    /// The places of a line, from the innermost outwards, as far as databases nest them.
    pub(super) fn places(&self, line: &PageLine) -> impl Iterator<Item = &Place> {
        let mut at = Some(line.place);
        std::iter::from_fn(move || {
            let place = self.places.get(at?)?;
            at = place.parent;
            Some(place)
        })
        .take(MAX_AROUND)
    }

    pub(super) fn is_in(&self, line: &PageLine, fits: impl Fn(&Place) -> bool) -> bool {
        self.places(line).any(fits)
    }

    /// For each line whether it is centred; empty where none is.
    pub(super) fn centred(&self) -> Vec<bool> {
        let is_centred = |line: &PageLine| {
            self.places
                .get(line.place)
                .is_some_and(|place| place.is_centred)
        };
        let centred: Vec<bool> = self.lines.iter().map(is_centred).collect();
        if centred.contains(&true) {
            centred
        } else {
            Vec::new()
        }
    }

    /// The lines that documents begin with, as far as the page marks them.
    pub(super) fn breaks(&self) -> &[usize] {
        if self.documents.is_empty() {
            &self.rules
        } else {
            &self.documents
        }
    }

    pub(super) fn into_lines(self) -> Vec<String> {
        self.lines.into_iter().map(|line| line.text).collect()
    }
}

/// `<a name="DocID_X_251">`
fn names_document(node: &NodeRef<'_>) -> bool {
    let name = node.attr("name").or_else(|| node.attr("id"));
    name.is_some_and(|name| {
        let start = name.get(..6).unwrap_or_default().to_ascii_lowercase();
        start.starts_with("docid") || start == "doc_id"
    })
}

fn push_text(line: &mut PageLine, text: &str, place: usize) {
    for c in text.chars() {
        if matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{C}') {
            if !line.text.is_empty() && !line.text.ends_with(' ') {
                line.text.push(' ');
            }
        } else {
            if line.text.is_empty() {
                line.place = place;
            }
            line.text.push(c);
        }
    }
}

fn is_centring(style: &str) -> bool {
    let style: String = style.chars().filter(|c| !c.is_whitespace()).collect();
    style.to_ascii_lowercase().contains("text-align:center")
}

/// The classes that the page's own styles centre.
fn centred_classes(html: &str) -> HashSet<String> {
    /// Styles of exports that centre stand at their start.
    const MAX_STYLES: usize = 300_000;
    let start = html
        .get(..html.floor_char_boundary(MAX_STYLES))
        .unwrap_or(html);
    let rules = start.split('}').filter_map(|rule| rule.split_once('{'));
    let centring = rules.filter(|(_, style)| style.len() < 2_000 && is_centring(style));
    let classes = centring.filter_map(|(selector, _)| {
        let class = selector.rsplit(['>', ';', '-', '\n']).next()?.trim();
        class.strip_prefix('.')
    });
    let is_name = |class: &&str| class.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    classes.filter(is_name).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_know_their_places() {
        let page = Page::read(
            "<style>.c0 { text-align: center; } .c1 { text-align:left }</style><div class=c0><p>1 of 2<br>Post</p></div><div class='c1 art'><p>One <b>two</b>\n three.</p><table><tr><td>HD&nbsp;</td><td><p>Ferry</p></td></tr></table></div><script>x</script>",
        );
        let lines: Vec<(&str, bool)> = page
            .lines()
            .iter()
            .map(|line| {
                (
                    line.text.as_str(),
                    page.is_in(line, |place| place.has_class("art")),
                )
            })
            .collect();
        let expected = [
            ("1 of 2", false),
            ("Post", false),
            ("", false),
            ("One two three.", true),
            ("", false),
            ("HD", true),
            ("", false),
            ("Ferry", true),
            ("", false),
        ];
        assert_eq!(lines, expected);
        assert_eq!(page.centred()[..4], [true, true, false, false]);
        assert_eq!(Page::read("<p>x</p>").centred(), Vec::<bool>::new());
    }
}
