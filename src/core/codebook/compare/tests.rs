//! What taking a codebook in would do, case by case, and what holds of any two codebooks.

use super::*;
use crate::core::annotation::AttributeValue;
use crate::core::codebook::{EdgeRule, Edges, LinkRole, Underline};
use proptest::prelude::*;

fn label(id: &str, name: &str) -> Label {
    Label::new(id, name, 0x102030)
}

fn kind(id: &str, name: &str, parent: &str) -> Label {
    Label {
        parent: Some(parent.into()),
        ..label(id, name)
    }
}

fn keyed(id: &str, key: char) -> Label {
    Label {
        key: Some(key),
        ..label(id, id)
    }
}

fn with(id: &str, specs: &[(&str, AttributeKind)]) -> Label {
    let specs = specs
        .iter()
        .map(|(name, kind)| AttributeSpec::new(name, kind.clone()));
    Label {
        attributes: specs.collect(),
        ..label(id, id)
    }
}

fn one_of(options: &[&str]) -> AttributeKind {
    AttributeKind::OneOf(options.iter().map(|&option| option.to_owned()).collect())
}

/// The rows in words: standing, id, what it is about, differences and conflicts.
fn told(comparison: &Comparison) -> Vec<String> {
    let rows = comparison.rows.iter().map(|row| {
        let own = row.own.as_ref().filter(|own| **own != row.theirs.id);
        let own = own.map(|own| format!(" = {own}")).unwrap_or_default();
        let differences = row.differences.iter().map(|d| format!("; {d}"));
        let conflicts = row
            .conflicts
            .iter()
            .map(|c| format!("; conflict: {}", c.clash));
        let parts: String = differences.chain(conflicts).collect();
        format!("{} {}{own}{parts}", row.standing().words(), row.theirs.id)
    });
    rows.collect()
}

fn check(mine: Vec<Label>, theirs: Vec<Label>, expected: &[&str]) -> (Codebook, Comparison) {
    let mine = Codebook::of(mine);
    let comparison = Comparison::of(&mine, &Codebook::of(theirs), false);
    assert_eq!(told(&comparison), expected);
    (mine, comparison)
}

/// The labels that come of it when all conflicts go one way: id, name, key and parent.
fn merged(mine: &Codebook, comparison: &Comparison, side: Side) -> Vec<String> {
    let mut comparison = comparison.clone();
    comparison.prefer(side);
    assert_eq!(comparison.undecided(), 0);
    let mut merged = comparison.merged(mine).codebook;
    assert_eq!(merged.clone().mend(), [], "what is merged can be used");
    merged.changes.clear();
    let labels = merged.labels.iter().map(|label| {
        let key = label.key.map(|key| format!(" {key}")).unwrap_or_default();
        let parent = label.parent.as_ref().map(|parent| format!(" < {parent}"));
        format!(
            "{}: {}{key}{}",
            label.id,
            label.name,
            parent.unwrap_or_default()
        )
    });
    labels.collect()
}

#[test]
fn labels_are_new_changed_or_the_same() {
    let mut other = label("quote", "Quote");
    other.definition = "Said.".to_owned();
    other.include = vec!["a".to_owned(), "b".to_owned()];
    other.color = 0xFF0000;
    other.underline = Underline::Wavy;
    other.retired = true;
    other.key = Some('q');
    other.helper = true;
    other.edges = Edges {
        leading_that: EdgeRule::In,
        ..Edges::default()
    };
    other.attributes = vec![AttributeSpec {
        default: Some(AttributeValue::Bool(true)),
        required: true,
        ..AttributeSpec::new("sure", AttributeKind::YesNo)
    }];
    other.link_roles = vec![LinkRole::to_label("cue")];
    let (mine, comparison) = check(
        vec![
            label("quote", "Quote"),
            label("cue", "Cue"),
            label("x", "X"),
        ],
        vec![other, label("cue", "Cue"), kind("part", "Part", "quote")],
        &[
            "changed quote; definition: nothing becomes “Said.”; rules for what is marked: nothing becomes “a · b”; retired: “no” becomes “yes”; colour: “#102030” becomes “#FF0000”; underline: “solid” becomes “wavy”; key: nothing becomes “Q”; “that” before it: “as marked” becomes “in”; a part of other annotations: “no” becomes “yes”; attribute “sure”: nothing becomes “yes or no”; link “cue”: nothing becomes “cue”",
            "the same cue",
            "new part",
        ],
    );
    assert_eq!(comparison.only_mine, 1);
    assert_eq!(comparison.summary(), "1 new, 1 changed, 1 the same");
    assert_eq!(comparison.undecided(), 0);
    let expected = ["quote: Quote q", "cue: Cue", "x: X", "part: Part < quote"];
    assert_eq!(merged(&mine, &comparison, Side::Mine), expected);
    // What is not taken changes nothing.
    let mut none = comparison.clone();
    for row in &mut none.rows {
        row.is_taken = false;
    }
    assert_eq!(none.merged(&mine).codebook, mine);
}

