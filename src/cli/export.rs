//! `export` and `formats`: datasets from the command line.

use super::{open, say, say_error, say_json};
use crate::app::desk::Desk;
use crate::app::export::{self, ExportError, Terms};
use crate::app::recovery::has_unsaved;
use crate::app::signals;
use crate::app::words::{contents, count};
use crate::core::article::Status;
use crate::core::ids::ArticleId;
use crate::core::project::Project;
use crate::core::shown::shown_path;
use crate::format::export::options::{
    Choice, ChoiceValue, ExportOptions, Layers, Overlap, Split, Stratify, Texts, Tokens,
};
use crate::format::formats::{FORMATS, Format, format_named};
use crate::format::readers::readers;
use crate::store::dataset::Kind;
use anyhow::{Context, Result, bail};
use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgAction, ArgMatches, Args, FromArgMatches, ValueEnum};
use serde_json::json;
use std::collections::BTreeSet;
use std::path::Path;
use std::process::ExitCode;

fn statuses() -> PossibleValuesParser {
    Status::ALL.iter().map(Status::word).into()
}

/// What leaves, and how.
#[derive(Args, Debug)]
pub struct Choices {
    /// Only this article, by its id
    #[arg(long, value_name = "ID")]
    article: Vec<String>,
    /// Only articles with this status (new, in-progress, done, flagged)
    #[arg(long, value_parser = statuses())]
    status: Vec<String>,
    /// Only articles with this metadata
    #[arg(long = "where", value_name = "FIELD=VALUE")]
    metadata: Option<String>,
    /// Only these annotators
    #[arg(long)]
    annotator: Vec<String>,
    /// Whose annotations
    #[arg(long, value_enum, default_value_t)]
    layers: LayersChoice,
    /// Only these labels
    #[arg(long)]
    label: Vec<String>,
    /// Shares of train, dev and test in percent
    #[arg(long, value_name = "80/10/10")]
    split: Option<String>,
    /// Another seed gives another split
    #[arg(long, default_value_t = 1, requires = "split")]
    seed: u64,
    /// What is spread evenly over the parts: `labels`, `nothing`, or a metadata field
    #[arg(
        long,
        value_name = "WHAT",
        default_value = "labels",
        requires = "split"
    )]
    stratify: String,
    /// Write articles with the same text once, with the annotations of all
    #[arg(long)]
    once: bool,
    /// Keep the texts at home: only what is quoted, or only hashes and offsets
    #[arg(long, value_enum, default_value_t)]
    texts: TextsChoice,
    /// What a token is, for formats that count in tokens
    #[arg(long, value_enum, default_value_t)]
    tokens: TokensChoice,
    /// Which annotations stay, for formats that hold one label a token
    #[arg(long, value_enum, default_value_t)]
    overlap: OverlapChoice,
    #[command(flatten)]
    of_formats: OfFormats,
}

/// Switches and fields that only some formats have, as the table of choices says them.
#[derive(Debug, Default)]
struct OfFormats(ExportOptions);

impl Args for OfFormats {
    fn augment_args(command: clap::Command) -> clap::Command {
        let mut options = ExportOptions::default();
        let choices = Choice::ALL.iter();
        let arguments = choices.filter_map(|choice| {
            let argument = Arg::new(choice.name).long(choice.name).help(choice.help);
            match (choice.value)(&mut options) {
                ChoiceValue::Switch(_) => Some(argument.action(ArgAction::SetTrue)),
                ChoiceValue::Field(_) => Some(argument.value_name("FIELD")),
                ChoiceValue::Texts(_) | ChoiceValue::Tokens(_) | ChoiceValue::Overlap(_) => None,
            }
        });
        let arguments: Vec<Arg> = arguments.collect();
        command.args(arguments)
    }

