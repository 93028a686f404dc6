//! JSON files as records: an array, an object with an array, or a record a line.

use crate::core::annotation::AttributeValue;
use crate::core::article::Status;
use crate::format::reading::decode;
use crate::format::reading::loose_json::{mended, values};
use crate::format::reading::{FoundAnnotation, FoundArticle, FoundLabel, Reading, Refusal};
use crate::format::words::names::Names;
use crate::format::words::records::{EXPORTER, PRESSMARK};
use crate::format::words::values::{color_in, listed_links};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Records with the line that each begins on where it is known, and what could not be read.
pub(crate) struct Records {
    pub(crate) records: Vec<(usize, Value)>,
    pub(crate) remarks: Vec<String>,
}

/// The beginning of JSON without its white space, as far as the first `chars` characters go; `None`
/// for what is no object and no list of them.
pub(crate) fn start_of_json(text: &str, chars: usize) -> Option<String> {
    if !text.trim_start().starts_with(['{', '[']) {
        return None;
    }
    let start = text.chars().take(chars).filter(|c| !c.is_whitespace());
    let start: String = start.collect();
    let is_json = start.starts_with('{') || start.starts_with("[{");
    is_json.then_some(start)
}

/// Reads a file's records. serde_json refuses values that nest over 128 deep.
pub(crate) fn records(bytes: &[u8]) -> Result<Records, Refusal> {
    let decoded =
        decode::decode(bytes).ok_or_else(|| Refusal::new("this is a binary file, not JSON"))?;
    let mut remarks = decoded.remarks();
    let text = decoded.text.trim();
    let (text, halves) = mended(text);
    match halves {
        0 => {}
        1 => remarks.push("half of a character stands alone and became “\u{FFFD}”".to_owned()),
        n => remarks.push(format!(
            "{n} halves of characters stand alone and became “\u{FFFD}”"
        )),
    }
    let (mut records, damage) = values(&text);
    let Some((line, error)) = damage else {
        if let [(_, Value::Array(items))] = records.as_mut_slice() {
            let items = std::mem::take(items);
            records = items.into_iter().map(|value| (0, value)).collect();
        }
        return Ok(Records { records, remarks });
    };
    let damaged = || Refusal::new(format!("the JSON is damaged: {error}"));
    if text.starts_with('[') {
        return Err(damaged());
    }
    // Values over several lines, the first of which is whole.
    let first_end = records.get(1).map_or(line, |(line, _)| *line);
    if !records.is_empty() && first_end > 2 {
        remarks.push(format!(
            "what begins on line {line} is damaged; it and what follows were left out ({error})"
        ));
        return Ok(Records { records, remarks });
    }
    let mut records = Vec::new();
    let mut bad = Vec::new();
    for (number, line) in text
        .split('\n')
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty())
    {
        match serde_json::from_str(line.trim().trim_end_matches(',')) {
            Ok(value) => records.push((number + 1, value)),
            Err(error) => bad.push((number + 1, error)),
        }
    }
    if records.is_empty() {
        return Err(damaged());
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
        reading.labels.extend(labels_of(record));
        match article(record) {
            Some(article) => reading.articles.push(article),
            None => reading
                .remarks
                .push(format!("line {line} has no text and was left out")),
        }
    }
    reading.cut();
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

/// A number as the value of an attribute; a whole one that no float holds exactly as text.
pub(crate) fn number_of(number: &serde_json::Number) -> AttributeValue {
    let whole = number.as_i128();
    match number.as_f64() {
        Some(float) if whole.is_none_or(|whole| float as i128 == whole) => {
            AttributeValue::Number(float)
        }
        _ => AttributeValue::Text(number.to_string()),
    }
}

/// A value of JSON as that of an attribute.
pub(crate) fn value_of(value: &Value) -> AttributeValue {
    match value {
        Value::Bool(value) => AttributeValue::Bool(*value),
        Value::Number(number) => number_of(number),
        Value::Array(items) if items.iter().all(|item| text_of(item).is_some()) => {
            AttributeValue::Many(items.iter().filter_map(text_of).collect())
        }
        Value::Null => AttributeValue::Text(String::new()),
        value => AttributeValue::Text(text_of(value).unwrap_or_else(|| value.to_string())),
    }
}

/// Fields of an object as metadata: strings and numbers as they are, the rest as JSON.
pub(crate) fn metadata_from(
    fields: &Map<String, Value>,
    is_left_out: &dyn Fn(&str) -> bool,
) -> BTreeMap<String, String> {
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

pub(crate) fn is_ours(fields: &Map<String, Value>) -> bool {
    fields.get(EXPORTER).and_then(Value::as_str) == Some(PRESSMARK)
}

/// What Pressmark said of an article, among other fields.
pub(crate) fn add_own_fields(
    article: &mut FoundArticle,
    fields: &Map<String, Value>,
    names: Names<'_>,
) {
    let told = |name: &str| fields.get(name).and_then(Value::as_str).unwrap_or_default();
    told("article_id").clone_into(&mut article.id);
    told("title").clone_into(&mut article.title);
    told("article_notes").clone_into(&mut article.notes);
    article.status = statuses_in(told("article_status"));
    let is_other = |name: &str| names.are_taken(name);
    let metadata = metadata_from(fields, &is_other).into_iter();
    article.metadata = metadata
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| (names.plain(&name).to_owned(), value))
        .collect();
}

/// `annotator=status; annotator=status`, escaped as links are.
pub(crate) fn statuses_in(text: &str) -> BTreeMap<String, Status> {
    let listed = listed_links(text).into_iter();
    listed
        .filter_map(|(annotator, name)| Some((annotator, Status::called(&name)?)))
        .collect()
}

