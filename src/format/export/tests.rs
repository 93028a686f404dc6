//! Every format: written and proven, refused when a byte is wrong, read back as far as it carries,
//! and the same bytes as ever.

mod lists;
mod quotes;
mod round_trip;

use super::options::{
    Choice, ChoiceValue, ExportOptions, Layers, Overlap, Split, Stratify, Texts, Tokens,
};
use super::plan::Plan;
use super::{FillingAll, ReadSeek, Sink, Stored, WriteSeek};
use crate::core::article::Article;
use crate::core::project::{Project, ProjectParts};
use crate::format::WriteError;
use crate::format::formats::jsonl::read as jsonl;
use crate::format::formats::{FORMATS, Format, Shape, format_named};
use crate::format::readers::readers;
use crate::format::reading::KnownTexts;
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::io::Cursor;
use std::path::{Path, PathBuf};

pub(crate) const TORTURE: &str = include_str!("../../../tests/data/export/torture.jsonl");

/// Files in memory.
#[derive(Default)]
pub(crate) struct Memory(pub(crate) BTreeMap<String, Vec<u8>>);

impl Sink for Memory {
    fn files(&mut self, names: &[&str], fill: FillingAll<'_>) -> Result<(), WriteError> {
        let mut all = vec![Cursor::new(Vec::new()); names.len()];
        let outs = all.iter_mut().map(|bytes| bytes as &mut dyn WriteSeek);
        fill(&mut outs.collect::<Vec<_>>(), self)?;
        for (name, bytes) in names.iter().zip(all) {
            let before = self.0.insert((*name).to_owned(), bytes.into_inner());
            assert!(before.is_none(), "{name} was written twice");
        }
        Ok(())
    }
}

impl Stored for Memory {
    fn names(&self) -> Vec<String> {
        self.0.keys().cloned().collect()
    }
    fn open(&self, name: &str) -> std::io::Result<Box<dyn ReadSeek + '_>> {
        match self.0.get(name) {
            Some(bytes) => Ok(Box::new(Cursor::new(bytes.clone()))),
            None => Err(std::io::ErrorKind::NotFound.into()),
        }
    }
}

pub(crate) fn project_of(lines: &str) -> Project {
    let dataset = jsonl::read(lines.as_bytes()).unwrap();
    let errors = dataset
        .problems
        .iter()
        .filter(|p| p.severity == crate::core::check::Severity::Error);
    assert_eq!(errors.count(), 0, "{:?}", dataset.problems);
    Project::from_parts(ProjectParts {
        name: "Torture".to_owned(),
        ..dataset.parts
    })
}

pub(crate) fn written(format: &Format, plan: &Plan<'_>) -> Memory {
    let mut memory = Memory::default();
    let out = (format.write)(plan, &mut memory, &mut |_| true).unwrap();
    let back = (format.prove)(plan, &memory, &mut |_| true);
    let back = back.unwrap_or_else(|error| panic!("{}: {error}", format.name));
    assert_eq!(
        (out.articles, out.annotations),
        (back.articles, back.annotations),
        "{}",
        format.name
    );
    let remarks = back.remarks();
    let differs = remarks.iter().find(|told| told.contains("reads back"));
    assert_eq!(differs, None, "{}", format.name);
    memory
}

#[test]
fn every_format_is_proven_on_hostile_articles() {
    let project = project_of(TORTURE);
    for format in FORMATS {
        let mut choices = vec![ExportOptions::default()];
        let with = |change: fn(&mut ExportOptions)| {
            let mut options = ExportOptions::default();
            change(&mut options);
            options
        };
        choices.push(with(|o| o.layers = Layers::Merged));
        choices.push(with(|o| o.labels = vec!["claim".to_owned()]));
        choices.push(with(|o| o.annotators = vec!["ben".to_owned()]));
        choices.push(with(|o| o.identical_once = true));
        for choice in format.choices {
            let mut options = ExportOptions::default();
            match (choice.value)(&mut options) {
                ChoiceValue::Texts(_) => {
                    choices.push(with(|o| o.texts = Texts::Quoted));
                    choices.push(with(|o| o.texts = Texts::Hashes));
                }
                ChoiceValue::Tokens(_) => {
                    choices.push(with(|o| o.tokens = Tokens::WhiteSpace));
                    choices.push(with(|o| o.tokens = Tokens::Characters));
                }
                ChoiceValue::Overlap(_) => {
                    choices.push(with(|o| o.overlap = Overlap::Shortest));
                    choices.push(with(|o| o.overlap = Overlap::FilePerLabel));
                }
                ChoiceValue::Switch(is_on) => *is_on = true,
                ChoiceValue::Field(field) => *field = Some("outlet".to_owned()),
            }
            choices.push(options);
        }
        for options in choices {
            written(format, &Plan::new(&project, &options));
        }
    }
}

