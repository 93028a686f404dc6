//! What the recipes of the codebook promise: each applies as one step, says what it touches, and is
//! undone to what was there.

use super::*;
use crate::core::annotation::AttributeValue;
use crate::core::annotation::Timestamp;
use crate::core::codebook::{AttributeKind, Edges};
use crate::core::codebook::{EdgeRule, LinkRole};
use crate::core::edit::{Transaction, apply};
use crate::core::ids::AnnotatorId;
use crate::core::recipes::tests::{annotation, make, project, range, signed};

/// Makes the change as one step, has `look` look at what came of it, and undoes it.
#[track_caller]
fn check(project: &Project, change: &Change, look: impl FnOnce(&Project)) {
    let mut changed = project.clone();
    let step = Transaction::new("step", change.edits.clone());
    let inverse = apply(&mut changed, &step).unwrap();
    assert!(changed.codebook().revision >= project.codebook().revision);
    look(&changed);
    apply(&mut changed, &inverse).unwrap();
    assert_eq!(changed, *project);
}

fn me() -> AnnotatorId {
    "ana".into()
}

fn touching(annotations: usize, articles: usize) -> Touches {
    Touches {
        annotations,
        articles,
    }
}

fn value<'a>(project: &'a Project, id: &str, name: &str) -> Option<&'a AttributeValue> {
    let article = project.article(&"a".into()).unwrap();
    article.annotations.get(id).unwrap().attributes.get(name)
}

/// The project, whose quote q1 has these values.
fn with_values(values: &[(&str, AttributeValue)]) -> Project {
    let mut project = project();
    let mut quote = annotation("q1", "quote", "ana", range(0, 9));
    for (name, value) in values {
        quote.attributes.insert(*name, value.clone());
    }
    let edit = Edit::ReplaceAnnotation {
        article: "a".into(),
        annotation: quote,
    };
    make(&mut project, vec![edit]);
    project
}

fn text(text: &str) -> AttributeValue {
    AttributeValue::Text(text.to_owned())
}

#[test]
fn a_label_is_put_before_another_as_a_kind_of_one() {
    let (project, me) = (project(), me());
    let signed = signed(&me);
    let order = |project: &Project| {
        let labels = project.codebook().labels.iter();
        let shown = labels.map(|label| match &label.parent {
            Some(parent) => format!("{parent}/{}", label.id),
            None => label.id.to_string(),
        });
        shown.collect::<Vec<_>>().join(" ")
    };
    assert_eq!(order(&project), "quote claim promo source cue");
    let place = |id: &str, parent: Option<&str>, before: Option<&str>| {
        let (parent, before) = (parent.map(LabelId::new), before.map(LabelId::new));
        place_label(
            &project,
            &id.into(),
            parent.as_ref(),
            before.as_ref(),
            signed,
        )
    };
    for (id, parent, before, expected) in [
        (
            "cue",
            Some("quote"),
            Some("claim"),
            "quote quote/cue claim promo source",
        ),
        ("quote", None, None, "claim promo source cue quote"),
        ("quote", None, Some("gone"), "claim promo source cue quote"),
        (
            "source",
            Some("quote"),
            None,
            "quote claim promo cue quote/source",
        ),
    ] {
        let change = place(id, parent, before).unwrap().unwrap();
        check(&project, &change, |changed| {
            assert_eq!(order(changed), expected);
        });
    }
    for (id, parent, before) in [
        ("quote", None, Some("claim")),
        ("cue", None, None),
        ("cue", Some("quote"), Some("cue")),
    ] {
        assert_eq!(place(id, parent, before), Ok(None), "{id} {before:?}");
    }
    let own = place("quote", Some("quote"), None);
    assert_eq!(own, Err(CodebookError::KindOfItself("Quote".to_owned())));
    assert_eq!(
        place("cue", Some("gone"), None),
        Err(CodebookError::NoLabel)
    );
    assert_eq!(place("gone", None, None), Err(CodebookError::NoLabel));
}

