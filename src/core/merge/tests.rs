//! What a merge makes of two copies.

use super::*;
use crate::core::annotation::AnnotationSet;
use crate::core::codebook::{Codebook, CodebookChange, Label, LinkRole, Thing};
use crate::core::edit::{Transaction, apply};
use crate::core::kept::Kept;
use crate::core::kept::UnknownFields;
use crate::core::project::{
    Annotator, ArticleSet, Dismissed, Group, HitKey, ImportReport, Person, ProjectParts, Rule,
    SetAside, TrashItem, Trashed,
};
use crate::core::text::{ArticleText, BytePos, ByteRange};
use proptest::prelude::*;
use std::collections::BTreeMap;

fn base() -> Project {
    let mut project = Project::new("base");
    let article = |n: usize| {
        let text = ArticleText::new("One two three four five six".to_owned());
        Arc::new(Article::new(format!("a{n}").as_str().into(), "Title", text))
    };
    let mut edits = vec![Edit::AddArticles((0..3).map(|n| (n, article(n))).collect())];
    edits.push(add("a0", "x-1", 0, 3));
    edits.push(add("a0", "x-2", 4, 7));
    apply(&mut project, &Transaction::new("base", edits)).unwrap();
    project
}

fn annotation(id: &str, start: u32, end: u32) -> Box<Annotation> {
    let range = ByteRange::new(BytePos(start), BytePos(end));
    Box::new(Annotation::new(
        id.into(),
        "x".into(),
        "quote".into(),
        range,
    ))
}

fn add(article: &str, id: &str, start: u32, end: u32) -> Edit {
    let (article, annotation) = (article.into(), annotation(id, start, end));
    Edit::AddAnnotation {
        article,
        annotation,
    }
}

fn put(id: &str, start: u32, end: u32) -> Edit {
    let (article, annotation) = ("a0".into(), annotation(id, start, end));
    Edit::ReplaceAnnotation {
        article,
        annotation,
    }
}

fn trash(id: &str) -> Edit {
    let (id, by) = (id.into(), "x".into());
    let items = vec![ToTrash::new(id, 0, by, None)];
    Edit::TrashAnnotations {
        article: "a0".into(),
        items,
    }
}

/// The annotations after merging, as `article:id@start`, then how many conflicts there were.
#[track_caller]
fn check(mine: Vec<Edit>, theirs: Vec<Edit>, expected: &str, conflicts: usize) {
    let base = base();
    let copy = |edits: Vec<Edit>| {
        let mut copy = base.clone();
        apply(&mut copy, &Transaction::new("edit", edits)).unwrap();
        copy
    };
    let (mut mine, theirs) = (copy(mine), copy(theirs));
    let before = mine.clone();
    let merge = merge(&base, &mine, &theirs, &"me".into(), None);
    let transaction = Transaction::new("merge", merge.edits);
    let undo = apply(&mut mine, &transaction).unwrap();
    let found = mine.articles().iter().flat_map(|article| {
        let all = article.annotations.iter();
        all.map(move |a| format!("{}:{}@{}", article.id, a.id, a.start().0))
    });
    assert_eq!(found.collect::<Vec<_>>().join(" "), expected);
    assert_eq!(merge.conflicts.len(), conflicts, "{:?}", merge.conflicts);
    // Nothing of either is lost, and it is one step.
    apply(&mut mine, &undo).unwrap();
    assert_eq!(mine, before);
}

