//! Quotes of every kind, out and back, and files as Citron and its annotator write them.

use super::read::READER;
use crate::core::annotation::AttributeValue;
use crate::core::codebook::{Codebook, Thing};
use crate::core::project::{Project, ProjectParts};
use crate::format::export::options::ExportOptions;
use crate::format::export::plan::Plan;
use crate::format::export::tests::{Memory, project_of, written};
use crate::format::formats::format_named;
use crate::format::readers::recognise;
use crate::format::reading::assembly::Assembly;
use crate::format::reading::{ReadOptions, Reading, Source};

fn reading(json: &str) -> Reading {
    let source = Source::alone("a.json", json.as_bytes());
    assert_eq!(recognise(source).unwrap().0.name, "citron");
    (READER.read)(&source, &ReadOptions::default()).unwrap()
}

/// What became of a file in a project with a codebook: label, words, links with what they lead to.
fn told(reading: &Reading, codebook: &Codebook) -> Vec<String> {
    let mut assembly = Assembly::new(codebook);
    for article in &reading.articles {
        assembly.add(article, "a.json", "a.json");
    }
    let mut told = Vec::new();
    let parts = assembly.finish().parts;
    for article in &parts.articles {
        let words = |id: &str| {
            let found = article.annotations.get(id).unwrap();
            let words = found.fragments.iter().map(|f| article.text.slice(*f));
            words.collect::<Vec<_>>().join("|")
        };
        for found in article.annotations.in_text_order() {
            let mut line = format!("{} {}", found.label, words(found.id.as_str()));
            for link in &found.links {
                line += &format!(" {}: {}", link.role, words(link.target.as_str()));
            }
            told.push(line);
        }
    }
    told
}

/// “She and Bo said” and the like, with spans by their words: each stands once in the text.
fn document(text: &str, quotes: &str, groups: &str) -> String {
    let mut json = format!(r#"{{"text": "{text}", "quotes": [{quotes}]{groups}}}"#);
    while let Some((before, rest)) = json.split_once('<') {
        let (words, after) = rest.split_once('>').unwrap();
        let at = text.find(words).unwrap();
        let start = text.get(..at).unwrap().chars().count();
        let end = start + words.chars().count();
        json = format!(r#"{before}{{"start": {start}, "end": {end}, "text": "{words}"}}{after}"#);
    }
    json
}

const TEXT: &str = "‘We 🙂 win,’ Ann and Bo said, ‘in May.’ She told Cy that he lost.";

#[test]
fn files_of_citron_are_read() {
    let split = r#"{"cue": <said>, "sources": [<Ann>, <Bo>], "contents": [<‘in May.’>, <‘We 🙂 win,’>], "confidence": 0.5}"#;
    let second = r#"{"cue": <told>, "sources": [<She>], "contents": [<that he lost>], "coreferences": [<Ann>]}"#;
    let both = format!("{split}, {second}");
    let groups = r#", "coreference_groups": [[<Cy>, <told Cy>]]"#;
    let check = |quotes: &str, groups: &str, expected: &[&str], left: &[&str]| {
        let reading = reading(&document(TEXT, quotes, groups));
        assert_eq!(told(&reading, &Codebook::default()), expected);
        assert_eq!(reading.articles[0].left_out.remarks(), left);
    };
    check(
        &both,
        groups,
        &[
            "quote ‘We 🙂 win,’|‘in May.’ source: Ann source: Bo cue: said",
            "source Ann",
            "source Bo",
            "cue said",
            "source She coreference: Ann",
            "source told Cy",
            "cue told",
            "source Cy coreference: told Cy",
            "quote that he lost source: She cue: told",
        ],
        &[],
    );
    check("", "", &[], &[]);
    // No source, and contents that overlap.
    check(
        r#"{"cue": <said>, "sources": [], "contents": [<We 🙂 win>, <win,’>, <win,’>], "coreferences": [<Bo>]}"#,
        "",
        &[
            "quote We 🙂 win cue: said",
            "quote win,’ cue: said",
            "source Bo",
            "cue said",
        ],
        &["coreferences of quote 1 left out: there is no source whom they mean"],
    );
    check(
        r#"{"cue": <said>, "sources": [<Ann>], "contents": []}, {"cue": {"start": 9, "end": 2}, "sources": [{"start": -1, "end": 2}], "contents": [<in May>]}"#,
        "",
        &["quote in May"],
        &[
            "quote 1 left out: it has no content",
            "a cue of quote 2 left out: it ends before it begins",
            "a source of quote 2 left out: its offsets are below zero",
        ],
    );
    let confidence = &reading(&document(TEXT, split, "")).articles[0].annotations;
    let quote = confidence
        .iter()
        .find(|found| found.thing == Some(Thing::Quote));
    let value = &quote.unwrap().attributes["confidence"];
    assert_eq!(*value, AttributeValue::Number(0.5));
}

#[test]
fn labels_are_those_that_stand_for_the_parts() {
    let mut codebook = Codebook::default();
    for label in &mut codebook.labels {
        let (id, thing) = match label.id.as_str() {
            "quote" => ("wording", Thing::Quote),
            "source" => ("who", Thing::Source),
            "cue" => ("how", Thing::Cue),
            _ => continue,
        };
        label.id = id.into();
        label.stands_for = Some(thing);
        for role in &mut label.link_roles {
            let target = if role.name == "source" { "who" } else { "how" };
            role.target = Some(target.into());
            role.name = format!("its {}", role.name);
        }
    }
    let quote = r#"{"cue": <said>, "sources": [<Ann>], "contents": [<in May>]}"#;
    let reading = reading(&document(TEXT, quote, ""));
    assert_eq!(
        told(&reading, &codebook),
        [
            "who Ann",
            "how said",
            "wording in May its source: Ann its cue: said"
        ]
    );
    // Where nothing stands for them, new labels do.
    let empty = Codebook::of(Vec::new());
    let mut assembly = Assembly::new(&empty);
    assembly.add(&reading.articles[0], "a.json", "a.json");
    let labels = assembly.finish().parts.codebook.labels;
    let labels: Vec<_> = labels
        .into_iter()
        .map(|label| (label.id.to_string(), label.stands_for))
        .collect();
    let expected = [Thing::Source, Thing::Cue, Thing::Quote];
    for thing in expected {
        assert!(labels.contains(&(thing.code().to_owned(), Some(thing))));
    }
}

/// Direct and split, with two sources, nested, and what has no place.
const QUOTES: &str = r#"{"id": "a", "title": "T", "text": "‘We win,’ Ann and Bo have loudly said, ‘in May.’ She told Cy.", "meta": {"outlet": "Post", "text": "x"}, "notes": "n", "annotations": [
 {"id": "q1", "annotator": "ana", "label": "quote", "fragments": [{"start": 0, "end": 9}, {"start": 39, "end": 48}], "attributes": {"kind": "direct", "speaker": "Ann Abe", "weight": 2}, "note": "why", "made": "2026-03-02T10:00:00Z", "links": [{"role": "source", "target": "s1"}, {"role": "source", "target": "s2"}, {"role": "cue", "target": "c1"}, {"role": "cue", "target": "c2"}]},
 {"id": "q2", "annotator": "ben", "label": "quote", "fragments": [{"start": 1, "end": 7}], "links": [{"role": "cue", "target": "c1"}, {"role": "source", "target": "s1"}]},
 {"id": "q3", "annotator": "ana", "label": "quote", "fragments": [{"start": 49, "end": 52}]},
 {"id": "s1", "annotator": "ana", "label": "source", "fragments": [{"start": 10, "end": 13}], "links": [{"role": "coreference", "target": "s3"}]},
 {"id": "s2", "annotator": "ana", "label": "source", "fragments": [{"start": 18, "end": 20}]},
 {"id": "s3", "annotator": "ana", "label": "source", "fragments": [{"start": 49, "end": 52}]},
 {"id": "c1", "annotator": "ana", "label": "cue", "fragments": [{"start": 21, "end": 25}, {"start": 33, "end": 37}]},
 {"id": "c2", "annotator": "ana", "label": "cue", "fragments": [{"start": 53, "end": 57}]},
 {"id": "k", "annotator": "ana", "label": "claim", "fragments": [{"start": 1, "end": 7}]}]}"#;

