//! What the recipes promise: the edits apply, what goes can come back, and the rest is as it was.

use super::codebook::CodebookError;
use super::mark::{Extent, Marking, change, mark, mark_also, mark_with_new, relabel, set_person};
use super::*;
use crate::core::annotation::{Annotation, AttributeValue, Link};
use crate::core::article::{Article, Status};
use crate::core::codebook::{Codebook, EdgeRule, Label, OverlapPolicy, ShownBy};
use crate::core::edit::{Edit, Transaction, apply};
use crate::core::ids::{AnnotationId, ArticleId, IdMint, LabelId};
use crate::core::project::Project;
use crate::core::text::{ArticleText, BytePos, ByteRange};

const TEXT: &str = "The mayor said “we will pay”. Nobody believed her.";

pub(super) fn range(start: u32, end: u32) -> ByteRange {
    ByteRange::new(BytePos(start), BytePos(end))
}

pub(super) fn make(project: &mut Project, edits: Vec<Edit>) {
    apply(project, &Transaction::new("step", edits)).unwrap();
}

pub(super) fn annotation(id: &str, label: &str, by: &str, range: ByteRange) -> Box<Annotation> {
    let mut made = Annotation::new(id.into(), by.into(), label.into(), range);
    made.links = vec![Link {
        role: "speaker".to_owned(),
        target: id.into(),
        unknown: Vec::new(),
    }];
    Box::new(made)
}

/// Two articles with the same text; the first has two quotes and a claim.
pub(super) fn project() -> Project {
    let article = |id: &str| {
        let text = ArticleText::new(TEXT.to_owned());
        Arc::new(Article::new(id.into(), id, text))
    };
    let mut project = Project::new("recipes");
    let mut edits = vec![Edit::AddArticles(vec![
        (0, article("a")),
        (1, article("b")),
    ])];
    let marks = [
        ("q1", "quote", "ana"),
        ("q2", "quote", "bo"),
        ("c1", "claim", "ana"),
    ];
    for (n, (id, label, by)) in (0..).zip(marks) {
        edits.push(Edit::AddAnnotation {
            article: "a".into(),
            annotation: annotation(id, label, by, range(2 * n, 2 * n + 9)),
        });
    }
    let annotators = ["ana", "bo"].map(|id| crate::core::project::Annotator {
        id: id.into(),
        name: id.to_owned(),
        unknown: Vec::new(),
    });
    edits.push(Edit::SetAnnotators(annotators.to_vec()));
    make(&mut project, edits);
    project
}

pub(super) fn signed(by: &AnnotatorId) -> Signed<'_> {
    let when = Some(Timestamp::new(7));
    Signed { by, when }
}

fn ids(project: &Project, article: &str) -> Vec<String> {
    let article = project.article(&article.into()).unwrap();
    article
        .annotations
        .iter()
        .map(|a| a.id.to_string())
        .collect()
}

/// Restoring everything that a recipe put into the trash brings back what was there.
#[track_caller]
fn check_way_back(edits: Vec<Edit>, wanted: &[usize]) -> Project {
    let before = project();
    let mut now = before.clone();
    make(&mut now, edits);
    let after = now.clone();
    let back = trash::restore(&now, wanted, signed(&"ana".into())).unwrap();
    make(&mut now, back);
    assert_eq!(now.trash(), before.trash());
    let sorted = |project: &Project| {
        let mut articles = project.articles().to_vec();
        articles.sort_by(|a, b| a.id.cmp(&b.id));
        let mut labels: Vec<LabelId> = project
            .codebook()
            .labels
            .iter()
            .map(|l| l.id.clone())
            .collect();
        labels.sort();
        let mut annotators = project.annotators().to_vec();
        annotators.sort_by(|a, b| a.id.cmp(&b.id));
        (articles, labels, annotators)
    };
    assert_eq!(sorted(&now), sorted(&before));
    after
}

