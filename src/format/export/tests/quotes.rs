//! Quotes of every kind in every format that says that it carries them, as rows of tables, and what
//! labels stand for.

use super::lists::flat_lists;
use super::round_trip::{check, imported, readable, with_codebook};
use super::{project_of, written};
use crate::core::annotation::{AnnotationSet, AttributeValue};
use crate::core::codebook::{Codebook, Thing};
use crate::core::project::{Group, Person, PersonKind, Project, ProjectParts};
use crate::format::export::options::ExportOptions;
use crate::format::export::plan::Plan;
use crate::format::formats::{Format, Part};

/// Direct and split by its cue, indirect, mixed, a fragment; with several speakers, with one outside
/// the sentence, unnamed, none; one within another.
const QUOTES: &str = r#"{"id": "q", "title": "T", "text": "‘We win,’ Ann and Bo said, ‘in May.’ She said that ‘he’ denied that it rains. Officials call it ‘odd’.", "meta": {"outlet": "Post", "published": "2026-03-01"}, "annotations": [
{"id": "a1", "annotator": "ana", "label": "quote", "fragments": [{"start": 0, "end": 9}, {"start": 27, "end": 36}], "attributes": {"kind": "direct", "speaker": "Ann Abe"}, "links": [{"role": "source", "target": "s1"}, {"role": "source", "target": "s2"}, {"role": "cue", "target": "c1"}]},
{"id": "a2", "annotator": "ana", "label": "quote", "fragments": [{"start": 46, "end": 76}], "attributes": {"kind": "mixed", "speaker": "Ann Abe"}, "links": [{"role": "source", "target": "s3"}, {"role": "cue", "target": "c2"}]},
{"id": "a3", "annotator": "ana", "label": "quote", "fragments": [{"start": 63, "end": 76}], "attributes": {"kind": "indirect"}, "links": [{"role": "cue", "target": "c3"}]},
{"id": "a4", "annotator": "ben", "label": "quote", "fragments": [{"start": 96, "end": 101}], "attributes": {"kind": "fragment", "speaker": "officials"}},
{"id": "s1", "annotator": "ana", "label": "source", "fragments": [{"start": 10, "end": 13}]},
{"id": "s2", "annotator": "ana", "label": "source", "fragments": [{"start": 18, "end": 20}]},
{"id": "s3", "annotator": "ana", "label": "source", "fragments": [{"start": 37, "end": 40}]},
{"id": "c1", "annotator": "ana", "label": "cue", "fragments": [{"start": 21, "end": 25}]},
{"id": "c2", "annotator": "ana", "label": "cue", "fragments": [{"start": 41, "end": 45}]},
{"id": "c3", "annotator": "ana", "label": "cue", "fragments": [{"start": 56, "end": 62}]}]}
{"id": "r", "title": "R", "text": "‘We win,’ said Abe.", "annotations": [
{"id": "b1", "annotator": "ana", "label": "quote", "fragments": [{"start": 0, "end": 9}], "attributes": {"speaker": "Ann Abe"}}]}"#;

fn project_of_quotes() -> Project {
    let lines = QUOTES.replace("},\n", "},").replace("[\n", "[");
    let project = with_codebook(project_of(&lines));
    let mut parts = ProjectParts {
        codebook: project.codebook().clone(),
        annotators: project.annotators().to_vec(),
        people: project.people().to_vec(),
        articles: project.articles().to_vec(),
        name: "Quotes".to_owned(),
        ..ProjectParts::default()
    };
    for (name, kind) in [
        ("officials", PersonKind::Collective),
        ("Ann Abe", PersonKind::Person),
    ] {
        let mut people = parts.people.iter_mut();
        people.find(|person| person.name == name).unwrap().kind = kind;
    }
    let member = |article: &str, id: &str| (article.into(), id.into());
    parts.groups.push(std::sync::Arc::new(Group {
        id: "g".into(),
        title: "We win".to_owned(),
        thing: Thing::Quote,
        members: vec![member("q", "a1"), member("r", "b1")],
        by: "ana".into(),
        ..Group::default()
    }));
    Project::from_parts(parts)
}

#[test]
fn quotes_of_every_kind_come_back() {
    let project = project_of_quotes();
    assert_eq!(flat_lists(&project).len(), project.people().len() + 1);
    for format in readable() {
        check(&project, format);
    }
    let text = crate::format::project_ron::write(&project, &mut |_| true).unwrap();
    let opened = crate::format::project_ron::read(text.as_bytes(), &|_| ()).unwrap();
    assert_eq!(opened.project, project);
}

