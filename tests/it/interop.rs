//! Datasets as other programs read them, against what they hold: one article in each format, made
//! without this project's code. The samples are no part of the project, so they may be missing.

use pressmark::format::readers::recognise;
use pressmark::format::reading::placing::place;
use pressmark::format::reading::{ReadOptions, Source};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::Path;

const SAMPLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/interop/samples");

/// What a format carries of an annotation beside its place and its label.
#[derive(Clone, Copy)]
struct Carries {
    notes: bool,
    attributes: bool,
    /// As lines of the note.
    attributes_in_notes: bool,
    annotators: bool,
    times: bool,
    links: bool,
}

const NOTHING: Carries = Carries {
    notes: false,
    attributes: false,
    attributes_in_notes: false,
    annotators: false,
    times: false,
    links: false,
};
const ALL: Carries = Carries {
    notes: true,
    attributes: true,
    attributes_in_notes: false,
    annotators: true,
    times: true,
    links: true,
};

/// An annotation as both sides tell it; what a format does not carry is left empty on both.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Span {
    /// In code points.
    fragments: Vec<(usize, usize)>,
    label: String,
    note: String,
    attributes: Vec<(String, String)>,
    annotator: String,
    made: Option<i64>,
    /// Where the annotation stands that it is linked to.
    link: Option<Vec<(usize, usize)>>,
}

impl Span {
    fn cut_to(mut self, carries: Carries) -> Self {
        if !carries.notes {
            self.note.clear();
        }
        if !carries.attributes {
            self.attributes.clear();
        }
        if !carries.annotators {
            self.annotator.clear();
        }
        if !carries.times {
            self.made = None;
        }
        if !carries.links {
            self.link = None;
        }
        self
    }
}

fn files_below(root: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(root).unwrap().to_str().unwrap();
                files.insert(name.replace('\\', "/"), fs::read(&path).unwrap());
            }
        }
    }
    files
}