#[test]
fn what_a_merge_makes() {
    check(vec![], vec![], "a0:x-1@0 a0:x-2@4", 0);
    check(
        vec![add("a1", "m-1", 0, 3)],
        vec![add("a1", "t-1", 4, 7)],
        "a0:x-1@0 a0:x-2@4 a1:m-1@0 a1:t-1@4",
        0,
    );
    check(
        vec![put("x-1", 4, 7)],
        vec![put("x-2", 8, 13)],
        "a0:x-1@4 a0:x-2@8",
        0,
    );
    check(
        vec![put("x-1", 4, 7)],
        vec![put("x-1", 8, 13)],
        "a0:x-1@4 a0:x-1-2@8 a0:x-2@4",
        1,
    );
    check(
        vec![put("x-1", 4, 7)],
        vec![put("x-1", 4, 7)],
        "a0:x-1@4 a0:x-2@4",
        0,
    );
    check(vec![trash("x-1")], vec![], "a0:x-2@4", 0);
    check(vec![], vec![trash("x-1")], "a0:x-2@4", 0);
    check(vec![trash("x-1")], vec![trash("x-1")], "a0:x-2@4", 0);
    check(
        vec![trash("x-1")],
        vec![put("x-1", 8, 13)],
        "a0:x-1@8 a0:x-2@4",
        1,
    );
    check(
        vec![put("x-1", 8, 13)],
        vec![trash("x-1")],
        "a0:x-1@8 a0:x-2@4",
        1,
    );
    check(vec![], vec![Edit::RemoveArticles(vec!["a0".into()])], "", 0);
    check(
        vec![add("a0", "m-1", 8, 13)],
        vec![Edit::RemoveArticles(vec!["a0".into()])],
        "a0:m-1@8 a0:x-1@0 a0:x-2@4",
        1,
    );
    check(
        vec![Edit::RemoveArticles(vec!["a0".into()])],
        vec![put("x-1", 8, 13)],
        "a0:x-1@8 a0:x-2@4",
        1,
    );
}

#[test]
fn what_one_changed_and_the_other_deleted_is_told_both_ways() {
    let details = |metadata: &[(&str, &str)]| {
        let metadata = metadata.iter();
        let metadata = metadata.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Edit::SetDetails {
            article: "a0".into(),
            details: ArticleDetails {
                title: "Title".to_owned(),
                metadata: metadata.collect(),
                notes: String::new(),
            },
        }
    };
    let label = |change: Option<&str>| {
        let mut codebook = Codebook::default();
        let at = codebook.labels.iter().position(|l| l.id.as_str() == "cue");
        match change {
            Some(definition) => codebook.labels[at.unwrap()].definition = definition.to_owned(),
            None => drop(codebook.labels.remove(at.unwrap())),
        }
        Edit::SetCodebook(Box::new(codebook))
    };
    let mut base = base();
    apply(
        &mut base,
        &Transaction::new("field", vec![details(&[("outlet", "Post")])]),
    )
    .unwrap();
    let told = |mine: &[Edit], theirs: &[Edit]| {
        let copy = |edits: &[Edit]| {
            let mut copy = base.clone();
            apply(&mut copy, &Transaction::new("edit", edits.to_vec())).unwrap();
            copy
        };
        merge(&base, &copy(mine), &copy(theirs), &"me".into(), None).conflicts
    };
    let check = |changed: Edit, deleted: Edit, what: &str| {
        let (changed, deleted) = ([changed], [deleted]);
        let stays = format!("{what} was changed here and deleted in the other copy; it stays");
        assert_eq!(told(&changed, &deleted), [stays]);
        let back = told(&deleted, &changed);
        assert_eq!(back.len(), 1, "{back:?}");
        assert!(back[0].starts_with(what) && back[0].ends_with("in the other copy; it is back"));
        assert_eq!(told(&changed, &[]), [""; 0]);
        assert_eq!(told(&deleted, &[]), [""; 0]);
    };
    check(put("x-1", 8, 13), trash("x-1"), "annotation x-1 in “Title”");
    let removed = Edit::RemoveArticles(vec!["a0".into()]);
    check(put("x-1", 8, 13), removed, "“Title”");
    check(
        details(&[("outlet", "Times")]),
        details(&[]),
        "“outlet” of “Title”",
    );
    check(label(Some("New")), label(None), "the label “Cue”");
}

/// A copy of the project with a new label, a kind of it that leads to it, and a mark.
fn with_new(base: &Project, id: &str, name: &str, mark: &str) -> Project {
    let mut parts = base.parts();
    let labels = &mut parts.codebook.labels;
    labels.push(Label::new(id, name, 0));
    labels.push(Label {
        parent: Some(id.into()),
        link_roles: vec![LinkRole::to_label(id)],
        ..Label::new(&format!("kind_of_{mark}"), &format!("Kind of {mark}"), 0)
    });
    let article = Arc::make_mut(&mut parts.articles[1]);
    let mut made = annotation(mark, 0, 3);
    made.label = id.into();
    article.annotations = AnnotationSet::from_annotations([*made]).0;
    Project::from_parts(parts)
}