#[test]
fn names_that_differ_in_case_accents_or_blanks_are_conflicts() {
    let (mine, comparison) = check(
        vec![label("quote", "Quote"), label("a", "Été")],
        vec![label("quote", "quote "), label("b", "ETE")],
        &[
            "in conflict quote; name: “Quote” becomes “quote ”; conflict: it is written “Quote” here",
            "in conflict b = a; name: “Été” becomes “ETE”; conflict: a label is called “Été” already (a)",
        ],
    );
    assert_eq!(comparison.undecided(), 2);
    assert_eq!(
        merged(&mine, &comparison, Side::Mine),
        ["quote: Quote", "a: Été"]
    );
    assert_eq!(
        merged(&mine, &comparison, Side::Theirs),
        ["quote: quote ", "a: ETE"]
    );
    assert_eq!(
        merged(&mine, &comparison, Side::Both),
        ["quote: quote ", "a: Été", "b: ETE (2)"]
    );
    for row in &comparison.rows {
        for conflict in &row.conflicts {
            assert!(conflict.clash.choices(row).len() >= 2);
        }
    }
    // A label that they renamed to the name of another one.
    let (mine, comparison) = check(
        vec![label("a", "A"), label("b", "B")],
        vec![label("a", "b")],
        &["in conflict a; name: “A” becomes “b”; conflict: a label is called “B” already (b)"],
    );
    assert_eq!(merged(&mine, &comparison, Side::Mine), ["a: A", "b: B"]);
    assert_eq!(
        merged(&mine, &comparison, Side::Theirs),
        ["a: b (2)", "b: B"]
    );
    // Names that changed places are none.
    let (mine, comparison) = check(
        vec![label("a", "A"), label("b", "B")],
        vec![label("a", "B"), label("b", "A")],
        &[
            "renamed a; name: “A” becomes “B”",
            "renamed b; name: “B” becomes “A”",
        ],
    );
    assert_eq!(merged(&mine, &comparison, Side::Mine), ["a: B", "b: A"]);
}

#[test]
fn what_leads_to_a_label_of_the_same_name_leads_to_mine() {
    let mut part = kind("part", "Part", "speech");
    part.link_roles = vec![LinkRole::to_label("speech")];
    let (mine, comparison) = check(
        vec![label("quote", "Speech")],
        vec![label("speech", "speech"), part],
        &[
            "in conflict speech = quote; name: “Speech” becomes “speech”; conflict: a label is called “Speech” already (quote)",
            "new part",
        ],
    );
    let target = |side: Side| {
        let mut comparison = comparison.clone();
        comparison.prefer(side);
        let merged = comparison.merged(&mine).codebook;
        let part = merged.label("part").unwrap();
        let target = part.link_roles[0].target.clone();
        (
            part.parent.clone().unwrap().to_string(),
            target.unwrap().to_string(),
        )
    };
    let of = |id: &str| (id.to_owned(), id.to_owned());
    assert_eq!(target(Side::Mine), of("quote"));
    assert_eq!(target(Side::Theirs), of("quote"));
    assert_eq!(target(Side::Both), of("speech"));
}

