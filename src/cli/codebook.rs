//! `pressmark codebook`: codebooks shown, brought together, written as files, and taken into
//! projects with a preview of what that does.

use super::target::Target;
use super::{open, say, say_error, say_json};
use crate::app::clock;
use crate::app::codebooks::{self, CodebookFileError};
use crate::app::words::{contents, count};
use crate::core::check::Severity;
use crate::core::codebook::compare::{Comparison, Row, Side, Standing};
use crate::core::codebook::{Codebook, Label, SharedCodebook, key_text};
use crate::core::edit::{Transaction, apply};
use crate::core::ids::AnnotatorId;
use crate::core::project::{Project, ProjectParts};
use crate::core::recipes::Signed;
use crate::core::recipes::codebook::{compare, take_in};
use crate::core::shown::{shown, shown_path};
use crate::format::codebooks::{FoundCodebook, ready};
use anyhow::{Result, bail};
use clap::{Args, ValueEnum};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

#[derive(Args, Debug)]
pub struct Codebooks {
    /// Codebooks (.ron, .qdc, annotation.conf, a Label Studio configuration), projects, or names of
    /// those that come with the program
    #[arg(value_name = "SOURCE")]
    sources: Vec<PathBuf>,
    /// A file for all of them together, instead of showing them
    #[arg(short, long, value_name = "OUT.(ron|qdc)", requires = "sources")]
    output: Option<PathBuf>,
    /// A project to take them into
    #[arg(
        long,
        value_name = "PROJECT.ron",
        requires = "sources",
        conflicts_with = "output"
    )]
    into: Option<PathBuf>,
    /// Whose way conflicts go: what is there, or what is taken in; without it nothing is written where
    /// there are any
    #[arg(long, value_enum)]
    prefer: Option<Prefer>,
    /// Show what taking them in would do, and write nothing
    #[arg(long, requires = "into")]
    preview: bool,
    /// Replace the output when it exists
    #[arg(long, requires = "output")]
    force: bool,
    /// Print results as lines of JSON, for scripts
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Prefer {
    Mine,
    Theirs,
}