#[expect(clippy::string_slice, reason = "the places are those of ASCII digits")]
#[test]
fn a_shifted_offset_is_an_error() {
    // One annotation whose offsets stand nowhere else in the files.
    let line = r#"{"id":"a","title":"T","text":"0123456789 She said so 🙂 and so on, for a good while longer than that.","annotations":[{"id":"x","annotator":"ana","label":"quote","fragments":[{"start":32,"end":46}],"attributes":{"verdict":"so"}}]}"#;
    let project = project_of(line);
    let options = ExportOptions::default();
    let plan = Plan::new(&project, &options);
    let mut tried = 0;
    for format in FORMATS {
        let memory = written(format, &plan);
        // One more in UTF-16, since there is an emoji before.
        let numbers = if format.offset_unit.contains("UTF-16") {
            [("33", "32"), ("47", "46")]
        } else {
            [("32", "31"), ("46", "45")]
        };
        for (from, to) in numbers {
            for name in memory.names() {
                let bytes = &memory.0[&name];
                let Ok(text) = std::str::from_utf8(bytes) else {
                    continue;
                };
                // A number that stands alone.
                let is_digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
                let places = text.match_indices(from).filter(|(at, _)| {
                    !is_digit(text[..*at].chars().last())
                        && !is_digit(text[at + 2..].chars().next())
                });
                for (at, _) in places {
                    let mut damaged = Memory(memory.0.clone());
                    let changed = format!("{}{to}{}", &text[..at], &text[at + 2..]);
                    damaged.0.insert(name.clone(), changed.into_bytes());
                    let is_token = matches!(format.name, "prodigy" | "html") && {
                        // Tokens, and colours of the page, are no offsets of spans.
                        let before = &text[..at];
                        before.rfind("\"spans\"") < before.rfind("\"tokens\"")
                            || format.name == "html" && !before.ends_with("=\"")
                    };
                    if is_token {
                        continue;
                    }
                    let proven = (format.prove)(&plan, &damaged, &mut |_| true);
                    assert!(
                        proven.is_err(),
                        "{} {name}: {from} as {to} passed",
                        format.name
                    );
                    tried += 1;
                }
            }
        }
    }
    assert!(tried > 20, "{tried}");
}

#[test]
fn a_file_that_is_cut_off_is_an_error() {
    let project = project_of(TORTURE);
    let options = ExportOptions::default();
    let plan = Plan::new(&project, &options);
    for format in FORMATS {
        let memory = written(format, &plan);
        let largest = memory
            .0
            .iter()
            .max_by_key(|(_, bytes)| bytes.len())
            .unwrap()
            .0;
        let mut damaged = Memory(memory.0.clone());
        let bytes = damaged.0.get_mut(largest).unwrap();
        bytes.truncate(bytes.len() / 2);
        let proven = (format.prove)(&plan, &damaged, &mut |_| true);
        assert!(proven.is_err(), "{}: half of {largest} passed", format.name);
    }
}

/// Texts with their fragments: label and covered text.
fn shape_of(article: &Article) -> Vec<(String, String)> {
    let mut spans: Vec<(String, String)> = Vec::new();
    for annotation in article.annotations.iter() {
        for fragment in &annotation.fragments {
            spans.push((
                annotation.label.to_string(),
                article.text.slice(*fragment).to_owned(),
            ));
        }
    }
    spans.sort();
    spans
}

#[test]
fn texts_may_stay_at_home() {
    let project = project_of(TORTURE);
    for texts in [Texts::Quoted, Texts::Hashes] {
        let options = ExportOptions {
            texts,
            ..ExportOptions::default()
        };
        let plan = Plan::new(&project, &options);
        let memory = written(format_named("jsonl").unwrap(), &plan);
        let bytes = &memory.0["dataset.jsonl"];
        assert!(!String::from_utf8_lossy(bytes).contains("owner\\tadded"));
        // The recipient has the articles, without annotations.
        let dataset = jsonl::read_with(bytes, &KnownTexts::of(&project)).unwrap();
        assert_eq!(dataset.parts.articles.len(), project.articles().len());
        for (found, wanted) in dataset.parts.articles.iter().zip(project.articles()) {
            assert_eq!(shape_of(found), shape_of(wanted));
        }
        // And without them, or with another text, is told what is missing.
        let none = jsonl::read_with(bytes, &KnownTexts::default()).unwrap();
        assert_eq!(none.parts.articles.len(), 0);
        assert_eq!(none.problems.len(), project.articles().len());
    }
}