#[test]
fn what_is_deleted_comes_back() {
    let me = AnnotatorId::from("ana");
    let (now, before) = (signed(&me), project());
    let article = ArticleId::from("a");
    let one = trash::trash_annotation(&before, &article, &"q1".into(), now);
    let after = check_way_back(vec![one.clone()], &[0]);
    assert_eq!(ids(&after, "a"), ["c1", "q2"]);
    let whole = trash::trash_articles(&before, &["a".into(), "b".into()], now);
    assert!(check_way_back(vec![whole], &[0, 1]).articles().is_empty());
    // An annotation brings its article with it.
    let mut project = before.clone();
    make(&mut project, vec![one]);
    let whole = trash::trash_articles(&project, &["a".into()], now);
    make(&mut project, vec![whole]);
    assert_eq!(trash::purge(&project, &[1]), [0, 1]);
    assert_eq!(trash::purge(&project, &[0]), [0]);
    let back = trash::restore(&project, &[0], signed(&me)).unwrap();
    make(&mut project, back);
    assert_eq!(ids(&project, "a"), ["c1", "q1", "q2"]);
    assert!(trash::restore(&project, &[0], signed(&me)).is_err());
}

#[test]
fn labels_and_annotators_go_with_what_they_have() {
    let me = AnnotatorId::from("ana");
    let (now, before) = (signed(&me), project());
    let quote = LabelId::from("quote");
    let gone = trash::delete_label(&before, &quote, None, now).unwrap();
    assert_eq!((gone.name.as_str(), gone.annotations), ("Quote", 2));
    let after = check_way_back(gone.edits, &[2]);
    let mut whole = after.clone();
    make(&mut whole, trash::restore(&after, &[2], now).unwrap());
    let told: Vec<&str> = whole
        .codebook()
        .changes
        .iter()
        .map(|c| c.what.as_str())
        .collect();
    assert_eq!(told, ["delete label “Quote”", "restore label “Quote”"]);
    assert_eq!(ids(&after, "a"), ["c1"]);
    assert_eq!(trash::together(&after, &after.trash()[2]), [0, 1]);
    // A quote alone brings the label back, and not the other quote.
    let mut one = after.clone();
    make(&mut one, trash::restore(&after, &[1], now).unwrap());
    assert_eq!(ids(&one, "a"), ["c1", "q2"]);
    assert!(one.codebook().label("quote").is_some());

    let moved = trash::delete_label(&before, &quote, Some(&"claim".into()), now).unwrap();
    let mut project = before.clone();
    make(&mut project, moved.edits);
    let claim = project.articles()[0].annotations.count_of(&"claim".into());
    assert_eq!((claim, project.trash().len()), (3, 1));
    assert!(trash::delete_label(&before, &"?".into(), None, now).is_none());

    let gone = trash::delete_annotator(&before, &me, now).unwrap();
    assert_eq!(gone.annotations, 2);
    let after = check_way_back(gone.edits, &[2]);
    assert_eq!(ids(&after, "a"), ["q2"]);
    assert_eq!(after.annotators().len(), 1);
}

#[test]
fn a_version_that_was_replaced_comes_back_under_ids_of_its_own() {
    let me = AnnotatorId::from("ana");
    let mut project = project();
    let whole = trash::trash_articles(&project, &["a".into()], signed(&me));
    make(&mut project, vec![whole]);
    let newer = Edit::AddAnnotation {
        article: "b".into(),
        annotation: annotation("q1", "quote", "ana", range(0, 9)),
    };
    make(&mut project, vec![newer]);
    let back = trash::restore(&project, &[0], signed(&me)).unwrap();
    make(&mut project, back);
    assert_eq!(ids(&project, "a"), ["c1@a", "q1@a", "q2@a"]);
    let restored = project.article(&"a".into()).unwrap();
    for annotation in restored.annotations.iter() {
        assert_eq!(annotation.links[0].target, annotation.id);
    }
    assert_eq!(project.articles()[1].id.as_str(), "a");
}

