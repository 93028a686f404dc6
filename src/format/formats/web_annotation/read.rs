//! W3C Web Annotations as JSON-LD, and what the Hypothesis API gives. The texts stand beside.
//!
//! W3C counts code points, Hypothesis UTF-16 code units in the page that it saw; quotations find
//! what has moved since (`placing`).

mod bodies;
pub(crate) mod own;
mod targets;

use crate::core::annotation::AttributeValue;
use crate::format::reading::records::{records, text_of};
use crate::format::reading::texts::Texts;
use crate::format::reading::{
    FoundAnnotation, FoundArticle, Head, Likelihood, OffsetUnit, ReadOptions, Reader, ReaderGroup,
    Reading, Refusal, Source,
};
use crate::format::time::timestamp_from;
use serde_json::Value;
use std::collections::HashMap;
use targets::Target;

pub const READER: Reader = Reader {
    name: "web-annotation",
    title: "Web Annotations (W3C, Hypothesis)",
    group: ReaderGroup::Dataset,
    extensions: &["json", "jsonld", "jsonl", "ndjson"],
    recognise,
    read,
};

fn recognise(head: &Head<'_>) -> Likelihood {
    let start: String = head
        .text
        .chars()
        .filter(|c| !c.is_ascii_whitespace())
        .collect();
    let has = |key: &str| start.contains(key);
    let is_own = has("\"TextQuoteSelector\"")
        || has("\"TextPositionSelector\"")
        || has("http://www.w3.org/ns/anno")
        || (has("\"type\":\"Annotation\"") && has("\"target\":"))
        || (has("\"rows\":[") && has("\"permissions\":") && has("\"uri\":"));
    Likelihood::Sure.when(start.starts_with(['{', '[']) && is_own)
}

/// All annotations in pages, collections, graphs and lists. JSON nests 128 deep at most.
fn annotations_in<'a>(value: &'a Value, found: &mut Vec<&'a Value>) {
    if let Value::Array(items) = value {
        for item in items {
            annotations_in(item, found);
        }
        return;
    }
    const LISTS: &[&str] = &[
        "items",
        "rows",
        "@graph",
        "annotations",
        "first",
        "next",
        "replies",
    ];
    if value.get("target").is_some() {
        found.push(value);
        return;
    }
    for list in LISTS.iter().filter_map(|name| value.get(*name)) {
        annotations_in(list, found);
    }
}

/// Several values as they are written: one alone, a list, or none.
fn each(value: Option<&Value>) -> impl Iterator<Item = &Value> {
    let (one, many) = match value {
        Some(Value::Array(items)) => (None, items.as_slice()),
        Some(Value::Null) | None => (None, [].as_slice()),
        Some(value) => (Some(value), [].as_slice()),
    };
    one.into_iter().chain(many)
}

/// A thing's id: the thing itself when it is a text.
fn id_of(value: &Value) -> Option<&str> {
    let id = || value.get("id").or_else(|| value.get("@id"));
    value.as_str().or_else(|| id()?.as_str())
}

/// Ids within one file begin with `#` at times.
fn local(id: &str) -> &str {
    id.trim_start_matches('#')
}

/// A name for people: the last part of an address.
fn last_part(address: &str) -> &str {
    let address = address.trim_end_matches('/');
    address.rsplit(['/', '#']).next().unwrap_or(address)
}

/// Who made it: a name, an address or an account.
fn creator(annotation: &Value) -> String {
    let Some(creator) = each(annotation.get("creator"))
        .next()
        .or_else(|| annotation.get("user"))
    else {
        return String::new();
    };
    let named = ["name", "nickname", "email"]
        .iter()
        .find_map(|name| creator.get(*name).and_then(Value::as_str));
    let name = named.or_else(|| id_of(creator)).unwrap_or_default();
    let name = name.strip_prefix("acct:").unwrap_or(name);
    name.strip_prefix("mailto:").unwrap_or(name).to_owned()
}

