//! The project file: exact bytes, round trips, and damage of every kind.

#![expect(clippy::string_slice, reason = "files are cut anywhere on purpose")]

use super::*;
use crate::core::check::Severity;
use crate::format::ReadError;

fn sample() -> String {
    std::fs::read_to_string("tests/data/projects/v1.2/sample.ron").unwrap()
}

#[test]
fn older_versions_are_read() {
    let sample = sample();
    let imports = sample.find("    imports: [").unwrap();
    let end = imports + sample[imports..].find("\n    ],\n").unwrap() + "\n    ],\n".len();
    let without_imports = [&sample[..imports], &sample[end..]].concat();
    for version in ["v1", "v1.1"] {
        let old = std::fs::read_to_string(format!("tests/data/projects/{version}/sample.ron"));
        let opened = open(&old.unwrap()).unwrap();
        assert_eq!(opened.problems, []);
        assert_eq!(written(&opened), without_imports, "{version}");
    }
}

fn written(opened: &Opened) -> String {
    write(&opened.project, &mut |_| true).unwrap()
}

/// Read at once, and in pieces where it can be: the same.
fn open(source: &str) -> Result<Opened, ReadError> {
    let at_once = read(source.as_bytes(), &|_| ());
    let (len, in_pieces) = read_in_pieces(source.as_bytes().to_vec(), &<[u8]>::len, &|_| ());
    assert_eq!(len, source.len());
    if let (Ok(one), Ok(other)) = (&at_once, &in_pieces) {
        assert_eq!(one.problems, other.problems);
        assert_eq!(one.project, other.project);
    }
    assert!(in_pieces.is_err() || at_once.is_ok());
    at_once
}

/// A hundred articles of some lines.
fn many() -> String {
    use crate::core::{article::Article, project::ProjectParts, text::ArticleText};
    let articles = (0..100).map(|n| {
        let text = ArticleText::new(format!("Article {n}.\n").repeat(n));
        std::sync::Arc::new(Article::new(
            format!("a{n}").as_str().into(),
            format!("T{n}"),
            text,
        ))
    });
    let project = crate::core::project::Project::from_parts(ProjectParts {
        articles: articles.collect(),
        ..ProjectParts::default()
    });
    write(&project, &mut |_| true).unwrap()
}

#[test]
fn a_file_is_let_go_of_while_it_is_read() {
    let source = many();
    assert_eq!(written(&open(&source).unwrap()), source);
    let left = |source: String| {
        let (_, read) = read_in_pieces(source.into_bytes(), &<[u8]>::len, &|_| ());
        read.map(|_| ()).unwrap_err()
    };
    // It is read from its end, and what is damaged is handed back as far as it is there.
    let at_end = source.replace("\"T99\"", "oops");
    assert_eq!(left(at_end.clone()), at_end.as_bytes());
    let at_start = source.replace("\"T1\"", "oops");
    let rest = left(at_start.clone());
    assert!(rest.len() < at_start.len() / 4 && at_start.as_bytes().starts_with(&rest));
}

#[test]
fn reopening_and_saving_gives_the_same_bytes() {
    let source = sample();
    let opened = open(&source).unwrap();
    assert_eq!(opened.problems, []);
    assert_eq!(written(&opened), source);
}

/// As two versions can be merged by a tool that knows nothing of labels.
#[test]
fn labels_that_are_kinds_of_each_other_are_told_and_parted() {
    let source = sample();
    let kind_of = |source: &str, id: &str, parent: &str| {
        let at = source.find(&format!("id: \"{id}\",")).unwrap();
        let (before, behind) = source.split_at(at);
        let color = behind.find("color: ").unwrap();
        let (own, rest) = behind.split_at(color);
        format!("{before}{own}parent: \"{parent}\",\n                {rest}")
    };
    let source = kind_of(&kind_of(&source, "quote", "claim"), "claim", "quote");
    let opened = open(&source).unwrap();
    let told = |p: &crate::format::Problem| p.message == "the label would be a kind of itself";
    assert_eq!(opened.problems.iter().filter(|p| told(p)).count(), 1);
    let codebook = opened.project.codebook();
    assert!(codebook.in_circle().is_none());
    assert_eq!(
        codebook.label("claim").unwrap().parent,
        Some("quote".into())
    );
}

#[test]
fn survives_other_editors() {
    let source = sample();
    for mangled in [
        source.replace('\n', "\r\n"),
        format!("\u{FEFF}{source}"),
        source.lines().map(|line| format!("  {line}\n")).collect(),
        source.replace("    articles: [", "\tarticles: ["),
    ] {
        let opened = open(&mangled).unwrap();
        assert_eq!(opened.problems, []);
        assert_eq!(written(&opened), source);
    }
}

