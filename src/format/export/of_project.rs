//! What leaves that belongs to no article, see [`OfProject`]: all people and groups with a whole
//! project; with a part of it the people that it names, and groups as far as their members leave.

use crate::core::annotation::AttributeValue;
use crate::core::codebook::Thing;
use crate::core::ids::{AnnotationId, ArticleId, PersonId};
use crate::core::project::{ApartOf, Group, Person};
use crate::format::export::options::{ExportOptions, Layers};
use crate::format::export::plan::Plan;
use crate::format::words::of_project::OfProject;
use std::collections::{HashMap, HashSet};

/// Whether nothing was chosen that would leave an article or an annotation at home.
fn is_whole(options: &ExportOptions) -> bool {
    options.articles.is_empty()
        && options.statuses.is_empty()
        && options.metadata.is_none()
        && options.annotators.is_empty()
        && options.labels.is_empty()
        && options.layers == Layers::Each
}

/// For formats whose annotations say who is in the ledger: without people of whom only the name is
/// known, who are made again from that.
pub(crate) fn of_project(plan: &Plan<'_>) -> OfProject {
    let named = people_named(plan);
    let mut told = all_of_project(plan);
    let mut meant: HashSet<&str> = HashSet::new();
    for apart in plan.project.apart() {
        meant.extend([apart.one.as_str(), apart.other.as_str()]);
    }
    for person in plan.project.people() {
        meant.extend(person.affiliated_to.as_ref().map(PersonId::as_str));
    }
    for group in plan.project.groups() {
        meant.extend(group.attributes.values().filter_map(|value| match value {
            AttributeValue::Person(id) => Some(id.as_str()),
            _ => None,
        }));
    }
    let mut names: HashMap<&str, usize> = HashMap::new();
    for person in plan.project.people() {
        *names.entry(&person.name).or_default() += 1;
    }
    told.people.retain(|person| {
        let is_made_again = named.contains(&person.id)
            && !meant.contains(person.id.as_str())
            && names.get(person.name.as_str()) == Some(&1)
            && *person == Person::named(&person.name, |_| false);
        !is_made_again
    });
    told
}

/// All of it, for tables that people read.
pub(crate) fn all_of_project(plan: &Plan<'_>) -> OfProject {
    let whole = is_whole(plan.options);
    let named: HashSet<&PersonId> = if whole {
        HashSet::new()
    } else {
        people_named(plan)
    };
    let people = plan.project.people().iter();
    let people = people.filter(|person| whole || named.contains(&person.id));
    let groups = groups(plan, whole);
    let kept: HashSet<&str> = groups.iter().map(|group| group.id.as_str()).collect();
    let apart = plan.project.apart().iter().filter(|apart| {
        let both = |is_there: &dyn Fn(&str) -> bool| is_there(&apart.one) && is_there(&apart.other);
        whole
            || match apart.of {
                ApartOf::People => both(&|id| named.contains(&PersonId::new(id))),
                ApartOf::Groups => both(&|id| kept.contains(id)),
                ApartOf::Annotations | ApartOf::Later(_) => false,
            }
    });
    let labels = plan.project.codebook().labels.iter();
    let labels = labels.filter(|label| plan.labels.contains_key(label.id.as_str()));
    // What its id says already need not be said.
    let said = labels.filter(|label| label.stands_for != Thing::by_id(&label.id));
    let things = said.filter_map(|label| Some((label.id.to_string(), label.stands_for.clone()?)));
    OfProject {
        people: people.cloned().collect(),
        apart: apart.map(|apart| apart.as_ref().clone()).collect(),
        groups,
        things: things.collect(),
    }
}

/// Those whom annotations name that leave, or words of articles that leave, and whom they belong to.
fn people_named<'p>(plan: &'p Plan<'_>) -> HashSet<&'p PersonId> {
    let mut named: HashSet<&PersonId> = HashSet::new();
    for article in plan.all_articles() {
        for annotation in article.annotations.iter().filter(|a| plan.takes(a)) {
            named.extend(
                annotation
                    .attributes
                    .values()
                    .filter_map(|value| match value {
                        AttributeValue::Person(id) => Some(id),
                        _ => None,
                    }),
            );
        }
    }
    let leaves: HashSet<&ArticleId> = plan.all_articles().map(|article| &article.id).collect();
    let meant = plan.project.people().iter();
    let meant = meant.filter(|person| person.tied.0.keys().any(|article| leaves.contains(article)));
    named.extend(meant.map(|person| &person.id));
    let people = plan.project.people().iter();
    let people = people.filter(|person| named.contains(&person.id));
    let above: Vec<&PersonId> = people.filter_map(|p| p.affiliated_to.as_ref()).collect();
    named.extend(above);
    named
}

fn groups(plan: &Plan<'_>, whole: bool) -> Vec<Group> {
    if plan.project.groups().is_empty() {
        return Vec::new();
    }
    // Where each article leaves: copies go with the first of them.
    let mut leaves_as: HashMap<&ArticleId, &ArticleId> = HashMap::new();
    for planned in &plan.articles {
        let all = std::iter::once(planned.article).chain(planned.copies.iter().copied());
        leaves_as.extend(all.map(|article| (&article.id, &planned.article.id)));
    }
    let leaves = |article: &ArticleId, id: &AnnotationId| {
        let article = plan.project.article(article);
        let found = article.and_then(|article| article.annotations.get(id.as_str()));
        found.map_or(whole, |annotation| plan.takes(annotation))
    };
    let groups = plan.project.groups().iter().filter_map(|group| {
        let members = group.members.iter().filter_map(|(article, id)| {
            let main = leaves_as.get(article).filter(|_| leaves(article, id))?;
            Some(((*main).clone(), AnnotationId::new(plan.id_of(article, id))))
        });
        let members: Vec<_> = members.collect();
        (whole || !members.is_empty()).then(|| Group {
            members,
            ..Group::clone(group)
        })
    });
    groups.collect()
}
