//! What a later version writes: a field that this one does not know in every record, and a value
//! that it does not know in every field that could have one. All of it is read, saved and read.

use super::{open, written};
use crate::core::annotation::{Annotation, AnnotationSet, AttributeValue, Link, Origin, Timestamp};
use crate::core::article::{Article, Status};
use crate::core::check::Severity;
use crate::core::codebook::{
    AttributeKind, AttributeSpec, Codebook, CodebookChange, EdgeRule, Edges, LinkRole, Meant,
    ShownBy, Thing,
};
use crate::core::project::{
    Annotator, ApartOf, ArticleSet, Dismissed, Evidence, Group, GroupState, HitKey, ImportReport,
    KeptApart, Person, PersonKind, Project, ProjectParts, Rule, SetAside, Tied, TrashItem, Trashed,
};
use crate::core::text::{ArticleText, BytePos, ByteRange};
use crate::format::project_ron::lenient::{Damage, elements, fields, split_at_colon};
use crate::format::project_ron::values::name_and_rest;
use crate::format::project_ron::write;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

const FIELD: &str = ", later_field: Some({\"a\": [1, 2.5]})";
const NAME: &str = "\"a later value\"";
const VALUE: &str = "later_value(1, \"x\", (a: 2))";

/// Fields whose values must be proven, or are what the version says.
const PROVEN: &[&str] = &[
    "format",
    "offset_unit",
    "id",
    "hash",
    "label",
    "color",
    "key",
    "revision",
];

fn annotation(id: &str, note: &str) -> Annotation {
    let range = ByteRange::new(BytePos(0), BytePos(4));
    let mut made = Annotation::new(id.into(), "ana".into(), "quote".into(), range);
    let values = [
        AttributeValue::Text(note.to_owned()),
        AttributeValue::Number(0.5),
        AttributeValue::Bool(true),
        AttributeValue::Many(vec!["a".to_owned(), note.to_owned()]),
        AttributeValue::Person("p".into()),
    ];
    let values = values.into_iter().enumerate();
    made.attributes = values.map(|(i, value)| (format!("v{i}"), value)).collect();
    made.links = vec![Link::new("source", "k-1".into())];
    made.note = note.to_owned();
    (made.made, made.changed) = (Some(Timestamp::new(5)), Some(Timestamp::new(6)));
    made.codebook_revision = 1;
    made.origin = Origin::Import("set".to_owned());
    made
}

fn article(id: &str, annotations: Vec<Annotation>) -> Article {
    let mut article = Article::new(
        id.into(),
        "Title",
        ArticleText::new("text\nof it".to_owned()),
    );
    article.annotations = AnnotationSet::from_annotations(annotations).0;
    article
        .metadata
        .insert("outlet".to_owned(), "Post".to_owned());
    article.status.insert("ana".into(), Status::Done);
    let nothing = ByteRange::new(BytePos(5), BytePos(10));
    article.nothing.insert("ana".into(), vec![nothing]);
    article.notes = "seen".to_owned();
    article
}

