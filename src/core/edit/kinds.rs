//! The kinds of edits, and what each says of itself.
//!
//! Whoever must know what an edit does to annotations, articles or people's work asks here and takes
//! no edit apart: a kind that is added does not compile until it has told all of it (no arm stands
//! for kinds that are not named, and `no_kind_goes_by_unseen` in `tests/it/tidy.rs` sees to it that
//! edits are taken apart here and in `apply` only). Knows nothing of making them.

use super::{ArticleDetails, ToTrash, Transaction};
use crate::core::annotation::Annotation;
use crate::core::article::{Article, Status};
use crate::core::codebook::Codebook;
use crate::core::ids::{AnnotationId, AnnotatorId, ArticleId, PersonId, RuleId};
use crate::core::kept::UnknownFields;
use crate::core::long_list::LongList;
use crate::core::project::{
    Annotator, ArticleSet, Group, HitKey, ImportReport, KeptApart, Listed, Person, Project, Rule,
    SetAside, TrashItem,
};
use crate::core::text::ByteRange;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// One change. Each has an inverse of the same kind.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Edit {
    /// Puts articles into the list, each at its place, in rising order of places.
    AddArticles(Vec<(usize, Arc<Article>)>),
    RemoveArticles(Vec<ArticleId>),
    SetDetails {
        article: ArticleId,
        details: ArticleDetails,
    },
    SetStatus {
        article: ArticleId,
        annotator: AnnotatorId,
        status: Status,
    },
    /// Says where an annotator has read and found nothing.
    SetNothing {
        article: ArticleId,
        annotator: AnnotatorId,
        nothing: Vec<ByteRange>,
    },
    AddAnnotation {
        article: ArticleId,
        annotation: Box<Annotation>,
    },
    RemoveAnnotation {
        article: ArticleId,
        id: AnnotationId,
    },
    /// Gives the annotation with the same id another value.
    ReplaceAnnotation {
        article: ArticleId,
        annotation: Box<Annotation>,
    },
    /// Gives the annotations of one article that have these ids other values, in one pass.
    ReplaceAnnotations {
        article: ArticleId,
        annotations: Vec<Arc<Annotation>>,
    },
    /// Moves annotations of one article to the trash, in rising order of places there.
    TrashAnnotations {
        article: ArticleId,
        items: Vec<ToTrash<AnnotationId>>,
    },
    /// Moves annotations back from these places in the trash, in rising order.
    RestoreAnnotations {
        article: ArticleId,
        at: Vec<usize>,
    },
    /// Moves articles to the trash with all that is in them, in rising order of places there.
    TrashArticles(Vec<ToTrash<ArticleId>>),
    /// Moves articles back: the place in the trash, and the place in the list, the latter rising.
    RestoreArticles(Vec<(usize, usize)>),
    SetName(String),
    SetCodebook(Box<Codebook>),
    SetAnnotators(Vec<Annotator>),
    /// Gives an article, or the project, other fields of a later version.
    SetUnknown {
        article: Option<ArticleId>,
        fields: UnknownFields,
    },
    /// Puts people into the speaker ledger, each at its place, in rising order of places.
    AddPeople(Vec<(usize, Person)>),
    RemovePeople(Vec<PersonId>),
    /// Gives the people with these ids other values, in one pass.
    ReplacePeople(Vec<Person>),
    /// Puts items into the trash, in rising order of places.
    AddToTrash(Vec<(usize, Arc<TrashItem>)>),
    /// Takes the items at these places out of the trash, in rising order.
    RemoveFromTrash(Vec<usize>),
    /// Puts items on the review list, in rising order of places.
    AddToReview(Vec<(usize, SetAside)>),
    /// Takes the items at these places off the review list, in rising order.
    RemoveFromReview(Vec<usize>),
    /// Keeps reports of imports, in rising order of places.
    AddImports(Vec<(usize, Arc<ImportReport>)>),
    /// Takes out the reports at these places, in rising order.
    RemoveImports(Vec<usize>),
    /// Keeps sets of articles, in rising order of places.
    AddSets(Vec<(usize, Arc<ArticleSet>)>),
    /// Takes out the sets at these places, in rising order.
    RemoveSets(Vec<usize>),
    /// Keeps searches, in rising order of places.
    AddRules(Vec<(usize, Arc<Rule>)>),
    /// Takes out the rules at these places, in rising order.
    RemoveRules(Vec<usize>),
    /// Says which hits of a rule in an article are none.
    SetDismissed {
        rule: RuleId,
        article: ArticleId,
        hits: Vec<HitKey>,
    },
    /// Keeps groups, in rising order of places.
    AddGroups(Vec<(usize, Arc<Group>)>),
    /// Takes out the groups at these places, in rising order.
    RemoveGroups(Vec<usize>),
    /// Gives the groups with these ids other values.
    ReplaceGroups(Vec<Arc<Group>>),
    /// Keeps what is not the same, in rising order of places.
    AddApart(Vec<(usize, Arc<KeptApart>)>),
    /// Takes out those at these places, in rising order.
    RemoveApart(Vec<usize>),
}

