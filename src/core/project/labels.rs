//! Which ids of labels a project uses, and other ids for them.
//!
//! An id that anything still says, also in the trash, is not given to another label: what comes back
//! would mean something else.

use super::{Project, Rule, Trashed};
use crate::core::annotation::{Annotation, AnnotationSet};
use crate::core::article::Article;
use crate::core::codebook::{Codebook, Label, Thing};
use crate::core::ids::LabelId;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

impl Project {
    /// Every id of a label that it has or says.
    pub fn used_labels(&self) -> BTreeSet<&LabelId> {
        let mut used: BTreeSet<&LabelId> = BTreeSet::new();
        let trashed = self.trash().iter().filter_map(|item| item.what.label());
        for label in self.codebook().labels.iter().chain(trashed) {
            used.insert(&label.id);
            used.extend(leads_to(label));
        }
        used.extend(self.said_by_annotations());
        used.extend(self.said_by_rules());
        used
    }

    /// Whether anything refers to a label of the codebook.
    pub fn refers_to(&self, id: &LabelId) -> bool {
        let own = self.codebook().label(id.as_str());
        let mut trashed = self.trash().iter().filter_map(|item| item.what.label());
        let mut labels = self.codebook().labels.iter();
        own.is_some_and(|label| !label.shown_by.is_empty())
            || labels.any(|label| leads_to(label).any(|other| other == id))
            || trashed.any(|label| label.id == *id || leads_to(label).any(|other| other == id))
            || self.said_by_annotations().any(|label| label == id)
            || self.said_by_rules().any(|label| label == id)
    }

    fn said_by_rules(&self) -> impl Iterator<Item = &LabelId> {
        self.rules().iter().filter_map(|rule| rule.label.as_ref())
    }

    fn said_by_annotations(&self) -> impl Iterator<Item = &LabelId> {
        let articles = self.articles().iter();
        let live = articles.flat_map(|article| article.annotations.labels().map(|(id, _)| id));
        let trashed = self.trash().iter().flat_map(|item| item.what.annotations());
        live.chain(trashed.map(|annotation| &annotation.label))
    }
}

/// The labels that a label names.
fn leads_to(label: &Label) -> impl Iterator<Item = &LabelId> {
    let targets = label.link_roles.iter().flat_map(|role| role.targets());
    label.parent.iter().chain(targets)
}

/// Other ids for labels.
pub type NewIds = HashMap<LabelId, LabelId>;

fn put(id: &mut LabelId, ids: &NewIds) {
    if let Some(new) = ids.get(id) {
        *id = new.clone();
    }
}

fn relabel(label: &mut Label, ids: &NewIds) {
    if label.stands_for.is_none() && ids.contains_key(&label.id) {
        label.stands_for = Thing::by_id(&label.id);
    }
    put(&mut label.id, ids);
    if let Some(parent) = &mut label.parent {
        put(parent, ids);
    }
    for role in &mut label.link_roles {
        let targets = role.target.iter_mut().chain(&mut role.or);
        targets.for_each(|target| put(target, ids));
        role.settle();
    }
}

/// Gives the labels of a codebook other ids, also where they are named.
pub fn relabel_codebook(codebook: &mut Codebook, ids: &NewIds) {
    for label in &mut codebook.labels {
        relabel(label, ids);
    }
}

/// Gives the annotations of an article those ids.
pub fn relabel_article(article: &mut Arc<Article>, ids: &NewIds) {
    let has_any = article
        .annotations
        .labels()
        .any(|(label, _)| ids.contains_key(label));
    if !has_any {
        return;
    }
    let annotations = article.annotations.iter().map(|annotation| {
        let mut annotation = Annotation::clone(annotation);
        put(&mut annotation.label, ids);
        annotation
    });
    let set = AnnotationSet::from_annotations(annotations.collect::<Vec<_>>()).0;
    Arc::make_mut(article).annotations = set;
}

/// Gives kept rules those ids.
pub fn relabel_rules(rules: &mut [Arc<Rule>], ids: &NewIds) {
    for rule in rules {
        let has_one = |label: &LabelId| ids.contains_key(label);
        if rule.label.as_ref().is_some_and(has_one)
            && let Some(label) = &mut Arc::make_mut(rule).label
        {
            put(label, ids);
        }
    }
}

/// Gives what is in the trash those ids.
pub fn relabel_trashed(what: &mut Trashed, ids: &NewIds) {
    match what {
        Trashed::Annotation { annotation, .. } => put(&mut Arc::make_mut(annotation).label, ids),
        Trashed::Article(article) => relabel_article(article, ids),
        Trashed::Label(label) => relabel(label, ids),
        Trashed::Annotator(_) | Trashed::Later(_) => {}
    }
}
