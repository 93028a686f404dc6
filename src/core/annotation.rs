//! An annotation: a label on one or more fragments of an article's text.

mod fragments;
mod record;
mod set;

use crate::core::compact::{Short, SmallMap};
use crate::core::ids::{AnnotationId, AnnotatorId, LabelId, PersonId};
use crate::core::kept::{Keeps, Kept};
use crate::core::text::{BytePos, ByteRange};
use serde::{Deserialize, Serialize};
use std::num::NonZeroU64;
use std::ops::{Deref, DerefMut};

pub use crate::core::kept::UnknownFields;
pub use fragments::{Fragments, merge_fragments};
pub use set::{AnnotationSet, FragmentEntry, MAX_LANES};

/// Seconds since 1970-01-01 UTC. The clock is outside the core.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "i64", into = "i64")]
pub struct Timestamp(
    /// The first moment of all is left out, so that none costs nothing.
    NonZeroU64,
);

/// The seconds as a number that rises with them and is 0 for the first moment of all.
const EPOCH: u64 = 1 << 63;

impl Timestamp {
    pub const fn new(seconds: i64) -> Self {
        match NonZeroU64::new(seconds as u64 ^ EPOCH) {
            Some(moment) => Self(moment),
            None => Self(NonZeroU64::MIN),
        }
    }

    pub const fn seconds(self) -> i64 {
        (self.0.get() ^ EPOCH) as i64
    }
}

impl From<i64> for Timestamp {
    fn from(seconds: i64) -> Self {
        Self::new(seconds)
    }
}

impl From<Timestamp> for i64 {
    fn from(time: Timestamp) -> Self {
        time.seconds()
    }
}

/// What a project has millions of: what most annotations have nothing of stands apart.
#[derive(Clone, Debug, PartialEq)]
pub struct Annotation {
    pub id: AnnotationId,
    pub annotator: AnnotatorId,
    pub label: LabelId,
    /// In text order, not touching, never empty; several make the annotation discontinuous.
    pub fragments: Fragments,
    pub made: Option<Timestamp>,
    /// The revision of the codebook in force when it was made; 0 when unknown.
    pub codebook_revision: u32,
    pub details: Apart,
}

/// Read and set as if it stood in the annotation itself.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Details {
    pub attributes: Attributes,
    pub links: Vec<Link>,
    pub note: String,
    pub changed: Option<Timestamp>,
    pub origin: Origin,
    pub unknown: UnknownFields,
}

/// What an annotation says of what it covers, by name.
pub type Attributes = SmallMap<Short, AttributeValue>;

/// Details, which take no room while there are none.
#[derive(Clone, Debug, Default)]
pub struct Apart(Option<Box<Details>>);

static NONE: Details = Details {
    attributes: Attributes::new(),
    links: Vec::new(),
    note: String::new(),
    changed: None,
    origin: Origin::Hand,
    unknown: UnknownFields::new(),
};

impl From<Details> for Apart {
    fn from(details: Details) -> Self {
        Self((details != NONE).then(|| Box::new(details)))
    }
}

impl PartialEq for Apart {
    fn eq(&self, other: &Self) -> bool {
        self.get() == other.get()
    }
}

impl Apart {
    fn get(&self) -> &Details {
        self.0.as_deref().unwrap_or(&NONE)
    }
}

impl Deref for Annotation {
    type Target = Details;

    fn deref(&self) -> &Details {
        self.details.get()
    }
}

impl DerefMut for Annotation {
    fn deref_mut(&mut self) -> &mut Details {
        self.details.0.get_or_insert_default()
    }
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

/// A number as a text writes it; `None` for what is none, and for one with more digits than are
/// held of it, as ids of posts have.
pub fn exact_number(text: &str) -> Option<f64> {
    let number: f64 = text
        .parse()
        .ok()
        .filter(|number: &f64| number.is_finite())?;
    (decimal(text) == decimal(&format!("{number:e}"))).then_some(number)
}

/// The digits of a number without zeros around them, how far the first of them stands before the
/// point, and whether it is below zero.
fn decimal(text: &str) -> Option<(String, i64, bool)> {
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let unsigned = whole.trim_start_matches(['+', '-']);
    let digits = format!("{unsigned}{fraction}");
    let first = digits.trim_start_matches('0');
    let zeros = digits.len() - first.len();
    let is_negative = whole.starts_with('-');
    if first.is_empty() {
        return Some((String::new(), 0, is_negative));
    }
    let exponent: i64 = exponent.parse().ok()?;
    let places = exponent + unsigned.len() as i64 - zeros as i64;
    Some((first.trim_end_matches('0').to_owned(), places, is_negative))
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
            fragments: range.into(),
            made: None,
            codebook_revision: 0,
            details: Apart::default(),
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
        let mut fragments = self.fragments.to_vec();
        fragments.push(range);
        let mut changed = self.clone();
        changed.fragments = merge_fragments(fragments);
        changed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_annotation_takes_what_a_million_of_them_can() {
        assert_eq!(size_of::<Annotation>(), 88);
        assert_eq!(size_of::<FragmentEntry>(), 24);
        let mut note = Annotation::new("a".into(), "b".into(), "c".into(), ByteRange::default());
        assert!(note.details.0.is_none());
        let none = note.clone();
        note.note = "n".to_owned();
        assert_ne!(note, none);
        note.note.clear();
        assert_eq!(note, none);
    }

    #[test]
    fn moments_are_seconds() {
        for seconds in [i64::MIN + 1, -1, 0, 1, 1_795_532_531, i64::MAX] {
            assert_eq!(Timestamp::new(seconds).seconds(), seconds);
        }
        assert_eq!(Timestamp::new(i64::MIN).seconds(), i64::MIN + 1);
        assert!(Timestamp::new(-1) < Timestamp::new(1));
        assert_eq!(size_of::<Option<Timestamp>>(), 8);
    }

    #[test]
    fn numbers_are_held_with_all_their_digits_or_not_at_all() {
        for text in [
            "0",
            "-0",
            "3",
            "3.0",
            "+3",
            "-0.5",
            ".5",
            "5.",
            "1e5",
            "1.50E-3",
            "0.1",
            "2.50",
            "9007199254740992",
            "-9007199254740991",
            "0.30000000000000004",
            "1e300",
            "100000000000000000000",
        ] {
            let number = exact_number(text).map(|number| number.to_bits());
            assert_eq!(number, text.parse().ok().map(f64::to_bits), "{text}");
        }
        for text in [
            "9007199254740993",
            "1790123456789012345",
            "-1790123456789012345",
            "0.12345678901234567890",
            "1e400",
            "NaN",
            "inf",
            "",
            "x",
            "1,5",
            "1_000",
        ] {
            assert_eq!(exact_number(text), None, "{text}");
        }
    }

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
