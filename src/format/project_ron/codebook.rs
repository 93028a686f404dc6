//! A codebook as a file of its own, and the codebook of a project file.
//!
//! The records are those of the project file; what a later version says in them is kept. A damaged
//! file gives what still reads, and tells each place that does not.

use super::article::excerpt;
use super::lenient::{Damage, Field, take_field, take_unknown};
use super::read::{Reader, check_version, codebook_of_project};
use super::schema::{
    self, FieldKey, FieldSeed, Record, Seed, Unknown, Value, Written, from_ron, is_always, is_list,
    raw_value, read_as, reading, take_as, taken, unproven, viewed,
};
use super::shapes::Str;
use super::write::{Layout, Out, file_of};
use super::{MAX_FILE_BYTES, bytes};
use crate::core::check::{KEPT, Problem, STAYS};
use crate::core::codebook::{Codebook, SharedCodebook};
use crate::format::ReadError;
use crate::format::reading::Refusal;
use crate::format::reading::codebook::{FoundCodebook, LEFT_OUT, MAX_CODEBOOK_BYTES};
use serde::de::{Deserializer, Error, MapAccess};

/// The version of codebook files that this code writes.
pub const CODEBOOK_VERSION: (u32, u32) = (1, 0);
/// What a file says it is.
const FORMAT: &str = "pressmark codebook";

unproven!(CodebookRecord, CodebookView, schema::by_fields {
    may format: Str<'a>,
    must version: (u32, u32),
    may name: Str<'a>,
    may about: Str<'a>,
    may source: Str<'a>,
    must codebook: Codebook,
});

/// The whole file; the same codebook gives the same bytes.
pub fn write_codebook(shared: &SharedCodebook) -> String {
    file_of(&CodebookView {
        format: FORMAT,
        version: CODEBOOK_VERSION,
        name: shared.name.as_str(),
        about: shared.about.as_str(),
        source: shared.source.as_str(),
        codebook: &shared.codebook,
        unknown: &shared.unknown,
    })
}

/// Reads a codebook file, or the codebook of a project file.
pub fn read_codebook(bytes: &[u8]) -> Result<FoundCodebook, Refusal> {
    let limit = |limit: u64| {
        let size = (bytes.len() as u64).div_ceil(1 << 20);
        let told = format!("the file is {size} MB; the limit is {} MB", limit >> 20);
        (bytes.len() as u64 > limit).then(|| Refusal::new(told))
    };
    if !is_codebook(bytes) {
        if let Some(refusal) = limit(MAX_FILE_BYTES) {
            return Err(refusal);
        }
        let read = codebook_of_project(bytes).map_err(|error| match error {
            ReadError::NotAProject => Refusal::new("there is no codebook in this file"),
            error => Refusal::new(error.to_string()),
        });
        let (name, codebook, problems) = read?;
        let shared = SharedCodebook {
            name,
            codebook,
            ..SharedCodebook::default()
        };
        return found(shared, "Pressmark project", problems);
    }
    if let Some(refusal) = limit(MAX_CODEBOOK_BYTES) {
        return Err(refusal);
    }
    let decoded = bytes::decode(bytes);
    let source = decoded.text.as_ref();
    let mut problems = decoded.problems;
    if let Some((major, minor)) = version_in(source)
        && major > CODEBOOK_VERSION.0
    {
        return Err(Refusal::new(format!(
            "this codebook was saved by a newer version of Pressmark (file version {major}.{minor}, this one reads up to {}.x); update Pressmark to read it",
            CODEBOOK_VERSION.0
        )));
    }
    let record = match from_ron::<CodebookRecord<'_>>(source) {
        Ok(record) => record,
        Err(error) => {
            let at = error.span.start;
            let place = format!("line {}, column {}", at.line, at.col);
            let refused = || Refusal::new(format!("{place}: {}", error.code));
            let mut damage = Damage::default();
            let raw = source.trim();
            let record = CodebookRecord::lenient(raw, &mut damage);
            let record = record.filter(|_| !damage.is_broken && !damage.flaws.is_empty());
            let record = record.ok_or_else(refused)?;
            problems.extend(damage.flaws.into_iter().map(|flaw| {
                let message = format!("{}: {}", flaw.message, excerpt(flaw.raw));
                Problem::error(line_of(flaw.raw, source), message, LEFT_OUT)
            }));
            record
        }
    };
    let mut shared = SharedCodebook {
        name: record.name.into_owned(),
        about: record.about.into_owned(),
        source: record.source.into_owned(),
        codebook: record.codebook,
        unknown: record.unknown,
    };
    let mut reader = Reader::default();
    reader.look_at_labels(shared.codebook.labels.iter_mut());
    problems.extend(reader.problems);
    for (name, raw) in &shared.unknown {
        let message = format!("“{name}” is of a later version: {}", excerpt(raw.as_str()));
        problems.push(Problem::warning("", message, STAYS));
    }
    found(shared, "Pressmark codebook", problems)
}

fn found(
    shared: SharedCodebook,
    kind: &'static str,
    mut problems: Vec<Problem>,
) -> Result<FoundCodebook, Refusal> {
    for problem in problems.iter_mut().filter(|problem| problem.remedy == KEPT) {
        LEFT_OUT.clone_into(&mut problem.remedy);
    }
    FoundCodebook {
        shared,
        kind,
        is_partial: false,
        problems,
    }
    .settled()
}

/// The start of a file, as far as what it says of itself.
fn head(text: &str) -> &str {
    let mut end = text.len().min(4096);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}

/// Whether a file says that it is a codebook: `format: "pressmark codebook"`.
fn is_codebook(bytes: &[u8]) -> bool {
    let start = bytes.get(..16_384).unwrap_or(bytes);
    let decoded = bytes::decode(start);
    let mut parts = head(&decoded.text).split("format");
    parts.next();
    parts.any(|rest| {
        let rest = rest.trim_start().strip_prefix(':').map(str::trim_start);
        let value = rest.and_then(|rest| rest.strip_prefix('"')?.split('"').next());
        value == Some(FORMAT)
    })
}

/// Whether a file is a project rather than a codebook, as far as its start tells.
pub fn is_project(bytes: &[u8]) -> bool {
    let start = bytes.get(..16_384).unwrap_or(bytes);
    !is_codebook(start) && check_version(&bytes::decode(start).text, false).is_ok()
}

fn version_in(source: &str) -> Option<(u32, u32)> {
    let (_, rest) = head(source).split_once("version")?;
    let inner = rest
        .trim_start()
        .strip_prefix(':')?
        .trim_start()
        .strip_prefix('(')?;
    let (numbers, _) = inner.split_once(')')?;
    let mut numbers = numbers.split(',').map(|number| number.trim().parse().ok());
    Some((numbers.next()??, numbers.next()??))
}

/// The line of a file at which a part of it stands.
fn line_of(part: &str, file: &str) -> String {
    let at = (part.as_ptr() as usize).checked_sub(file.as_ptr() as usize);
    let before = at.and_then(|at| file.get(..at));
    match before {
        Some(before) => format!("line {}", before.matches('\n').count() + 1),
        None => String::new(),
    }
}
