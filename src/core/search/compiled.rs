//! A query made ready for a project: its names resolved, its words compiled. Asks one article at a
//! time; says at which place of the query something is named that is not there.
//!
//! What an article answers depends on the article and on this value only, so answers can be kept
//! while it stays the same.

use super::fold::folded;
use super::grammar::FIELDS;
use super::matcher::Matcher;
use super::near::pairs;
use super::place::{Attribute, Cover, Filter, Said, Speaker, Value, meta};
use super::query::{AttributeTest, Condition, Dates, Marked, Query, ValueTest, Within};
use super::{Options, QueryError};
use crate::core::annotation::Annotation;
use crate::core::article::{Article, Status};
use crate::core::codebook::{AttributeKind, AttributeSpec};
use crate::core::ids::{AnnotatorId, ArticleId, LabelId, PersonId};
use crate::core::project::Project;
use crate::core::text::{BytePos, ByteRange};
use std::collections::{BTreeSet, HashSet};
use std::ops::Range;
use std::sync::Arc;

/// The most parts of a query.
const MAX_PARTS: usize = 500;

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

#[derive(Clone, Debug)]
enum Node {
    Text(Matcher),
    And(Vec<Node>),
    Or(Vec<Node>),
    Not(Box<Node>),
    Near(Box<Node>, Within, Box<Node>),
    Where(Test),
}

