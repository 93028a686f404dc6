//! Annotations in TEI: what elements and spans say, and how their parts belong together.

use super::{MAX_NODES_IN_VALUE, child, folded, is, pointers, text_in};
use crate::core::annotation::AttributeValue;
use crate::format::formats::tei::{APPLICATION, FEATURES};
use crate::format::reading::flow::{Flow, Mark};
use crate::format::reading::xml::id_of;
use crate::format::reading::{FoundAnnotation, FoundFragment, FoundLabel};
use crate::format::time::timestamp_from;
use crate::format::words::article_rows::{NUMBER, YES_NO, marked_value};
use crate::format::words::names::attributes;
use crate::format::words::values::listed_links;
use roxmltree::Node;
use std::collections::{HashMap, HashSet};

/// An annotation whose places are still marks.
pub(super) struct Found {
    annotation: FoundAnnotation,
    /// The id that it has in Pressmark's own file, beside that of the element.
    own_id: Option<String>,
    places: Vec<(Mark, Mark)>,
    /// The id of the part that goes on from this one, and of the one before it.
    next: Option<String>,
    previous: Option<String>,
}

/// Elements around text that are annotations rather than layout.
pub(super) fn is_inline(name: &str) -> bool {
    matches!(
        name,
        "said"
            | "q"
            | "quote"
            | "seg"
            | "span"
            | "soCalled"
            | "rs"
            | "name"
            | "persName"
            | "placeName"
            | "orgName"
            | "geogName"
    )
}

/// What ids stand for, over the whole document.
pub(super) struct Names<'a> {
    /// Categories and interpretations, which are labels.
    labels: HashMap<&'a str, FoundLabel>,
    in_order: Vec<&'a str>,
    /// Attributes in feature structures.
    features: HashMap<&'a str, Vec<(String, AttributeValue)>>,
    /// People and organisations.
    people: HashMap<&'a str, String>,
    /// Of Pressmark's own file: names of features as they were, by those that stand for them.
    own: Option<HashMap<&'a str, String>>,
}

impl<'a> Names<'a> {
    pub(super) fn of(root: Node<'a, '_>) -> Self {
        let mut names = Self {
            labels: HashMap::new(),
            in_order: Vec::new(),
            features: HashMap::new(),
            people: HashMap::new(),
            own: own_names(root),
        };
        let is_own = names.is_own();
        for node in root.descendants().filter(|node| node.is_element()) {
            let Some(id) = id_of(node) else {
                continue;
            };
            match node.tag_name().name() {
                "category" | "interp" => {
                    let label = if is_own {
                        own_label(node)
                    } else {
                        label(node, id)
                    };
                    names.labels.insert(id, label);
                    names.in_order.push(id);
                }
                "fs" => drop(names.features.insert(id, features(node, is_own))),
                "person" | "org" | "respStmt" | "persona" => {
                    let name = ["persName", "orgName", "name"]
                        .iter()
                        .find_map(|name| child(node, name));
                    let name = name.map_or_else(|| text_in(node), text_in);
                    names.people.insert(id, name);
                }
                "persName" | "name" | "orgName" => drop(names.people.insert(id, text_in(node))),
                _ => {}
            }
        }
        names
    }

    /// Whether Pressmark wrote the file.
    pub(super) fn is_own(&self) -> bool {
        self.own.is_some()
    }

    pub(super) fn labels(&self) -> Vec<FoundLabel> {
        let labels = self.in_order.iter().filter_map(|id| self.labels.get(id));
        labels.cloned().collect()
    }

    /// The names that pointers lead to, or the pointers themselves.
    fn people(&self, value: &str) -> String {
        let names = pointers(value).map(|id| match self.people.get(id) {
            Some(name) if !name.is_empty() => name.clone(),
            _ => id.to_owned(),
        });
        names.collect::<Vec<_>>().join("; ")
    }
}

/// The names of features that Pressmark's own files declare; `None` for other files.
fn own_names<'a>(root: Node<'a, '_>) -> Option<HashMap<&'a str, String>> {
    let header = child(root, "teiHeader")?;
    let encoding = child(header, "encodingDesc")?;
    let mut applications = child(encoding, "appInfo")?.children();
    applications.find(|node| node.attribute("ident") == Some(APPLICATION))?;
    let declared = encoding.descendants().filter(|node| is(*node, "fDecl"));
    let names = declared.filter_map(|node| {
        let name = child(node, "fDescr").map(text_in)?;
        Some((node.attribute("name")?, name))
    });
    Some(names.collect())
}

