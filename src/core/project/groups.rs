//! What is said the same in several places, as one: groups of quotes and of claims; and what was
//! looked at and is not the same, so that it is not proposed again.
//!
//! A member stays named while its annotation is deleted, so that it is one again when that comes
//! back. An annotation is in at most one group of a thing: `apply` refuses another one, and what
//! comes from files and other copies is settled here.

use super::people::merged_list;
use super::{Listed, Project};
use crate::core::annotation::{Attributes, Timestamp};
use crate::core::codebook::Thing;
use crate::core::ids::{AnnotationId, AnnotatorId, ArticleId, FreshIds, GroupId};
use crate::core::kept::{Keeps, UnknownFields, keeps, named};
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

named! {
    /// How far checking a group is.
    pub enum GroupState {
        #[default]
        ToCheck = "to_check",
        Checking = "checking",
        Done = "done",
    }
}

/// An annotation, and the article that it is in.
pub type Member = (ArticleId, AnnotationId);

/// Annotations that say the same.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Group {
    pub id: GroupId,
    /// What its members are: quotes, or claims.
    pub thing: Thing,
    pub title: String,
    pub members: Vec<Member>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub state: GroupState,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub verdict: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<Evidence>,
    /// What is said of all of them at once.
    #[serde(default, skip_serializing_if = "Attributes::is_empty")]
    pub attributes: Attributes,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    pub by: AnnotatorId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unknown: UnknownFields,
}

/// What a verdict rests on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    pub url: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// As it is written: a day, a month or a year.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub date: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub checked_by: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unknown: UnknownFields,
}

named! {
    /// What two ids are of that are kept apart.
    pub enum ApartOf {
        #[default]
        People = "people",
        Annotations = "annotations",
        Groups = "groups",
    }
}

/// Two that are not the same, as somebody decided.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptApart {
    pub of: ApartOf,
    /// The lesser id of the two.
    pub one: String,
    pub other: String,
    pub by: AnnotatorId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unknown: UnknownFields,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

keeps!(Evidence, KeptApart);

impl Keeps for Group {
    fn each_kept(&mut self, see: &mut dyn FnMut(String, &mut UnknownFields)) {
        see(String::new(), &mut self.unknown);
        for evidence in &mut self.evidence {
            let part = format!("the evidence {}", evidence.url);
            see(part, &mut evidence.unknown);
        }
    }
}

impl KeptApart {
    pub fn new(
        of: ApartOf,
        (one, other): (&str, &str),
        by: AnnotatorId,
        when: Option<Timestamp>,
    ) -> Self {
        Self {
            of,
            one: one.min(other).to_owned(),
            other: one.max(other).to_owned(),
            by,
            when,
            unknown: UnknownFields::new(),
        }
    }

    /// The two, as they can be asked for: the lesser first.
    pub fn pair(&self) -> (&str, &str) {
        (&self.one, &self.other)
    }

    /// Whoever says it, and when.
    pub fn says_as(&self, other: &Self) -> bool {
        self.of == other.of && self.pair() == other.pair()
    }
}

/// All pairs of a kind that are kept apart, where that is asked often.
pub struct KeptPairs<'p>(HashSet<(&'p str, &'p str)>);

impl<'p> KeptPairs<'p> {
    pub fn of(project: &'p Project, of: &ApartOf) -> Self {
        let kept = project.apart().iter().filter(|kept| kept.of == *of);
        Self(kept.map(|kept| kept.pair()).collect())
    }

    pub fn hold(&self, one: &str, other: &str) -> bool {
        self.0.contains(&(one.min(other), one.max(other)))
    }
}

impl Listed for Arc<KeptApart> {}

impl Listed for Arc<Group> {
    const CALLED: &str = "the group";
    const GOES: bool = true;

    fn id(&self) -> Option<&str> {
        Some(self.id.as_str())
    }

    fn name(&self) -> &str {
        match self.title.as_str() {
            "" => self.id.as_str(),
            title => title,
        }
    }

    /// Two people who grouped the same have one group.
    fn is_namesake(&self, other: &Self) -> bool {
        (&self.by, self.when) != (&other.by, other.when)
            && !self.members.iter().any(|one| other.members.contains(one))
    }

    fn shared(base: Option<&Self>, mine: &Self, theirs: &Self) -> (Option<Self>, Self, Self) {
        let none = Self::default();
        let old = base.unwrap_or(&none);
        let members = merged_list(&old.members, &mine.members, &theirs.members);
        let evidence = merged_list(&old.evidence, &mine.evidence, &theirs.evidence);
        let with = |group: &Self| {
            Self::new(Group {
                members: members.clone(),
                evidence: evidence.clone(),
                ..Group::clone(group)
            })
        };
        (base.map(with), with(mine), with(theirs))
    }

    fn settle(all: &mut Vec<Self>) -> Vec<String> {
        settle_groups(all)
    }

    fn apart<'a>(&self, others: impl Iterator<Item = &'a Self> + Clone) -> Option<Self>
    where
        Self: 'a,
    {
        let is_taken = |id: &str| others.clone().any(|group| group.id.as_str() == id);
        let id = FreshIds::default().take_unless(self.id.as_str(), is_taken);
        (id != self.id.as_str()).then(|| {
            Self::new(Group {
                id: GroupId::new(id),
                ..Group::clone(self)
            })
        })
    }
}

impl Group {
    pub fn holds(&self, annotation: &AnnotationId) -> bool {
        self.members.iter().any(|(_, id)| id == annotation)
    }

