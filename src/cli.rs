//! The command line: arguments in, the same core behind it as the window's.
//!
//! Results go to standard output, errors to standard error. Exit code 0 is success, 1 a failure,
//! 2 wrong usage; of `search`, 1 means that nothing was found, and 2 all trouble. Nothing that exists is
//! overwritten unless asked.

mod check;
mod codebook;
mod export;
mod search;
mod target;

use crate::app::clock;
use crate::app::import::reading::without_companions;
use crate::app::import::workers::Readers;
use crate::app::import::{
    ImportOptions, Outcome, Proposal, TwinChoice, dataset_edits, import_paths,
};
use crate::app::session::open_file;
use crate::app::signals;
use crate::app::words::{contents, count};
use crate::core::check::Severity;
use crate::core::edit::{Transaction, apply};
use crate::core::ids::AnnotatorId;
use crate::core::project::Project;
use crate::core::recipes::Signed;
use crate::core::shown::{shown, shown_json, shown_lines, shown_path, shown_text};
use crate::format::reading::{FoundArticle, KnownTexts, PageScope, ReadOptions};
use crate::store;
use anyhow::{Context, Result, bail};
use clap::error::ErrorKind;
use clap::{Args, CommandFactory, Parser, Subcommand};
use serde_json::json;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use target::Target;

/// Signs what an import on the command line changes.
const IMPORT: &str = "import";

/// Annotate news articles: quotes, claims and promotional content.
#[derive(Parser, Debug)]
#[command(name = "pressmark", version, args_conflicts_with_subcommands = true)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Option<Command>,

    #[command(flatten)]
    pub window: WindowArguments,
}

#[derive(Args, Debug, Default)]
pub struct WindowArguments {
    /// A project (.ron), or articles for a new one
    #[arg(value_name = "PROJECT.ron | ARTICLE")]
    pub paths: Vec<PathBuf>,

    /// Write a line for each frame: milliseconds of CPU, milliseconds since start, paragraphs laid
    /// out, annotations painted
    #[arg(long, value_name = "FILE")]
    pub frame_log: Option<PathBuf>,
}

#[derive(Subcommand, Debug)]
pub enum Command {
    /// Make a project of article files and folders, or of an annotated dataset
    Import {
        /// Files and folders
        #[arg(required = true)]
        paths: Vec<PathBuf>,
        /// The new project
        #[arg(
            short,
            long,
            value_name = "PROJECT.ron",
            required_unless_present = "into"
        )]
        output: Option<PathBuf>,
        /// An existing project to add to
        #[arg(long, value_name = "PROJECT.ron", conflicts_with = "output")]
        into: Option<PathBuf>,
        /// Read the paths as a dataset in this format
        #[arg(long)]
        format: Option<String>,
        /// Keep what surrounds the article of a web page, and mark it as promotional content
        #[arg(long)]
        surroundings: bool,
        /// Add articles whose text is there already
        #[arg(long)]
        copies: bool,
        /// Replace the output when it exists
        #[arg(long)]
        force: bool,
        /// Print results as lines of JSON, for scripts
        #[arg(long)]
        json: bool,
    },
    /// Write a dataset, read it back and compare every span; `formats` lists the formats
    Export {
        /// The project (.ron)
        project: PathBuf,
        /// A format, by the name that `formats` lists
        #[arg(short, long)]
        format: String,
        /// A file, a folder or a .zip, as the format needs it
        #[arg(short, long)]
        output: PathBuf,
        #[command(flatten)]
        choice: Box<export::Choices>,
        /// Compare an export that exists with what the project gives now, and write nothing
        #[arg(long)]
        verify: bool,
        /// Replace the output when it exists
        #[arg(long)]
        force: bool,
        /// Print results as lines of JSON, for scripts
        #[arg(long)]
        json: bool,
    },
    /// Show what import would take of one file: its articles, their metadata and what was guessed
    Extract {
        /// A file with articles
        file: PathBuf,
        /// Keep what surrounds the article in a web page, and say which lines it is
        #[arg(long)]
        surroundings: bool,
        /// Print results as lines of JSON, for scripts
        #[arg(long)]
        json: bool,
    },
    /// Show codebooks, write them as files, take them into projects; without a source, list those that
    /// come with the program
    Codebook(Box<codebook::Codebooks>),
    /// Find what is said in a project or in files: words, regular expressions, conditions
    Search(Box<search::Arguments>),
    /// List the import and export formats
    Formats {
        /// Print results as lines of JSON, for scripts
        #[arg(long)]
        json: bool,
    },
    /// Print the order in which paragraphs are seen: of a file with a JSON object a line
    #[command(hide = true)]
    VisualOrder {
        /// Lines of `{"id", "text", "widths": {"300": [{"start"}]}}`
        file: PathBuf,
        /// Break lines where the file does
        #[arg(long)]
        breaks: bool,
        /// Tell what clicks hit, and what the selections of `{"carets": {"300": {"selections": [{"range"}]}}}` cover
        #[arg(long)]
        carets: bool,
    },
    /// Say whether a project is whole, and what repairing would do about each problem
    Check {
        /// The project (.ron)
        project: PathBuf,
        /// Write a new project with everything that could be read and mended
        #[arg(long, value_name = "OUT.ron")]
        repair: Option<PathBuf>,
        /// Replace the repaired project when it exists
        #[arg(long, requires = "repair")]
        force: bool,
        /// Print results as lines of JSON, for scripts
        #[arg(long)]
        json: bool,
    },
}

