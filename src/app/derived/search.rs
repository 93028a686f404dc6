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
/// The longest query that is made ready meanwhile, in bytes.
const SHORT: usize = 160;
/// So many rules are looked for while the window waits.
const FEW_RULES: usize = 4;

impl DeriveInParts for Find {
    type Value = Found;
    type Memo = Memo;

    fn is_small(&self, session: &Session) -> bool {
        let project = session.project();
        if self.query.len() > SHORT {
            return false;
        }
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
        let by = &self.by;
        let mut runs = || goes_on();
        let search = match Search::of_while(&self.query, &self.options, project, by, &mut runs)? {
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
            told(of(found));
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
            let (options, mut runs) = (rule.options(), || goes_on());
            match Search::of_while(&rule.query, &options, project, &self.by, &mut runs)? {
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
        // Each rule is made ready first, which takes longer than finding it in a short text.
        let seen = project.rules().iter().filter(|rule| !rule.hidden);
        let (seen, letters) = seen.fold((0, 0), |(seen, letters), rule| {
            (seen + 1, letters + rule.query.len())
        });
        seen == 0
            || (seen <= FEW_RULES
                && letters <= SHORT
                && article.is_none_or(|article| article.text.len_bytes() <= FEW_BYTES))
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
            let (options, mut runs) = (rule.options(), || goes_on());
            let ready = Search::of_while(&rule.query, &options, project, &self.by, &mut runs)?;
            let Ok(search) = ready else {
                continue;
            };
            let hits = search.hits_in(article, &mut || goes_on())?;
            all.push((rule.id.clone(), hits_of(project, rule, article, &hits)));
        }
        Some(all)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::derived::Derived;
    use crate::core::annotation::Annotation;
    use crate::core::edit::{Edit, Transaction};
    use crate::core::ids::IdMint;
    use crate::core::project::ProjectParts;
    use crate::core::recipes::Signed;
    use crate::core::recipes::rules::{Looks, change, dismiss, keep};
    use crate::core::text::ArticleText;
    use crate::format::project_ron::Opened;
    use std::sync::Arc;
    use std::time::{Duration, Instant};

    fn session(texts: &[&str]) -> Session {
        let articles = texts.iter().enumerate().map(|(n, text)| {
            let id = format!("a-{n}").as_str().into();
            Arc::new(Article::new(id, "", ArticleText::new((*text).to_owned())))
        });
        let project = Project::from_parts(ProjectParts {
            articles: articles.collect(),
            ..ProjectParts::default()
        });
        let opened = Opened {
            project,
            problems: Vec::new(),
        };
        Session::opened(opened, "ana", "t")
    }

    fn derived() -> Derived {
        Derived::new(Arc::new(|| ()))
    }

    fn find(query: &str) -> Find {
        Find {
            query: query.to_owned(),
            options: Options::default(),
            by: "ana".into(),
            within: None,
        }
    }

    /// Asks until the answer is whole.
    fn wait<Q: DeriveInParts>(
        derived: &Derived,
        session: &Session,
        question: &Q,
    ) -> std::rc::Rc<Q::Value> {
        let started = Instant::now();
        loop {
            let answer = derived.get_in_parts(session, question);
            if let (Some(value), true) = (answer.value, answer.is_current) {
                return value;
            }
            assert!(started.elapsed() < Duration::from_secs(20));
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    fn perform(session: &mut Session, edits: Vec<Edit>) {
        session.perform(Transaction::new("edit", edits)).unwrap();
    }

    #[test]
    fn what_is_typed_is_found_at_once_in_little() {
        let (session, derived) = (session(&["said one", "two said said"]), derived());
        let found = derived.get_in_parts(&session, &find("said"));
        assert!(found.is_current);
        let found = found.value.unwrap();
        assert_eq!(
            (found.hits.len(), found.searched, found.articles),
            (3, 2, 2)
        );
        let within = Find {
            within: Some("a-1".into()),
            ..find("said")
        };
        let found = derived.get_in_parts(&session, &within).value.unwrap();
        assert_eq!(
            found.hits.iter().map(|hit| hit.article).collect::<Vec<_>>(),
            [1, 1]
        );
        let wrong = derived
            .get_in_parts(&session, &find("said in:quot"))
            .value
            .unwrap();
        assert!(wrong.error.is_some() && wrong.hits.is_empty());
    }

    #[test]
    fn a_long_query_does_not_hold_up_the_window() {
        let (session, derived) = (session(&["said one"]), derived());
        let long = find(&"unconstitutional ".repeat(20));
        assert!(find("said").is_small(&session) && !long.is_small(&session));
        assert_eq!(wait(&derived, &session, &long).hits.len(), 0);
    }

    #[test]
    fn many_rules_do_not_hold_up_the_window() {
        let (mut session, derived) = (session(&["give now"]), derived());
        let hits = RuleHits {
            article: "a-0".into(),
            by: "ana".into(),
        };
        for many in [1, 2, 3, 4, 5, 6] {
            let by = "ana".into();
            let signed = Signed {
                by: &by,
                when: None,
            };
            let looks = Looks::of("give", &Options::default());
            let mint = IdMint::new("t");
            let (_, edit) = keep(session.project(), "", looks, None, signed, &mint);
            perform(&mut session, vec![edit]);
            assert_eq!(hits.is_small(&session), many <= 4);
            assert_eq!(wait(&derived, &session, &hits).len(), many);
        }
    }

    #[test]
    fn the_newest_search_wins_and_follows_what_changes() {
        let long = "said it. ".repeat(60_000);
        let (mut session, derived) = (session(&[&long, "said"]), derived());
        assert!(!derived.get_in_parts(&session, &find("it")).is_current);
        let found = wait(&derived, &session, &find("said"));
        assert_eq!(found.hits.len(), 60_001);
        // The last good answer is shown until the next is there.
        let earlier = derived.get_in_parts(&session, &find("said it"));
        assert!(!earlier.is_current && earlier.value.is_some());
        perform(&mut session, vec![Edit::RemoveArticles(vec!["a-0".into()])]);
        let made = derived.made();
        assert_eq!(wait(&derived, &session, &find("said")).hits.len(), 1);
        assert_eq!(derived.made(), made + 1);
        wait(&derived, &session, &find("said"));
        assert_eq!(derived.made(), made + 1);
    }

    #[test]
    fn rules_count_what_became_of_their_hits() {
        let (mut session, derived) = (session(&["give now, give then, give", "give"]), derived());
        let by = "ana".into();
        let signed = Signed {
            by: &by,
            when: None,
        };
        let looks = Looks::of("give", &Options::default());
        let (id, edit) = keep(
            session.project(),
            "",
            looks,
            Some("promo".into()),
            signed,
            &IdMint::new("t"),
        );
        perform(&mut session, vec![edit]);
        assert_eq!(session.project().rules()[0].name, "give");
        let tallies = RuleTallies { by: by.clone() };
        let hits = RuleHits {
            article: "a-0".into(),
            by: by.clone(),
        };
        let counted = |session: &Session| wait(&derived, session, &tallies)[0].tally;
        let open = |session: &Session| wait(&derived, session, &hits)[0].1.len();
        let expected = |marked, dismissed| Tally {
            hits: 4,
            articles: 2,
            marked,
            dismissed,
            is_cut: false,
        };
        assert_eq!((counted(&session), open(&session)), (expected(0, 0), 3));
        let marked = Annotation::new("n".into(), by.clone(), "promo".into(), (0, 8).into());
        perform(
            &mut session,
            vec![Edit::AddAnnotation {
                article: "a-0".into(),
                annotation: Box::new(marked),
            }],
        );
        assert_eq!((counted(&session), open(&session)), (expected(1, 0), 2));
        // One with another label is no mark of the rule; a hit that is marked stays so when dismissed.
        let claim = Annotation::new("m".into(), by.clone(), "claim".into(), (10, 14).into());
        perform(
            &mut session,
            vec![Edit::AddAnnotation {
                article: "a-0".into(),
                annotation: Box::new(claim),
            }],
        );
        let article = "a-0".into();
        let all = [(0, 4), (10, 14)].map(|range| (&article, range.into()));
        let dismissed = dismiss(session.project(), &id, all.into_iter(), false);
        perform(&mut session, dismissed);
        assert_eq!((counted(&session), open(&session)), (expected(1, 1), 1));
        let back = dismiss(session.project(), &id, all.into_iter(), true);
        perform(&mut session, back);
        assert_eq!((counted(&session), open(&session)), (expected(1, 0), 2));
        // One that is not seen is counted.
        let hidden = change(session.project(), &id, |rule| rule.hidden = true);
        perform(&mut session, hidden);
        assert!(wait(&derived, &session, &hits).is_empty());
        assert_eq!(counted(&session), expected(1, 0));
        let wrong = change(session.project(), &id, |rule| rule.query = "(".to_owned());
        perform(&mut session, wrong);
        assert!(wait(&derived, &session, &tallies)[0].error.is_some());
    }
}