#[test]
fn another_policy_and_what_it_moves_are_one_step() {
    let (project, me) = (project(), me());
    let signed = signed(&me);
    let quote = LabelId::new("quote");
    let edges = Edges {
        closing_punctuation: EdgeRule::In,
        ..Edges::default()
    };
    let moved = against_edges(&project, &quote, &edges, || true).unwrap();
    let change = set_edges_and_move(&project, &quote, &edges, signed).unwrap();
    let change = change.unwrap();
    assert_eq!(change.touches.annotations, moved.len());
    check(&project, &change, |changed| {
        assert_eq!(changed.codebook().label("quote").unwrap().edges, edges);
        assert!(against_policy(changed, &quote).is_empty());
    });
    let same = Edges::default();
    let nothing = set_edges_and_move(&project, &quote, &same, signed);
    assert_eq!(nothing, Ok(None));
    assert_eq!(against_edges(&project, &quote, &edges, || false), None);
}

#[test]
fn a_label_is_added_changed_and_moved() {
    let (project, me) = (project(), me());
    let signed = signed(&me);
    let id = label_id(&project, "Straw man (véry bad)");
    assert_eq!(id.as_str(), "straw_man_very_bad");
    assert_eq!(label_id(&project, "Quote").as_str(), "quote-2");
    assert_eq!(label_id(&project, "!").as_str(), "label");
    let new = Label::new(id.as_str(), "Straw man", 0xA5_0F_2D);
    let change = add_label(&project, new.clone(), 1, signed).unwrap();
    assert_eq!(change.touches, Touches::default());
    check(&project, &change, |changed| {
        let codebook = changed.codebook();
        assert_eq!(codebook.labels[1], new);
        assert_eq!(codebook.revision, project.codebook().revision + 1);
        let told = codebook.changes.last().unwrap();
        assert_eq!(told.what, "add label “Straw man”");
        assert_eq!((&told.by, told.when), (&me, Some(Timestamp::new(7))));
    });
    let moved = move_label(&project, &"cue".into(), 0, signed);
    check(&project, &moved.unwrap().unwrap(), |changed| {
        assert_eq!(changed.codebook().labels[0].id.as_str(), "cue");
        assert_eq!(
            changed.codebook().labels.len(),
            project.codebook().labels.len()
        );
    });
    assert_eq!(move_label(&project, &"quote".into(), 0, signed), Ok(None));
    let change =
        |change: fn(&mut Label)| change_label(&project, &"claim".into(), "change", signed, change);
    check(
        &project,
        &change(|l| l.color = 1).unwrap().unwrap(),
        |changed| {
            let claim = changed.codebook().label("claim").unwrap();
            assert_eq!((claim.color, claim.redefined), (1, 0));
            assert_eq!(outdated(changed), []);
        },
    );
    let redefined = change(|l| l.definition = "Another.".to_owned());
    check(&project, &redefined.unwrap().unwrap(), |changed| {
        let codebook = changed.codebook();
        assert_eq!(
            codebook.label("claim").unwrap().redefined,
            codebook.revision
        );
        assert_eq!(outdated(changed), [("a".into(), "c1".into())]);
    });
    assert_eq!(change(|_| ()), Ok(None));
}

#[test]
fn what_a_codebook_refuses() {
    let (project, me) = (project(), me());
    let check = |change: &dyn Fn(&mut Label), expected: CodebookError| {
        let found = change_label(&project, &"claim".into(), "change", signed(&me), change);
        assert_eq!(found, Err(expected));
    };
    let named = |name: &'static str| move |label: &mut Label| label.name = name.to_owned();
    for name in ["Quote", "quote ", "QUOTE", "Qu\u{f3}te", "Quo\u{301}te"] {
        let taken = CodebookError::NameTaken("Quote".to_owned());
        check(&named(name), taken);
    }
    check(&named(" "), CodebookError::NoName);
    let long = |label: &mut Label| label.name = "x".repeat(301);
    check(&long, CodebookError::LongName);
    let capital = |label: &mut Label| label.key = Some('Q');
    check(&capital, CodebookError::KeyTaken('q', "Quote".to_owned()));
    let key = |label: &mut Label| label.key = Some('q');
    check(&key, CodebookError::KeyTaken('q', "Quote".to_owned()));
    let itself = |label: &mut Label| label.parent = Some("claim".into());
    check(&itself, CodebookError::KindOfItself("Claim".to_owned()));
    let twice = |label: &mut Label| {
        let first = label.attributes[0].clone();
        label.attributes.push(first);
    };
    check(&twice, CodebookError::AttributeTaken("claimant".to_owned()));
    let keys = |label: &mut Label| {
        label.attributes[0].key = Some('k');
        label.attributes[2].key = Some('k');
    };
    check(
        &keys,
        CodebookError::AttributeKeyTaken('k', "Claimant".to_owned()),
    );
    let gone = change_label(&project, &"gone".into(), "change", signed(&me), |_| ());
    assert_eq!(gone, Err(CodebookError::NoLabel));
    // As long as a name may be, and one that it has already.
    let change = |name: String| {
        let set = |label: &mut Label| label.name = name.clone();
        change_label(&project, &"claim".into(), "rename", signed(&me), set)
    };
    assert!(change("x".repeat(300)).unwrap().is_some());
    assert!(change("CLAIM".to_owned()).unwrap().is_some());
}

