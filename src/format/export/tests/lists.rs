//! What belongs to no article, in generated projects: people with all that is known of them, groups,
//! what is not the same.

use crate::core::codebook::Thing;
use crate::core::ids::PersonId;
use crate::core::project::{
    ApartOf, Evidence, Group, GroupState, KeptApart, Person, PersonKind, Project, ProjectParts,
};

/// What belongs to no article, people by their names.
pub(super) fn flat_lists(project: &Project) -> Vec<String> {
    let name = |id: &PersonId| {
        project
            .person(id)
            .map_or(id.to_string(), |p| p.name.clone())
    };
    let mut flat: Vec<String> = Vec::new();
    for person in project.people() {
        let told = Person {
            id: PersonId::new(""),
            affiliated_to: person
                .affiliated_to
                .as_ref()
                .map(|id| PersonId::new(name(id))),
            ..person.clone()
        };
        flat.push(format!("{told:?}"));
    }
    for group in project.groups() {
        flat.push(format!("{group:?}"));
    }
    for apart in project.apart() {
        let mut pair = match apart.of {
            ApartOf::People => [&apart.one, &apart.other].map(|id| name(&PersonId::new(id))),
            _ => [apart.one.clone(), apart.other.clone()],
        };
        pair.sort();
        flat.push(format!(
            "{:?} {pair:?} {} {:?}",
            apart.of, apart.by, apart.when
        ));
    }
    flat.sort();
    flat
}

/// What is known of people, a group and what is not the same.
pub(super) fn add_lists(parts: &mut ProjectParts) {
    let articles = parts.articles.iter();
    let all = articles.flat_map(|a| {
        a.annotations
            .iter()
            .map(|one| (a.id.clone(), one.id.clone()))
    });
    let all: Vec<_> = all.collect();
    let mut other = Person::named("Ministry; of <odd> \"names\"\n=x", |_| false);
    other.kind = PersonKind::Organisation;
    if let (Some(first), Some(article)) = (parts.people.first_mut(), parts.articles.first()) {
        first.role = "minister, \u{85}שר".to_owned();
        first.kind = PersonKind::Unnamed;
        first.affiliated_to = Some(other.id.clone());
        first.identifiers = vec![("wikidata".to_owned(), "Q1".to_owned())];
        first.aliases = vec!["A. B.; C=d".to_owned(), "\t".to_owned()];
        first.note = "two\nlines".to_owned();
        first.tied.add(&article.id, "the minister");
        let pair = (first.id.as_str(), other.id.as_str());
        let apart = KeptApart::new(ApartOf::People, pair, "ana".into(), None);
        parts.apart.push(apart.into());
    }
    parts.people.push(other);
    if let [first, rest @ ..] = all.as_slice() {
        let evidence = Evidence {
            url: "https://a.example/?x=1&y".to_owned(),
            note: "seen; there".to_owned(),
            date: "2026-03".to_owned(),
            checked_by: "ben".to_owned(),
            unknown: Vec::new(),
        };
        for (id, members, evidence) in [
            ("g-1", vec![first.clone()], vec![evidence]),
            ("g-2", rest.to_vec(), Vec::new()),
        ] {
            parts.groups.push(std::sync::Arc::new(Group {
                id: id.into(),
                thing: Thing::Claim,
                title: "Both say; \"so\"".to_owned(),
                members,
                state: GroupState::Checking,
                verdict: "half true".to_owned(),
                evidence,
                by: "ana".into(),
                note: "=n".to_owned(),
                ..Group::default()
            }));
        }
        let pair = ("g-1", "g-2");
        let apart = KeptApart::new(ApartOf::Groups, pair, "ana".into(), None);
        parts.apart.push(apart.into());
    }
}
