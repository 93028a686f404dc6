//! Quotes and people that are not as they should be, through every way in: refused or kept with a clear
//! word, nothing lost, and nothing that goes round in a circle.

use crate::repair::run;
use pressmark::core::annotation::{Annotation, AnnotationSet, AttributeValue, Link};
use pressmark::core::article::Article;
use pressmark::core::check::check;
use pressmark::core::edit::{Edit, EditError, Transaction, apply};
use pressmark::core::ids::AnnotatorId;
use pressmark::core::project::{Annotator, Person, Project, ProjectParts};
use pressmark::core::recipes::Signed;
use pressmark::core::recipes::quote::{depth, lacks};
use pressmark::core::recipes::trash::trash_annotation;
use pressmark::core::text::ArticleText;
use pressmark::format::project_ron;
use std::collections::HashSet;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

const TEXT: &str = "Ann said: we win. Bo said that Ann said we win.";

fn mark(id: &str, label: &str, (from, to): (u32, u32), links: &[(&str, &str)]) -> Annotation {
    let mut mark = Annotation::new(id.into(), "ana".into(), label.into(), (from, to).into());
    let links = links.iter();
    mark.links = links
        .map(|(role, to)| Link::new(*role, (*to).into()))
        .collect();
    mark
}

fn project(marks: Vec<Annotation>, people: Vec<Person>) -> Project {
    let mut article = Article::new("a".into(), "A", ArticleText::new(TEXT.to_owned()));
    article.annotations = AnnotationSet::from_annotations(marks).0;
    Project::from_parts(ProjectParts {
        name: "Bad".to_owned(),
        annotators: vec![Annotator {
            id: "ana".into(),
            name: "Ana".to_owned(),
            unknown: Vec::new(),
        }],
        people,
        articles: vec![Arc::new(article)],
        ..ProjectParts::default()
    })
}

fn reopened(project: &Project) -> project_ron::Opened {
    let text = project_ron::write(project, &mut |_| true).unwrap();
    project_ron::read(text.as_bytes(), &|_| ()).unwrap()
}

fn opened(path: &Path) -> Project {
    let bytes = fs::read(path).unwrap();
    project_ron::read(&bytes, &|_| ()).unwrap().project
}

/// What an import leaves: each annotation with its words and whom it is linked to.
fn told(project: &Project) -> Vec<String> {
    let mut told = Vec::new();
    for article in project.articles() {
        for mark in article.annotations.in_text_order() {
            let words = mark.fragments.iter().map(|f| article.text.slice(*f));
            let words: Vec<&str> = words.collect();
            let links = mark.links.iter().map(|link| {
                let target = article.annotations.get(link.target.as_str());
                let words = target.map_or("?", |target| article.text.slice(target.extent()));
                format!(" {}: {words}", link.role)
            });
            let links: String = links.collect();
            told.push(format!("{} {}{links}", mark.label, words.join("|")));
        }
    }
    told
}

/// Imports a file, sees what is told of it and what is there, and that the same leaves again and comes
/// back.
#[track_caller]
fn check_file(name: &str, content: &str, code: i32, remarks: &[&str], expected: &[&str]) {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::write(folder.join(name), content).unwrap();
    let (found, said) = run(folder, &["import", name, "-o", "p.ron"]);
    assert_eq!(found, code, "{name} said:\n{said}");
    for remark in remarks {
        assert!(said.contains(remark), "“{remark}” is missing:\n{said}");
    }
    assert_eq!(told(&opened(&folder.join("p.ron"))), expected, "{said}");
    let (found, said) = run(folder, &["check", "p.ron"]);
    assert_eq!(found, 0, "{said}");
    let export = [
        "export",
        "p.ron",
        "-f",
        "jsonl",
        "-o",
        "out.jsonl",
        "--verify",
    ];
    let (found, said) = run(folder, &export);
    assert_eq!(found, 0, "{said}");
    let (found, said) = run(folder, &["import", "out.jsonl", "-o", "q.ron"]);
    assert_eq!(found, 0, "{said}");
    assert_eq!(told(&opened(&folder.join("q.ron"))), expected);
    // Quotes alone leave for Citron, which is to go into no circle either.
    let _left_out = run(folder, &["export", "p.ron", "-f", "citron", "-o", "out"]);
    let back = run(folder, &["import", "out", "-o", "r.ron"]);
    assert!(folder.join("r.ron").exists(), "{}", back.1);
}

