//! What can be chosen for an export. Remembered for each format.
//!
//! To add an option that only some formats have: its field and its [`Choice`] here, and the writer
//! that has it. The dialog, the command line and the tests take it from the table.

use crate::core::annotation::Annotation;
use crate::core::article::{Article, Status};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Empty lists take all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ExportOptions {
    /// Ids.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub articles: BTreeSet<String>,
    /// `new`, `in-progress`, `done`, `flagged`, for any annotator.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub statuses: Vec<String>,
    /// Only articles with this value in this field.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<(String, String)>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub annotators: Vec<String>,
    pub layers: Layers,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub split: Option<Split>,
    /// Articles with the same text are written once, with the annotations of all.
    pub identical_once: bool,
    pub texts: Texts,
    pub tokens: Tokens,
    pub overlap: Overlap,
    /// CSV with `;` between columns, as Excel wants it in many countries.
    pub semicolons: bool,
    /// REFI-QDA texts with `\r\n`, as MAXQDA on Windows may want them; positions stay the same.
    pub crlf: bool,
    /// WebAnno TSV with layers of its own for annotations and links, instead of named entities.
    pub own_layer: bool,
    /// Parquet in folders `FIELD=VALUE`, by this metadata field.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partition_by: Option<String>,
}

/// Whose annotations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Layers {
    /// Everyone's, each with its annotator.
    #[default]
    Each,
    /// Only those of annotators whose name says that they decide, see [`is_adjudicator`].
    Adjudicated,
    /// The same label on the same stretches is one annotation, with all its annotators.
    Merged,
}

/// Whether an annotator's name says that their annotations are the final version, as other tools
/// name it: INCEpTION's curator, a gold standard.
pub fn is_adjudicator(name: &str) -> bool {
    let name = name.to_lowercase().replace(['_', '-'], " ");
    let known = ["adjudicat", "curat", "gold", "consensus"];
    name.split_whitespace()
        .any(|word| known.iter().any(|stem| word.starts_with(stem)))
}

/// Shares in percent, by whole articles; identical articles stay together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Split {
    pub train: u8,
    pub dev: u8,
    pub test: u8,
    pub seed: u64,
    pub stratify: Stratify,
}

impl Default for Split {
    fn default() -> Self {
        Self {
            train: 80,
            dev: 10,
            test: 10,
            seed: 1,
            stratify: Stratify::Labels,
        }
    }
}

/// What is spread evenly over the parts of a split.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stratify {
    Nothing,
    /// Articles with the same set of labels.
    #[default]
    Labels,
    /// Articles with the same value in this metadata field.
    Metadata(String),
}

/// Whether texts leave.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Texts {
    #[default]
    Whole,
    /// The annotated stretches only; articles as hashes.
    Quoted,
    /// Offsets and hashes.
    Hashes,
}

/// What a token is, where a format counts in tokens. Spans cut tokens at their edges.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tokens {
    /// Words and single marks, by Unicode's rules and dictionaries (UAX 29).
    #[default]
    Words,
    /// What stands between white space.
    WhiteSpace,
    /// Single characters, as readers see them (grapheme clusters).
    Characters,
}

/// Which annotations stay where a format can hold one label a token.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Overlap {
    #[default]
    Longest,
    Shortest,
    /// A file for each label; only overlaps with the same label are lost.
    FilePerLabel,
}

impl ExportOptions {
    pub fn takes_article(&self, article: &Article) -> bool {
        let named = |status: &Status| {
            let wanted = |name: &String| name.replace(['-', '_'], " ") == status.name();
            self.statuses.iter().any(wanted)
        };
        let by_status = self.statuses.is_empty()
            || article.status.values().any(named)
            || (article.status.is_empty() && named(&Status::New));
        let by_id = self.articles.is_empty() || self.articles.contains(article.id.as_str());
        let by_metadata = self
            .metadata
            .as_ref()
            .is_none_or(|(field, value)| article.meta(field).unwrap_or("") == value);
        by_status && by_id && by_metadata
    }

    pub fn takes_annotation(&self, annotation: &Annotation) -> bool {
        let in_list = |list: &[String], id: &str| list.is_empty() || list.iter().any(|x| x == id);
        in_list(&self.annotators, annotation.annotator.as_str())
            && in_list(&self.labels, annotation.label.as_str())
    }
}