/// A project with every field of every record.
fn full(note: &str) -> Project {
    let note = if note.is_empty() { "note" } else { note };
    let mut codebook = Codebook {
        changes: vec![CodebookChange {
            revision: 3,
            what: note.to_owned(),
            by: "ana".into(),
            when: Some(Timestamp::new(4)),
            was: vec![Meant {
                label: "quote".into(),
                definition: note.to_owned(),
                include: vec![note.to_owned()],
                exclude: vec![note.to_owned()],
                unknown: Vec::new(),
            }],
            unknown: Vec::new(),
        }],
        ..Codebook::default()
    };
    let kinds = AttributeKind::all().into_iter().map(|kind| match kind {
        AttributeKind::OneOf(_) => AttributeKind::OneOf(vec![note.to_owned()]),
        AttributeKind::SeveralOf(_) => AttributeKind::SeveralOf(vec![note.to_owned()]),
        kind => kind,
    });
    for label in &mut codebook.labels {
        label.link_roles = vec![LinkRole {
            or: vec!["cue".into()],
            ..LinkRole::to_label("source")
        }];
        label.counter_examples = vec![note.to_owned()];
        label.shown_by = vec![ShownBy {
            article: "a-1".into(),
            annotation: "k-1".into(),
            is_counter: true,
            unknown: Vec::new(),
        }];
        label.stands_for = Some(Thing::Quote);
        label.parent = (label.id.as_str() != "quote").then(|| "quote".into());
        (label.retired, label.redefined) = (true, 3);
        label.edges = Edges {
            quotation_marks: EdgeRule::Out,
            closing_punctuation: EdgeRule::In,
            leading_that: EdgeRule::Out,
            speaker_title: EdgeRule::In,
            white_space: EdgeRule::In,
            unknown: Vec::new(),
        };
        label.helper = true;
        label.attributes = kinds
            .clone()
            .enumerate()
            .map(|(i, kind)| AttributeSpec {
                title: "Title".to_owned(),
                help: note.to_owned(),
                default: Some(AttributeValue::Text(note.to_owned())),
                required: true,
                key: Some('k'),
                ..AttributeSpec::new(&format!("v{i}"), kind)
            })
            .collect();
    }
    let annotator = Annotator {
        id: "ana".into(),
        name: "Ana".to_owned(),
        unknown: Vec::new(),
    };
    let what = [
        Trashed::Annotation {
            article: "a-1".into(),
            annotation: Arc::new(annotation("k-9", note)),
        },
        Trashed::Article(Arc::new(article("a-9", vec![annotation("k-8", note)]))),
        Trashed::Label(codebook.labels[0].clone()),
        Trashed::Annotator(annotator.clone()),
    ];
    let import = ImportReport {
        by: "ana".into(),
        when: Some(Timestamp::new(7)),
        summary: "one file".to_owned(),
        files: vec![("a.html".to_owned(), "read".to_owned())],
        unknown: Vec::new(),
    };
    Project::from_parts(ProjectParts {
        name: "Full".to_owned(),
        codebook,
        annotators: vec![annotator],
        people: vec![
            Person {
                id: "p".into(),
                name: "Person".to_owned(),
                kind: PersonKind::Organisation,
                role: note.to_owned(),
                affiliation: note.to_owned(),
                affiliated_to: Some("o".into()),
                identifiers: vec![("wikidata".to_owned(), "Q1".to_owned())],
                aliases: vec![note.to_owned()],
                tied: Tied(BTreeMap::from([("a-1".into(), vec![note.to_owned()])])),
                note: note.to_owned(),
                unknown: Vec::new(),
            },
            Person {
                kind: PersonKind::Unnamed,
                ..Person::named("o", |_| false)
            },
        ],
        articles: vec![Arc::new(article(
            "a-1",
            vec![annotation("k-1", note), annotation("k-2", note)],
        ))],
        trash: what
            .into_iter()
            .map(|what| TrashItem::new(what, "ana".into(), Some(Timestamp::new(8))))
            .collect(),
        set_aside: vec![SetAside::new("a-1", "a reason", "(not: \"an annotation\")")],
        imports: vec![Arc::new(import)],
        sets: vec![Arc::new(ArticleSet {
            id: "s".into(),
            name: "Set".to_owned(),
            by: "ana".into(),
            when: Some(Timestamp::new(9)),
            how: "drawn".to_owned(),
            seed: 7,
            members: vec!["a-1".into()],
            unknown: Vec::new(),
        })],
        rules: vec![Arc::new(Rule {
            id: "r".into(),
            name: "Donations".to_owned(),
            query: "\"donate now\" outside:promo".to_owned(),
            case: true,
            word: true,
            exact: true,
            hidden: true,
            label: Some("quote".into()),
            by: "ana".into(),
            when: Some(Timestamp::new(9)),
            dismissed: Dismissed(BTreeMap::from([(
                "a-1".into(),
                vec![HitKey(7), HitKey(11)],
            )])),
            unknown: Vec::new(),
        })],
        groups: vec![Arc::new(Group {
            id: "g".into(),
            thing: Thing::Claim,
            title: note.to_owned(),
            members: vec![("a-1".into(), "k-1".into())],
            state: GroupState::Checking,
            verdict: note.to_owned(),
            evidence: vec![Evidence {
                url: "https://example.org".to_owned(),
                note: note.to_owned(),
                date: "2024".to_owned(),
                checked_by: "Ana".to_owned(),
                unknown: Vec::new(),
            }],
            attributes: [("v0", AttributeValue::Text(note.to_owned()))]
                .into_iter()
                .collect(),
            note: note.to_owned(),
            by: "ana".into(),
            when: Some(Timestamp::new(9)),
            unknown: Vec::new(),
        })],
        apart: vec![Arc::new(KeptApart::new(
            ApartOf::People,
            ("o", "p"),
            "ana".into(),
            Some(Timestamp::new(9)),
        ))],
        unknown: Vec::new(),
    })
}

