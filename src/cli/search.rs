//! `search`: what a query finds in a project or in files, as lines, counts, JSON or a table, or
//! marked in a new project.
//!
//! Exit codes are those of searching programs: 0 for hits, 1 for none, 2 for trouble.

use super::target::Target;
use super::{must_not_exist, open, read_options, say, say_error, say_json};
use crate::app::clock;
use crate::app::desk::Desk;
use crate::app::import::workers::Readers;
use crate::app::import::{ImportOptions, Outcome, import_edits, import_paths};
use crate::app::passages::{NearCopy, near_copies};
use crate::app::recovery::has_unsaved;
use crate::app::search::{Memo, search_all};
use crate::app::signals;
use crate::app::words::count;
use crate::core::annotation::Origin;
use crate::core::article::Article;
use crate::core::concordance::{Reach, around};
use crate::core::edit::{Edit, Transaction, apply};
use crate::core::ids::{AnnotatorId, IdMint, LabelId};
use crate::core::passages::near::{MAX_WORDS, NoPassage};
use crate::core::project::{Annotator, Project};
use crate::core::recipes::Signed;
use crate::core::recipes::hits::places;
use crate::core::search::{
    At, Condition, Hits, Marked, Options, Query, QueryError, Reading, Search, parse,
};
use crate::core::shown::{shown, shown_path};
use crate::core::text::segment::grapheme_floor;
use crate::core::text::{ArticleText, BytePos, ByteRange};
use crate::format::concordance;
use crate::store::{self, StoreError};
use anyhow::{Result, bail};
use clap::Args;
use serde_json::json;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Who marks on the command line, unless it is said.
const SEARCH: &str = "search";
/// So much of a line is printed around a hit, in characters.
const AROUND: usize = 60;
/// Trouble; 1 means that nothing was found.
const TROUBLE: u8 = 2;

#[derive(Args, Debug)]
pub struct Arguments {
    /// A project (.ron), or files and folders with articles; behind them, what to look for
    #[arg(required = true, num_args = 1.., value_name = "PROJECT.ron | FILE … QUERY")]
    words: Vec<OsString>,
    /// Find near copies of a passage instead, and parts of it; there is no query then
    #[arg(
        short,
        long,
        value_name = "PASSAGE",
        conflicts_with_all = ["regex", "plain", "word", "case", "exact", "label", "in_label"]
    )]
    like: Option<String>,
    /// Read the query as one regular expression
    #[arg(short = 'E', long, conflicts_with = "plain")]
    regex: bool,
    /// Read the query as words and nothing else
    #[arg(short = 'F', long)]
    plain: bool,
    /// Find whole words only
    #[arg(short, long)]
    word: bool,
    /// Tell capital and small letters apart
    #[arg(short = 's', long)]
    case: bool,
    /// Tell accents, quotes, dashes, spaces and forms of letters apart
    #[arg(short = 'x', long)]
    exact: bool,
    /// Find annotations with this label that hold what is looked for
    #[arg(long, value_name = "LABEL")]
    label: Vec<String>,
    /// Find only within annotations with this label
    #[arg(long, value_name = "LABEL")]
    in_label: Vec<String>,
    /// Whose status of articles is meant, and who marks
    #[arg(long, value_name = "ANNOTATOR")]
    by: Option<String>,
    /// Print how many hits each article has
    #[arg(short, long)]
    count: bool,
    /// Mark the hits with this label in a new project; needs --output
    #[arg(long, value_name = "LABEL", requires = "output")]
    mark: Option<String>,
    /// The new project
    #[arg(short, long, value_name = "OUT.ron", requires = "mark")]
    output: Option<PathBuf>,
    /// Write the hits as CSV
    #[arg(long, value_name = "FILE")]
    csv: Option<PathBuf>,
    /// Write the hits as a workbook
    #[arg(long, value_name = "FILE")]
    xlsx: Option<PathBuf>,
    /// Replace what is written when it exists
    #[arg(long)]
    force: bool,
    /// Print results as lines of JSON, for scripts
    #[arg(long, conflicts_with = "count")]
    json: bool,
}

pub(super) fn run(arguments: &Arguments) -> ExitCode {
    match search(arguments) {
        Ok(0) => ExitCode::FAILURE,
        Ok(_) => ExitCode::SUCCESS,
        Err(error) => {
            say_error(&format!("pressmark: {error:#}"));
            ExitCode::from(TROUBLE)
        }
    }
}

