//! JSON files as records: an array, an object with an array, or a record a line.

use crate::core::annotation::{AttributeValue, exact_number};
use crate::core::article::Status;
use crate::format::reading::decode;
use crate::format::reading::left_out::{LeftOut, Thing};
use crate::format::reading::loose_json::{mended, values};
use crate::format::reading::{FoundAnnotation, FoundArticle, FoundLabel, Reading, Refusal};
use crate::format::words::names::Names;
use crate::format::words::of_project::{OF_PROJECT, OfProject};
use crate::format::words::records::{EXPORTER, PRESSMARK};
use crate::format::words::values::{color_in, listed_links};
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

/// Records with the line that each begins on where it is known, and what could not be read.
pub(crate) struct Records {
    pub(crate) records: Vec<(usize, Value)>,
    pub(crate) remarks: Vec<String>,
    /// Lines that could not be read, which a remark tells.
    pub(crate) damaged: usize,
    encoding: &'static str,
    is_guess: bool,
}

impl Records {
    /// A reading that tells what is to be said of them.
    pub(crate) fn reading(&self) -> Reading {
        let mut left_out = LeftOut::default();
        left_out.count_told(self.damaged);
        Reading {
            encoding: Some(self.encoding),
            is_encoding_guessed: self.is_guess,
            remarks: self.remarks.clone(),
            left_out,
            ..Reading::default()
        }
    }

    /// What a remark calls a record, counted from 0.
    pub(crate) fn named(&self, at: usize) -> String {
        match self.records.get(at) {
            Some((line, _)) if *line > 0 && self.records.len() > 1 => format!("line {line}"),
            _ => format!("record {}", at + 1),
        }
    }
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
    let mut found = Records {
        records: Vec::new(),
        remarks: decoded.remarks(),
        damaged: 0,
        encoding: decoded.encoding,
        is_guess: decoded.is_guess,
    };
    let (text, halves) = mended(decoded.text.trim());
    match halves {
        0 => {}
        1 => found
            .remarks
            .push("half of a character stands alone and became “\u{FFFD}”".to_owned()),
        n => found.remarks.push(format!(
            "{n} halves of characters stand alone and became “\u{FFFD}”"
        )),
    }
    let text = with_exact_numbers(&text);
    let text = &*text;
    let (mut records, damage) = values(text);
    let Some((line, error)) = damage else {
        if let [(_, Value::Array(items))] = records.as_mut_slice() {
            let items = std::mem::take(items);
            records = items.into_iter().map(|value| (0, value)).collect();
        }
        found.records = records;
        return Ok(found);
    };
    let damaged = || Refusal::new(format!("the JSON is damaged: {error}"));
    if text.starts_with('[') && !is_list_a_line(text) {
        return Err(damaged());
    }
    // Values over several lines, the first of which is whole.
    let first_end = records.get(1).map_or(line, |(line, _)| *line);
    if !records.is_empty() && first_end > 2 {
        found.remarks.push(format!(
            "what begins on line {line} is damaged; it and what follows were left out ({error})"
        ));
        (found.records, found.damaged) = (records, 1);
        return Ok(found);
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
        found.damaged = bad.len();
        found.remarks.push(match bad.len() {
            1 => format!("line {line} is damaged and was left out ({error})"),
            n => format!(
                "{n} lines are damaged and were left out, the first is line {line} ({error})"
            ),
        });
    }
    found.records = records;
    Ok(found)
}

/// Whether the first line is a list by itself.
fn is_list_a_line(text: &str) -> bool {
    let line = text.split('\n').next().unwrap_or_default();
    serde_json::from_str::<Vec<Value>>(line).is_ok()
}

