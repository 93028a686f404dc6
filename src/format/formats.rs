//! The table of dataset formats. The export dialog, the command line, `pressmark formats` and the
//! README read it.

use super::export as e;
use super::export::{ProveDataset, WriteDataset};
use super::readers::reader_named;
use super::reading::Reader;

/// Everything known about one dataset format.
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
    /// What it can carry, in a sentence without its first word.
    pub carries: &'static str,
    /// What it cannot.
    pub loses: &'static str,
    /// What else can be chosen for it.
    pub choices: &'static [Choice],
    pub write: WriteDataset,
    pub prove: ProveDataset,
    /// The writer makes the parts of a split itself.
    pub splits_itself: bool,
    /// The name of its reader in the table of readers; empty for none.
    pub reader: &'static str,
}

/// Who a format is mostly for; the dialog lists them so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FormatGroup {
    Reading,
    Analysis,
    Annotation,
    Training,
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

/// An option that only some formats have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// The whole texts may stay at home.
    Texts,
    Tokens,
    Overlap,
    Semicolons,
    Crlf,
    PartitionBy,
}

impl Format {
    pub fn reader(&self) -> Option<&'static Reader> {
        reader_named(self.reader)
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

    pub fn has(&self, choice: Choice) -> bool {
        self.choices.contains(&choice)
    }
}

pub fn format_named(name: &str) -> Option<&'static Format> {
    FORMATS
        .iter()
        .find(|format| format.name == name || format.aliases.contains(&name))
}

pub const FORMATS: &[Format] = &[Format {
    name: "jsonl",
    aliases: &["json-lines"],
    title: "JSON Lines",
    group: FormatGroup::Training,
    shape: Shape::File { extension: "jsonl" },
    offset_unit: "Unicode code points",
    read_by: "Python, R, and Pressmark itself",
    carries: "articles with metadata, annotations with fragments, attributes, links, notes, annotators and status",
    loses: "the codebook, the trash and what is known of people besides their names",
    choices: &[Choice::Texts],
    write: e::jsonl::write,
    prove: e::jsonl::prove,
    splits_itself: false,
    reader: "jsonl",
}];
