//! Markdown to read and to quote from: a file for each article, its text with the annotated words in
//! bold and a number after each, and a list of the annotations below.
//!
//! Marks of the text that Markdown would take for its own are escaped. Annotations may cross and bold
//! cannot: what any of them covers is bold, and the numbers say which begin and end there.

use super::plan::Plan;
use super::record::Record;
use super::{Progress, Sink, Stored, Written, parallel};
use crate::format::WriteError;
use std::fmt::Write as _;

/// What a character is written as: the marks of CommonMark (section 2.4) with a backslash.
fn push(out: &mut String, text: &str, is_line_start: &mut bool) {
    for c in text.chars() {
        let is_mark = match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '~' | '&' | '=' | '$' => {
                true
            }
            // Lists and rules only begin at the start of a line.
            '+' | '-' | '.' | ')' | ':' => true,
            _ => false,
        };
        match c {
            // Two line feeds are a paragraph; one is a line of its own by a backslash before it.
            '\n' => {
                if !*is_line_start {
                    out.push('\\');
                }
                out.push('\n');
                *is_line_start = true;
                continue;
            }
            // Spaces at the start would be code, and are lost elsewhere at the edges of lines.
            ' ' | '\t' if *is_line_start => {
                out.push_str(if c == ' ' { "&#32;" } else { "&#9;" });
                continue;
            }
            '\r' => out.push_str("&#13;"),
            c if is_mark => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
        *is_line_start = false;
    }
}

/// The text that stands in a document: escapes, references and line ends undone.
fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let after = rest.get(c.len_utf8()..).unwrap_or("");
        let reference = [("&#32;", ' '), ("&#9;", '\t'), ("&#13;", '\r')]
            .into_iter()
            .find_map(|(written, c)| Some((rest.strip_prefix(written)?, c)));
        if let Some((after, c)) = reference {
            out.push(c);
            rest = after;
        } else if c == '\\' {
            rest = after;
            if let Some(next) = after.chars().next() {
                out.push(next);
                rest = after.get(next.len_utf8()..).unwrap_or("");
            }
        } else {
            out.push(c);
            rest = after;
        }
    }
    out
}

const OPEN: &str = "<mark>";
const CLOSE: &str = "</mark>";

fn document(plan: &Plan<'_>, record: &Record<'_>) -> String {
    let article = record.article;
    let mut out = String::with_capacity(record.text().len() * 2);
    let title = article.display_title().replace(['\n', '\r', '\t'], " ");
    out.push_str("# ");
    push(&mut out, title.trim(), &mut false);
    out.push('\n');
    for line in [article.byline(), record.url().to_owned()] {
        if !line.is_empty() {
            out.push('\n');
            push(&mut out, &line.replace(['\n', '\r'], " "), &mut false);
            out.push('\n');
        }
    }
    out.push_str("\n---\n\n");
    let mut points: Vec<(usize, bool, usize, usize)> = Vec::new();
    for (n, span) in record.spans.iter().enumerate() {
        for (f, fragment) in span.fragments.iter().enumerate() {
            points.push((fragment.bytes.start.as_usize(), true, n, f));
            points.push((fragment.bytes.end.as_usize(), false, n, f));
        }
    }
    // At one place ends come before starts.
    points.sort_unstable();
    let (mut at, mut is_line_start) = (0, true);
    for (point, starts, n, f) in points {
        push(
            &mut out,
            record.text().get(at..point).unwrap_or(""),
            &mut is_line_start,
        );
        at = point;
        let last = record
            .spans
            .get(n)
            .map_or(0, |span| span.fragments.len() - 1);
        let part = match last {
            0 => String::new(),
            _ => format!(".{}", f + 1),
        };
        // A reference in superscript on both sides says which stretch it is, whatever crosses it.
        let _infallible = match starts {
            true => write!(out, "{OPEN}<sup>{}{part}</sup>", n + 1),
            false => write!(out, "<sup>{}{part}</sup>{CLOSE}", n + 1),
        };
        is_line_start = false;
    }
    push(
        &mut out,
        record.text().get(at..).unwrap_or(""),
        &mut is_line_start,
    );
    out.push_str("\n\n---\n");
    for (n, span) in record.spans.iter().enumerate() {
        let label = plan.label_title(span.label);
        let _infallible = write!(out, "\n{}. **", n + 1);
        push(&mut out, label, &mut false);
        out.push_str("** ");
        let one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        push(&mut out, &one_line(&span.joined_text()), &mut false);
        let mut more: Vec<(String, String)> =
            vec![("annotator".to_owned(), span.annotator.to_string())];
        for (name, value) in &span.attributes {
            more.push(((*name).to_owned(), record.project.value_text(value)));
        }
        for (role, target) in &span.links {
            let number = record.spans.iter().position(|other| other.id == *target);
            if let Some(number) = number {
                more.push(((*role).to_owned(), (number + 1).to_string()));
            }
        }
        if !span.note.is_empty() {
            more.push(("note".to_owned(), span.note.to_string()));
        }
        for (name, value) in more {
            out.push_str("\n   - ");
            push(
                &mut out,
                &format!("{}: {}", one_line(&name), one_line(&value)),
                &mut false,
            );
        }
        out.push('\n');
    }
    out
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
            Ok((document(plan, &record), counted))
        },
        |planned, (document, counted)| {
            sink.put(&format!("{}.md", planned.file_stem), document.as_bytes())?;
            written.add(&counted);
            Ok(())
        },
    )?;
    Ok(written)
}