/// The labels that a record of Pressmark brings with it.
pub(crate) fn labels_of(record: &Value) -> Vec<FoundLabel> {
    let own = record.as_object().filter(|fields| is_ours(fields));
    let listed = own.and_then(|fields| fields.get("codebook")?.as_array());
    labels_in(listed.map_or(&[], Vec::as_slice))
}

/// Labels with their names, definitions and colours.
pub(crate) fn labels_in(listed: &[Value]) -> Vec<FoundLabel> {
    let labels = listed.iter().filter_map(|label| {
        let told = |name: &str| label.get(name).and_then(Value::as_str).unwrap_or_default();
        (!told("label").is_empty()).then(|| FoundLabel {
            name: told("label").to_owned(),
            title: told("name").to_owned(),
            definition: told("definition").to_owned(),
            color: color_in(told("color")),
        })
    });
    labels.collect()
}

/// Values of attributes that their texts do not say exactly, as Pressmark puts them beside: a JSON
/// object. What says something else by now was changed by somebody, and stays.
pub(crate) fn add_exact_values(found: &mut FoundAnnotation, values: &str) {
    let Ok(Value::Object(values)) = serde_json::from_str(values) else {
        return;
    };
    for (name, value) in values {
        let value = value_of(&value);
        let is_so = match found.attributes.get(&name) {
            Some(known) => {
                let (known, exact) = (known.to_text(), value.to_text());
                // Numbers have a comma where tables have semicolons.
                let is_number = matches!(value, AttributeValue::Number(_));
                known == exact || (is_number && known.replacen(',', ".", 1) == exact)
            }
            None => value.to_text().is_empty(),
        };
        if is_so {
            found.attributes.insert(name, value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::words::records::metadata;
    use serde_json::json;

    #[test]
    fn exact_values_bring_back_what_a_decimal_comma_stands_for() {
        let mut found = FoundAnnotation::default();
        for (name, value) in [("half", "-0,5"), ("changed", "0,7"), ("said", "0,5")] {
            let value = AttributeValue::Text(value.to_owned());
            found.attributes.insert(name.to_owned(), value);
        }
        add_exact_values(&mut found, r#"{"half":-0.5,"changed":0.6}"#);
        assert_eq!(found.attributes["half"], AttributeValue::Number(-0.5));
        assert_eq!(found.attributes["changed"].to_text(), "0,7");
        assert_eq!(found.attributes["said"].to_text(), "0,5");
    }

    #[test]
    fn exact_values_do_not_undo_what_people_change() {
        let text = |text: &str| AttributeValue::Text(text.to_owned());
        let mut found = FoundAnnotation::default();
        for (name, value) in [("tone", "a; b"), ("sure", "no"), ("same", "yes")] {
            found.attributes.insert(name.to_owned(), text(value));
        }
        let values = r#"{"tone":["a","b"],"sure":true,"same":true,"empty":"","gone":2}"#;
        add_exact_values(&mut found, values);
        let several = ["a", "b"].map(str::to_owned).to_vec();
        assert_eq!(found.attributes["tone"], AttributeValue::Many(several));
        assert_eq!(found.attributes["sure"], text("no"));
        assert_eq!(found.attributes["same"], AttributeValue::Bool(true));
        assert_eq!(found.attributes["empty"], text(""));
        assert_eq!(found.attributes.len(), 4);
    }

    #[test]
    fn numbers_that_no_float_holds_are_texts() {
        let check = |json: &str, expected: AttributeValue| {
            assert_eq!(value_of(&serde_json::from_str(json).unwrap()), expected);
        };
        let text = |text: &str| AttributeValue::Text(text.to_owned());
        check("3", AttributeValue::Number(3.0));
        check(
            "-9007199254740992",
            AttributeValue::Number(-9_007_199_254_740_992.0),
        );
        check("9007199254740993", text("9007199254740993"));
        check("18446744073709551615", text("18446744073709551615"));
        check("1790123456789012345", text("1790123456789012345"));
        check("0.1", AttributeValue::Number(0.1));
        check("1e300", AttributeValue::Number(1e300));
    }

    #[test]
    fn what_is_said_of_an_article_comes_back() {
        let record = json!({
            "_exporter": "Pressmark", "article_id": "a", "title": "T", "text": "x",
            "article_status": "Zo\u{eb}%3B x=done; ben=in progress; cy=lost", "meta_text": "m",
            "article_notes": " n\n", "outlet": "Post",
            "codebook": [{"label": "q", "name": "Q", "color": "#0a0B0c", "definition": "d"}, {}],
        });
        let mut article = FoundArticle::default();
        add_own_fields(
            &mut article,
            record.as_object().unwrap(),
            metadata(&["text"]),
        );
        let status = [("Zo\u{eb}; x", Status::Done), ("ben", Status::InProgress)];
        let status = status.map(|(who, status)| (who.to_owned(), status));
        assert_eq!(article.status, BTreeMap::from(status));
        let metadata = [("outlet", "Post"), ("text", "m")];
        let metadata = metadata.map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(article.metadata, BTreeMap::from(metadata));
        assert_eq!((article.id.as_str(), article.notes.as_str()), ("a", " n\n"));
        let labels = labels_of(&record);
        assert_eq!(labels.len(), 1);
        assert_eq!(labels[0].color, Some(0x0A_0B_0C));
        assert_eq!(labels_of(&json!({"codebook": [{"label": "q"}]})), []);
    }
}
