//! What the rows say that carry what an article has besides its text, in formats without places
//! for it: kinds, and how a value is told by its text.

use crate::core::annotation::{AttributeValue, exact_number};

pub(crate) const PROGRAM: &str = "program";
pub(crate) const ID: &str = "id";
pub(crate) const TITLE: &str = "title";
pub(crate) const METADATA: &str = "metadata";
/// The name is the annotator's.
pub(crate) const STATUS: &str = "status";
/// With the first article: what belongs to none, as JSON.
pub(crate) const PROJECT: &str = "project";
pub(crate) const NOTES: &str = "notes";
/// The name is the one that the format has for an attribute, the value the attribute's own.
pub(crate) const ATTRIBUTE: &str = "attribute";
pub(crate) const LABEL_TITLE: &str = "label-title";
pub(crate) const LABEL_DEFINITION: &str = "label-definition";
/// `#rrggbb`
pub(crate) const LABEL_COLOR: &str = "label-color";

/// Kinds of values: the name is an attribute, all of whose values in the article are of the kind.
pub(crate) const NUMBER: &str = "number";
pub(crate) const YES_NO: &str = "yes-no";
/// Several, `; ` between them.
pub(crate) const SEVERAL: &str = "several";
/// The name is an annotation's id, the value a JSON object of attributes for which that does not do.
pub(crate) const EXACT: &str = "exact";

/// What a text stands for as a value of a kind.
pub(crate) fn value_of(kind: &str, text: &str) -> Option<AttributeValue> {
    Some(match (kind, text) {
        (NUMBER, text) => AttributeValue::Number(exact_number(text)?),
        (YES_NO, "yes" | "true") => AttributeValue::Bool(true),
        (YES_NO, "no" | "false") => AttributeValue::Bool(false),
        (SEVERAL, text) => AttributeValue::Many(text.split("; ").map(str::to_owned).collect()),
        _ => return None,
    })
}

/// The kind that formats put beside a text that stands for more; none for text itself, and for what
/// its text does not bring back. Lists stand as such, but for one of nothing.
pub(crate) fn marked_kind(value: &AttributeValue) -> Option<&'static str> {
    match value {
        AttributeValue::Many(values) => values.is_empty().then_some(SEVERAL),
        value => Some(kind_of(value)).filter(|kind| [NUMBER, YES_NO].contains(kind)),
    }
}

/// The value that a text stands for, by the kind beside it. What does not fit was changed by
/// somebody, and stays text.
pub(crate) fn marked_value(kind: &str, text: String) -> AttributeValue {
    match (kind, text.as_str()) {
        (SEVERAL, "") => AttributeValue::Many(Vec::new()),
        (NUMBER | YES_NO, told) => value_of(kind, told).unwrap_or(AttributeValue::Text(text)),
        _ => AttributeValue::Text(text),
    }
}

/// The kind that brings a value back from its text: [`EXACT`] when none does, empty for text.
pub(crate) fn kind_of(value: &AttributeValue) -> &'static str {
    let kind = match value {
        AttributeValue::Text(_) | AttributeValue::Person(_) | AttributeValue::Later(_) => return "",
        AttributeValue::Number(_) => NUMBER,
        AttributeValue::Bool(_) => YES_NO,
        AttributeValue::Many(_) => SEVERAL,
    };
    if value_of(kind, &value.to_text()).as_ref() == Some(value) {
        kind
    } else {
        EXACT
    }
}