/// What one change to the sample leads to: a part of the only error's text, and how many
/// annotations are left of the sample's six.
#[track_caller]
fn check(from: &str, to: &str, message: &str, annotations: usize) {
    let source = sample();
    assert!(source.contains(from), "{from} is not in the sample");
    let opened = open(&source.replacen(from, to, 1)).unwrap();
    let errors: Vec<String> = opened
        .problems
        .iter()
        .filter(|p| p.severity == Severity::Error)
        .map(ToString::to_string)
        .collect();
    assert!(errors.iter().any(|e| e.contains(message)), "{errors:?}");
    assert_eq!(opened.project.annotation_count(), annotations);
    // Nothing is lost by saving what was opened, and it opens again as it is.
    let again = open(&written(&opened)).unwrap();
    assert_eq!(again.project, opened.project);
    assert_eq!(again.project.set_aside().len(), 6 - annotations);
}

#[test]
fn what_cannot_be_trusted_is_set_aside() {
    check("(0, 25, ", "(0, 9999, ", "outside the text", 6);
    check("(0, 25, ", "(1, 25, ", "was marked", 6);
    check(
        "Firefighters saved a town\")",
        "Nothing of the kind\")",
        "nor anything like it",
        5,
    );
    check(
        "label: \"claim\"",
        "label: \"rumour\"",
        "no label “rumour”",
        5,
    );
    check("t-000002", "t-000001", "has the id t-000001", 5);
    check("fragments: [(0, 25", "fragments: [(zero, 25", "damaged", 5);
    check(
        "(27, 31, \"👨🏻‍🚒\")",
        "(27, 28, \"👨\")",
        "inside a character",
        6,
    );
}

/// The same words at the same place are not the same annotation, now or at the next opening.
#[test]
fn what_stands_between_other_words_stays_on_the_list() {
    let source = "(version: (1, 2), articles: [(id: \"a\", hash: \"blake3:0\", text: [\"he left, he said.\"], annotations: [(id: \"x-1\", annotator: \"ana\", label: \"source\", fragments: [(0, 2, \"he\")], context: (\"nobody but \", \" owns the land\"))])])";
    let opened = open(source).unwrap();
    assert_eq!(opened.project.set_aside().len(), 1);
    let again = open(&written(&opened)).unwrap();
    assert_eq!(again.project, opened.project);
    assert!(
        again
            .problems
            .iter()
            .all(|p| p.severity == Severity::Warning)
    );
}

#[test]
fn a_changed_text_is_noticed_by_its_hash() {
    let source = sample().replace("Firefighters saved", "Firefighters rescued");
    let opened = open(&source).unwrap();
    assert!(
        opened
            .problems
            .iter()
            .any(|p| p.message.contains("does not fit its hash"))
    );
}

#[test]
fn a_truncated_file_opens_as_far_as_it_goes() {
    let source = sample();
    let list = source.find("    articles: [").unwrap();
    let first_article = list + source[list..].find("\n        ),").unwrap();
    let whole = source.trim_end().len();
    let mut last = None;
    for cut in (0..whole).filter(|&i| source.is_char_boundary(i)) {
        match open(&source[..cut]) {
            Ok(opened) => {
                assert!(!opened.problems.is_empty(), "cut at {cut} went unnoticed");
                // Most cuts leave what the one before left, which is written alike.
                if last.as_ref() != Some(&opened.project) {
                    let again = open(&written(&opened)).unwrap();
                    assert_eq!(again.project, opened.project);
                }
                last = Some(opened.project);
            }
            Err(error) => assert!(cut < first_article, "cut at {cut}: {error}"),
        }
    }
}

#[test]
fn what_is_no_project_is_refused_with_a_reason() {
    let message = |source: &str| {
        open(source)
            .err()
            .map(|e| e.to_string())
            .unwrap_or_default()
    };
    assert_eq!(message(""), "this is no Pressmark project");
    assert_eq!(message("{\"a\": 1}"), "this is no Pressmark project");
    assert!(message("(version: (2, 0), name: \"x\")").contains("newer version"));
    assert!(message("(version: (1, 0), name: 3)").starts_with("line 1, column "));
    assert!(matches!(
        read(b"(version: (1, 0), \xFF", &|_| ()),
        Err(ReadError::NotUtf8 { byte: 18 })
    ));
    assert!(message(&format!("(version: (1, 0), x: {})", "[".repeat(100_000))).contains("line 1"));
}