/// Where something may be put into a file, and what.
struct Place {
    range: Range<usize>,
    put: String,
}

/// Every record of a file, and every value that could be another.
struct Walk<'a> {
    source: &'a str,
    places: Vec<Place>,
}

impl<'a> Walk<'a> {
    fn of(source: &'a str) -> Vec<Place> {
        let mut walk = Self {
            source,
            places: Vec::new(),
        };
        walk.value(source.trim(), "", false);
        walk.places
    }

    fn put(&mut self, part: &str, put: impl Into<String>) {
        let start = part.as_ptr() as usize - self.source.as_ptr() as usize;
        self.places.push(Place {
            range: start..start + part.len(),
            put: put.into(),
        });
    }

    fn value(&mut self, raw: &'a str, field: &str, may_be_other: bool) {
        let mut damage = Damage::default();
        let may_be_other = may_be_other && !PROVEN.contains(&field);
        let is_text = ["\"", "r\"", "r#"]
            .iter()
            .any(|start| raw.starts_with(start));
        match raw.chars().next() {
            _ if is_text && may_be_other => self.put(raw, NAME),
            _ if is_text => {}
            Some('(') => match fields(raw, &mut damage) {
                Some(fields) => {
                    let first = fields[0].value;
                    self.put(&first[first.len()..], FIELD);
                    for field in fields {
                        self.value(field.value, field.name, true);
                    }
                }
                None => {
                    let parts = elements(raw, '(', &mut damage).unwrap();
                    // A link is a pair until there is more to say.
                    if let ("links", [role, target]) = (field, parts.as_slice()) {
                        let record = format!("(role: {role}, target: {target}{FIELD})");
                        self.put(raw, record);
                    }
                    for part in parts {
                        self.value(part, field, false);
                    }
                }
            },
            Some('[') => {
                for item in elements(raw, '[', &mut damage).unwrap() {
                    self.value(item, field, false);
                }
            }
            Some('{') => {
                for pair in elements(raw, '{', &mut damage).unwrap() {
                    let (_, value) = split_at_colon(pair).unwrap();
                    self.value(value, field, true);
                }
            }
            Some(c) if c.is_alphabetic() && raw.contains('(') => {
                if may_be_other {
                    self.put(raw, VALUE);
                }
                let (_, inner) = name_and_rest(raw);
                for part in elements(inner, '(', &mut damage).unwrap() {
                    self.value(part, field, false);
                }
            }
            _ => {}
        }
    }
}

/// Puts into a file what `is_wanted`, from its start; what lies in a value that is replaced is not
/// put. With how many of each there are.
fn put(source: &str, is_wanted: impl Fn(usize) -> bool) -> (String, [usize; 3]) {
    let mut places = Walk::of(source);
    places.sort_by_key(|place| (place.range.start, std::cmp::Reverse(place.range.end)));
    let mut text = String::new();
    let mut at = 0;
    let mut counts = [0; 3];
    for (i, place) in places.iter().enumerate() {
        if place.range.start < at || !is_wanted(i) {
            continue;
        }
        text.push_str(&source[at..place.range.start]);
        text.push_str(&place.put);
        at = place.range.end;
        for (count, put) in counts.iter_mut().zip([FIELD, NAME, VALUE]) {
            *count += place.put.matches(put).count();
        }
    }
    text.push_str(&source[at..]);
    (text, counts)
}

/// What is put into a file is all there once it is read and saved, and goes through a journal.
fn check(source: &str, is_wanted: impl Fn(usize) -> bool) -> Project {
    let (text, counts) = put(source, is_wanted);
    let opened = open(&text).unwrap();
    let errors: Vec<_> = opened
        .problems
        .iter()
        .filter(|problem| problem.severity == Severity::Error)
        .collect();
    assert!(errors.is_empty(), "{errors:?}\n{text}");
    let saved = written(&opened);
    let left = [FIELD.trim_start_matches(", "), NAME, VALUE].map(|put| saved.matches(put).count());
    assert_eq!(left, counts, "{text}\n{saved}");
    let again = open(&saved).unwrap();
    assert_eq!(again.project, opened.project);
    assert_eq!(written(&again), saved);
    let project = opened.project;
    let parts = project.parts();
    let json = serde_json::to_string(&parts).unwrap();
    let back: ProjectParts = serde_json::from_str(&json).unwrap();
    assert_eq!(Project::from_parts(back), project);
    project
}