/// The label of a category in Pressmark's own file: its definition is what stands behind the names.
fn own_label(node: Node<'_, '_>) -> FoundLabel {
    let Some(description) = child(node, "catDesc") else {
        return FoundLabel::default();
    };
    let texts = description.children().filter(Node::is_text);
    let texts: Vec<&str> = texts.filter_map(|text| text.text()).collect();
    let has_title = child(description, "gloss").is_some();
    // Between the names and before the definition there is a space.
    let definition = texts
        .last()
        .filter(|_| texts.len() > usize::from(has_title));
    let definition = definition.map_or("", |text| text.strip_prefix(' ').unwrap_or(text));
    let style = node.attribute("style").unwrap_or_default();
    let color = style.strip_prefix("color: #").unwrap_or_default();
    FoundLabel {
        name: child(description, "term").map(text_in).unwrap_or_default(),
        title: child(description, "gloss").map(text_in).unwrap_or_default(),
        definition: folded(description, definition.to_owned()),
        color: u32::from_str_radix(color, 16).ok(),
    }
}

/// The longest description that is a label's name rather than its definition.
const MAX_NAME_CHARS: usize = 60;

fn label(node: Node<'_, '_>, id: &str) -> FoundLabel {
    let description = ["catDesc", "desc"]
        .iter()
        .find_map(|name| child(node, name))
        .or_else(|| is(node, "interp").then_some(node));
    let term = ["term", "gloss"].iter().find_map(|name| {
        let mut inner = node
            .children()
            .chain(description.into_iter().flat_map(|d| d.children()));
        inner.find(|inner| is(*inner, name)).map(text_in)
    });
    let text = description.map(text_in).unwrap_or_default();
    let is_short = !text.is_empty() && text.chars().count() <= MAX_NAME_CHARS;
    let name = term
        .filter(|term| !term.is_empty())
        .or_else(|| is_short.then(|| text.clone()))
        .unwrap_or_else(|| id.to_owned());
    FoundLabel {
        definition: if text == name { String::new() } else { text },
        name,
        ..FoundLabel::default()
    }
}

/// The features of a structure. Values of lists are joined, except in Pressmark's own file.
fn features(node: Node<'_, '_>, is_own: bool) -> Vec<(String, AttributeValue)> {
    let features = node.children().filter(|child| is(*child, "f"));
    let pairs = features.filter_map(|feature| {
        let name = feature.attribute("name")?;
        let told = feature
            .descendants()
            .take(MAX_NODES_IN_VALUE)
            .filter_map(|value| match value.tag_name().name() {
                "symbol" | "numeric" | "binary" => value.attribute("value").map(str::to_owned),
                // White space in a string is a part of it.
                "string" => Some(value.text().unwrap_or_default().to_owned()),
                _ => None,
            });
        let values: Vec<String> = told.collect();
        if is_own && child(feature, "vColl").is_some() {
            return Some((name.to_owned(), AttributeValue::Many(values)));
        }
        let kind = match () {
            () if child(feature, "numeric").is_some() => NUMBER,
            () if child(feature, "binary").is_some() => YES_NO,
            () => "",
        };
        if is_own && let [value] = values.as_slice() {
            return Some((name.to_owned(), marked_value(kind, value.clone())));
        }
        let value = if values.is_empty() {
            text_in(feature)
        } else {
            values.join("; ")
        };
        let value = Some(value).filter(|value| is_own || !value.is_empty())?;
        Some((name.to_owned(), AttributeValue::Text(value)))
    });
    pairs.collect()
}

fn set(found: &mut FoundAnnotation, name: &str, value: &str, names: &Names<'_>) {
    match name {
        "note" | "comment" => value.clone_into(&mut found.note),
        "annotator" => value.clone_into(&mut found.annotator),
        "created" | "when" if timestamp_from(value).is_some() => {
            found.made = timestamp_from(value);
        }
        "who" => drop(
            found
                .attributes
                .insert(name.to_owned(), AttributeValue::Text(names.people(value))),
        ),
        name => drop(
            found
                .attributes
                .insert(name.to_owned(), AttributeValue::Text(value.to_owned())),
        ),
    }
}

/// What a feature says in Pressmark's own file.
fn set_own(
    found: &mut FoundAnnotation,
    own_id: &mut Option<String>,
    (name, value): (&str, &AttributeValue),
    names: &HashMap<&str, String>,
) {
    let told = match value {
        AttributeValue::Text(text) => text.as_str(),
        _ => "",
    };
    match name {
        "id" => *own_id = Some(told.to_owned()),
        "annotator" => told.clone_into(&mut found.annotator),
        "created" => found.made = timestamp_from(told),
        "changed" => found.changed = timestamp_from(told),
        "note" => told.clone_into(&mut found.note),
        "links" => found.links = listed_links(told),
        name => {
            let plain = || attributes(FEATURES).plain(name).to_owned();
            let name = names.get(name).cloned().unwrap_or_else(plain);
            found.attributes.insert(name, value.clone());
        }
    }
}