/// The paths, and what to look for in them.
fn asked(arguments: &Arguments) -> Result<(Vec<PathBuf>, &str)> {
    if let Some(passage) = &arguments.like {
        return Ok((arguments.words.iter().map(PathBuf::from).collect(), passage));
    }
    let words = arguments.words.split_last();
    let Some((query, paths)) = words.filter(|(_, paths)| !paths.is_empty()) else {
        bail!("say where to look, and behind that what for: pressmark search PROJECT.ron QUERY");
    };
    let Some(query) = query.to_str() else {
        bail!("the query is no text in UTF-8");
    };
    Ok((paths.iter().map(PathBuf::from).collect(), query))
}

/// Answers how many hits there are.
fn search(arguments: &Arguments) -> Result<usize> {
    let (paths, query) = asked(arguments)?;
    for path in arguments.csv.iter().chain(&arguments.xlsx) {
        must_not_exist(path, arguments.force)?;
    }
    let output = arguments.output.as_ref();
    if let Some(output) = output {
        let desk = Desk::of_this_user();
        if paths
            .iter()
            .any(|path| desk.resolve(path) == desk.resolve(output))
        {
            bail!("{} is the project itself", shown_path(output));
        }
    }
    let target = output.map(|output| Target::to_write(output, arguments.force));
    let target = target.transpose()?;
    let mut project = searched(&paths)?;
    let by = AnnotatorId::new(arguments.by.as_deref().unwrap_or(SEARCH));
    let (hits, copies) = if arguments.like.is_some() {
        near(&project, query)?
    } else {
        let ready = ready(arguments, query, &project, &by)?;
        let goes_on = || !signals::is_ending();
        let found = search_all(
            &ready,
            project.articles(),
            &mut Memo::default(),
            &goes_on,
            &mut |_| (),
        );
        let Some(found) = found else {
            bail!("stopped");
        };
        (found.hits, Vec::new())
    };
    if hits.is_cut() {
        say_error(&format!("only the first {} hits are taken", hits.len()));
    }
    write_tables(arguments, &project, &hits)?;
    if let (Some(label), Some(target)) = (&arguments.mark, target) {
        let marked = mark_all(&mut project, &hits, label, &by, query)?;
        target.save(&project)?;
        if !arguments.json {
            say(&marked);
        }
    } else if arguments.csv.is_none() && arguments.xlsx.is_none() {
        print(arguments, &project, &hits, &copies);
    }
    Ok(hits.len())
}

/// What is searched: a project, or the articles of files.
fn searched(paths: &[PathBuf]) -> Result<Project> {
    let is_project = |path: &Path| path.extension().is_some_and(|ending| ending == "ron");
    if let [path] = paths
        && is_project(path)
    {
        if has_unsaved(&Desk::of_this_user(), path) {
            say_error(&format!(
                "{}: its journal holds edits that are not saved and are not searched",
                shown_path(path)
            ));
        }
        let (project, problems) = open(path)?;
        for problem in problems {
            say_error(&problem.to_string());
        }
        return Ok(project);
    }
    if let Some(project) = paths.iter().find(|path| is_project(path)) {
        bail!(
            "{} is a project, which is searched alone",
            shown_path(project)
        );
    }
    let mut project = Project::new("");
    let options = ImportOptions {
        read: read_options(false),
        ..ImportOptions::default()
    };
    let goes_on = &mut |_: f32, _: &Path| !signals::is_ending();
    let import = import_paths(&Readers::default(), &project, paths, &options, goes_on);
    if import.is_cancelled {
        bail!("stopped");
    }
    for file in &import.report {
        if matches!(file.outcome, Outcome::Refused { .. }) {
            say_error(&file.line());
        }
    }
    let by = AnnotatorId::new(super::IMPORT);
    let signed = Signed {
        by: &by,
        when: None,
    };
    let edits = import_edits(&project, import, signed);
    apply(&mut project, &Transaction::new("import", edits))?;
    if project.articles().is_empty() {
        bail!("there are no articles to search");
    }
    Ok(project)
}

fn ready(
    arguments: &Arguments,
    query: &str,
    project: &Project,
    by: &AnnotatorId,
) -> Result<Search> {
    let options = Options {
        case: arguments.case,
        word: arguments.word,
        fold: !arguments.exact && !arguments.regex,
        reading: match (arguments.regex, arguments.plain) {
            (true, _) => Reading::Pattern,
            (_, true) => Reading::Plain,
            _ => Reading::Query,
        },
    };
    let told = |error: QueryError| anyhow::anyhow!(at_its_place(query, &error));
    let mut all = Vec::new();
    let is_labelled = !arguments.label.is_empty() || !arguments.in_label.is_empty();
    if !(query.trim().is_empty() && is_labelled) {
        all.push(parse(query, &options).map_err(told)?);
    }
    let marked = |labels: &[String]| Marked {
        labels: labels.to_vec(),
        attributes: Vec::new(),
    };
    let conditions = [
        (!arguments.label.is_empty()).then(|| Condition::Label(marked(&arguments.label))),
        (!arguments.in_label.is_empty()).then(|| Condition::In(marked(&arguments.in_label))),
    ];
    let conditions = conditions.into_iter().flatten();
    all.extend(conditions.map(|condition| Query::Where(condition, At::default())));
    let query = match all.as_slice() {
        [one] => one.clone(),
        _ => Query::And(all),
    };
    Search::new(&query, &options, project, by).map_err(told)
}