#[derive(Clone, Debug, PartialEq)]
enum Test {
    In(Filter),
    Outside(Filter),
    /// The annotations themselves.
    Label(Filter),
    /// Of an annotation that is found; of one around what is found otherwise.
    Own(Filter),
    Title(Vec<Value>),
    Date(Dates),
    Status(AnnotatorId, Vec<Status>),
    Set(BTreeSet<ArticleId>),
    Field(String, Vec<Value>),
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
        let mut names = Names {
            project,
            options,
            by,
            parts: 0,
        };
        Ok(Self {
            node: names.node(query)?,
            query: query.clone(),
            options: *options,
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

impl Node {
    fn finds(&self) -> bool {
        match self {
            Self::Text(_) | Self::Near(..) => true,
            Self::And(all) => all.iter().any(Self::finds),
            Self::Or(all) => all.iter().all(Self::finds),
            Self::Not(_) => false,
            Self::Where(test) => matches!(test, Test::Label(_)),
        }
    }

    fn finds_annotations(&self) -> bool {
        match self {
            Self::Text(_) | Self::Near(..) | Self::Not(_) => false,
            Self::And(all) => all.iter().any(Self::finds_annotations),
            Self::Or(all) => all.iter().all(Self::finds_annotations),
            Self::Where(test) => matches!(test, Test::Label(_)),
        }
    }

    /// Whether its names are the same; words are those of the query.
    fn asks(&self, other: &Self) -> bool {
        let all =
            |a: &[Self], b: &[Self]| a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.asks(b));
        match (self, other) {
            (Self::Text(_), Self::Text(_)) => true,
            (Self::And(a), Self::And(b)) | (Self::Or(a), Self::Or(b)) => all(a, b),
            (Self::Not(a), Self::Not(b)) => a.asks(b),
            (Self::Near(a, _, b), Self::Near(c, _, d)) => a.asks(c) && b.asks(d),
            (Self::Where(a), Self::Where(b)) => a == b,
            _ => false,
        }
    }
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

/// Finds what the names of a query stand for.
struct Names<'a> {
    project: &'a Project,
    options: &'a Options,
    by: &'a AnnotatorId,
    parts: usize,
}

impl Names<'_> {
    fn node(&mut self, query: &Query) -> Result<Node, QueryError> {
        self.parts += 1;
        if self.parts > MAX_PARTS {
            return Err(QueryError::at(query.at(), "this query has too many parts"));
        }
        Ok(match query {
            Query::Words(words, at) => {
                let told = |error| QueryError {
                    at: at.range(),
                    ..error
                };
                Node::Text(Matcher::words(words, self.options).map_err(told)?)
            }
            Query::Pattern(pattern, at) => {
                Node::Text(Matcher::pattern(pattern, at.range(), self.options)?)
            }
            Query::And(all) => self.all(all)?,
            Query::Or(all) => {
                let all: Result<_, _> = all.iter().map(|part| self.node(part)).collect();
                Node::Or(all?)
            }
            Query::Not(inner) => Node::Not(Box::new(self.node(inner)?)),
            Query::Near(a, within, b) => {
                Node::Near(Box::new(self.node(a)?), *within, Box::new(self.node(b)?))
            }
            Query::Where(condition, at) => {
                if let Condition::Field(name, values) = condition {
                    self.must_have_field(name, values, at.range())?;
                }
                let test = self.test(condition);
                Node::Where(test.map_err(|error| error.in_condition(condition, at.range()))?)
            }
        })
    }

    /// What is said of annotations goes with each `in:` and `label:` beside it.
    fn all(&mut self, all: &[Query]) -> Result<Node, QueryError> {
        let mut nodes = Vec::new();
        let mut own = Filter::default();
        for part in all {
            match self.node(part)? {
                Node::Where(Test::Own(filter)) => own.join(filter),
                node => nodes.push(node),
            }
        }
        if !own.takes_all() {
            let mut is_used = false;
            for node in &mut nodes {
                if let Node::Where(Test::In(filter) | Test::Label(filter)) = node {
                    filter.join(own.clone());
                    is_used = true;
                }
            }
            if !is_used {
                nodes.push(Node::Where(Test::Own(own)));
            }
        }
        Ok(Node::And(nodes))
    }

    fn test(&self, condition: &Condition) -> Result<Test, NoSuch> {
        let values =
            |all: &[String], is_whole| all.iter().map(|text| Value::new(text, is_whole)).collect();
        Ok(match condition {
            Condition::In(marked) => Test::In(self.filter(marked)?),
            Condition::Outside(marked) => Test::Outside(self.filter(marked)?),
            Condition::Label(marked) => Test::Label(self.filter(marked)?),
            Condition::Annotator(names) => Test::Own(Filter {
                annotators: vec![self.annotators(names)?],
                ..Filter::default()
            }),
            Condition::Note(notes) => Test::Own(Filter {
                notes: vec![values(notes, false)],
                ..Filter::default()
            }),
            Condition::Speaker(names) => Test::Own(Filter {
                speakers: vec![self.speaker(names)],
                ..Filter::default()
            }),
            Condition::Made(dates) => Test::Own(Filter {
                made: vec![dates.clone()],
                ..Filter::default()
            }),
            Condition::Title(all) => Test::Title(values(all, false)),
            Condition::Date(dates) => Test::Date(dates.clone()),
            Condition::Status(names) => Test::Status(self.by.clone(), statuses(names)?),
            Condition::Set(names) => Test::Set(self.members(names)?),
            Condition::Field(name, all) => Test::Field(name.clone(), values(all, name != "author")),
        })
    }

    fn filter(&self, marked: &Marked) -> Result<Filter, NoSuch> {
        let codebook = self.project.codebook();
        let mut meant = Vec::new();
        for name in &marked.labels {
            let wanted = folded(name);
            let label = codebook.label(name).or_else(|| {
                let mut labels = codebook.labels.iter();
                labels.find(|label| folded(&label.name) == wanted)
            });
            let Some(label) = label else {
                let known = codebook.labels.iter().map(|label| label.id.as_str());
                let told = format!("the codebook has no label “{name}”");
                return Err(NoSuch::new(told, name, known));
            };
            meant.push(&label.id);
        }
        let kinds: BTreeSet<LabelId> = meant
            .iter()
            .flat_map(|label| codebook.kinds_of(label))
            .collect();
        let labels = (!meant.is_empty()).then_some(kinds);
        let specs = || {
            let all = codebook.labels.iter();
            let all = all.filter(|label| labels.as_ref().is_none_or(|ids| ids.contains(&label.id)));
            all.flat_map(|label| &label.attributes)
        };
        let mut attributes = Vec::new();
        for AttributeTest { name, test } in &marked.attributes {
            let wanted = folded(name);
            let is_it = |spec: &&AttributeSpec| {
                spec.name == *name || folded(&spec.name) == wanted || folded(&spec.title) == wanted
            };
            let names: BTreeSet<String> = specs()
                .filter(is_it)
                .map(|spec| spec.name.clone())
                .collect();
            if names.is_empty() {
                let known = specs().map(|spec| spec.name.as_str());
                let told = format!("no such label has an attribute “{name}”");
                return Err(NoSuch::new(told, name, known));
            }
            let (value, is_not) = match test {
                ValueTest::Any => (None, false),
                ValueTest::Is(value) => (Some(self.said(value, true)), false),
                ValueTest::IsNot(value) => (Some(self.said(value, true)), true),
            };
            attributes.push(Attribute {
                names,
                value,
                is_not,
            });
        }
        Ok(Filter {
            labels,
            attributes,
            ..Filter::default()
        })
    }

    fn said(&self, value: &str, is_whole: bool) -> Said {
        let text = Value::new(value, is_whole);
        let people = self.project.people().iter().filter(|person| {
            let mut names = std::iter::once(&person.name).chain(&person.aliases);
            person.id.as_str() == value || names.any(|name| text.fits(&folded(name)))
        });
        let people: BTreeSet<PersonId> = people.map(|person| person.id.clone()).collect();
        Said { text, people }
    }

    fn speaker(&self, names: &[String]) -> Speaker {
        let labels = self.project.codebook().labels.iter();
        let specs = labels.flat_map(|label| &label.attributes);
        let people =
            specs.filter(|spec| spec.kind == AttributeKind::Person || spec.name == "speaker");
        Speaker {
            names: people.map(|spec| spec.name.clone()).collect(),
            said: names.iter().map(|name| self.said(name, false)).collect(),
        }
    }

    fn annotators(&self, names: &[String]) -> Result<BTreeSet<AnnotatorId>, NoSuch> {
        let known = self.project.annotators();
        if names.is_empty() {
            return Ok(known.iter().map(|annotator| annotator.id.clone()).collect());
        }
        let mut ids = BTreeSet::new();
        for name in names {
            let wanted = folded(name);
            let found = known.iter().find(|annotator| {
                annotator.id.as_str() == name || folded(&annotator.name) == wanted
            });
            let mut articles = self.project.articles().iter();
            let mut has_marks = || {
                articles.any(|article| {
                    article
                        .annotations
                        .annotators()
                        .any(|(id, _)| id.as_str() == name)
                })
            };
            if found.is_none() && has_marks() {
                ids.insert(AnnotatorId::new(name));
                continue;
            }
            let Some(found) = found else {
                let known = known.iter().map(|annotator| annotator.id.as_str());
                let told = format!("nobody called “{name}” annotates in this project");
                return Err(NoSuch::new(told, name, known));
            };
            ids.insert(found.id.clone());
        }
        Ok(ids)
    }

    fn members(&self, names: &[String]) -> Result<BTreeSet<ArticleId>, NoSuch> {
        let sets = self.project.sets();
        let mut members = BTreeSet::new();
        if names.is_empty() {
            members.extend(sets.iter().flat_map(|set| set.members.iter().cloned()));
        }
        for name in names {
            let wanted = folded(name);
            let found = sets
                .iter()
                .find(|set| set.id.as_str() == name || folded(&set.name) == wanted);
            let Some(found) = found else {
                let told = format!("there is no set “{name}”");
                let known = sets.iter().map(|set| set.name.as_str());
                return Err(NoSuch::new(told, name, known));
            };
            members.extend(found.members.iter().cloned());
        }
        Ok(members)
    }

    /// A misspelt field would find nothing without a word.
    fn must_have_field(
        &self,
        name: &str,
        values: &[String],
        at: Range<usize>,
    ) -> Result<(), QueryError> {
        let mut articles = self.project.articles().iter();
        if FIELDS.contains(&name) || articles.any(|article| article.metadata.contains_key(name)) {
            return Ok(());
        }
        let told = format!(
            "no article says anything under “{name}”; words with a colon stand in quotation marks"
        );
        let words = format!("\"{name}:{}\"", values.join(","));
        Err(QueryError::at(at.clone(), told).mended(at, words))
    }
}

impl Filter {
    fn join(&mut self, other: Self) {
        self.annotators.extend(other.annotators);
        self.notes.extend(other.notes);
        self.speakers.extend(other.speakers);
        self.made.extend(other.made);
        self.attributes.extend(other.attributes);
        self.labels = self.labels.take().or(other.labels);
    }
}

fn statuses(names: &[String]) -> Result<Vec<Status>, NoSuch> {
    if names.is_empty() {
        return Ok(Status::ALL.to_vec());
    }
    let mut all = Vec::new();
    for name in names {
        let wanted = folded(name).replace(['_', ' '], "-");
        let Some(status) = Status::ALL.iter().find(|status| status.word() == wanted) else {
            let told = format!("there is no status “{name}”");
            let known = Status::ALL.iter().map(Status::word);
            return Err(NoSuch::new(told, name, known));
        };
        all.push(status.clone());
    }
    Ok(all)
}

/// A name that stands for nothing.
struct NoSuch {
    told: String,
    name: String,
    near: Option<String>,
}

impl NoSuch {
    fn new<'a>(told: String, name: &str, known: impl Iterator<Item = &'a str>) -> Self {
        let letters = |name: &str| folded(name).chars().take(40).collect::<Vec<_>>();
        let wanted = letters(name);
        let near = known
            .map(|known| (steps(&wanted, &letters(known)), known))
            .min();
        let near = near.filter(|(steps, _)| *steps <= 1 + wanted.len() / 4);
        Self {
            told,
            name: name.to_owned(),
            near: near.map(|(_, near)| near.to_owned()),
        }
    }

    /// The error of a condition, which the name that is nearest would mend.
    fn in_condition(self, condition: &Condition, at: Range<usize>) -> QueryError {
        match self.near {
            None => QueryError::at(at, self.told),
            Some(near) => {
                let told = format!("{}; did you mean “{near}”?", self.told);
                let mended = condition.renamed(&self.name, &near).to_string();
                QueryError::at(at.clone(), told).mended(at, mended)
            }
        }
    }
}

/// How many letters must change to make one word of another.
fn steps(a: &[char], b: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut before = i;
        let mut left = i + 1;
        let mut next = vec![left];
        for (y, above) in b.iter().zip(row.iter().skip(1)) {
            left = (left + 1).min(above + 1).min(before + usize::from(x != y));
            before = *above;
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}
