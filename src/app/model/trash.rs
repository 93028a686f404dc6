//! Deleting and bringing back: annotations, articles, labels and annotators; the review list; and
//! going through the history.
//!
//! Nothing here deletes without a way back: what is taken away stands in the trash, and each action
//! is one step of the history.

use super::{Model, UiRequest};
use crate::app::clock;
use crate::app::derived::project::Counts;
use crate::app::notice::{Notice, count};
use crate::core::annotation::{Annotation, AnnotationSet, Timestamp};
use crate::core::article::Article;
use crate::core::edit::{Edit, Step, ToTrash};
use crate::core::ids::{AnnotationId, AnnotatorId, ArticleId, LabelId};
use crate::core::project::{Project, TrashItem, Trashed};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

/// What is about to be deleted together with how much.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deleting {
    Label(LabelId),
    Annotator(AnnotatorId),
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
            let found = trashed_or_present(project, article);
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
            let n = together(project, item).len();
            let detail = count(n, "annotation with it", "annotations with it");
            ("Label".to_owned(), label.name.clone(), detail)
        }
        Trashed::Annotator(annotator) => {
            let n = together(project, item).len();
            let detail = count(n, "annotation with them", "annotations with them");
            ("Annotator".to_owned(), annotator.name.clone(), detail)
        }
    };
    TrashLine { kind, text, detail }
}

fn trashed_or_present<'a>(
    project: &'a Project,
    id: &ArticleId,
) -> Option<&'a Arc<crate::core::article::Article>> {
    project.article(id).or_else(|| {
        project.trash().iter().find_map(|item| match &item.what {
            Trashed::Article(article) if article.id == *id => Some(article),
            _ => None,
        })
    })
}

/// The places of the annotations that went to the trash together with a label or an annotator.
fn together(project: &Project, item: &TrashItem) -> Vec<usize> {
    let goes_with = |annotation: &Annotation| match &item.what {
        Trashed::Label(label) => annotation.label == label.id,
        Trashed::Annotator(annotator) => annotation.annotator == annotator.id,
        _ => false,
    };
    let trash = project.trash().iter().enumerate();
    trash
        .filter(|(_, other)| other.by == item.by && other.when == item.when)
        .filter(|(_, other)| {
            matches!(&other.what, Trashed::Annotation { annotation, .. } if goes_with(annotation))
        })
        .map(|(at, _)| at)
        .collect()
}

/// How many annotations a label or an annotator has, by article, in order.
fn annotations_of<'a>(
    project: &'a Project,
    wanted: impl Fn(&Annotation) -> bool + 'a,
) -> Vec<(ArticleId, Vec<Arc<Annotation>>)> {
    let articles = project.articles().iter();
    articles
        .filter_map(|article| {
            let found: Vec<_> = article
                .annotations
                .iter()
                .filter(|annotation| wanted(annotation))
                .cloned()
                .collect();
            (!found.is_empty()).then(|| (article.id.clone(), found))
        })
        .collect()
}

/// Edits that move annotations to the trash, whose present length is `at`.
fn to_trash(
    found: &[(ArticleId, Vec<Arc<Annotation>>)],
    mut at: usize,
    by: &AnnotatorId,
    when: Option<Timestamp>,
) -> Vec<Edit> {
    let mut edits = Vec::with_capacity(found.len());
    for (article, annotations) in found {
        let items = annotations
            .iter()
            .enumerate()
            .map(|(i, annotation)| ToTrash {
                id: annotation.id.clone(),
                at: at + i,
                by: by.clone(),
                when,
            });
        edits.push(Edit::TrashAnnotations {
            article: article.clone(),
            items: items.collect(),
        });
        at += annotations.len();
    }
    edits
}

