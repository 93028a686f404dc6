//! Groups of quotes and claims that say the same: joined, taken apart, kept apart; and what is said of
//! a group.
//!
//! What is said of a claim that is in no group makes it a group of one. A decision that two are not
//! the same is one about two annotations, so it stays whatever groups they come into.

use super::Signed;
use crate::core::annotation::AttributeValue;
use crate::core::claims::board::One;
use crate::core::claims::{Answer, UNSURE, words_of};
use crate::core::codebook::{Part, Thing};
use crate::core::edit::Edit;
use crate::core::ids::{FreshIds, GroupId, IdMint};
use crate::core::project::{ApartOf, Evidence, Group, GroupState, KeptApart, Member, Project};
use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

/// The longest title that is made of words, in characters.
const TITLE: usize = 160;

/// What is said of a group.
#[derive(Clone, Debug, PartialEq)]
pub enum Say {
    Title(String),
    State(GroupState),
    Verdict(String),
    Note(String),
    /// The answer to one of the questions, for all of its claims.
    Answer(Part, Answer),
    /// The evidence at this place: another, a new one behind the last, none.
    Evidence(usize, Option<Evidence>),
}

/// A step and the group that it leaves.
#[derive(Clone, Debug, PartialEq)]
pub struct Grouped {
    pub group: GroupId,
    pub edits: Vec<Edit>,
}

/// The words of an annotation, as far as a title has room.
fn title_of(project: &Project, (article, id): &Member) -> String {
    let found = project
        .article(article)
        .and_then(|article| Some((article, article.annotations.get(id.as_str())?)));
    let words = found.map(|(article, annotation)| words_of(article, annotation));
    let words = words.unwrap_or_default();
    match words.char_indices().nth(TITLE) {
        Some((end, _)) => format!("{}…", words.get(..end).unwrap_or_default().trim_end()),
        None => words,
    }
}

/// A group of one annotation, with an id that is not taken.
fn begun(
    project: &Project,
    thing: &Thing,
    member: &Member,
    signed: Signed<'_>,
    mint: &IdMint,
) -> Group {
    let taken: HashSet<&str> = project.groups().iter().map(|g| g.id.as_str()).collect();
    let number = project.groups().len() + 1;
    let wanted = format!("{}-group-{number}", mint.tag());
    let id = FreshIds::default().take_unless(&wanted, |id| taken.contains(id));
    Group {
        id: GroupId::new(id),
        thing: thing.clone(),
        title: title_of(project, member),
        members: vec![member.clone()],
        by: signed.by.clone(),
        when: signed.when,
        ..Group::default()
    }
}

/// How much a group holds that another one could not say in its place.
fn weight(group: &Group) -> (bool, bool, usize) {
    let is_begun = group.state != GroupState::ToCheck;
    let has_verdict = !group.verdict.is_empty() || !group.evidence.is_empty();
    (has_verdict, is_begun, group.members.len())
}

/// Makes one group of these. The group that says most keeps its title, state and verdict; what others
/// have besides is added, and a verdict that differs goes into the note. Nothing where there are not
/// two.
pub fn join(
    project: &Project,
    thing: &Thing,
    ones: &[One],
    signed: Signed<'_>,
    mint: &IdMint,
) -> Option<Grouped> {
    let groups = ones.iter().filter_map(|one| match one {
        One::Group(id) => project.group(id),
        One::Alone(_) => None,
    });
    let mut groups: Vec<&Arc<Group>> = groups.collect();
    groups.dedup_by(|a, b| a.id == b.id);
    // Of those that say as much the first stays.
    let main = groups
        .iter()
        .rev()
        .max_by_key(|group| weight(group))
        .copied();
    let mut group = match main {
        Some(main) => Group::clone(main),
        None => {
            let first = ones.iter().flat_map(|one| one.members(project)).next()?;
            begun(project, thing, first, signed, mint)
        }
    };
    let before = group.members.len();
    let mut known: HashSet<Member> = group.members.iter().cloned().collect();
    for one in ones {
        for member in one.members(project) {
            if known.insert(member.clone()) {
                group.members.push(member.clone());
            }
        }
    }
    if group.members.len() == before {
        return None;
    }
    let others: Vec<&Arc<Group>> = groups.into_iter().filter(|g| g.id != group.id).collect();
    for other in &others {
        group.join(other);
    }
    let gone: BTreeSet<&GroupId> = others.iter().map(|other| &other.id).collect();
    let mut edits = no_longer_apart(project, &group.members);
    edits.extend(without(project, |group| gone.contains(&group.id)));
    let id = group.id.clone();
    edits.push(match main {
        Some(_) => Edit::ReplaceGroups(vec![Arc::new(group)]),
        None => Edit::AddGroups(vec![(project.groups().len(), Arc::new(group))]),
    });
    Some(Grouped { group: id, edits })
}

