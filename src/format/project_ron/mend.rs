//! Reading what can be read of a damaged project file, piece by piece.
//!
//! Every item that reads is used, every other is read field by field or line by line; what is left
//! goes to the review list piece by piece, as it stands. Keeps invariant 7: nothing is dropped in
//! silence.

use super::articles::{Articles, holds_annotations, unmix, whole_record};
use super::lenient::{Damage, fields, take};
use super::lines::repaired_annotations;
use super::pieces::{Item, Owner, Pieces, pieces};
use super::read::Reader;
use super::record::{ProjectRecord, Section, TrashRecord};
use super::salvage::{Line, closing, is_string};
use super::schema::{Value, from_ron};
use super::shapes::Str;
use super::values::{TrashedRecord, name_and_rest};
use crate::core::check::{KEPT, Problem};
use crate::core::codebook::{Codebook, Label};
use crate::core::project::{ProjectParts, SetAside};

/// As much of a damaged piece is kept in the review list.
const MAX_KEPT: usize = 1 << 20;
/// More labels than this are not made anew.
const MAX_LABELS: usize = 500;
/// Why lines are in the review list.
pub(super) const DAMAGED: &str = "the lines were damaged in the file";
/// A damaged item is tried again without its worst line this often.
const MAX_TRIES: usize = 12;

/// Reads what can be read of a damaged file. `None` when nothing in it looks like a project.
pub(super) fn read_damaged(
    reader: &mut Reader,
    source: &str,
    progress: &(dyn Fn(f32) + Sync),
) -> Option<ProjectParts> {
    let pieces = pieces(source);
    if pieces.items.is_empty()
        && let Some(parts) = read_in_one(reader, source)
    {
        return Some(parts);
    }
    if pieces.items.is_empty() && !starts_like_one(source) {
        return None;
    }
    report_end(reader, &pieces);
    // Items that had to be mended are text of their own, which the records below borrow.
    let mut sources: Vec<(Section, String)> = Vec::new();
    // Lines of text and annotations that stand in no article.
    let mut spare: Vec<Line<'_>> = Vec::new();
    let is_article = |item: &&Item<'_>| {
        item.section == Section::Articles || is_broken_article_in_trash(item, source)
    };
    let (items, others): (Vec<_>, Vec<_>) = pieces.items.iter().partition(is_article);
    let mut codebook_is_whole = pieces.items.iter().any(|i| i.section == Section::Labels);
    for item in others {
        match mended(reader, item, source) {
            Some((text, is_whole)) => {
                codebook_is_whole &= is_whole || item.section != Section::Labels;
                sources.push((item.section, text));
            }
            None => codebook_is_whole &= item.section != Section::Labels,
        }
    }
    // Stand before the record, which borrows parts of what is repaired.
    let (mut codebook, repaired): (Codebook, Vec<_>);
    let (mut record, head_is_whole) = head(reader, &pieces, &mut spare);
    codebook_is_whole &= head_is_whole;
    for (section, text) in &sources {
        match section {
            Section::Labels => {
                if let Some(label) = take(text, &mut Damage::default()) {
                    let codebook = record.codebook.0.get_or_insert_with(empty_codebook);
                    codebook.labels.push(label);
                }
            }
            Section::Changes => {
                let codebook = record.codebook.0.get_or_insert_with(empty_codebook);
                codebook.changes.extend(take(text, &mut Damage::default()));
            }
            section => record.add(*section, text),
        }
    }
    unmix(&mut record, &mut reader.problems);
    codebook = record
        .codebook
        .0
        .clone()
        .filter(|codebook| !codebook.labels.is_empty())
        .unwrap_or_default();
    if !codebook_is_whole {
        add_used_labels(reader, &mut codebook, source);
    }
    reader.has_codebook = sources
        .iter()
        .any(|(section, _)| *section == Section::Labels);
    reader.codebook = Some(codebook.clone());
    repaired = items
        .iter()
        .map(|item| match whole_record(item, source) {
            Some(_) => Vec::new(),
            None => repaired_annotations(&item.lines),
        })
        .collect();
    let mut articles = Articles {
        file: source,
        codebook: &codebook,
        read: Vec::new(),
        trash: Vec::new(),
    };
    articles.read(reader, &items, &repaired, &spare, progress);
    record.trash.extend(articles.trash);
    unmix(&mut record, &mut reader.problems);
    Some(reader.assemble(record, articles.read))
}