/// Edits that bring items of the trash back, with what they need: the article and the label of an
/// annotation, the annotations of a label. The reason in words when one cannot come back.
pub fn restore_edits(project: &Project, wanted: &[usize]) -> Result<Vec<Edit>, String> {
    let trash = project.trash();
    let mut places: BTreeSet<usize> = wanted.iter().copied().collect();
    // What goes together comes back together.
    for &at in wanted {
        let item = trash.get(at).ok_or("this is not in the trash any more")?;
        places.extend(together(project, item));
    }
    let find = |is_it: &dyn Fn(&Trashed) -> bool| trash.iter().rposition(|item| is_it(&item.what));
    // Articles first, then the labels that everything needs.
    for at in places.clone() {
        if let Some(Trashed::Annotation { article, .. }) = trash.get(at).map(|item| &item.what)
            && project.article(article).is_none()
        {
            let found = find(&|what| matches!(what, Trashed::Article(a) if a.id == *article));
            places.insert(found.ok_or("the article of this annotation is not in the project")?);
        }
    }
    let mut needed: BTreeSet<LabelId> = BTreeSet::new();
    for at in &places {
        match trash.get(*at).map(|item| &item.what) {
            Some(Trashed::Annotation { annotation, .. }) => {
                needed.insert(annotation.label.clone());
            }
            Some(Trashed::Article(article)) => {
                needed.extend(article.annotations.iter().map(|a| a.label.clone()));
            }
            _ => {}
        }
    }
    for label in needed {
        if project.codebook().label(label.as_str()).is_none() {
            let found = find(&|what| matches!(what, Trashed::Label(l) if l.id == label));
            let missing = || format!("the codebook has no label “{label}” any more");
            places.insert(found.ok_or_else(missing)?);
        }
    }
    let mut codebook = project.codebook().clone();
    let mut annotators = project.annotators().to_vec();
    let mut plain = Vec::new();
    let mut articles = Vec::new();
    let mut annotations: BTreeMap<ArticleId, Vec<usize>> = BTreeMap::new();
    for &at in &places {
        match trash.get(at).map(|item| &item.what) {
            Some(Trashed::Label(label)) => {
                if codebook.label(label.id.as_str()).is_some() {
                    return Err(format!("the codebook has another label “{}” now", label.id));
                }
                codebook.labels.push(label.clone());
                plain.push(at);
            }
            Some(Trashed::Annotator(annotator)) => {
                if !annotators.iter().any(|known| known.id == annotator.id) {
                    annotators.push(annotator.clone());
                }
                plain.push(at);
            }
            Some(Trashed::Article(_)) => articles.push(at),
            Some(Trashed::Annotation { article, .. }) => {
                annotations.entry(article.clone()).or_default().push(at);
            }
            None => {}
        }
    }
    let mut edits = Vec::new();
    if codebook.labels.len() > project.codebook().labels.len() {
        codebook.revision += 1;
        edits.push(Edit::SetCodebook(Box::new(codebook)));
    }
    if annotators.len() > project.annotators().len() {
        edits.push(Edit::SetAnnotators(annotators));
    }
    // Each edit takes items out of the trash, so the places of the later ones shift.
    let mut gone: Vec<usize> = Vec::new();
    let mut take = |places: &[usize]| -> Vec<usize> {
        let shifted = places
            .iter()
            .map(|at| at - gone.iter().filter(|&g| g < at).count());
        let shifted = shifted.collect();
        gone.extend(places);
        shifted
    };
    if !plain.is_empty() {
        edits.push(Edit::RemoveFromTrash(take(&plain)));
    }
    // A version that was replaced shares ids with the one that took its place.
    let live: HashSet<&AnnotationId> = match articles.is_empty() {
        true => HashSet::new(),
        false => {
            let all = project.articles().iter();
            all.flat_map(|article| article.annotations.iter().map(|a| &a.id))
                .collect()
        }
    };
    let renamed: Vec<(usize, Arc<Article>)> = articles
        .iter()
        .filter_map(|at| match &trash.get(*at)?.what {
            Trashed::Article(article)
                if article.annotations.iter().any(|a| live.contains(&a.id)) =>
            {
                Some((*at, Arc::new(with_fresh_ids(article))))
            }
            _ => None,
        })
        .collect();
    if !renamed.is_empty() {
        let places: Vec<usize> = renamed.iter().map(|(at, _)| *at).collect();
        articles.retain(|at| !places.contains(at));
        edits.push(Edit::RemoveFromTrash(take(&places)));
        let at = project.articles().len();
        let back = renamed.into_iter().enumerate();
        edits.push(Edit::AddArticles(
            back.map(|(i, (_, article))| (at + i, article)).collect(),
        ));
    }
    if !articles.is_empty() {
        let added = edits.iter().map(|edit| match edit {
            Edit::AddArticles(added) => added.len(),
            _ => 0,
        });
        let at = project.articles().len() + added.sum::<usize>();
        let places = take(&articles).into_iter().enumerate();
        edits.push(Edit::RestoreArticles(
            places.map(|(i, place)| (place, at + i)).collect(),
        ));
    }
    for (article, places) in annotations {
        let at = take(&places);
        edits.push(Edit::RestoreAnnotations { article, at });
    }
    Ok(edits)
}

