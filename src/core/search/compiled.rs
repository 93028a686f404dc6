//! A query made ready for a project. Asks one article at a time.
//!
//! What an article answers depends on the article and on this value only, so answers can be kept
//! while it stays the same.

use super::fold::folded;
use super::names::{Halt, Names};
use super::near::pairs;
use super::node::{Node, Test};
use super::place::{Cover, Value, meta};
use super::query::Query;
use super::{Options, QueryError};
use crate::core::annotation::Annotation;
use crate::core::article::Article;
use crate::core::ids::AnnotatorId;
use crate::core::project::Project;
use crate::core::text::{BytePos, ByteRange};
use std::collections::HashSet;
use std::sync::Arc;

/// What is looked for, ready.
#[derive(Clone, Debug)]
pub struct Search {
    node: Node,
    query: Query,
    options: Options,
}

/// Two that ask the same of the same names.
impl PartialEq for Search {
    fn eq(&self, other: &Self) -> bool {
        self.options == other.options && self.query == other.query && self.node.asks(&other.node)
    }
}

/// Something that was found in an article.
#[derive(Clone, Copy)]
struct Found<'a> {
    range: ByteRange,
    annotation: Option<&'a Arc<Annotation>>,
}

impl Search {
    /// Makes a query ready. `by` is who asks: articles have a status for each annotator.
    pub fn new(
        query: &Query,
        options: &Options,
        project: &Project,
        by: &AnnotatorId,
    ) -> Result<Self, QueryError> {
        let ready = Self::ready(query, options, project, by, &mut || true);
        ready.map_err(|halt| match halt {
            Halt::Wrong(error) => error,
            Halt::Stopped => QueryError::at(query.at(), "it was not looked for"),
        })
    }

    /// Reads what was typed and makes it ready.
    pub fn of(
        text: &str,
        options: &Options,
        project: &Project,
        by: &AnnotatorId,
    ) -> Result<Self, QueryError> {
        Self::new(&super::parse(text, options)?, options, project, by)
    }

    /// The same as long as it goes on, which is asked before each word. `None` when it was stopped.
    pub fn of_while(
        text: &str,
        options: &Options,
        project: &Project,
        by: &AnnotatorId,
        goes_on: &mut dyn FnMut() -> bool,
    ) -> Option<Result<Self, QueryError>> {
        let query = match super::parse(text, options) {
            Ok(query) => query,
            Err(error) => return Some(Err(error)),
        };
        match Self::ready(&query, options, project, by, goes_on) {
            Ok(search) => Some(Ok(search)),
            Err(Halt::Wrong(error)) => Some(Err(error)),
            Err(Halt::Stopped) => None,
        }
    }

    fn ready(
        query: &Query,
        options: &Options,
        project: &Project,
        by: &AnnotatorId,
        goes_on: &mut dyn FnMut() -> bool,
    ) -> Result<Self, Halt> {
        let mut names = Names {
            project,
            options,
            by,
            parts: 0,
            goes_on,
        };
        Ok(Self {
            node: names.node(query)?,
            query: query.clone(),
            options: *options,
        })
    }

    /// Whether its hits are annotations.
    pub fn finds_annotations(&self) -> bool {
        self.query.finds_annotations()
    }

    /// The hits in an article: rising, none empty, on grapheme boundaries. Annotations are their
    /// extents, and those may overlap. A query of conditions alone finds the first line of each
    /// article. `None` when it was stopped.
    pub fn hits_in(
        &self,
        article: &Article,
        goes_on: &mut dyn FnMut() -> bool,
    ) -> Option<Vec<ByteRange>> {
        let mut asked = Asked { article, goes_on };
        if !self.query.finds() {
            let whole = Found {
                range: first_line(article),
                annotation: None,
            };
            let is_it = !whole.range.is_empty() && asked.test(&self.node)?(whole);
            return Some(Vec::from_iter(is_it.then_some(whole.range)));
        }
        let found = asked.find(&self.node)?;
        Some(found.into_iter().map(|found| found.range).collect())
    }
}