/// JSON in which numbers that would lose digits are strings.
pub(crate) fn with_exact_numbers(text: &str) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    let mut out = String::new();
    let (mut at, mut copied) = (0, 0);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => at = end_of_string(bytes, at),
            b'-' | b'0'..=b'9' => {
                let is_part =
                    |byte: &&u8| matches!(byte, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-');
                let rest = bytes.get(at..).unwrap_or_default();
                let end = at + rest.iter().take_while(is_part).count();
                let number = text.get(at..end).unwrap_or_default();
                if !is_held(number) {
                    out.push_str(text.get(copied..at).unwrap_or_default());
                    out.push('"');
                    out.push_str(number);
                    out.push('"');
                    copied = end;
                }
                at = end;
            }
            _ => at += 1,
        }
    }
    if copied == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(text.get(copied..).unwrap_or_default());
    Cow::Owned(out)
}

/// Where a string that begins here ends, with its quotation mark.
pub(crate) fn end_of_string(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    loop {
        let rest = bytes.get(at..).unwrap_or_default();
        let Some(found) = memchr::memchr2(b'"', b'\\', rest) else {
            return bytes.len();
        };
        at += found + 1;
        match bytes.get(at - 1) {
            Some(b'"') => return at,
            _ => at += 1,
        }
    }
}

/// Whether a number is read with all its digits.
fn is_held(number: &str) -> bool {
    const SHORT: usize = 15;
    let is_plain = number.len() <= SHORT && !number.contains(['e', 'E']);
    let is_whole = || number.parse::<i64>().is_ok() || number.parse::<u64>().is_ok();
    // What is no number is told by who reads it.
    let is_none = || serde_json::from_str::<Box<serde_json::value::RawValue>>(number).is_err();
    is_plain || is_whole() || exact_number(number).is_some() || is_none()
}

/// An article for each record; those without a text are told by their line.
pub(crate) fn articles(
    bytes: &[u8],
    article: impl Fn(&Value) -> Option<FoundArticle>,
) -> Result<Reading, Refusal> {
    Ok(articles_of(&records(bytes)?, article))
}

/// The same of records that are there.
pub(crate) fn articles_of(
    found: &Records,
    article: impl Fn(&Value) -> Option<FoundArticle>,
) -> Reading {
    let mut reading = found.reading();
    for (at, (_, record)) in found.records.iter().enumerate() {
        reading.labels.extend(labels_of(record));
        match article(record) {
            Some(article) => reading.articles.push(article),
            None => {
                let name = || found.named(at);
                reading.left_out.note(Thing::Record, NO_TEXT, name);
            }
        }
    }
    reading.cut();
    reading
}

/// Why a record becomes no article.
pub(crate) const NO_TEXT: &str = "it has no text";

/// A whole number as an offset, however it is written: data frames make 3.0 of 3, some programs a
/// string.
pub(crate) fn offset(value: Option<&Value>) -> Option<usize> {
    usize::try_from(whole(value?)?).ok()
}

fn whole(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64().or_else(|| whole_float(number.as_f64()?)),
        Value::String(text) => {
            let text = text.trim();
            text.parse()
                .ok()
                .or_else(|| whole_float(text.parse().ok()?))
        }
        _ => None,
    }
}

fn whole_float(number: f64) -> Option<i64> {
    // Beyond it there is no text.
    const LIMIT: f64 = (1_u64 << 53) as f64;
    (number.fract() == 0.0 && number.abs() <= LIMIT).then_some(number as i64)
}

/// Where something begins and ends, or why nobody can tell.
pub(crate) fn stretch(
    start: Option<&Value>,
    end: Option<&Value>,
) -> Result<Range<usize>, &'static str> {
    let (Some(start), Some(end)) = (start, end) else {
        return Err(NO_OFFSETS);
    };
    if start.is_null() || end.is_null() {
        return Err(NO_OFFSETS);
    }
    let (Some(start), Some(end)) = (whole(start), whole(end)) else {
        return Err("its offsets are no whole numbers");
    };
    match (usize::try_from(start), usize::try_from(end)) {
        (Ok(start), Ok(end)) if start <= end => Ok(start..end),
        (Ok(_), Ok(_)) => Err("it ends before it begins"),
        _ => Err("its offsets are below zero"),
    }
}