/// What annotations are about, by the address that they give.
#[derive(Default)]
struct Sources {
    articles: Vec<FoundArticle>,
    /// By address: the article, or none when its text is not here.
    places: HashMap<String, Option<usize>>,
    by_text: HashMap<usize, usize>,
    missing: Vec<String>,
}

impl Sources {
    fn place(&mut self, target: &Target<'_>, title: &str, texts: &mut Texts<'_>) -> Option<usize> {
        let key = target.source.unwrap_or_default().to_owned();
        // A text of its own is as good as an address.
        let name = match target.text {
            Some(text) => format!("{key}\n{text}"),
            None => key.clone(),
        };
        if let Some(known) = self.places.get(&name) {
            return *known;
        }
        let place = match target.text {
            Some(text) => Some(self.add(FoundArticle {
                id: last_part(&key).to_owned(),
                text: text.to_owned(),
                ..FoundArticle::default()
            })),
            None => {
                let found = [target.scope, target.source, Some(title)]
                    .into_iter()
                    .flatten()
                    .find_map(|key| texts.find(key));
                found.and_then(|at| self.of_text(at, texts))
            }
        };
        if let Some(article) = place.and_then(|at| self.articles.get_mut(at)) {
            if article.title.is_empty() {
                title.clone_into(&mut article.title);
            }
            if key.starts_with("http") {
                article.metadata.entry("url".to_owned()).or_insert(key);
            }
        } else {
            self.missing.push(key);
        }
        self.places.insert(name, place);
        place
    }

    fn of_text(&mut self, at: usize, texts: &Texts<'_>) -> Option<usize> {
        if let Some(known) = self.by_text.get(&at) {
            return Some(*known);
        }
        let place = self.add(texts.get(at)?.clone());
        self.by_text.insert(at, place);
        Some(place)
    }

    fn add(&mut self, article: FoundArticle) -> usize {
        self.articles.push(article);
        self.articles.len() - 1
    }
}

/// Annotations that are about other annotations.
#[derive(Default)]
struct Relations {
    /// From, role, to.
    links: Vec<(String, String, String)>,
    /// What is replied to, and the reply.
    replies: Vec<(String, String)>,
}