#[test]
fn each_is_kept_alone_and_all_together() {
    let source = write(&full(""), &mut |_| true).unwrap();
    assert_eq!(
        open(&source)
            .unwrap()
            .problems
            .iter()
            .filter(|p| p.severity == Severity::Error)
            .count(),
        0
    );
    let places = Walk::of(&source);
    for i in 0..places.len() {
        check(&source, |at| at == i);
    }
    let all = check(&source, |_| true);
    assert!(
        all.trash()
            .iter()
            .all(|item| matches!(item.what, Trashed::Later(_)))
    );
    let records_only = check(&source, |i| {
        let mut sorted: Vec<&Place> = places.iter().collect();
        sorted.sort_by_key(|place| (place.range.start, std::cmp::Reverse(place.range.end)));
        sorted[i].put.contains(FIELD)
    });
    assert!(!records_only.unknown().is_empty());
}

/// A field that is added to the schema is in the project above, so that it is tried here too.
#[test]
fn every_field_of_the_schema_is_tried() {
    let source = write(&full(""), &mut |_| true).unwrap();
    let schema = std::fs::read_to_string("src/format/project_ron/record.rs").unwrap();
    let marks = [
        "must ",
        "may ",
        "always ",
        "list ",
        "must_list ",
        "always_list ",
    ];
    let rows = schema.lines().filter_map(|line| {
        let row = line.trim_start();
        marks.iter().find_map(|mark| row.strip_prefix(mark))
    });
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let names: BTreeSet<&str> = rows
        .filter_map(|row| row.split(|c| !is_word(c)).next())
        .collect();
    assert!(names.len() > 40, "{names:?}");
    for name in names {
        // It stands on the review list only; links are pairs.
        let is_elsewhere = ["sought_in", "role"].contains(&name);
        assert!(
            is_elsewhere || source.contains(&format!("{name}: ")),
            "{name}"
        );
    }
}

/// A file as version control leaves it that could not merge two versions.
fn conflict(ours: &str, theirs: &str) -> String {
    format!("<<<<<<< ours\n{ours}=======\n{theirs}>>>>>>> theirs\n")
}

#[test]
fn each_list_that_one_side_of_a_merge_has_is_saved() {
    let full = full("");
    let less = ProjectParts {
        name: full.name().to_owned(),
        codebook: full.codebook().clone(),
        ..ProjectParts::default()
    };
    let (full_text, less) = (
        write(&full, &mut |_| true).unwrap(),
        write(&Project::from_parts(less), &mut |_| true).unwrap(),
    );
    for text in [conflict(&less, &full_text), conflict(&full_text, &less)] {
        let opened = open(&text).unwrap();
        assert_eq!(opened.project, full);
    }
}

/// Both sides deleted an annotation; it comes back once, whoever deleted it when.
#[test]
fn what_both_sides_of_a_merge_deleted_is_deleted_once() {
    let ours = write(&full(""), &mut |_| true).unwrap();
    let opened = open(&ours).unwrap();
    let deleted = |project: &Project| {
        let items = project.trash().iter();
        items
            .filter(|item| item.what.annotation().is_some())
            .count()
    };
    assert_eq!(deleted(&opened.project), 1);
    let when = |text: &str| text.replace("1970-01-01T00:00:08Z", "1970-01-01T00:01:00Z");
    let note = |text: &str| text.replace("note: \"note\"", "note: \"another\"");
    for (theirs, is_aside) in [
        (ours.clone(), false),
        (when(&ours), true),
        (note(&ours), true),
    ] {
        let merged = open(&conflict(&ours, &theirs)).unwrap().project;
        assert_eq!(deleted(&merged), 1);
        let of_it = |aside: &SetAside| aside.reason.contains("the deleted annotation");
        assert_eq!(merged.set_aside().iter().any(of_it), is_aside);
    }
}

/// A side that is no project adds nothing of its own.
#[test]
fn a_side_of_a_merge_that_is_empty_changes_nothing() {
    let project = full("");
    let text = write(&project, &mut |_| true).unwrap();
    for text in [conflict(&text, ""), conflict("", &text)] {
        let opened = open(&text).unwrap();
        assert_eq!(opened.project, project);
        let errors = opened.problems.iter();
        let errors = errors.filter(|problem| problem.severity == Severity::Error);
        assert_eq!(errors.count(), 1, "{:?}", opened.problems);
    }
}

