//! People, groups and what is not the same as rows of tables. For people who read them there is a
//! column for each thing; the last one has all of it, for the import.

use crate::core::annotation::Attributes;
use crate::core::project::{Evidence, Group, KeptApart, Person};
use crate::format::export::plan::Plan;
use crate::format::words::columns::{GROUP_COLUMNS, PEOPLE_COLUMNS};
use crate::format::words::of_project::OfProject;
use crate::format::words::values::{listed, listed_pairs};
use serde::Serialize;

fn joined<S: AsRef<str>>(all: impl Iterator<Item = S>) -> String {
    let all = all.map(|one| listed(one.as_ref()));
    all.collect::<Vec<String>>().join("; ")
}

fn record(value: &impl Serialize) -> String {
    // All of it is strings, numbers and lists.
    serde_json::to_string(value).unwrap_or_default()
}

/// With their header.
pub(crate) fn people_rows(plan: &Plan<'_>, told: &OfProject) -> Vec<Vec<String>> {
    let header = PEOPLE_COLUMNS.map(str::to_owned).to_vec();
    let rows = told.people.iter().map(|person| person_row(plan, person));
    std::iter::once(header).chain(rows).collect()
}

fn person_row(plan: &Plan<'_>, person: &Person) -> Vec<String> {
    let of = person.affiliated_to.as_ref();
    let of = of.and_then(|id| plan.project.person(id));
    let identifiers = person.identifiers.iter();
    let identifiers = identifiers.map(|(scheme, value)| (scheme.as_str(), value.as_str()));
    let tied = person.tied.0.iter().flat_map(|(article, all)| {
        all.iter()
            .map(move |words| (words.as_str(), article.as_str()))
    });
    vec![
        person.id.to_string(),
        person.name.clone(),
        person.kind.code().to_owned(),
        person.role.clone(),
        of.map_or(&person.affiliation, |of| &of.name).clone(),
        listed_pairs(identifiers),
        joined(person.aliases.iter()),
        listed_pairs(tied),
        person.note.clone(),
        record(person),
    ]
}

/// With their header. What is not the same is a row without an id.
pub(crate) fn group_rows(plan: &Plan<'_>, told: &OfProject) -> Vec<Vec<String>> {
    let header = GROUP_COLUMNS.map(str::to_owned).to_vec();
    let groups = told.groups.iter().map(|group| group_row(plan, group));
    let apart = told.apart.iter().map(apart_row);
    std::iter::once(header).chain(groups).chain(apart).collect()
}

fn attributes_text(plan: &Plan<'_>, attributes: &Attributes) -> String {
    let all = attributes.iter();
    let all = all.map(|(name, value)| (name.to_string(), plan.project.value_text(value)));
    let all: Vec<(String, String)> = all.collect();
    listed_pairs(
        all.iter()
            .map(|(name, value)| (name.as_str(), value.as_str())),
    )
}

fn group_row(plan: &Plan<'_>, group: &Group) -> Vec<String> {
    let members = group.members.iter();
    let members = members.map(|(article, id)| (article.as_str(), id.as_str()));
    let evidence = |one: &Evidence| {
        let parts = [&one.url, &one.date, &one.checked_by, &one.note];
        let parts = parts.into_iter().filter(|part| !part.is_empty());
        parts.map(String::as_str).collect::<Vec<&str>>().join(", ")
    };
    vec![
        group.id.to_string(),
        group.thing.code().to_owned(),
        group.title.clone(),
        group.state.code().to_owned(),
        group.verdict.clone(),
        listed_pairs(members),
        joined(group.evidence.iter().map(evidence)),
        attributes_text(plan, &group.attributes),
        group.note.clone(),
        record(group),
    ]
}

fn apart_row(apart: &KeptApart) -> Vec<String> {
    let mut row = vec![String::new(); GROUP_COLUMNS.len()];
    let cells = [
        (1, format!("not the same {}", apart.of.code())),
        (5, joined([&apart.one, &apart.other].into_iter())),
        (GROUP_COLUMNS.len() - 1, record(apart)),
    ];
    for (at, text) in cells {
        if let Some(cell) = row.get_mut(at) {
            *cell = text;
        }
    }
    row
}