impl Arguments {
    /// A word that is neither a command nor a file: nobody wants a window for that. Ends with exit
    /// code 2.
    pub fn mistake(&self) -> Option<clap::Error> {
        let word = self
            .window
            .paths
            .first()
            .filter(|_| self.command.is_none())?;
        let is_word = word.extension().is_none() && word.components().count() == 1;
        if !is_word || word.exists() {
            return None;
        }
        let mut command = Self::command();
        let word = shown_path(word);
        let mut message = format!("there is no command and no file “{word}”");
        let names = command.get_subcommands().map(clap::Command::get_name);
        let nearest = names.min_by_key(|name| steps_between(&word, name));
        if let Some(name) = nearest.filter(|name| steps_between(&word, name) <= 2) {
            message.push_str(&format!("; did you mean “{name}”?"));
        }
        Some(command.error(ErrorKind::InvalidSubcommand, message))
    }
}

/// How many letters have to be put in, taken out, changed or swapped with the next one.
fn steps_between(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().take(40).collect(), b.chars().collect());
    let mut rows: Vec<Vec<usize>> = vec![(0..=b.len()).collect()];
    let at = |rows: &[Vec<usize>], i: usize, j: usize| {
        let row = rows.get(i);
        row.and_then(|row| row.get(j))
            .copied()
            .unwrap_or(usize::MAX / 2)
    };
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let left = row.last().copied().unwrap_or_default();
            let mut least = left.min(at(&rows, i, j + 1)) + 1;
            least = least.min(at(&rows, i, j) + usize::from(x != y));
            let is_swap = i > 0 && j > 0 && a.get(i - 1) == Some(y) && b.get(j - 1) == Some(x);
            if is_swap {
                least = least.min(at(&rows, i - 1, j - 1) + 1);
            }
            row.push(least);
        }
        rows.push(row);
    }
    at(&rows, a.len(), b.len())
}

/// What the window's code prints about texts in lines of JSON: with their own line breaks or not, with
/// carets or not.
pub type VisualOrder<'a> = &'a dyn Fn(&str, bool, bool) -> Result<String>;