/// Joins many at once, each list of them into a group of its own: one step. Says how many groups are
/// new or larger by it.
pub fn join_all(
    project: &Project,
    thing: &Thing,
    clusters: &[Vec<Member>],
    signed: Signed<'_>,
    mint: &IdMint,
) -> (usize, Vec<Edit>) {
    let mut ids = FreshIds::default();
    for group in project.groups() {
        ids.see(group.id.as_str());
    }
    let index = crate::core::project::GroupIndex::of(project.groups());
    let mut added = Vec::new();
    let mut replaced: Vec<Arc<Group>> = Vec::new();
    let mut gone: HashSet<&GroupId> = HashSet::new();
    let mut used: HashSet<&GroupId> = HashSet::new();
    for cluster in clusters.iter().filter(|cluster| cluster.len() > 1) {
        let mut groups: Vec<&Arc<Group>> = Vec::new();
        for (_, id) in cluster {
            if let Some(group) = index.get(thing, id)
                && !groups.iter().any(|known| known.id == group.id)
            {
                groups.push(group);
            }
        }
        // Each group can be joined once in a step.
        if groups.iter().any(|group| used.contains(&group.id)) {
            continue;
        }
        used.extend(groups.iter().map(|group| &group.id));
        let main = groups
            .iter()
            .rev()
            .max_by_key(|group| weight(group))
            .copied();
        let mut group = match (main, cluster.first()) {
            (Some(main), _) => Group::clone(main),
            (None, Some(first)) => {
                let wanted = format!("{}-group-{}", mint.tag(), project.groups().len() + 1);
                Group {
                    id: GroupId::new(ids.take(&wanted)),
                    thing: thing.clone(),
                    title: title_of(project, first),
                    by: signed.by.clone(),
                    when: signed.when,
                    ..Group::default()
                }
            }
            (None, None) => continue,
        };
        let mut known: HashSet<Member> = group.members.iter().cloned().collect();
        let of_groups = groups.iter().flat_map(|group| group.members.iter());
        for member in of_groups.chain(cluster) {
            if known.insert(member.clone()) {
                group.members.push(member.clone());
            }
        }
        let own = group.id.clone();
        for other in groups.iter().filter(|other| other.id != own) {
            group.join(other);
            gone.insert(&other.id);
        }
        match main {
            Some(main) if main.members == group.members => {}
            Some(_) => replaced.push(Arc::new(group)),
            None => {
                let at = project.groups().len() + added.len();
                added.push((at, Arc::new(group)));
            }
        }
    }
    let count = replaced.len() + added.len();
    let mut edits = without(project, |group| gone.contains(&group.id));
    if !replaced.is_empty() {
        edits.push(Edit::ReplaceGroups(replaced));
    }
    if !added.is_empty() {
        // Those that are gone stand before them no more.
        for (at, _) in &mut added {
            *at -= gone.len();
        }
        edits.push(Edit::AddGroups(added));
    }
    (count, edits)
}

/// Takes out the groups that are meant.
fn without(project: &Project, is_meant: impl Fn(&Group) -> bool) -> Vec<Edit> {
    let groups = project.groups().iter().enumerate();
    let places: Vec<usize> = groups
        .filter(|(_, group)| is_meant(group))
        .map(|(at, _)| at)
        .collect();
    let edit = (!places.is_empty()).then_some(Edit::RemoveGroups(places));
    edit.into_iter().collect()
}

