//! The ledger's steps, and that each is undone whole.

use super::*;
use crate::core::annotation::Timestamp;
use crate::core::edit::{Transaction, apply};
use crate::core::ids::AnnotatorId;
use crate::core::project::{PersonKind, ProjectParts};
use crate::core::recipes::mark::person_called;
use crate::core::text::{ArticleText, BytePos, ByteRange};

fn person(id: &str, role: &str) -> Person {
    Person {
        id: id.into(),
        role: role.to_owned(),
        ..Person::named(&id.to_uppercase(), |_| false)
    }
}

/// Ada and Bo, quoted in two articles, in the trash and in a group, and Bo's party.
fn project() -> Project {
    let mark = |id: &str, who: &str| {
        let range = ByteRange::new(BytePos(0), BytePos(3));
        let mut mark = Annotation::new(id.into(), "t".into(), "quote".into(), range);
        mark.attributes
            .insert("speaker", AttributeValue::Person(who.into()));
        mark
    };
    let article = |id: &str, marks: Vec<Annotation>| {
        let mut article = Article::new(id.into(), id, ArticleText::new(format!("One two {id}.")));
        article.annotations = AnnotationSet::from_annotations(marks).0;
        Arc::new(article)
    };
    let mut group = Group {
        id: "g".into(),
        ..Group::default()
    };
    group
        .attributes
        .insert("speaker", AttributeValue::Person("bo".into()));
    let trashed = Trashed::Annotation {
        article: "a".into(),
        annotation: Arc::new(mark("3", "bo")),
    };
    let mut bo = person("bo", "poet");
    bo.tied.add(&"a".into(), "the poet");
    bo.aliases = vec!["Bobo".to_owned()];
    let mut fan = person("fan", "");
    fan.affiliated_to = Some("bo".into());
    let apart = |pair| Arc::new(KeptApart::new(ApartOf::People, pair, "t".into(), None));
    Project::from_parts(ProjectParts {
        people: vec![person("ada", "mayor"), bo, fan],
        articles: vec![
            article("a", vec![mark("1", "ada"), mark("2", "bo")]),
            article("b", vec![mark("4", "bo"), mark("5", "bo")]),
            article("c", vec![mark("6", "ada")]),
        ],
        trash: vec![TrashItem::new(trashed, "t".into(), None)],
        groups: vec![Arc::new(group)],
        apart: vec![
            apart(("bo", "fan")),
            apart(("ada", "fan")),
            apart(("bo", "zoe")),
        ],
        ..ProjectParts::default()
    })
}

/// Does it, and sees that undoing gives what was.
fn done(project: &Project, edits: Vec<Edit>) -> Project {
    let mut done = project.clone();
    let undo = apply(&mut done, &Transaction::new("do", edits)).unwrap();
    let mut again = done.clone();
    apply(&mut again, &undo).unwrap();
    assert_eq!(again, *project);
    done
}

fn speakers(project: &Project) -> Vec<String> {
    let trashed = project
        .trash()
        .iter()
        .flat_map(|item| item.what.annotations());
    let all = project
        .articles()
        .iter()
        .flat_map(|a| a.annotations.in_text_order());
    all.chain(trashed)
        .map(|a| a.attributes.get("speaker").unwrap().to_text())
        .collect()
}

fn by() -> AnnotatorId {
    "t".into()
}

macro_rules! signed {
    () => {
        Signed {
            by: &by(),
            when: Some(Timestamp::new(9)),
        }
    };
}

#[test]
fn who_is_merged_is_named_nowhere_any_more() {
    let project = project();
    let (ada, bo) = (PersonId::new("ada"), PersonId::new("bo"));
    let [own, other] = [&ada, &bo].map(|id| project.person(id).unwrap().clone());
    assert_eq!(differences(&own, &other), [Differs::Role]);
    let new = joined(&own, &other, &[Differs::Role]);
    let merged = done(&project, merge(&project, &ada, &bo, new, signed!()));
    assert_eq!(speakers(&merged), ["ada"; 6]);
    assert_eq!(merged.people().len(), 2);
    let ada = merged.person(&ada).unwrap();
    assert_eq!(ada.role, "poet");
    assert_eq!(ada.aliases, ["BO", "Bobo"]);
    assert_eq!(ada.tied.of(&"a".into()), ["the poet"]);
    assert_eq!(merged.people()[1].affiliated_to, Some("ada".into()));
    let group = merged.groups()[0].attributes.get("speaker").unwrap();
    assert_eq!(group.to_text(), "ada");
    let apart: Vec<_> = merged.apart().iter().map(|apart| apart.pair()).collect();
    assert_eq!(apart, [("ada", "fan"), ("ada", "zoe")]);
    // What was not about them stays untouched.
    assert!(Arc::ptr_eq(&project.articles()[2], &merged.articles()[2]));
    assert!(merge(&project, &bo, &bo, Person::default(), signed!()).is_empty());
    assert!(merge(&project, &bo, &"gone".into(), Person::default(), signed!()).is_empty());
}

#[test]
fn two_say_of_themselves_what_both_are_asked_about() {
    let mut one = person("one", "mayor");
    let mut other = person("other", "");
    assert_eq!(differences(&one, &other), []);
    other.kind = PersonKind::Organisation;
    other.note = "Theirs".to_owned();
    one.note = "Mine".to_owned();
    other.affiliated_to = Some("x".into());
    one.affiliation = "Council".to_owned();
    let all = [Differs::Kind, Differs::Affiliation, Differs::Note];
    assert_eq!(differences(&one, &other), all);
    let mine = joined(&one, &other, &[]);
    assert_eq!(
        (&*mine.note, &*mine.affiliation),
        ("Mine\nTheirs", "Council")
    );
    let theirs = joined(&one, &other, &all);
    assert_eq!((&*theirs.note, &*theirs.affiliation), ("Theirs", ""));
    assert_eq!(theirs.kind, PersonKind::Organisation);
    assert_eq!(theirs.aliases, ["OTHER"]);
}