/// Attributes that say nothing of the annotation, or are read elsewhere.
const NOT_ATTRIBUTES: &[&str] = &[
    "id",
    "ana",
    "next",
    "prev",
    "part",
    "corresp",
    "rend",
    "rendition",
    "resp",
    "lang",
    "space",
    "from",
    "to",
    "target",
];

/// The annotations that an element makes: one for each label that it names.
fn annotations(
    node: Node<'_, '_>,
    names: &Names<'_>,
    fallback: &str,
) -> Vec<(FoundAnnotation, Option<String>)> {
    let mut own_id = None;
    let mut found = FoundAnnotation {
        id: id_of(node).unwrap_or_default().to_owned(),
        ..FoundAnnotation::default()
    };
    // Groups speak for their spans.
    let group = node.parent().filter(|parent| is(*parent, "spanGrp"));
    let told = |name: &str| {
        let own = node.attribute(name);
        own.or_else(|| group.and_then(|group| group.attribute(name)))
    };
    for attribute in node.attributes() {
        let is_label = attribute.name() == "type" && attribute.value() == fallback;
        if !is_label && !NOT_ATTRIBUTES.contains(&attribute.name()) {
            set(&mut found, attribute.name(), attribute.value(), names);
        }
    }
    let mut labels: Vec<String> = Vec::new();
    for id in pointers(told("ana").unwrap_or_default()) {
        if let Some(features) = names.features.get(id) {
            for (name, value) in features {
                match &names.own {
                    Some(own) => set_own(&mut found, &mut own_id, (name, value), own),
                    None => set(&mut found, name, &value.to_text(), names),
                }
            }
        } else {
            let known = names.labels.get(id).map(|label| label.name.clone());
            labels.push(known.unwrap_or_else(|| id.to_owned()));
        }
    }
    for inner in node.children().filter(|inner| is(*inner, "fs")) {
        for (name, value) in features(inner, false) {
            set(&mut found, &name, &value.to_text(), names);
        }
    }
    if let Some(resp) = told("resp") {
        found.annotator = names.people(resp);
    }
    if !names.is_own() {
        let links = pointers(told("corresp").unwrap_or_default());
        found.links = links
            .map(|id| ("linked".to_owned(), id.to_owned()))
            .collect();
    }
    if labels.is_empty() {
        labels.push(fallback.to_owned());
    }
    let annotations = labels.into_iter().enumerate().map(|(number, label)| {
        let mut annotation = found.clone();
        annotation.label = label;
        if number > 0 && !annotation.id.is_empty() {
            annotation.id = format!("{}-{}", annotation.id, number + 1);
        }
        (annotation, own_id.clone())
    });
    annotations.collect()
}

/// What an element around text says.
pub(super) fn inline(node: Node<'_, '_>, names: &Names<'_>, place: (Mark, Mark)) -> Vec<Found> {
    let name = node.tag_name().name();
    // These elements mean nothing by themselves.
    let kind = match name {
        "seg" | "span" | "rs" | "name" => node.attribute("type"),
        _ => None,
    };
    let annotations = annotations(node, names, kind.unwrap_or(name));
    let found = annotations.into_iter().map(|(annotation, own_id)| Found {
        annotation,
        own_id,
        places: vec![place],
        next: pointer(node, "next"),
        previous: pointer(node, "prev"),
    });
    found.collect()
}

/// The first of the pointers in an attribute.
fn pointer(node: Node<'_, '_>, name: &str) -> Option<String> {
    let value = node.attribute(name)?;
    pointers(value).next().map(str::to_owned)
}

