//! The review list: annotations whose place in the text was lost, placed again or dropped.

use super::Model;
use super::rows::{commands, row};
use crate::app::action::{Action, UiRequest};
use crate::app::clock;
use crate::app::command::{Command, Scope, Section};
use crate::app::notice::Notice;
use crate::app::words::count;
use crate::core::edit::Edit;
use crate::core::ids::ArticleId;
use crate::core::project::SetAside;
use crate::core::shown::in_marks;
use crate::format::project_ron::{lost_annotation, lost_texts};

/// The topic of the notice that something's place is being looked for.
const SEEKING: &str = "seeking";

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
        let Some(mut annotation) = lost_annotation(&item.raw) else {
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
            self.stop_seeking();
            self.select_annotation(id, true);
            let left = self.work.session.project().set_aside().len();
            if left > 0 {
                let left = count(left, "annotation is", "annotations are");
                let notice = Notice::info(format!("It is placed; {left} still on the review list"));
                let review = Action::Run(Command::Review);
                self.notify(
                    notice
                        .on(SEEKING)
                        .with_offer("Show the review list", review),
                );
            }
        }
    }

    pub(super) fn drop_reviewed(&mut self, at: usize) {
        if self.sought() == Some(at) {
            self.stop_seeking();
        }
        self.apply(
            "take off the review list",
            vec![Edit::RemoveFromReview(vec![at])],
        );
    }

    /// Shows the article that an item of the review list belongs to, and waits for its place there.
    pub(super) fn show_reviewed(&mut self, at: usize) {
        let Some(item) = self.work.session.project().set_aside().get(at) else {
            return;
        };
        let article = ArticleId::new(item.article.as_str());
        let text = lost_texts(&item.raw).join(" … ");
        self.work.sought = Some((at, item.raw.as_str().to_owned()));
        self.show_article(&article);
        self.requests.push(UiRequest::FocusArticle);
        let start: String = text.chars().take(80).collect();
        let more = if start.len() < text.len() { "…" } else { "" };
        let words = in_marks(&format!("{start}{more}"));
        let message = format!("Select where {words} belongs");
        let notice = Notice::info(message).on(SEEKING).until_dismissed();
        let notice = notice.with_offer("Place it at the selection", Action::PlaceSought);
        let review = Action::Run(Command::Review);
        self.notify(notice.with_offer("Back to the review list", review));
    }

    /// Places what is looked for where the selection is now.
    pub(super) fn place_sought(&mut self) {
        match self.sought() {
            Some(at) if self.work.selection.is_empty() => self.show_reviewed(at),
            Some(at) => self.place_reviewed(at),
            None => self.stop_seeking(),
        }
    }

    /// The item of the review list whose place is being looked for.
    pub fn sought(&self) -> Option<usize> {
        let (at, sought) = self.work.sought.as_ref()?;
        let items = self.work.session.project().set_aside();
        let is_it = |item: &SetAside| item.raw.as_str() == sought;
        // Others may have gone meanwhile.
        let is_there = items.get(*at).is_some_and(is_it);
        is_there
            .then_some(*at)
            .or_else(|| items.iter().position(is_it))
    }

    fn stop_seeking(&mut self) {
        self.work.sought = None;
        self.notices.retain(|notice| notice.topic != SEEKING);
    }
}
