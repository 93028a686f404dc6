//! Reading what can be read of a damaged project file, piece by piece.
//!
//! Every item that reads is used, every other is read line by line; what is left goes to the review
//! list as it stands. Keeps invariant 7: nothing is dropped in silence.

use super::article::{Place, ReadArticle, article_from};
use super::lines::{Taken, repaired_annotations};
use super::read::Reader;
use super::record::{
    AnnotatorRecord, ArticleRecord, CodebookRecord, ImportRecord, LabelRecord, Maybe, PersonRecord,
    ProjectRecord, SetAsideRecord, Str, TrashRecord,
};
use super::salvage::{Block, Item, Line, Pieces, Section, closing, pieces};
use super::values::{Names, codebook_from};
use crate::core::check::{KEPT, Problem};
use crate::core::codebook::{Codebook, Label};
use crate::core::project::{ProjectParts, SetAside};
use serde::Deserialize;

/// As much of a damaged piece is kept in the review list.
const MAX_KEPT: usize = 1 << 20;
/// More labels than this are not made anew.
const MAX_LABELS: usize = 500;
/// A damaged item is tried again without its worst line this often.
const MAX_TRIES: usize = 12;

/// Reads what can be read of a damaged file. `None` when nothing in it looks like a project.
pub(super) fn read_damaged(
    reader: &mut Reader,
    source: &str,
    progress: &(dyn Fn(f32) + Sync),
) -> Option<ProjectParts> {
    let pieces = pieces(source);
    if pieces.items.is_empty() && !starts_like_one(source) {
        return None;
    }
    report_end(reader, &pieces);
    // Items that had to be mended are text of their own, which the records below borrow.
    let mut sources: Vec<(Section, String)> = Vec::new();
    let mut codebook_is_whole = pieces.items.iter().any(|i| i.section == Section::Labels);
    for item in &pieces.items {
        if item.section != Section::Articles {
            match mended(reader, item, source) {
                Some((text, is_whole)) => {
                    codebook_is_whole &= is_whole || item.section != Section::Labels;
                    sources.push((item.section, text));
                }
                None => codebook_is_whole &= item.section != Section::Labels,
            }
        }
    }
    let (mut record, head_is_whole) = head(reader, &pieces);
    codebook_is_whole &= head_is_whole;
    for (section, text) in &sources {
        match section {
            Section::Labels => {
                if let Ok(label) = ron::from_str::<LabelRecord<'_>>(text) {
                    let codebook = record.codebook.0.get_or_insert_with(empty_codebook);
                    codebook.labels.push(label);
                }
            }
            Section::Annotators => record.annotators.extend(ron::from_str(text)),
            Section::People => record.people.extend(ron::from_str(text)),
            Section::Trash => record.trash.extend(ron::from_str(text)),
            Section::SetAside => record.set_aside.extend(ron::from_str(text)),
            Section::Imports => record.imports.extend(ron::from_str(text)),
            Section::Articles => {}
        }
    }
    let mut codebook = record
        .codebook
        .0
        .clone()
        .filter(|codebook| !codebook.labels.is_empty())
        .map(codebook_from)
        .unwrap_or_default();
    if !codebook_is_whole {
        add_used_labels(reader, &mut codebook, source);
    }
    reader.has_codebook = sources
        .iter()
        .any(|(section, _)| *section == Section::Labels);
    reader.codebook = Some(codebook.clone());
    let total = pieces.items.len().max(1);
    let mut articles = Vec::new();
    for (i, item) in pieces.items.iter().enumerate() {
        if item.section == Section::Articles {
            progress(i as f32 / total as f32);
            articles.extend(article(reader, item, source, &codebook));
        }
    }
    Some(reader.assemble(record, articles))
}

fn starts_like_one(source: &str) -> bool {
    let start: String = source.chars().take(4096).collect();
    start.trim_start().starts_with('(') && start.contains("version")
}

fn report_end(reader: &mut Reader, pieces: &Pieces<'_>) {
    if !pieces.is_closed {
        reader.problems.push(Problem::error(
            format!("line {}", pieces.last_line),
            "the file ends before the project does: it was cut off here",
            "all that precedes the cut is saved",
        ));
    }
    if let (Some(first), Some(last)) = (pieces.after.first(), pieces.after.last()) {
        let raw: Vec<&str> = pieces.after.iter().map(|line| line.text).collect();
        let place = span(first.number, last.number);
        let message = "there is something after the end of the project";
        reader.problems.push(Problem::error(place, message, KEPT));
        keep(
            reader,
            "",
            "it stood after the end of the project",
            &raw.join("\n"),
        );
    }
}

fn span(first: usize, last: usize) -> String {
    if first == last {
        format!("line {first}")
    } else {
        format!("lines {first}–{last}")
    }
}

fn keep(reader: &mut Reader, article: &str, reason: &str, raw: &str) {
    reader.aside.push(aside(article, reason, raw));
}

