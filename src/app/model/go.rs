//! Going through articles, annotations and panes; what is said of an article when one is done with
//! it; and where the analyst was.

use super::Model;
use super::rows::{commands, row};
use super::view::Page;
use crate::app::action::{Action, Spot, UiRequest};
use crate::app::command::{Scope, Section, ctrl, ctrl_shift, key, shift};
use crate::app::notice::Notice;
use crate::app::settings::{Place, SidePanel};
use crate::app::words::count;
use crate::core::annotation::{Annotation, FragmentEntry, merge_fragments};
use crate::core::article::Status;
use crate::core::codebook::Label;
use crate::core::edit::Edit;
use crate::core::ids::{ArticleId, LabelId};
use crate::core::text::selection::Selection;
use crate::core::text::{BytePos, ByteRange, CharPos};
use std::collections::HashMap;
use std::sync::Arc;

#[rustfmt::skip]
commands! {
    NextAnnotation => row(Section::Annotations, "Next annotation", key("Tab"), Scope::Article, "Select the next annotation in the text")
        .runs(|model| model.step_annotation(true))
        .when(Model::has_annotations),
    PreviousAnnotation => row(Section::Annotations, "Previous annotation", shift("Tab"), Scope::Article, "Select the annotation before")
        .runs(|model| model.step_annotation(false))
        .when(Model::has_annotations),
    CycleOverlapping => row(Section::Links, "Next overlapping annotation", key("O"), Scope::Article, "Go through the annotations at this place")
        .runs(Model::cycle_overlapping)
        .when(Model::has_annotations),
    NextArticle => row(Section::Articles, "Next article", ctrl("PageDown"), Scope::Always, "Go to the next article")
        .runs(|model| model.step_article(1))
        .when(|model| model.listed_neighbour(1).is_some()),
    PreviousArticle => row(Section::Articles, "Previous article", ctrl("PageUp"), Scope::Always, "Go to the article before")
        .runs(|model| model.step_article(-1))
        .when(|model| model.listed_neighbour(-1).is_some()),
    MarkDone => row(Section::Articles, "Done, next article", ctrl("Enter"), Scope::NotWriting, "Mark the article as done and go on to the next that is not; an article with nothing in it is done too")
        .runs(Model::mark_done)
        .when(Model::has_article),
    ToggleFlag => row(Section::ThisArticle, "Flag article", ctrl("B"), Scope::Always, "Flag the article for another look")
        .runs(Model::toggle_flag)
        .when(Model::has_article),
    FilterArticles => row(Section::Panes, "Filter articles", ctrl("L"), Scope::Always, "Write in the filter of the article list")
        .runs(|model| {
            let page = model.reading_page();
            if page == Page::Table || model.page() == Page::Table {
                model.set_page(Page::Table);
                return model.requests.push(UiRequest::Focus(Spot::ArticleFilter));
            }
            model.show_page(Page::Read);
            model.settings.show(SidePanel::Articles, true);
            model.requests.push(UiRequest::Focus(Spot::ArticleFilter));
        }),
    FilterAnnotations => row(Section::Panes, "Filter annotations", ctrl_shift("A"), Scope::Always, "Write in the filter of the annotation list, or of the labels on their page")
        .runs(|model| {
            if model.page() == Page::Codebook {
                model.requests.push(UiRequest::Focus(Spot::LabelFilter));
                return;
            }
            model.show_page(Page::Read);
            model.settings.show(SidePanel::Annotations, true);
            model.requests.push(UiRequest::Focus(Spot::AnnotationFilter));
        }),
    FocusArticle => row(Section::Panes, "Back to the article", ctrl("J"), Scope::Always, "Give the keyboard to the article")
        .runs(|model| model.show_page(Page::Read)),
    NextPane => row(Section::Panes, "Next pane", key("F6"), Scope::Always, "Articles, article, annotations, what a notice offers; on the codebook page the list, the label, what a notice offers")
        .runs(|model| model.requests.push(UiRequest::NextPane)),
}

