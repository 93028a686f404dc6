//! brat standoff: `NAME.txt` and `NAME.ann` side by side, with `annotation.conf` and `visual.conf`.
//! Offsets are code points; an annotation over a line break is cut at it (brat's own rule).
//!
//! What brat has no place for stands in notes of own kinds, where people see it, and in two tables
//! that brat passes over: `articles.tsv` and `codebook.tsv`.

use crate::core::codebook::AttributeKind;
use crate::format::WriteError;
use crate::format::export::format::{Format, FormatGroup, Part, Shape};
use crate::format::export::of_project::of_project;
use crate::format::export::plan::Plan;
use crate::format::export::proof::{self, Rules, is_line_end, pieces_between_line_breaks};
use crate::format::export::record::Record;
use crate::format::export::table_rows::exact_fields;
use crate::format::export::{Progress, ReadSeek, Sink, Stored, Written};
use crate::format::formats::brat::read::joined_over_line_breaks;
use crate::format::formats::brat::{ARTICLES, CODEBOOK, FIELDS, NAMES, NOTES, OWN, PROJECT};
use crate::format::words::names::attributes;
use crate::format::words::records::metadata;
use crate::format::words::values::{in_line, listed_pairs};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Write as _;

pub const FORMAT: Format = Format {
    name: "brat",
    aliases: &[],
    title: "brat standoff",
    group: FormatGroup::Annotation,
    shape: Shape::Folder { main: "" },
    offset_unit: "Unicode code points",
    read_by: "brat, and what reads its files",
    lacks: &[Part::Nothing, Part::Sets],
    adds: "its configuration",
    changes: "an annotation is cut at line breaks, and what that loses stands in a note; line breaks, tabs and backslashes of notes are escaped; names have a safe form, and codebook.tsv says what they stand for; articles.tsv has what is known of articles",
    choices: &[],
    write,
    prove,
    splits_itself: false,
    reader: Some(&super::read::READER),
};

pub fn write(
    plan: &Plan<'_>,
    sink: &mut dyn Sink,
    progress: Progress<'_>,
) -> Result<Written, WriteError> {
    let choices = choices(plan);
    for (name, content) in around(plan, &choices) {
        sink.put(name, content.as_bytes())?;
    }
    if let Some((name, content)) = of_first(plan) {
        sink.put(&name, content.as_bytes())?;
    }
    plan.write_each(
        progress,
        |record, counted| Ok(lines(plan, record, &choices, counted)),
        |planned, lines| {
            let stem = &planned.file_stem;
            sink.put(
                &format!("{stem}.txt"),
                planned.article.text.as_str().as_bytes(),
            )?;
            sink.put(&format!("{stem}.ann"), lines.as_bytes())?;
            Ok(())
        },
    )
}

/// What belongs to no article, in a file beside the first.
fn of_first(plan: &Plan<'_>) -> Option<(String, String)> {
    let told = of_project(plan);
    let first = plan.articles.first().filter(|_| !told.is_empty())?;
    let name = format!("{}{PROJECT}", first.file_stem);
    Some((name, serde_json::to_string_pretty(&told).ok()? + "\n"))
}