/// Who it is is said by its id, whatever else is other with the name.
#[test]
fn a_label_of_the_same_id_with_another_name_is_renamed() {
    let mut defined = label("b", "Beta");
    defined.definition = "Second.".to_owned();
    let (mine, comparison) = check(
        vec![label("a", "Alpha"), label("b", "B")],
        vec![label("a", "Aleph"), defined],
        &[
            "renamed a; name: “Alpha” becomes “Aleph”",
            "renamed b; name: “B” becomes “Beta”; definition: nothing becomes “Second.”",
        ],
    );
    assert_eq!(comparison.summary(), "2 renamed");
    let expected = ["a: Aleph", "b: Beta"];
    assert_eq!(merged(&mine, &comparison, Side::Mine), expected);
}

/// A key is one key, whether it is written small or large.
#[test]
fn keys_are_the_same_in_either_case() {
    check(
        vec![keyed("a", 'x')],
        vec![keyed("a", 'X')],
        &["the same a"],
    );
    let (mine, comparison) = check(
        vec![keyed("a", 'x')],
        vec![keyed("c", 'X')],
        &["in conflict c; conflict: the key X belongs to “a”"],
    );
    assert_eq!(merged(&mine, &comparison, Side::Mine), ["a: a x", "c: c"]);
    assert_eq!(merged(&mine, &comparison, Side::Theirs), ["a: a", "c: c X"]);
    let keyed = |name: &str, key: char| Label {
        attributes: vec![AttributeSpec {
            key: Some(key),
            ..AttributeSpec::new(name, AttributeKind::Text)
        }],
        ..label("a", "a")
    };
    check(
        vec![keyed("x", 'K')],
        vec![keyed("x", 'k')],
        &["the same a"],
    );
    let (mine, mut comparison) = check(
        vec![keyed("x", 'k')],
        vec![keyed("y", 'K')],
        &[
            "in conflict a; key of the attribute “x”: “K” becomes nothing; attribute “y”: nothing becomes “text”; conflict: the key K of the attribute “y” belongs to “x”",
        ],
    );
    comparison.prefer(Side::Theirs);
    let label = comparison.merged(&mine).codebook.labels.remove(0);
    let keys: Vec<Option<char>> = label.attributes.iter().map(|spec| spec.key).collect();
    assert_eq!(keys, [None, Some('K')]);
}

#[test]
fn keys_that_are_taken_are_conflicts() {
    let (mine, comparison) = check(
        vec![keyed("a", 'x'), keyed("b", 'y')],
        vec![keyed("c", 'x'), keyed("b", 'x')],
        &[
            "in conflict c; conflict: the key X belongs to “a”",
            "in conflict b; key: “Y” becomes “X”; conflict: the key X belongs to “a”",
        ],
    );
    assert_eq!(
        merged(&mine, &comparison, Side::Mine),
        ["a: a x", "b: b y", "c: c"]
    );
    // Two of theirs have it, which no codebook that can be used says: the last keeps it.
    let told = merged(&mine, &comparison, Side::Theirs);
    assert_eq!(
        told.iter().filter(|label| label.ends_with(" x")).count(),
        1,
        "{told:?}"
    );
    // Keys that changed places are none.
    let (mine, comparison) = check(
        vec![keyed("a", 'x'), keyed("b", 'y')],
        vec![keyed("a", 'y'), keyed("b", 'x')],
        &[
            "changed a; key: “X” becomes “Y”",
            "changed b; key: “Y” becomes “X”",
        ],
    );
    assert_eq!(merged(&mine, &comparison, Side::Mine), ["a: a y", "b: b x"]);
    // A key is no less there when theirs says none.
    check(
        vec![keyed("a", 'x')],
        vec![label("a", "a")],
        &["the same a"],
    );
}