#[test]
fn a_stretch_is_marked_once() {
    let me = AnnotatorId::from("ana");
    let mut project = project();
    let mut mint = IdMint::new("t");
    let mut try_to = |project: &Project, range, label: &str| {
        let article = project.article(&"b".into()).unwrap();
        mark(
            project,
            article,
            (range, Extent::Policy),
            &label.into(),
            signed(&me),
            &mut mint,
        )
    };
    assert_eq!(try_to(&project, range(3, 4), "quote"), Marking::Blank);
    let Marking::New {
        edits,
        id,
        range: trimmed,
    } = try_to(&project, range(3, 10), "quote")
    else {
        panic!("not marked");
    };
    assert_eq!(
        (id.as_str(), trimmed, edits.len()),
        ("t-000001", range(4, 9), 2)
    );
    make(&mut project, edits);
    let article = project.article(&"b".into()).unwrap();
    assert_eq!(article.status_for(&me), Status::InProgress);
    let made = article.annotations.get("t-000001").unwrap();
    assert_eq!(
        (made.made, made.codebook_revision),
        (Some(Timestamp::new(7)), project.codebook().revision)
    );
    let again = AnnotationId::from("t-000001");
    assert_eq!(
        try_to(&project, range(4, 9), "quote"),
        Marking::There(again)
    );
    let mut codebook = Codebook::clone(project.codebook());
    let mut labels = codebook.labels.iter_mut();
    labels
        .find(|label| label.id.as_str() == "claim")
        .unwrap()
        .overlap = OverlapPolicy::Never;
    make(&mut project, vec![Edit::SetCodebook(Box::new(codebook))]);
    assert_eq!(try_to(&project, range(0, 9), "claim"), Marking::Refused);
    // Nothing was given out for what was refused.
    let Marking::New { id, edits, .. } = try_to(&project, range(0, 9), "quote") else {
        panic!("not marked");
    };
    assert_eq!((id.as_str(), edits.len()), ("t-000002", 1));
}

#[test]
fn a_mark_ends_where_the_policy_says_and_begins_with_its_defaults() {
    let (mut project, me) = (project(), AnnotatorId::from("ana"));
    let mut codebook = Codebook::clone(project.codebook());
    let quote = &mut codebook.labels[0];
    quote.edges.quotation_marks = EdgeRule::Out;
    quote.attributes[0].default = Some(AttributeValue::Text("direct".to_owned()));
    make(&mut project, vec![Edit::SetCodebook(Box::new(codebook))]);
    let mut mint = IdMint::new("t");
    let mut check = |extent: Extent, expected: ByteRange| {
        let article = project.article(&"b".into()).unwrap();
        let wanted = (range(14, 32), extent);
        let label = LabelId::from("quote");
        let marking = mark(&project, article, wanted, &label, signed(&me), &mut mint);
        let Marking::New { edits, range, .. } = marking else {
            panic!("{marking:?}");
        };
        assert_eq!(range, expected);
        let (_, made) = edits[0].annotations()[0];
        assert_eq!(*made.fragments, [expected]);
        let kind = made.attributes.get("kind").map(AttributeValue::to_text);
        assert_eq!(kind.as_deref(), Some("direct"));
    };
    check(Extent::Policy, range(18, 29));
    check(Extent::Selected, range(15, 32));
}

#[test]
fn people_enter_the_ledger_once() {
    let me = AnnotatorId::from("ana");
    let mut project = project();
    let set = |project: &Project, id: &str, name: &str| {
        let article = project.article(&"a".into()).unwrap();
        set_person(project, article, &id.into(), "speaker", name, signed(&me))
    };
    for (id, expected) in [("q1", 2), ("q2", 1), ("q2", 0), ("none", 0)] {
        let edits = set(&project, id, "Ada Quill");
        assert_eq!(edits.len(), expected, "{id}");
        make(&mut project, edits);
    }
    let article = project.article(&"a".into()).unwrap();
    let speaker = article
        .annotations
        .get("q2")
        .unwrap()
        .attributes
        .get("speaker");
    assert_eq!(speaker, Some(&AttributeValue::Person("ada-quill".into())));
    assert!(change(article, &"q2".into(), signed(&me), |_| ()).is_none());
}