/// The files that are there once.
fn around(
    plan: &Plan<'_>,
    choices: &BTreeMap<String, BTreeSet<String>>,
) -> [(&'static str, String); 4] {
    [
        ("annotation.conf", annotation_conf(plan, choices)),
        ("visual.conf", visual_conf(plan)),
        (ARTICLES, articles(plan)),
        (CODEBOOK, codebook(plan)),
    ]
}

/// The name of an attribute in notes, attributes and the configuration.
fn written_attribute(plan: &Plan<'_>, name: &str) -> String {
    attributes(NOTES).escaped(plan.safe_attribute(name))
}

/// Attributes with a closed list of single words: the others stand in notes.
fn choices(plan: &Plan<'_>) -> BTreeMap<String, BTreeSet<String>> {
    let mut choices: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut open: BTreeSet<&str> = BTreeSet::new();
    for label in &plan.project.codebook().labels {
        for attribute in &label.attributes {
            match &attribute.kind {
                AttributeKind::OneOf(options) if options.iter().all(|o| is_word(o)) => {
                    let known = choices.entry(attribute.name.clone()).or_default();
                    known.extend(options.iter().cloned());
                }
                _ => drop(open.insert(&attribute.name)),
            }
        }
    }
    choices.retain(|name, _| !open.contains(name.as_str()) && plan.attributes.contains_key(name));
    choices
}

fn is_word(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    !text.is_empty() && text.chars().all(plain)
}

fn lines(
    plan: &Plan<'_>,
    record: &Record<'_>,
    choices: &BTreeMap<String, BTreeSet<String>>,
    written: &mut Written,
) -> String {
    let mut out = String::new();
    let text: Vec<char> = if record.spans.is_empty() {
        Vec::new()
    } else {
        record.text().chars().collect()
    };
    let (mut attributes, mut notes, mut links) = (0, 0, 0);
    // Numbers by id, and whether brat can show it.
    let mut numbers: HashMap<&str, (usize, bool)> = HashMap::new();
    for (n, span) in record.spans.iter().enumerate() {
        let is_shown = !span
            .fragments
            .iter()
            .all(|f| f.text.chars().all(is_line_end));
        numbers.insert(span.id.as_ref(), (n + 1, is_shown));
    }
    for (n, span) in record.spans.iter().enumerate() {
        let n = n + 1;
        let mut exact: Map<String, Value> = Map::new();
        let whole = span.fragments.iter().map(|fragment| {
            let range = fragment.range();
            range.start as usize..range.end as usize
        });
        let whole: Vec<std::ops::Range<usize>> = whole.collect();
        let pieces = whole.iter().cloned();
        let pieces = pieces.flat_map(|range| pieces_between_line_breaks(&text, range));
        let pieces: Vec<std::ops::Range<usize>> = pieces.collect();
        let is_shown = !pieces.is_empty();
        if is_shown {
            let places = pieces.iter().map(|p| format!("{} {}", p.start, p.end));
            let places: Vec<String> = places.collect();
            let texts = pieces.iter().map(|piece| text.get(piece.clone()));
            let texts = texts.map(|piece| piece.unwrap_or(&[]).iter().collect::<String>());
            let texts: Vec<String> = texts.collect();
            // Writing to a string cannot fail.
            let _infallible = writeln!(
                out,
                "T{n}\t{} {}\t{}",
                plan.safe_label(span.label),
                places.join(";"),
                texts.join(" ")
            );
        } else {
            written.losses.note(
                "an annotation of nothing but line breaks cannot be shown in brat and stands in notes alone",
                || format!("annotation {} of article {}", span.id, record.id),
            );
            written.annotations -= 1;
            exact.insert("label".to_owned(), span.label.into());
        }
        if joined_over_line_breaks(&text, pieces) != whole {
            let fragments = whole.iter().map(|range| json!([range.start, range.end]));
            exact.insert("fragments".to_owned(), fragments.collect());
        }
        let mut note = |out: &mut String, kind: &str, value: &str| {
            notes += 1;
            let _infallible = writeln!(out, "#{notes}\t{kind} T{n}\t{}", in_line(value));
        };
        note(&mut out, "annotation_id", &span.id);
        note(&mut out, "annotator", &span.annotator);
        for (kind, value) in [
            ("created", span.made().as_str()),
            ("changed", span.changed().as_str()),
            ("AnnotatorNotes", span.note.as_ref()),
        ] {
            if !value.is_empty() {
                note(&mut out, kind, value);
            }
        }
        for (name, value) in &span.attributes {
            let value = record.project.value_text_apart(value);
            let kind = written_attribute(plan, name);
            let is_choice = choices
                .get(*name)
                .is_some_and(|known| known.contains(&value));
            if is_choice && is_shown {
                attributes += 1;
                let _infallible = writeln!(out, "A{attributes}\t{kind} T{n} {value}");
            } else {
                note(&mut out, &kind, &value);
            }
        }
        let values = exact_fields(record, span, false);
        if !values.is_empty() {
            exact.insert("attributes".to_owned(), values.into());
        }
        // A relation must have both ends.
        let is_loose = |target: &str| !is_shown || numbers.get(target).is_none_or(|(_, is)| !is);
        let loose = span.links.iter().filter(|(_, target)| is_loose(target));
        let loose: Vec<Value> = loose.map(|(role, target)| json!([role, target])).collect();
        if !loose.is_empty() {
            exact.insert("links".to_owned(), loose.into());
        }
        if !exact.is_empty() {
            note(&mut out, OWN, &Value::Object(exact).to_string());
        }
    }
    for span in &record.spans {
        for (role, target) in &span.links {
            let end = |id: &str| {
                let known = numbers.get(id).filter(|(_, is_shown)| *is_shown);
                known.map(|(n, _)| *n)
            };
            if let Some((from, to)) = end(&span.id).zip(end(target)) {
                links += 1;
                let role = plan.safe_role(role);
                let _infallible = writeln!(out, "R{links}\t{role} Arg1:T{from} Arg2:T{to}\t");
            }
        }
    }
    out
}

fn annotation_conf(plan: &Plan<'_>, choices: &BTreeMap<String, BTreeSet<String>>) -> String {
    let mut out = "[entities]\n".to_owned();
    for safe in plan.labels.values() {
        let _infallible = writeln!(out, "{safe}");
    }
    out.push_str("[relations]\n");
    for safe in plan.roles.values() {
        let _infallible = writeln!(out, "{safe}\tArg1:<ENTITY>, Arg2:<ENTITY>");
    }
    // Without it brat calls nested and crossing annotations errors.
    out.push_str("<OVERLAP>\tArg1:<ANY>, Arg2:<ANY>, <OVL-TYPE>:<ANY>\n[events]\n[attributes]\n");
    for (name, values) in choices {
        let values: Vec<&str> = values.iter().map(String::as_str).collect();
        let safe = written_attribute(plan, name);
        let _infallible = writeln!(out, "{safe}\tArg:<ENTITY>, Value:{}", values.join("|"));
    }
    out
}

/// What people see in place of safe names.
fn visual_conf(plan: &Plan<'_>) -> String {
    let mut out = "[labels]\n".to_owned();
    let plain = |name: &str| name.replace(['|', '\n', '\r', '\t'], " ");
    for (label, safe) in &plan.labels {
        let (name, title) = (plain(label), plain(plan.label_title(label)));
        let _infallible = if title == name {
            writeln!(out, "{safe} | {name}")
        } else {
            writeln!(out, "{safe} | {name} | {title}")
        };
    }
    // One list for all kinds: a label keeps its name.
    let mut taken: BTreeSet<String> = plan.labels.values().cloned().collect();
    let attributes = plan.attributes.keys();
    let attributes = attributes.map(|name| (written_attribute(plan, name), name));
    let roles = plan.roles.iter().map(|(role, safe)| (safe.clone(), role));
    for (safe, name) in attributes.chain(roles) {
        if safe != *name && taken.insert(safe.clone()) {
            let _infallible = writeln!(out, "{safe} | {}", plain(name));
        }
    }
    out.push_str("[drawing]\nSPAN_DEFAULT\tfgColor:black, bgColor:#e8e6e0, borderColor:darken\n");
    for (label, safe) in &plan.labels {
        // A light shade, since brat writes black on it.
        let color = plan.label_color(label);
        let light = |shift: u32| 255 - (255 - ((color >> shift) & 255)) * 35 / 100;
        let _infallible = writeln!(
            out,
            "{safe}\tbgColor:#{:02x}{:02x}{:02x}, borderColor:darken",
            light(16),
            light(8),
            light(0)
        );
    }
    out
}

/// What brat cannot hold of articles.
fn articles(plan: &Plan<'_>) -> String {
    let mut out = FIELDS.join("\t");
    for field in &plan.metadata {
        out.push('\t');
        out.push_str(&in_line(&metadata(FIELDS).escaped(field)));
    }
    out.push('\n');
    for planned in &plan.articles {
        let article = planned.article;
        let status = article.status.iter();
        let status = status.map(|(who, status)| (who.as_str(), status.name()));
        let cells = [
            &planned.file_stem,
            article.id.as_str(),
            &article.title,
            &listed_pairs(status),
            &article.notes,
        ]
        .map(in_line);
        out.push_str(&cells.join("\t"));
        for field in &plan.metadata {
            out.push('\t');
            out.push_str(&in_line(article.meta(field).unwrap_or("")));
        }
        out.push('\n');
    }
    out
}

/// Labels, attributes and roles as they are called, by the safe names that stand in the files.
fn codebook(plan: &Plan<'_>) -> String {
    let mut out = NAMES.join("\t");
    out.push('\n');
    let mut row = |cells: [&str; 6]| {
        out.push_str(&cells.map(in_line).join("\t"));
        out.push('\n');
    };
    for (label, safe) in &plan.labels {
        let known = plan.project.codebook().label(label);
        let definition = known.map_or("", |known| known.definition.as_str());
        let color = format!("#{:06X}", plan.label_color(label));
        let title = plan.label_title(label);
        row(["label", safe, label, title, &color, definition]);
    }
    for name in plan.attributes.keys() {
        let written = written_attribute(plan, name);
        row(["attribute", &written, name, "", "", ""]);
    }
    for (role, safe) in &plan.roles {
        row(["role", safe, role, "", "", ""]);
    }
    out
}

/// What was written, but for the table of articles, which would be searched for each of them.
struct WithoutTable<'a>(&'a dyn Stored);