/// Edits of the project's own fields.
macro_rules! of_the_project {
    () => {
        Edit::SetName(_) | Edit::SetCodebook(_) | Edit::SetAnnotators(_)
    };
}

/// Edits of lists beside the articles. Those of the trash move nothing into or out of an article.
macro_rules! of_lists {
    () => {
        Edit::AddPeople(_)
            | Edit::RemovePeople(_)
            | Edit::ReplacePeople(_)
            | Edit::AddToTrash(_)
            | Edit::RemoveFromTrash(_)
            | Edit::AddToReview(_)
            | Edit::RemoveFromReview(_)
            | Edit::AddImports(_)
            | Edit::RemoveImports(_)
            | Edit::AddSets(_)
            | Edit::RemoveSets(_)
            | Edit::AddRules(_)
            | Edit::RemoveRules(_)
            | Edit::SetDismissed { .. }
            | Edit::AddGroups(_)
            | Edit::RemoveGroups(_)
            | Edit::ReplaceGroups(_)
            | Edit::AddApart(_)
            | Edit::RemoveApart(_)
    };
}

/// Edits that move what is in the project, and name it by its id or its place.
macro_rules! of_moves {
    () => {
        Edit::RemoveArticles(_)
            | Edit::RemoveAnnotation { .. }
            | Edit::TrashAnnotations { .. }
            | Edit::RestoreAnnotations { .. }
            | Edit::TrashArticles(_)
            | Edit::RestoreArticles(_)
    };
}

/// The stretches of which an edit says that nothing was found there, to be read or to be changed.
macro_rules! nothing_of {
    ($edit:expr) => {
        match $edit {
            Edit::SetNothing {
                article, nothing, ..
            } => Some((article, nothing)),
            Edit::AddArticles(_)
            | Edit::AddAnnotation { .. }
            | Edit::ReplaceAnnotation { .. }
            | Edit::ReplaceAnnotations { .. }
            | Edit::SetDetails { .. }
            | Edit::SetStatus { .. }
            | Edit::SetUnknown { .. } => None,
            of_moves!() | of_the_project!() | of_lists!() => None,
        }
    };
}

impl Edit {
    /// The article that it is about, and the annotation, for showing them.
    pub fn subject(&self) -> Option<(&ArticleId, Option<&AnnotationId>)> {
        match self {
            Self::AddAnnotation {
                article,
                annotation,
            }
            | Self::ReplaceAnnotation {
                article,
                annotation,
            } => Some((article, Some(&annotation.id))),
            Self::RemoveAnnotation { article, id } => Some((article, Some(id))),
            Self::ReplaceAnnotations {
                article,
                annotations,
            } => Some((article, annotations.first().map(|a| &a.id))),
            Self::TrashAnnotations { article, items } => {
                Some((article, items.first().map(|item| &item.id)))
            }
            Self::RestoreAnnotations { article, .. }
            | Self::SetDetails { article, .. }
            | Self::SetStatus { article, .. }
            | Self::SetNothing { article, .. } => Some((article, None)),
            Self::SetUnknown { article, .. } => article.as_ref().map(|article| (article, None)),
            Self::AddArticles(added) => added.first().map(|(_, article)| (&article.id, None)),
            // What they are about is not there, or is not known by its id.
            Self::RemoveArticles(_) | Self::TrashArticles(_) | Self::RestoreArticles(_) => None,
            of_the_project!() | of_lists!() => None,
        }
    }

