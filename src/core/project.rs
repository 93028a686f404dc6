//! A project: a codebook, the people who annotate and who are quoted, and articles.
//!
//! Articles are shared (`Arc`), so a snapshot for a job is a copy of pointers. Only
//! [`crate::core::edit::apply`] changes a project after it was read.

mod groups;
mod index;
mod labels;
mod people;
mod rules;

pub use groups::{
    ApartOf, Evidence, Group, GroupIndex, GroupState, KeptApart, KeptPairs, Member, settle_groups,
};
use index::LedgerIndex;
pub use labels::{NewIds, relabel_article, relabel_codebook, relabel_rules, relabel_trashed};
pub use people::{Person, PersonKind, Tied, name_apart, plain_words};
pub use rules::{Dismissed, HitKey, Rule};

use crate::core::annotation::{Annotation, Timestamp};
use crate::core::article::Article;
use crate::core::codebook::{Codebook, Label};
use crate::core::ids::{AnnotatorId, ArticleId, FreshIds, GroupId, PersonId, RuleId, SetId};
use crate::core::kept::{Keeps, Kept, UnknownFields, keeps};
use crate::core::long_list::List;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::sync::Arc;

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Project {
    pub(in crate::core) name: String,
    pub(in crate::core) codebook: Arc<Codebook>,
    pub(in crate::core) annotators: List<Annotator>,
    pub(in crate::core) people: List<Person>,
    pub(in crate::core) articles: Vec<Arc<Article>>,
    pub(in crate::core) trash: List<Arc<TrashItem>>,
    pub(in crate::core) set_aside: List<SetAside>,
    pub(in crate::core) imports: List<Arc<ImportReport>>,
    pub(in crate::core) sets: List<Arc<ArticleSet>>,
    pub(in crate::core) rules: List<Arc<Rule>>,
    pub(in crate::core) groups: List<Arc<Group>>,
    pub(in crate::core) apart: List<Arc<KeptApart>>,
    pub(in crate::core) unknown: Arc<UnknownFields>,
    by_id: Places,
    ledger: LedgerIndex,
}

/// Where each article stands; derived.
#[derive(Clone, Debug, Default)]
struct Places(Arc<HashMap<ArticleId, usize>>);

/// What is derived makes no difference.
impl PartialEq for Places {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Annotator {
    pub id: AnnotatorId,
    pub name: String,
    pub unknown: UnknownFields,
}

/// Something deleted that can be brought back whole.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TrashItem {
    pub what: Trashed,
    pub by: AnnotatorId,
    pub when: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unknown: UnknownFields,
}

impl TrashItem {
    pub fn new(what: Trashed, by: AnnotatorId, when: Option<Timestamp>) -> Self {
        Self {
            what,
            by,
            when,
            unknown: UnknownFields::new(),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(
    clippy::large_enum_variant,
    reason = "items of the trash are few and shared"
)]
pub enum Trashed {
    Annotation {
        article: ArticleId,
        annotation: Arc<Annotation>,
    },
    Article(Arc<Article>),
    Label(Label),
    Annotator(Annotator),
    /// What a later version put there. It can be kept or deleted for good, not brought back.
    Later(Kept),
}

/// Something that could not be trusted when the file was read, kept as it stood there.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct SetAside {
    /// The article it belongs to; empty for none.
    pub article: String,
    pub reason: String,
    /// The value as it stood there.
    pub raw: Kept,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unknown: UnknownFields,
}

impl SetAside {
    pub fn new(
        article: impl Into<String>,
        reason: impl Into<String>,
        raw: impl Into<Box<str>>,
    ) -> Self {
        Self {
            article: article.into(),
            reason: reason.into(),
            raw: Kept::new(raw),
            unknown: UnknownFields::new(),
        }
    }
}

/// What became of the files of one import, as it was told then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportReport {
    pub by: AnnotatorId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Timestamp>,
    pub summary: String,
    /// Each file, and what became of it.
    pub files: Vec<(String, String)>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unknown: UnknownFields,
}

