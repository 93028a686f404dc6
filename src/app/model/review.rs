//! The review list: annotations whose place in the text was lost, placed again or dropped.

use super::Model;
use super::rows::{commands, row};
use crate::app::action::UiRequest;
use crate::app::clock;
use crate::app::command::{Scope, Section};
use crate::app::notice::Notice;
use crate::core::edit::Edit;
use crate::core::ids::ArticleId;

#[rustfmt::skip]
commands! {
    Review => row(Section::Project, "Review list…", None, Scope::Always, "Annotations whose place in the text was lost; place them again")
        .shows_its_dialog(),
}

impl Model {
    /// Puts an annotation of the review list where the selection is, or where it says.
    pub(super) fn place_reviewed(&mut self, at: usize) {
        let project = self.work.session.project();
        let Some(item) = project.set_aside().get(at) else {
            return;
        };
        let range = self.work.selection.range();
        let Some(article) = self.article().filter(|_| !range.is_empty()) else {
            self.notify(Notice::info(
                "Select the text in the article that this annotation belongs to, then place it",
            ));
            return;
        };
        let range = crate::core::text::segment::trim(&article.text, range);
        let Some(mut annotation) = crate::format::project_ron::lost_annotation(&item.raw) else {
            self.notify(Notice::error(
                "This cannot be read as an annotation. It stays on the list; its text can be copied.",
            ));
            return;
        };
        annotation.fragments = range.into();
        annotation.changed = Some(clock::now());
        let is_taken = |id: &str| {
            let mut articles = project.articles().iter();
            articles.any(|article| article.annotations.get(id).is_some())
        };
        let codebook = project.codebook();
        if codebook.label(annotation.label.as_str()).is_none() {
            let message = format!(
                "The codebook has no label “{}”; restore it from the trash first",
                annotation.label
            );
            self.notify(Notice::error(message));
            return;
        }
        let taken = is_taken(annotation.id.as_str());
        let article = article.id.clone();
        if taken {
            annotation.id = self.work.session.mint_annotation_id();
        }
        let id = annotation.id.clone();
        let edits = vec![
            Edit::RemoveFromReview(vec![at]),
            Edit::AddAnnotation {
                article,
                annotation: Box::new(annotation),
            },
        ];
        if self.apply("place annotation", edits) {
            self.select_annotation(id, true);
        }
    }

    pub(super) fn drop_reviewed(&mut self, at: usize) {
        self.apply(
            "take off the review list",
            vec![Edit::RemoveFromReview(vec![at])],
        );
    }

    /// Shows the place that an item of the review list belongs to, as far as it is known.
    pub(super) fn show_reviewed(&mut self, at: usize) {
        let item = self.work.session.project().set_aside().get(at);
        if let Some(article) = item.map(|item| ArticleId::new(item.article.as_str())) {
            self.go_to_article(&article);
            self.requests.push(UiRequest::FocusArticle);
        }
    }
}
