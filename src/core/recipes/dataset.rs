//! Bringing a dataset into a project.
//!
//! Ids that are taken are replaced, people are matched by name, and an annotated article whose text
//! is there already gives its annotations to that one.

use crate::core::annotation::{Annotation, AnnotationSet, AttributeValue};
use crate::core::article::Article;
use crate::core::carry;
use crate::core::codebook::{
    AttributeKind, AttributeSpec, Codebook, LinkRole, folded_name, id_for,
};
use crate::core::edit::Edit;
use crate::core::ids::{
    AnnotationId, AnnotatorId, ArticleId, FreshIds, GroupId, LabelId, PersonId,
};
use crate::core::ledger::Ledger;
use crate::core::project::{
    ApartOf, ArticleSet, Group, GroupIndex, KeptApart, Member, NewIds, Person, PersonKind, Project,
    ProjectParts, Tied, relabel_article, relabel_codebook,
};
use crate::core::recipes::Signed;
use crate::core::recipes::codebook::is_made_from;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

/// So many new labels are named in the codebook's log.
const NAMED: usize = 5;

/// The edits that bring a dataset into a project: new labels, people, annotators, then articles.
/// Articles and annotations whose ids are taken get new ones. Answers how many articles are added.
///
/// The project may be one that the same import has begun to change. Only articles of `known_before`
/// are given annotations, since two of one import are two articles.
pub fn add_parts(
    project: &Project,
    known_before: &Project,
    mut parts: ProjectParts,
    signed: Signed<'_>,
) -> (Vec<Edit>, usize) {
    keep_apart(project, &mut parts);
    let mut edits = Vec::new();
    let mut codebook = project.codebook().clone();
    let known = codebook.labels.len();
    let mut label_ids: HashSet<LabelId> = codebook.labels.iter().map(|l| l.id.clone()).collect();
    for label in parts.codebook.labels {
        if label_ids.insert(label.id.clone()) {
            codebook.labels.push(label);
        }
    }
    let is_extended = add_attributes(&mut codebook, &parts.articles);
    if codebook.labels.len() > known || is_extended {
        let new = codebook.labels.iter().skip(known).take(NAMED);
        let mut new: Vec<String> = new.map(|label| format!("“{}”", label.name)).collect();
        match codebook.labels.len() - known {
            0 => new.push("attributes of a dataset".to_owned()),
            n if n > NAMED => new.push(format!("{} more labels of a dataset", n - NAMED)),
            _ => {}
        }
        codebook.revise(format!("add {}", new.join(", ")), signed.by, signed.when);
        edits.push(Edit::SetCodebook(Box::new(codebook)));
    }
    let known_people = project.people().len();
    let mut people = Ledger::of(project.people().to_vec());
    // People are the same when their names are, the first of a name where the dataset tells two apart;
    // ids may clash.
    let mut renamed_people: HashMap<PersonId, PersonId> = HashMap::new();
    let known = project.people().iter().map(|person| (&person.id, person));
    let known: HashMap<&PersonId, &Person> = known.collect();
    let mut claimed: HashSet<PersonId> = HashSet::new();
    let mut told: Vec<Person> = Vec::new();
    for person in parts.people {
        let id = person.id.clone();
        let same = known.get(&id).filter(|same| same.name == person.name);
        let same = same.map(|same| same.id.clone());
        let named = || {
            let named = people.find(&person.name)?;
            let is_free = known.contains_key(named) && !claimed.contains(named);
            is_free.then(|| named.clone())
        };
        let here = match same.or_else(named) {
            Some(same) => same,
            None => people.add(person.clone(), true),
        };
        claimed.insert(here.clone());
        renamed_people.insert(id, here.clone());
        told.push(Person { id: here, ..person });
    }
    renamed_people.retain(|from, to| from != to);
    let people = people.into_people().into_iter().enumerate();
    let new_people: Vec<_> = people.skip(known_people).collect();
    if !new_people.is_empty() {
        edits.push(Edit::AddPeople(new_people));
    }
    let mut annotators = project.annotators().to_vec();
    let known = annotators.len();
    let mut annotator_ids: HashSet<AnnotatorId> = annotators.iter().map(|a| a.id.clone()).collect();
    for annotator in parts.annotators {
        if annotator_ids.insert(annotator.id.clone()) {
            annotators.push(annotator);
        }
    }
    if annotators.len() > known {
        edits.push(Edit::SetAnnotators(annotators));
    }
    let taken: HashSet<AnnotationId> = project
        .articles()
        .iter()
        .flat_map(|article| article.annotations.iter().map(|a| a.id.clone()))
        .collect();
    let at = project.articles().len();
    let mut added = Vec::with_capacity(parts.articles.len());
    let mut ids = FreshIds::default();
    // Where each article of the dataset is to be found.
    let mut found_as: BTreeMap<ArticleId, ArticleId> = BTreeMap::new();
    // As the dataset has them, for the members of its groups.
    let has_groups = !parts.groups.is_empty() || !parts.apart.is_empty();
    let mut originals: HashMap<ArticleId, (Arc<Article>, bool)> = HashMap::new();
    for (i, article) in parts.articles.into_iter().enumerate() {
        let is_taken = |id: &str| project.article(&ArticleId::new(id)).is_some();
        let id = ArticleId::new(ids.take_unless(article.id.as_str(), is_taken));
        found_as.insert(article.id.clone(), id.clone());
        let clashes = article.annotations.iter().any(|a| taken.contains(&a.id));
        if has_groups {
            originals.insert(article.id.clone(), (article.clone(), clashes));
        }
        if id == article.id && !clashes && renamed_people.is_empty() {
            added.push((at + i, article));
            continue;
        }
        let mut article = Arc::unwrap_or_clone(article);
        article.id = id;
        if clashes {
            article = article.with_ids_of_its_own();
        }
        if !renamed_people.is_empty() {
            let all = article.annotations.iter();
            let renamed = all.map(|a| with_people(a, &renamed_people));
            article.annotations = AnnotationSet::from_annotations(renamed.collect::<Vec<_>>()).0;
        }
        added.push((at + i, Arc::new(article)));
    }
    // An article whose text is there already gives its annotations to the one that is there.
    let mut by_hash: HashMap<&str, &ArticleId> = HashMap::new();
    for article in known_before.articles() {
        by_hash.entry(article.text.hash()).or_insert(&article.id);
    }
    let mut more = Vec::new();
    let mut is_there: HashMap<ArticleId, ArticleId> = HashMap::new();
    added.retain(|(_, article): &(usize, Arc<Article>)| {
        let known = by_hash.get(article.text.hash());
        let Some(target) = known.and_then(|id| project.article(id)) else {
            return true;
        };
        let theirs = article
            .annotations
            .iter()
            .map(|a| Annotation::clone(a))
            .collect();
        let new = carry::missing_in(target, theirs);
        let is_free = |a: &Annotation| target.annotations.get(a.id.as_str()).is_none();
        if !new.iter().all(is_free) {
            return true;
        }
        is_there.insert(article.id.clone(), target.id.clone());
        more.extend(new.into_iter().map(|annotation| Edit::AddAnnotation {
            article: target.id.clone(),
            annotation: Box::new(annotation),
        }));
        false
    });
    for (i, (place, _)) in added.iter_mut().enumerate() {
        *place = at + i;
    }
    let count = added.len();
    if !added.is_empty() {
        edits.push(Edit::AddArticles(added));
    }
    edits.extend(more);
    for id in found_as.values_mut() {
        if let Some(target) = is_there.get(id) {
            *id = target.clone();
        }
    }
    edits.extend(add_sets(project, parts.sets, &found_as));
    let here = Here {
        project,
        people: renamed_people,
        articles: found_as,
        originals,
    };
    edits.extend(here.people(told));
    edits.extend(here.groups(parts.groups, parts.apart));
    (edits, count)
}

