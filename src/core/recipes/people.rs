//! The speaker ledger: people come in, change, become one, become two and leave; and words are tied
//! to them in an article.
//!
//! Whatever names somebody names them by their id: what moves, moves all of it, also what is in the
//! trash. Nothing that was said of somebody is lost: who leaves stays as a name where they are named.

use super::Signed;
use crate::core::annotation::{Annotation, AnnotationSet, AttributeValue};
use crate::core::article::Article;
use crate::core::codebook::{Part, Thing};
use crate::core::edit::Edit;
use crate::core::ids::{AnnotationId, ArticleId, PersonId};
use crate::core::project::{ApartOf, Group, KeptApart, Person, Project, TrashItem, Trashed};
use crate::core::shown::bare;
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

/// Puts somebody into the ledger; a name that is there already is answered with whose it is.
pub fn add(project: &Project, name: &str) -> Result<(PersonId, Edit), PersonId> {
    let people = project.people();
    if let Some(known) = called(project, name) {
        return Err(known.id.clone());
    }
    let ids: HashSet<&str> = people.iter().map(|person| person.id.as_str()).collect();
    let new = Person::named(&bare(name), |id| ids.contains(id));
    Ok((new.id.clone(), Edit::AddPeople(vec![(people.len(), new)])))
}

/// Whose name this is, or whose alias.
pub fn called<'a>(project: &'a Project, name: &str) -> Option<&'a Person> {
    let bare = bare(name);
    let name = name.trim();
    let people = project.people();
    let by_name = people.iter().find(|person| person.name == name);
    let by_name = by_name.or_else(|| people.iter().find(|person| person.name == bare));
    by_name.or_else(|| {
        people
            .iter()
            .find(|person| person.names().any(|n| n == name || n == bare))
    })
}

/// Says another thing of somebody; nothing when it is the same.
pub fn change(project: &Project, id: &PersonId, change: impl FnOnce(&mut Person)) -> Vec<Edit> {
    let Some(old) = project.person(id) else {
        return Vec::new();
    };
    let mut new = old.clone();
    change(&mut new);
    new.id = id.clone();
    tidy(&mut new);
    let is_other = new != *old && !new.name.is_empty();
    let edit = is_other.then(|| Edit::ReplacePeople(vec![new]));
    edit.into_iter().collect()
}

/// Each name once, and none that is empty.
fn tidy(person: &mut Person) {
    person.name = person.name.trim().to_owned();
    let mut seen = HashSet::from([person.name.clone()]);
    let aliases = std::mem::take(&mut person.aliases).into_iter();
    let aliases = aliases.map(|alias| alias.trim().to_owned());
    person.aliases = aliases
        .filter(|alias| !alias.is_empty() && seen.insert(alias.clone()))
        .collect();
    person.tied.settle();
    if person.affiliated_to.as_ref() == Some(&person.id) {
        person.affiliated_to = None;
    }
}

/// What two say of themselves otherwise, so that it must be asked which holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Differs {
    Kind,
    Role,
    Affiliation,
    Note,
}

/// In what two differ where both say something.
pub fn differences(one: &Person, other: &Person) -> Vec<Differs> {
    let both = |a: &str, b: &str| !a.is_empty() && !b.is_empty() && a != b;
    let of = |person: &Person| match &person.affiliated_to {
        Some(id) => format!("\u{1}{id}"),
        None => person.affiliation.clone(),
    };
    let mut found = Vec::new();
    found.extend((one.kind != other.kind).then_some(Differs::Kind));
    found.extend(both(&one.role, &other.role).then_some(Differs::Role));
    found.extend(both(&of(one), &of(other)).then_some(Differs::Affiliation));
    found.extend(both(&one.note, &other.note).then_some(Differs::Note));
    found
}

/// Somebody with what another one has more: names, ties, identifiers, and what is said of only that
/// one. Of `theirs` it has what the other one says; notes that differ are both there.
pub fn joined(stays: &Person, goes: &Person, theirs: &[Differs]) -> Person {
    let mut joined = stays.clone();
    joined.aliases.extend(goes.names().map(str::to_owned));
    joined.tied.join(&goes.tied);
    for identifier in &goes.identifiers {
        if !joined.identifiers.contains(identifier) {
            joined.identifiers.push(identifier.clone());
        }
    }
    let takes = |own_is_empty: bool, what| own_is_empty || theirs.contains(&what);
    if takes(false, Differs::Kind) {
        joined.kind = goes.kind.clone();
    }
    if takes(stays.role.is_empty(), Differs::Role) {
        joined.role.clone_from(&goes.role);
    }
    let has_none = stays.affiliation.is_empty() && stays.affiliated_to.is_none();
    if takes(has_none, Differs::Affiliation) {
        joined.affiliation.clone_from(&goes.affiliation);
        joined.affiliated_to.clone_from(&goes.affiliated_to);
    }
    if theirs.contains(&Differs::Note) || stays.note.is_empty() {
        joined.note.clone_from(&goes.note);
    } else if !goes.note.is_empty() && !stays.note.contains(&goes.note) {
        joined.note = format!("{}\n{}", stays.note, goes.note);
    }
    for field in &goes.unknown {
        if joined.unknown.iter().all(|(name, _)| *name != field.0) {
            joined.unknown.push(field.clone());
        }
    }
    tidy(&mut joined);
    joined
}