pub(super) fn run(arguments: &Codebooks) -> Result<ExitCode> {
    if arguments.sources.is_empty() {
        list(arguments.json);
        return Ok(ExitCode::SUCCESS);
    }
    let mut found = Vec::new();
    let mut is_whole = true;
    for path in &arguments.sources {
        let one = read(path)?;
        is_whole &= tell_problems(path, &one, arguments.json);
        found.push((path.as_path(), one));
    }
    match (&arguments.into, &arguments.output) {
        (Some(project), _) => into(project, &found, arguments)?,
        (None, Some(output)) => {
            together(output, found, arguments)?;
        }
        (None, None) => {
            for (path, one) in &found {
                show(path, one, arguments.json);
            }
        }
    }
    Ok(if is_whole {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// A file; or where there is none, what comes with the program under this name.
fn read(path: &Path) -> Result<FoundCodebook> {
    let name = path.to_str().unwrap_or_default();
    let is_file = std::fs::symlink_metadata(path).is_ok();
    match codebooks::ready(name).filter(|_| !is_file) {
        Some(ready) => Ok(ready),
        None => Ok(codebooks::read(path)?),
    }
}

/// Whether all of it was read.
fn tell_problems(path: &Path, found: &FoundCodebook, json: bool) -> bool {
    let mut is_whole = true;
    for problem in &found.problems {
        let is_error = problem.severity == Severity::Error;
        is_whole &= !is_error;
        if json {
            let severity = if is_error { "error" } else { "warning" };
            say_json(&json!({
                "file": path.to_string_lossy(), "severity": severity, "place": problem.place,
                "message": problem.message, "remedy": problem.remedy,
            }));
        } else {
            let line = format!("{}: {problem}; {}", shown_path(path), problem.remedy);
            say_error(&line);
        }
    }
    is_whole
}

/// The codebooks that come with the program.
fn list(json: bool) {
    for ready in ready::READY {
        if json {
            say_json(&json!({
                "name": ready.id, "title": ready.name, "about": ready.about, "source": ready.source,
            }));
        } else {
            say(&format!("{}  {}", ready.id, ready.name));
            say(&format!("    {}", ready.about));
            say(&format!("    {}", ready.source));
        }
    }
}

fn show(path: &Path, found: &FoundCodebook, json: bool) {
    let shared = &found.shared;
    let codebook = &shared.codebook;
    if json {
        say_json(&json!({
            "file": path.to_string_lossy(), "kind": found.kind, "name": shared.name,
            "about": shared.about, "source": shared.source, "revision": codebook.revision,
            "labels": codebook.labels.len(),
        }));
        for label in &codebook.labels {
            say_json(&label_json(label));
        }
        return;
    }
    let labels = count(codebook.labels.len(), "label", "labels");
    let path = shown_path(path);
    say(&format!(
        "{path}: {} “{}”, {labels}",
        found.kind,
        shown(&shared.name)
    ));
    for line in [&shared.about, &shared.source] {
        if !line.is_empty() {
            say(&format!("  {}", shown(line)));
        }
    }
    for placed in codebook.in_order() {
        if let Some(label) = codebook.labels.get(placed.at) {
            show_label(codebook, label, placed.depth.min(20));
        }
    }
}

fn show_label(codebook: &Codebook, label: &Label, depth: usize) {
    let indent = "    ".repeat(depth);
    let key = label
        .key
        .map(|key| format!(", key {}", key_text(key)))
        .unwrap_or_default();
    let retired = if label.retired { ", retired" } else { "" };
    let definition = match label.definition.as_str() {
        "" => String::new(),
        definition => format!(": {}", shown(definition)),
    };
    let (name, id) = (shown(&label.name), shown(label.id.as_str()));
    say(&format!("{indent}{name} ({id}{key}{retired}){definition}"));
    for spec in &label.attributes {
        let (title, kind) = (shown(spec.shown_title()), spec.kind.in_words());
        say(&format!("{indent}    attribute {title}: {}", shown(&kind)));
    }
    for role in &label.link_roles {
        let targets: Vec<&str> = role.targets().map(|id| codebook.name_of(id)).collect();
        let targets = match targets.as_slice() {
            [] => "any label".to_owned(),
            targets => targets.join(", "),
        };
        say(&format!(
            "{indent}    link {} to {}",
            shown(&role.name),
            shown(&targets)
        ));
    }
}

fn label_json(label: &Label) -> Value {
    let attributes = label.attributes.iter().map(|spec| {
        json!({
            "name": spec.name, "title": spec.title, "kind": spec.kind.code(),
            "options": spec.kind.options(), "help": spec.help, "required": spec.required,
            "default": spec.default.as_ref().map(|value| value.to_text()), "key": spec.key,
        })
    });
    let roles = label.link_roles.iter().map(|role| {
        let targets: Vec<&str> = role.targets().map(|id| id.as_str()).collect();
        json!({ "name": role.name, "targets": targets })
    });
    json!({
        "label": label.id.as_str(), "name": label.name, "definition": label.definition,
        "include": label.include, "exclude": label.exclude, "examples": label.examples,
        "counter_examples": label.counter_examples,
        "parent": label.parent.as_ref().map(|id| id.as_str()), "retired": label.retired,
        "color": format!("#{:06X}", label.color), "key": label.key,
        "attributes": attributes.collect::<Vec<_>>(), "link_roles": roles.collect::<Vec<_>>(),
    })
}

/// Decides conflicts as asked; refuses those that are left.
fn decide(comparison: &mut Comparison, prefer: Option<Prefer>) {
    match prefer {
        Some(Prefer::Mine) => comparison.prefer(Side::Mine),
        Some(Prefer::Theirs) => comparison.prefer(Side::Theirs),
        None => {}
    }
}

fn undecided(comparison: &Comparison, target: &Path) -> Result<()> {
    match comparison.undecided() {
        0 => Ok(()),
        n => bail!(
            "{} not decided, so {} was not written; --prefer mine or --prefer theirs decides",
            count(n, "conflict is", "conflicts are"),
            shown_path(target)
        ),
    }
}

/// Brings codebooks together, the first as it is and each of the others taken into it, and writes
/// them as one.
fn together(
    output: &Path,
    found: Vec<(&Path, FoundCodebook)>,
    arguments: &Codebooks,
) -> Result<()> {
    let json = arguments.json;
    check_target(output, arguments.force)?;
    let mut all = found.into_iter();
    let Some((_, first)) = all.next() else {
        return Ok(());
    };
    let mut shared: SharedCodebook = first.shared;
    if first.is_partial {
        shared.codebook.color_the_grey();
    }
    let by = AnnotatorId::new("import");
    for (path, other) in all {
        let mut project = Project::from_parts(ProjectParts {
            codebook: shared.codebook.clone(),
            ..ProjectParts::default()
        });
        let signed = Signed {
            by: &by,
            when: Some(clock::now()),
        };
        take_one(&mut project, path, &other, signed, arguments, output)?;
        shared.codebook = project.codebook().clone();
    }
    let not_held = codebooks::write(&shared, output, arguments.force)?;
    let labels = shared.codebook.labels.len();
    if json {
        say_json(&json!({
            "file": output.to_string_lossy(), "labels": labels, "not_held": not_held,
        }));
        return Ok(());
    }
    let labels = count(labels, "label", "labels");
    say(&format!("{}: {labels}", shown_path(output)));
    for what in not_held {
        say(&format!("it does not hold {what}"));
    }
    Ok(())
}

fn check_target(output: &Path, force: bool) -> Result<()> {
    match codebooks::check_target(output, force) {
        Err(error @ CodebookFileError::Exists(_)) => bail!("{error}; --force replaces it"),
        Err(error @ CodebookFileError::IsProject(_)) => bail!("{error}; --into adds to it"),
        checked => Ok(checked?),
    }
}

/// Takes codebooks into a project, one after the other, in one file that is written at the end.
fn into(path: &Path, found: &[(&Path, FoundCodebook)], arguments: &Codebooks) -> Result<()> {
    let target = if arguments.preview {
        None
    } else {
        Some(Target::to_change(path)?)
    };
    let (mut project, problems) = open(path)?;
    if problems
        .iter()
        .any(|problem| problem.severity == Severity::Error)
    {
        bail!("{} is damaged; see `pressmark check`", shown_path(path));
    }
    let before = project.codebook().clone();
    let by = AnnotatorId::new("import");
    let signed = Signed {
        by: &by,
        when: Some(clock::now()),
    };
    for (source, one) in found {
        take_one(&mut project, source, one, signed, arguments, path)?;
    }
    let Some(target) = target else {
        return Ok(());
    };
    if *project.codebook() == before {
        if !arguments.json {
            say(&format!("{}: there is nothing to change", shown_path(path)));
        }
        return Ok(());
    }
    target.save(&project)?;
    if !arguments.json {
        let labels = count(project.codebook().labels.len(), "label", "labels");
        let contents = contents(project.articles().len(), project.annotation_count());
        say(&format!("{}: {labels}, {contents}", shown_path(path)));
    }
    Ok(())
}

/// Shows what taking a codebook in does, and does it; a preview is all where that was asked for.
fn take_one(
    project: &mut Project,
    source: &Path,
    found: &FoundCodebook,
    signed: Signed<'_>,
    arguments: &Codebooks,
    target: &Path,
) -> Result<()> {
    let json = arguments.json;
    let (mut comparison, left_out) = compare(project, &found.shared.codebook, found.is_partial);
    decide(&mut comparison, arguments.prefer);
    for row in &comparison.rows {
        if json {
            say_json(&row_json(source, row));
        } else if row.standing() != Standing::Same {
            show_row(row);
        }
    }
    if left_out > 0 && !json {
        let examples = count(
            left_out,
            "example that is an annotation",
            "examples that are annotations",
        );
        say(&format!("{examples} of another project: left out"));
    }
    let summary = comparison.summary();
    if json {
        say_json(&json!({
            "file": source.to_string_lossy(), "into": target.to_string_lossy(),
            "new": comparison.count(Standing::New), "renamed": comparison.count(Standing::Renamed),
            "changed": comparison.count(Standing::Changed),
            "conflicts": comparison.count(Standing::Conflict), "same": comparison.count(Standing::Same),
            "undecided": comparison.undecided(), "only_there": comparison.only_mine,
            "examples_left_out": left_out,
        }));
    } else {
        say(&format!("{}: {summary}", shown_path(source)));
    }
    if arguments.preview && comparison.undecided() > 0 {
        return Ok(());
    }
    undecided(&comparison, target)?;
    let name = &found.shared.name;
    let Some(change) = take_in(project, &comparison, name, signed)? else {
        return Ok(());
    };
    if change.touches.annotations > 0 && !json {
        let annotations = count(change.touches.annotations, "annotation", "annotations");
        let articles = count(change.touches.articles, "article", "articles");
        say(&format!("changes values of {annotations} in {articles}"));
    }
    apply(
        project,
        &Transaction::new("take in a codebook", change.edits),
    )?;
    Ok(())
}

fn show_row(row: &Row) {
    let label = &row.theirs;
    let (name, id) = (shown(&label.name), shown(label.id.as_str()));
    say(&format!("{}: {name} ({id})", row.standing().words()));
    for difference in &row.differences {
        say(&format!("    {}", shown(&difference.to_string())));
    }
    for conflict in &row.conflicts {
        say(&format!(
            "    conflict: {}",
            shown(&conflict.clash.to_string())
        ));
        for (side, words) in conflict.clash.choices(row) {
            let side = match side {
                Side::Mine => "mine",
                Side::Theirs => "theirs",
                Side::Both => continue,
            };
            say(&format!("        {side}: {}", shown(&words)));
        }
    }
}

fn row_json(source: &Path, row: &Row) -> Value {
    let differences = row.differences.iter().map(|difference| {
        json!({ "field": difference.field, "mine": difference.mine, "theirs": difference.theirs })
    });
    let conflicts = row
        .conflicts
        .iter()
        .map(|conflict| conflict.clash.to_string());
    json!({
        "file": source.to_string_lossy(), "label": row.theirs.id.as_str(), "name": row.theirs.name,
        "own": row.own.as_ref().map(|id| id.as_str()), "standing": row.standing().words(),
        "differences": differences.collect::<Vec<_>>(), "conflicts": conflicts.collect::<Vec<_>>(),
    })
}
