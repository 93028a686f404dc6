//! Records of JSON: values, lines, and what is said of an article and of labels.

use crate::core::annotation::AttributeValue;
use crate::format::WriteError;
use crate::format::export::of_project::of_project;
use crate::format::export::plan::Plan;
use crate::format::export::record::Record;
use crate::format::words::names::Names;
use crate::format::words::of_project::OF_PROJECT;
use crate::format::words::records::{EXPORTER, PRESSMARK};
use serde::Serialize;
use serde_json::{Map, Value, json};

/// A value on a line of its own, with its line feed.
pub(crate) fn json_line(value: &impl Serialize) -> Result<Vec<u8>, WriteError> {
    let mut line = json_text(value)?;
    line.push(b'\n');
    Ok(line)
}

/// A value without line breaks. Characters that other programs take for the end of a line are
/// escaped: U+0085, U+2028 and U+2029, which stand in strings only.
pub(crate) fn json_text(value: &impl Serialize) -> Result<Vec<u8>, WriteError> {
    const ENDS: [(&str, &str); 3] = [
        ("\u{85}", "\\u0085"),
        ("\u{2028}", "\\u2028"),
        ("\u{2029}", "\\u2029"),
    ];
    let mut line = serde_json::to_string(value).map_err(std::io::Error::from)?;
    for (c, escaped) in ENDS {
        if line.contains(c) {
            line = line.replace(c, escaped);
        }
    }
    Ok(line.into_bytes())
}

/// Numbers, truth values and lists as such, people by name.
pub(crate) fn value_to_json(record: &Record<'_>, value: &AttributeValue) -> Value {
    match value {
        AttributeValue::Number(number) => number_to_json(*number),
        AttributeValue::Bool(value) => Value::Bool(*value),
        AttributeValue::Many(values) => values.iter().cloned().map(Value::String).collect(),
        AttributeValue::Text(_) | AttributeValue::Person(_) | AttributeValue::Later(_) => {
            Value::String(record.project.value_text_apart(value))
        }
    }
}

/// Whole numbers as such: 3 and not 3.0.
fn number_to_json(number: f64) -> Value {
    const LIMIT: f64 = (1_u64 << 53) as f64;
    let is_whole = number.fract() == 0.0
        && number.abs() <= LIMIT
        && !(number == 0.0 && number.is_sign_negative());
    if is_whole {
        return (number as i64).into();
    }
    match serde_json::Number::from_f64(number) {
        Some(number) => Value::Number(number),
        // JSON has no way to write what is none or has no end.
        None => Value::String(number.to_string()),
    }
}

/// What is said of an article in a record of JSON, apart from its text, its metadata by
/// their names among the others.
pub(crate) fn article_fields(
    plan: &Plan<'_>,
    record: &Record<'_>,
    names: Names<'_>,
) -> Map<String, Value> {
    let mut fields = Map::new();
    fields.insert(EXPORTER.to_owned(), PRESSMARK.into());
    fields.insert("article_id".to_owned(), record.id.into());
    fields.insert("title".to_owned(), record.article.title.as_str().into());
    for (field, value) in &record.article.metadata {
        fields.insert(names.escaped(field), value.as_str().into());
    }
    fields.extend(own_fields(plan, record));
    fields
}

/// Status and notes of an article; the first one brings the codebook with it.
pub(crate) fn own_fields(plan: &Plan<'_>, record: &Record<'_>) -> Map<String, Value> {
    let mut fields = Map::new();
    let article = record.article;
    if !article.status.is_empty() {
        fields.insert("article_status".to_owned(), record.status_text().into());
    }
    if !article.notes.is_empty() {
        fields.insert("article_notes".to_owned(), article.notes.as_str().into());
    }
    let first = plan.articles.first();
    if first.is_some_and(|first| std::ptr::eq(first.article, article)) {
        fields.insert("codebook".to_owned(), codebook(plan));
        let told = of_project(plan);
        if !told.is_empty()
            && let Ok(told) = serde_json::to_value(&told)
        {
            fields.insert(OF_PROJECT.to_owned(), told);
        }
    }
    fields
}

/// Labels with their names, definitions and colours.
pub(crate) fn codebook(plan: &Plan<'_>) -> Value {
    let labels = plan.labels.keys().map(|label| {
        let known = plan.project.codebook().label(label);
        json!({
            "label": label, "name": plan.label_title(label),
            "color": format!("#{:06X}", plan.label_color(label)),
            "definition": known.map_or("", |known| known.definition.as_str()),
        })
    });
    labels.collect()
}

#[cfg(test)]
mod tests {
    use super::number_to_json;

    #[test]
    fn numbers_are_written_as_people_do() {
        let check = |number: f64, expected: &str| {
            assert_eq!(number_to_json(number).to_string(), expected);
        };
        check(3.0, "3");
        check(-3.0, "-3");
        check(0.0, "0");
        check(-0.0, "-0.0");
        check(0.5, "0.5");
        check(9_007_199_254_740_991.0, "9007199254740991");
        check(1e21, "1e+21");
        check(f64::NAN, "\"NaN\"");
    }
}