/// Whether an item of the trash is an article that must be read by its lines.
fn is_broken_article_in_trash(item: &Item<'_>, file: &str) -> bool {
    let whole = item.source(file).trim().trim_end_matches(',');
    let is_article = |line: &Line<'_>| matches!(line.key(), "what: article((" | "text: [");
    if item.section != Section::Trash || !item.lines.iter().any(is_article) {
        return false;
    }
    let record = from_ron::<TrashRecord<'_>>(whole).map(|record| record.what);
    if let Ok(TrashedRecord::Article(article)) = &record {
        return holds_annotations(article);
    }
    record.is_err()
        && flaws(item.section, whole).is_none_or(|(damage, is_read)| {
            let mut flaws = damage.flaws.iter();
            !is_read || flaws.any(|flaw| flaw.is_kept && flaw.raw.contains("text: ["))
        })
}

/// A file that does not have our layout, field by field: its brackets and strings must all fit.
fn read_in_one(reader: &mut Reader, source: &str) -> Option<ProjectParts> {
    let mut damage = Damage::default();
    let mut record: ProjectRecord<'_> = Value::lenient(source, &mut damage)?;
    if damage.is_broken {
        return None;
    }
    let place = |_: &str| String::new();
    let (problems, aside) = tell(damage, "", place);
    unmix(&mut record, &mut reader.problems);
    reader.problems.extend(problems);
    reader.aside.extend(aside);
    Some(reader.assemble(record, Vec::new()))
}