fn text_of(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// Some formats cannot hold a space in a label and have `_` for it.
fn safe(label: &str) -> String {
    label.replace(' ', "_")
}

/// brat cannot hold a tab in a note and has a space for it.
fn untabbed(note: &str) -> String {
    note.replace('\t', " ")
}

fn expected_spans(document: &Value, carries: Carries) -> Vec<Span> {
    let spans = document["spans"].as_array().unwrap();
    let stand = |span: &Value| {
        let at = |name: &str| span[name].as_u64().unwrap() as usize;
        vec![(at("start"), at("end"))]
    };
    let expected = spans.iter().map(|span| {
        let made: jiff::Timestamp = text_of(&span["created"]).parse().unwrap();
        let attributes = span["attributes"].as_object().unwrap();
        let linked = spans.iter().find(|other| other["id"] == span["link"]);
        let mut note = vec![untabbed(&text_of(&span["note"]))];
        if carries.attributes_in_notes {
            let lines = attributes
                .iter()
                .map(|(name, value)| format!("{name}: {}", text_of(value)));
            note.extend(lines);
            note.retain(|line| !line.is_empty());
        }
        let mut attributes: Vec<(String, String)> = attributes
            .iter()
            .map(|(name, value)| (name.clone(), text_of(value)))
            .collect();
        attributes.sort();
        Span {
            fragments: stand(span),
            label: safe(&text_of(&span["label"])),
            note: note.join("\n"),
            attributes,
            annotator: text_of(&span["annotator"]),
            made: Some(made.as_second()),
            link: linked.map(stand),
        }
    });
    expected.collect()
}

/// The articles of one file as they would come into a project: id, text and annotations.
fn read(files: &BTreeMap<String, Vec<u8>>, name: &str) -> Vec<(String, String, Vec<Span>)> {
    let source = Source {
        name,
        bytes: &files[name],
        siblings: files,
    };
    let (reader, _) = recognise(source).unwrap();
    let reading = (reader.read)(&source, &ReadOptions::default())
        .unwrap_or_else(|refusal| panic!("{name}, read as {}: {refusal}", reader.name));
    let articles = reading.articles.iter().map(|found| {
        let placed = place(found);
        let stands: Vec<Vec<(usize, usize)>> = placed
            .annotations
            .iter()
            .zip(&found.annotations)
            .map(|(fragments, annotation)| {
                let fragments = fragments
                    .as_ref()
                    .unwrap_or_else(|reason| panic!("{name}: {annotation:?}: {reason}"));
                let ranges = fragments.iter().map(|range| placed.text.char_range(*range));
                ranges
                    .map(|r| (r.start.0 as usize, r.end.0 as usize))
                    .collect()
            })
            .collect();
        let spans = found
            .annotations
            .iter()
            .zip(&stands)
            .map(|(annotation, stand)| {
                let linked = annotation.links.first().map(|(_, target)| {
                    let at = found.annotations.iter().position(|a| a.id == *target);
                    stands[at.unwrap_or_else(|| panic!("{name}: no {target}"))].clone()
                });
                Span {
                    fragments: stand.clone(),
                    label: safe(&annotation.label),
                    note: untabbed(&annotation.note),
                    attributes: annotation
                        .attributes
                        .iter()
                        .map(|(name, value)| (name.clone(), value.to_text()))
                        .collect(),
                    annotator: annotation.annotator.clone(),
                    made: annotation.made.map(|made| made.seconds()),
                    link: linked,
                }
            });
        (
            found.id.clone(),
            placed.text.as_str().to_owned(),
            spans.collect(),
        )
    });
    articles.collect()
}

fn squeezed(text: &str) -> String {
    text.split_whitespace().collect()
}

/// Where two sorted lists differ, in words.
fn differences(wanted: &[Span], found: &[Span]) -> Vec<String> {
    let mut differences = Vec::new();
    for (wanted, found) in wanted.iter().zip(found) {
        let fields = |span: &Span| {
            let (note, annotator) = (&span.note, &span.annotator);
            [
                format!("{:?} {}", span.fragments, span.label),
                format!("{note:?}"),
                format!("{:?}", span.attributes),
                annotator.clone(),
                format!("made {:?}", span.made),
                format!("link {:?}", span.link),
            ]
        };
        for (ours, theirs) in fields(found).iter().zip(&fields(wanted)) {
            if ours != theirs {
                let place = &wanted.fragments;
                differences.push(format!("{place:?}: expected {theirs}, found {ours}"));
            }
        }
    }
    if wanted.len() != found.len() {
        let (wanted, found) = (wanted.len(), found.len());
        differences.push(format!("expected {wanted} annotations, found {found}"));
    }
    differences
}

/// What all samples hold; `None`, said aloud, when they are not here.
fn expected() -> Option<Value> {
    let root = Path::new(SAMPLES);
    if !root.is_dir() {
        // Straight to the terminal: what a passing test prints is not shown.
        writeln!(
            std::io::stderr(),
            "skipped: no interop samples beside the project"
        )
        .unwrap();
        return None;
    }
    let bytes = fs::read(root.join("expected.json")).unwrap();
    Some(serde_json::from_slice(&bytes).unwrap())
}

/// Reads the files of a format that end so, and compares them with what all samples hold.
#[track_caller]
fn check(folder: &str, ending: &str, carries: Carries) {
    let Some(expected) = expected() else { return };
    let files = files_below(&Path::new(SAMPLES).join("lf").join(folder));
    let mut read_of: Vec<(String, String, Vec<Span>)> = Vec::new();
    for name in files.keys().filter(|name| name.ends_with(ending)) {
        read_of.extend(read(&files, name));
    }
    let documents = expected["docs"].as_array().unwrap();
    assert_eq!(read_of.len(), documents.len(), "{folder}");
    for document in documents {
        let text = text_of(&document["text"]);
        let (_, found_text, found) = read_of
            .iter()
            .find(|(id, found_text, _)| {
                document["id"] == id.as_str() || squeezed(found_text) == squeezed(&text)
            })
            .unwrap_or_else(|| panic!("{folder} has no {}", document["id"]));
        assert_eq!(*found_text, text, "{folder}");
        let cut = |spans: &[Span]| {
            let mut spans: Vec<Span> = spans.iter().map(|s| s.clone().cut_to(carries)).collect();
            spans.sort();
            spans
        };
        let (found, wanted) = (cut(found), cut(&expected_spans(document, carries)));
        let what_differs = differences(&wanted, &found);
        assert!(what_differs.is_empty(), "{folder}: {what_differs:#?}");
        eprintln!(
            "{folder} {}: {} spans are equal",
            document["id"],
            found.len()
        );
    }
}

/// CoNLL has neither white space nor overlaps: longer annotations come before shorter ones, and
/// places are compared in characters that are no white space.
#[test]
fn conll() {
    let Some(expected) = expected() else { return };
    let files = files_below(&Path::new(SAMPLES).join("lf/conll"));
    for name in files.keys() {
        let articles = read(&files, name);
        let documents = expected["docs"].as_array().unwrap();
        assert_eq!(articles.len(), documents.len(), "{name}");
        for ((_, found_text, found), document) in articles.iter().zip(documents) {
            let text = text_of(&document["text"]);
            assert_eq!(squeezed(found_text), squeezed(&text), "{name}");
            let dense = |text: &str, spans: &[Span]| -> Vec<(usize, usize, String)> {
                let length = |end: usize| {
                    let chars = text.chars().take(end);
                    chars.filter(|c| !c.is_whitespace()).count()
                };
                let spans = spans.iter().map(|span| {
                    let (start, end) = span.fragments[0];
                    (length(start), length(end), span.label.clone())
                });
                spans.collect()
            };
            let mut wanted = dense(&text, &expected_spans(document, NOTHING));
            wanted.sort_by_key(|(start, end, _)| (start.abs_diff(*end), *start));
            let mut kept: Vec<(usize, usize, String)> = Vec::new();
            while let Some(next) = wanted.pop() {
                if kept
                    .iter()
                    .all(|known| known.1 <= next.0 || next.1 <= known.0)
                {
                    kept.push(next);
                }
            }
            kept.sort();
            let mut found = dense(found_text, found);
            found.sort();
            let places = |spans: &[(usize, usize, String)]| -> Vec<(usize, usize)> {
                spans.iter().map(|(start, end, _)| (*start, *end)).collect()
            };
            assert_eq!(places(&found), places(&kept), "{name}");
            let all = dense(&text, &expected_spans(document, NOTHING));
            assert!(found.iter().all(|span| all.contains(span)), "{name}");
            eprintln!("{name} {}: {} spans are equal", document["id"], found.len());
        }
    }
}

#[test]
fn spans_labels_and_what_is_carried() {
    let notes = Carries {
        notes: true,
        ..NOTHING
    };
    let links = Carries {
        links: true,
        ..NOTHING
    };
    let no_links = Carries {
        links: false,
        ..ALL
    };
    let no_origin = Carries {
        annotators: false,
        times: false,
        ..ALL
    };
    check("brat", ".txt", no_origin);
    check("casjson", ".json", ALL);
    check("csv", "spans.csv", ALL);
    check("doccano", ".jsonl", NOTHING);
    check("doccano-rel", ".jsonl", links);
    check("gatexml", ".xml", no_links);
    check("html", ".html", notes);
    check("inlinexml", ".xml", NOTHING);
    check("labelstudio", ".json", no_origin);
    check("parquet", ".parquet", ALL);
    check("prodigy", ".jsonl", ALL);
    let in_notes = Carries {
        attributes: false,
        attributes_in_notes: true,
        ..ALL
    };
    check("qdpx", ".qdpx", in_notes);
    check("webanno", ".tsv", NOTHING);
    check("xlsx", ".xlsx", ALL);
    check("xmi", ".xmi", ALL);
}
