//! Codebook files: what is written comes back, what is damaged or hostile is told, and what comes
//! with the program is as it says.

#![expect(clippy::string_slice, reason = "files are cut on purpose")]

use super::ready::READY;
use super::*;
use crate::core::annotation::AttributeValue;
use crate::core::check::Severity;
use crate::core::codebook::{
    AttributeKind, AttributeSpec, BoundaryPolicy, Codebook, EdgeRule, Edges, Label, LinkRole,
    OverlapPolicy, ShownBy, Thing, Underline,
};
use crate::core::kept::Kept;
use crate::format::project_ron::write_codebook;
use proptest::prelude::*;
use std::collections::{BTreeMap, HashSet};

fn read_file(name: &str, bytes: &[u8]) -> Result<FoundCodebook, Refusal> {
    read(&Source::alone(name, bytes))
}

fn read_ron(text: &str) -> Result<FoundCodebook, Refusal> {
    read_file("c.ron", text.as_bytes())
}

fn told(found: &FoundCodebook) -> Vec<String> {
    found.problems.iter().map(ToString::to_string).collect()
}

fn words() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-zA-Z ]{0,12}",
        1 => "[\\PC\n\t\"\\\\#%:<>&;'-]{0,12}",
        1 => Just("id: x\n\nid: y".to_owned()),
        1 => Just("- a\n- b".to_owned()),
        1 => Just("🙂 “é”\u{2028}\r\n".to_owned()),
    ]
}

fn lists() -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec(words(), 0..3)
}

fn attributes() -> impl Strategy<Value = Vec<AttributeSpec>> {
    let kinds = AttributeKind::all().len();
    let one = (0..=kinds, lists(), words(), any::<bool>(), words());
    prop::collection::vec(one, 0..4).prop_map(|all| {
        let made = all.into_iter().enumerate();
        let made = made.map(|(n, (kind, options, help, required, title))| {
            let mut kinds = AttributeKind::all().into_iter();
            let kind = match kinds.nth(kind) {
                Some(AttributeKind::OneOf(_)) => AttributeKind::OneOf(options),
                Some(AttributeKind::SeveralOf(_)) => AttributeKind::SeveralOf(options),
                Some(kind) => kind,
                None => AttributeKind::of_code("scale", options),
            };
            let default = match &kind {
                AttributeKind::Number => Some(AttributeValue::Number(0.5)),
                AttributeKind::YesNo => Some(AttributeValue::Bool(true)),
                AttributeKind::Text => Some(AttributeValue::Text(help.clone())),
                _ => None,
            };
            let name = format!("a{n}");
            AttributeSpec {
                title: if title.is_empty() {
                    name.clone()
                } else {
                    title
                },
                help,
                default,
                required,
                key: char::from_digit(n as u32, 10),
                ..AttributeSpec::new(&name, kind)
            }
        });
        made.collect()
    })
}

/// A label but for its id, its name and its parent.
fn labels() -> impl Strategy<Value = Label> {
    let texts = (words(), lists(), lists(), lists(), lists(), words());
    let looks = (
        0..0x100_0000_u32,
        0..6_usize,
        any::<[bool; 6]>(),
        0..3_usize,
    );
    (texts, looks, attributes()).prop_map(|(texts, looks, attributes)| {
        let (definition, include, exclude, examples, counter_examples, name) = texts;
        let (color, style, [retired, helper, is_shown, is_edged, is_linked, is_later], policy) =
            looks;
        let underline = Underline::ALL.get(style).cloned();
        Label {
            definition,
            include,
            exclude,
            examples,
            counter_examples,
            retired,
            helper,
            attributes,
            underline: underline.unwrap_or_else(|| Underline::of_code("later")),
            boundary: BoundaryPolicy::ALL[policy].clone(),
            overlap: OverlapPolicy::ALL[policy].clone(),
            edges: if is_edged {
                Edges {
                    quotation_marks: EdgeRule::In,
                    leading_that: EdgeRule::Out,
                    ..Edges::default()
                }
            } else {
                Edges::default()
            },
            shown_by: Vec::from_iter(is_shown.then(|| ShownBy {
                article: "x".into(),
                annotation: "y".into(),
                is_counter: helper,
                unknown: Vec::new(),
            })),
            link_roles: Vec::from_iter(is_linked.then(|| LinkRole {
                or: vec!["l1".into()],
                ..LinkRole::to_label("l0")
            })),
            stands_for: is_linked.then(|| Thing::ALL[style].clone()),
            unknown: Vec::from_iter(is_later.then(|| ("later".to_owned(), Kept::new("[1, 2]")))),
            ..Label::new("", &name, color)
        }
    })
}

