//! The algebra of edits: apply and undo are inverse, a refused transaction changes nothing.

use super::*;
use crate::core::annotation::{Annotation, merge_fragments};
use crate::core::article::{Article, Status};
use crate::core::codebook::{Codebook, Thing};
use crate::core::kept::Kept;
use crate::core::project::{
    Annotator, ApartOf, ArticleSet, Dismissed, Evidence, Group, GroupState, HitKey, ImportReport,
    KeptApart, Person, PersonKind, Project, Rule, SetAside, Tied, TrashItem, Trashed,
};
use crate::core::text::ArticleText;
use crate::core::text::{BytePos, ByteRange};
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::sync::Arc;

pub(crate) fn project() -> Project {
    let mut project = Project::new("test");
    let article = |n: usize| {
        let text = ArticleText::new(format!("Article {n}: “déjà vu” 👨🏻‍🚒 said.\nSecond line."));
        Arc::new(Article::new(
            format!("a{n}").as_str().into(),
            format!("Title {n}"),
            text,
        ))
    };
    let add = Edit::AddArticles((0..3).map(|n| (n, article(n))).collect());
    apply(&mut project, &Transaction::new("add", vec![add])).unwrap();
    project
}

fn annotation(id: u8, label: u8, spans: &[(u8, u8)]) -> Box<Annotation> {
    let label = ["quote", "claim", "promo", "nonsense"][usize::from(label) % 4];
    let range = |&(a, b): &(u8, u8)| ByteRange::new(BytePos(a.into()), BytePos(b.into()));
    let mut made = Annotation::new(
        format!("t-{id}").as_str().into(),
        "t".into(),
        label.into(),
        ByteRange::default(),
    );
    made.fragments = merge_fragments(spans.iter().map(range).collect());
    made.note = format!("note {label}");
    Box::new(made)
}

fn to_trash<Id>(id: Id, at: usize) -> ToTrash<Id> {
    let (by, when) = ("t".into(), Some(Timestamp::new(1)));
    ToTrash::new(id, at, by, when)
}

fn article_id() -> impl Strategy<Value = ArticleId> {
    (0usize..4).prop_map(|n| ArticleId::new(format!("a{n}")))
}

/// Annotation ids are unique in a project.
fn annotation_id(article: &ArticleId, id: u8) -> AnnotationId {
    AnnotationId::new(format!("{article}-t-{id}"))
}

/// An article, and annotations for it.
fn marks() -> impl Strategy<Value = (ArticleId, Vec<Annotation>)> {
    let spans = prop::collection::vec((0u8..60, 0u8..60), 1..3);
    let marks = prop::collection::vec((0u8..6, 0u8..4, spans), 1..3);
    (article_id(), marks).prop_map(|(article, marks)| {
        let made = marks.iter().map(|(id, label, spans)| {
            let mut made = *annotation(*id, *label, spans);
            made.id = annotation_id(&article, *id);
            made
        });
        let made = made.collect();
        (article, made)
    })
}

fn mark() -> impl Strategy<Value = (ArticleId, Box<Annotation>)> {
    marks().prop_map(|(article, mut marks)| (article, Box::new(marks.remove(0))))
}

fn places() -> impl Strategy<Value = Vec<usize>> {
    prop::collection::btree_set(0usize..4, 1..3).prop_map(|at| at.into_iter().collect())
}

