//! What can be chosen for an export. Remembered for each format.

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