fn jsonl(annotations: &str) -> String {
    let text =
        format!(r#"{{"id": "a", "title": "A", "text": "{TEXT}", "annotations": [{annotations}]}}"#);
    text.replace('\n', " ") + "\n"
}

#[test]
fn datasets_with_bad_quotes_are_told_and_lose_nothing() {
    let parts = r#"{"id": "s", "label": "source", "fragments": [{"start": 0, "end": 3}]},
        {"id": "c", "label": "cue", "fragments": [{"start": 4, "end": 8}]}"#;
    // A quote without content: its parts stay.
    check_file(
        "empty.jsonl",
        &jsonl(&format!(
            r#"{parts}, {{"id": "q", "label": "quote", "fragments": [], "links": [{{"role": "source", "target": "s"}}]}}"#
        )),
        1,
        &["annotation q left out"],
        &["source Ann", "cue said"],
    );
    check_file(
        "empty.json",
        &format!(
            r#"{{"text": "{TEXT}", "quotes": [{{"cue": {{"start": 4, "end": 8}}, "sources": [{{"start": 0, "end": 3}}], "contents": []}}, {{"cue": {{"start": 21, "end": 25}}, "sources": [{{"start": 18, "end": 20}}], "contents": [{{"start": 26, "end": 46}}]}}]}}"#
        ),
        1,
        &["quote 1 left out: it has no content"],
        &[
            "source Bo",
            "cue said",
            "quote that Ann said we win source: Bo cue: said",
        ],
    );
    // Parts of two quotes are parts of both.
    let both = r#""links": [{"role": "source", "target": "s"}, {"role": "cue", "target": "c"}]"#;
    check_file(
        "shared.jsonl",
        &jsonl(&format!(
            r#"{parts}, {{"id": "q", "label": "quote", "fragments": [{{"start": 10, "end": 16}}], {both}}},
            {{"id": "r", "label": "quote", "fragments": [{{"start": 10, "end": 12}}], {both}}}"#
        )),
        0,
        &[],
        &[
            "source Ann",
            "cue said",
            "quote we win source: Ann cue: said",
            "quote we source: Ann cue: said",
        ],
    );
    // One content in two quotes of Citron, with one cue.
    let quote = r#"{"cue": {"start": 4, "end": 8}, "sources": [{"start": 0, "end": 3}], "contents": [{"start": 10, "end": 16}]}"#;
    let other = r#"{"cue": {"start": 4, "end": 8}, "sources": [{"start": 18, "end": 20}], "contents": [{"start": 10, "end": 16}]}"#;
    check_file(
        "shared.json",
        &format!(r#"{{"text": "{TEXT}", "quotes": [{quote}, {other}]}}"#),
        0,
        &[],
        &[
            "source Ann",
            "cue said",
            "quote we win source: Ann cue: said",
            "quote we win source: Bo cue: said",
            "source Bo",
        ],
    );
    // A circle of quotes, of which one leads to itself.
    let within = |to: &str| format!(r#""links": [{{"role": "within", "target": "{to}"}}]"#);
    check_file(
        "circle.jsonl",
        &jsonl(&format!(
            r#"{{"id": "q", "label": "quote", "fragments": [{{"start": 26, "end": 46}}], {}}},
            {{"id": "r", "label": "quote", "fragments": [{{"start": 40, "end": 46}}], {}}},
            {{"id": "t", "label": "quote", "fragments": [{{"start": 40, "end": 42}}], {}}}"#,
            within("r"),
            within("q"),
            within("t"),
        )),
        0,
        &[],
        &[
            "quote that Ann said we win within: we win",
            "quote we win within: that Ann said we win",
            "quote we within: we",
        ],
    );
    // Words that mean each other.
    let span = |from: u32, to: u32| format!(r#"{{"start": {from}, "end": {to}}}"#);
    let quote = |source: String, same: String, content: String| {
        format!(
            r#"{{"cue": {}, "sources": [{source}], "contents": [{content}], "coreferences": [{same}]}}"#,
            span(4, 8)
        )
    };
    check_file(
        "circle.json",
        &format!(
            r#"{{"text": "{TEXT}", "quotes": [{}, {}]}}"#,
            quote(span(0, 3), span(31, 34), span(10, 16)),
            quote(span(31, 34), span(0, 3), span(40, 46)),
        ),
        0,
        &[],
        &[
            "source Ann coreference: Ann",
            "cue said",
            "quote we win source: Ann cue: said",
            "source Ann",
            "quote we win source: Ann cue: said",
        ],
    );
}

#[test]
fn edits_and_files_with_bad_quotes_are_refused_or_set_aside() {
    let mut empty = mark("q", "quote", (10, 16), &[("source", "s")]);
    empty.fragments = Vec::new().into();
    let source = || mark("s", "source", (0, 3), &[]);
    // Refused by the one way to change a project.
    let mut known = project(vec![source()], Vec::new());
    let before = known.clone();
    let add = Edit::AddAnnotation {
        article: "a".into(),
        annotation: Box::new(empty.clone()),
    };
    let refused = apply(&mut known, &Transaction::new("add", vec![add]));
    assert_eq!(refused, Err(EditError::EmptyFragment("q".into())));
    assert_eq!(known, before);
    // In a file it goes to the review list, as it stands there.
    let whole = project(
        vec![mark("q", "quote", (10, 16), &[("source", "s")]), source()],
        Vec::new(),
    );
    let text = project_ron::write(&whole, &mut |_| true).unwrap();
    let text = text.replace(r#"[(10, 16, "we win")]"#, "[]");
    let found = project_ron::read(text.as_bytes(), &|_| ()).unwrap();
    assert_eq!(told(&found.project), ["source Ann"]);
    assert_eq!(found.project.set_aside().len(), 1);
    assert!(!found.problems.is_empty());
    // And is there still after the next saving.
    let again = reopened(&found.project);
    assert_eq!(again.project.set_aside(), found.project.set_aside());
}

/// A cue of two quotes: each is whole, losing one quote costs the other nothing, and a part that goes
/// comes back to both.
#[test]
fn a_part_of_two_quotes_is_whole_for_both() {
    let own = [("source", "s"), ("cue", "c")];
    let marks = vec![
        mark("s", "source", (0, 3), &[]),
        mark("c", "cue", (4, 8), &[]),
        mark("q", "quote", (10, 16), &own),
        mark("r", "quote", (10, 12), &own),
    ];
    let project = project(marks, Vec::new());
    assert_eq!(reopened(&project).project, project);
    let by = AnnotatorId::from("ana");
    let signed = Signed {
        by: &by,
        when: None,
    };
    for gone in ["q", "c"] {
        let mut changed = project.clone();
        let edit = trash_annotation(&project, &"a".into(), &gone.into(), signed);
        let undo = apply(&mut changed, &Transaction::new("delete", vec![edit])).unwrap();
        let article = changed.article(&"a".into()).unwrap();
        let rest = article.annotations.get("r").unwrap();
        let lacking = lacks(changed.codebook(), article, rest).unwrap();
        assert_eq!(
            (lacking.source, lacking.cue),
            (false, gone == "c"),
            "{gone}"
        );
        apply(&mut changed, &undo).unwrap();
        assert_eq!(changed, project, "{gone}");
    }
}

/// Links that lead round, and quotes of the same words: the depth is what the text says.
#[test]
fn a_circle_of_quotes_has_a_depth() {
    let marks = vec![
        mark("q", "quote", (26, 46), &[("within", "r")]),
        mark("r", "quote", (40, 46), &[("within", "q"), ("within", "r")]),
        mark("same", "quote", (40, 46), &[("within", "r")]),
    ];
    let project = project(marks, Vec::new());
    let article = project.article(&"a".into()).unwrap();
    let depths = ["q", "r", "same"].map(|id| {
        let quote = article.annotations.get(id).unwrap();
        depth(project.codebook(), article, quote)
    });
    assert_eq!(depths, [0, 1, 1]);
    assert_eq!(reopened(&project).project, project);
}

/// A speaker who is not in the ledger any more: told, and kept.
#[test]
fn a_speaker_whom_nobody_knows_is_told() {
    let mut quote = mark("q", "quote", (10, 16), &[]);
    let speaker = AttributeValue::Person("gone".into());
    quote.attributes.insert("speaker", speaker);
    let known = |people: Vec<Person>| {
        let project = project(vec![quote.clone()], people);
        let found = reopened(&project).project;
        assert_eq!(found, project);
        let problems = check(&found, &HashSet::new()).into_iter();
        problems
            .map(|problem| problem.to_string())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        known(Vec::new()),
        ["article a “A”: annotation q: “speaker” names gone, who is not in the ledger"]
    );
    let person = Person {
        id: "gone".into(),
        ..Person::named("Ann", |_| false)
    };
    assert_eq!(known(vec![person]), [""; 0]);
}

/// As many people as quotes: in, out and in again, in time that grows with them.
#[test]
fn twenty_thousand_people_come_and_go() {
    const PEOPLE: usize = 20_000;
    let said = "“No,” said he. ".repeat(200);
    let chars = "“No,” said he. ".chars().count();
    let lines = (0..PEOPLE / 200).map(|a| {
        let quotes = (0..200).map(|q| {
            let start = q * chars;
            format!(
                r#"{{"id": "a{a}-{q}", "label": "quote", "fragments": [{{"start": {start}, "end": {}}}], "attributes": {{"speaker": "Person {}"}}}}"#,
                start + 5,
                a * 200 + q
            )
        });
        let quotes: Vec<String> = quotes.collect();
        format!(
            r#"{{"id": "a{a}", "title": "A{a}", "text": "{said}{a}", "annotations": [{}]}}"#,
            quotes.join(", ")
        )
    });
    let lines: Vec<String> = lines.collect();
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::write(folder.join("in.jsonl"), lines.join("\n")).unwrap();
    let began = Instant::now();
    let steps: [&[&str]; 3] = [
        &["import", "in.jsonl", "-o", "p.ron"],
        &["export", "p.ron", "-f", "csv", "-o", "out"],
        &["import", "out", "-o", "q.ron"],
    ];
    for step in steps {
        let (code, said) = run(folder, step);
        assert_eq!(code, 0, "{said}");
    }
    let took = began.elapsed();
    assert!(took < Duration::from_mins(1), "{took:?}");
    let [one, other] = ["p.ron", "q.ron"].map(|name| opened(&folder.join(name)));
    assert_eq!(one.people().len(), PEOPLE);
    assert_eq!(other.people().len(), PEOPLE);
}