/// Edits that leave nothing in the trash whose article is gone for good, and no label that is needed
/// there.
pub(crate) fn edit_that_is_saved_whole() -> impl Strategy<Value = Edit> {
    let report = |summary: String| ImportReport {
        by: "t".into(),
        when: None,
        summary,
        files: Vec::new(),
        unknown: Vec::new(),
    };
    let set = |id: u8| ArticleSet {
        id: format!("set-{id}").as_str().into(),
        name: format!("Set {id}"),
        by: "t".into(),
        when: None,
        how: "by hand".to_owned(),
        seed: id.into(),
        members: vec!["a0".into(), "gone".into()],
        unknown: Vec::new(),
    };
    let rule = |id: u8| Rule {
        id: format!("rule-{id}").as_str().into(),
        name: format!("Rule {id}"),
        query: "said in:quote".to_owned(),
        case: false,
        word: id == 1,
        exact: false,
        hidden: id == 2,
        label: (id == 3).then(|| "quote".into()),
        by: "t".into(),
        when: None,
        dismissed: Dismissed::default(),
        unknown: Vec::new(),
    };
    let group = |(id, member): (u8, u8)| {
        Arc::new(Group {
            id: format!("group-{id}").as_str().into(),
            thing: [Thing::Quote, Thing::Claim][usize::from(id % 2)].clone(),
            title: format!("Group {id}"),
            members: vec![
                ("a0".into(), annotation_id(&"a0".into(), member)),
                ("gone".into(), format!("gone-{id}").as_str().into()),
            ],
            state: GroupState::ALL[usize::from(id) % 3].clone(),
            evidence: (id == 1)
                .then(|| Evidence {
                    url: "https://example.org".to_owned(),
                    ..Evidence::default()
                })
                .into_iter()
                .collect(),
            by: "t".into(),
            ..Group::default()
        })
    };
    let apart = |id: u8| {
        let pair = ("person-1", &*format!("person-{id}"));
        Arc::new(KeptApart::new(ApartOf::People, pair, "t".into(), None))
    };
    let person = |(id, role): (u8, String)| Person {
        kind: PersonKind::ALL[usize::from(id)].clone(),
        identifiers: vec![("wikidata".to_owned(), role.clone())],
        role,
        affiliated_to: (id == 2).then(|| "person-1".into()),
        tied: Tied([("a0".into(), vec!["she".to_owned()])].into()),
        ..Person::named(&format!("person {id}"), |_| false)
    };
    let annotator = |id: u8| Annotator {
        id: format!("annotator-{id}").as_str().into(),
        name: format!("Annotator {id}"),
        unknown: Vec::new(),
    };
    prop_oneof![
        6 => mark().prop_map(|(article, annotation)| Edit::AddAnnotation { article, annotation }),
        2 => mark().prop_map(|(article, annotation)| Edit::ReplaceAnnotation { article, annotation }),
        2 => (article_id(), 0u8..6).prop_map(|(article, id)| Edit::RemoveAnnotation { id: annotation_id(&article, id), article }),
        1 => (article_id(), 0u8..4).prop_map(|(article, s)| Edit::SetStatus {
            article, annotator: "t".into(),
            status: Status::ALL[usize::from(s)].clone(),
        }),
        1 => (article_id(), "[a-z]{0,4}").prop_map(|(article, title)| Edit::SetDetails {
            article, details: ArticleDetails { title, metadata: BTreeMap::new(), notes: String::new() },
        }),
        1 => "[a-z]{0,4}".prop_map(Edit::SetName),
        1 => (1u32..9).prop_map(|revision| Edit::SetCodebook(Box::new(Codebook { revision, ..Codebook::default() }))),
        1 => (prop::option::of(article_id()), prop::collection::btree_set(0u8..4, 0..3)).prop_map(|(article, names)| Edit::SetUnknown {
            article, fields: names.into_iter().map(|n| (format!("later_{n}"), Kept::new(n.to_string()))).collect(),
        }),
        1 => prop::collection::btree_set(0u8..4, 0..3).prop_map(move |ids| Edit::SetAnnotators(ids.into_iter().map(annotator).collect())),
        2 => (article_id(), prop::collection::vec((0u8..6, 0usize..3), 1..4)).prop_map(|(article, items)| Edit::TrashAnnotations {
            items: items.into_iter().map(|(id, at)| to_trash(annotation_id(&article, id), at)).collect(),
            article,
        }),
        3 => (article_id(), places()).prop_map(|(article, at)| Edit::RestoreAnnotations { article, at }),
        2 => prop::collection::vec((article_id(), 0usize..3), 1..3).prop_map(|items| Edit::TrashArticles(
            items.into_iter().map(|(id, at)| to_trash(id, at)).collect())),
        3 => prop::collection::vec((0usize..4, 0usize..4), 1..3).prop_map(Edit::RestoreArticles),
        4 => marks().prop_map(|(article, marks)| Edit::ReplaceAnnotations {
            article, annotations: marks.into_iter().map(Arc::new).collect() }),
        1 => prop::collection::vec((0usize..3, 0u8..4), 1..3).prop_map(|people| Edit::AddPeople(
            people.into_iter().map(|(at, id)| (at, Person::named(&format!("person {id}"), |_| false))).collect())),
        1 => prop::collection::vec(0u8..4, 1..3).prop_map(|people| Edit::RemovePeople(
            people.into_iter().map(|id| format!("person-{id}").as_str().into()).collect())),
        1 => (0usize..3, "[a-z]{1,3}").prop_map(|(at, raw)| Edit::AddToReview(vec![(at, SetAside::new("a0", "r", raw))])),
        1 => (0usize..3).prop_map(|at| Edit::RemoveFromReview(vec![at])),
        1 => (0usize..3, "[a-z]{1,3}").prop_map(move |(at, summary)| Edit::AddImports(vec![(at, Arc::new(report(summary)))])),
        1 => (0usize..3).prop_map(|at| Edit::RemoveImports(vec![at])),
        2 => prop::collection::vec((0u8..4, "[a-z]{0,2}"), 1..3).prop_map(move |people| Edit::ReplacePeople(
            people.into_iter().map(person).collect())),
        3 => prop_oneof![
            (0usize..3, prop::collection::vec((0u8..4, 0u8..4), 1..3)).prop_map(move |(at, groups)| Edit::AddGroups(
                groups.into_iter().map(|of| (at, group(of))).collect())),
            (0usize..3).prop_map(|at| Edit::RemoveGroups(vec![at])),
            prop::collection::vec((0u8..4, 0u8..4), 1..3).prop_map(move |groups| Edit::ReplaceGroups(
                groups.into_iter().map(group).collect())),
            (0usize..3, 2u8..4).prop_map(move |(at, id)| Edit::AddApart(vec![(at, apart(id))])),
            (0usize..3).prop_map(|at| Edit::RemoveApart(vec![at])),
        ],
        3 => prop_oneof![
            (0usize..3, 0u8..4).prop_map(move |(at, id)| Edit::AddSets(vec![(at, Arc::new(set(id)))])),
            (0usize..3).prop_map(|at| Edit::RemoveSets(vec![at])),
            (0usize..3, 0u8..4).prop_map(move |(at, id)| Edit::AddRules(vec![(at, Arc::new(rule(id)))])),
            (0usize..3).prop_map(|at| Edit::RemoveRules(vec![at])),
            (0u8..4, article_id(), prop::collection::vec(0u64..9, 0..3)).prop_map(|(rule, article, keys)| {
                let rule = format!("rule-{rule}").as_str().into();
                let hits = keys.into_iter().map(HitKey).collect::<BTreeSet<_>>().into_iter().collect();
                Edit::SetDismissed { rule, article, hits }
            }),
            (article_id(), prop::collection::vec((0u8..4, 4u8..8), 0..2)).prop_map(|(article, spans)| {
                let spans = spans.into_iter().map(|(a, b)| ByteRange::new(BytePos(a.into()), BytePos(b.into())));
                let (annotator, nothing) = ("t".into(), merge_fragments(spans.collect()).to_vec());
                Edit::SetNothing { article, annotator, nothing }
            }),
        ],
    ]
}

