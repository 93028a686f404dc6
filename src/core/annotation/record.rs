//! An annotation as the journal has it: one record, whatever stands apart in memory. Its fields,
//! their order and what is left out when it is empty are those of journals that exist.

use super::{Annotation, Attributes, Details, Fragments, Link, Origin, Timestamp, UnknownFields};
use crate::core::ids::{AnnotationId, AnnotatorId, LabelId};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::Cow;

#[derive(Serialize, Deserialize)]
#[serde(rename = "Annotation")]
struct Record<'a> {
    id: Cow<'a, AnnotationId>,
    annotator: Cow<'a, AnnotatorId>,
    label: Cow<'a, LabelId>,
    fragments: Cow<'a, Fragments>,
    #[serde(default, skip_serializing_if = "is_default")]
    attributes: Cow<'a, Attributes>,
    #[serde(default, skip_serializing_if = "is_default")]
    links: Cow<'a, [Link]>,
    #[serde(default, skip_serializing_if = "is_default")]
    note: Cow<'a, str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    made: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    changed: Option<Timestamp>,
    #[serde(default)]
    codebook_revision: u32,
    #[serde(default)]
    origin: Cow<'a, Origin>,
    #[serde(default, skip_serializing_if = "is_default")]
    unknown: Cow<'a, UnknownFields>,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

impl Serialize for Annotation {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let record = Record {
            id: Cow::Borrowed(&self.id),
            annotator: Cow::Borrowed(&self.annotator),
            label: Cow::Borrowed(&self.label),
            fragments: Cow::Borrowed(&self.fragments),
            attributes: Cow::Borrowed(&self.attributes),
            links: Cow::Borrowed(&self.links),
            note: Cow::Borrowed(&self.note),
            made: self.made,
            changed: self.changed,
            codebook_revision: self.codebook_revision,
            origin: Cow::Borrowed(&self.origin),
            unknown: Cow::Borrowed(&self.unknown),
        };
        record.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Annotation {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let record = Record::deserialize(deserializer)?;
        let details = Details {
            attributes: record.attributes.into_owned(),
            links: record.links.into_owned(),
            note: record.note.into_owned(),
            changed: record.changed,
            origin: record.origin.into_owned(),
            unknown: record.unknown.into_owned(),
        };
        Ok(Self {
            id: record.id.into_owned(),
            annotator: record.annotator.into_owned(),
            label: record.label.into_owned(),
            fragments: record.fragments.into_owned(),
            made: record.made,
            codebook_revision: record.codebook_revision,
            details: details.into(),
        })
    }
}