/// Those of a group are not kept apart from each other.
fn no_longer_apart(project: &Project, members: &[Member]) -> Vec<Edit> {
    let ids: HashSet<&str> = members.iter().map(|(_, id)| id.as_str()).collect();
    let apart = project.apart().iter().enumerate();
    let apart = apart.filter(|(_, kept)| {
        let (one, other) = kept.pair();
        kept.of == ApartOf::Annotations && ids.contains(one) && ids.contains(other)
    });
    let places: Vec<usize> = apart.map(|(at, _)| at).collect();
    let edit = (!places.is_empty()).then_some(Edit::RemoveApart(places));
    edit.into_iter().collect()
}

/// Says that two are not the same. Nothing where that was said, or they are one.
pub fn keep_apart(
    project: &Project,
    (one, other): (&One, &One),
    signed: Signed<'_>,
) -> Option<Edit> {
    let first = |one: &One| one.members(project).first().cloned();
    let (a, b) = (first(one)?, first(other)?);
    if one == other || a == b {
        return None;
    }
    let pair = (a.1.as_str(), b.1.as_str());
    let kept = KeptApart::new(ApartOf::Annotations, pair, signed.by.clone(), signed.when);
    let is_known = project.apart().iter().any(|known| known.says_as(&kept));
    let at = project.apart().len();
    (!is_known).then(|| Edit::AddApart(vec![(at, Arc::new(kept))]))
}

/// Takes annotations out of their group; one of which nothing is left goes. With that it is said that
/// they are not the same as those that stay, so they are not proposed again.
pub fn take_out(project: &Project, id: &GroupId, out: &[Member], signed: Signed<'_>) -> Vec<Edit> {
    let Some(group) = project.group(id) else {
        return Vec::new();
    };
    let mut rest = Group::clone(group);
    rest.members.retain(|member| !out.contains(member));
    if rest.members.len() == group.members.len() {
        return Vec::new();
    }
    let stays = rest.members.first().cloned();
    let mut edits = if rest.members.is_empty() {
        without(project, |group| group.id == *id)
    } else {
        vec![Edit::ReplaceGroups(vec![Arc::new(rest)])]
    };
    let at = project.apart().len();
    let apart = stays.into_iter().flat_map(|(_, stays)| {
        let gone = out.iter().filter(|member| group.members.contains(member));
        gone.map(move |(_, gone)| {
            let pair = (stays.as_str(), gone.as_str());
            KeptApart::new(ApartOf::Annotations, pair, signed.by.clone(), signed.when)
        })
    });
    let apart = apart.enumerate().map(|(n, kept)| (at + n, Arc::new(kept)));
    let apart: Vec<_> = apart.collect();
    if !apart.is_empty() {
        edits.push(Edit::AddApart(apart));
    }
    edits
}

/// Says something of a group, or of an annotation that becomes a group of one by it.
pub fn say(
    project: &Project,
    thing: &Thing,
    one: &One,
    what: Say,
    signed: Signed<'_>,
    mint: &IdMint,
) -> Option<Grouped> {
    let (old, is_new) = match one {
        One::Group(id) => (Group::clone(project.group(id)?), false),
        One::Alone(member) => (begun(project, thing, member, signed, mint), true),
    };
    let mut group = old.clone();
    match what {
        Say::Title(title) => title.trim().clone_into(&mut group.title),
        Say::State(state) => group.state = state,
        Say::Verdict(verdict) => verdict.trim().clone_into(&mut group.verdict),
        Say::Note(note) => group.note = note,
        Say::Answer(question, answer) => {
            let value = match answer {
                Some(answer) => AttributeValue::Bool(answer),
                None => AttributeValue::Text(UNSURE.to_owned()),
            };
            group.attributes.insert(question.name(), value);
        }
        Say::Evidence(at, Some(evidence)) => match group.evidence.get_mut(at) {
            Some(known) => *known = evidence,
            None => group.evidence.push(evidence),
        },
        Say::Evidence(at, None) => {
            if at < group.evidence.len() {
                group.evidence.remove(at);
            }
        }
    }
    if group == old {
        return None;
    }
    let id = group.id.clone();
    let edit = if is_new {
        Edit::AddGroups(vec![(project.groups().len(), Arc::new(group))])
    } else {
        Edit::ReplaceGroups(vec![Arc::new(group)])
    };
    Some(Grouped {
        group: id,
        edits: vec![edit],
    })
}