    fn augment_args_for_update(command: clap::Command) -> clap::Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for OfFormats {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let mut own = Self::default();
        own.update_from_arg_matches(matches)?;
        Ok(own)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        for choice in Choice::ALL {
            match (choice.value)(&mut self.0) {
                ChoiceValue::Switch(is_on) => *is_on = matches.get_flag(choice.name),
                ChoiceValue::Field(field) => *field = matches.get_one(choice.name).cloned(),
                ChoiceValue::Texts(_) | ChoiceValue::Tokens(_) | ChoiceValue::Overlap(_) => {}
            }
        }
        Ok(())
    }
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum LayersChoice {
    #[default]
    Each,
    Adjudicated,
    Merged,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum TextsChoice {
    #[default]
    Whole,
    Quoted,
    Hashes,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum TokensChoice {
    #[default]
    Words,
    WhiteSpace,
    Characters,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum OverlapChoice {
    #[default]
    Longest,
    Shortest,
    FilePerLabel,
}

impl Choices {
    pub fn options(self) -> Result<ExportOptions> {
        let metadata = self.metadata.map(|text| {
            text.split_once('=')
                .map(|(field, value)| (field.to_owned(), value.to_owned()))
                .with_context(|| format!("“{text}” is not FIELD=VALUE"))
        });
        let split = self.split.map(|text| {
            let shares: Vec<u8> = text
                .split('/')
                .filter_map(|n| n.trim().parse().ok())
                .collect();
            match shares.as_slice() {
                &[train, dev, test]
                    if u32::from(train) + u32::from(dev) + u32::from(test) == 100 =>
                {
                    Ok(Split {
                        train,
                        dev,
                        test,
                        seed: self.seed,
                        stratify: match self.stratify.as_str() {
                            "labels" => Stratify::Labels,
                            "nothing" => Stratify::Nothing,
                            field => Stratify::Metadata(field.to_owned()),
                        },
                    })
                }
                _ => bail!("“{text}” is no split: three shares that make 100, as 80/10/10"),
            }
        });
        Ok(ExportOptions {
            articles: self.article.into_iter().collect(),
            statuses: self.status,
            metadata: metadata.transpose()?,
            annotators: self.annotator,
            layers: match self.layers {
                LayersChoice::Each => Layers::Each,
                LayersChoice::Adjudicated => Layers::Adjudicated,
                LayersChoice::Merged => Layers::Merged,
            },
            labels: self.label,
            split: split.transpose()?,
            identical_once: self.once,
            texts: match self.texts {
                TextsChoice::Whole => Texts::Whole,
                TextsChoice::Quoted => Texts::Quoted,
                TextsChoice::Hashes => Texts::Hashes,
            },
            tokens: match self.tokens {
                TokensChoice::Words => Tokens::Words,
                TokensChoice::WhiteSpace => Tokens::WhiteSpace,
                TokensChoice::Characters => Tokens::Characters,
            },
            overlap: match self.overlap {
                OverlapChoice::Longest => Overlap::Longest,
                OverlapChoice::Shortest => Overlap::Shortest,
                OverlapChoice::FilePerLabel => Overlap::FilePerLabel,
            },
            ..self.of_formats.0
        })
    }
}

pub(super) fn known_format(name: &str) -> Result<&'static Format> {
    format_named(name).with_context(|| {
        let names: Vec<&str> = FORMATS.iter().map(|f| f.name).collect();
        format!(
            "there is no format “{name}”; there are: {}",
            names.join(", ")
        )
    })
}

pub(super) fn export(
    project: &Path,
    format: &str,
    output: &Path,
    options: &ExportOptions,
    verify: bool,
    force: bool,
    json: bool,
) -> Result<ExitCode> {
    let format = known_format(format)?;
    let desk = Desk::of_this_user();
    if desk.resolve(project) == desk.resolve(output) {
        bail!("{} is the project itself", shown_path(output));
    }
    let only_verify = verify && output.exists() && !force;
    if has_unsaved(&desk, project) {
        say_error(&format!(
            "{}: its journal holds edits that are not saved and are not exported",
            shown_path(project)
        ));
    }
    let (project, problems) = open(project)?;
    for problem in problems {
        say_error(&problem.to_string());
    }
    check_names(&project, options)?;
    let (path, written) = if only_verify {
        export::verify(&project, format, options, output, &mut |_| {
            !signals::is_ending()
        })?
    } else {
        let terms = Terms {
            may_replace: force,
            prove: true,
        };
        let check = |force| export::check_target(format, options, output, project.name(), force);
        let refused = |error: ExportError| match (force, check(false), check(true)) {
            (false, Err(_), Ok(())) => anyhow::anyhow!("{error}; --force replaces it"),
            _ => error.into(),
        };
        export::export(&project, format, options, output, terms, &mut |_| {
            !signals::is_ending()
        })
        .map_err(refused)?
    };
    let remarks = written.remarks();
    let (carries, loses) = match export::target_of(format, options, output, project.name()) {
        (_, Kind::Only(_)) => (
            "annotations".to_owned(),
            "the texts, what is said of articles, and the codebook: a single file has no place for them".to_owned(),
        ),
        _ => (format.carries_with(options), format.loses_with(options)),
    };
    if json {
        say_json(&json!({
            "file": path.to_string_lossy(), "format": format.name, "articles": written.articles,
            "annotations": written.annotations, "fragments": written.fragments,
            "verified": true, "carries": carries, "loses": loses, "by_rule": format.changes, "notes": remarks,
        }));
        return Ok(ExitCode::SUCCESS);
    }
    let files = if only_verify {
        ", and every file with what would be exported now"
    } else {
        ""
    };
    say(&format!(
        "{}: {}, {}, every one compared with the project{files}",
        shown_path(&path),
        contents(written.articles, written.annotations),
        count(written.fragments, "fragment", "fragments")
    ));
    say(&format!("{} does not carry {loses}", format.title));
    if !format.changes.is_empty() {
        say(&format!("by rule: {}", format.changes));
    }
    for remark in remarks {
        say(&format!("note: {remark}"));
    }
    Ok(ExitCode::SUCCESS)
}

/// Whether everything that was chosen by a name is there: a misspelt one would choose nothing, or
/// leave something out, without a word.
fn check_names(project: &Project, options: &ExportOptions) -> Result<()> {
    for label in &options.labels {
        if project.codebook().label(label).is_none() {
            bail!("the codebook has no label “{label}”");
        }
    }
    for id in &options.articles {
        if project.article(&ArticleId::new(id.as_str())).is_none() {
            bail!("the project has no article “{id}”");
        }
    }
    let listed = |names: &BTreeSet<&str>| {
        const SHOWN: usize = 20;
        let first: Vec<&str> = names.iter().take(SHOWN).copied().collect();
        match names.len().saturating_sub(SHOWN) {
            0 if first.is_empty() => "there are none".to_owned(),
            0 => format!("there are: {}", first.join(", ")),
            more => format!("there are: {} and {more} more", first.join(", ")),
        }
    };
    if !options.annotators.is_empty() {
        let annotations = project.articles().iter().flat_map(|a| a.annotations.iter());
        let mut annotators: BTreeSet<&str> = annotations.map(|a| a.annotator.as_str()).collect();
        annotators.extend(project.annotators().iter().map(|a| a.id.as_str()));
        for name in &options.annotators {
            if !annotators.contains(name.as_str()) {
                let known = listed(&annotators);
                bail!("the project has no annotator “{name}”; {known}");
            }
        }
    }
    let stratified = options.split.as_ref().map(|split| &split.stratify);
    let fields = [
        options.metadata.as_ref().map(|(field, _)| field),
        options.partition_by.as_ref(),
        match stratified {
            Some(Stratify::Metadata(field)) => Some(field),
            _ => None,
        },
    ];
    let articles = || project.articles().iter();
    for field in fields.into_iter().flatten() {
        if !articles().any(|article| article.metadata.contains_key(field)) {
            let fields = articles().flat_map(|article| article.metadata.keys());
            let known = listed(&fields.map(String::as_str).collect());
            bail!("no article has the metadata field “{field}”; {known}");
        }
    }
    Ok(())
}

pub(super) fn formats(json: bool) -> Result<ExitCode> {
    for format in FORMATS {
        let can = match format.reader() {
            Some(_) => "import and export",
            None => "export",
        };
        if json {
            say_json(&json!({
                "name": format.name, "title": format.title, "output": format.output(),
                "extension": format.extension(),
                "import": format.reader().is_some(), "export": true, "read_by": format.read_by,
                "offset_unit": format.offset_unit, "carries": format.carries(), "loses": format.loses(), "by_rule": format.changes,
            }));
        } else {
            say(&format!(
                "{}  {} ({}), {can}",
                format.name,
                format.title,
                format.output()
            ));
            say(&format!("    for {}", format.read_by));
            say(&format!("    offsets in {}", format.offset_unit));
            say(&format!("    carries {}", format.carries()));
            say(&format!("    does not carry {}", format.loses()));
            if !format.changes.is_empty() {
                say(&format!("    by rule: {}", format.changes));
            }
        }
    }
    for reader in readers() {
        if FORMATS
            .iter()
            .any(|format| format.reader().is_some_and(|own| own.name == reader.name))
        {
            continue;
        }
        if json {
            say_json(&json!({
                "name": reader.name, "title": reader.title, "extensions": reader.extensions,
                "import": true, "export": false,
            }));
        } else {
            let endings = reader.extensions.join(", .");
            say(&format!(
                "{}  {} (.{endings}), import",
                reader.name, reader.title
            ));
        }
    }
    Ok(ExitCode::SUCCESS)
}