fn aside(article: &str, reason: &str, raw: &str) -> SetAside {
    let mut end = raw.len().min(MAX_KEPT);
    while !raw.is_char_boundary(end) {
        end -= 1;
    }
    let reason = if end < raw.len() {
        format!(
            "{reason} (only its first {end} bytes of {} are here)",
            raw.len()
        )
    } else {
        reason.to_owned()
    };
    SetAside {
        article: article.to_owned(),
        reason,
        raw: raw
            .get(..end)
            .unwrap_or("")
            .trim_end_matches('\n')
            .to_owned(),
    }
}

fn empty_codebook<'a>() -> CodebookRecord<'a> {
    CodebookRecord {
        revision: 0,
        labels: Vec::new(),
        unknown: Vec::new(),
        source: std::marker::PhantomData,
    }
}

/// The fields of the project itself and of its codebook, and whether all lines of them read.
fn head<'a>(reader: &mut Reader, pieces: &Pieces<'a>) -> (ProjectRecord<'a>, bool) {
    let mut record = ProjectRecord {
        version: super::VERSION,
        format: Str::default(),
        offset_unit: Str::default(),
        name: Str::default(),
        codebook: Maybe(None),
        annotators: Vec::new(),
        people: Vec::new(),
        articles: Vec::new(),
        trash: Vec::new(),
        set_aside: Vec::new(),
        imports: Vec::new(),
        unknown: Vec::new(),
        source: std::marker::PhantomData,
    };
    let mut bad = Vec::new();
    for &(line, in_codebook) in &pieces.loose {
        let key = line.key();
        if key.starts_with("version:") {
            continue;
        }
        let source = format!("(version: (1, 0), {key})");
        let parsed = ron::from_str::<ProjectRecord<'_>>(&source);
        match parsed {
            Ok(fields) if in_codebook => {
                let codebook = record.codebook.0.get_or_insert_with(empty_codebook);
                for (name, raw) in fields.unknown {
                    match (name.as_str(), raw.parse()) {
                        ("revision", Ok(revision)) => codebook.revision = revision,
                        ("revision" | "labels", _) => bad.push(line),
                        _ => codebook.unknown.push((name, raw)),
                    }
                }
            }
            Ok(fields) => {
                if !fields.name.as_str().is_empty() {
                    record.name = Str::from(fields.name.as_str().to_owned());
                }
                record.unknown.extend(fields.unknown);
            }
            Err(_) => bad.push(line),
        }
    }
    for (place, raw) in runs(&bad) {
        let message = "these lines of the project’s head cannot be read";
        reader.problems.push(Problem::error(place, message, KEPT));
        keep(reader, "", "the lines were damaged in the file", &raw);
    }
    (record, bad.is_empty())
}

/// Lines that follow each other as one piece, each with where it stands.
fn runs(lines: &[Line<'_>]) -> Vec<(String, String)> {
    let follows = |a: &Line<'_>, b: &Line<'_>| a.number + 1 == b.number;
    let runs = lines.chunk_by(follows).map(|run| {
        let first = run.first().map_or(0, |line| line.number);
        let last = run.last().map_or(0, |line| line.number);
        let raw: Vec<&str> = run.iter().map(|line| line.text).collect();
        (span(first, last), raw.join("\n"))
    });
    runs.collect()
}

fn reads(section: Section, text: &str) -> Result<(), usize> {
    fn parse<'a, T: Deserialize<'a>>(text: &'a str) -> Result<(), usize> {
        let parsed = ron::from_str::<T>(text);
        parsed.map(drop).map_err(|error| error.span.start.line)
    }
    match section {
        Section::Labels => parse::<LabelRecord<'_>>(text),
        Section::Annotators => parse::<AnnotatorRecord<'_>>(text),
        Section::People => parse::<PersonRecord<'_>>(text),
        Section::Trash => parse::<TrashRecord<'_>>(text),
        Section::SetAside => parse::<SetAsideRecord<'_>>(text),
        Section::Imports => parse::<ImportRecord<'_>>(text),
        Section::Articles => parse::<ArticleRecord<'_>>(text),
    }
}

fn name_of(section: Section) -> &'static str {
    match section {
        Section::Labels => "a label",
        Section::Annotators => "an annotator",
        Section::People => "a person",
        Section::Articles => "an article",
        Section::Trash => "an item of the trash",
        Section::SetAside => "an item of the review list",
        Section::Imports => "a report of an import",
    }
}

