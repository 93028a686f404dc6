//! What goes over to an article that takes the place of another one, besides annotations: its place
//! in sets, and that annotations of it are examples in the codebook.

use crate::core::codebook::Codebook;
use crate::core::edit::Edit;
use crate::core::ids::{AnnotationId, ArticleId};
use crate::core::project::{ArticleSet, Project};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// An article that takes the place of another one.
#[derive(Clone, Debug)]
pub struct Successor {
    pub of: ArticleId,
    pub is: ArticleId,
    /// By what annotations were called that went over: what they are called now.
    pub annotations: HashMap<AnnotationId, AnnotationId>,
}

/// Puts successors into the sets in which those before them are.
pub fn in_sets(project: &Project, successors: &[Successor]) -> Vec<Edit> {
    let by_id: HashMap<&ArticleId, &ArticleId> =
        successors.iter().map(|new| (&new.of, &new.is)).collect();
    let all = project.sets().iter().enumerate();
    let changed = all.filter(|(_, set)| set.members.iter().any(|id| by_id.contains_key(id)));
    let (places, sets): (Vec<usize>, Vec<_>) = changed
        .map(|(at, set)| {
            let mut there = HashSet::new();
            let mut set = ArticleSet::clone(set);
            for id in &mut set.members {
                if let Some(new) = by_id.get(id) {
                    *id = (*new).clone();
                }
            }
            // Two of which one remains are one.
            set.members.retain(|id| there.insert(id.clone()));
            (at, (at, Arc::new(set)))
        })
        .unzip();
    if places.is_empty() {
        return Vec::new();
    }
    vec![Edit::RemoveSets(places), Edit::AddSets(sets)]
}

/// Lets examples of the codebook lead to where their annotations went. Says whether any did.
pub fn in_examples(codebook: &mut Codebook, successors: &[Successor]) -> bool {
    let by_id: HashMap<&ArticleId, &Successor> =
        successors.iter().map(|new| (&new.of, new)).collect();
    let labels = codebook.labels.iter_mut();
    let mut is_changed = false;
    for shown in labels.flat_map(|label| &mut label.shown_by) {
        let Some(new) = by_id.get(&shown.article) else {
            continue;
        };
        if let Some(id) = new.annotations.get(&shown.annotation) {
            shown.article = new.is.clone();
            shown.annotation = id.clone();
            is_changed = true;
        }
    }
    is_changed
}
