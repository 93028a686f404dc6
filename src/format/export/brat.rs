//! brat standoff: `NAME.txt` and `NAME.ann` side by side, with `annotation.conf` and `visual.conf`.
//! Offsets are code points; an annotation over a line break is cut at it (brat's own rule).

use super::plan::Plan;
use super::proof::{self, Rules, pieces_between_line_breaks};
use super::record::Record;
use super::{Progress, Sink, Stored, Written, parallel};
use crate::core::codebook::AttributeKind;
use crate::format::WriteError;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

pub fn write(
    plan: &Plan<'_>,
    sink: &mut dyn Sink,
    progress: Progress<'_>,
) -> Result<Written, WriteError> {
    let choices = choices(plan);
    sink.put(
        "annotation.conf",
        annotation_conf(plan, &choices).as_bytes(),
    )?;
    sink.put("visual.conf", visual_conf(plan).as_bytes())?;
    sink.put("articles.tsv", articles(plan).as_bytes())?;
    let mut written = Written::default();
    parallel::in_order(
        &plan.articles,
        progress,
        |planned| {
            let record = plan.record(planned)?;
            let mut counted = Written::default();
            counted.count(&record);
            let lines = lines(plan, &record, &choices, &mut counted);
            Ok((lines, counted))
        },
        |planned, (lines, counted)| {
            let stem = &planned.file_stem;
            sink.put(
                &format!("{stem}.txt"),
                planned.article.text.as_str().as_bytes(),
            )?;
            sink.put(&format!("{stem}.ann"), lines.as_bytes())?;
            written.add(&counted);
            Ok(())
        },
    )?;
    Ok(written)
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

/// A note is one line, without a way to escape: line breaks are written as `\n`, as brat's own
/// tools show them, and tabs as spaces.
fn one_line(text: &str) -> String {
    text.replace("\r\n", "\\n")
        .replace(['\n', '\r'], "\\n")
        .replace('\t', " ")
}

fn lines(
    plan: &Plan<'_>,
    record: &Record<'_>,
    choices: &BTreeMap<String, BTreeSet<String>>,
    written: &mut Written,
) -> String {
    let mut out = String::new();
    let text: Vec<char> = match record.spans.is_empty() {
        true => Vec::new(),
        false => record.text().chars().collect(),
    };
    let mut numbers: BTreeMap<&str, usize> = BTreeMap::new();
    let (mut attributes, mut notes, mut links) = (0, 0, 0);
    for (n, span) in record.spans.iter().enumerate() {
        numbers.insert(span.id.as_ref(), n + 1);
    }
    for (n, span) in record.spans.iter().enumerate() {
        let n = n + 1;
        let mut places = Vec::new();
        let mut texts = Vec::new();
        for fragment in &span.fragments {
            let range = fragment.range();
            let range = range.start as usize..range.end as usize;
            for piece in pieces_between_line_breaks(&text, range) {
                places.push(format!("{} {}", piece.start, piece.end));
                texts.push(text.get(piece).unwrap_or(&[]).iter().collect::<String>());
            }
        }
        if places.is_empty() {
            written.losses.note(
                "an annotation of nothing but line breaks cannot stand in brat and is left out",
                || format!("annotation {} of article {}", span.id, record.id),
            );
            numbers.remove(span.id.as_ref());
            written.annotations -= 1;
            continue;
        }
        let label = plan.safe_label(span.label);
        // Writing to a string cannot fail.
        let _infallible = writeln!(
            out,
            "T{n}\t{label} {}\t{}",
            places.join(";"),
            texts.join(" ")
        );
        let mut note = |out: &mut String, kind: &str, value: &str| {
            notes += 1;
            let _infallible = writeln!(out, "#{notes}\t{kind} T{n}\t{}", one_line(value));
        };
        note(&mut out, "id", &span.id);
        note(&mut out, "annotator", &span.annotator);
        if !span.made().is_empty() {
            note(&mut out, "created", &span.made());
        }
        if !span.note.is_empty() {
            note(&mut out, "AnnotatorNotes", &span.note);
        }
        for (name, value) in &span.attributes {
            let value = record.project.value_text(value);
            let safe = plan.safe_attribute(name);
            if choices
                .get(*name)
                .is_some_and(|known| known.contains(&value))
            {
                attributes += 1;
                let _infallible = writeln!(out, "A{attributes}\t{safe} T{n} {value}");
            } else {
                note(&mut out, safe, &value);
            }
        }
    }
    for span in &record.spans {
        for (role, target) in &span.links {
            let ends = numbers
                .get(span.id.as_ref())
                .zip(numbers.get(target.as_ref()));
            if let Some((from, to)) = ends {
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
        let safe = plan.safe_attribute(name);
        let _infallible = writeln!(out, "{safe}\tArg:<ENTITY>, Value:{}", values.join("|"));
    }
    out
}

fn visual_conf(plan: &Plan<'_>) -> String {
    let mut out = "[labels]\n".to_owned();
    for (label, safe) in &plan.labels {
        // The label as Pressmark writes it, so that it comes back as it was.
        let name = label.replace(['|', '\n', '\r', '\t'], " ");
        let title = plan
            .label_title(label)
            .replace(['|', '\n', '\r', '\t'], " ");
        let _infallible = match title == name {
            true => writeln!(out, "{safe} | {name}"),
            false => writeln!(out, "{safe} | {name} | {title}"),
        };
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
    let mut out = "name\tid\ttitle".to_owned();
    for field in &plan.metadata {
        out.push('\t');
        out.push_str(&one_line(field));
    }
    out.push('\n');
    for planned in &plan.articles {
        let article = planned.article;
        let id = one_line(article.id.as_str());
        let _infallible = write!(
            out,
            "{}\t{id}\t{}",
            planned.file_stem,
            one_line(&article.title)
        );
        for field in &plan.metadata {
            out.push('\t');
            out.push_str(&one_line(article.meta(field).unwrap_or("")));
        }
        out.push('\n');
    }
    out
}

pub fn prove(
    plan: &Plan<'_>,
    stored: &dyn Stored,
    progress: Progress<'_>,
) -> Result<Written, WriteError> {
    let rules = Rules {
        safe_labels: true,
        cut_at_line_breaks: true,
        ..Rules::default()
    };
    proof::files(plan, stored, progress, "brat", rules, |planned| {
        format!("{}.ann", planned.file_stem)
    })
}