/// An option that only some formats have.
#[derive(Debug)]
pub struct Choice {
    /// The command line's name of a switch or a field.
    pub name: &'static str,
    /// What the command line says of it.
    pub help: &'static str,
    /// The dialog's row.
    pub row: &'static str,
    /// What the dialog calls a switch or a field.
    pub title: &'static str,
    /// What the dialog says of it.
    pub hint: &'static str,
    /// What a format with it can do.
    pub deed: &'static str,
    pub value: for<'o> fn(&'o mut ExportOptions) -> ChoiceValue<'o>,
}

/// The value of a choice, where it stands.
pub enum ChoiceValue<'o> {
    Switch(&'o mut bool),
    /// A metadata field.
    Field(&'o mut Option<String>),
    Texts(&'o mut Texts),
    Tokens(&'o mut Tokens),
    Overlap(&'o mut Overlap),
}

impl ChoiceValue<'_> {
    fn is_made(&self) -> bool {
        match self {
            Self::Switch(is_on) => **is_on,
            Self::Field(field) => field.is_some(),
            Self::Texts(texts) => **texts != Texts::default(),
            Self::Tokens(tokens) => **tokens != Tokens::default(),
            Self::Overlap(overlap) => **overlap != Overlap::default(),
        }
    }
}

impl Choice {
    pub const ALL: &[&Self] = &[
        &Self::TEXTS,
        &Self::TOKENS,
        &Self::OVERLAP,
        &Self::SEMICOLONS,
        &Self::CRLF,
        &Self::OWN_LAYER,
        &Self::PARTITION_BY,
    ];
    /// The whole texts may stay at home.
    pub const TEXTS: Self = Self {
        name: "texts",
        help: "",
        row: "Texts",
        title: "",
        hint: "",
        deed: "leave the texts at home",
        value: |options| ChoiceValue::Texts(&mut options.texts),
    };
    pub const TOKENS: Self = Self {
        name: "tokens",
        row: "Tokens",
        deed: "be cut into other tokens",
        value: |options| ChoiceValue::Tokens(&mut options.tokens),
        ..Self::TEXTS
    };
    pub const OVERLAP: Self = Self {
        name: "overlap",
        row: "Overlaps",
        deed: "choose among overlapping annotations",
        value: |options| ChoiceValue::Overlap(&mut options.overlap),
        ..Self::TEXTS
    };
    pub const SEMICOLONS: Self = Self {
        name: "semicolons",
        help: "CSV with semicolons and decimal commas, as Excel wants it where the comma is the decimal mark; a file with commas is to be imported there and not opened with a double click",
        row: "Columns",
        title: "Semicolons between columns",
        hint: "As Excel wants it where the comma is the decimal mark, which numbers have then. There, import a file with commas (Data, From Text/CSV) and do not open it with a double click: Excel would cut its cells at semicolons and could run what follows as a formula.",
        deed: "have semicolons between columns",
        value: |options| ChoiceValue::Switch(&mut options.semicolons),
    };
    pub const CRLF: Self = Self {
        name: "crlf",
        help: "REFI-QDA texts with CRLF line ends: for MAXQDA on Windows, not for QualCoder",
        row: "Line ends",
        title: "CRLF, for MAXQDA on Windows",
        hint: "For MAXQDA, not for QualCoder, which then shows every coding shifted. Positions stay the same.",
        deed: "have texts with CRLF",
        value: |options| ChoiceValue::Switch(&mut options.crlf),
    };
    /// Layers of its own instead of those that every project has.
    pub const OWN_LAYER: Self = Self {
        name: "own-layer",
        help: "WebAnno TSV with all of annotations and links, in layers of their own: import TypeSystem.xml as layers of the INCEpTION project first",
        row: "Layers",
        title: "Own layers, with all of annotations and links",
        hint: "Import TypeSystem.xml of the export as layers of the project first: INCEpTION refuses files with layers that it does not know. Without this, labels are named entities, which every project has.",
        deed: "have layers of its own",
        value: |options| ChoiceValue::Switch(&mut options.own_layer),
    };
    pub const PARTITION_BY: Self = Self {
        name: "partition-by",
        help: "Parquet in folders by this metadata field",
        row: "Folders",
        title: "Folders by metadata",
        hint: "",
        deed: "be laid out in folders by metadata",
        value: |options| ChoiceValue::Field(&mut options.partition_by),
    };

    /// Whether something other than usual was chosen.
    pub fn is_made(&self, options: &ExportOptions) -> bool {
        (self.value)(&mut options.clone()).is_made()
    }
}