#[test]
fn the_kept_copy_gets_what_it_lacks() {
    let me = AnnotatorId::from("ana");
    let mut project = project();
    let mut mint = IdMint::new("t");
    let (keep, others) = (ArticleId::from("b"), ["a".into(), "b".into(), "?".into()]);
    let mut keep_copy = |carries| {
        copies::keep_copy(&project, &keep, &others, carries, signed(&me), &mut mint).unwrap()
    };
    let bare = keep_copy(false);
    assert_eq!(
        (bare.edits.len(), bare.copies, bare.carried, bare.lost),
        (1, 1, 0, 0)
    );
    let kept = keep_copy(true);
    assert_eq!((kept.copies, kept.carried, kept.lost), (1, 3, 0));
    make(&mut project, kept.edits);
    assert_eq!(ids(&project, "b"), ["t-000001", "t-000002", "t-000003"]);
    for annotation in project.articles()[0].annotations.iter() {
        assert_eq!(annotation.links[0].target, annotation.id);
    }
    assert_eq!(project.trash().len(), 1);
}

/// What the copies were in, the kept one is in; an example is where its annotation went.
#[test]
fn the_kept_copy_is_in_the_sets_of_the_others() {
    let me = AnnotatorId::from("ana");
    let mut project = project();
    let set = |members: &[&str], project: &Project| {
        let chosen = sets::Chosen {
            members: members.iter().map(ArticleId::new).collect(),
            how: String::new(),
            seed: 0,
        };
        sets::keep(project, "", chosen, signed(&me), &IdMint::new("t")).1
    };
    for members in [&["?", "a"][..], &["a", "b"], &["b", "a"], &["b"]] {
        let edit = set(members, &project);
        make(&mut project, vec![edit]);
    }
    let mut codebook = project.codebook().clone();
    let shown = |id: &str| ShownBy {
        article: "a".into(),
        annotation: id.into(),
        is_counter: false,
        unknown: Vec::new(),
    };
    codebook.labels[0].shown_by = vec![shown("q1"), shown("gone")];
    make(&mut project, vec![Edit::SetCodebook(Box::new(codebook))]);
    let before = project.clone();
    let mut mint = IdMint::new("t");
    let kept = copies::keep_copy(
        &project,
        &"b".into(),
        &["a".into()],
        true,
        signed(&me),
        &mut mint,
    );
    let undo = apply(&mut project, &Transaction::new("keep", kept.unwrap().edits)).unwrap();
    let found: Vec<Vec<&str>> = project
        .sets()
        .iter()
        .map(|set| set.members.iter().map(ArticleId::as_str).collect())
        .collect();
    assert_eq!(found, [vec!["?", "b"], vec!["b"], vec!["b"], vec!["b"]]);
    let shown = &project.codebook().labels[0].shown_by;
    assert_eq!(
        (shown[0].article.as_str(), shown[1].article.as_str()),
        ("b", "a")
    );
    let b = project.article(&"b".into()).unwrap();
    assert!(b.annotations.get(shown[0].annotation.as_str()).is_some());
    apply(&mut project, &undo).unwrap();
    assert_eq!(project, before);
}

/// A person whose entry is gone from the ledger enters it again by their name.
#[test]
fn a_person_who_is_named_again_is_in_the_ledger() {
    let mut project = project();
    let me = AnnotatorId::from("ana");
    for _ in 0..2 {
        let article = project.article(&"a".into()).unwrap();
        let edits = set_person(
            &project,
            article,
            &"q1".into(),
            "speaker",
            "Ada Quill",
            signed(&me),
        );
        make(&mut project, edits);
        assert_eq!(project.people().len(), 1);
        let gone = project.people().iter().map(|person| person.id.clone());
        let gone = Edit::RemovePeople(gone.collect());
        make(&mut project, vec![gone]);
    }
}