#[test]
fn a_label_that_one_removed_is_back_where_the_other_marked_with_it() {
    let base = base();
    let mine = with(&base, |parts| {
        parts
            .codebook
            .labels
            .retain(|label| label.id.as_str() != "claim");
    });
    let check = |theirs: &Project, expected: bool| {
        let (found, _) = merged(&base, &mine, theirs);
        assert_eq!(found.codebook().label("claim").is_some(), expected);
    };
    check(&base, false);
    let marked = with(&base, |parts| {
        let article = Arc::make_mut(&mut parts.articles[1]);
        let mut made = annotation("t-1", 0, 3);
        made.label = "claim".into();
        article.annotations = AnnotationSet::from_annotations([*made]).0;
    });
    check(&marked, true);
}

#[test]
fn labels_of_one_id_that_both_added_stay_two_where_their_names_do() {
    let base = base();
    let check = |mine: (&str, &str), theirs: (&str, &str), expected: (&str, &str), told: usize| {
        let mine = with_new(&base, mine.0, mine.1, "m-1");
        let theirs = with_new(&base, theirs.0, theirs.1, "t-1");
        let (found, conflicts) = merged(&base, &mine, &theirs);
        let marks = &found.articles()[1].annotations;
        for (mark, name) in [("m-1", expected.0), ("t-1", expected.1)] {
            let label = &marks.get(mark).unwrap().label;
            assert_eq!(found.codebook().name_of(label), name);
            let kind = found.codebook().label(&format!("kind_of_{mark}")).unwrap();
            assert_eq!(kind.parent.as_ref(), Some(label));
            assert_eq!(kind.link_roles[0].target.as_ref(), Some(label));
        }
        assert_eq!(conflicts.len(), told, "{conflicts:?}");
        let mut names: Vec<&str> = found
            .codebook()
            .labels
            .iter()
            .map(|l| l.name.as_str())
            .collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), found.codebook().labels.len());
        // Merged once more, it is as it is.
        let (again, _) = merged(&theirs, &found, &theirs);
        assert_eq!(again, found);
        conflicts
    };
    let straw = ("new_label", "Straw man");
    let told = check(
        straw,
        ("new_label", "Whatabout"),
        ("Straw man", "Whatabout"),
        1,
    );
    assert_eq!(
        told[0],
        "the label “Whatabout” has the id new_label in the other copy, which is that of “Straw man” here; both stay, and “Whatabout” has the id whatabout"
    );
    check(straw, straw, ("Straw man", "Straw man"), 0);
    check(
        straw,
        ("straw_man", "Straw man"),
        ("Straw man", "Straw man"),
        0,
    );
}

#[test]
fn what_went_to_their_trash_is_in_mine_once() {
    let base = base();
    let mut theirs = base.clone();
    apply(&mut theirs, &Transaction::new("delete", vec![trash("x-1")])).unwrap();
    let mut mine = base.clone();
    let merge = merge(&base, &mine, &theirs, &"me".into(), None);
    apply(&mut mine, &Transaction::new("merge", merge.edits)).unwrap();
    assert_eq!(mine.trash().len(), 1);
}

/// A field of a later version, put where records can have one.
type Put = fn(&mut ProjectParts, UnknownFields);

/// Every record that two copies may both change, by what conflicts call it.
const RECORDS: &[(&str, Put)] = &[
    ("the project", |parts, fields| parts.unknown = fields),
    ("the codebook", |parts, fields| {
        parts.codebook.unknown = fields;
    }),
    ("the label", |parts, fields| {
        parts.codebook.labels[0].unknown = fields;
    }),
    ("the attribute", |parts, fields| {
        parts.codebook.labels[0].attributes[0].unknown = fields;
    }),
    ("the link role", |parts, fields| {
        parts.codebook.labels[0].link_roles[0].unknown = fields;
    }),
    ("the annotator", |parts, fields| {
        parts.annotators[0].unknown = fields;
    }),
    ("the person", |parts, fields| {
        parts.people[0].unknown = fields;
    }),
    ("the article", |parts, fields| {
        Arc::make_mut(&mut parts.articles[1]).unknown = fields;
    }),
    ("annotation", |parts, fields| {
        let article = Arc::make_mut(&mut parts.articles[0]);
        let annotations = article.annotations.iter().map(|a| {
            let mut a = Annotation::clone(a);
            a.unknown = match a.id.as_str() {
                "x-1" => fields.clone(),
                _ => a.unknown.clone(),
            };
            a
        });
        article.annotations = AnnotationSet::from_annotations(annotations.collect::<Vec<_>>()).0;
    }),
    ("an item of the trash", |parts, fields| {
        parts.trash[0].unknown = fields;
    }),
    ("an item of the review list", |parts, fields| {
        parts.set_aside[0].unknown = fields;
    }),
    ("set of articles", |parts, fields| {
        Arc::make_mut(&mut parts.sets[0]).unknown = fields;
    }),
    ("kept rule", |parts, fields| {
        Arc::make_mut(&mut parts.rules[0]).unknown = fields;
    }),
    ("the group", |parts, fields| {
        Arc::make_mut(&mut parts.groups[0]).unknown = fields;
    }),
    ("a report", |parts, fields| {
        Arc::make_mut(&mut parts.imports[0]).unknown = fields;
    }),
];