/// Articles that are looked at together under a name: chosen by hand, or drawn by lot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArticleSet {
    pub id: SetId,
    pub name: String,
    pub by: AnnotatorId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Timestamp>,
    /// How it came about, in words: “10 of 412 articles, by outlet”.
    pub how: String,
    /// What the lots were drawn with; 0 where none were.
    pub seed: u32,
    /// Articles that are gone for good stay named.
    pub members: Vec<ArticleId>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unknown: UnknownFields,
}

/// What a project is made from when it is read or created.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct ProjectParts {
    pub name: String,
    pub codebook: Codebook,
    pub annotators: Vec<Annotator>,
    pub people: Vec<Person>,
    pub articles: Vec<Arc<Article>>,
    pub trash: Vec<TrashItem>,
    pub set_aside: Vec<SetAside>,
    pub imports: Vec<Arc<ImportReport>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sets: Vec<Arc<ArticleSet>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<Arc<Rule>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<Arc<Group>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub apart: Vec<Arc<KeptApart>>,
    pub unknown: UnknownFields,
}

/// An item of a list of the project.
pub trait Listed: Keeps + Clone + PartialEq {
    /// What one with an id is, in words.
    const CALLED: &str = "";

    /// One that a copy removed and another left as it was is gone, unless something names it there.
    const GOES: bool = false;

    /// What it is called in every copy of the project; none where all of it tells it apart.
    fn id(&self) -> Option<&str> {
        None
    }

    /// As people know it.
    fn name(&self) -> &str {
        self.id().unwrap_or_default()
    }

    /// The id of what an edit has moved into it from elsewhere in the project.
    fn moved(&self) -> Option<&str> {
        None
    }

    /// Whether another one with its id can be quite another thing than this, and is.
    fn is_namesake(&self, _other: &Self) -> bool {
        false
    }

    /// Base, mine and theirs, with what is brought together whoever changed the rest in all of them.
    fn shared(base: Option<&Self>, mine: &Self, theirs: &Self) -> (Option<Self>, Self, Self) {
        (base.cloned(), mine.clone(), theirs.clone())
    }

    /// Mends a list that was brought together of several, and says what was done.
    fn settle(_all: &mut Vec<Self>) -> Vec<String> {
        Vec::new()
    }

    /// The same under an id and a name that none of the others has; none where it has such already.
    fn apart<'a>(&self, _others: impl Iterator<Item = &'a Self> + Clone) -> Option<Self>
    where
        Self: 'a,
    {
        None
    }
}

keeps!(Annotator, TrashItem, SetAside, ImportReport, ArticleSet);

impl Listed for Annotator {
    const CALLED: &str = "the annotator";

    fn id(&self) -> Option<&str> {
        Some(self.id.as_str())
    }
}

impl Listed for Arc<TrashItem> {
    fn moved(&self) -> Option<&str> {
        Some(self.what.id()).filter(|id| !id.is_empty())
    }
}

impl Listed for SetAside {}

impl Listed for Arc<ImportReport> {}

impl Listed for Arc<ArticleSet> {
    const CALLED: &str = "the set of articles";

    fn id(&self) -> Option<&str> {
        Some(self.id.as_str())
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn is_namesake(&self, other: &Self) -> bool {
        let made = |set: &ArticleSet| (set.by.clone(), set.when, set.seed, set.how.clone());
        made(self) != made(other)
    }

    fn apart<'a>(&self, others: impl Iterator<Item = &'a Self> + Clone) -> Option<Self> {
        let is_taken = |id: &str| others.clone().any(|set| set.id.as_str() == id);
        let id = FreshIds::default().take_unless(self.id.as_str(), is_taken);
        let name = ArticleSet::free_name(&self.name, others.map(|set| &**set));
        (id != self.id.as_str() || name != self.name).then(|| {
            Self::new(ArticleSet {
                id: SetId::new(id),
                name,
                ..ArticleSet::clone(self)
            })
        })
    }
}

impl ArticleSet {
    /// The name, or the name with a number: two sets of one name could not be told apart.
    pub fn free_name<'a>(wanted: &str, others: impl Iterator<Item = &'a Self> + Clone) -> String {
        let is_taken = |name: &str| {
            let name = name.to_lowercase();
            others.clone().any(|set| set.name.to_lowercase() == name)
        };
        let mut name = wanted.to_owned();
        let mut n = 2;
        while is_taken(&name) {
            name = format!("{wanted} ({n})");
            n += 1;
        }
        name
    }
}