#[test]
fn words_are_marked_twice_and_with_a_new_label() {
    let me: AnnotatorId = "ana".into();
    let project = project();
    let article = &project.articles()[0];
    let mut mint = IdMint::new("t");
    let first = article.annotations.iter().next().unwrap().clone();
    let also = mark_also(
        &project,
        article,
        &first,
        &"cue".into(),
        signed(&me),
        &mut mint,
    );
    let Marking::New { edits, id, .. } = also else {
        panic!("{also:?}");
    };
    let mut changed = project.clone();
    make(&mut changed, edits);
    let article = &changed.articles()[0];
    let made = article.annotations.get(id.as_str()).unwrap();
    assert_eq!(
        (made.fragments.clone(), made.label.as_str()),
        (first.fragments.clone(), "cue")
    );
    let again = mark_also(
        &changed,
        article,
        &first,
        &"cue".into(),
        signed(&me),
        &mut mint,
    );
    assert_eq!(again, Marking::There(id));
    let label = Label::new("pride", "Pride", 0);
    let new = (label.clone(), 1);
    let article = &project.articles()[0];
    let marking = mark_with_new(&project, article, range(0, 9), new, signed(&me), &mut mint);
    let Ok(Marking::New { edits, id, .. }) = marking else {
        panic!("{marking:?}");
    };
    make(&mut changed, edits);
    assert_eq!(changed.codebook().labels[1], label);
    let made = changed.articles()[0].annotations.get(id.as_str()).unwrap();
    assert_eq!(made.codebook_revision, changed.codebook().revision);
    let taken = (Label::new("x", "QUOTE", 0), 0);
    let refused = mark_with_new(
        &project,
        article,
        range(0, 9),
        taken,
        signed(&me),
        &mut mint,
    );
    assert_eq!(refused, Err(CodebookError::NameTaken("Quote".to_owned())));
}

/// Another label is as the codebook now means it, and so is the same one of an older meaning.
#[test]
fn a_label_that_is_given_anew_is_of_the_present_codebook() {
    let me: AnnotatorId = "ana".into();
    let mut project = project();
    let mut codebook = project.codebook().clone();
    codebook.revision = 9;
    codebook.labels[0].redefined = 5;
    make(&mut project, vec![Edit::SetCodebook(Box::new(codebook))]);
    let check = |id: &str, label: &str, expected: Option<(&str, u32)>| {
        let article = &project.articles()[0];
        let edit = relabel(
            project.codebook(),
            article,
            &id.into(),
            &label.into(),
            signed(&me),
        );
        let Some(edit) = edit else {
            assert_eq!(expected, None, "{id} {label}");
            return;
        };
        let mut changed = project.clone();
        make(&mut changed, vec![edit]);
        let made = changed.articles()[0].annotations.get(id).unwrap();
        let found = (made.label.as_str(), made.codebook_revision);
        assert_eq!(Some(found), expected, "{id} {label}");
    };
    check("q1", "quote", Some(("quote", 9)));
    check("q1", "claim", Some(("claim", 9)));
    check("c1", "claim", None);
    check("gone", "claim", None);
}

fn with_label(project: &Project, label: Label) -> Project {
    let mut changed = project.clone();
    let mut codebook = project.codebook().clone();
    codebook.labels.push(label);
    make(&mut changed, vec![Edit::SetCodebook(Box::new(codebook))]);
    changed
}