/// Somebody under another of their names; the one that was shown is the first of the others then.
pub fn under(mut person: Person, name: &str) -> Person {
    if let Some(at) = person.aliases.iter().position(|alias| alias == name) {
        let name = person.aliases.remove(at);
        let before = std::mem::replace(&mut person.name, name);
        person.aliases.insert(0, before);
    }
    person
}

/// Lets all that names `goes` name `stays`, which becomes `joined`.
pub fn merge(
    project: &Project,
    stays: &PersonId,
    goes: &PersonId,
    joined: Person,
    signed: Signed<'_>,
) -> Vec<Edit> {
    if stays == goes || project.person(stays).is_none() || project.person(goes).is_none() {
        return Vec::new();
    }
    let to = AttributeValue::Person(stays.clone());
    let mut edits = renamed_everywhere(project, goes, &to, signed);
    let mut people: Vec<Person> = affiliated(project, goes, |person| {
        person.affiliated_to = Some(stays.clone());
    });
    let mut joined = joined;
    joined.id = stays.clone();
    tidy(&mut joined);
    people.retain(|person| person.id != *stays && person.id != *goes);
    people.push(joined);
    edits.push(Edit::ReplacePeople(people));
    edits.push(Edit::RemovePeople(vec![goes.clone()]));
    edits.extend(decisions(project, goes, Some(stays)));
    edits
}

/// Makes some mentions of somebody another person's, who is new and called `name`.
pub fn split(
    project: &Project,
    from: &PersonId,
    mentions: &[(ArticleId, AnnotationId)],
    name: &str,
    signed: Signed<'_>,
) -> Option<(PersonId, Vec<Edit>)> {
    let old = project.person(from)?;
    let ids: HashSet<&str> = project.people().iter().map(|p| p.id.as_str()).collect();
    let mut new = Person::named(&bare(name), |id| ids.contains(id));
    if new.name.is_empty() {
        return None;
    }
    new.kind = old.kind.clone();
    let id = new.id.clone();
    let mut edits = vec![Edit::AddPeople(vec![(project.people().len(), new)])];
    // The name goes with them where it was an alias.
    edits.extend(change(project, from, |person| {
        person.aliases.retain(|alias| alias != name.trim());
    }));
    let to = AttributeValue::Person(id.clone());
    let mut by_article: BTreeMap<&ArticleId, Vec<Arc<Annotation>>> = BTreeMap::new();
    for (article, annotation) in mentions {
        let found = project
            .article(article)?
            .annotations
            .get(annotation.as_str())?;
        let new = renamed(found, from, &to, signed);
        let new = new.or_else(|| named_first(project, found, &to, signed));
        if let Some(new) = new {
            by_article.entry(article).or_default().push(Arc::new(new));
        }
    }
    edits.extend(by_article.into_iter().map(|(article, annotations)| {
        let article = article.clone();
        Edit::ReplaceAnnotations {
            article,
            annotations,
        }
    }));
    Some((id, edits))
}

/// A quote with a speaker that names nobody yet: its words alone said who it was.
fn named_first(
    project: &Project,
    quote: &Annotation,
    speaker: &AttributeValue,
    signed: Signed<'_>,
) -> Option<Annotation> {
    let label = project.codebook().label(quote.label.as_str())?;
    let spec = label.part(Part::Speaker)?;
    let is_quote = project.codebook().thing_of(&quote.label) == Thing::Quote;
    if !is_quote || quote.attributes.get(&spec.name).is_some() {
        return None;
    }
    let mut new = quote.clone();
    new.attributes.insert(spec.name.as_str(), speaker.clone());
    new.changed = signed.when;
    Some(new)
}

