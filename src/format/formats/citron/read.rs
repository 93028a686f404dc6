//! Citron's annotation format: a document with its quotes, each of one cue, any number of sources and
//! contents, and other words that mean its sources.
//!
//! Offsets are code points, half-open, and the text stands beside them. Sources and cues that several
//! quotes share are one annotation. Pressmark's own files say more of each, which Citron reads past.

use crate::core::codebook::Thing;
use crate::format::formats::citron::{COREFERENCE, FURTHER, KNOWN};
use crate::format::reading::left_out::{self, LeftOut};
use crate::format::reading::records::{
    add_own_fields, articles, is_ours, metadata_from, start_of_json, stretch, text_of, value_of,
};
use crate::format::reading::{
    FoundAnnotation, FoundArticle, FoundFragment, Head, Likelihood, ReadOptions, Reader,
    ReaderGroup, Reading, Refusal, Source,
};
use crate::format::time::timestamp_from;
use crate::format::words::records::metadata;
use serde_json::Value;
use std::collections::HashMap;

pub const READER: Reader = Reader {
    name: "citron",
    title: "Citron quotes",
    group: ReaderGroup::Dataset,
    extensions: &["json"],
    recognise,
    read,
};

fn recognise(head: &Head<'_>) -> Likelihood {
    let Some(start) = start_of_json(head.text, 20_000) else {
        return Likelihood::No;
    };
    let has = |key: &str| start.contains(key);
    let has_quotes = has("\"quotes\":[{") && has("\"cue\":") && has("\"contents\":[");
    let has_none = start.starts_with("{\"text\":") && has("\"quotes\":[]");
    Likelihood::Sure.when(has_quotes || has_none)
}

fn read(source: &Source<'_>, _options: &ReadOptions) -> Result<Reading, Refusal> {
    articles(source.bytes, article)
}

fn article(record: &Value) -> Option<FoundArticle> {
    let fields = record.as_object()?;
    let text = fields.get("text")?.as_str()?;
    let is_other = |name: &str| KNOWN.contains(&name) || name == "title";
    let mut article = FoundArticle {
        title: fields.get("title").and_then(text_of).unwrap_or_default(),
        text: text.to_owned(),
        metadata: metadata_from(fields, &is_other),
        ..FoundArticle::default()
    };
    let is_own = is_ours(fields);
    if is_own {
        add_own_fields(&mut article, fields, metadata(KNOWN));
    }
    let mut marks = Marks {
        is_own,
        made: Vec::new(),
        places: HashMap::new(),
        unnamed: 0,
        left_out: LeftOut::default(),
    };
    let list = |name: &str| fields.get(name).and_then(Value::as_array);
    for (n, quote) in list("quotes").into_iter().flatten().enumerate() {
        marks.quote(&format!("quote {}", n + 1), quote);
    }
    let groups = list("coreference_groups").into_iter().flatten();
    for (n, group) in groups.enumerate() {
        let name = format!("coreference group {}", n + 1);
        let all = marks.all(&Thing::Source, group.as_array(), &name);
        marks.mean_the_same(&all);
    }
    article.left_out = marks.left_out;
    article.annotations = marks.made;
    Some(article)
}

/// The annotations of a document as they are met.
struct Marks {
    is_own: bool,
    made: Vec<FoundAnnotation>,
    /// Where what was met stands in `made`: by its id, or by what it is and its offsets.
    places: HashMap<String, usize>,
    unnamed: usize,
    left_out: LeftOut,
}

fn list<'v>(fields: &'v Value, name: &str) -> Option<&'v Vec<Value>> {
    fields.get(name)?.as_array()
}

fn fragment(span: &Value) -> Result<FoundFragment, &'static str> {
    let offsets = stretch(span.get("start"), span.get("end"))?;
    let text = span.get("text").and_then(Value::as_str);
    Ok(FoundFragment {
        text: text.map(str::to_owned),
        ..FoundFragment::at(offsets)
    })
}