fn full() -> Project {
    let mut parts = base().parts();
    parts.annotators = vec![Annotator {
        id: "ana".into(),
        name: "Ana".to_owned(),
        unknown: UnknownFields::new(),
    }];
    parts.people = vec![Person::named("Ann", |_| false)];
    let gone = Trashed::Annotator(parts.annotators[0].clone());
    parts.trash = vec![TrashItem::new(gone, "ana".into(), None)];
    parts.set_aside = vec![SetAside::new("a0", "why", "()")];
    parts.sets = vec![Arc::new(ArticleSet {
        id: "s".into(),
        name: "Set".to_owned(),
        by: "ana".into(),
        when: None,
        how: "drawn".to_owned(),
        seed: 7,
        members: vec!["a0".into()],
        unknown: UnknownFields::new(),
    })];
    parts.rules = vec![rule("Said", &[1])];
    parts.groups = vec![group("g", "ana", &["x-1"])];
    parts.imports = vec![Arc::new(ImportReport {
        by: "ana".into(),
        when: None,
        summary: "one file".to_owned(),
        files: Vec::new(),
        unknown: UnknownFields::new(),
    })];
    Project::from_parts(parts)
}

fn field(name: &str, raw: &str) -> (String, Kept) {
    (name.to_owned(), Kept::new(raw))
}

fn with(project: &Project, change: impl FnOnce(&mut ProjectParts)) -> Project {
    let mut parts = project.parts();
    change(&mut parts);
    Project::from_parts(parts)
}

/// What a merge that changed the codebook says in its log, and nothing else is there.
fn merge_in_log(found: &Project) -> Vec<CodebookChange> {
    let changes = &found.codebook().changes;
    let merges = changes
        .iter()
        .filter(|change| change.what == "merge with another copy");
    let merges: Vec<CodebookChange> = merges.cloned().collect();
    assert_eq!(changes.len(), merges.len());
    merges
}

/// What a merge makes of two copies, and what it tells; all that the other copy has in fields of
/// a later version is there, on the review list if need be.
#[track_caller]
fn merged(base: &Project, mine: &Project, theirs: &Project) -> (Project, Vec<String>) {
    let merge = merge(base, mine, theirs, &"me".into(), None);
    let mut merged = mine.clone();
    let undo = apply(&mut merged, &Transaction::new("merge", merge.edits)).unwrap();
    let mut back = merged.clone();
    apply(&mut back, &undo).unwrap();
    assert_eq!(&back, mine);
    (merged, merge.conflicts)
}

fn text(project: &Project) -> String {
    serde_json::to_string(&project.parts()).unwrap()
}

