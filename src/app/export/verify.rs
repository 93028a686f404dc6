//! An export that was made earlier against the project, to the last byte.
//!
//! The format's proof finds what stands elsewhere and names the annotation. Everything else that a
//! format carries is compared by exporting once more, where nobody sees it: the same project gives
//! the same files. So nothing is claimed that was not compared.

use super::{ExportError, Stage, check_choices, prove, target_of, write};
use crate::core::project::Project;
use crate::format::WriteError;
use crate::format::export::options::ExportOptions;
use crate::format::export::plan::Plan;
use crate::format::export::{Stored, Written, missing};
use crate::format::formats::Format;
use crate::store::StoreError;
use crate::store::dataset::{Kind, MANIFEST, OnDisk, Staged};
use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

/// Compares an export that was made earlier with the project.
pub fn verify(
    project: &Project,
    format: &'static Format,
    options: &ExportOptions,
    path: &Path,
    progress: &mut dyn FnMut(Stage) -> bool,
) -> Result<(PathBuf, Written), ExportError> {
    check_choices(format, options)?;
    let (target, kind) = target_of(format, options, path, project.name());
    let stored = OnDisk::open(&target, kind == Kind::Folder, kind == Kind::Zip)?;
    let plan = Plan::new(project, options);
    let at = |error: WriteError| match error {
        WriteError::Io(error) => ExportError::Store(StoreError::new(&target, &error)),
        error => ExportError::Write {
            path: target.clone(),
            error,
        },
    };
    let found = prove(format, &plan, &stored, &mut |n| progress(Stage::Proving(n))).map_err(at)?;
    if let Some(difference) = &found.difference {
        return Err(at(difference.error()));
    }
    let folder = tempfile::tempdir().map_err(|error| StoreError::new(&target, &error))?;
    let mut anew = Staged::new(&folder.path().join("anew"), kind, false)?;
    write(format, &plan, &mut anew, progress).map_err(at)?;
    anew.finish()?;
    are_same(&anew.stored()?, &stored).map_err(at)?;
    Ok((target, found))
}

/// Files that systems and people who look at folders leave in them.
fn is_litter(name: &str) -> bool {
    let name = name.rsplit('/').next().unwrap_or(name);
    name.starts_with('.') || ["Thumbs.db", "desktop.ini"].contains(&name)
}

/// Whether each file says what it would say now, and there are no others.
fn are_same(expected: &dyn Stored, found: &dyn Stored) -> Result<(), WriteError> {
    let names = |stored: &dyn Stored| -> BTreeSet<String> {
        let names = stored.names().into_iter();
        names
            .filter(|name| name != MANIFEST && !is_litter(name))
            .collect()
    };
    let (wanted, there) = (names(expected), names(found));
    if let Some(name) = there.difference(&wanted).next() {
        let others = match there.difference(&wanted).count() - 1 {
            0 => String::new(),
            1 => " and 1 other".to_owned(),
            more => format!(" and {more} others"),
        };
        return Err(WriteError::Differs(format!(
            "“{name}”{others} would not be exported, and a reader would take it for a part of this export"
        )));
    }
    if let Some(name) = wanted.difference(&there).next() {
        return Err(WriteError::Differs(format!("“{name}” is missing")));
    }
    // One file alone has no name.
    let names = if wanted.is_empty() {
        BTreeSet::from([String::new()])
    } else {
        wanted
    };
    for name in names {
        let one = expected
            .open(&name)
            .map_err(|error| missing(&name, &error))?;
        let other = found.open(&name).map_err(|error| missing(&name, &error))?;
        if let Some(place) = difference(one, other, name.ends_with(".jsonl") || name.is_empty())? {
            let name = if name.is_empty() {
                String::new()
            } else {
                format!("{name}, ")
            };
            return Err(WriteError::Differs(format!("{name}{place}")));
        }
    }
    Ok(())
}

/// Where two files differ first, in words. Lines of JSON may be written otherwise and say the same.
fn difference(
    expected: impl Read,
    found: impl Read,
    may_be_json: bool,
) -> Result<Option<String>, WriteError> {
    const STEP: usize = 1 << 18;
    let mut expected = BufReader::with_capacity(STEP, expected);
    let mut found = BufReader::with_capacity(STEP, found);
    let (mut one, mut other) = (Vec::new(), Vec::new());
    for line in 1.. {
        one.clear();
        other.clear();
        let ended = expected.read_until(b'\n', &mut one)? == 0;
        let also = found.read_until(b'\n', &mut other)? == 0;
        if ended && also {
            return Ok(None);
        }
        let value = |line: &[u8]| serde_json::from_slice::<serde_json::Value>(line).ok();
        let is_same = one == other
            || may_be_json && value(&one).is_some_and(|one| Some(one) == value(&other));
        if !is_same {
            return Ok(Some(told(&one, &other, line)));
        }
    }
    Ok(None)
}

fn told(expected: &[u8], found: &[u8], line: usize) -> String {
    const BEFORE: usize = 20;
    const SHOWN: usize = 60;
    let same = expected
        .iter()
        .zip(found)
        .take_while(|(a, b)| a == b)
        .count();
    let (Ok(expected), Ok(found)) = (str::from_utf8(expected), str::from_utf8(found)) else {
        return format!("line {line}: byte {same} of it is another than would be exported");
    };
    let shown = |text: &str| -> String {
        let start = text.floor_char_boundary(same.saturating_sub(BEFORE));
        let rest = text.get(start..).unwrap_or_default();
        rest.trim_end_matches(['\n', '\r'])
            .chars()
            .take(SHOWN)
            .collect()
    };
    format!(
        "line {line}: “{}” stands where “{}” would be exported",
        shown(found),
        shown(expected)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_difference_is_told() {
        let check = |expected: &str, found: &str, told: Option<&str>| {
            let place = difference(expected.as_bytes(), found.as_bytes(), true).unwrap();
            assert_eq!(place.as_deref(), told, "{found}");
        };
        check("a\nb\n", "a\nb\n", None);
        check(
            "a\nb\n",
            "a\nc\n",
            Some("line 2: “c” stands where “b” would be exported"),
        );
        check(
            "a\n",
            "a\nb\n",
            Some("line 2: “b” stands where “” would be exported"),
        );
        check(
            "a\nb\n",
            "a\n",
            Some("line 2: “” stands where “b” would be exported"),
        );
        check("{\"a\":1,\"b\":2}\n", "{\"b\": 2, \"a\": 1}\r\n", None);
        check(
            "{\"a\":1}\n",
            "{\"a\":2}\n",
            Some("line 1: “{\"a\":2}” stands where “{\"a\":1}” would be exported"),
        );
        let long = format!("{}é", "é".repeat(100));
        let place = difference(long.as_bytes(), long.replace('é', "e").as_bytes(), false);
        assert!(place.unwrap().unwrap().starts_with("line 1: “eee"));
        let binary = difference(&[0xFF, 0, 1][..], &[0xFF, 0, 2][..], false).unwrap();
        let told = "line 1: byte 2 of it is another than would be exported";
        assert_eq!(binary.as_deref(), Some(told));
    }
}