#[test]
fn attributes_of_another_kind_are_conflicts() {
    let (mine, mut comparison) = check(
        vec![with(
            "a",
            &[
                ("x", AttributeKind::Text),
                ("y", one_of(&["1"])),
                ("z", AttributeKind::Date),
            ],
        )],
        vec![with(
            "a",
            &[
                ("x", AttributeKind::Number),
                ("y", one_of(&["2", "1"])),
                ("w", AttributeKind::Url),
            ],
        )],
        &[
            "in conflict a; kind of the attribute “x”: “text” becomes “a number”; options of the attribute “y”: “1” becomes “1, 2”; attribute “w”: nothing becomes “an address”; conflict: the attribute “x” is text here and a number there",
        ],
    );
    let kinds = |comparison: &Comparison| {
        let merged = comparison.merged(&mine);
        let specs = merged.codebook.labels[0].attributes.iter();
        let specs: Vec<String> = specs
            .map(|s| format!("{} {}", s.name, s.kind.code()))
            .collect();
        (specs.join(", "), merged.kinds.len())
    };
    comparison.rows[0].conflicts[0].choice = Some(Side::Mine);
    assert_eq!(
        kinds(&comparison),
        ("x text, y one_of, z date, w url".to_owned(), 0)
    );
    comparison.rows[0].conflicts[0].choice = Some(Side::Theirs);
    assert_eq!(
        kinds(&comparison),
        ("x number, y one_of, z date, w url".to_owned(), 1)
    );
    // Fewer options take none away.
    check(
        vec![with("a", &[("y", one_of(&["1", "2"]))])],
        vec![with("a", &[("y", one_of(&["2"]))])],
        &["the same a"],
    );
}

#[test]
fn keys_of_attributes_are_there_once() {
    let keyed = |keys: &[(&str, char)]| {
        let specs = keys.iter().map(|(name, key)| AttributeSpec {
            key: Some(*key),
            ..AttributeSpec::new(name, AttributeKind::Text)
        });
        Label {
            attributes: specs.collect(),
            ..label("a", "a")
        }
    };
    let (mine, comparison) = check(
        vec![keyed(&[("x", '1')])],
        vec![keyed(&[("y", '1')])],
        &[
            "in conflict a; key of the attribute “x”: “1” becomes nothing; attribute “y”: nothing becomes “text”; conflict: the key 1 of the attribute “y” belongs to “x”",
        ],
    );
    let keys = |side: Side| {
        let mut comparison = comparison.clone();
        comparison.prefer(side);
        let label = comparison.merged(&mine).codebook.labels.remove(0);
        label
            .attributes
            .iter()
            .map(|spec| spec.key)
            .collect::<Vec<_>>()
    };
    assert_eq!(keys(Side::Mine), [Some('1'), None]);
    assert_eq!(keys(Side::Theirs), [None, Some('1')]);
    check(
        vec![keyed(&[("x", '1'), ("y", '2')])],
        vec![keyed(&[("x", '2'), ("y", '1')])],
        &[
            "changed a; key of the attribute “x”: “1” becomes “2”; key of the attribute “y”: “2” becomes “1”",
        ],
    );
}

#[test]
fn circles_are_conflicts() {
    let (mine, comparison) = check(
        vec![label("a", "A"), kind("b", "B", "a")],
        vec![kind("a", "A", "c"), kind("c", "C", "b")],
        &[
            "in conflict a; kind of: nothing becomes “c”; conflict: as a kind of “C” it would be a kind of itself",
            "new c",
        ],
    );
    assert_eq!(
        merged(&mine, &comparison, Side::Mine),
        ["a: A", "b: B < a", "c: C < b"]
    );
    assert_eq!(
        merged(&mine, &comparison, Side::Theirs),
        ["a: A < c", "b: B", "c: C < b"]
    );
    // Turned round by both labels of theirs: that is none.
    let (mine, comparison) = check(
        vec![label("a", "A"), kind("b", "B", "a")],
        vec![kind("a", "A", "b"), label("b", "B")],
        &[
            "changed a; kind of: nothing becomes “b”",
            "changed b; kind of: “a” becomes nothing",
        ],
    );
    assert_eq!(merged(&mine, &comparison, Side::Mine), ["a: A < b", "b: B"]);
}