#[test]
fn fields_of_a_later_version_are_merged_in_every_record() {
    let base = full();
    for (what, put) in RECORDS {
        let copy =
            |of: &Project, fields: &[(String, Kept)]| with(of, |parts| put(parts, fields.to_vec()));
        let theirs = copy(&base, &[field("later", "1")]);
        let has = |project: &Project, raw: &str| text(project).contains(raw);
        // Only they wrote it.
        let (found, conflicts) = merged(&base, &base, &theirs);
        assert!(has(&found, "[\"later\",\"1\"]"), "{what}");
        assert_eq!(conflicts.len(), 0, "{what}: {conflicts:?}");
        // Only I have it, and they left it as it was.
        let (found, conflicts) = merged(&base, &theirs, &base);
        assert_eq!((&found, conflicts.len()), (&theirs, 0), "{what}");
        // Items that nothing names are taken whole, both of them.
        let is_named = !what.starts_with("an i") && !what.starts_with("a r");
        // Each wrote another.
        let mine = copy(&base, &[field("mine", "2")]);
        let (found, conflicts) = merged(&base, &mine, &theirs);
        let mut both = copy(&base, &[field("mine", "2"), field("later", "1")]);
        both = with(&both, |parts| {
            parts.codebook.revision = found.codebook().revision;
            parts.codebook.changes = merge_in_log(&found);
        });
        assert!(!is_named || found == both, "{what}: {}", text(&found));
        assert!(has(&found, "[\"later\",\"1\"]") && has(&found, "[\"mine\",\"2\"]"));
        assert_eq!(conflicts.len(), 0, "{what}: {conflicts:?}");
        // Both wrote the same one.
        let mine = copy(&base, &[field("later", "2")]);
        let (found, conflicts) = merged(&base, &mine, &theirs);
        assert!(has(&found, "[\"later\",\"2\"]"), "{what}");
        assert_eq!(
            conflicts.len(),
            usize::from(is_named),
            "{what}: {conflicts:?}"
        );
        let aside = found
            .set_aside()
            .iter()
            .find(|aside| aside.raw.as_str() == "later: 1");
        assert_eq!(aside.is_some(), is_named, "{what}");
        assert!(is_named || has(&found, "[\"later\",\"1\"]"), "{what}");
        let told = conflicts
            .iter()
            .all(|told| told.contains(what) && told.contains("“later”"));
        assert!(told, "{conflicts:?}");
        // Merged once more, it is as it is.
        let (again, _) = merged(&base, &found, &theirs);
        assert_eq!(again, found, "{what}");
        // They took it away again.
        let old = copy(&base, &[field("later", "0")]);
        let (mut found, conflicts) = merged(&old, &old, &base);
        let log = merge_in_log(&found);
        found = with(&found, |parts| {
            parts.codebook.revision = 1;
            parts
                .codebook
                .changes
                .retain(|change| !log.contains(change));
        });
        assert!(!is_named || found == base, "{what}");
        assert_eq!(conflicts.len(), 0, "{what}: {conflicts:?}");
        // I took it away, and they wrote another.
        let (found, _) = merged(&old, &base, &theirs);
        assert!(has(&found, "[\"later\",\"1\"]"), "{what}");
    }
}

#[test]
fn what_both_changed_of_a_record_is_told_and_its_later_fields_are_kept() {
    let base = full();
    let check = |change: fn(&mut ProjectParts, &str), put: Put, expected: usize| {
        let mine = with(&base, |parts| change(parts, "mine"));
        let theirs = with(&base, |parts| {
            change(parts, "theirs");
            put(parts, vec![field("later", "1")]);
        });
        let (found, conflicts) = merged(&base, &mine, &theirs);
        let both = with(&mine, |parts| put(parts, vec![field("later", "1")]));
        assert_eq!(found, both);
        assert_eq!(conflicts.len(), expected, "{conflicts:?}");
        // What only they changed is taken.
        let (found, conflicts) = merged(&base, &base, &theirs);
        assert_eq!(found, theirs);
        assert_eq!(conflicts.len(), 0, "{conflicts:?}");
    };
    let put = |what: &str| RECORDS.iter().find(|(name, _)| *name == what).unwrap().1;
    check(
        |parts, to| parts.name = to.to_owned(),
        put("the project"),
        1,
    );
    check(
        |parts, to| parts.people[0].note = to.to_owned(),
        put("the person"),
        1,
    );
    check(
        |parts, to| parts.annotators[0].name = to.to_owned(),
        put("the annotator"),
        1,
    );
    let title: fn(&mut ProjectParts, &str) =
        |parts, to| Arc::make_mut(&mut parts.articles[1]).title = to.to_owned();
    check(title, put("the article"), 1);
    let status: fn(&mut ProjectParts, &str) = |parts, to| {
        let later = Status::Later(to.into());
        Arc::make_mut(&mut parts.articles[1])
            .status
            .insert("ana".into(), later);
    };
    check(status, put("the article"), 1);
}