impl Model {
    pub(super) fn step_annotation(&mut self, forward: bool) {
        let Some(article) = self.article().cloned() else {
            return;
        };
        let order = article.annotations.fragments();
        // Of a link that is being drawn, only what it can lead to.
        let linked = self.labels_for_link();
        let first_fragments = |entry: &&FragmentEntry| {
            let label = &entry.annotation.label;
            entry.fragment == 0 && linked.as_ref().is_none_or(|linked| linked.contains(label))
        };
        // From the selected annotation, or from the caret.
        let here = match self.selected_annotation() {
            Some(selected) => {
                let start = selected.start();
                let from = order.partition_point(|e| e.range.start < start);
                let rest = order.get(from..).unwrap_or(&[]);
                let within = rest
                    .iter()
                    .position(|e| e.annotation.id == selected.id && e.fragment == 0);
                (from + within.unwrap_or(0), true)
            }
            None => (
                order.partition_point(|e| e.range.start < self.work.selection.caret),
                false,
            ),
        };
        let (before, after) = order.split_at_checked(here.0).unwrap_or((order, &[]));
        let after_here = after.get(usize::from(here.1)..).unwrap_or(&[]);
        let next = if forward {
            after_here
                .iter()
                .find(first_fragments)
                .or(order.iter().find(first_fragments))
        } else {
            before
                .iter()
                .rfind(first_fragments)
                .or(order.iter().rfind(first_fragments))
        };
        if let Some(id) = next.map(|entry| entry.annotation.id.clone()) {
            self.select_annotation(id, true);
        }
    }

    pub(super) fn cycle_overlapping(&mut self) {
        let Some(article) = self.article().cloned() else {
            return;
        };
        let at = self
            .selected_annotation()
            .map_or(self.work.selection.caret, |a| a.start());
        // With an annotation selected, all that share text with it; else those at the caret.
        let mut around: Vec<_> = match self.selected_annotation() {
            Some(selected) => {
                let mut found: Vec<_> = article
                    .annotations
                    .overlapping(selected.extent())
                    .map(|entry| entry.annotation.clone())
                    .collect();
                found.sort_by_key(|a| (a.covered_bytes(), a.start(), a.id.clone()));
                found.dedup_by(|a, b| a.id == b.id);
                found
            }
            None => article.annotations.at(at).into_iter().cloned().collect(),
        };
        let current = around
            .iter()
            .position(|a| Some(&a.id) == self.work.selected.as_ref());
        if !around.is_empty() {
            let next = around.swap_remove(current.map_or(0, |i| (i + 1) % around.len()));
            self.select_annotation(next.id.clone(), true);
        }
    }

    pub fn go_to_article(&mut self, id: &ArticleId) {
        if self.work.session.project().article(id).is_none()
            || self.work.article.as_ref() == Some(id)
        {
            return;
        }
        self.work.article = Some(id.clone());
        self.work.selected = None;
        self.work.before_text = None;
        self.work.edge_move = None;
        self.work.link = None;
        let (top, selection) = self.work.places.get(id).cloned().unwrap_or_default();
        self.work.selection = selection;
        self.requests.push(UiRequest::ScrollTo(top));
        self.unfold_current();
    }

    /// Goes to an article where it is seen.
    pub(super) fn show_article(&mut self, id: &ArticleId) {
        if self.work.page != Page::Read {
            self.show_page(Page::Read);
        }
        self.go_to_article(id);
    }

    /// Goes to one of the articles that something was done to; in the table it is seen already.
    pub(super) fn take_up(&mut self, id: &ArticleId) {
        if self.page() == Page::Table {
            self.go_to_article(id);
        } else {
            self.show_article(id);
        }
    }

    fn step_article(&mut self, by: isize) {
        if let Some(id) = self.listed_neighbour(by) {
            self.go_to_article(&id);
            self.requests.push(UiRequest::FocusArticle);
        }
    }

    pub(super) fn set_status(&mut self, article: &ArticleId, status: Status) {
        let annotator = self.work.session.annotator();
        let known = self.work.session.project().article(article);
        if known.is_none_or(|known| known.status_for(annotator) == status) {
            return;
        }
        let title = format!("set article to {}", status.name());
        let edit = Edit::SetStatus {
            article: article.clone(),
            annotator: self.work.session.annotator().clone(),
            status,
        };
        self.apply(title, vec![edit]);
    }