/// Codebooks that can be used, with hierarchies.
fn codebooks() -> impl Strategy<Value = SharedCodebook> {
    let labels = prop::collection::vec((labels(), any::<prop::sample::Index>()), 0..7);
    (labels, words(), words(), words()).prop_map(|(labels, name, about, source)| {
        let mut all: Vec<Label> = Vec::new();
        for (n, (mut label, parent)) in labels.into_iter().enumerate() {
            label.id = format!("l{n}").as_str().into();
            label.name = format!("{n} {}", label.name);
            label.key = char::from_digit(n as u32, 10).filter(|_| n % 2 == 0);
            // Kinds stand behind what they are kinds of, or not.
            let parent = parent.index(n + 1);
            label.parent = all.get(parent).map(|label| label.id.clone());
            all.push(label);
        }
        all.reverse();
        let mut codebook = Codebook::of(all);
        let _mended = codebook.mend();
        SharedCodebook {
            name,
            about,
            source,
            codebook,
            unknown: Vec::new(),
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn a_codebook_file_comes_back_whole(shared in codebooks()) {
        let text = write_codebook(&shared);
        let found = read_ron(&text).unwrap();
        prop_assert_eq!(&found.shared, &shared);
        prop_assert!(found.problems.iter().all(|p| p.severity == Severity::Warning));
        prop_assert_eq!(write_codebook(&found.shared), text);
    }

    /// What a `.qdc` holds comes back; what it does not is told.
    #[test]
    fn a_refi_qda_codebook_comes_back(shared in codebooks()) {
        prop_assume!(!shared.codebook.labels.is_empty());
        let (text, not_held) = refi_qda::codebook::write(&shared);
        let found = read_file("c.qdc", text.as_bytes()).unwrap();
        prop_assert!(found.is_partial);
        let held = |label: &Label| Label {
            definition: label.definition.clone(),
            include: label.include.clone(),
            exclude: label.exclude.clone(),
            examples: label.examples.clone(),
            counter_examples: label.counter_examples.clone(),
            stands_for: label.stands_for.clone(),
            parent: label.parent.clone(),
            retired: label.retired,
            ..Label::new(label.id.as_str(), &label.name, label.color)
        };
        let order = shared.codebook.in_order();
        let wanted = order.iter().map(|placed| held(&shared.codebook.labels[placed.at]));
        let wanted: Vec<Label> = wanted.collect();
        let is_whole = wanted.iter().zip(order).all(|(w, placed)| *w == shared.codebook.labels[placed.at]);
        prop_assert_eq!(&found.shared.codebook.labels, &wanted);
        prop_assert_eq!(is_whole && shared.about.is_empty() && shared.source.is_empty(), not_held.is_empty(), "{:?}", not_held);
    }

    #[test]
    fn reading_never_panics(bytes in prop::collection::vec(any::<u8>(), 0..200), kind in 0..4_usize, cut in any::<prop::sample::Index>()) {
        let start: &[u8] = [&b"(format: \"pressmark codebook\", version: (1, 0), codebook: ("[..], b"[entities]\n", b"<View><Labels>", b"<CodeBook xmlns=\"urn:QDA-XML:codebook:1.0\">"][kind];
        let name = ["c.ron", "annotation.conf", "c.xml", "c.qdc"][kind];
        let _any = read_file(name, &[start, &bytes].concat());
        let whole = write_codebook(&READY[1].shared().unwrap());
        let cut = cut.index(whole.len());
        let mut damaged = whole.as_bytes()[..cut].to_vec();
        damaged.extend(&bytes);
        damaged.extend(&whole.as_bytes()[cut..]);
        let _any = read_file(name, &damaged);
    }
}

#[test]
fn every_kind_of_file_is_known_by_what_is_in_it() {
    let ron = write_codebook(&SharedCodebook::default());
    let project = crate::core::project::Project::new("P");
    let project = project_ron::write(&project, &mut |_| true).unwrap();
    let qdc = refi_qda::codebook::write(&SharedCodebook::default()).0;
    let view =
        "<?xml version='1.0'?><View><Labels name='l' toName='t'><Label value='a'/></Labels></View>";
    for (name, text, expected) in [
        ("a.ron", ron.as_str(), "Pressmark codebook"),
        ("a.txt", ron.as_str(), "Pressmark codebook"),
        ("a.ron", project.as_str(), "Pressmark project"),
        ("a.qdc", qdc.as_str(), "REFI-QDA codebook"),
        ("a.xml", qdc.as_str(), "REFI-QDA codebook"),
        ("a.xml", view, "Label Studio configuration"),
        ("a.conf", "<P>=A\n[entities]\nA\n", "brat configuration"),
        ("a.txt", "[entities]\nA\n", "brat configuration"),
    ] {
        let kind = read_file(name, text.as_bytes()).map(|found| found.kind);
        assert_eq!(kind.as_ref().ok(), Some(&expected), "{name}: {kind:?}");
    }
    for (name, text, expected) in [
        ("a.txt", "The ferry.", "there is no codebook in this file"),
        ("a.xml", "<html/>", "there is no codebook in this file"),
        ("visual.conf", "[labels]\n", "choose “annotation.conf”"),
        ("a.conf", "x", "there is no codebook in this file"),
        ("a.zip", "PK\u{3}\u{4}", "the ZIP archive is damaged"),
        (
            "a.qdc",
            "<CodeBook xmlns=\"urn:QDA-XML:codebook:1.0\"/>",
            "there is no label in this REFI-QDA codebook",
        ),
    ] {
        let refusal = read_file(name, text.as_bytes()).unwrap_err().0;
        assert!(refusal.contains(expected), "{name}: {refusal}");
    }
    assert!(writer("QDC").is_some() && writer("csv").is_none());
}

#[test]
fn what_is_wrong_with_a_codebook_file_is_told_with_its_place() {
    let file = |codebook: &str| {
        format!(
            "(\n    format: \"pressmark codebook\",\n    version: (1, 0),\n    codebook: (\n        revision: 1,\n        labels: [\n{codebook}\n        ],\n    ),\n)\n"
        )
    };
    let check = |codebook: &str, labels: usize, expected: &[&str]| {
        let found = read_ron(&file(codebook)).unwrap();
        assert_eq!(found.shared.codebook.labels.len(), labels, "{codebook}");
        assert_eq!(told(&found), expected, "{codebook}");
    };
    check("(id: \"a\")", 1, &[]);
    check(
        "(id: \"a\", definition: 7)",
        1,
        &["line 7: “definition” cannot be read: definition: 7"],
    );
    check(
        "(id: \"a\"),\n(name: \"b\"),\n(id: \"c\", later: 5)",
        2,
        &["line 8: an item of a list cannot be read: (name: \"b\")"],
    );
    check(
        "(id: \"a\", color: \"red\", underline: \"loop\")",
        1,
        &[
            "label “a”: “color” cannot be read",
            "label “a”: “underline” is of a later version: loop",
        ],
    );
    check(
        "(id: \"a\", parent: \"b\"), (id: \"b\", parent: \"a\"), (id: \"b\", name: \"A\")",
        3,
        &[
            "label “b-2”: another label has the id “b”; the id of “A” is “b-2”",
            "label “b-2”: another label is called “A”; it is “A (2)”",
            "label “a”: it was a kind of itself; it is of none",
        ],
    );
    let refused = |text: &str, expected: &str| {
        let refusal = read_ron(text).map(|found| told(&found)).unwrap_err().0;
        assert!(refusal.contains(expected), "{refusal}");
    };
    let whole = file("(id: \"a\")");
    refused(
        &whole.replace("(1, 0)", "(2, 0)"),
        "newer version of Pressmark (file version 2.0",
    );
    refused(&whole[..whole.len() - 12], "line ");
    refused(&whole.replace("version: (1, 0),", ""), "missing");
    refused(&file(&"(".repeat(200_000)), "line ");
    refused(
        &file(&format!(
            "(id: \"a\", {})",
            "x: ".to_owned() + &"[".repeat(100_000)
        )),
        "line ",
    );
}

#[test]
fn what_a_later_version_says_is_kept() {
    let later = "(format: \"pressmark codebook\", version: (1, 9), licence: some(\"CC\"), codebook: (revision: 2, labels: [(id: \"a\", overlap: \"now and then\", attributes: [(name: \"x\", kind: \"map\", options: [\"1\"], unit: (2))])], shape: 4))";
    let found = read_ron(later).unwrap();
    assert_eq!(found.problems.len(), 3, "{:?}", found.problems);
    let text = write_codebook(&found.shared);
    for part in [
        "licence: some(\"CC\")",
        "overlap: \"now and then\"",
        "kind: \"map\"",
        "unit: (2)",
        "shape: 4",
    ] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
    assert_eq!(read_ron(&text).unwrap().shared, found.shared);
}

#[test]
fn codebooks_beyond_all_measure_are_refused() {
    let file = |labels: &str| {
        format!(
            "(format: \"pressmark codebook\", version: (1, 0), codebook: (revision: 1, labels: [{labels}]))"
        )
    };
    let refused = |labels: &str, expected: &str| {
        let refusal = read_ron(&file(labels)).unwrap_err().0;
        assert!(refusal.contains(expected), "{refusal}");
    };
    let many: String = (0..=MAX_LABELS)
        .map(|n| format!("(id: \"{n}\"),"))
        .collect();
    refused(&many, "10001 labels; the limit is 10000");
    let many: String = (0..2_000)
        .map(|n| format!("(name: \"{n}\", kind: \"text\"),"))
        .collect();
    refused(
        &format!("(id: \"a\", attributes: [{many}])"),
        "2000 attributes",
    );
    refused(&" ".repeat(16 << 20), "the limit is 16 MB");
    let codes: String = (0..=MAX_LABELS)
        .map(|_| "<Code name='a'>".to_owned())
        .collect();
    let qdc = format!("<CodeBook xmlns=\"urn:QDA-XML:codebook:1.0\"><Codes>{codes}");
    assert!(read_file("a.qdc", qdc.as_bytes()).is_err());
}

#[test]
fn codes_of_other_programs_keep_their_hierarchy() {
    let qdc = "<?xml version=\"1.0\"?><CodeBook xmlns=\"urn:QDA-XML:codebook:1.0\" origin=\"MAXQDA\"><Codes><Code guid=\"1\" name=\"Mood\" isCodable=\"false\"><Code guid=\"2\" name=\"Good\" isCodable=\"true\" color=\"#00FF00\"><Description>Fine.\n\nid: x</Description></Code><Code guid=\"3\" name=\"Bad\" color=\"green\"/></Code><Code guid=\"4\" name=\"Tone\"><Code guid=\"5\" name=\"good \"/></Code></Codes><Sets><Set guid=\"6\" name=\"S\"/></Sets></CodeBook>";
    let found = read_file("interviews.qdc", qdc.as_bytes()).unwrap();
    assert_eq!(found.shared.name, "interviews");
    let codebook = &found.shared.codebook;
    let shown: Vec<String> = codebook
        .in_order()
        .iter()
        .map(|placed| {
            let label = &codebook.labels[placed.at];
            format!(
                "{}{}={}{}",
                "-".repeat(placed.depth),
                label.id,
                label.name,
                if label.retired { "!" } else { "" }
            )
        })
        .collect();
    assert_eq!(
        shown,
        [
            "mood=Mood!",
            "-good=Good",
            "-bad=Bad",
            "tone=Tone",
            "-good-2=Tone > good "
        ]
    );
    assert_eq!(codebook.labels[1].definition, "Fine.\n\nid: x");
    assert_eq!(codebook.labels[1].color, 0x00FF00);
    assert_eq!(told(&found).len(), 4, "{:?}", told(&found));
    // Those of a project that we exported have names of their own.
    let own = "<Project xmlns=\"urn:QDA-XML:project:1.0\" origin=\"Pressmark 0.1\"><CodeBook><Codes><Code guid=\"1\" name=\"quote\" color=\"#1F6FB2\"><Description>Said.\n\nname: Quote</Description></Code></Codes></CodeBook></Project>";
    let found = read_file("p.qde", own.as_bytes()).unwrap();
    let label = &found.shared.codebook.labels[0];
    assert_eq!(
        (
            label.id.as_str(),
            label.name.as_str(),
            label.definition.as_str()
        ),
        ("quote", "Quote", "Said.")
    );
}

/// The share of light that a colour gives back, for the contrast of text in it on white (WCAG 2.2).
#[expect(
    clippy::disallowed_methods,
    reason = "a contrast that is told to no file"
)]
fn luminance(color: u32) -> f64 {
    let part = |shift: u32| {
        let c = f64::from(color >> shift & 0xFF) / 255.0;
        if c <= 0.04045 {
            c / 12.92
        } else {
            ((c + 0.055) / 1.055).powf(2.4)
        }
    };
    0.2126 * part(16) + 0.7152 * part(8) + 0.0722 * part(0)
}

/// `PRESSMARK_BLESS=1 cargo test --lib codebooks` writes the files as the program writes them.
#[test]
fn what_comes_with_the_program_is_as_it_says() {
    let is_blessed = std::env::var_os("PRESSMARK_BLESS").is_some();
    for ready in READY {
        let path = format!("assets/codebooks/{}.ron", ready.id);
        let text = std::fs::read_to_string(&path).unwrap();
        let mut shared = read_ron(&text)
            .unwrap_or_else(|error| panic!("{path}: {error}"))
            .shared;
        if ready.id == "default" && is_blessed {
            shared.codebook = Codebook::default();
            shared.name = ready.name.to_owned();
            shared.about = ready.about.to_owned();
            shared.source = ready.source.to_owned();
        }
        let written = write_codebook(&shared);
        if is_blessed {
            #[expect(
                clippy::disallowed_methods,
                reason = "tests write their own small files"
            )]
            std::fs::write(&path, written).unwrap();
            continue;
        }
        assert_eq!(written, text, "{path} is not as the program writes it");
        assert_eq!(ready.shared().as_ref(), Some(&shared));
        assert_eq!(
            (
                shared.name.as_str(),
                shared.about.as_str(),
                shared.source.as_str()
            ),
            (ready.name, ready.about, ready.source)
        );
        let found = read_ron(&text).unwrap();
        assert_eq!(found.problems, [], "{path}");
        let labels = &shared.codebook.labels;
        assert_eq!(shared.codebook.revision, 1);
        let ids: HashSet<&str> = labels.iter().map(|label| label.id.as_str()).collect();
        let mut colors: BTreeMap<u32, &str> = BTreeMap::new();
        for label in labels {
            let at = format!("{path}: {}", label.id);
            if let Some(other) = colors.insert(label.color, label.id.as_str()) {
                panic!("{at} has the colour of {other}");
            }
            let contrast = 1.05 / (luminance(label.color) + 0.05);
            assert!(contrast >= 4.5, "{at}: contrast {contrast:.2}");
            assert!(
                !label.definition.is_empty() && !label.examples.is_empty() || is_group(label),
                "{at}"
            );
            assert!(
                label
                    .key
                    .is_none_or(|key| !"nfto".contains(key) && key.is_ascii_lowercase()),
                "{at}: its key does something else"
            );
            for target in label.link_roles.iter().flat_map(LinkRole::targets) {
                assert!(ids.contains(target.as_str()), "{at} links to {target}");
            }
            for spec in &label.attributes {
                assert!(
                    !spec.help.is_empty() || spec.title == spec.name,
                    "{at}: {}",
                    spec.name
                );
                assert!(
                    spec.default
                        .as_ref()
                        .is_none_or(|value| spec.kind.fits(value)),
                    "{at}: {}",
                    spec.name
                );
            }
        }
    }
}

