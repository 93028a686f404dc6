//! WebAnno TSV 3.3: a file for each article, offsets in UTF-16 code units, the named-entity layer that
//! every project has. A sentence is a line of the text; empty lines belong to the sentence before.

use super::doccano::note_fragments;
use super::plan::Plan;
use super::proof::{self, Rules};
use super::record::Record;
use super::tokens::{Space, tokens, tokens_of};
use super::{Progress, Sink, Stored, Written, parallel};
use crate::format::WriteError;
use std::fmt::Write as _;

const HEAD: &str = "#FORMAT=WebAnno TSV 3.3\n#T_SP=de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity|identifier|value\n";

/// As text and tokens are escaped.
fn text_escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\u{C}' => out.push_str("\\f"),
            '\u{8}' => out.push_str("\\b"),
            c => out.push(c),
        }
    }
    out
}

/// As values are escaped.
fn value_escaped(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    for c in value.replace("->", "\u{0}").chars() {
        match c {
            '\\' | '[' | ']' | '|' | '_' | ';' | '*' => {
                out.push('\\');
                out.push(c);
            }
            '\t' => out.push_str("\\t"),
            '\n' | '\r' => out.push_str("\\n"),
            '\u{0}' => out.push_str("\\->"),
            c => out.push(c),
        }
    }
    out
}

/// The text as the format can hold it: line breaks before the first word are spaces, and it ends
/// with a line break.
fn held(text: &str) -> String {
    let first = text.find(|c| c != '\n').unwrap_or(text.len());
    let mut held = " ".repeat(first);
    held.push_str(text.get(first..).unwrap_or(""));
    if !held.ends_with('\n') {
        held.push('\n');
    }
    held
}

pub fn write(
    plan: &Plan<'_>,
    sink: &mut dyn Sink,
    progress: Progress<'_>,
) -> Result<Written, WriteError> {
    let mut written = Written::default();
    parallel::in_order(
        &plan.articles,
        progress,
        |planned| {
            let record = plan.record(planned)?;
            let mut counted = Written::default();
            counted.count(&record);
            note_fragments(&record, &mut counted);
            Ok((document(plan, &record, &mut counted), counted))
        },
        |planned, (document, counted)| {
            sink.put(&format!("{}.tsv", planned.file_stem), document.as_bytes())?;
            written.add(&counted);
            Ok(())
        },
    )?;
    Ok(written)
}

fn document(plan: &Plan<'_>, record: &Record<'_>, written: &mut Written) -> String {
    let mut out = HEAD.to_owned();
    let text = &record.article.text;
    if record.text().starts_with('\n') {
        written.losses.note(
            "line breaks before the first word are held as spaces, so that no offset moves",
            || record.place(),
        );
    }
    if !record.text().ends_with('\n') {
        written
            .losses
            .note("the format ends every text with a line break", || {
                record.place()
            });
    }
    let tokens = tokens(record, plan.options.tokens, Space::InLines);
    let mut covering: Vec<Vec<(usize, &str)>> = vec![Vec::new(); tokens.len()];
    let mut number = 0;
    for span in &record.spans {
        for fragment in &span.fragments {
            let place = || format!("annotation {} of article {}", span.id, record.id);
            let Some((first, last)) = tokens_of(&tokens, fragment) else {
                written.losses.note(
                    "an annotation of nothing but line breaks has no token and is left out",
                    place,
                );
                continue;
            };
            number += 1;
            if trimmed(fragment.text).len() != fragment.text.len() {
                written.losses.note(
                    "line breaks at the edges of an annotation are left out of it",
                    place,
                );
            }
            for names in covering.get_mut(first..=last).into_iter().flatten() {
                names.push((number, span.label));
            }
        }
    }
    let mut sentence = 0;
    let mut rest = tokens.iter().zip(&covering).peekable();
    for line in 0..text.line_count() {
        let bounds = text.line_range(line);
        let begins = rest.peek().is_some_and(|(token, _)| token.line == line);
        if !begins {
            continue;
        }
        sentence += 1;
        let _infallible = write!(out, "\n\n#Text={}\n", text_escaped(text.slice(bounds)));
        let mut empty = line + 1;
        while empty + 1 < text.line_count() && text.line_range(empty).is_empty() {
            out.push_str("#Text=\n");
            empty += 1;
        }
        let mut n = 0;
        while let Some((token, names)) = rest.next_if(|(token, _)| token.line == line) {
            n += 1;
            let units = record.units.at(token.chars.start)..record.units.at(token.chars.end);
            let _infallible = write!(
                out,
                "{sentence}-{n}\t{}-{}\t{}\t",
                units.start,
                units.end,
                text_escaped(token.text)
            );
            if names.is_empty() {
                out.push_str("_\t_\t\n");
                continue;
            }
            let ids: Vec<String> = names.iter().map(|(id, _)| format!("*[{id}]")).collect();
            let values: Vec<String> = names
                .iter()
                .map(|(id, label)| format!("{}[{id}]", value_escaped(label)))
                .collect();
            let _infallible = writeln!(out, "{}\t{}\t", ids.join("|"), values.join("|"));
        }
    }
    out
}

fn trimmed(text: &str) -> &str {
    text.trim_matches('\n')
}

pub fn prove(
    plan: &Plan<'_>,
    stored: &dyn Stored,
    progress: Progress<'_>,
) -> Result<Written, WriteError> {
    let rules = Rules {
        held: Some(held),
        line_breaks_at_edges: true,
        ..Rules::default()
    };
    proof::files(plan, stored, progress, "webanno", rules, |planned| {
        format!("{}.tsv", planned.file_stem)
    })
}
