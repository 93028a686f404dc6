//! The article list: what it shows and in which order, which of its articles are ticked, and what is
//! done to all of these at once. Each of that is one step of the history.

use super::Model;
use super::rows::{commands, row};
use crate::app::action::Ticking;
use crate::app::command::{Scope, Section, ctrl_shift};
use crate::app::derived::project::{Listed, ListedArticles};
use crate::app::notice::Notice;
use crate::app::words::count;
use crate::core::article::Status;
use crate::core::edit::Edit;
use crate::core::ids::ArticleId;
use crate::core::lists::Listing;
use std::collections::BTreeSet;
use std::rc::Rc;

#[rustfmt::skip]
commands! {
    NextNew => row(Section::Articles, "Next new article", ctrl_shift("PageDown"), Scope::Always, "Go on to the next article of the list that you have not begun")
        .runs(Model::next_new)
        .when(Model::has_articles),
}

/// What is asked of the list, and what was ticked in it.
#[derive(Default)]
pub(super) struct ListState {
    listing: Listing,
    ticked: BTreeSet<ArticleId>,
    /// Where a range of ticks begins.
    tick_from: Option<ArticleId>,
    /// Was the current one, and did not fit, when the list was asked for something else. Any other
    /// current article stays in the list, so that what is done to it does not take it away.
    left_out: Option<ArticleId>,
}

impl Model {
    pub fn listing(&self) -> &Listing {
        &self.work.list.listing
    }

    /// The articles that the list shows.
    pub fn listed(&self) -> Rc<Listed> {
        let current = self.work.article.clone();
        self.listed_with(current.filter(|id| self.work.list.left_out.as_ref() != Some(id)))
    }

    fn listed_with(&self, kept: Option<ArticleId>) -> Rc<Listed> {
        let listing = self.work.list.listing.clone();
        // Another current article is no other question while all are shown.
        let kept = kept.filter(|_| !listing.takes_all());
        self.derived(&ListedArticles {
            listing,
            annotator: self.work.session.annotator().clone(),
            kept,
        })
    }

    pub(super) fn set_listing(&mut self, listing: Listing) {
        self.work.list.listing = listing;
        let fitting = self.listed_with(None);
        let here = self.article_index();
        let fits = here.is_none_or(|at| fitting.row_of(at).is_some());
        self.work.list.left_out = self.work.article.clone().filter(|_| !fits);
    }

    pub fn is_ticked(&self, article: &ArticleId) -> bool {
        self.work.list.ticked.contains(article)
    }

    pub fn ticked(&self) -> &BTreeSet<ArticleId> {
        &self.work.list.ticked
    }

    /// Lets go of ticks of articles that are there no more.
    pub(super) fn mend_ticks(&mut self) {
        let project = self.work.session.project();
        let is_there = |id: &ArticleId| project.article_index(id).is_some();
        self.work.list.ticked.retain(is_there);
    }

    pub(super) fn tick_articles(&mut self, how: Ticking) {
        match how {
            Ticking::One(id) => {
                self.begin_ticking();
                if !self.work.list.ticked.remove(&id) {
                    self.work.list.ticked.insert(id.clone());
                }
                self.work.list.tick_from = Some(id);
            }
            Ticking::Upto(id) => {
                self.begin_ticking();
                self.tick_upto(&id);
            }
            Ticking::All => {
                let listed = self.listed();
                let articles = self.work.session.project().articles();
                let all = listed.places(0..listed.len());
                let all = all.filter_map(|at| articles.get(at));
                self.work.list.ticked = all.map(|article| article.id.clone()).collect();
            }
            Ticking::None => {
                self.work.list.ticked.clear();
                self.work.list.tick_from = None;
            }
        }
    }

    /// The first tick beside the current article takes that along.
    fn begin_ticking(&mut self) {
        let is_first = self.work.list.tick_from.is_none() && self.work.list.ticked.is_empty();
        if is_first && let Some(current) = self.work.article.clone() {
            self.work.list.ticked.insert(current.clone());
            self.work.list.tick_from = Some(current);
        }
    }

    fn tick_upto(&mut self, id: &ArticleId) {
        let listed = self.listed();
        let project = self.work.session.project();
        let row = |id: &ArticleId| listed.row_of(project.article_index(id)?);
        let from = self.work.list.tick_from.as_ref().and_then(row);
        let Some(to) = row(id) else {
            return;
        };
        let from = from.unwrap_or(to);
        let places = listed.places(from.min(to)..from.max(to) + 1);
        let articles = places.filter_map(|at| project.articles().get(at));
        self.work.list.ticked = articles.map(|article| article.id.clone()).collect();
    }

    /// The article so many rows on in the list.
    pub(super) fn listed_neighbour(&self, by: isize) -> Option<ArticleId> {
        let listed = self.listed();
        let row = match self.article_index().and_then(|at| listed.row_of(at)) {
            Some(row) => row.checked_add_signed(by)?,
            // It is not in the list: the way goes on at the list's start.
            None => 0,
        };
        let place = listed.place(row)?;
        let article = self.work.session.project().articles().get(place)?;
        Some(article.id.clone())
    }

    /// The next article of the list, from its start again after its end, that has a status which is
    /// meant; never the one that is open.
    pub(super) fn next_listed(&self, is_meant: impl Fn(&Status) -> bool) -> Option<ArticleId> {
        let listed = self.listed();
        let articles = self.work.session.project().articles();
        let annotator = self.work.session.annotator();
        let here = self.article_index().and_then(|at| listed.row_of(at));
        let from = here.map_or(0, |row| row + 1);
        let rows = listed
            .places(from..listed.len())
            .chain(listed.places(0..from));
        let mut order = rows.filter_map(|at| articles.get(at));
        let current = self.work.article.as_ref();
        let found = order.find(|article| {
            is_meant(&article.status_for(annotator)) && current != Some(&article.id)
        });
        found.map(|article| article.id.clone())
    }

    fn next_new(&mut self) {
        match self.next_listed(|status| *status == Status::New) {
            Some(id) => {
                self.go_to_article(&id);
                let focus = crate::app::action::UiRequest::FocusArticle;
                self.requests.push(focus);
            }
            None => self.notify(Notice::info("There is no other new article in the list")),
        }
    }

    pub(super) fn set_status_of(&mut self, articles: &[ArticleId], status: &Status) {
        let (session, by) = (&self.work.session, self.work.session.annotator());
        let known = articles
            .iter()
            .filter_map(|id| session.project().article(id));
        let others = known.filter(|article| article.status_for(by) != *status);
        let edits: Vec<Edit> = others
            .map(|article| Edit::SetStatus {
                article: article.id.clone(),
                annotator: by.clone(),
                status: status.clone(),
            })
            .collect();
        if edits.is_empty() {
            return;
        }
        let n = count(edits.len(), "article", "articles");
        self.apply(format!("set {n} to {}", status.name()), edits);
    }

    /// The article that is shown once these are gone: the next one of the list, or the one before.
    pub(super) fn listed_beside(&self, gone: &[ArticleId]) -> Option<ArticleId> {
        let listed = self.listed();
        let articles = self.work.session.project().articles();
        let here = self.article_index()?;
        let row = listed.row_of(here).unwrap_or(0);
        let gone: BTreeSet<&ArticleId> = gone.iter().collect();
        let stays = |at: &usize| articles.get(*at).is_some_and(|a| !gone.contains(&a.id));
        let after = listed.places(row..listed.len()).find(stays);
        let place = after.or_else(|| listed.places(0..row).rev().find(stays))?;
        articles.get(place).map(|article| article.id.clone())
    }
}