fn set(id: &str, name: &str, seed: u32) -> Arc<ArticleSet> {
    Arc::new(ArticleSet {
        id: id.into(),
        name: name.to_owned(),
        by: "ana".into(),
        when: None,
        how: "drawn".to_owned(),
        seed,
        members: vec!["a0".into()],
        unknown: UnknownFields::new(),
    })
}

fn rule(name: &str, dismissed: &[u64]) -> Arc<Rule> {
    let keys = dismissed.iter().map(|key| HitKey(*key)).collect();
    let dismissed = Dismissed(BTreeMap::from([("a0".into(), keys)]));
    Arc::new(Rule {
        id: "r".into(),
        name: name.to_owned(),
        query: "said".to_owned(),
        case: false,
        word: false,
        exact: false,
        hidden: false,
        label: None,
        by: "ana".into(),
        when: None,
        dismissed,
        unknown: UnknownFields::new(),
    })
}

/// Whatever else of a rule they changed.
#[test]
fn hits_that_two_people_dismissed_are_dismissed() {
    let base = base();
    let copy = |name: &str, dismissed: &[u64]| {
        with(&base, |parts| parts.rules = vec![rule(name, dismissed)])
    };
    let check = |mine: &Project, theirs: &Project, expected: &Project, told: usize| {
        let (found, conflicts) = merged(&copy("Said", &[1, 2]), mine, theirs);
        assert_eq!(found.rules(), expected.rules());
        assert_eq!(conflicts.len(), told, "{conflicts:?}");
    };
    check(
        &copy("Said", &[1, 2, 3]),
        &copy("Said", &[2, 4]),
        &copy("Said", &[2, 3, 4]),
        0,
    );
    check(
        &copy("Said", &[1, 2, 3]),
        &copy("Told", &[1, 2, 4]),
        &copy("Told", &[1, 2, 3, 4]),
        0,
    );
    check(
        &copy("Says", &[1, 2, 3]),
        &copy("Told", &[1, 2]),
        &copy("Says", &[1, 2, 3]),
        1,
    );
    // A rule that both made on their copies is two, when it is another.
    let other = |parts: &mut ProjectParts| {
        let mut other = Rule::clone(&rule("Other", &[9]));
        other.by = "bo".into();
        parts.rules = vec![Arc::new(other)];
    };
    let (found, _) = merged(&base, &copy("Said", &[1]), &with(&base, other));
    let ids: Vec<&str> = found.rules().iter().map(|rule| rule.id.as_str()).collect();
    assert_eq!(ids, ["r", "r-2"]);
}

fn group(id: &str, by: &str, members: &[&str]) -> Arc<Group> {
    let members = members.iter().map(|&member| ("a0".into(), member.into()));
    Arc::new(Group {
        id: id.into(),
        thing: Thing::Claim,
        title: id.to_uppercase(),
        members: members.collect(),
        by: by.into(),
        ..Group::default()
    })
}

#[test]
fn groups_of_two_people_never_share_an_annotation() {
    let base = full();
    type Groups<'a> = &'a [(&'a str, &'a str, &'a [&'a str])];
    let check = |old: Groups<'_>, mine: Groups<'_>, theirs: Groups<'_>, expected: Groups<'_>| {
        let copy = |groups: Groups<'_>| {
            let all = groups
                .iter()
                .map(|(id, by, members)| group(id, by, members));
            with(&base, |parts| parts.groups = all.collect())
        };
        let (found, _) = merged(&copy(old), &copy(mine), &copy(theirs));
        let found = found.groups().iter();
        let found: Vec<_> = found
            .map(|group| {
                let members: Vec<&str> = group.members.iter().map(|(_, id)| id.as_str()).collect();
                (group.id.as_str(), group.by.as_str(), members)
            })
            .collect();
        let expected: Vec<_> = expected
            .iter()
            .map(|(id, by, members)| (*id, *by, members.to_vec()))
            .collect();
        assert_eq!(found, expected);
    };
    let old: Groups<'_> = &[("g", "ana", &["1", "2"])];
    // Each added one: both are there; one that both removed is not.
    check(
        old,
        &[("g", "ana", &["1", "2", "3"])],
        &[("g", "ana", &["1", "4"])],
        &[("g", "ana", &["1", "3", "4"])],
    );
    // Each has a group of its own under one id.
    check(
        old,
        &[old[0], ("h", "me", &["3"])],
        &[old[0], ("h", "they", &["4"])],
        &[old[0], ("h", "me", &["3"]), ("h-2", "they", &["4"])],
    );
    // Both grouped the same: it is one group.
    check(
        old,
        &[old[0], ("h", "me", &["3", "4"])],
        &[old[0], ("h", "they", &["4", "5"])],
        &[old[0], ("h", "me", &["3", "4", "5"])],
    );
    // Mine has what they have in another: it stays there.
    check(
        old,
        &[old[0], ("h", "me", &["3", "4"])],
        &[old[0], ("i", "they", &["4", "5"]), ("j", "they", &["3"])],
        &[old[0], ("h", "me", &["3", "4"]), ("i", "they", &["5"])],
    );
    // They moved it from one group to another.
    check(
        &[old[0], ("h", "ana", &["3"])],
        &[old[0], ("h", "ana", &["3"])],
        &[("g", "ana", &["1"]), ("h", "ana", &["3", "2"])],
        &[("g", "ana", &["1"]), ("h", "ana", &["3", "2"])],
    );
}