/// A span that stands off; `None` when nothing is where it points.
pub(super) fn apart(
    node: Node<'_, '_>,
    names: &Names<'_>,
    places: &HashMap<&str, (Mark, Mark)>,
) -> Option<Vec<Found>> {
    let place = |name: &str| {
        let id = pointers(node.attribute(name)?).next()?;
        places.get(id).copied()
    };
    let stretches = match (node.attribute("from"), node.attribute("target")) {
        (Some(_), _) => {
            let (start, own_end) = place("from")?;
            let end = if node.has_attribute("to") {
                place("to")?.1
            } else {
                own_end
            };
            vec![(start, end)]
        }
        (None, Some(target)) => {
            let targets = pointers(target).filter_map(|id| places.get(id).copied());
            targets.collect()
        }
        (None, None) => Vec::new(),
    };
    if stretches.is_empty() {
        return None;
    }
    let group = node.parent().filter(|parent| is(*parent, "spanGrp"));
    let kind = node
        .attribute("type")
        .or_else(|| group.and_then(|group| group.attribute("type")));
    let own_texts = node.children().filter(|inner| inner.is_text());
    let text: String = own_texts.filter_map(|inner| inner.text()).collect();
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let is_labelled = node.has_attribute("ana")
        || group.is_some_and(|group| group.has_attribute("ana"))
        || kind.is_some();
    // The text of a span is what is said of the stretch.
    let fallback = match (kind, is_labelled || text.is_empty()) {
        (Some(kind), _) => kind,
        (None, true) => node.tag_name().name(),
        (None, false) => text.as_str(),
    };
    let note = child(node, "note").map(text_in);
    let annotations = annotations(node, names, fallback);
    let found = annotations.into_iter().map(|(mut annotation, own_id)| {
        let said = note.clone().or_else(|| is_labelled.then(|| text.clone()));
        if let Some(said) = said.filter(|said| annotation.note.is_empty() && !said.is_empty()) {
            annotation.note = said;
        }
        Found {
            annotation,
            own_id,
            places: stretches.clone(),
            next: pointer(node, "next"),
            previous: pointer(node, "prev"),
        }
    });
    Some(found.collect())
}

/// Parts that name each other become one annotation; marks become offsets.
pub(super) fn joined(found: Vec<Found>, flow: &Flow) -> Vec<FoundAnnotation> {
    let mut by_id: HashMap<&str, usize> = HashMap::new();
    for (at, part) in found.iter().enumerate() {
        if !part.annotation.id.is_empty() {
            by_id.entry(&part.annotation.id).or_insert(at);
        }
    }
    let mut next: HashMap<usize, usize> = HashMap::new();
    for (at, part) in found.iter().enumerate() {
        let place = |id: &Option<String>| by_id.get(id.as_deref()?).copied();
        if let Some(after) = place(&part.next) {
            next.insert(at, after);
        }
        if let Some(before) = place(&part.previous) {
            next.entry(before).or_insert(at);
        }
    }
    let later: HashSet<usize> = next.values().copied().collect();
    let mut done: HashSet<usize> = HashSet::new();
    let mut annotations = Vec::new();
    // Parts without one before them first: rings of parts begin anywhere.
    let heads = (0..found.len()).filter(|at| !later.contains(at));
    for head in heads.chain(0..found.len()) {
        if done.contains(&head) {
            continue;
        }
        let mut places = Vec::new();
        let mut at = Some(head);
        while let Some(now) = at.filter(|now| done.insert(*now)) {
            places.extend(found.get(now).into_iter().flat_map(|part| &part.places));
            at = next.get(&now).copied();
        }
        let ranges = places
            .iter()
            .filter_map(|(start, end)| flow.range(*start, *end));
        let mut ranges: Vec<_> = ranges.collect();
        ranges.sort_by_key(|range| (range.start, range.end));
        if let (Some(part), false) = (found.get(head), ranges.is_empty()) {
            let mut annotation = part.annotation.clone();
            annotation.fragments = ranges.into_iter().map(FoundFragment::at).collect();
            if let Some(id) = &part.own_id {
                annotation.id.clone_from(id);
            }
            annotations.push(annotation);
        }
    }
    annotations.sort_by_key(|annotation| {
        let first = annotation.fragments.first().and_then(|f| f.offsets.clone());
        first.map(|range| (range.start, std::cmp::Reverse(range.end)))
    });
    annotations
}

/// `link` elements between annotations.
pub(super) fn add_links(root: Node<'_, '_>, annotations: &mut [FoundAnnotation]) {
    let places: HashMap<String, usize> = annotations
        .iter()
        .enumerate()
        .map(|(at, annotation)| (annotation.id.clone(), at))
        .collect();
    for link in root.descendants().filter(|node| is(*node, "link")) {
        let mut ends = pointers(link.attribute("target").unwrap_or_default());
        let (Some(from), Some(to)) = (ends.next(), ends.next()) else {
            continue;
        };
        let group = link.parent().filter(|parent| is(*parent, "linkGrp"));
        let kind = link
            .attribute("type")
            .or_else(|| group.and_then(|group| group.attribute("type")));
        if let Some(annotation) = places.get(from).and_then(|at| annotations.get_mut(*at))
            && places.contains_key(to)
        {
            let role = kind.unwrap_or("linked").to_owned();
            annotation.links.push((role, to.to_owned()));
        }
    }
}