pub(crate) fn edit() -> impl Strategy<Value = Edit> {
    let with_mark = |id: &str, mark: Option<Box<Annotation>>| {
        let mut article = Article::new(
            id.into(),
            "again",
            ArticleText::new("Text again.".to_owned()),
        );
        article.annotations =
            crate::core::annotation::AnnotationSet::from_annotations(mark.map(|mark| *mark)).0;
        Arc::new(article)
    };
    let marked = move || {
        (0usize..5, prop::option::weighted(0.3, mark()))
            .prop_map(move |(n, mark)| (n, with_mark(&format!("a{n}"), mark.map(|(_, mark)| mark))))
    };
    let item = |what| {
        Arc::new(TrashItem {
            unknown: vec![("later".to_owned(), Kept::new("1"))],
            ..TrashItem::new(what, "t".into(), None)
        })
    };
    prop_oneof![
        30 => edit_that_is_saved_whole(),
        1 => article_id().prop_map(|id| Edit::RemoveArticles(vec![id])),
        2 => marked().prop_map(|(n, article)| Edit::AddArticles(vec![(n, article)])),
        1 => (0usize..3, mark()).prop_map(move |(at, (article, annotation))| {
            let annotation = Arc::from(annotation);
            Edit::AddToTrash(vec![(at, item(Trashed::Annotation { article, annotation }))])
        }),
        1 => (0usize..3, marked()).prop_map(move |(at, (_, article))| Edit::AddToTrash(vec![(at, item(Trashed::Article(article)))])),
        1 => places().prop_map(Edit::RemoveFromTrash),
        1 => (0usize..3).prop_map(|gone| {
            let mut codebook = Codebook::default();
            codebook.labels.remove(gone);
            Edit::SetCodebook(Box::new(codebook))
        }),
    ]
}

