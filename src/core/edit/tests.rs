//! The algebra of edits: apply and undo are inverse, a refused transaction changes nothing.

use super::*;
use crate::core::annotation::merge_fragments;
use crate::core::kept::Kept;
use crate::core::project::{Project, Trashed};
use crate::core::text::ArticleText;
use crate::core::text::{BytePos, ByteRange};
use proptest::prelude::*;

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
    let (by, when) = ("t".into(), Some(Timestamp(1)));
    ToTrash::new(id, at, by, when)
}

pub(crate) fn edit() -> impl Strategy<Value = Edit> {
    let article = || (0usize..4).prop_map(|n| ArticleId::new(format!("a{n}")));
    let made = || {
        (
            0u8..6,
            0u8..4,
            prop::collection::vec((0u8..60, 0u8..60), 1..3),
        )
            .prop_map(|(id, label, spans)| annotation(id, label, &spans))
    };
    prop_oneof![
        4 => (article(), made()).prop_map(|(article, annotation)| Edit::AddAnnotation { article, annotation }),
        2 => (article(), made()).prop_map(|(article, annotation)| Edit::ReplaceAnnotation { article, annotation }),
        2 => (article(), 0u8..6).prop_map(|(article, id)| Edit::RemoveAnnotation { article, id: format!("t-{id}").as_str().into() }),
        1 => (article(), 0u8..4).prop_map(|(article, s)| Edit::SetStatus {
            article, annotator: "t".into(),
            status: Status::ALL[usize::from(s)].clone(),
        }),
        1 => (article(), "[a-z]{0,4}").prop_map(|(article, title)| Edit::SetDetails {
            article, details: ArticleDetails { title, metadata: BTreeMap::new(), notes: String::new() },
        }),
        1 => article().prop_map(|id| Edit::RemoveArticles(vec![id])),
        1 => (0usize..5).prop_map(|n| Edit::AddArticles(vec![(n, Arc::new(Article::new(
            format!("a{n}").as_str().into(), "again", ArticleText::new("Text again.".to_owned()))))])),
        1 => "[a-z]{0,4}".prop_map(Edit::SetName),
        1 => (1u32..9).prop_map(|revision| Edit::SetCodebook(Box::new(Codebook { revision, ..Codebook::default() }))),
        1 => (0usize..3, made()).prop_map(|(at, annotation)| Edit::AddToTrash(vec![(at, Arc::new(TrashItem {
            unknown: vec![("later".to_owned(), Kept::new("1"))],
            ..TrashItem::new(
                Trashed::Annotation { article: "a0".into(), annotation: Arc::from(annotation) },
                "t".into(), None)
        }))])),
        1 => prop::collection::btree_set(0usize..4, 1..3).prop_map(|at| Edit::RemoveFromTrash(at.into_iter().collect())),
        2 => (article(), prop::collection::vec((0u8..6, 0usize..3), 1..4)).prop_map(|(article, items)| Edit::TrashAnnotations {
            article,
            items: items.into_iter().map(|(id, at)| to_trash(format!("t-{id}").as_str().into(), at)).collect(),
        }),
        2 => (article(), prop::collection::btree_set(0usize..4, 1..3)).prop_map(|(article, at)| Edit::RestoreAnnotations { article, at: at.into_iter().collect() }),
        2 => prop::collection::vec((article(), 0usize..3), 1..3).prop_map(|items| Edit::TrashArticles(
            items.into_iter().map(|(id, at)| to_trash(id, at)).collect())),
        2 => prop::collection::vec((0usize..4, 0usize..4), 1..3).prop_map(Edit::RestoreArticles),
        2 => (article(), prop::collection::vec(made(), 1..3)).prop_map(|(article, annotations)| Edit::ReplaceAnnotations {
            article, annotations: annotations.into_iter().map(Arc::from).collect() }),
        1 => prop::collection::vec((0usize..3, 0u8..4), 1..3).prop_map(|people| Edit::AddPeople(
            people.into_iter().map(|(at, id)| (at, Person::named(&format!("person {id}"), |_| false))).collect())),
        1 => prop::collection::vec(0u8..4, 1..3).prop_map(|people| Edit::RemovePeople(
            people.into_iter().map(|id| format!("person-{id}").as_str().into()).collect())),
        1 => (0usize..3, "[a-z]{1,3}").prop_map(|(at, raw)| Edit::AddToReview(vec![(at, SetAside::new("a0", "r", raw))])),
        1 => (0usize..3).prop_map(|at| Edit::RemoveFromReview(vec![at])),
    ]
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
                }
            }
        }
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