/// Whatever later version wrote one of two sides that are read together.
#[test]
fn nothing_of_either_side_of_a_merge_is_lost() {
    let source = write(&full(""), &mut |_| true).unwrap();
    for i in 0..Walk::of(&source).len() {
        let (later, _) = put(&source, |at| at == i);
        for text in [conflict(&source, &later), conflict(&later, &source)] {
            let saved = written(&open(&text).unwrap());
            let is_there = ["later_field", "a later value", "later_value"]
                .iter()
                .any(|put| later.contains(put) && saved.contains(put));
            assert!(is_there, "{i}: {saved}");
        }
    }
}

/// A value of the codebook or of an article is edited around, and replaced when it is set.
#[test]
fn what_is_set_replaces_what_was_kept() {
    let source = write(&full(""), &mut |_| true).unwrap();
    let later = source
        .replace("made: \"1970-01-01T00:00:05Z\"", "made: \"then\"")
        .replace("underline: \"solid\"", "underline: \"zigzag\"");
    let opened = open(&later).unwrap();
    let told = |what: &str| opened.problems.iter().any(|p| p.message.contains(what));
    assert!(
        told("“made” is of a later version: then")
            && told("“underline” is of a later version: zigzag")
    );
    let project = &opened.project;
    let mut article = Article::clone(&project.articles()[0]);
    let annotations = article.annotations.iter().map(|annotation| {
        let mut annotation = Annotation::clone(annotation);
        annotation.note = "other".to_owned();
        if annotation.id.as_str() == "k-2" {
            annotation.made = Some(Timestamp::new(9));
        }
        annotation
    });
    article.annotations = AnnotationSet::from_annotations(annotations.collect::<Vec<_>>()).0;
    let project = Project::from_parts(ProjectParts {
        codebook: project.codebook().clone(),
        articles: vec![Arc::new(article)],
        ..ProjectParts::default()
    });
    let saved = write(&project, &mut |_| true).unwrap();
    assert_eq!(saved.matches("made: \"then\"").count(), 1);
    assert_eq!(saved.matches("made: \"1970-01-01T00:00:09Z\"").count(), 1);
    assert!(saved.contains("underline: \"zigzag\""));
}

/// A letter that is damaged makes no later kind of a thing that this version can bring back.
#[test]
fn a_damaged_name_in_the_trash_is_none_of_a_later_version() {
    let source = write(&full(""), &mut |_| true).unwrap();
    for (name, damaged) in [("article((", "artixle(("), ("label((", "lab\u{e9}l((")] {
        let whole = format!("what: {name}");
        assert!(source.contains(&whole));
        let opened = open(&source.replacen(&whole, &format!("what: {damaged}"), 1)).unwrap();
        let errors = opened.problems.iter();
        assert!(
            errors.filter(|p| p.severity == Severity::Error).count() > 0,
            "{:?}",
            opened.problems
        );
        let trash = opened.project.trash().iter();
        let later = trash.filter(|item| matches!(item.what, Trashed::Later(_)));
        assert_eq!(later.count(), 0, "{damaged}");
    }
    let opened = open(&source.replacen("what: article((", "what: artixle((", 1)).unwrap();
    let mut trash = opened.project.trash().iter();
    let article = trash.find_map(|item| item.what.article()).unwrap();
    assert_eq!(article.annotations.len(), 1);
}

#[test]
fn a_time_of_a_later_version_is_told_wherever_it_stands() {
    let source = write(&full(""), &mut |_| true).unwrap();
    for (n, seconds) in [4, 5, 6, 7, 8].into_iter().enumerate() {
        let time = format!("\"1970-01-01T00:00:0{seconds}Z\"");
        assert!(source.contains(&time));
        let opened = open(&source.replacen(&time, "\"later\"", 1)).unwrap();
        let told = opened.problems.iter();
        let told = told.filter(|p| p.message.contains("is of a later version"));
        assert_eq!(told.count(), 1, "{n}: {:?}", opened.problems);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]
    #[test]
    fn any_of_it_is_kept_in_any_project(
        wanted in prop::collection::vec(any::<bool>(), 1..300),
        note in "[\\PC&&[^\u{FEFF}]]{0,8}",
    ) {
        let project = full(&note);
        let source = write(&project, &mut |_| true).unwrap();
        let opened = open(&source).unwrap();
        prop_assert_eq!(&opened.project, &project);
        check(&source, |i| wanted[i % wanted.len()]);
    }
}
