//! PTC, the layout of SemEval-2020 task 11: `articles/articleN.txt` and, for each, a table of labels
//! with offsets in code points. Ids are digits only, so the articles are numbered, and `id-map` says
//! which is which.

use crate::format::WriteError;
use crate::format::export::format::{Format, FormatGroup, Part, Shape};
use crate::format::export::plan::{Plan, Planned};
use crate::format::export::proof::{self, Rules};
use crate::format::export::{Progress, ReadSeek, Sink, Stored, Written};
use crate::format::formats::ptc::{COLUMNS, ID_MAP, TECHNIQUES};
use crate::format::parallel;
use crate::format::words::values::in_line;
use std::collections::{BTreeSet, HashMap};
use std::fmt::Write as _;

pub const FORMAT: Format = Format {
    name: "ptc",
    aliases: &["semeval"],
    title: "PTC (SemEval-2020 task 11)",
    group: FormatGroup::Training,
    shape: Shape::Folder { main: "" },
    offset_unit: "Unicode code points",
    read_by: "propaganda detection tools and the task’s scorer",
    lacks: &[
        Part::Labels,
        Part::Discontinuous,
        Part::Attributes,
        Part::EmptyAttributes,
        Part::Links,
        Part::Notes,
        Part::Annotators,
        Part::Times,
        Part::Ids,
        Part::Metadata,
        Part::Status,
        Part::Nothing,
        Part::ArticleNotes,
        Part::Sets,
        Part::Codebook,
        Part::OfProject,
    ],
    adds: "the ids of articles",
    changes: "a discontinuous annotation is one span for each fragment; articles are numbered, and id-map says which is which",
    choices: &[],
    write,
    prove,
    splits_itself: false,
    reader: Some(&super::read::READER),
};

/// Numbers with nine digits, as the task has them.
fn numbers<'p>(plan: &'p Plan<'_>) -> HashMap<&'p str, usize> {
    let stems = plan
        .articles
        .iter()
        .map(|planned| planned.file_stem.as_str());
    stems
        .enumerate()
        .map(|(n, stem)| (stem, 100_000_001 + n))
        .collect()
}

/// Which number is which article, with its title.
fn id_map(plan: &Plan<'_>) -> String {
    let numbers = numbers(plan);
    let mut map = format!("{}\n", COLUMNS.join("\t"));
    for planned in &plan.articles {
        let n = numbers.get(planned.file_stem.as_str());
        let article = planned.article;
        // Writing to a string cannot fail.
        let _infallible = writeln!(
            map,
            "{}\t{}\t{}",
            n.copied().unwrap_or_default(),
            in_line(article.id.as_str()),
            in_line(&article.title)
        );
    }
    map
}

/// What was written, but for the map, which would be searched for each article.
struct WithoutMap<'a>(&'a dyn Stored);

impl Stored for WithoutMap<'_> {
    fn names(&self) -> Vec<String> {
        self.0.names()
    }
    fn open(&self, name: &str) -> std::io::Result<Box<dyn ReadSeek + '_>> {
        if name == ID_MAP {
            Err(std::io::ErrorKind::NotFound.into())
        } else {
            self.0.open(name)
        }
    }
}

pub fn write(
    plan: &Plan<'_>,
    sink: &mut dyn Sink,
    progress: Progress<'_>,
) -> Result<Written, WriteError> {
    let numbers = numbers(plan);
    let number = |planned: &Planned<'_>| {
        numbers
            .get(planned.file_stem.as_str())
            .copied()
            .unwrap_or_default()
    };
    let mut written = Written::default();
    let mut techniques: BTreeSet<String> = BTreeSet::new();
    parallel::in_order::<_, _, WriteError>(
        &plan.articles,
        progress,
        |planned| {
            let record = plan.record(planned)?;
            let mut counted = Written::default();
            counted.count(&record);
            counted.note_fragments(&record);
            let (mut lines, mut used) = (String::new(), BTreeSet::new());
            let mut seen = BTreeSet::new();
            for span in &record.spans {
                for fragment in &span.fragments {
                    let (label, range) = (plan.safe_label(span.label), fragment.range());
                    if !seen.insert((label, range.start, range.end)) {
                        counted.losses.note(
                            "two annotations with one label on the same words stand twice, which the task’s own check calls a duplicate",
                            || format!("annotation {} of article {}", span.id, record.id),
                        );
                    }
                    used.insert(label.to_owned());
                    let _infallible = writeln!(
                        lines,
                        "{}\t{label}\t{}\t{}",
                        number(planned),
                        range.start,
                        range.end
                    );
                }
            }
            Ok((lines, used, counted))
        },
        |planned, (lines, used, counted)| {
            let n = number(planned);
            sink.put(
                &format!("articles/article{n}.txt"),
                planned.article.text.as_str().as_bytes(),
            )?;
            sink.put(
                &format!("labels/article{n}.task-flc-tc.labels"),
                lines.as_bytes(),
            )?;
            techniques.extend(used);
            written.add(&counted);
            Ok(())
        },
    )?;
    sink.put(ID_MAP, id_map(plan).as_bytes())?;
    let list: String = techniques.iter().map(|name| format!("{name}\n")).collect();
    sink.put(TECHNIQUES, list.as_bytes())?;
    Ok(written)
}

pub fn prove(
    plan: &Plan<'_>,
    stored: &dyn Stored,
    progress: Progress<'_>,
) -> Result<Written, WriteError> {
    let numbers = numbers(plan);
    let rules = Rules {
        safe_labels: true,
        ..Rules::default()
    };
    if stored.bytes(ID_MAP)? != id_map(plan).as_bytes() {
        let reason = format!("{ID_MAP} is not as it was written");
        return Err(WriteError::Unreadable(reason));
    }
    let stored = WithoutMap(stored);
    proof::files(
        plan,
        &stored,
        progress,
        &super::read::READER,
        rules,
        |planned| {
            let n = numbers
                .get(planned.file_stem.as_str())
                .copied()
                .unwrap_or_default();
            format!("articles/article{n}.txt")
        },
    )
}