/// A mistake below the query, with a mark where it is.
fn at_its_place(query: &str, error: &QueryError) -> String {
    let is_plain = !query.contains(char::is_control) && !error.at.is_empty();
    let (Some(before), Some(wrong)) = (query.get(..error.at.start), query.get(error.at.clone()))
    else {
        return error.message.clone();
    };
    if !is_plain || wrong.is_empty() {
        return error.message.clone();
    }
    let indent = " ".repeat(before.chars().count());
    let marks = "^".repeat(wrong.chars().count());
    let mended = error
        .mended_query(query)
        .map(|mended| format!("\n  perhaps: {mended}"));
    format!(
        "{}\n  {query}\n  {indent}{marks}{}",
        error.message,
        mended.unwrap_or_default()
    )
}

fn write_tables(arguments: &Arguments, project: &Project, hits: &Hits) -> Result<()> {
    let write = |path: &Path, bytes: Vec<u8>| {
        store::write_atomically(path, |out| {
            let written = out.write_all(&bytes);
            written.map_err(|error| StoreError::new(path, &error))
        })
    };
    if arguments.xlsx.is_some() {
        concordance::fits_workbook(hits.len())?;
    }
    if let Some(path) = &arguments.csv {
        write(path, concordance::csv(project, hits.iter(), false)?)?;
    }
    if let Some(path) = &arguments.xlsx {
        write(path, concordance::xlsx(project, hits.iter())?)?;
    }
    if !arguments.json {
        for path in arguments.csv.iter().chain(&arguments.xlsx) {
            say(&format!(
                "{}: {}",
                shown_path(path),
                count(hits.len(), "hit", "hits")
            ));
        }
    }
    Ok(())
}

/// Near copies of a passage as hits, and how near each is.
fn near(project: &Project, passage: &str) -> Result<(Hits, Vec<NearCopy>)> {
    let copies = match near_copies(project, passage, &|_| !signals::is_ending()) {
        Ok(Some(copies)) => copies,
        Ok(None) => bail!("stopped"),
        Err(NoPassage::Blank) => bail!("there are no words to look for"),
        Err(NoPassage::TooLong) => bail!("the passage is longer than {MAX_WORDS} words"),
    };
    let mut hits = Hits::default();
    for of_one in copies.chunk_by(|a, b| a.article == b.article) {
        let first = of_one.first();
        let Some(at) = first.and_then(|copy| project.article_index(&copy.article)) else {
            continue;
        };
        let ranges: Vec<ByteRange> = of_one.iter().map(|copy| copy.range).collect();
        hits.add(at, &ranges);
    }
    Ok((hits, copies))
}

/// Near copies stand as their hits do.
fn print(arguments: &Arguments, project: &Project, hits: &Hits, copies: &[NearCopy]) {
    let mut copies = copies.iter();
    for (at, ranges) in hits.by_article() {
        let Some(article) = project.articles().get(at) else {
            continue;
        };
        if arguments.count {
            let title = shown(article.display_title());
            say(&format!("{title}:{}", ranges.len()));
            continue;
        }
        for range in ranges {
            let copy = copies.next();
            if arguments.json {
                let mut hit = as_json(article, *range);
                if let (Some(copy), Some(fields)) = (copy, hit.as_object_mut()) {
                    let hundredths = (copy.share * 100.0) as u8;
                    let share = f64::from(hundredths) / 100.0;
                    fields.insert("share".to_owned(), json!(share));
                    fields.insert("is_part".to_owned(), json!(copy.is_part));
                }
                say_json(&hit);
            } else {
                let text = &article.text;
                let (before, behind) = around(text, *range, Reach::InLines(AROUND));
                let line = text.line_of(range.start) + 1;
                let hit = text.slice(*range).replace('\n', " ");
                let title = shown(article.display_title());
                say(&format!("{title}:{line}:{before}{hit}{behind}"));
            }
        }
    }
}

/// A longer line is shown in part beside a hit, in bytes.
const MAX_LINE: usize = 4_096;

