//! Citron's annotation format: a file for each article, with its quotes as one record each.
//!
//! What a quote is, its sources and its cue, the codebook says. Citron has one cue for a quote and no
//! place for what is no part of one: that is left out and counted.

use crate::core::codebook::Thing;
use crate::core::quoted::Things;
use crate::format::WriteError;
use crate::format::export::format::{Format, FormatGroup, Part, Shape};
use crate::format::export::json::{article_fields, value_to_json};
use crate::format::export::of_project::all_of_project;
use crate::format::export::plan::Plan;
use crate::format::export::proof::{self, Details, Rules};
use crate::format::export::record::{Fragment, Record, Span};
use crate::format::export::{Progress, Sink, Stored, Written};
use crate::format::formats::citron::{COREFERENCE, FURTHER, KNOWN};
use crate::format::parallel;
use crate::format::words::of_project::OF_PROJECT;
use crate::format::words::records::metadata;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

pub const FORMAT: Format = Format {
    name: "citron",
    aliases: &["bbc"],
    title: "Citron quotes",
    group: FormatGroup::Training,
    shape: Shape::Folder { main: "" },
    offset_unit: "Unicode code points",
    read_by: "Citron, the BBC’s quote extractor, for training and evaluation",
    lacks: &[Part::Nothing, Part::Sets, Part::NotQuotes],
    adds: "each quote as one record with its cue, sources and contents",
    changes: "of a quote’s cues the first leaves; a cue in several pieces is its first piece to Citron",
    choices: &[],
    write,
    prove,
    splits_itself: false,
    reader: Some(&super::read::READER),
};

/// What the spans of an article are, by their ids.
fn things_of(plan: &Plan<'_>, record: &Record<'_>) -> HashMap<String, Thing> {
    let things = Things::of(plan.project.codebook());
    let spans = record.spans.iter();
    let each = spans.map(|span| {
        (
            span.id.to_string(),
            things.get(&span.annotation.label).clone(),
        )
    });
    each.collect()
}

fn targets<'s>(
    span: &'s Span<'_>,
    things: &'s HashMap<String, Thing>,
    thing: Thing,
) -> impl Iterator<Item = &'s str> {
    let targets = span.links.iter().map(|(_, target)| target.as_ref());
    targets.filter(move |target| things.get(*target) == Some(&thing))
}

/// Takes out what has no place in the format, and says so.
pub(in crate::format) fn leave_quotes(plan: &Plan<'_>, record: &mut Record<'_>) {
    const NO_CUE: &str = "a quote without a cue has no place in this format and is left out";
    const NO_PART: &str =
        "an annotation that is no part of a quote has no place in this format and is left out";
    let things = things_of(plan, record);
    let mut kept: HashSet<String> = HashSet::new();
    for quote in &record.spans {
        if things.get(quote.id.as_ref()) != Some(&Thing::Quote) {
            continue;
        }
        let Some(cue) = targets(quote, &things, Thing::Cue).next() else {
            continue;
        };
        kept.insert(quote.id.to_string());
        kept.insert(cue.to_owned());
        kept.extend(targets(quote, &things, Thing::Source).map(str::to_owned));
    }
    for members in same_ones(record, &things) {
        if members.iter().any(|id| kept.contains(id)) {
            kept.extend(members);
        }
    }
    let id = record.id;
    for span in record
        .spans
        .iter()
        .filter(|span| !kept.contains(span.id.as_ref()))
    {
        let is_quote = things.get(span.id.as_ref()) == Some(&Thing::Quote);
        let rule = if is_quote { NO_CUE } else { NO_PART };
        let place = || format!("annotation {} of article {id}", span.id);
        record.losses.note(rule, place);
    }
    record.spans.retain(|span| kept.contains(span.id.as_ref()));
    for span in &mut record.spans {
        span.links
            .retain(|(_, target)| kept.contains(target.as_ref()));
    }
}

