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
use crate::core::ids::{AnnotationId, AnnotatorId, ArticleId, FreshIds, LabelId, PersonId};
use crate::core::ledger::Ledger;
use crate::core::project::{
    ArticleSet, NewIds, Project, ProjectParts, relabel_article, relabel_codebook,
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
    // People are the same when their names are; ids may clash.
    let mut renamed_people: HashMap<PersonId, PersonId> = HashMap::new();
    for person in parts.people {
        let id = person.id.clone();
        let here = match people.find(&person.name) {
            Some(same) => same.clone(),
            None => people.add(person, true),
        };
        renamed_people.insert(id, here);
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
    for (i, article) in parts.articles.into_iter().enumerate() {
        let is_taken = |id: &str| project.article(&ArticleId::new(id)).is_some();
        let id = ArticleId::new(ids.take_unless(article.id.as_str(), is_taken));
        found_as.insert(article.id.clone(), id.clone());
        let clashes = article.annotations.iter().any(|a| taken.contains(&a.id));
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
    (edits, count)
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