#[test]
fn what_a_file_has_no_place_for_changes_nothing() {
    let mut mine = with("Person", &[("sure", AttributeKind::YesNo)]);
    mine.definition = "Somebody.".to_owned();
    mine.helper = true;
    mine.retired = true;
    mine.parent = Some("x".into());
    mine.link_roles = vec![LinkRole::to_label("x")];
    mine.attributes[0].help = "Is it?".to_owned();
    let mut theirs = with("Person", &[("sure", AttributeKind::YesNo)]);
    theirs.color = Label::GREY;
    let mine = Codebook::of(vec![mine, label("x", "X")]);
    let other = Codebook::of(vec![theirs, Label::new("new", "New", Label::GREY)]);
    let comparison = Comparison::of(&mine, &other, true);
    assert_eq!(told(&comparison), ["the same Person", "new new"]);
    let merged = comparison.merged(&mine).codebook;
    assert_eq!(merged.labels[..2], mine.labels[..]);
    assert_ne!(merged.labels[2].color, Label::GREY);
    assert_ne!(
        Comparison::of(&mine, &other, false).merged(&mine).codebook,
        merged
    );
}

/// Few names, keys and kinds, so that they clash.
fn small() -> impl Strategy<Value = Codebook> {
    let label = (
        0..6_usize,
        0..5_usize,
        0..5_usize,
        0..7_usize,
        0..4_usize,
        0..4_usize,
    );
    prop::collection::vec(label, 0..6).prop_map(|all| {
        let labels = all.into_iter().map(|(id, name, key, parent, spec, role)| {
            let names = ["A", "a ", "Á", "B", "C"];
            let kinds = [
                AttributeKind::Text,
                AttributeKind::Number,
                one_of(&["1"]),
                one_of(&["2"]),
            ];
            let mut label = with(&format!("l{id}"), &[("x", kinds[spec].clone())]);
            label.name = names[name].to_owned();
            label.key = "xyz".chars().nth(key);
            label.parent = (parent < 6).then(|| format!("l{parent}").as_str().into());
            label.attributes[0].key = "12".chars().nth(key);
            label.link_roles = vec![LinkRole::to_label(&format!("l{role}"))];
            label
        });
        let mut codebook = Codebook::of(labels.collect());
        let _mended = codebook.mend();
        codebook
    })
}

proptest! {
    /// Whatever is taken and however conflicts are decided, the codebook that comes of it can be
    /// used, no label is lost, and what was said before it is what it does.
    #[test]
    fn any_codebook_can_be_taken_into_any_other(
        mine in small(),
        theirs in small(),
        is_partial in any::<bool>(),
        choices in prop::collection::vec((0..3_usize, any::<bool>()), 40),
    ) {
        let mut comparison = Comparison::of(&mine, &theirs, is_partial);
        let mut choices = choices.into_iter();
        for row in &mut comparison.rows {
            row.is_taken = choices.next().is_none_or(|(n, _)| n > 0);
            for conflict in &mut row.conflicts {
                let side = choices.next().map_or(0, |(n, _)| n);
                conflict.choice = Some([Side::Mine, Side::Theirs, Side::Both][side]);
            }
        }
        let merged = comparison.merged(&mine);
        prop_assert_eq!(merged.codebook.clone().mend(), []);
        for label in &mine.labels {
            let kept = merged.codebook.label(label.id.as_str());
            prop_assert!(kept.is_some(), "{} is gone", label.id);
            for spec in &label.attributes {
                prop_assert!(kept.is_some_and(|kept| kept.attribute(&spec.name).is_some()));
            }
        }
        prop_assert_eq!(merged.codebook.labels.len(), mine.labels.len() + merged.added.len());
        // Nothing differs where it was said that it is the same.
        let is_all_same = comparison.rows.iter().all(|row| row.standing() == Standing::Same);
        if is_all_same {
            prop_assert_eq!(&merged.codebook, &mine);
        }
        // Once taken in as a whole, there is nothing new.
        let mut whole = Comparison::of(&mine, &theirs, is_partial);
        whole.prefer(Side::Theirs);
        let once = whole.merged(&mine).codebook;
        let again = Comparison::of(&once, &theirs, is_partial);
        prop_assert_eq!(again.count(Standing::New), 0);
    }
}