#[test]
fn annotators_are_merged_and_chosen() {
    let line = r#"{"id":"a","text":"She said so.","annotations":[
        {"id":"1","annotator":"ana","label":"quote","fragments":[{"start":0,"end":3}],"attributes":{"tone":"calm"},"note":"one"},
        {"id":"2","annotator":"ben","label":"quote","fragments":[{"start":0,"end":3}],"attributes":{"tone":"cold"},"note":"two","links":[{"role":"cue","target":"3"}]},
        {"id":"3","annotator":"ben","label":"cue","fragments":[{"start":4,"end":8}]},
        {"id":"4","annotator":"gold","label":"cue","fragments":[{"start":4,"end":8}]}]}"#
        .replace('\n', " ");
    let project = project_of(&line);
    let check = |layers: Layers, expected: &[&str]| {
        let options = ExportOptions {
            layers,
            ..ExportOptions::default()
        };
        let plan = Plan::new(&project, &options);
        let record = plan.record(&plan.articles[0]).unwrap();
        let found: Vec<String> = record
            .spans
            .iter()
            .map(|s| {
                format!(
                    "{} {} {} {} {}",
                    s.id,
                    s.annotator,
                    s.attribute(&project, "tone"),
                    s.note.replace('\n', "/"),
                    s.links_text()
                )
            })
            .collect();
        assert_eq!(found, expected);
    };
    check(
        Layers::Each,
        &[
            "1 ana calm one ",
            "2 ben cold two cue=3",
            "3 ben   ",
            "4 gold   ",
        ],
    );
    check(
        Layers::Merged,
        &["1 ana; ben calm; cold one/two cue=3", "3 ben; gold   "],
    );
    check(Layers::Adjudicated, &["4 gold   "]);
}

#[test]
fn people_that_annotators_disagree_on_are_merged_by_their_names() {
    let line = r#"{"id":"a","text":"She said so.","annotations":[
        {"id":"1","annotator":"ana","label":"quote","fragments":[{"start":0,"end":3}],"attributes":{"speaker":"Zoë Ek"}},
        {"id":"2","annotator":"ben","label":"quote","fragments":[{"start":0,"end":3}],"attributes":{"speaker":"Mayor"}}]}"#
        .replace('\n', " ");
    let project = project_of(&line);
    assert_eq!(project.people().len(), 2);
    let options = ExportOptions {
        layers: Layers::Merged,
        ..ExportOptions::default()
    };
    let plan = Plan::new(&project, &options);
    let record = plan.record(&plan.articles[0]).unwrap();
    let [span] = record.spans.as_slice() else {
        panic!("{} spans", record.spans.len())
    };
    assert_eq!(span.attribute(&project, "speaker"), "Zoë Ek; Mayor");
}

#[test]
fn parts_of_a_split_are_whole_and_apart() {
    let lines: String = (0..40)
        .map(|n| format!("{{\"id\":\"{n}\",\"text\":\"Text number {}.\"}}\n", n / 2))
        .collect();
    let project = project_of(&lines);
    let split = Split {
        train: 60,
        dev: 20,
        test: 20,
        seed: 3,
        stratify: Stratify::Nothing,
    };
    let options = ExportOptions {
        split: Some(split),
        ..ExportOptions::default()
    };
    let plan = Plan::new(&project, &options);
    let parts = plan.parts();
    let sizes: Vec<usize> = parts.iter().map(|(_, plan)| plan.articles.len()).collect();
    assert_eq!(sizes, [24, 8, 8]);
    for (_, part) in &parts {
        for planned in &part.articles {
            let here = part
                .articles
                .iter()
                .filter(|p| p.article.text.hash() == planned.article.text.hash());
            assert_eq!(here.count(), 2, "copies stay together");
        }
    }
    let once = ExportOptions {
        identical_once: true,
        ..ExportOptions::default()
    };
    assert_eq!(Plan::new(&project, &once).articles.len(), 20);
    written(format_named("parquet").unwrap(), &plan);
}