/// Two who are called the same are two, by their ids where these leave, else by their names.
#[test]
fn two_of_one_name_stay_two() {
    let mut parts = project_of_quotes().parts();
    let other = Person {
        id: "abe".into(),
        ..Person::named("Ann Abe", |_| false)
    };
    parts.people.push(other);
    let article = std::sync::Arc::make_mut(parts.articles.last_mut().unwrap());
    let quotes = article.annotations.iter().map(|quote| {
        let mut quote = quote.as_ref().clone();
        let abe = AttributeValue::Person("abe".into());
        quote.attributes.insert("speaker", abe);
        quote
    });
    let quotes: Vec<_> = quotes.collect();
    article.annotations = AnnotationSet::from_annotations(quotes).0;
    let project = Project::from_parts(parts);
    let options = ExportOptions::default();
    let plan = Plan::new(&project, &options);
    let held =
        |format: &&Format| format.has_part(Part::Attributes) && format.has_part(Part::NotQuotes);
    for format in readable().filter(held) {
        let back = imported(&written(format, &plan), project.codebook());
        let of = |words: &str| {
            let mut articles = back.articles().iter();
            let article = articles.find(|a| a.text.as_str().contains(words));
            let mut all = article.unwrap().annotations.in_text_order();
            let speaker = all.find_map(|quote| match quote.attributes.get("speaker") {
                Some(AttributeValue::Person(id)) => back.person(id),
                _ => None,
            });
            let speaker = speaker.unwrap_or_else(|| panic!("{}: nobody says it", format.name));
            (speaker.id.to_string(), speaker.name.clone())
        };
        let (one, other) = (of("in May"), of("said Abe"));
        let name = "Ann Abe".to_owned();
        if format.has_part(Part::OfProject) {
            let expected = (
                ("ann-abe".to_owned(), name.clone()),
                ("abe".to_owned(), name),
            );
            assert_eq!((one, other), expected, "{}", format.name);
        } else {
            assert_eq!(
                (one.1, other.1),
                (name, "Ann Abe (abe)".to_owned()),
                "{}",
                format.name
            );
        }
    }
}

#[test]
fn labels_stand_for_what_they_did() {
    let project = project_of_quotes();
    let mut parts = ProjectParts {
        codebook: project.codebook().clone(),
        annotators: project.annotators().to_vec(),
        articles: project.articles().to_vec(),
        ..ProjectParts::default()
    };
    parts
        .codebook
        .labels
        .retain(|label| label.id.as_str() == "quote");
    let label = parts.codebook.labels.first_mut().unwrap();
    label.id = "wording".into();
    label.stands_for = Some(Thing::Quote);
    let ids = [("quote".into(), "wording".into())].into_iter().collect();
    for article in &mut parts.articles {
        crate::core::project::relabel_article(article, &ids);
    }
    let project = Project::from_parts(parts);
    let options = ExportOptions::default();
    let plan = Plan::new(&project, &options);
    let held = |format: &&Format| {
        format.has_part(Part::OfProject)
            && format.has_part(Part::NotQuotes)
            && format.name != "jsonl"
    };
    for format in readable().filter(held) {
        let memory = written(format, &plan);
        let back = imported(&memory, &Codebook::of(Vec::new()));
        let label = back.codebook().label("wording");
        let thing = label.and_then(|label| label.stands_for.clone());
        assert_eq!(thing, Some(Thing::Quote), "{}", format.name);
    }
}

#[test]
fn a_quote_is_a_row_of_its_own() {
    let project = project_of_quotes();
    let options = ExportOptions::default();
    let plan = Plan::new(&project, &options);
    let csv = written(crate::format::formats::format_named("csv").unwrap(), &plan);
    let mut reader = csv::ReaderBuilder::new().from_reader(&csv.0["quotes.csv"][3..]);
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let cells = |row: usize, columns: &[usize]| {
        let cells = columns.iter().map(|at| &rows[row][*at]);
        cells.collect::<Vec<_>>().join("|")
    };
    assert_eq!(rows.len(), 5);
    assert_eq!(
        cells(0, &[0, 1, 3, 4, 7, 8, 9]),
        "a1|q|Post|2026-03-01|direct|‘We win,’ ‘in May.’|0-9+27-36"
    );
    assert_eq!(
        cells(0, &[10, 11, 12, 13, 14, 15, 16, 17, 18, 19]),
        "Ann Abe|ann-abe|Ann; Bo|10-13; 18-20|said|21-25|said|0|g|We win"
    );
    assert_eq!(cells(1, &[0, 7, 12, 17]), "a2|mixed|She|0");
    assert_eq!(cells(2, &[0, 7, 14, 17]), "a3|indirect|denied|1");
    assert_eq!(cells(3, &[0, 10, 12, 15, 17]), "a4|officials|||0");
    assert_eq!(cells(4, &[0, 1, 18]), "b1|r|g");
}

/// Whoever takes all of one kind of a folder finds articles.
#[test]
fn the_table_of_quotes_is_no_part_of_the_data() {
    let project = project_of_quotes();
    let options = ExportOptions::default();
    let plan = Plan::new(&project, &options);
    let format = crate::format::formats::format_named("parquet").unwrap();
    let files = written(format, &plan).0;
    let data: Vec<&str> = files
        .keys()
        .map(String::as_str)
        .filter(|name| name.ends_with(".parquet"))
        .collect();
    assert_eq!(data, ["data/train-00000-of-00001.parquet"]);
    assert!(files.contains_key("quotes/quotes.pq"));
}