impl Project {
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            ..Self::default()
        }
    }

    /// Article ids must be unique; readers see to that.
    pub fn from_parts(parts: ProjectParts) -> Self {
        let mut project = Self {
            name: parts.name,
            codebook: Arc::new(parts.codebook),
            annotators: parts.annotators.into(),
            people: parts.people.into(),
            articles: parts.articles,
            trash: parts
                .trash
                .into_iter()
                .map(Arc::new)
                .collect::<Vec<_>>()
                .into(),
            set_aside: parts.set_aside.into(),
            imports: parts.imports.into(),
            sets: parts.sets.into(),
            rules: parts.rules.into(),
            groups: parts.groups.into(),
            apart: parts.apart.into(),
            unknown: Arc::new(parts.unknown),
            by_id: Places::default(),
            ledger: LedgerIndex::default(),
        };
        project.index_articles_from(0);
        project
    }

    /// What the same project can be made from.
    pub fn parts(&self) -> ProjectParts {
        ProjectParts {
            name: self.name.clone(),
            codebook: Codebook::clone(&self.codebook),
            annotators: self.annotators.to_vec(),
            people: self.people.to_vec(),
            articles: self.articles.clone(),
            trash: self
                .trash
                .iter()
                .map(|item| TrashItem::clone(item))
                .collect(),
            set_aside: self.set_aside.to_vec(),
            imports: self.imports.to_vec(),
            sets: self.sets.to_vec(),
            rules: self.rules.to_vec(),
            groups: self.groups.to_vec(),
            apart: self.apart.to_vec(),
            unknown: UnknownFields::clone(&self.unknown),
        }
    }

    /// Whatever list was opened can be read again.
    pub(in crate::core) fn close_lists(&mut self) {
        let Self {
            name: _,
            codebook: _,
            annotators,
            people,
            articles: _,
            trash,
            set_aside,
            imports,
            sets,
            rules,
            groups,
            apart,
            unknown: _,
            by_id: _,
            ledger,
        } = self;
        annotators.close();
        if people.close() {
            *ledger = LedgerIndex::default();
        }
        trash.close();
        set_aside.close();
        imports.close();
        sets.close();
        rules.close();
        groups.close();
        apart.close();
    }

    /// Says anew where the articles from this place on stand.
    pub(in crate::core) fn index_articles_from(&mut self, first: usize) {
        let moved = self.articles.iter().enumerate().skip(first);
        Arc::make_mut(&mut self.by_id.0).extend(moved.map(|(i, article)| (article.id.clone(), i)));
    }

    pub(in crate::core) fn forget_articles<'a>(
        &mut self,
        ids: impl Iterator<Item = &'a ArticleId>,
    ) {
        let index = Arc::make_mut(&mut self.by_id.0);
        for id in ids {
            index.remove(id);
        }
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    pub fn codebook(&self) -> &Codebook {
        &self.codebook
    }

    pub fn annotators(&self) -> &[Annotator] {
        &self.annotators
    }

    pub fn people(&self) -> &[Person] {
        &self.people
    }

    pub fn articles(&self) -> &[Arc<Article>] {
        &self.articles
    }

    pub fn trash(&self) -> &[Arc<TrashItem>] {
        &self.trash
    }

    pub fn set_aside(&self) -> &[SetAside] {
        &self.set_aside
    }

    /// Reports of imports, the oldest first.
    pub fn imports(&self) -> &[Arc<ImportReport>] {
        &self.imports
    }

    /// Sets of articles, as they were made.
    pub fn sets(&self) -> &[Arc<ArticleSet>] {
        &self.sets
    }

    pub fn set(&self, id: &SetId) -> Option<&Arc<ArticleSet>> {
        self.sets.iter().find(|set| set.id == *id)
    }

    /// Searches that are kept, as they were made.
    pub fn rules(&self) -> &[Arc<Rule>] {
        &self.rules
    }

    pub fn rule(&self, id: &RuleId) -> Option<&Arc<Rule>> {
        self.rules.iter().find(|rule| rule.id == *id)
    }

    /// Quotes and claims that say the same, as they were grouped.
    pub fn groups(&self) -> &[Arc<Group>] {
        &self.groups
    }

    pub fn group(&self, id: &GroupId) -> Option<&Arc<Group>> {
        self.groups.iter().find(|group| group.id == *id)
    }

    /// What was decided not to be the same.
    pub fn apart(&self) -> &[Arc<KeptApart>] {
        &self.apart
    }

    pub fn unknown(&self) -> &UnknownFields {
        &self.unknown
    }

    pub fn article_index(&self, id: &ArticleId) -> Option<usize> {
        self.by_id.0.get(id).copied()
    }

    pub fn article(&self, id: &ArticleId) -> Option<&Arc<Article>> {
        self.articles.get(self.article_index(id)?)
    }

    /// An article, whether it is there or in the trash.
    pub fn article_or_trashed(&self, id: &ArticleId) -> Option<&Arc<Article>> {
        let mut trashed = self.trash.iter().filter_map(|item| item.what.article());
        self.article(id)
            .or_else(|| trashed.find(|article| article.id == *id))
    }

    pub fn annotation_count(&self) -> usize {
        self.articles.iter().map(|a| a.annotations.len()).sum()
    }

    pub fn annotator_name<'a>(&'a self, id: &'a AnnotatorId) -> &'a str {
        self.annotators
            .iter()
            .find(|annotator| annotator.id == *id)
            .map_or(id.as_str(), |annotator| annotator.name.as_str())
    }

    pub fn person(&self, id: &PersonId) -> Option<&Person> {
        self.people.get(self.ledger.place_of(&self.people, id)?)
    }

    /// The same as files have it, in which people are known by their names: of several who are called
    /// so, all but the first have their id beside it.
    pub fn value_text_apart(&self, value: &crate::core::annotation::AttributeValue) -> String {
        let text = self.value_text(value);
        match value {
            crate::core::annotation::AttributeValue::Person(id)
                if self.ledger.is_namesake(&self.people, id) =>
            {
                name_apart(&text, id)
            }
            _ => text,
        }
    }

    /// An attribute value as a person would read it: people by name.
    pub fn value_text(&self, value: &crate::core::annotation::AttributeValue) -> String {
        use crate::core::annotation::AttributeValue;
        match value {
            AttributeValue::Person(id) => self
                .person(id)
                .map_or_else(|| id.to_string(), |person| person.name.clone()),
            other => other.to_text(),
        }
    }
}