#[test]
fn what_a_format_forbids_is_changed_by_rule_and_told() {
    let line = r#"{"id":"con","title":"","text":"a\u0001b \ufffe She said.\nYes.","annotations":[
        {"id":"1","annotator":"a\tb","label":"two words","fragments":[{"start":6,"end":20}],"attributes":{"odd\tname":"=x","label":"y"},"note":"tab\there"},
        {"id":"2","annotator":"a\tb","label":"two_words","fragments":[{"start":14,"end":15}]}]}
{"id":"2","title":"","text":"Other","annotations":[{"id":"3","annotator":"x","label":"claim","fragments":[{"start":0,"end":5}]}]}"#;
    let line = line.replacen("[\n", "[", 1).replacen("},\n", "},", 1);
    let project = project_of(&line);
    let options = ExportOptions::default();
    let plan = Plan::new(&project, &options);
    assert_ne!(plan.safe_label("two words"), plan.safe_label("two_words"));
    for format in FORMATS {
        written(format, &plan);
    }
    let remarks = |name: &str| {
        let mut memory = Memory::default();
        let format = format_named(name).unwrap();
        (format.write)(&plan, &mut memory, &mut |_| true)
            .unwrap()
            .remarks()
            .join("\n")
    };
    assert!(remarks("xmi").contains("U+FFFD"), "{}", remarks("xmi"));
    assert!(remarks("gatexml").contains("U+FFFD"));
    assert!(remarks("conll").contains("the longest is kept"));
    let long = format!(
        r#"{{"id":"a","text":"{}","annotations":[{{"id":"1","annotator":"x","label":"claim","fragments":[{{"start":0,"end":40000}}]}}]}}"#,
        "🙂 word ".repeat(7000)
    );
    let project = project_of(&long);
    let plan = Plan::new(&project, &options);
    let mut memory = Memory::default();
    let xlsx = format_named("xlsx").unwrap();
    let told = (xlsx.write)(&plan, &mut memory, &mut |_| true)
        .unwrap()
        .remarks();
    assert!(told.iter().any(|line| line.contains("32,767")), "{told:?}");
    (xlsx.prove)(&plan, &memory, &mut |_| true).unwrap();
}

/// Golden files: what a small project becomes in each format. `PRESSMARK_BLESS=1` writes them.
#[test]
fn the_bytes_are_as_ever() {
    let small = include_str!("../../../tests/data/export/small.jsonl");
    let project = project_of(small);
    let options = ExportOptions::default();
    let plan = Plan::new(&project, &options);
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/export/golden");
    let blesses = std::env::var_os("PRESSMARK_BLESS").is_some();
    for format in FORMATS {
        let memory = written(format, &plan);
        for (name, bytes) in &memory.0 {
            let path: PathBuf = root.join(format.name).join(name);
            if blesses {
                #[expect(clippy::disallowed_methods, reason = "a golden file")]
                std::fs::create_dir_all(path.parent().unwrap()).unwrap();
                #[expect(clippy::disallowed_methods, reason = "a golden file")]
                std::fs::write(&path, bytes).unwrap();
            }
            let golden =
                std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            assert!(golden == *bytes, "{} is not as it was", path.display());
        }
        assert_eq!(
            memory.0.keys().cloned().collect::<Vec<_>>(),
            written(format, &plan).names()
        );
    }
}

#[test]
fn the_table_is_whole() {
    let mut names: Vec<&str> = Vec::new();
    for format in FORMATS {
        names.push(format.name);
        names.extend(format.aliases);
        assert!(
            format
                .reader()
                .is_none_or(|own| readers().any(|reader| reader.name == own.name)),
            "{}",
            format.name
        );
        if let Shape::Folder { main } = format.shape {
            assert!(!main.starts_with('.'));
        }
    }
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), count, "two formats have one name");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn any_project_is_proven_in_every_format(project in round_trip::projects()) {
        let options = ExportOptions::default();
        let plan = Plan::new(&project, &options);
        for format in FORMATS {
            written(format, &plan);
        }
    }
}

#[test]
fn every_choice_is_in_the_table() {
    let known: Vec<&str> = Choice::ALL.iter().map(|choice| choice.name).collect();
    let distinct: std::collections::BTreeSet<_> = known.iter().collect();
    assert_eq!(distinct.len(), known.len());
    for format in FORMATS {
        for choice in format.choices {
            assert!(
                known.contains(&choice.name),
                "{} of {}",
                choice.name,
                format.name
            );
        }
    }
    let rows = include_str!("options.rs").matches("    pub const ").count();
    assert_eq!(rows, known.len() + 1, "ALL and all that it holds");
}