#[test]
fn two_labels_become_one_and_nothing_is_lost() {
    let me = me();
    let mut project = with_values(&[("kind", text("direct")), ("tone", text("loud"))]);
    let mut codebook = project.codebook().clone();
    let quote = &mut codebook.labels[0];
    let one_of = AttributeKind::OneOf(vec!["loud".to_owned()]);
    quote.attributes.push(AttributeSpec::new("tone", one_of));
    quote
        .attributes
        .push(AttributeSpec::new("weight", AttributeKind::Number));
    let claim = &mut codebook.labels[1];
    let one_of = AttributeKind::OneOf(vec!["quiet".to_owned()]);
    claim.attributes.push(AttributeSpec::new("tone", one_of));
    claim
        .attributes
        .push(AttributeSpec::new("weight", AttributeKind::Text));
    claim.parent = Some("quote".into());
    codebook.labels[2].parent = Some("quote".into());
    codebook.labels[2].link_roles = vec![LinkRole {
        or: vec!["cue".into()],
        ..LinkRole::to_label("quote")
    }];
    codebook.labels[4].link_roles = vec![LinkRole {
        or: vec!["quote".into(), "claim".into()],
        ..LinkRole::to_label("source")
    }];
    let about = |target: &str| LinkRole {
        name: "about".to_owned(),
        ..LinkRole::to_label(target)
    };
    codebook.labels[0].link_roles.push(about("cue"));
    codebook.labels[1].link_roles.push(about("promo"));
    make(&mut project, vec![Edit::SetCodebook(Box::new(codebook))]);
    let merge = |choices: &MergeChoices| {
        let (from, into) = ("quote".into(), "claim".into());
        merge_labels(&project, &from, &into, choices, signed(&me))
    };
    // Two kinds of one name are nobody's to decide but the analyst's.
    let open = merge(&MergeChoices::default());
    assert_eq!(open, Err(CodebookError::KindsDiffer("weight".to_owned())));
    let merged = merge(&deciding(&[("weight", Clashing::Apart)]))
        .unwrap()
        .change;
    assert_eq!(merged.touches, touching(2, 1));
    assert_eq!(touched_by(&project, &"quote".into()), touching(2, 1));
    check(&project, &merged, |changed| {
        let codebook = changed.codebook();
        assert!(codebook.label("quote").is_none());
        assert_eq!(touched_by(changed, &"claim".into()), touching(3, 1));
        let claim = codebook.label("claim").unwrap();
        let names: Vec<&str> = claim.attributes.iter().map(|a| a.name.as_str()).collect();
        let kinds = |name: &str| claim.attribute(name).map(|a| a.kind.options().len());
        // Both have a kind of their own options, which one attribute holds.
        assert!(
            names.contains(&"weight-2") && names.contains(&"speaker"),
            "{names:?}"
        );
        assert_eq!((kinds("tone"), kinds("kind")), (Some(2), Some(9)));
        assert_eq!(value(changed, "q1", "tone"), Some(&text("loud")));
        assert_eq!(claim.parent, None);
        let promo = codebook.label("promo").unwrap();
        assert_eq!(promo.parent, Some("claim".into()));
        assert_eq!(promo.link_roles[0].target, Some("claim".into()));
        assert!(claim.link_role("source").is_some());
        let targets = |role: &LinkRole| role.targets().map(ToString::to_string).collect::<Vec<_>>();
        let cue = codebook.label("cue").unwrap();
        assert_eq!(targets(&cue.link_roles[0]), ["source", "claim"]);
        assert_eq!(targets(claim.link_role("about").unwrap()), ["promo", "cue"]);
        assert_eq!(changed.trash().len(), project.trash().len() + 1);
    });
    let any = MergeChoices::default();
    let same = merge_labels(
        &project,
        &"quote".into(),
        &"quote".into(),
        &any,
        signed(&me),
    );
    assert_eq!(same, Err(CodebookError::NoLabel));
}