    /// The place of the one annotation that it is about, in the project as it is before.
    pub fn extent_in<'a>(&'a self, project: &Project) -> Option<(&'a ArticleId, ByteRange)> {
        let there = |article: &ArticleId, id: &AnnotationId| {
            let found = project.article(article)?.annotations.get(id.as_str())?;
            Some(found.extent())
        };
        match self {
            Self::AddAnnotation {
                article,
                annotation,
            }
            | Self::ReplaceAnnotation {
                article,
                annotation,
            } => Some((article, annotation.extent())),
            Self::RemoveAnnotation { article, id } => Some((article, there(article, id)?)),
            Self::TrashAnnotations { article, items } => {
                Some((article, there(article, &items.first()?.id)?))
            }
            Self::RestoreAnnotations { article, at } => {
                let item = project.trash().get(*at.first()?)?;
                let (_, annotation) = item.what.annotation()?;
                Some((article, annotation.extent()))
            }
            Self::ReplaceAnnotations { .. }
            | Self::SetDetails { .. }
            | Self::SetStatus { .. }
            | Self::SetNothing { .. }
            | Self::SetUnknown { .. } => None,
            Self::AddArticles(_)
            | Self::RemoveArticles(_)
            | Self::TrashArticles(_)
            | Self::RestoreArticles(_) => None,
            of_the_project!() | of_lists!() => None,
        }
    }

    /// The annotations that it brings into articles that are there, or changes, in its order: what
    /// a journal proves by their words, and what is found again in a text that was changed.
    pub fn annotations(&self) -> Vec<(&ArticleId, &Annotation)> {
        match self {
            Self::AddAnnotation {
                article,
                annotation,
            }
            | Self::ReplaceAnnotation {
                article,
                annotation,
            } => vec![(article, annotation)],
            Self::ReplaceAnnotations {
                article,
                annotations,
            } => annotations.iter().map(|a| (article, &**a)).collect(),
            // Those of articles stand on the text that comes with them.
            Self::AddArticles(_)
            | Self::SetDetails { .. }
            | Self::SetStatus { .. }
            | Self::SetNothing { .. }
            | Self::SetUnknown { .. } => Vec::new(),
            of_moves!() | of_the_project!() | of_lists!() => Vec::new(),
        }
    }

    /// The same, to be changed.
    pub fn annotations_mut(&mut self) -> Vec<(&ArticleId, &mut Annotation)> {
        match self {
            Self::AddAnnotation {
                article,
                annotation,
            }
            | Self::ReplaceAnnotation {
                article,
                annotation,
            } => vec![(article, annotation)],
            Self::ReplaceAnnotations {
                article,
                annotations,
            } => {
                let all = annotations.iter_mut();
                all.map(|a| (&*article, Arc::make_mut(a))).collect()
            }
            Self::AddArticles(_)
            | Self::SetDetails { .. }
            | Self::SetStatus { .. }
            | Self::SetNothing { .. }
            | Self::SetUnknown { .. } => Vec::new(),
            of_moves!() | of_the_project!() | of_lists!() => Vec::new(),
        }
    }

    /// The stretches of which it says that nothing was found there.
    pub fn nothing(&self) -> Option<(&ArticleId, &[ByteRange])> {
        nothing_of!(self)
    }

    /// The same, to be changed.
    pub fn nothing_mut(&mut self) -> Option<(&ArticleId, &mut Vec<ByteRange>)> {
        nothing_of!(self)
    }

    /// The articles that come into the project with it, each at its place.
    pub fn new_articles(&self) -> &[(usize, Arc<Article>)] {
        match self {
            Self::AddArticles(added) => added,
            Self::AddAnnotation { .. }
            | Self::ReplaceAnnotation { .. }
            | Self::ReplaceAnnotations { .. }
            | Self::SetDetails { .. }
            | Self::SetStatus { .. }
            | Self::SetNothing { .. }
            | Self::SetUnknown { .. } => &[],
            of_moves!() | of_the_project!() | of_lists!() => &[],
        }
    }

    /// The same, where more can go with them.
    pub fn new_articles_mut(&mut self) -> Option<&mut Vec<(usize, Arc<Article>)>> {
        match self {
            Self::AddArticles(added) => Some(added),
            Self::AddAnnotation { .. }
            | Self::ReplaceAnnotation { .. }
            | Self::ReplaceAnnotations { .. }
            | Self::SetDetails { .. }
            | Self::SetStatus { .. }
            | Self::SetNothing { .. }
            | Self::SetUnknown { .. } => None,
            of_moves!() | of_the_project!() | of_lists!() => None,
        }
    }

    /// The codebook that it sets, to be changed.
    pub fn codebook_mut(&mut self) -> Option<&mut Codebook> {
        match self {
            Self::SetCodebook(codebook) => Some(codebook),
            Self::SetName(_) | Self::SetAnnotators(_) => None,
            Self::AddArticles(_)
            | Self::AddAnnotation { .. }
            | Self::ReplaceAnnotation { .. }
            | Self::ReplaceAnnotations { .. }
            | Self::SetDetails { .. }
            | Self::SetStatus { .. }
            | Self::SetNothing { .. }
            | Self::SetUnknown { .. } => None,
            of_moves!() | of_lists!() => None,
        }
    }

    /// Whether it changes the codebook, or many annotations at once, as the codebook has it.
    pub fn is_by_codebook(&self) -> bool {
        match self {
            Self::SetCodebook(_) | Self::ReplaceAnnotations { .. } => true,
            Self::SetName(_) | Self::SetAnnotators(_) => false,
            Self::AddArticles(_)
            | Self::AddAnnotation { .. }
            | Self::ReplaceAnnotation { .. }
            | Self::SetDetails { .. }
            | Self::SetStatus { .. }
            | Self::SetNothing { .. }
            | Self::SetUnknown { .. } => false,
            of_moves!() | of_lists!() => false,
        }
    }

    /// The annotators that it sets, to be changed.
    pub fn annotators_mut(&mut self) -> Option<&mut Vec<Annotator>> {
        match self {
            Self::SetAnnotators(annotators) => Some(annotators),
            Self::SetName(_) | Self::SetCodebook(_) => None,
            Self::AddArticles(_)
            | Self::AddAnnotation { .. }
            | Self::ReplaceAnnotation { .. }
            | Self::ReplaceAnnotations { .. }
            | Self::SetDetails { .. }
            | Self::SetStatus { .. }
            | Self::SetNothing { .. }
            | Self::SetUnknown { .. } => None,
            of_moves!() | of_lists!() => None,
        }
    }

    /// Whether an annotator does work of their own by it, and so belongs to the project.
    pub fn is_work_of(&self, by: &AnnotatorId) -> bool {
        match self {
            Self::AddAnnotation { annotation, .. } => annotation.annotator == *by,
            Self::SetStatus { annotator, .. } | Self::SetNothing { annotator, .. } => {
                annotator == by
            }
            // What is changed there is there; what comes with articles has its annotators with it.
            Self::ReplaceAnnotation { .. }
            | Self::ReplaceAnnotations { .. }
            | Self::AddArticles(_)
            | Self::SetDetails { .. }
            | Self::SetUnknown { .. } => false,
            of_moves!() | of_the_project!() | of_lists!() => false,
        }
    }

    /// The ids of the annotations and articles that it moves to the trash.
    pub fn trashes(&self) -> Vec<&str> {
        match self {
            Self::TrashAnnotations { items, .. } => items.iter().map(|i| i.id.as_str()).collect(),
            Self::TrashArticles(items) => items.iter().map(|i| i.id.as_str()).collect(),
            Self::AddArticles(_)
            | Self::RemoveArticles(_)
            | Self::AddAnnotation { .. }
            | Self::RemoveAnnotation { .. }
            | Self::ReplaceAnnotation { .. }
            | Self::ReplaceAnnotations { .. }
            | Self::SetDetails { .. }
            | Self::SetStatus { .. }
            | Self::SetNothing { .. }
            | Self::SetUnknown { .. }
            | Self::RestoreAnnotations { .. }
            | Self::RestoreArticles(_) => Vec::new(),
            of_the_project!() | of_lists!() => Vec::new(),
        }
    }
}