/// An article whose annotations have ids that no other article uses.
fn with_fresh_ids(article: &Article) -> Article {
    let suffix = article.id.to_string();
    let fresh = |id: &AnnotationId| AnnotationId::new(format!("{id}@{suffix}"));
    let renamed = article.annotations.iter().map(|annotation| {
        let mut annotation = annotation.as_ref().clone();
        annotation.id = fresh(&annotation.id);
        for link in &mut annotation.links {
            link.target = fresh(&link.target);
        }
        annotation
    });
    let mut article = article.clone();
    article.annotations = AnnotationSet::from_annotations(renamed.collect::<Vec<_>>()).0;
    article
}

impl Model {
    fn to_trash_now<Id>(&self, id: Id, after: usize) -> ToTrash<Id> {
        ToTrash {
            id,
            at: self.session.project().trash().len() + after,
            by: self.session.annotator().clone(),
            when: Some(clock::now()),
        }
    }

    pub(super) fn delete(&mut self, id: &AnnotationId) {
        let Some(article) = self.article() else {
            return;
        };
        let Some(annotation) = article.annotations.get(id.as_str()) else {
            return;
        };
        let codebook = self.session.project().codebook();
        let name = codebook.name_of(&annotation.label).to_lowercase();
        let edit = Edit::TrashAnnotations {
            article: article.id.clone(),
            items: vec![self.to_trash_now(id.clone(), 0)],
        };
        if self.apply(format!("delete {name}"), vec![edit]) {
            self.selected = None;
        }
    }

