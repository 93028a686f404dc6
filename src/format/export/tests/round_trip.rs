//! Export, then import by recognition alone: the same project, as far as the format says that it
//! carries it. What a format says is what people are told before they export.

use super::lists::{add_lists, flat_lists};
use super::{Memory, TORTURE, project_of, written};
use crate::core::annotation::AttributeValue;
use crate::core::article::Article;
use crate::core::codebook::{AttributeKind, AttributeSpec, Codebook, Label};
use crate::core::project::{Person, Project, ProjectParts};
use crate::core::text::{BytePos, ByteRange};
use crate::format::export::markup;
use crate::format::export::options::ExportOptions;
use crate::format::export::plan::Plan;
use crate::format::formats::citron::write::leave_quotes;
use crate::format::formats::html_report::write as html;
use crate::format::formats::webanno::write as webanno;
use crate::format::formats::{FORMATS, Format, Part};
use crate::format::readers::recognise;
use crate::format::reading::assembly::{Assembly, fit_values};
use crate::format::reading::{FoundArticle, ReadOptions, Source};
use crate::format::time::timestamp_text;
use proptest::prelude::*;
use std::collections::BTreeMap;

/// An article without regard to how it is held.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct FlatArticle {
    text: String,
    id: String,
    title: String,
    metadata: BTreeMap<String, String>,
    status: BTreeMap<String, String>,
    /// In code points.
    nothing: BTreeMap<String, Vec<(u32, u32)>>,
    notes: String,
    /// Those that it is in, with all that they say.
    sets: Vec<String>,
    annotations: Vec<FlatAnnotation>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct FlatAnnotation {
    /// In code points: formats may hold another character in the place of one.
    fragments: Vec<(u32, u32)>,
    label: String,
    id: String,
    annotator: String,
    attributes: BTreeMap<String, String>,
    links: Vec<(String, String)>,
    note: String,
    times: (String, String),
}

/// `held` makes a text what the format holds of it.
fn flat(project: &Project, article: &Article, held: fn(&str) -> String) -> FlatArticle {
    let chars_before = |at: BytePos| {
        let before = article.text.slice(ByteRange::new(BytePos(0), at));
        before.chars().count() as u32
    };
    let annotations = article.annotations.iter().map(|annotation| {
        let attributes = annotation.attributes.iter().map(|(name, value)| {
            let value = match value {
                // With its kind, whether the codebook has one or not.
                AttributeValue::Number(_) | AttributeValue::Bool(_) | AttributeValue::Many(_) => {
                    format!("{value:?}")
                }
                AttributeValue::Person(_) => format!("person {}", project.value_text(value)),
                value => value.to_text(),
            };
            (name.to_string(), value)
        });
        let links = annotation.links.iter();
        let mut links: Vec<(String, String)> = links
            .map(|link| (link.role.clone(), link.target.to_string()))
            .collect();
        links.sort();
        links.dedup();
        let time = |time: Option<_>| time.map_or_else(String::new, timestamp_text);
        FlatAnnotation {
            fragments: annotation
                .fragments
                .iter()
                .map(|f| (chars_before(f.start), chars_before(f.end)))
                .collect(),
            // By its letters a name is found in the codebook, whatever else the format replaced.
            label: match annotation.label.as_str() {
                label if label.contains(char::is_alphanumeric) => label.trim().to_owned(),
                label => match held(label).trim() {
                    "" => "unlabelled".to_owned(),
                    label => label.to_owned(),
                },
            },
            id: annotation.id.to_string(),
            annotator: annotation.annotator.to_string(),
            attributes: attributes.collect(),
            links,
            note: annotation.note.clone(),
            times: (time(annotation.made), time(annotation.changed)),
        }
    });
    let mut annotations: Vec<FlatAnnotation> = annotations.collect();
    annotations.sort();
    let status = article.status.iter();
    let text = held(article.text.as_str());
    FlatArticle {
        id: article.id.to_string(),
        title: match article.title.trim() {
            "" => crate::format::reading::title::title_of(&text),
            title => held(title),
        },
        text,
        metadata: article.metadata.clone(),
        status: status
            .map(|(annotator, status)| (annotator.to_string(), status.name().to_owned()))
            .collect(),
        nothing: article
            .nothing
            .iter()
            .map(|(annotator, stretches)| {
                let chars = stretches.iter();
                let chars = chars.map(|s| (chars_before(s.start), chars_before(s.end)));
                (annotator.to_string(), chars.collect())
            })
            .collect(),
        notes: article.notes.clone(),
        sets: project
            .sets()
            .iter()
            .filter(|set| set.members.contains(&article.id))
            .map(|set| {
                format!(
                    "{} {} {} {} {} {:?}",
                    set.id, set.name, set.how, set.seed, set.by, set.when
                )
            })
            .collect(),
        annotations,
    }
}