/// What is to become of a list: the places of items that go, and the items that come, each at its
/// place in the list without those. Both in rising order.
pub type Change<T> = (Vec<usize>, Vec<(usize, T)>);

/// Whoever changes all lists of a project in one manner.
pub trait ChangeLists {
    fn change<T: Listed>(&mut self, list: fn(&Project) -> &[T]) -> Change<T>;
}

/// The edits that change the lists of a project; a list that is added gets its line here.
pub fn of_lists(project: &Project, changes: &mut impl ChangeLists) -> Vec<Edit> {
    fn add<T>(
        edits: &mut Vec<Edit>,
        (gone, come): Change<T>,
        remove: impl FnOnce(Vec<usize>) -> Edit,
        add: impl FnOnce(Vec<(usize, T)>) -> Edit,
    ) {
        edits.extend((!gone.is_empty()).then(|| remove(gone)));
        edits.extend((!come.is_empty()).then(|| add(come)));
    }
    let by_id = |places: Vec<usize>| {
        let people = places.iter().filter_map(|&at| project.people().get(at));
        Edit::RemovePeople(people.map(|person| person.id.clone()).collect())
    };
    let c = changes;
    let mut edits = Vec::new();
    let (gone, come) = c.change(Project::annotators);
    if !gone.is_empty() || !come.is_empty() {
        let mut list = LongList::new(project.annotators().to_vec());
        let _places = (list.remove_all(&gone), list.insert_all(&come));
        edits.push(Edit::SetAnnotators(list.into_vec()));
    }
    add(
        &mut edits,
        c.change(Project::people),
        by_id,
        Edit::AddPeople,
    );
    add(
        &mut edits,
        c.change(Project::trash),
        Edit::RemoveFromTrash,
        Edit::AddToTrash,
    );
    add(
        &mut edits,
        c.change(Project::set_aside),
        Edit::RemoveFromReview,
        Edit::AddToReview,
    );
    add(
        &mut edits,
        c.change(Project::imports),
        Edit::RemoveImports,
        Edit::AddImports,
    );
    add(
        &mut edits,
        c.change(Project::sets),
        Edit::RemoveSets,
        Edit::AddSets,
    );
    add(
        &mut edits,
        c.change(Project::rules),
        Edit::RemoveRules,
        Edit::AddRules,
    );
    add(
        &mut edits,
        c.change(Project::groups),
        Edit::RemoveGroups,
        Edit::AddGroups,
    );
    add(
        &mut edits,
        c.change(Project::apart),
        Edit::RemoveApart,
        Edit::AddApart,
    );
    edits
}

