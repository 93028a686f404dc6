//! Deleting and bringing back: annotations, articles, labels and annotators; the review list; and
//! going through the history.
//!
//! Nothing here deletes without a way back: what is taken away stands in the trash, and each action
//! is one step of the history.

use super::Model;
use crate::app::action::{Action, Deleting, UiRequest};
use crate::app::clock;
use crate::app::derived::project::Counts;
use crate::app::notice::Notice;
use crate::app::words::count;
use crate::core::edit::{Edit, Step};
use crate::core::ids::{AnnotationId, AnnotatorId, ArticleId, LabelId};
use crate::core::project::{Project, TrashItem, Trashed};
use crate::core::recipes::{Signed, trash};
use crate::core::shown::shown;

/// A line of the trash, in words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrashLine {
    pub kind: String,
    pub text: String,
    pub detail: String,
}

/// Describes an item of the trash.
pub fn trash_line(project: &Project, item: &TrashItem) -> TrashLine {
    let (kind, text, detail) = match &item.what {
        Trashed::Annotation {
            article,
            annotation,
        } => {
            let found = project.article_or_trashed(article);
            let text = found.map_or("", |a| a.text.slice(annotation.extent()));
            let title = found.map_or("an article that is gone".into(), |a| a.shown_title());
            let kind = project.codebook().name_of(&annotation.label).to_owned();
            (kind, text.to_owned(), format!("in {title}"))
        }
        Trashed::Article(article) => {
            let n = article.annotations.len();
            let detail = count(n, "annotation", "annotations");
            (
                "Article".to_owned(),
                article.shown_title().into_owned(),
                detail,
            )
        }
        Trashed::Label(label) => {
            let n = trash::together(project, item).len();
            let detail = count(n, "annotation with it", "annotations with it");
            ("Label".to_owned(), label.name.clone(), detail)
        }
        Trashed::Annotator(annotator) => {
            let n = trash::together(project, item).len();
            let detail = count(n, "annotation with them", "annotations with them");
            ("Annotator".to_owned(), annotator.name.clone(), detail)
        }
        Trashed::Later(kept) => {
            let text = shown(kept.as_str()).into_owned();
            ("Something".to_owned(), text, trash::LATER.to_owned())
        }
    };
    TrashLine { kind, text, detail }
}

impl Model {
    pub(super) fn delete(&mut self, id: &AnnotationId) {
        let Some(article) = self.article() else {
            return;
        };
        let Some(annotation) = article.annotations.get(id.as_str()) else {
            return;
        };
        let codebook = self.work.session.project().codebook();
        let name = codebook.name_of(&annotation.label).to_lowercase();
        let (by, when) = (self.work.session.annotator(), Some(clock::now()));
        let signed = Signed { by, when };
        let edit = trash::trash_annotation(self.work.session.project(), &article.id, id, signed);
        if self.apply(format!("delete {name}"), vec![edit]) {
            self.work.selected = None;
        }
    }

    pub(super) fn remove_article(&mut self) {
        let (Some(article), Some(index)) = (self.article(), self.article_index()) else {
            return;
        };
        let title = article.shown_title().into_owned();
        let id = article.id.clone();
        let (by, when) = (self.work.session.annotator(), Some(clock::now()));
        let signed = Signed { by, when };
        let edit = trash::trash_articles(self.work.session.project(), &[id], signed);
        if self.apply("remove article", vec![edit]) {
            let articles = self.work.session.project().articles();
            let next = articles
                .get(index)
                .or(articles.last())
                .map(|a| a.id.clone());
            if let Some(next) = next {
                self.go_to_article(&next);
            }
            self.mend_references();
            let notice = Notice::info(format!("“{title}” is in the trash"));
            self.notify(
                notice
                    .on("trash")
                    .with_offer("Undo", Action::Run(crate::app::command::Command::Undo)),
            );
        }
    }

    /// How many annotations go when this is deleted, and in how many articles.
    pub fn extent_of(&self, deleting: &Deleting) -> (usize, usize) {
        let counts = self.derived(&Counts);
        let extent = match deleting {
            Deleting::Label(label) => counts.of_label(label),
            Deleting::Annotator(annotator) => counts.of_annotator(annotator),
        };
        (extent.annotations, extent.articles)
    }