/// Where what a dataset names is to be found in the project.
struct Here<'p> {
    project: &'p Project,
    /// Those whose ids are others.
    people: HashMap<PersonId, PersonId>,
    articles: BTreeMap<ArticleId, ArticleId>,
    /// Articles of the dataset, and whether their annotations got new ids.
    originals: HashMap<ArticleId, (Arc<Article>, bool)>,
}

impl Here<'_> {
    fn person(&self, id: &mut PersonId) {
        if let Some(here) = self.people.get(&*id) {
            *id = here.clone();
        }
    }

    /// What the dataset knows of people more: what is empty here is filled, and lists have what either
    /// has.
    fn people(&self, told: Vec<Person>) -> Option<Edit> {
        let known = self.project.people().iter();
        let known: HashMap<&PersonId, &Person> = known.map(|p| (&p.id, p)).collect();
        let mut changed = Vec::new();
        for mut person in told {
            let before = person.clone();
            if let Some(id) = &mut person.affiliated_to {
                self.person(id);
            }
            let mut tied = Tied::default();
            for (article, all) in &person.tied.0 {
                let article = self.articles.get(article).unwrap_or(article);
                for words in all {
                    tied.add(article, words);
                }
            }
            person.tied = tied;
            match known.get(&person.id) {
                Some(here) => {
                    let more = joined(here, person);
                    if more != **here {
                        changed.push(more);
                    }
                }
                None if person != before => changed.push(person),
                None => {}
            }
        }
        (!changed.is_empty()).then_some(Edit::ReplacePeople(changed))
    }

    /// The annotation that one of the dataset became, or that said the same here already.
    fn annotation(&self, article: &ArticleId, id: &AnnotationId) -> (ArticleId, AnnotationId) {
        let here = self.articles.get(article).unwrap_or(article).clone();
        let Some((original, clashes)) = self.originals.get(article) else {
            return (here, id.clone());
        };
        let was = original.annotations.get(id.as_str());
        let same = self
            .project
            .article(&here)
            .zip(was)
            .and_then(|(target, was)| {
                let mut known = target.annotations.iter();
                known.find(|known| {
                    known.label == was.label
                        && known.fragments == was.fragments
                        && known.annotator == was.annotator
                })
            });
        let id = match same {
            Some(same) => same.id.clone(),
            None if *clashes => AnnotationId::new(format!("{id}@{here}")),
            None => id.clone(),
        };
        (here, id)
    }

    /// Groups and what is kept apart. What is in a group here already stays there.
    fn groups(&self, groups: Vec<Arc<Group>>, apart: Vec<Arc<KeptApart>>) -> Vec<Edit> {
        let index = GroupIndex::of(self.project.groups());
        let mut ids = FreshIds::default();
        for group in self.project.groups() {
            ids.see(group.id.as_str());
        }
        let (mut new, mut renamed) = (Vec::new(), HashMap::new());
        for group in groups {
            let mut group = Arc::unwrap_or_clone(group);
            let members = group.members.iter();
            let members = members.map(|(article, id)| self.annotation(article, id));
            let all: Vec<Member> = members.collect();
            let known = all.iter().find_map(|(_, id)| index.get(&group.thing, id));
            if let Some(known) = known {
                renamed.insert(group.id.to_string(), known.id.to_string());
            }
            let free = all
                .iter()
                .filter(|(_, id)| index.get(&group.thing, id).is_none());
            group.members = free.cloned().collect();
            if group.members.is_empty() && !all.is_empty() {
                continue;
            }
            for (_, value) in &mut group.attributes {
                if let AttributeValue::Person(id) = value {
                    self.person(id);
                }
            }
            let id = ids.take(group.id.as_str());
            if id != group.id.as_str() {
                renamed.insert(group.id.to_string(), id.clone());
                group.id = GroupId::new(id);
            }
            new.push((self.project.groups().len() + new.len(), Arc::new(group)));
        }
        let known = self.project.apart().iter();
        let mut known: HashSet<(String, String, String)> = known.map(|k| key_of(k)).collect();
        let mut kept = Vec::new();
        for apart in apart {
            let here = |id: &str| match apart.of {
                ApartOf::People => {
                    let mut id = PersonId::new(id);
                    self.person(&mut id);
                    id.to_string()
                }
                ApartOf::Annotations => {
                    let id = AnnotationId::new(id);
                    let mut articles = self.originals.iter();
                    let found = articles
                        .find(|(_, (article, _))| article.annotations.get(id.as_str()).is_some());
                    let found = found.map(|(article, _)| self.annotation(article, &id).1);
                    found.unwrap_or(id).to_string()
                }
                ApartOf::Groups => renamed.get(id).cloned().unwrap_or_else(|| id.to_owned()),
                ApartOf::Later(_) => id.to_owned(),
            };
            let pair = (here(&apart.one), here(&apart.other));
            let by = apart.by.clone();
            let mut one = KeptApart::new(apart.of.clone(), (&pair.0, &pair.1), by, apart.when);
            one.unknown.clone_from(&apart.unknown);
            if known.insert(key_of(&one)) {
                kept.push((self.project.apart().len() + kept.len(), Arc::new(one)));
            }
        }
        let groups = (!new.is_empty()).then_some(Edit::AddGroups(new));
        let apart = (!kept.is_empty()).then_some(Edit::AddApart(kept));
        groups.into_iter().chain(apart).collect()
    }
}

