//! Quotes as rows, one for each: what is said, by whom, with which words, how deep within others, and
//! in which group. For tables that stand beside those of spans; readers look past them, since the
//! spans say all of it.

use crate::core::annotation::AttributeValue;
use crate::core::codebook::{Part, Thing};
use crate::core::project::GroupIndex;
use crate::core::project::plain_words;
use crate::core::quoted::{Things, Ties};
use crate::core::verbs::verb_of;
use crate::format::export::options::Texts;
use crate::format::export::plan::Plan;
use crate::format::export::record::{Record, Span};
use crate::format::words::columns::QUOTE_COLUMNS;
use crate::format::words::values::listed;
use std::borrow::Cow;
use std::collections::HashMap;

/// Which of [`QUOTE_COLUMNS`] is a number.
pub(crate) const DEPTH: usize = 17;

/// What rows of all articles are made with.
pub(crate) struct Quotes<'p> {
    plan: &'p Plan<'p>,
    things: Things,
    groups: GroupIndex<'p>,
    ties: Ties<'p>,
}

pub(crate) fn quote_header() -> Vec<String> {
    QUOTE_COLUMNS.map(str::to_owned).to_vec()
}

impl<'p> Quotes<'p> {
    pub(crate) fn of(plan: &'p Plan<'p>) -> Self {
        Self {
            plan,
            things: Things::of(plan.project.codebook()),
            groups: GroupIndex::of(plan.project.groups()),
            ties: Ties::of(plan.project.people()),
        }
    }

    fn is(&self, span: &Span<'_>, thing: &Thing) -> bool {
        self.things.get(&span.annotation.label) == thing
    }

    /// The rows of an article, in the order of its text.
    pub(crate) fn rows<'r>(&self, record: &'r Record<'r>) -> Vec<Vec<Cow<'r, str>>> {
        let by_id: HashMap<&str, &Span<'r>> = record
            .spans
            .iter()
            .map(|span| (span.id.as_ref(), span))
            .collect();
        let mut rows = Vec::new();
        // Those that may be around what comes: where they begin and end.
        let mut around: Vec<(u32, u32)> = Vec::new();
        for quote in &record.spans {
            if !self.is(quote, &Thing::Quote) {
                continue;
            }
            let extent = quote.extent();
            around.retain(|(_, end)| *end > extent.start);
            let holds = |(start, end): &&(u32, u32)| {
                *end >= extent.end && (*start, *end) != (extent.start, extent.end)
            };
            let depth = around.iter().filter(holds).count();
            around.push((extent.start, extent.end));
            let linked = |thing: Thing| {
                let targets = quote
                    .links
                    .iter()
                    .filter_map(|(_, id)| by_id.get(id.as_ref()));
                let targets = targets.copied().filter(|target| self.is(target, &thing));
                targets.collect::<Vec<&Span<'r>>>()
            };
            rows.push(self.row(
                record,
                quote,
                depth,
                &linked(Thing::Source),
                &linked(Thing::Cue),
            ));
        }
        rows
    }

    fn row<'r>(
        &self,
        record: &'r Record<'r>,
        quote: &'r Span<'r>,
        depth: usize,
        sources: &[&'r Span<'r>],
        cues: &[&'r Span<'r>],
    ) -> Vec<Cow<'r, str>> {
        let article = record.article;
        let meta = |name: &str| Cow::Borrowed(article.meta(name).unwrap_or(""));
        let with_texts = self.plan.options.texts != Texts::Hashes;
        let words = |span: &Span<'r>| span.joined_text().into_owned();
        let shown = |text: String| if with_texts { text } else { String::new() };
        let all = |spans: &[&Span<'r>]| {
            let texts = spans.iter().map(|span| listed(&words(span)));
            shown(texts.collect::<Vec<String>>().join("; "))
        };
        let places = |spans: &[&Span<'r>]| {
            let places = spans.iter().map(|span| places(span));
            places.collect::<Vec<String>>().join("; ")
        };
        let people = self.speakers(record, quote, sources);
        let (names, ids): (Vec<String>, Vec<String>) = people.into_iter().unzip();
        let verb = cues.first().map(|cue| verb_of(&words(cue)).0);
        let group = self.groups.get(&Thing::Quote, &quote.annotation.id);
        let kind = Part::Kind.name();
        vec![
            quote.id.as_ref().into(),
            record.id.into(),
            article.title.as_str().into(),
            meta("outlet"),
            meta("published"),
            quote.annotator.as_ref().into(),
            quote.label.into(),
            quote.attribute(record.project, kind).into(),
            shown(words(quote)).into(),
            self::places(quote).into(),
            names.join("; ").into(),
            ids.join("; ").into(),
            all(sources).into(),
            places(sources).into(),
            all(cues).into(),
            places(cues).into(),
            verb.unwrap_or_default().into(),
            depth.to_string().into(),
            group
                .map_or("", |group| group.id.as_str())
                .to_owned()
                .into(),
            group
                .map_or("", |group| group.title.as_str())
                .to_owned()
                .into(),
            quote.note.as_ref().into(),
        ]
    }

    /// Names and ids of who is named as speaker, by the quote and by its sources.
    fn speakers(
        &self,
        record: &Record<'_>,
        quote: &Span<'_>,
        sources: &[&Span<'_>],
    ) -> Vec<(String, String)> {
        let mut all: Vec<(String, String)> = Vec::new();
        let mut add = |value: &AttributeValue| {
            let name = listed(&record.project.value_text(value));
            let id = match value {
                AttributeValue::Person(id) => listed(id.as_str()),
                _ => String::new(),
            };
            if !name.is_empty() && !all.contains(&(name.clone(), id.clone())) {
                all.push((name, id));
            }
        };
        let speaker = quote.attributes.iter();
        speaker
            .filter(|(name, _)| *name == Part::Speaker.name())
            .for_each(|(_, value)| add(value));
        let of_sources = sources.iter().flat_map(|source| &source.attributes);
        of_sources
            .filter(|(_, value)| matches!(value.as_ref(), AttributeValue::Person(_)))
            .for_each(|(_, value)| add(value));
        // Nobody is named: words that are tied to somebody say who it is.
        if all.is_empty()
            && let Some(source) = sources.first()
        {
            let words = plain_words(&source.joined_text());
            let place = self.ties.whom(&record.article.id, &words);
            let person = place.and_then(|at| record.project.people().get(at));
            all.extend(person.map(|who| (listed(&who.name), listed(who.id.as_str()))));
        }
        all
    }
}

/// Where the pieces of an annotation stand: `start-end+start-end`, half-open, in code points.
fn places(span: &Span<'_>) -> String {
    let pieces = span.fragments.iter().map(|fragment| {
        let range = fragment.range();
        format!("{}-{}", range.start, range.end)
    });
    pieces.collect::<Vec<String>>().join("+")
}
