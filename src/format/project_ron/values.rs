//! Records of the file to the values of the core that need no proof: codebook, statuses, names.
//!
//! Knows nothing of texts; whatever a record holds becomes a value.

use super::record::{AttributeRecord, CodebookRecord, LabelRecord, Str, ValueRecord};
use super::write::{boundary_name, overlap_name, status_name, underline_name};
use crate::core::annotation::AttributeValue;
use crate::core::article::Status;
use crate::core::codebook::{
    AttributeKind, AttributeSpec, BoundaryPolicy, Codebook, Label, LinkRole, OverlapPolicy,
    Underline,
};
use crate::core::ids::{AnnotatorId, LabelId};
use std::collections::HashMap;

/// Shares the strings that recur: labels and annotators.
#[derive(Default)]
pub(super) struct Names {
    labels: HashMap<String, LabelId>,
    annotators: HashMap<String, AnnotatorId>,
}

impl Names {
    pub(super) fn label(&mut self, name: &str) -> LabelId {
        if let Some(known) = self.labels.get(name) {
            return known.clone();
        }
        let new = LabelId::new(name);
        self.labels.insert(name.to_owned(), new.clone());
        new
    }

    pub(super) fn annotator(&mut self, name: &str) -> AnnotatorId {
        if let Some(known) = self.annotators.get(name) {
            return known.clone();
        }
        let new = AnnotatorId::new(name);
        self.annotators.insert(name.to_owned(), new.clone());
        new
    }
}

pub(super) fn owned(strings: Vec<Str<'_>>) -> Vec<String> {
    strings.into_iter().map(Str::into_owned).collect()
}

pub(super) fn value_from(value: &ValueRecord<'_>) -> AttributeValue {
    match value {
        ValueRecord::Text(text) => AttributeValue::Text(text.as_str().to_owned()),
        // What is no number is not even itself.
        ValueRecord::Number(number) if !number.is_finite() => {
            AttributeValue::Text(number.to_string())
        }
        ValueRecord::Number(number) => AttributeValue::Number(*number),
        ValueRecord::Bool(value) => AttributeValue::Bool(*value),
        ValueRecord::Many(values) => {
            AttributeValue::Many(values.iter().map(|v| v.as_str().to_owned()).collect())
        }
        ValueRecord::Person(id) => AttributeValue::Person(id.as_str().into()),
    }
}

pub(super) fn status_from(name: &str) -> Option<Status> {
    [
        Status::New,
        Status::InProgress,
        Status::Done,
        Status::Flagged,
    ]
    .into_iter()
    .find(|&status| status_name(status) == name)
}

/// The values of a label's record for which a label has no place.
pub(super) fn unusable_values<'r>(record: &'r LabelRecord<'_>) -> Vec<(&'static str, &'r str)> {
    let color = record.color.as_str();
    let digits = color.trim_start_matches('#');
    let is_color = digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_hexdigit());
    let (underline, key) = (record.underline.as_str(), record.key.as_str());
    let (boundary, overlap) = (record.boundary.as_str(), record.overlap.as_str());
    let mut values = vec![
        ("color", color, is_color),
        ("underline", underline, underline_from(underline).is_some()),
        ("key", key, key.chars().nth(1).is_none()),
        ("boundary", boundary, boundary_from(boundary).is_some()),
        ("overlap", overlap, overlap_from(overlap).is_some()),
    ];
    values.extend(record.attributes.iter().map(|attribute| {
        let kind = attribute.kind.as_str();
        (
            "kind",
            kind,
            kind == "text" || kind_from(kind, Vec::new()) != AttributeKind::Text,
        )
    }));
    let unusable = values
        .into_iter()
        .filter(|(_, value, is_usable)| !value.is_empty() && !is_usable);
    unusable.map(|(name, value, _)| (name, value)).collect()
}

fn underline_from(name: &str) -> Option<Underline> {
    [
        Underline::Solid,
        Underline::Dashed,
        Underline::Dotted,
        Underline::Double,
        Underline::Wavy,
    ]
    .into_iter()
    .find(|&u| underline_name(u) == name)
}

fn boundary_from(name: &str) -> Option<BoundaryPolicy> {
    [
        BoundaryPolicy::Character,
        BoundaryPolicy::Word,
        BoundaryPolicy::Sentence,
    ]
    .into_iter()
    .find(|&b| boundary_name(b) == name)
}

fn overlap_from(name: &str) -> Option<OverlapPolicy> {
    [
        OverlapPolicy::Any,
        OverlapPolicy::OtherLabels,
        OverlapPolicy::Never,
    ]
    .into_iter()
    .find(|&o| overlap_name(o) == name)
}

pub(super) fn codebook_from(record: CodebookRecord<'_>) -> Codebook {
    Codebook {
        revision: record.revision,
        labels: record.labels.into_iter().map(label_from).collect(),
        unknown: record.unknown,
    }
}

pub(super) fn label_from(record: LabelRecord<'_>) -> Label {
    let color = record.color.as_str().trim_start_matches('#');
    Label {
        id: record.id.as_str().into(),
        name: if record.name.as_str().is_empty() {
            record.id.into_owned()
        } else {
            record.name.into_owned()
        },
        definition: record.definition.into_owned(),
        include: owned(record.include),
        exclude: owned(record.exclude),
        examples: owned(record.examples),
        color: u32::from_str_radix(color, 16).unwrap_or(Label::GREY) & 0xFF_FFFF,
        underline: underline_from(record.underline.as_str()).unwrap_or_default(),
        key: record.key.as_str().chars().next(),
        attributes: record.attributes.into_iter().map(attribute_from).collect(),
        link_roles: record
            .link_roles
            .into_iter()
            .map(|role| LinkRole {
                target: (!role.target.as_str().is_empty()).then(|| role.target.as_str().into()),
                name: role.name.into_owned(),
            })
            .collect(),
        boundary: boundary_from(record.boundary.as_str()).unwrap_or_default(),
        overlap: overlap_from(record.overlap.as_str()).unwrap_or_default(),
        helper: record.helper,
        unknown: record.unknown,
    }
}

fn kind_from(name: &str, options: Vec<String>) -> AttributeKind {
    match name {
        "number" => AttributeKind::Number,
        "yes_no" => AttributeKind::YesNo,
        "one_of" => AttributeKind::OneOf(options),
        "several_of" => AttributeKind::SeveralOf(options),
        "date" => AttributeKind::Date,
        "url" => AttributeKind::Url,
        "person" => AttributeKind::Person,
        _ => AttributeKind::Text,
    }
}

fn attribute_from(record: AttributeRecord<'_>) -> AttributeSpec {
    let options = owned(record.options);
    let kind = kind_from(record.kind.as_str(), options);
    AttributeSpec {
        title: if record.title.as_str().is_empty() {
            record.name.as_str().to_owned()
        } else {
            record.title.into_owned()
        },
        name: record.name.into_owned(),
        kind,
        help: record.help.into_owned(),
        unknown: record.unknown,
    }
}