    pub(super) fn mark_done(&mut self) {
        let Some(id) = self.work.article.clone() else {
            return;
        };
        self.set_status(&id, Status::Done);
        let annotator = self.work.session.annotator();
        let here = self.article();
        if here.is_none_or(|article| article.status_for(annotator) != Status::Done) {
            // It was refused, which was said.
            return;
        }
        self.tell_missing();
        match self.next_listed(|status| *status != Status::Done) {
            Some(next) => {
                self.go_to_article(&next);
                self.requests.push(UiRequest::FocusArticle);
            }
            None if self.listed().has_folded() => {
                let told = "All articles of the groups that are open are done";
                self.notify(Notice::info(told));
            }
            None if self.listing().takes_all() => {
                self.notify(Notice::info("All articles are done"));
            }
            None => self.notify(Notice::info("All articles in the list are done")),
        }
    }

    /// Says of an article that is done how many of one's own annotations lack what they must say.
    fn tell_missing(&mut self) {
        let Some(article) = self.article() else {
            return;
        };
        let codebook = self.work.session.project().codebook();
        let requires = codebook.labels.iter();
        let requires = requires.filter(|label| label.attributes.iter().any(|a| a.required));
        let requires: HashMap<&LabelId, &Label> =
            requires.map(|label| (&label.id, label)).collect();
        if requires.is_empty() {
            return;
        }
        let me = self.work.session.annotator();
        let lacks = |annotation: &&Arc<Annotation>| {
            let label = requires.get(&annotation.label);
            let missing = label.and_then(|label| label.missing(&annotation.attributes).next());
            annotation.annotator == *me && missing.is_some()
        };
        let lacking = article.annotations.in_text_order().filter(lacks).count();
        if lacking > 0 {
            let lack = count(lacking, "annotation lacks", "annotations lack");
            let told = format!(
                "“{}” is done, and {lack} what the label requires",
                article.shown_title()
            );
            let back = Action::GoToArticle(article.id.clone());
            self.notify(
                Notice::warning(told)
                    .on("missing")
                    .with_offer("Go back", back),
            );
        }
    }

    fn toggle_flag(&mut self) {
        if let Some(article) = self.article() {
            let id = article.id.clone();
            let status = match article.status_for(self.work.session.annotator()) {
                Status::Flagged if article.annotations.is_empty() => Status::New,
                Status::Flagged => Status::InProgress,
                _ => Status::Flagged,
            };
            self.set_status(&id, status);
        }
    }

    /// Remembers what is at the top of the view, so that coming back shows it, and what was seen.
    pub(super) fn remember_view(&mut self, shown: ByteRange) {
        let Some(id) = self.work.article.clone() else {
            return;
        };
        let read = self.work.read.entry(id.clone()).or_default();
        let is_known = |known: &ByteRange| known.start <= shown.start && shown.end <= known.end;
        if !shown.is_empty() && !read.iter().any(is_known) {
            read.push(shown);
            *read = merge_fragments(std::mem::take(read)).to_vec();
        }
        let place = (shown.start, self.work.selection.clone());
        self.work.places.insert(id, place);
    }

    /// What was on the screen of this article: stretches that rise.
    pub fn read(&self) -> &[ByteRange] {
        let id = self.work.article.as_ref();
        let read = id.and_then(|id| self.work.read.get(id));
        read.map_or(&[], Vec::as_slice)
    }

    /// Where the analyst is, for the settings.
    pub fn place(&self) -> Option<Place> {
        let article = self.article()?;
        let top = self
            .work
            .places
            .get(&article.id)
            .map(|(top, _)| *top)
            .unwrap_or_default();
        Some(Place {
            article: article.id.to_string(),
            top_chars: article.text.char_pos(top).0,
        })
    }

    /// Goes back to where the analyst was when the project was last open.
    pub(super) fn restore_place(&mut self) {
        let place = self
            .work
            .session
            .path()
            .and_then(|path| self.settings.place_of(path))
            .cloned()
            .unwrap_or_default();
        let project = self.work.session.project();
        let remembered = project.article(&ArticleId::new(place.article.as_str()));
        let Some(article) = remembered.or(project.articles().first()).cloned() else {
            return;
        };
        let top = if article.id.as_str() == place.article {
            article
                .text
                .byte_pos(CharPos(place.top_chars))
                .unwrap_or_default()
        } else {
            BytePos(0)
        };
        let selection = Selection::caret_at(top);
        self.work
            .places
            .insert(article.id.clone(), (top, selection));
        self.go_to_article(&article.id);
    }
}