/// Takes somebody out of the ledger. Where they are named, their name stays as words.
pub fn remove(project: &Project, id: &PersonId, signed: Signed<'_>) -> Vec<Edit> {
    let Some(person) = project.person(id) else {
        return Vec::new();
    };
    let to = AttributeValue::Text(person.name.clone());
    let mut edits = renamed_everywhere(project, id, &to, signed);
    let name = person.name.clone();
    let people = affiliated(project, id, |other| {
        other.affiliated_to = None;
        if other.affiliation.is_empty() {
            other.affiliation.clone_from(&name);
        }
    });
    if !people.is_empty() {
        edits.push(Edit::ReplacePeople(people));
    }
    edits.push(Edit::RemovePeople(vec![id.clone()]));
    edits.extend(decisions(project, id, None));
    edits
}

/// Says that two are not the same.
pub fn keep_apart(
    project: &Project,
    one: &PersonId,
    other: &PersonId,
    signed: Signed<'_>,
) -> Option<Edit> {
    let pair = (one.as_str(), other.as_str());
    let new = KeptApart::new(ApartOf::People, pair, signed.by.clone(), signed.when);
    let is_known = project.apart().iter().any(|known| known.says_as(&new));
    let is_new = one != other && !is_known;
    is_new.then(|| Edit::AddApart(vec![(project.apart().len(), Arc::new(new))]))
}

/// Lets words of an article mean somebody there.
pub fn tie(project: &Project, id: &PersonId, article: &ArticleId, words: &str) -> Vec<Edit> {
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    if words.is_empty() || project.article(article).is_none() {
        return Vec::new();
    }
    let mut edits = Vec::new();
    let mut people = Vec::new();
    for person in project.people() {
        let mut new = person.clone();
        let is_other = if person.id == *id {
            new.tied.add(article, &words)
        } else {
            // They mean one there.
            new.tied.remove(article, &words)
        };
        if is_other {
            people.push(new);
        }
    }
    if !people.is_empty() {
        edits.push(Edit::ReplacePeople(people));
    }
    edits
}

/// Whether nothing is known of somebody but what they are called, and nothing but annotations names
/// them.
pub fn is_bare(project: &Project, id: &PersonId) -> bool {
    let Some(person) = project.person(id) else {
        return false;
    };
    let bare = Person {
        id: id.clone(),
        name: person.name.clone(),
        kind: person.kind.clone(),
        ..Person::default()
    };
    let is_it = |value: &AttributeValue| matches!(value, AttributeValue::Person(of) if of == id);
    let mut others = project.people().iter();
    let mut groups = project.groups().iter();
    let mut trash = project.trash().iter();
    let mut apart = project.apart().iter();
    *person == bare
        && !others.any(|other| other.affiliated_to.as_ref() == Some(id))
        && !groups.any(|group| group.attributes.values().any(is_it))
        && !trash.any(|item| item.what.annotations().any(|a| names(a, id)))
        && !apart
            .any(|a| a.of == ApartOf::People && (a.one == id.as_str() || a.other == id.as_str()))
}

/// Everything that names somebody, in the order of the articles.
pub fn mentions<'a>(
    project: &'a Project,
    id: &'a PersonId,
) -> impl Iterator<Item = (&'a Arc<Article>, &'a Arc<Annotation>)> {
    project.articles().iter().flat_map(move |article| {
        let annotations = article.annotations.in_text_order();
        let of = annotations.filter(move |annotation| names(annotation, id));
        of.map(move |annotation| (article, annotation))
    })
}

fn names(annotation: &Annotation, id: &PersonId) -> bool {
    let is_it = |value: &AttributeValue| matches!(value, AttributeValue::Person(of) if of == id);
    annotation.attributes.values().any(is_it)
}

/// An annotation with another value where it names somebody; none where it does not.
fn renamed(
    annotation: &Annotation,
    from: &PersonId,
    to: &AttributeValue,
    signed: Signed<'_>,
) -> Option<Annotation> {
    if !names(annotation, from) {
        return None;
    }
    let mut new = annotation.clone();
    put(&mut new, from, to);
    new.changed = signed.when;
    Some(new)
}

fn put(annotation: &mut Annotation, from: &PersonId, to: &AttributeValue) {
    let old = annotation.attributes.iter();
    let named = old.filter(|(_, value)| matches!(value, AttributeValue::Person(of) if of == from));
    let named: Vec<_> = named.map(|(name, _)| name.clone()).collect();
    for name in named {
        annotation.attributes.insert(name, to.clone());
    }
}