/// All kinds, as serde knows them.
fn kinds() -> BTreeSet<String> {
    let refused = serde_json::from_str::<Edit>("{\"?\":0}")
        .unwrap_err()
        .to_string();
    let names = refused.split('`').skip(3).step_by(2);
    names.map(str::to_owned).collect()
}

fn kind(edit: &Edit) -> String {
    let written = serde_json::to_value(edit).unwrap();
    written.as_object().unwrap().keys().next().unwrap().clone()
}

/// Journals hold edits as they were written when their kind came in. A kind that is added gets a
/// line there.
#[test]
fn every_kind_is_written_as_ever() {
    let written = include_str!("../../../tests/data/journals/v1.0/edits.jsonl");
    let mut seen = BTreeSet::new();
    for line in written.lines() {
        let edit: Edit = serde_json::from_str(line).unwrap();
        assert_eq!(serde_json::to_string(&edit).unwrap(), line);
        seen.insert(kind(&edit));
    }
    assert_eq!(seen, kinds());
}

#[test]
fn every_kind_is_made_and_applies() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let strategy = edit();
    let (mut made, mut applied) = (BTreeSet::new(), BTreeSet::new());
    let mut current = project();
    for n in 0..20_000 {
        if n % 40 == 0 {
            current = project();
        }
        let edit = strategy.new_tree(&mut runner).unwrap().current();
        let name = kind(&edit);
        made.insert(name.clone());
        if apply(&mut current, &Transaction::new("step", vec![edit])).is_ok() {
            applied.insert(name);
        }
    }
    assert!(kinds().len() > 20, "{:?}", kinds());
    assert_eq!(made, kinds());
    assert_eq!(applied, kinds());
}

proptest! {
    #[test]
    fn apply_then_inverse_is_identity(transactions in prop::collection::vec(prop::collection::vec(edit(), 1..4), 1..12)) {
        let mut current = project();
        let mut history = History::saved();
        let mut states = vec![current.clone()];
        for edits in transactions {
            let before = current.clone();
            match history.perform(&mut current, &Transaction::new("step", edits), None, None) {
                Ok(_) => states.push(current.clone()),
                Err(_) => prop_assert_eq!(&current, &before),
            }
            for article in current.articles() {
                for annotation in article.annotations.iter() {
                    prop_assert_eq!(check_fragments(annotation, &article.text), Ok(()));
                    prop_assert!(current.codebook().label(annotation.label.as_str()).is_some());
                }
            }
        }
        let mut again = Project::default();
        apply(&mut again, &Transaction::new("again", contents(&current))).unwrap();
        prop_assert_eq!(&again, &current);
        for state in states.iter().rev().skip(1) {
            history.undo(&mut current).unwrap().unwrap();
            prop_assert_eq!(&current, state);
        }
        prop_assert!(history.undo(&mut current).is_none());
        prop_assert!(history.is_saved());
        for state in states.iter().skip(1) {
            history.redo(&mut current).unwrap().unwrap();
            prop_assert_eq!(&current, state);
        }
    }
}

