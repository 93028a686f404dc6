//! What goes over to an article that takes the place of another one, besides annotations: its place
//! in sets and groups, whom words mean there, which hits of kept rules are none, and that annotations of it are examples in the codebook.

use crate::core::codebook::Codebook;
use crate::core::edit::Edit;
use crate::core::ids::{AnnotationId, ArticleId};
use crate::core::project::{ArticleSet, Group, HitKey, Project};
use std::collections::{BTreeMap, HashMap, HashSet};
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

/// Annotations that went over are in the groups in which they were; and words that mean somebody mean
/// them there, too.
pub fn in_groups(project: &Project, successors: &[Successor]) -> Vec<Edit> {
    let by_id: HashMap<&ArticleId, &Successor> =
        successors.iter().map(|new| (&new.of, new)).collect();
    let mut taken: HashSet<(&str, AnnotationId)> = HashSet::new();
    for group in project.groups() {
        let members = group.members.iter();
        taken.extend(members.map(|(_, id)| (group.thing.code(), id.clone())));
    }
    let mut groups = Vec::new();
    for group in project.groups() {
        let mut new = Group::clone(group);
        let mut is_changed = false;
        for (article, id) in &mut new.members {
            let Some(successor) = by_id.get(&*article) else {
                continue;
            };
            let Some(other) = successor.annotations.get(&*id) else {
                continue;
            };
            // One that is in a group already stays there.
            if other == id || taken.insert((group.thing.code(), other.clone())) {
                *article = successor.is.clone();
                *id = other.clone();
                is_changed = true;
            }
        }
        if is_changed {
            groups.push(Arc::new(new));
        }
    }
    let mut edits = Vec::new();
    if !groups.is_empty() {
        edits.push(Edit::ReplaceGroups(groups));
    }
    let mut people = Vec::new();
    for person in project.people() {
        let mut new = person.clone();
        for successor in successors {
            for words in person.tied.of(&successor.of) {
                new.tied.add(&successor.is, words);
            }
        }
        if new != *person {
            people.push(new);
        }
    }
    if !people.is_empty() {
        edits.push(Edit::ReplacePeople(people));
    }
    edits
}

/// Hits that were dismissed in articles are so in their successors, where the words are the same.
pub fn in_rules(project: &Project, successors: &[Successor]) -> Vec<Edit> {
    let mut edits = Vec::new();
    for rule in project.rules() {
        let mut merged: BTreeMap<&ArticleId, Vec<HitKey>> = BTreeMap::new();
        for new in successors {
            let dismissed = rule.dismissed.of(&new.of);
            if !dismissed.is_empty() {
                let own = || rule.dismissed.of(&new.is).to_vec();
                merged.entry(&new.is).or_insert_with(own).extend(dismissed);
            }
        }
        edits.extend(merged.into_iter().map(|(article, mut hits)| {
            hits.sort_unstable();
            hits.dedup();
            Edit::SetDismissed {
                rule: rule.id.clone(),
                article: article.clone(),
                hits,
            }
        }));
    }
    edits
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::codebook::Thing;
    use crate::core::edit::{Transaction, apply};
    use crate::core::project::{Person, ProjectParts};

    #[test]
    fn groups_and_ties_go_over() {
        let group = |id: &str, members: &[(&str, &str)]| {
            let members = members.iter().map(|(a, m)| ((*a).into(), (*m).into()));
            Arc::new(Group {
                id: id.into(),
                thing: Thing::Quote,
                members: members.collect(),
                ..Group::default()
            })
        };
        let mut person = Person::named("Ada", |_| false);
        person.tied.add(&"old".into(), "she");
        let mut project = Project::from_parts(ProjectParts {
            people: vec![person],
            groups: vec![
                group("g", &[("old", "1"), ("old", "2"), ("other", "3")]),
                group("h", &[("new", "n2")]),
            ],
            ..ProjectParts::default()
        });
        let successor = Successor {
            of: "old".into(),
            is: "new".into(),
            annotations: [("1", "n1"), ("2", "n2")]
                .map(|(old, new)| (old.into(), new.into()))
                .into(),
        };
        let edits = in_groups(&project, &[successor]);
        apply(&mut project, &Transaction::new("over", edits)).unwrap();
        let expected = group("g", &[("new", "n1"), ("old", "2"), ("other", "3")]);
        assert_eq!(project.groups()[0], expected);
        assert_eq!(project.people()[0].tied.of(&"new".into()), ["she"]);
        assert_eq!(project.people()[0].tied.of(&"old".into()), ["she"]);
    }
}