/// A label that others are kinds of, and that is for what is none of them.
fn is_group(label: &Label) -> bool {
    label.key.is_none() && label.parent.is_none()
}

#[test]
fn the_default_codebook_is_a_file_too() {
    let shared = ready::named("default")
        .and_then(ready::Ready::shared)
        .unwrap();
    assert_eq!(shared.codebook, Codebook::default());
    assert!(ready::named("gone").is_none());
}

#[test]
fn the_ready_codebooks_hold_what_their_sources_name() {
    let count = |id: &str, is_meant: fn(&Label) -> bool| {
        let shared = ready::named(id).and_then(ready::Ready::shared).unwrap();
        shared
            .codebook
            .labels
            .iter()
            .filter(|label| is_meant(label))
            .count()
    };
    assert_eq!(count("propaganda", |label| label.parent.is_some()), 14);
    assert_eq!(
        count("claims", |label| label
            .parent
            .as_ref()
            .is_some_and(|p| p.as_str() == "claim")),
        6
    );
    assert_eq!(count("advertising", |label| label.parent.is_some()), 6);
    assert_eq!(count("news-quotation", |_| true), 3);
    // The names in the corpus, so that its files and ours agree.
    let ptc = "Appeal_to_Authority Appeal_to_fear-prejudice Bandwagon,Reductio_ad_hitlerum Black-and-White_Fallacy Causal_Oversimplification Doubt Exaggeration,Minimisation Flag-Waving Loaded_Language Name_Calling,Labeling Repetition Slogans Thought-terminating_Cliches Whataboutism,Straw_Men,Red_Herring";
    let shared = ready::named("propaganda")
        .and_then(ready::Ready::shared)
        .unwrap();
    for name in ptc.split(' ') {
        assert!(
            shared
                .codebook
                .label(name)
                .is_some_and(|label| label.key.is_some()),
            "{name}"
        );
    }
}
