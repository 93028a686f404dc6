//! Articles of the project that say the same: found in the background, shown in groups, and kept,
//! dropped or grouped as the analyst decides.

use super::Model;
use super::jobs::Outcome;
use super::rows::{commands, row};
use crate::app::clock;
use crate::app::command::{Scope, Section};
use crate::app::derived::Derive;
use crate::app::jobs::{JobKind, Turn, jobs, on_all_cores};
use crate::app::notice::Notice;
use crate::app::session::Session;
use crate::app::words::count;
use crate::core::article::Article;
use crate::core::duplicates::{Likeness, Shingles, groups};
use crate::core::ids::ArticleId;
use crate::core::project::TrashItem;
use crate::core::recipes::Signed;
use crate::core::recipes::copies::{self, linked};
use std::rc::Rc;
use std::sync::Arc;

#[rustfmt::skip]
commands! {
    FindCopies => row(Section::Project, "Find copies…", None, Scope::Always, "Articles of this project that say the same or nearly; keep one, or group them")
        .shows_its_dialog_after(Model::find_copies),
    CompareVersions => row(Section::Project, "What changed in this version…", None, Scope::Always, "The wording of this article beside that of the version that it replaced")
        .shows_its_dialog()
        .when(|model| model.previous_version().is_some()),
}

jobs! {
    Copies => Turn::NewestWins,
}

/// Articles that say the same, each with how it is like the first.
pub type CopyGroup = Vec<(ArticleId, Likeness)>;

/// Which of the groups that were found still have several articles in the project.
#[derive(Clone)]
struct CopiesLeft(Arc<Vec<CopyGroup>>);

impl PartialEq for CopiesLeft {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

/// Groups, and all their members in order: which group, and which of it.
pub struct Copies {
    pub groups: Vec<CopyGroup>,
    pub members: Vec<(usize, usize)>,
}

impl Derive for CopiesLeft {
    type Value = Copies;
    type Memo = ();

    fn derive(&self, session: &Session, (): &mut ()) -> Copies {
        let project = session.project();
        let groups = self.0.iter().map(|group| {
            let there = group.iter().filter(|(id, _)| project.article(id).is_some());
            there.cloned().collect::<CopyGroup>()
        });
        let groups: Vec<CopyGroup> = groups.filter(|group| group.len() > 1).collect();
        let members = groups.iter().enumerate();
        let members = members.flat_map(|(g, group)| (0..group.len()).map(move |m| (g, m)));
        Copies {
            members: members.collect(),
            groups,
        }
    }
}

/// Where the version is that an article took the place of.
#[derive(Clone, PartialEq)]
struct VersionBefore(ArticleId);

#[derive(Clone, Copy)]
enum Version {
    /// By its place in the trash.
    Trashed(usize),
    Article(usize),
}

impl Derive for VersionBefore {
    type Value = Option<Version>;
    type Memo = ();

    fn derive(&self, session: &Session, (): &mut ()) -> Option<Version> {
        let project = session.project();
        let id = project
            .article(&self.0)?
            .meta(crate::app::import::REPLACES)?;
        let is_it = |item: &Arc<TrashItem>| {
            let article = item.what.article();
            article.is_some_and(|article| article.id.as_str() == id)
        };
        let trashed = project.trash().iter().rposition(is_it);
        let present = || project.article_index(&ArticleId::new(id));
        trashed
            .map(Version::Trashed)
            .or_else(|| present().map(Version::Article))
    }
}

impl Model {
    fn find_copies(&mut self) -> bool {
        self.work.copies = None;
        let project = self.work.session.project().clone();
        self.start(JobKind::Copies, "Looking for copies", move |context| {
            let articles = project.articles();
            let articles: Vec<_> = articles.iter().collect();
            let texts = on_all_cores(&articles, |article| {
                let hash = article.text.hash().to_owned();
                (hash, Shingles::of(&article.text))
            });
            let total = articles.len().max(1);
            let found = groups(texts, &mut |done| {
                context.progress(done as f32 / total as f32)
            });
            let name = |at: usize| articles.get(at).map(|article| article.id.clone());
            let found = found.map(|found| {
                let groups = found.into_iter().map(|group| {
                    let members = group.members.into_iter();
                    let named = members.filter_map(|(at, like)| Some((name(at)?, like)));
                    named.collect()
                });
                groups.collect()
            });
            Outcome::of_project(move |model| {
                model.work.copies = Some(Arc::new(found.unwrap_or_default()));
            })
        });
        true
    }

    /// The groups whose articles are still there.
    pub fn copies(&self) -> Option<Rc<Copies>> {
        let found = self.work.copies.as_ref()?;
        Some(self.derived(&CopiesLeft(found.clone())))
    }

    /// Gives all of them the same value in the metadata field `group`.
    pub(super) fn group_copies(&mut self, ids: &[ArticleId]) {
        let project = self.work.session.project();
        let articles = ids.iter().filter_map(|id| project.article(id));
        let Some((group, edits)) = linked(project, articles) else {
            return;
        };
        if edits.is_empty() {
            return self.notify(Notice::info("These articles are linked already"));
        }
        if self.apply("group articles", edits) {
            self.offer_undo(format!(
                "{} one group now, by the metadata field “group” ({group}). Find groups hits by it, and exports carry it, so that copies can be counted once.",
                count(ids.len(), "article is", "articles are")
            ));
        }
    }

    /// Moves all but one to the trash; `carries` takes their annotations over to it first.
    pub(super) fn keep_copy(&mut self, keep: &ArticleId, others: &[ArticleId], carries: bool) {
        let by = self.work.session.annotator().clone();
        let when = Some(clock::now());
        let signed = Signed { by: &by, when };
        let (project, mint) = self.work.session.with_ids();
        let Some(kept) = copies::keep_copy(project, keep, others, carries, signed, mint) else {
            return;
        };
        let copies = count(kept.copies, "copy", "copies");
        if self.apply(format!("remove {copies}"), kept.edits) {
            self.show_article(keep);
            let mut told = format!("{copies} moved to the trash");
            if kept.carried > 0 {
                told.push_str(&format!(", {} annotations carried over", kept.carried));
            }
            if kept.lost > 0 {
                told.push_str(&format!(
                    "; {} annotations have no place here and stay with the copies in the trash",
                    kept.lost
                ));
            }
            self.notify(Notice::info(told));
        }
    }

    /// The version that the shown article took the place of.
    pub fn previous_version(&self) -> Option<&Arc<Article>> {
        let article = self.article()?;
        article.meta(crate::app::import::REPLACES)?;
        let project = self.work.session.project();
        match *self.derived(&VersionBefore(article.id.clone())) {
            Some(Version::Trashed(at)) => project.trash().get(at)?.what.article(),
            Some(Version::Article(at)) => project.articles().get(at),
            None => None,
        }
    }
}