fn deciding(clashing: &[(&str, Clashing)]) -> MergeChoices {
    let clashing = clashing
        .iter()
        .map(|(name, way)| ((*name).to_owned(), *way));
    MergeChoices {
        clashing: clashing.collect(),
        ..MergeChoices::default()
    }
}

/// Values of one name and two kinds: beside the others, as values of the other kind, or dropped.
#[test]
fn values_of_two_kinds_become_what_was_decided() {
    let me = me();
    let check = |said: &str, way: Clashing, expected: &[(&str, AttributeValue)], unfit: usize| {
        let project = with_codebook(with_values(&[("weight", text(said))]), |codebook| {
            let spec = |kind| AttributeSpec::new("weight", kind);
            codebook.labels[0].attributes = vec![spec(AttributeKind::Text)];
            codebook.labels[1].attributes = vec![spec(AttributeKind::Number)];
        });
        let choices = deciding(&[("weight", way)]);
        let (from, into) = ("quote".into(), "claim".into());
        let merged = merge_labels(&project, &from, &into, &choices, signed(&me)).unwrap();
        let [clash] = merged.clashes.as_slice() else {
            panic!("{:?}", merged.clashes);
        };
        assert_eq!(
            (clash.values, clash.unfit.len()),
            (1, unfit),
            "{said} {way:?}"
        );
        check(&project, &merged.change, |changed| {
            let article = changed.article(&"a".into()).unwrap();
            let quote = article.annotations.get("q1").unwrap();
            let now: Vec<_> = quote.attributes.iter().collect();
            let now: Vec<_> = now
                .iter()
                .map(|(n, v)| (n.as_str(), (*v).clone()))
                .collect();
            assert_eq!(now, expected, "{said} {way:?}");
        });
    };
    let number = AttributeValue::Number;
    let (keep, drop) = (
        Clashing::Converted(Unfit::Keep),
        Clashing::Converted(Unfit::Drop),
    );
    check("3", Clashing::Apart, &[("weight-2", text("3"))], 0);
    check("3", keep, &[("weight", number(3.0))], 0);
    check("3", drop, &[("weight", number(3.0))], 0);
    check("heavy", Clashing::Apart, &[("weight-2", text("heavy"))], 1);
    check("heavy", keep, &[("weight", text("heavy"))], 1);
    check("heavy", drop, &[], 1);
}

