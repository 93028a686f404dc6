//! What searches find: the one that is typed, and those that are kept.

use super::parts::DeriveInParts;
use crate::app::search::{Memo, search_all};
use crate::app::session::Session;
use crate::core::article::Article;
use crate::core::ids::{AnnotatorId, ArticleId, RuleId};
use crate::core::project::Project;
use crate::core::rules::{Tally, hits_of, tally};
use crate::core::search::{Hits, Options, QueryError, Search};
use crate::core::text::ByteRange;

/// What a query finds in all articles, or in one.
#[derive(Clone, PartialEq)]
pub struct Find {
    /// As it is typed.
    pub query: String,
    pub options: Options,
    /// Whose work on articles `status:` means.
    pub by: AnnotatorId,
    /// Only in this one; its hits have its place.
    pub within: Option<ArticleId>,
}

/// What was found.
#[derive(Debug, Default)]
pub struct Found {
    pub hits: Hits,
    /// How many articles were looked at so far.
    pub searched: usize,
    /// How many there are to look at.
    pub articles: usize,
    /// Why nothing was looked for.
    pub error: Option<QueryError>,
}

/// What is searched while the window waits, in bytes.
const FEW_BYTES: usize = 100_000;

impl DeriveInParts for Find {
    type Value = Found;
    type Memo = Memo;

    fn is_small(&self, session: &Session) -> bool {
        let project = session.project();
        match &self.within {
            Some(id) => project
                .article(id)
                .is_none_or(|article| article.text.len_bytes() <= FEW_BYTES),
            None => {
                let mut room = FEW_BYTES;
                project.articles().iter().all(|article| {
                    let fits = article.text.len_bytes() <= room;
                    room = room.saturating_sub(article.text.len_bytes());
                    fits
                })
            }
        }
    }

    fn may_show(&self, other: &Self) -> bool {
        self.within == other.within
    }

    fn derive(
        &self,
        project: &Project,
        memo: &mut Memo,
        goes_on: &(dyn Fn() -> bool + Sync),
        told: &mut dyn FnMut(Found),
    ) -> Option<Found> {
        let search = match Search::of(&self.query, &self.options, project, &self.by) {
            Ok(search) => search,
            Err(error) => {
                return Some(Found {
                    error: Some(error),
                    ..Found::default()
                });
            }
        };
        if let Some(id) = &self.within {
            let Some(at) = project.article_index(id) else {
                return Some(Found::default());
            };
            let ranges = search.hits_in(project.articles().get(at)?, &mut || goes_on())?;
            let mut hits = Hits::default();
            hits.add(at, &ranges);
            return Some(Found {
                hits,
                searched: 1,
                articles: 1,
                error: None,
            });
        }
        let articles = project.articles();
        let of = |found: crate::app::search::Found| Found {
            hits: found.hits,
            searched: found.searched,
            articles: articles.len(),
            error: None,
        };
        let found = search_all(&search, articles, memo, goes_on, &mut |found| {
            told(of(found))
        });
        found.map(of)
    }
}

/// What became of the hits of each kept rule, in their order.
#[derive(Clone, PartialEq)]
pub struct RuleTallies {
    pub by: AnnotatorId,
}

/// A kept rule with what its hits are.
#[derive(Clone, Debug)]
pub struct RuleTally {
    pub rule: RuleId,
    pub tally: Tally,
    /// Why nothing was looked for.
    pub error: Option<QueryError>,
}

impl DeriveInParts for RuleTallies {
    type Value = Vec<RuleTally>;
    type Memo = Vec<(RuleId, Memo)>;

    fn is_small(&self, session: &Session) -> bool {
        session.project().rules().is_empty()
    }

    fn may_show(&self, _: &Self) -> bool {
        true
    }

    fn derive(
        &self,
        project: &Project,
        memos: &mut Self::Memo,
        goes_on: &(dyn Fn() -> bool + Sync),
        told: &mut dyn FnMut(Self::Value),
    ) -> Option<Self::Value> {
        let mut all: Vec<RuleTally> = Vec::new();
        memos.retain(|(id, _)| project.rule(id).is_some());
        for rule in project.rules() {
            let known = memos.iter().position(|(id, _)| *id == rule.id);
            let at = known.unwrap_or_else(|| {
                memos.push((rule.id.clone(), Memo::default()));
                memos.len() - 1
            });
            let (_, memo) = memos.get_mut(at)?;
            let mut counted = RuleTally {
                rule: rule.id.clone(),
                tally: Tally::default(),
                error: None,
            };
            match Search::of(&rule.query, &rule.options(), project, &self.by) {
                Ok(search) => {
                    let found =
                        search_all(&search, project.articles(), memo, goes_on, &mut |_| ())?;
                    counted.tally = tally(project, rule, &found.hits);
                }
                Err(error) => counted.error = Some(error),
            }
            all.push(counted);
            if all.len() < project.rules().len() {
                told(all.clone());
            }
        }
        Some(all)
    }
}

/// What the rules that are seen find in an article: all that is neither marked nor dismissed.
#[derive(Clone, PartialEq)]
pub struct RuleHits {
    pub article: ArticleId,
    pub by: AnnotatorId,
}

impl DeriveInParts for RuleHits {
    type Value = Vec<(RuleId, Vec<ByteRange>)>;
    type Memo = ();

    fn is_small(&self, session: &Session) -> bool {
        let project = session.project();
        let article = project.article(&self.article);
        project.rules().is_empty()
            || article.is_none_or(|article| article.text.len_bytes() <= FEW_BYTES)
    }

    fn may_show(&self, other: &Self) -> bool {
        self.article == other.article
    }

    fn derive(
        &self,
        project: &Project,
        (): &mut (),
        goes_on: &(dyn Fn() -> bool + Sync),
        _: &mut dyn FnMut(Self::Value),
    ) -> Option<Self::Value> {
        let Some(article) = project.article(&self.article) else {
            return Some(Vec::new());
        };
        let article: &Article = article;
        let mut all = Vec::new();
        for rule in project.rules().iter().filter(|rule| !rule.hidden) {
            let Ok(search) = Search::of(&rule.query, &rule.options(), project, &self.by) else {
                continue;
            };
            let hits = search.hits_in(article, &mut || goes_on())?;
            all.push((rule.id.clone(), hits_of(project, rule, article, &hits)));
        }
        Some(all)
    }
}