#[track_caller]
fn check(spans: &[(u8, u8)], label: u8, expected: Result<(), &str>) {
    let mut project = project();
    let edit = Edit::AddAnnotation {
        article: "a0".into(),
        annotation: annotation(1, label, spans),
    };
    let result = apply(&mut project, &Transaction::new("mark", vec![edit]));
    let message = result.map(|_| ()).map_err(|error| error.to_string());
    assert_eq!(message, expected.map_err(str::to_owned));
}

#[test]
fn what_apply_refuses() {
    check(&[(0, 7)], 0, Ok(()));
    check(&[(0, 7), (14, 20)], 0, Ok(()));
    check(&[(5, 5)], 0, Err("annotation t-1 has no text"));
    check(
        &[(0, 200)],
        0,
        Err("a fragment of annotation t-1 lies outside the text"),
    );
    check(
        &[(0, 12)],
        0,
        Err("a fragment of annotation t-1 begins or ends inside a character"),
    );
    check(
        &[(0, 31)],
        0,
        Err("a fragment of annotation t-1 begins or ends inside a character"),
    );
    check(&[(0, 7)], 3, Err("the codebook has no label “nonsense”"));
}

#[track_caller]
fn check_edits(edits: Vec<Edit>, expected: Result<(), &str>) {
    let mut project = project();
    let before = project.clone();
    let result = apply(&mut project, &Transaction::new("step", edits));
    assert_eq!(
        result.map(|_| ()).map_err(|error| error.to_string()),
        expected.map_err(str::to_owned)
    );
    assert!(expected.is_ok() || project == before);
}

#[test]
fn where_nothing_was_found_are_stretches_of_the_text() {
    let refused = Err("where nothing was found in article a0 are no stretches of its text");
    // The emoji of several code points begins after the quotation.
    let emoji = project().articles()[0].text.as_str().find('👨').unwrap() as u32;
    for (spans, expected) in [
        (vec![], Ok(())),
        (vec![(0, 7), (8, 10)], Ok(())),
        (vec![(0, 7), (7, 10)], Ok(())),
        (vec![(8, 10), (0, 7)], refused),
        (vec![(0, 7), (6, 10)], refused),
        (vec![(0, 7), (0, 7)], refused),
        (vec![(5, 5)], refused),
        (vec![(0, 200)], refused),
        (vec![(200, 210)], refused),
        (vec![(0, 13)], refused),
        (vec![(0, emoji)], Ok(())),
        (vec![(0, emoji + 4)], refused),
        (vec![(emoji + 4, emoji + 20)], refused),
    ] {
        let spans = spans.iter();
        let spans = spans.map(|(a, b)| ByteRange::new(BytePos(*a), BytePos(*b)));
        let nothing: Vec<ByteRange> = spans.collect();
        let said = Edit::SetNothing {
            article: "a0".into(),
            annotator: "ana".into(),
            nothing: nothing.clone(),
        };
        check_edits(vec![said], expected);
        let mut article = Article::clone(&project().articles()[0]);
        article.nothing.insert("ana".into(), nothing);
        let back = vec![
            Edit::RemoveArticles(vec!["a0".into()]),
            Edit::AddArticles(vec![(0, Arc::new(article))]),
        ];
        check_edits(back, expected);
    }
}