/// A hit with its offsets in code points and in bytes, of the text and of the line that it begins in.
fn as_json(article: &Article, range: ByteRange) -> serde_json::Value {
    let text: &ArticleText = &article.text;
    let line = text.line_of(range.start);
    let line_range = text.line_range(line);
    let chars = text.char_range(range);
    let shown = shown_of_line(text, line_range, range);
    let around = article.annotations.overlapping(range);
    let mut annotations: Vec<&str> = around.map(|entry| entry.annotation.id.as_str()).collect();
    annotations.sort_unstable();
    annotations.dedup();
    json!({
        "article": article.id.as_str(),
        "title": article.display_title(),
        "file": article.meta("file"),
        "text": text.slice(range),
        "start": chars.start.0,
        "end": chars.end.0,
        "byte_start": range.start.0,
        "byte_end": range.end.0,
        "line": line + 1,
        "line_byte": line_range.start.0,
        "line_text": text.slice(shown),
        "line_text_byte": shown.start.0,
        "annotations": annotations,
    })
}

/// The line of a hit, or of a very long one what stands around the hit: a line of megabytes would be
/// written again with each of its hits.
fn shown_of_line(text: &ArticleText, line: ByteRange, hit: ByteRange) -> ByteRange {
    if line.len() <= MAX_LINE {
        return line;
    }
    let side = (MAX_LINE / 4) as u32;
    let from = BytePos(hit.start.0.saturating_sub(side)).max(line.start);
    let from = grapheme_floor(text, from).max(line.start);
    let most = BytePos(from.0 + MAX_LINE as u32);
    let upto = BytePos(hit.end.0.saturating_add(side));
    let upto = grapheme_floor(text, upto.min(most).min(line.end));
    ByteRange::new(from, upto.max(from))
}

/// Marks all hits as the policy of the label says, and says what came of it.
fn mark_all(
    project: &mut Project,
    hits: &Hits,
    label: &str,
    by: &AnnotatorId,
    query: &str,
) -> Result<String> {
    let Some(spec) = project.codebook().label(label).cloned() else {
        bail!("the codebook has no label “{label}”");
    };
    let id = LabelId::new(label);
    let signed = Signed {
        by,
        when: Some(clock::now()),
    };
    let mut annotators = project.annotators().to_vec();
    if !annotators.iter().any(|known| known.id == *by) {
        annotators.push(Annotator {
            id: by.clone(),
            name: by.to_string(),
            unknown: Vec::new(),
        });
        let edit = Edit::SetAnnotators(annotators);
        apply(project, &Transaction::new("mark", vec![edit]))?;
    }
    let mut mint = IdMint::new(SEARCH);
    for article in project.articles() {
        article
            .annotations
            .iter()
            .for_each(|known| mint.see(known.id.as_str()));
    }
    for item in project.trash() {
        if let Some((_, known)) = item.what.annotation() {
            mint.see(known.id.as_str());
        }
    }
    let articles = project.articles();
    let all = hits.iter();
    let all = all.filter_map(|hit| Some((&articles.get(hit.article)?.id, hit.range)));
    let Some(found) = places(project, all, &id, by, &mut || !signals::is_ending()) else {
        bail!("stopped");
    };
    let (mut edits, made) = found.edits(project, &id, signed, &mut mint);
    for edit in &mut edits {
        for (_, annotation) in edit.annotations_mut() {
            annotation.origin = Origin::Suggestion(query.to_owned());
        }
    }
    apply(project, &Transaction::new("mark", edits))?;
    let (there, refused) = (found.already, found.refused);
    let mut said = format!("{} marked as {}", count(made, "hit", "hits"), spec.name);
    if there > 0 {
        said.push_str(&format!("; {there} were already"));
    }
    if refused > 0 {
        said.push_str(&format!(
            "; {refused} cannot be, where the codebook lets nothing overlap or there is only white space"
        ));
    }
    Ok(said)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_line_is_shown_around_its_hit() {
        let text = ArticleText::new(format!("Short one.\n{}\n", "é said ".repeat(3_000)));
        let shown = |hit: (u32, u32)| {
            let line = text.line_range(text.line_of(BytePos(hit.0)));
            let shown = shown_of_line(&text, line, hit.into());
            assert!(
                shown.len() <= MAX_LINE && shown.start.0 <= hit.0,
                "{shown:?}"
            );
            assert!(line.start <= shown.start && shown.end <= line.end);
            shown
        };
        assert_eq!(text.slice(shown((0, 5))), "Short one.");
        for hit in [(11, 13), (14, 18), (12_011, 12_013), (24_000, 24_008)] {
            let around = shown(hit);
            assert!(around.covers(hit.into()), "{hit:?} {around:?}");
            assert!(around.len() > 1_000);
        }
        // Of a hit as long as the line its beginning.
        assert_eq!(shown((11, 24_010)).start.0, 11);
    }
}