#[test]
fn sets_of_two_people_are_two_sets() {
    let base = base();
    let (first, other) = (("set-1", "Sample", 1), ("set-1", "Pilot", 2));
    let check =
        |old: &[(&str, &str, u32)], mine, theirs, expected: &[(&str, &str, u32)], told: &[&str]| {
            let copy = |sets: &[(&str, &str, u32)]| {
                with(&base, |parts| {
                    parts.sets = sets.iter().map(|(id, name, n)| set(id, name, *n)).collect();
                })
            };
            let (old, mine, theirs) = (copy(old), copy(&[mine]), copy(&[theirs]));
            let (found, conflicts) = merged(&old, &mine, &theirs);
            assert_eq!(found, copy(expected), "{:?}", found.sets());
            assert_eq!(conflicts, told);
            // Merged once more, it is as it is.
            let (again, _) = merged(&old, &found, &theirs);
            assert_eq!(again, found);
        };
    check(
        &[],
        first,
        other,
        &[first, ("set-1-2", "Pilot", 2)],
        &[
            "the set of articles “Pilot” of the other copy is another one than this copy knows under its id; it is added",
        ],
    );
    check(
        &[],
        first,
        ("set-1", "Sample", 2),
        &[first, ("set-1-2", "Sample (2)", 2)],
        &["the set of articles “Sample” of the other copy is added as “Sample (2)”"],
    );
    check(
        &[],
        first,
        ("t-set-1", "sample", 2),
        &[first, ("t-set-1", "sample (2)", 2)],
        &["the set of articles “sample” of the other copy is added as “sample (2)”"],
    );
    check(&[], first, first, &[first], &[]);
    // Both made another one in the place of one that is gone.
    check(
        &[("set-1", "Old", 9)],
        first,
        other,
        &[first, ("set-1-2", "Pilot", 2)],
        &[
            "the set of articles “Pilot” of the other copy is another one than this copy knows under its id; it is added",
        ],
    );
    // It is one, which both renamed.
    check(
        &[("set-1", "Old", 1)],
        first,
        ("set-1", "Pilot", 1),
        &[first],
        &["the set of articles “Sample” was changed in both copies; this one's stays"],
    );
    check(
        &[first],
        first,
        ("set-1", "Pilot", 1),
        &[("set-1", "Pilot", 1)],
        &[],
    );
}

