//! Articles of the project that say the same: found in the background, shown in groups, and kept,
//! dropped or grouped as the analyst decides.

use super::{JobOutput, Model, UiRequest};
use crate::app::clock;
use crate::app::derived::Derive;
use crate::app::import::{group_of, grouped_edit};
use crate::app::jobs::JobKind;
use crate::app::notice::{Notice, count};
use crate::app::session::Session;
use crate::core::article::Article;
use crate::core::carry::{carry, missing_in};
use crate::core::duplicates::{Likeness, Shingles, groups};
use crate::core::edit::{Edit, ToTrash};
use crate::core::ids::{AnnotationId, ArticleId};
use crate::core::project::{TrashItem, Trashed};
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

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
        let is_it = |item: &Arc<TrashItem>| matches!(&item.what, Trashed::Article(article) if article.id.as_str() == id);
        let trashed = project.trash().iter().rposition(is_it);
        let present = || project.article_index(&ArticleId::new(id));
        trashed
            .map(Version::Trashed)
            .or_else(|| present().map(Version::Article))
    }
}

impl Model {
    pub(super) fn find_copies(&mut self) {
        self.copies = None;
        let project = self.session.project().clone();
        let serial = self.serial;
        self.jobs
            .start(JobKind::Copies, "Looking for copies", move |context| {
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
                JobOutput::Copies { serial, found }
            });
        self.requests.push(UiRequest::ShowCopies);
    }

    pub(super) fn copies_found(&mut self, serial: u64, found: Option<Vec<CopyGroup>>) {
        if serial == self.serial {
            self.copies = Some(Arc::new(found.unwrap_or_default()));
        }
    }

    /// The groups whose articles are still there.
    pub fn copies(&self) -> Option<Rc<Copies>> {
        let found = self.copies.as_ref()?;
        Some(self.derived(&CopiesLeft(found.clone())))
    }

    /// Gives all of them the same value in the metadata field `group`.
    pub(super) fn group_copies(&mut self, ids: &[ArticleId]) {
        let project = self.session.project();
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
        let project = self.session.project();
        let Some(target) = project.article(keep).map(|article| Article::clone(article)) else {
            return;
        };
        let mut edits = Vec::new();
        let mut taken = 0;
        let mut lost = 0;
        let mut growing = target;
        let others: Vec<ArticleId> = others
            .iter()
            .filter(|id| *id != keep && project.article(id).is_some())
            .cloned()
            .collect();
        if carries {
            for id in &others {
                let Some(from) = self.session.project().article(id).cloned() else {
                    continue;
                };
                let carried = carry(&from, &growing.text);
                lost += carried.lost.len();
                let mut new = missing_in(&growing, carried.placed);
                drop(from);
                let mut renamed: HashMap<AnnotationId, AnnotationId> = HashMap::new();
                for annotation in &mut new {
                    let fresh = self.session.mint_annotation_id();
                    renamed.insert(std::mem::replace(&mut annotation.id, fresh.clone()), fresh);
                }
                for annotation in &mut new {
                    annotation
                        .links
                        .retain_mut(|link| match renamed.get(&link.target) {
                            Some(fresh) => {
                                link.target = fresh.clone();
                                true
                            }
                            None => false,
                        });
                }
                taken += new.len();
                let all = growing.annotations.iter().map(|a| a.as_ref().clone());
                let all: Vec<_> = all.chain(new.iter().cloned()).collect();
                growing.annotations =
                    crate::core::annotation::AnnotationSet::from_annotations(all).0;
                edits.extend(new.into_iter().map(|annotation| Edit::AddAnnotation {
                    article: keep.clone(),
                    annotation: Box::new(annotation),
                }));
            }
        }
        let trash = self.session.project().trash().len();
        let by = self.session.annotator().clone();
        let items = others.iter().enumerate().map(|(n, id)| ToTrash {
            id: id.clone(),
            at: trash + n,
            by: by.clone(),
            when: Some(clock::now()),
        });
        edits.push(Edit::TrashArticles(items.collect()));
        let copies = count(others.len(), "copy", "copies");
        if self.apply(format!("remove {copies}"), edits) {
            self.go_to_article(keep);
            let mut told = format!("{copies} moved to the trash");
            if taken > 0 {
                told.push_str(&format!(", {taken} annotations carried over"));
            }
            if lost > 0 {
                told.push_str(&format!(
                    "; {lost} annotations have no place here and stay with the copies in the trash"
                ));
            }
            self.notify(Notice::info(told));
        }
    }

    /// The version that the shown article took the place of.
    pub fn previous_version(&self) -> Option<&Arc<Article>> {
        let article = self.article()?;
        article.meta(crate::app::import::REPLACES)?;
        let project = self.session.project();
        match *self.derived(&VersionBefore(article.id.clone())) {
            Some(Version::Trashed(at)) => match &project.trash().get(at)?.what {
                Trashed::Article(article) => Some(article),
                _ => None,
            },
            Some(Version::Article(at)) => project.articles().get(at),
            None => None,
        }
    }
}
