//! One row per fragment, for Excel: UTF-8 with a byte-order mark, `\r\n` after each row.
//!
//! A cell that a spreadsheet would run as a formula gets an apostrophe before it.

use crate::core::annotation::Annotation;
use crate::core::article::Article;
use crate::core::project::Project;
use crate::format::{Selection, WriteError, Written, proven_fragment};
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::io::Write;

const BOM: &str = "\u{FEFF}";
const FIXED: [&str; 17] = [
    "article",
    "title",
    "outlet",
    "author",
    "published",
    "url",
    "annotation",
    "annotator",
    "label",
    "fragment",
    "fragments",
    "start",
    "end",
    "text",
    "note",
    "links",
    "status",
];

/// Attribute names in use, in order: one column each.
fn attribute_names(project: &Project, selection: &Selection<'_>) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for article in project.articles() {
        for annotation in article.annotations.iter() {
            if selection.takes_annotation(annotation) {
                for name in annotation.attributes.keys() {
                    if !names.contains(name) {
                        names.insert(name.clone());
                    }
                }
            }
        }
    }
    names
}

/// What a cell shows: guarded where a spreadsheet would take it for a formula.
fn guarded(cell: &str) -> Cow<'_, str> {
    let risky = cell.starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠']);
    if risky {
        Cow::Owned(format!("'{cell}"))
    } else {
        Cow::Borrowed(cell)
    }
}

pub fn write(
    project: &Project,
    selection: &Selection<'_>,
    out: &mut dyn Write,
    progress: &mut dyn FnMut(usize) -> bool,
) -> Result<Written, WriteError> {
    let names = attribute_names(project, selection);
    out.write_all(BOM.as_bytes())?;
    let mut rows = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(out);
    let header = FIXED
        .iter()
        .copied()
        .chain(names.iter().map(String::as_str));
    rows.write_record(header).map_err(io_error)?;
    let mut written = Written::default();
    for (i, article) in project.articles().iter().enumerate() {
        if i % 64 == 0 && !progress(i) {
            return Err(WriteError::Cancelled);
        }
        if !selection.takes_article(article) {
            continue;
        }
        written.articles += 1;
        for annotation in article.annotations.in_text_order() {
            if !selection.takes_annotation(annotation) {
                continue;
            }
            written.annotations += 1;
            for n in 0..annotation.fragments.len() {
                let row = row(project, article, annotation, n, &names)?;
                rows.write_record(row.iter().map(|cell| guarded(cell).into_owned()))
                    .map_err(io_error)?;
                written.fragments += 1;
            }
        }
    }
    rows.flush()?;
    Ok(written)
}

fn io_error(error: csv::Error) -> WriteError {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => WriteError::Io(error),
        other => WriteError::Unreadable(format!("{other:?}")),
    }
}

fn row(
    project: &Project,
    article: &Article,
    annotation: &Annotation,
    fragment: usize,
    names: &BTreeSet<String>,
) -> Result<Vec<String>, WriteError> {
    let range = annotation
        .fragments
        .get(fragment)
        .copied()
        .unwrap_or_default();
    let (chars, text) = proven_fragment(article, annotation, range)?;
    let meta = |name: &str| article.meta(name).unwrap_or("").to_owned();
    let links: Vec<String> = annotation
        .links
        .iter()
        .map(|link| format!("{}={}", link.role, link.target))
        .collect();
    let mut row = vec![
        article.id.to_string(),
        article.title.clone(),
        meta("outlet"),
        meta("author"),
        meta("published"),
        meta("url"),
        annotation.id.to_string(),
        annotation.annotator.to_string(),
        annotation.label.to_string(),
        (fragment + 1).to_string(),
        annotation.fragments.len().to_string(),
        chars.start.0.to_string(),
        chars.end.0.to_string(),
        text.to_owned(),
        annotation.note.clone(),
        links.join("; "),
        article.status_for(&annotation.annotator).name().to_owned(),
    ];
    row.extend(names.iter().map(|name| {
        let value = annotation.attributes.get(name);
        value.map_or_else(String::new, |value| project.value_text(value))
    }));
    Ok(row)
}

/// Reads the file back and compares every row with the fragment that it stands for.
pub fn verify(
    project: &Project,
    selection: &Selection<'_>,
    bytes: &[u8],
) -> Result<Written, WriteError> {
    let body = bytes
        .strip_prefix(BOM.as_bytes())
        .ok_or_else(|| WriteError::Unreadable("the byte-order mark is missing".to_owned()))?;
    let names = attribute_names(project, selection);
    let mut reader = csv::Reader::from_reader(body);
    let mut rows = reader.records();
    let mut found = Written::default();
    for article in project
        .articles()
        .iter()
        .filter(|a| selection.takes_article(a))
    {
        found.articles += 1;
        for annotation in article.annotations.in_text_order() {
            if !selection.takes_annotation(annotation) {
                continue;
            }
            found.annotations += 1;
            for n in 0..annotation.fragments.len() {
                let wanted = row(project, article, annotation, n, &names)?;
                let wanted: Vec<Cow<'_, str>> = wanted.iter().map(|cell| guarded(cell)).collect();
                let back = rows.next().transpose().map_err(io_error)?;
                if !back.is_some_and(|back| back.iter().eq(wanted.iter().map(AsRef::as_ref))) {
                    return Err(WriteError::Mismatch {
                        article: article.id.to_string(),
                        annotation: annotation.id.to_string(),
                        detail: format!("the row of fragment {} differs", n + 1),
                    });
                }
                found.fragments += 1;
            }
        }
    }
    if rows.next().is_some() {
        return Err(WriteError::Unreadable(
            "there are more rows in it than in the project".to_owned(),
        ));
    }
    Ok(found)
}