    pub(super) fn remove_article(&mut self) {
        let (Some(article), Some(index)) = (self.article(), self.article_index()) else {
            return;
        };
        let title = article.shown_title().into_owned();
        let id = article.id.clone();
        let edit = Edit::TrashArticles(vec![self.to_trash_now(id, 0)]);
        if self.apply("remove article", vec![edit]) {
            let articles = self.session.project().articles();
            let next = articles
                .get(index)
                .or(articles.last())
                .map(|a| a.id.clone());
            if let Some(next) = next {
                self.go_to_article(&next);
            }
            self.mend_references();
            let notice = Notice::info(format!("“{title}” is in the trash"));
            self.notify(notice.on("trash").with_offer(
                "Undo",
                super::Action::Run(crate::app::command::Command::Undo),
            ));
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
        let project = self.session.project();
        let mut codebook = project.codebook().clone();
        let Some(at) = codebook.labels.iter().position(|l| l.id == *label) else {
            return;
        };
        let removed = codebook.labels.remove(at);
        codebook.revision += 1;
        let when = Some(clock::now());
        let by = self.session.annotator().clone();
        let found = annotations_of(project, |a| a.label == *label);
        let n: usize = found.iter().map(|(_, all)| all.len()).sum();
        let mut in_trash = project.trash().len();
        let mut edits = match move_to {
            Some(other) => found
                .iter()
                .map(|(article, annotations)| Edit::ReplaceAnnotations {
                    article: article.clone(),
                    annotations: annotations
                        .iter()
                        .map(|old| {
                            let mut new = Annotation::clone(old);
                            new.label = other.clone();
                            new.changed = when;
                            Arc::new(new)
                        })
                        .collect(),
                })
                .collect(),
            None => {
                let edits = to_trash(&found, in_trash, &by, when);
                in_trash += n;
                edits
            }
        };
        // Pointers into the articles would make every change copy them.
        drop(found);
        let name = removed.name.clone();
        let what = Trashed::Label(removed);
        edits.push(Edit::SetCodebook(Box::new(codebook)));
        let item = Arc::new(TrashItem { what, by, when });
        edits.push(Edit::AddToTrash(vec![(in_trash, item)]));
        if self.locked_label.as_ref() == Some(label) {
            self.locked_label = None;
        }
        if self.apply(format!("delete label {}", name.to_lowercase()), edits) {
            self.mend_references();
            let fate = match (n, move_to) {
                (0, _) => String::new(),
                (n, Some(other)) => {
                    let to = self.session.project().codebook().name_of(other);
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
                    .with_offer(
                        "Undo",
                        super::Action::Run(crate::app::command::Command::Undo),
                    ),
            );
        }
    }

    /// Takes an annotator out of the project, with all their annotations.
    pub(super) fn delete_annotator(&mut self, id: &AnnotatorId) {
        let project = self.session.project();
        let mut annotators = project.annotators().to_vec();
        let Some(at) = annotators.iter().position(|a| a.id == *id) else {
            return;
        };
        let removed = annotators.remove(at);
        let when = Some(clock::now());
        let by = self.session.annotator().clone();
        let found = annotations_of(project, |a| a.annotator == *id);
        let n: usize = found.iter().map(|(_, all)| all.len()).sum();
        let in_trash = project.trash().len();
        let mut edits = to_trash(&found, in_trash, &by, when);
        drop(found);
        let name = removed.name.clone();
        let what = Trashed::Annotator(removed);
        edits.push(Edit::SetAnnotators(annotators));
        let item = Arc::new(TrashItem { what, by, when });
        edits.push(Edit::AddToTrash(vec![(in_trash + n, item)]));
        if self.apply(format!("delete annotator {name}"), edits) {
            self.mend_references();
        }
    }

    pub(super) fn restore(&mut self, places: &[usize]) {
        let project = self.session.project();
        let first = places
            .first()
            .and_then(|&at| project.trash().get(at))
            .cloned();
        match restore_edits(project, places) {
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
            _ => return self.mend_references(),
        };
        self.go_to_article(&article);
        if let Some(id) = annotation {
            self.select_annotation(id, true);
        }
    }

    /// Empties the trash of these items. It is a step like any other: undoing brings them back.
    pub(super) fn purge(&mut self, places: &[usize]) {
        let mut places = places.to_vec();
        // Annotations of an article that is gone for good have no text to stand on.
        let trash = self.session.project().trash();
        let gone = |id: &ArticleId| {
            let of = |at: &usize| match trash.get(*at).map(|item| &item.what) {
                Some(Trashed::Article(article)) => article.id == *id,
                _ => false,
            };
            places.iter().any(of)
        };
        let orphans = trash
            .iter()
            .enumerate()
            .filter(|(_, item)| match &item.what {
                Trashed::Annotation { article, .. } => gone(article),
                _ => false,
            });
        let orphans: Vec<usize> = orphans.map(|(at, _)| at).collect();
        places.extend(orphans);
        places.sort_unstable();
        places.dedup();
        let n = places.len();
        let title = format!("delete {} for good", count(n, "thing", "things"));
        self.apply(title, vec![Edit::RemoveFromTrash(places)]);
    }

    /// Goes to the state in which so many steps of the history are in force.
    pub(super) fn jump_to(&mut self, done: usize) {
        self.finish_edge_move(true);
        self.drop_undo_offers();
        match self.session.jump_to(done) {
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
        let project = self.session.project();
        let Some(item) = project.set_aside().get(at) else {
            return;
        };
        let range = self.selection.range();
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
        annotation.fragments = vec![range];
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
            annotation.id = self.session.mint_annotation_id();
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
        let item = self.session.project().set_aside().get(at);
        if let Some(article) = item.map(|item| ArticleId::new(item.article.as_str())) {
            self.go_to_article(&article);
            self.requests.push(UiRequest::FocusArticle);
        }
    }
}

/// The text that a step is about; empty when it is not about one annotation.
pub fn step_excerpt(project: &Project, step: &Step) -> String {
    let (article, range) = match step.next.edits.first() {
        Some(
            Edit::AddAnnotation {
                article,
                annotation,
            }
            | Edit::ReplaceAnnotation {
                article,
                annotation,
            },
        ) => (article, Some(annotation.extent())),
        Some(Edit::RemoveAnnotation { article, id }) => (article, extent_in(project, article, id)),
        Some(Edit::TrashAnnotations { article, items }) => {
            let id = items.first().map(|item| &item.id);
            (article, id.and_then(|id| extent_in(project, article, id)))
        }
        Some(Edit::RestoreAnnotations { article, at }) => {
            let item = at.first().and_then(|at| project.trash().get(*at));
            let range = item.and_then(|item| match &item.what {
                Trashed::Annotation { annotation, .. } => Some(annotation.extent()),
                _ => None,
            });
            (article, range)
        }
        _ => return String::new(),
    };
    let article = trashed_or_present(project, article);
    match (article, range) {
        (Some(article), Some(range)) => article.text.slice(range).chars().take(120).collect(),
        _ => String::new(),
    }
}

fn extent_in(
    project: &Project,
    article: &ArticleId,
    id: &AnnotationId,
) -> Option<crate::core::text::ByteRange> {
    let found = project.article(article)?.annotations.get(id.as_str())?;
    Some(found.extent())
}

/// The title of a step as a history shows it.
pub fn step_title(title: &str) -> String {
    let mut chars = title.chars();
    chars
        .next()
        .map(|first| first.to_uppercase().chain(chars).collect())
        .unwrap_or_default()
}