/// As [`stretch`], of offsets in text.
pub(crate) fn stretch_in(
    start: Option<&str>,
    end: Option<&str>,
) -> Result<Range<usize>, &'static str> {
    let value = |text: Option<&str>| {
        let text = text.map(str::trim).filter(|text| !text.is_empty());
        text.map(|text| Value::String(text.to_owned()))
    };
    stretch(value(start).as_ref(), value(end).as_ref())
}

pub(crate) const NO_OFFSETS: &str = "it has no offsets";

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
        Value::Number(number) => number_of(number),
        Value::Array(items) if items.iter().all(|item| text_of(item).is_some()) => {
            AttributeValue::Many(items.iter().filter_map(text_of).collect())
        }
        Value::Null => AttributeValue::Text(String::new()),
        value => AttributeValue::Text(text_of(value).unwrap_or_else(|| value.to_string())),
    }
}

/// A number with all its digits: as text where it has too many.
pub(crate) fn number_of(number: &serde_json::Number) -> AttributeValue {
    let text = number.to_string();
    exact_number(&text).map_or(AttributeValue::Text(text), AttributeValue::Number)
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

/// Annotations in records that are read as a table, by the lists that they stand in: of a shape that
/// no reader knows, so that they are text of the article's metadata.
pub(crate) fn unknown_annotations(records: &[Value]) -> LeftOut {
    let mut left_out = LeftOut::default();
    for (number, record) in records.iter().enumerate() {
        for (name, value) in record.as_object().into_iter().flatten() {
            let items = value.as_array().map_or(&[][..], Vec::as_slice);
            let is_called_so = ["annotations", "spans"].contains(&name.as_str());
            let is_one =
                |item: &Value| looks_like_an_annotation(item) || is_called_so && item.is_object();
            if !items.is_empty() && items.iter().all(is_one) {
                let name = || format!("those in “{name}” of record {}", number + 1);
                left_out.note_several(Thing::Annotation, items.len(), OF_NO_FORMAT, name);
            }
        }
    }
    left_out
}

const OF_NO_FORMAT: &str =
    "they are of no format that is known and stand in the metadata as they are";

/// A place in a text with a label.
pub(crate) fn looks_like_an_annotation(value: &Value) -> bool {
    const PLACES: [[&str; 2]; 8] = [
        ["start", "end"],
        ["start_offset", "end_offset"],
        ["startOffset", "endOffset"],
        ["beginOffset", "endOffset"],
        ["start_char", "end_char"],
        ["begin", "end"],
        ["token_start", "token_end"],
        ["offset", "length"],
    ];
    const LABELS: [&str; 8] = [
        "label",
        "labels",
        "type",
        "tag",
        "entity",
        "entity_group",
        "category",
        "class",
    ];
    let is_number = |value: Option<&Value>| value.is_some_and(|value| whole(value).is_some());
    match value {
        Value::Object(fields) => {
            let is_placed = |[start, end]: [&str; 2]| {
                is_number(fields.get(start)) && is_number(fields.get(end))
            };
            PLACES.into_iter().any(is_placed)
                && LABELS.iter().any(|name| fields.contains_key(*name))
        }
        Value::Array(parts) => match parts.as_slice() {
            [start, end, Value::String(_)] | [Value::String(_), start, end] => {
                start.is_number() && end.is_number()
            }
            _ => false,
        },
        _ => false,
    }
}

pub(crate) fn is_ours(fields: &Map<String, Value>) -> bool {
    fields.get(EXPORTER).and_then(Value::as_str) == Some(PRESSMARK)
}

/// What Pressmark said with an article that belongs to none.
pub(crate) fn project_in(fields: &Map<String, Value>) -> Option<Box<OfProject>> {
    serde_json::from_value(fields.get(OF_PROJECT)?.clone()).ok()
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
    article.of_project = project_in(fields);
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
    fn offsets_are_whole_numbers_however_they_are_written() {
        let check = |start: Value, end: Value, expected: Result<Range<usize>, &str>| {
            assert_eq!(stretch(Some(&start), Some(&end)), expected, "{start} {end}");
            if let Ok(range) = expected {
                assert_eq!(offset(Some(&end)), Some(range.end));
            }
        };
        check(json!(4), json!(12), Ok(4..12));
        check(json!(4.0), json!(12.0), Ok(4..12));
        check(json!("4"), json!(" 12 "), Ok(4..12));
        check(json!("4.0"), json!("12.0"), Ok(4..12));
        check(json!(4), json!(4), Ok(4..4));
        check(json!(null), json!(null), Err(NO_OFFSETS));
        check(json!(4), json!(null), Err(NO_OFFSETS));
        check(json!(-1), json!(3), Err("its offsets are below zero"));
        check(json!(-1.0), json!(3), Err("its offsets are below zero"));
        check(
            json!(4.5),
            json!(12),
            Err("its offsets are no whole numbers"),
        );
        check(
            json!("x"),
            json!(12),
            Err("its offsets are no whole numbers"),
        );
        check(
            json!(true),
            json!([1]),
            Err("its offsets are no whole numbers"),
        );
        check(
            json!(1e300),
            json!(1e301),
            Err("its offsets are no whole numbers"),
        );
        check(json!(12), json!(4), Err("it ends before it begins"));
        assert_eq!(stretch(None, Some(&json!(3))), Err(NO_OFFSETS));
    }

    #[test]
    fn annotations_of_no_known_format_are_counted() {
        let check = |record: Value, expected: &[&str]| {
            assert_eq!(unknown_annotations(&[record]).remarks(), expected);
        };
        let marks = json!([{"offset": 0, "length": 3, "type": "LOC", "text": "Oslo"}, {"offset": "4", "length": 2, "type": "X"}]);
        check(
            json!({"body": "Oslo is shut", "found": marks, "tags": ["a", "b"], "authors": [{"name": "Ana"}], "views": [1, 2]}),
            &[
                "2 annotations left out: they are of no format that is known and stand in the metadata as they are (those in “found” of record 1 and 1 more)",
            ],
        );
        check(
            json!({"body": "x", "ents": [[0, 4, "LOC"]]}),
            &[
                "those in “ents” of record 1 left out: they are of no format that is known and stand in the metadata as they are",
            ],
        );
        check(
            json!({"body": "x", "annotations": [{"where": "first line", "what": "LOC"}]}),
            &[
                "those in “annotations” of record 1 left out: they are of no format that is known and stand in the metadata as they are",
            ],
        );
        check(
            json!({"body": "x", "annotations": ["a note"], "images": [{"start": 1, "end": 2}], "counts": [[1, 2, 3]], "none": []}),
            &[],
        );
    }

    #[test]
    fn no_number_loses_a_digit() {
        let check = |source: &str, expected: &str| {
            assert_eq!(with_exact_numbers(source), expected);
        };
        check(r#"{"a":1,"b":-2.5e3}"#, r#"{"a":1,"b":-2.5e3}"#);
        check("1790123456789012345", "1790123456789012345");
        check("[18446744073709551615]", "[18446744073709551615]");
        check("[18446744073709551616]", "[\"18446744073709551616\"]");
        check(
            r#"{"a":0.12345678901234567890}"#,
            r#"{"a":"0.12345678901234567890"}"#,
        );
        check(r#"{"a":1e400, "b":1e3}"#, r#"{"a":"1e400", "b":1e3}"#);
        // In strings, escaped and cut off, and what is no number.
        let text = r#"{"18446744073709551616":"\"18446744073709551616"}"#;
        check(text, text);
        check(r#"["18446744073709551616"#, r#"["18446744073709551616"#);
        check(
            "2026-01-02T10:11:12.123456789",
            "2026-01-02T10:11:12.123456789",
        );
        let number = |text: &str| number_of(&serde_json::from_str(text).unwrap());
        assert_eq!(number("3"), AttributeValue::Number(3.0));
        let long = "1790123456789012345";
        assert_eq!(number(long), AttributeValue::Text(long.to_owned()));
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
