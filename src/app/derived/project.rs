//! What is derived from all articles of the project.

use super::{ByArticle, Derive};
use crate::app::session::Session;
use crate::core::codebook::Label;
use crate::core::ids::{AnnotatorId, LabelId, SetId};
use crate::core::lists::{
    LabelsListed, labels_listed, metadata_names, metadata_values, searched_text,
};
use crate::core::project::Project;
use crate::core::stats::Stats;
use std::collections::BTreeSet;
use std::rc::Rc;

/// How many there are: by label, by annotator, by status.
#[derive(Clone, PartialEq)]
pub struct Counts;

type Counted = (ByArticle<Stats>, Stats);

impl Counts {
    fn count((parts, sum): &mut Counted, project: &Project) {
        let gone = parts.update(project.articles(), |article| {
            let part = Stats::of(article);
            sum.add(&part);
            part
        });
        for part in &gone {
            sum.take(part);
        }
    }

    /// What counting goes on from, made where no window waits.
    pub fn of(project: &Project) -> Counted {
        let mut counted = Counted::default();
        Self::count(&mut counted, project);
        counted
    }
}

impl Derive for Counts {
    type Value = Stats;
    type Memo = Counted;

    fn derive(&self, session: &Session, counted: &mut Counted) -> Stats {
        Self::count(counted, session.project());
        counted.1.clone()
    }
}

/// How many annotations each label has in all articles, its kinds counted in, by its place in the
/// codebook.
#[derive(Clone)]
pub struct CountsWithKinds {
    /// As they were counted without kinds; the same ones are known by their pointer.
    pub counts: Rc<Stats>,
}

impl PartialEq for CountsWithKinds {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.counts, &other.counts)
    }
}

impl Derive for CountsWithKinds {
    type Value = Vec<usize>;
    type Memo = ();

    fn derive(&self, session: &Session, (): &mut ()) -> Vec<usize> {
        let own = |label: &Label| self.counts.of_label(&label.id).annotations;
        session.project().codebook().with_kinds(own)
    }
}

/// How many members of a set are among the articles.
#[derive(Clone, PartialEq)]
pub struct MembersThere(pub SetId);

impl Derive for MembersThere {
    type Value = usize;
    type Memo = ();

    fn derive(&self, session: &Session, (): &mut ()) -> usize {
        let project = session.project();
        let members = project
            .set(&self.0)
            .into_iter()
            .flat_map(|set| &set.members);
        let there = members.filter(|id| project.article_index(id).is_some());
        there.count()
    }
}

/// The labels that a list of them shows.
#[derive(Clone, PartialEq)]
pub struct ListedLabels {
    pub typed: String,
    /// Whose kinds are not shown.
    pub folded: BTreeSet<LabelId>,
}

impl Derive for ListedLabels {
    type Value = LabelsListed;
    type Memo = ();
    /// The panel's, the page's, and those of menus that are open.
    const KEPT: usize = 5;

    fn derive(&self, session: &Session, (): &mut ()) -> Self::Value {
        let codebook = session.project().codebook();
        labels_listed(codebook, &self.typed, |id| self.folded.contains(id))
    }
}

/// The places of the articles that hold each word in title or byline, rising.
#[derive(Clone, PartialEq)]
pub struct FittingArticles {
    pub filter: String,
    /// A word may be of the status that this annotator gave, too.
    pub status_of: Option<AnnotatorId>,
}

impl Derive for FittingArticles {
    type Value = Vec<usize>;
    type Memo = ByArticle<String>;

    fn derive(&self, session: &Session, texts: &mut Self::Memo) -> Vec<usize> {
        let articles = session.project().articles();
        let filter = self.filter.to_lowercase();
        let words: Vec<&str> = filter.split_whitespace().collect();
        if words.is_empty() {
            return (0..articles.len()).collect();
        }
        texts.update(articles, searched_text);
        let fitting = articles.iter().zip(texts.parts()).enumerate();
        let fitting = fitting.filter(|(_, (article, text))| {
            let status = self.status_of.as_ref().map(|by| article.status_for(by));
            let status = status.map_or(String::new(), |status| status.name().to_lowercase());
            let has = |word: &&str| text.contains(*word) || status.contains(*word);
            words.iter().all(has)
        });
        fitting.map(|(at, _)| at).collect()
    }
}

/// The names of metadata that there are to choose from.
#[derive(Clone, PartialEq)]
pub struct MetadataNames;

impl Derive for MetadataNames {
    type Value = Vec<String>;
    type Memo = ();

    fn derive(&self, session: &Session, (): &mut ()) -> Vec<String> {
        metadata_names(session.project().articles())
    }
}

/// Whether an article says anything under this name.
#[derive(Clone, PartialEq)]
pub struct HasMetadata(pub &'static str);

impl Derive for HasMetadata {
    type Value = bool;
    type Memo = ();
    /// Those that are offered at once.
    const KEPT: usize = 12;

    fn derive(&self, session: &Session, (): &mut ()) -> bool {
        let mut articles = session.project().articles().iter();
        articles.any(|article| article.meta(self.0).is_some())
    }
}

/// The values that one name has; none when there are too many to choose from.
#[derive(Clone, PartialEq)]
pub struct MetadataValues(pub String);

impl Derive for MetadataValues {
    type Value = Vec<String>;
    type Memo = ();

    fn derive(&self, session: &Session, (): &mut ()) -> Vec<String> {
        metadata_values(session.project().articles(), &self.0)
    }
}

/// People in the speaker ledger who are called what was typed, wholly or in part, by whichever of
/// their names, and not it alone: a few.
#[derive(Clone, PartialEq)]
pub struct PeopleLike(pub String);

impl Derive for PeopleLike {
    type Value = Vec<String>;
    type Memo = ();

    fn derive(&self, session: &Session, (): &mut ()) -> Vec<String> {
        let wanted = self.0.to_lowercase();
        if wanted.is_empty() {
            return Vec::new();
        }
        const MOST: usize = 6;
        let has_it = |name: &String| name.to_lowercase().contains(&wanted);
        let people = session.project().people().iter();
        let fitting = people.filter(|person| {
            person.name != self.0 && (has_it(&person.name) || person.aliases.iter().any(has_it))
        });
        let names = fitting.take(MOST).map(|person| person.name.clone());
        names.collect()
    }
}