/// Sources that mean the same, as links say: the ids of each such group, of two and more.
fn same_ones(record: &Record<'_>, things: &HashMap<String, Thing>) -> Vec<BTreeSet<String>> {
    let is_source = |id: &str| things.get(id) == Some(&Thing::Source);
    let mut group_of: BTreeMap<String, usize> = BTreeMap::new();
    let mut groups: Vec<BTreeSet<String>> = Vec::new();
    for span in record.spans.iter().filter(|span| is_source(&span.id)) {
        for (role, target) in &span.links {
            if *role != COREFERENCE || !is_source(target) || *target == span.id {
                continue;
            }
            let ends = [span.id.to_string(), target.to_string()];
            let known = ends.iter().filter_map(|id| group_of.get(id).copied()).min();
            let into = known.unwrap_or_else(|| {
                groups.push(BTreeSet::new());
                groups.len() - 1
            });
            for id in ends {
                let joined = match group_of.get(&id) {
                    Some(other) if *other != into => groups
                        .get_mut(*other)
                        .map(std::mem::take)
                        .unwrap_or_default(),
                    Some(_) => BTreeSet::new(),
                    None => BTreeSet::from([id]),
                };
                for id in joined {
                    group_of.insert(id.clone(), into);
                    if let Some(group) = groups.get_mut(into) {
                        group.insert(id);
                    }
                }
            }
        }
    }
    groups.retain(|group| group.len() > 1);
    groups
}

fn place(fragment: &Fragment<'_>) -> Map<String, Value> {
    let range = fragment.range();
    let mut fields = Map::new();
    fields.insert("start".to_owned(), range.start.into());
    fields.insert("end".to_owned(), range.end.into());
    fields.insert("text".to_owned(), fragment.text.into());
    fields
}

/// The document as it is written, part by part.
struct Document<'r> {
    record: &'r Record<'r>,
    by_id: HashMap<&'r str, &'r Span<'r>>,
    /// Whose details stand in it already.
    told: HashSet<&'r str>,
    written: &'r mut Written,
}

impl<'r> Document<'r> {
    /// What Citron has no field for and reads past: all of it where an annotation stands first.
    fn add_details(&mut self, fields: &mut Map<String, Value>, span: &'r Span<'r>) {
        let mut put = |name: &str, value: Value| {
            if !matches!(&value, Value::String(text) if text.is_empty()) {
                fields.insert(name.to_owned(), value);
            }
        };
        put("id", span.id.as_ref().into());
        if !self.told.insert(span.id.as_ref()) {
            return;
        }
        put("label", span.label.into());
        put("annotator", span.annotator.as_ref().into());
        put("note", span.note.as_ref().into());
        put("made", span.made().into());
        put("changed", span.changed().into());
        let record = self.record;
        let attributes = span.attributes.iter();
        let attributes: Map<String, Value> = attributes
            .map(|(name, value)| ((*name).to_owned(), value_to_json(record, value)))
            .collect();
        if !attributes.is_empty() {
            put("attributes", attributes.into());
        }
        let links = span.links.iter();
        let links = links.map(|(role, target)| json!({ "role": role, "target": target }));
        let links: Vec<Value> = links.collect();
        if !links.is_empty() {
            put("links", links.into());
        }
    }

    /// A source, or another word for one: a span for each of its pieces.
    fn spans(&mut self, ids: impl Iterator<Item = &'r str>) -> Vec<Value> {
        let mut all = Vec::new();
        for id in ids {
            let Some(span) = self.by_id.get(id).copied() else {
                continue;
            };
            for fragment in &span.fragments {
                let mut fields = place(fragment);
                self.add_details(&mut fields, span);
                all.push(fields.into());
            }
        }
        all
    }

    /// A cue, which is one piece to Citron.
    fn cue(&mut self, id: &str) -> Value {
        let Some((span, [first, further @ ..])) = self
            .by_id
            .get(id)
            .map(|span| (*span, span.fragments.as_slice()))
        else {
            return Value::Null;
        };
        let mut fields = place(first);
        if !further.is_empty() {
            let further: Vec<Value> = further.iter().map(|f| place(f).into()).collect();
            fields.insert(FURTHER.to_owned(), further.into());
            let article = self.record.id;
            self.written.losses.note(
                "a cue in several pieces stands as its first piece, with the others beside",
                || format!("annotation {} of article {article}", span.id),
            );
        }
        self.add_details(&mut fields, span);
        fields.into()
    }
}

