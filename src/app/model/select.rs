//! What is selected in the article: growing, shrinking, copying, and letting go.

use super::Model;
use super::rows::{commands, row};
use crate::app::action::UiRequest;
use crate::app::command::{Scope, Section, alt, ctrl, key};
use crate::core::article::Article;
use crate::core::ids::AnnotationId;
use crate::core::text::selection::Selection;
use std::path::Path;

#[rustfmt::skip]
commands! {
    Copy => row(Section::Selection, "Copy", ctrl("C"), Scope::Article, "Copy what is selected")
        .runs(Model::copy)
        .when(|model| !model.selection().is_empty()),
    SelectAll => row(Section::Selection, "Select all", ctrl("A"), Scope::Article, "Select the whole article")
        .runs(|model| model.with_text(|_, article| Selection::of(article.text.full_range())))
        .when(Model::has_article),
    GrowSelection => row(Section::Selection, "Grow selection", alt("ArrowUp"), Scope::Article, "To the word, quoted stretch, clause, sentence, paragraph")
        .runs(|model| model.with_text(|selection, article| selection.grown(&article.text)))
        .when(Model::has_article),
    ShrinkSelection => row(Section::Selection, "Shrink selection", alt("ArrowDown"), Scope::Article, "Back to what was selected before growing")
        .runs(|model| model.work.selection = model.work.selection.shrunk())
        .when(Model::has_article),
    Escape => row(Section::LettingGo, "Let go", key("Escape"), Scope::Article, "Drop the selection, then what is proposed, then the selected annotation, then the find bar, then the locked label; then close a drawer")
        .runs(Model::escape),
}

impl Model {
    fn copy(&mut self) {
        if let Some(article) = self.article() {
            let text = article.text.slice(self.work.selection.range()).to_owned();
            self.requests.push(UiRequest::CopyText(text));
        }
    }

    pub(super) fn copy_path(&mut self, path: &Path) {
        let text = path.display().to_string();
        self.requests.push(UiRequest::CopyText(text));
    }

    fn escape(&mut self) {
        self.work.before_text = None;
        if self.work.link.is_some() {
            self.leave_link();
        } else if !self.work.selection.is_empty() {
            self.work.selection = Selection::caret_at(self.work.selection.caret);
        } else if self
            .quote_offer()
            .is_some_and(|offer| offer.has_something())
        {
            self.work.offer = None;
        } else if self.work.selected.is_some() {
            self.work.selected = None;
        } else if self.find_bar().is_open {
            self.close_find_bar();
        } else if self.work.locked_label.is_some() {
            self.work.locked_label = None;
        } else {
            self.settings.drawer = None;
        }
    }

    /// Selects text, or puts the caret, and with it the annotation that was clicked on.
    pub(super) fn select(&mut self, selection: Selection, annotation: Option<AnnotationId>) {
        let before = std::mem::replace(&mut self.work.selected, annotation);
        if selection.is_empty() {
            self.work.before_text = None;
        } else if before.is_some() {
            self.work.before_text = before;
        }
        self.work.selection = selection;
        if self.selected_annotation().is_none() {
            self.work.selected = None;
        }
        self.leave_other_offer();
    }

    fn with_text(&mut self, change: impl FnOnce(&Selection, &Article) -> Selection) {
        if let Some(article) = self.article() {
            self.work.selection = change(&self.work.selection, article);
        }
    }
}
