//! The trash: moving annotations and articles there, bringing back what is in it.
//!
//! Nothing here deletes without a way back: what is taken away stands in the trash, and each action
//! is one step of the history.

use super::Model;
use super::rows::{commands, row};
use crate::app::action::Action;
use crate::app::clock;
use crate::app::command::{Command, Scope, Section, key};
use crate::app::notice::Notice;
use crate::app::words::count;
use crate::core::codebook::Label;
use crate::core::edit::Edit;
use crate::core::ids::{AnnotationId, ArticleId};
use crate::core::project::{Project, TrashItem, Trashed};
use crate::core::recipes::{Signed, trash};
use crate::core::shown::{in_marks, shown};
use crate::core::text::{ArticleText, ByteRange};

#[rustfmt::skip]
commands! {
    Trash => row(Section::Project, "Trash…", None, Scope::Always, "What was deleted, by whom and when; bring it back")
        .shows_its_dialog(),
    DeleteAnnotation => row(Section::Removing, "Delete annotation", key("Delete"), Scope::Article, "Move the selected annotation to the trash")
        .or(key("Backspace"))
        .runs(Model::delete_selected)
        .when(Model::has_selected),
    MoveArticleToTrash => row(Section::Removing, "Remove article", None, Scope::NotWriting, "Move this article and its annotations to the trash")
        .runs(Model::remove_article)
        .when(Model::has_article),
}

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

/// The first words of a range, on one line.
fn excerpt(text: &ArticleText, range: ByteRange) -> String {
    const CHARS: usize = 40;
    let all = text.slice(range);
    let mut words: String = all.chars().take(CHARS).collect();
    if words.len() < all.len() {
        words.push('…');
    }
    words.replace('\n', " ")
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
        let label = codebook.name_of(&annotation.label);
        let told = format!(
            "{} {} is in the trash",
            shown(label),
            in_marks(&excerpt(&article.text, annotation.extent()))
        );
        let name = label.to_lowercase();
        let (by, when) = (self.work.session.annotator(), Some(clock::now()));
        let signed = Signed { by, when };
        let edit = trash::trash_annotation(self.work.session.project(), &article.id, id, signed);
        if self.apply(format!("delete {name}"), vec![edit]) {
            self.work.selected = None;
            self.offer_to_take_back(told);
        }
    }

    fn offer_to_take_back(&mut self, told: String) {
        let notice = Notice::info(told).on("trash");
        self.notify(notice.with_offer("Undo", Action::Run(Command::Undo)));
    }

    fn delete_selected(&mut self) {
        if let Some(id) = self.work.selected.clone() {
            self.delete(&id);
        }
    }

    fn remove_article(&mut self) {
        if let Some(id) = self.work.article.clone() {
            self.trash_articles(&[id]);
        }
    }

    pub(super) fn trash_articles(&mut self, ids: &[ArticleId]) {
        let project = self.work.session.project();
        let there = ids.iter().filter(|id| project.article_index(id).is_some());
        let ids: &[ArticleId] = &there.cloned().collect::<Vec<_>>();
        let found = ids.iter().filter_map(|id| project.article(id));
        let titles: Vec<String> = found.map(|a| a.shown_title().into_owned()).collect();
        let (title, told) = match titles.as_slice() {
            [] => return,
            [title] => (
                "remove article".to_owned(),
                format!("“{title}” is in the trash"),
            ),
            several => {
                let n = count(several.len(), "article", "articles");
                (format!("remove {n}"), format!("{n} are in the trash"))
            }
        };
        let next = self.listed_beside(ids);
        let (by, when) = (self.work.session.annotator(), Some(clock::now()));
        let edit = trash::trash_articles(project, ids, Signed { by, when });
        if self.apply(title, vec![edit]) {
            if let Some(next) = next {
                self.take_up(&next);
            }
            self.mend_references();
            self.offer_to_take_back(told);
        }
    }

    pub(super) fn restore(&mut self, places: &[usize]) {
        let project = self.work.session.project();
        let first = places
            .first()
            .and_then(|&at| project.trash().get(at))
            .cloned();
        let codebook = project.codebook();
        let gone = project.trash().iter().filter_map(|item| item.what.label());
        let gone = gone.filter(|label| codebook.label(label.id.as_str()).is_none());
        let gone: Vec<Label> = gone.cloned().collect();
        let (by, when) = (self.work.session.annotator(), Some(clock::now()));
        match trash::restore(project, places, Signed { by, when }) {
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
                    self.tell_of_labels_back(&gone);
                }
            }
            Err(reason) => self.notify(Notice::error(format!("This was not restored: {reason}"))),
        }
    }

    /// Says which of the labels that were gone came back otherwise than they went.
    fn tell_of_labels_back(&mut self, gone: &[Label]) {
        let codebook = self.work.session.project().codebook();
        let back = gone.iter().filter_map(|old| {
            let now = codebook.label(old.id.as_str())?;
            Some((old, now))
        });
        let mut told = Vec::new();
        let mut is_any_back = false;
        for (old, now) in back {
            is_any_back = true;
            if now.name != old.name {
                let (old, now) = (shown(&old.name), shown(&now.name));
                told.push(format!(
                    "“{old}” is called “{now}” now, as another label has its name"
                ));
            }
            if let Some(key) = old.small_key().filter(|_| now.key.is_none()) {
                let (name, key) = (shown(&now.name), key.to_uppercase());
                told.push(format!("“{name}” has no key, as another label has {key}"));
            }
        }
        if is_any_back {
            self.announce_keys();
        }
        if !told.is_empty() {
            let message = format!("Restored, and changed: {}", told.join("; "));
            self.notify(
                Notice::warning(message)
                    .on("trash")
                    .with_offer("Undo", Action::Run(Command::Undo)),
            );
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
        self.show_article(&article);
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
}