fn key_of(apart: &KeptApart) -> (String, String, String) {
    let of = apart.of.code().to_owned();
    (of, apart.one.clone(), apart.other.clone())
}

/// Someone with what another copy knows of them more.
fn joined(here: &Person, told: Person) -> Person {
    let mut person = here.clone();
    let fill = |own: &mut String, other: &str| {
        if own.is_empty() {
            other.clone_into(own);
        }
    };
    fill(&mut person.role, &told.role);
    if person.affiliated_to.is_none() {
        fill(&mut person.affiliation, &told.affiliation);
        if person.affiliation == told.affiliation {
            person.affiliated_to = told.affiliated_to;
        }
    }
    fill(&mut person.note, &told.note);
    if person.kind == PersonKind::default() {
        person.kind = told.kind;
    }
    for alias in told.aliases {
        if !person.aliases.contains(&alias) && alias != person.name {
            person.aliases.push(alias);
        }
    }
    for identifier in told.identifiers {
        if !person.identifiers.contains(&identifier) {
            person.identifiers.push(identifier);
        }
    }
    person.tied.join(&told.tied);
    person
}

/// Sets come with their articles. One that is there already gets those that are new in it.
fn add_sets(
    project: &Project,
    sets: Vec<Arc<ArticleSet>>,
    found_as: &BTreeMap<ArticleId, ArticleId>,
) -> Vec<Edit> {
    let mut edits = Vec::new();
    let mut new = Vec::new();
    for set in sets {
        let mut set = Arc::unwrap_or_clone(set);
        for id in &mut set.members {
            if let Some(here) = found_as.get(id) {
                *id = here.clone();
            }
        }
        let known = project.sets().iter().position(|known| known.id == set.id);
        let Some((at, known)) = known.and_then(|at| Some((at, project.sets().get(at)?))) else {
            let others = project.sets().iter().map(|set| &**set);
            set.name = ArticleSet::free_name(&set.name, others);
            new.push((project.sets().len() + new.len(), Arc::new(set)));
            continue;
        };
        let before: HashSet<&ArticleId> = known.members.iter().collect();
        set.members.retain(|id| !before.contains(id));
        if !set.members.is_empty() {
            let mut more = ArticleSet::clone(known);
            more.members.append(&mut set.members);
            edits.push(Edit::RemoveSets(vec![at]));
            edits.push(Edit::AddSets(vec![(at, Arc::new(more))]));
        }
    }
    if !new.is_empty() {
        edits.push(Edit::AddSets(new));
    }
    edits
}

