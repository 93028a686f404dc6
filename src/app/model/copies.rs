//! Articles of the project that say the same: found in the background, shown in groups, and kept,
//! dropped or grouped as the analyst decides.

use super::Model;
use super::jobs::Outcome;
use crate::app::action::UiRequest;
use crate::app::clock;
use crate::app::jobs::JobKind;
use crate::app::notice::Notice;
use crate::app::words::count;
use crate::core::article::Article;
use crate::core::duplicates::{Likeness, Shingles, groups};
use crate::core::edit::Edit;
use crate::core::ids::ArticleId;
use crate::core::recipes::Signed;
use crate::core::recipes::copies::{self, group_of, grouped_edit};
use std::sync::Arc;

/// Articles that say the same, each with how it is like the first.
pub type CopyGroup = Vec<(ArticleId, Likeness)>;

impl Model {
    pub(super) fn find_copies(&mut self) {
        self.work.copies = None;
        let project = self.work.session.project().clone();
        self.start(JobKind::Copies, "Looking for copies", move |context| {
            let articles = project.articles();
            let texts = articles.iter().map(|article| {
                let hash = article.text.hash().to_owned();
                (hash, Shingles::of(&article.text))
            });
            let total = articles.len().max(1);
            let found = groups(texts.collect(), &mut |done| {
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
                model.work.copies = Some(found.unwrap_or_default());
            })
        });
        self.requests.push(UiRequest::ShowCopies);
    }

    /// The groups whose articles are still there.
    pub fn copies(&self) -> Option<Vec<CopyGroup>> {
        let project = self.work.session.project();
        let groups = self.work.copies.as_ref()?.iter().map(|group| {
            let there = group.iter().filter(|(id, _)| project.article(id).is_some());
            there.cloned().collect::<CopyGroup>()
        });
        Some(groups.filter(|group| group.len() > 1).collect())
    }

    /// Gives all of them the same value in the metadata field `group`.
    pub(super) fn group_copies(&mut self, ids: &[ArticleId]) {
        let project = self.work.session.project();
        let articles: Vec<&Arc<Article>> =
            ids.iter().filter_map(|id| project.article(id)).collect();
        let Some(group) = articles.first().map(|first| group_of(first)) else {
            return;
        };
        let edits: Vec<Edit> = articles
            .iter()
            .map(|article| grouped_edit(article, &group))
            .collect();
        drop(articles);
        if self.apply("group articles", edits) {
            self.notify(Notice::info(format!(
                "{} in the group {group}",
                count(ids.len(), "article is", "articles are")
            )));
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
            self.go_to_article(keep);
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
        let project = self.work.session.project();
        let id = self.article()?.meta(crate::app::import::REPLACES)?;
        let in_trash = project.trash().iter().rev();
        let mut articles = in_trash.filter_map(|item| item.what.article());
        let trashed = articles.find(|article| article.id.as_str() == id);
        trashed.or_else(|| project.article(&ArticleId::new(id)))
    }
}