/// What is left of an article where a format does not carry all of it.
fn carried(format: &Format, plan: &Plan<'_>, article: &mut FlatArticle) {
    let has = |part: Part| format.has_part(part);
    if !has(Part::Ids) {
        article.id = String::new();
    }
    if !has(Part::Titles) {
        article.title = String::new();
    }
    if !has(Part::Metadata) {
        article.metadata.clear();
    }
    article.metadata.retain(|_, value| !value.is_empty());
    if !has(Part::Status) {
        article.status.clear();
    }
    if !has(Part::Nothing) {
        article.nothing.clear();
    }
    if !has(Part::Sets) {
        article.sets.clear();
    }
    if !has(Part::ArticleNotes) {
        article.notes = String::new();
    }
    if !has(Part::Discontinuous) {
        let apart = |annotation: FlatAnnotation| {
            let fragments = annotation.fragments.clone().into_iter();
            fragments.map(move |fragment| FlatAnnotation {
                fragments: vec![fragment],
                ..annotation.clone()
            })
        };
        article.annotations = std::mem::take(&mut article.annotations)
            .into_iter()
            .flat_map(apart)
            .collect();
    }
    for annotation in &mut article.annotations {
        if !has(Part::Labels) {
            annotation.label = plan.safe_label(&annotation.label).to_owned();
        }
        if !has(Part::Ids) {
            annotation.id = String::new();
        }
        if !has(Part::Annotators) {
            annotation.annotator = String::new();
        }
        if !has(Part::Attributes) {
            annotation.attributes.clear();
        }
        if !has(Part::EmptyAttributes) {
            annotation.attributes.retain(|_, value| !value.is_empty());
        }
        if !has(Part::Links) {
            annotation.links.clear();
        }
        if !has(Part::Notes) {
            annotation.note = String::new();
        }
        if !has(Part::Times) {
            annotation.times = Default::default();
        }
    }
    article.annotations.sort();
}

/// The project that the files become, imported into one with the same codebook.
pub(super) fn imported(memory: &Memory, codebook: &Codebook) -> Project {
    let mut used: Vec<String> = Vec::new();
    let mut found: Vec<(String, Vec<FoundArticle>)> = Vec::new();
    let mut assembly = Assembly::new(codebook);
    for (name, bytes) in &memory.0 {
        let source = Source {
            name,
            bytes,
            siblings: &memory.0,
        };
        let Some((reader, _)) = recognise(source) else {
            continue;
        };
        let Ok(reading) = (reader.read)(&source, &ReadOptions::default()) else {
            continue;
        };
        if let Some(mut whole) = reading.whole {
            fit_values(codebook, &mut whole.parts);
            return Project::from_parts(ProjectParts {
                codebook: codebook.clone(),
                ..whole.parts
            });
        }
        assembly.add_labels(&reading.labels);
        used.extend(reading.used);
        found.push((name.clone(), reading.articles));
    }
    // What belongs to another file is no article of its own.
    for (name, articles) in found {
        if !used.contains(&name) {
            for article in articles {
                assembly.add(&article, &name, "test");
            }
        }
    }
    let dataset = assembly.finish();
    Project::from_parts(dataset.parts)
}

/// The edges of annotations as WebAnno TSV has them: line breaks are in no token, so annotations
/// neither begin nor end with them, and one of nothing else is not there.
fn without_line_breaks_at_edges(article: &mut FlatArticle) {
    let text: Vec<char> = article.text.chars().collect();
    for annotation in &mut article.annotations {
        for (start, end) in &mut annotation.fragments {
            while start < end && text[*start as usize] == '\n' {
                *start += 1;
            }
            while start < end && text[*end as usize - 1] == '\n' {
                *end -= 1;
            }
        }
        annotation.fragments.retain(|(start, end)| start < end);
    }
    article.annotations.retain(|a| !a.fragments.is_empty());
    let ids: std::collections::BTreeSet<String> =
        article.annotations.iter().map(|a| a.id.clone()).collect();
    for annotation in &mut article.annotations {
        annotation.links.retain(|(_, target)| ids.contains(target));
    }
}