/// The edits that make a project of an empty one.
pub fn contents(project: &Project) -> Vec<Edit> {
    struct All<'a>(&'a Project);

    impl ChangeLists for All<'_> {
        fn change<T: Listed>(&mut self, list: fn(&Project) -> &[T]) -> Change<T> {
            let items = list(self.0).iter().cloned();
            (Vec::new(), items.enumerate().collect())
        }
    }

    let articles = project.articles().iter().cloned();
    let mut edits = vec![
        Edit::SetName(project.name().to_owned()),
        Edit::SetCodebook(Box::new(project.codebook().clone())),
        Edit::AddArticles(articles.enumerate().collect()),
    ];
    if !project.unknown().is_empty() {
        edits.push(Edit::SetUnknown {
            article: None,
            fields: project.unknown().clone(),
        });
    }
    edits.extend(of_lists(&Project::default(), &mut All(project)));
    edits
}

impl Transaction {
    /// The article and annotation that it touches first, for showing it.
    pub fn subject(&self) -> Option<(&ArticleId, Option<&AnnotationId>)> {
        self.edits.iter().find_map(Edit::subject)
    }

    /// As [`Edit::annotations`], of all edits.
    pub fn annotations(&self) -> impl Iterator<Item = (&ArticleId, &Annotation)> {
        self.edits.iter().flat_map(Edit::annotations)
    }

    /// As [`Edit::new_articles`], of all edits.
    pub fn new_articles(&self) -> impl Iterator<Item = &Arc<Article>> {
        let added = self.edits.iter().flat_map(Edit::new_articles);
        added.map(|(_, article)| article)
    }
}