#[test]
fn unknown_fields_are_kept_everywhere() {
    let source = sample();
    for place in [
        "(id: \"t-000001\"",
        "name: \"Sample\"",
        "revision: 1",
        "id: \"ana\"",
        "id: \"a-1\"",
    ] {
        assert!(source.contains(place), "{place}");
        let future = source.replacen(
            place,
            &format!("{place}, future: Some({{\"a\": [1, 2.5]}})"),
            1,
        );
        let opened = open(&future).unwrap();
        assert_eq!(opened.problems, []);
        let text = written(&opened);
        assert!(
            text.contains("future: Some({\"a\": [1, 2.5]})"),
            "lost at {place}"
        );
        assert_eq!(open(&text).unwrap().project, opened.project);
    }
}

mod damage;
mod later;

mod properties {
    use super::*;
    use crate::core::annotation::{Annotation, AnnotationSet, AttributeValue};
    use crate::core::article::{Article, Status};
    use crate::core::project::{Project, ProjectParts};
    use crate::core::text::segment::{grapheme_ceil, grapheme_floor};
    use crate::core::text::{ArticleText, BytePos, ByteRange};
    use proptest::prelude::*;
    use std::sync::Arc;

    fn project(text: &str, spans: &[(u32, u32)], note: &str) -> Project {
        let text = ArticleText::new(text.to_owned());
        let annotations = spans.iter().enumerate().filter_map(|(i, &(a, b))| {
            let range = ByteRange::new(
                grapheme_floor(&text, BytePos(a)),
                grapheme_ceil(&text, BytePos(b)),
            );
            let mut made = Annotation::new(
                format!("t-{i}").as_str().into(),
                "ana".into(),
                "quote".into(),
                range,
            );
            made.note = note.to_owned();
            made.attributes
                .insert(note.to_owned(), AttributeValue::Text(note.to_owned()));
            (!range.is_empty()).then_some(made)
        });
        let annotations = AnnotationSet::from_annotations(annotations.collect::<Vec<_>>()).0;
        let mut article = Article::new("a".into(), note, text);
        article.annotations = annotations;
        article.notes = note.to_owned();
        article.status.insert("ana".into(), Status::Done);
        article
            .metadata
            .insert("author".to_owned(), note.to_owned());
        Project::from_parts(ProjectParts {
            name: note.to_owned(),
            articles: vec![Arc::new(article)],
            ..ProjectParts::default()
        })
    }

    proptest! {
        #[test]
        fn any_project_survives_saving(
            text in "(\\PC|[\"#\\\\\n\t\u{0}\u{1}\u{85}\u{2028}\u{FEFF}💩\u{301}א]|\"#|👨🏻‍🚒){0,80}",
            spans in prop::collection::vec((0u32..200, 0u32..200), 0..6),
            note in "(\\PC|[\"#\\\\\n\r\t\u{0}\u{7f}]){0,12}",
        ) {
            let project = project(&text, &spans, &note);
            let source = write(&project, &mut |_| true).unwrap();
            let opened = open(&source).unwrap();
            prop_assert_eq!(&opened.problems, &[]);
            prop_assert_eq!(&opened.project, &project);
            prop_assert_eq!(written(&opened), source.clone());
            let crlf = open(&source.replace('\n', "\r\n")).unwrap();
            prop_assert_eq!(&crlf.project, &project);
        }

        /// Whatever stands in a file, what was read of it is whole once it is saved.
        #[test]
        fn what_was_read_is_whole_when_saved(
            at in 0usize..30_000,
            junk in prop::collection::vec(any::<u8>(), 0..12),
            remove in 0usize..400,
            again in 0usize..30_000,
            put in "([()\\[\\]{},\"#\n]|<<<<<<<|\n=======\n|\n    |\0|é){0,6}",
        ) {
            let mut bytes = sample().into_bytes();
            let start = at % bytes.len();
            let end = (start + remove).min(bytes.len());
            bytes.splice(start..end, junk);
            let at = again % bytes.len();
            bytes.splice(at..at, put.into_bytes());
            if let Ok(opened) = read(&bytes, &|_| ()) {
                let source = written(&opened);
                let back = open(&source).unwrap();
                prop_assert_eq!(&back.project, &opened.project);
                let errors: Vec<_> =
                    back.problems.iter().filter(|p| p.severity == Severity::Error).collect();
                prop_assert!(errors.is_empty(), "{:?}", errors);
                prop_assert_eq!(written(&back), source);
            }
        }

        #[test]
        fn reading_never_panics(at in 0usize..4000, insert in "\\PC{0,6}", remove in 0usize..30) {
            let mut source = sample();
            let floor = |s: &str, mut i: usize| { i = i.min(s.len()); while !s.is_char_boundary(i) { i -= 1; } i };
            let start = floor(&source, at);
            let end = floor(&source, start + remove).max(start);
            source.replace_range(start..end, &insert);
            let _any = open(&source);
        }
    }
}