/// What is part of a quote, with the links between such.
fn only_quotes(plan: &Plan<'_>, article: &mut FlatArticle) {
    let mut planned = plan.articles.iter();
    let planned = planned.find(|planned| planned.article.id.as_str() == article.id);
    let mut record = plan.record(planned.unwrap()).unwrap();
    leave_quotes(plan, &mut record);
    let ids: std::collections::BTreeSet<String> = record
        .spans
        .iter()
        .map(|span| span.id.to_string())
        .collect();
    article.annotations.retain(|a| ids.contains(&a.id));
    for annotation in &mut article.annotations {
        annotation.links.retain(|(_, target)| ids.contains(target));
    }
}

#[track_caller]
pub(super) fn check(project: &Project, format: &Format) {
    check_with(project, format, &ExportOptions::default());
}

#[track_caller]
fn check_with(project: &Project, format: &Format, options: &ExportOptions) {
    check_into(project, format, options, project.codebook(), Project::clone);
    // Where the codebook knows nothing of kinds: people are people by the codebook alone.
    let mut plain = project.codebook().clone();
    for label in &mut plain.labels {
        label.attributes.clear();
    }
    let nobody = without_people(project);
    check_into(&nobody, format, options, &plain, without_people);
}

/// The same with names in the place of people.
fn without_people(project: &Project) -> Project {
    let articles = project.articles().iter().map(|article| {
        let annotations = article.annotations.iter().map(|annotation| {
            let mut annotation = annotation.as_ref().clone();
            for (_, value) in &mut annotation.attributes {
                if let AttributeValue::Person(_) = value {
                    *value = AttributeValue::Text(project.value_text(value));
                }
            }
            annotation
        });
        let annotations: Vec<_> = annotations.collect();
        let mut article = Article::clone(article);
        article.annotations =
            crate::core::annotation::AnnotationSet::from_annotations(annotations).0;
        std::sync::Arc::new(article)
    });
    Project::from_parts(ProjectParts {
        name: "Generated".to_owned(),
        codebook: project.codebook().clone(),
        annotators: project.annotators().to_vec(),
        articles: articles.collect(),
        sets: project.sets().to_vec(),
        ..ProjectParts::default()
    })
}

#[track_caller]
fn check_into(
    project: &Project,
    format: &Format,
    options: &ExportOptions,
    codebook: &Codebook,
    as_compared: fn(&Project) -> Project,
) {
    // As the options change what it lacks.
    let format = &Format {
        lacks: format.lacks_with(options),
        ..*format
    };
    let plan = Plan::new(project, options);
    let memory = written(format, &plan);
    let back = as_compared(&imported(&memory, codebook));
    // Names that come in are trimmed.
    let held: fn(&str) -> String = match format.name {
        "tei" | "xmi" | "gatexml" | "inlinexml" | "qdpx" => markup::held,
        "html" => html::held,
        _ => str::to_owned,
    };
    if format.has_part(Part::OfProject) && !plan.articles.is_empty() {
        let (before, after) = (flat_lists(project), flat_lists(&back));
        assert_eq!(before, after, "{}", format.name);
    }
    let flattened = |project: &Project, is_before: bool| {
        let articles = project.articles().iter();
        let mut articles: Vec<FlatArticle> = articles
            .map(|article| {
                let held = if is_before { held } else { str::to_owned };
                let mut article = flat(project, article, held);
                if is_before && format.name == "webanno" {
                    without_line_breaks_at_edges(&mut article);
                    article.text = webanno::held(&article.text);
                }
                if is_before && !format.has_part(Part::NotQuotes) {
                    only_quotes(&plan, &mut article);
                }
                carried(format, &plan, &mut article);
                article
            })
            .collect();
        articles.sort();
        articles
    };
    let (before, after) = (flattened(project, true), flattened(&back, false));
    for (before, after) in before.iter().zip(&after) {
        if before != after {
            let mut pairs = before.annotations.iter().zip(&after.annotations);
            if let Some((before, after)) = pairs.find(|(before, after)| before != after) {
                panic!("{}: {before:#?}\ncame back as {after:#?}", format.name);
            }
            panic!("{}: {before:#?}\ncame back as {after:#?}", format.name);
        }
    }
    assert_eq!(before.len(), after.len(), "{}", format.name);
}

