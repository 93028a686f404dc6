//! Samples of other tools, read and compared with the spans that the reference readers see.

use pressmark::app::import::{ImportOptions, import_paths};
use pressmark::core::annotation::Annotation;
use pressmark::core::project::Project;
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;

/// Start, end, label and text; offsets in code points.
type Span = (u32, u32, String, String);

/// The same for all ways to write a label.
fn folded(label: &str) -> String {
    label.to_lowercase().replace([' ', '-'], "_")
}

fn expected(value: &Value) -> (String, BTreeSet<Span>) {
    let text = value["text"].as_str().unwrap().to_owned();
    let chars: Vec<char> = text.chars().collect();
    let spans = value["spans"].as_array().unwrap().iter();
    let spans = spans.map(|span| {
        let (start, end) = (
            span["start"].as_u64().unwrap(),
            span["end"].as_u64().unwrap(),
        );
        let covered: String = chars[start as usize..end as usize].iter().collect();
        (
            start as u32,
            end as u32,
            folded(span["label"].as_str().unwrap()),
            covered,
        )
    });
    (text.clone(), spans.collect())
}

#[test]
fn samples_of_other_tools_have_exactly_their_spans() {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/interop/samples");
    let Ok(text) = std::fs::read_to_string(samples.join("expected.json")) else {
        eprintln!("skipped: there are no samples of other tools beside the project");
        return;
    };
    let all: Value = serde_json::from_str(&text).unwrap();
    let docs: Vec<_> = all["docs"]
        .as_array()
        .unwrap()
        .iter()
        .map(expected)
        .collect();
    let mut problems = Vec::new();
    // Tokens hold neither overlapping spans nor the spaces between them.
    let exact = [
        "brat",
        "casjson",
        "csv",
        "doccano",
        "doccano-rel",
        "gatexml",
        "labelstudio",
        "parquet",
        "prodigy",
        "qdpx",
        "webanno",
        "xlsx",
        "xmi",
    ];
    for format in exact.into_iter().chain(["conll"]) {
        let folder = samples.join("lf").join(format);
        let project = Project::new("");
        let codebook = project.codebook();
        let options = ImportOptions {
            keeps_copies: true,
            ..ImportOptions::default()
        };
        let import = import_paths(&project, &[folder], &options, &mut |_, _| true);
        let articles: Vec<_> = import
            .datasets
            .iter()
            .flat_map(|dataset| &dataset.parts.articles)
            .chain(&import.articles)
            .collect();
        let name_of = |annotation: &Annotation| match codebook.label(annotation.label.as_str()) {
            Some(label) => label.name.clone(),
            None => annotation.label.to_string(),
        };
        for (text, spans) in &docs {
            let found: BTreeSet<Span> = articles
                .iter()
                .filter(|a| a.text.as_str().trim_end() == text.trim_end())
                .flat_map(|article| {
                    article.annotations.iter().flat_map(|annotation| {
                        annotation.fragments.iter().map(|fragment| {
                            let range = article.text.char_range(*fragment);
                            let label = folded(&name_of(annotation));
                            (
                                range.start.0,
                                range.end.0,
                                label,
                                article.text.slice(*fragment).to_owned(),
                            )
                        })
                    })
                })
                .collect();
            if format == "conll" {
                // What is marked must be marked in the text, but for its spaces.
                let squeezed = |t: &str| t.split_whitespace().collect::<String>();
                let known: Vec<(String, String)> = docs
                    .iter()
                    .flat_map(|(_, spans)| spans)
                    .map(|span| (span.2.clone(), squeezed(&span.3)))
                    .collect();
                let marks = articles.iter().flat_map(|a| {
                    a.annotations
                        .iter()
                        .map(|n| (folded(&name_of(n)), squeezed(a.text.slice(n.extent()))))
                });
                let marks: Vec<_> = marks.collect();
                let is_part = |mark: &(String, String)| {
                    known.iter().any(|k| k.0 == mark.0 && k.1.contains(&mark.1))
                };
                if marks.is_empty() || !marks.iter().all(is_part) {
                    problems.push(format!("conll: {marks:?}"));
                }
                continue;
            }
            if !articles
                .iter()
                .any(|a| a.text.as_str().trim_end() == text.trim_end())
            {
                let texts: Vec<String> = articles
                    .iter()
                    .map(|a| a.text.as_str().chars().take(60).collect())
                    .collect();
                problems.push(format!(
                    "{format}: a text is missing; there are {texts:?}; {:?}",
                    import.remarks()
                ));
                continue;
            }
            for span in spans.difference(&found) {
                problems.push(format!("{format}: missing {span:?}"));
            }
            for span in found.difference(spans) {
                problems.push(format!("{format}: invented {span:?}"));
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}