/// What the label that goes says in words: taken over where there is none, joined, or told as left.
#[test]
fn no_words_of_a_merged_label_vanish_unmentioned() {
    let me = me();
    let items = |all: &[&str]| all.iter().map(|s| (*s).to_owned()).collect::<Vec<_>>();
    let project = with_codebook(project(), |codebook| {
        let quote = &mut codebook.labels[0];
        quote.definition = "What was said.".to_owned();
        quote.include = items(&["titles", "shared"]);
        quote.exclude = items(&["thoughts"]);
        quote.examples = items(&["“Yes.”"]);
        quote.key = Some('q');
        quote.overlap = crate::core::codebook::OverlapPolicy::Never;
        let claim = &mut codebook.labels[1];
        claim.definition = String::new();
        claim.include = items(&["shared"]);
        claim.exclude = Vec::new();
        claim.examples = items(&["Taxes rose."]);
    });
    let merge = |words: Words| {
        let choices = MergeChoices {
            words,
            ..MergeChoices::default()
        };
        let (from, into) = ("quote".into(), "claim".into());
        merge_labels(&project, &from, &into, &choices, signed(&me)).unwrap()
    };
    let check = |words: Words, expected: [&str; 4], left: &[&str], is_redefined: bool| {
        let merged = merge(words);
        for what in left {
            assert!(
                merged.left.iter().any(|l| l == what),
                "{words:?} {what}: {:?}",
                merged.left
            );
        }
        assert_eq!(merged.is_redefined, is_redefined, "{words:?}");
        check(&project, &merged.change, |changed| {
            let codebook = changed.codebook();
            let claim = codebook.label("claim").unwrap();
            let lists = [&claim.include, &claim.exclude, &claim.examples];
            let [include, exclude, examples] = lists.map(|list| list.join(", "));
            let now = [&claim.definition, &include, &exclude, &examples];
            assert_eq!(now.map(String::as_str), expected, "{words:?}");
            assert_eq!(claim.redefined == codebook.revision, is_redefined);
        });
    };
    let always = ["the key (Q)", "the overlap (never)"];
    let with = |more: &[&'static str]| [&always[..], more].concat();
    check(
        Words::WhereNone,
        ["What was said.", "shared", "thoughts", "Taxes rose."],
        &with(&["the rules for what is marked", "the examples"]),
        true,
    );
    check(
        Words::Behind,
        [
            "What was said.",
            "shared, titles",
            "thoughts",
            "Taxes rose., “Yes.”",
        ],
        &with(&[]),
        true,
    );
    check(
        Words::Trash,
        ["", "shared", "", "Taxes rose."],
        &with(&[
            "the definition",
            "the rules for what is not marked",
            "the examples",
        ]),
        false,
    );
}

/// A role goes with its links or without them, and says how many annotations that touches.
#[test]
fn a_role_goes_with_its_links_or_without() {
    let me = me();
    let mut project = project();
    let mut quote = annotation("q1", "quote", "ana", range(0, 9));
    for (role, target) in [("source", "c1"), ("source", "q2"), ("cue", "c1")] {
        quote.links.push(crate::core::annotation::Link {
            role: role.to_owned(),
            target: target.into(),
            unknown: Vec::new(),
        });
    }
    let edit = Edit::ReplaceAnnotation {
        article: "a".into(),
        annotation: quote,
    };
    make(&mut project, vec![edit]);
    let label = LabelId::from("quote");
    assert_eq!(touched_by_role(&project, &label, "source"), touching(1, 1));
    assert_eq!(touched_by_role(&project, &label, "none"), touching(0, 0));
    for (with_links, left) in [(false, 4), (true, 2)] {
        let change = remove_role(&project, &label, "source", with_links, signed(&me)).unwrap();
        assert_eq!(change.touches.annotations, usize::from(with_links));
        check(&project, &change, |changed| {
            let quote = changed.codebook().label("quote").unwrap();
            assert!(quote.link_role("source").is_none());
            let article = changed.article(&"a".into()).unwrap();
            assert_eq!(article.annotations.get("q1").unwrap().links.len(), left);
        });
    }
    let none = remove_role(&project, &label, "none", false, signed(&me));
    assert_eq!(none, Err(CodebookError::NoRole("none".to_owned())));
}

#[test]
fn an_attribute_changes_its_name_and_goes() {
    let me = me();
    let project = with_values(&[("kind", text("direct"))]);
    let quote = LabelId::from("quote");
    let renamed = rename_attribute(&project, &quote, "kind", "form", signed(&me)).unwrap();
    assert_eq!(renamed.touches, touching(1, 1));
    check(&project, &renamed, |changed| {
        assert_eq!(value(changed, "q1", "form"), Some(&text("direct")));
        assert_eq!(value(changed, "q1", "kind"), None);
        let quote = changed.codebook().label("quote").unwrap();
        assert_eq!(quote.attribute("form").unwrap().title, "Kind");
    });
    let removed = remove_attribute(&project, &quote, "kind", signed(&me)).unwrap();
    assert_eq!(removed.touches, touching(1, 1));
    check(&project, &removed, |changed| {
        assert_eq!(value(changed, "q1", "kind"), None);
        assert!(
            changed
                .codebook()
                .label("quote")
                .unwrap()
                .attribute("kind")
                .is_none()
        );
    });
    let refused = |old: &str, new: &str| {
        rename_attribute(&project, &quote, old, new, signed(&me)).unwrap_err()
    };
    assert_eq!(
        refused("gone", "x"),
        CodebookError::NoAttribute("gone".to_owned())
    );
    assert_eq!(
        refused("kind", "speaker"),
        CodebookError::AttributeTaken("speaker".to_owned())
    );
    assert_eq!(refused("kind", " "), CodebookError::NoName);
    // A value that no attribute of the codebook is for is not written over.
    let project = with_values(&[("kind", text("direct")), ("form", text("long"))]);
    let taken = rename_attribute(&project, &quote, "kind", "form", signed(&me));
    assert_eq!(taken, Err(CodebookError::AttributeTaken("form".to_owned())));
}

#[test]
fn values_become_those_of_another_kind_or_are_told() {
    let me = me();
    let strings = |all: &[&str]| all.iter().map(|s| (*s).to_owned()).collect::<Vec<_>>();
    let check = |old: AttributeValue, kind: AttributeKind, expected: Option<AttributeValue>| {
        let project = with_values(&[("kind", old.clone())]);
        let quote = LabelId::from("quote");
        let change = |unfit| change_kind(&project, &quote, "kind", &kind, unfit, signed(&me));
        let (made, misfits) = change(Unfit::Keep).unwrap();
        assert_eq!(
            misfits.len(),
            usize::from(expected.is_none()),
            "{old:?} {kind:?}"
        );
        check(&project, &made, |changed| {
            let now = value(changed, "q1", "kind");
            assert_eq!(now, Some(expected.as_ref().unwrap_or(&old)));
        });
        if expected.is_none() {
            assert_eq!(misfits[0].value, old);
            let (made, _) = change(Unfit::Drop).unwrap();
            assert_eq!(made.touches, touching(1, 1));
            check(&project, &made, |changed| {
                assert_eq!(value(changed, "q1", "kind"), None);
            });
        }
    };
    let number = |n: f64| Some(AttributeValue::Number(n));
    check(text("12.5"), AttributeKind::Number, number(12.5));
    check(text("twelve"), AttributeKind::Number, None);
    check(
        text("Yes"),
        AttributeKind::YesNo,
        Some(AttributeValue::Bool(true)),
    );
    check(text("perhaps"), AttributeKind::YesNo, None);
    check(
        AttributeValue::Number(3.0),
        AttributeKind::Text,
        Some(text("3")),
    );
    check(
        AttributeValue::Bool(false),
        AttributeKind::Text,
        Some(text("no")),
    );
    let options = strings(&["Direct", "indirect"]);
    check(
        text("direct"),
        AttributeKind::OneOf(options.clone()),
        Some(text("Direct")),
    );
    check(text("other"), AttributeKind::OneOf(options.clone()), None);
    let both = AttributeValue::Many(strings(&["Direct", "indirect"]));
    check(
        text("Direct; indirect"),
        AttributeKind::SeveralOf(options.clone()),
        Some(both.clone()),
    );
    check(both, AttributeKind::Text, Some(text("Direct; indirect")));
    check(
        text("Direct"),
        AttributeKind::OneOf(options),
        Some(text("Direct")),
    );
}

#[test]
fn a_policy_is_applied_to_what_is_there() {
    let me = me();
    let mut project = project();
    // “The mayor said “we will pay”. Nobody believed her.”
    let mut quotes = Vec::new();
    for (id, part) in [("q1", range(15, 32)), ("q2", range(18, 29))] {
        quotes.push(Arc::new(*annotation(id, "quote", "ana", part)));
    }
    let mut codebook = project.codebook().clone();
    codebook.labels[0].edges.quotation_marks = EdgeRule::Out;
    let edits = vec![
        Edit::ReplaceAnnotations {
            article: "a".into(),
            annotations: quotes,
        },
        Edit::SetCodebook(Box::new(codebook)),
    ];
    make(&mut project, edits);
    let moved = against_policy(&project, &"quote".into());
    let expected = Moved {
        article: "a".into(),
        annotation: "q1".into(),
        old: vec![range(15, 32)],
        new: vec![range(18, 29)],
    };
    assert_eq!(moved, std::slice::from_ref(&expected));
    let change = move_to_policy(&project, &[&expected], signed(&me));
    assert_eq!(change.touches, touching(1, 1));
    check(&project, &change, |changed| {
        let article = changed.article(&"a".into()).unwrap();
        let quote = article.annotations.get("q1").unwrap();
        assert_eq!(*quote.fragments, [range(18, 29)]);
        assert_eq!(against_policy(changed, &"quote".into()), []);
    });
    // What changed since the list was made is left alone.
    let other = Moved {
        old: vec![range(0, 3)],
        ..expected
    };
    assert_eq!(
        move_to_policy(&project, &[&other], signed(&me)),
        Change::default()
    );
    assert_eq!(against_policy(&project, &"gone".into()), []);
}

/// With the labels that `change` makes of them.
fn with_codebook(mut project: Project, change: impl FnOnce(&mut Codebook)) -> Project {
    let mut codebook = project.codebook().clone();
    change(&mut codebook);
    make(&mut project, vec![Edit::SetCodebook(Box::new(codebook))]);
    project
}

/// Renames a label, and says under which id it is then there.
fn renamed_to(project: &Project, id: &str, name: &str) -> String {
    let me = me();
    let set = |label: &mut Label| label.name = name.to_owned();
    let change = change_label(project, &id.into(), "rename", signed(&me), set);
    let change = change.unwrap().unwrap();
    let mut found = String::new();
    check(project, &change, |changed| {
        let labels = &changed.codebook().labels;
        let label = labels.iter().find(|label| label.name == name).unwrap();
        found = label.id.to_string();
        let now = change.renamed.as_ref();
        assert_eq!(now.map_or(id, |(_, now)| now.as_str()), found);
    });
    found
}

#[test]
fn the_first_name_of_a_label_is_its_id() {
    let new = |id: &str| Label::new(id, "New label", 0);
    let with = |change: &dyn Fn(&mut Codebook)| {
        with_codebook(project(), |codebook| {
            codebook.labels.push(new("new_label"));
            change(codebook);
        })
    };
    let alone = with(&|_| ());
    assert_eq!(renamed_to(&alone, "new_label", "Straw man"), "straw_man");
    assert_eq!(renamed_to(&alone, "new_label", "Véry bad!"), "very_bad");
    // It had a name before.
    assert_eq!(renamed_to(&alone, "promo", "Advert"), "promo");
    let second = with(&|codebook| codebook.labels[5].id = "new_label-2".into());
    assert_eq!(
        renamed_to(&second, "new_label-2", "Quote-like"),
        "quote_like"
    );
    // Whatever refers to it keeps it.
    let role = |codebook: &mut Codebook| {
        codebook.labels[0].link_roles = vec![LinkRole {
            or: vec!["new_label".into()],
            ..LinkRole::to_label("cue")
        }];
    };
    let parent = |codebook: &mut Codebook| codebook.labels[0].parent = Some("new_label".into());
    let shown = |codebook: &mut Codebook| {
        codebook.labels[5].shown_by = vec![crate::core::codebook::ShownBy {
            article: "a".into(),
            annotation: "q1".into(),
            is_counter: false,
            unknown: Vec::new(),
        }];
    };
    let cases: [&dyn Fn(&mut Codebook); 3] = [&role, &parent, &shown];
    for change in cases {
        assert_eq!(
            renamed_to(&with(change), "new_label", "Straw man"),
            "new_label"
        );
    }
    let mut marked = with(&|_| ());
    let edit = |annotation| Edit::ReplaceAnnotation {
        article: "a".into(),
        annotation,
    };
    let annotation = annotation("q1", "new_label", "ana", range(0, 9));
    make(&mut marked, vec![edit(annotation)]);
    assert_eq!(renamed_to(&marked, "new_label", "Straw man"), "new_label");
    let me = me();
    let gone = crate::core::recipes::trash::trash_annotation(
        &marked,
        &"a".into(),
        &"q1".into(),
        signed(&me),
    );
    make(&mut marked, vec![gone]);
    assert_eq!(renamed_to(&marked, "new_label", "Straw man"), "new_label");
}

#[test]
fn an_id_that_is_still_said_is_given_to_no_other_label() {
    let me = me();
    let check = |project: &Project, expected: &str| {
        assert_eq!(label_id(project, "Straw man").as_str(), expected);
    };
    check(&project(), "straw_man");
    let straw = || LabelId::new("straw_man");
    let parent = |codebook: &mut Codebook| codebook.labels[0].parent = Some(straw());
    check(&with_codebook(project(), parent), "straw_man-2");
    let target = |codebook: &mut Codebook| {
        codebook.labels[0].link_roles = vec![LinkRole::to_label("straw_man")];
    };
    check(&with_codebook(project(), target), "straw_man-2");
    // A mark of a label that was deleted comes back as what it was.
    let mut gone = with_codebook(project(), |codebook| {
        codebook
            .labels
            .push(Label::new("straw_man", "Straw man", 0));
    });
    let mark = annotation("q1", "straw_man", "ana", range(0, 9));
    let edit = Edit::ReplaceAnnotation {
        article: "a".into(),
        annotation: mark,
    };
    make(&mut gone, vec![edit]);
    let deletion = crate::core::recipes::trash::delete_label(&gone, &straw(), None, signed(&me));
    make(&mut gone, deletion.unwrap().edits);
    assert_eq!(gone.trash().len(), 2);
    check(&gone, "straw_man-2");
    let label = gone
        .trash()
        .iter()
        .position(|item| item.what.label().is_some());
    make(&mut gone, vec![Edit::RemoveFromTrash(vec![label.unwrap()])]);
    check(&gone, "straw_man-2");
}

#[test]
fn what_a_change_does_not_touch_is_not_refused() {
    let me = me();
    let long = "x".repeat(400);
    let odd = with_codebook(project(), |codebook| {
        codebook.labels[1].key = Some('Q');
        let claim = &mut codebook.labels[1];
        claim.attributes[0].title.clone_from(&long);
        claim.attributes[0].key = Some('t');
        claim.attributes[1].key = Some('T');
        let role = LinkRole::to_label("cue");
        claim.link_roles = vec![role.clone(), role];
    });
    let change = |change: &dyn Fn(&mut Label)| {
        let made = change_label(&odd, &"claim".into(), "change", signed(&me), change);
        made.map(|change| change.is_some())
    };
    for allowed in [
        &(|label: &mut Label| label.attributes[2].help = "Say".to_owned()) as &dyn Fn(&mut Label),
        &|label| label.key = Some('q'),
        &|label| label.key = None,
        &|label| label.attributes[0].title = "Short".to_owned(),
        &|label| label.attributes.swap(0, 1),
        &|label| drop(label.link_roles.pop()),
        &|label| label.attributes[1].key = None,
    ] {
        assert_eq!(change(allowed), Ok(true));
    }
    let title = odd.codebook().labels[1].attributes[0].title.clone();
    assert_eq!(
        change(&|label| label.attributes[2].key = Some('T')),
        Err(CodebookError::AttributeKeyTaken('t', title))
    );
    assert_eq!(
        change(&|label| label.link_roles.push(LinkRole::to_label("cue"))),
        Err(CodebookError::RoleTaken("cue".to_owned()))
    );
    let renamed = |new: &str| {
        let quote = LabelId::from("quote");
        rename_attribute(&odd, &quote, "kind", new, signed(&me)).map(|_| ())
    };
    assert_eq!(renamed(&long), Err(CodebookError::LongName));
    assert_eq!(renamed(&"x".repeat(300)), Ok(()));
}

#[test]
fn names_that_merging_makes_are_no_longer_than_names_are() {
    let me = me();
    let long = "x".repeat(300);
    let project = with_codebook(project(), |codebook| {
        codebook.labels[0].name = "y".repeat(300);
        for (at, kind) in [(0, AttributeKind::Number), (1, AttributeKind::Text)] {
            codebook.labels[at].attributes = vec![AttributeSpec {
                title: String::new(),
                ..AttributeSpec::new(&long, kind)
            }];
        }
    });
    let apart = deciding(&[(&long, Clashing::Apart)]);
    let merged = merge_labels(
        &project,
        &"quote".into(),
        &"claim".into(),
        &apart,
        signed(&me),
    );
    check(&project, &merged.unwrap().change, |changed| {
        let claim = changed.codebook().label("claim").unwrap();
        assert_eq!(claim.attributes.len(), 2);
        for spec in &claim.attributes {
            let longest = spec.name.chars().count().max(spec.title.chars().count());
            assert!(longest <= MAX_NAME, "{longest}");
        }
    });
}