/// Formats that say that they are read back, apart from those whose texts are only tokens.
pub(super) fn readable() -> impl Iterator<Item = &'static Format> {
    let only = std::env::var("PRESSMARK_FORMAT").unwrap_or_default();
    FORMATS.iter().filter(move |format| {
        format.reader().is_some()
            && format.has_part(Part::Text)
            && (only.is_empty() || only == format.name)
    })
}

/// A codebook with attributes of every kind.
fn codebook() -> Codebook {
    let spec = AttributeSpec::new;
    let strings = |all: &[&str]| all.iter().map(|&s| s.to_owned()).collect();
    let attributes = vec![
        spec("who", AttributeKind::Person),
        spec("weight", AttributeKind::Number),
        spec("verbatim", AttributeKind::YesNo),
        spec(
            "tone",
            AttributeKind::SeveralOf(strings(&["calm", "cold", "two words"])),
        ),
        spec("stance", AttributeKind::OneOf(strings(&["for", "against"]))),
        spec("free text", AttributeKind::Text),
    ];
    let mut codebook = Codebook::default();
    for name in ["two words", "two_words", "Zitat ä", "a_b", "=x", "100 %"] {
        let mut label = Label::new(name, name, 0x11_22_33);
        label.attributes = attributes.clone();
        codebook.labels.push(label);
    }
    for label in &mut codebook.labels {
        if label.id.as_str() == "quote" {
            label.attributes.extend(attributes.clone());
        }
    }
    codebook
}

pub(super) fn with_codebook(project: Project) -> Project {
    // People of labels that the default codebook does not know.
    let lines = {
        let mut memory = Memory::default();
        let options = ExportOptions::default();
        let plan = Plan::new(&project, &options);
        let jsonl = crate::format::formats::format_named("jsonl").unwrap();
        (jsonl.write)(&plan, &mut memory, &mut |_| true).unwrap();
        memory.0.remove("dataset.jsonl").unwrap()
    };
    let dataset = crate::format::formats::jsonl::read::read(&lines).unwrap();
    let mut parts = dataset.parts;
    let codebook = codebook();
    for article in &mut parts.articles {
        let article = std::sync::Arc::make_mut(article);
        let annotations = article.annotations.iter().map(|a| a.as_ref().clone());
        let typed = annotations.map(|mut annotation| {
            let label = codebook.label(annotation.label.as_str());
            for (name, value) in &mut annotation.attributes {
                let spec = label.and_then(|label| label.attribute(name));
                let (Some(spec), AttributeValue::Text(text)) = (spec, &*value) else {
                    continue;
                };
                if spec.kind == AttributeKind::Person && !text.trim().is_empty() {
                    let known = parts.people.iter().find(|person| person.name == *text);
                    let id = known.map(|person| person.id.clone()).unwrap_or_else(|| {
                        let taken =
                            |id: &str| parts.people.iter().any(|person| person.id.as_str() == id);
                        let person = Person::named(text, taken);
                        parts.people.push(person.clone());
                        person.id
                    });
                    *value = AttributeValue::Person(id);
                }
            }
            annotation
        });
        article.annotations =
            crate::core::annotation::AnnotationSet::from_annotations(typed.collect::<Vec<_>>()).0;
    }
    parts.codebook = codebook;
    add_lists(&mut parts);
    Project::from_parts(ProjectParts {
        name: "Generated".to_owned(),
        ..parts
    })
}

#[test]
fn hostile_articles_come_back_whole() {
    let project = with_codebook(project_of(TORTURE));
    for format in readable() {
        check(&project, format);
    }
}

/// WebAnno TSV changes the ends of texts, and carries the rest with layers of its own.
fn check_webanno(project: &Project) {
    let format = crate::format::formats::format_named("webanno").unwrap();
    check(project, format);
    let options = ExportOptions {
        own_layer: true,
        ..ExportOptions::default()
    };
    check_with(project, format, &options);
}