#[test]
fn a_label_comes_back_beside_one_that_took_its_name_and_key() {
    let me = AnnotatorId::from("ana");
    let claim = LabelId::from("claim");
    let check = |name: &str, key: Option<char>, expected: (&str, Option<char>)| {
        let mut project = project();
        let gone = trash::delete_label(&project, &claim, None, signed(&me)).unwrap();
        make(&mut project, gone.edits);
        let mut other = Label::new("other", name, 0);
        other.key = key;
        let mut project = with_label(&project, other);
        let at = project.trash().len() - 1;
        let back = trash::restore(&project, &[at], signed(&me)).unwrap();
        make(&mut project, back);
        let claim = project.codebook().label("claim").unwrap();
        assert_eq!((claim.name.as_str(), claim.key), expected);
    };
    check("Other", Some('o'), ("Claim", Some('c')));
    check("CLAIM ", None, ("Claim (2)", Some('c')));
    check("Other", Some('C'), ("Claim", None));
}

/// A dataset of one quote with a label, as its annotations have it in the project, and that name.
#[test]
fn a_dataset_puts_nothing_under_a_label_that_is_another() {
    let me = AnnotatorId::from("ana");
    let check = |own: (&str, &str), theirs: (&str, &str), expected: (&str, &str)| {
        let project = with_label(&project(), Label::new(own.0, own.1, 0));
        let text = ArticleText::new("Another text altogether.".to_owned());
        let mut article = Article::new("x".into(), "X", text);
        let mark = annotation("x1", theirs.0, "ana", range(0, 7));
        article.annotations = crate::core::annotation::AnnotationSet::from_annotations([*mark]).0;
        let parts = crate::core::project::ProjectParts {
            codebook: Codebook::of(vec![Label::new(theirs.0, theirs.1, 0)]),
            articles: vec![Arc::new(article)],
            ..Default::default()
        };
        let (edits, _) = dataset::add_parts(&project, &project, parts, signed(&me));
        let mut changed = project.clone();
        make(&mut changed, edits);
        let article = changed.articles().last().unwrap();
        let id = article.annotations.iter().next().unwrap().label.clone();
        let found = (id.as_str(), changed.codebook().name_of(&id));
        assert_eq!(found, expected, "{own:?} {theirs:?}");
        assert_eq!(changed.codebook().name_of(&own.0.into()), own.1);
    };
    let straw = ("new_label", "Straw man");
    check(straw, straw, straw);
    check(straw, ("new_label", "STRAW MAN"), straw);
    check(
        straw,
        ("new_label", "Whatabout"),
        ("whatabout", "Whatabout"),
    );
    check(straw, ("new_label", "Quote"), ("quote", "Quote"));
    // It has no name of its own there.
    check(("tone", "Mood"), ("tone", "tone"), ("tone", "Mood"));
}