fn id_in(fields: &Value) -> Option<String> {
    fields
        .get("id")
        .and_then(text_of)
        .filter(|id| !id.is_empty())
}

impl Marks {
    fn fresh_id(&mut self, thing: &Thing) -> String {
        loop {
            self.unnamed += 1;
            let id = format!("{}-{}", thing.code(), self.unnamed);
            if !self.places.contains_key(&by_id(&id)) {
                return id;
            }
        }
    }

    /// Adds an annotation under its id, or a new one; answers where it stands.
    fn add(&mut self, mut found: FoundAnnotation, thing: Thing) -> usize {
        if found.id.is_empty() || self.places.contains_key(&by_id(&found.id)) {
            found.id = self.fresh_id(&thing);
        }
        let at = self.made.len();
        self.places.insert(by_id(&found.id), at);
        found.thing = found.label.is_empty().then(|| thing.clone());
        if found.label.is_empty() {
            thing.code().clone_into(&mut found.label);
        }
        self.made.push(found);
        at
    }

    /// The annotation at a span, which may have been met before.
    fn one(&mut self, thing: &Thing, span: &Value) -> Result<usize, &'static str> {
        let first = fragment(span)?;
        let own_id = id_in(span).filter(|_| self.is_own);
        let place = match &own_id {
            Some(id) => by_id(id),
            None => format!("{} {:?}", thing.code(), first.offsets),
        };
        let further = list(span, FURTHER).into_iter().flatten();
        let mut fragments = vec![first];
        for more in further {
            fragments.push(fragment(more)?);
        }
        if let Some(at) = self.places.get(&place).copied() {
            if let Some(known) = self.made.get_mut(at) {
                // Told again, or another piece of it.
                for fragment in fragments {
                    if !known.fragments.contains(&fragment) {
                        known.fragments.push(fragment);
                    }
                }
                known.fragments.sort_by_key(start_of);
            }
            return Ok(at);
        }
        let mut found = FoundAnnotation {
            fragments,
            ..FoundAnnotation::default()
        };
        if self.is_own {
            add_details(&mut found, span);
        }
        let at = self.add(found, thing.clone());
        self.places.insert(place, at);
        Ok(at)
    }

    /// Those of a list, each once; what cannot be placed is told.
    fn all(&mut self, thing: &Thing, spans: Option<&Vec<Value>>, of: &str) -> Vec<usize> {
        let mut all = Vec::new();
        for span in spans.into_iter().flatten() {
            match self.one(thing, span) {
                Ok(at) if all.contains(&at) => {}
                Ok(at) => all.push(at),
                Err(reason) => self.left_out.note(left_out::Thing::Annotation, reason, || {
                    format!("a {} of {of}", thing.code())
                }),
            }
        }
        all
    }

    fn quote(&mut self, name: &str, quote: &Value) {
        let mut contents: Vec<FoundFragment> = Vec::new();
        for content in list(quote, "contents").into_iter().flatten() {
            match fragment(content) {
                Ok(content) if contents.contains(&content) => {}
                Ok(content) => contents.push(content),
                Err(reason) => self.left_out.note(left_out::Thing::Annotation, reason, || {
                    format!("a content of {name}")
                }),
            }
        }
        if contents.is_empty() {
            let named = || name.to_owned();
            self.left_out
                .note(left_out::Thing::Annotation, "it has no content", named);
            return;
        }
        let cue = quote.get("cue").filter(|cue| !cue.is_null());
        let cue = cue.map(|cue| vec![cue.clone()]);
        let cues = self.all(&Thing::Cue, cue.as_ref(), name);
        let sources = self.all(&Thing::Source, list(quote, "sources"), name);
        let same = self.all(&Thing::Source, list(quote, "coreferences"), name);
        let links = |marks: &Self, role: &str, all: &[usize]| -> Vec<(String, String)> {
            let targets = all.iter().filter_map(|at| marks.made.get(*at));
            targets
                .map(|target| (role.to_owned(), target.id.clone()))
                .collect()
        };
        let mut found = FoundAnnotation {
            id: id_in(quote).unwrap_or_default(),
            links: links(self, Thing::Source.code(), &sources),
            ..FoundAnnotation::default()
        };
        found.links.extend(links(self, Thing::Cue.code(), &cues));
        if let Some(confidence) = quote.get("confidence").filter(|told| told.is_number()) {
            let value = value_of(confidence);
            found.attributes.insert("confidence".to_owned(), value);
        }
        if self.is_own {
            add_details(&mut found, quote);
        }
        // An annotation is no two stretches that overlap.
        contents.sort_by_key(start_of);
        let mut piles: Vec<Vec<FoundFragment>> = Vec::new();
        for content in contents {
            let ends_before = |pile: &&mut Vec<FoundFragment>| {
                pile.last().map(end_of) <= Some(start_of(&content))
            };
            match piles.iter_mut().find(ends_before) {
                Some(pile) => pile.push(content),
                None => piles.push(vec![content]),
            }
        }
        for fragments in piles {
            let found = FoundAnnotation {
                fragments,
                ..found.clone()
            };
            self.add(found, Thing::Quote);
        }
        match sources.first() {
            Some(source) => {
                let all: Vec<usize> = std::iter::once(*source).chain(same).collect();
                self.mean_the_same(&all);
            }
            None => {
                let reason = "there is no source whom they mean";
                let named = || format!("coreferences of {name}");
                let thing = left_out::Thing::Detail;
                self.left_out.note_several(thing, same.len(), reason, named);
            }
        }
    }

    /// Links the first of several to the others.
    fn mean_the_same(&mut self, all: &[usize]) {
        let Some((first, others)) = all.split_first().filter(|_| !self.is_own) else {
            return;
        };
        let id = |marks: &Self, at: usize| marks.made.get(at).map(|found| found.id.clone());
        for other in others.iter().filter(|other| *other != first) {
            let Some((first_id, other_id)) = id(self, *first).zip(id(self, *other)) else {
                continue;
            };
            let leads = |marks: &Self, from: usize, to: &str| {
                let mut links = marks.made.get(from).into_iter().flat_map(|f| &f.links);
                links.any(|(role, target)| role == COREFERENCE && target == to)
            };
            let is_told = leads(self, *first, &other_id) || leads(self, *other, &first_id);
            if let Some(first) = self.made.get_mut(*first).filter(|_| !is_told) {
                first.links.push((COREFERENCE.to_owned(), other_id));
            }
        }
    }
}