    /// Takes in what another one found; what only one of the two can be is told in the note.
    pub(in crate::core) fn join(&mut self, other: &Self) {
        for evidence in &other.evidence {
            if !self.evidence.contains(evidence) {
                self.evidence.push(evidence.clone());
            }
        }
        let mut notes = Vec::new();
        if self.verdict.is_empty() {
            self.verdict.clone_from(&other.verdict);
        } else if self.verdict != other.verdict && !other.verdict.is_empty() {
            notes.push(other.verdict.as_str());
        }
        if !self.note.contains(&other.note) {
            notes.push(&other.note);
        }
        for note in notes {
            if !self.note.is_empty() {
                self.note.push('\n');
            }
            self.note.push_str(note);
        }
        for (name, value) in &other.attributes {
            if self.attributes.get(name.as_str()).is_none() {
                self.attributes.insert(name.clone(), value.clone());
            }
        }
    }
}

/// Which group of a thing each annotation is in.
#[derive(Debug, Default)]
pub struct GroupIndex<'a>(HashMap<(&'a str, &'a AnnotationId), &'a Arc<Group>>);

impl<'a> GroupIndex<'a> {
    pub fn of(groups: &'a [Arc<Group>]) -> Self {
        let each = groups.iter().flat_map(|group| {
            let members = group.members.iter();
            members.map(move |(_, id)| ((group.thing.code(), id), group))
        });
        Self(each.collect())
    }

    pub fn get(&self, thing: &Thing, annotation: &AnnotationId) -> Option<&'a Arc<Group>> {
        self.0.get(&(thing.code(), annotation)).copied()
    }
}

/// Lets each annotation be in one group of a thing only, the first; and each id stand for one group.
/// A group that loses all its members this way goes into the one that has them. Says what was done.
pub fn settle_groups(groups: &mut Vec<Arc<Group>>) -> Vec<String> {
    let mut owner: HashMap<(String, AnnotationId), usize> = HashMap::new();
    let mut ids = FreshIds::default();
    let mut told = Vec::new();
    let mut settled: Vec<Arc<Group>> = Vec::with_capacity(groups.len());
    for mut group in std::mem::take(groups) {
        let at = settled.len();
        let thing = group.thing.code().to_owned();
        let mut taken_by = None;
        let mut is_new = |(_, id): &Member| {
            let first = *owner.entry((thing.clone(), id.clone())).or_insert(at);
            if first != at {
                taken_by = Some(first);
            }
            first == at
        };
        let kept: Vec<bool> = group.members.iter().map(&mut is_new).collect();
        let mut once = HashSet::new();
        let members = group.members.iter().zip(&kept);
        let members = members.filter(|((_, id), kept)| **kept && once.insert(id));
        let members: Vec<Member> = members.map(|(member, _)| member.clone()).collect();
        let lost = kept.iter().filter(|kept| !**kept).count();
        if members.len() < group.members.len() {
            Arc::make_mut(&mut group).members = members;
        }
        if let Some(first) = taken_by.and_then(|first| settled.get_mut(first)) {
            told.push(format!(
                "{lost} of the group “{}” are in the group “{}” already, where they stay",
                group.name(),
                first.name()
            ));
            if group.members.is_empty() {
                Arc::make_mut(first).join(&group);
                continue;
            }
        }
        if !ids.see(group.id.as_str()) {
            let id = GroupId::new(ids.take(group.id.as_str()));
            told.push(format!(
                "two groups have the id {}; one is {id} now",
                group.id
            ));
            Arc::make_mut(&mut group).id = id;
        }
        settled.push(group);
    }
    *groups = settled;
    told
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(id: &str, members: &[&str], verdict: &str) -> Arc<Group> {
        let members = members.iter().map(|&m| ("a".into(), m.into()));
        Arc::new(Group {
            id: id.into(),
            thing: Thing::Claim,
            title: id.to_uppercase(),
            members: members.collect(),
            verdict: verdict.to_owned(),
            ..Group::default()
        })
    }

    #[test]
    fn an_annotation_is_in_one_group_of_a_thing() {
        let mut quotes = Group::clone(&group("q", &["1", "2"], ""));
        quotes.thing = Thing::Quote;
        let mut groups = vec![
            group("g", &["1", "2", "1"], "false"),
            group("h", &["2", "3"], ""),
            group("i", &["1"], "true"),
            group("g", &["4"], ""),
            Arc::new(quotes),
        ];
        let told = settle_groups(&mut groups);
        let found: Vec<(&str, usize)> = groups
            .iter()
            .map(|group| (group.id.as_str(), group.members.len()))
            .collect();
        assert_eq!(found, [("g", 2), ("h", 1), ("g-2", 1), ("q", 2)]);
        assert_eq!(groups[0].note, "true");
        assert_eq!(
            told,
            [
                "1 of the group “H” are in the group “G” already, where they stay",
                "1 of the group “I” are in the group “G” already, where they stay",
                "two groups have the id g; one is g-2 now",
            ]
        );
        assert!(settle_groups(&mut groups).is_empty());
        let index = GroupIndex::of(&groups);
        let of = |thing: Thing, id: &str| index.get(&thing, &id.into()).map(|g| g.id.as_str());
        assert_eq!(of(Thing::Claim, "3"), Some("h"));
        assert_eq!(of(Thing::Quote, "1"), Some("q"));
        assert_eq!(of(Thing::Quote, "3"), None);
    }

    #[test]
    fn two_that_are_kept_apart_are_a_pair_either_way() {
        let pair = |a, b| KeptApart::new(ApartOf::People, (a, b), "t".into(), None);
        assert_eq!(pair("b", "a"), pair("a", "b"));
        assert_eq!(pair("b", "a").pair(), ("a", "b"));
    }
}
