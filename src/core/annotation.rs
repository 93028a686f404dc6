//! An annotation: a label on one or more fragments of an article's text.

mod set;

use crate::core::ids::{AnnotationId, AnnotatorId, LabelId, PersonId};
use crate::core::kept::{Keeps, Kept};
use crate::core::text::{BytePos, ByteRange};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

pub use crate::core::kept::UnknownFields;
pub use set::{AnnotationSet, FragmentEntry, MAX_LANES};

/// Seconds since 1970-01-01 UTC. The clock is outside the core.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

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
    Number(#[serde(with = "number")] f64),
    Bool(bool),
    /// Several of the options.
    Many(Vec<String>),
    /// Someone in the speaker ledger.
    Person(PersonId),
    /// A value of a later version.
    Later(Kept),
}

impl Keeps for Annotation {
    fn each_kept(&mut self, see: &mut dyn FnMut(String, &mut UnknownFields)) {
        see(String::new(), &mut self.unknown);
        for link in &mut self.links {
            let part = format!("the link {} to {}", link.role, link.target);
            see(part, &mut link.unknown);
        }
    }
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
            Self::Later(kept) => kept.as_str().to_owned(),
        }
    }
}

/// Numbers in JSON, which has no way to write what is none or has no end: those stand as text.
mod number {
    use serde::de::{Error, Visitor};
    use serde::{Deserializer, Serializer};

    pub fn serialize<S: Serializer>(number: &f64, serializer: S) -> Result<S::Ok, S::Error> {
        if number.is_finite() {
            serializer.serialize_f64(*number)
        } else {
            serializer.collect_str(number)
        }
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
        struct Number;

        impl Visitor<'_> for Number {
            type Value = f64;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a number")
            }
            fn visit_f64<E: Error>(self, number: f64) -> Result<f64, E> {
                Ok(number)
            }
            fn visit_i64<E: Error>(self, number: i64) -> Result<f64, E> {
                Ok(number as f64)
            }
            fn visit_u64<E: Error>(self, number: u64) -> Result<f64, E> {
                Ok(number as f64)
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<f64, E> {
                let number = text.parse();
                number.map_err(|_no_number| E::custom(format!("“{text}” is no number")))
            }
            // As an earlier version wrote them.
            fn visit_unit<E: Error>(self) -> Result<f64, E> {
                Ok(f64::NAN)
            }
        }
        deserializer.deserialize_any(Number)
    }
}

/// A link to another annotation of the same article, by role (`source`, `cue`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    pub role: String,
    pub target: AnnotationId,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unknown: UnknownFields,
}

impl Link {
    pub fn new(role: impl Into<String>, target: AnnotationId) -> Self {
        Self {
            role: role.into(),
            target,
            unknown: UnknownFields::new(),
        }
    }
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
    /// An origin of a later version.
    Later(Kept),
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

#[cfg(test)]
mod tests {
    use super::AttributeValue;

    #[test]
    fn every_number_survives_json() {
        let check = |number: f64, json: &str| {
            let value = AttributeValue::Number(number);
            let written = serde_json::to_string(&value).unwrap();
            assert_eq!(written, format!("{{\"number\":{json}}}"));
            match serde_json::from_str(&written).unwrap() {
                AttributeValue::Number(read) => assert_eq!(read.to_bits(), number.to_bits()),
                other => panic!("{other:?}"),
            }
        };
        check(0.1, "0.1");
        check(-0.0, "-0.0");
        check(f64::MAX, "1.7976931348623157e+308");
        check(f64::NAN, "\"NaN\"");
        check(f64::INFINITY, "\"inf\"");
        check(f64::NEG_INFINITY, "\"-inf\"");
        // As whole numbers stand in journals, and as none did in those of before.
        for (json, expected) in [("3", 3.0), ("-3", -3.0)] {
            let read = serde_json::from_str(&format!("{{\"number\":{json}}}"));
            assert_eq!(read.ok(), Some(AttributeValue::Number(expected)));
        }
        let read = serde_json::from_str("{\"number\":null}").unwrap();
        assert!(matches!(read, AttributeValue::Number(number) if number.is_nan()));
    }
}