fn document(plan: &Plan<'_>, record: &Record<'_>, written: &mut Written) -> Value {
    let things = things_of(plan, record);
    let groups = same_ones(record, &things);
    let spans = record.spans.iter();
    let mut document = Document {
        record,
        by_id: spans.map(|span| (span.id.as_ref(), span)).collect(),
        told: HashSet::new(),
        written,
    };
    let mut quotes: Vec<Value> = Vec::new();
    for quote in &record.spans {
        if things.get(quote.id.as_ref()) != Some(&Thing::Quote) {
            continue;
        }
        let cue = targets(quote, &things, Thing::Cue).next();
        let sources: Vec<&str> = targets(quote, &things, Thing::Source).collect();
        let is_meant = |group: &&BTreeSet<String>| sources.iter().any(|id| group.contains(*id));
        let same = groups.iter().filter(is_meant).flatten();
        let same: Vec<&str> = same
            .map(String::as_str)
            .filter(|id| !sources.contains(id))
            .collect();
        let mut fields = Map::new();
        fields.insert("cue".to_owned(), document.cue(cue.unwrap_or_default()));
        let sources = document.spans(sources.into_iter());
        fields.insert("sources".to_owned(), sources.into());
        let contents = quote.fragments.iter().map(|f| place(f).into());
        let contents: Vec<Value> = contents.collect();
        fields.insert("contents".to_owned(), contents.into());
        if !same.is_empty() {
            let same = document.spans(same.into_iter());
            fields.insert("coreferences".to_owned(), same.into());
        }
        document.add_details(&mut fields, quote);
        quotes.push(fields.into());
    }
    let mut fields = Map::new();
    fields.insert("text".to_owned(), record.text().into());
    fields.insert("quotes".to_owned(), quotes.into());
    if !groups.is_empty() {
        let groups = groups.iter();
        let groups = groups.map(|group| document.spans(group.iter().map(String::as_str)));
        let groups: Vec<Value> = groups.map(Value::from).collect();
        fields.insert("coreference_groups".to_owned(), groups.into());
    }
    fields.extend(article_fields(plan, record, metadata(KNOWN)));
    // Who is named by what stays at home would not be made again.
    if fields.contains_key("codebook") {
        let told = all_of_project(plan);
        if let Ok(told) = serde_json::to_value(Some(told).filter(|told| !told.is_empty()))
            && !told.is_null()
        {
            fields.insert(OF_PROJECT.to_owned(), told);
        }
    }
    fields.into()
}

pub fn write(
    plan: &Plan<'_>,
    sink: &mut dyn Sink,
    progress: Progress<'_>,
) -> Result<Written, WriteError> {
    let mut written = Written::default();
    parallel::in_order(
        &plan.articles,
        progress,
        |planned| {
            let mut record = plan.record(planned)?;
            leave_quotes(plan, &mut record);
            let mut counted = Written::default();
            counted.count(&record);
            let document = document(plan, &record, &mut counted);
            let mut text = serde_json::to_vec_pretty(&document).map_err(std::io::Error::from)?;
            text.push(b'\n');
            Ok((text, counted))
        },
        |planned, (text, counted)| {
            written.add(&counted);
            sink.put(&format!("{}.json", planned.file_stem), &text)
        },
    )?;
    Ok(written)
}

pub fn prove(
    plan: &Plan<'_>,
    stored: &dyn Stored,
    progress: Progress<'_>,
) -> Result<Written, WriteError> {
    let rules = Rules {
        leave: Some(leave_quotes),
        details: Details::All,
        ..Rules::default()
    };
    let reader = &super::read::READER;
    proof::files(plan, stored, progress, reader, rules, |planned| {
        format!("{}.json", planned.file_stem)
    })
}