fn exported(project: &Project) -> (Memory, Vec<String>) {
    let options = ExportOptions::default();
    let plan = Plan::new(project, &options);
    let format = format_named("citron").unwrap();
    let memory = written(format, &plan);
    let counted = (format.write)(&plan, &mut Memory::default(), &mut |_| true).unwrap();
    (memory, counted.remarks())
}

#[test]
fn quotes_come_back_and_the_rest_is_counted() {
    let project = project_of(&QUOTES.replace('\n', ""));
    let codebook = project.codebook().clone();
    let (memory, remarks) = exported(&project);
    assert_eq!(
        remarks,
        [
            "a cue in several pieces stands as its first piece, with the others beside (2 times, first in annotation c1 of article a)",
            "a quote without a cue has no place in this format and is left out (annotation q3 of article a)",
            "an annotation that is no part of a quote has no place in this format and is left out (2 times, first in annotation k of article a)",
        ]
    );
    let json = String::from_utf8(memory.0["a.json"].clone()).unwrap();
    let mut assembly = Assembly::new(&codebook);
    for article in &reading(&json).articles {
        assembly.add(article, "a.json", "a.json");
    }
    let back = Project::from_parts(ProjectParts {
        name: project.name().to_owned(),
        ..assembly.finish().parts
    });
    let (before, after) = (&project.articles()[0], &back.articles()[0]);
    assert_eq!(before.id, after.id);
    assert_eq!(before.metadata, after.metadata);
    assert_eq!(before.notes, after.notes);
    assert_eq!(after.annotations.len(), 6);
    for found in after.annotations.iter() {
        let was = before.annotations.get(found.id.as_str()).unwrap();
        let kept = |links: &[crate::core::annotation::Link]| {
            let links = links.iter().filter(|link| link.target.as_str() != "c2");
            links.cloned().collect::<Vec<_>>()
        };
        assert_eq!(found.fragments, was.fragments, "{}", was.id);
        assert_eq!(found.label, was.label);
        assert_eq!(found.annotator, was.annotator);
        assert_eq!(found.attributes, was.attributes);
        assert_eq!(kept(&found.links), kept(&was.links), "{}", was.id);
        assert_eq!((&found.note, found.made), (&was.note, was.made));
    }
    // Citron itself, which reads past all but its own fields.
    let value: serde_json::Value = serde_json::from_str(&json).unwrap();
    let first = &value["quotes"][0];
    assert_eq!(first["cue"]["text"], "have");
    assert_eq!(first["sources"][1]["text"], "Bo");
    assert_eq!(first["contents"][1]["start"], 39);
    assert_eq!(first["coreferences"][0]["text"], "She");
    assert_eq!(value["coreference_groups"][0].as_array().unwrap().len(), 2);
}