/// Labels of the dataset that are others than those of the project with their ids get the ids of those
/// of their names, or new ones. One that is called as its id says may have been renamed here: formats
/// without names for labels show ids.
fn keep_apart(project: &Project, parts: &mut ProjectParts) {
    let codebook = project.codebook();
    let mut ids = NewIds::new();
    let mut taken: Option<FreshIds> = None;
    for label in &parts.codebook.labels {
        let name = folded_name(&label.name);
        let same = codebook.label(label.id.as_str());
        let is_other = same.is_some_and(|own| folded_name(&own.name) != name);
        if !is_other || is_made_from(&label.id, &label.name) {
            continue;
        }
        let mut labels = codebook.labels.iter();
        let id = match labels.find(|own| folded_name(&own.name) == name) {
            Some(named) => named.id.clone(),
            None => {
                let taken = taken.get_or_insert_with(|| {
                    let mut taken = FreshIds::default();
                    let theirs = parts.codebook.labels.iter().map(|label| &label.id);
                    for id in project.used_labels().into_iter().chain(theirs) {
                        taken.see(id.as_str());
                    }
                    taken
                });
                LabelId::new(taken.take(&id_for(&label.name)))
            }
        };
        ids.insert(label.id.clone(), id);
    }
    if ids.is_empty() {
        return;
    }
    relabel_codebook(&mut parts.codebook, &ids);
    for article in &mut parts.articles {
        relabel_article(article, &ids);
    }
}