impl Stored for WithoutTable<'_> {
    fn names(&self) -> Vec<String> {
        let mut names = self.0.names();
        names.retain(|name| name != ARTICLES);
        names
    }
    fn open(&self, name: &str) -> std::io::Result<Box<dyn ReadSeek + '_>> {
        if name == ARTICLES {
            Err(std::io::ErrorKind::NotFound.into())
        } else {
            self.0.open(name)
        }
    }
}

pub fn prove(
    plan: &Plan<'_>,
    stored: &dyn Stored,
    progress: Progress<'_>,
) -> Result<Written, WriteError> {
    for (name, content) in around(plan, &choices(plan)) {
        if stored.bytes(name)? != content.as_bytes() {
            return Err(WriteError::Unreadable(format!(
                "{name} is not as it was written"
            )));
        }
    }
    if let Some((name, content)) = of_first(plan)
        && stored.bytes(&name)? != content.as_bytes()
    {
        let reason = format!("{name} is not as it was written");
        return Err(WriteError::Unreadable(reason));
    }
    let rules = Rules {
        cut_at_line_breaks: true,
        details: proof::Details::All,
        ..Rules::default()
    };
    let stored = WithoutTable(stored);
    proof::files(
        plan,
        &stored,
        progress,
        &super::read::READER,
        rules,
        |planned| format!("{}.ann", planned.file_stem),
    )
}
