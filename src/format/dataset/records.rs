//! JSON files as records: an array, an object with an array, or a record a line.

use crate::core::annotation::AttributeValue;
use crate::format::article::decode;
use crate::format::reading::{FoundArticle, Reading, Refusal};
use serde_json::Value;

/// Records with the line that each begins on where it is known, and what could not be read.
pub(crate) struct Records {
    pub(crate) records: Vec<(usize, Value)>,
    pub(crate) remarks: Vec<String>,
}

/// Reads a file's records. serde_json refuses values that nest over 128 deep.
pub(crate) fn records(bytes: &[u8]) -> Result<Records, Refusal> {
    let decoded =
        decode::decode(bytes).ok_or_else(|| Refusal::new("this is a binary file, not JSON"))?;
    let text = decoded.text.trim();
    let mut remarks = decoded.remarks();
    if text.starts_with('[') {
        let values: Vec<Value> = serde_json::from_str(text)
            .map_err(|error| Refusal::new(format!("the JSON is damaged: {error}")))?;
        return Ok(Records {
            records: values.into_iter().map(|value| (0, value)).collect(),
            remarks,
        });
    }
    // One object over many lines, or a record a line.
    let mut stream = serde_json::Deserializer::from_str(text).into_iter::<Value>();
    if let Some(Ok(first)) = stream.next()
        && text
            .get(stream.byte_offset()..)
            .is_none_or(|rest| rest.trim().is_empty())
    {
        return Ok(Records {
            records: vec![(1, first)],
            remarks,
        });
    }
    let mut records = Vec::new();
    let mut bad = Vec::new();
    for (number, line) in text
        .split('\n')
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty())
    {
        match serde_json::from_str(line) {
            Ok(value) => records.push((number + 1, value)),
            Err(error) => bad.push((number + 1, error)),
        }
    }
    if records.is_empty() {
        let reason = bad.first().map_or_else(String::new, |(line, error)| {
            format!(": line {line}: {error}")
        });
        return Err(Refusal::new(format!("the JSON is damaged{reason}")));
    }
    if let Some((line, error)) = bad.first() {
        remarks.push(match bad.len() {
            1 => format!("line {line} is damaged and was left out ({error})"),
            n => format!(
                "{n} lines are damaged and were left out, the first is line {line} ({error})"
            ),
        });
    }
    Ok(Records { records, remarks })
}

/// An article for each record; those without a text are told by their line.
pub(crate) fn articles(
    bytes: &[u8],
    article: impl Fn(&Value) -> Option<FoundArticle>,
) -> Result<Reading, Refusal> {
    let found = records(bytes)?;
    let mut reading = Reading {
        remarks: found.remarks,
        ..Reading::default()
    };
    for (line, record) in &found.records {
        match article(record) {
            Some(article) => reading.articles.push(article),
            None => reading
                .remarks
                .push(format!("line {line} has no text and was left out")),
        }
    }
    Ok(reading)
}

/// A number as an offset.
pub(crate) fn offset(value: Option<&Value>) -> Option<usize> {
    let value = value?;
    let number = value
        .as_u64()
        .or_else(|| value.as_f64().filter(|n| *n >= 0.0).map(|n| n as u64));
    number.and_then(|number| usize::try_from(number).ok())
}

/// A string or number as text.
pub(crate) fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(value) => Some(value.to_string()),
        _ => None,
    }
}

/// A value of JSON as that of an attribute.
pub(crate) fn value_of(value: &Value) -> AttributeValue {
    match value {
        Value::Bool(value) => AttributeValue::Bool(*value),
        Value::Number(number) => match number.as_f64() {
            Some(number) => AttributeValue::Number(number),
            None => AttributeValue::Text(number.to_string()),
        },
        Value::Array(items) if items.iter().all(|item| text_of(item).is_some()) => {
            AttributeValue::Many(items.iter().filter_map(text_of).collect())
        }
        Value::Null => AttributeValue::Text(String::new()),
        value => AttributeValue::Text(text_of(value).unwrap_or_else(|| value.to_string())),
    }
}

/// Fields of an object as metadata: strings and numbers as they are, the rest as JSON.
pub(crate) fn metadata_from(
    fields: &serde_json::Map<String, Value>,
    is_left_out: &dyn Fn(&str) -> bool,
) -> std::collections::BTreeMap<String, String> {
    let known = fields.iter().filter(|(name, _)| !is_left_out(name));
    let told = known.filter_map(|(name, value)| match value {
        Value::Null => None,
        Value::Array(items) if items.is_empty() => None,
        Value::Object(fields) if fields.is_empty() => None,
        value => Some((
            name.clone(),
            text_of(value).unwrap_or_else(|| value.to_string()),
        )),
    });
    told.collect()
}
