//! What a dataset says that belongs to no article, brought into projects that know some of it.

use super::add_parts;
use crate::core::annotation::{Annotation, AnnotationSet, AttributeValue};
use crate::core::article::Article;
use crate::core::codebook::Thing;
use crate::core::edit::{Transaction, apply};
use crate::core::ids::{AnnotatorId, PersonId};
use crate::core::project::{ApartOf, Group, KeptApart, Person, Project, ProjectParts};
use crate::core::recipes::Signed;
use crate::core::text::{ArticleText, BytePos, ByteRange};
use std::sync::Arc;

fn person(id: &str, name: &str) -> Person {
    Person {
        id: id.into(),
        name: name.to_owned(),
        ..Person::default()
    }
}

/// Two articles with a quote each of one person, in one group.
fn dataset() -> ProjectParts {
    let articles = [("a", "1"), ("b", "2")].map(|(article, id)| {
        let text = ArticleText::new(format!("She said so in {article}."));
        let mut quote =
            Annotation::new(id.into(), "ana".into(), "quote".into(), Default::default());
        quote.fragments = vec![ByteRange::new(BytePos(4), BytePos(8))].into();
        let value = AttributeValue::Person("p".into());
        quote.attributes.insert("speaker", value);
        let mut article = Article::new(article.into(), "T".to_owned(), text);
        article.annotations = AnnotationSet::from_annotations(vec![quote]).0;
        Arc::new(article)
    });
    let mut she = person("p", "Ada");
    she.role = "mayor".to_owned();
    she.aliases = vec!["A.".to_owned()];
    she.affiliated_to = Some("o".into());
    she.tied.add(&"a".into(), "she");
    ProjectParts {
        articles: articles.into(),
        people: vec![she, person("o", "Office"), person("p-2", "Ada")],
        groups: vec![Arc::new(Group {
            id: "g".into(),
            thing: Thing::Quote,
            members: vec![("a".into(), "1".into()), ("b".into(), "2".into())],
            ..Group::default()
        })],
        apart: vec![Arc::new(KeptApart::new(
            ApartOf::People,
            ("p", "p-2"),
            "ana".into(),
            None,
        ))],
        ..ProjectParts::default()
    }
}

/// What is there after the dataset came into a project: people, groups, what is not the same.
#[track_caller]
fn check(before: ProjectParts, people: &[&str], groups: &[&str], apart: &[&str]) -> Project {
    let project = Project::from_parts(before);
    let by = AnnotatorId::new("me");
    let signed = Signed {
        by: &by,
        when: None,
    };
    let (edits, _) = add_parts(&project, &project, dataset(), signed);
    let mut after = project.clone();
    apply(&mut after, &Transaction::new("", edits)).unwrap();
    let name = |id: &PersonId| after.person(id).map_or("?", |p| p.name.as_str()).to_owned();
    let told = after.people().iter().map(|p| {
        let of = p.affiliated_to.as_ref().map(name).unwrap_or_default();
        let tied: Vec<&str> = p.tied.0.keys().map(|id| id.as_str()).collect();
        format!(
            "{} {} {} {} {of} {tied:?}",
            p.id,
            p.name,
            p.role,
            p.aliases.join(",")
        )
    });
    assert_eq!(told.collect::<Vec<_>>(), people);
    let told = after.groups().iter().map(|group| {
        let members = group.members.iter();
        let members = members.map(|(article, id)| {
            let article = after.article(article).unwrap();
            assert!(article.annotations.get(id.as_str()).is_some(), "{id}");
            format!(" {}/{id}", article.id)
        });
        format!("{}{}", group.id, members.collect::<String>())
    });
    assert_eq!(told.collect::<Vec<_>>(), groups);
    let told = after.apart().iter();
    let told = told.map(|apart| format!("{} {}", apart.one, apart.other));
    assert_eq!(told.collect::<Vec<_>>(), apart);
    after
}

#[test]
fn people_and_groups_come_with_a_dataset() {
    let whole = [
        "p Ada mayor A. Office [\"a\"]",
        "o Office    []",
        "p-2 Ada    []",
    ];
    check(ProjectParts::default(), &whole, &["g a/1 b/2"], &["p p-2"]);
    // The same once more changes nothing.
    check(dataset(), &whole, &["g a/1 b/2"], &["p p-2"]);
    // Somebody of that name is known, another person has the id, and so have an article and a quote.
    let mut parts = dataset();
    parts.people = vec![person("x", "Ada"), person("o", "Oda")];
    parts.people[0].role = "poet".to_owned();
    parts.groups.clear();
    parts.apart.clear();
    parts.articles.truncate(1);
    let article = Arc::make_mut(&mut parts.articles[0]);
    article.text = ArticleText::new("Another text, by others.".to_owned()).into();
    let quote = article.annotations.iter().next().unwrap();
    let mut quote = Annotation::clone(quote);
    quote.attributes = Default::default();
    article.annotations = AnnotationSet::from_annotations(vec![quote]).0;
    let after = check(
        parts,
        &[
            "x Ada poet A. Office [\"a-2\"]",
            "o Oda    []",
            "office Office    []",
            "p-2 Ada    []",
        ],
        &["g a-2/1@a-2 b/2"],
        &["p-2 x"],
    );
    let quote = after
        .articles()
        .last()
        .unwrap()
        .annotations
        .iter()
        .next()
        .cloned();
    let speaker = quote.unwrap().attributes.get("speaker").cloned();
    assert_eq!(speaker, Some(AttributeValue::Person("x".into())));
}

#[test]
fn what_is_in_a_group_stays_there() {
    let mut parts = dataset();
    parts.groups = vec![Arc::new(Group {
        id: "g".into(),
        thing: Thing::Quote,
        title: "Mine".to_owned(),
        members: vec![("a".into(), "1".into())],
        ..Group::default()
    })];
    let people = [
        "p Ada mayor A. Office [\"a\"]",
        "o Office    []",
        "p-2 Ada    []",
    ];
    check(parts, &people, &["g a/1", "g-2 b/2"], &["p p-2"]);
}
