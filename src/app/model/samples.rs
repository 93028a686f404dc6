//! Sets of articles: kept from what is ticked, drawn by lot with a seed, shown, renamed, let go of.
//!
//! A set is part of the project. Its articles are in it by their ids, whatever becomes of them.

use super::Model;
use super::rows::{commands, row};
use crate::app::action::{Action, Drawing, DrawnFrom, UiRequest};
use crate::app::clock;
use crate::app::command::{Command, Scope, Section, ctrl_shift};
use crate::app::derived::listed::groups_of;
use crate::app::notice::Notice;
use crate::app::words::count;
use crate::core::ids::{ArticleId, SetId};
use crate::core::lists::{Facet, Listing};
use crate::core::recipes::Signed;
use crate::core::recipes::sets::{self, Chosen};
use crate::core::sampling::{Shares, draw, shares};
use crate::core::shown::shown;
use std::collections::BTreeMap;

#[rustfmt::skip]
commands! {
    Sets => row(Section::Project, "Sets and samples…", ctrl_shift("D"), Scope::Always, "Articles under a name: chosen by hand, or drawn by lot with a seed; show, rename, export or delete one")
        .shows_its_dialog()
        .when(Model::has_articles),
    KeepTicked => row(Section::Project, "Keep the selected articles as a set", None, Scope::Always, "The articles that are selected in the list become a set of the project")
        .runs(Model::keep_ticked)
        .when(|model| !model.ticked().is_empty()),
}

/// Without groups there is one, which has them all.
fn how_drawn(drawing: &Drawing) -> Shares {
    match drawing.evenly_by {
        Some(_) => drawing.shares,
        None => Shares::Proportional,
    }
}

/// How many are drawn of each group.
pub fn shares_of(drawing: &Drawing, strata: &BTreeMap<String, usize>) -> BTreeMap<String, usize> {
    shares(strata, drawing.number, how_drawn(drawing), drawing.seed)
}

impl Model {
    /// The articles that can be drawn from.
    pub fn drawn_from(&self, from: DrawnFrom) -> Vec<ArticleId> {
        let articles = self.work.session.project().articles();
        match from {
            DrawnFrom::All => articles.iter().map(|article| article.id.clone()).collect(),
            DrawnFrom::Shown => {
                // The current article may be shown only because it is that.
                let listed = self.listed_with(None);
                let mut places: Vec<usize> = listed.places(0..listed.len()).collect();
                places.sort_unstable();
                let found = places.into_iter().filter_map(|at| articles.get(at));
                found.map(|article| article.id.clone()).collect()
            }
            DrawnFrom::Ticked if self.ticked().is_empty() => Vec::new(),
            DrawnFrom::Ticked => self.meant_articles(),
        }
    }

    /// How many articles each group has that can be drawn from.
    pub fn strata(&self, from: DrawnFrom, by: Facet) -> BTreeMap<String, usize> {
        let from = self.drawn_from(from);
        let project = self.work.session.project();
        let mut strata = BTreeMap::new();
        for group in groups_of(project, self.work.session.annotator(), &from, Some(by)) {
            *strata.entry(group).or_default() += 1;
        }
        strata
    }

    /// Draws articles by lot and keeps them as a set, which the list shows then.
    pub(super) fn draw_sample(&mut self, drawing: &Drawing) {
        let from = self.drawn_from(drawing.from);
        let project = self.work.session.project();
        let by = self.work.session.annotator();
        let strata = groups_of(project, by, &from, drawing.evenly_by);
        let drawn = draw(
            from.iter().zip(strata),
            drawing.number,
            how_drawn(drawing),
            drawing.seed,
        );
        let members: Vec<ArticleId> = drawn
            .into_iter()
            .filter_map(|at| from.get(at).cloned())
            .collect();
        let of = count(from.len(), "article", "articles");
        let evenly = drawing.evenly_by.map(|facet| facet.name().to_lowercase());
        let evenly = evenly.map(|name| match drawing.shares {
            Shares::Proportional => format!(", evenly by {name}"),
            Shares::Each => format!(", {} of each by {name}", drawing.number),
        });
        let chosen = Chosen {
            how: format!("{} of {of}{}", members.len(), evenly.unwrap_or_default()),
            members,
            seed: drawing.seed,
        };
        let name = match drawing.name.trim() {
            "" => "Sample",
            name => name,
        };
        self.keep_set("draw a sample", name, chosen);
    }

    fn keep_ticked(&mut self) {
        let members = self.drawn_from(DrawnFrom::Ticked);
        let chosen = Chosen {
            how: "Chosen by hand".to_owned(),
            members,
            seed: 0,
        };
        self.keep_set("keep a set", "", chosen);
        self.requests.push(UiRequest::Show(Command::Sets));
    }

    fn keep_set(&mut self, title: &str, name: &str, chosen: Chosen) {
        if chosen.members.is_empty() {
            return self.notify(Notice::info("There is no article to put into the set"));
        }
        let n = count(chosen.members.len(), "article", "articles");
        let by = self.work.session.annotator().clone();
        let when = Some(clock::now());
        let signed = Signed { by: &by, when };
        let (project, mint) = self.work.session.with_ids();
        let (id, edit) = sets::keep(project, name, chosen, signed, mint);
        let before = self.listing().clone();
        if self.apply(title, vec![edit]) {
            let name = self.set_name(&id);
            self.show_set(&id);
            // The list is filtered by it now, which may be out of sight.
            let told = format!("“{name}” is a set of {n}; the list shows only these");
            let all = Action::SetListing(Box::new(before));
            let undo = Action::Run(Command::Undo);
            let notice = Notice::info(told).on("trash");
            self.notify(
                notice
                    .with_offer("Show the list as before", all)
                    .with_offer("Undo", undo),
            );
        }
    }

    fn set_name(&self, id: &SetId) -> String {
        let set = self.work.session.project().set(id);
        set.map_or_else(String::new, |set| shown(&set.name).into_owned())
    }

    /// The list shows the articles of a set, and nothing else.
    pub(super) fn show_set(&mut self, id: &SetId) {
        let old = self.listing();
        let listing = Listing {
            set: Some(id.clone()),
            order: old.order.clone(),
            group: old.group,
            ..Listing::default()
        };
        self.set_listing(listing);
    }

    pub(super) fn rename_set(&mut self, id: &SetId, name: &str) {
        let edits = sets::rename(self.work.session.project(), id, name);
        if !edits.is_empty() {
            self.apply("rename a set", edits);
        }
    }

    pub(super) fn delete_set(&mut self, id: &SetId) {
        let name = self.set_name(id);
        let edits = sets::remove(self.work.session.project(), id);
        if !edits.is_empty() && self.apply("delete a set", edits) {
            self.mend_references();
            self.offer_undo(format!("The set “{name}” is deleted; its articles stay"));
        }
    }

    /// Asks how these articles are to be exported.
    pub(super) fn export_articles(&mut self, articles: &[ArticleId]) {
        let ids = articles.iter().map(|id| id.as_str().to_owned());
        self.work.to_export = ids.collect();
        self.requests.push(UiRequest::Show(Command::Export));
    }

    /// The articles that an export was asked for; none for all.
    pub fn to_export(&self) -> &std::collections::BTreeSet<String> {
        &self.work.to_export
    }
}