fn read(source: &Source<'_>, options: &ReadOptions) -> Result<Reading, Refusal> {
    let found = records(source.bytes)?;
    let mut annotations = Vec::new();
    for (_, record) in &found.records {
        annotations_in(record, &mut annotations);
    }
    if annotations.is_empty() {
        return Err(Refusal::new("there are no annotations in this file"));
    }
    let mut texts = Texts::beside(*source, options);
    let (own, annotations): (Vec<&Value>, Vec<&Value>) = annotations
        .into_iter()
        .partition(|annotation| own::is_own(annotation));
    let page = own::page(&own, source, &mut texts, options);
    let parsed: Vec<(&Value, Vec<Target<'_>>)> = annotations
        .into_iter()
        .map(|annotation| (annotation, targets::targets(annotation)))
        .collect();
    // A file about one text may be called as the text is.
    let mut addresses: Vec<Option<&str>> = parsed
        .iter()
        .flat_map(|(_, targets)| targets.iter().filter(|target| target.is_text()))
        .map(|target| target.source)
        .collect();
    addresses.dedup();
    let mut sources = Sources::default();
    if let [address] = addresses.as_slice() {
        let address = address.unwrap_or_default();
        let has_own_text = parsed.iter().flat_map(|(_, targets)| targets);
        let has_own_text = has_own_text.into_iter().any(|target| target.text.is_some());
        if !has_own_text
            && texts.find(address).is_none()
            && let Some(at) = texts.find(source.stem())
            && let Some(place) = sources.of_text(at, &texts)
        {
            sources.places.insert(address.to_owned(), Some(place));
        }
    }
    let mut reading = found.reading();
    let mut relations = Relations::default();
    let mut unplaced = 0;
    for (annotation, targets) in &parsed {
        let mut read = OneRead {
            sources: &mut sources,
            texts: &mut texts,
            relations: &mut relations,
        };
        unplaced += usize::from(!read.annotation(annotation, targets));
    }
    let Sources {
        mut articles,
        mut missing,
        ..
    } = sources;
    missing.extend(page.missing);
    if articles.is_empty() && page.articles.is_empty() {
        let name = missing.first().map_or("", |address| last_part(address));
        let name = name.split(['?', '#']).next().unwrap_or_default();
        let name = if name.is_empty() { source.stem() } else { name };
        return Err(Refusal::new(format!(
            "the texts that these annotations are about are not here; put them beside this file, for example as “{name}.txt”"
        )));
    }
    reading.left_out.count_told(missing.len() + unplaced);
    if let Some(first) = missing.first() {
        reading.remarks.push(format!(
            "{} texts are not here, so that the annotations about them were left out (the first is “{first}”)",
            missing.len()
        ));
    }
    if unplaced > 0 {
        reading.remarks.push(format!(
            "{unplaced} annotations are about no text that can be told and were left out"
        ));
    }
    let unknown = relations.finish(&mut articles);
    reading.left_out.count_told(unknown);
    if unknown > 0 {
        reading.remarks.push(format!(
            "{unknown} links and replies are about annotations that are not here"
        ));
    }
    reading.articles = page.articles;
    reading.articles.append(&mut articles);
    reading.cut();
    reading.remarks.append(&mut texts.remarks);
    reading.labels = page.labels;
    reading.used = texts.used_files();
    reading.used.extend(page.used);
    Ok(reading)
}

/// Where one annotation goes.
struct OneRead<'a, 'b> {
    sources: &'a mut Sources,
    texts: &'a mut Texts<'b>,
    relations: &'a mut Relations,
}

impl OneRead<'_, '_> {
    /// Takes an annotation; `false` when nobody can tell what it is about.
    fn annotation(&mut self, annotation: &Value, targets: &[Target<'_>]) -> bool {
        let is_hypothesis = annotation.get("uri").is_some() && annotation.get("user").is_some();
        let said = bodies::said(annotation);
        let id = local(id_of(annotation).unwrap_or_default()).to_owned();
        let by = creator(annotation);
        let parents = each(annotation.get("references")).filter_map(Value::as_str);
        if let Some(parent) = parents.last() {
            let reply = match by.as_str() {
                "" => said.notes.join("\n"),
                by => format!("{by}: {}", said.notes.join("\n")),
            };
            self.relations.replies.push((parent.to_owned(), reply));
            return true;
        }
        if said.is_linking && !targets.iter().any(Target::is_text) {
            return self.link(targets, &said);
        }
        let title = annotation.get("document").and_then(|d| d.get("title"));
        let title = each(title).next().and_then(Value::as_str);
        let mut by_article: Vec<(usize, Vec<&Target<'_>>)> = Vec::new();
        for target in targets {
            let Some(at) = self
                .sources
                .place(target, title.unwrap_or_default(), self.texts)
            else {
                continue;
            };
            match by_article.iter_mut().find(|(known, _)| *known == at) {
                Some((_, targets)) => targets.push(target),
                None => by_article.push((at, vec![target])),
            }
        }
        let mut is_placed = by_article.is_empty() && !targets.is_empty();
        for (at, targets) in by_article {
            let Some(article) = self.sources.articles.get_mut(at) else {
                continue;
            };
            let fragments: Vec<_> = targets.iter().filter_map(|t| t.fragment.clone()).collect();
            if fragments.is_empty() {
                // About the page as a whole.
                if !said.notes.is_empty() {
                    let note = said.notes.join("\n");
                    let lines = [article.notes.as_str(), note.as_str()];
                    article.notes = lines.join("\n").trim().to_owned();
                    is_placed = true;
                }
                continue;
            }
            is_placed = true;
            if is_hypothesis {
                article.unit = OffsetUnit::Utf16;
            }
            for (number, label) in said.labels.iter().enumerate() {
                article.annotations.push(FoundAnnotation {
                    id: match (number, id.is_empty()) {
                        (0, _) | (_, true) => id.clone(),
                        (number, false) => format!("{id}-{}", number + 1),
                    },
                    label: label.clone(),
                    fragments: fragments.clone(),
                    attributes: said.attributes.clone(),
                    links: said.links.clone(),
                    note: said.notes.join("\n"),
                    annotator: by.clone(),
                    made: time(annotation, &["created"]),
                    changed: time(annotation, &["modified", "updated"]),
                    ..FoundAnnotation::default()
                });
            }
        }
        is_placed
    }

    /// A link between two annotations: from what it is about to what it says, or from the first
    /// that it is about to the second.
    fn link(&mut self, targets: &[Target<'_>], said: &bodies::Said) -> bool {
        let ends = || targets.iter().filter_map(|target| target.id);
        let role = match said.labels.first() {
            Some(label) if said.has_label => label.clone(),
            _ => "linked".to_owned(),
        };
        let linked: Vec<&str> = if said.links.is_empty() {
            ends().skip(1).map(local).collect()
        } else {
            said.links.iter().map(|(_, to)| to.as_str()).collect()
        };
        let Some(from) = ends().next() else {
            return false;
        };
        for to in &linked {
            self.relations
                .links
                .push((local(from).to_owned(), role.clone(), (*to).to_owned()));
        }
        !linked.is_empty()
    }
}

fn time(annotation: &Value, names: &[&str]) -> Option<crate::core::annotation::Timestamp> {
    let mut times = names.iter().filter_map(|name| annotation.get(*name));
    times.find_map(|time| timestamp_from(&text_of(time)?))
}

impl Relations {
    /// Gives links and replies to their annotations; answers how many have none.
    fn finish(self, articles: &mut [FoundArticle]) -> usize {
        let mut places: HashMap<String, (usize, usize)> = HashMap::new();
        for (i, article) in articles.iter().enumerate() {
            for (k, annotation) in article.annotations.iter().enumerate() {
                places.entry(annotation.id.clone()).or_insert((i, k));
            }
        }
        let find = |id: &str| {
            let (i, k) = *places.get(id)?;
            Some((i, k)).filter(|_| !id.is_empty())
        };
        let mut unknown = 0;
        for (parent, reply) in self.replies {
            match find(&parent).and_then(|place| annotation_at(articles, place)) {
                Some(annotation) => {
                    let lines = [annotation.note.as_str(), reply.as_str()];
                    annotation.note = lines.join("\n").trim().to_owned();
                }
                None => unknown += 1,
            }
        }
        for (from, role, to) in self.links {
            let ends = find(&from)
                .zip(find(&to))
                .filter(|(from, to)| from.0 == to.0);
            match ends.and_then(|(from, _)| annotation_at(articles, from)) {
                Some(annotation) => annotation.links.push((role, to)),
                None => unknown += 1,
            }
        }
        // What is linked to may be anything with an address.
        for (i, article) in articles.iter_mut().enumerate() {
            for annotation in &mut article.annotations {
                let links = std::mem::take(&mut annotation.links);
                let is_here = |to: &str| find(to).is_some_and(|(article, _)| article == i);
                let (here, elsewhere): (Vec<_>, Vec<_>) =
                    links.into_iter().partition(|(_, to)| is_here(to));
                annotation.links = here;
                if !elsewhere.is_empty() {
                    let addresses: Vec<String> = elsewhere.into_iter().map(|(_, to)| to).collect();
                    let addresses = AttributeValue::Text(addresses.join("; "));
                    annotation
                        .attributes
                        .insert("linking".to_owned(), addresses);
                }
            }
        }
        unknown
    }
}

fn annotation_at(
    articles: &mut [FoundArticle],
    (i, k): (usize, usize),
) -> Option<&mut FoundAnnotation> {
    articles.get_mut(i)?.annotations.get_mut(k)
}

#[cfg(test)]
mod tests;