#[test]
fn hostile_articles_come_back_from_webanno() {
    check_webanno(&with_codebook(project_of(TORTURE)));
}

fn words(all: &'static [&'static str]) -> impl Strategy<Value = &'static str> {
    prop::sample::select(all)
}

/// Texts with everything that formats have stumbled over.
fn text() -> impl Strategy<Value = String> {
    let piece = words(&[
        "word",
        " ",
        "  ",
        "\n",
        "\n\n",
        "\n\n\n",
        "\t",
        "🙂",
        "👩‍🚒",
        "e\u{301}",
        "שלום",
        "قال",
        "𝔘",
        "。",
        "東京",
        "<b>",
        "&amp;",
        "\"",
        "'",
        "\\",
        "|",
        "_",
        "*",
        "[x]",
        "=1",
        "-",
        "#",
        "\u{a0}",
        "\u{3000}",
        "\u{2028}",
        "\u{85}",
        ";",
        "->",
        "~",
        "`",
        "$",
        ".",
        "\\n",
        "%3D",
        "-->",
        "]]>",
        "&#10;",
        "#Text=",
        "1-1",
        "\u{200b}",
        "\u{feff}x",
    ]);
    prop::collection::vec(piece, 1..60).prop_map(|pieces| format!("A{}z", pieces.concat()))
}

/// What people write into notes and values.
fn free() -> impl Strategy<Value = &'static str> {
    words(&[
        "",
        "plain",
        "tab\there",
        "two\nlines",
        "\n",
        " spaces ",
        "\"quoted\" 'single'",
        "=x",
        "'=x",
        "＝x",
        "'＠x",
        "\n=x",
        "'\nx",
        "-1",
        "שלום 🙂",
        "a; b",
        "a=b",
        "role=x; y=z",
        "\\n",
        "a\\\\nb",
        "name: value",
        "yes",
        "2.50",
        "<i>&amp;",
        "a|b",
        "_",
        "*",
        "[1]",
        "]]>",
        "--",
        "\u{2028}x",
        "null",
        "NaN",
        "id: 7",
    ])
}

fn attributes() -> impl Strategy<Value = serde_json::Value> {
    let text = (
        words(&[
            "free text",
            "who",
            "stance",
            "odd/name",
            "odd name",
            "odd_name",
            "note",
            "label",
            "id",
            "annotator",
            "created",
            "links",
            "fragment",
            "text",
            "start",
            "ä",
            "1st",
            "attribute_note",
            "status",
            "type",
            "title",
            "who-said",
            "who_said",
        ]),
        free(),
    )
        .prop_map(|(name, value)| (name, serde_json::json!(value)));
    let typed = prop_oneof![
        any::<bool>().prop_map(|b| ("verbatim", serde_json::json!(b))),
        (-9i32..9).prop_map(|n| ("weight", serde_json::json!(f64::from(n) / 4.0))),
        words(&["calm", "cold", "two words"]).prop_map(|t| ("tone", serde_json::json!([t]))),
        Just(("tone", serde_json::json!(["calm", "two words"]))),
    ];
    prop::collection::vec(prop_oneof![text, typed], 0..5).prop_map(|all| {
        let mut map = serde_json::Map::new();
        for (name, value) in all {
            map.insert(name.to_owned(), value);
        }
        map.into()
    })
}

fn marks() -> impl Strategy<Value = Vec<(&'static str, [u16; 4], serde_json::Value)>> {
    let label = words(&[
        "quote",
        "claim",
        "two words",
        "two_words",
        "Zitat ä",
        "a_b",
        "=x",
        "100 %",
    ]);
    let who = words(&["ana", "ben", "Zoë; x", "anné@example.org"]);
    let link = (words(&["source", "said by", "a=b", "x; y"]), any::<u8>());
    let details = (
        who,
        attributes(),
        free(),
        prop::collection::vec(link, 0..3),
        any::<u8>(),
    );
    let mark = (label, any::<[u16; 4]>(), details).prop_map(|(label, at, details)| {
        let (who, attributes, note, links, bits) = details;
        let details = serde_json::json!({
            "annotator": who, "attributes": attributes, "note": note,
            "links": links, "bits": bits,
        });
        (label, at, details)
    });
    prop::collection::vec(mark, 0..8)
}