fn first_line(article: &Article) -> ByteRange {
    let text = &article.text;
    let mut lines = (0..text.line_count()).map(|line| text.line_range(line));
    let said = lines.find(|line| !text.slice(*line).trim().is_empty());
    said.map_or(ByteRange::empty(BytePos(0)), |line| {
        crate::core::text::segment::trim(text, line)
    })
}

/// Whether something that was found fits.
type Tester<'a> = Box<dyn Fn(Found<'a>) -> bool + 'a>;

fn always<'a>(holds: bool) -> Tester<'a> {
    Box::new(move |_| holds)
}

struct Asked<'a, 'g> {
    article: &'a Article,
    goes_on: &'g mut dyn FnMut() -> bool,
}

impl<'a> Asked<'a, '_> {
    fn find(&mut self, node: &'a Node) -> Option<Vec<Found<'a>>> {
        match node {
            Node::Text(matcher) => {
                let ranges = matcher.find(&self.article.text, self.goes_on)?;
                Some(plain(ranges))
            }
            Node::Near(a, within, b) => {
                let a = self.find(a)?;
                if a.is_empty() {
                    return Some(Vec::new());
                }
                let b = self.find(b)?;
                let ranges = |found: Vec<Found<'_>>| -> Vec<ByteRange> {
                    found.into_iter().map(|found| found.range).collect()
                };
                let near = pairs(
                    &self.article.text,
                    &ranges(a),
                    &ranges(b),
                    *within,
                    self.goes_on,
                );
                near.map(plain)
            }
            Node::Or(all) => {
                let mut found = Vec::new();
                for part in all {
                    found.extend(self.find(part)?);
                }
                Some(in_order(found))
            }
            Node::And(all) => self.find_all(all),
            Node::Where(Test::Label(filter)) => {
                let fragments = self.article.annotations.fragments().iter();
                let first = fragments.filter(|entry| entry.fragment == 0);
                let fitting = first.filter(|entry| filter.fits(&entry.annotation));
                let found = fitting.map(|entry| Found {
                    range: entry.annotation.extent(),
                    annotation: Some(&entry.annotation),
                });
                Some(found.collect())
            }
            Node::Not(_) | Node::Where(_) => Some(Vec::new()),
        }
    }

    fn find_all(&mut self, all: &'a [Node]) -> Option<Vec<Found<'a>>> {
        // What an article says of itself is asked first: it costs least.
        for part in all {
            if let Node::Where(
                Test::Title(_) | Test::Date(_) | Test::Status(..) | Test::Set(_) | Test::Field(..),
            ) = part
                && !self.holds_for_article(part)
            {
                return Some(Vec::new());
            }
        }
        let (finding, tests): (Vec<&Node>, Vec<&Node>) = all.iter().partition(|part| part.finds());
        let (annotations, words): (Vec<&Node>, Vec<&Node>) =
            finding.iter().partition(|part| part.finds_annotations());
        let mut parts: Vec<Vec<Found<'a>>> = Vec::new();
        for part in words {
            let found = self.find(part)?;
            if found.is_empty() {
                return Some(found);
            }
            parts.push(found);
        }
        let mut testers = Vec::new();
        for test in tests {
            testers.push(self.test(test)?);
        }
        let fits = |found: &Found<'a>| testers.iter().all(|test| test(*found));
        let Some((first, others)) = annotations.split_first() else {
            for part in &mut parts {
                part.retain(&fits);
                if part.is_empty() {
                    return Some(Vec::new());
                }
            }
            return Some(in_order(parts.into_iter().flatten().collect()));
        };
        // The annotations that hold some of each.
        let mut found = self.find(first)?;
        for other in others {
            let other = self.find(other)?;
            let ids = other.iter().filter_map(|other| other.annotation);
            let ids: HashSet<_> = ids.map(|annotation| &annotation.id).collect();
            found.retain(|found| found.annotation.is_some_and(|own| ids.contains(&own.id)));
        }
        found.retain(|found| {
            fits(found)
                && parts.iter().all(|part| {
                    let from = part.partition_point(|hit| hit.range.start < found.range.start);
                    let within = part.get(from..).unwrap_or_default().iter();
                    within
                        .take_while(|hit| hit.range.start < found.range.end)
                        .any(|hit| is_within(hit.range, found))
                })
        });
        Some(found)
    }

    fn holds_for_article(&self, node: &Node) -> bool {
        let Node::Where(test) = node else {
            return true;
        };
        let article = self.article;
        let any = |values: &[Value], text: &str| {
            values.is_empty() || values.iter().any(|value| value.fits(text))
        };
        match test {
            Test::Title(values) => any(values, &folded(article.display_title())),
            Test::Date(dates) => dates.hold(article.meta("published").unwrap_or_default().trim()),
            Test::Status(by, all) => all.contains(&article.status_for(by)),
            Test::Set(members) => members.contains(&article.id),
            Test::Field(name, values) => {
                let said = meta(&article.metadata, name);
                said.is_some_and(|said| any(values, &folded(said)))
            }
            Test::In(_) | Test::Outside(_) | Test::Label(_) | Test::Own(_) => true,
        }
    }

    /// What tells whether something that was found fits a condition. One that finds something itself
    /// holds where the article has it.
    fn test(&mut self, node: &'a Node) -> Option<Tester<'a>> {
        if node.finds() {
            let found = self.find(node)?;
            return Some(always(!found.is_empty()));
        }
        Some(match node {
            Node::Text(_) | Node::Near(..) => always(false),
            Node::Not(inner) => {
                let inner = self.test(inner)?;
                Box::new(move |found| !inner(found))
            }
            Node::And(all) => {
                let all = self.tests(all)?;
                Box::new(move |found| all.iter().all(|test| test(found)))
            }
            Node::Or(all) => {
                let all = self.tests(all)?;
                Box::new(move |found| all.iter().any(|test| test(found)))
            }
            Node::Where(test) => self.condition(node, test),
        })
    }

    fn tests(&mut self, all: &'a [Node]) -> Option<Vec<Tester<'a>>> {
        all.iter().map(|part| self.test(part)).collect()
    }

    fn condition(&self, node: &Node, test: &'a Test) -> Tester<'a> {
        let article = self.article;
        match test {
            Test::In(filter) => {
                let cover = Cover::of(article, filter, None);
                Box::new(move |found| match found.annotation {
                    // It does not lie in itself.
                    Some(own) if filter.fits(own) => {
                        Cover::of(article, filter, Some(own)).holds(found.range)
                    }
                    _ => cover.holds(found.range),
                })
            }
            Test::Outside(filter) => {
                let cover = Cover::of(article, filter, None);
                Box::new(move |found| match found.annotation {
                    Some(own) if filter.fits(own) => {
                        !Cover::of(article, filter, Some(own)).touches(found.range)
                    }
                    _ => !cover.touches(found.range),
                })
            }
            Test::Own(filter) => {
                let cover = Cover::of(article, filter, None);
                Box::new(move |found| match found.annotation {
                    Some(own) => filter.fits(own),
                    None => cover.holds(found.range),
                })
            }
            Test::Label(_) => always(false),
            Test::Title(_) | Test::Date(_) | Test::Status(..) | Test::Set(_) | Test::Field(..) => {
                always(self.holds_for_article(node))
            }
        }
    }
}

/// Whether a hit lies in one part of an annotation.
fn is_within(hit: ByteRange, found: &Found<'_>) -> bool {
    let fragments = found
        .annotation
        .map(|annotation| annotation.fragments.iter());
    fragments
        .into_iter()
        .flatten()
        .any(|fragment| fragment.covers(hit))
}

fn plain<'a>(ranges: Vec<ByteRange>) -> Vec<Found<'a>> {
    let found = ranges.into_iter().map(|range| Found {
        range,
        annotation: None,
    });
    found.collect()
}

/// By where they begin, the longer first, each once.
fn in_order(mut found: Vec<Found<'_>>) -> Vec<Found<'_>> {
    found.sort_by_key(|found| (found.range.start, std::cmp::Reverse(found.range.end)));
    let id = |found: &Found<'_>| found.annotation.map(|annotation| annotation.id.clone());
    found.dedup_by(|a, b| a.range == b.range && id(a) == id(b));
    found
}
