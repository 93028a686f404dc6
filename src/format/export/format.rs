//! What a format that is written says of itself: the export dialog, the command line and `docs/formats.md`
//! tell it, and tests prove it.

use crate::format::export::options::{Choice, ExportOptions};
use crate::format::export::{ProveDataset, WriteDataset};
use crate::format::reading::Reader;

/// Everything known about a format that can be written.
#[derive(Clone, Copy, Debug)]
pub struct Format {
    /// What `--format` takes.
    pub name: &'static str,
    /// Other names that `--format` takes.
    pub aliases: &'static [&'static str],
    pub title: &'static str,
    pub group: FormatGroup,
    pub shape: Shape,
    pub offset_unit: &'static str,
    /// Who reads it, in a few words.
    pub read_by: &'static str,
    /// What of a project it cannot hold; everything else comes back by its reader.
    pub lacks: &'static [Part],
    /// What is worth knowing besides: what it has that others have not.
    pub adds: &'static str,
    /// How it changes what it holds, and what becomes of what it lacks.
    pub changes: &'static str,
    /// What else can be chosen for it.
    pub choices: &'static [&'static Choice],
    pub write: WriteDataset,
    pub prove: ProveDataset,
    /// The writer makes the parts of a split itself.
    pub splits_itself: bool,
    /// What brings it back.
    pub(crate) reader: Option<&'static Reader>,
}

/// Who a format is mostly for; the dialog lists them so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FormatGroup {
    Analysis,
    Reading,
    Training,
    Annotation,
    Exchange,
}

impl FormatGroup {
    pub fn title(self) -> &'static str {
        match self {
            Self::Reading => "To read and publish",
            Self::Analysis => "Spreadsheets and qualitative analysis",
            Self::Annotation => "Other annotation tools",
            Self::Training => "Training and evaluation",
            Self::Exchange => "Exchange and archiving",
        }
    }
}

/// What lies on the disk afterwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// One file with this ending.
    File { extension: &'static str },
    /// A folder, or a .zip with the same files. `main` is the file that can be had alone, by an
    /// output with its ending; empty for none.
    Folder { main: &'static str },
}

/// A part of a project that a dataset may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The texts to the character, white space included.
    Text,
    /// Labels as they are written, rather than in a safe form.
    Labels,
    Overlaps,
    Discontinuous,
    Attributes,
    /// Attributes that are there without a value.
    EmptyAttributes,
    Links,
    Notes,
    Annotators,
    /// When annotations were made and changed.
    Times,
    /// Of annotations and articles.
    Ids,
    Titles,
    Metadata,
    Status,
    /// Where somebody has read and found nothing.
    Nothing,
    ArticleNotes,
    /// Sets of articles.
    Sets,
    /// Names, definitions and colours of labels.
    Codebook,
    /// The ledger of people, groups and what is not the same, and what labels stand for.
    OfProject,
    /// Annotations that are no part of a quote with a cue.
    NotQuotes,
}

impl Part {
    pub const ALL: [Self; 20] = [
        Self::Text,
        Self::Labels,
        Self::Overlaps,
        Self::Discontinuous,
        Self::Attributes,
        Self::EmptyAttributes,
        Self::Links,
        Self::Notes,
        Self::Annotators,
        Self::Times,
        Self::Ids,
        Self::Titles,
        Self::Metadata,
        Self::Status,
        Self::Nothing,
        Self::ArticleNotes,
        Self::Sets,
        Self::Codebook,
        Self::OfProject,
        Self::NotQuotes,
    ];

    /// What people call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "the exact text",
            Self::Labels => "labels as they are written",
            Self::Overlaps => "overlapping annotations",
            Self::Discontinuous => "discontinuous annotations",
            Self::Attributes => "attributes",
            Self::EmptyAttributes => "attributes without a value",
            Self::Links => "links",
            Self::Notes => "notes",
            Self::Annotators => "annotators",
            Self::Times => "times",
            Self::Ids => "ids",
            Self::Titles => "titles",
            Self::Metadata => "metadata",
            Self::Status => "status",
            Self::Nothing => "paragraphs with nothing in them",
            Self::ArticleNotes => "notes on articles",
            Self::Sets => "sets of articles",
            Self::Codebook => "names, definitions and colours of labels",
            Self::OfProject => {
                "what is known of people, groups of quotes and claims, what labels stand for"
            }
            Self::NotQuotes => "annotations that are no part of a quote with a cue",
        }
    }
}

impl Format {
    pub fn reader(&self) -> Option<&'static Reader> {
        self.reader
    }

    /// The ending of a file, or of the archive that takes the folder's place.
    pub fn extension(&self) -> &'static str {
        match self.shape {
            Shape::File { extension } => extension,
            Shape::Folder { .. } => "zip",
        }
    }

    /// “.jsonl”, or “folder or .zip”.
    pub fn output(&self) -> String {
        match self.shape {
            Shape::File { extension } => format!(".{extension}"),
            Shape::Folder { .. } => "folder or .zip".to_owned(),
        }
    }

    pub fn has_part(&self, part: Part) -> bool {
        !self.lacks.contains(&part)
    }

    /// What it lacks, as far as options change that.
    pub fn lacks_with(&self, options: &ExportOptions) -> &'static [Part] {
        if self.has(&Choice::OWN_LAYER) && options.own_layer {
            &[Part::Text, Part::Nothing, Part::Sets]
        } else {
            self.lacks
        }
    }

    /// What it can carry, in a sentence without its first word.
    pub fn carries(&self) -> String {
        self.carries_with(&ExportOptions::default())
    }

    pub fn carries_with(&self, options: &ExportOptions) -> String {
        const FEW: usize = 4;
        let lacks = self.lacks_with(options);
        // What was read, and sets, are of the project: they are told where they are carried. Quotes
        // alone leave where it is said.
        let of_project = |part: &&Part| {
            use Part::{NotQuotes, Nothing, OfProject, Sets};
            matches!(part, Nothing | Sets | OfProject | NotQuotes)
        };
        let mut names: Vec<&str> = match lacks.iter().filter(|part| !of_project(part)).count() {
            0 if lacks.contains(&Part::NotQuotes) => {
                vec!["articles, and quotes whole with their cues and sources"]
            }
            0 => vec!["articles, annotations and labels whole"],
            1..=FEW => vec!["articles, annotations and labels whole but for what follows"],
            _ => Part::ALL
                .into_iter()
                .filter(|part| !lacks.contains(part) && !of_project(&part))
                .map(Part::name)
                .collect(),
        };
        if self.reader.is_some() && !lacks.contains(&Part::OfProject) {
            names.push(Part::OfProject.name());
        }
        names.extend(Some(self.adds).filter(|adds| !adds.is_empty()));
        if names.is_empty() {
            "labels".to_owned()
        } else {
            names.join(", ")
        }
    }

    /// What it cannot.
    pub fn loses(&self) -> String {
        self.loses_with(&ExportOptions::default())
    }

    pub fn loses_with(&self, options: &ExportOptions) -> String {
        let lacks = self.lacks_with(options);
        let mut names: Vec<&str> = lacks.iter().map(|part| part.name()).collect();
        // Said by “attributes” already.
        if lacks.contains(&Part::Attributes) {
            names.retain(|name| *name != Part::EmptyAttributes.name());
        }
        if !lacks.contains(&Part::Codebook) {
            names.push("the codebook’s rules, history and trash, as no dataset does");
        }
        names.join(", ")
    }

    pub fn has(&self, choice: &Choice) -> bool {
        self.choices.iter().any(|own| own.name == choice.name)
    }
}