/// What names somebody names another one: annotations, what is in the trash, groups.
fn renamed_everywhere(
    project: &Project,
    from: &PersonId,
    to: &AttributeValue,
    signed: Signed<'_>,
) -> Vec<Edit> {
    let mut edits = Vec::new();
    for article in project.articles() {
        let all = article.annotations.iter();
        let annotations: Vec<Arc<Annotation>> = all
            .filter_map(|annotation| renamed(annotation, from, to, signed))
            .map(Arc::new)
            .collect();
        if !annotations.is_empty() {
            let article = article.id.clone();
            edits.push(Edit::ReplaceAnnotations {
                article,
                annotations,
            });
        }
    }
    let trash = project.trash().iter().enumerate();
    let trash = trash.filter(|(_, item)| item.what.annotations().any(|a| names(a, from)));
    let (places, items): (Vec<usize>, Vec<(usize, Arc<TrashItem>)>) = trash
        .map(|(at, item)| {
            let mut item = TrashItem::clone(item);
            rename_trashed(&mut item.what, from, to);
            (at, (at, Arc::new(item)))
        })
        .unzip();
    if !places.is_empty() {
        edits.push(Edit::RemoveFromTrash(places));
        edits.push(Edit::AddToTrash(items));
    }
    let is_named =
        |value: &AttributeValue| matches!(value, AttributeValue::Person(of) if of == from);
    let groups = project.groups().iter();
    let groups = groups.filter(|group| group.attributes.values().any(is_named));
    let groups: Vec<Arc<Group>> = groups
        .map(|group| {
            let mut group = Group::clone(group);
            let all = group.attributes.iter();
            let named = all.filter(|(_, value)| is_named(value));
            let named: Vec<_> = named.map(|(name, _)| name.clone()).collect();
            for name in named {
                group.attributes.insert(name, to.clone());
            }
            Arc::new(group)
        })
        .collect();
    if !groups.is_empty() {
        edits.push(Edit::ReplaceGroups(groups));
    }
    edits
}

fn rename_trashed(what: &mut Trashed, from: &PersonId, to: &AttributeValue) {
    match what {
        Trashed::Annotation { annotation, .. } => put(Arc::make_mut(annotation), from, to),
        Trashed::Article(article) => {
            let annotations = article.annotations.iter().map(|annotation| {
                let mut annotation = Annotation::clone(annotation);
                put(&mut annotation, from, to);
                annotation
            });
            let set = AnnotationSet::from_annotations(annotations.collect::<Vec<_>>()).0;
            Arc::make_mut(article).annotations = set;
        }
        Trashed::Label(_) | Trashed::Annotator(_) | Trashed::Later(_) => {}
    }
}

/// Those who belong to somebody, changed.
fn affiliated(project: &Project, to: &PersonId, change: impl Fn(&mut Person)) -> Vec<Person> {
    let all = project.people().iter();
    let theirs = all.filter(|person| person.affiliated_to.as_ref() == Some(to));
    let theirs = theirs.map(|person| {
        let mut person = person.clone();
        change(&mut person);
        tidy(&mut person);
        person
    });
    theirs.collect()
}

/// What was decided about somebody who goes is decided about who stays, or about nobody.
fn decisions(project: &Project, goes: &PersonId, stays: Option<&PersonId>) -> Vec<Edit> {
    let id = goes.as_str();
    let all = project.apart().iter().enumerate();
    let of_them = all
        .filter(|(_, apart)| apart.of == ApartOf::People && (apart.one == id || apart.other == id));
    let of_them: Vec<(usize, &Arc<KeptApart>)> = of_them.collect();
    if of_them.is_empty() {
        return Vec::new();
    }
    let mut known: HashSet<(String, String)> = HashSet::new();
    let rest = project.apart().len() - of_them.len();
    let new = of_them.iter().filter_map(|(_, apart)| {
        let stays = stays?.as_str();
        let other = if apart.one == id {
            &apart.other
        } else {
            &apart.one
        };
        let pair = KeptApart::new(
            ApartOf::People,
            (stays, other),
            apart.by.clone(),
            apart.when,
        );
        let is_there = project.apart().iter().any(|known| known.says_as(&pair));
        let key = (pair.one.clone(), pair.other.clone());
        (stays != other && !is_there && known.insert(key)).then_some(pair)
    });
    let new: Vec<(usize, Arc<KeptApart>)> = new.map(Arc::new).enumerate().collect();
    let new: Vec<_> = new
        .into_iter()
        .map(|(n, apart)| (rest + n, apart))
        .collect();
    let mut edits = vec![Edit::RemoveApart(
        of_them.iter().map(|(at, _)| *at).collect(),
    )];
    if !new.is_empty() {
        edits.push(Edit::AddApart(new));
    }
    edits
}

#[cfg(test)]
mod tests;