/// Runs a subcommand.
pub fn run(command: Command, visual_order: VisualOrder<'_>) -> ExitCode {
    signals::end_when_asked(std::sync::Arc::new(|| ()));
    let result = match command {
        Command::Import {
            paths,
            output,
            into,
            format,
            surroundings,
            copies,
            force,
            json,
        } => {
            let options = ImportOptions {
                read: read_options(surroundings),
                keeps_copies: copies,
                proposes_surroundings: surroundings,
                ..ImportOptions::default()
            };
            import(
                &paths,
                output,
                into,
                format.as_deref(),
                &options,
                force,
                json,
            )
        }
        Command::Export {
            project,
            format,
            output,
            choice,
            verify,
            force,
            json,
        } => choice.options().and_then(|options| {
            export::export(&project, &format, &output, &options, verify, force, json)
        }),
        Command::Extract {
            file,
            surroundings,
            json,
        } => extract(&file, surroundings, json),
        Command::Codebook(arguments) => codebook::run(&arguments),
        Command::Search(arguments) => return search::run(&arguments),
        Command::Formats { json } => export::formats(json),
        Command::VisualOrder {
            file,
            breaks,
            carets,
        } => print_order(&file, (breaks, carets), visual_order),
        Command::Check {
            project,
            repair,
            force,
            json,
        } => check::run(&project, repair.as_deref(), force, json),
    };
    match result {
        Ok(code) => code,
        Err(error) => {
            say_error(&format!("pressmark: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn print_order(
    file: &Path,
    (breaks, carets): (bool, bool),
    order: VisualOrder<'_>,
) -> Result<ExitCode> {
    const MOST: u64 = 256 << 20;
    let content = String::from_utf8(store::read(file, MOST)?)?;
    let order = order(&content, breaks, carets).with_context(|| shown_path(file))?;
    order.lines().for_each(say);
    Ok(ExitCode::SUCCESS)
}

/// A line on standard output. A reader that went away is no error of ours. Names come from outside:
/// nothing in a line may be what a terminal obeys.
fn say(line: &str) {
    let _closed_pipe = writeln!(std::io::stdout(), "{}", shown_lines(line));
}

fn say_error(line: &str) {
    let _closed_pipe = writeln!(std::io::stderr(), "{}", shown_lines(line));
}

/// A line of JSON, the same for every reader of JSON and harmless in a terminal.
fn say_json(value: &serde_json::Value) {
    let _closed_pipe = writeln!(std::io::stdout(), "{}", shown_json(&value.to_string()));
}

/// A text as it is; in a terminal without what that obeys.
fn say_text(text: &str) {
    let mut out = std::io::stdout();
    let _closed_pipe = if out.is_terminal() {
        writeln!(out, "{}", shown_text(text))
    } else {
        writeln!(out, "{text}")
    };
}

/// A panic is an error of the program and is told in a line, not as a backtrace; who wants one sets
/// `RUST_BACKTRACE`.
pub fn say_panics_plainly() {
    if std::env::var_os("RUST_BACKTRACE").is_some() {
        return;
    }
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(|at| format!(" ({at})"));
        let message = panic.payload_as_str().unwrap_or("no more is known");
        say_error(&format!(
            "pressmark: an error of the program: {message}{}",
            place.unwrap_or_default()
        ));
    }));
}

fn must_not_exist(path: &Path, force: bool) -> Result<()> {
    // A link that leads nowhere is something, too.
    if std::fs::symlink_metadata(path).is_ok() && !force {
        bail!("{} exists; --force replaces it", shown_path(path));
    }
    Ok(())
}

fn open(path: &Path) -> Result<(Project, Vec<crate::core::check::Problem>)> {
    let opened = open_file(path, &|_| ())?;
    Ok((opened.project, opened.problems))
}

fn import(
    paths: &[PathBuf],
    output: Option<PathBuf>,
    into: Option<PathBuf>,
    format: Option<&str>,
    options: &ImportOptions,
    force: bool,
    json: bool,
) -> Result<ExitCode> {
    let (mut project, mut target, path) = match (into, output) {
        (Some(into), _) => {
            let target = Target::to_change(&into)?;
            let (project, problems) = open(&into)?;
            if problems.iter().any(|p| p.severity == Severity::Error) {
                bail!("{} is damaged; see `pressmark check`", shown_path(&into));
            }
            (project, target, into)
        }
        (None, Some(output)) => {
            let target = Target::to_write(&output, force)?;
            (Project::new(""), target, output)
        }
        (None, None) => bail!("say where to: -o PROJECT.ron or --into PROJECT.ron"),
    };
    let is_incomplete = match format {
        Some(name) => import_datasets(&mut project, paths, name, json)?,
        None => import_articles(&mut project, paths, options, &mut target, json)?,
    };
    if project.articles().is_empty() {
        bail!(
            "nothing was imported, so {} was not written",
            shown_path(&path)
        );
    }
    target.save(&project)?;
    if !json {
        say(&format!(
            "{}: {}",
            shown_path(&path),
            contents(project.articles().len(), project.annotation_count())
        ));
    }
    Ok(if is_incomplete {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

fn read_options(surroundings: bool) -> ReadOptions {
    ReadOptions {
        page_scope: if surroundings {
            PageScope::WithSurroundings
        } else {
            PageScope::ArticleOnly
        },
        ..ReadOptions::default()
    }
}

fn extract(file: &Path, surroundings: bool, json: bool) -> Result<ExitCode> {
    let options = read_options(surroundings);
    let name = crate::app::import::gather::name_of(file);
    let mut failed = false;
    let files = [(name, file.to_owned())];
    let read = Readers::default().read_files(&files, &[], &options, &mut |_, _| true);
    for read in without_companions(read.unwrap_or_default()) {
        let path = shown_path(&read.path);
        let file = read.path.to_string_lossy();
        let reading = match read.result {
            Ok(mut reading) => {
                reading.remarks.extend(reading.left_out.remarks());
                reading
            }
            Err(refusal) => {
                failed = true;
                if json {
                    say_json(&json!({ "file": file, "refused": refusal.0 }));
                } else {
                    say_error(&format!("{path}: {refusal}"));
                }
                continue;
            }
        };
        let encoding = reading.encoding.unwrap_or_default();
        if !json {
            say(&format!("# {path}: {} {encoding}", read.kind));
            for remark in &reading.remarks {
                say(&format!("# {remark}"));
            }
        }
        let whole = reading
            .whole
            .into_iter()
            .flat_map(|dataset| dataset.parts.articles);
        let whole = whole.map(|article| FoundArticle {
            title: article.title.clone(),
            text: article.text.as_str().to_owned(),
            metadata: article.metadata.clone(),
            ..FoundArticle::default()
        });
        for article in reading.articles.into_iter().chain(whole) {
            if json {
                let around: Vec<[usize; 2]> = article
                    .surroundings
                    .iter()
                    .map(|range| {
                        let chars = |byte: usize| {
                            article
                                .text
                                .get(..byte)
                                .map_or(0, |head| head.chars().count())
                        };
                        [chars(range.start), chars(range.end)]
                    })
                    .collect();
                let mut metadata = article.metadata;
                let mut known = |key: &str| metadata.remove(key);
                let (author, published) = (known("author"), known("published"));
                let (outlet, language) = (known("outlet"), known("language"));
                say_json(&json!({
                    "file": file, "kind": read.kind, "encoding": encoding, "title": article.title,
                    "author": author, "published": published, "outlet": outlet, "language": language,
                    "metadata": metadata, "text": article.text, "surroundings": around,
                    "annotations": article.annotations.len(), "remarks": reading.remarks,
                }));
            } else {
                say(&format!("\ntitle: {}", shown(&article.title)));
                for (name, value) in &article.metadata {
                    say(&format!("{}: {}", shown(name), shown(value)));
                }
                say("");
                say_text(&article.text);
            }
        }
    }
    Ok(if failed {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

fn import_articles(
    project: &mut Project,
    paths: &[PathBuf],
    options: &ImportOptions,
    target: &mut Target,
    json: bool,
) -> Result<bool> {
    let readers = Readers::default();
    let import = import_paths(&readers, project, paths, options, &mut |_, _| {
        target.goes_on()
    });
    if import.is_cancelled {
        bail!("stopped; nothing was changed");
    }
    for file in &import.report {
        if json {
            let (outcome, detail) = match &file.outcome {
                Outcome::Imported {
                    title,
                    kind,
                    encoding,
                    is_guessed,
                    articles,
                    annotations,
                    remarks,
                    left_out,
                } => (
                    "imported",
                    json!({
                        "title": title, "kind": kind, "encoding": encoding, "encoding_is_guessed": is_guessed,
                        "articles": articles,
                        "annotations": annotations, "remarks": remarks, "left_out": left_out,
                    }),
                ),
                Outcome::Duplicate { of, articles } => {
                    ("duplicate", json!({ "of": of.title, "articles": articles }))
                }
                Outcome::Refused { reason } => ("refused", json!({ "reason": reason })),
            };
            say_json(
                &json!({ "file": file.path.to_string_lossy(), "outcome": outcome, "detail": detail }),
            );
        } else if matches!(file.outcome, Outcome::Refused { .. }) {
            say_error(&file.line());
        } else {
            say(&file.line());
        }
    }
    let left_out = import.left_out();
    let is_incomplete = import.refused() > 0 || left_out > 0;
    let proposal = Proposal::of(project, import, &mut || target.goes_on());
    if proposal.import.is_cancelled {
        bail!("stopped; nothing was changed");
    }
    for twin in &proposal.twins {
        let title = proposal.import.articles.get(twin.article);
        let title = title.map_or("", |article| article.display_title());
        let other = proposal.other(project, twin);
        let other = other.map_or("", |article| article.display_title());
        let is_replaced = twin.choice == TwinChoice::NewVersion;
        if json {
            let line = json!({
                "article": title, "like": other, "likeness": twin.likeness.share(),
                "how": twin.likeness.to_string(), "replaces": is_replaced,
            });
            say_json(&line);
        } else {
            let what = if is_replaced {
                "a new version of"
            } else {
                "like"
            };
            let (title, other) = (shown(title), shown(other));
            say(&format!("“{title}” is {what} “{other}”: {}", twin.likeness));
        }
    }
    let by = AnnotatorId::new(IMPORT);
    let decided = proposal.edits(project, &by, clock::now());
    if !json {
        decided.remarks.iter().for_each(|line| say(line));
        say(&decided.summary);
    }
    apply(project, &Transaction::new("import", decided.edits))?;
    if left_out > 0 && !json {
        let parts = count(left_out, "part", "parts");
        say_error(&format!(
            "{parts} of what was read did not come along; the lines above say which and why"
        ));
    }
    Ok(is_incomplete)
}

fn import_datasets(
    project: &mut Project,
    paths: &[PathBuf],
    name: &str,
    json: bool,
) -> Result<bool> {
    let format = export::known_format(name)?;
    if format.reader().is_none_or(|reader| reader.name != "jsonl") {
        bail!(
            "{} is recognised by its content; leave --format out",
            format.title
        );
    }
    let mut had_problems = false;
    for path in paths {
        let bytes = store::read(path, 2 << 30)?;
        let dataset =
            crate::format::formats::jsonl::read::read_with(&bytes, &KnownTexts::of(project))
                .with_context(|| shown_path(path))?;
        for problem in &dataset.problems {
            had_problems |= problem.severity == Severity::Error;
            if json {
                say_json(
                    &json!({ "file": path.to_string_lossy(), "problem": problem.to_string() }),
                );
            } else {
                say_error(&format!("{}: {problem}", shown_path(path)));
            }
        }
        let by = AnnotatorId::new(IMPORT);
        let when = Some(clock::now());
        let (edits, _) = dataset_edits(project, dataset, Signed { by: &by, when });
        apply(project, &Transaction::new("import", edits))?;
    }
    Ok(had_problems)
}