fn with_people(annotation: &Annotation, renamed: &HashMap<PersonId, PersonId>) -> Annotation {
    let mut annotation = annotation.clone();
    if annotation.attributes.is_empty() {
        return annotation;
    }
    for (_, value) in &mut annotation.attributes {
        if let AttributeValue::Person(id) = value
            && let Some(same) = renamed.get(id)
        {
            *id = same.clone();
        }
    }
    annotation
}

/// Gives labels the attributes and link roles that their annotations have; says whether any was
/// missing.
fn add_attributes(codebook: &mut Codebook, articles: &[Arc<Article>]) -> bool {
    let mut values: BTreeMap<(&LabelId, &str), Vec<&AttributeValue>> = BTreeMap::new();
    let mut roles: BTreeSet<(&LabelId, &str)> = BTreeSet::new();
    for annotation in articles
        .iter()
        .flat_map(|article| article.annotations.iter())
    {
        for (name, value) in &annotation.attributes {
            let known = values.entry((&annotation.label, name)).or_default();
            if known.len() < 1_000 {
                known.push(value);
            }
        }
        for link in &annotation.links {
            roles.insert((&annotation.label, &link.role));
        }
    }
    let mut is_extended = false;
    let mut places: HashMap<LabelId, usize> = HashMap::new();
    let mut known_names: HashSet<(usize, String)> = HashSet::new();
    let mut known_roles: HashSet<(usize, String)> = HashSet::new();
    for (at, label) in codebook.labels.iter().enumerate() {
        places.entry(label.id.clone()).or_insert(at);
        known_names.extend(label.attributes.iter().map(|spec| (at, spec.name.clone())));
        known_roles.extend(label.link_roles.iter().map(|role| (at, role.name.clone())));
    }
    for ((label, name), values) in values {
        let at = places.get(label).copied();
        let at = at.filter(|at| known_names.insert((*at, name.to_owned())));
        let Some(label) = at.and_then(|at| codebook.labels.get_mut(at)) else {
            continue;
        };
        let all = |is_it: fn(&AttributeValue) -> bool| values.iter().all(|value| is_it(value));
        let kind = if all(|v| matches!(v, AttributeValue::Number(_))) {
            AttributeKind::Number
        } else if all(|v| matches!(v, AttributeValue::Bool(_))) {
            AttributeKind::YesNo
        } else if all(|v| matches!(v, AttributeValue::Person(_))) {
            AttributeKind::Person
        } else if all(|v| matches!(v, AttributeValue::Many(_))) {
            let options = values.iter().flat_map(|value| match value {
                AttributeValue::Many(options) => options.clone(),
                _ => Vec::new(),
            });
            let options: BTreeSet<String> = options.collect();
            AttributeKind::SeveralOf(options.into_iter().collect())
        } else {
            AttributeKind::Text
        };
        label.attributes.push(AttributeSpec::new(name, kind));
        is_extended = true;
    }
    for (label, role) in roles {
        let at = places.get(label).copied();
        let at = at.filter(|at| known_roles.insert((*at, role.to_owned())));
        if let Some(label) = at.and_then(|at| codebook.labels.get_mut(at)) {
            label.link_roles.push(LinkRole {
                name: role.to_owned(),
                target: None,
                or: Vec::new(),
                unknown: Vec::new(),
            });
            is_extended = true;
        }
    }
    is_extended
}

#[cfg(test)]
mod tests;
