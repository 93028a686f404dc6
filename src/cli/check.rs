//! `pressmark check`: what is wrong with a project, what repairing would do, and the repair.
//!
//! The project itself is never written to: a repair is another file, read back before it counts.

use super::target::Target;
use super::{open, say, say_json};
use crate::app::desk::Desk;
use crate::app::recovery::Report;
use crate::app::session::{Peek, peek_journal};
use crate::app::words;
use crate::core::annotation::UnknownFields;
use crate::core::check::{Problem, Severity, check};
use crate::core::edit::{Edit, Transaction, apply};
use crate::core::project::{Annotator, Project};
use crate::core::shown::shown_path;
use crate::format::project_ron;
use crate::store::fs::Foreign;
use anyhow::{Context, Result, bail};
use serde_json::json;
use std::collections::HashSet;
use std::path::Path;
use std::process::ExitCode;

pub(super) fn run(path: &Path, repair: Option<&Path>, force: bool, json: bool) -> Result<ExitCode> {
    if let Some(out) = repair
        && is_same_file(path, out)
    {
        bail!(
            "{} is the project itself; --repair writes another file and leaves this one as it is",
            shown_path(out)
        );
    }
    let target = repair.map(|out| Target::to_write(out, force)).transpose()?;
    let (mut project, mut problems) = examine(path)?;
    let peek = peek_journal(&Desk::of_this_user(), path, &project);
    problems.extend(unreadable(&peek));
    let journal = shown_path(&peek.path);
    match peek.recovered {
        Some(Ok((with_journal, report))) => {
            problems.extend(in_journal(&journal, &report));
            if report.edits > 0 || !report.refused.is_empty() {
                project = with_journal;
            }
        }
        Some(Err(reason)) => problems.push(Problem::error(
            journal,
            format!("what was done after the last save cannot be made again: {reason}"),
            "nothing: the journal is left as it is",
        )),
        None => {}
    }
    for problem in &problems {
        tell(problem, json);
    }
    let errors = errors(&problems);
    if !json {
        let verdict = if errors == 0 {
            "is whole"
        } else {
            "is damaged"
        };
        say(&format!(
            "{} {verdict}: {}, {errors} errors, {} warnings",
            shown_path(path),
            contents(&project),
            problems.len() - errors
        ));
    }
    match repair.zip(target) {
        Some((out, target)) => self::repair(project, path, out, target, json),
        None if errors == 0 => Ok(ExitCode::SUCCESS),
        None => Ok(ExitCode::FAILURE),
    }
}

/// Journals that cannot be taken in.
fn unreadable(peek: &Peek) -> Vec<Problem> {
    let unread = peek.unread.iter().map(|journal| {
        let make = match journal.foreign {
            // It was never a journal, and hides none.
            Some(Foreign::Link | Foreign::Folder | Foreign::Other | Foreign::Shared) => {
                Problem::warning
            }
            Some(Foreign::Content) | None => Problem::error,
        };
        make(
            shown_path(&journal.path),
            format!("the journal cannot be read: {}", journal.reason),
            "nothing: it is left as it is".to_owned(),
        )
    });
    let others = peek.others.iter().map(|path| {
        Problem::error(
            shown_path(path),
            "another journal of this project holds edits that are not in it",
            "nothing: it is left as it is, and kept under another name when the project is opened",
        )
    });
    unread.chain(others).collect()
}

/// What a journal holds that is not in the file, and where it is damaged.
fn in_journal(journal: &str, report: &Report) -> Vec<Problem> {
    let remedy = "what is whole is made again; the journal is left as it is, and kept as a copy when the project is opened";
    let mut problems: Vec<Problem> = report
        .damage
        .iter()
        .map(|damage| Problem::error(journal, format!("damaged in {damage}"), remedy))
        .collect();
    if report.lost > 0 {
        let lost = words::count(
            usize::try_from(report.lost).unwrap_or(usize::MAX),
            "record that was written after the last save is",
            "records that were written after the last save are",
        );
        let message = format!("{lost} missing");
        problems.push(Problem::error(journal, message, "nothing: they are lost"));
    }
    if let Some(torn) = &report.torn {
        let message = format!("the end is torn, as when the program died while it wrote: {torn}");
        let remedy = "nothing: what stands before it is whole";
        problems.push(Problem::warning(journal, message, remedy));
    }
    if report.edits == 0 && report.refused.is_empty() {
        return problems;
    }
    let mut message = format!(
        "{} edits made after the last save are in the journal and not in the file",
        report.edits
    );
    if report.is_changed {
        message.push_str(", which was changed by another program since");
    }
    let remedy = match report.refused.len() {
        0 => "they are made again, as they are when the project is opened".to_owned(),
        n => format!("they are made again; {n} that do not fit are kept in the review list"),
    };
    problems.push(Problem::warning(journal, message, remedy));
    problems
}