/// The text of an item as RON that reads, without the lines that do not, and whether it was whole.
fn mended(reader: &mut Reader, item: &Item<'_>, file: &str) -> Option<(String, bool)> {
    let source = item.source(file);
    let whole = source.trim().trim_end_matches(',');
    if reads(item.section, whole).is_ok() {
        return Some((whole.to_owned(), true));
    }
    let what = name_of(item.section);
    let last = item.lines.last().map_or(0, |line| line.number);
    let place = span(item.line(), last);
    let mut left: Vec<&Line<'_>> = item.lines.iter().collect();
    let mut dropped: Vec<Line<'_>> = Vec::new();
    // Half an id is another id.
    if !item.is_closed
        && let Some(line) =
            left.pop_if(|line| line.key().starts_with("id:") && !line.key().ends_with("\","))
    {
        dropped.push(*line);
    }
    for _ in 0..MAX_TRIES {
        let joined: Vec<&str> = left.iter().map(|line| line.text).collect();
        let mut text = joined.join("\n");
        if !text.trim_start().starts_with('(') {
            text.insert(0, '(');
        }
        text.truncate(text.trim_end().trim_end_matches(',').len());
        let (end, _) = closing(&text);
        text.push_str(&end);
        match reads(item.section, &text) {
            Ok(()) => {
                let message = if dropped.is_empty() {
                    format!("the end of {what} is lost")
                } else {
                    format!("{} lines of {what} cannot be read", dropped.len())
                };
                let remedy = "it is saved without them; they are kept in the review list";
                let remedy = if dropped.is_empty() {
                    "what is left of it is saved"
                } else {
                    remedy
                };
                reader.problems.push(Problem::error(place, message, remedy));
                dropped.sort_by_key(|line| line.number);
                for (_, raw) in runs(&dropped) {
                    keep(reader, "", "the lines were damaged in the file", &raw);
                }
                return Some((text, false));
            }
            Err(line) => {
                let worst = line.saturating_sub(1).min(left.len().saturating_sub(1));
                if left.len() < 3 {
                    break;
                }
                dropped.push(*left.remove(worst));
            }
        }
    }
    reader.problems.push(Problem::error(
        place,
        format!("{what} cannot be read"),
        KEPT,
    ));
    keep(
        reader,
        "",
        &format!("{what} was damaged in the file"),
        source,
    );
    None
}

/// Labels that annotations use and that the damaged codebook has lost.
fn add_used_labels(reader: &mut Reader, codebook: &mut Codebook, source: &str) {
    let known = Codebook::default();
    for at in memchr::memmem::find_iter(source.as_bytes(), b", label: \"") {
        let rest = source.get(at + 10..).unwrap_or("");
        let id = rest.split(['"', '\n']).next().unwrap_or("");
        if codebook.labels.len() >= MAX_LABELS {
            break;
        }
        if id.is_empty() || id.contains('\u{FFFD}') || codebook.label(id).is_some() {
            continue;
        }
        let label = known.label(id).cloned();
        let remedy = match label {
            Some(_) => "the label is made anew as the default codebook has it",
            None => "the label is made anew, with its name only",
        };
        codebook
            .labels
            .push(label.unwrap_or_else(|| Label::new(id, id, 0x6B_665F)));
        let message = format!("the damaged codebook has lost the label “{id}”");
        reader
            .problems
            .push(Problem::error("codebook", message, remedy));
    }
}

/// An article, if need be line by line. `None` when it has no text.
fn article(
    reader: &mut Reader,
    item: &Item<'_>,
    file: &str,
    codebook: &Codebook,
) -> Option<ReadArticle> {
    let mut names = Names::default();
    let block = Block {
        source: item.source(file),
        line: item.line(),
    };
    let lines = Some((block.source, block.line));
    if let Ok(record) = ron::from_str::<ArticleRecord<'_>>(block.trimmed()) {
        return Some(article_from(record, codebook, &mut names, lines));
    }
    let inner = item.lines.as_slice();
    let repaired = repaired_annotations(inner);
    let Some(mut taken) = Taken::new(inner, &repaired) else {
        let message = "an article cannot be read: its text is lost";
        let place = Place::new(lines, "", "").of_article();
        reader.problems.push(Problem::error(place, message, KEPT));
        keep(
            reader,
            "",
            "the article was damaged in the file",
            block.source,
        );
        return None;
    };
    taken.drop_foreign_lines();
    let record = taken.record;
    let id = record.id.as_str().to_owned();
    let title = record.title.as_str().to_owned();
    let mut read = article_from(record, codebook, &mut names, lines);
    if !item.is_closed {
        let last = item.lines.last().map_or(0, |line| line.number);
        read.problems.push(Problem::error(
            Place::new(Some(("", last)), &id, &title).of_article(),
            "the end of the article is lost",
            "the article is saved up to here",
        ));
    }
    for (line, message, remedy) in taken.notes {
        let place = Place::new(Some(("", line)), &id, &title).of_article();
        read.problems.push(Problem::error(place, message, remedy));
    }
    for (place, raw) in runs(&taken.bad) {
        let place = format!(
            "{place}, {}",
            crate::core::check::article_place(&id, &title)
        );
        let reason = "the lines were damaged in the file";
        read.problems
            .push(Problem::error(place, "the lines cannot be read", KEPT));
        read.aside.push(aside(&id, reason, &raw));
    }
    Some(read)
}