#[test]
fn what_comes_with_articles_is_refused_too() {
    let article = |id: &str, label: u8, span: (u8, u8)| {
        let text = ArticleText::new("Caf\u{e9} 👨🏻‍🚒 said.".to_owned());
        let mut article = Article::new(id.into(), "New", text);
        let marks = [*annotation(1, label, &[span])];
        article.annotations = crate::core::annotation::AnnotationSet::from_annotations(marks).0;
        Arc::new(article)
    };
    let add = |article: Arc<Article>| Edit::AddArticles(vec![(0, article)]);
    let trash = |article: Arc<Article>| {
        let (what, by, when) = (Trashed::Article(article), "t".into(), None);
        Edit::AddToTrash(vec![(0, Arc::new(TrashItem::new(what, by, when)))])
    };
    let without = |label: &str| {
        let mut codebook = Codebook::default();
        codebook.labels.retain(|known| known.id.as_str() != label);
        Edit::SetCodebook(Box::new(codebook))
    };
    let inside = "a fragment of annotation t-1 begins or ends inside a character";
    let outside = "a fragment of annotation t-1 lies outside the text";
    let fits = || article("new", 0, (0, 5));
    check_edits(vec![add(fits())], Ok(()));
    check_edits(vec![add(article("new", 0, (0, 4)))], Err(inside));
    check_edits(vec![add(article("new", 0, (0, 8)))], Err(inside));
    check_edits(vec![add(article("new", 0, (0, 200)))], Err(outside));
    check_edits(vec![trash(article("new", 0, (0, 200)))], Err(outside));
    let nameless = "annotation t-1 has no text";
    check_edits(vec![add(article("new", 0, (3, 3)))], Err(nameless));
    let unknown = "the codebook has no label “nonsense”";
    check_edits(vec![add(article("new", 3, (0, 5)))], Err(unknown));
    // In the trash its label may be there too.
    let back = Edit::RestoreArticles(vec![(0, 0)]);
    check_edits(vec![trash(article("new", 3, (0, 5)))], Ok(()));
    check_edits(
        vec![trash(article("new", 3, (0, 5))), back.clone()],
        Err(unknown),
    );
    check_edits(vec![trash(fits()), back], Ok(()));
    let both = vec![(0, fits()), (1, fits())];
    check_edits(
        vec![Edit::AddArticles(both)],
        Err("there already is an article new"),
    );
    check_edits(
        vec![add(fits()), add(fits())],
        Err("there already is an article new"),
    );
    check_edits(
        vec![add(article("a0", 0, (0, 5)))],
        Err("there already is an article a0"),
    );
    // A label goes when nothing has it any more, however much of that is in the same step.
    let used = "annotations still have the label “quote”";
    check_edits(vec![without("quote")], Ok(()));
    check_edits(vec![add(fits()), without("quote")], Err(used));
    check_edits(vec![add(fits()), without("claim")], Ok(()));
    let (id, article) = (AnnotationId::from("t-1"), ArticleId::from("new"));
    let remove = Edit::RemoveAnnotation { article, id };
    check_edits(vec![add(fits()), remove, without("quote")], Ok(()));
    let mark = Edit::AddAnnotation {
        article: "a0".into(),
        annotation: annotation(2, 0, &[(0, 7)]),
    };
    check_edits(vec![mark.clone(), without("quote")], Err(used));
    let replace = Edit::ReplaceAnnotation {
        article: "a0".into(),
        annotation: annotation(2, 1, &[(0, 7)]),
    };
    check_edits(vec![mark, replace, without("quote")], Ok(()));
}

#[test]
fn editing_after_undo_makes_the_saved_state_unreachable() {
    let mut current = project();
    let mut history = History::saved();
    let rename = |name: &str| Transaction::new("rename", vec![Edit::SetName(name.to_owned())]);
    history
        .perform(&mut current, &rename("one"), None, None)
        .unwrap();
    let state = history.state();
    history.mark_saved(state);
    history.undo(&mut current).unwrap().unwrap();
    assert!(!history.is_saved());
    history
        .perform(&mut current, &rename("two"), None, None)
        .unwrap();
    assert!(!history.is_saved());
    // As many steps as when it was saved, and still another state.
    history.mark_saved(state);
    assert!(!history.is_saved());
    assert_eq!(history.undo_title(), Some("rename"));
    assert_eq!(history.redo_title(), None);
}