/// The flaws of a piece as problems, and what of it goes to the review list.
pub(super) fn tell(
    damage: Damage<'_>,
    article: &str,
    place: impl Fn(&str) -> String,
) -> (Vec<Problem>, Vec<SetAside>) {
    let mut problems = Vec::new();
    let mut kept = Vec::new();
    for flaw in damage.flaws {
        if flaw.is_kept {
            kept.push(aside(article, &flaw.message, flaw.raw));
        }
        problems.push(Problem::error(place(flaw.raw), flaw.message, flaw.remedy));
    }
    (problems, kept)
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

pub(super) fn keep(reader: &mut Reader, article: &str, reason: &str, raw: &str) {
    reader.aside.push(aside(article, reason, raw));
}

pub(super) fn aside(article: &str, reason: &str, raw: &str) -> SetAside {
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
    SetAside::new(
        article,
        reason,
        raw.get(..end).unwrap_or("").trim_end_matches('\n'),
    )
}

fn empty_codebook() -> Codebook {
    Codebook {
        revision: 0,
        ..Codebook::of(Vec::new())
    }
}

/// The fields of the project itself and of its codebook, and whether all lines of them read.
fn head<'a>(
    reader: &mut Reader,
    pieces: &Pieces<'a>,
    spare: &mut Vec<Line<'a>>,
) -> (ProjectRecord<'a>, bool) {
    let mut record = ProjectRecord::default();
    let mut bad = Vec::new();
    for &(line, owner) in &pieces.loose {
        let key = line.key();
        if key.starts_with("version:") {
            continue;
        }
        if owner == Owner::Nobody {
            if is_string(key) || key.starts_with("(id: ") {
                spare.push(line);
            } else {
                bad.push(line);
            }
            continue;
        }
        let source = format!("(version: (1, 0), {key})");
        let parsed = from_ron::<ProjectRecord<'_>>(&source);
        match parsed {
            Ok(fields) if owner == Owner::Codebook => {
                let codebook = record.codebook.0.get_or_insert_with(empty_codebook);
                for (name, raw) in fields.unknown {
                    match (name.as_str(), raw.as_str().parse()) {
                        ("revision", Ok(revision)) => codebook.revision = revision,
                        ("revision" | "labels", _) => bad.push(line),
                        _ => codebook.unknown.push((name, raw)),
                    }
                }
            }
            Ok(fields) => {
                if !fields.name.as_str().is_empty() && !record.name.as_str().is_empty() {
                    bad.push(line);
                } else if !fields.name.as_str().is_empty() {
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
        keep(reader, "", DAMAGED, &raw);
    }
    (record, bad.is_empty())
}

/// Lines that follow each other as one piece, each with where it stands. Annotations are pieces of
/// their own.
pub(super) fn runs(lines: &[Line<'_>]) -> Vec<(String, String)> {
    let is_single = |line: &Line<'_>| line.key().starts_with("(id: ");
    let follows =
        |a: &Line<'_>, b: &Line<'_>| a.number + 1 == b.number && !is_single(a) && !is_single(b);
    let runs = lines.chunk_by(follows).map(|run| {
        let first = run.first().map_or(0, |line| line.number);
        let last = run.last().map_or(0, |line| line.number);
        let raw = match run {
            [line] => line.key().trim_end_matches(',').to_owned(),
            _ => run
                .iter()
                .map(|line| line.text)
                .collect::<Vec<_>>()
                .join("\n"),
        };
        (span(first, last), raw)
    });
    runs.collect()
}

/// Whether an item reads, or the line at which it does not.
fn reads(section: Section, text: &str) -> Result<(), usize> {
    section.reads(text).map_err(|error| {
        let line = (section == Section::Trash).then(|| line_in_trash(text));
        line.flatten().unwrap_or(error.span.start.line)
    })
}

/// The line of an item of the trash in which what is in it cannot be read; that is read as one
/// value, whose place alone is known otherwise.
fn line_in_trash(text: &str) -> Option<usize> {
    let fields = fields(text, &mut Damage::default())?;
    let what = fields.iter().find(|field| field.name == "what")?;
    let error = TrashedRecord::of(what.value).err()?;
    let (_, rest) = name_and_rest(what.value);
    let start = (rest.as_ptr() as usize).checked_sub(text.as_ptr() as usize)?;
    Some(text.get(..start)?.matches('\n').count() + error.span.start.line)
}

/// What is wrong with the values of an item whose brackets and strings all fit, and whether
/// something is left of it. `None` when its fields do not tell.
fn flaws(section: Section, text: &str) -> Option<(Damage<'_>, bool)> {
    if section == Section::Articles {
        return None;
    }
    let mut damage = Damage::default();
    let is_read = section.reads_in_part(text, &mut damage);
    let is_told = is_read || !damage.flaws.is_empty();
    (is_told && !damage.is_broken && !damage.lacks_items).then_some((damage, is_read))
}

/// The text of an item as RON that reads, without the lines that do not, and whether it was whole.
fn mended(reader: &mut Reader, item: &Item<'_>, file: &str) -> Option<(String, bool)> {
    let source = item.source(file);
    let whole = source.trim().trim_end_matches(',');
    if reads(item.section, whole).is_ok() {
        return Some((whole.to_owned(), true));
    }
    if let Some((damage, is_read)) = flaws(item.section, whole) {
        let place = |raw: &str| match item.line_of(raw, file) {
            Some(line) => format!("line {line}"),
            None => format!("line {}", item.line()),
        };
        let (problems, aside) = tell(damage, "", place);
        reader.problems.extend(problems);
        reader.aside.extend(aside);
        return Some((whole.to_owned(), is_read));
    }
    let what = item.section.item();
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
                    keep(reader, "", DAMAGED, &raw);
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
        // A text may say the same.
        let line = source.get(..at).unwrap_or("");
        let line = line.rsplit('\n').next().unwrap_or("").trim_start();
        if !line.starts_with("(id: \"") && !line.starts_with("what: annotation(") {
            continue;
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
            .push(label.unwrap_or_else(|| Label::new(id, id, Label::GREY)));
        let message = format!("the damaged codebook has lost the label “{id}”");
        reader
            .problems
            .push(Problem::error("codebook", message, remedy));
    }
}