/// Annotations were made here under another meaning, whatever number their revision has.
#[test]
fn what_a_merge_redefines_is_to_be_looked_at() {
    let base = with(&base(), |parts| parts.codebook.revision = 9);
    let label = |project: &Project, change: fn(&mut Label)| {
        with(project, |parts| {
            let labels = &mut parts.codebook.labels;
            let quote = labels
                .iter_mut()
                .find(|l| l.id.as_str() == "quote")
                .unwrap();
            change(quote);
        })
    };
    let new = "Another definition.";
    let redefine: fn(&mut Label) = |label| {
        label.definition = "Another definition.".to_owned();
        label.redefined = 2;
    };
    let recolour: fn(&mut Label) = |label| label.color = 1;
    let redefined = |mine: &Project, theirs: &Project| {
        let (found, _) = merged(&base, mine, theirs);
        let quote = found.codebook().label("quote").unwrap().clone();
        (
            quote.definition == new,
            quote.redefined,
            found.codebook().revision,
        )
    };
    let theirs = label(&base, redefine);
    assert_eq!(redefined(&base, &theirs), (true, 10, 10));
    assert_eq!(redefined(&label(&base, recolour), &base), (false, 0, 9));
    assert_eq!(redefined(&base, &label(&base, recolour)), (false, 0, 10));
    // Mine is as it was.
    assert_eq!(redefined(&theirs, &base), (true, 2, 9));
    assert_eq!(redefined(&theirs, &theirs), (true, 2, 9));
}

proptest! {
    /// However the fields are spread, each of theirs is there or on the review list, and mine stay.
    #[test]
    fn no_field_of_a_later_version_is_lost(
        old in prop::collection::vec((0usize..9, 0u8..3, 0u8..3), 0..6),
        mine in prop::collection::vec((0usize..9, 0u8..3, 0u8..3), 0..6),
        theirs in prop::collection::vec((0usize..9, 0u8..3, 0u8..3), 0..6),
    ) {
        let fields = |of: &[(usize, u8, u8)], at: usize| {
            let fields = of.iter().filter(|field| field.0 == at);
            let by_name: BTreeMap<String, Kept> = fields.map(|(_, name, raw)| field(&format!("f{at}_{name}"), &raw.to_string())).collect();
            by_name.into_iter().collect::<UnknownFields>()
        };
        let copy = |of: &[(usize, u8, u8)]| with(&full(), |parts| {
            for (at, (_, put)) in RECORDS.iter().enumerate().take(9) {
                put(parts, fields(of, at));
            }
        });
        let (base, ours, other) = (copy(&old), copy(&mine), copy(&theirs));
        let (found, _) = merged(&base, &ours, &other);
        for at in 0..9 {
            let (old, mine, theirs) = (fields(&old, at), fields(&mine, at), fields(&theirs, at));
            for field in mine.iter().chain(&theirs) {
                let is_mine = mine.contains(field);
                let (name, raw) = field;
                // Unless the one changed or took away what the other left as it was.
                let may_go = old.contains(field) && !(is_mine && theirs.contains(field));
                let is_there = text(&found).contains(&serde_json::to_string(field).unwrap());
                let line = format!("{name}: {}", raw.as_str());
                let is_aside = found.set_aside().iter().any(|aside| aside.raw.as_str() == line);
                prop_assert!(is_there || may_go || !is_mine && is_aside, "{line} at {at}");
            }
        }
    }
}

#[test]
fn who_was_merged_away_stays_away_unless_the_other_copy_names_them_anew() {
    let base = with(&full(), |parts| {
        parts.people = ["Ann", "Anne"]
            .map(|name| Person::named(name, |_| false))
            .into();
    });
    let mine = with(&base, |parts| drop(parts.people.pop()));
    let names = |project: &Project| -> Vec<String> {
        project
            .people()
            .iter()
            .map(|person| person.name.clone())
            .collect()
    };
    let check = |theirs: &Project, expected: &[&str]| {
        assert_eq!(names(&merged(&base, &mine, theirs).0), expected);
    };
    check(&base, &["Ann"]);
    let elsewhere = with(&base, |parts| parts.name = "other".to_owned());
    check(&elsewhere, &["Ann"]);
    let changed = with(&base, |parts| parts.people[1].role = "mayor".to_owned());
    check(&changed, &["Ann", "Anne"]);
    let quoted = with(&base, |parts| {
        let article = Arc::make_mut(&mut parts.articles[0]);
        let mut all: Vec<Annotation> = article
            .annotations
            .iter()
            .map(|a| Annotation::clone(a))
            .collect();
        let range = ByteRange::new(BytePos(4), BytePos(7));
        let mut new = Annotation::new("new-1".into(), "they".into(), "quote".into(), range);
        let value = AttributeValue::Person("anne".into());
        new.attributes.insert("speaker", value);
        all.push(new);
        article.annotations = AnnotationSet::from_annotations(all).0;
    });
    check(&quoted, &["Ann", "Anne"]);
}