#[test]
fn some_mentions_become_another_persons() {
    let project = project();
    let bo = PersonId::new("bo");
    let mentions = [("b".into(), "4".into()), ("a".into(), "1".into())];
    let (new, edits) = split(&project, &bo, &mentions, " Bobo ", signed!()).unwrap();
    let split_up = done(&project, edits);
    assert_eq!(new.as_str(), "bobo");
    // What does not name them is not theirs to give.
    assert_eq!(
        speakers(&split_up),
        ["ada", "bo", "bobo", "bo", "ada", "bo"]
    );
    assert!(split_up.person(&bo).unwrap().aliases.is_empty());
    assert!(split(&project, &bo, &mentions, " ", signed!()).is_none());
    assert!(split(&project, &bo, &[("b".into(), "9".into())], "B", signed!()).is_none());
}

#[test]
fn somebody_is_shown_under_another_name() {
    let ada = Person {
        aliases: vec!["A".to_owned(), "Ada Quill".to_owned()],
        ..Person::named("Ada", |_| false)
    };
    let shown = under(ada.clone(), "Ada Quill");
    assert_eq!(shown.name, "Ada Quill");
    assert_eq!(shown.aliases, ["Ada", "A"]);
    assert_eq!(under(ada.clone(), "Bo"), ada);
}

#[test]
fn who_leaves_stays_as_a_name_where_they_are_named() {
    let project = project();
    let left = done(&project, remove(&project, &"bo".into(), signed!()));
    assert_eq!(speakers(&left), ["ada", "BO", "BO", "BO", "ada", "BO"]);
    assert_eq!(left.people().len(), 2);
    assert_eq!(
        (
            &*left.people()[1].affiliation,
            &left.people()[1].affiliated_to
        ),
        ("BO", &None)
    );
    assert_eq!(left.apart().len(), 1);
    assert!(remove(&project, &"gone".into(), signed!()).is_empty());
}

#[test]
fn words_mean_one_person_in_an_article() {
    let project = project();
    let ada = PersonId::new("ada");
    let tied = done(&project, tie(&project, &ada, &"a".into(), " the\n poet "));
    assert_eq!(
        tied.person(&ada).unwrap().tied.of(&"a".into()),
        ["the poet"]
    );
    assert!(tied.person(&"bo".into()).unwrap().tied.is_empty());
    assert!(tie(&tied, &ada, &"a".into(), "the poet").is_empty());
    assert!(tie(&tied, &ada, &"a".into(), "The  Poet").is_empty());
    // However it is written, the last decision holds.
    let again = done(&tied, tie(&tied, &"bo".into(), &"a".into(), "The Poet"));
    let words = ["ada", "bo"].map(|id| again.person(&id.into()).unwrap().tied.of(&"a".into()));
    assert_eq!(words, [&[] as &[String], &["The Poet".to_owned()]]);
    assert!(tie(&project, &ada, &"gone".into(), "the poet").is_empty());
    assert!(tie(&project, &ada, &"a".into(), " ").is_empty());
}

#[test]
fn people_come_in_once_and_change() {
    let project = project();
    assert_eq!(add(&project, "ADA").unwrap_err().as_str(), "ada");
    assert_eq!(add(&project, " Bobo").unwrap_err().as_str(), "bo");
    let (id, edit) = add(&project, "Ada").unwrap();
    assert_eq!(id.as_str(), "ada-2");
    assert_eq!(done(&project, vec![edit]).people().len(), 4);
    // What nobody sees makes nobody another one.
    assert_eq!(
        add(&project, "\u{200f}ADA\u{200e}").unwrap_err().as_str(),
        "ada"
    );
    let (_, edit) = add(&project, "\u{2068}דנה לוי\u{2069}").unwrap();
    let added = done(&project, vec![edit]);
    assert_eq!(added.people().last().unwrap().name, "דנה לוי");
    assert!(add(&added, "\u{200f}דנה לוי").is_err());
    let (found, entry) = person_called(&added, "דנה\u{200f} לוי", PersonKind::Person);
    assert_eq!((added.person(&found).is_some(), entry), (true, None));
    let ada = PersonId::new("ada");
    assert!(change(&project, &ada, |_| ()).is_empty());
    assert!(change(&project, &ada, |person| person.name = " ".to_owned()).is_empty());
    let edits = change(&project, &ada, |person| {
        person.aliases = vec![
            "ADA".to_owned(),
            " Quill ".to_owned(),
            String::new(),
            "Quill".to_owned(),
        ];
        person.affiliated_to = Some("ada".into());
    });
    let changed = done(&project, edits);
    assert_eq!(changed.people()[0].aliases, ["Quill"]);
    assert_eq!(changed.people()[0].affiliated_to, None);
    let apart = keep_apart(&project, &"zoe".into(), &ada, signed!()).unwrap();
    assert_eq!(done(&project, vec![apart]).apart().len(), 4);
    assert!(keep_apart(&project, &"fan".into(), &ada, signed!()).is_none());
    assert!(keep_apart(&project, &ada, &ada, signed!()).is_none());
    assert_eq!(mentions(&project, &ada).count(), 2);
}