/// A project and everything that is wrong with it.
fn examine(path: &Path) -> Result<(Project, Vec<Problem>)> {
    let (project, mut problems) = open(path)?;
    // Reading reports what it set aside; `check` would say the same again.
    problems.extend(
        check(&project, &project_ron::ids_in_review(&project))
            .into_iter()
            .filter(|problem| !problem.message.starts_with("set aside: ")),
    );
    Ok((project, problems))
}

fn errors(problems: &[Problem]) -> usize {
    let is_error = |p: &&Problem| p.severity == Severity::Error;
    problems.iter().filter(is_error).count()
}

fn contents(project: &Project) -> String {
    let mut contents = words::contents(project.articles().len(), project.annotation_count());
    if !project.set_aside().is_empty() {
        contents.push_str(&format!(
            ", {} in the review list",
            project.set_aside().len()
        ));
    }
    contents
}

fn tell(problem: &Problem, json: bool) {
    if json {
        let severity = match problem.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        say_json(&json!({
            "severity": severity, "place": problem.place, "message": problem.message,
            "remedy": problem.remedy,
        }));
    } else {
        say(&problem.to_string());
        say(&format!("    repair: {}", problem.remedy));
    }
}

/// Writes what was read to another file, and reads that back.
fn repair(
    mut project: Project,
    path: &Path,
    out: &Path,
    target: Target,
    json: bool,
) -> Result<ExitCode> {
    add_unknown_annotators(&mut project)?;
    target
        .save(&project)
        .with_context(|| format!("{} could not be repaired", shown_path(path)))?;
    let (back, problems) = examine(out)
        .with_context(|| format!("the repaired file {} cannot be read back", shown_path(out)))?;
    let is_whole = errors(&problems) == 0 && back == project;
    if json {
        say_json(&json!({
            "repaired": out.to_string_lossy(), "whole": is_whole, "articles": back.articles().len(),
            "annotations": back.annotation_count(), "trash": back.trash().len(),
            "set_aside": back.set_aside().len(),
        }));
    } else {
        let verdict = if is_whole {
            "was written and is whole"
        } else {
            "was written, but it is not whole"
        };
        say(&format!(
            "{} {verdict}: {}",
            shown_path(out),
            contents(&back)
        ));
        if is_whole {
            say(&format!("{} was not touched", shown_path(path)));
        }
    }
    if is_whole {
        return Ok(ExitCode::SUCCESS);
    }
    for problem in problems.iter().filter(|p| p.severity == Severity::Error) {
        tell(problem, json);
    }
    Ok(ExitCode::FAILURE)
}

/// Who made annotations but is not on the list of annotators, as when its part of the file is lost.
fn add_unknown_annotators(project: &mut Project) -> Result<()> {
    let mut annotators = project.annotators().to_vec();
    let mut known: HashSet<String> = annotators.iter().map(|a| a.id.to_string()).collect();
    for article in project.articles() {
        for annotation in article.annotations.iter() {
            let id = &annotation.annotator;
            if !known.contains(id.as_str()) {
                known.insert(id.to_string());
                annotators.push(Annotator {
                    id: id.clone(),
                    name: id.to_string(),
                    unknown: UnknownFields::new(),
                });
            }
        }
    }
    if annotators.len() > project.annotators().len() {
        let edit = Edit::SetAnnotators(annotators);
        apply(project, &Transaction::new("repair", vec![edit]))?;
    }
    Ok(())
}

/// Whether two paths lead to one file, through links of either kind too.
fn is_same_file(a: &Path, b: &Path) -> bool {
    let absolute = |path: &Path| std::fs::canonicalize(path).or_else(|_| std::path::absolute(path));
    if let (Ok(a), Ok(b)) = (absolute(a), absolute(b))
        && a == b
    {
        return true;
    }
    is_linked(a, b)
}

#[cfg(unix)]
fn is_linked(a: &Path, b: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let identity = |path: &Path| std::fs::metadata(path).map(|m| (m.dev(), m.ino()));
    matches!((identity(a), identity(b)), (Ok(a), Ok(b)) if a == b)
}

#[cfg(not(unix))]
fn is_linked(_a: &Path, _b: &Path) -> bool {
    false
}
