//! An annotation: a label on one or more fragments of an article's text.

mod set;

use crate::core::ids::{AnnotationId, AnnotatorId, LabelId, PersonId};
use crate::core::text::{BytePos, ByteRange};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

pub use set::{AnnotationSet, FragmentEntry, MAX_LANES};

/// Seconds since 1970-01-01 UTC. The clock is outside the core.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

/// Fields that this version does not know, as they stood in the file: name and raw RON value.
pub type UnknownFields = Vec<(String, String)>;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Annotation {
    pub id: AnnotationId,
    pub annotator: AnnotatorId,
    pub label: LabelId,
    /// In text order, not touching, never empty; several make the annotation discontinuous.
    pub fragments: Vec<ByteRange>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub attributes: BTreeMap<String, AttributeValue>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<Link>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changed: Option<Timestamp>,
    /// The revision of the codebook in force when it was made; 0 when unknown.
    #[serde(default)]
    pub codebook_revision: u32,
    #[serde(default)]
    pub origin: Origin,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unknown: UnknownFields,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AttributeValue {
    Text(String),
    Number(f64),
    Bool(bool),
    /// Several of the options.
    Many(Vec<String>),
    /// Someone in the speaker ledger.
    Person(PersonId),
}

impl AttributeValue {
    /// The value as a person would read it.
    pub fn to_text(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Number(number) => number.to_string(),
            Self::Bool(true) => "yes".to_owned(),
            Self::Bool(false) => "no".to_owned(),
            Self::Many(values) => values.join("; "),
            Self::Person(id) => id.to_string(),
        }
    }
}

/// A link to another annotation of the same article, by role (`source`, `cue`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    pub role: String,
    pub target: AnnotationId,
}

/// Where an annotation came from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    #[default]
    Hand,
    /// An accepted suggestion, with the rule that made it.
    Suggestion(String),
    /// Read from a dataset, with its name.
    Import(String),
}

impl Annotation {
    /// An annotation made by hand on one stretch.
    pub fn new(id: AnnotationId, annotator: AnnotatorId, label: LabelId, range: ByteRange) -> Self {
        Self {
            id,
            annotator,
            label,
            fragments: vec![range],
            attributes: BTreeMap::new(),
            links: Vec::new(),
            note: String::new(),
            made: None,
            changed: None,
            codebook_revision: 0,
            origin: Origin::Hand,
            unknown: UnknownFields::new(),
        }
    }

    /// From the start of the first fragment to the end of the last.
    pub fn extent(&self) -> ByteRange {
        let start = self.fragments.first().map_or(BytePos(0), |f| f.start);
        let end = self.fragments.last().map_or(start, |f| f.end);
        ByteRange::new(start, end)
    }

    pub fn start(&self) -> BytePos {
        self.fragments.first().map_or(BytePos(0), |f| f.start)
    }

    /// Bytes covered by all fragments together.
    pub fn covered_bytes(&self) -> usize {
        self.fragments.iter().map(|f| f.len()).sum()
    }

    /// The same annotation with one more fragment; those that overlap or touch become one.
    pub fn with_fragment(&self, range: ByteRange) -> Self {
        let mut fragments = self.fragments.clone();
        fragments.push(range);
        let mut changed = self.clone();
        changed.fragments = merge_fragments(fragments);
        changed
    }
}

/// Sorts fragments and joins those that overlap or touch.
pub fn merge_fragments(mut fragments: Vec<ByteRange>) -> Vec<ByteRange> {
    fragments.sort();
    let mut merged: Vec<ByteRange> = Vec::with_capacity(fragments.len());
    for fragment in fragments {
        match merged.last_mut() {
            Some(last) if fragment.start <= last.end => *last = last.union(fragment),
            _ => merged.push(fragment),
        }
    }
    merged
}