/// Sets of a dataset name the articles as they are here, and add to those that are here.
#[test]
fn sets_come_with_a_dataset() {
    use crate::core::project::{ArticleSet, ProjectParts};
    let me = AnnotatorId::from("ana");
    let set = |id: &str, name: &str, members: &[&str]| {
        Arc::new(ArticleSet {
            id: id.into(),
            name: name.to_owned(),
            by: "bo".into(),
            when: None,
            how: "by lot".to_owned(),
            seed: 7,
            members: members.iter().map(|id| ArticleId::from(*id)).collect(),
            unknown: Vec::new(),
        })
    };
    let mut own = project();
    make(
        &mut own,
        vec![Edit::AddSets(vec![(0, set("s1", "Pilot", &["a"]))])],
    );
    // “a” of the dataset is another article, “y” is the text that is here as “a”.
    let article = |id: &str, text: &str| {
        let text = ArticleText::new(text.to_owned());
        Arc::new(Article::new(id.into(), id, text))
    };
    let check = |theirs: Vec<Arc<ArticleSet>>, expected: &[(&str, &str, &[&str])]| {
        let parts = ProjectParts {
            articles: vec![
                article("a", "Another one."),
                article("y", TEXT),
                article("z", "Z."),
            ],
            sets: theirs,
            ..ProjectParts::default()
        };
        let (edits, added) = dataset::add_parts(&own, &own, parts, signed(&me));
        assert_eq!(added, 2);
        let mut changed = own.clone();
        make(&mut changed, edits);
        let new = |text: &str| {
            let mut all = changed.articles().iter();
            all.find(|article| article.text.as_str() == text)
                .unwrap()
                .id
                .to_string()
        };
        let (other, third) = (new("Another one."), new("Z."));
        assert!(other != "a" && third == "z");
        let called = |id: &ArticleId| match id.to_string() {
            id if id == other => "other".to_owned(),
            id => id,
        };
        let found = changed.sets().iter().map(|set| {
            let members: Vec<String> = set.members.iter().map(called).collect();
            (set.id.to_string(), set.name.clone(), members)
        });
        let expected = expected.iter().map(|(id, name, members)| {
            let members: Vec<String> = members.iter().map(|id| (*id).to_owned()).collect();
            ((*id).to_owned(), (*name).to_owned(), members)
        });
        assert_eq!(found.collect::<Vec<_>>(), expected.collect::<Vec<_>>());
    };
    let pilot = ("s1", "Pilot", &["a"][..]);
    check(Vec::new(), &[pilot]);
    // A new one; of a name that is taken, under another.
    check(
        vec![set("s2", "Wave", &["a", "y", "z"])],
        &[pilot, ("s2", "Wave", &["other", "a", "z"])],
    );
    check(
        vec![set("s2", "PILOT", &["z"])],
        &[pilot, ("s2", "PILOT (2)", &["z"])],
    );
    // The same one: what it has more comes behind what it has.
    check(vec![set("s1", "Pilot", &["y"])], &[pilot]);
    check(
        vec![set("s1", "Pilot", &["z", "y", "a"])],
        &[("s1", "Pilot", &["a", "z", "other"])],
    );
    // An article that came with neither stays named.
    check(
        vec![set("s2", "Wave", &["gone"])],
        &[pilot, ("s2", "Wave", &["gone"])],
    );
}

/// Whoever is linked with one of them is linked with all.
#[test]
fn linking_articles_loses_no_link() {
    use super::copies::{GROUP, linked};
    let mut project = Project::new("links");
    let of = |id: &str, group: &str| {
        let text = ArticleText::new(TEXT.to_owned());
        let mut article = Article::new(id.into(), id, text);
        if !group.is_empty() {
            article.metadata.insert(GROUP.to_owned(), group.to_owned());
        }
        Arc::new(article)
    };
    let articles = [
        ("a", ""),
        ("b", "one"),
        ("c", "one"),
        ("d", "two"),
        ("e", "two"),
        ("f", "three"),
        ("g", ""),
    ];
    let articles = articles
        .iter()
        .enumerate()
        .map(|(at, (id, group))| (at, of(id, group)));
    make(&mut project, vec![Edit::AddArticles(articles.collect())]);
    let groups = |project: &Project| {
        let all = project.articles().iter();
        let all = all.map(|article| article.meta(GROUP).unwrap_or("").to_owned());
        all.collect::<Vec<_>>()
    };
    for (ids, expected) in [
        (
            &["a", "g"][..],
            ["a", "one", "one", "two", "two", "three", "a"],
        ),
        (&["g", "b"], ["a", "a", "a", "two", "two", "three", "a"]),
        (
            &["d", "c"],
            ["two", "two", "two", "two", "two", "three", "two"],
        ),
    ] {
        let found = ids
            .iter()
            .filter_map(|id| project.article(&ArticleId::from(*id)));
        let (_, edits) = linked(&project, found).unwrap();
        make(&mut project, edits);
        assert_eq!(groups(&project), expected, "{ids:?}");
        let found = ids
            .iter()
            .filter_map(|id| project.article(&ArticleId::from(*id)));
        assert!(linked(&project, found).unwrap().1.is_empty());
    }
}