/// The text is read back from the document without our marks, and each mark's place compared.
pub fn prove(
    plan: &Plan<'_>,
    stored: &dyn Stored,
    progress: Progress<'_>,
) -> Result<Written, WriteError> {
    let mut written = Written::default();
    parallel::in_order(
        &plan.articles,
        progress,
        |planned| {
            let bytes = stored.bytes(&format!("{}.md", planned.file_stem))?;
            let record = plan.record(planned)?;
            compare(&record, &String::from_utf8_lossy(&bytes))?;
            let mut counted = Written::default();
            counted.count(&record);
            Ok(counted)
        },
        |_, counted| {
            written.add(&counted);
            Ok(())
        },
    )?;
    Ok(written)
}

fn compare(record: &Record<'_>, document: &str) -> Result<(), WriteError> {
    let mismatch = |annotation: &str, detail: &str| WriteError::Mismatch {
        article: record.id.to_owned(),
        annotation: annotation.to_owned(),
        detail: detail.to_owned(),
    };
    let body = document
        .split_once("\n---\n\n")
        .and_then(|(_, rest)| rest.rsplit_once("\n\n---\n"))
        .map(|(body, _)| body)
        .ok_or_else(|| mismatch("-", "the text is not between its rules"))?;
    let mut text = String::with_capacity(body.len());
    let mut found: Vec<(usize, bool, String)> = Vec::new();
    let mut rest = body;
    // Every `<` of the text is escaped: one without a backslash begins a mark of ours.
    loop {
        let opens = [(format!("{OPEN}<sup>"), true), ("<sup>".to_owned(), false)];
        let next = next_mark(rest);
        let Some(at) = next else {
            text.push_str(&unescaped(rest));
            break;
        };
        text.push_str(&unescaped(rest.get(..at).unwrap_or("")));
        let mark = rest.get(at..).unwrap_or("");
        let begun = opens
            .iter()
            .find_map(|(open, starts)| Some((mark.strip_prefix(open.as_str())?, *starts)));
        let (inside, starts) =
            begun.ok_or_else(|| mismatch("-", "a mark is not as it was written"))?;
        let (name, after) = inside
            .split_once("</sup>")
            .ok_or_else(|| mismatch("-", "a mark is not closed"))?;
        found.push((text.len(), starts, name.to_owned()));
        rest = match starts {
            true => after,
            false => after
                .strip_prefix(CLOSE)
                .ok_or_else(|| mismatch("-", "a mark is not closed"))?,
        };
    }
    if text != record.text() {
        return Err(mismatch("-", "the text differs"));
    }
    for (n, span) in record.spans.iter().enumerate() {
        for (f, fragment) in span.fragments.iter().enumerate() {
            let name = match span.fragments.len() {
                1 => format!("{}", n + 1),
                _ => format!("{}.{}", n + 1, f + 1),
            };
            let at = |starts: bool| {
                found
                    .iter()
                    .find(|(_, s, other)| *s == starts && *other == name)
                    .map(|(at, _, _)| *at)
            };
            if at(true) != Some(fragment.bytes.start.as_usize())
                || at(false) != Some(fragment.bytes.end.as_usize())
            {
                return Err(mismatch(&span.id, "its marks stand elsewhere"));
            }
        }
    }
    let wanted: usize = record
        .spans
        .iter()
        .map(|span| span.fragments.len() * 2)
        .sum();
    match found.len() == wanted {
        true => Ok(()),
        false => Err(mismatch("-", "there are more marks than annotations")),
    }
}

/// Where the next `<` stands that no backslash escapes.
fn next_mark(text: &str) -> Option<usize> {
    let mut is_escaped = false;
    for (at, c) in text.char_indices() {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            '<' => return Some(at),
            _ => {}
        }
    }
    None
}
