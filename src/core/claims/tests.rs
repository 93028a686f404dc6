//! A project with claims and quotes of one story, for the tests of what is made of them.

use super::board::{Board, Filter, One, Wanted};
use super::*;
use crate::core::annotation::AnnotationSet;
use crate::core::edit::{Edit, Transaction, apply};
use crate::core::ids::IdMint;
use crate::core::project::{GroupState, Person, Project};
use crate::core::recipes::Signed;
use crate::core::recipes::groups::{Say, join, join_all, keep_apart, say, take_out};
use crate::core::text::ArticleText;
use std::sync::Arc;

/// A mark: its label, its words, and its attributes.
type Marked<'a> = (&'a str, &'a str, &'a [(&'a str, AttributeValue)]);

fn person(id: &str) -> AttributeValue {
    AttributeValue::Person(id.into())
}

fn text(text: &str) -> AttributeValue {
    AttributeValue::Text(text.to_owned())
}

fn yes(yes: bool) -> AttributeValue {
    AttributeValue::Bool(yes)
}

fn article(id: &str, outlet: &str, day: &str, words: &str, marks: &[Marked<'_>]) -> Arc<Article> {
    let mut article = Article::new(id.into(), "", ArticleText::new(words.to_owned()));
    article.metadata.insert("outlet".into(), outlet.into());
    article.metadata.insert("published".into(), day.into());
    let marks = marks
        .iter()
        .enumerate()
        .map(|(n, (label, marked, attributes))| {
            let start = words.find(marked).unwrap() as u32;
            let range = (start, start + marked.len() as u32).into();
            let id = format!("{id}-{n}");
            let mut mark =
                Annotation::new(id.as_str().into(), "ana".into(), (*label).into(), range);
            for (name, value) in *attributes {
                mark.attributes.insert(*name, value.clone());
            }
            mark
        });
    article.annotations = AnnotationSet::from_annotations(marks.collect::<Vec<_>>()).0;
    Arc::new(article)
}

/// Four articles: two on jobs, of which one quotes who says it, one on the rent, and one with nothing.
pub(crate) fn story() -> Project {
    let mut project = Project::new("story");
    let people = ["Corvane Holdings", "Ilse Varga"];
    let people = people.map(|name| Person::named(name, |_| false));
    let articles = vec![
        article(
            "a",
            "Northgate Wire",
            "2024-05-03T08:00:00Z",
            "Corvane said: “The lease will bring up to 2,400 jobs by 2031.” Varga agreed.",
            &[
                (
                    "quote",
                    "“The lease will bring up to 2,400 jobs by 2031.”",
                    &[("speaker", person("corvane-holdings"))],
                ),
                (
                    "claim",
                    "The lease will bring up to 2,400 jobs by 2031",
                    &[
                        ("kind", text("quantity")),
                        ("may_be_false", yes(true)),
                        ("can_harm", yes(true)),
                    ],
                ),
            ],
        ),
        article(
            "b",
            "Corvane newsroom",
            "2024-05-02",
            "The lease will bring 2,400 jobs by 2031. Nobody asked.",
            &[(
                "claim",
                "The lease will bring 2,400 jobs by 2031",
                &[
                    ("claimant", person("corvane-holdings")),
                    ("kind", text("quantity")),
                    ("stance", text("endorses")),
                    ("may_be_false", yes(true)),
                    ("can_harm", yes(false)),
                ],
            )],
        ),
        article(
            "c",
            "Northgate Wire",
            "",
            "The rent is 38 per cent below what comparable harbours earn.",
            &[(
                "claim",
                "The rent is 38 per cent below what comparable harbours earn",
                &[],
            )],
        ),
        article("d", "", "2024-05-04", "Nothing of it.", &[]),
    ];
    let people = people.into_iter().enumerate().collect();
    let edits = vec![
        Edit::AddPeople(people),
        Edit::AddArticles(articles.into_iter().enumerate().collect()),
    ];
    apply(&mut project, &Transaction::new("begin", edits)).unwrap();
    project
}

fn board(project: &Project) -> Board {
    let labels = Labels::of(project.codebook());
    let parts = project.articles().iter();
    let parts = parts.map(|article| labels.claims_of(article).into());
    Board::of(project, parts.collect())
}

fn alone(article: &str, id: &str) -> One {
    One::Alone((article.into(), id.into()))
}

/// Makes a step, takes it back and makes it again; it must come out the same.
fn perform(project: &mut Project, edits: Vec<Edit>) {
    let before = project.clone();
    let step = Transaction::new("", edits);
    let undo = apply(project, &step).unwrap();
    let after = project.clone();
    apply(project, &undo).unwrap();
    assert_eq!(*project, before);
    apply(project, &step).unwrap();
    assert_eq!(*project, after);
}

/// Each card of a column: its title, in how many articles and outlets, with how many answers yes.
fn cards(project: &Project, filter: &Filter) -> Vec<String> {
    let board = board(project);
    let columns = board.shown(project, filter, &mut || true).unwrap();
    let mut told = Vec::new();
    for (at, column) in columns.iter().enumerate() {
        for card in column {
            let card = board.card(*card).unwrap();
            let title: String = board.title(project, card).chars().take(24).collect();
            let (articles, outlets, yes) = (card.articles, card.outlets, card.yes());
            told.push(format!("{at} {title}|{articles}|{outlets}|{yes}"));
        }
    }
    told
}

#[test]
fn a_claim_is_its_speakers_or_the_articles_own() {
    let project = story();
    let labels = Labels::of(project.codebook());
    let claimant = |id: &str| {
        let article = project.article(&id.into()).unwrap();
        labels.claims_of(article).pop().unwrap().claimant
    };
    assert_eq!(claimant("a"), Claimant::Speaker("corvane-holdings".into()));
    assert_eq!(claimant("b"), Claimant::Person("corvane-holdings".into()));
    assert_eq!(claimant("c"), Claimant::OwnVoice);
}

#[test]
fn groups_are_joined_said_of_and_taken_apart() {
    let mut project = story();
    let by = "ana".into();
    let signed = Signed {
        by: &by,
        when: None,
    };
    let mint = IdMint::new("t");
    let claim = Thing::Claim;
    assert_eq!(
        cards(&project, &Filter::default()),
        [
            "0 The lease will bring up |1|1|2",
            "0 The lease will bring 2,4|1|1|1",
            "0 The rent is 38 per cent |1|1|0",
        ]
    );
    let (a, b, c) = (alone("a", "a-1"), alone("b", "b-0"), alone("c", "c-0"));
    assert_eq!(
        join(&project, &claim, std::slice::from_ref(&a), signed, &mint),
        None
    );
    let joined = join(&project, &claim, &[a.clone(), b.clone()], signed, &mint).unwrap();
    perform(&mut project, joined.edits);
    let group = One::Group(joined.group.clone());
    // They agree that it may be false, and not on harm; who said it first stands first.
    assert_eq!(
        cards(&project, &Filter::default()),
        [
            "0 The lease will bring up |2|2|1",
            "0 The rent is 38 per cent |1|1|0"
        ]
    );
    let of = board(&project);
    let card = of.card(0).unwrap();
    let first: Vec<usize> = of.claims(card).map(|(article, _)| article).collect();
    assert_eq!((first, of.groups(), of.len()), (vec![1, 0], 1, 3));
    assert_eq!(of.claimants(card), [(Some("corvane-holdings".into()), 2)]);
    assert_eq!(of.one(&project, card), Some(group.clone()));
    assert_eq!(of.find(&project, &c), Some(1));

    // What is said of a group is said of all of it.
    for (what, is_other) in [
        (Say::Title(" Jobs ".to_owned()), true),
        (Say::Title("Jobs".to_owned()), false),
        (Say::State(GroupState::Done), true),
        (Say::Verdict("False".to_owned()), true),
        (Say::Answer(Part::CanHarm, Some(true)), true),
        (Say::Answer(Part::MayBeFalse, None), true),
    ] {
        let said = say(&project, &claim, &group, what, signed, &mint);
        assert_eq!(said.is_some(), is_other);
        if let Some(said) = said {
            assert_eq!(said.group, joined.group);
            perform(&mut project, said.edits);
        }
    }
    let done = cards(&project, &Filter::default());
    assert_eq!(done, ["0 The rent is 38 per cent |1|1|0", "2 Jobs|2|2|1"]);
    let of = board(&project);
    assert_eq!(of.verdict(&project, of.card(0).unwrap()), "False");

    // Another one is said of: it is a group of one by that, and joins the one that says more.
    let said = say(
        &project,
        &claim,
        &c,
        Say::State(GroupState::Checking),
        signed,
        &mint,
    )
    .unwrap();
    perform(&mut project, said.edits);
    let third = One::Group(said.group);
    let apart = keep_apart(&project, (&group, &third), signed).unwrap();
    perform(&mut project, vec![apart]);
    assert_eq!(keep_apart(&project, (&third, &group), signed), None);
    assert_eq!(keep_apart(&project, (&third, &third), signed), None);
    let all = join(&project, &claim, &[third, group.clone()], signed, &mint).unwrap();
    assert_eq!(all.group, joined.group);
    perform(&mut project, all.edits);
    assert!(project.apart().is_empty());
    assert_eq!(cards(&project, &Filter::default()), ["2 Jobs|3|2|1"]);
    let out = [("c".into(), "c-0".into())];
    let edits = take_out(&project, &joined.group, &out, signed);
    perform(&mut project, edits);
    assert_eq!(project.apart().len(), 1);
    assert_eq!(cards(&project, &Filter::default()).len(), 2);
    assert!(take_out(&project, &joined.group, &out, signed).is_empty());
    let rest = project.groups()[0].members.clone();
    let edits = take_out(&project, &joined.group, &rest, signed);
    perform(&mut project, edits);
    assert!(project.groups().is_empty());
}

#[test]
fn many_are_joined_in_one_step() {
    let mut project = story();
    let by = "ana".into();
    let signed = Signed {
        by: &by,
        when: None,
    };
    let mint = IdMint::new("t");
    let claim = Thing::Claim;
    let member = |article: &str, id: &str| (article.into(), id.into());
    let clusters = [
        vec![member("a", "a-1"), member("b", "b-0")],
        vec![member("c", "c-0")],
    ];
    let (_, edits) = join_all(&project, &claim, &clusters, signed, &mint);
    perform(&mut project, edits);
    assert_eq!(
        (project.groups().len(), project.groups()[0].members.len()),
        (1, 2)
    );
    let again = join_all(&project, &claim, &clusters, signed, &mint);
    assert_eq!(again, (0, Vec::new()));
    let said = say(
        &project,
        &claim,
        &alone("c", "c-0"),
        Say::Note("n".into()),
        signed,
        &mint,
    );
    perform(&mut project, said.unwrap().edits);
    let clusters = [vec![member("b", "b-0"), member("c", "c-0")]];
    let (_, edits) = join_all(&project, &claim, &clusters, signed, &mint);
    perform(&mut project, edits);
    assert_eq!(
        (project.groups().len(), project.groups()[0].members.len()),
        (1, 3)
    );
    assert_eq!(project.groups()[0].note, "n");
}

#[test]
fn cards_are_picked_out() {
    let project = story();
    let check = |filter: Filter, expected: usize| {
        assert_eq!(cards(&project, &filter).len(), expected, "{filter:?}");
    };
    let with = |change: &dyn Fn(&mut Filter)| {
        let mut filter = Filter::default();
        change(&mut filter);
        filter
    };
    check(with(&|f| f.least_yes = 2), 1);
    check(with(&|f| f.least_yes = 3), 0);
    check(with(&|f| f.kind = Some("quantity".into())), 2);
    check(with(&|f| f.claimant = Some(Wanted::OwnVoice)), 1);
    check(
        with(&|f| f.claimant = Some(Wanted::Person("corvane-holdings".into()))),
        2,
    );
    check(with(&|f| f.outlet = Some("Northgate Wire".into())), 2);
    check(with(&|f| f.words = "JOBS 2031".into()), 2);
    check(with(&|f| f.words = "corvane".into()), 2);
    check(with(&|f| f.words = "nobody".into()), 0);
    let of = board(&project);
    let choices = of.choices();
    assert_eq!(choices.kinds, [("quantity".into(), 2)]);
    assert_eq!(
        choices.claimants,
        [(Some("corvane-holdings".into()), 2), (None, 1)]
    );
    assert_eq!(
        choices.outlets,
        [("Northgate Wire".into(), 2), ("Corvane newsroom".into(), 1)]
    );
    assert_eq!(of.shown(&project, &Filter::default(), &mut || false), None);
}