    /// Takes a label out of the codebook; its annotations get another label, or go to the trash.
    pub(super) fn delete_label(&mut self, label: &LabelId, move_to: Option<&LabelId>) {
        let (by, when) = (self.work.session.annotator(), Some(clock::now()));
        let signed = Signed { by, when };
        let project = self.work.session.project();
        let Some(deletion) = trash::delete_label(project, label, move_to, signed) else {
            return;
        };
        let name = deletion.name;
        if self.work.locked_label.as_ref() == Some(label) {
            self.work.locked_label = None;
        }
        let title = format!("delete label {}", name.to_lowercase());
        if self.apply(title, deletion.edits) {
            self.mend_references();
            let fate = match (deletion.annotations, move_to) {
                (0, _) => String::new(),
                (n, Some(other)) => {
                    let to = self.work.session.project().codebook().name_of(other);
                    format!(
                        "; {} now {to}",
                        count(n, "annotation is", "annotations are")
                    )
                }
                (n, None) => format!(
                    "; {} too",
                    count(n, "annotation is there", "annotations are there")
                ),
            };
            self.notify(
                Notice::info(format!("The label “{name}” is in the trash{fate}"))
                    .on("trash")
                    .with_offer("Undo", Action::Run(crate::app::command::Command::Undo)),
            );
        }
    }

    /// Takes an annotator out of the project, with all their annotations.
    pub(super) fn delete_annotator(&mut self, id: &AnnotatorId) {
        let (by, when) = (self.work.session.annotator(), Some(clock::now()));
        let signed = Signed { by, when };
        let Some(deletion) = trash::delete_annotator(self.work.session.project(), id, signed)
        else {
            return;
        };
        let title = format!("delete annotator {}", deletion.name);
        if self.apply(title, deletion.edits) {
            self.mend_references();
        }
    }

    pub(super) fn restore(&mut self, places: &[usize]) {
        let project = self.work.session.project();
        let first = places
            .first()
            .and_then(|&at| project.trash().get(at))
            .cloned();
        match trash::restore(project, places) {
            Ok(edits) => {
                let title = match (places.len(), &first) {
                    (1, Some(item)) => {
                        let line = trash_line(project, item);
                        format!("restore {}", line.kind.to_lowercase())
                    }
                    (n, _) => format!("restore {n} things"),
                };
                if self.apply(title, edits) {
                    self.show_restored(first.as_deref());
                }
            }
            Err(reason) => self.notify(Notice::error(format!("This was not restored: {reason}"))),
        }
    }

    fn show_restored(&mut self, item: Option<&TrashItem>) {
        let (article, annotation) = match item.map(|item| &item.what) {
            Some(Trashed::Annotation {
                article,
                annotation,
            }) => (article.clone(), Some(annotation.id.clone())),
            Some(Trashed::Article(article)) => (article.id.clone(), None),
            Some(Trashed::Label(_) | Trashed::Annotator(_) | Trashed::Later(_)) | None => {
                return self.mend_references();
            }
        };
        self.go_to_article(&article);
        if let Some(id) = annotation {
            self.select_annotation(id, true);
        }
    }

    /// Empties the trash of these items. It is a step like any other: undoing brings them back.
    pub(super) fn purge(&mut self, places: &[usize]) {
        let places = trash::purge(self.work.session.project(), places);
        let n = places.len();
        let title = format!("delete {} for good", count(n, "thing", "things"));
        self.apply(title, vec![Edit::RemoveFromTrash(places)]);
    }

    /// Goes to the state in which so many steps of the history are in force.
    pub(super) fn jump_to(&mut self, done: usize) {
        self.finish_edge_move(true);
        self.drop_undo_offers();
        match self.work.session.jump_to(done) {
            Ok(last) => {
                if let Some(last) = last {
                    self.show_subject(&last);
                }
                self.mend_references();
            }
            Err(error) => self.notify(Notice::error(format!("This was not done: {error}"))),
        }
    }

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

/// The text that a step is about; empty when it is not about one annotation.
pub fn step_excerpt(project: &Project, step: &Step) -> String {
    let first = step.next.edits.first();
    let Some((article, range)) = first.and_then(|edit| edit.extent_in(project)) else {
        return String::new();
    };
    let article = project.article_or_trashed(article);
    let text = article.map_or("", |article| article.text.slice(range));
    text.chars().take(120).collect()
}

/// The title of a step as a history shows it.
pub fn step_title(title: &str) -> String {
    let mut chars = title.chars();
    chars
        .next()
        .map(|first| first.to_uppercase().chain(chars).collect())
        .unwrap_or_default()
}