/// A bulk step costs what its edits cost, however they lie: each kind is made, taken back and made
/// again, many times over on one article and one list.
#[test]
fn many_edits_in_one_step_are_made_quickly() {
    const MANY: usize = 20_000;
    let text = "word ".repeat(MANY);
    let mut project = Project::new("many");
    let article = Article::new("a0".into(), "Many", ArticleText::new(text));
    let add = Edit::AddArticles(vec![(0, Arc::new(article))]);
    apply(&mut project, &Transaction::new("add", vec![add])).unwrap();
    let mark = |n: usize, note: &str| {
        // Neither ids nor places rise.
        let at = BytePos((n * 7_919 % MANY * 5) as u32);
        let mut mark = Annotation::new(
            format!("t-{}", n * 31 % MANY).as_str().into(),
            "t".into(),
            "quote".into(),
            ByteRange::new(at, BytePos(at.0 + 4)),
        );
        mark.note = note.to_owned();
        Box::new(mark)
    };
    let article = || ArticleId::from("a0");
    let item = |n: usize| SetAside::new("", "", n.to_string());
    let trashed = |n: usize| {
        let what = Trashed::Annotation {
            article: article(),
            annotation: Arc::from(mark(n, "trashed")),
        };
        let (by, when) = ("t".into(), None);
        Arc::new(TrashItem::new(what, by, when))
    };
    let person = |n: usize| Person::named(&format!("person {n}"), |_| false);
    type Make<'a> = Box<dyn Fn(usize) -> Edit + 'a>;
    let steps: Vec<Make<'_>> = vec![
        Box::new(|n| Edit::AddAnnotation {
            article: article(),
            annotation: mark(n, "added"),
        }),
        Box::new(|n| Edit::ReplaceAnnotation {
            article: article(),
            annotation: mark(n, "replaced"),
        }),
        Box::new(|n| Edit::ReplaceAnnotations {
            article: article(),
            annotations: vec![Arc::from(mark(n, "once more"))],
        }),
        Box::new(|_| Edit::SetStatus {
            article: article(),
            annotator: "t".into(),
            status: Status::Done,
        }),
        Box::new(|n| Edit::TrashAnnotations {
            article: article(),
            items: vec![to_trash(mark(n, "").id, 0)],
        }),
        Box::new(|_| Edit::RestoreAnnotations {
            article: article(),
            at: vec![0],
        }),
        Box::new(|n| Edit::AddToTrash(vec![(n / 2, trashed(n + MANY))])),
        Box::new(|_| Edit::RemoveFromTrash(vec![0])),
        Box::new(|n| Edit::AddToReview(vec![(0, item(n))])),
        Box::new(|n| Edit::RemoveFromReview(vec![(MANY - n - 1) / 2])),
        Box::new(|n| Edit::AddPeople(vec![(0, person(n))])),
        Box::new(|n| Edit::RemovePeople(vec![person(MANY - n - 1).id])),
        Box::new(|n| Edit::AddPeople(vec![(n, person(n))])),
        Box::new(|n| Edit::RemovePeople(vec![person(MANY - n - 1).id])),
        Box::new(|n| Edit::RemoveAnnotation {
            article: article(),
            id: mark(n, "").id,
        }),
    ];
    let mut history = History::saved();
    let mut states = vec![project.clone()];
    for (i, make) in steps.iter().enumerate() {
        let transaction = Transaction::new("many", (0..MANY).map(make).collect());
        let made = history.perform(&mut project, &transaction, None, None);
        assert!(made.is_ok(), "step {i}: {made:?}");
        states.push(project.clone());
    }
    for state in states.iter().rev().skip(1) {
        history.undo(&mut project).unwrap().unwrap();
        assert!(project == *state);
    }
    for state in states.iter().skip(1) {
        history.redo(&mut project).unwrap().unwrap();
        assert!(project == *state);
    }
    // One that is refused at its end is taken back as a whole.
    let mut edits: Vec<Edit> = (0..MANY).map(&steps[0]).collect();
    edits.push(edits[0].clone());
    let refused = history.perform(&mut project, &Transaction::new("many", edits), None, None);
    assert!(refused.is_err());
    assert!(Some(&project) == states.last());
}