/// Projects with annotations at random places, whole characters as people see them.
pub(super) fn projects() -> impl Strategy<Value = Project> {
    let meta = prop::collection::btree_map(
        words(&[
            "outlet",
            "author",
            "published",
            "url",
            "language",
            "section",
            "odd field",
            "text",
            "id",
            "source",
            "ä/b",
            "label",
        ]),
        words(&[
            "Post",
            "2026-03-01",
            "https://news.example/a?x=1&y=2",
            "en",
            "A; B",
            "=x",
            "two\nlines",
            "tab\there",
            "\"q\"",
            "a: b",
            "<b>",
        ]),
        0..4,
    );
    let title = words(&[
        "",
        "Ferry",
        "=1+1",
        "two\nlines",
        "A \"b\" <c> & d\te",
        "id: 9",
        "שלום",
    ]);
    let status = words(&["", "done", "in progress", "flagged"]);
    let article = (text(), marks(), meta, title, status, free());
    prop::collection::vec(article, 1..4).prop_map(|articles| {
        use unicode_segmentation::UnicodeSegmentation;
        let mut lines = String::new();
        for (n, (text, marks, meta, title, status, notes)) in articles.into_iter().enumerate() {
            // Code point offsets of what people see as characters.
            let mut places: Vec<usize> = vec![0];
            for cluster in text.graphemes(true) {
                places.push(places.last().unwrap() + cluster.chars().count());
            }
            let mut annotations: Vec<serde_json::Value> = Vec::new();
            let count = marks.len();
            for (i, (label, at, details)) in marks.into_iter().enumerate() {
                let mut ends: Vec<usize> = at
                    .iter()
                    .map(|a| places[usize::from(*a) % places.len()])
                    .collect();
                ends.sort_unstable();
                ends.dedup();
                let bits = details["bits"].as_u64().unwrap();
                let fragments = match *ends.as_slice() {
                    [a, b, c, d] if bits & 1 == 1 => vec![(a, b), (c, d)],
                    [a, .., d] => vec![(a, d)],
                    // Always something, so that links lead somewhere.
                    _ => vec![(0, places[1])],
                };
                let fragments: Vec<serde_json::Value> = fragments
                    .into_iter()
                    .map(|(start, end)| serde_json::json!({ "start": start, "end": end }))
                    .collect();
                let links: Vec<serde_json::Value> = details["links"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|link| {
                        let target = link[1].as_u64().unwrap() as usize % count;
                        serde_json::json!({ "role": link[0], "target": format!("{n}-{target}") })
                    })
                    .collect();
                let mut annotation = serde_json::json!({
                    "id": format!("{n}-{i}"), "annotator": details["annotator"], "label": label,
                    "fragments": fragments, "note": details["note"],
                    "attributes": details["attributes"], "links": links,
                });
                if bits & 2 == 2 {
                    annotation["made"] = "2026-03-02T10:00:00Z".into();
                }
                if bits & 4 == 4 {
                    annotation["changed"] = "2026-03-02T10:00:01Z".into();
                }
                annotations.push(annotation);
            }
            let mut line = serde_json::json!({
                "id": format!("a {n}/ä"), "title": title, "text": text, "meta": meta,
                "annotations": annotations, "notes": notes,
            });
            // Every other article was looked through up to its first character, and is in a set.
            if n % 2 == 0 {
                line["nothing"] = serde_json::json!({ "zoë": [[0, places[1]]] });
                line["sets"] = serde_json::json!([
                    { "id": "k3-set-1", "name": "Pilot; one", "how": "2 of 4", "seed": 7,
                      "by": "ana", "when": "2026-03-02T10:00:00Z" },
                    { "id": "k3-set-2", "name": "By hand", "by": "zoë" },
                ]);
            }
            if !status.is_empty() {
                line["status"] = serde_json::json!({ "ana": status });
            }
            lines.push_str(&format!("{line}\n"));
        }
        with_codebook(project_of(&lines))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn any_project_comes_back(project in projects()) {
        for format in readable() {
            check(&project, format);
        }
    }

    #[test]
    fn any_project_comes_back_from_webanno(project in projects()) {
        check_webanno(&project);
    }
}

/// Names that some format has a meaning for.
const ODD_NAMES: &[&str] = &[
    " ",
    " x ",
    "\t",
    "a\tb",
    "[1]",
    "x[2]",
    "_",
    "*",
    "\\",
    "a\\",
    "|",
    "a|b",
    ";",
    "a\nb",
    "\n",
    "\nx",
    "\r",
    "a\r\nb",
    "🙂",
    "שלום",
    "\u{202e}x",
    "'x",
    "'=x",
    "\"",
    "---",
    "`",
    "``x`",
    "a: b",
    "<b>&amp;",
    "a/b",
    "B-x",
    "O",
    "-",
    "－1",
    "＝x",
    "＋x",
    "＠x",
    "@x",
    "+x",
    "\u{2028}",
    "a\u{85}b",
    "\u{b}",
    "\u{c}",
    "\u{7f}",
    "NaN",
    "null",
    "#x",
    "->",
    "-->",
    "a,b",
    "{x}",
    "%",
    "$1",
    "..",
    "CON",
    "x\u{301}",
    "\u{feff}x",
];

/// What comes first in a file may be longer than what is looked at to recognise it: a text, its
/// metadata, the codebook, and the annotations of an article.
#[test]
fn a_long_beginning_hides_no_format() {
    let text = "Zoë said that the ferry stays. ".repeat(2_500);
    let many: Vec<serde_json::Value> = (0..900)
        .map(|n| {
            let start = n * 31;
            serde_json::json!({"id": format!("m{n}"), "annotator": "ana", "label": "quote",
                "fragments": [{"start": start, "end": start + 8}]})
        })
        .collect();
    let one = serde_json::json!([{"id": "k", "annotator": "ana", "label": "quote",
        "fragments": [{"start": 0, "end": 8}], "attributes": {"share": -0.5}}]);
    let none = serde_json::json!([]);
    for (text, about, annotations) in [
        (text.as_str(), "", &none),
        (text.as_str(), "", &serde_json::json!(many)),
        ("Zoë said so.", text.as_str(), &one),
    ] {
        let lines = [
            serde_json::json!({"id": "first", "title": "First", "text": text, "meta": {"about": about}, "annotations": annotations}),
            serde_json::json!({"id": "second", "title": "Second", "text": "Zoë said so, too.", "annotations": [{"id": "s", "annotator": "ana", "label": "quote", "fragments": [{"start": 0, "end": 8}]}]}),
        ];
        let lines = lines.map(|line| line.to_string()).join("\n");
        let project = project_of(&lines);
        let mut codebook = Codebook::default();
        let long = text.repeat(if about.is_empty() { 0 } else { 8_000 });
        codebook.labels[0].definition = long.trim().to_owned();
        let project = Project::from_parts(ProjectParts {
            codebook,
            articles: project.articles().to_vec(),
            annotators: project.annotators().to_vec(),
            name: "Long".to_owned(),
            ..ProjectParts::default()
        });
        for format in readable() {
            check_into(
                &project,
                format,
                &ExportOptions::default(),
                project.codebook(),
                Project::clone,
            );
        }
    }
}

/// A project with a label of that name.
fn project_with_label(name: &str) -> Project {
    let line = serde_json::json!({
        "id": "a", "title": "T", "text": "She said so\nand left.",
        "annotations": [{
            "id": "x", "annotator": "ana", "label": name,
            "fragments": [{ "start": 4, "end": 8 }], "note": "n",
        }, {
            "id": "y", "annotator": "ana", "label": "quote",
            "fragments": [{ "start": 0, "end": 8 }],
        }],
    });
    let project = project_of(&line.to_string());
    let mut codebook = Codebook::default();
    if codebook.label(name).is_none() {
        codebook.labels.push(Label::new(name, name, 0x11_22_33));
    }
    Project::from_parts(ProjectParts {
        codebook,
        articles: project.articles().to_vec(),
        annotators: project.annotators().to_vec(),
        name: name.to_owned(),
        ..ProjectParts::default()
    })
}

#[test]
fn a_label_of_any_name_comes_back() {
    let long = "x".repeat(5000);
    for name in ODD_NAMES.iter().copied().chain(["", &long]) {
        let project = project_with_label(name);
        // Others say that they make names safe.
        for format in readable().filter(|format| format.has_part(Part::Labels)) {
            check(&project, format);
        }
        check_webanno(&project);
    }
}
