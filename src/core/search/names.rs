//! What the names of a query stand for in a project: labels, attributes, people, sets. Says at which
//! place of the query something is named that is not there, and what may be meant.
//!
//! Knows no text that is searched.

use super::fold::folded;
use super::grammar::FIELDS;
use super::matcher::Matcher;
use super::node::{Node, Test};
use super::parse::parse;
use super::place::{Attribute, Filter, Said, Speaker, Value};
use super::query::{AttributeTest, Condition, Marked, Query, ValueTest};
use super::{Options, QueryError};
use crate::core::article::Status;
use crate::core::codebook::{AttributeKind, AttributeSpec, Codebook, Label};
use crate::core::ids::{AnnotatorId, ArticleId, LabelId, PersonId};
use crate::core::project::Project;
use std::collections::BTreeSet;
use std::ops::Range;

/// The most parts of a query.
const MAX_PARTS: usize = 500;

/// The label that a query means by a name: by its id, or by what it is called.
pub fn label_called<'a>(codebook: &'a Codebook, name: &str) -> Option<&'a Label> {
    codebook.label(name).or_else(|| {
        let wanted = folded(name);
        let mut labels = codebook.labels.iter();
        labels.find(|label| folded(&label.name) == wanted)
    })
}

/// A query as text in which labels are called otherwise: `other` has another name for some of those
/// that stand there. Nothing where none is, or the text is no query.
pub fn with_labels(
    text: &str,
    options: &Options,
    other: &dyn Fn(&str) -> Option<String>,
) -> Option<String> {
    let query = parse(text, options).ok()?;
    let mut places = Vec::new();
    query.conditions(&mut |condition, at| {
        let mut condition = condition.clone();
        let mut is_other = false;
        if let Condition::In(marked) | Condition::Outside(marked) | Condition::Label(marked) =
            &mut condition
        {
            for label in &mut marked.labels {
                if let Some(name) = other(label) {
                    *label = name;
                    is_other = true;
                }
            }
        }
        if is_other {
            places.push((at.range(), condition.to_string()));
        }
    });
    if places.is_empty() {
        return None;
    }
    // From behind, so that the places before stay where they are.
    places.sort_by_key(|(at, _)| std::cmp::Reverse(at.start));
    let mut text = text.to_owned();
    for (at, condition) in places {
        text.get(at.clone())?;
        text.replace_range(at, &condition);
    }
    Some(text)
}

/// Finds what the names of a query stand for.
pub(super) struct Names<'a> {
    pub(super) project: &'a Project,
    pub(super) options: &'a Options,
    pub(super) by: &'a AnnotatorId,
    pub(super) parts: usize,
    pub(super) goes_on: &'a mut dyn FnMut() -> bool,
}

/// Why a query was not made ready.
pub(super) enum Halt {
    Wrong(QueryError),
    Stopped,
}

impl From<QueryError> for Halt {
    fn from(error: QueryError) -> Self {
        Self::Wrong(error)
    }
}

impl Names<'_> {
    pub(super) fn node(&mut self, query: &Query) -> Result<Node, Halt> {
        self.parts += 1;
        if self.parts > MAX_PARTS {
            return Err(QueryError::at(query.at(), "this query has too many parts").into());
        }
        // A long word takes milliseconds.
        if !(self.goes_on)() {
            return Err(Halt::Stopped);
        }
        Ok(match query {
            Query::Words(words, at) => {
                let told = |error| QueryError {
                    at: at.range(),
                    ..error
                };
                let matcher = Matcher::words(words, self.options, self.goes_on);
                Node::Text(matcher.ok_or(Halt::Stopped)?.map_err(told)?)
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
    fn all(&mut self, all: &[Query]) -> Result<Node, Halt> {
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
            let Some(label) = label_called(codebook, name) else {
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
