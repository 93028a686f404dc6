//! The article list: what it shows and in which order, which of its articles are ticked, and what is
//! done to all of these at once. Each of that is one step of the history.

use super::Model;
use super::rows::{commands, row};
use crate::app::action::Ticking;
use crate::app::command::{Scope, Section, ctrl_shift};
use crate::app::derived::listed::{DoneOf, Listed, ListedArticles, OutOfSight, Ticked, groups_of};
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
    /// Groups that were folded, by their names.
    folded: BTreeSet<String>,
    ticked: Rc<BTreeSet<ArticleId>>,
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

    pub(super) fn listed_with(&self, kept: Option<ArticleId>) -> Rc<Listed> {
        self.derived(&self.list_question(kept))
    }

    fn list_question(&self, kept: Option<ArticleId>) -> ListedArticles {
        let list = &self.work.list;
        let listing = list.listing.clone();
        // Another current article is no other question while all are shown.
        let kept = kept.filter(|_| !listing.takes_all());
        ListedArticles {
            annotator: self.work.session.annotator().clone(),
            kept,
            folded: match listing.group {
                Some(_) => list.folded.clone(),
                None => BTreeSet::new(),
            },
            listing,
        }
    }

    /// How many of the articles that the list shows are done.
    pub fn listed_done(&self) -> usize {
        let annotator = self.work.session.annotator().clone();
        let listed = self.listed();
        *self.derived(&DoneOf { listed, annotator })
    }

    /// Which row of how many an article has in the list, headings not counted.
    pub fn row_in_list(&self, place: usize) -> Option<(usize, usize)> {
        let listed = self.listed();
        let row = listed.row_of(place)?;
        let headings = listed.headings();
        let above = headings.partition_point(|heading| *heading < row);
        Some((row - above, listed.len() - headings.len()))
    }

    /// How many of the ticked articles the list does not show.
    pub fn ticked_out_of_sight(&self) -> usize {
        let list = &self.work.list;
        let is_all = list.listing.takes_all() && list.listing.group.is_none();
        if list.ticked.is_empty() || is_all {
            return 0;
        }
        let current = self.work.article.clone();
        let kept = current.filter(|id| list.left_out.as_ref() != Some(id));
        *self.derived(&OutOfSight {
            listed: self.list_question(kept),
            ticked: Ticked(list.ticked.clone()),
        })
    }

    /// Shows or hides the articles of a group.
    pub(super) fn fold_group(&mut self, name: String) {
        let folded = &mut self.work.list.folded;
        if !folded.remove(&name) {
            folded.insert(name);
        }
    }

    /// Opens the group of the article that is read, so that its row is there.
    pub(super) fn unfold_current(&mut self) {
        let list = &self.work.list;
        if list.listing.group.is_none() || list.folded.is_empty() {
            return;
        }
        let Some(at) = self.article_index() else {
            return;
        };
        // One that does not fit has no row in any group.
        let list = &self.work.list;
        if list.left_out.is_some() && list.left_out == self.work.article {
            return;
        }
        if self.listed().row_of(at).is_some() {
            return;
        }
        let by = self.work.session.annotator();
        let here = self.work.article.iter().cloned().collect::<Vec<_>>();
        let facet = self.work.list.listing.group;
        let group = groups_of(self.work.session.project(), by, &here, facet);
        for name in group {
            self.work.list.folded.remove(&name);
        }
    }

    pub(super) fn set_listing(&mut self, listing: Listing) {
        if self.work.list.listing.group != listing.group {
            self.work.list.folded.clear();
        }
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

    /// The articles that are ticked, or else the one that is read.
    pub fn meant_articles(&self) -> Vec<ArticleId> {
        let ticked = &self.work.list.ticked;
        if ticked.is_empty() {
            return self.work.article.iter().cloned().collect();
        }
        // As they stand in the project.
        let project = self.work.session.project();
        let mut places: Vec<usize> = ticked
            .iter()
            .filter_map(|id| project.article_index(id))
            .collect();
        places.sort_unstable();
        let found = places
            .into_iter()
            .filter_map(|at| project.articles().get(at));
        found.map(|article| article.id.clone()).collect()
    }

    /// Lets go of ticks of articles that are there no more, and of a set and a label that are not.
    pub(super) fn mend_list(&mut self) {
        let project = self.work.session.project();
        let is_there = |id: &ArticleId| project.article_index(id).is_some();
        let list = &mut self.work.list;
        if !list.ticked.iter().all(is_there) {
            Rc::make_mut(&mut list.ticked).retain(is_there);
        }
        let set = list.listing.set.as_ref();
        if set.is_some_and(|set| project.set(set).is_none()) {
            list.listing.set = None;
        }
        let label = list.listing.label.as_ref();
        if label.is_some_and(|label| project.codebook().label(label.as_str()).is_none()) {
            list.listing.label = None;
        }
    }

    pub(super) fn tick_articles(&mut self, how: Ticking) {
        match how {
            Ticking::One(id) => {
                self.begin_ticking();
                let ticked = Rc::make_mut(&mut self.work.list.ticked);
                if !ticked.remove(&id) {
                    ticked.insert(id.clone());
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
                let all = all.map(|article| article.id.clone()).collect();
                self.work.list.ticked = Rc::new(all);
            }
            Ticking::None => {
                self.work.list.ticked = Rc::default();
                self.work.list.tick_from = None;
            }
        }
    }

    /// The first tick beside the current article takes that along.
    fn begin_ticking(&mut self) {
        let is_first = self.work.list.tick_from.is_none() && self.work.list.ticked.is_empty();
        if is_first && let Some(current) = self.work.article.clone() {
            Rc::make_mut(&mut self.work.list.ticked).insert(current.clone());
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
        let ticked = articles.map(|article| article.id.clone()).collect();
        self.work.list.ticked = Rc::new(ticked);
    }

    /// The article so many rows on in the list.
    pub(super) fn listed_neighbour(&self, by: isize) -> Option<ArticleId> {
        let listed = self.listed();
        let row = match self.article_index().and_then(|at| listed.row_of(at)) {
            Some(row) => listed.article_row(row.checked_add_signed(by)?, by >= 0)?,
            // It is not in the list: the way goes on at the list's start.
            None => listed.article_row(0, true)?,
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
            None if self.listed().has_folded() => self.notify(Notice::info(
                "There is no other new article in the groups that are open",
            )),
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