/// What an item of the trash says of itself: a kind that is added does not compile until it has.
#[deny(clippy::wildcard_enum_match_arm)]
impl Trashed {
    pub fn article(&self) -> Option<&Arc<Article>> {
        match self {
            Self::Article(article) => Some(article),
            Self::Annotation { .. } | Self::Label(_) | Self::Annotator(_) | Self::Later(_) => None,
        }
    }

    /// An annotation that was deleted by itself, and the article that it was in.
    pub fn annotation(&self) -> Option<(&ArticleId, &Arc<Annotation>)> {
        match self {
            Self::Annotation {
                article,
                annotation,
            } => Some((article, annotation)),
            Self::Article(_) | Self::Label(_) | Self::Annotator(_) | Self::Later(_) => None,
        }
    }

    pub fn label(&self) -> Option<&Label> {
        match self {
            Self::Label(label) => Some(label),
            Self::Annotation { .. } | Self::Article(_) | Self::Annotator(_) | Self::Later(_) => {
                None
            }
        }
    }

    /// All annotations in it.
    pub fn annotations(&self) -> impl Iterator<Item = &Arc<Annotation>> {
        let alone = self.annotation().map(|(_, annotation)| annotation);
        let inside = self.article().map(|article| article.annotations.iter());
        alone.into_iter().chain(inside.into_iter().flatten())
    }

    /// The id of what it is; empty for what a later version knows.
    pub fn id(&self) -> &str {
        match self {
            Self::Annotation { annotation, .. } => annotation.id.as_str(),
            Self::Article(article) => article.id.as_str(),
            Self::Label(label) => label.id.as_str(),
            Self::Annotator(annotator) => annotator.id.as_str(),
            Self::Later(_) => "",
        }
    }
}