fn by_id(id: &str) -> String {
    format!("id {id}")
}

fn start_of(fragment: &FoundFragment) -> usize {
    fragment.offsets.as_ref().map_or(0, |offsets| offsets.start)
}

fn end_of(fragment: &FoundFragment) -> usize {
    fragment.offsets.as_ref().map_or(0, |offsets| offsets.end)
}

/// What Pressmark says of an annotation beside its place.
fn add_details(found: &mut FoundAnnotation, fields: &Value) {
    let told = |name: &str| fields.get(name).and_then(Value::as_str).unwrap_or_default();
    found.id = id_in(fields).unwrap_or_default();
    told("label").clone_into(&mut found.label);
    told("annotator").clone_into(&mut found.annotator);
    told("note").clone_into(&mut found.note);
    found.made = timestamp_from(told("made"));
    found.changed = timestamp_from(told("changed"));
    let attributes = fields.get("attributes").and_then(Value::as_object);
    let attributes = attributes.into_iter().flatten();
    let attributes = attributes.map(|(name, value)| (name.clone(), value_of(value)));
    found.attributes.extend(attributes);
    if let Some(links) = list(fields, "links") {
        let told = |link: &Value, name: &str| link.get(name).and_then(text_of);
        let links = links.iter();
        let links = links.filter_map(|link| told(link, "role").zip(told(link, "target")));
        found.links = links.collect();
    }
}
